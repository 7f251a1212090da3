// Tests of the collector on the whole runtime, with compiled functions written by hand: what is reachable stays whole, what is not is
// freed and counted, while mutators move the last reference about; finalizers, cleanups, weak pointers; runtime.GC and the pacer.
//
// In a debug build every cycle ends with the check of check.c, which finds any block that marking lost, and freed blocks are poisoned.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../compiled_test.h"
#include "internal.h"

static const gomem_backend_table *b;

// ---- types and variables ----

struct node {
    struct node *next, *other;
    uintptr_t value;
};

static const uint8_t node_mask[] = {3}, pointer_mask[] = {1};
static const gomem_type node_type = {
    .size = sizeof(struct node), .ptrdata = 2 * WORD, .mask = node_mask, .mask_size = sizeof(struct node)};
static const gomem_type pointer_type = {.size = WORD, .ptrdata = WORD, .mask = pointer_mask, .mask_size = WORD};
static const gomem_type byte_type = {.size = 1};

enum { SLOTS = 4096 };
static void *variables[SLOTS];

static void store(gomem_g *g, void *slot, void *v)
{
    if (*b->barrier->enabled)
        b->barrier->store(g, slot, v);
    else
        *(void **)slot = v;
}

static struct node *new_node(gomem_g *g, uintptr_t value)
{
    struct node *n = b->heap->new_object(g, &node_type);
    n->value = value;
    return n;
}

static gomem_mem_stats stats(gomem_g *g)
{
    gomem_mem_stats s;
    b->collector->read_stats(g, &s);
    return s;
}

static void collect(gomem_g *g)
{
    b->collector->collect(g);
}

// ---- lists: allocated with nothing but a frame to hold them ----

struct list_frame {
    gomem_frame head;
    struct node *first, *fresh;
};
FRAME_DESC(list, 2, "\x03\x03", 2)

// build puts a list of n nodes into variables[at].
static void build(gomem_g *g, int at, uintptr_t n)
{
    ENTER(list, 0, NULL);
    for (uintptr_t i = 0; i < n; i++) {
        fr->fresh = new_node(g, n - 1 - i);
        fr->fresh->next = fr->first; // fresh: a plain store
        fr->first = fr->fresh;
        if (g->poll)
            CALL(list, 0, b->stack->poll(g));
    }
    store(g, &variables[at], fr->first);
    LEAVE(list);
}

static bool intact(int at, uintptr_t n)
{
    struct node *p = variables[at];
    for (uintptr_t i = 0; i < n; i++, p = p->next)
        if (!p || p->value != i)
            return false;
    return !p;
}

static void reachability(gomem_g *g)
{
    collect(g);
    gomem_mem_stats before = stats(g);
    build(g, 0, 200000);
    build(g, 1, 100000);
    collect(g);
    gomem_mem_stats with = stats(g);
    ok(intact(0, 200000) && intact(1, 100000), "long lists survive a collection");
    ok(with.heap_objects - before.heap_objects == 300000, "and are counted exactly");
    store(g, &variables[1], NULL);
    collect(g);
    gomem_mem_stats without = stats(g);
    ok(with.heap_objects - without.heap_objects == 100000,
       "a list that is dropped is freed by one collection, to the last block");
    store(g, &variables[0], NULL);
    collect(g);
    ok(stats(g).heap_objects == before.heap_objects, "so is the other");
}

// Blocks of every shape whose last word refers to a node, and whose first does not.
static void shapes(gomem_g *g)
{
    static const uintptr_t words[] = {1, 2, 5, 16, 63, 64, 65, 100, 1000, 4000, 5000, 20000, 100000, 1000000};
    bool whole = true;
    for (size_t i = 0; i < COUNTOF(words); i++) {
        void **block = b->heap->new_array(g, &pointer_type, (intptr_t)words[i]);
        store(g, &variables[i], block);
        store(g, &block[words[i] - 1], new_node(g, i));
    }
    gomem_mem_stats before = stats(g);
    collect(g);
    collect(g);
    for (size_t i = 0; i < COUNTOF(words); i++)
        whole = whole && ((struct node *)((void **)variables[i])[words[i] - 1])->value == i;
    ok(whole, "the last word of a block of any size is scanned");
    for (size_t i = 0; i < COUNTOF(words); i++)
        store(g, &variables[i], NULL);
    collect(g);
    ok(before.heap_objects - stats(g).heap_objects >= 2 * COUNTOF(words), "blocks of all shapes are freed");
}

