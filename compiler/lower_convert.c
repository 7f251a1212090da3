/*
 * lower_convert: conversions between types, interface values, type assertions.
 *
 * An interface value is made of a descriptor (or an itab) and a data word: the value itself when it is pointer-shaped, else a box;
 * the box of a constant is static data, as constants never change.
 */
#include "lower_internal.h"

static const char *data_word(struct lowerer *l, const char *text, struct type *from)
{
    if (is_direct(l, from)) {
        if (is_scalar(l, from))
            return F(l, "(void *)%s", text);
        return F(l, "*(void **)&%s", temp(l, from, text));
    }
    if (!size_of(l, from))
        return "gomem_no_bytes";
    if (is_constant_text(text)) {
        const char *name = F(l, "constant_%u", ++l->constants);
        text_printf(&l->data, "static const %s = %s;\n", declare(l, from, name),
                    is_string(l, from) ? F(l, "gomem_str_init%s", text + 9) : text);
        return F(l, "(void *)&%s", name);
    }
    const struct constant *constant =
        l->boxing && l->fn->escape ? escape_constant(l->fn->escape, l->boxing, ESCAPE_BOX) : NULL;
    if (constant && is_kind(l, from, TYPE_BASIC) && is_constant_text(lower_constant(l, from, constant)))
        return data_word(l, lower_constant(l, from, constant), from);
    if (on_stack(l, l->boxing, ESCAPE_BOX, l->boxing_part)) {
        const char *box = frame_object(l, from);
        store(l, place_deref(l, from, box, false), text);
        return F(l, "(void *)%s", box);
    }
    struct place p = fresh_place(l, from);
    emit_def(l, p.var, text);
    return temp(l, basic(l, BASIC_UNSAFE_POINTER), F(l, "gomem_box(g, %s, &%s)", descriptor(l, from), p.text));
}

const char *interface_value(struct lowerer *l, struct type *to, struct type *from, const char *data)
{
    return temp(
        l, to,
        F(l, "(%s){%s, %s}", ctype(l, to), is_empty_interface(l, to) ? descriptor(l, from) : itab(l, to, from), data));
}

const char *literal_box(struct lowerer *l, struct expr *e, struct type *type)
{
    struct expr *x = ast_unparen(e);
    if (x->kind != EXPR_COMPOSITE || is_direct(l, type) || !size_of(l, type))
        return NULL;
    const char *value = static_literal(l, x, type);
    if (!value)
        return NULL;
    const char *name = F(l, "constant_%u", ++l->constants);
    text_printf(&l->data, "static const %s = %s;\n", declare(l, type, name), value);
    return F(l, "(void *)&%s", name);
}

static const char *type_word(struct lowerer *l, const char *text, struct type *from)
{
    return is_empty_interface(l, from) ? F(l, "%s.type", text) : F(l, "gomem_tab_type(%s.tab)", text);
}

const char *convert_interface(struct lowerer *l, const char *text, struct type *from, struct type *to)
{
    bool empty = is_empty_interface(l, to);
    if (!is_interface(l, from))
        return interface_value(l, to, from, data_word(l, text, from));
    if (types_underlying(l->t, from) == types_underlying(l->t, to) ||
        types_identical(l->t, types_underlying(l->t, from), types_underlying(l->t, to)))
        return text;
    text = stable(l, from, text);
    if (empty)
        return temp(l, to, F(l, "(gomem_eface){%s, %s.data}", type_word(l, text, from), text));
    return temp(l, to,
                F(l, "gomem_convert_iface(g, %s, %s, %s.data)", descriptor(l, types_underlying(l->t, to)),
                  type_word(l, text, from), text));
}

const char *assign_convert(struct lowerer *l, const char *text, struct type *from, struct type *to)
{
    if (from == to || !text)
        return text;
    if (is_interface(l, to))
        return convert_interface(l, text, from, to);
    return convert_value(l, text, from, to);
}

