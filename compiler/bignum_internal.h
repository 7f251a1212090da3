/*
 * bignum_internal: what the files of bignum share. Only here are bignums still under construction.
 */
#ifndef GOMEM_COMPILER_BIGNUM_INTERNAL_H
#define GOMEM_COMPILER_BIGNUM_INTERNAL_H

#include "bignum.h"

/* A number of `length` zero limbs, to be filled and then given to bignum_normal. */
struct bignum *bignum_new(struct arena *a, size_t length);

/* Drops leading zero limbs and sets the sign (0 if nothing is left); returns x. */
big bignum_normal(struct bignum *x, int sign);

/* Divides x's magnitude in place and returns the remainder. */
uint32_t bignum_divide_limb(struct bignum *x, uint32_t d);

#endif
