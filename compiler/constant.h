/*
 * constant: exact values of constant expressions.
 *
 * Values. A constant is a bool, a string, an integer of any size, a float, or a complex number, or CONSTANT_UNKNOWN when an
 * operation had no result (an overflow already reported, say); operations on unknown values give unknown values, so
 * one mistake is reported once. Constants are immutable and live in an arena; they may share parts.
 *
 * Precision. Integers are exact (bignum.h). Floats are exact fractions while numerator and denominator stay below 4096
 * bits and become 512-bit binary floats, rounded to nearest even, beyond (bigfloat.h), with 32-bit exponents. These are the
 * toolchain's own limits, so results agree to the last bit; the language asks for 256 bits.
 * That untyped integers longer than 512 bits are an error is the checker's to say: constant_bit_length tells.
 *
 * Kinds follow values: an operation on two constants first converts both to the larger kind (int < float < complex), and
 * constant_to_int, _to_float, _to_complex convert where the value allows, else give unknown. The type of an expression
 * is the checker's; 1.0 is a CONSTANT_FLOAT whose constant_to_int is the integer 1.
 *
 * Types. constant_represent is the one question "is this value representable as that basic type", with rounding.
 *
 * Integer division is asked for by constant_binary's `integer`: a checker that divides two constants of integer type
 * (also untyped ones: 5/2 is 2, 'a'/2 is 48) sets it, as both kinds being CONSTANT_INT does not say that (5.0/2.0).
 */
#ifndef GOMEM_COMPILER_CONSTANT_H
#define GOMEM_COMPILER_CONSTANT_H

#include "arena.h"
#include "basic.h"
#include "text.h"
#include "token.h"

enum constant_kind {
    CONSTANT_UNKNOWN,
    CONSTANT_BOOL,
    CONSTANT_STRING,
    CONSTANT_INT,
    CONSTANT_FLOAT,
    CONSTANT_COMPLEX,
};

enum {
    /* The checker rejects untyped integer constants longer than this. */
    CONSTANT_MAX_BITS = 512,
    /* … and constant shifts by more than this. */
    CONSTANT_MAX_SHIFT = 1023 - 1 + 52,
    /* … and numeric literals with more characters than this. */
    CONSTANT_MAX_LITERAL = 10000,
};

struct bignum;
struct rational;
struct bigfloat;
struct constant_buffer;

struct constant {
    uint8_t kind; /* enum constant_kind */
    bool exact;   /* CONSTANT_FLOAT: `ratio` counts, else `approx` */
    union {
        bool boolean;
        struct {
            const char *bytes; /* not NUL-terminated, and may hold NULs */
            size_t length;
            struct constant_buffer *buffer; /* where they are; lets x + y + z … grow in place */
        } string;
        const struct bignum *integer;
        const struct rational *ratio;
        const struct bigfloat *approx;
        struct {
            const struct constant *re; /* each CONSTANT_INT or CONSTANT_FLOAT */
            const struct constant *im;
        } complex;
    };
};

/* ---- making ----------------------------------------------------------------------------------------------------- */

const struct constant *constant_unknown(void);
const struct constant *constant_bool(bool value);
const struct constant *constant_string(struct arena *a, const char *bytes, size_t length);
const struct constant *constant_int(struct arena *a, int64_t value);
/* Unknown for infinities and NaN; -0 becomes 0. */
const struct constant *constant_float(struct arena *a, double value);
/* re + im·i; both must be int or float (else unknown). */
const struct constant *constant_complex(struct arena *a, const struct constant *re, const struct constant *im);

/* The value of a literal the lexer accepted (its text as in the source); unknown when it has none. */
const struct constant *constant_literal(struct arena *a, enum literal_kind kind, const char *text, size_t length);

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static inline bool constant_known(const struct constant *x)
{
    return x->kind != CONSTANT_UNKNOWN;
}

static inline bool constant_is_numeric(const struct constant *x)
{
    return x->kind >= CONSTANT_INT;
}

/* Of a CONSTANT_INT: true when it fits; *value is the low 64 bits in two's complement in any case. */
bool constant_as_int64(const struct constant *x, int64_t *value);
bool constant_as_uint64(const struct constant *x, uint64_t *value);

/* Nearest float of a CONSTANT_INT or _FLOAT, ties to even; ±infinity when too large. */
double constant_as_float64(const struct constant *x);
float constant_as_float32(const struct constant *x);

/* Bits of the magnitude of a CONSTANT_INT; 0 for 0 and for unknown. */
size_t constant_bit_length(const struct constant *x);
/* -1, 0, 1; of a complex, 0 only when both parts are; 1 for unknown (no follow-up division by zero). */
int constant_sign(const struct constant *x);
/* Parts of a numeric constant; unknown stays unknown. */
const struct constant *constant_real(struct arena *a, const struct constant *x);
const struct constant *constant_imag(struct arena *a, const struct constant *x);

/* ---- converting ------------------------------------------------------------------------------------------------- */

/* The same value as another kind, or unknown when it has none there (1.5 as an int, 1i as a float). */
const struct constant *constant_to_int(struct arena *a, const struct constant *x);
const struct constant *constant_to_float(struct arena *a, const struct constant *x);
const struct constant *constant_to_complex(struct arena *a, const struct constant *x);

enum constant_fit {
    CONSTANT_FITS,
    CONSTANT_TRUNCATED, /* a fraction or an imaginary part would be lost */
    CONSTANT_OVERFLOWS,
    CONSTANT_MISMATCH, /* a string as an int … */
};

/*
 * Is x representable as `kind`? word_size (4 or 8) decides int, uint and uintptr. When it fits and rounded is not NULL,
 * *rounded is the value the variable would hold: an int for integer kinds, rounded to float32 or float64 (so that
 * follow-up arithmetic is what Go's is) for floats. Unknown always fits, as itself.
 */
enum constant_fit constant_represent(struct arena *a, const struct constant *x, enum basic_kind kind,
                                     unsigned word_size, const struct constant **rounded);

/* string(x) for an integer: the UTF-8 of the code point, U+FFFD's when it is none. */
const struct constant *constant_rune_string(struct arena *a, const struct constant *x);

/* ---- operating -------------------------------------------------------------------------------------------------- */

/*
 * + - ! ^. For ^ of an unsigned type unsigned_bits is the type's width (the result is then in range); else 0.
 * Unknown when the operand's kind has no such operation.
 */
const struct constant *constant_unary(struct arena *a, enum op op, const struct constant *x, unsigned unsigned_bits);

/*
 * + - * / % & | ^ &^ && ||. `integer`: / truncates (see above). The caller has excluded division by zero; dividing by
 * zero anyway gives unknown. Not for comparisons and shifts.
 */
const struct constant *constant_binary(struct arena *a, enum op op, const struct constant *x, const struct constant *y,
                                       bool integer);

/* << and >> of a CONSTANT_INT (or of a float that is one); >> rounds towards minus infinity. */
const struct constant *constant_shift(struct arena *a, enum op op, const struct constant *x, unsigned count);

/* == != < <= > >=; false when either is unknown. Booleans and complex numbers know only == and !=. */
bool constant_compare(struct arena *a, enum op op, const struct constant *x, const struct constant *y);

/* ---- printing --------------------------------------------------------------------------------------------------- */

/* As messages show it: integers in full, floats with six digits, strings quoted and cut after 72 characters. */
void constant_print(struct text *out, const struct constant *x);
/* In full: fractions as a/b, 512-bit floats as 0x.…p±n. */
void constant_print_exact(struct text *out, const struct constant *x);
const char *constant_text(struct arena *a, const struct constant *x);

#endif
