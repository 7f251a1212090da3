/*
 * inline_list: what `go build -gcflags=-m` prints of inlining.
 *
 * Which functions can be inlined comes first, in the order they were judged; then calls bound before anything was replaced; then calls
 * inlined and bound while it was. A generic function has these lines once per shape of the type arguments it is used with; which these
 * are is known from an analysis of the package before its calls are replaced. Such an instance comes before the first function that refers
 * to it, wrappers of instances come last. Then follows the listing of escape analysis.
 */
#include "inline_internal.h"

struct listing {
    struct escape *e; /* before inlining: has the units of instances */
    struct program *program;
};

/* ---- names ---- */

/* T[A,B] and f[A,B] as the instance's wrapper is called. */
static void print_wrapper(struct text *out, const struct escape_result *u, const struct function *f)
{
    const struct type *recv = f->recv ? f->recv->type : NULL;
    bool pointer = recv && recv->kind == TYPE_POINTER;
    const char *name = recv ? (pointer ? recv->pointer.elem : recv)->named.object->name->text : f->object->name->text;
    text_printf(out, "%s%s", pointer ? "(*" : "", name);
    esc_print_arguments(out, u, f->instance);
    if (recv)
        text_printf(out, "%s.%s", pointer ? ")" : "", f->object->name->text);
}

static void print_receiver(struct text *out, const struct escape_result *u, struct type *recv)
{
    bool pointer = recv->kind == TYPE_POINTER;
    struct type *named = pointer ? recv->pointer.elem : recv;
    text_puts(out, pointer ? "(*" : "");
    text_puts(out, named->named.object->name->text);
    for (uint32_t i = 0; i < named->named.args.count || i < named->named.params.count; i++) {
        struct type_list list = named->named.args.count ? named->named.args : named->named.params;
        text_putc(out, i ? ',' : '[');
        esc_print_type(out, u, list.items[i]);
        text_puts(out, i + 1 == list.count ? "]" : "");
    }
    text_puts(out, pointer ? ")." : ".");
}

/* The name with and without the package. */
static void print_name(const struct listing *l, struct text *out, const struct escape_result *u,
                       const struct function *f);
static void print_symbol(const struct listing *l, struct text *out, const struct escape_result *u,
                         const struct function *f);

/* f.g.func1: one that came with g, inlined into f. */
static void print_literal(const struct listing *l, struct text *out, const struct escape_result *u,
                          const struct function *f)
{
    const struct source_set *sources = &l->program->compilation->sources;
    const struct function *chain[64];
    unsigned depth = 0;
    if (f->outer)
        print_name(l, out, u, f->outer);
    else
        text_puts(out, l->e->rules->unified ? "init" : "glob.");
    if (f->inlining && f->inlining->deferred) {
        esc_print_wrapper(out, f->inlining->deferred);
        return;
    }
    struct pos p = f->literal->pos;
    for (const struct source_file *c; depth < 64 && (c = source_inlined(sources, p)); p = c->call)
        chain[depth++] = c->function;
    while (depth > 0) {
        text_putc(out, '.');
        print_symbol(l, out, u, chain[--depth]);
    }
    const char *form = f->outer && f->outer->literal ? ".%u" : ".func%u";
    text_printf(out, form, escape_literal_number(l->e->arena, (struct function *)f, l->e->release));
}

static void print_name(const struct listing *l, struct text *out, const struct escape_result *u,
                       const struct function *f)
{
    const struct package *package = f->object ? f->object->package : f->package;
    if (!f->literal && package != l->e->listing_package)
        text_printf(out, "%s.", package->name->text);
    print_symbol(l, out, u, f);
}

static void print_symbol(const struct listing *l, struct text *out, const struct escape_result *u,
                         const struct function *f)
{
    if (f->literal) {
        print_literal(l, out, u, f);
        return;
    }
    if (f->instance.count) {
        print_wrapper(out, u, f);
        return;
    }
    if (!f->object) {
        text_puts(out, "init");
        return;
    }
    if (f->recv && !f->object->name->blank)
        print_receiver(out, u, f->recv->type);
    esc_print_function_name(out, f);
    for (uint32_t i = 0; !f->recv && i < u->params.count; i++) {
        text_putc(out, i ? ',' : '[');
        esc_print_type(out, u, u->params.items[i]);
        text_puts(out, i + 1 == u->params.count ? "]" : "");
    }
}

/* ---- lines ---- */

struct pos inline_declared_at(const struct function *f)
{
    return f->literal ? f->literal->func.type->pos : pos_plus(f->decl->pos, strlen("func "));
}

