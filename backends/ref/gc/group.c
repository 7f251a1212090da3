// The contract's group collector: settings, statistics, finalizers, cleanups, weak pointers.
#include <string.h>

#include "../panic/panic.h"
#include "internal.h"

// ---- control ----

static void collect(gomem_g *g)
{
    cycle_collect(g_of(g));
}

static int32_t set_percent(gomem_g *g, int32_t percent)
{
    (void)g;
    world_stop("gc: set percent");
    int32_t old = pacer_set_percent(percent);
    world_start();
    return old;
}

static int64_t set_limit(gomem_g *g, int64_t limit)
{
    (void)g;
    world_stop("gc: set limit");
    int64_t old = pacer_set_limit(limit);
    world_start();
    pages_keep_limit();
    return old;
}

static void free_os_memory(gomem_g *g)
{
    cycle_collect(g_of(g));
    heap_scavenge(0);
}

// ---- statistics ----

static void heap_stats(gomem_mem_stats *s)
{
    struct heap_counts c;
    struct stack_stats stacks;
    heap_counts(&c);
    stack_stats(&stacks);
    s->mallocs = c.mallocs, s->frees = c.frees, s->total_alloc = c.total_alloc;
    s->heap_alloc = c.total_alloc - c.total_free, s->heap_objects = c.mallocs - c.frees;
    s->heap_sys = c.in_use + c.idle, s->heap_idle = c.idle, s->heap_inuse = c.in_use, s->heap_released = c.released;
    s->stack_inuse = stacks.in_use, s->stack_sys = c.stacks;
    s->sys = c.sys;
    heap_size_stats(s->by_size, GOMEM_BY_SIZE);
}

static void gc_stats(gomem_mem_stats *s)
{
    s->next_gc = pacer_goal();
    s->pause_total_ns = pauses.total_ns, s->num_gc = pauses.num_gc, s->num_forced_gc = pauses.num_forced;
    s->last_gc = pauses.last_gc;
    memcpy(s->pause_ns, pauses.ns, sizeof s->pause_ns);
    memcpy(s->pause_end, pauses.end, sizeof s->pause_end);
    s->gc_cpu_fraction = trace_cpu_fraction();
}

static void read_stats(gomem_g *g, gomem_mem_stats *s)
{
    (void)g;
    memset(s, 0, sizeof *s);
    world_stop("read memory statistics");
    heap_stats(s);
    gc_stats(s);
    world_start();
}

void gc_counts(struct gc_counts *c)
{
    *c = (struct gc_counts){
        .cycles = pauses.num_gc,
        .forced = pauses.num_forced,
        .marked_blocks = atomic_load_explicit(&work_totals.marked_blocks, memory_order_relaxed),
        .marked_bytes = cycle.heap_marked,
        .barriers = atomic_load_explicit(&barrier_count, memory_order_relaxed),
        .shades = atomic_load_explicit(&barrier_shades, memory_order_relaxed),
        .stacks_scanned = roots_stacks(),
        .assist_bytes = atomic_load_explicit(&assist_bytes_total, memory_order_relaxed),
        .assist_work = atomic_load_explicit(&assist_work_total, memory_order_relaxed),
        .stw_blocks = cycle.stw_blocks,
        .phase = (enum gc_phase)atomic_load_explicit(&gc_phase, memory_order_relaxed),
    };
}

// ---- what is attached to blocks ----

// finalizable tells whether obj may have a finalizer; what is no heap block (a variable) is accepted, and nothing ever happens to it.
static bool finalizable(gomem_g *g, void *obj)
{
    void *base;
    uintptr_t size;
    if (!obj)
        fatal(g_of(g), "runtime.SetFinalizer: pointer not in allocated block");
    if (!heap_find(obj, &base, &size))
        return false;
    struct span *s = span_of((uintptr_t)obj);
    bool tiny = span_noscan(s) && s->elem_size == TINY;
    if (base != obj && !tiny)
        fatal(g_of(g), "runtime.SetFinalizer: pointer not at beginning of allocated block");
    return true;
}

static void set_finalizer(gomem_g *g, gomem_eface obj, gomem_eface fn)
{
    struct special what = {
        .kind = SPECIAL_FINALIZER, .word = fn.data, .obj = obj.data, .type = obj.type, .func = fn.type};
    if (!finalizable(g, obj.data))
        return;
    if (!fn.type)
        special_remove(obj.data, SPECIAL_FINALIZER, 0);
    else if (!special_add(p_of(g), what))
        fatal(g_of(g), "runtime.SetFinalizer: finalizer already set");
}

static _Atomic uint64_t last_cleanup; // relaxed: ids only differ

static uint64_t add_cleanup(gomem_g *g, void *obj, gomem_func *fn)
{
    uint64_t id = atomic_fetch_add_explicit(&last_cleanup, 1, memory_order_relaxed) + 1;
    if (span_of((uintptr_t)obj))
        special_add(p_of(g), (struct special){.kind = SPECIAL_CLEANUP, .word = fn, .obj = obj, .id = id});
    return id;
}

static void stop_cleanup(gomem_g *g, void *obj, uint64_t id)
{
    (void)g;
    if (span_of((uintptr_t)obj))
        special_remove(obj, SPECIAL_CLEANUP, id);
}

static void *make_weak(gomem_g *g, void *obj)
{
    return weak_make(p_of(g), obj);
}

static void *get_weak(gomem_g *g, void *handle)
{
    return weak_get(p_of(g), handle);
}

static void before_cycle(gomem_g *g, void (*call)(void))
{
    (void)g;
    cycle_before = call;
}

const gomem_collector_group ref_collector_group = {
    .size = sizeof ref_collector_group,
    .collect = collect,
    .set_percent = set_percent,
    .set_limit = set_limit,
    .free_os_memory = free_os_memory,
    .read_stats = read_stats,
    .set_finalizer = set_finalizer,
    .add_cleanup = add_cleanup,
    .stop_cleanup = stop_cleanup,
    .weak_make = make_weak,
    .weak_get = get_weak,
    .before_cycle = before_cycle,
};
