// Goroutine descriptors and wait nodes. Descriptors are never freed: a dead one is used again, with its stack when that has the first
// size, from a list of the P or a common one. All that were ever made are in one list, which readers walk without a lock.
//
// As in Go a descriptor is a block of the heap, counted as one, that the collector keeps (gc/roots.c). Those of the runtime's own
// goroutines are not: they are made where the heap cannot be asked, in the middle of an allocation.
#include <sched.h>

#include "../gc/gc.h"
#include "../heap/heap.h"
#include "../panic/panic.h"
#include "../stack/stack.h"
#include "internal.h"

enum { KEEP_G = 64, KEEP_NODES = 128 };

static struct g *all_head;
static struct g *all_tail; // protected by all_lock
static struct rmutex all_lock = {.rank = RANK_ALL_G};
static _Atomic uint64_t last_id;

// ---- states ----

// pairs: acquire with the release of whoever left the state `from`, release with whoever acts on `to`; sequentially consistent for slot_left
// and slot_enter.
void g_set_status(struct g *g, uint32_t from, uint32_t to)
{
    for (int i = 0;; i++) {
        uint32_t seen = from;
        if (atomic_compare_exchange_weak_explicit(&g->status, &seen, to, memory_order_seq_cst, memory_order_acquire))
            return;
        if (seen != from && seen != (from | G_SCAN))
            ref_throw("goroutine %llu: state %u instead of %u", (unsigned long long)g->id, seen, from);
        if (i > 100) // it is being scanned
            sched_yield();
    }
}

// ---- descriptors ----

static void remember(struct g *g)
{
    rlock(&all_lock);
    if (all_tail)
        atomic_store_explicit(&all_tail->all_link, g, memory_order_release); // pairs with g_each
    else
        __atomic_store_n(&all_head, g, __ATOMIC_RELEASE);
    all_tail = g;
    runlock(&all_lock);
}

void g_each(void (*f)(struct g *, void *), void *ctx)
{
    struct g *g = __atomic_load_n(&all_head, __ATOMIC_ACQUIRE);
    for (; g; g = atomic_load_explicit(&g->all_link, memory_order_acquire))
        f(g, ctx);
}

static struct g *from_lists(struct p *p)
{
    struct g *g = NULL;
    if (p && (g = p->free_g)) {
        p->free_g = g->sched_link;
        p->free_gs--;
        return g;
    }
    rlock(&sched.lock);
    g = gqueue_pop(&sched.free_g);
    runlock(&sched.lock);
    return g;
}

struct g *g_make(struct p *p, bool system)
{
    struct g *g = from_lists(p);
    bool fresh = !g;
    if (fresh) {
        g = p && !system ? heap_alloc(p, sizeof *g, NULL, true, 1) : meta_alloc(sizeof *g, 64);
        atomic_store_explicit(&g->status, G_DEAD, memory_order_relaxed);
        remember(g);
    }
    g->sched_link = NULL;
    g->id = atomic_fetch_add_explicit(&last_id, 1, memory_order_relaxed) + 1;
    __atomic_store_n(&g->system, system, __ATOMIC_RELAXED); // the monitor may look at who was here before
    __atomic_store_n(&g->compiled, false, __ATOMIC_RELAXED);
    g->suspended = false;
    g->wait_reason = WAIT_NONE;
    g->critical = 0;
    g->nil_pc = 0;
    atomic_store_explicit(&g->preempt, 0, memory_order_relaxed);
    g->system_fn = NULL;
    g->fn = NULL;
    g->creator = (struct creator){0};
    stack_attach(g, fresh);
    race_begin(g);
    return g;
}

static void publish(struct g *g)
{
    gc_new_goroutine(g);
    g_set_status(g, G_DEAD, G_RUNNABLE);
}

struct g *g_new(gomem_g *creator, gomem_func *fn)
{
    struct p *p = creator ? p_of(creator) : NULL;
    struct g *g = g_make(p, false);
    g->fn = fn;
    if (creator)
        g->creator = unwind_creator(creator, g_of(creator)->id);
    if (gc_marking()) // the new goroutine may not be among those that will be scanned
        gc_shade(m_self()->p, fn);
    atomic_fetch_add_explicit(&sched.count, 1, memory_order_relaxed);
    if (creator && !FAULT(go_unannounced))
        race_pass(g, g);
    publish(g);
    return g;
}

struct g *g_new_system(void (*fn)(struct g *, void *), void *arg)
{
    struct m *m = m_self();
    struct g *g = g_make(m ? m->p : NULL, true);
    g->system_fn = fn;
    g->system_arg = arg;
    publish(g);
    if (m && m->p)
        run_put(m->p, g, false);
    else
        global_put(g);
    wake_one();
    return g;
}

