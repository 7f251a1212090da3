// sync/internal.h: what the files of sync/ share.
//
// Wait nodes (struct sudog) queue at channels, semaphores and notify lists. A goroutine that waits links its nodes to g->waiting before
// it parks, and takes them off when it runs again; so elem and channel stay alive and follow the stack meanwhile.
#ifndef REF_SYNC_INTERNAL_H
#define REF_SYNC_INTERNAL_H

#include <string.h>

#include "../gc/gc.h"
#include "../heap/heap.h"
#include "../panic/panic.h"
#include "../sched/sched.h"
#include "sync.h"

// ---- queues, first come, first served ----

struct waitq {
    _Atomic(struct sudog *) first; // written under the lock; relaxed
    struct sudog *last;
};

static inline struct sudog *waitq_first(struct waitq *q)
{
    return atomic_load_explicit(&q->first, memory_order_relaxed);
}

static inline void waitq_set_first(struct waitq *q, struct sudog *s)
{
    atomic_store_explicit(&q->first, s, memory_order_relaxed);
}

static inline void waitq_push(struct waitq *q, struct sudog *s)
{
    s->next = NULL;
    s->prev = q->last;
    if (q->last)
        q->last->next = s;
    else
        waitq_set_first(q, s);
    q->last = s;
}

// waitq_remove takes s out, if it is still in.
static inline void waitq_remove(struct waitq *q, struct sudog *s)
{
    if (!s->prev && waitq_first(q) != s)
        return; // somebody took it
    if (s->prev)
        s->prev->next = s->next;
    else
        waitq_set_first(q, s->next);
    if (s->next)
        s->next->prev = s->prev;
    else
        q->last = s->prev;
    s->next = s->prev = NULL;
}

// next_waiter takes the first of a queue that nobody else serves: the cases of one select race for its goroutine.
static inline struct sudog *next_waiter(struct waitq *q)
{
    for (struct sudog *s; (s = FAULT(waiters_last_first) ? q->last : waitq_first(q));) {
        uint32_t undecided = 0;
        waitq_remove(q, s);
        if (!s->is_select || atomic_compare_exchange_strong_explicit(&s->g->select_done, &undecided, 1,
                                                                     memory_order_acq_rel, memory_order_relaxed))
            return s;
    }
    return NULL;
}

// served is who waits in s and has got what it waited for; success: not by a close.
static inline struct g *served(struct sudog *s, bool success)
{
    s->success = success;
    s->g->wake_arg = s;
    return s->g;
}

// What broken operations lock and unlock with: exclusion without order, which only the race lane of the implementation can notice.
static inline void lock_unordered(struct rmutex *l)
{
    rank_enter(l);
    while (atomic_exchange_explicit(&l->state, 2, memory_order_relaxed))
        futex_wait(&l->state, 2, -1);
}

static inline void unlock_unordered(struct rmutex *l)
{
    rank_leave(l);
    atomic_store_explicit(&l->state, 0, memory_order_relaxed);
    futex_wake(&l->state, 1);
}

// ---- the memory of waiters ----

static inline bool on_stack_of(const struct g *g, const void *p)
{
    return (const char *)p >= g->stack_low && (const char *)p < g->head.stack_base;
}

// park_for_ever blocks on what nobody else can release.
GOMEM_NORETURN void park_for_ever(struct g *g, enum wait_reason why);

// ---- channels (chan.c) ----

// Protected by lock, unless said otherwise. Invariants:
//   count <= cap; buf holds cap elements; send_at = (recv_at + count) mod cap
//   receivers wait => count = 0 and not closed; senders wait => count = cap and not closed
//     (not counting nodes of a select that another case has decided)
//   timer => count = cap = 0, and buf holds the timer (chan_timer.c)
struct gomem_chan {
    _Atomic uintptr_t count; // also read without the lock: relaxed
    uintptr_t cap;           // immutable, but that a timer's becomes 0
    uint8_t *buf;            // immutable: in this block, or one of its own when elements hold pointers
    uint16_t elem_size;      // immutable
    bool timer;              // a timer's; set before anybody uses it
    bool pending;            // the timer has been started, and neither stopped nor its value received
    _Atomic uint32_t closed; // release by close, acquire by who looks without the lock
    const gomem_type *elem;  // immutable
    uintptr_t send_at, recv_at;
    struct waitq receivers, senders;
    uintptr_t spare[2]; // to the size of Go's
    struct rmutex lock;
};

// chan_try_send and chan_try_recv do under the lock what needs no waiting. *wake is whom they served, to be made runnable by the caller
// once no lock is held; NULL: nobody. g is the running goroutine; NULL: there is none, and the elements hold no pointers.
enum chan_result { CHAN_WAITS, CHAN_DONE, CHAN_CLOSED }; // closed: a send must panic, a receive has given zero
enum chan_result chan_try_send(struct g *g, gomem_chan *c, const void *elem, struct g **wake);
enum chan_result chan_try_recv(struct g *g, gomem_chan *c, void *elem, struct g **wake);

static inline void chan_wake(struct g *served)
{
    if (served)
        g_ready(served, true);
}

// chan_timer_take receives from a timer's channel: false, the timer is not due, or somebody waits for it already. chan_timer_settle comes after
// each change of who waits there. The lock is held.
bool chan_timer_take(gomem_chan *c, void *elem);
void chan_timer_settle(gomem_chan *c);

// chan_send and chan_recv are the operations; false: block is not set and they would have.
bool chan_send(gomem_g *g, gomem_chan *c, const void *elem, bool block);
bool chan_recv(gomem_g *g, gomem_chan *c, void *elem, bool block, bool *received);

intptr_t chan_select(gomem_g *g, gomem_select_case *cases, intptr_t sends, intptr_t n, bool has_default,
                     bool *received);

// ---- locks ----

// sema_acquire waits until *sema > 0 and decrements it. first: before all others that wait. sema_release increments it and wakes one;
// hand_off: that one has got it at once, nobody else can take it.
void sema_acquire(struct g *g, uint32_t *sema, bool first, enum wait_reason why);
void sema_release(struct g *g, uint32_t *sema, bool hand_off);

void mutex_lock(gomem_g *g, gomem_mutex *m);
bool mutex_try_lock(gomem_g *g, gomem_mutex *m);
void mutex_unlock(gomem_g *g, gomem_mutex *m);

void rwmutex_rlock(gomem_g *g, gomem_rwmutex *m);
bool rwmutex_try_rlock(gomem_g *g, gomem_rwmutex *m);
void rwmutex_runlock(gomem_g *g, gomem_rwmutex *m);
void rwmutex_lock(gomem_g *g, gomem_rwmutex *m);
bool rwmutex_try_lock(gomem_g *g, gomem_rwmutex *m);
void rwmutex_unlock(gomem_g *g, gomem_rwmutex *m);

void waitgroup_add(gomem_g *g, gomem_waitgroup *w, intptr_t delta);
void waitgroup_wait(gomem_g *g, gomem_waitgroup *w);

uint32_t notify_ticket(gomem_g *g, gomem_notify_list *l);
void notify_wait(gomem_g *g, gomem_notify_list *l, uint32_t ticket);
void notify_one(gomem_g *g, gomem_notify_list *l);
void notify_all(gomem_g *g, gomem_notify_list *l);

// The words of locks are Go's, plain in the contract, atomic here.
static inline _Atomic uint32_t *atomic_u32(void *word)
{
    return word;
}

static inline _Atomic int32_t *atomic_i32(int32_t *word)
{
    return (_Atomic int32_t *)word;
}

#endif
