// The operations on maps, and the directory. See map.h.
#include "map.h"

enum { HASH_BITS = sizeof(uintptr_t) * 8 };

static void reseed(gomem_g *g, gomem_map *m)
{
    m->seed = (uintptr_t)p_random(p_of(g));
}

// ---- detection of concurrent use ----

static void write_begin(gomem_map *m)
{
    __atomic_store_n(&m->writing, __atomic_load_n(&m->writing, __ATOMIC_RELAXED) ^ 1, __ATOMIC_RELAXED);
}

static void write_check(gomem_g *g, gomem_map *m)
{
    if (UNLIKELY(map_written(m)) && !FAULT(map_races_ignored))
        fatal(g_of(g), "concurrent map writes");
}

static void write_end(gomem_g *g, gomem_map *m)
{
    if (UNLIKELY(!map_written(m)) && !FAULT(map_races_ignored))
        fatal(g_of(g), "concurrent map writes");
    __atomic_store_n(&m->writing, __atomic_load_n(&m->writing, __ATOMIC_RELAXED) ^ 1, __ATOMIC_RELAXED);
}

// ---- the directory ----

static void directory_set(gomem_g *g, gomem_map *m, uintptr_t i, struct table *t)
{
    value_store(g, (struct table **)m->dir + i, t);
}

static void *directory_new(gomem_g *g, uintptr_t n)
{
    return heap_alloc(p_of(g), n * WORD_BYTES, &value_pointer, true, n);
}

static void set_directory(gomem_g *g, gomem_map *m, void *dir, uint8_t depth)
{
    value_store(g, &m->dir, dir);
    m->depth = depth;
    m->shift = (uint8_t)(HASH_BITS - depth);
    m->dir_len = (uintptr_t)1 << depth;
}

void map_replace(gomem_g *g, gomem_map *m, struct table *t)
{
    uintptr_t places = (uintptr_t)1 << (m->depth - t->depth);
    for (uintptr_t i = 0; i < places; i++)
        directory_set(g, m, (uintptr_t)t->index + i, t);
}

static void double_directory(gomem_g *g, gomem_map *m)
{
    struct table **dir = directory_new(g, m->dir_len * 2);
    for (uintptr_t i = 0; i < m->dir_len; i++) {
        struct table *t = directory_at(m, i);
        value_store(g, &dir[2 * i], t);
        value_store(g, &dir[2 * i + 1], t);
        if (t->index == (intptr_t)i)
            t->index = (intptr_t)(2 * i);
    }
    set_directory(g, m, dir, m->depth + 1);
}

void map_split(gomem_g *g, gomem_map *m, struct table *old, struct table *left, struct table *right)
{
    if (old->depth == m->depth)
        double_directory(g, m);
    left->index = old->index;
    map_replace(g, m, left);
    right->index = left->index + ((intptr_t)1 << (m->depth - left->depth));
    map_replace(g, m, right);
}

// ---- make ----

// depth_for tells how many tables hold n entries at 7/8 load; false: more than memory could.
static bool depth_for(const gomem_type *type, uintptr_t n, uintptr_t *slots, uint8_t *depth)
{
    uintptr_t bytes;
    if (__builtin_mul_overflow(n, (uintptr_t)SLOTS, slots))
        return false;
    *slots /= 7;
    for (*depth = 0; (uintptr_t)TABLE_MAX << *depth < *slots; ++*depth)
        if (*depth >= HASH_BITS - 12)
            return false;
    uintptr_t most = (uintptr_t)TABLE_MAX
                     << *depth; // Go counts a group per slot here, so a hint is too large eight times earlier
    return most <= INTPTR_MAX && heap_array_size(group_type(type), (intptr_t)most, &bytes);
}

static gomem_map *fill_in(gomem_g *g, gomem_map *m, const gomem_type *type, intptr_t hint)
{
    uintptr_t slots;
    uint8_t depth;
    slot_layout(type, &m->slot_size, &m->elem_offset);
    reseed(g, m);
    if (hint <= SLOTS || !depth_for(type, (uintptr_t)hint, &slots, &depth))
        return m;
    set_directory(g, m, directory_new(g, (uintptr_t)1 << depth), depth);
    for (uintptr_t i = 0; i < m->dir_len; i++)
        directory_set(g, m, i, table_new(g, type, slots >> depth, (intptr_t)i, depth));
    return m;
}

