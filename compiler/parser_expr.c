/*
 * parser_expr: expressions; see parser_internal.h.
 *
 * Binary expressions are parsed by precedence: an operand, then a loop over the operators that bind tighter than the one
 * the caller is at, so a chain of equal operators becomes a left-leaning tree without recursion.
 *
 * A '{' behind an operand begins a composite literal when the operand can be a type and we are not in the header of an if,
 * for or switch, where it begins the body (in_expr is then -1; brackets of any kind raise it again).
 */
#include "parser_internal.h"

static struct expr *parse_unary(struct parser *p);

struct expr *parse_expr(struct parser *p)
{
    return parse_binary(p, NULL, 0);
}

struct expr *parse_binary(struct parser *p, struct expr *x, int precedence)
{
    if (!x)
        x = parse_unary(p);
    while ((parser_at(p, TOKEN_OPERATOR) || parser_at(p, TOKEN_STAR)) && p->lx.precedence > precedence) {
        struct expr *e = ast_new_expr(p->c, EXPR_BINARY, parser_pos(p));
        int tighter = p->lx.precedence;
        e->op = (uint8_t)p->lx.op;
        parser_next(p);
        e->binary.x = x;
        e->binary.y = parse_binary(p, NULL, tighter);
        x = parser_finish(p, e);
    }
    return x;
}

struct expr_list parse_expr_list(struct parser *p)
{
    size_t mark = parser_mark(p);
    do
        parser_push(p, parse_expr(p));
    while (parser_got(p, TOKEN_COMMA));
    return parser_pop_exprs(p, mark);
}

struct expr_list parse_type_list(struct parser *p, bool strict, bool *comma)
{
    size_t mark = parser_mark(p);
    p->in_expr++;
    parser_push(p, strict ? parse_type(p) : parse_expr(p));
    *comma = parser_at(p, TOKEN_COMMA);
    while (parser_got(p, TOKEN_COMMA)) {
        struct expr *type = parse_type_or_null(p);
        if (!type)
            break;
        parser_push(p, type);
    }
    p->in_expr--;
    return parser_pop_exprs(p, mark);
}

/* ---- unary -------------------------------------------------------------------------------------------------------- */

/*
 * <- has been read before the channel type x: the arrow belongs to the type, and what was chan<- in it moves on by one
 * element: <-(chan<- chan T) is (<-chan (<-chan T)).
 */
static struct expr *take_arrow_into(struct parser *p, struct expr *x, struct pos arrow)
{
    enum chan_dir dir = CHAN_SEND;
    struct expr *type = x;
    while (dir == CHAN_SEND && type->kind == EXPR_CHAN_TYPE) {
        dir = (enum chan_dir)type->op;
        if (dir == CHAN_RECV)
            parser_syntax_error(p, "unexpected <-, expected chan");
        type->op = CHAN_RECV;
        type = type->chan_type.elem;
    }
    if (dir == CHAN_SEND)
        parser_syntax_error(p, "unexpected %s, expected chan", ast_expr_string(p->c, type));
    x->pos = arrow;
    return x;
}

static struct expr *parse_arrow(struct parser *p)
{
    struct pos pos = parser_pos(p);
    parser_next(p);
    struct expr *x = parse_unary(p);
    if (x->kind == EXPR_CHAN_TYPE)
        return take_arrow_into(p, x, pos);
    struct expr *e = ast_new_expr(p->c, EXPR_UNARY, pos);
    e->op = OP_RECV;
    e->unary.x = x;
    return parser_finish(p, e);
}

static bool is_unary_operator(enum op op)
{
    return op == OP_MUL || op == OP_ADD || op == OP_SUB || op == OP_NOT || op == OP_XOR || op == OP_TILDE ||
           op == OP_AND;
}

static struct expr *parse_operator(struct parser *p)
{
    bool star = p->lx.op == OP_MUL;
    struct expr *e = ast_new_expr(p->c, star ? EXPR_STAR : EXPR_UNARY, parser_pos(p));
    if (!star)
        e->op = (uint8_t)p->lx.op;
    parser_next(p);
    struct expr *x = parse_unary(p);
    if (star)
        e->star.x = x;
    else
        e->unary.x = x;
    return parser_finish(p, e);
}

static struct expr *parse_unary(struct parser *p)
{
    if (!parser_enter(p))
        return parser_bad_expr(p);
    struct expr *e;
    if ((parser_at(p, TOKEN_OPERATOR) || parser_at(p, TOKEN_STAR)) && is_unary_operator(p->lx.op))
        e = parse_operator(p);
    else if (parser_at(p, TOKEN_ARROW))
        e = parse_arrow(p);
    else
        e = parse_primary(p, NULL);
    parser_leave(p);
    return e;
}

/* ---- operands ----------------------------------------------------------------------------------------------------- */

static struct expr *parse_paren(struct parser *p)
{
    struct expr *e = ast_new_expr(p->c, EXPR_PAREN, parser_pos(p));
    parser_next(p);
    p->in_expr++;
    e->paren.x = parse_expr(p);
    p->in_expr--;
    e->end = parser_pos(p);
    parser_want(p, TOKEN_RPAREN);
    return parser_finish(p, e);
}

