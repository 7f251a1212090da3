/*
 * check_func: function types, receivers, records of functions, and their bodies.
 *
 * A declared function, method or literal has a record (struct function) made when its type is checked; the scope of its
 * parameters is kept for the body, which is checked when all types are complete. A receiver's type parameters are other names
 * for those of the base type, so methods need no substitution to be seen from their type.
 */
#include "check_internal.h"

/* ---- records ---- */

struct function *check_function_new(struct checker *c, struct decl *decl, struct expr *literal)
{
    struct package *p = c->package;
    struct function *f = ARENA_NEW(c->arena, struct function);
    f->decl = decl;
    f->literal = literal;
    f->package = p;
    f->outer = literal ? c->env.function : NULL;
    f->body = decl ? decl->func.body : literal->func.body;
    f->index = p->function_count;
    if (f->outer)
        f->tparams = f->outer->tparams;
    if (literal)
        literal->func.function = f;
    p->functions =
        arena_grow(c->arena, p->functions, sizeof *p->functions, p->function_count + 1, &p->function_capacity);
    p->functions[p->function_count++] = f;
    return f;
}

/* ---- parameters ---- */

struct params {
    struct object **items;
    struct type **types;
    uint32_t count;
    bool variadic;
    bool named;
};

static struct object *new_param(struct checker *c, const struct field *f, struct type *type, struct function *owner)
{
    struct object *o = object_new(c->t, OBJECT_VAR, f->name ? f->name->name.ident : c->blank, c->package, type,
                                  f->name ? f->name->pos : f->pos);
    o->used = true;
    o->function = owner;
    return o;
}

static struct type *param_type(struct checker *c, const struct field *f, bool may_vary, struct params *out)
{
    struct expr *e = f->type;
    if (e->kind != EXPR_ELLIPSIS)
        return check_var_type(c, e);
    struct type *elem = check_var_type(c, e->ellipsis.elem);
    if (!may_vary) {
        check_error_at(c, e, "can only use ... with final parameter in list");
        return elem;
    }
    out->variadic = true;
    struct type *slice = types_slice(c->t, elem);
    check_record(c, &(struct operand){.mode = MODE_TYPE, .type = slice, .expr = e});
    return slice;
}

static struct params collect_params(struct checker *c, struct field_list list, struct function *owner, bool results)
{
    struct params out = {.items = ARENA_ARRAY(c->arena, struct object *, list.count),
                         .types = ARENA_ARRAY(c->arena, struct type *, list.count)};
    struct type *type = NULL;
    for (uint32_t i = 0; i < list.count; i++) {
        struct field *f = list.items[i];
        if (i == 0 || !f->shares_type)
            type = param_type(c, f, !results && i + 1 == list.count, &out);
        struct object *o = new_param(c, f, type, owner);
        o->is_param = !results;
        o->is_result = results;
        o->index = i;
        out.named |= f->name != NULL;
        out.items[out.count] = o;
        out.types[out.count++] = type;
    }
    return out;
}

static void declare_params(struct checker *c, struct field_list list, const struct params *params)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (list.items[i]->name)
            check_declare(c, c->env.scope, list.items[i]->name, params->items[i]);
}

struct type *check_func_type(struct checker *c, struct expr *e, struct function *f)
{
    struct field_list in = e->func_type.params, out = e->func_type.results;
    if (!f)
        check_open_scope(c);
    struct params params = collect_params(c, in, f, false);
    struct params results = collect_params(c, out, f, true);
    /* Names are declared behind all types: func (t t) f(x t) is fine. */
    if (f && f->recv && f->decl->func.recv->name)
        check_declare(c, c->env.scope, f->decl->func.recv->name, f->recv);
    declare_params(c, in, &params);
    declare_params(c, out, &results);
    if (!f)
        check_close_scope(c);
    struct type_list tparams = {0};
    if (f) {
        f->params = (struct object_list){params.items, params.count};
        f->results = (struct object_list){results.items, results.count};
        f->named_results = results.named;
        tparams = f->type ? f->type->func.tparams : tparams;
    }
    return types_func(c->t, types_tuple(c->t, params.types, params.count),
                      types_tuple(c->t, results.types, results.count), params.variadic, tparams);
}

