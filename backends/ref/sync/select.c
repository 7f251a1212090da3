// Select. Three passes, with all its channels locked in the first and the last:
//   1. look at the cases in a random order and take the first that is ready;
//   2. wait in the queues of all of them, with a wait node per case, and park; whoever first serves one of the nodes decides the
//      select (g->select_done) and says which (g->wake_arg);
//   3. take the other nodes off.
// Channels are locked in the order of their addresses, so that two selects cannot block each other. The nodes are linked in that
// order too; after the wait they say which channels there are, so that nothing else is kept meanwhile.
#include "../value/value.h"
#include "internal.h"

enum { MAX_CASES = 65536, CASES_ON_STACK = 4096 };

struct selection {
    struct g *g;
    gomem_select_case *cases;
    intptr_t sends;
    uint32_t n;              // of both orders: cases whose channel is not nil
    uint16_t *poll, *locked; // orders: random; by address
};

static gomem_chan *chan_of(const struct selection *s, uint32_t i)
{
    return s->cases[s->locked[i]].c;
}

// ---- orders ----

// shuffle puts the cases with channels into poll, all orders equally likely.
static void shuffle(struct selection *s, intptr_t n)
{
    struct p *p = s->g->m->p;
    for (intptr_t i = 0; i < n; i++) {
        if (!s->cases[i].c)
            continue;
        uint32_t k = (uint32_t)((p_random(p) >> 32) * (s->n + 1) >> 32);
        if (FAULT(select_first))
            k = s->n;
        s->poll[s->n] = s->poll[k];
        s->poll[k] = (uint16_t)i;
        s->n++;
    }
}

static bool below(const struct selection *s, uint16_t a, uint16_t b)
{
    return (uintptr_t)s->cases[a].c < (uintptr_t)s->cases[b].c;
}

static void sift_down(struct selection *s, uint32_t at, uint32_t n)
{
    uint16_t *heap = s->locked, top = heap[at];
    for (uint32_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && below(s, heap[child], heap[child + 1]))
            child++;
        if (!below(s, top, heap[child]))
            break;
        heap[at] = heap[child];
    }
    heap[at] = top;
}

// sort_by_address is heapsort: it needs no memory and takes no quadratic time.
static void sort_by_address(struct selection *s)
{
    memcpy(s->locked, s->poll, s->n * sizeof *s->poll);
    for (uint32_t i = s->n / 2; i-- > 0;)
        sift_down(s, i, s->n);
    for (uint32_t i = s->n; i-- > 1;) {
        uint16_t last = s->locked[i];
        s->locked[i] = s->locked[0];
        s->locked[0] = last;
        sift_down(s, 0, i);
    }
}

// ---- locks ----

static void lock_all(const struct selection *s)
{
    for (uint32_t i = 0; i < s->n; i++)
        if (i == 0 || chan_of(s, i) != chan_of(s, i - 1))
            rlock(&chan_of(s, i)->lock);
}

static void unlock_all(const struct selection *s)
{
    for (uint32_t i = s->n; i-- > 0;)
        if (i == 0 || chan_of(s, i) != chan_of(s, i - 1))
            runlock(&chan_of(s, i)->lock);
}

// unlock_commit releases the locks of g's nodes. As soon as one of a channel's is released g may be served, but it runs no further than
// to the first lock that is still held: so a node is not looked at once the last lock is released.
static bool unlock_commit(struct g *g, void *unused)
{
    (void)unused;
    struct rmutex *last = NULL;
    for (struct sudog *s = g->waiting; s; s = s->g_link) {
        if (last && s->lock != last)
            runlock(last);
        last = s->lock;
    }
    if (last)
        runlock(last);
    return true;
}

static void lock_nodes(struct sudog *s)
{
    for (struct rmutex *last = NULL; s; last = s->lock, s = s->g_link)
        if (s->lock != last)
            rlock(s->lock);
}

// ---- the passes ----

// take_ready serves the first ready case in the random order. -1: none is.
static intptr_t take_ready(struct selection *s, enum chan_result *result, struct g **wake)
{
    for (uint32_t k = 0; k < s->n; k++) {
        const gomem_select_case *one = &s->cases[s->poll[k]];
        *result = s->poll[k] < s->sends ? chan_try_send(s->g, one->c, one->elem, wake)
                                        : chan_try_recv(s->g, one->c, one->elem, wake);
        if (*result != CHAN_WAITS)
            return s->poll[k];
    }
    return -1;
}

static struct waitq *queue_of(gomem_chan *c, bool send)
{
    return send ? &c->senders : &c->receivers;
}

