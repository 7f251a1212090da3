// See toolchain_build.h. Area executables are built all at once; only when that fails, area by area, leaving out the files
// that the compiler complains about until the rest builds. Whole programs are built one by one. Diagnostics and compile-only
// cases are graded from what the compiler prints: each message goes to the case that owns its line.
#include "toolchain_build.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buildtag.h"
#include "child.h"
#include "toolchain.h"

enum { KEEP_OUTPUT = 8 << 20 };

// One message of the compiler, "FILE:LINE:COL: TEXT"; file is relative to the tree.
struct complaint {
    char *file, *text;
    int line;
};

// ---- running the toolchain's command ----

struct run {
    bool ok;
    char *text;            // all that it printed on stderr and stdout
    struct vec complaints; // struct complaint *
};

// parse_complaint reads one line of a compiler's output; NULL when it is something else.
static struct complaint *parse_complaint(char *line)
{
    if (starts_with(line, "./"))
        line += 2;
    char *go = strstr(line, ".go:");
    if (!go || strchr(" \t#", *line))
        return NULL;
    char *end;
    long number = strtol(go + 4, &end, 10);
    if (*end != ':' || number <= 0)
        return NULL;
    char *text = end + 1;
    long column = strtol(text, &end, 10);
    if (column > 0 && *end == ':')
        text = end + 1;
    struct complaint *c = xalloc(sizeof *c);
    c->file = xstrndup(line, (size_t)(go + 3 - line));
    c->line = (int)number;
    c->text = trim(text);
    return c;
}

static struct vec command_words(const struct toolchain *t, enum flavour f, const char *out)
{
    struct vec argv = {0};
    for (size_t i = 0; i < t->command.len; i++)
        vec_push(&argv, t->command.at[i]);
    vec_push(&argv, "build");
    for (size_t i = 0; i < t->description->flags[f].len; i++)
        vec_push(&argv, t->description->flags[f].at[i]);
    if (out) {
        vec_push(&argv, "-o");
        vec_push(&argv, (char *)out);
    }
    return argv;
}

// run_build runs `COMMAND build FLAGS [-o OUT] PACKAGES` in the tree. A hang ends the whole command: nothing was tested yet.
static struct run run_build(const struct toolchain *t, enum flavour f, const char *out, const struct vec *packages,
                            const struct vec *env)
{
    struct vec argv = command_words(t, f, out);
    for (size_t i = 0; i < packages->len; i++)
        vec_push(&argv, packages->at[i]);
    struct child_spec spec = {
        .argv = (char **)argv.at, .env = *env, .cwd = t->tree, .timeout = t->timeout, .keep = KEEP_OUTPUT};
    struct child_result r = pool_run(&spec);
    if (r.ending == ENDED_TIMEOUT)
        die(EXIT_BACKEND, "the toolchain command '%s build' %s (--build-timeout)", (char *)t->command.at[0],
            ending_text(&r, &spec));
    struct run run = {.ok = r.ending == ENDED_EXIT && r.status == 0};
    run.text = format("%s%s", buf_text(&r.stream[STREAM_ERR]), buf_text(&r.stream[STREAM_OUT]));
    if (!run.ok && !*trim(xstrdup(run.text)))
        run.text = format("the build command %s and printed nothing", ending_text(&r, &spec));
    child_result_free(&r);
    struct vec lines = split(xstrdup(run.text), "\n");
    for (size_t i = 0; i < lines.len; i++) {
        struct complaint *c = parse_complaint(lines.at[i]);
        if (c)
            vec_push(&run.complaints, c);
    }
    return run;
}

static char *first_error(const struct run *run)
{
    struct vec lines = split(xstrdup(run->text), "\n");
    for (size_t i = 0; i < lines.len; i++)
        if (*(char *)lines.at[i] != '#')
            return excerpt(lines.at[i]);
    return excerpt(run->text);
}

// ---- area executables ----

static bool is_pending(const struct item *it, enum kind kind)
{
    return !it->skip && !it->unbuilt && it->c->kind == kind;
}

static enum flavour flavour_of(const struct toolchain *t, const struct kase *c)
{
    return t->backend.race ? RACE : c->inlined ? INLINE : PLAIN;
}

static char *bin_dir(const struct toolchain *t, enum flavour f)
{
    return format("%s%s", t->bin, f == INLINE ? "-inline" : "");
}

// areas_pending lists the areas with function cases to build in a flavour.
static struct vec areas_pending(const struct toolchain *t, const struct plan *plan, enum flavour f)
{
    struct vec areas = {0};
    for (size_t i = 0; i < plan->len; i++) {
        const struct item *it = &plan->items[i];
        if (is_pending(it, FUNCTION) && flavour_of(t, it->c) == f && !vec_has(&areas, it->c->area))
            vec_push(&areas, it->c->area);
    }
    return areas;
}

