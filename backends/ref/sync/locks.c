// The contract's group of locks.
#include "internal.h"

static void acquire(gomem_g *g, uint32_t *sema, bool first)
{
    sema_acquire(g_of(g), sema, first, WAIT_SEMACQUIRE);
}

static void release(gomem_g *g, uint32_t *sema, bool hand_off)
{
    sema_release(g_of(g), sema, hand_off);
}

const gomem_locks_group ref_locks_group = {.size = sizeof ref_locks_group,
                                           .lock = mutex_lock,
                                           .try_lock = mutex_try_lock,
                                           .unlock = mutex_unlock,
                                           .rlock = rwmutex_rlock,
                                           .try_rlock = rwmutex_try_rlock,
                                           .runlock = rwmutex_runlock,
                                           .wlock = rwmutex_lock,
                                           .try_wlock = rwmutex_try_lock,
                                           .wunlock = rwmutex_unlock,
                                           .wait_add = waitgroup_add,
                                           .wait = waitgroup_wait,
                                           .notify_ticket = notify_ticket,
                                           .notify_wait = notify_wait,
                                           .notify_one = notify_one,
                                           .notify_all = notify_all,
                                           .sema_acquire = acquire,
                                           .sema_release = release};
