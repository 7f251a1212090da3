/*
 * check_const: constants and untyped values on their way to a type.
 *
 * An untyped expression keeps its untyped type in the tree until the context decides. check_update_type then walks down to
 * the operands the type came from: into both sides of an arithmetic operation, the left side of a shift, not into comparisons
 * (their result does not depend on their operands' type) nor below constants (which are values by then).
 */
#include "check_internal.h"

/* ---- what fits where ---- */

static const char *operation_name(const struct expr *e)
{
    if (e && e->kind == EXPR_UNARY)
        return e->op == OP_XOR ? "bitwise complement " : "";
    if (!e || e->kind != EXPR_BINARY)
        return "";
    switch (e->op) {
    case OP_ADD:
        return "addition ";
    case OP_SUB:
        return "subtraction ";
    case OP_XOR:
        return "bitwise XOR ";
    case OP_MUL:
        return "multiplication ";
    case OP_SHL:
        return "shift ";
    default:
        return "";
    }
}

void check_overflow(struct checker *c, struct operand *x, struct pos at)
{
    if (!constant_known(x->value)) {
        check_error(c, at, "constant result is not representable");
        return;
    }
    if (!type_is_untyped(x->type)) {
        check_representable(c, x, under(c, x->type));
        return;
    }
    if (x->value->kind == CONSTANT_INT && constant_bit_length(x->value) > CONSTANT_MAX_BITS) {
        check_error(c, at, "constant %soverflow", operation_name(x->expr));
        x->value = constant_unknown();
    }
}

enum constant_fit check_representation(struct checker *c, struct operand *x, struct type *type,
                                       const struct constant **value)
{
    *value = x->value;
    enum constant_fit fit =
        constant_represent(c->arena, x->value, (enum basic_kind)type->basic, c->t->target->word_size, value);
    if (fit == CONSTANT_FITS)
        return fit;
    bool numeric = types_is(c->t, x->type, BASIC_IS_NUMERIC) && types_is(c->t, type, BASIC_IS_NUMERIC);
    if (!numeric)
        return CONSTANT_MISMATCH;
    return !is_integer(c, x->type) && is_integer(c, type) ? CONSTANT_TRUNCATED : CONSTANT_OVERFLOWS;
}

static void conversion_error(struct checker *c, struct operand *x, struct type *to, enum constant_fit fit)
{
    const char *format = fit == CONSTANT_TRUNCATED   ? "%O truncated to %T"
                         : fit == CONSTANT_OVERFLOWS ? "%O overflows %T"
                                                     : "cannot convert %O to type %T";
    check_error_on(c, x, format, x, to);
    x->mode = MODE_INVALID;
}

void check_representable(struct checker *c, struct operand *x, struct type *type)
{
    const struct constant *value;
    enum constant_fit fit = check_representation(c, x, type, &value);
    if (fit == CONSTANT_FITS)
        x->value = value;
    else
        conversion_error(c, x, type, fit);
}

/* ---- the type an untyped value gets ---- */

/* Of two untyped types the wider; NULL when they do not mix. */
static struct type *wider(struct checker *c, struct type *a, struct type *b)
{
    if (a == b)
        return a;
    bool numeric =
        basic_is((enum basic_kind)a->basic, BASIC_IS_NUMERIC) && basic_is((enum basic_kind)b->basic, BASIC_IS_NUMERIC);
    (void)c;
    return !numeric ? NULL : a->basic > b->basic ? a : b;
}

static bool kind_allows(struct checker *c, const struct type *from, struct type *to)
{
    switch (from->basic) {
    case BASIC_UNTYPED_BOOL:
        return types_is(c->t, to, BASIC_IS_BOOLEAN);
    case BASIC_UNTYPED_INT:
    case BASIC_UNTYPED_RUNE:
    case BASIC_UNTYPED_FLOAT:
    case BASIC_UNTYPED_COMPLEX:
        return types_is(c->t, to, BASIC_IS_NUMERIC);
    case BASIC_UNTYPED_STRING:
        return types_is(c->t, to, BASIC_IS_STRING);
    default:
        return false;
    }
}

static struct type *to_basic(struct checker *c, struct operand *x, struct type *target, struct type *u,
                             const struct constant **value, enum constant_fit *fit)
{
    if (x->mode == MODE_CONSTANT) {
        *fit = check_representation(c, x, u, value);
        return *fit == CONSTANT_FITS ? target : NULL;
    }
    if (kind_allows(c, x->type, target))
        return target;
    *fit = CONSTANT_MISMATCH;
    return NULL;
}

struct term_query {
    struct checker *checker;
    struct operand *x;
};

