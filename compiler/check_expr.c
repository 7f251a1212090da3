/*
 * check_expr: one expression, whatever it is.
 *
 * check_raw dispatches by kind, refuses generic values that are not instantiated, and records the result in the tree. The
 * callers differ in what they accept: a single value, a type too, several values.
 */
#include "check_internal.h"

enum { MAX_DEPTH = 2000 };

void check_invalid(struct checker *c, struct operand *x)
{
    x->mode = MODE_INVALID;
    x->type = check_invalid_type(c);
}

void check_record(struct checker *c, struct operand *x)
{
    struct expr *e = x->expr;
    if (!e)
        return;
    e->mode = x->mode;
    e->type = x->mode == MODE_INVALID || !x->type ? check_invalid_type(c) : x->type;
    if (x->mode == MODE_NO_VALUE)
        e->type = c->t->empty_tuple;
    e->value = x->mode == MODE_CONSTANT ? x->value : NULL;
}

void check_not_generic(struct checker *c, const struct target *target, struct operand *x)
{
    if (x->mode == MODE_INVALID || x->mode == MODE_NO_VALUE || !x->type)
        return;
    const char *what = NULL;
    if (x->mode == MODE_TYPE && (type_is_generic(x->type) || check_generic_alias(x->expr)))
        what = "type";
    if (x->type->kind == TYPE_FUNC && x->type->func.tparams.count) {
        if (target && target->func) {
            check_func_inst(c, target, x->expr->pos, x, NULL, true);
            return;
        }
        what = "function";
    }
    if (!what)
        return;
    check_error_at(c, x->expr, "cannot use generic %s %E without instantiation", what, x->expr);
    check_invalid(c, x);
}

/* ---- kinds ---- */

struct indirection {
    struct checker *c;
    struct operand *x;
    struct type *base;
};

static bool pointer_term(void *context, struct type *type, struct type *u)
{
    struct indirection *q = context;
    (void)type;
    if (!u || u->kind != TYPE_POINTER) {
        check_error_on(q->c, q->x, "invalid operation: cannot indirect %O", q->x);
        return false;
    }
    if (q->base && !identical(q->c, q->base, u->pointer.elem)) {
        check_error_on(q->c, q->x, "invalid operation: pointers of %O must have identical base types", q->x);
        return false;
    }
    q->base = u->pointer.elem;
    return true;
}

static void star(struct checker *c, struct operand *x, struct expr *e)
{
    check_expr_or_type(c, x, e->star.x, false);
    if (x->mode == MODE_INVALID)
        return;
    if (x->mode == MODE_TYPE) {
        check_valid_var_type(c, e->star.x, x->type);
        x->type = types_pointer(c->t, x->type);
        return;
    }
    if (operand_is_nil(x)) {
        check_error_on(c, x, "invalid operation: cannot indirect %O", x);
        x->mode = MODE_INVALID;
        return;
    }
    struct indirection q = {c, x, NULL};
    if (!types_each_term(c->t, x->type, pointer_term, &q)) {
        x->mode = MODE_INVALID;
        return;
    }
    x->mode = MODE_VARIABLE;
    x->type = q.base;
}

void check_type_assertion(struct checker *c, struct expr *e, struct operand *x, struct type *to, bool type_switch)
{
    const char *cause = "";
    if (is_interface_value(c, to) || check_has_methods(c, to, under(c, x->type), false, NULL, NULL, &cause))
        return;
    if (type_switch)
        check_error_at(c, e, "impossible type switch case: %E\n\t%O cannot have dynamic type %T %s", e, x, to, cause);
    else
        check_error_at(c, e, "impossible type assertion: %E\n\t%T does not implement %T %s", e, to, x->type, cause);
}

static void assertion(struct checker *c, struct operand *x, struct expr *e)
{
    check_expr(c, NULL, x, e->assert.x);
    if (x->mode == MODE_INVALID)
        return;
    if (x->type->kind == TYPE_PARAM || !is_interface_value(c, x->type)) {
        check_error_on(c, x,
                       x->type->kind == TYPE_PARAM
                           ? "invalid operation: cannot use type assertion on type parameter value %O"
                           : "invalid operation: %O is not an interface",
                       x);
        x->mode = MODE_INVALID;
        return;
    }
    struct type *to = check_var_type(c, e->assert.type);
    if (!type_valid(to)) {
        x->mode = MODE_INVALID;
        return;
    }
    check_type_assertion(c, e, x, to, false);
    x->mode = MODE_COMMA_OK;
    x->type = to;
}

