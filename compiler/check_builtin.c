/*
 * check_builtin: the predeclared functions. Those of package unsafe are in check_unsafe.c.
 *
 * A table gives each its name, argument count and what it is as a statement; each has a function of its own that takes the
 * checked arguments and leaves the result in x. make and new take a type and so their arguments unchecked.
 */
#include "check_internal.h"

struct call_args {
    struct expr *call;
    enum builtin id;
    struct operand_list args;
};

typedef bool builtin_fn(struct checker *c, struct operand *x, const struct call_args *k);

const char *check_builtin_name(enum builtin id);

static bool fail(struct operand *x)
{
    x->mode = MODE_INVALID;
    return false;
}

static bool result(struct operand *x, uint8_t mode, struct type *type)
{
    x->mode = mode;
    if (type)
        x->type = type;
    return true;
}

/* ---- slices ---- */

struct elem_query {
    struct checker *c;
    struct operand *x;
    struct type *elem;
    const char *cause;
};

static bool elem_term(void *context, struct type *type, struct type *u)
{
    struct elem_query *q = context;
    (void)type;
    if (!u || u->kind != TYPE_SLICE)
        q->cause = operand_is_nil(q->x) ? "argument must be a slice; have untyped nil"
                                        : check_format(q->c, "argument must be a slice; have %O", q->x);
    else if (q->elem && !identical(q->c, q->elem, u->slice.elem))
        q->cause = check_format(q->c, "mismatched slice element types %T and %T in %O", q->elem, u->slice.elem, q->x);
    else
        q->elem = u->slice.elem;
    return !q->cause;
}

/* The element type of a slice operand, NULL with the cause when it is none. */
struct type *check_slice_elem(struct checker *c, struct operand *x, const char **cause)
{
    struct elem_query q = {c, x, NULL, NULL};
    types_each_term(c->t, x->type, elem_term, &q);
    *cause = q.cause;
    return q.cause ? NULL : q.elem;
}

struct bytes_query {
    struct checker *c;
    bool string;
};

static bool bytes_term(void *context, struct type *type, struct type *u)
{
    struct bytes_query *q = context;
    if (!type)
        return false;
    if (u->kind == TYPE_SLICE)
        return identical(q->c, u->slice.elem, basic(q->c, BASIC_UINT8));
    bool string = u->kind == TYPE_BASIC && basic_is((enum basic_kind)u->basic, BASIC_IS_STRING);
    q->string |= string;
    return string;
}

/* Is y a string, or of types that are strings and byte slices, and x a byte slice? */
static bool bytes_and_string(struct checker *c, struct operand *x, struct operand *y, bool *string)
{
    struct bytes_query q = {c, false};
    const char *ignored = "";
    bool ok = check_assignable(c, x, types_slice(c->t, basic(c, BASIC_UINT8)), &ignored) && !operand_is_nil(x) &&
              !operand_is_nil(y) && types_each_term(c->t, y->type, bytes_term, &q);
    *string = q.string;
    return ok;
}

static void default_string(struct checker *c, struct operand *y)
{
    if (type_is_untyped(y->type))
        check_convert_untyped(c, y, basic(c, BASIC_STRING));
}

static bool builtin_append(struct checker *c, struct operand *x, const struct call_args *k)
{
    const char *cause;
    bool string;
    struct type *elem = check_slice_elem(c, x, &cause);
    if (!elem) {
        check_error_on(c, x, "invalid append: %s", cause);
        return fail(x);
    }
    if (k->args.count == 2 && k->call->flag && bytes_and_string(c, x, &k->args.items[1], &string) && string) {
        default_string(c, &k->args.items[1]);
        return result(x, MODE_VALUE, NULL);
    }
    struct type *params[] = {x->type, types_slice(c->t, elem)};
    struct type *sig = types_func(c->t, types_tuple(c->t, params, 2), c->t->empty_tuple, true, (struct type_list){0});
    check_arguments(c, k->call, sig, (struct type_list){0}, (struct expr_list){0}, k->args, NULL);
    return result(x, MODE_VALUE, NULL);
}

