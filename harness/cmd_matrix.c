// gomem matrix: every backend found, side by side. Each is checked by a `gomem check` of its own that writes JSON lines below the build folder, so
// a backend that cannot be loaded costs its column and no more, and the results stay for merge and diff.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "commands.h"
#include "results.h"

struct column {
    char *spec, *name;
    struct results *results; // NULL: it could not be checked
    char *why;
};

// ---- which backends there are ----

static void add_spec(struct vec *specs, char *spec)
{
    if (!vec_has(specs, spec))
        vec_push(specs, spec);
}

static bool on_path(const char *command)
{
    struct vec dirs = split(xstrdup(getenv("PATH") ? getenv("PATH") : ""), ":");
    for (size_t i = 0; i < dirs.len; i++)
        if (!access(format("%s/%s", (char *)dirs.at[i], command), X_OK))
            return true;
    return false;
}

// add_toolchains finds the described toolchains whose command is there, and Debian's Go releases beside the one on PATH.
static void add_toolchains(struct vec *specs)
{
    struct vec names = list_dir(format("%s/backends", gomem_root()));
    for (size_t i = 0; i < names.len; i++) {
        char *text = read_file(format("%s/backends/%s/toolchain", gomem_root(), (char *)names.at[i]), NULL);
        char *command = text ? strstr(text, "\ncommand ") : NULL;
        if (!command)
            continue;
        command += strlen("\ncommand ");
        command = xstrndup(command + strspn(command, " \t"), strcspn(command + strspn(command, " \t"), " \t\n"));
        if (on_path(command))
            add_spec(specs, names.at[i]);
    }
    names = list_dir("/usr/lib");
    for (size_t i = 0; i < names.len; i++) {
        char *go = format("/usr/lib/%s/bin/go", (char *)names.at[i]);
        if (starts_with(names.at[i], "go-1.") && !access(go, X_OK))
            add_spec(specs, format("toolchain:%s", go));
    }
}

// add_runtimes finds gomem's own runtimes; those that are broken or slow on purpose are no backends to compare.
static void add_runtimes(struct vec *specs)
{
    struct vec names = list_dir(format("%s/lib", gomem_bin_dir()));
    for (size_t i = 0; i < names.len; i++) {
        char *name = names.at[i];
        if (starts_with(name, "lib") && ends_with(name, ".so") && !strchr(name, '-'))
            add_spec(specs, xstrndup(name + 3, strlen(name) - 6));
    }
}

// ---- checking them ----

static char *slug(const char *text)
{
    char *s = xstrdup(text);
    for (char *p = s; *p; p++)
        if (strchr("/:+=, ", *p))
            *p = '_';
    return s;
}

static void add_option(struct vec *argv, const char *option, const char *value)
{
    vec_push(argv, (char *)option);
    vec_push(argv, (char *)value);
}

static struct vec check_words(const struct options *o, const char *spec, const char *path)
{
    struct vec argv = {0};
    vec_push(&argv, format("%s/gomem", gomem_bin_dir()));
    vec_push(&argv, "check");
    add_option(&argv, "--backend", spec);
    for (size_t i = 0; i < o->rules.len; i++)
        add_option(&argv, "--rule", o->rules.at[i]);
    for (size_t i = 0; i < o->exclude.len; i++)
        add_option(&argv, "--exclude", o->exclude.at[i]);
    struct buf strengths = {0};
    for (int s = 0; s < STRENGTHS; s++)
        if (o->strength[s])
            buf_printf(&strengths, "%s%s", strengths.len ? "," : "", strength_name[s]);
    add_option(&argv, "--strength", strengths.data);
    add_option(&argv, "--tier", tier_name[o->tier]);
    add_option(&argv, "--jobs", format("%d", o->jobs));
    add_option(&argv, "--repeat", format("%d", o->repeat));
    add_option(&argv, "--timeout", format("%g", o->timeout));
    add_option(&argv, "--build-timeout", format("%g", o->build_timeout));
    if (o->seed_given)
        add_option(&argv, "--seed", format("%lu", (unsigned long)o->seed));
    add_option(&argv, "--format", "json");
    add_option(&argv, "--output", path);
    return argv;
}

// column_name is short: go1.26, gccgo1.18, ref.
static char *column_name(const struct results *r)
{
    const char *title = r->backend.title, *comma = strstr(title, ", emulates");
    bool toolchain = strstr(title, ", language") != NULL;
    char *word = xstrndup(title, comma ? (size_t)(comma - title) : strcspn(title, " "));
    return format("%s%s%s", word, toolchain ? format("1.%d", r->backend.minor) : "", r->backend.race ? ":race" : "");
}

