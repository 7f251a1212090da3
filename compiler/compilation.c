/*
 * compilation: see compilation.h.
 */
#include "compilation.h"

#include <stdlib.h>

struct gomem_compilation *gomem_compilation_new(void)
{
    struct gomem_compilation *c = malloc(sizeof *c);
    if (!c)
        return NULL;
    arena_init(&c->arena);
    source_set_init(&c->sources, &c->arena);
    ident_table_init(&c->idents, &c->arena);
    diag_init(&c->diags, &c->arena, &c->sources);
    c->next_expr_id = 1;
    return c;
}

void gomem_compilation_free(struct gomem_compilation *c)
{
    if (!c)
        return;
    arena_free(&c->arena);
    free(c);
}
