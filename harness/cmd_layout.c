// gomem layout: how the structs of a package lie in memory on a target, where they have holes, and which order of their fields has the fewest, as
// pahole tells of C. The layout is the compiler's own (../compiler/layout.h), so nothing is built and no Go is needed.
//
// A better order is one by alignment, the strictest first: as each size is a multiple of its alignment, no field then leaves a hole, and only the
// end is padded. Fields of size zero go first, where they need no padding behind them. Among equals those with pointers come first,
// which shortens what a collector reads; else the order is kept.
//
// What a struct holds of packages that are not found is not known: such structs are left out by name, and the exit status says so.
#include <stdlib.h>
#include <string.h>

#include "../compiler/compilation.h"
#include "../compiler/layout.h"
#include "commands.h"
#include "golibrary.h"
#include "operands.h"
#include "output.h"

struct layout_words {
    const struct layout_target *target;
    const char *goroot;
    bool json;
    struct operands operands;
};

struct listing {
    const struct layout_words *words;
    struct program program;
    struct package_loader loader;
    struct package *package;
    const char *library; // gomem's, when there is no other
    int depth;           // of the imports that are being read
    bool own;            // types of gomem's library may be in it
    int left_out;        // structs
    int printed;
};

// A struct that is shown, and its fields in the better order.
struct shown {
    const char *name;
    const struct type_layout *layout;
    struct type *fields; // TYPE_STRUCT
    uint32_t *order;
    int64_t best; // its size in that order
    int64_t padding;
    int holes;
};

static void help(void)
{
    printf(
        "usage: gomem layout [OPTION...] [FILE.go... | FOLDER]\n\n"
        "Shows each struct type that a package declares as it lies in memory: sizes, offsets, padding, and an order of "
        "its fields that\n"
        "takes less where there is one. Of generic types the instances that the package's declarations mention. Exit "
        "status: 0 shown, 1 the\n"
        "package does not compile, or a struct holds types of a package that is not found, 2 wrong usage.\n\n"
        "options:\n"
        "  --arch ARCH               the target:");
    for (const struct layout_target *t = layout_targets; t->name; t++)
        printf("%s%s",
               t == layout_targets       ? " "
               : t == layout_targets + 9 ? ",\n                            "
                                         : ", ",
               t->name);
    printf(" (default: amd64)\n"
           "  --format FORMAT           text, or json: an array of objects with name, size, align, padding, "
           "pointer_bytes, fields (name, type,\n"
           "                            offset, size, align, padding behind it), and better (size, order) or null\n"
           "  --goroot DIR              the Go distribution whose library is read (default: GOROOT, or that of go on "
           "PATH; without one,\n"
           "                            gomem's library, whose types are its own)\n");
}

static const struct layout_target *target_of(const char *name)
{
    const struct layout_target *t = layout_target_find(name);
    struct buf known = {0};
    for (const struct layout_target *k = layout_targets; !t && k->name; k++)
        buf_printf(&known, "%s%s", known.len ? ", " : "", k->name);
    if (!t)
        die(EXIT_USAGE, "--arch takes %s, and not '%s'", buf_text(&known), name);
    return t;
}

static bool is_json(const char *format)
{
    if (strcmp(format, "text") && strcmp(format, "json"))
        die(EXIT_USAGE, "--format takes text or json, and not '%s'", format);
    return !strcmp(format, "json");
}

static struct layout_words take_words(int argc, char **argv)
{
    struct layout_words w = {.target = layout_target_find("amd64"), .operands.command = "layout"};
    for (int i = 1; i < argc; i++) {
        const char *value;
        if ((value = operands_option("layout", "--arch", argv, &i)))
            w.target = target_of(value);
        else if ((value = operands_option("layout", "--goroot", argv, &i)))
            w.goroot = golibrary_goroot(value);
        else if ((value = operands_option("layout", "--format", argv, &i)))
            w.json = is_json(value);
        else if (argv[i][0] != '-')
            operands_take(&w.operands, argv[i]);
        else
            die(EXIT_USAGE, "unknown option %s; see gomem layout --help", argv[i]);
    }
    w.operands.dir = w.operands.dir ? w.operands.dir : ".";
    return w;
}

