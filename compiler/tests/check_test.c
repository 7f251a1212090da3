/*
 * check_test: what the type checker accepts, what it says to the rest, and what it leaves in the tree.
 *
 * The table (check_table.inc) pairs programs with the messages the Go toolchain gives for them. Rows marked DIFFERS are
 * worded or placed otherwise there: aliases leave no trace here, and byte is uint8. The rest looks at the tree.
 */
#include <stdlib.h>

#include "../check.h"
#include "../layout.h"
#include "../package.h"
#include "../parser.h"
#include "tap.h"

struct row {
    const char *source;
    const char *messages;
};

#define ROW(source, messages)               \
    {                                       \
        "package p\n" source "\n", messages \
    }
#define DIFFERS ROW

static const struct row table[] = {
#include "check_table.inc"
};

/* What rows import, in as many words as they need. */
static const struct {
    const char *path;
    const char *source;
} library[] = {
    {"fmt", "package fmt\nfunc Sprint(a ...any) string { return \"\" }\n"},
    {"os", "package os\nvar Args []string\n"},
    {"strings", "package strings\nfunc ToUpper(s string) string { return s }\n"},
};

struct session {
    struct gomem_compilation *c;
    struct program program;
    struct package *packages[8];
    uint32_t count;
};

static struct package *check_source(struct session *s, const char *path, const char *name, const char *source)
{
    struct source_file *f = source_add(&s->c->sources, name, source, strlen(source));
    struct ast_file *file = parser_parse(s->c, f);
    if (!file || diag_any(&s->c->diags))
        return NULL;
    struct package *p = package_new(&s->program.types, path, file->package->name.ident);
    p->files = ARENA_ARRAY(&s->c->arena, struct ast_file *, 1);
    p->files[0] = file;
    p->file_count = 1;
    p->go_version = 26;
    check_package(&s->program, p);
    return p;
}

static struct package *import(struct program *program, struct package *importer, const char *path, struct pos pos)
{
    struct session *s = program->loader;
    (void)importer;
    for (uint32_t i = 0; i < s->count; i++)
        if (strcmp(s->packages[i]->path, path) == 0)
            return s->packages[i];
    for (size_t i = 0; i < sizeof library / sizeof *library; i++)
        if (strcmp(library[i].path, path) == 0)
            return s->packages[s->count++] = check_source(s, path, path, library[i].source);
    diag_error(&s->c->diags, pos, "could not import %s", path);
    return NULL;
}

static void begin(struct session *s, const char *arch)
{
    *s = (struct session){.c = gomem_compilation_new()};
    if (!s->c)
        abort();
    program_init(&s->program, s->c, layout_target_find(arch));
    s->program.config.import = import;
    s->program.loader = s;
}

static void end(struct session *s)
{
    gomem_compilation_free(s->c);
}

static void test_table(struct tap *t)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct session s;
        begin(&s, "amd64");
        check_source(&s, "p", "x.go", table[i].source);
        char name[64];
        snprintf(name, sizeof name, "row %zu", i + 1);
        if (!tap_equal(t, diag_string(&s.c->diags), table[i].messages, name))
            tap_note("source", table[i].source);
        end(&s);
    }
}

/* ---- the tree ---- */

static struct object *object_of(const struct package *p, struct session *s, const char *name)
{
    return scope_lookup(p->scope, ident_intern(&s->c->idents, name, strlen(name)));
}

