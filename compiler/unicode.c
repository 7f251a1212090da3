/*
 * unicode: see unicode.h.
 *
 * The decoder reads the length of a sequence off its first byte, then checks that the other bytes continue it and that
 * the value needs that many bytes.
 */
#include "unicode.h"

#include "unicode_tables.h"

static bool continues(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

static unsigned sequence_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first < 0xE0)
        return 2;
    if (first >= 0xE0 && first < 0xF0)
        return 3;
    if (first >= 0xF0 && first < 0xF5)
        return 4;
    return 0;
}

uint32_t utf8_decode(const char *bytes, size_t n, unsigned *width)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)bytes[0];
    unsigned length = sequence_length(first);

    *width = 1;
    if (length == 1)
        return first;
    if (length == 0 || length > n)
        return UNICODE_ERROR;
    uint32_t rune = first & (0x7Fu >> length);
    for (unsigned i = 1; i < length; i++) {
        if (!continues(bytes[i]))
            return UNICODE_ERROR;
        rune = rune << 6 | ((unsigned char)bytes[i] & 0x3F);
    }
    if (rune < smallest[length] || rune > UNICODE_MAX || unicode_is_surrogate(rune))
        return UNICODE_ERROR;
    *width = length;
    return rune;
}

unsigned utf8_encode(char out[UTF8_MAX], uint32_t rune)
{
    if (rune > UNICODE_MAX || unicode_is_surrogate(rune))
        rune = UNICODE_ERROR;
    if (rune < 0x80) {
        out[0] = (char)rune;
        return 1;
    }
    if (rune < 0x800) {
        out[0] = (char)(0xC0 | rune >> 6);
        out[1] = (char)(0x80 | (rune & 0x3F));
        return 2;
    }
    if (rune < 0x10000) {
        out[0] = (char)(0xE0 | rune >> 12);
        out[1] = (char)(0x80 | (rune >> 6 & 0x3F));
        out[2] = (char)(0x80 | (rune & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | rune >> 18);
    out[1] = (char)(0x80 | (rune >> 12 & 0x3F));
    out[2] = (char)(0x80 | (rune >> 6 & 0x3F));
    out[3] = (char)(0x80 | (rune & 0x3F));
    return 4;
}

static bool in_ranges(const struct unicode_range *ranges, unsigned count, uint32_t rune)
{
    unsigned low = 0, high = count;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (rune > ranges[middle].high)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && rune >= ranges[low].low;
}

bool unicode_is_letter(uint32_t rune)
{
    if (rune < 0x80)
        return (rune | 0x20) >= 'a' && (rune | 0x20) <= 'z';
    return in_ranges(unicode_letters, unicode_letters_count, rune);
}

bool unicode_is_digit(uint32_t rune)
{
    if (rune < 0x80)
        return rune >= '0' && rune <= '9';
    return in_ranges(unicode_digits, unicode_digits_count, rune);
}

bool unicode_is_upper(uint32_t rune)
{
    if (rune < 0x80)
        return rune >= 'A' && rune <= 'Z';
    return in_ranges(unicode_uppers, unicode_uppers_count, rune);
}

bool unicode_is_printable(uint32_t rune)
{
    if (rune < 0x80)
        return rune >= ' ' && rune < 0x7F;
    return in_ranges(unicode_printables, unicode_printables_count, rune);
}
