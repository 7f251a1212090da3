// gomem-runner: the process in which one case runs on a runtime backend. The driver never loads a backend itself.
//
//     gomem-runner --describe BACKEND.so [OPTIONS]             what the backend says of itself, as `key value` lines
//     gomem-runner BACKEND.so OPTIONS UNIT.so [ARGUMENT...]    run the unit on it
//
// BACKEND.so may be several joined by +: what the first lacks is taken from the next (mine.so+portable.so). Anything wrong with a file is
// one line on stderr and status 3. The parts are told of in groups.h.
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "groups.h"

enum { MAX_PARTS = 4 };

static void __attribute__((noreturn, format(printf, 1, 2))) refuse(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(STATUS_BACKEND);
}

#ifdef __SANITIZE_ADDRESS__
// A Go heap is no leak, a nil pointer is the backend's to report, and a stack that goroutines share keeps no dead frame.
const char *__asan_default_options(void)
{
    return "detect_leaks=0:handle_segv=0:handle_sigbus=0:detect_stack_use_after_return=0:exitcode=99";
}
#endif

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

static attach_fn attach[MAX_PARTS];
static int attach_len;

static gomem_backend_table *load(const char *paths, const char *options)
{
    static gomem_backend_table table;
    gomem_backend_table *whole = &table;
    char *copy = strdup(paths);
    if (!copy)
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
            groups_merge(whole, &part);
        else
            *whole = part;
    }
    free(copy);
    if (!n)
        refuse("no backend is named");
    whole->size = sizeof *whole;
    return whole;
}

static int describe(const char *paths, const char *options)
{
    const gomem_backend_table *t = load(paths, options);
    // behind a newline: the backend may have begun a line
    printf("\nname %s\nrelease %s\nprofile %s\ncapabilities %s\ngroups", t->name, t->release,
           t->gc_profile ? "gc" : "-", t->capabilities);
#define PRINT(name, type) \
    if (t->name)          \
        printf(" " #name);
    GROUPS(PRINT)
    putchar('\n');
    return fflush(stdout) ? STATUS_BACKEND : 0;
}

// ---- running ----

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
    const gomem_unit *unit = load_unit(argv[3]);
    if (getenv("GOMEM_ONCE")) { // gomem run: the unit is for this process alone
        unlink(argv[3]);
        unsetenv("GOMEM_ONCE");
    }
    return start_unit(t, attach, attach_len, unit, argc - 3, argv + 3);
}
