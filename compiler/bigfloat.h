/*
 * bigfloat: binary floating-point numbers of many bits, and exact rounding to those of the machine.
 *
 * A value is mantissa × 2^exponent with an integer mantissa, kept odd so that equal values have equal parts. Operations
 * round to nearest, ties to even, at a precision the caller names (512 bits for constants). The magnitude is less than
 * 2^limit for limit = 2^31 - 1; what is larger has no result (NULL, an infinity in effect), what is smaller than
 * 2^-(2^31) is 0.
 *
 * The machine's floats are made from an exact integer, a power of two and a "sticky" bit that says whether something
 * non-zero was cut off below; that is all correct rounding needs, subnormal results included.
 */
#ifndef GOMEM_COMPILER_BIGFLOAT_H
#define GOMEM_COMPILER_BIGFLOAT_H

#include "bignum.h"

enum { BIGFLOAT_PRECISION = 512 };

/* Invariant: mantissa is odd, or 0 with exponent 0. */
struct bigfloat {
    big mantissa; /* carries the sign */
    int64_t exponent;
};

typedef const struct bigfloat *bigf;

/* mantissa × 2^exponent, rounded; sticky: the true magnitude is a little larger. NULL when too large. */
bigf bigfloat_round(struct arena *a, big mantissa, int64_t exponent, bool sticky, unsigned precision);

bigf bigfloat_from_big(struct arena *a, big x);
bigf bigfloat_from_ratio(struct arena *a, big numerator, big denominator);
bigf bigfloat_negate(struct arena *a, bigf x);

/* Each may be NULL when the result is too large. divide: y is not 0. */
bigf bigfloat_add(struct arena *a, bigf x, bigf y);
bigf bigfloat_multiply(struct arena *a, bigf x, bigf y, unsigned precision);
bigf bigfloat_divide(struct arena *a, bigf x, bigf y, unsigned precision);
/* 5^n at that precision; n is not negative. NULL when too large. */
bigf bigfloat_power5(struct arena *a, int64_t n, unsigned precision);

int bigfloat_compare(struct arena *a, bigf x, bigf y);
/* e such that 2^(e-1) <= |x| < 2^e; 0 for 0. */
int64_t bigfloat_top(bigf x);
/* The integer that x is, or nearly is: when rounding away the last four bits makes one. NULL otherwise. */
big bigfloat_as_big(struct arena *a, bigf x);

/* mantissa × 2^exponent (sticky as above) as a machine float; ±infinity when too large. */
double bigfloat_to_double(struct arena *a, big mantissa, int64_t exponent, bool sticky);
float bigfloat_to_float(struct arena *a, big mantissa, int64_t exponent, bool sticky);

/* The integer part of numerator × 2^*exponent / denominator with at least `bits` bits; *sticky: there is a rest. */
big bigfloat_quotient(struct arena *a, big numerator, big denominator, size_t bits, int64_t *exponent, bool *sticky);

#endif
