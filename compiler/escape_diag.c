/*
 * escape_diag: the listing that `go build -gcflags='-m -l'` prints.
 *
 * Lines come in the order the toolchain makes them, which is not that of the source: first the calls that could be bound, by function;
 * then batch by batch, callees first, self-assignments as they are met, then the parameters of the batch's functions, then its
 * variables, then its allocation sites in the order of evaluation. A generic function is listed once per shape of its type
 * arguments, without parameters. Last come the index expressions that need no check (escape_bounds.c).
 */
#include "escape_internal.h"

/* The toolchain keeps no columns from this one on; 0 is one that a //line directive left open. */
enum { UNKNOWN_COLUMN = 255 };

void esc_list_line(struct escape *e, struct pos pos, const char *format, ...)
{
    const struct source_set *sources = &e->program->compilation->sources;
    struct source_place p = source_place(sources, source_outermost(sources, pos));
    text_printf(e->listing, "%s:%u:", p.file, (unsigned)p.line);
    if (p.column && p.column < UNKNOWN_COLUMN)
        text_printf(e->listing, "%u:", (unsigned)p.column);
    text_putc(e->listing, ' ');
    va_list args;
    va_start(args, format);
    text_vprintf(e->listing, format, args);
    va_end(args);
    text_putc(e->listing, '\n');
}

/* ---- parameters ---- */

/* Parameters without a name have one made of their index. */
static const char *parameter_name(const struct escape_result *u, uint32_t i)
{
    const struct function *f = u->function;
    const struct object *o = f->params.items[i];
    return o->name->blank ? arena_printf(u->escape->arena, "~p%u", (unsigned)i) : o->name->text;
}

static void list_external(const struct escape_result *u, const struct object *o, const struct escape_tag *tag,
                          const char *name)
{
    struct type *type = esc_subst(u, o->type);
    if (type_is_basic(types_underlying(u->escape->t, type), BASIC_UINTPTR))
        esc_list_line(u->escape, o->pos, "assuming %s is unsafe uintptr", name);
    else if (esc_has_pointers(u, type) && !o->name->blank)
        esc_list_line(u->escape, o->pos, tag->heap == 0 ? "leaking param: %s" : "%s does not escape", o->name->text);
}

void esc_list_external(const struct escape_result *u)
{
    const struct function *f = u->function;
    uint32_t n = 0;
    if (f->recv)
        list_external(u, f->recv, &u->tags[n++], f->recv->name->text);
    for (uint32_t i = 0; i < f->params.count; i++, n++)
        list_external(u, f->params.items[i], &u->tags[n], parameter_name(u, i));
}

static const char *result_name(const struct code *c, int i)
{
    const struct object *o = c->function->results.items[i];
    if (c->function->named_results && !o->name->blank)
        return o->name->text;
    return arena_printf(c->unit->escape->arena, c->function->named_results ? "~b%d" : "~r%d", i);
}

static void list_leaks(const struct code *c, const struct location *l)
{
    struct escape *e = c->unit->escape;
    struct escape_tag tag = esc_shortest(l->tag);
    const char *name = l->object->name->text;
    bool any = tag.heap >= 0;
    if (any)
        esc_list_line(e, l->pos, tag.heap == 0 ? "leaking param: %s" : "leaking param content: %s", name);
    for (int i = 0; i < e->rules->tagged_results; i++)
        if (tag.result[i] >= 0) {
            any = true;
            esc_list_line(e, l->pos, "leaking param: %s to result %s level=%d", name, result_name(c, i), tag.result[i]);
        }
    if (!any)
        esc_list_line(e, l->pos, "%s does not escape", name);
    else
        esc_list_why(l);
}

static void list_parameter(const struct code *c, const struct object *o)
{
    const struct escape_result *u = c->unit;
    const struct location *l = esc_variable_location(u, o);
    if (!l || (l->attrs & ATTR_ESCAPES) || o->name->blank || !esc_has_pointers(u, o->type))
        return;
    list_leaks(c, l);
}

static void list_parameters(const struct code *c)
{
    const struct function *f = c->function;
    if (c->unit->args.count || c->dead || (f && f->instance.count))
        return;
    if (f && f->recv)
        list_parameter(c, f->recv);
    for (uint32_t i = 0; f && i < f->params.count; i++) {
        int marked = c->outer || !f->object ? 0 : esc_marks_uintptr(c->unit, i + (f->recv ? 1 : 0));
        if (marked)
            esc_list_line(c->unit->escape, f->params.items[i]->pos, "marking %s as escaping %suintptr",
                          parameter_name(c->unit, i), marked == 2 ? "..." : "");
        else
            list_parameter(c, f->params.items[i]);
    }
    for (uint32_t i = 0; c->range && c->range->define && i < c->range->range.lhs.count; i++)
        if (esc_declares(c->range->range.lhs.items[i]))
            list_parameter(c, c->range->range.lhs.items[i]->name.object);
}

