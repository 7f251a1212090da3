// The few things of Google Benchmark that gomem-bench uses, for C.
#ifndef GOMEM_SHIM_H
#define GOMEM_SHIM_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct shim_counter {
    char unit[48];
    double value;
};

enum { SHIM_COUNTERS = 24 };

// What a run of a benchmark came to. error is "" when it went well.
struct shim_result {
    double ns; // of the whole run
    int counters;
    struct shim_counter counter[SHIM_COUNTERS];
    char error[512];
};

// shim_run_fn runs a benchmark n times.
typedef void shim_run_fn(void *context, int64_t n, struct shim_result *result);

// shim_add registers a benchmark. ops is how many a run is; 0: Google Benchmark finds out.
void shim_add(const char *name, int64_t ops, shim_run_fn *run, void *context);

// shim_options lets Google Benchmark take its options (--benchmark_*) out of the command line.
void shim_options(int *argc, char **argv);

// shim_measure runs what is registered and prints it; false when one failed. Unless a format is asked for (--benchmark_format), results
// are lines as `go test -bench` prints them.
bool shim_measure(void);

#ifdef __cplusplus
}
#endif

#endif
