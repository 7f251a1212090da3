// Threads. An M without work sleeps on its futex word in the list of idle ones, last in first out; a thread that hands it a P writes
// next_p first. One of the sleepers may have a time limit, the next timer's. An M that is wired to a goroutine sleeps outside the
// list until somebody hands it a P to run that goroutine with.
//
//     parked = 1: asleep or about to be;  0: it has been woken, and next_p is set
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "../heap/heap.h"
#include "../panic/panic.h"
#include "internal.h"

enum { THREAD_STACK = 256 << 10 };

THREAD_LOCAL struct m *self;

__attribute__((noinline)) struct m *m_self(void)
{
    return self;
}

struct g *g_running(void)
{
    struct m *m = m_self();
    return m ? m->g : NULL;
}

void m_attach(struct m *m, struct p *p)
{
    m->p = p;
    p->m = m;
    atomic_store_explicit(&p->status, P_RUNNING, memory_order_release);
}

struct p *m_detach(struct m *m)
{
    struct p *p = m->p;
    p->m = NULL;
    m->p = NULL;
    return p;
}

// ---- sleeping ----

void m_wake(struct m *m)
{
    atomic_store_explicit(&m->parked, 0, memory_order_release); // pairs with wait_parked
    futex_wake(&m->parked, 1);
}

// wait_parked returns false when `until` came first.
static bool wait_parked(struct m *m, int64_t until)
{
    while (atomic_load_explicit(&m->parked, memory_order_acquire)) {
        int64_t left = -1;
        if (until != INT64_MAX && (left = until - sched_now()) <= 0)
            return false;
        futex_wait(&m->parked, 1, left);
    }
    return true;
}

static bool unlist_locked(struct m *m)
{
    for (struct m **at = &sched.idle_m; *at; at = &(*at)->link)
        if (*at == m) {
            *at = m->link;
            sched.idle_ms--;
            return true;
        }
    return false;
}

static void take_next_p(struct m *m)
{
    struct p *p = m->next_p;
    m->next_p = NULL;
    m_attach(m, p);
}

// timed_out is m's P when the time has come and nobody has handed it one meanwhile. Without an idle P whoever runs serves the timer.
static bool timed_out(struct m *m)
{
    rlock(&sched.lock);
    bool listed = unlist_locked(m);
    struct p *p = listed && !atomic_load_explicit(&sched.stopping, memory_order_relaxed) ? p_idle_get_locked() : NULL;
    if (listed && !p) {
        m->link = sched.idle_m;
        sched.idle_m = m;
        sched.idle_ms++;
    }
    runlock(&sched.lock);
    if (p)
        m_attach(m, p);
    return p != NULL;
}

void m_sleep_idle(struct m *m, int64_t until)
{
    rlock(&sched.lock);
    if (until < atomic_load_explicit(&sched.timer_when, memory_order_relaxed))
        atomic_store_explicit(&sched.timer_when, until, memory_order_relaxed);
    else
        until = INT64_MAX; // another one wakes in time
    atomic_store_explicit(&m->parked, 1, memory_order_relaxed);
    m->link = sched.idle_m;
    sched.idle_m = m;
    sched.idle_ms++;
    check_dead_locked();
    runlock(&sched.lock);
    bool woken = wait_parked(m, until);
    if (until != INT64_MAX) {
        rlock(&sched.lock);
        if (atomic_load_explicit(&sched.timer_when, memory_order_relaxed) == until)
            atomic_store_explicit(&sched.timer_when, INT64_MAX, memory_order_relaxed);
        runlock(&sched.lock);
        atomic_thread_fence(memory_order_seq_cst); // pairs with that in timers_serve: m looks at the timers next
    }
    if (!woken && timed_out(m))
        return;
    wait_parked(m, INT64_MAX);
    take_next_p(m);
}

void m_sleep_wired(struct m *m)
{
    rlock(&sched.lock);
    sched.idle_ms++;
    check_dead_locked();
    runlock(&sched.lock);
    wait_parked(m, INT64_MAX);
    atomic_store_explicit(&m->parked, 1, memory_order_relaxed);
    take_next_p(m);
}

// ---- starting ----

static void *thread_main(void *arg)
{
    struct m *m = self = arg;
    race_thread(m);
    take_next_p(m);
    schedule_loop(m);
    return NULL;
}

static GOMEM_NORETURN void exhausted(int error)
{
    ref_print("runtime: failed to create new OS thread (have %d already; errno=%d)\n", sched.ms - 1, error);
    ref_throw("newosproc");
}

static void new_thread(struct m *m)
{
    pthread_attr_t attr;
    pthread_t thread;
    sigset_t all, old;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, THREAD_STACK);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old); // signals are the first thread's
    int error = pthread_create(&thread, &attr, thread_main, m);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&attr);
    if (error)
        exhausted(error);
}

void m_check_limit_locked(void)
{
    if (sched.ms <= sched.max_ms)
        return;
    ref_print("runtime: program exceeds %d-thread limit\n", sched.max_ms);
    ref_throw("thread exhaustion");
}

static struct m *new_m_locked(void)
{
    sched.ms++;
    m_check_limit_locked();
    int64_t id = sched.next_m_id++;
    struct m *m = meta_alloc(sizeof *m, 64);
    m->id = id;
    m->random = 0x9E3779B97F4A7C15u * (uint64_t)(id + 1);
    return m;
}

void m_start(struct p *p, bool spinning)
{
    rlock(&sched.lock);
    if (!p && (atomic_load_explicit(&sched.stopping, memory_order_relaxed) || !(p = p_idle_get_locked()))) {
        runlock(&sched.lock);
        if (spinning)
            atomic_fetch_sub_explicit(&sched.spinning, 1, memory_order_seq_cst);
        return;
    }
    struct m *m = sched.idle_m;
    if (m) {
        sched.idle_m = m->link;
        sched.idle_ms--;
    }
    struct m *fresh = m ? NULL : new_m_locked();
    runlock(&sched.lock);
    if (fresh)
        m = fresh;
    m->next_p = p;
    m->spinning = spinning;
    if (fresh)
        new_thread(m);
    else
        m_wake(m);
}

void m_first(struct p *p)
{
    struct m *m = new_m_locked();
    self = m;
    race_thread(m);
    m_attach(m, p);
}

// m_exit ends the thread; the first one, which is the process's, stays and sleeps.
void m_exit(struct m *m)
{
    struct p *p = m_detach(m);
    p_hand_off(p);
    rlock(&sched.lock);
    sched.ms--;
    check_dead_locked();
    runlock(&sched.lock);
    if (m->id)
        pthread_exit(NULL);
    for (;;)
        pause();
}
