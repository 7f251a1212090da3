// See cases.h. One pass over each file, line by line: comment lines gather, a directive line is kept with its number, and the
// func line that follows closes a case; the case owns all lines up to the next case's comment.
#include "cases.h"

#include <ctype.h>
#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "buildtag.h"

const char *const tier_name[TIERS] = {"quick", "full", "nightly"};
const char *const grade_name[GRADES] = {"required", "allowed", "interesting", "forbidden"};

static const char *const words_needed[] = {
    "counts", "collect",  "precise", "finalizers", "weak",  "growstack", "deadlock", "preempt",
    "procs",  "parallel", "gctrace", "64bit",      "32bit", "amd64",     "probe",    NULL,
};

// The comment lines read since the last line of code.
struct comment {
    int first;
    struct buf claim;
    bool claimed; // the claim's paragraph has ended
    struct vec directives;
    struct vec lines; // of the directives, as ints in pointers
};

struct scan {
    struct suite *suite;
    struct gofile *file;
    struct kase *open; // the case that owns the lines being read
    struct comment comment;
    int line;
};

static int find_word(const char *word, const char *const *names, int n)
{
    for (int i = 0; i < n && names[i]; i++)
        if (!strcmp(word, names[i]))
            return i;
    return -1;
}

bool is_capability(const char *word)
{
    return find_word(word, words_needed, COUNT_OF(words_needed)) >= 0;
}

static bool parse_number(const char *s, long low, long high, long *n)
{
    char *end;
    errno = 0;
    *n = strtol(s, &end, 10);
    return end > s && !*end && !errno && *n >= low && *n <= high;
}

// ---- directives ----

static const char *set_outcome(struct kase *c, char *arg)
{
    struct outcome *o = xalloc(sizeof *o);
    size_t n = strcspn(arg, " ");
    char *rest = arg[n] ? arg + n + 1 : arg + n;
    arg[n] = 0;
    int g = find_word(arg, grade_name, GRADES);
    if (g < 0)
        return "an outcome is required, allowed, interesting or forbidden";
    char *why = strstr(rest, " : ");
    if (why) {
        *why = 0;
        why += 3;
    }
    o->grade = (enum grade)g;
    o->key = xstrdup(trim(rest));
    o->why = why ? xstrdup(trim(why)) : xstrdup("");
    if (!*o->key)
        return "an outcome needs a key";
    for (size_t i = 0; i < c->outcomes.len; i++)
        if (!strcmp(((struct outcome *)c->outcomes.at[i])->key, o->key))
            return "the outcome is in the table already";
    vec_push(&c->outcomes, o);
    return NULL;
}

static const char *set_words(struct vec *v, char *arg, const char *const *known)
{
    struct vec words = split(xstrdup(arg), " ");
    for (size_t i = 0; i < words.len; i++) {
        if (known && find_word(words.at[i], known, 1000) < 0)
            return "an unknown capability";
        vec_push(v, words.at[i]);
    }
    return words.len ? NULL : "the directive needs words";
}

static const char *set_tier(struct kase *c, const char *arg)
{
    int t = find_word(arg, tier_name, TIERS);
    if (t < 0)
        return "the tiers are quick, full, nightly";
    c->tier = (enum tier)t;
    return NULL;
}

static const char *set_race(struct kase *c, const char *arg)
{
    c->race = !strcmp(arg, "silent") ? RACE_SILENT : !strcmp(arg, "report") ? RACE_REPORT : RACE_NONE;
    return c->race ? NULL : "race is silent or report";
}

static const char *set_targets(struct kase *c, char *arg)
{
    c->kind = COMPILE;
    const char *wrong = set_words(&c->targets, arg, NULL);
    for (size_t i = 0; !wrong && i < c->targets.len; i++)
        if (!strchr(c->targets.at[i], '/'))
            wrong = "a target is GOOS/GOARCH";
    return wrong;
}

static const char *set_env(struct kase *c, char *arg)
{
    const char *wrong = set_words(&c->env, arg, NULL);
    for (size_t i = 0; !wrong && i < c->env.len; i++) {
        const char *equals = strchr(c->env.at[i], '=');
        if (!equals || equals == c->env.at[i])
            wrong = "env is NAME=VALUE";
    }
    return wrong;
}

