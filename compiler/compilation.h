/*
 * compilation: everything one run of the compiler owns.
 *
 * There are no globals: each phase takes the compilation (or a part of it) and leaves its result in the arena. Two
 * compilations never share anything mutable, so they may run on two threads. Freeing the compilation frees the source
 * text, the names, the trees and all that later phases hung on them.
 */
#ifndef GOMEM_COMPILER_COMPILATION_H
#define GOMEM_COMPILER_COMPILATION_H

#include "arena.h"
#include "diag.h"
#include "source.h"

struct gomem_compilation {
    struct arena arena;
    struct source_set sources;
    struct ident_table idents;
    struct diag_list diags;
    uint32_t next_expr_id; /* ids given so far are 1 … next_expr_id - 1 */
};

/* NULL only when there is no memory for the struct itself. */
struct gomem_compilation *gomem_compilation_new(void);
void gomem_compilation_free(struct gomem_compilation *c); /* NULL is fine */

#endif
