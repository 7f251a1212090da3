// The heap: calloc, and nothing is ever freed. Counters are exact; collection does nothing, which is legal Go.
#include <stdlib.h>
#include <string.h>

#include "../common/environment.h"
#include "portable.h"

static uint64_t objects, bytes; // atomic, relaxed: only sums
static char zero_size;

static void *allocate(uintptr_t size)
{
    if (size == 0)
        return &zero_size;
    void *p = calloc(1, size);
    if (!p)
        death("runtime: out of memory");
    __atomic_fetch_add(&objects, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&bytes, size, __ATOMIC_RELAXED);
    return p;
}

static void *new_object(gomem_g *g, const gomem_type *type)
{
    (void)g;
    return allocate(type->size);
}

static bool array_bytes(const gomem_type *elem, intptr_t n, uintptr_t *total)
{
    return n >= 0 && !__builtin_mul_overflow((uintptr_t)n, elem->size, total) && *total <= MOST_BYTES;
}

static void *new_array(gomem_g *g, const gomem_type *elem, intptr_t n)
{
    uintptr_t total;
    if (!array_bytes(elem, n, &total))
        whole->panics->error(g, GOMEM_ERROR_TEXT, "makeslice: len out of range");
    return allocate(total);
}

static gomem_slice grow_slice(gomem_g *g, const gomem_type *elem, gomem_slice old, intptr_t need)
{
    intptr_t cap = old.cap;
    while (cap < need)
        cap = cap < 4 ? 4 : cap > INTPTR_MAX / 2 ? need : cap * 2;
    uintptr_t total;
    if (need < 0 || !array_bytes(elem, cap, &total))
        whole->panics->error(g, GOMEM_ERROR_TEXT, "growslice: len out of range");
    gomem_slice grown = {allocate(total), need, cap};
    if (old.len)
        memcpy(grown.ptr, old.ptr, (uintptr_t)old.len * elem->size);
    return grown;
}

const gomem_heap_group portable_heap = {
    .size = sizeof portable_heap, .new_object = new_object, .new_array = new_array, .grow_slice = grow_slice};

// ---- the collector that never collects ----

static int32_t percent = 100;
static int64_t limit = INT64_MAX;
static uint32_t cycles;

void read_environment(void)
{
    percent = env_percent();
    if (!env_limit(&limit))
        death("malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`");
}

static void collect(gomem_g *g)
{
    (void)g;
    __atomic_fetch_add(&cycles, 1, __ATOMIC_RELAXED);
}

static int32_t set_percent(gomem_g *g, int32_t to)
{
    (void)g;
    return __atomic_exchange_n(&percent, to < 0 ? -1 : to, __ATOMIC_RELAXED);
}

static int64_t set_limit(gomem_g *g, int64_t to)
{
    (void)g;
    return to < 0 ? __atomic_load_n(&limit, __ATOMIC_RELAXED) : __atomic_exchange_n(&limit, to, __ATOMIC_RELAXED);
}

static void read_stats(gomem_g *g, gomem_mem_stats *s)
{
    (void)g;
    memset(s, 0, sizeof *s);
    s->mallocs = s->heap_objects = __atomic_load_n(&objects, __ATOMIC_RELAXED);
    s->total_alloc = s->heap_alloc = s->heap_inuse = s->heap_sys = s->sys = __atomic_load_n(&bytes, __ATOMIC_RELAXED);
    s->num_gc = s->num_forced_gc = __atomic_load_n(&cycles, __ATOMIC_RELAXED);
}

const gomem_collector_group portable_collector = {.size = sizeof portable_collector,
                                                  .collect = collect,
                                                  .set_percent = set_percent,
                                                  .set_limit = set_limit,
                                                  .free_os_memory = collect,
                                                  .read_stats = read_stats};
