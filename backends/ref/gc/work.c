// Buffers of grey blocks.
//
// A grey block is one whose mark is set and which nobody has scanned: its address is in a buffer of 2 KiB, that buffer in a P's gcwork or in
// the global list of full ones. A P pushes and pops without a lock; it exchanges whole buffers with the global list. Two buffers per P keep a
// P that goes back and forth over the border of one from exchanging each time.
//
// Each gcwork counts what was marked and scanned through it; flushing adds the counts to the cycle's.
#include "internal.h"

static struct {
    struct rmutex lock;
    struct workbuf *full, *empty; // full: not empty
    struct gcwork *unused;
    _Atomic uint32_t full_count; // relaxed: a hint outside the lock, exact under it
} work = {.lock = {.rank = RANK_GCWORK}};

struct work_totals work_totals;

// ---- the global lists ----

static struct workbuf *take_empty(void)
{
    rlock(&work.lock);
    struct workbuf *b = work.empty;
    if (b)
        work.empty = b->next;
    runlock(&work.lock);
    if (!b)
        b = meta_alloc(sizeof *b, 64);
    b->n = 0;
    return b;
}

static void give_empty(struct workbuf *b)
{
    rlock(&work.lock);
    b->next = work.empty;
    work.empty = b;
    runlock(&work.lock);
}

// publish adds b to the list. Its few addresses go to the first buffer if they fit there: a worker that gives way after each of many stacks would
// else keep a buffer for each.
static void publish(struct workbuf *b)
{
    rlock(&work.lock);
    struct workbuf *first = work.full;
    if (first && first->n + b->n <= WORKBUF_MAX) {
        for (uintptr_t i = 0; i < b->n; i++)
            first->grey[first->n++] = b->grey[i];
        b->next = work.empty;
        work.empty = b;
    } else {
        b->next = first;
        work.full = b;
        atomic_fetch_add_explicit(&work.full_count, 1, memory_order_relaxed);
    }
    runlock(&work.lock);
}

static struct workbuf *take_full(void)
{
    if (!work_available())
        return NULL;
    rlock(&work.lock);
    struct workbuf *b = work.full;
    if (b) {
        work.full = b->next;
        atomic_fetch_sub_explicit(&work.full_count, 1, memory_order_relaxed);
    }
    runlock(&work.lock);
    return b;
}

bool work_available(void)
{
    return atomic_load_explicit(&work.full_count, memory_order_relaxed) != 0;
}

bool work_find(uintptr_t grey, bool take)
{
    bool found = false;
    rlock(&work.lock);
    for (struct workbuf *b = work.full; b && !found; b = b->next)
        for (uintptr_t i = 0; i < b->n && !found; i++)
            if (b->grey[i] == grey) {
                found = true;
                if (take) // a buffer may be left empty: who takes it goes on to the next
                    b->grey[i] = b->grey[--b->n];
            }
    runlock(&work.lock);
    return found;
}

// ---- a P's own ----

struct gcwork *gcwork_new(void)
{
    rlock(&work.lock);
    struct gcwork *w = work.unused;
    if (w)
        work.unused = w->link;
    runlock(&work.lock);
    if (!w)
        w = meta_alloc(sizeof *w, 64);
    *w = (struct gcwork){0};
    return w;
}

void gcwork_free(struct gcwork *w)
{
    work_flush(w);
    rlock(&work.lock);
    w->link = work.unused;
    work.unused = w;
    runlock(&work.lock);
}

static void exchange(struct gcwork *w)
{
    struct workbuf *b = w->top;
    w->top = w->below;
    w->below = b;
}

void work_put(struct gcwork *w, uintptr_t grey)
{
    if (UNLIKELY(!w->top)) {
        w->top = take_empty();
        w->below = take_empty();
    }
    if (UNLIKELY(w->top->n == WORKBUF_MAX)) {
        exchange(w);
        if (w->top->n == WORKBUF_MAX) {
            publish(w->top);
            w->top = take_empty();
            worker_wake_one();
        }
    }
    w->top->grey[w->top->n++] = grey;
}

uintptr_t work_get(struct gcwork *w)
{
    if (UNLIKELY(!w->top || !w->top->n)) {
        if (w->top && w->below->n) {
            exchange(w);
        } else {
            struct workbuf *b;
            while ((b = take_full()) && !b->n)
                give_empty(b);
            if (!b)
                return 0;
            if (w->top)
                give_empty(w->top);
            else
                w->below = take_empty();
            w->top = b;
        }
    }
    return w->top->grey[--w->top->n];
}

// work_share publishes half of the top buffer, so that others find something while this P has plenty.
void work_share(struct gcwork *w)
{
    if (!w->top || w->top->n < 4 || work_available())
        return;
    struct workbuf *b = take_empty();
    uintptr_t half = w->top->n / 2;
    for (uintptr_t i = 0; i < half; i++)
        b->grey[i] = w->top->grey[i];
    for (uintptr_t i = half; i < w->top->n; i++)
        w->top->grey[i - half] = w->top->grey[i];
    b->n = half;
    w->top->n -= half;
    publish(b);
    worker_wake_one();
}

bool work_empty(const struct gcwork *w)
{
    return !w->top || (!w->top->n && !w->below->n);
}

void work_reset_totals(void)
{
    atomic_store_explicit(&work_totals.marked_blocks, 0, memory_order_relaxed);
    atomic_store_explicit(&work_totals.marked_bytes, 0, memory_order_relaxed);
    atomic_store_explicit(&work_totals.scan_work, 0, memory_order_relaxed);
}

static void flush_counts(struct gcwork *w)
{
    count_up(&work_totals.marked_blocks, w->marked_blocks);
    count_up(&work_totals.marked_bytes, w->marked_bytes);
    count_up(&work_totals.scan_work, w->scan_work);
    w->marked_blocks = w->marked_bytes = w->scan_work = 0;
}

void work_flush(struct gcwork *w)
{
    struct workbuf *own[] = {w->top, w->below};
    for (int i = 0; i < 2; i++)
        if (own[i] && own[i]->n)
            publish(own[i]);
        else if (own[i])
            give_empty(own[i]);
    w->top = w->below = NULL;
    flush_counts(w);
}
