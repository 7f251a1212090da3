/*
 * inline_call: the block that an inlined call stands for; its shape is told in inline.h.
 *
 * Arguments become assignments that declare the parameters. A receiver is spelled out: the fields on the way to the method, then & or *, or
 * the assertion of the type that an interface is known to hold. Extra arguments of a variadic call become a slice literal; a call that
 * gives several arguments at once goes to temporaries first.
 */
#include "inline_internal.h"

struct expansion {
    struct inline_clone clone;
    struct expr *call;
    const struct inline_target *target;
    struct stmt **items;
    uint32_t count;
    size_t capacity;
};

static void add(struct expansion *x, struct stmt *s)
{
    struct arena *a = x->clone.n->arena;
    x->items = arena_grow(a, x->items, sizeof *x->items, x->count + 1, &x->capacity);
    x->items[x->count++] = s;
}

static struct expr_list one(struct inliner *n, struct expr *e)
{
    struct expr **items = ARENA_NEW(n->arena, struct expr *);
    *items = e;
    return (struct expr_list){items, 1};
}

/* ---- receivers ---- */

static struct type *dereferenced(struct inliner *n, struct type *type)
{
    struct type *u = types_underlying(n->t, type);
    return u->kind == TYPE_POINTER ? u->pointer.elem : type;
}

/* x.f, one field down. */
static struct expr *field_of(struct inliner *n, struct expr *x, uint32_t index)
{
    struct type *holder = dereferenced(n, x->type);
    struct object *field = types_underlying(n->t, holder)->struct_.fields.items[index];
    struct expr *e = inline_expr(n, EXPR_SELECTOR, x->pos, field->type, MODE_VARIABLE);
    uint32_t *path = ARENA_NEW(n->arena, uint32_t);
    *path = index;
    struct selection *s = ARENA_NEW(n->arena, struct selection);
    bool pointer = types_underlying(n->t, x->type)->kind == TYPE_POINTER;
    *s = (struct selection){.kind = SELECT_FIELD,
                            .indirect = pointer,
                            .recv = x->type,
                            .holder = holder,
                            .object = field,
                            .type = field->type,
                            .path = path,
                            .count = 1};
    e->mode = pointer || x->mode == MODE_VARIABLE ? MODE_VARIABLE : MODE_VALUE;
    e->height = (uint16_t)(x->height + 1);
    e->selector.x = x;
    e->selector.name = ast_new_name(n->program->compilation, field->name, x->pos);
    e->selector.name->name.object = field;
    e->selector.selection = s;
    return e;
}

static struct expr *asserted(struct inliner *n, struct expr *x, struct type *type)
{
    struct expr *e = inline_expr(n, EXPR_ASSERT, x->pos, type, MODE_COMMA_OK);
    e->flag = true;
    e->assert.x = x;
    e->assert.type =
        ast_new_name(n->program->compilation, ident_intern(&n->program->compilation->idents, "_", 1), x->pos);
    e->assert.type->type = type;
    e->assert.type->mode = MODE_TYPE;
    return e;
}

static struct expr *receiver(struct inliner *n, const struct expr *call, const struct inline_target *t)
{
    const struct expr *fun = ast_unparen(call->call.fun);
    struct expr *x = fun->selector.x;
    if (t->bound)
        x = asserted(n, x, t->bound);
    for (uint32_t i = 0; i + 1 < t->s->count; i++)
        x = field_of(n, x, t->s->path[i]);
    bool pointer = types_underlying(n->t, x->type)->kind == TYPE_POINTER && x->type->kind != TYPE_NAMED;
    if (t->s->object->pointer_recv == pointer)
        return x;
    struct expr *e;
    if (pointer) {
        e = inline_expr(n, EXPR_STAR, x->pos, dereferenced(n, x->type), MODE_VARIABLE);
        e->star.x = x;
    } else {
        e = inline_expr(n, EXPR_UNARY, x->pos, types_pointer(n->t, x->type), MODE_VALUE);
        e->op = OP_AND;
        e->unary.x = x;
    }
    return e;
}

/* ---- arguments ---- */

static struct expr *nil_of(struct inliner *n, struct type *type, struct pos pos)
{
    struct expr *e = ast_new_name(n->program->compilation, n->t->nil->name, pos);
    e->type = type;
    e->mode = MODE_NIL;
    e->name.object = n->t->nil;
    return e;
}

static struct expr *packed(struct inliner *n, struct expr_list values, uint32_t from, struct type *slice,
                           struct pos pos)
{
    if (from >= values.count)
        return nil_of(n, slice, pos);
    struct expr *e = inline_expr(n, EXPR_COMPOSITE, pos, slice, MODE_VALUE);
    e->flag = true;
    e->composite.elems = (struct expr_list){values.items + from, values.count - from};
    return e;
}

static void set_parameter(struct expansion *x, struct object *param, struct expr *value)
{
    struct inliner *n = x->clone.n;
    struct object *o = inline_variable(&x->clone, param);
    struct expr *name = inline_name(n, o, o->pos);
    add(x, inline_assign(n, one(n, name), one(n, value), !o->name->blank, x->call->pos));
}

/* t1, t2 := g() */
static struct expr_list spread(struct expansion *x, struct expr *g)
{
    struct inliner *n = x->clone.n;
    struct type_list types = g->type->tuple;
    struct expr **names = ARENA_ARRAY(n->arena, struct expr *, types.count);
    struct expr **uses = ARENA_ARRAY(n->arena, struct expr *, types.count);
    for (uint32_t i = 0; i < types.count; i++) {
        struct ident *ident = ident_intern(&n->program->compilation->idents, ".autotmp", 8);
        struct object *o = object_new(n->t, OBJECT_VAR, ident, n->package, types.items[i], x->call->pos);
        o->function = x->clone.caller;
        names[i] = inline_name(n, o, o->pos);
        uses[i] = inline_name(n, o, POS_NONE);
    }
    add(x, inline_assign(n, (struct expr_list){names, types.count}, one(n, g), true, x->call->pos));
    return (struct expr_list){uses, types.count};
}

