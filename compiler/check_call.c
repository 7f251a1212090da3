/*
 * check_call: calls, conversions, and passing arguments.
 *
 * Arguments may be generic functions themselves: their type parameters are then inferred together with those of the called
 * function. Type parameters are renamed first, so that a recursive call does not mistake its own for the callee's.
 */
#include "check_internal.h"

/* ---- what is called ---- */

static enum call_kind function_kind(const struct expr *fun)
{
    while (fun->kind == EXPR_PAREN || fun->kind == EXPR_INDEX)
        fun = fun->kind == EXPR_PAREN ? fun->paren.x : fun->index.x;
    if (fun->kind == EXPR_NAME)
        return fun->name.object && fun->name.object->kind == OBJECT_FUNC ? CALL_STATIC : CALL_CLOSURE;
    if (fun->kind != EXPR_SELECTOR)
        return CALL_CLOSURE;
    const struct selection *s = fun->selector.selection;
    const struct object *o = fun->selector.name->name.object;
    if (!s)
        return o && o->kind == OBJECT_FUNC ? CALL_STATIC : CALL_CLOSURE;
    return s->kind == SELECT_METHOD ? CALL_METHOD : s->kind == SELECT_INTERFACE_METHOD ? CALL_INTERFACE : CALL_CLOSURE;
}

static enum use_kind call_conversion(struct checker *c, struct operand *x, struct expr *e)
{
    struct expr_list args = e->call.args;
    check_not_generic(c, NULL, x);
    e->call.kind = CALL_CONVERSION;
    if (x->mode == MODE_INVALID)
        return USE_CONVERSION;
    struct type *to = x->type;
    x->mode = MODE_INVALID;
    if (args.count == 0) {
        check_error_at(c, e, "missing argument in conversion to %T", to);
    } else if (args.count > 1) {
        check_use_list(c, args);
        check_error_at(c, args.items[args.count - 1], "too many arguments in conversion to %T", to);
    } else {
        check_expr(c, NULL, x, args.items[0]);
        if (x->mode == MODE_INVALID)
            return USE_CONVERSION;
        bool constraint = is_interface_value(c, to) && !types_is_basic_interface(c->t, under(c, to));
        if (constraint)
            check_error_at(
                c, e, "cannot use interface %T in conversion (contains specific type constraints or is comparable)",
                to);
        else if (e->flag)
            check_error_at(c, args.items[0], "invalid use of ... in conversion to %T", to);
        else
            check_conversion(c, x, to);
        if (constraint || e->flag)
            x->mode = MODE_INVALID;
    }
    x->expr = e;
    return USE_CONVERSION;
}

struct func_query {
    struct checker *c;
    struct type *func;
    const char *cause;
};

static bool func_term(void *context, struct type *type, struct type *u)
{
    struct func_query *q = context;
    if (!type)
        q->cause = "no specific type";
    else if (u->kind != TYPE_FUNC)
        q->cause = check_format(q->c, "%T is not a function", type);
    else if (q->func && !identical(q->c, q->func, u))
        q->cause = check_format(q->c, "%T and %T have different underlying types", q->func, type);
    else
        q->func = u;
    return !q->cause;
}

static struct type *called_type(struct checker *c, struct operand *x)
{
    struct func_query q = {c, NULL, NULL};
    if (types_each_term(c->t, x->type, func_term, &q))
        return q.func;
    check_error_on(c, x, "invalid operation: cannot call %O: %s", x, q.cause);
    return NULL;
}

static void call_failed(struct checker *c, struct operand *x, struct expr *e, bool use_args)
{
    if (use_args)
        check_use_list(c, e->call.args);
    x->mode = MODE_INVALID;
    x->expr = e;
}

/* Type arguments written at the call: f[int](x). */
static bool explicit_args(struct checker *c, struct expr *inst, struct type **sig, struct type_list *targs,
                          struct expr_list *xlist)
{
    *xlist = inst->index.indices;
    if (!check_type_list(c, *xlist, targs))
        return false;
    uint32_t got = targs->count, want = (*sig)->func.tparams.count;
    if (got > want) {
        check_error_at(c, xlist->items[want], "got %d type arguments but want %d", (int)got, (int)want);
        return false;
    }
    if (got < want || want == 0)
        return true;
    check_need_version(c, ast_start(inst), GO_1_18, "function instantiation");
    *sig = check_instantiate(c, inst->pos, inst, *sig, *targs, *xlist);
    *targs = (struct type_list){0};
    *xlist = (struct expr_list){0};
    return true;
}

