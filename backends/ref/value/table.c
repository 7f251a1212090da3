// One table of a map: probing, insertion, growth, splitting, and getting rid of tombstones. See map.h.
//
// A deleted entry leaves a tombstone only if its group is full, for then a probe may have gone past it. Tombstones are used again by an
// insertion that passes one. When a table is full and a tenth of it are tombstones, those that no probe needs are made empty
// before it grows: a group's tombstones are needed if an entry that probes past the group lies elsewhere.
#include "map.h"

static uint16_t max_load(uintptr_t capacity)
{
    return (uint16_t)(capacity * 7 / 8);
}

static const uint8_t table_mask[] = {1u << offsetof(struct table, groups) / WORD_BYTES};
static const gomem_type table_type = {.size = sizeof(struct table),
                                      .ptrdata = offsetof(struct table, groups) + WORD_BYTES,
                                      .mask = table_mask,
                                      .mask_size = sizeof(struct table),
                                      .align = WORD_BYTES,
                                      .field_align = WORD_BYTES,
                                      .kind = GOMEM_STRUCT};

struct table *table_new(gomem_g *g, const gomem_type *type, uintptr_t capacity, intptr_t index, uint8_t depth)
{
    uintptr_t slots = SLOTS;
    while (slots < capacity)
        slots *= 2;
    struct table *t = heap_alloc(p_of(g), sizeof *t, &table_type, true, 1);
    t->capacity = (uint16_t)slots;
    t->growth_left = max_load(slots);
    t->depth = depth;
    t->index = index;
    t->mask = slots / SLOTS - 1;
    value_store(g, &t->groups, groups_new(g, type, slots / SLOTS));
    return t;
}

void *table_find(gomem_g *g, const gomem_type *type, const gomem_map *m, const struct table *t, uintptr_t hash,
                 const void *key, void **found_key)
{
    for (struct probe p = probe_start(hash, t->mask);; probe_next(&p)) {
        void *group = group_at(m, t, p.offset);
        int i = group_find(g, type, m, group, match_hash(group, h2(hash)), key);
        if (i >= 0) {
            if (found_key)
                *found_key = key_of(m, type, group, (unsigned)i);
            return elem_of(m, type, group, (unsigned)i);
        }
        if (match_empty(group))
            return NULL;
    }
}

// ---- growth ----

static void for_each_entry(gomem_g *g, const gomem_type *type, gomem_map *m, struct table *t,
                           struct table *(*to)(void *ctx, uintptr_t hash), void *ctx)
{
    for (uintptr_t i = FAULT(growth_loses_entries) && t->mask; i <= t->mask; i++) {
        void *group = group_at(m, t, i);
        for (uint64_t set = match_full(group); set; set &= set - 1) {
            void *key = key_of(m, type, group, first_slot(set));
            uintptr_t hash = key_hash(g, type->key, key, m->seed);
            table_put_new(g, type, m, to(ctx, hash), hash, key, elem_of(m, type, group, first_slot(set)));
        }
    }
}

static struct table *to_one(void *ctx, uintptr_t hash)
{
    (void)hash;
    return ctx;
}

static void grow(gomem_g *g, const gomem_type *type, gomem_map *m, struct table *t)
{
    struct table *larger = table_new(g, type, 2 * (uintptr_t)t->capacity, t->index, t->depth);
    for_each_entry(g, type, m, t, to_one, larger);
    map_replace(g, m, larger);
    t->index = -1;
    REF_ASSERT(table_valid(m, t) && table_valid(m, larger));
}

struct halves {
    struct table *half[2];
    unsigned bit; // of the hash, which decides
};

static struct table *to_half(void *ctx, uintptr_t hash)
{
    struct halves *h = ctx;
    return h->half[hash >> h->bit & 1];
}

static void split(gomem_g *g, const gomem_type *type, gomem_map *m, struct table *t)
{
    uint8_t depth = t->depth + 1;
    struct halves h = {.bit = sizeof(uintptr_t) * 8 - depth};
    h.half[0] = table_new(g, type, TABLE_MAX, -1, depth);
    h.half[1] = table_new(g, type, TABLE_MAX, -1, depth);
    for_each_entry(g, type, m, t, to_half, &h);
    map_split(g, m, t, h.half[0], h.half[1]);
    t->index = -1;
    REF_ASSERT(table_valid(m, h.half[0]) && table_valid(m, h.half[1]));
}

// ---- tombstones ----

enum { TABLE_GROUPS = TABLE_MAX / SLOTS };

// mark_passed notes the groups that a probe passes on its way to an entry in group `at`.
static void mark_passed(bool *needed, uintptr_t hash, uintptr_t at, uintptr_t mask)
{
    for (struct probe p = probe_start(hash, mask); p.offset != at; probe_next(&p))
        needed[p.offset] = true;
}

static void find_needed(gomem_g *g, const gomem_type *type, gomem_map *m, struct table *t, bool *needed)
{
    for (uintptr_t i = 0; i <= t->mask; i++) {
        void *group = group_at(m, t, i);
        for (uint64_t set = match_full(group); set; set &= set - 1) {
            void *key = key_of(m, type, group, first_slot(set));
            if (key_equal(g, type->key, key, key)) // nobody will look for a NaN
                mark_passed(needed, key_hash(g, type->key, key, m->seed), i, t->mask);
        }
    }
}

