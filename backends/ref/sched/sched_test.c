// Tests of goroutines, processors and threads, on compiled functions written by hand: many goroutines that yield, park and wake each
// other, deadlock-free termination, stop-the-world, suspending, GOMAXPROCS, LockOSThread, sleep, preemption of a loop.
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../compiled_test.h"
#include "../fakes_test.h"
#include "../panic/panic.h"
#include "sched.h"

static _Atomic int64_t counter, done;

static void wait_for(gomem_g *g, _Atomic int64_t *word, int64_t value)
{
    while (atomic_load(word) < value)
        ref_sched_group.yield(g);
}

// ---- yielding ----

enum { MANY = 2000, TURNS = 50 };

CLOSURE(yielder)
{
    (void)self;
    for (int i = 0; i < TURNS; i++) {
        atomic_fetch_add(&counter, 1);
        ref_sched_group.yield(g);
    }
    atomic_fetch_add(&done, 1);
}

static void many_yield(gomem_g *g)
{
    atomic_store(&counter, 0);
    atomic_store(&done, 0);
    for (int i = 0; i < MANY; i++)
        ref_sched_group.go(g, &yielder);
    wait_for(g, &done, MANY);
    ok(atomic_load(&counter) == MANY * TURNS, "2000 goroutines took 50 turns each");
    while (ref_sched_group.count(g) > 1)
        ref_sched_group.yield(g);
    ok(ref_sched_group.count(g) == 1, "none is left");
}

// ---- parking: a ring of goroutines that wake the next one ----

enum { RING = 100, ROUNDS = 200 };
static struct rmutex ring_lock = {.rank = RANK_CHAN};
static struct g *ring[RING]; // who waits at a place; protected by ring_lock
static bool token[RING];
static _Atomic int64_t places;

static void pass(int to)
{
    rlock(&ring_lock);
    struct g *g = ring[to];
    ring[to] = NULL;
    token[to] = !g;
    runlock(&ring_lock);
    if (g)
        g_ready(g, true);
}

static void take(gomem_g *g, int place)
{
    rlock(&ring_lock);
    if (token[place]) {
        token[place] = false;
        runlock(&ring_lock);
        return;
    }
    ring[place] = g_of(g);
    g_park(g_of(g), g_unlock_commit, &ring_lock, WAIT_CHAN_RECEIVE);
}

CLOSURE(member)
{
    (void)self;
    int place = (int)atomic_fetch_add(&places, 1);
    for (int i = 0; i < ROUNDS; i++) {
        take(g, place);
        atomic_fetch_add(&counter, 1);
        pass((place + 1) % RING);
    }
    atomic_fetch_add(&done, 1);
}

static void ring_turns(gomem_g *g)
{
    atomic_store(&counter, 0);
    atomic_store(&done, 0);
    for (int i = 0; i < RING; i++)
        ref_sched_group.go(g, &member);
    pass(0);
    wait_for(g, &done, RING);
    ok(atomic_load(&counter) == RING * ROUNDS, "a token went round a ring of 100 parked goroutines 200 times");
}

// ---- the world ----

static _Atomic uint32_t run_flag;
static _Atomic int64_t spins;

static void spin_until_told(gomem_g *g, _Atomic int64_t *n)
{
    while (atomic_load(&run_flag)) {
        if (__atomic_load_n(&g->poll, __ATOMIC_RELAXED))
            ref_stack_group.poll(g);
        atomic_fetch_add(n, 1);
    }
    atomic_fetch_add(&done, 1);
}

CLOSURE(spinner)
{
    (void)self;
    spin_until_told(g, &spins);
}

static void world(gomem_g *g)
{
    atomic_store(&run_flag, 1);
    atomic_store(&done, 0);
    for (int i = 0; i < 8; i++)
        ref_sched_group.go(g, &spinner);
    bool still = true;
    int64_t last = 0;
    for (int i = 0; i < 200; i++) {
        world_stop("test");
        int64_t seen = atomic_load(&spins);
        for (int k = 0; k < 1000; k++)
            still &= atomic_load(&spins) == seen;
        world_start();
        last = seen;
        while (atomic_load(&spins) == last)
            ref_sched_group.yield(g);
    }
    ok(still, "nothing runs while the world is stopped, 200 times over spinning goroutines");
    atomic_store(&run_flag, 0);
    wait_for(g, &done, 8);
}

