/*
 * types_set: what interfaces mean, and which types are comparable.
 *
 * A type set is methods plus terms. Embedding intersects: methods unite, terms intersect, where a term is T or ~T and
 * two terms meet exactly when their types (underlying types beside a tilde) are identical. A union's terms are kept free of
 * those that others include. `comparable` without terms is a flag; with terms it removes those that are not.
 *
 * Sets are computed when first asked for. An interface that (wrongly) embeds itself finds its own set in progress and
 * sees it as it stands; the checker reports such cycles from the declarations.
 */
#include "types.h"

#include <string.h>

static struct type *under_of(struct types *t, struct type *x)
{
    return types_underlying(t, x);
}

static bool disjoint(struct types *t, struct term a, struct term b)
{
    struct type *x = b.tilde ? under_of(t, a.type) : a.type;
    struct type *y = a.tilde ? under_of(t, b.type) : b.type;
    return !types_identical(t, x, y);
}

/* a ⊆ b */
static bool within(struct types *t, struct term a, struct term b)
{
    return !disjoint(t, a, b) && (!a.tilde || b.tilde);
}

static void add_term(struct types *t, struct term_list *list, size_t *capacity, struct term term)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (within(t, term, list->items[i]))
            return;
    uint32_t n = 0;
    for (uint32_t i = 0; i < list->count; i++)
        if (!within(t, list->items[i], term))
            list->items[n++] = list->items[i];
    list->count = n;
    list->items = arena_grow(t->arena, list->items, sizeof *list->items, n + 1, capacity);
    list->items[list->count++] = term;
}

static struct term_list intersect(struct types *t, struct term_list a, struct term_list b)
{
    struct term_list out = {0};
    size_t capacity = 0;
    for (uint32_t i = 0; i < a.count; i++)
        for (uint32_t j = 0; j < b.count; j++)
            if (!disjoint(t, a.items[i], b.items[j]))
                add_term(t, &out, &capacity, !a.items[i].tilde || b.items[j].tilde ? a.items[i] : b.items[j]);
    return out;
}

/* Restricts set to what `other` allows. */
static void restrict_terms(struct types *t, struct type_set *set, bool all, struct term_list terms, bool comparable)
{
    if (!all) {
        set->terms = set->all_terms ? terms : intersect(t, set->terms, terms);
        set->all_terms = false;
    }
    set->comparable |= comparable;
    if (!set->comparable || set->all_terms)
        return;
    struct term_list kept = {ARENA_ARRAY(t->arena, struct term, set->terms.count), 0};
    for (uint32_t i = 0; i < set->terms.count; i++)
        if (types_comparable(t, set->terms.items[i].type, false, NULL))
            kept.items[kept.count++] = set->terms.items[i];
    set->terms = kept;
    set->comparable = false;
}

struct collector {
    struct types *types;
    struct type_set *set;
    size_t capacity;
    struct pos *places; /* where the interface gets each of the methods */
    size_t place_capacity;
};

static int compare_members(const struct object *a, const struct object *b)
{
    if (a->name == b->name && (a->name->exported || a->package == b->package))
        return 0;
    int order = strcmp(a->name->text, b->name->text);
    return order ? order : strcmp(a->package->path, b->package->path);
}

/* pos is where m is embedded, or none when it is the interface's own. */
static void add_method(struct collector *c, struct object *m, struct pos pos)
{
    struct arena *a = c->types->arena;
    struct object_list *list = &c->set->methods;
    uint32_t i = list->count;
    while (i > 0 && compare_members(list->items[i - 1], m) > 0)
        i--;
    if (i > 0 && compare_members(list->items[i - 1], m) == 0) {
        if (c->types->duplicate)
            c->types->duplicate(c->types->context, pos, m, list->items[i - 1], c->places[i - 1]);
        return;
    }
    list->items = arena_grow(a, list->items, sizeof *list->items, list->count + 1, &c->capacity);
    c->places = arena_grow(a, c->places, sizeof *c->places, list->count + 1, &c->place_capacity);
    memmove(list->items + i + 1, list->items + i, (list->count - i) * sizeof *list->items);
    memmove(c->places + i + 1, c->places + i, (list->count - i) * sizeof *c->places);
    list->items[i] = m;
    c->places[i] = pos_known(pos) ? pos : m->pos;
    list->count++;
}

