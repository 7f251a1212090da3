/*
 * check_type: expressions that are types, and names.
 *
 * Composite types are built from their parts at once; named ones are found by name and need not be complete. What does
 * need complete parts (a map's key is comparable, a variable's type is no constraint, arguments satisfy constraints) is put
 * off.
 */
#include "check_internal.h"

/* ---- names ---- */

static void mark_dot_import(struct checker *c, const struct scope *scope, const struct object *o)
{
    for (uint32_t i = 0; i < c->dot_count; i++)
        if (c->dots[i].scope == scope && c->dots[i].object == o)
            c->dots[i].import->used = true;
}

static void name_const(struct checker *c, struct operand *x, struct object *o)
{
    check_depend(c, o);
    if (!type_valid(o->type))
        return;
    if (o == c->t->iota && !c->env.iota) {
        check_error_on(c, x, "cannot use iota outside constant declaration");
        return;
    }
    x->value = o == c->t->iota ? c->env.iota : o->value;
    x->mode = MODE_CONSTANT;
}

static void name_object(struct checker *c, struct operand *x, struct object *o)
{
    switch ((enum object_kind)o->kind) {
    case OBJECT_PACKAGE:
        check_error_on(c, x, "use of package %N not in selector", o->name);
        return;
    case OBJECT_CONST:
        name_const(c, x, o);
        break;
    case OBJECT_TYPE:
        x->mode = MODE_TYPE;
        break;
    case OBJECT_VAR:
        if (o->package == c->package)
            o->used = true;
        check_depend(c, o);
        if (type_valid(o->type))
            x->mode = MODE_VARIABLE;
        break;
    case OBJECT_FUNC:
        check_depend(c, o);
        if (type_valid(o->type))
            x->mode = MODE_VALUE;
        break;
    case OBJECT_BUILTIN:
        x->builtin = o->builtin;
        x->mode = MODE_BUILTIN;
        break;
    case OBJECT_NIL:
        x->mode = MODE_NIL;
        break;
    }
    x->type = o->type;
}

static void resolve_name(struct checker *c, struct operand *x, struct object *o, bool want_type)
{
    if (!o->type || (o->kind == OBJECT_TYPE && want_type && o->package == c->package))
        check_object(c, o);
    if (o->type)
        return;
    if (o->kind == OBJECT_TYPE && o->is_alias)
        check_error_on(c, x, "not supported: use of type alias %N in its own declaration", o->name);
    x->type = check_invalid_type(c);
}

void check_name(struct checker *c, struct operand *x, struct expr *e, bool want_type)
{
    *x = (struct operand){.mode = MODE_INVALID, .type = check_invalid_type(c), .expr = e};
    struct scope *scope = NULL;
    struct object *o = scope_lookup_parent(c->env.scope, e->name.ident, &scope);
    if (!o) {
        check_error(c, e->pos, e->name.ident->blank ? "cannot use _ as value or type" : "undefined: %N", e->name.ident);
        return;
    }
    if ((o->type == c->t->any || o->type == c->t->comparable) && !o->package && o->kind == OBJECT_TYPE &&
        !check_need_version(c, e->pos, GO_1_18, "predeclared %N", e->name.ident))
        return;
    e->name.object = o;
    if (want_type && o->kind != OBJECT_TYPE) {
        check_error(c, e->pos, "%N (%K) is not a type", o->name, o);
        if (o->kind == OBJECT_VAR && o->package == c->package)
            o->used = true;
        return;
    }
    resolve_name(c, x, o, want_type);
    if (!o->type)
        return;
    if (c->dot_count)
        mark_dot_import(c, scope, o);
    name_object(c, x, o);
}

/* ---- types ---- */

static struct type *record_type(struct checker *c, struct expr *e, struct type *type)
{
    check_record(c, &(struct operand){.mode = MODE_TYPE, .type = type, .expr = e});
    return type;
}

static struct type *named_type(struct checker *c, struct expr *e)
{
    struct operand x;
    if (e->kind == EXPR_NAME)
        check_name(c, &x, e, true);
    else
        check_selector(c, &x, e, true);
    switch (x.mode) {
    case MODE_TYPE:
        return x.type;
    case MODE_INVALID:
        break;
    case MODE_NO_VALUE:
        check_error_on(c, &x, "%O used as type", &x);
        break;
    default:
        check_error_on(c, &x, "%O is not a type", &x);
        break;
    }
    return check_invalid_type(c);
}

