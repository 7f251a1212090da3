/*
 * escape_call: calls, built-in functions, go and defer.
 *
 * A call whose function is known statically sends each argument where the callee's tag says its parameter goes, or, when the callee
 * is in the batch under way and has no tag yet, straight to the parameter's location, and takes results from the callee's result
 * variables. Arguments of any other call go to the heap.
 *
 * go and defer run a closure without parameters. When the call has operands the statement evaluates them into temporaries, and a
 * wrapper's code, which captures them, makes the call; literals of slices, arrays and structs are built inside the wrapper out of
 * evaluated elements. While the wrapper is walked, `replaced` says which temporary stands for which expression.
 */
#include "escape_internal.h"

struct location *esc_replacement(const struct walk *w, const struct expr *x, uint32_t part)
{
    return w->replaced ? esc_map_get(w->replaced, x, part) : NULL;
}

/* ---- who is called ---- */

static bool is_mutual(const struct walk *w, const struct callee *c)
{
    return c->unit->batch == w->batch && c->unit->state == UNIT_PLANNED;
}

static struct callee unknown_callee(void)
{
    return (struct callee){0};
}

static struct callee function_callee(struct escape_result *u, struct object *o, struct type_list args)
{
    if (!o || o->kind != OBJECT_FUNC || !o->function || o->recv)
        return unknown_callee();
    struct escape_result *unit = esc_unit(u->escape, o->function, o->function->package, args);
    if (unit->state < UNIT_PLANNED)
        return unknown_callee();
    return (struct callee){.object = o, .unit = unit, .known = true};
}

struct callee esc_method_callee(struct escape_result *u, struct object *method, struct type *holder)
{
    holder = esc_subst(u, holder);
    if (esc_is_interface(u, holder) || method->kind != OBJECT_FUNC)
        return unknown_callee();
    struct object *o = method->origin ? method->origin : method;
    if (!o->function)
        return unknown_callee();
    struct type_list args = holder->kind == TYPE_NAMED ? holder->named.args : (struct type_list){0};
    struct escape_result *unit = esc_unit(u->escape, o->function, o->function->package, args);
    if (unit->state < UNIT_PLANNED)
        return unknown_callee();
    return (struct callee){.object = o, .unit = unit, .recv = holder, .known = true};
}

static struct callee named_callee(struct escape_result *u, const struct expr *fun)
{
    fun = ast_unparen((struct expr *)fun);
    const struct instance *instance = NULL;
    if (fun->kind == EXPR_INDEX) {
        instance = fun->index.instance;
        fun = ast_unparen(fun->index.x);
    }
    if (fun->kind == EXPR_SELECTOR && !fun->selector.selection)
        fun = fun->selector.name;
    if (fun->kind != EXPR_NAME)
        return unknown_callee();
    if (!instance)
        instance = fun->name.instance;
    struct type_list args = instance ? esc_substitute_list(u, instance->args) : (struct type_list){0};
    return function_callee(u, instance ? instance->generic : fun->name.object, args);
}

static struct callee literal_callee(struct escape_result *u, const struct expr *literal)
{
    struct escape_result *unit = esc_unit(u->escape, literal->func.function, u->package, u->args);
    if (unit->state < UNIT_PLANNED)
        return unknown_callee();
    return (struct callee){.unit = unit, .known = true};
}

static struct callee value_callee(struct escape_result *u, const struct expr *fun)
{
    fun = esc_static_value(u, fun);
    if (fun->kind == EXPR_FUNC && esc_is_plain_literal(u, fun))
        return literal_callee(u, fun);
    if (fun->kind == EXPR_FUNC)
        return (struct callee){.unit = u, .closure = esc_code_of(u, fun), .known = true};
    const struct selection *s = fun->kind == EXPR_SELECTOR ? fun->selector.selection : NULL;
    if (s && s->kind == SELECT_METHOD_EXPR && s->count == 1)
        return esc_method_callee(u, s->object, s->holder);
    return s ? unknown_callee() : named_callee(u, fun);
}

