// sched.h: goroutines, processors, threads: what the scheduler promises the other parts of ref.
//
// G, M and P are Go's: a goroutine runs on a thread that holds a processor. Each P has a queue of 256 and one slot that runs next;
// an idle thread steals half of another P's queue. A thread that finds nothing gives its P up and sleeps on a futex. The
// scheduler's own code runs on the thread's stack, a goroutine on a machine slot of its own (stack/slot.c); switch.S goes from one to
// the other. Everything is cooperative: a goroutine stops only at a safepoint of spec/gomem.h 5.
//
//   g.c          descriptors, states, wait nodes             proc.c     the loop: find, execute, park, ready, spin, sleep
//   queue.c      local and global run queues, stealing       stop.c     stop-the-world, suspending one goroutine, safepoints
//   m.c          threads: start, sleep, wake, wiring         procs.c    processors: create, destroy, GOMAXPROCS
//   timers.c     the heap of timers, sleep, the group time   monitor.c  the monitor thread
//   dead.c       deadlock detection                          group.c    the group sched
#ifndef REF_SCHED_H
#define REF_SCHED_H

#include "../ref.h"

// sched_init prepares procs processors. sched_run runs fn(main goroutine) and does not return: the process ends by exit(0)
// when it returns, or by a death.
void sched_init(int procs);
GOMEM_NORETURN void sched_run(void (*fn)(struct g *, void *), void *arg);

// ---- goroutines ----

struct g *g_new(gomem_g *creator, gomem_func *fn);
// A goroutine of the runtime's own: fn(g, arg) on a machine slot; not counted, not in deadlock detection. It is not scanned
// unless it sets g->compiled before it calls compiled code.
struct g *g_new_system(void (*fn)(struct g *, void *), void *arg);
// g_exit ends the running goroutine; its deferred calls have run.
GOMEM_NORETURN void g_exit(struct g *g);

// g_each calls f for every goroutine ever made, dead ones too; while it runs new ones may be missed.
void g_each(void (*f)(struct g *, void *), void *ctx);
// g_strip_dead takes the stacks of dead descriptors once the world, which is stopped, starts again.
void g_strip_dead(void);
uint64_t g_count(void); // living ones that are not the runtime's own

static inline uint32_t g_status(struct g *g)
{
    return atomic_load_explicit(&g->status, memory_order_acquire) & G_STATUS_MASK;
}

// ---- waiting [safepoint] ----

// g_park blocks the running goroutine. Once its context is saved and its state is WAITING, commit(g, arg) runs on the scheduler's
// stack: it releases the lock under which a waker finds g. False: g runs on. commit NULL: nothing to release, the waker waits for
// the state itself. The wait nodes in g->waiting, elem included, are followed when the stack moves meanwhile.
// Neither arg nor anything that others keep may be on g's machine stack: another goroutine may be using that meanwhile.
void g_park(struct g *g, bool (*commit)(struct g *, void *), void *arg, enum wait_reason why);
bool g_unlock_commit(struct g *g, void *lock); // a commit that unlocks a struct rmutex

// g_ready makes a waiting goroutine runnable: next on this thread's P if next, else at its queue's end. Any thread; without a P it
// goes to the global queue. Not a safepoint.
void g_ready(struct g *g, bool next);
// g_queue puts a runnable goroutine that is in no queue into the global one. Any thread, not under a lock of the scheduler.
void g_queue(struct g *g);

void gqueue_push(struct gqueue *q, struct g *g);
void gqueue_push_all(struct gqueue *q, struct gqueue *more);
struct g *gqueue_pop(struct gqueue *q); // NULL: it is empty

// g_yield puts the running goroutine at the end of its queue. [safepoint]
void g_yield(struct g *g);

