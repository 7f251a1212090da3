/*
 * types: making types; see types.h.
 *
 * Interning. A constructor fills a candidate on the stack, hashes it by the ids of its parts and looks for an equal one
 * in a chained hash table that doubles; parts are compared by address, which is exact as long as they are interned
 * themselves. Named types, type parameters and generic functions are made anew each time; interfaces that mean the same
 * but are written with other embedded elements are two types here. types_identical.c knows better where that matters.
 *
 * Printing is types_print.c, identity types_identical.c, type sets types_set.c, members types_lookup.c, substitution and
 * instances types_subst.c, predeclared names types_universe.c, layout layout.c.
 */
#include "types.h"

#include <string.h>

static uint32_t mix(uint32_t h, uint32_t x)
{
    h ^= x + 0x9e3779b9u + (h << 6) + (h >> 2);
    return h * 16777619u;
}

static uint32_t mix_list(uint32_t h, struct type *const *items, uint32_t count)
{
    h = mix(h, count);
    for (uint32_t i = 0; i < count; i++)
        h = mix(h, items[i]->id);
    return h;
}

static uint32_t mix_object(uint32_t h, const struct object *o)
{
    h = mix(mix(h, o->name->hash), o->type->id);
    return o->name->exported ? h : mix(h, (uint32_t)(uintptr_t)o->package >> 4);
}

static const char *tag_of(const struct type *x, uint32_t i)
{
    return x->struct_.tags ? x->struct_.tags[i] : NULL;
}

static uint32_t hash_parts(const struct type *x)
{
    uint32_t h = mix(2166136261u, x->kind);
    switch ((enum type_kind)x->kind) {
    case TYPE_POINTER:
    case TYPE_SLICE:
        return mix(h, x->pointer.elem->id);
    case TYPE_CHAN:
        return mix(mix(h, x->chan.elem->id), x->dir);
    case TYPE_ARRAY:
        return mix(mix(h, x->array.elem->id), (uint32_t)x->array.len);
    case TYPE_MAP:
        return mix(mix(h, x->map.key->id), x->map.elem->id);
    case TYPE_FUNC:
        return mix(mix(mix(h, x->func.params->id), x->func.results->id), x->variadic);
    case TYPE_TUPLE:
        return mix_list(h, x->tuple.items, x->tuple.count);
    case TYPE_STRUCT:
        for (uint32_t i = 0; i < x->struct_.fields.count; i++)
            h = mix_object(h, x->struct_.fields.items[i]);
        return h;
    case TYPE_INTERFACE:
        for (uint32_t i = 0; i < x->interface.methods.count; i++)
            h = mix_object(h, x->interface.methods.items[i]);
        return mix_list(h, x->interface.embeds.items, x->interface.embeds.count);
    case TYPE_UNION:
        for (uint32_t i = 0; i < x->union_.count; i++)
            h = mix(h, x->union_.items[i].type->id * 2 + x->union_.items[i].tilde);
        return h;
    case TYPE_NAMED:
        return mix_list(mix(h, x->named.origin->id), x->named.args.items, x->named.args.count);
    default:
        return h;
    }
}

static bool same_list(struct type_list a, struct type_list b)
{
    return a.count == b.count && (a.count == 0 || memcmp(a.items, b.items, a.count * sizeof *a.items) == 0);
}

static bool same_name(const struct object *a, const struct object *b)
{
    return a->name == b->name && (a->name->exported || a->package == b->package);
}

static bool same_tag(const struct type *a, const struct type *b, uint32_t i)
{
    const char *x = tag_of(a, i), *y = tag_of(b, i);
    if (!x || !y)
        return x == y;
    uint32_t n = a->struct_.tag_lengths[i];
    return n == b->struct_.tag_lengths[i] && memcmp(x, y, n) == 0;
}

static bool same_fields(const struct type *a, const struct type *b)
{
    if (a->struct_.fields.count != b->struct_.fields.count)
        return false;
    for (uint32_t i = 0; i < a->struct_.fields.count; i++) {
        const struct object *f = a->struct_.fields.items[i], *g = b->struct_.fields.items[i];
        if (!same_name(f, g) || f->type != g->type || f->embedded != g->embedded || !same_tag(a, b, i))
            return false;
    }
    return true;
}

static bool same_methods(const struct type *a, const struct type *b)
{
    if (a->interface.methods.count != b->interface.methods.count || a->interface.implicit != b->interface.implicit ||
        !same_list(a->interface.embeds, b->interface.embeds))
        return false;
    for (uint32_t i = 0; i < a->interface.methods.count; i++) {
        const struct object *f = a->interface.methods.items[i], *g = b->interface.methods.items[i];
        if (!same_name(f, g) || f->type != g->type)
            return false;
    }
    return true;
}

