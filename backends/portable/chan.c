// Channels and select. Everything happens under big. A waiter in a channel's queue says where its element is; who serves it
// copies there and wakes it. A select waits with one waiter per case, and the first that is served decides it.
#include <stdlib.h>
#include <string.h>

#include "portable.h"

struct gomem_chan {
    const gomem_type *elem;
    intptr_t cap, len, head; // of the ring
    bool closed, timer;      // timer: a timer sends here, and its length and capacity are zero
    struct queue senders, receivers;
    uint8_t *ring; // cap elements
};

struct selection {
    struct waiter *sleeper; // whom to wake
    struct waiter *winner;  // the waiter that was served; NULL while undecided
};

bool own_channels;

static gomem_chan *make(gomem_g *g, const gomem_type *type, int64_t n)
{
    uint64_t bytes;
    if (n < 0 || __builtin_mul_overflow((uint64_t)n, (uint64_t)type->elem->size, &bytes) || bytes > MOST_BYTES)
        whole->panics->error(g, GOMEM_ERROR_PLAIN, "makechan: size out of range");
    // The header is a block of words that may all be pointers, so that a collector keeps the ring.
    static const uint8_t all = 0xFF;
    static const gomem_type header = {.size = sizeof(gomem_chan),
                                      .ptrdata = sizeof(gomem_chan),
                                      .mask = &all,
                                      .mask_size = sizeof(void *) * 8,
                                      .align = sizeof(void *),
                                      .field_align = sizeof(void *),
                                      .kind = GOMEM_STRUCT};
    gomem_chan *c = whole->heap->new_object(g, &header);
    __atomic_store_n(&own_channels, true, __ATOMIC_RELAXED);
    c->elem = type->elem;
    c->cap = (intptr_t)n;
    c->ring = whole->heap->new_array(g, type->elem, (intptr_t)n);
    return c;
}

static uint8_t *slot(gomem_chan *c, intptr_t i)
{
    return c->ring + (uintptr_t)((c->head + i) % c->cap) * c->elem->size;
}

// copy_elem copies an element; from NULL: zero it. to NULL: nobody wants it.
static void copy_elem(gomem_g *g, gomem_chan *c, void *to, const void *from)
{
    if (!to || !c->elem->size)
        return;
    bool barrier = whole->barrier && c->elem->ptrdata;
    if (from && barrier)
        whole->barrier->copy(g, c->elem, to, from, 1);
    else if (from)
        memcpy(to, from, c->elem->size);
    else if (barrier)
        whole->barrier->clear(g, c->elem, to, 1);
    else
        memset(to, 0, c->elem->size);
}

// next_waiter takes the first of a queue that still waits: a case of a select that is decided does not.
static struct waiter *next_waiter(struct queue *q)
{
    for (struct waiter *w; (w = dequeue(q));) {
        struct selection *s = w->select;
        if (!s)
            return w;
        if (!s->winner) {
            s->winner = w;
            return w;
        }
    }
    return NULL;
}

static void serve(struct waiter *w, bool ok)
{
    struct selection *s = w->select;
    w->ok = ok;
    wake(s ? s->sleeper : w);
}

static void panic_unlocked(gomem_g *g, const char *text)
{
    pthread_mutex_unlock(&big);
    whole->panics->error(g, GOMEM_ERROR_PLAIN, text);
}

// try_send and try_receive do what needs no waiting. try_send leaves with a panic, unlocked, on a closed channel.
static bool try_send(gomem_g *g, gomem_chan *c, const void *elem)
{
    if (c->closed)
        panic_unlocked(g, "send on closed channel");
    struct waiter *w = next_waiter(&c->receivers);
    if (w) {
        copy_elem(g, c, w->elem, elem);
        serve(w, true);
        return true;
    }
    if (c->len == c->cap)
        return false;
    copy_elem(g, c, slot(c, c->len), elem);
    c->len++;
    return true;
}

static bool try_receive(gomem_g *g, gomem_chan *c, void *elem, bool *ok)
{
    struct waiter *w;
    *ok = true;
    if (c->len) {
        copy_elem(g, c, elem, slot(c, 0));
        copy_elem(g, c, slot(c, 0), NULL);
        c->head = (c->head + 1) % c->cap;
        c->len--;
        if ((w = next_waiter(&c->senders))) {
            copy_elem(g, c, slot(c, c->len), w->elem);
            c->len++;
            serve(w, true);
        }
        return true;
    }
    if ((w = next_waiter(&c->senders))) {
        copy_elem(g, c, elem, w->elem);
        serve(w, true);
        return true;
    }
    if (!c->closed)
        return false;
    copy_elem(g, c, elem, NULL);
    *ok = false;
    return true;
}

static bool wait_in(struct queue *q, void *elem)
{
    struct waiter *w = waiter_new();
    w->elem = elem;
    enqueue(q, w);
    wait_for_wake(w);
    bool ok = w->ok;
    waiter_free(w);
    return ok;
}

static void send(gomem_g *g, gomem_chan *c, const void *elem)
{
    if (!c)
        whole->sched->block(g);
    pthread_mutex_lock(&big);
    if (!try_send(g, c, elem) && !wait_in(&c->senders, (void *)(uintptr_t)elem))
        panic_unlocked(g, "send on closed channel");
    pthread_mutex_unlock(&big);
}