/* ---- receivers ---- */

struct expr *check_unpack_recv(struct checker *c, struct expr *type, bool *pointer, struct expr_list *tparams)
{
    struct expr *base = ast_unparen(type);
    *pointer = base->kind == EXPR_STAR;
    if (*pointer)
        base = ast_unparen(base->star.x);
    if (base->kind != EXPR_INDEX)
        return base;
    if (tparams) {
        *tparams = base->index.indices;
        for (uint32_t i = 0; i < tparams->count; i++)
            if (tparams->items[i]->kind != EXPR_NAME)
                check_error_at(c, tparams->items[i], "receiver type parameter %E must be an identifier",
                               tparams->items[i]);
    }
    return base->index.x;
}

static void validate_recv(struct checker *c, struct action *a)
{
    struct type *recv = a->a, *base = recv->kind == TYPE_POINTER ? recv->pointer.elem : recv;
    if (!type_valid(base))
        return;
    if (base->kind == TYPE_BASIC || (base->kind == TYPE_NAMED && base->named.object->package != c->package)) {
        check_error(c, a->pos, "cannot define new methods on non-local type %T", base);
        return;
    }
    if (base->kind != TYPE_NAMED) {
        check_error(c, a->pos, "invalid receiver type %T", recv);
        return;
    }
    const struct type *u = under(c, base);
    const char *why = type_is_basic(u, BASIC_UNSAFE_POINTER)                 ? "unsafe.Pointer"
                      : u->kind == TYPE_POINTER || u->kind == TYPE_INTERFACE ? "pointer or interface type"
                                                                             : NULL;
    if (why)
        check_error(c, a->pos, "invalid receiver type %T (%s)", base, why);
}

static void name_recv_param(struct checker *c, struct expr *name, struct type *param)
{
    if (name->kind != EXPR_NAME)
        return;
    struct object *o = object_new(c->t, OBJECT_TYPE, name->name.ident, c->package, param, name->pos);
    check_declare(c, c->env.scope, name, o);
    check_record(c, &(struct operand){.mode = MODE_TYPE, .type = param, .expr = name});
}

/* func (r *T[P, Q]) …: P and Q name T's own type parameters. */
static struct type *generic_recv(struct checker *c, struct function *f, struct expr *base, struct expr_list names)
{
    const char *cause = NULL;
    struct type *type = check_generic_type(c, base, &cause);
    if (cause)
        check_error_at(c, base, "%s", cause);
    const struct object *alias = check_generic_alias(base);
    if (alias)
        check_error_at(c, base, "cannot define new methods on generic alias type %N", alias->name);
    bool usable = type->kind == TYPE_NAMED && !alias;
    struct type_list params = usable ? type->named.params : (struct type_list){0};
    for (uint32_t i = 0; i < names.count; i++)
        name_recv_param(c, names.items[i], i < params.count ? params.items[i] : check_invalid_type(c));
    if (!usable)
        return check_invalid_type(c);
    if (names.count != params.count) {
        check_error_at(c, base, "receiver declares %d type parameter%s, but receiver base type declares %d",
                       (int)names.count, names.count == 1 ? "" : "s", (int)params.count);
        return check_invalid_type(c);
    }
    check_need_version(c, ast_start(base), GO_1_18, "type instantiation");
    f->tparams = params;
    return types_instance(c->t, type, params.items, params.count);
}

/* Without type parameters; an alias may hide an instance. */
static struct type *plain_recv(struct checker *c, struct expr *e, struct expr *base)
{
    struct type *type = check_var_type(c, e), *b = type;
    while (b->kind == TYPE_POINTER)
        b = b->pointer.elem;
    if (b->kind != TYPE_NAMED || !b->named.origin)
        return type;
    check_error_at(c, base, "cannot define new methods on instantiated type %T", b);
    return check_invalid_type(c);
}

