// Tests of managed stacks and panics on compiled functions written by hand: pointers into the own stack in frames, spilled arguments,
// wait nodes, deferred calls and panics survive growing and shrinking; panics run, recover, repeat and end as Go's; the limit and
// other deaths, each in a process of its own. SLOTS=n in the environment: so few machine stacks.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../compiled_test.h"
#include "../fakes_test.h"
#include "../panic/panic.h"
#include "../sched/sched.h"

static void run_and_wait(gomem_g *g, gomem_func *fn)
{
    ref_sched_group.go(g, fn);
    while (ref_sched_group.count(g) > 1)
        ref_sched_group.yield(g);
}

// ---- growing: every frame points to its own variable and to its caller's ----

struct sum_frame {
    gomem_frame head;
    intptr_t *callers; // live at both safepoints
    intptr_t *own;
    intptr_t value;
    intptr_t scalar; // looks like a pointer into the stack, but is none: it stays
    intptr_t pad[3];
};
FRAME_DESC(sum, 7, "\x03\x03", 2)

static bool scalars_stay, own_follows;

static intptr_t sum(gomem_g *g, intptr_t *callers, intptr_t n)
{
    ENTER(sum, 1, (void **)&callers);
    intptr_t result = 0;
    fr->callers = callers;
    fr->value = n;
    fr->own = &fr->value;
    intptr_t scalar = fr->scalar = (intptr_t)fr;
    if (n > 0)
        CALL(sum, 0, result = sum(g, fr->own, n - 1));
    scalars_stay &= fr->scalar == scalar;
    own_follows &= fr->own == &fr->value;
    result += *fr->callers + *fr->own;
    LEAVE(sum);
    return result;
}

enum { DEEP = 20000 };
static intptr_t total;

struct top_frame {
    gomem_frame head;
    intptr_t variable, pad;
};
FRAME_DESC(top, 2, "\x00", 1)

CLOSURE(grower)
{
    void *closure = self;
    ENTER(top, 1, &closure);
    fr->variable = 1000000;
    CALL(top, 0, total = sum(g, &fr->variable, DEEP));
    LEAVE(top);
}

static void growing(gomem_g *g)
{
    struct stack_stats before, after;
    scalars_stay = own_follows = true;
    stack_stats(&before);
    run_and_wait(g, &grower);
    stack_stats(&after);
    // the callers' variables: 1000000, and n .. 1; the own ones: n .. 0
    ok(total == 1000000 + (intptr_t)DEEP * (DEEP + 1),
       "values and pointers survive a stack that grows 20000 frames deep");
    ok(own_follows, "a pointer to a variable of the same frame follows");
    ok(scalars_stay, "a word that is no pointer stays");
    ok(after.moves - before.moves >= 10, "it moved each time it doubled");
}

// ---- candidates: each frame's object leads to that two frames further out; the innermost frame leads to the first ----

struct chain_frame {
    gomem_frame head;
    struct { // the object
        intptr_t *mark;
        void *link;
    } object;
    void *to; // live at all safepoints
    intptr_t pad;
};
static const gomem_frame_desc chain_desc = {.function = "test.chain",
                                            .file = __FILE__,
                                            .size = sizeof(struct chain_frame),
                                            .words = 4,
                                            .points = 1,
                                            .masks = (const uint8_t *)"\x07",
                                            .lines = (const uint32_t[]){0},
                                            .objects = (const gomem_frame_object[]){{0, 2}},
                                            .object_count = 1,
                                            .candidates = (const uint8_t *)"\x01"};

enum { CHAIN = 1000 };
static intptr_t chain_marks[CHAIN];

static void count_mark(void *ctx, void **word)
{
    (void)ctx;
    intptr_t *mark = *word;
    if (mark >= chain_marks && mark < chain_marks + CHAIN)
        ++*mark;
}

static void chain(gomem_g *g, void *outer, void *last, intptr_t n)
{
    ENTER(chain, 2, (void **)&outer, (void **)&last);
    fr->object.mark = &chain_marks[n];
    fr->object.link = outer;
    fr->to = n == 0 ? &fr->object.link : NULL;
    if (n == 0)
        stack_visit_live((struct g *)g, count_mark, NULL);
    else
        CALL(chain, 0, chain(g, last, &fr->object, n - 1));
    LEAVE(chain);
}

