// Iteration over a map that may change meanwhile. It begins at a random place of the directory and, in each table, at a random slot.
//
// A table that an iteration is in is walked to its end even if it has grown or was split: its groups still hold the keys that were there,
// and each is looked up in the map as it is now, so that what was deleted is not yielded, and what is yielded has its present
// element. Entries that are added later than the growth are not seen, which Go allows. A key that is not equal to itself (NaN) cannot
// be looked up, nor deleted: it is yielded as the old table has it, unless the map was cleared. When the directory has doubled, the
// place in it doubles. A map that was one group at the start and has grown is walked in the same way, by its old group.
#include "map.h"

// What the state words of the contract's iterator are.
enum {
    TABLE,            // pointer: the table it is in
    GROUP,            // pointer: the one group, when the map began as one
    ENTRY_OFFSET = 6, // random
    DIR_OFFSET,       // random
    CLEAR_SEQ,
    DEPTH,       // of the directory, when dir_index was last right
    DIR_INDEX,   // tables visited, in places of the directory
    ENTRY_INDEX, // slots visited in the table
};
_Static_assert(ENTRY_INDEX < sizeof((gomem_map_iter *)0)->state / sizeof(uintptr_t), "state words");
_Static_assert((GOMEM_MAP_ITER_POINTERS >> TABLE & GOMEM_MAP_ITER_POINTERS >> GROUP & 1) != 0 &&
                   !(GOMEM_MAP_ITER_POINTERS >> ENTRY_OFFSET),
               "pointers are where the contract's mask has them");

// current replaces an entry of a table that is no longer the map's by the present one; false: there is none.
static bool current(gomem_g *g, gomem_map_iter *it, void **key, void **elem)
{
    void *found_key, *found = it->map->used ? map_find(g, it->type, it->map, *key, &found_key) : NULL;
    if (found) {
        *key = found_key;
        *elem = found;
        return true;
    }
    if (FAULT(iteration_yields_deleted))
        return true;
    return it->state[CLEAR_SEQ] == (uintptr_t)it->map->clear_seq && !key_equal(g, it->type->key, *key, *key);
}

// yield gives the entry of a slot, unless it is gone.
static bool yield(gomem_g *g, gomem_map_iter *it, void *group, unsigned i, bool grown)
{
    void *key = key_of(it->map, it->type, group, i), *elem = elem_of(it->map, it->type, group, i);
    if (grown && !current(g, it, &key, &elem))
        return false;
    it->key = key;
    it->value = elem;
    return true;
}

static bool next_in_group(gomem_g *g, gomem_map_iter *it)
{
    void *group = (void *)it->state[GROUP];
    while (it->state[ENTRY_INDEX] < SLOTS) {
        unsigned i = (unsigned)((it->state[ENTRY_INDEX]++ + it->state[ENTRY_OFFSET]) % SLOTS);
        if (!(control(group, i) & CONTROL_EMPTY) && yield(g, it, group, i, it->map->dir_len != 0))
            return true;
    }
    return false;
}

// next_full moves on to the next slot in use of the table, from ENTRY_INDEX on; false: there is none.
static bool next_full(gomem_map_iter *it, const struct table *t, void **group, unsigned *slot)
{
    uintptr_t slots = t->capacity;
    while (it->state[ENTRY_INDEX] < slots) {
        uintptr_t at = (it->state[ENTRY_INDEX] + it->state[ENTRY_OFFSET]) & (slots - 1);
        unsigned i = at % SLOTS;
        *group = group_at(it->map, t, at / SLOTS);
        uint64_t set = match_full(*group) & ~(uint64_t)0 << i * 8;
        if (!set) {
            it->state[ENTRY_INDEX] += SLOTS - i;
            continue;
        }
        *slot = first_slot(set);
        it->state[ENTRY_INDEX] += *slot - i + 1;
        return it->state[ENTRY_INDEX] <= slots; // the group where it began is the last one too
    }
    return false;
}

static bool next_in_table(gomem_g *g, gomem_map_iter *it, struct table *t)
{
    void *group;
    unsigned slot;
    while (!(FAULT(iteration_skips) && t->index < 0) && next_full(it, t, &group, &slot))
        if (yield(g, it, group, slot, t->index < 0))
            return true;
    return false;
}

// enter_table finds the table at the place of the directory where the iteration is. It stands at the table's first place from now on.
static struct table *enter_table(gomem_map_iter *it)
{
    const gomem_map *m = it->map;
    uintptr_t place = (it->state[DIR_INDEX] + it->state[DIR_OFFSET]) & (m->dir_len - 1);
    struct table *t = directory_at(m, place);
    it->state[DIR_OFFSET] -= place - (uintptr_t)t->index;
    it->state[TABLE] = (uintptr_t)t;
    return t;
}

static void follow_directory(gomem_map_iter *it)
{
    uintptr_t orders = it->map->depth - it->state[DEPTH];
    it->state[DIR_INDEX] <<= orders;
    it->state[DIR_OFFSET] <<= orders;
    it->state[DEPTH] = it->map->depth;
}

static bool next_in_directory(gomem_g *g, gomem_map_iter *it)
{
    follow_directory(it);
    while (it->state[DIR_INDEX] < it->map->dir_len) {
        struct table *t = (struct table *)it->state[TABLE];
        if (!t)
            t = enter_table(it);
        if (next_in_table(g, it, t))
            return true;
        it->state[DIR_INDEX] += (uintptr_t)1 << (it->map->depth - t->depth);
        it->state[TABLE] = 0;
        it->state[ENTRY_INDEX] = 0;
    }
    return false;
}

void map_iter_next(gomem_g *g, gomem_map_iter *it)
{
    race_map(it->map, race_read);
    bool found = false;
    if (it->map) {
        if (UNLIKELY(map_written(it->map)) && !FAULT(map_races_ignored))
            fatal(g_of(g), "concurrent map iteration and map write");
        found = it->state[GROUP] ? next_in_group(g, it) : next_in_directory(g, it);
    }
    if (!found)
        it->key = it->value = NULL;
}

void map_iter_start(gomem_g *g, const gomem_type *type, gomem_map *m, gomem_map_iter *it)
{
    race_map(m, race_read);
    *it = (gomem_map_iter){.type = type};
    if (m && m->used) {
        it->map = m;
        it->state[ENTRY_OFFSET] = (uintptr_t)p_random(p_of(g));
        it->state[DIR_OFFSET] = (uintptr_t)p_random(p_of(g));
        it->state[CLEAR_SEQ] = (uintptr_t)m->clear_seq;
        it->state[DEPTH] = m->depth;
        if (!m->dir_len)
            it->state[GROUP] = (uintptr_t)m->dir;
    }
    map_iter_next(g, it);
}
