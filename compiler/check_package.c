/*
 * check_package: the objects a package declares, file by file, and what it imports.
 *
 * Collecting gives each package-level name an object with its declaration (struct decl_info) and resolves nothing. Each
 * file has a scope of its own for imports, inside the package's. Methods are attached to the object of their base type,
 * found by name through aliases, and join the type when that is resolved.
 */
#include "check_internal.h"

#include "package.h"

struct collector {
    struct checker *c;
    struct ast_file *file;
    struct scope *scope;
    struct object_list methods; /* with a receiver that names a type */
    size_t capacity;
};

static void add_object(struct checker *c, struct object *o, struct decl_info *info)
{
    c->objects = arena_grow(c->arena, c->objects, sizeof *c->objects, c->object_count + 1, &c->object_capacity);
    c->objects[c->object_count++] = o;
    o->order = c->object_count;
    o->info = info;
    o->decl = info->decl;
}

static struct decl_info *new_info(struct collector *k, struct decl *d)
{
    struct decl_info *info = ARENA_NEW(k->c->arena, struct decl_info);
    info->file_scope = k->scope;
    info->version = k->c->env.version;
    info->decl = d;
    return info;
}

static void declare_package_object(struct checker *c, struct expr *name, struct object *o, struct decl_info *info)
{
    const char *text = name->name.ident->text;
    name->name.object = o;
    if (strcmp(text, "init") == 0) {
        check_error(c, name->pos, "cannot declare init - must be func");
        return;
    }
    if (strcmp(text, "main") == 0 && strcmp(c->package->name->text, "main") == 0) {
        check_error(c, name->pos, "cannot declare main - must be func");
        return;
    }
    check_declare(c, c->package->scope, name, o);
    add_object(c, o, info);
}

static struct object *new_object(struct checker *c, enum object_kind kind, struct expr *name)
{
    return object_new(c->t, kind, name->name.ident, c->package, NULL, name->pos);
}

/* ---- imports ---- */

/* What is wrong with one of the words between slashes. */
static const char *element_fault(struct arena *a, const char *element, size_t n)
{
    if (n == 0)
        return "double slash";
    if (strspn(element, ".") >= n)
        return arena_printf(a, "invalid path element \"%.*s\"", (int)n, element);
    return element[n - 1] == '.' ? "trailing dot in path element" : NULL;
}

/* The go command's words about a path that names no package wherever it is looked for; NULL when it may. */
static const char *malformed(struct arena *a, const char *path)
{
    const char *fault = NULL;
    if (*path == '/')
        return arena_printf(a, "\"%s\" is not a package path", path);
    if (!strncmp(path, "./", 2) || !strncmp(path, "../", 3))
        return arena_printf(a, "\"%s\" is relative, but relative import paths are not supported in module mode", path);
    if (*path == '-')
        fault = "leading dash";
    else if (path[strlen(path) - 1] == '/')
        fault = "trailing slash";
    for (const char *at = path; !fault && *at; at += *at == '/') {
        size_t n = strcspn(at, "/");
        fault = element_fault(a, at, n);
        at += n;
    }
    return fault ? arena_printf(a, "malformed import path \"%s\": %s", path, fault) : NULL;
}

static const char *import_path(struct checker *c, struct expr *literal)
{
    const struct constant *value =
        constant_literal(c->arena, LITERAL_STRING, literal->literal.text, literal->literal.length);
    if (value->kind != CONSTANT_STRING)
        return NULL;
    if (value->string.length == 0) {
        check_error(c, literal->pos, "invalid import path (empty string)");
        return NULL;
    }
    for (size_t i = 0; i < value->string.length; i++) {
        unsigned char ch = (unsigned char)value->string.bytes[i];
        if (ch > ' ' && ch != 0x7f && !strchr("!\"#$%&'()*,:;<=>?[\\]^{|}`", ch))
            continue;
        struct text quoted;
        text_init(&quoted, c->arena);
        text_unicode(&quoted, ch);
        check_error(c, literal->pos, "invalid import path (invalid character %s)", text_string(&quoted));
        return NULL;
    }
    const char *path = arena_strndup(c->arena, value->string.bytes, value->string.length);
    const char *fault = malformed(c->arena, path);
    if (fault)
        check_error(c, literal->pos, "%s", fault);
    return fault ? NULL : path;
}

/* Stands for one that cannot be imported, so that its uses are no errors too. */
static struct package *fake_package(struct checker *c, const char *path)
{
    const char *slash = strrchr(path, '/'), *last = slash ? slash + 1 : path;
    struct package *p = package_new(c->t, path, ident_intern(&c->compilation->idents, last, strlen(last)));
    p->fake = p->failed = true;
    c->errors++;
    return p;
}

