// Tests of append, boxes and strings on the real heap: capacities, blocks and contents as Go 1.26 has them. Maps are in map_test.c.
#include <stdio.h>

#include "test_support.h"

// ---- append ----

static const gomem_type int64_type = {.size = 8, .align = 8, .flags = GOMEM_REGULAR, .kind = GOMEM_INT64};
static const gomem_type byte_type = {.size = 1, .align = 1, .flags = GOMEM_REGULAR, .kind = GOMEM_UINT8};
static const gomem_type int32_type = {.size = 4, .align = 4, .flags = GOMEM_REGULAR, .kind = GOMEM_INT32};
static const gomem_type triple_type = {.size = 24, .align = 8, .kind = GOMEM_ARRAY};
static const gomem_type five_type = {.size = 5, .align = 1, .kind = GOMEM_ARRAY};
static const gomem_type nothing_type = {.size = 0, .align = 1, .kind = GOMEM_STRUCT};

// steps appends element by element and compares the capacities.
static bool steps(const gomem_type *elem, const int *want, size_t n)
{
    gomem_slice s = {0};
    for (size_t i = 0; i < n; i++) {
        s.len = s.cap;
        s = slice_grow(&g0.head, elem, s, s.cap + 1);
        if (s.cap != want[i]) {
            printf("# capacity %ld instead of %d\n", (long)s.cap, want[i]);
            return false;
        }
    }
    return true;
}
#define STEPS(elem, ...) steps(elem, (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

static void test_capacities(void)
{
    check(STEPS(&int64_type, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 848, 1280, 1792, 2560, 3408, 5120), "int64");
    check(STEPS(&byte_type, 8, 16, 32, 64, 128, 256, 512, 896, 1408, 2048, 3072, 4096, 5376), "byte");
    check(STEPS(&int32_type, 2, 4, 8, 16, 32, 64, 128, 256, 512, 864, 1344, 2048, 3072), "int32");
    check(STEPS(&triple_type, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 853, 1365, 2048), "[3]int64");
    check(STEPS(&five_type, 1, 3, 6, 12, 25, 51, 102, 204, 409, 819, 1228, 1894, 2713), "[5]byte");
    if (sizeof(void *) == 8) {
        check(STEPS(&value_pointer, 1, 2, 4, 8, 16, 32, 64, 143, 287, 607, 1023, 1535, 2303, 3071), "pointers");
        check(STEPS(&string_type, 1, 2, 4, 8, 16, 32, 71, 143, 303, 591, 1023, 1535, 2560), "strings");
    } else {
        check(STEPS(&value_pointer, 2, 4, 8, 16, 32, 70, 142, 286, 574, 1022, 1534, 2366, 3390), "pointers");
        check(STEPS(&string_type, 1, 2, 4, 8, 16, 35, 71, 143, 287, 607, 1023, 1535, 2303), "strings");
    }
}

static void test_many_at_once(void)
{
    static const int want[][3] = {{0, 3, 3},     {0, 5, 6},        {1, 2, 3},        {2, 4, 6},
                                  {4, 4, 8},     {4, 5, 10},       {10, 10, 20},     {10, 11, 22},
                                  {255, 1, 512}, {256, 1, 512},    {256, 256, 512},  {256, 257, 608},
                                  {300, 1, 608}, {400, 400, 1184}, {512, 500, 1280}, {512, 513, 1184}};
    bool good = true;
    for (size_t i = 0; i < COUNTOF(want); i++) {
        gomem_slice s = {heap_new_array(&g0.head, &int64_type, want[i][0]), want[i][0], want[i][0]};
        s = slice_grow(&g0.head, &int64_type, s, want[i][0] + want[i][1]);
        good &= s.cap == want[i][2] && s.len == want[i][0] + want[i][1];
    }
    check(good, "an append of many takes what it needs, rounded up");
    uint64_t before = blocks();
    gomem_slice none = slice_grow(&g0.head, &nothing_type, (gomem_slice){0}, 5);
    check(none.len == 5 && none.cap == 5 && none.ptr && blocks() == before, "elements without size cost nothing");
}

static void grow_to_the_end(void)
{
    slice_grow(&g0.head, &int64_type, (gomem_slice){0}, INTPTR_MAX / 4);
}

