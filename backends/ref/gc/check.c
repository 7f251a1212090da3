// The check: a second mark with the world stopped, as an oracle of the first. In a debug build, at the end of marking, everything is found
// again from the roots in the plainest way, depth first with a list, and each block found must carry a mark. A white one is a block that the
// concurrent collector would have lost: the check says how it is reached, and ends the process.
//
// Which blocks were seen is remembered in a bitmap per arena, a bit for every 8 bytes.
#include "internal.h"

#ifdef REF_DEBUG

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

static void find(void *ctx, uintptr_t p)
{
    (void)ctx;
    struct span *s = span_of(p);
    if (!s)
        return;
    uint32_t index = span_index(s, p);
    uintptr_t block = span_block(s, index);
    if (!span_allocated(s, index))
        ref_throw("gc: pointer %#llx to a free block, held by %#llx", (unsigned long long)p,
                  (unsigned long long)check.holder);
    if (!span_marked(s, index))
        ref_throw("gc: block %#llx of %llu bytes is reachable through %#llx and not marked", (unsigned long long)block,
                  (unsigned long long)s->elem_size, (unsigned long long)check.holder);
    if (first_visit(block) && !span_noscan(s))
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

#else

void check_marks(void)
{
}

#endif
