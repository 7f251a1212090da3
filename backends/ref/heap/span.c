// Spans in use: where their blocks, marks and pointer bitmaps are.
//
//     | block 0 | block 1 | ... | unused tail | pointer bitmap | allocation bits | mark bits |
//
// The pointer bitmap (a bit per word) is there when the span's blocks may hold pointers and are small; larger ones name their type in a
// header. From release 1.26 on spans of small blocks keep 128 bytes for their bits; other spans have them in the descriptor when there
// are at most 128 blocks, else in a piece of descriptors' memory. So the number of blocks in a span is that of the release.
//
// What is allocated is known exactly: alloc_bits as of the last sweep, and since then the blocks taken through alloc_cache, which
// only moves forward.
#include <string.h>

#include "internal.h"

enum { INLINE_BLOCKS = 128, OUTER_BITS = MAX_BLOCKS / 8 };

_Atomic uint32_t heap_sweepgen = 2;

// ---- bits outside span and descriptor ----

struct outer_bits {
    struct outer_bits *next;
    uint8_t rest[2 * OUTER_BITS - sizeof(void *)];
};

static struct rmutex outer_lock = {.rank = RANK_PAGES};
static struct outer_bits *outer_free;

static uint8_t *outer_take(void)
{
    rlock(&outer_lock);
    struct outer_bits *b = outer_free;
    if (b)
        outer_free = b->next;
    runlock(&outer_lock);
    if (!b)
        b = meta_alloc(sizeof *b, 64);
    memset(b, 0, sizeof *b);
    return (uint8_t *)b;
}

static void outer_give(uint8_t *bits)
{
    struct outer_bits *b = (struct outer_bits *)(void *)bits;
    rlock(&outer_lock);
    b->next = outer_free;
    outer_free = b;
    runlock(&outer_lock);
}

// ---- layout ----

static bool has_ptr_bits(uint8_t span_class, uintptr_t size)
{
    return !(span_class & 1) && span_class > 1 && size <= HEADER_OVER;
}

static bool has_mark_tail(uintptr_t size)
{
    return heap_release >= 26 && size >= TINY && size <= HEADER_OVER;
}

static uint8_t *lower_bits(struct span *s)
{
    return s->alloc_bits < (uint8_t *)s->mark_bits ? s->alloc_bits : (uint8_t *)s->mark_bits;
}

// place_bits decides where the bits are; tail is the end of what the span's pages leave for them.
static void place_bits(struct span *s, uintptr_t end)
{
    uint8_t *bits;
    uintptr_t half;
    if (has_mark_tail(s->elem_size)) {
        memcheck_fresh(end - MARK_TAIL, MARK_TAIL);
        bits = (uint8_t *)(end - MARK_TAIL), half = MARK_TAIL / 2;
        memset(bits, 0, MARK_TAIL);
    } else if (s->nelems <= INLINE_BLOCKS) {
        bits = (uint8_t *)s->bits, half = sizeof s->bits / 2;
        memset(bits, 0, sizeof s->bits);
    } else {
        bits = outer_take(), half = OUTER_BITS;
    }
    s->alloc_bits = bits;
    s->mark_bits = (_Atomic uint8_t *)(bits + half);
}

static void load_cache(struct span *s, uint32_t group)
{
    uint64_t allocated;
    memcpy(&allocated, s->alloc_bits + group / 8, sizeof allocated);
    s->cache_base = group;
    s->alloc_cache = ~allocated;
    if (s->nelems - group < 64)
        s->alloc_cache &= ((uint64_t)1 << (s->nelems - group)) - 1;
}

