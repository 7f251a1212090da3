// Tests of the whole runtime, through its table only, on compiled functions written by hand: what no part can show on its own.
// Trees are built and summed by many goroutines while collections run and stacks grow, move and shrink; pointers travel over channels
// from stack to stack; timers fire; a hundred thousand goroutines wait at once. OPTIONS in the environment: those of the backend
// (slots=2 makes all share machine stacks).
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiled_test.h"

static const gomem_backend_table *b;

// ---- types ----

enum { WORD = sizeof(void *) };

struct node {
    struct node *left, *right;
    intptr_t value;
};

static const uint8_t node_mask[] = {3}, word_mask[] = {1};
static const gomem_type node_type = {
    .size = sizeof(struct node), .ptrdata = 2 * WORD, .mask = node_mask, .mask_size = 3 * WORD, .align = WORD};
static const gomem_type pointer_type = {.size = WORD,
                                        .ptrdata = WORD,
                                        .mask = word_mask,
                                        .mask_size = WORD,
                                        .align = WORD,
                                        .kind = GOMEM_POINTER,
                                        .elem = &node_type};
static const gomem_type int_type = {.size = WORD, .align = WORD, .kind = GOMEM_INT};
static const gomem_type chan_pointer = {.size = WORD,
                                        .ptrdata = WORD,
                                        .mask = word_mask,
                                        .mask_size = WORD,
                                        .align = WORD,
                                        .kind = GOMEM_CHAN,
                                        .elem = &pointer_type,
                                        .len = 3};
static const gomem_type chan_int = {.size = WORD,
                                    .ptrdata = WORD,
                                    .mask = word_mask,
                                    .mask_size = WORD,
                                    .align = WORD,
                                    .kind = GOMEM_CHAN,
                                    .elem = &int_type,
                                    .len = 3};
static const gomem_type instant_type = {
    .size = sizeof(gomem_instant), .mask = word_mask, .mask_size = sizeof(gomem_instant), .align = 8};
static const gomem_type chan_instant = {.size = WORD,
                                        .ptrdata = WORD,
                                        .mask = word_mask,
                                        .mask_size = WORD,
                                        .align = WORD,
                                        .kind = GOMEM_CHAN,
                                        .elem = &instant_type,
                                        .len = 3};

static struct {
    gomem_chan *ints, *nodes, *nodes2, *never, *ticks;
    struct node *kept;
    gomem_timer *timer;
} variables;
enum { VARIABLES = sizeof variables / sizeof(void *) };

static void set(gomem_g *g, void *slot, void *v)
{
    if (*b->barrier->enabled)
        b->barrier->store(g, slot, v);
    else
        *(void **)slot = v;
}

// ---- trees ----

struct build_frame {
    gomem_frame head;
    struct node *left, *right; // live from their calls on
};
FRAME_DESC(build, 2, "\x00\x01", 2)

static struct node *build(gomem_g *g, intptr_t depth)
{
    ENTER(build, 0, NULL);
    if (depth > 0) {
        struct node *made;
        CALL(build, 0, made = build(g, depth - 1));
        fr->left = made;
        CALL(build, 1, made = build(g, depth - 1));
        fr->right = made;
    }
    struct node *n = b->heap->new_object(g, &node_type); // no safepoint: the children may stay in the frame or not
    set(g, &n->left, fr->left);
    set(g, &n->right, fr->right);
    n->value = depth + 1;
    LEAVE(build);
    return n;
}

struct sum_frame {
    gomem_frame head;
    struct node *tree;
    intptr_t *into; // a variable of the outermost caller
};
FRAME_DESC(sum, 2, "\x03\x02", 2)

static void sum(gomem_g *g, struct node *tree, intptr_t *into)
{
    ENTER(sum, 2, (void **)&tree, (void **)&into);
    if (tree) {
        fr->tree = tree;
        fr->into = into;
        *fr->into += fr->tree->value;
        CALL(sum, 0, sum(g, fr->tree->left, fr->into));
        CALL(sum, 1, sum(g, fr->tree->right, fr->into));
    }
    LEAVE(sum);
}

