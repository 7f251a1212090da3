// See probe.h. The heap's counters are exact while nobody else allocates: a case that reads them runs on one processor.
#include "probe.h"

#include <string.h>

#include "heap/heap.h"
#include "ref.h"

static const struct {
    const char *name;
    size_t offset; // in struct heap_counts
} heap_counters[] = {
    {"refills", offsetof(struct heap_counts, refills)},
    {"grows", offsetof(struct heap_counts, grows)},
    {"os_grows", offsetof(struct heap_counts, os_grows)},
    {"sweeps", offsetof(struct heap_counts, sweeps)},
};

static bool is_named(gomem_string s, const char *name)
{
    return s.len == (intptr_t)strlen(name) && !memcmp(s.ptr, name, (size_t)s.len);
}

static uint64_t counter(gomem_g *g, gomem_string name)
{
    (void)g;
    if (is_named(name, "locks"))
        return rlock_count();
    for (size_t i = 0; i < COUNTOF(heap_counters); i++)
        if (is_named(name, heap_counters[i].name)) {
            struct heap_counts counts;
            heap_counts(&counts);
            return *(uint64_t *)(void *)((char *)&counts + heap_counters[i].offset);
        }
    return UINT64_MAX;
}

const gomem_probe_group ref_probe_group = {.size = sizeof ref_probe_group, .counter = counter};
