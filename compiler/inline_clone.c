/*
 * inline_clone: a callee's statements once more, as code of the caller.
 *
 * A walk that copies every node. Variables declared on the way are replaced by new ones from then on (a declaration always
 * precedes the uses), statements that jumps aim at are noted, so that breaks, continues and gotos of the clone aim at the clone. Types go
 * through the call's type arguments; a selection made on a type parameter is made again on what stands for it.
 *
 * Returns become an assignment to the results and a break out of the whole block; inside func literals they stay returns.
 */
#include "inline_internal.h"

/* ---- small things ---- */

struct pos inline_pos(const struct inline_clone *c, struct pos p)
{
    const struct source_file *f = c->copy;
    if (c->suppressed || p.at < f->origin.at || p.at > f->origin.at + f->length)
        return p;
    return (struct pos){p.at - f->origin.at + f->base};
}

struct type *inline_type(const struct inline_clone *c, struct type *type)
{
    return type ? types_subst(c->n->t, type, c->params, c->args) : NULL;
}

static struct type_list clone_types(const struct inline_clone *c, struct type_list list)
{
    struct type **items = ARENA_ARRAY(c->n->arena, struct type *, list.count + 1);
    for (uint32_t i = 0; i < list.count; i++)
        items[i] = inline_type(c, list.items[i]);
    return (struct type_list){items, list.count};
}

/* Objects that are no variables of the callee stay what they are. */
static struct object *mapped(const struct inline_clone *c, struct object *o)
{
    struct object *new = o ? esc_map_get(&c->objects, o, 0) : NULL;
    return new ? new : o;
}

struct object *inline_variable(struct inline_clone *c, struct object *o)
{
    if (!esc_is_local_variable(o) || mapped(c, o) != o)
        return mapped(c, o);
    struct object *new = ARENA_NEW(c->n->arena, struct object);
    *new = *o;
    new->type = inline_type(c, o->type);
    new->pos = inline_pos(c, o->pos);
    new->function = c->function;
    if (!c->suppressed)
        new->is_param = new->is_result = false;
    esc_map_put(c->n->arena, &c->objects, o, 0, new);
    return new;
}

struct expr *inline_expr(struct inliner *n, enum expr_kind kind, struct pos pos, struct type *type, enum expr_mode mode)
{
    struct expr *e = ast_new_expr(n->program->compilation, kind, pos);
    e->type = type;
    e->mode = (uint8_t)mode;
    return e;
}

struct expr *inline_name(struct inliner *n, struct object *o, struct pos pos)
{
    struct expr *e = ast_new_name(n->program->compilation, o->name, pos);
    e->type = o->type;
    e->mode = MODE_VARIABLE;
    e->name.object = o->name->blank ? NULL : o;
    return e;
}

struct stmt *inline_assign(struct inliner *n, struct expr_list lhs, struct expr_list rhs, bool define, struct pos pos)
{
    struct stmt *s = ast_new_stmt(n->program->compilation, STMT_ASSIGN, pos);
    s->assign.lhs = lhs;
    s->assign.rhs = rhs;
    s->define = define;
    return s;
}

/* ---- expressions ---- */

static struct expr_list clone_exprs(struct inline_clone *c, struct expr_list list)
{
    struct expr **items = ARENA_ARRAY(c->n->arena, struct expr *, list.count + 1);
    for (uint32_t i = 0; i < list.count; i++)
        items[i] = inline_clone_expr(c, list.items[i]);
    return (struct expr_list){items, list.count};
}

static struct instance *clone_instance(const struct inline_clone *c, struct instance *in)
{
    if (!in || !c->params.count)
        return in;
    struct instance *new = ARENA_NEW(c->n->arena, struct instance);
    *new = (struct instance){in->generic, clone_types(c, in->args), inline_type(c, in->type)};
    return new;
}

/* A selection on what stands for a type parameter is looked up there. */
static struct selection *clone_selection(const struct inline_clone *c, const struct expr *e)
{
    struct selection *s = e->selector.selection;
    if (!s || !c->params.count || !types_mentions_params(c->n->t, s->recv))
        return s;
    struct selection *new = ARENA_NEW(c->n->arena, struct selection);
    const struct type *base = s->recv->kind == TYPE_POINTER ? s->recv->pointer.elem : s->recv;
    struct type *recv = types_subst(c->n->t, s->recv, c->params, type_is_param(base) ? c->real : c->args);
    struct lookup found;
    *new = *s;
    if (types_lookup(c->n->t, recv, true, s->object->package, s->object->name, false, &found) == LOOKUP_FOUND)
        types_select(c->n->t, recv, &found, e->selector.x->mode == MODE_VARIABLE, new);
    if (s->kind == SELECT_METHOD_EXPR)
        new->kind = SELECT_METHOD_EXPR;
    new->type = inline_type(c, s->type);
    return new;
}

