// ref.h: what the parts of the reference runtime share. ref is a Go-like runtime in C; each concern has a folder, and each
// folder a header that says what it promises the others:
//
//   heap/   arenas, page heap, spans, mcentral, mcache, malloc, statistics      heap/heap.h
//   gc/     cycle, roots, marking, barrier, sweeping, finalizers, weak pointers gc/gc.h
//   sched/  G, M, P, run queues, parking, stop-the-world, timers                sched/sched.h
//   stack/  managed stacks, machine-stack slots, walking and moving frames      stack/stack.h
//   panic/  deferred calls, panics, fatal errors, tracebacks                    panic/panic.h
//   value/  strings, slices, maps, boxing                                       value/value.h
//   sync/   channels, select, semaphores, locks                                 sync/sync.h
//
// Here are the three structures that everything hangs on, and the small tools below everything: a lock, memory from the OS,
// assertions, and the way to die.
//
// Lock order. A lock may be taken while locks of a lower rank are held, never otherwise (checked in debug builds). The ranks
// are those of enum rank, lowest first.
#ifndef REF_H
#define REF_H

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../common/unwind.h"
#include "asan.h"
#include "fault.h"
#include "gomem.h"
#include "memcheck.h"
#include "race.h"

#define LIKELY(x)    __builtin_expect(!!(x), 1)
#define UNLIKELY(x)  __builtin_expect(!!(x), 0)
#define COUNTOF(a)   (sizeof(a) / sizeof *(a))
#define THREAD_LOCAL static _Thread_local __attribute__((tls_model("initial-exec")))

struct g;
struct m;
struct p;
struct mcache; // heap/: a P's own spans
struct gcwork; // gc/: a P's own work buffers
struct wbbuf;  // gc/: a P's own barrier buffer
struct sudog;  // sched/: a wait node
struct slot;   // stack/: a machine stack

// ---- G ----

// The states of a goroutine. SCAN is a bit over the others: somebody else owns the goroutine's stack for a scan, and it
// does not change state, or run, until the bit is taken off.
//
//     IDLE -> RUNNABLE -> RUNNING -> WAITING -> RUNNABLE ...
//                  ^         |  ^        DEAD <- RUNNING
//                  +---------+  +-- SYSCALL
enum gstatus { G_IDLE, G_RUNNABLE, G_RUNNING, G_SYSCALL, G_WAITING, G_DEAD, G_STATUS_MASK = 0xF, G_SCAN = 0x10 };

// Why a goroutine waits; the texts are those of Go's tracebacks (sched/sched.c).
enum wait_reason {
    WAIT_NONE,
    WAIT_CHAN_RECEIVE,
    WAIT_CHAN_RECEIVE_NIL,
    WAIT_CHAN_SEND,
    WAIT_CHAN_SEND_NIL,
    WAIT_SELECT,
    WAIT_SELECT_NO_CASES,
    WAIT_SEMACQUIRE,
    WAIT_MUTEX,
    WAIT_RWMUTEX_R,
    WAIT_RWMUTEX,
    WAIT_WAITGROUP,
    WAIT_COND,
    WAIT_SLEEP,
    WAIT_GC_WORKER,
    WAIT_GC_CYCLE,
    WAIT_FINALIZER,
    WAIT_PREEMPTED,
    WAIT_REASONS,
};

