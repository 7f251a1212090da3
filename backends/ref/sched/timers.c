// Clocks, sleep, timers. All pending timers are in one heap of four children a node, ordered by time and then by the order of
// starting, under one lock; the earliest time can be read without it. A P fires what is due each time it looks for work; a thread
// that goes to sleep sleeps no longer than until the earliest time; the monitor thread looks too. Who starts a timer that is the first
// one due wakes a thread only if it is due before the monitor has looked twice: most timers are stopped long before they are due.
//
// What is in the heap: goroutines that sleep, timers with a function, which are roots, and the channels of timers for which somebody waits right
// now (sync/chan_timer.c), which therefore need not be. A timer with a channel for which nobody waits is not here: starting and
// stopping it takes no lock but the channel's.
//
// A timer with a function fires under the lock, by starting its goroutine. So once stop or reset has the lock nothing of it is under way. A
// channel's own lock comes before this one: to fire its timer this one is let go, and the channel decides anew what is due.
//
//     entries[i]->at == i;  entries[(i - 1) / 4] is not later than entries[i];  t->impl is its entry while pending
//     the entry of a channel belongs to the channel, and goes under its lock; somebody waits there
#include <stdlib.h>

#include "../gc/gc.h"
#include "../heap/heap.h"
#include "../panic/panic.h"
#include "../sync/sync.h"
#include "internal.h"

enum { CHILDREN = 4 };

struct timer_entry {
    int64_t when;
    uint64_t order;
    struct g *g;              // who sleeps, or
    gomem_timer *t;           // what has a function, or
    gomem_chan *c;            // where somebody waits
    intptr_t at;              // index in entries
    struct timer_entry *link; // free list
};

static struct rmutex lock = {.rank = RANK_TIMERS};
static struct timer_entry **entries; // protected by lock, as all here
static intptr_t len, cap;
static struct timer_entry *free_entries;
static uint64_t orders;
static _Atomic int64_t earliest =
    INT64_MAX; // entries[0]->when; written under lock, release; read by timers_due, acquire

void timers_init(void)
{
    len = 0;
    atomic_store_explicit(&earliest, INT64_MAX, memory_order_relaxed);
}

int64_t sched_now(void)
{
    return sys_nanotime();
}

int64_t timers_due(void)
{
    return atomic_load_explicit(&earliest, memory_order_acquire);
}

// ---- the heap ----

static bool before(const struct timer_entry *a, const struct timer_entry *b)
{
    return a->when != b->when && !FAULT(timers_disordered) ? a->when < b->when : a->order < b->order;
}

static void place(struct timer_entry *e, intptr_t at)
{
    entries[at] = e;
    e->at = at;
}

static void sift_up(struct timer_entry *e, intptr_t at)
{
    while (at > 0 && before(e, entries[(at - 1) / CHILDREN])) {
        place(entries[(at - 1) / CHILDREN], at);
        at = (at - 1) / CHILDREN;
    }
    place(e, at);
}

static void sift_down(struct timer_entry *e, intptr_t at)
{
    for (;;) {
        intptr_t first = at * CHILDREN + 1, best = first;
        for (intptr_t i = first + 1; i < first + CHILDREN && i < len; i++)
            if (before(entries[i], entries[best]))
                best = i;
        if (first >= len || !before(entries[best], e))
            break;
        place(entries[best], at);
        at = best;
    }
    place(e, at);
}

static void publish_earliest(void)
{
    atomic_store_explicit(&earliest, len ? entries[0]->when : INT64_MAX, memory_order_release);
}

static struct timer_entry *insert(struct timer_entry what)
{
    struct timer_entry *e = free_entries;
    if (e)
        free_entries = e->link;
    else
        e = meta_alloc(sizeof *e, _Alignof(struct timer_entry));
    if (len == cap) {
        cap = cap ? 2 * cap : 64;
        entries = realloc(entries, (size_t)cap * sizeof *entries);
        if (!entries)
            ref_throw("runtime: out of memory");
    }
    if (what.t && gc_marking()) // the heap of timers may have been visited already
        gc_shade(m_self()->p, what.t);
    what.order = orders++;
    *e = what;
    if (e->t)
        e->t->impl = e;
    len++;
    sift_up(e, len - 1);
    publish_earliest();
    return e;
}

static void take_off(struct timer_entry *e)
{
    struct timer_entry *last = entries[--len];
    if (last != e) {
        sift_up(last, e->at);
        sift_down(last, last->at);
    }
    *e = (struct timer_entry){0};
    e->link = free_entries;
    free_entries = e;
    publish_earliest();
}

// ---- firing ----

static void spawn(gomem_timer *t)
{
    struct g *g = g_new(NULL, t->fn);
    struct m *m = m_self();
    race_acquire_for(g, t);
    if (m && m->p)
        run_put(m->p, g, false);
    else
        global_put(g);
    wake_one();
}

