/*
 * check_index: x[i], x[i:j:k], and which numbers may index.
 */
#include "check_internal.h"

/* ---- indices ---- */

bool check_valid_index(struct checker *c, struct operand *x, const char *what, bool negative)
{
    if (x->mode == MODE_INVALID)
        return false;
    check_convert_untyped(c, x, basic(c, BASIC_INT));
    if (x->mode == MODE_INVALID)
        return false;
    if (!all_integer(c, x->type)) {
        check_error_on(c, x, "invalid argument: %s %O must be integer", what, x);
        return false;
    }
    if (x->mode != MODE_CONSTANT)
        return true;
    if (!negative && constant_known(x->value) && constant_sign(x->value) < 0) {
        check_error_on(c, x, "invalid argument: %s %O must not be negative", what, x);
        return false;
    }
    if (constant_represent(c->arena, x->value, BASIC_INT, c->t->target->word_size, &x->value) != CONSTANT_FITS) {
        check_error_on(c, x, "invalid argument: %s %O overflows int", what, x);
        return false;
    }
    return true;
}

/* *value is the index when it is constant, else -1; max (unless negative) is what it must stay below. */
struct type *check_index(struct checker *c, struct expr *index, int64_t max, int64_t *value)
{
    struct operand x;
    *value = -1;
    check_expr(c, NULL, &x, index);
    if (!check_valid_index(c, &x, "index", false))
        return check_invalid_type(c);
    if (x.mode != MODE_CONSTANT)
        return x.type;
    int64_t v;
    if (!constant_known(x.value) || !constant_as_int64(x.value, &v))
        return check_invalid_type(c);
    if (max >= 0 && v >= max) {
        check_error_on(c, &x, "invalid argument: index %C out of bounds [0:%l]", x.value, max);
        return check_invalid_type(c);
    }
    *value = v;
    return x.type;
}

static struct expr *single_index(struct checker *c, struct expr *e)
{
    if (e->index.indices.count > 1)
        check_error_at(c, e->index.indices.items[1], "invalid operation: more than one index");
    return e->index.indices.items[0];
}

/* ---- x[i] ---- */

/* What indexing a type gives. Invariant: elem == NULL: it cannot be indexed. */
struct indexed {
    struct type *key; /* of a map */
    struct type *elem;
    int64_t length; /* -1: unknown */
    uint8_t mode;
};

static struct indexed index_of(struct checker *c, struct type *u, uint8_t mode)
{
    struct indexed r = {NULL, NULL, -1, MODE_VARIABLE};
    struct type *array = u->kind == TYPE_POINTER ? under(c, u->pointer.elem) : u;
    if (array->kind == TYPE_ARRAY) {
        r.elem = array->array.elem;
        r.length = array->array.len;
        r.mode = array == u && mode != MODE_VARIABLE ? MODE_VALUE : MODE_VARIABLE;
    } else if (u->kind == TYPE_SLICE) {
        r.elem = u->slice.elem;
    } else if (u->kind == TYPE_MAP) {
        r = (struct indexed){u->map.key, u->map.elem, -1, MODE_MAP_INDEX};
    } else if (u->kind == TYPE_BASIC && basic_is((enum basic_kind)u->basic, BASIC_IS_STRING)) {
        r.elem = basic(c, BASIC_UINT8);
        r.mode = MODE_VALUE;
    }
    return r;
}

struct index_query {
    struct checker *c;
    struct indexed all;
    uint8_t mode;
};

static bool index_term(void *context, struct type *type, struct type *u)
{
    struct index_query *q = context;
    if (!type)
        return false;
    struct indexed r = index_of(q->c, u, q->mode);
    if (!r.elem)
        return false;
    if (!q->all.elem) {
        q->all = r;
        return true;
    }
    if (!q->all.key != !r.key || (r.key && !identical(q->c, q->all.key, r.key)) ||
        !identical(q->c, q->all.elem, r.elem))
        return false;
    if (r.length >= 0 && (q->all.length < 0 || r.length < q->all.length))
        q->all.length = r.length;
    if (r.mode == MODE_VALUE)
        q->all.mode = MODE_VALUE;
    return true;
}

static void index_map(struct checker *c, struct operand *x, struct expr *e, const struct indexed *r)
{
    struct operand key;
    check_expr(c, NULL, &key, single_index(c, e));
    check_assignment(c, &key, r->key, "map index");
    x->mode = MODE_MAP_INDEX;
    x->type = r->elem;
    x->expr = e;
}

static void index_value(struct checker *c, struct operand *x, struct expr *e)
{
    struct index_query q = {.c = c, .mode = x->mode};
    bool ok = !operand_is_nil(x) && x->mode != MODE_BUILTIN && types_each_term(c->t, x->type, index_term, &q);
    if (!ok) {
        check_error(c, e->pos, "cannot index %O", x);
        check_use_list(c, e->index.indices);
        x->mode = MODE_INVALID;
        return;
    }
    if (q.all.key) {
        index_map(c, x, e, &q.all);
        return;
    }
    if (x->mode == MODE_CONSTANT && x->value->kind == CONSTANT_STRING)
        q.all.length = (int64_t)x->value->string.length;
    if (type_is_untyped(x->type))
        check_convert_untyped(c, x, basic(c, BASIC_STRING));
    x->mode = q.all.mode;
    x->type = q.all.elem;
    int64_t ignored;
    check_index(c, single_index(c, e), q.all.length, &ignored);
}

