/*
 * parser_param: parameter lists of all sorts — parameters, results, receivers, type parameters; see parser_internal.h.
 *
 * In (a, b T) and (A, B) the names are names in one and types in the other, which shows only at the end. So each element
 * is read as a field of which the name, the type or both may be known, and `settle` decides when the list is complete: if
 * no element has both, all are types; otherwise all have names, and one without a type takes that of the next that has.
 */
#include "parser_internal.h"

struct params {
    struct expr *name; /* of the first, when it has been read already */
    struct expr *type;
    enum token close;
    unsigned flags;
    size_t mark;    /* where the fields begin on the stack */
    unsigned named; /* fields with name and type */
    unsigned typed; /* fields with a type */
};

static bool in_type_params(const struct params *l)
{
    return l->close == TOKEN_RBRACK;
}

/* f's type continued by | terms, where they may stand. */
static void maybe_union(struct parser *p, const struct params *l, struct field *f)
{
    if (in_type_params(l) && parser_at_op(p, OP_OR) && f->type)
        f->type = parse_embedded_element(p, f->type);
}

/* The name has been read, and what follows cannot be the type of a parameter of that name. */
static bool parse_name_as_type(struct parser *p, const struct params *l, struct field *f, struct expr *name)
{
    if (parser_at(p, TOKEN_LBRACK)) {
        f->type = parse_array_or_arguments(p);
        if (f->type->kind == EXPR_INDEX) {
            f->type->index.x = name;
            f->type = parser_finish(p, f->type);
        } else {
            f->name = name;
        }
    } else if (parser_at(p, TOKEN_DOT)) {
        f->type = parse_qualified_name(p, name);
    } else if (in_type_params(l) && parser_at_op(p, OP_OR)) {
        f->type = name;
    } else {
        return false;
    }
    maybe_union(p, l, f);
    return true;
}

static void parse_ellipsis(struct parser *p, struct field *f)
{
    struct expr *e = ast_new_expr(p->c, EXPR_ELLIPSIS, parser_pos(p));
    parser_next(p);
    e->ellipsis.elem = parse_type_or_null(p);
    if (e->ellipsis.elem) {
        f->type = parser_finish(p, e);
    } else {
        f->type = parser_bad_expr(p);
        parser_syntax_error(p, "... is missing type");
    }
}

/* One element, or NULL with a complaint. */
static struct field *parse_param(struct parser *p, const struct params *l, struct expr *name)
{
    struct field *f = parser_new_field(p, name ? name->pos : parser_pos(p), NULL, NULL);
    if (name || parser_at(p, TOKEN_NAME)) {
        if (!name)
            name = parse_name(p);
        if (parse_name_as_type(p, l, f, name))
            return f;
        f->name = name;
    }
    if (parser_at(p, TOKEN_ELLIPSIS)) {
        parse_ellipsis(p, f);
        return f;
    }
    if (in_type_params(l) && parser_at_op(p, OP_TILDE)) {
        f->type = parse_embedded_element(p, NULL);
        return f;
    }
    f->type = parse_type_or_null(p);
    maybe_union(p, l, f);
    if (f->name || f->type)
        return f;
    parser_syntax_error(p, "expected %s", token_message(l->close));
    parser_advance(p, TOKEN_SET(TOKEN_COMMA) | TOKEN_SET(l->close));
    return NULL;
}

static bool parse_element(struct parser *p, void *context)
{
    struct params *l = context;
    struct field *f = l->type ? parser_new_field(p, l->name->pos, l->name, l->type) : parse_param(p, l, l->name);
    l->name = l->type = NULL;
    if (f) {
        l->named += f->name && f->type;
        l->typed += f->type != NULL;
        parser_push(p, f);
    }
    return false;
}

static const char *missing(const struct params *l, uint32_t count)
{
    bool names = l->flags & PARAM_NEED_NAMES;
    if (l->named == l->typed)
        return names ? "missing type constraint" : "missing parameter type";
    if (!names)
        return "missing parameter name";
    return count == 1 ? "missing type parameter name or invalid array length" : "missing type parameter name";
}

/* All must have names: hands types from right to left, and complains about what is missing. */
static void distribute_types(struct parser *p, const struct params *l, struct field_list list, struct pos end)
{
    struct pos error = POS_NONE;
    struct expr *type = NULL;
    for (uint32_t i = list.count; i-- > 0;) {
        struct field *f = list.items[i];
        if (f->type) {
            type = f->type;
            if (!f->name) {
                error = ast_start(type);
                f->name = parse_blank(p, error);
            }
        } else if (type) {
            f->type = type;
        } else {
            error = f->name->pos;
            f->type = ast_new_expr(p->c, EXPR_BAD, error);
        }
        if (i + 1 < list.count && list.items[i + 1]->type == f->type)
            list.items[i + 1]->shares_type = true;
    }
    if (pos_known(error))
        parser_syntax_error_at(p, l->named == l->typed ? end : error, "%s", missing(l, list.count));
}

static void settle(struct parser *p, const struct params *l, struct field_list list, struct pos end)
{
    if (l->named != 0 || (l->flags & PARAM_NEED_NAMES)) {
        if (l->named != list.count)
            distribute_types(p, l, list, end);
        return;
    }
    for (uint32_t i = 0; i < list.count; i++) {
        struct field *f = list.items[i];
        if (f->name) {
            f->type = f->name;
            f->name = NULL;
        }
    }
}

static void check_ellipsis(struct parser *p, const struct params *l, struct field_list list)
{
    bool allowed = l->flags & PARAM_ELLIPSIS, reported = false;
    for (uint32_t i = 0; i < list.count; i++) {
        struct expr *type = list.items[i]->type;
        if (type->kind != EXPR_ELLIPSIS || (allowed && i + 1 == list.count && !list.items[i]->shares_type))
            continue;
        if (!reported)
            parser_error_at(p, type->pos, allowed ? "can only use ... with final parameter" : "invalid use of ...");
        reported = true;
        list.items[i]->type = type->ellipsis.elem;
    }
}

struct field_list parse_params(struct parser *p, struct expr *name, struct expr *type, enum token close, unsigned flags,
                               struct pos *end)
{
    struct params l = {.name = name, .type = type, .close = close, .flags = flags, .mark = parser_mark(p)};
    if (name && parser_at(p, close)) {
        parse_element(p, &l); /* it is the only one, and complete */
        *end = parser_pos(p);
        parser_next(p);
    } else {
        *end = parser_list(p, "parameter list", TOKEN_COMMA, close, parse_element, &l);
    }
    struct field_list list = parser_pop_fields(p, l.mark);
    settle(p, &l, list, *end);
    check_ellipsis(p, &l, list);
    return list;
}
