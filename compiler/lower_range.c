/*
 * lower_range: for … range. The operand is evaluated once; each iteration sets the variables and runs the body.
 */
#include "lower_internal.h"

struct range {
    struct stmt *s;
    struct jump_target target;
    struct expr *key, *value; /* NULL: none, or _ */
};

static struct object *fresh(const struct range *r, struct expr *e)
{
    return r->s->define && e && e->kind == EXPR_NAME ? e->name.object : NULL;
}

/* Variables that all iterations share are declared before the loop. */
static void declare_shared(struct lowerer *l, const struct range *r)
{
    struct expr *both[] = {r->key, r->value};
    for (int i = 0; i < 2; i++) {
        struct object *o = fresh(r, both[i]);
        if (o && !o->per_iteration)
            declare_local(l, o, NULL);
    }
}

static void set_var(struct lowerer *l, const struct range *r, struct expr *e, const char *text, struct type *type)
{
    if (!e)
        return;
    struct object *o = fresh(r, e);
    if (o && o->per_iteration) {
        declare_local(l, o, assign_convert(l, text, type, lower_type(l, o->type)));
        return;
    }
    if (o) {
        store(l, place_var(l, o), assign_convert(l, text, type, lower_type(l, o->type)));
        return;
    }
    struct stmt one = {.kind = STMT_ASSIGN};
    one.assign.lhs = (struct expr_list){&e, 1};
    assign_parts(l, &one, &text, &type);
}

/* Key and value. */
static void set_both(struct lowerer *l, const struct range *r, const char *key, struct type *key_type,
                     const char *value, struct type *value_type)
{
    if (!r->key || !r->value || r->s->define) {
        set_var(l, r, r->value, value, value_type);
        set_var(l, r, r->key, key, key_type);
        return;
    }
    const char *parts[] = {key, stable(l, value_type, value)};
    struct type *types[] = {key_type, value_type};
    assign_parts(l, r->s, parts, types);
}

static void open_loop(struct lowerer *l, struct range *r, const char *cond)
{
    push_target(l, &r->target, r->s);
    r->target.break_ = new_label(l, "break");
    r->target.continue_ = new_label(l, "continue");
    emit_loop(l, cond);
}

static void body(struct lowerer *l, struct range *r)
{
    lower_block(l, r->s->range.body->block.list);
    emit_label(l, r->target.continue_);
}

static void close_loop(struct lowerer *l, struct range *r)
{
    emit_poll(l);
    emit_end(l);
    l->fn->loop_depth--;
    emit_label(l, r->target.break_);
    l->fn->targets = r->target.outer;
}

static void break_unless(struct lowerer *l, struct range *r, const char *cond)
{
    emit_if(l, cond);
    emit_goto(l, r->target.break_);
    emit_end(l);
}

static const char *counter(struct lowerer *l, struct type *type)
{
    int32_t v = new_var(l, "i", type);
    emit_def(l, v, "0");
    return V(l, v);
}

static void range_integer(struct lowerer *l, struct range *r, struct type *type)
{
    const char *n = stable(l, type, lower_to(l, r->s->range.x, type)), *i = counter(l, type);
    open_loop(l, r, F(l, "(%s < %s)", i, n));
    set_var(l, r, r->key, i, type);
    body(l, r);
    emit(l, F(l, "%s++", i));
    close_loop(l, r);
}

/* item: text of element i. */
static void range_items(struct lowerer *l, struct range *r, const char *n, const char *i, struct place item)
{
    open_loop(l, r, F(l, "(%s < %s)", i, n));
    set_both(l, r, i, basic(l, BASIC_INT), r->value ? load(l, item) : NULL, item.type);
    body(l, r);
    emit(l, F(l, "%s++", i));
    close_loop(l, r);
}