struct callee esc_static_callee(struct walk *w, const struct expr *call)
{
    struct escape_result *u = w->code->unit;
    const struct expr *fun = ast_unparen(call->call.fun);
    struct callee c = unknown_callee();
    switch (call->call.kind) {
    case CALL_STATIC:
        c = named_callee(u, fun);
        break;
    case CALL_METHOD:
        c = esc_method_callee(u, fun->selector.selection->object, fun->selector.selection->holder);
        break;
    case CALL_INTERFACE:
        c = esc_devirtualized(u, call);
        break;
    case CALL_CLOSURE:
        c = value_callee(u, fun);
        break;
    default:
        break;
    }
    return c;
}

/* ---- parameters and results ---- */

static const struct function *callee_function(const struct callee *c)
{
    return c->closure ? c->closure->function : c->unit->function;
}

static struct object *parameter(const struct callee *c, uint32_t index)
{
    const struct function *f = callee_function(c);
    if (f->recv && index-- == 0)
        return f->recv;
    return index < f->params.count ? f->params.items[index] : NULL;
}

static struct hole tagged_hole(struct walk *w, const struct hole *ks, const struct escape_tag *tag)
{
    struct hole holes[3 + ESCAPE_MAX_RESULTS];
    uint32_t n = 0;
    if (tag->heap >= 0)
        holes[n++] = esc_hole_shift(esc_heap_hole(w), tag->heap);
    if (tag->mutator >= 0)
        holes[n++] = esc_hole_shift(esc_mutator_hole(w), tag->mutator);
    if (tag->callee >= 0)
        holes[n++] = esc_hole_shift(esc_hole_to(&w->batch->callee), tag->callee);
    for (int i = 0; ks && i < w->e->rules->tagged_results; i++)
        if (tag->result[i] >= 0)
            holes[n++] = esc_hole_shift(ks[i], tag->result[i]);
    return esc_tee(w, holes, n);
}

/* Where argument `index` (receiver first) goes. */
static struct hole argument_hole(struct walk *w, const struct hole *ks, const struct callee *c, uint32_t index)
{
    if (!c->known)
        return esc_heap_hole(w);
    if (!is_mutual(w, c))
        return index < c->unit->tag_count ? tagged_hole(w, ks, &c->unit->tags[index]) : esc_heap_hole(w);
    struct object *o = parameter(c, index);
    struct location *l = o ? esc_variable_location(c->unit, o) : NULL;
    return l && !o->name->blank ? esc_hole_to(l) : esc_discard_hole(w);
}

struct hole esc_receiver_hole(struct walk *w, const struct callee *c)
{
    if (!c->known)
        return esc_heap_hole(w);
    const struct function *f = callee_function(c);
    struct hole *ks = ARENA_ARRAY(w->e->arena, struct hole, f->results.count + ESCAPE_MAX_RESULTS);
    for (uint32_t i = 0; i < f->results.count + ESCAPE_MAX_RESULTS; i++)
        ks[i] = esc_heap_hole(w);
    return argument_hole(w, ks, c, 0);
}

static void flow_results(struct walk *w, const struct hole *ks, const struct callee *c)
{
    const struct function *f = callee_function(c);
    for (uint32_t i = 0; i < f->results.count; i++) {
        struct location *l = esc_variable_location(c->unit, f->results.items[i]);
        if (l)
            esc_flow_typed(w, ks[i], l);
    }
}

/* ---- arguments ---- */

bool esc_has_directive(const struct decl *d, const char *text)
{
    size_t n = strlen(text);
    for (uint32_t i = 0; d && i < d->directives.count; i++) {
        const char *line = d->directives.items[i]->text;
        if (strncmp(line, text, n) == 0 && (line[n] == 0 || line[n] == ' ' || line[n] == '\t'))
            return true;
    }
    return false;
}

enum escape_keeps escape_keeps_uintptr(const struct function *f)
{
    if (esc_has_directive(f->decl, "//go:uintptrescapes"))
        return ESCAPE_KEEPS_IN_HEAP;
    return !f->body || esc_has_directive(f->decl, "//go:uintptrkeepalive") ? ESCAPE_KEEPS_ALIVE : ESCAPE_KEEPS_NOT;
}

