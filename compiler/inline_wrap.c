/*
 * inline_wrap: functions that nobody wrote.
 *
 * The toolchain compiles a generic function once per shape of its type arguments. For each list of type arguments that code without type
 * parameters names it makes another function, which passes its parameters and a dictionary on to that. Nothing here needs those, but the
 * listing tells of them: they can be inlined, and the call in them is. So for a listing they are written as what they are, a function
 * whose body is that one call.
 *
 * The call of a go or defer statement, when it takes or gives values, is made by a function literal round it that takes what was evaluated at the
 * statement. That can be inlined as well, which does nothing, and what it calls can be inlined into it. Escape analysis has such wrappers
 * anyway (escape_call.c); for a listing they are functions here, with the call itself for a body: what is evaluated outside is known by its
 * place in that.
 */
#include "inline_internal.h"

static struct object *variable(struct inliner *n, struct function *w, const char *name, struct type *type)
{
    struct ident *ident = ident_intern(&n->program->compilation->idents, name, strlen(name));
    struct object *o = object_new(n->t, OBJECT_VAR, ident, n->package, type, w->decl->pos);
    o->function = w;
    return o;
}

static struct object_list variables(struct inliner *n, struct function *w, const char *name, const struct type *tuple)
{
    struct object_list list = {ARENA_ARRAY(n->arena, struct object *, tuple->tuple.count + 1), tuple->tuple.count};
    for (uint32_t i = 0; i < list.count; i++) {
        list.items[i] = variable(n, w, name, tuple->tuple.items[i]);
        list.items[i]->is_result = tuple == w->type->func.results;
        list.items[i]->is_param = !list.items[i]->is_result;
    }
    return list;
}

static struct expr *method_of(struct inliner *n, const struct function *w, struct pos pos)
{
    struct lookup found;
    struct object *method = w->object;
    struct expr *e = inline_expr(n, EXPR_SELECTOR, pos, NULL, MODE_VALUE);
    struct selection *s = e->selector.selection = ARENA_NEW(n->arena, struct selection);
    types_lookup(n->t, w->recv->type, true, method->package, method->name, false, &found);
    types_select(n->t, w->recv->type, &found, true, s);
    e->type = s->type;
    e->selector.x = inline_name(n, w->recv, pos);
    e->selector.name = ast_new_name(n->program->compilation, method->name, pos);
    e->selector.name->name.object = method;
    return e;
}

static struct expr *instance_of(struct inliner *n, const struct function *w, struct pos pos)
{
    struct expr *e = ast_new_name(n->program->compilation, w->object->name, pos);
    struct instance *in = e->name.instance = ARENA_NEW(n->arena, struct instance);
    *in = (struct instance){w->object, w->instance, w->type};
    e->name.object = w->object;
    e->type = w->type;
    e->mode = MODE_VALUE;
    return e;
}

static struct expr *call_of(struct inliner *n, const struct function *w)
{
    struct pos pos = inline_declared_at(w);
    struct type *results = w->type->func.results;
    struct expr *e = inline_expr(n, EXPR_CALL, pos, results->tuple.count == 1 ? results->tuple.items[0] : results,
                                 results->tuple.count ? MODE_VALUE : MODE_NO_VALUE);
    struct expr **args = ARENA_ARRAY(n->arena, struct expr *, w->params.count + 1);
    for (uint32_t i = 0; i < w->params.count; i++)
        args[i] = inline_name(n, w->params.items[i], pos);
    e->call.kind = w->recv ? CALL_METHOD : CALL_STATIC;
    e->call.fun = w->recv ? method_of(n, w, pos) : instance_of(n, w, pos);
    e->call.args = (struct expr_list){args, w->params.count};
    e->flag = w->type->variadic;
    return e;
}

static struct stmt *body_of(struct inliner *n, const struct function *w, struct expr *call)
{
    struct stmt *block = ast_new_stmt(n->program->compilation, STMT_BLOCK, call->pos);
    struct stmt **items = ARENA_NEW(n->arena, struct stmt *);
    *items = ast_new_stmt(n->program->compilation, w->results.count ? STMT_RETURN : STMT_EXPR, call->pos);
    if (w->results.count) {
        struct expr **values = ARENA_NEW(n->arena, struct expr *);
        *values = call;
        (*items)->return_.results = (struct expr_list){values, 1};
    } else {
        (*items)->expr.x = call;
    }
    block->block.list = (struct stmt_list){items, 1};
    return block;
}

struct function *inline_wrapper(struct inliner *n, const struct escape_result *of, struct type_list args)
{
    const struct function *f = of->function;
    struct function *w = ARENA_NEW(n->arena, struct function);
    w->object = f->object;
    w->decl = f->decl;
    w->package = n->package;
    w->instance = args;
    w->type = types_subst(n->t, f->type, of->params, args);
    w->params = variables(n, w, "p", w->type->func.params);
    w->results = variables(n, w, "r", w->type->func.results);
    if (f->recv) {
        w->recv = variable(n, w, "recv", types_subst(n->t, f->recv->type, of->params, args));
        w->recv->is_param = true;
    }
    w->body = body_of(n, w, call_of(n, w));
    return w;
}

static bool is_plain(struct inliner *n, const struct expr *call)
{
    if (call->call.kind != CALL_STATIC && call->call.kind != CALL_CLOSURE)
        return false;
    const struct type *type = types_underlying(n->t, call->call.fun->type);
    return type->func.params->tuple.count + type->func.results->tuple.count == 0;
}

struct function *inline_call_wrapper(struct inliner *n, struct function *f, const struct stmt *s)
{
    struct expr *call = ast_unparen(s->go.call);
    if (!n->wraps_calls || call->call.kind == CALL_CONVERSION || is_plain(n, call) || s->go.wrapper)
        return n->wraps_calls ? s->go.wrapper : NULL;
    struct function *w = ((struct stmt *)s)->go.wrapper = ARENA_NEW(n->arena, struct function);
    w->literal = inline_expr(n, EXPR_FUNC, s->pos, NULL, MODE_VALUE);
    w->literal->func.type = inline_expr(n, EXPR_FUNC_TYPE, s->pos, NULL, MODE_TYPE);
    w->literal->func.function = w;
    w->outer = f;
    w->package = f->package;
    w->tparams = f->tparams;
    w->type = types_func(n->t, n->t->empty_tuple, n->t->empty_tuple, false, (struct type_list){0});
    w->body = ast_new_stmt(n->program->compilation, STMT_BLOCK, s->pos);
    struct stmt **items = ARENA_NEW(n->arena, struct stmt *);
    *items = ast_new_stmt(n->program->compilation, STMT_EXPR, s->pos);
    (*items)->expr.x = call;
    w->body->block.list = (struct stmt_list){items, 1};
    w->literal->func.body = w->body;
    w->number = ++f->wrappers;
    struct inlining *i = inline_of(n, w);
    i->deferred = s;
    i->next_wrapper = n->call_wrappers;
    n->call_wrappers = i;
    return w;
}
