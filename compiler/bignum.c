/*
 * bignum: see bignum.h. Printing, parsing and bit operations are in bignum_bits.c.
 */
#include "bignum.h"

#include <string.h>

#include "bignum_internal.h"

struct bignum *bignum_new(struct arena *a, size_t length)
{
    if (length > UINT32_MAX / 64)
        arena_fail(a, "out of memory: a constant of %zu bits", length * 32);
    struct bignum *x = arena_alloc(a, sizeof *x + length * sizeof x->limbs[0]);
    x->length = (uint32_t)length;
    return x;
}

big bignum_normal(struct bignum *x, int sign)
{
    while (x->length && x->limbs[x->length - 1] == 0)
        x->length--;
    x->sign = x->length ? sign : 0;
    return x;
}

big bignum_uint64(struct arena *a, uint64_t value)
{
    struct bignum *x = bignum_new(a, 2);
    x->limbs[0] = (uint32_t)value;
    x->limbs[1] = (uint32_t)(value >> 32);
    return bignum_normal(x, 1);
}

big bignum_int64(struct arena *a, int64_t value)
{
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    struct bignum *x = (struct bignum *)(uintptr_t)bignum_uint64(a, magnitude);
    if (value < 0)
        x->sign = -1;
    return x;
}

static big with_sign(struct arena *a, big x, int sign)
{
    if (x->sign == sign)
        return x;
    struct bignum *copy = bignum_new(a, x->length);
    memcpy(copy->limbs, x->limbs, x->length * sizeof x->limbs[0]);
    return bignum_normal(copy, sign);
}

big bignum_negate(struct arena *a, big x)
{
    return with_sign(a, x, -x->sign);
}

/* ---- magnitudes --------------------------------------------------------------------------------------------------- */

static int compare_magnitudes(big x, big y)
{
    if (x->length != y->length)
        return x->length < y->length ? -1 : 1;
    for (uint32_t i = x->length; i-- > 0;)
        if (x->limbs[i] != y->limbs[i])
            return x->limbs[i] < y->limbs[i] ? -1 : 1;
    return 0;
}

