/*
 * escape_bounds: the last part of the listing, index expressions whose bounds need no check because of their form: an array, or a constant
 * string, indexed by something whose type or last operation (&, &^, %, /, >>) keeps it below the length.
 *
 * The toolchain finds them when it compiles, function by function, each closure behind the function it stands in, the last one first; within a
 * function inner expressions come before outer ones. Instances and literals that capture nothing follow the package's own functions.
 */
#include "escape_internal.h"

static bool small_constant(const struct expr *x, int64_t *value)
{
    x = ast_unparen((struct expr *)x);
    return x->mode == MODE_CONSTANT && constant_as_int64(x->value, value) && *value >= INT32_MIN && *value <= INT32_MAX;
}

/* Of x & c or x &^ c: what bits may be set; -1: not known. */
static int64_t mask_of(const struct expr *x, bool is_signed, int bits)
{
    int64_t v = -1;
    if (small_constant(x->binary.x, &v))
        return v;
    if (!small_constant(x->binary.y, &v))
        return -1;
    if (x->op != OP_ANDNOT)
        return v;
    return is_signed || bits == 64 ? ~v : ~v & (((int64_t)1 << bits) - 1);
}

static int halvings(int64_t v, int bits)
{
    int n = 0;
    for (; n < bits && v >= 2; v >>= 1)
        n++;
    return n;
}

/* Is x, as its form tells (or only its type, when it is copied first), in [0, length)? */
static bool stays_below(const struct escape_result *u, const struct expr *x, bool copied, int64_t length)
{
    x = ast_unparen((struct expr *)x);
    struct type *type = esc_under(u, esc_type(u, x));
    if (type->kind != TYPE_BASIC || !basic_is((enum basic_kind)type->basic, BASIC_IS_INTEGER))
        return false;
    bool is_signed = !basic_is((enum basic_kind)type->basic, BASIC_IS_UNSIGNED);
    int bits = (int)(8 * esc_size(u, type));
    int64_t v = 0;
    enum op op = !copied && x->kind == EXPR_BINARY && x->mode != MODE_CONSTANT ? (enum op)x->op : OP_NONE;
    if (op == OP_AND || op == OP_ANDNOT) {
        v = mask_of(x, is_signed, bits);
        if (v >= 0 && v < length)
            return true;
    } else if (op != OP_NONE && !is_signed && small_constant(x->binary.y, &v)) {
        if (op == OP_REM && v >= 0 && v <= length)
            return true;
        if (op == OP_SHR && v > bits)
            return true;
        bits -= op == OP_DIV ? halvings(v, bits) : op == OP_SHR ? (int)v : 0;
    }
    return !is_signed && bits <= 62 && (int64_t)1 << bits <= length;
}

struct listing {
    const struct escape_result *u;
    struct escape_map copied; /* index expressions whose index is copied to a temporary first */
};

static void note_copied(struct listing *l, const struct expr *x)
{
    for (x = ast_unparen((struct expr *)x);;) {
        if (x->kind == EXPR_INDEX && !x->index.instance && x->index.x->mode != MODE_TYPE) {
            esc_map_put(l->u->escape->arena, &l->copied, x, 0, (void *)(uintptr_t)x);
            x = ast_unparen(x->index.x);
        } else if (x->kind == EXPR_SELECTOR && x->selector.selection) {
            x = ast_unparen(x->selector.x);
        } else if (x->kind == EXPR_STAR) {
            x = ast_unparen(x->star.x);
        } else {
            return;
        }
    }
}

/* What is appended is made safe against the append. */
static void note_append(void *context, const struct expr *x)
{
    if (x->kind != EXPR_CALL || x->call.kind != CALL_BUILTIN)
        return;
    const struct expr *fun = ast_unparen(x->call.fun);
    if (fun->kind != EXPR_NAME || fun->name.object->builtin != BUILTIN_APPEND)
        return;
    for (uint32_t i = 0; i < x->call.args.count; i++)
        note_copied(context, x->call.args.items[i]);
}

static void list_bounded(void *context, const struct expr *x)
{
    struct listing *l = context;
    const struct escape_result *u = l->u;
    if (x->kind != EXPR_INDEX || x->index.instance || x->index.x->mode == MODE_TYPE || !x->index.x->type ||
        x->index.indices.count != 1 || x->index.indices.items[0]->mode == MODE_CONSTANT)
        return;
    const struct expr *indexed = ast_unparen(x->index.x);
    struct type *type = esc_under(u, esc_type(u, indexed));
    if (type->kind == TYPE_POINTER)
        type = esc_under(u, type->pointer.elem);
    int64_t length = type->kind == TYPE_ARRAY ? type->array.len : -1;
    if (indexed->mode == MODE_CONSTANT && esc_is_string(u, esc_type(u, indexed)))
        length = (int64_t)indexed->value->string.length;
    if (length >= 0 && stays_below(u, x->index.indices.items[0], esc_map_get(&l->copied, x, 0) != NULL, length))
        esc_list_line(u->escape, x->pos, "index bounds check elided");
}

/* ---- functions, and the literals in them from the last to the first ---- */

struct literals {
    const struct expr **items;
    uint32_t count;
    size_t capacity;
    const struct escape_result *unit;
};

static void add_literal(void *context, const struct expr *x)
{
    struct literals *l = context;
    if (x->kind != EXPR_FUNC || esc_is_plain_literal(l->unit, x))
        return;
    l->items = arena_grow(l->unit->escape->arena, l->items, sizeof *l->items, l->count + 1, &l->capacity);
    l->items[l->count++] = x;
}

static void list_body(const struct escape_result *u, const struct stmt *body)
{
    struct literals inside = {.unit = u};
    struct listing listing = {.u = u};
    struct esc_scan lines = {.unit = u, .expr = note_append, .after = list_bounded, .context = &listing};
    struct esc_scan literals = {.unit = u, .expr = add_literal, .context = &inside};
    esc_scan_stmt(&lines, body);
    esc_scan_stmt(&literals, body);
    while (inside.count)
        list_body(u, inside.items[--inside.count]->func.body);
}

static void list_initializers(const struct escape_result *u)
{
    struct literals inside = {.unit = u};
    struct listing listing = {.u = u};
    struct esc_scan lines = {.unit = u, .expr = note_append, .after = list_bounded, .context = &listing};
    struct esc_scan literals = {.unit = u, .expr = add_literal, .context = &inside};
    for (uint32_t i = 0; i < u->package->init_count; i++) {
        esc_scan_expr(&lines, u->package->inits[i].rhs);
        esc_scan_expr(&literals, u->package->inits[i].rhs);
    }
    while (inside.count)
        list_body(u, inside.items[--inside.count]->func.body);
}

void esc_list_bounds(const struct escape_result *u)
{
    if (!u->function)
        list_initializers(u);
    else if (u->function->body && !(u->function->object && u->function->object->name->blank))
        list_body(u, u->function->body);
}
