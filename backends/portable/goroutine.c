// Goroutines as threads, waiting, stacks; the table and the entry.
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "portable.h"

enum {
    FIRST_STACK = 256 << 20,                            // of the first goroutine: managed and machine stack each
    OTHER_STACK = (sizeof(void *) == 8 ? 16 : 2) << 20, // of the others
    RESERVE = 128 << 10,                                // below the guards: what an operation may use
};

const gomem_backend_table *whole;
const gomem_unit *program;
pthread_mutex_t big = PTHREAD_MUTEX_INITIALIZER;
int timers_armed, goroutines;
static int waiting;                  // of the goroutines, those in wait_for_wake; protected by big
static uint64_t last_id;             // protected by big
static bool main_exited;             // by Goexit; protected by big
static intptr_t max_threads = 10000; // protected by big
static int64_t stack_limit = sizeof(void *) == 8 ? 1000000000 : 250000000; // atomic, relaxed
static intptr_t procs;                                                     // atomic, relaxed; only remembered

// ---- queues and waiting ----

void enqueue(struct queue *q, struct waiter *w)
{
    w->next = NULL;
    if (q->tail)
        q->tail->next = w;
    else
        q->head = w;
    q->tail = w;
}

struct waiter *dequeue(struct queue *q)
{
    struct waiter *w = q->head;
    if (w) {
        q->head = w->next;
        if (!q->head)
            q->tail = NULL;
    }
    return w;
}

void unqueue(struct queue *q, struct waiter *w)
{
    struct waiter *before = NULL;
    for (struct waiter *at = q->head; at; before = at, at = at->next) {
        if (at != w)
            continue;
        if (before)
            before->next = w->next;
        else
            q->head = w->next;
        if (q->tail == w)
            q->tail = before;
        return;
    }
}

struct waiter *waiter_new(void)
{
    struct waiter *w = calloc(1, sizeof *w);
    if (!w)
        death("runtime: out of memory");
    pthread_cond_init(&w->cond, NULL);
    return w;
}

void waiter_free(struct waiter *w)
{
    pthread_cond_destroy(&w->cond);
    free(w);
}

bool own_goroutines(void)
{
    return whole->sched->go == portable_sched.go;
}

// Another backend's goroutines are not counted here: deadlocks are for its scheduler to see.
void check_deadlock(void)
{
    if (!own_goroutines() || waiting < goroutines || timers_armed || timers_awaited())
        return;
    death(main_exited ? "no goroutines (main called runtime.Goexit) - deadlock!"
                      : "all goroutines are asleep - deadlock!");
}

void wait_for_wake(struct waiter *w)
{
    waiting++;
    check_deadlock();
    while (!w->woken)
        pthread_cond_wait(&w->cond, &big);
    w->woken = false;
}

void wake(struct waiter *w)
{
    w->woken = true;
    waiting--;
    pthread_cond_signal(&w->cond);
}

// ---- stacks ----

static GOMEM_NORETURN void overflow(void)
{
    fprintf(stderr, "runtime: goroutine stack exceeds %lld-byte limit\n",
            (long long)__atomic_load_n(&stack_limit, __ATOMIC_RELAXED));
    death("stack overflow");
}

static void more(gomem_g *g, const gomem_frame_desc *desc)
{
    (void)g;
    (void)desc;
    overflow();
}

static void poll_nothing(gomem_g *g)
{
    (void)g;
}

static int64_t set_max(gomem_g *g, int64_t bytes)
{
    (void)g;
    return __atomic_exchange_n(&stack_limit, bytes, __ATOMIC_RELAXED);
}

static const gomem_stack_group stack = {.size = sizeof stack, .more = more, .poll = poll_nothing, .set_max = set_max};

// set_stack gives the running thread's goroutine its managed stack, and the guard of its machine stack.
static void set_stack(struct pg *p, size_t managed)
{
    pthread_attr_t attr;
    void *low = NULL;
    size_t size;
    p->stack = mmap(NULL, managed, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p->stack == MAP_FAILED || pthread_getattr_np(pthread_self(), &attr))
        death("runtime: out of memory");
    pthread_attr_getstack(&attr, &low, &size);
    pthread_attr_destroy(&attr);
    p->head.stack_base = p->head.sp = p->stack + managed;
    p->head.stack_guard = p->stack + RESERVE;
    p->head.machine_guard = (char *)low + RESERVE;
}

// ---- goroutines ----

static void *thread_main(void *arg)
{
    struct pg *p = arg;
    set_stack(p, OTHER_STACK);
    if (!setjmp(p->end)) {
        void (*code)(gomem_g *, gomem_func *) = (void (*)(gomem_g *, gomem_func *))p->fn->code;
        code(&p->head, p->fn);
    }
    munmap(p->stack, OTHER_STACK);
    free(p);
    pthread_mutex_lock(&big);
    goroutines--;
    check_deadlock();
    pthread_mutex_unlock(&big);
    return NULL;
}

