// See buildtag.h. Recursive descent over  or = and {"||" and}, and = not {"&&" not}, not = "!" not | "(" or ")" | tag.
#include "buildtag.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct parse {
    const char *at;
    int minor;
    const struct vec *tags;
    bool bad;
};

static bool parse_or(struct parse *p);

static void skip_blank(struct parse *p)
{
    while (*p->at == ' ' || *p->at == '\t')
        p->at++;
}

static bool take(struct parse *p, const char *token)
{
    skip_blank(p);
    if (!starts_with(p->at, token))
        return false;
    p->at += strlen(token);
    return true;
}

static bool tag_holds(struct parse *p, const char *tag)
{
    if (starts_with(tag, "go1."))
        return atoi(tag + 4) <= p->minor;
    return vec_has(p->tags, tag);
}

static bool parse_not(struct parse *p)
{
    if (take(p, "!"))
        return !parse_not(p);
    if (take(p, "(")) {
        bool holds = parse_or(p);
        p->bad |= !take(p, ")");
        return holds;
    }
    skip_blank(p);
    size_t n = 0;
    while (isalnum((unsigned char)p->at[n]) || p->at[n] == '.' || p->at[n] == '_')
        n++;
    p->bad |= n == 0;
    char *tag = xstrndup(p->at, n);
    p->at += n;
    bool holds = tag_holds(p, tag);
    free(tag);
    return holds;
}

static bool parse_and(struct parse *p)
{
    bool holds = parse_not(p);
    while (!p->bad && take(p, "&&"))
        holds &= parse_not(p);
    return holds;
}

static bool parse_or(struct parse *p)
{
    bool holds = parse_and(p);
    while (!p->bad && take(p, "||"))
        holds |= parse_and(p);
    return holds;
}

bool tags_hold(const char *expression, int minor, const struct vec *tags)
{
    struct parse p = {.at = expression, .minor = minor, .tags = tags};
    bool holds = parse_or(&p);
    skip_blank(&p);
    return holds && !p.bad && !*p.at;
}