static bool builtin_copy(struct checker *c, struct operand *x, const struct call_args *k)
{
    struct operand *y = &k->args.items[1];
    const char *cause;
    bool string;
    if (bytes_and_string(c, x, y, &string)) {
        default_string(c, y);
        return result(x, MODE_VALUE, basic(c, BASIC_INT));
    }
    struct type *to = check_slice_elem(c, x, &cause);
    if (!to) {
        check_error_on(c, x, "invalid copy: %s", cause);
        return fail(x);
    }
    struct type *from = check_slice_elem(c, y, &cause);
    if (!from && types_all(c->t, y->type, BASIC_IS_STRING))
        from = basic(c, BASIC_UINT8);
    if (!from) {
        check_error_on(c, y, "invalid copy: %s", cause);
        return fail(x);
    }
    if (!identical(c, to, from)) {
        check_error_on(c, x, "invalid copy: arguments %O and %O have different element types %T and %T", x, y, to,
                       from);
        return fail(x);
    }
    return result(x, MODE_VALUE, basic(c, BASIC_INT));
}

/* ---- len, cap ---- */

struct type *check_array_pointer(struct checker *c, struct type *type)
{
    if (type->kind != TYPE_POINTER)
        return type;
    struct type *u = under(c, type->pointer.elem);
    return u->kind == TYPE_ARRAY ? u : type;
}

struct length_query {
    struct checker *c;
    enum builtin id;
};

static bool has_length(void *context, struct type *type, struct type *u)
{
    const struct length_query *q = context;
    if (!type)
        return false;
    u = check_array_pointer(q->c, u);
    switch (u->kind) {
    case TYPE_BASIC:
        return q->id == BUILTIN_LEN && basic_is((enum basic_kind)u->basic, BASIC_IS_STRING);
    case TYPE_MAP:
        return q->id == BUILTIN_LEN;
    case TYPE_ARRAY:
    case TYPE_SLICE:
    case TYPE_CHAN:
        return true;
    default:
        return false;
    }
}

static bool builtin_len(struct checker *c, struct operand *x, const struct call_args *k)
{
    struct length_query q = {c, k->id};
    struct type *u = check_array_pointer(c, under(c, x->type));
    if (operand_is_nil(x) || !types_each_term(c->t, x->type, has_length, &q)) {
        if (type_valid(u))
            check_error_on(c, x, "invalid argument: %O for built-in %s", x, check_builtin_name(k->id));
        return fail(x);
    }
    uint8_t mode = MODE_VALUE;
    const struct constant *value = NULL;
    if (u->kind == TYPE_ARRAY && !c->env.has_call_or_recv && x->type->kind != TYPE_PARAM) {
        mode = MODE_CONSTANT;
        value = u->array.len >= 0 ? constant_int(c->arena, u->array.len) : constant_unknown();
    } else if (x->mode == MODE_CONSTANT && x->value->kind == CONSTANT_STRING) {
        mode = MODE_CONSTANT;
        value = constant_int(c->arena, (int64_t)x->value->string.length);
    }
    if (type_is_untyped(x->type))
        check_update_type(c, x->expr, basic(c, BASIC_STRING), true);
    x->value = value;
    return result(x, mode, basic(c, BASIC_INT));
}

/* ---- clear, close, delete ---- */

static bool clear_term(void *context, struct type *type, struct type *u)
{
    (void)context;
    return type && (u->kind == TYPE_MAP || u->kind == TYPE_SLICE);
}

static bool builtin_clear(struct checker *c, struct operand *x, const struct call_args *k)
{
    check_need_version(c, ast_start(k->call->call.fun), GO_1_21, "clear");
    if (types_each_term(c->t, x->type, clear_term, NULL))
        return result(x, MODE_NO_VALUE, NULL);
    check_error_on(c, x, "invalid argument: cannot clear %O: argument must be (or constrained by) map or slice", x);
    return fail(x);
}

struct close_query {
    struct checker *c;
    struct operand *x;
};

static bool close_term(void *context, struct type *type, struct type *u)
{
    const struct close_query *q = context;
    bool chan = type && u->kind == TYPE_CHAN;
    if (!chan)
        check_error_on(q->c, q->x, "invalid operation: cannot close non-channel %O", q->x);
    else if (u->dir == CHAN_RECV)
        check_error_on(q->c, q->x, "invalid operation: cannot close receive-only channel %O", q->x);
    return chan && u->dir != CHAN_RECV;
}

static bool builtin_close(struct checker *c, struct operand *x, const struct call_args *k)
{
    struct close_query q = {c, x};
    (void)k;
    return types_each_term(c->t, x->type, close_term, &q) ? result(x, MODE_NO_VALUE, NULL) : fail(x);
}

