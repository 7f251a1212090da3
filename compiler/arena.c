/*
 * arena: see arena.h.
 *
 * Chunks double from 64 KiB up to 4 MiB, so that small compilations stay small and large ones make few calls of malloc.
 * An allocation larger than a quarter of a chunk gets a chunk of its own and leaves the current one in use. Under the address
 * sanitizer each one does, so that it sees accesses outside of them.
 */
#include "arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __has_feature
#define SEPARATE __has_feature(address_sanitizer)
#elif defined __SANITIZE_ADDRESS__
#define SEPARATE 1
#else
#define SEPARATE 0
#endif

enum {
    CHUNK_MIN = 64 << 10,
    CHUNK_MAX = 4 << 20,
};

/* The payload begins 16-aligned behind the header. */
struct arena_chunk {
    _Alignas(16) struct arena_chunk *next;
    size_t size; /* of the payload */
};

static void default_fatal(void *context, const char *message)
{
    (void)context;
    fprintf(stderr, "gomem: %s\n", message);
    exit(3);
}

void arena_init(struct arena *a)
{
    *a = (struct arena){.fatal = default_fatal};
}

void arena_free(struct arena *a)
{
    struct arena_chunk *next;
    for (struct arena_chunk *c = a->chunks; c; c = next) {
        next = c->next;
        free(c);
    }
    a->next = a->end = NULL;
    a->chunks = NULL;
    a->used = 0;
}

void arena_fail(struct arena *a, const char *format, ...)
{
    char message[256];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    a->fatal(a->fatal_context, message);
    abort(); /* the hook broke its contract */
}

static struct arena_chunk *new_chunk(struct arena *a, size_t size)
{
    if (a->limit && (size > a->limit || a->used > a->limit - size))
        arena_fail(a, "out of memory: the compilation exceeds its limit of %zu bytes", a->limit);
    struct arena_chunk *c = size > SIZE_MAX - sizeof *c ? NULL : calloc(1, sizeof *c + size);
    if (!c)
        arena_fail(a, "out of memory: cannot allocate %zu bytes after %zu", size, a->used);
    c->size = size;
    c->next = a->chunks;
    a->chunks = c;
    a->used += size;
    return c;
}

static size_t next_chunk_size(const struct arena *a)
{
    size_t size = a->chunks ? a->chunks->size * 2 : CHUNK_MIN;
    if (size < CHUNK_MIN)
        size = CHUNK_MIN;
    return size > CHUNK_MAX ? CHUNK_MAX : size;
}

void *arena_alloc_slow(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        arena_fail(a, "out of memory: cannot allocate %zu bytes", size);
    if (SEPARATE)
        return new_chunk(a, size) + 1;
    size = (size + 15) & ~(size_t)15;
    size_t chunk_size = next_chunk_size(a);
    if (size > chunk_size / 4)
        return new_chunk(a, size) + 1;
    char *payload = (char *)(new_chunk(a, chunk_size) + 1);
    a->next = payload + size;
    a->end = payload + chunk_size;
    return payload;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    if (n == 0)
        return NULL;
    if (size > SIZE_MAX / n)
        arena_fail(a, "out of memory: cannot allocate %zu elements of %zu bytes", n, size);
    return arena_alloc(a, n * size);
}

void *arena_grow(struct arena *a, void *old, size_t size, size_t need, size_t *capacity)
{
    if (need <= *capacity)
        return old;
    size_t grown = *capacity ? *capacity : 8;
    while (grown < need)
        grown = grown > SIZE_MAX / 2 ? need : grown * 2;
    void *p = arena_array(a, grown, size);
    if (old)
        memcpy(p, old, *capacity * size);
    *capacity = grown;
    return p;
}

char *arena_strndup(struct arena *a, const char *text, size_t n)
{
    if (n == SIZE_MAX)
        arena_fail(a, "out of memory: cannot allocate %zu bytes", n);
    char *copy = arena_alloc(a, n + 1);
    if (n)
        memcpy(copy, text, n);
    return copy;
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n < 0)
        arena_fail(a, "cannot format a message");
    char *out = arena_alloc(a, (size_t)n + 1);
    vsnprintf(out, (size_t)n + 1, format, again);
    va_end(again);
    return out;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *out = arena_vprintf(a, format, args);
    va_end(args);
    return out;
}
