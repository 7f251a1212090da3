// utf8.h: runes to and from UTF-8, as Go does: what is ill-formed gives U+FFFD and takes one byte; what is no code point is
// written as U+FFFD.
#ifndef REF_VALUE_UTF8_H
#define REF_VALUE_UTF8_H

#include <stdint.h>

enum { RUNE_ERROR = 0xFFFD, RUNE_MAX = 0x10FFFF, RUNE_BYTES = 4 };

// What may follow a lead byte: how many bytes in all, and the range of the second (it excludes overlong forms and surrogates).
static inline intptr_t utf8_length(uint8_t lead, uint8_t *low, uint8_t *high)
{
    *low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
}

// utf8_decode reads one rune of n > 0 bytes and returns how many it took.
static inline intptr_t utf8_decode(const uint8_t *p, intptr_t n, int32_t *rune)
{
    uint8_t low, high;
    if (p[0] < 0x80) {
        *rune = p[0];
        return 1;
    }
    intptr_t length = utf8_length(p[0], &low, &high);
    *rune = RUNE_ERROR;
    if (length == 0 || length > n || p[1] < low || p[1] > high)
        return 1;
    uint32_t r = p[0] & (0xFFu >> (length + 1));
    for (intptr_t i = 1; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 1;
        r = r << 6 | (p[i] & 0x3Fu);
    }
    *rune = (int32_t)r;
    return length;
}

// utf8_encode writes at most RUNE_BYTES bytes and returns how many.
static inline intptr_t utf8_encode(uint8_t *to, int64_t rune)
{
    static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    uint32_t r = rune < 0 || rune > RUNE_MAX || (rune >= 0xD800 && rune < 0xE000) ? RUNE_ERROR : (uint32_t)rune;
    intptr_t length = r < 0x80 ? 1 : r < 0x800 ? 2 : r < 0x10000 ? 3 : 4;
    for (intptr_t i = length - 1; i > 0; i--, r >>= 6)
        to[i] = (uint8_t)(0x80 | (r & 0x3F));
    to[0] = (uint8_t)(lead[length] | r);
    return length;
}

#endif
