// See protocol.h.
#include "protocol.h"

#include <stdlib.h>
#include <string.h>

static bool take_outcome(struct report *r, char *rest)
{
    char *end;
    long n = strtol(rest, &end, 10);
    if (end == rest || *end != ' ' || n < 0)
        return false;
    struct observed *o = xalloc(sizeof *o);
    o->key = end + 1;
    o->count = n;
    vec_push(&r->outcomes, o);
    return true;
}

static bool take_line(struct report *r, char *line, const char *token)
{
    char *rest = strchr(line, ' ');
    if (!rest)
        return false;
    *rest++ = 0;
    bool begin = !strcmp(line, "begin");
    if (begin || !strcmp(line, "done")) {
        if (strcmp(rest, token) || (begin ? r->begun : r->done || !r->begun))
            return false;
        *(begin ? &r->begun : &r->done) = true;
        return true;
    }
    if (!strcmp(line, "outcome"))
        return take_outcome(r, rest);
    if (!strcmp(line, "skip")) {
        r->skip = r->skip ? r->skip : rest;
        return true;
    }
    if (!strcmp(line, "failing")) {
        r->failing = true;
        return true;
    }
    if (strcmp(line, "fail") && strcmp(line, "note"))
        return false;
    vec_push(*line == 'f' ? &r->fails : &r->notes, rest);
    return true;
}

struct report report_parse(const char *text, const char *token)
{
    struct report r = {0};
    struct vec lines = split(xstrdup(text), "\n");
    for (size_t i = 0; i < lines.len; i++) {
        char *copy = xstrdup(lines.at[i]);
        if (!take_line(&r, lines.at[i], token) && !r.garbled)
            r.garbled = excerpt(copy);
        free(copy);
    }
    free(lines.at);
    if (r.skip && r.failing) { // what was missing is only the making of the text
        vec_push(&r.fails, format("a check failed; to say which, it %s", r.skip));
        r.skip = NULL;
    }
    return r;
}
