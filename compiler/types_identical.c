/*
 * types_identical: are two types the same, though not one pointer? And one pointer for all that are.
 *
 * The comparison is structural; named types are equal when origin and arguments are, interfaces when their type sets
 * are. Two interfaces may refer to each other through their methods, so pairs of interfaces being compared are kept in a
 * chain, and a pair met again counts as equal (if it is not, another part will tell).
 */
#include "types.h"

#include <string.h>

struct pair {
    struct type *a, *b;
    struct pair *outer;
};

struct comparison {
    struct types *types;
    bool ignore_tags;
};

static bool same(struct comparison *c, struct type *a, struct type *b, struct pair *pairs);

static bool same_each(struct comparison *c, struct type_list a, struct type_list b, struct pair *pairs)
{
    if (a.count != b.count)
        return false;
    for (uint32_t i = 0; i < a.count; i++)
        if (!same(c, a.items[i], b.items[i], pairs))
            return false;
    return true;
}

static bool same_member(const struct object *a, const struct object *b)
{
    return a->name == b->name && (a->name->exported || a->package == b->package);
}

static bool same_tag(const struct type *a, const struct type *b, uint32_t i)
{
    uint32_t m = a->struct_.tags && a->struct_.tags[i] ? a->struct_.tag_lengths[i] : 0;
    uint32_t n = b->struct_.tags && b->struct_.tags[i] ? b->struct_.tag_lengths[i] : 0;
    return m == n && (m == 0 || memcmp(a->struct_.tags[i], b->struct_.tags[i], m) == 0);
}

static bool same_fields(struct comparison *c, struct type *a, struct type *b, struct pair *pairs)
{
    if (a->struct_.fields.count != b->struct_.fields.count)
        return false;
    for (uint32_t i = 0; i < a->struct_.fields.count; i++) {
        struct object *f = a->struct_.fields.items[i], *g = b->struct_.fields.items[i];
        if (!same_member(f, g) || f->embedded != g->embedded || (!c->ignore_tags && !same_tag(a, b, i)) ||
            !same(c, f->type, g->type, pairs))
            return false;
    }
    return true;
}

static bool term_in(struct comparison *c, struct term t, struct term_list list, struct pair *pairs)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (t.tilde == list.items[i].tilde && same(c, t.type, list.items[i].type, pairs))
            return true;
    return false;
}

static bool same_terms(struct comparison *c, struct term_list a, struct term_list b, struct pair *pairs)
{
    if (a.count != b.count)
        return false;
    for (uint32_t i = 0; i < a.count; i++)
        if (!term_in(c, a.items[i], b, pairs))
            return false;
    return true;
}

static bool same_sets(struct comparison *c, struct type *a, struct type *b, struct pair *pairs)
{
    const struct type_set *x = types_set(c->types, a), *y = types_set(c->types, b);
    if (x->comparable != y->comparable || x->all_terms != y->all_terms || x->methods.count != y->methods.count ||
        !same_terms(c, x->terms, y->terms, pairs))
        return false;
    for (struct pair *p = pairs; p; p = p->outer)
        if ((p->a == a && p->b == b) || (p->a == b && p->b == a))
            return true;
    struct pair pair = {a, b, pairs};
    for (uint32_t i = 0; i < x->methods.count; i++)
        if (!same_member(x->methods.items[i], y->methods.items[i]) ||
            !same(c, x->methods.items[i]->type, y->methods.items[i]->type, &pair))
            return false;
    return true;
}

/* Generic functions: equal up to the names of their type parameters. */
static bool same_generic(struct comparison *c, struct type *a, struct type *b, struct pair *pairs)
{
    struct type_list p = a->func.tparams, q = b->func.tparams;
    if (p.count != q.count)
        return false;
    for (uint32_t i = 0; i < p.count; i++)
        if (!same(c, types_constraint(c->types, p.items[i]),
                  types_subst(c->types, types_constraint(c->types, q.items[i]), q, p), pairs))
            return false;
    return same(c, a->func.params, types_subst(c->types, b->func.params, q, p), pairs) &&
           same(c, a->func.results, types_subst(c->types, b->func.results, q, p), pairs);
}

static bool same_func(struct comparison *c, struct type *a, struct type *b, struct pair *pairs)
{
    if (a->variadic != b->variadic)
        return false;
    if (a->func.tparams.count || b->func.tparams.count)
        return same_generic(c, a, b, pairs);
    return same(c, a->func.params, b->func.params, pairs) && same(c, a->func.results, b->func.results, pairs);
}

