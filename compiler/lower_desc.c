/*
 * lower_desc: type descriptors, itabs, equality and hashes.
 *
 * All are weak: each file that uses a type defines its descriptor, with everything that belongs to it, in the same words. Methods of
 * types are called through wrappers that take the receiver's word; a pointer's own methods need none.
 *
 * Equality and hash: types whose bytes decide (GOMEM_REGULAR) compare and hash bytes; the others compare part by part.
 */
#include "lower_internal.h"

static uint32_t type_hash(struct lowerer *l, struct type *type)
{
    uint32_t h = 2166136261u;
    for (const char *s = types_link_string(l->t, type); *s; s++)
        h = (h ^ (unsigned char)*s) * 16777619u;
    return h;
}

static int kind_of(struct lowerer *l, struct type *type)
{
    static const uint8_t basics[BASIC_COUNT] = {
        [BASIC_BOOL] = 1,        [BASIC_INT] = 2,      [BASIC_INT8] = 3,
        [BASIC_INT16] = 4,       [BASIC_INT32] = 5,    [BASIC_INT64] = 6,
        [BASIC_UINT] = 7,        [BASIC_UINT8] = 8,    [BASIC_UINT16] = 9,
        [BASIC_UINT32] = 10,     [BASIC_UINT64] = 11,  [BASIC_UINTPTR] = 12,
        [BASIC_FLOAT32] = 13,    [BASIC_FLOAT64] = 14, [BASIC_COMPLEX64] = 15,
        [BASIC_COMPLEX128] = 16, [BASIC_STRING] = 24,  [BASIC_UNSAFE_POINTER] = 26,
    };
    static const uint8_t kinds[] = {
        [TYPE_ARRAY] = 17, [TYPE_CHAN] = 18,    [TYPE_FUNC] = 19,  [TYPE_INTERFACE] = 20,
        [TYPE_MAP] = 21,   [TYPE_POINTER] = 22, [TYPE_SLICE] = 23, [TYPE_STRUCT] = 25,
    };
    struct type *u = under(l, type);
    return u->kind == TYPE_BASIC ? basics[u->basic] : kinds[u->kind];
}

/* ---- equality ---- */

static bool regular(struct lowerer *l, struct type *type, uint32_t walk)
{
    struct type *u = under(l, type);
    if (types_met(type, walk, 0))
        return true;
    switch (u->kind) {
    case TYPE_BASIC:
        return !basic_is((enum basic_kind)u->basic, BASIC_IS_FLOAT | BASIC_IS_COMPLEX | BASIC_IS_STRING);
    case TYPE_POINTER:
    case TYPE_CHAN:
        return true;
    case TYPE_ARRAY:
        return regular(l, lower_type(l, u->array.elem), walk);
    case TYPE_STRUCT: {
        int64_t at = 0;
        const struct type_layout *y = layout_of(l->t, u);
        for (uint32_t i = 0; i < u->struct_.fields.count; i++) {
            struct object *f = u->struct_.fields.items[i];
            if (f->name->blank || y->offsets[i] != at || !regular(l, lower_type(l, f->type), walk))
                return false;
            at += size_of(l, lower_type(l, f->type));
        }
        return at == y->size;
    }
    default:
        return false;
    }
}

/* Equal values have equal bytes and the other way round. */
static bool is_regular(struct lowerer *l, struct type *type)
{
    return regular(l, type, types_begin_walk(l->t));
}

static const char *equality_function(struct lowerer *l, struct type *type);

const char *equal_values(struct lowerer *l, struct type *type, const char *a, const char *b)
{
    if (is_string(l, type))
        return F(l, "gomem_string_equal(%s, %s)", a, b);
    if (is_interface(l, type))
        return F(l, "gomem_%s_equal(g, %s, %s)", is_empty_interface(l, type) ? "eface" : "iface", a, b);
    struct type *u = under(l, type);
    if (u->kind == TYPE_BASIC || is_scalar(l, type))
        return F(l, "(%s == %s)", a, b);
    return F(l, "%s(g, (%s[]){%s}, (%s[]){%s})", equality_function(l, type), ctype(l, type), a, ctype(l, type), b);
}

