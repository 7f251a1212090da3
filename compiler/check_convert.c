/*
 * check_convert: may a value of one type be used as, or converted to, another? Does a type implement an interface?
 *
 * Both questions walk the terms of type parameters: every term must do.
 */
#include "check_internal.h"

/* ---- interfaces ---- */

bool check_is_interface_pointer(struct checker *c, struct type *type)
{
    struct type *u = under(c, type);
    return u->kind == TYPE_POINTER && under(c, u->pointer.elem)->kind == TYPE_INTERFACE;
}

const char *check_interface_pointer_error(struct checker *c, struct type *type)
{
    struct type *u = under(c, type);
    return check_format(c,
                        u->pointer.elem->kind == TYPE_PARAM ? "type %T is pointer to type parameter, not type parameter"
                                                            : "type %T is pointer to interface, not interface",
                        type);
}

static void set_cause(const char **cause, const char *text)
{
    if (cause)
        *cause = text;
}

static bool has_invalid_embedded(struct checker *c, struct type *x, uint32_t depth)
{
    struct type *u = under(c, x);
    if (u->kind == TYPE_POINTER)
        u = under(c, u->pointer.elem);
    if (u->kind != TYPE_STRUCT || depth > 8)
        return false;
    for (uint32_t i = 0; i < u->struct_.fields.count; i++) {
        const struct object *f = u->struct_.fields.items[i];
        if (f->embedded && (!type_valid(f->type) || has_invalid_embedded(c, f->type, depth + 1)))
            return true;
    }
    return false;
}

bool check_has_methods(struct checker *c, struct type *type, struct type *interface, bool static_,
                       types_equal_fn *equal, void *context, const char **cause)
{
    struct missing m;
    if (!type_valid(type) || types_has_methods(c->t, type, interface, static_, equal, context, &m) ||
        has_invalid_embedded(c, type, 0))
        return true;
    if (cause)
        *cause = check_missing_cause(c, type, interface, &m);
    return false;
}

static bool empty_set(const struct type_set *set)
{
    return !set->all_terms && set->terms.count == 0;
}

struct implementing {
    struct checker *c;
    struct type *type;
    struct type *interface;
    const char *verb;
    bool constraint;
    const char **cause;
};

static bool comparability(const struct implementing *q)
{
    struct checker *c = q->c;
    if (!types_set(c->t, q->interface)->comparable || types_comparable(c->t, q->type, false, NULL))
        return true;
    if (q->constraint && types_comparable(c->t, q->type, true, NULL)) {
        if (check_version(c, GO_1_20))
            return true;
        set_cause(q->cause, check_format(c, "%T to %s comparable requires go1.20 or later", q->type, q->verb));
        return false;
    }
    set_cause(q->cause, check_format(c, "%T does not %s comparable", q->type, q->verb));
    return false;
}

static const char *terms_string(struct checker *c, struct term_list terms)
{
    struct text out;
    text_init(&out, c->arena);
    for (uint32_t i = 0; i < terms.count; i++) {
        text_puts(&out, i ? " | " : "");
        text_puts(&out, terms.items[i].tilde ? "~" : "");
        types_print(&out, terms.items[i].type, c->package);
    }
    return text_string(&out);
}

static bool mentions(struct checker *c, struct type *in, struct type *what)
{
    if (in == what)
        return true;
    if (in->kind == TYPE_NAMED || in->kind == TYPE_INTERFACE) {
        struct type *u = under(c, in);
        for (uint32_t i = 0; u->kind == TYPE_INTERFACE && i < u->interface.embeds.count; i++)
            if (mentions(c, u->interface.embeds.items[i], what))
                return true;
    }
    if (in->kind == TYPE_UNION)
        for (uint32_t i = 0; i < in->union_.count; i++)
            if (mentions(c, in->union_.items[i].type, what))
                return true;
    return false;
}

static const char *why_not_in_terms(const struct implementing *q, const struct type_set *set)
{
    struct checker *c = q->c;
    for (uint32_t i = 0; i < set->terms.count; i++) {
        struct term t = set->terms.items[i];
        if (!t.tilde && identical(c, t.type, under(c, t.type)) &&
            types_term_includes(c->t, (struct term){t.type, true}, q->type))
            return check_format(c, "possibly missing ~ for %T in %T", t.type, q->interface);
    }
    if (mentions(c, q->interface, q->type))
        return check_format(c, "%T mentions %T, but %T is not in the type set of %T", q->interface, q->type, q->type,
                            q->interface);
    return check_format(c, "%T missing in %s", q->type, terms_string(c, set->terms));
}

