/*
 * inline: which functions can be inlined, and which calls are; see inline.h.
 *
 * The search for components is Tarjan's as the toolchain numbers it: a node per function and per literal, a literal always in the component of
 * the function round it. It runs twice, for judging and for replacing, and the second time follows calls that were bound too.
 *
 * A call of a literal is cheap to replace when there is just one, so uses of literals are counted before anything is replaced, and again
 * for what comes in.
 */
#include "inline_internal.h"

/* ---- records ---- */

/* The declared function that f is in; that of initialisers has no code of its own. */
static struct function *home_of(struct function *f)
{
    while (f->outer)
        f = f->outer;
    return f->literal ? f->package->init_code : f;
}

static struct escape_result *facts_unit(struct inliner *n, struct function *home)
{
    bool init = home == n->package->init_code;
    struct escape_result *u = esc_unit(n->escape, init ? NULL : home, home->package, (struct type_list){0});
    esc_collect_facts(u);
    return u;
}

struct inlining *inline_of(struct inliner *n, struct function *f)
{
    if (f->inlining)
        return f->inlining;
    struct inlining *i = f->inlining = ARENA_NEW(n->arena, struct inlining);
    i->f = f;
    struct function *home = home_of(f);
    i->unit = home == f ? facts_unit(n, f) : inline_of(n, home)->unit;
    i->sites_end = &i->sites;
    i->events_end = &i->events;
    return i;
}

/* Functions called _ are compiled only before the unified IR. */
static bool is_compiled(const struct inliner *n, struct function *f)
{
    const struct function *home = home_of(f);
    return !n->escape->rules->unified || !home->object || !home->object->name->blank;
}

static bool is_own(const struct inliner *n, const struct function *f)
{
    return f->package == n->package;
}

/* ---- who is called ---- */

static struct inline_target nobody(void)
{
    return (struct inline_target){0};
}

static struct inline_target function_target(struct object *o, struct type_list args)
{
    if (!o || o->kind != OBJECT_FUNC || !o->function || o->recv || o->function->tparams.count != args.count)
        return nobody();
    return (struct inline_target){.f = o->function, .args = args};
}

static struct inline_target method_target(struct object *method, struct type *holder)
{
    struct object *o = method->origin ? method->origin : method;
    if (o->kind != OBJECT_FUNC || holder->kind != TYPE_NAMED || !o->function || !o->function->body)
        return nobody();
    struct type_list args = holder->named.args;
    return o->function->tparams.count == args.count ? (struct inline_target){.f = o->function, .args = args} : nobody();
}

static struct inline_target named_target(const struct expr *fun)
{
    const struct instance *in = NULL;
    if (fun->kind == EXPR_INDEX) {
        in = fun->index.instance;
        fun = ast_unparen(fun->index.x);
    }
    if (fun->kind == EXPR_SELECTOR && !fun->selector.selection)
        fun = fun->selector.name;
    if (fun->kind != EXPR_NAME)
        return nobody();
    if (!in)
        in = fun->name.instance;
    return function_target(in ? in->generic : fun->name.object, in ? in->args : (struct type_list){0});
}

/* A literal that captures something is only inlined where that is at hand. */
static struct inline_target value_target(struct inliner *n, struct function *in, const struct expr *fun)
{
    const struct escape_result *u = inline_of(n, in)->unit;
    fun = esc_static_value(u, fun);
    if (fun->kind == EXPR_FUNC) {
        struct function *f = fun->func.function;
        return f->outer != in && esc_captures(u, fun) ? nobody() : (struct inline_target){.f = f};
    }
    const struct selection *s = fun->kind == EXPR_SELECTOR ? fun->selector.selection : NULL;
    if (!s)
        return named_target(fun);
    if (s->kind != SELECT_METHOD_EXPR || s->count != 1 || s->object->kind != OBJECT_FUNC)
        return nobody();
    bool pointer = s->recv->kind == TYPE_POINTER;
    return pointer == s->object->pointer_recv ? method_target(s->object, s->holder) : nobody();
}

static struct inline_target bound_target(struct inliner *n, struct function *in, const struct expr *call)
{
    struct type *type = NULL;
    struct selection *found = ARENA_NEW(n->arena, struct selection);
    if (!esc_devirtual_method(inline_of(n, in)->unit, call, &type, found))
        return nobody();
    struct inline_target t = found->kind == SELECT_METHOD ? method_target(found->object, found->holder) : nobody();
    t.s = found;
    t.bound = type;
    return t;
}

