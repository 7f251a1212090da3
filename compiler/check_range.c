/*
 * check_range: for … range over integers, strings, arrays, slices, maps, channels and functions.
 */
#include "check_internal.h"

struct range {
    struct type *key; /* each NULL: there is none */
    struct type *value;
    const char *cause;
    bool ok;
};

static struct range bad(const char *cause)
{
    return (struct range){NULL, NULL, cause, false};
}

static struct range over_func(struct checker *c, const struct type *f)
{
    if (!check_version(c, GO_1_23))
        return bad("requires go1.23 or later");
    if (f->func.params->tuple.count != 1)
        return bad("func must be func(yield func(...) bool): wrong argument count");
    if (f->func.results->tuple.count != 0)
        return bad("func must be func(yield func(...) bool): unexpected results");
    struct type *yield = types_common_underlying(c->t, f->func.params->tuple.items[0]);
    if (!yield || yield->kind != TYPE_FUNC)
        return bad("func must be func(yield func(...) bool): argument is not func");
    struct type_list params = yield->func.params->tuple, results = yield->func.results->tuple;
    if (params.count > 2)
        return bad("func must be func(yield func(...) bool): yield func has too many parameters");
    if (results.count != 1 || results.items[0] != basic(c, BASIC_BOOL))
        return bad(results.count == 1 && types_is(c->t, results.items[0], BASIC_IS_BOOLEAN)
                       ? "func must be func(yield func(...) bool): yield func returns user-defined boolean, not bool"
                       : "func must be func(yield func(...) bool): yield func does not return bool");
    return (struct range){params.count > 0 ? params.items[0] : NULL, params.count > 1 ? params.items[1] : NULL, "",
                          true};
}

struct range_query {
    struct checker *c;
    const char *cause;
    struct type *under;
    struct type *first;
};

static bool range_term(void *context, struct type *type, struct type *u)
{
    struct range_query *q = context;
    struct checker *c = q->c;
    if (!type)
        q->cause = "no specific type";
    else if (u->kind == TYPE_CHAN && u->dir == CHAN_SEND)
        q->cause = check_format(c, "receive from send-only channel %T", type);
    else if (q->under && u->kind != TYPE_CHAN && !identical(c, q->under, u))
        q->cause = check_format(c, "%T and %T have different underlying types", q->first, type);
    if (type && !q->under) {
        q->under = u;
        q->first = type;
    }
    return !q->cause;
}

static struct range range_over(struct checker *c, struct type *type)
{
    struct range_query q = {c, NULL, NULL, NULL};
    if (!types_each_term(c->t, type, range_term, &q))
        return bad(q.cause);
    struct type *u = types_common_underlying(c->t, type);
    if (!u)
        return bad(check_format(c, "%T has no common underlying type", type));
    u = check_array_pointer(c, u);
    struct type *index = basic(c, BASIC_INT);
    switch (u->kind) {
    case TYPE_BASIC:
        if (basic_is((enum basic_kind)u->basic, BASIC_IS_STRING))
            return (struct range){index, basic(c, BASIC_INT32), "", true};
        if (!basic_is((enum basic_kind)u->basic, BASIC_IS_INTEGER))
            break;
        return check_version(c, GO_1_22) ? (struct range){type, NULL, "", true} : bad("requires go1.22 or later");
    case TYPE_ARRAY:
        return (struct range){index, u->array.elem, "", true};
    case TYPE_SLICE:
        return (struct range){index, u->slice.elem, "", true};
    case TYPE_MAP:
        return (struct range){u->map.key, u->map.elem, "", true};
    case TYPE_CHAN:
        return (struct range){u->chan.elem, NULL, "", true};
    case TYPE_FUNC:
        return over_func(c, u);
    default:
        break;
    }
    return bad("");
}

