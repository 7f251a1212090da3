// Panics, recovery, Goexit.
//
// A record says what is under way on a goroutine: a panic, or a Goexit, which runs deferred calls in the same way. unwind runs them from
// the innermost on; g->sp stays where the panic was, so the frames between stay whole, and each deferred call enters with that g->sp:
// recover compares it with the entry in the record. When a call has recovered, everything that began inside the frame that deferred
// it is over: records whose sp lies there are dropped, g->sp becomes that frame, and control goes on at the frame's catch.
//
// A deferred call that panics puts a record on top and goes on with the deferred calls that remain; the call itself, and the panic
// that ran it, are over only when a recovery drops them. A Goexit among the dropped ones begins again from the frame.
//
// While a deferred call runs the stack may move, so what unwind needs afterwards is in the record, not in C locals.
#include "../gc/gc.h"
#include "../heap/heap.h"
#include "../sched/sched.h"
#include "internal.h"

// ---- records ----

static struct record *record_of(gomem_panic *p)
{
    return (struct record *)(void *)p;
}

static struct record *record_push(struct g *g)
{
    struct record *r = g->free_records;
    if (r)
        g->free_records = record_of(r->p.link);
    else
        r = meta_alloc(sizeof *r, _Alignof(struct record));
    *r = (struct record){.p = {.link = g->head.panics}, .sp = g->head.sp};
    g->head.panics = &r->p;
    return r;
}

static void record_pop(struct g *g)
{
    struct record *r = record_of(g->head.panics);
    g->head.panics = r->p.link;
    *r = (struct record){.p = {.link = g->free_records ? &g->free_records->p : NULL}};
    g->free_records = r;
}

void panic_visit(struct g *g, void (*visit)(void *ctx, void **word), void *ctx)
{
    for (gomem_panic *p = g->head.panics; p; p = p->link) {
        visit(ctx, &p->value.data);
        visit(ctx, (void **)&record_of(p)->text.ptr);
    }
}

static void adjust(char **at, char *low, char *base, intptr_t delta)
{
    if (*at >= low && *at <= base)
        *at += delta;
}

void panic_adjust(struct g *g, char *low, char *base, intptr_t delta)
{
    for (gomem_panic *p = g->head.panics; p; p = p->link) {
        struct record *r = record_of(p);
        adjust(&p->entry, low, base, delta);
        adjust(&r->sp, low, base, delta);
        adjust(&r->frame, low, base, delta);
        adjust((char **)&r->catch, low, base, delta);
    }
}

// ---- running deferred calls ----

static void call(struct g *g, gomem_func *fn)
{
    ((void (*)(gomem_g *, gomem_func *))fn->code)(&g->head, fn);
}

static GOMEM_NORETURN void exit_goroutine(struct g *g);

// continue_in goes on in the frame whose deferred call recovered.
static GOMEM_NORETURN void continue_in(struct g *g, char *frame, jmp_buf *catch)
{
    bool exiting = false;
    while (g->head.panics && record_of(g->head.panics)->sp <= frame) {
        exiting |= g->head.panics->goexit;
        record_pop(g);
    }
    g->head.sp = frame;
    if (exiting)
        exit_goroutine(g);
    longjmp(*catch, 1);
}

// unwind runs the deferred calls there are; it returns when none has recovered.
static void unwind(struct g *g, struct record *r)
{
    for (gomem_defer *d; (d = g->head.defers);) {
        gomem_func *fn = d->fn;
        r->frame = d->frame;
        r->catch = d->catch;
        r->p.entry = g->head.sp;
        g->head.defers = d->link;
        call(g, fn);
        if (r->p.recovered)
            continue_in(g, r->frame, r->catch);
    }
}

static GOMEM_NORETURN void exit_goroutine(struct g *g)
{
    struct record *r = record_push(g);
    r->p.goexit = true;
    if (!FAULT(goexit_skips_defers))
        unwind(g, r);
    while (g->head.panics)
        record_pop(g);
    g_exit(g);
}

static GOMEM_NORETURN void start_panic(struct g *g, gomem_eface value)
{
    struct record *r = record_push(g);
    r->p.value = value;
    unwind(g, r);
    die_of_panic(g);
}

// ---- the group ----

static GOMEM_NORETURN void panic(gomem_g *h, gomem_eface value)
{
    start_panic(g_of(h), value);
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

enum { LINE = 160 };

static gomem_string heap_text(struct g *g, const char *line)
{
    size_t n = strlen(line);
    uint8_t *p = heap_alloc(g->m->p, n, NULL, false, n);
    memcpy(p, line, n);
    return (gomem_string){p, (intptr_t)n};
}

static GOMEM_NORETURN void error(gomem_g *h, enum gomem_error kind, const char *text, int64_t a, int64_t b)
{
    char line[LINE];
    if (kind <= GOMEM_ERROR_TEXT)
        snprintf(line, sizeof line, "%s", text);
    else
        snprintf(line, sizeof line, a < 0 && texts[kind].negative ? texts[kind].negative : texts[kind].text,
                 (long long)a, (long long)b);
    struct g *g = g_of(h);
    if (kind == GOMEM_ERROR_NIL)
        g->nil_pc = (uintptr_t)__builtin_return_address(0);
    start_panic(g, ref_unit->error_value(h, kind == GOMEM_ERROR_PLAIN, heap_text(g, line)));
}

GOMEM_NORETURN void panic_text(gomem_g *g, const char *text)
{
    error(g, GOMEM_ERROR_TEXT, text, 0, 0);
}

GOMEM_NORETURN void panic_plain(gomem_g *g, const char *text)
{
    error(g, GOMEM_ERROR_PLAIN, text, 0, 0);
}

static GOMEM_NORETURN void fatal_text(gomem_g *h, const char *text)
{
    fatal(g_of(h), "%s", text);
}

// take_oldest takes the call that the innermost frame deferred first (fault.h).
static gomem_func *take_oldest(gomem_g *h)
{
    gomem_defer **at = &h->defers;
    while ((*at)->link && (*at)->link->frame == h->sp)
        at = &(*at)->link;
    gomem_func *fn = (*at)->fn;
    *at = (*at)->link;
    return fn;
}

static void run_defers(gomem_g *h)
{
    while (FAULT(defers_first_first) && h->defers && h->defers->frame == h->sp)
        call(g_of(h), take_oldest(h));
    for (gomem_defer *d; (d = h->defers) && d->frame == h->sp;) {
        gomem_func *fn = d->fn;
        h->defers = d->link;
        call(g_of(h), fn);
    }
}

static gomem_eface recover(gomem_g *h, char *entry)
{
    gomem_panic *p = h->panics;
    if (!p || p->goexit || p->recovered || (p->entry != entry && !FAULT(recover_anywhere)))
        return (gomem_eface){0};
    p->recovered = true;
    return p->value;
}

static GOMEM_NORETURN void goexit(gomem_g *h)
{
    exit_goroutine(g_of(h));
}

const gomem_panics_group ref_panics_group = {.size = sizeof ref_panics_group,
                                             .panic = panic,
                                             .error = error,
                                             .fatal = fatal_text,
                                             .run_defers = run_defers,
                                             .recover = recover,
                                             .goexit = goexit};
