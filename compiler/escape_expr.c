/*
 * escape_expr: expressions as edges.
 *
 * esc_eval(w, k, x) says "the value of x goes to k". Going down the tree the hole gains a dereference for each pointer followed and
 * loses one for each address taken, until a variable or an allocation site is reached, where it becomes an edge. Parts that matter
 * only for their side effects go to the blank location. A value without pointers leads nowhere, so it goes there too — except where
 * its address is what flows.
 */
#include "escape_internal.h"

static struct type *under_of(const struct walk *w, const struct expr *x)
{
    return esc_under(w->code->unit, esc_type(w->code->unit, x));
}

void esc_discard(struct walk *w, const struct expr *x)
{
    if (x)
        esc_eval(w, esc_discard_hole(w), x);
}

/* ---- conversions to interfaces ---- */

struct hole esc_convert_hole(struct walk *w, struct hole k, struct type *from, struct type *to, const struct expr *x,
                             uint32_t index, struct pos pos)
{
    const struct escape_result *u = w->code->unit;
    if (!to || !esc_is_interface(u, to) || esc_is_interface(u, from) || esc_is_direct(u, from))
        return k;
    return esc_spill(w, k, x, ESCAPE_BOX, index, pos, from);
}

void esc_flow_part(struct walk *w, struct hole k, struct location *part, struct type *to, const struct expr *x,
                   uint32_t index, struct pos pos)
{
    struct hole inner = esc_convert_hole(w, k, part->type, to, x, index, pos);
    if (inner.dst != k.dst)
        inner.dst->name = part->name;
    esc_flow_typed(w, inner, part);
}

static struct hole box(struct walk *w, struct hole k, const struct expr *x, struct type *from, struct type *to)
{
    if (x->mode == MODE_NIL)
        return k;
    struct hole inner = esc_convert_hole(w, k, from, to, x, 0, x->pos);
    if (inner.dst != k.dst && inner.dst->kind == LOCATION_SITE)
        inner.dst->constant = x->mode == MODE_CONSTANT ? NULL : esc_static_constant(w->code->unit, x);
    return inner;
}

void esc_eval_as(struct walk *w, struct hole k, const struct expr *x, struct type *type)
{
    if (!x)
        return;
    if (x->mode == MODE_NIL || !type || esc_replacement(w, x, 0)) {
        esc_eval(w, k, x);
        return;
    }
    esc_eval(w, box(w, k, x, esc_type(w->code->unit, x), type), x);
}

/* ---- selectors ---- */

/*
 * Evaluates x.f.g…: the first `count` steps of the path. Steps come off from the end, each a dereference when it goes through a
 * pointer.
 */
static struct hole path_hole(const struct walk *w, struct hole k, struct type *type, const struct selection *s,
                             uint32_t count)
{
    const struct escape_result *u = w->code->unit;
    for (uint32_t i = 0; i < count; i++) {
        struct type *under = esc_under(u, type);
        if (under->kind == TYPE_POINTER) {
            k = esc_hole_shift(k, 1);
            under = esc_under(u, under->pointer.elem);
        }
        type = under->struct_.fields.items[s->path[i]]->type;
    }
    return k;
}

static void eval_path(struct walk *w, struct hole k, const struct expr *x, const struct selection *s, uint32_t count)
{
    esc_eval(w, path_hole(w, k, esc_type(w->code->unit, x), s, count), x);
}

/* The type reached after `count` steps. */
static struct type *path_type(const struct walk *w, struct type *type, const struct selection *s, uint32_t count)
{
    const struct escape_result *u = w->code->unit;
    for (uint32_t i = 0; i < count; i++) {
        struct type *under = esc_under(u, type);
        if (under->kind == TYPE_POINTER)
            under = esc_under(u, under->pointer.elem);
        type = esc_subst(u, under->struct_.fields.items[s->path[i]]->type);
    }
    return type;
}

struct hole esc_method_hole(const struct walk *w, struct hole k, struct type *type, const struct selection *s)
{
    uint32_t steps = s->count ? s->count - 1 : 0;
    bool pointer = esc_under(w->code->unit, path_type(w, type, s, steps))->kind == TYPE_POINTER;
    bool wants = s->object->pointer_recv && s->kind != SELECT_INTERFACE_METHOD;
    if (wants && !pointer)
        k = esc_hole_shift(k, -1);
    else if (!wants && pointer && s->kind == SELECT_METHOD)
        k = esc_hole_shift(k, 1);
    return path_hole(w, k, type, s, steps);
}

