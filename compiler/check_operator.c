/*
 * check_operator: unary and binary operators.
 *
 * Operands of unlike typedness are matched first: an untyped one takes the type of the other. Constants are folded;
 * a shift whose left operand is untyped and whose count is not constant has the type its context will give it.
 */
#include "check_internal.h"

static const unsigned operator_flags[OP_COUNT] = {
    [OP_NOT] = BASIC_IS_BOOLEAN,    [OP_OROR] = BASIC_IS_BOOLEAN,
    [OP_ANDAND] = BASIC_IS_BOOLEAN, [OP_ADD] = BASIC_IS_NUMERIC | BASIC_IS_STRING,
    [OP_SUB] = BASIC_IS_NUMERIC,    [OP_MUL] = BASIC_IS_NUMERIC,
    [OP_DIV] = BASIC_IS_NUMERIC,    [OP_REM] = BASIC_IS_INTEGER,
    [OP_AND] = BASIC_IS_INTEGER,    [OP_OR] = BASIC_IS_INTEGER,
    [OP_XOR] = BASIC_IS_INTEGER,    [OP_ANDNOT] = BASIC_IS_INTEGER,
};

static bool operator_defined(struct checker *c, struct operand *x, enum op op, bool unary)
{
    unsigned flags = unary && op == OP_ADD ? BASIC_IS_NUMERIC : operator_flags[op];
    if (types_all(c->t, x->type, flags))
        return true;
    check_error_on(c, x, "invalid operation: operator %s not defined on %O", op_string(op), x);
    x->mode = MODE_INVALID;
    return false;
}

/* Where a constant operation overflows: at the operator. */
static struct pos operator_pos(const struct expr *e)
{
    return !e ? POS_NONE : e->kind == EXPR_UNARY || e->kind == EXPR_BINARY ? e->pos : ast_start(e);
}

/* ---- channels ---- */

struct chan_query {
    struct checker *c;
    struct type *under;
    struct type *first;
    bool recv;
    const char *cause;
};

static bool chan_term(void *context, struct type *type, struct type *u)
{
    struct chan_query *q = context;
    struct checker *c = q->c;
    q->cause = !type                             ? "no specific channel type"
               : u->kind != TYPE_CHAN            ? check_format(c, "non-channel %T", type)
               : q->recv && u->dir == CHAN_SEND  ? check_format(c, "send-only channel %T", type)
               : !q->recv && u->dir == CHAN_RECV ? check_format(c, "receive-only channel %T", type)
               : q->under && !identical(c, q->under->chan.elem, u->chan.elem)
                   ? check_format(c, "channels %T and %T have different element types", q->first, type)
                   : NULL;
    if (!q->under) {
        q->under = u;
        q->first = type;
    }
    return !q->cause;
}

struct type *check_chan_elem(struct checker *c, struct pos pos, struct operand *x, bool recv)
{
    struct chan_query q = {.c = c, .recv = recv};
    if (types_each_term(c->t, x->type, chan_term, &q))
        return q.under->chan.elem;
    const char *what = recv ? "receive from" : "send to";
    if (x->type->kind == TYPE_PARAM)
        check_error(c, pos, "invalid operation: cannot %s %O: %s", what, x, q.cause);
    else
        check_error(c, pos, "invalid operation: cannot %s %s %O", what, q.cause, x);
    return NULL;
}

/* ---- unary ---- */

static void address_of(struct checker *c, struct operand *x, struct expr *e)
{
    if (ast_unparen(e->unary.x)->kind != EXPR_COMPOSITE && x->mode != MODE_VARIABLE) {
        check_error_on(c, x, "invalid operation: cannot take address of %O", x);
        x->mode = MODE_INVALID;
        return;
    }
    x->mode = MODE_VALUE;
    x->type = types_pointer(c->t, x->type);
}

static void receive(struct checker *c, struct operand *x)
{
    struct type *elem = check_chan_elem(c, ast_start(x->expr), x, true);
    if (!elem) {
        x->mode = MODE_INVALID;
        return;
    }
    x->mode = MODE_COMMA_OK;
    x->type = elem;
    c->env.has_call_or_recv = true;
}

static unsigned type_bits(struct checker *c, struct type *type)
{
    return basic_bits((enum basic_kind)under(c, type)->basic, c->t->target->word_size);
}

