/*
 * escape_stmt: statements as edges, and how deep in loops they stand.
 *
 * Assignment makes edges from what is assigned to what it is assigned to, without regard to order, and notes which variables are set
 * again after their declaration. The loop depth of a declaration is that of the loops round it, so that something made in a loop
 * and kept by a variable outside is seen to outlive its iteration; a label that a later goto jumps back to begins a loop too.
 *
 * Variables of a `for` clause or `range` that are new in each iteration count as declared inside the loop, but only when the loop's
 * body takes their address or captures them; otherwise one variable serves all iterations.
 *
 * The body of a range over a function is code of its own: the closure that the function is called with.
 */
#include "escape_internal.h"

/* ---- plan: codes, captures, variables ---- */

struct plan {
    struct batch *batch;
    struct escape_result *unit;
    struct code *code;
};

bool esc_ranges_over_function(const struct escape_result *u, const struct stmt *s)
{
    return s->range.x->mode != MODE_CONSTANT && esc_under(u, esc_type(u, s->range.x))->kind == TYPE_FUNC;
}

static struct location *plan_variable(struct plan *p, struct object *o)
{
    if (!o)
        return NULL;
    struct location *l = esc_variable_location(p->unit, o);
    struct walk w = {.batch = p->batch, .e = p->batch->escape, .code = p->code, .loop_depth = 1};
    return l ? l : esc_new_variable(&w, o);
}

static void plan_function(struct plan *p, struct code *c)
{
    struct function *f = c->function;
    p->code = c;
    if (f->recv)
        plan_variable(p, f->recv);
    for (uint32_t i = 0; i < f->params.count; i++)
        plan_variable(p, f->params.items[i]);
    c->result_count = f->results.count;
    c->declared = f->params.count + f->results.count + (f->recv ? 1 : 0);
    c->results = ARENA_ARRAY(p->batch->escape->arena, struct location *, f->results.count);
    for (uint32_t i = 0; i < f->results.count; i++) {
        c->results[i] = plan_variable(p, f->results.items[i]);
        c->results[i]->result_index = i;
    }
}

static void capture(struct plan *p, struct object *o)
{
    if (!esc_is_local_variable(o))
        return;
    const struct location *l = esc_variable_location(p->unit, o);
    for (struct code *c = p->code; l && c && c != l->code; c = c->outer) {
        bool known = false;
        for (uint32_t i = 0; i < c->captures.count; i++)
            known |= c->captures.items[i] == o;
        if (known)
            continue;
        c->captures.items = arena_grow(p->batch->escape->arena, c->captures.items, sizeof *c->captures.items,
                                       c->captures.count + 1, &c->capture_capacity);
        c->captures.items[c->captures.count++] = o;
    }
}

static void plan_expr(void *context, const struct expr *x)
{
    struct plan *p = context;
    if (x->kind == EXPR_NAME)
        capture(p, x->name.object);
    if (x->kind == EXPR_FUNC && !esc_is_plain_literal(p->unit, x))
        plan_function(p, esc_code_new(p->unit, p->code, x->func.function, x));
}

static void plan_expr_after(void *context, const struct expr *x)
{
    struct plan *p = context;
    if (x->kind == EXPR_FUNC && !esc_is_plain_literal(p->unit, x))
        p->code = p->code->outer;
}

static void plan_names(struct plan *p, const struct expr_list *names)
{
    for (uint32_t i = 0; i < names->count; i++)
        if (esc_declares(names->items[i]))
            plan_variable(p, names->items[i]->name.object);
}

static void plan_range(struct plan *p, const struct stmt *s)
{
    if (esc_ranges_over_function(p->unit, s))
        esc_map_put(p->batch->escape->arena, &p->unit->codes, s->range.body, 0, (void *)(uintptr_t)s);
    else if (s->define)
        plan_names(p, &s->range.lhs);
}

/*
 * The body of a range over a function begins. It shares a variable with the statement that says how it was left; its own are the
 * closure's parameters.
 */
