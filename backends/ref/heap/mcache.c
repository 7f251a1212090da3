// mcache: what a P allocates small blocks from without a lock: one span per class, and the block that tiny objects share.
//
// Only the P's own thread uses it while the program runs. When the world is stopped the collector flushes it: the spans go back to their
// mcentrals, and the blocks taken from them are counted. Counting at that moment, and when a span is exchanged, is what keeps the way
// of a hit free of counters. The pacer's view of the heap takes a span's free blocks as used from the moment an mcache takes it.
#include "internal.h"

struct span mcache_empty;

static struct {
    struct rmutex lock;
    struct mcache *all, *unused;
} caches = {.lock = {.rank = RANK_PAGES}};

struct mcache *mcache_new(void)
{
    rlock(&caches.lock);
    struct mcache *c = caches.unused;
    if (c)
        caches.unused = c->link;
    runlock(&caches.lock);
    if (!c)
        c = meta_alloc(sizeof *c, 64);
    *c = (struct mcache){.tiny_used = TINY};
    for (int i = 0; i < SPAN_CLASSES; i++)
        c->alloc[i] = &mcache_empty;
    rlock(&caches.lock);
    c->link = caches.all;
    caches.all = c;
    runlock(&caches.lock);
    return c;
}

void mcache_release(struct mcache *c)
{
    mcache_flush(c);
    rlock(&caches.lock);
    struct mcache **at = &caches.all;
    while (*at != c)
        at = &(*at)->link;
    *at = c->link;
    c->link = caches.unused;
    caches.unused = c;
    runlock(&caches.lock);
}

static int64_t free_bytes(const struct span *s, uint32_t count)
{
    return (int64_t)((s->nelems - count) * s->elem_size);
}

// count_used counts the blocks taken from a cached span since the last time.
static void count_used(struct span *s, uint32_t now)
{
    count_up(&heap_totals.small_allocs[span_size_class(s)], now - s->alloc_count);
    s->alloc_count = now;
}

// give_back returns a span to its mcentral, what is still free in it to the pacer.
static void give_back(struct span *s)
{
    count_used(s, span_count(s));
    s->in_cache = false;
    atomic_fetch_sub_explicit(&heap_totals.live, free_bytes(s, s->alloc_count), memory_order_relaxed);
    mcentral_add(s);
}

struct span *mcache_refill(struct mcache *c, uint32_t span_class)
{
    struct span *old = c->alloc[span_class];
    if (old != &mcache_empty)
        give_back(old);
    c->alloc[span_class] = &mcache_empty;
    struct span *s = mcentral_cache(span_class);
    if (!s)
        return NULL;
    REF_ASSERT(span_valid(s) && s->alloc_count < s->nelems);
    s->in_cache = true;
    count_up(&heap_totals.refills, 1);
    atomic_fetch_add_explicit(&heap_totals.live, free_bytes(s, s->alloc_count), memory_order_relaxed);
    c->alloc[span_class] = s;
    return s;
}

static void flush_tiny(struct mcache *c)
{
    count_up(&heap_totals.tiny_allocs, c->tiny_count);
    c->tiny_count = 0;
}

void mcache_flush(struct mcache *c)
{
    for (int i = 0; i < SPAN_CLASSES; i++) {
        if (c->alloc[i] != &mcache_empty)
            give_back(c->alloc[i]);
        c->alloc[i] = &mcache_empty;
    }
    c->tiny = 0;
    c->tiny_used = TINY;
    flush_tiny(c);
}

void mcache_flush_all(void)
{
    for (struct mcache *c = caches.all; c; c = c->link)
        mcache_flush(c);
}

void mcache_flush_counts(void)
{
    for (struct mcache *c = caches.all; c; c = c->link) {
        for (int i = 0; i < SPAN_CLASSES; i++)
            if (c->alloc[i] != &mcache_empty)
                count_used(c->alloc[i], span_count(c->alloc[i]));
        flush_tiny(c);
    }
}

void mcache_each_tiny(void (*f)(uintptr_t block))
{
    for (struct mcache *c = caches.all; c; c = c->link)
        if (c->tiny)
            f(c->tiny);
}
