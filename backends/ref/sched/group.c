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

static intptr_t sched_set_max_threads(gomem_g *h, intptr_t n)
{
    (void)h;
    rlock(&sched.lock);
    intptr_t old = sched.max_ms;
    sched.max_ms = n > INT32_MAX ? INT32_MAX : (int32_t)n;
    m_check_limit_locked();
    runlock(&sched.lock);
    return old;
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

// after_blocking runs the call on the thread's own stack, so that the machine stack can be another goroutine's meanwhile; and without the
// P, which somebody else takes. Afterwards it takes an idle P and goes on; without one the goroutine waits for its turn.
static void after_blocking(struct m *m, struct g *g)
{
    g_set_status(g, G_RUNNING, G_SYSCALL);
    slot_left(g->slot);
    p_hand_off(m_detach(m));
    void **args = g->head.spill;
    race_switch(g->fiber); // the call is part of the program
    g->blocking_result = g->blocking((intptr_t)args[0], (intptr_t)args[1], (intptr_t)args[2]);
    race_switch(m->fiber);
    rlock(&sched.lock);
    struct p *p = atomic_load_explicit(&sched.stopping, memory_order_relaxed) ? NULL : p_idle_get_locked();
    runlock(&sched.lock);
    if (p)
        m_attach(m, p);
    g_set_status(g, G_SYSCALL, G_RUNNABLE);
    if (p) {
        run_put(p, g, true);
        return;
    }
    g_queue(g);
    if (!m->locked_g)
        m_sleep_idle(m, INT64_MAX);
}

static intptr_t sched_blocking(gomem_g *h, intptr_t (*call)(intptr_t, intptr_t, intptr_t), intptr_t a, intptr_t b,
                               intptr_t c)
{
    struct g *g = g_of(h);
    g->blocking = call;
    h->spill[0] = (void *)a, h->spill[1] = (void *)b, h->spill[2] = (void *)c; // a block among them is kept alive
    h->spill_len = 3;
    leave(g, after_blocking);
    h->spill_len = 0;
    return g->blocking_result;
}

const gomem_sched_group ref_sched_group = {.size = sizeof ref_sched_group,
                                           .go = sched_go,
                                           .yield = sched_yield_group,
                                           .block = sched_block,
                                           .max_procs = sched_max_procs,
                                           .count = sched_count,
                                           .set_max_threads = sched_set_max_threads,
                                           .lock_thread = sched_lock_thread,
                                           .unlock_thread = sched_unlock_thread,
                                           .blocking = sched_blocking};
