/*
 * inline_cost: what a body costs, in nodes of the toolchain's tree.
 *
 * The toolchain counts the nodes of its own tree, so this walk knows how many of them each node of the syntax becomes: a declaration of
 * a variable is two nodes besides the assignment, a field of a struct literal one besides its value, an embedded field on the
 * way to a member one, a conversion that makes code one. Names of types are none. On top come surcharges: a call that is not inlined, a
 * func literal, panic; and rebates for what makes no code. A call that would be inlined costs its callee's body.
 *
 * A body that may not be inlined at all (recover, go, defer) has no cost.
 */
#include "inline_internal.h"

enum {
    CALL_COST = 57,
    PARAMETER_CALL_COST = 17, /* of a parameter or captured variable, which may turn out to be a constant function */
    LITERAL_COST = 15,
    FORBIDDEN = 1 << 20,
};

struct counter {
    struct inliner *n;
    struct function *f;
    struct escape_result *unit;
    int budget, cost;
    bool plain; /* nodes only, for size */
};

static void count_expr(struct counter *c, const struct expr *x);
static void count_stmt(struct counter *c, const struct stmt *s);

static void charge(struct counter *c, int cost)
{
    c->cost += cost;
}

static void extra(struct counter *c, int cost)
{
    if (!c->plain)
        c->cost += cost;
}

static bool spent(const struct counter *c)
{
    return c->cost > c->budget;
}

/* ---- conversions ---- */

static struct type *under(const struct counter *c, struct type *type)
{
    return types_underlying(c->n->t, type);
}

static bool is_interface(const struct counter *c, struct type *type)
{
    return !type_is_param(type) && under(c, type)->kind == TYPE_INTERFACE;
}

/* Does it take a node that makes code? */
static bool makes_code(const struct counter *c, struct type *from, struct type *to)
{
    struct types *t = c->n->t;
    if (types_identical(t, from, to))
        return false;
    struct type *a = under(c, from), *b = under(c, to);
    if (is_interface(c, to))
        return !(is_interface(c, from) && types_identical(t, a, b) && types_set(t, b)->methods.count == 0);
    if (types_identical(t, a, b) || (a->kind == TYPE_POINTER && b->kind == TYPE_POINTER))
        return false;
    if (a->kind == TYPE_BASIC && b->kind == TYPE_BASIC) {
        unsigned number = BASIC_IS_INTEGER | BASIC_IS_FLOAT;
        bool numbers = basic_is((enum basic_kind)a->basic, number) && basic_is((enum basic_kind)b->basic, number);
        bool same = basic_is((enum basic_kind)a->basic, BASIC_IS_FLOAT) ==
                        basic_is((enum basic_kind)b->basic, BASIC_IS_FLOAT) &&
                    basic_is((enum basic_kind)a->basic, BASIC_IS_UNSIGNED) ==
                        basic_is((enum basic_kind)b->basic, BASIC_IS_UNSIGNED) &&
                    layout_of(t, a)->size == layout_of(t, b)->size;
        if (numbers)
            return !same;
    }
    bool pointer_a =
        a->kind == TYPE_POINTER || type_is_basic(a, BASIC_UNSAFE_POINTER) || type_is_basic(a, BASIC_UINTPTR);
    bool pointer_b =
        b->kind == TYPE_POINTER || type_is_basic(b, BASIC_UNSAFE_POINTER) || type_is_basic(b, BASIC_UINTPTR);
    if (pointer_a && pointer_b)
        return false;
    return a->kind != TYPE_CHAN && a->kind != TYPE_FUNC;
}

static void count_as(struct counter *c, const struct expr *x, struct type *type)
{
    if (type && x->type && x->mode != MODE_NIL && x->type->kind != TYPE_TUPLE && !type_is_untyped(x->type) &&
        !types_identical(c->n->t, x->type, type) && (c->plain || makes_code(c, x->type, type)))
        charge(c, 1);
    count_expr(c, x);
}

static bool is_float_like(const struct counter *c, struct type *type)
{
    struct type *u = under(c, type);
    return u->kind == TYPE_BASIC && basic_is((enum basic_kind)u->basic, BASIC_IS_FLOAT | BASIC_IS_COMPLEX);
}