static void plan_range_body(struct plan *p, const struct stmt *s)
{
    struct arena *a = p->batch->escape->arena;
    struct walk w = {.batch = p->batch, .e = p->batch->escape, .code = p->code, .loop_depth = 1};
    struct location *state = esc_new_temporary(&w, types_basic(w.e->t, BASIC_INT));
    state->name = arena_printf(a, "#state%u", (unsigned)++p->unit->ranges);
    state->pos = s->pos;
    state->moved = state->reassigned = state->captured = true;
    p->code = esc_code_new(p->unit, p->code, NULL, NULL);
    p->code->range = s;
    esc_capture_temporary(a, p->code, state);
    if (!s->define) {
        struct esc_scan scan = {.unit = p->unit, .expr = plan_expr, .after = plan_expr_after, .context = p};
        for (uint32_t i = 0; i < s->range.lhs.count; i++)
            esc_scan_expr(&scan, s->range.lhs.items[i]);
        return;
    }
    plan_names(p, &s->range.lhs);
    for (uint32_t i = 0; i < s->range.lhs.count; i++)
        if (esc_declares(s->range.lhs.items[i]))
            esc_variable_location(p->unit, s->range.lhs.items[i]->name.object)->param = true;
}

/* Where the listing sees the variable of a type switch's clause: at its last type, or at the clause. */
static struct pos clause_pos(const struct plan *p, const struct clause *c)
{
    if (!p->batch->escape->rules->unified)
        return c->colon;
    if (c->exprs.count == 0)
        return c->pos;
    const struct expr *x = c->exprs.items[c->exprs.count - 1];
    for (;;) {
        switch (x->kind) {
        case EXPR_PAREN:
            x = x->paren.x;
            break;
        case EXPR_STAR:
            x = x->star.x;
            break;
        case EXPR_SLICE_TYPE:
            x = x->slice_type.elem;
            break;
        case EXPR_ARRAY_TYPE:
            x = x->array_type.elem;
            break;
        case EXPR_MAP_TYPE:
            x = x->map_type.elem;
            break;
        case EXPR_CHAN_TYPE:
            x = x->chan_type.elem;
            break;
        case EXPR_SELECTOR:
            x = x->selector.x;
            break;
        default:
            return x->pos;
        }
    }
}

static void plan_clauses(struct plan *p, const struct clause_list *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        struct location *l = plan_variable(p, list->items[i]->object);
        if (l)
            l->pos = clause_pos(p, list->items[i]);
    }
}

static void plan_stmt(void *context, const struct stmt *s)
{
    struct plan *p = context;
    switch (s->kind) {
    case STMT_ASSIGN:
        plan_names(p, &s->assign.lhs);
        break;
    case STMT_DECL:
        for (uint32_t i = 0; i < s->decl.list.count; i++)
            if (s->decl.list.items[i]->kind == DECL_VAR)
                plan_names(p, &s->decl.list.items[i]->var.names);
        break;
    case STMT_RANGE:
        plan_range(p, s);
        break;
    case STMT_BLOCK: {
        const struct stmt *range = esc_map_get(&p->unit->codes, s, 0);
        if (range)
            plan_range_body(p, range);
        break;
    }
    case STMT_TYPE_SWITCH:
        plan_clauses(p, &s->type_switch.clauses);
        break;
    default:
        break;
    }
}

static void plan_stmt_after(void *context, const struct stmt *s)
{
    struct plan *p = context;
    if (s->kind == STMT_BLOCK && p->code->range && p->code->range->range.body == s)
        p->code = p->code->outer;
}

void esc_plan(struct batch *b, struct escape_result *u)
{
    struct plan p = {.batch = b, .unit = u, .code = u->code};
    struct esc_scan scan = {.unit = u,
                            .expr = plan_expr,
                            .after = plan_expr_after,
                            .stmt = plan_stmt,
                            .stmt_after = plan_stmt_after,
                            .literals = true,
                            .stop_at_plain = true,
                            .context = &p};
    if (u->function) {
        plan_function(&p, u->code);
        esc_scan_stmt(&scan, u->function->body);
        return;
    }
    for (uint32_t i = 0; i < u->package->init_count; i++)
        esc_scan_expr(&scan, u->package->inits[i].rhs);
}

