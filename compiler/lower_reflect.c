/*
 * lower_reflect: what package reflect asks of types beyond their descriptors.
 *
 * A program that has no package reflect pays nothing. In one that has, each descriptor has a gomem_reflection (gomem_code.h) beside it:
 * the tags of fields, the parameters and results of functions, and two functions of C for each func type. One calls code of that
 * type with arguments that lie in memory; the other is code of that type, which puts its arguments into memory and calls reflect.made
 * (reflect.MakeFunc). The linker gathers pointers to all of them in the section gomem_reflections, and those to the names of functions that
 * are used as values in gomem_functions.
 *
 * A defined type brings the descriptor of the pointer to it, since reflect.New and Addr ask for its methods.
 */
#include "lower_internal.h"

bool reflects(const struct lowerer *l)
{
    return l->options && l->options->reflects;
}

static void put_string(struct text *out, const char *s, size_t length)
{
    text_puts(out, "gomem_str_init(");
    text_quote_c(out, s, length);
    text_printf(out, ", %zu)", length);
}

static void put_tags(struct lowerer *l, struct type *type, struct text *out)
{
    struct type *u = under(l, type);
    if (!u->struct_.tags)
        return;
    text_puts(out, ",\n    .tags = (const gomem_string[]){");
    for (uint32_t i = 0; i < u->struct_.fields.count; i++) {
        const char *tag = u->struct_.tags[i];
        put_string(out, tag ? tag : "", tag ? u->struct_.tag_lengths[i] : 0);
        text_puts(out, ", ");
    }
    text_putc(out, '}');
}

/* The package that names which are not exported belong to. */
static void put_package(struct lowerer *l, struct type *type, struct text *out)
{
    struct type *u = under(l, type);
    for (uint32_t i = 0; i < u->struct_.fields.count; i++) {
        const struct object *f = u->struct_.fields.items[i];
        if (f->name->exported || !f->package)
            continue;
        text_puts(out, ",\n    .package = ");
        const char *path = trace_package(f->package);
        put_string(out, path, strlen(path));
        return;
    }
}

static void put_types(struct lowerer *l, const char *what, struct type *tuple, struct text *out)
{
    uint32_t n = tuple->tuple.count;
    if (!n)
        return;
    text_printf(out, ",\n    .%ss = (const gomem_type *const[]){", what);
    for (uint32_t i = 0; i < n; i++)
        text_printf(out, "%s, ", descriptor(l, lower_type(l, tuple->tuple.items[i])));
    text_printf(out, "}, .%s_count = %u", what, n);
}

static void move_result(struct lowerer *l, struct type *type, const char *value, uint32_t i, struct text *out)
{
    if (size_of(l, type))
        text_printf(out, "    gomem_move(g, %s, results[%u], &%s, 1);\n", descriptor(l, type), i, value);
}

static const char *calling_function(struct lowerer *l, struct type *func, const char *symbol)
{
    const char *name = F(l, "reflect_call_%s", symbol), *result = result_type(l, func);
    struct type *params = func->func.params, *results = func->func.results;
    struct text body;
    text_init(&body, l->arena);
    text_printf(&body, "    %s((%s (*)(%s))code)(g, first", results->tuple.count ? F(l, "%s r = ", result) : "", result,
                param_list(l, func, "void *"));
    struct type *rest;
    uint32_t plain = plain_params(l, func, &rest);
    for (uint32_t i = 0; i < params->tuple.count; i++) {
        struct type *p = lower_type(l, params->tuple.items[i]);
        if (i == plain)
            text_printf(&body, ", %s(%s){", by_reference(l, rest) ? "&" : "", ctype(l, rest));
        const char *form = i < plain && by_reference(l, p) ? "%1$sargs[%2$u]" : "%1$s*(%3$s *)args[%2$u]";
        text_printf(&body, form, i == plain ? "" : ", ", i, ctype(l, p));
    }
    text_printf(&body, "%s);\n", rest ? "}" : "");
    for (uint32_t i = 0; i < results->tuple.count; i++)
        move_result(l, lower_type(l, results->tuple.items[i]), results->tuple.count == 1 ? "r" : F(l, "r.r%u", i), i,
                    &body);
    text_printf(&l->functions,
                "static void %s(gomem_g *g, void (*code)(void), void *first, void *const *args, void *const "
                "*results)\n{\n    (void)args, (void)results;\n%s}\n\n",
                name, text_string(&body));
    return name;
}

static struct place word_at(struct lowerer *l, const char *words, uint32_t i)
{
    return (struct place){
        .text = F(l, "(*%s).a[%u]", words, i), .memory = true, .var = NO_VAR, .type = basic(l, BASIC_UNSAFE_POINTER)};
}

