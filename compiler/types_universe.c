/*
 * types_universe: what every package sees without importing it, package unsafe, and objects and scopes themselves.
 *
 * Scopes keep their objects in order of insertion; from 9 objects on a table over the names finds them. The checker inserts
 * local objects where their declaration ends, so the right side of an inner x := x sees the outer one.
 */
#include "types.h"

#include <string.h>

enum { SMALL_SCOPE = 8 };

struct scope *scope_new(struct arena *a, struct scope *parent)
{
    struct scope *s = ARENA_NEW(a, struct scope);
    s->parent = parent;
    if (parent)
        s->function = parent->function;
    return s;
}

static uint32_t slot_of(const struct scope *s, const struct ident *name)
{
    uint32_t i = name->hash & (s->table_size - 1);
    while (s->table[i] && s->table[i]->name != name)
        i = (i + 1) & (s->table_size - 1);
    return i;
}

static void rehash(struct arena *a, struct scope *s)
{
    s->table_size = s->table_size ? s->table_size * 2 : SMALL_SCOPE * 4;
    s->table = ARENA_ARRAY(a, struct object *, s->table_size);
    for (uint32_t i = 0; i < s->count; i++)
        s->table[slot_of(s, s->items[i]->name)] = s->items[i];
}

struct object *scope_lookup(const struct scope *s, const struct ident *name)
{
    if (s->table)
        return s->table[slot_of(s, name)];
    for (uint32_t i = 0; i < s->count; i++)
        if (s->items[i]->name == name)
            return s->items[i];
    return NULL;
}

struct object *scope_insert(struct arena *a, struct scope *s, struct object *object)
{
    if (object->name->blank)
        return NULL;
    struct object *other = scope_lookup(s, object->name);
    if (other)
        return other;
    s->items = arena_grow(a, s->items, sizeof *s->items, s->count + 1, &s->capacity);
    s->items[s->count++] = object;
    if (!object->parent)
        object->parent = s;
    if (s->table && s->count * 2 <= s->table_size)
        s->table[slot_of(s, object->name)] = object;
    else if (s->count > SMALL_SCOPE)
        rehash(a, s);
    return NULL;
}

struct object *scope_lookup_parent(struct scope *s, const struct ident *name, struct scope **found)
{
    for (; s; s = s->parent) {
        struct object *o = scope_lookup(s, name);
        if (!o)
            continue;
        if (found)
            *found = s;
        return o;
    }
    return NULL;
}

struct object *object_new(struct types *t, enum object_kind kind, struct ident *name, struct package *package,
                          struct type *type, struct pos pos)
{
    struct object *o = ARENA_NEW(t->arena, struct object);
    o->kind = (uint8_t)kind;
    o->name = name;
    o->package = package;
    o->type = type;
    o->pos = pos;
    o->state = type ? STATE_DONE : STATE_NEW;
    return o;
}

struct package *package_new(struct types *t, const char *path, struct ident *name)
{
    struct package *p = ARENA_NEW(t->arena, struct package);
    p->path = path;
    p->name = name;
    p->scope = scope_new(t->arena, t->universe);
    return p;
}

static const struct {
    const char *name;
    enum basic_kind kind;
} aliases[] = {{"byte", BASIC_UINT8}, {"rune", BASIC_INT32}};

static const struct {
    const char *name;
    enum builtin id;
} builtins[] = {
    {"append", BUILTIN_APPEND},   {"cap", BUILTIN_CAP},         {"clear", BUILTIN_CLEAR},
    {"close", BUILTIN_CLOSE},     {"complex", BUILTIN_COMPLEX}, {"copy", BUILTIN_COPY},
    {"delete", BUILTIN_DELETE},   {"imag", BUILTIN_IMAG},       {"len", BUILTIN_LEN},
    {"make", BUILTIN_MAKE},       {"max", BUILTIN_MAX},         {"min", BUILTIN_MIN},
    {"new", BUILTIN_NEW},         {"panic", BUILTIN_PANIC},     {"print", BUILTIN_PRINT},
    {"println", BUILTIN_PRINTLN}, {"real", BUILTIN_REAL},       {"recover", BUILTIN_RECOVER},
};

static const struct {
    const char *name;
    enum builtin id;
} unsafe_builtins[] = {
    {"Add", BUILTIN_UNSAFE_ADD},           {"Alignof", BUILTIN_UNSAFE_ALIGNOF},
    {"Offsetof", BUILTIN_UNSAFE_OFFSETOF}, {"Sizeof", BUILTIN_UNSAFE_SIZEOF},
    {"Slice", BUILTIN_UNSAFE_SLICE},       {"SliceData", BUILTIN_UNSAFE_SLICEDATA},
    {"String", BUILTIN_UNSAFE_STRING},     {"StringData", BUILTIN_UNSAFE_STRINGDATA},
};

