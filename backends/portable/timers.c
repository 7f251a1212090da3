// Clocks, sleep and timers. One thread serves all timers, in order of their time, from a sorted list under big. It is no goroutine: of another
// backend's groups it calls sched->go alone, with NULL for g, and has a goroutine send on channels that are not chan.c's.
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "portable.h"

struct entry {
    gomem_timer *t;
    int64_t when;
    struct entry *next;
};

static struct entry *first;    // by time, equal times in order of starting; protected by big
static pthread_cond_t changed; // the list's head is another one
static bool serving;

static int64_t read_clock(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t wall(void)
{
    return read_clock(CLOCK_REALTIME);
}

static void sleep_for(gomem_g *g, int64_t ns)
{
    (void)g;
    if (ns <= 0)
        return;
    int64_t end = now() + ns;
    struct timespec t = {.tv_sec = (time_t)(end / 1000000000), .tv_nsec = (long)(end % 1000000000)};
    pthread_mutex_lock(&big);
    timers_armed++;
    pthread_mutex_unlock(&big);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
        ;
    pthread_mutex_lock(&big);
    timers_armed--;
    pthread_mutex_unlock(&big);
}

static void insert(gomem_timer *t)
{
    struct entry *e = malloc(sizeof *e), **at = &first;
    if (!e)
        death("runtime: out of memory");
    *e = (struct entry){.t = t, .when = t->when};
    while (*at && (*at)->when <= e->when)
        at = &(*at)->next;
    e->next = *at;
    *at = e;
    pthread_cond_signal(&changed);
}

static bool take_off(gomem_timer *t)
{
    for (struct entry **at = &first; *at; at = &(*at)->next)
        if ((*at)->t == t) {
            struct entry *e = *at;
            *at = e->next;
            free(e);
            return true;
        }
    return false;
}

// is_own_channel: a channel that a timer can take values back from; those of another backend's group keep them.
static bool is_own_channel(const gomem_chan *c)
{
    return c && __atomic_load_n(&own_channels, __ATOMIC_RELAXED);
}

// A tick for the channel of another backend: a func value whose goroutine sends it.
struct tick {
    gomem_func fn;
    gomem_chan *c;
    gomem_instant at;
};

// send_tick never blocks: what does not fit is dropped.
static void send_tick(gomem_g *g, gomem_func *fn)
{
    struct tick *t = (struct tick *)fn;
    gomem_select_case send = {t->c, &t->at};
    bool received;
    whole->chans->select(g, &send, 1, 1, true, &received);
    free(t);
}

static gomem_func *tick_of(gomem_chan *c, gomem_instant at)
{
    struct tick *t = malloc(sizeof *t);
    if (!t)
        death("runtime: out of memory");
    *t = (struct tick){{(void (*)(void))send_tick}, c, at};
    return &t->fn;
}

// A timer for whose channel nobody waits wakes nobody.
bool timers_awaited(void)
{
    for (struct entry *e = first; e; e = e->next)
        if (!is_own_channel(e->t->c) || timer_awaited(e->t->c))
            return true;
    return false;
}

// fire serves the first timer. A channel of this backend takes what fits without waiting.
static void fire(void)
{
    gomem_timer *t = first->t;
    int64_t due = first->when, late = now() - due;
    take_off(t);
    if (t->period > 0) {
        t->when += t->period * (1 + late / t->period);
        insert(t);
    }
    gomem_chan *c = t->c;
    gomem_func *fn = t->fn;
    gomem_instant at = {true, due, wall() - late};
    if (is_own_channel(c)) {
        timer_send(c, &at);
        return;
    }
    timers_armed++; // what it wakes is not asleep yet
    pthread_mutex_unlock(&big);
    whole->sched->go(NULL, c ? tick_of(c, at) : fn);
    pthread_mutex_lock(&big);
    timers_armed--;
}

static void *serve(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&big);
    for (;;) {
        check_deadlock();
        if (!first) {
            pthread_cond_wait(&changed, &big);
        } else if (first->when <= now()) {
            fire();
        } else {
            struct timespec t = {.tv_sec = (time_t)(first->when / 1000000000),
                                 .tv_nsec = (long)(first->when % 1000000000)};
            pthread_cond_timedwait(&changed, &big, &t);
        }
    }
    return NULL;
}

static void start_serving(void)
{
    pthread_condattr_t attr;
    pthread_t thread;
    if (serving)
        return;
    serving = true;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &attr);
    if (pthread_create(&thread, NULL, serve, NULL))
        death("thread exhaustion");
    pthread_detach(thread);
}

static void start(gomem_g *g, gomem_timer *t)
{
    (void)g;
    pthread_mutex_lock(&big);
    start_serving();
    if (is_own_channel(t->c))
        timer_channel(t->c);
    insert(t);
    pthread_mutex_unlock(&big);
}

// cancel takes t off, and back what it has sent and nobody has received.
static bool cancel(gomem_timer *t)
{
    bool pending = take_off(t);
    return (is_own_channel(t->c) && timer_drain(t->c)) || pending;
}

static bool stop(gomem_g *g, gomem_timer *t)
{
    (void)g;
    pthread_mutex_lock(&big);
    bool pending = cancel(t);
    pthread_mutex_unlock(&big);
    return pending;
}

static bool reset(gomem_g *g, gomem_timer *t, int64_t when, int64_t period)
{
    (void)g;
    pthread_mutex_lock(&big);
    start_serving();
    bool pending = cancel(t);
    t->when = when;
    t->period = period;
    insert(t);
    pthread_mutex_unlock(&big);
    return pending;
}

const gomem_time_group portable_time = {.size = sizeof portable_time,
                                        .now = now,
                                        .wall = wall,
                                        .sleep = sleep_for,
                                        .start = start,
                                        .stop = stop,
                                        .reset = reset};