/* A function type, or a function literal when a body follows. */
static struct expr *parse_func_operand(struct parser *p)
{
    struct pos pos = parser_pos(p);
    struct field_list none;
    parser_next(p);
    struct expr *type = parse_signature(p, "function type", pos, &none);
    if (!parser_at(p, TOKEN_LBRACE))
        return type;
    struct expr *e = ast_new_expr(p->c, EXPR_FUNC, pos);
    uint16_t outer = p->tallest;
    p->tallest = 0;
    p->in_expr++;
    e->func.type = type;
    e->func.body = parse_func_body(p);
    p->in_expr--;
    e->height = p->tallest;
    p->tallest = outer;
    return parser_finish(p, e);
}

static struct expr *parse_operand(struct parser *p)
{
    switch (parser_token(p)) {
    case TOKEN_NAME:
        return parse_name(p);
    case TOKEN_LITERAL:
        return parse_literal_or_null(p);
    case TOKEN_LPAREN:
        return parse_paren(p);
    case TOKEN_FUNC:
        return parse_func_operand(p);
    case TOKEN_LBRACK:
    case TOKEN_CHAN:
    case TOKEN_MAP:
    case TOKEN_STRUCT:
    case TOKEN_INTERFACE:
        return parse_type(p);
    default:
        break;
    }
    struct expr *bad = parser_bad_expr(p);
    parser_syntax_error(p, "expected expression");
    parser_advance(p, TOKEN_SET(TOKEN_RPAREN) | TOKEN_SET(TOKEN_RBRACK) | TOKEN_SET(TOKEN_RBRACE));
    return bad;
}

/* ---- what follows an operand -------------------------------------------------------------------------------------- */

bool parser_is_guard(const struct expr *e)
{
    return e->kind == EXPR_ASSERT && !e->assert.type;
}

static void remember_guard(struct parser *p, struct expr *guard)
{
    p->guards = arena_grow(&p->c->arena, p->guards, sizeof *p->guards, p->guard_count + 1, &p->guard_capacity);
    p->guards[p->guard_count++] = guard;
}

/* x.name, x.(T), x.(type) */
static struct expr *parse_dot(struct parser *p, struct expr *x)
{
    struct pos pos = parser_pos(p);
    struct expr *e;
    parser_next(p);
    if (parser_at(p, TOKEN_NAME)) {
        e = ast_new_expr(p->c, EXPR_SELECTOR, pos);
        e->selector.x = x;
        e->selector.name = parse_name(p);
        return parser_finish(p, e);
    }
    if (!parser_got(p, TOKEN_LPAREN)) {
        parser_syntax_error(p, "expected name or (");
        parser_advance(p, TOKEN_SET(TOKEN_SEMI) | TOKEN_SET(TOKEN_RPAREN));
        return x;
    }
    e = ast_new_expr(p->c, EXPR_ASSERT, pos);
    e->assert.x = x;
    if (parser_got(p, TOKEN_TYPE))
        remember_guard(p, e);
    else
        e->assert.type = parse_type(p);
    e->end = parser_pos(p);
    parser_want(p, TOKEN_RPAREN);
    return parser_finish(p, e);
}

static struct expr *new_index(struct parser *p, struct pos pos, struct expr *x, struct expr_list indices)
{
    struct expr *e = ast_new_expr(p->c, EXPR_INDEX, pos);
    e->index.x = x;
    e->index.indices = indices;
    e->end = parser_pos(p);
    parser_want(p, TOKEN_RBRACK);
    return parser_finish(p, e);
}

/* The third index of x[i:j:k], at its colon. */
static void parse_max(struct parser *p, struct expr *e)
{
    e->flag = true;
    if (!e->slice.high) {
        parser_error_at(p, parser_pos(p), "middle index required in 3-index slice");
        e->slice.high = parser_bad_expr(p);
    }
    parser_next(p);
    if (parser_at(p, TOKEN_RBRACK)) {
        parser_error_at(p, parser_pos(p), "final index required in 3-index slice");
        e->slice.max = parser_bad_expr(p);
    } else {
        e->slice.max = parse_expr(p);
    }
}

/* x[low:…, behind low. */
static struct expr *parse_slice(struct parser *p, struct pos pos, struct expr *x, struct expr *low)
{
    if (!parser_got(p, TOKEN_COLON)) {
        parser_syntax_error(p, "expected comma, : or ]");
        parser_advance(p, TOKEN_SET(TOKEN_COMMA) | TOKEN_SET(TOKEN_COLON) | TOKEN_SET(TOKEN_RBRACK));
    }
    struct expr *e = ast_new_expr(p->c, EXPR_SLICE, pos);
    p->in_expr++;
    e->slice.x = x;
    e->slice.low = low;
    if (!parser_at(p, TOKEN_COLON) && !parser_at(p, TOKEN_RBRACK))
        e->slice.high = parse_expr(p);
    if (parser_at(p, TOKEN_COLON))
        parse_max(p, e);
    p->in_expr--;
    e->end = parser_pos(p);
    parser_want(p, TOKEN_RBRACK);
    return parser_finish(p, e);
}

