// gomem check: select the cases, let the backend build them, run them, report.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "backend.h"
#include "buildtag.h"
#include "commands.h"
#include "expect.h"
#include "output.h"
#include "run.h"

// ---- what is selected ----

static bool matches_any(const struct kase *c, const struct vec *patterns)
{
    for (size_t i = 0; i < patterns->len; i++)
        if (case_matches(c, patterns->at[i]))
            return true;
    return false;
}

static bool is_selected(const struct backend *b, const struct kase *c, const struct options *o)
{
    if (o->rules.len && !matches_any(c, &o->rules))
        return false;
    if (matches_any(c, &o->exclude))
        return false;
    if (c->rule && !o->strength[c->rule->strength])
        return false;
    return !b->race || c->race != RACE_NONE;
}

// ---- what is skipped, and why ----

static char *skip_by_release(const struct backend *b, const struct kase *c)
{
    const struct bound since[] = {c->rule->since, c->since}, until[] = {c->rule->until, c->until};
    for (size_t i = 0; i < COUNT_OF(since); i++) {
        if (before_bound(b, since[i]))
            return format("since %s", bound_text(since[i]));
        if (after_bound(b, until[i]))
            return format("until %s", bound_text(until[i]));
    }
    return NULL;
}

static char *skip_reason(const struct backend *b, const struct kase *c, const struct options *o)
{
    if (c->error)
        return NULL;
    if (c->rule->strength == FREE && !b->race)
        return xstrdup("graded by the race lane");
    if (b->silent_only && c->race == RACE_REPORT)
        return xstrdup("graded by race=program"); // a runtime may order more than Go promises
    if (c->tier > o->tier)
        return format("runs in the %s tier", tier_name[c->tier]);
    char *release = skip_by_release(b, c);
    if (release)
        return release;
    for (size_t i = 0; i < c->needs.len; i++)
        if (!vec_has(&b->capabilities, c->needs.at[i]))
            return format("needs %s", (char *)c->needs.at[i]);
    if (c->rule->precise && !vec_has(&b->capabilities, "precise"))
        return xstrdup("needs precise");
    if (c->rule->strength == MYTH && !b->gc_profile)
        return xstrdup("needs the gc profile");
    if (c->file->tags && !tags_hold(c->file->tags, b->minor, &b->tags))
        return vec_has(&b->tags, "gomem") || !strstr(c->file->tags, "gomem")
                   ? format("its file is built with %s", c->file->tags)
                   : xstrdup("needs probe");
    return NULL;
}

static struct plan make_plan(const struct suite *suite, const struct backend *b, const struct options *o)
{
    struct plan plan = {.suite = suite, .items = xalloc((suite->cases.len + 1) * sizeof *plan.items)};
    for (size_t i = 0, n = 0; i < suite->cases.len; i++) {
        struct kase *c = suite->cases.at[i];
        if (!is_selected(b, c, o))
            continue;
        if (o->shards && (int)(n++ % (size_t)o->shards) + 1 != o->shard)
            continue;
        struct item *it = &plan.items[plan.len++];
        it->c = c;
        it->skip = skip_reason(b, c, o);
        if (c->error)
            it->unbuilt = c->error; // so that no backend builds it
    }
    if (b->expect)
        expect_apply(&plan, b->expect);
    for (size_t i = 0; i < o->expect.len; i++)
        expect_apply(&plan, o->expect.at[i]);
    return plan;
}

// ---- the check ----

struct check {
    struct header header;
    const struct output_format *format[2];
    FILE *file[2];
    int outputs;
    bool progress;
};

static void add_output(struct check *k, const char *format_name, FILE *f)
{
    k->format[k->outputs] = output_format_named(format_name);
    k->file[k->outputs++] = f;
}

static void open_outputs(struct check *k, const struct options *o)
{
    k->progress = isatty(STDERR_FILENO);
    if (!o->output) {
        add_output(k, o->format, stdout);
        return;
    }
    FILE *f = fopen(o->output, "we");
    if (!f)
        die(EXIT_USAGE, "cannot write --output %s: %s", o->output, strerror(errno));
    add_output(k, "tap", stdout);
    add_output(k, o->format, f);
}

static void clear_progress(const struct check *k)
{
    if (k->progress)
        fputs("\r\033[K", stderr);
}

static void one_finished(void *context, size_t index)
{
    struct check *k = context;
    const struct plan *plan = k->header.plan;
    clear_progress(k);
    bool lost = true;
    for (int i = 0; i < k->outputs; i++) {
        k->format[i]->item(k->file[i], &k->header, index);
        lost &= ferror(k->file[i]) != 0;
    }
    if (lost) // nobody would see the rest
        die(EXIT_FAILED, "cannot write the results: %s", strerror(errno));
    if (k->progress && index + 1 < plan->len)
        fprintf(stderr, "[%zu/%zu] %s", index + 1, plan->len, plan->items[index + 1].c->name);
}

static void close_outputs(struct check *k, double seconds)
{
    clear_progress(k);
    int error = 0;
    for (int i = 0; i < k->outputs; i++) {
        errno = 0;
        k->format[i]->end(k->file[i], &k->header, seconds);
        bool failed = ferror(k->file[i]);
        if (k->file[i] == stdout ? fflush(stdout) : fclose(k->file[i]))
            failed = true;
        if (failed)
            error = errno ? errno : EIO;
    }
    if (error)
        die(EXIT_FAILED, "cannot write all results: %s", strerror(error));
}

static struct run_settings settings_of(const struct options *o)
{
    struct run_settings s = {.tier = o->tier,
                             .seed = o->seed,
                             .jobs = o->jobs,
                             .repeat = o->repeat,
                             .timeout = o->timeout,
                             .shard = o->shard,
                             .shards = o->shards,
                             .trace = o->trace,
                             .expect = o->expect,
                             .fail_fast = o->fail_fast,
                             .debug = o->debug};
    if (!o->seed_given)
        s.seed = (uint64_t)time(NULL) % 1000000007;
    if (o->debug)
        s.jobs = 1;
    return s;
}

int cmd_check(const struct options *o)
{
    if (o->operands.len)
        die(EXIT_USAGE, "check takes options only, not '%s'; see gomem check --help", (char *)o->operands.at[0]);
    struct catalog catalog = catalog_load(gomem_root());
    struct suite suite = suite_load(gomem_root(), &catalog);
    suite_require_known(&suite, &catalog, &o->rules);
    suite_require_known(&suite, &catalog, &o->exclude);
    struct backend_settings where = {gomem_root(), gomem_build_dir(), gomem_bin_dir(), o->build_timeout};
    struct backend *b = backend_open(o->backend, &where);
    if (o->trace && !b->trace_dir)
        die(EXIT_USAGE, "--trace-calls is for runtime backends; %s is a toolchain", b->spec);
    struct plan plan = make_plan(&suite, b, o);
    if (o->debug && plan.len != 1)
        die(EXIT_USAGE, "--debug takes one case, and %zu are selected: name it with --rule AREA/Name", plan.len);
    struct run_settings settings = settings_of(o);
    struct check k = {.header = {b, &plan, &settings, gomem_program, false}};
    open_outputs(&k, o);
    b->build(b, &plan);
    double start = now_seconds();
    for (int i = 0; i < k.outputs; i++)
        k.format[i]->begin(k.file[i], &k.header);
    k.header.interrupted = !run_plan(b, &plan, &settings, one_finished, &k);
    close_outputs(&k, now_seconds() - start);
    if (k.header.interrupted)
        die(EXIT_FAILED, "interrupted");
    return exit_status(&plan);
}
