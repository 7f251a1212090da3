// Machine stacks. One region of address space is reserved at the start and cut into slots of equal size; a slot's pages come
// into being as they are touched. The lowest page of a slot is a guard: no mapping of its own (which would end at some 32 000 slots), but a
// marker in the page table where the kernel has it (MADV_GUARD_INSTALL), else a protected page.
//
//     region:  | guard |  ...... slot 0 ...... top | guard |  ...... slot 1 ...... top | ...
//
// Tops are staggered by cache lines: otherwise the first frames of all goroutines would fall into the same few sets of the cache.
// A freed slot is the next one used, so that its pages are warm; what it dirtied beyond KEEP goes back to the OS.
//
// A goroutine is bound to a slot from its first run to its end, since C frames cannot move. While there are free slots each goroutine has
// one of its own. Beyond that slots are shared: whoever is about to run evicts the slot's resident, if that is not running, by
// copying its used bytes out, into the free low end of its managed stack where they fit; and gets its own bytes copied back to the same
// addresses. A resident is held still meanwhile by its SCAN bit (g_freeze). New goroutines share with residents that wait and use
// little. Goroutines of the runtime's own have slots apart, which are not shared.
//
// Who finds its slot's resident running waits in the slot's line, in no run queue, and whoever leaves the processor calls the first of its
// slot's line. From then on until the last of the line has been in, the slot is contended: nobody comes in but who is called, not even the
// resident again. Otherwise two goroutines that never stop, on two processors, would keep a third from its slot for ever: its processor
// looks while the resident runs, and the resident's has it back at once.
//
// Where address space is short, slots are few and small: on 32-bit systems 32 of 32 MiB, a quarter of what there is, so a recursion whose
// frames are all of C ends there and not at Go's limit of 250 MB; under Valgrind and QEMU, which keep account of all that is reserved, 80 of 16 MiB.
//
//     s->resident == g  implies  g->slot == s and g->evicted == NULL
//     g runs            implies  g->slot->resident == g
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "../heap/heap.h"
#include "../panic/panic.h"
#include "../sched/sched.h"
#include "internal.h"

enum {
    PAGE = 4096,
    LINE = 64,
    STAGGER = 31, // lines that tops differ by, at most; fewer than a page's
    KEEP = 64 << 10,
    FIRST_ALLOWANCE = 16 << 10,
    SHARED_MOST = 16 << 10, // a resident that uses more is not made to share
    SLACK = 64,             // between evicted bytes and frames
    ADVICE_GUARD = 102,     // MADV_GUARD_INSTALL
};

#if defined \
    REF_RACE // the detector takes most of the address space; and no slot is shared, lest it takes two goroutines for one
static const uintptr_t slot_size = 4 << 20;
static const uintptr_t usual_slots = 65536, fewest_slots = 1024, own_slots = 64;
#elif defined REF_VALGRIND || defined REF_EMULATED
static const uintptr_t slot_size = 16 << 20;
static const uintptr_t usual_slots = 64, fewest_slots = 8, own_slots = 16;
#elif UINTPTR_MAX > UINT32_MAX
static const uintptr_t slot_size = (uintptr_t)513 << 20; // the largest stack, and what operations need below the guard
#ifdef __SANITIZE_ADDRESS__
static const uintptr_t usual_slots =
    1 << 16; // not to be shared: the sanitizer would take one goroutine's frames for another's
#else
static const uintptr_t usual_slots = 2048;
#endif
static const uintptr_t fewest_slots = 8, own_slots = 64;
#else
static const uintptr_t slot_size = 32 << 20;
static const uintptr_t usual_slots = 16, fewest_slots = 2, own_slots = 16;
#endif

// Slots [first, first + n) of the region, for one kind of goroutines; those from first + used on were never used.
struct slots {
    uintptr_t first, n, used;
    struct slot *free;
};

static struct rmutex lock = {.rank = RANK_STACK};
static struct slots shared, own; // of the program's goroutines, of the runtime's; protected by lock but for first and n
static char *region;
static struct slot **table;        // an entry is written once, before its slot is bound; atomic, release
static _Atomic uintptr_t cursor;   // relaxed: where take_shared looks next
static _Atomic uint64_t evictions; // relaxed

static bool reserve(uintptr_t n)
{
    uintptr_t bytes = (n + own_slots) * slot_size;
    region = sys_alloc(bytes);
    if (!region)
        return false;
    memcheck_closed(region, bytes);
    madvise(region, bytes, MADV_NOHUGEPAGE); // one touched page of a stack is not to cost 2 MiB
    shared.n = own.first = n;
    own.n = own_slots;
    return true;
}

