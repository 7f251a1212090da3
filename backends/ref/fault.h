// fault.h: ref broken on purpose. libref-faults.so is ref built with REF_FAULTS; its option fault=NAME chooses one of the alternatives below,
// each of which breaks promises that cases check (backends/faults/). Where a part of ref has an alternative it asks FAULT(name):
// in the normal build that is a constant 0, and nothing of this header is left.
//
// An alternative is as small as it can be, and breaks one thing: what a tired author might write.
#ifndef REF_FAULT_H
#define REF_FAULT_H

#include <stdbool.h>
#include <stddef.h>

#ifdef REF_FAULTS

// The option's value has hyphens where the names here have underscores.
#define REF_FAULT_NAMES(X)      \
    X(no_deletion_barrier)      \
    X(no_insertion_barrier)     \
    X(no_zeroing)               \
    X(small_boxes_allocate)     \
    X(concat_copies_one)        \
    X(close_wakes_nobody)       \
    X(recover_anywhere)         \
    X(select_first)             \
    X(tiny_freed_early)         \
    X(no_interior_pointers)     \
    X(noscan_scanned)           \
    X(slot_twice)               \
    X(last_pointer_missed)      \
    X(class_off_by_one)         \
    X(class_too_small)          \
    X(stacks_not_scanned)       \
    X(variables_not_scanned)    \
    X(frees_not_counted)        \
    X(gc_returns_early)         \
    X(finalizer_never)          \
    X(cleanup_never)            \
    X(finalizer_twice)          \
    X(finalizer_frees)          \
    X(weak_outlives)            \
    X(append_moves)             \
    X(append_doubles)           \
    X(from_bytes_shares)        \
    X(iteration_yields_deleted) \
    X(iteration_skips)          \
    X(growth_loses_entries)     \
    X(map_races_ignored)        \
    X(nil_map_ignored)          \
    X(close_twice)              \
    X(send_on_closed)           \
    X(closed_says_received)     \
    X(sender_overtakes)         \
    X(select_default)           \
    X(mutex_lets_in)            \
    X(unlock_unlocked)          \
    X(reader_passes)            \
    X(wait_returns_early)       \
    X(negative_counter)         \
    X(signal_wakes_all)         \
    X(moved_records_kept)       \
    X(moved_nodes_kept)         \
    X(last_word_missed)         \
    X(candidates_kept)          \
    X(candidates_lost)          \
    X(stack_limit_fixed)        \
    X(no_shrinking)             \
    X(panic_text)               \
    X(exit_status)              \
    X(goexit_skips_defers)      \
    X(sleep_early)              \
    X(stop_ignored)             \
    X(timers_disordered)        \
    X(yield_returns)            \
    X(count_off_by_one)         \
    X(procs_ignored)            \
    X(no_deadlock_detection)    \
    X(no_preemption)            \
    X(waiters_last_first)       \
    X(defers_first_first)       \
    X(marks_kept)               \
    X(allocates_white)          \
    X(stacks_rescanned)         \
    X(barrier_stays_on)         \
    X(stacks_in_pause)          \
    X(marks_in_pause)           \
    X(sweeps_at_once)           \
    X(assist_halved)            \
    X(no_periodic_cycle)        \
    X(pool_keeps)               \
    X(periodic_early)           \
    X(goal_without_stacks)      \
    X(percent_ignored)          \
    X(limit_ignored)            \
    X(limit_spirals)            \
    X(arena_per_request)        \
    X(cache_locks)              \
    X(refills_twice)            \
    X(no_coalescing)            \
    X(never_scavenged)          \
    X(pages_lost)               \
    X(recv_no_acquire)          \
    X(close_no_release)         \
    X(unlock_no_release)        \
    X(runlock_no_release)       \
    X(done_no_release)          \
    X(go_unannounced)           \
    X(send_unannounced)         \
    X(meeting_unannounced)      \
    X(close_unannounced)        \
    X(unlock_unannounced)       \
    X(done_unannounced)         \
    X(all_ordered)

enum ref_fault {
    FAULT_NONE,
#define NAME(n) FAULT_##n,
    REF_FAULT_NAMES(NAME)
#undef NAME
};

extern enum ref_fault ref_fault; // set once, before any thread exists

#define FAULT(name) (__builtin_expect(ref_fault == FAULT_##name, 0))

// fault_option takes one option; false: it is none of ours, or no fault that there is.
bool fault_option(const char *text, size_t len);

#else

#define FAULT(name) 0

static inline bool fault_option(const char *text, size_t len)
{
    (void)text;
    (void)len;
    return false;
}

#endif
#endif