static gomem_map *make(gomem_g *g, const gomem_type *type, intptr_t hint)
{
    return fill_in(g, heap_alloc(p_of(g), sizeof(gomem_map), &map_header_type, true, 1), type, hint);
}

_Static_assert(sizeof(gomem_map) <= GOMEM_MAP_WORDS * WORD_BYTES, "a map fits what a frame has for it");
_Static_assert(offsetof(gomem_map, dir) == 2 * WORD_BYTES && GOMEM_MAP_POINTERS == 1 << 2,
               "its pointer is where a frame's mask says");

static gomem_map *make_in(gomem_g *g, const gomem_type *type, intptr_t hint, void *header, void *group)
{
    gomem_map *m = header;
    if (hint <= SLOTS) {
        *controls(group) = CONTROL_LOW * CONTROL_EMPTY;
        m->dir = group;
    }
    return fill_in(g, m, type, hint);
}

// ---- access ----

void *map_find(gomem_g *g, const gomem_type *type, const gomem_map *m, const void *key, void **found_key)
{
    uintptr_t hash = key_hash(g, type->key, key, m->seed);
    if (m->dir_len)
        return table_find(g, type, m, table_for(m, hash), hash, key, found_key);
    int i = group_find(g, type, m, m->dir, match_hash(m->dir, h2(hash)), key);
    if (i < 0)
        return NULL;
    if (found_key)
        *found_key = key_of(m, type, m->dir, (unsigned)i);
    return elem_of(m, type, m->dir, (unsigned)i);
}

static inline void *find_in_group(enum key_kind kind, const gomem_type *type, const gomem_map *m, void *group,
                                  uintptr_t hash, const void *key)
{
    for (uint64_t set = match_hash(group, h2(hash)); set; set &= set - 1)
        if (LIKELY(same_as(kind, key, slot_key(m, group, first_slot(set)))))
            return elem_of(m, type, group, first_slot(set));
    return NULL;
}

// find_as is map_find for one of the kinds, which is a constant where it is called.
static inline __attribute__((always_inline)) void *find_as(enum key_kind kind, const gomem_type *type,
                                                           const gomem_map *m, const void *key)
{
    uintptr_t hash = hash_as(kind, key, m->seed);
    if (!m->dir_len)
        return find_in_group(kind, type, m, m->dir, hash, key);
    const struct table *t = table_for(m, hash);
    for (struct probe p = probe_start(hash, t->mask);; probe_next(&p)) {
        void *group = group_at(m, t, p.offset), *elem = find_in_group(kind, type, m, group, hash, key);
        if (LIKELY(elem != NULL) || match_empty(group))
            return elem;
    }
}

static void *find(gomem_g *g, const gomem_type *type, const gomem_map *m, const void *key)
{
    switch (key_kind(type->key)) {
    case KEY_WORD:
        return find_as(KEY_WORD, type, m, key);
    case KEY_HALF:
        return find_as(KEY_HALF, type, m, key);
    case KEY_STRING:
        return find_as(KEY_STRING, type, m, key);
    default:
        return map_find(g, type, m, key, NULL);
    }
}

// nothing_there is access and remove of a map without entries: a key that has no hash panics all the same.
static void nothing_there(gomem_g *g, const gomem_type *type, const void *key)
{
    if (!(type->key->flags & GOMEM_REGULAR) && type->key->kind != GOMEM_STRING)
        type->key->hasher(g, key, 0);
}

static void *access(gomem_g *g, const gomem_type *type, gomem_map *m, const void *key)
{
    race_map(m, race_read);
    if (!m || !m->used) {
        nothing_there(g, type, key);
        return NULL;
    }
    if (UNLIKELY(map_written(m)) && !FAULT(map_races_ignored))
        fatal(g_of(g), "concurrent map read and map write");
    return find(g, type, m, key);
}

// ---- assign ----

