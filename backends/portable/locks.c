// Locks: semaphores and what is built on them. Everything happens under big. Whoever waits is in one queue for all
// addresses, with the address it waits on; first come, first served, so no lock starves anybody.
//
//     mutex      state 0 free, 1 locked; an unlock with a waiter hands the lock over
//     rwmutex    reader_count readers, or -1 a writer; reader_wait writers wait, and then new readers wait too
//     waitgroup  the counter in the high half of state
//     notify     wait, notify: tickets given out, and woken up to
#include "portable.h"

static struct queue sleepers; // protected by big

// sleep_on waits until wake_one takes it off the queue for that address. kind tells readers from writers, and is a ticket.
static void sleep_on(void *address, uint64_t kind)
{
    struct waiter *w = waiter_new();
    w->elem = address;
    w->ticket = kind;
    enqueue(&sleepers, w);
    wait_for_wake(w);
    waiter_free(w);
}

static struct waiter *first_on(const void *address)
{
    struct waiter *w = sleepers.head;
    while (w && w->elem != address)
        w = w->next;
    return w;
}

static void wake_off(struct waiter *w)
{
    unqueue(&sleepers, w);
    wake(w);
}

// leave_with ends the process with a fatal error of a lock that is misused.
static void leave_with(gomem_g *g, const char *text)
{
    pthread_mutex_unlock(&big);
    whole->panics->fatal(g, text);
}

// ---- mutex ----

static bool try_lock(gomem_g *g, gomem_mutex *m)
{
    (void)g;
    pthread_mutex_lock(&big);
    bool free = !m->state;
    m->state = 1;
    pthread_mutex_unlock(&big);
    return free;
}

static void lock(gomem_g *g, gomem_mutex *m)
{
    (void)g;
    pthread_mutex_lock(&big);
    if (m->state)
        sleep_on(m, 0); // woken as the owner
    m->state = 1;
    pthread_mutex_unlock(&big);
}

static void unlock(gomem_g *g, gomem_mutex *m)
{
    pthread_mutex_lock(&big);
    if (!m->state)
        leave_with(g, "sync: unlock of unlocked mutex");
    struct waiter *w = first_on(m);
    if (w)
        wake_off(w);
    else
        m->state = 0;
    pthread_mutex_unlock(&big);
}

// ---- rwmutex ----

enum { READER, WRITER };

// admit lets in who is first: one writer, or every reader up to the next writer.
static void admit(gomem_rwmutex *m)
{
    for (struct waiter *w; (w = first_on(m));) {
        if (w->ticket == WRITER) {
            if (m->reader_count)
                return;
            m->reader_count = -1;
            m->reader_wait--;
            wake_off(w);
            return;
        }
        if (m->reader_count < 0)
            return;
        m->reader_count++;
        wake_off(w);
    }
}

static bool enter_as_reader(gomem_rwmutex *m)
{
    if (m->reader_count < 0 || m->reader_wait)
        return false;
    m->reader_count++;
    return true;
}

static bool enter_as_writer(gomem_rwmutex *m)
{
    if (m->reader_count)
        return false;
    m->reader_count = -1;
    return true;
}

static bool try_rlock(gomem_g *g, gomem_rwmutex *m)
{
    (void)g;
    pthread_mutex_lock(&big);
    bool entered = enter_as_reader(m);
    pthread_mutex_unlock(&big);
    return entered;
}

static void rlock(gomem_g *g, gomem_rwmutex *m)
{
    (void)g;
    pthread_mutex_lock(&big);
    if (!enter_as_reader(m))
        sleep_on(m, READER);
    pthread_mutex_unlock(&big);
}

static void runlock(gomem_g *g, gomem_rwmutex *m)
{
    pthread_mutex_lock(&big);
    if (m->reader_count <= 0)
        leave_with(g, "sync: RUnlock of unlocked RWMutex");
    m->reader_count--;
    admit(m);
    pthread_mutex_unlock(&big);
}

static bool try_wlock(gomem_g *g, gomem_rwmutex *m)
{
    (void)g;
    pthread_mutex_lock(&big);
    bool entered = enter_as_writer(m);
    pthread_mutex_unlock(&big);
    return entered;
}

static void wlock(gomem_g *g, gomem_rwmutex *m)
{
    (void)g;
    pthread_mutex_lock(&big);
    if (!enter_as_writer(m)) {
        m->reader_wait++;
        sleep_on(m, WRITER);
    }
    pthread_mutex_unlock(&big);
}

