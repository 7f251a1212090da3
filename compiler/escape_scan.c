/*
 * escape_scan: walks over the tree that only look.
 *
 * The toolchain drops code that constants make unreachable before it analyses, so nothing in here (and nothing in the analysis)
 * sees the branch of a constant condition that is not taken, the clauses of a constant switch that do not match, or what follows a
 * return, goto or panic in a list without later labels.
 */
#include "escape_internal.h"

/* ---- what is compiled ---- */

static int constant_condition(const struct expr *x)
{
    return x->mode == MODE_CONSTANT ? (x->value->boolean ? 1 : -1) : 0;
}

int esc_static_condition(const struct expr *x)
{
    if (!x || constant_condition(x))
        return x ? constant_condition(x) : 0;
    if (x->kind == EXPR_UNARY && x->op == OP_NOT)
        return -esc_static_condition(x->unary.x);
    if (x->kind != EXPR_BINARY || (x->op != OP_ANDAND && x->op != OP_OROR))
        return 0;
    int decides = x->op == OP_ANDAND ? -1 : 1;
    int a = esc_static_condition(x->binary.x);
    if (a == decides)
        return a;
    int b = esc_static_condition(x->binary.y);
    return a == -decides || b == decides ? b : 0;
}

const struct expr *esc_reduced_condition(const struct expr *x)
{
    if (!x || x->mode == MODE_CONSTANT || x->kind != EXPR_BINARY || (x->op != OP_ANDAND && x->op != OP_OROR))
        return x;
    int decides = x->op == OP_ANDAND ? -1 : 1;
    int a = esc_static_condition(x->binary.x), b = esc_static_condition(x->binary.y);
    if (a == decides)
        return esc_reduced_condition(x->binary.x);
    if ((a == -decides || b == decides) && x->binary.x->mode == MODE_CONSTANT)
        return esc_reduced_condition(x->binary.y);
    return x;
}

static bool is_panic(const struct expr *x)
{
    x = ast_unparen((struct expr *)x);
    if (x->kind != EXPR_CALL || x->call.kind != CALL_BUILTIN)
        return false;
    const struct expr *fun = ast_unparen(x->call.fun);
    return fun->kind == EXPR_NAME && fun->name.object && fun->name.object->builtin == BUILTIN_PANIC;
}

static bool ends(const struct stmt *s)
{
    if (!s)
        return false;
    switch (s->kind) {
    case STMT_GOTO:
    case STMT_RETURN:
        return true;
    case STMT_BREAK: /* a return that was */
        return s->branch.target && s->branch.target->kind == STMT_BLOCK;
    case STMT_EXPR:
        return is_panic(s->expr.x);
    case STMT_BLOCK:
        for (uint32_t i = s->block.list.count; i-- > 0;)
            if (s->block.list.items[i]->kind != STMT_EMPTY)
                return ends(s->block.list.items[i]);
        return false;
    case STMT_IF: {
        int c = esc_static_condition(s->if_.cond);
        return (c < 0 || ends(s->if_.then)) && (c > 0 || ends(s->if_.else_));
    }
    default:
        return false;
    }
}

uint32_t esc_live_count(const struct stmt_list *list)
{
    uint32_t label = 0;
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i]->kind == STMT_LABELED)
            label = i;
    for (uint32_t i = label + 1; i < list->count; i++)
        if (ends(list->items[i - 1]))
            return i;
    return list->count;
}

static bool falls_through(const struct clause *c)
{
    return c->body.count && c->body.items[c->body.count - 1]->kind == STMT_FALLTHROUGH;
}

bool esc_static_clause(const struct escape_result *u, const struct stmt *s, struct clause **clause)
{
    const struct expr *tag = s->switch_.tag;
    if (tag && tag->mode != MODE_CONSTANT)
        return false;
    struct clause *found = NULL;
    for (uint32_t i = 0; i < s->switch_.clauses.count; i++) {
        struct clause *c = s->switch_.clauses.items[i];
        if (c->is_default)
            found = c;
        for (uint32_t j = 0; j < c->exprs.count; j++) {
            const struct expr *x = c->exprs.items[j];
            if (x->mode != MODE_CONSTANT)
                return false;
            if (tag ? constant_compare(u->escape->arena, OP_EQL, tag->value, x->value) : x->value->boolean) {
                *clause = c;
                return !falls_through(c);
            }
        }
    }
    *clause = found;
    return !found || !falls_through(found);
}

