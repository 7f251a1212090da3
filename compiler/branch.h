/*
 * branch: labels and the statements that jump.
 *
 * Go's labels have function scope and a namespace of their own, so they are resolved per function body, without types,
 * as soon as the body is parsed. Reported, in the toolchain's words: misplaced break, continue and fallthrough; labels
 * missing, unused, declared twice or of the wrong kind; gotos into blocks or over variable declarations.
 */
#ifndef GOMEM_COMPILER_BRANCH_H
#define GOMEM_COMPILER_BRANCH_H

#include "ast.h"

/*
 * Sets branch.target and labeled.used of all statements of one function body (nested function literals have bodies of
 * their own). The body must have parsed without errors.
 */
void branch_resolve(struct gomem_compilation *c, struct stmt *body);

#endif
