/*
 * check_unsafe: package unsafe. Sizes and offsets are constants unless they depend on a type parameter.
 */
#include "check_internal.h"

static bool yields(struct operand *x, uint8_t mode, struct type *type)
{
    x->mode = mode;
    x->type = type;
    return true;
}

static bool constant_result(struct checker *c, struct operand *x, int64_t value)
{
    if (value < 0) {
        check_error_on(c, x, "%O is too large", x);
        return false;
    }
    x->value = constant_int(c->arena, value);
    return yields(x, MODE_CONSTANT, basic(c, BASIC_UINTPTR));
}

static bool size_or_align(struct checker *c, struct operand *x, enum builtin id)
{
    bool size = id == BUILTIN_UNSAFE_SIZEOF;
    check_assignment(c, x, NULL, size ? "argument to unsafe.Sizeof" : "argument to unsafe.Alignof");
    if (x->mode == MODE_INVALID)
        return false;
    if (layout_varies(c->t, x->type))
        return yields(x, MODE_VALUE, basic(c, BASIC_UINTPTR));
    const struct type_layout *l = layout_of(c->t, x->type);
    return constant_result(c, x, size ? l->size : l->align);
}

static int64_t path_offset(struct checker *c, struct type *base, const struct lookup *l)
{
    int64_t offset = 0;
    for (uint32_t i = 0; i < l->count; i++) {
        struct type *u = under(c, base);
        const struct type_layout *layout = layout_of(c->t, base);
        int64_t at = layout->offsets[l->path[i]];
        if (at < 0 || __builtin_add_overflow(offset, at, &offset))
            return -1;
        base = u->struct_.fields.items[l->path[i]]->type;
    }
    return offset;
}

static bool offset_of(struct checker *c, struct operand *x, struct expr *call)
{
    struct expr *arg = call->call.args.items[0], *e = ast_unparen(arg);
    if (e->kind != EXPR_SELECTOR) {
        check_error_at(c, arg, "invalid argument: %E is not a selector expression", arg);
        check_use(c, arg);
        return false;
    }
    check_expr(c, NULL, x, e->selector.x);
    if (x->mode == MODE_INVALID)
        return false;
    struct type *u = under(c, x->type), *base = x->type;
    if (u->kind == TYPE_POINTER && under(c, u->pointer.elem)->kind == TYPE_STRUCT)
        base = u->pointer.elem;
    struct ident *name = e->selector.name->name.ident;
    struct lookup l;
    if (types_lookup(c->t, base, false, c->package, name, false, &l) != LOOKUP_FOUND) {
        if (l.object || !type_valid(u))
            return false;
        check_error_on(c, x, "invalid argument: %T has no single field %N", base, name);
        return false;
    }
    if (l.object->kind == OBJECT_FUNC) {
        check_error_at(c, arg, "invalid argument: %E is a method value", arg);
        return false;
    }
    if (l.indirect) {
        check_error_on(c, x, "invalid argument: field %N is embedded via a pointer in %T", name, base);
        return false;
    }
    struct selection *s = ARENA_NEW(c->arena, struct selection);
    types_select(c->t, x->type, &l, x->mode == MODE_VARIABLE, s);
    e->selector.selection = s;
    e->selector.name->name.object = l.object;
    check_record(
        c, &(struct operand){.mode = x->mode == MODE_VARIABLE ? MODE_VARIABLE : MODE_VALUE, .type = l.type, .expr = e});
    if (layout_varies(c->t, base))
        return yields(x, MODE_VALUE, basic(c, BASIC_UINTPTR));
    return constant_result(c, x, path_offset(c, base, &l));
}

static bool make_slice(struct checker *c, struct operand *x, struct operand *y)
{
    struct type *u = operand_is_nil(x) ? NULL : types_common_underlying(c->t, x->type);
    if (!u || u->kind != TYPE_POINTER) {
        check_error_on(c, x, "invalid argument: %O is not a pointer", x);
        return false;
    }
    return check_valid_index(c, y, "length", false) && yields(x, MODE_VALUE, types_slice(c->t, u->pointer.elem));
}

static bool slice_data(struct checker *c, struct operand *x)
{
    struct type *u = operand_is_nil(x) ? NULL : types_common_underlying(c->t, x->type);
    if (u && u->kind == TYPE_SLICE)
        return yields(x, MODE_VALUE, types_pointer(c->t, u->slice.elem));
    check_error_on(c, x, "invalid argument: %O is not a slice", x);
    return false;
}

static bool assigned(struct checker *c, struct operand *x, struct type *to, const char *context)
{
    check_assignment(c, x, to, context);
    return x->mode != MODE_INVALID;
}

bool check_unsafe(struct checker *c, struct operand *x, struct expr *call, enum builtin id, struct operand_list args)
{
    struct pos at = ast_start(call->call.fun);
    struct type *byte_pointer = types_pointer(c->t, basic(c, BASIC_UINT8));
    struct type *pointer = basic(c, BASIC_UNSAFE_POINTER), *string = basic(c, BASIC_STRING);
    struct operand *y = args.count > 1 ? &args.items[1] : NULL;
    switch (id) {
    case BUILTIN_UNSAFE_ADD:
        check_need_version(c, at, GO_1_17, "unsafe.Add");
        return assigned(c, x, pointer, "argument to unsafe.Add") && check_valid_index(c, y, "length", true) &&
               yields(x, MODE_VALUE, pointer);
    case BUILTIN_UNSAFE_SIZEOF:
    case BUILTIN_UNSAFE_ALIGNOF:
        return size_or_align(c, x, id);
    case BUILTIN_UNSAFE_OFFSETOF:
        return offset_of(c, x, call);
    case BUILTIN_UNSAFE_SLICE:
        check_need_version(c, at, GO_1_17, "unsafe.Slice");
        return make_slice(c, x, y);
    case BUILTIN_UNSAFE_SLICEDATA:
        check_need_version(c, at, GO_1_20, "unsafe.SliceData");
        return slice_data(c, x);
    case BUILTIN_UNSAFE_STRING:
        check_need_version(c, at, GO_1_20, "unsafe.String");
        return assigned(c, x, byte_pointer, "argument to unsafe.String") && check_valid_index(c, y, "length", false) &&
               yields(x, MODE_VALUE, string);
    case BUILTIN_UNSAFE_STRINGDATA:
        check_need_version(c, at, GO_1_20, "unsafe.StringData");
        return assigned(c, x, string, "argument to unsafe.StringData") && yields(x, MODE_VALUE, byte_pointer);
    default:
        return false;
    }
}
