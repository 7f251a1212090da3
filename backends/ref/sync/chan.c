// Channels. A channel is a ring of elements, two queues of waiting goroutines, and a lock. An operation that finds a partner waiting hands
// the element over directly: to a receiver when the ring is empty; from a sender when there is no ring, or by taking the ring's
// first element and putting the sender's at its end. Otherwise it uses the ring, or waits.
//
// Elements go to and from stacks of other goroutines, which have no write barrier: while the collector marks, the pointers of an
// element are shaded on the way, since the stack that it comes from may be unscanned and the one that it goes to scanned. A waiter's
// stack does not move while the channel's lock is held (stack_shrink takes it), nor is the waiter made runnable under it.
//
// The channel of a timer has neither ring nor senders: chan_timer.c.
//
// Where elements hold no pointers, header and ring are one pointer-free block; else the ring is a block of its own.
#include "internal.h"

static const uint8_t header_mask = 1u << offsetof(struct gomem_chan, buf) / sizeof(void *);
static const gomem_type header_type = {.size = sizeof(gomem_chan),
                                       .ptrdata = offsetof(struct gomem_chan, buf) + sizeof(void *),
                                       .mask = &header_mask,
                                       .mask_size = sizeof(gomem_chan),
                                       .align = sizeof(void *),
                                       .field_align = sizeof(void *),
                                       .kind = GOMEM_STRUCT};
_Static_assert(offsetof(struct gomem_chan, buf) / sizeof(void *) < 8, "the mask is one byte");
_Static_assert(sizeof(gomem_chan) % 8 == 0, "the ring behind the header is aligned");

static gomem_chan *make(gomem_g *g, const gomem_type *type, int64_t n)
{
    const gomem_type *elem = type->elem;
    uintptr_t bytes = 0, total = 0;
    if (n < 0 || n > INTPTR_MAX || !heap_array_size(elem, (intptr_t)n, &bytes) ||
        __builtin_add_overflow(bytes, sizeof(gomem_chan), &total) || total > INTPTR_MAX)
        panic_plain(g, "makechan: size out of range");
    bool apart = elem->ptrdata && bytes;
    struct p *p = p_of(g);
    gomem_chan *c = apart ? heap_alloc(p, sizeof *c, &header_type, true, 1) : heap_alloc(p, total, NULL, true, 1);
    c->buf = apart ? heap_alloc(p, bytes, elem, true, (uintptr_t)n) : (void *)(c + 1);
    c->cap = (uintptr_t)n;
    c->elem = elem;
    c->elem_size = (uint16_t)elem->size;
    c->lock.rank = RANK_CHAN;
    return c;
}

void park_for_ever(struct g *g, enum wait_reason why)
{
    for (;;)
        g_park(g, NULL, NULL, why);
}

// ---- elements ----

static uintptr_t count_of(const gomem_chan *c)
{
    return atomic_load_explicit(&c->count, memory_order_relaxed);
}

static void set_count(gomem_chan *c, uintptr_t n)
{
    atomic_store_explicit(&c->count, n, memory_order_relaxed);
}

static void *ring_at(gomem_chan *c, uintptr_t i)
{
    return c->buf + i * c->elem_size;
}

static void advance(const gomem_chan *c, uintptr_t *at)
{
    if (++*at == c->cap)
        *at = 0;
}

static bool has_pointer(const gomem_type *type, uintptr_t word)
{
    word %= type->mask_size / sizeof(void *);
    return type->mask[word / 8] >> word % 8 & 1;
}

// copy_while_marking copies to a stack that the collector may be scanning, a word at a time.
static void copy_while_marking(struct p *p, const gomem_type *type, void *to, const void *from)
{
    uintptr_t words = type->ptrdata / sizeof(void *);
    for (uintptr_t i = 0; i < words; i++) {
        void *v = from ? ((void *const *)from)[i] : NULL;
        if (v && has_pointer(type, i))
            gc_shade(p, v);
        __atomic_store_n((void **)to + i, v, __ATOMIC_RELAXED);
    }
    uintptr_t rest = type->size - words * sizeof(void *);
    if (from)
        memcpy((char *)to + type->size - rest, (const char *)from + type->size - rest, rest);
    else
        memset((char *)to + type->size - rest, 0, rest);
}

// put_elem copies an element to a place of goroutine `owner` or in the heap; from NULL: zero. to NULL: nobody wants it. me is the
// running goroutine, NULL for elements without pointers.
static void put_elem(struct g *me, const struct g *owner, const gomem_type *type, void *to, const void *from)
{
    if (!to || !type->size)
        return;
    if (UNLIKELY(gc_marking()) && type->ptrdata) {
        if (on_stack_of(owner, to))
            copy_while_marking(me->m->p, type, to, from);
        else if (from)
            gc_copy(&me->head, type, to, from, 1);
        else
            gc_clear(&me->head, type, to, 1);
    } else if (!from) {
        memset(to, 0, type->size);
    } else if (type->size == 8) {
        memcpy(to, from, 8);
    } else {
        memcpy(to, from, type->size);
    }
}

