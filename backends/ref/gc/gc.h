// gc.h: what the collector promises the other parts of ref (its own parts share gc/internal.h).
//
// A cycle: sweep termination; a pause that switches the barrier on; concurrent mark by workers, beside the program, which shades what
// it overwrites and what it stores, and allocates black; a pause that switches the barrier off; concurrent sweep. See cycle.c.
#ifndef REF_GC_H
#define REF_GC_H

#include "../ref.h"

// gc_init comes after heap_init; gc_start once the first P runs: it creates the collector's goroutines when they are needed.
// percent and limit are those of GOGC and GOMEMLIMIT (-1: off; INT64_MAX: none), trace that of GODEBUG=gctrace.
void gc_init(int32_t percent, int64_t limit, bool trace);
void gc_start(void);
void check_init(bool on); // every cycle is checked; before anything runs

// ---- a P's own ----
struct gcwork *gcwork_new(void);
struct wbbuf *wbbuf_new(void);
// gc_release_p hands on what p's buffers hold and frees them: the P is destroyed, the world is stopped.
void gc_release_p(struct p *p);

// ---- the barrier (not safepoints) ----

extern uint32_t gc_barrier_enabled; // atomic (relaxed); changes only while the world is stopped

// gc_store stores v in *slot, and shades both the old and the new pointer while marking. gc_shade greys one block; the runtime's own
// stores outside compiled code use it (or gc_store). gc_copy and gc_clear are those of the contract, for n values.
void gc_store(gomem_g *g, void **slot, void *v);
void gc_shade(struct p *p, void *v);
void gc_copy(gomem_g *g, const gomem_type *type, void *dst, const void *src, intptr_t n);
void gc_clear(gomem_g *g, const gomem_type *type, void *dst, intptr_t n);

static inline bool gc_marking(void)
{
    return __atomic_load_n(&gc_barrier_enabled, __ATOMIC_RELAXED) != 0;
}

// ---- roots ----

// gc_add_roots adds a function that calls visit for each word outside heap and stacks that may hold a pointer into the heap (timers, a P's
// pending calls). It runs in every cycle while the program runs too, so it takes the locks it needs; visit takes none.
typedef void (*gc_visit)(void *ctx, void **word);
void gc_add_roots(void (*each)(gc_visit visit, void *ctx));

// weak_make gives the one weak handle of the block that obj points into (obj itself outside the heap): a block with one word, which is nil
// once the block is dead. weak_get gives the block, and keeps it alive for the caller. Not safepoints; they may take RANK_SPECIAL.
void *weak_make(struct p *p, void *obj);
void *weak_get(struct p *p, void *handle);

// ---- safepoints ----

// gc_poll_hook is called by the scheduler on g's own thread at a safepoint where one was asked for: it pays g's assist debt,
// and may park g. gc_due tells whether it has anything to do.
void gc_poll_hook(struct g *g);
bool gc_due(struct g *g);

// gc_before_run is called by the scheduler, while marking, on a goroutine that is about to run on p: its stack is scanned if nobody has.
void gc_before_run(struct p *p, struct g *g);

// gc_before_idle is called by the scheduler, while marking, when p has nothing to run: what its buffers hold is handed on, for nobody
// asks an idle P. True: there was something, so there may be something to run.
bool gc_before_idle(struct p *p);

// gc_forced_check is for the monitor thread: it asks for a cycle when none ran for two minutes. Any thread.
void gc_forced_check(int64_t now);

// gc_new_goroutine gives a new goroutine's accounts their first state; gc_end_goroutine settles them.
void gc_new_goroutine(struct g *g);
void gc_end_goroutine(struct g *g);

// ---- the contract's groups ----
extern const gomem_barrier_group ref_barrier_group;
extern const gomem_collector_group ref_collector_group;

// ---- the probe's operations (step.c, check.c, leak.c, retain.c) ----
void step_to(gomem_g *g, enum gomem_gc_phase phase);
bool step_scan(gomem_g *g, uint64_t goroutine);
intptr_t step_mark(gomem_g *g, intptr_t n);
bool step_blacken(gomem_g *g, uintptr_t address);
void step_assists(gomem_g *g, bool on);
enum gomem_colour step_colour(gomem_g *g, uintptr_t address);
void check_force(gomem_g *g, bool on);
intptr_t leak_find(gomem_g *g, gomem_leak *leaks, intptr_t n);
intptr_t retain_find(gomem_g *g, uintptr_t address, gomem_holder *way, intptr_t n);

// ---- counters, for tests and the probe ----
enum gc_phase { GC_OFF, GC_MARK, GC_TERMINATION };
struct gc_counts {
    uint32_t cycles, forced;
    uint64_t marked_blocks, marked_bytes; // in the last cycle
    uint64_t barriers;                    // entries of gc_store while marking, since the start
    uint64_t shades;                      // blocks that a barrier greyed
    uint64_t stacks_scanned;              // since the start
    uint64_t assist_bytes, assist_work;   // bytes allocated with an assist's duty, bytes scanned by assists
    uint64_t stw_blocks;                  // marked while the world was stopped, since the start
    enum gc_phase phase;
};
void gc_counts(struct gc_counts *c);

#endif