struct inline_target inline_target_of(struct inliner *n, struct function *in, const struct expr *call)
{
    const struct expr *fun = ast_unparen(call->call.fun);
    struct inline_target t = nobody();
    switch (call->call.kind) {
    case CALL_STATIC:
        return named_target(fun);
    case CALL_METHOD:
        t = method_target(fun->selector.selection->object, fun->selector.selection->holder);
        t.s = fun->selector.selection;
        return t;
    case CALL_INTERFACE:
        return bound_target(n, in, call);
    case CALL_CLOSURE:
        return value_target(n, in, fun);
    default:
        return t;
    }
}

/* ---- the search for components ---- */

typedef void component_fn(struct inliner *n, struct function **list, uint32_t count);

struct search {
    struct inliner *n;
    struct function *f;
    component_fn *done;
    bool bound; /* follow calls that were bound */
    uint32_t least;
};

static uint32_t visit(const struct search *from, struct function *f);

static void refer(struct search *s, struct function *f)
{
    if (!f || !f->body || !is_own(s->n, f))
        return;
    uint32_t least = visit(s, f);
    if (least < s->least)
        s->least = least;
}

static void refer_expr(void *context, const struct expr *x)
{
    struct search *s = context;
    const struct selection *selection = x->kind == EXPR_SELECTOR ? x->selector.selection : NULL;
    if (x->kind == EXPR_NAME || x->kind == EXPR_INDEX || (x->kind == EXPR_SELECTOR && !selection)) {
        refer(s, named_target(x).f);
    } else if (selection && (selection->kind == SELECT_METHOD || selection->kind == SELECT_METHOD_EXPR)) {
        refer(s, method_target(selection->object, selection->holder).f);
    } else if (x->kind == EXPR_FUNC) {
        refer(s, x->func.function);
    } else if (s->bound && x->kind == EXPR_CALL && x->call.kind == CALL_INTERFACE) {
        refer(s, inline_target_of(s->n, s->f, x).f);
    }
}

static void refer_stmt(void *context, const struct stmt *st)
{
    struct search *s = context;
    if (st->kind == STMT_GO || st->kind == STMT_DEFER)
        refer(s, inline_call_wrapper(s->n, s->f, st));
}

/* Everything a function's own code is, for a scan that leaves out its literals. */
static void scan_code(struct inliner *n, struct function *f, const struct esc_scan *scan)
{
    if (f != n->package->init_code) {
        esc_scan_stmt(scan, f->body);
        return;
    }
    for (uint32_t i = 0; i < n->package->init_count; i++)
        esc_scan_expr(scan, n->package->inits[i].rhs);
}

static void pop_component(const struct search *s, const struct function *root)
{
    struct inliner *n = s->n;
    uint32_t first = n->depth;
    do
        inline_of(n, n->stack[--first])->low = UINT32_MAX;
    while (n->stack[first] != root);
    uint32_t count = n->depth - first;
    struct function **list = ARENA_ARRAY(n->arena, struct function *, count);
    memcpy(list, n->stack + first, count * sizeof *list);
    n->depth = first;
    s->done(n, list, count);
}

/* Does it capture something, for a search that such a literal cannot end? */
static bool is_closure(const struct inlining *i)
{
    const struct expr *call = i->deferred ? ast_unparen(i->deferred->go.call) : NULL;
    if (!call || !i->unit->escape->rules->plain_literals)
        return i->f->literal && !esc_is_plain_literal(i->unit, i->f->literal);
    bool takes = call->call.kind != CALL_STATIC && call->call.kind != CALL_BUILTIN;
    for (uint32_t k = 0; k < call->call.args.count; k++) {
        const struct expr *x = ast_unparen(call->call.args.items[k]);
        takes |= x->mode != MODE_CONSTANT && x->mode != MODE_NIL && named_target(x).f == NULL;
    }
    return takes;
}

