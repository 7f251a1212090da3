// Safepoints, stopping the world, suspending one goroutine, GOMAXPROCS.
//
// Nothing interrupts a goroutine: a request is a bit in g->preempt (or sched.stopping), and then all ones in the guards and g->poll,
// which send compiled code into safepoint() at its next call or loop. Order: the requester writes the request, then the guards; the
// goroutine resets the guards by an exchange, then reads the requests. A reset that overwrites a guard therefore reads from it and sees the
// request.
//
// The world stops when every P is STOPPED: idle ones at once, the others as their threads come to the scheduler. Whoever has the
// world (sched.world) is one goroutine; another one that wants it yields meanwhile, and so is stopped itself.
#include <sched.h>

#include "../gc/gc.h"
#include "../stack/stack.h"
#include "internal.h"

// ---- asking ----

void g_ask(struct g *g, uint32_t what)
{
    char *all_ones = (char *)UINTPTR_MAX;
    atomic_fetch_or_explicit(&g->preempt, what | PREEMPT_LOOK, memory_order_release);
    __atomic_store_n(&g->head.poll, 1, __ATOMIC_RELEASE); // pair with the exchanges of safepoint and stack_guards
    __atomic_store_n(&g->head.machine_guard, all_ones, __ATOMIC_RELEASE);
    __atomic_store_n(&g->head.stack_guard, all_ones, __ATOMIC_RELEASE);
}

void g_set_guards(struct g *g)
{
    stack_guards(g);
    if (atomic_load_explicit(&g->preempt, memory_order_acquire)) // stack_guards may have overwritten what asked for it
        g_ask(g, 0);
}

// A goroutine that begins to run just then sees sched.stopping itself (run_here).
void sched_ask_all(void)
{
    atomic_thread_fence(memory_order_seq_cst); // pairs with the store of p->running in run_here
    for (int i = 0; i < sched_procs(); i++) {
        struct g *g = atomic_load_explicit(&sched.all_p[i]->running, memory_order_seq_cst);
        if (g)
            g_ask(g, 0);
    }
}

// ---- the safepoint ----

static void after_suspend(struct m *m, struct g *g)
{
    (void)m;
    g->suspended = true;
    g_set_status(g, G_RUNNING, G_WAITING);
}

void after_preempt(struct m *m, struct g *g)
{
    (void)m;
    g_set_status(g, G_RUNNING, G_RUNNABLE);
    global_put(g);
}

static bool stopping(void)
{
    return atomic_load_explicit(&sched.stopping, memory_order_acquire) && sched.stopper != g_running();
}

void safepoint(struct g *g)
{
    (void)__atomic_exchange_n(&g->head.poll, 0, __ATOMIC_ACQ_REL);
    stack_guards(g);
    if (g->critical)
        return;
    uint32_t what = atomic_exchange_explicit(&g->preempt, 0, memory_order_acquire); // pairs with g_ask
    if (what & PREEMPT_SUSPEND) {
        g->wait_reason = WAIT_PREEMPTED;
        leave(g, after_suspend);
        g->wait_reason = WAIT_NONE;
    }
    if (gc_due(g))
        gc_poll_hook(g);
    if (stopping()) {
        leave(g, after_yield);
    } else if (what & PREEMPT_YIELD) {
        count(&sched.preemptions);
        leave(g, after_preempt);
    }
}

// ---- the world ----

static void note_stopped(void)
{
    atomic_store_explicit(&sched.stop_note, 1, memory_order_release);
    futex_wake(&sched.stop_note, 1);
}

void p_stopped_locked(struct p *p)
{
    atomic_store_explicit(&p->status, P_STOPPED, memory_order_release);
    if (--sched.stop_wait == 0)
        note_stopped();
}

void stop_here(struct m *m)
{
    rlock(&sched.lock);
    bool still = atomic_load_explicit(&sched.stopping, memory_order_relaxed);
    if (still)
        p_stopped_locked(m_detach(m));
    runlock(&sched.lock);
    if (still)
        m_sleep_idle(m, INT64_MAX);
}

