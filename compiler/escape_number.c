/*
 * escape_number: which func literal of a function is which.
 *
 * Literals are numbered in the function round them, from 1, in the order they stand; those in the body of another literal in that, and those
 * of package variables through the package. Since the unified IR what is never reached has no literals: the toolchain does not write it
 * down. A function's literals get their numbers when the first is asked for. That is before inlining, which adds more behind
 * them.
 */
#include "escape_internal.h"

struct numbering {
    struct function *outer;
    int depth;
};

static void number_expr(void *context, const struct expr *x)
{
    struct numbering *n = context;
    if (x->kind == EXPR_FUNC && n->depth++ == 0)
        x->func.function->number = ++n->outer->literals;
}

static void number_after(void *context, const struct expr *x)
{
    struct numbering *n = context;
    n->depth -= x->kind == EXPR_FUNC;
}

static void number_reached(struct arena *arena, struct function *outer)
{
    struct numbering n = {outer, 0};
    struct escape e = {.arena = arena};
    struct escape_result u = {.escape = &e};
    struct esc_scan scan = {.unit = &u, .expr = number_expr, .after = number_after, .literals = true, .context = &n};
    esc_scan_stmt(&scan, outer->body);
}

/* Of all that stand in outer, or of all of the package's variables. */
static void number_all(const struct package *p, struct function *outer)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->function_count; i++)
        if (p->functions[i]->literal && p->functions[i]->outer == outer)
            p->functions[i]->number = ++count;
    if (outer)
        outer->literals = count;
}

unsigned escape_literal_number(struct arena *arena, struct function *literal, int release)
{
    struct function *outer = literal->outer;
    if (!literal->number && (!outer || release < ESCAPE_UNIFIED_SINCE))
        number_all(literal->package, outer);
    else if (!literal->number && !outer->literals)
        number_reached(arena, outer);
    return literal->number;
}