static intptr_t want_sum(intptr_t depth)
{
    intptr_t total = 0, count = 1;
    for (intptr_t d = depth; d >= 0; d--, count *= 2)
        total += (d + 1) * count;
    return total;
}

struct worker_frame {
    gomem_frame head;
    struct node *tree;
    intptr_t total;
};
FRAME_DESC(worker, 2, "\x00\x01\x00", 3)

enum { WORKERS = 20, TREES = 30, DEPTH = 10 };

CLOSURE(worker)
{
    void *closure = self;
    ENTER(worker, 1, &closure);
    intptr_t good = 0;
    for (int i = 0; i < TREES; i++) {
        struct node *tree;
        CALL(worker, 0, tree = build(g, DEPTH));
        fr->tree = tree;
        fr->total = 0;
        CALL(worker, 1, b->sched->yield(g));
        CALL(worker, 1, sum(g, fr->tree, &fr->total));
        good += fr->total == want_sum(DEPTH);
    }
    fr->total = good;
    CALL(worker, 2, b->chans->send(g, variables.ints, &fr->total));
    LEAVE(worker);
}

static intptr_t receive_ints(gomem_g *g, intptr_t n)
{
    intptr_t total = 0, x;
    for (; n > 0; n--) {
        static intptr_t place; // not on the machine stack: the goroutine waits
        b->chans->recv(g, variables.ints, &place);
        x = place;
        total += x;
    }
    return total;
}

static void trees(gomem_g *g)
{
    for (int i = 0; i < WORKERS; i++)
        b->sched->go(g, &worker);
    for (int i = 0; i < 5; i++)
        b->collector->collect(g);
    ok(receive_ints(g, WORKERS) == WORKERS * TREES,
       "600 trees are whole, built by 20 goroutines while collections run");
}

// ---- pointers from stack to stack ----

struct pipe_frame {
    gomem_frame head;
    struct node *n;
    struct node **to;
};
FRAME_DESC(pipe, 2, "\x03\x03\x01", 3)

enum { PASSED = 2000 };

CLOSURE(producer)
{
    void *closure = self;
    ENTER(pipe, 1, &closure);
    for (intptr_t i = 1; i <= PASSED; i++) {
        struct node *n;
        CALL(pipe, 0, n = build(g, 2));
        n->value = i;
        fr->n = n;
        CALL(pipe, 1, b->chans->send(g, variables.nodes, &fr->n));
        fr->n = NULL;
    }
    LEAVE(pipe);
}

// forward receives at growing depth, so that its stack has just moved, or moves while it waits.
static void forward(gomem_g *g, intptr_t depth)
{
    ENTER(pipe, 0, NULL);
    if (depth > 0) {
        CALL(pipe, 0, forward(g, depth - 1));
    } else {
        fr->to = &fr->n;
        CALL(pipe, 1, b->chans->recv(g, variables.nodes, fr->to));
        CALL(pipe, 2, b->chans->send(g, variables.nodes2, &fr->n));
    }
    LEAVE(pipe);
}

CLOSURE(forwarder)
{
    void *closure = self;
    ENTER(pipe, 1, &closure);
    for (intptr_t i = 0; i < PASSED; i++)
        CALL(pipe, 0, forward(g, i % 97));
    LEAVE(pipe);
}

CLOSURE(consumer)
{
    void *closure = self;
    ENTER(worker, 1, &closure);
    intptr_t good = 0;
    for (intptr_t i = 1; i <= PASSED; i++) {
        fr->tree = NULL;
        CALL(worker, 1, b->chans->recv(g, variables.nodes2, &fr->tree));
        fr->total = 0;
        intptr_t value = fr->tree->value;
        CALL(worker, 1, sum(g, fr->tree, &fr->total));
        good += value == i && fr->total == want_sum(2) - 3 + i;
    }
    fr->total = good;
    CALL(worker, 2, b->chans->send(g, variables.ints, &fr->total));
    LEAVE(worker);
}

