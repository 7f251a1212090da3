// Build constraints: the expressions of //go:build lines.
#ifndef GOMEM_BUILDTAG_H
#define GOMEM_BUILDTAG_H

#include <stdbool.h>

#include "util.h"

// tags_hold evaluates an expression: go1.N holds up to minor, every other tag when it is among tags (strings). A malformed
// expression holds nothing.
bool tags_hold(const char *expression, int minor, const struct vec *tags);

#endif