static enum escape_keeps keeps_uintptr(const struct callee *c)
{
    return c->known && c->object ? escape_keeps_uintptr(c->object->function) : ESCAPE_KEEPS_NOT;
}

static void keep_uintptr(struct walk *w, const struct expr *arg, enum escape_keeps how)
{
    struct escape_result *u = w->code->unit;
    arg = ast_unparen((struct expr *)arg);
    if (arg->kind != EXPR_CALL || arg->call.kind != CALL_CONVERSION || arg->mode == MODE_CONSTANT)
        return;
    const struct expr *x = arg->call.args.items[0];
    if (!type_is_basic(esc_under(u, esc_type(u, arg)), BASIC_UINTPTR) ||
        !type_is_basic(esc_under(u, esc_type(u, x)), BASIC_UNSAFE_POINTER))
        return;
    struct location *l = esc_new_temporary(w, esc_type(u, x));
    esc_eval(w, esc_hole_to(l), x);
    esc_flow(w->batch, how == ESCAPE_KEEPS_IN_HEAP ? esc_heap_hole(w) : esc_mutator_hole(w), l);
}

struct arguments {
    const struct hole *ks;
    const struct callee *callee;
    const struct expr *call;
    struct type *type; /* TYPE_FUNC */
    uint32_t first;    /* index of the first argument among the callee's parameters: 1 behind a receiver */
    enum escape_keeps keeps;
};

static struct type *parameter_type(const struct arguments *a, uint32_t i)
{
    struct type_list params = a->type->func.params->tuple;
    return params.items[i < params.count ? i : params.count - 1];
}

static struct type *element_type(struct walk *w, const struct arguments *a)
{
    struct type_list params = a->type->func.params->tuple;
    return esc_under(w->code->unit, params.items[params.count - 1])->slice.elem;
}

/* Results of a call as arguments: part i of the tuple. */
static void eval_part(struct walk *w, struct hole k, const struct arguments *a, struct location *part, uint32_t i,
                      struct type *to)
{
    const struct expr *x = a->call->call.args.items[0];
    struct location *temporary = esc_replacement(w, x, i + 1);
    if (temporary)
        esc_flow_typed(w, k, temporary);
    else
        esc_flow_part(w, k, part, to, x, i, a->call->pos);
}

static void eval_argument(struct walk *w, struct hole k, const struct arguments *a, struct location **parts, uint32_t i,
                          struct type *to)
{
    if (parts) {
        eval_part(w, k, a, parts[i], i, to);
        return;
    }
    const struct expr *arg = a->call->call.args.items[i];
    if (a->keeps)
        keep_uintptr(w, arg, a->keeps);
    esc_eval_as(w, k, arg, to);
}

static void eval_arguments(struct walk *w, const struct arguments *a)
{
    const struct expr *call = a->call;
    uint32_t count = call->call.args.count, params = a->type->func.params->tuple.count;
    struct location **parts = NULL;
    if (count == 1 && call->call.args.items[0]->type->kind == TYPE_TUPLE)
        parts = esc_call_into_temporaries(w, call->call.args.items[0], &count);
    bool spread = a->type->variadic && !call->flag;
    uint32_t fixed = spread ? params - 1 : params;
    for (uint32_t i = 0; i < fixed && i < count; i++)
        eval_argument(w, argument_hole(w, a->ks, a->callee, a->first + i), a, parts, i, parameter_type(a, i));
    if (!spread)
        return;
    struct hole k = argument_hole(w, a->ks, a->callee, a->first + fixed);
    if (count <= fixed)
        return;
    k = esc_spill(w, k, call, ESCAPE_VARIADIC, 0, call->pos, parameter_type(a, fixed));
    for (uint32_t i = fixed; i < count; i++)
        eval_argument(w, k, a, parts, i, element_type(w, a));
}

