// The cycle.
//
//   1 sweep termination   what the last cycle left unswept is swept, beside the program
//   2 set-up              pause: the barrier goes on, roots are made ready
//   3 mark                beside the program: workers, assists, the barrier's shades
//   4 termination         pause: all buffers are flushed; if nothing grey is left the barrier goes off and all spans become unswept
//   5 sweep               beside the program, by the collector's goroutine and by whoever allocates
//
// One goroutine of the runtime, the collector, goes through these; cycles never overlap. It sleeps until a cycle is due (the heap reached its
// trigger, two minutes passed) or wanted (runtime.GC). Between phases it looks for a stop of the world like everybody else.
//
// The end of marking. When all workers are parked grey blocks can be left only in the buffers of P's: of barriers and of assists. Before it
// stops the world the collector asks the P's that run something to hand theirs on (cycle_flush, at a safepoint); if that brings
// work to light the workers go on. In the pause every buffer is emptied. What turns up then is usually nothing, and a little is
// marked at once; if it is more than PAUSE_BUDGET the world goes on, and so does marking. So both pauses cost the same for every heap.
//
// Invariant: no black block refers to a white one unless the deletion barrier guards it: some grey block or root held the reference when
// marking began. So when nothing is grey, white is garbage.
//
// gc_lock protects what callers and collector tell each other. It is held for a few lines and never with another lock of the collector.
#include "internal.h"

enum { PAUSE_BUDGET = 64 << 10, SWEEP_BATCH = 16, SCAVENGE_PAUSE = 1000000 };
#define FORCED_AFTER ((int64_t)(FAULT(periodic_early) ? 60 : 120) * 1000000000)

_Atomic uint32_t gc_phase = GC_OFF;
_Atomic uint32_t gc_cycle;
struct cycle_figures cycle;
struct pause_log pauses;
void (*cycle_before)(void);

static struct {
    struct rmutex lock;
    struct g *collector;
    bool parked, due, exhausted;
    int64_t last;           // when a cycle began or ended marking
    uint32_t wanted;        // cycles up to this one are forced
    uint32_t marked_cycles; // cycles that ended their marking
    struct g *waiters;      // runtime.GC, linked by sched_link
    struct g *starters;     // allocated beyond the trigger: they go on once marking has begun
} gc = {.lock = {.rank = RANK_GCWORK}};

_Atomic uint64_t cycle_clock_looks;
static _Atomic uint32_t flush_round; // relaxed; a P that has answered has this number

// ---- telling the collector ----

static void wake_locked(void)
{
    if (!gc.parked)
        return;
    gc.parked = false;
    g_ready(gc.collector, false);
}

void cycle_ask(void)
{
    rlock(&gc.lock);
    gc.due = true;
    wake_locked();
    runlock(&gc.lock);
}

void cycle_exhausted(void)
{
    rlock(&gc.lock);
    gc.exhausted = true;
    wake_locked();
    runlock(&gc.lock);
}

// gc_request is called where the heap has passed its trigger, until marking begins. Whoever allocates is asked for a safepoint and waits there
// for that: what it would allocate meanwhile nobody has paid for.
void gc_request(struct p *p)
{
    if (!cycle_about_to_start())
        return;
    cycle_ask();
    if (p->m && p->m->g)
        g_ask(p->m->g, 0);
}

bool cycle_about_to_start(void)
{
    return atomic_load_explicit(&heap_totals.live, memory_order_relaxed) >=
               atomic_load_explicit(&heap_trigger, memory_order_relaxed) &&
           gc.collector && !step_active();
}

static bool commit_starter(struct g *g, void *arg)
{
    (void)arg;
    g->sched_link = gc.starters;
    gc.starters = g;
    runlock(&gc.lock);
    return true;
}

void cycle_wait_for_start(struct g *g)
{
    rlock(&gc.lock);
    if (gc_marking() || !gc.due)
        runlock(&gc.lock);
    else
        g_park(g, commit_starter, NULL, WAIT_GC_CYCLE);
}

