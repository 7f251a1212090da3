// heap/internal.h: what the parts of the heap and the collector share about spans.
//
//     arena.c     address space, the map from addresses to spans, memory for descriptors
//     pages.c     the page heap: free runs of pages, first fit by address, coalescing, scavenging
//     classes.c   size classes
//     span.c      spans: their blocks, marks and pointer bitmaps
//     mcentral.c  per span class: spans with free blocks and full ones, swept and unswept
//     mcache.c    per P: the span it allocates from in each class
//     malloc.c    the way of a request through these
//     stats.c     counters
//
// Locks, outer first: mcentral (RANK_MCENTRAL), page heap (RANK_PAGES), descriptors (RANK_OS).
#ifndef REF_HEAP_INTERNAL_H
#define REF_HEAP_INTERNAL_H

#include "heap.h"

// ---- the shape of the address space ----

enum { WORD = sizeof(void *), WORD_BITS = WORD * 8 };

#if UINTPTR_MAX > 0xFFFFFFFFu
enum { ARENA_SHIFT = 26, ADDRESS_BITS = 48 };
#else
enum { ARENA_SHIFT = 22, ADDRESS_BITS = 32 };
#endif
#define ARENA_SIZE  ((uintptr_t)1 << ARENA_SHIFT)
#define ARENA_PAGES (ARENA_SIZE >> HEAP_PAGE_SHIFT)
#define ARENAS      ((uintptr_t)1 << (ADDRESS_BITS - ARENA_SHIFT))

struct span;

// An arena of the heap. spans[i] is the span that page i belongs to: every page of a span in use, the first and the last page of
// a free run. released: pages without memory behind them, which read as zero.
struct arena {
    _Atomic(struct span *)
        spans[ARENA_PAGES]; // written under the page heap's lock; release, paired with the acquire of span_of
    uint64_t released[ARENA_PAGES / 64]; // protected by the page heap's lock
};

extern _Atomic(struct arena *)
    *heap_arenas; // [ARENAS]; entries are set once: release, paired with the acquire of span_of

// ---- size classes (classes.c) ----

enum {
    CLASSES = 68,       // 0 stands for large blocks
    SPAN_CLASSES = 136, // class * 2 + noscan
    SMALL_MAX = 32768,  // the largest class
    LARGE_OVER = 32760, // larger requests are large: a header's bytes are always left
    HEADER = 8,         // bytes before a block with pointers over header_over
    HEADER_OVER = WORD_BITS * WORD,
    TINY = 16,
    MAX_BLOCKS = HEAP_PAGE / 8, // in a span
    MARK_TAIL = 128,            // bytes at the end of some spans, for their marks
    MAX_ALIGN = 8,
};

struct size_class {
    uint16_t size;
    uint8_t pages;
};
extern const struct size_class size_classes[CLASSES];
extern uint8_t class_of_8[1024 / 8 + 1], class_of_128[(SMALL_MAX - 1024) / 128 + 1];
extern int heap_release;
void classes_init(void);

static inline uint32_t class_of(uintptr_t size) // size <= SMALL_MAX
{
    return size <= 1024 - 8 ? class_of_8[(size + 7) / 8] : class_of_128[(size - 1024 + 127) / 128];
}

// ---- spans ----

// What a span's pages are. FREE -> IN_USE or STACK -> FREE; descriptors without pages are DEAD.
//
// A span in use is in exactly one place: an mcache (in_cache), a list of its mcentral, or the hands of the one who sweeps it.
enum span_state { SPAN_DEAD, SPAN_FREE, SPAN_IN_USE, SPAN_STACK };

struct special;