static uint32_t visit(const struct search *from, struct function *f)
{
    struct inliner *n = from->n;
    struct inlining *i = inline_of(n, f);
    if (i->low)
        return i->low;
    uint32_t id = i->low = ++n->visits;
    struct search s = *from;
    s.f = f;
    s.least = ++n->visits;
    n->stack = arena_grow(n->arena, n->stack, sizeof *n->stack, n->depth + 1, &n->stack_capacity);
    n->stack[n->depth++] = f;
    struct esc_scan scan = {.unit = i->unit, .expr = refer_expr, .stmt_after = refer_stmt, .context = &s};
    scan_code(n, f, &scan);
    if ((s.least == id || s.least == id + 1) && !is_closure(i))
        pop_component(&s, f);
    return s.least;
}

static void each_component(struct inliner *n, bool bound, component_fn *done)
{
    struct package *p = n->package;
    for (uint32_t i = 0; i < p->function_count; i++)
        inline_of(n, p->functions[i])->low = 0;
    inline_of(n, p->init_code)->low = 0;
    for (struct inlining *i = n->call_wrappers; i; i = i->next_wrapper)
        i->low = 0;
    n->visits = 0;
    struct search s = {.n = n, .done = done, .bound = bound};
    visit(&s, p->init_code);
    for (int generic = 0; generic < 2; generic++) /* of generic functions only instances are compiled */
        for (uint32_t i = 0; i < p->function_count; i++) {
            struct function *f = p->functions[i];
            if (!f->literal && f->body && is_compiled(n, f) && (f->tparams.count != 0) == (generic != 0))
                visit(&s, f);
        }
}

static void note(struct inliner *n, struct inlining *i, enum inline_event_kind kind, const struct expr *call,
                 const struct inline_target *t)
{
    struct inline_event *e = ARENA_NEW(n->arena, struct inline_event);
    *e = (struct inline_event){.kind = kind, .in = i->f, .call = call, .target = *t, .replacing = n->replacing};
    *n->events_end = e;
    n->events_end = &e->next;
    struct inlining *home = inline_of(n, home_of(i->f));
    *home->events_end = e;
    home->events_end = &e->after;
}

/* ---- judging ---- */

static bool forbidden(const struct function *f)
{
    static const char *const marks[] = {"//go:noinline", "//go:uintptrkeepalive", "//go:uintptrescapes",
                                        "//go:cgo_unsafe_args", "//go:yeswritebarrierrec"};
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
        if (esc_has_directive(f->decl, marks[k]))
            return true;
    return !f->body;
}

struct returns {
    uint32_t count;
    bool bare;
};

static void count_return(void *context, const struct stmt *s)
{
    struct returns *r = context;
    if (s->kind == STMT_RETURN) {
        r->count++;
        r->bare |= !s->return_.results.count;
    }
}

/* May the results be declared where the only return sets them? */
static bool may_delay(const struct inlining *i)
{
    struct returns r = {0};
    struct esc_scan scan = {.unit = i->unit, .stmt = count_return, .context = &r};
    esc_scan_stmt(&scan, i->f->body);
    return r.count == 1 && !r.bare && !i->f->named_results;
}

void inline_judge(struct inliner *n, struct function *f)
{
    struct inlining *i = inline_of(n, f);
    if (i->judged || f == f->package->init_code)
        return;
    int budget = f->literal ? INLINE_CLOSURE_BUDGET : INLINE_BUDGET;
    if (!forbidden(f)) {
        i->cost = inline_cost(n, f, budget);
        i->can = i->cost >= 0 && i->cost <= budget;
        i->delays = i->can && may_delay(i);
    }
    i->judged = true;
    if (i->can && !i->cloned)
        note(n, i, INLINE_JUDGED, NULL, &(struct inline_target){.f = f});
}

static void note_visit(struct inliner *n, struct function **list, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++)
        if (!list[k]->literal)
            note(n, inline_of(n, list[k]), INLINE_VISITED, NULL, &(struct inline_target){0});
}

static void judge_component(struct inliner *n, struct function **list, uint32_t count)
{
    note_visit(n, list, count);
    for (uint32_t k = 0; k < count; k++)
        inline_judge(n, list[k]);
}

/* ---- is this call? ---- */

static struct pos original(const struct inliner *n, struct pos p)
{
    for (const struct source_file *f; (f = source_inlined(&n->program->compilation->sources, p));)
        p = pos_plus(f->origin, p.at - f->base);
    return p;
}

