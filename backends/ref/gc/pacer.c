// The pacer: when a cycle starts, and how much of it whoever allocates must do.
//
//     goal    = marked + (marked + stacks + globals) * percent / 100, at least 4 MiB * percent / 100
//               and, under a memory limit, no more than the limit leaves for the heap; never below marked
//     trigger = goal - runway, at least 45/64 of the way from marked to the goal, at most 61/64 or, if that is later, 4 MiB before it
//     runway  = what the program is expected to allocate while marking: what it allocated last time
//     ratio   = work left / bytes left to the goal, at least as at the start: what an assist owes per byte
//
// marked, stacks and globals are those of the last cycle. The work of a cycle is expected to be that of the last one, or, before there was
// one, the heap at its start; when it turns out to be more, what is left is taken to be a tenth of what has been done.
//
// All of this changes only while the world is stopped. The monitor, which does not stop with it, reads percent and goal.
#include "internal.h"

enum { MIN_HEAP = 4 << 20 };

_Atomic int64_t heap_trigger = INT64_MAX;

static struct {
    _Atomic int32_t percent; // relaxed, as goal
    int64_t limit;
    uint64_t marked, stacks, globals; // of the last cycle
    _Atomic uint64_t goal;
    int64_t runway;        // smoothed
    int64_t live_at_start; // of the cycle under way
    uint64_t last_work, expected_work;
    double first_ratio; // when marking began
} pacer = {.percent = 100, .limit = INT64_MAX};

static int32_t percent_now(void)
{
    return atomic_load_explicit(&pacer.percent, memory_order_relaxed);
}

bool pacer_enabled(void)
{
    return percent_now() >= 0;
}

bool pacer_limited(void)
{
    return pacer.limit != INT64_MAX;
}

uint64_t pacer_goal(void)
{
    return atomic_load_explicit(&pacer.goal, memory_order_relaxed);
}

// ---- the goal ----

static uint64_t goal_by_percent(void)
{
    if (!pacer_enabled())
        return UINT64_MAX;
    uint64_t percent = (uint64_t)percent_now(), least = (uint64_t)MIN_HEAP * percent / 100;
    uint64_t base = pacer.marked + (FAULT(goal_without_stacks) ? 0 : pacer.stacks + pacer.globals);
    uint64_t goal = pacer.marked + base / 100 * percent + base % 100 * percent / 100;
    return goal > least ? goal : least;
}

// goal_by_limit takes from the limit what is not heap, what is over it already, and a reserve of 3 % (at least a MiB) for what cannot be
// foreseen. Free pages do not count: they are given back before the limit is passed (heap/pages.c).
static uint64_t goal_by_limit(void)
{
    if (pacer.limit == INT64_MAX || FAULT(limit_ignored))
        return UINT64_MAX;
    rlock(&pages_lock);
    uint64_t used = page_counts.in_use, other = page_counts.stacks + meta_bytes(), free = page_counts.free;
    runlock(&pages_lock);
    uint64_t limit = (uint64_t)pacer.limit, blocks = heap_live_bytes(), reserve = limit / 100 * 3;
    uint64_t over = used + other + free > limit ? used + other + free - limit : 0;
    other += (used > blocks ? used - blocks : 0) + over;
    reserve = reserve < 1 << 20 ? 1 << 20 : reserve;
    return limit > other + reserve ? limit - other - reserve : 0;
}

static void set_goal(void)
{
    uint64_t by_percent = goal_by_percent(), by_limit = goal_by_limit();
    uint64_t goal = by_limit < by_percent ? by_limit : by_percent;
    atomic_store_explicit(&pacer.goal, goal < pacer.marked ? pacer.marked : goal, memory_order_relaxed);
}