static bool same_terms(const struct type *a, const struct type *b)
{
    if (a->union_.count != b->union_.count)
        return false;
    for (uint32_t i = 0; i < a->union_.count; i++)
        if (a->union_.items[i].type != b->union_.items[i].type || a->union_.items[i].tilde != b->union_.items[i].tilde)
            return false;
    return true;
}

static bool same_parts(const struct type *a, const struct type *b)
{
    if (a->kind != b->kind || a->hash != b->hash)
        return false;
    switch ((enum type_kind)a->kind) {
    case TYPE_POINTER:
    case TYPE_SLICE:
        return a->pointer.elem == b->pointer.elem;
    case TYPE_CHAN:
        return a->chan.elem == b->chan.elem && a->dir == b->dir;
    case TYPE_ARRAY:
        return a->array.elem == b->array.elem && a->array.len == b->array.len;
    case TYPE_MAP:
        return a->map.key == b->map.key && a->map.elem == b->map.elem;
    case TYPE_FUNC:
        return a->func.params == b->func.params && a->func.results == b->func.results && a->variadic == b->variadic;
    case TYPE_TUPLE:
        return same_list(a->tuple, b->tuple);
    case TYPE_STRUCT:
        return same_fields(a, b);
    case TYPE_INTERFACE:
        return same_methods(a, b);
    case TYPE_UNION:
        return same_terms(a, b);
    case TYPE_NAMED:
        return a->named.origin == b->named.origin && same_list(a->named.args, b->named.args);
    default:
        return false;
    }
}

static void grow_table(struct types *t)
{
    uint32_t n = t->bucket_count ? t->bucket_count * 2 : 1024;
    struct type **buckets = ARENA_ARRAY(t->arena, struct type *, n);
    for (uint32_t i = 0; i < t->bucket_count; i++)
        for (struct type *x = t->buckets[i], *next; x; x = next) {
            next = x->next;
            x->next = buckets[x->hash & (n - 1)];
            buckets[x->hash & (n - 1)] = x;
        }
    t->buckets = buckets;
    t->bucket_count = n;
}

static struct type *new_type(struct types *t, const struct type *content)
{
    struct type *x = ARENA_NEW(t->arena, struct type);
    *x = *content;
    x->id = t->next_id++;
    return x;
}

static struct type *find(struct types *t, struct type *candidate)
{
    candidate->hash = hash_parts(candidate);
    for (struct type *x = t->buckets[candidate->hash & (t->bucket_count - 1)]; x; x = x->next)
        if (same_parts(x, candidate))
            return x;
    return NULL;
}

static void enter(struct types *t, struct type *x)
{
    if (t->count >= t->bucket_count)
        grow_table(t);
    struct type **bucket = &t->buckets[x->hash & (t->bucket_count - 1)];
    x->next = *bucket;
    *bucket = x;
    t->count++;
}

static struct type *intern(struct types *t, struct type *candidate)
{
    if (t->bucket_count == 0)
        grow_table(t);
    struct type *found = find(t, candidate);
    if (found)
        return found;
    struct type *x = new_type(t, candidate);
    enter(t, x);
    return x;
}

struct type *types_pointer(struct types *t, struct type *elem)
{
    return intern(t, &(struct type){.kind = TYPE_POINTER, .pointer = {elem}});
}

struct type *types_array(struct types *t, struct type *elem, int64_t len)
{
    return intern(t, &(struct type){.kind = TYPE_ARRAY, .array = {elem, len}});
}

struct type *types_slice(struct types *t, struct type *elem)
{
    return intern(t, &(struct type){.kind = TYPE_SLICE, .slice = {elem}});
}

struct type *types_map(struct types *t, struct type *key, struct type *elem)
{
    return intern(t, &(struct type){.kind = TYPE_MAP, .map = {key, elem}});
}

struct type *types_chan(struct types *t, enum chan_dir dir, struct type *elem)
{
    return intern(t, &(struct type){.kind = TYPE_CHAN, .dir = (uint8_t)dir, .chan = {elem}});
}

static struct type_list copy_list(struct types *t, struct type *const *items, uint32_t count)
{
    struct type_list list = {ARENA_ARRAY(t->arena, struct type *, count), count};
    if (count)
        memcpy(list.items, items, count * sizeof *items);
    return list;
}

/* A list that interning keeps must not be the caller's scratch memory. */
static struct type *intern_list(struct types *t, struct type *candidate, struct type_list *list)
{
    if (t->bucket_count == 0)
        grow_table(t);
    struct type *found = find(t, candidate);
    if (found)
        return found;
    *list = copy_list(t, list->items, list->count);
    struct type *x = new_type(t, candidate);
    enter(t, x);
    return x;
}