static bool same(struct comparison *c, struct type *a, struct type *b, struct pair *pairs)
{
    if (a == b)
        return true;
    if (a->kind != b->kind)
        return false;
    switch ((enum type_kind)a->kind) {
    case TYPE_BASIC:
    case TYPE_PARAM:
        return false;
    case TYPE_NAMED:
        return a->named.origin && a->named.origin == b->named.origin &&
               same_each(c, a->named.args, b->named.args, pairs);
    case TYPE_POINTER:
    case TYPE_SLICE:
        return same(c, a->pointer.elem, b->pointer.elem, pairs);
    case TYPE_CHAN:
        return a->dir == b->dir && same(c, a->chan.elem, b->chan.elem, pairs);
    case TYPE_ARRAY:
        return (a->array.len < 0 || b->array.len < 0 || a->array.len == b->array.len) &&
               same(c, a->array.elem, b->array.elem, pairs);
    case TYPE_MAP:
        return same(c, a->map.key, b->map.key, pairs) && same(c, a->map.elem, b->map.elem, pairs);
    case TYPE_FUNC:
        return same_func(c, a, b, pairs);
    case TYPE_TUPLE:
        return same_each(c, a->tuple, b->tuple, pairs);
    case TYPE_STRUCT:
        return same_fields(c, a, b, pairs);
    case TYPE_INTERFACE:
        return same_sets(c, a, b, pairs);
    case TYPE_UNION:
        return same_terms(c, a->union_, b->union_, pairs);
    }
    return false;
}

bool types_identical(struct types *t, struct type *a, struct type *b)
{
    struct comparison c = {t, false};
    return a == b || same(&c, a, b, NULL);
}

bool types_identical_ignore_tags(struct types *t, struct type *a, struct type *b)
{
    struct comparison c = {t, true};
    return a == b || same(&c, a, b, NULL);
}

/* ---- canonical types ---- */

static uint32_t mix(uint32_t h, uint32_t x)
{
    h ^= x + 0x9e3779b9u + (h << 6) + (h >> 2);
    return h * 16777619u;
}

static uint32_t hash_list(struct types *t, struct type_list list, uint32_t h)
{
    for (uint32_t i = 0; i < list.count; i++)
        h = mix(h, types_hash(t, list.items[i]));
    return h;
}

/* Methods of an interface may lead back to it, so only their names count. */
static uint32_t hash_interface(struct types *t, struct type *x, uint32_t h)
{
    const struct type_set *set = types_set(t, x);
    h = mix(h, set->terms.count * 2 + set->comparable);
    for (uint32_t i = 0; i < set->methods.count; i++)
        h = mix(h, set->methods.items[i]->name->hash);
    return h;
}

uint32_t types_hash(struct types *t, struct type *x)
{
    uint32_t h = mix(97, x->kind);
    switch ((enum type_kind)x->kind) {
    case TYPE_BASIC:
    case TYPE_PARAM:
        return mix(h, x->id);
    case TYPE_NAMED:
        return x->named.origin ? hash_list(t, x->named.args, mix(h, x->named.origin->id)) : mix(h, x->id);
    case TYPE_POINTER:
    case TYPE_SLICE:
        return mix(h, types_hash(t, x->pointer.elem));
    case TYPE_CHAN:
        return mix(mix(h, x->dir), types_hash(t, x->chan.elem));
    case TYPE_ARRAY:
        return mix(mix(h, (uint32_t)x->array.len), types_hash(t, x->array.elem));
    case TYPE_MAP:
        return mix(mix(h, types_hash(t, x->map.key)), types_hash(t, x->map.elem));
    case TYPE_FUNC:
        return mix(mix(h, types_hash(t, x->func.params)), types_hash(t, x->func.results));
    case TYPE_TUPLE:
        return hash_list(t, x->tuple, h);
    case TYPE_STRUCT:
        for (uint32_t i = 0; i < x->struct_.fields.count; i++)
            h = mix(mix(h, x->struct_.fields.items[i]->name->hash), types_hash(t, x->struct_.fields.items[i]->type));
        return h;
    case TYPE_INTERFACE:
        return hash_interface(t, x, h);
    case TYPE_UNION:
        return mix(h, x->union_.count);
    }
    return h;
}

/* canonical_buckets is an open table of representatives. */
static void grow_canonical(struct types *t)
{
    uint32_t n = t->canonical_bucket_count ? t->canonical_bucket_count * 2 : 256;
    struct type **table = ARENA_ARRAY(t->arena, struct type *, n);
    for (uint32_t i = 0; i < t->canonical_bucket_count; i++) {
        struct type *x = t->canonical_buckets[i];
        if (!x)
            continue;
        uint32_t j = types_hash(t, x) & (n - 1);
        while (table[j])
            j = (j + 1) & (n - 1);
        table[j] = x;
    }
    t->canonical_buckets = table;
    t->canonical_bucket_count = n;
}

struct type *types_canonical(struct types *t, struct type *x)
{
    if (x->canonical)
        return x->canonical;
    if (t->canonical_count * 2 >= t->canonical_bucket_count)
        grow_canonical(t);
    uint32_t mask = t->canonical_bucket_count - 1;
    uint32_t i = types_hash(t, x) & mask;
    while (t->canonical_buckets[i] && !types_identical(t, t->canonical_buckets[i], x))
        i = (i + 1) & mask;
    if (!t->canonical_buckets[i]) {
        t->canonical_buckets[i] = x;
        t->canonical_count++;
    }
    return x->canonical = t->canonical_buckets[i];
}
