// Stand-ins for the heap, the collector and channels in the tests of sched/, stack/ and panic/: memory from malloc that is never
// collected, and a collector that does nothing. Included once by each test.
#include <stdlib.h>
#include <string.h>

#include "gc/gc.h"
#include "heap/heap.h"
#include "sync/sync.h"

const gomem_unit *ref_unit;
uint64_t ref_page_size = 4096;
uint32_t gc_barrier_enabled;

void *meta_alloc(uintptr_t size, uintptr_t align)
{
    void *p = aligned_alloc(align < 16 ? 16 : align, round_up(size, align < 16 ? 16 : align));
    return memset(p, 0, size);
}

void *heap_stack_pages(uintptr_t pages)
{
    return aligned_alloc(HEAP_PAGE, pages * HEAP_PAGE);
}

void heap_stack_pages_free(void *p)
{
    free(p);
}

void *heap_alloc(struct p *p, uintptr_t size, const gomem_type *elem, bool zero, uintptr_t n)
{
    (void)p;
    (void)elem;
    (void)zero;
    (void)n;
    return calloc(1, size ? size : 1);
}

struct mcache *mcache_new(void)
{
    return NULL;
}

void mcache_release(struct mcache *c)
{
    (void)c;
}

struct gcwork *gcwork_new(void)
{
    return NULL;
}

struct wbbuf *wbbuf_new(void)
{
    return NULL;
}

void gc_release_p(struct p *p)
{
    (void)p;
}

void gc_shade(struct p *p, void *v)
{
    (void)p;
    (void)v;
}

void gc_add_roots(void (*each)(gc_visit visit, void *ctx))
{
    (void)each;
}

void gc_poll_hook(struct g *g)
{
    (void)g;
}

bool gc_due(struct g *g)
{
    (void)g;
    return false;
}

void gc_forced_check(int64_t now)
{
    (void)now;
}

void gc_new_goroutine(struct g *g)
{
    (void)g;
}

void gc_end_goroutine(struct g *g)
{
    (void)g;
}

bool gc_before_idle(struct p *p)
{
    (void)p;
    return false;
}

void gc_before_run(struct p *p, struct g *g)
{
    (void)p;
    (void)g;
}

#ifndef FAKES_BUT_CHANNELS
bool chan_timer_start(gomem_chan *c, int64_t when, int64_t period)
{
    (void)c, (void)when, (void)period;
    return false;
}

bool chan_timer_stop(gomem_chan *c)
{
    (void)c;
    return false;
}

void chan_timer_fire(gomem_chan *c, int64_t now)
{
    (void)c, (void)now;
}
#endif