const char *convert_part(struct lowerer *l, struct expr *e, uint32_t part, const char *text, struct type *from,
                         struct type *to)
{
    l->boxing = e;
    l->boxing_part = part;
    text = assign_convert(l, text, from, to);
    l->boxing = NULL;
    l->boxing_part = 0;
    return text;
}

static bool is_aggregate(struct lowerer *l, struct type *type)
{
    return is_kind(l, type, TYPE_STRUCT) || is_kind(l, type, TYPE_ARRAY);
}

static bool is_bytes(struct lowerer *l, struct type *type, enum basic_kind kind)
{
    struct type *u = under(l, type);
    if (u->kind != TYPE_SLICE)
        return false;
    return type_is_basic(under(l, u->slice.elem), kind);
}

static const char *convert_number(struct lowerer *l, const char *text, struct type *f, struct type *t)
{
    bool from_float = basic_is((enum basic_kind)f->basic, BASIC_IS_FLOAT);
    bool to_integer = basic_is((enum basic_kind)t->basic, BASIC_IS_INTEGER);
    const char *c = ctype(l, t);
    if (from_float && to_integer) {
        bool full = t->basic == BASIC_UINT64 || t->basic == BASIC_UINT || t->basic == BASIC_UINTPTR;
        bool wide = size_of(l, t) == 8 || t->basic == BASIC_UINT32;
        return F(l, "((%s)gomem_float_to_%s(%s))", c, full ? "uint64" : wide ? "int64" : "int32", text);
    }
    return F(l, "((%s)%s)", c, text);
}

static const char *convert_to_string(struct lowerer *l, const char *text, struct type *from, struct type *to)
{
    if (is_bytes(l, from, BASIC_UINT8)) {
        text = stable(l, from, text);
        return temp(
            l, to,
            F(l, "gomem_rt.strings->from_bytes(g, %s, %s.ptr, %s.len)", site_buffer(l, l->converting), text, text));
    }
    if (is_bytes(l, from, BASIC_INT32)) {
        text = stable(l, from, text);
        return temp(
            l, to,
            F(l, "gomem_rt.strings->from_runes(g, %s, %s.ptr, %s.len)", site_buffer(l, l->converting), text, text));
    }
    if (is_string(l, from))
        return text;
    return temp(l, to, F(l, "gomem_rt.strings->from_rune(g, %s, (int64_t)%s)", site_buffer(l, l->converting), text));
}

static const char *slice_to_array(struct lowerer *l, const char *text, struct type *to, struct type *array)
{
    const char *p =
        F(l, "((%s)gomem_slice_to_array(g, " MARK_HERE ", %s, %lld))",
          ctype(l, types_canonical(l->t, types_pointer(l->t, array))), text, (long long)under(l, array)->array.len);
    return is_kind(l, to, TYPE_POINTER) ? F(l, "((%s)%s)", ctype(l, to), p) : temp(l, to, F(l, "*%s", p));
}

const char *convert_value(struct lowerer *l, const char *text, struct type *from, struct type *to)
{
    struct type *f = under(l, from), *t = under(l, to);
    if (is_interface(l, to))
        return from == to ? text : convert_interface(l, text, from, to);
    if (is_string(l, to))
        return convert_to_string(l, text, from, to);
    if (is_string(l, from) && is_bytes(l, to, BASIC_UINT8) && l->converting && l->fn->escape &&
        escape_zero_copy(l->fn->escape, l->converting)) {
        text = stable(l, from, text);
        return temp(l, to, F(l, "gomem_share_bytes(%s)", text));
    }
    if (is_string(l, from) && is_bytes(l, to, BASIC_UINT8))
        return temp(l, to, F(l, "gomem_rt.strings->to_bytes(g, %s, %s)", site_buffer(l, l->converting), text));
    if (is_string(l, from) && is_bytes(l, to, BASIC_INT32))
        return temp(l, to, F(l, "gomem_rt.strings->to_runes(g, %s)", text));
    if (f->kind == TYPE_SLICE && t->kind == TYPE_ARRAY)
        return slice_to_array(l, text, to, to);
    if (f->kind == TYPE_SLICE && t->kind == TYPE_POINTER)
        return slice_to_array(l, text, to, lower_type(l, t->pointer.elem));
    if (f->kind == TYPE_BASIC && t->kind == TYPE_BASIC) {
        if (f == t)
            return text;
        if (t->basic == BASIC_UNSAFE_POINTER || f->basic == BASIC_UNSAFE_POINTER)
            return F(l, "((%s)%s)", ctype(l, to), text);
        return convert_number(l, text, f, t);
    }
    if (!strcmp(ctype(l, from), ctype(l, to)))
        return text;
    if (is_aggregate(l, to))
        return F(l, "(*(%s *)&%s)", ctype(l, to), temp(l, from, text));
    return F(l, "((%s)%s)", ctype(l, to), text);
}

