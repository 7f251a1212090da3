/*
 * lower_scan: what a function does to its variables, found by one walk over its body before it is lowered.
 *
 * Of each local variable: is its address taken, does a literal inside use it, is it set again after its declaration. From that
 * follows whether it is boxed (its own block) or captured by value. The body of a range over a function captures as a literal does,
 * though its variables are the function's.
 */
#include "lower_internal.h"

/* Code of its own: a function, or the body of a range over one. */
struct context {
    struct context *outer;
    struct function *f; /* NULL: a body */
    struct stmt *range;
};

struct scan {
    struct lowerer *l;
    struct function *f; /* the innermost */
    struct context *context;
};

/* What code uses of what is round it, and what it ranges over. Kept under the address of a function's list of locals, or the statement. */
struct captures {
    struct object_list list;
    size_t capacity;
    struct stmt_list ranges;
    size_t range_capacity;
};

struct facts *facts_of(struct lowerer *l, struct object *object)
{
    struct facts *x = ptr_map_get(&l->escapes, object);
    if (!x) {
        x = ARENA_NEW(l->arena, struct facts);
        ptr_map_set(l->arena, &l->escapes, object, x);
    }
    return x;
}

bool captured_by_value(struct lowerer *l, struct object *object)
{
    if (l->fn && l->fn->escape)
        return escape_by_value(l->fn->escape, object);
    const struct facts *x = facts_of(l, object);
    return !x->addressed && !x->reassigned && size_of(l, lower_type(l, object->type)) <= 128;
}

bool boxed(struct lowerer *l, struct object *object)
{
    if (l->fn && l->fn->escape)
        return escape_variable(l->fn->escape, object) && !COMPILE_FAULT(l, stack_escapes);
    const struct facts *x = facts_of(l, object);
    return x->addressed || (x->captured && !captured_by_value(l, object));
}

bool stays_in_frame(struct lowerer *l, struct object *object)
{
    const struct facts *x = facts_of(l, object);
    return !boxed(l, object) && (x->addressed || (x->captured && !captured_by_value(l, object)));
}

static void scan_expr(struct scan *s, struct expr *e);
static void scan_stmt(struct scan *s, struct stmt *st);

static bool is_local(const struct object *o)
{
    return o && o->kind == OBJECT_VAR && !o->is_field && o->function;
}

static struct captures *captures_at(struct lowerer *l, const void *key)
{
    struct captures *c = ptr_map_get(&l->escapes, key);
    if (!c) {
        c = ARENA_NEW(l->arena, struct captures);
        ptr_map_set(l->arena, &l->escapes, key, c);
    }
    return c;
}

struct object_list captures_of(struct lowerer *l, struct function *f)
{
    return captures_at(l, &f->locals)->list;
}

struct object_list captures_of_range(struct lowerer *l, struct stmt *range)
{
    return captures_at(l, range)->list;
}

struct stmt_list ranges_of(struct lowerer *l, struct function *f)
{
    return captures_at(l, &f->locals)->ranges;
}

static void add_capture(struct lowerer *l, struct captures *c, struct object *o)
{
    for (uint32_t i = 0; i < c->list.count; i++)
        if (c->list.items[i] == o)
            return;
    c->list.items = arena_grow(l->arena, c->list.items, sizeof *c->list.items, c->list.count + 1, &c->capacity);
    c->list.items[c->list.count++] = o;
}

static bool declared_in(const struct lowerer *l, const struct context *c, const struct object *o)
{
    if (c->f)
        return o->function == c->f;
    return source_within(&l->compilation->sources, o->pos, c->range->pos, c->range->range.body->end);
}

static void use(struct scan *s, struct object *o)
{
    if (!is_local(o))
        return;
    for (struct context *c = s->context; c && !declared_in(s->l, c, o); c = c->outer) {
        facts_of(s->l, o)->captured = true;
        add_capture(s->l, captures_at(s->l, c->f ? (const void *)&c->f->locals : c->range), o);
    }
}

