/*
 * lower_stmt: statements, and the frame of a function's body: parameters, results, return.
 *
 * Assignment evaluates values first and the places of the left side after, except where the left side itself calls; several
 * assignments at once keep the operands of their places in temporaries, so that the first store does not move the second.
 */
#include <stdlib.h>

#include "lower_internal.h"

/* ---- variables ---- */

static int32_t bind_var(struct lowerer *l, struct object *o, struct type *type)
{
    int32_t v = new_var(l, o->name->text, type);
    ptr_map_set(l->arena, &l->fn->objects, o, (void *)(intptr_t)(v + 1));
    return v;
}

void declare_local(struct lowerer *l, struct object *o, const char *value)
{
    struct type *type = lower_type(l, o->type);
    if (!boxed(l, o)) {
        int32_t v = (int32_t)(intptr_t)ptr_map_get(&l->fn->objects, o) - 1;
        if (v < 0)
            v = bind_var(l, o, type);
        emit_def(l, v, value ? value : zero(l, type));
        if (stays_in_frame(l, o))
            l->fn->vars[v].exposed = true;
        return;
    }
    if (value)
        value = stable(l, type, value);
    int32_t v = bind_var(l, o, types_canonical(l->t, types_pointer(l->t, type)));
    new_box(l, v, type);
    if (value)
        store(l, place_deref(l, type, V(l, v), false), value);
}

static bool is_fresh(const struct stmt *s, const struct expr *e)
{
    return s->define && e->kind == EXPR_NAME && e->name.object && e->name.object->pos.at == e->pos.at;
}

/* ---- assignment ---- */

struct target {
    struct expr *e;
    struct place place;
    const char *map, *key; /* of a map's element */
    struct type *map_type;
    bool blank, fresh, ready;
};

static bool is_map_element(struct lowerer *l, struct expr *e)
{
    return e->kind == EXPR_INDEX && is_kind(l, type_of(l, e->index.x), TYPE_MAP);
}

static void aim_map(struct lowerer *l, struct target *t)
{
    struct expr *index = t->e->index.indices.items[0];
    t->map_type = type_of(l, t->e->index.x);
    struct type *key = lower_type(l, under(l, t->map_type)->map.key);
    t->map = stable(l, t->map_type, lower_expr(l, t->e->index.x));
    struct place k = fresh_place(l, key);
    emit_def(l, k.var, lower_to(l, index, key));
    t->key = k.text;
}

static void pin_place(struct lowerer *l, struct target *t)
{
    if (!t->place.memory || !size_of(l, t->place.type))
        return;
    const char *pointer =
        temp(l, types_canonical(l->t, types_pointer(l->t, t->place.type)), F(l, "&%s", t->place.text));
    t->place = place_deref(l, t->place.type, pointer, false);
}

static void aim(struct lowerer *l, struct target *t, bool pin)
{
    if (t->ready)
        return;
    t->ready = true;
    if (t->blank || t->fresh)
        return;
    if (is_map_element(l, t->e)) {
        aim_map(l, t);
        return;
    }
    t->place = lower_target(l, t->e, false);
    if (pin)
        pin_place(l, t);
}

/* Evaluates operands only: what an index or a nil pointer panics for, it does after the stores before. */
static void aim_later(struct lowerer *l, struct target *t)
{
    if (!t->ready && !t->blank && !t->fresh && !is_map_element(l, t->e)) {
        t->ready = true;
        t->place = lower_target(l, t->e, true);
    }
    aim(l, t, true);
}

static struct place target_slot(struct lowerer *l, const struct target *t)
{
    struct pos pos = enter_expr(l, t->e);
    struct place slot = map_slot(l, t->map_type, t->map, t->key);
    l->pos = pos;
    return slot;
}

/* The value is of the target's type. */
static void put(struct lowerer *l, struct target *t, const char *value)
{
    if (t->blank) {
        emit(l, F(l, "(void)%s", value));
        return;
    }
    if (t->fresh) {
        declare_local(l, t->e->name.object, value);
        return;
    }
    if (!t->map) {
        store(l, t->place, value);
        return;
    }
    value = stable(l, lower_type(l, under(l, t->map_type)->map.elem), value);
    store(l, target_slot(l, t), value);
}

