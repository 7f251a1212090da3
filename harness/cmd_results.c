// gomem merge and diff: checks whose results were written as JSON lines, joined and compared.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "output.h"
#include "results.h"

// ---- merge ----

// require_alike refuses results that are not of one check: another backend, lane, tier or release.
static void require_alike(const struct results *a, const struct results *b)
{
    const struct backend *x = &a->backend, *y = &b->backend;
    if (strcmp(x->title, y->title) || x->race != y->race || a->settings.tier != b->settings.tier)
        die(EXIT_USAGE, "%s and %s are not of one check: %s (%s), %s (%s)", a->path, b->path, x->title,
            tier_name[a->settings.tier], y->title, tier_name[b->settings.tier]);
    if (a->settings.shards != b->settings.shards)
        die(EXIT_USAGE, "%s and %s are cut differently: into %d and %d shards", a->path, b->path, a->settings.shards,
            b->settings.shards);
}

// require_all refuses shards of which one is missing or given twice.
static void require_all(const struct vec *all)
{
    const struct results *first = all->at[0];
    int shards = first->settings.shards;
    for (int s = 1; s <= shards; s++) {
        const struct results *found = NULL;
        for (size_t i = 0; i < all->len; i++) {
            const struct results *r = all->at[i];
            if (r->settings.shard == s && found)
                die(EXIT_USAGE, "%s and %s are both shard %d/%d", found->path, r->path, s, shards);
            if (r->settings.shard == s)
                found = r;
        }
        if (!found)
            die(EXIT_USAGE, "shard %d/%d is missing", s, shards);
    }
}

// require_parts refuses shards whose sizes are not those of one list that was dealt out: then they are of several selections.
static void require_parts(const struct vec *all)
{
    size_t total = 0, shards = all->len;
    for (size_t i = 0; i < shards; i++)
        total += ((struct results *)all->at[i])->plan.len;
    for (size_t i = 0; i < shards; i++) {
        const struct results *r = all->at[i];
        size_t due = total / shards + ((size_t)r->settings.shard <= total % shards);
        if (r->settings.shards && r->plan.len != due)
            die(EXIT_USAGE,
                "%s holds %zu cases, and shard %d/%zu of all %zu has %zu: not all are shards of the same cases",
                r->path, r->plan.len, r->settings.shard, shards, total, due);
    }
}

static int by_name(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    return strcmp(x->c->name, y->c->name);
}

// join puts the items of all into the first, in the order of a check.
static struct results *join(const struct vec *all)
{
    struct results *whole = all->at[0];
    struct plan *plan = &whole->plan;
    for (size_t i = 1; i < all->len; i++) {
        const struct results *r = all->at[i];
        plan->items = xrealloc(plan->items, (plan->len + r->plan.len + 1) * sizeof *plan->items);
        memcpy(plan->items + plan->len, r->plan.items, r->plan.len * sizeof *plan->items);
        plan->len += r->plan.len;
        whole->seconds += r->seconds;
    }
    if (plan->len)
        qsort(plan->items, plan->len, sizeof *plan->items, by_name);
    whole->suite.areas.len = 0;
    for (size_t i = 0; i < plan->len; i++) {
        const struct kase *c = plan->items[i].c;
        if (i && !strcmp(c->name, plan->items[i - 1].c->name))
            die(EXIT_USAGE, "the case %s is in several of the files", c->name);
        if (!vec_has(&whole->suite.areas, c->area))
            vec_push(&whole->suite.areas, c->area);
    }
    whole->settings.shards = 0;
    return whole;
}

static void write_results(const struct results *r, const char *format, FILE *f)
{
    const struct output_format *out = output_format_named(format);
    out->begin(f, &r->header);
    for (size_t i = 0; i < r->plan.len; i++)
        out->item(f, &r->header, i);
    out->end(f, &r->header, r->seconds);
}

