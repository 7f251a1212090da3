/*
 * basic: the predeclared types that constants can have, as data.
 *
 * The checker's type structs refer to these kinds; the constant package needs them to say what fits where. The order is
 * Go's own, and ranges of it are meaningful: BASIC_INT … BASIC_INT64 are signed, BASIC_UINT … BASIC_UINTPTR unsigned,
 * BASIC_UNTYPED_BOOL and later untyped; among untyped numeric kinds the larger wins (int < rune < float < complex).
 */
#ifndef GOMEM_COMPILER_BASIC_H
#define GOMEM_COMPILER_BASIC_H

#include <stdbool.h>
#include <stdint.h>

enum basic_kind {
    BASIC_INVALID,
    BASIC_BOOL,
    BASIC_INT,
    BASIC_INT8,
    BASIC_INT16,
    BASIC_INT32,
    BASIC_INT64,
    BASIC_UINT,
    BASIC_UINT8,
    BASIC_UINT16,
    BASIC_UINT32,
    BASIC_UINT64,
    BASIC_UINTPTR,
    BASIC_FLOAT32,
    BASIC_FLOAT64,
    BASIC_COMPLEX64,
    BASIC_COMPLEX128,
    BASIC_STRING,
    BASIC_UNSAFE_POINTER,
    BASIC_UNTYPED_BOOL,
    BASIC_UNTYPED_INT,
    BASIC_UNTYPED_RUNE,
    BASIC_UNTYPED_FLOAT,
    BASIC_UNTYPED_COMPLEX,
    BASIC_UNTYPED_STRING,
    BASIC_UNTYPED_NIL,
    BASIC_COUNT,
};

enum basic_flags {
    BASIC_IS_BOOLEAN = 1,
    BASIC_IS_INTEGER = 2,
    BASIC_IS_UNSIGNED = 4,
    BASIC_IS_FLOAT = 8,
    BASIC_IS_COMPLEX = 16,
    BASIC_IS_STRING = 32,
    BASIC_IS_UNTYPED = 64,

    BASIC_IS_NUMERIC = BASIC_IS_INTEGER | BASIC_IS_FLOAT | BASIC_IS_COMPLEX,
    BASIC_IS_ORDERED = BASIC_IS_INTEGER | BASIC_IS_FLOAT | BASIC_IS_STRING,
    BASIC_IS_CONSTANT = BASIC_IS_BOOLEAN | BASIC_IS_NUMERIC | BASIC_IS_STRING,
};

struct basic_info {
    const char *name; /* "int", "untyped float" */
    uint8_t flags;    /* enum basic_flags */
    uint8_t size;     /* bytes; 0: one word (BASIC_STRING: two), or none for untyped kinds */
    uint8_t fallback; /* enum basic_kind an untyped kind becomes by default; itself for typed ones */
};

/* Immutable; indexed by enum basic_kind. */
extern const struct basic_info basic_table[BASIC_COUNT];

static inline bool basic_is(enum basic_kind kind, unsigned flags)
{
    return (basic_table[kind].flags & flags) != 0;
}

/* Bits of a value of an integer, float or complex kind; word_size is 4 or 8 bytes. */
unsigned basic_bits(enum basic_kind kind, unsigned word_size);

#endif