void esc_eval_receiver(struct walk *w, struct hole k, const struct expr *x, const struct selection *s)
{
    esc_eval(w, esc_method_hole(w, k, esc_type(w->code->unit, x), s), x);
}

static void eval_method_value(struct walk *w, struct hole k, const struct expr *x)
{
    struct escape_result *u = w->code->unit;
    const struct selection *s = x->selector.selection;
    struct hole closure = esc_spill(w, k, x, ESCAPE_VALUE, 0, x->pos, esc_type(u, x));
    struct hole param = esc_heap_hole(w);
    if (s->kind == SELECT_METHOD) {
        struct callee callee = esc_method_callee(u, s->object, s->holder);
        param = esc_receiver_hole(w, &callee);
    }
    struct hole both[] = {param, closure};
    esc_eval_receiver(w, esc_tee(w, both, 2), x->selector.x, s);
}

static void eval_selector(struct walk *w, struct hole k, const struct expr *x)
{
    const struct selection *s = x->selector.selection;
    if (!s || s->kind == SELECT_METHOD_EXPR)
        return;
    if (s->kind == SELECT_FIELD)
        eval_path(w, k, x->selector.x, s, s->count);
    else
        eval_method_value(w, k, x);
}

/* ---- composite literals ---- */

static void eval_elements(struct walk *w, struct hole k, const struct expr *x, struct type *elem)
{
    for (uint32_t i = 0; i < x->composite.elems.count; i++) {
        const struct expr *e = x->composite.elems.items[i];
        esc_eval_as(w, k, e->kind == EXPR_KEY_VALUE ? e->key_value.value : e, elem);
    }
}

static void eval_fields(struct walk *w, struct hole k, const struct expr *x, struct type *type)
{
    for (uint32_t i = 0; i < x->composite.elems.count; i++) {
        const struct expr *e = x->composite.elems.items[i];
        const struct object *field = e->kind == EXPR_KEY_VALUE ? e->key_value.key->name.object : NULL;
        uint32_t index = field ? field->index : i;
        struct type *want = esc_subst(w->code->unit, type->struct_.fields.items[index]->type);
        esc_eval_as(w, k, e->kind == EXPR_KEY_VALUE ? e->key_value.value : e, want);
    }
}

static void eval_entries(struct walk *w, const struct expr *x, struct type *type)
{
    for (uint32_t i = 0; i < x->composite.elems.count; i++) {
        const struct expr *e = x->composite.elems.items[i];
        esc_eval_as(w, esc_heap_hole(w), e->key_value.key, type->map.key);
        esc_eval_as(w, esc_heap_hole(w), e->key_value.value, type->map.elem);
    }
}

static void eval_literal(struct walk *w, struct hole k, const struct expr *x, struct type *type)
{
    struct type *under = esc_under(w->code->unit, type);
    switch (under->kind) {
    case TYPE_ARRAY:
        eval_elements(w, k, x, under->array.elem);
        break;
    case TYPE_STRUCT:
        eval_fields(w, k, x, under);
        break;
    case TYPE_SLICE:
        eval_elements(w, esc_spill(w, k, x, ESCAPE_VALUE, 0, x->pos, type), x, under->slice.elem);
        break;
    case TYPE_MAP:
        esc_spill(w, k, x, ESCAPE_VALUE, 0, x->pos, type);
        eval_entries(w, x, under);
        break;
    default:
        break;
    }
}

static void eval_composite(struct walk *w, struct hole k, const struct expr *x)
{
    struct escape_result *u = w->code->unit;
    struct type *type = esc_type(u, x), *under = esc_under(u, type);
    if (under->kind != TYPE_POINTER) {
        eval_literal(w, k, x, type);
        return;
    }
    struct hole inner = esc_spill(w, k, x, ESCAPE_VALUE, 0, x->pos, type);
    eval_literal(w, inner, x, under->pointer.elem);
}

/* ---- operators ---- */