static bool is_expression(const char *pattern)
{
    regex_t re;
    if (regcomp(&re, pattern, REG_EXTENDED | REG_NEWLINE | REG_NOSUB))
        return false;
    regfree(&re);
    return true;
}

static const char *set_text(struct vec *v, const char *arg)
{
    size_t n = strlen(arg);
    if (!n)
        return "a text is missing";
    if (n > 2 && *arg == '/' && arg[n - 1] == '/' && !is_expression(xstrndup(arg + 1, n - 2)))
        return "a malformed regular expression";
    vec_push(v, xstrdup(arg));
    return NULL;
}

static const char *set_bound(struct bound *b, const char *arg)
{
    return parse_bound(arg, b) && b->minor ? NULL : "a release is 1.N or lang1.N";
}

static const char *set_number(long *n, const char *arg, long low, long high)
{
    return parse_number(arg, low, high, n) ? NULL : "a number is missing or out of range";
}

static const char *set_rule(struct kase *c, const char *arg)
{
    c->rule_id = xstrndup(arg, strcspn(arg, " \t"));
    return *arg && !strchr(arg, ' ') ? NULL : "case takes one rule";
}

// apply handles one directive; NULL, or what is wrong.
static const char *apply(struct kase *c, const char *name, char *arg)
{
    long n = 0;
    const char *wrong = NULL;
    if (!strcmp(name, "case"))
        return set_rule(c, arg);
    if (!strcmp(name, "since"))
        return set_bound(&c->since, arg);
    if (!strcmp(name, "until"))
        return set_bound(&c->until, arg);
    if (!strcmp(name, "needs"))
        return set_words(&c->needs, arg, words_needed);
    if (!strcmp(name, "tier"))
        return set_tier(c, arg);
    if (!strcmp(name, "env"))
        return set_env(c, arg);
    if (!strcmp(name, "timeout")) {
        wrong = set_number(&n, arg, 1, 86400);
        c->timeout = (int)n;
        return wrong;
    }
    if (!strcmp(name, "memory"))
        return set_number(&c->memory_mib, arg, 1, 1 << 20);
    if (!strcmp(name, "exit")) {
        wrong = set_number(&n, arg, 0, 255);
        c->dies = true;
        c->exit = (int)n;
        return wrong;
    }
    if (!strcmp(name, "stderr"))
        return set_text(&c->errs, arg);
    if (!strcmp(name, "stdout"))
        return set_text(&c->outs, arg);
    if (!strcmp(name, "outcome"))
        return set_outcome(c, arg);
    if (!strcmp(name, "race"))
        return set_race(c, arg);
    if (!strcmp(name, "compile"))
        return set_targets(c, arg);
    if (!strcmp(name, "diagnostics")) {
        c->kind = DIAGNOSTICS;
        return *arg ? "diagnostics takes nothing" : NULL;
    }
    if (!strcmp(name, "inline")) {
        c->inlined = true;
        return *arg ? "inline takes nothing" : NULL;
    }
    return "an unknown directive";
}

// stands_twice tells of a directive that has one value and stands further up already: which of the two counts nobody could see.
static bool stands_twice(const struct comment *cm, size_t at, const char *name)
{
    static const char *const single[] = {"case", "since", "until", "tier", "timeout", "memory", "exit", "race", NULL};
    size_t n = strlen(name);
    if (find_word(name, single, COUNT_OF(single)) < 0)
        return false;
    for (size_t i = 0; i < at; i++) {
        const char *other = cm->directives.at[i];
        if (!strncmp(other, name, n) && strchr(" \t", other[n]))
            return true;
    }
    return false;
}

static void complain(struct scan *s, struct kase *c, int line, const char *wrong, const char *what)
{
    if (!c->error)
        c->error = format("cases/%s:%d: %s: %s", s->file->path, line, wrong, what);
}

// ---- closing a case ----

static char *area_of(const char *path)
{
    return xstrndup(path, strcspn(path, "/"));
}

// folder_case names a whole program: the path of its folder.
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return xstrndup(path, slash ? (size_t)(slash - path) : strlen(path));
}

