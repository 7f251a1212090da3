// Lists of expected failures: a file beside a backend (backends/NAME/expect), and those given with --expect. A line is
// `PATTERN REASON`: a case's name or a rule's id, * allowed, and why it cannot hold yet. `#` begins a comment. The cases still
// run; one that passes although it is listed fails the check, so that lists do not rot.
#ifndef GOMEM_EXPECT_H
#define GOMEM_EXPECT_H

#include "plan.h"

// expect_apply marks the items that the file lists. It dies with EXIT_USAGE when the file cannot be read, a line has no
// reason, or a pattern names no case of the whole suite.
void expect_apply(struct plan *plan, const char *path);

#endif
