/*
 * lower_expr: expressions.
 *
 * lower_expr returns C text for a value. What it needs done before (calls, checks that need a temporary) it appends as
 * instructions, so text is used before anything else is lowered, or made stable first. An operand before one that contains a
 * call is made stable. Operators are in lower_operator.c, lvalues in lower_place.c.
 */
#include <math.h>
#include <stdio.h>

#include "lower_internal.h"

bool is_blank(const struct expr *e)
{
    return e->kind == EXPR_NAME && e->name.ident->blank;
}

/* ---- does it do something? ---- */

struct call_search {
    bool found;
};

static bool is_quiet_builtin(const struct expr *e)
{
    struct expr *fun = ast_unparen(e->call.fun);
    struct object *o = fun->kind == EXPR_NAME       ? fun->name.object
                       : fun->kind == EXPR_SELECTOR ? fun->selector.name->name.object
                                                    : NULL;
    if (!o)
        return false;
    switch (o->builtin) {
    case BUILTIN_LEN:
    case BUILTIN_CAP:
    case BUILTIN_REAL:
    case BUILTIN_IMAG:
    case BUILTIN_COMPLEX:
    case BUILTIN_MIN:
    case BUILTIN_MAX:
    case BUILTIN_UNSAFE_ADD:
    case BUILTIN_UNSAFE_SLICE:
    case BUILTIN_UNSAFE_SLICEDATA:
    case BUILTIN_UNSAFE_STRING:
    case BUILTIN_UNSAFE_STRINGDATA:
    case BUILTIN_NEW:
    case BUILTIN_MAKE:
        return true;
    default:
        return false;
    }
}

static void search_call(void *context, struct expr *e)
{
    struct call_search *s = context;
    if (s->found || !e || e->mode == MODE_TYPE || e->mode == MODE_CONSTANT)
        return;
    if (e->kind == EXPR_FUNC)
        return;
    if (e->kind == EXPR_CALL && e->call.kind != CALL_CONVERSION &&
        !(e->call.kind == CALL_BUILTIN && is_quiet_builtin(e)))
        s->found = true;
    else if (e->kind == EXPR_UNARY && e->op == OP_RECV)
        s->found = true;
    else
        ast_each_operand(e, search_call, s);
}

bool has_call(struct expr *e)
{
    struct call_search s = {0};
    search_call(&s, e);
    return s.found;
}

/* ---- constants ---- */

const char *lower_string_constant(struct lowerer *l, const char *bytes, size_t length)
{
    if (!length)
        return "(gomem_string){0}";
    struct text s;
    text_init(&s, l->arena);
    text_puts(&s, "gomem_str(");
    text_quote_c(&s, bytes, length);
    text_printf(&s, ", %zu)", length);
    return text_string(&s);
}

static const char *float_text(struct lowerer *l, double v, bool single)
{
    if (isinf(v))
        return v < 0 ? "(-INFINITY)" : "INFINITY";
    char digits[64];
    snprintf(digits, sizeof digits, single ? "%.9g" : "%.17g", v);
    bool whole = !strpbrk(digits, ".en");
    const char *text = F(l, "%s%s%s", digits, whole ? ".0" : "", single ? "f" : "");
    return v < 0 ? F(l, "(%s)", text) : text;
}

static const char *integer_text(struct lowerer *l, struct type *u, const struct constant *value)
{
    uint64_t bits = 0;
    int64_t n = 0;
    constant_as_uint64(value, &bits);
    constant_as_int64(value, &n);
    if (basic_is((enum basic_kind)u->basic, BASIC_IS_UNSIGNED))
        return F(l, bits > 0xffffffffu ? "0x%llxUL" : bits > 9 ? "%lluu" : "%llu", (unsigned long long)bits);
    if (n == INT64_MIN)
        return "INT64_MIN";
    return F(l, n < 0 ? (n < -0x7fffffff ? "(%lldL)" : "(%lld)") : n > 0x7fffffff ? "%lldL" : "%lld", (long long)n);
}

