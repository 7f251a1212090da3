// unwind.h: deferred calls, panics, recovery, Goexit and tracebacks, the same in gomem's own backends. What differs is
// the host's: where records come from, and how a goroutine and the process end.
#ifndef UNWIND_H
#define UNWIND_H

#include "gomem.h"

// What is kept of a panic under way, or of a Goexit, which runs deferred calls in the same way. entry, sp, frame and catch point into the
// managed stack; a backend that moves stacks adjusts them.
struct record {
    gomem_panic p;     // first; p.link is a record's
    char *sp;          // g->sp when it began: a recovery in a frame above drops it
    char *frame;       // the frame whose deferred call runs
    jmp_buf *catch;    // of that frame
    gomem_string text; // while dying: what is printed of the value
    bool printing;     // its value's text is being made
    bool repanicked;   // the panic after it has the same value
};

// The go statement that made a goroutine, for its traceback.
struct creator {
    const gomem_frame_desc *desc; // NULL: there is none
    uintptr_t point;
    uint64_t id; // of the goroutine that ran it
};

static inline struct record *record_of(gomem_panic *p)
{
    return (struct record *)(void *)p;
}

// ---- operations of the group panics [safepoint] ----

GOMEM_NORETURN void unwind_panic(gomem_g *g, gomem_eface value);
GOMEM_NORETURN void unwind_error(gomem_g *g, enum gomem_error kind, const char *text);
GOMEM_NORETURN void unwind_bounds(gomem_g *g, enum gomem_bounds kind, uint64_t a, bool is_signed, int64_t b);
GOMEM_NORETURN void unwind_goexit(gomem_g *g);
void unwind_run_defers(gomem_g *g);
gomem_eface unwind_recover(gomem_g *g, char *entry); // not a safepoint

// ---- a death's texts ----

void unwind_make_texts(gomem_g *g);   // of all panics; calls compiled code [safepoint]
void unwind_print_panics(gomem_g *g); // the earliest first
void unwind_print_frames(const gomem_g *g, const struct creator *creator);
struct creator unwind_creator(const gomem_g *g, uint64_t id); // a go statement in g's innermost frame

// ---- the host's ----

struct record *host_record(gomem_g *g); // zero
void host_record_free(gomem_g *g, struct record *r);
void host_defer_free(gomem_g *g, gomem_defer *d);     // of new_defer
gomem_string host_text(gomem_g *g, const char *text); // a copy on the heap
void host_recovered(gomem_g *g);                      // from all panics: none is under way any more
GOMEM_NORETURN void host_end(gomem_g *g);             // the goroutine ends; its deferred calls have run
GOMEM_NORETURN void host_die_of_panic(gomem_g *g);    // nobody recovered
GOMEM_NORETURN void host_fatal(gomem_g *g, const char *text);
void host_print(const char *format, ...) __attribute__((format(printf, 1, 2))); // lines of at most 1024 bytes

#endif
