// Panics: ref's side of common/unwind.h: records of panics and of deferred calls, which lists keep for the next.
#include "../gc/gc.h"
#include "../heap/heap.h"
#include "../sched/sched.h"
#include "internal.h"

// ---- records ----

struct record *host_record(gomem_g *h)
{
    struct g *g = g_of(h);
    struct record *r = g->free_records;
    if (!r)
        return meta_alloc(sizeof *r, _Alignof(struct record));
    g->free_records = record_of(r->p.link);
    *r = (struct record){0};
    return r;
}

void host_record_free(gomem_g *h, struct record *r)
{
    struct g *g = g_of(h);
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

// ---- deferred calls ----

// Records of defer statements in loops come from a list of the P, which exchanges half of it with a common one.
enum { KEEP_DEFERS = 32 };
static struct rmutex defer_lock = {.rank = RANK_SUDOG};
static gomem_defer *common_defers; // protected by defer_lock

static void move_defer(gomem_defer **from, gomem_defer **to)
{
    gomem_defer *d = *from;
    *from = d->link;
    d->link = *to;
    *to = d;
}

static void refill_defers(struct p *p)
{
    rlock(&defer_lock);
    for (; common_defers && p->free_defer_count < KEEP_DEFERS / 2; p->free_defer_count++)
        move_defer(&common_defers, &p->free_defers);
    runlock(&defer_lock);
}

static void spill_defers(struct p *p)
{
    rlock(&defer_lock);
    for (; p->free_defer_count > KEEP_DEFERS / 2; p->free_defer_count--)
        move_defer(&p->free_defers, &common_defers);
    runlock(&defer_lock);
}

static gomem_defer *new_defer(gomem_g *h)
{
    struct p *p = p_of(h);
    if (!p->free_defers)
        refill_defers(p);
    gomem_defer *d = p->free_defers;
    if (!d)
        return meta_alloc(sizeof *d, _Alignof(gomem_defer));
    p->free_defers = d->link;
    p->free_defer_count--;
    return d;
}

void host_defer_free(gomem_g *h, gomem_defer *d)
{
    struct p *p = p_of(h);
    *d = (gomem_defer){.link = p->free_defers};
    p->free_defers = d;
    if (++p->free_defer_count > KEEP_DEFERS)
        spill_defers(p);
}

// ---- the group ----

gomem_string host_text(gomem_g *h, const char *text)
{
    size_t n = strlen(text);
    uint8_t *p = heap_alloc(p_of(h), n, NULL, false, n);
    memcpy(p, text, n);
    return (gomem_string){p, (intptr_t)n};
}

void host_recovered(gomem_g *h)
{
    g_of(h)->nil_pc = 0;
}

void host_end(gomem_g *h)
{
    g_exit(g_of(h));
}

static GOMEM_NORETURN void error(gomem_g *h, enum gomem_error kind, const char *text)
{
    if (kind == GOMEM_ERROR_NIL)
        g_of(h)->nil_pc = (uintptr_t)__builtin_return_address(0);
    unwind_error(h, kind, text);
}

GOMEM_NORETURN void panic_text(gomem_g *g, const char *text)
{
    unwind_error(g, GOMEM_ERROR_TEXT, text);
}

GOMEM_NORETURN void panic_plain(gomem_g *g, const char *text)
{
    unwind_error(g, GOMEM_ERROR_PLAIN, text);
}

static GOMEM_NORETURN void fatal_text(gomem_g *h, const char *text)
{
    fatal(g_of(h), "%s", text);
}

const gomem_panics_group ref_panics_group = {.size = sizeof ref_panics_group,
                                             .panic = unwind_panic,
                                             .error = error,
                                             .bounds = unwind_bounds,
                                             .fatal = fatal_text,
                                             .new_defer = new_defer,
                                             .run_defers = unwind_run_defers,
                                             .recover = unwind_recover,
                                             .goexit = unwind_goexit};