static void *noscan_words(gomem_g *g, uintptr_t n)
{
    return b->heap->new_array(g, &byte_type, (intptr_t)(n * WORD));
}

static void numbers(gomem_g *g)
{
    collect(g);
    uint64_t before = stats(g).heap_objects;
    uintptr_t *numbers_block = noscan_words(g, 1000);
    store(g, &variables[0], numbers_block);
    for (int i = 0; i < 1000; i++)
        numbers_block[i] = (uintptr_t)new_node(g, 1);
    collect(g);
    ok(stats(g).heap_objects == before + 1, "numbers in a pointer-free block keep nothing");
    store(g, &variables[0], NULL);
}

// ---- mutators: old nodes leave their holders, are in nothing but a frame for some turns, and come back elsewhere, while cycles run ----

enum { HOLDERS = 2048, HAND = 32, MUTATORS = 4, CYCLES = 40 };

static _Atomic int64_t finished;
static _Atomic bool broken;

struct mover_frame {
    gomem_frame head;
    struct node **holders; // an array of HOLDERS pointers
    struct node *hand[HAND];
};
FRAME_DESC(mover, 1 + HAND, "\xFF\xFF\xFF\xFF\x01\xFF\xFF\xFF\xFF\x01\xFF\xFF\xFF\xFF\x01", 3)

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13, *seed ^= *seed >> 17, *seed ^= *seed << 5;
    return *seed;
}

static struct node *cyclic_node(gomem_g *g, uintptr_t value)
{
    struct node *n = new_node(g, value);
    store(g, &n->other, n);
    return n;
}

static bool all_there(struct node *const *holders)
{
    static _Thread_local bool seen[HOLDERS];
    memset(seen, 0, sizeof seen);
    for (int i = 0; i < HOLDERS; i++) {
        struct node *n = holders[i];
        if (!n || n->value >= HOLDERS || seen[n->value] || n->other != n)
            return false;
        seen[n->value] = true;
    }
    return true;
}

static uint32_t first_cycle;

static uint32_t moving_cycles(gomem_g *g)
{
    struct gc_counts c;
    (void)g;
    gc_counts(&c);
    return c.cycles - first_cycle;
}

CLOSURE(mover)
{
    (void)self;
    ENTER(mover, 0, NULL);
    uint32_t seed = (uint32_t)g_of(g)->id * 2654435761u | 1;
    fr->holders = b->heap->new_array(g, &pointer_type, HOLDERS);
    for (uintptr_t i = 0; i < HOLDERS; i++)
        store(g, &fr->holders[i], cyclic_node(g, i));
    uint32_t cycle_seen = moving_cycles(g), taken = 0, places[HAND];
    while (moving_cycles(g) < CYCLES) {
        if (moving_cycles(g) != cycle_seen) { // what was taken in this cycle comes back in the next
            cycle_seen = moving_cycles(g);
            while (taken) {
                taken--;
                store(g, &fr->holders[places[taken]], fr->hand[taken]);
                fr->hand[taken] = NULL;
            }
        }
        uint32_t at = next_random(&seed) % HOLDERS;
        if (taken < HAND && fr->holders[at]) {
            places[taken] = at;
            fr->hand[taken++] = fr->holders[at]; // a frame's word: no barrier
            store(g, &fr->holders[at], NULL);
        }
        for (uint32_t i = next_random(&seed) % 64; i > 0; i--)
            new_node(g, i); // garbage
        CALL(mover, 1, b->sched->yield(g));
    }
    while (taken) {
        taken--;
        store(g, &fr->holders[places[taken]], fr->hand[taken]);
    }
    if (!all_there(fr->holders))
        broken = true;
    LEAVE(mover);
    finished++;
}

