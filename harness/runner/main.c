// gomem-runner: the process in which one case runs on a runtime backend. The driver never loads a backend itself.
//
//     gomem-runner --describe BACKEND.so [OPTIONS]             what the backend says of itself, as `key value` lines
//     gomem-runner BACKEND.so OPTIONS UNIT.so [ARGUMENT...]    run the unit on it
//
// BACKEND.so may be several joined by +: what the first lacks is taken from the next (mine.so+portable.so). A group that none
// has is filled with operations that say `skip` on the verdict pipe and end the process, so that a case is skipped by the
// name of what it needs the moment it needs it. Anything wrong with a file is one line on stderr and status 3.
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gomem.h"

enum { STATUS_BACKEND = 3, VERDICT_FD = 3, MAX_PARTS = 4 };

static void __attribute__((noreturn, format(printf, 1, 2))) refuse(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(STATUS_BACKEND);
}

// ---- missing groups ----

static void __attribute__((noreturn)) skip(const char *what)
{
    char line[64];
    int n = snprintf(line, sizeof line, "skip needs %s\n", what);
    if (write(VERDICT_FD, line, (size_t)n) != n)
        _exit(STATUS_BACKEND);
    _exit(0);
}

// GROUPS lists the groups: name, type, and the member of the table.
#define GROUPS(X)                       \
    X(heap, gomem_heap_group)           \
    X(strings, gomem_strings_group)     \
    X(maps, gomem_maps_group)           \
    X(panics, gomem_panics_group)       \
    X(stack, gomem_stack_group)         \
    X(sched, gomem_sched_group)         \
    X(chans, gomem_chans_group)         \
    X(locks, gomem_locks_group)         \
    X(time, gomem_time_group)           \
    X(collector, gomem_collector_group) \
    X(probe, gomem_probe_group)

#define SKIP_OPERATION(name, type) \
    static void skip_##name(void)  \
    {                              \
        skip(#name);               \
    }
GROUPS(SKIP_OPERATION)

// fill_group completes a group: operations that it has stay, those beyond its size or NULL come from the next backend's group
// (NULL: none), the rest skip. A group is its size and then function pointers only, so words can be copied.
static const void *fill_group(const void *mine, const void *next, size_t whole, void (*skipping)(void))
{
    void **group = calloc(1, whole);
    if (!group)
        refuse("out of memory");
    *(size_t *)group = whole;
    size_t mine_size = mine ? *(const size_t *)mine : 0, next_size = next ? *(const size_t *)next : 0;
    for (size_t at = sizeof(size_t); at < whole; at += sizeof(void *)) {
        void **word = (void **)((char *)group + at);
        if (at + sizeof(void *) <= mine_size)
            memcpy(word, (const char *)mine + at, sizeof *word);
        if (!*word && at + sizeof(void *) <= next_size)
            memcpy(word, (const char *)next + at, sizeof *word);
        if (!*word && skipping)
            memcpy(word, &skipping, sizeof *word);
    }
    return group;
}

static void merge(gomem_backend_table *t, const gomem_backend_table *next)
{
#define MERGE(name, type)      \
    if (t->name || next->name) \
        t->name = fill_group(t->name, next->name, sizeof(type), NULL);
    GROUPS(MERGE)
    if (!t->barrier)
        t->barrier = next->barrier;
    if (!t->run)
        t->run = next->run;
}

// Compiled code does without new_bytes, box and blocking where a backend leaves them out, so these do not skip.
static void keep_optional(gomem_backend_table *t, const gomem_heap_group *given, const gomem_sched_group *given_sched)
{
    gomem_heap_group *heap = calloc(1, sizeof *heap);
    gomem_sched_group *sched = calloc(1, sizeof *sched);
    if (!heap || !sched)
        refuse("out of memory");
    *heap = *t->heap;
    heap->new_bytes = given ? given->new_bytes : NULL;
    heap->box = given ? given->box : NULL;
    t->heap = heap;
    *sched = *t->sched;
    sched->blocking = given_sched ? given_sched->blocking : NULL;
    t->sched = sched;
}

static void fill_with_skips(gomem_backend_table *t)
{
    const gomem_heap_group *given = fill_group(t->heap, NULL, sizeof *given, NULL);
    const gomem_sched_group *given_sched = fill_group(t->sched, NULL, sizeof *given_sched, NULL);
#define FILL(name, type) t->name = fill_group(t->name, NULL, sizeof(type), skip_##name);
    GROUPS(FILL)
    keep_optional(t, given, given_sched);
}

// ---- loading ----

static const gomem_backend_table *load_backend(const char *path, const char *options)
{
    if (access(path, R_OK))
        refuse("the backend %s cannot be read: no such file, or no permission", path);
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!object)
        refuse("the backend %s is no shared object that loads: %s", path, dlerror());
    const gomem_backend_table *(*entry)(uint32_t, const char *);
    *(void **)&entry = dlsym(object, "gomem_backend");
    if (!entry)
        refuse("the backend %s has no entry gomem_backend (spec/gomem.h)", path);
    const gomem_backend_table *t = entry(GOMEM_CONTRACT, options);
    if (!t)
        refuse("the backend %s does not take contract %u with options '%s'", path, GOMEM_CONTRACT, options);
    if (t->contract != GOMEM_CONTRACT)
        refuse("the backend %s speaks contract %u; this gomem speaks %u", path, t->contract, GOMEM_CONTRACT);
    if (t->size < offsetof(gomem_backend_table, heap) || !t->name || !t->release || !t->capabilities)
        refuse("the backend %s describes itself incompletely: size, name, release and capabilities are needed", path);
    return t;
}