// Invariants of a span in use:
//   base + npages * page >= limit = base + nelems * elem_size
//   block i is allocated  <=>  i < cache_base
//                           or i < cache_base + 64 and bit i - cache_base of alloc_cache is clear
//                           or i >= cache_base + 64 and bit i of alloc_bits is set
//   bits of alloc_cache that stand for no block are clear
//   alloc_count = blocks that are allocated, while the span is in no mcache
//   sweepgen = heap_sweepgen: swept; -1: being swept; -2: to be swept
// Owner: the P whose mcache holds it, else the holder of the mcentral's lock for its lists, else the sweeper.
struct span {
    uintptr_t base, npages;
    uintptr_t elem_size, limit;
    uint32_t nelems;
    uint32_t div_magic;   // ceil(2^32 / elem_size); 0 for a large block
    uint32_t cache_base;  // owner; a multiple of 64
    uint32_t alloc_count; // owner
    uint64_t alloc_cache; // owner
    uint8_t *alloc_bits;  // owner; a bit per block that was allocated when the span was last swept
    _Atomic uint8_t
        *mark_bits; // atomic (relaxed: marks publish nothing, the world is stopped between marking and sweeping)
    _Atomic uint32_t sweepgen; // release by the sweeper, acquire by who waits for it
    uint8_t span_class;        // class * 2 + noscan
    bool need_zero;            // its memory may hold old bytes
    bool in_cache;             // owner
    _Atomic uint8_t state;     // enum span_state; release once the fields above are set, acquire by span_of's callers
    _Atomic(const gomem_type *) large_type; // of the one large block; release, paired with the marker's acquire
    uint64_t *ptr_bits;                     // a bit per word of the span, in its tail, or NULL
    uint64_t bits[4];                       // alloc_bits and mark_bits of spans with few blocks
    struct span *next, *prev;               // of the list it is in (mcentral), or of the free descriptors
    struct span *left, *right;              // page heap's tree of free runs
    uintptr_t most_pages;                   // largest run in this subtree
    uint32_t priority;                      // of the tree, random
    uintptr_t backed;                       // pages of a free run that have memory behind them
    struct special *specials; // finalizers, weak handles, cleanups (gc/special.c), by offset; protected by a lock there
    struct span *special_next, *special_prev; // spans with specials; likewise
};

extern _Atomic uint32_t heap_sweepgen; // +2 in each cycle, while the world is stopped

static inline bool span_noscan(const struct span *s)
{
    return s->span_class & 1;
}

static inline uint32_t span_size_class(const struct span *s)
{
    return s->span_class >> 1;
}

// span_of gives the span in use whose block an address may point into, or NULL.
static inline struct span *span_of(uintptr_t p)
{
#if UINTPTR_MAX > 0xFFFFFFFFu
    if (UNLIKELY(p >> ADDRESS_BITS))
        return NULL;
#endif
    struct arena *a = atomic_load_explicit(&heap_arenas[p >> ARENA_SHIFT], memory_order_acquire);
    if (!a)
        return NULL;
    struct span *s = atomic_load_explicit(&a->spans[(p & (ARENA_SIZE - 1)) >> HEAP_PAGE_SHIFT], memory_order_acquire);
    if (!s || atomic_load_explicit(&s->state, memory_order_acquire) != SPAN_IN_USE || p < s->base || p >= s->limit)
        return NULL;
    return s;
}

static inline uint32_t span_index(const struct span *s, uintptr_t p) // pre: base <= p < limit
{
    return (uint32_t)(((uint64_t)(p - s->base) * s->div_magic) >> 32);
}

static inline uintptr_t span_block(const struct span *s, uint32_t index) // the slot, its header included
{
    return s->base + index * s->elem_size;
}

static inline bool span_marked(const struct span *s, uint32_t index)
{
    return atomic_load_explicit(&s->mark_bits[index / 8], memory_order_relaxed) >> (index & 7) & 1;
}

// span_mark marks a block and tells whether the caller was the first.
static inline bool span_mark(struct span *s, uint32_t index)
{
    uint8_t bit = (uint8_t)(1u << (index & 7));
    if (atomic_load_explicit(&s->mark_bits[index / 8], memory_order_relaxed) & bit)
        return false;
    return !(atomic_fetch_or_explicit(&s->mark_bits[index / 8], bit, memory_order_relaxed) & bit);
}

// span_payload is where a block begins for the program: behind its header, if it has one.
static inline bool span_has_header(const struct span *s);
static inline uintptr_t span_payload(const struct span *s, uint32_t index)
{
    return span_block(s, index) + (span_has_header(s) ? HEADER : 0);
}

// span_has_header tells whether the span's blocks begin with a word that names their type.
static inline bool span_has_header(const struct span *s)
{
    return !span_noscan(s) && !s->ptr_bits && s->span_class > 1;
}

bool span_allocated(const struct span *s, uint32_t index); // exact for the owner, or while the world is stopped
bool span_valid(const struct span *s);                     // the invariants above; debug
void span_init(struct span *s, uint8_t span_class, uintptr_t size, const gomem_type *large_type);
void span_free_bits(struct span *s); // gives up what span_init took besides the pages
bool span_advance(struct span *s);   // alloc_cache is empty: goes to the next group with a free block; false: none
uint32_t span_count(const struct span *s); // allocated blocks, counted
void span_adopt_marks(struct span *s);     // after marking: what is marked is what is allocated, nothing is marked

// ---- the page heap (pages.c) ----

extern struct rmutex pages_lock;

struct page_counts { // bytes; protected by pages_lock
    uint64_t in_use, free, released, stacks;
    uint64_t grows;  // calls to the OS for more
    uint64_t arenas; // reserved
};
extern struct page_counts page_counts;
extern _Atomic uint64_t
    heap_limit; // relaxed; of all memory that is backed: free pages are given back rather than passing it

