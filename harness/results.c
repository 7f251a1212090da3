// See results.h.
#include "results.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "jsonread.h"

static bool is_true(const struct json *v, const char *key)
{
    const struct json *member = json_member(v, key);
    return member && member->kind == JSON_TRUE;
}

static void take_check(struct results *r, const struct json *v)
{
    struct bound bound;
    struct backend *b = &r->backend;
    b->spec = xstrdup(json_text(v, "backend", "?"));
    b->title = xstrdup(json_text(v, "title", "?"));
    b->race = !strcmp(json_text(v, "lane", ""), "race");
    b->gc_profile = is_true(v, "gc_profile");
    if (parse_bound(json_text(v, "release", ""), &bound))
        b->minor = bound.minor;
    if (parse_bound(json_text(v, "language", ""), &bound))
        b->language = bound.minor;
    for (int t = 0; t < TIERS; t++)
        if (!strcmp(json_text(v, "tier", ""), tier_name[t]))
            r->settings.tier = (enum tier)t;
    r->settings.seed = (uint64_t)json_number(v, "seed", 0);
    r->settings.repeat = (int)json_number(v, "repeat", 1);
    r->settings.jobs = (int)json_number(v, "jobs", 1);
    const char *shard = json_text(v, "shard", NULL);
    if (shard && sscanf(shard, "%d/%d", &r->settings.shard, &r->settings.shards) != 2)
        r->settings.shards = 0;
}

// rule_of makes up the rule that a result names: the catalogue may have changed since.
static const struct rule *rule_of(const struct json *v)
{
    const char *strength = json_text(v, "strength", "");
    struct rule *rule = xalloc(sizeof *rule);
    rule->id = xstrdup(json_text(v, "rule", "?"));
    rule->claim = xstrdup("");
    for (int s = 0; s < STRENGTHS; s++)
        if (!strcmp(strength, strength_name[s]))
            rule->strength = (enum strength)s;
    rule->src = is_true(v, "src");
    return *strength ? rule : NULL;
}

static struct kase *case_of(const struct json *v)
{
    struct kase *c = xalloc(sizeof *c);
    c->name = xstrdup(json_text(v, "name", "?"));
    c->area = xstrdup(json_text(v, "area", "?"));
    c->claim = xstrdup(json_text(v, "claim", ""));
    c->rule_id = xstrdup(json_text(v, "rule", "?"));
    c->rule = rule_of(v);
    c->file = xalloc(sizeof *c->file);
    char *at = xstrdup(json_text(v, "at", "cases/?:0")), *colon = strrchr(at, ':');
    if (colon) {
        *colon = 0;
        c->line = atoi(colon + 1);
    }
    c->file->path = starts_with(at, "cases/") ? at + strlen("cases/") : at;
    return c;
}

static char *text_or_null(const struct json *v, const char *key)
{
    const char *text = json_text(v, key, NULL);
    return text ? xstrdup(text) : NULL;
}

static void take_observations(struct item *it, const struct json *v)
{
    const struct json *outcomes = json_member(v, "outcomes"), *notes = json_member(v, "notes");
    for (size_t i = 0; outcomes && outcomes->kind == JSON_OBJECT && i < outcomes->at.len; i++) {
        struct observed *o = xalloc(sizeof *o);
        o->key = outcomes->keys.at[i];
        o->count = (long)((struct json *)outcomes->at.at[i])->number;
        vec_push(&it->outcomes, o);
    }
    for (size_t i = 0; notes && notes->kind == JSON_ARRAY && i < notes->at.len; i++)
        if (((struct json *)notes->at.at[i])->kind == JSON_STRING)
            vec_push(&it->notes, ((struct json *)notes->at.at[i])->string);
}

static bool take_case(struct results *r, const struct json *v)
{
    const char *verdict = json_text(v, "verdict", "");
    int k = 0;
    while (k < VERDICTS && strcmp(verdict, verdict_name[k]))
        k++;
    if (k == VERDICTS || !json_text(v, "name", NULL))
        return false;
    r->plan.items = xrealloc(r->plan.items, (r->plan.len + 1) * sizeof *r->plan.items);
    struct item *it = &r->plan.items[r->plan.len++];
    *it = (struct item){.c = case_of(v), .verdict = (enum verdict)k, .finished = true};
    it->text = text_or_null(v, "message");
    it->expected = text_or_null(v, "expected");
    it->output = text_or_null(v, "stderr");
    it->calls = text_or_null(v, "calls");
    it->generated = text_or_null(v, "generated");
    it->repeat = text_or_null(v, "repeat");
    it->runs = (int)json_number(v, "runs", 0);
    it->failed = (int)json_number(v, "failed", 0);
    it->seconds = json_number(v, "seconds", 0);
    it->peak_mib = (long)json_number(v, "peak_mib", 0);
    take_observations(it, v);
    if (!vec_has(&r->suite.areas, it->c->area))
        vec_push(&r->suite.areas, it->c->area);
    return true;
}

// What is read of a file beside its cases.
struct progress {
    int line;
    double announced;  // cases, by the check's line
    bool begun, ended; // its first line and its summary
    bool interrupted;
};

static void take_line(struct results *r, const char *line, struct progress *at)
{
    const struct json *v = json_read(line);
    const char *kind = json_text(v, "kind", NULL);
    if (!kind)
        die(EXIT_USAGE, "%s:%d: not a line of results (gomem check --format json): %.60s", r->path, at->line, line);
    bool check = !strcmp(kind, "check");
    if (check == at->begun && (check || !strcmp(kind, "case")))
        die(EXIT_USAGE, "%s:%d: %s", r->path, at->line,
            check ? "a second check begins: one file holds one check" : "a case before the line of its check");
    if (check) {
        at->begun = true;
        at->announced = json_number(v, "cases", 0);
        take_check(r, v);
    } else if (!strcmp(kind, "case") && !take_case(r, v)) {
        die(EXIT_USAGE, "%s:%d: a case without name or verdict", r->path, at->line);
    } else if (!strcmp(kind, "summary")) {
        at->ended = true;
        at->interrupted = is_true(v, "interrupted");
        r->seconds = json_number(v, "seconds", 0);
    }
}

// lacking says what of a check is not there. An interrupted one has skipped what it did not come to, and lines may be lost.
static char *lacking(const struct results *r, const struct progress *at)
{
    if (!at->ended)
        return xstrdup("it ends before its summary: that check did not come to its end");
    if (at->interrupted)
        return xstrdup("that check was interrupted");
    if ((double)r->plan.len != at->announced)
        return format("it holds %zu of its check's %.0f cases", r->plan.len, at->announced);
    return NULL;
}

struct results *results_read(const char *path)
{
    struct results *r = xalloc(sizeof *r);
    char *text = read_file(path, NULL);
    if (!text)
        die(EXIT_USAGE, "cannot read the results %s: %s", path, strerror(errno));
    r->path = path;
    struct progress at = {0};
    for (char *line = text, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        at.line++;
        if (*trim(line))
            take_line(r, line, &at);
    }
    if (!at.begun)
        die(EXIT_USAGE, "%s holds no results (gomem check --format json)", path);
    r->lacks = lacking(r, &at);
    r->plan.suite = &r->suite;
    r->header = (struct header){&r->backend, &r->plan, &r->settings, gomem_program, false};
    return r;
}

struct item *results_find(const struct results *r, const char *name)
{
    for (size_t i = 0; i < r->plan.len; i++)
        if (!strcmp(r->plan.items[i].c->name, name))
            return &r->plan.items[i];
    return NULL;
}