static void (*attach[MAX_PARTS])(const gomem_backend_table *, const gomem_unit *);
static int attach_len;

static gomem_backend_table *load(const char *paths, const char *options)
{
    gomem_backend_table *whole = calloc(1, sizeof *whole);
    char *copy = strdup(paths);
    if (!whole || !copy)
        refuse("out of memory");
    char *rest = NULL;
    int n = 0;
    for (char *path = strtok_r(copy, "+", &rest); path; path = strtok_r(NULL, "+", &rest), n++) {
        const gomem_backend_table *t = load_backend(path, n ? "" : options);
        gomem_backend_table part = {0};
        memcpy(&part, t, t->size < sizeof part ? t->size : sizeof part);
        if (n == MAX_PARTS)
            refuse("more than %d backends are joined", MAX_PARTS);
        if (part.attach)
            attach[attach_len++] = part.attach;
        if (n)
            merge(whole, &part);
        else
            *whole = part;
    }
    if (!n)
        refuse("no backend is named");
    whole->size = sizeof *whole;
    return whole;
}

static int describe(const char *paths, const char *options)
{
    const gomem_backend_table *t = load(paths, options);
    printf("name %s\nrelease %s\nprofile %s\ncapabilities %s\ngroups", t->name, t->release, t->gc_profile ? "gc" : "-",
           t->capabilities);
#define PRINT(name, type) \
    if (t->name)          \
        printf(" " #name);
    GROUPS(PRINT)
    putchar('\n');
    return fflush(stdout) ? STATUS_BACKEND : 0;
}

// ---- running ----

enum { OWN_STACK = 64 << 20 };

// run_plainly serves backends without goroutines: the unit's main on this thread, with a managed stack that does not grow.
static int run_plainly(const gomem_unit *unit)
{
    char *stack = mmap(NULL, OWN_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stack == MAP_FAILED)
        refuse("out of memory");
    static gomem_g g;
    g.sp = g.stack_base = stack + OWN_STACK;
    g.stack_guard = stack;
    unit->main(&g);
    return 0;
}

static const gomem_unit *load_unit(const char *path)
{
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!object)
        refuse("the unit %s does not load: %s", path, dlerror());
    const gomem_unit *unit = dlsym(object, "gomem_unit_table");
    if (!unit || unit->contract != GOMEM_CONTRACT)
        refuse("%s is no unit of contract %u", path, GOMEM_CONTRACT);
    return unit;
}

int main(int argc, char **argv)
{
    if (argc >= 3 && !strcmp(argv[1], "--describe"))
        return describe(argv[2], argc > 3 ? argv[3] : "");
    if (argc < 4)
        refuse("usage: gomem-runner --describe BACKEND.so [OPTIONS] | BACKEND.so OPTIONS UNIT.so [ARGUMENT...]");
    gomem_backend_table *t = load(argv[1], argv[2]);
    fill_with_skips(t);
    const gomem_unit *unit = load_unit(argv[3]);
    unit->bind(t);
    for (int i = 0; i < attach_len; i++)
        attach[i](t, unit);
    return t->run ? t->run(unit, argc - 3, argv + 3) : run_plainly(unit);
}