struct location **esc_call_into_temporaries(struct walk *w, const struct expr *call, uint32_t *count)
{
    const struct escape_result *u = w->code->unit;
    struct type_list parts = call->type->tuple;
    struct location **temps = ARENA_ARRAY(w->e->arena, struct location *, parts.count);
    struct hole *ks = ARENA_ARRAY(w->e->arena, struct hole, parts.count);
    *count = parts.count;
    bool evaluated = esc_replacement(w, call, 1) != NULL;
    for (uint32_t i = 0; i < parts.count; i++) {
        temps[i] = esc_new_temporary(w, esc_subst(u, parts.items[i]));
        temps[i]->name = arena_printf(w->e->arena, ".autotmp_%u", (unsigned)w->code->declared++);
        ks[i] = esc_hole_to(temps[i]);
    }
    if (!evaluated)
        esc_eval_call(w, ks, ast_unparen((struct expr *)call));
    return temps;
}

/* ---- calls ---- */

static void eval_callee(struct walk *w, const struct hole *ks, const struct callee *c, const struct expr *call,
                        uint32_t results)
{
    struct hole k = esc_discard_hole(w);
    for (uint32_t i = 0; ks && !c->known && i < results; i++)
        if (ks[i].dst != &w->batch->blank && w->e->rules->mutations)
            k = esc_hole_to(&w->batch->callee);
    esc_eval(w, k, call->call.fun);
}

/* The receiver of x.m(…); when the interface's type is known: of x.(T).m(…). */
static void eval_call_receiver(struct walk *w, struct hole k, const struct expr *call)
{
    const struct expr *fun = ast_unparen(call->call.fun);
    struct location *temporary = esc_replacement(w, fun, 0);
    struct type *asserted = NULL;
    struct selection found;
    bool bound = call->call.kind == CALL_INTERFACE && esc_devirtual_method(w->code->unit, call, &asserted, &found);
    if (bound)
        k = esc_clause_hole(w, esc_method_hole(w, k, asserted, &found), asserted);
    if (temporary)
        esc_flow_typed(w, k, temporary);
    else
        esc_eval_receiver(w, k, fun->selector.x, fun->selector.selection);
}

static void note_effect(void *context, const struct expr *x)
{
    bool *effect = context;
    *effect |= (x->kind == EXPR_CALL && x->call.kind != CALL_CONVERSION && x->call.kind != CALL_BUILTIN) ||
               (x->kind == EXPR_UNARY && x->op == OP_RECV);
}

/* What is called is computed by a call: it goes to a temporary first, which only the listing shows. */
static void name_computed(struct walk *w, const struct expr *x)
{
    bool effect = false;
    struct esc_scan scan = {.unit = w->code->unit, .expr = note_effect, .context = &effect};
    esc_scan_expr(&scan, x);
    if (!effect)
        return;
    const struct escape_result *u = w->code->unit;
    x = ast_unparen((struct expr *)x);
    struct escape_result *before = w->e->before ? esc_unit(w->e->before, u->function, u->package, u->args) : NULL;
    char *name = before ? esc_map_get(&before->names, x, 0) : NULL;
    if (!name)
        name = arena_printf(w->e->arena, ".autotmp_%u", (unsigned)w->code->declared++);
    esc_map_put(w->e->arena, &w->code->unit->names, x, 0, name);
}

static void eval_function_call(struct walk *w, const struct hole *ks, const struct expr *call)
{
    struct escape_result *u = w->code->unit;
    struct callee c = esc_static_callee(w, call);
    struct type *type = esc_under(u, esc_type(u, call->call.fun));
    const struct expr *fun = ast_unparen(call->call.fun);
    if (fun->kind == EXPR_FUNC && esc_code_of(u, fun))
        esc_code_of(u, fun)->called = true;
    if (ks && c.known && is_mutual(w, &c))
        flow_results(w, ks, &c);
    struct arguments a = {ks, &c, call, type, 0, keeps_uintptr(&c)};
    struct act before = esc_begin_argument(w, call);
    bool method = call->call.kind == CALL_METHOD || call->call.kind == CALL_INTERFACE;
    if (method) {
        a.first = 1;
        eval_call_receiver(w, argument_hole(w, ks, &c, 0), call);
    } else {
        eval_callee(w, ks, &c, call, type->func.results->tuple.count);
    }
    eval_arguments(w, &a);
    w->batch->act = before;
    if (call->call.kind == CALL_INTERFACE)
        name_computed(w, fun->selector.x);
    else if (call->call.kind == CALL_CLOSURE && fun->kind != EXPR_FUNC)
        name_computed(w, fun);
}