static struct field *clone_field(struct inline_clone *c, struct field *f)
{
    struct field *new = ARENA_NEW(c->n->arena, struct field);
    *new = *f;
    new->type = inline_clone_expr(c, f->type);
    return new;
}

static struct field_list clone_fields(struct inline_clone *c, struct field_list list)
{
    struct field **items = ARENA_ARRAY(c->n->arena, struct field *, list.count + 1);
    for (uint32_t i = 0; i < list.count; i++)
        items[i] = clone_field(c, list.items[i]);
    return (struct field_list){items, list.count};
}

static struct object_list clone_variables(struct inline_clone *c, struct object_list list)
{
    struct object **items = ARENA_ARRAY(c->n->arena, struct object *, list.count + 1);
    for (uint32_t i = 0; i < list.count; i++)
        items[i] = inline_variable(c, list.items[i]);
    return (struct object_list){items, list.count};
}

/* A literal's positions stay those of its source, as its frames are no part of the call. */
static void clone_literal(struct inline_clone *c, struct expr *e, const struct expr *from)
{
    struct function *outer = c->function, *old = from->func.function;
    struct function *f = ARENA_NEW(c->n->arena, struct function);
    *f = *old;
    f->literal = e;
    f->outer = outer;
    f->package = c->caller->package;
    f->inlining = NULL;
    f->number = outer == c->caller ? ++outer->literals : old->number;
    f->tparams = c->caller->tparams;
    f->type = inline_type(c, old->type);
    c->suppressed++;
    c->function = f;
    e->func.type = inline_clone_expr(c, from->func.type);
    f->params = clone_variables(c, old->params);
    f->results = clone_variables(c, old->results);
    f->locals = (struct object_list){0};
    f->local_capacity = 0;
    f->body = inline_clone_stmt(c, old->body);
    c->function = outer;
    c->suppressed--;
    e->func.function = f;
    e->func.body = f->body;
    inline_of(c->n, f)->cloned = true;
}

static void clone_call(struct inline_clone *c, struct expr *e)
{
    if (e->call.kind == CALL_INLINED) {
        e->call.kind = e->call.inlined->kind;
        e->call.inlined = NULL;
    }
    e->call.fun = inline_clone_expr(c, e->call.fun);
    e->call.args = clone_exprs(c, e->call.args);
}

static void clone_type_operands(struct inline_clone *c, struct expr *e)
{
    switch (e->kind) {
    case EXPR_ARRAY_TYPE:
        e->array_type.elem = inline_clone_expr(c, e->array_type.elem);
        break;
    case EXPR_SLICE_TYPE:
        e->slice_type.elem = inline_clone_expr(c, e->slice_type.elem);
        break;
    case EXPR_ELLIPSIS:
        e->ellipsis.elem = inline_clone_expr(c, e->ellipsis.elem);
        break;
    case EXPR_STRUCT_TYPE:
        e->struct_type.fields = clone_fields(c, e->struct_type.fields);
        break;
    case EXPR_FUNC_TYPE:
        e->func_type.params = clone_fields(c, e->func_type.params);
        e->func_type.results = clone_fields(c, e->func_type.results);
        break;
    case EXPR_MAP_TYPE:
        e->map_type.key = inline_clone_expr(c, e->map_type.key);
        e->map_type.elem = inline_clone_expr(c, e->map_type.elem);
        break;
    case EXPR_CHAN_TYPE:
        e->chan_type.elem = inline_clone_expr(c, e->chan_type.elem);
        break;
    default:
        break;
    }
}

