// What the files of stack/ share.
#ifndef REF_STACK_INTERNAL_H
#define REF_STACK_INTERNAL_H

#include "stack.h"

enum { STACK_MIN = 2048 };

// ---- pool.c: memory of managed stacks, by size, a power of two ----
char *pool_get(uintptr_t size); // dies when memory ran out
void pool_put(char *low, uintptr_t size);
void pool_stats(struct stack_stats *s);

// ---- slot.c ----
void slots_init(uintptr_t wanted);
void slots_stats(struct stack_stats *s);

// ---- limit.c ----
bool limit_exceeded(uintptr_t bytes); // of both stacks
extern uintptr_t stack_fixed;         // option: size of all managed stacks; 0: they grow

// ---- move.c ----
void stack_move(struct g *g, uintptr_t size);
extern _Atomic uint64_t stack_moves, stack_shrinks;

static inline uintptr_t stack_size(const struct g *g)
{
    return (uintptr_t)(g->head.stack_base - g->stack_low);
}

#endif
