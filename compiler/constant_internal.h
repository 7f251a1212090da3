/*
 * constant_internal: what the files of constant share — making values from their parts.
 */
#ifndef GOMEM_COMPILER_CONSTANT_INTERNAL_H
#define GOMEM_COMPILER_CONSTANT_INTERNAL_H

#include "bigfloat.h"
#include "constant.h"
#include "rational.h"

enum {
    /* Fractions with longer numerators or denominators become 512-bit floats. */
    CONSTANT_RATIO_BITS = 4096,
};

/*
 * The bytes of strings. A string that ends where its buffer's used part ends can be continued in place, so a chain of
 * concatenations copies each byte a bounded number of times. Bytes below `used` never change.
 */
struct constant_buffer {
    char *bytes;
    size_t used;
    size_t capacity;
};

const struct constant *constant_from_big(struct arena *a, big x);
const struct constant *constant_from_ratio(struct arena *a, rat x);   /* a float, exact while it is short */
const struct constant *constant_exactly(struct arena *a, rat x);      /* a float, exact in any case */
const struct constant *constant_from_approx(struct arena *a, bigf x); /* unknown for NULL */

/* Of a CONSTANT_INT or _FLOAT. */
bigf constant_approximate(struct arena *a, const struct constant *x);
rat constant_fraction(struct arena *a, const struct constant *x); /* not of a 512-bit float */

const struct constant *constant_concat(struct arena *a, const struct constant *x, const struct constant *y);

#endif
