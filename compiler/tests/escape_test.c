/*
 * escape_test: the listing of escape analysis against the messages that the cases expect.
 *
 * The diagnostics cases (cases/README.md) are golden: at the end of a line `//=` lists the toolchain's messages for it, bounded by
 * release. Each is compared line by line, for several releases, and a line of a diagnostics case without `//=` expects none.
 * escape_programs/ is code whose every line counts. Cases that `since` or `until` keep from a release are left out; so are those with inlining on.
 *
 *     escape_test                                          the comparison, as TAP; run in the project's root
 *     escape_test RELEASE LANG PREFIX=DIR … -- PACKAGE …   prints the listing of packages
 */
#include "../escape.h"
#include "../package.h"
#include "tap.h"

#include <stdlib.h>

enum { MAX_ROOTS = 8, MAX_MESSAGES = 24 };

struct analysis {
    struct gomem_compilation *compilation;
    struct program program;
    struct package_loader loader;
    struct buildtag_set tags;
    const char *extra[2];
    int release, lang;
};

static void analysis_init(struct analysis *a, int release, int lang, const struct package_root *roots, uint32_t count)
{
    *a = (struct analysis){.compilation = gomem_compilation_new(), .release = release, .lang = lang};
    if (!a->compilation)
        exit(2);
    a->tags = (struct buildtag_set){.os = "linux", .arch = "amd64", .release = (unsigned)release, .extra = a->extra};
    program_init(&a->program, a->compilation, layout_target_find("amd64"));
    package_loader_init(&a->loader, &a->program, roots, count, &a->tags, lang);
    a->program.config.allow_missing_bodies = true;
}

static const char *listing(struct analysis *a, const char *path)
{
    struct package *p = package_load(&a->loader, path);
    if (!p || p->failed)
        return NULL;
    struct text out;
    text_init(&out, &a->compilation->arena);
    escape_diagnostics(&a->program, p, a->release, false, &out);
    return text_string(&out);
}

/* ---- messages of a line ---- */

