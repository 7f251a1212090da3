/*
 * bignum: integers of any size.
 *
 * Values are immutable and live in an arena. A bignum is a sign and a magnitude, the magnitude an array of 32-bit limbs,
 * least significant first; 32 bits, so that a product of two limbs fits what C has on every target. Arithmetic is the
 * schoolbook kind (constants are short; the longest come from literals of some thousand digits), division is Knuth's
 * algorithm D. Bitwise operations see negative numbers in two's complement with endless ones in front, as Go defines them
 * for constants, and >> rounds towards minus infinity accordingly.
 */
#ifndef GOMEM_COMPILER_BIGNUM_H
#define GOMEM_COMPILER_BIGNUM_H

#include "arena.h"
#include "text.h"

/* Invariants: sign is -1, 0 or 1, and 0 exactly when length is 0; limbs[length - 1] != 0. */
struct bignum {
    int sign;
    uint32_t length;
    uint32_t limbs[];
};

typedef const struct bignum *big;

big bignum_int64(struct arena *a, int64_t value);
big bignum_uint64(struct arena *a, uint64_t value);
/* Digits of base 2 … 16, most significant first, nothing else. */
big bignum_parse(struct arena *a, const char *digits, size_t n, unsigned base);

big bignum_negate(struct arena *a, big x);
big bignum_add(struct arena *a, big x, big y);
big bignum_sub(struct arena *a, big x, big y);
big bignum_mul(struct arena *a, big x, big y);
/* Quotient truncated towards zero, remainder with x's sign; y is not 0. Either result may be NULL. */
void bignum_divide(struct arena *a, big x, big y, big *quotient, big *remainder);
big bignum_gcd(struct arena *a, big x, big y); /* not negative */
big bignum_power(struct arena *a, uint32_t base, uint32_t exponent);

big bignum_and(struct arena *a, big x, big y);
big bignum_or(struct arena *a, big x, big y);
big bignum_xor(struct arena *a, big x, big y);
big bignum_and_not(struct arena *a, big x, big y);
big bignum_not(struct arena *a, big x);
big bignum_shift_left(struct arena *a, big x, size_t count);
big bignum_shift_right(struct arena *a, big x, size_t count);
/* The low `bits` bits of the two's complement form, as a number that is not negative. */
big bignum_low_bits(struct arena *a, big x, size_t bits);

int bignum_compare(big x, big y);
size_t bignum_bit_length(big x);     /* of the magnitude */
size_t bignum_trailing_zeros(big x); /* of the magnitude; 0 for 0 */
bool bignum_bit(big x, size_t i);    /* of the magnitude */
bool bignum_fits_int64(big x);
bool bignum_fits_uint64(big x);
uint64_t bignum_low64(big x); /* two's complement */

void bignum_print(struct text *out, big x);     /* decimal */
void bignum_print_hex(struct text *out, big x); /* -?0x… */

#endif
