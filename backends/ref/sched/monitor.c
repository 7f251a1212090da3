// The monitor: a thread without a P. Every 10 ms it asks goroutines that have run for as long without going through the scheduler for a
// safepoint, starts a thread for a timer that nobody is going to serve, and asks for a collection when none ran for two minutes. None of this is
// urgent, and each look may take a processor from a thread that runs goroutines: so it looks no more often.
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "../gc/gc.h"
#include "internal.h"

enum { SLICE = 10 * 1000000, PAUSE = TIMER_SOON / 2 };

static void watch(struct p *p, int64_t now)
{
    uint32_t tick = atomic_load_explicit(&p->sched_tick, memory_order_relaxed);
    struct g *g = atomic_load_explicit(&p->running, memory_order_acquire);
    if (tick != p->monitor_tick || !g) {
        p->monitor_tick = tick;
        p->monitor_since = now;
        return;
    }
    if (now - p->monitor_since < SLICE)
        return;
    p->monitor_since = now;
    bool ours = __atomic_load_n(&g->system, __ATOMIC_RELAXED) && !__atomic_load_n(&g->compiled, __ATOMIC_RELAXED);
    if (!ours && !FAULT(no_preemption))
        g_ask(g, PREEMPT_YIELD);
}

static void look(void)
{
    int64_t now = sched_now();
    for (int i = 0; i < sched_procs(); i++)
        watch(sched.all_p[i], now);
    int64_t due = timers_due();
    if (due <= now && sched_idle_procs())
        wake_one();
    else if (due != INT64_MAX)
        timers_serve(due, now);
    gc_forced_check(now);
}

static void *monitor_main(void *arg)
{
    (void)arg;
    for (;;) {
        nanosleep(&(struct timespec){0, PAUSE}, NULL);
        look();
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