static void take_world(struct g *g)
{
    uint32_t none = 0;
    while (
        !atomic_compare_exchange_strong_explicit(&sched.world, &none, 1, memory_order_acquire, memory_order_relaxed)) {
        none = 0;
        g_yield(g);
    }
}

void world_stop(const char *why)
{
    (void)why;
    struct g *g = g_running();
    take_world(g);
    rlock(&sched.lock);
    sched.stopper = g;
    sched.stop_wait = sched_procs();
    atomic_store_explicit(&sched.stop_note, 0, memory_order_relaxed);
    atomic_store_explicit(&sched.stopping, 1, memory_order_seq_cst);
    for (struct p *p; (p = p_idle_get_locked());)
        p_stopped_locked(p);
    p_stopped_locked(g->m->p); // the caller's own: it keeps it
    bool wait = sched.stop_wait > 0;
    runlock(&sched.lock);
    sched_ask_all();
    while (wait && !atomic_load_explicit(&sched.stop_note, memory_order_acquire))
        futex_wait(&sched.stop_note, 0, -1);
    count(&sched.stops);
}

bool world_stopped(void)
{
    return atomic_load_explicit(&sched.stopping, memory_order_relaxed) &&
           atomic_load_explicit(&sched.stop_note, memory_order_acquire);
}

// release_ps makes the other P's idle, or gives them to threads when they have work.
static void release_ps(struct p *mine)
{
    struct p *busy = NULL;
    rlock(&sched.lock);
    sched.stopper = NULL;
    atomic_store_explicit(&sched.stopping, 0, memory_order_release);
    atomic_store_explicit(&mine->status, P_RUNNING, memory_order_release);
    for (int i = sched_procs() - 1; i >= 0; i--) {
        struct p *p = sched.all_p[i];
        if (p == mine)
            continue;
        if (run_empty(p)) {
            p_idle_put_locked(p);
        } else {
            atomic_store_explicit(&p->status, P_RUNNING, memory_order_release);
            p->link = busy;
            busy = p;
        }
    }
    runlock(&sched.lock);
    for (struct p *next; busy; busy = next) {
        next = busy->link;
        m_start(busy, false);
    }
}

void world_start(void)
{
    struct g *g = g_running();
    if (sched.wanted_procs != sched_procs())
        p_resize(sched.wanted_procs);
    release_ps(g->m->p);
    g_strip();
    atomic_store_explicit(&sched.world, 0, memory_order_release);
    wake_one();
}

// ---- one goroutine ----

static bool has_frames(struct g *g)
{
    return !g->system || g->compiled;
}

// take_scan sets SCAN on a goroutine in that state.
static bool take_scan(struct g *g, uint32_t status)
{
    return atomic_compare_exchange_strong_explicit(&g->status, &status, status | G_SCAN, memory_order_acq_rel,
                                                   memory_order_relaxed);
}

bool g_suspend(struct g *g)
{
    bool asked = false;
    for (int i = 0;; i++) {
        uint32_t status = atomic_load_explicit(&g->status, memory_order_acquire);
        if (status == G_DEAD || status == G_IDLE || !has_frames(g))
            return false;
        if (status != G_RUNNING && take_scan(g, status))
            break;
        if (status == G_RUNNING && !asked) {
            g_ask(g, PREEMPT_SUSPEND);
            asked = true;
        }
        if (i > 50)
            sched_yield();
    }
    if (asked) // it may have stopped for another reason
        atomic_fetch_and_explicit(&g->preempt, ~(uint32_t)PREEMPT_SUSPEND, memory_order_relaxed);
    return true;
}

bool g_freeze(struct g *g)
{
    return has_frames(g) && (take_scan(g, G_WAITING) || take_scan(g, G_RUNNABLE) || take_scan(g, G_SYSCALL));
}

void g_unfreeze(struct g *g)
{
    atomic_fetch_and_explicit(&g->status, ~(uint32_t)G_SCAN, memory_order_release);
}

void g_resume(struct g *g)
{
    bool ready = g->suspended;
    g->suspended = false;
    atomic_fetch_and_explicit(&g->status, ~(uint32_t)G_SCAN, memory_order_release);
    if (ready)
        g_ready(g, false);
}
