/*
 * escape_append: where append's new backing stores begin.
 *
 * A store that does not escape begins in a small buffer of the frame, one per variable appended to; not so when the slice is changed
 * where it lies in memory (in place), as the toolchain then has no value of its own to point to the buffer.
 *
 * Since 1.26 a slice variable may use its buffer although it escapes: when it escapes in one statement only, a return or an
 * assignment, it is moved to the heap before that. This is safe while the variable is exclusive, the only one that knows its store,
 * so all uses of a variable are counted, and those that keep it exclusive (s = append(s, …), s[i], len(s), arguments that do not leak,
 * …); it is moved when only these and the one way out are left. Worth it is when it is appended to twice or in a loop.
 * A variable whose capacity is seen is moved with it, and its capacity in the buffer goes up class by class, that less is wasted.
 *
 * One walk over each code of a unit, after its batch is solved: parameters' leaks are known then. It sees no more of the toolchain's
 * passes than the tree has, except that a go or defer statement assigns its arguments to temporaries. A variable used in the body of
 * a range over a function is left alone.
 */
#include "escape_internal.h"

enum { WORTHWHILE = 2 };

struct appending {
    const struct expr *call;
    struct appending *next;
};

/* A slice variable that may be moved. Invariant: known <= uses. */
struct mover {
    const struct object *slice;
    uint32_t uses, known; /* all, and those that are understood */
    const struct stmt *out;
    struct appending *appends;
    int weight;    /* of its appends */
    int depth;     /* of loops round its declaration */
    bool cap_used; /* its capacity or what is behind its length matters */
    bool lost;
    struct mover *next;
};

struct move_walk {
    struct escape_result *u;
    struct walk walk;         /* for who is called */
    struct escape_map movers; /* object → mover */
    struct mover *first;
    int depth, bodies;           /* of loops; of ranges over functions */
    const struct expr *deferred; /* the call of the go or defer statement under way */
};

/* ---- who is tracked ---- */

static bool may_move(const struct move_walk *m, const struct object *o)
{
    if (!esc_is_local_variable(o) || o->function != m->walk.code->function)
        return false;
    const struct type *under = esc_under(m->u, esc_subst(m->u, o->type));
    return under->kind == TYPE_SLICE && esc_size(m->u, under->slice.elem) <= ESCAPE_SMALL_MAKE_BYTES;
}

static struct mover *mover_of(struct move_walk *m, const struct object *o)
{
    if (!may_move(m, o))
        return NULL;
    struct mover *v = esc_map_get(&m->movers, o, 0);
    if (!v) {
        v = ARENA_NEW(m->u->escape->arena, struct mover);
        v->slice = o;
        v->next = m->first;
        m->first = v;
        esc_map_put(m->u->escape->arena, &m->movers, o, 0, v);
    }
    v->lost |= m->bodies > 0;
    return v;
}

static struct mover *named(struct move_walk *m, const struct expr *x)
{
    x = ast_unparen((struct expr *)x);
    return x->kind == EXPR_NAME ? mover_of(m, x->name.object) : NULL;
}

static void understand(struct mover *v, bool cap_used)
{
    if (v) {
        v->known++;
        v->cap_used |= cap_used;
    }
}

/* The statement lets the slice's store out. */
static void let_out(struct move_walk *m, struct mover *v, const struct stmt *s)
{
    v->lost |= v->out || m->depth > v->depth;
    v->out = s;
}

/* ---- assignments ---- */

static const struct expr *appendee(const struct expr *x)
{
    if (x->kind != EXPR_CALL || x->call.kind != CALL_BUILTIN)
        return NULL;
    const struct expr *fun = ast_unparen(x->call.fun);
    if (fun->kind != EXPR_NAME || fun->name.object->builtin != BUILTIN_APPEND)
        return NULL;
    return ast_unparen(x->call.args.items[0]);
}