/* ---- built-in functions ---- */

static struct type *slice_elem(const struct walk *w, const struct expr *x)
{
    if (x->mode == MODE_NIL)
        return NULL;
    struct type *under = esc_under(w->code->unit, esc_type(w->code->unit, x));
    return under->kind == TYPE_SLICE ? under->slice.elem : NULL;
}

/* A slice variable of the whole function that is only ever appended to: it has no room just once. */
static bool grows_one_slice(const struct walk *w, const struct expr *x)
{
    x = ast_unparen((struct expr *)x);
    if (x->kind != EXPR_NAME || !esc_is_local_variable(x->name.object))
        return false;
    const struct location *l = esc_variable_location(w->code->unit, x->name.object);
    const struct variable_facts *f = esc_facts_of_variable(w->code->unit, x->name.object);
    return l && l->code == w->code && l->loop_depth == 1 && f && !f->reset;
}

static void eval_append(struct walk *w, struct hole k, const struct expr *call)
{
    struct act before = esc_begin_act(w->batch, "is appended", call->pos);
    const struct escape_result *u = w->code->unit;
    struct expr_list args = call->call.args;
    struct type *elem = esc_under(u, esc_type(u, call))->slice.elem;
    bool pointers = esc_has_pointers(u, elem);
    struct hole appendee = k;
    if (w->e->rules->mutations) {
        struct hole both[] = {k, esc_mutator_hole(w)};
        appendee = esc_tee(w, both, 2);
    }
    if (pointers) {
        struct hole both[] = {appendee, esc_hole_shift(esc_heap_hole(w), 1)};
        appendee = esc_tee(w, both, 2);
    }
    esc_eval(w, appendee, args.items[0]);
    if (call->flag) {
        bool slice = slice_elem(w, args.items[1]) != NULL;
        esc_eval(w, slice && pointers ? esc_hole_shift(esc_heap_hole(w), 1) : esc_discard_hole(w), args.items[1]);
    } else {
        for (uint32_t i = 1; i < args.count; i++)
            esc_eval_as(w, esc_heap_hole(w), args.items[i], elem);
    }
    if (w->e->rules->small_make) {
        struct location *l = esc_spill(w, k, call, ESCAPE_VALUE, 0, call->pos, esc_type(u, call)).dst;
        l->repeats = w->loop_depth > 1 && !grows_one_slice(w, args.items[0]);
        l->loop_depth = 0;
    }
    w->batch->act = before;
}

static void eval_copy(struct walk *w, const struct expr *call)
{
    struct expr_list args = call->call.args;
    esc_eval(w, esc_mutator_hole(w), args.items[0]);
    struct type *elem = slice_elem(w, args.items[1]);
    bool pointers = elem && esc_has_pointers(w->code->unit, elem);
    esc_eval(w, pointers ? esc_hole_shift(esc_heap_hole(w), 1) : esc_discard_hole(w), args.items[1]);
}

static void eval_make(struct walk *w, struct hole k, const struct expr *call)
{
    const struct escape_result *u = w->code->unit;
    struct expr_list args = call->call.args;
    struct type *type = esc_type(u, call), *under = esc_under(u, type);
    if (under->kind != TYPE_CHAN) {
        struct location *l = esc_spill(w, k, call, ESCAPE_VALUE, 0, call->pos, type).dst;
        if (under->kind == TYPE_SLICE) {
            const struct expr *size = args.items[args.count - 1];
            l->constant = size->mode == MODE_CONSTANT ? size->value : esc_static_size(u, size);
        }
    }
    for (uint32_t i = 1; i < args.count; i++)
        esc_discard(w, args.items[i]);
}

