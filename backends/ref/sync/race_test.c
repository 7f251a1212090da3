// The implementation race lane of sync/: its code, built with ThreadSanitizer, under threads that stand in for goroutines. Plain data is
// handed from thread to thread by each kind of operation; the oracle must be silent, so the edges are those of the code's own atomics.
// Where Go promises no order the oracle must report, or it has no teeth. Each program runs in a process of its own.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../value/value.h"
#include "internal.h"

// ---- stand-ins: a goroutine is a thread with an M and a P; only g_ready and g_park order its sleep and its wake ----

struct thread {
    struct g g;
    struct m m;
    struct p p;
    _Atomic uint32_t state; // 0 runs, 1 parks, 2 was made ready: release by g_ready, acquire by g_park
    pthread_t id;
    void (*run)(gomem_g *g, int i);
    int i;
};

uint32_t gc_barrier_enabled;

void g_park(struct g *g, bool (*commit)(struct g *, void *), void *arg, enum wait_reason why)
{
    struct thread *t = (struct thread *)g;
    (void)why;
    atomic_store_explicit(&t->state, 1, memory_order_relaxed);
    if (commit && !commit(g, arg))
        return;
    while (atomic_load_explicit(&t->state, memory_order_acquire) != 2)
        futex_wait(&t->state, 1, -1);
    atomic_store_explicit(&t->state, 0, memory_order_relaxed);
}

void g_ready(struct g *g, bool next)
{
    struct thread *t = (struct thread *)g;
    (void)next;
    atomic_store_explicit(&t->state, 2, memory_order_release);
    futex_wake(&t->state, 1);
}

bool g_unlock_commit(struct g *g, void *lock)
{
    (void)g;
    runlock(lock);
    return true;
}

struct sudog *sudog_get(struct g *g)
{
    struct sudog *s = calloc(1, sizeof *s);
    s->g = g;
    return s;
}

void sudog_put(struct g *g, struct sudog *s)
{
    (void)g;
    free(s);
}

int64_t sched_now(void)
{
    return sys_nanotime();
}

struct timer_entry *timers_add_chan(gomem_chan *c, int64_t when)
{
    (void)c, (void)when;
    return NULL;
}

void timers_drop_chan(struct timer_entry *e)
{
    (void)e;
}

int sched_procs(void)
{
    return 4;
}

int sched_idle_procs(void)
{
    return 0;
}

bool sched_has_work(struct p *p)
{
    (void)p;
    return false;
}

void *heap_alloc(struct p *p, uintptr_t size, const gomem_type *elem, bool zero, uintptr_t n)
{
    (void)p, (void)elem, (void)zero, (void)n;
    return calloc(1, size);
}

bool heap_array_size(const gomem_type *elem, intptr_t n, uintptr_t *bytes)
{
    *bytes = (uintptr_t)n * elem->size;
    return true;
}

void gc_shade(struct p *p, void *v)
{
    (void)p, (void)v;
}

void gc_copy(gomem_g *g, const gomem_type *type, void *dst, const void *src, intptr_t n)
{
    (void)g, (void)type, (void)dst, (void)src, (void)n;
}

void gc_clear(gomem_g *g, const gomem_type *type, void *dst, intptr_t n)
{
    (void)g, (void)type, (void)dst, (void)n;
}

void fatal(struct g *g, const char *format, ...)
{
    (void)g;
    ref_throw("%s", format);
}

void panic_plain(gomem_g *g, const char *text)
{
    (void)g;
    ref_throw("%s", text);
}

// ---- threads ----

static void *enter(void *arg)
{
    struct thread *t = arg;
    t->run(&t->g.head, t->i);
    return NULL;
}

static void run(int n, void (*f)(gomem_g *g, int i))
{
    struct thread *t = calloc((size_t)n, sizeof *t);
    for (int i = 0; i < n; i++) {
        t[i].g.m = &t[i].m;
        t[i].m.p = &t[i].p;
        t[i].run = f;
        t[i].i = i;
        pthread_create(&t[i].id, NULL, enter, &t[i]);
    }
    for (int i = 0; i < n; i++)
        pthread_join(t[i].id, NULL);
    free(t);
}

#define C (&ref_chans_group)
#define L (&ref_locks_group)
enum { ROUNDS = 2000 };

static const gomem_type int_type = {.size = 8, .align = 8, .kind = GOMEM_INT64, .flags = GOMEM_REGULAR};
static const gomem_type chan_type = {.kind = GOMEM_CHAN, .elem = &int_type};
static gomem_chan *c, *d;
static int64_t data[ROUNDS + 8], more;

static struct thread boss = {.g = {.m = &boss.m}, .m = {.p = &boss.p}}; // the thread of main

