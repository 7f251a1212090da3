/*
 * arena: bump allocation for everything a compilation makes.
 *
 * Source text, names, tree, types, constants and printed C all live exactly as long as the compilation that made
 * them, so nothing is freed one by one: an arena is a list of chunks, an allocation moves a pointer, and arena_free
 * returns all chunks at once. A second arena can hold what one phase needs and no longer.
 *
 * Running out of memory (or over `limit`) is not an error code that two hundred callers would have to pass on: the
 * arena calls `fatal` with the facts, and `fatal` must not return. The default prints one line and ends the process
 * with status 3; an embedder that wants to survive installs its own and leaves through it.
 *
 * Memory is always zeroed, so a freshly made node has every slot NULL, zero or false.
 * An arena belongs to one thread.
 */
#ifndef GOMEM_COMPILER_ARENA_H
#define GOMEM_COMPILER_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena_chunk;

typedef void arena_fatal_fn(void *context, const char *message);

/*
 * Invariants: next <= end; [next, end) is unused, zeroed memory of the newest chunk;
 * used = sum of all chunk sizes; limit == 0 || used <= limit.
 */
struct arena {
    char *next;
    char *end;
    struct arena_chunk *chunks; /* newest first */
    size_t used;                /* bytes obtained from malloc */
    size_t limit;               /* 0: none */
    arena_fatal_fn *fatal;      /* never returns */
    void *fatal_context;
};

void arena_init(struct arena *a);
void arena_free(struct arena *a);

/* Reports through a->fatal; does not return. */
_Noreturn void arena_fail(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

void *arena_alloc_slow(struct arena *a, size_t size);

/* `size` zeroed bytes, aligned for any type; never NULL. */
static inline void *arena_alloc(struct arena *a, size_t size)
{
    size_t rounded = (size + 15) & ~(size_t)15;
    if (rounded < size || rounded > (size_t)(a->end - a->next))
        return arena_alloc_slow(a, size);
    void *p = a->next;
    a->next += rounded;
    return p;
}

/* An array of n elements of `size` bytes; fails instead of overflowing. NULL when n is 0. */
void *arena_array(struct arena *a, size_t n, size_t size);

/* Makes room for at least `need` elements in a growing array, doubling; returns where the elements now are. */
void *arena_grow(struct arena *a, void *old, size_t size, size_t need, size_t *capacity);

/* A copy of n bytes with a NUL behind them. */
char *arena_strndup(struct arena *a, const char *text, size_t n);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

#define ARENA_NEW(a, T)      ((T *)arena_alloc((a), sizeof(T)))
#define ARENA_ARRAY(a, T, n) ((T *)arena_array((a), (n), sizeof(T)))

#endif
