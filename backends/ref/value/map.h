// map.h: a map as its four files share it. A map is a Swiss table, as in Go 1.24 and later.
//
// Slots are in groups of 8. A group begins with a control word, a byte per slot: empty, deleted (a tombstone), or the low 7 bits (H2) of the
// key's hash, so that one word's arithmetic finds the candidates of a group. A map of at most 8 entries is one group, which
// needs no tombstones. A larger one is a directory of tables, indexed by the hash's top bits; a table has a power of two of groups,
// probed from the one that the other bits (H1) choose, by triangular steps, until a group has an empty slot. A table doubles when
// 7/8 of its slots are used up, until it has 1024; then it splits in two by one more bit of the hash, which doubles the directory if it
// was as deep (extendible hashing). So a growing step moves 1024 entries at most.
//
//     depth of a table <= depth of the map; dir_len = 0 (one group, or none) or 2^depth
//     a table of depth d stands at 2^(depth - d) neighbouring places of the directory, the first being its index
//     a table that has grown, or was split, has index -1: only iterations still look at it
//     used + tombstones + growth_left = 7/8 of a table's slots (7 of 8 slots)
//
// Keys and elements of more than 128 bytes are blocks of their own, and the slot holds their pointer.
//
// writing is toggled by a writing operation at its begin and its end; an operation that finds it set, or a writer that finds it
// clear at its end, has a rival: fatal.
#ifndef REF_VALUE_MAP_H
#define REF_VALUE_MAP_H

#include "internal.h"

enum { SLOTS = 8, TABLE_MAX = 1024, INDIRECT_OVER = 128, GROUP_HEADER = 8 };
enum { CONTROL_EMPTY = 0x80, CONTROL_DELETED = 0xFE };
#define CONTROL_LOW  0x0101010101010101u
#define CONTROL_HIGH 0x8080808080808080u

struct gomem_map {
    uintptr_t used; // entries; first, as the contract wants it
    uintptr_t seed;
    void *dir;                       // the group; or the directory, an array of tables; NULL: nothing yet
    uintptr_t dir_len;               // 0: dir is a group
    uint8_t depth, shift;            // shift = bits of a hash - depth
    uint8_t writing;                 // atomic, relaxed: it detects, and orders nothing
    bool tombstones;                 // there may be some
    uint16_t slot_size, elem_offset; // immutable: bytes of a slot, and to the element in it
    uint64_t clear_seq;              // times it was cleared: an iteration does not yield what was there before
};

struct table {
    uint16_t used, capacity, growth_left;
    uint8_t depth;
    intptr_t index;
    uint8_t *groups;
    uintptr_t mask; // groups - 1
};

// To the race detector an operation reads or writes the map's first word, as len does.
static inline void race_map(const gomem_map *m, void (*access)(const void *p, uintptr_t size))
{
    if (m)
        access(m, sizeof m->used);
}

// ---- hashes ----

static inline uintptr_t h1(uintptr_t hash)
{
    return hash >> 7;
}

static inline uint8_t h2(uintptr_t hash)
{
    return hash & 0x7F;
}

// ---- a group: its control word, and sets of its slots (the top bit of each byte) ----

static inline uint64_t *controls(void *group)
{
    return group;
}

static inline uint8_t control(void *group, unsigned i)
{
    return ((uint8_t *)group)[i];
}

static inline void set_control(void *group, unsigned i, uint8_t c)
{
    ((uint8_t *)group)[i] = c;
}

// match_hash may name a slot too many, just above one that matches; the key tells.
static inline uint64_t match_hash(void *group, uint8_t hash)
{
    uint64_t v = *controls(group) ^ (CONTROL_LOW * hash);
    return (v - CONTROL_LOW) & ~v & CONTROL_HIGH;
}

static inline uint64_t match_empty(void *group)
{
    uint64_t v = *controls(group);
    return v & ~(v << 6) & CONTROL_HIGH;
}

static inline uint64_t match_free(void *group) // empty or deleted
{
    return *controls(group) & CONTROL_HIGH;
}

static inline uint64_t match_full(void *group)
{
    return ~*controls(group) & CONTROL_HIGH;
}

static inline unsigned first_slot(uint64_t set)
{
    return (unsigned)__builtin_ctzll(set) / 8;
}

// ---- a slot ----

static inline uint8_t *slot_key(const gomem_map *m, void *group, unsigned i)
{
    return (uint8_t *)group + GROUP_HEADER + i * m->slot_size;
}

static inline bool indirect(const gomem_type *type)
{
    return type->size > INDIRECT_OVER;
}

static inline void *key_of(const gomem_map *m, const gomem_type *type, void *group, unsigned i)
{
    void *key = slot_key(m, group, i);
    return indirect(type->key) ? *(void **)key : key;
}

static inline void *elem_of(const gomem_map *m, const gomem_type *type, void *group, unsigned i)
{
    void *elem = slot_key(m, group, i) + m->elem_offset;
    return indirect(type->elem) ? *(void **)elem : elem;
}

