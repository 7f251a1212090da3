// The goroutines that run finalizers and cleanups.
//
// Sweeping queues what is to be run. Finalizers run one after the other in one goroutine, in the order they were queued; cleanups may
// run beside each other: as long as some wait and none of the goroutines for them is free, one more is made, up to a bound. The
// goroutines are the runtime's own but run compiled code, so their frames are scanned. What waits in the queues is a root.
//
// A queued special has left its span's list; once its call begins, func and object are the callee's to keep. While marking, who takes a
// special shades both: the caller's stack is black by then, and the queue may not have been looked at yet.
#include "internal.h"

enum { MAX_CLEANERS = 16 };

// A queue, and the goroutines that empty it.
struct queue {
    struct special *first, **end;
    struct g *idle; // parked, linked by sched_link
    int made, bound;
};

static struct rmutex lock = {.rank = RANK_FINALIZER};
static struct queue finalizers = {.end = &finalizers.first, .bound = 1}; // all protected by lock
static struct queue cleanups = {.end = &cleanups.first, .bound = MAX_CLEANERS};

// ---- queues ----

static void append(struct queue *q, struct special *sp)
{
    sp->next = NULL;
    *q->end = sp;
    q->end = &sp->next;
}

static struct special *take_locked(struct queue *q)
{
    struct special *sp = q->first;
    if (sp) {
        q->first = sp->next;
        if (!q->first)
            q->end = &q->first;
    }
    return sp;
}

// ---- goroutines ----

static bool commit_idle(struct g *g, void *arg)
{
    struct queue *q = arg;
    g->sched_link = q->idle;
    q->idle = g;
    runlock(&lock);
    return true;
}

static struct special *next_call(struct g *g, struct queue *q)
{
    struct special *sp;
    rlock(&lock);
    while (!(sp = take_locked(q))) {
        g_park(g, commit_idle, q, WAIT_FINALIZER);
        rlock(&lock);
    }
    runlock(&lock);
    gc_shade(g->m->p, sp->word);
    if (sp->kind == SPECIAL_FINALIZER)
        gc_shade(g->m->p, sp->obj);
    return sp;
}

static void call(struct g *g, struct special *sp)
{
    gomem_func *fn = sp->word;
    void *obj = sp->obj;
    const gomem_type *type = sp->type, *func = sp->func;
    race_acquire(sp);
    special_free(sp);
    if (func)
        for (int times = FAULT(finalizer_twice) ? 2 : 1; times; times--)
            func->call(&g->head, fn, type, obj);
    else
        ((void (*)(gomem_g *, gomem_func *))fn->code)(&g->head, fn);
}

static void caller_main(struct g *g, void *arg)
{
    gc_new_goroutine(g);                                    // it has no frames yet: nothing to scan
    __atomic_store_n(&g->compiled, true, __ATOMIC_RELEASE); // pairs with has_frames in roots.c
    for (;;)
        call(g, next_call(g, arg));
}

// wake_locked takes an idle goroutine, or tells that one has to be made.
static struct g *wake_locked(struct queue *q, bool *make)
{
    struct g *g = q->first ? q->idle : NULL;
    if (g) {
        q->idle = g->sched_link;
        g->sched_link = NULL;
    }
    *make = q->first && !g && q->made < q->bound;
    q->made += *make;
    return g;
}

static void wake(struct queue *q)
{
    bool make;
    rlock(&lock);
    struct g *g = wake_locked(q, &make);
    runlock(&lock);
    if (g)
        g_ready(g, false);
    if (make)
        g_new_system(caller_main, q);
}

void finalizer_queue(struct special *list)
{
    rlock(&lock);
    for (struct special *next; list; list = next) {
        next = list->next;
        if (list->kind == SPECIAL_FINALIZER ? FAULT(finalizer_never) : FAULT(cleanup_never))
            continue;
        append(list->kind == SPECIAL_FINALIZER ? &finalizers : &cleanups, list);
    }
    runlock(&lock);
    wake(&finalizers);
    wake(&cleanups);
}

// ---- roots ----

static void visit_queue(struct queue *q, gc_visit visit, void *ctx)
{
    for (struct special *sp = q->first; sp; sp = sp->next) {
        visit(ctx, &sp->word);
        if (sp->kind == SPECIAL_FINALIZER)
            visit(ctx, &sp->obj);
    }
}

void finalizer_visit(gc_visit visit, void *ctx)
{
    rlock(&lock);
    visit_queue(&finalizers, visit, ctx);
    visit_queue(&cleanups, visit, ctx);
    runlock(&lock);
}
