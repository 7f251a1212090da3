// panic.h: deferred calls, panics, fatal errors, tracebacks.
//
// A panic runs deferred calls on top of the stack of the function that panics; a recovery jumps to the catch of the frame that
// deferred. A panic's record is neither on the managed stack nor on the machine stack, so that the stack's walker (stack/) finds and
// adjusts it while the deferred calls run. The algorithm is common to gomem's backends (common/unwind_impl.h); here are the records, and the
// ends.
#ifndef REF_PANIC_H
#define REF_PANIC_H

#include "../ref.h"

// panic_visit calls visit for the words of g's records that may point to blocks; panic_adjust adds delta to those that point into
// [low, base] of the old stack.
void panic_visit(struct g *g, void (*visit)(void *ctx, void **word), void *ctx);
void panic_adjust(struct g *g, char *low, char *base, intptr_t delta);

// panic_text panics with a run-time error, `runtime error: TEXT`; panic_plain leaves the words out. [safepoint]
GOMEM_NORETURN void panic_text(gomem_g *g, const char *text);
GOMEM_NORETURN void panic_plain(gomem_g *g, const char *text);

// fatal ends the process: the text, tracebacks, status 2. g NULL: this thread runs none.
GOMEM_NORETURN void fatal(struct g *g, const char *format, ...) __attribute__((format(printf, 2, 3)));

// die_begin makes this thread the one that dies: the others that want to wait for the end in it.
void die_begin(void);
const char *trace_reason(const struct g *g); // what g, which waits, waits for
void trace_goroutine(struct g *g);           // header and frames of one that does not run elsewhere
void trace_others(struct g *but);            // all others that are not the runtime's own

extern const gomem_panics_group ref_panics_group;

#endif
