// Append beyond the capacity. The new capacity doubles below 256 elements; from there a step adds a quarter and 192, so that the
// factor falls smoothly to 1.25. It is then rounded up to what the block that serves it holds anyway (heap_round). If that many steps
// of doubling do not reach the length, the length itself is the capacity before rounding.
#include "internal.h"

static intptr_t next_capacity(intptr_t need, intptr_t old)
{
    enum { THRESHOLD = 256 };
    uintptr_t twice = (uintptr_t)old * 2, capacity = (uintptr_t)old;
    if ((uintptr_t)need > twice)
        return need;
    if (old < THRESHOLD || FAULT(append_doubles))
        return (intptr_t)twice;
    while (capacity < (uintptr_t)need)
        capacity += (capacity + 3 * THRESHOLD) >> 2;
    return capacity > INTPTR_MAX ? need : (intptr_t)capacity;
}

gomem_slice slice_grow(gomem_g *g, const gomem_type *elem, gomem_slice old, intptr_t need)
{
    uintptr_t bytes, size = elem->size;
    if (need < 0)
        panic_text(g, "growslice: len out of range");
    if (!size)
        return (gomem_slice){heap_alloc(p_of(g), 0, NULL, false, 0), need, need};
    intptr_t capacity = next_capacity(need, old.cap);
    if (!heap_array_size(elem, capacity, &bytes))
        panic_text(g, "growslice: len out of range");
    capacity = (intptr_t)(heap_round(bytes, !elem->ptrdata) / size);
    bytes = (uintptr_t)capacity * size;
    uintptr_t kept = (uintptr_t)old.len * size;
    if (kept)
        race_read(old.ptr, kept);
    char *p = heap_alloc(p_of(g), bytes, elem->ptrdata ? elem : NULL, elem->ptrdata != 0, (uintptr_t)capacity);
    if (!elem->ptrdata)
        memset(p + kept, 0, bytes - kept);
    if (kept && elem->ptrdata && gc_marking()) // the old array may be unmarked, and its pointers nowhere else
        gc_copy(g, elem, p, old.ptr, old.len);
    else if (kept)
        memcpy(p, old.ptr, kept);
    if (FAULT(append_moves) && kept && !elem->ptrdata)
        memset(old.ptr, 0, kept);
    return (gomem_slice){p, need, capacity};
}
