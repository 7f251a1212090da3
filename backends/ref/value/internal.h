// value/internal.h: what the files of value/ share: copying typed values, hashing and comparing keys.
#ifndef REF_VALUE_INTERNAL_H
#define REF_VALUE_INTERNAL_H

#include <string.h>

#include "../gc/gc.h"
#include "../heap/heap.h"
#include "../panic/panic.h"
#include "value.h"

enum { WORD_BYTES = sizeof(void *) };

extern const gomem_type value_rune, value_pointer; // elements of the runtime's own arrays
extern const uint64_t value_small[256];            // 0 to 255, for boxes and strings of one byte

// ---- copying: through the barrier while the collector marks, plain otherwise ----

static inline void value_copy(gomem_g *g, const gomem_type *type, void *dst, const void *src)
{
    if (UNLIKELY(gc_marking()) && type->ptrdata)
        gc_copy(g, type, dst, src, 1);
    else if (type->size == 8)
        memcpy(dst, src, 8);
    else
        memcpy(dst, src, type->size);
}

static inline void value_clear(gomem_g *g, const gomem_type *type, void *dst)
{
    if (UNLIKELY(gc_marking()) && type->ptrdata)
        gc_clear(g, type, dst, 1);
    else
        memset(dst, 0, type->size);
}

static inline void value_store(gomem_g *g, void *slot, void *v) // of a pointer
{
    if (UNLIKELY(gc_marking()))
        gc_store(g, slot, v);
    else
        *(void **)slot = v;
}

// on_own_stack tells whether p points into the managed stack of the running goroutine.
static inline bool on_own_stack(gomem_g *g, const void *p)
{
    return (const char *)p >= g->sp && (const char *)p < g->stack_base;
}

// ---- hashing ----
// Keys whose equality is that of their bytes, and strings, are hashed here; the others by the type's hasher, whose result is mixed
// again since the table uses all parts of a hash. mix is one multiplication to twice the width, folded.

static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
    uint64_t x = (a ^ (b << 32 | b >> 32)) * 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 32) * 0xD6E8FEB86659FD93u;
    return x ^ x >> 29;
#endif
}

static inline uintptr_t hash_fold(uint64_t h)
{
    return sizeof(uintptr_t) == 8 ? (uintptr_t)h : (uintptr_t)(h ^ h >> 32);
}

static inline uint64_t hash_word(uint64_t word, uintptr_t seed)
{
    return hash_mix(word ^ seed ^ 0x2545F4914F6CDD1Du, 0x9E3779B97F4A7C15u ^ (uint64_t)seed << 1);
}

// hash_last ends a hash with up to 16 bytes in two words; hash_medium is that of 8 to 16 bytes, as of hash_bytes after hash_word of n.
static inline uint64_t hash_last(uint64_t a, uint64_t b, uint64_t state)
{
    return hash_mix(hash_mix(a ^ state, b ^ 0xE7037ED1A0B428DBu) ^ state, 0x8EBC6AF09C88C6E3u);
}

static inline uint64_t hash_medium(const uint8_t *p, uintptr_t n, uint64_t state)
{
    uint64_t a, b;
    memcpy(&a, p, 8);
    memcpy(&b, p + n - 8, 8);
    return hash_last(a, b, state);
}

uint64_t hash_bytes(const void *p, uintptr_t n, uintptr_t seed);

// Kinds of keys of which nothing is asked of the type; look-ups of each have code of their own, where the kind is a constant.
enum key_kind { KEY_WORD, KEY_HALF, KEY_STRING, KEY_OTHER };

static inline bool is_word(const gomem_type *key) // as nearly all integers and pointers
{
    return key->size == 8 && (key->flags & GOMEM_REGULAR);
}

static inline enum key_kind key_kind(const gomem_type *key)
{
    if (is_word(key))
        return KEY_WORD;
    if (key->kind == GOMEM_STRING)
        return KEY_STRING;
    return key->size == 4 && key->flags & GOMEM_REGULAR ? KEY_HALF : KEY_OTHER;
}

static inline uintptr_t hash_as(enum key_kind kind, const void *key, uintptr_t seed)
{
    if (kind == KEY_STRING) {
        const gomem_string *s = key;
        uintptr_t n = (uintptr_t)s->len;
        return hash_fold(n - 8 <= 8 ? hash_medium(s->ptr, n, hash_word(n, seed)) : hash_bytes(s->ptr, n, seed));
    }
    uint64_t word = 0;
    memcpy(&word, key, kind == KEY_WORD ? 8 : 4);
    return hash_fold(hash_word(word, seed));
}

uintptr_t hash_of_type(gomem_g *g, const gomem_type *key, const void *p, uintptr_t seed); // may panic

static inline uintptr_t key_hash(gomem_g *g, const gomem_type *key, const void *p, uintptr_t seed)
{
    return is_word(key) ? hash_as(KEY_WORD, p, seed) : hash_of_type(g, key, p, seed);
}

static inline bool same_string(const gomem_string *s, const gomem_string *t)
{
    uintptr_t n = (uintptr_t)s->len;
    if (t->len != s->len)
        return false;
    if (s->ptr == t->ptr)
        return true;
    if (n - 8 <= 8)
        return !memcmp(s->ptr, t->ptr, 8) && !memcmp(s->ptr + n - 8, t->ptr + n - 8, 8);
    return !memcmp(s->ptr, t->ptr, n);
}

static inline bool same_as(enum key_kind kind, const void *a, const void *b)
{
    return kind == KEY_STRING ? same_string(a, b) : !memcmp(a, b, kind == KEY_WORD ? 8 : 4);
}

static inline bool key_equal(gomem_g *g, const gomem_type *key, const void *a, const void *b)
{
    enum key_kind kind = key_kind(key);
    if (kind != KEY_OTHER)
        return same_as(kind, a, b);
    return key->flags & GOMEM_REGULAR ? !memcmp(a, b, key->size) : key->equal(g, a, b);
}

#endif
