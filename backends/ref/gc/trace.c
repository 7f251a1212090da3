// GODEBUG=gctrace=1: one line for each cycle, in the toolchain's form.
//
//   gc N @Ts C%: a+b+c ms clock, a+d/e/f+c ms cpu, S->E->L MB, G MB goal, T MB stacks, U MB globals, P P (forced)
//
//   N number, T seconds since the start, C share of the processors' time that collecting has taken since then
//   a sweep termination and set-up, b concurrent mark, c mark termination; d assists, e workers, f workers on idle processors
//   S heap at the start, E at the end of marking, L marked; G the goal when the cycle began; T stacks scanned, U variables
#include <stdio.h>

#include "internal.h"

static bool enabled;

void trace_init(bool on)
{
    enabled = on;
}

double trace_cpu_fraction(void)
{
    int64_t elapsed = sys_nanotime() - cycle.process_start;
    return elapsed > 0 ? (double)cycle.total_cpu_ns / ((double)elapsed * sched_procs()) : 0;
}

// A duration in milliseconds with the digits that the toolchain prints: three significant ones, at most three behind the point.
struct ms {
    char text[24];
};

static struct ms ms(int64_t ns)
{
    struct ms m;
    double v = (double)ns / 1e6;
    int digits = v >= 10 ? 0 : v >= 1 ? 1 : v >= 0.1 ? 2 : 3;
    if (v >= 0.01 || v < 0.001)
        snprintf(m.text, sizeof m.text, "%.*f", digits, v);
    else
        snprintf(m.text, sizeof m.text, "%.4f", v);
    return m;
}

static unsigned long long mb(uint64_t bytes)
{
    return bytes >> 20;
}

void trace_cycle(void)
{
    if (!enabled)
        return;
    int64_t first = cycle.sweep_ns + cycle.setup_ns, last = cycle.termination_ns;
    int64_t assist = atomic_load_explicit(&cycle.assist_ns, memory_order_relaxed);
    int64_t workers = atomic_load_explicit(&cycle.worker_ns, memory_order_relaxed);
    int64_t share = cycle.mark_ns * cycle.procs / 4, dedicated = workers < share ? workers : share;
    ref_print("gc %u @%.3fs %d%%: %s+%s+%s ms clock, %s+%s/%s/%s+%s ms cpu, %llu->%llu->%llu MB, %llu MB goal, "
              "%llu MB stacks, %llu MB globals, %d P%s\n",
              atomic_load_explicit(&gc_cycle, memory_order_relaxed), (double)(cycle.end - cycle.process_start) / 1e9,
              (int)(trace_cpu_fraction() * 100), ms(first).text, ms(cycle.mark_ns).text, ms(last).text,
              ms(first * cycle.procs).text, ms(assist).text, ms(dedicated).text, ms(workers - dedicated).text,
              ms(last * cycle.procs).text, mb(cycle.heap_start), mb(cycle.heap_end), mb(cycle.heap_marked),
              mb(cycle.goal), mb(cycle.stacks), mb(cycle.globals), cycle.procs, cycle.forced ? " (forced)" : "");
}