/* ---- the walk ---- */

static void list_exprs(const struct esc_scan *s, const struct expr_list *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        esc_scan_expr(s, list->items[i]);
}

static void inside(const struct esc_scan *s, const struct expr *x)
{
    switch (x->kind) {
    case EXPR_COMPOSITE:
        list_exprs(s, &x->composite.elems);
        break;
    case EXPR_FUNC:
        if (s->literals && !(s->stop_at_plain && esc_is_plain_literal(s->unit, x)))
            esc_scan_stmt(s, x->func.body);
        break;
    case EXPR_PAREN:
        esc_scan_expr(s, x->paren.x);
        break;
    case EXPR_SELECTOR:
        if (x->selector.selection && x->selector.x->mode != MODE_TYPE)
            esc_scan_expr(s, x->selector.x);
        break;
    case EXPR_INDEX:
        esc_scan_expr(s, x->index.x);
        if (x->index.x->mode != MODE_TYPE && !x->index.instance)
            list_exprs(s, &x->index.indices);
        break;
    case EXPR_SLICE:
        esc_scan_expr(s, x->slice.x);
        esc_scan_expr(s, x->slice.low);
        esc_scan_expr(s, x->slice.high);
        esc_scan_expr(s, x->slice.max);
        break;
    case EXPR_ASSERT:
        esc_scan_expr(s, x->assert.x);
        break;
    case EXPR_STAR:
        esc_scan_expr(s, x->star.x);
        break;
    case EXPR_UNARY:
        esc_scan_expr(s, x->unary.x);
        break;
    case EXPR_BINARY:
        esc_scan_expr(s, x->binary.x);
        esc_scan_expr(s, x->binary.y);
        break;
    case EXPR_CALL:
        if (x->call.kind == CALL_INLINED) {
            esc_scan_stmt(s, x->call.inlined->body);
            list_exprs(s, &x->call.inlined->results);
            break;
        }
        esc_scan_expr(s, x->call.fun);
        list_exprs(s, &x->call.args);
        break;
    case EXPR_KEY_VALUE:
        if (x->key_value.key->mode != MODE_UNCHECKED)
            esc_scan_expr(s, x->key_value.key);
        esc_scan_expr(s, x->key_value.value);
        break;
    default:
        break;
    }
}

void esc_scan_expr(const struct esc_scan *s, const struct expr *x)
{
    if (!x || x->mode == MODE_TYPE || x->mode == MODE_CONSTANT)
        return;
    if (s->expr)
        s->expr(s->context, x);
    inside(s, x);
    if (s->after)
        s->after(s->context, x);
}

void esc_scan_stmts(const struct esc_scan *s, const struct stmt_list *list)
{
    uint32_t n = esc_live_count(list);
    for (uint32_t i = 0; i < n; i++)
        esc_scan_stmt(s, list->items[i]);
}

static void scan_decls(const struct esc_scan *s, const struct stmt *st)
{
    for (uint32_t i = 0; i < st->decl.list.count; i++)
        if (st->decl.list.items[i]->kind == DECL_VAR)
            list_exprs(s, &st->decl.list.items[i]->var.values);
}

static void scan_if(const struct esc_scan *s, const struct stmt *st)
{
    esc_scan_stmt(s, st->if_.init);
    esc_scan_expr(s, st->if_.cond);
    int c = esc_static_condition(st->if_.cond);
    if (c >= 0)
        esc_scan_stmt(s, st->if_.then);
    if (c <= 0)
        esc_scan_stmt(s, st->if_.else_);
}

static void scan_for(const struct esc_scan *s, const struct stmt *st)
{
    esc_scan_stmt(s, st->for_.init);
    if (st->for_.cond && esc_static_condition(st->for_.cond) < 0)
        return;
    esc_scan_expr(s, st->for_.cond);
    esc_scan_stmt(s, st->for_.post);
    esc_scan_stmt(s, st->for_.body);
}

