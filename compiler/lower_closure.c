/*
 * lower_closure: func values.
 *
 * A func value points to a struct that begins with the code; what is captured follows: the pointer to the box of a variable that is
 * shared, the value of one that is never set again. A literal loads them when it is entered. Values of declared functions are static.
 * Method values, go and defer statements with arguments are closures of thunks: functions without a frame, so that a deferred function
 * finds g->sp as the runtime left it.
 */
#include "lower_internal.h"

int32_t add_param(struct lowerer *l, struct text *signature, const char *name, struct type *type)
{
    int32_t v = new_var(l, name, type);
    struct var *x = &l->fn->vars[v];
    x->param = true;
    x->by_reference = by_reference(l, type);
    if (x->by_reference)
        text_printf(signature, ", const %s *%s_in", ctype(l, type), x->name);
    else
        text_printf(signature, ", %s", declare(l, type, x->name));
    return v;
}

void open_thunk(struct lowerer *l, const char *name, struct type *type, struct type *closure, struct type *receiver,
                int32_t *first)
{
    struct fn *f = begin_fn(l, name, name, type);
    f->thunk = true;
    struct text s;
    text_init(&s, l->arena);
    const char *result = result_type(l, type);
    text_printf(&s, "%s%s%s(gomem_g *g", result, result[strlen(result) - 1] == '*' ? "" : " ", name);
    if (closure)
        add_param(l, &s, "c", closure);
    if (receiver)
        add_param(l, &s, "w", receiver);
    *first = f->first_param = (int32_t)f->var_count;
    struct type *rest;
    f->plain_params = plain_params(l, type, &rest);
    for (uint32_t i = 0; i < f->plain_params; i++)
        add_param(l, &s, "p", lower_type(l, type->func.params->tuple.items[i]));
    if (rest)
        add_param(l, &s, "rest", rest);
    f->signature = text_string(&s);
    f->linkage = "static ";
}

const char *thunk_param(struct lowerer *l, int32_t v)
{
    int32_t rest = l->fn->first_param + (int32_t)l->fn->plain_params;
    return v < rest ? V(l, v) : F(l, "%s.p%d", V(l, rest), v - rest);
}

void arguments_from_params(struct lowerer *l, struct call *c, int32_t first)
{
    c->count = c->type->func.params->tuple.count;
    c->args = ARENA_ARRAY(l->arena, const char *, c->count + 1);
    c->types = ARENA_ARRAY(l->arena, struct type *, c->count + 1);
    for (uint32_t i = 0; i < c->count; i++) {
        c->args[i] = thunk_param(l, first + (int32_t)i);
        c->types[i] = lower_type(l, c->type->func.params->tuple.items[i]);
    }
}

void close_thunk(struct lowerer *l, struct call *c, int32_t first)
{
    if (first >= 0)
        arguments_from_params(l, c, first);
    emit(l, "gomem_pass_recovery(g, " MARK_ENTRY ")");
    const char *value = c->how == CALLS_BUILTIN ? (perform_builtin(l, c), NULL) : perform_call(l, c);
    bool returns = l->fn->type->func.results->tuple.count != 0;
    emit_return(l, returns ? value : NULL);
    end_fn(l);
}

/* ---- closures ---- */

struct type *closure_type(struct lowerer *l, const char *const *names, struct type *const *types, uint32_t count)
{
    const char **all = ARENA_ARRAY(l->arena, const char *, count + 1);
    struct type **t = ARENA_ARRAY(l->arena, struct type *, count + 1);
    all[0] = "code";
    t[0] = basic(l, BASIC_UINTPTR);
    for (uint32_t i = 0; i < count; i++) {
        all[i + 1] = names ? names[i] : F(l, "x%u", i);
        t[i + 1] = types[i];
    }
    return make_struct(l, all, t, count + 1);
}

const char *fill_closure(struct lowerer *l, const char *p, const char *code, struct type *type,
                         const char *const *values, uint32_t count)
{
    emit(l, F(l, "%s->code = (uintptr_t)%s", p, code));
    for (uint32_t i = 0; i < count; i++)
        emit(l, F(l, "%s->%s = %s", p, field_name(l, type, i + 1), lower_condition_fold(l, values[i])));
    return F(l, "((gomem_func *)%s)", p);
}

static const char *allocate_closure(struct lowerer *l, const char *code, struct type *type, const char *const *values,
                                    uint32_t count, const struct expr *site, enum escape_role role)
{
    bool later = role == ESCAPE_DEFERRED && l->fn->yield; /* it outlives this frame */
    return fill_closure(l, later ? lower_new(l, type) : lower_site(l, type, site, role, 0), code, type, values, count);
}

static const char *static_closure(struct lowerer *l, const char *code)
{
    const char *name = F(l, "%s_value", code);
    if (first_use(l, name))
        text_printf(&l->data, "static const gomem_func %s = {(void (*)(void))%s};\n", name, code);
    return F(l, "((gomem_func *)&%s)", name);
}

