/*
 * lower_scan: what a function does to its variables, found by one walk over its body before it is lowered.
 *
 * Of each local variable: is its address taken, does a literal inside use it, is it set again after its declaration. From that
 * follows whether it is boxed (its own block) or captured by value.
 */
#include "lower_internal.h"

struct scan {
    struct lowerer *l;
    struct function *f; /* the innermost */
};

/* What a literal uses of the functions round it. Kept under the address of its function's list of locals. */
struct captures {
    struct object_list list;
    size_t capacity;
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

static bool is_inside(const struct function *f, const struct function *outer)
{
    for (; f; f = f->outer)
        if (f == outer)
            return true;
    return false;
}

static struct captures *captures_at(struct lowerer *l, struct function *f)
{
    struct captures *c = ptr_map_get(&l->escapes, &f->locals);
    if (!c) {
        c = ARENA_NEW(l->arena, struct captures);
        ptr_map_set(l->arena, &l->escapes, &f->locals, c);
    }
    return c;
}

struct object_list captures_of(struct lowerer *l, struct function *f)
{
    return captures_at(l, f)->list;
}

static void add_capture(struct lowerer *l, struct captures *c, struct object *o)
{
    for (uint32_t i = 0; i < c->list.count; i++)
        if (c->list.items[i] == o)
            return;
    c->list.items = arena_grow(l->arena, c->list.items, sizeof *c->list.items, c->list.count + 1, &c->capacity);
    c->list.items[c->list.count++] = o;
}

static void use(struct scan *s, struct object *o)
{
    if (!is_local(o) || o->function == s->f || !is_inside(s->f, o->function))
        return;
    facts_of(s->l, o)->captured = true;
    for (struct function *f = s->f; f != o->function; f = f->outer)
        add_capture(s->l, captures_at(s->l, f), o);
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
    struct function *outer = s->f;
    s->f = e->func.function;
    scan_stmt(s, e->func.body);
    s->f = outer;
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

static void scan_stmt(struct scan *s, struct stmt *st)
{
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
        scan_targets(s, st->range.lhs, st->define);
        for (uint32_t i = 0; i < st->range.lhs.count; i++) {
            struct expr *e = ast_unparen(st->range.lhs.items[i]);
            if (e->kind == EXPR_NAME && is_local(e->name.object) && !e->name.object->per_iteration)
                reassign(s, e);
        }
        scan_stmt(s, st->range.body);
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
    struct scan s = {.l = l, .f = f};
    if (ptr_map_get(&l->escapes, f))
        return;
    ptr_map_set(l->arena, &l->escapes, f, f);
    scan_stmt(&s, f->body);
}
