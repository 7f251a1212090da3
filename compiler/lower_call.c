/*
 * lower_call: calls.
 *
 * A call is prepared (what is called and its arguments evaluated, in order) and then performed; go and defer put a closure between
 * the two. Arguments of more than four words go by pointer to a copy in the caller's frame.
 */
#include "lower_internal.h"

/* ---- functions ---- */

static struct type_list lower_types(struct lowerer *l, struct type_list list)
{
    struct type **out = ARENA_ARRAY(l->arena, struct type *, list.count + 1);
    for (uint32_t i = 0; i < list.count; i++)
        out[i] = lower_type(l, list.items[i]);
    return (struct type_list){out, list.count};
}

static void run_instance(struct lowerer *l, struct pending *p)
{
    struct function *f = p->object->function;
    scan_function(l, f);
    begin_fn(l, p->name, trace_name(l, p->object, 0), f->type);
    l->fn->params = f->tparams;
    l->fn->args = p->args;
    l->fn->escape = l->escape ? escape_analyse(l->escape, f, p->args) : NULL;
    l->fn->type = lower_type(l, f->type);
    l->fn->function = f;
    l->fn->linkage = "__attribute__((weak)) ";
    l->pos = l->fn->pos = f->decl->pos;
    lower_body(l, f, f->recv ? lower_type(l, f->recv->type) : NULL);
    end_fn(l);
}

const char *function_symbol(struct lowerer *l, struct object *object, struct type_list args)
{
    args = lower_types(l, args);
    const char *symbol = object_symbol(l, object, args);
    if (!args.count)
        return symbol;
    if (!object->function || !object->function->body)
        unsupported(l, l->pos, "a generic function without a body");
    else if (first_use(l, symbol))
        queue(l, (struct pending){.run = run_instance, .name = symbol, .object = object, .args = args});
    return symbol;
}

static const char *prototype(struct lowerer *l, const char *symbol, struct type *type, struct type *receiver)
{
    const char *first =
        receiver ? (by_reference(l, receiver) ? F(l, "const %s *", ctype(l, receiver)) : ctype(l, receiver)) : "";
    const char *params = param_list(l, type, ""); /* gomem_g *, … */
    const char *result = result_type(l, type);
    bool star = result[strlen(result) - 1] == '*';
    return F(l, "%s%s%s(gomem_g *%s%s%s", result, star ? "" : " ", symbol, *first ? ", " : "", first,
             params + strlen("gomem_g *"));
}

/* Functions of other packages, and those without a body. */
void declare_function(struct lowerer *l, const char *symbol, struct type *type, struct type *receiver, bool weak)
{
    (void)weak;
    if (!first_use(l, F(l, "%s()", symbol)))
        return;
    text_printf(&l->protos, "%s);\n", prototype(l, symbol, type, receiver));
}

/* These packages' functions without a body are inline in gomem_code.h, and no safepoints. */
static bool is_inline(const struct object *o)
{
    static const char *const packages[] = {"sync/atomic", "math", "math/bits"};
    if (!o->package || (o->function && o->function->body))
        return false;
    for (size_t i = 0; i < sizeof packages / sizeof *packages; i++)
        if (!strcmp(o->package->path, packages[i]))
            return true;
    return false;
}

/* What is known of a function whatever its type arguments. */
static void know_function(struct call *c, const struct object *o)
{
    c->leaf = is_inline(o);
    c->native = !o->function || !o->function->body;
    c->recovers = o->function && o->function->has_recover;
    c->keeps = !c->leaf && o->function && escape_keeps_uintptr(o->function) != ESCAPE_KEEPS_NOT;
}

struct type *method_type(struct lowerer *l, struct object *method, struct type *holder)
{
    return lower_type(l, types_member_type(l->t, holder, method));
}

/* The C function of a method, and the type of its receiver. */
const char *method_target(struct lowerer *l, struct object *method, struct type *holder, struct type **receiver)
{
    struct object *origin = method->origin ? method->origin : method;
    struct type_list args = holder->kind == TYPE_NAMED ? holder->named.args : (struct type_list){0};
    *receiver = origin->pointer_recv ? types_canonical(l->t, types_pointer(l->t, holder)) : holder;
    const char *symbol = function_symbol(l, origin, args);
    declare_function(l, symbol, method_type(l, method, holder), *receiver, args.count != 0);
    return symbol;
}

