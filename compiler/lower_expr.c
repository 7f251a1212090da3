/*
 * lower_expr: expressions and places.
 *
 * lower_expr returns C text for a value. What it needs done before (calls, checks that need a temporary) it appends as
 * instructions, so text is used before anything else is lowered, or made stable first. An operand before one that contains a
 * call is made stable; the right operands of && and || and what they need stand under an if when they need something.
 *
 * A place is an lvalue. Loads and stores of words in memory that goroutines may share are relaxed atomics, stores of pointers
 * into memory go through the barrier (spec/gomem_code.h).
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

/* ---- places ---- */

static struct place memory(const char *text, struct type *type)
{
    return (struct place){.text = text, .memory = true, .var = NO_VAR, .type = type};
}

struct place place_deref(struct lowerer *l, struct type *elem, const char *pointer, bool check)
{
    size_t n = strlen(pointer);
    if (n > 3 && pointer[0] == '(' && pointer[1] == '&' && pointer[2] == MARK_VAR &&
        strchr(pointer, MARK_END) == pointer + n - 2)
        return (struct place){.text = arena_strndup(l->arena, pointer + 2, n - 3), .var = NO_VAR, .type = elem};
    if (check)
        pointer = F(l, "gomem_nn(g, " MARK_HERE ", %s)", pointer);
    if (strstr(pointer, "NULL")) // of no type in C
        pointer = F(l, "(%s)%s", ctype(l, types_canonical(l->t, types_pointer(l->t, elem))), pointer);
    return memory(F(l, "(*%s)", pointer), elem);
}

struct place place_var(struct lowerer *l, struct object *o)
{
    struct type *type = lower_type(l, o->type);
    if (!o->function) {
        const char *symbol = package_symbol(l, o->package, o->name->text);
        if (first_use(l, symbol))
            text_printf(&l->protos, "extern %s;\n", declare(l, type, symbol));
        return memory(symbol, type);
    }
    const char *capture = ptr_map_get(&l->fn->captures, o);
    if (capture) {
        if (!captured_by_value(l, o))
            return memory(F(l, "(*%s)", capture), type);
        return (struct place){.text = capture, .var = NO_VAR, .type = type};
    }
    int32_t var = (int32_t)(intptr_t)ptr_map_get(&l->fn->objects, o) - 1;
    if (var < 0) {
        unsupported(l, l->pos, F(l, "the variable %s here", o->name->text));
        return memory("0", type);
    }
    if (boxed(l, o))
        return memory(F(l, "(*%s)", V(l, var)), type);
    return (struct place){.text = V(l, var), .var = var, .type = type};
}

const char *index_check(struct lowerer *l, const char *index, struct type *index_type, const char *length)
{
    if (COMPILE_FAULT(l, no_index_checks))
        return index;
    bool wide = is_unsigned(l, index_type) && size_of(l, index_type) == 8;
    return F(l, "gomem_index%s(g, " MARK_HERE ", %s, %s)", wide ? "_u" : "", index, length);
}

static struct place field_of(struct place base, const char *name, struct type *type)
{
    return (struct place){.text = name, .memory = base.memory, .var = NO_VAR, .type = type};
}

/* `p->f` reads better than `(*p).f`. */
static const char *member(struct lowerer *l, const char *base, const char *field)
{
    size_t n = strlen(base);
    if (n > 3 && base[0] == '(' && base[1] == '*' && base[n - 1] == ')') {
        const char *inner = arena_strndup(l->arena, base + 2, n - 3);
        if (inner[0] == MARK_VAR || !strncmp(inner, "gomem_nn(", 9) || !strncmp(inner, "c->", 3))
            return F(l, "%s->%s", inner, field);
    }
    return F(l, "%s.%s", base, field);
}

/*
 * Follows the first steps of a selection from x. Ends at a place when x is one or a pointer was followed, else *place has
 * var NO_VAR, no memory and the text of a value.
 */
const char *lower_field_path(struct lowerer *l, struct expr *x, const struct selection *s, uint32_t steps,
                             struct place *place)
{
    struct type *type = type_of(l, x);
    struct place at;
    if (is_kind(l, type, TYPE_POINTER)) {
        at = (struct place){.text = lower_expr(l, x), .var = NO_VAR, .type = type};
    } else {
        at = lower_place(l, x);
    }
    for (uint32_t i = 0; i < steps; i++) {
        struct type *u = under(l, at.type);
        if (u->kind == TYPE_POINTER) {
            const char *pointer = load(l, at);
            at = place_deref(l, lower_type(l, u->pointer.elem), pointer, true);
            u = under(l, at.type);
        }
        struct type *field = lower_type(l, u->struct_.fields.items[s->path[i]]->type);
        at = field_of(at, member(l, at.text, field_name(l, at.type, s->path[i])), field);
    }
    *place = at;
    return at.text;
}

