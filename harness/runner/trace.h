// The file of a trace (trace.c writes it, the harness reads its end).
#ifndef GOMEM_RUNNER_TRACE_H
#define GOMEM_RUNNER_TRACE_H

#include <stdint.h>

enum { TRACE_LINES = 4096, TRACE_WIDTH = 192 };

// Line n is lines[n % TRACE_LINES], so the last min(count, TRACE_LINES) are there.
struct trace_file {
    uint64_t count;  // atomic (relaxed): lines that were begun
    uint64_t frozen; // atomic (relaxed): a failure was reported; no more lines
    char lines[TRACE_LINES][TRACE_WIDTH];
};

#endif
