/*
 * escape_self: assignments that store nothing new.
 *
 * `b.buf = b.buf[i:j]` and `v.x = v.y` put into an object what the object already held, so no pointer gains a longer life. The
 * prefix before the last accessor must be the same expression on both sides, without side effects.
 */
#include "escape_internal.h"

static const struct expr *plain(const struct expr *x)
{
    return ast_unparen((struct expr *)x);
}

/* How a selector's last step goes: through a pointer or not. */
static bool last_by_pointer(const struct escape_result *u, const struct expr *x)
{
    const struct selection *s = x->selector.selection;
    struct type *type = esc_type(u, x->selector.x);
    for (uint32_t i = 0;; i++) {
        struct type *under = esc_under(u, type);
        bool pointer = under->kind == TYPE_POINTER;
        if (i + 1 >= s->count)
            return pointer;
        if (pointer)
            under = esc_under(u, under->pointer.elem);
        type = under->struct_.fields.items[s->path[i]]->type;
    }
}

static bool is_field(const struct expr *x)
{
    return x->kind == EXPR_SELECTOR && x->selector.selection && x->selector.selection->kind == SELECT_FIELD;
}

/* The variable behind *v or v.f with one pointer followed. */
static const struct object *pointed_from(const struct escape_result *u, const struct expr *x)
{
    x = plain(x);
    const struct expr *base = NULL;
    if (x->kind == EXPR_STAR)
        base = plain(x->star.x);
    else if (is_field(x) && x->selector.selection->count == 1 && last_by_pointer(u, x))
        base = plain(x->selector.x);
    return base && base->kind == EXPR_NAME ? base->name.object : NULL;
}

static bool slice_self(const struct escape_result *u, const struct expr *lhs, const struct expr *rhs)
{
    const struct object *object = pointed_from(u, lhs);
    if (!object || rhs->kind != EXPR_SLICE || esc_under(u, esc_type(u, rhs->slice.x))->kind == TYPE_ARRAY)
        return false;
    return pointed_from(u, rhs->slice.x) == object;
}

static bool same_path(const struct selection *a, const struct selection *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (a->path[i] != b->path[i])
            return false;
    return true;
}

static bool same_constant(const struct escape_result *u, const struct expr *a, const struct expr *b)
{
    return a->mode == MODE_CONSTANT && b->mode == MODE_CONSTANT &&
           constant_compare(u->escape->arena, OP_EQL, a->value, b->value);
}

bool esc_same_safe(const struct escape_result *u, const struct expr *a, const struct expr *b)
{
    a = plain(a);
    b = plain(b);
    if (a->mode == MODE_CONSTANT || b->mode == MODE_CONSTANT)
        return same_constant(u, a, b);
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case EXPR_NAME:
        return a->name.object == b->name.object;
    case EXPR_SELECTOR:
        if (!is_field(a) || !is_field(b))
            return !a->selector.selection && !b->selector.selection &&
                   a->selector.name->name.object == b->selector.name->name.object;
        return a->selector.selection->count == b->selector.selection->count &&
               same_path(a->selector.selection, b->selector.selection, a->selector.selection->count) &&
               esc_same_safe(u, a->selector.x, b->selector.x);
    case EXPR_STAR:
        return esc_same_safe(u, a->star.x, b->star.x);
    case EXPR_INDEX:
        return esc_same_safe(u, a->index.x, b->index.x) &&
               esc_same_safe(u, a->index.indices.items[0], b->index.indices.items[0]);
    case EXPR_UNARY:
        return a->op == b->op && a->op != OP_RECV && a->op != OP_AND && esc_same_safe(u, a->unary.x, b->unary.x);
    case EXPR_CALL:
        return a->call.kind == CALL_CONVERSION && b->call.kind == CALL_CONVERSION &&
               types_identical(u->escape->t, esc_type(u, a), esc_type(u, b)) &&
               esc_same_safe(u, a->call.args.items[0], b->call.args.items[0]);
    default:
        return false;
    }
}

static bool may_affect_memory(const struct expr *x)
{
    x = plain(x);
    if (x->mode == MODE_CONSTANT || x->mode == MODE_NIL)
        return false;
    switch (x->kind) {
    case EXPR_NAME:
        return false;
    case EXPR_BINARY:
        return (x->op >= OP_OROR && x->op <= OP_GEQ) || may_affect_memory(x->binary.x) ||
               may_affect_memory(x->binary.y);
    case EXPR_INDEX:
        return may_affect_memory(x->index.x) || may_affect_memory(x->index.indices.items[0]);
    case EXPR_UNARY:
        return x->op == OP_RECV || x->op == OP_AND || may_affect_memory(x->unary.x);
    case EXPR_SELECTOR:
        return x->selector.selection && (!is_field(x) || may_affect_memory(x->selector.x));
    case EXPR_STAR:
        return may_affect_memory(x->star.x);
    case EXPR_CALL: {
        const struct expr *fun = plain(x->call.fun);
        bool pure = x->call.kind == CALL_CONVERSION ||
                    (x->call.kind == CALL_BUILTIN && fun->kind == EXPR_NAME &&
                     (fun->name.object->builtin == BUILTIN_LEN || fun->name.object->builtin == BUILTIN_CAP));
        return !pure || may_affect_memory(x->call.args.items[0]);
    }
    default:
        return true;
    }
}

/* v.x = v.y: all but the last step alike. */
static bool field_self(const struct escape_result *u, const struct expr *lhs, const struct expr *rhs)
{
    const struct selection *a = lhs->selector.selection, *b = rhs->selector.selection;
    return a->count == b->count && same_path(a, b, a->count - 1) &&
           last_by_pointer(u, lhs) == last_by_pointer(u, rhs) && esc_same_safe(u, lhs->selector.x, rhs->selector.x);
}

bool esc_self_assignment(const struct escape_result *u, const struct expr *lhs, const struct expr *rhs, bool shift)
{
    lhs = plain(lhs);
    rhs = plain(rhs);
    if (rhs->mode == MODE_CONSTANT || rhs->mode == MODE_NIL || lhs->kind == EXPR_NAME || !rhs->type ||
        (!shift && !types_identical(u->escape->t, esc_type(u, lhs), esc_type(u, rhs))))
        return false;
    if (slice_self(u, lhs, rhs))
        return true;
    if (is_field(lhs) && is_field(rhs))
        return field_self(u, lhs, rhs);
    if (lhs->kind != EXPR_INDEX || rhs->kind != EXPR_INDEX || rhs->index.instance ||
        esc_under(u, esc_type(u, lhs->index.x))->kind == TYPE_MAP)
        return false;
    return !may_affect_memory(lhs->index.indices.items[0]) && !may_affect_memory(rhs->index.indices.items[0]) &&
           esc_same_safe(u, lhs->index.x, rhs->index.x);
}