static bool every_other_once(intptr_t n)
{
    bool as_expected = true;
    for (intptr_t i = 0; i < CHAIN; i++) {
        as_expected &= chain_marks[i] == (i < n && i % 2 == 0);
        chain_marks[i] = 0;
    }
    return as_expected;
}

static void candidates(gomem_g *g)
{
    static const intptr_t depths[] = {1, 2, 3, 32, 33, CHAIN};
    bool as_expected = true;
    for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
        chain(g, NULL, NULL, depths[i] - 1);
        as_expected &= every_other_once(depths[i]);
    }
    ok(as_expected, "of candidates those are visited, once, to which something leads");
}

// ---- a pointer-free recursion ----

static __attribute__((noinline)) intptr_t plain(gomem_g *g, intptr_t n)
{
    if (enter_slow(g, 0))
        ref_stack_group.more(g, NULL);
    volatile intptr_t local = n;
    intptr_t below = n > 0 ? plain(g, n - 1) : 0;
    return below + local;
}

CLOSURE(plain_deep)
{
    (void)self;
    total = plain(g, 1000000);
}

// ---- waiting while the stack shrinks ----

static struct rmutex chan_lock = {.rank = RANK_CHAN};
static struct sudog *receiver; // protected by chan_lock
static bool moved, received;

static void recv(gomem_g *g, void *elem)
{
    struct g *me = g_of(g);
    struct sudog *s = sudog_get(me);
    rlock(&chan_lock);
    s->elem = elem;
    s->lock = &chan_lock;
    me->waiting = s;
    receiver = s;
    g_park(me, g_unlock_commit, &chan_lock, WAIT_CHAN_RECEIVE);
    me->waiting = NULL;
    sudog_put(me, s);
}

struct wait_frame {
    gomem_frame head;
    intptr_t *to;
    intptr_t value;
};
FRAME_DESC(wait, 2, "\x01\x01", 2)

CLOSURE(waiter)
{
    void *closure = self;
    ENTER(wait, 1, &closure);
    intptr_t unused;
    fr->to = &fr->value;
    CALL(wait, 0, unused = sum(g, fr->to, 2000)); // so that there is something to shrink
    (void)unused;
    char *before = (char *)fr;
    CALL(wait, 1, recv(g, fr->to));
    moved = (char *)fr != before;
    received = fr->value == 4711 && fr->to == &fr->value;
    LEAVE(wait);
}

static _Atomic uint32_t shrunk;

static void shrink_one(struct g *g, void *ctx)
{
    (void)ctx;
    if (!g->system && g->id != 1 && g_suspend(g)) {
        stack_shrink(g);
        g_resume(g);
    }
}

static void shrinker(struct g *g, void *arg)
{
    (void)g;
    (void)arg;
    for (int i = 0; i < 20; i++)
        g_each(shrink_one, NULL);
    atomic_store(&shrunk, 1);
}

static void send_to_waiter(void)
{
    rlock(&chan_lock);
    struct sudog *s = receiver;
    receiver = NULL;
    *(intptr_t *)s->elem = 4711;
    struct g *to = s->g;
    runlock(&chan_lock);
    g_ready(to, true);
}

static void shrinking(gomem_g *g)
{
    ref_sched_group.go(g, &waiter);
    for (bool waits = false; !waits; ref_sched_group.yield(g)) {
        rlock(&chan_lock);
        waits = receiver != NULL;
        runlock(&chan_lock);
    }
    g_new_system(shrinker, NULL);
    while (!atomic_load(&shrunk))
        ref_sched_group.yield(g);
    send_to_waiter();
    while (ref_sched_group.count(g) > 1)
        ref_sched_group.yield(g);
    ok(moved, "a blocked goroutine's stack shrinks");
    ok(received, "what is sent to a variable of it arrives, though it moved meanwhile");
}

// ---- panics ----

static char trail[256];

static void note(const char *what)
{
    strcat(trail, what);
}

static const gomem_type int_type = {.size = 8, .kind = GOMEM_INT, .name = {(const uint8_t *)"int", 3}};
static intptr_t values[] = {0, 1, 2, 3};

static gomem_eface value_of(int i)
{
    return (gomem_eface){&int_type, &values[i]};
}

