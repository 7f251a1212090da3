// Tracebacks in Go's form: what each goroutine waits for, and its frames.
#include "../sched/sched.h"
#include "internal.h"

enum { MOST_GOROUTINES = 1000 };

static const char *const reasons[WAIT_REASONS] = {
    [WAIT_NONE] = "waiting",
    [WAIT_CHAN_RECEIVE] = "chan receive",
    [WAIT_CHAN_RECEIVE_NIL] = "chan receive (nil chan)",
    [WAIT_CHAN_SEND] = "chan send",
    [WAIT_CHAN_SEND_NIL] = "chan send (nil chan)",
    [WAIT_SELECT] = "select",
    [WAIT_SELECT_NO_CASES] = "select (no cases)",
    [WAIT_SEMACQUIRE] = "semacquire",
    [WAIT_MUTEX] = "sync.Mutex.Lock",
    [WAIT_RWMUTEX_R] = "sync.RWMutex.RLock",
    [WAIT_RWMUTEX] = "sync.RWMutex.Lock",
    [WAIT_WAITGROUP] = "sync.WaitGroup.Wait",
    [WAIT_COND] = "sync.Cond.Wait",
    [WAIT_SLEEP] = "sleep",
    [WAIT_GC_WORKER] = "GC worker (idle)",
    [WAIT_GC_CYCLE] = "wait for GC cycle",
    [WAIT_FINALIZER] = "finalizer wait",
    [WAIT_PREEMPTED] = "preempted",
};

const char *trace_reason(const struct g *g)
{
    return reasons[g->wait_reason] ? reasons[g->wait_reason] : "waiting";
}

static const char *state_of(struct g *g)
{
    switch (g_status(g)) {
    case G_RUNNABLE:
        return "runnable";
    case G_WAITING:
        return trace_reason(g);
    default:
        return "running";
    }
}

void trace_goroutine(struct g *g)
{
    ref_print("goroutine %llu [%s%s]:\n", (unsigned long long)g->id, state_of(g),
              g->locked_m ? ", locked to thread" : "");
    unwind_print_frames(&g->head, &g->creator);
}

struct others {
    struct g *but;
    int n;
};

static void trace_one(struct g *g, void *ctx)
{
    struct others *o = ctx;
    if (g == o->but || g->system || g_status(g) == G_DEAD || o->n >= MOST_GOROUTINES)
        return;
    o->n++;
    ref_print("\n");
    if (g_freeze(g))
        trace_goroutine(g);
    else
        ref_print("goroutine %llu [running]:\n\tgoroutine running on other thread; stack unavailable\n",
                  (unsigned long long)g->id);
}

void trace_others(struct g *but)
{
    struct others o = {but, 0};
    g_each(trace_one, &o);
}
