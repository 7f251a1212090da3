// Strings: concatenation, and conversions between strings, bytes and runes.
#include <string.h>

#include "portable.h"

static const gomem_type byte_type = {
    .size = 1, .align = 1, .field_align = 1, .kind = GOMEM_UINT8, .flags = GOMEM_REGULAR};
static const gomem_type rune_type = {
    .size = 4, .align = 4, .field_align = 4, .kind = GOMEM_INT32, .flags = GOMEM_REGULAR};

static uint8_t *place(gomem_g *g, uint8_t *buf, intptr_t n)
{
    return buf && n <= GOMEM_TMP ? buf : whole->heap->new_array(g, &byte_type, n);
}

// A string in g's frames must not outlive them.
static bool is_in_frame(const gomem_g *g, gomem_string s)
{
    return (const char *)s.ptr >= g->sp && (const char *)s.ptr < g->stack_base;
}

static gomem_string concat(gomem_g *g, uint8_t *buf, const gomem_string *operands, intptr_t n)
{
    intptr_t total = 0, used = 0, last = 0;
    for (intptr_t i = 0; i < n; i++) {
        if (!operands[i].len)
            continue;
        if (__builtin_add_overflow(total, operands[i].len, &total))
            whole->panics->fatal(g, "string concatenation too long");
        used++;
        last = i;
    }
    if (!used)
        return (gomem_string){0};
    if (used == 1 && !buf && !is_in_frame(g, operands[last]))
        return operands[last];
    uint8_t *p = place(g, buf, total), *at = p;
    for (intptr_t i = 0; i < n; i++) {
        if (operands[i].len)
            memcpy(at, operands[i].ptr, (size_t)operands[i].len);
        at += operands[i].len;
    }
    return (gomem_string){p, total};
}

static gomem_slice to_bytes(gomem_g *g, uint8_t *buf, gomem_string s)
{
    uint8_t *p = place(g, buf, s.len);
    if (s.len)
        memcpy(p, s.ptr, (size_t)s.len);
    return (gomem_slice){p, s.len, p == buf ? GOMEM_TMP : s.len};
}

static gomem_string from_bytes(gomem_g *g, uint8_t *buf, const uint8_t *from, intptr_t n)
{
    if (!n)
        return (gomem_string){0};
    uint8_t *p = place(g, buf, n);
    memcpy(p, from, (size_t)n);
    return (gomem_string){p, n};
}

// decode reads one rune; what is ill-formed gives U+FFFD and one byte.
static intptr_t decode(const uint8_t *p, intptr_t n, int32_t *rune)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    intptr_t len = p[0] < 0x80 ? 1 : p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;
    *rune = len == 1 ? p[0] : 0xFFFD;
    if (len <= 1 || len > n)
        return 1;
    uint32_t r = p[0] & (0xFFu >> (len + 1));
    for (intptr_t i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 1;
        r = r << 6 | (p[i] & 0x3Fu);
    }
    if (r < least[len] || r > 0x10FFFF || (r >= 0xD800 && r < 0xE000))
        return 1;
    *rune = (int32_t)r;
    return len;
}

static intptr_t encode(uint8_t *to, int64_t rune)
{
    static const uint8_t marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    uint32_t r = rune < 0 || rune > 0x10FFFF || (rune >= 0xD800 && rune < 0xE000) ? 0xFFFD : (uint32_t)rune;
    intptr_t len = r < 0x80 ? 1 : r < 0x800 ? 2 : r < 0x10000 ? 3 : 4;
    for (intptr_t i = len - 1; i > 0; i--, r >>= 6)
        to[i] = (uint8_t)(0x80 | (r & 0x3F));
    to[0] = (uint8_t)(marks[len] | r);
    return len;
}

static gomem_slice to_runes(gomem_g *g, gomem_string s)
{
    intptr_t n = 0;
    int32_t r;
    for (intptr_t i = 0; i < s.len; n++)
        i += decode(s.ptr + i, s.len - i, &r);
    int32_t *runes = whole->heap->new_array(g, &rune_type, n);
    n = 0;
    for (intptr_t i = 0; i < s.len; n++)
        i += decode(s.ptr + i, s.len - i, &runes[n]);
    return (gomem_slice){runes, n, n};
}

static gomem_string from_runes(gomem_g *g, uint8_t *buf, const int32_t *runes, intptr_t n)
{
    uint8_t scratch[4];
    intptr_t total = 0;
    for (intptr_t i = 0; i < n; i++)
        total += encode(scratch, runes[i]);
    uint8_t *p = place(g, buf, total), *at = p;
    for (intptr_t i = 0; i < n; i++)
        at += encode(at, runes[i]);
    return (gomem_string){p, total};
}

static gomem_string from_rune(gomem_g *g, uint8_t *buf, int64_t rune)
{
    uint8_t scratch[4];
    intptr_t n = encode(scratch, rune);
    uint8_t *p = place(g, buf, n);
    memcpy(p, scratch, (size_t)n);
    return (gomem_string){p, n};
}

const gomem_strings_group portable_strings = {.size = sizeof portable_strings,
                                              .concat = concat,
                                              .to_bytes = to_bytes,
                                              .from_bytes = from_bytes,
                                              .to_runes = to_runes,
                                              .from_runes = from_runes,
                                              .from_rune = from_rune};
