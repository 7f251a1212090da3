/*
 * inline_list: what `go build -gcflags=-m` prints of inlining.
 *
 * Which functions can be inlined comes first, in the order they were judged; then calls bound before anything was replaced; then calls
 * inlined and bound while it was. A generic function has these lines once per shape of the type arguments it is used
 * with; which these are is known from an analysis of the package before its calls are replaced. Then follows the listing of escape
 * analysis.
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
    esc_print_arguments(out, u, f->inlining->wraps->args);
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

static void print_name(const struct listing *l, struct text *out, const struct escape_result *u,
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
        text_puts(out, "init");
    struct pos p = f->literal->pos;
    for (const struct source_file *c; depth < 64 && (c = source_inlined(sources, p)); p = c->call)
        chain[depth++] = c->function;
    bool cloned = depth > 0;
    while (depth > 0) {
        text_putc(out, '.');
        print_name(l, out, u, chain[--depth]);
    }
    text_printf(out, f->outer && f->outer->literal ? ".%u" : ".func%u", cloned ? 1 : check_literal_number(f));
}

static void print_name(const struct listing *l, struct text *out, const struct escape_result *u,
                       const struct function *f)
{
    if (f->literal) {
        print_literal(l, out, u, f);
        return;
    }
    const struct package *package = f->object ? f->object->package : f->package;
    if (package != l->e->listing_package)
        text_printf(out, "%s.", package->name->text);
    if (f->inlining && f->inlining->wraps) {
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
    static const char *const what[] = {"can inline", NULL, "can inline", "inlining call to"};
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

/* A run of lines of one function, for each shape of a generic one. */
static const struct inline_event *list_run(const struct listing *l, const struct inline_event *e)
{
    const struct escape_result *home = e->in->inlining->unit;
    const struct inline_event *end = e;
    while (end && end->in->inlining->unit == home && end->replacing == e->replacing &&
           (end->kind == INLINE_JUDGED) == (e->kind == INLINE_JUDGED))
        end = end->next;
    bool declared = home->function && !e->in->inlining->wraps; /* wrappers are no part of the analysis */
    const void *key = declared ? (const void *)home->function : home->package;
    struct escape_result *u;
    for (uint32_t n = 0; (u = esc_map_get(&l->e->units, key, n)); n++)
        for (const struct inline_event *x = e; u->listed && x != end; x = x->next)
            list_event(l, u, x);
    return end;
}

/* Instances of other packages' functions are compiled here. */
static void list_foreign(const struct listing *l, bool judged)
{
    struct package **all = l->program->packages;
    for (uint32_t k = 0; k < l->program->count; k++)
        for (uint32_t i = 0; all[k] != l->e->listing_package && i < all[k]->function_count; i++) {
            struct function *f = all[k]->functions[i];
            struct escape_result *u;
            for (uint32_t n = 0; f->tparams.count && f->inlining && (u = esc_map_get(&l->e->units, f, n)); n++)
                for (const struct inline_event *x = f->inlining->events; u->listed && x; x = x->after)
                    if ((x->kind == INLINE_JUDGED) == judged)
                        list_event(l, u, x);
        }
}

void inline_diagnostics(struct program *p, struct package *package, int release, bool explain, struct text *out)
{
    struct inliner n;
    struct listing l = {esc_listing_new(p, release, package, explain, out), p};
    for (uint32_t i = 0; i < package->import_count; i++)
        inline_package(p, package->imports[i], release);
    inline_run(&n, p, package, release, l.e);
    const struct inline_event *e = n.events;
    while (e && e->kind == INLINE_JUDGED && !e->in->inlining->wraps)
        e = list_run(&l, e);
    list_foreign(&l, true);
    while (e && e->kind == INLINE_JUDGED)
        e = list_run(&l, e);
    while (e && !e->in->inlining->wraps)
        e = list_run(&l, e);
    list_foreign(&l, false);
    while (e)
        e = list_run(&l, e);
    esc_list_package(esc_listing_like(l.e));
}