static void wunlock(gomem_g *g, gomem_rwmutex *m)
{
    pthread_mutex_lock(&big);
    if (m->reader_count >= 0)
        leave_with(g, "sync: Unlock of unlocked RWMutex");
    m->reader_count = 0;
    struct waiter *w = sleepers.head; // Go lets in the readers that wait before the next writer
    for (struct waiter *next; w; w = next) {
        next = w->next;
        if (w->elem == m && w->ticket == READER) {
            m->reader_count++;
            wake_off(w);
        }
    }
    admit(m);
    pthread_mutex_unlock(&big);
}

// ---- wait group ----

static void wait_add(gomem_g *g, gomem_waitgroup *w, intptr_t delta)
{
    pthread_mutex_lock(&big);
    int32_t n = (int32_t)(w->state >> 32) + (int32_t)delta;
    w->state = (uint64_t)(uint32_t)n << 32;
    if (n < 0) {
        pthread_mutex_unlock(&big);
        whole->panics->error(g, GOMEM_ERROR_PLAIN, "sync: negative WaitGroup counter");
    }
    if (!n)
        for (struct waiter *s; (s = first_on(w));)
            wake_off(s);
    pthread_mutex_unlock(&big);
}

static void wait(gomem_g *g, gomem_waitgroup *w)
{
    (void)g;
    pthread_mutex_lock(&big);
    if (w->state >> 32)
        sleep_on(w, 0);
    pthread_mutex_unlock(&big);
}

// ---- condition ----

static uint32_t notify_ticket(gomem_g *g, gomem_notify_list *l)
{
    (void)g;
    pthread_mutex_lock(&big);
    uint32_t ticket = l->wait++;
    pthread_mutex_unlock(&big);
    return ticket;
}

static void notify_wait(gomem_g *g, gomem_notify_list *l, uint32_t ticket)
{
    (void)g;
    pthread_mutex_lock(&big);
    if ((int32_t)(ticket - l->notify) >= 0) // not yet notified
        sleep_on(l, ticket);
    pthread_mutex_unlock(&big);
}

// notify_up_to raises the tickets that are notified and wakes those who wait with one.
static void notify_up_to(gomem_notify_list *l, uint32_t end)
{
    l->notify = end;
    for (struct waiter *w = sleepers.head, *next; w; w = next) {
        next = w->next;
        if (w->elem == l && (int32_t)((uint32_t)w->ticket - end) < 0)
            wake_off(w);
    }
}

static void notify_one(gomem_g *g, gomem_notify_list *l)
{
    (void)g;
    pthread_mutex_lock(&big);
    if (l->notify != l->wait)
        notify_up_to(l, l->notify + 1);
    pthread_mutex_unlock(&big);
}

static void notify_all(gomem_g *g, gomem_notify_list *l)
{
    (void)g;
    pthread_mutex_lock(&big);
    notify_up_to(l, l->wait);
    pthread_mutex_unlock(&big);
}

// ---- semaphore ----

static void sema_acquire(gomem_g *g, uint32_t *sema, bool first)
{
    (void)g;
    (void)first; // everybody is served in the order of coming
    pthread_mutex_lock(&big);
    if (*sema)
        --*sema;
    else
        sleep_on(sema, 0);
    pthread_mutex_unlock(&big);
}

static void sema_release(gomem_g *g, uint32_t *sema, bool hand_off)
{
    (void)g;
    (void)hand_off;
    pthread_mutex_lock(&big);
    struct waiter *w = first_on(sema);
    if (w)
        wake_off(w);
    else
        ++*sema;
    pthread_mutex_unlock(&big);
}

const gomem_locks_group portable_locks = {.size = sizeof portable_locks,
                                          .lock = lock,
                                          .try_lock = try_lock,
                                          .unlock = unlock,
                                          .rlock = rlock,
                                          .try_rlock = try_rlock,
                                          .runlock = runlock,
                                          .wlock = wlock,
                                          .try_wlock = try_wlock,
                                          .wunlock = wunlock,
                                          .wait_add = wait_add,
                                          .wait = wait,
                                          .notify_ticket = notify_ticket,
                                          .notify_wait = notify_wait,
                                          .notify_one = notify_one,
                                          .notify_all = notify_all,
                                          .sema_acquire = sema_acquire,
                                          .sema_release = sema_release};
