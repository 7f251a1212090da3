// Counters of the heap: blocks by class, when mcaches exchange spans and when spans are swept; bytes follow from the classes.
#include "internal.h"

struct heap_totals heap_totals;

static uint64_t load(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void count_blocks(struct heap_counts *c)
{
    const struct heap_totals *t = &heap_totals;
    c->tiny = load(&t->tiny_allocs);
    c->mallocs = load(&t->large_allocs) + c->tiny;
    c->frees = load(&t->large_frees) + c->tiny; // a tiny object counts as freed at once: its block stands for it
    c->total_alloc = load(&t->large_alloc_bytes);
    c->total_free = load(&t->large_free_bytes);
    for (int i = 1; i < CLASSES; i++) {
        uint64_t allocs = load(&t->small_allocs[i]), frees = load(&t->small_frees[i]);
        c->mallocs += allocs;
        c->frees += frees;
        c->total_alloc += allocs * size_classes[i].size;
        c->total_free += frees * size_classes[i].size;
    }
}

static void count_pages(struct heap_counts *c)
{
    rlock(&pages_lock);
    REF_ASSERT(pages_valid());
    c->in_use = page_counts.in_use;
    c->idle = page_counts.free + page_counts.released;
    c->released = page_counts.released;
    c->stacks = page_counts.stacks;
    c->os_grows = page_counts.grows;
    runlock(&pages_lock);
    c->meta = meta_bytes();
    c->sys = c->in_use + c->idle + c->stacks + c->meta;
}

void heap_counts(struct heap_counts *c)
{
    mcache_flush_counts();
    count_blocks(c);
    count_pages(c);
    c->refills = load(&heap_totals.refills);
    c->grows = load(&heap_totals.grows);
    c->sweeps = load(&heap_totals.sweeps);
}

void heap_size_stats(gomem_size_stats *of, int n)
{
    for (int i = 0; i < n && i < CLASSES; i++)
        of[i] = (gomem_size_stats){size_classes[i].size, load(&heap_totals.small_allocs[i]),
                                   load(&heap_totals.small_frees[i])};
}

uint64_t heap_live_bytes(void)
{
    struct heap_counts c;
    count_blocks(&c);
    return c.total_alloc - c.total_free;
}