uint64_t g_count(void)
{
    return atomic_load_explicit(&sched.count, memory_order_relaxed);
}

void g_entry(struct g *g)
{
    asan_arrive(&g->m->stack);
    if (g->system_fn) {
        g->system_fn(g, g->system_arg);
    } else {
        gomem_func *fn = g->fn;
        g->fn = NULL; // from here on the closure is the compiled function's to keep
        ((void (*)(gomem_g *, gomem_func *))fn->code)(&g->head, fn);
    }
    g_exit(g);
}

// after_exit runs once nothing is left on g's stacks.
static void after_exit(struct m *m, struct g *g)
{
    struct m *wired = g->locked_m;
    gc_end_goroutine(g);
    g_set_status(g, G_RUNNING, G_DEAD);
    if (!g->system)
        atomic_fetch_sub_explicit(&sched.count, 1, memory_order_relaxed);
    g->locked_m = NULL;
    g->locks_thread = 0;
    m->locked_g = NULL;
    slot_release(g);
    race_end(g);
    g_free(m->p, g);
    if (wired) // a thread that was wired may be in any state, and ends with its goroutine
        m_exit(m);
}

GOMEM_NORETURN void g_exit(struct g *g)
{
    leave(g, after_exit);
    __builtin_unreachable();
}

// g_free puts a dead descriptor away; half of a full list goes to the common one.
void g_free(struct p *p, struct g *g)
{
    g->head.defers = NULL;
    g->head.panics = NULL;
    g->head.spill_len = 0;
    g->waiting = NULL;
    stack_release(g);
    g->sched_link = p->free_g;
    p->free_g = g;
    if (++p->free_gs < KEEP_G)
        return;
    rlock(&sched.lock);
    for (; p->free_gs > KEEP_G / 2; p->free_gs--) {
        g = p->free_g;
        p->free_g = g->sched_link;
        gqueue_push(&sched.free_g, g);
    }
    runlock(&sched.lock);
}

// A dead descriptor keeps its stack for the next goroutine, until a collection: then those in the common list give them back. The list is
// put aside while the world is stopped and gone through afterwards, since it may be long.
void g_strip_dead(void)
{
    gqueue_push_all(&sched.strip, &sched.free_g);
}

void g_strip(void)
{
    if (!sched.strip.n)
        return;
    for (struct g *g = sched.strip.head; g; g = g->sched_link)
        stack_drop(g);
    rlock(&sched.lock);
    gqueue_push_all(&sched.free_g, &sched.strip);
    runlock(&sched.lock);
}

// ---- wait nodes, records of deferred calls ----

static struct rmutex node_lock = {.rank = RANK_SUDOG};
static struct sudog *common_nodes; // protected by node_lock

static void refill_nodes(struct p *p)
{
    rlock(&node_lock);
    for (; common_nodes && p->free_nodes < KEEP_NODES / 2; p->free_nodes++) {
        struct sudog *s = common_nodes;
        common_nodes = s->next;
        s->next = p->free_sudogs;
        p->free_sudogs = s;
    }
    runlock(&node_lock);
}

struct sudog *sudog_get(struct g *g)
{
    struct p *p = g->m->p;
    if (!p->free_sudogs)
        refill_nodes(p);
    struct sudog *s = p->free_sudogs;
    if (s) {
        p->free_sudogs = s->next;
        p->free_nodes--;
    } else {
        s = meta_alloc(sizeof *s, _Alignof(struct sudog));
    }
    *s = (struct sudog){.g = g};
    return s;
}

static void give_nodes(struct p *p, uint32_t keep)
{
    rlock(&node_lock);
    for (; p->free_nodes > keep; p->free_nodes--) {
        struct sudog *s = p->free_sudogs;
        p->free_sudogs = s->next;
        s->next = common_nodes;
        common_nodes = s;
    }
    runlock(&node_lock);
}

void sudog_put(struct g *g, struct sudog *s)
{
    struct p *p = g->m->p;
    *s = (struct sudog){.next = p->free_sudogs};
    p->free_sudogs = s;
    if (++p->free_nodes >= KEEP_NODES)
        give_nodes(p, KEEP_NODES / 2);
}

void g_release_lists(struct p *p)
{
    give_nodes(p, 0);
    rlock(&sched.lock);
    for (struct g *g; (g = p->free_g);) {
        p->free_g = g->sched_link;
        gqueue_push(&sched.free_g, g);
    }
    runlock(&sched.lock);
    p->free_gs = 0;
}
