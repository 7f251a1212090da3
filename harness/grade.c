// See grade.h. The rules of grading are those of cases/README.md, "Verdicts"; the first thing that is wrong is the message.
#include "grade.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

enum { RACE_STATUS = 66 }; // GORACE exitcode, see toolchain.c

// What a report begins with: Go's, and that of the detector under compiled cases.
static const char *const race_banners[] = {"WARNING: DATA RACE", "WARNING: ThreadSanitizer: "};

const char *const verdict_name[VERDICTS] = {
    "pass", "fail", "crash", "timeout", "difference", "skip", "expected failure", "unexpected pass"};

// ---- texts ----

// find_text returns where the text's match behind s ends, NULL when there is none. /RE/ is an extended regular expression;
// start is the beginning of what s is in the middle of.
static const char *find_text(const char *start, const char *s, const char *text)
{
    size_t n = strlen(text);
    if (n < 3 || *text != '/' || text[n - 1] != '/') {
        const char *at = strstr(s, text);
        return at ? at + n : NULL;
    }
    regex_t re;
    regmatch_t match;
    char *pattern = xstrndup(text + 1, n - 2);
    if (regcomp(&re, pattern, REG_EXTENDED | REG_NEWLINE))
        return NULL;
    bool found = !regexec(&re, s, 1, &match, s > start && s[-1] != '\n' ? REG_NOTBOL : 0);
    regfree(&re);
    free(pattern);
    return found ? s + match.rm_eo : NULL;
}

static char *check_texts(const struct vec *texts, const char *s, const char *where)
{
    const char *start = s;
    for (size_t i = 0; i < texts->len; i++) {
        s = find_text(start, s, texts->at[i]);
        if (!s)
            return format("'%s' is not on %s%s", (char *)texts->at[i], where, i ? " behind the texts before it" : "");
    }
    return NULL;
}

// ---- outcomes ----

static const struct outcome *find_outcome(const struct kase *c, const char *key)
{
    for (size_t i = 0; i < c->outcomes.len; i++) {
        const struct outcome *o = c->outcomes.at[i];
        if (!strcmp(o->key, key))
            return o;
    }
    return NULL;
}

static bool was_seen(const struct report *r, const char *key)
{
    for (size_t i = 0; i < r->outcomes.len; i++) {
        const struct observed *o = r->outcomes.at[i];
        if (!strcmp(o->key, key) && o->count)
            return true;
    }
    return false;
}

// check_outcomes: what must be seen is asked for everywhere but in a race lane, whose few slow iterations judge the order alone.
static char *check_outcomes(const struct kase *c, const struct report *r, bool race)
{
    for (size_t i = 0; i < r->outcomes.len; i++) {
        const struct observed *seen = r->outcomes.at[i];
        const struct outcome *o = find_outcome(c, seen->key);
        if (!o)
            return format("outcome '%s' is not in the table (seen %ld times)", seen->key, seen->count);
        if (o->grade == FORBIDDEN)
            return format("forbidden outcome '%s' seen %ld times%s%s", o->key, seen->count, *o->why ? ": " : "",
                          o->why);
    }
    for (size_t i = 0; i < c->outcomes.len; i++) {
        const struct outcome *o = c->outcomes.at[i];
        if (o->grade == REQUIRED && !race && !was_seen(r, o->key))
            return format("required outcome '%s' was never seen%s%s", o->key, *o->why ? ": " : "", o->why);
    }
    return c->outcomes.len && !r->outcomes.len ? xstrdup("the case has an outcome table but observed nothing") : NULL;
}

// ---- one run ----

// last_words is the line of stderr that best says why a process died.
static char *last_words(const struct child_result *r)
{
    const char *err = buf_text(&r->stream[STREAM_ERR]);
    const char *const signs[] = {"fatal error: ", "panic: ", "SIG"};
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        const char *at = strstr(err, signs[i]);
        if (at)
            return format(": %s", excerpt(at));
    }
    return *err ? format(": %s", excerpt(err)) : xstrdup("");
}

static char *check_ending(const struct kase *c, const struct child_result *r, const struct child_spec *spec,
                          const struct report *report, int clean_status)
{
    char *ended = ending_text(r, spec);
    bool function = c->kind == FUNCTION;
    if (r->ending != ENDED_EXIT)
        return format("the process %s%s", ended, r->ending == ENDED_SIGNAL ? last_words(r) : "");
    if (function && !report->begun)
        return format("the process %s before the case began%s", ended, last_words(r));
    if (c->dies && report->done)
        return format("the case returned; it must end the process with status %d", c->exit);
    if (c->dies)
        return r->status == c->exit ? NULL : format("the process %s, not %d%s", ended, c->exit, last_words(r));
    if (!report->done)
        return format("the process %s before the case returned%s%s", ended, last_words(r),
                      report->garbled ? format("; the verdict pipe carried '%s'", report->garbled) : "");
    return r->status == clean_status ? NULL : format("the process %s after the case returned%s", ended, last_words(r));
}

static bool reports_race(const struct child_result *r)
{
    for (size_t i = 0; i < COUNT_OF(race_banners); i++)
        if (strstr(buf_text(&r->stream[STREAM_ERR]), race_banners[i]))
            return true;
    return false;
}

// check_race judges what the race detector said: a report where none may be, or none where one must be.
static char *check_race(const struct kase *c, const struct child_result *r)
{
    bool banner = reports_race(r);
    if (c->race == RACE_REPORT && !banner)
        return xstrdup("the race detector reported nothing; the program has a race");
    if (c->race == RACE_SILENT && banner)
        return xstrdup("the race detector reported a race in a program that has none");
    return NULL;
}