static void make(int64_t n)
{
    c = C->make(&boss.g.head, &chan_type, n);
    d = C->make(&boss.g.head, &chan_type, n);
}

// ---- channels ----

// Even threads write a datum and send its place; odd ones receive the place and read and write it.
static void hand_over(gomem_g *g, int i)
{
    for (int64_t n = i / 2, at; n < ROUNDS; n += 2) {
        if (i % 2) {
            C->recv(g, c, &at);
            data[at]++;
        } else {
            data[n] = n;
            C->send(g, c, &n);
        }
    }
}

static void unbuffered(void)
{
    make(0);
    run(4, hand_over);
}

static void buffered(void)
{
    make(3);
    run(4, hand_over);
}

// With capacity 1 a receive comes before the next send but one ends: a semaphore.
static void critical(gomem_g *g, int i)
{
    int64_t v = i;
    for (int n = 0; n < ROUNDS; n++) {
        C->send(g, c, &v);
        more++;
        C->recv(g, c, &v);
    }
}

static void chan_as_lock(void)
{
    make(1);
    run(4, critical);
}

static void close_or_wait(gomem_g *g, int i)
{
    int64_t v;
    if (i == 0) {
        data[0] = 1;
        C->close(g, c);
        return;
    }
    if (i % 2 == 0)
        while (!C->recv(g, c, &v) && data[0] == 0)
            ;
    bool received = true;
    gomem_select_case one = {c, &v}; // looks without the lock
    while (i % 2 && C->select(g, &one, 0, 1, true, &received) < 0)
        ;
    data[i] = data[0];
}

static void closing(void)
{
    for (int i = 0; i < 20; i++) {
        make(i % 2);
        data[0] = 0;
        run(5, close_or_wait);
    }
}

static void select_both(gomem_g *g, int i)
{
    for (int n = 0; n < ROUNDS; n++) {
        int64_t give = i * 2, got = -1;
        bool received;
        data[give] = n;
        gomem_select_case cases[] = {{c, &give}, {d, &give}, {c, &got}, {d, &got}};
        intptr_t chosen = C->select(g, cases, 2, 4, n % 4 == 0, &received);
        if (chosen >= 2)
            data[got + 1] = data[got];
        // the partner is done with this one's datum once it has taken part in the next meeting
        if (chosen >= 0)
            return;
    }
}

static void selecting(void)
{
    for (int i = 0; i < 200; i++) {
        make(0);
        run(2, select_both);
    }
}

// ---- locks ----

static gomem_mutex mu;
static gomem_rwmutex rw;
static gomem_waitgroup wg __attribute__((aligned(8)));
static gomem_notify_list list;
static uint32_t sema;

static void under_mutex(gomem_g *g, int i)
{
    for (int n = 0; n < ROUNDS; n++) {
        if (i % 2 || !L->try_lock(g, &mu))
            L->lock(g, &mu);
        more++;
        L->unlock(g, &mu);
    }
}

static void mutex(void)
{
    run(4, under_mutex);
}

static int64_t hasty(void) // every wait has lasted for 2 ms
{
    static _Atomic int64_t now;
    return atomic_fetch_add_explicit(&now, 2000000, memory_order_relaxed) + 2000000;
}

static void mutex_starving(void)
{
    sync_now = hasty;
    run(4, under_mutex);
}

static void under_rwmutex(gomem_g *g, int i)
{
    for (int n = 0; n < ROUNDS; n++) {
        if (i == 0 || n % 16 == 0) {
            if (n % 3 || !L->try_wlock(g, &rw))
                L->wlock(g, &rw);
            more++;
            L->wunlock(g, &rw);
        } else {
            if (n % 3 || !L->try_rlock(g, &rw))
                L->rlock(g, &rw);
            data[i] += more;
            L->runlock(g, &rw);
        }
    }
}

static void rwmutex(void)
{
    run(4, under_rwmutex);
}

static void add_and_wait(gomem_g *g, int i)
{
    if (i < 3) {
        data[i]++;
        L->wait_add(g, &wg, -1);
    } else {
        L->wait(g, &wg);
        data[i] += data[0] + data[1] + data[2];
    }
}

static void waitgroup(void)
{
    for (int n = 0; n < 200; n++) {
        L->wait_add(&boss.g.head, &wg, 3);
        run(5, add_and_wait);
    }
}

// Under mu: more is the number of tokens.
static void produce_consume(gomem_g *g, int i)
{
    for (int n = 0; n < ROUNDS; n++) {
        L->lock(g, &mu);
        if (i % 2) {
            more++;
            L->unlock(g, &mu);
            L->notify_one(g, &list);
            continue;
        }
        while (!more) {
            uint32_t mine = L->notify_ticket(g, &list);
            L->unlock(g, &mu);
            L->notify_wait(g, &list, mine);
            L->lock(g, &mu);
        }
        more--;
        L->unlock(g, &mu);
    }
}

