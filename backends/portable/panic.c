// Panics: deferred calls run on top of the stack; a recovery jumps to the catch of the frame that deferred.
//
// A panic's record is on the machine stack of the call that panics: with threads for goroutines no stack ever moves.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "portable.h"

// A record also knows how deep it began, so that a recovery drops the panics of the calls that it leaves.
struct record {
    gomem_panic p; // first
    char *sp;
};

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

static GOMEM_NORETURN void fatal(gomem_g *g, const char *text)
{
    (void)g;
    death("%s", text);
}

static void print_panics(gomem_g *g, const gomem_panic *p)
{
    if (p->link) {
        print_panics(g, p->link);
        if (!p->link->goexit)
            fputs("\t", stderr);
    }
    if (p->goexit)
        return;
    gomem_string text = program->panic_text(g, p->value);
    fprintf(stderr, "panic: %.*s%s\n", (int)text.len, (const char *)text.ptr, p->recovered ? " [recovered]" : "");
}

static GOMEM_NORETURN void die_of_panic(gomem_g *g)
{
    print_panics(g, g->panics);
    fputs("\ngoroutine 1 [running]:\n", stderr);
    _Exit(2);
}

static void call(gomem_g *g, gomem_func *fn)
{
    void (*code)(gomem_g *, gomem_func *) = (void (*)(gomem_g *, gomem_func *))fn->code;
    code(g, fn);
}

static GOMEM_NORETURN void unwind(gomem_g *g, struct record *r);

// continue_in goes on in the function, of that frame, whose deferred call recovered.
static GOMEM_NORETURN void continue_in(gomem_g *g, char *frame, jmp_buf *catch)
{
    bool exiting = false;
    while (g->panics && ((struct record *)g->panics)->sp <= frame) {
        exiting |= g->panics->goexit;
        g->panics = g->panics->link;
    }
    g->sp = frame;
    if (exiting) // a panic during Goexit was recovered: Goexit goes on
        whole->panics->goexit(g);
    longjmp(*catch, 1);
}

static GOMEM_NORETURN void unwind(gomem_g *g, struct record *r)
{
    for (gomem_defer *d; (d = g->defers);) {
        char *frame = d->frame;
        jmp_buf *catch = d->catch;
        g->defers = d->link;
        r->p.entry = g->sp;
        call(g, d->fn);
        if (r->p.recovered)
            continue_in(g, frame, catch);
    }
    if (r->p.goexit)
        longjmp(((struct pg *)g)->end, 1);
    die_of_panic(g);
}

static GOMEM_NORETURN void panic(gomem_g *g, gomem_eface value)
{
    struct record r = {.p = {.link = g->panics, .value = value}, .sp = g->sp};
    g->panics = &r.p;
    unwind(g, &r);
}

static GOMEM_NORETURN void goexit(gomem_g *g)
{
    struct record r = {.p = {.link = g->panics, .goexit = true}, .sp = g->sp};
    g->panics = &r.p;
    unwind(g, &r);
}

// The texts of errors with numbers; %lld stands for a, then b. With a negative a there is nothing to compare it with.
static const struct {
    const char *text, *negative;
} texts[] = {
    [GOMEM_ERROR_INDEX] = {"index out of range [%lld] with length %lld", "index out of range [%lld]"},
    [GOMEM_ERROR_SLICE_ALEN] = {"slice bounds out of range [:%lld] with length %lld",
                                "slice bounds out of range [:%lld]"},
    [GOMEM_ERROR_SLICE_ACAP] = {"slice bounds out of range [:%lld] with capacity %lld",
                                "slice bounds out of range [:%lld]"},
    [GOMEM_ERROR_SLICE_B] = {"slice bounds out of range [%lld:%lld]", "slice bounds out of range [%lld:]"},
    [GOMEM_ERROR_SLICE3_ALEN] = {"slice bounds out of range [::%lld] with length %lld",
                                 "slice bounds out of range [::%lld]"},
    [GOMEM_ERROR_SLICE3_ACAP] = {"slice bounds out of range [::%lld] with capacity %lld",
                                 "slice bounds out of range [::%lld]"},
    [GOMEM_ERROR_SLICE3_B] = {"slice bounds out of range [:%lld:%lld]", "slice bounds out of range [:%lld:]"},
    [GOMEM_ERROR_SLICE3_C] = {"slice bounds out of range [%lld:%lld:]", "slice bounds out of range [%lld::]"},
    [GOMEM_ERROR_CONVERT] = {"cannot convert slice with length %lld to array or pointer to array with length %lld",
                             NULL},
    [GOMEM_ERROR_NIL] = {"invalid memory address or nil pointer dereference", NULL},
    [GOMEM_ERROR_DIVIDE] = {"integer divide by zero", NULL},
    [GOMEM_ERROR_SHIFT] = {"negative shift amount", NULL},
};

static GOMEM_NORETURN void error(gomem_g *g, enum gomem_error kind, const char *text, int64_t a, int64_t b)
{
    char *line = calloc(1, 160);
    if (!line)
        death("runtime: out of memory");
    if (kind <= GOMEM_ERROR_TEXT)
        snprintf(line, 160, "%s", text);
    else
        snprintf(line, 160, a < 0 && texts[kind].negative ? texts[kind].negative : texts[kind].text, (long long)a,
                 (long long)b);
    gomem_string s = {(const uint8_t *)line, (intptr_t)strlen(line)};
    panic(g, program->error_value(g, kind == GOMEM_ERROR_PLAIN, s));
}

static void run_defers(gomem_g *g)
{
    for (gomem_defer *d; (d = g->defers) && d->frame == g->sp;) {
        g->defers = d->link;
        call(g, d->fn);
    }
}

static gomem_eface recover(gomem_g *g, char *entry)
{
    gomem_panic *p = g->panics;
    if (!p || p->goexit || p->recovered || p->entry != entry)
        return (gomem_eface){0};
    p->recovered = true;
    return p->value;
}

const gomem_panics_group portable_panics = {.size = sizeof portable_panics,
                                            .panic = panic,
                                            .error = error,
                                            .fatal = fatal,
                                            .run_defers = run_defers,
                                            .recover = recover,
                                            .goexit = goexit};