/* True when e names a generic function and its indices are type arguments; x is then that function. */
bool check_index_expr(struct checker *c, struct operand *x, struct expr *e)
{
    check_expr_or_type(c, x, e->index.x, true);
    if (x->mode == MODE_INVALID) {
        check_use_list(c, e->index.indices);
        return false;
    }
    if (x->mode == MODE_TYPE) {
        x->type = check_var_type(c, e);
        x->mode = type_valid(x->type) ? MODE_TYPE : MODE_INVALID;
        return false;
    }
    if (x->mode == MODE_VALUE && x->type->kind == TYPE_FUNC && x->type->func.tparams.count)
        return true;
    check_not_generic(c, NULL, x);
    if (x->mode != MODE_INVALID)
        index_value(c, x, e);
    return false;
}

/* ---- x[i:j:k] ---- */

struct slice_query {
    struct checker *c;
    struct operand *x;
    struct type *first;
    struct type *common;
    bool string;
};

static bool slice_term(void *context, struct type *type, struct type *u)
{
    struct slice_query *q = context;
    struct checker *c = q->c;
    if (!type) {
        check_error_on(c, q->x, "cannot slice %O: no specific type in %T", q->x, q->x->type);
        return false;
    }
    if (u->kind == TYPE_BASIC && basic_is((enum basic_kind)u->basic, BASIC_IS_STRING)) {
        u = types_slice(c->t, basic(c, BASIC_UINT8));
        q->string = true;
    }
    if (!q->common) {
        q->first = type;
        q->common = u;
    } else if (!identical(c, q->common, u)) {
        check_error_on(c, q->x, "cannot slice %O: %T and %T have different underlying types", q->x, q->first, type);
        return false;
    }
    return true;
}

static bool slice_string(struct checker *c, struct operand *x, struct expr *e, int64_t *length)
{
    if (e->flag) {
        check_error_at(c, e->slice.max ? e->slice.max : e, "invalid operation: 3-index slice of string");
        return false;
    }
    if (x->mode == MODE_CONSTANT && x->value->kind == CONSTANT_STRING)
        *length = (int64_t)x->value->string.length;
    if (type_is_untyped(x->type)) {
        check_convert_untyped(c, x, basic(c, BASIC_STRING));
        x->type = basic(c, BASIC_STRING);
    }
    return true;
}

static bool slice_operand(struct checker *c, struct operand *x, struct expr *e, const struct slice_query *q,
                          int64_t *length)
{
    struct type *u = q->common;
    if (q->string)
        return slice_string(c, x, e, length);
    struct type *array = u->kind == TYPE_POINTER ? under(c, u->pointer.elem) : u;
    if (u->kind == TYPE_SLICE)
        return true;
    if (array->kind != TYPE_ARRAY) {
        check_error_on(c, x, "cannot slice %O", x);
        return false;
    }
    if (u == array && x->mode != MODE_VARIABLE) {
        check_error_on(c, x, "cannot slice unaddressable value %O", x);
        return false;
    }
    *length = array->array.len;
    x->type = types_slice(c->t, array->array.elem);
    return true;
}

static void slice_bounds(struct checker *c, struct expr *e, int64_t length)
{
    struct expr *exprs[3] = {e->slice.low, e->slice.high, e->slice.max};
    int64_t at[3];
    for (int i = 0; i < 3; i++) {
        at[i] = i == 0 ? 0 : length;
        if (exprs[i])
            check_index(c, exprs[i], length >= 0 ? length + 1 : -1, &at[i]);
    }
    for (int i = 0; i < 2; i++)
        for (int j = i + 1; at[i] > 0 && j < 3; j++)
            if (at[j] >= 0 && at[j] < at[i] && exprs[j]) {
                check_error_at(c, exprs[j], "invalid slice indices: %l < %l", at[j], at[i]);
                return;
            }
}

void check_slice_expr(struct checker *c, struct operand *x, struct expr *e)
{
    check_expr(c, NULL, x, e->slice.x);
    struct expr *exprs[3] = {e->slice.low, e->slice.high, e->slice.max};
    struct slice_query q = {.c = c, .x = x};
    int64_t length = -1;
    if (x->mode == MODE_INVALID) {
        for (int i = 0; i < 3; i++)
            if (exprs[i])
                check_use(c, exprs[i]);
        return;
    }
    if (!types_each_term(c->t, x->type, slice_term, &q) || !slice_operand(c, x, e, &q, &length)) {
        x->mode = MODE_INVALID;
        return;
    }
    x->mode = MODE_VALUE;
    slice_bounds(c, e, length);
}
