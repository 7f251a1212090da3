// Memory of managed stacks: a list of free ones per size. Sizes below CHUNK are cut from chunks of the page heap, which stay; larger ones
// are runs of pages of their own and go back to the page heap when a few are free.
#include "../heap/heap.h"
#include "internal.h"

enum { MIN_SHIFT = 11, CHUNK_SHIFT = 15, CHUNK = 1 << CHUNK_SHIFT, SHIFTS = sizeof(uintptr_t) * 8, KEEP = 8 };

struct free_stack {
    struct free_stack *link;
};

static struct rmutex lock = {.rank = RANK_STACK};
// protected by lock
static struct free_stack *lists[SHIFTS];
static uint32_t listed[SHIFTS];
static uint64_t in_use, sys;

static int shift_of(uintptr_t size)
{
    return (int)sizeof(uintptr_t) * 8 - 1 - __builtin_clzl(size);
}

static char *pages(uintptr_t size)
{
    char *p = heap_stack_pages(size >> HEAP_PAGE_SHIFT);
    if (!p)
        ref_throw("runtime: out of memory: cannot allocate %llu-byte stack", (unsigned long long)size);
    return p;
}

static void push_locked(int shift, char *p)
{
    struct free_stack *f = (struct free_stack *)(void *)p;
    memcheck_fresh(f, sizeof *f);
    f->link = lists[shift];
    lists[shift] = f;
    listed[shift]++;
    memcheck_closed(p, (uintptr_t)1 << shift);
}

static char *pop_locked(int shift, uintptr_t size)
{
    struct free_stack *f = lists[shift];
    if (!f)
        return NULL;
    memcheck_written(f, sizeof *f);
    lists[shift] = f->link;
    listed[shift]--;
    in_use += size;
    return (char *)f;
}

// refill cuts a chunk; the lock is not held while the page heap is asked.
static char *refill(int shift, uintptr_t size)
{
    uintptr_t run = size < CHUNK ? CHUNK : size;
    char *p = pages(run);
    rlock(&lock);
    for (char *at = p + size; at < p + run; at += size)
        push_locked(shift, at);
    in_use += size;
    sys += run;
    runlock(&lock);
    return p;
}

char *pool_get(uintptr_t size)
{
    int shift = shift_of(size);
    rlock(&lock);
    char *p = pop_locked(shift, size);
    runlock(&lock);
    p = p ? p : refill(shift, size);
    race_fresh(p, size);
    memcheck_fresh(p, size);
    return p;
}

void pool_put(char *low, uintptr_t size)
{
    int shift = shift_of(size);
#ifdef REF_DEBUG
    __builtin_memset(low, 0xDE, size < 4096 ? size : 4096); // a stale pointer into the old stack is seen
#endif
    rlock(&lock);
    in_use -= size;
    bool keep = size < CHUNK || listed[shift] < KEEP;
    if (keep)
        push_locked(shift, low);
    else
        sys -= size;
    runlock(&lock);
    if (!keep)
        heap_stack_pages_free(low);
}

void pool_stats(struct stack_stats *s)
{
    rlock(&lock);
    s->in_use = in_use;
    s->sys = sys;
    runlock(&lock);
}