// ---- loading ----

static struct package *import(struct program *p, struct package *importer, const char *path, struct pos pos)
{
    struct package_loader *l = p->loader;
    struct listing *s = (struct listing *)((char *)l - offsetof(struct listing, loader));
    s->depth++;
    struct package *found = package_load(l, path);
    s->depth--;
    (void)importer;
    if (!found && !s->depth)
        fprintf(stderr, "%s: package %s is not found: what it declares is not known\n",
                source_format(&p->compilation->sources, pos), path);
    if (found && found->checking)
        fprintf(stderr, "%s: import cycle not allowed: what %s declares is not known here\n",
                source_format(&p->compilation->sources, pos), path);
    s->own |= found && found->file_count && s->library && starts_with(found->files[0]->source->name, s->library);
    return found;
}

// report keeps what is wrong with other packages to itself: they are read for their types, and a struct whose type is not known is left out.
static void report(void *context, struct pos pos, const char *message)
{
    struct listing *s = context;
    if (!s->depth)
        diag_error(&s->program.compilation->diags, pos, "%s", message);
}

// ---- what there is ----

static bool parts_known(struct types *t, struct type *x, uint32_t walk)
{
    struct type *u = types_underlying(t, x);
    if (!type_valid(u))
        return false;
    if (types_met(x, walk, 0))
        return true;
    if (u->kind == TYPE_ARRAY)
        return u->array.len >= 0 && parts_known(t, u->array.elem, walk);
    for (uint32_t i = 0; u->kind == TYPE_STRUCT && i < u->struct_.fields.count; i++)
        if (!parts_known(t, u->struct_.fields.items[i]->type, walk))
            return false;
    return true;
}

// known tells whether a type's layout depends on nothing that could not be read.
static bool known(struct types *t, struct type *x)
{
    return parts_known(t, x, types_begin_walk(t));
}

struct sorted_field {
    const struct type_layout *layout;
    uint32_t index;
};

static int by_alignment(const void *a, const void *b)
{
    const struct sorted_field *x = a, *y = b;
    if (!x->layout->size != !y->layout->size)
        return x->layout->size ? 1 : -1;
    if (x->layout->align != y->layout->align)
        return x->layout->align > y->layout->align ? -1 : 1;
    if (!x->layout->pointer_words != !y->layout->pointer_words)
        return x->layout->pointer_words ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

static int64_t padding_behind(const struct shown *s, const struct type_layout *field, uint32_t i)
{
    bool last = i + 1 == s->fields->struct_.fields.count;
    return (last ? s->layout->size : s->layout->offsets[i + 1]) - s->layout->offsets[i] - field->size;
}

static struct shown examine(struct types *t, struct type *x, const char *name)
{
    struct shown s = {.name = name, .layout = layout_of(t, x), .fields = types_underlying(t, x)};
    uint32_t n = s.fields->struct_.fields.count;
    struct sorted_field *sorted = xalloc((n + 1) * sizeof *sorted);
    int64_t total = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct type_layout *l = layout_of(t, s.fields->struct_.fields.items[i]->type);
        sorted[i] = (struct sorted_field){l, i};
        total += l->size;
        s.padding += padding_behind(&s, l, i);
        s.holes += padding_behind(&s, l, i) > 0;
    }
    qsort(sorted, n, sizeof *sorted, by_alignment);
    s.order = xalloc((n + 1) * sizeof *s.order);
    for (uint32_t i = 0; i < n; i++)
        s.order[i] = sorted[i].index;
    free(sorted);
    s.best = (total + s.layout->align - 1) & -s.layout->align;
    return s;
}

// ---- printing ----

static const char *field_type(struct listing *l, const struct object *f)
{
    return types_string(&l->program.types, f->type, l->package);
}