struct type *types_tuple(struct types *t, struct type *const *items, uint32_t count)
{
    struct type candidate = {.kind = TYPE_TUPLE, .tuple = {(struct type **)items, count}};
    return intern_list(t, &candidate, &candidate.tuple);
}

struct type *types_func(struct types *t, struct type *params, struct type *results, bool variadic,
                        struct type_list tparams)
{
    struct type x = {.kind = TYPE_FUNC, .variadic = variadic, .func = {params, results, tparams}};
    return tparams.count ? new_type(t, &x) : intern(t, &x);
}

struct type *types_struct(struct types *t, struct object **fields, uint32_t count, const char **tags,
                          const uint32_t *tag_lengths)
{
    struct type x = {.kind = TYPE_STRUCT, .struct_ = {{fields, count}, tags, tag_lengths}};
    return intern(t, &x);
}

struct type *types_interface_new(struct types *t)
{
    return new_type(t, &(struct type){.kind = TYPE_INTERFACE, .incomplete = true});
}

static int compare_names(const struct object *a, const struct object *b)
{
    int order = strcmp(a->name->text, b->name->text);
    if (order != 0 || a->name->exported || a->package == b->package)
        return order;
    return strcmp(a->package->path, b->package->path);
}

static void sort_methods(struct object_list list)
{
    for (uint32_t i = 1; i < list.count; i++) {
        struct object *m = list.items[i];
        uint32_t j = i;
        for (; j > 0 && compare_names(list.items[j - 1], m) > 0; j--)
            list.items[j] = list.items[j - 1];
        list.items[j] = m;
    }
}

struct type *types_interface_done(struct types *t, struct type *x)
{
    x->incomplete = false;
    sort_methods(x->interface.methods);
    for (uint32_t i = 1; i < x->interface.methods.count; i++)
        if (same_name(x->interface.methods.items[i - 1], x->interface.methods.items[i]))
            return x; /* reported as a duplicate; keep it apart */
    if (t->bucket_count == 0)
        grow_table(t);
    struct type *found = find(t, x);
    if (found)
        return found;
    enter(t, x);
    return x;
}

struct type *types_union(struct types *t, struct term *terms, uint32_t count)
{
    return intern(t, &(struct type){.kind = TYPE_UNION, .union_ = {terms, count}});
}

struct type *types_named(struct types *t, struct object *object)
{
    return new_type(t, &(struct type){.kind = TYPE_NAMED, .named = {.object = object}});
}

struct type *types_param(struct types *t, struct object *object, struct type *constraint)
{
    return new_type(t, &(struct type){.kind = TYPE_PARAM, .param = {.object = object, .constraint = constraint}});
}

struct type *types_instance(struct types *t, struct type *origin, struct type *const *args, uint32_t count)
{
    struct type x = {
        .kind = TYPE_NAMED,
        .named = {.object = origin->named.object, .origin = origin, .args = {(struct type **)args, count}}};
    return intern_list(t, &x, &x.named.args);
}

/* ---- questions ---- */

static struct type *expand_instance(struct types *t, struct type *x)
{
    struct type *origin = x->named.origin;
    struct type *under = types_underlying(t, origin);
    if (!type_valid(under) || origin->named.all.count != x->named.args.count)
        return types_basic(t, BASIC_INVALID);
    struct type *result = types_subst(t, under, origin->named.all, x->named.args);
    if (origin->named.underlying)
        x->named.underlying = result;
    return result;
}

/* Follows `type A B; type B …` to its end; invalid while that is not known or when it never ends. */
static struct type *follow(struct types *t, struct type *x)
{
    uint32_t steps = 0;
    struct type *end = x;
    while (end->kind == TYPE_NAMED && !end->named.underlying && !end->named.origin) {
        if (!end->named.rhs || ++steps > t->next_id)
            return types_basic(t, BASIC_INVALID);
        end = end->named.rhs;
    }
    return end->kind == TYPE_PARAM ? types_basic(t, BASIC_INVALID) : types_underlying(t, end);
}

struct type *types_underlying(struct types *t, struct type *x)
{
    if (x->kind == TYPE_PARAM)
        return types_constraint(t, x);
    if (x->kind != TYPE_NAMED)
        return x;
    if (x->named.underlying)
        return x->named.underlying;
    if (x->named.origin)
        return expand_instance(t, x);
    struct type *result = follow(t, x);
    if (type_valid(result) && result->kind != TYPE_NAMED && !result->incomplete)
        x->named.underlying = result;
    return result;
}