void check_unary(struct checker *c, struct operand *x, struct expr *e)
{
    check_expr(c, NULL, x, e->unary.x);
    if (x->mode == MODE_INVALID)
        return;
    enum op op = (enum op)e->op;
    if (op == OP_AND) {
        address_of(c, x, e);
        return;
    }
    if (op == OP_RECV) {
        receive(c, x);
        return;
    }
    if (op == OP_TILDE) {
        bool integer = all_integer(c, x->type);
        check_error_at(c, e,
                       integer ? "cannot use ~ outside of interface or type constraint (use ^ for bitwise complement)"
                               : "cannot use ~ outside of interface or type constraint");
        if (!integer) {
            x->mode = MODE_INVALID;
            return;
        }
        op = OP_XOR;
    }
    if (!operator_defined(c, x, op, true))
        return;
    if (x->mode != MODE_CONSTANT) {
        x->mode = MODE_VALUE;
        return;
    }
    if (!constant_known(x->value))
        return;
    unsigned bits = types_is(c->t, x->type, BASIC_IS_UNSIGNED) ? type_bits(c, x->type) : 0;
    x->value = constant_unary(c->arena, op, x->value, bits);
    x->expr = e;
    check_overflow(c, x, operator_pos(e));
}

/* ---- comparisons ---- */

static const char *incomparable_cause(struct checker *c, struct type *type)
{
    switch (under(c, type)->kind) {
    case TYPE_SLICE:
    case TYPE_FUNC:
    case TYPE_MAP:
        return check_format(c, "%s can only be compared to nil", check_composite_kind(c, type));
    default:
        break;
    }
    const char *reason = NULL;
    types_comparable(c->t, type, true, &reason);
    return reason ? reason : "";
}

struct comparing {
    struct operand *x, *y;
    struct operand *at; /* the operand an error is about */
    const char *cause;
};

static bool comparable_operand(struct checker *c, struct comparing *k, struct operand *x)
{
    if (types_comparable(c->t, x->type, true, NULL))
        return true;
    k->at = x;
    k->cause = incomparable_cause(c, x->type);
    return false;
}

static bool may_equal(struct checker *c, struct comparing *k)
{
    struct operand *x = k->x, *y = k->y;
    if (operand_is_nil(x) || operand_is_nil(y)) {
        struct type *type = operand_is_nil(x) ? y->type : x->type;
        k->at = y;
        /* nil == nil has no type to compare in. */
        return types_has_nil(c->t, type) && !(operand_is_nil(x) && operand_is_nil(y) && type_is_untyped(type));
    }
    return comparable_operand(c, k, x) && comparable_operand(c, k, y);
}

static bool may_order(struct checker *c, struct comparing *k)
{
    if (!types_all(c->t, k->x->type, BASIC_IS_ORDERED))
        k->at = k->x;
    else if (!types_all(c->t, k->y->type, BASIC_IS_ORDERED))
        k->at = k->y;
    else
        return true;
    return false;
}

static bool may_compare(struct checker *c, struct comparing *k, enum op op)
{
    const char *ignored = "";
    if (!check_assignable(c, k->x, k->y->type, &ignored) && !check_assignable(c, k->y, k->x->type, &ignored)) {
        k->at = k->y;
        k->cause = check_format(c, "mismatched types %T and %T", k->x->type, k->y->type);
        return false;
    }
    return op == OP_EQL || op == OP_NEQ ? may_equal(c, k) : may_order(c, k);
}

static const char *no_operator(struct checker *c, struct comparing *k, enum op op)
{
    if (k->x->type->kind == TYPE_PARAM || k->y->type->kind == TYPE_PARAM) {
        if (k->x->type->kind != TYPE_PARAM)
            k->at = k->y;
        return check_format(c, "type parameter %T cannot use operator %s", k->at->type, op_string(op));
    }
    const char *what = check_composite_kind(c, k->at->type);
    if (!*what)
        return check_format(c, "operator %s not defined on %T", op_string(op), k->at->type);
    return check_format(c, "operator %s not defined on %s", op_string(op), what);
}