/* A selection as it is for the types at hand: that of a type parameter is looked up again on its argument. */
struct selection *lower_selection(struct lowerer *l, struct expr *e)
{
    struct selection *s = e->selector.selection;
    if (!l->fn || !l->fn->params.count || !types_mentions_params(l->t, s->recv))
        return s;
    struct type *recv = lower_type(l, s->recv);
    struct lookup found;
    struct selection *fresh = ARENA_NEW(l->arena, struct selection);
    if (types_lookup(l->t, recv, true, s->object->package, s->object->name, false, &found) != LOOKUP_FOUND) {
        unsupported(l, e->pos, "this selector in generic code");
        return s;
    }
    types_select(l->t, recv, &found, e->selector.x->mode == MODE_VARIABLE, fresh);
    if (s->kind == SELECT_METHOD_EXPR)
        fresh->kind = SELECT_METHOD_EXPR;
    return fresh;
}

static const char *hold(struct lowerer *l, struct type *type, const char *text, bool held)
{
    return held ? temp(l, type, text) : text;
}

/* Held: operands are in temporaries, so that the checks and the place can come after other stores. */
static struct place place_index(struct lowerer *l, struct expr *e, bool held)
{
    struct expr *x = e->index.x, *index = e->index.indices.items[0];
    struct type *type = type_of(l, x), *u = under(l, type), *elem;
    struct place base = {0};
    const char *length;
    if (u->kind == TYPE_SLICE) {
        const char *s = lower_expr(l, x);
        if (held || has_call(index) || s[0] != MARK_VAR || strchr(s, MARK_END)[1])
            s = temp(l, type, s);
        elem = lower_type(l, u->slice.elem);
        const char *i = hold(l, type_of(l, index), lower_expr(l, index), held && index->mode != MODE_CONSTANT);
        return memory(
            F(l, "((%s *)%s.ptr)[%s]", ctype(l, elem), s, index_check(l, i, type_of(l, index), F(l, "%s.len", s))),
            elem);
    }
    if (u->kind == TYPE_POINTER) {
        const char *p = lower_expr(l, x);
        if (held || has_call(index))
            p = temp(l, type, p);
        base = place_deref(l, lower_type(l, u->pointer.elem), p, true);
        u = under(l, u->pointer.elem);
    } else {
        base = held ? lower_held_place(l, x) : lower_place(l, x);
    }
    elem = lower_type(l, u->array.elem);
    length = F(l, "%lld", (long long)u->array.len);
    const char *i = hold(l, type_of(l, index), lower_expr(l, index), held && index->mode != MODE_CONSTANT);
    if (index->mode != MODE_CONSTANT)
        i = index_check(l, i, type_of(l, index), length);
    return field_of(base, F(l, "%s[%s]", member(l, base.text, "a"), i), elem);
}

/* An lvalue, or a value in a temporary when it is none. */
struct place lower_place(struct lowerer *l, struct expr *e)
{
    e = ast_unparen(e);
    struct place at;
    switch (e->kind) {
    case EXPR_NAME:
        if (e->name.object && e->name.object->kind == OBJECT_VAR)
            return place_var(l, e->name.object);
        break;
    case EXPR_STAR:
        return place_deref(l, type_of(l, e), lower_expr(l, e->star.x), true);
    case EXPR_SELECTOR:
        if (!e->selector.selection && e->selector.name->name.object->kind == OBJECT_VAR)
            return place_var(l, e->selector.name->name.object);
        if (e->selector.selection && e->selector.selection->kind == SELECT_FIELD) {
            struct selection *s = lower_selection(l, e);
            lower_field_path(l, e->selector.x, s, s->count, &at);
            return at;
        }
        break;
    case EXPR_INDEX:
        if (e->mode != MODE_VARIABLE && e->mode != MODE_VALUE)
            break;
        if (!is_kind(l, type_of(l, e->index.x), TYPE_MAP) && !is_string(l, type_of(l, e->index.x)) &&
            !is_kind(l, type_of(l, e->index.x), TYPE_FUNC))
            return place_index(l, e, false);
        break;
    default:
        break;
    }
    struct type *type = type_of(l, e);
    return (struct place){.text = temp(l, type, lower_expr(l, e)), .var = NO_VAR, .type = type};
}