// scavenge gives free memory back in the background, a MiB at a time, taking one part in a hundred of the monitor's time. Only the monitor
// calls it.
static void scavenge(void)
{
    static int64_t next;
    int64_t start = sys_nanotime();
    if (start < next)
        return;
    pages_scavenge(0, pacer_retain());
    int64_t took = sys_nanotime() - start;
    next = start + (took * 100 > SCAVENGE_PAUSE ? took * 100 : SCAVENGE_PAUSE);
}

// gc_forced_check is called by the monitor now and then.
void gc_forced_check(int64_t now)
{
    bool ask = false;
    count_up(&cycle_clock_looks, 1);
    rlock(&gc.lock);
    int64_t since = gc.last ? gc.last : cycle.process_start;
    if (gc.collector && pacer_enabled() && !FAULT(no_periodic_cycle) && !gc.due && now - since > FORCED_AFTER)
        ask = gc.due = true;
    if (ask)
        wake_locked();
    runlock(&gc.lock);
    scavenge();
}

// collector_wait parks the collector until *flag is set, or, for flag due, a cycle is wanted by somebody else.
static void collector_wait(struct g *g, const bool *flag)
{
    rlock(&gc.lock);
    while (!*flag && !(flag == &gc.due && (gc.wanted > gc.marked_cycles || step_wanted()))) {
        gc.parked = true;
        g_park(g, g_unlock_commit, &gc.lock, WAIT_GC_CYCLE);
        rlock(&gc.lock);
    }
    runlock(&gc.lock);
}

void cycle_give_way(struct g *g)
{
    if (__atomic_load_n(&g->head.poll, __ATOMIC_RELAXED))
        safepoint(g);
    else if (sched_has_work(g->m->p))
        g_yield(g);
}

// ---- 1 and 5: sweeping ----

static void sweep_all(struct g *g)
{
    for (int i = 1; sweep_one(); i++)
        if (i % SWEEP_BATCH == 0)
            cycle_give_way(g);
    while (!sweep_done())
        g_yield(g);
}

// ---- 2: set-up ----

static struct gcwork *set_up_work;

static void mark_tiny(uintptr_t block)
{
    mark_grey(set_up_work, block); // objects that will still be put into it are as if new: black
}

// mark_stopped marks everything at once, and counts it for what it is.
static void mark_stopped(struct g *g)
{
    struct gcwork *w = g->m->p->gcwork;
    uint64_t before = w->marked_blocks;
    roots_mark_static(w);
    roots_mark_stacks_suspended(g);
    while (mark_drain(w, DRAIN_BATCH))
        ;
    cycle.stw_blocks += w->marked_blocks - before;
}

static void begin_marking(struct g *g)
{
    uint32_t number = atomic_load_explicit(&gc_cycle, memory_order_relaxed) + 1;
    rlock(&gc.lock);
    gc.due = gc.exhausted = false;
    gc.last = sys_nanotime();
    cycle.forced = number <= gc.wanted;
    runlock(&gc.lock);
    if (cycle_before && !FAULT(pool_keeps))
        cycle_before();
    mcache_flush_counts();
    cycle.heap_start = heap_live_bytes();
    cycle.procs = sched_procs();
    cycle.goal = pacer_goal();
    limiter_settle(0);
    atomic_store_explicit(&cycle.worker_ns, 0, memory_order_relaxed);
    atomic_store_explicit(&cycle.assist_ns, 0, memory_order_relaxed);
    work_reset_totals();
    assist_reset();
    pacer_start_cycle();
    atomic_store_explicit(&gc_cycle, number, memory_order_relaxed);
    roots_prepare();
    set_up_work = g->m->p->gcwork;
    uint64_t before = set_up_work->marked_blocks;
    mcache_each_tiny(mark_tiny);
    cycle.stw_blocks += set_up_work->marked_blocks - before;
    step_hold();
    atomic_store_explicit(&gc_phase, GC_MARK, memory_order_relaxed);
    __atomic_store_n(&gc_barrier_enabled, 1, __ATOMIC_RELAXED);
    if (FAULT(stacks_in_pause))
        roots_mark_stacks_suspended(g);
    if (FAULT(marks_in_pause))
        mark_stopped(g);
}

