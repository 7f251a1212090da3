// See run.h. A job is one run of one item. Jobs start in plan order as places come free; results are reported in plan order.
#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "child.h"
#include "grade.h"
#include "trace.h"

enum { KEEP_STREAM = 256 << 10, EXCERPT_LINES = 12, DEFAULT_MEMORY_MIB = 2048, SLOW_MEMORY_FACTOR = 4 };

struct job {
    struct item *item;
    struct child_spec spec;
    char *trace; // the file; NULL: none
    int run;     // 0 to repeat-1
};

struct runner {
    const struct backend *b;
    struct plan *plan;
    const struct run_settings *set;
    void (*finished)(void *, size_t);
    void *context;
    size_t next_item, reported;
    int next_run;
    bool halted; // no more jobs start: interrupted, or the first failure under fail_fast
    char *halt_reason;
};

uint64_t seed_of(uint64_t seed, const char *name)
{
    uint64_t h = 14695981039346656037u ^ seed * 0x9E3779B97F4A7C15u;
    for (const char *p = name; *p; p++)
        h = (h ^ (unsigned char)*p) * 1099511628211u;
    return h ? h : 1;
}

static char *fresh_token(void)
{
    uint64_t r[2] = {0};
    if (getrandom(r, sizeof r, 0) != (ssize_t)sizeof r)
        die(EXIT_BACKEND, "cannot get random bytes");
    return format("%016lx%016lx", (unsigned long)r[0], (unsigned long)r[1]);
}

static double timeout_of(const struct runner *w, const struct kase *c)
{
    double seconds = c->timeout > w->set->timeout ? c->timeout : w->set->timeout;
    return seconds * w->b->time_factor;
}

static long memory_of(const struct runner *w, const struct kase *c)
{
    long mib = c->memory_mib > DEFAULT_MEMORY_MIB ? c->memory_mib : DEFAULT_MEMORY_MIB;
    return w->b->slow ? mib * SLOW_MEMORY_FACTOR : mib;
}

static char *trace_name(const char *name)
{
    char *s = xstrdup(name);
    for (char *p = s; *p; p++)
        *p = *p == '/' ? '.' : *p;
    return s;
}

static void start_job(struct runner *w, struct item *it, int run)
{
    struct job *j = xalloc(sizeof *j);
    const struct kase *c = it->c;
    struct vec argv = {0}, env = {0};
    for (size_t i = 0; i < w->b->runner.len; i++)
        vec_push(&argv, w->b->runner.at[i]);
    vec_push(&argv, it->program);
    if (c->kind == FUNCTION)
        vec_push(&argv, c->name);
    for (size_t i = 0; i < w->b->environment.len; i++)
        vec_push(&env, w->b->environment.at[i]);
    if (w->b->slow &&
        w->set->tier == QUICK) // a detector sees a missing edge in the first trials, at ten times the cost
        vec_push(&env, "GOMEM_TRIALS=10000");
    vec_push(&env, format("GOMEM_TIER=%s", tier_name[w->set->tier]));
    vec_push(&env, format("GOMEM_SEED=%lu", (unsigned long)seed_of(w->set->seed + (uint64_t)run, c->name)));
    for (size_t i = 0; i < c->env.len; i++)
        vec_push(&env, c->env.at[i]);
    if (w->set->trace) {
        j->trace = format("%s/%s.%d.trace", w->b->trace_dir, trace_name(c->name), run);
        make_parent_dirs(j->trace);
        vec_push(&env, format("GOMEM_TRACE=%s", j->trace));
    }
    bool debug = w->set->debug;
    j->item = it;
    j->run = run;
    j->spec = (struct child_spec){
        .argv = (char **)argv.at,
        .env = env,
        .token = fresh_token(),
        .timeout = debug ? 0 : timeout_of(w, c),
        .memory_mib = debug ? 0 : memory_of(w, c),
        .verdict = true,
        .terminal = debug,
        .keep = KEEP_STREAM,
        .tag = j,
    };
    pool_start(&j->spec);
}

// ---- results ----

// excerpt_lines keeps the first lines of what a process printed.
static char *excerpt_lines(const char *text)
{
    struct buf b = {0};
    for (int i = 0; i < EXCERPT_LINES && *text; i++) {
        size_t n = strcspn(text, "\n");
        buf_add(&b, text, n < 400 ? n : 400);
        buf_puts(&b, "\n");
        text += n + (text[n] == '\n');
    }
    if (*text)
        buf_puts(&b, "...\n");
    return b.data;
}

static void add_outcomes(struct item *it, const struct vec *seen)
{
    for (size_t i = 0; i < seen->len; i++) {
        const struct observed *o = seen->at[i];
        size_t k = 0;
        while (k < it->outcomes.len && strcmp(((struct observed *)it->outcomes.at[k])->key, o->key))
            k++;
        if (k == it->outcomes.len) {
            struct observed *fresh = xalloc(sizeof *fresh);
            fresh->key = xstrdup(o->key);
            vec_push(&it->outcomes, fresh);
        }
        ((struct observed *)it->outcomes.at[k])->count += o->count;
    }
}