/* f()(): what gave the callee still happens. */
static void evaluate_callee(struct expansion *x)
{
    struct expr *fun = ast_unparen(x->call->call.fun);
    while (fun->kind == EXPR_CALL && fun->call.kind == CALL_CONVERSION)
        fun = ast_unparen(fun->call.args.items[0]);
    if (fun->kind != EXPR_CALL)
        return;
    struct stmt *s = ast_new_stmt(x->clone.n->program->compilation, STMT_EXPR, x->call->pos);
    s->expr.x = fun;
    add(x, s);
}

static void set_parameters(struct expansion *x)
{
    struct inliner *n = x->clone.n;
    const struct function *f = x->target->f;
    struct expr_list values = x->call->call.args;
    uint32_t first = 0;
    if (x->target->s)
        set_parameter(x, f->recv, receiver(n, x->call, x->target));
    else if (f->recv) /* a method expression: its first argument is the receiver */
        first = 1;
    if (values.count == 1 && values.items[0]->type && values.items[0]->type->kind == TYPE_TUPLE)
        values = spread(x, values.items[0]);
    if (first)
        set_parameter(x, f->recv, values.items[0]);
    bool variadic = f->type->variadic && !x->call->flag;
    for (uint32_t i = 0; i < f->params.count; i++) {
        struct object *p = f->params.items[i];
        bool rest = variadic && i + 1 == f->params.count;
        struct expr *value = rest ? packed(n, values, first + i, inline_type(&x->clone, p->type), x->call->pos)
                                  : values.items[first + i];
        set_parameter(x, p, value);
    }
}

/* ---- results ---- */

static void name_result(struct inline_clone *c, struct object *o, uint32_t i)
{
    if (!o->name->blank)
        return;
    char *name = arena_printf(c->n->arena, c->callee->named_results ? "~b%u" : "~r%u", (unsigned)i);
    o->name = ident_intern(&c->n->program->compilation->idents, name, strlen(name));
}

static void declare_results(struct expansion *x)
{
    struct inline_clone *c = &x->clone;
    struct object_list from = c->callee->results;
    struct expr **names = ARENA_ARRAY(c->n->arena, struct expr *, from.count + 1);
    c->results.items = ARENA_ARRAY(c->n->arena, struct object *, from.count + 1);
    c->results.count = from.count;
    for (uint32_t i = 0; i < from.count; i++) {
        struct object *o = c->results.items[i] = inline_variable(c, from.items[i]);
        name_result(c, o, i);
        names[i] = inline_name(c->n, o, o->pos);
    }
    for (uint32_t i = 0; !c->callee->inlining->delays && i < from.count; i++) {
        struct decl *d = ast_new_decl(c->n->program->compilation, DECL_VAR, x->call->pos);
        d->var.names = one(c->n, names[i]);
        struct decl **decls = ARENA_NEW(c->n->arena, struct decl *);
        *decls = d;
        struct stmt *s = ast_new_stmt(c->n->program->compilation, STMT_DECL, x->call->pos);
        s->decl.list = (struct decl_list){decls, 1};
        add(x, s);
    }
}

static struct expr_list result_names(const struct expansion *x)
{
    struct object_list results = x->clone.results;
    struct expr **names = ARENA_ARRAY(x->clone.n->arena, struct expr *, results.count + 1);
    for (uint32_t i = 0; i < results.count; i++)
        names[i] = inline_name(x->clone.n, results.items[i], x->call->pos);
    return (struct expr_list){names, results.count};
}

/* ---- the whole ---- */

/* The stretch of the source that a function is. */
static const struct source_file *copy_of(struct inliner *n, const struct function *f, struct pos call)
{
    struct pos from = f->decl ? f->decl->pos : f->literal->func.type->pos, to = f->body->end;
    return source_copy(&n->program->compilation->sources, from, to.at - from.at, call, f);
}

/* In a listing the types in an instance's body are made of shapes. */
static struct type_list shown_arguments(struct inliner *n, const struct inline_target *t)
{
    if (!n->listing || !n->escape->rules->unified || !t->args.count)
        return t->args;
    return esc_shapes(inline_of(n, t->f)->unit, t->f->tparams, t->args);
}

void inline_expand(struct inliner *n, struct function *caller, struct expr *call, const struct inline_target *t)
{
    const struct source_file *copy = copy_of(n, t->f, call->pos);
    if (!copy)
        return;
    struct expansion x = {.call = call, .target = t};
    x.clone = (struct inline_clone){.n = n,
                                    .callee = t->f,
                                    .caller = caller,
                                    .params = t->args.count ? t->f->tparams : (struct type_list){0},
                                    .args = shown_arguments(n, t),
                                    .real = t->args,
                                    .copy = copy,
                                    .function = caller};
    struct stmt *block = x.clone.whole = ast_new_stmt(n->program->compilation, STMT_BLOCK, call->pos);
    struct inlined *inlined = ARENA_NEW(n->arena, struct inlined);
    evaluate_callee(&x);
    set_parameters(&x);
    declare_results(&x);
    add(&x, inline_clone_stmt(&x.clone, t->f->body));
    block->end = call->pos;
    block->block.list = (struct stmt_list){x.items, x.count};
    *inlined = (struct inlined){t->f, block, result_names(&x), call->call.kind};
    call->call.kind = CALL_INLINED;
    call->call.inlined = inlined;
}
