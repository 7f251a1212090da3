/*
 * lower_ctype: the C type of a Go type.
 *
 * Basic types are C's fixed-width ones, pointers point to the C type of what they point to (void * where that is a type that
 * contains itself through pointers alone), slices, strings, maps, channels, funcs and interfaces are the structs of gomem.h. Structs
 * and arrays are C structs, named after the Go type; a pointer to one needs no more than its name, so definitions come in the order in
 * which values contain each other.
 */
#include "lower_internal.h"

static const char *const basic_names[BASIC_COUNT] = {
    [BASIC_BOOL] = "bool",
    [BASIC_INT] = "intptr_t",
    [BASIC_INT8] = "int8_t",
    [BASIC_INT16] = "int16_t",
    [BASIC_INT32] = "int32_t",
    [BASIC_INT64] = "int64_t",
    [BASIC_UINT] = "uintptr_t",
    [BASIC_UINT8] = "uint8_t",
    [BASIC_UINT16] = "uint16_t",
    [BASIC_UINT32] = "uint32_t",
    [BASIC_UINT64] = "uint64_t",
    [BASIC_UINTPTR] = "uintptr_t",
    [BASIC_FLOAT32] = "float",
    [BASIC_FLOAT64] = "double",
    [BASIC_COMPLEX64] = "_Complex float",
    [BASIC_COMPLEX128] = "_Complex double",
    [BASIC_STRING] = "gomem_string",
    [BASIC_UNSAFE_POINTER] = "void *",
    [BASIC_UNTYPED_NIL] = "void *",
};

static void define(struct lowerer *l, struct type *type);

static const char *aggregate_name(struct lowerer *l, struct type *type)
{
    const char *name = ptr_map_get(&l->ctypes, type);
    if (name)
        return name;
    name = F(l, "%s%s", type->kind == TYPE_NAMED ? "T_" : type->kind == TYPE_ARRAY ? "A_" : "S_", type_symbol(l, type));
    ptr_map_set(l->arena, &l->ctypes, type, (void *)(uintptr_t)name);
    text_printf(&l->types, "typedef struct %s %s;\n", name, name);
    return name;
}

static void run_define(struct lowerer *l, struct pending *p)
{
    define(l, p->type);
}

/* What is reached through a pointer is defined when the file's other types are. */
static const char *pointee_name(struct lowerer *l, struct type *type)
{
    if (!ptr_map_get(&l->ctypes, type) && !ptr_map_get(&l->defined, type))
        queue(l, (struct pending){.run = run_define, .type = type});
    return aggregate_name(l, type);
}

/* type P *P, or by way of others: C has no name for what such a pointer points to. */
bool is_endless(struct lowerer *l, struct type *type)
{
    struct type *slow = types_underlying(l->t, type), *fast = slow;
    for (bool step = false; fast->kind == TYPE_POINTER; step = !step) {
        fast = types_underlying(l->t, fast->pointer.elem);
        if (step)
            slow = types_underlying(l->t, slow->pointer.elem);
        if (fast == slow && fast->kind == TYPE_POINTER)
            return true;
    }
    return false;
}

static const char *pointer_name(struct lowerer *l, struct type *elem)
{
    struct type *u = types_underlying(l->t, elem);
    if (is_endless(l, elem))
        return "void *";
    if (u->kind == TYPE_STRUCT || u->kind == TYPE_ARRAY)
        return F(l, "%s *", pointee_name(l, elem));
    const char *name = ctype(l, elem);
    return F(l, name[strlen(name) - 1] == '*' ? "%s*" : "%s *", name);
}

const char *ctype(struct lowerer *l, struct type *type)
{
    type = types_canonical(l->t, type);
    struct type *u = types_underlying(l->t, type);
    switch (u->kind) {
    case TYPE_BASIC:
        return basic_names[u->basic] ? basic_names[u->basic] : "int";
    case TYPE_POINTER:
        return pointer_name(l, types_canonical(l->t, u->pointer.elem));
    case TYPE_SLICE:
        return "gomem_slice";
    case TYPE_MAP:
        return "gomem_map *";
    case TYPE_CHAN:
        return "gomem_chan *";
    case TYPE_FUNC:
        return "gomem_func *";
    case TYPE_INTERFACE:
        return types_set(l->t, u)->methods.count ? "gomem_iface" : "gomem_eface";
    default:
        define(l, type);
        return aggregate_name(l, type);
    }
}

const char *declare(struct lowerer *l, struct type *type, const char *name)
{
    const char *c = ctype(l, type);
    return F(l, c[strlen(c) - 1] == '*' ? "%s%s" : "%s %s", c, name);
}

const char *field_name(struct lowerer *l, struct type *struct_type, uint32_t index)
{
    struct object *f = under(l, struct_type)->struct_.fields.items[index];
    return f->name->blank ? F(l, "blank_%u", index) : c_name(l, f->name->text);
}

static bool exceeds_memory(struct lowerer *l, struct type *u)
{
    int64_t most = l->t->target->word_size == 8 ? INT64_C(1) << 50 : INT64_C(0xFFFFFFFF);
    int64_t elem = u->kind == TYPE_ARRAY ? size_of(l, lower_type(l, u->array.elem)) : 0;
    return elem > 0 && u->array.len > (most - 1) / elem;
}