/* A place for a store after others: what it is made of is evaluated here, what may panic is left to the store. */
struct place lower_held_place(struct lowerer *l, struct expr *e)
{
    e = ast_unparen(e);
    if (e->kind == EXPR_STAR) {
        const char *pointer = temp(l, type_of(l, e->star.x), lower_expr(l, e->star.x));
        return place_deref(l, type_of(l, e), pointer, true);
    }
    if (e->kind == EXPR_INDEX && e->mode == MODE_VARIABLE) {
        struct type *u = under(l, type_of(l, e->index.x));
        if (u->kind == TYPE_SLICE || u->kind == TYPE_POINTER || u->kind == TYPE_ARRAY)
            return place_index(l, e, true);
    }
    if (e->kind == EXPR_SELECTOR && e->selector.selection && e->selector.selection->kind == SELECT_FIELD) {
        struct selection *s = lower_selection(l, e);
        struct type *type = type_of(l, e->selector.x), *u = under(l, type);
        if (s->count == 1) {
            struct place at;
            if (u->kind == TYPE_POINTER)
                at = place_deref(l, lower_type(l, u->pointer.elem), temp(l, type, lower_expr(l, e->selector.x)), true);
            else
                at = lower_held_place(l, e->selector.x);
            struct type *field = lower_type(l, under(l, at.type)->struct_.fields.items[s->path[0]]->type);
            return field_of(at, member(l, at.text, field_name(l, at.type, s->path[0])), field);
        }
    }
    struct place at = lower_place(l, e);
    if (at.memory && size_of(l, at.type))
        at = place_deref(l, at.type, temp(l, types_canonical(l->t, types_pointer(l->t, at.type)), F(l, "&%s", at.text)),
                         false);
    return at;
}

const char *load(struct lowerer *l, struct place p)
{
    if (p.memory && is_scalar(l, p.type))
        return F(l, "gomem_load(%s)", lower_condition_fold(l, p.text));
    if (p.memory && !size_of(l, p.type)) // nobody may use it, but nil has none either
        emit(l, F(l, "(void)%s", lower_condition_fold(l, p.text)));
    return p.text;
}

void store(struct lowerer *l, struct place p, const char *value)
{
    if (p.var != NO_VAR) {
        emit_def(l, p.var, value);
        return;
    }
    const char *to = lower_condition_fold(l, p.text);
    value = lower_condition_fold(l, value);
    bool memory = p.memory || (COMPILE_FAULT(l, barrier_everywhere) && is_scalar(l, p.type) && has_pointers(l, p.type));
    if (!memory || COMPILE_FAULT(l, no_barrier))
        emit(l, F(l, "%s = %s", to, value));
    else if (is_scalar(l, p.type))
        emit(l, F(l, "%s(%s%s, %s)", has_pointers(l, p.type) ? "gomem_store_pointer" : "gomem_store",
                  has_pointers(l, p.type) ? "g, " : "", to, value));
    else if (!size_of(l, p.type))
        emit(l, F(l, "(void)%s, (void)%s", p.text, value));
    else if (has_pointers(l, p.type))
        emit(l, F(l, "gomem_store_typed(g, %s, %s, %s, %s)", descriptor(l, p.type), ctype(l, p.type), to, value));
    else if (is_kind(l, p.type, TYPE_ARRAY) && value[*value == '('] == '*' && value[strlen(value) - 1] == ')')
        emit(l, F(l, "memmove(&%s, &%s, sizeof %s)", to, value, to)); // arrays that slices led to may overlap
    else
        emit(l, F(l, "%s = %s", to, value));
}

/* &T{…}: and is the & expression. */
static const char *lower_literal_address(struct lowerer *l, struct expr *and, struct expr *literal)
{
    struct type *type = type_of(l, literal);
    const char *p = lower_site(l, type, and, ESCAPE_VALUE, 0);
    composite_into(l, literal, type, place_deref(l, type, p, false));
    return p;
}

