/*
 * parser_test: what the parser accepts, what it says to the rest, and what it leaves in the tree.
 *
 * The table of malformed sources (parser_table.inc) pairs each with the messages the Go toolchain gives for it; the few
 * exceptions are mistakes of form that the toolchain leaves to its type checker. The other tests build their input.
 */
#include <stdlib.h>

#include "../parser.h"
#include "tap.h"

/* Sources may hold NULs. */
#define ROW(source, messages)                \
    {                                        \
        source, sizeof(source) - 1, messages \
    }

static const struct {
    const char *source;
    size_t length;
    const char *messages;
} malformed[] = {
#include "parser_table.inc"
};

/* Sources and the text their tree prints as, showing how each was read. */
static const struct {
    const char *source;
    const char *printed;
} shapes[] = {
    {"type T[P *C] int", "type T [P * C]int"},
    {"type T[P *C,] int", "type T[P *C,] int"},
    {"type T[P *struct{}] int", "type T[P *struct{}] int"},
    {"type T[P (C)] int", "type T [P(C)]int"},
    {"type T[P ([]C)] int", "type T[P ([]C)] int"},
    {"type T[P *C|Q] int", "type T [P * C | Q]int"},
    {"type T[P *C|[]Q] int", "type T[P *C | []Q] int"},
    {"type T[P []C] int", "type T[P []C] int"},
    {"type T[N] int", "type T [N]int"},
    {"type T[P, Q any] int", "type T[P, Q any] int"},
    {"type A[P any] = []P", "type A[P any] = []P"},
    {"type T struct { A[int]; B [n]int; C []int; *D; e.F \"t\"; x, y int }",
     "type T struct{A[int]; B [n]int; C []int; *D; e.F \"t\"; x, y int}"},
    {"type I interface { m(int) string; ~int|string; J[K, L]; E }",
     "type I interface{m(int) string; ~int | string; J[K, L]; E}"},
    {"type F func(int, string) (a, b T, err error)", "type F func(int, string) (a, b T, err error)"},
    {"type F func(a, b []int, c ...T)", "type F func(a, b []int, c ...T)"},
    {"func f[P any, Q ~int|~string](x P) Q", "func f[P any, Q ~int | ~string](x P) Q"},
    {"func (r *R[P]) m()", "func (r *R[P]) m()"},
    {"var x = <-chan int(c)", "var x = <-chan int(c)"},
    {"var x = <-(chan int)(c)", "var x = <-(chan int)(c)"},
    {"var x <-chan (<-chan int)", "var x <-chan (<-chan int)"},
    {"var x = <-chan<- chan int(c)", "var x = <-chan<- chan int(c)"},
    {"var x = f(<-chan<- chan int)", "var x = f(<-chan <-chan int)"},
    {"var x chan (<-chan int)", "var x chan (<-chan int)"},
    {"var x = a + b*c - d<<e&f == g && h || i", "var x = a + b * c - d << e & f == g && h || i"},
    {"var x = -a.b[c](d...).(e)", "var x = -a.b[c](d ...).(e)"},
    {"var x = a[:]", "var x = a[:]"},
    {"var x = a[1:2:3]", "var x = a[1:2:3]"},
    {"var x = f[int, []string](y)", "var x = f[int, []string](y)"},
    {"var x = [...]T{{1}, 2: {a: b}}", "var x = [...]T{{1}, 2: {a: b}}"},
    {"var x = (*T).m", "var x = (*T).m"},
    {"var x = func(int) {}", "var x = func(int) {}"},
};

static struct ast_file *parse(struct gomem_compilation *c, const char *text)
{
    return parser_parse(c, source_add(&c->sources, "x.go", text, strlen(text)));
}

static void test_malformed(struct tap *t)
{
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        struct gomem_compilation *c = gomem_compilation_new();
        parser_parse(c, source_add(&c->sources, "x.go", malformed[i].source, malformed[i].length));
        char name[32];
        sprintf(name, "malformed source %zu", i + 1);
        if (!tap_equal(t, diag_string(&c->diags), malformed[i].messages, name))
            tap_note("source", malformed[i].source);
        gomem_compilation_free(c);
    }
}

