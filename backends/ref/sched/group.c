// The contract's group sched.
#include <stdlib.h>

#include "../panic/panic.h"
#include "../stack/stack.h"
#include "internal.h"

static void sched_go(gomem_g *h, gomem_func *fn)
{
    if (!fn)
        fatal(g_of(h), "go of nil func value");
    struct g *g = g_new(h, fn);
    run_put(p_of(h), g, true);
    wake_one();
}

static void sched_yield_group(gomem_g *h)
{
    if (__atomic_load_n(&h->poll, __ATOMIC_RELAXED))
        safepoint(g_of(h));
    if (!FAULT(yield_returns))
        g_yield(g_of(h));
}

static GOMEM_NORETURN void sched_block(gomem_g *h)
{
    for (;;)
        g_park(g_of(h), NULL, NULL, WAIT_SELECT_NO_CASES);
}

static intptr_t sched_max_procs(gomem_g *h, intptr_t n)
{
    (void)h;
    intptr_t old = sched_procs();
    if (n <= 0 || n == old || FAULT(procs_ignored))
        return old;
    world_stop("GOMAXPROCS");
    old = sched_procs();
    sched.wanted_procs = n > MAX_PROCS ? MAX_PROCS : (int32_t)n;
    world_start();
    return old;
}

static intptr_t sched_count(gomem_g *h)
{
    (void)h;
    return (intptr_t)g_count() + FAULT(count_off_by_one);
}

// A wired thread is ready to be handed a P from now on (m_sleep_wired).
static void sched_lock_thread(gomem_g *h)
{
    struct g *g = g_of(h);
    if (g->locks_thread++)
        return;
    g->locked_m = g->m;
    g->m->locked_g = g;
    atomic_store_explicit(&g->m->parked, 1, memory_order_relaxed);
}

static void sched_unlock_thread(gomem_g *h)
{
    struct g *g = g_of(h);
    if (!g->locks_thread || --g->locks_thread)
        return;
    g->m->locked_g = NULL;
    g->locked_m = NULL;
}

const gomem_sched_group ref_sched_group = {.size = sizeof ref_sched_group,
                                           .go = sched_go,
                                           .yield = sched_yield_group,
                                           .block = sched_block,
                                           .max_procs = sched_max_procs,
                                           .count = sched_count,
                                           .lock_thread = sched_lock_thread,
                                           .unlock_thread = sched_unlock_thread};
