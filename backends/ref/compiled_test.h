// What a compiled function looks like (spec/gomem.h 4), for functions written by hand in tests. A function with a frame:
//
//     struct f_frame { gomem_frame head; void *p; intptr_t n; };
//     FRAME_DESC(f, 2, "\x01\x01", 2)          words, a mask per safepoint, safepoints
//     ENTER(f, 1, (void **)&p)                  spills and reloads the pointer parameters, sets fr
//     CALL(f, 0, other(g, x))                   sets the safepoint, calls, and loads fr again
//     LEAVE(f)
#include <stdio.h>

#include "stack/stack.h"

// ---- TAP ----

static int tests, failures;

static void ok(bool good, const char *what)
{
    failures += !good;
    printf("%sok %d - %s\n", good ? "" : "not ", ++tests, what);
    fflush(stdout);
}

// A func value without captures.
#define CLOSURE(name)                                       \
    static void name##_code(gomem_g *g, gomem_func *self);  \
    static gomem_func name = {(void (*)(void))name##_code}; \
    static void name##_code(gomem_g *g, gomem_func *self)

// ---- compiled functions ----

#define FRAME_DESC(f, word_count, mask_bytes, point_count)                          \
    static const uint32_t f##_lines[point_count] = {0};                             \
    static const gomem_frame_desc f##_desc = {.function = "test." #f,               \
                                              .file = __FILE__,                     \
                                              .size = sizeof(struct f##_frame),     \
                                              .words = word_count,                  \
                                              .points = point_count,                \
                                              .masks = (const uint8_t *)mask_bytes, \
                                              .lines = f##_lines};

static inline bool enter_slow(gomem_g *g, uintptr_t size)
{
    char here;
    return (uintptr_t)(g->sp - size) < (uintptr_t)__atomic_load_n(&g->stack_guard, __ATOMIC_RELAXED) ||
           (uintptr_t)&here < (uintptr_t)__atomic_load_n(&g->machine_guard, __ATOMIC_RELAXED);
}

static inline void spill_and_more(gomem_g *g, const gomem_frame_desc *desc, int n, void ***params)
{
    for (int i = 0; i < n; i++)
        g->spill[i] = *params[i];
    g->spill_len = (uint32_t)n;
    ref_stack_group.more(g, desc);
    for (int i = 0; i < n; i++)
        *params[i] = g->spill[i];
    g->spill_len = 0;
}

#define ENTER(f, n, ...)                                                     \
    if (enter_slow(g, sizeof(struct f##_frame))) {                           \
        void **params[] = {__VA_ARGS__};                                     \
        spill_and_more(g, &f##_desc, n, params);                             \
    }                                                                        \
    struct f##_frame *fr = (struct f##_frame *)(void *)(g->sp - sizeof *fr); \
    memset(fr, 0, sizeof *fr);                                               \
    fr->head.desc = &f##_desc;                                               \
    g->sp = (char *)fr

#define CALL(f, at, call)                       \
    do {                                        \
        fr->head.point = at;                    \
        call;                                   \
        fr = (struct f##_frame *)(void *)g->sp; \
    } while (0)

#define LEAVE(f) (g->sp = (char *)fr + sizeof(struct f##_frame))