/* A place in memory, not a variable whose value the code can hold elsewhere. */
static bool in_memory(const struct move_walk *m, const struct expr *place)
{
    const struct object *o = esc_outer_variable(m->u, place);
    const struct location *l = o ? esc_variable_location(m->u, o) : NULL;
    if (!l || l->code != m->walk.code || (l->attrs & ATTR_ESCAPES) || (l->captured && !l->by_value))
        return true;
    const struct variable_facts *f = esc_facts_of_variable(m->u, o);
    return (f && f->addressed) || (o->is_result && l->code->function->has_defer);
}

static void note_append(struct move_walk *m, const struct expr *to, const struct expr *call, const struct expr *from)
{
    struct mover *v = named(m, to);
    struct location *site = esc_map_get(&m->u->sites, call, ESCAPE_VALUE);
    if (site && esc_same_safe(m->u, to, from) && in_memory(m, to))
        site->in_place = true;
    if (!v || named(m, from) != v)
        return;
    struct appending *a = ARENA_NEW(m->u->escape->arena, struct appending);
    *a = (struct appending){call, v->appends};
    v->appends = a;
    v->weight += 1 + m->depth - v->depth;
    v->known += 2;
}

static bool same_type(const struct move_walk *m, const struct expr *a, const struct expr *b)
{
    return a->type && b->type && types_identical(m->u->escape->t, esc_type(m->u, a), esc_type(m->u, b));
}

/* What the variable is set to leaves it exclusive. */
static void note_set(struct move_walk *m, struct mover *v, const struct expr *to, const struct expr *value)
{
    if (value->mode == MODE_NIL)
        understand(v, false);
    else if (value->kind == EXPR_COMPOSITE && same_type(m, to, value))
        understand(v, true);
    else if (value->kind == EXPR_SLICE && !value->flag && named(m, value->slice.x) == v) {
        understand(v, true);
        understand(v, true);
    }
}

static void assign(struct move_walk *m, const struct expr *to, const struct expr *value, const struct stmt *s)
{
    to = ast_unparen((struct expr *)to);
    value = ast_unparen((struct expr *)value);
    struct mover *v = named(m, to), *from = named(m, value);
    if (v && esc_declares(to))
        v->depth = m->depth;
    if (from && esc_dead_assignment(m->u, to, value)) {
        understand(v, false);
        understand(from, false);
        return;
    }
    if (appendee(value))
        note_append(m, to, value, appendee(value));
    else if (v)
        note_set(m, v, to, value);
    bool blank = to->kind == EXPR_NAME && to->name.ident->blank;
    if (from && (blank || same_type(m, to, value))) {
        understand(from, false);
        let_out(m, from, s);
    }
}

static void note_lists(struct move_walk *m, struct expr_list to, struct expr_list values, const struct stmt *s)
{
    for (uint32_t i = 0; i < to.count; i++)
        if (to.count == values.count)
            assign(m, to.items[i], values.items[i], s);
}

/* The scan shows no names of declarations with var. */
static void note_decls(struct move_walk *m, const struct stmt *s)
{
    for (uint32_t i = 0; i < s->decl.list.count; i++) {
        const struct decl *d = s->decl.list.items[i];
        for (uint32_t k = 0; d->kind == DECL_VAR && k < d->var.names.count; k++) {
            struct mover *v = named(m, d->var.names.items[k]);
            if (v) {
                v->depth = m->depth;
                v->uses += d->var.values.count > 0;
            }
        }
        if (d->kind == DECL_VAR)
            note_lists(m, d->var.names, d->var.values, s);
    }
}

/* ---- other uses ---- */

static bool leaks(const struct escape *e, const struct escape_tag *tag)
{
    bool any = tag->heap >= 0 || tag->mutator >= 0 || tag->callee >= 0;
    for (int i = 0; i < e->rules->tagged_results; i++)
        any |= tag->result[i] >= 0;
    return any;
}