int cmd_merge(const struct options *o)
{
    struct vec all = {0};
    for (size_t i = 0; i < o->operands.len; i++)
        vec_push(&all, results_read(o->operands.at[i]));
    if (!all.len)
        die(EXIT_USAGE, "merge needs files; see gomem merge --help");
    for (size_t i = 0; i < all.len; i++) {
        const struct results *r = all.at[i];
        if (r->lacks)
            die(EXIT_FAILED, "%s is not all of a check: %s", r->path, r->lacks);
        require_alike(all.at[0], r);
    }
    require_all(&all);
    require_parts(&all);
    const struct results *whole = join(&all);
    FILE *f = o->output ? fopen(o->output, "we") : NULL;
    if (o->output && !f)
        die(EXIT_USAGE, "cannot write --output %s: %s", o->output, strerror(errno));
    if (f)
        write_results(whole, o->format, f);
    if (f && (ferror(f) | fclose(f)))
        die(EXIT_FAILED, "cannot write all results: %s", strerror(errno));
    write_results(whole, f ? "tap" : o->format, stdout);
    return exit_status(&whole->plan);
}

// ---- diff ----

// grade ranks verdicts from what holds to what counts against the backend.
static int grade(enum verdict v)
{
    return v == PASS ? 0 : v == SKIP ? 1 : v == DIFFERENCE || v == XFAIL ? 2 : 3;
}

enum change { WORSE, BETTER, OTHERWISE, CHANGES };
static const char *const change_name[CHANGES] = {"worse", "better", "changed"};

// compare tells what a change of verdict means; a or b NULL: the case was not selected there. A case that is no longer run is no better and
// no worse.
static enum change compare(const struct item *a, const struct item *b)
{
    int from = a ? grade(a->verdict) : 1, to = b ? grade(b->verdict) : 1;
    if (to > from && to > 1)
        return WORSE;
    return from > to && from > 1 && to != 1 ? BETTER : OTHERWISE;
}

static void print_change(const struct item *a, const struct item *b)
{
    const struct item *it = b ? b : a;
    printf("%-8s %s %s: %s -> %s", change_name[compare(a, b)], it->c->rule_id, it->c->name,
           a ? verdict_name[a->verdict] : "absent", b ? verdict_name[b->verdict] : "absent");
    printf("%s%s\n", b && b->text && b->verdict != PASS ? ": " : "",
           b && b->text && b->verdict != PASS ? excerpt(b->text) : "");
}

static bool differs(const struct item *a, const struct item *b)
{
    return !a || !b || a->verdict != b->verdict;
}

int cmd_diff(const struct options *o)
{
    if (o->operands.len != 2)
        die(EXIT_USAGE, "diff needs two files, the older one first; see gomem diff --help");
    const struct results *a = results_read(o->operands.at[0]), *b = results_read(o->operands.at[1]);
    size_t n[CHANGES] = {0}, same = 0;
    printf("# from %s (%s)\n# to %s (%s)\n", a->path, a->backend.title, b->path, b->backend.title);
    for (int k = 0; k < CHANGES; k++) { // what is worse first
        for (size_t i = 0; i < b->plan.len; i++) {
            const struct item *new = &b->plan.items[i], *old = results_find(a, new->c->name);
            bool is = differs(old, new);
            same += !is && !k;
            if (is && compare(old, new) == (enum change)k && ++n[k])
                print_change(old, new);
        }
        for (size_t i = 0; i < a->plan.len; i++) {
            const struct item *old = &a->plan.items[i];
            if (!results_find(b, old->c->name) && compare(old, NULL) == (enum change)k && ++n[k])
                print_change(old, NULL);
        }
    }
    printf("# %zu worse, %zu better, %zu changed, %zu as before\n", n[WORSE], n[BETTER], n[OTHERWISE], same);
    if (a->lacks)
        printf("# %s is not all of a check: %s\n", a->path, a->lacks);
    if (b->lacks)
        printf("# %s is not all of a check: %s\n", b->path, b->lacks);
    return n[WORSE] || b->lacks ? EXIT_FAILED : EXIT_CONFORMS;
}
