// Strings: concatenation and conversions. A result takes one block, or none where it fits the caller's buffer, has no bytes, is one byte
// (a fixed table), or is an operand as it stands. Blocks of bytes and runes are as large as their size class.
#include "internal.h"
#include "utf8.h"

static uint8_t *new_bytes(gomem_g *g, intptr_t n)
{
    return heap_alloc(p_of(g), (uintptr_t)n, NULL, false, (uintptr_t)n);
}

// place is where n bytes of a string go.
static uint8_t *place(gomem_g *g, uint8_t *buf, intptr_t n)
{
    return buf && n <= GOMEM_TMP ? buf : new_bytes(g, n);
}

// copy_tail_zeroed fills size bytes with n of from and zeroes.
static void copy_tail_zeroed(uint8_t *to, uintptr_t size, const void *from, uintptr_t n)
{
    if (n)
        memcpy(to, from, n);
    memset(to + n, 0, size - n);
}

// ---- concatenation ----

struct sum {
    intptr_t bytes, used, last; // operands with bytes, and the last of them
};

static struct sum sum_of(gomem_g *g, const gomem_string *operands, intptr_t n)
{
    struct sum s = {0};
    for (intptr_t i = 0; i < n; i++) {
        if (!operands[i].len)
            continue;
        if (__builtin_add_overflow(s.bytes, operands[i].len, &s.bytes))
            fatal(g_of(g), "string concatenation too long");
        s.used++;
        s.last = i;
    }
    return s;
}

static gomem_string concat(gomem_g *g, uint8_t *buf, const gomem_string *operands, intptr_t n)
{
    struct sum s = sum_of(g, operands, n);
    if (!s.used)
        return (gomem_string){0};
    // One operand is the result, unless its bytes are in a frame that the result may outlive.
    if (s.used == 1 && !FAULT(concat_copies_one) && (buf || !on_own_stack(g, operands[s.last].ptr)))
        return operands[s.last];
    uint8_t *p = place(g, buf, s.bytes), *at = p;
    for (intptr_t i = 0; i < n; at += operands[i++].len)
        if (operands[i].len)
            memcpy(at, operands[i].ptr, (uintptr_t)operands[i].len);
    return (gomem_string){p, s.bytes};
}

// ---- bytes ----

static gomem_slice to_bytes(gomem_g *g, uint8_t *buf, gomem_string s)
{
    uintptr_t n = (uintptr_t)s.len, size = n ? heap_round(n, true) : 0;
    if (buf && n <= GOMEM_TMP)
        size = GOMEM_TMP;
    else
        buf = new_bytes(g, (intptr_t)size);
    copy_tail_zeroed(buf, size, s.ptr, n);
    return (gomem_slice){buf, s.len, (intptr_t)size};
}

static gomem_string from_bytes(gomem_g *g, uint8_t *buf, const uint8_t *from, intptr_t n)
{
    if (!n)
        return (gomem_string){0};
    race_read(from, (uintptr_t)n);
    if (n == 1)
        return (gomem_string){(const uint8_t *)&value_small[*from], 1};
    uint8_t *p = FAULT(from_bytes_shares) ? (uint8_t *)(uintptr_t)from : place(g, buf, n);
    memmove(p, from, (uintptr_t)n);
    return (gomem_string){p, n};
}

// ---- runes ----

static intptr_t count_runes(gomem_string s)
{
    intptr_t n = 0;
    int32_t rune;
    for (intptr_t i = 0; i < s.len; n++)
        i += utf8_decode(s.ptr + i, s.len - i, &rune);
    return n;
}

static gomem_slice to_runes(gomem_g *g, gomem_string s)
{
    uintptr_t n = (uintptr_t)count_runes(s), bytes;
    if (!heap_array_size(&value_rune, (intptr_t)n, &bytes))
        fatal(g_of(g), "out of memory");
    uintptr_t size = n ? heap_round(bytes, true) : 0;
    int32_t *runes = heap_alloc(p_of(g), size, NULL, false, size / sizeof *runes);
    intptr_t at = 0;
    for (uintptr_t i = 0; i < n; i++)
        at += utf8_decode(s.ptr + at, s.len - at, &runes[i]);
    memset(runes + n, 0, size - bytes);
    return (gomem_slice){runes, (intptr_t)n, (intptr_t)(size / sizeof *runes)};
}

// The block has room for a rune that is written before its length is known.
static gomem_string from_runes(gomem_g *g, uint8_t *buf, const int32_t *runes, intptr_t n)
{
    uint8_t scratch[RUNE_BYTES];
    intptr_t total = 0;
    if (n)
        race_read(runes, (uintptr_t)n * sizeof *runes);
    for (intptr_t i = 0; i < n; i++)
        total += utf8_encode(scratch, runes[i]);
    uint8_t *p = place(g, buf, total + RUNE_BYTES - 1), *at = p;
    for (intptr_t i = 0; i < n; i++)
        at += utf8_encode(at, runes[i]);
    return (gomem_string){p, total};
}

static gomem_string from_rune(gomem_g *g, uint8_t *buf, int64_t rune)
{
    uint8_t *p = place(g, buf, RUNE_BYTES);
    return (gomem_string){p, utf8_encode(p, rune)};
}

const gomem_strings_group ref_strings_group = {.size = sizeof ref_strings_group,
                                               .concat = concat,
                                               .to_bytes = to_bytes,
                                               .from_bytes = from_bytes,
                                               .to_runes = to_runes,
                                               .from_runes = from_runes,
                                               .from_rune = from_rune};
