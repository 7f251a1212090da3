// The scheduler's loop, and how goroutines leave the processor and come back.
//
// An M with a P looks for a goroutine: due timers; every 61st round the global queue; its own queue; the global queue; other P's
// queues, four rounds over them in a random order, run_next only in the last; and if there is nothing, it gives the P up and sleeps
// (internal.h says why no wake is lost). It switches to the goroutine, and when that leaves, on the thread's own stack, does what
// the goroutine left for: `after`. Only then is the goroutine's context whole, so only there its state changes and the lock under
// which wakers find it is released.
#include <sched.h>

#include "../gc/gc.h"
#include "../panic/panic.h"
#include "../stack/stack.h"
#include "internal.h"

// Goroutines that wait by yielding may wait for one whose thread the OS has put aside: after so many yields a thread gives way to the
// others of the machine.
enum { STEAL_ROUNDS = 4, YIELDS = 128 };

static uint64_t next_random(uint64_t *state)
{
    uint64_t x = *state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *state = x;
}

// ---- leaving ----

__attribute__((noinline)) void leave(struct g *g, void (*after)(struct m *, struct g *))
{
    struct m *m = g->m;
    m->after = after;
    asan_leave(m->stack.low, m->stack.size);
    race_switch(m->fiber);
    ref_switch(&g->machine_sp, m->scheduler_sp);
    asan_arrive(&g->m->stack);
}

static void after_park(struct m *m, struct g *g)
{
    bool (*commit)(struct g *, void *) = m->commit;
    void *arg = m->commit_arg;
    g_set_status(g, G_RUNNING, G_WAITING);
    if (commit && !commit(g, arg)) {
        g_set_status(g, G_WAITING, G_RUNNABLE);
        run_put(m->p, g, true);
    }
}

void g_park(struct g *g, bool (*commit)(struct g *, void *), void *arg, enum wait_reason why)
{
    struct m *m = g->m;
    REF_ASSERT(g == m->g && g->critical == 0);
    m->commit = commit;
    m->commit_arg = arg;
    g->wait_reason = why;
    leave(g, after_park);
    g->wait_reason = WAIT_NONE;
}

bool g_unlock_commit(struct g *g, void *lock)
{
    (void)g;
    runlock(lock);
    return true;
}

void after_yield(struct m *m, struct g *g)
{
    g_set_status(g, G_RUNNING, G_RUNNABLE);
    run_put(m->p, g, false);
    if (++m->p->yields % YIELDS == 0)
        sched_yield();
}

void g_yield(struct g *g)
{
    leave(g, after_yield);
}

void g_queue(struct g *g)
{
    global_put(g);
    wake_one();
}

void g_ready(struct g *g, bool next)
{
    struct m *m = m_self();
    g_set_status(g, G_WAITING, G_RUNNABLE);
    if (m && m->p)
        run_put(m->p, g, next);
    else
        global_put(g);
    wake_one();
}

// ---- waking ----

// wake_one lets one thread look for the work that was just made, unless one does already or all processors are busy.
void wake_one(void)
{
    int32_t none = 0;
    atomic_thread_fence(memory_order_seq_cst); // pairs with that in stop_spinning
    if (!atomic_load_explicit(&sched.idle_ps, memory_order_relaxed) ||
        atomic_load_explicit(&sched.spinning, memory_order_relaxed) ||
        !atomic_compare_exchange_strong_explicit(&sched.spinning, &none, 1, memory_order_seq_cst, memory_order_relaxed))
        return;
    m_start(NULL, true);
}

static void spin(struct m *m)
{
    if (!m->spinning) {
        m->spinning = true;
        atomic_fetch_add_explicit(&sched.spinning, 1, memory_order_seq_cst);
    }
}

// found ends spinning with success: another thread takes over the looking, since there may be more.
static void found(struct m *m)
{
    if (!m->spinning)
        return;
    m->spinning = false;
    if (atomic_fetch_sub_explicit(&sched.spinning, 1, memory_order_seq_cst) == 1)
        wake_one();
}

static void stop_spinning(struct m *m)
{
    if (m->spinning) {
        m->spinning = false;
        atomic_fetch_sub_explicit(&sched.spinning, 1, memory_order_seq_cst);
    }
    atomic_thread_fence(memory_order_seq_cst); // pairs with that in wake_one
}

// ---- finding ----

static struct g *steal(struct m *m)
{
    struct p *p = m->p;
    uint32_t procs = (uint32_t)sched_procs();
    for (int round = 0; round < STEAL_ROUNDS; round++) {
        uint32_t start = (uint32_t)(next_random(&m->random) >> 32) % procs;
        for (uint32_t i = 0; i < procs; i++) {
            struct p *victim = sched.all_p[(start + i) % procs];
            if (atomic_load_explicit(&sched.stopping, memory_order_relaxed))
                return NULL;
            struct g *g = victim == p ? NULL : run_steal(p, victim, round == STEAL_ROUNDS - 1);
            if (g)
                return g;
        }
    }
    return NULL;
}

static bool may_spin(struct m *m)
{
    int busy = sched_procs() - atomic_load_explicit(&sched.idle_ps, memory_order_relaxed);
    return m->spinning || 2 * atomic_load_explicit(&sched.spinning, memory_order_relaxed) < busy;
}

