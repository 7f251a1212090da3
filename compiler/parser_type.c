/*
 * parser_type: types and signatures; see parser_internal.h. Parameter lists are in parser_param.c.
 *
 * A name followed by '[' may be a field or parameter of array type (x [n]E) or an instantiated type standing alone
 * (T[A, B]): parse_array_or_arguments reads what is in the brackets and decides by what follows them.
 */
#include "parser_internal.h"

static const uint64_t type_follow = TOKEN_SET(TOKEN_COMMA) | TOKEN_SET(TOKEN_COLON) | TOKEN_SET(TOKEN_SEMI) |
                                    TOKEN_SET(TOKEN_RPAREN) | TOKEN_SET(TOKEN_RBRACK) | TOKEN_SET(TOKEN_RBRACE);

struct expr *parse_type(struct parser *p)
{
    struct expr *type = parse_type_or_null(p);
    if (type)
        return type;
    type = parser_bad_expr(p);
    parser_syntax_error(p, "expected type");
    parser_advance(p, type_follow);
    return type;
}

static struct expr *parse_chan_elem(struct parser *p)
{
    struct expr *type = parse_type_or_null(p);
    if (type)
        return type;
    type = parser_bad_expr(p);
    parser_syntax_error(p, "missing channel element type");
    return type;
}

struct field *parser_new_field(struct parser *p, struct pos pos, struct expr *name, struct expr *type)
{
    struct field *f = ARENA_NEW(&p->c->arena, struct field);
    f->pos = pos;
    f->name = name;
    f->type = type;
    return f;
}

/* ---- arrays, slices, pointers, maps, channels --------------------------------------------------------------------- */

struct expr *parse_slice_type(struct parser *p, struct pos pos)
{
    struct expr *e = ast_new_expr(p->c, EXPR_SLICE_TYPE, pos);
    e->slice_type.elem = parse_type(p);
    return parser_finish(p, e);
}

struct expr *parse_array_type(struct parser *p, struct pos pos, struct expr *len)
{
    if (!len && !parser_got(p, TOKEN_ELLIPSIS)) {
        p->in_expr++;
        len = parse_expr(p);
        p->in_expr--;
    }
    if (parser_at(p, TOKEN_COMMA)) {
        /* Good for type parameters, not for a length. */
        parser_syntax_error(p, "unexpected comma; expected ]");
        parser_next(p);
    }
    parser_want(p, TOKEN_RBRACK);
    struct expr *e = ast_new_expr(p->c, EXPR_ARRAY_TYPE, pos);
    e->array_type.len = len;
    e->array_type.elem = parse_type(p);
    return parser_finish(p, e);
}

static struct expr *new_star(struct parser *p, struct pos pos, struct expr *x)
{
    struct expr *e = ast_new_expr(p->c, EXPR_STAR, pos);
    e->star.x = x;
    return parser_finish(p, e);
}

static struct expr *parse_map_type(struct parser *p, struct pos pos)
{
    struct expr *e = ast_new_expr(p->c, EXPR_MAP_TYPE, pos);
    parser_next(p);
    parser_want(p, TOKEN_LBRACK);
    e->map_type.key = parse_type(p);
    parser_want(p, TOKEN_RBRACK);
    e->map_type.elem = parse_type(p);
    return parser_finish(p, e);
}

static struct expr *parse_chan_type(struct parser *p, struct pos pos)
{
    struct expr *e = ast_new_expr(p->c, EXPR_CHAN_TYPE, pos);
    if (parser_got(p, TOKEN_ARROW)) {
        e->op = CHAN_RECV;
        parser_want(p, TOKEN_CHAN);
    } else {
        parser_next(p);
        e->op = parser_got(p, TOKEN_ARROW) ? CHAN_SEND : CHAN_BOTH;
    }
    e->chan_type.elem = parse_chan_elem(p);
    return parser_finish(p, e);
}

