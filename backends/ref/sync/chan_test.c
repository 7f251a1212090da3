// Tests of channels and select on the real scheduler with two processors: counts that must come out exactly, the order in which waiters
// are served, destinations that move with their stacks, what a select leaves behind, how it chooses. Locks are in locks_test.c.
#include "test_support.h"

#define C (&ref_chans_group)

static const gomem_type int_type = {.size = 8, .align = 8, .kind = GOMEM_INT64, .flags = GOMEM_REGULAR};
static const gomem_type wide_type = {.size = 400, .align = 8, .kind = GOMEM_ARRAY};
static const gomem_type chan_type = {.kind = GOMEM_CHAN, .elem = &int_type}, wide_chan = {.elem = &wide_type};

static gomem_chan *c, *d, *results;
// Elements are in memory of their own: another goroutine reads and writes them, so a C local will not do.
static int64_t *cell(int64_t v)
{
    int64_t *p = malloc(sizeof *p);
    *p = v;
    return p;
}

static int64_t take(int64_t *p)
{
    int64_t v = *p;
    free(p);
    return v;
}

static void send(gomem_g *g, gomem_chan *to, int64_t v)
{
    int64_t *p = cell(v);
    C->send(g, to, p);
    free(p);
}

static int64_t recv(gomem_g *g, gomem_chan *from) // -1: closed
{
    int64_t *p = cell(-2);
    bool received = C->recv(g, from, p);
    int64_t v = take(p);
    return received ? v : v == 0 ? -1 : -3;
}

// ---- channels ----

CLOSURE(echo)
{
    (void)self;
    for (int64_t v; (v = recv(g, c)) >= 0;)
        send(g, d, v + 1);
    atomic_fetch_add(&done, 1);
}

static void ping_pong(gomem_g *g, const char *where)
{
    enum { ROUNDS = 100000 };
    c = C->make(g, &chan_type, 0);
    d = C->make(g, &chan_type, 0);
    start(g, &echo, 1);
    int64_t v = 0, begin = cpu_time();
    for (int i = 0; i < ROUNDS; i++) {
        send(g, c, v);
        v = recv(g, d);
    }
    printf("# channel round trip %s: %.1f ns\n", where, (double)(cpu_time() - begin) / ROUNDS);
    C->close(g, c);
    all_done(g, 1);
    ok(v == ROUNDS, "100000 round trips over two channels");
}

enum { SENDERS = 8, EACH = 3000 };

CLOSURE(numbering)
{
    (void)self;
    int64_t id = atomic_fetch_add(&next_id, 1);
    for (int64_t i = 0; i < EACH; i++)
        send(g, c, id << 32 | i);
    atomic_fetch_add(&done, 1);
}

static void fifo(gomem_g *g, int64_t capacity, const char *what)
{
    int64_t last[SENDERS], sum = 0;
    bool good = true;
    memset(last, 0xFF, sizeof last);
    c = C->make(g, &chan_type, capacity);
    start(g, &numbering, SENDERS);
    for (int i = 0; i < SENDERS * EACH; i++) {
        int64_t v = recv(g, c), n = v & 0xFFFFFFFF;
        good &= n == last[v >> 32] + 1;
        last[v >> 32] = n;
        sum += n;
    }
    all_done(g, SENDERS);
    ok(good && sum == (int64_t)SENDERS * EACH * (EACH - 1) / 2 && C->len(c) == 0, what);
}

CLOSURE(sends_id)
{
    (void)self;
    send(g, c, atomic_fetch_add(&next_id, 1));
    atomic_fetch_add(&done, 1);
}

CLOSURE(receives_one)
{
    (void)self;
    int64_t id = atomic_fetch_add(&next_id, 1);
    int64_t v = recv(g, c);
    atomic_fetch_add(&counter, v == id || v == -1);
    atomic_fetch_add(&done, 1);
}

static void in_turn(gomem_g *g, gomem_func *fn, int n)
{
    atomic_store(&next_id, 0);
    atomic_store(&done, 0);
    atomic_store(&counter, 0);
    for (int i = 0; i < n; i++) {
        S->go(g, fn);
        for (bool waits = false; !waits; S->yield(g)) {
            int count = 0;
            rlock(&c->lock);
            for (struct sudog *s = waitq_first(&c->senders); s; s = s->next)
                count++;
            for (struct sudog *s = waitq_first(&c->receivers); s; s = s->next)
                count++;
            runlock(&c->lock);
            waits = count > i;
        }
    }
}