static bool in_terms(const struct implementing *q, const struct type_set *set)
{
    for (uint32_t i = 0; i < set->terms.count; i++)
        if (types_term_includes(q->c->t, set->terms.items[i], q->type))
            return true;
    set_cause(q->cause,
              check_format(q->c, "%T does not %s %T (%s)", q->type, q->verb, q->interface, why_not_in_terms(q, set)));
    return false;
}

static bool not_an_interface(const struct implementing *q)
{
    struct checker *c = q->c;
    const char *detail = check_is_interface_pointer(c, q->interface)
                             ? check_format(c, "type %T is pointer to interface, not interface", q->interface)
                             : check_format(c, "%T is not an interface", q->interface);
    set_cause(q->cause, check_format(c, "%T does not %s %T (%s)", q->type, q->verb, q->interface, detail));
    return false;
}

bool check_implements(struct checker *c, struct type *type, struct type *interface, bool constraint, const char **cause)
{
    struct implementing q = {c, type, interface, constraint ? "satisfy" : "implement", constraint, cause};
    struct type *u = under(c, type), *iu = under(c, interface);
    if (!type_valid(u) || !type_valid(iu) || (u->kind == TYPE_POINTER && !type_valid(under(c, u->pointer.elem))))
        return true;
    if (iu->kind != TYPE_INTERFACE)
        return not_an_interface(&q);
    const struct type_set *want = types_set(c->t, iu);
    const struct type_set *have = u->kind == TYPE_INTERFACE ? types_set(c->t, u) : NULL;
    if ((want->all_terms && !want->comparable && want->methods.count == 0) || (have && empty_set(have)))
        return true;
    if (empty_set(want)) {
        set_cause(cause, check_format(c, "cannot %s %T (empty type set)", q.verb, interface));
        return false;
    }
    const char *why = "";
    if (!check_has_methods(c, type, iu, true, NULL, NULL, cause ? &why : NULL)) {
        set_cause(cause, check_format(c, "%T does not %s %T %s", type, q.verb, interface, why));
        return false;
    }
    if (want->all_terms)
        return comparability(&q);
    if (!have)
        return in_terms(&q, want) && comparability(&q);
    if (types_set_subset(c->t, have, want))
        return comparability(&q);
    set_cause(cause, check_format(c, "%T does not %s %T", type, q.verb, interface));
    return false;
}

/* ---- assignability ---- */

struct assigning {
    struct checker *c;
    struct operand x;
    struct type *from; /* the type parameter being opened, or NULL */
    struct type *to;   /* the other side */
    const char **cause;
    bool ok;
};

static void add_cause(struct checker *c, const char **cause, const char *text)
{
    if (cause)
        *cause = **cause ? check_format(c, "%s\n\t%s", text, *cause) : text;
}

static bool assign_to_term(void *context, struct type *type, struct type *u)
{
    struct assigning *q = context;
    (void)u;
    if (!type)
        return false;
    q->ok = check_assignable(q->c, &q->x, type, q->cause);
    if (!q->ok)
        add_cause(q->c, q->cause, check_format(q->c, "cannot assign %T to %T (in %T)", q->x.type, type, q->to));
    return q->ok;
}

static bool assign_from_term(void *context, struct type *type, struct type *u)
{
    struct assigning *q = context;
    (void)u;
    if (!type)
        return false;
    q->x.type = type;
    q->ok = check_assignable(q->c, &q->x, q->to, q->cause);
    if (!q->ok)
        add_cause(q->c, q->cause, check_format(q->c, "cannot assign %T (in %T) to %T", type, q->from, q->to));
    return q->ok;
}

static bool untyped_assignable(struct checker *c, struct operand *x, struct type *to)
{
    const struct constant *value;
    enum constant_fit fit;
    return check_implicit_type(c, x, to, &value, &fit) != NULL;
}

static bool params_assignable(struct checker *c, struct operand *x, struct type *to, const char **cause)
{
    struct type *from = x->type;
    struct assigning q = {c, *x, from, to, cause, false};
    if (!type_is_named_kind(from) && to->kind == TYPE_PARAM)
        return types_each_term(c->t, to, assign_to_term, &q) && q.ok;
    if (from->kind == TYPE_PARAM && !type_is_named_kind(to))
        return types_each_term(c->t, from, assign_from_term, &q) && q.ok;
    return false;
}

