// gomem list, explain, lint: the catalogue and its links to cases and faults.
#include <stdlib.h>
#include <string.h>

#include "commands.h"

struct book {
    struct catalog catalog;
    struct suite suite;
    struct vec faults;      // ids of rules that some fault must break
    struct vec fault_names; // of each fault
};

// load_faults reads backends/faults/faults.tsv: a line is a fault's name, the rules it must break, those it may, and what it does.
static void load_faults(struct book *b, const char *root)
{
    char *text = read_file(format("%s/backends/faults/faults.tsv", root), NULL);
    struct vec lines = text ? split(text, "\n") : (struct vec){0};
    for (size_t i = 0; i < lines.len; i++) {
        char *line = lines.at[i];
        char *tab = *line == '#' ? NULL : strchr(line, '\t');
        char *end = tab ? strchr(tab + 1, '\t') : NULL;
        if (!end)
            continue;
        *end = 0;
        vec_push(&b->fault_names, xstrndup(line, (size_t)(tab - line)));
        struct vec ids = split(tab + 1, " ");
        for (size_t k = 0; k < ids.len; k++)
            vec_push(&b->faults, ids.at[k]);
    }
}

static struct book load_book(void)
{
    struct book b = {.catalog = catalog_load(gomem_root())};
    b.suite = suite_load(gomem_root(), &b.catalog);
    load_faults(&b, gomem_root());
    return b;
}

static size_t cases_of(const struct book *b, const struct rule *r)
{
    size_t n = 0;
    for (size_t i = 0; i < b->suite.cases.len; i++)
        n += ((struct kase *)b->suite.cases.at[i])->rule == r;
    return n;
}

static size_t faults_of(const struct book *b, const struct rule *r)
{
    size_t n = 0;
    for (size_t i = 0; i < b->faults.len; i++)
        n += !strcmp(b->faults.at[i], r->id);
    return n;
}

static bool wanted(const struct book *b, const struct rule *r, const struct vec *patterns)
{
    if (!patterns->len)
        return true;
    for (size_t i = 0; i < patterns->len; i++) {
        const char *p = patterns->at[i];
        if (glob(p, r->id))
            return true;
        for (size_t k = 0; strchr(p, '/') && k < b->suite.cases.len; k++) {
            const struct kase *c = b->suite.cases.at[k];
            if (c->rule == r && glob(p, c->name))
                return true;
        }
    }
    return false;
}

static void list_cases(const struct book *b, const struct vec *patterns)
{
    for (size_t i = 0; i < b->suite.cases.len; i++) {
        const struct kase *c = b->suite.cases.at[i];
        bool shown = !patterns->len;
        for (size_t k = 0; k < patterns->len; k++)
            shown |= case_matches(c, patterns->at[k]);
        if (shown)
            printf("%-44s %-30s cases/%s:%d\n", c->name, c->rule_id ? c->rule_id : "?", c->file->path, c->line);
    }
}

static const char *marks(const struct rule *r)
{
    return r->src && r->precise ? "SRC,PRECISE" : r->src ? "SRC" : r->precise ? "PRECISE" : "-";
}

// needs_fault: only rules that a backend can break have a fault; a FREE rule's is a surplus edge that silences the oracle.
static bool needs_fault(const struct rule *r)
{
    return r->strength != MYTH;
}

static bool names_something(const struct book *b, const char *pattern)
{
    bool known = false;
    for (size_t i = 0; i < b->catalog.len; i++)
        known |= glob(pattern, b->catalog.rules[i].id);
    for (size_t i = 0; i < b->suite.cases.len; i++)
        known |= case_matches(b->suite.cases.at[i], pattern);
    return known;
}

static void require_known(const struct book *b, const struct vec *patterns)
{
    for (size_t i = 0; i < patterns->len; i++)
        if (!names_something(b, patterns->at[i]))
            die(EXIT_USAGE, "no rule and no case is called '%s'; see gomem list", (char *)patterns->at[i]);
}

