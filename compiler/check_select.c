/*
 * check_select: x.name — a member of a package, a field, a method, a method expression.
 */
#include "check_internal.h"

/* ---- members of packages ---- */

static const struct object *similar_name(const struct scope *s, const struct ident *name)
{
    for (uint32_t i = 0; i < s->count; i++) {
        const struct ident *n = s->items[i]->name;
        if (n->exported && n->length == name->length && strcasecmp(n->text, name->text) == 0)
            return s->items[i];
    }
    return NULL;
}

static struct object *package_member(struct checker *c, const struct package *p, struct expr *e)
{
    struct expr *name = e->selector.name;
    struct object *o = scope_lookup(p->scope, name->name.ident);
    if (!o && p->fake)
        return NULL;
    if (!o) {
        const struct object *other = similar_name(p->scope, name->name.ident);
        if (other)
            check_error(c, name->pos, "undefined: %E (but have %N)", e, other->name);
        else
            check_error(c, name->pos, "undefined: %E", e);
        return NULL;
    }
    if (!o->name->exported)
        check_error(c, name->pos, "name %N not exported by package %N", o->name, p->name);
    return o;
}

static void select_package(struct checker *c, struct operand *x, struct expr *e, struct object *import)
{
    import->used = true;
    e->selector.x->name.object = import;
    struct object *o = package_member(c, import->imported, e);
    if (!o)
        return;
    e->selector.name->name.object = o;
    x->type = o->type ? o->type : check_invalid_type(c);
    if (!type_valid(x->type) && o->kind != OBJECT_BUILTIN)
        return;
    switch (o->kind) {
    case OBJECT_CONST:
        x->mode = MODE_CONSTANT;
        x->value = o->value;
        break;
    case OBJECT_TYPE:
        x->mode = MODE_TYPE;
        break;
    case OBJECT_VAR:
        x->mode = MODE_VARIABLE;
        break;
    case OBJECT_FUNC:
        x->mode = MODE_VALUE;
        break;
    case OBJECT_BUILTIN:
        x->mode = MODE_BUILTIN;
        x->builtin = o->builtin;
        break;
    default:
        break;
    }
}

/* ---- why there is no such member ---- */

static const char *tail(const char *name)
{
    return *name ? name + 1 : name;
}

enum lookup_error { ERROR_MISSING, ERROR_MISSPELLED, ERROR_UNEXPORTED, ERROR_INACCESSIBLE };

static enum lookup_error classify(struct checker *c, const struct ident *name, const struct object *alt)
{
    if (!alt)
        return ERROR_MISSING;
    if (alt->package == c->package)
        return ERROR_MISSPELLED;
    bool same_tail = strcmp(tail(name->text), tail(alt->name->text)) == 0;
    if (name->exported)
        return alt->name->exported ? ERROR_MISSPELLED : same_tail ? ERROR_UNEXPORTED : ERROR_MISSING;
    if (alt->name->exported)
        return same_tail ? ERROR_MISSPELLED : ERROR_MISSING;
    return alt->name == name ? ERROR_INACCESSIBLE : ERROR_MISSING;
}

static const char *literal_error(struct checker *c, struct type *type, const struct ident *name,
                                 const struct object *alt, enum lookup_error error)
{
    switch (error) {
    case ERROR_MISSING:
        return check_format(c, "unknown field %N in struct literal of type %T", name, type);
    case ERROR_MISSPELLED:
        return check_format(c, "unknown field %N in struct literal of type %T, but does have %N", name, type,
                            alt->name);
    case ERROR_UNEXPORTED:
        return check_format(c, "unknown field %N in struct literal of type %T, but does have unexported %N", name, type,
                            alt->name);
    case ERROR_INACCESSIBLE:
        break;
    }
    return check_format(c, "cannot refer to unexported field %N in struct literal of type %T", alt->name, type);
}

const char *check_lookup_error(struct checker *c, struct type *type, const struct ident *name, const struct object *alt,
                               bool literal)
{
    enum lookup_error error = classify(c, name, alt);
    if (literal)
        return literal_error(c, type, name, alt, error);
    const char *what = alt && alt->kind == OBJECT_FUNC ? "method" : "field";
    switch (error) {
    case ERROR_MISSING:
        return check_format(c, "type %T has no field or method %N", type, name);
    case ERROR_MISSPELLED:
        return check_format(c, "type %T has no field or method %N, but does have %s %N", type, name, what, alt->name);
    case ERROR_UNEXPORTED:
        return check_format(c, "type %T has no field or method %N, but does have unexported %s %N", type, name, what,
                            alt->name);
    case ERROR_INACCESSIBLE:
        break;
    }
    return check_format(c, "cannot refer to unexported %s %N", what, alt->name);
}

