// Arenas: the heap's address space, the map from an address to its span, and memory for descriptors.
//
// Address space is reserved in arenas of 64 MiB (4 MiB on 32-bit), each next to the last where the OS allows it, so that runs of pages
// coalesce across arenas. It becomes usable in pieces of 4 MiB, in address order, as the page heap grows. A page has no memory behind
// it until it is touched, and again after it was given back: its released bit says so, and that it reads as zero.
//
// heap_arenas is indexed by the high bits of an address. On 64-bit it is 32 MiB of address space of which a page or two is touched.
//
// Descriptors (spans, arenas, buffers of the collector) come from meta_alloc, which carves chunks and never frees: those
// who use it keep free lists.
#include <stdlib.h>
#include <string.h>

#include "internal.h"

enum { GROW_PAGES = (4 << 20) / HEAP_PAGE, META_CHUNK = 256 << 10 };

_Atomic(struct arena *) *heap_arenas;

static uintptr_t fresh, fresh_end; // reserved and not yet usable; protected by pages_lock

// ---- descriptors ----

static struct {
    struct rmutex lock;
    char *at, *end;
    _Atomic uint64_t bytes; // relaxed: a statistic
} meta = {.lock = {.rank = RANK_OS}};

#ifdef REF_VALGRIND
void *meta_alloc(uintptr_t size, uintptr_t align)
{
    void *p = aligned_alloc(align, round_up(size, align));
    if (!p)
        ref_throw("runtime: cannot allocate memory");
    atomic_fetch_add_explicit(&meta.bytes, size, memory_order_relaxed);
    return memset(p, 0, size);
}
#else
static void *map_or_die(uintptr_t size)
{
    void *p = sys_alloc(size);
    if (!p)
        ref_throw("runtime: cannot allocate memory");
    atomic_fetch_add_explicit(&meta.bytes, size, memory_order_relaxed);
    return p;
}

void *meta_alloc(uintptr_t size, uintptr_t align)
{
    if (size >= META_CHUNK / 4)
        return map_or_die(round_up(size, HEAP_PAGE));
    rlock(&meta.lock);
    uintptr_t at = round_up((uintptr_t)meta.at, align);
    if (!meta.at || at + size > (uintptr_t)meta.end) {
        meta.at = map_or_die(META_CHUNK);
        meta.end = meta.at + META_CHUNK;
        at = (uintptr_t)meta.at;
    }
    meta.at = (char *)at + size;
    runlock(&meta.lock);
    return (void *)at;
}
#endif

uint64_t meta_bytes(void)
{
    return atomic_load_explicit(&meta.bytes, memory_order_relaxed);
}

// ---- the map ----

void arena_init(void)
{
    uintptr_t bytes = ARENAS * sizeof *heap_arenas;
    heap_arenas = sys_alloc(bytes);
    if (!heap_arenas)
        ref_throw("runtime: cannot reserve the heap's map");
}

static struct arena *arena_at(uintptr_t p)
{
    return atomic_load_explicit(&heap_arenas[p >> ARENA_SHIFT], memory_order_acquire);
}

static uintptr_t page_in_arena(uintptr_t p)
{
    return (p & (ARENA_SIZE - 1)) >> HEAP_PAGE_SHIFT;
}

struct span *arena_span(uintptr_t page)
{
#if UINTPTR_MAX > 0xFFFFFFFFu
    if (page >> ADDRESS_BITS)
        return NULL;
#endif
    struct arena *a = arena_at(page);
    return a ? atomic_load_explicit(&a->spans[page_in_arena(page)], memory_order_acquire) : NULL;
}

bool arena_is_stack(uintptr_t p)
{
    const struct span *s = arena_span(p);
    return s && atomic_load_explicit(&s->state, memory_order_acquire) == SPAN_STACK;
}

void arena_set_span(uintptr_t page, struct span *s)
{
    atomic_store_explicit(&arena_at(page)->spans[page_in_arena(page)], s, memory_order_release);
}

// ---- growing ----