struct type *types_constraint(struct types *t, struct type *param)
{
    struct type *constraint = param->param.constraint;
    if (!constraint)
        return t->any;
    struct type *under = constraint->kind == TYPE_PARAM ? t->any : types_underlying(t, constraint);
    if (under->kind == TYPE_INTERFACE || !type_valid(under))
        return under->kind == TYPE_INTERFACE ? under : t->any;
    struct type *x = types_interface_new(t);
    struct type **embeds = ARENA_ARRAY(t->arena, struct type *, 1);
    embeds[0] = constraint;
    x->interface.embeds = (struct type_list){embeds, 1};
    x->interface.implicit = true;
    return param->param.constraint = types_interface_done(t, x);
}

bool types_is(struct types *t, struct type *x, unsigned flags)
{
    if (x->kind == TYPE_PARAM)
        return false;
    struct type *u = types_underlying(t, x);
    return u->kind == TYPE_BASIC && basic_is((enum basic_kind)u->basic, flags);
}

struct flags_query {
    unsigned flags;
};

static bool term_has_flags(void *context, struct type *x, struct type *u)
{
    const struct flags_query *q = context;
    return x && u->kind == TYPE_BASIC && basic_is((enum basic_kind)u->basic, q->flags);
}

bool types_all(struct types *t, struct type *x, unsigned flags)
{
    if (x->kind != TYPE_PARAM)
        return types_is(t, x, flags);
    struct flags_query q = {flags};
    return types_each_term(t, x, term_has_flags, &q);
}

struct nil_query {
    struct types *types;
};

static bool term_has_nil(void *context, struct type *x, struct type *u)
{
    const struct nil_query *q = context;
    return x && u->kind != TYPE_PARAM && types_has_nil(q->types, u);
}

bool types_has_nil(struct types *t, struct type *x)
{
    if (x->kind == TYPE_PARAM) {
        struct nil_query q = {t};
        return types_each_term(t, x, term_has_nil, &q);
    }
    struct type *u = types_underlying(t, x);
    switch (u->kind) {
    case TYPE_BASIC:
        return u->basic == BASIC_UNSAFE_POINTER || u->basic == BASIC_UNTYPED_NIL;
    case TYPE_POINTER:
    case TYPE_SLICE:
    case TYPE_MAP:
    case TYPE_CHAN:
    case TYPE_FUNC:
    case TYPE_INTERFACE:
        return true;
    default:
        return false;
    }
}

struct type *types_default(struct types *t, struct type *x)
{
    return x->kind == TYPE_BASIC && x->basic != BASIC_UNTYPED_NIL
               ? types_basic(t, (enum basic_kind)basic_table[x->basic].fallback)
               : x;
}

static bool any_mentions(struct types *t, struct type_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (types_mentions_params(t, list.items[i]))
            return true;
    return false;
}

static bool objects_mention(struct types *t, struct object_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (types_mentions_params(t, list.items[i]->type))
            return true;
    return false;
}

static bool terms_mention(struct types *t, struct term_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (types_mentions_params(t, list.items[i].type))
            return true;
    return false;
}

static bool parts_mention(struct types *t, struct type *x)
{
    switch ((enum type_kind)x->kind) {
    case TYPE_BASIC:
        return false;
    case TYPE_PARAM:
        return true;
    case TYPE_NAMED:
        return x->named.outer.count != 0 || any_mentions(t, x->named.args);
    case TYPE_POINTER:
    case TYPE_SLICE:
    case TYPE_CHAN:
        return types_mentions_params(t, x->pointer.elem);
    case TYPE_ARRAY:
        return types_mentions_params(t, x->array.elem);
    case TYPE_MAP:
        return types_mentions_params(t, x->map.key) || types_mentions_params(t, x->map.elem);
    case TYPE_FUNC:
        return types_mentions_params(t, x->func.params) || types_mentions_params(t, x->func.results);
    case TYPE_TUPLE:
        return any_mentions(t, x->tuple);
    case TYPE_STRUCT:
        return objects_mention(t, x->struct_.fields);
    case TYPE_INTERFACE:
        return objects_mention(t, x->interface.methods) || any_mentions(t, x->interface.embeds);
    case TYPE_UNION:
        return terms_mention(t, x->union_);
    }
    return false;
}

bool types_mentions_params(struct types *t, struct type *x)
{
    if (x->generic)
        return x->generic > 0;
    bool result = parts_mention(t, x);
    if (!x->incomplete && (x->kind != TYPE_NAMED || x->named.origin))
        x->generic = result ? 1 : -1;
    return result;
}
