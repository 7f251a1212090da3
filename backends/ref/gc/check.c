// The check: a second mark with the world stopped, as an oracle of the first. In a debug build, and where the probe asks for it, everything is
// found again from the roots at the end of marking, in the plainest way, depth first with a list, and each block found must carry a
// mark. A white one is a block that the concurrent collector would have lost: a debug build says how it is reached and ends the
// process, the probe counts it.
//
// Which blocks were seen is remembered in a bitmap per arena, a bit for every 8 bytes.
#include "internal.h"

#ifdef REF_DEBUG
#define DEBUG 1
#else
#define DEBUG 0
#endif

_Atomic uint64_t check_blocks, check_errors;
static _Atomic bool forced; // relaxed

void check_force(gomem_g *g, bool on)
{
    (void)g;
    atomic_store_explicit(&forced, on, memory_order_relaxed);
}

struct found {
    uintptr_t block, holder; // holder 0: a root
};

static struct {
    uint64_t *seen[ARENAS < 4096 ? ARENAS : 4096]; // of the first arenas met
    uintptr_t arena[ARENAS < 4096 ? ARENAS : 4096];
    uintptr_t arenas;
    struct found *list;
    uintptr_t n, room;
    uintptr_t holder;
} check;

static uint64_t *seen_bits(uintptr_t p)
{
    for (uintptr_t i = 0; i < check.arenas; i++)
        if (check.arena[i] == p >> ARENA_SHIFT)
            return check.seen[i];
    REF_CHECK(check.arenas < COUNTOF(check.seen));
    uint64_t *bits = sys_reserve(NULL, ARENA_SIZE / 64);
    REF_CHECK(bits && sys_map(bits, ARENA_SIZE / 64));
    check.arena[check.arenas] = p >> ARENA_SHIFT;
    check.seen[check.arenas++] = bits;
    return bits;
}

static bool first_visit(uintptr_t block)
{
    uint64_t *bits = seen_bits(block);
    uintptr_t at = (block & (ARENA_SIZE - 1)) / 8;
    if (bits[at / 64] >> (at % 64) & 1)
        return false;
    bits[at / 64] |= (uint64_t)1 << (at % 64);
    return true;
}

static void push(uintptr_t block)
{
    if (check.n == check.room) {
        uintptr_t room = check.room ? check.room * 2 : 1 << 16;
        struct found *list = sys_reserve(NULL, room * sizeof *list);
        REF_CHECK(list && sys_map(list, room * sizeof *list));
        for (uintptr_t i = 0; i < check.n; i++)
            list[i] = check.list[i];
        if (check.list)
            sys_free(check.list, check.room * sizeof *list);
        check.list = list;
        check.room = room;
    }
    check.list[check.n++] = (struct found){block, check.holder};
}

static void report(const char *what, uintptr_t p)
{
    count_up(&check_errors, 1);
    if (DEBUG && !atomic_load_explicit(&forced, memory_order_relaxed))
        ref_throw("gc: pointer %#llx, held by %#llx, leads to %s", (unsigned long long)p,
                  (unsigned long long)check.holder, what);
}

static void find(void *ctx, uintptr_t p)
{
    (void)ctx;
    struct span *s = span_of(p);
    if (!s)
        return;
    uint32_t index = span_index(s, p);
    uintptr_t block = span_block(s, index);
    if (!first_visit(block))
        return;
    count_up(&check_blocks, 1);
    if (!span_allocated(s, index))
        report("a free block", p);
    else if (!span_marked(s, index))
        report("a block that is not marked", p);
    if (!span_noscan(s) && span_allocated(s, index))
        push(block);
}

static void find_word(void *ctx, void **word)
{
    if (*word)
        find(ctx, (uintptr_t)*word);
}

static void find_special(void *ctx, struct span *s, struct special *sp)
{
    find(ctx, (uintptr_t)sp->word);
    if (sp->kind == SPECIAL_FINALIZER)
        mark_each_pointer(s, span_index(s, s->base + sp->offset), find, ctx);
}

static void find_goroutine(struct g *g, void *ctx)
{
    uint32_t status = g_status(g);
    if (status != G_DEAD && status != G_IDLE && (!g->system || g->compiled))
        roots_visit_goroutine(g, find_word, ctx);
}

void check_marks(void)
{
    if (!DEBUG && !atomic_load_explicit(&forced, memory_order_relaxed))
        return;
    check.holder = 0;
    roots_each_static(find_word, NULL);
    g_each(find_goroutine, NULL);
    special_each(find_special, NULL);
    while (check.n) {
        check.holder = check.list[--check.n].block;
        struct span *s = span_of(check.holder);
        mark_each_pointer(s, span_index(s, check.holder), find, NULL);
    }
    for (uintptr_t i = 0; i < check.arenas; i++)
        sys_free(check.seen[i], ARENA_SIZE / 64);
    check.arenas = 0;
}