CLOSURE(collecting)
{
    (void)self;
    while (finished < MUTATORS)
        collect(g);
    finished++;
}

static void moving(gomem_g *g)
{
    build(g, 0, 100000); // something to mark meanwhile
    finished = 0;
    first_cycle = stats(g).num_gc;
    for (int i = 0; i < MUTATORS; i++)
        b->sched->go(g, &mover);
    b->sched->go(g, &collecting);
    while (finished <= MUTATORS)
        b->sched->yield(g);
    printf("# %u cycles\n", moving_cycles(g));
    ok(!broken && intact(0, 100000), "no block is lost while the last references move");
    struct gc_counts c;
    gc_counts(&c);
    ok(c.barriers > 0 && c.shades > 0, "the barrier was on and shaded");
    store(g, &variables[0], NULL);
}

// ---- finalizers, cleanups, weak pointers ----

static _Atomic int finalized, cleaned, order_broken;
static uintptr_t last_finalized;

static void finalize_code(gomem_g *g, gomem_func *self, struct node *n)
{
    (void)g, (void)self;
    if (n->next && n->next->value != n->value + 1)
        order_broken = 1; // what it refers to is intact
    last_finalized = n->value;
    finalized++;
}
static gomem_func finalize = {(void (*)(void))finalize_code};

static void resurrect_code(gomem_g *g, gomem_func *self, struct node *n)
{
    (void)self;
    store(g, &variables[9], n);
    finalized++;
}
static gomem_func resurrect = {(void (*)(void))resurrect_code};

static void pass(gomem_g *g, gomem_func *fn, const gomem_type *type, void *obj)
{
    (void)type;
    ((void (*)(gomem_g *, gomem_func *, void *))fn->code)(g, fn, obj);
}
static const gomem_type finalizer_type = {.size = 8, .kind = GOMEM_FUNC, .call = pass};

static void set_finalizer(gomem_g *g, void *obj, gomem_func *fn)
{
    static const gomem_type pointer = {.size = 8, .kind = GOMEM_POINTER};
    b->collector->set_finalizer(g, (gomem_eface){&pointer, obj}, (gomem_eface){&finalizer_type, fn});
}

CLOSURE(clean)
{
    (void)g, (void)self;
    cleaned++;
}

static void wait_for(gomem_g *g, _Atomic int *word, int n)
{
    while (*word < n)
        b->sched->yield(g);
}

static void make_finalized(gomem_g *g, int n)
{
    for (int i = 0; i < n; i++) {
        struct node *p = new_node(g, (uintptr_t)i);
        store(g, &p->next, new_node(g, (uintptr_t)i + 1));
        set_finalizer(g, p, &finalize);
    }
}

static void finalizers(gomem_g *g)
{
    collect(g);
    uint64_t before = stats(g).heap_objects;
    finalized = 0;
    make_finalized(g, 1000);
    collect(g);
    wait_for(g, &finalized, 1000);
    ok(stats(g).heap_objects >= before + 2000, "a finalizer's block lives through the call, and what it refers to");
    collect(g);
    collect(g);
    ok(finalized == 1000 && !order_broken, "each of 1000 finalizers ran once, with its block intact");
    ok(stats(g).heap_objects == before, "and the blocks are freed by the next collection");
}

static void cyclic(gomem_g *g)
{
    finalized = 0;
    struct node *self = new_node(g, 7);
    store(g, &self->next, NULL);
    store(g, &self->other, self);
    set_finalizer(g, self, &finalize);
    struct node *a = new_node(g, 1), *c = new_node(g, 2);
    store(g, &a->next, c), store(g, &c->next, a);
    set_finalizer(g, a, &finalize);
    collect(g), collect(g);
    wait_for(g, &finalized, 1);
    ok(finalized == 1 && last_finalized == 7,
       "a block that points to itself is finalized, one on a longer cycle is not");
}