void esc_capture_temporary(struct arena *a, struct code *c, struct location *l)
{
    c->temps = arena_grow(a, c->temps, sizeof *c->temps, c->temp_count + 1, &c->temp_capacity);
    c->temps[c->temp_count++] = l;
}

/* ---- assignment ---- */

static void walk_stmt(struct walk *w, const struct stmt *s);

static void declare(struct walk *w, const struct object *o)
{
    struct location *l = o ? esc_variable_location(w->code->unit, o) : NULL;
    if (!l)
        return;
    l->loop_depth = w->loop_depth;
    w->code->declared += !o->name->blank;
}

static void declare_names(struct walk *w, const struct expr_list *names)
{
    for (uint32_t i = 0; i < names->count; i++)
        if (esc_declares(names->items[i]))
            declare(w, names->items[i]->name.object);
}

static struct type *place_type(const struct walk *w, const struct expr *lhs)
{
    lhs = ast_unparen((struct expr *)lhs);
    if (ast_is_blank(lhs))
        return NULL;
    if (lhs->kind == EXPR_NAME && lhs->name.object)
        return esc_subst(w->code->unit, lhs->name.object->type);
    return esc_type(w->code->unit, lhs);
}

static void mark_reassigned(struct hole k, const struct expr *lhs)
{
    if (!esc_declares(ast_unparen((struct expr *)lhs)))
        k.dst->reassigned = true;
}

/* A literal nobody uses is not compiled, nor those inside it. */
static void kill_literals(struct walk *w, const struct expr *x)
{
    struct code *c = esc_code_of(w->code->unit, ast_unparen((struct expr *)x));
    if (!c)
        return;
    for (struct code *inner = c; inner; inner = inner->next)
        for (const struct code *o = inner; o; o = o->outer)
            inner->dead |= o == c;
}

static void assign_one(struct walk *w, struct hole k, const struct stmt *s, const struct expr *lhs,
                       const struct expr *rhs)
{
    const struct expr *plain = ast_unparen((struct expr *)lhs);
    if (esc_is_header_data(w, plain) &&
        esc_under(w->code->unit, esc_type(w->code->unit, plain->selector.x))->kind == TYPE_POINTER) {
        esc_unsafe_value(w, esc_heap_hole(w), rhs);
        return;
    }
    if (esc_dead_assignment(w->code->unit, lhs, rhs)) {
        kill_literals(w, rhs);
        return;
    }
    if (esc_self_assignment(w->code->unit, lhs, rhs, false)) {
        esc_list_self_assignment(w, s);
        k = esc_discard_hole(w);
    }
    esc_eval_as(w, k, rhs, place_type(w, lhs));
}

static void assign_pairs(struct walk *w, const struct stmt *s, const struct expr_list *lhs, const struct expr_list *rhs)
{
    struct hole *ks = ARENA_ARRAY(w->e->arena, struct hole, lhs->count);
    for (uint32_t i = 0; i < lhs->count; i++)
        ks[i] = esc_place(w, lhs->items[i]);
    for (uint32_t i = 0; i < lhs->count; i++)
        assign_one(w, ks[i], s, lhs->items[i], rhs->items[i]);
    for (uint32_t i = 0; i < lhs->count; i++)
        mark_reassigned(ks[i], lhs->items[i]);
}

/* v, ok = x: into temporaries, then on. */
static struct location **comma_ok(struct walk *w, const struct expr *x)
{
    struct location **temps = ARENA_ARRAY(w->e->arena, struct location *, 2);
    const struct escape_result *u = w->code->unit;
    struct type *type = esc_type(u, x);
    if (type->kind == TYPE_TUPLE)
        type = type->tuple.items[0];
    for (uint32_t i = 0; i < 2; i++) {
        temps[i] = esc_new_temporary(w, i ? types_basic(w->e->t, BASIC_BOOL) : type);
        temps[i]->name = arena_printf(w->e->arena, ".autotmp_%u", (unsigned)w->code->declared++);
    }
    esc_eval(w, esc_hole_to(temps[0]), x);
    return temps;
}

