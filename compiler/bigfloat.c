/*
 * bigfloat: see bigfloat.h.
 *
 * Everything reduces to `round_bits`: keep the top bits of an integer, look at the first bit cut off and at whether anything
 * below it, or the caller's sticky bit, is set, and round to even. Addition aligns both mantissas exactly, unless one is so
 * small that it only tips the rounding: then it is replaced by one unit far below the precision, with its sign.
 */
#include "bigfloat.h"

#include <string.h>

static const int64_t top_limit = INT32_MAX;

static bool any_bit_below(big x, size_t i)
{
    return x->sign && bignum_trailing_zeros(x) < i;
}

static big magnitude(struct arena *a, big x)
{
    return x->sign < 0 ? bignum_negate(a, x) : x;
}

/* |x| / 2^cut to the nearest integer, ties to even; x is not negative. */
static big round_bits(struct arena *a, big x, size_t cut, bool sticky)
{
    if (cut == 0)
        return x;
    big kept = bignum_shift_right(a, x, cut);
    bool half = bignum_bit(x, cut - 1);
    bool more = sticky || any_bit_below(x, cut - 1);
    if (half && (more || bignum_bit(kept, 0)))
        kept = bignum_add(a, kept, bignum_int64(a, 1));
    return kept;
}

static bigf make(struct arena *a, big mantissa, int64_t exponent)
{
    struct bigfloat *f = ARENA_NEW(a, struct bigfloat);
    size_t zeros = bignum_trailing_zeros(mantissa);
    int64_t top = exponent + (int64_t)bignum_bit_length(mantissa);
    if (!mantissa->sign || top < INT32_MIN) {
        f->mantissa = bignum_int64(a, 0);
        return f;
    }
    if (top > top_limit)
        return NULL;
    big size = magnitude(a, mantissa);
    size = bignum_shift_right(a, size, zeros);
    f->mantissa = mantissa->sign < 0 ? bignum_negate(a, size) : size;
    f->exponent = exponent + (int64_t)zeros;
    return f;
}

bigf bigfloat_round(struct arena *a, big mantissa, int64_t exponent, bool sticky, unsigned precision)
{
    size_t length = bignum_bit_length(mantissa);
    if (length <= precision)
        return make(a, mantissa, exponent);
    size_t cut = length - precision;
    big kept = round_bits(a, magnitude(a, mantissa), cut, sticky);
    return make(a, mantissa->sign < 0 ? bignum_negate(a, kept) : kept, exponent + (int64_t)cut);
}

bigf bigfloat_from_big(struct arena *a, big x)
{
    return bigfloat_round(a, x, 0, false, BIGFLOAT_PRECISION);
}

big bigfloat_quotient(struct arena *a, big numerator, big denominator, size_t bits, int64_t *exponent, bool *sticky)
{
    size_t have = bignum_bit_length(numerator), less = bignum_bit_length(denominator);
    size_t shift = have > less + bits ? 0 : less + bits + 1 - have;
    big quotient, rest;
    bignum_divide(a, bignum_shift_left(a, numerator, shift), denominator, &quotient, &rest);
    *exponent = -(int64_t)shift;
    *sticky = rest->sign != 0;
    return quotient;
}

/* Quotients carry two bits more than they will keep, so that the sticky bit is below the deciding one. */
static bigf divide_rounded(struct arena *a, big x, big y, int64_t exponent, unsigned precision)
{
    int64_t shift;
    bool sticky;
    if (!x->sign)
        return make(a, x, 0);
    big quotient = bigfloat_quotient(a, x, y, precision + 2, &shift, &sticky);
    return bigfloat_round(a, quotient, exponent + shift, sticky, precision);
}

bigf bigfloat_from_ratio(struct arena *a, big numerator, big denominator)
{
    return divide_rounded(a, numerator, denominator, 0, BIGFLOAT_PRECISION);
}

bigf bigfloat_negate(struct arena *a, bigf x)
{
    struct bigfloat *f = ARENA_NEW(a, struct bigfloat);
    f->mantissa = bignum_negate(a, x->mantissa);
    f->exponent = x->exponent;
    return f;
}

int64_t bigfloat_top(bigf x)
{
    return x->mantissa->sign ? x->exponent + (int64_t)bignum_bit_length(x->mantissa) : 0;
}

/* x + y where y is below anything that rounding x could keep. */
static bigf add_speck(struct arena *a, bigf x, int y_sign)
{
    size_t room = BIGFLOAT_PRECISION + 2 - bignum_bit_length(x->mantissa) + 2;
    big wide = bignum_shift_left(a, x->mantissa, room);
    wide = bignum_add(a, wide, bignum_int64(a, y_sign));
    return bigfloat_round(a, wide, x->exponent - (int64_t)room, false, BIGFLOAT_PRECISION);
}

bigf bigfloat_add(struct arena *a, bigf x, bigf y)
{
    if (!x->mantissa->sign)
        return y;
    if (!y->mantissa->sign)
        return x;
    int64_t gap = bigfloat_top(x) - bigfloat_top(y);
    if (gap > BIGFLOAT_PRECISION + 8)
        return add_speck(a, x, y->mantissa->sign);
    if (-gap > BIGFLOAT_PRECISION + 8)
        return add_speck(a, y, x->mantissa->sign);
    int64_t exponent = x->exponent < y->exponent ? x->exponent : y->exponent;
    big mx = bignum_shift_left(a, x->mantissa, (size_t)(x->exponent - exponent));
    big my = bignum_shift_left(a, y->mantissa, (size_t)(y->exponent - exponent));
    return bigfloat_round(a, bignum_add(a, mx, my), exponent, false, BIGFLOAT_PRECISION);
}