static void fire_function(gomem_timer *t, int64_t when, int64_t now)
{
    t->impl = NULL;
    if (t->period > 0) {
        t->when = when + t->period * (1 + (now - when) / t->period);
        insert((struct timer_entry){.when = t->when, .t = t});
    }
    spawn(t);
}

// fire_chan has no lock while it calls. The channel is not collected meanwhile: this thread has a P and is at no safepoint.
static void fire_chan(gomem_chan *c, int64_t now)
{
    runlock(&lock);
    chan_timer_fire(c, now);
    rlock(&lock);
}

static void fire(struct timer_entry *e, int64_t now)
{
    struct timer_entry was = *e;
    if (was.c) {
        fire_chan(was.c, now);
        return;
    }
    take_off(e);
    if (was.g)
        g_ready(was.g, false);
    else
        fire_function(was.t, was.when, now);
}

int64_t timers_run(void)
{
    int64_t now = sched_now();
    if (timers_due() > now)
        return timers_due();
    rlock(&lock);
    while (len && entries[0]->when <= now)
        fire(entries[0], now);
    runlock(&lock);
    return timers_due();
}

void timers_visit(void (*visit)(void *ctx, void **word), void *ctx)
{
    rlock(&lock);
    for (intptr_t i = 0; i < len; i++) {
        struct timer_entry *e = entries[i];
        if (!e->t)
            continue;
        visit(ctx, (void **)&e->t);
        visit(ctx, (void **)&e->t->fn);
    }
    runlock(&lock);
}

void timers_visit_channels(void (*visit)(void *ctx, void **word), void *ctx)
{
    for (intptr_t i = 0; i < len; i++)
        if (entries[i]->c)
            visit(ctx, (void **)&entries[i]->c);
}

// ---- starting ----

void timers_serve(int64_t when, int64_t now)
{
    atomic_thread_fence(memory_order_seq_cst); // pairs with that in m_sleep_idle
    if (when < now + TIMER_SOON && when < atomic_load_explicit(&sched.timer_when, memory_order_relaxed))
        wake_one();
}

static struct timer_entry *add(struct timer_entry what)
{
    rlock(&lock);
    bool first = what.when < timers_due();
    struct timer_entry *e = insert(what);
    runlock(&lock);
    if (first)
        timers_serve(what.when, sched_now());
    return e;
}

struct timer_entry *timers_add_chan(gomem_chan *c, int64_t when)
{
    return add((struct timer_entry){.when = when, .c = c});
}

void timers_drop_chan(struct timer_entry *e)
{
    rlock(&lock);
    take_off(e);
    runlock(&lock);
}

// ---- sleep ----

static bool commit_sleep(struct g *g, void *until)
{
    add((struct timer_entry){.when = *(int64_t *)until, .g = g});
    return true;
}

static int64_t after(int64_t ns)
{
    int64_t end;
    return __builtin_add_overflow(sched_now(), FAULT(sleep_early) ? ns / 2 : ns, &end) ? INT64_MAX - 1 : end;
}

void g_sleep(struct g *g, int64_t ns)
{
    if (ns <= 0)
        return;
    g->wake_at = after(ns);
    g_park(g, commit_sleep, &g->wake_at, WAIT_SLEEP);
}

// ---- the group ----

static void time_sleep(gomem_g *g, int64_t ns)
{
    g_sleep(g_of(g), ns);
}

static bool stop_locked(gomem_timer *t)
{
    struct timer_entry *e = t->impl;
    bool pending = e && e->t == t; // the program may have copied t
    if (pending && !FAULT(stop_ignored))
        take_off(e);
    t->impl = NULL;
    return pending;
}

static bool stop_function(gomem_timer *t)
{
    rlock(&lock);
    bool pending = stop_locked(t);
    runlock(&lock);
    return pending;
}

static bool reset_function(gomem_timer *t, int64_t when, int64_t period)
{
    rlock(&lock);
    bool pending = stop_locked(t);
    t->when = when;
    t->period = period;
    bool first = when < timers_due();
    insert((struct timer_entry){.when = when, .t = t});
    race_give(t);
    runlock(&lock);
    if (first)
        timers_serve(when, sched_now());
    return pending;
}

static bool time_stop(gomem_g *g, gomem_timer *t)
{
    (void)g;
    return t->c ? chan_timer_stop(t->c) : stop_function(t);
}

static bool time_reset(gomem_g *g, gomem_timer *t, int64_t when, int64_t period)
{
    (void)g;
    return t->c ? chan_timer_start(t->c, when, period) : reset_function(t, when, period);
}

static void time_start(gomem_g *g, gomem_timer *t)
{
    time_reset(g, t, t->when, t->period);
}

const gomem_time_group ref_time_group = {.size = sizeof ref_time_group,
                                         .now = sched_now,
                                         .wall = sys_walltime,
                                         .sleep = time_sleep,
                                         .start = time_start,
                                         .stop = time_stop,
                                         .reset = time_reset};
