/*
 * constant: making, reading and converting constants; see constant.h. Literals are parsed in constant_literal.c, operators
 * are in constant_op.c, representability in constant_fit.c, printing in constant_print.c.
 */
#include "constant.h"

#include <string.h>

#include "constant_internal.h"
#include "unicode.h"

/* ---- making ------------------------------------------------------------------------------------------------------- */

const struct constant *constant_unknown(void)
{
    static const struct constant unknown = {.kind = CONSTANT_UNKNOWN};
    return &unknown;
}

const struct constant *constant_bool(bool value)
{
    static const struct constant no = {.kind = CONSTANT_BOOL, .boolean = false};
    static const struct constant yes = {.kind = CONSTANT_BOOL, .boolean = true};
    return value ? &yes : &no;
}

static struct constant *new_constant(struct arena *a, enum constant_kind kind)
{
    struct constant *x = ARENA_NEW(a, struct constant);
    x->kind = (uint8_t)kind;
    return x;
}

static struct constant_buffer *new_buffer(struct arena *a, size_t capacity)
{
    struct constant_buffer *b = ARENA_NEW(a, struct constant_buffer);
    b->bytes = arena_alloc(a, capacity ? capacity : 1);
    b->capacity = capacity;
    return b;
}

static const struct constant *string_in(struct arena *a, struct constant_buffer *b, size_t length)
{
    struct constant *x = new_constant(a, CONSTANT_STRING);
    x->string.bytes = b->bytes;
    x->string.length = length;
    x->string.buffer = b;
    return x;
}

static void append(struct constant_buffer *b, const char *bytes, size_t length)
{
    if (length)
        memcpy(b->bytes + b->used, bytes, length);
    b->used += length;
}

const struct constant *constant_string(struct arena *a, const char *bytes, size_t length)
{
    struct constant_buffer *b = new_buffer(a, length);
    append(b, bytes, length);
    return string_in(a, b, length);
}

const struct constant *constant_concat(struct arena *a, const struct constant *x, const struct constant *y)
{
    struct constant_buffer *b = x->string.buffer;
    size_t length = x->string.length + y->string.length;
    if (b->used != x->string.length || b->capacity < length) {
        if (length > SIZE_MAX / 2)
            arena_fail(a, "out of memory: constant string too long");
        b = new_buffer(a, length * 2);
        append(b, x->string.bytes, x->string.length);
    }
    append(b, y->string.bytes, y->string.length);
    return string_in(a, b, length);
}

const struct constant *constant_from_big(struct arena *a, big value)
{
    struct constant *x = new_constant(a, CONSTANT_INT);
    x->integer = value;
    return x;
}

const struct constant *constant_int(struct arena *a, int64_t value)
{
    return constant_from_big(a, bignum_int64(a, value));
}

const struct constant *constant_from_approx(struct arena *a, bigf value)
{
    if (!value)
        return constant_unknown();
    struct constant *x = new_constant(a, CONSTANT_FLOAT);
    x->approx = value;
    return x;
}

const struct constant *constant_exactly(struct arena *a, rat value)
{
    struct constant *x = new_constant(a, CONSTANT_FLOAT);
    x->exact = true;
    x->ratio = value;
    return x;
}

const struct constant *constant_from_ratio(struct arena *a, rat value)
{
    if (bignum_bit_length(value->numerator) >= CONSTANT_RATIO_BITS ||
        bignum_bit_length(value->denominator) >= CONSTANT_RATIO_BITS)
        return constant_from_approx(a, bigfloat_from_ratio(a, value->numerator, value->denominator));
    return constant_exactly(a, value);
}

const struct constant *constant_float(struct arena *a, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    if ((bits >> 52 & 0x7FF) == 0x7FF)
        return constant_unknown();
    return constant_from_ratio(a, rational_from_double(a, value));
}

static bool is_real(const struct constant *x)
{
    return x->kind == CONSTANT_INT || x->kind == CONSTANT_FLOAT;
}

const struct constant *constant_complex(struct arena *a, const struct constant *re, const struct constant *im)
{
    if (!is_real(re) || !is_real(im))
        return constant_unknown();
    struct constant *x = new_constant(a, CONSTANT_COMPLEX);
    x->complex.re = re;
    x->complex.im = im;
    return x;
}

/* ---- reading ------------------------------------------------------------------------------------------------------ */

bool constant_as_int64(const struct constant *x, int64_t *value)
{
    if (x->kind != CONSTANT_INT) {
        *value = 0;
        return false;
    }
    *value = (int64_t)bignum_low64(x->integer);
    return bignum_fits_int64(x->integer);
}

bool constant_as_uint64(const struct constant *x, uint64_t *value)
{
    if (x->kind != CONSTANT_INT) {
        *value = 0;
        return false;
    }
    *value = bignum_low64(x->integer);
    return bignum_fits_uint64(x->integer);
}

