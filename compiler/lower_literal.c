/*
 * lower_literal: composite literals.
 *
 * A literal is written into a place element by element: its elements may be calls, and one literal nests in another without copies.
 * A literal that is assigned to a variable it mentions goes through a temporary.
 */
#include <stdlib.h>

#include "lower_internal.h"

static struct type *element_type(struct lowerer *l, struct type *u)
{
    return lower_type(l, u->kind == TYPE_ARRAY ? u->array.elem : u->kind == TYPE_SLICE ? u->slice.elem : u->map.elem);
}

/* An element, whose type may be left out: {…} stands for T{…} or &T{…}. */
static void element_into(struct lowerer *l, struct expr *e, struct type *type, struct place p)
{
    struct expr *x = ast_unparen(e);
    bool borrowing = l->borrowing;
    l->borrowing = borrowing && (is_kind(l, type, TYPE_STRUCT) || is_kind(l, type, TYPE_ARRAY));
    if (x->kind == EXPR_COMPOSITE && type_of(l, x) == type && !is_kind(l, type, TYPE_POINTER))
        composite_into(l, x, type, p);
    else
        store(l, p, borrowing && is_string(l, type) ? lower_borrowed(l, e, type) : lower_to(l, e, type));
    l->borrowing = borrowing;
}

static const char *sub(struct lowerer *l, struct place p, const char *field)
{
    size_t n = strlen(p.text);
    if (p.text[0] == '(' && p.text[1] == '*' && p.text[n - 1] == ')' && p.text[2] == MARK_VAR)
        return F(l, "%.*s->%s", (int)(n - 3), p.text + 2, field);
    return F(l, "%s.%s", p.text, field);
}

static void struct_into(struct lowerer *l, struct expr *e, struct type *type, struct place p)
{
    struct type *u = under(l, type);
    for (uint32_t i = 0; i < e->composite.elems.count; i++) {
        struct expr *x = e->composite.elems.items[i];
        uint32_t at = i;
        if (x->kind == EXPR_KEY_VALUE) {
            at = x->key_value.key->name.object->index;
            x = x->key_value.value;
        }
        struct type *field = lower_type(l, u->struct_.fields.items[at]->type);
        if (u->struct_.fields.items[at]->name->blank) { // it stays zero
            stable(l, field, lower_to(l, x, field));
            continue;
        }
        struct place to = {
            .text = sub(l, p, field_name(l, type, at)), .memory = p.memory, .var = NO_VAR, .type = field};
        element_into(l, x, field, to);
    }
}

static int64_t index_of(const struct expr *key)
{
    int64_t n = 0;
    constant_as_int64(key->value, &n);
    return n;
}

static int64_t literal_length(const struct expr *e)
{
    int64_t at = 0, length = 0;
    for (uint32_t i = 0; i < e->composite.elems.count; i++) {
        const struct expr *x = e->composite.elems.items[i];
        if (x->kind == EXPR_KEY_VALUE)
            at = index_of(x->key_value.key);
        length = ++at > length ? at : length;
    }
    return length;
}

static void array_into(struct lowerer *l, struct expr *e, struct type *elem, struct place p)
{
    int64_t at = 0;
    for (uint32_t i = 0; i < e->composite.elems.count; i++, at++) {
        struct expr *x = e->composite.elems.items[i];
        if (x->kind == EXPR_KEY_VALUE) {
            at = index_of(x->key_value.key);
            x = x->key_value.value;
        }
        struct place to = {
            .text = F(l, "%s[%lld]", sub(l, p, "a"), (long long)at), .memory = p.memory, .var = NO_VAR, .type = elem};
        element_into(l, x, elem, to);
    }
}

/* ---- constants ---- */

static const char *static_element(struct lowerer *l, struct expr *e, struct type *type)
{
    struct expr *x = ast_unparen(e);
    if (x->mode == MODE_NIL)
        return is_scalar(l, type) ? "NULL" : "{}";
    if (x->mode == MODE_CONSTANT && is_kind(l, type, TYPE_BASIC)) {
        const char *text = lower_constant(l, type, x->value);
        if (!is_string(l, type))
            return text;
        return x->value->string.length ? F(l, "gomem_str_init%s", text + strlen("gomem_str")) : "{}";
    }
    return x->kind == EXPR_COMPOSITE && type_of(l, x) == type ? static_literal(l, x, type) : NULL;
}

const char *static_literal(struct lowerer *l, struct expr *e, struct type *type)
{
    struct type *u = under(l, type);
    bool array = u->kind == TYPE_ARRAY;
    if (!array && u->kind != TYPE_STRUCT)
        return NULL;
    struct text s;
    text_init(&s, l->arena);
    int64_t at = 0;
    for (uint32_t i = 0; i < e->composite.elems.count; i++, at++) {
        struct expr *x = e->composite.elems.items[i];
        if (x->kind == EXPR_KEY_VALUE) {
            at = array ? index_of(x->key_value.key) : x->key_value.key->name.object->index;
            x = x->key_value.value;
        }
        struct type *part = lower_type(l, array ? u->array.elem : u->struct_.fields.items[at]->type);
        const char *value = static_element(l, x, part);
        if (!value)
            return NULL;
        if (!array && u->struct_.fields.items[at]->name->blank) // stays zero
            value = zero(l, part);
        const char *name = array ? F(l, "[%lld]", (long long)at) : F(l, ".%s", field_name(l, type, (uint32_t)at));
        text_printf(&s, "%s%s = %s", i ? ", " : "", name, value);
    }
    return F(l, array ? "{{%s}}" : "{%s}", s.length ? text_string(&s) : "");
}

