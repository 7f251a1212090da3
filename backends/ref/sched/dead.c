// Deadlock detection. When the last thread goes to sleep for lack of work nobody is left to make any: unless somebody sleeps, a timer is
// to start a goroutine, or somebody waits for one, the goroutines that live wait for each other for ever. The runtime's own
// goroutines wait too, and do not count.
// Dying takes no lock of the scheduler, so the caller may hold it.
#include "../panic/panic.h"
#include "internal.h"

void check_dead_locked(void)
{
    if (FAULT(no_deadlock_detection))
        return;
    if (sched.idle_ms < sched.ms || timers_due() != INT64_MAX ||
        atomic_load_explicit(&sched.stopping, memory_order_relaxed))
        return;
    if (sched.global.n)
        return;
    if (g_count() == 0)
        fatal(NULL, "no goroutines (main called runtime.Goexit) - deadlock!");
    fatal(NULL, "all goroutines are asleep - deadlock!");
}
