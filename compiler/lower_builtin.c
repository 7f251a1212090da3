/*
 * lower_builtin: calls of predeclared functions and those of unsafe.
 *
 * Those that go and defer may call are evaluated and performed in two steps, as calls are.
 */
#include "lower_internal.h"

enum builtin builtin_of(const struct expr *e)
{
    const struct expr *fun = ast_unparen(e->call.fun);
    const struct object *o = fun->kind == EXPR_SELECTOR ? fun->selector.name->name.object : fun->name.object;
    return (enum builtin)o->builtin;
}

static struct expr *arg(const struct expr *e, uint32_t i)
{
    return i < e->call.args.count ? e->call.args.items[i] : NULL;
}

/* ---- operands ---- */

/* The call with the results of f in place of f() where f has several. */
static struct expr *spread_operands(struct lowerer *l, struct expr *e)
{
    struct expr *f = e->call.args.count == 1 ? ast_unparen(e->call.args.items[0]) : NULL;
    if (!f || f->kind != EXPR_CALL || !f->type || f->type->kind != TYPE_TUPLE)
        return e;
    uint32_t n = f->type->tuple.count;
    const char **parts = ARENA_ARRAY(l->arena, const char *, n);
    struct expr **args = ARENA_ARRAY(l->arena, struct expr *, n), *spread = ARENA_NEW(l->arena, struct expr);
    lower_call_parts(l, f, parts);
    for (uint32_t i = 0; i < n; i++) {
        args[i] = ARENA_NEW(l->arena, struct expr);
        *args[i] = (struct expr){
            .kind = EXPR_NAME, .mode = MODE_VALUE, .pos = f->pos, .type = lower_type(l, f->type->tuple.items[i])};
        ptr_map_set(l->arena, &l->evaluated, args[i], (void *)(uintptr_t)parts[i]);
    }
    *spread = *e;
    spread->call.args = (struct expr_list){args, n};
    return spread;
}

/* ---- statements ---- */

void evaluate_builtin(struct lowerer *l, struct expr *e, struct call *c)
{
    e = spread_operands(l, e);
    struct expr_list args = e->call.args;
    c->builtin = e;
    c->count = args.count;
    c->args = ARENA_ARRAY(l->arena, const char *, args.count + 1);
    c->types = ARENA_ARRAY(l->arena, struct type *, args.count + 1);
    for (uint32_t i = 0; i < args.count; i++) {
        struct type *type = type_of(l, args.items[i]);
        if (builtin_of(e) == BUILTIN_PANIC)
            type = l->t->any;
        else if (builtin_of(e) == BUILTIN_DELETE && i == 1)
            type = lower_type(l, under(l, c->types[0])->map.key);
        c->types[i] = type;
        c->args[i] = lower_to(l, args.items[i], type);
        for (uint32_t k = i + 1; k < args.count; k++)
            if (has_call(args.items[k])) {
                c->args[i] = stable(l, type, c->args[i]);
                break;
            }
    }
}

static const char *print_name(struct lowerer *l, struct type *type)
{
    struct type *u = under(l, type);
    if (u->kind == TYPE_SLICE)
        return "slice";
    if (u->kind == TYPE_INTERFACE)
        return is_empty_interface(l, u) ? "eface" : "iface";
    if (u->kind != TYPE_BASIC || u->basic == BASIC_UNSAFE_POINTER)
        return "pointer";
    enum basic_kind kind = (enum basic_kind)u->basic;
    if (basic_is(kind, BASIC_IS_BOOLEAN))
        return "bool";
    if (basic_is(kind, BASIC_IS_STRING))
        return "string";
    if (basic_is(kind, BASIC_IS_FLOAT))
        return "float";
    if (basic_is(kind, BASIC_IS_COMPLEX))
        return "complex";
    return basic_is(kind, BASIC_IS_UNSIGNED) ? "uint" : "int";
}

