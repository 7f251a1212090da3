// unwind_impl.h: the functions of unwind.h. One file of each backend includes it, behind the definitions of
//   host_unit     the unit that runs
//   FAULT(name)   whether the alternative of that name is chosen (backends/ref/fault.h), 0 in backends that have none
//
// A record says what is under way on a goroutine. unwind runs deferred calls from the innermost on; g->sp stays where the panic was, so
// the frames between stay whole, and each deferred call enters with that g->sp: recover compares it with the entry in the record.
// When a call has recovered, everything that began inside the frame that deferred it is over: records whose sp lies there are dropped,
// g->sp becomes that frame, and control goes on at the frame's catch.
//
// A deferred call that panics puts a record on top and goes on with the deferred calls that remain; the call itself, and the panic
// that ran it, are over only when a recovery drops them. A Goexit among the dropped ones begins again from the frame.
//
// While a deferred call runs the stack may move, so what unwind needs afterwards is in the record, not in C locals.
#ifndef UNWIND_IMPL_H
#define UNWIND_IMPL_H

#include <stdio.h>
#include <string.h>

#include "error_text.h"
#include "unwind.h"

// ---- records ----

static struct record *push(gomem_g *g)
{
    struct record *r = host_record(g);
    r->p.link = g->panics;
    r->sp = g->sp;
    g->panics = &r->p;
    return r;
}

static void pop(gomem_g *g)
{
    struct record *r = record_of(g->panics);
    g->panics = r->p.link;
    host_record_free(g, r);
}

// take takes the call that is at *at in the list. A record that is in no frame goes back to where new_defer had it from.
static gomem_func *take(gomem_g *g, gomem_defer **at)
{
    gomem_defer *d = *at;
    gomem_func *fn = d->fn;
    *at = d->link;
    if ((char *)d < g->sp || (char *)d >= g->stack_base)
        host_defer_free(g, d);
    return fn;
}

// ---- running deferred calls ----

static void call(gomem_g *g, gomem_func *fn)
{
    ((void (*)(gomem_g *, gomem_func *))fn->code)(g, fn);
}

// continue_in goes on in the frame whose deferred call recovered.
static GOMEM_NORETURN void continue_in(gomem_g *g, char *frame, jmp_buf *catch)
{
    bool exiting = false;
    while (g->panics && record_of(g->panics)->sp <= frame) {
        exiting |= g->panics->goexit;
        pop(g);
    }
    if (!g->panics)
        host_recovered(g);
    g->sp = frame;
    if (exiting)
        unwind_goexit(g);
    longjmp(*catch, 1);
}

// unwind runs the deferred calls there are; it returns when none has recovered.
static void unwind(gomem_g *g, struct record *r)
{
    for (gomem_defer *d; (d = g->defers);) {
        r->frame = d->frame;
        r->catch = d->catch;
        r->p.entry = g->sp;
        call(g, take(g, &g->defers));
        if (r->p.recovered)
            continue_in(g, r->frame, r->catch);
    }
}

void unwind_goexit(gomem_g *g)
{
    struct record *r = push(g);
    r->p.goexit = true;
    if (!FAULT(goexit_skips_defers))
        unwind(g, r);
    while (g->panics)
        pop(g);
    host_end(g);
}

void unwind_panic(gomem_g *g, gomem_eface value)
{
    struct record *r = push(g);
    r->p.value = value;
    unwind(g, r);
    host_die_of_panic(g);
}

void unwind_error(gomem_g *g, enum gomem_error kind, const char *text)
{
    gomem_string line = host_text(g, error_text(kind, text));
    unwind_panic(g, host_unit->error_value(g, kind == GOMEM_ERROR_PLAIN, line));
}

void unwind_bounds(gomem_g *g, enum gomem_bounds kind, uint64_t a, bool is_signed, int64_t b)
{
    char line[160];
    bounds_text(line, sizeof line, kind, a, is_signed, b);
    unwind_panic(g, host_unit->error_value(g, false, host_text(g, line)));
}

// oldest is the place of the call that the innermost frame deferred first (an alternative that ref has, fault.h).
static gomem_defer **oldest(gomem_g *g)
{
    gomem_defer **at = &g->defers;
    while ((*at)->link && (*at)->link->frame == g->sp)
        at = &(*at)->link;
    return at;
}

void unwind_run_defers(gomem_g *g)
{
    while (g->defers && g->defers->frame == g->sp)
        call(g, take(g, FAULT(defers_first_first) ? oldest(g) : &g->defers));
}

gomem_eface unwind_recover(gomem_g *g, char *entry)
{
    gomem_panic *p = g->panics;
    if (!p || p->goexit || p->recovered || (p->entry != entry && !FAULT(recover_anywhere)))
        return (gomem_eface){0};
    p->recovered = true;
    return p->value;
}

// ---- what is printed of panics ----

static struct record *link_of(struct record *r)
{
    return record_of(r->p.link);
}

static bool same_value(const gomem_eface *a, const gomem_eface *b)
{
    return a->type == b->type && a->data == b->data;
}

