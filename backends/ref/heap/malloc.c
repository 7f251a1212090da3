// malloc: the way of a request.
//
//     size 0            one fixed address
//     < 16, no pointers the tiny block of the mcache: as many objects as fit share 16 bytes
//     <= 32760          a block of the smallest class that fits, from the mcache's span; with pointers and over the threshold
//                       (512 bytes, on 32-bit 128) 8 bytes more, for a header that names the type
//     more              pages of its own
//
// The collector has to know, of a block that it can reach, where its pointers are. Small blocks say so in the span's bitmap, written here
// from the type's mask, larger ones by their header, large ones by their span. These are written before the block is returned,
// and the program publishes the block after that: on the machines ref runs on a store is not seen before an earlier one; the fence
// says so to the compiler.
//
// While marking, a new block is marked here: it is black, for nothing it will ever hold can be unknown to the barrier.
#include <string.h>

#include "../gc/gc.h"
#include "../panic/panic.h"
#include "internal.h"

static char zero_sized[WORD] __attribute__((aligned(8)));

// ---- small blocks ----

// take_block takes the next free block of the span that the mcache has for a class; NULL: refill first. The ways of a hit are functions of
// their own that keep all in registers and save none: whatever is rare is a call at their end (the _slow ones begin again after a refill).
static inline char *take_block(struct p *p, uint32_t span_class, struct span **from)
{
    struct span *s = p->mcache->alloc[span_class];
    *from = s;
    if (FAULT(cache_locks)) {
        rlock(&mcentrals[span_class].lock);
        runlock(&mcentrals[span_class].lock);
    }
    if (UNLIKELY(!s->alloc_cache))
        return NULL;
    uint32_t index = s->cache_base + (uint32_t)__builtin_ctzll(s->alloc_cache);
    static unsigned taken;
    if (!FAULT(slot_twice) || ++taken % 256)
        s->alloc_cache &= s->alloc_cache - 1;
    return (char *)s->base + index * s->elem_size;
}

static __attribute__((noinline)) void *mark_new_slow(struct p *p, struct span *s, void *block)
{
    gc_mark_new(p, s, span_index(s, (uintptr_t)block));
    return block;
}

static inline void race_fresh_block(const struct span *s, const void *block)
{
#ifdef REF_RACE_PROGRAM
    race_fresh((void *)(s->base + span_index(s, (uintptr_t)block) * s->elem_size), s->elem_size);
#else
    (void)s, (void)block;
#endif
}

static inline void *finish(struct p *p, struct span *s, void *block)
{
    atomic_thread_fence(memory_order_release);
    race_fresh_block(s, block);
    if (UNLIKELY(gc_marking()))
        return mark_new_slow(p, s, block);
    return block;
}

// clear_small clears 8 to 64 bytes, a multiple of 8, by stores that may overlap: a loop would become a string instruction, which costs more.
static inline void clear_small(char *block, uintptr_t size)
{
    if (size < 16) {
        memset(block, 0, 8);
        return;
    }
    memset(block, 0, 16);
    memset(block + size - 16, 0, 16);
    if (size > 32) {
        memset(block + 16, 0, 16);
        memset(block + size - 32, 0, 16);
    }
}

enum { CLEAR_HERE = 64 };

static __attribute__((noinline)) void *clear_slow(struct p *p, struct span *s, char *block)
{
    memset(block, 0, s->elem_size);
    return finish(p, s, block);
}

static GOMEM_NORETURN void out_of_memory(uintptr_t size)
{
    uint64_t wanted = ((uint64_t)size + HEAP_PAGE - 1) / HEAP_PAGE * HEAP_PAGE;
    rlock(&pages_lock);
    uint64_t in_use = page_counts.in_use;
    runlock(&pages_lock);
    ref_print("runtime: out of memory: cannot allocate %llu-byte block (%llu in use)\n", (unsigned long long)wanted,
              (unsigned long long)in_use);
    ref_throw("out of memory");
}

