// sync.h: channels, select and the locks of package sync: what sync/ promises the other parts of ref.
//
//   chan.c       channels: make, send, receive, close     sema.c      semaphores: waiters by address
//   select.c     select                                   mutex.c     mutex, with its starvation mode
//   internal.h   what they share: queues of wait nodes    rwmutex.c, waitgroup.c, notify.c: the rest; locks.c: the group
//
// Whoever finds a partner serves it at once: it copies the element from or to the place that the partner's wait node names, which may be
// on the partner's stack, and makes it runnable after it has released the lock. An operation that would be blocked for ever by what
// only its own goroutine can reach (a lock in its own frame) parks without being found by anybody.
#ifndef REF_SYNC_H
#define REF_SYNC_H

#include "../ref.h"

extern const gomem_chans_group ref_chans_group;
extern const gomem_locks_group ref_locks_group;

// ---- channels of timers (sched/timers.c) ----
// The channel of a timer has room for one value, of a type without pointers. To the program it is synchronous (Go 1.23): len and cap are 0,
// and no value from before a Stop or Reset comes out after it. Any thread; a timer's lock may be held (RANK_TIMERS).

// chan_timer_set says that c is a timer's, before the timer is started.
void chan_timer_set(gomem_chan *c);
// chan_timer_send sends without waiting; when there is no room the value is dropped.
void chan_timer_send(gomem_chan *c, const void *elem, const void *timer);
// chan_timer_drain drops what is buffered; true: there was something.
bool chan_timer_drain(gomem_chan *c);

// ---- the clock ----
// sync_now is the clock by which a waiter for a mutex starves: that of the timers (sched_now), but for tests.
extern int64_t (*sync_now)(void);

#endif
