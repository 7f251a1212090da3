/*
 * escape_type: types as the toolchain prints them in its listing.
 *
 * There are two forms. The one for people names types by their package's name, those of the package under compilation plainly. The one
 * for the linker tells all types apart: package paths, unexported fields by their package, local types by number. Names of instances
 * are made of it, so it also shows within brackets in the form for people.
 *
 * In a generic function a type parameter shows as the shape of its argument: its underlying type in the linker's form, and for a
 * pointer whose type parameter says nothing but methods, *uint8. For a listing of the unified IR units have shapes for type arguments, so
 * that what is made of them there (an instance of another generic type) has names made of shapes too.
 *
 * Types come from the syntax where there is some, because byte and uint8, any and interface {} are told apart there.
 */
#include "escape_internal.h"

enum form { FOR_PEOPLE, FOR_LINKER };

struct shaping {
    struct type *type;
    const struct shaping *outer;
};

static void print_type(struct text *out, const struct escape_result *u, struct type *type, enum form form);

/* Names of other packages than the listed one are qualified, those of variables in generic functions too. */
bool esc_is_foreign(const struct escape_result *u, const struct object *o)
{
    return o->package && o->package != u->escape->listing_package;
}

/* A path in the linker's names: dots of its last element, and what is no plain character, are %xx. */
static void print_path(struct text *out, const char *path)
{
    const char *slash = strrchr(path, '/');
    for (const char *c = path; *c; c++)
        if ((*c == '.' && (!slash || c > slash)) || *c <= ' ' || *c == '%' || *c == '"' || (unsigned char)*c >= 0x7f)
            text_printf(out, "%%%02x", (unsigned)(unsigned char)*c);
        else
            text_putc(out, *c);
}

static void print_qualifier(struct text *out, const struct escape_result *u, const struct object *o, enum form form)
{
    if (!o->package || (form == FOR_PEOPLE && !esc_is_foreign(u, o)))
        return;
    if (form == FOR_PEOPLE || strcmp(o->package->name->text, "main") == 0)
        text_puts(out, o->package->name->text);
    else
        print_path(out, o->package->path);
    text_putc(out, '.');
}

/* ---- parts ---- */

static void print_tuple(struct text *out, const struct escape_result *u, const struct type *tuple, bool variadic,
                        enum form form)
{
    text_putc(out, '(');
    for (uint32_t i = 0; i < tuple->tuple.count; i++) {
        struct type *type = tuple->tuple.items[i];
        text_puts(out, i ? ", " : "");
        if (variadic && i + 1 == tuple->tuple.count) {
            text_puts(out, "...");
            type = type->slice.elem;
        }
        print_type(out, u, type, form);
    }
    text_putc(out, ')');
}

static void print_signature(struct text *out, const struct escape_result *u, const struct type *f, enum form form)
{
    print_tuple(out, u, f->func.params, f->variadic, form);
    if (f->func.results->tuple.count == 0)
        return;
    text_putc(out, ' ');
    if (f->func.results->tuple.count == 1)
        print_type(out, u, f->func.results->tuple.items[0], form);
    else
        print_tuple(out, u, f->func.results, false, form);
}

static void print_tag(struct text *out, const struct type *type, uint32_t i)
{
    if (!type->struct_.tags || !type->struct_.tags[i])
        return;
    text_putc(out, ' ');
    text_quote(out, type->struct_.tags[i], type->struct_.tag_lengths[i]);
}

/* Is the field called what its type is? In the linker's form instances are called after their arguments too. */
static bool has_name_of_type(const struct object *f)
{
    const struct type *type = f->type->kind == TYPE_POINTER ? f->type->pointer.elem : f->type;
    const struct object *o = type->kind == TYPE_NAMED ? type->named.object : NULL;
    return o && !type->named.args.count && o->name == f->name && (f->name->exported || o->package == f->package);
}

static void print_struct(struct text *out, const struct escape_result *u, const struct type *type, enum form form)
{
    text_puts(out, "struct {");
    for (uint32_t i = 0; i < type->struct_.fields.count; i++) {
        const struct object *f = type->struct_.fields.items[i];
        text_puts(out, i ? "; " : " ");
        bool named = !f->embedded || (form == FOR_LINKER && !has_name_of_type(f));
        if (named && !f->name->exported)
            print_qualifier(out, u, f, form);
        if (named)
            text_printf(out, f->embedded ? "%s = " : "%s ", f->name->text);
        print_type(out, u, f->type, form);
        print_tag(out, type, i);
    }
    text_puts(out, type->struct_.fields.count ? " }" : "}");
}