static void test_growth_contents(void)
{
    bool good = true;
    for (int round = 0; round < 50; round++) {
        uint8_t *dirty = heap_alloc(&p0, 896, NULL, false, 896);
        memset(dirty, 0xAB, 896);
        gomem_slice s = {heap_alloc(&p0, 800, NULL, false, 800), 800, 800};
        for (int i = 0; i < 800; i++)
            ((uint8_t *)s.ptr)[i] = (uint8_t)i;
        gomem_slice grown = slice_grow(&g0.head, &byte_type, s, 801);
        for (int i = 0; i < grown.cap; i++)
            good &= ((uint8_t *)grown.ptr)[i] == (i < 800 ? (uint8_t)i : 0);
        good &= grown.ptr != s.ptr && ((uint8_t *)s.ptr)[7] == 7;
    }
    check(good, "growth copies the old elements, zeroes the rest, leaves the old array");
    check(dies("growslice: len out of range", grow_to_the_end), "an impossible length");
}

// ---- boxes ----

static uint64_t box_cost(const gomem_type *type, const void *value)
{
    uint64_t before = blocks();
    void *box = value_box(&g0.head, type, value);
    if (type->size && memcmp(box, value, type->size))
        return 100;
    return blocks() - before;
}

static bool boxed_integers(uint8_t size)
{
    gomem_type t = {.size = size, .align = size > sizeof(void *) ? sizeof(void *) : size, .kind = GOMEM_UINT64};
    static const int64_t values[] = {0, 1, 127, 128, 255, 256, 257, 30000, -1, -128, -256};
    bool good = true;
    for (size_t i = 0; i < COUNTOF(values); i++)
        good &= box_cost(&t, &values[i]) == (size == 1 || (uint64_t)values[i] < 256 ? 0 : 1);
    return good;
}

static void test_boxes(void)
{
    check(boxed_integers(1), "every value of one byte is free");
    check(boxed_integers(2) && boxed_integers(4) && boxed_integers(8), "integers below 256 are free");
    gomem_type halves = {.size = 4, .align = 2, .kind = GOMEM_STRUCT};
    gomem_type pair = {.size = 8, .align = 4, .kind = GOMEM_STRUCT};
    uint64_t zero[2] = {0};
    check(box_cost(&halves, zero) == 1, "two int16 cost a block");
    check(box_cost(&pair, zero) == (sizeof(void *) == 8 ? 1 : 0),
          "two int32 cost a block where uint64 is aligned to 8");
    check(box_cost(&triple_type, (uint64_t[3]){0}) == 1, "three words cost a block");
    check(box_cost(&nothing_type, zero) == 0, "a value without size is free");
    gomem_string empty = {(const uint8_t *)"x", 0}, one = {(const uint8_t *)"x", 1};
    check(value_box(&g0.head, &string_type, &empty) && box_cost(&string_type, &one) == 1, "strings");
    uint64_t before = blocks();
    value_box(&g0.head, &string_type, &empty);
    check(blocks() == before, "the empty string is free");
    gomem_slice nil = {0}, not_nil = {zero, 0, 0};
    check(box_cost(&slice_type, &nil) == 0 && box_cost(&slice_type, &not_nil) == 1, "the nil slice is free");
}

// ---- strings ----

static gomem_string text(const char *s)
{
    return (gomem_string){(const uint8_t *)s, (intptr_t)strlen(s)};
}

static bool same(gomem_string s, const char *want)
{
    return s.len == (intptr_t)strlen(want) && !memcmp(s.ptr, want, (size_t)s.len);
}

static void test_concat(void)
{
    const gomem_strings_group *t = &ref_strings_group;
    uint8_t buf[GOMEM_TMP];
    gomem_string parts[5] = {text(""), text("span"), text(""), text("arena"), text("")};
    uint64_t before = blocks();
    gomem_string s = t->concat(&g0.head, NULL, parts, 5);
    check(same(s, "spanarena") && blocks() == before + 1, "a concatenation is one block");
    s = t->concat(&g0.head, buf, parts, 5);
    check(same(s, "spanarena") && s.ptr == buf && blocks() == before + 1, "or none in a buffer");
    s = t->concat(&g0.head, NULL, parts, 3);
    check(s.ptr == parts[1].ptr && blocks() == before + 1, "a single operand is shared");
    char frame[] = "frame";
    g0.head.sp = frame;
    g0.head.stack_base = frame + sizeof frame;
    parts[1].ptr = (const uint8_t *)frame;
    s = t->concat(&g0.head, NULL, parts, 3);
    check(s.ptr != parts[1].ptr && blocks() == before + 2, "but not if its bytes are in a frame");
    s = t->concat(&g0.head, buf, parts, 3);
    check(s.ptr == parts[1].ptr, "unless the result is not to outlive it");
    g0.head.sp = g0.head.stack_base = NULL;
    check(t->concat(&g0.head, NULL, parts, 1).len == 0 && blocks() == before + 2, "nothing joined is free");
}

