/*
 * constant_fit: which constants a basic type can hold, and as what; see constant.h.
 */
#include <string.h>

#include "constant_internal.h"

static bool is_finite(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (bits >> 52 & 0x7FF) != 0x7FF;
}

static bool int_in_range(big x, enum basic_kind kind, unsigned word_size)
{
    if (basic_is(kind, BASIC_IS_UNTYPED))
        return true;
    size_t bits = basic_bits(kind, word_size), length = bignum_bit_length(x);
    if (basic_is(kind, BASIC_IS_UNSIGNED))
        return x->sign >= 0 && length <= bits;
    /* The most negative number is the only one as long as the type. */
    return length < bits || (length == bits && x->sign < 0 && bignum_trailing_zeros(x) == bits - 1);
}

static enum constant_fit represent_int(struct arena *a, const struct constant *x, enum basic_kind kind,
                                       unsigned word_size, const struct constant **rounded)
{
    const struct constant *value = constant_to_int(a, x);
    if (!constant_known(value))
        return CONSTANT_TRUNCATED;
    if (!int_in_range(value->integer, kind, word_size))
        return CONSTANT_OVERFLOWS;
    *rounded = value;
    return CONSTANT_FITS;
}

/* A real constant rounded to a float of `bits` bits (0: untyped, as it is); NULL when it is too large. */
static const struct constant *round_float(struct arena *a, const struct constant *x, unsigned bits)
{
    if (bits == 0)
        return x;
    double value = bits == 32 ? (double)constant_as_float32(x) : constant_as_float64(x);
    return is_finite(value) ? constant_float(a, value) : NULL;
}

static enum constant_fit represent_float(struct arena *a, const struct constant *x, unsigned bits,
                                         const struct constant **rounded)
{
    const struct constant *value = constant_to_float(a, x);
    if (!constant_known(value))
        return CONSTANT_TRUNCATED;
    value = round_float(a, value, bits);
    if (!value)
        return CONSTANT_OVERFLOWS;
    *rounded = value;
    return CONSTANT_FITS;
}

static enum constant_fit represent_complex(struct arena *a, const struct constant *x, unsigned bits,
                                           const struct constant **rounded)
{
    const struct constant *re = round_float(a, constant_real(a, x), bits / 2);
    const struct constant *im = round_float(a, constant_imag(a, x), bits / 2);
    if (!re || !im)
        return CONSTANT_OVERFLOWS;
    *rounded = constant_complex(a, re, im);
    return CONSTANT_FITS;
}

static enum constant_fit represent(struct arena *a, const struct constant *x, enum basic_kind kind, unsigned word_size,
                                   const struct constant **rounded)
{
    unsigned bits = basic_is(kind, BASIC_IS_UNTYPED) ? 0 : basic_bits(kind, word_size);
    *rounded = x;
    if (!constant_known(x))
        return CONSTANT_FITS;
    if (basic_is(kind, BASIC_IS_BOOLEAN))
        return x->kind == CONSTANT_BOOL ? CONSTANT_FITS : CONSTANT_MISMATCH;
    if (basic_is(kind, BASIC_IS_STRING))
        return x->kind == CONSTANT_STRING ? CONSTANT_FITS : CONSTANT_MISMATCH;
    if (!constant_is_numeric(x))
        return CONSTANT_MISMATCH;
    if (basic_is(kind, BASIC_IS_INTEGER))
        return represent_int(a, x, kind, word_size, rounded);
    if (basic_is(kind, BASIC_IS_FLOAT))
        return represent_float(a, x, bits, rounded);
    return basic_is(kind, BASIC_IS_COMPLEX) ? represent_complex(a, x, bits, rounded) : CONSTANT_MISMATCH;
}

enum constant_fit constant_represent(struct arena *a, const struct constant *x, enum basic_kind kind,
                                     unsigned word_size, const struct constant **rounded)
{
    const struct constant *value;
    enum constant_fit fit = represent(a, x, kind, word_size, &value);
    if (fit == CONSTANT_FITS && rounded)
        *rounded = value;
    return fit;
}
