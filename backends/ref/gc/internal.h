// gc/internal.h: what the parts of the collector share.
//
//     cycle.c      the cycle: phases, pauses, the collector's goroutine
//     worker.c     the goroutines that mark, and their share of the processors
//     roots.c      where marking begins: variables, goroutines, specials, what others register
//     mark.c       greying a block, scanning a block
//     work.c       buffers of grey blocks
//     barrier.c    the write barrier and its buffer
//     assist.c     marking by those who allocate
//     limiter.c    an end of assists where they would take all of the time
//     pacer.c      when a cycle starts, and how much it must do by when
//     sweep.c      sweeping
//     special.c    what is attached to a block: finalizer, cleanups, weak handle
//     finalizer.c  the goroutines that run finalizers and cleanups
//     step.c       cycles that go on as the probe tells them
//     reach.c      what can be reached, found with the world stopped
//     retain.c     what keeps a block
//     check.c      a second mark by that, as an oracle of the first
//     leak.c       goroutines that are blocked for ever, likewise
//     trace.c      GODEBUG=gctrace=1
//     group.c      the contract's groups
//
// Locks: gc_lock (cycle.c) and work_lock (work.c) have RANK_GCWORK and are never held together.
#ifndef REF_GC_INTERNAL_H
#define REF_GC_INTERNAL_H

#include "../heap/internal.h"
#include "../sched/sched.h"
#include "../stack/stack.h"
#include "gc.h"

// ---- buffers of grey blocks (work.c) ----

enum { WORKBUF_BYTES = 2048, WORKBUF_MAX = (WORKBUF_BYTES - 2 * WORD) / WORD };

struct workbuf {
    struct workbuf *next;
    uintptr_t n;
    uintptr_t grey[WORKBUF_MAX]; // addresses of blocks (their slots), or of pieces of large ones
};

// A P's own grey blocks: a stack of two buffers, so that a change between full and empty costs many pushes or pops. A worker and
// an assist use that of the P they run on. Owned by the P; while the world is stopped by who stopped it.
struct gcwork {
    struct workbuf *top, *below;                     // NULL until first used
    uint64_t marked_blocks, marked_bytes, scan_work; // since the last flush
    uint32_t flushed;                                // the flush that was last answered (cycle.c)
    struct gcwork *link;
};

// What a drain of work may cost, in bytes of blocks scanned, before it looks at the world again.
enum { DRAIN_BATCH = 64 << 10, OBLET = 128 << 10, ROOT_BLOCK = 256 << 10 };

void gcwork_free(struct gcwork *w); // after a flush of its own
void work_put(struct gcwork *w, uintptr_t grey);
uintptr_t work_get(struct gcwork *w);      // 0: neither here nor in the global list
bool work_empty(const struct gcwork *w);   // of grey blocks
void work_flush(struct gcwork *w);         // all to the global list, counters to work_totals
void work_share(struct gcwork *w);         // half of what w has, when the global list is empty and somebody waits
bool work_available(void);                 // in the global list
bool work_find(uintptr_t grey, bool take); // in the global list; takes it out

void work_reset_totals(void);

struct work_totals { // atomic, relaxed; of this cycle
    _Atomic uint64_t marked_blocks, marked_bytes, scan_work;
};
extern struct work_totals work_totals;

// ---- marking (mark.c) ----

// mark_grey greys the block that p points into, if it points into one and the block is white.
void mark_grey(struct gcwork *w, uintptr_t p);
// mark_scan blackens one grey block, or one piece, and returns the bytes looked at.
uintptr_t mark_scan(struct gcwork *w, uintptr_t grey);
// mark_referents greys what a block refers to, but not the block itself.
void mark_referents(struct gcwork *w, struct span *s, uint32_t index);
// mark_words scans words outside the heap by a mask.
void mark_words(struct gcwork *w, void *const *words, uintptr_t n, const uint8_t *mask, uintptr_t first);
// mark_drain scans until about budget bytes are done or no work is found, and returns the bytes.
uintptr_t mark_drain(struct gcwork *w, uintptr_t budget);

// mark_each_pointer calls f for each pointer of a block that does not point into its own piece: for the check.
void mark_each_pointer(struct span *s, uint32_t index, void (*f)(void *ctx, uintptr_t p), void *ctx);

// ---- roots (roots.c) ----