static struct package *import_package(struct checker *c, const char *path, struct pos pos)
{
    if (strcmp(path, "unsafe") == 0)
        return c->t->unsafe;
    check_import_fn *import = c->program->config.import;
    struct package *p = import ? import(c->program, c->package, path, pos) : NULL;
    if (p && p->checking) {
        check_error(c, pos, "import cycle not allowed");
        p = NULL;
    }
    if (!p || p->failed)
        c->package->failed = true;
    return p ? p : fake_package(c, path);
}

static void remember_import(struct checker *c, struct package *p)
{
    struct package *self = c->package;
    for (uint32_t i = 0; i < self->import_count; i++)
        if (self->imports[i] == p)
            return;
    self->imports =
        arena_grow(c->arena, self->imports, sizeof *self->imports, self->import_count + 1, &self->import_capacity);
    self->imports[self->import_count++] = p;
}

static void dot_import(struct collector *k, struct object *import, struct expr *name)
{
    struct checker *c = k->c;
    const struct scope *from = import->imported->scope;
    for (uint32_t i = 0; i < from->count; i++) {
        struct object *o = from->items[i];
        if (!o->name->exported)
            continue;
        struct object *other = scope_insert(c->arena, k->scope, o);
        if (other) {
            check_redeclared(c, name->pos, other, other, "redeclared in this block");
            continue;
        }
        c->dots = arena_grow(c->arena, c->dots, sizeof *c->dots, c->dot_count + 1, &c->dot_capacity);
        c->dots[c->dot_count++] = (struct dot_import){k->scope, o, import};
    }
}

static void collect_import(struct collector *k, struct decl *d)
{
    struct checker *c = k->c;
    const char *path =
        d->import.path->kind != EXPR_LITERAL || d->import.path->flag ? NULL : import_path(c, d->import.path);
    struct package *p = path ? import_package(c, path, d->import.path->pos) : NULL;
    if (!p)
        return;
    struct expr *local = d->import.name;
    struct ident *name = local && local->kind == EXPR_NAME ? local->name.ident : p->name;
    if (strcmp(name->text, "init") == 0) {
        check_error(c, d->pos, "cannot import package as init - init must be a func");
        return;
    }
    remember_import(c, p);
    struct object *o = object_new(c->t, OBJECT_PACKAGE, name, c->package, check_invalid_type(c), d->pos);
    o->imported = p;
    o->used = p->fake;
    if (local)
        local->name.object = o;
    c->imports = arena_grow(c->arena, c->imports, sizeof *c->imports, c->import_count + 1, &c->import_capacity);
    c->imports[c->import_count++] = o;
    if (strcmp(name->text, ".") == 0)
        dot_import(k, o, local);
    else
        check_declare(c, k->scope, NULL, o);
}

void check_unused_imports(struct checker *c)
{
    for (uint32_t i = 0; i < c->import_count; i++) {
        struct object *o = c->imports[i];
        if (o->used || o->name->blank)
            continue;
        const char *path = o->imported->path;
        const char *slash = strrchr(path, '/');
        const char *last = slash ? slash + 1 : path;
        if (strcmp(o->name->text, ".") == 0 || strcmp(o->name->text, last) == 0)
            check_error(c, o->pos, "\"%s\" imported and not used", path);
        else
            check_error(c, o->pos, "\"%s\" imported as %N and not used", path, o->name);
    }
}

/* ---- declarations ---- */

void check_arity(struct checker *c, struct pos pos, struct expr_list names, struct expr_list inits, bool constant,
                 bool inherited)
{
    if (names.count < inits.count) {
        struct expr *extra = inits.items[names.count];
        if (inherited)
            check_error(c, pos, "extra init expr at %P", ast_start(extra));
        else
            check_error_at(c, extra, "extra init expr %E", extra);
    } else if (names.count > inits.count && (constant || inits.count != 1)) {
        struct expr *name = names.items[inits.count];
        check_error(c, name->pos, "missing init expr for %N", name->name.ident);
    }
}

static void collect_const(struct collector *k, struct decl *d)
{
    struct checker *c = k->c;
    const struct decl *source = d->const_.repeats ? d->const_.repeats : d;
    struct expr_list names = d->const_.names, values = source->const_.values;
    for (uint32_t i = 0; i < names.count; i++) {
        struct object *o = new_object(c, OBJECT_CONST, names.items[i]);
        o->value = constant_int(c->arena, d->const_.iota);
        struct decl_info *info = new_info(k, d);
        info->type = source->const_.type;
        info->init = i < values.count ? values.items[i] : NULL;
        info->inherited = source != d;
        declare_package_object(c, names.items[i], o, info);
    }
    check_arity(c, d->pos, names, values, true, source != d);
}

