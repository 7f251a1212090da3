// The plan of a check: the selected cases as items, each with what the backend made of it and, in the end, its verdict.
#ifndef GOMEM_PLAN_H
#define GOMEM_PLAN_H

#include <stdbool.h>

#include "cases.h"
#include "util.h"

// Status is not verdict: what happened, and what it means for the backend.
enum verdict {
    PASS,
    FAIL,
    CRASH, // ended in a way the case does not expect
    TIMEOUT,
    DIFFERENCE, // an IMPL rule, and the backend does not declare the gc profile
    SKIP,
    XFAIL, // an expected failure: listed with its reason
    XPASS, // listed, but passed: the list is wrong
    VERDICTS,
};
extern const char *const verdict_name[VERDICTS];

// A message of a compiler on a line of a case.
struct message {
    int line;
    char *text;
};

struct item {
    struct kase *c;
    char *skip;          // why it does not run; NULL: it does
    char *expected;      // why it is expected to fail; NULL: it is not
    char *unbuilt;       // why it could not be built
    char *program;       // the executable (FUNCTION, PROGRAM)
    char *repeat;        // of a result that was read: the command that repeats it
    struct vec messages; // struct message * (DIAGNOSTICS, COMPILE)
    // the result
    enum verdict verdict;
    char *text;           // one line: what is wrong, or why it is skipped
    char *output;         // an excerpt of what the process printed
    char *calls;          // the last operations that it asked of the backend, with --trace-calls
    char *generated;      // where the C that was made of it lies, of a runtime backend
    struct vec notes;     // char *
    struct vec outcomes;  // struct observed *, summed over the runs
    int runs, failed;     // how often it ran, and did not pass
    int first_failed_run; // its seed is the seed plus this
    double seconds;       // of all runs
    long peak_mib;
    bool finished;
};

struct plan {
    const struct suite *suite;
    struct item *items; // in the order of the suite
    size_t len;
};

static inline bool is_bad(enum verdict v)
{
    return v == FAIL || v == CRASH || v == TIMEOUT || v == XPASS;
}

#endif
