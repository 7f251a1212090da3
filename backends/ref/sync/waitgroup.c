// The wait group, as Go's: counter and number of waiters in one word, so that who brings the counter to 0 knows whom to wake. An Add from 0
// that runs beside a Wait, or comes before all waiters of the last round have left, is noticed where the word shows it.
#include "internal.h"

static _Atomic uint64_t *word_of(gomem_waitgroup *w)
{
    return (_Atomic uint64_t *)&w->state;
}

static GOMEM_NORETURN void misused(gomem_g *g)
{
    panic_plain(g, "sync: WaitGroup misuse: Add called concurrently with Wait");
}

// release: what precedes a Done is seen by the Wait it lets go, directly (wait's acquire) or through the semaphore.
void waitgroup_add(gomem_g *g, gomem_waitgroup *w, intptr_t delta)
{
    uint64_t change = (uint64_t)delta << 32;
    uint64_t state = atomic_fetch_add_explicit(word_of(w), change,
                                               FAULT(done_no_release) ? memory_order_relaxed : memory_order_acq_rel) +
                     change;
    int32_t counter = (int32_t)(state >> 32);
    uint32_t waiters = (uint32_t)state;
    if (counter < 0 && !FAULT(negative_counter))
        panic_plain(g, "sync: negative WaitGroup counter");
    if (waiters && delta > 0 && counter == (int32_t)delta)
        misused(g);
    if (counter > 0 || !waiters)
        return;
    // The counter is 0 and somebody waits: nobody may change the word now.
    if (atomic_load_explicit(word_of(w), memory_order_relaxed) != state)
        misused(g);
    atomic_store_explicit(word_of(w), 0, memory_order_relaxed);
    for (; waiters; waiters--)
        sema_release(g_of(g), &w->sema, false);
}

void waitgroup_wait(gomem_g *g, gomem_waitgroup *w)
{
    uint64_t state = atomic_load_explicit(word_of(w), memory_order_acquire);
    while ((int32_t)(state >> 32) > (FAULT(wait_returns_early) ? 1 : 0)) {
        if (!atomic_compare_exchange_weak_explicit(word_of(w), &state, state + 1, memory_order_acq_rel,
                                                   memory_order_acquire))
            continue;
        sema_acquire(g_of(g), &w->sema, false, WAIT_WAITGROUP);
        if (atomic_load_explicit(word_of(w), memory_order_relaxed))
            panic_plain(g, "sync: WaitGroup is reused before previous Wait has returned");
        return;
    }
}
