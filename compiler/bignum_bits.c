/*
 * bignum_bits: bit operations, shifts, parsing and printing of bignums; see bignum.h.
 *
 * Two's complement of a negative number is made limb by limb on the way: ~(|x| - 1). `complement` yields limb i of the
 * endless form, given the borrow of the limbs before.
 */
#include "bignum.h"

#include <string.h>

#include "bignum_internal.h"

/* ---- two's complement --------------------------------------------------------------------------------------------- */

struct limb_stream {
    big x;
    uint32_t borrow; /* of |x| - 1 so far; starts at 1 for negative x */
};

static struct limb_stream stream(big x)
{
    return (struct limb_stream){.x = x, .borrow = x->sign < 0};
}

static uint32_t next_limb(struct limb_stream *s, uint32_t i)
{
    uint32_t limb = i < s->x->length ? s->x->limbs[i] : 0;
    if (s->x->sign >= 0)
        return limb;
    uint64_t d = (uint64_t)limb - s->borrow;
    s->borrow = (uint32_t)(d >> 63);
    return ~(uint32_t)d;
}

/* z holds a two's complement number whose sign is the top bit of its last limb. */
static big from_complement(struct bignum *z)
{
    if (!z->length || !(z->limbs[z->length - 1] >> 31))
        return bignum_normal(z, 1);
    uint64_t carry = 1;
    for (uint32_t i = 0; i < z->length; i++) {
        carry += ~z->limbs[i];
        z->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return bignum_normal(z, -1);
}

enum bit_operation { BIT_AND, BIT_OR, BIT_XOR, BIT_AND_NOT };

static big combine(struct arena *a, big x, big y, enum bit_operation operation)
{
    uint32_t n = (x->length > y->length ? x->length : y->length) + 1;
    struct bignum *z = bignum_new(a, n);
    struct limb_stream sx = stream(x), sy = stream(y);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t lx = next_limb(&sx, i), ly = next_limb(&sy, i);
        z->limbs[i] = operation == BIT_AND   ? lx & ly
                      : operation == BIT_OR  ? lx | ly
                      : operation == BIT_XOR ? lx ^ ly
                                             : lx & ~ly;
    }
    return from_complement(z);
}

big bignum_and(struct arena *a, big x, big y)
{
    return combine(a, x, y, BIT_AND);
}

big bignum_or(struct arena *a, big x, big y)
{
    return combine(a, x, y, BIT_OR);
}

big bignum_xor(struct arena *a, big x, big y)
{
    return combine(a, x, y, BIT_XOR);
}

big bignum_and_not(struct arena *a, big x, big y)
{
    return combine(a, x, y, BIT_AND_NOT);
}

/* ^x is -x - 1. */
big bignum_not(struct arena *a, big x)
{
    return bignum_sub(a, bignum_negate(a, x), bignum_int64(a, 1));
}

big bignum_low_bits(struct arena *a, big x, size_t bits)
{
    struct bignum *z = bignum_new(a, (bits + 31) / 32);
    struct limb_stream s = stream(x);
    for (uint32_t i = 0; i < z->length; i++)
        z->limbs[i] = next_limb(&s, i);
    if (bits % 32)
        z->limbs[z->length - 1] &= (1u << bits % 32) - 1;
    return bignum_normal(z, 1);
}

/* ---- shifts ------------------------------------------------------------------------------------------------------- */

big bignum_shift_left(struct arena *a, big x, size_t count)
{
    if (!x->sign || !count)
        return x;
    size_t limbs = count / 32;
    unsigned bits = count % 32;
    struct bignum *z = bignum_new(a, x->length + limbs + 1);
    for (uint32_t i = 0; i < x->length; i++) {
        uint64_t wide = (uint64_t)x->limbs[i] << bits;
        z->limbs[i + limbs] |= (uint32_t)wide;
        z->limbs[i + limbs + 1] = (uint32_t)(wide >> 32);
    }
    return bignum_normal(z, x->sign);
}

