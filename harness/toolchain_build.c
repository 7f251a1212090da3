// See toolchain_build.h. Area executables are built all at once; only when that fails, area by area, leaving out the files
// that the compiler complains about until the rest builds. Whole programs are built one by one. Diagnostics and compile-only
// cases are graded from what the compiler prints: each message goes to the case that owns its line. A status of 0 is not
// believed: what a build was to make must be there, and must not be what was there before.
#include "toolchain_build.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buildtag.h"
#include "child.h"
#include "toolchain.h"

enum { KEEP_OUTPUT = 8 << 20, LONGEST_TEXT = 1000 };

// One message of the compiler, "FILE:LINE:COL: TEXT"; file is relative to the tree.
struct complaint {
    char *file, *text;
    int line, column; // column 0: not told
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
    if (*end != ':' || number <= 0 || number > INT_MAX)
        return NULL;
    char *text = end + 1;
    long column = strtol(text, &end, 10);
    bool with_column = column > 0 && column <= INT_MAX && *end == ':';
    if (with_column)
        text = end + 1;
    struct complaint *c = xalloc(sizeof *c);
    c->file = xstrndup(line, (size_t)(go + 3 - line));
    c->line = (int)number;
    c->column = with_column ? (int)column : 0;
    c->text = trim(text);
    if (strlen(c->text) > LONGEST_TEXT)
        c->text = format("%.*s...", LONGEST_TEXT, c->text);
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

static char *complaint_text(const struct complaint *c)
{
    return c->column ? format("cases/%s:%d:%d: %s", c->file, c->line, c->column, c->text)
                     : format("cases/%s:%d: %s", c->file, c->line, c->text);
}

static bool is_source(const struct plan *plan, const char *file)
{
    for (size_t i = 0; i < plan->suite->files.len; i++)
        if (!strcmp(((struct gofile *)plan->suite->files.at[i])->path, file))
            return true;
    return false;
}

// first_error is the line of a failed build that says most: a complaint about a source, else the first that is no heading.
static char *first_error(const struct plan *plan, const struct run *run)
{
    for (size_t i = 0; i < run->complaints.len; i++) {
        const struct complaint *c = run->complaints.at[i];
        if (is_source(plan, c->file))
            return complaint_text(c);
    }
    struct vec lines = split(xstrdup(run->text), "\n");
    for (size_t i = 0; i < lines.len; i++)
        if (*(char *)lines.at[i] != '#')
            return excerpt(lines.at[i]);
    return excerpt(run->text);
}

// age makes an executable of an earlier build recognisable. The toolchain finds out by contents, not by time, whether it is
// up to date, and sets its time anew either way.
static void age(const char *path)
{
    const struct timespec epoch[2] = {{0, 0}, {0, 0}};
    utimensat(AT_FDCWD, path, epoch, 0);
}

static bool is_built(const char *path)
{
    struct stat st;
    return !stat(path, &st) && S_ISREG(st.st_mode) && st.st_mtime != 0;
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

// fail_area gives up on the function cases of an area, fail_file on every case of a file.
static void fail_area(struct plan *plan, const char *area, const char *why)
{
    for (size_t i = 0; i < plan->len; i++) {
        struct item *it = &plan->items[i];
        if (is_pending(it, FUNCTION) && !strcmp(it->c->area, area))
            it->unbuilt = xstrdup(why);
    }
}

static void fail_file(struct plan *plan, const char *file, const char *why)
{
    for (size_t i = 0; i < plan->len; i++) {
        struct item *it = &plan->items[i];
        if (is_pending(it, it->c->kind) && !strcmp(it->c->file->path, file))
            it->unbuilt = xstrdup(why);
    }
}

// is_aftermath tells whether an error may be there only since another file was left out.
static bool is_aftermath(const struct complaint *c)
{
    return starts_with(c->text, "undefined: ") || starts_with(c->text, "could not import ");
}

// drop_file leaves a file out. What may be wrong only since another file was left out is told with that file's error.
static void drop_file(struct toolchain *t, struct plan *plan, const struct complaint *c, const char *cause)
{
    vec_push(&t->dropped, c->file);
    char *why = complaint_text(c);
    fail_file(plan, c->file, cause && is_aftermath(c) ? format("%s (the cause may be %s)", why, cause) : why);
}

// drop_case leaves out the case that a line of an area's generated main package names: the toolchain does not see its
// function, so the scanner and the toolchain differ on the file.
static bool drop_case(struct toolchain *t, struct plan *plan, const struct complaint *c)
{
    char *text = read_file(format("%s/%s", t->tree, c->file), NULL), *line = text;
    for (int n = 1; line && n < c->line; n++)
        line = (line = strchr(line, '\n')) ? line + 1 : NULL;
    char *name = line ? strchr(line, '"') : NULL, *end = name ? strchr(name + 1, '"') : NULL;
    if (!end || *line != '\t')
        return false;
    name = xstrndup(name + 1, (size_t)(end - name - 1));
    for (size_t i = 0; i < plan->suite->cases.len; i++) {
        const struct kase *k = plan->suite->cases.at[i];
        if (strcmp(k->name, name) || vec_has(&t->dropped, name))
            continue;
        vec_push(&t->dropped, name);
        for (size_t m = 0; m < plan->len; m++)
            if (plan->items[m].c == k && !plan->items[m].unbuilt)
                plan->items[m].unbuilt =
                    format("cases/%s:%d: the toolchain leaves the function out: %s", k->file->path, k->line, c->text);
        return true;
    }
    return false;
}

// drop_offenders leaves out what the compiler complained about below a folder (an area or a package) and in its main package;
// false when it named nothing there. *cause is the first complaint of an earlier round.
static bool drop_offenders(struct toolchain *t, struct plan *plan, const struct run *run, const char *folder,
                           char **cause)
{
    bool any = false;
    char *prefix = format("%s/", folder), *main_file = format("zz_main/%s/main.go", folder), *first = *cause;
    for (size_t i = 0; i < run->complaints.len; i++) {
        const struct complaint *c = run->complaints.at[i];
        if (!strcmp(c->file, main_file)) {
            any |= drop_case(t, plan, c);
        } else if (starts_with(c->file, prefix) && is_source(plan, c->file) && !vec_has(&t->dropped, c->file)) {
            drop_file(t, plan, c, *cause);
            first = first ? first : complaint_text(c);
            any = true;
        }
    }
    *cause = first;
    if (any)
        tree_write(t, plan->suite);
    return any;
}

static void build_area(struct toolchain *t, struct plan *plan, enum flavour f, const char *area)
{
    char *out = format("%s/%s", bin_dir(t, f), area), *cause = NULL;
    struct vec packages = {0};
    vec_push(&packages, format("./zz_main/%s", area));
    for (;;) {
        struct run run = run_build(t, f, out, &packages, &t->environment);
        if (run.ok)
            return;
        unlink(out); // an older one must not stand in for it
        if (!drop_offenders(t, plan, &run, area, &cause)) {
            fail_area(plan, area, first_error(plan, &run));
            return;
        }
    }
}

static char *area_program(const struct toolchain *t, enum flavour f, const char *area)
{
    return format("%s/%s", bin_dir(t, f), area);
}

static void build_areas(struct toolchain *t, struct plan *plan, enum flavour f)
{
    struct vec areas = areas_pending(t, plan, f), packages = {0};
    if (!areas.len)
        return;
    make_dirs(bin_dir(t, f));
    for (size_t i = 0; i < areas.len; i++) {
        vec_push(&packages, format("./zz_main/%s", (char *)areas.at[i]));
        age(area_program(t, f, areas.at[i]));
    }
    struct run run = run_build(t, f, format("%s/", bin_dir(t, f)), &packages, &t->environment);
    size_t built = 0;
    for (size_t i = 0; i < areas.len; i++) {
        if (!run.ok)
            build_area(t, plan, f, areas.at[i]);
        built += is_built(area_program(t, f, areas.at[i]));
    }
    if (run.ok && !built)
        die(EXIT_BACKEND, "the toolchain command '%s build' ended with status 0 but built nothing (no %s/%s)",
            (char *)t->command.at[0], bin_dir(t, f), (char *)areas.at[0]);
    for (size_t i = 0; i < plan->len; i++) {
        struct item *it = &plan->items[i];
        if (!is_pending(it, FUNCTION) || flavour_of(t, it->c) != f)
            continue;
        it->program = area_program(t, f, it->c->area);
        if (!is_built(it->program))
            it->unbuilt = format("the toolchain command ended with status 0 but built no %s", it->program);
    }
}

// ---- whole programs ----

static void build_program(struct toolchain *t, const struct plan *plan, struct item *it)
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
    age(it->program);
    struct run run = run_build(t, f, it->program, &packages, &t->environment);
    if (!run.ok) {
        unlink(it->program);
        it->unbuilt = first_error(plan, &run);
    } else if (!is_built(it->program)) {
        it->unbuilt = format("the toolchain command ended with status 0 but built no %s", it->program);
    }
}

// ---- messages: diagnostics and compile-only cases ----

static bool owns(const struct kase *k, const struct complaint *c)
{
    return !strcmp(c->file, k->file->path) && c->line >= k->first && c->line <= k->end;
}

// give_messages hands an item the complaints on its lines. prefix is put before each text.
static void give_messages(struct item *it, const struct run *run, const char *prefix)
{
    for (size_t k = 0; k < run->complaints.len; k++) {
        const struct complaint *c = run->complaints.at[k];
        if (!owns(it->c, c))
            continue;
        struct message *m = xalloc(sizeof *m);
        m->line = c->line;
        m->text = format("%s%s", prefix, c->text);
        vec_push(&it->messages, m);
    }
}

static char *package_dir(const struct kase *c)
{
    const char *slash = strrchr(c->file->path, '/');
    return slash ? xstrndup(c->file->path, (size_t)(slash - c->file->path)) : xstrdup(".");
}

// A package's diagnostics come with those of the packages that it imports, so offenders are looked for in it alone.
static void diagnose_package(struct toolchain *t, struct plan *plan, enum flavour f, const char *dir)
{
    char *cause = NULL;
    struct vec packages = {0};
    vec_push(&packages, format("./%s", dir));
    struct run run;
    do
        run = run_build(t, f, NULL, &packages, &t->environment);
    while (!run.ok && drop_offenders(t, plan, &run, dir, &cause));
    for (size_t i = 0; i < plan->len; i++) {
        struct item *it = &plan->items[i];
        if (!is_pending(it, DIAGNOSTICS) || it->c->inlined != (f == DIAG_INLINE) || strcmp(package_dir(it->c), dir))
            continue;
        if (run.ok)
            give_messages(it, &run, "");
        else
            it->unbuilt = first_error(plan, &run);
    }
}

static void build_diagnostics(struct toolchain *t, struct plan *plan, enum flavour f)
{
    struct vec dirs = {0};
    for (size_t i = 0; i < plan->len; i++) {
        const struct item *it = &plan->items[i];
        if (is_pending(it, DIAGNOSTICS) && it->c->inlined == (f == DIAG_INLINE) && !vec_has(&dirs, package_dir(it->c)))
            vec_push(&dirs, package_dir(it->c));
    }
    for (size_t i = 0; i < dirs.len; i++)
        diagnose_package(t, plan, f, dirs.at[i]);
}

// stray_error says what keeps a package from being judged case by case: an error that no compile-only case owns, or one that
// kept the compiler from looking further. A case without errors of its own was perhaps never looked at.
static char *stray_error(const struct plan *plan, const struct run *run)
{
    for (size_t k = 0; k < run->complaints.len; k++) {
        const struct complaint *c = run->complaints.at[k];
        bool owned = false;
        for (size_t i = 0; i < plan->suite->cases.len; i++) {
            const struct kase *other = plan->suite->cases.at[i];
            owned |= other->kind == COMPILE && owns(other, c);
        }
        if (!owned || starts_with(c->text, "syntax error"))
            return is_source(plan, c->file) ? complaint_text(c) : first_error(plan, run);
    }
    return run->ok || run->complaints.len ? NULL : first_error(plan, run);
}

static bool is_compiled(const struct item *it, const char *target, const char *dir)
{
    return is_pending(it, COMPILE) && vec_has(&it->c->targets, target) && !strcmp(package_dir(it->c), dir);
}

static void compile_package(struct toolchain *t, struct plan *plan, const char *target, const char *dir)
{
    struct vec packages = {0}, env = {0};
    vec_push(&packages, format("./%s", dir));
    for (size_t i = 0; i < t->environment.len; i++)
        if (!starts_with(t->environment.at[i], "GOOS=") && !starts_with(t->environment.at[i], "GOARCH="))
            vec_push(&env, t->environment.at[i]);
    const char *slash = strchr(target, '/');
    vec_push(&env, format("GOOS=%.*s", (int)(slash - target), target));
    vec_push(&env, format("GOARCH=%s", slash + 1));
    struct run run = run_build(t, COMPILE_ONLY, NULL, &packages, &env);
    char *stray = stray_error(plan, &run);
    for (size_t i = 0; i < plan->len; i++) {
        struct item *it = &plan->items[i];
        if (!is_compiled(it, target, dir))
            continue;
        size_t before = it->messages.len;
        give_messages(it, &run, format("%s: ", target));
        if (stray && it->messages.len == before)
            it->unbuilt = format("%s: %s", target, stray);
    }
}

// compile_target compiles the packages of the compile-only cases that name the target, one by one: an error in one of them
// must not hide the others'.
static void compile_target(struct toolchain *t, struct plan *plan, const char *target)
{
    struct vec dirs = {0};
    for (size_t i = 0; i < plan->len; i++) {
        const struct kase *c = plan->items[i].c;
        if (c->kind == COMPILE && is_compiled(&plan->items[i], target, package_dir(c)) &&
            !vec_has(&dirs, package_dir(c)))
            vec_push(&dirs, package_dir(c));
    }
    for (size_t i = 0; i < dirs.len; i++)
        compile_package(t, plan, target, dirs.at[i]);
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
        if (it->skip || it->unbuilt)
            continue;
        if (c->kind == DIAGNOSTICS && !has[c->inlined ? DIAG_INLINE : DIAG])
            it->skip = xstrdup("needs the compiler's escape diagnostics");
        else if (c->kind == COMPILE && !has[COMPILE_ONLY])
            it->skip = xstrdup("needs foreign targets");
        else if (c->inlined && c->kind != DIAGNOSTICS && !has[INLINE])
            it->skip = xstrdup("needs inlining that can be switched");
    }
}