static void assign_parts(struct walk *w, struct pos pos, const struct expr_list *lhs, const struct expr *rhs)
{
    struct hole *ks = ARENA_ARRAY(w->e->arena, struct hole, lhs->count);
    for (uint32_t i = 0; i < lhs->count; i++)
        ks[i] = esc_place(w, lhs->items[i]);
    const struct expr *plain = ast_unparen((struct expr *)rhs);
    uint32_t count = 2;
    struct location **parts = plain->kind == EXPR_CALL && plain->call.kind != CALL_CONVERSION
                                  ? esc_call_into_temporaries(w, plain, &count)
                                  : comma_ok(w, plain);
    for (uint32_t i = 0; i < lhs->count && i < count; i++) {
        esc_flow_part(w, ks[i], parts[i], place_type(w, lhs->items[i]), rhs, i, pos);
        mark_reassigned(ks[i], lhs->items[i]);
    }
}

static void assign(struct walk *w, const struct stmt *s, struct pos pos, const struct expr_list *lhs,
                   const struct expr_list *rhs)
{
    declare_names(w, lhs);
    if (lhs->count == rhs->count)
        assign_pairs(w, s, lhs, rhs);
    else if (rhs->count == 1)
        assign_parts(w, pos, lhs, rhs->items[0]);
}

static void walk_assign(struct walk *w, const struct stmt *s)
{
    if (s->op == OP_NONE) {
        assign(w, s, s->pos, &s->assign.lhs, &s->assign.rhs);
        return;
    }
    const struct expr *lhs = s->assign.lhs.items[0];
    struct hole k = esc_place(w, lhs);
    bool shift = s->op == OP_SHL || s->op == OP_SHR;
    if (esc_self_assignment(w->code->unit, lhs, s->assign.rhs.items[0], shift)) {
        esc_list_self_assignment(w, s);
        mark_reassigned(k, lhs);
        k = esc_discard_hole(w);
    }
    esc_eval_as(w, k, s->assign.rhs.items[0], shift ? NULL : place_type(w, lhs));
    mark_reassigned(k, lhs);
}

static void walk_decl(struct walk *w, const struct stmt *s)
{
    for (uint32_t i = 0; i < s->decl.list.count; i++) {
        const struct decl *d = s->decl.list.items[i];
        if (d->kind != DECL_VAR)
            continue;
        declare_names(w, &d->var.names);
        if (d->var.values.count)
            assign(w, s, d->pos, &d->var.names, &d->var.values);
    }
}

/* ---- return ---- */

/* A variable of the function's code for a result that is returned inside the body of a range over a function. */
static struct hole carried_result(struct walk *w, struct code *outer, struct location *result)
{
    struct walk there = {.batch = w->batch, .e = w->e, .code = outer, .loop_depth = 1};
    struct location *l = esc_new_temporary(&there, result->type);
    l->reassigned = l->captured = true;
    for (struct code *c = w->code; c != outer; c = c->outer)
        esc_capture_temporary(w->e->arena, c, l);
    esc_flow_typed(w, esc_hole_to(result), l);
    return esc_hole_to(l);
}

static void walk_return(struct walk *w, const struct stmt *s)
{
    struct code *c = w->code;
    while (c->range)
        c = c->outer;
    const struct expr_list *values = &s->return_.results;
    uint32_t count = values->count;
    struct location **parts = NULL;
    if (count == 1 && c->result_count > 1)
        parts = esc_call_into_temporaries(w, ast_unparen(values->items[0]), &count);
    for (uint32_t i = 0; i < c->result_count; i++) {
        struct location *result = c->results[i];
        struct hole k = c == w->code || count == 0 ? esc_hole_to(result) : carried_result(w, c, result);
        if (parts)
            esc_flow_part(w, k, parts[i], result->type, values->items[0], i, s->pos);
        else if (count)
            esc_eval_as(w, k, values->items[i], result->type);
        result->reassigned = true;
    }
}

/* ---- loops ---- */

