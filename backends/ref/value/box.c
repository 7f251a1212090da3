// The data word of an interface that holds a value that is not pointer-shaped: a fresh copy, or for free
//   - a value without size: the one address of such values;
//   - a value of 1, 2, 4 or 8 bytes without pointers, aligned as an unsigned integer of that size is, and below 256 as such: a word of a
//     fixed table (little-endian, so that the word serves each size);
//   - "" and a nil slice: a fixed zero.
#include "internal.h"

#define ROW_8(n) (n), (n) + 1, (n) + 2, (n) + 3, (n) + 4, (n) + 5, (n) + 6, (n) + 7
#define ROW_64(n)                                                                                                  \
    ROW_8(n), ROW_8((n) + 8), ROW_8((n) + 16), ROW_8((n) + 24), ROW_8((n) + 32), ROW_8((n) + 40), ROW_8((n) + 48), \
        ROW_8((n) + 56)
const uint64_t value_small[256] = {ROW_64(0), ROW_64(64), ROW_64(128), ROW_64(192)};
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "a small value begins at the table's word");

static const gomem_slice zero_value; // also a string's

static const void *small_value(const gomem_type *type, const void *value)
{
    uint64_t n = 0;
    switch (type->size) {
    case 1:
        return &value_small[*(const uint8_t *)value];
    case 2:
        if (type->align != _Alignof(uint16_t))
            return NULL;
        memcpy(&n, value, 2);
        break;
    case 4:
        if (type->align != _Alignof(uint32_t))
            return NULL;
        memcpy(&n, value, 4);
        break;
    case 8:
        if (type->align != WORD_BYTES) // that of uint64 in Go: 4 on 32-bit targets
            return NULL;
        memcpy(&n, value, 8);
        break;
    default:
        return NULL;
    }
    return n < COUNTOF(value_small) ? &value_small[n] : NULL;
}

static const void *free_box(const gomem_type *type, const void *value)
{
    if (type->kind == GOMEM_STRING)
        return ((const gomem_string *)value)->len ? NULL : &zero_value;
    if (type->kind == GOMEM_SLICE)
        return ((const gomem_slice *)value)->ptr ? NULL : &zero_value;
    return type->ptrdata ? NULL : small_value(type, value);
}

void *value_box(gomem_g *g, const gomem_type *type, const void *value)
{
    const void *shared = free_box(type, value);
    if (shared && !FAULT(small_boxes_allocate))
        return (void *)(uintptr_t)shared;
    void *p = heap_alloc(p_of(g), type->size, type->ptrdata ? type : NULL, false, 1);
    value_copy(g, type, p, value);
    return p;
}