static void eval_address(struct walk *w, struct hole k, const struct expr *x)
{
    const struct expr *operand = ast_unparen(x->unary.x);
    if (operand->kind != EXPR_COMPOSITE) {
        esc_eval(w, esc_hole_shift(k, -1), operand);
        return;
    }
    struct hole inner = esc_spill(w, k, x, ESCAPE_VALUE, 0, x->pos, esc_type(w->code->unit, x));
    esc_eval(w, inner, operand);
}

static void eval_unary(struct walk *w, struct hole k, const struct expr *x)
{
    if (x->op == OP_AND)
        eval_address(w, k, x);
    else
        esc_discard(w, x->unary.x);
}

static void discard_summands(struct walk *w, const struct expr *x)
{
    const struct expr *plain = ast_unparen((struct expr *)x);
    if (plain->mode != MODE_CONSTANT && plain->kind == EXPR_BINARY) {
        discard_summands(w, plain->binary.x);
        discard_summands(w, plain->binary.y);
        return;
    }
    esc_discard(w, x);
}

static void discard_compared(struct walk *w, const struct expr *x, const struct expr *other)
{
    const struct escape_result *u = w->code->unit;
    struct type *type = other->mode == MODE_NIL ? NULL : esc_type(u, other);
    esc_eval_as(w, esc_discard_hole(w), x, type && esc_is_interface(u, type) ? type : NULL);
}

static void eval_binary(struct walk *w, struct hole k, const struct expr *x)
{
    enum op op = (enum op)x->op;
    if (op == OP_ADD && esc_is_string(w->code->unit, esc_type(w->code->unit, x))) {
        esc_spill(w, k, x, ESCAPE_VALUE, 0, x->pos, esc_type(w->code->unit, x));
        discard_summands(w, x);
    } else if (op >= OP_EQL && op <= OP_GEQ) {
        discard_compared(w, x->binary.x, x->binary.y);
        discard_compared(w, x->binary.y, x->binary.x);
    } else {
        esc_discard(w, x->binary.x);
        esc_discard(w, x->binary.y);
    }
}

/* ---- indexing and slicing ---- */

static void eval_index(struct walk *w, struct hole k, const struct expr *x)
{
    if (x->index.instance || x->index.x->mode == MODE_TYPE)
        return;
    struct type *under = under_of(w, x->index.x);
    if (under->kind == TYPE_MAP) {
        esc_discard(w, x->index.x);
        esc_eval_as(w, esc_discard_hole(w), x->index.indices.items[0], under->map.key);
        return;
    }
    esc_eval(w, under->kind == TYPE_ARRAY ? k : esc_hole_shift(k, 1), x->index.x);
    esc_discard(w, x->index.indices.items[0]);
}

static void eval_slice(struct walk *w, struct hole k, const struct expr *x)
{
    bool array = under_of(w, x->slice.x)->kind == TYPE_ARRAY;
    esc_eval(w, array ? esc_hole_shift(k, -1) : k, x->slice.x);
    esc_discard(w, x->slice.low);
    esc_discard(w, x->slice.high);
    esc_discard(w, x->slice.max);
}

static struct hole assert_hole(struct walk *w, struct hole k, struct type *type)
{
    const struct escape_result *u = w->code->unit;
    return esc_is_interface(u, type) || esc_is_direct(u, type) ? k : esc_hole_shift(k, 1);
}

struct hole esc_clause_hole(struct walk *w, struct hole k, struct type *type)
{
    return assert_hole(w, k, type);
}

/* ---- closures ---- */

/* Assignments before a variable's first capture do not count, unless a loop may bring them back. */
static void note_capture(struct walk *w, struct location *l)
{
    if (l->captured)
        return;
    l->captured = true;
    if (l->loop_depth == w->loop_depth)
        l->reassigned = false;
}

void esc_flow_closure(struct walk *w, struct hole k, struct code *c)
{
    struct batch *b = w->batch;
    if (k.dst->kind == LOCATION_SITE)
        k.dst->closure = c;
    b->closures = arena_grow(w->e->arena, b->closures, sizeof *b->closures, b->closure_count + 1, &b->closure_capacity);
    b->closures[b->closure_count++] = (struct closure_flow){k, c};
    for (uint32_t i = 0; i < c->captures.count; i++)
        note_capture(w, esc_variable_location(c->unit, c->captures.items[i]));
    for (uint32_t i = 0; i < c->temp_count; i++)
        note_capture(w, c->temps[i]);
}

