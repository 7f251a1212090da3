// Grading: what one run of a case, or the messages on its lines, mean. Nothing here starts a process or prints.
#ifndef GOMEM_GRADE_H
#define GOMEM_GRADE_H

#include "backend.h"
#include "child.h"
#include "plan.h"
#include "protocol.h"

struct grading {
    enum verdict verdict; // PASS, FAIL, CRASH or TIMEOUT
    char *text;           // what is wrong, one line
    char *seen;           // what of stderr says it best; NULL: its beginning
    struct report report;
};

// grade_run judges a finished process of a FUNCTION or PROGRAM item.
struct grading grade_run(const struct backend *b, const struct kase *c, const struct child_result *r,
                         const struct child_spec *spec);

// grade_messages judges a DIAGNOSTICS or COMPILE item.
struct grading grade_messages(const struct backend *b, const struct item *it);

// settle turns the worst grading of an item into its verdict: differences and expected failures.
void settle(const struct backend *b, struct item *it);

#endif
