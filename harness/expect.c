// See expect.h.
#include "expect.h"

#include <errno.h>
#include <string.h>

static bool names_a_case(const struct suite *suite, const char *pattern)
{
    for (size_t i = 0; i < suite->cases.len; i++)
        if (case_matches(suite->cases.at[i], pattern))
            return true;
    return false;
}

void expect_apply(struct plan *plan, const char *path)
{
    char *text = read_file(path, NULL);
    if (!text)
        die(EXIT_USAGE, "cannot read the list of expected failures %s: %s", path, strerror(errno));
    int number = 0;
    for (char *line = text, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        number++;
        char *pattern = trim(line);
        if (!*pattern || *pattern == '#')
            continue;
        size_t n = strcspn(pattern, " \t");
        char *reason = pattern[n] ? trim(pattern + n + 1) : pattern + n;
        pattern[n] = 0;
        if (!*reason)
            die(EXIT_USAGE, "%s:%d: '%s' needs a reason behind it", path, number, pattern);
        if (!names_a_case(plan->suite, pattern))
            die(EXIT_USAGE, "%s:%d: '%s' names no case and no rule with a case: remove the line", path, number,
                pattern);
        for (size_t i = 0; i < plan->len; i++)
            if (case_matches(plan->items[i].c, pattern))
                plan->items[i].expected = reason;
    }
}