static void call_result(struct checker *c, struct operand *x, struct type *sig)
{
    struct type_list results = sig->func.results->tuple;
    x->mode = results.count ? MODE_VALUE : MODE_NO_VALUE;
    x->type = results.count == 1 ? results.items[0] : sig->func.results;
    if (x->mode == MODE_VALUE && sig->func.tparams.count && check_parameterized(c, sig->func.tparams, x->type))
        x->mode = MODE_INVALID;
}

struct generic_args {
    struct operand_list args;
    struct type_list *targs; /* one per argument, or NULL */
};

static struct generic_args generic_arguments(struct checker *c, struct expr_list list);

static enum use_kind call_function(struct checker *c, struct operand *x, struct expr *e, struct expr *inst)
{
    struct type *sig = called_type(c, x);
    if (!sig) {
        call_failed(c, x, e, true);
        return USE_STATEMENT;
    }
    e->call.kind = (uint8_t)function_kind(e->call.fun);
    bool generic = sig->func.tparams.count != 0;
    struct type_list targs = {0};
    struct expr_list xlist = {0};
    if (inst && !explicit_args(c, inst, &sig, &targs, &xlist)) {
        call_failed(c, x, e, true);
        return USE_STATEMENT;
    }
    struct generic_args args = generic_arguments(c, e->call.args);
    sig = check_arguments(c, e, sig, targs, xlist, args.args, args.targs);
    if (generic && sig->func.tparams.count == 0)
        check_record(c, &(struct operand){.mode = MODE_VALUE, .type = sig, .expr = e->call.fun});
    call_result(c, x, sig);
    x->expr = e;
    c->env.has_call_or_recv = true;
    return USE_STATEMENT;
}

enum use_kind check_call(struct checker *c, struct operand *x, struct expr *e)
{
    struct expr *fun = e->call.fun, *inst = NULL;
    if (fun->kind == EXPR_INDEX) {
        if (check_index_expr(c, x, fun))
            inst = fun;
        x->expr = fun;
        check_record(c, x);
    } else {
        check_expr_or_type(c, x, fun, true);
    }
    switch (x->mode) {
    case MODE_INVALID:
        call_failed(c, x, e, true);
        return USE_STATEMENT;
    case MODE_TYPE: {
        enum use_kind kind = call_conversion(c, x, e);
        x->expr = e;
        return kind;
    }
    case MODE_BUILTIN: {
        enum builtin id = (enum builtin)x->builtin;
        e->call.kind = CALL_BUILTIN;
        if (!check_builtin(c, x, e, id))
            x->mode = MODE_INVALID;
        x->expr = e;
        if (x->mode != MODE_INVALID && x->mode != MODE_CONSTANT)
            c->env.has_call_or_recv = true;
        return check_builtin_use(id);
    }
    default:
        return call_function(c, x, e, inst);
    }
}

/* ---- arguments ---- */

static void generic_argument(struct checker *c, struct operand *x, struct expr *e, struct type_list *targs, bool infer)
{
    if (e->kind != EXPR_INDEX) {
        check_generic_expr(c, x, e);
        return;
    }
    *x = (struct operand){.mode = MODE_INVALID, .type = check_invalid_type(c), .expr = e};
    if (check_index_expr(c, x, e))
        *targs = check_func_inst(c, NULL, e->pos, x, e, infer);
    x->expr = e;
    if (!targs->count)
        check_record(c, x);
    check_exclude(c, x, EXCLUDE_ALL);
    check_single_value(c, x);
}

