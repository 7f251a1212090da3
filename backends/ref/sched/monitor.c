// The monitor: a thread without a P. It asks goroutines that have run for 10 ms without going through the scheduler for a safepoint,
// starts a thread for a timer that nobody is going to serve, and asks for a collection when none ran for two minutes. It sleeps 20 us at
// first, and twice as long each time once it found nothing to do for a millisecond, up to 10 ms.
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "../gc/gc.h"
#include "internal.h"

enum { SLICE = 10 * 1000000, SHORTEST = 20 * 1000, LONGEST = TIMER_SOON / 2, PATIENCE = 50 };

static bool watch(struct p *p, int64_t now)
{
    uint32_t tick = atomic_load_explicit(&p->sched_tick, memory_order_relaxed);
    struct g *g = atomic_load_explicit(&p->running, memory_order_acquire);
    if (tick != p->monitor_tick || !g) {
        p->monitor_tick = tick;
        p->monitor_since = now;
        return g != NULL;
    }
    if (now - p->monitor_since < SLICE)
        return true;
    p->monitor_since = now;
    bool ours = __atomic_load_n(&g->system, __ATOMIC_RELAXED) && !__atomic_load_n(&g->compiled, __ATOMIC_RELAXED);
    if (!ours && !FAULT(no_preemption))
        g_ask(g, PREEMPT_YIELD);
    return true;
}

static bool round_of_monitor(void)
{
    int64_t now = sched_now();
    bool active = false;
    for (int i = 0; i < sched_procs(); i++)
        active |= watch(sched.all_p[i], now);
    int64_t due = timers_due();
    if (due <= now && sched_idle_procs())
        wake_one();
    else if (due != INT64_MAX)
        timers_serve(due, now);
    gc_forced_check(now);
    return active;
}

static void *monitor_main(void *arg)
{
    (void)arg;
    int64_t pause = SHORTEST;
    for (int quiet = 0;;) {
        struct timespec t = {0, (long)pause};
        nanosleep(&t, NULL);
        quiet = round_of_monitor() ? quiet : quiet + 1;
        if (quiet == 0)
            pause = SHORTEST;
        else if (quiet > PATIENCE)
            pause = pause * 2 > LONGEST ? LONGEST : pause * 2;
    }
    return NULL;
}

void monitor_start(void)
{
    pthread_t thread;
    pthread_attr_t attr;
    sigset_t all, old;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 256 << 10);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    if (pthread_create(&thread, &attr, monitor_main, NULL))
        ref_throw("the monitor thread does not start");
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&attr);
}