static bool argument_leaks(struct move_walk *m, const struct callee *c, uint32_t index)
{
    if (!c->known)
        return true;
    if (!c->closure)
        return index >= c->unit->tag_count || leaks(m->u->escape, &c->unit->tags[index]);
    const struct function *f = c->closure->function;
    if (index >= f->params.count)
        return true;
    const struct location *l = esc_variable_location(c->unit, f->params.items[index]);
    struct escape_tag tag = l ? esc_shortest(l->tag) : (struct escape_tag){0};
    return leaks(m->u->escape, &tag);
}

static void note_argument(struct move_walk *m, const struct callee *c, const struct expr *x, struct type *type,
                          uint32_t index)
{
    struct mover *v = named(m, x);
    if (v && types_identical(m->u->escape->t, esc_type(m->u, x), type) && !argument_leaks(m, c, index))
        understand(v, true);
}

static void note_call(struct move_walk *m, const struct expr *call)
{
    const struct expr *fun = ast_unparen(call->call.fun);
    if (call->call.kind == CALL_CONVERSION || call->call.kind == CALL_INLINED)
        return;
    if (call->call.kind == CALL_BUILTIN) {
        int which = fun->kind == EXPR_NAME ? (int)fun->name.object->builtin : -1;
        if (which == BUILTIN_LEN || which == BUILTIN_CAP)
            understand(named(m, call->call.args.items[0]), which == BUILTIN_CAP);
        return;
    }
    struct callee c = esc_static_callee(&m->walk, call);
    const struct selection *s = fun->kind == EXPR_SELECTOR ? fun->selector.selection : NULL;
    bool method = call->call.kind == CALL_METHOD && s;
    if (method && s->count == 1 && !s->object->pointer_recv)
        note_argument(m, &c, fun->selector.x, esc_type(m->u, fun->selector.x), 0);
    struct type *type = esc_under(m->u, esc_type(m->u, fun));
    struct type_list params = type->func.params->tuple;
    uint32_t fixed = type->variadic && !call->flag ? params.count - 1 : params.count;
    for (uint32_t i = 0; i < fixed && i < call->call.args.count; i++)
        note_argument(m, &c, call->call.args.items[i], params.items[i], i + method);
}

/* A go or defer statement assigns what its call needs to temporaries. */
static void note_deferred(struct move_walk *m, const struct stmt *s)
{
    const struct expr *call = ast_unparen(s->go.call);
    m->deferred = call;
    for (uint32_t i = 0; call->call.kind != CALL_BUILTIN && i < call->call.args.count; i++) {
        struct mover *v = named(m, call->call.args.items[i]);
        if (v && (!call->call.args.items[i]->type || call->call.kind != CALL_INTERFACE)) {
            understand(v, false);
            let_out(m, v, s);
        }
    }
}

/* The address of an element, or of a part of one. */
static void note_address(struct move_walk *m, const struct expr *x)
{
    for (x = ast_unparen((struct expr *)x); x->kind == EXPR_SELECTOR || x->kind == EXPR_INDEX;) {
        const struct expr *inner = ast_unparen(x->kind == EXPR_SELECTOR ? x->selector.x : x->index.x);
        struct mover *v = x->kind == EXPR_INDEX ? named(m, inner) : NULL;
        if (v)
            v->lost = true;
        x = inner;
    }
}

static void use_captures(struct move_walk *m, const struct expr *literal)
{
    const struct code *c = esc_code_of(m->u, literal);
    for (uint32_t i = 0; c && i < c->captures.count; i++) {
        struct mover *v = mover_of(m, c->captures.items[i]);
        if (v)
            v->lost = true;
    }
}

