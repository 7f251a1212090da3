/*
 * layout: see layout.h. Results are kept on the type, one for each word size.
 *
 * Sizes that do not fit the target (or 63 bits) become -1 and stay so in whatever contains them.
 */
#include "layout.h"

#include <string.h>

const struct layout_target layout_targets[] = {
    {"amd64", 8, 8, false},    {"386", 4, 4, false},  {"arm64", 8, 8, false},   {"arm", 4, 4, false},
    {"loong64", 8, 8, false},  {"mips", 4, 4, true},  {"mipsle", 4, 4, false},  {"mips64", 8, 8, true},
    {"mips64le", 8, 8, false}, {"ppc64", 8, 8, true}, {"ppc64le", 8, 8, false}, {"riscv64", 8, 8, false},
    {"s390x", 8, 8, true},     {"wasm", 8, 8, false}, {NULL, 0, 0, false},
};

const struct layout_target *layout_target_find(const char *name)
{
    for (const struct layout_target *t = layout_targets; t->name; t++)
        if (strcmp(t->name, name) == 0)
            return t;
    return NULL;
}

struct context {
    struct types *types;
    const struct layout_target *target;
};

static int64_t round_up(int64_t size, int64_t align)
{
    int64_t sum;
    return size < 0 || __builtin_add_overflow(size, align - 1, &sum) ? -1 : sum & -align;
}

static int64_t limit(const struct context *c)
{
    return c->target->word_size == 4 ? INT32_MAX : INT64_MAX;
}

static void basic_layout(const struct context *c, enum basic_kind kind, struct type_layout *out)
{
    int64_t word = c->target->word_size;
    int64_t size = basic_table[kind].size;
    if (kind == BASIC_STRING || kind == BASIC_UNTYPED_STRING) {
        *out = (struct type_layout){2 * word, word, 1, NULL};
        return;
    }
    if (size == 0)
        size = word;
    int64_t align = basic_is(kind, BASIC_IS_COMPLEX) ? size / 2 : size;
    if (align > c->target->max_align)
        align = c->target->max_align;
    *out = (struct type_layout){size, align, kind == BASIC_UNSAFE_POINTER || kind == BASIC_UNTYPED_NIL, NULL};
}

static void array_layout(const struct context *c, struct type *x, struct type_layout *out)
{
    const struct type_layout *elem = layout_for(c->types, c->target, x->array.elem);
    int64_t n = x->array.len < 0 ? 0 : x->array.len;
    *out = (struct type_layout){0, elem->align, 0, NULL};
    if (n > 0 && (elem->size < 0 || __builtin_mul_overflow(elem->size, n, &out->size) || out->size > limit(c)))
        out->size = -1;
    if (n > 0 && elem->pointer_words && out->size > 0)
        out->pointer_words = (n - 1) * (elem->size / c->target->word_size) + elem->pointer_words;
}

/* sync/atomic's way to ask for 8-byte alignment on 32-bit ports. */
static bool is_align64(const struct type *x)
{
    if (x->kind != TYPE_NAMED || !x->named.object->package || strcmp(x->named.object->name->text, "align64") != 0)
        return false;
    const char *path = x->named.object->package->path;
    return strcmp(path, "sync/atomic") == 0 || strcmp(path, "internal/runtime/atomic") == 0 ||
           strcmp(path, "runtime/internal/atomic") == 0;
}

static int64_t field_align(const struct type_layout *l, const struct type *x)
{
    return is_align64(x) ? 8 : l->align;
}

struct fields {
    int64_t size;
    int64_t align;
    int64_t last; /* size of the last field */
};

static void place_field(const struct context *c, struct type *x, struct fields *f, int64_t *offset,
                        struct type_layout *out)
{
    const struct type_layout *l = layout_for(c->types, c->target, x);
    int64_t align = field_align(l, x);
    f->align = align > f->align ? align : f->align;
    f->size = *offset = round_up(f->size, align);
    if (l->pointer_words && f->size >= 0)
        out->pointer_words = f->size / c->target->word_size + l->pointer_words;
    f->last = l->size;
    if (f->size < 0 || l->size < 0 || __builtin_add_overflow(f->size, l->size, &f->size) || f->size > limit(c))
        f->size = -1;
}

