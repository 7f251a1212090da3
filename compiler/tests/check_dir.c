/*
 * check_dir: checks packages and prints what is wrong, for tests and for trying things out.
 *
 *     check_dir [-arch A] [-go N] [-tags t] [-root PREFIX=DIR] … [-all] [-files PATH] package … | file.go …
 *
 * Arguments that end in .go are the files of one package, others import paths. -all prints every error, not ten; -force
 * goes on after syntax errors; -bodiless demands a body of every function. The exit status is 0 when all are accepted, 1 when one is not, 2 for wrong usage. The last line counts.
 */
#include "../package.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ROOTS = 16 };

struct options {
    const char *arch;
    int go_version;
    bool all;
    bool bodiless;
    bool force;
    struct package_root roots[MAX_ROOTS];
    uint32_t root_count;
    const char *extra[8];
    uint32_t extra_count;
    char **args;
    int count;
};

static void print_error(void *context, struct pos pos, const char *message)
{
    const struct gomem_compilation *c = context;
    printf("%s: %s\n", source_format(&c->sources, pos), message);
}

static bool add_root(struct options *o, char *text)
{
    char *equals = strchr(text, '=');
    if (!equals || o->root_count == MAX_ROOTS)
        return false;
    *equals = 0;
    o->roots[o->root_count++] = (struct package_root){text, equals + 1, false, false};
    return true;
}

static bool parse_option(struct options *o, const char *name, char *value)
{
    if (strcmp(name, "-arch") == 0)
        o->arch = value;
    else if (strcmp(name, "-go") == 0)
        o->go_version = atoi(value);
    else if (strcmp(name, "-tags") == 0 && o->extra_count < 7)
        o->extra[o->extra_count++] = value;
    else
        return strcmp(name, "-root") == 0 && add_root(o, value);
    return true;
}

static bool parse_options(struct options *o, int argc, char **argv)
{
    *o = (struct options){.arch = "amd64", .go_version = 26};
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        if (strcmp(argv[i], "-all") == 0)
            o->all = true;
        else if (strcmp(argv[i], "-bodiless") == 0)
            o->bodiless = true;
        else if (strcmp(argv[i], "-force") == 0)
            o->force = true;
        else if (i + 1 == argc || !parse_option(o, argv[i], argv[i + 1]))
            return false;
        else
            i++;
    }
    o->args = argv + i;
    o->count = argc - i;
    return o->count > 0;
}

static bool is_file(const char *arg)
{
    size_t n = strlen(arg);
    return n > 3 && strcmp(arg + n - 3, ".go") == 0;
}

/* The toolchain's tag, in place of gomem's. */
static bool is_toolchain(const struct options *o)
{
    for (int i = 0; o->extra[i]; i++)
        if (strcmp(o->extra[i], "gc") == 0)
            return true;
    return false;
}

static int run(struct package_loader *l, const struct options *o)
{
    int accepted = 0, total = 0;
    if (is_file(o->args[0])) {
        struct package *p = package_load_files(l, "main", (const char *const *)o->args, (uint32_t)o->count);
        total = 1;
        accepted = !p->failed;
    } else {
        for (int i = 0; i < o->count; i++) {
            struct package *p = package_load(l, o->args[i]);
            total++;
            accepted += p && !p->failed;
            if (!p)
                printf("%s: no such package\n", o->args[i]);
            else if (p->failed)
                printf("# %s failed\n", o->args[i]);
        }
    }
    diag_print(&l->program->compilation->diags, stdout);
    printf("# accepted %d of %d\n", accepted, total);
    return accepted == total ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct options o;
    const struct layout_target *target = parse_options(&o, argc, argv) ? layout_target_find(o.arch) : NULL;
    if (!target) {
        fprintf(stderr, "usage: check_dir [-arch A] [-go N] [-tags T] [-root PREFIX=DIR] [-all] package…|file.go…\n");
        return 2;
    }
    struct gomem_compilation *c = gomem_compilation_new();
    if (!c)
        return 2;
    const struct buildtag_set tags = {
        .os = "linux", .arch = o.arch, .release = (unsigned)o.go_version, .gc = is_toolchain(&o), .extra = o.extra};
    struct program p;
    struct package_loader l;
    program_init(&p, c, target);
    package_loader_init(&l, &p, o.roots, o.root_count, &tags, o.go_version);
    l.despite_errors = o.force;
    p.config.allow_missing_bodies = !o.bodiless;
    if (o.all) {
        p.config.report = print_error;
        p.config.report_context = c;
    }
    int status = run(&l, &o);
    gomem_compilation_free(c);
    return status;
}
