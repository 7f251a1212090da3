/*
 * types_lookup: which field or method x.name means, and which methods a type has.
 *
 * Breadth first over embedded fields: the shallowest member wins, two at one depth hide each other and all below. A type met
 * twice at one depth counts twice (`multiple`), a type met at a smaller depth is not searched again, so recursive types end.
 * Paths are linked lists through the queue's entries and become arrays for the winner only.
 *
 * Method sets are computed the same way over all names: candidates are gathered depth by depth.
 */
#include "types.h"

#include <string.h>
#include <strings.h>

struct entry {
    struct type *type;
    const struct entry *outer; /* the entry whose struct holds this one, */
    uint32_t field;            /* in this field */
    uint32_t depth;
    bool indirect;
    bool multiple;
};

struct search {
    struct types *types;
    struct package *from;
    const struct ident *name;
    bool fold;
    struct entry **queue; /* entries of one depth follow each other */
    uint32_t count;
    size_t capacity;
    const struct entry *at; /* of the member found */
    struct object *object;
    uint32_t index;
    bool collision;
};

static struct type *deref(struct type *x, bool *pointer)
{
    *pointer = x->kind == TYPE_POINTER;
    return *pointer ? x->pointer.elem : x;
}

static bool matches(const struct search *s, const struct object *o)
{
    if (o->name == s->name)
        return o->name->exported || s->fold || o->package == s->from;
    return s->fold && o->name->length == s->name->length && strcasecmp(o->name->text, s->name->text) == 0;
}

static void push(struct search *s, struct type *x, const struct entry *outer, uint32_t field, bool indirect,
                 bool multiple)
{
    struct entry *e = ARENA_NEW(s->types->arena, struct entry);
    *e = (struct entry){x, outer, field, outer ? outer->depth + 1 : 0, indirect, multiple};
    s->queue = arena_grow(s->types->arena, s->queue, sizeof *s->queue, s->count + 1, &s->capacity);
    s->queue[s->count++] = e;
}

/* Was the named type searched at a smaller depth already? Marks a second one of the same depth. */
static bool seen_before(struct search *s, uint32_t at)
{
    struct entry *e = s->queue[at];
    for (uint32_t i = 0; i < at; i++)
        if (types_identical(s->types, s->queue[i]->type, e->type))
            return true;
    return false;
}

/* Entries of one depth with one type become one that counts as several. */
static void merge_same(struct search *s, uint32_t first)
{
    uint32_t n = first;
    for (uint32_t i = first; i < s->count; i++) {
        uint32_t j = first;
        while (j < n && !types_identical(s->types, s->queue[j]->type, s->queue[i]->type))
            j++;
        if (j < n)
            s->queue[j]->multiple = true;
        else
            s->queue[n++] = s->queue[i];
    }
    s->count = n;
}

static void found(struct search *s, const struct entry *e, struct object *o, uint32_t index)
{
    s->collision = s->collision || s->object || e->multiple;
    s->object = o;
    s->at = e;
    s->index = index;
}

static bool find_in(struct search *s, const struct entry *e, struct object_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (matches(s, list.items[i])) {
            found(s, e, list.items[i], i);
            return true;
        }
    return false;
}

static struct object_list methods_of(struct type *named)
{
    return named->named.origin ? named->named.origin->named.methods : named->named.methods;
}

static void visit_struct(struct search *s, struct entry *e, struct type *u)
{
    struct object_list fields = u->struct_.fields;
    find_in(s, e, fields);
    if (s->object)
        return;
    for (uint32_t i = 0; i < fields.count; i++) {
        bool pointer;
        if (!fields.items[i]->embedded)
            continue;
        struct type *x = deref(fields.items[i]->type, &pointer);
        push(s, x, e, i, e->indirect || pointer, e->multiple);
    }
}

static void visit(struct search *s, struct entry *e)
{
    if (e->type->kind == TYPE_NAMED && find_in(s, e, methods_of(e->type)))
        return;
    struct type *u = types_underlying(s->types, e->type);
    if (u->kind == TYPE_STRUCT)
        visit_struct(s, e, u);
    else if (u->kind == TYPE_INTERFACE)
        find_in(s, e, types_set(s->types, u)->methods);
}

static void run(struct search *s)
{
    uint32_t begin = 0;
    while (begin < s->count && !s->object) {
        uint32_t end = s->count;
        for (uint32_t i = begin; i < end; i++)
            if (s->queue[i]->type->kind != TYPE_NAMED || !seen_before(s, i))
                visit(s, s->queue[i]);
        merge_same(s, end);
        begin = end;
    }
}

static void fill_path(struct search *s, struct lookup *out)
{
    uint32_t n = s->at->depth + 1;
    uint32_t *path = ARENA_ARRAY(s->types->arena, uint32_t, n);
    path[n - 1] = s->index;
    const struct entry *e = s->at;
    for (uint32_t i = n - 1; i > 0; i--, e = e->outer)
        path[i - 1] = e->field;
    out->path = path;
    out->count = n;
}

