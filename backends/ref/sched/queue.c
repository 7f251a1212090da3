// Run queues. A P's queue is a ring of 256 that its owner fills at the tail without a lock; the owner and thieves take from the head by
// compare-and-swap. run_next is a slot in front of it: what the running goroutine has just made ready runs next, on the same time
// slice, so that two that hand over to each other stay on one processor; and since it is the same time slice (sched_tick stays), the
// monitor interrupts such a pair, too, for the sake of those in the queue. The global queue takes overflow, preempted goroutines and those
// made ready without a P; every 61st round it is looked at first, so that it does not starve.
//
//     runq_tail - runq_head <= RUNQ (modulo 2^32)
#include "internal.h"

void gqueue_push(struct gqueue *q, struct g *g)
{
    g->sched_link = NULL;
    if (q->tail)
        q->tail->sched_link = g;
    else
        q->head = g;
    q->tail = g;
    q->n++;
}

void gqueue_push_all(struct gqueue *q, struct gqueue *more)
{
    if (!more->n)
        return;
    if (q->tail)
        q->tail->sched_link = more->head;
    else
        q->head = more->head;
    q->tail = more->tail;
    q->n += more->n;
    *more = (struct gqueue){0};
}

struct g *gqueue_pop(struct gqueue *q)
{
    struct g *g = q->head;
    if (!g)
        return NULL;
    q->head = g->sched_link;
    if (!q->head)
        q->tail = NULL;
    g->sched_link = NULL;
    q->n--;
    return g;
}

// ---- the global queue ----

static void global_changed(void)
{
    atomic_store_explicit(&sched.global_n, sched.global.n, memory_order_relaxed);
}

void global_put(struct g *g)
{
    rlock(&sched.lock);
    gqueue_push(&sched.global, g);
    global_changed();
    runlock(&sched.lock);
}

static void global_put_all(struct gqueue *q)
{
    rlock(&sched.lock);
    gqueue_push_all(&sched.global, q);
    global_changed();
    runlock(&sched.lock);
}

// global_get_locked takes p's fair share, at most max (0: half a queue), and returns the first.
struct g *global_get_locked(struct p *p, uint32_t max)
{
    uint32_t n = sched.global.n / (uint32_t)sched_procs() + 1;
    if (n > sched.global.n)
        n = sched.global.n;
    if (n > RUNQ / 2)
        n = RUNQ / 2;
    if (max && n > max)
        n = max;
    if (!n)
        return NULL;
    struct g *first = gqueue_pop(&sched.global);
    uint32_t tail = atomic_load_explicit(&p->runq_tail, memory_order_relaxed);
    uint32_t head = atomic_load_explicit(&p->runq_head, memory_order_acquire);
    for (; n > 1 && tail - head < RUNQ; n--, tail++)
        atomic_store_explicit(&p->runq[tail % RUNQ], gqueue_pop(&sched.global), memory_order_relaxed);
    atomic_store_explicit(&p->runq_tail, tail, memory_order_release); // pairs with the thieves' acquire
    global_changed();
    return first;
}

struct g *global_get(struct p *p)
{
    if (!atomic_load_explicit(&sched.global_n, memory_order_relaxed))
        return NULL;
    rlock(&sched.lock);
    struct g *g = global_get_locked(p, 0);
    runlock(&sched.lock);
    return g;
}

// ---- a P's queue ----

// overflow moves half of a full queue and g to the global queue; false: a thief was faster, and there is room.
static bool overflow(struct p *p, struct g *g, uint32_t head)
{
    struct gqueue batch = {0};
    struct g *taken[RUNQ / 2];
    for (uint32_t i = 0; i < RUNQ / 2; i++)
        taken[i] = atomic_load_explicit(&p->runq[(head + i) % RUNQ], memory_order_relaxed);
    if (!atomic_compare_exchange_strong_explicit(&p->runq_head, &head, head + RUNQ / 2, memory_order_release,
                                                 memory_order_relaxed))
        return false;
    for (uint32_t i = 0; i < RUNQ / 2; i++)
        gqueue_push(&batch, taken[i]);
    gqueue_push(&batch, g);
    global_put_all(&batch);
    return true;
}

