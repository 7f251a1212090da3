// Starting a program: see groups.h. A backend without goroutines runs it on this thread.
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "groups.h"

enum { OWN_STACK = 64 << 20 };

// run_plainly serves backends without goroutines: the unit's main on this thread, with a managed stack that does not grow.
static int run_plainly(const gomem_unit *unit)
{
    char *stack = mmap(NULL, OWN_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stack == MAP_FAILED)
        return fputs("out of memory\n", stderr), STATUS_BACKEND;
    static gomem_g g;
    g.sp = g.stack_base = stack + OWN_STACK;
    g.stack_guard = stack;
    unit->main(&g);
    return 0;
}

int start_unit(gomem_backend_table *t, const attach_fn *attach, int attach_len, const gomem_unit *unit, int argc,
               char **argv)
{
    groups_complete(t);
    unit->bind(trace_table(t, getenv("GOMEM_TRACE")));
    for (int i = 0; i < attach_len; i++)
        attach[i](t, unit);
    return t->run ? t->run(unit, argc, argv) : run_plainly(unit);
}