void slots_init(uintptr_t wanted)
{
    for (uintptr_t n = wanted ? wanted : usual_slots; !reserve(n); n /= 2)
        if (n <= fewest_slots)
            ref_throw("runtime: cannot reserve address space for stacks");
    table = meta_alloc(shared.n * sizeof *table, _Alignof(struct slot *));
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
    s->lock.rank = RANK_STACK;
    s->low = low + PAGE;
    s->top = low + slot_size - index % (STAGGER + 1) * LINE;
    memcheck_stack(s->low, s->top - 1);
    return s;
}

// ---- free slots ----

static struct slot *take_free(struct slots *all)
{
    rlock(&lock);
    struct slot *s = all->free;
    bool fresh = !s && all->used < all->n;
    uintptr_t index = all->first + all->used;
    if (s)
        all->free = s->link;
    else if (fresh)
        all->used++;
    runlock(&lock);
    if (!fresh)
        return s;
    s = fresh_slot(index);
    if (all == &shared)
        __atomic_store_n(&table[index], s, __ATOMIC_RELEASE); // pairs with take_shared
    return s;
}

static void put_free(struct slots *all, struct slot *s)
{
    rlock(&lock);
    s->link = all->free;
    all->free = s;
    runlock(&lock);
}

// ---- eviction; s->lock is held ----

static bool is_contended(struct slot *s)
{
    return atomic_load_explicit(&s->contended, memory_order_relaxed);
}

static void note_contended(struct slot *s)
{
    atomic_store_explicit(&s->contended, s->called || s->waiting.head, memory_order_relaxed);
}

static bool fits_below(struct g *g, uintptr_t len)
{
    return len + stack_used(g) + SLACK <= stack_size(g);
}

static void copy_out(struct g *g)
{
    uintptr_t len = slot_used(g, g->machine_sp);
    g->evicted = fits_below(g, len) ? g->stack_low : malloc(len);
    if (!g->evicted)
        ref_throw("runtime: out of memory: cannot keep a machine stack");
    g->evicted_len = (uint32_t)len;
    asan_clean(g->machine_sp, len);
    memcpy(g->evicted, g->machine_sp, len);
#ifdef REF_DEBUG
    memset(g->machine_sp, 0xDB, len); // nobody may look at the stack of a goroutine that is not there
#endif
    atomic_fetch_add_explicit(&evictions, 1, memory_order_relaxed);
}

static void copy_in(struct g *g)
{
    asan_clean(g->machine_sp, g->evicted_len);
    memcheck_fresh(g->machine_sp, g->evicted_len);
    memcpy(g->machine_sp, g->evicted, g->evicted_len);
    if (g->evicted != g->stack_low)
        free(g->evicted);
    g->evicted = NULL;
}

// evict makes s nobody's; false: its resident runs, or is not to be touched. most: the bytes worth copying.
static bool evict(struct slot *s, uintptr_t most)
{
    struct g *r = s->resident;
    if (!r)
        return true;
    if (!g_freeze(r))
        return false;
    bool little = slot_used(r, r->machine_sp) <= most;
    if (little) {
        copy_out(r);
        s->resident = NULL;
    }
    g_unfreeze(r);
    return little;
}

// ---- binding ----

void ref_start(void); // sched/switch.S

// The first context of a machine stack: what ref_switch pops, and a return to ref_start, which calls entry(g).
static void *first_context(char *top, struct g *g, void (*entry)(struct g *))
{
#if defined __x86_64__
    void **sp = (void **)(void *)(top - 16) - 7;
    void *frame[7] = {NULL, NULL, NULL, (void *)entry, g, NULL, (void *)ref_start}; // r15 r14 r13 r12 rbx rbp, return
#elif defined __aarch64__
    void **sp = (void **)(void *)(top - 16) - 20;
    void *frame[20] = {g, (void *)entry, [11] = (void *)ref_start}; // x19 to x30, d8 to d15
#else
    void **sp = (void **)(void *)(top - 16) - 5;
    void *frame[5] = {NULL, (void *)entry, g, NULL, (void *)ref_start}; // edi esi ebx ebp, return
#endif
    memcheck_fresh(sp, (uintptr_t)(top - (char *)sp));
    for (size_t i = 0; i < COUNTOF(frame); i++)
        sp[i] = frame[i];
    return sp;
}

// take_shared looks for a slot whose resident waits and uses little; if there is none, one that uses much will do, since it may wait for ever;
// and at last one whose resident runs. It returns the slot locked.
static struct slot *take_shared(void)
{
    for (uintptr_t tries = 0; tries < 3 * shared.n; tries++) {
        uintptr_t i = atomic_fetch_add_explicit(&cursor, 1, memory_order_relaxed) % shared.n;
        struct slot *s = __atomic_load_n(&table[i], __ATOMIC_ACQUIRE);
        if (!s)
            continue;
        rlock(&s->lock);
        uintptr_t most = tries < shared.n ? SHARED_MOST : UINTPTR_MAX;
        if (s->bound && (tries >= 2 * shared.n || (!is_contended(s) && evict(s, most))))
            return s;
        runlock(&s->lock);
    }
    return NULL;
}

