// Maps, boxes, strings and slices under collections, on the whole runtime: four goroutines fill, empty, clear, copy and walk maps whose keys
// and elements are pointers, strings and wide blocks, while the main one collects all the time. Each entry tells what it must be, so
// a block that was freed too early shows; in a debug build the collector's own check would find it first.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../compiled_test.h"

static const gomem_backend_table *b;

// ---- types ----

enum { WORD = sizeof(void *), ALL_WORDS = 0xFF };

struct node {
    struct node *self;
    uint64_t value;
};
struct wide { // more than 128 bytes: a block of its own
    struct node *node;
    uint64_t rest[20];
};

static const uint8_t first_word[] = {1}, two_words[] = {3};
static const gomem_type node_type = {
    .size = sizeof(struct node), .ptrdata = WORD, .mask = first_word, .mask_size = sizeof(struct node), .align = WORD};
static const gomem_type wide_type = {.size = sizeof(struct wide),
                                     .ptrdata = WORD,
                                     .mask = (const uint8_t[]){1, 0, 0, 0, 0, 0},
                                     .mask_size = sizeof(struct wide),
                                     .align = WORD};
static const gomem_type pointer_type = {.size = WORD,
                                        .ptrdata = WORD,
                                        .mask = first_word,
                                        .mask_size = WORD,
                                        .align = WORD,
                                        .kind = GOMEM_POINTER,
                                        .flags = GOMEM_DIRECT | GOMEM_REGULAR};
static const gomem_type int64_type = {.size = 8, .align = WORD, .kind = GOMEM_INT64, .flags = GOMEM_REGULAR};
static const gomem_type string_type = {
    .size = 2 * WORD, .ptrdata = WORD, .mask = first_word, .mask_size = 2 * WORD, .align = WORD, .kind = GOMEM_STRING};
static const gomem_type eface_type = {.size = 2 * WORD,
                                      .ptrdata = 2 * WORD,
                                      .mask = two_words,
                                      .mask_size = 2 * WORD,
                                      .align = WORD,
                                      .kind = GOMEM_INTERFACE};
static const gomem_type number_map = {.kind = GOMEM_MAP, .key = &int64_type, .elem = &pointer_type};
static const gomem_type name_map = {.kind = GOMEM_MAP, .key = &string_type, .elem = &eface_type};
static const gomem_type wide_map = {.kind = GOMEM_MAP, .key = &int64_type, .elem = &wide_type};

enum { WORKERS = 4, KEYS = 1500, ROUNDS = 12 };

// A worker's variables. Their types are those of the root mask: all pointers.
static struct {
    gomem_map *numbers, *names, *wides;
    struct node **list; // of a slice that grows; the other words of the slice are in the worker's frame
} vars[WORKERS];
static _Atomic int32_t next_id, done;
static _Atomic int32_t bad;

static void wrong(const char *what, uint64_t key)
{
    if (atomic_fetch_add(&bad, 1) < 5)
        printf("# wrong %s %llu\n", what, (unsigned long long)key);
}

static void store(gomem_g *g, void *slot, void *v)
{
    if (*b->barrier->enabled)
        b->barrier->store(g, slot, v);
    else
        *(void **)slot = v;
}

static struct node *new_node(gomem_g *g, uint64_t value)
{
    struct node *n = b->heap->new_object(g, &node_type);
    n->self = n;
    n->value = value;
    return n;
}

static bool is_node(const struct node *n, uint64_t value)
{
    return n && n->self == n && n->value == value;
}

// name makes a string of a number on the heap.
static gomem_string name(gomem_g *g, uint64_t k)
{
    char text[24];
    int n = snprintf(text, sizeof text, "key-%llu", (unsigned long long)k);
    return b->strings->from_bytes(g, NULL, (const uint8_t *)text, n);
}

// ---- one entry; none of these has a safepoint ----

static void put(gomem_g *g, int who, uint64_t k)
{
    int64_t key = (int64_t)k;
    store(g, b->maps->assign(g, &number_map, vars[who].numbers, &key), new_node(g, k));
    gomem_string s = name(g, k);
    gomem_eface *e = b->maps->assign(g, &name_map, vars[who].names, &s);
    e->type = &string_type;
    store(g, &e->data, b->heap->box(g, &string_type, &s));
    struct wide w = {.node = new_node(g, k), .rest = {k}};
    b->barrier->copy(g, &wide_type, b->maps->assign(g, &wide_map, vars[who].wides, &key), &w, 1);
}

static void drop(gomem_g *g, int who, uint64_t k)
{
    int64_t key = (int64_t)k;
    gomem_string s = name(g, k);
    b->maps->remove(g, &number_map, vars[who].numbers, &key);
    b->maps->remove(g, &name_map, vars[who].names, &s);
    b->maps->remove(g, &wide_map, vars[who].wides, &key);
}

static void look(gomem_g *g, int who, uint64_t k, bool there)
{
    int64_t key = (int64_t)k;
    gomem_string s = name(g, k);
    struct node **n = b->maps->access(g, &number_map, vars[who].numbers, &key);
    gomem_eface *e = b->maps->access(g, &name_map, vars[who].names, &s);
    struct wide *w = b->maps->access(g, &wide_map, vars[who].wides, &key);
    if (!n != !there || !e != !there || !w != !there) {
        wrong("presence of", k);
        return;
    }
    if (there && !is_node(*n, k))
        wrong("node", k);
    if (there && memcmp(((gomem_string *)e->data)->ptr, s.ptr, (size_t)s.len))
        wrong("text", k);
    if (there && (!is_node(w->node, k) || w->rest[0] != k))
        wrong("wide element", k);
}

