// Clocks, sleep, timers. All pending timers are in one heap of four children a node, ordered by time and then by the order of
// starting, under one lock; the earliest time can be read without it. A P fires what is due each time it looks for work; a thread
// that goes to sleep sleeps no longer than until the earliest time; the monitor thread looks too. Who starts a timer that is the first
// one due wakes a thread only if it is due before the monitor has looked twice: most timers are stopped long before they are due.
//
// A timer fires under the lock: sending on its channel (which never blocks) or starting its goroutine. So once stop or reset has the
// lock nothing of the timer's is under way, and what it sent but nobody received is taken back.
//
// A timer with a function is a root while it is pending. One with a channel is not (Go 1.23): its entry has a weak handle of the channel, and
// goes once nobody can receive from it any more. So an entry may outlive its timer, and is known by the timer's address.
//
//     entries[i]->at == i;  entries[(i - 1) / 4] is not later than entries[i];  t->impl is its entry while pending
#include <stdlib.h>

#include "../gc/gc.h"
#include "../heap/heap.h"
#include "../panic/panic.h"
#include "../sync/sync.h"
#include "internal.h"

enum { CHILDREN = 4 };

struct entry {
    int64_t when;
    uint64_t order;
    struct g *g;     // who sleeps, or
    gomem_timer *t;  // what has a function, or
    uintptr_t owner; // the address of what has a channel
    void *chan;      // its channel's weak handle
    bool weak;       // chan is one; else the channel itself, which is not in the heap
    int64_t period;
    intptr_t at;        // index in entries
    struct entry *link; // free list
};

static struct rmutex lock = {.rank = RANK_TIMERS};
static struct entry **entries; // protected by lock, as all here
static intptr_t len, cap;
static struct entry *free_entries;
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

static bool before(const struct entry *a, const struct entry *b)
{
    return a->when != b->when && !FAULT(timers_disordered) ? a->when < b->when : a->order < b->order;
}

static void place(struct entry *e, intptr_t at)
{
    entries[at] = e;
    e->at = at;
}

static void sift_up(struct entry *e, intptr_t at)
{
    while (at > 0 && before(e, entries[(at - 1) / CHILDREN])) {
        place(entries[(at - 1) / CHILDREN], at);
        at = (at - 1) / CHILDREN;
    }
    place(e, at);
}

static void sift_down(struct entry *e, intptr_t at)
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

static struct entry *insert(struct entry what)
{
    struct entry *e = free_entries;
    if (e)
        free_entries = e->link;
    else
        e = meta_alloc(sizeof *e, _Alignof(struct entry));
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
    len++;
    sift_up(e, len - 1);
    publish_earliest();
    return e;
}

