/*
 * lower_place: places, what is loaded from and stored to.
 *
 * A place is an lvalue without side effects. Loads and stores of words in memory that goroutines may share are relaxed atomics, stores
 * of pointers into memory go through the barrier (spec/gomem_code.h). A store after others takes a held place, whose operands are
 * evaluated and which does not yet panic. Fresh places are where escape analysis says: in the frame or on the heap.
 */
#include "lower_internal.h"

static struct place memory(const char *text, struct type *type)
{
    return (struct place){.text = text, .memory = true, .var = NO_VAR, .type = type};
}

/* What the pointer points to. */
static struct place pointee(struct lowerer *l, const char *pointer, struct type *type)
{
    return memory(F(l, is_endless(l, type) ? "(*(void **)%s)" : "(*%s)", pointer), type);
}

struct place place_deref(struct lowerer *l, struct type *elem, const char *pointer, bool check)
{
    size_t n = strlen(pointer);
    if (n > 3 && pointer[0] == '(' && pointer[1] == '&' && pointer[2] == MARK_VAR &&
        strchr(pointer, MARK_END) == pointer + n - 2)
        return (struct place){.text = arena_strndup(l->arena, pointer + 2, n - 3), .var = NO_VAR, .type = elem};
    if (!strcmp(pointer, "NULL")) // of no type in C
        pointer = F(l, "(%s)%s", ctype(l, types_canonical(l->t, types_pointer(l->t, elem))), pointer);
    if (check)
        pointer = F(l, "gomem_nn(g, " MARK_HERE ", %s)", pointer);
    return pointee(l, pointer, elem);
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
            return pointee(l, capture, type);
        return (struct place){.text = capture, .var = NO_VAR, .type = type};
    }
    int32_t var = (int32_t)(intptr_t)ptr_map_get(&l->fn->objects, o) - 1;
    if (var < 0) {
        unsupported(l, l->pos, F(l, "the variable %s here", o->name->text));
        return memory("0", type);
    }
    if (boxed(l, o))
        return pointee(l, V(l, var), type);
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

struct place place_step(struct lowerer *l, struct place at, uint32_t index)
{
    if (is_kind(l, at.type, TYPE_POINTER))
        at = place_deref(l, lower_type(l, under(l, at.type)->pointer.elem), load(l, at), true);
    struct type *field = lower_type(l, under(l, at.type)->struct_.fields.items[index]->type);
    return field_of(at, member(l, at.text, field_name(l, at.type, index)), field);
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

static struct place place_of(struct lowerer *l, struct expr *e, bool held);

struct place place_field(struct lowerer *l, struct expr *e, bool held)
{
    struct expr *x = e->selector.x;
    const struct selection *s = lower_selection(l, e);
    struct place at = {.var = NO_VAR, .type = type_of(l, x)};
    if (is_kind(l, at.type, TYPE_POINTER))
        at.text = lower_expr(l, x);
    else
        at = place_of(l, x, held);
    for (uint32_t i = 0; i < s->count; i++) {
        if (held && is_kind(l, at.type, TYPE_POINTER))
            at = (struct place){.text = temp(l, at.type, load(l, at)), .var = NO_VAR, .type = at.type};
        at = place_step(l, at, s->path[i]);
    }
    return at;
}

struct place place_index(struct lowerer *l, struct expr *e, bool held)
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
        base = place_of(l, x, held);
    }
    elem = lower_type(l, u->array.elem);
    length = F(l, "%lld", (long long)u->array.len);
    const char *i = hold(l, type_of(l, index), lower_expr(l, index), held && index->mode != MODE_CONSTANT);
    if (index->mode != MODE_CONSTANT)
        i = index_check(l, i, type_of(l, index), length);
    return field_of(base, F(l, "%s[%s]", member(l, base.text, "a"), i), elem);
}

static struct place unplaced(struct lowerer *l, struct expr *e, bool held)
{
    struct type *type = type_of(l, e);
    switch (e->kind) {
    case EXPR_NAME:
        if (e->name.object && e->name.object->kind == OBJECT_VAR)
            return place_var(l, e->name.object);
        break;
    case EXPR_STAR:
        return place_deref(l, type, hold(l, type_of(l, e->star.x), lower_expr(l, e->star.x), held), true);
    case EXPR_SELECTOR:
        if (!e->selector.selection && e->selector.name->name.object->kind == OBJECT_VAR)
            return place_var(l, e->selector.name->name.object);
        if (e->selector.selection && e->selector.selection->kind == SELECT_FIELD)
            return place_field(l, e, held);
        break;
    case EXPR_INDEX:
        if (e->mode != MODE_VARIABLE && e->mode != MODE_VALUE)
            break;
        if (!is_kind(l, type_of(l, e->index.x), TYPE_MAP) && !is_string(l, type_of(l, e->index.x)) &&
            !is_kind(l, type_of(l, e->index.x), TYPE_FUNC))
            return place_index(l, e, held);
        break;
    default:
        break;
    }
    return (struct place){.text = temp(l, type, lower_expr(l, e)), .var = NO_VAR, .type = type};
}

static struct place place_of(struct lowerer *l, struct expr *e, bool held)
{
    e = ast_unparen(e);
    struct pos pos = enter_expr(l, e);
    struct place at = unplaced(l, e, held);
    at.text = placed(l, at.text);
    l->pos = pos;
    return at;
}

struct place lower_place(struct lowerer *l, struct expr *e)
{
    return place_of(l, e, false);
}

struct place lower_target(struct lowerer *l, struct expr *e, bool held)
{
    e = ast_unparen(e);
    return e->kind == EXPR_INDEX ? place_of(l, e, held) : unplaced(l, e, held);
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
    else
        emit(l, F(l, "%s = %s", to, value));
}

void move_array(struct lowerer *l, struct place to, const char *from)
{
    const char *text = lower_condition_fold(l, to.text);
    emit(l, F(l, "memmove(&%s, &%s, sizeof %s)", text, lower_condition_fold(l, from), text));
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
    return F(l, "(void *)&%s", V(l, v));
}

struct place fresh_place(struct lowerer *l, struct type *type)
{
    int32_t var = new_var(l, "v", type);
    return (struct place){.text = V(l, var), .var = var, .type = type};
}
