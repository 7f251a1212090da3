// gomem list, explain, lint: the catalogue and its links to cases and faults.
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "faults.h"

struct book {
    struct catalog catalog;
    struct suite suite;
    struct vec faults; // struct fault *
    struct vec fault_errors;
};

static struct book load_book(void)
{
    struct book b = {.catalog = catalog_load(gomem_root())};
    b.suite = suite_load(gomem_root(), &b.catalog);
    b.faults = faults_load(gomem_root(), &b.fault_errors);
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
    for (size_t i = 0; i < b->faults.len; i++) {
        const struct fault *f = b->faults.at[i];
        n += !fault_missing(f) && vec_has(&f->must, r->id);
    }
    return n;
}

// why_no_fault is what the table or the rule itself says of that; NULL: nothing, so one is missing.
static const char *why_no_fault(const struct book *b, const struct rule *r)
{
    for (size_t i = 0; i < b->faults.len; i++) {
        const struct fault *f = b->faults.at[i];
        if (fault_missing(f) && vec_has(&f->must, r->id))
            return f->what;
    }
    if (r->until.minor)
        return format("it ends with %s, and ref emulates the newest release", bound_text(r->until));
    return NULL;
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

// needs_fault: what a backend can break. A FREE rule demands nothing, what is told of a MYTH is another rule's, and where the compiler
// decides golden results of toolchains are the measure.
static bool needs_fault(const struct rule *r)
{
    return (r->strength == LANG || r->strength == IMPL) && !r->src;
}

int cmd_list(const struct options *o)
{
    struct book b = load_book();
    suite_require_known(&b.suite, &b.catalog, &o->operands);
    if (o->cases) {
        list_cases(&b, &o->operands);
        return EXIT_CONFORMS;
    }
    size_t shown = 0, without_case = 0, without_fault = 0, explained = 0;
    for (size_t i = 0; i < b.catalog.len; i++) {
        const struct rule *r = &b.catalog.rules[i];
        size_t cases = cases_of(&b, r), faults = faults_of(&b, r);
        bool no_fault = needs_fault(r) && !faults, gap = !cases || no_fault;
        const char *why = no_fault ? why_no_fault(&b, r) : NULL;
        if (!wanted(&b, r, &o->operands) || (o->gaps && !gap))
            continue;
        shown++;
        without_case += !cases;
        without_fault += no_fault;
        explained += why != NULL;
        if (o->gaps)
            printf("%-34s %s%s%s%s%s\n", r->id, cases ? "" : "no case", !cases && no_fault ? ", " : "",
                   no_fault ? "no fault" : "", why ? ": " : "", why ? why : "");
        else
            printf("%-34s %-4s %-11s %2zu case%s %2zu fault%s  %s\n", r->id, strength_name[r->strength], marks(r),
                   cases, cases == 1 ? " " : "s", faults, faults == 1 ? " " : "s", r->claim);
    }
    printf("# %zu of %zu rules; %zu without a case, %zu without a fault, %zu of them for a reason\n", shown,
           b.catalog.len, without_case, without_fault, explained);
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
    for (size_t i = 0; i < b->faults.len; i++) {
        const struct fault *f = b->faults.at[i];
        if (vec_has(&f->must, r->id))
            printf("  fault     %s: %s\n", fault_missing(f) ? "none" : f->name, f->what);
    }
    puts("");
}

int cmd_explain(const struct options *o)
{
    struct book b = load_book();
    if (!o->operands.len)
        die(EXIT_USAGE, "explain needs a rule; see gomem list");
    suite_require_known(&b.suite, &b.catalog, &o->operands);
    for (size_t k = 0; k < o->operands.len; k++) {
        struct vec one = {0};
        vec_push(&one, o->operands.at[k]);
        for (size_t i = 0; i < b.catalog.len; i++)
            if (wanted(&b, &b.catalog.rules[i], &one))
                explain(&b, &b.catalog.rules[i]);
    }
    return EXIT_CONFORMS;
}

static bool matches_a_rule(const struct catalog *c, const char *pattern)
{
    for (size_t i = 0; i < c->len; i++)
        if (glob(pattern, c->rules[i].id))
            return true;
    return false;
}

static size_t lint_fault(const struct book *b, size_t at)
{
    const struct fault *f = b->faults.at[at];
    bool sources = is_file(format("%s/Makefile", gomem_root())); // an installation has none that a fault could edit
    char *misplaced = sources ? fault_misplaced(f, gomem_root()) : NULL;
    size_t wrong = 0;
    if (misplaced) {
        printf("fault %s: %s\n", f->name, misplaced);
        wrong++;
    }
    for (size_t i = 0; i < f->must.len; i++) {
        const struct rule *r = catalog_find(&b->catalog, f->must.at[i]);
        if (r && cases_of(b, r))
            continue;
        printf(r ? "fault %s: rule %s has no case that could catch it\n" : "fault %s: no rule %s in the catalogue\n",
               f->name, (char *)f->must.at[i]);
        wrong++;
    }
    for (size_t i = 0; i < f->may.len; i++)
        if (strcmp(f->may.at[i], "-") && !matches_a_rule(&b->catalog, f->may.at[i])) {
            printf("fault %s: no rule in the catalogue is %s, which it may break\n", f->name, (char *)f->may.at[i]);
            wrong++;
        }
    for (size_t i = 0; i < at; i++)
        if (!strcmp(((struct fault *)b->faults.at[i])->name, f->name)) {
            printf("two faults are called %s\n", f->name);
            wrong++;
        }
    return wrong;
}

// lint_missing looks at a line that says why rules have no fault: there are such rules, and none has one after all.
static size_t lint_missing(const struct book *b, const struct fault *f)
{
    size_t wrong = 0;
    for (size_t i = 0; i < f->must.len; i++) {
        const struct rule *r = catalog_find(&b->catalog, f->must.at[i]);
        if (r && !faults_of(b, r))
            continue;
        printf(r ? "rule %s has a fault, and faults.tsv says why it has none\n"
                 : "faults.tsv: no rule %s in the catalogue\n",
               (char *)f->must.at[i]);
        wrong++;
    }
    return wrong;
}

// lint_faults holds the faults to the catalogue, to the cases and to the tree: what a fault must break is a rule with a case, its name is its
// own, and the text that it edits is there.
static size_t lint_faults(const struct book *b)
{
    size_t wrong = b->fault_errors.len;
    for (size_t i = 0; i < b->fault_errors.len; i++)
        puts(b->fault_errors.at[i]);
    for (size_t i = 0; i < b->faults.len; i++) {
        const struct fault *f = b->faults.at[i];
        wrong += fault_missing(f) ? lint_missing(b, f) : lint_fault(b, i);
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
    size_t faults = 0;
    for (size_t i = 0; i < b.faults.len; i++)
        faults += !fault_missing(b.faults.at[i]);
    printf("# %zu rules, %zu cases, %zu faults: %zu wrong\n", b.catalog.len, b.suite.cases.len, faults, wrong);
    return wrong ? EXIT_FAILED : EXIT_CONFORMS;
}