/* ---- locations ---- */

static void list_moved(struct escape *e, const struct location *l)
{
    const struct package *p = !l->moved ? l->object->package : *l->name == '#' ? l->code->unit->package : NULL;
    bool foreign = p && p != e->listing_package;
    esc_list_line(e, l->pos, "moved to heap: %s%s%s", foreign ? p->name->text : "", foreign ? "." : "",
                  l->moved ? l->name : l->object->name->text);
}

static void list_location(const struct location *l)
{
    struct escape *e = l->code->unit->escape;
    bool heap = l->attrs & ATTR_ESCAPES;
    if (l->quiet || (l->kind == LOCATION_TEMPORARY && !l->moved))
        return;
    if (l->kind == LOCATION_VARIABLE || l->moved) {
        if (heap) {
            list_moved(e, l);
            esc_list_why(l);
        }
        return;
    }
    struct text what;
    text_init(&what, e->arena);
    bool append = l->role == ESCAPE_VALUE && l->expr->kind == EXPR_CALL && l->expr->call.kind == CALL_BUILTIN &&
                  ast_unparen(l->expr->call.fun)->name.object->builtin == BUILTIN_APPEND;
    if (append)
        text_puts(&what, "append");
    else
        esc_print_site(&what, l);
    esc_list_line(e, l->pos, heap ? "%s escapes to heap" : "%s does not escape", text_string(&what));
    if (heap)
        esc_list_why(l);
    if (esc_shares_string(l))
        esc_list_line(e, l->pos, "zero-copy string->[]byte conversion");
}

/* ---- a batch ---- */

static const struct code *code_of(const struct entry *e)
{
    if (!e->literal)
        return e->unit->code;
    for (const struct code *c = e->unit->code; c; c = c->next)
        if (c->literal == e->literal || c->range == e->literal)
            return c;
    return NULL;
}

/* What is declared; allocation sites come in the order of evaluation. */
static bool is_declared(const struct location *l)
{
    return l->kind != LOCATION_SITE;
}

void esc_list_batch(const struct batch *b)
{
    for (uint32_t i = 0; i < b->entry_count; i++)
        if (b->entries[i].unit->listed && code_of(&b->entries[i]))
            list_parameters(code_of(&b->entries[i]));
    for (uint32_t i = 0; i < b->entry_count; i++) {
        const struct code *c = b->entries[i].unit->listed ? code_of(&b->entries[i]) : NULL;
        for (const struct location *l = c ? c->first : NULL; l; l = l->next)
            if (is_declared(l))
                list_location(l);
    }
    for (uint32_t i = 0; i < b->location_count; i++)
        if (b->locations[i]->code->unit->listed && !is_declared(b->locations[i]))
            list_location(b->locations[i]);
}

/* ---- self-assignments ---- */

static void print_exprs(struct text *out, const struct escape_result *u, const struct expr_list *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        text_puts(out, i ? ", " : "");
        esc_print_expr(out, u, list->items[i]);
    }
}

void esc_list_self_assignment(struct walk *w, const struct stmt *s)
{
    const struct escape_result *u = w->code->unit;
    if (!u->listed || s->kind != STMT_ASSIGN)
        return;
    struct text where, what;
    text_init(&where, w->e->arena);
    text_init(&what, w->e->arena);
    esc_print_function(&where, w->code);
    print_exprs(&what, u, &s->assign.lhs);
    text_printf(&what, " %s%s ", s->op == OP_NONE ? "" : esc_operator_text((enum op)s->op), s->define ? ":=" : "=");
    print_exprs(&what, u, &s->assign.rhs);
    esc_list_line(w->e, s->pos, "%s ignoring self-assignment in %s", text_string(&where), text_string(&what));
}

/* ---- calls that are bound ---- */

