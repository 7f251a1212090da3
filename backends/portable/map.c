// Maps: open addressing with linear probing into an index, entries in order of insertion.
//
//     index[i] = 0 empty, 1 + position of an entry otherwise; the index has a power of two places, at most half used
//     entry    = hash, live, key, value; deleting clears live, key and value and leaves the entry as a tombstone
//
// An iteration walks the entries from a random one round to it again. When the table grows, entries without tombstones are copied
// and the iteration goes on in the old table, looking each key up in the new one, so every surviving entry is seen exactly once.
#include <string.h>

#include "portable.h"

struct table {
    intptr_t used, cap; // entries, tombstones included
    uintptr_t mask;     // places - 1
    uint32_t *index;
    uint8_t *entries; // cap × stride
};

struct gomem_map {
    intptr_t len; // first, as the contract wants it
    struct table *t;
    uintptr_t seed;
    uint32_t writing; // atomic, relaxed: somebody is in a writing operation
};

struct shape { // of an entry, from the map's type
    uintptr_t key, value, stride;
};

static const uint8_t all_pointers = 0xFF;
#define POINTERS(n)                                                                                                   \
    {                                                                                                                 \
        .size = (n), .ptrdata = (n), .mask = &all_pointers, .mask_size = sizeof(void *) * 8, .align = sizeof(void *), \
        .field_align = sizeof(void *), .kind = GOMEM_STRUCT                                                           \
    }
static const gomem_type map_type = POINTERS(sizeof(gomem_map)), table_type = POINTERS(sizeof(struct table)),
                        word_type = POINTERS(sizeof(void *));
static const gomem_type index_type = {
    .size = 4, .align = 4, .field_align = 4, .kind = GOMEM_UINT32, .flags = GOMEM_REGULAR};

static uintptr_t round_up(uintptr_t n, uintptr_t align)
{
    return (n + align - 1) & ~(align - 1);
}

static struct shape shape_of(const gomem_type *type)
{
    struct shape s;
    s.key = 2 * sizeof(uintptr_t);
    s.value = round_up(s.key + type->key->size, 8);
    s.stride = round_up(s.value + type->elem->size, 8);
    return s;
}

static uintptr_t *hash_of(uint8_t *entry)
{
    return (uintptr_t *)(void *)entry;
}

static uintptr_t *live(uint8_t *entry)
{
    return (uintptr_t *)(void *)entry + 1;
}

static void copy(gomem_g *g, const gomem_type *type, void *to, const void *from)
{
    if (whole->barrier)
        whole->barrier->copy(g, type, to, from, 1);
    else
        memcpy(to, from, type->size);
}

static struct table *new_table(gomem_g *g, const struct shape *s, intptr_t cap)
{
    struct table *t = whole->heap->new_object(g, &table_type);
    uintptr_t places = 16;
    while (places < (uintptr_t)cap * 2)
        places *= 2;
    t->cap = cap;
    t->mask = places - 1;
    t->index = whole->heap->new_array(g, &index_type, (intptr_t)places);
    t->entries = whole->heap->new_array(g, &word_type, (intptr_t)((uintptr_t)cap * s->stride / sizeof(void *)) + 1);
    return t;
}

static gomem_map *make(gomem_g *g, const gomem_type *type, intptr_t hint)
{
    gomem_map *m = whole->heap->new_object(g, &map_type);
    struct shape s = shape_of(type);
    m->seed = (uintptr_t)m * (uintptr_t)0x9E3779B97F4A7C15u >> 3;
    m->t = new_table(g, &s, hint > 8 && hint < 1 << 30 ? hint : 8);
    return m;
}

// find returns the live entry of a key, NULL when there is none.
static uint8_t *find(gomem_g *g, const gomem_type *type, const gomem_map *m, const struct shape *s, const void *key,
                     uintptr_t hash)
{
    const struct table *t = m->t;
    for (uintptr_t i = hash & t->mask; t->index[i]; i = (i + 1) & t->mask) {
        uint8_t *e = t->entries + (t->index[i] - 1) * s->stride;
        if (*hash_of(e) == hash && *live(e) && type->key->equal(g, e + s->key, key))
            return e;
    }
    return NULL;
}

static void begin_write(gomem_g *g, gomem_map *m)
{
    if (__atomic_exchange_n(&m->writing, 1, __ATOMIC_RELAXED))
        whole->panics->fatal(g, "concurrent map writes");
}

static void end_write(gomem_g *g, gomem_map *m)
{
    if (!__atomic_exchange_n(&m->writing, 0, __ATOMIC_RELAXED))
        whole->panics->fatal(g, "concurrent map writes");
}

static void check_reading(gomem_g *g, const gomem_map *m, const char *text)
{
    if (__atomic_load_n(&m->writing, __ATOMIC_RELAXED))
        whole->panics->fatal(g, text);
}

static void *access(gomem_g *g, const gomem_type *type, gomem_map *m, const void *key)
{
    if (!m || !m->len) {
        type->key->hasher(g, key, 0); // a key that cannot be hashed panics all the same
        return NULL;
    }
    check_reading(g, m, "concurrent map read and map write");
    struct shape s = shape_of(type);
    uint8_t *e = find(g, type, m, &s, key, type->key->hasher(g, key, m->seed));
    return e ? e + s.value : NULL;
}

static void put_in_index(struct table *t, uintptr_t hash, intptr_t position)
{
    uintptr_t i = hash & t->mask;
    while (t->index[i])
        i = (i + 1) & t->mask;
    t->index[i] = (uint32_t)position + 1;
}