const char *lower_constant(struct lowerer *l, struct type *type, const struct constant *value)
{
    struct type *u = under(l, type);
    if (u->kind == TYPE_INTERFACE) {
        unsupported(l, l->pos, "constant of interface type");
        return "0";
    }
    if (u->kind != TYPE_BASIC)
        return "NULL";
    enum basic_kind kind = (enum basic_kind)u->basic;
    if (basic_is(kind, BASIC_IS_BOOLEAN))
        return value->boolean ? "true" : "false";
    if (basic_is(kind, BASIC_IS_STRING))
        return lower_string_constant(l, value->string.bytes, value->string.length);
    if (basic_is(kind, BASIC_IS_FLOAT)) {
        bool single = kind == BASIC_FLOAT32;
        return float_text(l, single ? (double)constant_as_float32(value) : constant_as_float64(value), single);
    }
    if (basic_is(kind, BASIC_IS_COMPLEX)) {
        bool single = kind == BASIC_COMPLEX64;
        double re = constant_as_float64(constant_real(l->arena, value)),
               im = constant_as_float64(constant_imag(l->arena, value));
        return F(l, "gomem_complex%s(%s, %s)", single ? "64" : "128", float_text(l, re, single),
                 float_text(l, im, single));
    }
    const struct constant *whole = constant_to_int(l->arena, value);
    if (kind == BASIC_UNSAFE_POINTER)
        return F(l, "(void *)%s", integer_text(l, basic(l, BASIC_UINTPTR), whole));
    return integer_text(l, u, whole);
}

/* ---- maps ---- */

static struct place key_place(struct lowerer *l, struct expr *key, struct type *map)
{
    struct type *type = lower_type(l, under(l, map)->map.key);
    struct place p = fresh_place(l, type);
    l->borrowing = ast_unparen(key)->kind == EXPR_COMPOSITE;
    const char *value = is_string(l, type) ? lower_borrowed(l, key, type) : lower_to(l, key, type);
    l->borrowing = false;
    emit_def(l, p.var, value);
    return p;
}

struct place map_slot(struct lowerer *l, struct type *map, const char *m, const char *key)
{
    struct type *elem = lower_type(l, under(l, map)->map.elem);
    const char *call = F(l, "gomem_rt.maps->assign(g, %s, %s, &%s)", descriptor(l, map), m, key);
    const char *slot = temp(l, types_canonical(l->t, types_pointer(l->t, elem)), may_panic(l, call));
    return place_deref(l, elem, slot, false);
}

const char *map_operation(struct lowerer *l, const char *operation, struct type *map, const char *m, const char *key)
{
    const char *arguments = F(l, "g, %s, %s, &%s", descriptor(l, map), m, key);
    const char *call = F(l, "gomem_rt.maps->%s(%s)", operation, arguments);
    if (!types_contains_interface(l->t, under(l, map)->map.key))
        return call;
    emit(l, may_panic(l, F(l, "gomem_check_key(%s)", arguments)));
    return may_panic(l, call);
}

static const char *map_access(struct lowerer *l, struct expr *e, struct type **elem)
{
    struct type *map = type_of(l, e->index.x);
    *elem = lower_type(l, under(l, map)->map.elem);
    const char *m = lower_expr(l, e->index.x);
    if (has_call(e->index.indices.items[0]))
        m = stable(l, map, m);
    struct place key = key_place(l, e->index.indices.items[0], map);
    return temp(l, types_canonical(l->t, types_pointer(l->t, *elem)), map_operation(l, "access", map, m, key.text));
}

static const char *lower_map_index(struct lowerer *l, struct expr *e, const char **ok)
{
    struct type *elem;
    const char *p = map_access(l, e, &elem);
    if (ok)
        *ok = temp(l, basic(l, BASIC_BOOL), F(l, "%s != NULL", p));
    return temp(l, elem, F(l, "%s ? %s : %s", p, load(l, place_deref(l, elem, p, false)), zero(l, elem)));
}