static struct target target_of(struct stmt *s, struct expr *e)
{
    e = ast_unparen(e);
    return (struct target){.e = e, .blank = is_blank(e), .fresh = !is_blank(e) && is_fresh(s, e)};
}

static struct expr_list left_sides(const struct stmt *s)
{
    return s->kind == STMT_RANGE ? s->range.lhs : s->assign.lhs;
}

/* The targets of a statement; those that call are evaluated at once, as calls happen from left to right. */
static struct target *targets_of(struct lowerer *l, struct stmt *s)
{
    struct expr_list lhs = left_sides(s);
    struct target *t = ARENA_ARRAY(l->arena, struct target, lhs.count + 1);
    for (uint32_t i = 0; i < lhs.count; i++) {
        t[i] = target_of(s, lhs.items[i]);
        if (has_call(t[i].e))
            aim_later(l, &t[i]);
    }
    return t;
}

static struct type *target_type(struct lowerer *l, const struct target *t, struct expr *rhs)
{
    if (t->blank)
        return type_of(l, rhs);
    if (t->fresh)
        return lower_type(l, t->e->name.object->type);
    return type_of(l, t->e);
}

static void put_parts(struct lowerer *l, struct target *t, struct stmt *s, const char *const *parts,
                      struct type *const *types)
{
    uint32_t n = left_sides(s).count;
    for (uint32_t i = 0; i < n; i++)
        aim_later(l, &t[i]);
    struct expr *whole = s->kind == STMT_ASSIGN && s->assign.rhs.count == 1 ? s->assign.rhs.items[0] : NULL;
    for (uint32_t i = 0; i < n; i++) {
        struct type *type = t[i].blank ? types[i] : target_type(l, &t[i], whole);
        put(l, &t[i], convert_part(l, whole, i, parts[i], types[i], type));
    }
}

void assign_parts(struct lowerer *l, struct stmt *s, const char *const *parts, struct type *const *types)
{
    put_parts(l, targets_of(l, s), s, parts, types);
}

/* A literal that was an argument of an inlined call, and inlined itself, is made no more. */
static bool is_unused_literal(struct lowerer *l, struct expr *to, struct expr *value)
{
    return l->fn->escape && ast_unparen(value)->kind == EXPR_FUNC && escape_unused(l->fn->escape, to, value);
}

static bool may_overlap(struct lowerer *l, struct expr *to, struct expr *from, struct type *type)
{
    return to->kind == EXPR_STAR && ast_unparen(from)->kind == EXPR_STAR && is_kind(l, type, TYPE_ARRAY) &&
           size_of(l, type) && !has_pointers(l, type);
}

static void assign_one(struct lowerer *l, struct stmt *s)
{
    struct target t = target_of(s, s->assign.lhs.items[0]);
    if (is_unused_literal(l, t.e, s->assign.rhs.items[0])) {
        if (t.fresh && !boxed(l, t.e->name.object))
            declare_local(l, t.e->name.object, NULL); /* others may be set to it that nobody uses either */
        return;
    }
    struct expr *rhs = s->assign.rhs.items[0];
    struct type *type = target_type(l, &t, rhs);
    if (has_call(t.e))
        aim_later(l, &t);
    const char *value = lower_to(l, rhs, type);
    if (!t.ready && is_map_element(l, t.e) && !t.blank)
        value = stable(l, type, value);
    aim(l, &t, false);
    if (may_overlap(l, t.e, rhs, type))
        move_array(l, t.place, value);
    else
        put(l, &t, value);
}

