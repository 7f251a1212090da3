/*
 * fuzz_test: the whole compiler on one input, lexer to lowering, for libFuzzer and for replay.
 *
 * An input is a Go file, the program of a user: it is read and checked over gomem's own library, and when nothing is wrong with it, its
 * escape diagnostics are made and it is lowered, with or without escape analysis and with or without inlining as a hash of the input has
 * it. The compiler has to end with C or with diagnostics. The program may import a few small packages only, which keeps a run short.
 *
 * Built with clang's -fsanitize=fuzzer (make fuzz) it is a fuzzer, which mutates as fuzz_mutate.c has it; built plainly it replays
 * the files and folders it is given (compiler/tests/fuzz: what the fuzzer once found, and where it starts) and prints TAP. A watchdog
 * ends what takes longer than any input of a few kilobytes may. Runs from the top directory.
 *
 *     fuzz_test [FILE|FOLDER…]
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../escape.h"
#include "../inline.h"
#include "../lower.h"
#include "../package.h"
#include "tap.h"

enum {
    MEMORY_LIMIT = 1 << 30,
    WATCHDOG_SECONDS = 120,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const importable[] = {"unsafe", "errors", "sync/atomic", "cmp", "math/bits", "iter"};

static const char program_path[] = "main/program"; /* of the input */
static check_import_fn *load_import;

static struct package *import(struct program *p, struct package *importer, const char *path, struct pos pos)
{
    for (size_t i = 0; i < sizeof importable / sizeof *importable; i++)
        if (strcmp(importable[i], path) == 0 || strcmp(importer->path, program_path) != 0)
            return load_import(p, importer, path, pos);
    diag_error(&p->compilation->diags, pos, "could not import %s", path);
    return NULL;
}

static void over_limit(void *context, const char *message)
{
    (void)context;
    fprintf(stderr, "%s\n", message);
    abort();
}

/* The name of a file with these bytes; its descriptor in *fd. */
static const char *file_of(struct arena *a, const uint8_t *data, size_t size, int *fd)
{
    *fd = memfd_create("input", 0);
    if (*fd < 0 || write(*fd, data, size) != (ssize_t)size)
        abort();
    return arena_printf(a, "/proc/self/fd/%d", *fd);
}

static void compile(struct gomem_compilation *c, const char *name, bool no_escape, bool inlined)
{
    static const char *const extra[] = {"gomem", NULL};
    const struct buildtag_set tags = {.os = "linux", .arch = "amd64", .release = 26, .extra = extra};
    const struct package_root roots[] = {{"main", "/proc/self/fd", true, false}, {"", "compiler/lib", false, true}};
    struct program p;
    struct package_loader l;
    program_init(&p, c, layout_target_find("amd64"));
    package_loader_init(&l, &p, roots, 2, &tags, 26);
    p.config.allow_missing_bodies = true;
    load_import = p.config.import;
    p.config.import = import;
    struct package *package = package_load_files(&l, program_path, &name, 1);
    if (diag_any(&c->diags)) {
        diag_string(&c->diags);
        return;
    }
    struct text out;
    text_init(&out, &c->arena);
    if (inlined)
        inline_diagnostics(&p, package, 26, true, &out);
    else
        escape_diagnostics(&p, package, 26, true, &out);
    struct lower_options options = {.no_escape = no_escape};
    lower_package(&p, package, &options);
    diag_string(&c->diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gomem_compilation *c = gomem_compilation_new();
    if (!c)
        return 0;
    int fd;
    uint32_t hash = IDENT_HASH_START;
    for (size_t i = 0; i < size; i++)
        hash = ident_hash_step(hash, data[i]);
    c->arena.limit = MEMORY_LIMIT;
    c->arena.fatal = over_limit;
    compile(c, file_of(&c->arena, data, size, &fd), hash >> 16 & 1, hash >> 17 & 1);
    close(fd);
    gomem_compilation_free(c);
    return 0;
}

#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION

static void replay(struct tap *t, const char *path)
{
    FILE *in = fopen(path, "rb");
    struct stat st;
    uint8_t *data = in && fstat(fileno(in), &st) == 0 ? malloc((size_t)st.st_size + 1) : NULL;
    size_t n = data ? fread(data, 1, (size_t)st.st_size, in) : 0;
    alarm(WATCHDOG_SECONDS);
    if (data)
        LLVMFuzzerTestOneInput(data, n);
    tap_ok(t, data, "%s", path);
    fflush(stdout);
    free(data);
    if (in)
        fclose(in);
}

static void replay_all(struct tap *t, const char *path)
{
    struct dirent **names;
    int n = scandir(path, &names, NULL, alphasort);
    if (n < 0)
        replay(t, path);
    for (int i = 0; i < n; i++) {
        char *inside = NULL;
        if (names[i]->d_name[0] != '.' && asprintf(&inside, "%s/%s", path, names[i]->d_name) > 0)
            replay(t, inside);
        free(inside);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
}

int main(int argc, char **argv)
{
    struct tap t = {0};
    if (argc < 2)
        replay_all(&t, "compiler/tests/fuzz");
    for (int i = 1; i < argc; i++)
        replay_all(&t, argv[i]);
    return tap_done(&t);
}

#endif
