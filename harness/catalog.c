// See catalog.h. The table is small (some hundred rows) and read once per command; look-ups are linear.
#include "catalog.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

const char *const strength_name[STRENGTHS] = {"LANG", "IMPL", "FREE", "MYTH"};

enum { COLUMNS = 7 };

bool parse_bound(const char *s, struct bound *b)
{
    *b = (struct bound){0};
    if (!strcmp(s, "-"))
        return true;
    if (starts_with(s, "lang")) {
        b->language = true;
        s += 4;
    }
    if (!starts_with(s, "1."))
        return false;
    char *end;
    long minor = strtol(s + 2, &end, 10);
    b->minor = (int)minor;
    return end > s + 2 && !*end && minor > 0 && minor < 1000;
}

char *bound_text(struct bound b)
{
    return format("%sgo1.%d", b.language ? "language " : "", b.minor);
}

static bool valid_id(const char *id)
{
    if (!isupper((unsigned char)*id) || !strchr(id, '.'))
        return false;
    for (const char *p = id; *p; p++)
        if (!isupper((unsigned char)*p) && !isdigit((unsigned char)*p) && !(*p == '.' && p[1] && p[1] != '.'))
            return false;
    return true;
}

static bool parse_marks(char *s, struct rule *r)
{
    if (!strcmp(s, "-"))
        return true;
    struct vec marks = split(s, ",");
    for (size_t i = 0; i < marks.len; i++) {
        if (!strcmp(marks.at[i], "SRC"))
            r->src = true;
        else if (!strcmp(marks.at[i], "PRECISE"))
            r->precise = true;
        else
            return false;
    }
    return marks.len > 0;
}

// parse_row fills in r and returns NULL, or says what is wrong with the row.
static const char *parse_row(char *line, struct rule *r)
{
    char *column[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
        column[i] = line;
        char *tab = line ? strchr(line, '\t') : NULL;
        if (!tab != (i == COLUMNS - 1))
            return "a rule has 7 columns separated by tabs";
        if (tab) {
            *tab = 0;
            line = tab + 1;
        }
    }
    r->id = column[0];
    r->source = column[5];
    r->claim = column[6];
    if (!valid_id(r->id))
        return "the id is not of the form AREA.NAME";
    int s = 0;
    while (s < STRENGTHS && strcmp(strength_name[s], column[1]))
        s++;
    if (s == STRENGTHS)
        return "the strength is not LANG, IMPL, FREE or MYTH";
    r->strength = (enum strength)s;
    if (!parse_marks(column[2], r))
        return "the marks are not - or a list of SRC, PRECISE";
    if (!parse_bound(column[3], &r->since) || !parse_bound(column[4], &r->until))
        return "since and until are -, 1.N or lang1.N";
    if (!*r->source || !*r->claim)
        return "the source or the claim is empty";
    return NULL;
}

struct catalog catalog_load(const char *root)
{
    struct catalog c = {0};
    struct vec errors = {0};
    char *path = format("%s/spec/rules.tsv", root);
    char *text = read_file(path, NULL);
    if (!text)
        die(EXIT_BACKEND, "cannot read the rule catalogue %s: %s (set GOMEM_ROOT to gomem's folder)", path,
            strerror(errno));
    int number = 0;
    for (char *line = text, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        number++;
        if (!*line || *line == '#')
            continue;
        struct rule r = {.line = number};
        const char *wrong = parse_row(line, &r);
        if (!wrong && catalog_find(&c, r.id))
            wrong = "the id is there already";
        if (wrong) {
            vec_push(&errors, format("rules.tsv:%d: %s", number, wrong));
            continue;
        }
        if ((c.len & (c.len - 1)) == 0) // grow at powers of two
            c.rules = xrealloc(c.rules, (c.len ? c.len * 2 : 1) * sizeof *c.rules);
        c.rules[c.len++] = r;
    }
    vec_push(&errors, NULL);
    c.errors = (char **)errors.at;
    return c;
}

const struct rule *catalog_find(const struct catalog *c, const char *id)
{
    for (size_t i = 0; i < c->len; i++)
        if (!strcmp(c->rules[i].id, id))
            return &c->rules[i];
    return NULL;
}