static void see_expr(void *context, const struct expr *x)
{
    struct move_walk *m = context;
    struct mover *v;
    switch (x->kind) {
    case EXPR_NAME:
        v = mover_of(m, x->name.object);
        if (v)
            v->uses++;
        break;
    case EXPR_INDEX:
        if (x->index.x->type && x->index.x->mode != MODE_TYPE)
            understand(named(m, x->index.x), false);
        break;
    case EXPR_CALL:
        if (x != m->deferred)
            note_call(m, x);
        break;
    case EXPR_UNARY:
        if (x->op == OP_AND)
            note_address(m, x->unary.x);
        break;
    case EXPR_SLICE:
        if (esc_under(m->u, esc_type(m->u, x->slice.x))->kind == TYPE_ARRAY)
            note_address(m, x->slice.x);
        break;
    case EXPR_SELECTOR:
        if (x->selector.selection && x->selector.selection->address)
            note_address(m, x->selector.x);
        break;
    case EXPR_FUNC:
        use_captures(m, x);
        break;
    default:
        break;
    }
}

/* ---- statements ---- */

static void note_return(struct move_walk *m, const struct stmt *s)
{
    const struct function *f = m->walk.code->function;
    bool paired = s->return_.results.count == f->results.count;
    for (uint32_t i = 0; paired && i < f->results.count; i++) {
        const struct expr *x = s->return_.results.items[i];
        struct mover *v = named(m, x);
        if (!v || !types_identical(m->u->escape->t, esc_type(m->u, x), esc_subst(m->u, f->results.items[i]->type)))
            continue;
        understand(v, false);
        let_out(m, v, s);
    }
    for (uint32_t i = 0; !s->return_.results.count && i < f->results.count; i++) {
        struct mover *v = mover_of(m, f->results.items[i]);
        if (v)
            let_out(m, v, s);
    }
}

static void see_stmt(void *context, const struct stmt *s)
{
    struct move_walk *m = context;
    switch (s->kind) {
    case STMT_ASSIGN:
        if (s->op == OP_NONE)
            note_lists(m, s->assign.lhs, s->assign.rhs, s);
        break;
    case STMT_DECL:
        note_decls(m, s);
        break;
    case STMT_RETURN:
        note_return(m, s);
        break;
    case STMT_GO:
    case STMT_DEFER:
        note_deferred(m, s);
        break;
    case STMT_RANGE:
        understand(named(m, s->range.x), false);
        m->bodies += esc_ranges_over_function(m->u, s);
        m->depth++;
        break;
    case STMT_FOR:
        m->depth++;
        break;
    default:
        break;
    }
}

static void leave_stmt(void *context, const struct stmt *s)
{
    struct move_walk *m = context;
    if (s->kind == STMT_RANGE)
        m->bodies -= esc_ranges_over_function(m->u, s);
    m->depth -= s->kind == STMT_RANGE || s->kind == STMT_FOR;
}

/* ---- what comes of it ---- */

static void commit(struct escape_result *u, const struct mover *v)
{
    if (v->lost || v->known != v->uses || !v->out || v->weight < WORTHWHILE)
        return;
    struct arena *a = u->escape->arena;
    struct escape_move *move = ARENA_NEW(a, struct escape_move);
    *move = (struct escape_move){v->slice, v->cap_used, esc_map_get(&u->moves, v->out, 0)};
    esc_map_put(a, &u->moves, v->out, 0, move);
    for (const struct appending *p = v->appends; p; p = p->next) {
        struct location *site = esc_map_get(&u->sites, p->call, ESCAPE_VALUE);
        if (site) {
            site->kept = true;
            site->steps = v->cap_used;
        }
    }
}

void esc_place_appends(struct escape_result *u)
{
    for (struct code *c = u->code; c; c = c->next) {
        if (!c->function || !c->function->body || c->range || c->wrapper)
            continue;
        struct move_walk m = {.u = u, .walk = {.batch = u->batch, .e = u->escape, .code = c, .loop_depth = 1}};
        struct esc_scan scan = {.unit = u, .expr = see_expr, .stmt = see_stmt, .stmt_after = leave_stmt, .context = &m};
        esc_scan_stmt(&scan, c->function->body);
        for (const struct mover *v = m.first; v && u->escape->rules->moves; v = v->next)
            commit(u, v);
    }
}