struct span *pages_alloc(uintptr_t npages,
                         enum span_state state); // NULL: no memory. The span's state is set by its user
void pages_free(struct span *s);
// pages_scavenge gives up to a MiB of free pages back, as long as more than keep bytes are free and more than retain are backed in all.
uintptr_t pages_scavenge(uint64_t keep, uint64_t retain); // bytes given
void pages_keep_limit(void);                              // gives free pages back if heap_limit is near
bool pages_valid(void);                                   // under pages_lock; debug, expensive

// ---- arenas and descriptors (arena.c) ----

void arena_init(void);
// arena_grow gives a run of new pages, usable and released, or 0. *npages is what is wanted, then what was given: more, or fewer
// when a remainder of the last arena comes first.
uintptr_t arena_grow(uintptr_t *npages); // under pages_lock
void arena_set_span(uintptr_t page, struct span *s);
struct span *arena_span(uintptr_t page);                         // whatever is registered, or NULL
bool arena_is_stack(uintptr_t p);                                // a pointer into a managed stack
uintptr_t arena_take_released(uintptr_t base, uintptr_t npages); // clears the released bits; how many were set
uintptr_t arena_release(uintptr_t base,
                        uintptr_t npages); // gives the pages not yet released to the OS; how many these were
uint64_t meta_bytes(void);

// ---- mcentral and mcache ----

// The spans of one class that are in no mcache. Swept and unswept lists change places with each cycle.
typedef _Atomic(struct span *) span_list;
struct mcentral {
    struct rmutex lock;
    span_list partial[2], full[2]; // [heap_sweepgen / 2 % 2] is swept; doubly linked
};
extern struct mcentral mcentrals[SPAN_CLASSES];

void mcentral_init(void);
struct span *mcentral_cache(uint32_t span_class); // a swept span with a free block, for an mcache; NULL: no memory
void mcentral_add(struct span *s);                // a swept span to the list where it belongs
struct span *mcentral_take_unswept(uint32_t span_class); // any unswept span, now the caller's to sweep; NULL: none
bool mcentral_take(struct span *s); // this span, if it is unswept; false: somebody sweeps it, or it is swept

struct mcache {
    struct span *alloc[SPAN_CLASSES]; // never NULL: mcache_empty has no block
    uintptr_t tiny;                   // the block that tiny objects share, 0: none
    uintptr_t tiny_used;
    uint64_t tiny_count;
    struct mcache *link;
};
extern struct span mcache_empty; // stands for "no span": it has no block, so that every way leads to mcache_refill

struct span *mcache_refill(struct mcache *c, uint32_t span_class); // NULL: no memory
void mcache_flush(struct mcache *c);                               // all spans and counters back; the world is stopped
void mcache_flush_all(void);                                       // of every P; the world is stopped
void mcache_flush_counts(void);                                    // counters only; the world is stopped
void mcache_each_tiny(void (*f)(uintptr_t block));                 // the tiny block of every P; the world is stopped

// ---- counters (stats.c): atomic, relaxed, exact once the mcaches are flushed ----

struct heap_totals {
    _Atomic uint64_t small_allocs[CLASSES], small_frees[CLASSES]; // blocks
    _Atomic uint64_t large_allocs, large_frees, large_alloc_bytes, large_free_bytes;
    _Atomic uint64_t tiny_allocs;
    _Atomic uint64_t refills, grows, sweeps;
    _Atomic int64_t live; // bytes in use as the pacer sees them: blocks, and the free blocks of spans in mcaches
};
extern struct heap_totals heap_totals;

static inline void count_up(_Atomic uint64_t *counter, uint64_t n)
{
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

uint64_t
heap_live_bytes(void); // exact: of all allocated blocks, swept or not; the world is stopped and mcaches are flushed

// ---- hooks of the collector (gc/), called by malloc.c ----

extern _Atomic int64_t heap_trigger;          // when heap_totals.live passes it a cycle is asked for (gc/pacer.c)
void gc_request(struct p *p);                 // a cycle is due
void gc_charge(struct p *p, uintptr_t bytes); // while marking: p's goroutine took so many bytes
void gc_mark_new(struct p *p, struct span *s, uint32_t index); // while marking: a new block is black
bool sweep_span(struct span *s, bool keep); // s is the caller's to sweep; true: its pages are free, it is gone.
                                            // keep: it stays the caller's, in no list, even if it is empty
void sweep_for_pages(uintptr_t npages);     // before the page heap grows: sweep until so many pages are free

#endif