struct delete_query {
    struct checker *c;
    struct operand *x;
    struct type *key;
};

static bool delete_term(void *context, struct type *type, struct type *u)
{
    struct delete_query *q = context;
    if (!type || u->kind != TYPE_MAP) {
        check_error_on(q->c, q->x, "invalid argument: %O is not a map", q->x);
        return false;
    }
    if (q->key && !identical(q->c, q->key, u->map.key)) {
        check_error_on(q->c, q->x, "invalid argument: maps of %O must have identical key types", q->x);
        return false;
    }
    q->key = u->map.key;
    return true;
}

static bool builtin_delete(struct checker *c, struct operand *x, const struct call_args *k)
{
    struct delete_query q = {c, x, NULL};
    if (!types_each_term(c->t, x->type, delete_term, &q))
        return fail(x);
    *x = k->args.items[1];
    check_assignment(c, x, q.key, "argument to delete");
    return x->mode == MODE_INVALID ? false : result(x, MODE_NO_VALUE, NULL);
}

/* ---- complex, real, imag ---- */

static enum basic_kind complex_of(enum basic_kind kind)
{
    return kind == BASIC_FLOAT32         ? BASIC_COMPLEX64
           : kind == BASIC_FLOAT64       ? BASIC_COMPLEX128
           : kind == BASIC_UNTYPED_FLOAT ? BASIC_UNTYPED_COMPLEX
                                         : BASIC_INVALID;
}

static enum basic_kind float_of(enum basic_kind kind)
{
    return kind == BASIC_COMPLEX64         ? BASIC_FLOAT32
           : kind == BASIC_COMPLEX128      ? BASIC_FLOAT64
           : kind == BASIC_UNTYPED_COMPLEX ? BASIC_UNTYPED_FLOAT
                                           : BASIC_INVALID;
}

static struct type *mapped(struct checker *c, struct type *type, enum basic_kind (*map)(enum basic_kind))
{
    struct type *u = under(c, type);
    enum basic_kind kind = u->kind == TYPE_BASIC ? map((enum basic_kind)u->basic) : BASIC_INVALID;
    return kind == BASIC_INVALID ? NULL : basic(c, kind);
}

static void to_untyped_float(struct checker *c, struct operand *x)
{
    if (types_is(c->t, x->type, BASIC_IS_NUMERIC) && constant_sign(constant_imag(c->arena, x->value)) == 0)
        x->type = basic(c, BASIC_UNTYPED_FLOAT);
}

static void match_complex(struct checker *c, struct operand *x, struct operand *y)
{
    bool ux = type_is_untyped(x->type), uy = type_is_untyped(y->type);
    if (ux && uy && x->mode == MODE_CONSTANT && y->mode == MODE_CONSTANT) {
        to_untyped_float(c, x);
        to_untyped_float(c, y);
    } else if (ux && uy) {
        check_convert_untyped(c, x, basic(c, BASIC_FLOAT64));
        check_convert_untyped(c, y, basic(c, BASIC_FLOAT64));
    } else if (ux) {
        check_convert_untyped(c, x, y->type);
    } else if (uy) {
        check_convert_untyped(c, y, x->type);
    }
}

static bool unsupported_param(struct checker *c, struct operand *x, enum builtin id)
{
    check_error_on(c, x, "%O not supported as argument to built-in %s for go1.18 (see go.dev/issue/50937)", x,
                   check_builtin_name(id));
    return fail(x);
}

static bool builtin_complex(struct checker *c, struct operand *x, const struct call_args *k)
{
    struct operand *y = &k->args.items[1];
    match_complex(c, x, y);
    if (x->mode == MODE_INVALID || y->mode == MODE_INVALID)
        return fail(x);
    if (!identical(c, x->type, y->type)) {
        check_error_on(c, x, "invalid operation: %E (mismatched types %T and %T)", k->call, x->type, y->type);
        return fail(x);
    }
    if (x->type->kind == TYPE_PARAM && types_all(c->t, x->type, BASIC_IS_FLOAT))
        return unsupported_param(c, x, k->id);
    struct type *type = mapped(c, x->type, complex_of);
    if (!type) {
        check_error_on(c, x, "invalid argument: arguments have type %T, expected floating-point", x->type);
        return fail(x);
    }
    bool constant = x->mode == MODE_CONSTANT && y->mode == MODE_CONSTANT;
    if (constant)
        x->value =
            constant_complex(c->arena, constant_to_float(c->arena, x->value), constant_to_float(c->arena, y->value));
    return result(x, constant ? MODE_CONSTANT : MODE_VALUE, type);
}