static void count_conversion(struct counter *c, const struct expr *x)
{
    const struct expr *arg = x->call.args.items[0];
    bool code = arg->mode != MODE_NIL && arg->type &&
                (makes_code(c, arg->type, x->type) ||
                 (is_float_like(c, x->type) && is_float_like(c, arg->type) && arg->mode != MODE_CONSTANT));
    if (c->plain || code)
        charge(c, 1);
    count_expr(c, arg);
}

/* ---- calls ---- */

/* The dictionary that a generic function is given: an address, or an element of the caller's own. */
static void count_dictionary(struct counter *c, struct type_list args)
{
    bool dynamic = false;
    for (uint32_t i = 0; i < args.count; i++)
        dynamic |= types_mentions_params(c->n->t, args.items[i]);
    if (args.count)
        charge(c, dynamic ? 4 : 2);
}

static bool field_at_zero(const struct counter *c, struct type *type, uint32_t index)
{
    struct type *holder = under(c, type);
    if (holder->kind == TYPE_POINTER)
        holder = under(c, holder->pointer.elem);
    if (holder->kind != TYPE_STRUCT || layout_varies(c->n->t, holder))
        return index == 0;
    return layout_of(c->n->t, holder)->offsets[index] == 0;
}

static bool at_offset_zero(const struct counter *c, const struct expr *x)
{
    const struct selection *s = x->selector.selection;
    return s && s->kind == SELECT_FIELD && s->count == 1 && ast_unparen(x->selector.x)->kind == EXPR_NAME &&
           field_at_zero(c, x->selector.x->type, s->path[0]);
}

static void count_receiver(struct counter *c, const struct expr *fun, const struct selection *s)
{
    const struct expr *x = ast_unparen(fun->selector.x);
    charge(c, (int)s->count - 1);
    if (s->kind != SELECT_INTERFACE_METHOD)
        charge(c, s->address || s->deref);
    if (s->address && ((s->count == 1 && x->kind == EXPR_SELECTOR && at_offset_zero(c, x)) ||
                       (s->count == 2 && x->kind == EXPR_NAME && field_at_zero(c, x->type, s->path[0]))))
        extra(c, -2);
    count_expr(c, fun->selector.x);
}

static bool calls_parameter(const struct counter *c, const struct expr *fun)
{
    if (fun->kind != EXPR_NAME || !esc_is_local_variable(fun->name.object))
        return false;
    return fun->name.object->is_param || fun->name.object->function != c->f;
}

static void surcharge(struct counter *c, const struct expr *call)
{
    struct inline_target t = {0};
    if (call->call.kind != CALL_INTERFACE)
        t = inline_target_of(c->n, c->f, call);
    if (t.f && inline_is_never_in(t.f))
        extra(c, FORBIDDEN);
    if (t.f && inline_throws(c->n, t.f)) {
        extra(c, INLINE_BUDGET);
        return;
    }
    if (c->plain || (t.f && (inline_is_intrinsic(c->n, t.f) || inline_is_cheap(t.f))))
        return;
    if (t.f && t.f->literal)
        inline_judge(c->n, t.f);
    if (t.f && inline_would(c->n, c->f, call, t.f, false))
        charge(c, inline_of(c->n, t.f)->cost);
    else
        charge(c, calls_parameter(c, ast_unparen(call->call.fun)) ? PARAMETER_CALL_COST : CALL_COST);
}

static void find_call(void *context, const struct expr *x)
{
    bool *found = context;
    *found |= (x->kind == EXPR_CALL && x->call.kind != CALL_CONVERSION && x->mode != MODE_CONSTANT) ||
              (x->kind == EXPR_UNARY && x->op == OP_RECV);
}

/* A callee that is computed by a call goes to a temporary first. */
static void count_computed(struct counter *c, const struct expr *x)
{
    bool found = false;
    struct esc_scan scan = {.unit = c->unit, .expr = find_call, .context = &found};
    esc_scan_expr(&scan, x);
    charge(c, found ? 5 : 0);
}

