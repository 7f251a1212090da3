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

void host_die_of_panic(gomem_g *h)
{
    struct g *g = g_of(h);
    unwind_make_texts(h);
    die_begin();
    unwind_print_panics(h);
    if (g->nil_pc) // Go learns of a nil pointer by a signal, and says so
        ref_print("[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=%#llx]\n",
                  (unsigned long long)g->nil_pc);
    ref_print("\n");
    trace_goroutine(g);
    _exit(FAULT(exit_status) ? 1 : 2);
}

// ---- fatal errors ----

void host_fatal(gomem_g *g, const char *text)
{
    fatal(g_of(g), "%s", text);
}

void host_print(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    ref_vprint(format, ap);
    va_end(ap);
}

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