static bool new_each_iteration(const struct walk *w, const struct stmt *loop, const struct expr *name)
{
    return esc_declares(name) && name->name.object->per_iteration &&
           esc_loop_variable_shared(w->code->unit, loop, name->name.object);
}

/* z is a new variable in each iteration that begins with the last one's value, kept outside. */
static void carry_variable(struct walk *w, const struct object *o)
{
    struct location *z = esc_variable_location(w->code->unit, o);
    z->loop_depth = w->loop_depth;
    z->reassigned = true;
    struct location *kept = esc_new_temporary(w, z->type);
    kept->loop_depth = w->loop_depth - 1;
    esc_flow_typed(w, esc_hole_to(z), kept);
    esc_flow_typed(w, esc_hole_to(kept), z);
}

static void walk_for(struct walk *w, const struct stmt *s)
{
    if (s->for_.init)
        walk_stmt(w, s->for_.init);
    if (s->for_.cond && esc_static_condition(s->for_.cond) < 0)
        return;
    w->loop_depth++;
    const struct stmt *init = s->for_.init;
    for (uint32_t i = 0; init && init->kind == STMT_ASSIGN && i < init->assign.lhs.count; i++)
        if (new_each_iteration(w, s, init->assign.lhs.items[i]))
            carry_variable(w, init->assign.lhs.items[i]->name.object);
    esc_discard(w, esc_reduced_condition(s->for_.cond));
    if (s->for_.post)
        walk_stmt(w, s->for_.post);
    esc_walk_block(w, &s->for_.body->block.list);
    w->loop_depth--;
}

/* Where the key (part 0) or value of a range goes. */
static struct hole range_hole(struct walk *w, const struct stmt *s, uint32_t part)
{
    if (part >= s->range.lhs.count)
        return esc_discard_hole(w);
    const struct expr *lhs = s->range.lhs.items[part];
    if (!new_each_iteration(w, s, lhs)) {
        struct hole k = esc_place(w, lhs);
        k.dst->reassigned = true;
        return k;
    }
    struct location *l = esc_variable_location(w->code->unit, lhs->name.object);
    l->loop_depth = w->loop_depth;
    l->reassigned = true; /* from what the range gives; a capture within a loop further in sees that */
    struct location *given = esc_new_temporary(w, l->type);
    given->loop_depth = 1;
    esc_flow_typed(w, esc_hole_to(l), given);
    return esc_hole_to(given);
}

static void walk_range_call(struct walk *w, const struct stmt *s);

static void walk_range(struct walk *w, const struct stmt *s)
{
    const struct escape_result *u = w->code->unit;
    if (esc_ranges_over_function(u, s)) {
        walk_range_call(w, s);
        return;
    }
    if (s->define)
        declare_names(w, &s->range.lhs);
    struct location *x = esc_new_temporary(w, NULL);
    esc_eval(w, esc_hole_to(x), s->range.x);
    w->loop_depth++;
    range_hole(w, s, 0);
    struct hole value = range_hole(w, s, 1);
    bool array = s->range.x->mode != MODE_CONSTANT && esc_under(u, esc_type(u, s->range.x))->kind == TYPE_ARRAY;
    esc_flow(w->batch, array ? value : esc_hole_shift(value, 1), x);
    esc_walk_block(w, &s->range.body->block.list);
    w->loop_depth--;
}

/* ---- range over a function ---- */

static struct code *range_code(const struct escape_result *u, const struct stmt *s)
{
    for (struct code *c = u->code; c; c = c->next)
        if (c->range == s)
            return c;
    return NULL;
}

static uint8_t call_kind_of(const struct expr *x)
{
    if (x->kind == EXPR_SELECTOR && x->selector.selection) {
        if (x->selector.selection->kind == SELECT_METHOD)
            return CALL_METHOD;
        if (x->selector.selection->kind == SELECT_INTERFACE_METHOD)
            return CALL_INTERFACE;
        return CALL_CLOSURE;
    }
    const struct expr *name = x->kind == EXPR_SELECTOR ? x->selector.name : x->kind == EXPR_INDEX ? x->index.x : x;
    bool function = name->kind == EXPR_NAME && name->name.object && name->name.object->kind == OBJECT_FUNC;
    return function ? CALL_STATIC : CALL_CLOSURE;
}

