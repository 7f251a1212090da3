// Roots: where marking begins.
//
//   - the variables of the unit, in blocks of 256 KiB
//   - specials: funcs of finalizers and cleanups, weak handles, what blocks with finalizers refer to
//   - what other parts registered (timers), the queues of finalizers and cleanups, the descriptors of goroutines, dead ones too
//   - the stacks of goroutines: each is scanned once in a cycle, while the others run and it does not
//
// The first three are jobs with numbers, taken by workers one at a time. Goroutines follow: they are in a list that only grows, and the
// workers move one cursor along it. One that is about to run before its turn came is scanned first (gc_before_run): so a goroutine that runs
// during marking has a black stack, whatever it holds is marked or will be, and the plain stores that initialise a new, black block
// hide nothing. Goroutines made during the cycle are born black: their func is shaded, their stack is empty, and
// they only ever see what the program already holds. A goroutine's `scanned` says in which cycle that was settled.
#include <sched.h>

#include "internal.h"

enum { MAX_REGISTERED = 16 };

static struct {
    void (*registered[MAX_REGISTERED])(gc_visit visit, void *ctx); // filled before the first cycle
    uint32_t registered_count;
    uint32_t variable_jobs;     // immutable after the first cycle began
    _Atomic uint32_t next;      // relaxed: a ticket
    _Atomic(struct g *) next_g; // the first goroutine nobody has taken; acq_rel among the takers
    _Atomic uint64_t stack_bytes, stacks;
} roots;

static _Atomic uint64_t stacks_total; // since the start
_Atomic uint64_t roots_pause_stacks;

void gc_add_roots(void (*each)(gc_visit visit, void *ctx))
{
    REF_CHECK(roots.registered_count < MAX_REGISTERED);
    roots.registered[roots.registered_count++] = each;
}

// ---- variables ----

static uint32_t jobs_of(const gomem_root *r)
{
    return (uint32_t)((r->bytes + ROOT_BLOCK - 1) / ROOT_BLOCK);
}

uintptr_t roots_globals(void)
{
    uintptr_t bytes = 0;
    for (uintptr_t i = 0; i < ref_unit->root_count; i++)
        bytes += ref_unit->roots[i].bytes;
    return bytes;
}

static void mark_variables(struct gcwork *w, uint32_t job)
{
    const gomem_root *r = ref_unit->roots;
    for (; job >= jobs_of(r); r++)
        job -= jobs_of(r);
    uintptr_t first = (uintptr_t)job * ROOT_BLOCK / WORD, n = r->bytes / WORD;
    if (n - first > ROOT_BLOCK / WORD)
        n = first + ROOT_BLOCK / WORD;
    if (!FAULT(variables_not_scanned))
        mark_words(w, r->start, n, r->mask, first);
    w->scan_work += (n - first) * WORD;
}

// ---- visiting ----

static void grey_word(void *ctx, void **word)
{
    uintptr_t p = (uintptr_t)__atomic_load_n(word, __ATOMIC_RELAXED);
    if (p)
        mark_grey(ctx, p);
}

struct visitor {
    gc_visit visit;
    void *ctx;
};

static void visit_descriptor(struct g *g, void *ctx)
{
    struct visitor *v = ctx;
    void *word = g;
    v->visit(v->ctx, &word);
}

static void each_registered(gc_visit visit, void *ctx)
{
    finalizer_visit(visit, ctx);
    g_each(visit_descriptor, &(struct visitor){visit, ctx});
    for (uint32_t i = 0; i < roots.registered_count; i++)
        roots.registered[i](visit, ctx);
}

void roots_each_static(gc_visit visit, void *ctx)
{
    for (uintptr_t i = 0; i < ref_unit->root_count; i++) {
        const gomem_root *r = &ref_unit->roots[i];
        for (uintptr_t k = 0; k < r->bytes / WORD; k++)
            if (r->mask[k / 8] >> (k % 8) & 1)
                visit(ctx, (void **)r->start + k);
    }
    each_registered(visit, ctx);
}

// ---- goroutines ----

void roots_visit_goroutine(struct g *g, gc_visit visit, void *ctx)
{
    visit(ctx, (void **)&g->fn);
    if (!FAULT(stacks_not_scanned))
        stack_visit_live(g, visit, ctx);
}

// `scanned` is atomic: release once the stack was scanned, acquire by who asks; both may also be ordered by the goroutine's status.
static bool scanned(const struct g *g)
{
    return __atomic_load_n(&g->scanned, __ATOMIC_ACQUIRE) == atomic_load_explicit(&gc_cycle, memory_order_relaxed);
}

static void set_scanned(struct g *g)
{
    __atomic_store_n(&g->scanned, atomic_load_explicit(&gc_cycle, memory_order_relaxed), __ATOMIC_RELEASE);
}

static void scan_goroutine(struct gcwork *w, struct g *g)
{
    uintptr_t used = stack_used(g);
    roots_visit_goroutine(g, grey_word, w);
    set_scanned(g);
    if (UNLIKELY(world_stopped()))
        count_up(&roots_pause_stacks, 1);
    w->scan_work += used;
    atomic_fetch_add_explicit(&roots.stack_bytes, used, memory_order_relaxed);
    atomic_fetch_add_explicit(&roots.stacks, 1, memory_order_relaxed);
    stack_shrink(g);
}

