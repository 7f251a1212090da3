// Benchmarks: the parts of gomem bench (cmd_bench.c).
//
// A row is a benchmark, or one below it, as a toolchain's or runtime's users see it: Alloc64, MapHit/1k, ChanMPMC/procs:1. What is measured
// is a side: a backend, and what it is compared with. A row has a result for each side and round: the numbers that one process printed
// on one line, in the form of `go test -bench`.
#ifndef GOMEM_BENCH_H
#define GOMEM_BENCH_H

#include <stdio.h>

#include "backend.h"
#include "util.h"

enum { SIDES = 2 };

// One number, the first of a result being that of ns/op.
struct bench_number {
    char *unit;
    double value;
};

struct bench_result {
    double iterations;
    struct vec numbers; // struct bench_number *
};

struct bench_row {
    char *name;
    char *benchmark;           // without Benchmark
    char *sub;                 // "" when it has none
    int procs;                 // 0: all
    long ops;                  // 0: as many as it takes
    struct vec results[SIDES]; // struct bench_result *
    char *failed[SIDES];       // why there is none
    char *skipped[SIDES];
};

// What is measured.
struct bench_side {
    struct backend *backend;
    char *program; // what was built: a test executable of Go's, or a unit
};

// The rows of cases/bench, in the order of the sources; struct bench_row *. It dies with one line on a malformed comment.
struct vec bench_rows(const char *root);
// bench_sources lists the files of cases/bench.
struct vec bench_sources(const char *root);

// bench_build builds the benchmarks for a side; it dies with EXIT_BACKEND when they do not build.
void bench_build(struct bench_side *side, const struct vec *rows);

struct bench_report {
    const struct bench_side *sides; // one, or SIDES
    int count;                      // of sides
    const struct vec *rows;
    int rounds;
    double seconds; // it took
};

// bench_print_text writes a table: medians, spreads and, of two sides, ratios.
void bench_print_text(FILE *f, const struct bench_report *r);
// bench_print_json writes one side's results in Google Benchmark's form.
void bench_print_json(FILE *f, const struct bench_report *r, int side);
// bench_check_output dies with EXIT_USAGE when a file cannot be written there.
void bench_check_output(const char *path);
// bench_write_json replaces a file by that, or leaves it as it was.
void bench_write_json(const char *path, const struct bench_report *r, int side);

#endif
