/*
 * parser: from tokens to the tree of a file.
 *
 * Recursive descent over the whole grammar of Go 1.26, one token of look-ahead, linear time. Where the grammar is
 * ambiguous at the point of reading (array length or type parameters, parameter names or types, composite literal or
 * block) the parser reads what both readings share and decides when it knows; each place says how.
 *
 * Errors are worded and placed as the Go compiler does it, so that a user meets what he knows. After an error the parser
 * skips to a token that can follow and goes on; a syntax tree comes out in any case, with EXPR_BAD where nothing better is
 * known. What is a matter of shape is checked here too although the toolchain leaves it to its type checker: calls in go
 * and defer, names on the left of :=, .(type) only in type switches, labels and branches (branch.h).
 *
 * Nesting deeper than AST_MAX_NESTING and chains longer than AST_MAX_HEIGHT end the file with a `not supported` error, so
 * neither the parser nor any later recursion over the tree can exhaust the stack.
 */
#ifndef GOMEM_COMPILER_PARSER_H
#define GOMEM_COMPILER_PARSER_H

#include "ast.h"

/* The tree of `source`; NULL when the package clause is wrong. Errors are in c->diags. */
struct ast_file *parser_parse(struct gomem_compilation *c, struct source_file *source);

/* A lone expression or type (for tests and tools); NULL after an error. */
struct expr *parser_parse_expr(struct gomem_compilation *c, struct source_file *source);

#endif
