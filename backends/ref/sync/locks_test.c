// Tests of semaphores and the locks built on them, on the real scheduler with two processors: exclusion, wake-ups one by one and in order,
// starvation by a clock of the test's own, misuse. Channels are in chan_test.c.
#include "test_support.h"

#define L (&ref_locks_group)

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
    sync_now = sched_now;
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

static bool waits_with(uint32_t ticket)
{
    struct sudog *last = __atomic_load_n(&list.tail, __ATOMIC_ACQUIRE);
    return last && last->ticket == ticket;
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
        while (!waits_with((uint32_t)i))
            S->yield(g);
    }
    for (int64_t i = 0; i < 5; i++) {
        settle(g);
        good &= atomic_load(&counter) == i;
        L->notify_one(g, &list);
        while (atomic_load(&counter) <= i)
            S->yield(g);
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

static void deaths(void)
{
    dies(&unlock_unlocked, "fatal error: sync: unlock of unlocked mutex");
    dies(&unlock_read, "fatal error: sync: Unlock of unlocked RWMutex");
    dies(&runlock_unlocked, "fatal error: sync: RUnlock of unlocked RWMutex");
    dies(&lock_twice, "fatal error: all goroutines are asleep - deadlock!");
    dies(&negative, "panic: sync: negative WaitGroup counter");
}

static void first(struct g *g, void *arg)
{
    gomem_g *h = &g->head;
    (void)arg;
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