// A closure that captures a pointer to a variable of the frame that defers.
struct capture {
    gomem_func head;
    intptr_t *target;
};

struct deferring_frame {
    gomem_frame head;
    struct capture closure; // words 0, 1
    gomem_defer record;     // words 2 .. 5
    intptr_t variable;      // word 6
    jmp_buf catch;
};
// The code word is no pointer; target is. The catch is not described: it holds no pointers of Go's.
FRAME_DESC(deferring, 7, "\x02", 1)

static void defer_call(gomem_g *g, struct deferring_frame *fr, void (*code)(gomem_g *, gomem_func *))
{
    fr->closure = (struct capture){{(void (*)(void))code}, &fr->variable};
    fr->record = (gomem_defer){g->defers, &fr->closure.head, (char *)fr, &fr->catch};
    g->defers = &fr->record;
}

// The deferred functions: pointer to the closure spilled, a frame of their own because they call.
struct handler_frame {
    gomem_frame head;
    struct capture *self;
    intptr_t variable;
};
FRAME_DESC(handler, 2, "\x01", 1)

static void recovering(gomem_g *g, gomem_func *closure)
{
    char *entry = g->sp;
    void *self = closure;
    uintptr_t depth = (uintptr_t)(g->stack_base - entry);
    ENTER(handler, 1, &self);
    entry = g->stack_base - depth;
    fr->self = self;
    intptr_t unused;
    CALL(handler, 0, unused = sum(g, &fr->variable, 3000)); // moves the stack under the panic
    (void)unused;
    entry = g->stack_base - depth;
    gomem_eface v = ref_panics_group.recover(g, entry);
    *fr->self->target = v.type ? *(intptr_t *)v.data : -1;
    note("r");
    LEAVE(handler);
}

static void noting(gomem_g *g, gomem_func *closure)
{
    (void)g;
    (void)closure;
    note("n");
}

static void panicking(gomem_g *g, gomem_func *closure)
{
    (void)closure;
    note("p");
    ref_panics_group.panic(g, value_of(2));
}

// deep panics n frames down, deferring at each level.
static void deep(gomem_g *g, intptr_t n, void (*innermost)(gomem_g *, gomem_func *), bool goexit)
{
    ENTER(deferring, 0, NULL);
    if (!setjmp(fr->catch)) {
        fr = (struct deferring_frame *)(void *)g->sp;
        defer_call(g, fr, n ? noting : innermost);
        if (n)
            CALL(deferring, 0, deep(g, n - 1, innermost, goexit));
        else if (goexit)
            ref_panics_group.goexit(g);
        else
            ref_panics_group.panic(g, value_of(1));
    }
    fr = (struct deferring_frame *)(void *)g->sp;
    ref_panics_group.run_defers(g);
    fr = (struct deferring_frame *)(void *)g->sp;
    LEAVE(deferring);
}

static intptr_t seen;

// outer recovers whatever deep ends with, in its own frame, and notes the value.
static void outer(gomem_g *g, intptr_t n, void (*innermost)(gomem_g *, gomem_func *), bool goexit)
{
    ENTER(deferring, 0, NULL);
    fr->variable = 77;
    if (!setjmp(fr->catch)) {
        fr = (struct deferring_frame *)(void *)g->sp;
        defer_call(g, fr, recovering);
        CALL(deferring, 0, deep(g, n, innermost, goexit));
        note("b");
    }
    ref_panics_group.run_defers(g);
    fr = (struct deferring_frame *)(void *)g->sp;
    seen = fr->variable;
    LEAVE(deferring);
}

CLOSURE(panic_deep)
{
    (void)self;
    outer(g, 3, noting, false);
    note(".");
}

CLOSURE(panic_twice)
{
    (void)self;
    outer(g, 1, panicking, false);
    note(g->panics ? "!" : ".");
}

CLOSURE(recover_below)
{
    (void)self;
    outer(g, 2, recovering, false);
    note(g->panics ? "!" : ".");
}

CLOSURE(exits)
{
    (void)self;
    outer(g, 2, noting, true);
    note("?");
}

CLOSURE(exits_over_panic)
{
    (void)self;
    outer(g, 1, panicking, true);
    note("?");
}