static void count_arguments(struct counter *c, const struct expr *call)
{
    const struct type *type = under(c, call->call.fun->type);
    struct expr_list args = call->call.args;
    if (args.count == 1 && args.items[0]->type && args.items[0]->type->kind == TYPE_TUPLE) {
        int n = (int)args.items[0]->type->tuple.count;
        charge(c, 1 + 4 * n);
        count_expr(c, args.items[0]);
        return;
    }
    struct type_list params = type->func.params->tuple;
    bool spread = type->variadic && !call->flag;
    uint32_t fixed = spread ? params.count - 1 : params.count;
    for (uint32_t i = 0; i < args.count; i++)
        count_as(c, args.items[i], i < fixed ? params.items[i] : under(c, params.items[params.count - 1])->slice.elem);
    if (spread)
        charge(c, args.count > fixed ? (c->plain ? 1 : 2) : 1);
}

static void count_call(struct counter *c, const struct expr *x)
{
    const struct expr *fun = ast_unparen(x->call.fun);
    charge(c, 1);
    surcharge(c, x);
    const struct selection *s = fun->kind == EXPR_SELECTOR ? fun->selector.selection : NULL;
    const struct instance *in = fun->kind == EXPR_INDEX ? fun->index.instance : NULL;
    const struct expr *name = fun->kind == EXPR_INDEX ? ast_unparen(fun->index.x) : fun;
    if (name->kind == EXPR_SELECTOR && !name->selector.selection)
        name = name->selector.name;
    if (!in && name->kind == EXPR_NAME)
        in = name->name.instance;
    if (s && (s->kind == SELECT_METHOD || s->kind == SELECT_INTERFACE_METHOD)) {
        if (s->kind == SELECT_INTERFACE_METHOD) {
            charge(c, type_is_param(s->recv) ? 6 : 1);
            count_computed(c, fun->selector.x);
        }
        if (s->kind == SELECT_METHOD && s->holder->kind == TYPE_NAMED)
            count_dictionary(c, s->holder->named.args);
        count_receiver(c, fun, s);
    } else if (in) {
        charge(c, 1);
        count_dictionary(c, in->args);
    } else {
        count_computed(c, fun);
        count_expr(c, fun);
    }
    count_arguments(c, x);
}

/* ---- built-in functions ---- */

static enum builtin builtin_of(const struct expr *call)
{
    const struct expr *fun = ast_unparen(call->call.fun);
    if (fun->kind == EXPR_SELECTOR)
        fun = fun->selector.name;
    return (enum builtin)fun->name.object->builtin;
}

static void count_append(struct counter *c, const struct expr *x)
{
    struct type *slice = under(c, x->type);
    charge(c, 1);
    for (uint32_t i = 0; i < x->call.args.count; i++)
        count_as(c, x->call.args.items[i], i && !x->flag && slice->kind == TYPE_SLICE ? slice->slice.elem : NULL);
}

static void count_panic(struct counter *c, const struct expr *x)
{
    charge(c, 1);
    extra(c, 1);
    const struct expr *arg = x->call.args.items[0];
    count_expr(c, arg); /* its conversion costs nothing */
}

static void count_builtin(struct counter *c, const struct expr *x)
{
    struct expr_list args = x->call.args;
    switch (builtin_of(x)) {
    case BUILTIN_APPEND:
        count_append(c, x);
        return;
    case BUILTIN_PANIC:
        count_panic(c, x);
        return;
    case BUILTIN_RECOVER:
        charge(c, c->plain ? 1 : FORBIDDEN);
        return;
    case BUILTIN_NEW:
        charge(c, args.items[0]->mode == MODE_TYPE ? 1 : 6);
        break;
    case BUILTIN_MAKE: /* without a size it is 0 */
        charge(c, args.count == 1 ? 2 : 1);
        break;
    case BUILTIN_DELETE:
        charge(c, 1);
        count_expr(c, args.items[0]);
        count_as(c, args.items[1],
                 under(c, args.items[0]->type)->kind == TYPE_MAP ? under(c, args.items[0]->type)->map.key : NULL);
        return;
    default:
        charge(c, 1);
    }
    for (uint32_t i = 0; i < args.count; i++)
        if (args.items[i]->mode != MODE_TYPE)
            count_expr(c, args.items[i]);
}

/* ---- other expressions ---- */

static bool is_zero(const struct expr *x)
{
    int64_t v = 1;
    return x->mode == MODE_CONSTANT && constant_as_int64(x->value, &v) && v == 0;
}

