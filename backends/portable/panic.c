// Panics and deaths: portable's side of common/unwind.h. Records are malloc's.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "portable.h"

#define FAULT(name) 0
#define host_unit   program
#include "../common/unwind_impl.h"

static void *memory(size_t size)
{
    void *p = calloc(1, size);
    if (!p)
        death("runtime: out of memory");
    return p;
}

// ---- records ----

struct record *host_record(gomem_g *g)
{
    (void)g;
    return memory(sizeof(struct record));
}

void host_record_free(gomem_g *g, struct record *r)
{
    (void)g;
    free(r);
}

static gomem_defer *new_defer(gomem_g *g)
{
    (void)g;
    return memory(sizeof(gomem_defer));
}

void host_defer_free(gomem_g *g, gomem_defer *d)
{
    (void)g;
    free(d);
}

gomem_string host_text(gomem_g *g, const char *text)
{
    (void)g;
    size_t n = strlen(text);
    return (gomem_string){memcpy(memory(n + 1), text, n), (intptr_t)n};
}

// ---- ends ----

void host_print(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vfprintf(stderr, format, ap);
    va_end(ap);
}

GOMEM_NORETURN void death(const char *format, ...)
{
    va_list ap;
    fputs("fatal error: ", stderr);
    va_start(ap, format);
    vfprintf(stderr, format, ap);
    va_end(ap);
    fputs("\n", stderr);
    _Exit(2);
}

void host_fatal(gomem_g *g, const char *text)
{
    (void)g;
    death("%s", text);
}

// Another backend's goroutines are not struct pg.
static void print_goroutine(gomem_g *g)
{
    static const struct pg unknown = {.id = 1};
    const struct pg *p = own_goroutines() ? (const struct pg *)(const void *)g : &unknown;
    fprintf(stderr, "goroutine %llu [running]:\n", (unsigned long long)p->id);
    unwind_print_frames(g, &p->creator);
}

void host_recovered(gomem_g *g)
{
    (void)g;
}

void host_die_of_panic(gomem_g *g)
{
    unwind_make_texts(g);
    unwind_print_panics(g);
    fputs("\n", stderr);
    print_goroutine(g);
    _Exit(2);
}

void host_end(gomem_g *g)
{
    longjmp(((struct pg *)(void *)g)->end, 1);
}

const gomem_panics_group portable_panics = {.size = sizeof portable_panics,
                                            .panic = unwind_panic,
                                            .error = unwind_error,
                                            .bounds = unwind_bounds,
                                            .fatal = host_fatal,
                                            .new_defer = new_defer,
                                            .run_defers = unwind_run_defers,
                                            .recover = unwind_recover,
                                            .goexit = unwind_goexit};
