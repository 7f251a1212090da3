// Pointers over channels under collections, on the whole runtime: six goroutines send what they have just made and check what they
// receive, by selects over channels with and without buffers, from stack to stack, while the main one collects all the time and their
// stacks grow and shrink. Each element tells what it must be. In a debug build the collector finds by itself what marking lost.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../compiled_test.h"

static const gomem_backend_table *b;

enum { WORD = sizeof(void *) };

struct node {
    struct node *self;
    uintptr_t value;
};
struct elem {
    struct node *first;
    uintptr_t value;
    struct node *second;
};

static const gomem_type node_type = {
    .size = sizeof(struct node), .ptrdata = WORD, .mask = (const uint8_t[]){1}, .mask_size = sizeof(struct node)};
static const gomem_type elem_type = {
    .size = sizeof(struct elem), .ptrdata = 3 * WORD, .mask = (const uint8_t[]){5}, .mask_size = sizeof(struct elem)};
static const gomem_type chan_type = {.kind = GOMEM_CHAN, .elem = &elem_type};

static const gomem_type pointer_type = {.size = WORD, .ptrdata = WORD, .mask = (const uint8_t[]){1}, .mask_size = WORD};

enum { CHANS = 4, WORKERS = 6, CYCLES = 60, BALLAST = 100000 };
static gomem_chan *chans[CHANS + 1]; // the last one is closed at the end
static void **ballast;
static _Atomic int32_t next_id, done, bad;
static _Atomic int64_t sent, received;

static struct node *new_node(gomem_g *g, uintptr_t value)
{
    struct node *n = b->heap->new_object(g, &node_type);
    n->self = n;
    n->value = value;
    return n;
}

static void check_elem(const struct elem *e)
{
    const struct node *n = e->first, *m = e->second;
    if (!n || !m || n->self != n || m->self != m || n->value != e->value || m->value != ~e->value)
        atomic_fetch_add(&bad, 1);
}

struct deep_frame {
    gomem_frame head;
    void *room[30];
};
FRAME_DESC(deep, 30, "\0\0\0\0", 1)

static void deep(gomem_g *g, int n)
{
    ENTER(deep, 0, NULL);
    if (n)
        CALL(deep, 0, deep(g, n - 1));
    LEAVE(deep);
}

struct pass_frame {
    gomem_frame head;
    struct elem out, in;
    gomem_select_case cases[3];
};
#define PASS_MASK "\xED\x0F" // the elements' pointers, and all of the cases
FRAME_DESC(pass, 12, PASS_MASK, 1)

static void make_elem(gomem_g *g, struct elem *e, uintptr_t n) // in the running goroutine's frame
{
    *e = (struct elem){new_node(g, n), n, new_node(g, ~n)};
}

// A worker holds one element. It sends it and makes another one, or receives one and holds that from then on: so old blocks wander
// between rings and stacks, and at any time most of them are only in a ring.
CLOSURE(worker)
{
    void *closure = self;
    ENTER(pass, 1, &closure);
    bool got = false;
    uintptr_t n = (uintptr_t)atomic_fetch_add(&next_id, 1) * 1000003;
    make_elem(g, &fr->out, n);
    for (intptr_t chosen = 0; chosen != 2; n += 7) {
        if (n % 16 == 0)
            CALL(pass, 0, deep(g, (int)(n % 40)));
        fr->cases[0] = (gomem_select_case){chans[n % CHANS], &fr->out};
        fr->cases[1] = (gomem_select_case){chans[n / CHANS % CHANS], &fr->in};
        fr->cases[2] = (gomem_select_case){chans[CHANS], NULL};
        CALL(pass, 0, chosen = b->chans->select(g, fr->cases, 1, 3, false, &got));
        check_elem(&fr->out);
        if (chosen == 0) {
            atomic_fetch_add(&sent, 1);
            make_elem(g, &fr->out, n);
        } else if (chosen == 1) {
            check_elem(&fr->in);
            atomic_fetch_add(&received, 1);
            fr->out = fr->in;
        }
        if (n % 64 == 0)
            CALL(pass, 0, b->sched->yield(g));
    }
    atomic_fetch_add(&done, 1);
    LEAVE(pass);
}

static void drain(gomem_g *g)
{
    ENTER(pass, 0, NULL);
    bool got;
    for (int i = 0; i < CHANS; i++)
        for (;;) {
            fr->cases[0] = (gomem_select_case){chans[i], &fr->in};
            intptr_t chosen;
            CALL(pass, 0, chosen = b->chans->select(g, fr->cases, 0, 1, true, &got));
            if (chosen < 0)
                break;
            check_elem(&fr->in);
            atomic_fetch_add(&received, 1);
        }
    LEAVE(pass);
}

// make_ballast makes marking long, so that much happens meanwhile.
static void make_ballast(gomem_g *g)
{
    void **array = b->heap->new_array(g, &pointer_type, BALLAST);
    ballast = array;
    for (uintptr_t i = 0; i < BALLAST; i++) {
        struct node *n = new_node(g, i);
        if (*b->barrier->enabled)
            b->barrier->store(g, &array[i], n);
        else
            array[i] = n;
    }
}

static void unit_main(gomem_g *g)
{
    static const int64_t capacities[CHANS + 1] = {0, 3, 1000, 1000, 0};
    make_ballast(g);
    for (int i = 0; i <= CHANS; i++)
        chans[i] = b->chans->make(g, &chan_type, capacities[i]);
    for (int i = 0; i < WORKERS; i++)
        b->sched->go(g, &worker);
    for (int i = 0; i < CYCLES; i++) {
        b->collector->collect(g);
        for (int k = 0; k < 50; k++)
            b->sched->yield(g);
    }
    b->chans->close(g, chans[CHANS]);
    while (atomic_load(&done) < WORKERS)
        b->sched->yield(g);
    drain(g);
    printf("# %lld elements\n", (long long)atomic_load(&sent));
    ok(atomic_load(&bad) == 0, "what is received is whole");
    ok(atomic_load(&sent) == atomic_load(&received) && atomic_load(&sent) > 0, "and as much as was sent");
    printf("1..%d\n", tests);
    fflush(stdout);
    if (failures)
        exit(1);
}

static void bind_table(const gomem_backend_table *table)
{
    b = table;
}

int main(int argc, char **argv)
{
    static const uint8_t all[] = {0xFF};
    static const gomem_root roots[] = {{chans, sizeof chans, all, "chans"}, {&ballast, sizeof ballast, all, "ballast"}};
    static const gomem_unit unit = {.contract = GOMEM_CONTRACT,
                                    .name = "test",
                                    .bind = bind_table,
                                    .main = unit_main,
                                    .roots = roots,
                                    .root_count = 2};
    const char *options = getenv("OPTIONS");
    const gomem_backend_table *table = gomem_backend(GOMEM_CONTRACT, options ? options : "");
    if (!table)
        return 2;
    unit.bind(table);
    if (table->attach)
        table->attach(table, &unit);
    return table->run(&unit, argc, argv);
}
