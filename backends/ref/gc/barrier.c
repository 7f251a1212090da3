// The write barrier: hybrid, as Go's. While marking, a store of a pointer into the heap or a variable shades
//
//   the old value: it may have been the last reference from the heap to a block that only a stack not yet scanned, or already scanned, holds
//                  (deletion barrier: what the heap referred to when marking began is found)
//   the new value: it may come from a stack that has not been scanned, whose owner then forgets it (insertion barrier)
//
// so no stack is looked at twice, and stacks need no barrier. Both values go to a buffer of the P; when it is full, and before
// marking may end, they are greyed. Shading happens-before the store in program order, and a P's buffer is emptied by its own thread or
// while the world is stopped, so no cycle ends with a value unseen.
//
// The buffer's values are read after the store may already be visible; that is harmless, for marking cannot end before the flush.
#include <string.h>

#include "internal.h"

uint32_t gc_barrier_enabled;
_Atomic uint64_t barrier_count, barrier_shades, barrier_flushes;

static struct {
    struct rmutex lock;
    struct wbbuf *unused;
} buffers = {.lock = {.rank = RANK_GCWORK}};

// ---- the buffer ----

struct wbbuf *wbbuf_new(void)
{
    rlock(&buffers.lock);
    struct wbbuf *b = buffers.unused;
    if (b)
        buffers.unused = b->link;
    runlock(&buffers.lock);
    if (!b)
        b = meta_alloc(sizeof *b, 64);
    b->n = 0;
    b->barriers = 0;
    return b;
}

void barrier_flush(struct p *p)
{
    struct wbbuf *b = p->wbbuf;
    uint64_t before = p->gcwork->marked_blocks;
    for (uint32_t i = 0; i < b->n; i++)
        mark_grey(p->gcwork, b->shade[i]);
    count_up(&barrier_shades, p->gcwork->marked_blocks - before);
    count_up(&barrier_count, b->barriers);
    b->n = 0;
    b->barriers = 0;
}

uint64_t barrier_count_now(void)
{
    uint64_t n = atomic_load_explicit(&barrier_count, memory_order_relaxed);
    for (int i = 0; i < sched_procs(); i++)
        n += __atomic_load_n(&sched_p(i)->wbbuf->barriers, __ATOMIC_RELAXED);
    return n;
}

static __attribute__((noinline)) void flush_full(struct p *p)
{
    count_up(&barrier_flushes, 1);
    barrier_flush(p);
}

void gc_release_p(struct p *p)
{
    barrier_flush(p);
    gcwork_free(p->gcwork);
    rlock(&buffers.lock);
    p->wbbuf->link = buffers.unused;
    buffers.unused = p->wbbuf;
    runlock(&buffers.lock);
}

static inline void shade(struct p *p, void *v)
{
    struct wbbuf *b = p->wbbuf;
    if (!v)
        return;
    b->shade[b->n++] = (uintptr_t)v;
    if (UNLIKELY(b->n == WBBUF))
        flush_full(p);
}

void gc_shade(struct p *p, void *v)
{
    if (gc_marking())
        shade(p, v);
}

// ---- stores ----

void gc_store(gomem_g *g, void **slot, void *v)
{
    if (LIKELY(gc_marking())) {
        struct p *p = p_of(g);
        p->wbbuf->barriers++;
        if (!FAULT(no_deletion_barrier))
            shade(p, __atomic_load_n(slot, __ATOMIC_RELAXED));
        if (!FAULT(no_insertion_barrier))
            shade(p, v);
    }
    __atomic_store_n(slot, v, __ATOMIC_RELAXED);
}

// ---- typed memory ----

static bool in_own_stack(const struct g *g, const void *p)
{
    return (const char *)p >= g->stack_low && (const char *)p < g->head.stack_base;
}

// shade_value shades the pointers of one value, and those of what will replace it.
static void shade_value(struct p *p, const gomem_type *type, const char *old, const char *new)
{
    uintptr_t period = type->mask_size / WORD, end = type->ptrdata / WORD;
    for (uintptr_t i = 0, bit = 0; i < end; i++) {
        if (type->mask[bit / 8] >> (bit % 8) & 1) {
            shade(p, __atomic_load_n((void *const *)(const void *)old + i, __ATOMIC_RELAXED));
            if (new)
                shade(p, __atomic_load_n((void *const *)(const void *)new + i, __ATOMIC_RELAXED));
        }
        if (++bit == period)
            bit = 0;
    }
}

// needs_barrier: the destination is a place that the collector relies on, and it holds pointers.
static bool needs_barrier(gomem_g *g, const gomem_type *type, const void *dst)
{
    return gc_marking() && type->ptrdata && !in_own_stack(g_of(g), dst);
}

static void shade_values(gomem_g *g, const gomem_type *type, const void *dst, const void *src, intptr_t n)
{
    struct p *p = p_of(g);
    const char *old = dst, *new = src;
    p->wbbuf->barriers++;
    for (intptr_t i = 0; i < n; i++, old += type->size) {
        shade_value(p, type, old, new);
        if (new)
            new += type->size;
    }
}

// copy_words copies a word at a time: a marker that reads a word sees the old pointer or the new one.
static void copy_words(void *dst, const void *src, uintptr_t words)
{
    void **to = dst;
    void *const *from = src;
    if ((uintptr_t)dst - (uintptr_t)src >= words * WORD) {
        for (uintptr_t i = 0; i < words; i++)
            __atomic_store_n(&to[i], __atomic_load_n(&from[i], __ATOMIC_RELAXED), __ATOMIC_RELAXED);
    } else {
        for (uintptr_t i = words; i-- > 0;)
            __atomic_store_n(&to[i], __atomic_load_n(&from[i], __ATOMIC_RELAXED), __ATOMIC_RELAXED);
    }
}

void gc_copy(gomem_g *g, const gomem_type *type, void *dst, const void *src, intptr_t n)
{
    uintptr_t bytes = type->size * (uintptr_t)n;
    REF_ASSERT(n > 0);
    if (LIKELY(!needs_barrier(g, type, dst))) {
        memmove(dst, src, bytes);
        return;
    }
    if (dst == src)
        return;
    shade_values(g, type, dst, src, n);
    copy_words(dst, src, bytes / WORD); // a type with pointers has whole words
}

void gc_clear(gomem_g *g, const gomem_type *type, void *dst, intptr_t n)
{
    uintptr_t bytes = type->size * (uintptr_t)n;
    REF_ASSERT(n > 0);
    if (LIKELY(!needs_barrier(g, type, dst))) {
        memset(dst, 0, bytes);
        return;
    }
    shade_values(g, type, dst, NULL, n);
    for (uintptr_t i = 0; i < bytes / WORD; i++)
        __atomic_store_n((void **)dst + i, NULL, __ATOMIC_RELAXED);
}

const gomem_barrier_group ref_barrier_group = {.size = sizeof ref_barrier_group,
                                               .enabled = &gc_barrier_enabled,
                                               .store = gc_store,
                                               .copy = gc_copy,
                                               .clear = gc_clear};