/* ---- preparing ---- */

static const char *receiver_text(struct lowerer *l, struct place at, const struct selection *s, struct type *holder)
{
    bool have_pointer = is_kind(l, at.type, TYPE_POINTER) && at.type != holder;
    if (s->object->pointer_recv) {
        if (have_pointer)
            return load(l, at);
        size_t n = strlen(at.text);
        if (at.text[0] == '(' && at.text[1] == '*' && at.text[n - 1] == ')')
            return arena_strndup(l->arena, at.text + 2, n - 3);
        return F(l, "(&%s)", at.text);
    }
    if (have_pointer)
        at = place_deref(l, lower_type(l, under(l, at.type)->pointer.elem), load(l, at), true);
    return load(l, at);
}

/* From the operand (a place) through embedded fields to the method. */
void select_method(struct lowerer *l, struct place at, const struct selection *s, struct call *c)
{
    for (uint32_t i = 0; i + 1 < s->count; i++)
        at = place_step(l, at, s->path[i]);
    struct type *holder = lower_type(l, s->holder);
    if (is_interface(l, holder)) {
        struct type *u = under(l, at.type);
        if (u->kind == TYPE_POINTER)
            at = place_deref(l, lower_type(l, u->pointer.elem), load(l, at), true);
        c->how = CALLS_INTERFACE;
        c->interface = at.type;
        c->closure = temp(l, at.type, load(l, at));
        c->method = method_index(l, at.type, s->object);
        c->type = lower_type(l, types_set(l->t, under(l, at.type))->methods.items[c->method]->type);
        return;
    }
    c->how = CALLS_FUNCTION;
    c->symbol = method_target(l, s->object, holder, &c->receiver_type);
    c->type = method_type(l, s->object, holder);
    c->receiver = receiver_text(l, at, s, holder);
    know_function(c, s->object->origin ? s->object->origin : s->object);
}

static struct place operand_place(struct lowerer *l, struct expr *x)
{
    struct type *type = type_of(l, x);
    if (is_kind(l, type, TYPE_POINTER) || is_interface(l, type))
        return (struct place){.text = lower_expr(l, x), .var = NO_VAR, .type = type};
    return lower_place(l, x);
}

static void prepare_static(struct lowerer *l, struct call *c, struct object *o, struct type_list args,
                           struct type *type)
{
    c->how = CALLS_FUNCTION;
    c->symbol = function_symbol(l, o, args);
    c->type = type;
    know_function(c, o);
    if (!c->leaf)
        declare_function(l, c->symbol, type, NULL, args.count != 0);
}

void prepare_callee(struct lowerer *l, struct expr *e, struct call *c)
{
    struct expr *fun = ast_unparen(e->call.fun);
    struct type *type = type_of(l, fun);
    c->type = under(l, type);
    if (fun->kind == EXPR_SELECTOR && fun->selector.selection) {
        struct selection *s = lower_selection(l, fun);
        if (s->kind == SELECT_METHOD || s->kind == SELECT_INTERFACE_METHOD) {
            select_method(l, operand_place(l, fun->selector.x), s, c);
            return;
        }
    }
    struct expr *name = fun->kind == EXPR_INDEX && fun->index.instance ? ast_unparen(fun->index.x) : fun;
    if (name->kind == EXPR_SELECTOR && !name->selector.selection)
        name = name->selector.name;
    if (name->kind == EXPR_NAME && name->name.object && name->name.object->kind == OBJECT_FUNC) {
        struct instance *in = fun->kind == EXPR_INDEX ? fun->index.instance : name->name.instance;
        prepare_static(l, c, name->name.object, in ? in->args : (struct type_list){0},
                       in ? lower_type(l, in->type) : c->type);
        return;
    }
    c->how = CALLS_CLOSURE;
    c->closure = stable(l, type, lower_expr(l, fun));
}