static void clone_operands(struct inline_clone *c, struct expr *e, const struct expr *from)
{
    switch (e->kind) {
    case EXPR_NAME:
        e->name.object = mapped(c, e->name.object);
        e->name.instance = clone_instance(c, e->name.instance);
        break;
    case EXPR_COMPOSITE:
        e->composite.type = inline_clone_expr(c, e->composite.type);
        e->composite.elems = clone_exprs(c, e->composite.elems);
        break;
    case EXPR_FUNC:
        clone_literal(c, e, from);
        break;
    case EXPR_PAREN:
        e->paren.x = inline_clone_expr(c, e->paren.x);
        break;
    case EXPR_SELECTOR:
        e->selector.selection = clone_selection(c, e);
        e->selector.x = inline_clone_expr(c, e->selector.x);
        e->selector.name = inline_clone_expr(c, e->selector.name);
        break;
    case EXPR_INDEX:
        e->index.x = inline_clone_expr(c, e->index.x);
        e->index.indices = clone_exprs(c, e->index.indices);
        e->index.instance = clone_instance(c, e->index.instance);
        break;
    case EXPR_SLICE:
        e->slice.x = inline_clone_expr(c, e->slice.x);
        e->slice.low = inline_clone_expr(c, e->slice.low);
        e->slice.high = inline_clone_expr(c, e->slice.high);
        e->slice.max = inline_clone_expr(c, e->slice.max);
        break;
    case EXPR_ASSERT:
        e->assert.x = inline_clone_expr(c, e->assert.x);
        e->assert.type = inline_clone_expr(c, e->assert.type);
        break;
    case EXPR_STAR:
        e->star.x = inline_clone_expr(c, e->star.x);
        break;
    case EXPR_UNARY:
        e->unary.x = inline_clone_expr(c, e->unary.x);
        break;
    case EXPR_BINARY:
        e->binary.x = inline_clone_expr(c, e->binary.x);
        e->binary.y = inline_clone_expr(c, e->binary.y);
        break;
    case EXPR_CALL:
        clone_call(c, e);
        break;
    case EXPR_KEY_VALUE:
        e->key_value.key = inline_clone_expr(c, e->key_value.key);
        e->key_value.value = inline_clone_expr(c, e->key_value.value);
        break;
    default:
        clone_type_operands(c, e);
    }
}

struct expr *inline_clone_expr(struct inline_clone *c, struct expr *from)
{
    if (!from)
        return NULL;
    struct expr *e = ast_new_expr(c->n->program->compilation, (enum expr_kind)from->kind, from->pos);
    uint32_t id = e->id;
    *e = *from;
    e->id = id;
    e->pos = inline_pos(c, from->pos);
    e->end = inline_pos(c, from->end);
    e->type = inline_type(c, from->type);
    clone_operands(c, e, from);
    return e;
}

/* ---- statements ---- */

static struct stmt_list clone_stmts(struct inline_clone *c, struct stmt_list list)
{
    struct stmt **items = ARENA_ARRAY(c->n->arena, struct stmt *, list.count + 1);
    for (uint32_t i = 0; i < list.count; i++)
        items[i] = inline_clone_stmt(c, list.items[i]);
    return (struct stmt_list){items, list.count};
}

static void declare_names(struct inline_clone *c, struct expr_list names)
{
    for (uint32_t i = 0; i < names.count; i++)
        if (esc_declares(names.items[i]))
            inline_variable(c, names.items[i]->name.object);
}

/* A jump aims at what stands for its target; one out of the copied code aims at that. */
static struct stmt *aimed(struct inline_clone *c, struct stmt *target)
{
    if (!target)
        return NULL;
    struct stmt *new = esc_map_get(&c->stmts, target, 0);
    if (!new) {
        new = ast_new_stmt(c->n->program->compilation, (enum stmt_kind)target->kind, target->pos);
        esc_map_put(c->n->arena, &c->stmts, target, 0, new);
    }
    return new;
}

static struct decl_list clone_decls(struct inline_clone *c, struct decl_list list)
{
    struct decl **items = ARENA_ARRAY(c->n->arena, struct decl *, list.count + 1);
    for (uint32_t i = 0; i < list.count; i++) {
        struct decl *d = ARENA_NEW(c->n->arena, struct decl);
        *d = *list.items[i];
        d->pos = inline_pos(c, d->pos);
        if (d->kind == DECL_VAR) {
            d->var.type = inline_clone_expr(c, d->var.type);
            d->var.values = clone_exprs(c, d->var.values);
            declare_names(c, d->var.names);
            d->var.names = clone_exprs(c, d->var.names);
        }
        items[i] = d;
    }
    return (struct decl_list){items, list.count};
}

static struct clause_list clone_clauses(struct inline_clone *c, struct clause_list list)
{
    struct clause **items = ARENA_ARRAY(c->n->arena, struct clause *, list.count + 1);
    for (uint32_t i = 0; i < list.count; i++) {
        const struct clause *from = list.items[i];
        struct clause *new = ARENA_NEW(c->n->arena, struct clause);
        *new = *from;
        new->pos = inline_pos(c, from->pos);
        new->colon = inline_pos(c, from->colon);
        new->exprs = clone_exprs(c, from->exprs);
        new->comm = inline_clone_stmt(c, from->comm);
        new->object = inline_variable(c, from->object);
        new->body = clone_stmts(c, from->body);
        new->scope = NULL;
        items[i] = new;
    }
    return (struct clause_list){items, list.count};
}

static void clone_assign(struct inline_clone *c, struct stmt *s)
{
    s->assign.rhs = clone_exprs(c, s->assign.rhs);
    if (s->define)
        declare_names(c, s->assign.lhs);
    s->assign.lhs = clone_exprs(c, s->assign.lhs);
}