// ---- the order of elements, for the race detector ----

// The ring's places carry it: whoever puts or takes there follows all who did before. So the k-th receive comes before the (k + cap)-th
// send. An element that is handed over goes through the ring as far as this is concerned.
static void race_at(const void *slot)
{
    race_acquire(slot);
    if (!FAULT(send_unannounced))
        race_release(slot);
}

static void race_at_for(struct g *g, const void *slot)
{
    race_acquire_for(g, slot);
    race_release_for(g, slot);
}

static void race_hand_over(gomem_chan *c, struct g *receiver)
{
#ifdef REF_RACE_PROGRAM
    if (!c->cap && FAULT(meeting_unannounced))
        return;
    if (!c->cap) {
        race_meet(receiver, &c->send_at);
        return;
    }
    void *slot = ring_at(c, c->recv_at);
    race_at(slot);
    race_at_for(receiver, slot);
    advance(c, &c->recv_at);
    c->send_at = c->recv_at;
#else
    (void)c, (void)receiver;
#endif
}

// ---- what needs no waiting ----

enum chan_result chan_try_send(struct g *g, gomem_chan *c, const void *elem, struct g **wake)
{
    *wake = NULL;
    if (UNLIKELY(atomic_load_explicit(&c->closed, memory_order_relaxed)) && !FAULT(send_on_closed))
        return CHAN_CLOSED;
    struct sudog *s = next_waiter(&c->receivers);
    if (s) {
        put_elem(g, s->g, c->elem, s->elem, elem);
        race_hand_over(c, s->g);
        *wake = served(s, true);
        return CHAN_DONE;
    }
    uintptr_t n = count_of(c);
    if (n == c->cap)
        return CHAN_WAITS;
    put_elem(g, g, c->elem, ring_at(c, c->send_at), elem);
    race_at(ring_at(c, c->send_at));
    advance(c, &c->send_at);
    set_count(c, n + 1);
    return CHAN_DONE;
}

// take_first takes the ring's first element.
static void take_first(struct g *g, gomem_chan *c, void *elem)
{
    void *slot = ring_at(c, c->recv_at);
    put_elem(g, g, c->elem, elem, slot);
    put_elem(g, g, c->elem, slot, NULL);
    race_at(slot);
    advance(c, &c->recv_at);
}

// take_from takes an element while a sender waits: its own, or the ring's first, in whose room the sender's goes.
static void take_from(struct g *g, gomem_chan *c, struct sudog *sender, void *elem)
{
    if (!c->cap || FAULT(sender_overtakes)) {
        put_elem(g, g, c->elem, elem, sender->elem);
        if (!FAULT(meeting_unannounced))
            race_meet(sender->g, &c->send_at);
        return;
    }
    void *slot = ring_at(c, c->recv_at);
    put_elem(g, g, c->elem, elem, slot);
    put_elem(g, g, c->elem, slot, sender->elem);
    race_at(slot);
    race_at_for(sender->g, slot);
    advance(c, &c->recv_at);
    c->send_at = c->recv_at;
}

enum chan_result chan_try_recv(struct g *g, gomem_chan *c, void *elem, struct g **wake)
{
    *wake = NULL;
    if (UNLIKELY(c->timer))
        return chan_timer_take(c, elem) ? CHAN_DONE : CHAN_WAITS;
    uintptr_t n = count_of(c);
    struct sudog *s = n == c->cap ? next_waiter(&c->senders) : NULL;
    if (s) {
        take_from(g, c, s, elem);
        *wake = served(s, true);
        return CHAN_DONE;
    }
    if (n) {
        take_first(g, c, elem);
        set_count(c, n - 1);
        return CHAN_DONE;
    }
    if (!atomic_load_explicit(&c->closed, memory_order_relaxed))
        return CHAN_WAITS;
    put_elem(g, g, c->elem, elem, NULL);
    race_acquire(&c->closed);
    return CHAN_CLOSED;
}

// ---- the operations ----

// wait_in blocks in a queue of c, whose lock is held, and tells whether the element went its way; false: c was closed.
static bool wait_in(struct g *g, gomem_chan *c, struct waitq *q, void *elem, enum wait_reason why)
{
    struct sudog *s = sudog_get(g);
    s->elem = elem;
    s->c = c;
    s->lock = &c->lock;
    g->waiting = s;
    waitq_push(q, s);
    if (UNLIKELY(c->timer))
        chan_timer_settle(c);
    g_park(g, g_unlock_commit, &c->lock, why);
    g->waiting = NULL;
    g->wake_arg = NULL;
    bool success = s->success;
    sudog_put(g, s);
    return success;
}

