/*
 * constant_literal: the values of literals; see constant.h.
 *
 * A numeric literal is read into mantissa × 2^exponent2 × 5^exponent5 (10^n is 2^n × 5^n). From that a 512-bit
 * approximation is computed first: if it is of moderate size, the exact fraction is affordable and used, else the
 * approximation is the value. Powers of five get 64 extra bits, so their rounding errors do not reach the result.
 */
#include <string.h>

#include "constant_internal.h"
#include "literal.h"

struct number {
    big mantissa;
    int64_t exponent2;
    int64_t exponent5;
};

static char lower(char c)
{
    return (char)(c | 0x20);
}

/* Copies the literal without separators. */
static size_t clean(char *out, const char *text, size_t length)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++)
        if (text[i] != '_')
            out[n++] = text[i];
    out[n] = 0;
    return n;
}

/* The base a prefix names, 10 for none; *text moves behind it. An old octal's 0 is left: only integers mean 8 by it. */
static unsigned take_prefix(const char **text)
{
    if ((*text)[0] != '0')
        return 10;
    char c = lower((*text)[1]);
    unsigned base = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 10;
    if (base != 10)
        *text += 2;
    return base;
}

static int64_t parse_exponent(const char *p)
{
    const int64_t huge = (int64_t)1 << 40; /* far beyond what any result can have */
    bool negative = *p == '-';
    int64_t value = 0;
    for (p += *p == '-' || *p == '+'; *p >= '0' && *p <= '9' && value < huge; p++)
        value = value * 10 + (*p - '0');
    return negative ? -value : value;
}

/* text is clean, NUL-terminated and may be changed. */
static struct number parse_number(struct arena *a, char *text)
{
    const char *digits = text;
    unsigned base = take_prefix(&digits);
    char *p = text + (digits - text), *out = p;
    int64_t fraction = 0;
    bool point = false;
    for (; *p && lower(*p) != 'p' && (base == 16 || lower(*p) != 'e'); p++) {
        if (*p == '.') {
            point = true;
            continue;
        }
        fraction += point;
        *out++ = *p;
    }
    int64_t exponent = *p ? parse_exponent(p + 1) : 0;
    struct number n = {.mantissa = bignum_parse(a, digits, (size_t)(out - digits), base)};
    if (base == 16)
        n.exponent2 = exponent - 4 * fraction;
    else
        n.exponent2 = n.exponent5 = exponent - fraction;
    return n;
}

/* The value to 512 bits; NULL when it is too large. */
static bigf approximate(struct arena *a, const struct number *n)
{
    enum { EXTRA = BIGFLOAT_PRECISION + 64 };
    bigf x = bigfloat_round(a, n->mantissa, n->exponent2, false, BIGFLOAT_PRECISION);
    if (!x || n->exponent5 == 0)
        return x;
    bigf power = bigfloat_power5(a, n->exponent5 < 0 ? -n->exponent5 : n->exponent5, EXTRA);
    if (n->exponent5 > 0)
        return power ? bigfloat_multiply(a, x, power, BIGFLOAT_PRECISION) : NULL;
    if (!power)
        return bigfloat_from_big(a, bignum_int64(a, 0));
    return bigfloat_divide(a, x, power, BIGFLOAT_PRECISION);
}

static rat exact_fraction(struct arena *a, const struct number *n)
{
    big numerator = n->mantissa, denominator = bignum_int64(a, 1);
    if (n->exponent5 > 0)
        numerator = bignum_mul(a, numerator, bignum_power(a, 5, (uint32_t)n->exponent5));
    if (n->exponent5 < 0)
        denominator = bignum_power(a, 5, (uint32_t)-n->exponent5);
    if (n->exponent2 > 0)
        numerator = bignum_shift_left(a, numerator, (size_t)n->exponent2);
    if (n->exponent2 < 0)
        denominator = bignum_shift_left(a, denominator, (size_t)-n->exponent2);
    return rational_make(a, numerator, denominator);
}

static const struct constant *float_value(struct arena *a, char *text)
{
    struct number n = parse_number(a, text);
    if (!n.mantissa->sign)
        return constant_from_ratio(a, rational_from_big(a, n.mantissa));
    int64_t top = n.exponent2 + (int64_t)bignum_bit_length(n.mantissa);
    if (top > INT32_MAX || top < INT32_MIN)
        return constant_unknown();
    bigf x = approximate(a, &n);
    if (!x)
        return constant_unknown();
    if (!x->mantissa->sign)
        return constant_from_ratio(a, rational_from_big(a, x->mantissa));
    top = bigfloat_top(x);
    if (top > -CONSTANT_RATIO_BITS && top < CONSTANT_RATIO_BITS)
        return constant_exactly(a, exact_fraction(a, &n));
    return constant_from_approx(a, x);
}

static const struct constant *int_value(struct arena *a, const char *text, size_t length)
{
    const char *digits = text;
    unsigned base = take_prefix(&digits);
    if (base == 10 && text[0] == '0')
        base = 8;
    return constant_from_big(a, bignum_parse(a, digits, length - (size_t)(digits - text), base));
}

/* 0123i is decimal for history's sake; 0x, 0o and 0b mean what they say. */
static const struct constant *imaginary_value(struct arena *a, char *text, size_t length)
{
    text[--length] = 0;
    const char *digits = text;
    unsigned base = take_prefix(&digits);
    bool integer = base == 2 || base == 8 || (base == 16 && !strpbrk(text, ".pP"));
    const struct constant *im = integer ? constant_to_float(a, int_value(a, text, length)) : float_value(a, text);
    return constant_complex(a, constant_int(a, 0), im);
}

const struct constant *constant_literal(struct arena *a, enum literal_kind kind, const char *text, size_t length)
{
    size_t n;
    char *number;
    switch (kind) {
    case LITERAL_RUNE:
        return constant_int(a, (int64_t)literal_rune(text, length));
    case LITERAL_STRING:
        text = literal_string(a, text, length, &n);
        return constant_string(a, text, n);
    default:
        break;
    }
    number = arena_alloc(a, length + 1);
    n = clean(number, text, length);
    if (kind == LITERAL_INT)
        return int_value(a, number, n);
    return kind == LITERAL_FLOAT ? float_value(a, number) : imaginary_value(a, number, n);
}