static void condition(void)
{
    more = 0;
    run(4, produce_consume);
}

// A notification orders what precedes it before the wait that it ends, without any lock.
static uint32_t ticket;

static void notify_or_wait(gomem_g *g, int i)
{
    if (i == 0) {
        data[0] = 1;
        L->notify_all(g, &list);
    } else {
        L->notify_wait(g, &list, ticket);
        data[1] = data[0];
    }
}

static void notification(void)
{
    for (int n = 0; n < 200; n++) {
        ticket = L->notify_ticket(&boss.g.head, &list);
        run(2, notify_or_wait);
    }
}

static void under_sema(gomem_g *g, int i)
{
    for (int n = 0; n < ROUNDS; n++) {
        L->sema_acquire(g, &sema, i % 2);
        more++;
        L->sema_release(g, &sema, n % 2);
    }
}

static void semaphore(void)
{
    L->sema_release(&boss.g.head, &sema, false);
    run(4, under_sema);
}

// ---- what Go does not order: the oracle must report ----

static _Atomic int turn; // relaxed: orders nothing

static void wait_turn(int n)
{
    while (atomic_load_explicit(&turn, memory_order_relaxed) < n)
        ;
}

static void next_turn(void)
{
    atomic_fetch_add_explicit(&turn, 1, memory_order_relaxed);
}

static void hold_or_fail(gomem_g *g, int i)
{
    if (i == 0) {
        data[0] = 1;
        L->lock(g, &mu);
        next_turn();
    } else {
        wait_turn(1);
        L->try_lock(g, &mu);
        data[1] = data[0];
    }
}

static void failed_try_lock(void)
{
    run(2, hold_or_fail);
}

static void hold_or_fail_rw(gomem_g *g, int i)
{
    if (i == 0) {
        data[0] = 1;
        L->wlock(g, &rw);
        next_turn();
    } else {
        wait_turn(1);
        L->try_rlock(g, &rw);
        L->try_wlock(g, &rw);
        data[1] = data[0];
    }
}

static void failed_try_rlock(void)
{
    run(2, hold_or_fail_rw);
}

static void send_then_write(gomem_g *g, int i)
{
    int64_t v = 0;
    if (i == 0) {
        C->send(g, c, &v);
        data[0] = 1;
        next_turn();
    } else {
        C->recv(g, c, &v);
        wait_turn(1);
        data[1] = data[0];
    }
}

static void after_buffered_send(void)
{
    make(1);
    run(2, send_then_write);
}

static const struct {
    const char *name, *what;
    void (*run)(void);
    bool races;
} programs[] = {
    {"unbuffered", "unbuffered channel", unbuffered, false},
    {"buffered", "buffered channel", buffered, false},
    {"lock", "a channel of capacity 1 as a lock", chan_as_lock, false},
    {"close", "close and receive, by select too", closing, false},
    {"select", "selects that meet", selecting, false},
    {"mutex", "mutex", mutex, false},
    {"starving", "mutex in starvation mode", mutex_starving, false},
    {"rwmutex", "readers-writer lock", rwmutex, false},
    {"waitgroup", "wait group", waitgroup, false},
    {"condition", "notify list under a mutex", condition, false},
    {"notify", "notify list alone", notification, false},
    {"semaphore", "semaphore", semaphore, false},
    {"trylock", "after a failed TryLock", failed_try_lock, true},
    {"tryrlock", "after a failed TryRLock and TryLock of an RWMutex", failed_try_rlock, true},
    {"sender", "what a sender does after a buffered send", after_buffered_send, true},
};

static int child(const char *self, const char *name)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        freopen("/dev/null", "r", stdin);
        setenv("TSAN_OPTIONS", "exitcode=66 report_signal_unsafe=0", 1);
        execl(self, self, name, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

int main(int argc, char **argv)
{
    int failures = 0;
    for (size_t i = 0; argc > 1 && i < COUNTOF(programs); i++)
        if (!strcmp(argv[1], programs[i].name)) {
            programs[i].run();
            return 0;
        }
    personality(ADDR_NO_RANDOMIZE); // ThreadSanitizer wants its addresses
    for (size_t i = 0; i < COUNTOF(programs); i++) {
        int status = child(argv[0], programs[i].name);
        bool good = status == (programs[i].races ? 66 : 0);
        failures += !good;
        printf("%sok %zu - %s: %s\n", good ? "" : "not ", i + 1, programs[i].races ? "reported" : "silent",
               programs[i].what);
        fflush(stdout);
    }
    printf("1..%zu\n", COUNTOF(programs));
    return failures != 0;
}
