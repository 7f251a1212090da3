/*
 * check: the engine of the checker; see check.h for what it promises and check_internal.h for how it works.
 *
 * Phases of a package: collect all package-level objects of all files; resolve them (types first, then aliases, then the
 * rest; each on demand as others need it); run what was put off, function bodies above all, until nothing is left; order the
 * initialisation of variables; complain about unused imports; look for generic instances that need ever larger ones.
 */
#include "check_internal.h"

struct type *check_invalid_type(struct checker *c)
{
    return types_basic(c->t, BASIC_INVALID);
}

struct action *check_later(struct checker *c, action_fn *run, struct pos pos)
{
    c->actions = arena_grow(c->arena, c->actions, sizeof *c->actions, c->action_count + 1, &c->action_capacity);
    struct action *a = &c->actions[c->action_count++];
    *a = (struct action){.run = run, .version = c->env.version, .pos = pos};
    return a;
}

void check_run_delayed(struct checker *c, uint32_t from)
{
    int version = c->env.version;
    for (uint32_t i = from; i < c->action_count; i++) {
        struct action a = c->actions[i]; /* the array may move */
        c->env.version = a.version;
        a.run(c, &a);
    }
    c->action_count = from;
    c->env.version = version;
}

/* The declaration being checked depends on a package-level object of this package. */
void check_depend(struct checker *c, struct object *on)
{
    struct decl_info *from = c->env.decl;
    if (!from || !on->info || on->package != c->package)
        return;
    for (uint32_t i = 0; i < from->deps.count; i++)
        if (from->deps.items[i] == on)
            return;
    from->deps.items =
        arena_grow(c->arena, from->deps.items, sizeof *from->deps.items, from->deps.count + 1, &from->dep_capacity);
    from->deps.items[from->deps.count++] = on;
}

void check_open_scope(struct checker *c)
{
    c->env.scope = scope_new(c->arena, c->env.scope);
    c->env.scope->function = c->env.function;
}

void check_close_scope(struct checker *c)
{
    c->env.scope = c->env.scope->parent;
}

struct object *check_lookup(struct checker *c, const struct ident *name)
{
    return scope_lookup_parent(c->env.scope, name, NULL);
}

void check_declare(struct checker *c, struct scope *scope, struct expr *name, struct object *object)
{
    struct object *other = scope_insert(c->arena, scope, object);
    if (name)
        name->name.object = object;
    if (!other)
        return;
    object->used = true; /* nobody can use it */
    check_redeclared(c, object->pos, object, other, "redeclared in this block");
}

/* ---- hooks of struct types ---- */

static void resolve(void *context, struct object *object)
{
    struct checker *c = context;
    if (object->package == c->package && object->info)
        check_object(c, object);
}

static void report_duplicate(struct checker *c, struct action *a)
{
    const struct object *m = a->a, *other = a->b;
    const struct pos *first = a->d;
    if (!check_version(c, GO_1_14) || !identical(c, m->type, other->type))
        check_error(c, a->pos, "duplicate method %N\n\t%P: other declaration of method %N", m->name, *first, m->name);
}

static void duplicate(void *context, struct pos pos, struct object *method, struct object *other, struct pos first)
{
    if (!pos_known(pos))
        return; /* explicit methods are compared where they are declared */
    struct checker *c = context;
    struct action *a = check_later(c, report_duplicate, pos);
    a->a = method;
    a->b = other;
    a->d = ARENA_NEW(c->arena, struct pos);
    *(struct pos *)a->d = first;
}

/* ---- a package ---- */

static void add_package(struct program *p, struct package *package)
{
    p->packages = arena_grow(p->types.arena, p->packages, sizeof *p->packages, p->count + 1, &p->capacity);
    package->order = p->count;
    p->packages[p->count++] = package;
}

static struct checker *checker_new(struct program *p, struct package *package)
{
    struct checker *c = ARENA_NEW(p->types.arena, struct checker);
    c->program = p;
    c->compilation = p->compilation;
    c->t = &p->types;
    c->arena = p->types.arena;
    c->package = package;
    c->env.scope = package->scope;
    c->env.version = package->go_version;
    c->blank = ident_intern(&p->compilation->idents, "_", 1);
    return c;
}

static void refuse_misplaced_directives(struct checker *c)
{
    for (uint32_t i = 0; i < c->package->file_count; i++) {
        struct directive_list list = c->package->files[i]->directives;
        for (uint32_t k = 0; k < list.count; k++)
            if (list.items[k]->misplaced)
                check_error(c, (struct pos){list.items[k]->pos.at + 2}, "misplaced compiler directive");
    }
}

static void run_phases(struct checker *c)
{
    check_collect_objects(c);
    check_package_objects(c);
    check_run_delayed(c, 0);
    check_init_order(c);
    if (!c->program->config.ignore_bodies)
        check_unused_imports(c);
    if (!c->errors)
        check_mono(c);
    if (!c->errors)
        check_anonymous(c);
    if (!diag_any(&c->compilation->diags))
        refuse_misplaced_directives(c);
}

bool check_package(struct program *p, struct package *package)
{
    struct types *t = &p->types;
    struct checker *c = checker_new(p, package);
    void *context = t->context;
    const struct package *printing = t->printing;
    package->checking = true;
    t->context = c;
    t->printing = package;
    run_phases(c);
    t->context = context;
    t->printing = printing;
    package->checking = false;
    package->complete = true;
    add_package(p, package);
    return !package->failed;
}

void program_init(struct program *p, struct gomem_compilation *compilation, const struct layout_target *target)
{
    *p = (struct program){.compilation = compilation};
    types_init(&p->types, compilation, target);
    p->types.resolve = resolve;
    p->types.duplicate = duplicate;
}
