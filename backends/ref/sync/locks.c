// The contract's group of locks.
//
// Here the locks announce to the race detector (race.h) what they order: an unlocking is followed by the later lockings; readers follow the
// writer before them and not each other, so a readers-writer lock has two places; a Done is followed by the Waits. Notify lists do so
// themselves (notify.c).
#include "internal.h"

static void acquire(gomem_g *g, uint32_t *sema, bool first)
{
    sema_acquire(g_of(g), sema, first, WAIT_SEMACQUIRE);
    race_acquire(sema);
}

static void release(gomem_g *g, uint32_t *sema, bool hand_off)
{
    race_release(sema);
    sema_release(g_of(g), sema, hand_off);
}

static void lock(gomem_g *g, gomem_mutex *m)
{
    mutex_lock(g, m);
    race_acquire(m);
}

static bool try_lock(gomem_g *g, gomem_mutex *m)
{
    bool locked = mutex_try_lock(g, m);
    if (locked)
        race_acquire(m);
    return locked;
}

static void unlock(gomem_g *g, gomem_mutex *m)
{
    if (!FAULT(unlock_unannounced))
        race_release(m);
    mutex_unlock(g, m);
}

// ---- the two places of a readers-writer lock ----

static const void *writers(const gomem_rwmutex *m)
{
    return &m->reader_sema;
}

static const void *readers(const gomem_rwmutex *m)
{
    return &m->writer_sema;
}

static void read_lock(gomem_g *g, gomem_rwmutex *m)
{
    rwmutex_rlock(g, m);
    race_acquire(writers(m));
}

static bool try_read_lock(gomem_g *g, gomem_rwmutex *m)
{
    bool locked = rwmutex_try_rlock(g, m);
    if (locked)
        race_acquire(writers(m));
    return locked;
}

static void read_unlock(gomem_g *g, gomem_rwmutex *m)
{
    race_release(readers(m));
    rwmutex_runlock(g, m);
}

static void write_locked(const gomem_rwmutex *m)
{
    race_acquire(writers(m));
    race_acquire(readers(m));
}

static void write_lock(gomem_g *g, gomem_rwmutex *m)
{
    rwmutex_lock(g, m);
    write_locked(m);
}

static bool try_write_lock(gomem_g *g, gomem_rwmutex *m)
{
    bool locked = rwmutex_try_lock(g, m);
    if (locked)
        write_locked(m);
    return locked;
}

static void write_unlock(gomem_g *g, gomem_rwmutex *m)
{
    race_release(writers(m));
    rwmutex_unlock(g, m);
}

// ---- wait groups ----

static void wait_add(gomem_g *g, gomem_waitgroup *w, intptr_t delta)
{
    if (delta < 0 && !FAULT(done_unannounced))
        race_release(w);
    waitgroup_add(g, w, delta);
}

static void wait(gomem_g *g, gomem_waitgroup *w)
{
    waitgroup_wait(g, w);
    race_acquire(w);
}

const gomem_locks_group ref_locks_group = {.size = sizeof ref_locks_group,
                                           .lock = lock,
                                           .try_lock = try_lock,
                                           .unlock = unlock,
                                           .rlock = read_lock,
                                           .try_rlock = try_read_lock,
                                           .runlock = read_unlock,
                                           .wlock = write_lock,
                                           .try_wlock = try_write_lock,
                                           .wunlock = write_unlock,
                                           .wait_add = wait_add,
                                           .wait = wait,
                                           .notify_ticket = notify_ticket,
                                           .notify_wait = notify_wait,
                                           .notify_one = notify_one,
                                           .notify_all = notify_all,
                                           .sema_acquire = acquire,
                                           .sema_release = release};