/* The terms of a union; false when one of them allows all types. */
static bool union_terms(struct types *t, struct type *u, struct term_list *out)
{
    size_t capacity = 0;
    for (uint32_t i = 0; i < u->union_.count; i++) {
        struct term term = u->union_.items[i];
        struct type *x = under_of(t, term.type);
        if (x->kind == TYPE_INTERFACE) {
            const struct type_set *set = types_set(t, x);
            if (set->all_terms)
                return false;
            for (uint32_t j = 0; j < set->terms.count; j++)
                add_term(t, out, &capacity, set->terms.items[j]);
        } else if (type_valid(x) && !(term.tilde && !types_identical(t, term.type, x))) {
            add_term(t, out, &capacity, term);
        }
    }
    return true;
}

static void embed(struct collector *c, struct type *x, struct pos pos)
{
    struct types *t = c->types;
    struct type *u = x->kind == TYPE_PARAM ? types_basic(t, BASIC_INVALID) : under_of(t, x);
    if (u->kind == TYPE_INTERFACE) {
        const struct type_set *set = types_set(t, u);
        for (uint32_t i = 0; i < set->methods.count; i++)
            add_method(c, set->methods.items[i], pos);
        restrict_terms(t, c->set, set->all_terms, set->terms, set->comparable);
    } else if (u->kind == TYPE_UNION) {
        struct term_list terms = {0};
        bool some = union_terms(t, u, &terms);
        restrict_terms(t, c->set, !some, terms, false);
    } else if (type_valid(u)) {
        struct term *one = ARENA_NEW(t->arena, struct term);
        *one = (struct term){x, false};
        restrict_terms(t, c->set, false, (struct term_list){one, 1}, false);
    }
}

const struct type_set *types_set(struct types *t, struct type *x)
{
    if (x->kind != TYPE_INTERFACE)
        x = x->kind == TYPE_PARAM ? types_constraint(t, x) : under_of(t, x);
    if (x->interface.set)
        return x->interface.set;
    struct type_set *set = ARENA_NEW(t->arena, struct type_set);
    set->all_terms = true;
    if (x->incomplete)
        return set;
    x->interface.set = set;
    struct collector c = {.types = t, .set = set};
    for (uint32_t i = 0; i < x->interface.methods.count; i++)
        add_method(&c, x->interface.methods.items[i], POS_NONE);
    for (uint32_t i = 0; i < x->interface.embeds.count; i++)
        embed(&c, x->interface.embeds.items[i], x->interface.embed_pos ? x->interface.embed_pos[i] : POS_NONE);
    return set;
}

bool types_is_basic_interface(struct types *t, struct type *x)
{
    const struct type_set *set = types_set(t, x);
    return set->all_terms && !set->comparable;
}

bool types_each_term(struct types *t, struct type *x, types_visit_fn *visit, void *context)
{
    if (x->kind != TYPE_PARAM)
        return visit(context, x, under_of(t, x));
    const struct type_set *set = types_set(t, x);
    if (set->all_terms || set->terms.count == 0)
        return visit(context, NULL, NULL);
    for (uint32_t i = 0; i < set->terms.count; i++)
        if (!visit(context, set->terms.items[i].type, under_of(t, set->terms.items[i].type)))
            return false;
    return true;
}

struct common {
    struct types *types;
    struct type *under;
};

/* Channels agree when their elements do and at most one direction is demanded; the stricter one wins. */
static bool common_chan(struct common *c, struct type *u)
{
    if (!types_identical(c->types, c->under->chan.elem, u->chan.elem))
        return false;
    if (c->under->dir == u->dir || u->dir == CHAN_BOTH)
        return true;
    if (c->under->dir != CHAN_BOTH)
        return false;
    c->under = u;
    return true;
}

static bool common_visit(void *context, struct type *x, struct type *u)
{
    struct common *c = context;
    if (!x)
        return false;
    if (!c->under) {
        c->under = u;
        return true;
    }
    if (c->under->kind == TYPE_CHAN && u->kind == TYPE_CHAN)
        return common_chan(c, u);
    return types_identical(c->types, c->under, u);
}

struct type *types_common_underlying(struct types *t, struct type *x)
{
    struct common c = {t, NULL};
    return types_each_term(t, x, common_visit, &c) ? c.under : NULL;
}

/* ---- comparable ---- */

enum { MAX_DEPTH = 1000 }; /* a type nested deeper is infinite, which the checker reports */

/* A question about comparability, on the way down from the type that was asked about. */
struct comparing {
    struct types *t;
    uint32_t walk, depth;
};

static bool comparable(struct comparing c, struct type *x, bool dynamic, const char **reason);