/* From the first unexported method on, all is in the linker's form. */
static void print_interface(struct text *out, const struct escape_result *u, struct type *type, enum form form)
{
    const struct type_set *set = types_set(u->escape->t, type);
    text_puts(out, "interface {");
    for (uint32_t i = 0; i < set->methods.count; i++) {
        const struct object *m = set->methods.items[i];
        text_puts(out, i ? "; " : " ");
        if (!m->name->exported) {
            form = FOR_LINKER;
            print_qualifier(out, u, m, form);
        }
        text_puts(out, m->name->text);
        print_signature(out, u, m->type, form);
    }
    text_puts(out, set->methods.count ? " }" : "}");
}

static void print_chan(struct text *out, const struct escape_result *u, const struct type *type, enum form form)
{
    const struct type *elem = type->chan.elem;
    text_puts(out, type->dir == CHAN_RECV ? "<-chan " : type->dir == CHAN_SEND ? "chan<- " : "chan ");
    bool wrap = type->dir == CHAN_BOTH && elem->kind == TYPE_CHAN && elem->dir == CHAN_RECV;
    text_puts(out, wrap ? "(" : "");
    print_type(out, u, type->chan.elem, form);
    text_puts(out, wrap ? ")" : "");
}

/* ---- named types ---- */

struct numbering {
    struct escape *escape;
    uintptr_t count;
};

static void number_types(void *context, const struct stmt *s)
{
    struct numbering *n = context;
    for (uint32_t i = 0; s->kind == STMT_DECL && i < s->decl.list.count; i++) {
        const struct decl *d = s->decl.list.items[i];
        const struct object *o = d->kind == DECL_TYPE ? d->type.name->name.object : NULL;
        if (o && !o->is_alias)
            esc_map_put(n->escape->arena, &n->escape->local_types, o, 0, (void *)++n->count);
    }
}

/* Types declared in functions are numbered through the package; 0: it is no such type. */
static unsigned local_number(const struct escape_result *u, const struct object *o)
{
    struct escape *e = u->escape;
    if (!o->package || !o->parent || o->parent == o->package->scope)
        return 0;
    if (!esc_map_get(&e->local_types, o->package, 0)) {
        struct numbering n = {e, 0};
        struct esc_scan scan = {.unit = u, .stmt = number_types, .literals = true, .context = &n};
        esc_map_put(e->arena, &e->local_types, o->package, 0, o->package);
        for (uint32_t i = 0; i < o->package->function_count; i++)
            if (o->package->functions[i]->decl && !o->package->functions[i]->outer)
                esc_scan_stmt(&scan, o->package->functions[i]->body);
    }
    return (unsigned)(uintptr_t)esc_map_get(&e->local_types, o, 0);
}

void esc_print_arguments(struct text *out, const struct escape_result *u, struct type_list args)
{
    for (uint32_t i = 0; i < args.count; i++) {
        text_putc(out, i ? ',' : '[');
        print_type(out, u, esc_subst(u, args.items[i]), FOR_LINKER);
    }
    text_puts(out, args.count ? "]" : "");
}

/* A shape is a type of its own, called after what it is underneath. */
static bool is_shape(const struct type *type)
{
    const struct object *o = type->kind == TYPE_NAMED ? type->named.object : NULL;
    return o && !o->package && strncmp(o->name->text, "go.shape.", strlen("go.shape.")) == 0;
}

static void print_shape(struct text *out, const struct escape_result *u, struct type *param, struct type *arg);

/*
 * An argument made of shapes is a shape itself, unless it is the type that is being made one, whose name is all that is known
 * of it then.
 */
static void print_argument(struct text *out, const struct escape_result *u, struct type *arg)
{
    const struct shaping *s = u->escape->shaping;
    bool shaped = s && arg->kind == TYPE_NAMED && !is_shape(arg) && esc_mentions_shapes(arg);
    for (; s; s = s->outer)
        shaped &= !types_identical(u->escape->t, s->type, arg);
    if (shaped)
        print_shape(out, u, NULL, arg);
    else
        print_type(out, u, arg, FOR_LINKER);
}