static struct generic_args one_argument(struct checker *c, struct expr *e, bool infer)
{
    struct generic_args r = {{ARENA_NEW(c->arena, struct operand), 1}, ARENA_NEW(c->arena, struct type_list)};
    struct operand *x = r.args.items;
    if (e->kind == EXPR_INDEX) {
        generic_argument(c, x, e, r.targs, infer);
        return r;
    }
    check_raw(c, NULL, x, e, NULL, true);
    check_exclude(c, x, EXCLUDE_ALL);
    if (x->mode == MODE_INVALID || x->type->kind != TYPE_TUPLE)
        return r;
    struct type_list types = x->type->tuple;
    r.args = (struct operand_list){ARENA_ARRAY(c->arena, struct operand, types.count), types.count};
    r.targs = ARENA_ARRAY(c->arena, struct type_list, types.count);
    for (uint32_t i = 0; i < types.count; i++)
        r.args.items[i] = (struct operand){.mode = MODE_VALUE, .type = types.items[i], .expr = e};
    return r;
}

static struct generic_args generic_arguments(struct checker *c, struct expr_list list)
{
    bool infer = !check_version(c, GO_1_21);
    if (list.count == 1)
        return one_argument(c, list.items[0], infer);
    struct generic_args r = {{ARENA_ARRAY(c->arena, struct operand, list.count), list.count},
                             ARENA_ARRAY(c->arena, struct type_list, list.count)};
    for (uint32_t i = 0; i < list.count; i++)
        generic_argument(c, &r.args.items[i], list.items[i], &r.targs[i], infer);
    return r;
}

static struct type **operand_types(struct checker *c, struct operand_list args)
{
    struct type **types = ARENA_ARRAY(c->arena, struct type *, args.count);
    for (uint32_t i = 0; i < args.count; i++)
        types[i] = args.items[i].type;
    return types;
}

static void wrong_count(struct checker *c, struct expr *call, const struct type *sig, struct operand_list args,
                        uint32_t want)
{
    struct type_list params = sig->func.params->tuple;
    bool many = args.count > want;
    struct pos pos = many             ? ast_start(args.items[want].expr)
                     : args.count > 0 ? ast_start(args.items[args.count - 1].expr)
                                      : ast_start(call);
    check_error(c, pos, "%s arguments in call to %E\n\thave %s\n\twant %s", many ? "too many" : "not enough",
                call->call.fun, check_types_summary(c, operand_types(c, args), args.count, false, call->flag),
                check_types_summary(c, params.items, params.count, sig->variadic, false));
}

/* The parameters one per argument: ...T repeated. NULL after an error. */
static struct type *spread_params(struct checker *c, struct expr *call, struct type *sig, struct operand_list args)
{
    struct type_list params = sig->func.params->tuple;
    uint32_t want = params.count;
    struct type *result = sig->func.params;
    if (sig->variadic && call->flag) {
        if (call->call.args.count == 1 && args.count > 1) {
            check_error_at(c, call, "cannot use ... with %d-valued %E", (int)args.count, call->call.args.items[0]);
            return NULL;
        }
    } else if (sig->variadic && args.count + 1 >= params.count) {
        struct type **items = ARENA_ARRAY(c->arena, struct type *, args.count);
        struct type *last = params.items[want - 1];
        for (uint32_t i = 0; i < args.count; i++)
            items[i] = i + 1 < want ? params.items[i] : last->kind == TYPE_SLICE ? last->slice.elem : last;
        result = types_tuple(c->t, items, args.count);
        want = args.count;
    } else if (sig->variadic) {
        want--;
    } else if (call->flag) {
        check_error_at(c, call, "cannot use ... in call to non-variadic %E", call->call.fun);
        return NULL;
    }
    if (args.count == want)
        return result;
    wrong_count(c, call, sig, args, want);
    return NULL;
}

struct inference {
    struct type_list tparams; /* renamed: the callee's, then those of generic arguments */
    struct type_list targs;
    uint32_t own;
};

static void append_types(struct checker *c, struct type_list *list, struct type_list more)
{
    struct type **items = ARENA_ARRAY(c->arena, struct type *, list->count + more.count);
    if (list->count)
        memcpy(items, list->items, list->count * sizeof *items);
    if (more.count)
        memcpy(items + list->count, more.items, more.count * sizeof *items);
    *list = (struct type_list){items, list->count + more.count};
}