// A goroutine. Only its own thread touches it while it runs, but for the fields marked atomic; while it does not run, the
// holder of its SCAN bit or of the lock it waits under does. Descriptors are reused and never freed.
struct g {
    gomem_g head;            // shared with compiled code, first
    uint64_t id;             // 1 is main's
    _Atomic uint32_t status; // enum gstatus with G_SCAN
    bool system;             // the runtime's own: not counted, not in deadlock detection
    bool suspended;          // it waits for g_resume at a safepoint
    bool reached;            // the leak detector's, while the world is stopped
    uint32_t locks_thread;   // LockOSThread, nested
    enum wait_reason wait_reason;
    bool compiled;        // of a system goroutine: it runs compiled code too, so its frames are scanned
    struct m *m;          // while RUNNING
    struct g *sched_link; // in a queue or free list
    void *machine_sp;     // saved context while it does not run
    struct slot *slot;    // its machine stack
    char *evicted; // its machine bytes while another one has the slot: in the free part of the managed stack, or apart
    uint32_t evicted_len;
    char *stack_low;             // managed stack: [stack_low, head.stack_base)
    uintptr_t machine_allowance; // machine bytes up to which the limit has been checked
    struct record *free_records; // panic/: records to use again
    uintptr_t nil_pc;            // panic/: of the last panic for a nil pointer since no panic was under way
    struct m *locked_m;          // the thread that LockOSThread wires it to
    gomem_func *fn;              // what it runs
    struct creator creator;
    void (*system_fn)(struct g *, void *);
    void *system_arg;
    struct sudog *waiting;                              // wait nodes while blocked, linked by their g_link
    int64_t wake_at;                                    // sleep: until when
    intptr_t (*blocking)(intptr_t, intptr_t, intptr_t); // what runs in SYSCALL; its arguments are spilled
    intptr_t blocking_result;
    void *wake_arg;               // what the waker says: for a select, the sudog that fired
    _Atomic uint32_t select_done; // a select's cases race for it
    _Atomic uint32_t preempt;     // what its next safepoint is asked for: bits of sched/sched.h
    uint32_t scanned;             // gc cycle in which its stack was scanned
    int64_t assist_bytes;         // credit, negative: debt
    int32_t critical;             // >0: in a section that must not be preempted at a poll
    _Atomic(struct g *) all_link; // list of all goroutines; written once
#ifdef REF_RACE
    void *fiber; // what the race detector knows it by, while it lives
#endif
};

// A queue of goroutines, linked by sched_link (sched/queue.c).
struct gqueue {
    struct g *head, *tail;
    uint32_t n;
};

// ---- P ----

enum { RUNQ = 256 };

// A processor: the right to run Go code, with everything that then needs no lock. Owned by the M that runs it.
struct p {
    int32_t id;
    _Atomic uint32_t status; // sched/
    struct m *m;
    struct p *link;              // idle list
    uint32_t yields;             // so far
    uint64_t switches;           // goroutines run so far
    _Atomic uint32_t sched_tick; // time slices so far; every 61st looks at the global queue first
    _Atomic uint32_t runq_head;  // consumers: release after the slot was read, acquire by the owner before reusing it
    _Atomic uint32_t runq_tail;  // the owner: release after the slot was written, acquire by thieves
    _Atomic(struct g *) runq[RUNQ];
    _Atomic(struct g *) run_next; // runs before the queue; thieves take it last
    struct g *free_g;             // dead descriptors
    uint32_t free_gs;
    uint32_t free_nodes; // in free_sudogs
    struct sudog *free_sudogs;
    gomem_defer *free_defers; // panic/: records of deferred calls
    uint32_t free_defer_count;
    struct mcache *mcache;
    struct gcwork *gcwork;
    struct wbbuf *wbbuf;
    uint64_t random;             // xorshift state
    _Atomic(struct g *) running; // release after the descriptor is set up; acquire by who asks it for a safepoint
    int64_t monitor_since;       // the monitor's: when it first saw monitor_tick
    uint32_t monitor_tick;
};

// ---- M ----

// A thread. It runs goroutines on their machine slots, and the scheduler on its own thread stack.
struct m {
    int64_t id;
    struct p *p;                           // NULL while it has none
    struct p *next_p;                      // handed over with the wake
    struct g *g;                           // running
    void *scheduler_sp;                    // saved context of the scheduler's loop
    struct m *link;                        // idle list
    _Atomic uint32_t parked;               // futex
    bool inherits;                         // what it runs next goes on with the time slice of the one before
    bool spinning;                         // looks for work without having any: counted in sched.spinning
    struct g *locked_g;                    // LockOSThread wires it to this one
    void (*after)(struct m *, struct g *); // what the scheduler does with the goroutine that has just left
    bool (*commit)(struct g *, void *);    // what g_park runs on the scheduler's stack
    void *commit_arg;
    uint64_t random;
    struct asan_stack stack; // the thread's own, where the sanitizer asks
#ifdef REF_RACE
    void *fiber; // the thread itself
#endif
};

static inline struct g *g_of(gomem_g *g)
{
    return (struct g *)(void *)g;
}

static inline struct p *p_of(gomem_g *g)
{
    return g_of(g)->m->p;
}

// ---- locks ----

static inline void cpu_relax(void) // while spinning
{
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#else
    __asm__ volatile("yield");
#endif
}

