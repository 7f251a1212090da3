/*
 * unicode: UTF-8, and what Go's lexical grammar asks about a code point.
 *
 * Decoding follows Go: an invalid byte is U+FFFD of width 1; overlong forms, surrogates and values above U+10FFFF are
 * invalid. Categories are found by binary search in tables of ranges (unicode_tables.c).
 */
#ifndef GOMEM_COMPILER_UNICODE_H
#define GOMEM_COMPILER_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    UNICODE_ERROR = 0xFFFD,
    UNICODE_MAX = 0x10FFFF,
    UNICODE_BOM = 0xFEFF,
    UTF8_MAX = 4,
};

/* Decodes the first code point of n > 0 bytes; *width is 1 … 4. Width 1 with UNICODE_ERROR: invalid encoding. */
uint32_t utf8_decode(const char *bytes, size_t n, unsigned *width);

/* Writes 1 … 4 bytes (UNICODE_ERROR's for what is no code point) and returns how many. */
unsigned utf8_encode(char out[UTF8_MAX], uint32_t rune);

bool unicode_is_letter(uint32_t rune); /* without '_' */
bool unicode_is_digit(uint32_t rune);
bool unicode_is_upper(uint32_t rune);
bool unicode_is_printable(uint32_t rune);

static inline bool unicode_is_surrogate(uint32_t rune)
{
    return rune >= 0xD800 && rune < 0xE000;
}

#endif