bool check_assignable(struct checker *c, struct operand *x, struct type *to, const char **cause)
{
    struct type *from = x->type;
    if (x->mode == MODE_INVALID || !type_valid(from) || !type_valid(to) || identical(c, from, to))
        return true;
    struct type *fu = under(c, from), *tu = under(c, to);
    bool fp = from->kind == TYPE_PARAM, tp = to->kind == TYPE_PARAM;
    if (type_is_untyped(fu))
        return untyped_assignable(c, x, to);
    if (!fp && !tp && (!type_is_named_kind(from) || !type_is_named_kind(to)) && identical(c, fu, tu))
        return true;
    if ((tu->kind == TYPE_INTERFACE && !tp) || check_is_interface_pointer(c, tu)) {
        if (check_implements(c, from, to, false, cause))
            return true;
        if (!fp)
            return false;
        set_cause(cause, "");
    }
    if (fu->kind == TYPE_INTERFACE && !fp && check_implements(c, to, from, false, NULL)) {
        set_cause(cause, "need type assertion");
        return false;
    }
    if (fu->kind == TYPE_CHAN && tu->kind == TYPE_CHAN && fu->dir == CHAN_BOTH &&
        identical(c, fu->chan.elem, tu->chan.elem))
        return !type_is_named_kind(from) || !type_is_named_kind(to);
    return (fp || tp) && params_assignable(c, x, to, cause);
}

/* ---- conversion ---- */

static bool convertible(struct checker *c, struct operand *x, struct type *to, const char **cause);

static bool is_bytes_or_runes(struct checker *c, struct type *x)
{
    struct type *u = under(c, x);
    if (u->kind != TYPE_SLICE)
        return false;
    struct type *e = under(c, u->slice.elem);
    return type_is_basic(e, BASIC_UINT8) || type_is_basic(e, BASIC_INT32);
}

static bool slice_to_array(struct checker *c, struct type *slice, struct type *to, const char **cause)
{
    bool pointer = to->kind == TYPE_POINTER;
    struct type *array = pointer ? under(c, to->pointer.elem) : to;
    if (array->kind != TYPE_ARRAY || !identical(c, slice->slice.elem, array->array.elem))
        return false;
    if (check_version(c, pointer ? GO_1_17 : GO_1_20))
        return true;
    set_cause(cause, pointer ? "conversion of slice to array pointer requires go1.17 or later"
                             : "conversion of slice to array requires go1.20 or later");
    return false;
}

static bool is_word(struct checker *c, struct type *x)
{
    return under(c, x)->kind == TYPE_POINTER || type_is_basic(under(c, x), BASIC_UINTPTR);
}

static bool basic_conversion(struct checker *c, struct type *from, struct type *to)
{
    struct types *t = c->t;
    unsigned real = BASIC_IS_INTEGER | BASIC_IS_FLOAT;
    bool from_unsafe = type_is_basic(under(c, from), BASIC_UNSAFE_POINTER);
    bool to_unsafe = type_is_basic(under(c, to), BASIC_UNSAFE_POINTER);
    return (types_is(t, from, real) && types_is(t, to, real)) ||
           (types_is(t, from, BASIC_IS_COMPLEX) && types_is(t, to, BASIC_IS_COMPLEX)) ||
           ((types_is(t, from, BASIC_IS_INTEGER) || is_bytes_or_runes(c, from)) && types_is(t, to, BASIC_IS_STRING)) ||
           (types_is(t, from, BASIC_IS_STRING) && is_bytes_or_runes(c, to)) || (is_word(c, from) && to_unsafe) ||
           (from_unsafe && is_word(c, to));
}

static bool convert_to_term(void *context, struct type *type, struct type *u)
{
    struct assigning *q = context;
    (void)u;
    if (!type)
        return false;
    q->ok = convertible(q->c, &q->x, type, q->cause);
    if (!q->ok && q->from)
        add_cause(q->c, q->cause,
                  check_format(q->c, "cannot convert %T (in %T) to type %T (in %T)", q->x.type, q->from, type, q->to));
    else if (!q->ok)
        add_cause(q->c, q->cause, check_format(q->c, "cannot convert %T to type %T (in %T)", q->x.type, type, q->to));
    return q->ok;
}

static bool convert_from_term(void *context, struct type *type, struct type *u)
{
    struct assigning *q = context;
    (void)u;
    if (!type)
        return false;
    q->x.type = type;
    if (q->to->kind == TYPE_PARAM)
        return types_each_term(q->c->t, q->to, convert_to_term, q);
    q->ok = convertible(q->c, &q->x, q->to, q->cause);
    if (!q->ok)
        add_cause(q->c, q->cause, check_format(q->c, "cannot convert %T (in %T) to type %T", type, q->from, q->to));
    return q->ok;
}

static bool pointer_conversion(struct checker *c, struct type *from, struct type *to)
{
    if (from->kind != TYPE_POINTER || to->kind != TYPE_POINTER)
        return false;
    struct type *a = from->pointer.elem, *b = to->pointer.elem;
    return a->kind != TYPE_PARAM && b->kind != TYPE_PARAM &&
           types_identical_ignore_tags(c->t, under(c, a), under(c, b));
}

