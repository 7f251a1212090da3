// Machine stacks. One region of address space is reserved at the start and cut into slots of equal size; a slot's pages come
// into being as they are touched. The lowest page of a slot is a guard: no mapping of its own (which would end at some 32 000 slots), but a
// marker in the page table where the kernel has it (MADV_GUARD_INSTALL), else a protected page.
//
//     region:  | guard |  ...... slot 0 ...... top | guard |  ...... slot 1 ...... top | ...
//
// Tops are staggered by cache lines: otherwise the first frames of all goroutines would fall into the same few sets of the cache.
// A freed slot is the next one used, so that its pages are warm; what it dirtied beyond KEEP goes back to the OS.
//
// A slot that was used once keeps its guard. Free slots: list, protected by lock; those never used: a counter.
#include <sys/mman.h>

#include "../heap/heap.h"
#include "../panic/panic.h"
#include "../sched/sched.h"
#include "stack.h"

enum {
    PAGE = 4096,
    LINE = 64,
    STAGGER = 31, // lines that tops differ by, at most; fewer than a page's
    KEEP = 64 << 10,
    ADVICE_GUARD = 102, // MADV_GUARD_INSTALL
};

#if UINTPTR_MAX > UINT32_MAX
static const uintptr_t slot_size = (uintptr_t)513 << 20; // the largest stack, and what operations need below the guard
static const uintptr_t most_slots = 1 << 16, fewest_slots = 16;
#else
static const uintptr_t slot_size = 1 << 20;
static const uintptr_t most_slots = 1024, fewest_slots = 64;
#endif

static struct rmutex lock = {.rank = RANK_STACK};
static char *region;
static uintptr_t slots, used; // used: slots that were used at least once; protected by lock
static struct slot *free_slots;

static bool reserve(uintptr_t n)
{
    region = sys_reserve(NULL, n * slot_size);
    if (!region)
        return false;
    if (sys_map(region, n * slot_size)) {
        madvise(region, n * slot_size, MADV_NOHUGEPAGE); // one touched page of a stack is not to cost 2 MiB
        slots = n;
        return true;
    }
    sys_free(region, n * slot_size);
    return false;
}

void slots_init(uintptr_t wanted)
{
    for (uintptr_t n = wanted ? wanted : most_slots; !reserve(n); n /= 2)
        if (n <= fewest_slots && n <= wanted / 2 + 1)
            ref_throw("runtime: cannot reserve address space for stacks");
}

static void guard(char *page)
{
    if (madvise(page, PAGE, ADVICE_GUARD) && mprotect(page, PAGE, PROT_NONE))
        ref_throw("runtime: cannot guard a stack");
}

static struct slot *fresh_slot(uintptr_t index)
{
    char *low = region + index * slot_size;
    struct slot *s = meta_alloc(sizeof *s, _Alignof(struct slot));
    guard(low);
    s->low = low + PAGE;
    s->top = low + slot_size - index % (STAGGER + 1) * LINE;
    return s;
}

static struct slot *take(void)
{
    rlock(&lock);
    struct slot *s = free_slots;
    bool fresh = !s && used < slots;
    uintptr_t index = used;
    if (s)
        free_slots = s->link;
    else if (fresh)
        used++;
    runlock(&lock);
    return fresh ? fresh_slot(index) : s;
}

// ---- binding ----

void ref_start(void); // sched/switch.S

// The first context of a machine stack: what ref_switch pops, and a return to ref_start, which calls entry(g).
static void *first_context(char *top, struct g *g, void (*entry)(struct g *))
{
#if defined __x86_64__
    void **sp = (void **)(void *)(top - 16) - 7;
    void *frame[7] = {NULL, NULL, NULL, (void *)entry, g, NULL, (void *)ref_start}; // r15 r14 r13 r12 rbx rbp, return
#else
    void **sp = (void **)(void *)(top - 16) - 5;
    void *frame[5] = {NULL, (void *)entry, g, NULL, (void *)ref_start}; // edi esi ebx ebp, return
#endif
    for (size_t i = 0; i < COUNTOF(frame); i++)
        sp[i] = frame[i];
    return sp;
}

enum { FIRST_ALLOWANCE = 16 << 10 };

bool slot_bind(struct g *g, void (*entry)(struct g *))
{
    struct slot *s = take();
    if (!s)
        return false;
    g->slot = s;
    g->machine_allowance = FIRST_ALLOWANCE;
    g->machine_sp = first_context(s->top, g, entry);
    g_set_guards(g);
    return true;
}

void slot_release(struct g *g)
{
    struct slot *s = g->slot;
    if (g->machine_allowance > KEEP) {
        uintptr_t most = (uintptr_t)(s->top - s->low);
        uintptr_t deep = g->machine_allowance + MACHINE_RESERVE < most ? g->machine_allowance + MACHINE_RESERVE : most;
        char *from = (char *)round_up((uintptr_t)s->top - deep, PAGE);
        sys_unused(from, (uintptr_t)(s->top - from) / PAGE * PAGE - KEEP);
    }
    g->slot = NULL;
    g->machine_sp = NULL;
    rlock(&lock);
    s->link = free_slots;
    free_slots = s;
    runlock(&lock);
}

uintptr_t slot_used(struct g *g, void *sp)
{
    return (uintptr_t)(g->slot->top - (char *)sp);
}

void slots_stats(struct stack_stats *s)
{
    rlock(&lock);
    s->slots = slots;
    s->slots_used = used;
    runlock(&lock);
}