static int64_t array_length(struct checker *c, struct expr *e)
{
    if (e->kind == EXPR_NAME) {
        struct object *o = check_lookup(c, e->name.ident);
        if (!o || o->kind != OBJECT_CONST) {
            check_error(c, e->pos,
                        o ? "invalid array length %N" : "undefined array length %N or missing type constraint",
                        e->name.ident);
            return -1;
        }
    }
    struct operand x;
    check_expr(c, NULL, &x, e);
    if (x.mode != MODE_CONSTANT) {
        if (x.mode != MODE_INVALID)
            check_error_on(c, &x, "array length %O must be constant", &x);
        return -1;
    }
    bool integer = is_integer(c, x.type);
    const struct constant *n = constant_to_int(c->arena, x.value), *fitted = n;
    int64_t length;
    if ((integer || type_is_untyped(x.type)) && n->kind == CONSTANT_INT &&
        constant_represent(c->arena, n, BASIC_INT, c->t->target->word_size, &fitted) == CONSTANT_FITS &&
        constant_as_int64(n, &length) && length >= 0) {
        if (type_is_untyped(x.type))
            check_convert_untyped(c, &x, basic(c, BASIC_INT));
        return length;
    }
    if (constant_known(x.value))
        check_error_on(c, &x, integer ? "invalid array length %O" : "array length %O must be integer", &x);
    return -1;
}

static struct type *array_type(struct checker *c, struct expr *e)
{
    int64_t len = -1;
    if (e->array_type.len)
        len = array_length(c, e->array_type.len);
    else
        check_error(c, e->pos, "invalid use of [...] array (outside a composite literal)");
    struct type *elem = check_var_type(c, e->array_type.elem);
    return len >= 0 ? types_array(c->t, elem, len) : check_invalid_type(c);
}

static void check_map_key(struct checker *c, struct action *a)
{
    struct type *key = a->a;
    if (!types_comparable(c->t, key, true, NULL) && type_valid(under(c, key)))
        check_error(c, a->pos, "invalid map key type %T%s", key,
                    key->kind == TYPE_PARAM ? " (missing comparable constraint)" : "");
}

static struct type *map_type(struct checker *c, struct expr *e)
{
    struct type *key = check_var_type(c, e->map_type.key), *elem = check_var_type(c, e->map_type.elem);
    check_later(c, check_map_key, ast_start(e->map_type.key))->a = key;
    return types_map(c->t, key, elem);
}

enum { CHAN_ELEM_LIMIT = 1 << 16 }; /* bytes */

static void check_chan_size(struct checker *c, struct action *a)
{
    struct type *elem = a->a;
    if (type_valid(under(c, elem)) && !layout_varies(c->t, elem) && layout_of(c->t, elem)->size >= CHAN_ELEM_LIMIT)
        check_error(c, a->pos, "channel element type too large (>64kB)");
}

static struct type *chan_type(struct checker *c, struct expr *e)
{
    struct type *elem = check_var_type(c, e->chan_type.elem);
    check_later(c, check_chan_size, ast_start(e))->a = elem;
    return types_chan(c->t, (enum chan_dir)e->op, elem);
}

/* ---- instances ---- */

static struct type *instance_of_alias(struct checker *c, struct object *o, struct type_list args, struct pos pos)
{
    if (args.count == o->tparams.count)
        return types_subst(c->t, o->type, o->tparams, args);
    check_error(c, pos, "%s type arguments for type %N: have %d, want %d",
                args.count < o->tparams.count ? "not enough" : "too many", o->name, (int)args.count,
                (int)o->tparams.count);
    return check_invalid_type(c);
}

static struct type *instance_of_named(struct checker *c, struct type *type, struct type_list args, struct pos pos)
{
    struct type_list params = type->named.params, outer = type->named.outer;
    if (args.count != params.count) {
        check_error(c, pos, "%s type arguments for type %N: have %d, want %d",
                    args.count < params.count ? "not enough" : "too many", type->named.object->name, (int)args.count,
                    (int)params.count);
        return check_invalid_type(c);
    }
    struct type **all = ARENA_ARRAY(c->arena, struct type *, outer.count + args.count);
    if (outer.count)
        memcpy(all, outer.items, outer.count * sizeof *all);
    memcpy(all + outer.count, args.items, args.count * sizeof *all);
    return types_instance(c->t, type, all, outer.count + args.count);
}

/* The generic alias an expression names, or NULL. */
struct object *check_generic_alias(const struct expr *e)
{
    const struct expr *name = e->kind == EXPR_SELECTOR ? e->selector.name : e;
    struct object *o = name->kind == EXPR_NAME ? name->name.object : NULL;
    return o && o->kind == OBJECT_TYPE && o->is_alias && o->tparams.count ? o : NULL;
}

