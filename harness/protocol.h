// The verdict pipe: what package check says to the harness on descriptor 3.
//
// A case's stdout and stderr are its own: they are captured for expected texts and excerpts, and nothing printed there is
// ever taken for a result. The verdict travels apart, as text lines:
//
//     begin TOKEN          the case is about to be called
//     fail MESSAGE         a check failed (any number of times)
//     note MESSAGE         a remark for the report
//     outcome COUNT KEY    that many observations of that outcome (cases with a table)
//     skip REASON          the backend lacks an operation that the case needs (gomem-runner says this, not a case)
//     done TOKEN           the case returned
//
// TOKEN is fresh for each run and comes in the environment as GOMEM_TOKEN, so a line that the case writes by accident, or
// that an earlier run left, closes nothing. A process that ends without `done` has not passed, whatever its status; a line of
// another form is a failure. The environment also has GOMEM_TIER (quick, full, nightly) and GOMEM_SEED (decimal).
#ifndef GOMEM_PROTOCOL_H
#define GOMEM_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>

#include "util.h"

struct observed {
    char *key;
    long count;
};

// What one process said.
struct report {
    bool begun, done;
    struct vec fails, notes; // char *
    struct vec outcomes;     // struct observed *
    char *skip;              // the reason of the first skip line
    bool failing;            // a check failed, whatever else was said
    char *garbled;           // the first line of another form
};

struct report report_parse(const char *text, const char *token);

#endif