// misplaced says what is wrong with where a case stands: the generated main package of its area must find its function.
static const char *misplaced(const struct gofile *f, const struct kase *c)
{
    const char *slash = strchr(f->path, '/');
    bool deeper = slash && strchr(slash + 1, '/');
    if (!slash)
        return "a case stands in the folder of an area";
    if (ends_with(f->path, "_test.go"))
        return "a case does not stand in a test file";
    if (c->kind == PROGRAM && !deeper)
        return "a whole program stands in a folder of its own below an area";
    if (c->kind == FUNCTION && deeper)
        return "a case that is run stands directly in its area's folder";
    if (c->kind == FUNCTION && (!f->package || strcmp(f->package, c->area)))
        return "the package is called as its area's folder";
    return NULL;
}

static void check_consistent(struct scan *s, struct kase *c)
{
    const char *wrong = misplaced(s->file, c);
    if (wrong)
        ;
    else if (!*c->claim)
        wrong = "the doc comment states no claim";
    else if (c->kind == DIAGNOSTICS && (c->dies || c->race || c->outcomes.len))
        wrong = "a diagnostics case is not run";
    else if (c->kind == COMPILE && (c->dies || c->race || c->outcomes.len))
        wrong = "a compile-only case is not run";
    else if (c->kind == PROGRAM && c->outcomes.len)
        wrong = "a whole program has no outcome table";
    else if (c->kind == PROGRAM && !c->dies)
        wrong = "a whole program states its exit status";
    else if (c->kind == FUNCTION && !isupper((unsigned char)*c->function))
        wrong = "the function of a case is exported";
    if (wrong)
        complain(s, c, c->line, wrong, c->name);
}

static void set_name(struct scan *s, struct kase *c, const char *func)
{
    size_t n = strcspn(func, "([");
    c->function = xstrndup(func, n);
    c->area = area_of(s->file->path);
    bool whole = s->file->package && !strcmp(s->file->package, "main") && !strcmp(c->function, "main");
    if (whole)
        c->kind = PROGRAM;
    c->name = whole ? folder_of(s->file->path) : format("%s/%s", c->area, c->function);
    bool runs = c->kind == FUNCTION || whole;
    if (!n)
        complain(s, c, s->line, "a case is a function, no method", c->name);
    if (runs && strncmp(func + n, "() {", 4))
        complain(s, c, s->line, "the function of a case takes and returns nothing", c->name);
}

static void close_comment_as_case(struct scan *s, const char *func)
{
    struct comment *cm = &s->comment;
    struct kase *c = xalloc(sizeof *c);
    c->file = s->file;
    c->line = s->line;
    c->first = cm->first;
    c->claim = xstrdup(trim(xstrdup(buf_text(&cm->claim))));
    for (size_t i = 0; i < cm->directives.len; i++) {
        char *text = xstrdup(cm->directives.at[i]);
        size_t n = strcspn(text, " \t");
        char *arg = text[n] ? trim(text + n + 1) : text + n;
        text[n] = 0;
        const char *wrong = stands_twice(cm, i, text) ? "the directive stands twice" : apply(c, text, arg);
        if (wrong)
            complain(s, c, (int)(long)cm->lines.at[i], wrong, cm->directives.at[i]);
    }
    set_name(s, c, func);
    if (strcmp(cm->directives.at[0], format("case %s", c->rule_id ? c->rule_id : "")))
        complain(s, c, c->line, "the first directive is case RULE", c->name);
    check_consistent(s, c);
    if (s->open)
        s->open->end = c->first - 1;
    s->open = c;
    vec_push(&s->suite->cases, c);
}

// complain_apart makes a case of its own of what belongs to none, so that a case that was meant to be there is missed.
static void complain_apart(struct scan *s, int line, const char *wrong, const char *what)
{
    struct kase *c = xalloc(sizeof *c);
    c->file = s->file;
    c->line = c->first = c->end = line;
    c->area = area_of(s->file->path);
    c->name = format("%s:%d", s->file->path, line);
    c->function = c->claim = xstrdup("");
    complain(s, c, line, wrong, what);
    vec_push(&s->suite->cases, c);
}