static bool is_length_of(const struct expr *high, const struct expr *x)
{
    high = ast_unparen((struct expr *)high);
    x = ast_unparen((struct expr *)x);
    if (high->kind != EXPR_CALL || high->mode == MODE_CONSTANT || high->call.kind != CALL_BUILTIN ||
        builtin_of(high) != BUILTIN_LEN)
        return false;
    const struct expr *y = ast_unparen(high->call.args.items[0]);
    return x->kind == EXPR_NAME && y->kind == EXPR_NAME && x->name.object && x->name.object == y->name.object;
}

static void count_slice(struct counter *c, const struct expr *x)
{
    charge(c, 1);
    if (under(c, x->slice.x->type)->kind == TYPE_ARRAY) {
        const struct expr *operand = ast_unparen(x->slice.x);
        charge(c, 1);
        if (operand->kind == EXPR_SELECTOR && at_offset_zero(c, operand))
            extra(c, -2);
    }
    count_expr(c, x->slice.x);
    const struct expr *parts[] = {x->slice.low, x->slice.high, x->slice.max};
    for (int i = 0; i < 3; i++)
        if (parts[i])
            count_expr(c, parts[i]);
    if (x->slice.low && is_zero(x->slice.low))
        extra(c, -1);
    if (x->slice.high && is_length_of(x->slice.high, x->slice.x))
        extra(c, -2);
}

static void count_fields(struct counter *c, const struct expr *x, struct type *type)
{
    for (uint32_t i = 0; i < x->composite.elems.count; i++) {
        const struct expr *e = x->composite.elems.items[i];
        bool keyed = e->kind == EXPR_KEY_VALUE;
        const struct object *field = keyed ? e->key_value.key->name.object : NULL;
        charge(c, 1);
        count_as(c, keyed ? e->key_value.value : e, type->struct_.fields.items[field ? field->index : i]->type);
    }
}

static void count_composite(struct counter *c, const struct expr *x)
{
    struct type *type = under(c, x->type);
    if (type->kind == TYPE_POINTER) {
        charge(c, 1);
        type = under(c, type->pointer.elem);
    }
    charge(c, 1);
    if (type->kind == TYPE_SLICE)
        extra(c, 1);
    if (type->kind == TYPE_STRUCT) {
        count_fields(c, x, type);
        return;
    }
    struct type *elem = type->kind == TYPE_SLICE   ? type->slice.elem
                        : type->kind == TYPE_ARRAY ? type->array.elem
                                                   : NULL;
    for (uint32_t i = 0; i < x->composite.elems.count; i++) {
        const struct expr *e = x->composite.elems.items[i];
        if (e->kind == EXPR_KEY_VALUE) {
            charge(c, 1);
            count_as(c, e->key_value.key, type->kind == TYPE_MAP ? type->map.key : NULL);
            e = e->key_value.value;
        }
        count_as(c, e, type->kind == TYPE_MAP ? type->map.elem : elem);
    }
}

static void count_unary(struct counter *c, const struct expr *x)
{
    const struct expr *operand = ast_unparen(x->unary.x);
    charge(c, 1);
    if (x->op == OP_AND && operand->kind == EXPR_SELECTOR && at_offset_zero(c, operand))
        extra(c, -2);
    count_expr(c, operand);
}

static const struct expr *through_no_ops(const struct counter *c, const struct expr *x)
{
    x = ast_unparen((struct expr *)x);
    while (x->kind == EXPR_CALL && x->call.kind == CALL_CONVERSION && x->mode != MODE_CONSTANT &&
           !makes_code(c, x->call.args.items[0]->type, x->type))
        x = ast_unparen(x->call.args.items[0]);
    return x;
}

static void count_star(struct counter *c, const struct expr *x)
{
    charge(c, 1);
    const struct expr *ptr = through_no_ops(c, x->star.x);
    if (ptr->kind == EXPR_UNARY && ptr->op == OP_AND && ast_unparen(ptr->unary.x)->kind != EXPR_COMPOSITE)
        extra(c, -1);
    count_expr(c, x->star.x);
}

static bool is_string(const struct counter *c, const struct expr *x)
{
    return types_is(c->n->t, x->type, BASIC_IS_STRING);
}