const char *lower_address(struct lowerer *l, struct expr *e)
{
    e = ast_unparen(e);
    struct place p = lower_place(l, e);
    const char *text = p.text;
    size_t n = strlen(text);
    if (text[0] == '(' && text[1] == '*' && text[n - 1] == ')')
        return arena_strndup(l->arena, text + 2, n - 3);
    return F(l, "(&%s)", text);
}

const char *lower_new(struct lowerer *l, struct type *type)
{
    return temp(l, types_canonical(l->t, types_pointer(l->t, type)),
                F(l, "gomem_rt.heap->new_object(g, %s)", descriptor(l, type)));
}

bool on_stack(struct lowerer *l, const struct expr *e, enum escape_role role, uint32_t index)
{
    return e && l->fn->escape && escape_site(l->fn->escape, e, role, index) == ESCAPE_STACK;
}

/* An object in the frame. */
const char *frame_object(struct lowerer *l, struct type *type)
{
    int32_t v = new_var(l, "obj", type);
    l->fn->vars[v].exposed = true;
    emit_def(l, v, zero(l, type));
    return F(l, "(&%s)", V(l, v));
}

const char *lower_site(struct lowerer *l, struct type *type, const struct expr *e, enum escape_role role,
                       uint32_t index)
{
    return on_stack(l, e, role, index) ? frame_object(l, type) : lower_new(l, type);
}

bool small_on_stack(struct lowerer *l, const struct expr *e)
{
    return l->fn->escape && escape_site(l->fn->escape, e, ESCAPE_VALUE, 0) == ESCAPE_STACK_IF_SMALL;
}

const char *site_buffer(struct lowerer *l, const struct expr *e)
{
    return on_stack(l, e, ESCAPE_VALUE, 0) ? frame_buffer(l) : "NULL";
}

/* GOMEM_TMP bytes, aligned for any element. */
const char *frame_buffer(struct lowerer *l)
{
    struct type *buffer = types_canonical(l->t, types_array(l->t, basic(l, BASIC_UINT64), 4));
    int32_t v = new_var(l, "buf", buffer);
    l->fn->vars[v].exposed = true;
    return F(l, "(void *)%s.a", V(l, v));
}

struct place fresh_place(struct lowerer *l, struct type *type)
{
    int32_t var = new_var(l, "v", type);
    return (struct place){.text = V(l, var), .var = var, .type = type};
}

/* ---- operators ---- */

static const char *const c_operators[OP_COUNT] = {
    [OP_OROR] = "||", [OP_ANDAND] = "&&", [OP_EQL] = "==", [OP_NEQ] = "!=", [OP_LSS] = "<", [OP_LEQ] = "<=",
    [OP_GTR] = ">",   [OP_GEQ] = ">=",    [OP_ADD] = "+",  [OP_SUB] = "-",  [OP_OR] = "|",  [OP_XOR] = "^",
    [OP_MUL] = "*",   [OP_DIV] = "/",     [OP_REM] = "%",  [OP_AND] = "&",
};

static const char *narrow(struct lowerer *l, struct type *u, const char *text)
{
    return size_of(l, u) < 4 ? F(l, "((%s)%s)", ctype(l, u), text) : text;
}

static const char *shift(struct lowerer *l, enum op op, struct type *u, const char *a, const char *b,
                         const struct constant *right, struct type *right_type)
{
    int64_t size = size_of(l, u);
    bool is_unsigned = basic_is((enum basic_kind)u->basic, BASIC_IS_UNSIGNED);
    uint64_t n = 0;
    if (right && constant_as_uint64(constant_to_int(l->arena, right), &n) && n < (uint64_t)size * 8)
        return narrow(l, u,
                      F(l, "((%s)%s %s %llu)", ctype(l, u), a, op == OP_SHL ? "<<" : ">>", (unsigned long long)n));
    struct type *r = under(l, right_type);
    const char *count = b;
    if (!basic_is((enum basic_kind)r->basic, BASIC_IS_UNSIGNED) && !right)
        count = F(l, "gomem_shift_count(g, " MARK_HERE ", %s)", b);
    const char *shifted = F(l, "gomem_%s%s%lld(%s, %s)", op == OP_SHL ? "shl" : "shr",
                            is_unsigned || op == OP_SHL ? "u" : "s", (long long)size * 8, a, count);
    return is_unsigned ? shifted : F(l, "((%s)%s)", ctype(l, u), shifted);
}