static void weak(gomem_g *g)
{
    struct node *n = new_node(g, 5);
    store(g, &variables[0], n);
    void *handle = b->collector->weak_make(g, n);
    store(g, &variables[1], handle);
    ok(b->collector->weak_make(g, &n->value) == handle, "a block has one weak handle");
    collect(g);
    ok(b->collector->weak_get(g, handle) == n, "a weak pointer gives a block that lives");
    store(g, &variables[0], NULL);
    collect(g);
    ok(!b->collector->weak_get(g, variables[1]), "and nil once it is dead");
    n = new_node(g, 6);
    store(g, &variables[1], b->collector->weak_make(g, n));
    set_finalizer(g, n, &resurrect);
    cleaned = finalized = 0;
    b->collector->add_cleanup(g, &n->value, &clean);
    collect(g);
    wait_for(g, &finalized, 1);
    ok(!b->collector->weak_get(g, variables[1]) && variables[9] == n && n->value == 6,
       "nil too once the finalizer revived it");
    collect(g);
    ok(cleaned == 0, "a revived block's cleanup does not run");
    store(g, &variables[9], NULL);
    collect(g);
    wait_for(g, &cleaned, 1);
    ok(cleaned == 1, "it runs when the block is dead");
    n = new_node(g, 6);
    uint64_t id = b->collector->add_cleanup(g, n, &clean);
    b->collector->add_cleanup(g, n, &clean);
    b->collector->stop_cleanup(g, n, id);
    collect(g);
    wait_for(g, &cleaned, 2);
    collect(g);
    ok(cleaned == 2, "one that was stopped does not run, another on the same block does");
}

// ---- pacing ----

enum { PACED = 9 };

static void pacing(gomem_g *g)
{
    collect(g);
    ok(b->collector->set_percent(g, 50) == 100, "the percentage at the start");
    ok(stats(g).next_gc == 2 << 20, "the least goal is in proportion");
    b->collector->set_percent(g, 100);
    ok(stats(g).next_gc == 4 << 20, "4 MiB at 100 per cent");
    build(g, 0, 500000);
    collect(g);
    gomem_mem_stats s = stats(g);
    uint32_t first = s.num_gc;
    uint64_t goal = s.next_gc;
    ok(goal > s.heap_alloc * 19 / 10 && goal < s.heap_alloc * 21 / 10, "the goal is twice what lives");
    uint64_t peaks[PACED] = {0}, sum = 0;
    for (; s.num_gc < first + PACED; s = stats(g)) {
        uint64_t part = s.heap_alloc * 100 / s.next_gc, *peak = &peaks[s.num_gc - first];
        *peak = part > *peak ? part : *peak;
        for (int i = 0; i < 1000; i++) {
            new_node(g, 1);
            if (g->poll)
                b->stack->poll(g);
        }
    }
    for (int i = 1; i < PACED; i++)
        sum += peaks[i];
    printf("# the heap reaches %llu per cent of its goal\n", (unsigned long long)sum / (PACED - 1));
    ok(sum / (PACED - 1) >= 85 && sum / (PACED - 1) <= 110, "on average the heap ends within a tenth of its goal");
    ok(intact(0, 500000), "what lives is whole");
    store(g, &variables[0], NULL);
    b->collector->set_percent(g, -1);
    first = stats(g).num_gc;
    for (int i = 0; i < 1000000; i++)
        new_node(g, 1);
    ok(stats(g).num_gc == first, "a negative percentage never collects by itself");
    b->collector->set_percent(g, 100);
}

static void limited(gomem_g *g)
{
    b->collector->set_percent(g, -1);
    collect(g);
    ok(b->collector->set_limit(g, 32 << 20) == INT64_MAX && b->collector->set_limit(g, -1) == 32 << 20,
       "no limit at first");
    uint64_t peak = 0;
    uint32_t first = stats(g).num_gc;
    for (int i = 0; i < (256 << 20) / (16 << 10); i++) {
        store(g, &variables[0], b->heap->new_array(g, &byte_type, 16 << 10));
        if (g->poll)
            b->stack->poll(g);
        gomem_mem_stats s = i % 64 ? (gomem_mem_stats){0} : stats(g);
        peak = s.sys - s.heap_released > peak ? s.sys - s.heap_released : peak;
    }
    uint32_t cycles = stats(g).num_gc - first;
    printf("# %u cycles, at most %llu KiB\n", cycles, (unsigned long long)peak >> 10);
    ok(peak <= 36 << 20, "256 MiB of garbage fit under a limit of 32 MiB");
    ok(cycles >= 7 && cycles <= 256, "by collections, and not by too many");
    b->collector->set_limit(g, INT64_MAX);
    b->collector->set_percent(g, 100);
}

