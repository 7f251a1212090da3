// What can be reached: a plain mark with the world stopped, apart from the collector's own. It begins where its user says, goes breadth first
// with a list, in which each block names the one that led to it, and leaves all marks alone; so it may run in any phase of a cycle. The
// check (check.c), the leak detector (leak.c) and what tells of retainers (retain.c) stand on it.
//
// Which blocks were met is remembered in a bitmap per arena, a bit for every 8 bytes. All memory is the OS's: nothing is allocated here.
#include "internal.h"

enum { MOST_ARENAS = ARENAS < 4096 ? ARENAS : 4096 };

static struct {
    uint64_t *bits[MOST_ARENAS]; // of the arenas met, in the order of meeting
    uintptr_t arena[MOST_ARENAS];
    uintptr_t arenas;
    struct reach_step *list; // blocks met that hold pointers, in the order of meeting
    uintptr_t n, room;
    uintptr_t followed;     // so many of them were
    struct reach_step from; // whose pointers are followed
    uintptr_t at;           // its place in the list
    reach_met met;
} reach;

// ---- which blocks were met ----

static uint64_t *bits_of(uintptr_t p, bool make)
{
    for (uintptr_t i = 0; i < reach.arenas; i++)
        if (reach.arena[i] == p >> ARENA_SHIFT)
            return reach.bits[i];
    if (!make)
        return NULL;
    REF_CHECK(reach.arenas < MOST_ARENAS);
    uint64_t *bits = sys_alloc(ARENA_SIZE / 64);
    REF_CHECK(bits);
    reach.arena[reach.arenas] = p >> ARENA_SHIFT;
    reach.bits[reach.arenas++] = bits;
    return bits;
}

static bool first_time(uintptr_t block)
{
    uint64_t *bits = bits_of(block, true);
    uintptr_t at = (block & (ARENA_SIZE - 1)) / 8;
    uint64_t bit = (uint64_t)1 << (at % 64);
    bool first = !(bits[at / 64] & bit);
    bits[at / 64] |= bit;
    return first;
}

bool reach_has(uintptr_t p)
{
    struct span *s = span_of(p);
    if (!s)
        return true;
    uintptr_t block = span_block(s, span_index(s, p)), at = (block & (ARENA_SIZE - 1)) / 8;
    const uint64_t *bits = bits_of(block, false);
    return bits && bits[at / 64] >> (at % 64) & 1;
}

// ---- following pointers ----

static void push(struct reach_step step)
{
    if (reach.n == reach.room) {
        uintptr_t room = reach.room ? reach.room * 2 : 1 << 14;
        struct reach_step *list = sys_alloc(room * sizeof *list);
        REF_CHECK(list);
        for (uintptr_t i = 0; i < reach.n; i++)
            list[i] = reach.list[i];
        if (reach.list)
            sys_free(reach.list, reach.room * sizeof *list);
        reach.list = list;
        reach.room = room;
    }
    reach.list[reach.n++] = step;
}

static void meet(void *ctx, uintptr_t p)
{
    (void)ctx;
    struct span *s = span_of(p);
    if (!s)
        return;
    uint32_t index = span_index(s, p);
    uintptr_t block = span_block(s, index);
    if (!first_time(block))
        return;
    if (reach.met)
        reach.met(s, index, p, &reach.from);
    if (span_noscan(s) || !span_allocated(s, index))
        return;
    if (!reach.from.block) {
        reach.at = reach.n;
        push(reach.from);
    }
    push((struct reach_step){.block = block, .from = reach.at});
}

static void meet_word(void *ctx, void **word)
{
    reach.from.word = word;
    if (*word)
        meet(ctx, (uintptr_t)*word);
}

static void meet_special(void *ctx, struct span *s, struct special *sp)
{
    static const char *const what[] = {
        [SPECIAL_FINALIZER] = "a finalizer", [SPECIAL_WEAK] = "a weak pointer", [SPECIAL_CLEANUP] = "a cleanup"};
    reach.from = (struct reach_step){.what = what[sp->kind]};
    meet(ctx, (uintptr_t)sp->word);
    if (sp->kind == SPECIAL_FINALIZER)
        mark_each_pointer(s, span_index(s, s->base + sp->offset), meet, ctx);
}

void reach_begin(reach_met met)
{
    reach.met = met;
    reach.n = reach.followed = 0;
    reach.from = (struct reach_step){.what = "the runtime"};
    roots_each_static(meet_word, NULL);
    special_each(meet_special, NULL);
}

void reach_goroutine(struct g *g)
{
    reach.from = (struct reach_step){.g = g};
    roots_visit_goroutine(g, meet_word, NULL);
}

void reach_pointer(void *ctx, void **word)
{
    reach.from = (struct reach_step){.what = "the runtime"};
    meet_word(ctx, word);
}

void reach_all(void)
{
    while (reach.followed < reach.n) {
        reach.at = reach.followed++;
        reach.from = reach.list[reach.at];
        if (reach.from.block) {
            struct span *s = span_of(reach.from.block);
            mark_each_pointer(s, span_index(s, reach.from.block), meet, NULL);
        }
    }
}

static void reach_living(struct g *g, void *ctx)
{
    (void)ctx;
    if (roots_has_stack(g))
        reach_goroutine(g);
}

void reach_everything(reach_met met)
{
    reach_begin(met);
    g_each(reach_living, NULL);
    reach_all();
}

const struct reach_step *reach_step_at(uintptr_t i)
{
    return &reach.list[i];
}

void reach_end(void)
{
    for (uintptr_t i = 0; i < reach.arenas; i++)
        sys_free(reach.bits[i], ARENA_SIZE / 64);
    reach.arenas = 0;
}