static void queues(gomem_g *g)
{
    bool good = true;
    for (int64_t capacity = 0; capacity < 3; capacity++) {
        c = C->make(g, &chan_type, capacity);
        for (int64_t i = 0; i < capacity; i++)
            send(g, c, -1 - i);
        in_turn(g, &sends_id, 20);
        good &= C->len(c) == capacity;
        for (int64_t i = 0; i < capacity; i++)
            recv(g, c);
        for (int64_t i = 0; i < 20; i++)
            good &= recv(g, c) == i;
        all_done(g, 20);
    }
    ok(good, "blocked senders are served in the order of coming");
    in_turn(g, &receives_one, 20);
    for (int64_t i = 0; i < 20; i++)
        send(g, c, i);
    all_done(g, 20);
    ok(atomic_load(&counter) == 20, "blocked receivers too");
    in_turn(g, &receives_one, 20);
    C->close(g, c);
    all_done(g, 20);
    ok(atomic_load(&counter) == 20, "a close wakes all receivers with zero");
    c = C->make(g, &chan_type, 3);
    send(g, c, 5);
    send(g, c, 6);
    C->close(g, c);
    ok(recv(g, c) == 5 && recv(g, c) == 6 && recv(g, c) == -1 && recv(g, c) == -1, "what was buffered comes before it");
}

static void wide(gomem_g *g)
{
    int64_t out[50], in[50];
    gomem_chan *w = C->make(g, &wide_chan, 4);
    bool good = true;
    for (int64_t round = 0; round < 10; round++) {
        for (int64_t k = 0; k < 3; k++) {
            for (int64_t i = 0; i < 50; i++)
                out[i] = round * 1000 + k * 100 + i;
            C->send(g, w, out);
        }
        for (int64_t k = 0; k < 3; k++) {
            good &= C->recv(g, w, in);
            for (int64_t i = 0; i < 50; i++)
                good &= in[i] == round * 1000 + k * 100 + i;
        }
    }
    ok(good && C->cap(w) == 4 && C->len(w) == 0, "elements of 400 bytes round the ring");
    ok(C->len(NULL) == 0 && C->cap(NULL) == 0, "len and cap of nil");
}

// ---- a destination that moves ----

struct dest_frame {
    gomem_frame head;
    void *unused;
    int64_t value;
};
FRAME_DESC(dest, 2, "\x01\x01", 2)

struct deep_frame {
    gomem_frame head;
    void *room[64];
};
FRAME_DESC(deep, 64, "\0\0\0\0\0\0\0\0", 1)

static void deep(gomem_g *g, int n)
{
    ENTER(deep, 0, NULL);
    if (n)
        CALL(deep, 0, deep(g, n - 1));
    LEAVE(deep);
}

static _Atomic int moved;

CLOSURE(receives_in_frame)
{
    void *closure = self;
    ENTER(dest, 1, &closure);
    CALL(dest, 0, deep(g, 100)); // so that there is something to shrink
    char *before = (char *)fr;
    CALL(dest, 1, C->recv(g, c, &fr->value));
    atomic_store(&moved, (char *)fr != before);
    atomic_fetch_add(&counter, fr->value == 4711);
    atomic_fetch_add(&done, 1);
    LEAVE(dest);
}

CLOSURE(selects_in_frame)
{
    void *closure = self;
    ENTER(dest, 1, &closure);
    CALL(dest, 0, deep(g, 100));
    bool received = false;
    gomem_select_case cases[] = {{d, &fr->value}, {c, &fr->value}, {c, &fr->value}};
    intptr_t chosen;
    CALL(dest, 1, chosen = C->select(g, cases, 0, 3, false, &received));
    atomic_fetch_add(&counter, fr->value == 4711 && chosen > 0 && received);
    atomic_fetch_add(&done, 1);
    LEAVE(dest);
}

static void shrink_one(struct g *g, void *ctx)
{
    (void)ctx;
    if (!g->system && g->id != 1 && g_suspend(g)) {
        stack_shrink(g);
        g_resume(g);
    }
}

static _Atomic int shrunk;

static void shrinker(struct g *g, void *arg)
{
    (void)g, (void)arg;
    for (int i = 0; i < 20; i++)
        g_each(shrink_one, NULL);
    atomic_store(&shrunk, 1);
}

static void shrink_and_send(gomem_g *g, gomem_func *fn, const char *what)
{
    c = C->make(g, &chan_type, 0);
    d = C->make(g, &chan_type, 0);
    in_turn(g, fn, 1);
    atomic_store(&shrunk, 0);
    g_new_system(shrinker, NULL);
    while (!atomic_load(&shrunk))
        S->yield(g);
    send(g, c, 4711);
    all_done(g, 1);
    ok(atomic_load(&counter) == 1, what);
}