/* new(x) is a variable with the value x. */
static void eval_new(struct walk *w, struct hole k, const struct expr *call)
{
    const struct escape_result *u = w->code->unit;
    const struct expr *arg = call->call.args.items[0];
    struct type *type = esc_type(u, call);
    struct hole inner = esc_spill(w, k, call, ESCAPE_VALUE, 0, call->pos, type);
    if (arg->mode == MODE_TYPE)
        return;
    inner.dst->moved = true;
    inner.dst->name = arena_printf(w->e->arena, ".autotmp_%u", (unsigned)w->code->declared++);
    esc_eval_as(w, inner, arg, type->pointer.elem);
}

static void eval_delete(struct walk *w, const struct expr *call)
{
    const struct escape_result *u = w->code->unit;
    const struct expr *map = call->call.args.items[0];
    esc_discard(w, map);
    esc_eval_as(w, esc_discard_hole(w), call->call.args.items[1], esc_under(u, esc_type(u, map))->map.key);
}

/* The operands of a builtin are the results of one call: all escape. */
static void eval_spread(struct walk *w, const struct expr *call)
{
    struct hole *ks = ARENA_ARRAY(w->e->arena, struct hole, call->type->tuple.count);
    for (uint32_t i = 0; i < call->type->tuple.count; i++)
        ks[i] = esc_heap_hole(w);
    esc_eval_call(w, ks, call);
}

static void eval_builtin(struct walk *w, struct hole k, const struct expr *call)
{
    const struct expr *fun = ast_unparen(call->call.fun);
    if (fun->kind == EXPR_SELECTOR)
        fun = fun->selector.name;
    struct expr_list args = call->call.args;
    if (args.count == 1 && args.items[0]->type && args.items[0]->type->kind == TYPE_TUPLE) {
        eval_spread(w, ast_unparen(args.items[0]));
        return;
    }
    switch (fun->name.object->builtin) {
    case BUILTIN_APPEND:
        eval_append(w, k, call);
        return;
    case BUILTIN_COPY:
        eval_copy(w, call);
        return;
    case BUILTIN_PANIC:
        esc_eval_as(w, esc_heap_hole(w), args.items[0], w->e->t->any);
        return;
    case BUILTIN_MAKE:
        eval_make(w, k, call);
        return;
    case BUILTIN_NEW:
        eval_new(w, k, call);
        return;
    case BUILTIN_DELETE:
        eval_delete(w, call);
        return;
    case BUILTIN_CLEAR:
        esc_eval(w, esc_mutator_hole(w), args.items[0]);
        return;
    case BUILTIN_MIN:
    case BUILTIN_MAX:
        for (uint32_t i = 0; i < args.count; i++)
            esc_eval(w, k, args.items[i]);
        return;
    case BUILTIN_UNSAFE_STRINGDATA:
    case BUILTIN_UNSAFE_SLICEDATA:
    case BUILTIN_UNSAFE_ADD:
    case BUILTIN_UNSAFE_SLICE:
    case BUILTIN_UNSAFE_STRING:
        esc_eval(w, k, args.items[0]);
        for (uint32_t i = 1; i < args.count; i++)
            esc_discard(w, args.items[i]);
        return;
    default:
        for (uint32_t i = 0; i < args.count; i++)
            esc_discard(w, args.items[i]);
    }
}

static void eval_inlined(struct walk *w, const struct hole *ks, const struct inlined *in)
{
    esc_walk_block(w, &in->body->block.list);
    for (uint32_t i = 0; ks && i < in->results.count; i++)
        esc_eval(w, ks[i], in->results.items[i]);
}

void esc_eval_call(struct walk *w, const struct hole *ks, const struct expr *call)
{
    if (call->call.kind == CALL_INLINED) {
        eval_inlined(w, ks, call->call.inlined);
        return;
    }
    if (call->call.kind == CALL_BUILTIN)
        eval_builtin(w, ks ? ks[0] : esc_discard_hole(w), call);
    else if (call->call.kind != CALL_CONVERSION)
        eval_function_call(w, ks, call);
}

/* ---- go and defer ---- */

struct wrapping {
    struct walk *w;
    struct escape_map replaced;
    struct code *code;
};

