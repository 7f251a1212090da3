/*
 * source_test: arenas, growing text, positions, names and diagnostics.
 */
#include <setjmp.h>
#include <stdlib.h>
#include <unistd.h>

#include "../compilation.h"
#include "../text.h"
#include "../unicode.h"
#include "tap.h"

struct trap {
    jmp_buf out;
    char message[256];
};

static void catch_fatal(void *context, const char *message)
{
    struct trap *trap = context;
    snprintf(trap->message, sizeof trap->message, "%s", message);
    longjmp(trap->out, 1);
}

static void test_arena(struct tap *t)
{
    struct arena a;
    arena_init(&a);
    bool aligned = true, zeroed = true;
    for (size_t n = 1; n < 3000; n += 7) {
        char *p = arena_alloc(&a, n);
        aligned &= (uintptr_t)p % 16 == 0;
        for (size_t i = 0; i < n; i++)
            zeroed &= p[i] == 0;
        memset(p, 0xAA, n);
    }
    tap_ok(t, aligned && zeroed, "memory is aligned and zero");
    char *before = arena_alloc(&a, 16), *large = arena_alloc(&a, 1 << 20), *after = arena_alloc(&a, 16);
    tap_ok(t, large && after == before + 16, "a large allocation leaves the current chunk in use");
    arena_free(&a);
}

static void test_limit(struct tap *t)
{
    static struct trap trap;
    struct arena a;
    arena_init(&a);
    a.limit = 1 << 20;
    a.fatal = catch_fatal;
    a.fatal_context = &trap;
    if (setjmp(trap.out) == 0)
        for (;;)
            arena_alloc(&a, 1000);
    tap_ok(t, strstr(trap.message, "out of memory") && a.used <= a.limit, "exceeding the limit calls the fatal hook");
    if (setjmp(trap.out) == 0)
        arena_array(&a, SIZE_MAX / 2, 16);
    tap_ok(t, strstr(trap.message, "elements") != NULL, "an overflowing array size is a failure");
    arena_free(&a);
}

static void test_text(struct tap *t)
{
    struct arena a;
    struct text out;
    arena_init(&a);
    text_init(&out, &a);
    tap_equal(t, text_string(&out), "", "an untouched text is empty");
    for (int i = 0; i < 1000; i++)
        text_printf(&out, "%d,", i);
    tap_ok(t, out.length == 3890 && strlen(out.data) == 3890, "text grows");
    text_init(&out, &a);
    text_quote(&out, "a\"\\\n\x01\xff\xc3\xa9\xe2\x80\xa8", 11);
    tap_equal(t, text_string(&out), "\"a\\\"\\\\\\n\\x01\\xff\xc3\xa9\\u2028\"", "strings are quoted as %q does");
    text_init(&out, &a);
    text_unicode(&out, '#');
    text_unicode(&out, 7);
    text_unicode(&out, 0x4e16);
    tap_equal(t, text_string(&out), "U+0023 '#'U+0007U+4E16 '\xe4\xb8\x96'", "code points are shown as %#U does");
    arena_free(&a);
}

static void test_utf8(struct tap *t)
{
    static const char *const bad[] = {
        "\x80", "\xc0\x80", "\xc1\xbf",     "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xc3", "\xe4\xb8", "\xf0\x9f\x98", "\xff"};
    unsigned width;
    bool ok = true;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ok &= utf8_decode(bad[i], strlen(bad[i]), &width) == UNICODE_ERROR && width == 1;
    tap_ok(t, ok, "malformed UTF-8 decodes to U+FFFD of width 1");
    ok = true;
    for (uint32_t rune = 0; rune <= UNICODE_MAX; rune++) {
        char bytes[UTF8_MAX];
        unsigned n = utf8_encode(bytes, rune);
        uint32_t back = utf8_decode(bytes, n, &width);
        ok &= width == n && back == (unicode_is_surrogate(rune) ? UNICODE_ERROR : rune);
    }
    tap_ok(t, ok, "every code point survives encoding and decoding");
    tap_ok(t,
           unicode_is_letter(0xe9) && unicode_is_letter(0x4e16) && !unicode_is_letter(0x20ac) &&
               !unicode_is_letter('_') && unicode_is_digit(0x663) && !unicode_is_digit(0xb2) &&
               unicode_is_upper(0xc9) && !unicode_is_upper(0xe9),
           "categories of code points");
}

static void test_positions(struct tap *t)
{
    struct gomem_compilation *c = gomem_compilation_new();
    struct source_file *f = source_add(&c->sources, "a.go", "ab\n\ncd", 6), *g = source_add(&c->sources, "b.go", "", 0);
    struct source_file *h = source_add(&c->sources, "c.go", "x\n", 2);
    tap_equal(t, source_format(&c->sources, (struct pos){f->base}), "a.go:1:1", "the first byte");
    tap_equal(t, source_format(&c->sources, (struct pos){f->base + 2}), "a.go:1:3", "a newline belongs to its line");
    tap_equal(t, source_format(&c->sources, (struct pos){f->base + 5}), "a.go:3:2", "the last byte");
    tap_equal(t, source_format(&c->sources, (struct pos){f->base + 6}), "a.go:3:3", "the end of a file");
    tap_equal(t, source_format(&c->sources, (struct pos){g->base}), "b.go:1:1", "an empty file has a position");
    tap_equal(t, source_format(&c->sources, (struct pos){h->base + 2}), "c.go:2:1", "behind a final newline");
    tap_equal(t, source_format(&c->sources, POS_NONE), "<unknown position>", "nowhere");
    size_t length;
    const char *line = source_line(f, 3, &length);
    tap_ok(t, length == 2 && memcmp(line, "cd", 2) == 0 && source_line(f, 2, &length) && length == 0, "lines as text");
    gomem_compilation_free(c);
}

