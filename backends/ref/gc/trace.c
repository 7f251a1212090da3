// GODEBUG=gctrace=1: one line for each cycle, in the toolchain's form.
//
//   gc N @Ts C%: a+b+c ms clock, a+d/e/f+c ms cpu, S->E->L MB, G MB goal, T MB stacks, U MB globals, P P (forced)
//
//   N number, T when it began, in seconds since the start, C share of the processors' time that collecting has taken since then,
//   idle processors' apart
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

// A duration in milliseconds with the digits that the toolchain prints: whole ones from 10 on, else two significant digits and at most
// three behind the point, cut off and not rounded.
struct ms {
    char text[24];
};

static struct ms ms(int64_t ns)
{
    struct ms m;
    uint64_t us = (uint64_t)ns / 1000, unit = 1000;
    if (ns >= 10000000 || !us) {
        snprintf(m.text, sizeof m.text, "%llu", (unsigned long long)us / 1000);
        return m;
    }
    int digits = 3;
    for (; us >= 100; us /= 10, unit /= 10)
        digits--;
    snprintf(m.text, sizeof m.text, "%llu.%0*llu", (unsigned long long)(us / unit), digits,
             (unsigned long long)(us % unit));
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
    int64_t first = cycle.setup_ns, last = cycle.termination_ns;
    int64_t assist = atomic_load_explicit(&cycle.assist_ns, memory_order_relaxed);
    int64_t workers = atomic_load_explicit(&cycle.worker_ns, memory_order_relaxed);
    int64_t idle = cycle_idle_ns();
    uint64_t since = (uint64_t)(cycle.start - cycle.process_start) / 1000000; // ms
    ref_print("gc %u @%llu.%03llus %d%%: %s+%s+%s ms clock, %s+%s/%s/%s+%s ms cpu, %llu->%llu->%llu MB, %llu MB goal, "
              "%llu MB stacks, %llu MB globals, %d P%s\n",
              atomic_load_explicit(&gc_cycle, memory_order_relaxed), (unsigned long long)since / 1000,
              (unsigned long long)since % 1000, (int)(trace_cpu_fraction() * 100), ms(first).text,
              ms(cycle.mark_ns).text, ms(last).text, ms(first * cycle.procs).text, ms(assist).text,
              ms(workers - idle).text, ms(idle).text, ms(last * cycle.procs).text, mb(cycle.heap_start),
              mb(cycle.heap_end), mb(cycle.heap_marked), mb(cycle.goal), mb(cycle.stacks), mb(cycle.globals),
              cycle.procs, cycle.forced ? " (forced)" : "");
}
