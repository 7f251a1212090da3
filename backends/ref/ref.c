// The reference runtime's entry: its table, its options, its start. See ref.h for its parts.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/environment.h"
#include "gc/gc.h"
#include "heap/heap.h"
#include "panic/panic.h"
#include "probe.h"
#include "ref.h"
#include "sched/sched.h"
#include "stack/stack.h"
#include "sync/sync.h"
#include "value/value.h"

const gomem_unit *ref_unit;
uint64_t ref_page_size;

// ---- options ----

struct option {
    const char *name, *help;
    int64_t least, most, value; // value: the default, then what was given
};

enum { PROCS, FIXEDSTACK, SLOTS, FAILMAP, CHECK, RELEASE };

static struct option options[] = {
    [PROCS] = {"procs", "processors; 0: GOMAXPROCS, else those that may be used", 0, 1024, 0},
    [FIXEDSTACK] = {"fixedstack", "bytes of every managed stack, which then never grows; 0: 2 KiB and growing", 0,
                    1 << 28, 0},
    [SLOTS] = {"slots", "machine stacks, which goroutines beyond that number share; 0: the usual number", 0, 1 << 20,
               0},
    [FAILMAP] = {"failmap", "the mapping of memory that fails; 0: none", 0, INT32_MAX, 0},
    [CHECK] = {"check", "1: a second mark after each collection, with the world stopped; 0: none", 0, 1, 0},
    [RELEASE] = {"release", "minor number of the Go release to emulate", 22, 26, 26},
};

// The answer is one line, which is what the driver shows; the option help asks for no more than that.
static bool refuse(const char *what, int len)
{
    if (len == (int)strlen("help") && !memcmp(what, "help", (size_t)len))
        fputs("ref: options are", stderr);
    else
        fprintf(stderr, "ref: unknown option or value '%.*s'; options are", len, what);
    for (size_t i = 0; i < COUNTOF(options); i++)
        fprintf(stderr, "%s %s=%lld..%lld (%s)", i ? ";" : "", options[i].name, (long long)options[i].least,
                (long long)options[i].most, options[i].help);
    fputc('\n', stderr);
    return false;
}

// value_of reads a number; a release is written 1.N.
static bool value_of(const struct option *o, const char *text, size_t len, int64_t *value)
{
    char copy[32], *end;
    if (len == 0 || len >= sizeof copy)
        return false;
    memcpy(copy, text, len);
    copy[len] = '\0';
    const char *digits = o == &options[RELEASE] && !strncmp(copy, "1.", 2) ? copy + 2 : copy;
    *value = strtoll(digits, &end, 0);
    return !*end && *value >= o->least && *value <= o->most;
}

static bool set_option(const char *text, size_t len)
{
    const char *equals = memchr(text, '=', len);
    size_t name = equals ? (size_t)(equals - text) : len;
    for (size_t i = 0; i < COUNTOF(options); i++) {
        struct option *o = &options[i];
        if (strlen(o->name) != name || memcmp(o->name, text, name))
            continue;
        return (equals && value_of(o, equals + 1, len - name - 1, &o->value)) || refuse(text, (int)len);
    }
    return refuse(text, (int)len);
}

static bool parse(const char *text)
{
    for (size_t len; *text; text += len + (text[len] == ',')) {
        len = strcspn(text, ",");
        if (!fault_option(text, len) && !set_option(text, len))
            return false;
    }
    return true;
}

// ---- what the environment says ----

static int env_procs(void)
{
    const char *text = getenv("GOMAXPROCS");
    int n = text ? atoi(text) : 0;
    return n > 0 ? n : sys_cpus();
}

static int64_t env_limit_or_die(void)
{
    int64_t limit;
    if (!env_limit(&limit))
        ref_throw("malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`");
    return limit;
}

static bool env_trace(void)
{
    const char *text = getenv("GODEBUG");
    const char *at = text ? strstr(text, "gctrace=") : NULL;
    return at && at[8] >= '1' && at[8] <= '9';
}

// ---- running ----

static void first(struct g *g, void *unit)
{
    (void)unit;
    gc_start();
    ref_unit->main(&g->head);
    fflush(NULL);
    exit(0);
}

static void attach(const gomem_backend_table *whole, const gomem_unit *unit)
{
    (void)whole;
    ref_unit = unit;
}

static int run(const gomem_unit *unit, int argc, char **argv)
{
    (void)argc;
    (void)argv;
    ref_unit = unit;
    ref_page_size = (uint64_t)sysconf(_SC_PAGESIZE);
    race_init();
    heap_init((int)options[RELEASE].value);
    stack_init((uintptr_t)options[FIXEDSTACK].value, (uintptr_t)options[SLOTS].value);
    gc_init(env_percent(), env_limit_or_die(), env_trace());
    check_init(options[CHECK].value);
    sys_fail_after((long)options[FAILMAP].value);
    sched_init(options[PROCS].value ? (int)options[PROCS].value : env_procs());
    sched_run(first, NULL);
}

// ---- the table ----

static const gomem_heap_group heap_group = {.size = sizeof heap_group,
                                            .new_object = heap_new_object,
                                            .new_array = heap_new_array,
                                            .grow_slice = slice_grow,
                                            .new_bytes = heap_new_bytes,
                                            .box = value_box};

static gomem_backend_table table = {
    .contract = GOMEM_CONTRACT,
    .size = sizeof table,
    .name = "ref",
    .release = "1.26",
    .gc_profile = true,
    .capabilities = "counts collect precise finalizers weak growstack deadlock preempt procs gctrace",
    .heap = &heap_group,
    .barrier = &ref_barrier_group,
    .strings = &ref_strings_group,
    .maps = &ref_maps_group,
    .panics = &ref_panics_group,
    .stack = &ref_stack_group,
    .sched = &ref_sched_group,
    .chans = &ref_chans_group,
    .locks = &ref_locks_group,
    .time = &ref_time_group,
    .collector = &ref_collector_group,
    .probe = &ref_probe_group,
    .attach = attach,
    .run = run,
};

static char release_text[8];

__attribute__((visibility("default"))) const gomem_backend_table *gomem_backend(uint32_t contract, const char *text)
{
    if (contract != GOMEM_CONTRACT || !parse(text))
        return NULL;
    snprintf(release_text, sizeof release_text, "1.%d", (int)options[RELEASE].value);
    table.release = release_text;
    return &table;
}