// deleted_slots is the tombstones of a group that is not needed.
static uint64_t deleted_slots(void *group, bool needed)
{
    return needed ? 0 : match_free(group) & ~match_empty(group);
}

static void prune_tombstones(gomem_g *g, const gomem_type *type, gomem_map *m, struct table *t)
{
    bool needed[TABLE_GROUPS] = {false};
    unsigned found = 0, tombstones = (unsigned)max_load(t->capacity) - t->used - t->growth_left;
    if (tombstones * 10 < t->capacity)
        return;
    find_needed(g, type, m, t, needed);
    for (uintptr_t i = 0; i <= t->mask; i++)
        found += (unsigned)__builtin_popcountll(deleted_slots(group_at(m, t, i), needed[i]));
    if (found * 10 < t->capacity)
        return; // growing is better
    for (uintptr_t i = 0; i <= t->mask; i++) {
        void *group = group_at(m, t, i);
        for (uint64_t set = deleted_slots(group, needed[i]); set; set &= set - 1) {
            set_control(group, first_slot(set), CONTROL_EMPTY);
            t->growth_left++;
        }
    }
    REF_ASSERT(table_valid(m, t));
}

// ---- insertion ----

void table_put_new(gomem_g *g, const gomem_type *type, gomem_map *m, struct table *t, uintptr_t hash, void *key,
                   void *elem)
{
    struct probe p = probe_start(hash, t->mask);
    while (!match_free(group_at(m, t, p.offset)))
        probe_next(&p);
    void *group = group_at(m, t, p.offset);
    group_move(g, type, m, group, first_slot(match_free(group)), hash, key, elem);
    t->growth_left--;
    t->used++;
}

// A place for a new entry: a slot of a group, found by a probe that ended at an empty one.
struct place {
    void *group;
    unsigned slot;
};

// find_place returns the slot of the key, or -1 and the first free slot that the probe passed.
static int find_place(gomem_g *g, const gomem_type *type, gomem_map *m, struct table *t, uintptr_t hash,
                      const void *key, struct place *at)
{
    for (struct probe p = probe_start(hash, t->mask);; probe_next(&p)) {
        void *group = group_at(m, t, p.offset);
        int i = group_find(g, type, m, group, match_hash(group, h2(hash)), key);
        if (i >= 0) {
            at->group = group;
            return i;
        }
        uint64_t set = match_free(group);
        if (set && !at->group)
            *at = (struct place){group, first_slot(set)};
        if (match_empty(group))
            return -1;
    }
}

void *table_put(gomem_g *g, const gomem_type *type, gomem_map *m, struct table *t, uintptr_t hash, const void *key)
{
    struct place at = {0};
    int i = find_place(g, type, m, t, hash, key, &at);
    if (i >= 0) {
        group_update(g, type, m, at.group, (unsigned)i, key);
        return elem_of(m, type, at.group, (unsigned)i);
    }
    if (control(at.group, at.slot) == CONTROL_DELETED)
        t->growth_left++; // a tombstone used again costs no empty slot
    if (!t->growth_left)
        prune_tombstones(g, type, m, t);
    if (!t->growth_left) {
        if (t->capacity < TABLE_MAX)
            grow(g, type, m, t);
        else
            split(g, type, m, t);
        return NULL;
    }
    t->growth_left--;
    t->used++;
    m->used++;
    return group_insert(g, type, m, at.group, at.slot, hash, key);
}

// ---- removal ----

bool table_remove(gomem_g *g, const gomem_type *type, gomem_map *m, struct table *t, uintptr_t hash, const void *key)
{
    for (struct probe p = probe_start(hash, t->mask);; probe_next(&p)) {
        void *group = group_at(m, t, p.offset);
        int i = group_find(g, type, m, group, match_hash(group, h2(hash)), key);
        if (i >= 0) {
            bool tombstone = !match_empty(group);
            group_erase(g, type, m, group, (unsigned)i);
            set_control(group, (unsigned)i, tombstone ? CONTROL_DELETED : CONTROL_EMPTY);
            t->growth_left += !tombstone;
            t->used--;
            m->used--;
            return tombstone;
        }
        if (match_empty(group))
            return false;
    }
}

void table_clear(gomem_g *g, const gomem_type *type, const gomem_map *m, struct table *t)
{
    for (uintptr_t i = 0; i <= t->mask; i++) {
        void *group = group_at(m, t, i);
        if (match_full(group))
            group_clear(g, type, group);
        else
            *controls(group) = CONTROL_LOW * CONTROL_EMPTY;
    }
    t->used = 0;
    t->growth_left = max_load(t->capacity);
}

// ---- validity ----

bool table_valid(const gomem_map *m, const struct table *t)
{
    unsigned full = 0, deleted = 0;
    for (uintptr_t i = 0; i <= t->mask; i++) {
        void *group = group_at(m, t, i);
        full += (unsigned)__builtin_popcountll(match_full(group));
        deleted += (unsigned)__builtin_popcountll(match_free(group) & ~match_empty(group));
    }
    return full == t->used && full + deleted + t->growth_left == max_load(t->capacity) && t->depth <= m->depth;
}