static void leave_comment(struct scan *s)
{
    const struct comment *cm = &s->comment;
    if (cm->directives.len)
        complain_apart(s, (int)(long)cm->lines.at[0], "directives stand right above a func", cm->directives.at[0]);
    s->comment = (struct comment){0};
}

// ---- lines ----

static void comment_line(struct scan *s, const char *text)
{
    struct comment *cm = &s->comment;
    if (!cm->first)
        cm->first = s->line;
    if (starts_with(text, "gomem:")) {
        vec_push(&cm->directives, xstrdup(text + 6));
        vec_push(&cm->lines, (void *)(long)s->line);
        return;
    }
    const char *words = trim(xstrdup(text));
    if (starts_with(words, "gomem:"))
        complain_apart(s, s->line, "a directive begins with //gomem: without a space", words);
    else if (!*words)
        cm->claimed = cm->claim.len > 0;
    else if (!cm->claimed)
        buf_printf(&cm->claim, "%s%s", cm->claim.len ? " " : "", words);
}

// parse_range reads `[1.22-1.24] ` or `[lang1.22-] ` before a message; false when it is malformed.
static bool parse_range(char **message, struct want *w)
{
    static const char *const begins[] = {"[1.", "[-1.", "[lang1.", "[-lang1."};
    bool ranged = false;
    for (size_t i = 0; i < COUNT_OF(begins); i++)
        ranged |= starts_with(*message, begins[i]);
    if (!ranged)
        return true;
    char *end = strchr(*message, ']'), *dash = strchr(*message, '-');
    if (!end || !dash || dash > end)
        return false;
    *end = *dash = 0;
    if ((*message)[1] && !parse_bound(*message + 1, &w->since))
        return false;
    if (dash[1] && !parse_bound(dash + 1, &w->until))
        return false;
    *message = trim(end + 1);
    return true;
}

static void want_line(struct scan *s, const char *text)
{
    char *list = xstrdup(text);
    while (list) {
        char *next = strstr(list, " ; ");
        if (next) {
            *next = 0;
            next += 3;
        }
        struct want *w = xalloc(sizeof *w);
        w->line = s->line;
        char *message = trim(list);
        if (!parse_range(&message, w) || !*message)
            complain(s, s->open, s->line, "an expected diagnostic is [1.N-1.M] MESSAGE", text);
        w->message = message;
        vec_push(&s->open->wants, w);
        list = next;
    }
}

static void code_line(struct scan *s, char *line)
{
    if (starts_with(line, "package ") && !s->file->package)
        s->file->package = trim(xstrndup(line + 8, strcspn(line + 8, "/\r\n")));
    if (starts_with(line, "func ") && s->comment.directives.len) {
        close_comment_as_case(s, line + 5);
        s->comment = (struct comment){0};
    }
    const char *want = strstr(line, "//= ");
    if (want && s->open)
        want_line(s, want + 4);
    else if (want)
        complain_apart(s, s->line, "an expected diagnostic stands on a line that no case owns", want);
    leave_comment(s);
}

static void scan_line(struct scan *s, char *line)
{
    s->line++;
    if (starts_with(line, "//go:build ") && !s->file->package)
        s->file->tags = xstrdup(trim(line + 11));
    if (starts_with(line, "//go:") && s->comment.first)
        return; // a compiler's directive inside a doc comment
    if (starts_with(line, "//"))
        comment_line(s, line + 2);
    else
        code_line(s, line);
}

static void scan_file(struct suite *suite, const char *path)
{
    struct scan s = {.suite = suite, .file = xalloc(sizeof *s.file)};
    s.file->path = xstrdup(path);
    vec_push(&suite->files, s.file);
    char *full = format("%s/cases/%s", suite->root, path);
    size_t len;
    char *text = read_file(full, &len);
    if (!text)
        die(EXIT_BACKEND, "cannot read %s: %s", full, strerror(errno));
    for (char *nul = text; (nul = memchr(nul, 0, (size_t)(text + len - nul)));)
        *nul = ' '; // the compiler complains; what stands behind it is not lost
    for (char *line = text, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        scan_line(&s, line);
    }
    leave_comment(&s);
    if (s.open)
        s.open->end = s.line;
}