static void no_member(struct checker *c, struct operand *x, struct expr *e, enum lookup_result result)
{
    struct expr *name = e->selector.name;
    struct ident *n = name->name.ident;
    if (!type_valid(under(c, x->type)))
        return;
    if (result == LOOKUP_AMBIGUOUS) {
        check_error(c, name->pos, "ambiguous selector %E.%N", x->expr, n);
    } else if (result == LOOKUP_POINTER && x->mode == MODE_TYPE) {
        check_error(c, name->pos, "invalid method expression %T.%N (needs pointer receiver (*%T).%N)", x->type, n,
                    x->type, n);
    } else if (result == LOOKUP_POINTER) {
        check_error(c, name->pos, "cannot call pointer method %N on %T", n, x->type);
    } else {
        struct lookup alt;
        const char *why;
        if (check_is_interface_pointer(c, x->type)) {
            why = check_interface_pointer_error(c, x->type);
        } else {
            types_lookup(c->t, x->type, x->mode == MODE_VARIABLE, c->package, n, true, &alt);
            why = check_lookup_error(c, x->type, n, alt.object, false);
        }
        check_error(c, name->pos, "%E.%N undefined (%s)", x->expr, n, why);
    }
}

/* ---- fields and methods ---- */

/* T.m: the function whose first parameter is the receiver. */
static struct type *method_expression(struct checker *c, struct type *recv, const struct type *method)
{
    const struct type_list params = method->func.params->tuple;
    struct type **items = ARENA_ARRAY(c->arena, struct type *, params.count + 1);
    items[0] = recv;
    if (params.count)
        memcpy(items + 1, params.items, params.count * sizeof *items);
    return types_func(c->t, types_tuple(c->t, items, params.count + 1), method->func.results, method->variadic,
                      (struct type_list){0});
}

static void select_type(struct checker *c, struct operand *x, struct expr *e, struct selection *s)
{
    struct ident *name = e->selector.name->name.ident;
    if (s->object->kind != OBJECT_FUNC) {
        check_error(c, e->selector.name->pos, "%E.%N undefined (type %T has no method %N)", x->expr, name, x->type,
                    name);
        check_invalid(c, x);
        return;
    }
    s->kind = SELECT_METHOD_EXPR;
    s->type = method_expression(c, x->type, s->type);
    check_depend(c, s->object);
    x->mode = MODE_VALUE;
    x->type = s->type;
}

static void select_value(struct checker *c, struct operand *x, const struct selection *s)
{
    if (s->object->kind == OBJECT_FUNC)
        check_depend(c, s->object);
    x->mode = s->kind == SELECT_FIELD && (x->mode == MODE_VARIABLE || s->indirect) ? MODE_VARIABLE : MODE_VALUE;
    x->type = s->type;
}

static void select_member(struct checker *c, struct operand *x, struct expr *e)
{
    struct lookup l;
    struct expr *name = e->selector.name;
    bool addressable = x->mode == MODE_VARIABLE;
    enum lookup_result result = operand_is_nil(x)
                                    ? LOOKUP_MISSING
                                    : types_lookup(c->t, x->type, addressable, c->package, name->name.ident, false, &l);
    if (result != LOOKUP_FOUND) {
        no_member(c, x, e, result);
        check_invalid(c, x);
        return;
    }
    if (!type_valid(l.type)) {
        check_invalid(c, x);
        return;
    }
    struct selection *s = ARENA_NEW(c->arena, struct selection);
    types_select(c->t, x->type, &l, addressable, s);
    name->name.object = l.object;
    e->selector.selection = s;
    if (x->mode == MODE_TYPE)
        select_type(c, x, e, s);
    else
        select_value(c, x, s);
}

void check_selector(struct checker *c, struct operand *x, struct expr *e, bool want_type)
{
    *x = (struct operand){.mode = MODE_INVALID, .type = check_invalid_type(c), .expr = e};
    e->selector.selection = NULL;
    struct expr *left = e->selector.x;
    if (left->kind == EXPR_NAME) {
        struct object *o = check_lookup(c, left->name.ident);
        if (o && o->kind == OBJECT_PACKAGE) {
            select_package(c, x, e, o);
            return;
        }
    }
    check_expr_or_type(c, x, left, false);
    if (x->mode == MODE_BUILTIN)
        check_error(c, e->pos, "invalid use of %O in selector expression", x);
    if (x->mode == MODE_BUILTIN || x->mode == MODE_INVALID) {
        check_invalid(c, x);
    } else if (want_type) {
        check_error(c, e->selector.name->pos, "%E is not a type", e);
        check_invalid(c, x);
    } else {
        select_member(c, x, e);
    }
    x->expr = e;
}
