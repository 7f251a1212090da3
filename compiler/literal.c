/*
 * literal: see literal.h.
 *
 * An escape is never shorter than what it stands for, so a buffer of the literal's length always suffices. Raw strings
 * lose their carriage returns.
 */
#include "literal.h"

#include <string.h>

#include "unicode.h"

static unsigned hex_value(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a') + 10;
}

static uint32_t digits(const char **p, unsigned n, unsigned base)
{
    uint32_t value = 0;
    while (n-- > 0)
        value = value * base + hex_value(*(*p)++);
    return value;
}

/* The value of the escape behind a backslash; *is_byte when it stands for one byte and not for a code point. */
static uint32_t escape(const char **p, bool *is_byte)
{
    static const char letters[] = "abtnvfr";
    char c = *(*p)++;
    *is_byte = c == 'x' || (c >= '0' && c <= '7');
    if (c == 'x')
        return digits(p, 2, 16);
    if (c == 'u')
        return digits(p, 4, 16);
    if (c == 'U')
        return digits(p, 8, 16);
    if (*is_byte) {
        (*p)--;
        return digits(p, 3, 8);
    }
    const char *letter = strchr(letters, c);
    return letter ? (uint32_t)(7 + (letter - letters)) : (unsigned char)c;
}

static size_t raw_string(char *out, const char *text, size_t length)
{
    size_t n = 0;
    for (size_t i = 1; i + 1 < length; i++)
        if (text[i] != '\r')
            out[n++] = text[i];
    return n;
}

static size_t interpreted_string(char *out, const char *text, size_t length)
{
    size_t n = 0;
    for (const char *p = text + 1, *end = text + length - 1; p < end;) {
        if (*p != '\\') {
            out[n++] = *p++;
            continue;
        }
        bool is_byte;
        p++;
        uint32_t value = escape(&p, &is_byte);
        if (is_byte)
            out[n++] = (char)value;
        else
            n += utf8_encode(out + n, value);
    }
    return n;
}

const char *literal_string(struct arena *a, const char *text, size_t length, size_t *value_length)
{
    char *out = arena_alloc(a, length);
    size_t n = text[0] == '`' ? raw_string(out, text, length) : interpreted_string(out, text, length);
    out[n] = 0;
    *value_length = n;
    return out;
}

uint32_t literal_rune(const char *text, size_t length)
{
    unsigned width;
    bool is_byte;
    const char *p = text + 2;
    return text[1] == '\\' ? escape(&p, &is_byte) : utf8_decode(text + 1, length - 2, &width);
}