// A wait node: a goroutine waits in a queue, of a channel or a semaphore, for elem. Those that hold a place on the waiter's stack
// name the lock under which elem is read and written, so that a shrinking stack can take it.
struct sudog {
    struct g *g;
    struct sudog *next, *prev;                    // in the queue
    struct sudog *g_link;                         // in g->waiting: in the order in which the locks are taken
    void *elem;                                   // may point into g's stack
    void *c;                                      // the channel: heap
    struct rmutex *lock;                          // protects elem while g waits; NULL: nobody but g uses elem
    struct sudog *parent, *wait_link, *wait_tail; // of semaphores (sync/)
    int64_t since;
    int64_t index; // of a select's case
    uint32_t ticket;
    bool is_select, success;
};
struct sudog *sudog_get(struct g *g);
void sudog_put(struct g *g, struct sudog *s);

// ---- safepoints ----

// Requests to a goroutine (g->preempt). They are set before its guards; its safepoint resets the guards before it looks at them.
enum { PREEMPT_YIELD = 1, PREEMPT_SUSPEND = 2, PREEMPT_LOOK = 4 }; // LOOK is set with every request

// g_ask asks for a safepoint of one goroutine, whoever runs it: what is a set of bits above, or 0. sched_ask_all asks all that run.
void g_ask(struct g *g, uint32_t what);
// g_set_guards gives g's guards their true places, outside a safepoint: what is asked for stays asked for.
void g_set_guards(struct g *g);
void sched_ask_all(void);

// safepoint does at a safepoint whatever is asked for: give way to a stop, be suspended, pay the collector, yield. The caller's
// pointer arguments are in g->spill or in wait nodes. [safepoint]
void safepoint(struct g *g);

// ---- stopping ----

// world_stop returns once every other P is at a safepoint, or idle. Only the caller runs then; allocation is allowed. The caller is
// a goroutine, at a safepoint: while another one stops the world it is stopped itself. why is for traces.
void world_stop(const char *why);
void world_start(void);
bool world_stopped(void);

// g_suspend stops one goroutine at its next safepoint and keeps it there until g_resume; one that waits or is runnable stays as it
// is. False: it is dead or has no frames. The caller is a system goroutine or has stopped the world, never a goroutine that can be
// suspended itself; not the goroutine itself; no two callers at once for one goroutine.
bool g_suspend(struct g *g);
void g_resume(struct g *g);
// g_freeze holds a goroutine that waits or is runnable where it is, for a moment; false: it runs, is held by another, or has no
// frames.
bool g_freeze(struct g *g);
void g_unfreeze(struct g *g);

// ---- threads and processors ----

struct g *g_running(void); // of this thread; NULL on the scheduler's stack
int sched_procs(void);     // GOMAXPROCS
struct p *sched_p(int i);
int sched_idle_procs(void);
bool sched_has_work(struct p *p); // something waits in p's queue or in the global one

// ---- time ----

// timers_visit calls visit for each word of a pending timer that may point into the heap. timers_due is the earliest pending time,
// INT64_MAX: none.
void timers_visit(void (*visit)(void *ctx, void **word), void *ctx);
int64_t timers_due(void);
// timers_visit_channels calls visit for each channel that is in the heap of timers: those are no roots. The world is stopped.
void timers_visit_channels(void (*visit)(void *ctx, void **word), void *ctx);
// timers_add_chan has chan_timer_fire called for c from `when` on, until timers_drop_chan is called with what it returns. c's lock is held, and as
// long as c is in the heap of timers somebody waits there.
struct timer_entry *timers_add_chan(gomem_chan *c, int64_t when);
void timers_drop_chan(struct timer_entry *e);
int64_t sched_now(void);               // of timers and sleep
void g_sleep(struct g *g, int64_t ns); // [safepoint]

// Counters, for tests and the probe.
struct sched_counts {
    uint64_t switches, steals, hand_offs, preemptions, global_looks, threads, stops;
};
void sched_counts(struct sched_counts *c);

extern const gomem_sched_group ref_sched_group;
extern const gomem_time_group ref_time_group;

#endif