static const char *slice_literal(struct lowerer *l, struct expr *e, struct type *type)
{
    struct type *elem = element_type(l, under(l, type));
    int64_t n = literal_length(e);
    struct type *array = types_canonical(l->t, types_array(l->t, elem, n));
    if (!n)
        return "(gomem_slice){gomem_no_bytes, 0, 0}";
    const char *p = lower_site(l, array, e, ESCAPE_VALUE, 0);
    array_into(l, e, elem, place_deref(l, array, p, false));
    return temp(l, type, F(l, "(gomem_slice){%s, %lld, %lld}", p, (long long)n, (long long)n));
}

/* ---- maps ---- */

enum { MAP_GROUP_SLOTS = 8, MAP_INDIRECT_OVER = 128 };

/* What a frame has for a map: see make_in in gomem.h. */
static struct type *map_header(struct lowerer *l)
{
    struct type *word = basic(l, BASIC_UINTPTR), *pointer = basic(l, BASIC_UNSAFE_POINTER);
    const char *names[] = {"used", "seed", "pointer", "rest"};
    struct type *types[] = {word, word, pointer, types_array(l->t, word, 5)};
    return make_struct(l, names, types, 4);
}

static struct type *stored(struct lowerer *l, struct type *type)
{
    return size_of(l, type) > MAP_INDIRECT_OVER ? basic(l, BASIC_UNSAFE_POINTER) : type;
}

static struct type *map_group(struct lowerer *l, struct type *map)
{
    const char *slot_names[] = {"key", "elem"}, *names[] = {"control", "slots"};
    struct type *slot_types[] = {stored(l, lower_type(l, map->map.key)), stored(l, lower_type(l, map->map.elem))};
    struct type *slot = make_struct(l, slot_names, slot_types, 2);
    struct type *types[] = {basic(l, BASIC_UINT64), types_array(l->t, slot, MAP_GROUP_SLOTS)};
    return make_struct(l, names, types, 2);
}

const char *make_map(struct lowerer *l, struct type *type, const struct expr *e, const char *hint)
{
    if (!on_stack(l, e, ESCAPE_VALUE, 0))
        return temp(l, type, F(l, "gomem_rt.maps->make(g, %s, %s)", descriptor(l, type), hint));
    bool large = is_constant_text(hint) && strtol(hint, NULL, 0) > MAP_GROUP_SLOTS;
    const char *header = frame_object(l, map_header(l));
    const char *group = large ? "NULL" : frame_object(l, map_group(l, under(l, type)));
    return temp(l, type, F(l, "gomem_make_map(g, %s, %s, %s, %s)", descriptor(l, type), hint, header, group));
}

static const char *map_literal(struct lowerer *l, struct expr *e, struct type *type)
{
    struct type *u = under(l, type), *key = lower_type(l, u->map.key), *elem = lower_type(l, u->map.elem);
    const char *m = make_map(l, type, e, F(l, "%u", e->composite.elems.count));
    for (uint32_t i = 0; i < e->composite.elems.count; i++) {
        struct expr *x = e->composite.elems.items[i];
        struct place k = fresh_place(l, key);
        element_into(l, x->key_value.key, key, k);
        const char *value = stable(l, elem, lower_to(l, x->key_value.value, elem));
        store(l, map_slot(l, type, m, k.text), value);
    }
    return m;
}

void composite_into(struct lowerer *l, struct expr *e, struct type *type, struct place p)
{
    struct type *u = under(l, type);
    if (u->kind == TYPE_STRUCT || u->kind == TYPE_ARRAY) {
        if (p.var != NO_VAR || !p.memory)
            store(l, p, zero(l, type));
        if (u->kind == TYPE_STRUCT)
            struct_into(l, e, type, p);
        else
            array_into(l, e, element_type(l, u), p);
        return;
    }
    store(l, p, lower_composite(l, e));
}

/* A literal of pointer type stands for &T{…} where the type is left out in an outer literal. */
static const char *pointer_literal(struct lowerer *l, struct expr *e, struct type *type)
{
    struct type *elem = lower_type(l, under(l, type)->pointer.elem);
    const char *p = lower_site(l, elem, e, ESCAPE_VALUE, 0);
    struct place to = place_deref(l, elem, p, false);
    struct type *u = under(l, elem);
    if (u->kind == TYPE_STRUCT)
        struct_into(l, e, elem, to);
    else if (u->kind == TYPE_ARRAY)
        array_into(l, e, element_type(l, u), to);
    else
        store(l, to, u->kind == TYPE_SLICE ? slice_literal(l, e, elem) : map_literal(l, e, elem));
    return p;
}

const char *lower_composite(struct lowerer *l, struct expr *e)
{
    struct type *type = type_of(l, e);
    switch (under(l, type)->kind) {
    case TYPE_POINTER:
        return pointer_literal(l, e, type);
    case TYPE_SLICE:
        return slice_literal(l, e, type);
    case TYPE_MAP:
        return map_literal(l, e, type);
    default: {
        if (!e->composite.elems.count)
            return zero(l, type);
        struct place p = fresh_place(l, type);
        composite_into(l, e, type, p);
        return p.text;
    }
    }
}