// refill makes the mcache's span of a class one with a free block at hand. A new span is the moment to look at the heap's size.
static void refill(struct p *p, uint32_t span_class, uintptr_t size)
{
    struct span *s = p->mcache->alloc[span_class];
    if (s != &mcache_empty && span_advance(s))
        return;
    if (FAULT(refills_twice))
        mcache_refill(p->mcache, span_class);
    s = mcache_refill(p->mcache, span_class);
    if (!s)
        out_of_memory(size);
    if (!s->alloc_cache && !span_advance(s))
        ref_throw("mcentral gave a span without a free block");
    if (atomic_load_explicit(&heap_totals.live, memory_order_relaxed) >=
        atomic_load_explicit(&heap_trigger, memory_order_relaxed))
        gc_request(p);
    if (gc_marking())
        gc_charge(p, (s->nelems - s->alloc_count) * s->elem_size);
}

// ---- tiny objects ----

static inline uintptr_t tiny_place(uintptr_t used, uintptr_t size)
{
    if (!(size & 7) || (WORD == 4 && size == 12))
        return round_up(used, 8);
    if (!(size & 3))
        return round_up(used, 4);
    return size & 1 ? used : round_up(used, 2);
}

static __attribute__((noinline)) void *tiny_slow(struct p *p, uintptr_t size)
{
    struct span *s;
    char *block;
    while (!(block = take_block(p, class_of(TINY) * 2 + 1, &s)))
        refill(p, class_of(TINY) * 2 + 1, size);
    memcheck_block(block, TINY, false);
    clear_small(block, TINY);
    memcheck_closed(block + size, TINY - size);
    struct mcache *c = p->mcache;
    if (size < c->tiny_used) { // keep the block with more room
        c->tiny = (uintptr_t)block;
        c->tiny_used = size;
    }
    return finish(p, s, block);
}

static inline void *alloc_tiny(struct p *p, uintptr_t size)
{
    struct mcache *c = p->mcache;
    uintptr_t at = tiny_place(c->tiny_used, size);
    if (UNLIKELY(at + size > TINY))
        return tiny_slow(p, size);
    c->tiny_used = at + size;
    memcheck_written(c->tiny + at, size);
    c->tiny_count++;
    return (void *)(c->tiny + at);
}

// ---- pointer bitmaps ----

static inline uint64_t low_bits(uintptr_t n)
{
    return n >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << n) - 1;
}

static __attribute__((noinline)) uint64_t type_bits_slow(const gomem_type *type)
{
    uintptr_t period = type->mask_size / WORD, words = type->ptrdata / WORD;
    uint64_t bits = 0;
    for (uintptr_t i = 0; i * 8 < period && i < 8; i++)
        bits |= (uint64_t)type->mask[i] << (i * 8);
    bits &= low_bits(period);
    for (uintptr_t filled = period; filled < words; filled *= 2)
        bits |= bits << filled;
    return bits & low_bits(words);
}

// type_bits gives the pointer bits of one value; it has at most 64 words.
static inline uint64_t type_bits(const gomem_type *type)
{
    uintptr_t words = type->ptrdata / WORD;
    if (LIKELY(words <= 8 && type->ptrdata <= type->mask_size))
        return type->mask[0] & (((uint64_t)1 << (words - (FAULT(last_pointer_missed) && words > 2))) - 1);
    return type_bits_slow(type);
}

static __attribute__((noinline)) uint64_t array_bits(const gomem_type *elem, uintptr_t n)
{
    uint64_t bits = type_bits(elem);
    uintptr_t words = elem->size / WORD, all = words * n;
    for (uintptr_t filled = words; filled < all; filled *= 2)
        bits |= bits << filled;
    return bits & low_bits(all);
}

