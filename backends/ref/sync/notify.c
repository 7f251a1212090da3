// Notify lists, on which sync.Cond is built. A waiter takes a ticket before it releases the Cond's lock, and then waits until its ticket is
// notified. Tickets below `notify` are. A signal notifies the next ticket, even if its owner does not wait yet; so those are woken in
// the order in which they took tickets, and a signal between ticket and wait is not lost. Tickets wrap around.
//
// The list's lock is one word of it; it is held for straight-line work only.
#include "internal.h"

static _Atomic uint32_t *lock_word(gomem_notify_list *l)
{
    return atomic_u32(&l->lock);
}

// As rlock: 0 free, 1 held, 2 held and waited for. acquire pairs with the release in unlock.
static void lock_list(gomem_notify_list *l)
{
    uint32_t free = 0;
    rlock_operations[RANK_SEMA]++;
    if (atomic_compare_exchange_strong_explicit(lock_word(l), &free, 1, memory_order_acquire, memory_order_relaxed))
        return;
    while (atomic_exchange_explicit(lock_word(l), 2, memory_order_acquire))
        futex_wait(lock_word(l), 2, -1);
}

static bool unlock_list(struct g *g, void *list)
{
    (void)g;
    if (atomic_exchange_explicit(lock_word(list), 0, memory_order_release) == 2)
        futex_wake(lock_word(list), 1);
    return true;
}

// The collector may read the list's words meanwhile; nodes are none of its business.
static void set_head(gomem_notify_list *l, struct sudog *s)
{
    __atomic_store_n(&l->head, s, __ATOMIC_RELAXED);
}

static void set_tail(gomem_notify_list *l, struct sudog *s)
{
    __atomic_store_n(&l->tail, s, __ATOMIC_RELAXED);
}

static bool before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

uint32_t notify_ticket(gomem_g *g, gomem_notify_list *l)
{
    (void)g;
    return atomic_fetch_add_explicit(atomic_u32(&l->wait), 1, memory_order_seq_cst);
}

void notify_wait(gomem_g *head, gomem_notify_list *l, uint32_t ticket)
{
    struct g *g = g_of(head);
    lock_list(l);
    if (before(ticket, l->notify)) {
        unlock_list(g, l);
        race_acquire(l);
        return;
    }
    if (on_stack_of(g, l)) {
        unlock_list(g, l);
        park_for_ever(g, WAIT_COND);
    }
    struct sudog *s = sudog_get(g), *tail = l->tail;
    s->elem = l; // keeps the list's block alive
    s->ticket = ticket;
    if (tail)
        tail->next = s;
    else
        set_head(l, s);
    set_tail(l, s);
    g->waiting = s;
    g_park(g, unlock_list, l, WAIT_COND);
    g->waiting = NULL;
    sudog_put(g, s);
}

// nobody_waits tells, without the lock, whether every ticket is notified: what a Signal that comes after a Wait's ticket sees.
static bool nobody_waits(gomem_notify_list *l)
{
    return atomic_load_explicit(atomic_u32(&l->wait), memory_order_seq_cst) ==
           atomic_load_explicit(atomic_u32(&l->notify), memory_order_seq_cst);
}

static void set_notify(gomem_notify_list *l, uint32_t to)
{
    atomic_store_explicit(atomic_u32(&l->notify), to, memory_order_seq_cst);
}

static struct sudog *take_ticket(gomem_notify_list *l, uint32_t ticket)
{
    struct sudog *before_it = NULL, *s = l->head;
    while (s && s->ticket != ticket) {
        before_it = s;
        s = s->next;
    }
    if (!s)
        return NULL; // its owner is on the way to notify_wait
    if (before_it)
        before_it->next = s->next;
    else
        set_head(l, s->next);
    if (!s->next)
        set_tail(l, before_it);
    s->next = NULL;
    return s;
}

// The edges for the race detector: to the waiters, or to who has taken a ticket and will find it notified.
static void race_notify(gomem_notify_list *l, struct sudog *s)
{
    if (s)
        race_pass(s->g, s);
    else
        race_release(l);
}

static void race_notify_all(gomem_notify_list *l, struct sudog *s)
{
    race_release(l);
    for (; s; s = s->next)
        race_pass(s->g, s);
}

void notify_one(gomem_g *g, gomem_notify_list *l)
{
    if (FAULT(signal_wakes_all))
        notify_all(g, l);
    if (nobody_waits(l))
        return;
    lock_list(l);
    struct sudog *s = NULL;
    uint32_t ticket = l->notify;
    if (ticket != atomic_load_explicit(atomic_u32(&l->wait), memory_order_seq_cst)) {
        set_notify(l, ticket + 1);
        s = take_ticket(l, ticket);
        race_notify(l, s);
    }
    unlock_list(g_of(g), l);
    if (s)
        g_ready(s->g, true);
}

void notify_all(gomem_g *g, gomem_notify_list *l)
{
    if (nobody_waits(l))
        return;
    lock_list(l);
    struct sudog *s = l->head;
    race_notify_all(l, s);
    set_head(l, NULL);
    set_tail(l, NULL);
    set_notify(l, atomic_load_explicit(atomic_u32(&l->wait), memory_order_seq_cst));
    unlock_list(g_of(g), l);
    for (struct sudog *next; s; s = next) {
        next = s->next;
        s->next = NULL;
        g_ready(s->g, true);
    }
}