/* The statement as the call it is: x(func literal). */
static void walk_range_call(struct walk *w, const struct stmt *s)
{
    struct escape_result *u = w->code->unit;
    struct arena *a = w->e->arena;
    struct expr *x = ast_unparen(s->range.x);
    struct type *yield = esc_under(u, esc_type(u, x))->func.params->tuple.items[0];
    struct expr *body = ARENA_NEW(a, struct expr), *call = ARENA_NEW(a, struct expr);
    *body = (struct expr){.kind = EXPR_FUNC, .mode = MODE_VALUE, .pos = s->pos, .type = yield};
    struct expr **args = ARENA_NEW(a, struct expr *);
    *args = body;
    *call = (struct expr){.kind = EXPR_CALL, .mode = MODE_NO_VALUE, .pos = s->pos};
    call->call.fun = x;
    call->call.args = (struct expr_list){args, 1};
    call->call.kind = call_kind_of(x);
    struct code *c = range_code(u, s);
    c->literal = body;
    esc_map_put(a, &u->codes, body, 0, c);
    esc_map_put(a, &u->codes, s, 0, c);
    esc_eval_call(w, NULL, call);
}

/* ---- switch and select ---- */

static void walk_clauses(struct walk *w, const struct clause_list *list, const struct clause *only, struct type *tag)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const struct clause *c = list->items[i];
        if (only && c != only)
            continue;
        for (uint32_t j = 0; j < c->exprs.count; j++)
            esc_eval_as(w, esc_discard_hole(w), c->exprs.items[j], tag);
        esc_walk_block(w, &c->body);
    }
}

/* Cases are compared as the tag's type, or as any when some case or the tag is an interface and the other fits it not. */
static struct type *compared_as(const struct walk *w, const struct stmt *s)
{
    const struct escape_result *u = w->code->unit;
    struct type *tag = s->switch_.tag ? esc_type(u, s->switch_.tag) : types_basic(w->e->t, BASIC_BOOL);
    bool interface = esc_is_interface(u, tag);
    for (uint32_t i = 0; i < s->switch_.clauses.count; i++) {
        const struct clause *c = s->switch_.clauses.items[i];
        for (uint32_t j = 0; j < c->exprs.count; j++) {
            const struct expr *x = c->exprs.items[j];
            if (x->mode != MODE_NIL && !interface && esc_is_interface(u, esc_type(u, x)))
                return w->e->t->any;
        }
    }
    return interface ? tag : NULL;
}

static void walk_switch(struct walk *w, const struct stmt *s)
{
    if (s->switch_.init)
        walk_stmt(w, s->switch_.init);
    struct clause *only = NULL;
    if (esc_static_clause(w->code->unit, s, &only)) {
        if (only) {
            esc_walk_block(w, &only->body);
        }
        return;
    }
    struct type *type = compared_as(w, s);
    if (s->switch_.tag)
        esc_eval_as(w, esc_discard_hole(w), s->switch_.tag, type);
    walk_clauses(w, &s->switch_.clauses, NULL, type);
}

static void walk_type_switch(struct walk *w, const struct stmt *s)
{
    if (s->type_switch.init)
        walk_stmt(w, s->type_switch.init);
    const struct clause_list *list = &s->type_switch.clauses;
    struct hole *ks = ARENA_ARRAY(w->e->arena, struct hole, list->count);
    uint32_t n = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        struct object *o = list->items[i]->object;
        struct location *l = o ? esc_variable_location(w->code->unit, o) : NULL;
        if (!l)
            continue;
        declare(w, o);
        if (esc_has_pointers(w->code->unit, l->type))
            ks[n++] = esc_clause_hole(w, esc_hole_to(l), l->type);
    }
    esc_eval(w, esc_tee(w, ks, n), s->type_switch.x);
    for (uint32_t i = 0; i < list->count; i++)
        esc_walk_block(w, &list->items[i]->body);
}