void esc_eval_closure(struct walk *w, struct hole k, const struct expr *x)
{
    struct code *c = esc_code_of(w->code->unit, x);
    struct hole closure = esc_spill(w, k, x, ESCAPE_VALUE, 0, x->pos, esc_type(w->code->unit, x));
    if (!c)
        return;
    esc_flow_closure(w, closure, c);
    esc_walk_code(w->batch, c);
}

/* ---- any expression ---- */

static void eval_conversion(struct walk *w, struct hole k, const struct expr *x)
{
    const struct escape_result *u = w->code->unit;
    const struct expr *arg = x->call.args.items[0];
    struct type *to = esc_type(u, x), *from = esc_type(u, arg);
    struct type *a = esc_under(u, to), *b = esc_under(u, from);
    bool to_string = type_is_basic(a, BASIC_STRING), from_string = esc_is_string(u, from);
    if (to_string != from_string && (to_string || a->kind == TYPE_SLICE)) {
        esc_spill(w, k, x, ESCAPE_VALUE, 0, w->e->rules->unified ? arg->pos : x->pos, to);
        esc_discard(w, arg);
    } else if (type_is_basic(a, BASIC_UNSAFE_POINTER) && type_is_basic(b, BASIC_UINTPTR)) {
        esc_unsafe_value(w, k, arg);
    } else if (a->kind == TYPE_ARRAY && b->kind == TYPE_SLICE) {
        esc_eval(w, esc_hole_shift(k, 1), arg);
    } else {
        struct hole inner = box(w, k, arg, from, to);
        if (inner.dst != k.dst && inner.dst->kind == LOCATION_SITE) {
            inner.dst->conversion = x;
            inner.dst->pos = w->e->rules->unified ? arg->pos : x->pos;
        }
        esc_eval(w, inner, arg);
    }
}

static void eval_call_expr(struct walk *w, struct hole k, const struct expr *x)
{
    if (x->call.kind == CALL_CONVERSION)
        eval_conversion(w, k, x);
    else
        esc_eval_call(w, &k, x);
}

static void eval_kind(struct walk *w, struct hole k, const struct expr *x)
{
    switch (x->kind) {
    case EXPR_NAME:
        if (esc_is_local_variable(x->name.object))
            esc_flow(w->batch, k, esc_variable_location(w->code->unit, x->name.object));
        break;
    case EXPR_FUNC:
        esc_eval_closure(w, k, x);
        break;
    case EXPR_COMPOSITE:
        eval_composite(w, k, x);
        break;
    case EXPR_SELECTOR:
        eval_selector(w, k, x);
        break;
    case EXPR_INDEX:
        eval_index(w, k, x);
        break;
    case EXPR_SLICE:
        eval_slice(w, k, x);
        break;
    case EXPR_ASSERT:
        esc_eval(w, assert_hole(w, k, esc_type(w->code->unit, x)), x->assert.x);
        break;
    case EXPR_STAR:
        esc_eval(w, esc_hole_shift(k, 1), x->star.x);
        break;
    case EXPR_UNARY:
        eval_unary(w, k, x);
        break;
    case EXPR_BINARY:
        eval_binary(w, k, x);
        break;
    case EXPR_CALL:
        eval_call_expr(w, k, x);
        break;
    default:
        break;
    }
}

void esc_eval(struct walk *w, struct hole k, const struct expr *x)
{
    struct location *temporary = esc_replacement(w, x, 0);
    if (temporary) {
        esc_flow_typed(w, k, temporary);
        return;
    }
    x = ast_unparen((struct expr *)x);
    if (x->mode == MODE_CONSTANT || x->mode == MODE_NIL || x->mode == MODE_TYPE || x->mode == MODE_BUILTIN)
        return;
    struct type *type = x->type ? esc_type(w->code->unit, x) : NULL;
    if (type && type->kind != TYPE_TUPLE && k.derefs >= 0 && !esc_has_pointers(w->code->unit, type))
        k.dst = &w->batch->blank;
    eval_kind(w, k, x);
}

/* ---- uintptr arithmetic ---- */

