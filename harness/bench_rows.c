// See bench.h. The rows are read from the sources: a comment's //bench: lines, and the func line behind it (cases/bench/bench_test.go
// tells what they mean).
#include "bench.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// What the comment above a benchmark says.
struct words {
    struct vec subs, procs;
    long ops;
};

struct vec bench_sources(const char *root)
{
    struct vec files = {0}, names = list_dir(format("%s/cases/bench", root));
    for (size_t i = 0; i < names.len; i++)
        if (ends_with(names.at[i], "_test.go"))
            vec_push(&files, format("%s/cases/bench/%s", root, (char *)names.at[i]));
    if (!files.len)
        die(EXIT_BACKEND, "no benchmarks in %s/cases/bench (set GOMEM_ROOT to gomem's folder)", root);
    return files;
}

static bool set_word(struct words *w, char *line)
{
    char *end, *value = strchr(line, ' ');
    if (!value)
        return false;
    *value++ = 0;
    if (!strcmp(line, "rows"))
        w->subs = split(value, " ");
    else if (!strcmp(line, "procs"))
        w->procs = split(value, " ");
    else if (!strcmp(line, "ops"))
        w->ops = strtol(value, &end, 10);
    else
        return false;
    for (size_t i = 0; i < w->procs.len; i++)
        if (atoi(w->procs.at[i]) < 1)
            return false;
    return w->ops >= 0 && w->ops < 1000000;
}

static void add_row(struct vec *rows, const char *benchmark, const char *sub, int procs, long ops)
{
    struct bench_row *row = xalloc(sizeof *row);
    row->benchmark = xstrdup(benchmark);
    row->sub = xstrdup(sub);
    row->procs = procs;
    row->ops = ops;
    row->name = format("%s%s%s%s", benchmark, *sub ? "/" : "", sub, procs ? format("/procs:%d", procs) : "");
    vec_push(rows, row);
}

static void add_rows(struct vec *rows, const char *benchmark, const struct words *w)
{
    for (size_t s = 0; s < w->subs.len || !s; s++) {
        const char *sub = w->subs.len ? w->subs.at[s] : "";
        add_row(rows, benchmark, sub, 0, w->ops);
        for (size_t p = 0; p < w->procs.len; p++)
            add_row(rows, benchmark, sub, atoi(w->procs.at[p]), w->ops);
    }
}

static void read_source(struct vec *rows, const char *path)
{
    static const char func[] = "func Benchmark", word[] = "//bench:";
    char *text = read_file(path, NULL);
    if (!text)
        die(EXIT_BACKEND, "cannot read %s: %s", path, strerror(errno));
    struct words w = {0};
    int number = 1;
    for (char *next, *line = text; line; line = next, number++) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        if (starts_with(line, word) && !set_word(&w, line + strlen(word)))
            die(EXIT_BACKEND, "%s:%d: malformed '%s': a comment takes rows NAME..., procs N..., ops N", path, number,
                line);
        if (starts_with(line, func))
            add_rows(rows, xstrndup(line + strlen(func), strcspn(line + strlen(func), "(")), &w);
        if (!starts_with(line, "//"))
            w = (struct words){0};
    }
    free(text);
}

struct vec bench_rows(const char *root)
{
    struct vec rows = {0}, files = bench_sources(root);
    for (size_t i = 0; i < files.len; i++)
        read_source(&rows, files.at[i]);
    return rows;
}
