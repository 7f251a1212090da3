/*
 * constant_op: operators on constants; see constant.h.
 *
 * Two operands are first brought to one of four levels — integers, exact fractions, 512-bit floats, complex numbers, the
 * highest that either has — and then combined there. Complex arithmetic is spelt out in terms of the others.
 */
#include <string.h>

#include "constant_internal.h"

enum level { LEVEL_NONE, LEVEL_INT, LEVEL_RATIO, LEVEL_APPROX, LEVEL_COMPLEX };

static enum level level_of(const struct constant *x)
{
    switch (x->kind) {
    case CONSTANT_INT:
        return LEVEL_INT;
    case CONSTANT_FLOAT:
        return x->exact ? LEVEL_RATIO : LEVEL_APPROX;
    case CONSTANT_COMPLEX:
        return LEVEL_COMPLEX;
    default:
        return LEVEL_NONE;
    }
}

static enum level common_level(const struct constant *x, const struct constant *y)
{
    enum level lx = level_of(x), ly = level_of(y);
    if (lx == LEVEL_NONE || ly == LEVEL_NONE)
        return LEVEL_NONE;
    return lx > ly ? lx : ly;
}

/* ---- unary -------------------------------------------------------------------------------------------------------- */

static const struct constant *negate(struct arena *a, const struct constant *x)
{
    switch (level_of(x)) {
    case LEVEL_INT:
        return constant_from_big(a, bignum_negate(a, x->integer));
    case LEVEL_RATIO:
        return constant_from_ratio(a, rational_negate(a, x->ratio));
    case LEVEL_APPROX:
        return constant_from_approx(a, bigfloat_negate(a, x->approx));
    case LEVEL_COMPLEX:
        return constant_complex(a, negate(a, x->complex.re), negate(a, x->complex.im));
    default:
        return constant_unknown();
    }
}

const struct constant *constant_unary(struct arena *a, enum op op, const struct constant *x, unsigned unsigned_bits)
{
    if (op == OP_ADD && constant_is_numeric(x))
        return x;
    if (op == OP_SUB)
        return negate(a, x);
    if (op == OP_NOT && x->kind == CONSTANT_BOOL)
        return constant_bool(!x->boolean);
    if (op != OP_XOR || x->kind != CONSTANT_INT)
        return constant_unknown();
    big z = bignum_not(a, x->integer);
    return constant_from_big(a, unsigned_bits ? bignum_low_bits(a, z, unsigned_bits) : z);
}

/* ---- binary ------------------------------------------------------------------------------------------------------- */

static const struct constant *divide_int(struct arena *a, enum op op, big x, big y, bool integer)
{
    big quotient, rest;
    if (!y->sign)
        return constant_unknown();
    if (op == OP_DIV && !integer)
        return constant_from_ratio(a, rational_make(a, x, y));
    bignum_divide(a, x, y, &quotient, &rest);
    return constant_from_big(a, op == OP_DIV ? quotient : rest);
}

static const struct constant *binary_int(struct arena *a, enum op op, big x, big y, bool integer)
{
    switch (op) {
    case OP_ADD:
        return constant_from_big(a, bignum_add(a, x, y));
    case OP_SUB:
        return constant_from_big(a, bignum_sub(a, x, y));
    case OP_MUL:
        return constant_from_big(a, bignum_mul(a, x, y));
    case OP_AND:
        return constant_from_big(a, bignum_and(a, x, y));
    case OP_OR:
        return constant_from_big(a, bignum_or(a, x, y));
    case OP_XOR:
        return constant_from_big(a, bignum_xor(a, x, y));
    case OP_ANDNOT:
        return constant_from_big(a, bignum_and_not(a, x, y));
    case OP_DIV:
    case OP_REM:
        return divide_int(a, op, x, y, integer);
    default:
        return constant_unknown();
    }
}

static const struct constant *binary_ratio(struct arena *a, enum op op, rat x, rat y)
{
    switch (op) {
    case OP_ADD:
        return constant_from_ratio(a, rational_add(a, x, y));
    case OP_SUB:
        return constant_from_ratio(a, rational_sub(a, x, y));
    case OP_MUL:
        return constant_from_ratio(a, rational_mul(a, x, y));
    case OP_DIV:
        return y->numerator->sign ? constant_from_ratio(a, rational_div(a, x, y)) : constant_unknown();
    default:
        return constant_unknown();
    }
}

static const struct constant *binary_approx(struct arena *a, enum op op, bigf x, bigf y)
{
    if (!x || !y)
        return constant_unknown();
    switch (op) {
    case OP_ADD:
        return constant_from_approx(a, bigfloat_add(a, x, y));
    case OP_SUB:
        return constant_from_approx(a, bigfloat_add(a, x, bigfloat_negate(a, y)));
    case OP_MUL:
        return constant_from_approx(a, bigfloat_multiply(a, x, y, BIGFLOAT_PRECISION));
    case OP_DIV:
        return y->mantissa->sign ? constant_from_approx(a, bigfloat_divide(a, x, y, BIGFLOAT_PRECISION))
                                 : constant_unknown();
    default:
        return constant_unknown();
    }
}

static const struct constant *real(struct arena *a, const struct constant *x, enum op op, const struct constant *y)
{
    return constant_binary(a, op, x, y, false);
}