/* The target's unit as its caller u sees it. */
static struct escape_result *target_unit(const struct listing *l, const struct escape_result *u,
                                         const struct inline_target *t)
{
    struct type_list args = t->args.count ? esc_substitute_list(u, t->args) : (struct type_list){0};
    const struct function *f = t->f;
    while (f->outer)
        f = f->outer;
    if (t->f->literal)
        args = u->args;
    return esc_unit(l->e, (struct function *)f, f->package, args);
}

static void list_event(const struct listing *l, const struct escape_result *u, const struct inline_event *e)
{
    static const char *const what[] = {NULL, "can inline", NULL, "can inline", "inlining call to"};
    if (e->kind == INLINE_VISITED)
        return;
    struct text text;
    text_init(&text, l->e->arena);
    const struct expr *call = e->call;
    struct pos pos = e->kind == INLINE_JUDGED || e->kind == INLINE_CAN ? inline_declared_at(e->target.f) : call->pos;
    if (e->kind == INLINE_BOUND) {
        text_printf(&text, "%sdevirtualizing ", e->target.f ? "" : "partially ");
        esc_print_expr(&text, u, call->call.fun);
        text_puts(&text, " to ");
        esc_print_type(&text, u, e->target.bound);
    } else {
        text_printf(&text, "%s ", what[e->kind]);
        const struct escape_result *of = e->kind == INLINE_JUDGED ? u : target_unit(l, u, &e->target);
        print_name(l, &text, of, e->target.f);
    }
    esc_list_line(l->e, pos, "%s", text_string(&text));
}

/* The passes over a package that tell of its calls. */
enum pass { PASS_NONE, PASS_JUDGE, PASS_RESOLVE, PASS_REPLACE };

static enum pass pass_of(const struct inline_event *e)
{
    bool judging = e->kind == INLINE_JUDGED || (e->kind == INLINE_VISITED && !e->replacing);
    return judging ? PASS_JUDGE : e->replacing ? PASS_REPLACE : PASS_RESOLVE;
}

/* An instance comes before the first function that refers to it, unless that is not looked at. */
static void list_instances(const struct listing *l, struct escape_result *u, enum pass pass)
{
    if (!u->listed || u->passes >= pass)
        return;
    u->passes = (uint8_t)pass;
    for (uint32_t i = 0; pass != PASS_RESOLVE && i < u->references.count; i++)
        list_instances(l, u->references.items[i], pass);
    const struct inlining *in = u->args.count && u->function->decl ? u->function->inlining : NULL;
    for (const struct inline_event *e = in ? in->events : NULL; e; e = e->after)
        if (pass_of(e) == pass)
            list_event(l, u, e);
}

/* A run of lines of one function. */
static const struct inline_event *list_run(const struct listing *l, const struct inline_event *e)
{
    const struct escape_result *home = e->in->inlining->unit;
    const struct inline_event *end = e;
    while (end && end->in->inlining->unit == home && pass_of(end) == pass_of(e))
        end = end->next;
    bool declared = home->function && !e->in->instance.count; /* wrappers are no part of the analysis */
    if (declared && home->function->tparams.count)
        return end;
    struct escape_result *u = esc_unit(l->e, declared ? home->function : NULL, home->package, (struct type_list){0});
    if (declared)
        list_instances(l, u, pass_of(e));
    for (; e != end; e = e->next)
        list_event(l, u, e);
    return end;
}

/* Instances come with the functions, wrappers of instances behind them. */
static const struct inline_event *list_pass(const struct listing *l, const struct inline_event *e, enum pass pass)
{
    while (e && pass_of(e) == pass && !e->in->instance.count)
        e = list_run(l, e);
    for (uint32_t i = 0; i < l->e->added.count; i++)
        list_instances(l, l->e->added.items[i], pass);
    while (e && pass_of(e) == pass)
        e = list_run(l, e);
    return e;
}

void inline_diagnostics(struct program *p, struct package *package, int release, bool explain, struct text *out)
{
    struct inliner n;
    struct listing l = {esc_listing_new(p, release, package, explain, out), p};
    esc_note_references(l.e);
    esc_visit_package(l.e); /* temporaries have the names that they get without inlining */
    inline_imports(p, package, release, l.e);
    inline_run(&n, p, package, release, l.e);
    const struct inline_event *e = n.events;
    for (enum pass pass = PASS_JUDGE; pass <= PASS_REPLACE; pass++)
        e = list_pass(&l, e, pass);
    struct escape *after = esc_listing_like(l.e);
    for (uint32_t i = 0; i < n.wrapper_count; i++)
        esc_add_wrapper(after, n.wrappers[i]);
    esc_list_package(after);
}
