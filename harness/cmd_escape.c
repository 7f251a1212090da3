// gomem escape: where a program's variables and allocations live, in the words of `go build -gcflags='-m -l'`, line for line and in
// the toolchain's order. The analysis is the compiler's own (../compiler/escape.h), so nothing is built and no Go is needed; what the
// library's functions do with their arguments comes from gomem's library, or with --goroot from a Go distribution's.
#include <stdlib.h>
#include <string.h>

#include "../compiler/compilation.h"
#include "../compiler/escape.h"
#include "../compiler/inline.h"
#include "commands.h"
#include "golibrary.h"
#include "operands.h"

struct escape_words {
    int release;
    const char *goroot; // NULL: gomem's library
    bool inlined;
    struct vec tags;
    bool why;
    struct operands operands;
};

static void help(void)
{
    printf(
        "usage: gomem escape [OPTION...] [FILE.go... | FOLDER]\n\n"
        "Says of each variable and allocation of a package whether it is on the heap, and of each parameter where it "
        "leaks to: what\n"
        "`go build -gcflags='-m -l'` prints, on stdout. Exit status: 0 analysed, 1 the package does not compile, 2 "
        "wrong usage.\n\n"
        "options:\n"
        "  --release 1.N             as that release of the toolchain decides, 1.%d to 1.%d (default: the newest)\n"
        "  --why                     below what escapes or leaks, how it gets out\n"
        "  --goroot DIR              with the library of a Go distribution in place of gomem's\n"
        "  --tags LIST               build tags that hold, with commas between them\n"
        "  --inline                  with inlining, as `-m` alone: which functions can be, which calls are, and what "
        "that makes "
        "of the verdicts; whatever the release, as go1.26 inlines\n"
        "  -l                        without inlining (default)\n",
        ESCAPE_RELEASE_OLDEST, ESCAPE_RELEASE_NEWEST);
}

static int release_of(const char *text)
{
    char *end = NULL;
    long n = starts_with(text, "1.") ? strtol(text + 2, &end, 10) : 0;
    if (!end || *end || n < ESCAPE_RELEASE_OLDEST || n > ESCAPE_RELEASE_NEWEST)
        die(EXIT_USAGE, "--release takes 1.%d to 1.%d, and not '%s'", ESCAPE_RELEASE_OLDEST, ESCAPE_RELEASE_NEWEST,
            text);
    return (int)n;
}

static struct escape_words take_words(int argc, char **argv)
{
    struct escape_words w = {.release = ESCAPE_RELEASE_NEWEST, .operands.command = "escape"};
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i], *value;
        if ((value = operands_option("escape", "--release", argv, &i)))
            w.release = release_of(value);
        else if ((value = operands_option("escape", "--goroot", argv, &i)))
            w.goroot = golibrary_goroot(value);
        else if ((value = operands_option("escape", "--tags", argv, &i)))
            w.tags = split(xstrdup(value), ",");
        else if (!strcmp(word, "--why"))
            w.why = true;
        else if (!strcmp(word, "--inline"))
            w.inlined = true;
        else if (word[0] != '-')
            operands_take(&w.operands, argv[i]);
        else if (strcmp(word, "-l"))
            die(EXIT_USAGE, "unknown option %s; see gomem escape --help", word);
    }
    w.operands.dir = w.operands.dir ? w.operands.dir : ".";
    return w;
}

static void print_listing(struct program *p, struct package *package, const struct escape_words *w, const char *title)
{
    struct text out;
    text_init(&out, &p->compilation->arena);
    if (w->inlined)
        inline_diagnostics(p, package, w->release, w->why, &out);
    else
        escape_diagnostics(p, package, w->release, w->why, &out);
    if (out.length)
        printf("# %s\n%s", title, text_string(&out));
}

static int analyse(const struct escape_words *w, struct gomem_compilation *c)
{
    const struct layout_target *target = layout_target_find("amd64");
    const char *dir = w->operands.dir;
    struct gomod module = gomod_find(dir);
    const char *path = w->operands.files.len ? "command-line-arguments" : gomod_import(&module, dir);
    struct golibrary library = golibrary_find(&module, dir, w->goroot);
    struct vec held = w->tags;
    golibrary_tags(&held, w->release);
    struct buildtag_set tags = {.os = "linux",
                                .arch = target->name,
                                .release = (unsigned)w->release,
                                .gc = true,
                                .extra = (const char *const *)held.at};
    struct program p;
    struct package_loader l;
    program_init(&p, c, target);
    p.config.allow_missing_bodies = true;
    package_loader_init(&l, &p, library.roots, library.count, &tags,
                        module.language < w->release ? module.language : w->release);
    struct package *package = operands_load(&w->operands, &l, path);
    for (size_t i = 0; i < c->sources.count; i++)
        c->sources.files[i]->name = operands_short_path(c->sources.files[i]->name);
    if (diag_any(&c->diags)) {
        diag_print(&c->diags, stderr);
        return EXIT_FAILED;
    }
    print_listing(&p, package, w, path);
    return EXIT_CONFORMS;
}

int cmd_escape(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            help();
            return EXIT_CONFORMS;
        }
    struct escape_words w = take_words(argc, argv);
    struct gomem_compilation *c = gomem_compilation_new();
    if (!c)
        die(EXIT_BACKEND, "out of memory");
    int status = analyse(&w, c);
    gomem_compilation_free(c);
    return status;
}
