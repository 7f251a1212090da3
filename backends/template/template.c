// The smallest backend that loads: an allocator and nothing else. Copy it, build it out of tree, and let it grow.
//
//     cc -std=c11 -shared -fPIC -I/path/to/gomem/spec -o libmine.so template.c
//     gomem check --backend ./libmine.so                  what an allocator alone can hold; the rest is skipped by name
//     gomem check --backend ./libmine.so+portable         the missing groups come from gomem's plain ones
//
// Read spec/gomem.h first: this file is its section 2 made real. Three things are needed: operations, a group that
// lists them, and the entry. What this allocator promises is what Go promises of a block: it is zero, aligned for
// its type, overlaps no other block, never moves, and lives while it is reachable (here: for ever, which is legal Go).
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gomem.h"

// ---- operations ----

enum { CHUNK = 1 << 20, ALIGN = 16 };

// Goroutines may allocate at the same time, so each thread bumps through a chunk of its own.
static _Thread_local char *next, *end;
static char zero_size; // every value without bytes lives here

static void *allocate(uintptr_t size)
{
    if (size == 0)
        return &zero_size;
    size = (size + ALIGN - 1) & ~(uintptr_t)(ALIGN - 1);
    if (size > CHUNK / 4) {
        void *large = calloc(1, size);
        if (large)
            return large;
        fprintf(stderr, "fatal error: runtime: out of memory\n"); // a death as spec/gomem.h 8 wants it
        exit(2);
    }
    if (size > (uintptr_t)(end - next)) {
        next = calloc(1, CHUNK);
        end = next ? next + CHUNK : NULL;
        if (!next)
            return allocate(CHUNK); // says so and ends
    }
    void *block = next;
    next += size;
    return block;
}

static void *new_object(gomem_g *g, const gomem_type *type)
{
    (void)g; // who allocates does not matter here
    return allocate(type->size);
}

static void *new_array(gomem_g *g, const gomem_type *elem, intptr_t n)
{
    (void)g;
    uintptr_t bytes;
    if (n < 0 || __builtin_mul_overflow((uintptr_t)n, elem->size, &bytes) || bytes > PTRDIFF_MAX) {
        fprintf(stderr, "fatal error: makeslice: len out of range\n"); // with the group panics this would be one
        exit(2);
    }
    return allocate(bytes);
}

static gomem_slice grow_slice(gomem_g *g, const gomem_type *elem, gomem_slice old, intptr_t need)
{
    intptr_t cap = old.cap;
    while (cap < need)
        cap = cap < 4 ? 4 : cap > INTPTR_MAX / 2 ? need : cap * 2;
    gomem_slice grown = {new_array(g, elem, cap), need, cap};
    if (old.len)
        memcpy(grown.ptr, old.ptr, (uintptr_t)old.len * elem->size);
    return grown;
}

// ---- the group and the entry ----

// new_bytes and box are left NULL: compiled code then uses new_array and new_object.
static const gomem_heap_group heap = {
    .size = sizeof heap,
    .new_object = new_object,
    .new_array = new_array,
    .grow_slice = grow_slice,
};

// The next groups to add, in the order in which most backends meet them: barrier and collector (a collector needs
// the frames, section 4), panics and stack, sched and chans, locks, time, maps and strings.
static const gomem_backend_table table = {
    .contract = GOMEM_CONTRACT,
    .size = sizeof table,
    .name = "template",
    .release = "1.26",
    .gc_profile = false, // where it differs from the standard toolchain is told, and is no failure
    .capabilities = "",  // no exact counters, no collection, no growing stacks: see cases/README.md
    .heap = &heap,
};

const gomem_backend_table *gomem_backend(uint32_t contract, const char *options)
{
    if (contract != GOMEM_CONTRACT)
        return NULL;
    if (*options) {
        fprintf(stderr, "template: unknown options '%s'; it has none\n", options);
        return NULL;
    }
    return &table;
}
