// The mutex, as Go's: a word of state, and a semaphore for those who sleep.
//
//     state = waiters << 3 | STARVING | WOKEN | LOCKED
//
// Normal mode: an unlock wakes the first waiter, which competes with newcomers for the lock; they are running already and so mostly win. A
// woken waiter that loses goes to the front of the queue. Once one has waited for 1 ms it sets STARVING: from then on an unlock
// hands the lock to the first waiter, and newcomers do not try but queue. The mode ends with a waiter that is the last one or has
// waited for less. WOKEN says that a waiter is awake, or a newcomer spins, so that an unlock need not wake another.
#include "internal.h"

enum { LOCKED = 1, WOKEN = 2, STARVING = 4, WAITER_SHIFT = 3, WAITER = 1 << WAITER_SHIFT };
enum { SPINS = 4, PAUSES = 30, STARVING_NS = 1000000 };

int64_t (*sync_now)(void) = sched_now;

// ---- spinning ----
// It pays when the holder runs on another processor, and nothing else waits for this one.

static bool can_spin(struct g *g, int spins)
{
    static _Atomic int cpus; // relaxed: everybody finds the same
    int n = atomic_load_explicit(&cpus, memory_order_relaxed);
    if (!n)
        atomic_store_explicit(&cpus, n = sys_cpus(), memory_order_relaxed);
    return spins < SPINS && n > 1 && sched_procs() > sched_idle_procs() + 1 && !sched_has_work(g->m->p);
}

static void spin(void)
{
    for (int i = 0; i < PAUSES; i++)
        cpu_relax();
}

// ---- lock ----

static bool change(gomem_mutex *m, uint32_t *old, uint32_t to)
{
    return atomic_compare_exchange_strong_explicit(atomic_u32(&m->state), old, to, memory_order_acquire,
                                                   memory_order_relaxed);
}

static uint32_t state_of(gomem_mutex *m)
{
    return atomic_load_explicit(atomic_u32(&m->state), memory_order_relaxed);
}

// A goroutine on its way to the lock.
struct locker {
    struct g *g;
    gomem_mutex *m;
    int64_t since; // when it first slept; 0: not yet
    bool starving; // it has waited for too long
    bool awoke;    // WOKEN is its own
    int spins;
};

// spin_once waits a moment for the holder, and has WOKEN set so that it wakes nobody else.
static void spin_once(struct locker *l, uint32_t *old)
{
    if (!l->awoke && !(*old & WOKEN) && *old >> WAITER_SHIFT && change(l->m, old, *old | WOKEN))
        l->awoke = true;
    spin();
    l->spins++;
    *old = state_of(l->m);
}

static uint32_t next_state(const struct locker *l, uint32_t old)
{
    uint32_t to = old;
    if (!(old & STARVING))
        to |= LOCKED;
    if (old & (LOCKED | STARVING))
        to += WAITER;
    if (l->starving && (old & LOCKED))
        to |= STARVING;
    if (l->awoke && !(to & WOKEN))
        ref_throw("sync: inconsistent mutex state");
    return l->awoke ? to & ~(uint32_t)WOKEN : to;
}

// take_over: the lock was handed to this waiter; the state does not say so yet.
static void take_over(const struct locker *l, uint32_t old)
{
    uint32_t delta = (uint32_t)LOCKED - WAITER;
    if ((old & (LOCKED | WOKEN)) || !(old >> WAITER_SHIFT))
        ref_throw("sync: inconsistent mutex state");
    if (!l->starving || old >> WAITER_SHIFT == 1)
        delta -= STARVING;
    atomic_fetch_add_explicit(atomic_u32(&l->m->state), delta, memory_order_acquire);
}

static void sleep_once(struct locker *l)
{
    bool again = l->since != 0;
    if (!again)
        l->since = sync_now();
    sema_acquire(l->g, &l->m->sema, again, WAIT_MUTEX);
    l->starving = l->starving || sync_now() - l->since > STARVING_NS;
    l->awoke = true;
    l->spins = 0;
}

static void lock_slow(struct g *g, gomem_mutex *m)
{
    struct locker l = {.g = g, .m = m};
    uint32_t old = state_of(m);
    for (;;) {
        if ((old & (LOCKED | STARVING)) == LOCKED && can_spin(g, l.spins)) {
            spin_once(&l, &old);
            continue;
        }
        if (!change(m, &old, next_state(&l, old)))
            continue;
        if (!(old & (LOCKED | STARVING)))
            return;
        sleep_once(&l);
        old = state_of(m);
        if (old & STARVING) {
            take_over(&l, old);
            return;
        }
    }
}

void mutex_lock(gomem_g *g, gomem_mutex *m)
{
    uint32_t free = 0;
    if (UNLIKELY(!change(m, &free, LOCKED)) && !FAULT(mutex_lets_in))
        lock_slow(g_of(g), m);
}

bool mutex_try_lock(gomem_g *g, gomem_mutex *m)
{
    (void)g;
    uint32_t old = state_of(m);
    return !(old & (LOCKED | STARVING)) && change(m, &old, old | LOCKED);
}

// ---- unlock ----

static void unlock_slow(struct g *g, gomem_mutex *m, uint32_t state)
{
    if (FAULT(mutex_lets_in) || (FAULT(unlock_unlocked) && !((state + LOCKED) & LOCKED))) {
        atomic_store_explicit(atomic_u32(&m->state), 0, memory_order_relaxed);
        return;
    }
    if (!((state + LOCKED) & LOCKED))
        fatal(g, "sync: unlock of unlocked mutex");
    if (state & STARVING) {
        sema_release(g, &m->sema, true);
        return;
    }
    while (state >> WAITER_SHIFT && !(state & (LOCKED | WOKEN | STARVING)))
        if (atomic_compare_exchange_weak_explicit(atomic_u32(&m->state), &state, (state - WAITER) | WOKEN,
                                                  memory_order_relaxed, memory_order_relaxed)) {
            sema_release(g, &m->sema, false);
            return;
        }
}

// release pairs with the acquire of whoever locks next.
void mutex_unlock(gomem_g *g, gomem_mutex *m)
{
    uint32_t state = atomic_fetch_sub_explicit(atomic_u32(&m->state), LOCKED,
                                               FAULT(unlock_no_release) ? memory_order_relaxed : memory_order_release) -
                     LOCKED;
    if (UNLIKELY(state))
        unlock_slow(g_of(g), m, state);
}