static void count_summands(struct counter *c, const struct expr *x)
{
    x = ast_unparen((struct expr *)x);
    if (x->kind == EXPR_BINARY && x->op == OP_ADD && x->mode != MODE_CONSTANT) {
        count_summands(c, x->binary.x);
        count_summands(c, x->binary.y);
    } else {
        count_expr(c, x);
    }
}

static void count_binary(struct counter *c, const struct expr *x)
{
    const struct expr *a = x->binary.x, *b = x->binary.y;
    charge(c, 1);
    if (x->op == OP_ADD && is_string(c, x)) {
        count_summands(c, x);
    } else if (op_is_comparison((enum op)x->op) && a->mode != MODE_NIL && b->mode != MODE_NIL) {
        count_as(c, a, is_interface(c, b->type) ? b->type : NULL);
        count_as(c, b, is_interface(c, a->type) ? a->type : NULL);
    } else {
        count_expr(c, a);
        count_expr(c, b);
    }
}

static void count_selector(struct counter *c, const struct expr *x)
{
    const struct selection *s = x->selector.selection;
    if (!s) {
        charge(c, 1);
        return;
    }
    if (s->kind == SELECT_METHOD_EXPR) {
        charge(c, c->plain);
        return;
    }
    if (s->kind == SELECT_FIELD) {
        charge(c, (int)s->count);
        count_expr(c, x->selector.x);
        return;
    }
    charge(c, 1);
    extra(c, 1);
    count_receiver(c, x, s);
}

static void count_index(struct counter *c, const struct expr *x)
{
    if (x->index.instance) {
        charge(c, 1);
        return;
    }
    struct type *type = under(c, x->index.x->type);
    charge(c, 1);
    if (type->kind == TYPE_POINTER)
        charge(c, 1);
    count_expr(c, x->index.x);
    count_as(c, x->index.indices.items[0], type->kind == TYPE_MAP ? type->map.key : NULL);
}

static void count_expr(struct counter *c, const struct expr *x)
{
    x = ast_unparen((struct expr *)x);
    if (spent(c) || x->mode == MODE_TYPE)
        return;
    if (x->mode == MODE_CONSTANT || x->mode == MODE_NIL) {
        charge(c, 1);
        return;
    }
    switch (x->kind) {
    case EXPR_COMPOSITE:
        count_composite(c, x);
        break;
    case EXPR_FUNC:
        charge(c, 1);
        extra(c, LITERAL_COST);
        break;
    case EXPR_SELECTOR:
        count_selector(c, x);
        break;
    case EXPR_INDEX:
        count_index(c, x);
        break;
    case EXPR_SLICE:
        count_slice(c, x);
        break;
    case EXPR_ASSERT:
        charge(c, 1);
        count_expr(c, x->assert.x);
        break;
    case EXPR_STAR:
        count_star(c, x);
        break;
    case EXPR_UNARY:
        count_unary(c, x);
        break;
    case EXPR_BINARY:
        count_binary(c, x);
        break;
    case EXPR_CALL:
        if (x->call.kind == CALL_CONVERSION)
            count_conversion(c, x);
        else if (x->call.kind == CALL_BUILTIN)
            count_builtin(c, x);
        else
            count_call(c, x);
        break;
    default:
        charge(c, 1);
    }
}

/* ---- statements ---- */

static void count_stmts(struct counter *c, const struct stmt_list *list)
{
    uint32_t n = esc_live_count(list);
    for (uint32_t i = 0; i < n && !spent(c); i++)
        count_stmt(c, list->items[i]);
}

static void maybe(struct counter *c, const struct stmt *s)
{
    if (s)
        count_stmt(c, s);
}

static int declared(const struct expr_list *names)
{
    int n = 0;
    for (uint32_t i = 0; i < names->count; i++)
        n += !ast_is_blank(names->items[i]) && esc_declares(names->items[i]);
    return n;
}

static struct type *place_type(const struct expr *lhs)
{
    lhs = ast_unparen((struct expr *)lhs);
    if (ast_is_blank(lhs))
        return NULL;
    return lhs->kind == EXPR_NAME && lhs->name.object ? lhs->name.object->type : lhs->type;
}

