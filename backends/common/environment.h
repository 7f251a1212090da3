// What the environment says to the collector at the start: GOGC and GOMEMLIMIT, as the runtime package documents them.
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// env_percent: GOGC, 100 by default; off is negative.
static inline int32_t env_percent(void)
{
    const char *text = getenv("GOGC");
    return !text || !*text ? 100 : !strcmp(text, "off") ? -1 : atoi(text);
}

// env_limit sets *limit to GOMEMLIMIT, bytes with an optional unit; INT64_MAX when there is none. false: malformed.
static inline bool env_limit(int64_t *limit)
{
    static const struct {
        const char *suffix;
        int shift;
    } units[] = {{"B", 0}, {"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}, {"", 0}};
    const char *text = getenv("GOMEMLIMIT");
    char *end;
    *limit = INT64_MAX;
    if (!text || !*text || !strcmp(text, "off"))
        return true;
    int64_t n = strtoll(text, &end, 10);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (end != text && n >= 0 && !strcmp(end, units[i].suffix))
            return !__builtin_mul_overflow(n, (int64_t)1 << units[i].shift, limit);
    return false;
}

#endif