struct expr *parse_instance(struct parser *p, struct expr *x)
{
    struct expr *e = ast_new_expr(p->c, EXPR_INDEX, parser_pos(p));
    bool comma;
    parser_want(p, TOKEN_LBRACK);
    e->index.x = x;
    if (parser_at(p, TOKEN_RBRACK)) {
        parser_syntax_error(p, "expected type argument list");
        e->index.indices = parser_one_expr(p, parser_bad_expr(p));
    } else {
        e->index.indices = parse_type_list(p, true, &comma);
    }
    e->end = parser_pos(p);
    parser_want(p, TOKEN_RBRACK);
    return parser_finish(p, e);
}

struct expr *parse_array_or_arguments(struct parser *p)
{
    struct pos pos = parser_pos(p);
    bool comma;
    parser_want(p, TOKEN_LBRACK);
    if (parser_got(p, TOKEN_RBRACK))
        return parse_slice_type(p, pos);
    if (parser_at(p, TOKEN_ELLIPSIS))
        return parse_array_type(p, pos, NULL);
    struct expr_list list = parse_type_list(p, false, &comma);
    struct pos end = parser_pos(p);
    parser_want(p, TOKEN_RBRACK);
    struct expr *elem = comma ? NULL : parse_type_or_null(p);
    struct expr *e = ast_new_expr(p->c, elem ? EXPR_ARRAY_TYPE : EXPR_INDEX, pos);
    if (elem) {
        e->array_type.len = list.items[0];
        e->array_type.elem = elem;
        return parser_finish(p, e);
    }
    e->index.indices = list;
    e->end = end;
    return e;
}

/* ---- functions ---------------------------------------------------------------------------------------------------- */

static struct field_list parse_results(struct parser *p, struct pos *end)
{
    *end = POS_NONE;
    if (parser_got(p, TOKEN_LPAREN))
        return parse_params(p, NULL, NULL, TOKEN_RPAREN, 0, end);
    struct pos pos = parser_pos(p);
    size_t mark = parser_mark(p);
    struct expr *type = parse_type_or_null(p);
    if (type)
        parser_push(p, parser_new_field(p, pos, NULL, type));
    return parser_pop_fields(p, mark);
}

struct expr *parse_signature(struct parser *p, const char *context, struct pos pos, struct field_list *tparams)
{
    struct expr *e = ast_new_expr(p->c, EXPR_FUNC_TYPE, pos);
    struct pos bracket = parser_pos(p), end;
    *tparams = (struct field_list){0};
    if (parser_got(p, TOKEN_LBRACK)) {
        if (context)
            parser_syntax_error_at(p, bracket, "%s must have no type parameters", context);
        if (parser_at(p, TOKEN_RBRACK)) {
            parser_syntax_error(p, "empty type parameter list");
            parser_next(p);
        } else {
            *tparams = parse_params(p, NULL, NULL, TOKEN_RBRACK, PARAM_NEED_NAMES, &end);
        }
    }
    parser_want(p, TOKEN_LPAREN);
    e->func_type.params = parse_params(p, NULL, NULL, TOKEN_RPAREN, PARAM_ELLIPSIS, &end);
    struct pos results_end;
    e->func_type.results = parse_results(p, &results_end);
    if (pos_known(results_end))
        e->end = results_end;
    else if (e->func_type.results.count == 0)
        e->end = end;
    return parser_finish(p, e);
}

/* ---- structs ------------------------------------------------------------------------------------------------------ */

static void push_embedded(struct parser *p, struct pos pos, struct expr *type)
{
    struct field *f = parser_new_field(p, pos, NULL, type);
    f->tag = parse_literal_or_null(p);
    parser_push(p, f);
}

/* names Type [ Tag ], the first name read. */
static void parse_named_fields(struct parser *p, struct pos pos, struct expr *first)
{
    struct expr_list names = parse_name_list(p, first);
    struct expr *type;
    if (names.count == 1 && parser_at(p, TOKEN_LBRACK)) {
        type = parse_array_or_arguments(p);
        if (type->kind == EXPR_INDEX) {
            type->index.x = first;
            push_embedded(p, pos, parser_finish(p, type));
            return;
        }
    } else {
        type = parse_type(p);
    }
    struct expr *tag = parse_literal_or_null(p);
    for (uint32_t i = 0; i < names.count; i++) {
        struct field *f = parser_new_field(p, names.items[i]->pos, names.items[i], type);
        f->tag = tag;
        f->shares_type = i > 0;
        parser_push(p, f);
    }
}

