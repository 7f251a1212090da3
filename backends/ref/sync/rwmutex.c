// The readers-writer lock, as Go's. w keeps writers apart. reader_count is the readers inside or waiting, less READERS while a writer
// is inside or waits: so one addition admits a reader, or tells it to wait for the writer. reader_wait counts the readers that the
// waiting writer still has to let leave; the last one wakes it.
//
// Order: a reader's leaving releases, and is acquired by the writer's addition, or by the last reader's, whose semaphore the writer waits
// for; a writer's leaving releases, and is acquired by a reader's addition, or through the semaphore.
#include "internal.h"

enum { READERS = 1 << 30 };

static int32_t add(int32_t *word, int32_t delta, memory_order order) // the new value
{
    return atomic_fetch_add_explicit(atomic_i32(word), delta, order) + delta;
}

void rwmutex_rlock(gomem_g *g, gomem_rwmutex *m)
{
    if (UNLIKELY(add(&m->reader_count, 1, memory_order_acquire) < 0) && !FAULT(reader_passes))
        sema_acquire(g_of(g), &m->reader_sema, false, WAIT_RWMUTEX_R);
}

bool rwmutex_try_rlock(gomem_g *g, gomem_rwmutex *m)
{
    (void)g;
    int32_t n = atomic_load_explicit(atomic_i32(&m->reader_count), memory_order_relaxed);
    while (n >= 0)
        if (atomic_compare_exchange_weak_explicit(atomic_i32(&m->reader_count), &n, n + 1, memory_order_acquire,
                                                  memory_order_relaxed))
            return true;
    return false;
}

static void reader_left(struct g *g, gomem_rwmutex *m, int32_t n)
{
    if (n + 1 == 0 || n + 1 == -READERS)
        fatal(g, "sync: RUnlock of unlocked RWMutex");
    if (add(&m->reader_wait, -1, memory_order_acq_rel) == 0)
        sema_release(g, &m->writer_sema, false);
}

void rwmutex_runlock(gomem_g *g, gomem_rwmutex *m)
{
    int32_t n = add(&m->reader_count, -1, FAULT(runlock_no_release) ? memory_order_relaxed : memory_order_release);
    if (UNLIKELY(n < 0))
        reader_left(g_of(g), m, n);
}

void rwmutex_lock(gomem_g *g, gomem_rwmutex *m)
{
    mutex_lock(g, &m->w);
    int32_t inside = add(&m->reader_count, -READERS, memory_order_acq_rel) + READERS;
    if (inside && add(&m->reader_wait, inside, memory_order_acq_rel))
        sema_acquire(g_of(g), &m->writer_sema, false, WAIT_RWMUTEX);
}

bool rwmutex_try_lock(gomem_g *g, gomem_rwmutex *m)
{
    int32_t nobody = 0;
    if (!mutex_try_lock(g, &m->w))
        return false;
    if (atomic_compare_exchange_strong_explicit(atomic_i32(&m->reader_count), &nobody, -READERS, memory_order_acq_rel,
                                                memory_order_relaxed))
        return true;
    mutex_unlock(g, &m->w);
    return false;
}

void rwmutex_unlock(gomem_g *g, gomem_rwmutex *m)
{
    int32_t waiting = add(&m->reader_count, READERS, memory_order_release);
    if (waiting >= READERS)
        fatal(g_of(g), "sync: Unlock of unlocked RWMutex");
    for (int32_t i = 0; i < waiting; i++)
        sema_release(g_of(g), &m->reader_sema, false);
    mutex_unlock(g, &m->w);
}