static inline void *group_at(const gomem_map *m, const struct table *t, uintptr_t i)
{
    return t->groups + i * (uintptr_t)(GROUP_HEADER + SLOTS * m->slot_size);
}

// A walk over the groups where a key may be: offset, offset + 1, + 3, + 6 ... visits each once.
struct probe {
    uintptr_t mask, offset, step;
};

static inline struct probe probe_start(uintptr_t hash, uintptr_t mask)
{
    return (struct probe){.mask = mask, .offset = h1(hash) & mask};
}

static inline void probe_next(struct probe *p)
{
    p->offset = (p->offset + ++p->step) & p->mask;
}

// ---- group.c ----

extern const gomem_type map_header_type;

// A slot's layout: bytes, and the element's offset. group_type is the type of a group, one per type of map, never freed.
void slot_layout(const gomem_type *type, uint16_t *slot_size, uint16_t *elem_offset);
const gomem_type *group_type(const gomem_type *type);
void *groups_new(gomem_g *g, const gomem_type *type, uintptr_t n); // all slots empty

int group_find_slow(gomem_g *g, const gomem_type *type, const gomem_map *m, void *group, uint64_t set, const void *key);

static inline int group_find_word(const gomem_map *m, void *group, uint64_t set, uint64_t word)
{
    for (; set; set &= set - 1) {
        unsigned i = first_slot(set);
        uint64_t there;
        memcpy(&there, slot_key(m, group, i), sizeof there);
        if (LIKELY(there == word))
            return (int)i;
    }
    return -1;
}

// group_find returns the slot of a key among those of a set, -1: none of them.
static inline int group_find(gomem_g *g, const gomem_type *type, const gomem_map *m, void *group, uint64_t set,
                             const void *key)
{
    uint64_t word;
    if (!is_word(type->key))
        return group_find_slow(g, type, m, group, set, key);
    memcpy(&word, key, sizeof word);
    return group_find_word(m, group, set, word);
}
// group_insert fills a free slot; the element is zero. group_move fills one with an entry from elsewhere. group_erase empties a slot but
// for its control byte.
void *group_insert(gomem_g *g, const gomem_type *type, gomem_map *m, void *group, unsigned i, uintptr_t hash,
                   const void *key);
void group_move(gomem_g *g, const gomem_type *type, gomem_map *m, void *group, unsigned i, uintptr_t hash, void *key,
                void *elem);
void group_erase(gomem_g *g, const gomem_type *type, gomem_map *m, void *group, unsigned i);
void group_clear(gomem_g *g, const gomem_type *type, void *group);
// group_update gives a slot the new key where equal keys may differ (+0 and -0, strings with other bytes' addresses).
void group_update(gomem_g *g, const gomem_type *type, gomem_map *m, void *group, unsigned i, const void *key);

// ---- table.c ----

struct table *table_new(gomem_g *g, const gomem_type *type, uintptr_t capacity, intptr_t index, uint8_t depth);
void *table_find(gomem_g *g, const gomem_type *type, const gomem_map *m, const struct table *t, uintptr_t hash,
                 const void *key, void **found_key); // the element; NULL: no entry
// table_put returns the place of the key's element. NULL: the table has grown or split, and the caller tries again.
void *table_put(gomem_g *g, const gomem_type *type, gomem_map *m, struct table *t, uintptr_t hash, const void *key);
void table_put_new(gomem_g *g, const gomem_type *type, gomem_map *m, struct table *t, uintptr_t hash, void *key,
                   void *elem); // a key that is not there, and room for it
bool table_remove(gomem_g *g, const gomem_type *type, gomem_map *m, struct table *t, uintptr_t hash, const void *key);
void table_clear(gomem_g *g, const gomem_type *type, const gomem_map *m, struct table *t);
bool table_valid(const gomem_map *m, const struct table *t); // the invariants above; debug

// ---- map.c ----

static inline struct table *directory_at(const gomem_map *m, uintptr_t i)
{
    return ((struct table **)m->dir)[i];
}

static inline struct table *table_for(const gomem_map *m, uintptr_t hash)
{
    return directory_at(m, m->dir_len == 1 ? 0 : hash >> m->shift);
}

// map_replace puts t where the table with its index stood; map_split puts two tables in the place of one.
void map_replace(gomem_g *g, gomem_map *m, struct table *t);
void map_split(gomem_g *g, gomem_map *m, struct table *old, struct table *left, struct table *right);
// map_find is access without the checks of misuse. NULL: no entry.
void *map_find(gomem_g *g, const gomem_type *type, const gomem_map *m, const void *key, void **found_key);

static inline bool map_written(const gomem_map *m)
{
    return __atomic_load_n(&m->writing, __ATOMIC_RELAXED) != 0;
}

// ---- iter.c ----

void map_iter_start(gomem_g *g, const gomem_type *type, gomem_map *m, gomem_map_iter *it);
void map_iter_next(gomem_g *g, gomem_map_iter *it);

#endif
