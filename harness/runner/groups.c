// Groups of operations: what several backends make together, and what none of them has. A group that is missing everywhere is filled with
// operations that say `skip` on the verdict pipe and end the process, so that a case is skipped by the name of what it needs the
// moment it needs it.
#include "groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// groups_alloc: what it gives lives as long as the process, and is listed so that a leak checker sees that.
void *groups_alloc(size_t size)
{
    static struct piece {
        struct piece *before;
        void *words[];
    } * last;
    struct piece *p = calloc(1, sizeof *p + size);
    if (!p) {
        fputs("out of memory\n", stderr);
        exit(STATUS_BACKEND);
    }
    p->before = last;
    last = p;
    return p->words;
}

// Is descriptor 3 read by whoever started the process? GOMEM_TOKEN says so; else it is a program's own.
static bool answers;

static void __attribute__((noreturn)) skip(const char *what)
{
    char line[128];
    int n = snprintf(line, sizeof line, "skip needs %s\n", what);
    if (!answers || write(VERDICT_FD, line, (size_t)n) != n) {
        n = snprintf(line, sizeof line,
                     "fatal error: the runtime lacks %s (another's may be added, as in ./mine.so+portable)\n", what);
        _exit(write(STDERR_FILENO, line, (size_t)n) == n ? STATUS_BACKEND : STATUS_BACKEND + 1);
    }
    _exit(0);
}

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
    void **group = groups_alloc(whole);
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

// What a capability is a promise of: the whole has those of the next backend whose groups the first lacks.
static const struct {
    const char *word;
    size_t groups[2]; // offsets in the table
} promises[] = {
#define OF(name) offsetof(gomem_backend_table, name)
    {"counts", {OF(heap), OF(collector)}},  {"collect", {OF(heap), OF(collector)}},
    {"precise", {OF(heap), OF(collector)}}, {"finalizers", {OF(heap), OF(collector)}},
    {"weak", {OF(heap), OF(collector)}},    {"gctrace", {OF(heap), OF(collector)}},
    {"growstack", {OF(stack), OF(stack)}},  {"deadlock", {OF(sched), OF(chans)}},
    {"preempt", {OF(sched), OF(stack)}},
};

static char *group_of(const gomem_backend_table *t, size_t group)
{
    char *at;
    memcpy(&at, (const char *)t + group, sizeof at);
    return at;
}

// operation_of is what a table has of an operation; the offsets are those of its group in the table and its own in the group.
static void *operation_of(const gomem_backend_table *t, size_t group, size_t operation)
{
    const char *at = group_of(t, group);
    void *word = NULL;
    if (at && operation < *(const size_t *)(const void *)at)
        memcpy(&word, at + operation, sizeof word);
    return word;
}

// set_operation is for groups that fill_group made.
static void set_operation(const gomem_backend_table *t, size_t group, size_t operation, void *word)
{
    memcpy(group_of(t, group) + operation, &word, sizeof word);
}

// has_word tells whether the words, separated by spaces, hold that one.
static bool has_word(const char *words, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = words; (at = strstr(at, word)); at += n)
        if ((at == words || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
            return true;
    return false;
}

static void merge_capabilities(gomem_backend_table *t, const gomem_backend_table *next)
{
    char *all = groups_alloc(strlen(t->capabilities) + strlen(next->capabilities) + 2);
    strcpy(all, t->capabilities);
    for (size_t i = 0; i < sizeof promises / sizeof *promises; i++) {
        bool taken = !group_of(t, promises[i].groups[0]) && !group_of(t, promises[i].groups[1]);
        if (taken && has_word(next->capabilities, promises[i].word) && !has_word(all, promises[i].word))
            strcat(strcat(all, *all ? " " : ""), promises[i].word);
    }
    t->capabilities = all;
}

// Who makes goroutines starts the first one and ends them: run and goexit go with the operation go. A backend that has no goroutines
// is run by the next one that has, and one that has its own is not given another's goexit.
void groups_merge(gomem_backend_table *t, const gomem_backend_table *next)
{
    enum { GO = offsetof(gomem_sched_group, go), GOEXIT = offsetof(gomem_panics_group, goexit) };
    bool goes = operation_of(t, OF(sched), GO);
    void *own_goexit = operation_of(t, OF(panics), GOEXIT);
    if (!t->run || (!goes && operation_of(next, OF(sched), GO)))
        t->run = next->run;
    merge_capabilities(t, next);
#define MERGE(name, type)      \
    if (t->name || next->name) \
        t->name = fill_group(t->name, next->name, sizeof(type), NULL);
    GROUPS(MERGE)
    if (!t->barrier)
        t->barrier = next->barrier;
    if (goes && t->panics)
        set_operation(t, OF(panics), GOEXIT, own_goexit);
}

// Compiled code does without these operations where a backend leaves them out, so they do not skip.
static const struct {
    size_t group, operation; // offsets: in the table, in the group
} optional[] = {
    {OF(heap), offsetof(gomem_heap_group, new_bytes)},
    {OF(heap), offsetof(gomem_heap_group, box)},
    {OF(maps), offsetof(gomem_maps_group, make_in)},
    {OF(sched), offsetof(gomem_sched_group, blocking)},
    {OF(collector), offsetof(gomem_collector_group, before_cycle)},
};

void groups_complete(gomem_backend_table *t)
{
    const gomem_backend_table given = *t;
    answers = getenv("GOMEM_TOKEN") != NULL;
#define FILL(name, type) t->name = fill_group(t->name, NULL, sizeof(type), skip_##name);
    GROUPS(FILL)
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++) {
        size_t group = optional[i].group, operation = optional[i].operation;
        set_operation(t, group, operation, operation_of(&given, group, operation));
    }
}