static int width_of(int64_t n)
{
    return snprintf(NULL, 0, "%lld", (long long)n);
}

static void print_text(struct listing *l, const struct shown *s)
{
    struct types *t = &l->program.types;
    struct object_list fields = s->fields->struct_.fields;
    int widest = 0, digits = width_of(s->layout->size);
    for (uint32_t i = 0; i < fields.count; i++) {
        int n = snprintf(NULL, 0, "%s %s", fields.items[i]->name->text, field_type(l, fields.items[i]));
        widest = n > widest && n <= 60 ? n : widest;
    }
    printf("%stype %s struct { // size %lld, align %lld", l->printed ? "\n" : "", s->name, (long long)s->layout->size,
           (long long)s->layout->align);
    if (s->holes)
        printf(", padding %lld in %d place%s", (long long)s->padding, s->holes, s->holes > 1 ? "s" : "");
    if (s->layout->pointer_words)
        printf(", pointers in the first %lld", (long long)s->layout->pointer_words * t->target->word_size);
    putchar('\n');
    for (uint32_t i = 0; i < fields.count; i++) {
        const struct object *f = fields.items[i];
        const struct type_layout *fl = layout_of(t, f->type);
        int64_t hole = padding_behind(s, fl, i);
        int n = f->embedded ? printf("\t%s", field_type(l, f)) : printf("\t%s %s", f->name->text, field_type(l, f));
        printf("%*s // offset %*lld, size %lld\n", widest + 1 > n ? widest + 1 - n : 0, "", digits,
               (long long)s->layout->offsets[i], (long long)fl->size);
        if (hole > 0)
            printf("\t// %lld byte%s of padding\n", (long long)hole, hole > 1 ? "s" : "");
    }
    puts("}");
    if (s->best >= s->layout->size)
        return;
    printf("// %lld bytes, %lld fewer, in the order", (long long)s->best, (long long)(s->layout->size - s->best));
    for (uint32_t i = 0; i < fields.count; i++)
        printf("%s %s", i ? "," : "", fields.items[s->order[i]]->name->text);
    putchar('\n');
}

static void print_json(struct listing *l, const struct shown *s)
{
    struct types *t = &l->program.types;
    struct object_list fields = s->fields->struct_.fields;
    printf("%s\n{\"name\":", l->printed ? "," : "[");
    json_string(stdout, s->name);
    printf(",\"size\":%lld,\"align\":%lld,\"padding\":%lld,\"pointer_bytes\":%lld,\"fields\":[",
           (long long)s->layout->size, (long long)s->layout->align, (long long)s->padding,
           (long long)s->layout->pointer_words * t->target->word_size);
    for (uint32_t i = 0; i < fields.count; i++) {
        const struct object *f = fields.items[i];
        const struct type_layout *fl = layout_of(t, f->type);
        printf("%s\n  {\"name\":", i ? "," : "");
        json_string(stdout, f->name->text);
        printf(",\"type\":");
        json_string(stdout, field_type(l, f));
        printf(",\"offset\":%lld,\"size\":%lld,\"align\":%lld,\"padding\":%lld}", (long long)s->layout->offsets[i],
               (long long)fl->size, (long long)fl->align, (long long)padding_behind(s, fl, i));
    }
    if (s->best >= s->layout->size) {
        printf("],\"better\":null}");
        return;
    }
    printf("],\n  \"better\":{\"size\":%lld,\"order\":[", (long long)s->best);
    for (uint32_t i = 0; i < fields.count; i++) {
        printf("%s", i ? "," : "");
        json_string(stdout, fields.items[s->order[i]]->name->text);
    }
    printf("]}}");
}

