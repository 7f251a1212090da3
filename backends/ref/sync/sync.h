// sync.h: channels, select and the locks of package sync: what sync/ promises the other parts of ref.
//
//   chan.c         channels: make, send, receive, close     sema.c      semaphores: waiters by address
//   chan_timer.c   those of timers                          mutex.c     mutex, with its starvation mode
//   select.c       select                                   rwmutex.c, waitgroup.c, notify.c: the rest; locks.c: the group
//   internal.h     what they share: queues of wait nodes
//
// Whoever finds a partner serves it at once: it copies the element from or to the place that the partner's wait node names, which may be
// on the partner's stack, and makes it runnable after it has released the lock. An operation that would be blocked for ever by what
// only its own goroutine can reach (a lock in its own frame) parks without being found by anybody.
#ifndef REF_SYNC_H
#define REF_SYNC_H

#include "../ref.h"

extern const gomem_chans_group ref_chans_group;
extern const gomem_locks_group ref_locks_group;

// ---- channels of timers (chan_timer.c) ----
// The channel of a timer is one of gomem_instant with a capacity of 1, until chan_timer_start makes it the timer itself, which is synchronous to
// the program (Go 1.23). Nobody else sends on it or closes it. Any thread.

// chan_timer_start has the channel give the time once at `when`, and then, if period is not 0, at every period; what it would have given is
// forgotten. chan_timer_stop has it give nothing. Both tell whether it was pending.
bool chan_timer_start(gomem_chan *c, int64_t when, int64_t period);
bool chan_timer_stop(gomem_chan *c);
// chan_timer_fire serves who waits for a timer that is due: for the heap of timers. The thread has a P; no lock of the timers is held.
void chan_timer_fire(gomem_chan *c, int64_t now);

// ---- the clock ----
// sync_now is the clock by which a waiter for a mutex starves: that of the timers (sched_now), but for tests.
extern int64_t (*sync_now)(void);

#endif
