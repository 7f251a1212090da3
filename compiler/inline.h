/*
 * inline: calls replaced by what the callee does, before escape analysis.
 *
 * What is inlined decides what allocates (a variable whose address a callee returns stays with a caller that inlines it), so the
 * decisions are the Go toolchain's, call for call: its cost model (inline_cost.c), its budgets, its order.
 *
 * An inlined call. EXPR_CALL keeps its place in the tree, its `fun` and its `args`; its kind becomes CALL_INLINED and call.inlined says what
 * it stands for: a block
 *
 *     { p1 := a1; p2 := a2             parameters, the receiver first, each set to its argument, in the order of evaluation
 *       var r1 T1                      results, zero; left out when the body has just one return, which then declares them
 *       { body } }                     the callee's statements; return v1 is { r1 = v1; break } out of the outer block
 *
 * and the variables that hold the results behind it. Escape analysis walks the block where the call stands, lowering emits it before
 * the expression that the call is part of; to both the rest of the callee is code of the caller like any other. So there is
 * one analysis and one lowering.
 *
 * The body is a clone (inline_clone.c): every variable, label, clause and func literal in it is new and belongs to the caller; types and
 * selections are those for the type arguments of the call, so that code inlined into a generic function is written in the
 * type parameters of that one. Positions are copies that lead back to the call (source.h). A clone never has inlined calls: what
 * it calls is looked at afresh in its new place, where more may be known of arguments that are functions. The bodies of func literals
 * in it are left as they are, as the toolchain does.
 *
 * Order. Functions are visited callees first, by strongly connected components of the calls between them. First all of a package are judged:
 * a function can be inlined when nothing in it forbids that and its cost, calls to inlinable ones counted as their bodies, is within
 * the budget. Then, callees first again, the calls of each function are replaced, those in what came in after all that were there.
 *
 * Left to the backend of the toolchain and not done here: the body of a range over a function stays a call of a closure, and the function
 * it ranges over is not opened; a function with such a statement is not inlined.
 */
#ifndef GOMEM_COMPILER_INLINE_H
#define GOMEM_COMPILER_INLINE_H

#include "check.h"
#include "text.h"

/* Rewrites a checked package, and those it imports, unless that was done already; always with the same release 1.N of the toolchain. */
void inline_package(struct program *p, struct package *package, int release);

/* What `go build -gcflags=-m` prints for a package that is not rewritten yet, and that it is then. */
void inline_diagnostics(struct program *p, struct package *package, int release, bool explain, struct text *out);

#endif