static void scan_dir(struct suite *suite, const char *dir)
{
    char *full = format("%s/cases/%s", suite->root, dir);
    struct vec names = list_dir(full);
    for (size_t i = 0; i < names.len; i++) {
        const char *name = names.at[i];
        char *path = *dir ? format("%s/%s", dir, name) : xstrdup(name);
        if (*name == '.' || *name == '_')
            continue;
        if (is_dir(format("%s/%s", full, name)))
            scan_dir(suite, path);
        else if (ends_with(name, ".go") && is_file(format("%s/%s", full, name))) // a pipe would be waited for
            scan_file(suite, path);
    }
}

// ---- the whole suite ----

static int by_case_name(const void *a, const void *b)
{
    const struct kase *k = *(struct kase *const *)a, *l = *(struct kase *const *)b;
    int order = strcmp(k->name, l->name);
    order = order ? order : strcmp(k->file->path, l->file->path);
    return order ? order : k->line - l->line;
}

static void link_case(struct kase *c, const struct kase *before, const struct catalog *catalog)
{
    c->rule = c->rule_id ? catalog_find(catalog, c->rule_id) : NULL;
    char *wrong = NULL;
    if (!c->rule)
        wrong = format("no rule %s in the catalogue", c->rule_id ? c->rule_id : "");
    else if (before && !strcmp(before->name, c->name))
        wrong = format("the name %s is taken by cases/%s:%d", c->name, before->file->path, before->line);
    else if (c->rule->strength == FREE && c->race != RACE_REPORT)
        wrong = xstrdup("a case of a FREE rule says race report");
    else if (c->race == RACE_REPORT && c->rule->strength != FREE)
        wrong = xstrdup("only a case of a FREE rule says race report");
    else if (c->kind == DIAGNOSTICS && !c->wants.len)
        wrong = xstrdup("a diagnostics case expects at least one message");
    else if (c->kind != DIAGNOSTICS && c->wants.len)
        wrong = xstrdup("only a diagnostics case expects messages (//=)");
    if (wrong && !c->error)
        c->error = format("cases/%s:%d: %s", c->file->path, c->line, wrong);
}

struct suite suite_load(const char *root, const struct catalog *catalog)
{
    struct suite s = {.root = xstrdup(root)};
    if (!is_dir(format("%s/cases", root)))
        die(EXIT_BACKEND, "no folder %s/cases (set GOMEM_ROOT to gomem's folder)", root);
    scan_dir(&s, "");
    if (s.cases.len)
        qsort(s.cases.at, s.cases.len, sizeof *s.cases.at, by_case_name);
    for (size_t i = 0; i < s.cases.len; i++) {
        struct kase *c = s.cases.at[i];
        link_case(c, i ? s.cases.at[i - 1] : NULL, catalog);
        if (!vec_has(&s.areas, c->area))
            vec_push(&s.areas, c->area);
    }
    return s;
}

bool case_matches(const struct kase *c, const char *pattern)
{
    if (strchr(pattern, '/'))
        return glob(pattern, c->name);
    return c->rule_id && glob(pattern, c->rule_id);
}

static bool selects_something(const struct suite *s, const struct catalog *catalog, const char *pattern)
{
    bool known = false;
    for (size_t i = 0; i < catalog->len; i++)
        known |= glob(pattern, catalog->rules[i].id);
    for (size_t i = 0; i < s->cases.len; i++)
        known |= case_matches(s->cases.at[i], pattern);
    return known;
}

void suite_require_known(const struct suite *s, const struct catalog *catalog, const struct vec *patterns)
{
    for (size_t i = 0; i < patterns->len; i++) {
        const char *p = patterns->at[i], *below = format("%s.*", p);
        if (selects_something(s, catalog, p))
            continue;
        if (vec_has(&s->areas, p))
            die(EXIT_USAGE, "'%s' is an area, and no rule and no case is called so: its cases are '%s/*'", p, p);
        if (selects_something(s, catalog, below))
            die(EXIT_USAGE, "no rule and no case is called '%s': the rules below it are '%s'", p, below);
        die(EXIT_USAGE, "no rule and no case is called '%s'; see gomem list", p);
    }
}