static bool recv(gomem_g *g, gomem_chan *c, void *elem)
{
    bool ok;
    if (!c)
        whole->sched->block(g);
    pthread_mutex_lock(&big);
    if (!try_receive(g, c, elem, &ok))
        ok = wait_in(&c->receivers, elem);
    pthread_mutex_unlock(&big);
    return ok;
}

static void close_chan(gomem_g *g, gomem_chan *c)
{
    if (!c)
        whole->panics->error(g, GOMEM_ERROR_PLAIN, "close of nil channel");
    pthread_mutex_lock(&big);
    if (c->closed)
        panic_unlocked(g, "close of closed channel");
    c->closed = true;
    for (struct waiter *w; (w = next_waiter(&c->receivers));) {
        copy_elem(g, c, w->elem, NULL);
        serve(w, false);
    }
    for (struct waiter *w; (w = next_waiter(&c->senders));)
        serve(w, false);
    pthread_mutex_unlock(&big);
}

static intptr_t chan_len(const gomem_chan *c)
{
    if (!c)
        return 0;
    pthread_mutex_lock(&big);
    intptr_t n = c->timer ? 0 : c->len;
    pthread_mutex_unlock(&big);
    return n;
}

static intptr_t chan_cap(const gomem_chan *c)
{
    return c && !c->timer ? c->cap : 0;
}

// ---- what timers do to their channels, under big ----

void timer_channel(gomem_chan *c)
{
    c->timer = true;
}

bool timer_awaited(const gomem_chan *c)
{
    return c->receivers.head != NULL;
}

void timer_send(gomem_chan *c, const void *elem)
{
    if (!c->closed)
        try_send(NULL, c, elem); // elements without pointers ask nothing of g
}

bool timer_drain(gomem_chan *c)
{
    bool held = c->len > 0;
    c->len = 0;
    return held;
}

// ---- select ----

// shuffle fills order with a random permutation of 0..n-1.
static void shuffle(intptr_t *order, intptr_t n)
{
    static _Thread_local uint64_t state;
    if (!state)
        state = (uint64_t)(uintptr_t)&state * 0x9E3779B97F4A7C15u | 1;
    for (intptr_t i = 0; i < n; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        intptr_t k = (intptr_t)((state >> 32) * (uint64_t)(i + 1) >> 32);
        order[i] = order[k];
        order[k] = i;
    }
}

// try_cases serves one ready case; -1 when none is ready.
static intptr_t try_cases(gomem_g *g, gomem_select_case *cases, intptr_t sends, const intptr_t *order, intptr_t n,
                          bool *received)
{
    for (intptr_t k = 0; k < n; k++) {
        const gomem_select_case *s = &cases[order[k]];
        bool ok = true;
        if (s->c && (order[k] < sends ? try_send(g, s->c, s->elem) : try_receive(g, s->c, s->elem, &ok))) {
            *received = ok;
            return order[k];
        }
    }
    return -1;
}

static struct queue *queue_of(const gomem_select_case *cases, intptr_t sends, intptr_t i)
{
    return i < sends ? &cases[i].c->senders : &cases[i].c->receivers;
}

static intptr_t wait_for_case(gomem_g *g, gomem_select_case *cases, intptr_t sends, intptr_t n, bool *received)
{
    struct waiter **waiters = calloc((size_t)n + 1, sizeof *waiters);
    struct selection *s = calloc(1, sizeof *s);
    if (!waiters || !s)
        death("runtime: out of memory");
    s->sleeper = waiter_new();
    for (intptr_t i = 0; i < n; i++) {
        if (!cases[i].c)
            continue;
        waiters[i] = waiter_new();
        waiters[i]->elem = cases[i].elem;
        waiters[i]->select = s;
        waiters[i]->index = i;
        enqueue(queue_of(cases, sends, i), waiters[i]);
    }
    wait_for_wake(s->sleeper);
    intptr_t chosen = s->winner->index;
    bool ok = s->winner->ok;
    for (intptr_t i = 0; i < n; i++)
        if (waiters[i]) {
            unqueue(queue_of(cases, sends, i), waiters[i]);
            waiter_free(waiters[i]);
        }
    waiter_free(s->sleeper);
    free(s);
    free(waiters);
    if (chosen < sends && !ok)
        panic_unlocked(g, "send on closed channel");
    *received = ok;
    return chosen;
}

static intptr_t select_chan(gomem_g *g, gomem_select_case *cases, intptr_t sends, intptr_t n, bool has_default,
                            bool *received)
{
    intptr_t *order = malloc((size_t)(n + 1) * sizeof *order);
    if (!order)
        death("runtime: out of memory");
    shuffle(order, n);
    pthread_mutex_lock(&big);
    intptr_t chosen = try_cases(g, cases, sends, order, n, received);
    free(order);
    if (chosen < 0 && !has_default)
        chosen = wait_for_case(g, cases, sends, n, received);
    pthread_mutex_unlock(&big);
    return chosen;
}

const gomem_chans_group portable_chans = {.size = sizeof portable_chans,
                                          .make = make,
                                          .send = send,
                                          .recv = recv,
                                          .close = close_chan,
                                          .len = chan_len,
                                          .cap = chan_cap,
                                          .select = select_chan};
