/*
 * check_struct: struct and interface types, unions, constraints, and types of infinite size.
 */
#include "check_internal.h"

/* ---- structs ---- */

struct fields {
    struct checker *c;
    struct object **items;
    const char **tags;
    uint32_t *tag_lengths;
    uint32_t count;
    bool tagged;
};

static bool same_member(const struct object *a, const struct object *b)
{
    return a->name == b->name && (a->name->exported || a->package == b->package);
}

static void add_field(struct fields *f, struct expr *name, const struct field *field, struct type *type, bool embedded)
{
    struct checker *c = f->c;
    struct object *o = object_new(c->t, OBJECT_VAR, name->name.ident, c->package, type, name->pos);
    o->is_field = true;
    o->embedded = embedded;
    o->index = f->count;
    if (!embedded)
        name->name.object = o;
    for (uint32_t i = 0; i < f->count && !o->name->blank; i++)
        if (same_member(f->items[i], o)) {
            check_redeclared(c, name->pos, o, f->items[i], "redeclared");
            return;
        }
    if (field->tag) {
        const struct constant *tag =
            constant_literal(c->arena, LITERAL_STRING, field->tag->literal.text, field->tag->literal.length);
        if (tag->kind == CONSTANT_STRING && tag->string.length) {
            f->tags[f->count] = tag->string.bytes;
            f->tag_lengths[f->count] = (uint32_t)tag->string.length;
            f->tagged = true;
        }
    }
    f->items[f->count++] = o;
}

/* The name an embedded field has: that of its type. */
static struct expr *embedded_name(struct expr *e)
{
    switch (e->kind) {
    case EXPR_NAME:
        return e;
    case EXPR_STAR:
        return e->star.x->kind == EXPR_STAR ? NULL : embedded_name(e->star.x);
    case EXPR_SELECTOR:
        return e->selector.name;
    case EXPR_INDEX:
        return embedded_name(e->index.x);
    case EXPR_PAREN:
        return embedded_name(e->paren.x);
    default:
        return NULL;
    }
}

static void check_embedded(struct checker *c, struct action *a)
{
    struct type *type = a->a;
    bool pointer = type->kind == TYPE_POINTER;
    struct type *base = pointer ? type->pointer.elem : type, *u = under(c, base);
    if (!type_valid(base))
        return;
    if (type_is_basic(u, BASIC_UNSAFE_POINTER))
        check_error(c, a->pos, "embedded field type cannot be unsafe.Pointer");
    else if (u->kind == TYPE_POINTER)
        check_error(c, a->pos, "embedded field type cannot be a pointer");
    else if (base->kind == TYPE_PARAM)
        check_error(c, a->pos, "embedded field type cannot be a (pointer to a) type parameter");
    else if (u->kind == TYPE_INTERFACE && pointer)
        check_error(c, a->pos, "embedded field type cannot be a pointer to an interface");
}

struct type *check_struct_type(struct checker *c, struct expr *e)
{
    struct field_list list = e->struct_type.fields;
    struct fields f = {.c = c,
                       .items = ARENA_ARRAY(c->arena, struct object *, list.count),
                       .tags = ARENA_ARRAY(c->arena, const char *, list.count),
                       .tag_lengths = ARENA_ARRAY(c->arena, uint32_t, list.count)};
    struct type *type = NULL;
    for (uint32_t i = 0; i < list.count; i++) {
        struct field *field = list.items[i];
        if (i == 0 || !field->shares_type)
            type = check_var_type(c, field->type);
        if (field->name) {
            add_field(&f, field->name, field, type, false);
            continue;
        }
        struct expr *name = embedded_name(field->type);
        if (!name) {
            check_error_at(c, field->type, "invalid embedded field type %E", field->type);
            continue;
        }
        add_field(&f, name, field, type, true);
        check_later(c, check_embedded, ast_start(field->type))->a = type;
    }
    return types_struct(c->t, f.items, f.count, f.tagged ? f.tags : NULL, f.tagged ? f.tag_lengths : NULL);
}

/* ---- unions ---- */