static struct location *add_temporary(struct wrapping *g, const struct expr *x, uint32_t part, struct type *type)
{
    struct arena *a = g->w->e->arena;
    struct location *l = esc_new_temporary(g->w, type);
    g->w->code->declared++;
    esc_capture_temporary(a, g->code, l);
    esc_map_put(a, &g->replaced, x, part, l);
    return l;
}

static bool stays_inside(const struct walk *w, const struct expr *x)
{
    if (x->mode == MODE_CONSTANT || x->mode == MODE_NIL || x->mode == MODE_TYPE || x->mode == MODE_BUILTIN)
        return true;
    if (x->kind == EXPR_NAME)
        return x->name.object && x->name.object->kind == OBJECT_FUNC;
    if (x->kind == EXPR_SELECTOR)
        return !x->selector.selection ? x->selector.name->name.object->kind == OBJECT_FUNC
                                      : x->selector.selection->kind == SELECT_METHOD_EXPR;
    if (x->kind == EXPR_CALL && x->call.kind == CALL_BUILTIN) {
        const struct expr *fun = ast_unparen(x->call.fun);
        return w->e->rules->unified && fun->kind == EXPR_NAME && fun->name.object->builtin == BUILTIN_NEW &&
               x->call.args.items[0]->mode == MODE_TYPE;
    }
    return false;
}

static void take_operand(struct wrapping *g, const struct expr *x, struct type *type);

static bool take_elements(struct wrapping *g, const struct expr *x)
{
    const struct escape_result *u = g->w->code->unit;
    if (x->kind != EXPR_COMPOSITE)
        return false;
    struct type *type = esc_under(u, esc_type(u, x));
    if (type->kind != TYPE_SLICE && type->kind != TYPE_ARRAY && type->kind != TYPE_STRUCT)
        return false;
    for (uint32_t i = 0; i < x->composite.elems.count; i++) {
        const struct expr *e = x->composite.elems.items[i];
        struct type *want = type->kind == TYPE_SLICE   ? type->slice.elem
                            : type->kind == TYPE_ARRAY ? type->array.elem
                                                       : NULL;
        if (!want) {
            bool keyed = e->kind == EXPR_KEY_VALUE && e->key_value.key->name.object;
            want = esc_subst(u, type->struct_.fields.items[keyed ? e->key_value.key->name.object->index : i]->type);
        }
        take_operand(g, e->kind == EXPR_KEY_VALUE ? e->key_value.value : e, want);
    }
    return true;
}

/* An operand of the call: evaluated now, unless it can as well be inside. */
static void take_operand(struct wrapping *g, const struct expr *x, struct type *type)
{
    const struct escape_result *u = g->w->code->unit;
    const struct expr *plain = ast_unparen((struct expr *)x);
    bool boxed = type && x->mode != MODE_NIL && esc_is_interface(u, type) && !esc_is_interface(u, esc_type(u, x));
    if (!boxed && (stays_inside(g->w, plain) || take_elements(g, plain)))
        return;
    struct location *l = add_temporary(g, x, 0, type ? type : esc_type(u, x));
    esc_eval_as(g->w, esc_hole_to(l), x, type);
}

static void take_parts(struct wrapping *g, const struct expr *call, struct type *type)
{
    const struct expr *x = call->call.args.items[0];
    const struct escape_result *u = g->w->code->unit;
    uint32_t count, params = type->func.params->tuple.count;
    struct location **parts = esc_call_into_temporaries(g->w, x, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct type *to = type->func.params->tuple.items[i < params ? i : params - 1];
        if (type->variadic && i + 1 >= params)
            to = esc_under(u, to)->slice.elem;
        struct location *l = add_temporary(g, x, i + 1, to);
        esc_flow_part(g->w, esc_hole_to(l), parts[i], to, x, i, call->pos);
    }
}

static void take_arguments(struct wrapping *g, const struct expr *call)
{
    const struct escape_result *u = g->w->code->unit;
    struct expr_list args = call->call.args;
    struct type *type = esc_under(u, esc_type(u, call->call.fun));
    if (args.count == 1 && args.items[0]->type && args.items[0]->type->kind == TYPE_TUPLE) {
        take_parts(g, call, type);
        return;
    }
    struct type_list params = type->func.params->tuple;
    for (uint32_t i = 0; i < args.count; i++) {
        struct type *to = params.items[i < params.count ? i : params.count - 1];
        if (type->variadic && !call->flag && i + 1 >= params.count)
            to = esc_under(u, to)->slice.elem;
        take_operand(g, args.items[i], to);
    }
}

