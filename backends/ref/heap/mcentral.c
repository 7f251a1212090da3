// mcentral: the spans of one class that no mcache holds.
//
// Four lists: partial (some block is free) and full, each for swept and for unswept spans. Which of a pair is the swept one follows
// from heap_sweepgen, so the step to a new cycle moves no span. An mcache that needs a span gets, in this order: a swept partial
// one; an unswept partial one, swept now; an unswept full one that sweeping makes room in; a new one from the page heap. The search among unswept
// spans is bounded, for the memory that one fruitless sweep saves is not worth many.
//
// A span is taken for sweeping by unlinking it and setting sweepgen to heap_sweepgen - 1, both under the lock: exactly one
// thread sweeps it.
#include "internal.h"

enum { SWEEP_BUDGET = 100 };

struct mcentral mcentrals[SPAN_CLASSES];

void mcentral_init(void)
{
    for (int i = 0; i < SPAN_CLASSES; i++)
        mcentrals[i].lock.rank = RANK_MCENTRAL;
}

static uint32_t generation(void)
{
    return atomic_load_explicit(&heap_sweepgen, memory_order_relaxed); // changes only while the world is stopped
}

// ---- lists ----

// The head of a list is atomic (relaxed) for those who only glance whether it is empty; the lock protects it.
static struct span *first(const span_list *list)
{
    return atomic_load_explicit(list, memory_order_relaxed);
}

static void set_first(span_list *list, struct span *s)
{
    atomic_store_explicit(list, s, memory_order_relaxed);
}

static void push(span_list *list, struct span *s)
{
    s->prev = NULL;
    s->next = first(list);
    if (s->next)
        s->next->prev = s;
    set_first(list, s);
}

static void unlink_span(span_list *list, struct span *s)
{
    if (s->prev)
        s->prev->next = s->next;
    else
        set_first(list, s->next);
    if (s->next)
        s->next->prev = s->prev;
    s->next = s->prev = NULL;
}

static struct span *pop(span_list *list)
{
    struct span *s = first(list);
    if (s)
        unlink_span(list, s);
    return s;
}

static span_list *list_of(struct span *s, bool swept)
{
    struct mcentral *c = &mcentrals[s->span_class];
    uint32_t side = generation() / 2 % 2 ^ (swept ? 0 : 1);
    return s->alloc_count < s->nelems ? &c->partial[side] : &c->full[side];
}

void mcentral_add(struct span *s)
{
    REF_ASSERT(span_valid(s) && !s->in_cache);
    struct mcentral *c = &mcentrals[s->span_class];
    rlock(&c->lock);
    push(list_of(s, true), s);
    runlock(&c->lock);
}

// ---- sweeping ----

static void claim(struct span *s)
{
    atomic_store_explicit(&s->sweepgen, generation() - 1, memory_order_relaxed); // under the lock
}

static struct span *take_from(span_list *list)
{
    struct span *s = pop(list);
    if (s)
        claim(s);
    return s;
}

struct span *mcentral_take_unswept(uint32_t span_class)
{
    struct mcentral *c = &mcentrals[span_class];
    uint32_t unswept = (generation() / 2 + 1) % 2;
    if (!first(&c->partial[unswept]) &&
        !first(&c->full[unswept])) // a glance without the lock: spans never become unswept beside the program
        return NULL;
    rlock(&c->lock);
    struct span *s = take_from(&c->partial[unswept]);
    if (!s)
        s = take_from(&c->full[unswept]);
    runlock(&c->lock);
    return s;
}

bool mcentral_take(struct span *s)
{
    struct mcentral *c = &mcentrals[s->span_class];
    rlock(&c->lock);
    bool unswept = atomic_load_explicit(&s->sweepgen, memory_order_relaxed) == generation() - 2;
    if (unswept) {
        unlink_span(list_of(s, false), s);
        claim(s);
    }
    runlock(&c->lock);
    return unswept;
}

// ---- spans for an mcache ----

static struct span *sweep_for_room(struct mcentral *c, span_list *list, int *budget)
{
    while (first(list) && (*budget)-- > 0) {
        rlock(&c->lock);
        struct span *s = take_from(list);
        runlock(&c->lock);
        if (!s)
            return NULL;
        sweep_span(s, true);
        if (s->alloc_count < s->nelems)
            return s;
        mcentral_add(s);
    }
    return NULL;
}

static struct span *grow(uint32_t span_class)
{
    const struct size_class *c = &size_classes[span_class >> 1];
    sweep_for_pages(c->pages);
    struct span *s = pages_alloc(c->pages, SPAN_IN_USE);
    if (!s)
        return NULL;
    span_init(s, (uint8_t)span_class, c->size, NULL);
    count_up(&heap_totals.grows, 1);
    return s;
}

struct span *mcentral_cache(uint32_t span_class)
{
    struct mcentral *c = &mcentrals[span_class];
    uint32_t swept = generation() / 2 % 2, unswept = swept ^ 1;
    int budget = SWEEP_BUDGET;
    rlock(&c->lock);
    struct span *s = pop(&c->partial[swept]);
    runlock(&c->lock);
    if (!s)
        s = sweep_for_room(c, &c->partial[unswept], &budget);
    if (!s)
        s = sweep_for_room(c, &c->full[unswept], &budget);
    return s ? s : grow(span_class);
}
