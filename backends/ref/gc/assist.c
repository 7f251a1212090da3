// Assists: who allocates while marking is under way marks too, in proportion.
//
// The pacer says how many bytes are to be scanned for each byte allocated so that marking ends before the heap reaches its goal. Bytes are
// charged when a goroutine's P takes a span from an mcentral, or a large block: the charge covers all that the span has room for. The debt is
// paid at once: first from the credit that background workers have scanned ahead, then by marking here and now, for allocation
// is no safepoint and marking needs none. If nothing is found to mark the goroutine is asked for a safepoint; there it tries again, and else
// waits until workers have scanned enough, or the cycle ends.
#include "internal.h"

_Atomic uint64_t assist_bytes_total, assist_work_total;

static _Atomic int64_t credit; // relaxed: bytes scanned by workers and not yet claimed

static struct {
    struct rmutex lock;
    struct g *first, *last; // who waits for credit, linked by sched_link
    _Atomic uint32_t n;     // relaxed: a hint
} queue = {.lock = {.rank = RANK_GCWORK}};

// ---- credit ----

// claim takes up to wanted bytes of credit.
static int64_t claim(int64_t wanted)
{
    int64_t have = atomic_load_explicit(&credit, memory_order_relaxed);
    while (have > 0) {
        int64_t take = have < wanted ? have : wanted;
        if (atomic_compare_exchange_weak_explicit(&credit, &have, have - take, memory_order_relaxed,
                                                  memory_order_relaxed))
            return take;
    }
    return 0;
}

static int64_t debt_of(const struct g *g) // in bytes of scan work
{
    return g->assist_bytes < 0
               ? (int64_t)((double)-g->assist_bytes * pacer_assist_ratio() / (FAULT(assist_halved) ? 2 : 1)) + 1
               : 0;
}

static void pay(struct g *g, int64_t work)
{
    double ratio = pacer_assist_ratio() / (FAULT(assist_halved) ? 2 : 1);
    int64_t bytes = ratio > 0 ? (int64_t)((double)work / ratio) + 1 : -g->assist_bytes;
    g->assist_bytes += bytes;
    if (g->assist_bytes > 0)
        g->assist_bytes = 0;
}

static struct g *pop(void)
{
    struct g *g = queue.first;
    queue.first = g->sched_link;
    if (!queue.first)
        queue.last = NULL;
    g->sched_link = NULL;
    atomic_fetch_sub_explicit(&queue.n, 1, memory_order_relaxed);
    return g;
}

// The waiters' debts come first: they cannot go on. A waiter does not run, so its account is the lock holder's.
void assist_add_credit(int64_t work)
{
    if (atomic_load_explicit(&queue.n, memory_order_relaxed)) {
        rlock(&queue.lock);
        while (work > 0 && queue.first) {
            int64_t debt = debt_of(queue.first), part = debt < work ? debt : work;
            pay(queue.first, part);
            work -= part;
            if (part == debt)
                g_ready(pop(), false);
        }
        runlock(&queue.lock);
    }
    atomic_fetch_add_explicit(&credit, work, memory_order_relaxed);
}

void assist_end_cycle(void)
{
    rlock(&queue.lock);
    while (queue.first)
        g_ready(pop(), false);
    runlock(&queue.lock);
}

void assist_reset(void)
{
    atomic_store_explicit(&credit, 0, memory_order_relaxed);
}

// ---- paying ----

// work_off claims credit and marks until the debt is paid; false: there was not enough to mark.
static bool work_off(struct p *p, struct g *g)
{
    int64_t debt = debt_of(g), claimed = claim(debt);
    if (claimed)
        pay(g, claimed);
    debt -= claimed;
    if (debt <= 0) {
        g->assist_bytes = 0;
        return true;
    }
    int64_t start = sys_nanotime(), done = (int64_t)mark_drain(p->gcwork, (uintptr_t)debt);
    atomic_fetch_add_explicit(&cycle.assist_ns, sys_nanotime() - start, memory_order_relaxed);
    count_up(&assist_work_total, (uint64_t)done);
    pay(g, done);
    if (done >= debt)
        g->assist_bytes = 0;
    return done >= debt;
}

void gc_charge(struct p *p, uintptr_t bytes)
{
    struct g *g = p->m->g;
    if (!g || g->system || step_holds_assists() || limiter_full() ||
        atomic_load_explicit(&gc_phase, memory_order_relaxed) != GC_MARK)
        return;
    count_up(&assist_bytes_total, bytes);
    g->assist_bytes -= (int64_t)bytes;
    if (g->assist_bytes < 0 && !work_off(p, g))
        g_ask(g, 0);
}

static bool commit_wait(struct g *g, void *arg)
{
    (void)arg;
    bool wait = atomic_load_explicit(&gc_phase, memory_order_relaxed) == GC_MARK;
    if (wait) {
        g->sched_link = NULL;
        if (queue.last)
            queue.last->sched_link = g;
        else
            queue.first = g;
        queue.last = g;
        atomic_fetch_add_explicit(&queue.n, 1, memory_order_relaxed);
    }
    runlock(&queue.lock);
    return wait;
}

bool gc_due(struct g *g)
{
    if (!gc_marking())
        return !g->system && cycle_about_to_start();
    return (g->assist_bytes < 0 && !g->system && !limiter_full()) || cycle_flush_asked(g->m->p->gcwork);
}

// pay_or_wait waits for workers' credit when nothing is found to mark, with empty buffers: what is in them may be all there is.
static void pay_or_wait(struct g *g)
{
    struct p *p = g->m->p;
    if (g->assist_bytes >= 0 || g->system || step_holds_assists() || limiter_full() || work_off(p, g) || step_holds())
        return;
    cycle_flush(p);
    worker_wake_one();
    rlock(&queue.lock);
    g_park(g, commit_wait, NULL, WAIT_GC_CYCLE);
}

void gc_poll_hook(struct g *g)
{
    if (!gc_marking()) {
        cycle_wait_for_start(g);
        return;
    }
    if (cycle_flush_asked(g->m->p->gcwork))
        cycle_flush(g->m->p);
    pay_or_wait(g);
}

void gc_end_goroutine(struct g *g)
{
    g->assist_bytes = 0;
}
