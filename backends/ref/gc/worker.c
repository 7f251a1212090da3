// Workers: the goroutines that mark in the background, one per processor.
//
// A worker takes roots first, then grey blocks, in batches. Between two batches it looks at the world: it gives way to a stop, and it gives its
// processor to waiting goroutines when the workers together have had their share, 25 % of the processors' time since marking began. Where
// nobody waits it goes on: idle processors mark.
//
// A worker that finds nothing parks. Whoever publishes work while some are parked wakes one. The last active one to park says so to the
// collector, which then tries to end the cycle. A count and the list of parked workers, under one lock, decide who is last; work that the program
// publishes after that wakes a worker again, or is found by the collector.
#include "internal.h"

_Atomic uint64_t worker_work_total;

enum { MAX_WORKERS = 1024 };

static struct {
    struct rmutex lock;
    struct g *parked;         // linked by sched_link
    int made, active;         // protected by lock
    _Atomic uint32_t waiting; // parked ones; relaxed outside the lock: a hint
} workers = {.lock = {.rank = RANK_GCWORK}};

// ---- parking and waking ----

static struct g *pop_parked(void)
{
    struct g *g = workers.parked;
    if (g) {
        workers.parked = g->sched_link;
        g->sched_link = NULL;
        atomic_fetch_sub_explicit(&workers.waiting, 1, memory_order_relaxed);
        workers.active++;
    }
    return g;
}

static void wake(bool next)
{
    rlock(&workers.lock);
    struct g *g = pop_parked();
    runlock(&workers.lock);
    if (g)
        g_ready(g, next);
}

void worker_wake_one(void)
{
    if (atomic_load_explicit(&workers.waiting, memory_order_relaxed) && !step_holds())
        wake(false);
}

static bool marking(void)
{
    return atomic_load_explicit(&gc_phase, memory_order_relaxed) == GC_MARK && !step_holds();
}

// commit_park runs on the scheduler's stack once the worker can be woken: from then on the lock may go, and the collector be told.
static bool commit_park(struct g *g, void *arg)
{
    (void)arg;
    g->sched_link = workers.parked;
    workers.parked = g;
    atomic_fetch_add_explicit(&workers.waiting, 1, memory_order_relaxed);
    bool last = --workers.active == 0;
    runlock(&workers.lock);
    if (last)
        cycle_exhausted();
    return true;
}

static void park(struct g *g)
{
    rlock(&workers.lock);
    g_park(g, commit_park, NULL, WAIT_GC_WORKER);
}

bool workers_busy(void)
{
    rlock(&workers.lock);
    bool busy = workers.active > 0;
    runlock(&workers.lock);
    return busy;
}

// ---- one worker ----

// had_share tells whether the workers have had their part of the time.
static bool had_share(int64_t now)
{
    int64_t all = (now - cycle.mark_start) * cycle.procs;
    return atomic_load_explicit(&cycle.worker_ns, memory_order_relaxed) * 100 >= all * WORKER_PERCENT;
}

// What a worker has found is handed on before it gives way: it may go on elsewhere, and the P may run out of work for ever.
static void take_turns(struct g *g, int64_t now)
{
    bool asked = __atomic_load_n(&g->head.poll, __ATOMIC_RELAXED);
    if (!asked && (!sched_has_work(g->m->p) || !had_share(now)))
        return;
    work_flush(g->m->p->gcwork);
    if (asked)
        safepoint(g);
    else
        g_yield(g);
}

// batch marks some; false: there is nothing to mark. The P is the same from here to the next safepoint.
static bool batch(struct g *g)
{
    struct p *p = g->m->p;
    barrier_flush(p);
    if (roots_mark_one(p->gcwork))
        return true;
    uintptr_t done = mark_drain(p->gcwork, DRAIN_BATCH);
    count_up(&worker_work_total, done);
    if (atomic_load_explicit(&workers.waiting, memory_order_relaxed))
        work_share(p->gcwork);
    if (done)
        assist_add_credit((int64_t)done);
    else
        work_flush(p->gcwork); // the counts
    return done != 0;
}

static void worker_main(struct g *g, void *arg)
{
    (void)arg;
    for (;;) {
        bool more = true;
        while (more && marking()) {
            int64_t start = sys_nanotime();
            more = batch(g);
            int64_t now = sys_nanotime();
            atomic_fetch_add_explicit(&cycle.worker_ns, now - start, memory_order_relaxed);
            take_turns(g, now);
        }
        park(g);
    }
}

void workers_start(int n)
{
    if (n > MAX_WORKERS)
        n = MAX_WORKERS;
    for (;;) {
        rlock(&workers.lock);
        bool make = workers.made < n;
        workers.made += make;
        workers.active += make;
        runlock(&workers.lock);
        if (!make)
            break;
        g_new_system(worker_main, NULL);
    }
    for (int i = 0; i < n; i++)
        wake(i == 0);
}