/* x[i], x[T1, T2], x[i:j:k] */
static struct expr *parse_brackets(struct parser *p, struct expr *x)
{
    struct pos pos = parser_pos(p);
    parser_next(p);
    if (parser_at(p, TOKEN_RBRACK)) {
        parser_syntax_error(p, "expected operand");
        return new_index(p, pos, x, parser_one_expr(p, parser_bad_expr(p)));
    }
    if (parser_at(p, TOKEN_COLON))
        return parse_slice(p, pos, x, NULL);
    bool comma;
    struct expr_list list = parse_type_list(p, false, &comma);
    if (comma || parser_at(p, TOKEN_RBRACK))
        return new_index(p, pos, x, list);
    return parse_slice(p, pos, x, list.items[0]);
}

static bool parse_argument(struct parser *p, void *context)
{
    struct expr *call = context;
    parser_push(p, parse_expr(p));
    call->flag = parser_got(p, TOKEN_ELLIPSIS);
    return call->flag;
}

static struct expr *parse_call(struct parser *p, struct expr *fun)
{
    struct expr *e = ast_new_expr(p->c, EXPR_CALL, parser_pos(p));
    size_t mark = parser_mark(p);
    e->call.fun = fun;
    p->in_expr++;
    parser_next(p);
    e->end = parser_list(p, "argument list", TOKEN_COMMA, TOKEN_RPAREN, parse_argument, e);
    p->in_expr--;
    e->call.args = parser_pop_exprs(p, mark);
    return parser_finish(p, e);
}

/* ---- composite literals ------------------------------------------------------------------------------------------- */

static struct expr *parse_literal_value(struct parser *p, struct expr *type);

static struct expr *parse_bare_element(struct parser *p)
{
    return parser_at(p, TOKEN_LBRACE) ? parse_literal_value(p, NULL) : parse_expr(p);
}

static bool parse_element(struct parser *p, void *context)
{
    struct expr *literal = context;
    struct expr *e = parse_bare_element(p);
    if (parser_at(p, TOKEN_COLON)) {
        struct expr *pair = ast_new_expr(p->c, EXPR_KEY_VALUE, parser_pos(p));
        parser_next(p);
        pair->key_value.key = e;
        pair->key_value.value = parse_bare_element(p);
        e = parser_finish(p, pair);
        literal->composite.keyed++;
    }
    parser_push(p, e);
    return false;
}

/* "{" elements "}" */
static struct expr *parse_literal_value(struct parser *p, struct expr *type)
{
    struct expr *e = ast_new_expr(p->c, EXPR_COMPOSITE, parser_pos(p));
    if (!parser_enter(p))
        return e;
    size_t mark = parser_mark(p);
    e->composite.type = type;
    p->in_expr++;
    parser_next(p);
    e->end = parser_list(p, "composite literal", TOKEN_COMMA, TOKEN_RBRACE, parse_element, e);
    p->in_expr--;
    e->composite.elems = parser_pop_exprs(p, mark);
    parser_leave(p);
    return parser_finish(p, e);
}

/* Whether the text of x can only be a value. */
static bool is_value(const struct expr *x)
{
    switch (x->kind) {
    case EXPR_LITERAL:
    case EXPR_COMPOSITE:
    case EXPR_FUNC:
    case EXPR_SLICE:
    case EXPR_ASSERT:
    case EXPR_CALL:
    case EXPR_UNARY:
    case EXPR_BINARY:
        return true;
    case EXPR_PAREN:
        return is_value(x->paren.x);
    case EXPR_INDEX:
        return is_value(x->index.x) || (x->index.indices.count == 1 && is_value(x->index.indices.items[0]));
    default:
        return false;
    }
}

/* Whether a { behind x belongs to it. */
static bool begins_literal(const struct parser *p, const struct expr *x)
{
    switch (x->kind) {
    case EXPR_NAME:
    case EXPR_SELECTOR:
        return p->in_expr >= 0;
    case EXPR_INDEX:
        return p->in_expr >= 0 && !is_value(x);
    case EXPR_ARRAY_TYPE:
    case EXPR_SLICE_TYPE:
    case EXPR_STRUCT_TYPE:
    case EXPR_MAP_TYPE:
        return true;
    default:
        return false;
    }
}

struct expr *parse_primary(struct parser *p, struct expr *x)
{
    if (!x)
        x = parse_operand(p);
    for (;;) {
        switch (parser_token(p)) {
        case TOKEN_DOT:
            x = parse_dot(p, x);
            break;
        case TOKEN_LBRACK:
            x = parse_brackets(p, x);
            break;
        case TOKEN_LPAREN:
            x = parse_call(p, x);
            break;
        case TOKEN_LBRACE:
            if (!begins_literal(p, ast_unparen(x)))
                return x;
            if (x->kind == EXPR_PAREN)
                parser_syntax_error(p, "cannot parenthesize type in composite literal");
            x = parse_literal_value(p, x);
            break;
        default:
            return x;
        }
    }
}