/* Several values at once come by way of temporaries, which are not counted. */
static void count_assign(struct counter *c, const struct expr_list *lhs, const struct expr_list *rhs)
{
    charge(c, 1 + 2 * declared(lhs));
    for (uint32_t i = 0; i < lhs->count; i++) {
        const struct expr *x = ast_unparen(lhs->items[i]);
        if (x->kind == EXPR_NAME)
            charge(c, 1);
        else
            count_expr(c, x);
    }
    if (lhs->count != rhs->count && rhs->count) {
        for (uint32_t i = 0; i < lhs->count && rhs->items[0]->type->kind == TYPE_TUPLE; i++) {
            struct type *from = rhs->items[0]->type->tuple.items[i], *to = place_type(lhs->items[i]);
            charge(c, to && makes_code(c, from, to));
        }
        count_expr(c, rhs->items[0]);
        return;
    }
    for (uint32_t i = 0; i < rhs->count; i++)
        count_as(c, rhs->items[i], place_type(lhs->items[i]));
}

static void count_decls(struct counter *c, const struct decl_list *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const struct decl *d = list->items[i];
        if (d->kind != DECL_VAR)
            continue;
        if (d->var.values.count)
            count_assign(c, &d->var.names, &d->var.values);
        else
            charge(c, 4 * (int)d->var.names.count);
    }
}

static void count_return(struct counter *c, const struct stmt *s)
{
    const struct expr_list *values = &s->return_.results;
    charge(c, 1);
    if (values->count == 1 && c->f->results.count > 1) {
        const struct type *tuple = values->items[0]->type;
        charge(c, 1 + 4 * (int)c->f->results.count);
        for (uint32_t i = 0; i < c->f->results.count && tuple->kind == TYPE_TUPLE; i++)
            charge(c, makes_code(c, tuple->tuple.items[i], c->f->results.items[i]->type));
        count_expr(c, values->items[0]);
        return;
    }
    for (uint32_t i = 0; i < values->count; i++)
        count_as(c, values->items[i], c->f->results.items[i]->type);
}

static void count_if(struct counter *c, const struct stmt *s)
{
    int known = esc_static_condition(s->if_.cond);
    maybe(c, s->if_.init);
    if (known == 0) {
        charge(c, 1);
        count_expr(c, s->if_.cond);
    } else if (esc_reduced_condition(s->if_.cond)->mode != MODE_CONSTANT) {
        charge(c, 2);
        count_expr(c, esc_reduced_condition(s->if_.cond));
    }
    if (known >= 0)
        count_stmts(c, &s->if_.then->block.list);
    if (known <= 0)
        maybe(c, s->if_.else_);
}

static void count_for(struct counter *c, const struct stmt *s)
{
    maybe(c, s->for_.init);
    if (s->for_.cond && esc_static_condition(s->for_.cond) < 0)
        return;
    charge(c, 1);
    if (s->for_.cond)
        count_expr(c, s->for_.cond);
    maybe(c, s->for_.post);
    count_stmts(c, &s->for_.body->block.list);
}

static void count_range(struct counter *c, const struct stmt *s)
{
    if (s->range.x->mode != MODE_CONSTANT && under(c, s->range.x->type)->kind == TYPE_FUNC) {
        charge(c, c->plain ? 20 : FORBIDDEN);
        return;
    }
    charge(c, 1 + 2 * (s->define ? declared(&s->range.lhs) : 0));
    count_expr(c, s->range.x);
    for (uint32_t i = 0; i < s->range.lhs.count; i++) {
        const struct expr *x = ast_unparen(s->range.lhs.items[i]);
        if (x->kind == EXPR_NAME)
            charge(c, 1);
        else
            count_expr(c, x);
    }
    count_stmts(c, &s->range.body->block.list);
}

static void count_clauses(struct counter *c, const struct clause_list *list, const struct clause *only, bool types,
                          struct type *tag)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const struct clause *k = list->items[i];
        if (only && only != k)
            continue;
        charge(c, 1);
        for (uint32_t j = 0; j < k->exprs.count && !only; j++)
            if (types)
                charge(c, k->exprs.items[j]->mode == MODE_NIL);
            else
                count_as(c, k->exprs.items[j], tag);
        charge(c, types && k->object);
        count_stmts(c, &k->body);
    }
}