void span_init(struct span *s, uint8_t span_class, uintptr_t size, const gomem_type *large_type)
{
    uintptr_t bytes = s->npages << HEAP_PAGE_SHIFT, end = s->base + bytes, left = bytes;
    bool small = span_class > 1;
    s->span_class = span_class;
    s->elem_size = small ? size : bytes;
    if (small && has_mark_tail(size))
        left -= MARK_TAIL;
    s->ptr_bits = NULL;
    if (has_ptr_bits(span_class, size)) {
        left -= bytes / WORD / 8;
        s->ptr_bits = (uint64_t *)(s->base + left);
        memcheck_fresh(s->ptr_bits, bytes / WORD / 8);
        memset(s->ptr_bits, 0, bytes / WORD / 8);
    }
    s->nelems = small ? (uint32_t)(left / size) : 1;
    s->div_magic = small ? UINT32_MAX / (uint32_t)size + 1 : 0;
    s->limit = s->base + s->nelems * s->elem_size;
    place_bits(s, end);
    s->alloc_count = 0;
    load_cache(s, 0);
    s->specials = NULL;
    s->in_cache = false;
    atomic_store_explicit(&s->large_type, large_type, memory_order_relaxed);
    atomic_store_explicit(&s->sweepgen, atomic_load_explicit(&heap_sweepgen, memory_order_relaxed),
                          memory_order_relaxed);
    atomic_store_explicit(&s->state, SPAN_IN_USE, memory_order_release);
}

void span_free_bits(struct span *s)
{
    if (s->nelems > INLINE_BLOCKS && !has_mark_tail(s->elem_size))
        outer_give(lower_bits(s));
}

// ---- what is allocated ----

bool span_advance(struct span *s)
{
    while (s->cache_base + 64 < s->nelems) {
        load_cache(s, s->cache_base + 64);
        if (s->alloc_cache)
            return true;
    }
    return false;
}

bool span_allocated(const struct span *s, uint32_t index)
{
    if (index < s->cache_base)
        return true;
    if (index - s->cache_base < 64)
        return !(s->alloc_cache >> (index - s->cache_base) & 1);
    return s->alloc_bits[index / 8] >> (index & 7) & 1;
}

uint32_t span_count(const struct span *s)
{
    uint32_t end = s->nelems - s->cache_base < 64 ? s->nelems : s->cache_base + 64;
    uint32_t count = end - (uint32_t)__builtin_popcountll(s->alloc_cache);
    for (uint32_t group = s->cache_base + 64; group < s->nelems; group += 64) {
        uint64_t allocated;
        memcpy(&allocated, s->alloc_bits + group / 8, sizeof allocated);
        count += (uint32_t)__builtin_popcountll(allocated);
    }
    return count;
}

void span_adopt_marks(struct span *s)
{
    uint8_t *old = s->alloc_bits;
    s->alloc_bits = (uint8_t *)s->mark_bits;
    s->mark_bits = (_Atomic uint8_t *)old;
    if (!FAULT(marks_kept))
        memset(old, 0, (s->nelems + 63) / 64 * 8);
    load_cache(s, 0);
    s->alloc_count = span_count(s);
    if (!s->alloc_cache)
        span_advance(s);
}

bool span_valid(const struct span *s)
{
    uintptr_t end = s->base + (s->npages << HEAP_PAGE_SHIFT);
    bool shape = s->limit <= end && s->limit == s->base + s->nelems * s->elem_size && s->nelems > 0;
    bool cache = s->cache_base % 64 == 0 && s->cache_base < s->nelems &&
                 (s->nelems - s->cache_base >= 64 || !(s->alloc_cache >> (s->nelems - s->cache_base)));
    bool index = s->div_magic == 0 || (span_index(s, s->limit - 1) == s->nelems - 1 && span_index(s, s->base) == 0);
    return shape && cache && index && (s->in_cache || s->alloc_count == span_count(s));
}

bool heap_find(const void *p, void **base, uintptr_t *size)
{
    struct span *s = span_of((uintptr_t)p);
    if (!s)
        return false;
    uint32_t index = span_index(s, (uintptr_t)p);
    if (!span_allocated(s, index))
        return false;
    uintptr_t block = span_payload(s, index);
    if ((uintptr_t)p < block)
        return false;
    *base = (void *)block;
    *size = span_block(s, index) + s->elem_size - block;
    return true;
}
