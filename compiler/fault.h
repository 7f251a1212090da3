/*
 * fault: the compiler broken on purpose, one way at a time, so that cases can be shown to notice (backends/faults/). `gomem unit build` takes
 * the name from the environment, GOMEM_FAULT=compile-NAME; the driver sets it for a backend's option fault=compile-NAME. Where the
 * compiler has an alternative it asks for it in lower_options; without a name there is none.
 */
#ifndef GOMEM_COMPILER_FAULT_H
#define GOMEM_COMPILER_FAULT_H

/* Names have hyphens where these have underscores. */
#define COMPILE_FAULTS(X)                                                             \
    X(no_barrier)         /* stores of pointers are plain */                          \
    X(mask_bit)           /* the first word of every frame is missing in its masks */ \
    X(dead_kept)          /* every variable is live until its function returns */     \
    X(no_tail_padding)    /* no room behind a last field without size */              \
    X(shared_loops)       /* iterations share the loop's variables */                 \
    X(stack_escapes)      /* a variable that escapes stays in the frame */            \
    X(all_escapes)        /* nothing is allocated in frames */                        \
    X(no_polls)           /* loops do not ask whether they should stop */             \
    X(no_index_checks)    /* an index is not compared with the length */              \
    X(barrier_everywhere) /* stores to the stack take the barrier */

enum compile_fault {
    COMPILE_CORRECTLY,
#define NAME(n) COMPILE_FAULT_##n,
    COMPILE_FAULTS(NAME)
#undef NAME
};

/* text: compile-NAME. COMPILE_CORRECTLY for any other. */
enum compile_fault compile_fault_named(const char *text);

#endif