// first_report finds Valgrind's first error block in what a process printed: lines that begin with ==PID==, up to an empty one. NULL: none.
static char *first_report(const char *err)
{
    struct buf b = {0};
    for (; *err; err += strcspn(err, "\n"), err += *err == '\n') {
        size_t n = strcspn(err, "\n"), digits = starts_with(err, "==") ? strspn(err + 2, "0123456789") : 0;
        if (!digits || !starts_with(err + 2 + digits, "=="))
            continue;
        const char *text = err + digits + 4;
        if (strspn(text, " ") >= n - digits - 4 && b.len)
            break;
        if (starts_with(text, " Thread "))
            continue;
        buf_add(&b, text + (*text == ' '), n - digits - 4 - (*text == ' '));
        buf_puts(&b, "\n");
    }
    return b.data;
}

// left_behind counts the processes that the case left, without the one that gave the detector's report its lines.
static int left_behind(const struct backend *b, const struct child_result *r)
{
    bool symbolizer = r->leftovers && b->race && b->runner.len && reports_race(r);
    return r->leftovers - symbolizer;
}

static enum verdict verdict_of_ending(const struct kase *c, const struct child_result *r)
{
    if (r->ending == ENDED_TIMEOUT)
        return TIMEOUT;
    if (r->ending == ENDED_SIGNAL || (r->ending == ENDED_EXIT && r->status && !c->dies))
        return CRASH;
    return FAIL;
}

struct grading grade_run(const struct backend *b, const struct kase *c, const struct child_result *r,
                         const struct child_spec *spec)
{
    struct grading g = {.verdict = FAIL, .report = report_parse(buf_text(&r->stream[STREAM_VERDICT]), spec->token)};
    const struct report *report = &g.report;
    int clean_status = b->race && c->race == RACE_REPORT ? RACE_STATUS : 0;
    char *race = b->race ? check_race(c, r) : NULL;
    g.seen = b->memcheck ? first_report(buf_text(&r->stream[STREAM_ERR])) : NULL;
    if (b->runner.len && report->skip && r->ending == ENDED_EXIT) {
        g.verdict = SKIP;
        g.text = report->skip;
        return g;
    }
    if (g.seen) {
        g.text = format("Valgrind: %s", excerpt(g.seen));
        return g;
    }
    bool killed = r->ending != ENDED_EXIT && r->ending != ENDED_SIGNAL;
    if (!killed && report->fails.len)
        g.text = format("%s%s", (char *)report->fails.at[0],
                        report->fails.len > 1 ? format(" (and %zu more)", report->fails.len - 1) : "");
    else if (!killed && race)
        g.text = race;
    else if ((g.text = check_ending(c, r, spec, report, clean_status)))
        g.verdict = verdict_of_ending(c, r);
    else if (report->garbled)
        g.text = format("the verdict pipe carried a line that is none of the protocol's: %s", report->garbled);
    else if (left_behind(b, r))
        g.text = format("it left %d process%s behind (killed)", left_behind(b, r), left_behind(b, r) == 1 ? "" : "es");
    else if (!(g.text = check_texts(&c->errs, buf_text(&r->stream[STREAM_ERR]), "stderr")) &&
             !(g.text = check_texts(&c->outs, buf_text(&r->stream[STREAM_OUT]), "stdout")) &&
             !(g.text = check_outcomes(c, report, b->race)))
        g.verdict = PASS;
    return g;
}

// ---- messages ----

struct grading grade_messages(const struct backend *b, const struct item *it)
{
    struct grading g = {.verdict = FAIL};
    const struct kase *c = it->c;
    bool *used = xalloc(it->messages.len + 1);
    size_t wrong = 0;
    char *first = NULL;
    for (size_t i = 0; i < c->wants.len; i++) {
        const struct want *w = c->wants.at[i];
        if (!within_bounds(b, w->since, w->until))
            continue;
        size_t k = 0;
        for (; k < it->messages.len; k++) {
            const struct message *m = it->messages.at[k];
            if (!used[k] && m->line == w->line && !strcmp(m->text, w->message))
                break;
        }
        if (k < it->messages.len)
            used[k] = true;
        else if (!wrong++)
            first = format("cases/%s:%d: missing: %s", c->file->path, w->line, w->message);
    }
    for (size_t k = 0; k < it->messages.len; k++) {
        const struct message *m = it->messages.at[k];
        if (!used[k] && !wrong++)
            first =
                format("cases/%s:%d: %s%s", c->file->path, m->line, c->kind == DIAGNOSTICS ? "surplus: " : "", m->text);
    }
    if (!wrong)
        g.verdict = PASS;
    else
        g.text = wrong == 1 ? first : format("%s (and %zu more)", first, wrong - 1);
    free(used);
    return g;
}

// ---- verdicts ----

void settle(const struct backend *b, struct item *it)
{
    bool failed = is_bad(it->verdict);
    if (it->c->error)
        return; // a malformed case is the suite's fault, whatever is expected of the backend
    if (it->expected && it->verdict == PASS) {
        it->verdict = XPASS;
        it->text = format("it passes, although it is listed as an expected failure (%s): remove it from the list",
                          it->expected);
    } else if (it->expected && failed) {
        it->verdict = XFAIL;
    } else if (failed && it->verdict != TIMEOUT && it->c->rule && it->c->rule->strength == IMPL && !b->gc_profile) {
        it->verdict = DIFFERENCE;
    }
}