static bool fail(struct comparing c, const char **reason, const char *format, struct type *what)
{
    if (reason)
        *reason = arena_printf(c.t->arena, format, types_string(c.t, what, c.t->printing));
    return false;
}

static bool comparable_struct(struct comparing c, struct type *u, bool dynamic, const char **reason)
{
    for (uint32_t i = 0; i < u->struct_.fields.count; i++) {
        struct type *field = u->struct_.fields.items[i]->type;
        if (!comparable(c, field, dynamic, NULL))
            return fail(c, reason, "struct containing %s cannot be compared", field);
    }
    return true;
}

static bool comparable_set(struct comparing c, struct type *x, const char **reason)
{
    const struct type_set *set = types_set(c.t, x);
    bool result = set->all_terms ? set->comparable : true;
    for (uint32_t i = 0; result && !set->all_terms && i < set->terms.count; i++)
        result = comparable(c, set->terms.items[i].type, false, NULL);
    if (!result && reason)
        *reason = x->kind == TYPE_PARAM ? "incomparable types in type set" : NULL;
    return result;
}

static bool comparable(struct comparing c, struct type *x, bool dynamic, const char **reason)
{
    if (types_met(x, c.walk, dynamic) || c.depth++ > MAX_DEPTH)
        return true;
    if (x->kind == TYPE_PARAM)
        return comparable_set(c, x, reason);
    struct type *u = under_of(c.t, x);
    switch (u->kind) {
    case TYPE_BASIC:
        return u->basic != BASIC_UNTYPED_NIL;
    case TYPE_POINTER:
    case TYPE_CHAN:
        return true;
    case TYPE_STRUCT:
        return comparable_struct(c, u, dynamic, reason);
    case TYPE_ARRAY:
        return comparable(c, u->array.elem, dynamic, NULL) || fail(c, reason, "%s cannot be compared", x);
    case TYPE_INTERFACE:
        return dynamic || comparable_set(c, u, reason);
    default:
        return false;
    }
}

bool types_comparable(struct types *t, struct type *x, bool dynamic, const char **reason)
{
    if (reason)
        *reason = NULL;
    return comparable((struct comparing){t, types_begin_walk(t), 0}, x, dynamic, reason);
}

static bool contains_interface(struct types *t, struct type *x, uint32_t walk)
{
    if (types_met(x, walk, 0))
        return false;
    struct type *u = under_of(t, x);
    if (u->kind == TYPE_ARRAY)
        return contains_interface(t, u->array.elem, walk);
    if (u->kind == TYPE_STRUCT)
        for (uint32_t i = 0; i < u->struct_.fields.count; i++)
            if (contains_interface(t, u->struct_.fields.items[i]->type, walk))
                return true;
    return u->kind == TYPE_INTERFACE;
}

bool types_contains_interface(struct types *t, struct type *x)
{
    return contains_interface(t, x, types_begin_walk(t));
}

/* ---- implements ---- */

static bool term_allows(struct types *t, const struct type_set *set, struct term term)
{
    if (set->all_terms)
        return true;
    for (uint32_t i = 0; i < set->terms.count; i++)
        if (within(t, term, set->terms.items[i]))
            return true;
    return false;
}

bool types_term_includes(struct types *t, struct term term, struct type *x)
{
    return types_identical(t, term.tilde ? under_of(t, term.type) : term.type, term.tilde ? under_of(t, x) : x);
}

bool types_set_subset(struct types *t, const struct type_set *a, const struct type_set *b)
{
    if (b->all_terms)
        return true;
    if (a->all_terms)
        return false;
    for (uint32_t i = 0; i < a->terms.count; i++)
        if (!term_allows(t, b, a->terms.items[i]))
            return false;
    return true;
}

bool types_implements(struct types *t, struct type *x, struct type *interface)
{
    const struct type_set *want = types_set(t, interface);
    struct type *u = under_of(t, x);
    struct missing missing;
    if (u->kind == TYPE_INTERFACE && !types_set(t, u)->all_terms && types_set(t, u)->terms.count == 0)
        return true;
    if (!types_has_methods(t, x, under_of(t, interface), true, NULL, NULL, &missing))
        return false;
    if (want->comparable && !types_comparable(t, x, true, NULL))
        return false;
    if (want->all_terms)
        return true;
    if (u->kind == TYPE_INTERFACE)
        return types_set_subset(t, types_set(t, u), want);
    for (uint32_t i = 0; i < want->terms.count; i++)
        if (types_term_includes(t, want->terms.items[i], x))
            return true;
    return false;
}