// bind gives g, which has none, a slot, and returns that locked; NULL: there is none just now.
static struct slot *bind(struct g *g)
{
    struct slot *s = take_free(g->system ? &own : &shared);
    if (s) {
        rlock(&s->lock);
    } else if (g->system) {
        ref_throw("runtime: too many goroutines of its own");
    } else if (!(s = take_shared())) {
        return NULL;
    }
    s->bound++;
    g->slot = s;
    g->machine_allowance = FIRST_ALLOWANCE;
    g_set_guards(g);
    return s;
}

static void seat_locked(struct slot *s, struct g *g, void (*entry)(struct g *))
{
    if (g->machine_sp)
        copy_in(g);
    else
        g->machine_sp = first_context(s->top, g, entry);
    s->resident = g;
    s->called = NULL;
    note_contended(s);
}

bool slot_enter_slow(struct g *g, void (*entry)(struct g *))
{
    struct slot *s = g->slot;
    if (s)
        rlock(&s->lock);
    else if (!(s = bind(g)))
        return false;
    bool mine = (s->called == g || !is_contended(s)) && evict(s, UINTPTR_MAX);
    if (mine)
        seat_locked(s, g, entry);
    runlock(&s->lock);
    return mine;
}

// ---- waiting for a slot ----

// call_locked calls the first of those that wait, unless one is called already or the resident runs: that one calls when it leaves.
static struct g *call_locked(struct slot *s)
{
    if (s->called || (s->resident && g_status(s->resident) == G_RUNNING))
        return NULL;
    s->called = gqueue_pop(&s->waiting);
    note_contended(s);
    return s->called;
}

void slot_wait(struct g *g)
{
    struct slot *s = g->slot;
    struct g *next = g;
    if (s) {
        rlock(&s->lock);
        if (s->called != g) { // else its slot's resident is being looked at: it comes round again
            gqueue_push(&s->waiting, g);
            note_contended(s);
            // either the look below sees that the resident has left, or slot_left sees who waits
            atomic_thread_fence(memory_order_seq_cst);
            next = call_locked(s);
        }
        runlock(&s->lock);
    }
    if (next)
        g_queue(next);
    if (next == g)
        sched_yield();
}

void slot_left_slow(struct slot *s)
{
    rlock(&s->lock);
    struct g *next = call_locked(s);
    runlock(&s->lock);
    if (next)
        g_queue(next);
}

static uintptr_t deepest(const struct slot *s, uintptr_t allowance)
{
    uintptr_t most = (uintptr_t)(s->top - s->low);
    return allowance + MACHINE_RESERVE < most ? allowance + MACHINE_RESERVE : most;
}

// give_back returns the pages of a slot that was used deeply.
static void give_back(struct slot *s, uintptr_t allowance)
{
    char *from = (char *)round_up((uintptr_t)s->top - deepest(s, allowance), PAGE);
    sys_unused(from, (uintptr_t)(s->top - from) / PAGE * PAGE - KEEP);
}

// The next goroutine's locals are where this one's were. The bytes used are known to a power of two.
static void race_fresh_slot(const struct slot *s, uintptr_t allowance)
{
    uintptr_t most = (uintptr_t)(s->top - s->low), deep = allowance + MACHINE_RESERVE;
    deep = deep < most ? deep : most;
    race_fresh(s->top - deep, deep);
}

void slot_release(struct g *g)
{
    struct slot *s = g->slot;
    asan_clean(s->top - deepest(s, g->machine_allowance), deepest(s, g->machine_allowance));
    race_fresh_slot(s, g->machine_allowance);
    if (g->machine_allowance > KEEP)
        give_back(s, g->machine_allowance);
    g->slot = NULL;
    g->machine_sp = NULL;
    rlock(&s->lock);
    s->resident = NULL;
    bool unused = --s->bound == 0;
    runlock(&s->lock);
    if (unused)
        put_free(g->system ? &own : &shared, s);
    else
        slot_left(s); // a wired thread ends with g, and does not come back to run_here
}

uintptr_t slot_used(struct g *g, void *sp)
{
    return (uintptr_t)(g->slot->top - (char *)sp);
}

void slots_stats(struct stack_stats *s)
{
    rlock(&lock);
    s->slots = shared.n;
    s->slots_used = shared.used;
    runlock(&lock);
    s->evictions = atomic_load_explicit(&evictions, memory_order_relaxed);
}