static bool builtin_part(struct checker *c, struct operand *x, const struct call_args *k)
{
    if (type_is_untyped(x->type) && x->mode == MODE_CONSTANT && types_is(c->t, x->type, BASIC_IS_NUMERIC))
        x->type = basic(c, BASIC_UNTYPED_COMPLEX);
    else if (type_is_untyped(x->type) && x->mode != MODE_CONSTANT)
        check_convert_untyped(c, x, basic(c, BASIC_COMPLEX128));
    if (x->mode == MODE_INVALID)
        return false;
    if (x->type->kind == TYPE_PARAM && types_all(c->t, x->type, BASIC_IS_COMPLEX))
        return unsupported_param(c, x, k->id);
    struct type *type = mapped(c, x->type, float_of);
    if (!type) {
        check_error_on(c, x, "invalid argument: argument has type %T, expected complex type", x->type);
        return fail(x);
    }
    if (x->mode != MODE_CONSTANT)
        return result(x, MODE_VALUE, type);
    x->value = k->id == BUILTIN_REAL ? constant_real(c->arena, x->value) : constant_imag(c->arena, x->value);
    return result(x, MODE_CONSTANT, type);
}

/* ---- make, new ---- */

struct make_query {
    struct checker *c;
    struct type *under;
    struct type *first;
    const char *cause;
};

static bool make_term(void *context, struct type *type, struct type *u)
{
    struct make_query *q = context;
    bool kind = type && (u->kind == TYPE_SLICE || u->kind == TYPE_MAP || u->kind == TYPE_CHAN);
    q->cause = !type ? "no specific type" : !kind ? "type must be slice, map, or channel" : NULL;
    if (!q->cause && q->under && u->kind != TYPE_CHAN && !identical(q->c, q->under, u))
        q->cause = check_format(q->c, "%T and %T have different underlying types", q->first, type);
    if (q->cause)
        return false;
    if (!q->under) {
        q->under = u;
        q->first = type;
    }
    return true;
}

static bool builtin_make(struct checker *c, struct operand *x, const struct call_args *k)
{
    struct expr_list args = k->call->call.args;
    struct expr *arg0 = args.items[0];
    struct type *type = check_var_type(c, arg0);
    if (!type_valid(type)) {
        for (uint32_t i = 1; i < args.count; i++)
            check_use(c, args.items[i]);
        return fail(x);
    }
    struct make_query q = {c, NULL, NULL, NULL};
    struct type *common = types_each_term(c->t, type, make_term, &q) ? types_common_underlying(c->t, type) : NULL;
    if (!common) {
        const char *cause = q.cause ? q.cause : check_format(c, "%T has no common underlying type", type);
        check_error_at(c, arg0, "invalid argument: cannot make %E: %s", arg0, cause);
        return fail(x);
    }
    uint32_t min = common->kind == TYPE_SLICE ? 2 : 1;
    if (args.count < min || args.count > min + 1) {
        check_error_at(c, k->call, "invalid operation: %E expects %d or %d arguments; found %d", k->call, (int)min,
                       (int)min + 1, (int)args.count);
        return fail(x);
    }
    int64_t sizes[2] = {-1, -1};
    for (uint32_t i = 1; i < args.count; i++)
        check_index(c, args.items[i], -1, &sizes[i - 1]);
    if (sizes[0] >= 0 && sizes[1] >= 0 && sizes[0] > sizes[1])
        check_error_at(c, args.items[1], "invalid argument: length and capacity swapped");
    return result(x, MODE_VALUE, type);
}

static bool builtin_new(struct checker *c, struct operand *x, const struct call_args *k)
{
    struct expr *arg = k->call->call.args.items[0];
    check_expr_or_type(c, x, arg, false);
    check_exclude(c, x, EXCLUDE_NO_VALUE | EXCLUDE_BUILTIN);
    if (x->mode == MODE_INVALID)
        return false;
    if (x->mode == MODE_TYPE) {
        check_valid_var_type(c, arg, x->type);
    } else {
        if (type_is_untyped(x->type))
            check_assignment(c, x, NULL, "argument to new");
        if (x->mode == MODE_INVALID)
            return false;
        check_need_version(c, ast_start(k->call->call.fun), GO_1_26, "new(%E)", arg);
    }
    return result(x, MODE_VALUE, types_pointer(c->t, x->type));
}