/* A copy's positions lead back to what was copied, and out of the call that it stands for. */
static void test_copies(struct tap *t)
{
    struct gomem_compilation *c = gomem_compilation_new();
    struct source_set *set = &c->sources;
    struct source_file *f = source_add(set, "a.go", "callee\ncaller\nouter\n", 20);
    struct pos callee = {f->base + 2}, caller = {f->base + 8}, outer = {f->base + 15};
    const struct source_file *in = source_copy(set, caller, 6, outer, c),
                             *deep = source_copy(set, callee, 4, (struct pos){in->base + 1}, f);
    struct pos inner = {deep->base + 3};
    tap_equal(t, source_format(set, inner), "a.go:1:6", "a position in a copy is shown as the one it was made of");
    tap_ok(t,
           source_inlined(set, inner) == deep && source_inlined(set, deep->call) == in && !source_inlined(set, outer),
           "copies are found from the innermost to the outermost");
    tap_ok(t, deep->function == f && in->function == c, "a copy knows who was called");
    tap_ok(t, source_outermost(set, inner).at == outer.at && source_outermost(set, callee).at == callee.at,
           "the outermost call of a position");
    tap_ok(t,
           source_within(set, inner, outer, pos_plus(outer, 1)) &&
               source_within(set, inner, (struct pos){in->base}, (struct pos){in->base + 2}) &&
               !source_within(set, inner, callee, pos_plus(callee, 5)),
           "a position is within what its calls are in, not within what it was made of");
    tap_ok(t, !source_copy(set, callee, UINT32_MAX - 10, outer, c), "there is no copy when positions run out");
    gomem_compilation_free(c);
}

static void test_idents(struct tap *t)
{
    struct gomem_compilation *c = gomem_compilation_new();
    bool same = true;
    for (int round = 0; round < 2; round++) {
        static struct ident *first[5000];
        for (int i = 0; i < 5000; i++) {
            char name[16];
            int n = sprintf(name, "name%d", i);
            struct ident *id = ident_intern(&c->idents, name, (size_t)n);
            same &= round == 0 ? (first[i] = id) != NULL : first[i] == id;
        }
    }
    tap_ok(t, same && c->idents.count >= 5000, "a name is interned once");
    struct ident *upper = ident_intern(&c->idents, "\xc3\x89t\xc3\xa9", 5), *blank = ident_intern(&c->idents, "_", 1);
    tap_ok(t, upper->exported && !blank->exported && blank->blank && ident_intern(&c->idents, "func", 4)->keyword,
           "exported, blank and keyword are known");
    gomem_compilation_free(c);
}

static void test_diagnostics(struct tap *t)
{
    struct gomem_compilation *c = gomem_compilation_new();
    struct source_file *f = source_add(&c->sources, "a.go", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n", 0);
    f = source_add(&c->sources, "b.go", "aaaa\nbbbb\ncccc\n", 15);
    diag_error(&c->diags, (struct pos){f->base + 6}, "second %d", 2);
    diag_error(&c->diags, (struct pos){f->base}, "first");
    diag_error(&c->diags, (struct pos){f->base + 1}, "first");
    diag_error(&c->diags, (struct pos){f->base + 2}, "syntax error: a");
    diag_error(&c->diags, (struct pos){f->base + 3}, "syntax error: b");
    diag_unsupported(&c->diags, (struct pos){f->base + 10}, "cgo");
    diag_error(&c->diags, (struct pos){f->base + 6}, "second %d", 2);
    tap_equal(t, diag_string(&c->diags),
              "b.go:1:1: first\nb.go:1:3: syntax error: a\nb.go:2:2: second 2\nb.go:3:1: not supported: cgo\n",
              "diagnostics are sorted, repetitions on a line or at a place dropped");
    for (int i = 0; i < 20; i++)
        diag_error(&c->diags, (struct pos){f->base + 11}, "error %d", i);
    const char *all = diag_string(&c->diags);
    tap_ok(t, c->diags.kept == 10 && diag_full(&c->diags) && strstr(all, "b.go:3:2: too many errors\n"),
           "after ten errors there are too many");
    gomem_compilation_free(c);
}

static void test_files(struct tap *t)
{
    char path[] = "/tmp/gomem-source-XXXXXX";
    int fd = mkstemp(path);
    struct gomem_compilation *c = gomem_compilation_new();
    bool written = fd >= 0 && write(fd, "a\nb\0c", 5) == 5;
    struct source_file *f = source_read(&c->sources, path);
    tap_ok(t, written && f && f->length == 5 && f->line_count == 2 && memcmp(f->text, "a\nb\0c", 6) == 0,
           "a file is read whole, NULs too");
    tap_ok(t, !source_read(&c->sources, "/nonexistent/x.go") && !source_read(&c->sources, "/"),
           "what cannot be read gives NULL");
    close(fd);
    unlink(path);
    gomem_compilation_free(c);
}

int main(void)
{
    struct tap t = {0};
    test_arena(&t);
    test_limit(&t);
    test_text(&t);
    test_utf8(&t);
    test_positions(&t);
    test_copies(&t);
    test_idents(&t);
    test_diagnostics(&t);
    test_files(&t);
    return tap_done(&t);
}
