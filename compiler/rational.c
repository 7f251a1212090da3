/*
 * rational: see rational.h. Every result is reduced, so numbers stay as short as they can and equality is equality of
 * parts.
 */
#include "rational.h"

#include <string.h>

static bool is_one(big x)
{
    return x->sign == 1 && x->length == 1 && x->limbs[0] == 1;
}

static rat pair(struct arena *a, big numerator, big denominator)
{
    struct rational *r = ARENA_NEW(a, struct rational);
    r->numerator = numerator;
    r->denominator = denominator;
    return r;
}

rat rational_make(struct arena *a, big numerator, big denominator)
{
    if (denominator->sign < 0) {
        numerator = bignum_negate(a, numerator);
        denominator = bignum_negate(a, denominator);
    }
    if (is_one(denominator))
        return pair(a, numerator, denominator);
    big common = bignum_gcd(a, numerator, denominator);
    if (!is_one(common)) {
        bignum_divide(a, numerator, common, &numerator, NULL);
        bignum_divide(a, denominator, common, &denominator, NULL);
    }
    return pair(a, numerator, denominator);
}

rat rational_from_big(struct arena *a, big x)
{
    return pair(a, x, bignum_int64(a, 1));
}

rat rational_from_double(struct arena *a, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint64_t fraction = bits & (((uint64_t)1 << 52) - 1);
    int exponent = (int)(bits >> 52 & 0x7FF);
    big m = bignum_uint64(a, exponent ? fraction | (uint64_t)1 << 52 : fraction), one = bignum_int64(a, 1);
    exponent = (exponent ? exponent : 1) - 1075;
    if (bits >> 63)
        m = bignum_negate(a, m);
    if (exponent >= 0)
        return pair(a, bignum_shift_left(a, m, (size_t)exponent), one);
    return rational_make(a, m, bignum_shift_left(a, one, (size_t)-exponent));
}

rat rational_negate(struct arena *a, rat x)
{
    return pair(a, bignum_negate(a, x->numerator), x->denominator);
}

rat rational_add(struct arena *a, rat x, rat y)
{
    return rational_make(
        a, bignum_add(a, bignum_mul(a, x->numerator, y->denominator), bignum_mul(a, y->numerator, x->denominator)),
        bignum_mul(a, x->denominator, y->denominator));
}

rat rational_sub(struct arena *a, rat x, rat y)
{
    return rational_add(a, x, rational_negate(a, y));
}

rat rational_mul(struct arena *a, rat x, rat y)
{
    return rational_make(a, bignum_mul(a, x->numerator, y->numerator), bignum_mul(a, x->denominator, y->denominator));
}

rat rational_div(struct arena *a, rat x, rat y)
{
    return rational_make(a, bignum_mul(a, x->numerator, y->denominator), bignum_mul(a, x->denominator, y->numerator));
}

int rational_compare(struct arena *a, rat x, rat y)
{
    return bignum_compare(bignum_mul(a, x->numerator, y->denominator), bignum_mul(a, y->numerator, x->denominator));
}

bool rational_is_integer(rat x)
{
    return is_one(x->denominator);
}