static big shift_magnitude_right(struct arena *a, big x, size_t count)
{
    size_t limbs = count / 32;
    unsigned bits = count % 32;
    if (limbs >= x->length)
        return bignum_int64(a, 0);
    struct bignum *z = bignum_new(a, x->length - limbs);
    for (uint32_t i = 0; i < z->length; i++) {
        uint64_t wide = x->limbs[i + limbs];
        if (i + limbs + 1 < x->length)
            wide |= (uint64_t)x->limbs[i + limbs + 1] << 32;
        z->limbs[i] = (uint32_t)(wide >> bits);
    }
    return bignum_normal(z, x->sign);
}

big bignum_shift_right(struct arena *a, big x, size_t count)
{
    if (!count || !x->sign)
        return x;
    if (x->sign > 0)
        return shift_magnitude_right(a, x, count);
    /* floor(x / 2^n) = ^(^x >> n) */
    return bignum_not(a, shift_magnitude_right(a, bignum_not(a, x), count));
}

/* ---- questions ---------------------------------------------------------------------------------------------------- */

size_t bignum_bit_length(big x)
{
    if (!x->length)
        return 0;
    return (size_t)x->length * 32 - (size_t)__builtin_clz(x->limbs[x->length - 1]);
}

size_t bignum_trailing_zeros(big x)
{
    for (uint32_t i = 0; i < x->length; i++)
        if (x->limbs[i])
            return (size_t)i * 32 + (size_t)__builtin_ctz(x->limbs[i]);
    return 0;
}

bool bignum_bit(big x, size_t i)
{
    return i / 32 < x->length && (x->limbs[i / 32] >> i % 32 & 1);
}

static uint64_t low_magnitude(big x)
{
    uint64_t value = x->length ? x->limbs[0] : 0;
    return x->length > 1 ? value | (uint64_t)x->limbs[1] << 32 : value;
}

uint64_t bignum_low64(big x)
{
    uint64_t value = low_magnitude(x);
    return x->sign < 0 ? 0 - value : value;
}

bool bignum_fits_uint64(big x)
{
    return x->sign >= 0 && x->length <= 2;
}

bool bignum_fits_int64(big x)
{
    if (x->length > 2)
        return false;
    return low_magnitude(x) <= (uint64_t)INT64_MAX + (x->sign < 0);
}

/* ---- text --------------------------------------------------------------------------------------------------------- */

static unsigned digit_value(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a') + 10;
}

/* x = x * factor + digit, in place; x has room. */
static void multiply_add(struct bignum *x, uint32_t factor, uint32_t digit)
{
    uint64_t carry = digit;
    for (uint32_t i = 0; i < x->length; i++) {
        carry += (uint64_t)x->limbs[i] * factor;
        x->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry)
        x->limbs[x->length++] = (uint32_t)carry;
}

big bignum_parse(struct arena *a, const char *digits, size_t n, unsigned base)
{
    struct bignum *x = bignum_new(a, n / 8 + 1); /* a digit is at most four bits */
    x->length = 0;
    while (n > 0) {
        uint32_t factor = 1, chunk = 0;
        for (; n > 0 && factor < UINT32_MAX / 16; n--) {
            factor *= base;
            chunk = chunk * base + digit_value(*digits++);
        }
        multiply_add(x, factor, chunk);
    }
    return bignum_normal(x, 1);
}

void bignum_print(struct text *out, big x)
{
    /* 9 digits per step; log10(2^32) < 9.64. */
    size_t steps = (size_t)x->length * 10 / 9 + 1, n = 0;
    uint32_t *chunks = ARENA_ARRAY(out->arena, uint32_t, steps);
    struct bignum *rest = bignum_new(out->arena, x->length);
    memcpy(rest->limbs, x->limbs, x->length * sizeof x->limbs[0]);
    do
        chunks[n++] = bignum_divide_limb(rest, 1000000000);
    while (rest->length);
    text_printf(out, "%s%u", x->sign < 0 ? "-" : "", chunks[n - 1]);
    while (--n > 0)
        text_printf(out, "%09u", chunks[n - 1]);
}

void bignum_print_hex(struct text *out, big x)
{
    text_printf(out, "%s0x%x", x->sign < 0 ? "-" : "", x->length ? x->limbs[x->length - 1] : 0);
    for (uint32_t i = x->length; i-- > 1;)
        text_printf(out, "%08x", x->limbs[i - 1]);
}