static void collect_var(struct collector *k, struct decl *d)
{
    struct checker *c = k->c;
    struct expr_list names = d->var.names, values = d->var.values;
    struct object **lhs = ARENA_ARRAY(c->arena, struct object *, names.count);
    struct decl_info *shared = NULL;
    for (uint32_t i = 0; i < names.count; i++) {
        struct object *o = lhs[i] = new_object(c, OBJECT_VAR, names.items[i]);
        struct decl_info *info = shared ? shared : new_info(k, d);
        info->type = d->var.type;
        if (values.count == 1 && names.count > 1) {
            shared = info;
            info->lhs = lhs;
            info->lhs_count = names.count;
            info->init = values.items[0];
        } else if (i < values.count) {
            info->init = values.items[i];
        }
        o->used = true;
        declare_package_object(c, names.items[i], o, info);
    }
    if (!d->var.type || values.count)
        check_arity(c, d->pos, names, values, false, false);
}

static void collect_type(struct collector *k, struct decl *d)
{
    struct object *o = new_object(k->c, OBJECT_TYPE, d->type.name);
    o->is_alias = d->type.alias;
    declare_package_object(k->c, d->type.name, o, new_info(k, d));
}

static void check_special(struct checker *c, struct decl *d, const char *name)
{
    const struct expr *type = d->func.type;
    if (d->func.tparams.count)
        check_error(c, d->func.tparams.items[0]->pos, "func %s must have no type parameters", name);
    if (type->func_type.params.count || type->func_type.results.count)
        check_error(c, d->func.name->pos, "func %s must have no arguments and no return values", name);
    if (strcmp(name, "init") == 0 && !d->func.body)
        check_error(c, d->func.name->pos, "func init must have a body");
}

static void add_init(struct checker *c, struct object *o)
{
    struct object_list *list = &c->package->init_functions;
    struct object **items = ARENA_ARRAY(c->arena, struct object *, list->count + 1);
    if (list->count)
        memcpy(items, list->items, list->count * sizeof *items);
    items[list->count] = o;
    *list = (struct object_list){items, list->count + 1};
}

static void collect_function(struct collector *k, struct decl *d, struct object *o)
{
    struct checker *c = k->c;
    const char *name = o->name->text;
    bool init = strcmp(name, "init") == 0;
    if (init || (strcmp(name, "main") == 0 && strcmp(c->package->name->text, "main") == 0))
        check_special(c, d, name);
    if (init) {
        o->parent = c->package->scope;
        add_init(c, o);
    } else {
        check_declare(c, c->package->scope, d->func.name, o);
    }
}

static void collect_method(struct collector *k, struct decl *d, struct object *o)
{
    bool pointer;
    struct expr *base = check_unpack_recv(k->c, d->func.recv->type, &pointer, NULL);
    if (base->kind != EXPR_NAME || o->name->blank)
        return;
    o->pointer_recv = pointer;
    k->methods.items =
        arena_grow(k->c->arena, k->methods.items, sizeof *k->methods.items, k->methods.count + 1, &k->capacity);
    k->methods.items[k->methods.count++] = o;
}

static void collect_func(struct collector *k, struct decl *d)
{
    struct checker *c = k->c;
    struct object *o = new_object(c, OBJECT_FUNC, d->func.name);
    d->func.name->name.object = o;
    add_object(c, o, new_info(k, d));
    if (d->func.recv)
        collect_method(k, d, o);
    else
        collect_function(k, d, o);
    if (d->func.tparams.count)
        check_need_version(c, d->func.tparams.items[0]->pos, GO_1_18, "type parameter");
}

static void collect_file(struct collector *k)
{
    for (uint32_t i = 0; i < k->file->decls.count; i++) {
        struct decl *d = k->file->decls.items[i];
        switch ((enum decl_kind)d->kind) {
        case DECL_IMPORT:
            collect_import(k, d);
            break;
        case DECL_CONST:
            collect_const(k, d);
            break;
        case DECL_TYPE:
            collect_type(k, d);
            break;
        case DECL_VAR:
            collect_var(k, d);
            break;
        case DECL_FUNC:
            collect_func(k, d);
            break;
        }
    }
}

/* ---- names in file scopes must not be names of the package ---- */

static void check_file_scope(struct checker *c, const struct scope *file)
{
    for (uint32_t i = 0; i < file->count; i++) {
        struct object *o = file->items[i];
        struct object *other = scope_lookup(c->package->scope, o->name);
        if (!other)
            continue;
        const char *how = o->kind == OBJECT_PACKAGE ? "import" : "dot-import";
        const struct package *from = o->kind == OBJECT_PACKAGE ? o->imported : o->package;
        check_error(c, other->pos,
                    "%N already declared through %s of package %N (\"%s\")\n\t%P: other declaration of %N", other->name,
                    how, from->name, from->path, o->pos, o->name);
    }
}