static void validate_term(struct checker *c, const struct term *terms, uint32_t i, struct pos pos)
{
    struct term t = terms[i];
    struct type *u = under(c, t.type);
    bool interface = u->kind == TYPE_INTERFACE;
    const char *tilde = t.tilde ? "~" : "";
    if (t.tilde && interface) {
        check_error(c, pos, "invalid use of ~ (%T is an interface)", t.type);
    } else if (t.tilde && !identical(c, u, t.type)) {
        check_error(c, pos, "invalid use of ~ (underlying type of %T is %T)", t.type, u);
    } else if (interface) {
        const struct type_set *set = types_set(c->t, u);
        if (set->methods.count)
            check_error(c, pos, "cannot use %s%T in union (%s%T contains methods)", tilde, t.type, tilde, t.type);
        else if (t.type == c->t->comparable)
            check_error(c, pos, "cannot use comparable in union");
        else if (set->comparable)
            check_error(c, pos, "cannot use %s%T in union (%s%T embeds comparable)", tilde, t.type, tilde, t.type);
    } else {
        for (uint32_t j = 0; j < i; j++) {
            struct term o = terms[j];
            if (is_interface_value(c, o.type) || !type_valid(o.type) ||
                !identical(c, o.tilde ? u : t.type, t.tilde ? under(c, o.type) : o.type))
                continue;
            check_error(c, pos, "overlapping terms %s%T and %s%T", tilde, t.type, o.tilde ? "~" : "", o.type);
            return;
        }
    }
}

static void validate_union(struct checker *c, struct action *a)
{
    const struct term *terms = a->a;
    struct expr *const *exprs = a->b;
    for (uint32_t i = 0; i < a->types.count; i++)
        if (type_valid(terms[i].type))
            validate_term(c, terms, i, ast_start(exprs[i]));
}

enum { MAX_TERMS = 100 };

static struct term parse_term(struct checker *c, struct expr *e)
{
    bool tilde = e->kind == EXPR_UNARY && e->op == OP_TILDE;
    struct expr *x = tilde ? e->unary.x : e;
    struct type *type = check_type(c, x);
    if (type->kind == TYPE_PARAM) {
        if (tilde)
            check_error_at(c, x, "type in term %E cannot be a type parameter", e);
        else
            check_error_at(c, x, "term cannot be a type parameter");
        type = check_invalid_type(c);
    }
    return (struct term){type, tilde};
}

static uint32_t count_terms(const struct expr *e)
{
    uint32_t n = 1;
    for (; e->kind == EXPR_BINARY && e->op == OP_OR; e = e->binary.x)
        n++;
    return n;
}

static struct type *check_union(struct checker *c, struct expr *e)
{
    uint32_t n = count_terms(e);
    struct expr **exprs = ARENA_ARRAY(c->arena, struct expr *, n);
    struct expr *rest = e;
    for (uint32_t i = n - 1; i > 0; i--, rest = rest->binary.x)
        exprs[i] = rest->binary.y;
    exprs[0] = rest;
    struct term *terms = ARENA_ARRAY(c->arena, struct term, n);
    for (uint32_t i = 0; i < n; i++)
        terms[i] = parse_term(c, exprs[i]);
    if (n == 1 && !terms[0].tilde)
        return terms[0].type;
    if (n > MAX_TERMS) {
        check_error_at(c, exprs[MAX_TERMS], "cannot handle more than %d union terms (implementation limitation)",
                       (int)MAX_TERMS);
        return check_invalid_type(c);
    }
    struct action *a = check_later(c, validate_union, ast_start(e));
    a->a = terms;
    a->b = exprs;
    a->types.count = n;
    struct type *u = types_union(c->t, terms, n);
    check_record(c, &(struct operand){.mode = MODE_TYPE, .type = u, .expr = e});
    return u;
}

/* ---- interfaces ---- */

struct elements {
    struct object **methods;
    struct type **embeds;
    struct pos *embed_pos;
    uint32_t method_count;
    uint32_t embed_count;
};

static void add_interface_method(struct checker *c, struct elements *out, struct field *f, struct type *recv)
{
    struct expr *name = f->name;
    if (name->name.ident->blank) {
        check_error(c, name->pos, "methods must have a unique non-blank name");
        return;
    }
    struct type *type = check_type(c, f->type);
    if (type->kind != TYPE_FUNC)
        return;
    struct object *m = object_new(c->t, OBJECT_FUNC, name->name.ident, c->package, type, name->pos);
    m->recv = recv;
    name->name.object = m;
    for (uint32_t i = 0; i < out->method_count; i++)
        if (same_member(out->methods[i], m)) {
            check_error(c, name->pos, "duplicate method %N\n\t%P: other declaration of method %N", m->name,
                        out->methods[i]->pos, m->name);
            return;
        }
    out->methods[out->method_count++] = m;
}

static bool imported_constraint(struct checker *c, struct type *x)
{
    return x->kind == TYPE_NAMED && x->named.object->package && x->named.object->package != c->package &&
           is_interface_value(c, x) && !types_is_basic_interface(c->t, x);
}

