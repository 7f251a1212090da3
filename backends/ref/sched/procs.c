// Processors: making and destroying them, GOMAXPROCS, the list of idle ones.
#include "../gc/gc.h"
#include "../heap/heap.h"
#include "../panic/panic.h"
#include "internal.h"

struct sched sched = {.lock = {.rank = RANK_SCHED}, .timer_when = INT64_MAX};

int sched_procs(void)
{
    return atomic_load_explicit(&sched.procs, memory_order_relaxed);
}

struct p *sched_p(int i)
{
    return sched.all_p[i];
}

int sched_idle_procs(void)
{
    return atomic_load_explicit(&sched.idle_ps, memory_order_relaxed);
}

// ---- idle ones ----

void p_idle_put_locked(struct p *p)
{
    atomic_store_explicit(&p->status, P_IDLE, memory_order_release);
    p->link = sched.idle_p;
    sched.idle_p = p;
    atomic_fetch_add_explicit(&sched.idle_ps, 1, memory_order_seq_cst);
}

struct p *p_idle_get_locked(void)
{
    struct p *p = sched.idle_p;
    if (!p)
        return NULL;
    sched.idle_p = p->link;
    atomic_fetch_sub_explicit(&sched.idle_ps, 1, memory_order_seq_cst);
    return p;
}

void p_hand_off(struct p *p)
{
    if (!atomic_load_explicit(&sched.stopping, memory_order_relaxed) && sched_has_work(p)) {
        count(&sched.hand_offs);
        m_start(p, false);
        return;
    }
    rlock(&sched.lock);
    if (atomic_load_explicit(&sched.stopping, memory_order_relaxed)) {
        p_stopped_locked(p);
        runlock(&sched.lock);
        return;
    }
    p_idle_put_locked(p);
    bool work = sched.global.n || !run_empty(p);
    runlock(&sched.lock);
    if (work || timers_due() != INT64_MAX)
        wake_one();
}

// ---- making and destroying ----

static void p_make(int id)
{
    struct p *p = sched.all_p[id];
    if (!p) {
        p = meta_alloc(sizeof *p, 64);
        p->id = id;
        sched.all_p[id] = p;
    }
    p->random = 0xD1B54A32D192ED03u * (uint64_t)(id + 1);
    p->mcache = mcache_new();
    p->gcwork = gcwork_new();
    p->wbbuf = wbbuf_new();
    atomic_store_explicit(&p->status, P_STOPPED, memory_order_release);
}

static void p_destroy(struct p *p)
{
    rlock(&sched.lock);
    run_drain_locked(p);
    runlock(&sched.lock);
    g_release_lists(p);
    gc_release_p(p);
    p->gcwork = NULL;
    p->wbbuf = NULL;
    mcache_release(p->mcache);
    p->mcache = NULL;
    atomic_store_explicit(&p->status, P_DEAD, memory_order_release);
}

// p_resize makes n processors of those there are. A thread whose P goes takes the first one.
void p_resize(int n)
{
    int old = sched_procs();
    struct m *m = m_self();
    for (int i = old; i < n; i++)
        p_make(i);
    if (m && m->p && m->p->id >= n) {
        struct p *mine = m_detach(m);
        m_attach(m, sched.all_p[0]);
        atomic_store_explicit(&m->p->running, m->g, memory_order_relaxed);
        atomic_store_explicit(&mine->running, NULL, memory_order_relaxed);
    }
    for (int i = n; i < old; i++)
        p_destroy(sched.all_p[i]);
    atomic_store_explicit(&sched.procs, n, memory_order_release);
}

// ---- the start ----

void sched_init(int procs)
{
    if (procs < 1)
        procs = 1;
    if (procs > MAX_PROCS)
        procs = MAX_PROCS;
    sched.wanted_procs = procs;
    sched.max_ms = 10000;
    timers_init();
    p_resize(procs);
    for (int i = procs - 1; i > 0; i--)
        p_idle_put_locked(sched.all_p[i]);
    m_first(sched.all_p[0]);
}

GOMEM_NORETURN void sched_run(void (*fn)(struct g *, void *), void *arg)
{
    struct m *m = m_self();
    struct g *g = g_make(m->p, false);
    g->system_fn = fn;
    g->system_arg = arg;
    count(&sched.count);
    gc_new_goroutine(g);
    g_set_status(g, G_DEAD, G_RUNNABLE);
    run_put(m->p, g, true);
    monitor_start();
    schedule_loop(m);
    __builtin_unreachable();
}

void sched_counts(struct sched_counts *c)
{
    *c = (struct sched_counts){
        .steals = atomic_load_explicit(&sched.steals, memory_order_relaxed),
        .hand_offs = atomic_load_explicit(&sched.hand_offs, memory_order_relaxed),
        .global_looks = atomic_load_explicit(&sched.global_looks, memory_order_relaxed),
        .preemptions = atomic_load_explicit(&sched.preemptions, memory_order_relaxed),
        .stops = atomic_load_explicit(&sched.stops, memory_order_relaxed),
        .threads = (uint64_t)sched.ms,
    };
    for (int i = 0; i < MAX_PROCS && sched.all_p[i]; i++)
        c->switches += sched.all_p[i]->switches;
}