bigf bigfloat_multiply(struct arena *a, bigf x, bigf y, unsigned precision)
{
    return bigfloat_round(a, bignum_mul(a, x->mantissa, y->mantissa), x->exponent + y->exponent, false, precision);
}

bigf bigfloat_divide(struct arena *a, bigf x, bigf y, unsigned precision)
{
    return divide_rounded(a, x->mantissa, y->mantissa, x->exponent - y->exponent, precision);
}

bigf bigfloat_power5(struct arena *a, int64_t n, unsigned precision)
{
    bigf result = bigfloat_from_big(a, bignum_int64(a, 1)), square = bigfloat_from_big(a, bignum_int64(a, 5));
    for (; n > 0; n >>= 1) {
        if (n & 1)
            result = bigfloat_multiply(a, result, square, precision);
        if (!result)
            return NULL;
        if (n > 1 && !(square = bigfloat_multiply(a, square, square, precision)))
            return NULL;
    }
    return result;
}

int bigfloat_compare(struct arena *a, bigf x, bigf y)
{
    int sx = x->mantissa->sign, sy = y->mantissa->sign;
    if (sx != sy)
        return sx < sy ? -1 : 1;
    int64_t tx = bigfloat_top(x), ty = bigfloat_top(y);
    if (tx != ty)
        return tx < ty ? -sx : sx;
    int64_t exponent = x->exponent < y->exponent ? x->exponent : y->exponent;
    return bignum_compare(bignum_shift_left(a, x->mantissa, (size_t)(x->exponent - exponent)),
                          bignum_shift_left(a, y->mantissa, (size_t)(y->exponent - exponent)));
}

/* ---- to integers -------------------------------------------------------------------------------------------------- */

/* kept × 2^-fraction if it is an integer. */
static big exact_quotient(struct arena *a, big kept, int64_t fraction)
{
    if (fraction <= 0)
        return bignum_shift_left(a, kept, (size_t)-fraction);
    return bignum_trailing_zeros(kept) >= (size_t)fraction ? bignum_shift_right(a, kept, (size_t)fraction) : NULL;
}

big bigfloat_as_big(struct arena *a, bigf x)
{
    enum { KEEP = BIGFLOAT_PRECISION - 4, HUGE_TOP = 4096 };
    int64_t top = bigfloat_top(x);
    if (top <= -HUGE_TOP || top >= HUGE_TOP)
        return NULL;
    if (x->exponent >= 0)
        return bignum_shift_left(a, x->mantissa, (size_t)x->exponent);
    /* Not an integer as it is. Cutting to KEEP bits, towards zero or away from it, may leave one. */
    size_t length = bignum_bit_length(x->mantissa);
    if (length <= KEEP)
        return NULL;
    size_t cut = length - KEEP;
    int64_t fraction = -x->exponent - (int64_t)cut;
    big kept = bignum_shift_right(a, magnitude(a, x->mantissa), cut);
    big size = exact_quotient(a, kept, fraction);
    if (!size)
        size = exact_quotient(a, bignum_add(a, kept, bignum_int64(a, 1)), fraction);
    return size && x->mantissa->sign < 0 ? bignum_negate(a, size) : size;
}

/* ---- to the machine's floats -------------------------------------------------------------------------------------- */

struct format {
    int64_t precision; /* bits of the significand */
    int64_t lowest;    /* exponent of the smallest subnormal number */
    int64_t highest;   /* numbers are below 2^highest */
};

static const struct format format_double = {53, -1074, 1024};
static const struct format format_float = {24, -149, 128};

/* Rounds to `format`: the magnitude is the result × 2^*exponent; UINT64_MAX stands for infinity. */
static uint64_t round_to(struct arena *a, const struct format *format, big x, int64_t exponent, bool sticky,
                         int64_t *result_exponent)
{
    int64_t top = exponent + (int64_t)bignum_bit_length(x);
    int64_t lowest = top - format->precision > format->lowest ? top - format->precision : format->lowest;
    *result_exponent = lowest;
    if (!x->sign || top < format->lowest - 1)
        return 0;
    if (top > format->highest)
        return UINT64_MAX;
    big size = magnitude(a, x);
    big rounded = lowest >= exponent ? round_bits(a, size, (size_t)(lowest - exponent), sticky)
                                     : bignum_shift_left(a, size, (size_t)(exponent - lowest));
    if (lowest + (int64_t)bignum_bit_length(rounded) > format->highest)
        return UINT64_MAX;
    return bignum_low64(rounded);
}

double bigfloat_to_double(struct arena *a, big mantissa, int64_t exponent, bool sticky)
{
    int64_t e;
    uint64_t bits, m = round_to(a, &format_double, mantissa, exponent, sticky, &e);
    if (m == UINT64_MAX)
        bits = (uint64_t)0x7FF << 52;
    else if (m >> 53)
        bits = (uint64_t)(e + 1 + 1075) << 52; /* rounded up to a power of two */
    else if (m >> 52)
        bits = (uint64_t)(e + 1075) << 52 | (m & (((uint64_t)1 << 52) - 1));
    else
        bits = m; /* subnormal or 0 */
    bits |= (uint64_t)(mantissa->sign < 0) << 63;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

float bigfloat_to_float(struct arena *a, big mantissa, int64_t exponent, bool sticky)
{
    int64_t e;
    uint64_t m = round_to(a, &format_float, mantissa, exponent, sticky, &e);
    uint32_t bits;
    if (m == UINT64_MAX)
        bits = (uint32_t)0xFF << 23;
    else if (m >> 24)
        bits = (uint32_t)(e + 1 + 150) << 23;
    else if (m >> 23)
        bits = (uint32_t)(e + 150) << 23 | ((uint32_t)m & ((1u << 23) - 1));
    else
        bits = (uint32_t)m;
    bits |= (uint32_t)(mantissa->sign < 0) << 31;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}
