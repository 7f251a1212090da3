// Running a plan: each item in processes of its own, several at once, each as often as asked.
#ifndef GOMEM_RUN_H
#define GOMEM_RUN_H

#include <stdint.h>

#include "backend.h"
#include "plan.h"

struct run_settings {
    enum tier tier;
    uint64_t seed;     // run k of each case starts from seed + k
    int jobs;          // processes at once
    int repeat;        // runs of each case
    double timeout;    // seconds; a case's own timeout only raises it
    int shard, shards; // the plan is the shard-th part of so many; shards 0: it is whole
    struct vec expect; // paths of the lists of expected failures that the command line names
    bool fail_fast;
    bool trace; // the operations of failing cases are shown
    bool debug; // one case, with the terminal and without bounds
};

// run_plan gives every item its verdict. finished is called once for each item, in the order of the plan. Returns false when it
// was interrupted: the items that had not finished are then skips that say so.
bool run_plan(const struct backend *b, struct plan *plan, const struct run_settings *settings,
              void (*finished)(void *context, size_t index), void *context);

// seed_of mixes the run's seed and a case's name into the seed that the case gets.
uint64_t seed_of(uint64_t seed, const char *name);

#endif
