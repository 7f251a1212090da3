// sync.h: channels, select and the locks of package sync: what sync/ promises the other parts of ref.
//
//   chan.c       channels: make, send, receive, close     sema.c    semaphores: waiters by address
//   select.c     select                                   mutex.c   mutex, with its starvation mode
//   waitq.h      queues of wait nodes                     rwmutex.c, waitgroup.c, notify.c   the rest; locks.c is the group
//
// Whoever finds a partner serves it at once: it copies the element from or to the place that the partner's wait node names, which may be
// on the partner's stack, and makes it runnable. Every edge of happens-before is one of a channel's lock, of a semaphore's lock, or of
// an atomic on the lock's own word; that which wakes a goroutine (g_ready) is not relied on.
#ifndef REF_SYNC_H
#define REF_SYNC_H

#include "../ref.h"

extern const gomem_chans_group ref_chans_group;
extern const gomem_locks_group ref_locks_group;

// ---- channels of timers (sched/timers.c) ----
// The channel of a timer has room for one value. To the program it is synchronous (Go 1.23): len and cap are 0, and no value from
// before a Stop or Reset comes out after it.

// chan_set_timer says that c is a timer's: any goroutine, before the timer is started first.
void chan_set_timer(gomem_chan *c);
// chan_send_now sends without waiting; false: there was no room. g is the running goroutine, also one of the runtime's own; elem
// points to a value of the channel's element type, outside the heap or on no stack that moves.
bool chan_send_now(struct g *g, gomem_chan *c, const void *elem);
// chan_drain drops what is buffered; true: there was something.
bool chan_drain(struct g *g, gomem_chan *c);

// ---- for the clock ----
// sync_now is the clock by which a mutex starves: replaced where the clock is injected. NULL: that of the OS.
extern int64_t (*sync_now)(void);

#endif
