/*
 * lower_operator: unary and binary operators.
 *
 * Go's results out of C's: operands narrower than int are cut back, division and shifts that C leaves undefined are calls of
 * spec/gomem_code.h. The right operand of && and || and what it needs stand under an if when it needs something.
 * A concatenation of any length is one call of the runtime.
 */
#include "lower_internal.h"

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
        return narrow(l, u, F(l, "(%s & ~(%s)%s)", a, ctype(l, u), b)); // a constant is as wide as its value
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
    if (types_contains_interface(l->t, type))
        equal = may_panic(l, equal);
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
    bool text = is_string(l, common); /* bytes that a call in y changes are compared as they are then, as gc does */
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

/* A result that is longer than each operand is never an operand itself, so that no bytes that one borrows become the result's. */
static bool has_literal(const struct operands *parts)
{
    for (uint32_t i = 0; i < parts->count; i++)
        if (parts->items[i]->mode == MODE_CONSTANT && parts->items[i]->value->string.length)
            return true;
    return false;
}

static const char *lower_concat(struct lowerer *l, struct expr *e)
{
    struct operands parts = {0};
    flatten_concat(l, e, &parts);
    struct type *type = type_of(l, e);
    uint32_t last_call = parts.count; /* operands before it have to outlive it */
    while (last_call > 0 && !has_call(parts.items[last_call - 1]))
        last_call--;
    bool borrow = has_literal(&parts);
    struct text s;
    text_init(&s, l->arena);
    for (uint32_t i = 0; i < parts.count; i++) {
        struct expr *x = parts.items[i];
        const char *text = borrow ? lower_borrowed(l, x, type) : lower_to(l, x, type);
        text_printf(&s, "%s%s", i ? ", " : "", i + 1 < last_call ? stable(l, type, text) : text);
    }
    return temp(l, type,
                F(l, "gomem_rt.strings->concat(g, %s, (const gomem_string[]){%s}, %u)", site_buffer(l, e),
                  text_string(&s), parts.count));
}

const char *lower_binary(struct lowerer *l, struct expr *e)
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

const char *lower_receive(struct lowerer *l, struct expr *e, const char **ok)
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

/* &T{…}: and is the & expression. */
static const char *lower_literal_address(struct lowerer *l, struct expr *and, struct expr *literal)
{
    struct type *type = type_of(l, literal);
    const char *p = lower_site(l, type, and, ESCAPE_VALUE, 0);
    composite_into(l, literal, type, place_deref(l, type, p, false));
    return p;
}

const char *lower_unary(struct lowerer *l, struct expr *e)
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