// set_trigger also keeps a limit below what lives from collecting all the time: a MiB may be allocated between two cycles.
static void set_trigger(void)
{
    if (pacer_goal() == UINT64_MAX) {
        atomic_store_explicit(&heap_trigger, INT64_MAX, memory_order_relaxed);
        return;
    }
    int64_t marked = (int64_t)pacer.marked, way = (int64_t)pacer_goal() - marked;
    int64_t low = marked + way / 64 * 45, high = marked + way / 64 * 61;
    if ((int64_t)pacer_goal() - MIN_HEAP > high)
        high = (int64_t)pacer_goal() - MIN_HEAP;
    int64_t trigger = (int64_t)pacer_goal() - pacer.runway;
    trigger = trigger < low ? low : trigger > high ? high : trigger;
    if (trigger < marked + (1 << 20) && (uint64_t)marked + (1 << 20) > goal_by_limit())
        trigger = marked + (1 << 20);
    atomic_store_explicit(&heap_trigger, trigger, memory_order_relaxed);
}

// pacer_retain is what is worth keeping backed: a tenth more than the goal, so that the heap finds again what it is about to need.
uint64_t pacer_retain(void)
{
    uint64_t goal = pacer_goal();
    return goal == UINT64_MAX ? goal : goal + goal / 10;
}

// ---- a cycle ----

// room_left is what may be allocated until the goal is reached; past it, or near it, a twentieth of the goal.
static double room_left(void)
{
    double goal = (double)pacer_goal(), live = (double)atomic_load_explicit(&heap_totals.live, memory_order_relaxed);
    return goal - live < goal / 20 ? goal / 20 : goal - live;
}

void pacer_start_cycle(void)
{
    pacer.live_at_start = atomic_load_explicit(&heap_totals.live, memory_order_relaxed);
    pacer.expected_work = pacer.last_work ? pacer.last_work : (uint64_t)pacer.live_at_start + pacer.globals;
    pacer.first_ratio = (double)pacer.expected_work / room_left();
    atomic_store_explicit(&heap_trigger, INT64_MAX, memory_order_relaxed);
}

// pacer_assist_ratio reads what changes under it: any moment's figures will do. It never falls below the first one, or the credit that workers
// gathered would buy more than the room there was.
double pacer_assist_ratio(void)
{
    uint64_t done = atomic_load_explicit(&work_totals.scan_work, memory_order_relaxed);
    if (pacer_goal() == UINT64_MAX)
        return 0;
    double left = pacer.expected_work > done ? (double)(pacer.expected_work - done) : (double)done / 10;
    double ratio = left / room_left();
    return ratio > pacer.first_ratio ? ratio : pacer.first_ratio;
}

void pacer_end_cycle(uint64_t marked)
{
    int64_t grown = atomic_load_explicit(&heap_totals.live, memory_order_relaxed) - pacer.live_at_start;
    pacer.runway = (pacer.runway + (grown > 0 ? grown : 0)) / 2;
    pacer.last_work = atomic_load_explicit(&work_totals.scan_work, memory_order_relaxed);
    pacer.marked = marked;
    pacer.stacks = roots_stack_bytes();
    pacer.globals = roots_globals();
    atomic_store_explicit(&heap_totals.live, (int64_t)marked, memory_order_relaxed);
    set_goal();
    set_trigger();
}

// ---- settings ----

static void changed(void)
{
    uint64_t limit = pacer.limit == INT64_MAX ? UINT64_MAX : (uint64_t)pacer.limit;
    atomic_store_explicit(&heap_limit, limit, memory_order_relaxed);
    set_goal();
    if (atomic_load_explicit(&gc_phase, memory_order_relaxed) == GC_OFF)
        set_trigger();
}

void pacer_init(int32_t percent, int64_t limit)
{
    atomic_store_explicit(&pacer.percent, percent < 0 ? -1 : percent, memory_order_relaxed);
    pacer.limit = limit;
    pacer.globals = roots_globals();
    changed();
}

int32_t pacer_set_percent(int32_t percent)
{
    int32_t old = percent_now();
    if (FAULT(percent_ignored))
        return old;
    atomic_store_explicit(&pacer.percent, percent < 0 ? -1 : percent, memory_order_relaxed);
    changed();
    return old;
}

int64_t pacer_set_limit(int64_t limit)
{
    int64_t old = pacer.limit;
    if (limit < 0)
        return old;
    pacer.limit = limit;
    changed();
    return old;
}