static void count_switch(struct counter *c, const struct stmt *s)
{
    struct clause *only = NULL;
    maybe(c, s->switch_.init);
    charge(c, 1);
    bool known = esc_static_clause(c->unit, s, &only);
    if (known && !only)
        return;
    if (s->switch_.tag && !known)
        count_expr(c, s->switch_.tag);
    struct type *tag = s->switch_.tag && is_interface(c, s->switch_.tag->type) ? s->switch_.tag->type : NULL;
    count_clauses(c, &s->switch_.clauses, known ? only : NULL, false, tag);
}

/* A receive always has two places, blank ones if need be; one into two variables goes by way of temporaries. */
static void count_comm(struct counter *c, const struct stmt *s)
{
    count_stmt(c, s);
    if (s->kind == STMT_EXPR)
        charge(c, 3);
    else if (s->kind == STMT_ASSIGN)
        charge(c, s->assign.lhs.count == 1 ? 1 : 9);
}

static void count_select(struct counter *c, const struct stmt *s)
{
    charge(c, 1);
    for (uint32_t i = 0; i < s->select.clauses.count; i++) {
        const struct clause *k = s->select.clauses.items[i];
        charge(c, 1);
        if (k->comm)
            count_comm(c, k->comm);
        count_stmts(c, &k->body);
    }
}

static void count_stmt(struct counter *c, const struct stmt *s)
{
    if (spent(c))
        return;
    switch (s->kind) {
    case STMT_LABELED:
        charge(c, 1);
        count_stmt(c, s->labeled.stmt);
        break;
    case STMT_BLOCK:
        count_stmts(c, &s->block.list);
        break;
    case STMT_EXPR:
        count_expr(c, s->expr.x);
        break;
    case STMT_SEND:
        charge(c, 1);
        count_expr(c, s->send.chan);
        count_as(c, s->send.value,
                 under(c, s->send.chan->type)->kind == TYPE_CHAN ? under(c, s->send.chan->type)->chan.elem : NULL);
        break;
    case STMT_DECL:
        count_decls(c, &s->decl.list);
        break;
    case STMT_ASSIGN:
        if (s->op != OP_NONE) {
            charge(c, 1);
            count_expr(c, s->assign.lhs.items[0]);
            count_expr(c, s->assign.rhs.items[0]);
        } else {
            count_assign(c, &s->assign.lhs, &s->assign.rhs);
        }
        break;
    case STMT_INC_DEC:
        charge(c, 2);
        count_expr(c, s->inc_dec.x);
        break;
    case STMT_GO:
    case STMT_DEFER:
        charge(c, c->plain ? 2 : FORBIDDEN);
        break;
    case STMT_RETURN:
        count_return(c, s);
        break;
    case STMT_BREAK:
    case STMT_CONTINUE:
    case STMT_GOTO:
        charge(c, 1);
        break;
    case STMT_IF:
        count_if(c, s);
        break;
    case STMT_FOR:
        count_for(c, s);
        break;
    case STMT_RANGE:
        count_range(c, s);
        break;
    case STMT_SWITCH:
        count_switch(c, s);
        break;
    case STMT_TYPE_SWITCH:
        maybe(c, s->type_switch.init);
        charge(c, 2 + (s->type_switch.bind != NULL));
        count_expr(c, s->type_switch.x);
        count_clauses(c, &s->type_switch.clauses, NULL, true, NULL);
        break;
    case STMT_SELECT:
        count_select(c, s);
        break;
    default:
        break;
    }
}

/* ---- functions ---- */

int inline_cost(struct inliner *n, struct function *f, int budget)
{
    struct counter c = {n, f, inline_of(n, f)->unit, budget, 0, false};
    count_stmts(&c, &f->body->block.list);
    return c.cost >= FORBIDDEN ? -1 : c.cost;
}

bool inline_is_big(struct inliner *n, struct function *f)
{
    if (!f->body)
        return false;
    struct counter c = {n, f, inline_of(n, f)->unit, INLINE_BIG_NODES - 1, 0, true};
    count_stmts(&c, &f->body->block.list);
    return spent(&c);
}