bool esc_devirtual_method(struct escape_result *u, const struct expr *call, struct type **type, struct selection *found)
{
    const struct expr *fun = ast_unparen(call->call.fun);
    const struct selection *s = fun->selector.selection;
    struct types *t = u->escape->t;
    if (s->kind != SELECT_INTERFACE_METHOD || s->count != 1 || type_is_param(s->recv))
        return false;
    *type = esc_concrete_type(u, fun->selector.x);
    if (!*type || !types_implements(t, *type, esc_type(u, fun->selector.x)))
        return false;
    struct lookup lookup;
    if (types_lookup(t, *type, true, s->object->package, s->object->name, false, &lookup) != LOOKUP_FOUND)
        return false;
    types_select(t, *type, &lookup, false, found);
    return true;
}

struct callee esc_devirtualized(struct escape_result *u, const struct expr *call)
{
    struct type *type = NULL;
    struct selection found;
    if (!esc_devirtual_method(u, call, &type, &found) || found.kind != SELECT_METHOD)
        return (struct callee){0};
    return esc_method_callee(u, found.object, found.holder);
}

static void bound_call(void *context, const struct expr *x)
{
    struct escape_result *u = context;
    struct type *type = NULL;
    struct selection found;
    if (x->kind != EXPR_CALL || x->call.kind != CALL_INTERFACE || !esc_devirtual_method(u, x, &type, &found))
        return;
    struct text what;
    text_init(&what, u->escape->arena);
    esc_print_expr(&what, u, x->call.fun);
    text_puts(&what, " to ");
    esc_print_type(&what, u, type);
    esc_list_line(u->escape, x->pos, "%sdevirtualizing %s", found.kind == SELECT_METHOD ? "" : "partially ",
                  text_string(&what));
}

static void list_bound(struct escape *e, struct function *f)
{
    struct escape_result *u = esc_unit(e, f, f->package, (struct type_list){0});
    esc_collect_facts(u);
    struct esc_scan scan = {.unit = u, .expr = bound_call, .literals = true, .context = u};
    esc_scan_stmt(&scan, f->body);
}

/* ---- a package ---- */

/* Functions called _ are compiled only before the unified IR. */
static bool is_listed_function(const struct escape *e, const struct function *f)
{
    return f->decl && !f->outer && f->tparams.count == 0 && !(e->rules->unified && f->object->name->blank);
}

static void list_unit(struct escape_result *u)
{
    esc_visit(u);
    esc_order(u);
}

static void list_functions(struct escape *e, struct package *p)
{
    for (uint32_t i = 0; i < p->function_count; i++)
        if (is_listed_function(e, p->functions[i]))
            list_unit(esc_unit(e, p->functions[i], p, (struct type_list){0}));
}

static void list_bounds(struct escape *e, struct package *p)
{
    struct type_list none = {0};
    esc_list_bounds(esc_unit(e, NULL, p, none));
    for (uint32_t i = 0; i < p->function_count; i++)
        if (is_listed_function(e, p->functions[i]))
            esc_list_bounds(esc_unit(e, p->functions[i], p, none));
    for (uint32_t i = 0; i < e->added.count; i++)
        esc_list_bounds(e->added.items[i]);
}

struct escape *esc_listing_new(struct program *program, int release, struct package *p, bool explain, struct text *out)
{
    struct escape *e = escape_new(program, release);
    e->explains = explain;
    e->listing_package = p;
    e->listing = out;
    esc_read_package(e, p);
    return e;
}

struct escape *esc_listing_like(struct escape *before)
{
    struct escape *e = escape_new(before->program, before->release);
    e->listing_package = before->listing_package;
    e->listing = before->listing;
    e->explains = before->explains;
    e->shapes = before->shapes;
    e->before = before;
    for (uint32_t i = 0; i < before->added.count; i++) {
        const struct escape_result *u = before->added.items[i];
        esc_add_unit(e, esc_unit(e, u->function, u->package, u->args));
    }
    return e;
}

void esc_list_package(struct escape *e)
{
    struct package *p = e->listing_package;
    struct escape_result *init = esc_unit(e, NULL, p, (struct type_list){0});
    if (e->rules->unified)
        list_unit(init);
    list_functions(e, p);
    for (uint32_t i = 0; i < e->added.count; i++)
        list_unit(e->added.items[i]);
    for (uint32_t i = 0; i < e->wrappers.count; i++)
        list_unit(e->wrappers.items[i]);
    if (!e->rules->unified)
        list_unit(init);
    list_bounds(e, p);
}

void escape_diagnostics(struct program *program, struct package *p, int release, bool explain, struct text *out)
{
    struct escape *e = esc_listing_new(program, release, p, explain, out);
    for (uint32_t i = 0; i < p->function_count; i++)
        if (is_listed_function(e, p->functions[i]) && p->functions[i]->body)
            list_bound(e, p->functions[i]);
    esc_list_package(e);
}