// reserve_aligned reserves address space that begins at a multiple of an arena, at hint if it is free.
static uintptr_t reserve_aligned(uintptr_t hint, uintptr_t size)
{
    uintptr_t p = (uintptr_t)sys_reserve((void *)hint, size);
    if (!p || !(p & (ARENA_SIZE - 1)))
        return p;
    sys_free((void *)p, size);
    if (size > UINTPTR_MAX - ARENA_SIZE)
        return 0;
    p = (uintptr_t)sys_reserve(NULL, size + ARENA_SIZE);
    if (!p)
        return 0;
    uintptr_t base = round_up(p, ARENA_SIZE);
    if (base > p)
        sys_free((void *)p, base - p);
    if (p + ARENA_SIZE > base)
        sys_free((void *)(base + size), p + ARENA_SIZE - base);
    return base;
}

static void register_arenas(uintptr_t base, uintptr_t size)
{
    for (uintptr_t p = base; p - base < size; p += ARENA_SIZE) {
        struct arena *a = meta_alloc(sizeof *a, 64);
        page_counts.arenas++;
        memset(a->released, 0xFF, sizeof a->released);
        atomic_store_explicit(&heap_arenas[p >> ARENA_SHIFT], a, memory_order_release);
    }
}

// reserve_more makes [fresh, fresh_end) hold at least size bytes; false: there is no such address space. What was left of it
// is handed out first by arena_grow, unless the new arenas follow it.
static bool reserve_more(uintptr_t size)
{
    uintptr_t hint = fresh_end;
#if UINTPTR_MAX > 0xFFFFFFFFu
    if (!hint)
        hint = (uintptr_t)0xc0 << 32; // high, recognisable, and rarely a number that means something else
#endif
    if (size > UINTPTR_MAX - ARENA_SIZE || (size >> (ADDRESS_BITS - 1)))
        return false;
    size = round_up(size, ARENA_SIZE);
    uintptr_t base = reserve_aligned(hint, size);
    if (!base)
        return false;
    register_arenas(base, size);
    if (base != fresh_end)
        fresh = base;
    fresh_end = base + size;
    return true;
}

// hand_out makes size bytes at fresh usable.
static uintptr_t hand_out(uintptr_t size)
{
    if (!sys_map((void *)fresh, size))
        return 0;
    memcheck_closed(fresh, size);
    uintptr_t base = fresh;
    fresh += size;
    return base;
}

uintptr_t arena_grow(uintptr_t *npages)
{
    if (*npages > (UINTPTR_MAX >> HEAP_PAGE_SHIFT) - GROW_PAGES)
        return 0;
    uintptr_t size = round_up(*npages, GROW_PAGES) << HEAP_PAGE_SHIFT,
              left = FAULT(arena_per_request) ? 0 : fresh_end - fresh;
    if (left < size) {
        uintptr_t old = fresh;
        if (!reserve_more(size))
            return 0;
        if (fresh != old && left) { // a gap: the old remainder is a run of its own
            if (!sys_map((void *)old, left))
                return 0;
            memcheck_closed(old, left);
            *npages = left >> HEAP_PAGE_SHIFT;
            return old;
        }
    }
    *npages = size >> HEAP_PAGE_SHIFT;
    return hand_out(size);
}

// ---- released pages ----

uintptr_t arena_take_released(uintptr_t base, uintptr_t npages)
{
    uintptr_t count = 0;
    for (uintptr_t p = base; npages; npages--, p += HEAP_PAGE) {
        uint64_t *word = &arena_at(p)->released[page_in_arena(p) / 64], bit = (uint64_t)1 << (page_in_arena(p) & 63);
        count += (*word & bit) != 0;
        *word &= ~bit;
    }
    return count;
}

// release_run gives one run of pages back; their bits are set.
static void release_run(uintptr_t base, uintptr_t end)
{
    if (base < end)
        sys_unused((void *)base, end - base);
}

uintptr_t arena_release(uintptr_t base, uintptr_t npages)
{
    uintptr_t count = 0, run = base, end = base + (npages << HEAP_PAGE_SHIFT);
    for (uintptr_t p = base; p < end; p += HEAP_PAGE) {
        uint64_t *word = &arena_at(p)->released[page_in_arena(p) / 64], bit = (uint64_t)1 << (page_in_arena(p) & 63);
        if (*word & bit) {
            release_run(run, p);
            run = p + HEAP_PAGE;
        } else {
            *word |= bit;
            count++;
        }
    }
    release_run(run, end);
    return count;
}