static bool safe_divisor(const struct constant *right)
{
    int64_t n;
    if (!right)
        return false;
    return !constant_as_int64(constant_to_int(NULL, right), &n) || (n != 0 && n != -1);
}

static const char *divide(struct lowerer *l, enum op op, struct type *u, const char *a, const char *b,
                          const struct constant *right)
{
    if (right && right->kind == CONSTANT_INT && safe_divisor(right))
        return narrow(l, u, F(l, "(%s %s %s)", a, c_operators[op], b));
    return F(l, "((%s)gomem_%s%s(g, " MARK_HERE ", %s, %s))", ctype(l, u), op == OP_DIV ? "div" : "rem",
             basic_is((enum basic_kind)u->basic, BASIC_IS_UNSIGNED) ? "_u" : "", a, b);
}

const char *arithmetic(struct lowerer *l, enum op op, struct type *type, const char *a, const char *b,
                       const struct constant *right, struct type *right_type)
{
    struct type *u = under(l, type);
    if (is_string(l, type))
        return F(l, "gomem_concat(g, %s, %s)", a, b);
    bool integer = u->kind == TYPE_BASIC && basic_is((enum basic_kind)u->basic, BASIC_IS_INTEGER);
    if (op_is_shift(op))
        return shift(l, op, u, a, b, right, right_type);
    if (integer && (op == OP_DIV || op == OP_REM))
        return divide(l, op, u, a, b, right);
    if (op == OP_ANDNOT)
        return narrow(l, u, F(l, "(%s & ~%s)", a, b));
    if (basic_is((enum basic_kind)u->basic, BASIC_IS_COMPLEX) && (op == OP_MUL || op == OP_DIV))
        return F(l, "gomem_complex_%s(%s, %s)", op == OP_MUL ? "mul" : "div", a, b);
    return narrow(l, u, F(l, "(%s %s %s)", a, c_operators[op], b));
}

const char *compare(struct lowerer *l, enum op op, struct type *type, const char *a, const char *b)
{
    if (is_string(l, type)) {
        if (op == OP_EQL || op == OP_NEQ)
            return F(l, "%sgomem_string_equal(%s, %s)", op == OP_NEQ ? "!" : "", a, b);
        return F(l, "(gomem_string_compare(%s, %s) %s 0)", a, b, c_operators[op]);
    }
    struct type *u = under(l, type);
    if (u->kind == TYPE_BASIC || is_scalar(l, type))
        return F(l, "(%s %s %s)", a, c_operators[op], b);
    const char *equal = equal_values(l, type, a, b);
    return op == OP_NEQ ? F(l, "!%s", equal) : equal;
}

static const char *nil_test(struct lowerer *l, struct expr *x, bool equal)
{
    struct type *u = under(l, type_of(l, x));
    const char *text = lower_expr(l, x), *part = "";
    if (u->kind == TYPE_SLICE)
        part = ".ptr";
    else if (u->kind == TYPE_INTERFACE)
        part = is_empty_interface(l, u) ? ".type" : ".tab";
    return F(l, "(%s%s %s NULL)", text, part, equal ? "==" : "!=");
}

const char *lower_borrowed(struct lowerer *l, struct expr *e, struct type *type)
{
    struct expr *x = ast_unparen(e);
    if (x->mode == MODE_CONSTANT || x->kind != EXPR_CALL || x->call.kind != CALL_CONVERSION ||
        !is_string(l, type_of(l, x)))
        return lower_to(l, e, type);
    struct expr *b = x->call.args.items[0];
    struct type *from = type_of(l, b), *u = under(l, from);
    if (b->mode == MODE_CONSTANT || u->kind != TYPE_SLICE || !type_is_basic(under(l, u->slice.elem), BASIC_UINT8))
        return lower_to(l, e, type);
    const char *bytes = stable(l, from, lower_expr(l, b));
    return F(l, "(gomem_string){%s.ptr, %s.len}", bytes, bytes);
}