/* *T, (T), *(T) or (*T): the last three are wrong but clear. */
static void parse_embedded_pointer(struct parser *p, struct pos pos)
{
    struct pos star = parser_pos(p);
    bool paren = parser_at(p, TOKEN_LPAREN), pointer = parser_at(p, TOKEN_STAR);
    if (paren)
        parser_syntax_error(p, "cannot parenthesize embedded type");
    parser_next(p);
    if (paren && parser_at(p, TOKEN_STAR)) {
        star = parser_pos(p);
        pointer = true;
        parser_next(p);
    } else if (!paren && parser_at(p, TOKEN_LPAREN)) {
        paren = true;
        parser_syntax_error(p, "cannot parenthesize embedded type");
        parser_next(p);
    }
    struct expr *type = parse_qualified_name(p, NULL);
    if (paren)
        parser_got(p, TOKEN_RPAREN);
    push_embedded(p, pos, pointer ? new_star(p, star, type) : type);
}

static bool parse_field(struct parser *p, void *context)
{
    (void)context;
    struct pos pos = parser_pos(p);
    if (parser_at(p, TOKEN_STAR) || parser_at(p, TOKEN_LPAREN)) {
        parse_embedded_pointer(p, pos);
    } else if (!parser_at(p, TOKEN_NAME)) {
        parser_syntax_error(p, "expected field name or embedded type");
        parser_advance(p, TOKEN_SET(TOKEN_SEMI) | TOKEN_SET(TOKEN_RBRACE));
    } else {
        struct expr *name = parse_name(p);
        if (parser_at(p, TOKEN_DOT) || parser_at(p, TOKEN_LITERAL) || parser_at(p, TOKEN_SEMI) ||
            parser_at(p, TOKEN_RBRACE))
            push_embedded(p, pos, parse_qualified_name(p, name));
        else
            parse_named_fields(p, pos, name);
    }
    return false;
}

static struct expr *parse_struct_type(struct parser *p, struct pos pos)
{
    struct expr *e = ast_new_expr(p->c, EXPR_STRUCT_TYPE, pos);
    size_t mark = parser_mark(p);
    parser_next(p);
    parser_want(p, TOKEN_LBRACE);
    e->end = parser_list(p, "struct type", TOKEN_SEMI, TOKEN_RBRACE, parse_field, NULL);
    e->struct_type.fields = parser_pop_fields(p, mark);
    return parser_finish(p, e);
}

/* ---- interfaces --------------------------------------------------------------------------------------------------- */

static struct expr *parse_embedded_term(struct parser *p)
{
    if (parser_at_op(p, OP_TILDE)) {
        struct expr *e = ast_new_expr(p->c, EXPR_UNARY, parser_pos(p));
        e->op = OP_TILDE;
        parser_next(p);
        e->unary.x = parse_type(p);
        return parser_finish(p, e);
    }
    struct expr *type = parse_type_or_null(p);
    if (type)
        return type;
    type = parser_bad_expr(p);
    parser_syntax_error(p, "expected ~ term or type");
    parser_advance(p, TOKEN_SET(TOKEN_OPERATOR) | TOKEN_SET(TOKEN_SEMI) | TOKEN_SET(TOKEN_RPAREN) |
                          TOKEN_SET(TOKEN_RBRACK) | TOKEN_SET(TOKEN_RBRACE));
    return type;
}

struct expr *parse_embedded_element(struct parser *p, struct expr *x)
{
    if (!x)
        x = parse_embedded_term(p);
    while (parser_at_op(p, OP_OR)) {
        struct expr *e = ast_new_expr(p->c, EXPR_BINARY, parser_pos(p));
        e->op = OP_OR;
        parser_next(p);
        e->binary.x = x;
        e->binary.y = parse_embedded_term(p);
        x = parser_finish(p, e);
    }
    return x;
}

static void set_method(struct parser *p, struct field *f, struct expr *name)
{
    struct field_list none;
    f->name = name;
    f->type = parse_signature(p, "interface method", parser_pos(p), &none);
}

/*
 * name[…: type arguments of an embedded type, or the type parameters a method must not have. Both look like parameters,
 * so they are read as such.
 */