static void range_slice(struct lowerer *l, struct range *r, struct type *type)
{
    struct type *elem = lower_type(l, under(l, type)->slice.elem), *word = basic(l, BASIC_INT);
    const char *s = temp(l, type, lower_expr(l, r->s->range.x));
    const char *n = temp(l, word, F(l, "%s.len", s)), *i = counter(l, word);
    range_items(
        l, r, n, i,
        (struct place){
            .text = F(l, "((%s *)%s.ptr)[%s]", ctype(l, elem), s, i), .memory = true, .var = NO_VAR, .type = elem});
}

static void range_array(struct lowerer *l, struct range *r, struct type *type)
{
    struct type *u = under(l, type), *array = u->kind == TYPE_POINTER ? lower_type(l, u->pointer.elem) : type;
    struct type *elem = lower_type(l, under(l, array)->array.elem);
    struct expr *x = r->s->range.x;
    const char *n = F(l, "%lld", (long long)under(l, array)->array.len), *base = "";
    bool pointer = u->kind == TYPE_POINTER;
    if (r->value)
        base = temp(l, type, lower_expr(l, x));
    else if (has_call(x))
        emit(l, F(l, "(void)%s", lower_expr(l, x)));
    const char *i = counter(l, basic(l, BASIC_INT));
    if (pointer && r->value)
        base = F(l, "gomem_nn(g, " MARK_HERE ", %s)->a[%s]", base, i);
    else
        base = F(l, "%s.a[%s]", base, i);
    range_items(l, r, n, i, (struct place){.text = base, .memory = pointer, .var = NO_VAR, .type = elem});
}

static void range_string(struct lowerer *l, struct range *r, struct type *type)
{
    struct type *word = basic(l, BASIC_INT), *rune = basic(l, BASIC_INT32);
    const char *s = temp(l, type, lower_expr(l, r->s->range.x)), *i = counter(l, word);
    int32_t width = new_var(l, "width", word);
    open_loop(l, r, F(l, "(%s < %s.len)", i, s));
    emit_def(l, width, "0");
    const char *value = temp(l, rune, F(l, "gomem_decode_rune(%s, %s, &%s)", s, i, V(l, width)));
    set_both(l, r, i, word, value, rune);
    body(l, r);
    emit(l, F(l, "%s += %s", i, V(l, width)));
    close_loop(l, r);
}

/* The iterator as a Go type, so that its place in the frame has a mask: GOMEM_MAP_ITER_POINTERS. */
static struct type *iterator_type(struct lowerer *l)
{
    struct type *pointer = basic(l, BASIC_UNSAFE_POINTER), *word = basic(l, BASIC_UINTPTR);
    const char *names[] = {"map", "type", "key", "value", "pointers", "words"};
    struct type *types[] = {pointer, word, pointer, pointer, types_array(l->t, pointer, 6), types_array(l->t, word, 6)};
    return make_struct(l, names, types, 6);
}

static void range_map(struct lowerer *l, struct range *r, struct type *type)
{
    struct type *key = lower_type(l, under(l, type)->map.key), *elem = lower_type(l, under(l, type)->map.elem);
    const char *m = stable(l, type, lower_expr(l, r->s->range.x));
    struct type *iterator = iterator_type(l);
    int32_t it = new_var(l, "it", iterator);
    l->fn->vars[it].exposed = true;
    emit_def(l, it, zero(l, iterator));
    emit(l, F(l, "gomem_rt.maps->iter_start(g, %s, %s, (gomem_map_iter *)&%s)", descriptor(l, type), m, V(l, it)));
    open_loop(l, r, F(l, "(%s.key != NULL)", V(l, it)));
    const char *k = r->key ? temp(l, key, F(l, "*(%s *)%s.key", ctype(l, key), V(l, it))) : NULL;
    const char *v = r->value ? temp(l, elem, F(l, "*(%s *)%s.value", ctype(l, elem), V(l, it))) : NULL;
    set_both(l, r, k, key, v, elem);
    body(l, r);
    emit(l, F(l, "gomem_rt.maps->iter_next(g, (gomem_map_iter *)&%s)", V(l, it)));
    close_loop(l, r);
}