size_t constant_bit_length(const struct constant *x)
{
    return x->kind == CONSTANT_INT ? bignum_bit_length(x->integer) : 0;
}

int constant_sign(const struct constant *x)
{
    switch (x->kind) {
    case CONSTANT_INT:
        return x->integer->sign;
    case CONSTANT_FLOAT:
        return x->exact ? x->ratio->numerator->sign : x->approx->mantissa->sign;
    case CONSTANT_COMPLEX:
        return constant_sign(x->complex.re) | constant_sign(x->complex.im);
    default:
        return 1;
    }
}

const struct constant *constant_real(struct arena *a, const struct constant *x)
{
    (void)a;
    return x->kind == CONSTANT_COMPLEX ? x->complex.re : is_real(x) ? x : constant_unknown();
}

const struct constant *constant_imag(struct arena *a, const struct constant *x)
{
    return x->kind == CONSTANT_COMPLEX ? x->complex.im : is_real(x) ? constant_int(a, 0) : constant_unknown();
}

bigf constant_approximate(struct arena *a, const struct constant *x)
{
    if (x->kind == CONSTANT_INT)
        return bigfloat_from_big(a, x->integer);
    return x->exact ? bigfloat_from_ratio(a, x->ratio->numerator, x->ratio->denominator) : x->approx;
}

rat constant_fraction(struct arena *a, const struct constant *x)
{
    return x->kind == CONSTANT_INT ? rational_from_big(a, x->integer) : x->ratio;
}

/* x as an integer times a power of two, with a sticky bit: what rounding to a machine float takes. */
static big scaled_integer(struct arena *a, const struct constant *x, int64_t *exponent, bool *sticky)
{
    enum { ENOUGH = 66 }; /* more than any machine float keeps */
    *exponent = 0;
    *sticky = false;
    if (x->kind == CONSTANT_INT)
        return x->integer;
    if (x->kind != CONSTANT_FLOAT)
        return bignum_int64(a, 0);
    if (x->exact)
        return bigfloat_quotient(a, x->ratio->numerator, x->ratio->denominator, ENOUGH, exponent, sticky);
    *exponent = x->approx->exponent;
    return x->approx->mantissa;
}

double constant_as_float64(const struct constant *x)
{
    struct arena scratch;
    int64_t exponent;
    bool sticky;
    arena_init(&scratch);
    big m = scaled_integer(&scratch, x, &exponent, &sticky);
    double value = bigfloat_to_double(&scratch, m, exponent, sticky);
    arena_free(&scratch);
    return value;
}

float constant_as_float32(const struct constant *x)
{
    struct arena scratch;
    int64_t exponent;
    bool sticky;
    arena_init(&scratch);
    big m = scaled_integer(&scratch, x, &exponent, &sticky);
    float value = bigfloat_to_float(&scratch, m, exponent, sticky);
    arena_free(&scratch);
    return value;
}

/* ---- converting --------------------------------------------------------------------------------------------------- */

const struct constant *constant_to_int(struct arena *a, const struct constant *x)
{
    switch (x->kind) {
    case CONSTANT_INT:
        return x;
    case CONSTANT_COMPLEX:
        return constant_sign(x->complex.im) == 0 ? constant_to_int(a, x->complex.re) : constant_unknown();
    case CONSTANT_FLOAT: {
        big value = !x->exact                       ? bigfloat_as_big(a, x->approx)
                    : rational_is_integer(x->ratio) ? x->ratio->numerator
                                                    : NULL;
        return value ? constant_from_big(a, value) : constant_unknown();
    }
    default:
        return constant_unknown();
    }
}

const struct constant *constant_to_float(struct arena *a, const struct constant *x)
{
    switch (x->kind) {
    case CONSTANT_INT:
        return constant_from_ratio(a, rational_from_big(a, x->integer));
    case CONSTANT_FLOAT:
        return x;
    case CONSTANT_COMPLEX:
        return constant_sign(x->complex.im) == 0 ? constant_to_float(a, x->complex.re) : constant_unknown();
    default:
        return constant_unknown();
    }
}

const struct constant *constant_to_complex(struct arena *a, const struct constant *x)
{
    return is_real(x)                    ? constant_complex(a, x, constant_int(a, 0))
           : x->kind == CONSTANT_COMPLEX ? x
                                         : constant_unknown();
}

const struct constant *constant_rune_string(struct arena *a, const struct constant *x)
{
    char bytes[UTF8_MAX];
    uint64_t rune;
    if (x->kind != CONSTANT_INT)
        return constant_unknown();
    if (!constant_as_uint64(x, &rune) || rune > UNICODE_MAX)
        rune = UNICODE_ERROR;
    return constant_string(a, bytes, utf8_encode(bytes, (uint32_t)rune));
}