static void print_named(struct text *out, const struct escape_result *u, const struct type *type, enum form form)
{
    const struct object *o = type->named.object;
    unsigned number = form == FOR_LINKER ? local_number(u, o) : 0;
    print_qualifier(out, u, o, form);
    text_puts(out, o->name->text);
    for (uint32_t i = 0; i < type->named.args.count; i++) {
        text_putc(out, i ? ',' : '[');
        print_argument(out, u, type->named.args.items[i]);
    }
    text_puts(out, type->named.args.count ? "]" : "");
    if (number)
        text_printf(out, "·%u", number);
}

/* ---- shapes ---- */

static bool says_only_methods(const struct escape_result *u, struct type *param)
{
    const struct type_set *set = types_set(u->escape->t, types_constraint(u->escape->t, param));
    return set->all_terms && !set->comparable;
}

bool esc_same_shape(const struct escape_result *u, struct type *param, struct type *a, struct type *b)
{
    struct types *t = u->escape->t;
    a = types_underlying(t, a);
    b = types_underlying(t, b);
    if (a->kind == TYPE_POINTER && b->kind == TYPE_POINTER && says_only_methods(u, param))
        return true;
    return types_identical(t, a, b);
}

bool esc_mentions_shapes(const struct type *type)
{
    switch (type->kind) {
    case TYPE_NAMED:
        for (uint32_t i = 0; i < type->named.args.count; i++)
            if (esc_mentions_shapes(type->named.args.items[i]))
                return true;
        return is_shape(type);
    case TYPE_POINTER:
        return esc_mentions_shapes(type->pointer.elem);
    case TYPE_SLICE:
        return esc_mentions_shapes(type->slice.elem);
    case TYPE_ARRAY:
        return esc_mentions_shapes(type->array.elem);
    case TYPE_MAP:
        return esc_mentions_shapes(type->map.key) || esc_mentions_shapes(type->map.elem);
    default:
        return false;
    }
}

bool esc_mention_shapes(struct type_list args)
{
    for (uint32_t i = 0; i < args.count; i++)
        if (esc_mentions_shapes(args.items[i]))
            return true;
    return false;
}

static void print_shape(struct text *out, const struct escape_result *u, struct type *param, struct type *arg)
{
    if (arg->kind == TYPE_PARAM && esc_subst(u, arg) != arg) {
        print_type(out, u, arg, FOR_LINKER);
        return;
    }
    struct type *under = types_underlying(u->escape->t, arg);
    if (param && under->kind == TYPE_POINTER && says_only_methods(u, param)) {
        text_puts(out, "go.shape.*uint8");
        return;
    }
    text_puts(out, is_shape(arg) ? arg->named.object->name->text : "go.shape.");
    if (is_shape(arg))
        return;
    struct shaping here = {arg, u->escape->shaping};
    u->escape->shaping = &here;
    print_type(out, u, under, FOR_LINKER);
    u->escape->shaping = here.outer;
}

void esc_print_shapes(struct text *out, const struct escape_result *u, struct type_list params, struct type_list args)
{
    for (uint32_t i = 0; i < args.count; i++) {
        text_putc(out, i ? ',' : '[');
        print_shape(out, u, params.items[i], args.items[i]);
    }
    text_putc(out, ']');
}

static struct type *shape_of(const struct escape_result *u, struct type *param, struct type *arg)
{
    struct escape *e = u->escape;
    if (types_mentions_params(e->t, arg))
        return arg;
    struct text name;
    text_init(&name, e->arena);
    print_shape(&name, u, param, arg);
    struct ident *ident = ident_intern(&e->program->compilation->idents, text_string(&name), name.length);
    struct type *known = esc_map_get(e->shapes, ident, 0);
    if (known)
        return known;
    struct object *o = object_new(e->t, OBJECT_TYPE, ident, NULL, NULL, POS_NONE);
    struct type *type = o->type = types_named(e->t, o);
    type->named.rhs = type->named.underlying = types_underlying(e->t, arg);
    esc_map_put(e->arena, e->shapes, ident, 0, type);
    return type;
}

