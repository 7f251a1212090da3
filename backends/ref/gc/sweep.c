// Sweeping: what is not marked becomes free.
//
// Marking leaves every span unswept. A span is swept before anything is allocated in it: by an mcache's refill (heap/mcentral.c), by one that
// is about to ask for pages (so that garbage serves before the heap grows), by the collector's goroutine in the background, by
// runtime.GC, or at the latest by the next cycle, which begins with all spans swept. Sweeping a span makes its marks its
// allocation bits; nothing is written to free blocks. Specials of dead blocks go first: a finalizer revives its block.
//
// sweep_cursor is the span class that is looked through at present; it only grows. Claims are made under the mcentral's lock, so each span is
// swept once; whoever must have it swept waits for the claimer, who is between safepoints and so not far from done.
#include <sched.h>
#include <string.h>

#include "internal.h"

enum { PAGE_BUDGET = 64 }; // spans looked through for one request of few pages

static _Atomic uint32_t sweep_cursor = SPAN_CLASSES; // relaxed: a hint that only grows during a cycle
static _Atomic uint32_t sweep_busy;                  // claims under way; acq_rel, paired with sweep_done's acquire

static uint32_t marked_count(const struct span *s)
{
    uint32_t count = 0;
    for (uint32_t group = 0; group < s->nelems; group += 64) {
        uint64_t bits;
        memcpy(&bits, (const uint8_t *)s->mark_bits + group / 8, sizeof bits);
        count += (uint32_t)__builtin_popcountll(bits);
    }
    return count;
}

static void count_freed(const struct span *s, uint32_t freed)
{
    if (span_size_class(s)) {
        count_up(&heap_totals.small_frees[span_size_class(s)], FAULT(frees_not_counted) ? 0 : freed);
    } else if (freed) {
        count_up(&heap_totals.large_frees, 1);
        count_up(&heap_totals.large_free_bytes, s->elem_size);
    }
    count_up(&heap_totals.sweeps, 1);
}

#if defined REF_VALGRIND
static void poison(const struct span *s)
{
    for (uint32_t i = 0; i < s->nelems; i++)
        if (span_allocated(s, i) && !span_marked(s, i)) {
            memcheck_dead(span_payload(s, i));
            memcheck_closed(span_block(s, i), s->elem_size);
        }
}
#elif defined REF_DEBUG
// poison makes a use after free visible: no pointer has this value.
static void poison(const struct span *s)
{
    for (uint32_t i = 0; i < s->nelems; i++)
        if (span_size_class(s) && span_allocated(s, i) && !span_marked(s, i))
            memset((void *)span_block(s, i), 0xDB, s->elem_size);
}
#else
static void poison(const struct span *s)
{
    (void)s;
}
#endif

bool sweep_span(struct span *s, bool keep)
{
    REF_ASSERT(span_valid(s) && !s->in_cache);
    if (s->specials)
        special_sweep(s);
    uint32_t live = marked_count(s);
    REF_ASSERT(live <= s->alloc_count);
    count_freed(s, s->alloc_count - live);
    poison(s);
    uint32_t now = atomic_load_explicit(&heap_sweepgen, memory_order_relaxed);
    if (!live && !keep) {
        atomic_store_explicit(&s->sweepgen, now, memory_order_release);
        span_free_bits(s);
        pages_free(s);
        return true;
    }
    span_adopt_marks(s);
    s->need_zero = true;
    atomic_store_explicit(&s->sweepgen, now, memory_order_release);
    if (!keep)
        mcentral_add(s);
    return false;
}

void sweep_start(void)
{
    atomic_fetch_add_explicit(&heap_sweepgen, 2, memory_order_relaxed);
    atomic_store_explicit(&sweep_cursor, 0, memory_order_relaxed);
}

// claim_next takes an unswept span, or NULL; *npages is what it has.
static struct span *claim_next(void)
{
    uint32_t c = atomic_load_explicit(&sweep_cursor, memory_order_relaxed);
    while (c < SPAN_CLASSES) {
        struct span *s = mcentral_take_unswept(c);
        if (s)
            return s;
        uint32_t expected = c;
        if (atomic_compare_exchange_strong_explicit(&sweep_cursor, &expected, c + 1, memory_order_relaxed,
                                                    memory_order_relaxed))
            c++;
        else
            c = expected;
    }
    return NULL;
}

// sweep_next sweeps a span and returns the pages this freed; false: none is left.
static bool sweep_next(uintptr_t *freed)
{
    atomic_fetch_add_explicit(&sweep_busy, 1, memory_order_acq_rel);
    struct span *s = claim_next();
    if (s) {
        uintptr_t npages = s->npages;
        *freed = sweep_span(s, false) ? npages : 0;
    }
    atomic_fetch_sub_explicit(&sweep_busy, 1, memory_order_acq_rel);
    return s != NULL;
}

bool sweep_one(void)
{
    uintptr_t freed;
    return sweep_next(&freed);
}

bool sweep_done(void)
{
    return atomic_load_explicit(&sweep_cursor, memory_order_relaxed) == SPAN_CLASSES &&
           atomic_load_explicit(&sweep_busy, memory_order_acquire) == 0;
}

void sweep_for_pages(uintptr_t npages)
{
    uintptr_t total = 0, freed, budget = PAGE_BUDGET + npages * 8;
    if (atomic_load_explicit(&sweep_cursor, memory_order_relaxed) == SPAN_CLASSES)
        return;
    while (total < npages && budget-- && sweep_next(&freed))
        total += freed;
}

void sweep_ensure(struct span *s)
{
    uint32_t now = atomic_load_explicit(&heap_sweepgen, memory_order_relaxed);
    if (atomic_load_explicit(&s->sweepgen, memory_order_acquire) == now)
        return;
    if (mcentral_take(s)) {
        sweep_span(s, false);
        return;
    }
    while (atomic_load_explicit(&s->sweepgen, memory_order_acquire) == now - 1)
        sched_yield();
}