static struct range check_operand(struct checker *c, struct stmt *s, struct operand *x)
{
    struct expr_list lhs = s->range.lhs;
    struct range r = operand_is_nil(x) ? bad("") : range_over(c, x->type);
    if (!r.ok && *r.cause)
        check_error_on(c, x, "cannot range over %O: %s", x, r.cause);
    else if (!r.ok)
        check_error_on(c, x, "cannot range over %O", x);
    else if (lhs.count > 0 && !r.key)
        check_error_at(c, lhs.items[0], "range over %O permits no iteration variables", x);
    else if (lhs.count > 1 && !r.value)
        check_error_at(c, lhs.items[1], "range over %O permits only one iteration variable", x);
    else if (lhs.count > 2)
        check_error_at(c, lhs.items[2], "range clause permits at most two iteration variables");
    return r;
}

/* One variable of the clause, with := or =; x is the operand when an integer is ranged over, else NULL. */
static void define_var(struct checker *c, struct expr *lhs, struct type *type, struct operand *x, uint32_t *fresh,
                       struct object **vars)
{
    if (lhs->kind != EXPR_NAME) {
        check_error_at(c, lhs, "cannot declare %E", lhs);
        return;
    }
    struct object *o = check_new_local(c, lhs, NULL);
    o->is_loop_var = true;
    o->per_iteration = check_version(c, GO_1_22) && !c->program->config.shared_loops;
    if (!o->name->blank)
        vars[(*fresh)++] = o;
    if (!type) {
        o->type = check_invalid_type(c);
        o->used = true;
        return;
    }
    struct operand y = {.mode = MODE_VALUE, .type = type, .expr = lhs};
    if (x)
        check_init_var(c, o, x, "range clause");
    else
        check_init_var(c, o, &y, "assignment");
    check_record(c, &(struct operand){.mode = MODE_VARIABLE, .type = o->type, .expr = lhs});
}

static void assign_var(struct checker *c, struct expr *lhs, struct type *type, struct operand *x)
{
    if (!type)
        return;
    struct operand y = {.mode = MODE_VALUE, .type = type, .expr = lhs};
    if (!x) {
        check_assign_var(c, lhs, NULL, &y, "assignment");
        return;
    }
    check_assign_var(c, lhs, NULL, x, "range clause");
    if (x->mode != MODE_INVALID && !is_integer(c, x->type) && !all_integer(c, x->type))
        check_error_at(c, lhs, "cannot use iteration variable of type %T", x->type);
}

static void define_vars(struct checker *c, struct stmt *s, const struct range *r, struct operand *x)
{
    struct type *types[2] = {r->key, r->value};
    struct object *vars[2];
    uint32_t fresh = 0;
    for (uint32_t i = 0; i < s->range.lhs.count && i < 2; i++)
        define_var(c, s->range.lhs.items[i], r->ok ? types[i] : NULL, x, &fresh, vars);
    if (fresh == 0 && s->range.lhs.count) {
        check_error(c, s->pos, "no new variables on left side of :=");
        return;
    }
    for (uint32_t i = 0; i < fresh; i++)
        check_declare(c, c->env.scope, NULL, vars[i]);
}

void check_range(struct checker *c, struct stmt *s)
{
    struct operand x;
    bool outer = c->env.has_call_or_recv;
    check_expr(c, NULL, &x, s->range.x);
    c->env.has_call_or_recv = outer;
    struct range r = bad("");
    if (x.mode != MODE_INVALID)
        r = check_operand(c, s, &x);
    check_open_scope(c);
    s->scope = c->env.scope;
    bool integer = r.ok && x.mode != MODE_INVALID && all_integer(c, x.type);
    if (s->define && s->range.lhs.count)
        define_vars(c, s, &r, integer ? &x : NULL);
    for (uint32_t i = 0; !s->define && r.ok && i < s->range.lhs.count && i < 2; i++)
        assign_var(c, s->range.lhs.items[i], i ? r.value : r.key, integer ? &x : NULL);
    if (integer && s->range.lhs.count == 0)
        check_assignment(c, &x, NULL, "range clause");
    else if (x.mode != MODE_INVALID && type_is_untyped(x.type))
        check_convert_untyped(c, &x, types_default(c->t, x.type));
    check_stmt(c, s->range.body);
    check_close_scope(c);
}