static void perform_print(struct lowerer *l, const struct call *c, bool line)
{
    for (uint32_t i = 0; i < c->count; i++) /* what panics does so before the lock is taken */
        c->args[i] = stable(l, c->types[i], c->args[i]);
    emit(l, "gomem_print_begin()");
    for (uint32_t i = 0; i < c->count; i++) {
        if (i && line)
            emit(l, "gomem_print_string(gomem_str(\" \", 1))");
        const char *name = print_name(l, c->types[i]);
        long long bits = *name == 'f' || *name == 'c' ? size_of(l, c->types[i]) * 8 : 0;
        emit(l, bits ? F(l, "gomem_print_%s(%s, %lld)", name, c->args[i], bits)
                     : F(l, "gomem_print_%s(%s)", name, c->args[i]));
    }
    if (line)
        emit(l, "gomem_print_string(gomem_str(\"\\n\", 1))");
    emit(l, "gomem_print_end()");
}

static void perform_clear(struct lowerer *l, const struct call *c)
{
    struct type *u = under(l, c->types[0]);
    if (u->kind == TYPE_MAP)
        emit(l, F(l, "gomem_rt.maps->clear(g, %s, %s)", descriptor(l, c->types[0]), c->args[0]));
    else
        emit(l, F(l, "gomem_clear_slice(g, %s, %s)", descriptor(l, lower_type(l, u->slice.elem)), c->args[0]));
}

static const char *perform_copy(struct lowerer *l, const struct call *c)
{
    struct type *elem = lower_type(l, under(l, c->types[0])->slice.elem);
    bool text = is_string(l, c->types[1]);
    return temp(
        l, basic(l, BASIC_INT),
        F(l, "gomem_copy_%s(g, %s, %s, %s)", text ? "string" : "slice", descriptor(l, elem), c->args[0], c->args[1]));
}

const char *perform_builtin(struct lowerer *l, const struct call *c)
{
    switch (builtin_of(c->builtin)) {
    case BUILTIN_CLOSE:
        emit(l, may_panic(l, F(l, "gomem_rt.chans->close(g, %s)", c->args[0])));
        return NULL;
    case BUILTIN_DELETE: {
        struct place key = fresh_place(l, c->types[1]);
        emit_def(l, key.var, c->args[1]);
        emit(l, map_operation(l, "remove", c->types[0], c->args[0], key.text));
        return NULL;
    }
    case BUILTIN_PANIC:
        emit_noreturn(l, F(l, "gomem_panic_value(g, " MARK_HERE ", %s)", c->args[0]), false);
        return NULL;
    case BUILTIN_PRINT:
    case BUILTIN_PRINTLN:
        perform_print(l, c, builtin_of(c->builtin) == BUILTIN_PRINTLN);
        return NULL;
    case BUILTIN_CLEAR:
        perform_clear(l, c);
        return NULL;
    case BUILTIN_COPY:
        return perform_copy(l, c);
    case BUILTIN_RECOVER:
        l->fn->needs_frame = !l->fn->thunk;
        if (l->fn->thunk) /* defer recover(): the function that defers is the one that calls it */
            return temp(l, l->t->any, "gomem_rt.panics->recover(g, gomem_entry_of(g->sp))");
        return temp(l, l->t->any, "gomem_rt.panics->recover(g, " MARK_ENTRY ")");
    default:
        unsupported(l, c->builtin->pos, "this predeclared function here");
        return "0";
    }
}

/* ---- len, cap ---- */

static const char *lower_length(struct lowerer *l, struct expr *e, bool cap)
{
    struct expr *x = arg(e, 0);
    struct type *u = under(l, type_of(l, x));
    const char *text = lower_expr(l, x);
    switch (u->kind) {
    case TYPE_MAP:
        return F(l, "gomem_map_len(%s)", text);
    case TYPE_CHAN:
        return F(l, "gomem_rt.chans->%s(%s)", cap ? "cap" : "len", text);
    case TYPE_POINTER:
        return F(l, "%lld", (long long)under(l, u->pointer.elem)->array.len);
    case TYPE_ARRAY: /* not a constant: evaluated, as it may panic */
        emit(l, F(l, "(void)%s", text));
        return F(l, "%lld", (long long)u->array.len);
    default:
        return F(l, "%s.%s", text, cap ? "cap" : "len");
    }
}

/* ---- make ---- */

const char *lower_size(struct lowerer *l, struct expr *x)
{
    if (!x)
        return NULL;
    if (x->mode == MODE_CONSTANT)
        return lower_constant(l, basic(l, BASIC_INT), x->value);
    bool natural = is_unsigned(l, type_of(l, x));
    int64_t size = size_of(l, type_of(l, x)), word = l->t->target->word_size;
    const char *form = natural && size >= word ? "gomem_bound_u(%s)" : size > word ? "gomem_bound(%s)" : "%s";
    return stable(l, basic(l, BASIC_INT), F(l, form, lower_expr(l, x)));
}