// set_bits writes the bitmap of one slot. Its words are shared with blocks that the collector may be scanning, hence atomic (relaxed: a
// reader looks at another block's bits of the word, or was handed this block after the fence in finish).
static inline void set_bits(struct span *s, uintptr_t block, uint64_t bits)
{
    uintptr_t at = (block - s->base) / WORD, words = s->elem_size / WORD, shift = at & 63;
    uint64_t *word = &s->ptr_bits[at / 64], mask = ~(uint64_t)0 >> (64 - words);
    uint64_t old = __atomic_load_n(word, __ATOMIC_RELAXED);
    __atomic_store_n(word, (old & ~(mask << shift)) | bits << shift, __ATOMIC_RELAXED);
    if (shift + words > 64) {
        old = __atomic_load_n(word + 1, __ATOMIC_RELAXED);
        __atomic_store_n(word + 1, (old & ~(mask >> (64 - shift))) | bits >> (64 - shift), __ATOMIC_RELAXED);
    }
}

// ---- the four ways ----

static __attribute__((noinline)) void *again_slow(struct p *p, uint32_t span_class, uintptr_t size,
                                                  const gomem_type *elem, bool zero, uintptr_t n)
{
    refill(p, span_class, size);
    return heap_alloc(p, size, elem, zero, n);
}

static __attribute__((noinline)) void *alloc_noscan(struct p *p, uintptr_t size, bool zero)
{
    struct span *s;
    uint32_t span_class = (class_of(size) - (FAULT(class_too_small) && size > 256)) * 2 + 1;
    char *block = take_block(p, span_class, &s);
    if (UNLIKELY(!block))
        return again_slow(p, span_class, size, NULL, zero, 1);
    memcheck_block(block, s->elem_size, zero && !s->need_zero);
    if (zero && s->need_zero && !FAULT(no_zeroing)) {
        if (s->elem_size > CLEAR_HERE)
            return clear_slow(p, s, block);
        clear_small(block, s->elem_size);
    }
    return finish(p, s, block);
}

static __attribute__((noinline)) void *alloc_scan(struct p *p, uintptr_t size, const gomem_type *elem, uintptr_t n)
{
    struct span *s;
    uint32_t span_class = class_of(size) * 2;
    char *block = take_block(p, span_class, &s);
    if (UNLIKELY(!block))
        return again_slow(p, span_class, size, elem, true, n);
    memcheck_block(block, s->elem_size, !s->need_zero);
    set_bits(s, (uintptr_t)block, LIKELY(n == 1) ? type_bits(elem) : array_bits(elem, n));
    if (s->need_zero) {
        if (s->elem_size > CLEAR_HERE)
            return clear_slow(p, s, block);
        clear_small(block, s->elem_size);
    }
    return finish(p, s, block);
}

static __attribute__((noinline)) void *alloc_headed(struct p *p, uintptr_t size, const gomem_type *elem)
{
    struct span *s;
    uint32_t span_class = class_of(size + HEADER) * 2;
    char *block = take_block(p, span_class, &s);
    if (UNLIKELY(!block))
        return again_slow(p, span_class, size, elem, true, 1);
    memcheck_block(block + HEADER, s->elem_size - HEADER, !s->need_zero);
    memcheck_fresh(block, HEADER);
    if (s->need_zero)
        memset(block, 0, s->elem_size);
    __atomic_store_n((const gomem_type **)(void *)block, elem, __ATOMIC_RELEASE);
    return finish(p, s, block + HEADER);
}

static struct span *large_span(struct p *p, uintptr_t size, const gomem_type *elem)
{
    if (size > UINTPTR_MAX - HEAP_PAGE)
        out_of_memory(size);
    uintptr_t npages = (size + HEAP_PAGE - 1) >> HEAP_PAGE_SHIFT;
    if (gc_marking())
        gc_charge(p, npages << HEAP_PAGE_SHIFT);
    sweep_for_pages(npages);
    struct span *s = pages_alloc(npages, SPAN_IN_USE);
    if (!s)
        out_of_memory(size);
    span_init(s, elem ? 0 : 1, size, elem);
    s->alloc_cache = 0;
    s->alloc_count = 1;
    return s;
}