static void grow(gomem_g *g, const gomem_type *type, gomem_map *m, const struct shape *s)
{
    struct table *old = m->t, *t = new_table(g, s, m->len * 2 < 8 ? 8 : m->len * 2);
    for (intptr_t i = 0; i < old->used; i++) {
        uint8_t *from = old->entries + (uintptr_t)i * s->stride, *to = t->entries + (uintptr_t)t->used * s->stride;
        if (!*live(from))
            continue;
        *hash_of(to) = *hash_of(from);
        *live(to) = 1;
        copy(g, type->key, to + s->key, from + s->key);
        copy(g, type->elem, to + s->value, from + s->value);
        put_in_index(t, *hash_of(to), t->used++);
    }
    if (whole->barrier)
        whole->barrier->store(g, (void **)(void *)&m->t, t);
    m->t = t;
}

static void *assign(gomem_g *g, const gomem_type *type, gomem_map *m, const void *key)
{
    if (!m)
        whole->panics->error(g, GOMEM_ERROR_PLAIN, "assignment to entry in nil map");
    struct shape s = shape_of(type);
    uintptr_t hash = type->key->hasher(g, key, m->seed);
    begin_write(g, m);
    uint8_t *e = find(g, type, m, &s, key, hash);
    if (e) {
        copy(g, type->key, e + s.key, key); // +0 and -0 are equal and differ
    } else {
        if (m->t->used == m->t->cap)
            grow(g, type, m, &s);
        e = m->t->entries + (uintptr_t)m->t->used * s.stride;
        put_in_index(m->t, hash, m->t->used++);
        *hash_of(e) = hash;
        *live(e) = 1;
        copy(g, type->key, e + s.key, key);
        m->len++;
    }
    end_write(g, m);
    return e + s.value;
}

static void clear_entry(gomem_g *g, const gomem_type *type, const struct shape *s, uint8_t *e)
{
    *live(e) = 0;
    if (whole->barrier) {
        whole->barrier->clear(g, type->key, e + s->key, 1);
        whole->barrier->clear(g, type->elem, e + s->value, 1);
    } else {
        memset(e + s->key, 0, type->key->size);
        memset(e + s->value, 0, type->elem->size);
    }
}

static void remove_key(gomem_g *g, const gomem_type *type, gomem_map *m, const void *key)
{
    if (!m || !m->len) {
        type->key->hasher(g, key, 0);
        return;
    }
    struct shape s = shape_of(type);
    uintptr_t hash = type->key->hasher(g, key, m->seed);
    begin_write(g, m);
    uint8_t *e = find(g, type, m, &s, key, hash);
    if (e) {
        clear_entry(g, type, &s, e);
        m->len--;
    }
    end_write(g, m);
}

static void clear(gomem_g *g, const gomem_type *type, gomem_map *m)
{
    if (!m)
        return;
    struct shape s = shape_of(type);
    begin_write(g, m);
    for (intptr_t i = 0; i < m->t->used; i++)
        clear_entry(g, type, &s, m->t->entries + (uintptr_t)i * s.stride);
    m->len = 0;
    memset(m->t->index, 0, (m->t->mask + 1) * sizeof *m->t->index);
    // the entries stay tombstones until the table grows, so that iterations under way do not see reused ones
    end_write(g, m);
}

// ---- iteration ----
// state[0] the table walked; [6] entries to walk, [7] where it began, [8] steps done

static void iter_next(gomem_g *g, gomem_map_iter *it)
{
    const gomem_type *type = it->type;
    gomem_map *m = (gomem_map *)(uintptr_t)it->map;
    it->key = it->value = NULL;
    if (!m)
        return;
    check_reading(g, m, "concurrent map iteration and map write");
    struct shape s = shape_of(type);
    struct table *t = (struct table *)it->state[0];
    while (it->state[8] < it->state[6]) {
        uintptr_t i = (it->state[7] + it->state[8]++) % it->state[6];
        uint8_t *e = t->entries + i * s.stride;
        if (!*live(e))
            continue;
        if (t != m->t) { // the table has grown meanwhile: what counts is the new one
            bool reflexive = type->key->equal(g, e + s.key, e + s.key);
            uint8_t *current = reflexive ? find(g, type, m, &s, e + s.key, *hash_of(e)) : e;
            if (!current)
                continue;
            e = current;
        }
        it->key = e + s.key;
        it->value = e + s.value;
        return;
    }
}

static void iter_start(gomem_g *g, const gomem_type *type, gomem_map *m, gomem_map_iter *it)
{
    static uint32_t turns; // atomic, relaxed: only spreads the starts
    *it = (gomem_map_iter){.map = m && m->len ? m : NULL, .type = type};
    if (it->map) {
        uint64_t r = (uint64_t)__atomic_add_fetch(&turns, 1, __ATOMIC_RELAXED) * 0x9E3779B97F4A7C15u;
        it->state[0] = (uintptr_t)m->t;
        it->state[6] = (uintptr_t)m->t->used;
        it->state[7] = (uintptr_t)((r >> 33) % (uint64_t)m->t->used);
    }
    iter_next(g, it);
}

const gomem_maps_group portable_maps = {.size = sizeof portable_maps,
                                        .make = make,
                                        .access = access,
                                        .assign = assign,
                                        .remove = remove_key,
                                        .clear = clear,
                                        .iter_start = iter_start,
                                        .iter_next = iter_next};
