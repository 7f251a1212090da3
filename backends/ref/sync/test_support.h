// What the tests of sync/ share: stand-ins for heap and collector, goroutines on the real scheduler, deaths in processes of their own, TAP.
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FAKES_BUT_CHANNELS
#include "../compiled_test.h"
#include "../fakes_test.h"
#include "internal.h"

// ---- stand-ins ----

bool heap_array_size(const gomem_type *elem, intptr_t n, uintptr_t *bytes)
{
    return n >= 0 && !__builtin_mul_overflow((uintptr_t)n, elem->size, bytes) && *bytes < UINTPTR_MAX >> 17;
}

void gc_copy(gomem_g *g, const gomem_type *type, void *dst, const void *src, intptr_t n)
{
    (void)g;
    memmove(dst, src, type->size * (uintptr_t)n);
}

void gc_clear(gomem_g *g, const gomem_type *type, void *dst, intptr_t n)
{
    (void)g;
    memset(dst, 0, type->size * (uintptr_t)n);
}

#define S (&ref_sched_group)

static _Atomic int64_t counter, done;
static _Atomic int32_t next_id;

static inline int64_t cpu_time(void) // of the process: the machine may be busy with other things
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void settle(gomem_g *g) // until all others have ended or wait
{
    for (int i = 0; i < 2000; i++)
        S->yield(g);
}

static void all_done(gomem_g *g, int64_t n)
{
    while (atomic_load(&done) < n)
        S->yield(g);
    while (S->count(g) > 1)
        S->yield(g);
    atomic_store(&done, 0);
}

static void start(gomem_g *g, gomem_func *fn, int n)
{
    atomic_store(&next_id, 0);
    atomic_store(&done, 0);
    for (int i = 0; i < n; i++)
        S->go(g, fn);
}

// ---- deaths ----

static gomem_func *death;
static gomem_string shown;

static gomem_eface error_value(gomem_g *g, bool is_plain, gomem_string text)
{
    static const gomem_type type = {.size = 8};
    (void)g;
    shown = text;
    return (gomem_eface){&type, (void *)(uintptr_t)is_plain};
}

static gomem_string panic_text_of(gomem_g *g, gomem_eface v)
{
    (void)g, (void)v;
    return shown;
}

static const gomem_unit unit = {.panic_text = panic_text_of, .error_value = error_value};

static void dying(struct g *g, void *arg)
{
    (void)arg;
    ((void (*)(gomem_g *, gomem_func *))death->code)(&g->head, death);
    _exit(0);
}

static void dies(gomem_func *fn, const char *text)
{
    int fds[2], status = 0;
    char out[1 << 14];
    size_t n = 0;
    if (pipe(fds))
        ref_throw("no pipe");
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fds[1], STDERR_FILENO);
        close(fds[0]);
        death = fn;
        stack_init(0, 0);
        sched_init(2);
        sched_run(dying, NULL);
    }
    close(fds[1]);
    for (ssize_t got; n < sizeof out - 1 && (got = read(fds[0], out + n, sizeof out - 1 - n)) > 0;)
        n += (size_t)got;
    out[n] = '\0';
    close(fds[0]);
    waitpid(pid, &status, 0);
    bool good = WIFEXITED(status) && WEXITSTATUS(status) == 2 && strstr(out, text);
    if (!good)
        printf("# status %x: %.400s\n", status, out);
    ok(good, text);
}