/* Whether the file's version lets e be embedded. */
static bool may_embed(struct checker *c, struct type *e, struct pos pos)
{
    const struct type *u = e->kind == TYPE_PARAM ? e : under(c, e);
    if (u->kind == TYPE_UNION)
        return check_need_version(c, pos, GO_1_18, "embedding interface element %T", e);
    if (u->kind == TYPE_INTERFACE)
        return !imported_constraint(c, e) ||
               check_need_version(c, pos, GO_1_18, "embedding constraint interface %T", e);
    return !type_valid(u) || check_need_version(c, pos, GO_1_18, "embedding non-interface type %T", e);
}

static void complete_set(struct checker *c, struct action *a)
{
    struct type *x = a->a;
    for (uint32_t i = 0; i < x->interface.embeds.count; i++) {
        struct pos pos = x->interface.embed_pos ? x->interface.embed_pos[i] : a->pos;
        if (!may_embed(c, x->interface.embeds.items[i], pos)) {
            x->interface.embeds.items[i] = check_invalid_type(c); /* so that nothing is said of what follows from it */
            x->interface.set = NULL;
        }
    }
    types_set(c->t, x);
}

static struct type *embedded_element(struct checker *c, struct expr *e)
{
    struct type *x = check_union(c, e);
    if (x->kind == TYPE_PARAM) {
        check_error_at(c, e, "term cannot be a type parameter");
        return check_invalid_type(c);
    }
    return x;
}

static struct type *finish_interface(struct checker *c, struct type *x, const struct elements *all, struct pos pos)
{
    x->interface.methods = (struct object_list){all->methods, all->method_count};
    x->interface.embeds = (struct type_list){all->embeds, all->embed_count};
    x->interface.embed_pos = all->embed_pos;
    struct type *known = types_interface_done(c->t, x);
    if (all->embed_count)
        check_later(c, complete_set, pos)->a = x; /* another of its kind has other places */
    return known;
}

struct type *check_interface_type(struct checker *c, struct expr *e, struct object *def)
{
    struct field_list list = e->interface_type.elems;
    struct type *x = types_interface_new(c->t);
    struct type *recv = def && def->type && def->type->kind == TYPE_NAMED ? def->type : x;
    struct elements all = {.methods = ARENA_ARRAY(c->arena, struct object *, list.count),
                           .embeds = ARENA_ARRAY(c->arena, struct type *, list.count),
                           .embed_pos = ARENA_ARRAY(c->arena, struct pos, list.count)};
    for (uint32_t i = 0; i < list.count; i++) {
        struct field *f = list.items[i];
        if (f->name) {
            add_interface_method(c, &all, f, recv);
            continue;
        }
        all.embed_pos[all.embed_count] = ast_start(f->type);
        all.embeds[all.embed_count++] = embedded_element(c, f->type);
    }
    x = finish_interface(c, x, &all, e->pos);
    check_note_interface(c, e->pos, x);
    return x;
}

/* A constraint: ~int and int | string stand for the interface that embeds them. */
struct type *check_bound(struct checker *c, struct expr *e)
{
    bool wrapped = (e->kind == EXPR_UNARY && e->op == OP_TILDE) || (e->kind == EXPR_BINARY && e->op == OP_OR);
    if (!wrapped)
        return check_type(c, e);
    struct type *x = types_interface_new(c->t);
    x->interface.implicit = true;
    struct elements all = {.embeds = ARENA_ARRAY(c->arena, struct type *, 1),
                           .embed_pos = ARENA_ARRAY(c->arena, struct pos, 1),
                           .embed_count = 1};
    all.embed_pos[0] = ast_start(e);
    all.embeds[0] = embedded_element(c, e);
    return finish_interface(c, x, &all, e->pos);
}

/* ---- types that contain themselves ---- */

/*
 * nest: the instances whose declarations are being looked into, innermost first; a type parameter found there stands for
 * the argument of the innermost, which is to be understood outside it. path: all named types on the way here. What a type
 * contains depends on the nest alone, so in each nest each type is met once.
 */
struct link {
    struct type *type; /* NULL: the end of a nest */
    const struct link *outer;
    uint32_t walk; /* of a nest */
};

static void report_infinite(struct checker *c, const struct link *path, const struct type *from)
{
    uint32_t n = 1;
    for (const struct link *l = path; l && !identical(c, l->type, (struct type *)from); l = l->outer)
        n++;
    struct object **cycle = ARENA_ARRAY(c->arena, struct object *, n);
    for (uint32_t i = n; i > 0 && path; i--, path = path->outer)
        cycle[i - 1] = path->type->named.object;
    check_cycle_error(c, cycle, n, 0);
}

