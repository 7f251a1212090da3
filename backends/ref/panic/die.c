// How a process dies: of an unrecovered panic, of a fatal error. Only one thread dies; another one that wants to waits for the end in
// die_begin. The text goes to stderr in Go's form, then traces, then the status is 2.
//
// What a panic prints of its value may be an Error or String method's, compiled code with safepoints: the texts are made before
// anything is printed, and a panic in one of them is fatal.
#include <stdarg.h>
#include <sys/types.h>
#include <unistd.h>

#include "../sched/sched.h"
#include "internal.h"

static _Atomic uint32_t dying;
THREAD_LOCAL bool is_dying;

void die_begin(void)
{
    if (is_dying)
        return;
    // acquire: nothing to read; whoever finds it taken never comes back
    if (atomic_exchange_explicit(&dying, 1, memory_order_acquire))
        for (;;)
            pause();
    is_dying = true;
}

// ---- panics ----

static struct record *link_of(struct record *r)
{
    return (struct record *)(void *)r->p.link;
}

static bool same_value(const gomem_eface *a, const gomem_eface *b)
{
    return a->type == b->type && a->data == b->data;
}

// make_texts makes the texts of all panics; of a run with the same value only the outermost is printed.
static void make_texts(struct g *g)
{
    for (struct record *r = (struct record *)(void *)g->head.panics; r; r = link_of(r)) {
        struct record *outer = link_of(r);
        if (r->printing)
            fatal(g, "panic while printing panic value");
        if (r->p.goexit)
            continue;
        if (outer && !outer->p.goexit && same_value(&outer->p.value, &r->p.value)) {
            outer->repanicked = true;
            continue;
        }
        r->printing = true;
        r->text = ref_unit->panic_text(&g->head, r->p.value);
        r->printing = false;
    }
}

enum { PIECE = 512 }; // ref_print's line is not longer than 1024

// The lines behind the first are indented, so that none can pass for a line of the trace.
static void print_text(const char *before, gomem_string text)
{
    const char *at = (const char *)text.ptr;
    intptr_t left = text.len;
    ref_print("%s", before);
    while (left > 0) {
        intptr_t n = left < PIECE ? left : PIECE;
        const char *end = memchr(at, '\n', (size_t)n);
        n = end ? end - at + 1 : n;
        ref_print("%.*s%s", (int)n, at, end ? "\t" : "");
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
            ref_print("\t");
    }
    if (r->p.goexit)
        return;
    print_text(FAULT(panic_text) ? "Panic: " : "panic: ", r->text);
    ref_print("%s\n", !r->p.recovered ? "" : r->repanicked ? " [recovered, repanicked]" : " [recovered]");
}

GOMEM_NORETURN void die_of_panic(struct g *g)
{
    make_texts(g);
    struct record *r = (struct record *)(void *)g->head.panics;
    die_begin();
    print_panics(r);
    if (g->nil_pc) // Go learns of a nil pointer by a signal, and says so
        ref_print("[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=%#llx]\n",
                  (unsigned long long)g->nil_pc);
    ref_print("\n");
    trace_goroutine(g);
    _exit(FAULT(exit_status) ? 1 : 2);
}

// ---- fatal errors ----

GOMEM_NORETURN void fatal(struct g *g, const char *format, ...)
{
    char line[512];
    va_list ap;
    va_start(ap, format);
    vsnprintf(line, sizeof line, format, ap);
    va_end(ap);
    die_begin();
    ref_print("fatal error: %s\n", line);
    if (g) {
        ref_print("\n");
        trace_goroutine(g);
    }
    trace_others(g);
    _exit(2);
}
