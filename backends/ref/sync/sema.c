// Semaphores. A semaphore is a counter in a word of the program's; who finds it 0 sleeps in a table, by the word's address.
//
// The table has a prime number of roots. A root holds the addresses that somebody waits for in a treap (a search tree by address that is a
// heap by random priorities, and so balanced on average); the waiters for one address hang in a list at the treap's node, which is
// the first of them. A waiter is a wait node:
//     elem = address; prev, next = the tree's children; parent; ticket = priority; wait_link, wait_tail = the list
// Once it is taken out, ticket = 1 says that it has been given the semaphore (hand_off).
//
// No wake is lost: a waiter first counts itself in root->waiters and then looks at the counter; a releaser first increments the counter
// and then looks at root->waiters; all four are sequentially consistent.
#include "../value/value.h"
#include "internal.h"

enum { ROOTS = 251 };

struct root {
    struct rmutex lock;
    struct sudog *tree;       // protected by lock
    _Atomic uint32_t waiters; // of all addresses; written under lock
} __attribute__((aligned(64)));

static struct root roots[ROOTS] = {[0 ... ROOTS - 1] = {.lock = {.rank = RANK_SEMA}}};

static struct root *root_of(const void *address)
{
    return &roots[((uintptr_t)address >> 3) % ROOTS];
}

// acquire pairs with sema_release's increment.
static bool take(uint32_t *sema)
{
    uint32_t n = atomic_load_explicit(atomic_u32(sema), memory_order_seq_cst);
    while (n)
        if (atomic_compare_exchange_weak_explicit(atomic_u32(sema), &n, n - 1, memory_order_seq_cst,
                                                  memory_order_relaxed))
            return true;
    return false;
}

// ---- the treap ----

static void set_child(struct root *r, struct sudog *parent, struct sudog *old, struct sudog *to)
{
    if (to)
        to->parent = parent;
    if (!parent)
        r->tree = to;
    else if (parent->prev == old)
        parent->prev = to;
    else
        parent->next = to;
}

// raise makes s, a child, the parent of its parent.
static void raise_up(struct root *r, struct sudog *s)
{
    struct sudog *p = s->parent, *middle;
    set_child(r, p->parent, p, s);
    if (p->prev == s) {
        p->prev = middle = s->next;
        s->next = p;
    } else {
        p->next = middle = s->prev;
        s->prev = p;
    }
    if (middle)
        middle->parent = p;
    p->parent = s;
}

// find returns the node of an address; NULL: nobody waits for it, and *parent is where its node would hang.
static struct sudog *find(struct root *r, const void *address, struct sudog **parent)
{
    struct sudog *s = r->tree;
    *parent = NULL;
    while (s && s->elem != address) {
        *parent = s;
        s = (uintptr_t)address < (uintptr_t)s->elem ? s->prev : s->next;
    }
    return s;
}

static void insert(struct root *r, struct sudog *s, struct sudog *parent, uint32_t priority)
{
    s->ticket = priority | 1;
    s->parent = parent;
    if (!parent)
        r->tree = s;
    else if ((uintptr_t)s->elem < (uintptr_t)parent->elem)
        parent->prev = s;
    else
        parent->next = s;
    while (s->parent && s->parent->ticket > s->ticket)
        raise_up(r, s);
}

// replace puts s where old is in the tree.
static void replace(struct root *r, struct sudog *old, struct sudog *s)
{
    s->ticket = old->ticket;
    s->prev = old->prev;
    s->next = old->next;
    if (s->prev)
        s->prev->parent = s;
    if (s->next)
        s->next->parent = s;
    set_child(r, s->parent = old->parent, old, s);
    old->parent = old->prev = old->next = NULL;
}

static void remove_node(struct root *r, struct sudog *s)
{
    while (s->prev && s->next)
        raise_up(r, s->prev->ticket < s->next->ticket ? s->prev : s->next);
    while (s->prev || s->next)
        raise_up(r, s->prev ? s->prev : s->next);
    set_child(r, s->parent, s, NULL);
    s->parent = NULL;
}

// ---- waiters ----

static void queue(struct root *r, struct sudog *s, bool first, uint32_t priority)
{
    struct sudog *parent, *head = find(r, s->elem, &parent);
    s->wait_link = s->wait_tail = NULL;
    if (!head) {
        insert(r, s, parent, priority);
    } else if (first) {
        s->wait_link = head;
        s->wait_tail = head->wait_tail ? head->wait_tail : head;
        replace(r, head, s);
        head->wait_tail = NULL;
    } else {
        if (head->wait_tail)
            head->wait_tail->wait_link = s;
        else
            head->wait_link = s;
        head->wait_tail = s;
    }
}

static struct sudog *dequeue(struct root *r, const void *address)
{
    struct sudog *parent, *head = find(r, address, &parent);
    if (!head)
        return NULL;
    struct sudog *second = head->wait_link;
    if (second) {
        replace(r, head, second);
        second->wait_tail = second->wait_link ? head->wait_tail : NULL;
    } else {
        remove_node(r, head);
    }
    head->wait_link = head->wait_tail = NULL;
    head->ticket = 0;
    return head;
}

#ifdef REF_DEBUG
static bool node_valid(const struct sudog *s)
{
    if (!s)
        return true;
    return (!s->prev || (s->prev->parent == s && s->prev->elem < s->elem && s->prev->ticket >= s->ticket)) &&
           (!s->next || (s->next->parent == s && s->next->elem > s->elem && s->next->ticket >= s->ticket)) &&
           node_valid(s->prev) && node_valid(s->next);
}
#endif

// sleep_for blocks with node s until it is woken, unless there is something to take after all.
static bool sleep_for(struct g *g, struct root *r, struct sudog *s, bool first, enum wait_reason why)
{
    uint32_t *sema = s->elem;
    rlock(&r->lock);
    atomic_fetch_add_explicit(&r->waiters, 1, memory_order_seq_cst);
    if (take(sema)) {
        atomic_fetch_sub_explicit(&r->waiters, 1, memory_order_relaxed);
        runlock(&r->lock);
        return true;
    }
    queue(r, s, first, (uint32_t)(p_random(g->m->p) >> 32));
    REF_ASSERT(node_valid(r->tree));
    g->waiting = s;
    g_park(g, g_unlock_commit, &r->lock, why);
    g->waiting = NULL;
    return s->ticket != 0 || take(sema);
}

void sema_acquire(struct g *g, uint32_t *sema, bool first, enum wait_reason why)
{
    if (take(sema))
        return;
    if (on_stack_of(g, sema)) // nobody else can get at it; and its address may change
        park_for_ever(g, why);
    struct sudog *s = sudog_get(g);
    s->elem = sema;
    while (!sleep_for(g, root_of(sema), s, first, why))
        ;
    sudog_put(g, s);
}

void sema_release(struct g *g, uint32_t *sema, bool hand_off)
{
    (void)g;
    struct root *r = root_of(sema);
    atomic_fetch_add_explicit(atomic_u32(sema), 1, memory_order_seq_cst);
    if (!atomic_load_explicit(&r->waiters, memory_order_seq_cst))
        return;
    rlock(&r->lock);
    struct sudog *s = dequeue(r, sema);
    if (s)
        atomic_fetch_sub_explicit(&r->waiters, 1, memory_order_relaxed);
    runlock(&r->lock);
    if (!s)
        return;
    s->ticket = hand_off && take(sema);
    g_ready(s->g, true);
}