/* A fresh place for a parameter or result, known to words. */
static struct place made_place(struct lowerer *l, const char *words, uint32_t i, struct type *type)
{
    const char *box = lower_new(l, type);
    store(l, word_at(l, words, i), box);
    return place_deref(l, type, box, false);
}

static void return_made(struct lowerer *l, struct type *func, const struct place *places)
{
    uint32_t n = func->func.results->tuple.count;
    struct text all;
    text_init(&all, l->arena);
    if (n > 1)
        text_printf(&all, "(%s){", result_type(l, func));
    for (uint32_t i = 0; i < n; i++)
        text_printf(&all, i ? ", %s" : "%s", load(l, places[i]));
    emit_return(l, n > 1 ? F(l, "%s}", text_string(&all)) : n ? text_string(&all) : NULL);
}

static void run_made(struct lowerer *l, struct pending *p)
{
    struct type *func = under(l, p->type), *params = func->func.params, *results = func->func.results;
    uint32_t n = params->tuple.count, m = results->tuple.count;
    int32_t first;
    open_thunk(l, p->name, func, basic(l, BASIC_UNSAFE_POINTER), NULL, &first);
    l->fn->thunk = false;
    l->fn->go_name = "reflect.makeFuncStub";
    struct type *list = types_canonical(l->t, types_array(l->t, basic(l, BASIC_UNSAFE_POINTER), n + m + 1));
    const char *words = lower_new(l, list);
    struct place *places = ARENA_ARRAY(l->arena, struct place, m + 1);
    for (uint32_t i = 0; i < n; i++) {
        struct type *type = lower_type(l, params->tuple.items[i]);
        store(l, made_place(l, words, i, type), thunk_param(l, first + (int32_t)i));
    }
    for (uint32_t i = 0; i < m; i++)
        places[i] = made_place(l, words, n + i, lower_type(l, results->tuple.items[i]));
    emit(l, "gomem_pass_recovery(g, " MARK_ENTRY ")");
    emit_call(l, NO_VAR, F(l, "reflect__made(g, %s, (void *)%s)", V(l, 0), words));
    return_made(l, func, places);
    end_fn(l);
}

static const char *made_function(struct lowerer *l, struct type *type, const char *symbol)
{
    const char *name = F(l, "reflect_made_%s", symbol);
    if (first_use(l, name)) {
        text_printf(&l->protos, "void reflect__made(gomem_g *g, void *closure, void *words);\nstatic %s %s(%s);\n",
                    result_type(l, under(l, type)), name, param_list(l, under(l, type), "void *"));
        queue(l, (struct pending){.run = run_made, .name = name, .type = type});
    }
    return name;
}

static void put_function(struct lowerer *l, struct type *type, const char *symbol, struct text *out)
{
    struct type *u = under(l, type);
    put_types(l, "param", u->func.params, out);
    put_types(l, "result", u->func.results, out);
    text_printf(out, ",\n    .variadic = %s, .call = %s, .made = (void (*)(void))%s", u->variadic ? "true" : "false",
                calling_function(l, u, symbol), made_function(l, type, symbol));
}

void lower_reflection(struct lowerer *l, struct type *type)
{
    const char *symbol = type_symbol(l, type);
    struct type *u = under(l, type);
    struct text out;
    text_init(&out, l->arena);
    if (type->kind == TYPE_NAMED && u->kind != TYPE_INTERFACE)
        descriptor(l, types_canonical(l->t, types_pointer(l->t, type)));
    if (u->kind == TYPE_STRUCT) {
        put_tags(l, type, &out);
        put_package(l, type, &out);
    } else if (u->kind == TYPE_FUNC) {
        put_function(l, type, symbol, &out);
    }
    text_printf(&l->functions,
                "static const gomem_reflection reflection_%1$s = {.type = &type_%1$s%2$s};\n"
                "static const gomem_reflection *const reflected_%1$s "
                "__attribute__((section(\"gomem_reflections\"), used)) = &reflection_%1$s;\n\n",
                symbol, text_string(&out));
}

void reflect_function(struct lowerer *l, const char *code, const char *go_name, struct pos pos)
{
    if (!reflects(l))
        return;
    struct source_place place = source_place(&l->compilation->sources, pos);
    struct text *out = &l->data;
    text_printf(out, "static const gomem_function_name %s_name = {(void (*)(void))%s, ", code, code);
    text_quote_c(out, go_name, strlen(go_name));
    text_printf(out,
                ", %s, %u};\nstatic const gomem_function_name *const %s_named "
                "__attribute__((section(\"gomem_functions\"), used)) = &%s_name;\n",
                file_literal(l, place.file), place.line, code, code);
}
