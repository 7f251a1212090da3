/*
 * tap: the few lines the compiler's tests share — numbered results in TAP, the plan at the end.
 */
#ifndef GOMEM_COMPILER_TESTS_TAP_H
#define GOMEM_COMPILER_TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct tap {
    unsigned run;
    unsigned failed;
};

static inline bool tap_ok(struct tap *t, bool ok, const char *format, ...) __attribute__((format(printf, 3, 4)));
static inline bool tap_ok(struct tap *t, bool ok, const char *format, ...)
{
    va_list args;
    t->run++;
    t->failed += !ok;
    printf("%sok %u - ", ok ? "" : "not ", t->run);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    return ok;
}

/* Prints text as TAP diagnostics, line by line. */
static inline void tap_note(const char *label, const char *text)
{
    printf("# %s: ", label);
    for (; *text; text++) {
        putchar(*text);
        if (*text == '\n' && text[1])
            printf("#   ");
    }
    putchar('\n');
}

static inline bool tap_equal(struct tap *t, const char *got, const char *want, const char *name)
{
    bool ok = tap_ok(t, strcmp(got, want) == 0, "%s", name);
    if (!ok) {
        tap_note("want", want);
        tap_note("got", got);
    }
    return ok;
}

/* The plan; the value to return from main. */
static inline int tap_done(const struct tap *t)
{
    printf("1..%u\n", t->run);
    return t->failed != 0;
}

#endif