int cmd_list(const struct options *o)
{
    struct book b = load_book();
    require_known(&b, &o->operands);
    if (o->cases) {
        list_cases(&b, &o->operands);
        return EXIT_CONFORMS;
    }
    size_t shown = 0, without_case = 0, without_fault = 0;
    for (size_t i = 0; i < b.catalog.len; i++) {
        const struct rule *r = &b.catalog.rules[i];
        size_t cases = cases_of(&b, r), faults = faults_of(&b, r);
        bool gap = !cases || (needs_fault(r) && !faults);
        if (!wanted(&b, r, &o->operands) || (o->gaps && !gap))
            continue;
        shown++;
        without_case += !cases;
        without_fault += needs_fault(r) && !faults;
        if (o->gaps)
            printf("%-34s %s%s%s\n", r->id, cases ? "" : "no case", !cases && needs_fault(r) && !faults ? ", " : "",
                   needs_fault(r) && !faults ? "no fault" : "");
        else
            printf("%-34s %-4s %-11s %2zu case%s %2zu fault%s  %s\n", r->id, strength_name[r->strength], marks(r),
                   cases, cases == 1 ? " " : "s", faults, faults == 1 ? " " : "s", r->claim);
    }
    printf("# %zu of %zu rules; %zu without a case, %zu without a fault\n", shown, b.catalog.len, without_case,
           without_fault);
    return EXIT_CONFORMS;
}

static const char *const strength_meaning[STRENGTHS] = {
    "every backend must hold it: it is the language or the memory model",
    "what the standard toolchain does; a failure for backends with the gc profile, a difference for others",
    "a non-guarantee: the race detector must report the program",
    "a claim found in writing that the standard toolchain refutes",
};

static void explain(const struct book *b, const struct rule *r)
{
    printf("%s\n  %s\n\n  strength  %s: %s\n", r->id, r->claim, strength_name[r->strength],
           strength_meaning[r->strength]);
    if (r->src)
        puts("  SRC       decided by the compiler: on a runtime backend the verdict is on gomem's compiler");
    if (r->precise)
        puts("  PRECISE   demanded of precise collectors only");
    if (r->since.minor)
        printf("  since     %s\n", bound_text(r->since));
    if (r->until.minor)
        printf("  until     %s\n", bound_text(r->until));
    printf("  source    %s\n", r->source);
    for (size_t i = 0; i < b->suite.cases.len; i++) {
        const struct kase *c = b->suite.cases.at[i];
        if (c->rule == r)
            printf("  case      %s (cases/%s:%d)\n            %s\n", c->name, c->file->path, c->line, c->claim);
    }
    printf("  faults    %zu\n\n", faults_of(b, r));
}

int cmd_explain(const struct options *o)
{
    struct book b = load_book();
    if (!o->operands.len)
        die(EXIT_USAGE, "explain needs a rule; see gomem list");
    for (size_t k = 0; k < o->operands.len; k++) {
        bool found = false;
        struct vec one = {0};
        vec_push(&one, o->operands.at[k]);
        for (size_t i = 0; i < b.catalog.len; i++)
            if (wanted(&b, &b.catalog.rules[i], &one)) {
                explain(&b, &b.catalog.rules[i]);
                found = true;
            }
        if (!found)
            die(EXIT_USAGE, "no rule and no case is called '%s'; see gomem list", (char *)o->operands.at[k]);
    }
    return EXIT_CONFORMS;
}

// lint_faults holds faults.tsv to the catalogue: what a fault must break is a rule with a case, and its name is its own.
static size_t lint_faults(const struct book *b)
{
    static const char table[] = "backends/faults/faults.tsv";
    size_t wrong = 0;
    for (size_t i = 0; i < b->faults.len; i++) {
        const struct rule *r = catalog_find(&b->catalog, b->faults.at[i]);
        if (r && cases_of(b, r))
            continue;
        printf(r ? "%s: rule %s has no case that could catch it\n" : "%s: no rule %s in the catalogue\n", table,
               (char *)b->faults.at[i]);
        wrong++;
    }
    for (size_t i = 0; i < b->fault_names.len; i++)
        for (size_t k = 0; k < i; k++)
            if (!strcmp(b->fault_names.at[i], b->fault_names.at[k])) {
                printf("%s: two faults are called %s\n", table, (char *)b->fault_names.at[i]);
                wrong++;
            }
    return wrong;
}

int cmd_lint(const struct options *o)
{
    if (o->operands.len)
        die(EXIT_USAGE, "lint takes nothing");
    struct book b = load_book();
    size_t wrong = 0;
    for (char **e = b.catalog.errors; *e; e++, wrong++)
        printf("spec/%s\n", *e);
    for (size_t i = 0; i < b.suite.cases.len; i++) {
        const struct kase *c = b.suite.cases.at[i];
        if (c->error) {
            puts(c->error);
            wrong++;
        }
    }
    wrong += lint_faults(&b);
    printf("# %zu rules, %zu cases, %zu faults: %zu wrong\n", b.catalog.len, b.suite.cases.len, b.fault_names.len,
           wrong);
    return wrong ? EXIT_FAILED : EXIT_CONFORMS;
}