static void pad_types(struct checker *c, struct type_list *list, uint32_t count)
{
    struct type **items = ARENA_ARRAY(c->arena, struct type *, count);
    if (list->count)
        memcpy(items, list->items, list->count * sizeof *items);
    *list = (struct type_list){items, count};
}

static void add_generic_args(struct checker *c, struct inference *in, struct operand_list args,
                             const struct type_list *arg_targs)
{
    bool reported = false;
    for (uint32_t i = 0; i < args.count; i++) {
        struct operand *x = &args.items[i];
        if (x->mode == MODE_INVALID || x->type->kind != TYPE_FUNC || !x->type->func.tparams.count)
            continue;
        if (!reported)
            check_need_version(c, ast_start(x->expr), GO_1_21, "implicitly instantiated function as argument");
        reported = true;
        struct type_list params = x->type->func.tparams, renamed = check_rename(c, params);
        x->type = types_func(c->t, types_subst(c->t, x->type->func.params, params, renamed),
                             types_subst(c->t, x->type->func.results, params, renamed), x->type->variadic, renamed);
        append_types(c, &in->tparams, renamed);
        if (arg_targs)
            append_types(c, &in->targs, arg_targs[i]);
        pad_types(c, &in->targs, in->tparams.count);
    }
}

static void instantiate_args(struct checker *c, struct inference *in, struct operand_list args)
{
    uint32_t at = in->own;
    for (uint32_t i = 0; i < args.count; i++) {
        struct operand *x = &args.items[i];
        if (x->mode == MODE_INVALID || x->type->kind != TYPE_FUNC || !x->type->func.tparams.count)
            continue;
        uint32_t n = x->type->func.tparams.count;
        struct type_list targs = {in->targs.items + at, n};
        x->type = check_instantiate(c, x->expr->pos, x->expr, x->type, targs, (struct expr_list){0});
        x->mode = MODE_VALUE;
        check_record(c, x);
        at += n;
    }
}

/* Infers what is missing; the instantiated signature in *sig and the parameters that go with it, or false. */
static bool infer_call(struct checker *c, struct expr *call, struct type **sig, struct type **params,
                       struct type_list targs, struct expr_list xlist, struct operand_list args,
                       const struct type_list *arg_targs)
{
    struct type_list own = (*sig)->func.tparams;
    struct inference in = {.own = own.count};
    struct type *renamed_params = *params;
    if (own.count) {
        check_need_version(c, ast_start(call), GO_1_18,
                           call->call.fun->kind == EXPR_INDEX ? "function instantiation"
                                                              : "implicit function instantiation");
        in.tparams = check_rename(c, own);
        renamed_params = types_subst(c->t, *params, own, in.tparams);
        in.targs = targs;
        pad_types(c, &in.targs, own.count);
    }
    add_generic_args(c, &in, args, arg_targs);
    if (in.tparams.count == 0)
        return true;
    const char *error = NULL;
    struct pos pos;
    in.targs = check_infer(c, call->pos, in.tparams, in.targs, renamed_params, args, false, &error, &pos);
    if (!in.targs.items) {
        if (error)
            check_error(c, pos, "in call to %E, %s", call->call.fun, error);
        return false;
    }
    if (own.count) {
        struct type_list first = {in.targs.items, own.count};
        *sig = check_instantiate(c, call->pos, call->call.fun, *sig, first, xlist);
        *params = types_subst(c->t, *params, own, first);
    }
    instantiate_args(c, &in, args);
    return true;
}

struct type *check_arguments(struct checker *c, struct expr *call, struct type *sig, struct type_list targs,
                             struct expr_list xlist, struct operand_list args, struct type_list *arg_targs)
{
    struct type *params = spread_params(c, call, sig, args);
    if (!params || !infer_call(c, call, &sig, &params, targs, xlist, args, arg_targs))
        return sig;
    if (args.count == 0)
        return sig;
    const char *context = check_format(c, "argument to %E", call->call.fun);
    for (uint32_t i = 0; i < args.count; i++)
        check_assignment(c, &args.items[i], params->tuple.items[i], context);
    return sig;
}