static const char *pack_variadic(struct lowerer *l, const struct expr *e, uint32_t from, struct type *slice,
                                 const char *const *values, struct type *const *types, uint32_t count)
{
    uint32_t n = count - from;
    if (!n)
        return "(gomem_slice){0}";
    struct type *elem = lower_type(l, under(l, slice)->slice.elem);
    struct type *array = types_canonical(l->t, types_array(l->t, elem, n));
    const char *p = lower_site(l, array, e, ESCAPE_VARIADIC, 0);
    struct place whole = place_deref(l, array, p, false);
    for (uint32_t i = 0; i < n; i++) {
        struct place to = {
            .text = F(l, "%s.a[%u]", whole.text, i), .memory = whole.memory, .var = NO_VAR, .type = elem};
        store(l, to, convert_part(l, e->call.args.items[0], from + i, values[from + i], types[from + i], elem));
    }
    return temp(l, slice, F(l, "(gomem_slice){%s, %u, %u}", p, n, n));
}

static bool later_call(struct expr_list list, uint32_t from)
{
    for (uint32_t i = from; i < list.count; i++)
        if (has_call(list.items[i]))
            return true;
    return false;
}

/* uintptr(p) of an unsafe pointer, which is used once more after the call; NULL: it is something else. */
static const char *keep_pointer(struct lowerer *l, struct call *c, struct expr *e)
{
    e = ast_unparen(e);
    if (e->kind != EXPR_CALL || e->call.kind != CALL_CONVERSION || e->mode == MODE_CONSTANT)
        return NULL;
    struct expr *x = e->call.args.items[0];
    if (!type_is_basic(under(l, type_of(l, e)), BASIC_UINTPTR) ||
        !type_is_basic(under(l, type_of(l, x)), BASIC_UNSAFE_POINTER))
        return NULL;
    const char *p = temp(l, type_of(l, x), lower_expr(l, x));
    c->kept[c->kept_count++] = p;
    return F(l, "(uintptr_t)%s", p);
}

/* Values and their types, of each operand or of a call with several results. */
static uint32_t evaluate_operands(struct lowerer *l, struct expr *e, struct call *c, const char ***values,
                                  struct type ***types)
{
    struct type *sig = c->type;
    struct expr_list args = e->call.args;
    if (args.count == 1 && args.items[0]->type && args.items[0]->type->kind == TYPE_TUPLE) {
        struct type *tuple = args.items[0]->type;
        *values = ARENA_ARRAY(l->arena, const char *, tuple->tuple.count + 1);
        *types = ARENA_ARRAY(l->arena, struct type *, tuple->tuple.count + 1);
        lower_call_parts(l, args.items[0], *values);
        for (uint32_t i = 0; i < tuple->tuple.count; i++)
            (*types)[i] = lower_type(l, tuple->tuple.items[i]);
        return tuple->tuple.count;
    }
    *values = ARENA_ARRAY(l->arena, const char *, args.count + 1);
    *types = ARENA_ARRAY(l->arena, struct type *, args.count + 1);
    uint32_t fixed = sig->func.params->tuple.count - (sig->variadic && !e->flag);
    if (c->keeps)
        c->kept = ARENA_ARRAY(l->arena, const char *, args.count + 1);
    for (uint32_t i = 0; i < args.count; i++) {
        struct type *want = i < fixed ? lower_type(l, sig->func.params->tuple.items[i])
                                      : lower_type(l, under(l, sig->func.params->tuple.items[fixed])->slice.elem);
        (*values)[i] = c->keeps ? keep_pointer(l, c, args.items[i]) : NULL;
        if (!(*values)[i])
            (*values)[i] = lower_to(l, args.items[i], want);
        (*types)[i] = want;
        if (later_call(args, i + 1))
            (*values)[i] = stable(l, want, (*values)[i]);
    }
    return args.count;
}

static void prepare_arguments(struct lowerer *l, struct expr *e, struct call *c)
{
    const char **values;
    struct type **types, *params = c->type->func.params;
    if (c->receiver && later_call(e->call.args, 0))
        c->receiver = stable(l, c->receiver_type, c->receiver);
    uint32_t n = evaluate_operands(l, e, c, &values, &types), fixed = params->tuple.count;
    c->count = fixed;
    c->args = ARENA_ARRAY(l->arena, const char *, fixed + 1);
    c->types = ARENA_ARRAY(l->arena, struct type *, fixed + 1);
    bool pack = c->type->variadic && !e->flag;
    for (uint32_t i = 0; i < fixed; i++) {
        c->types[i] = lower_type(l, params->tuple.items[i]);
        if (pack && i == fixed - 1)
            c->args[i] = pack_variadic(l, e, i, c->types[i], values, types, n);
        else
            c->args[i] = convert_part(l, e->call.args.items[0], i, values[i], types[i], c->types[i]);
    }
}