// Every goroutine is a thread, and so is the one that waits for the end. big is held.
static void check_threads(void)
{
    if (goroutines + 1 <= max_threads)
        return;
    fprintf(stderr, "runtime: program exceeds %lld-thread limit\n", (long long)max_threads);
    death("thread exhaustion");
}

static void start_thread(void *(*body)(void *), struct pg *p, size_t machine)
{
    pthread_attr_t attr;
    pthread_t thread;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, machine);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    int error = pthread_create(&thread, &attr, body, p);
    pthread_attr_destroy(&attr);
    if (error) {
        fprintf(stderr, "runtime: cannot start a thread: %s\n", strerror(error));
        death("thread exhaustion");
    }
}

// go starts a thread that runs fn as a goroutine; timers ask for one without a g.
static void go(gomem_g *g, gomem_func *fn)
{
    if (!fn)
        whole->panics->fatal(g, "go of nil func value");
    struct pg *p = calloc(1, sizeof *p);
    if (!p)
        death("runtime: out of memory");
    p->fn = fn;
    if (g)
        p->creator = unwind_creator(g, ((struct pg *)(void *)g)->id);
    pthread_mutex_lock(&big);
    p->id = ++last_id;
    goroutines++;
    check_threads();
    pthread_mutex_unlock(&big);
    start_thread(thread_main, p, OTHER_STACK);
}

static void yield(gomem_g *g)
{
    (void)g;
    sched_yield();
}

static GOMEM_NORETURN void block(gomem_g *g)
{
    (void)g;
    struct waiter *w = waiter_new();
    pthread_mutex_lock(&big);
    for (;;)
        wait_for_wake(w);
}

static intptr_t max_procs(gomem_g *g, intptr_t n)
{
    (void)g;
    return n > 0 ? __atomic_exchange_n(&procs, n, __ATOMIC_RELAXED) : __atomic_load_n(&procs, __ATOMIC_RELAXED);
}

static intptr_t count(gomem_g *g)
{
    (void)g;
    pthread_mutex_lock(&big);
    int n = goroutines;
    pthread_mutex_unlock(&big);
    return n;
}

static intptr_t set_max_threads(gomem_g *g, intptr_t n)
{
    (void)g;
    pthread_mutex_lock(&big);
    intptr_t old = max_threads;
    max_threads = n;
    check_threads();
    pthread_mutex_unlock(&big);
    return old;
}

static void own_thread(gomem_g *g)
{
    (void)g; // every goroutine has one
}

const gomem_sched_group portable_sched = {.size = sizeof portable_sched,
                                          .go = go,
                                          .yield = yield,
                                          .block = block,
                                          .max_procs = max_procs,
                                          .count = count,
                                          .set_max_threads = set_max_threads,
                                          .lock_thread = own_thread,
                                          .unlock_thread = own_thread};

// first_main is the first goroutine's thread; its stack is large, since most programs recurse there.
static void *first_main(void *arg)
{
    struct pg *p = arg;
    set_stack(p, FIRST_STACK);
    if (!setjmp(p->end)) {
        program->main(&p->head);
        exit(0);
    }
    pthread_mutex_lock(&big); // Goexit: the others go on
    main_exited = true;
    goroutines--;
    check_deadlock();
    pthread_mutex_unlock(&big);
    return NULL;
}

static int run(const gomem_unit *unit, int argc, char **argv)
{
    (void)unit;
    (void)argc;
    (void)argv;
    struct pg *p = calloc(1, sizeof *p);
    if (!p)
        death("runtime: out of memory");
    procs = sysconf(_SC_NPROCESSORS_ONLN);
    goroutines = 1;
    p->id = last_id = 1;
    start_thread(first_main, p, FIRST_STACK);
    for (;;)
        pause(); // the process ends by exit or by a death
}

// ---- the table ----

static void attach(const gomem_backend_table *in_force, const gomem_unit *unit)
{
    whole = in_force;
    program = unit;
    read_environment();
}

static const gomem_backend_table table = {.contract = GOMEM_CONTRACT,
                                          .size = sizeof table,
                                          .name = "portable",
                                          .release = "1.26",
                                          .gc_profile = false,
                                          .capabilities = "counts deadlock preempt",
                                          .heap = &portable_heap,
                                          .strings = &portable_strings,
                                          .maps = &portable_maps,
                                          .panics = &portable_panics,
                                          .stack = &stack,
                                          .sched = &portable_sched,
                                          .chans = &portable_chans,
                                          .locks = &portable_locks,
                                          .time = &portable_time,
                                          .collector = &portable_collector,
                                          .attach = attach,
                                          .run = run};

__attribute__((visibility("default"))) const gomem_backend_table *gomem_backend(uint32_t contract, const char *options)
{
    if (contract != GOMEM_CONTRACT)
        return NULL;
    if (*options) {
        fprintf(stderr, "portable: unknown options '%s'; it has none\n", options);
        return NULL;
    }
    return &table;
}