static enum lookup_result finish(struct search *s, bool addressable, struct lookup *out)
{
    if (!s->object)
        return LOOKUP_MISSING;
    fill_path(s, out);
    if (s->collision)
        return LOOKUP_AMBIGUOUS;
    out->object = s->object;
    out->holder = s->at->type;
    out->indirect = s->at->indirect;
    out->type = types_member_type(s->types, s->at->type, s->object);
    if (s->object->kind == OBJECT_FUNC && s->object->pointer_recv && !out->indirect && !addressable)
        return LOOKUP_POINTER;
    return LOOKUP_FOUND;
}

static enum lookup_result lookup(struct types *t, struct type *x, bool addressable, struct package *from,
                                 const struct ident *name, bool fold, struct lookup *out)
{
    *out = (struct lookup){0};
    if (name->blank)
        return LOOKUP_MISSING;
    bool pointer;
    struct type *start = deref(x, &pointer);
    if (pointer && types_underlying(t, start)->kind == TYPE_INTERFACE)
        return LOOKUP_MISSING;
    struct search s = {.types = t, .from = from, .name = name, .fold = fold};
    push(&s, start, NULL, 0, pointer, false);
    run(&s);
    return finish(&s, addressable, out);
}

enum lookup_result types_lookup(struct types *t, struct type *x, bool addressable, struct package *from,
                                const struct ident *name, bool fold, struct lookup *out)
{
    /* A named pointer type has the fields of what it points to, but no methods. */
    struct type *u = x->kind == TYPE_NAMED ? types_underlying(t, x) : x;
    if (x->kind != TYPE_NAMED || u->kind != TYPE_POINTER)
        return lookup(t, x, addressable, from, name, fold, out);
    enum lookup_result result = lookup(t, u, false, from, name, fold, out);
    if (result == LOOKUP_AMBIGUOUS || (out->object && out->object->kind == OBJECT_VAR))
        return result;
    *out = (struct lookup){0};
    return LOOKUP_MISSING;
}

struct object *types_field(struct type *x, struct package *from, const struct ident *name)
{
    for (uint32_t i = 0; i < x->struct_.fields.count; i++) {
        struct object *f = x->struct_.fields.items[i];
        if (f->name == name && !name->blank && (name->exported || f->package == from))
            return f;
    }
    return NULL;
}

/* ---- does a type have an interface's methods? ---- */

struct comparison {
    struct types *types;
    types_equal_fn *equal;
    void *context;
};

static bool same_type(const struct comparison *c, struct type *a, struct type *b)
{
    return c->equal ? c->equal(c->context, a, b) : types_identical(c->types, a, b);
}

static struct object *method_in_set(const struct type_set *set, const struct object *want)
{
    for (uint32_t i = 0; i < set->methods.count; i++) {
        struct object *m = set->methods.items[i];
        if (m->name == want->name && (m->name->exported || m->package == want->package))
            return m;
    }
    return NULL;
}

static enum missing_kind check_interface(const struct comparison *c, const struct type_set *set, struct object *want,
                                         bool static_, struct missing *out)
{
    out->found = method_in_set(set, want);
    if (!out->found)
        return static_ ? MISSING_NOT_FOUND : MISSING_NOTHING;
    out->found_type = out->found->type;
    return same_type(c, out->found->type, want->type) ? MISSING_NOTHING : MISSING_WRONG_TYPE;
}

static enum missing_kind explain_absence(const struct comparison *c, struct type *x, struct object *want,
                                         struct missing *out)
{
    struct lookup l;
    if (lookup(c->types, x, false, want->package, want->name, true, &l) != LOOKUP_FOUND ||
        l.object->kind != OBJECT_FUNC)
        return MISSING_NOT_FOUND;
    out->found = l.object;
    out->found_type = l.type;
    return l.object->name == want->name ? MISSING_UNEXPORTED : MISSING_WRONG_NAME;
}

static enum missing_kind check_concrete(const struct comparison *c, struct type *x, struct object *want,
                                        struct missing *out)
{
    struct lookup l;
    switch (lookup(c->types, x, false, want->package, want->name, false, &l)) {
    case LOOKUP_AMBIGUOUS:
        return MISSING_AMBIGUOUS;
    case LOOKUP_POINTER:
        return MISSING_POINTER;
    case LOOKUP_MISSING:
        return explain_absence(c, x, want, out);
    case LOOKUP_FOUND:
        break;
    }
    if (l.object->kind != OBJECT_FUNC)
        return MISSING_FIELD;
    out->found = l.object;
    out->found_type = l.type;
    return same_type(c, l.type, want->type) ? MISSING_NOTHING : MISSING_WRONG_TYPE;
}

