// What the process of a program on a runtime backend is made of: groups.c completes the table, trace.c watches its operations, start.c
// starts the program. main.c loads backend and unit (gomem-runner); standalone.c has both linked in.
#ifndef GOMEM_RUNNER_GROUPS_H
#define GOMEM_RUNNER_GROUPS_H

#include "gomem.h"

enum { STATUS_BACKEND = 3, VERDICT_FD = 3 };

// GROUPS lists the groups that consist of operations only: name, type.
#define GROUPS(X)                       \
    X(heap, gomem_heap_group)           \
    X(strings, gomem_strings_group)     \
    X(maps, gomem_maps_group)           \
    X(panics, gomem_panics_group)       \
    X(stack, gomem_stack_group)         \
    X(sched, gomem_sched_group)         \
    X(chans, gomem_chans_group)         \
    X(locks, gomem_locks_group)         \
    X(time, gomem_time_group)           \
    X(collector, gomem_collector_group) \
    X(probe, gomem_probe_group)

void *groups_alloc(size_t size); // zeroed; ends the process when there is no memory

// groups_merge takes from next what t lacks.
void groups_merge(gomem_backend_table *t, const gomem_backend_table *next);
// groups_complete fills what is missing with operations that skip.
void groups_complete(gomem_backend_table *t);

// trace_table returns t with every operation wrapped in one that records its call in the file, or t itself when path is NULL or "".
const gomem_backend_table *trace_table(const gomem_backend_table *t, const char *path);

// A backend's attach, NULL: none.
typedef void (*attach_fn)(const gomem_backend_table *whole, const gomem_unit *unit);

// start_unit binds the unit to the completed table, attaches the backends it was made of and runs it.
int start_unit(gomem_backend_table *t, const attach_fn *attach, int attach_len, const gomem_unit *unit, int argc,
               char **argv);

#endif