static void test_bytes(void)
{
    const gomem_strings_group *t = &ref_strings_group;
    uint8_t buf[GOMEM_TMP];
    memset(buf, 0xAB, sizeof buf);
    uint64_t before = blocks();
    gomem_slice b = t->to_bytes(&g0.head, buf, text("cap"));
    check(b.ptr == buf && b.len == 3 && b.cap == GOMEM_TMP && !buf[3] && !buf[31],
          "bytes in a buffer have its capacity");
    b = t->to_bytes(&g0.head, NULL, text(""));
    check(b.ptr && !b.len && !b.cap && blocks() == before, "no bytes are not nil and free");
    b = t->to_bytes(&g0.head, NULL, text("0123456789012345678901234567890123456789"));
    check(b.len == 40 && b.cap == 48 && !((uint8_t *)b.ptr)[47] && blocks() == before + 1, "40 bytes have capacity 48");
    gomem_string s = t->from_bytes(&g0.head, NULL, (const uint8_t *)"\xC8", 1);
    check(s.len == 1 && s.ptr[0] == 0xC8 && blocks() == before + 1, "one byte is free");
    s = t->from_bytes(&g0.head, NULL, b.ptr, 40);
    ((uint8_t *)b.ptr)[0] = '#';
    check(s.ptr[0] == '0' && blocks() == before + 2, "40 bytes are copied");
    s = t->from_bytes(&g0.head, buf, b.ptr, 32);
    check(s.ptr == buf && blocks() == before + 2, "32 bytes fit the buffer");
}

static void test_runes(void)
{
    const gomem_strings_group *t = &ref_strings_group;
    gomem_slice r = t->to_runes(&g0.head, text("a\xC3\xA9\xE4\xB8\x96\xF0\x9F\x98\x80\xFF\xC0\x80\xED\xA0\x80"));
    static const int32_t want[] = {'a', 0xE9, 0x4E16, 0x1F600, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD};
    check(r.len == 10 && r.cap == 12 && !memcmp(r.ptr, want, sizeof want), "runes, also of what is ill-formed");
    gomem_string s = t->from_runes(&g0.head, NULL, (const int32_t[]){'a', 0x4E16, -1, 0xD800, 0x110000}, 5);
    check(same(s, "a\xE4\xB8\x96\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"), "and back");
    uint64_t before = blocks();
    check(t->from_runes(&g0.head, NULL, NULL, 0).len == 0 && blocks() == before + 1,
          "no runes cost a block all the same");
    static const struct {
        int64_t rune;
        const char *want;
    } runes[] = {{'a', "a"},
                 {0x7FF, "\xDF\xBF"},
                 {0x800, "\xE0\xA0\x80"},
                 {0xFFFF, "\xEF\xBF\xBF"},
                 {0x10000, "\xF0\x90\x80\x80"},
                 {0x10FFFF, "\xF4\x8F\xBF\xBF"},
                 {((int64_t)1 << 40) + 'a', "\xEF\xBF\xBD"},
                 {0xDFFF, "\xEF\xBF\xBD"}};
    bool good = true;
    for (size_t i = 0; i < COUNTOF(runes); i++)
        good &= same(t->from_rune(&g0.head, NULL, runes[i].rune), runes[i].want);
    check(good, "one rune");
    check(t->to_runes(&g0.head, text("")).ptr != NULL, "no runes are not nil");
}

int main(void)
{
    begin();
    test_capacities();
    test_many_at_once();
    test_growth_contents();
    test_boxes();
    test_concat();
    test_bytes();
    test_runes();
    return end();
}
