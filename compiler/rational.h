/*
 * rational: exact fractions.
 */
#ifndef GOMEM_COMPILER_RATIONAL_H
#define GOMEM_COMPILER_RATIONAL_H

#include "bignum.h"

/* Invariants: denominator > 0; the two have no common factor. */
struct rational {
    big numerator; /* carries the sign */
    big denominator;
};

typedef const struct rational *rat;

rat rational_make(struct arena *a, big numerator, big denominator); /* denominator is not 0 */
rat rational_from_big(struct arena *a, big x);
rat rational_from_double(struct arena *a, double x); /* x is finite */

rat rational_negate(struct arena *a, rat x);
rat rational_add(struct arena *a, rat x, rat y);
rat rational_sub(struct arena *a, rat x, rat y);
rat rational_mul(struct arena *a, rat x, rat y);
rat rational_div(struct arena *a, rat x, rat y); /* y is not 0 */
int rational_compare(struct arena *a, rat x, rat y);
bool rational_is_integer(rat x);

#endif