// check returns false when the driver was told to end.
static bool check(struct column *k, const struct options *o)
{
    char *path = format("%s/matrix/%s.jsonl", gomem_build_dir(), slug(k->spec));
    make_parent_dirs(path);
    unlink(path);
    struct vec argv = check_words(o, k->spec, path);
    struct child_spec spec = {.argv = (char **)argv.at, .timeout = 86400, .keep = 1 << 20};
    bool stop = false;
    pool_start(&spec);
    struct child_result r = pool_next(&stop);
    size_t len = 0;
    char *text = read_file(path, &len);
    k->name = k->spec;
    if (stop) {
        k->why = xstrdup("interrupted");
    } else if (r.ending != ENDED_EXIT || r.status > EXIT_FAILED || !text || !len) {
        k->why = excerpt(buf_text(&r.stream[STREAM_ERR]));
        if (r.ending != ENDED_EXIT || r.status == EXIT_USAGE)
            die(EXIT_USAGE, "%s", starts_with(k->why, "gomem: ") ? k->why + strlen("gomem: ") : ending_text(&r, &spec));
    } else {
        k->results = results_read(path);
        k->name = column_name(k->results);
    }
    child_result_free(&r);
    return !stop;
}

// ---- the table ----

// cell counts the items of an area or a rule.
static char *cell(const struct column *k, const char *line, bool by_rule)
{
    size_t n[VERDICTS] = {0}, all = 0, ran, held;
    for (size_t i = 0; k->results && i < k->results->plan.len; i++) {
        const struct item *it = &k->results->plan.items[i];
        if (line && strcmp(by_rule ? it->c->rule_id : it->c->area, line))
            continue;
        n[it->verdict]++;
        all++;
    }
    ran = all - n[SKIP];
    held = n[PASS];
    if (!ran)
        return xstrdup(all ? "skip" : "-");
    size_t bad = n[FAIL] + n[CRASH] + n[TIMEOUT] + n[XPASS];
    return format("%zu/%zu%s", held, ran, bad ? " !" : held < ran ? " ~" : "");
}

static void print_line(const struct column *columns, size_t len, const char *line, bool by_rule, int width)
{
    printf("%-*s", width, line ? line : "all");
    for (size_t i = 0; i < len; i++)
        printf("  %*s", (int)strlen(columns[i].name) > 12 ? (int)strlen(columns[i].name) : 12,
               cell(&columns[i], line, by_rule));
    putchar('\n');
}

// lines_of lists the areas or rules of all columns in the order of the first that has them.
static struct vec lines_of(const struct column *columns, size_t len, bool by_rule)
{
    struct vec lines = {0};
    for (size_t i = 0; i < len; i++)
        for (size_t m = 0; columns[i].results && m < columns[i].results->plan.len; m++) {
            const struct kase *c = columns[i].results->plan.items[m].c;
            char *line = by_rule ? c->rule_id : c->area;
            if (!vec_has(&lines, line))
                vec_push(&lines, line);
        }
    return lines;
}

static void print_table(const struct column *columns, size_t len, bool by_rule)
{
    struct vec lines = lines_of(columns, len, by_rule);
    int width = 4;
    for (size_t i = 0; i < lines.len; i++)
        width = (int)strlen(lines.at[i]) > width ? (int)strlen(lines.at[i]) : width;
    printf("%-*s", width, by_rule ? "rule" : "area");
    for (size_t i = 0; i < len; i++)
        printf("  %12s", columns[i].name);
    putchar('\n');
    for (size_t i = 0; i < lines.len; i++)
        print_line(columns, len, lines.at[i], by_rule, width);
    print_line(columns, len, NULL, by_rule, width);
    puts("# held/ran; ! counts against the backend, ~ differs or is listed, skip: nothing of it runs there");
}

static bool conforms(const struct column *k)
{
    size_t n[VERDICTS];
    if (!k->results)
        return false;
    tally(&k->results->plan, NULL, n);
    return !(n[FAIL] + n[CRASH] + n[TIMEOUT] + n[XPASS]) && !k->results->lacks;
}

int cmd_matrix(const struct options *o)
{
    struct vec specs = o->operands;
    if (!specs.len) {
        add_toolchains(&specs);
        add_runtimes(&specs);
    }
    if (!specs.len)
        die(EXIT_BACKEND, "no backend is found: put go on PATH or run make");
    struct column *columns = xalloc(specs.len * sizeof *columns);
    size_t len = 0;
    int status = EXIT_CONFORMS;
    pool_open();
    bool going = true;
    for (size_t i = 0; i < specs.len && going; i++) {
        struct column *k = &columns[len];
        *k = (struct column){.spec = specs.at[i]};
        if (isatty(STDERR_FILENO))
            fprintf(stderr, "[%zu/%zu] %s\n", i + 1, specs.len, k->spec);
        going = check(k, o);
        bool twice = false; // Debian's release is the one on PATH
        for (size_t m = 0; m < len && !o->operands.len; m++)
            twice |= k->results && columns[m].results &&
                     !strcmp(columns[m].results->backend.title, k->results->backend.title);
        len += !twice;
    }
    print_table(columns, len, o->by_rule);
    for (size_t i = 0; i < len; i++) {
        if (columns[i].why)
            printf("# %s: not checked: %s\n", columns[i].spec, columns[i].why);
        else
            printf("# %s: %s, %s\n", columns[i].name, columns[i].results->backend.title, columns[i].results->path);
        if (!conforms(&columns[i]))
            status = EXIT_FAILED;
    }
    return status;
}
