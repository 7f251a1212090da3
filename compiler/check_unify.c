/*
 * check_unify: making two types equal by choosing type arguments.
 *
 * Each type parameter to be inferred has a handle; parameters found equal share one. Unification is structural and, unless
 * exact, forgiving where assignment is: a named type meets a type literal through its underlying type, channel directions may
 * differ at the top, an interface meets what has its methods. In assign mode only the outermost types are treated so,
 * their parts exactly.
 */
#include "check_internal.h"

enum { MAX_DEPTH = 100 };

struct unifier {
    struct checker *c;
    struct type_list params;
    uint32_t *handles; /* of each parameter: index in types */
    struct type **types;
    uint32_t depth;
    bool interfaces;
};

struct unifier *check_unifier_new(struct checker *c, struct type_list tparams, struct type_list targs, bool interfaces)
{
    struct unifier *u = ARENA_NEW(c->arena, struct unifier);
    u->c = c;
    u->params = tparams;
    u->handles = ARENA_ARRAY(c->arena, uint32_t, tparams.count);
    u->types = ARENA_ARRAY(c->arena, struct type *, tparams.count);
    u->interfaces = interfaces;
    for (uint32_t i = 0; i < tparams.count; i++) {
        u->handles[i] = i;
        u->types[i] = i < targs.count ? targs.items[i] : NULL;
    }
    return u;
}

/* Index of a parameter to be inferred, or -1. */
static int bound(const struct unifier *u, const struct type *x)
{
    if (x->kind == TYPE_PARAM)
        for (uint32_t i = 0; i < u->params.count; i++)
            if (u->params.items[i] == x)
                return (int)i;
    return -1;
}

static struct type **slot(const struct unifier *u, int param)
{
    return &u->types[u->handles[param]];
}

struct type *check_unifier_at(const struct unifier *u, const struct type *param)
{
    int i = bound(u, param);
    return i < 0 ? NULL : *slot(u, i);
}

void check_unifier_set(struct unifier *u, const struct type *param, struct type *type)
{
    int i = bound(u, param);
    if (i >= 0)
        *slot(u, i) = type;
}

uint32_t check_unifier_unknowns(const struct unifier *u)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < u->params.count; i++)
        n += !*slot(u, (int)i);
    return n;
}

static bool join(struct unifier *u, int x, int y)
{
    uint32_t hx = u->handles[x], hy = u->handles[y];
    if (hx == hy)
        return true;
    if (u->types[hx] && u->types[hy])
        return false;
    uint32_t from = u->types[hx] ? hy : hx, to = u->types[hx] ? hx : hy;
    for (uint32_t i = 0; i < u->params.count; i++)
        if (u->handles[i] == from)
            u->handles[i] = to;
    return true;
}

static bool unify(struct unifier *u, struct type *x, struct type *y, unsigned mode);

static bool is_literal(const struct type *x)
{
    return x->kind != TYPE_NAMED && x->kind != TYPE_PARAM;
}

static struct type *as_interface(struct unifier *u, struct type *x)
{
    struct type *i = x->kind == TYPE_PARAM ? x : under(u->c, x);
    return i->kind == TYPE_INTERFACE ? i : NULL;
}

/* The parameter's type so far met y: keep the one that accepts both. */
static bool refine(struct unifier *u, int param, struct type *x, struct type *y, unsigned mode)
{
    struct type *xi = as_interface(u, x), *yi = as_interface(u, y);
    bool xn = x->kind == TYPE_NAMED, yn = y->kind == TYPE_NAMED;
    if (xi && yi) {
        if (xn && yn)
            return identical(u->c, x, y);
        if (types_set(u->c->t, xi)->methods.count != types_set(u->c->t, yi)->methods.count)
            return false;
    } else if (xi || yi) {
        return false;
    }
    if (mode & UNIFY_EXACT)
        return true;
    struct type *yu = under(u->c, y);
    if (!xn && (yn || (yu->kind == TYPE_CHAN && yu->dir != CHAN_BOTH)))
        *slot(u, param) = y;
    return true;
}

static bool same_terms(struct unifier *u, const struct type_set *x, const struct type_set *y)
{
    return x->comparable == y->comparable && x->all_terms == y->all_terms &&
           (x->all_terms || (types_set_subset(u->c->t, x, y) && types_set_subset(u->c->t, y, x)));
}

static struct object *method_like(const struct type_set *set, const struct object *want)
{
    for (uint32_t i = 0; i < set->methods.count; i++)
        if (set->methods.items[i]->name == want->name &&
            (want->name->exported || set->methods.items[i]->package == want->package))
            return set->methods.items[i];
    return NULL;
}

static bool unify_sets(struct unifier *u, struct type *xi, struct type *yi, bool subset)
{
    const struct type_set *x = types_set(u->c->t, xi), *y = types_set(u->c->t, yi);
    if (!same_terms(u, x, y) || (!subset && x->methods.count != y->methods.count))
        return false;
    if (x->methods.count > y->methods.count) {
        const struct type_set *z = x;
        x = y;
        y = z;
    }
    for (uint32_t i = 0; i < x->methods.count; i++) {
        struct object *m = method_like(y, x->methods.items[i]);
        if (!m || !unify(u, x->methods.items[i]->type, m->type, UNIFY_EXACT))
            return false;
    }
    return true;
}