void roots_prepare(void);              // the world is stopped
bool roots_mark_one(struct gcwork *w); // one root; false: all are taken. [safepoint] of others: it suspends a goroutine
bool roots_left(void);
void roots_mark_static(struct gcwork *w); // all but stacks
bool roots_scan_suspended(struct gcwork *w,
                          struct g *g); // g may run: it is stopped; false: done already, or dead. [safepoint]
void roots_mark_stacks_suspended(struct g *collector); // likewise, all that are left
void roots_rescan(struct gcwork *w);                   // all stacks once more: a fault
extern _Atomic uint64_t roots_pause_stacks;            // scanned while the world was stopped, since the start
void roots_visit_goroutine(struct g *g, gc_visit visit, void *ctx); // g is stopped
bool roots_has_stack(struct g *g);                                  // it lives and has frames that may hold pointers
void roots_each_static(gc_visit visit, void *ctx);                  // variables, registered roots, queues of finalizers
uint64_t roots_stack_bytes(void), roots_stacks_now(void);           // managed stack and stacks scanned in this cycle
uint64_t roots_stacks(void);                                        // scanned since the start
uintptr_t roots_globals(void);                                      // bytes of the unit's variables that are scanned

// ---- the barrier (barrier.c) ----

enum { WBBUF = 512 };

struct wbbuf {
    uint32_t n;
    uint64_t barriers;
    struct wbbuf *link;
    uintptr_t shade[WBBUF];
};
void barrier_flush(struct p *p); // shades what is in p's buffer
extern _Atomic uint64_t barrier_count, barrier_shades, barrier_flushes;
uint64_t barrier_count_now(void); // with what P's have not handed on: exact while only the caller runs

// ---- the cycle (cycle.c) ----

extern _Atomic uint32_t gc_phase;               // enum gc_phase; changes only while the world is stopped
extern _Atomic uint32_t gc_cycle;               // number of the cycle under way, or of the last; likewise
void cycle_collect(struct g *g);                // a whole cycle that begins after the call, swept. [safepoint]
void cycle_exhausted(void);                     // workers found no more work
void cycle_ask(void);                           // a cycle is due. Any thread
bool cycle_flush_asked(const struct gcwork *w); // the collector wants this P's buffers in the global list
void cycle_flush(struct p *p);
uint64_t cycle_flush_stopped(void);     // of every P; the world is stopped. How many blocks barriers shaded by that
void cycle_give_way(struct g *g);       // [safepoint]
bool cycle_about_to_start(void);        // the heap has passed its trigger and marking has not begun
void cycle_wait_for_start(struct g *g); // [safepoint]

// Figures of the cycle under way, or of the last: what the trace prints. Written by the collector, but for the atomic ones.
struct cycle_figures {
    int64_t process_start;                                             // sys_nanotime
    int64_t setup_ns, mark_ns, termination_ns;                         // wall
    int64_t start, mark_start;                                         // sys_nanotime
    _Atomic int64_t worker_ns, assist_ns;                              // of marking
    int64_t total_cpu_ns;                                              // of all cycles
    uint64_t heap_start, heap_end, heap_marked, goal, stacks, globals; // bytes
    uint64_t stw_blocks;                                               // marked while the world was stopped
    int procs;
    bool forced;
};
extern struct cycle_figures cycle;
int64_t cycle_idle_ns(void);
enum { WORKER_PERCENT = 25 }; // of the processors' time is the workers'
void trace_init(bool on);
void trace_cycle(void);
double trace_cpu_fraction(void);

struct pause_log {
    uint64_t total_ns, ns[256], end[256]; // circular; end in wall time
    uint32_t num_gc, num_forced;
    uint64_t last_gc; // wall
};
extern struct pause_log pauses; // written while the world is stopped

extern _Atomic uint64_t cycle_clock_looks;
extern void (*cycle_before)(void); // called before anything is marked, NULL: nothing; read while the world is stopped

// ---- workers (worker.c) ----
extern _Atomic uint64_t worker_work_total;
void workers_start(int n); // so many mark from now on
bool workers_busy(void);
void worker_wake_one(void); // there is work to share. Any thread; takes its lock and the scheduler's

// ---- assists (assist.c) ----
void assist_reset(void);              // the world is stopped
void assist_add_credit(int64_t work); // bytes that a worker scanned
void assist_end_cycle(void);          // wakes all who wait
extern _Atomic uint64_t assist_bytes_total, assist_work_total;