void check_comparison(struct checker *c, struct operand *x, struct operand *y, enum op op, bool switch_case)
{
    if (!type_valid(x->type) || !type_valid(y->type)) {
        x->mode = MODE_INVALID;
        return;
    }
    struct comparing k = {x, y, x, NULL};
    if (!may_compare(c, &k, op)) {
        if (!k.cause || !*k.cause)
            k.cause = no_operator(c, &k, op);
        if (switch_case)
            check_error_on(c, x, "invalid case %E in switch on %E (%s)", x->expr, y->expr, k.cause);
        else
            check_error_on(c, k.at, "invalid operation: %E %s %E (%s)", x->expr, op_string(op), y->expr, k.cause);
        x->mode = MODE_INVALID;
        return;
    }
    if (x->mode == MODE_CONSTANT && y->mode == MODE_CONSTANT) {
        if (constant_known(x->value) && constant_known(y->value))
            x->value = constant_bool(constant_compare(c->arena, op, x->value, y->value));
        else
            x->value = constant_unknown();
    } else {
        x->mode = MODE_VALUE;
        check_update_type(c, x->expr, types_default(c->t, x->type), true);
        check_update_type(c, y->expr, types_default(c->t, y->type), true);
    }
    x->type = basic(c, BASIC_UNTYPED_BOOL);
}

/* ---- shifts ---- */

static bool shift_count(struct checker *c, struct operand *y)
{
    if (y->mode == MODE_CONSTANT) {
        const struct constant *n = constant_to_int(c->arena, y->value);
        if (n->kind == CONSTANT_INT && constant_sign(n) < 0) {
            check_error_on(c, y, "invalid operation: negative shift count %O", y);
            return false;
        }
        if (type_is_untyped(y->type)) {
            check_representable(c, y, basic(c, BASIC_UINT));
            if (y->mode == MODE_INVALID)
                return false;
            check_update_value(y->expr, y->value);
            check_update_type(c, y->expr, basic(c, BASIC_UINT), true);
            return true;
        }
        if (n->kind == CONSTANT_INT)
            return true;
    }
    if (all_integer(c, y->type)) {
        return types_all(c->t, y->type, BASIC_IS_UNSIGNED) || y->mode == MODE_CONSTANT ||
               check_need_version(c, ast_start(y->expr), GO_1_13, "invalid operation: signed shift count %O", y);
    }
    if (type_is_untyped(y->type)) {
        check_convert_untyped(c, y, basic(c, BASIC_UINT));
        return y->mode != MODE_INVALID;
    }
    check_error_on(c, y, "invalid operation: shift count %O must be integer", y);
    return false;
}

static void constant_shift_of(struct checker *c, struct operand *x, struct operand *y, struct expr *e, enum op op)
{
    const struct constant *xv = constant_to_int(c->arena, x->value), *yv = constant_to_int(c->arena, y->value);
    uint64_t count = 0;
    if (!is_integer(c, x->type))
        x->type = basic(c, BASIC_UNTYPED_INT);
    if (!constant_known(x->value) || !constant_known(y->value)) {
        x->value = constant_unknown();
        return;
    }
    if (!constant_as_uint64(yv, &count) || count > CONSTANT_MAX_SHIFT) {
        check_error_on(c, y, "invalid operation: invalid shift count %O", y);
        x->mode = MODE_INVALID;
        return;
    }
    x->value = constant_shift(c->arena, op, xv, (unsigned)count);
    struct pos at = e ? operator_pos(e) : ast_start(x->expr);
    if (e)
        x->expr = e;
    check_overflow(c, x, at);
}

static void shift(struct checker *c, struct operand *x, struct operand *y, struct expr *e, enum op op)
{
    bool integral = x->mode == MODE_CONSTANT && type_is_untyped(x->type) &&
                    constant_to_int(c->arena, x->value)->kind == CONSTANT_INT;
    if (!all_integer(c, x->type) && !integral) {
        check_error_on(c, x, "invalid operation: shifted operand %O must be integer", x);
        x->mode = MODE_INVALID;
        return;
    }
    if (!shift_count(c, y)) {
        x->mode = MODE_INVALID;
        return;
    }
    if (x->mode == MODE_CONSTANT && y->mode == MODE_CONSTANT) {
        constant_shift_of(c, x, y, e, op);
        return;
    }
    if (x->mode == MODE_CONSTANT && type_is_untyped(x->type)) {
        check_mark_shifted(c, x->expr);
        x->mode = MODE_VALUE;
        return;
    }
    if (!all_integer(c, x->type)) {
        check_error_on(c, x, "invalid operation: shifted operand %O must be integer", x);
        x->mode = MODE_INVALID;
        return;
    }
    x->mode = MODE_VALUE;
}

/* ---- binary ---- */

static bool same_class(struct checker *c, const struct operand *x, const struct operand *y, unsigned flags)
{
    return types_all(c->t, x->type, flags) == types_all(c->t, y->type, flags);
}