static big add_magnitudes(struct arena *a, big x, big y, int sign)
{
    if (x->length < y->length) {
        big swap = x;
        x = y;
        y = swap;
    }
    struct bignum *z = bignum_new(a, (size_t)x->length + 1);
    uint64_t carry = 0;
    for (uint32_t i = 0; i < x->length; i++) {
        carry += (uint64_t)x->limbs[i] + (i < y->length ? y->limbs[i] : 0);
        z->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    z->limbs[x->length] = (uint32_t)carry;
    return bignum_normal(z, sign);
}

/* |x| >= |y| */
static big sub_magnitudes(struct arena *a, big x, big y, int sign)
{
    struct bignum *z = bignum_new(a, x->length);
    uint64_t borrow = 0;
    for (uint32_t i = 0; i < x->length; i++) {
        uint64_t d = (uint64_t)x->limbs[i] - (i < y->length ? y->limbs[i] : 0) - borrow;
        z->limbs[i] = (uint32_t)d;
        borrow = d >> 63;
    }
    return bignum_normal(z, sign);
}

/* x + sign_of_y * |y| */
static big add_signed(struct arena *a, big x, big y, int y_sign)
{
    if (y_sign == 0)
        return x;
    if (x->sign == 0)
        return with_sign(a, y, y_sign);
    if (x->sign == y_sign)
        return add_magnitudes(a, x, y, x->sign);
    if (compare_magnitudes(x, y) >= 0)
        return sub_magnitudes(a, x, y, x->sign);
    return sub_magnitudes(a, y, x, y_sign);
}

big bignum_add(struct arena *a, big x, big y)
{
    return add_signed(a, x, y, y->sign);
}

big bignum_sub(struct arena *a, big x, big y)
{
    return add_signed(a, x, y, -y->sign);
}

big bignum_mul(struct arena *a, big x, big y)
{
    struct bignum *z = bignum_new(a, (size_t)x->length + y->length);
    for (uint32_t i = 0; i < x->length; i++) {
        uint64_t carry = 0;
        for (uint32_t j = 0; j < y->length; j++) {
            carry += (uint64_t)x->limbs[i] * y->limbs[j] + z->limbs[i + j];
            z->limbs[i + j] = (uint32_t)carry;
            carry >>= 32;
        }
        z->limbs[i + y->length] = (uint32_t)carry;
    }
    return bignum_normal(z, x->sign * y->sign);
}

int bignum_compare(big x, big y)
{
    if (x->sign != y->sign)
        return x->sign < y->sign ? -1 : 1;
    return x->sign * compare_magnitudes(x, y);
}

/* ---- division ----------------------------------------------------------------------------------------------------- */

/* q = x / d, returns the remainder; q may be x. */
static uint32_t divide_limb(uint32_t *q, const uint32_t *x, uint32_t n, uint32_t d)
{
    uint64_t rest = 0;
    for (uint32_t i = n; i-- > 0;) {
        rest = rest << 32 | x[i];
        q[i] = (uint32_t)(rest / d);
        rest %= d;
    }
    return (uint32_t)rest;
}

uint32_t bignum_divide_limb(struct bignum *x, uint32_t d)
{
    uint32_t rest = divide_limb(x->limbs, x->limbs, x->length, d);
    bignum_normal(x, x->sign);
    return rest;
}

/* One digit of the quotient: u[0..n] -= q * v[0..n), where q is first guessed from the top limbs and then corrected. */
static uint32_t quotient_digit(uint32_t *u, const uint32_t *v, uint32_t n)
{
    uint64_t top = (uint64_t)u[n] << 32 | u[n - 1];
    uint64_t q = top / v[n - 1], r = top % v[n - 1];
    while (q >> 32 || q * v[n - 2] > (r << 32 | u[n - 2])) {
        q--;
        r += v[n - 1];
        if (r >> 32)
            break;
    }
    uint64_t carry = 0, borrow = 0;
    for (uint32_t i = 0; i < n; i++) {
        carry += q * v[i];
        uint64_t d = (uint64_t)u[i] - (uint32_t)carry - borrow;
        u[i] = (uint32_t)d;
        borrow = d >> 63;
        carry >>= 32;
    }
    uint64_t d = (uint64_t)u[n] - carry - borrow;
    u[n] = (uint32_t)d;
    if (!(d >> 63))
        return (uint32_t)q;
    carry = 0; /* one too many: add v back */
    for (uint32_t i = 0; i < n; i++) {
        carry += (uint64_t)u[i] + v[i];
        u[i] = (uint32_t)carry;
        carry >>= 32;
    }
    u[n] += (uint32_t)carry;
    return (uint32_t)q - 1;
}

/* Algorithm D: y has at least two limbs, and |x| >= |y|. Both are shifted so that y's top bit is set. */
static void divide_long(struct arena *a, big x, big y, struct bignum *q, struct bignum **r)
{
    unsigned shift = (unsigned)__builtin_clz(y->limbs[y->length - 1]);
    big v = bignum_shift_left(a, y->sign < 0 ? bignum_negate(a, y) : y, shift);
    struct bignum *u = bignum_new(a, (size_t)x->length + 1);
    for (uint32_t i = 0; i < x->length; i++) {
        uint64_t wide = (uint64_t)x->limbs[i] << shift;
        u->limbs[i] |= (uint32_t)wide;
        u->limbs[i + 1] = (uint32_t)(wide >> 32);
    }
    for (uint32_t j = x->length - y->length + 1; j-- > 0;)
        q->limbs[j] = quotient_digit(u->limbs + j, v->limbs, v->length);
    for (uint32_t i = 0; i + 1 < u->length; i++)
        u->limbs[i] = (uint32_t)(((uint64_t)u->limbs[i + 1] << 32 | u->limbs[i]) >> shift);
    u->limbs[u->length - 1] >>= shift;
    *r = u;
}

void bignum_divide(struct arena *a, big x, big y, big *quotient, big *remainder)
{
    int sign = x->sign * y->sign;
    struct bignum *q, *r;
    if (compare_magnitudes(x, y) < 0) {
        if (quotient)
            *quotient = bignum_int64(a, 0);
        if (remainder)
            *remainder = x;
        return;
    }
    q = bignum_new(a, (size_t)x->length - y->length + 1);
    if (y->length == 1) {
        r = bignum_new(a, 1);
        q->length = x->length;
        r->limbs[0] = divide_limb(q->limbs, x->limbs, x->length, y->limbs[0]);
    } else {
        divide_long(a, x, y, q, &r);
    }
    if (quotient)
        *quotient = bignum_normal(q, sign);
    if (remainder)
        *remainder = bignum_normal(r, x->sign);
}

big bignum_gcd(struct arena *a, big x, big y)
{
    while (y->sign) {
        big rest;
        bignum_divide(a, x, y, NULL, &rest);
        x = y;
        y = rest;
    }
    return with_sign(a, x, x->sign ? 1 : 0);
}

big bignum_power(struct arena *a, uint32_t base, uint32_t exponent)
{
    big result = bignum_uint64(a, 1), square = bignum_uint64(a, base);
    for (;;) {
        if (exponent & 1)
            result = bignum_mul(a, result, square);
        exponent >>= 1;
        if (!exponent)
            return result;
        square = bignum_mul(a, square, square);
    }
}