static _Atomic int64_t suspends;
static struct g *victim;

static void suspender(struct g *g, void *arg)
{
    (void)g;
    (void)arg;
    bool still = true;
    for (int i = 0; i < 200; i++) {
        if (!g_suspend(victim))
            ref_throw("the victim is dead");
        int64_t seen = atomic_load(&spins);
        for (int k = 0; k < 1000; k++)
            still &= atomic_load(&spins) == seen;
        g_resume(victim);
        for (int k = 0; k < 1000000 && atomic_load(&spins) == seen; k++)
            if (k > 1000)
                g_yield(g);
    }
    ok(still, "a goroutine that is suspended does not run, 200 times");
    atomic_store(&run_flag, 0);
    atomic_store(&suspends, 1);
}

CLOSURE(victim_fn)
{
    (void)self;
    __atomic_store_n(&victim, g_of(g), __ATOMIC_RELEASE);
    spin_until_told(g, &spins);
}

static void suspending(gomem_g *g)
{
    atomic_store(&run_flag, 1);
    atomic_store(&done, 0);
    ref_sched_group.go(g, &victim_fn);
    while (!__atomic_load_n(&victim, __ATOMIC_ACQUIRE))
        ref_sched_group.yield(g);
    g_new_system(suspender, NULL);
    wait_for(g, &suspends, 1);
    wait_for(g, &done, 1);
}

// ---- processors and threads ----

static void procs(gomem_g *g)
{
    bool good = true;
    intptr_t old = ref_sched_group.max_procs(g, 0);
    for (int i = 0; i < 30; i++) {
        intptr_t n = 1 + i % 7;
        ref_sched_group.max_procs(g, n);
        good &= ref_sched_group.max_procs(g, -1) == n;
        atomic_store(&done, 0);
        for (int k = 0; k < 20; k++)
            ref_sched_group.go(g, &yielder);
        wait_for(g, &done, 20);
    }
    ref_sched_group.max_procs(g, old);
    ok(good, "GOMAXPROCS changes 30 times while goroutines run");
}

CLOSURE(wired)
{
    (void)self;
    ref_sched_group.lock_thread(g);
    long tid = syscall(SYS_gettid);
    bool same = true;
    for (int i = 0; i < 100; i++) {
        ref_sched_group.yield(g);
        same &= syscall(SYS_gettid) == tid;
        if (i % 10 == 0)
            ref_time_group.sleep(g, 100000);
        same &= syscall(SYS_gettid) == tid;
    }
    if (same)
        atomic_fetch_add(&counter, 1);
    if (atomic_load(&counter) % 2)
        ref_sched_group.unlock_thread(g);
    atomic_fetch_add(&done, 1);
}

static void wiring(gomem_g *g)
{
    atomic_store(&done, 0);
    atomic_store(&counter, 0);
    for (int i = 0; i < 10; i++)
        ref_sched_group.go(g, &wired);
    for (int i = 0; i < 10; i++)
        ref_sched_group.go(g, &yielder);
    wait_for(g, &done, 20);
    ok(atomic_load(&counter) >= 10, "LockOSThread keeps ten goroutines on their threads");
}

// ---- time ----

static int64_t slept[3];
static _Atomic int64_t order;

static void sleeper(struct g *g, void *arg)
{
    int64_t ms = (int64_t)(intptr_t)arg;
    ref_time_group.sleep(&g->head, ms * 1000000);
    slept[atomic_fetch_add(&order, 1)] = ms;
}

CLOSURE(timer_fn)
{
    (void)g;
    (void)self;
    atomic_fetch_add(&counter, 1);
}

