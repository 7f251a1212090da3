// See bench.h. A Go toolchain makes a test executable of the sources as they are, with inlining. gomem's compiler makes a unit of a
// package main that serves them: it inlines what a toolchain inlines, so that frames go, and the C compiler across packages too. Test
// files are none to it, so it gets them by other names.
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "child.h"
#include "toolchain.h"
#include "toolchain_build.h"

static bool is_runtime(const struct backend *b)
{
    return b->runner.len > 0;
}

static void write_main(const char *tree, const struct vec *rows)
{
    struct buf b = {0};
    const char *before = "";
    buf_puts(&b, "package main\n\nimport (\n\t\"gomem/cases/bench\"\n\t\"testing\"\n)\n\n");
    buf_puts(&b, "func main() {\n\ttesting.Serve([]testing.InternalBenchmark{\n");
    for (size_t i = 0; i < rows->len; i++) {
        const struct bench_row *row = rows->at[i];
        if (strcmp(before, row->benchmark))
            buf_printf(&b, "\t\t{\"%s\", bench.Benchmark%s},\n", row->benchmark, row->benchmark);
        before = row->benchmark;
    }
    buf_puts(&b, "\t})\n}\n");
    char *path = format("%s/main/main.go", tree);
    make_parent_dirs(path);
    write_file(path, b.data, b.len);
    buf_free(&b);
}

// write_tree brings the build tree up to date; what it held before and does not hold now goes.
static void write_tree(const struct toolchain *t, const char *tree, const struct vec *rows)
{
    struct vec sources = bench_sources(t->root), stale = list_dir(format("%s/bench", tree)), kept = {0};
    char *mod = format("module gomem/cases\n\ngo 1.%d\n", t->backend.language);
    make_dirs(format("%s/bench", tree));
    write_file(format("%s/go.mod", tree), mod, strlen(mod));
    for (size_t i = 0; i < sources.len; i++) {
        size_t len;
        char *text = read_file(sources.at[i], &len), *name = xstrdup(strrchr(sources.at[i], '/') + 1);
        if (!text)
            die(EXIT_BACKEND, "cannot read %s: %s", (char *)sources.at[i], strerror(errno));
        if (is_runtime(&t->backend)) { // no test to its compiler; messages name the file that it is of
            char *named = format("//line cases/bench/%s:1:1\n%s", name, text);
            text = named, len = strlen(named);
            strcpy(strstr(name, "_test.go"), ".go");
        }
        write_file(format("%s/bench/%s", tree, name), text, len);
        vec_push(&kept, name);
    }
    for (size_t i = 0; i < stale.len; i++)
        if (!vec_has(&kept, stale.at[i]))
            unlink(format("%s/bench/%s", tree, (char *)stale.at[i]));
    if (is_runtime(&t->backend))
        write_main(tree, rows);
}

static void run_build(const struct toolchain *t, const char *tree, const char *out)
{
    struct vec argv = {0};
    for (size_t i = 0; i < t->command.len; i++)
        vec_push(&argv, t->command.at[i]);
    const char *const words[2][6] = {{"test", "-c", "-o", out, "./bench"},
                                     {"build", "--lto", "--inline", "-o", out, "./main"}};
    for (size_t i = 0; i < COUNT_OF(words[0]) && words[is_runtime(&t->backend)][i]; i++)
        vec_push(&argv, (char *)words[is_runtime(&t->backend)][i]);
    struct child_spec spec = {
        .argv = (char **)argv.at, .env = t->environment, .cwd = tree, .timeout = t->timeout, .keep = 1 << 20};
    struct child_result r = pool_run(&spec);
    if (r.ending == ENDED_EXIT && !r.status && is_file(out))
        return;
    const char *text = r.stream[STREAM_ERR].len ? buf_text(&r.stream[STREAM_ERR]) : buf_text(&r.stream[STREAM_OUT]);
    while (*text == '#' && strchr(text, '\n')) // the heading of a package
        text = strchr(text, '\n') + 1;
    die(EXIT_BACKEND, "the benchmarks do not build for %s: %s", t->backend.spec,
        *text ? excerpt(text) : ending_text(&r, &spec));
}

void bench_build(struct bench_side *side, const struct vec *rows)
{
    struct toolchain *t = side->backend->private;
    char *tree = format("%s-bench", t->tree);
    side->program = format("%s-bench/bench", t->bin);
    make_parent_dirs(side->program);
    int lock = toolchain_lock(tree);
    unlink(side->program); // an older one must not stand in for it
    write_tree(t, tree, rows);
    run_build(t, tree, side->program);
    flock(lock, LOCK_SH); // until the driver ends: nobody builds it anew while it runs
}
