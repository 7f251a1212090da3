// Tests of channels, select and locks, on the real scheduler with two processors: counts that must come out exactly, orders in which
// waiters are served, what a select leaves behind, starvation by a clock of the test's own, deaths in processes of their own.
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FAKES_BUT_CHANNELS
#include "../compiled_test.h"
#include "../fakes_test.h"
#include "../value/value.h"
#include "internal.h"

// ---- stand-ins ----

bool heap_array_size(const gomem_type *elem, intptr_t n, uintptr_t *bytes)
{
    return n >= 0 && !__builtin_mul_overflow((uintptr_t)n, elem->size, bytes) && *bytes < UINTPTR_MAX >> 17;
}

void gc_copy(gomem_g *g, const gomem_type *type, void *dst, const void *src, intptr_t n)
{
    (void)g;
    memmove(dst, src, type->size * (uintptr_t)n);
}

void gc_clear(gomem_g *g, const gomem_type *type, void *dst, intptr_t n)
{
    (void)g;
    memset(dst, 0, type->size * (uintptr_t)n);
}

static int tests, failures;

static void ok(bool good, const char *what)
{
    failures += !good;
    printf("%sok %d - %s\n", good ? "" : "not ", ++tests, what);
    fflush(stdout);
}

// A func value without captures.
#define CLOSURE(name)                                       \
    static void name##_code(gomem_g *g, gomem_func *self);  \
    static gomem_func name = {(void (*)(void))name##_code}; \
    static void name##_code(gomem_g *g, gomem_func *self)

#define S (&ref_sched_group)
#define C (&ref_chans_group)
#define L (&ref_locks_group)

static const gomem_type int_type = {.size = 8, .align = 8, .kind = GOMEM_INT64, .flags = GOMEM_REGULAR};
static const gomem_type wide_type = {.size = 400, .align = 8, .kind = GOMEM_ARRAY};
static const gomem_type chan_type = {.kind = GOMEM_CHAN, .elem = &int_type}, wide_chan = {.elem = &wide_type};

static gomem_chan *c, *d, *results;
static _Atomic int64_t counter, done;
static _Atomic int32_t next_id;

static int64_t cpu_time(void) // of the process: the machine may be busy with other things
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void settle(gomem_g *g) // until all others have ended or wait
{
    for (int i = 0; i < 2000; i++)
        S->yield(g);
}

static void all_done(gomem_g *g, int64_t n)
{
    while (atomic_load(&done) < n)
        S->yield(g);
    while (S->count(g) > 1)
        S->yield(g);
    atomic_store(&done, 0);
}

static void start(gomem_g *g, gomem_func *fn, int n)
{
    atomic_store(&next_id, 0);
    atomic_store(&done, 0);
    for (int i = 0; i < n; i++)
        S->go(g, fn);
}

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
    gomem_select_case *many = calloc(3000, sizeof *many);
    for (int i = 0; i < 3000; i++)
        many[i] = (gomem_select_case){C->make(g, &chan_type, 1), &got};
    send(g, many[2345].c, 9);
    ok(sel(g, many, 0, 3000, false, &received) == 2345 && got == 9, "3000 cases");
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

// ---- timers ----

static void timer_channel(gomem_g *g)
{
    int64_t now = 77, got = 0;
    bool received;
    gomem_chan *t = C->make(g, &chan_type, 1);
    gomem_select_case one = {t, &got};
    chan_timer_set(t);
    chan_timer_send(t, &now);
    now = 78;
    chan_timer_send(t, &now);
    ok(C->len(t) == 0 && C->cap(t) == 0, "a timer's channel looks synchronous");
    ok(recv(g, t) == 77, "and has the first time that was sent");
    chan_timer_send(t, &now);
    ok(chan_timer_drain(t) && !chan_timer_drain(t) && sel(g, &one, 0, 1, true, &received) == -1,
       "or nothing once drained");
}

// ---- locks ----

static gomem_mutex mu;
static int64_t plain, inside;

CLOSURE(increments)
{
    (void)self;
    for (int i = 0; i < 5000; i++) {
        L->lock(g, &mu);
        inside++;
        if (i % 64 == 0)
            S->yield(g);
        plain += inside == 1;
        inside--;
        L->unlock(g, &mu);
    }
    atomic_fetch_add(&done, 1);
}

static void mutex(gomem_g *g)
{
    plain = 0;
    int64_t begin = cpu_time();
    start(g, &increments, 8);
    all_done(g, 8);
    printf("# contended lock and unlock: %.1f ns\n", (double)(cpu_time() - begin) / 40000);
    ok(plain == 40000 && !mu.state, "8 goroutines increment under a mutex");
    ok(L->try_lock(g, &mu) && !L->try_lock(g, &mu), "TryLock takes it once");
    L->unlock(g, &mu);
    ok(mu.state == 0, "and Unlock frees it");
    begin = cpu_time();
    for (int i = 0; i < 1000000; i++) {
        L->lock(g, &mu);
        L->unlock(g, &mu);
    }
    printf("# uncontended lock and unlock: %.1f ns\n", (double)(cpu_time() - begin) / 1000000);
}

static _Atomic int64_t test_clock;

static int64_t injected(void)
{
    return atomic_load(&test_clock);
}

CLOSURE(hungry)
{
    (void)self;
    L->lock(g, &mu);
    atomic_fetch_add(&done, 1);
    L->unlock(g, &mu);
}

static void starvation(gomem_g *g)
{
    int turns = 0;
    intptr_t procs = S->max_procs(g, 1); // so that a waiter that was woken runs when this goroutine lets it
    sync_now = injected;
    atomic_store(&test_clock, 1);
    L->lock(g, &mu);
    start(g, &hungry, 1);
    while (!(mu.state >> 3))
        S->yield(g);
    settle(g);
    // Within 1 ms a newcomer that runs already wins: the waiter wakes, loses, and sleeps again.
    L->unlock(g, &mu);
    bool won = L->try_lock(g, &mu);
    settle(g);
    ok(won && !atomic_load(&done) && !(mu.state & 4), "a newcomer gets the lock before a waiter that is not hungry");
    atomic_store(&test_clock, 1 + 1000001);
    L->unlock(g, &mu);
    if (L->try_lock(g, &mu)) { // wakes once more, finds that it has waited for too long
        while (!(mu.state & 4))
            S->yield(g);
        for (; !atomic_load(&done) && turns < 3; turns++) {
            L->unlock(g, &mu);
            L->lock(g, &mu);
        }
        L->unlock(g, &mu);
    }
    all_done(g, 1);
    ok(turns <= 1 && !mu.state, "but not before one that has waited for 1 ms");
    sync_now = sys_nanotime;
    S->max_procs(g, procs);
}

static gomem_rwmutex rw;
static int64_t rw_a, rw_b;
static _Atomic int64_t readers, torn;

CLOSURE(reads_and_writes)
{
    (void)self;
    int id = atomic_fetch_add(&next_id, 1);
    for (int i = 0; i < 3000; i++) {
        if (id < 2) {
            L->wlock(g, &rw);
            rw_a++;
            if (i % 64 == 0)
                S->yield(g);
            atomic_fetch_add(&torn, atomic_load(&readers) != 0);
            rw_b++;
            L->wunlock(g, &rw);
        } else {
            L->rlock(g, &rw);
            atomic_fetch_add(&readers, 1);
            if (i % 64 == 0)
                S->yield(g);
            atomic_fetch_add(&torn, rw_a != rw_b);
            atomic_fetch_sub(&readers, 1);
            L->runlock(g, &rw);
        }
    }
    atomic_fetch_add(&done, 1);
}

CLOSURE(writes_once)
{
    (void)self;
    L->wlock(g, &rw);
    rw_a = 1;
    L->wunlock(g, &rw);
    atomic_fetch_add(&done, 1);
}

static void rwmutex(gomem_g *g)
{
    start(g, &reads_and_writes, 6);
    all_done(g, 6);
    ok(!atomic_load(&torn) && rw_a == 6000 && rw_b == 6000, "writers are alone, readers see whole writes");
    ok(L->try_wlock(g, &rw) && !L->try_wlock(g, &rw) && !L->try_rlock(g, &rw), "written: nobody else");
    L->wunlock(g, &rw);
    ok(L->try_rlock(g, &rw) && L->try_rlock(g, &rw) && !L->try_wlock(g, &rw), "read: readers only");
    L->runlock(g, &rw);
    rw_a = 0;
    start(g, &writes_once, 1);
    while (rw.reader_count >= 0)
        S->yield(g);
    settle(g);
    ok(!L->try_rlock(g, &rw) && !L->try_wlock(g, &rw) && rw_a == 0, "read with a writer waiting: nobody");
    L->runlock(g, &rw);
    all_done(g, 1);
    ok(rw_a == 1 && !rw.reader_count && !rw.reader_wait, "the last reader lets the writer in");
}

static gomem_waitgroup wg __attribute__((aligned(8)));
static int64_t sums[2];

CLOSURE(task)
{
    (void)self;
    sums[atomic_fetch_add(&next_id, 1) % 2]++;
    L->wait_add(g, &wg, -1);
}

CLOSURE(waits)
{
    (void)self;
    L->wait(g, &wg);
    atomic_fetch_add(&counter, plain);
    atomic_fetch_add(&done, 1);
}

static void waitgroup(gomem_g *g)
{
    bool good = true;
    L->wait(g, &wg);
    for (int64_t round = 1; round <= 500; round++) {
        L->wait_add(g, &wg, 2);
        start(g, &task, 2);
        L->wait(g, &wg);
        good &= sums[0] + sums[1] == 2 * round;
    }
    ok(good && !wg.state, "500 rounds of one wait group");
    plain = 0;
    atomic_store(&counter, 0);
    L->wait_add(g, &wg, 3);
    start(g, &waits, 5);
    settle(g);
    L->wait_add(g, &wg, -2);
    settle(g);
    good = !atomic_load(&done);
    plain = 1;
    L->wait_add(g, &wg, -1);
    all_done(g, 5);
    ok(good && atomic_load(&counter) == 5, "all waiters go when the counter is 0, and see what came before");
}

static gomem_notify_list list;
static _Atomic int64_t order[16];

CLOSURE(waits_for_notify)
{
    (void)self;
    int64_t id = atomic_fetch_add(&next_id, 1);
    L->notify_wait(g, &list, L->notify_ticket(g, &list));
    atomic_store(&order[id], atomic_fetch_add(&counter, 1));
    atomic_fetch_add(&done, 1);
}

static void notify(gomem_g *g)
{
    bool good = true;
    L->notify_one(g, &list);
    L->notify_all(g, &list);
    atomic_store(&counter, 0);
    atomic_store(&next_id, 0);
    for (int64_t i = 0; i < 8; i++) {
        S->go(g, &waits_for_notify);
        settle(g);
    }
    for (int64_t i = 0; i < 5; i++) {
        good &= atomic_load(&counter) == i;
        L->notify_one(g, &list);
        settle(g);
    }
    for (int64_t i = 0; i < 5; i++)
        good &= atomic_load(&order[i]) == i;
    ok(good, "signals wake one each, in the order of the tickets");
    L->notify_all(g, &list);
    all_done(g, 8);
    ok(atomic_load(&counter) == 8 && !list.head && !list.tail, "a broadcast wakes the rest");
    uint32_t ticket = L->notify_ticket(g, &list);
    L->notify_one(g, &list);
    L->notify_wait(g, &list, ticket); // returns
    ok(true, "a signal between ticket and wait is not lost");
    list.wait = list.notify = UINT32_MAX;
    ticket = L->notify_ticket(g, &list);
    uint32_t second = L->notify_ticket(g, &list);
    L->notify_all(g, &list);
    L->notify_wait(g, &list, ticket);
    L->notify_wait(g, &list, second);
    ok(list.notify == 1, "tickets wrap around");
}

enum { SEMAS = 2000 };
static uint32_t semas[SEMAS];
static _Atomic uint8_t woken[SEMAS];

CLOSURE(waits_for_sema)
{
    (void)self;
    int id = atomic_fetch_add(&next_id, 1);
    L->sema_acquire(g, &semas[id % SEMAS], id % 3 == 0);
    atomic_fetch_add(&woken[id % SEMAS], 1);
    atomic_fetch_add(&done, 1);
}

static void semaphores(gomem_g *g)
{
    bool good = true;
    start(g, &waits_for_sema, 2 * SEMAS);
    settle(g);
    for (int i = 0; i < SEMAS; i++) {
        int at = i * 7 % SEMAS;
        L->sema_release(g, &semas[at], i % 2);
    }
    while (atomic_load(&done) < SEMAS)
        S->yield(g);
    for (int i = 0; i < SEMAS; i++)
        good &= atomic_load(&woken[i]) == 1;
    ok(good, "2000 semaphores with two waiters each wake one");
    for (int i = 0; i < SEMAS; i++)
        L->sema_release(g, &semas[i], false);
    all_done(g, 2 * SEMAS);
    for (int i = 0; i < SEMAS; i++)
        good &= atomic_load(&woken[i]) == 2 && !semas[i];
    ok(good, "and then the other");
}

// ---- deaths ----

static gomem_func *death;

CLOSURE(unlock_unlocked)
{
    (void)self;
    L->unlock(g, &mu);
}

CLOSURE(unlock_read)
{
    (void)self;
    L->rlock(g, &rw);
    L->wunlock(g, &rw);
}

CLOSURE(runlock_unlocked)
{
    (void)self;
    L->runlock(g, &rw);
}

CLOSURE(lock_twice)
{
    (void)self;
    L->lock(g, &mu);
    L->lock(g, &mu);
}

CLOSURE(negative)
{
    (void)self;
    L->wait_add(g, &wg, -1);
}

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

static gomem_string shown;

static gomem_eface error_value(gomem_g *g, bool is_plain, gomem_string text)
{
    static const gomem_type type = {.size = 8};
    (void)g;
    shown = text;
    return (gomem_eface){&type, (void *)(uintptr_t)is_plain};
}

static gomem_string panic_text_of(gomem_g *g, gomem_eface v)
{
    (void)g, (void)v;
    return shown;
}

static const gomem_unit unit = {.panic_text = panic_text_of, .error_value = error_value};

static void dying(struct g *g, void *arg)
{
    (void)arg;
    ((void (*)(gomem_g *, gomem_func *))death->code)(&g->head, death);
    _exit(0);
}

static void dies(gomem_func *fn, const char *text)
{
    int fds[2], status = 0;
    char out[1 << 14];
    size_t n = 0;
    if (pipe(fds))
        ref_throw("no pipe");
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fds[1], STDERR_FILENO);
        close(fds[0]);
        death = fn;
        stack_init(0, 0);
        sched_init(2);
        sched_run(dying, NULL);
    }
    close(fds[1]);
    for (ssize_t got; n < sizeof out - 1 && (got = read(fds[0], out + n, sizeof out - 1 - n)) > 0;)
        n += (size_t)got;
    out[n] = '\0';
    close(fds[0]);
    waitpid(pid, &status, 0);
    bool good = WIFEXITED(status) && WEXITSTATUS(status) == 2 && strstr(out, text);
    if (!good)
        printf("# status %x: %.400s\n", status, out);
    ok(good, text);
}

static void deaths(void)
{
    static const char deadlock[] = "fatal error: all goroutines are asleep - deadlock!";
    dies(&unlock_unlocked, "fatal error: sync: unlock of unlocked mutex");
    dies(&unlock_read, "fatal error: sync: Unlock of unlocked RWMutex");
    dies(&runlock_unlocked, "fatal error: sync: RUnlock of unlocked RWMutex");
    dies(&lock_twice, deadlock);
    dies(&negative, "panic: sync: negative WaitGroup counter");
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
    timer_channel(h);
    mutex(h);
    starvation(h);
    rwmutex(h);
    waitgroup(h);
    notify(h);
    semaphores(h);
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