enum rank {
    RANK_CHAN, // several channels of a select: by address
    RANK_TIMERS,
    RANK_SEMA,
    RANK_SUDOG,
    RANK_FINALIZER,
    RANK_SPECIAL, // a span's specials
    RANK_SWEEP,
    RANK_MCENTRAL,
    RANK_GCWORK,
    RANK_ALL_G, // the table of all goroutines
    RANK_SCHED, // global run queue, idle lists: g_ready may be called under every lock above
    RANK_STACK, // pools of managed stacks and slots
    RANK_PAGES, // the page heap
    RANK_OS,
    RANKS,
};

// A lock of the runtime: a futex with three states (free, held, held and waited for). It never parks a goroutine, so it is held
// for short straight-line work only. acquire/release: lock's acquire exchange pairs with unlock's release exchange.
struct rmutex {
    _Atomic uint32_t state;
    enum rank rank;
};

void rlock_slow(struct rmutex *l);
void runlock_slow(struct rmutex *l);
uint64_t rlock_count(enum rank from, enum rank to); // locks of these ranks that this thread has taken so far

extern _Thread_local uint64_t rlock_operations[RANKS] __attribute__((tls_model("initial-exec")));

// rank_enter counts. In a debug build it and rank_leave also keep a thread's account of the locks it holds: one taken against the order
// ends the process. A lock is released by the thread that took it. The functions are no inline ones where a compiler might keep the
// address of a thread's variable over a switch, after which the thread is another one; plain gcc computes it at each access.
#if defined REF_DEBUG || defined __clang__
void rank_enter(const struct rmutex *l);
void rank_leave(const struct rmutex *l);
#else
#define rank_enter(l) ((void)rlock_operations[(l)->rank]++)
#define rank_leave(l) ((void)0)
#endif

static inline void rlock(struct rmutex *l)
{
    uint32_t free = 0;
    rank_enter(l);
    if (!atomic_compare_exchange_strong_explicit(&l->state, &free, 1, memory_order_acquire, memory_order_relaxed))
        rlock_slow(l);
}

static inline void runlock(struct rmutex *l)
{
    rank_leave(l);
    if (atomic_exchange_explicit(&l->state, 0, memory_order_release) == 2)
        runlock_slow(l);
}

// ---- the OS ----

// sys_reserve reserves address space, at hint if it can; NULL when there is none. sys_map makes part of it readable and
// writable, zeroed on first touch; sys_alloc does both of what is mapped whole. sys_unused lets the OS have the pages back,
// sys_free the address space. Each of the first three counts as a mapping, one of which the option failmap=N makes fail.
void *sys_reserve(void *hint, uintptr_t size);
bool sys_map(void *p, uintptr_t size);
void *sys_alloc(uintptr_t size);
void sys_unused(void *p, uintptr_t size);
void sys_free(void *p, uintptr_t size);
void sys_fail_after(long n); // the n-th mapping fails; 0: none

int64_t sys_nanotime(void);   // monotonic
void sys_advance(int64_t ns); // it jumps
int64_t sys_walltime(void);
int64_t sys_cputime(void);                                           // of the process, on all processors
void futex_wait(_Atomic uint32_t *word, uint32_t value, int64_t ns); // ns < 0: without end
void futex_wake(_Atomic uint32_t *word, int n);
int sys_cpus(void);

// ---- dying and asserting ----

// ref_throw prints `fatal error: TEXT` and ends the process with status 2; it does not allocate.
GOMEM_NORETURN void ref_throw(const char *format, ...) __attribute__((format(printf, 1, 2)));
void ref_print(const char *format, ...) __attribute__((format(printf, 1, 2))); // to stderr, at once
void ref_vprint(const char *format, va_list ap);

#define REF_CHECK(cond) (LIKELY(cond) ? (void)0 : ref_throw("%s:%d: %s", __FILE__, __LINE__, #cond))
#ifdef REF_DEBUG
#define REF_ASSERT(cond) REF_CHECK(cond)
#else
#define REF_ASSERT(cond) ((void)0)
#endif

extern const gomem_unit *ref_unit; // the program
extern uint64_t ref_page_size;     // the OS's

static inline uintptr_t round_up(uintptr_t n, uintptr_t to) // to is a power of two
{
    return (n + to - 1) & ~(to - 1);
}

#endif
