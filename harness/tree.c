// The build tree of a toolchain backend: see toolchain.h. Files are rewritten only when they differ, and files that should
// not be there are removed, so that the toolchain's cache stays warm.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buildtag.h"
#include "toolchain.h"

// main_dir is the folder, below the tree, of the generated main packages. It sorts behind the areas.
static const char main_dir[] = "zz_main";

// belongs tells whether a file is of its area's package, where it stands directly in the area's folder: one of another
// package, or of none, would keep the whole area from being built.
static bool belongs(const struct gofile *f)
{
    const char *slash = strchr(f->path, '/');
    if (!slash || strchr(slash + 1, '/'))
        return true;
    size_t n = (size_t)(slash - f->path);
    return f->package && strlen(f->package) == n && !strncmp(f->package, f->path, n);
}

static void copy_sources(const struct toolchain *t, const struct vec *files, struct vec *wanted)
{
    for (size_t i = 0; i < files->len; i++) {
        const struct gofile *f = files->at[i];
        if (vec_has(&t->dropped, f->path) || !belongs(f))
            continue;
        size_t len = 0;
        char *from = format("%s/cases/%s", t->root, f->path);
        char *text = read_file(from, &len);
        if (!text)
            die(EXIT_BACKEND, "cannot read %s: %s", from, strerror(errno));
        char *to = format("%s/%s", t->tree, f->path);
        write_file(to, text, len);
        vec_push(wanted, to);
        free(text);
        free(from);
    }
}

// in_executable tells whether an area's executable holds the case. All of the area's do, whatever is selected, so that the
// toolchain links it again only when the sources change.
static bool in_executable(const struct toolchain *t, const struct kase *c, const char *area)
{
    const struct backend *b = &t->backend;
    return c->kind == FUNCTION && !c->error && !strcmp(c->area, area) && !vec_has(&t->dropped, c->file->path) &&
           !vec_has(&t->dropped, c->name) && (!c->file->tags || tags_hold(c->file->tags, b->minor, &b->tags));
}

static bool write_main(const struct toolchain *t, const struct vec *cases, const char *area, const char *to)
{
    struct buf b = {0};
    bool any = false;
    buf_printf(&b, "package main\n\nimport (\n\t\"gomem/cases/%s\"\n\t\"gomem/cases/check\"\n)\n\n", area);
    buf_puts(&b, "func main() {\n\tcheck.Main([]check.Case{\n");
    for (size_t i = 0; i < cases->len; i++) {
        const struct kase *c = cases->at[i];
        if (!in_executable(t, c, area))
            continue;
        buf_printf(&b, "\t\t{\"%s\", %s.%s},\n", c->name, c->file->package, c->function);
        any = true;
    }
    buf_puts(&b, "\t})\n}\n");
    if (any)
        write_file(to, b.data, b.len);
    buf_free(&b);
    return any;
}

static void remove_others(const char *dir, const struct vec *wanted)
{
    struct vec names = list_dir(dir);
    for (size_t i = 0; i < names.len; i++) {
        char *path = format("%s/%s", dir, (char *)names.at[i]);
        if (is_dir(path)) {
            remove_others(path, wanted);
            rmdir(path); // only when it is empty
        } else if (!vec_has(wanted, path)) {
            unlink(path);
        }
    }
}

void tree_write(const struct toolchain *t, const struct suite *suite)
{
    struct vec wanted = {0};
    char *mod = format("%s/go.mod", t->tree);
    char *text = format("module gomem/cases\n\ngo 1.%d\n", t->backend.language);
    write_file(mod, text, strlen(text));
    vec_push(&wanted, mod);
    copy_sources(t, &suite->files, &wanted);
    for (size_t i = 0; i < suite->areas.len; i++) {
        const char *area = suite->areas.at[i];
        char *path = format("%s/%s/%s/main.go", t->tree, main_dir, area);
        if (write_main(t, &suite->cases, area, path))
            vec_push(&wanted, path);
    }
    remove_others(t->tree, &wanted);
}