/* The variable that an operand is a part of, without going through a pointer; NULL when there is none. */
static struct object *root(struct scan *s, struct expr *e)
{
    e = ast_unparen(e);
    if (e->kind == EXPR_NAME)
        return is_local(e->name.object) ? e->name.object : NULL;
    if (e->kind == EXPR_SELECTOR && e->selector.selection && e->selector.selection->kind == SELECT_FIELD)
        return e->selector.selection->indirect ? NULL : root(s, e->selector.x);
    if (e->kind == EXPR_INDEX && e->index.x->type && e->index.x->mode != MODE_TYPE &&
        types_underlying(s->l->t, e->index.x->type)->kind == TYPE_ARRAY)
        return root(s, e->index.x);
    return NULL;
}

static void take_address(struct scan *s, struct expr *e)
{
    struct object *o = root(s, e);
    if (o)
        facts_of(s->l, o)->addressed = true;
}

static void reassign(struct scan *s, struct expr *e)
{
    struct object *o = root(s, e);
    if (o)
        facts_of(s->l, o)->reassigned = true;
}

static void visit(void *context, struct expr *e)
{
    scan_expr(context, e);
}

static void scan_selector(struct scan *s, struct expr *e)
{
    const struct selection *sel = e->selector.selection;
    if (!sel) {
        use(s, e->selector.name->name.object);
        return;
    }
    if (sel->kind == SELECT_METHOD && sel->object->pointer_recv && !sel->indirect)
        take_address(s, e->selector.x);
    else if (sel->address)
        take_address(s, e->selector.x);
    scan_expr(s, e->selector.x);
}

static void scan_literal(struct scan *s, struct expr *e)
{
    struct scan inner = {s->l, e->func.function, &(struct context){s->context, e->func.function, NULL}};
    scan_stmt(&inner, e->func.body);
}

static void scan_expr(struct scan *s, struct expr *e)
{
    if (!e || e->mode == MODE_TYPE)
        return;
    switch (e->kind) {
    case EXPR_NAME:
        use(s, e->name.object);
        return;
    case EXPR_SELECTOR:
        scan_selector(s, e);
        return;
    case EXPR_FUNC:
        scan_literal(s, e);
        return;
    case EXPR_CALL:
        if (e->call.kind != CALL_INLINED)
            break;
        scan_stmt(s, e->call.inlined->body);
        for (uint32_t i = 0; i < e->call.inlined->results.count; i++)
            scan_expr(s, e->call.inlined->results.items[i]);
        return;
    case EXPR_KEY_VALUE:
        if (e->key_value.key->mode != MODE_UNCHECKED)
            scan_expr(s, e->key_value.key);
        scan_expr(s, e->key_value.value);
        return;
    case EXPR_UNARY:
        if (e->op == OP_AND)
            take_address(s, e->unary.x);
        break;
    case EXPR_SLICE:
        if (e->slice.x->type && types_underlying(s->l->t, e->slice.x->type)->kind == TYPE_ARRAY)
            take_address(s, e->slice.x);
        break;
    default:
        break;
    }
    ast_each_operand(e, visit, s);
}

static void scan_list(struct scan *s, struct expr_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        scan_expr(s, list.items[i]);
}

static void scan_stmts(struct scan *s, struct stmt_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        scan_stmt(s, list.items[i]);
}

static void scan_clauses(struct scan *s, struct clause_list list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        struct clause *c = list.items[i];
        scan_list(s, c->exprs);
        scan_stmt(s, c->comm);
        scan_stmts(s, c->body);
    }
}

static void scan_targets(struct scan *s, struct expr_list lhs, bool define)
{
    for (uint32_t i = 0; i < lhs.count; i++) {
        struct expr *e = ast_unparen(lhs.items[i]);
        bool fresh = define && e->kind == EXPR_NAME && e->name.object && e->name.object->pos.at == e->pos.at;
        if (!fresh)
            reassign(s, e);
        scan_expr(s, e);
    }
}

static void scan_decls(struct scan *s, struct decl_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (list.items[i]->kind == DECL_VAR) {
            struct decl *d = list.items[i];
            scan_list(s, d->var.values);
        }
}