/* Calls come in circles when one comes in again, or brings in what brought it. */
static bool is_circle(const struct inliner *n, const struct expr *call, const struct function *callee)
{
    const struct source_set *set = &n->program->compilation->sources;
    struct pos self = original(n, call->pos), p = call->pos;
    for (const struct source_file *f; (f = source_inlined(set, p)); p = f->call)
        if (f->function == callee || original(n, f->call).at == self.at)
            return true;
    return false;
}

bool inline_would(struct inliner *n, struct function *in, const struct expr *call, struct function *f, bool alone)
{
    const struct inlining *i = inline_of(n, f);
    int most = inline_of(n, in)->big ? INLINE_BIG_CALLER_COST : INLINE_BUDGET;
    if (f->literal)
        most = alone ? INLINE_CLOSURE_BUDGET : 2 * most;
    return i->can && i->cost <= most && !is_circle(n, call, f);
}

/* ---- sites ---- */

struct marking {
    struct inliner *n;
    struct inlining *i;
};

static bool is_seen(struct inliner *n, const struct expr *call)
{
    if (esc_map_get(&n->seen, call, 0))
        return true;
    esc_map_put(n->arena, &n->seen, call, 0, n);
    return false;
}

static void add_site(struct inlining *i, struct inliner *n, const struct expr *call)
{
    struct inline_site *s = ARENA_NEW(n->arena, struct inline_site);
    *s = (struct inline_site){.call = (struct expr *)call, .in = i->f};
    *i->sites_end = s;
    i->sites_end = &s->next;
}

static void mark_call(void *context, const struct expr *x)
{
    struct marking *m = context;
    if (x->kind != EXPR_CALL || x->call.kind == CALL_CONVERSION || x->call.kind == CALL_BUILTIN ||
        x->mode == MODE_CONSTANT || is_seen(m->n, x) || x->call.kind == CALL_INLINED)
        return;
    add_site(m->i, m->n, x);
}

/* The call of a go or defer statement stays one, or is its wrapper's. */
static void mark_stmt(void *context, const struct stmt *s)
{
    struct marking *m = context;
    if (s->kind != STMT_GO && s->kind != STMT_DEFER)
        return;
    struct expr *call = ast_unparen(s->go.call);
    struct function *w = inline_call_wrapper(m->n, m->i->f, s);
    if (!is_seen(m->n, call) && w && call->call.kind != CALL_BUILTIN)
        add_site(inline_of(m->n, w), m->n, call);
}

static struct esc_scan marking_scan(struct marking *m)
{
    return (struct esc_scan){.unit = m->i->unit, .after = mark_call, .stmt = mark_stmt, .context = m};
}

/* Finds out who is called, counts it, and notes a call through an interface that is bound. */
static struct inline_target resolve(struct inliner *n, struct inline_site *s)
{
    struct inline_target t = inline_target_of(n, s->in, s->call);
    if (t.bound && !s->bound) {
        s->bound = true;
        note(n, inline_of(n, s->in), INLINE_BOUND, s->call, &t);
    }
    if (t.f && !s->counted) {
        s->counted = true;
        inline_of(n, t.f)->uses++;
    }
    return t;
}

static void collect_sites(struct inliner *n, struct function *f)
{
    struct marking m = {n, inline_of(n, f)};
    struct esc_scan scan = marking_scan(&m);
    if (f != n->package->init_code && !f->body)
        return;
    m.i->big = inline_is_big(n, f);
    scan_code(n, f, &scan);
    for (struct inline_site *s = m.i->sites; s; s = s->next)
        resolve(n, s);
}

/* ---- replacing ---- */

static bool edit(struct inliner *n, struct inline_site *s)
{
    if (s->call->call.kind == CALL_INLINED)
        return false;
    struct inline_target t = resolve(n, s);
    if (!t.f || inline_is_intrinsic(n, t.f))
        return false;
    if (t.f->literal && !inline_of(n, t.f)->judged) {
        inline_judge(n, t.f);
        if (inline_of(n, t.f)->can)
            note(n, inline_of(n, s->in), INLINE_CAN, s->call, &t);
    }
    if (!inline_would(n, s->in, s->call, t.f, inline_of(n, t.f)->uses == 1))
        return false;
    struct inlining *i = inline_of(n, s->in);
    inline_expand(n, i->deferred ? s->in->outer : s->in, s->call, &t);
    if (s->call->call.kind != CALL_INLINED)
        return false;
    note(n, i, INLINE_CALL, s->call, &t);
    esc_add_facts(i->unit, s->call->call.inlined->body);
    struct marking m = {n, i};
    struct esc_scan scan = marking_scan(&m);
    esc_scan_stmt(&scan, s->call->call.inlined->body);
    return true;
}