static void fail_items(struct plan *plan, enum kind kind, const char *area, const char *file, const char *why)
{
    for (size_t i = 0; i < plan->len; i++) {
        struct item *it = &plan->items[i];
        if (is_pending(it, kind) && (!area || !strcmp(it->c->area, area)) &&
            (!file || !strcmp(it->c->file->path, file)))
            it->unbuilt = xstrdup(why);
    }
}

static bool is_source(const struct plan *plan, const char *file)
{
    for (size_t i = 0; i < plan->suite->files.len; i++)
        if (!strcmp(((struct gofile *)plan->suite->files.at[i])->path, file))
            return true;
    return false;
}

// drop_offenders leaves out the files of the area that the compiler complained about; false when it named none.
static bool drop_offenders(struct toolchain *t, struct plan *plan, const struct run *run, const char *area)
{
    bool any = false;
    char *prefix = format("%s/", area);
    for (size_t i = 0; i < run->complaints.len; i++) {
        const struct complaint *c = run->complaints.at[i];
        if (!starts_with(c->file, prefix) || !is_source(plan, c->file) || vec_has(&t->dropped, c->file))
            continue;
        vec_push(&t->dropped, c->file);
        fail_items(plan, FUNCTION, area, c->file, format("cases/%s:%d: %s", c->file, c->line, c->text));
        any = true;
    }
    return any;
}

static void build_area(struct toolchain *t, struct plan *plan, enum flavour f, const char *area)
{
    char *out = format("%s/%s", bin_dir(t, f), area);
    struct vec packages = {0};
    vec_push(&packages, format("./zz_main/%s", area));
    for (;;) {
        struct run run = run_build(t, f, out, &packages, &t->environment);
        if (run.ok)
            return;
        unlink(out); // an older one must not stand in for it
        if (!drop_offenders(t, plan, &run, area)) {
            fail_items(plan, FUNCTION, area, NULL, first_error(&run));
            return;
        }
        tree_write(t, plan->suite);
    }
}

static bool area_built(const struct toolchain *t, enum flavour f, const char *area)
{
    return is_file(format("%s/%s", bin_dir(t, f), area));
}

static void build_areas(struct toolchain *t, struct plan *plan, enum flavour f)
{
    struct vec areas = areas_pending(t, plan, f), packages = {0};
    if (!areas.len)
        return;
    for (size_t i = 0; i < areas.len; i++)
        vec_push(&packages, format("./zz_main/%s", (char *)areas.at[i]));
    make_dirs(bin_dir(t, f));
    struct run run = run_build(t, f, format("%s/", bin_dir(t, f)), &packages, &t->environment);
    size_t built = 0;
    for (size_t i = 0; i < areas.len; i++) {
        if (!run.ok)
            build_area(t, plan, f, areas.at[i]);
        built += area_built(t, f, areas.at[i]);
    }
    if (run.ok && !built)
        die(EXIT_BACKEND, "the toolchain command '%s build' ended with status 0 but built nothing (no %s/%s)",
            (char *)t->command.at[0], bin_dir(t, f), (char *)areas.at[0]);
    for (size_t i = 0; i < plan->len; i++) {
        struct item *it = &plan->items[i];
        if (!is_pending(it, FUNCTION) || flavour_of(t, it->c) != f)
            continue;
        it->program = format("%s/%s", bin_dir(t, f), it->c->area);
        if (!is_file(it->program))
            it->unbuilt = format("the toolchain command ended with status 0 but built no %s", it->program);
    }
}

// ---- whole programs ----

static void build_program(struct toolchain *t, struct item *it)
{
    enum flavour f = flavour_of(t, it->c);
    char *name = xstrdup(it->c->name);
    for (char *p = name; *p; p++)
        if (*p == '/')
            *p = '.';
    it->program = format("%s/%s", bin_dir(t, f), name);
    make_dirs(bin_dir(t, f));
    struct vec packages = {0};
    vec_push(&packages, format("./%s", it->c->name));
    struct run run = run_build(t, f, it->program, &packages, &t->environment);
    if (!run.ok) {
        unlink(it->program);
        it->unbuilt = first_error(&run);
    } else if (!is_file(it->program)) {
        it->unbuilt = format("the toolchain command ended with status 0 but built no %s", it->program);
    }
}

// ---- messages: diagnostics and compile-only cases ----

static void give_messages(struct plan *plan, enum kind kind, const struct run *run)
{
    for (size_t i = 0; i < plan->len; i++) {
        struct item *it = &plan->items[i];
        for (size_t k = 0; is_pending(it, kind) && k < run->complaints.len; k++) {
            const struct complaint *c = run->complaints.at[k];
            if (strcmp(c->file, it->c->file->path) || c->line < it->c->first || c->line > it->c->end)
                continue;
            struct message *m = xalloc(sizeof *m);
            m->line = c->line;
            m->text = c->text;
            vec_push(&it->messages, m);
        }
    }
}