struct call prepare_call(struct lowerer *l, struct expr *e)
{
    struct call c = {0};
    prepare_callee(l, e, &c);
    prepare_arguments(l, e, &c);
    return c;
}

/* ---- performing ---- */

static const char *pass(struct lowerer *l, const char *value, struct type *type)
{
    if (!by_reference(l, type))
        return lower_condition_fold(l, value);
    struct place p = fresh_place(l, type);
    l->fn->vars[p.var].exposed = true;
    emit_def(l, p.var, value);
    return F(l, "&%s", p.text);
}

static const char *callee_text(struct lowerer *l, const struct call *c, const char **first)
{
    const char *result = result_type(l, c->type);
    switch (c->how) {
    case CALLS_FUNCTION:
        *first = c->receiver ? pass(l, c->receiver, c->receiver_type) : NULL;
        return c->symbol;
    case CALLS_INTERFACE:
        *first = F(l, "%s.data", c->closure);
        emit(l, F(l, "gomem_check_nil(g, " MARK_HERE ", %s.tab)", c->closure));
        return F(l, "((%s (*)(%s))%s.tab->code[%u])", result, param_list(l, c->type, "void *"), c->closure, c->method);
    default:
        *first = c->closure;
        emit(l, F(l, "gomem_check_nil(g, " MARK_HERE ", %s)", c->closure));
        return F(l, "((%s (*)(%s))%s->code)", result, param_list(l, c->type, "gomem_func *"), c->closure);
    }
}

static const char *rest_of(struct lowerer *l, const struct call *c, uint32_t plain, struct type *rest)
{
    struct text s;
    text_init(&s, l->arena);
    text_printf(&s, "(%s){", ctype(l, rest));
    for (uint32_t i = plain; i < c->count; i++)
        text_printf(&s, "%s%s", i > plain ? ", " : "", lower_condition_fold(l, c->args[i]));
    text_putc(&s, '}');
    return text_string(&s);
}

/* The value of one result, the struct of several, NULL of none. */
const char *perform_call(struct lowerer *l, const struct call *c)
{
    struct type *results = c->type->func.results;
    struct text s;
    text_init(&s, l->arena);
    const char *first;
    const char **args = ARENA_ARRAY(l->arena, const char *, c->count + 1);
    struct type *rest;
    uint32_t n = plain_params(l, c->type, &rest);
    for (uint32_t i = 0; i < n; i++)
        args[i] = pass(l, c->args[i], c->types[i]);
    if (rest)
        args[n] = pass(l, rest_of(l, c, n, rest), rest), n++;
    const char *callee = callee_text(l, c, &first);
    text_printf(&s, "%s(g%s%s", callee, first ? ", " : "", first ? first : "");
    for (uint32_t i = 0; i < n; i++)
        text_printf(&s, ", %s", args[i]);
    text_putc(&s, ')');
    int32_t t = NO_VAR;
    if (results->tuple.count)
        t = new_var(l, "t",
                    results->tuple.count == 1 ? lower_type(l, results->tuple.items[0]) : result_struct(l, c->type));
    if (c->leaf && t != NO_VAR)
        emit_def(l, t, text_string(&s));
    else if (c->leaf)
        emit(l, text_string(&s));
    else if (c->native)
        emit_call(l, t, text_string(&s));
    else
        emit_compiled_call(l, t, text_string(&s));
    for (uint32_t i = 0; i < c->kept_count; i++)
        emit(l, F(l, "(void)%s", c->kept[i]));
    return t == NO_VAR ? NULL : V(l, t);
}