/* With x = p + qi and y = r + si. */
static const struct constant *binary_complex(struct arena *a, enum op op, const struct constant *x,
                                             const struct constant *y)
{
    const struct constant *p = constant_real(a, x), *q = constant_imag(a, x);
    const struct constant *r = constant_real(a, y), *s = constant_imag(a, y);
    if (op == OP_ADD || op == OP_SUB)
        return constant_complex(a, real(a, p, op, r), real(a, q, op, s));
    if (op != OP_MUL && op != OP_DIV)
        return constant_unknown();
    const struct constant *pr = real(a, p, OP_MUL, r), *qs = real(a, q, OP_MUL, s);
    const struct constant *qr = real(a, q, OP_MUL, r), *ps = real(a, p, OP_MUL, s);
    if (op == OP_MUL)
        return constant_complex(a, real(a, pr, OP_SUB, qs), real(a, qr, OP_ADD, ps));
    const struct constant *norm = real(a, real(a, r, OP_MUL, r), OP_ADD, real(a, s, OP_MUL, s));
    return constant_complex(a, real(a, real(a, pr, OP_ADD, qs), OP_DIV, norm),
                            real(a, real(a, qr, OP_SUB, ps), OP_DIV, norm));
}

static const struct constant *binary_other(struct arena *a, enum op op, const struct constant *x,
                                           const struct constant *y)
{
    if (x->kind == CONSTANT_BOOL && y->kind == CONSTANT_BOOL && (op == OP_ANDAND || op == OP_OROR))
        return constant_bool(op == OP_ANDAND ? x->boolean && y->boolean : x->boolean || y->boolean);
    if (x->kind == CONSTANT_STRING && y->kind == CONSTANT_STRING && op == OP_ADD)
        return constant_concat(a, x, y);
    return constant_unknown();
}

const struct constant *constant_binary(struct arena *a, enum op op, const struct constant *x, const struct constant *y,
                                       bool integer)
{
    switch (common_level(x, y)) {
    case LEVEL_INT:
        return binary_int(a, op, x->integer, y->integer, integer);
    case LEVEL_RATIO:
        return binary_ratio(a, op, constant_fraction(a, x), constant_fraction(a, y));
    case LEVEL_APPROX:
        return binary_approx(a, op, constant_approximate(a, x), constant_approximate(a, y));
    case LEVEL_COMPLEX:
        return binary_complex(a, op, x, y);
    default:
        return binary_other(a, op, x, y);
    }
}

const struct constant *constant_shift(struct arena *a, enum op op, const struct constant *x, unsigned count)
{
    x = constant_to_int(a, x);
    if (x->kind != CONSTANT_INT)
        return constant_unknown();
    return constant_from_big(a, op == OP_SHL ? bignum_shift_left(a, x->integer, count)
                                             : bignum_shift_right(a, x->integer, count));
}

/* ---- comparison --------------------------------------------------------------------------------------------------- */

static bool holds(enum op op, int order)
{
    switch (op) {
    case OP_EQL:
        return order == 0;
    case OP_NEQ:
        return order != 0;
    case OP_LSS:
        return order < 0;
    case OP_LEQ:
        return order <= 0;
    case OP_GTR:
        return order > 0;
    case OP_GEQ:
        return order >= 0;
    default:
        return false;
    }
}

static int compare_strings(const struct constant *x, const struct constant *y)
{
    size_t n = x->string.length < y->string.length ? x->string.length : y->string.length;
    int order = n ? memcmp(x->string.bytes, y->string.bytes, n) : 0;
    if (order)
        return order;
    return (x->string.length > y->string.length) - (x->string.length < y->string.length);
}

static bool compare_equal_only(struct arena *a, enum op op, const struct constant *x, const struct constant *y)
{
    bool equal;
    if (x->kind == CONSTANT_BOOL && y->kind == CONSTANT_BOOL)
        equal = x->boolean == y->boolean;
    else
        equal = constant_compare(a, OP_EQL, constant_real(a, x), constant_real(a, y)) &&
                constant_compare(a, OP_EQL, constant_imag(a, x), constant_imag(a, y));
    return op == OP_EQL ? equal : op == OP_NEQ && !equal;
}

bool constant_compare(struct arena *a, enum op op, const struct constant *x, const struct constant *y)
{
    if (!constant_known(x) || !constant_known(y))
        return false;
    bigf fx, fy;
    switch (common_level(x, y)) {
    case LEVEL_INT:
        return holds(op, bignum_compare(x->integer, y->integer));
    case LEVEL_RATIO:
        return holds(op, rational_compare(a, constant_fraction(a, x), constant_fraction(a, y)));
    case LEVEL_APPROX:
        fx = constant_approximate(a, x);
        fy = constant_approximate(a, y);
        return fx && fy && holds(op, bigfloat_compare(a, fx, fy));
    case LEVEL_COMPLEX:
        return compare_equal_only(a, op, x, y);
    default:
        break;
    }
    if (x->kind == CONSTANT_STRING && y->kind == CONSTANT_STRING)
        return holds(op, compare_strings(x, y));
    return x->kind == CONSTANT_BOOL && y->kind == CONSTANT_BOOL && compare_equal_only(a, op, x, y);
}
