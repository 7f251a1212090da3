// What the files of sched/ share.
#ifndef REF_SCHED_INTERNAL_H
#define REF_SCHED_INTERNAL_H

#include "sched.h"

// A processor's states. RUNNING: an M owns it. IDLE: in sched.idle_p. STOPPED: the world is stopped. DEAD: GOMAXPROCS shrank.
//     DEAD -> STOPPED -> RUNNING <-> IDLE,  RUNNING | IDLE -> STOPPED -> RUNNING | IDLE | DEAD
enum pstatus { P_DEAD, P_IDLE, P_RUNNING, P_STOPPED };

enum { MAX_PROCS = 1024, SCHED_TICKS = 61 };

// The scheduler. Protected by lock unless said otherwise.
//
// Idle threads and lost wakes: a thread that makes work (a goroutine in a queue, a timer) then looks whether a P is idle and nobody
// spins, and if so wakes one thread, which spins. A spinning thread that finds nothing first gives its P up, then stops counting as
// spinning, and then looks at all queues once more. Both sides have a sequentially consistent fence between their write and their read,
// so one of the two sees the other.
struct sched {
    struct rmutex lock;
    struct gqueue global;
    _Atomic uint32_t global_n; // = global.n, to look at without the lock; relaxed
    struct p *idle_p;
    _Atomic int32_t idle_ps;  // P's in idle_p
    _Atomic int32_t spinning; // threads that look for work
    struct m *idle_m;
    int32_t idle_ms; // threads asleep for lack of work; those that wait for their wired goroutine too
    int32_t ms;      // threads
    int32_t max_ms;  // of them; debug.SetMaxThreads
    int64_t next_m_id;
    _Atomic int64_t timer_when; // one thread of idle_m sleeps no longer than until then; INT64_MAX: none does; relaxed
    _Atomic uint32_t stopping;  // the world stops or is stopped; written under lock, release
    int32_t stop_wait;          // P's that are not stopped yet
    _Atomic uint32_t stop_note; // futex: 1 once stop_wait is 0
    _Atomic uint32_t world;     // whose the world is: 1 while a stopper has it
    struct g *stopper;
    _Atomic int32_t procs; // GOMAXPROCS; changes while the world is stopped
    int32_t wanted_procs;
    struct p *all_p[MAX_PROCS]; // written once each, before procs reaches it
    struct gqueue free_g;       // dead descriptors beyond what the P's keep
    struct gqueue strip;        // of these, those whose stacks are about to be freed; the holder of the world's
    _Atomic uint64_t steals, hand_offs, preemptions, global_looks, stops; // relaxed
    _Atomic uint64_t count; // living goroutines that are not the runtime's own; relaxed
    bool main_exited;
};
extern struct sched sched;

static inline void count(_Atomic uint64_t *n)
{
    atomic_fetch_add_explicit(n, 1, memory_order_relaxed);
}

// ---- switch.S ----
void ref_switch(void **save, void *to);

// ---- g.c ----
void g_set_status(struct g *g, uint32_t from, uint32_t to); // waits while g is being scanned
void g_entry(struct g *g);                                  // first function on its machine stack
void g_free(struct p *p, struct g *g);                      // a dead one, off its stack
void g_strip(void);                                         // after the world has started again
void g_release_lists(struct p *p);                          // p is destroyed
struct g *g_make(struct p *p, bool system);

// ---- queue.c ----
// run_put is the owner's; next: into run_next, whose former goroutine goes to the end. Overflow goes to the global queue.
void run_put(struct p *p, struct g *g, bool next);
struct g *run_get(struct p *p, bool *inherits); // inherits: it goes on with the time slice of the one before
struct g *run_steal(struct p *p, struct p *victim, bool run_next_too);
bool run_empty(struct p *p);
void global_put(struct g *g);      // takes lock
struct g *global_get(struct p *p); // takes lock; takes a fair share
struct g *global_get_locked(struct p *p, uint32_t max);
void run_drain_locked(struct p *p); // everything to the global queue; the world is stopped

// ---- m.c ----
struct m *m_self(void);
void m_first(struct p *p);
void m_start(struct p *p, bool spinning); // an idle thread, or a new one, takes p (NULL: an idle P, if there is one)
void m_sleep_idle(struct m *m,
                  int64_t until); // m has no P; returns with one, or without when `until` has come and none was idle
void m_sleep_wired(struct m *m);  // until the goroutine wired to m is handed over
void m_wake(struct m *m);
void m_check_limit_locked(void); // dies of too many threads
void m_exit(struct m *m);
void m_attach(struct m *m, struct p *p);
struct p *m_detach(struct m *m);

// ---- procs.c ----
void p_resize(int n); // the world is stopped, or has not begun
void p_idle_put_locked(struct p *p);
struct p *p_idle_get_locked(void);
void p_hand_off(struct p *p); // nobody owns p any more

// ---- proc.c ----
void schedule_loop(struct m *m);                                // returns only when m exits
void wake_one(void);                                            // after work was made
void leave(struct g *g, void (*after)(struct m *, struct g *)); // to the scheduler's stack

// ---- stop.c ----
void stop_here(struct m *m);        // m's P stops for the world
void p_stopped_locked(struct p *p); // one P less to wait for
void after_yield(struct m *m, struct g *g);
void after_preempt(struct m *m, struct g *g);

// ---- timers.c ----
void timers_init(void);
// timers_serve wakes a thread for a pending timer that is due soon, unless one wakes in time. The monitor calls it for later ones.
void timers_serve(int64_t when, int64_t now);
enum { TIMER_SOON = 20 * 1000000 };
int64_t timers_run(void); // fires what is due; returns the earliest pending time, INT64_MAX: none

// ---- dead.c, monitor.c ----
void check_dead_locked(void);
void monitor_start(void);

#endif
