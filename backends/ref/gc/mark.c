// Marking: greying a block and scanning a block.
//
// A block is white while its mark is clear, grey when the mark is set and its address is in a buffer (work.c), black after it was
// scanned. Pointer-free blocks are black at once. An address is looked up through the arena map to its span; a pointer into the middle of
// a block greys the block; whatever points elsewhere (code, variables, stacks) is left alone.
//
// Where a block's pointers are is known in one of three ways: a bitmap in the span (small blocks), a type named by the block's header, a
// type named by the span (large blocks). A type's mask repeats: over the elements of an array type, and over the values that fill the
// block. Large blocks are scanned in pieces of 128 KiB, so that many can work on one.
//
// The program may change a word while it is read here: words are read whole (relaxed atomics), and whichever value is seen, the barrier
// has taken care of the other.
//
// A pointer from a piece into the same piece is passed over: the block is black already, and for a finalizer's block, whose
// referents are marked while it is not, it means that a block may point to itself.
#include "internal.h"

// What one scan works on: the work of a P, and the piece, for pointers into itself. Without w each pointer goes to found.
struct scan {
    struct gcwork *w;
    uintptr_t start, size;
    void (*found)(void *ctx, uintptr_t p);
    void *ctx;
};

// ---- greying ----

void mark_grey(struct gcwork *w, uintptr_t p)
{
    struct span *s = span_of(p);
    if (!s)
        return;
    uint32_t index = span_index(s, p);
    bool tiny = span_noscan(s) && s->elem_size == TINY;
    if ((FAULT(tiny_freed_early) && tiny && p != span_block(s, index)) ||
        (FAULT(no_interior_pointers) && !tiny && p != span_payload(s, index)))
        return;
    if (!span_noscan(s))
        __builtin_prefetch((const void *)p); // it comes while the mark does
    if (!span_mark(s, index))
        return;
    w->marked_blocks++;
    w->marked_bytes += s->elem_size;
    if (!span_noscan(s) || FAULT(noscan_scanned))
        work_put(w, span_block(s, index));
}

static inline void follow(struct scan *sc, void *const *word)
{
    uintptr_t p = (uintptr_t)race_peek(word);
    if (!p || p - sc->start < sc->size)
        return;
    REF_ASSERT(!arena_is_stack(p)); // no block points into a stack
    if (LIKELY(sc->w != NULL))
        mark_grey(sc->w, p);
    else
        sc->found(sc->ctx, p);
}

// ---- the three ways ----

// scan_bits follows the words of a small block whose bits are in the span's bitmap. Other blocks' bits may change meanwhile.
static void scan_bits(struct scan *sc, const struct span *s, uintptr_t block)
{
    uintptr_t at = (block - s->base) / WORD, left = s->elem_size / WORD;
    void *const *word = (void *const *)block;
    while (left) {
        uintptr_t shift = at & 63, n = 64 - shift < left ? 64 - shift : left;
        uint64_t bits = __atomic_load_n(&s->ptr_bits[at / 64], __ATOMIC_RELAXED) >> shift;
        if (n < 64)
            bits &= ((uint64_t)1 << n) - 1;
        for (; bits; bits &= bits - 1)
            follow(sc, word + __builtin_ctzll(bits));
        word += n, at += n, left -= n;
    }
}

// scan_value follows one value's words that lie in [from, to).
static void scan_value(struct scan *sc, const gomem_type *type, uintptr_t value, uintptr_t from, uintptr_t to)
{
    uintptr_t period = type->mask_size / WORD, first = from > value ? (from - value) / WORD : 0;
    uintptr_t end = type->ptrdata / WORD, bit = first % period;
    if (to - value < type->ptrdata)
        end = (to - value) / WORD;
    for (uintptr_t i = first; i < end; i++) {
        if (type->mask[bit / 8] >> (bit % 8) & 1)
            follow(sc, (void *const *)value + i);
        if (++bit == period)
            bit = 0;
    }
}

// scan_typed follows the words in [from, to) of a block that is filled with values of a type from base on.
static void scan_typed(struct scan *sc, const gomem_type *type, uintptr_t base, uintptr_t from, uintptr_t to)
{
    uintptr_t value = base + (from - base) / type->size * type->size;
    for (; value < to; value += type->size)
        scan_value(sc, type, value, from, to);
}