bool chan_send(gomem_g *head, gomem_chan *c, const void *elem, bool block)
{
    struct g *g = g_of(head);
    if (UNLIKELY(!c)) {
        if (!block)
            return false;
        park_for_ever(g, WAIT_CHAN_SEND_NIL);
    }
    // Without the lock: closed first, then full. A channel that was full and is not closed was both at one time.
    if (!block && !atomic_load_explicit(&c->closed, memory_order_acquire) &&
        (c->cap ? count_of(c) == c->cap : !waitq_first(&c->receivers)))
        return false;
    struct g *wake;
    rlock(&c->lock);
    enum chan_result result = chan_try_send(g, c, elem, &wake);
    if (result != CHAN_WAITS || !block) {
        runlock(&c->lock);
        chan_wake(wake);
        if (UNLIKELY(result == CHAN_CLOSED))
            panic_plain(head, "send on closed channel");
        return result != CHAN_WAITS;
    }
    if (!wait_in(g, c, &c->senders, (void *)(uintptr_t)elem, WAIT_CHAN_SEND))
        panic_plain(head, "send on closed channel");
    return true;
}

bool chan_recv(gomem_g *head, gomem_chan *c, void *elem, bool block, bool *received)
{
    struct g *g = g_of(head);
    if (UNLIKELY(!c)) {
        if (!block)
            return false;
        park_for_ever(g, WAIT_CHAN_RECEIVE_NIL);
    }
    // Without the lock: empty first, then not closed. A channel that is not closed now was not when it was empty.
    if (!block && !c->timer && (c->cap ? !count_of(c) : !waitq_first(&c->senders)) &&
        !atomic_load_explicit(&c->closed, memory_order_acquire))
        return false;
    struct g *wake;
    if (FAULT(recv_no_acquire))
        lock_unordered(&c->lock);
    else
        rlock(&c->lock);
    enum chan_result result = chan_try_recv(g, c, elem, &wake);
    if (result != CHAN_WAITS || !block) {
        runlock(&c->lock);
        chan_wake(wake);
        *received = result == CHAN_DONE || FAULT(closed_says_received);
        return result != CHAN_WAITS;
    }
    *received = wait_in(g, c, &c->receivers, elem, WAIT_CHAN_RECEIVE);
    return true;
}

// ---- close ----

// release_all takes all waiters of a queue off, and chains their goroutines.
static void release_all(struct g *g, gomem_chan *c, struct waitq *q, bool clear, struct g **list)
{
    for (struct sudog *s; (s = next_waiter(q));) {
        if (clear)
            put_elem(g, s->g, c->elem, s->elem, NULL);
        struct g *waiter = served(s, false);
        race_acquire_for(waiter, &c->closed);
        waiter->sched_link = *list;
        *list = waiter;
    }
}

static void close_chan(gomem_g *head, gomem_chan *c)
{
    struct g *list = NULL;
    if (!c)
        panic_plain(head, "close of nil channel");
    rlock(&c->lock);
    if (atomic_load_explicit(&c->closed, memory_order_relaxed) && !FAULT(close_twice)) {
        runlock(&c->lock);
        panic_plain(head, "close of closed channel");
    }
    if (!FAULT(close_unannounced))
        race_release(&c->closed);
    atomic_store_explicit(&c->closed, 1, FAULT(close_no_release) ? memory_order_relaxed : memory_order_release);
    if (!FAULT(close_wakes_nobody))
        release_all(g_of(head), c, &c->receivers, true, &list);
    release_all(g_of(head), c, &c->senders, false, &list);
    if (FAULT(close_no_release))
        unlock_unordered(&c->lock);
    else
        runlock(&c->lock);
    while (list) {
        struct g *waiter = list;
        list = waiter->sched_link;
        waiter->sched_link = NULL;
        g_ready(waiter, true);
    }
}

static intptr_t chan_len(const gomem_chan *c)
{
    return c ? (intptr_t)count_of(c) : 0;
}

static intptr_t chan_cap(const gomem_chan *c)
{
    return c ? (intptr_t)c->cap : 0;
}

// ---- the group ----

static void send(gomem_g *g, gomem_chan *c, const void *elem)
{
    chan_send(g, c, elem, true);
}

static bool recv(gomem_g *g, gomem_chan *c, void *elem)
{
    bool received = false;
    chan_recv(g, c, elem, true, &received);
    return received;
}

const gomem_chans_group ref_chans_group = {.size = sizeof ref_chans_group,
                                           .make = make,
                                           .send = send,
                                           .recv = recv,
                                           .close = close_chan,
                                           .len = chan_len,
                                           .cap = chan_cap,
                                           .select = chan_select};