static bool term_takes(void *context, struct type *type, struct type *u)
{
    struct term_query *q = context;
    const struct constant *value;
    enum constant_fit fit;
    return type && check_implicit_type(q->checker, q->x, u, &value, &fit);
}

struct type *check_implicit_type(struct checker *c, struct operand *x, struct type *target,
                                 const struct constant **value, enum constant_fit *fit)
{
    *value = NULL;
    *fit = CONSTANT_FITS;
    if (x->mode == MODE_INVALID || !type_is_untyped(x->type) || !type_valid(target))
        return x->type;
    struct type *result = NULL, *u = under(c, target);
    struct term_query q = {c, x};
    if (operand_is_nil(x))
        result = type_is_basic(target, BASIC_UNTYPED_NIL) || types_has_nil(c->t, target) ? target : NULL;
    else if (type_is_untyped(target))
        result = wider(c, x->type, target);
    else if (target->kind == TYPE_PARAM)
        result = types_each_term(c->t, target, term_takes, &q) ? target : NULL;
    else if (u->kind == TYPE_BASIC)
        return to_basic(c, x, target, u, value, fit);
    else if (u->kind == TYPE_INTERFACE && types_set(c->t, u)->all_terms && types_set(c->t, u)->methods.count == 0)
        result = types_default(c->t, x->type);
    if (!result)
        *fit = CONSTANT_MISMATCH;
    return result;
}

void check_convert_untyped(struct checker *c, struct operand *x, struct type *target)
{
    const struct constant *value;
    enum constant_fit fit;
    struct type *type = check_implicit_type(c, x, target, &value, &fit);
    if (!type) {
        conversion_error(c, x, target->kind == TYPE_PARAM ? target : under(c, target), fit);
        return;
    }
    if (value) {
        x->value = value;
        check_update_value(x->expr, value);
    }
    if (type != x->type) {
        x->type = type;
        check_update_type(c, x->expr, type, false);
    }
}

/* ---- types downwards ---- */

void check_mark_shifted(struct checker *c, const struct expr *e)
{
    size_t byte = e->id / 8;
    if (byte >= c->shifted_size) {
        size_t n = c->compilation->next_expr_id / 8 + 1;
        uint8_t *bits = arena_alloc(c->arena, n);
        if (c->shifted_size)
            memcpy(bits, c->shifted, c->shifted_size);
        c->shifted = bits;
        c->shifted_size = n;
    }
    c->shifted[byte] |= (uint8_t)(1u << (e->id % 8));
}

static bool is_shifted(const struct checker *c, const struct expr *e)
{
    return e->id / 8 < c->shifted_size && (c->shifted[e->id / 8] >> (e->id % 8) & 1);
}

void check_update_value(struct expr *e, const struct constant *value)
{
    if (e && e->type && type_is_untyped(e->type) && e->mode == MODE_CONSTANT)
        e->value = value;
}

static void update_operands(struct checker *c, struct expr *e, struct type *type, bool final)
{
    if (e->kind == EXPR_PAREN) {
        check_update_type(c, e->paren.x, type, final);
    } else if (e->mode == MODE_CONSTANT) {
        return;
    } else if (e->kind == EXPR_UNARY) {
        check_update_type(c, e->unary.x, type, final);
    } else if (e->kind == EXPR_BINARY && !op_is_comparison((enum op)e->op)) {
        check_update_type(c, e->binary.x, type, final);
        if (!op_is_shift((enum op)e->op))
            check_update_type(c, e->binary.y, type, final);
    }
}

void check_update_type(struct checker *c, struct expr *e, struct type *type, bool final)
{
    if (!e || !e->type || !type_is_untyped(e->type) || e->mode == MODE_INVALID)
        return;
    update_operands(c, e, type, final);
    if (!final && type_is_untyped(type)) {
        e->type = type;
        return;
    }
    struct operand x = {.mode = e->mode, .type = e->type, .value = e->value, .expr = e};
    e->type = type;
    if (is_shifted(c, e) && !all_integer(c, type)) {
        check_error_at(c, e, "invalid operation: shifted operand %E (type %T) must be integer", e, type);
        return;
    }
    if (x.mode != MODE_CONSTANT)
        return;
    struct expr *expr = x.expr;
    const struct constant *value = NULL;
    enum constant_fit fit;
    if (check_implicit_type(c, &x, type, &value, &fit))
        expr->value = value ? value : expr->value;
    else if (is_integer(c, x.type) && is_string(c, type) && type_is_untyped(type))
        expr->value = x.value;
    else
        conversion_error(c, &x, type->kind == TYPE_PARAM ? type : under(c, type), fit);
}