static void equality_body(struct lowerer *l, struct type *type, struct text *out)
{
    struct type *u = under(l, type);
    if (u->kind == TYPE_ARRAY) {
        struct type *elem = lower_type(l, u->array.elem);
        text_printf(
            out,
            "    for (intptr_t i = 0; i < %lld; i++)\n        if (!%s)\n            return false;\n    return true;\n",
            (long long)u->array.len, equal_values(l, elem, "a->a[i]", "b->a[i]"));
        return;
    }
    if (u->kind != TYPE_STRUCT) {
        text_printf(out, "    return %s;\n", lower_condition_fold(l, equal_values(l, type, "*a", "*b")));
        return;
    }
    text_puts(out, "    return true");
    for (uint32_t i = 0; i < u->struct_.fields.count; i++) {
        struct object *f = u->struct_.fields.items[i];
        const char *name = field_name(l, type, i);
        if (!f->name->blank)
            text_printf(out, "\n        && %s",
                        equal_values(l, lower_type(l, f->type), F(l, "a->%s", name), F(l, "b->%s", name)));
    }
    text_puts(out, ";\n");
}

static const char *equality_function(struct lowerer *l, struct type *type)
{
    const char *name = F(l, "equal_%s", type_symbol(l, type));
    if (!first_use(l, name))
        return name;
    struct text body;
    text_init(&body, l->arena);
    text_printf(&l->protos, "__attribute__((weak)) bool %s(gomem_g *g, const void *, const void *);\n", name);
    if (is_regular(l, type)) {
        text_printf(&l->data,
                    "bool %s(gomem_g *g, const void *a, const void *b)\n{\n    (void)g;\n    return !memcmp(a, b, "
                    "%lld);\n}\n\n",
                    name, (long long)size_of(l, type));
        return name;
    }
    equality_body(l, type, &body);
    text_printf(&l->data,
                "bool %s(gomem_g *g, const void *x, const void *y)\n{\n    const %s *a = x, *b = y;\n    (void)g, "
                "(void)a, (void)b;\n%s}\n\n",
                name, F(l, "__typeof__(%s)", ctype(l, type)), text_string(&body));
    return name;
}

/* ---- hashes ---- */

static const char *hash_function(struct lowerer *l, struct type *type);

static const char *hash_value(struct lowerer *l, struct type *type, const char *pointer)
{
    if (is_string(l, type))
        return F(l, "gomem_hash_string(g, %s, seed)", pointer);
    if (is_interface(l, type))
        return F(l, "gomem_hash_%s(g, %s, seed)", is_empty_interface(l, type) ? "eface" : "iface", pointer);
    struct type *u = under(l, type);
    if (u->kind == TYPE_BASIC && basic_is((enum basic_kind)u->basic, BASIC_IS_FLOAT | BASIC_IS_COMPLEX))
        return F(l, "gomem_hash_floats(%s, %lld, %d, seed)", pointer, (long long)size_of(l, type),
                 basic_is((enum basic_kind)u->basic, BASIC_IS_COMPLEX) ? 2 : 1);
    if (is_regular(l, type))
        return F(l, "gomem_hash_bytes(%s, %lld, seed)", pointer, (long long)size_of(l, type));
    return F(l, "%s(g, %s, seed)", hash_function(l, type), pointer);
}

static const char *hash_function(struct lowerer *l, struct type *type)
{
    const char *name = F(l, "hash_%s", type_symbol(l, type));
    if (!first_use(l, name))
        return name;
    struct type *u = under(l, type);
    struct text body;
    text_init(&body, l->arena);
    text_printf(&l->protos, "__attribute__((weak)) uintptr_t %s(gomem_g *g, const void *, uintptr_t);\n", name);
    bool parts = !is_regular(l, type);
    if (parts && u->kind == TYPE_ARRAY)
        text_printf(&body, "    for (intptr_t i = 0; i < %lld; i++)\n        seed = %s;\n    return seed;\n",
                    (long long)u->array.len, hash_value(l, lower_type(l, u->array.elem), "&p->a[i]"));
    else if (parts && u->kind == TYPE_STRUCT) {
        for (uint32_t i = 0; i < u->struct_.fields.count; i++)
            if (!u->struct_.fields.items[i]->name->blank)
                text_printf(&body, "    seed = %s;\n",
                            hash_value(l, lower_type(l, u->struct_.fields.items[i]->type),
                                       F(l, "&p->%s", field_name(l, type, i))));
        text_puts(&body, "    return seed;\n");
    } else {
        text_printf(&body, "    return %s;\n", hash_value(l, type, "p"));
    }
    text_printf(&l->data,
                "uintptr_t %s(gomem_g *g, const void *x, uintptr_t seed)\n{\n    const %s *p = x;\n    (void)g, "
                "(void)p;\n%s}\n\n",
                name, F(l, "__typeof__(%s)", ctype(l, type)), text_string(&body));
    return name;
}

/* ---- methods ---- */