static void range_chan(struct lowerer *l, struct range *r, struct type *type)
{
    struct type *elem = lower_type(l, under(l, type)->chan.elem);
    const char *c = stable(l, type, lower_expr(l, r->s->range.x));
    open_loop(l, r, NULL);
    struct place p = fresh_place(l, elem);
    l->fn->vars[p.var].exposed = true;
    emit_def(l, p.var, zero(l, elem));
    int32_t ok = new_var(l, "ok", basic(l, BASIC_BOOL));
    emit_call(l, ok, F(l, "gomem_rt.chans->recv(g, %s, &%s)", c, p.text));
    break_unless(l, r, F(l, "!%s", V(l, ok)));
    set_var(l, r, r->key, p.text, elem);
    body(l, r);
    close_loop(l, r);
}

/* ---- for i := range s { s[i] = 0 } ---- */

static bool is_zero_value(struct lowerer *l, const struct expr *e, struct type *type)
{
    if (e->mode == MODE_NIL)
        return true;
    if (e->mode != MODE_CONSTANT || under(l, type)->kind != TYPE_BASIC)
        return false;
    const struct constant *c = e->value;
    return c->kind == CONSTANT_BOOL     ? !c->boolean
           : c->kind == CONSTANT_STRING ? c->string.length == 0
                                        : constant_is_numeric(c) && constant_sign(c) == 0;
}

static bool names_the_same(const struct expr *a, const struct expr *b)
{
    return a->kind == EXPR_NAME && b->kind == EXPR_NAME && a->name.object && a->name.object == b->name.object;
}

/* Whether the loop does no more than to clear the slice that it ranges over. */
static bool clears_slice(struct lowerer *l, const struct range *r, struct type *type)
{
    const struct stmt_list *list = &r->s->range.body->block.list;
    if (r->value || !fresh(r, r->key) || list->count != 1 || list->items[0]->kind != STMT_ASSIGN)
        return false;
    const struct stmt *s = list->items[0];
    if (s->define || s->op != OP_NONE || s->assign.lhs.count != 1 || s->assign.rhs.count != 1)
        return false;
    const struct expr *to = s->assign.lhs.items[0];
    return to->kind == EXPR_INDEX && names_the_same(to->index.x, r->s->range.x) &&
           names_the_same(to->index.indices.items[0], r->key) &&
           is_zero_value(l, s->assign.rhs.items[0], lower_type(l, under(l, type)->slice.elem));
}

static void clear_slice(struct lowerer *l, struct range *r, struct type *type)
{
    struct type *elem = lower_type(l, under(l, type)->slice.elem);
    emit(l, F(l, "gomem_clear_slice(g, %s, %s)", descriptor(l, elem), lower_expr(l, r->s->range.x)));
}

void lower_range(struct lowerer *l, struct stmt *s)
{
    struct range r = {.s = s};
    if (s->range.lhs.count > 0 && !is_blank(s->range.lhs.items[0]))
        r.key = s->range.lhs.items[0];
    if (s->range.lhs.count > 1 && !is_blank(s->range.lhs.items[1]))
        r.value = s->range.lhs.items[1];
    struct type *type = type_of(l, s->range.x), *u = under(l, type);
    if (u->kind != TYPE_FUNC)
        declare_shared(l, &r);
    switch (u->kind) {
    case TYPE_BASIC:
        if (u->basic == BASIC_STRING)
            range_string(l, &r, type);
        else
            range_integer(l, &r, type);
        break;
    case TYPE_SLICE:
        if (clears_slice(l, &r, type))
            clear_slice(l, &r, type);
        else
            range_slice(l, &r, type);
        break;
    case TYPE_ARRAY:
    case TYPE_POINTER:
        range_array(l, &r, type);
        break;
    case TYPE_MAP:
        range_map(l, &r, type);
        break;
    case TYPE_CHAN:
        range_chan(l, &r, type);
        break;
    default:
        lower_range_function(l, s, type);
    }
}