// ---- the limiter (limiter.c) ----
bool limiter_full(void); // nobody is to assist
// limiter_settle accounts for the time since the last call, of which collections took so much. The world is stopped.
void limiter_settle(int64_t collections);
int64_t limiter_account(int64_t account, int64_t collections, int64_t all, int procs); // what becomes of it
extern _Atomic uint64_t limiter_cycles; // settlements after which it was full

// ---- pacer (pacer.c) ----
bool pacer_limited(void); // there is a memory limit
void pacer_init(int32_t percent, int64_t limit);
void pacer_start_cycle(void);               // the world is stopped
void pacer_end_cycle(uint64_t marked);      // the world is stopped
int32_t pacer_set_percent(int32_t percent); // the world is stopped; the old one
int64_t pacer_set_limit(int64_t limit);     // the world is stopped; negative: only asks
bool pacer_enabled(void);
uint64_t pacer_goal(void);
double pacer_assist_ratio(void); // bytes to scan per byte allocated
uint64_t pacer_retain(void);     // bytes worth keeping backed

// ---- sweeping (sweep.c) ----
void sweep_start(void);            // the world is stopped: all spans are unswept
bool sweep_one(void);              // sweeps one span; false: none is left unclaimed
bool sweep_done(void);             // all are swept
void sweep_ensure(struct span *s); // s is swept when it returns

// ---- specials (special.c) ----

enum special_kind { SPECIAL_FINALIZER, SPECIAL_WEAK, SPECIAL_CLEANUP };

// What is attached to a block; protected by special.c's lock.
struct special {
    struct special *next;
    uintptr_t offset; // in the span, of the address it was attached to
    enum special_kind kind;
    uint64_t id; // of a cleanup
    void *word;  // finalizer and cleanup: the func; weak: the handle. Heap, a root
    void *obj;   // what it was attached to: a finalizer is called with it, and keeps it once it is queued
    const gomem_type *type, *func; // of a finalizer: obj's, and that of the func
};
// special_add attaches what, whose obj points into a block. False: there is one of that kind (cleanups can be many).
bool special_add(struct p *p, struct special what);
bool special_remove(void *obj, enum special_kind kind, uint64_t id);
void special_sweep(struct span *s);  // called by sweep_span before marks are adopted
void special_mark(struct gcwork *w); // a root job
void special_each(void (*f)(void *ctx, struct span *s, struct special *sp), void *ctx); // the world is stopped
void special_free(struct special *sp);

// ---- finalizers and cleanups (finalizer.c) ----
void finalizer_queue(struct special *list); // takes detached specials over, in order
void finalizer_visit(gc_visit visit, void *ctx);

// ---- what can be reached (reach.c); the world is stopped ----

// reach_begin begins with what variables, the runtime and specials refer to; reach_goroutine and reach_pointer add to that; reach_all follows
// all that was met, those met earlier first; reach_everything is all of this, for every goroutine. met, when there is one, is told of
// each block, once, the pointer to it and what holds that.
struct reach_step {
    uintptr_t block;  // slot of the block that holds pointers; 0: a root
    uintptr_t from;   // of a block: the place of what holds the pointer to it, for reach_step_at
    void **word;      // of a root: the word, where it is not the runtime's own
    struct g *g;      // of a root: whose it is, NULL: nobody's
    const char *what; // of a root that is nobody's and no variable
};
typedef void (*reach_met)(struct span *s, uint32_t index, uintptr_t p, const struct reach_step *holder);
void reach_begin(reach_met met);
void reach_goroutine(struct g *g);
void reach_pointer(void *ctx, void **word);
void reach_all(void);
void reach_everything(reach_met met);
bool reach_has(uintptr_t p); // p's block was met; true also for what is not in the heap: variables
const struct reach_step *reach_step_at(uintptr_t i); // until reach_end or what reaches more
void reach_end(void);

// ---- the check (check.c) ----
int64_t check_marks(void); // the world is stopped, marking is over; the ns it took, which no collector's pause needs
extern _Atomic uint64_t check_blocks, check_errors;

// ---- stepping (step.c) ----
void step_begin(void); // the collector begins a cycle
void step_hold(void);  // the world is stopped; in a stepped cycle marking is held from here
void step_gate(struct g *g,
               enum gomem_gc_phase reached);     // the collector has come to a phase: in a stepped cycle it waits
void step_marking(struct g *g);                  // in a stepped cycle: marking as far as it is stepped
bool step_wanted(void), step_active(void);       // a stepped cycle is to begin; or is under way
bool step_holds(void), step_holds_assists(void); // nobody marks but the collector; who allocates neither

#endif