static void take_first(struct g *g, void *first)
{
    struct g **at = first;
    if (!*at)
        *at = g;
}

// first_goroutine is the head of the list of all, which never changes.
static struct g *first_goroutine(void)
{
    static struct g *first;
    if (!first)
        g_each(take_first, &first);
    return first;
}

static bool has_frames(const struct g *g)
{
    return !g->system || __atomic_load_n(&g->compiled, __ATOMIC_ACQUIRE);
}

bool roots_has_stack(struct g *g)
{
    uint32_t status = g_status(g);
    return status != G_DEAD && status != G_IDLE && has_frames(g);
}

void gc_before_run(struct p *p, struct g *g)
{
    if (!scanned(g) && has_frames(g) && !step_holds())
        scan_goroutine(p->gcwork, g);
}

// take_scan takes a goroutine that does not run, so that it stays so until g_resume.
static bool take_scan(struct g *g)
{
    uint32_t status = g_status(g);
    bool stopped = status == G_RUNNABLE || status == G_WAITING || status == G_SYSCALL;
    return stopped && atomic_compare_exchange_strong_explicit(&g->status, &status, status | G_SCAN,
                                                              memory_order_acq_rel, memory_order_relaxed);
}

// mark_goroutine has nothing to wait for but the moment in which another thread is about to run the goroutine: it scans it then.
static void mark_goroutine(struct gcwork *w, struct g *g)
{
    while (roots_has_stack(g) && !scanned(g)) {
        if (!take_scan(g)) {
            sched_yield();
            continue;
        }
        if (!scanned(g))
            scan_goroutine(w, g);
        g_resume(g);
    }
}

static struct g *take_goroutine(void)
{
    struct g *g = atomic_load_explicit(&roots.next_g, memory_order_acquire);
    while (g && !atomic_compare_exchange_weak_explicit(&roots.next_g, &g,
                                                       atomic_load_explicit(&g->all_link, memory_order_acquire),
                                                       memory_order_acq_rel, memory_order_acquire))
        ;
    return g;
}

void gc_new_goroutine(struct g *g)
{
    g->assist_bytes = 0;
    if (gc_marking())
        set_scanned(g);
}

// ---- jobs ----

// Behind the jobs of the variables.
enum { JOB_SPECIALS, JOB_REGISTERED, FIXED_JOBS };

void roots_prepare(void)
{
    if (!roots.variable_jobs)
        for (uintptr_t i = 0; i < ref_unit->root_count; i++)
            roots.variable_jobs += jobs_of(&ref_unit->roots[i]);
    count_up(&stacks_total, atomic_exchange_explicit(&roots.stacks, 0, memory_order_relaxed));
    atomic_store_explicit(&roots.stack_bytes, 0, memory_order_relaxed);
    atomic_store_explicit(&roots.next, 0, memory_order_relaxed);
    atomic_store_explicit(&roots.next_g, first_goroutine(), memory_order_release);
}

static bool mark_numbered(struct gcwork *w)
{
    uint32_t job = atomic_load_explicit(&roots.next, memory_order_relaxed);
    if (job >= roots.variable_jobs + FIXED_JOBS)
        return false;
    job = atomic_fetch_add_explicit(&roots.next, 1, memory_order_relaxed);
    if (job >= roots.variable_jobs + FIXED_JOBS)
        return false;
    if (job < roots.variable_jobs)
        mark_variables(w, job);
    else if (job - roots.variable_jobs == JOB_SPECIALS)
        special_mark(w);
    else
        each_registered(grey_word, w);
    return true;
}

void roots_mark_static(struct gcwork *w)
{
    while (mark_numbered(w))
        ;
}

bool roots_scan_suspended(struct gcwork *w, struct g *g)
{
    if (!roots_has_stack(g) || scanned(g) || !g_suspend(g))
        return false;
    bool due = !scanned(g);
    if (due)
        scan_goroutine(w, g);
    g_resume(g);
    return due;
}

void roots_mark_stacks_suspended(struct g *collector)
{
    struct g *g;
    while ((g = take_goroutine()))
        roots_scan_suspended(collector->m->p->gcwork, g);
}

static void rescan(struct g *g, void *w)
{
    if (roots_has_stack(g))
        scan_goroutine(w, g);
}

void roots_rescan(struct gcwork *w)
{
    g_each(rescan, w);
}

bool roots_mark_one(struct gcwork *w)
{
    if (mark_numbered(w))
        return true;
    struct g *g = take_goroutine();
    if (g)
        mark_goroutine(w, g);
    return g != NULL;
}

bool roots_left(void)
{
    return atomic_load_explicit(&roots.next, memory_order_relaxed) < roots.variable_jobs + FIXED_JOBS ||
           atomic_load_explicit(&roots.next_g, memory_order_acquire);
}

uint64_t roots_stack_bytes(void)
{
    return atomic_load_explicit(&roots.stack_bytes, memory_order_relaxed);
}

uint64_t roots_stacks_now(void)
{
    return atomic_load_explicit(&roots.stacks, memory_order_relaxed);
}

uint64_t roots_stacks(void)
{
    return atomic_load_explicit(&stacks_total, memory_order_relaxed) +
           atomic_load_explicit(&roots.stacks, memory_order_relaxed);
}