static struct type *recv_type(struct checker *c, struct function *f, struct expr *e, struct expr **base)
{
    bool pointer;
    struct expr_list names = {0};
    *base = check_unpack_recv(c, e, &pointer, &names);
    if (names.count == 0)
        return plain_recv(c, e, *base);
    struct type *type = generic_recv(c, f, *base, names);
    return pointer && type_valid(type) ? types_pointer(c->t, type) : type;
}

static void check_recv(struct checker *c, struct function *f, struct field *field)
{
    struct expr *base;
    struct type *type = recv_type(c, f, field->type, &base);
    check_record(c, &(struct operand){.mode = MODE_TYPE, .type = type, .expr = field->type});
    f->recv = new_param(c, field, type, f);
    f->recv->is_param = true;
    if (!f->object->recv && type->kind == TYPE_NAMED)
        f->object->recv = type->named.origin ? type->named.origin : type;
    check_later(c, validate_recv, ast_start(base))->a = type;
}

/* The type of a declared function or literal; opens and keeps the scope of its parameters. */
void check_function_signature(struct checker *c, struct function *f)
{
    struct function *outer = c->env.function;
    c->env.function = f;
    check_open_scope(c);
    f->scope = c->env.scope;
    struct expr *type = f->decl ? f->decl->func.type : f->literal->func.type;
    struct type_list params = {0};
    if (f->decl && f->decl->func.recv)
        check_recv(c, f, f->decl->func.recv);
    if (f->decl && f->decl->func.tparams.count) {
        struct field_list list = f->decl->func.tparams;
        params = check_declare_tparams(c, list);
        if (f->decl->func.recv)
            check_error(c, list.items[0]->pos, "methods cannot have type parameters");
        else
            f->tparams = params;
        check_bound_tparams(c, list, params);
    }
    /* Carries params, and is what a signature that refers to its own function sees. */
    f->type = types_func(c->t, c->t->empty_tuple, c->t->empty_tuple, false, params);
    if (f->object)
        f->object->type = f->type;
    f->type = check_func_type(c, type, f);
    check_record(c, &(struct operand){.mode = MODE_TYPE, .type = f->type, .expr = type});
    check_close_scope(c);
    c->env.function = outer;
}

/* ---- bodies ---- */

static void add_local(struct checker *c, struct function *f, struct object *o)
{
    f->locals.items =
        arena_grow(c->arena, f->locals.items, sizeof *f->locals.items, f->locals.count + 1, &f->local_capacity);
    f->locals.items[f->locals.count++] = o;
}

struct object *check_new_local(struct checker *c, struct expr *name, struct type *type)
{
    struct object *o = object_new(c->t, OBJECT_VAR, name->kind == EXPR_NAME ? name->name.ident : c->blank, c->package,
                                  type, ast_start(name));
    o->function = c->env.function;
    if (c->env.function)
        add_local(c, c->env.function, o);
    if (name->kind == EXPR_NAME)
        name->name.object = o;
    return o;
}

static void check_unused(struct checker *c, const struct function *f)
{
    for (uint32_t i = 0; i < f->locals.count; i++) {
        const struct object *o = f->locals.items[i];
        if (!o->used && !o->name->blank)
            check_error(c, o->pos, "declared and not used: %N", o->name);
    }
}

void check_body(struct checker *c, struct function *f, struct environment env)
{
    struct environment outer = c->env;
    c->env = env;
    c->env.function = f;
    c->env.scope = f->scope;
    f->body->scope = f->scope;
    check_stmt_list(c, f->body->block.list);
    if (f->results.count && !check_terminates(f->body))
        check_error(c, f->body->end, "missing return");
    check_unused(c, f);
    c->env = outer;
}
