// stack.h: the two stacks of a goroutine.
//
// The managed stack holds frames with masks (spec/gomem.h 4). It is a power of two of bytes, 2 KiB at first; it grows by doubling
// and shrinks by halving, and moves each time: the frames are copied and every word that points into the old stack is adjusted.
// The machine stack is a slot: a range of address space of its own with a guard, where C frames never move (slot.c).
//
// The limit (debug.SetMaxStack) bounds what a goroutine uses of both: used bytes, rounded up to a power of two.
#ifndef REF_STACK_H
#define REF_STACK_H

#include "../ref.h"

// stack_init reserves the slots, that many (0: the usual number; with fewer than goroutines they are shared). fixed_size > 0: managed
// stacks have that size and never grow.
void stack_init(uintptr_t fixed_size, uintptr_t slots);

// ---- managed ----
void stack_attach(struct g *g,
                  bool fresh); // g gets a stack, of the least size if its descriptor is fresh, else of the adapted one
void stack_release(struct g *g); // g is dead; a stack of the first size stays with the descriptor
void stack_drop(struct g *g);    // g is dead and gives up its stack
void stack_guards(struct g *g);  // sets g's guards to their true places (g runs on this thread, or nowhere)

// stack_visit calls visit for every word of a stopped goroutine (not running, or suspended, or the caller itself at a safepoint) that may
// point to a block or into its own stack: live words of frames, spilled arguments, deferred calls, panics, wait nodes. visit may
// change the word. stack_visit_live leaves out those that are in variables to which nothing leads; visit may not change the word.
typedef void (*stack_visitor)(void *ctx, void **word);
void stack_visit(struct g *g, stack_visitor visit, void *ctx);
void stack_visit_live(struct g *g, stack_visitor visit, void *ctx);

// stack_shrink halves the stack of a stopped goroutine that uses less than a quarter of it, unless it is in a blocking call.
void stack_shrink(struct g *g);
uintptr_t stack_used(struct g *g); // managed bytes in frames
void stack_adapt(
    uint64_t
        average); // at the end of a cycle, the world is stopped: what recycled goroutines' stacks measure, from the average scanned one
struct stack_stats {
    uint64_t in_use, sys; // managed stacks: bytes in stacks of goroutines, bytes taken from the page heap
    uint64_t moves, shrinks;
    uint64_t slots, slots_used, evictions;
};
void stack_stats(struct stack_stats *s);

GOMEM_NORETURN void stack_overflow(struct g *g);

// ---- machine slots ----

enum { MACHINE_RESERVE = 128 << 10 }; // below machine_guard: what an operation, or code without checks, may use

struct slot {
    struct rmutex lock;
    char *low, *top;        // usable: [low, top); below low is the guard
    struct g *resident;     // whose bytes are in it; NULL: nobody's. Protected by lock; stable while the resident runs
    uint32_t bound;         // goroutines bound to it; protected by lock
    struct gqueue waiting;  // those that found the resident running, in their order; protected by lock
    struct g *called;       // of these, the one that comes in next, and is in a run queue; protected by lock
    _Atomic bool contended; // somebody waits or is called; written under lock
    struct slot *link;      // free list
};

// slot_enter puts g, which is about to run (its state is RUNNING), on its machine stack; one that has none is bound to one, with a first context
// that calls entry(g). False: not now, its slot's resident runs, or others wait for it. Then g, RUNNABLE again and in no queue, goes to
// slot_wait, which puts it into a run queue when its turn has come. slot_left is called when the goroutine in s is no longer RUNNING.
// slot_release takes its slot from one that ended.
bool slot_enter_slow(struct g *g, void (*entry)(struct g *));
void slot_wait(struct g *g);
void slot_left_slow(struct slot *s);
void slot_release(struct g *g);
uintptr_t slot_used(struct g *g, void *sp);

// The looks at contended come after g's state has changed, in the order of all sequentially consistent operations.
static inline bool slot_enter(struct g *g, void (*entry)(struct g *))
{
    struct slot *s = g->slot;
    return (LIKELY(s != NULL) && LIKELY(s->resident == g) &&
            LIKELY(!atomic_load_explicit(&s->contended, memory_order_seq_cst))) ||
           slot_enter_slow(g, entry);
}

static inline void slot_left(struct slot *s)
{
    if (UNLIKELY(atomic_load_explicit(&s->contended, memory_order_seq_cst)))
        slot_left_slow(s);
}

extern const gomem_stack_group ref_stack_group;

#endif