static const char *lower_index(struct lowerer *l, struct expr *e)
{
    struct expr *x = e->index.x, *index = e->index.indices.items[0];
    if (e->index.instance)
        return function_value(l, function_symbol(l, e->index.instance->generic, e->index.instance->args), type_of(l, e),
                              e->index.instance->generic);
    struct type *type = type_of(l, x);
    if (is_kind(l, type, TYPE_MAP))
        return lower_map_index(l, e, NULL);
    if (is_string(l, type)) {
        const char *s = lower_expr(l, x);
        if (s[0] != MARK_VAR || strchr(s, MARK_END)[1] || has_call(index))
            s = temp(l, type, s);
        return F(l, "%s.ptr[%s]", s, index_check(l, lower_expr(l, index), type_of(l, index), F(l, "%s.len", s)));
    }
    return load(l, place_index(l, e, false));
}

/* ---- slices ---- */

static const char *bound(struct lowerer *l, struct expr *e, const char *unsigned_flag, const char **flags)
{
    if (!e)
        return NULL;
    const char *text = lower_expr(l, e);
    bool wide = is_unsigned(l, type_of(l, e)) && size_of(l, type_of(l, e)) == 8;
    if (wide)
        *flags = **flags == '0' ? unsigned_flag : F(l, "%s | %s", *flags, unsigned_flag);
    return stable(l, basic(l, BASIC_INT64), wide ? F(l, "(int64_t)(%s)", text) : text);
}

/* The operand as a slice; *elem is its element type. */
static const char *sliced(struct lowerer *l, const char *x, struct type *u, struct type **elem)
{
    if (u->kind == TYPE_SLICE) {
        *elem = lower_type(l, u->slice.elem);
        return x;
    }
    struct type *array = u->kind == TYPE_POINTER ? under(l, u->pointer.elem) : u;
    *elem = lower_type(l, array->array.elem);
    return temp(l, types_canonical(l->t, types_slice(l->t, *elem)),
                F(l, "(gomem_slice){gomem_nn(g, " MARK_HERE ", %s), %lld, %lld}", x, (long long)array->array.len,
                  (long long)array->array.len));
}

static const char *lower_slice(struct lowerer *l, struct expr *e)
{
    struct type *type = type_of(l, e->slice.x), *u = under(l, type), *elem, *result = type_of(l, e);
    const char *x, *flags = u->kind == TYPE_SLICE || is_string(l, type) ? "0" : "GOMEM_SLICE_ARRAY";
    if (u->kind == TYPE_ARRAY)
        x = stable(l, types_canonical(l->t, types_pointer(l->t, type)), lower_address(l, e->slice.x));
    else
        x = stable(l, type, lower_expr(l, e->slice.x));
    const char *low = bound(l, e->slice.low, "GOMEM_SLICE_LOW_U", &flags),
               *high = bound(l, e->slice.high, "GOMEM_SLICE_HIGH_U", &flags),
               *max = bound(l, e->slice.max, "GOMEM_SLICE_MAX_U", &flags);
    if (!low)
        low = "0";
    if (is_string(l, type))
        return temp(l, type,
                    F(l, "gomem_slice_string(g, " MARK_HERE ", %s, %s, %s, %s)", x, low,
                      high ? high : F(l, "%s.len", x), flags));
    x = sliced(l, x, u, &elem);
    if (!high)
        high = F(l, "%s.len", x);
    long long size = size_of(l, elem);
    if (max)
        return temp(l, result,
                    F(l, "gomem_slice3(g, " MARK_HERE ", %s, %lld, %s, %s, %s, %s)", x, size, low, high, max, flags));
    return temp(l, result, F(l, "gomem_slice2(g, " MARK_HERE ", %s, %lld, %s, %s, %s)", x, size, low, high, flags));
}

/* ---- names and selectors ---- */

static const char *lower_object(struct lowerer *l, struct expr *e, struct object *o, struct instance *instance)
{
    if (o->kind == OBJECT_VAR)
        return load(l, place_var(l, o));
    if (o->kind == OBJECT_FUNC)
        return function_value(l, function_symbol(l, o, instance ? instance->args : (struct type_list){0}),
                              type_of(l, e), o);
    unsupported(l, e->pos, "this name as a value");
    return "0";
}