static void settle(gomem_chan *c)
{
    if (UNLIKELY(c->timer))
        chan_timer_settle(c);
}

static void queue_all(struct selection *s)
{
    struct sudog **link = &s->g->waiting;
    atomic_store_explicit(&s->g->select_done, 0, memory_order_relaxed);
    for (uint32_t i = 0; i < s->n; i++) {
        uint16_t at = s->locked[i];
        struct sudog *node = sudog_get(s->g);
        node->c = s->cases[at].c;
        node->lock = &s->cases[at].c->lock;
        node->elem = s->cases[at].elem;
        node->index = at;
        node->is_select = true;
        waitq_push(queue_of(s->cases[at].c, at < s->sends), node);
        settle(s->cases[at].c);
        *link = node;
        link = &node->g_link;
    }
    *link = NULL;
}

// leave_queues takes g's nodes off, and returns the case that was served.
static intptr_t leave_queues(struct g *g, intptr_t sends, bool *success)
{
    struct sudog *fired = g->wake_arg, *nodes = g->waiting;
    intptr_t chosen = (intptr_t)fired->index;
    *success = fired->success;
    lock_nodes(nodes);
    for (struct sudog *s = nodes; s; s = s->g_link)
        if (s != fired) {
            waitq_remove(queue_of(s->c, s->index < sends), s);
            settle(s->c);
        }
    unlock_commit(g, NULL);
    g->waiting = NULL;
    g->wake_arg = NULL;
    for (struct sudog *s = nodes, *next; s; s = next) {
        next = s->g_link;
        sudog_put(g, s);
    }
    return chosen;
}

// wait blocks until a case was served. The place of the result moves with the stack if it is there.
static intptr_t wait(struct selection *s, bool **received)
{
    struct g *g = s->g;
    bool success;
    queue_all(s);
    g->head.spill[0] = *received;
    g->head.spill_len = 1;
    g_park(g, unlock_commit, NULL, WAIT_SELECT);
    *received = g->head.spill[0];
    g->head.spill_len = 0;
    intptr_t chosen = leave_queues(g, s->sends, &success);
    if (chosen < s->sends && !success)
        panic_plain(&g->head, "send on closed channel");
    if (*received)
        **received = success;
    return chosen;
}

static intptr_t select_ordered(struct selection *s, bool has_default, bool *received)
{
    enum chan_result result = CHAN_WAITS;
    struct g *wake = NULL;
    sort_by_address(s);
    lock_all(s);
    intptr_t chosen = take_ready(s, &result, &wake);
    if (chosen < 0 && !has_default)
        return wait(s, &received);
    unlock_all(s);
    chan_wake(wake);
    if (result == CHAN_CLOSED && chosen < s->sends)
        panic_plain(&s->g->head, "send on closed channel");
    if (received && chosen >= 0)
        *received = result == CHAN_DONE;
    return chosen;
}

// select_one is a select with one case: the operation itself.
static intptr_t select_one(gomem_g *g, gomem_select_case *one, bool send, bool has_default, bool *received)
{
    bool ok = false;
    if (send)
        return chan_send(g, one->c, one->elem, !has_default) ? 0 : -1;
    g->spill[0] = received; // may be in the frame
    g->spill_len = 1;
    bool done = chan_recv(g, one->c, one->elem, !has_default, &ok);
    received = g->spill[0];
    g->spill_len = 0;
    if (done && received)
        *received = ok;
    return done ? 0 : -1;
}

// The two orders are not needed any more once the goroutine blocks: they may be on the machine stack, or in a block that nobody keeps.
intptr_t chan_select(gomem_g *g, gomem_select_case *cases, intptr_t sends, intptr_t n, bool has_default, bool *received)
{
    struct selection s = {.g = g_of(g), .cases = cases, .sends = sends};
    if (has_default && FAULT(select_default))
        return -1;
    if (n == 0 && !has_default)
        park_for_ever(s.g, WAIT_SELECT_NO_CASES);
    if (n == 1)
        return select_one(g, cases, sends != 0, has_default, received);
    REF_CHECK(n <= MAX_CASES);
    uintptr_t bytes = 2 * (uintptr_t)n * sizeof(uint16_t);
    uint16_t *orders = n <= CASES_ON_STACK ? __builtin_alloca(bytes) : heap_alloc(p_of(g), bytes, NULL, false, bytes);
    s.poll = orders;
    s.locked = orders + n;
    shuffle(&s, n);
    return select_ordered(&s, has_default, received);
}