bool esc_is_header_data(const struct walk *w, const struct expr *x)
{
    if (x->kind != EXPR_SELECTOR || !x->selector.selection || strcmp(x->selector.name->name.ident->text, "Data") != 0)
        return false;
    struct type *type = esc_type(w->code->unit, x->selector.x);
    if (type->kind == TYPE_POINTER)
        type = type->pointer.elem;
    if (type->kind != TYPE_NAMED || !type->named.object->package)
        return false;
    const char *name = type->named.object->name->text;
    return strcmp(type->named.object->package->path, "reflect") == 0 &&
           (strcmp(name, "SliceHeader") == 0 || strcmp(name, "StringHeader") == 0);
}

static bool is_pointer_conversion(const struct walk *w, const struct expr *x)
{
    return x->kind == EXPR_CALL && x->call.kind == CALL_CONVERSION &&
           type_is_basic(under_of(w, x->call.args.items[0]), BASIC_UNSAFE_POINTER);
}

void esc_unsafe_value(struct walk *w, struct hole k, const struct expr *x)
{
    x = ast_unparen((struct expr *)x);
    if (x->mode == MODE_CONSTANT)
        return;
    if (is_pointer_conversion(w, x)) {
        esc_eval(w, k, x->call.args.items[0]);
    } else if (esc_is_header_data(w, x) && under_of(w, x->selector.x)->kind == TYPE_POINTER) {
        esc_eval(w, esc_hole_shift(k, 1), x->selector.x);
    } else if (x->kind == EXPR_UNARY && x->op != OP_RECV && x->op != OP_AND) {
        esc_unsafe_value(w, k, x->unary.x);
    } else if (x->kind == EXPR_BINARY && (x->op == OP_SHL || x->op == OP_SHR)) {
        esc_unsafe_value(w, k, x->binary.x);
        esc_discard(w, x->binary.y);
    } else if (x->kind == EXPR_BINARY && !(x->op >= OP_OROR && x->op <= OP_GEQ)) {
        esc_unsafe_value(w, k, x->binary.x);
        esc_unsafe_value(w, k, x->binary.y);
    } else {
        esc_discard(w, x);
    }
}

/* ---- places ---- */

static void mutate(struct walk *w, const struct expr *x)
{
    esc_eval(w, esc_mutator_hole(w), x);
}

/* Stores into a field: the variable itself when no pointer is followed, else memory nobody follows. */
static struct hole field_place(struct walk *w, const struct expr *x)
{
    const struct escape_result *u = w->code->unit;
    const struct selection *s = x->selector.selection;
    uint32_t last = 0; /* one behind the last step through a pointer */
    for (uint32_t i = 0; i < s->count; i++)
        if (esc_under(u, path_type(w, esc_type(u, x->selector.x), s, i))->kind == TYPE_POINTER)
            last = i + 1;
    if (last == 0)
        return esc_place(w, x->selector.x);
    eval_path(w, esc_mutator_hole(w), x->selector.x, s, last - 1);
    return esc_heap_hole(w);
}

static struct hole index_place(struct walk *w, const struct expr *x)
{
    struct type *under = under_of(w, x->index.x);
    const struct expr *index = x->index.indices.items[0];
    if (under->kind == TYPE_MAP) {
        esc_discard(w, x->index.x);
        esc_eval_as(w, esc_heap_hole(w), index, under->map.key);
        return esc_heap_hole(w);
    }
    esc_discard(w, index);
    if (under->kind == TYPE_ARRAY)
        return esc_place(w, x->index.x);
    mutate(w, x->index.x);
    return esc_heap_hole(w);
}

struct hole esc_place(struct walk *w, const struct expr *x)
{
    x = ast_unparen((struct expr *)x);
    switch (x->kind) {
    case EXPR_NAME:
        if (ast_is_blank(x))
            return esc_discard_hole(w);
        if (esc_is_local_variable(x->name.object))
            return esc_hole_to(esc_variable_location(w->code->unit, x->name.object));
        return esc_heap_hole(w);
    case EXPR_SELECTOR:
        return x->selector.selection ? field_place(w, x) : esc_heap_hole(w);
    case EXPR_INDEX:
        return index_place(w, x);
    case EXPR_STAR:
        mutate(w, x->star.x);
        return esc_heap_hole(w);
    default:
        return esc_heap_hole(w);
    }
}