static struct ident *name_of(struct types *t, const char *text)
{
    return ident_intern(&t->compilation->idents, text, strlen(text));
}

static struct object *declare(struct types *t, struct scope *s, enum object_kind kind, const char *name,
                              struct type *type)
{
    struct object *o = object_new(t, kind, name_of(t, name), NULL, type, POS_NONE);
    scope_insert(t->arena, s, o);
    return o;
}

static void declare_basic(struct types *t)
{
    for (int k = BASIC_INVALID; k < BASIC_COUNT; k++) {
        struct type *x = &t->basic[k];
        *x = (struct type){.kind = TYPE_BASIC, .basic = (uint8_t)k, .id = t->next_id++, .generic = -1};
        if (k >= BASIC_BOOL && k <= BASIC_STRING)
            declare(t, t->universe, OBJECT_TYPE, basic_table[k].name, x);
    }
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        declare(t, t->universe, OBJECT_TYPE, aliases[i].name, &t->basic[aliases[i].kind])->is_alias = true;
}

static void declare_interfaces(struct types *t)
{
    t->any = types_interface_done(t, types_interface_new(t));
    declare(t, t->universe, OBJECT_TYPE, "any", t->any)->is_alias = true;

    struct object *error = declare(t, t->universe, OBJECT_TYPE, "error", NULL);
    t->error = error->type = types_named(t, error);
    error->state = STATE_DONE;
    struct type *string = types_basic(t, BASIC_STRING);
    struct type *sig = types_func(t, t->empty_tuple, types_tuple(t, &string, 1), false, (struct type_list){0});
    struct object *method = object_new(t, OBJECT_FUNC, name_of(t, "Error"), NULL, sig, POS_NONE);
    struct type *x = types_interface_new(t);
    x->interface.methods = (struct object_list){ARENA_ARRAY(t->arena, struct object *, 1), 1};
    x->interface.methods.items[0] = method;
    method->recv = t->error;
    t->error_method = method;
    t->error->named.rhs = t->error->named.underlying = types_interface_done(t, x);

    struct object *comparable = declare(t, t->universe, OBJECT_TYPE, "comparable", NULL);
    t->comparable = comparable->type = types_named(t, comparable);
    comparable->state = STATE_DONE;
    struct type *c = types_interface_new(t);
    struct type_set *set = ARENA_NEW(t->arena, struct type_set);
    set->all_terms = set->comparable = true;
    c->interface.set = set;
    c->incomplete = false; /* not interned: it differs from any by its set alone */
    t->comparable->named.rhs = t->comparable->named.underlying = c;
}

static void declare_values(struct types *t)
{
    declare(t, t->universe, OBJECT_CONST, "true", types_basic(t, BASIC_UNTYPED_BOOL))->value = constant_bool(true);
    declare(t, t->universe, OBJECT_CONST, "false", types_basic(t, BASIC_UNTYPED_BOOL))->value = constant_bool(false);
    t->iota = declare(t, t->universe, OBJECT_CONST, "iota", types_basic(t, BASIC_UNTYPED_INT));
    t->iota->value = constant_int(t->arena, 0);
    t->nil = declare(t, t->universe, OBJECT_NIL, "nil", types_basic(t, BASIC_UNTYPED_NIL));
    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
        declare(t, t->universe, OBJECT_BUILTIN, builtins[i].name, t->builtin_func)->builtin = (uint8_t)builtins[i].id;
}

static void make_unsafe(struct types *t)
{
    t->unsafe = package_new(t, "unsafe", name_of(t, "unsafe"));
    t->unsafe->complete = true;
    struct object *pointer = declare(t, t->unsafe->scope, OBJECT_TYPE, "Pointer", &t->basic[BASIC_UNSAFE_POINTER]);
    pointer->package = t->unsafe;
    for (size_t i = 0; i < sizeof unsafe_builtins / sizeof *unsafe_builtins; i++) {
        struct object *o = declare(t, t->unsafe->scope, OBJECT_BUILTIN, unsafe_builtins[i].name, t->builtin_func);
        o->builtin = (uint8_t)unsafe_builtins[i].id;
        o->package = t->unsafe;
    }
}

void types_init(struct types *t, struct gomem_compilation *c, const struct layout_target *target)
{
    *t = (struct types){.compilation = c, .arena = &c->arena, .target = target, .next_id = 1};
    t->universe = scope_new(t->arena, NULL);
    declare_basic(t);
    t->empty_tuple = types_tuple(t, NULL, 0);
    t->empty_struct = types_struct(t, NULL, 0, NULL, NULL);
    t->builtin_func = types_basic(t, BASIC_INVALID);
    declare_interfaces(t);
    declare_values(t);
    make_unsafe(t);
}
