/*
 * check_assign: values into variables — initialisation, assignment, :=, results.
 */
#include "check_internal.h"

static void bad_untyped(struct checker *c, struct operand *x, struct type *to, enum constant_fit fit,
                        const char *context)
{
    const char *why = fit == CONSTANT_TRUNCATED ? " (truncated)" : fit == CONSTANT_OVERFLOWS ? " (overflows)" : "";
    check_error_on(c, x, "cannot use %O as %T value in %s%s", x, to, context, why);
    x->mode = MODE_INVALID;
}

/* Gives an untyped x its type: that of the destination, or the default one (also for interfaces). */
static void settle(struct checker *c, struct operand *x, struct type *to, const char *context)
{
    struct type *target = to;
    if (operand_is_nil(x)) {
        if (!to) {
            check_error_on(c, x, "use of untyped nil in %s", context);
            x->mode = MODE_INVALID;
            return;
        }
    } else if (!to || is_interface_value(c, to)) {
        target = types_default(c->t, x->type);
    }
    const struct constant *value;
    enum constant_fit fit;
    struct type *type = check_implicit_type(c, x, target, &value, &fit);
    if (!type) {
        bad_untyped(c, x, target, fit, context);
        return;
    }
    if (value) {
        x->value = value;
        check_update_value(x->expr, value);
    }
    if (type != x->type) {
        x->type = type;
        check_update_type(c, x->expr, type, false);
    }
}

/* x becomes a value of type `to` (NULL: of its own or default type) or invalid. */
void check_assignment(struct checker *c, struct operand *x, struct type *to, const char *context)
{
    check_single_value(c, x);
    if (x->mode == MODE_INVALID)
        return;
    if (x->mode < MODE_CONSTANT) {
        check_error_on(c, x, "cannot assign %O to %T in %s", x, to, context);
        x->mode = MODE_INVALID;
        return;
    }
    if (type_is_untyped(x->type)) {
        settle(c, x, to, context);
        if (x->mode == MODE_INVALID)
            return;
    }
    if (x->type->kind == TYPE_FUNC && x->type->func.tparams.count) {
        check_error_on(c, x, "cannot use generic function %O without instantiation in %s", x, context);
        x->mode = MODE_INVALID;
        return;
    }
    const char *cause = "";
    if (!to || check_assignable(c, x, to, &cause))
        return;
    if (*cause)
        check_error_on(c, x, "cannot use %O as %T value in %s: %s", x, to, context, cause);
    else
        check_error_on(c, x, "cannot use %O as %T value in %s", x, to, context);
    x->mode = MODE_INVALID;
}

static bool unusable(struct checker *c, struct object *lhs, struct operand *x)
{
    if (x->mode != MODE_INVALID && x->mode != MODE_UNCHECKED && type_valid(x->type) &&
        (!lhs->type || type_valid(lhs->type)))
        return false;
    if (!lhs->type)
        lhs->type = check_invalid_type(c);
    x->mode = MODE_INVALID;
    return true;
}

void check_init_const(struct checker *c, struct object *lhs, struct operand *x)
{
    if (unusable(c, lhs, x))
        return;
    if (x->mode != MODE_CONSTANT) {
        check_error_on(c, x, "%O is not constant", x);
        if (!lhs->type)
            lhs->type = check_invalid_type(c);
        return;
    }
    if (!lhs->type)
        lhs->type = x->type;
    check_assignment(c, x, lhs->type, "constant declaration");
    if (x->mode != MODE_INVALID)
        lhs->value = x->value;
}

void check_init_var(struct checker *c, struct object *lhs, struct operand *x, const char *context)
{
    if (unusable(c, lhs, x))
        return;
    if (!lhs->type) {
        if (operand_is_nil(x) && type_is_untyped(x->type)) {
            check_error_on(c, x, "use of untyped nil in %s", context);
            lhs->type = check_invalid_type(c);
            x->mode = MODE_INVALID;
            return;
        }
        check_single_value(c, x);
        if (x->mode == MODE_INVALID) {
            lhs->type = check_invalid_type(c);
            return;
        }
        lhs->type = types_default(c->t, x->type);
    }
    check_assignment(c, x, lhs->type, context);
}

/* ---- left sides ---- */

