/*
 * escape_dead: assignments to local variables that nobody uses, which the toolchain drops before it analyses (since 1.25).
 *
 * An assignment can go when it is to a local variable or parameter and its value is a name, a constant, nil or a function literal,
 * without conversion. It goes when the variable is never used; and what stands in its value counts as used only when it stays. So such
 * assignments wait: uses in their values are theirs (`pending`), and come into force when the variable turns out to be used, which may bring
 * further ones into force, until nothing changes. A literal uses all that it captures where it is made, also what it only assigns to.
 */
#include "escape_internal.h"

struct use {
    const struct object *object;
    struct use *next;
};

struct pending {
    const struct object *target; /* NULL: what is outside of all, in force from the start */
    struct pending *outer;       /* in whose value it stands */
    struct use *uses;
    bool in_force;
    struct pending *next;
};

struct frame {
    const struct function *function;
    struct pending *made_in;
    struct frame *outer;
};

struct dead_walk {
    struct escape_result *u;
    struct pending *all, *now;
    struct frame *frame;
    struct escape_map values;  /* expr → pending that it is the value of */
    struct escape_map targets; /* expr that is assigned to */
    int bodies;                /* of ranges over functions */
};

static bool is_plain_name(const struct expr *x)
{
    return x->kind == EXPR_NAME || (x->kind == EXPR_SELECTOR && !x->selector.selection);
}

static bool can_go(const struct escape_result *u, const struct expr *lhs, const struct expr *rhs)
{
    const struct object *o = lhs->name.object;
    if (!esc_is_local_variable(o) || o->is_result)
        return false;
    if (rhs->mode == MODE_NIL)
        return true;
    struct type *to = esc_subst(u, o->type);
    if (rhs->mode == MODE_CONSTANT)
        return !esc_is_interface(u, to);
    return (is_plain_name(rhs) || rhs->kind == EXPR_FUNC) && types_identical(u->escape->t, to, esc_type(u, rhs));
}

static struct pending *pending_new(struct dead_walk *w, const struct object *target)
{
    struct pending *p = ARENA_NEW(w->u->escape->arena, struct pending);
    *p = (struct pending){.target = target, .outer = w->now, .next = w->all};
    w->all = p;
    return p;
}

static bool any_named(const struct expr_list *names)
{
    for (uint32_t i = 0; i < names->count; i++)
        if (!ast_is_blank(ast_unparen(names->items[i])))
            return true;
    return false;
}

static void note_pairs(struct dead_walk *w, const struct expr_list *lhs, const struct expr_list *rhs)
{
    struct arena *a = w->u->escape->arena;
    bool discards = lhs->count > 1 && any_named(lhs);
    for (uint32_t i = 0; i < lhs->count && lhs->count == rhs->count; i++) {
        const struct expr *to = ast_unparen(lhs->items[i]), *value = ast_unparen(rhs->items[i]);
        if (to->kind != EXPR_NAME)
            continue;
        esc_map_put(a, &w->targets, to, 0, (void *)(uintptr_t)to);
        bool dropped = ast_is_blank(to) && discards && (is_plain_name(value) || value->kind == EXPR_FUNC);
        if (dropped || (!ast_is_blank(to) && can_go(w->u, to, value)))
            esc_map_put(a, &w->values, rhs->items[i], 0, pending_new(w, dropped ? NULL : to->name.object));
    }
}

static void dead_stmt(void *context, const struct stmt *s)
{
    struct dead_walk *w = context;
    if (s->kind == STMT_ASSIGN && s->op == OP_NONE)
        note_pairs(w, &s->assign.lhs, &s->assign.rhs);
    for (uint32_t i = 0; s->kind == STMT_DECL && i < s->decl.list.count; i++)
        if (s->decl.list.items[i]->kind == DECL_VAR)
            note_pairs(w, &s->decl.list.items[i]->var.names, &s->decl.list.items[i]->var.values);
    w->bodies += s->kind == STMT_RANGE && esc_ranges_over_function(w->u, s);
}

static void dead_stmt_after(void *context, const struct stmt *s)
{
    struct dead_walk *w = context;
    w->bodies -= s->kind == STMT_RANGE && esc_ranges_over_function(w->u, s);
}

static void note_use(struct dead_walk *w, const struct expr *name)
{
    const struct object *o = name->name.object;
    if (!esc_is_local_variable(o))
        return;
    struct pending *in = w->now;
    bool captured = w->bodies > 0;
    for (const struct frame *f = w->frame; f && f->function != o->function; f = f->outer) {
        in = f->made_in;
        captured = true;
    }
    if (!captured && esc_map_get(&w->targets, name, 0))
        return;
    struct use *use = ARENA_NEW(w->u->escape->arena, struct use);
    *use = (struct use){o, in->uses};
    in->uses = use;
}

static void dead_expr(void *context, const struct expr *x)
{
    struct dead_walk *w = context;
    struct pending *p = esc_map_get(&w->values, x, 0);
    if (p)
        w->now = p;
    if (x->kind == EXPR_NAME)
        note_use(w, x);
    if (x->kind != EXPR_FUNC)
        return;
    struct frame *f = ARENA_NEW(w->u->escape->arena, struct frame);
    *f = (struct frame){x->func.function, w->now, w->frame};
    w->frame = f;
}

static void dead_expr_after(void *context, const struct expr *x)
{
    struct dead_walk *w = context;
    if (x->kind == EXPR_FUNC)
        w->frame = w->frame->outer;
    if (esc_map_get(&w->values, x, 0))
        w->now = w->now->outer;
}

static bool is_used(const struct escape_result *u, const struct object *o)
{
    return esc_map_get(&u->used, o, 0) != NULL;
}

/* Brings into force what can be; did anything change? */
static bool enforce(struct dead_walk *w)
{
    bool changed = false;
    for (struct pending *p = w->all; p; p = p->next) {
        bool wanted = !p->outer || (p->target && p->outer->in_force && is_used(w->u, p->target));
        if (p->in_force || !wanted)
            continue;
        p->in_force = changed = true;
        for (struct use *use = p->uses; use; use = use->next)
            esc_map_put(w->u->escape->arena, &w->u->used, use->object, 0, (void *)(uintptr_t)use->object);
    }
    return changed;
}

void esc_find_used(struct escape_result *u)
{
    if (!u->escape->rules->dead_locals)
        return;
    struct dead_walk w = {.u = u};
    struct frame frame = {.function = u->function};
    w.frame = &frame;
    w.now = pending_new(&w, NULL);
    struct esc_scan scan = {.unit = u,
                            .expr = dead_expr,
                            .after = dead_expr_after,
                            .stmt = dead_stmt,
                            .stmt_after = dead_stmt_after,
                            .literals = true,
                            .context = &w};
    esc_scan_stmt(&scan, u->function->body);
    while (enforce(&w))
        ;
}

bool esc_dead_assignment(const struct escape_result *u, const struct expr *lhs, const struct expr *rhs)
{
    lhs = ast_unparen((struct expr *)lhs);
    rhs = ast_unparen((struct expr *)rhs);
    return u->escape->rules->dead_locals && u->function && lhs->kind == EXPR_NAME && !ast_is_blank(lhs) &&
           can_go(u, lhs, rhs) && !is_used(u, lhs->name.object);
}