// Signals are blocked (child.c), so pending ones are looked for.
int toolchain_lock(const char *tree)
{
    make_dirs(tree);
    char *path = format("%s.lock", tree);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        die(EXIT_BACKEND, "cannot write %s: %s", path, strerror(errno));
    while (flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK) {
        sigset_t pending;
        if (!sigpending(&pending) && (sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM)))
            die(EXIT_FAILED, "interrupted while another gomem builds in %s", tree);
        usleep(20000);
    }
    return fd;
}

void toolchain_build(struct backend *b, struct plan *plan)
{
    struct toolchain *t = b->private;
    int lock = toolchain_lock(t->tree);
    skip_unsupported(t, plan);
    tree_write(t, plan->suite);
    build_areas(t, plan, b->race ? RACE : PLAIN);
    if (!b->race)
        build_areas(t, plan, INLINE);
    for (size_t i = 0; i < plan->len; i++)
        if (is_pending(&plan->items[i], PROGRAM))
            build_program(t, plan, &plan->items[i]);
    build_diagnostics(t, plan, DIAG);
    build_diagnostics(t, plan, DIAG_INLINE);
    build_compile_only(t, plan);
    // Shared while the cases run, until the driver ends: nobody builds an executable anew that runs.
    flock(lock, LOCK_SH);
}