/* The callee's statements; its results are in variables then. */
static void lower_inlined(struct lowerer *l, const struct inlined *in)
{
    struct pos pos = l->pos;
    struct expr *boxing = l->boxing, *converting = l->converting;
    bool borrowing = l->borrowing;
    struct jump_target target;
    l->boxing = l->converting = NULL;
    l->borrowing = false;
    push_target(l, &target, in->body);
    target.break_ = new_label(l, "done");
    lower_block(l, in->body->block.list);
    emit_landing(l, target.break_);
    l->fn->targets = target.outer;
    l->boxing = boxing;
    l->converting = converting;
    l->borrowing = borrowing;
    l->pos = pos;
}

const char *lower_call(struct lowerer *l, struct expr *e)
{
    if (e->call.kind == CALL_INLINED) {
        const struct inlined *in = e->call.inlined;
        lower_inlined(l, in);
        return in->results.count ? lower_expr(l, in->results.items[0]) : NULL;
    }
    if (e->call.kind == CALL_CONVERSION)
        return lower_conversion(l, e);
    if (e->call.kind == CALL_BUILTIN)
        return lower_builtin(l, e);
    struct call c = prepare_call(l, e);
    return perform_call(l, &c);
}

void lower_call_parts(struct lowerer *l, struct expr *e, const char **parts)
{
    e = ast_unparen(e);
    if (e->call.kind == CALL_INLINED) {
        lower_inlined(l, e->call.inlined);
        for (uint32_t i = 0; i < e->call.inlined->results.count; i++)
            parts[i] = lower_expr(l, e->call.inlined->results.items[i]);
        return;
    }
    struct pos pos = enter_expr(l, e);
    struct call c = prepare_call(l, e);
    const char *all = perform_call(l, &c);
    l->pos = pos;
    for (uint32_t i = 0; i < c.type->func.results->tuple.count; i++)
        parts[i] = F(l, "%s.r%u", all, i);
}

/* ---- go and defer ---- */

static struct call prepare_any(struct lowerer *l, struct expr *e)
{
    struct call c = {0};
    if (e->call.kind != CALL_BUILTIN)
        return prepare_call(l, e);
    c.how = CALLS_BUILTIN;
    c.builtin = e;
    evaluate_builtin(l, e, &c);
    return c;
}

static bool takes_nothing(const struct call *c)
{
    return c->how == CALLS_CLOSURE && !c->count && !c->type->func.results->tuple.count;
}

static const char *call_as_closure(struct lowerer *l, struct stmt *s)
{
    struct expr *e = ast_unparen(s->go.call);
    if (e->call.kind == CALL_CONVERSION) {
        unsupported(l, e->pos, "go or defer of a conversion");
        return "NULL";
    }
    struct call c = prepare_any(l, e);
    if (takes_nothing(&c))
        return c.closure;
    const char *closure = call_closure(l, &c, e);
    return c.how == CALLS_CLOSURE ? F(l, "(%s ? %s : NULL)", c.closure, closure) : closure;
}

void lower_go(struct lowerer *l, struct stmt *s)
{
    emit_call(l, NO_VAR, F(l, "gomem_rt.sched->go(g, %s)", call_as_closure(l, s)));
}

static const char *defer_record(struct lowerer *l)
{
    if (!l->fn->yield && !l->fn->loop_depth && !l->fn->labels.count) {
        struct type *words = types_canonical(l->t, types_array(l->t, basic(l, BASIC_UINTPTR), 4));
        int32_t v = new_var(l, "defer", words);
        l->fn->vars[v].ctype = "gomem_defer";
        l->fn->vars[v].exposed = true;
        return F(l, "(&%s)", V(l, v));
    }
    return "gomem_rt.panics->new_defer(g)";
}

void lower_defer(struct lowerer *l, struct stmt *s)
{
    const char *fn = stable(l, basic(l, BASIC_UNSAFE_POINTER), call_as_closure(l, s));
    const char *record = defer_record(l);
    record = lower_condition_fold(l, record);
    if (l->fn->yield)
        emit(l, F(l, "gomem_push_defer_below(g, %s, %s, %s, %s)", record, fn, yield_frame(l), yield_catch(l)));
    else
        emit(l, F(l, "gomem_push_defer(g, %s, %s, (char *)fr, &fr->catch_)", record, fn));
}
