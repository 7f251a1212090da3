/*
 * ast_print_internal: what the printer's files share.
 */
#ifndef GOMEM_COMPILER_AST_PRINT_INTERNAL_H
#define GOMEM_COMPILER_AST_PRINT_INTERNAL_H

#include "ast.h"

struct printer {
    struct text *out;
    bool brief; /* elide bodies and elements */
    unsigned indent;
};

static inline void print_text(struct printer *p, const char *s)
{
    text_puts(p->out, s);
}

/* ast_print.c */
void print_expr(struct printer *p, const struct expr *e);
void print_list(struct printer *p, struct expr_list list);
void print_params(struct printer *p, struct field_list list);
void print_signature(struct printer *p, const struct expr *type);
void print_type_params(struct printer *p, struct field_list list, bool of_type);
void print_before_dot(struct printer *p, const struct expr *x);

/* ast_print_stmt.c */
void print_block(struct printer *p, const struct stmt *s);

#endif