static void walk_select(struct walk *w, const struct stmt *s)
{
    for (uint32_t i = 0; i < s->select.clauses.count; i++) {
        const struct clause *c = s->select.clauses.items[i];
        if (c->comm)
            walk_stmt(w, c->comm);
        esc_walk_block(w, &c->body);
    }
}

/* ---- labels ---- */

static void label_stmt(void *context, const struct stmt *s)
{
    struct walk *w = context;
    if (s->kind == STMT_LABELED) {
        struct label_state *l = ARENA_NEW(w->e->arena, struct label_state);
        *l = (struct label_state){s, false, w->code->labels};
        w->code->labels = l;
    }
    for (struct label_state *l = w->code->labels; s->kind == STMT_GOTO && l; l = l->next)
        l->looping |= l->stmt == s->branch.target;
}

static void find_labels(struct walk *w, const struct stmt *body)
{
    struct esc_scan scan = {.unit = w->code->unit, .stmt = label_stmt, .context = w};
    esc_scan_stmt(&scan, body);
}

static void walk_labeled(struct walk *w, const struct stmt *s)
{
    for (const struct label_state *l = w->code->labels; l; l = l->next)
        if (l->stmt == s && l->looping)
            w->loop_depth++;
    walk_stmt(w, s->labeled.stmt);
}

/* ---- any statement ---- */

static void walk_if(struct walk *w, const struct stmt *s)
{
    if (s->if_.init)
        walk_stmt(w, s->if_.init);
    esc_discard(w, esc_reduced_condition(s->if_.cond));
    int c = esc_static_condition(s->if_.cond);
    if (c >= 0)
        esc_walk_block(w, &s->if_.then->block.list);
    if (c > 0 || !s->if_.else_)
        return;
    int depth = w->loop_depth;
    walk_stmt(w, s->if_.else_);
    w->loop_depth = depth;
}

static void walk_expr_stmt(struct walk *w, const struct expr *x)
{
    x = ast_unparen((struct expr *)x);
    if (x->kind == EXPR_CALL && x->call.kind != CALL_CONVERSION)
        esc_eval_call(w, NULL, x);
    else
        esc_discard(w, x);
}

static void walk_inc_dec(struct walk *w, const struct stmt *s)
{
    struct hole k = esc_place(w, s->inc_dec.x);
    mark_reassigned(k, s->inc_dec.x);
}

static void walk_send(struct walk *w, const struct stmt *s)
{
    const struct escape_result *u = w->code->unit;
    esc_discard(w, s->send.chan);
    esc_eval_as(w, esc_heap_hole(w), s->send.value, esc_under(u, esc_type(u, s->send.chan))->chan.elem);
}

static void walk_stmt(struct walk *w, const struct stmt *s)
{
    struct act before = esc_begin_statement(w, s);
    switch (s->kind) {
    case STMT_LABELED:
        walk_labeled(w, s);
        break;
    case STMT_BLOCK: {
        uint32_t n = esc_live_count(&s->block.list);
        for (uint32_t i = 0; i < n; i++)
            walk_stmt(w, s->block.list.items[i]);
        break;
    }
    case STMT_EXPR:
        walk_expr_stmt(w, s->expr.x);
        break;
    case STMT_SEND:
        walk_send(w, s);
        break;
    case STMT_DECL:
        walk_decl(w, s);
        break;
    case STMT_ASSIGN:
        walk_assign(w, s);
        break;
    case STMT_INC_DEC:
        walk_inc_dec(w, s);
        break;
    case STMT_GO:
    case STMT_DEFER:
        esc_eval_go(w, s);
        break;
    case STMT_RETURN:
        walk_return(w, s);
        break;
    case STMT_IF:
        walk_if(w, s);
        break;
    case STMT_FOR:
        walk_for(w, s);
        break;
    case STMT_RANGE:
        walk_range(w, s);
        break;
    case STMT_SWITCH:
        walk_switch(w, s);
        break;
    case STMT_TYPE_SWITCH:
        walk_type_switch(w, s);
        break;
    case STMT_SELECT:
        walk_select(w, s);
        break;
    default:
        break;
    }
    w->batch->act = before;
}