static void scavenging(gomem_g *g)
{
    collect(g);
    b->collector->free_os_memory(g);
    gomem_mem_stats before = stats(g);
    ok(before.heap_idle == before.heap_released, "all that is free goes back on demand");
    for (int i = 0; i < 64; i++)
        memset(b->heap->new_array(g, &byte_type, 1 << 20), 1, 1 << 20);
    gomem_mem_stats full = stats(g);
    collect(g);
    while (stats(g).heap_released < full.heap_released + (8 << 20))
        b->sched->yield(g);
    ok(true, "and by and by without");
}

// What the pauses do must not depend on the heap.
static void pauses_are_short(gomem_g *g)
{
    struct gc_counts small, large;
    collect(g);
    gc_counts(&small);
    build(g, 0, 1000000);
    gc_counts(&small);
    for (int i = 0; i < 4; i++)
        collect(g);
    gc_counts(&large);
    ok(large.marked_blocks >= 1000000, "a million blocks are marked");
    ok(large.stw_blocks - small.stw_blocks < 4 * 10000, "few of them while the world is stopped");
    store(g, &variables[0], NULL);
}

// The account of the limiter: in a second for each processor, out as much as the program takes.
static void limiter(gomem_g *g)
{
    (void)g;
    enum { SECOND = 1000000000 };
    ok(limiter_account(0, SECOND / 4, SECOND, 1) == 0, "a quarter of the time leaves nothing in the account");
    ok(limiter_account(0, SECOND / 4 * 3, SECOND, 1) == SECOND / 2, "three quarters leave half");
    ok(limiter_account(SECOND / 2, SECOND, SECOND, 1) == SECOND, "it is full with a second");
    ok(limiter_account(SECOND / 2, SECOND, SECOND, 2) == SECOND / 2 * 3, "for each processor");
    ok(limiter_account(SECOND, SECOND / 4, SECOND, 1) == SECOND / 2, "a quarter of the time drains it");
    ok(limiter_account(0, 2 * (int64_t)SECOND, SECOND, 4) == SECOND, "nobody takes more than there was");
}

// Grey blocks that are handed on one at a time: a collection that is held up by the program does that.
static void small_flushes(gomem_g *g)
{
    enum { FLUSHES = 10000 };
    struct gcwork *w = p_of(g)->gcwork;
    uint64_t before = meta_bytes(), n = 0;
    for (uintptr_t i = 1; i <= FLUSHES; i++) {
        work_put(w, i);
        work_flush(w);
    }
    ok(meta_bytes() - before < 1 << 20, "ten thousand flushes of a block share buffers");
    while (work_get(w))
        n++;
    work_flush(w);
    ok(n == FLUSHES, "and lose nothing");
}

static void unit_main(gomem_g *g)
{
    small_flushes(g);
    limiter(g);
    reachability(g);
    shapes(g);
    numbers(g);
    moving(g);
    finalizers(g);
    cyclic(g);
    weak(g);
    pacing(g);
    limited(g);
    scavenging(g);
    pauses_are_short(g);
    printf("1..%d\n", tests);
    exit(failures != 0);
}

static const uint8_t variable_mask[SLOTS / 8] = {[0 ... SLOTS / 8 - 1] = 0xFF};
static const gomem_root roots[] = {{variables, sizeof variables, variable_mask, "variables"}};
static const gomem_unit unit = {
    .contract = GOMEM_CONTRACT, .name = "gc_test", .main = unit_main, .roots = roots, .root_count = 1};

int main(void)
{
    b = gomem_backend(GOMEM_CONTRACT, "");
    return b->run(&unit, 0, NULL);
}