// alloc_large gives a block pages of its own. The request for a cycle comes last: the block is in its mcentral by then.
static __attribute__((noinline)) void *alloc_large(struct p *p, uintptr_t size, const gomem_type *elem, bool zero)
{
    struct span *s = large_span(p, size, elem);
    char *block = (char *)s->base;
    memcheck_block(block, s->elem_size, !s->need_zero && (zero || elem));
    if (s->need_zero && (zero || elem))
        memset(block, 0, s->elem_size);
    count_up(&heap_totals.large_allocs, 1);
    count_up(&heap_totals.large_alloc_bytes, s->elem_size);
    int64_t live = atomic_fetch_add_explicit(&heap_totals.live, (int64_t)s->elem_size, memory_order_relaxed);
    void *result = finish(p, s, block);
    mcentral_add(s);
    if (live + (int64_t)s->elem_size >= atomic_load_explicit(&heap_trigger, memory_order_relaxed))
        gc_request(p);
    return result;
}

static inline void *alloc(struct p *p, uintptr_t size, const gomem_type *elem, bool zero, uintptr_t n_elems)
{
    bool noscan = !elem || !elem->ptrdata;
    if (UNLIKELY(size > LARGE_OVER))
        return alloc_large(p, size, noscan ? NULL : elem, zero);
    if (noscan && size >= TINY)
        return alloc_noscan(p, size, zero);
    if (noscan)
        return size ? alloc_tiny(p, size) : zero_sized;
    if (size <= HEADER_OVER)
        return LIKELY(size) ? alloc_scan(p, size, elem, n_elems) : zero_sized;
    return alloc_headed(p, size, elem);
}

// bounded puts what the class gives beyond the request out of bounds, unless the collector reads there.
static inline void *bounded(void *block, uintptr_t size, const gomem_type *elem)
{
#ifdef REF_VALGRIND
    if ((!elem || !elem->ptrdata) && size >= TINY) {
        struct span *s = span_of((uintptr_t)block);
        if (size < s->elem_size)
            memcheck_closed((char *)block + size, s->elem_size - size);
    }
#else
    (void)size, (void)elem;
#endif
    return block;
}

void *heap_alloc(struct p *p, uintptr_t size, const gomem_type *elem, bool zero, uintptr_t n_elems)
{
    return bounded(alloc(p, size, elem, zero, n_elems), size, elem);
}

// ---- the contract's operations ----

// MAX_BLOCK is the most bytes a block may be asked for: more is impossible (a panic), less may still be out of memory.
#if UINTPTR_MAX > 0xFFFFFFFFu
#define MAX_BLOCK ((uintptr_t)1 << ADDRESS_BITS)
#else
#define MAX_BLOCK ((uintptr_t)INTPTR_MAX)
#endif

bool heap_array_size(const gomem_type *elem, intptr_t n, uintptr_t *bytes)
{
    return n >= 0 && !__builtin_mul_overflow((uintptr_t)n, elem->size, bytes) && *bytes <= MAX_BLOCK;
}

void *heap_new_object(gomem_g *g, const gomem_type *type)
{
    return bounded(alloc(p_of(g), type->size, type, true, 1), type->size, type);
}

void *heap_new_array(gomem_g *g, const gomem_type *elem, intptr_t n)
{
    uintptr_t bytes;
    if (UNLIKELY(!heap_array_size(elem, n, &bytes)))
        panic_text(g, "makeslice: len out of range");
    return heap_alloc(p_of(g), bytes, elem, true, (uintptr_t)n);
}

uint8_t *heap_new_bytes(gomem_g *g, intptr_t n)
{
    if (UNLIKELY(n < 0 || (uintptr_t)n > MAX_BLOCK))
        panic_text(g, "makeslice: len out of range");
    return heap_alloc(p_of(g), (uintptr_t)n, NULL, false, (uintptr_t)n);
}

void heap_init(int release)
{
    heap_release = release;
    classes_init();
    arena_init();
    mcentral_init();
}
