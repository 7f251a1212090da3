// The leak detector: which goroutines are blocked for ever.
//
// A goroutine that is blocked in an operation of a channel or a lock goes on only if another one does something with that channel or lock,
// and for that it must be able to reach it. So, with the world stopped: what variables, the runtime itself and goroutines that are not
// blocked refer to is reached; a blocked goroutine that waits for something reached may go on one day, so what it refers to is reached too;
// and so on, until nothing is added. The goroutines that are left wait for what only they, or others like them, know: they are leaked.
//
// What waits for itself is no leak if somebody else could wake it: a goroutine that sleeps is not blocked, and a channel that a pending
// timer will send on is reached, though the timer does not keep it alive. A nil channel, an empty select and a lock in the waiter's own
// stack have no wait node: nobody can reach them.
//
// Invariant: leaks are only ever missed (what could reach the channel never does, or shares its tiny block), never reported wrongly.
#include "../panic/panic.h"
#include "internal.h"

static struct {
    gomem_leak *list;
    intptr_t room, n;
    bool more; // this round let somebody go on
} found;

static bool is_blocked(const struct g *g)
{
    switch (g->wait_reason) {
    case WAIT_CHAN_RECEIVE:
    case WAIT_CHAN_RECEIVE_NIL:
    case WAIT_CHAN_SEND:
    case WAIT_CHAN_SEND_NIL:
    case WAIT_SELECT:
    case WAIT_SELECT_NO_CASES:
    case WAIT_SEMACQUIRE:
    case WAIT_MUTEX:
    case WAIT_RWMUTEX_R:
    case WAIT_RWMUTEX:
    case WAIT_WAITGROUP:
    case WAIT_COND:
        return true;
    default:
        return false;
    }
}

// may_go_on tells, of what has been reached so far, whether somebody may let g go on.
static bool may_go_on(struct g *g)
{
    if (g->system || g_status(g) != G_WAITING || g->suspended || !is_blocked(g))
        return true;
    for (struct sudog *s = g->waiting; s; s = s->g_link)
        if (reach_has((uintptr_t)(s->c ? s->c : s->elem)))
            return true;
    return false;
}

static void look(struct g *g, void *ctx)
{
    (void)ctx;
    if (!roots_has_stack(g) || g->reached || !may_go_on(g))
        return;
    g->reached = true;
    found.more = true;
    reach_goroutine(g);
    reach_all();
}

static void forget(struct g *g, void *ctx)
{
    (void)ctx;
    g->reached = false;
}

// ---- telling ----

static void tell_calls(const struct g *g, gomem_frame calls[GOMEM_LEAK_CALLS])
{
    const char *at = g->head.sp;
    for (int i = 0; i < GOMEM_LEAK_CALLS; i++) {
        calls[i] = at < g->head.stack_base ? *(const gomem_frame *)(const void *)at : (gomem_frame){0};
        at += calls[i].desc ? calls[i].desc->size : 0;
    }
}

static void tell(struct g *g, void *ctx)
{
    (void)ctx;
    if (!roots_has_stack(g) || g->reached)
        return;
    if (found.n < found.room) {
        gomem_leak *l = &found.list[found.n];
        l->goroutine = g->id;
        l->waits_for = trace_reason(g);
        tell_calls(g, l->calls);
    }
    found.n++;
}

intptr_t leak_find(gomem_g *g, gomem_leak *leaks, intptr_t n)
{
    (void)g;
    world_stop("gc: leaks");
    found.list = leaks, found.room = n, found.n = 0;
    g_each(forget, NULL);
    reach_begin(NULL);
    timers_visit_channels(reach_pointer, NULL);
    do {
        found.more = false;
        reach_all();
        g_each(look, NULL);
    } while (found.more);
    reach_end();
    g_each(tell, NULL);
    intptr_t all = found.n;
    world_start();
    return all;
}