static struct type *instantiated_type(struct checker *c, struct expr *e)
{
    check_need_version(c, ast_start(e), GO_1_18, "type instantiation");
    struct expr *x = e->index.x;
    const char *cause = NULL;
    struct type *type = check_generic_type(c, x, &cause);
    if (cause)
        check_error_at(c, x, "invalid operation: %E (%s)", e, cause);
    struct type_list args;
    bool valid = check_type_list(c, e->index.indices, &args);
    if (!type_valid(type) || !valid)
        return check_invalid_type(c);
    struct object *alias = check_generic_alias(x);
    struct type *result = alias ? instance_of_alias(c, alias, args, x->pos) : instance_of_named(c, type, args, x->pos);
    if (type_valid(result))
        check_verify_later(c, x->pos, alias ? alias->tparams : type->named.params, args, e->index.indices);
    return result;
}

static struct type *not_a_type(struct checker *c, struct expr *e)
{
    if (e->kind != EXPR_BAD)
        check_error_at(c, e, "%E is not a type", e);
    check_use(c, e);
    return check_invalid_type(c);
}

static struct type *pointer_type(struct checker *c, struct expr *e)
{
    struct type *base = check_var_type(c, e->star.x);
    return type_valid(base) ? types_pointer(c->t, base) : base;
}

static struct type *type_of(struct checker *c, struct expr *e, struct object *def)
{
    switch ((enum expr_kind)e->kind) {
    case EXPR_NAME:
    case EXPR_SELECTOR:
        return named_type(c, e);
    case EXPR_INDEX:
        return instantiated_type(c, e);
    case EXPR_PAREN:
        return check_declared_type(c, e->paren.x, def);
    case EXPR_ARRAY_TYPE:
        return array_type(c, e);
    case EXPR_SLICE_TYPE:
        return types_slice(c->t, check_var_type(c, e->slice_type.elem));
    case EXPR_STRUCT_TYPE:
        return check_struct_type(c, e);
    case EXPR_STAR:
        return pointer_type(c, e);
    case EXPR_FUNC_TYPE:
        return check_func_type(c, e, NULL);
    case EXPR_INTERFACE_TYPE:
        return check_interface_type(c, e, def);
    case EXPR_MAP_TYPE:
        return map_type(c, e);
    case EXPR_CHAN_TYPE:
        return chan_type(c, e);
    case EXPR_ELLIPSIS:
        check_error_at(c, e, "invalid use of ...");
        return check_invalid_type(c);
    default:
        return not_a_type(c, e);
    }
}

struct type *check_declared_type(struct checker *c, struct expr *e, struct object *def)
{
    struct type *type = type_of(c, e, def);
    if (type_is_generic(type) || check_generic_alias(e)) {
        check_error_at(c, e, "cannot use generic type %T without instantiation", type);
        type = check_invalid_type(c);
    }
    return record_type(c, e, type);
}

struct type *check_type(struct checker *c, struct expr *e)
{
    return check_declared_type(c, e, NULL);
}

struct type *check_generic_type(struct checker *c, struct expr *e, const char **cause)
{
    struct type *type = type_of(c, e, NULL);
    if (type_valid(type) && !type_is_generic(type) && !check_generic_alias(e)) {
        *cause = check_format(c, "%T is not a generic type", type);
        type = check_invalid_type(c);
    }
    return record_type(c, e, type);
}

static void check_no_constraint(struct checker *c, struct action *a)
{
    struct type *type = a->a, *u = under(c, type);
    if (u->kind != TYPE_INTERFACE || types_is_basic_interface(c->t, u))
        return;
    check_error(c, a->pos, "cannot use type %T outside a type constraint: interface %s", type,
                types_set(c->t, u)->comparable ? "is (or embeds) comparable" : "contains type constraints");
}

void check_valid_var_type(struct checker *c, struct expr *e, struct type *type)
{
    if (type->kind == TYPE_NAMED || type->kind == TYPE_INTERFACE)
        check_later(c, check_no_constraint, ast_start(e))->a = type;
}

struct type *check_var_type(struct checker *c, struct expr *e)
{
    struct type *type = check_type(c, e);
    check_valid_var_type(c, e, type);
    return type;
}

bool check_type_list(struct checker *c, struct expr_list list, struct type_list *out)
{
    bool valid = true;
    *out = (struct type_list){ARENA_ARRAY(c->arena, struct type *, list.count), list.count};
    for (uint32_t i = 0; i < list.count; i++) {
        out->items[i] = check_var_type(c, list.items[i]);
        valid &= type_valid(out->items[i]);
    }
    return valid;
}