static void scan_block(struct scan *sc, struct span *s, uintptr_t block)
{
    if (s->ptr_bits) {
        scan_bits(sc, s, block);
        return;
    }
    const gomem_type *type = __atomic_load_n((const gomem_type **)block, __ATOMIC_ACQUIRE); // pairs with alloc_headed
    if (type)
        scan_typed(sc, type, block + HEADER, block + HEADER, block + s->elem_size);
}

// ---- scanning ----

static uintptr_t scan_piece(struct scan *sc, struct span *s, uintptr_t from)
{
    const gomem_type *type = atomic_load_explicit(&s->large_type, memory_order_acquire);
    sc->start = from;
    sc->size = s->limit - from > OBLET ? OBLET : s->limit - from;
    if (type)
        scan_typed(sc, type, s->base, from, from + sc->size);
    return sc->size;
}

// scan_large scans the piece it is given; at the first one of a block it makes work of the others.
static uintptr_t scan_large(struct gcwork *w, struct span *s, uintptr_t from)
{
    if (from == s->base)
        for (uintptr_t piece = OBLET; piece < s->elem_size; piece += OBLET)
            work_put(w, s->base + piece);
    return scan_piece(&(struct scan){.w = w}, s, from);
}

// scan_bytes takes every word of a pointer-free block for a pointer.
static uintptr_t scan_bytes(struct gcwork *w, const struct span *s, uintptr_t block)
{
    for (uintptr_t i = 0; i < s->elem_size / WORD; i++)
        mark_grey(w, ((const uintptr_t *)block)[i]);
    return s->elem_size;
}

uintptr_t mark_scan(struct gcwork *w, uintptr_t grey)
{
    struct span *s = span_of(grey);
    if (FAULT(noscan_scanned) && span_noscan(s))
        return scan_bytes(w, s, grey);
    REF_ASSERT(s && !span_noscan(s));
    if (!span_size_class(s))
        return scan_large(w, s, grey);
    struct scan sc = {.w = w, .start = grey, .size = s->elem_size};
    scan_block(&sc, s, grey);
    return s->elem_size;
}

void mark_referents(struct gcwork *w, struct span *s, uint32_t index)
{
    if (span_noscan(s))
        return;
    uintptr_t block = span_block(s, index);
    struct scan sc = {.w = w, .start = block, .size = s->elem_size};
    if (span_size_class(s))
        scan_block(&sc, s, block);
    else
        for (; block < s->limit; block += OBLET)
            scan_piece(&sc, s, block);
}

void mark_words(struct gcwork *w, void *const *words, uintptr_t n, const uint8_t *mask, uintptr_t first)
{
    for (uintptr_t i = first; i < n; i++)
        if (mask[i / 8] >> (i % 8) & 1) {
            uintptr_t p = (uintptr_t)__atomic_load_n(&words[i], __ATOMIC_RELAXED);
            if (p)
                mark_grey(w, p);
        }
}

uintptr_t mark_drain(struct gcwork *w, uintptr_t budget)
{
    uintptr_t done = 0, grey;
    while (done < budget && (grey = work_get(w)))
        done += mark_scan(w, grey) + WORD; // a word at least, so that many small blocks end it too
    w->scan_work += done;
    return done;
}

void mark_each_pointer(struct span *s, uint32_t index, void (*found)(void *ctx, uintptr_t p), void *ctx)
{
    uintptr_t block = span_block(s, index);
    struct scan sc = {.start = block, .size = s->elem_size, .found = found, .ctx = ctx};
    if (span_noscan(s))
        return;
    if (span_size_class(s))
        scan_block(&sc, s, block);
    else
        for (; block < s->limit; block += OBLET)
            scan_piece(&sc, s, block);
}

// ---- black blocks ----

void gc_mark_new(struct p *p, struct span *s, uint32_t index)
{
    if (!FAULT(allocates_white) && span_mark(s, index)) {
        p->gcwork->marked_blocks++;
        p->gcwork->marked_bytes += s->elem_size;
    }
}