/* The types of package-level variables, as text. */
static void test_types(struct tap *t)
{
    static const struct {
        const char *decl;
        const char *type;
    } rows[] = {
        {"1", "int"},
        {"'a'", "int32"},
        {"1.5", "float64"},
        {"1i", "complex128"},
        {"\"a\" + \"b\"", "string"},
        {"1 < 2", "bool"},
        {"[...]int{5: 1}", "[6]int"},
        {"map[string][]*int{}", "map[string][]*int"},
        {"struct{ a, b int; c string }{}", "struct{a int; b int; c string}"},
        {"func(int, ...string) (a, b bool) { return }", "func(int, ...string) (bool, bool)"},
        {"make(chan<- (<-chan int))", "chan<- <-chan int"},
        {"make(chan (<-chan int))", "chan (<-chan int)"},
        {"G[int]{}", "G[int]"},
        {"(*G[string]).m", "func(*G[string], string)"},
        {"G[bool]{}.v", "bool"},
        {"id(id[int8])", "func(int8) int8"},
        {"mapped([]int{}, func(x int) string { return \"\" })", "[]string"},
        {"any(1)", "any"},
        {"1 << uint(len(\"a\"))", "int"},
        {"len([2]int{})", "int"},
        {"<-make(chan error)", "error"},
        {"interface{ m(int) string }(nil)", "interface{m(int) string}"},
    };
    struct session s;
    struct text source;
    begin(&s, "amd64");
    text_init(&source, &s.c->arena);
    text_puts(&source,
              "package p\ntype G[T any] struct { v T }\nfunc (g *G[T]) m(T) {}\nfunc id[T any](x T) T { return x }\n"
              "func mapped[A, B any](x []A, f func(A) B) []B { return nil }\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        text_printf(&source, "var v%zu = %s\n", i, rows[i].decl);
    struct package *p = check_source(&s, "p", "x.go", text_string(&source));
    tap_equal(t, diag_string(&s.c->diags), "", "sources of types are accepted");
    for (size_t i = 0; p && i < sizeof rows / sizeof *rows; i++) {
        char name[16];
        snprintf(name, sizeof name, "v%zu", i);
        const struct object *o = object_of(p, &s, name);
        tap_equal(t, o && o->type ? types_string(&s.program.types, o->type, p) : "(none)", rows[i].type, rows[i].decl);
    }
    end(&s);
}

/* Sizes and pointer words of types on two targets. */
static void test_layout(struct tap *t)
{
    static const struct {
        const char *type;
        int64_t wide[3]; /* amd64: size, align, pointer words */
        int64_t narrow[3];
    } rows[] = {
        {"struct { a int8; b int64; c int16 }", {24, 8, 0}, {16, 4, 0}},
        {"struct { a int8; c int16; b int64 }", {16, 8, 0}, {12, 4, 0}},
        {"struct { a struct{}; b int64 }", {8, 8, 0}, {8, 4, 0}},
        {"struct { a int64; b struct{} }", {16, 8, 0}, {12, 4, 0}},
        {"struct { a, b struct{} }", {0, 1, 0}, {0, 1, 0}},
        {"struct { a int; s string; b int }", {32, 8, 2}, {16, 4, 2}},
        {"struct { s []byte; e error }", {40, 8, 5}, {20, 4, 5}},
        {"[3]struct { p *int; n int }", {48, 8, 5}, {24, 4, 5}},
        {"[0]*int", {0, 8, 0}, {0, 4, 0}},
        {"complex128", {16, 8, 0}, {16, 4, 0}},
        {"complex64", {8, 4, 0}, {8, 4, 0}},
        {"func()", {8, 8, 1}, {4, 4, 1}},
    };
    struct session s;
    struct text source;
    begin(&s, "amd64");
    text_init(&source, &s.c->arena);
    text_puts(&source, "package p\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        text_printf(&source, "var v%zu %s\n", i, rows[i].type);
    struct package *p = check_source(&s, "p", "x.go", text_string(&source));
    for (size_t i = 0; p && i < sizeof rows / sizeof *rows; i++) {
        char name[16];
        snprintf(name, sizeof name, "v%zu", i);
        struct type *type = object_of(p, &s, name)->type;
        for (int narrow = 0; narrow < 2; narrow++) {
            const int64_t *want = narrow ? rows[i].narrow : rows[i].wide;
            const struct type_layout *l =
                layout_for(&s.program.types, layout_target_find(narrow ? "386" : "amd64"), type);
            tap_ok(t, l->size == want[0] && l->align == want[1] && l->pointer_words == want[2],
                   "%s on %s: %lld %lld %lld", rows[i].type, narrow ? "386" : "amd64", (long long)l->size,
                   (long long)l->align, (long long)l->pointer_words);
        }
    }
    end(&s);
}

struct walk {
    struct tap *tap;
    const char *bad;
    uint32_t kinds[CALL_CLOSURE + 1];
};

static void visit(void *context, struct expr *e)
{
    struct walk *w = context;
    if (e->kind == EXPR_CALL) {
        w->kinds[e->call.kind]++;
        if (e->mode == MODE_UNCHECKED || !e->type)
            w->bad = "a call without mode or type";
    }
    if (e->kind == EXPR_SELECTOR && !e->selector.name->name.object)
        w->bad = "a selector without object";
    if (e->mode == MODE_CONSTANT && !e->value)
        w->bad = "a constant without value";
    ast_each_operand(e, visit, context);
}

/* Kinds of calls, order of initialisation, instances, selections. */
static void test_tree(struct tap *t)
{
    static const char source[] = "package p\n"
                                 "type T struct{ inner }\n"
                                 "type inner struct{ n int }\n"
                                 "func (*inner) m() int { return 1 }\n"
                                 "type I interface{ m() int }\n"
                                 "func id[P any](x P) P { return x }\n"
                                 "func one() int { return c }\n"
                                 "var a = b + one()\n"
                                 "var b = f()\n"
                                 "var f = func() int { return 2 }\n"
                                 "var c = 3\n"
                                 "var t T\n"
                                 "var d = t.m() + I(&t).m() + id(4) + len(\"x\") + int(5.0)\n";
    struct session s;
    begin(&s, "amd64");
    struct package *p = check_source(&s, "p", "x.go", source);
    tap_equal(t, diag_string(&s.c->diags), "", "the tree's source is accepted");
    struct text order;
    text_init(&order, &s.c->arena);
    for (uint32_t i = 0; i < p->init_count; i++)
        text_printf(&order, "%s ", p->inits[i].lhs[0]->name->text);
    tap_equal(t, text_string(&order), "f b c a d ", "order of initialisation");
    struct walk w = {.tap = t};
    for (uint32_t i = 0; i < p->init_count; i++)
        visit(&w, p->inits[i].rhs);
    tap_equal(t, w.bad ? w.bad : "", "", "every expression is annotated");
    tap_ok(t,
           w.kinds[CALL_METHOD] == 1 && w.kinds[CALL_INTERFACE] == 1 && w.kinds[CALL_STATIC] == 2 &&
               w.kinds[CALL_CLOSURE] == 1 && w.kinds[CALL_BUILTIN] == 1 && w.kinds[CALL_CONVERSION] == 2,
           "kinds of calls");
    struct method_set set =
        types_method_set(&s.program.types, types_pointer(&s.program.types, object_of(p, &s, "T")->type));
    tap_ok(t, set.count == 1 && set.items[0].count == 2 && set.items[0].path[0] == 0 && set.items[0].indirect,
           "method set of *T goes through the embedded field");
    tap_ok(t, types_method_set(&s.program.types, object_of(p, &s, "T")->type).count == 0, "that of T is empty");
    end(&s);
}

static void test_versions(struct tap *t)
{
    static const struct {
        const char *constraint;
        int version;
    } rows[] = {
        {" go1.21", 21},           {" go1.18 && linux", 18},          {" go1.18 || linux", 0}, {" !go1.20", 0},
        {" go1.20 && go1.22", 22}, {" (go1.19 || go1.21) && !x", 19}, {" linux", 0},           {" go1", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        tap_ok(t, package_implied_version(rows[i].constraint, strlen(rows[i].constraint)) == rows[i].version,
               "version of%s", rows[i].constraint);
}

int main(void)
{
    struct tap t = {0};
    test_table(&t);
    test_types(&t);
    test_layout(&t);
    test_tree(&t);
    test_versions(&t);
    return tap_done(&t);
}