/* Comparison of an interface with a value of another type: both become the interface that is an operand. */
static const char *lower_comparison(struct lowerer *l, struct expr *e)
{
    struct expr *x = e->binary.x, *y = e->binary.y;
    bool equal = e->op == OP_EQL;
    if (y->mode == MODE_NIL)
        return nil_test(l, x, equal);
    if (x->mode == MODE_NIL)
        return nil_test(l, y, equal);
    struct type *tx = type_of(l, x), *ty = type_of(l, y), *common = tx;
    if (is_interface(l, ty) && !is_interface(l, tx))
        common = ty;
    else if (is_interface(l, tx) && is_interface(l, ty) && tx != ty)
        common = is_empty_interface(l, tx) ? tx : is_empty_interface(l, ty) ? ty : l->t->any;
    bool text = is_string(l, common) && !has_call(x) && !has_call(y);
    const char *a = text ? lower_borrowed(l, x, common) : lower_to(l, x, common);
    if (has_call(y) || (!is_scalar(l, common) && a[0] != MARK_VAR))
        a = stable(l, common, a);
    const char *b = text ? lower_borrowed(l, y, common) : lower_to(l, y, common);
    if (!is_scalar(l, common) && !is_string(l, common) && b[0] != MARK_VAR)
        b = stable(l, common, b);
    return compare(l, (enum op)e->op, common, a, b);
}

/* a && b, a || b, where what b needs was appended from instruction `at` on: then it stands under an if. */
const char *join_logical(struct lowerer *l, bool and, const char *a, uint32_t at, const char *b)
{
    if (l->fn->count == at)
        return F(l, "(%s %s %s)", a, and? "&&" : "||", b);
    int32_t t = new_var(l, "cond", basic(l, BASIC_BOOL));
    struct ins *set = insert(l, at, INS_TEXT);
    set->text = a;
    set->def = t;
    insert(l, at + 1, INS_IF)->text = F(l, "%s%s", and? "" : "!", V(l, t));
    emit_def(l, t, b);
    emit_end(l);
    return V(l, t);
}

static const char *lower_logical(struct lowerer *l, struct expr *e)
{
    const char *a = lower_expr(l, e->binary.x);
    uint32_t at = l->fn->count;
    return join_logical(l, e->op == OP_ANDAND, a, at, lower_expr(l, e->binary.y));
}

/* The operands of a concatenation, from left to right. */
struct operands {
    struct expr **items;
    uint32_t count;
    size_t capacity;
};

static void flatten_concat(struct lowerer *l, struct expr *e, struct operands *out)
{
    struct expr *x = ast_unparen(e);
    if (x->kind == EXPR_BINARY && x->op == OP_ADD && x->mode != MODE_CONSTANT) {
        flatten_concat(l, x->binary.x, out);
        flatten_concat(l, x->binary.y, out);
    } else {
        out->items = arena_grow(l->arena, out->items, sizeof *out->items, out->count + 1, &out->capacity);
        out->items[out->count++] = x;
    }
}

static const char *lower_concat(struct lowerer *l, struct expr *e)
{
    struct operands parts = {0};
    flatten_concat(l, e, &parts);
    struct type *type = type_of(l, e);
    uint32_t last_call = parts.count; /* operands before it have to outlive it */
    while (last_call > 0 && !has_call(parts.items[last_call - 1]))
        last_call--;
    struct text s;
    text_init(&s, l->arena);
    for (uint32_t i = 0; i < parts.count; i++) {
        struct expr *x = parts.items[i];
        const char *text = parts.count > 1 && !last_call ? lower_borrowed(l, x, type) : lower_to(l, x, type);
        text_printf(&s, "%s%s", i ? ", " : "", i + 1 < last_call ? stable(l, type, text) : text);
    }
    return temp(l, type,
                F(l, "gomem_rt.strings->concat(g, %s, (const gomem_string[]){%s}, %u)", site_buffer(l, e),
                  text_string(&s), parts.count));
}

static const char *lower_binary(struct lowerer *l, struct expr *e)
{
    enum op op = (enum op)e->op;
    if (op == OP_ANDAND || op == OP_OROR)
        return lower_logical(l, e);
    if (op_is_comparison(op))
        return lower_comparison(l, e);
    struct type *type = type_of(l, e);
    if (is_string(l, type))
        return lower_concat(l, e);
    struct expr *x = e->binary.x, *y = e->binary.y;
    const char *a = x->mode == MODE_CONSTANT ? lower_constant(l, type, x->value) : lower_expr(l, x);
    if (x->mode == MODE_CONSTANT && op_is_shift(op))
        a = F(l, "(%s)%s", ctype(l, type), a);
    if (has_call(y))
        a = stable(l, type, a);
    struct type *ty = op_is_shift(op) ? type_of(l, y) : type;
    const char *b = y->mode == MODE_CONSTANT ? lower_constant(l, ty, y->value) : lower_expr(l, y);
    return arithmetic(l, op, type, a, b, y->mode == MODE_CONSTANT ? y->value : NULL, type_of(l, y));
}

