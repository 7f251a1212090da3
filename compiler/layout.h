/*
 * layout: sizes, alignment, offsets and pointers of types, as the Go toolchain lays them out.
 *
 * Rules (gc, all ports): a basic value is aligned to its size, at most to the target's max_align (4 on 32-bit ports, so int64 is
 * 4-aligned there); complex numbers as their parts; pointers, maps, channels and functions are a word, strings and interfaces
 * two, slices three. An array is aligned as its element, a struct as its strictest field (at least 1), with fields in source
 * order at the next aligned offset and the size rounded up. A struct that ends with a field of size zero but has a size itself
 * gets one byte more before rounding, so the field's address does not belong to a neighbour. sync/atomic's 64-bit types
 * carry a marker, a field of type align64 of sync/atomic or internal/runtime/atomic, that makes a struct 8-aligned everywhere.
 *
 * The pointer bitmap has a bit per word up to the last word that holds a pointer (`pointer_words`). Of an interface only the
 * second word counts: the first points to a descriptor, which no collector follows.
 */
#ifndef GOMEM_COMPILER_LAYOUT_H
#define GOMEM_COMPILER_LAYOUT_H

#include "types.h"

/* Invariants: align is a power of two; size % align == 0 || overflow; pointer_words * word <= size. */
struct type_layout {
    int64_t size; /* -1: too large for the target */
    int64_t align;
    int64_t pointer_words;  /* words from the start to the last pointer, inclusive; 0: holds no pointers */
    const int64_t *offsets; /* of a struct's fields */
};

/* For the target of t; the type has no type parameters and no errors. */
const struct type_layout *layout_of(struct types *t, struct type *type);
const struct type_layout *layout_for(struct types *t, const struct layout_target *target, struct type *type);

/* Sets bit (base + i) of the bitmap for each word i of the type that holds a pointer. */
void layout_pointers(struct types *t, struct type *type, uint8_t *bitmap, int64_t base);

/* The alignment that a field of that type asks for: sync/atomic's marker does more than the type itself. */
int64_t layout_field_align(struct types *t, struct type *type);

/* Is the size unknown until type parameters are? */
bool layout_varies(struct types *t, struct type *type);

#endif
