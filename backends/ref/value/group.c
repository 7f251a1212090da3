// Groups of a map: how they are laid out, and what is done to one slot. A group is { control word, 8 x { key, element } }; an element
// without size at the end of a slot takes a byte, as a struct's last field does. The collector learns where a group's pointers are
// from a descriptor that is built for the first map of a type and kept in a table for the type's further maps.
#include "map.h"

static const uint8_t header_mask = 1 << 2; // dir
const gomem_type map_header_type = {.size = sizeof(gomem_map),
                                    .ptrdata = 3 * WORD_BYTES,
                                    .mask = &header_mask,
                                    .mask_size = sizeof(gomem_map),
                                    .align = WORD_BYTES,
                                    .field_align = WORD_BYTES,
                                    .kind = GOMEM_STRUCT};

// ---- layout ----

static uintptr_t stored_size(const gomem_type *type)
{
    return indirect(type) ? WORD_BYTES : type->size;
}

static uintptr_t stored_align(const gomem_type *type)
{
    return indirect(type) ? WORD_BYTES : type->align ? type->align : 1;
}

void slot_layout(const gomem_type *type, uint16_t *slot_size, uint16_t *elem_offset)
{
    uintptr_t align = stored_align(type->key), elem_align = stored_align(type->elem);
    uintptr_t offset = round_up(stored_size(type->key), elem_align);
    uintptr_t end = offset + stored_size(type->elem);
    if (offset && end == offset)
        end++;
    *elem_offset = (uint16_t)offset;
    *slot_size = (uint16_t)round_up(end, align > elem_align ? align : elem_align);
}

// ---- descriptors ----

struct group_desc {
    const gomem_type *map;
    struct group_desc *next;
    gomem_type type;
    uint8_t mask[(GROUP_HEADER + SLOTS * (2 * INDIRECT_OVER + 8)) / WORD_BYTES / 8 + 1];
};

enum { DESCS = 256 };
static _Atomic(struct group_desc *) descs[DESCS]; // lists that only grow: release at the head, acquire by readers

// mark_pointers sets the bits of one stored key or element at an offset in the group.
static void mark_pointers(struct group_desc *d, uintptr_t offset, const gomem_type *type)
{
    uintptr_t first = offset / WORD_BYTES;
    if (indirect(type)) {
        d->mask[first / 8] |= (uint8_t)(1u << first % 8);
        return;
    }
    for (uintptr_t i = 0; i < type->ptrdata / WORD_BYTES; i++) {
        uintptr_t w = i % (type->mask_size / WORD_BYTES), at = first + i;
        if (type->mask[w / 8] >> w % 8 & 1)
            d->mask[at / 8] |= (uint8_t)(1u << at % 8);
    }
}

static struct group_desc *describe(const gomem_type *map)
{
    struct group_desc *d = meta_alloc(sizeof *d, _Alignof(struct group_desc));
    uint16_t slot, elem;
    slot_layout(map, &slot, &elem);
    for (unsigned i = 0; i < SLOTS; i++) {
        mark_pointers(d, GROUP_HEADER + i * slot, map->key);
        mark_pointers(d, GROUP_HEADER + i * slot + elem, map->elem);
    }
    uintptr_t size = GROUP_HEADER + SLOTS * (uintptr_t)slot, words = size / WORD_BYTES;
    while (words && !(d->mask[(words - 1) / 8] >> (words - 1) % 8 & 1))
        words--;
    d->map = map;
    d->type = (gomem_type){.size = size,
                           .ptrdata = words * WORD_BYTES,
                           .mask = d->mask,
                           .mask_size = size,
                           .align = WORD_BYTES,
                           .field_align = WORD_BYTES,
                           .kind = GOMEM_STRUCT};
    return d;
}

const gomem_type *group_type(const gomem_type *map)
{
    _Atomic(struct group_desc *) *list = &descs[hash_word((uintptr_t)map, 0) % DESCS];
    struct group_desc *head = atomic_load_explicit(list, memory_order_acquire), *mine = NULL;
    do {
        for (struct group_desc *d = head; d; d = d->next)
            if (d->map == map)
                return &d->type;
        if (!mine)
            mine = describe(map);
        mine->next = head;
    } while (!atomic_compare_exchange_weak_explicit(list, &head, mine, memory_order_release, memory_order_acquire));
    return &mine->type;
}

void *groups_new(gomem_g *g, const gomem_type *type, uintptr_t n)
{
    const gomem_type *group = group_type(type);
    char *groups = heap_alloc(p_of(g), n * group->size, group->ptrdata ? group : NULL, true, n);
    for (uintptr_t i = 0; i < n; i++)
        *controls(groups + i * group->size) = CONTROL_LOW * CONTROL_EMPTY;
    return groups;
}

// ---- slots ----

int group_find_slow(gomem_g *g, const gomem_type *type, const gomem_map *m, void *group, uint64_t set, const void *key)
{
    for (; set; set &= set - 1) {
        unsigned i = first_slot(set);
        if (key_equal(g, type->key, key, key_of(m, type, group, i)))
            return (int)i;
    }
    return -1;
}

// block_for returns where to put a key or an element: the slot itself, or a new block that the slot then points to.
static void *block_for(gomem_g *g, const gomem_type *type, void *slot)
{
    if (!indirect(type))
        return slot;
    void *block = heap_alloc(p_of(g), type->size, type->ptrdata ? type : NULL, true, 1);
    value_store(g, slot, block);
    return block;
}

void *group_insert(gomem_g *g, const gomem_type *type, gomem_map *m, void *group, unsigned i, uintptr_t hash,
                   const void *key)
{
    uint8_t *slot = slot_key(m, group, i);
    value_copy(g, type->key, block_for(g, type->key, slot), key);
    void *elem = block_for(g, type->elem, slot + m->elem_offset);
    set_control(group, i, h2(hash));
    return elem;
}

static void store_moved(gomem_g *g, const gomem_type *type, void *slot, void *value)
{
    if (indirect(type))
        value_store(g, slot, value);
    else
        value_copy(g, type, slot, value);
}

void group_move(gomem_g *g, const gomem_type *type, gomem_map *m, void *group, unsigned i, uintptr_t hash, void *key,
                void *elem)
{
    uint8_t *slot = slot_key(m, group, i);
    store_moved(g, type->key, slot, key);
    store_moved(g, type->elem, slot + m->elem_offset, elem);
    set_control(group, i, h2(hash));
}

void group_erase(gomem_g *g, const gomem_type *type, gomem_map *m, void *group, unsigned i)
{
    uint8_t *slot = slot_key(m, group, i);
    if (indirect(type->key))
        value_store(g, slot, NULL);
    else if (type->key->ptrdata)
        value_clear(g, type->key, slot);
    if (indirect(type->elem))
        value_store(g, slot + m->elem_offset, NULL);
    else
        value_clear(g, type->elem, slot + m->elem_offset);
}

void group_clear(gomem_g *g, const gomem_type *type, void *group)
{
    value_clear(g, group_type(type), group);
    *controls(group) = CONTROL_LOW * CONTROL_EMPTY;
}

void group_update(gomem_g *g, const gomem_type *type, gomem_map *m, void *group, unsigned i, const void *key)
{
    if (!(type->key->flags & GOMEM_REGULAR))
        value_copy(g, type->key, key_of(m, type, group, i), key);
}