const char *function_value(struct lowerer *l, const char *symbol, struct type *type, const struct object *function)
{
    struct type *sig = under(l, type);
    const char *code = F(l, "%s_closure", symbol);
    declare_function(l, symbol, sig, NULL, false);
    if (first_use(l, code)) {
        reflect_function(l, code, trace_name(l, function, 0), function->pos);
        struct call c = {.how = CALLS_FUNCTION, .symbol = symbol, .type = sig};
        int32_t first;
        open_thunk(l, code, sig, basic(l, BASIC_UNSAFE_POINTER), NULL, &first);
        close_thunk(l, &c, first);
    }
    return static_closure(l, code);
}

/* ---- literals ---- */

static struct type *capture_type(struct lowerer *l, struct object *o)
{
    struct type *type = lower_type(l, o->type);
    return captured_by_value(l, o) ? type : types_canonical(l->t, types_pointer(l->t, type));
}

static const char *capture_field(struct lowerer *l, struct object_list captures, uint32_t i)
{
    const char *name = captures.items[i]->name->text;
    bool twice = !strcmp(name, "code");
    for (uint32_t k = 0; k < i; k++)
        twice |= !strcmp(captures.items[k]->name->text, name);
    return twice ? F(l, "%s_%u", name, i) : name;
}

static const char *box_pointer(struct lowerer *l, struct object *o)
{
    const char *capture = ptr_map_get(&l->fn->captures, o);
    if (capture)
        return capture;
    const char *var = V(l, (int32_t)(intptr_t)ptr_map_get(&l->fn->objects, o) - 1);
    return boxed(l, o) ? var : F(l, "&%s", var);
}

void list_captures(struct lowerer *l, struct object_list captures, const char **names, const char **values,
                   struct type **types)
{
    for (uint32_t i = 0; i < captures.count; i++) {
        struct object *o = captures.items[i];
        names[i] = capture_field(l, captures, i);
        types[i] = capture_type(l, o);
        values[i] = captured_by_value(l, o) ? load(l, place_var(l, o)) : box_pointer(l, o);
    }
}

/* So each lives as long as it is used itself, and the closure no longer. A larger one captured by value stays in it. */
static bool loaded_at_entry(struct lowerer *l, struct object *o)
{
    struct type *type = lower_type(l, o->type);
    return !captured_by_value(l, o) || size_of(l, type) <= 4 * size_of(l, basic(l, BASIC_UINTPTR));
}

static const char *captured(struct lowerer *l, uint32_t i)
{
    return F(l, "%s->%s", V(l, 0), field_name(l, l->fn->closure->pointer.elem, i + 1));
}

const char *load_captured(struct lowerer *l, uint32_t i, struct type *type)
{
    int32_t var = new_var(l, "captured", type);
    emit_def(l, var, captured(l, i));
    return V(l, var);
}

void bind_captures(struct lowerer *l, struct object_list captures)
{
    for (uint32_t i = 0; i < captures.count; i++) {
        struct object *o = captures.items[i];
        const char *place = loaded_at_entry(l, o) ? load_captured(l, i, capture_type(l, o)) : captured(l, i);
        ptr_map_set(l->arena, &l->fn->captures, o, (void *)(uintptr_t)place);
    }
}

const char *lower_func_literal(struct lowerer *l, struct expr *e)
{
    struct function *f = e->func.function;
    struct object_list captures = captures_of(l, f);
    const char **names = ARENA_ARRAY(l->arena, const char *, captures.count + 1);
    const char **values = ARENA_ARRAY(l->arena, const char *, captures.count + 1);
    struct type **types = ARENA_ARRAY(l->arena, struct type *, captures.count + 1);
    list_captures(l, captures, names, values, types);
    struct type *closure = captures.count ? closure_type(l, names, types, captures.count) : NULL;
    const char *code = F(l, "%s_func%u", l->fn->name, ++l->fn->literal_count);
    struct pos pos = l->pos;
    struct fn *fn = begin_fn(l, code, F(l, l->fn->closure ? "%s.%u" : "%s.func%u", l->fn->go_name, ++l->fn->func_count),
                             type_of(l, e));
    l->pos = fn->pos = e->pos;
    fn->function = f;
    fn->linkage = "static ";
    fn->closure = closure ? types_canonical(l->t, types_pointer(l->t, closure)) : basic(l, BASIC_UNSAFE_POINTER);
    fn->type = under(l, fn->type);
    lower_body(l, f, NULL);
    end_fn(l);
    reflect_function(l, code, fn->go_name, e->pos);
    l->pos = pos;
    return closure ? allocate_closure(l, code, closure, values, captures.count, e, ESCAPE_VALUE)
                   : static_closure(l, code);
}

/* ---- method values, method expressions ---- */