static void set_up(struct g *g)
{
    int64_t start = sys_nanotime();
    world_stop("gc: mark set-up");
    begin_marking(g);
    cycle.mark_start = sys_nanotime();
    cycle.setup_ns = cycle.mark_start - start;
    world_start();
}

// ---- 3 and 4: marking and its end ----

bool cycle_flush_asked(const struct gcwork *w)
{
    return w->flushed != atomic_load_explicit(&flush_round, memory_order_relaxed);
}

void cycle_flush(struct p *p)
{
    p->gcwork->flushed = atomic_load_explicit(&flush_round, memory_order_relaxed);
    barrier_flush(p);
    work_flush(p->gcwork);
}

bool gc_before_idle(struct p *p)
{
    if (!p->wbbuf->n && work_empty(p->gcwork))
        return false;
    cycle_flush(p);
    worker_wake_one();
    return true;
}

static void flush_running(struct g *g)
{
    atomic_fetch_add_explicit(&flush_round, 1, memory_order_relaxed);
    sched_ask_all();
    g_yield(g); // those that run answer at their next safepoint; who is late is found in the pause
    cycle_flush(g->m->p);
}

uint64_t cycle_flush_stopped(void)
{
    uint64_t shaded = 0;
    for (int i = 0; i < sched_procs(); i++) {
        struct p *p = sched_p(i);
        uint64_t before = p->gcwork->marked_blocks;
        barrier_flush(p);
        shaded += p->gcwork->marked_blocks - before;
        cycle_flush(p);
    }
    return shaded;
}

// mark_rest marks what the flush in the pause brought to light, if it is little.
static bool mark_rest(struct g *g)
{
    struct gcwork *w = g->m->p->gcwork;
    uint64_t before = atomic_load_explicit(&work_totals.marked_blocks, memory_order_relaxed);
    mark_drain(w, PAUSE_BUDGET);
    work_flush(w);
    cycle.stw_blocks += atomic_load_explicit(&work_totals.marked_blocks, memory_order_relaxed) - before;
    return !work_available();
}

// cycle_idle_ns is what workers took beyond their share: nobody else wanted it.
int64_t cycle_idle_ns(void)
{
    int64_t workers = atomic_load_explicit(&cycle.worker_ns, memory_order_relaxed);
    int64_t share = cycle.mark_ns * cycle.procs * WORKER_PERCENT / 100;
    return workers > share ? workers - share : 0;
}

static void log_pauses(int64_t termination_start)
{
    int64_t now = sys_nanotime();
    cycle.termination_ns = now - termination_start;
    uint64_t ns = (uint64_t)(cycle.setup_ns + cycle.termination_ns);
    pauses.ns[pauses.num_gc % 256] = ns;
    pauses.end[pauses.num_gc % 256] = pauses.last_gc = (uint64_t)sys_walltime();
    pauses.total_ns += ns;
    pauses.num_gc++;
    pauses.num_forced += cycle.forced;
    int64_t marking = atomic_load_explicit(&cycle.worker_ns, memory_order_relaxed) +
                      atomic_load_explicit(&cycle.assist_ns, memory_order_relaxed);
    cycle.total_cpu_ns += (cycle.setup_ns + cycle.termination_ns) * cycle.procs + marking - cycle_idle_ns();
    limiter_settle(marking);
}