static void assign_many(struct lowerer *l, struct stmt *s)
{
    uint32_t n = s->assign.lhs.count;
    struct target *t = targets_of(l, s);
    const char **values = ARENA_ARRAY(l->arena, const char *, n);
    for (uint32_t i = 0; i < n; i++) {
        struct type *type = target_type(l, &t[i], s->assign.rhs.items[i]);
        values[i] = stable(l, type, lower_to(l, s->assign.rhs.items[i], type));
    }
    for (uint32_t i = 0; i < n; i++)
        aim_later(l, &t[i]);
    for (uint32_t i = 0; i < n; i++)
        put(l, &t[i], values[i]);
}

static void assign_split(struct lowerer *l, struct stmt *s)
{
    uint32_t n = s->assign.lhs.count;
    const char **parts = ARENA_ARRAY(l->arena, const char *, n);
    struct type **types = ARENA_ARRAY(l->arena, struct type *, n);
    struct target *t = targets_of(l, s);
    struct expr *rhs = ast_unparen(s->assign.rhs.items[0]);
    if (rhs->kind == EXPR_CALL) {
        lower_call_parts(l, rhs, parts);
        for (uint32_t i = 0; i < n; i++)
            types[i] = lower_type(l, rhs->type->tuple.items[i]);
    } else {
        lower_comma_ok(l, rhs, &parts[0], &parts[1]);
        types[0] = type_of(l, rhs);
        types[1] = basic(l, BASIC_BOOL);
        parts[0] = stable(l, types[0], parts[0]);
    }
    put_parts(l, t, s, parts, types);
}

static void assign_op(struct lowerer *l, struct expr *lhs, enum op op, struct expr *rhs)
{
    lhs = ast_unparen(lhs);
    struct type *type = type_of(l, lhs);
    struct target t = {.e = lhs};
    const struct constant *c = rhs && rhs->mode == MODE_CONSTANT ? rhs->value : NULL;
    bool called = has_call(lhs);
    if (called)
        aim_later(l, &t);
    struct type *right = rhs ? (op_is_shift(op) ? type_of(l, rhs) : type) : type;
    const char *y = rhs ? (c ? lower_constant(l, right, c) : lower_expr(l, rhs)) : "1";
    if (rhs && !c && (is_map_element(l, lhs) || !is_scalar(l, type)))
        y = stable(l, right, y);
    if (called)
        pin_place(l, &t);
    else
        aim(l, &t, lhs->kind != EXPR_NAME && lhs->kind != EXPR_STAR);
    const char *old;
    if (t.map && op != OP_DIV && op != OP_REM) { /* a division may panic before the entry is made */
        t.place = target_slot(l, &t);
        t.map = NULL;
    }
    if (t.map) {
        const char *p = temp(l, types_canonical(l->t, types_pointer(l->t, type)),
                             map_operation(l, "access", t.map_type, t.map, t.key));
        old = temp(l, type, F(l, "%s ? *%s : %s", p, p, zero(l, type)));
    } else {
        old = load(l, t.place);
    }
    put(l, &t, arithmetic(l, op, type, old, y, rhs ? c : NULL, right));
}

static void lower_assign(struct lowerer *l, struct stmt *s)
{
    if (s->op != OP_NONE)
        assign_op(l, s->assign.lhs.items[0], (enum op)s->op, s->assign.rhs.items[0]);
    else if (s->assign.lhs.count != s->assign.rhs.count)
        assign_split(l, s);
    else if (s->assign.lhs.count == 1)
        assign_one(l, s);
    else
        assign_many(l, s);
}

static void lower_var_decl(struct lowerer *l, struct decl *d)
{
    struct expr_list names = d->var.names, values = d->var.values;
    if (values.count == 1 && names.count > 1) {
        struct stmt fake = {.kind = STMT_ASSIGN, .define = true};
        fake.assign.lhs = names;
        fake.assign.rhs = values;
        assign_split(l, &fake);
        return;
    }
    const char **texts = ARENA_ARRAY(l->arena, const char *, names.count);
    for (uint32_t i = 0; i < names.count && values.count; i++) {
        struct object *o = names.items[i]->name.object;
        struct type *type = o             ? lower_type(l, o->type)
                            : d->var.type ? type_of(l, d->var.type)
                                          : type_of(l, values.items[i]);
        texts[i] = lower_to(l, values.items[i], type);
        if (names.count > 1)
            texts[i] = stable(l, type, texts[i]);
        if (!o)
            emit(l, F(l, "(void)%s", texts[i]));
    }
    for (uint32_t i = 0; i < names.count; i++)
        if (names.items[i]->name.object)
            declare_local(l, names.items[i]->name.object, texts[i]);
}