/* ---- min, max ---- */

static bool builtin_extreme(struct checker *c, struct operand *x, const struct call_args *k)
{
    const char *name = check_builtin_name(k->id);
    check_need_version(c, ast_start(k->call->call.fun), GO_1_21, "built-in %s", name);
    for (uint32_t i = 0; i < k->args.count; i++) {
        struct operand *a = &k->args.items[i];
        if (!types_all(c->t, a->type, BASIC_IS_ORDERED)) {
            check_error_on(c, a, "invalid argument: %O cannot be ordered", a);
            return fail(x);
        }
        if (i == 0)
            continue;
        check_match(c, x, a);
        if (x->mode == MODE_INVALID)
            return false;
        if (!identical(c, x->type, a->type)) {
            check_error_on(c, a, "invalid argument: mismatched types %T (previous argument) and %T (type of %E)",
                           x->type, a->type, a->expr);
            return fail(x);
        }
        if (x->mode != MODE_CONSTANT || a->mode != MODE_CONSTANT)
            x->mode = MODE_VALUE;
        else if (constant_compare(c->arena, k->id == BUILTIN_MAX ? OP_GTR : OP_LSS, a->value, x->value))
            *x = *a;
    }
    if (x->mode != MODE_CONSTANT) {
        x->mode = MODE_VALUE;
        check_assignment(c, x, c->t->any, check_format(c, "argument to built-in %s", name));
        if (x->mode == MODE_INVALID)
            return false;
    }
    for (uint32_t i = 0; i < k->args.count; i++)
        check_update_type(c, k->args.items[i].expr, x->type, true);
    return true;
}

/* ---- panic, print, recover ---- */

static bool builtin_panic(struct checker *c, struct operand *x, const struct call_args *k)
{
    (void)k;
    check_assignment(c, x, c->t->any, "argument to panic");
    return x->mode == MODE_INVALID ? false : result(x, MODE_NO_VALUE, NULL);
}

static bool builtin_print(struct checker *c, struct operand *x, const struct call_args *k)
{
    const char *context = check_format(c, "argument to built-in %s", check_builtin_name(k->id));
    for (uint32_t i = 0; i < k->args.count; i++) {
        check_assignment(c, &k->args.items[i], NULL, context);
        if (k->args.items[i].mode == MODE_INVALID)
            return fail(x);
    }
    return result(x, MODE_NO_VALUE, NULL);
}

static bool builtin_recover(struct checker *c, struct operand *x, const struct call_args *k)
{
    (void)k;
    if (c->env.function)
        c->env.function->has_recover = true;
    return result(x, MODE_VALUE, c->t->any);
}

static bool builtin_unsafe(struct checker *c, struct operand *x, const struct call_args *k)
{
    return check_unsafe(c, x, k->call, k->id, k->args) ? true : fail(x);
}

/* ---- the table ---- */

