/*
 * types_subst: types with type parameters replaced.
 *
 * Whatever does not mention a type parameter is returned as it is, so substitution touches only the generic parts and
 * interning makes equal results one. Named types are never entered: only their arguments change, and the instance with
 * the new ones expands when asked, which is why recursive types end.
 */
#include "types.h"

struct subst {
    struct types *types;
    struct type_list params;
    struct type_list args;
};

static struct type *apply(struct subst *s, struct type *x);

static struct type *replace(struct subst *s, struct type *param)
{
    for (uint32_t i = 0; i < s->params.count; i++)
        if (s->params.items[i] == param)
            return s->args.items[i] ? s->args.items[i] : param;
    return param;
}

/* The list with each type replaced: the same array when nothing changed. */
static struct type_list apply_list(struct subst *s, struct type_list list)
{
    struct type **out = NULL;
    for (uint32_t i = 0; i < list.count; i++) {
        struct type *x = apply(s, list.items[i]);
        if (x == list.items[i] && !out)
            continue;
        if (!out) {
            out = ARENA_ARRAY(s->types->arena, struct type *, list.count);
            for (uint32_t j = 0; j < i; j++)
                out[j] = list.items[j];
        }
        out[i] = x;
    }
    return (struct type_list){out ? out : list.items, list.count};
}

static struct object *apply_object(struct subst *s, struct object *o, struct type *x)
{
    struct object *copy = ARENA_NEW(s->types->arena, struct object);
    *copy = *o;
    copy->type = x;
    copy->origin = o->origin ? o->origin : o;
    return copy;
}

static struct object_list apply_objects(struct subst *s, struct object_list list)
{
    struct object **out = NULL;
    for (uint32_t i = 0; i < list.count; i++) {
        struct type *x = apply(s, list.items[i]->type);
        if (x == list.items[i]->type && !out)
            continue;
        if (!out) {
            out = ARENA_ARRAY(s->types->arena, struct object *, list.count);
            for (uint32_t j = 0; j < i; j++)
                out[j] = list.items[j];
        }
        out[i] = x == list.items[i]->type ? list.items[i] : apply_object(s, list.items[i], x);
    }
    return (struct object_list){out ? out : list.items, list.count};
}

static struct type *apply_union(struct subst *s, struct type *x)
{
    struct term *terms = ARENA_ARRAY(s->types->arena, struct term, x->union_.count);
    for (uint32_t i = 0; i < x->union_.count; i++)
        terms[i] = (struct term){apply(s, x->union_.items[i].type), x->union_.items[i].tilde};
    return types_union(s->types, terms, x->union_.count);
}

static struct type *apply_interface(struct subst *s, struct type *x)
{
    struct object_list methods = apply_objects(s, x->interface.methods);
    struct type_list embeds = apply_list(s, x->interface.embeds);
    if (methods.items == x->interface.methods.items && embeds.items == x->interface.embeds.items)
        return x;
    struct type *copy = types_interface_new(s->types);
    copy->interface.methods = methods;
    copy->interface.embeds = embeds;
    copy->interface.implicit = x->interface.implicit;
    copy->interface.origin = x->interface.origin ? x->interface.origin : x;
    return types_interface_done(s->types, copy);
}

static struct type *apply_named(struct subst *s, struct type *x)
{
    struct type_list old = x->named.origin ? x->named.args : x->named.outer;
    struct type_list args = apply_list(s, old);
    if (args.items == old.items)
        return x;
    return types_instance(s->types, x->named.origin ? x->named.origin : x, args.items, args.count);
}

static struct type *apply_func(struct subst *s, struct type *x)
{
    struct type *params = apply(s, x->func.params), *results = apply(s, x->func.results);
    if (params == x->func.params && results == x->func.results)
        return x;
    return types_func(s->types, params, results, x->variadic, x->func.tparams);
}

static struct type *apply(struct subst *s, struct type *x)
{
    struct types *t = s->types;
    if (!types_mentions_params(t, x))
        return x;
    switch ((enum type_kind)x->kind) {
    case TYPE_BASIC:
        return x;
    case TYPE_PARAM:
        return replace(s, x);
    case TYPE_NAMED:
        return apply_named(s, x);
    case TYPE_POINTER:
        return types_pointer(t, apply(s, x->pointer.elem));
    case TYPE_SLICE:
        return types_slice(t, apply(s, x->slice.elem));
    case TYPE_CHAN:
        return types_chan(t, (enum chan_dir)x->dir, apply(s, x->chan.elem));
    case TYPE_ARRAY:
        return types_array(t, apply(s, x->array.elem), x->array.len);
    case TYPE_MAP:
        return types_map(t, apply(s, x->map.key), apply(s, x->map.elem));
    case TYPE_FUNC:
        return apply_func(s, x);
    case TYPE_TUPLE: {
        struct type_list list = apply_list(s, x->tuple);
        return types_tuple(t, list.items, list.count);
    }
    case TYPE_STRUCT: {
        struct object_list fields = apply_objects(s, x->struct_.fields);
        return types_struct(t, fields.items, fields.count, x->struct_.tags, x->struct_.tag_lengths);
    }
    case TYPE_INTERFACE:
        return apply_interface(s, x);
    case TYPE_UNION:
        return apply_union(s, x);
    }
    return x;
}

struct type *types_subst(struct types *t, struct type *x, struct type_list params, struct type_list args)
{
    struct subst s = {t, params, args};
    return params.count ? apply(&s, x) : x;
}

struct type *types_member_type(struct types *t, struct type *holder, struct object *object)
{
    if (!object->type && t->resolve)
        t->resolve(t->context, object);
    if (!object->type)
        return types_basic(t, BASIC_INVALID);
    if (object->kind != OBJECT_FUNC || holder->kind != TYPE_NAMED || !holder->named.origin)
        return object->type;
    struct type *origin = holder->named.origin;
    if (types_underlying(t, origin)->kind == TYPE_INTERFACE || origin->named.params.count != holder->named.args.count)
        return object->type;
    return types_subst(t, object->type, origin->named.params, holder->named.args);
}