static void lower_decls(struct lowerer *l, struct decl_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (list.items[i]->kind == DECL_VAR)
            lower_var_decl(l, list.items[i]);
}

/* ---- jumps ---- */

void push_target(struct lowerer *l, struct jump_target *t, struct stmt *s)
{
    *t = (struct jump_target){.stmt = s, .outer = l->fn->targets};
    l->fn->targets = t;
}

static struct label *label_of(struct lowerer *l, struct stmt *labeled)
{
    struct label *label = ptr_map_get(&l->fn->labels, labeled);
    if (!label) {
        label = new_label(l, labeled->labeled.label->name.ident->text);
        ptr_map_set(l->arena, &l->fn->labels, labeled, label);
    }
    return label;
}

void lower_branch(struct lowerer *l, struct stmt *s)
{
    if (s->kind == STMT_GOTO && !yield_leaves(l, s->branch.target)) {
        emit_goto(l, label_of(l, s->branch.target));
        return;
    }
    for (struct jump_target *t = l->fn->targets; t; t = t->outer)
        if (t->stmt == s->branch.target) {
            emit_goto(l, s->kind == STMT_BREAK ? t->break_ : t->continue_);
            return;
        }
    yield_branch(l, s);
}

/* ---- return ---- */

static bool has_result_vars(const struct fn *f)
{
    return f->results != NULL;
}

static struct place result_place(struct lowerer *l, uint32_t i)
{
    struct fn *f = l->fn;
    struct object *o = f->function->results.count ? f->function->results.items[i] : NULL;
    struct type *type = lower_type(l, f->type->func.results->tuple.items[i]);
    if (o && !o->name->blank && boxed(l, o))
        return place_deref(l, type, V(l, f->results[i]), false);
    return (struct place){.text = V(l, f->results[i]), .var = f->results[i], .type = type};
}

static const char *compose(struct lowerer *l, const char *const *values)
{
    struct type *tuple = l->fn->type->func.results;
    if (tuple->tuple.count == 1)
        return values[0];
    struct text s;
    text_init(&s, l->arena);
    text_printf(&s, "(%s){", result_type(l, l->fn->type));
    for (uint32_t i = 0; i < tuple->tuple.count; i++)
        text_printf(&s, "%s%s", i ? ", " : "", lower_condition_fold(l, values[i]));
    text_putc(&s, '}');
    return text_string(&s);
}

static const char *result_values(struct lowerer *l)
{
    uint32_t n = l->fn->type->func.results->tuple.count;
    if (!n)
        return NULL;
    const char **values = ARENA_ARRAY(l->arena, const char *, n);
    for (uint32_t i = 0; i < n; i++)
        values[i] = load(l, result_place(l, i));
    return compose(l, values);
}

static const char **return_values(struct lowerer *l, struct stmt *s)
{
    struct type *tuple = home(l)->type->func.results;
    uint32_t n = tuple->tuple.count;
    struct expr_list list = s->return_.results;
    const char **values = ARENA_ARRAY(l->arena, const char *, n + 1);
    bool spread = list.count == 1 && n > 1;
    if (spread)
        lower_call_parts(l, list.items[0], values);
    for (uint32_t i = 0; i < n; i++) {
        struct type *want = lower_type(l, tuple->tuple.items[i]);
        if (spread) {
            struct type *from = lower_type(l, ast_unparen(list.items[0])->type->tuple.items[i]);
            values[i] = convert_part(l, list.items[0], i, values[i], from, want);
            continue;
        }
        values[i] = lower_to(l, list.items[i], want);
        bool later = has_result_vars(l->fn) && n > 1;
        for (uint32_t k = i + 1; k < list.count; k++)
            later |= has_call(list.items[k]);
        if (later)
            values[i] = stable(l, want, values[i]);
    }
    return values;
}

