// Moving managed stacks.
//
// A move copies the used bytes to the high end of the new stack, adds the distance to the roots that the descriptor of the goroutine
// holds (sp, the first deferred call), and then walks the copy (visit.c): each word that pointed into the old stack gets the
// distance added, before anything is reached through it.
//
// A blocked goroutine's stack may shrink while another goroutine is about to write through a wait node's elem. So the locks of its
// wait nodes are taken first, in the order of the nodes, which is the one in which a select takes them.
#include <string.h>

#include "../panic/panic.h"
#include "../sched/sched.h"
#include "internal.h"

_Atomic uint64_t stack_moves, stack_shrinks; // relaxed

// ---- moving ----

struct move {
    char *low, *base; // the old stack
    intptr_t delta;
};

static void adjust(void *ctx, void **word)
{
    struct move *m = ctx;
    char *p = *word;
    if (p >= m->low && p < m->base)
        *word = p + m->delta;
}

// The words of deferred calls that only the stack's own business needs.
static void adjust_defers(struct g *g, struct move *m)
{
    for (gomem_defer *d = g->head.defers; d; d = d->link) {
        adjust(m, (void **)&d->frame);
        adjust(m, (void **)&d->catch);
    }
}

void stack_move(struct g *g, uintptr_t size)
{
    char *old = g->stack_low, *base = g->head.stack_base;
    uintptr_t used = (uintptr_t)(base - g->head.sp), old_size = stack_size(g);
    char *low = pool_get(size);
    struct move m = {old, base, low + size - base};
    memcpy(low + size - used, g->head.sp, used);
    if (g->evicted == old && g->evicted) {
        memcpy(low, old, g->evicted_len);
        g->evicted = low;
    }
    g->stack_low = low;
    g->head.stack_base = low + size;
    g->head.sp += m.delta;
    stack_visit(g, adjust, &m);
    adjust_defers(g, &m);
    if (!FAULT(moved_records_kept))
        panic_adjust(g, m.low, m.base, m.delta);
    pool_put(old, old_size);
    atomic_fetch_add_explicit(&stack_moves, 1, memory_order_relaxed);
}

// ---- shrinking ----

// Counted as used: what every stack needs in reserve, and the frames of the operation that the goroutine is stopped in, which Go has on
// the same stack; here they are on the machine stack.
enum { RESERVE = 800, OPERATION = 512 };

static uintptr_t counted_use(struct g *g)
{
    uintptr_t machine = g->machine_sp ? slot_used(g, g->machine_sp) : 0;
    return stack_used(g) + RESERVE + (machine < OPERATION ? machine : OPERATION);
}

static void lock_nodes(struct g *g)
{
    const struct rmutex *last = NULL;
    for (struct sudog *s = g->waiting; s; s = s->g_link) {
        if (s->lock && s->lock != last)
            rlock(s->lock);
        last = s->lock;
    }
}

static void unlock_nodes(struct g *g)
{
    struct rmutex *last = NULL;
    for (struct sudog *s = g->waiting; s; s = s->g_link) {
        if (s->lock && s->lock != last)
            runlock(s->lock);
        last = s->lock;
    }
}

void stack_shrink(struct g *g)
{
    uintptr_t size = stack_size(g);
    if (FAULT(no_shrinking) || stack_fixed || size <= STACK_MIN || counted_use(g) >= size / 4)
        return;
    if (g_status(g) == G_SYSCALL) // the call may be using it
        return;
    if (g->evicted == g->stack_low && g->evicted_len + stack_used(g) > size / 2)
        return;
    lock_nodes(g);
    stack_move(g, size / 2);
    unlock_nodes(g);
    g_set_guards(g);
    atomic_fetch_add_explicit(&stack_shrinks, 1, memory_order_relaxed);
}