uint32_t method_index(struct lowerer *l, struct type *interface, const struct object *method)
{
    const struct type_set *set = types_set(l->t, under(l, interface));
    for (uint32_t i = 0; i < set->methods.count; i++)
        if (set->methods.items[i]->name == method->name &&
            (method->name->exported || set->methods.items[i]->package == method->package))
            return i;
    unsupported(l, l->pos, F(l, "the interface method %s", method->name->text));
    return 0;
}

static void run_wrapper(struct lowerer *l, struct pending *p)
{
    struct selection *s = p->selection;
    int32_t first;
    struct type *word =
        is_direct(l, p->type) && is_scalar(l, p->type) ? p->type : types_canonical(l->t, types_pointer(l->t, p->type));
    if (is_direct(l, p->type) && !is_scalar(l, p->type))
        word = basic(l, BASIC_UNSAFE_POINTER);
    l->pos = s->object->pos;
    open_thunk(l, p->name, lower_type(l, s->type), NULL, word, &first);
    l->fn->linkage = "__attribute__((weak)) ";
    struct place at = {.text = V(l, 0), .var = 0, .type = p->type};
    if (!is_direct(l, p->type))
        at = place_deref(l, p->type, V(l, 0), false);
    else if (!is_scalar(l, p->type))
        at = (struct place){.text = F(l, "(*(%s *)&%s)", ctype(l, p->type), V(l, 0)), .var = NO_VAR, .type = p->type};
    struct type *holder = lower_type(l, s->holder);
    if (s->count == 1 && is_kind(l, p->type, TYPE_POINTER) && p->type->kind == TYPE_POINTER &&
        holder->kind == TYPE_NAMED && !is_interface(l, holder)) {
        const char *name = holder->named.object->name->text;
        emit_if(l, F(l, "!%s", V(l, 0)));
        emit_noreturn(l,
                      F(l,
                        "gomem_fail_text(g, " MARK_HERE
                        ", GOMEM_ERROR_PLAIN, \"value method %s.%s.%s called using nil *%s pointer\")",
                        holder->named.object->package ? trace_package(holder->named.object->package) : "", name,
                        s->object->name->text, name),
                      false);
        emit_end(l);
    }
    struct call c = {0};
    select_method(l, at, s, &c);
    close_thunk(l, &c, first);
}

/* C code of a method as an interface calls it. */
static const char *method_code(struct lowerer *l, struct type *type, struct selection *s)
{
    struct type *holder = lower_type(l, s->holder);
    if (s->count == 1 && is_kind(l, type, TYPE_POINTER) && s->object->pointer_recv) {
        struct type *receiver;
        return method_target(l, s->object, holder, &receiver);
    }
    const char *name = F(l, "call_%s__%s", type_symbol(l, type), s->object->name->text);
    if (first_use(l, name)) {
        queue(l, (struct pending){.run = run_wrapper, .name = name, .type = type, .selection = s});
    }
    return name;
}

static bool has_methods(struct lowerer *l, struct type *type)
{
    if (is_interface(l, type))
        return false;
    if (type->kind == TYPE_NAMED || is_kind(l, type, TYPE_STRUCT))
        return true;
    return type->kind == TYPE_POINTER && !is_interface(l, type->pointer.elem) &&
           (type->pointer.elem->kind == TYPE_NAMED || is_kind(l, type->pointer.elem, TYPE_STRUCT));
}

struct names {
    struct text methods, protos;
    uint32_t count;
};

static const char *package_of(const struct object *o)
{
    return o->name->exported || !o->package ? "" : o->package->path;
}

static void add_method(struct lowerer *l, struct names *n, const struct object *o, struct type *type, const char *code)
{
    text_printf(&n->methods, "    {gomem_str_init(\"%s\", %zu), gomem_str_init(\"%s\", %zu), %s, %s%s},\n",
                o->name->text, strlen(o->name->text), package_of(o), strlen(package_of(o)), descriptor(l, type),
                code ? "(void (*)(void))" : "", code ? code : "NULL");
    n->count++;
}

static void list_methods(struct lowerer *l, struct type *type, struct names *n)
{
    text_init(&n->methods, l->arena);
    n->count = 0;
    if (is_interface(l, type)) {
        const struct type_set *set = types_set(l->t, under(l, type));
        for (uint32_t i = 0; i < set->methods.count; i++)
            add_method(l, n, set->methods.items[i], lower_type(l, set->methods.items[i]->type), NULL);
    } else if (has_methods(l, type)) {
        struct method_set set = types_method_set(l->t, type);
        for (uint32_t i = 0; i < set.count; i++)
            add_method(l, n, set.items[i].object, lower_type(l, set.items[i].type),
                       method_code(l, type, &set.items[i]));
    }
}