void return_with(struct lowerer *l, const char *const *values)
{
    struct fn *f = l->fn;
    if (values && !has_result_vars(f)) {
        emit_return(l, compose(l, values));
        return;
    }
    for (uint32_t i = 0; values && i < f->type->func.results->tuple.count; i++)
        store(l, result_place(l, i), values[i]);
    if (f->epilogue)
        emit_goto(l, f->epilogue);
    else
        emit_return(l, result_values(l));
}

static void lower_return(struct lowerer *l, struct stmt *s)
{
    const char **values = s->return_.results.count ? return_values(l, s) : NULL;
    if (l->fn->yield)
        yield_return(l, s, values);
    else
        return_with(l, values);
}

/* ---- control ---- */

void lower_block(struct lowerer *l, struct stmt_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        lower_stmt(l, list.items[i]);
}

static void lower_if(struct lowerer *l, struct stmt *s)
{
    if (s->if_.init)
        lower_stmt(l, s->if_.init);
    emit_if(l, lower_expr(l, s->if_.cond));
    lower_block(l, s->if_.then->block.list);
    if (s->if_.else_) {
        emit_else(l);
        lower_stmt(l, s->if_.else_);
    }
    emit_end(l);
}

/* Each iteration has a variable of its own: a fresh box with the old one's value. */
static void renew_loop_vars(struct lowerer *l, struct stmt *init)
{
    if (!init || init->kind != STMT_ASSIGN || !init->define)
        return;
    for (uint32_t i = 0; i < init->assign.lhs.count; i++) {
        struct expr *e = init->assign.lhs.items[i];
        struct object *o = e->kind == EXPR_NAME ? e->name.object : NULL;
        if (!o || !o->per_iteration || !boxed(l, o))
            continue;
        struct type *type = lower_type(l, o->type);
        int32_t p = new_var(l, "t", types_canonical(l->t, types_pointer(l->t, type)));
        new_box(l, p, type);
        store(l, place_deref(l, type, V(l, p), false), load(l, place_var(l, o)));
        emit_def(l, (int32_t)(intptr_t)ptr_map_get(&l->fn->objects, o) - 1, V(l, p));
    }
}

static void lower_for(struct lowerer *l, struct stmt *s)
{
    struct jump_target t;
    if (s->for_.init)
        lower_stmt(l, s->for_.init);
    push_target(l, &t, s);
    t.break_ = new_label(l, "break");
    t.continue_ = new_label(l, "continue");
    uint32_t at = l->fn->count;
    const char *cond = s->for_.cond ? lower_expr(l, s->for_.cond) : NULL;
    if (l->fn->count == at) {
        emit_loop(l, cond);
    } else {
        insert(l, at, INS_LOOP);
        l->fn->loop_depth++;
        emit_if(l, F(l, "!%s", cond));
        emit_goto(l, t.break_);
        emit_end(l);
    }
    lower_block(l, s->for_.body->block.list);
    emit_label(l, t.continue_);
    renew_loop_vars(l, s->for_.init);
    if (s->for_.post)
        lower_stmt(l, s->for_.post);
    emit_poll(l);
    emit_end(l);
    l->fn->loop_depth--;
    emit_label(l, t.break_);
    l->fn->targets = t.outer;
}

static void lower_send(struct lowerer *l, struct stmt *s)
{
    struct type *chan = type_of(l, s->send.chan), *elem = lower_type(l, under(l, chan)->chan.elem);
    const char *c = stable(l, chan, lower_expr(l, s->send.chan));
    const char *value = lower_to(l, s->send.value, elem);
    struct place p = fresh_place(l, elem);
    l->fn->vars[p.var].exposed = true;
    emit_def(l, p.var, value);
    emit_call(l, NO_VAR, F(l, "gomem_rt.chans->send(g, %s, &%s)", c, p.text));
}