/* In generic code the type arguments tell; what its body captures is then known in any case. */
static bool may_range_over_function(struct lowerer *l, const struct stmt *s)
{
    if (s->range.x->mode == MODE_CONSTANT)
        return false;
    struct type *type = s->range.x->type;
    return types_mentions_params(l->t, type) || types_underlying(l->t, type)->kind == TYPE_FUNC;
}

static void enter_body(struct scan *s, struct stmt *range, struct context *body)
{
    *body = (struct context){s->context, NULL, range};
    s->context = body;
    struct captures *c = captures_at(s->l, &s->f->locals);
    c->ranges.items =
        arena_grow(s->l->arena, c->ranges.items, sizeof *c->ranges.items, c->ranges.count + 1, &c->range_capacity);
    c->ranges.items[c->ranges.count++] = range;
}

static void scan_stmt(struct scan *s, struct stmt *st)
{
    struct context *outer = s->context, body;
    if (!st)
        return;
    switch (st->kind) {
    case STMT_LABELED:
        scan_stmt(s, st->labeled.stmt);
        break;
    case STMT_BLOCK:
        scan_stmts(s, st->block.list);
        break;
    case STMT_EXPR:
        scan_expr(s, st->expr.x);
        break;
    case STMT_SEND:
        scan_expr(s, st->send.chan);
        scan_expr(s, st->send.value);
        break;
    case STMT_DECL:
        scan_decls(s, st->decl.list);
        break;
    case STMT_ASSIGN:
        scan_list(s, st->assign.rhs);
        scan_targets(s, st->assign.lhs, st->define);
        break;
    case STMT_INC_DEC:
        reassign(s, st->inc_dec.x);
        scan_expr(s, st->inc_dec.x);
        break;
    case STMT_GO:
    case STMT_DEFER:
        scan_expr(s, st->go.call);
        break;
    case STMT_RETURN:
        scan_list(s, st->return_.results);
        for (uint32_t i = 0; i < s->f->results.count && st->return_.results.count; i++)
            facts_of(s->l, s->f->results.items[i])->reassigned = true;
        break;
    case STMT_IF:
        scan_stmt(s, st->if_.init);
        scan_expr(s, st->if_.cond);
        scan_stmt(s, st->if_.then);
        scan_stmt(s, st->if_.else_);
        break;
    case STMT_FOR:
        scan_stmt(s, st->for_.init);
        scan_expr(s, st->for_.cond);
        scan_stmt(s, st->for_.post);
        scan_stmt(s, st->for_.body);
        break;
    case STMT_RANGE:
        scan_expr(s, st->range.x);
        if (may_range_over_function(s->l, st))
            enter_body(s, st, &body);
        scan_targets(s, st->range.lhs, st->define);
        for (uint32_t i = 0; i < st->range.lhs.count; i++) {
            struct expr *e = ast_unparen(st->range.lhs.items[i]);
            if (e->kind == EXPR_NAME && is_local(e->name.object) && !e->name.object->per_iteration)
                reassign(s, e);
        }
        scan_stmt(s, st->range.body);
        s->context = outer;
        break;
    case STMT_SWITCH:
        scan_stmt(s, st->switch_.init);
        scan_expr(s, st->switch_.tag);
        scan_clauses(s, st->switch_.clauses);
        break;
    case STMT_TYPE_SWITCH:
        scan_stmt(s, st->type_switch.init);
        scan_expr(s, st->type_switch.x);
        scan_clauses(s, st->type_switch.clauses);
        break;
    case STMT_SELECT:
        scan_clauses(s, st->select.clauses);
        break;
    default:
        break;
    }
}

void scan_initializer(struct lowerer *l, struct expr *e)
{
    struct scan s = {.l = l};
    scan_expr(&s, e);
}

void scan_function(struct lowerer *l, struct function *f)
{
    struct scan s = {l, f, &(struct context){NULL, f, NULL}};
    if (ptr_map_get(&l->escapes, f))
        return;
    ptr_map_set(l->arena, &l->escapes, f, f);
    scan_stmt(&s, f->body);
}
