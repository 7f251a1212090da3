// Locks, memory from the OS, clocks, dying: the lowest layer of ref (ref.h).
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "ref.h"

// ---- futex and lock ----

void futex_wait(_Atomic uint32_t *word, uint32_t value, int64_t ns)
{
    struct timespec t = {.tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000)};
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, ns < 0 ? NULL : &t, NULL, 0);
}

void futex_wake(_Atomic uint32_t *word, int n)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, n, NULL, NULL, 0);
}

_Thread_local uint64_t rlock_operations[RANKS] __attribute__((tls_model("initial-exec")));

uint64_t rlock_count(enum rank from, enum rank to)
{
    uint64_t n = 0;
    for (; from <= to; from++)
        n += rlock_operations[from];
    return n;
}

enum { SPINS = 100 };

void rlock_slow(struct rmutex *l)
{
    for (int i = 0; i < SPINS; i++) {
        uint32_t free = 0;
        if (atomic_compare_exchange_weak_explicit(&l->state, &free, 1, memory_order_acquire, memory_order_relaxed))
            return;
        cpu_relax();
    }
    while (atomic_exchange_explicit(&l->state, 2, memory_order_acquire) != 0)
        futex_wait(&l->state, 2, -1);
}

void runlock_slow(struct rmutex *l)
{
    futex_wake(&l->state, 1);
}

// ---- lock order ----

#if defined REF_DEBUG || defined __clang__
static const char *const rank_names[RANKS] = {
    [RANK_TIMERS] = "timers",       [RANK_CHAN] = "chan",       [RANK_SEMA] = "sema",   [RANK_SUDOG] = "sudog",
    [RANK_FINALIZER] = "finalizer", [RANK_SPECIAL] = "special", [RANK_SWEEP] = "sweep", [RANK_MCENTRAL] = "mcentral",
    [RANK_GCWORK] = "gcwork",       [RANK_ALL_G] = "all_g",     [RANK_SCHED] = "sched", [RANK_STACK] = "stack",
    [RANK_PAGES] = "pages",         [RANK_OS] = "os",
};

// What a thread holds: how many locks of a rank, and of these the one taken last.
static _Thread_local struct {
    uint32_t n;
    const struct rmutex *last;
} held[RANKS] __attribute__((tls_model("initial-exec")));

static bool may_follow(const struct rmutex *l, const struct rmutex *before)
{
    return before->rank < l->rank || (l->rank == RANK_CHAN && before->rank == RANK_CHAN && before < l);
}

__attribute__((noinline)) void rank_enter(const struct rmutex *l)
{
    rlock_operations[l->rank]++;
    for (int rank = l->rank; rank < RANKS; rank++) {
        const struct rmutex *before = held[rank].last;
        if (held[rank].n && !may_follow(l, before))
            ref_throw("lock order: %s (%p) is taken while %s (%p) is held", rank_names[l->rank], (const void *)l,
                      rank_names[rank], (const void *)before);
    }
    held[l->rank].n++;
    held[l->rank].last = l;
}

__attribute__((noinline)) void rank_leave(const struct rmutex *l)
{
    if (!held[l->rank].n)
        ref_throw("lock order: %s (%p) is released by a thread that does not hold it", rank_names[l->rank],
                  (const void *)l);
    held[l->rank].n--;
}
#endif

// ---- memory ----

static _Atomic long fail_in; // mappings until the one that fails; 0: none

void sys_fail_after(long n)
{
    atomic_store_explicit(&fail_in, n, memory_order_relaxed);
}

static bool fails_now(void)
{
    if (atomic_load_explicit(&fail_in, memory_order_relaxed) == 0)
        return false;
    return atomic_fetch_sub_explicit(&fail_in, 1, memory_order_relaxed) == 1;
}

static void *map(void *hint, uintptr_t size, int protection)
{
    if (fails_now())
        return NULL;
    race_begin_mapping();
    void *p = mmap(hint, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    race_end_mapping();
    return p == MAP_FAILED ? NULL : p;
}

void *sys_reserve(void *hint, uintptr_t size)
{
    return map(hint, size, PROT_NONE);
}

void *sys_alloc(uintptr_t size)
{
    return map(NULL, size, PROT_READ | PROT_WRITE);
}

bool sys_map(void *p, uintptr_t size)
{
    if (fails_now() || mprotect(p, size, PROT_READ | PROT_WRITE))
        return false;
    memcheck_written(p, size);
    return true;
}

void sys_unused(void *p, uintptr_t size)
{
    madvise(p, size, MADV_DONTNEED);
}

void sys_free(void *p, uintptr_t size)
{
    munmap(p, size);
}

// ---- clocks and processors ----

static int64_t read_clock(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static _Atomic int64_t ahead; // relaxed

void sys_advance(int64_t ns)
{
    atomic_fetch_add_explicit(&ahead, ns, memory_order_relaxed);
}

int64_t sys_nanotime(void)
{
    return read_clock(CLOCK_MONOTONIC) + atomic_load_explicit(&ahead, memory_order_relaxed);
}

int64_t sys_walltime(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t sys_cputime(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

int sys_cpus(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set))
        return 1;
    return CPU_COUNT(&set);
}

// ---- dying ----

void ref_vprint(const char *format, va_list ap)
{
    char line[1024];
    int n = vsnprintf(line, sizeof line, format, ap);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof line ? (size_t)n : sizeof line - 1;
    for (size_t at = 0; at < len;) {
        ssize_t written = write(STDERR_FILENO, line + at, len - at);
        if (written <= 0)
            return;
        at += (size_t)written;
    }
}

void ref_print(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    ref_vprint(format, ap);
    va_end(ap);
}

void ref_throw(const char *format, ...)
{
    char line[512];
    va_list ap;
    va_start(ap, format);
    vsnprintf(line, sizeof line, format, ap);
    va_end(ap);
    ref_print("fatal error: %s\n", line);
    _exit(2);
}