static void take_off(struct entry *e)
{
    struct entry *last = entries[--len];
    if (last != e) {
        sift_up(last, e->at);
        sift_down(last, last->at);
    }
    *e = (struct entry){0};
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

static void start_function(gomem_timer *t, int64_t when, int64_t now)
{
    t->impl = NULL;
    if (t->period > 0) {
        t->when = when + t->period * (1 + (now - when) / t->period);
        t->impl = insert((struct entry){.when = t->when, .t = t});
    }
    spawn(t);
}

static void tick(struct entry *e, int64_t now)
{
    const void *timer = (const void *)e->owner;
    gomem_chan *c = e->weak ? weak_get(m_self()->p, e->chan) : e->chan;
    gomem_instant due = {true, e->when, sys_walltime() - (now - e->when)};
    if (c && e->period > 0) {
        e->when += e->period * (1 + (now - e->when) / e->period);
        e->order = orders++;
        sift_down(e, e->at);
        publish_earliest();
    } else {
        take_off(e);
    }
    if (c)
        chan_timer_send(c, &due, timer);
}

static void fire(struct entry *e, int64_t now)
{
    if (e->owner) {
        tick(e, now);
        return;
    }
    struct entry was = *e;
    take_off(e);
    if (was.g)
        g_ready(was.g, false);
    else
        start_function(was.t, was.when, now);
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

// unreachable tells that the last cycle has freed the channel.
static bool unreachable(const struct entry *e)
{
    return e->weak && !__atomic_load_n((void **)e->chan, __ATOMIC_RELAXED);
}

void timers_visit(void (*visit)(void *ctx, void **word), void *ctx)
{
    rlock(&lock);
    for (intptr_t i = 0; i < len; i++) {
        struct entry *e = entries[i];
        if (e->owner && !unreachable(e))
            visit(ctx, &e->chan);
        if (!e->t)
            continue;
        visit(ctx, (void **)&e->t);
        visit(ctx, (void **)&e->t->fn);
    }
    for (intptr_t i = len - 1; i >= 0; i--) // from the end: what takes a gap has been looked at
        if (unreachable(entries[i]))
            take_off(entries[i]);
    runlock(&lock);
}

void timers_serve(int64_t when, int64_t now)
{
    atomic_thread_fence(memory_order_seq_cst); // pairs with that in m_sleep_idle
    if (when < now + TIMER_SOON && when < atomic_load_explicit(&sched.timer_when, memory_order_relaxed))
        wake_one();
}

void timers_visit_channels(void (*visit)(void *ctx, void **word), void *ctx)
{
    for (intptr_t i = 0; i < len; i++) {
        void *c = !entries[i]->owner ? NULL : entries[i]->weak ? *(void **)entries[i]->chan : entries[i]->chan;
        if (c)
            visit(ctx, &c);
    }
}

// ---- sleep ----

static bool commit_sleep(struct g *g, void *until)
{
    int64_t when = *(int64_t *)until;
    rlock(&lock);
    bool first = when < timers_due();
    insert((struct entry){.when = when, .g = g});
    runlock(&lock);
    if (first)
        timers_serve(when, sched_now());
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
    struct entry *e = t->impl;
    bool pending = e && (e->t == t || e->owner == (uintptr_t)t);
    if (pending && !FAULT(stop_ignored))
        take_off(e);
    t->impl = NULL;
    if (t->c && !FAULT(stale_ticks) && chan_timer_drain(t->c))
        pending = true;
    return pending;
}

// handle_of is asked for before the lock is taken, since it may allocate.
static void *handle_of(gomem_g *g, gomem_timer *t)
{
    return t->c ? weak_make(p_of(g), t->c) : NULL;
}

// start_locked returns whether t is the first one due.
static bool start_locked(gomem_timer *t, void *handle)
{
    struct entry e = {.when = t->when, .period = t->period};
    bool first = t->when < timers_due();
    if (t->c) {
        e.owner = (uintptr_t)t;
        e.chan = handle;
        e.weak = handle != (void *)t->c;
    } else {
        e.t = t;
    }
    t->impl = insert(e);
    race_give(t);
    return first;
}

static void time_start(gomem_g *g, gomem_timer *t)
{
    if (t->c)
        chan_timer_set(t->c);
    void *handle = handle_of(g, t);
    int64_t when = t->when;
    rlock(&lock);
    bool first = start_locked(t, handle);
    runlock(&lock);
    if (first)
        timers_serve(when, sched_now());
}

static bool time_stop(gomem_g *g, gomem_timer *t)
{
    (void)g;
    rlock(&lock);
    bool pending = stop_locked(t);
    runlock(&lock);
    return pending;
}

static bool time_reset(gomem_g *g, gomem_timer *t, int64_t when, int64_t period)
{
    void *handle = handle_of(g, t);
    rlock(&lock);
    bool pending = stop_locked(t);
    t->when = when;
    t->period = period;
    bool first = start_locked(t, handle);
    runlock(&lock);
    if (first)
        timers_serve(when, sched_now());
    return pending;
}

const gomem_time_group ref_time_group = {.size = sizeof ref_time_group,
                                         .now = sched_now,
                                         .wall = sys_walltime,
                                         .sleep = time_sleep,
                                         .start = time_start,
                                         .stop = time_stop,
                                         .reset = time_reset};
