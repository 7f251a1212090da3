/*
 * parse_tree: parses every .go file below directories and says how many were rejected.
 *
 * For each accepted file it also demands that the tree is valid and that printing it and parsing that again gives the same
 * text, so the printer is tested on all of the language that the files use. Directories named testdata are passed over.
 *
 *     parse_tree [-q] DIRECTORY…    -q: without checking and printing, to measure speed
 *
 * The last line is `N files, M rejected, L lines, S seconds of processor time`; the exit status is 1 when any was rejected or differed.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "../parser.h"

struct totals {
    bool quick;
    unsigned long files, rejected, lines, bytes;
    double seconds;
};

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What is wrong with the tree of an accepted file, or NULL. */
static const char *check_tree(struct gomem_compilation *c, const struct ast_file *f)
{
    const char *invalid = ast_valid(c, f);
    if (invalid)
        return invalid;
    struct text once, twice;
    text_init(&once, &c->arena);
    text_init(&twice, &c->arena);
    ast_print_file(&once, f);
    struct source_file *again = source_add(&c->sources, "printed", text_string(&once), once.length);
    struct ast_file *g = parser_parse(c, again);
    if (!g || diag_any(&c->diags))
        return arena_printf(&c->arena, "its printed form is rejected: %s", diag_string(&c->diags));
    ast_print_file(&twice, g);
    return once.length == twice.length && memcmp(once.data, twice.data, once.length) == 0 ? NULL
                                                                                          : "printing is not stable";
}

static void parse_one(struct totals *t, const char *path)
{
    struct gomem_compilation *c = gomem_compilation_new();
    struct source_file *file = source_read(&c->sources, path);
    const char *wrong = NULL;
    if (!file) {
        wrong = strerror(errno);
    } else {
        double start = cpu_seconds();
        struct ast_file *f = parser_parse(c, file);
        t->seconds += cpu_seconds() - start;
        t->lines += file->line_count;
        t->bytes += file->length;
        if (diag_any(&c->diags))
            wrong = diag_string(&c->diags);
        else if (!t->quick)
            wrong = check_tree(c, f);
    }
    t->files++;
    if (wrong) {
        t->rejected++;
        printf("%s: %s\n", path, wrong);
    }
    gomem_compilation_free(c);
}

static bool has_suffix(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && strcmp(s + n - m, suffix) == 0;
}

static void walk(struct totals *t, const char *directory)
{
    DIR *d = opendir(directory);
    if (!d) {
        printf("%s: %s\n", directory, strerror(errno));
        t->rejected++;
        return;
    }
    for (struct dirent *e; (e = readdir(d));) {
        if (e->d_name[0] == '.' || strcmp(e->d_name, "testdata") == 0)
            continue;
        char *path = malloc(strlen(directory) + strlen(e->d_name) + 2);
        if (!path)
            abort();
        sprintf(path, "%s/%s", directory, e->d_name);
        struct stat st;
        if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
            walk(t, path);
        else if (has_suffix(path, ".go"))
            parse_one(t, path);
        free(path);
    }
    closedir(d);
}

int main(int argc, char **argv)
{
    struct totals t = {0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-q") == 0)
            t.quick = true;
        else
            walk(&t, argv[i]);
    }
    printf("%lu files, %lu rejected, %lu lines, %.3f seconds\n", t.files, t.rejected, t.lines, t.seconds);
    return t.rejected != 0 || t.files == 0;
}