static bool anybody_has_work(void)
{
    for (int i = 0; i < sched_procs(); i++)
        if (!run_empty(sched.all_p[i]))
            return true;
    return atomic_load_explicit(&sched.global_n, memory_order_relaxed) != 0;
}

// go_idle gives m's P up and sleeps until there may be work; afterwards m has a P again.
static void go_idle(struct m *m)
{
    if (UNLIKELY(gc_marking()) && gc_before_idle(m->p))
        return;
    rlock(&sched.lock);
    if (atomic_load_explicit(&sched.stopping, memory_order_relaxed) || sched.global.n) {
        runlock(&sched.lock);
        return;
    }
    p_idle_put_locked(m_detach(m));
    runlock(&sched.lock);
    bool was_spinning = m->spinning;
    stop_spinning(m);
    int64_t due = timers_due();
    if (anybody_has_work() || due <= sched_now()) { // made while m gave up
        rlock(&sched.lock);
        struct p *p = p_idle_get_locked();
        runlock(&sched.lock);
        if (p) {
            m_attach(m, p);
            if (was_spinning)
                spin(m);
            return;
        }
    }
    m_sleep_idle(m, due);
}

static struct g *look(struct m *m)
{
    struct p *p = m->p;
    struct g *g = NULL;
    m->inherits = false;
    if (timers_due() != INT64_MAX)
        timers_run();
    if (atomic_load_explicit(&p->sched_tick, memory_order_relaxed) % SCHED_TICKS == 0 &&
        atomic_load_explicit(&sched.global_n, memory_order_relaxed)) {
        count(&sched.global_looks);
        rlock(&sched.lock);
        g = global_get_locked(p, 1);
        runlock(&sched.lock);
    }
    if (!g)
        g = run_get(p, &m->inherits);
    if (!g)
        g = global_get(p);
    if (!g && may_spin(m)) {
        spin(m);
        g = steal(m);
    }
    return g;
}

static struct g *find_runnable(struct m *m)
{
    for (;;) {
        if (UNLIKELY(atomic_load_explicit(&sched.stopping, memory_order_acquire))) {
            stop_spinning(m);
            stop_here(m);
            continue;
        }
        struct g *g = look(m);
        if (g)
            return g;
        go_idle(m);
    }
}

// ---- running ----

static void run_here(struct m *m, struct g *g)
{
    struct asan_stack slot_stack;
    struct p *p = m->p;
    g_set_status(g, G_RUNNABLE, G_RUNNING);
    if (UNLIKELY(!slot_enter(g, g_entry))) { // another one runs on its machine stack
        g_set_status(g, G_RUNNING, G_RUNNABLE);
        slot_wait(g);
        return;
    }
    struct slot *slot = g->slot;
    g->m = m;
    m->g = g;
    p->switches++;
    if (!m->inherits) {
        uint32_t tick = atomic_load_explicit(&p->sched_tick, memory_order_relaxed); // the monitor looks
        atomic_store_explicit(&p->sched_tick, tick + 1, memory_order_relaxed);
        if (UNLIKELY(atomic_load_explicit(&g->preempt, memory_order_relaxed) & PREEMPT_YIELD)) // of its last time slice
            atomic_fetch_and_explicit(&g->preempt, ~(uint32_t)PREEMPT_YIELD, memory_order_relaxed);
    }
    atomic_store_explicit(&p->running, g, memory_order_seq_cst); // pairs with sched_ask_all
    if (UNLIKELY(atomic_load_explicit(&sched.stopping, memory_order_seq_cst)))
        g_ask(g, 0);
    if (UNLIKELY(gc_marking()) && !FAULT(no_insertion_barrier))
        gc_before_run(p, g);
    asan_leave(g->slot->low, (size_t)(g->slot->top - g->slot->low));
    race_switch(g->fiber);
    ref_switch(&m->scheduler_sp, g->machine_sp);
    asan_arrive(&slot_stack);
    p = m->p;
    atomic_store_explicit(&p->running, NULL, memory_order_relaxed);
    m->g = NULL;
    m->after(m, g);
    slot_left(slot);
}

// to_wired hands m's P to the thread that g is wired to, and sleeps until m gets another.
static void to_wired(struct m *m, struct g *g)
{
    struct m *other = g->locked_m;
    rlock(&sched.lock);
    sched.idle_ms--; // other's, even if it is only about to sleep
    runlock(&sched.lock);
    other->next_p = m_detach(m);
    m_wake(other);
    m_sleep_idle(m, INT64_MAX);
}

void schedule_loop(struct m *m)
{
    for (;;) {
        if (UNLIKELY(m->locked_g != NULL)) {
            stop_spinning(m);
            if (m->p) // a blocking call has given it up already
                p_hand_off(m_detach(m));
            m_sleep_wired(m);
            m->inherits = false;
            run_here(m, m->locked_g);
            continue;
        }
        struct g *g = find_runnable(m);
        found(m);
        if (UNLIKELY(g->locked_m != NULL && g->locked_m != m)) {
            to_wired(m, g);
            continue;
        }
        run_here(m, g);
    }
}