static void lower_expr_stmt(struct lowerer *l, struct expr *e)
{
    struct expr *x = ast_unparen(e);
    if (x->kind == EXPR_CALL) {
        lower_call(l, x);
        return;
    }
    const char *text = lower_expr(l, x);
    if (!is_constant_text(text) && text[0] != MARK_VAR)
        emit(l, F(l, "(void)%s", text));
}

void lower_stmt(struct lowerer *l, struct stmt *s)
{
    if (l->compilation->diags.reported != l->errors)
        return; /* the rest of the function would only repeat the error */
    if (s->kind != STMT_BLOCK && s->kind != STMT_EMPTY)
        l->pos = s->pos;
    lower_moves(l, s);
    switch (s->kind) {
    case STMT_EMPTY:
        break;
    case STMT_LABELED:
        emit_label(l, label_of(l, s));
        lower_stmt(l, s->labeled.stmt);
        break;
    case STMT_BLOCK:
        lower_block(l, s->block.list);
        break;
    case STMT_EXPR:
        lower_expr_stmt(l, s->expr.x);
        break;
    case STMT_SEND:
        lower_send(l, s);
        break;
    case STMT_DECL:
        lower_decls(l, s->decl.list);
        break;
    case STMT_ASSIGN:
        lower_assign(l, s);
        break;
    case STMT_INC_DEC:
        assign_op(l, s->inc_dec.x, (enum op)s->op, NULL);
        break;
    case STMT_GO:
        lower_go(l, s);
        break;
    case STMT_DEFER:
        lower_defer(l, s);
        break;
    case STMT_RETURN:
        lower_return(l, s);
        break;
    case STMT_BREAK:
    case STMT_CONTINUE:
    case STMT_GOTO:
        lower_branch(l, s);
        break;
    case STMT_IF:
        lower_if(l, s);
        break;
    case STMT_FOR:
        lower_for(l, s);
        break;
    case STMT_RANGE:
        lower_range(l, s);
        break;
    case STMT_SWITCH:
        lower_switch(l, s);
        break;
    case STMT_TYPE_SWITCH:
        lower_type_switch(l, s);
        break;
    case STMT_SELECT:
        lower_select(l, s);
        break;
    default:
        unsupported(l, s->pos, F(l, "the statement %s", ast_stmt_kind_name((enum stmt_kind)s->kind)));
    }
}

/* ---- bodies ---- */

int32_t bind_param(struct lowerer *l, struct text *sig, struct object *o, struct type *type)
{
    bool used = o && !o->name->blank;
    int32_t v = add_param(l, sig, used ? o->name->text : "unused", type);
    if (used)
        ptr_map_set(l->arena, &l->fn->objects, o, (void *)(intptr_t)(v + 1));
    return v;
}

/* Boxed parameters move into their boxes once all parameters are known. */
void box_param(struct lowerer *l, struct object *o)
{
    if (!o || o->name->blank)
        return;
    if (stays_in_frame(l, o))
        l->fn->vars[(int32_t)(intptr_t)ptr_map_get(&l->fn->objects, o) - 1].exposed = true;
    if (!boxed(l, o))
        return;
    struct type *type = lower_type(l, o->type);
    const char *value = V(l, (int32_t)(intptr_t)ptr_map_get(&l->fn->objects, o) - 1);
    int32_t p = new_var(l, o->name->text, types_canonical(l->t, types_pointer(l->t, type)));
    new_box(l, p, type);
    store(l, place_deref(l, type, V(l, p), false), value);
    ptr_map_set(l->arena, &l->fn->objects, o, (void *)(intptr_t)(p + 1));
}