static bool may_convert(struct checker *c, const struct operand *x, const struct operand *y)
{
    if (!type_is_untyped(x->type) && !type_is_untyped(y->type))
        return false;
    if (!same_class(c, x, y, BASIC_IS_NUMERIC))
        return false;
    if (is_interface_value(c, x->type) || is_interface_value(c, y->type))
        return true;
    if (!same_class(c, x, y, BASIC_IS_BOOLEAN) || !same_class(c, x, y, BASIC_IS_STRING))
        return false;
    if (operand_is_nil(x))
        return types_has_nil(c->t, y->type);
    if (operand_is_nil(y))
        return types_has_nil(c->t, x->type);
    return under(c, x->type)->kind != TYPE_POINTER && under(c, y->type)->kind != TYPE_POINTER;
}

void check_match(struct checker *c, struct operand *x, struct operand *y)
{
    if (!may_convert(c, x, y))
        return;
    check_convert_untyped(c, x, y->type);
    if (x->mode == MODE_INVALID)
        return;
    check_convert_untyped(c, y, x->type);
    if (y->mode == MODE_INVALID)
        x->mode = MODE_INVALID;
}

static bool divides_by_zero(struct checker *c, const struct operand *x, const struct operand *y)
{
    if (y->mode != MODE_CONSTANT || !constant_known(y->value))
        return false;
    if (x->mode != MODE_CONSTANT && !all_integer(c, x->type))
        return false;
    return constant_sign(y->value) == 0;
}

static void fold(struct checker *c, struct operand *x, const struct operand *y, struct expr *e, enum op op)
{
    if (!constant_known(x->value) || !constant_known(y->value)) {
        x->value = constant_unknown();
        return;
    }
    x->value = constant_binary(c->arena, op, x->value, y->value, op == OP_DIV && is_integer(c, x->type));
    struct pos at = e ? operator_pos(e) : ast_start(x->expr);
    if (e)
        x->expr = e;
    check_overflow(c, x, at);
}

static void mismatched(struct checker *c, struct operand *x, struct operand *y, struct expr *e, enum op op)
{
    if (type_valid(x->type) && type_valid(y->type)) {
        if (e)
            check_error_on(c, x, "invalid operation: %E (mismatched types %T and %T)", e, x->type, y->type);
        else
            check_error_on(c, x, "invalid operation: %E %s= %E (mismatched types %T and %T)", x->expr, op_string(op),
                           y->expr, x->type, y->type);
    }
    x->mode = MODE_INVALID;
}

/* The operation on two checked operands; e is NULL in x op= y. */
static void combine(struct checker *c, struct operand *x, struct operand *y, struct expr *e, enum op op)
{
    if (x->mode == MODE_INVALID || y->mode == MODE_INVALID) {
        x->mode = MODE_INVALID;
        return;
    }
    if (op_is_shift(op)) {
        shift(c, x, y, e, op);
        return;
    }
    check_match(c, x, y);
    if (x->mode == MODE_INVALID)
        return;
    if (op_is_comparison(op)) {
        check_comparison(c, x, y, op, false);
        return;
    }
    if (!identical(c, x->type, y->type)) {
        mismatched(c, x, y, e, op);
        return;
    }
    if (!operator_defined(c, x, op, false))
        return;
    if ((op == OP_DIV || op == OP_REM) && divides_by_zero(c, x, y)) {
        check_error_on(c, y, "invalid operation: division by zero");
        x->mode = MODE_INVALID;
        return;
    }
    if (x->mode == MODE_CONSTANT && y->mode == MODE_CONSTANT)
        fold(c, x, y, e, op);
    else
        x->mode = MODE_VALUE;
}

/* Chains of left operands are long in generated code: they are walked, not recursed into. */
void check_binary(struct checker *c, struct operand *x, struct expr *e, struct expr *lhs, struct expr *rhs, enum op op)
{
    uint32_t n = 0;
    struct expr *first = lhs;
    for (; first->kind == EXPR_BINARY; first = first->binary.x)
        n++;
    struct expr **chain = ARENA_ARRAY(c->arena, struct expr *, n);
    for (uint32_t i = n; i > 0; i--, lhs = lhs->binary.x)
        chain[i - 1] = lhs;
    struct operand y;
    check_expr(c, NULL, x, first);
    for (uint32_t i = 0; i < n; i++) {
        struct expr *step = chain[i];
        check_expr(c, NULL, &y, step->binary.y);
        combine(c, x, &y, step, (enum op)step->op);
        x->expr = step;
        check_record(c, x);
    }
    check_expr(c, NULL, &y, rhs);
    combine(c, x, &y, e, op);
}
