// Stepped collections: the probe's way to have a cycle go on only as far as it is told (spec/gomem.h, gomem_probe_group).
//
// The collector goes through the cycle as ever, but at the gates between its phases it waits for a command: go on to a phase; scan
// one stack; scan so many grey blocks, or a chosen one; tell a block's colour. Who gives the command waits, parked like anybody who
// waits, until it is carried out; so its own stack can be scanned too.
//
// Between the gates MARKING and MARKED the collection is held: workers and assists rest, the collector marks alone and on command,
// and a goroutine that is about to run is not scanned first. After MARKED the cycle ends in its usual way, with workers.
//
// Commands that look at grey blocks gather them first: the world is stopped for a moment, and every P hands on what its buffers hold, so
// that all that is grey is in the global list.
#include "internal.h"

enum command { NOTHING, GO_ON, SCAN, MARK, BLACKEN, COLOUR };

static struct {
    struct rmutex lock;
    enum command command; // protected by lock, like all here
    uint64_t argument, result;
    struct g *stepper, *collector; // while they are parked here
    bool under_way;                // this cycle is a stepped one
} step = {.lock = {.rank = RANK_GCWORK}};

static _Atomic bool wanted, active, held, assists; // relaxed: they change while who cares is parked, or under the lock

bool step_wanted(void)
{
    return atomic_load_explicit(&wanted, memory_order_relaxed);
}

bool step_active(void)
{
    return atomic_load_explicit(&active, memory_order_relaxed);
}

bool step_holds(void)
{
    return UNLIKELY(atomic_load_explicit(&held, memory_order_relaxed));
}

bool step_holds_assists(void)
{
    return step_holds() && !atomic_load_explicit(&assists, memory_order_relaxed);
}

static void set(_Atomic bool *flag, bool on)
{
    atomic_store_explicit(flag, on, memory_order_relaxed);
}

// ---- who steps ----

static void wake_locked(struct g **parked)
{
    struct g *g = *parked;
    *parked = NULL;
    if (g)
        g_ready(g, false);
}

// order has the collector carry out a command.
static uint64_t order(struct g *g, enum command command, uint64_t argument)
{
    rlock(&step.lock);
    step.command = command;
    step.argument = argument;
    wake_locked(&step.collector);
    while (step.command != NOTHING) {
        step.stepper = g;
        g_park(g, g_unlock_commit, &step.lock, WAIT_GC_CYCLE);
        rlock(&step.lock);
    }
    uint64_t result = step.result;
    runlock(&step.lock);
    return result;
}

void step_to(gomem_g *g, enum gomem_gc_phase phase)
{
    if (!step_active()) {
        set(&active, true);
        set(&wanted, true);
        cycle_ask();
    }
    order(g_of(g), GO_ON, phase);
}

bool step_scan(gomem_g *g, uint64_t goroutine)
{
    return step_holds() && order(g_of(g), SCAN, goroutine);
}

intptr_t step_mark(gomem_g *g, intptr_t n)
{
    return step_holds() && n > 0 ? (intptr_t)order(g_of(g), MARK, (uint64_t)n) : 0;
}

bool step_blacken(gomem_g *g, uintptr_t address)
{
    return step_holds() && order(g_of(g), BLACKEN, address);
}

void step_assists(gomem_g *g, bool on)
{
    (void)g;
    set(&assists, on);
}

enum gomem_colour step_colour(gomem_g *g, uintptr_t address)
{
    void *base;
    uintptr_t size;
    if (!heap_find((const void *)address, &base, &size))
        return GOMEM_NO_BLOCK;
    return step_holds() ? (enum gomem_colour)order(g_of(g), COLOUR, address) : GOMEM_WHITE;
}

// ---- the commands ----

static void gather(void)
{
    world_stop("gc: step");
    cycle_flush_stopped();
    world_start();
}

struct chosen {
    uint64_t id;
    struct g *g;
};

static void choose(struct g *g, void *arg)
{
    struct chosen *c = arg;
    if (g->id == c->id && g_status(g) != G_DEAD && g_status(g) != G_IDLE)
        c->g = g;
}

static bool scan(struct g *collector, uint64_t id)
{
    struct chosen c = {.id = id};
    g_each(choose, &c);
    return c.g && roots_scan_suspended(collector->m->p->gcwork, c.g);
}

static uint64_t mark_some(struct gcwork *w, uint64_t n)
{
    uint64_t done = 0;
    for (uintptr_t grey; done < n && (grey = work_get(w)); done++)
        w->scan_work += mark_scan(w, grey);
    work_flush(w);
    return done;
}

static uintptr_t block_at(uintptr_t address)
{
    struct span *s = span_of(address);
    return s ? span_block(s, span_index(s, address)) : 0;
}

static bool blacken(struct gcwork *w, uintptr_t block)
{
    if (!block || !work_find(block, true))
        return false;
    w->scan_work += mark_scan(w, block);
    work_flush(w);
    return true;
}

static enum gomem_colour colour(uintptr_t block)
{
    struct span *s = span_of(block);
    if (!s)
        return GOMEM_NO_BLOCK;
    if (!span_marked(s, span_index(s, block)))
        return GOMEM_WHITE;
    return work_find(block, false) ? GOMEM_GREY : GOMEM_BLACK;
}

static uint64_t carry_out(struct g *g, enum command command, uint64_t argument)
{
    if (command == SCAN)
        return scan(g, argument);
    gather();
    struct gcwork *w = g->m->p->gcwork;
    switch (command) {
    case MARK:
        return mark_some(w, argument);
    case BLACKEN:
        return blacken(w, block_at((uintptr_t)argument));
    default:
        return colour(block_at((uintptr_t)argument));
    }
}

// ---- the collector ----

void step_begin(void)
{
    rlock(&step.lock);
    step.under_way = step_wanted();
    set(&wanted, false);
    runlock(&step.lock);
}

static void answer_locked(uint64_t result)
{
    step.command = NOTHING;
    step.result = result;
    wake_locked(&step.stepper);
}

static enum command wait_locked(struct g *g)
{
    while (step.command == NOTHING) {
        step.collector = g;
        g_park(g, g_unlock_commit, &step.lock, WAIT_GC_CYCLE);
        rlock(&step.lock);
    }
    return step.command;
}

void step_gate(struct g *g, enum gomem_gc_phase reached)
{
    if (!step.under_way)
        return;
    rlock(&step.lock);
    while (wait_locked(g) != GO_ON || step.argument <= reached) {
        uint64_t result = 0, argument = step.argument;
        enum command command = step.command;
        if (command == GO_ON && reached == GOMEM_GC_DONE) {
            step.under_way = false;
            set(&active, false);
            answer_locked(0);
            break;
        }
        runlock(&step.lock);
        if (command != GO_ON)
            result = carry_out(g, command, argument);
        rlock(&step.lock);
        answer_locked(result);
    }
    runlock(&step.lock);
}

static void drain(struct g *g)
{
    do {
        while (mark_drain(g->m->p->gcwork, DRAIN_BATCH))
            cycle_give_way(g);
        gather();
    } while (work_available());
}

void step_marking(struct g *g)
{
    if (!step.under_way)
        return;
    step_gate(g, GOMEM_GC_MARKING);
    roots_mark_static(g->m->p->gcwork);
    step_gate(g, GOMEM_GC_ROOTS);
    roots_mark_stacks_suspended(g);
    step_gate(g, GOMEM_GC_STACKS);
    drain(g);
    step_gate(g, GOMEM_GC_MARKED);
    set(&held, false);
    set(&assists, false);
}

void step_hold(void)
{
    if (step.under_way)
        set(&held, true);
}
