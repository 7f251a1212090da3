// The probe: ref's counters by name, and its steps (gc/step.c, gc/check.c). Counters that Ps or threads keep for themselves are exact while
// nobody else runs: a case that reads them has one processor.
#include "probe.h"

#include <string.h>

#include "gc/internal.h"
#include "ref.h"

static uint64_t locks(void)
{
    return rlock_count(0, RANKS - 1);
}

static uint64_t heap_locks(void)
{
    return rlock_count(RANK_SWEEP, RANK_MCENTRAL) + rlock_count(RANK_PAGES, RANK_OS);
}

static uint64_t under_pages_lock(const uint64_t *word)
{
    rlock(&pages_lock);
    uint64_t n = *word;
    runlock(&pages_lock);
    return n;
}

static uint64_t os_grows(void)
{
    return under_pages_lock(&page_counts.grows);
}

static uint64_t arenas(void)
{
    return under_pages_lock(&page_counts.arenas);
}

static uint64_t cycles(void)
{
    return __atomic_load_n(&pauses.num_gc, __ATOMIC_RELAXED);
}

#define SCHED_COUNTER(name, member) \
    static uint64_t name(void)      \
    {                               \
        struct sched_counts c;      \
        sched_counts(&c);           \
        return c.member;            \
    }
SCHED_COUNTER(world_stops, stops)
SCHED_COUNTER(switches, switches)
SCHED_COUNTER(steals, steals)
SCHED_COUNTER(hand_offs, hand_offs)
SCHED_COUNTER(preemptions, preemptions)
SCHED_COUNTER(global_looks, global_looks)

static uint64_t pause_blocks(void)
{
    return __atomic_load_n(&cycle.stw_blocks, __ATOMIC_RELAXED);
}

static uint64_t assist_ratio(void)
{
    return (uint64_t)(pacer_assist_ratio() * 1000);
}

// A counter is a word, or a function that tells it.
static const struct {
    const char *name;
    const _Atomic uint64_t *word;
    uint64_t (*read)(void);
} counters[] = {
    {"locks", NULL, locks},
    {"heap_locks", NULL, heap_locks},
    {"refills", &heap_totals.refills, NULL},
    {"grows", &heap_totals.grows, NULL},
    {"os_grows", NULL, os_grows},
    {"arenas", NULL, arenas},
    {"sweeps", &heap_totals.sweeps, NULL},
    {"cycles", NULL, cycles},
    {"world_stops", NULL, world_stops},
    {"switches", NULL, switches},
    {"steals", NULL, steals},
    {"hand_offs", NULL, hand_offs},
    {"preemptions", NULL, preemptions},
    {"global_looks", NULL, global_looks},
    {"barriers", NULL, barrier_count_now},
    {"barrier_flushes", &barrier_flushes, NULL},
    {"shades", &barrier_shades, NULL},
    {"stacks_scanned", NULL, roots_stacks},
    {"pause_blocks", NULL, pause_blocks},
    {"pause_stacks", &roots_pause_stacks, NULL},
    {"assist_bytes", &assist_bytes_total, NULL},
    {"assist_work", &assist_work_total, NULL},
    {"assist_ratio", NULL, assist_ratio},
    {"limited", &limiter_cycles, NULL},
    {"worker_work", &worker_work_total, NULL},
    {"clock_looks", &cycle_clock_looks, NULL},
    {"check_blocks", &check_blocks, NULL},
    {"check_errors", &check_errors, NULL},
};

static bool is_named(gomem_string s, const char *name)
{
    return s.len == (intptr_t)strlen(name) && !memcmp(s.ptr, name, (size_t)s.len);
}

static uint64_t counter(gomem_g *g, gomem_string name)
{
    (void)g;
    for (size_t i = 0; i < COUNTOF(counters); i++)
        if (is_named(name, counters[i].name))
            return counters[i].read ? counters[i].read() : atomic_load_explicit(counters[i].word, memory_order_relaxed);
    return UINT64_MAX;
}

static uint64_t goroutine(gomem_g *g)
{
    return g_of(g)->id;
}

static void advance_clock(gomem_g *g, int64_t ns)
{
    (void)g;
    sys_advance(ns);
}

const gomem_probe_group ref_probe_group = {
    .size = sizeof ref_probe_group,
    .counter = counter,
    .gc_step = step_to,
    .gc_scan = step_scan,
    .gc_mark = step_mark,
    .gc_blacken = step_blacken,
    .gc_assists = step_assists,
    .colour = step_colour,
    .gc_check = check_force,
    .leaks = leak_find,
    .retainers = retain_find,
    .goroutine = goroutine,
    .advance_clock = advance_clock,
};