// end_marking returns what its check took of the pause.
static int64_t end_marking(void)
{
    atomic_store_explicit(&gc_phase, GC_TERMINATION, memory_order_relaxed);
    __atomic_store_n(&gc_barrier_enabled, FAULT(barrier_stays_on), __ATOMIC_RELAXED);
    int64_t check_ns = check_marks();
    mcache_flush_all();
    cycle.heap_end = heap_live_bytes();
    cycle.heap_marked = atomic_load_explicit(&work_totals.marked_bytes, memory_order_relaxed);
    cycle.stacks = roots_stack_bytes();
    cycle.globals = roots_globals();
    if (roots_stacks_now())
        stack_adapt(cycle.stacks / roots_stacks_now());
    atomic_store_explicit(&gc_phase, GC_OFF, memory_order_relaxed);
    pacer_end_cycle(cycle.heap_marked);
    sweep_start();
    while (FAULT(sweeps_at_once) && sweep_one())
        ;
    rlock(&gc.lock);
    gc.marked_cycles = atomic_load_explicit(&gc_cycle, memory_order_relaxed);
    gc.last = sys_nanotime();
    runlock(&gc.lock);
    return check_ns;
}

// try_end ends the cycle's marking unless there is more to mark.
static bool try_end(struct g *g)
{
    flush_running(g);
    if (work_available() || workers_busy())
        return false;
    int64_t start = sys_nanotime();
    world_stop("gc: mark termination");
    if (FAULT(stacks_rescanned))
        roots_rescan(g->m->p->gcwork);
    cycle.stw_blocks += cycle_flush_stopped();
    bool over = mark_rest(g) && !roots_left();
    if (over) {
        cycle.mark_ns = start - cycle.mark_start;
        log_pauses(start + end_marking());
    }
    world_start();
    return over;
}

static void mark(struct g *g)
{
    do {
        rlock(&gc.lock);
        gc.exhausted = false;
        runlock(&gc.lock);
        workers_start(sched_procs());
        collector_wait(g, &gc.exhausted);
    } while (!try_end(g));
}

static void wake_all(struct g **list)
{
    rlock(&gc.lock);
    while (*list) {
        struct g *g = *list;
        *list = g->sched_link;
        g->sched_link = NULL;
        g_ready(g, false);
    }
    runlock(&gc.lock);
}

// ---- the collector ----

static void run_cycle(struct g *g)
{
    step_begin();
    sweep_all(g);
    step_gate(g, GOMEM_GC_SWEPT);
    cycle.start = sys_nanotime();
    set_up(g);
    wake_all(&gc.starters);
    step_marking(g);
    mark(g);
    wake_all(&gc.waiters);
    assist_end_cycle();
    trace_cycle();
    step_gate(g, GOMEM_GC_TERMINATED);
}

static void collector_main(struct g *g, void *arg)
{
    (void)arg;
    for (;;) {
        collector_wait(g, &gc.due);
        run_cycle(g);
        sweep_all(g);
        step_gate(g, GOMEM_GC_DONE);
    }
}

void gc_init(int32_t percent, int64_t limit, bool trace)
{
    cycle.process_start = sys_nanotime();
    trace_init(trace);
    pacer_init(percent, limit);
    gc_add_roots(timers_visit);
}

void gc_start(void)
{
    struct g *g = g_new_system(collector_main, NULL);
    rlock(&gc.lock); // the monitor asks for it
    gc.collector = g;
    runlock(&gc.lock);
}

// ---- runtime.GC ----

static bool commit_waiter(struct g *g, void *arg)
{
    (void)arg;
    g->sched_link = gc.waiters;
    gc.waiters = g;
    runlock(&gc.lock);
    return true;
}

// wait_for_cycle returns the number of a cycle that began after the call and has ended its marking.
static uint32_t wait_for_cycle(struct g *g)
{
    rlock(&gc.lock);
    uint32_t target = atomic_load_explicit(&gc_cycle, memory_order_relaxed) + 1;
    if (gc.wanted < target)
        gc.wanted = target;
    wake_locked();
    while (gc.marked_cycles < target) {
        g_park(g, commit_waiter, NULL, WAIT_GC_CYCLE);
        rlock(&gc.lock);
    }
    runlock(&gc.lock);
    return target;
}

void cycle_collect(struct g *g)
{
    if (FAULT(gc_returns_early))
        return;
    wait_for_cycle(g);
    sweep_all(g); // of this cycle, or of a later one
}