static const char *lower_receive(struct lowerer *l, struct expr *e, const char **ok)
{
    struct type *chan = type_of(l, e->unary.x), *elem = lower_type(l, under(l, chan)->chan.elem);
    const char *c = stable(l, chan, lower_expr(l, e->unary.x));
    struct place p = fresh_place(l, elem);
    l->fn->vars[p.var].exposed = true;
    emit_def(l, p.var, zero(l, elem));
    int32_t got = new_var(l, "ok", basic(l, BASIC_BOOL));
    emit_call(l, got, F(l, "gomem_rt.chans->recv(g, %s, &%s)", c, p.text));
    if (ok)
        *ok = V(l, got);
    return temp(l, elem, p.text);
}

static const char *lower_unary(struct lowerer *l, struct expr *e)
{
    struct expr *x = e->unary.x;
    struct type *type = type_of(l, e), *u = under(l, type);
    switch (e->op) {
    case OP_AND:
        if (ast_unparen(x)->kind == EXPR_COMPOSITE)
            return lower_literal_address(l, e, ast_unparen(x));
        return lower_address(l, x);
    case OP_RECV:
        return lower_receive(l, e, NULL);
    case OP_NOT:
        return F(l, "!%s", lower_expr(l, x));
    case OP_SUB:
        return narrow(l, u, F(l, "(-%s)", lower_expr(l, x)));
    case OP_XOR:
        return F(l, "((%s)~%s)", ctype(l, u), lower_expr(l, x));
    default:
        return lower_expr(l, x);
    }
}

/* ---- maps ---- */

static struct place key_place(struct lowerer *l, struct expr *key, struct type *map)
{
    struct type *type = lower_type(l, under(l, map)->map.key);
    struct place p = fresh_place(l, type);
    bool calls = has_call(key);
    l->borrowing = !calls && ast_unparen(key)->kind == EXPR_COMPOSITE;
    const char *value = is_string(l, type) && !calls ? lower_borrowed(l, key, type) : lower_to(l, key, type);
    l->borrowing = false;
    emit_def(l, p.var, value);
    return p;
}

static bool holds_interface(struct lowerer *l, struct type *type)
{
    struct type *u = under(l, type);
    bool holds = u->kind == TYPE_INTERFACE;
    if (u->kind == TYPE_ARRAY)
        return holds_interface(l, lower_type(l, u->array.elem));
    for (uint32_t i = 0; u->kind == TYPE_STRUCT && i < u->struct_.fields.count; i++)
        holds |= holds_interface(l, lower_type(l, u->struct_.fields.items[i]->type));
    return holds;
}

const char *map_operation(struct lowerer *l, const char *operation, struct type *map, const char *m, const char *key)
{
    const char *arguments = F(l, "g, %s, %s, &%s", descriptor(l, map), m, key);
    if (holds_interface(l, lower_type(l, under(l, map)->map.key)))
        emit(l, F(l, "gomem_check_key(%s)", arguments));
    return F(l, "gomem_rt.maps->%s(%s)", operation, arguments);
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
                              NULL);
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
                              type_of(l, e), NULL);
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
    struct place p;
    lower_field_path(l, e->selector.x, s, s->count, &p);
    return load(l, p);
}

/* A receiver whose type is known: a call through a nil interface panics as one. */
static const char *lower_known(struct lowerer *l, struct expr *e)
{
    struct type *from = type_of(l, e->assert.x);
    const char *x = stable(l, from, lower_expr(l, e->assert.x));
    emit(l, F(l, "gomem_check_nil(g, " MARK_HERE ", %s.%s)", x, is_empty_interface(l, from) ? "type" : "tab"));
    return lower_assert(l, x, from, type_of(l, e), NULL);
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

void lower_comma_ok(struct lowerer *l, struct expr *e, const char **value, const char **ok)
{
    e = ast_unparen(e);
    if (e->kind == EXPR_INDEX)
        *value = lower_map_index(l, e, ok);
    else if (e->kind == EXPR_UNARY)
        *value = lower_receive(l, e, ok);
    else
        *value = lower_assert(l, lower_expr(l, e->assert.x), type_of(l, e->assert.x), type_of(l, e), ok);
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
