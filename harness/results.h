// Results that were written as JSON lines (json.c), read back into what a check has at its end: a backend, settings, a plan with verdicts.
// From there every format writes them again.
#ifndef GOMEM_RESULTS_H
#define GOMEM_RESULTS_H

#include "output.h"

struct results {
    const char *path;
    struct backend backend; // what it says of itself; it cannot build
    struct run_settings settings;
    struct suite suite; // its areas
    struct plan plan;
    struct header header; // of the above
    double seconds;
    char *lacks; // why it is not all of a check; NULL: it is
};

// results_read reads a file; it dies with EXIT_USAGE and one line when the file is not that of a check.
struct results *results_read(const char *path);

// results_find is the item of that case; NULL when it was not selected.
struct item *results_find(const struct results *r, const char *name);

#endif
