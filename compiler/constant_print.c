/*
 * constant_print: constants as text; see constant.h.
 *
 * Floats are shown as %.6g of the nearest double while there is one; a value that is no integer but would look like one
 * gets as many digits as it takes. Beyond the doubles' range the decimal exponent is estimated from the binary one
 * and the value divided by that power of ten.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "constant_internal.h"
#include "unicode.h"

enum { SHOWN_CHARACTERS = 72 };

static void print_string(struct text *out, const struct constant *x)
{
    struct text quoted;
    text_init(&quoted, out->arena);
    text_quote(&quoted, x->string.bytes, x->string.length);
    size_t count = 0, cut = 0;
    for (size_t i = 0; i < quoted.length; count++) {
        unsigned width;
        if (count == SHOWN_CHARACTERS - 3)
            cut = i;
        utf8_decode(quoted.data + i, quoted.length - i, &width);
        i += width;
    }
    text_append(out, quoted.data, count > SHOWN_CHARACTERS ? cut : quoted.length);
    if (count > SHOWN_CHARACTERS)
        text_puts(out, "...");
}

/* The shortest digits that read back as x, in Go's %g form. */
static void print_shortest(struct text *out, double x)
{
    char buffer[64];
    int digits = 1;
    do
        snprintf(buffer, sizeof buffer, "%.*e", digits - 1, x);
    while (strtod(buffer, NULL) != x && ++digits <= 17);
    int exponent = atoi(strchr(buffer, 'e') + 1);
    int decimals = digits - 1 - exponent;
    if (exponent < -4 || exponent >= 6)
        text_puts(out, buffer);
    else
        text_printf(out, "%.*f", decimals > 0 ? decimals : 0, x);
}

/* As far as 512 bits can tell. */
static bool is_integer(struct arena *a, const struct constant *x)
{
    return constant_approximate(a, x)->exponent >= 0;
}

/* x / 10^e as a double; x is beyond the doubles' range. */
static double scaled(struct arena *a, bigf x, int64_t e)
{
    bigf power = bigfloat_power5(a, e < 0 ? -e : e, BIGFLOAT_PRECISION);
    if (!power)
        return 0;
    bigf y =
        e < 0 ? bigfloat_multiply(a, x, power, BIGFLOAT_PRECISION) : bigfloat_divide(a, x, power, BIGFLOAT_PRECISION);
    return y ? bigfloat_to_double(a, y->mantissa, y->exponent - e, false) : 0;
}

static double size_of(double x)
{
    return x < 0 ? -x : x;
}

static void print_beyond_double(struct text *out, const struct constant *x)
{
    const double log10_of_2 = 0.30102999566398119521;
    bigf f = constant_approximate(out->arena, x);
    int64_t e = (int64_t)((double)bigfloat_top(f) * log10_of_2);
    double m = scaled(out->arena, f, e);
    if (size_of(m) < 1 - 0.5e-6) {
        m *= 10;
        e--;
    } else if (size_of(m) >= 10) {
        m /= 10;
        e++;
    }
    text_printf(out, "%.6ge%+lld", m, (long long)e);
}

static void print_float(struct text *out, const struct constant *x)
{
    char buffer[64];
    double value = constant_as_float64(x);
    bool underflow = value == 0 && constant_sign(x) != 0;
    bool overflow = value - value != 0; /* infinite */
    if (underflow || overflow) {
        print_beyond_double(out, x);
        return;
    }
    snprintf(buffer, sizeof buffer, "%.6g", value);
    if (is_integer(out->arena, x) || strchr(buffer, '.'))
        text_puts(out, buffer);
    else
        print_shortest(out, value);
}

void constant_print(struct text *out, const struct constant *x)
{
    switch ((enum constant_kind)x->kind) {
    case CONSTANT_UNKNOWN:
        text_puts(out, "unknown");
        break;
    case CONSTANT_BOOL:
        text_puts(out, x->boolean ? "true" : "false");
        break;
    case CONSTANT_STRING:
        print_string(out, x);
        break;
    case CONSTANT_INT:
        bignum_print(out, x->integer);
        break;
    case CONSTANT_FLOAT:
        print_float(out, x);
        break;
    case CONSTANT_COMPLEX:
        text_putc(out, '(');
        constant_print(out, x->complex.re);
        text_puts(out, " + ");
        constant_print(out, x->complex.im);
        text_puts(out, "i)");
        break;
    }
}

/* 0x.…p±n: the mantissa's bits behind the point, as many digits as are not zero. */
static void print_approx(struct text *out, bigf f)
{
    if (!f->mantissa->sign) {
        text_putc(out, '0');
        return;
    }
    size_t length = bignum_bit_length(f->mantissa), pad = (4 - length % 4) % 4;
    struct text digits;
    text_init(&digits, out->arena);
    big size = f->mantissa->sign < 0 ? bignum_negate(out->arena, f->mantissa) : f->mantissa;
    bignum_print_hex(&digits, bignum_shift_left(out->arena, size, pad));
    text_printf(out, "%s0x.%sp%+lld", f->mantissa->sign < 0 ? "-" : "", digits.data + 2, (long long)bigfloat_top(f));
}

void constant_print_exact(struct text *out, const struct constant *x)
{
    switch (x->kind) {
    case CONSTANT_STRING:
        text_quote(out, x->string.bytes, x->string.length);
        break;
    case CONSTANT_FLOAT:
        if (!x->exact) {
            print_approx(out, x->approx);
            break;
        }
        bignum_print(out, x->ratio->numerator);
        if (!rational_is_integer(x->ratio)) {
            text_putc(out, '/');
            bignum_print(out, x->ratio->denominator);
        }
        break;
    case CONSTANT_COMPLEX:
        text_putc(out, '(');
        constant_print_exact(out, x->complex.re);
        text_puts(out, " + ");
        constant_print_exact(out, x->complex.im);
        text_puts(out, "i)");
        break;
    default:
        constant_print(out, x);
        break;
    }
}

const char *constant_text(struct arena *a, const struct constant *x)
{
    struct text out;
    text_init(&out, a);
    constant_print(&out, x);
    return text_string(&out);
}