/* ---- descriptors ---- */

static void list_fields(struct lowerer *l, struct type *type, struct text *out)
{
    struct type *u = under(l, type);
    const struct type_layout *y = layout_of(l->t, type);
    for (uint32_t i = 0; i < u->struct_.fields.count; i++) {
        struct object *f = u->struct_.fields.items[i];
        text_printf(out, "    {gomem_str_init(\"%s\", %zu), %s, %lld, %s, %s},\n", f->name->text, strlen(f->name->text),
                    descriptor(l, lower_type(l, f->type)), (long long)y->offsets[i],
                    f->name->exported ? "true" : "false", f->embedded ? "true" : "false");
    }
}

static void mask_of(struct lowerer *l, struct type *type, struct text *out, int64_t *size)
{
    struct type *u = under(l, type);
    int64_t word = l->t->target->word_size;
    while (u->kind == TYPE_ARRAY && size_of(l, u->array.elem) % word == 0 && u->array.len) {
        type = lower_type(l, u->array.elem);
        u = under(l, type);
    }
    int64_t words = layout_of(l->t, type)->pointer_words;
    *size = size_of(l, type);
    if (!words || *size > LARGEST_MASKED) { // pointer-free, or refused
        text_puts(out, "0, ");
        return;
    }
    uint8_t *bits = arena_alloc(l->arena, (size_t)words / 8 + 2);
    layout_pointers(l->t, type, bits, 0);
    for (int64_t i = 0; i < (*size / word + 7) / 8 || i == 0; i++)
        text_printf(out, "%u, ", i * 8 < words ? bits[i] : 0);
}

/* The func type's call (see the contract), for a parameter that a pointer may be passed to; NULL for other types. */
static const char *caller_function(struct lowerer *l, struct type *func, struct type *param, const char *symbol)
{
    const char *name = F(l, "pass_%s", symbol), *arg = "arg";
    if (is_empty_interface(l, param))
        arg = "(gomem_eface){type, arg}";
    else if (is_interface(l, param))
        arg = F(l, "gomem_convert_iface(g, %s, type, arg)", descriptor(l, param));
    else if (!is_kind(l, param, TYPE_POINTER))
        return NULL;
    text_printf(&l->functions,
                "static void %s(gomem_g *g, gomem_func *fn, const gomem_type *type, void *arg)\n{\n    (void)type;\n"
                "    ((%s (*)(%s))fn->code)(g, fn, %s);\n}\n\n",
                name, result_type(l, func), param_list(l, func, "gomem_func *"), arg);
    return name;
}

static void put_caller(struct lowerer *l, struct type *type, struct text *d)
{
    struct type *u = under(l, type);
    if (u->variadic || u->func.params->tuple.count != 1)
        return;
    struct type *param = lower_type(l, u->func.params->tuple.items[0]);
    const char *call = caller_function(l, u, param, type_symbol(l, type));
    if (call)
        text_printf(d, ", .elem = %s, .call = %s", descriptor(l, param), call);
}

static void put_relations(struct lowerer *l, struct type *type, struct text *d)
{
    struct type *u = under(l, type);
    struct type *elem = u->kind == TYPE_ARRAY     ? u->array.elem
                        : u->kind == TYPE_MAP     ? u->map.elem
                        : u->kind == TYPE_CHAN    ? u->chan.elem
                        : u->kind == TYPE_SLICE   ? u->slice.elem
                        : u->kind == TYPE_POINTER ? u->pointer.elem
                                                  : NULL;
    if (elem)
        text_printf(d, ", .elem = %s", descriptor(l, lower_type(l, elem)));
    if (u->kind == TYPE_MAP)
        text_printf(d, ", .key = %s", descriptor(l, lower_type(l, u->map.key)));
    if (u->kind == TYPE_ARRAY)
        text_printf(d, ", .len = %lld", (long long)u->array.len);
    if (u->kind == TYPE_FUNC)
        put_caller(l, type, d);
    if (u->kind == TYPE_CHAN)
        text_printf(d, ", .len = %d", u->dir == CHAN_BOTH ? 3 : u->dir == CHAN_SEND ? 2 : 1);
}

/* Where a defined type is from, or a struct's fields that are not exported. */
static const char *type_package(const struct type *type)
{
    if (type->kind == TYPE_NAMED)
        return trace_package(type->named.object->package);
    if (type->kind == TYPE_STRUCT)
        for (uint32_t i = 0; i < type->struct_.fields.count; i++)
            if (!type->struct_.fields.items[i]->name->exported)
                return trace_package(type->struct_.fields.items[i]->package);
    return "";
}