static void type_expr(struct checker *c, struct operand *x, struct expr *e)
{
    x->type = check_type(c, e);
    x->mode = type_valid(x->type) ? MODE_TYPE : MODE_INVALID;
}

static enum use_kind dispatch(struct checker *c, const struct target *target, struct operand *x, struct expr *e,
                              struct type *hint)
{
    switch ((enum expr_kind)e->kind) {
    case EXPR_NAME:
        check_name(c, x, e, false);
        break;
    case EXPR_LITERAL:
        check_literal(c, x, e);
        break;
    case EXPR_FUNC:
        check_func_literal(c, x, e);
        break;
    case EXPR_COMPOSITE:
        check_composite(c, x, e, hint);
        break;
    case EXPR_PAREN: {
        enum use_kind kind = check_raw(c, NULL, x, e->paren.x, NULL, false);
        x->expr = e;
        return kind;
    }
    case EXPR_SELECTOR:
        check_selector(c, x, e, false);
        break;
    case EXPR_INDEX:
        if (check_index_expr(c, x, e))
            check_func_inst(c, target, e->pos, x, e, true);
        break;
    case EXPR_SLICE:
        check_slice_expr(c, x, e);
        break;
    case EXPR_ASSERT:
        assertion(c, x, e);
        break;
    case EXPR_CALL:
        return check_call(c, x, e);
    case EXPR_STAR:
        star(c, x, e);
        break;
    case EXPR_UNARY:
        check_unary(c, x, e);
        x->expr = e;
        return x->mode == MODE_INVALID || e->op == OP_RECV ? USE_STATEMENT : USE_EXPRESSION;
    case EXPR_BINARY:
        check_binary(c, x, e, e->binary.x, e->binary.y, (enum op)e->op);
        break;
    case EXPR_KEY_VALUE:
        check_error_at(c, e, "no key:value expected");
        break;
    case EXPR_ELLIPSIS:
        check_error_at(c, e, "invalid use of ...");
        break;
    case EXPR_ARRAY_TYPE:
    case EXPR_SLICE_TYPE:
    case EXPR_STRUCT_TYPE:
    case EXPR_FUNC_TYPE:
    case EXPR_INTERFACE_TYPE:
    case EXPR_MAP_TYPE:
    case EXPR_CHAN_TYPE:
        type_expr(c, x, e);
        break;
    case EXPR_BAD:
    case EXPR_KIND_COUNT:
        break;
    }
    x->expr = e;
    return x->mode == MODE_INVALID ? USE_STATEMENT : USE_EXPRESSION;
}

enum use_kind check_raw(struct checker *c, const struct target *target, struct operand *x, struct expr *e,
                        struct type *hint, bool generic)
{
    *x = (struct operand){.mode = MODE_INVALID, .type = check_invalid_type(c), .expr = e};
    if (++c->depth > MAX_DEPTH) {
        check_error_at(c, e, "not supported: expression is nested too deeply");
        c->depth--;
        return USE_STATEMENT;
    }
    enum use_kind kind = dispatch(c, target, x, e, hint);
    c->depth--;
    if (!generic)
        check_not_generic(c, target, x);
    if (x->mode != MODE_INVALID && x->mode != MODE_NO_VALUE && x->mode != MODE_BUILTIN && !check_finite(c, x->type))
        check_invalid(c, x);
    check_record(c, x);
    return kind;
}

/* ---- what a context accepts ---- */

void check_exclude(struct checker *c, struct operand *x, unsigned modes)
{
    const char *format = NULL;
    if (x->mode == MODE_NO_VALUE && (modes & EXCLUDE_NO_VALUE))
        format = modes & EXCLUDE_TYPE ? "%O used as value" : "%O used as value or type";
    else if (x->mode == MODE_BUILTIN && (modes & EXCLUDE_BUILTIN))
        format = "%O must be called";
    else if (x->mode == MODE_TYPE && (modes & EXCLUDE_TYPE))
        format = "%O is not an expression";
    if (!format)
        return;
    check_error_on(c, x, format, x);
    x->mode = MODE_INVALID;
}

void check_single_value(struct checker *c, struct operand *x)
{
    if (x->mode != MODE_VALUE || x->type->kind != TYPE_TUPLE)
        return;
    check_error_on(c, x, "multiple-value %O in single-value context", x);
    x->mode = MODE_INVALID;
}