/* The type of what is assigned to; NULL for _. A variable that is only assigned to does not count as used. */
static struct type *lhs_type(struct checker *c, struct expr *lhs)
{
    struct expr *name = ast_unparen(lhs);
    struct object *o = NULL;
    if (name->kind == EXPR_NAME) {
        if (name->name.ident->blank) {
            name->name.object = NULL;
            return NULL;
        }
        o = check_lookup(c, name->name.ident);
        if (o && (o->kind != OBJECT_VAR || o->package != c->package))
            o = NULL;
    }
    bool used = o && o->used;
    struct operand x;
    check_expr(c, NULL, &x, lhs);
    if (o)
        o->used = used;
    if (x.mode == MODE_INVALID || !type_valid(x.type))
        return check_invalid_type(c);
    if (x.mode == MODE_VARIABLE || x.mode == MODE_MAP_INDEX)
        return x.type;
    if (x.expr->kind == EXPR_SELECTOR && x.expr->selector.x->mode == MODE_MAP_INDEX)
        check_error_on(c, &x, "cannot assign to struct field %E in map", x.expr);
    else
        check_error_on(c, &x, "cannot assign to %E (neither addressable nor a map index expression)", x.expr);
    return check_invalid_type(c);
}

/* lhs = rhs, or lhs = x when x is given. */
void check_assign_var(struct checker *c, struct expr *lhs, struct expr *rhs, struct operand *x, const char *context)
{
    struct type *type = lhs_type(c, lhs);
    if (type && !type_valid(type)) {
        if (x)
            x->mode = MODE_INVALID;
        else
            check_use(c, rhs);
        return;
    }
    struct operand own;
    if (!x) {
        struct target target = {type, ""};
        bool func = type && under(c, type)->kind == TYPE_FUNC;
        if (func)
            target.desc = ast_expr_string(c->compilation, lhs);
        x = &own;
        check_expr(c, func ? &target : NULL, x, rhs);
    }
    check_assignment(c, x, type, !type && strcmp(context, "assignment") == 0 ? "assignment to _ identifier" : context);
}

/* ---- several at once ---- */

static const char *measure(struct checker *c, uint32_t n, const char *unit)
{
    return check_format(c, "%d %s%s", (int)n, unit, n == 1 ? "" : "s");
}

static void count_error(struct checker *c, struct expr_list rhs, uint32_t l, uint32_t r)
{
    const char *vars = measure(c, l, "variable"), *vals = measure(c, r, "value");
    const struct expr *call = ast_unparen(rhs.items[0]);
    if (rhs.count == 1 && call->kind == EXPR_CALL)
        check_error_at(c, rhs.items[0], "assignment mismatch: %s but %E returns %s", vars, call->call.fun, vals);
    else
        check_error_at(c, rhs.items[0], "assignment mismatch: %s but %s", vars, vals);
}

static void return_error(struct checker *c, const struct stmt *s, struct object *const *lhs, uint32_t count,
                         struct operand_list rhs)
{
    struct type **have = ARENA_ARRAY(c->arena, struct type *, rhs.count);
    struct type **want = ARENA_ARRAY(c->arena, struct type *, count);
    for (uint32_t i = 0; i < rhs.count; i++)
        have[i] = rhs.items[i].type;
    for (uint32_t i = 0; i < count; i++)
        want[i] = lhs[i]->type;
    struct pos pos = s->pos;
    if (rhs.count > count)
        pos = ast_start(rhs.items[count].expr);
    else if (rhs.count)
        pos = ast_start(rhs.items[rhs.count - 1].expr);
    check_error(c, pos, "%s return values\n\thave %s\n\twant %s", rhs.count > count ? "too many" : "not enough",
                check_types_summary(c, have, rhs.count, false, false),
                check_types_summary(c, want, count, false, false));
}

static void invalidate(struct checker *c, struct object *const *lhs, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (!lhs[i]->type)
            lhs[i]->type = check_invalid_type(c);
}

static bool is_call(const struct expr_list rhs)
{
    return rhs.count == 1 && ast_unparen(rhs.items[0])->kind == EXPR_CALL;
}

static void init_each(struct checker *c, struct object *const *lhs, struct expr_list rhs, const char *context,
                      bool return_)
{
    for (uint32_t i = 0; i < rhs.count; i++) {
        struct operand x;
        const char *desc = return_ && lhs[i]->name->blank ? "result variable" : lhs[i]->name->text;
        struct target target = {lhs[i]->type, desc};
        bool func = lhs[i]->type && under(c, lhs[i]->type)->kind == TYPE_FUNC;
        check_expr(c, func ? &target : NULL, &x, rhs.items[i]);
        check_init_var(c, lhs[i], &x, context);
    }
}

static void init_mismatch(struct checker *c, struct object *const *lhs, uint32_t count, struct expr_list rhs,
                          const struct stmt *return_)
{
    if (check_use_list(c, rhs)) {
        if (return_)
            return_error(c, return_, lhs, count, check_expr_list(c, rhs));
        else
            count_error(c, rhs, count, rhs.count);
    }
    invalidate(c, lhs, count);
}