static void scan_clauses(const struct esc_scan *s, const struct clause_list *list, const struct clause *only,
                         bool types)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const struct clause *c = list->items[i];
        if (only && c != only)
            continue;
        if (!types)
            list_exprs(s, &c->exprs);
        esc_scan_stmt(s, c->comm);
        esc_scan_stmts(s, &c->body);
    }
}

static void scan_switch(const struct esc_scan *s, const struct stmt *st)
{
    esc_scan_stmt(s, st->switch_.init);
    esc_scan_expr(s, st->switch_.tag);
    struct clause *only = NULL;
    bool known = esc_static_clause(s->unit, st, &only);
    if (!known || only)
        scan_clauses(s, &st->switch_.clauses, known ? only : NULL, false);
}

static void within(const struct esc_scan *s, const struct stmt *st)
{
    switch (st->kind) {
    case STMT_LABELED:
        esc_scan_stmt(s, st->labeled.stmt);
        break;
    case STMT_BLOCK:
        esc_scan_stmts(s, &st->block.list);
        break;
    case STMT_EXPR:
        esc_scan_expr(s, st->expr.x);
        break;
    case STMT_SEND:
        esc_scan_expr(s, st->send.chan);
        esc_scan_expr(s, st->send.value);
        break;
    case STMT_DECL:
        scan_decls(s, st);
        break;
    case STMT_ASSIGN:
        list_exprs(s, &st->assign.lhs);
        list_exprs(s, &st->assign.rhs);
        break;
    case STMT_INC_DEC:
        esc_scan_expr(s, st->inc_dec.x);
        break;
    case STMT_GO:
    case STMT_DEFER:
        esc_scan_expr(s, st->go.call);
        break;
    case STMT_RETURN:
        list_exprs(s, &st->return_.results);
        break;
    case STMT_IF:
        scan_if(s, st);
        break;
    case STMT_FOR:
        scan_for(s, st);
        break;
    case STMT_RANGE:
        list_exprs(s, &st->range.lhs);
        esc_scan_expr(s, st->range.x);
        esc_scan_stmt(s, st->range.body);
        break;
    case STMT_SWITCH:
        scan_switch(s, st);
        break;
    case STMT_TYPE_SWITCH:
        esc_scan_stmt(s, st->type_switch.init);
        esc_scan_expr(s, st->type_switch.x);
        scan_clauses(s, &st->type_switch.clauses, NULL, true);
        break;
    case STMT_SELECT:
        scan_clauses(s, &st->select.clauses, NULL, false);
        break;
    default:
        break;
    }
}

void esc_scan_stmt(const struct esc_scan *s, const struct stmt *st)
{
    if (!st)
        return;
    if (s->stmt)
        s->stmt(s->context, st);
    within(s, st);
    if (s->stmt_after)
        s->stmt_after(s->context, st);
}

/* ---- variables ---- */

bool esc_is_local_variable(const struct object *o)
{
    return o && o->kind == OBJECT_VAR && !o->is_field && o->function;
}

bool esc_declares(const struct expr *name)
{
    return name->kind == EXPR_NAME && name->name.object && name->name.object->pos.at == name->pos.at;
}

static bool reaches_by_pointer(const struct escape_result *u, const struct expr *x)
{
    const struct selection *s = x->selector.selection;
    struct type *type = esc_type(u, x->selector.x);
    for (uint32_t i = 0; i < s->count; i++) {
        struct type *under = esc_under(u, type);
        if (under->kind == TYPE_POINTER)
            return true;
        type = i + 1 < s->count ? under->struct_.fields.items[s->path[i]]->type : NULL;
    }
    return false;
}

