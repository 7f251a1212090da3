/*
 * types_print: types as messages and linkers name them.
 *
 * For messages, names of other packages have their package's name in front. For linkers, every named type has its full
 * import path, local ones a number too, and unexported members their package, so that different types never share a string.
 * For running programs (%T, panics) they are as Go's run-time descriptors spell them: what stands between the brackets of an instance tells more
 * than what stands outside, namely import paths, packages of unexported fields and the numbers of local types.
 */
#include <string.h>

#include "types.h"

struct writer {
    struct text *out;
    const struct package *from;
    bool link;
    bool running;
    uint32_t brackets; /* of instances round here */
};

static void print(struct writer *w, const struct type *x);

static void print_list(struct writer *w, struct type_list list, const char *separator)
{
    for (uint32_t i = 0; i < list.count; i++) {
        if (i)
            text_puts(w->out, separator);
        print(w, list.items[i]);
    }
}

uint32_t package_offset(const struct package *p, struct pos pos)
{
    return p->file_count ? pos.at - p->files[0]->source->base : pos.at;
}

static void print_qualifier(struct writer *w, const struct package *package)
{
    if (package && (w->link || (w->running && w->brackets && strcmp(package->name->text, "main"))))
        text_printf(w->out, "%s.", package->path);
    else if (package && package != w->from)
        text_printf(w->out, "%s.", package->name->text);
}

static void print_tparams(struct writer *w, struct type_list list);

/* What the function that a type is declared in was instantiated with comes first. */
static void print_arguments(struct writer *w, struct type_list args, uint32_t outer)
{
    struct type_list own = {args.items + outer, args.count - outer};
    text_putc(w->out, '[');
    w->brackets++;
    print_list(w, (struct type_list){args.items, outer}, ",");
    text_puts(w->out, outer && own.count ? ";" : "");
    print_list(w, own, ",");
    w->brackets--;
    text_putc(w->out, ']');
}

/* The number of a local type among those of its package, as they stand in the source; from 1. */
static uint32_t local_number(const struct object *o)
{
    uint32_t n = 1;
    for (uint32_t i = 0; i < o->package->local_type_count; i++)
        n += o->package->local_types[i].at < o->pos.at;
    return n;
}

static bool is_local(const struct object *o)
{
    return o->package && o->parent != o->package->scope;
}

static void print_named(struct writer *w, const struct type *x)
{
    const struct object *o = x->named.object;
    const struct type *origin = x->named.origin ? x->named.origin : x;
    print_qualifier(w, o->package);
    text_puts(w->out, o->name->text);
    if (w->link && is_local(o))
        text_printf(w->out, "·%u", (unsigned)package_offset(o->package, o->pos));
    if (!x->named.origin) {
        print_tparams(w, x->named.params);
    } else {
        struct type_list args = x->named.args;
        uint32_t outer = !w->link && origin->named.outer.count <= args.count ? origin->named.outer.count : 0;
        if (!w->running) {
            args = (struct type_list){args.items + outer, args.count - outer};
            outer = 0;
        }
        if (args.count)
            print_arguments(w, args, outer);
    }
    if (w->running && w->brackets && is_local(o))
        text_printf(w->out, "·%u", local_number(o));
}

static void print_params(struct writer *w, const struct type *tuple, bool variadic)
{
    text_putc(w->out, '(');
    for (uint32_t i = 0; i < tuple->tuple.count; i++) {
        const struct type *x = tuple->tuple.items[i];
        if (i)
            text_puts(w->out, ", ");
        if (variadic && i + 1 == tuple->tuple.count) {
            text_puts(w->out, "...");
            if (x->kind == TYPE_SLICE)
                x = x->slice.elem;
        }
        print(w, x);
    }
    text_putc(w->out, ')');
}

static void print_tparams(struct writer *w, struct type_list list)
{
    if (list.count == 0)
        return;
    text_putc(w->out, '[');
    for (uint32_t i = 0; i < list.count; i++) {
        const struct type *p = list.items[i], *next = i + 1 < list.count ? list.items[i + 1] : NULL;
        if (i)
            text_puts(w->out, ", ");
        print(w, p);
        if (p->param.constraint && !(next && next->param.constraint == p->param.constraint)) {
            text_putc(w->out, ' ');
            print(w, p->param.constraint);
        }
    }
    text_putc(w->out, ']');
}

static void print_signature(struct writer *w, const struct type *x)
{
    print_tparams(w, x->func.tparams);
    print_params(w, x->func.params, x->variadic);
    struct type_list results = x->func.results->tuple;
    if (results.count == 0)
        return;
    text_putc(w->out, ' ');
    if (results.count == 1)
        print(w, results.items[0]);
    else
        print_params(w, x->func.results, false);
}

static void print_member(struct writer *w, const struct object *o)
{
    if ((w->link || (w->running && w->brackets)) && !o->name->exported)
        print_qualifier(w, o->package);
    text_puts(w->out, o->name->text);
}