static bool unify_methods(struct unifier *u, struct type *interface, struct type *x)
{
    const struct type_set *set = types_set(u->c->t, interface);
    for (uint32_t i = 0; i < set->methods.count; i++) {
        const struct object *m = set->methods.items[i];
        struct lookup l;
        if (types_lookup(u->c->t, x, false, m->package, m->name, false, &l) != LOOKUP_FOUND ||
            l.object->kind != OBJECT_FUNC || !unify(u, m->type, l.type, UNIFY_EXACT))
            return false;
    }
    return true;
}

static bool unify_list(struct unifier *u, struct type_list x, struct type_list y, unsigned mode)
{
    if (x.count != y.count)
        return false;
    for (uint32_t i = 0; i < x.count; i++)
        if (!unify(u, x.items[i], y.items[i], mode))
            return false;
    return true;
}

static bool unify_structs(struct unifier *u, const struct type *x, const struct type *y, unsigned mode)
{
    if (x->struct_.fields.count != y->struct_.fields.count)
        return false;
    for (uint32_t i = 0; i < x->struct_.fields.count; i++) {
        const struct object *f = x->struct_.fields.items[i], *g = y->struct_.fields.items[i];
        if (f->name != g->name || f->embedded != g->embedded || (!f->name->exported && f->package != g->package) ||
            !unify(u, f->type, g->type, mode))
            return false;
    }
    return true;
}

static bool unify_parts(struct unifier *u, struct type *x, struct type *y, unsigned mode)
{
    unsigned inner = mode & UNIFY_ASSIGN ? mode | UNIFY_EXACT : mode;
    if (x->kind == TYPE_PARAM) {
        struct type *core = types_common_underlying(u->c->t, x);
        return core && unify(u, core, y, UNIFY_ASSIGN);
    }
    if (x->kind != y->kind)
        return false;
    switch ((enum type_kind)x->kind) {
    case TYPE_ARRAY:
        return (x->array.len < 0 || y->array.len < 0 || x->array.len == y->array.len) &&
               unify(u, x->array.elem, y->array.elem, inner);
    case TYPE_POINTER:
    case TYPE_SLICE:
        return unify(u, x->pointer.elem, y->pointer.elem, inner);
    case TYPE_CHAN:
        return (!(mode & UNIFY_EXACT) || x->dir == y->dir) && unify(u, x->chan.elem, y->chan.elem, inner);
    case TYPE_MAP:
        return unify(u, x->map.key, y->map.key, inner) && unify(u, x->map.elem, y->map.elem, inner);
    case TYPE_STRUCT:
        return unify_structs(u, x, y, inner);
    case TYPE_TUPLE:
        return unify_list(u, x->tuple, y->tuple, mode);
    case TYPE_FUNC:
        return x->variadic == y->variadic && unify(u, x->func.params, y->func.params, inner) &&
               unify(u, x->func.results, y->func.results, inner);
    case TYPE_INTERFACE:
        return unify_sets(u, x, y, false);
    case TYPE_NAMED:
        return x->named.origin && x->named.origin == y->named.origin &&
               unify_list(u, x->named.args, y->named.args, mode);
    default:
        return false;
    }
}

static bool unify_bound(struct unifier *u, int px, int py, struct type *y, unsigned mode)
{
    if (py >= 0)
        return join(u, px, py) || unify(u, *slot(u, px), *slot(u, py), mode);
    struct type *x = *slot(u, px);
    if (x)
        return unify(u, x, y, mode) && refine(u, px, x, y, mode);
    *slot(u, px) = y;
    return true;
}

static bool unify_inner(struct unifier *u, struct type *x, struct type *y, unsigned mode)
{
    if (x->kind == TYPE_NAMED || bound(u, y) >= 0) {
        struct type *z = x;
        x = y;
        y = z;
    }
    if (!(mode & UNIFY_EXACT) && y->kind == TYPE_NAMED && is_literal(x) &&
        !(u->interfaces && x->kind == TYPE_INTERFACE)) {
        y = under(u->c, y);
        if (x == y)
            return true;
    }
    int px = bound(u, x), py = bound(u, y);
    if (px >= 0)
        return unify_bound(u, px, py, y, mode);
    if (u->interfaces && !(mode & UNIFY_EXACT)) {
        struct type *xi = as_interface(u, x), *yi = as_interface(u, y);
        if (xi && yi)
            return unify_sets(u, xi, yi, true);
        if (xi || yi)
            return unify_methods(u, xi ? xi : yi, xi ? y : x);
    }
    if (y->kind == TYPE_PARAM) {
        struct type *z = x;
        x = y;
        y = z;
    }
    return unify_parts(u, x, y, mode);
}

static bool unify(struct unifier *u, struct type *x, struct type *y, unsigned mode)
{
    if (x == y)
        return true;
    if (u->depth >= MAX_DEPTH)
        return false;
    u->depth++;
    bool result = unify_inner(u, x, y, mode);
    u->depth--;
    return result;
}

bool check_unify(struct unifier *u, struct type *x, struct type *y, unsigned mode)
{
    return unify(u, x, y, mode);
}