void run_put(struct p *p, struct g *g, bool next)
{
    if (next) {
        g = atomic_exchange_explicit(&p->run_next, g, memory_order_acq_rel); // thieves take it by compare-and-swap
        if (!g)
            return;
    }
    for (;;) {
        uint32_t head = atomic_load_explicit(&p->runq_head, memory_order_acquire);
        uint32_t tail = atomic_load_explicit(&p->runq_tail, memory_order_relaxed);
        if (tail - head < RUNQ) {
            atomic_store_explicit(&p->runq[tail % RUNQ], g, memory_order_relaxed);
            atomic_store_explicit(&p->runq_tail, tail + 1, memory_order_release); // pairs with run_get, run_steal
            return;
        }
        if (overflow(p, g, head))
            return;
    }
}

struct g *run_get(struct p *p, bool *inherits)
{
    struct g *next = atomic_load_explicit(&p->run_next, memory_order_relaxed);
    *inherits = next && atomic_compare_exchange_strong_explicit(&p->run_next, &next, NULL, memory_order_acquire,
                                                                memory_order_relaxed);
    if (*inherits)
        return next;
    for (;;) {
        uint32_t head = atomic_load_explicit(&p->runq_head, memory_order_acquire);
        uint32_t tail = atomic_load_explicit(&p->runq_tail, memory_order_relaxed);
        if (tail == head)
            return NULL;
        struct g *g = atomic_load_explicit(&p->runq[head % RUNQ], memory_order_relaxed);
        if (atomic_compare_exchange_weak_explicit(&p->runq_head, &head, head + 1, memory_order_release,
                                                  memory_order_relaxed))
            return g;
    }
}

static struct g *steal_next(struct p *victim)
{
    struct g *g = atomic_load_explicit(&victim->run_next, memory_order_relaxed);
    if (g && atomic_compare_exchange_strong_explicit(&victim->run_next, &g, NULL, memory_order_acquire,
                                                     memory_order_relaxed))
        return g;
    return NULL;
}

// grab copies half of the victim's queue into p's ring behind its tail, and returns how many.
static uint32_t grab(struct p *p, struct p *victim, uint32_t tail)
{
    for (;;) {
        uint32_t head = atomic_load_explicit(&victim->runq_head, memory_order_acquire);
        uint32_t end = atomic_load_explicit(&victim->runq_tail, memory_order_acquire);
        uint32_t n = end - head;
        n -= n / 2;
        if (!n)
            return 0;
        if (n > RUNQ / 2) // head and end were read at different times
            continue;
        for (uint32_t i = 0; i < n; i++) {
            struct g *g = atomic_load_explicit(&victim->runq[(head + i) % RUNQ], memory_order_relaxed);
            atomic_store_explicit(&p->runq[(tail + i) % RUNQ], g, memory_order_relaxed);
        }
        if (atomic_compare_exchange_strong_explicit(&victim->runq_head, &head, head + n, memory_order_acq_rel,
                                                    memory_order_relaxed))
            return n;
    }
}

// run_steal is called by p's owner, whose own queue is empty.
struct g *run_steal(struct p *p, struct p *victim, bool run_next_too)
{
    uint32_t tail = atomic_load_explicit(&p->runq_tail, memory_order_relaxed);
    uint32_t n = grab(p, victim, tail);
    if (!n)
        return run_next_too ? steal_next(victim) : NULL;
    n--;
    struct g *g = atomic_load_explicit(&p->runq[(tail + n) % RUNQ], memory_order_relaxed);
    if (n)
        atomic_store_explicit(&p->runq_tail, tail + n, memory_order_release);
    count(&sched.steals);
    return g;
}

bool run_empty(struct p *p)
{
    for (;;) { // a goroutine may go from run_next to the ring between the two looks: the tail tells
        uint32_t head = atomic_load_explicit(&p->runq_head, memory_order_acquire);
        uint32_t tail = atomic_load_explicit(&p->runq_tail, memory_order_acquire);
        struct g *next = atomic_load_explicit(&p->run_next, memory_order_acquire);
        if (tail == atomic_load_explicit(&p->runq_tail, memory_order_acquire))
            return head == tail && !next;
    }
}

void run_drain_locked(struct p *p)
{
    bool inherits;
    for (struct g *g; (g = run_get(p, &inherits));)
        gqueue_push(&sched.global, g);
    global_changed();
}

bool sched_has_work(struct p *p)
{
    return !run_empty(p) || atomic_load_explicit(&sched.global_n, memory_order_relaxed);
}