static void struct_layout(const struct context *c, struct type *x, struct type_layout *out)
{
    uint32_t n = x->struct_.fields.count;
    int64_t *offsets = ARENA_ARRAY(c->types->arena, int64_t, n);
    struct fields f = {0, 1, -1};
    *out = (struct type_layout){0};
    for (uint32_t i = 0; i < n; i++)
        place_field(c, x->struct_.fields.items[i]->type, &f, &offsets[i], out);
    if (f.size > 0 && f.last == 0 && !c->types->no_tail_padding)
        f.size++;
    out->size = round_up(f.size, f.align);
    if (out->size < 0)
        out->pointer_words = 0;
    out->align = f.align;
    out->offsets = offsets;
}

static void compute(const struct context *c, struct type *x, struct type_layout *out)
{
    struct type *u = types_underlying(c->types, x);
    int64_t word = c->target->word_size;
    switch (u->kind) {
    case TYPE_BASIC:
        basic_layout(c, (enum basic_kind)u->basic, out);
        break;
    case TYPE_ARRAY:
        array_layout(c, u, out);
        break;
    case TYPE_STRUCT:
        struct_layout(c, u, out);
        break;
    case TYPE_SLICE:
        *out = (struct type_layout){3 * word, word, 1, NULL};
        break;
    case TYPE_INTERFACE:
        *out = (struct type_layout){2 * word, word, 2, NULL};
        break;
    default:
        *out = (struct type_layout){word, word, 1, NULL};
        break;
    }
}

const struct type_layout *layout_for(struct types *t, const struct layout_target *target, struct type *x)
{
    struct type_layout **slot = &x->layout[target->word_size == 8];
    if (*slot)
        return *slot;
    struct context c = {t, target};
    struct type_layout *l = ARENA_NEW(t->arena, struct type_layout);
    l->align = 1;
    *slot = l; /* what a type that wrongly contains itself sees */
    compute(&c, x, l);
    return l;
}

const struct type_layout *layout_of(struct types *t, struct type *x)
{
    return layout_for(t, t->target, x);
}

static void set_bit(uint8_t *bitmap, int64_t i)
{
    bitmap[i / 8] |= (uint8_t)(1u << (i % 8));
}

void layout_pointers(struct types *t, struct type *x, uint8_t *bitmap, int64_t base)
{
    const struct type_layout *l = layout_of(t, x);
    struct type *u = types_underlying(t, x);
    int64_t word = t->target->word_size;
    if (l->pointer_words == 0)
        return;
    if (u->kind == TYPE_ARRAY) {
        int64_t step = layout_of(t, u->array.elem)->size / word;
        for (int64_t i = 0; i < u->array.len; i++)
            layout_pointers(t, u->array.elem, bitmap, base + i * step);
    } else if (u->kind == TYPE_STRUCT) {
        for (uint32_t i = 0; i < u->struct_.fields.count; i++)
            layout_pointers(t, u->struct_.fields.items[i]->type, bitmap, base + l->offsets[i] / word);
    } else {
        set_bit(bitmap, base + l->pointer_words - 1);
    }
}

/* Types nested deeper than any program's are infinite; the checker has said so. */
enum { MAX_DEPTH = 1000 };

static bool varies(struct types *t, struct type *x, uint32_t walk, uint32_t depth)
{
    if (x->kind == TYPE_PARAM || depth > MAX_DEPTH || types_met(x, walk, 0))
        return x->kind == TYPE_PARAM;
    struct type *u = types_underlying(t, x);
    if (u->kind == TYPE_ARRAY)
        return varies(t, u->array.elem, walk, depth + 1);
    if (u->kind == TYPE_STRUCT)
        for (uint32_t i = 0; i < u->struct_.fields.count; i++)
            if (varies(t, u->struct_.fields.items[i]->type, walk, depth + 1))
                return true;
    return false;
}

int64_t layout_field_align(struct types *t, struct type *type)
{
    return field_align(layout_of(t, type), type);
}

bool layout_varies(struct types *t, struct type *x)
{
    return types_mentions_params(t, x) && varies(t, x, types_begin_walk(t), 0);
}