// ---- a worker ----

struct work_frame {
    gomem_frame head;
    gomem_map_iter it; // 16 words
    struct node *kept;
};
#define WORK_MASK "\xFD\x03\x01" // not the type, not the scalar words of the state
FRAME_DESC(work, 17, WORK_MASK, 1)

// walk iterates with safepoints between the entries, and lets the map change meanwhile.
static void walk(gomem_g *g, int who)
{
    ENTER(work, 0, NULL);
    intptr_t n = 0, want = *(intptr_t *)vars[who].numbers;
    for (b->maps->iter_start(g, &number_map, vars[who].numbers, &fr->it); fr->it.key; b->maps->iter_next(g, &fr->it)) {
        uint64_t k = *(uint64_t *)fr->it.key;
        fr->kept = *(struct node **)fr->it.value;
        if (++n % 8 == 0)
            CALL(work, 0, b->sched->yield(g));
        if (!is_node(fr->kept, k))
            wrong("node of an iteration", k);
        if (n % 64 == 0) {
            int64_t added = KEYS + n;
            store(g, b->maps->assign(g, &number_map, vars[who].numbers, &added), new_node(g, (uint64_t)added));
        }
    }
    if (n < want)
        wrong("number of entries", (uint64_t)n);
    LEAVE(work);
}

static void begin_round(gomem_g *g, int who, int round)
{
    if (round % 5 == 4) {
        b->maps->clear(g, &number_map, vars[who].numbers);
        b->maps->clear(g, &name_map, vars[who].names);
        b->maps->clear(g, &wide_map, vars[who].wides);
        return;
    }
    store(g, &vars[who].numbers, b->maps->make(g, &number_map, round % 2 ? KEYS : 0));
    store(g, &vars[who].names, b->maps->make(g, &name_map, round % 2 ? 9 : 0));
    store(g, &vars[who].wides, b->maps->make(g, &wide_map, 0));
}

static void work_on(gomem_g *g, int who)
{
    ENTER(work, 0, NULL);
    for (int round = 0; round < ROUNDS; round++) {
        begin_round(g, who, round);
        for (uint64_t k = 0; k < KEYS; k++) {
            put(g, who, k);
            if (k % 3 == 2)
                drop(g, who, k / 2);
            if (k % 16 == 0)
                CALL(work, 0, b->sched->yield(g));
        }
        CALL(work, 0, walk(g, who));
        for (uint64_t k = 0; k < KEYS; k++) {
            look(g, who, k, !(k < KEYS / 2 && (2 * k % 3 == 2 || (2 * k + 1) % 3 == 2)));
            if (k % 64 == 0)
                CALL(work, 0, b->sched->yield(g));
        }
    }
    LEAVE(work);
}

CLOSURE(worker)
{
    void *closure = self;
    ENTER(work, 1, &closure);
    CALL(work, 0, work_on(g, atomic_fetch_add(&next_id, 1)));
    atomic_fetch_add(&done, 1);
    LEAVE(work);
}

// ---- a slice that grows ----

static void grow(gomem_g *g)
{
    ENTER(work, 0, NULL);
    gomem_slice s = {0};
    for (uint64_t i = 0; i < 40000; i++) {
        if (s.len == s.cap) {
            s.ptr = vars[0].list;
            s = b->heap->grow_slice(g, &pointer_type, s, s.len + 1);
            store(g, &vars[0].list, s.ptr);
        } else {
            s.len++;
        }
        store(g, &vars[0].list[i], new_node(g, i));
        if (i % 256 == 0)
            CALL(work, 0, b->sched->yield(g));
    }
    for (uint64_t i = 0; i < 40000; i++)
        if (!is_node(vars[0].list[i], i))
            wrong("element", i);
    LEAVE(work);
}

CLOSURE(grower)
{
    void *closure = self;
    ENTER(work, 1, &closure);
    CALL(work, 0, grow(g));
    atomic_fetch_add(&done, 1);
    LEAVE(work);
}

static void collect_until(gomem_g *g, int32_t n)
{
    uint32_t cycles = 0;
    while (atomic_load(&done) < n) {
        b->collector->collect(g);
        cycles++;
        for (int i = 0; i < 20 && atomic_load(&done) < n; i++)
            b->sched->yield(g);
    }
    printf("# %u collections\n", cycles);
    atomic_store(&done, 0);
}

static void unit_main(gomem_g *g)
{
    for (int i = 0; i < WORKERS; i++)
        b->sched->go(g, &worker);
    collect_until(g, WORKERS);
    ok(atomic_load(&bad) == 0, "maps of numbers, names and wide elements keep their entries under collections");
    b->sched->go(g, &grower);
    collect_until(g, 1);
    ok(atomic_load(&bad) == 0, "so does a slice that grows");
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
    static const uint8_t all[] = {ALL_WORDS, ALL_WORDS};
    static const gomem_root root = {vars, sizeof vars, all, "vars"};
    static const gomem_unit unit = {.contract = GOMEM_CONTRACT,
                                    .name = "test",
                                    .bind = bind_table,
                                    .main = unit_main,
                                    .roots = &root,
                                    .root_count = 1};
    const char *options = getenv("OPTIONS");
    const gomem_backend_table *table = gomem_backend(GOMEM_CONTRACT, options ? options : "");
    if (!table)
        return 2;
    unit.bind(table);
    if (table->attach)
        table->attach(table, &unit);
    return table->run(&unit, argc, argv);
}