// ---- select ----

static intptr_t sel(gomem_g *g, gomem_select_case *cases, intptr_t sends, intptr_t n, bool has_default, bool *received)
{
    return C->select(g, cases, sends, n, has_default, received);
}

static void uniform(gomem_g *g)
{
    enum { TRIALS = 60000, READY = 3 };
    gomem_chan *never = C->make(g, &chan_type, 0), *shut = C->make(g, &chan_type, 0);
    int64_t v = 0, count[6] = {0}, pairs[READY][READY] = {{0}};
    bool received = true;
    gomem_select_case cases[] = {{never, &v}, {shut, &v}, {NULL, &v}, {shut, &v}, {never, &v}, {shut, &v}};
    intptr_t last = 0, wrong = 0;
    C->close(g, shut);
    for (int i = 0; i < TRIALS; i++) {
        intptr_t chosen = sel(g, cases, 0, 6, i % 2, &received);
        wrong += received || chosen < 0 || !(chosen % 2);
        if (chosen < 0 || !(chosen % 2))
            continue;
        count[chosen]++;
        pairs[last][chosen / 2]++;
        last = chosen / 2;
    }
    double chi = 0, chi_pairs = 0, expected = TRIALS / 3.0;
    for (int i = 0; i < READY; i++) {
        chi += ((double)count[2 * i + 1] - expected) * ((double)count[2 * i + 1] - expected) / expected;
        for (int k = 0; k < READY; k++)
            chi_pairs += ((double)pairs[i][k] - expected / 3) * ((double)pairs[i][k] - expected / 3) / (expected / 3);
    }
    printf("# chi-square %.2f (2), %.2f (8)\n", chi, chi_pairs);
    ok(!wrong, "a select takes ready cases only");
    ok(chi < 27.6 && chi_pairs < 42.7, "and all of them equally often (p > 10^-6)");
}

CLOSURE(peer)
{
    (void)self;
    int64_t *one = cell(1), *got = cell(0), balance = 0;
    for (;;) {
        bool received = false;
        gomem_select_case cases[] = {{c, one}, {c, got}, {d, NULL}};
        intptr_t chosen = sel(g, cases, 1, 3, false, &received);
        balance += chosen == 0 ? 1 : chosen == 1 ? -*got : 0;
        if (chosen == 2)
            break;
    }
    free(one);
    free(got);
    atomic_fetch_add(&counter, balance);
    atomic_fetch_add(&done, 1);
}

static void peers(gomem_g *g)
{
    int64_t *one = cell(1), *got = cell(0), balance = 0;
    c = C->make(g, &chan_type, 0);
    d = C->make(g, &chan_type, 0);
    atomic_store(&counter, 0);
    start(g, &peer, 6);
    for (int i = 0; i < 20000; i++) {
        bool received;
        gomem_select_case cases[] = {{c, one}, {c, got}};
        balance += sel(g, cases, 1, 2, false, &received) == 0 ? 1 : -*got;
    }
    free(one);
    free(got);
    C->close(g, d);
    all_done(g, 6);
    ok(balance + atomic_load(&counter) == 0, "selects that send and receive on one channel pair up with each other");
    ok(!waitq_first(&c->senders) && !waitq_first(&c->receivers) && !c->senders.last && !c->receivers.last,
       "and leave nobody behind in its queues");
}

static void defaults(gomem_g *g)
{
    int64_t v = 7, got = 0;
    bool received;
    gomem_chan *full = C->make(g, &chan_type, 1);
    gomem_select_case one = {full, &v}, two[] = {{full, &v}, {NULL, &got}};
    ok(sel(g, NULL, 0, 0, true, &received) == -1, "default of a select without cases");
    ok(sel(g, &one, 1, 1, true, NULL) == 0 && sel(g, &one, 1, 1, true, NULL) == -1,
       "a send, and one that is not possible");
    ok(sel(g, two, 1, 2, true, &received) == -1, "nil channels and a full one: default");
    one.elem = &got;
    ok(sel(g, &one, 0, 1, true, &received) == 0 && received && got == 7, "a receive");
    ok(sel(g, &one, 0, 1, true, &received) == -1, "one that is not possible");
    C->close(g, full);
    ok(sel(g, &one, 0, 1, true, &received) == 0 && !received && got == 0, "one of a closed channel");
    gomem_select_case *many = calloc(5000, sizeof *many);
    for (int i = 0; i < 5000; i++)
        many[i] = (gomem_select_case){C->make(g, &chan_type, 1), &got};
    send(g, many[2345].c, 9);
    ok(sel(g, many, 0, 5000, false, &received) == 2345 && got == 9, "5000 cases");
    free(many);
}