static void bind_results(struct lowerer *l, struct function *f)
{
    struct fn *fn = l->fn;
    uint32_t n = fn->type->func.results->tuple.count;
    fn->result_count = n;
    if (!n || !(f->named_results || f->has_defer))
        return;
    fn->results = ARENA_ARRAY(l->arena, int32_t, n);
    for (uint32_t i = 0; i < n; i++) {
        struct object *o = i < f->results.count ? f->results.items[i] : NULL;
        struct type *type = lower_type(l, fn->type->func.results->tuple.items[i]);
        if (o && !o->name->blank) {
            declare_local(l, o, NULL);
            fn->results[i] = (int32_t)(intptr_t)ptr_map_get(&fn->objects, o) - 1;
        } else {
            fn->results[i] = new_var(l, "result", type);
            emit_def(l, fn->results[i], zero(l, type));
        }
        fn->vars[fn->results[i]].always = f->has_defer;
    }
}

static void write_epilogue(struct lowerer *l)
{
    emit_label(l, l->fn->epilogue);
    emit_call(l, NO_VAR, "gomem_rt.panics->run_defers(g)");
    emit_return(l, result_values(l));
}

static void bind_params(struct lowerer *l, struct text *sig, struct function *f)
{
    struct type *func = l->fn->type, *rest;
    struct type_list params = func->func.params->tuple;
    uint32_t plain = plain_params(l, func, &rest);
    for (uint32_t i = 0; i < plain; i++)
        bind_param(l, sig, i < f->params.count ? f->params.items[i] : NULL, lower_type(l, params.items[i]));
    if (!rest)
        return;
    const char *all = V(l, add_param(l, sig, "rest", rest));
    for (uint32_t i = plain; i < params.count && i < f->params.count; i++) {
        struct object *o = f->params.items[i];
        if (!o || o->name->blank)
            continue;
        int32_t v = new_var(l, o->name->text, lower_type(l, params.items[i]));
        ptr_map_set(l->arena, &l->fn->objects, o, (void *)(intptr_t)(v + 1));
        emit_def(l, v, F(l, "%s.p%u", all, i - plain));
    }
}

static int64_t tuple_size(struct lowerer *l, struct type *tuple)
{
    int64_t size = 0;
    for (uint32_t i = 0; i < tuple->tuple.count; i++)
        size += size_of(l, lower_type(l, tuple->tuple.items[i]));
    return size;
}

/* Only arguments and results can make a frame that large, as large variables are on the heap. */
static void check_frame(struct lowerer *l, struct function *f, struct type *receiver)
{
    struct type *func = l->fn->type;
    int64_t size = tuple_size(l, func->func.params) + tuple_size(l, func->func.results);
    size += receiver ? size_of(l, receiver) : 0;
    if (size >= 1 << 30)
        diag_error(&l->compilation->diags, f->object ? f->object->pos : f->literal->pos,
                   "stack frame too large (>1GB): 0 MB locals + %lld MB args", (long long)(size >> 20));
}

void lower_body(struct lowerer *l, struct function *f, struct type *receiver)
{
    struct fn *fn = l->fn;
    struct text sig;
    text_init(&sig, l->arena);
    const char *result = result_type(l, fn->type);
    text_printf(&sig, "%s%s%s(gomem_g *g", result, result[strlen(result) - 1] == '*' ? "" : " ", fn->name);
    if (fn->closure) {
        add_param(l, &sig, "c", fn->closure);
        if (fn->closure->kind == TYPE_POINTER)
            bind_captures(l, captures_of(l, f));
    }
    if (receiver)
        bind_param(l, &sig, f->recv, receiver);
    bind_params(l, &sig, f);
    fn->signature = text_string(&sig);
    fn->defers = f->has_defer;
    check_frame(l, f, receiver);
    if (receiver)
        box_param(l, f->recv);
    for (uint32_t i = 0; i < f->params.count; i++)
        box_param(l, f->params.items[i]);
    bind_results(l, f);
    if (fn->defers)
        fn->epilogue = new_label(l, "recovered");
    lower_block(l, f->body->block.list);
    l->pos = f->body->end;
    if (fn->epilogue)
        write_epilogue(l);
    else if (!check_terminates(f->body))
        emit_return(l, fn->results ? result_values(l) : NULL);
}