static void timing(gomem_g *g)
{
    int64_t start = ref_time_group.now();
    g_new_system(sleeper, (void *)(intptr_t)60);
    g_new_system(sleeper, (void *)(intptr_t)20);
    g_new_system(sleeper, (void *)(intptr_t)40);
    ref_time_group.sleep(g, 100 * 1000000);
    ok(ref_time_group.now() - start >= 100 * 1000000, "a sleep lasts at least as long as it should");
    wait_for(g, &order, 3);
    ok(slept[0] == 20 && slept[1] == 40 && slept[2] == 60, "sleepers wake in order of their times");

    atomic_store(&counter, 0);
    gomem_timer t = {.fn = &timer_fn, .when = ref_time_group.now() + 3600000000000};
    ref_time_group.start(g, &t);
    ok(ref_time_group.stop(g, &t) && !ref_time_group.stop(g, &t), "stop says whether the timer was pending");
    ok(!ref_time_group.reset(g, &t, ref_time_group.now() + 1000000, 1000000), "reset likewise");
    while (atomic_load(&counter) < 5)
        ref_time_group.sleep(g, 1000000);
    ok(ref_time_group.stop(g, &t), "a periodic timer is pending until it is stopped");
    while (ref_sched_group.count(g) > 1)
        ref_sched_group.yield(g);
}

// With one processor a loop that polls is interrupted, else its end never comes.
CLOSURE(ender)
{
    (void)g;
    (void)self;
    atomic_store(&run_flag, 0);
}

static void preempting(gomem_g *g)
{
    ref_sched_group.max_procs(g, 1);
    atomic_store(&run_flag, 1);
    atomic_store(&done, 0);
    ref_sched_group.go(g, &ender);
    spin_until_told(g, &spins);
    ok(atomic_load(&done) == 1, "a loop that only polls lets another goroutine run on the only processor");
}

// ---- blocking calls: more of them than processors and machine stacks, each ended by a goroutine ----

enum { PIPES = 20 };
static int pipes[PIPES][2];
static _Atomic int64_t next_pipe;

static intptr_t read_byte(intptr_t fd, intptr_t p, intptr_t n)
{
    return read((int)fd, (void *)p, (size_t)n);
}

CLOSURE(reader)
{
    (void)self;
    static char bytes[PIPES];
    int64_t i = atomic_fetch_add(&next_pipe, 1);
    if (i % 3 == 0)
        ref_sched_group.lock_thread(g);
    intptr_t n = ref_sched_group.blocking(g, read_byte, pipes[i][0], (intptr_t)&bytes[i], 1);
    atomic_fetch_add(&counter, n == 1 && bytes[i] == (char)i);
    atomic_fetch_add(&done, 1);
}

static void blocking(gomem_g *g)
{
    atomic_store(&done, 0);
    atomic_store(&counter, 0);
    for (int i = 0; i < PIPES; i++) {
        if (pipe(pipes[i]))
            ref_throw("no pipe");
        ref_sched_group.go(g, &reader);
    }
    while (atomic_load(&next_pipe) < PIPES)
        ref_sched_group.yield(g);
    world_stop("test");
    world_start();
    for (int i = 0; i < PIPES; i++)
        if (write(pipes[i][1], &(char){(char)i}, 1) != 1)
            ref_throw("a pipe is broken");
    wait_for(g, &done, PIPES);
    ok(atomic_load(&counter) == PIPES, "20 goroutines block in the system, the others go on");
}

static void figures(gomem_g *g)
{
    int64_t start = ref_time_group.now();
    for (int i = 0; i < 1000000; i++)
        ref_sched_group.yield(g);
    printf("# yield: %.1f ns\n", (double)(ref_time_group.now() - start) / 1e6);
    atomic_store(&done, 0);
    start = ref_time_group.now();
    for (int i = 0; i < 200000; i++) {
        ref_sched_group.go(g, &timer_fn);
        ref_sched_group.yield(g);
    }
    printf("# spawn and end: %.1f ns\n", (double)(ref_time_group.now() - start) / 2e5);
}

static void first(struct g *g, void *arg)
{
    (void)arg;
    gomem_g *h = &g->head;
    many_yield(h);
    ring_turns(h);
    world(h);
    suspending(h);
    procs(h);
    wiring(h);
    timing(h);
    blocking(h);
    preempting(h);
    figures(h);
    printf("1..%d\n", tests);
    fflush(stdout);
    _exit(failures != 0);
}

int main(void)
{
    stack_init(0, getenv("SLOTS") ? (uintptr_t)atol(getenv("SLOTS")) : 0);
    sched_init(4);
    sched_run(first, NULL);
}