/* Rounds: all sites that are there, then all that came in, until none does. */
static bool edit_function(struct inliner *n, struct function *f)
{
    bool changed = false;
    struct inlining *i = inline_of(n, f);
    for (struct inline_site *s = i->sites; s;) {
        struct inline_site **end = i->sites_end, *next = NULL;
        for (; s; s = next) {
            changed |= edit(n, s);
            next = s->next;
            if (&s->next == end)
                break;
        }
        s = *end;
        for (struct inline_site *fresh = s; fresh; fresh = fresh->next)
            resolve(n, fresh);
    }
    return changed;
}

static void edit_component(struct inliner *n, struct function **list, uint32_t count)
{
    note_visit(n, list, count);
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t k = 0; k < count; k++)
            changed |= edit_function(n, list[k]);
    }
}

/* ---- a package ---- */

static struct function *new_init_code(struct inliner *n)
{
    struct function *f = ARENA_NEW(n->arena, struct function);
    f->package = n->package;
    f->type = types_func(n->t, n->t->empty_tuple, n->t->empty_tuple, false, (struct type_list){0});
    return f;
}

static void each_wrapper(struct inliner *n, component_fn *done)
{
    for (uint32_t i = 0; i < n->wrapper_count; i++)
        done(n, n->wrappers + i, 1);
}

/* Instances have wrappers in the package that is listed. */
static void make_wrappers(struct inliner *n)
{
    size_t capacity = 0;
    bool own = n->listing && n->listing->listing_package == n->package;
    for (uint32_t i = 0; own && i < n->listing->added.count; i++)
        for (const struct wrapped *w = n->listing->added.items[i]->wrapped; w; w = w->next) {
            n->wrappers = arena_grow(n->arena, n->wrappers, sizeof *n->wrappers, n->wrapper_count + 1, &capacity);
            n->wrappers[n->wrapper_count++] = inline_wrapper(n, n->listing->added.items[i], w->args);
        }
}

void inline_run(struct inliner *n, struct program *p, struct package *package, int release,
                const struct escape *listing)
{
    *n = (struct inliner){.program = p, .t = &p->types, .arena = &p->compilation->arena, .package = package};
    n->events_end = &n->events;
    if (package->init_code)
        return;
    package->init_code = new_init_code(n);
    n->escape = escape_new(p, release);
    n->listing = listing;
    if (listing)
        n->escape->shapes = listing->shapes;
    n->wraps_calls = listing && release >= WRAPPED_CALLS_SINCE;
    for (uint32_t i = 0; i < package->function_count; i++)
        if (package->functions[i]->literal)
            escape_literal_number(n->arena, package->functions[i], release);
    make_wrappers(n);
    each_component(n, false, judge_component);
    each_wrapper(n, judge_component);
    collect_sites(n, package->init_code);
    for (uint32_t i = 0; i < package->function_count; i++)
        if (is_compiled(n, package->functions[i]))
            collect_sites(n, package->functions[i]);
    for (uint32_t i = 0; i < n->wrapper_count; i++) /* what shapes call is done by those already */
        if (!esc_mention_shapes(n->wrappers[i]->instance))
            collect_sites(n, n->wrappers[i]);
    n->replacing = true;
    each_component(n, true, edit_component);
    each_wrapper(n, edit_component);
}

void inline_imports(struct program *p, struct package *package, int release, const struct escape *listing)
{
    struct inliner n;
    for (uint32_t i = 0; i < package->import_count; i++) {
        if (package->imports[i]->init_code)
            continue;
        inline_imports(p, package->imports[i], release, listing);
        inline_run(&n, p, package->imports[i], release, listing);
    }
}

void inline_package(struct program *p, struct package *package, int release)
{
    struct inliner n;
    inline_imports(p, package, release, NULL);
    inline_run(&n, p, package, release, NULL);
}