const char *lower_conversion(struct lowerer *l, struct expr *e)
{
    struct expr *x = e->call.args.items[0];
    struct type *to = type_of(l, e), *from = type_of(l, x);
    if (x->mode == MODE_NIL)
        return zero(l, to);
    if (x->mode == MODE_CONSTANT && type_is_untyped(x->type) && !is_interface(l, to) && is_kind(l, to, TYPE_BASIC)) {
        struct type *u = under(l, to);
        bool rune = is_string(l, to) && x->value->kind != CONSTANT_STRING;
        if (!rune && u->basic != BASIC_UNSAFE_POINTER)
            return lower_constant(l, to, x->value);
    }
    if (is_interface(l, to))
        return lower_to(l, x, to);
    const char *text = lower_expr(l, x);
    l->converting = e;
    struct pos pos = enter_expr(l, x); /* a slice that is too short for an array is told of at its own place */
    text = placed(l, convert_value(l, text, from, to));
    l->pos = pos;
    l->converting = NULL;
    return text;
}

/* ---- assertions ---- */

static const char *unbox(struct lowerer *l, const char *x, struct type *to)
{
    if (!is_direct(l, to))
        return F(l, "(*(%s *)%s.data)", ctype(l, to), x);
    if (is_scalar(l, to))
        return F(l, "((%s)%s.data)", ctype(l, to), x);
    return F(l, "(*(%s *)&%s.data)", ctype(l, to), x);
}

static const char *assert_concrete(struct lowerer *l, const char *x, struct type *from, struct type *to,
                                   const char **ok)
{
    const char *type = type_word(l, x, from), *want = descriptor(l, to);
    if (!ok) {
        emit(l, F(l, "gomem_assert_type(g, " MARK_HERE ", %s, %s, %s)", type, want, descriptor(l, from)));
        return temp(l, to, unbox(l, x, to));
    }
    *ok = temp(l, basic(l, BASIC_BOOL), F(l, "%s == %s", type, want));
    return temp(l, to, F(l, "%s ? %s : %s", *ok, unbox(l, x, to), zero(l, to)));
}

const char *lower_assert(struct lowerer *l, const char *x, struct type *from, struct type *to, const char **ok)
{
    x = stable(l, from, x);
    if (!is_interface(l, to))
        return assert_concrete(l, x, from, to, ok);
    const char *type = type_word(l, x, from);
    if (is_empty_interface(l, to)) {
        if (ok)
            *ok = temp(l, basic(l, BASIC_BOOL), F(l, "%s != NULL", type));
        else
            emit(l, F(l, "gomem_assert_not_nil(g, " MARK_HERE ", %s, %s)", type, descriptor(l, to)));
        return temp(l, to, F(l, "(gomem_eface){%s, %s.data}", type, x));
    }
    const char *want = descriptor(l, types_underlying(l->t, to));
    if (ok) {
        const char *found = temp(l, to, F(l, "gomem_try_iface(g, %s, %s, %s.data)", want, type, x));
        *ok = temp(l, basic(l, BASIC_BOOL), F(l, "%s.tab != NULL", found));
        return found;
    }
    return temp(l, to,
                F(l, "gomem_assert_iface(g, " MARK_HERE ", %s, %s, %s, %s.data)", want, descriptor(l, to), type, x));
}