static const struct builtin_info {
    const char *name;
    uint8_t args;
    bool variadic;
    bool raw; /* takes its arguments unchecked */
    uint8_t use;
    builtin_fn *check;
} table[BUILTIN_COUNT] = {
    [BUILTIN_APPEND] = {"append", 1, true, false, USE_EXPRESSION, builtin_append},
    [BUILTIN_CAP] = {"cap", 1, false, false, USE_EXPRESSION, builtin_len},
    [BUILTIN_CLEAR] = {"clear", 1, false, false, USE_STATEMENT, builtin_clear},
    [BUILTIN_CLOSE] = {"close", 1, false, false, USE_STATEMENT, builtin_close},
    [BUILTIN_COMPLEX] = {"complex", 2, false, false, USE_EXPRESSION, builtin_complex},
    [BUILTIN_COPY] = {"copy", 2, false, false, USE_STATEMENT, builtin_copy},
    [BUILTIN_DELETE] = {"delete", 2, false, false, USE_STATEMENT, builtin_delete},
    [BUILTIN_IMAG] = {"imag", 1, false, false, USE_EXPRESSION, builtin_part},
    [BUILTIN_LEN] = {"len", 1, false, false, USE_EXPRESSION, builtin_len},
    [BUILTIN_MAKE] = {"make", 1, true, true, USE_EXPRESSION, builtin_make},
    [BUILTIN_MAX] = {"max", 1, true, false, USE_EXPRESSION, builtin_extreme},
    [BUILTIN_MIN] = {"min", 1, true, false, USE_EXPRESSION, builtin_extreme},
    [BUILTIN_NEW] = {"new", 1, false, true, USE_EXPRESSION, builtin_new},
    [BUILTIN_PANIC] = {"panic", 1, false, false, USE_STATEMENT, builtin_panic},
    [BUILTIN_PRINT] = {"print", 0, true, false, USE_STATEMENT, builtin_print},
    [BUILTIN_PRINTLN] = {"println", 0, true, false, USE_STATEMENT, builtin_print},
    [BUILTIN_REAL] = {"real", 1, false, false, USE_EXPRESSION, builtin_part},
    [BUILTIN_RECOVER] = {"recover", 0, false, false, USE_STATEMENT, builtin_recover},
    [BUILTIN_UNSAFE_ADD] = {"Add", 2, false, false, USE_EXPRESSION, builtin_unsafe},
    [BUILTIN_UNSAFE_ALIGNOF] = {"Alignof", 1, false, false, USE_EXPRESSION, builtin_unsafe},
    [BUILTIN_UNSAFE_OFFSETOF] = {"Offsetof", 1, false, true, USE_EXPRESSION, builtin_unsafe},
    [BUILTIN_UNSAFE_SIZEOF] = {"Sizeof", 1, false, false, USE_EXPRESSION, builtin_unsafe},
    [BUILTIN_UNSAFE_SLICE] = {"Slice", 2, false, false, USE_EXPRESSION, builtin_unsafe},
    [BUILTIN_UNSAFE_SLICEDATA] = {"SliceData", 1, false, false, USE_EXPRESSION, builtin_unsafe},
    [BUILTIN_UNSAFE_STRING] = {"String", 2, false, false, USE_EXPRESSION, builtin_unsafe},
    [BUILTIN_UNSAFE_STRINGDATA] = {"StringData", 1, false, false, USE_EXPRESSION, builtin_unsafe},
};

const char *check_builtin_name(enum builtin id)
{
    return table[id].name;
}

enum use_kind check_builtin_use(enum builtin id)
{
    return (enum use_kind)table[id].use;
}

static bool count_fits(struct checker *c, const struct expr *call, const struct builtin_info *info, uint32_t n)
{
    bool few = n < info->args, many = !info->variadic && n > info->args;
    if (few || many)
        check_error_at(c, call, "invalid operation: %s arguments for %E (expected %d, found %d)",
                       few ? "not enough" : "too many", call, (int)info->args, (int)n);
    return !few && !many;
}

/* The arguments' values; false when one is invalid or their number is wrong. */
static bool prepare(struct checker *c, struct operand *x, struct call_args *k)
{
    const struct builtin_info *info = &table[k->id];
    struct expr_list exprs = k->call->call.args;
    uint32_t n = exprs.count;
    if (k->call->flag && k->id != BUILTIN_APPEND) {
        check_error_at(c, k->call, "invalid operation: invalid use of ... with built-in %s", info->name);
        check_use_list(c, exprs);
        return false;
    }
    if (!info->raw) {
        k->args = check_expr_list(c, exprs);
        n = exprs.count ? k->args.count : 0;
        k->args.count = n;
        for (uint32_t i = 0; i < n; i++)
            if (k->args.items[i].mode == MODE_INVALID)
                return false;
        if (n)
            *x = k->args.items[0];
    }
    return count_fits(c, k->call, info, n);
}

bool check_builtin(struct checker *c, struct operand *x, struct expr *call, enum builtin id)
{
    struct call_args k = {.call = call, .id = id};
    bool outer = c->env.has_call_or_recv;
    bool length = id == BUILTIN_LEN || id == BUILTIN_CAP;
    if (length)
        c->env.has_call_or_recv = false;
    bool ok = prepare(c, x, &k) && table[id].check(c, x, &k);
    if (length)
        c->env.has_call_or_recv = outer;
    return ok && x->mode != MODE_INVALID;
}
