// Channels of timers. Such a channel holds no values: it is the timer. A value is what the clock says, so a timer that is due, but whose value
// nobody has received, is simply still pending. Whoever receives looks at the clock and takes the value; Stop and Reset take it back by
// making the timer anything else. So nobody but its users ever touches a timer for which nobody waits, and it is collected like any block.
//
// Only while somebody waits for a pending timer it is in the heap of timers (sched/timers.c), which serves the one that has waited longest when
// it is due. Who comes meanwhile stands behind the others. A select that waits counts until it has left the queue, even if another case has
// decided it.
//
//                  start                      the value is received, of no ticker; or stop
//     not pending  ----->  pending  <----->   (of a ticker: pending, a period on)
//
//     in the heap (entry) = pending and somebody waits in receivers, whenever the channel's lock is free; the heap's time is when
//
// For the race detector a receive follows the last start, and by the place in the ring, as in any channel with a capacity of 1, all receives
// before it.
#include "internal.h"

// It lies where other channels have the ring.
struct chan_timer {
    int64_t when, period; // period 0: once
    struct timer_entry *entry;
};
_Static_assert(sizeof(struct chan_timer) <= sizeof(gomem_instant), "the timer lies in the room of one value");

static struct chan_timer *timer_of(gomem_chan *c)
{
    return (struct chan_timer *)(void *)c->buf;
}

void chan_timer_settle(gomem_chan *c)
{
    struct chan_timer *t = timer_of(c);
    bool awaited = c->pending && waitq_first(&c->receivers);
    if (awaited && !t->entry) {
        t->entry = timers_add_chan(c, t->when);
    } else if (!awaited && t->entry) {
        timers_drop_chan(t->entry);
        t->entry = NULL;
    }
}

// ---- starting and stopping, under the lock ----

static void become_timer(gomem_chan *c)
{
    REF_CHECK(c->cap == 1 && c->elem_size == sizeof(gomem_instant));
    c->timer = true;
    c->cap = 0;
}

static bool disarm(gomem_chan *c)
{
    bool was = c->pending;
    c->pending = false;
    chan_timer_settle(c);
    return was;
}

bool chan_timer_start(gomem_chan *c, int64_t when, int64_t period)
{
    struct chan_timer *t = timer_of(c);
    rlock(&c->lock);
    if (!c->timer)
        become_timer(c);
    bool was = disarm(c);
    t->when = when;
    t->period = period;
    c->pending = true;
    race_give(t);
    chan_timer_settle(c);
    runlock(&c->lock);
    return was;
}

bool chan_timer_stop(gomem_chan *c)
{
    rlock(&c->lock);
    bool was = FAULT(stop_ignored) ? c->pending : disarm(c);
    runlock(&c->lock);
    return was;
}

// ---- receiving ----

static bool is_due(gomem_chan *c, int64_t now)
{
    return c->pending && timer_of(c)->when <= now;
}

// give writes the value of a timer that is due, which then is pending no more, or for the next period.
static void give(gomem_chan *c, void *elem, int64_t now)
{
    struct chan_timer *t = timer_of(c);
    int64_t late = now - t->when;
    gomem_instant due = {true, t->when, sys_walltime() - late};
    if (elem)
        memcpy(elem, &due, sizeof due);
    c->pending = t->period > 0;
    if (c->pending)
        t->when += t->period * (1 + late / t->period);
}

bool chan_timer_take(gomem_chan *c, void *elem)
{
    int64_t now = sched_now();
    if (!is_due(c, now) || waitq_first(&c->receivers))
        return false;
    give(c, elem, now);
    race_acquire(timer_of(c));
    race_acquire(&c->buf);
    race_release(&c->buf);
    return true;
}

static struct g *serve(gomem_chan *c, int64_t now)
{
    struct sudog *s = next_waiter(&c->receivers);
    if (!s)
        return NULL;
    give(c, s->elem, now);
    race_acquire_for(s->g, timer_of(c));
    race_acquire_for(s->g, &c->buf);
    race_release_for(s->g, &c->buf);
    return served(s, true);
}

void chan_timer_fire(gomem_chan *c, int64_t now)
{
    struct g *wake = NULL;
    struct chan_timer *t = timer_of(c);
    rlock(&c->lock);
    if (t->entry && is_due(c, now)) { // else another thread was faster
        timers_drop_chan(t->entry);
        t->entry = NULL;
        wake = serve(c, now);
        chan_timer_settle(c);
    }
    runlock(&c->lock);
    chan_wake(wake);
}