static void test_shapes(struct tap *t)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct gomem_compilation *c = gomem_compilation_new();
        struct ast_file *f = parse(c, arena_printf(&c->arena, "package p\n%s\n", shapes[i].source));
        struct text out;
        text_init(&out, &c->arena);
        if (f && !diag_any(&c->diags) && !ast_valid(c, f))
            ast_print_decl(&out, f->decls.items[0]);
        tap_equal(t, diag_any(&c->diags) ? diag_string(&c->diags) : text_string(&out), shapes[i].printed,
                  shapes[i].source);
        gomem_compilation_free(c);
    }
}

/* prefix + n times piece + suffix */
static const char *repeated(struct gomem_compilation *c, const char *prefix, size_t n, const char *piece,
                            const char *suffix)
{
    struct text out;
    text_init(&out, &c->arena);
    text_puts(&out, prefix);
    for (; n > 0; n--)
        text_puts(&out, piece);
    text_puts(&out, suffix);
    return text_string(&out);
}

static void test_limits(struct tap *t)
{
    static const struct {
        const char *name, *prefix, *piece, *suffix;
        size_t n;
        bool ok;
    } rows[] = {
        {"900 parentheses", "package p; var x = ", "(", "1", 900, false},
        {"100000 parentheses", "package p; var x = ", "(", "", 100000, false},
        {"100000 brackets of types", "package p; var x ", "[]", "int", 100000, false},
        {"100000 blocks", "package p; func f() ", "{", "", 100000, false},
        {"100000 composite literals", "package p; var x = T{", "{", "", 100000, false},
        {"100000 unary operators", "package p; var x = ", "!", "1", 100000, false},
        {"100000 function literals", "package p; var x = ", "func() { _ = ", "", 100000, false},
        {"100000 labels", "package p; func f() {", "L:", "}", 100000, false},
        {"100000 else ifs", "package p; func f() {", "if x {} else ", "{}}", 100000, false},
        {"100000 pointers", "package p; var x ", "*", "int", 100000, false},
        {"100000 channels", "package p; var x ", "chan ", "int", 100000, false},
        {"900 pointers", "package p; var x ", "*", "int", 900, true},
        {"9000 summands", "package p; var x = 1", " + 1", "", 9000, true},
        {"100000 summands", "package p; var x = 1", " + 1", "", 100000, false},
        {"100000 calls in a chain", "package p; var x = f", "()", "", 100000, false},
        {"a million characters on a line", "package p; var x = []int{1", ", 1", "}", 333333, true},
        {"a million blanks", "package p; var x = 1", " ", "", 1000000, true},
        {"a name of a million characters", "package p; var x", "x", " int", 1000000, true},
        {"a string of a million characters", "package p; var x = \"", "x", "\"", 1000000, true},
        {"100000 statements on a line", "package p; func f() {", "x++; ", "}", 100000, true},
        {"100000 gotos and a label", "package p; func f() {", "goto L; ", "L: }", 100000, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gomem_compilation *c = gomem_compilation_new();
        struct ast_file *f = parse(c, repeated(c, rows[i].prefix, rows[i].n, rows[i].piece, rows[i].suffix));
        const char *said = diag_string(&c->diags);
        if (rows[i].ok)
            tap_ok(t, f && !diag_any(&c->diags) && !ast_valid(c, f), "%s are accepted", rows[i].name);
        else
            tap_ok(t,
                   strstr(said, rows[i].n > 1000 ? "not supported: " : "syntax error: ") && strchr(said, '\n')[1] == 0,
                   "%s are rejected with one error", rows[i].name);
        gomem_compilation_free(c);
    }
}

static void test_directives(struct tap *t)
{
    struct gomem_compilation *c = gomem_compilation_new();
    struct ast_file *f =
        parse(c, "// text\n//go:build linux\n\npackage p\n\n//go:noinline\n//gomem:keep x\n// text\nfunc f() {\n"
                 "\t//go:inside\n}\n\n//go:embed a\nvar x int //go:trailing\nvar y int\n");
    tap_ok(t,
           f && f->package_directives.count == 1 && !strcmp(f->package_directives.items[0]->text, "//go:build linux"),
           "the build constraint is kept for the package clause");
    tap_ok(t, f && f->directives.count == 6, "all directives of the file are kept in order");
    const struct directive_list *d = f ? &f->decls.items[0]->directives : NULL;
    tap_ok(t,
           d && d->count == 2 && !strcmp(d->items[0]->text, "//go:noinline") &&
               !strcmp(d->items[1]->text, "//gomem:keep x") && d->items[0]->own_line,
           "a function has the directives above it");
    tap_ok(t, f && f->decls.items[1]->directives.count == 1 && f->decls.items[2]->directives.count == 0,
           "a directive inside a body or behind a declaration reaches no other");
    gomem_compilation_free(c);
}

static void test_constants(struct tap *t)
{
    struct gomem_compilation *c = gomem_compilation_new();
    struct ast_file *f =
        parse(c, "package p\nconst (\n\ta, b = iota, 1\n\tc, d\n\t_, _\n\te T = 2\n\tf\n)\nconst g = 1\n");
    struct decl **d = f->decls.items;
    tap_ok(t, d[1]->const_.repeats == d[0] && d[2]->const_.repeats == d[0] && d[4]->const_.repeats == d[3],
           "a specification without values repeats the last one with");
    tap_ok(t, d[0]->const_.iota == 0 && d[2]->const_.iota == 2 && d[4]->const_.iota == 4 && d[5]->const_.iota == 0,
           "iota counts specifications within a group");
    tap_ok(t, d[0]->group && d[0]->group == d[4]->group && !d[5]->group,
           "a group is numbered, a lone declaration is not");
    gomem_compilation_free(c);
}

static void test_branches(struct tap *t)
{
    struct gomem_compilation *c = gomem_compilation_new();
    struct ast_file *f =
        parse(c, "package p\nfunc f() {\nL:\n\tfor {\n\t\tswitch {\n\t\tcase a:\n\t\t\tbreak L\n\t\tcase b:\n"
                 "\t\t\tcontinue\n\t\tdefault:\n\t\t\tbreak\n\t\t}\n\t\tgoto L\n\t}\n}\n");
    struct stmt *labeled = f->decls.items[0]->func.body->block.list.items[0];
    struct stmt *loop = labeled->labeled.stmt;
    struct stmt_list body = loop->for_.body->block.list;
    struct clause **cases = body.items[0]->switch_.clauses.items;
    tap_ok(t, cases[0]->body.items[0]->branch.target == loop, "a labelled break leaves the statement with the label");
    tap_ok(t, cases[1]->body.items[0]->branch.target == loop, "continue goes on with the loop round the switch");
    tap_ok(t, cases[2]->body.items[0]->branch.target == body.items[0], "break leaves the innermost switch");
    tap_ok(t, body.items[1]->branch.target == labeled && labeled->labeled.used, "goto goes to the labelled statement");
    gomem_compilation_free(c);
}

static void test_extent(struct tap *t)
{
    static const char source[] = "a.b(c, d[e:f]).(*T) + func(x int) (y int) { return }(1)";
    struct gomem_compilation *c = gomem_compilation_new();
    struct source_file *s = source_add(&c->sources, "x.go", source, strlen(source));
    struct expr *e = parser_parse_expr(c, s);
    tap_ok(t, e && e->kind == EXPR_BINARY && e->pos.at == s->base + 20, "a binary expression is where its operator is");
    tap_ok(t, e && ast_start(e).at == s->base && ast_expr_end(e).at == s->base + strlen(source),
           "it extends from its first operand to its last");
    tap_equal(t, e ? ast_expr_string(c, e) : "", "a.b(c, d[e:f]).(*T) + func(x int) (y int) {…}(1)",
              "messages elide function bodies");
    gomem_compilation_free(c);
}

int main(void)
{
    struct tap t = {0};
    test_malformed(&t);
    test_shapes(&t);
    test_limits(&t);
    test_directives(&t);
    test_constants(&t);
    test_branches(&t);
    test_extent(&t);
    return tap_done(&t);
}