static void value_of(struct checker *c, const struct target *target, struct operand *x, struct expr *e,
                     struct type *hint, bool generic)
{
    check_raw(c, target, x, e, hint, generic);
    check_exclude(c, x, EXCLUDE_ALL);
    check_single_value(c, x);
}

void check_expr(struct checker *c, const struct target *target, struct operand *x, struct expr *e)
{
    value_of(c, target, x, e, NULL, false);
}

void check_generic_expr(struct checker *c, struct operand *x, struct expr *e)
{
    value_of(c, NULL, x, e, NULL, true);
}

void check_expr_hint(struct checker *c, struct operand *x, struct expr *e, struct type *hint)
{
    value_of(c, NULL, x, e, hint, false);
}

void check_expr_or_type(struct checker *c, struct operand *x, struct expr *e, bool generic)
{
    check_raw(c, NULL, x, e, NULL, generic);
    check_exclude(c, x, EXCLUDE_NO_VALUE);
    check_single_value(c, x);
}

static struct operand_list one_operand(struct checker *c, const struct operand *x, uint32_t room)
{
    struct operand_list list = {ARENA_ARRAY(c->arena, struct operand, room), 1};
    list.items[0] = *x;
    return list;
}

static struct operand_list unpack(struct checker *c, const struct operand *x)
{
    struct type_list types = x->type->tuple;
    struct operand_list list = {ARENA_ARRAY(c->arena, struct operand, types.count), types.count};
    for (uint32_t i = 0; i < types.count; i++)
        list.items[i] = (struct operand){.mode = MODE_VALUE, .type = types.items[i], .expr = x->expr};
    return list;
}

/* The values of an expression that may have several; with comma_ok, also v, ok of one that can have them. */
struct operand_list check_multi(struct checker *c, struct expr *e, bool comma_ok, bool *is_comma_ok)
{
    struct operand x;
    check_raw(c, NULL, &x, e, NULL, false);
    check_exclude(c, &x, EXCLUDE_ALL);
    *is_comma_ok = false;
    if (x.mode != MODE_INVALID && x.type->kind == TYPE_TUPLE)
        return unpack(c, &x);
    struct operand_list list = one_operand(c, &x, 2);
    if (!comma_ok || (x.mode != MODE_MAP_INDEX && x.mode != MODE_COMMA_OK))
        return list;
    *is_comma_ok = true;
    list.items[1] = (struct operand){.mode = MODE_VALUE, .type = basic(c, BASIC_UNTYPED_BOOL), .expr = e};
    list.count = 2;
    return list;
}

struct operand_list check_expr_list(struct checker *c, struct expr_list exprs)
{
    bool ignored;
    if (exprs.count == 1)
        return check_multi(c, exprs.items[0], false, &ignored);
    struct operand_list list = {ARENA_ARRAY(c->arena, struct operand, exprs.count), exprs.count};
    for (uint32_t i = 0; i < exprs.count; i++)
        check_expr(c, NULL, &list.items[i], exprs.items[i]);
    return list;
}

/* ---- only to mark what is used, after an error ---- */

/* Evaluates e; with lhs, a variable that is assigned to does not count as used. */
static bool use(struct checker *c, struct expr *e, bool lhs)
{
    struct operand x = {.mode = MODE_VALUE};
    struct expr *n = ast_unparen(e);
    if (n->kind == EXPR_KEY_VALUE) {
        use(c, n->key_value.key, false);
        return use(c, n->key_value.value, false);
    }
    if (n->kind != EXPR_NAME) {
        check_raw(c, NULL, &x, e, NULL, true);
        return x.mode != MODE_INVALID;
    }
    if (n->name.ident->blank)
        return true;
    struct object *o = lhs ? check_lookup(c, n->name.ident) : NULL;
    bool used = o && o->used;
    check_expr_or_type(c, &x, n, true);
    if (o && o->kind == OBJECT_VAR && o->package == c->package)
        o->used = used;
    return x.mode != MODE_INVALID;
}

bool check_use(struct checker *c, struct expr *e)
{
    return use(c, e, false);
}

bool check_use_list(struct checker *c, struct expr_list list)
{
    bool ok = true;
    for (uint32_t i = 0; i < list.count; i++)
        ok &= use(c, list.items[i], false);
    return ok;
}

bool check_use_lhs(struct checker *c, struct expr_list list)
{
    bool ok = true;
    for (uint32_t i = 0; i < list.count; i++)
        ok &= use(c, list.items[i], true);
    return ok;
}