static const char *method_expression(struct lowerer *l, struct expr *e, struct selection *s)
{
    struct type *sig = under(l, type_of(l, e)), *recv = lower_type(l, s->recv);
    const char *code = F(l, "%s_expr%u", l->fn->name, ++l->fn->literal_count);
    int32_t first;
    open_thunk(l, code, sig, basic(l, BASIC_UNSAFE_POINTER), NULL, &first);
    struct call c = {0};
    select_method(l, (struct place){.text = V(l, first), .var = first, .type = recv}, s, &c);
    close_thunk(l, &c, first + 1);
    if (s->object->recv)
        reflect_function(l, code, trace_name(l, s->object, 0), s->object->pos);
    return static_closure(l, code);
}

const char *method_value(struct lowerer *l, struct expr *e)
{
    struct selection *s = lower_selection(l, e);
    if (s->kind == SELECT_METHOD_EXPR)
        return method_expression(l, e, s);
    struct type *type = type_of(l, e->selector.x);
    struct place at;
    if (is_kind(l, type, TYPE_POINTER) || is_interface(l, type))
        at = (struct place){.text = lower_expr(l, e->selector.x), .var = NO_VAR, .type = type};
    else
        at = lower_place(l, e->selector.x);
    struct call c = {0};
    select_method(l, at, s, &c);
    struct type *what = c.how == CALLS_INTERFACE ? c.interface : c.receiver_type;
    const char *value = stable(l, what, c.how == CALLS_INTERFACE ? c.closure : c.receiver);
    if (c.how == CALLS_INTERFACE)
        emit(l, F(l, "gomem_check_nil(g, " MARK_HERE ", %s.tab)", value));
    struct type *closure = closure_type(l, NULL, &what, 1);
    const char *code = F(l, "%s_method%u", l->fn->name, ++l->fn->literal_count);
    int32_t first;
    open_thunk(l, code, c.type, types_canonical(l->t, types_pointer(l->t, closure)), NULL, &first);
    const char *captured = F(l, "%s->x0", V(l, 0));
    if (c.how == CALLS_INTERFACE)
        c.closure = captured;
    else
        c.receiver = captured;
    close_thunk(l, &c, first);
    if (s->object->recv)
        reflect_function(l, code, F(l, "%s-fm", trace_name(l, s->object, 0)), e->pos);
    return allocate_closure(l, code, closure, &value, 1, e, ESCAPE_VALUE);
}

/* ---- go and defer ---- */

const char *call_closure(struct lowerer *l, const struct call *call, const struct expr *site)
{
    struct call c = *call;
    uint32_t n = 0;
    const char **values = ARENA_ARRAY(l->arena, const char *, c.count + c.kept_count + 2);
    struct type **types = ARENA_ARRAY(l->arena, struct type *, c.count + c.kept_count + 2);
    if (c.how == CALLS_FUNCTION && c.receiver) {
        types[n] = c.receiver_type;
        values[n++] = c.receiver;
    } else if (c.how == CALLS_CLOSURE || c.how == CALLS_INTERFACE) {
        if (c.how == CALLS_INTERFACE)
            emit(l, F(l, "gomem_check_nil(g, " MARK_HERE ", %s.tab)", c.closure));
        types[n] = c.how == CALLS_CLOSURE ? basic(l, BASIC_UNSAFE_POINTER) : c.interface;
        values[n++] = c.closure;
    }
    uint32_t head = n;
    for (uint32_t i = 0; i < c.count; i++, n++) {
        types[n] = c.types[i];
        values[n] = c.args[i];
    }
    for (uint32_t i = 0; i < c.kept_count; i++, n++) {
        types[n] = basic(l, BASIC_UNSAFE_POINTER);
        values[n] = c.kept[i];
    }
    const char *code = F(l, "%s_call%u", l->fn->name, ++l->fn->literal_count);
    struct type *closure = n ? closure_type(l, NULL, types, n) : NULL;
    struct type *plain = types_func(l->t, l->t->empty_tuple, l->t->empty_tuple, false, (struct type_list){0});
    int32_t first;
    open_thunk(l, code, plain,
               closure ? types_canonical(l->t, types_pointer(l->t, closure)) : basic(l, BASIC_UNSAFE_POINTER), NULL,
               &first);
    if (head && c.how == CALLS_FUNCTION)
        c.receiver = F(l, "%s->x0", V(l, 0));
    else if (head && c.how == CALLS_CLOSURE)
        c.closure = F(l, "((gomem_func *)%s->x0)", V(l, 0));
    else if (head)
        c.closure = F(l, "%s->x0", V(l, 0));
    c.args = ARENA_ARRAY(l->arena, const char *, c.count + 1);
    for (uint32_t i = 0; i < c.count; i++)
        c.args[i] = F(l, "%s->x%u", V(l, 0), head + i);
    c.kept = ARENA_ARRAY(l->arena, const char *, c.kept_count + 1);
    for (uint32_t i = 0; i < c.kept_count; i++)
        c.kept[i] = F(l, "%s->x%u", V(l, 0), head + c.count + i);
    close_thunk(l, &c, -1);
    return closure ? allocate_closure(l, code, closure, values, n, site, ESCAPE_DEFERRED) : static_closure(l, code);
}