bool types_has_methods(struct types *t, struct type *x, struct type *want, bool static_, types_equal_fn *equal,
                       void *context, struct missing *out)
{
    struct comparison c = {t, equal, context};
    struct object_list methods = types_set(t, want)->methods;
    struct type *u = types_underlying(t, x);
    for (uint32_t i = 0; i < methods.count; i++) {
        *out = (struct missing){.method = methods.items[i]};
        out->kind = u->kind == TYPE_INTERFACE ? check_interface(&c, types_set(t, u), methods.items[i], static_, out)
                                              : check_concrete(&c, x, methods.items[i], out);
        if (out->kind != MISSING_NOTHING)
            return false;
    }
    *out = (struct missing){0};
    return true;
}

/* ---- method sets ---- */

struct gather {
    struct types *types;
    struct object **names; /* one method per name met, anywhere below */
    uint32_t count;
    size_t capacity;
    struct type **seen;
    uint32_t seen_count;
    size_t seen_capacity;
};

static void gather_name(struct gather *g, struct object *m)
{
    for (uint32_t i = 0; i < g->count; i++)
        if (g->names[i]->name == m->name && (m->name->exported || m->package == g->names[i]->package))
            return;
    g->names = arena_grow(g->types->arena, g->names, sizeof *g->names, g->count + 1, &g->capacity);
    g->names[g->count++] = m;
}

static bool gather_seen(struct gather *g, struct type *x)
{
    for (uint32_t i = 0; i < g->seen_count; i++)
        if (g->seen[i] == x)
            return true;
    g->seen = arena_grow(g->types->arena, g->seen, sizeof *g->seen, g->seen_count + 1, &g->seen_capacity);
    g->seen[g->seen_count++] = x;
    return false;
}

static void gather(struct gather *g, struct type *x)
{
    bool pointer;
    x = deref(x, &pointer);
    if (gather_seen(g, x))
        return;
    struct object_list own = x->kind == TYPE_NAMED ? methods_of(x) : (struct object_list){0};
    for (uint32_t i = 0; i < own.count; i++)
        gather_name(g, own.items[i]);
    struct type *u = types_underlying(g->types, x);
    if (u->kind == TYPE_INTERFACE)
        for (uint32_t i = 0; i < types_set(g->types, u)->methods.count; i++)
            gather_name(g, types_set(g->types, u)->methods.items[i]);
    if (u->kind == TYPE_STRUCT)
        for (uint32_t i = 0; i < u->struct_.fields.count; i++)
            if (u->struct_.fields.items[i]->embedded)
                gather(g, u->struct_.fields.items[i]->type);
}

static int compare_members(const struct object *a, const struct object *b)
{
    int order = strcmp(a->name->text, b->name->text);
    return order || a->package == b->package || !a->package || !b->package ? order
                                                                           : strcmp(a->package->path, b->package->path);
}

static void sort_members(struct object **items, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        struct object *m = items[i];
        uint32_t j = i;
        for (; j > 0 && compare_members(items[j - 1], m) > 0; j--)
            items[j] = items[j - 1];
        items[j] = m;
    }
}

void types_select(struct types *t, struct type *recv, const struct lookup *l, bool addressable, struct selection *out)
{
    bool method = l->object->kind == OBJECT_FUNC;
    bool through = method && types_underlying(t, l->holder)->kind == TYPE_INTERFACE;
    *out = (struct selection){.kind = (uint8_t)(!method   ? SELECT_FIELD
                                                : through ? SELECT_INTERFACE_METHOD
                                                          : SELECT_METHOD),
                              .indirect = l->indirect,
                              .recv = recv,
                              .holder = l->holder,
                              .object = l->object,
                              .type = l->type,
                              .path = l->path,
                              .count = l->count};
    if (!method || through)
        return;
    /* The operand of the method: the last embedded field on the path, or the receiver itself. */
    struct type *operand = recv;
    for (uint32_t i = 0; i + 1 < l->count; i++) {
        bool pointer;
        struct type *u = types_underlying(t, operand);
        u = types_underlying(t, deref(u, &pointer));
        operand = u->struct_.fields.items[l->path[i]]->type;
    }
    bool pointer = operand->kind == TYPE_POINTER;
    out->deref = pointer && !l->object->pointer_recv;
    out->address = !pointer && l->object->pointer_recv && (addressable || l->indirect);
}

struct method_set types_method_set(struct types *t, struct type *x)
{
    struct gather g = {.types = t};
    struct method_set set = {0};
    bool pointer;
    struct type *base = deref(x, &pointer);
    struct type *u = types_underlying(t, x);
    if ((pointer && types_underlying(t, base)->kind == TYPE_INTERFACE) ||
        (x->kind == TYPE_NAMED && u->kind == TYPE_POINTER))
        return set;
    gather(&g, x);
    sort_members(g.names, g.count);
    set.items = ARENA_ARRAY(t->arena, struct selection, g.count);
    for (uint32_t i = 0; i < g.count; i++) {
        struct lookup l;
        if (types_lookup(t, x, false, g.names[i]->package, g.names[i]->name, false, &l) == LOOKUP_FOUND &&
            l.object->kind == OBJECT_FUNC)
            types_select(t, x, &l, false, &set.items[set.count++]);
    }
    return set;
}