static void grow_to_table(gomem_g *g, const gomem_type *type, gomem_map *m)
{
    void *group = m->dir;
    struct table *t = table_new(g, type, 2 * SLOTS, 0, 0);
    for (uint64_t set = match_full(group); set; set &= set - 1) {
        void *key = key_of(m, type, group, first_slot(set));
        table_put_new(g, type, m, t, key_hash(g, type->key, key, m->seed), key,
                      elem_of(m, type, group, first_slot(set)));
    }
    set_directory(g, m, directory_new(g, 1), 0);
    directory_set(g, m, 0, t);
}

// put_small returns NULL if the one group is full.
static void *put_small(gomem_g *g, const gomem_type *type, gomem_map *m, uintptr_t hash, const void *key)
{
    if (!m->dir)
        value_store(g, &m->dir, groups_new(g, type, 1));
    int i = group_find(g, type, m, m->dir, match_hash(m->dir, h2(hash)), key);
    if (i >= 0) {
        group_update(g, type, m, m->dir, (unsigned)i, key);
        return elem_of(m, type, m->dir, (unsigned)i);
    }
    if (m->used == SLOTS)
        return NULL;
    m->used++;
    return group_insert(g, type, m, m->dir, first_slot(match_free(m->dir)), hash, key);
}

static void *put(gomem_g *g, const gomem_type *type, gomem_map *m, uintptr_t hash, const void *key)
{
    void *elem;
    if (!m->dir_len) {
        if ((elem = put_small(g, type, m, hash, key)))
            return elem;
        grow_to_table(g, type, m);
    }
    while (!(elem = table_put(g, type, m, table_for(m, hash), hash, key)))
        ;
    return elem;
}

static void *assign(gomem_g *g, const gomem_type *type, gomem_map *m, const void *key)
{
    if (!m && FAULT(nil_map_ignored))
        return heap_alloc(p_of(g), type->elem->size, type->elem, true, 1);
    if (!m)
        panic_plain(g, "assignment to entry in nil map");
    race_map(m, race_write);
    write_check(g, m);
    uintptr_t hash = key_hash(g, type->key, key, m->seed); // may panic
    write_begin(m);
    void *elem = put(g, type, m, hash, key);
    write_end(g, m);
    return elem;
}

// ---- remove and clear ----

static void remove_small(gomem_g *g, const gomem_type *type, gomem_map *m, uintptr_t hash, const void *key)
{
    int i = group_find(g, type, m, m->dir, match_hash(m->dir, h2(hash)), key);
    if (i < 0)
        return;
    group_erase(g, type, m, m->dir, (unsigned)i);
    set_control(m->dir, (unsigned)i, CONTROL_EMPTY);
    m->used--;
}

static void remove_key(gomem_g *g, const gomem_type *type, gomem_map *m, const void *key)
{
    race_map(m, race_write);
    if (!m || !m->used) {
        nothing_there(g, type, key);
        return;
    }
    write_check(g, m);
    uintptr_t hash = key_hash(g, type->key, key, m->seed);
    write_begin(m);
    if (!m->dir_len)
        remove_small(g, type, m, hash, key);
    else if (table_remove(g, type, m, table_for(m, hash), hash, key))
        m->tombstones = true;
    if (!m->used)
        reseed(g, m); // who found keys that collide has to begin again
    write_end(g, m);
}

static void clear_tables(gomem_g *g, const gomem_type *type, gomem_map *m)
{
    struct table *last = NULL;
    for (uintptr_t i = 0; i < m->dir_len; i++) {
        struct table *t = directory_at(m, i);
        if (t != last)
            table_clear(g, type, m, t);
        last = t;
    }
    m->tombstones = false;
}

static void clear(gomem_g *g, const gomem_type *type, gomem_map *m)
{
    race_map(m, race_write);
    if (!m || (!m->used && !m->tombstones))
        return;
    write_check(g, m);
    write_begin(m);
    if (m->dir_len)
        clear_tables(g, type, m);
    else
        group_clear(g, type, m->dir);
    m->used = 0;
    m->clear_seq++;
    reseed(g, m);
    write_end(g, m);
}

const gomem_maps_group ref_maps_group = {.size = sizeof ref_maps_group,
                                         .make = make,
                                         .access = access,
                                         .assign = assign,
                                         .remove = remove_key,
                                         .clear = clear,
                                         .iter_start = map_iter_start,
                                         .iter_next = map_iter_next,
                                         .make_in = make_in};