static void run_descriptor(struct lowerer *l, struct pending *p)
{
    struct type *type = p->type, *u = under(l, type);
    const struct type_layout *y = layout_of(l->t, type);
    struct names n;
    struct text fields, mask, d;
    struct text *all[] = {&fields, &mask, &d};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        text_init(all[i], l->arena);
    int64_t mask_size = 0;
    mask_of(l, type, &mask, &mask_size);
    list_methods(l, type, &n);
    if (u->kind == TYPE_STRUCT)
        list_fields(l, type, &fields);
    bool comparable = types_comparable(l->t, type, true, NULL);
    const char *name = types_running_string(l->t, type), *path = type_package(type);
    int flags = (is_direct(l, type) ? 1 : 0) | (type->kind == TYPE_NAMED || type->kind == TYPE_BASIC ? 2 : 0) |
                (comparable && is_regular(l, type) ? 4 : 0);
    if (type->kind == TYPE_BASIC)
        flags &= ~2;
    text_printf(
        &d,
        "__attribute__((weak)) const gomem_type %s = {\n    .size = %lld, .ptrdata = %lld, .mask = (const "
        "uint8_t[]){%s}, .mask_size = %lld,\n"
        "    .hash = %uu, .align = %lld, .field_align = %lld, .kind = %d, .flags = %d,\n    .name = gomem_str_init(",
        p->name, (long long)y->size, (long long)(y->pointer_words * l->t->target->word_size), text_string(&mask),
        (long long)mask_size, type_hash(l, type), (long long)y->align, (long long)y->align, kind_of(l, type), flags);
    text_quote_c(&d, name, strlen(name));
    text_printf(&d, ", %zu), .package = gomem_str_init(\"%s\", %zu)", strlen(name), path, strlen(path));
    if (comparable)
        text_printf(&d, ",\n    .equal = %s, .hasher = %s", equality_function(l, type), hash_function(l, type));
    put_relations(l, type, &d);
    if (fields.length)
        text_printf(&d, ",\n    .fields = (const gomem_field[]){\n%s    }, .field_count = %u", text_string(&fields),
                    u->struct_.fields.count);
    if (n.count)
        text_printf(&d, ",\n    .methods = (const gomem_method[]){\n%s    }, .method_count = %u",
                    text_string(&n.methods), n.count);
    text_puts(&d, "};\n\n");
    text_append(&l->functions, d.data, d.length);
    if (reflects(l))
        lower_reflection(l, type);
}

const char *descriptor(struct lowerer *l, struct type *type)
{
    type = lower_type(l, type);
    const char *name = F(l, "type_%s", type_symbol(l, type));
    if (first_use(l, name)) {
        text_printf(&l->types, "extern const gomem_type %s;\n", name);
        queue(l, (struct pending){.run = run_descriptor, .name = name, .type = type});
    }
    return F(l, "&%s", name);
}

static void run_itab(struct lowerer *l, struct pending *p)
{
    struct type *type = p->type, *interface = p->extra;
    const struct type_set *set = types_set(l->t, under(l, interface));
    struct method_set methods = types_method_set(l->t, type);
    struct text d;
    text_init(&d, l->arena);
    text_printf(&d, "__attribute__((weak)) const gomem_itab %s = {%s, %s, %uu, {", p->name,
                descriptor(l, under(l, interface)), descriptor(l, type), type_hash(l, type));
    for (uint32_t i = 0; i < set->methods.count; i++)
        for (uint32_t k = 0; k < methods.count; k++) {
            struct object *m = methods.items[k].object, *want = set->methods.items[i];
            if (m->name == want->name && (m->name->exported || m->package == want->package))
                text_printf(&d, "\n    (void (*)(void))%s,", method_code(l, type, &methods.items[k]));
        }
    text_puts(&d, "}};\n\n");
    text_append(&l->functions, d.data, d.length);
}

const char *itab(struct lowerer *l, struct type *interface, struct type *type)
{
    struct type *u = types_canonical(l->t, under(l, interface));
    const char *name = F(l, "itab_%s__%s", type_symbol(l, u), type_symbol(l, type));
    if (first_use(l, name)) {
        text_printf(&l->types, "extern const gomem_itab %s;\n", name);
        queue(l, (struct pending){.run = run_itab, .name = name, .type = type, .extra = u});
    }
    return F(l, "&%s", name);
}