// halt_if_bad stops at the first failure, also in the midst of an item's runs: it is the verdict of a copy that is settled.
static void halt_if_bad(struct runner *w, struct item it)
{
    settle(w->b, &it);
    if (w->set->fail_fast && is_bad(it.verdict) && !w->halted) {
        w->halted = true;
        w->halt_reason = "not run: --fail-fast stopped at an earlier failure";
    }
}

static void take_grading(struct runner *w, struct item *it, const struct grading *g, const struct child_result *r,
                         int run)
{
    it->runs++;
    add_outcomes(it, &g->report.outcomes);
    for (size_t i = 0; i < g->report.notes.len && it->notes.len < 20; i++)
        vec_push(&it->notes, xstrdup(g->report.notes.at[i]));
    if (g->verdict == PASS)
        return;
    if (g->verdict == SKIP) {
        it->verdict = SKIP;
        it->text = g->text;
        return;
    }
    if (!it->failed++) { // the first failure is the one that is told
        if (it->program && is_dir(format("%s.src", it->program)))
            it->generated = format("%s.src", it->program);
        it->verdict = g->verdict;
        it->text = g->text;
        const char *err = g->seen ? g->seen : r ? buf_text(&r->stream[STREAM_ERR]) : "";
        it->output = *err ? excerpt_lines(err) : NULL;
        it->first_failed_run = run;
    }
    halt_if_bad(w, *it);
}

static void finish_item(struct runner *w, struct item *it)
{
    if (it->failed && it->runs > 1)
        it->text = format("%d of %d runs failed; the first: %s", it->failed, it->runs, it->text);
    settle(w->b, it);
    halt_if_bad(w, *it);
    it->finished = true;
}

static void report_finished(struct runner *w)
{
    while (w->reported < w->plan->len && w->plan->items[w->reported].finished)
        w->finished(w->context, w->reported++);
}

static void take_result(struct runner *w, struct child_result *r)
{
    struct job *j = r->tag;
    struct item *it = j->item;
    struct grading g = grade_run(w->b, it->c, r, &j->spec);
    it->seconds += r->seconds;
    if (r->peak_mib > it->peak_mib)
        it->peak_mib = r->peak_mib;
    bool first = !it->failed;
    take_grading(w, it, &g, r, j->run);
    if (j->trace) {
        if (first && it->failed)
            it->calls = trace_end(j->trace);
        unlink(j->trace);
    }
    child_result_free(r);
    if (it->runs == w->set->repeat)
        finish_item(w, it);
    free(j);
}

// ---- the schedule ----

static void set_verdict(struct item *it, enum verdict v, char *text)
{
    it->verdict = v;
    it->text = text;
}

// settle_without_run gives a verdict to the items that need no process; true when the item is one.
static bool settle_without_run(struct runner *w, struct item *it)
{
    if (it->skip) {
        set_verdict(it, SKIP, it->skip);
        it->finished = true;
        return true;
    }
    if (it->c->error || it->unbuilt) {
        set_verdict(it, FAIL, it->c->error ? it->c->error : format("it does not build: %s", it->unbuilt));
        it->failed = 1;
    } else if (it->c->kind == DIAGNOSTICS || it->c->kind == COMPILE) {
        struct grading g = grade_messages(w->b, it);
        take_grading(w, it, &g, NULL, 0);
    } else {
        return false;
    }
    finish_item(w, it);
    return true;
}

// start_next starts one job; false when there is none left.
static bool start_next(struct runner *w)
{
    while (!w->halted && w->next_item < w->plan->len) {
        struct item *it = &w->plan->items[w->next_item];
        if (w->next_run == 0 && settle_without_run(w, it)) {
            w->next_item++;
            continue;
        }
        start_job(w, it, w->next_run);
        if (++w->next_run == w->set->repeat) {
            w->next_item++;
            w->next_run = 0;
        }
        return true;
    }
    return false;
}

// skip_rest turns what has not run into skips, but never loses a failure that was seen.
static void skip_rest(struct runner *w)
{
    for (size_t i = 0; i < w->plan->len; i++) {
        struct item *it = &w->plan->items[i];
        if (it->finished)
            continue;
        if (it->failed)
            finish_item(w, it);
        else
            set_verdict(it, SKIP, w->halt_reason);
        it->finished = true;
    }
}

bool run_plan(const struct backend *b, struct plan *plan, const struct run_settings *settings,
              void (*finished)(void *, size_t), void *context)
{
    struct runner w = {.b = b, .plan = plan, .set = settings, .finished = finished, .context = context};
    bool interrupted = false;
    pool_open();
    for (;;) {
        while (pool_running() < settings->jobs && start_next(&w))
            report_finished(&w);
        report_finished(&w);
        if (!pool_running())
            break;
        bool stop = false;
        struct child_result r = pool_next(&stop);
        if (stop && !interrupted) {
            interrupted = w.halted = true;
            w.halt_reason = "not run: interrupted";
        }
        if (r.ending != ENDED_STOPPED) // what ended by itself counts, also in the moment of the interruption
            take_result(&w, &r);
        report_finished(&w);
    }
    skip_rest(&w);
    report_finished(&w);
    return !interrupted;
}