/* ---- methods to their types ---- */

static struct expr *strip_pointer(struct expr *e, bool *pointer)
{
    e = ast_unparen(e);
    if (e->kind != EXPR_STAR)
        return e;
    *pointer = true;
    return ast_unparen(e->star.x);
}

/* The type declared as `name`, through aliases; NULL when it is none of this package. */
static struct object *base_type(struct checker *c, const struct expr *name, bool *pointer)
{
    for (uint32_t steps = 0; name && steps <= c->object_count; steps++) {
        struct object *o = scope_lookup(c->package->scope, name->name.ident);
        if (!o || o->kind != OBJECT_TYPE || !o->info)
            return NULL;
        if (!o->is_alias)
            return o;
        if (o->decl->type.tparams.count)
            return NULL;
        bool again = false;
        struct expr *next = strip_pointer(o->decl->type.type, &again);
        if (again && *pointer)
            return NULL;
        *pointer |= again;
        name = next->kind == EXPR_NAME ? next : NULL;
    }
    return NULL;
}

static void attach_method(struct checker *c, struct object *m)
{
    bool pointer;
    const struct expr *name = check_unpack_recv(c, m->decl->func.recv->type, &pointer, NULL);
    struct object *base = base_type(c, name, &pointer);
    m->pointer_recv = base ? pointer : false;
    if (!base)
        return;
    struct decl_info *info = base->info;
    info->methods.items = arena_grow(c->arena, info->methods.items, sizeof *info->methods.items,
                                     info->methods.count + 1, &info->method_capacity);
    info->methods.items[info->methods.count++] = m;
}

/* The package's version, unless the file's //go:build line asks for another. */
static int file_version(const struct checker *c, const struct ast_file *file)
{
    static const char prefix[] = "//go:build";
    const struct directive_list list = file->package_directives;
    for (uint32_t i = 0; i < list.count; i++) {
        const struct directive *d = list.items[i];
        size_t n = sizeof prefix - 1;
        if (d->length <= n || memcmp(d->text, prefix, n) != 0)
            continue;
        int implied = package_implied_version(d->text + n, d->length - n);
        if (implied && c->package->go_version)
            return implied > GO_1_21 ? implied : GO_1_21;
    }
    return c->package->go_version;
}

void check_collect_objects(struct checker *c)
{
    struct collector k = {.c = c};
    struct scope **scopes = ARENA_ARRAY(c->arena, struct scope *, c->package->file_count);
    for (uint32_t i = 0; i < c->package->file_count; i++) {
        k.file = c->package->files[i];
        k.scope = scopes[i] = scope_new(c->arena, c->package->scope);
        c->env.version = file_version(c, k.file);
        collect_file(&k);
    }
    for (uint32_t i = 0; i < c->package->file_count; i++)
        check_file_scope(c, scopes[i]);
    for (uint32_t i = 0; i < k.methods.count; i++)
        attach_method(c, k.methods.items[i]);
}

/* ---- resolving all ---- */

/* `type A B; type B A`: found here, so that nothing follows such a chain for ever. */
static void check_direct_cycle(struct checker *c, struct object *start)
{
    struct object *o = start;
    uint32_t count = 0;
    struct object **path = NULL;
    size_t capacity = 0;
    while (o && o->kind == OBJECT_TYPE && o->info && !o->type) {
        for (uint32_t i = 0; i < count; i++)
            if (path[i] == o) {
                for (uint32_t j = i; j < count; j++) {
                    path[j]->type = check_invalid_type(c);
                    path[j]->state = STATE_DONE;
                }
                uint32_t first = i;
                for (uint32_t j = i; j < count; j++)
                    if (pos_before(path[j]->pos, path[first]->pos))
                        first = j;
                check_cycle_error(c, path + i, count - i, first - i);
                return;
            }
        path = arena_grow(c->arena, path, sizeof *path, count + 1, &capacity);
        path[count++] = o;
        const struct expr *rhs = o->decl->type.type;
        o = rhs->kind == EXPR_NAME ? scope_lookup(c->package->scope, rhs->name.ident) : NULL;
    }
}

void check_package_objects(struct checker *c)
{
    for (uint32_t i = 0; i < c->object_count; i++)
        check_direct_cycle(c, c->objects[i]);
    for (uint32_t i = 0; i < c->object_count; i++)
        if (c->objects[i]->kind == OBJECT_TYPE && !c->objects[i]->is_alias)
            check_object(c, c->objects[i]);
    for (uint32_t i = 0; i < c->object_count; i++)
        if (c->objects[i]->kind == OBJECT_TYPE && c->objects[i]->is_alias)
            check_object(c, c->objects[i]);
    for (uint32_t i = 0; i < c->object_count; i++)
        check_object(c, c->objects[i]);
}