static void after_trail(gomem_g *g, gomem_func *fn, const char *want, intptr_t value, const char *what)
{
    trail[0] = '\0';
    seen = 0;
    run_and_wait(g, fn);
    if (strcmp(trail, want) || seen != value)
        printf("# %s, %s wanted; value %ld\n", trail, want, (long)seen);
    ok(!strcmp(trail, want) && seen == value, what);
}

static void panics(gomem_g *g)
{
    after_trail(g, &panic_deep, "nnnnr.", 1,
                "a panic runs the deferred calls of five frames and is recovered in the outermost");
    after_trail(g, &panic_twice, "pnr.", 2,
                "a panic in a deferred call replaces the first; both are over after the recovery");
    after_trail(g, &recover_below, "rnnbr.", -1, "a panic that is recovered further in lets the callers go on");
    after_trail(g, &exits, "nnnr", 0, "Goexit runs all deferred calls; recover gives nil, nothing goes on");
    after_trail(g, &exits_over_panic, "pnr", 0, "a panic during Goexit is recovered, and Goexit goes on");
}

// ---- deaths ----

static gomem_func *death;

CLOSURE(endless)
{
    (void)self;
    total = sum(g, &total, 1 << 30);
}

CLOSURE(endless_plain)
{
    (void)self;
    total = plain(g, 1 << 30);
}

CLOSURE(limited)
{
    (void)self;
    ref_stack_group.set_max(g, 1 << 20);
    total = sum(g, &total, 1 << 30);
}

CLOSURE(deadlock)
{
    (void)self;
    ref_sched_group.block(g);
}

CLOSURE(unrecovered)
{
    (void)self;
    deep(g, 1, panicking, false);
}

CLOSURE(main_exits)
{
    (void)self;
    ref_panics_group.goexit(g);
}

static gomem_string panic_text_of(gomem_g *g, gomem_eface v)
{
    static const char *const texts[] = {"zero", "one", "two\nlines"};
    (void)g;
    const char *s = texts[*(intptr_t *)v.data];
    return (gomem_string){(const uint8_t *)s, (intptr_t)strlen(s)};
}

static const gomem_unit unit = {.panic_text = panic_text_of};

static void dying(struct g *g, void *arg)
{
    (void)arg;
    ((void (*)(gomem_g *, gomem_func *))death->code)(&g->head, death);
    _exit(0);
}

static void dies(gomem_func *fn, const char *text, const char *what)
{
    int fds[2], status = 0;
    char out[1 << 16];
    size_t n = 0;
    if (pipe(fds))
        ref_throw("no pipe");
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fds[1], STDERR_FILENO);
        close(fds[0]);
        death = fn;
        stack_init(0, getenv("SLOTS") ? (uintptr_t)atol(getenv("SLOTS")) : 0);
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
        printf("# status %x: %.600s\n", status, out);
    ok(good, what);
}

static void deaths(void)
{
    dies(&endless, "runtime: goroutine stack exceeds 1000000000-byte limit\n", "the default limit");
    dies(&endless_plain, "fatal error: stack overflow", "a recursion without managed frames ends too");
    dies(&limited, "runtime: goroutine stack exceeds 1048576-byte limit\n", "a limit that was set");
    dies(&deadlock, "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [select (no cases)]:\n",
         "deadlock");
    dies(&main_exits, "fatal error: no goroutines (main called runtime.Goexit) - deadlock!", "Goexit of main alone");
    dies(&unrecovered, "panic: one\n\tpanic: two\n\tlines\n\ngoroutine 1 [running]:\ntest.deferring(...)\n",
         "an unrecovered panic, the one before it, a trace");
}

static void first(struct g *g, void *arg)
{
    (void)arg;
    growing(&g->head);
    candidates(&g->head);
    run_and_wait(&g->head, &plain_deep);
    ok(total == (intptr_t)((uint64_t)1000000 * 1000001 / 2), "a recursion without pointers goes a million deep");
    shrinking(&g->head);
    panics(&g->head);
    printf("1..%d\n", tests);
    fflush(stdout);
    _exit(failures != 0);
}

int main(void)
{
    ref_unit = &unit;
    deaths();
    stack_init(0, getenv("SLOTS") ? (uintptr_t)atol(getenv("SLOTS")) : 0);
    sched_init(2);
    sched_run(first, NULL);
}
