// The page heap: runs of free pages, and the spans made of them.
//
// Free runs are the nodes of a treap ordered by address, each of which knows the largest run below it: the first fit by address is
// found in O(log n), which keeps the heap dense at its low end. The arena map names the run at its first and last page, so
// that a run that is freed finds its neighbours and joins them, across arenas too.
//
// Each free run counts its pages with memory behind them (backed); scavenging gives those back to the OS, from the high end down.
//
// Invariant: no two free runs are neighbours. in_use + free + released + stacks = bytes of usable pages; free are backed ones.
#include <string.h>

#include "internal.h"

struct rmutex pages_lock = {.rank = RANK_PAGES};
struct page_counts page_counts;
_Atomic uint64_t heap_limit = UINT64_MAX;

static struct span *runs;       // the treap; protected by pages_lock, like all below
static struct span *dead_spans; // descriptors without pages
static uint32_t seed = 2463534242u;

// ---- the treap ----

static uintptr_t most(const struct span *t)
{
    return t ? t->most_pages : 0;
}

static void update(struct span *t)
{
    uintptr_t m = t->npages;
    if (most(t->left) > m)
        m = most(t->left);
    if (most(t->right) > m)
        m = most(t->right);
    t->most_pages = m;
}

static struct span *merge(struct span *low, struct span *high)
{
    if (!low || !high)
        return low ? low : high;
    if (low->priority > high->priority) {
        low->right = merge(low->right, high);
        update(low);
        return low;
    }
    high->left = merge(low, high->left);
    update(high);
    return high;
}

// split divides t into what lies below base and the rest.
static void split(struct span *t, uintptr_t base, struct span **low, struct span **high)
{
    if (!t) {
        *low = *high = NULL;
        return;
    }
    if (t->base < base) {
        split(t->right, base, &t->right, high);
        *low = t;
    } else {
        split(t->left, base, low, &t->left);
        *high = t;
    }
    update(t);
}

static void insert_run(struct span *s)
{
    struct span *low, *high;
    seed ^= seed << 13, seed ^= seed >> 17, seed ^= seed << 5;
    s->priority = seed;
    s->left = s->right = NULL;
    s->most_pages = s->npages;
    split(runs, s->base, &low, &high);
    runs = merge(merge(low, s), high);
}

static struct span *without(struct span *t, struct span *s)
{
    if (t == s)
        return merge(t->left, t->right);
    if (s->base < t->base)
        t->left = without(t->left, s);
    else
        t->right = without(t->right, s);
    update(t);
    return t;
}

static struct span *first_fit(uintptr_t npages)
{
    struct span *t = runs;
    if (most(t) < npages)
        return NULL;
    for (;;) {
        if (most(t->left) >= npages)
            t = t->left;
        else if (t->npages >= npages)
            return t;
        else
            t = t->right;
    }
}

// ---- runs ----

static struct span *new_span(uintptr_t base, uintptr_t npages)
{
    struct span *s = dead_spans;
    if (s)
        dead_spans = s->next;
    else
        s = meta_alloc(sizeof *s, 64);
    memset(s, 0, sizeof *s);
    s->base = base;
    s->npages = npages;
    return s;
}

static void drop_span(struct span *s)
{
    atomic_store_explicit(&s->state, SPAN_DEAD, memory_order_relaxed);
    s->next = dead_spans;
    dead_spans = s;
}

static uintptr_t run_end(const struct span *s)
{
    return s->base + (s->npages << HEAP_PAGE_SHIFT);
}

static bool is_free(const struct span *s)
{
    return s && atomic_load_explicit(&s->state, memory_order_relaxed) == SPAN_FREE;
}

static void add_run(struct span *s)
{
    atomic_store_explicit(&s->state, SPAN_FREE,
                          memory_order_release); // so that who sees it sees what sweeping did before
    arena_set_span(s->base, s);
    arena_set_span(run_end(s) - HEAP_PAGE, s);
    insert_run(s);
}

// join adds a run to the tree, after its free neighbours were taken into it.
static void join(struct span *s)
{
    struct span *before = arena_span(s->base - HEAP_PAGE), *after = arena_span(run_end(s));
    if (FAULT(no_coalescing)) {
        add_run(s);
        return;
    }
    if (is_free(before) && run_end(before) == s->base) {
        runs = without(runs, before);
        s->base = before->base;
        s->npages += before->npages;
        s->backed += before->backed;
        drop_span(before);
    }
    if (is_free(after) && after->base == run_end(s)) {
        runs = without(runs, after);
        s->npages += after->npages;
        s->backed += after->backed;
        drop_span(after);
    }
    add_run(s);
}

static bool grow(uintptr_t npages)
{
    while (most(runs) < npages) {
        uintptr_t given = npages, base = arena_grow(&given);
        if (!base)
            return false;
        page_counts.released += (uint64_t)given << HEAP_PAGE_SHIFT;
        page_counts.grows++;
        join(new_span(base, given));
    }
    return true;
}

// ---- spans ----

static uint64_t *count_of(enum span_state state)
{
    return state == SPAN_STACK ? &page_counts.stacks : &page_counts.in_use;
}

// cut takes npages from the front of a run that is in no tree, and returns how many had no memory behind them.
static uintptr_t cut(struct span *s, uintptr_t npages)
{
    uintptr_t released = arena_take_released(s->base, npages), backed = npages - released;
    if (s->npages > npages) {
        struct span *rest = new_span(s->base + (npages << HEAP_PAGE_SHIFT), s->npages - npages);
        rest->backed = s->backed - backed;
        add_run(rest);
    }
    s->npages = npages;
    s->backed = 0;
    s->need_zero = backed != 0;
    page_counts.free -= (uint64_t)backed << HEAP_PAGE_SHIFT;
    page_counts.released -= (uint64_t)released << HEAP_PAGE_SHIFT;
    return released;
}