static void parse_bracketed_element(struct parser *p, struct field *f, struct expr *name)
{
    struct pos bracket = parser_pos(p), end;
    parser_next(p);
    struct pos close = parser_pos(p);
    bool empty = parser_at(p, TOKEN_RBRACK);
    struct field_list list = parse_params(p, NULL, NULL, TOKEN_RBRACK, 0, &end);
    if (empty)
        parser_error_at(p, close, "empty type %s list", parser_at(p, TOKEN_LPAREN) ? "parameter" : "argument");
    if (list.count == 0 && !parser_at(p, TOKEN_LPAREN)) {
        f->type = name;
    } else if (list.count == 0) {
        set_method(p, f, name);
    } else if (list.items[0]->name) {
        set_method(p, f, name);
        parser_error_at(p, bracket, "interface method must have no type parameters");
    } else {
        struct expr *e = ast_new_expr(p->c, EXPR_INDEX, bracket);
        size_t mark = parser_mark(p);
        for (uint32_t i = 0; i < list.count; i++)
            parser_push(p, list.items[i]->type);
        e->index.x = name;
        e->index.indices = parser_pop_exprs(p, mark);
        e->end = end;
        f->type = parser_finish(p, e);
    }
}

static bool parse_interface_element(struct parser *p, void *context)
{
    (void)context;
    struct field *f = parser_new_field(p, parser_pos(p), NULL, NULL);
    if (parser_at(p, TOKEN_NAME)) {
        struct expr *name = parse_name(p);
        if (parser_at(p, TOKEN_LPAREN))
            set_method(p, f, name);
        else if (parser_at(p, TOKEN_LBRACK))
            parse_bracketed_element(p, f, name);
        else
            f->type = parse_qualified_name(p, name);
    }
    if (!f->name)
        f->type = parse_embedded_element(p, f->type);
    parser_push(p, f);
    return false;
}

static struct expr *parse_interface_type(struct parser *p, struct pos pos)
{
    struct expr *e = ast_new_expr(p->c, EXPR_INTERFACE_TYPE, pos);
    size_t mark = parser_mark(p);
    parser_next(p);
    parser_want(p, TOKEN_LBRACE);
    e->end = parser_list(p, "interface type", TOKEN_SEMI, TOKEN_RBRACE, parse_interface_element, NULL);
    e->interface_type.elems = parser_pop_fields(p, mark);
    return parser_finish(p, e);
}

/* ---- all ---------------------------------------------------------------------------------------------------------- */

static struct expr *parse_paren_type(struct parser *p, struct pos pos)
{
    struct expr *e = ast_new_expr(p->c, EXPR_PAREN, pos);
    parser_next(p);
    e->paren.x = parse_type(p);
    e->end = parser_pos(p);
    parser_want(p, TOKEN_RPAREN);
    return parser_finish(p, e);
}

static struct expr *parse_any_type(struct parser *p)
{
    struct pos pos = parser_pos(p);
    struct field_list none;
    switch (parser_token(p)) {
    case TOKEN_NAME:
        return parse_qualified_name(p, NULL);
    case TOKEN_STAR:
        parser_next(p);
        return new_star(p, pos, parse_type(p));
    case TOKEN_LBRACK:
        parser_next(p);
        return parser_got(p, TOKEN_RBRACK) ? parse_slice_type(p, pos) : parse_array_type(p, pos, NULL);
    case TOKEN_ARROW:
    case TOKEN_CHAN:
        return parse_chan_type(p, pos);
    case TOKEN_MAP:
        return parse_map_type(p, pos);
    case TOKEN_STRUCT:
        return parse_struct_type(p, pos);
    case TOKEN_INTERFACE:
        return parse_interface_type(p, pos);
    case TOKEN_FUNC:
        parser_next(p);
        return parse_signature(p, "function type", pos, &none);
    case TOKEN_LPAREN:
        return parse_paren_type(p, pos);
    default:
        return NULL;
    }
}

struct expr *parse_type_or_null(struct parser *p)
{
    if (!parser_enter(p))
        return NULL;
    struct expr *type = parse_any_type(p);
    parser_leave(p);
    return type;
}