void check_init_vars(struct checker *c, struct object *const *lhs, uint32_t count, struct expr_list rhs,
                     struct stmt *return_)
{
    const char *context = return_ ? "return statement" : "assignment";
    if (count == rhs.count && !is_call(rhs)) {
        init_each(c, lhs, rhs, context, return_ != NULL);
        return;
    }
    if (rhs.count != 1) {
        if (rhs.count == 0 && return_)
            return_error(c, return_, lhs, count, (struct operand_list){0});
        else
            init_mismatch(c, lhs, count, rhs, return_);
        return;
    }
    bool comma_ok;
    struct operand_list values = check_multi(c, rhs.items[0], count == 2 && !return_, &comma_ok);
    if (values.count == count) {
        for (uint32_t i = 0; i < count; i++)
            check_init_var(c, lhs[i], &values.items[i], context);
        return;
    }
    if (values.count == 0 || values.items[0].mode != MODE_INVALID) {
        if (return_)
            return_error(c, return_, lhs, count, values);
        else
            count_error(c, rhs, count, values.count);
    }
    invalidate(c, lhs, count);
}

void check_assign_vars(struct checker *c, struct expr_list lhs, struct expr_list rhs)
{
    if (lhs.count == rhs.count && !is_call(rhs)) {
        for (uint32_t i = 0; i < lhs.count; i++)
            check_assign_var(c, lhs.items[i], rhs.items[i], NULL, "assignment");
        return;
    }
    if (rhs.count != 1) {
        bool left = check_use_lhs(c, lhs), right = check_use_list(c, rhs);
        if (left && right)
            count_error(c, rhs, lhs.count, rhs.count);
        return;
    }
    bool comma_ok;
    struct operand_list values = check_multi(c, rhs.items[0], lhs.count == 2, &comma_ok);
    if (values.count == lhs.count) {
        for (uint32_t i = 0; i < lhs.count; i++)
            check_assign_var(c, lhs.items[i], NULL, &values.items[i], "assignment");
        return;
    }
    if (values.items[0].mode != MODE_INVALID)
        count_error(c, rhs, lhs.count, values.count);
    check_use_lhs(c, lhs);
}

/* ---- := ---- */

struct short_decl {
    struct object **lhs;
    struct expr **fresh; /* names that are new */
    uint32_t fresh_count;
    bool failed;
};

static bool repeated(const struct expr_list lhs, uint32_t i)
{
    for (uint32_t j = 0; j < i; j++)
        if (ast_is_name(lhs.items[j], lhs.items[i]->name.ident))
            return true;
    return false;
}

static struct object *short_name(struct checker *c, struct short_decl *d, struct expr_list lhs, uint32_t i)
{
    struct expr *e = lhs.items[i];
    if (e->kind != EXPR_NAME) {
        check_use_lhs(c, (struct expr_list){&lhs.items[i], 1});
        check_error_at(c, e, "non-name %E on left side of :=", e);
        d->failed = true;
        return NULL;
    }
    bool blank = e->name.ident->blank;
    if (!blank && repeated(lhs, i)) {
        check_error(c, e->pos, "%N repeated on left side of :=", e->name.ident);
        d->failed = true;
        return NULL;
    }
    struct object *old = blank ? NULL : scope_lookup(c->env.scope, e->name.ident);
    if (!old) {
        if (!blank)
            d->fresh[d->fresh_count++] = e;
        return check_new_local(c, e, NULL);
    }
    e->name.object = old;
    if (old->kind == OBJECT_VAR) {
        check_record(c, &(struct operand){.mode = MODE_VARIABLE, .type = old->type, .expr = e});
        return old;
    }
    check_error(c, e->pos, "cannot assign to %E", e);
    d->failed = true;
    return NULL;
}

void check_short_decl(struct checker *c, struct stmt *s)
{
    struct expr_list lhs = s->assign.lhs;
    struct short_decl d = {.lhs = ARENA_ARRAY(c->arena, struct object *, lhs.count),
                           .fresh = ARENA_ARRAY(c->arena, struct expr *, lhs.count)};
    uint32_t top = c->action_count;
    for (uint32_t i = 0; i < lhs.count; i++) {
        d.lhs[i] = short_name(c, &d, lhs, i);
        if (!d.lhs[i])
            d.lhs[i] = object_new(c->t, OBJECT_VAR, c->blank, c->package, NULL, ast_start(lhs.items[i]));
    }
    check_init_vars(c, d.lhs, lhs.count, s->assign.rhs, NULL);
    check_run_delayed(c, top);
    for (uint32_t i = 0; i < lhs.count; i++)
        if (lhs.items[i]->kind == EXPR_NAME && d.lhs[i]->type)
            check_record(c, &(struct operand){.mode = MODE_VARIABLE, .type = d.lhs[i]->type, .expr = lhs.items[i]});
    if (d.fresh_count == 0 && !d.failed) {
        check_error(c, s->pos, "no new variables on left side of :=");
        return;
    }
    for (uint32_t i = 0; i < d.fresh_count; i++)
        check_declare(c, c->env.scope, d.fresh[i], d.fresh[i]->name.object);
}