/* make([]T, n, constant) that stays in the function: an array in the frame. */
static const char *make_in_frame(struct lowerer *l, struct expr *e, struct type *type, const char *n,
                                 const char *capacity)
{
    int64_t cap = 0;
    const struct constant *c = escape_constant(l->fn->escape, e, ESCAPE_VALUE);
    struct expr *x = arg(e, 2) ? arg(e, 2) : arg(e, 1);
    if (!c && x->mode == MODE_CONSTANT)
        c = x->value;
    struct type *elem = lower_type(l, under(l, type)->slice.elem);
    if (!c || !constant_as_int64(constant_to_int(l->arena, c), &cap))
        return temp(l, type, F(l, "gomem_make_slice(g, " MARK_HERE ", %s, %s, %s)", descriptor(l, elem), n, capacity));
    struct type *array = types_canonical(l->t, types_array(l->t, elem, cap));
    const char *p = lower_site(l, array, e, ESCAPE_VALUE, 0);
    emit(l, F(l, "gomem_check_make(g, " MARK_HERE ", %s, %lld, %s)", n, (long long)cap,
              is_unsigned(l, type_of(l, arg(e, 1))) ? "false" : "true"));
    return temp(l, type, F(l, "(gomem_slice){%s, %s, %lld}", p, n, (long long)cap));
}

static const char *lower_make(struct lowerer *l, struct expr *e)
{
    struct type *type = type_of(l, e), *u = under(l, type);
    const char *n = lower_size(l, arg(e, 1)), *cap = lower_size(l, arg(e, 2));
    const char *desc = descriptor(l, type);
    switch (u->kind) {
    case TYPE_MAP:
        return make_map(l, type, e, n ? n : "0");
    case TYPE_CHAN:
        return temp(l, type, may_panic(l, F(l, "gomem_rt.chans->make(g, %s, %s)", desc, n ? n : "0")));
    default:
        if (small_on_stack(l, e) && !has_pointers(l, lower_type(l, u->slice.elem)))
            return temp(l, type,
                        F(l, "gomem_make_small(g, " MARK_HERE ", %s, %s, %s, %s)",
                          descriptor(l, lower_type(l, u->slice.elem)), n, cap ? cap : n, frame_buffer(l)));
        if (on_stack(l, e, ESCAPE_VALUE, 0))
            return make_in_frame(l, e, type, n, cap ? cap : n);
        return temp(l, type,
                    F(l, "gomem_make_slice(g, " MARK_HERE ", %s, %s, %s)", descriptor(l, lower_type(l, u->slice.elem)),
                      n, cap ? cap : n));
    }
}

/* ---- min, max, complex numbers, unsafe ---- */

static const char *lower_extreme(struct lowerer *l, struct expr *e, bool max)
{
    struct type *type = type_of(l, e), *u = under(l, type);
    const char *best = stable(l, type, lower_to(l, arg(e, 0), type));
    for (uint32_t i = 1; i < e->call.args.count; i++) {
        const char *x = stable(l, type, lower_to(l, arg(e, i), type));
        if (u->kind == TYPE_BASIC && basic_is((enum basic_kind)u->basic, BASIC_IS_FLOAT))
            best = temp(l, type, F(l, "gomem_%s(%s, %s)", max ? "fmax" : "fmin", best, x));
        else
            best = temp(l, type, F(l, "%s ? %s : %s", compare(l, max ? OP_GEQ : OP_LEQ, type, best, x), best, x));
    }
    return best;
}

static const char *lower_complex(struct lowerer *l, struct expr *e)
{
    struct type *type = type_of(l, e);
    bool single = size_of(l, type) == 8;
    struct type *part = basic(l, single ? BASIC_FLOAT32 : BASIC_FLOAT64);
    const char *re = stable(l, part, lower_to(l, arg(e, 0), part));
    return F(l, "gomem_complex%s(%s, %s)", single ? "64" : "128", re, lower_to(l, arg(e, 1), part));
}