static bool convertible(struct checker *c, struct operand *x, struct type *to, const char **cause)
{
    if (check_assignable(c, x, to, cause))
        return true;
    struct type *from = x->type;
    bool fp = from->kind == TYPE_PARAM, tp = to->kind == TYPE_PARAM;
    struct type *fu = under(c, from), *tu = under(c, to);
    if (!fp && !tp && types_identical_ignore_tags(c->t, fu, tu))
        return true;
    if (!fp && !tp && (pointer_conversion(c, from, to) || basic_conversion(c, from, to)))
        return true;
    if (!fp && !tp && fu->kind == TYPE_SLICE)
        return slice_to_array(c, fu, tu, cause);
    struct assigning q = {c, *x, fp ? from : NULL, to, cause, false};
    if (fp)
        return types_each_term(c->t, from, convert_from_term, &q) && q.ok;
    return tp && types_each_term(c->t, to, convert_to_term, &q) && q.ok;
}

static bool constant_converts(struct checker *c, struct operand *x, struct type *to, const struct constant **value)
{
    struct type *u = under(c, to);
    if (u->kind != TYPE_BASIC)
        return false;
    if (constant_represent(c->arena, x->value, (enum basic_kind)u->basic, c->t->target->word_size, value) ==
        CONSTANT_FITS)
        return true;
    if (!is_integer(c, x->type) || !is_string(c, u))
        return false;
    *value = constant_rune_string(c->arena, x->value);
    return true;
}

static bool constant_to_term(void *context, struct type *type, struct type *u)
{
    struct assigning *q = context;
    struct checker *c = q->c;
    const struct constant *value = NULL;
    if (!type) {
        set_cause(q->cause, check_format(c, "%T does not contain specific types", q->to));
        return false;
    }
    if ((is_string(c, q->x.type) && is_bytes_or_runes(c, u)) || constant_converts(c, &q->x, u, &value))
        return true;
    set_cause(q->cause, is_integer(c, q->x.type) && is_integer(c, u)
                            ? check_format(c, "constant %C overflows %T (in %T)", q->x.value, u, q->to)
                            : check_format(c, "cannot convert %O to type %T (in %T)", &q->x, u, q->to));
    return false;
}

/* The type the untyped operand itself gets, so that it exists before the conversion. */
static struct type *final_type(struct checker *c, const struct operand *x, struct type *to, bool constant)
{
    bool constant_type = types_is(c->t, to, BASIC_IS_CONSTANT);
    if (operand_is_nil(x))
        return to;
    if (is_interface_value(c, to) || (constant && !constant_type))
        return types_default(c->t, x->type);
    if (x->mode == MODE_CONSTANT && is_integer(c, x->type) && types_all(c->t, to, BASIC_IS_STRING))
        return x->type; /* string(1 << 100) is folded; no integer type need hold it */
    return to;
}

void check_conversion(struct checker *c, struct operand *x, struct type *to)
{
    bool constant = x->mode == MODE_CONSTANT, ok = false;
    const char *cause = "";
    if (constant && types_is(c->t, to, BASIC_IS_CONSTANT)) {
        ok = constant_converts(c, x, to, &x->value);
        if (!ok && is_integer(c, x->type) && is_integer(c, to)) {
            check_error_on(c, x, "constant %C overflows %T", x->value, to);
            x->mode = MODE_INVALID;
            return;
        }
    } else if (constant && to->kind == TYPE_PARAM) {
        struct assigning q = {c, *x, NULL, to, &cause, false};
        ok = types_each_term(c->t, to, constant_to_term, &q);
        x->mode = MODE_VALUE;
    } else if ((ok = convertible(c, x, to, &cause))) {
        x->mode = operand_is_nil(x) ? MODE_NIL : MODE_VALUE;
    }
    if (!ok) {
        const struct constant *whole = constant && is_integer(c, to) ? constant_to_int(c->arena, x->value) : NULL;
        if (whole && whole->kind == CONSTANT_INT)
            x->value = whole; /* as what it is shown */
        if (*cause)
            check_error_on(c, x, "cannot convert %O to type %T: %s", x, to, cause);
        else
            check_error_on(c, x, "cannot convert %O to type %T", x, to);
        x->mode = MODE_INVALID;
        return;
    }
    if (type_is_untyped(x->type))
        check_update_type(c, x->expr, final_type(c, x, to, constant), true);
    if (x->mode == MODE_NIL)
        x->mode = MODE_VALUE;
    x->type = to;
}