static void pipes(gomem_g *g)
{
    b->sched->go(g, &producer);
    b->sched->go(g, &forwarder);
    b->sched->go(g, &consumer);
    for (int i = 0; i < 20; i++)
        b->collector->collect(g);
    ok(receive_ints(g, 1) == PASSED,
       "2000 pointers go over two channels from stack to stack while stacks move and collections run");
}

// ---- many that wait ----

enum { CROWD = 100000 };

CLOSURE(member)
{
    void *closure = self;
    ENTER(worker, 1, &closure);
    struct node *tree;
    CALL(worker, 0, tree = build(g, 0));
    fr->tree = tree;
    fr->total = 0;
    CALL(worker, 1, b->chans->recv(g, variables.never, &fr->total));
    fr->total = fr->tree->value;
    CALL(worker, 2, b->chans->send(g, variables.ints, &fr->total));
    LEAVE(worker);
}

static void crowd(gomem_g *g)
{
    int64_t start = b->time->now();
    for (int i = 0; i < CROWD; i++) {
        b->sched->go(g, &member);
        if (i % 64 == 0)
            b->sched->yield(g);
    }
    ok(b->sched->count(g) == CROWD + 1, "100000 goroutines live");
    b->collector->collect(g);
    b->collector->collect(g);
    gomem_mem_stats s;
    b->collector->read_stats(g, &s);
    printf("# %.0f bytes of stack each, %.0f ns to start one\n", (double)s.stack_inuse / CROWD,
           (double)(b->time->now() - start) / CROWD);
    b->chans->close(g, variables.never);
    ok(receive_ints(g, CROWD) == CROWD, "each of them goes on with what its frame holds");
    while (b->sched->count(g) > 1)
        b->sched->yield(g);
    ok(true, "and ends");
}

// ---- timers ----

static void timers(gomem_g *g)
{
    variables.timer = b->heap->new_object(g, &(const gomem_type){.size = sizeof(gomem_timer),
                                                                 .ptrdata = 5 * WORD,
                                                                 .mask = (const uint8_t *)"\x03",
                                                                 .mask_size = sizeof(gomem_timer)});
    variables.timer->c = variables.ticks;
    variables.timer->when = b->time->now() + 1000000;
    variables.timer->period = 1000000;
    b->time->start(g, variables.timer);
    static gomem_instant at;
    int64_t last = 0;
    bool ordered = true;
    for (int i = 0; i < 20; i++) {
        b->chans->recv(g, variables.ticks, &at);
        ordered &= at.set && at.mono > last;
        last = at.mono;
        if (i % 5 == 0)
            b->collector->collect(g);
    }
    ok(ordered, "a ticker ticks 20 times, in order, over collections");
    ok(b->time->stop(g, variables.timer), "and stops");
}

static void figures(gomem_g *g)
{
    enum { N = 200000 };
    int64_t start = b->time->now();
    for (int i = 0; i < N; i++)
        b->sched->yield(g);
    printf("# yield %.1f ns\n", (double)(b->time->now() - start) / N);
}

static void unit_main(gomem_g *g)
{
    set(g, &variables.ints, b->chans->make(g, &chan_int, 0));
    set(g, &variables.nodes, b->chans->make(g, &chan_pointer, 0));
    set(g, &variables.nodes2, b->chans->make(g, &chan_pointer, 3));
    set(g, &variables.never, b->chans->make(g, &chan_int, 0));
    set(g, &variables.ticks, b->chans->make(g, &chan_instant, 1));
    trees(g);
    pipes(g);
    timers(g);
    crowd(g);
    figures(g);
    printf("1..%d\n", tests);
    exit(failures != 0);
}

static const uint8_t variable_mask[(VARIABLES + 7) / 8] = {[0 ...(VARIABLES + 7) / 8 - 1] = 0xFF};
static const gomem_root roots[] = {{&variables, sizeof variables, variable_mask, "variables"}};
static const gomem_unit unit = {
    .contract = GOMEM_CONTRACT, .name = "whole_test", .main = unit_main, .roots = roots, .root_count = 1};

int main(void)
{
    const char *options = getenv("OPTIONS");
    b = gomem_backend(GOMEM_CONTRACT, options ? options : "");
    return b ? b->run(&unit, 0, NULL) : 3;
}