CLOSURE(selects_twice)
{
    (void)self;
    int64_t *a = cell(0), *one = cell(1);
    bool received = false;
    gomem_select_case cases[] = {{d, one}, {c, a}, {c, a}, {results, a}};
    intptr_t chosen = sel(g, cases, 1, 4, false, &received);
    atomic_fetch_add(&counter, (chosen == 1 || chosen == 2) && received && *a == 7);
    free(one);
    free(a);
    atomic_fetch_add(&done, 1);
}

static void leaves_nothing(gomem_g *g)
{
    bool received;
    int64_t v = 1;
    c = C->make(g, &chan_type, 0);
    d = C->make(g, &chan_type, 0);
    results = C->make(g, &chan_type, 0);
    atomic_store(&counter, 0);
    start(g, &selects_twice, 1);
    settle(g);
    send(g, c, 7);
    all_done(g, 1);
    gomem_select_case cases[] = {{c, &v}, {results, &v}, {d, &v}};
    ok(atomic_load(&counter) == 1, "a waiting select with a channel twice takes one value");
    ok(sel(g, cases, 2, 3, true, &received) == -1, "and takes part nowhere afterwards");
}

// ---- deaths ----

CLOSURE(send_closed)
{
    (void)self;
    c = C->make(g, &chan_type, 1);
    C->close(g, c);
    send(g, c, 1);
}

CLOSURE(select_send_closed)
{
    (void)self;
    int64_t v = 0;
    bool received;
    c = C->make(g, &chan_type, 1);
    C->close(g, c);
    gomem_select_case cases[] = {{c, &v}, {NULL, &v}};
    sel(g, cases, 1, 2, true, &received);
}

CLOSURE(blocked_send_closed)
{
    (void)self;
    c = C->make(g, &chan_type, 0);
    S->go(g, &sends_id);
    settle(g);
    C->close(g, c);
    for (;;) // until the sender has died
        S->yield(g);
}

CLOSURE(close_twice)
{
    (void)self;
    c = C->make(g, &chan_type, 1);
    C->close(g, c);
    C->close(g, c);
}

CLOSURE(close_nil)
{
    (void)self;
    C->close(g, NULL);
}

CLOSURE(make_negative)
{
    (void)self;
    C->make(g, &chan_type, -1);
}

CLOSURE(receive_nil)
{
    (void)self;
    recv(g, NULL);
}

CLOSURE(select_nil)
{
    (void)self;
    bool received;
    gomem_select_case cases[] = {{NULL, NULL}, {NULL, NULL}};
    sel(g, cases, 1, 2, false, &received);
}

CLOSURE(select_itself)
{
    (void)self;
    int64_t v = 0;
    bool received;
    c = C->make(g, &chan_type, 0);
    gomem_select_case cases[] = {{c, &v}, {c, &v}};
    sel(g, cases, 1, 2, false, &received);
}

static void deaths(void)
{
    static const char deadlock[] = "fatal error: all goroutines are asleep - deadlock!";
    dies(&send_closed, "panic: send on closed channel");
    dies(&select_send_closed, "panic: send on closed channel");
    dies(&blocked_send_closed, "panic: send on closed channel");
    dies(&close_twice, "panic: close of closed channel");
    dies(&close_nil, "panic: close of nil channel");
    dies(&make_negative, "panic: makechan: size out of range");
    dies(&receive_nil, deadlock);
    dies(&select_nil, deadlock);
    dies(&select_itself, deadlock);
}

static void first(struct g *g, void *arg)
{
    gomem_g *h = &g->head;
    (void)arg;
    ping_pong(h, "on two processors");
    S->max_procs(h, 1);
    ping_pong(h, "on one");
    S->max_procs(h, 2);
    fifo(h, 0, "8 senders, unbuffered: each one's values in order, none lost");
    fifo(h, 1, "with a buffer of 1");
    fifo(h, 100, "with a buffer of 100");
    queues(h);
    wide(h);
    shrink_and_send(h, &receives_in_frame, "a receive follows its stack when that shrinks");
    ok(atomic_load(&moved) == 1, "which it did");
    shrink_and_send(h, &selects_in_frame, "so does a select");
    uniform(h);
    peers(h);
    defaults(h);
    leaves_nothing(h);
    printf("1..%d\n", tests);
    fflush(stdout);
    _exit(failures != 0);
}

int main(void)
{
    ref_unit = &unit;
    deaths();
    stack_init(0, 0);
    sched_init(2);
    sched_run(first, NULL);
}