static const char *lower_unsafe(struct lowerer *l, struct expr *e, enum builtin id)
{
    struct type *type = type_of(l, e);
    const char *x = stable(l, type_of(l, arg(e, 0)), lower_expr(l, arg(e, 0)));
    const char *n = id == BUILTIN_UNSAFE_ADD ? lower_expr(l, arg(e, 1)) : lower_size(l, arg(e, 1));
    switch (id) {
    case BUILTIN_UNSAFE_ADD:
        return F(l, "((void *)((char *)%s + %s))", x, n);
    case BUILTIN_UNSAFE_SLICE:
        return temp(l, type,
                    F(l, "gomem_unsafe_slice(g, " MARK_HERE ", %s, %s, %lld)", x, n,
                      (long long)size_of(l, lower_type(l, under(l, type)->slice.elem))));
    case BUILTIN_UNSAFE_SLICEDATA:
        return F(l, "((%s)%s.ptr)", ctype(l, type), x);
    case BUILTIN_UNSAFE_STRING:
        return temp(l, type, F(l, "gomem_unsafe_string(g, " MARK_HERE ", %s, %s)", x, n));
    default:
        return F(l, "((uint8_t *)%s.ptr)", x);
    }
}

/* unsafe.Offsetof of a field whose struct depends on a type parameter; embedded pointers are refused. */
static const char *lower_offset(struct lowerer *l, struct expr *selector)
{
    struct selection *s = lower_selection(l, selector);
    struct type *type = type_of(l, selector->selector.x);
    int64_t offset = 0;
    if (is_kind(l, type, TYPE_POINTER))
        type = lower_type(l, under(l, type)->pointer.elem);
    for (uint32_t i = 0; i < s->count; i++) {
        offset += layout_of(l->t, type)->offsets[s->path[i]];
        type = lower_type(l, under(l, type)->struct_.fields.items[s->path[i]]->type);
    }
    return F(l, "%lld", (long long)offset);
}

const char *lower_builtin(struct lowerer *l, struct expr *e)
{
    enum builtin id = builtin_of(e);
    e = spread_operands(l, e);
    switch (id) {
    case BUILTIN_LEN:
    case BUILTIN_CAP:
        return lower_length(l, e, id == BUILTIN_CAP);
    case BUILTIN_APPEND:
        return lower_append(l, e);
    case BUILTIN_MAKE:
        return lower_make(l, e);
    case BUILTIN_NEW: {
        struct expr *x = arg(e, 0);
        struct type *elem = lower_type(l, under(l, type_of(l, e))->pointer.elem);
        if (x->mode == MODE_TYPE)
            return lower_site(l, elem, e, ESCAPE_VALUE, 0);
        const char *value = stable(l, elem, lower_to(l, x, elem)), *p = lower_site(l, elem, e, ESCAPE_VALUE, 0);
        store(l, place_deref(l, elem, p, false), value);
        return p;
    }
    case BUILTIN_MIN:
    case BUILTIN_MAX:
        return lower_extreme(l, e, id == BUILTIN_MAX);
    case BUILTIN_COMPLEX:
        return lower_complex(l, e);
    case BUILTIN_REAL:
    case BUILTIN_IMAG:
        return F(l, "((%s)gomem_%s(%s))", ctype(l, type_of(l, e)), id == BUILTIN_REAL ? "real" : "imag",
                 lower_expr(l, arg(e, 0)));
    case BUILTIN_UNSAFE_ADD:
    case BUILTIN_UNSAFE_SLICE:
    case BUILTIN_UNSAFE_SLICEDATA:
    case BUILTIN_UNSAFE_STRING:
    case BUILTIN_UNSAFE_STRINGDATA:
        return lower_unsafe(l, e, id);
    case BUILTIN_UNSAFE_SIZEOF: /* of a type parameter; otherwise a constant */
        return F(l, "%lld", (long long)size_of(l, type_of(l, arg(e, 0))));
    case BUILTIN_UNSAFE_ALIGNOF:
        return F(l, "%lld", (long long)layout_of(l->t, type_of(l, arg(e, 0)))->align);
    case BUILTIN_UNSAFE_OFFSETOF:
        return lower_offset(l, ast_unparen(arg(e, 0)));
    default: {
        struct call c = {.how = CALLS_BUILTIN};
        evaluate_builtin(l, e, &c);
        return perform_builtin(l, &c);
    }
    }
}
