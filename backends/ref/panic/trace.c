// Tracebacks in Go's form, from the descriptors of the managed frames: a function without a frame is not seen.
#include "../sched/sched.h"
#include "internal.h"

enum { MOST_FRAMES = 100, INNERMOST = 50, MOST_GOROUTINES = 1000 };

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

static const char *state_of(struct g *g)
{
    switch (g_status(g)) {
    case G_RUNNABLE:
        return "runnable";
    case G_WAITING:
        return reasons[g->wait_reason] ? reasons[g->wait_reason] : "waiting";
    default:
        return "running";
    }
}

static void print_frame(const gomem_frame *f)
{
    const gomem_frame_desc *d = f->desc;
    uint32_t line = d->lines && f->point < d->points ? d->lines[f->point] : 0;
    ref_print("%s(...)\n\t%s:%u\n", d->function, d->file, line);
}

static uintptr_t count_frames(struct g *g)
{
    uintptr_t n = 0;
    for (char *at = g->head.sp; at < g->head.stack_base; n++)
        at += ((gomem_frame *)(void *)at)->desc->size;
    return n;
}

static void print_frames(struct g *g)
{
    uintptr_t n = count_frames(g), i = 0;
    for (char *at = g->head.sp; at < g->head.stack_base; i++) {
        const gomem_frame *f = (const gomem_frame *)(const void *)at;
        if (n <= MOST_FRAMES || i < INNERMOST || i >= n - INNERMOST)
            print_frame(f);
        else if (i == INNERMOST)
            ref_print("...%llu frames elided...\n", (unsigned long long)(n - MOST_FRAMES));
        at += f->desc->size;
    }
}

void trace_goroutine(struct g *g)
{
    ref_print("goroutine %llu [%s%s]:\n", (unsigned long long)g->id, state_of(g),
              g->locked_m ? ", locked to thread" : "");
    print_frames(g);
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
