// The check: a second mark with the world stopped, as an oracle of the first. In a debug build, with the option check=1, and where the probe asks for it,
// everything is found again from the roots at the end of marking, in the plainest way (reach.c), and each block found must carry a mark. A white one
// is a block that the concurrent collector would have lost: the process ends and says how it is reached; the probe
// counts it.
#include "internal.h"

#ifdef REF_DEBUG
static bool always = true; // immutable after init
#else
static bool always;
#endif

_Atomic uint64_t check_blocks, check_errors;
static _Atomic bool forced; // relaxed

void check_init(bool on)
{
    always |= on;
}

void check_force(gomem_g *g, bool on)
{
    (void)g;
    atomic_store_explicit(&forced, on, memory_order_relaxed);
}

static void report(const char *what, uintptr_t p, uintptr_t holder)
{
    count_up(&check_errors, 1);
    if (always && !atomic_load_explicit(&forced, memory_order_relaxed))
        ref_throw("gc: pointer %#llx, held by %#llx, leads to %s", (unsigned long long)p, (unsigned long long)holder,
                  what);
}

static void met(struct span *s, uint32_t index, uintptr_t p, const struct reach_step *holder)
{
    count_up(&check_blocks, 1);
    if (!span_allocated(s, index))
        report("a free block", p, holder->block);
    else if (!span_marked(s, index))
        report("a block that is not marked", p, holder->block);
}

int64_t check_marks(void)
{
    if (!always && !atomic_load_explicit(&forced, memory_order_relaxed))
        return 0;
    int64_t start = sys_nanotime();
    reach_everything(met);
    reach_end();
    return sys_nanotime() - start;
}