static void clone_range(struct inline_clone *c, struct stmt *s)
{
    s->range.x = inline_clone_expr(c, s->range.x);
    if (s->define)
        declare_names(c, s->range.lhs);
    s->range.lhs = clone_exprs(c, s->range.lhs);
    s->range.body = inline_clone_stmt(c, s->range.body);
}

/* { r1, r2 = v1, v2; break } */
static struct stmt *clone_return(struct inline_clone *c, const struct stmt *from)
{
    struct inliner *n = c->n;
    struct pos pos = inline_pos(c, from->pos);
    struct stmt *block = ast_new_stmt(n->program->compilation, STMT_BLOCK, pos);
    struct stmt **items = ARENA_ARRAY(n->arena, struct stmt *, 2);
    uint32_t count = 0;
    struct expr_list values = clone_exprs(c, from->return_.results);
    if (values.count) {
        struct expr **names = ARENA_ARRAY(n->arena, struct expr *, c->results.count);
        for (uint32_t i = 0; i < c->results.count; i++) {
            struct object *o = c->results.items[i];
            names[i] = inline_name(n, o, c->callee->inlining->delays ? o->pos : pos);
        }
        items[count++] =
            inline_assign(n, (struct expr_list){names, c->results.count}, values, c->callee->inlining->delays, pos);
    }
    struct stmt *leave = ast_new_stmt(n->program->compilation, STMT_BREAK, pos);
    leave->branch.target = c->whole;
    items[count++] = leave;
    block->block.list = (struct stmt_list){items, count};
    block->end = pos;
    return block;
}

static void clone_parts(struct inline_clone *c, struct stmt *s)
{
    switch (s->kind) {
    case STMT_LABELED:
        s->labeled.stmt = inline_clone_stmt(c, s->labeled.stmt);
        break;
    case STMT_BLOCK:
        s->block.list = clone_stmts(c, s->block.list);
        break;
    case STMT_EXPR:
        s->expr.x = inline_clone_expr(c, s->expr.x);
        break;
    case STMT_SEND:
        s->send.chan = inline_clone_expr(c, s->send.chan);
        s->send.value = inline_clone_expr(c, s->send.value);
        break;
    case STMT_DECL:
        s->decl.list = clone_decls(c, s->decl.list);
        break;
    case STMT_ASSIGN:
        clone_assign(c, s);
        break;
    case STMT_INC_DEC:
        s->inc_dec.x = inline_clone_expr(c, s->inc_dec.x);
        break;
    case STMT_GO:
    case STMT_DEFER:
        s->go.call = inline_clone_expr(c, s->go.call);
        s->go.wrapper = NULL;
        break;
    case STMT_RETURN:
        s->return_.results = clone_exprs(c, s->return_.results);
        break;
    case STMT_BREAK:
    case STMT_CONTINUE:
    case STMT_GOTO:
        s->branch.target = aimed(c, s->branch.target);
        break;
    case STMT_IF:
        s->if_.init = inline_clone_stmt(c, s->if_.init);
        s->if_.cond = inline_clone_expr(c, s->if_.cond);
        s->if_.then = inline_clone_stmt(c, s->if_.then);
        s->if_.else_ = inline_clone_stmt(c, s->if_.else_);
        break;
    case STMT_FOR:
        s->for_.init = inline_clone_stmt(c, s->for_.init);
        s->for_.cond = inline_clone_expr(c, s->for_.cond);
        s->for_.post = inline_clone_stmt(c, s->for_.post);
        s->for_.body = inline_clone_stmt(c, s->for_.body);
        break;
    case STMT_RANGE:
        clone_range(c, s);
        break;
    case STMT_SWITCH:
        s->switch_.init = inline_clone_stmt(c, s->switch_.init);
        s->switch_.tag = inline_clone_expr(c, s->switch_.tag);
        s->switch_.clauses = clone_clauses(c, s->switch_.clauses);
        break;
    case STMT_TYPE_SWITCH:
        s->type_switch.init = inline_clone_stmt(c, s->type_switch.init);
        s->type_switch.x = inline_clone_expr(c, s->type_switch.x);
        s->type_switch.clauses = clone_clauses(c, s->type_switch.clauses);
        break;
    case STMT_SELECT:
        s->select.clauses = clone_clauses(c, s->select.clauses);
        break;
    default:
        break;
    }
}

struct stmt *inline_clone_stmt(struct inline_clone *c, struct stmt *from)
{
    if (!from)
        return NULL;
    if (from->kind == STMT_RETURN && !c->suppressed)
        return clone_return(c, from);
    struct stmt *s = aimed(c, from);
    *s = *from;
    s->pos = inline_pos(c, from->pos);
    s->end = inline_pos(c, from->end);
    s->scope = NULL;
    clone_parts(c, s);
    return s;
}
