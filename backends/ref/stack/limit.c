// Growing, the limit, and the group stack.
//
// Both stacks count towards the limit: the bytes used of the managed stack and of the machine stack, rounded up to a power of two. It is
// looked at when either doubles: the managed stack by moving, the machine stack by raising the allowance that its guard stands for.
// So a recursion without pointers, which has no managed frames, ends too.
#include "../gc/gc.h"
#include "../panic/panic.h"
#include "../sched/sched.h"
#include "internal.h"

static _Atomic int64_t limit = sizeof(void *) == 8 ? 1000000000 : 250000000; // relaxed
static const int64_t ceiling = sizeof(void *) == 8 ? 2000000000 : 500000000; // SetMaxStack does not lift it

uintptr_t stack_fixed;
static _Atomic uintptr_t first_size = STACK_MIN; // of recycled goroutines' stacks; relaxed

void stack_init(uintptr_t fixed_size, uintptr_t slots)
{
    stack_fixed = fixed_size;
    if (fixed_size)
        atomic_store_explicit(&first_size, fixed_size, memory_order_relaxed);
    slots_init(slots);
}

static uintptr_t power_above(uintptr_t n)
{
    uintptr_t power = STACK_MIN;
    while (power < n)
        power *= 2;
    return power;
}

bool limit_exceeded(uintptr_t bytes)
{
    int64_t most = atomic_load_explicit(&limit, memory_order_relaxed);
    uint64_t size = power_above(bytes);
    return (size > (uint64_t)(most > 0 ? most : 0) && !FAULT(stack_limit_fixed)) || size > (uint64_t)ceiling;
}

// ---- attaching ----

void stack_attach(struct g *g, bool fresh)
{
    uintptr_t size = atomic_load_explicit(&first_size, memory_order_relaxed);
    if (fresh && !stack_fixed)
        size = STACK_MIN;
    if (g->stack_low && stack_size(g) != size) {
        pool_put(g->stack_low, stack_size(g));
        g->stack_low = NULL;
    }
    if (!g->stack_low) {
        g->stack_low = pool_get(size);
        g->head.stack_base = g->stack_low + size;
    }
    g->head.sp = g->head.stack_base;
    race_fresh(g->stack_low, stack_size(g));
}

void stack_drop(struct g *g)
{
    if (g->stack_low)
        pool_put(g->stack_low, stack_size(g));
    g->stack_low = g->head.stack_base = g->head.sp = NULL;
}

void stack_release(struct g *g)
{
    if (stack_size(g) == atomic_load_explicit(&first_size, memory_order_relaxed))
        return;
    stack_drop(g);
}

uintptr_t stack_used(struct g *g)
{
    return (uintptr_t)(g->head.stack_base - g->head.sp);
}

enum { ADAPT_ROOM = 928 };

void stack_adapt(uint64_t average)
{
    if (!stack_fixed)
        atomic_store_explicit(&first_size, power_above((uintptr_t)average + ADAPT_ROOM), memory_order_relaxed);
    g_strip_dead();
}

// The exchanges pair with the stores of g_ask: what they overwrite has been asked before.
void stack_guards(struct g *g)
{
    char *machine = g->slot ? g->slot->top - g->machine_allowance : NULL;
    (void)__atomic_exchange_n(&g->head.machine_guard, machine, __ATOMIC_ACQ_REL);
    (void)__atomic_exchange_n(&g->head.stack_guard, g->stack_low, __ATOMIC_ACQ_REL);
}

// ---- growing ----

GOMEM_NORETURN void stack_overflow(struct g *g)
{
    die_begin();
    ref_print("runtime: goroutine stack exceeds %lld-byte limit\n",
              (long long)atomic_load_explicit(&limit, memory_order_relaxed));
    ref_print("runtime: sp=%p stack=[%p, %p]\n", (void *)g->head.sp, (void *)g->stack_low, (void *)g->head.stack_base);
    fatal(g, "stack overflow");
}

static void check(struct g *g, uintptr_t managed, uintptr_t machine)
{
    if (limit_exceeded(managed + machine))
        stack_overflow(g);
}

static void grow_machine(struct g *g, uintptr_t used)
{
    uintptr_t most = (uintptr_t)(g->slot->top - g->slot->low) - MACHINE_RESERVE;
    check(g, stack_used(g), used);
    uintptr_t allowance = power_above(used + 1);
    if (used >= most)
        stack_overflow(g);
    g->machine_allowance = allowance < most ? allowance : most;
}

static void grow_managed(struct g *g, uintptr_t need, uintptr_t machine)
{
    uintptr_t wanted = stack_used(g) + need, size = stack_size(g);
    check(g, wanted, machine);
    if (stack_fixed)
        stack_overflow(g);
    while (size < wanted)
        size *= 2;
    check(g, size, 0);
    stack_move(g, size);
}

static void more(gomem_g *h, const gomem_frame_desc *desc)
{
    struct g *g = g_of(h);
    safepoint(g);
    uintptr_t machine = slot_used(g, __builtin_frame_address(0)), need = desc ? desc->size : 0;
    bool machine_full = machine > g->machine_allowance, managed_full = (uintptr_t)(h->sp - g->stack_low) < need;
    if (machine_full)
        grow_machine(g, machine);
    if (managed_full)
        grow_managed(g, need, machine);
    if (machine_full || managed_full)
        g_set_guards(g);
}

static void poll(gomem_g *h)
{
    safepoint(g_of(h));
}

static int64_t set_max(gomem_g *h, int64_t bytes)
{
    (void)h;
    return atomic_exchange_explicit(&limit, bytes, memory_order_relaxed);
}

void stack_stats(struct stack_stats *s)
{
    *s = (struct stack_stats){.moves = atomic_load_explicit(&stack_moves, memory_order_relaxed),
                              .shrinks = atomic_load_explicit(&stack_shrinks, memory_order_relaxed)};
    pool_stats(s);
    slots_stats(s);
}

const gomem_stack_group ref_stack_group = {
    .size = sizeof ref_stack_group, .more = more, .poll = poll, .set_max = set_max};