static const char *lower_selector(struct lowerer *l, struct expr *e)
{
    if (!e->selector.selection)
        return lower_object(l, e, e->selector.name->name.object, e->selector.name->name.instance);
    struct selection *s = lower_selection(l, e);
    if (s->kind != SELECT_FIELD)
        return method_value(l, e);
    return load(l, place_field(l, e, false));
}

/* A receiver whose type is known: a call through a nil interface panics as one. */
static const char *lower_known(struct lowerer *l, struct expr *e)
{
    struct type *from = type_of(l, e->assert.x);
    const char *x = stable(l, from, lower_expr(l, e->assert.x));
    emit(l, F(l, "gomem_check_nil(g, " MARK_HERE ", %s.%s)", x, is_empty_interface(l, from) ? "type" : "tab"));
    return lower_assert(l, x, from, type_of(l, e), NULL);
}

static const char *lower_operator(struct lowerer *l, struct expr *e)
{
    switch (e->kind) {
    case EXPR_NAME:
        return lower_object(l, e, e->name.object, e->name.instance);
    case EXPR_PAREN:
        return lower_expr(l, e->paren.x);
    case EXPR_COMPOSITE:
        return lower_composite(l, e);
    case EXPR_FUNC:
        return lower_func_literal(l, e);
    case EXPR_SELECTOR:
        return lower_selector(l, e);
    case EXPR_INDEX:
        return lower_index(l, e);
    case EXPR_SLICE:
        return lower_slice(l, e);
    case EXPR_ASSERT:
        if (e->flag)
            return lower_known(l, e);
        return lower_assert(l, lower_expr(l, e->assert.x), type_of(l, e->assert.x), type_of(l, e), NULL);
    case EXPR_STAR:
        return load(l, lower_place(l, e));
    case EXPR_UNARY:
        return lower_unary(l, e);
    case EXPR_BINARY:
        return lower_binary(l, e);
    case EXPR_CALL: {
        const char *value = lower_call(l, e);
        return value ? value : "0";
    }
    default:
        unsupported(l, e->pos, F(l, "the expression %s", ast_expr_kind_name((enum expr_kind)e->kind)));
        return "0";
    }
}

const char *lower_expr(struct lowerer *l, struct expr *e)
{
    const char *evaluated = ptr_map_get(&l->evaluated, e);
    if (evaluated)
        return evaluated;
    if (e->mode == MODE_CONSTANT)
        return lower_constant(l, type_of(l, e), e->value);
    if (e->mode == MODE_NIL)
        return zero(l, type_of(l, e));
    struct pos pos = enter_expr(l, e);
    const char *text = placed(l, lower_operator(l, e));
    l->pos = pos;
    return text;
}

void lower_comma_ok(struct lowerer *l, struct expr *e, const char **value, const char **ok)
{
    e = ast_unparen(e);
    struct pos pos = enter_expr(l, e);
    if (e->kind == EXPR_INDEX)
        *value = lower_map_index(l, e, ok);
    else if (e->kind == EXPR_UNARY)
        *value = lower_receive(l, e, ok);
    else
        *value = lower_assert(l, lower_expr(l, e->assert.x), type_of(l, e->assert.x), type_of(l, e), ok);
    *value = placed(l, *value);
    l->pos = pos;
}

const char *lower_to(struct lowerer *l, struct expr *e, struct type *type)
{
    struct type *from = type_of(l, e);
    if (e->mode == MODE_NIL)
        return zero(l, type);
    if (e->mode == MODE_CONSTANT && !is_interface(l, type))
        return lower_constant(l, type, e->value);
    if (is_interface(l, type) && !is_interface(l, from)) {
        const char *box = literal_box(l, e, from);
        if (box)
            return interface_value(l, type, from, box);
    }
    const char *text = lower_expr(l, e);
    l->boxing = e;
    text = assign_convert(l, text, from, type);
    l->boxing = NULL;
    return text;
}