struct messages {
    const char *items[MAX_MESSAGES];
    unsigned count;
};

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_message(struct arena *a, struct messages *m, const char *text, size_t n)
{
    while (n && (*text == ' ' || *text == '\t'))
        text++, n--;
    while (n && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        n--;
    if (n && m->count < MAX_MESSAGES)
        m->items[m->count++] = arena_strndup(a, text, n);
}

static const char *join_messages(struct arena *a, struct messages *m)
{
    struct text out;
    text_init(&out, a);
    qsort(m->items, m->count, sizeof m->items[0], compare_texts);
    for (unsigned i = 0; i < m->count; i++)
        text_printf(&out, "%s%s", i ? " ; " : "", m->items[i]);
    return text_string(&out);
}

/* [1.25-], [-1.24], [1.22-1.24], [lang1.22-]: does the bound let the message in? */
static bool in_range(const struct analysis *a, const char *range)
{
    int value = a->release, low = 0, high = 1000;
    if (strncmp(range, "lang", 4) == 0) {
        value = a->lang;
        range += 4;
    }
    if (*range == '-')
        sscanf(range, "-1.%d", &high);
    else if (sscanf(range, "1.%d-1.%d", &low, &high) < 1)
        return false;
    return value >= low && value <= high;
}

static const char *expected(const struct analysis *a, struct arena *arena, const char *line, size_t n)
{
    struct messages m = {0};
    const char *end = line + n, *mark = memmem(line, n, "//=", 3);
    for (const char *at = mark ? mark + 3 : end; at < end;) {
        const char *stop = memmem(at, (size_t)(end - at), " ; ", 3);
        stop = stop ? stop : end;
        while (at < stop && *at == ' ')
            at++;
        bool wanted = true;
        for (const char *close; at < stop && *at == '[' && (at[1] == '-' || at[1] == '1' || at[1] == 'l') &&
                                (close = memchr(at, ']', (size_t)(stop - at)));) {
            wanted &= in_range(a, at + 1);
            for (at = close + 1; at < stop && *at == ' ';)
                at++;
        }
        if (wanted)
            add_message(arena, &m, at, (size_t)(stop - at));
        at = stop < end ? stop + 3 : end;
    }
    return join_messages(arena, &m);
}

static const char *listed(struct arena *arena, const char *list, const char *file, uint32_t line)
{
    struct messages m = {0};
    char *prefix = arena_printf(arena, "%s:%u:", file, (unsigned)line);
    size_t n = strlen(prefix);
    for (const char *at = list, *end; *at; at = *end ? end + 1 : end) {
        end = strchrnul(at, '\n');
        if (strncmp(at, prefix, n) != 0)
            continue;
        const char *text = strstr(at + n, ": ");
        if (text && text < end)
            add_message(arena, &m, text + 2, (size_t)(end - text - 2));
    }
    return join_messages(arena, &m);
}

/* ---- files ---- */

struct totals {
    unsigned lines, wrong;
};

static bool begins(const char *line, size_t n, const char *text)
{
    return n >= strlen(text) && strncmp(line, text, strlen(text)) == 0;
}

static void compare_line(const struct analysis *a, const struct source_file *f, const char *list, uint32_t number,
                         struct totals *t)
{
    size_t n;
    struct arena *arena = &a->compilation->arena;
    const char *line = source_line(f, number, &n);
    const char *want = expected(a, arena, line, n), *got = listed(arena, list, f->name, number);
    t->lines += *want || *got;
    if (strcmp(want, got) == 0)
        return;
    t->wrong++;
    printf("# %s:%u\n#   want %s\n#   got  %s\n", f->name, (unsigned)number, want, got);
}

/* Do the bounds of the directive on that line leave the release in? */
static bool applies(const struct analysis *a, const char *line, size_t n)
{
    char range[48];
    const char *kind = begins(line, n, "//gomem:since ") ? "since" : begins(line, n, "//gomem:until ") ? "until" : NULL;
    if (begins(line, n, "//gomem:inline"))
        return false;
    if (!kind)
        return true;
    const char *lang = memmem(line, n, " lang", 5) ? "lang" : "";
    const char *version = memmem(line, n, "1.", 2);
    int minor = version ? atoi(version + 2) : 0;
    snprintf(range, sizeof range, *kind == 's' ? "%s1.%d-" : "%s-1.%d", lang, minor);
    return in_range(a, range);
}

/* Lines from a diagnostics case's directives to the next case are the case's. */
static void compare_file(const struct analysis *a, const struct source_file *f, const char *list, bool whole,
                         struct totals *t)
{
    bool owned = whole, left_out = false;
    for (uint32_t i = 1; i <= f->line_count; i++) {
        size_t n;
        const char *line = source_line(f, i, &n);
        if (begins(line, n, "//gomem:case"))
            owned = left_out = false;
        owned |= begins(line, n, "//gomem:diagnostics");
        left_out |= !applies(a, line, n);
        if (owned && !left_out)
            compare_line(a, f, list, i, t);
    }
}

/* The library needs go1.21 as its language, the last with one variable for all iterations of a loop. */
static int language_of(int release)
{
    return release < 21 ? 21 : release;
}

/* whole: every line of the package counts, not only those of diagnostics cases. */
static void compare_package(struct tap *tap, const char *path, int release, bool whole)
{
    static const struct package_root roots[] = {{"gomem/cases", "cases", false, false},
                                                {"programs", "compiler/tests/escape_programs", false, false},
                                                {"", "compiler/lib", false, true}};
    struct analysis a;
    analysis_init(&a, release, language_of(release), roots, 3);
    const char *list = listing(&a, path);
    struct totals t = {0};
    if (tap_ok(tap, list != NULL, "%s is checked as for go1.%d", path, release)) {
        const struct package *p = package_load(&a.loader, path);
        for (uint32_t i = 0; i < p->file_count; i++)
            compare_file(&a, p->files[i]->source, list, whole, &t);
        tap_ok(tap, t.wrong == 0 && t.lines > 0, "%s: messages of go1.%d (%u of %u lines agree)", path, release,
               t.lines - t.wrong, t.lines);
    } else {
        diag_print(&a.compilation->diags, stdout);
    }
    gomem_compilation_free(a.compilation);
}

/* ---- places ---- */

static const struct {
    const char *function;
    enum escape_place place;
    bool again, steps;
} append_places[] = {
    {"placeOnce", ESCAPE_STACK_IF_SMALL, false, false},  {"placeGrowing", ESCAPE_STACK_IF_SMALL, false, false},
    {"placeFresh", ESCAPE_STACK_IF_SMALL, true, false},  {"placeReset", ESCAPE_STACK_IF_SMALL, true, false},
    {"placeMoved", ESCAPE_STACK_IF_SMALL, false, false}, {"placeMovedWhole", ESCAPE_STACK_IF_SMALL, false, true},
    {"placeOutTwice", ESCAPE_HEAP, false, false},        {"placeInMemory", ESCAPE_HEAP, false, false},
};

/* The append that a function's statements assign first, also in a loop. */
static const struct expr *first_append(const struct stmt *s)
{
    const struct expr *found = NULL;
    for (uint32_t i = 0; s->kind == STMT_BLOCK && !found && i < s->block.list.count; i++)
        found = first_append(s->block.list.items[i]);
    if (s->kind == STMT_RANGE)
        found = first_append(s->range.body);
    if (s->kind == STMT_ASSIGN && s->assign.rhs.items[0]->kind == EXPR_CALL &&
        s->assign.rhs.items[0]->call.kind == CALL_BUILTIN)
        found = s->assign.rhs.items[0];
    return found;
}

static void check_places(struct tap *tap)
{
    static const struct package_root roots[] = {{"programs", "compiler/tests/escape_programs", false, false},
                                                {"", "compiler/lib", false, true}};
    struct analysis a;
    analysis_init(&a, 26, 26, roots, 2);
    const struct package *p = package_load(&a.loader, "programs");
    struct escape *e = escape_new(&a.program, 26);
    for (size_t i = 0; p && i < sizeof append_places / sizeof append_places[0]; i++)
        for (uint32_t j = 0; j < p->function_count; j++) {
            struct function *f = p->functions[j];
            if (!f->object || strcmp(f->object->name->text, append_places[i].function) != 0)
                continue;
            const struct escape_result *r = escape_analyse(e, f, (struct type_list){0});
            const struct expr *x = first_append(f->body);
            struct escape_buffer b = escape_append(r, x);
            bool place = escape_site(r, x, ESCAPE_VALUE, 0) == append_places[i].place;
            tap_ok(tap,
                   place && (append_places[i].place == ESCAPE_HEAP ||
                             (b.again == append_places[i].again && b.steps == append_places[i].steps)),
                   "where %s may append", append_places[i].function);
        }
    gomem_compilation_free(a.compilation);
}

static int print_listings(int argc, char **argv)
{
    struct package_root roots[MAX_ROOTS];
    uint32_t count = 0;
    int i = 3, status = 0;
    for (; i < argc && strcmp(argv[i], "--") != 0 && count < MAX_ROOTS; i++) {
        char *equals = strchr(argv[i], '=');
        if (!equals)
            return 2;
        *equals = 0;
        roots[count++] = (struct package_root){argv[i], equals + 1, false, false};
    }
    struct analysis a;
    analysis_init(&a, atoi(argv[1]), atoi(argv[2]), roots, count);
    for (i++; i < argc; i++) {
        const char *list = listing(&a, argv[i]);
        printf("# %s%s\n%s", argv[i], list ? "" : " failed", list ? list : diag_string(&a.compilation->diags));
        status |= !list;
    }
    gomem_compilation_free(a.compilation);
    return status;
}

int main(int argc, char **argv)
{
    static const int releases[] = {26, 25, 24, 22, 19};
    static const char *const packages[] = {"gomem/cases/escape", "gomem/cases/myth"};
    if (argc > 3)
        return print_listings(argc, argv);
    struct tap tap = {0};
    for (size_t i = 0; i < sizeof packages / sizeof packages[0]; i++)
        for (size_t j = 0; j < sizeof releases / sizeof releases[0]; j++)
            compare_package(&tap, packages[i], releases[j], false);
    compare_package(&tap, "programs", 26, true);
    check_places(&tap);
    return tap_done(&tap);
}
