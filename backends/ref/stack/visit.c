// What of a stopped goroutine may point to blocks, or into its own stack.
//
// The walk follows the frames from g->sp to the base by their descriptors' sizes; the mask of the frame's safepoint tells which words are
// live pointers. Besides there are the spilled arguments, the records of deferred calls, the records of panics and the wait nodes.
//
// A move visits them all. A collector leaves out the candidates to which nothing leads (spec/gomem.h 4). They are put in one list, which is in
// the order of their addresses as the frames are; then all else is visited, and each word whose value is in the stack is looked up there.
// The candidates met form a queue, and are visited in turn; a debug build makes rubbish of the others. A long list gets memory of its own; if
// there is none, all candidates are visited.
#include <string.h>
#include <sys/mman.h>

#include "../panic/panic.h"
#include "../sched/sched.h"
#include "internal.h"

static gomem_frame *innermost(struct g *g)
{
    return (gomem_frame *)(void *)g->head.sp;
}

static gomem_frame *outer(gomem_frame *f)
{
    return (gomem_frame *)(void *)((char *)f + f->desc->size);
}

static bool is_frame(const struct g *g, const gomem_frame *f)
{
    return (const char *)f < g->head.stack_base;
}

// ---- words ----

// Those from `from` to `to`, as masks count.
static void visit_words(gomem_frame *f, uintptr_t from, uintptr_t to, stack_visitor visit, void *ctx)
{
    const gomem_frame_desc *d = f->desc;
    REF_ASSERT(f->point < d->points);
    const uint8_t *mask = d->masks + f->point * ((d->words + 7) / 8);
    void **words = (void **)(f + 1);
    for (uintptr_t i = from; i < to; i++) {
        if (mask[i / 8] == 0)
            i |= 7;
        else if (mask[i / 8] >> (i % 8) & 1)
            visit(ctx, &words[i]);
    }
}

static uintptr_t words_of(const gomem_frame *f)
{
    return f->desc->words - (f->desc->words && FAULT(last_word_missed));
}

static void visit_records(struct g *g, stack_visitor visit, void *ctx)
{
    if (g->fn)
        visit(ctx, (void **)&g->fn);
    for (uint32_t i = 0; i < g->head.spill_len; i++)
        visit(ctx, &g->head.spill[i]);
    visit(ctx, (void **)&g->head.defers);
    for (gomem_defer *d = g->head.defers; d; d = d->link) {
        visit(ctx, (void **)&d->link);
        visit(ctx, (void **)&d->fn);
    }
    panic_visit(g, visit, ctx);
    for (struct sudog *s = g->waiting; s; s = s->g_link) {
        if (!FAULT(moved_nodes_kept))
            visit(ctx, &s->elem);
        visit(ctx, &s->c);
    }
}

void stack_visit(struct g *g, stack_visitor visit, void *ctx)
{
    visit_records(g, visit, ctx);
    for (gomem_frame *f = innermost(g); is_frame(g, f); f = outer(f))
        visit_words(f, 0, words_of(f), visit, ctx);
}

// ---- candidates ----

enum { FEW = 32, NONE = -1, NOT_MET = -2 };

struct candidate {
    gomem_frame *frame;
    const gomem_frame_object *object;
    intptr_t next; // in the queue: an index, or NONE; NOT_MET: it is not in the queue
};

// list is in the order of addresses. The queue runs from the one being visited to last.
struct trace {
    struct g *g;
    stack_visitor visit;
    void *ctx;
    struct candidate *list;
    intptr_t count, first, last;
};

static bool is_candidate(const gomem_frame *f, uint32_t object)
{
    const gomem_frame_desc *d = f->desc;
    return d->candidates[f->point * ((d->object_count + 7) / 8) + object / 8] >> (object % 8) & 1;
}

// Fills list, unless it is NULL; returns how many there are.
static intptr_t list_candidates(struct g *g, struct candidate *list)
{
    intptr_t n = 0;
    for (gomem_frame *f = innermost(g); is_frame(g, f); f = outer(f))
        for (uint32_t i = 0; i < f->desc->object_count; i++) {
            if (!is_candidate(f, i))
                continue;
            if (list)
                list[n] = (struct candidate){f, &f->desc->objects[i], NOT_MET};
            n++;
        }
    return n;
}

static char *start_of(const struct candidate *c)
{
    return (char *)((void **)(c->frame + 1) + c->object->first);
}

static struct candidate *candidate_at(const struct trace *t, const char *p)
{
    intptr_t low = 0, high = t->count;
    while (low < high) {
        intptr_t middle = low + (high - low) / 2;
        if (p < start_of(&t->list[middle]))
            high = middle;
        else
            low = middle + 1;
    }
    struct candidate *c = low ? &t->list[low - 1] : NULL;
    return c && p < start_of(c) + c->object->words * sizeof(void *) ? c : NULL;
}

static void meet(void *ctx, void **word)
{
    struct trace *t = ctx;
    t->visit(t->ctx, word);
    const char *p = __atomic_load_n(word, __ATOMIC_RELAXED);
    struct candidate *c = p >= t->g->head.sp && p < t->g->head.stack_base ? candidate_at(t, p) : NULL;
    if (!c || c->next != NOT_MET)
        return;
    c->next = NONE;
    *(t->last == NONE ? &t->first : &t->list[t->last].next) = c - t->list;
    t->last = c - t->list;
}

// The words of a frame that are in no candidate. c: its first candidate; returns the next frame's.
static const struct candidate *visit_definite(struct trace *t, gomem_frame *f, const struct candidate *c)
{
    uintptr_t at = 0;
    for (; c < t->list + t->count && c->frame == f; c++) {
        visit_words(f, at, c->object->first, meet, t);
        at = c->object->first + c->object->words;
    }
    visit_words(f, at, words_of(f), meet, t);
    return c;
}

static void visit_met(struct trace *t)
{
    for (intptr_t i = t->first; i != NONE; i = t->list[i].next) {
        const struct candidate *c = &t->list[i];
        visit_words(c->frame, c->object->first, c->object->first + c->object->words, meet, t);
    }
}

#ifdef REF_DEBUG
// A use of a variable that was not met is visible: no pointer has this value.
static void poison_unmet(const struct trace *t)
{
    for (intptr_t i = 0; i < t->count && !FAULT(candidates_lost); i++)
        if (t->list[i].next == NOT_MET)
            memset(start_of(&t->list[i]), 0xdb, t->list[i].object->words * sizeof(void *));
}
#else
static void poison_unmet(const struct trace *t)
{
    (void)t;
}
#endif

static void trace(struct g *g, struct candidate *list, intptr_t count, stack_visitor visit, void *ctx)
{
    struct trace t = {g, visit, ctx, list, count, NONE, NONE};
    const struct candidate *c = list;
    list_candidates(g, list);
    visit_records(g, meet, &t);
    for (gomem_frame *f = innermost(g); is_frame(g, f); f = outer(f))
        c = visit_definite(&t, f, c);
    if (!FAULT(candidates_lost))
        visit_met(&t);
    poison_unmet(&t);
}

void stack_visit_live(struct g *g, stack_visitor visit, void *ctx)
{
    struct candidate few[FEW], *list = few;
    intptr_t n = FAULT(candidates_kept) ? 0 : list_candidates(g, NULL);
    uintptr_t bytes = (uintptr_t)n * sizeof *list;
    if (n > FEW)
        list = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (n && list != MAP_FAILED)
        trace(g, list, n, visit, ctx);
    else
        stack_visit(g, visit, ctx);
    if (n > FEW && list != MAP_FAILED)
        munmap(list, bytes);
}
