// race.h: what ref tells ThreadSanitizer, the race detector of clang. Three kinds of build:
//
//   normal                          nothing of this header is left
//   program (REF_RACE_PROGRAM)      ref is not instrumented. It announces exactly the edges of Go's memory model, where an operation has
//                                   them, and the accesses that it makes for the program. So nothing that ref does to be correct,
//                                   such as its own locks, orders the program more than Go does
//   implementation (REF_RACE)       ref is instrumented and announces nothing: every edge comes from its own C11 atomics
//
// In both, goroutines are fibers, so that the detector knows who runs. In a program build the switch is no edge. In an
// implementation build it is: whatever runs on a thread is in fact ordered, and what belongs to a P (queues, caches, free lists)
// leans on that.
//
// Memory that ref hands out anew (blocks, stacks, descriptors) was perhaps another goroutine's. In an implementation build the order is
// in ref's code; in a program build race_fresh makes the detector forget what was there.
//
// An edge has a place: race_release there, then race_acquire. A place sums up all releases; race_give forgets the earlier ones. The _for
// variants act for a goroutine that is parked, or not yet running, which the caller keeps so by the lock it holds.
#ifndef REF_RACE_H
#define REF_RACE_H

#include <stdint.h>

struct g;

#ifdef REF_RACE

void *__tsan_get_current_fiber(void);
void __tsan_switch_to_fiber(void *fiber, unsigned flags);

#ifdef REF_RACE_PROGRAM
enum { RACE_SWITCH = 1 }; // no edge
#else
enum { RACE_SWITCH = 0 };
#endif

void race_init(void);

// A switch is written out where the machine stack is switched: a function's entry and exit must be on the same fiber.
#define race_switch(fiber) __tsan_switch_to_fiber(fiber, RACE_SWITCH)
#define race_current()     __tsan_get_current_fiber()
#define race_thread(m)     ((m)->fiber = race_current())

void race_begin(struct g *g); // g is about to be a goroutine
void race_end(struct g *g);

// Functions that read or write what they may race for by design, and files' worth of reasons, say RACE_EXEMPT.
#define RACE_EXEMPT __attribute__((noinline, no_sanitize("thread")))

#else

#define RACE_EXEMPT
#define race_switch(fiber) ((void)0)
#define race_thread(m)     ((void)0)
#define race_begin(g)      ((void)0)
#define race_end(g)        ((void)0)

static inline void race_init(void)
{
}

#endif

#ifdef REF_RACE_PROGRAM

void race_acquire(const void *place);
void race_release(const void *place);
void race_give(const void *place);
void race_acquire_for(struct g *g, const void *place);
void race_release_for(struct g *g, const void *place);
void race_pass(struct g *to, const void *place);    // what the caller did happens before what `to` does next
void race_meet(struct g *other, const void *place); // and the other way round
void race_begin_mapping(void);                      // round a call that maps memory
void race_end_mapping(void);
void race_fresh(const void *p, uintptr_t size);
void race_read(const void *p, uintptr_t size);
void race_write(const void *p, uintptr_t size);

#else

#define RACE_NOTHING(name, ...)          \
    static inline void name(__VA_ARGS__) \
    {                                    \
    }
RACE_NOTHING(race_acquire, __attribute__((unused)) const void *place)
RACE_NOTHING(race_release, __attribute__((unused)) const void *place)
RACE_NOTHING(race_give, __attribute__((unused)) const void *place)
RACE_NOTHING(race_acquire_for, __attribute__((unused)) struct g *g, __attribute__((unused)) const void *place)
RACE_NOTHING(race_release_for, __attribute__((unused)) struct g *g, __attribute__((unused)) const void *place)
RACE_NOTHING(race_pass, __attribute__((unused)) struct g *to, __attribute__((unused)) const void *place)
RACE_NOTHING(race_meet, __attribute__((unused)) struct g *other, __attribute__((unused)) const void *place)
RACE_NOTHING(race_begin_mapping, void)
RACE_NOTHING(race_end_mapping, void)
RACE_NOTHING(race_fresh, __attribute__((unused)) const void *p, __attribute__((unused)) uintptr_t size)
RACE_NOTHING(race_read, __attribute__((unused)) const void *p, __attribute__((unused)) uintptr_t size)
RACE_NOTHING(race_write, __attribute__((unused)) const void *p, __attribute__((unused)) uintptr_t size)

#endif

// race_peek reads a word of the program's while the program may store there: what the collector does by design, which takes either value.
// Compiled stores are plain under the race lane, so the detector must not see the read.
static inline void *race_peek(void *const *word)
{
#if defined REF_RACE && !defined REF_RACE_PROGRAM
    void *p;
    __asm__ volatile("mov %1, %0" : "=r"(p) : "m"(*word));
    return p;
#else
    return __atomic_load_n(word, __ATOMIC_RELAXED);
#endif
}

#endif