struct object *esc_outer_variable(const struct escape_result *u, const struct expr *x)
{
    for (;;) {
        x = ast_unparen((struct expr *)x);
        if (x->kind == EXPR_NAME)
            return esc_is_local_variable(x->name.object) ? x->name.object : NULL;
        if (x->kind == EXPR_SELECTOR && x->selector.selection && x->selector.selection->kind == SELECT_FIELD &&
            !reaches_by_pointer(u, x))
            x = x->selector.x;
        else if (x->kind == EXPR_INDEX && x->index.x->mode != MODE_TYPE && x->index.x->type && !x->index.instance &&
                 esc_under(u, esc_type(u, x->index.x))->kind == TYPE_ARRAY)
            x = x->index.x;
        else
            return NULL;
    }
}

struct object *esc_addressed_variable(const struct escape_result *u, const struct expr *x)
{
    if (x->kind == EXPR_UNARY && x->op == OP_AND && ast_unparen(x->unary.x)->kind != EXPR_COMPOSITE)
        return esc_outer_variable(u, x->unary.x);
    if (x->kind == EXPR_SLICE && esc_under(u, esc_type(u, x->slice.x))->kind == TYPE_ARRAY)
        return esc_outer_variable(u, x->slice.x);
    if (x->kind != EXPR_SELECTOR || !x->selector.selection || !x->selector.selection->address)
        return NULL;
    struct selection s = *x->selector.selection;
    struct expr path = *x;
    path.selector.selection = &s;
    return reaches_by_pointer(u, &path) ? NULL : esc_outer_variable(u, x->selector.x);
}

/* ---- what literals capture ---- */

struct capturing {
    const struct function *literal;
    bool found;
};

static void capture_expr(void *context, const struct expr *x)
{
    struct capturing *c = context;
    if (x->kind != EXPR_NAME || !esc_is_local_variable(x->name.object))
        return;
    const struct function *f = x->name.object->function;
    while (f && f != c->literal)
        f = f->outer;
    c->found |= f == NULL;
}

bool esc_captures(const struct escape_result *u, const struct expr *x)
{
    struct escape *e = u->escape;
    uintptr_t known = (uintptr_t)esc_map_get(&e->captures, x, 0);
    if (known == 0) {
        struct capturing c = {x->func.function, false};
        struct esc_scan scan = {.unit = u, .expr = capture_expr, .literals = true, .context = &c};
        esc_scan_stmt(&scan, x->func.body);
        known = c.found ? 1 : 2;
        esc_map_put(e->arena, &e->captures, x, 0, (void *)known);
    }
    return known == 1;
}

bool esc_is_plain_literal(const struct escape_result *u, const struct expr *x)
{
    return u->escape->rules->plain_literals && x->func.function && !esc_captures(u, x);
}

/* ---- loop variables ---- */

struct shared {
    const struct escape_result *u;
    const struct object *o;
    int loops, return_loops;
    int saved[64];
    int depth;
    bool found;
};

static void shared_expr(void *context, const struct expr *x)
{
    struct shared *s = context;
    if (s->return_loops >= s->loops)
        return;
    if (x->kind == EXPR_FUNC) {
        const struct code *c = esc_code_of(s->u, x);
        for (uint32_t i = 0; c && i < c->captures.count; i++)
            s->found |= c->captures.items[i] == s->o;
    } else {
        s->found |= esc_addressed_variable(s->u, x) == s->o;
    }
}

static void shared_stmt(void *context, const struct stmt *st)
{
    struct shared *s = context;
    if (st->kind == STMT_FOR || st->kind == STMT_RANGE)
        s->loops++;
    if (st->kind == STMT_RETURN && s->depth < 64) {
        s->saved[s->depth++] = s->return_loops;
        s->return_loops = s->loops;
    }
}

static void shared_stmt_after(void *context, const struct stmt *st)
{
    struct shared *s = context;
    if (st->kind == STMT_FOR || st->kind == STMT_RANGE)
        s->loops--;
    if (st->kind == STMT_RETURN && s->depth > 0)
        s->return_loops = s->saved[--s->depth];
}

bool esc_loop_variable_shared(const struct escape_result *u, const struct stmt *loop, const struct object *o)
{
    struct shared s = {.u = u, .o = o};
    struct esc_scan scan = {
        .unit = u, .expr = shared_expr, .stmt = shared_stmt, .stmt_after = shared_stmt_after, .context = &s};
    esc_scan_stmt(&scan, loop);
    return s.found;
}