void esc_walk_block(struct walk *w, const struct stmt_list *list)
{
    int depth = w->loop_depth;
    uint32_t n = esc_live_count(list);
    for (uint32_t i = 0; i < n; i++)
        walk_stmt(w, list->items[i]);
    w->loop_depth = depth;
}

/* ---- codes ---- */

static void walk_range_body(struct walk *w, const struct stmt *s)
{
    for (uint32_t i = 0; !s->define && i < s->range.lhs.count; i++) {
        struct location *given = esc_new_temporary(w, place_type(w, s->range.lhs.items[i]));
        struct hole k = esc_place(w, s->range.lhs.items[i]);
        if (given->type)
            esc_flow_typed(w, k, given);
        k.dst->reassigned = true;
    }
    esc_walk_block(w, &s->range.body->block.list);
}

static void walk_literal(void *context, const struct expr *x)
{
    struct walk *w = context;
    if (x->kind == EXPR_FUNC && !esc_is_plain_literal(w->code->unit, x))
        esc_walk_code(w->batch, esc_code_of(w->code->unit, x));
}

static void lay_out(struct walk *w, const struct expr *x, struct type *type);

static void lay_out_elements(struct walk *w, const struct expr *x, struct type *under)
{
    for (uint32_t i = 0; i < x->composite.elems.count; i++) {
        const struct expr *e = x->composite.elems.items[i];
        struct type *type = under->kind == TYPE_SLICE   ? under->slice.elem
                            : under->kind == TYPE_ARRAY ? under->array.elem
                                                        : NULL;
        if (!type) {
            bool keyed = e->kind == EXPR_KEY_VALUE && e->key_value.key->name.object;
            type = under->struct_.fields.items[keyed ? e->key_value.key->name.object->index : i]->type;
        }
        lay_out(w, e->kind == EXPR_KEY_VALUE ? e->key_value.value : e, type);
    }
}

/* A package variable's value: the linker lays out literals, code fills in only the parts that are computed. */
static void lay_out(struct walk *w, const struct expr *x, struct type *type)
{
    const struct escape_result *u = w->code->unit;
    const struct esc_scan literals = {.unit = u, .expr = walk_literal, .context = w};
    const struct expr *plain = ast_unparen((struct expr *)x);
    if (esc_is_static_initializer(u, plain)) {
        esc_scan_expr(&literals, plain);
        return;
    }
    const struct expr *literal = plain->kind == EXPR_UNARY && plain->op == OP_AND ? ast_unparen(plain->unary.x) : plain;
    struct type *under = literal->kind == EXPR_COMPOSITE ? esc_under(u, esc_type(u, literal)) : NULL;
    if (under && under->kind == TYPE_POINTER)
        under = esc_under(u, under->pointer.elem);
    if (under && under->kind != TYPE_MAP)
        lay_out_elements(w, literal, under);
    else
        esc_eval_as(w, esc_heap_hole(w), x, type);
}

static void walk_initializers(struct walk *w)
{
    const struct package *p = w->code->unit->package;
    for (uint32_t i = 0; i < p->init_count; i++) {
        const struct initializer *init = &p->inits[i];
        uint32_t count;
        if (init->rhs->type->kind != TYPE_TUPLE) {
            lay_out(w, init->rhs, init->lhs_count == 1 ? init->lhs[0]->type : NULL);
            continue;
        }
        struct location **parts = esc_call_into_temporaries(w, ast_unparen(init->rhs), &count);
        for (uint32_t j = 0; j < count; j++)
            esc_flow_typed(w, esc_heap_hole(w), parts[j]);
    }
}

void esc_walk_code(struct batch *b, struct code *c)
{
    struct walk w = {.batch = b, .e = b->escape, .code = c, .loop_depth = 1};
    if (c->range) {
        walk_range_body(&w, c->range);
    } else if (c->function) {
        find_labels(&w, c->function->body);
        esc_walk_block(&w, &c->function->body->block.list);
    } else if (!c->outer) {
        walk_initializers(&w);
    }
}