/* One error is enough: whatever holds the type is too large as well. It stands where the type has its name. */
static void check_extent(struct lowerer *l, struct type *type)
{
    struct type *u = types_underlying(l->t, type), *large = type;
    bool exceeds = exceeds_memory(l, u);
    if (l->too_large || (size_of(l, type) >= 0 && !exceeds))
        return;
    if (exceeds)
        large = u;
    for (uint32_t i = 0; u->kind == TYPE_STRUCT && i < u->struct_.fields.count; i++) {
        struct type *field = types_underlying(l->t, lower_type(l, u->struct_.fields.items[i]->type));
        if (exceeds_memory(l, field))
            large = field;
    }
    l->too_large = true;
    struct pos pos = type->kind == TYPE_NAMED ? type->named.object->pos : l->pos;
    diag_error(&l->compilation->diags, pos_known(pos) ? pos : l->asked, "type %s larger than address space",
               types_string(l->t, large, l->package));
}

static void define(struct lowerer *l, struct type *type)
{
    if (ptr_map_get(&l->defined, type))
        return;
    ptr_map_set(l->arena, &l->defined, type, type);
    struct type *u = types_underlying(l->t, type);
    const char *name = aggregate_name(l, type);
    struct text body;
    text_init(&body, l->arena);
    int64_t size = size_of(l, type);
    check_extent(l, type);
    if (!l->too_large && size > (u->kind == TYPE_STRUCT ? LARGEST_MASKED : LARGEST_VARIABLE) && has_pointers(l, type))
        unsupported(l, l->pos, F(l, "a type with pointers of %lld bytes", (long long)size));
    if (u->kind == TYPE_ARRAY) {
        text_printf(&body, "    %s[%lld];\n", declare(l, u->array.elem, "a"), (long long)u->array.len);
    } else {
        uint32_t n = u->struct_.fields.count;
        for (uint32_t i = 0; i < n; i++) {
            struct type *field = u->struct_.fields.items[i]->type;
            bool strict = layout_field_align(l->t, field) > l->t->target->max_align; // C's structs know of no marker
            text_printf(&body, "    %s%s;\n", strict ? "_Alignas(8) " : "", declare(l, field, field_name(l, type, i)));
        }
        if (n && size && size_of(l, u->struct_.fields.items[n - 1]->type) == 0)
            text_puts(&body, "    char end_; // the last field's address is not a neighbour's\n");
    }
    text_printf(&l->types, "struct %s {\n%s};\n_Static_assert(sizeof(%s) == %lld, \"layout\");\n", name,
                text_string(&body), name, (long long)size);
}

struct type *result_struct(struct lowerer *l, struct type *func)
{
    struct type *r = func->func.results;
    const char **names = ARENA_ARRAY(l->arena, const char *, r->tuple.count + 1);
    struct type **types = ARENA_ARRAY(l->arena, struct type *, r->tuple.count + 1);
    for (uint32_t i = 0; i < r->tuple.count; i++) {
        names[i] = F(l, "r%u", i);
        types[i] = lower_type(l, r->tuple.items[i]);
    }
    return make_struct(l, names, types, r->tuple.count);
}

const char *result_type(struct lowerer *l, struct type *func)
{
    struct type *r = func->func.results;
    if (!r->tuple.count)
        return "void";
    if (r->tuple.count == 1)
        return ctype(l, lower_type(l, r->tuple.items[0]));
    return ctype(l, result_struct(l, func));
}

static void put_param(struct lowerer *l, struct text *s, struct type *p)
{
    text_printf(s, ", %s%s", by_reference(l, p) ? "const " : "", ctype(l, p));
    if (by_reference(l, p))
        text_puts(s, " *");
}

uint32_t plain_params(struct lowerer *l, struct type *func, struct type **rest)
{
    enum { MOST_WORDS = 56 };
    struct type_list params = func->func.params->tuple;
    int64_t words = 0;
    uint32_t n = 0;
    *rest = NULL;
    for (; n < params.count; n++) {
        struct type *p = lower_type(l, params.items[n]);
        words += by_reference(l, p) ? 1 : has_pointers(l, p) ? size_of(l, p) / l->t->target->word_size : 0;
        if (words > MOST_WORDS)
            break;
    }
    if (n == params.count)
        return n;
    const char **names = ARENA_ARRAY(l->arena, const char *, params.count);
    struct type **types = ARENA_ARRAY(l->arena, struct type *, params.count);
    for (uint32_t i = n; i < params.count; i++) {
        names[i - n] = F(l, "p%u", i - n);
        types[i - n] = lower_type(l, params.items[i]);
    }
    *rest = make_struct(l, names, types, params.count - n);
    return n;
}

const char *param_list(struct lowerer *l, struct type *func, const char *first)
{
    struct text s;
    text_init(&s, l->arena);
    text_printf(&s, "gomem_g *%s%s", first && *first ? ", " : "", first ? first : "");
    struct type *params = func->func.params, *rest;
    uint32_t plain = plain_params(l, func, &rest);
    for (uint32_t i = 0; i < plain; i++)
        put_param(l, &s, lower_type(l, params->tuple.items[i]));
    if (rest)
        put_param(l, &s, rest);
    return text_string(&s);
}

const char *zero(struct lowerer *l, struct type *type)
{
    struct type *u = under(l, type);
    switch (u->kind) {
    case TYPE_BASIC:
        if (u->basic == BASIC_BOOL)
            return "false";
        if (u->basic == BASIC_UNSAFE_POINTER)
            return "NULL";
        return u->basic == BASIC_STRING ? "(gomem_string){0}" : "0";
    case TYPE_POINTER:
    case TYPE_MAP:
    case TYPE_CHAN:
    case TYPE_FUNC:
        return "NULL";
    default:
        return F(l, "(%s){}", ctype(l, type));
    }
}