struct type_list esc_shapes(const struct escape_result *u, struct type_list params, struct type_list args)
{
    struct type **items = ARENA_ARRAY(u->escape->arena, struct type *, args.count + 1);
    for (uint32_t i = 0; i < args.count; i++)
        items[i] = shape_of(u, params.items[i], args.items[i]);
    return (struct type_list){items, args.count};
}

bool esc_are_shapes(struct type_list args)
{
    for (uint32_t i = 0; i < args.count; i++)
        if (!is_shape(args.items[i]))
            return false;
    return true;
}

/* ---- any type ---- */

static void print_type(struct text *out, const struct escape_result *u, struct type *type, enum form form)
{
    switch (type->kind) {
    case TYPE_BASIC:
        text_puts(out, type->basic == BASIC_UNSAFE_POINTER ? "unsafe.Pointer" : basic_table[type->basic].name);
        break;
    case TYPE_NAMED:
        print_named(out, u, type, form);
        break;
    case TYPE_POINTER:
        text_putc(out, '*');
        print_type(out, u, type->pointer.elem, form);
        break;
    case TYPE_ARRAY:
        text_printf(out, "[%lld]", (long long)type->array.len);
        print_type(out, u, type->array.elem, form);
        break;
    case TYPE_SLICE:
        text_puts(out, "[]");
        print_type(out, u, type->slice.elem, form);
        break;
    case TYPE_MAP:
        text_puts(out, "map[");
        print_type(out, u, type->map.key, form);
        text_putc(out, ']');
        print_type(out, u, type->map.elem, form);
        break;
    case TYPE_CHAN:
        print_chan(out, u, type, form);
        break;
    case TYPE_FUNC:
        text_puts(out, "func");
        print_signature(out, u, type, form);
        break;
    case TYPE_STRUCT:
        print_struct(out, u, type, form);
        break;
    case TYPE_INTERFACE:
        if (type == u->escape->t->error)
            text_puts(out, "error");
        else
            print_interface(out, u, type, form);
        break;
    case TYPE_PARAM:
        print_shape(out, u, type, esc_subst(u, type));
        break;
    default:
        break;
    }
}

void esc_print_type(struct text *out, const struct escape_result *u, struct type *type)
{
    print_type(out, u, type, FOR_PEOPLE);
}

/* ---- from the syntax ---- */

bool esc_is_predeclared_alias(const struct expr *x)
{
    if (x->kind != EXPR_NAME || !x->name.object || x->name.object->package)
        return false;
    const char *name = x->name.ident->text;
    return strcmp(name, "byte") == 0 || strcmp(name, "rune") == 0 || strcmp(name, "any") == 0;
}

static void print_struct_expr(struct text *out, const struct escape_result *u, const struct expr *x)
{
    text_puts(out, "struct {");
    for (uint32_t i = 0; i < x->struct_type.fields.count; i++) {
        const struct field *f = x->struct_type.fields.items[i];
        text_puts(out, i ? "; " : " ");
        if (f->name)
            text_printf(out, "%s ", f->name->name.ident->text);
        esc_print_type_expr(out, u, f->type);
        if (f->tag)
            print_tag(out, x->type, i);
    }
    text_puts(out, x->struct_type.fields.count ? " }" : "}");
}

void esc_print_type_expr(struct text *out, const struct escape_result *u, const struct expr *x)
{
    x = ast_unparen((struct expr *)x);
    if (esc_is_predeclared_alias(x)) {
        text_puts(out, x->name.ident->text);
        return;
    }
    switch (x->kind) {
    case EXPR_STAR:
        text_putc(out, '*');
        esc_print_type_expr(out, u, x->star.x);
        break;
    case EXPR_SLICE_TYPE:
        text_puts(out, "[]");
        esc_print_type_expr(out, u, x->slice_type.elem);
        break;
    case EXPR_ARRAY_TYPE:
        if (!x->type || x->type->kind != TYPE_ARRAY)
            break;
        text_printf(out, "[%lld]", (long long)x->type->array.len);
        esc_print_type_expr(out, u, x->array_type.elem);
        break;
    case EXPR_MAP_TYPE:
        text_puts(out, "map[");
        esc_print_type_expr(out, u, x->map_type.key);
        text_putc(out, ']');
        esc_print_type_expr(out, u, x->map_type.elem);
        break;
    case EXPR_STRUCT_TYPE:
        print_struct_expr(out, u, x);
        break;
    default:
        esc_print_type(out, u, x->type);
    }
}