// pages_keep_limit gives free pages back when the memory that is backed has come near its limit. in_use has grown by then: for a moment it is
// over.
void pages_keep_limit(void)
{
    uint64_t limit = atomic_load_explicit(&heap_limit, memory_order_relaxed);
    if (limit != UINT64_MAX)
        while (pages_scavenge(0, limit - limit / 20))
            ;
}

struct span *pages_alloc(uintptr_t npages, enum span_state state)
{
    uintptr_t more = 0;
    rlock(&pages_lock);
    struct span *s = first_fit(npages);
    if (!s && grow(npages))
        s = first_fit(npages);
    if (s) {
        runs = without(runs, s);
        atomic_store_explicit(&s->state, SPAN_DEAD, memory_order_relaxed); // no free run, and not yet in use
        more = cut(s, npages);
        *count_of(state) += (uint64_t)npages << HEAP_PAGE_SHIFT;
        for (uintptr_t p = s->base; p < run_end(s); p += HEAP_PAGE)
            arena_set_span(p, s);
    }
    runlock(&pages_lock);
    if (more)
        pages_keep_limit();
    return s;
}

void pages_free(struct span *s)
{
    rlock(&pages_lock);
    uint64_t bytes = (uint64_t)s->npages << HEAP_PAGE_SHIFT;
    *count_of(atomic_load_explicit(&s->state, memory_order_relaxed)) -= bytes;
    page_counts.free += bytes;
    s->backed = s->npages;
    memcheck_closed(s->base, bytes);
    if (!FAULT(pages_lost))
        join(s);
    runlock(&pages_lock);
}

// ---- stacks ----

void *heap_stack_pages(uintptr_t npages)
{
    struct span *s = pages_alloc(npages, SPAN_STACK);
    if (!s)
        return NULL;
    s->limit = run_end(s);
    memcheck_fresh(s->base, s->limit - s->base);
    atomic_store_explicit(&s->state, SPAN_STACK, memory_order_release);
    return (void *)s->base;
}

void heap_stack_pages_free(void *p)
{
    struct span *s = arena_span((uintptr_t)p);
    REF_CHECK(s && s->base == (uintptr_t)p && atomic_load_explicit(&s->state, memory_order_relaxed) == SPAN_STACK);
    pages_free(s);
}

// ---- scavenging ----

// last_backed is the highest run with memory behind it.
static struct span *last_backed(struct span *t)
{
    while (t) {
        struct span *s = last_backed(t->right);
        if (s || t->backed)
            return s ? s : t;
        t = t->left;
    }
    return NULL;
}

enum { SCAVENGE_PAGES = (1 << 20) / HEAP_PAGE };

// may_give tells how many bytes of free pages are more than keep, and make more backed memory than retain.
static uint64_t may_give(uint64_t keep, uint64_t retain)
{
    uint64_t backed = page_counts.in_use + page_counts.stacks + page_counts.free + meta_bytes();
    uint64_t spare = page_counts.free > keep ? page_counts.free - keep : 0,
             over = backed > retain ? backed - retain : 0;
    return spare < over ? spare : over;
}

// pages_scavenge takes them from the end of the highest backed run, a MiB at most.
uintptr_t pages_scavenge(uint64_t keep, uint64_t retain)
{
    uintptr_t given = 0;
    if (FAULT(never_scavenged))
        return 0;
    rlock(&pages_lock);
    uint64_t wanted = (may_give(keep, retain) + HEAP_PAGE - 1) >> HEAP_PAGE_SHIFT;
    if (wanted > SCAVENGE_PAGES)
        wanted = SCAVENGE_PAGES;
    struct span *s = wanted ? last_backed(runs) : NULL;
    for (uintptr_t end = s ? run_end(s) : 0; s && s->backed && given < wanted && end > s->base;) {
        uintptr_t n = (end - s->base) >> HEAP_PAGE_SHIFT, most_now = (uintptr_t)wanted - given;
        if (n > most_now)
            n = most_now;
        end -= n << HEAP_PAGE_SHIFT;
        uintptr_t released = arena_release(end, n);
        s->backed -= released;
        given += released;
    }
    page_counts.free -= (uint64_t)given << HEAP_PAGE_SHIFT;
    page_counts.released += (uint64_t)given << HEAP_PAGE_SHIFT;
    runlock(&pages_lock);
    return given << HEAP_PAGE_SHIFT;
}

uintptr_t heap_scavenge(uintptr_t keep)
{
    uintptr_t total = 0, given;
    while ((given = pages_scavenge(keep, 0)))
        total += given;
    return total;
}

// ---- validity ----

static bool tree_valid(const struct span *t, uintptr_t low, uintptr_t high, uint64_t *backed, uint64_t *all)
{
    if (!t)
        return true;
    uintptr_t m = t->npages;
    m = most(t->left) > m ? most(t->left) : m;
    m = most(t->right) > m ? most(t->right) : m;
    *backed += (uint64_t)t->backed << HEAP_PAGE_SHIFT;
    *all += (uint64_t)t->npages << HEAP_PAGE_SHIFT;
    return is_free(t) && t->base > low && run_end(t) < high && t->backed <= t->npages && m == t->most_pages &&
           arena_span(t->base) == t && arena_span(run_end(t) - HEAP_PAGE) == t &&
           tree_valid(t->left, low, t->base, backed, all) && tree_valid(t->right, run_end(t), high, backed, all);
}

bool pages_valid(void)
{
    uint64_t backed = 0, all = 0;
    return tree_valid(runs, 0, UINTPTR_MAX, &backed, &all) && backed == page_counts.free &&
           all == page_counts.free + page_counts.released;
}