static char *package_of(const struct kase *c)
{
    const char *slash = strrchr(c->file->path, '/');
    return format("./%.*s", (int)(slash - c->file->path), c->file->path);
}

static void build_diagnostics(struct toolchain *t, struct plan *plan, bool inlined)
{
    struct vec packages = {0};
    for (size_t i = 0; i < plan->len; i++) {
        const struct item *it = &plan->items[i];
        if (is_pending(it, DIAGNOSTICS) && it->c->inlined == inlined && !vec_has(&packages, package_of(it->c)))
            vec_push(&packages, package_of(it->c));
    }
    if (!packages.len)
        return;
    struct run run = run_build(t, inlined ? DIAG_INLINE : DIAG, NULL, &packages, &t->environment);
    for (size_t i = 0; i < plan->len; i++)
        if (is_pending(&plan->items[i], DIAGNOSTICS) && plan->items[i].c->inlined == inlined && !run.ok)
            plan->items[i].unbuilt = first_error(&run);
    for (size_t i = 0; i < plan->len; i++) // the other kind must not see these messages
        if (plan->items[i].c->kind == DIAGNOSTICS && plan->items[i].c->inlined == inlined) {
            struct plan one = {plan->suite, &plan->items[i], 1};
            give_messages(&one, DIAGNOSTICS, &run);
        }
}

// compile_target compiles the packages of the compile-only cases that name the target.
static void compile_target(struct toolchain *t, struct plan *plan, const char *target)
{
    struct vec packages = {0}, env = {0};
    for (size_t i = 0; i < t->environment.len; i++)
        if (!starts_with(t->environment.at[i], "GOOS=") && !starts_with(t->environment.at[i], "GOARCH="))
            vec_push(&env, t->environment.at[i]);
    const char *slash = strchr(target, '/');
    vec_push(&env, format("GOOS=%.*s", (int)(slash - target), target));
    vec_push(&env, format("GOARCH=%s", slash + 1));
    for (size_t i = 0; i < plan->len; i++) {
        const struct item *it = &plan->items[i];
        if (is_pending(it, COMPILE) && vec_has(&it->c->targets, target) && !vec_has(&packages, package_of(it->c)))
            vec_push(&packages, package_of(it->c));
    }
    struct run run = run_build(t, COMPILE_ONLY, NULL, &packages, &env);
    for (size_t i = 0; i < plan->len; i++) {
        struct item *it = &plan->items[i];
        if (it->c->kind != COMPILE || !vec_has(&it->c->targets, target))
            continue;
        struct plan one = {plan->suite, it, 1};
        size_t before = it->messages.len;
        give_messages(&one, COMPILE, &run);
        for (size_t k = before; k < it->messages.len; k++) {
            struct message *m = it->messages.at[k];
            m->text = format("%s: %s", target, m->text);
        }
        if (!run.ok && !run.complaints.len && !it->unbuilt)
            it->unbuilt = format("%s: %s", target, first_error(&run));
    }
}

static void build_compile_only(struct toolchain *t, struct plan *plan)
{
    struct vec targets = {0};
    for (size_t i = 0; i < plan->len; i++)
        for (size_t k = 0; is_pending(&plan->items[i], COMPILE) && k < plan->items[i].c->targets.len; k++)
            if (!vec_has(&targets, plan->items[i].c->targets.at[k]))
                vec_push(&targets, plan->items[i].c->targets.at[k]);
    for (size_t i = 0; i < targets.len; i++)
        compile_target(t, plan, targets.at[i]);
}

// ---- all of it ----

// skip_unsupported skips what this toolchain has no flags for.
static void skip_unsupported(const struct toolchain *t, struct plan *plan)
{
    const bool *has = t->description->supports;
    for (size_t i = 0; i < plan->len; i++) {
        struct item *it = &plan->items[i];
        const struct kase *c = it->c;
        if (it->skip)
            continue;
        if (c->kind == DIAGNOSTICS && !has[c->inlined ? DIAG_INLINE : DIAG])
            it->skip = xstrdup("needs the compiler's escape diagnostics");
        else if (c->kind == COMPILE && !has[COMPILE_ONLY])
            it->skip = xstrdup("needs foreign targets");
        else if (c->inlined && c->kind != DIAGNOSTICS && !has[INLINE])
            it->skip = xstrdup("needs inlining that can be switched");
    }
}

void toolchain_build(struct backend *b, struct plan *plan)
{
    struct toolchain *t = b->private;
    skip_unsupported(t, plan);
    tree_write(t, plan->suite);
    build_areas(t, plan, b->race ? RACE : PLAIN);
    if (!b->race)
        build_areas(t, plan, INLINE);
    for (size_t i = 0; i < plan->len; i++)
        if (is_pending(&plan->items[i], PROGRAM))
            build_program(t, &plan->items[i]);
    build_diagnostics(t, plan, false);
    build_diagnostics(t, plan, true);
    build_compile_only(t, plan);
}