// The panic that came while a panic's text was made: a string is told, of another value its type.
static GOMEM_NORETURN void die_printing(gomem_g *g)
{
    enum { MOST = 400 };
    const gomem_eface *v = &g->panics->value;
    if (!v->type) // panic(nil), where that is let be
        host_fatal(g, "panic while printing panic value");
    gomem_string told = v->type->name;
    bool text = told.len == 6 && !memcmp(told.ptr, "string", 6);
    if (text)
        told = *(const gomem_string *)v->data;
    char line[MOST + 64];
    snprintf(line, sizeof line, "panic while printing panic value: %s%.*s", text ? "" : "type ",
             (int)(told.len < MOST ? told.len : MOST), (const char *)told.ptr);
    host_fatal(g, line);
}

// Of a run with the same value only the outermost is printed.
void unwind_make_texts(gomem_g *g)
{
    for (struct record *r = record_of(g->panics); r; r = link_of(r)) {
        struct record *outer = link_of(r);
        if (r->printing)
            die_printing(g);
        if (r->p.goexit)
            continue;
        if (outer && !outer->p.goexit && same_value(&outer->p.value, &r->p.value)) {
            outer->repanicked = true;
            continue;
        }
        r->printing = true;
        r->text = host_unit->panic_text(g, r->p.value);
        r->printing = false;
    }
}

enum { PIECE = 512 };

// The lines behind the first are indented, so that none can pass for a line of the trace.
static void print_text(const char *before, gomem_string text)
{
    const char *at = (const char *)text.ptr;
    intptr_t left = text.len;
    host_print("%s", before);
    while (left > 0) {
        intptr_t n = left < PIECE ? left : PIECE;
        const char *end = memchr(at, '\n', (size_t)n), *nul = memchr(at, 0, (size_t)n);
        if (nul && (!end || nul < end)) { // ends what %s prints
            host_print("%.*s%c", (int)(nul - at), at, 0);
            n = nul - at + 1;
        } else {
            n = end ? end - at + 1 : n;
            host_print("%.*s%s", (int)n, at, end ? "\t" : "");
        }
        at += n;
        left -= n;
    }
}

static void print_panics(struct record *r)
{
    struct record *outer = link_of(r);
    if (outer) {
        print_panics(outer);
        if (outer->repanicked)
            return;
        if (!outer->p.goexit)
            host_print("\t");
    }
    if (r->p.goexit)
        return;
    print_text(FAULT(panic_text) ? "Panic: " : "panic: ", r->text);
    host_print("%s\n", !r->p.recovered ? "" : r->repanicked ? " [recovered, repanicked]" : " [recovered]");
}

void unwind_print_panics(gomem_g *g)
{
    print_panics(record_of(g->panics));
}

// ---- frames ----

enum { MOST_FRAMES = 100, INNERMOST = 50 };

static const char *file_at(const gomem_frame_desc *d, uintptr_t point)
{
    return d->files && point < d->points ? d->files[point] : d->file;
}

static uint32_t line_at(const gomem_frame_desc *d, uintptr_t point)
{
    return point < d->points ? d->lines[point] : 0;
}

static const gomem_inlined *inlined_at(const gomem_frame *f)
{
    return f->desc->inlined && f->point < f->desc->points ? f->desc->inlined[f->point] : NULL;
}

static const gomem_frame *frame_at(const char *at)
{
    return (const gomem_frame *)(const void *)at;
}

static uintptr_t count_frames(const gomem_g *g)
{
    uintptr_t n = 0;
    for (const char *at = g->sp; at < g->stack_base; n++) {
        for (const gomem_inlined *in = inlined_at(frame_at(at)); in; in = in->outer)
            n++;
        at += frame_at(at)->desc->size;
    }
    return n;
}

// print_entry prints one of n entries of a traceback, the i-th from within, unless it is in the middle of a long one.
static void print_entry(uintptr_t i, uintptr_t n, const char *function, const char *file, uint32_t line)
{
    if (n <= MOST_FRAMES || i < INNERMOST || i >= n - INNERMOST)
        host_print("%s(...)\n\t%s:%u\n", function, file, line);
    else if (i == INNERMOST)
        host_print("...%llu frames elided...\n", (unsigned long long)(n - MOST_FRAMES));
}

void unwind_print_frames(const gomem_g *g, const struct creator *creator)
{
    uintptr_t n = count_frames(g), i = 0;
    for (const char *at = g->sp; at < g->stack_base; i++) {
        const gomem_frame *f = frame_at(at);
        const gomem_frame_desc *d = f->desc;
        at += d->size;
        for (const gomem_inlined *in = inlined_at(f); in; in = in->outer)
            print_entry(i++, n, in->function, in->file, in->line);
        print_entry(i, n, d->function, file_at(d, f->point), line_at(d, f->point));
    }
    if (!creator->desc)
        return;
    host_print("created by %s in goroutine %llu\n", creator->desc->function, (unsigned long long)creator->id);
    host_print("\t%s:%u\n", file_at(creator->desc, creator->point), line_at(creator->desc, creator->point));
}

struct creator unwind_creator(const gomem_g *g, uint64_t id)
{
    if (g->sp == g->stack_base)
        return (struct creator){0};
    const gomem_frame *f = frame_at(g->sp);
    return (struct creator){f->desc, f->point, id};
}

#endif