static bool is_finite(struct checker *c, struct type *x, const struct link *nest, const struct link *path);

static bool finite_named(struct checker *c, struct type *x, const struct link *nest, const struct link *path)
{
    struct type *origin = x->named.origin ? x->named.origin : x;
    if (origin->named.valid == 2 || (origin == x && x->named.object->package != c->package))
        return true;
    for (const struct link *l = nest; l->type; l = l->outer)
        if (identical(c, l->type, x)) {
            origin->named.rhs = origin->named.underlying = check_invalid_type(c);
            origin->named.valid = 3;
            report_infinite(c, path, x);
            return false;
        }
    if (!origin->named.rhs) {
        c->saw_incomplete = true;
        return true;
    }
    struct link inner = {x, nest, types_begin_walk(c->t)}, way = {x, path, 0};
    if (!is_finite(c, origin->named.rhs, &inner, &way))
        return false;
    if (origin->named.all.count == 0 && !c->saw_incomplete)
        origin->named.valid = 2;
    return true;
}

static bool finite_param(struct checker *c, struct type *x, const struct link *nest, const struct link *path)
{
    if (!nest->type || !nest->type->named.origin)
        return true;
    struct type_list params = nest->type->named.origin->named.all, args = nest->type->named.args;
    for (uint32_t i = 0; i < params.count && i < args.count; i++)
        if (params.items[i] == x)
            return args.items[i] == x || is_finite(c, args.items[i], nest->outer, path);
    return true;
}

static bool finite_list(struct checker *c, struct type_list list, const struct link *nest, const struct link *path)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (!is_finite(c, list.items[i], nest, path))
            return false;
    return true;
}

static bool is_finite(struct checker *c, struct type *x, const struct link *nest, const struct link *path)
{
    if (types_met(x, nest->walk, 0))
        return true;
    switch (x->kind) {
    case TYPE_ARRAY:
        return is_finite(c, x->array.elem, nest, path);
    case TYPE_STRUCT:
        for (uint32_t i = 0; i < x->struct_.fields.count; i++)
            if (!is_finite(c, x->struct_.fields.items[i]->type, nest, path))
                return false;
        return true;
    case TYPE_UNION:
        for (uint32_t i = 0; i < x->union_.count; i++)
            if (!is_finite(c, x->union_.items[i].type, nest, path))
                return false;
        return true;
    case TYPE_INTERFACE:
        return finite_list(c, x->interface.embeds, nest, path);
    case TYPE_NAMED:
        return finite_named(c, x, nest, path);
    case TYPE_PARAM:
        return finite_param(c, x, nest, path);
    default:
        return true;
    }
}

bool check_valid_type(struct checker *c, struct type *named)
{
    struct link outermost = {.walk = types_begin_walk(c->t)};
    return is_finite(c, named, &outermost, NULL);
}

static bool finite_instance(struct checker *c, struct type *x)
{
    c->saw_incomplete = false;
    if (x->named.sized)
        return true;
    if (!check_valid_type(c, x))
        return false;
    x->named.sized = !c->saw_incomplete;
    c->saw_incomplete = false;
    return true;
}

static bool finite_declared(struct checker *c, struct type *x)
{
    struct object *o = x->named.object;
    if (x->named.origin)
        return finite_instance(c, x);
    if (x->named.sized || o->package != c->package)
        return true;
    for (uint32_t i = c->path_count; i > 0; i--) {
        if (c->path[i - 1] != o)
            continue;
        struct object **cycle = c->path + i - 1;
        uint32_t count = c->path_count - i + 1, first = 0;
        for (uint32_t j = 1; j < count; j++)
            if (pos_before(cycle[j]->pos, cycle[first]->pos))
                first = j;
        check_cycle_error(c, cycle, count, first);
        return false;
    }
    if (!x->named.rhs)
        return true;
    check_push(c, o);
    bool result = check_finite(c, x->named.rhs);
    check_pop(c);
    x->named.sized = true;
    return result;
}

/* Is the size of the type known, or does it depend on a declaration under way? For values in array lengths and such. */
bool check_finite(struct checker *c, struct type *x)
{
    switch (x->kind) {
    case TYPE_NAMED:
        return finite_declared(c, x);
    case TYPE_ARRAY:
        return check_finite(c, x->array.elem);
    case TYPE_STRUCT:
        for (uint32_t i = 0; i < x->struct_.fields.count; i++)
            if (!check_finite(c, x->struct_.fields.items[i]->type))
                return false;
        return true;
    default:
        return true;
    }
}