static void print_struct(struct writer *w, const struct type *x)
{
    const char *blank = w->running && x->struct_.fields.count ? " " : "";
    text_printf(w->out, "struct%s{%s", w->running ? " " : "", blank);
    for (uint32_t i = 0; i < x->struct_.fields.count; i++) {
        const struct object *f = x->struct_.fields.items[i];
        if (i)
            text_puts(w->out, "; ");
        if (!f->embedded || w->link) {
            print_member(w, f);
            text_putc(w->out, f->embedded ? '=' : ' ');
        }
        print(w, f->type);
        if (x->struct_.tags && x->struct_.tags[i]) {
            text_putc(w->out, ' ');
            text_quote(w->out, x->struct_.tags[i], x->struct_.tag_lengths[i]);
        }
    }
    text_printf(w->out, "%s}", blank);
}

static void print_terms(struct writer *w, struct term_list list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        if (i)
            text_puts(w->out, " | ");
        if (list.items[i].tilde)
            text_putc(w->out, '~');
        print(w, list.items[i].type);
    }
}

static void print_interface(struct writer *w, const struct type *x)
{
    struct object_list methods = x->interface.methods;
    struct type_list embeds = x->interface.embeds;
    if (x->interface.implicit && methods.count == 0 && embeds.count == 1) {
        print(w, embeds.items[0]);
        return;
    }
    if (methods.count == 0 && embeds.count == 0) {
        text_puts(w->out, w->running ? "interface {}" : "any");
        return;
    }
    text_puts(w->out, w->running ? "interface { " : "interface{");
    for (uint32_t i = 0; i < methods.count; i++) {
        if (i)
            text_puts(w->out, "; ");
        if (w->running && !w->brackets && !methods.items[i]->name->exported)
            print_qualifier(w, methods.items[i]->package);
        print_member(w, methods.items[i]);
        print_signature(w, methods.items[i]->type);
    }
    if (methods.count && embeds.count)
        text_puts(w->out, "; ");
    print_list(w, embeds, "; ");
    text_puts(w->out, w->running ? " }" : "}");
}

static void print_chan(struct writer *w, const struct type *x)
{
    static const char *const prefix[] = {[CHAN_BOTH] = "chan ", [CHAN_SEND] = "chan<- ", [CHAN_RECV] = "<-chan "};
    const struct type *elem = x->chan.elem;
    bool parens = x->dir == CHAN_BOTH && elem->kind == TYPE_CHAN && elem->dir == CHAN_RECV;
    text_puts(w->out, prefix[x->dir]);
    if (parens)
        text_putc(w->out, '(');
    print(w, elem);
    if (parens)
        text_putc(w->out, ')');
}

/* byte and uint8 are one type; in messages a slice or array of it is nearly always meant as bytes. */
static void print_element(struct writer *w, const struct type *elem)
{
    if (!w->link && !w->running && type_is_basic(elem, BASIC_UINT8))
        text_puts(w->out, "byte");
    else
        print(w, elem);
}

static void print(struct writer *w, const struct type *x)
{
    if (!x) {
        text_puts(w->out, "<nil>");
        return;
    }
    switch ((enum type_kind)x->kind) {
    case TYPE_BASIC:
        text_puts(w->out, x->basic == BASIC_UNSAFE_POINTER ? "unsafe.Pointer" : basic_table[x->basic].name);
        break;
    case TYPE_NAMED:
        print_named(w, x);
        break;
    case TYPE_PARAM:
        text_puts(w->out, x->param.object->name->text);
        if (w->link)
            text_printf(w->out, "·%u", (unsigned)x->id);
        break;
    case TYPE_POINTER:
        text_putc(w->out, '*');
        print(w, x->pointer.elem);
        break;
    case TYPE_ARRAY:
        text_printf(w->out, "[%lld]", (long long)x->array.len);
        print_element(w, x->array.elem);
        break;
    case TYPE_SLICE:
        text_puts(w->out, "[]");
        print_element(w, x->slice.elem);
        break;
    case TYPE_MAP:
        text_puts(w->out, "map[");
        print(w, x->map.key);
        text_putc(w->out, ']');
        print(w, x->map.elem);
        break;
    case TYPE_CHAN:
        print_chan(w, x);
        break;
    case TYPE_FUNC:
        text_puts(w->out, "func");
        print_signature(w, x);
        break;
    case TYPE_STRUCT:
        print_struct(w, x);
        break;
    case TYPE_INTERFACE:
        print_interface(w, x);
        break;
    case TYPE_TUPLE:
        print_params(w, x, false);
        break;
    case TYPE_UNION:
        print_terms(w, x->union_);
        break;
    }
}

void types_print(struct text *out, const struct type *x, const struct package *from)
{
    struct writer w = {.out = out, .from = from};
    print(&w, x);
}

const char *types_string(struct types *t, const struct type *x, const struct package *from)
{
    struct text out;
    text_init(&out, t->arena);
    types_print(&out, x, from);
    return text_string(&out);
}

const char *types_func_string(struct types *t, const struct object *f, const struct type *type,
                              const struct package *from)
{
    struct text out;
    text_init(&out, t->arena);
    struct writer w = {.out = &out, .from = from};
    text_puts(&out, f->name->text);
    print_signature(&w, type);
    return text_string(&out);
}

const char *types_link_string(struct types *t, const struct type *x)
{
    struct text out;
    text_init(&out, t->arena);
    struct writer w = {.out = &out, .link = true};
    print(&w, x);
    return text_string(&out);
}

const char *types_running_string(struct types *t, const struct type *x)
{
    struct text out;
    text_init(&out, t->arena);
    struct writer w = {.out = &out, .running = true};
    print(&w, x);
    return text_string(&out);
}