static void take_builtin_arguments(struct wrapping *g, const struct expr *call)
{
    const struct escape_result *u = g->w->code->unit;
    struct expr_list args = call->call.args;
    const struct expr *fun = ast_unparen(call->call.fun);
    if (fun->kind == EXPR_SELECTOR)
        fun = fun->selector.name;
    enum builtin builtin = (enum builtin)fun->name.object->builtin;
    for (uint32_t i = 0; i < args.count; i++) {
        struct type *to = builtin == BUILTIN_PANIC ? g->w->e->t->any : NULL;
        if (builtin == BUILTIN_DELETE && i == 1)
            to = esc_under(u, esc_type(u, args.items[0]))->map.key;
        take_operand(g, args.items[i], to);
    }
}

static void take_receiver(struct wrapping *g, const struct expr *call)
{
    const struct escape_result *u = g->w->code->unit;
    const struct expr *fun = ast_unparen(call->call.fun);
    const struct selection *s = fun->selector.selection;
    struct type *type = esc_subst(u, s->holder);
    if (type->kind != TYPE_NAMED && type->kind != TYPE_PARAM && type->kind != TYPE_INTERFACE)
        type = esc_type(u, fun->selector.x);
    if (s->kind == SELECT_METHOD && s->object->pointer_recv)
        type = types_pointer(g->w->e->t, type);
    struct location *l = add_temporary(g, fun, 0, type);
    esc_eval_receiver(g->w, esc_hole_to(l), fun->selector.x, s);
}

/* The wrapper's code: makes the call with what was evaluated. */
static void walk_wrapper(struct wrapping *g, const struct expr *call)
{
    struct walk inner = {
        .batch = g->w->batch, .e = g->w->e, .code = g->code, .loop_depth = 1, .replaced = &g->replaced};
    esc_eval_call(&inner, NULL, call);
}

/* What an inlined call was. */
static uint8_t written_kind(const struct expr *call)
{
    return call->call.kind == CALL_INLINED ? call->call.inlined->kind : call->call.kind;
}

static bool calls_plainly(const struct walk *w, const struct expr *call)
{
    uint8_t kind = written_kind(call);
    if (kind != CALL_STATIC && kind != CALL_CLOSURE)
        return false;
    const struct type *type = esc_under(w->code->unit, esc_type(w->code->unit, call->call.fun));
    return type->func.params->tuple.count + type->func.results->tuple.count == 0;
}

void esc_eval_go(struct walk *w, const struct stmt *s)
{
    const struct expr *call = ast_unparen(s->go.call);
    struct hole k = esc_heap_hole(w);
    bool once = s->kind == STMT_DEFER && w->loop_depth == 1 && !w->code->range;
    if (calls_plainly(w, call)) {
        esc_eval(w, once ? esc_hole_to(esc_new_temporary(w, NULL)) : k, call->call.fun);
        return;
    }
    struct wrapping g = {.w = w, .code = esc_code_new(w->code->unit, w->code, NULL, NULL)};
    g.code->wrapper = true;
    g.code->deferred = s;
    g.code->later = !once;
    if (call->call.kind == CALL_BUILTIN) {
        take_builtin_arguments(&g, call);
    } else {
        if (written_kind(call) == CALL_METHOD || written_kind(call) == CALL_INTERFACE)
            take_receiver(&g, call);
        else
            take_operand(&g, call->call.fun, NULL);
        take_arguments(&g, call);
    }
    if (once)
        k = esc_hole_to(esc_new_temporary(w, NULL));
    struct hole closure = esc_spill(w, k, call, ESCAPE_DEFERRED, 0, s->pos, NULL);
    closure.dst->quiet = true;
    esc_flow_closure(w, closure, g.code);
    walk_wrapper(&g, call);
}
