// Tests of the channels of timers on the real scheduler with two processors: what a receive gives by the clock, and when a timer is in the heap
// of timers.
#include "test_support.h"

#define C (&ref_chans_group)

static gomem_chan *c, *d;

static const gomem_type int_type = {.size = 8, .align = 8, .kind = GOMEM_INT64, .flags = GOMEM_REGULAR};
static const gomem_type chan_type = {.kind = GOMEM_CHAN, .elem = &int_type};
static const gomem_type instant_type = {.size = sizeof(gomem_instant), .align = 8, .kind = GOMEM_STRUCT};
static const gomem_type ticks_type = {.kind = GOMEM_CHAN, .elem = &instant_type};

static int64_t when_due(gomem_g *g, gomem_chan *t) // -1: nothing is to be received
{
    bool received;
    gomem_instant *got = calloc(1, sizeof *got);
    gomem_select_case *one = calloc(1, sizeof *one);
    *one = (gomem_select_case){t, got};
    int64_t due = C->select(g, one, 0, 1, true, &received) == 0 ? got->mono : -1;
    free(one);
    free(got);
    return due;
}

static void timer_channel(gomem_g *g)
{
    int64_t now = ref_time_group.now(), hour = INT64_C(3600000000000);
    gomem_chan *t = C->make(g, &ticks_type, 1);
    ok(!chan_timer_start(t, now - 2, 0) && C->len(t) == 0 && C->cap(t) == 0, "a timer's channel looks synchronous");
    ok(when_due(g, t) == now - 2 && when_due(g, t) == -1 && !chan_timer_stop(t), "and gives the time once it is due");
    ok(!chan_timer_start(t, now - 1, 0) && chan_timer_start(t, now, 0), "a timer that is due is pending");
    ok(chan_timer_stop(t) && when_due(g, t) == -1, "and gives nothing once it is stopped");
    chan_timer_start(t, now - 1, hour);
    ok(when_due(g, t) == now - 1 && when_due(g, t) == -1, "a ticker gives one time of those that have passed");
    ok(chan_timer_stop(t) && timers_due() == INT64_MAX, "none of them was in the heap of timers");
}

CLOSURE(receives_ticks)
{
    (void)self;
    gomem_instant *got = calloc(1, sizeof *got);
    C->recv(g, c, got);
    free(got);
    atomic_fetch_add(&done, 1);
}

CLOSURE(selects_tick)
{
    bool received;
    (void)self;
    gomem_instant *got = calloc(2, sizeof *got);
    gomem_select_case *cases = calloc(2, sizeof *cases);
    cases[0] = (gomem_select_case){c, got};
    cases[1] = (gomem_select_case){d, got + 1};
    atomic_fetch_add(&counter, C->select(g, cases, 0, 2, false, &received));
    free(cases);
    free(got);
    atomic_fetch_add(&done, 1);
}

static void awaited_timer(gomem_g *g)
{
    int64_t hour = ref_time_group.now() + INT64_C(3600000000000);
    c = C->make(g, &ticks_type, 1);
    d = C->make(g, &chan_type, 0);
    chan_timer_start(c, hour, 0);
    atomic_store(&counter, 0);
    start(g, &selects_tick, 3);
    settle(g);
    ok(timers_due() == hour, "while somebody waits the timer is in the heap of timers");
    ok(chan_timer_stop(c) && timers_due() == INT64_MAX, "stopped it is not");
    chan_timer_start(c, hour, 0);
    ok(timers_due() == hour, "and is again when it is started");
    int64_t *v = calloc(1, sizeof *v);
    for (int i = 0; i < 3; i++)
        C->send(g, d, v);
    free(v);
    all_done(g, 3);
    ok(atomic_load(&counter) == 3 && timers_due() == INT64_MAX, "it goes with the last one who waits");
    start(g, &receives_ticks, 3);
    settle(g);
    chan_timer_start(c, ref_time_group.now(), 1000000);
    all_done(g, 3);
    ok(timers_due() == INT64_MAX && chan_timer_stop(c), "each tick of a ticker serves one of them");
}

// ---- deaths ----

CLOSURE(beside_a_timer)
{
    (void)self;
    chan_timer_start(C->make(g, &ticks_type, 1), ref_time_group.now() + INT64_C(3600000000000), 0);
    C->recv(g, C->make(g, &chan_type, 0), NULL);
}

static void first(struct g *g, void *arg)
{
    (void)arg;
    timer_channel(&g->head);
    awaited_timer(&g->head);
    printf("1..%d\n", tests);
    fflush(stdout);
    _exit(failures != 0);
}

int main(void)
{
    ref_unit = &unit;
    dies(&beside_a_timer, "fatal error: all goroutines are asleep - deadlock!");
    stack_init(0, 0);
    sched_init(2);
    sched_run(first, NULL);
}