static void show(struct listing *l, struct type *x)
{
    struct types *t = &l->program.types;
    if (types_underlying(t, x)->kind != TYPE_STRUCT && type_valid(types_underlying(t, x)))
        return;
    const char *name = types_string(t, x, l->package);
    bool readable = known(t, x);
    if (!readable || layout_of(t, x)->size < 0) {
        fprintf(stderr, "%s: %s is left out: %s\n", source_format(&t->compilation->sources, x->named.object->pos), name,
                readable ? "it is too large for the target" : "what it holds is not known");
        l->left_out++;
        return;
    }
    struct shown s = examine(t, x, name);
    (l->words->json ? print_json : print_text)(l, &s);
    l->printed++;
}

static int by_position(const void *a, const void *b)
{
    const struct type *x = *(struct type *const *)a, *y = *(struct type *const *)b;
    if (x->named.object->pos.at != y->named.object->pos.at)
        return x->named.object->pos.at < y->named.object->pos.at ? -1 : 1;
    return x->id < y->id ? -1 : 1;
}

// all_structs gathers the package's types, and of generic ones the instances there are, in the order of the source.
static struct vec all_structs(struct listing *l)
{
    struct vec all = {0};
    struct types *t = &l->program.types;
    const struct scope *s = l->package->scope;
    for (uint32_t i = 0; i < s->count; i++) {
        const struct object *o = s->items[i];
        if (o->kind == OBJECT_TYPE && !o->is_alias && o->type && o->type->kind == TYPE_NAMED &&
            o->type->named.object == o && !type_is_generic(o->type))
            vec_push(&all, o->type);
    }
    for (uint32_t i = 0; i < t->bucket_count; i++)
        for (struct type *x = t->buckets[i]; x; x = x->next)
            if (x->kind == TYPE_NAMED && x->named.origin && x->named.object->package == l->package &&
                !types_mentions_params(t, x))
                vec_push(&all, x);
    if (all.len)
        qsort(all.at, all.len, sizeof *all.at, by_position);
    return all;
}

static int list(struct listing *l, const struct layout_words *w, struct gomem_compilation *c)
{
    struct gomod module = gomod_find(w->operands.dir);
    const char *goroot = w->goroot ? w->goroot : golibrary_usual_goroot();
    struct golibrary library = golibrary_find(&module, w->operands.dir, goroot);
    struct vec held = {0};
    golibrary_tags(&held, library.release);
    struct buildtag_set tags = {.os = "linux",
                                .arch = w->target->name,
                                .release = (unsigned)library.release,
                                .gc = true,
                                .extra = (const char *const *)held.at};
    if (!strcmp(w->target->name, "wasm"))
        tags.os = "js";
    program_init(&l->program, c, w->target);
    l->library = goroot ? NULL : library.own;
    package_loader_init(&l->loader, &l->program, library.roots, library.count, &tags, module.language);
    l->program.config = (struct check_config){
        .import = import, .report = report, .report_context = l, .ignore_bodies = true, .allow_missing_bodies = true};
    const char *path = w->operands.files.len ? "command-line-arguments" : gomod_import(&module, w->operands.dir);
    l->package = operands_load(&w->operands, &l->loader, path);
    if (diag_any(&c->diags)) {
        diag_print(&c->diags, stderr);
        return EXIT_FAILED;
    }
    if (l->own)
        fprintf(stderr, "gomem: no Go distribution is found: types of the library are gomem's own; see --goroot\n");
    struct vec all = all_structs(l);
    for (size_t i = 0; i < all.len; i++)
        show(l, all.at[i]);
    if (w->json)
        puts(l->printed ? "\n]" : "[]");
    else if (!l->printed && !l->left_out)
        printf("// %s declares no struct types\n", path);
    return l->left_out ? EXIT_FAILED : EXIT_CONFORMS;
}

int cmd_layout(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            help();
            return EXIT_CONFORMS;
        }
    struct layout_words w = take_words(argc, argv);
    struct gomem_compilation *c = gomem_compilation_new();
    if (!c)
        die(EXIT_BACKEND, "out of memory");
    struct listing l = {.words = &w};
    int status = list(&l, &w, c);
    gomem_compilation_free(c);
    return status;
}
