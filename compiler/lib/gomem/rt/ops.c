// ops: the functions of package gomem/rt (rt.go), most of them one operation of the contract.
#include "gomem_code.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define GROUP(group, op) gomem_rt.group->op

void gomem_rt__Yield(gomem_g *g)
{
    GROUP(sched, yield)(g);
}
intptr_t gomem_rt__MaxProcs(gomem_g *g, intptr_t n)
{
    return GROUP(sched, max_procs)(g, n);
}
intptr_t gomem_rt__NumGoroutine(gomem_g *g)
{
    return GROUP(sched, count)(g);
}
void gomem_rt__LockThread(gomem_g *g)
{
    GROUP(sched, lock_thread)(g);
}
void gomem_rt__UnlockThread(gomem_g *g)
{
    GROUP(sched, unlock_thread)(g);
}

// ---- the probe ----

uint64_t gomem_rt__Counter(gomem_g *g, gomem_string name)
{
    return GROUP(probe, counter)(g, name);
}
void gomem_rt__GCStep(gomem_g *g, intptr_t phase)
{
    GROUP(probe, gc_step)(g, (enum gomem_gc_phase)phase);
}
bool gomem_rt__GCScan(gomem_g *g, uint64_t goroutine)
{
    return GROUP(probe, gc_scan)(g, goroutine);
}
intptr_t gomem_rt__GCMark(gomem_g *g, intptr_t n)
{
    return GROUP(probe, gc_mark)(g, n);
}
bool gomem_rt__GCBlacken(gomem_g *g, uintptr_t address)
{
    return GROUP(probe, gc_blacken)(g, address);
}
void gomem_rt__GCAssists(gomem_g *g, bool on)
{
    GROUP(probe, gc_assists)(g, on);
}
intptr_t gomem_rt__Colour(gomem_g *g, uintptr_t address)
{
    return GROUP(probe, colour)(g, address);
}
void gomem_rt__GCCheck(gomem_g *g, bool on)
{
    GROUP(probe, gc_check)(g, on);
}
uint64_t gomem_rt__Goroutine(gomem_g *g)
{
    return GROUP(probe, goroutine)(g);
}
void gomem_rt__AdvanceClock(gomem_g *g, int64_t ns)
{
    GROUP(probe, advance_clock)(g, ns);
}

// go_text is a C string that stays where it is; without one it is empty.
static gomem_string go_text(const char *s)
{
    return (gomem_string){(const uint8_t *)s, s ? (intptr_t)strlen(s) : 0};
}

static gomem_leak leaks[1000]; // those found last

intptr_t gomem_rt__FindLeaks(gomem_g *g)
{
    intptr_t room = sizeof leaks / sizeof *leaks, n = GROUP(probe, leaks)(g, leaks, room);
    return n < room ? n : room;
}
uint64_t gomem_rt__LeakGoroutine(gomem_g *g, intptr_t i)
{
    (void)g;
    return leaks[i].goroutine;
}
gomem_string gomem_rt__LeakWaitsFor(gomem_g *g, intptr_t i)
{
    (void)g;
    return go_text(leaks[i].waits_for);
}
uintptr_t gomem_rt__LeakCall(gomem_g *g, intptr_t i, intptr_t k)
{
    (void)g;
    return gomem_call_number(leaks[i].calls, GOMEM_LEAK_CALLS, k);
}

static gomem_holder holders[1000]; // those found last

intptr_t gomem_rt__FindHolders(gomem_g *g, uintptr_t address)
{
    intptr_t room = sizeof holders / sizeof *holders;
    if (!gomem_rt.probe || !gomem_rt.probe->retainers)
        return -1;
    intptr_t n = gomem_rt.probe->retainers(g, address, holders, room);
    return n < room ? n : room;
}

struct holder {
    intptr_t kind;
    gomem_string name;
    uintptr_t address, bytes, offset;
    uint64_t goroutine;
    uintptr_t place;
};

void gomem_rt__HolderAt(gomem_g *g, intptr_t i, struct holder *to)
{
    (void)g;
    const gomem_holder *h = &holders[i];
    *to = (struct holder){(intptr_t)h->kind,
                          go_text(h->name),
                          h->address,
                          h->bytes,
                          h->offset,
                          h->goroutine,
                          gomem_call_number(&h->call, 1, 0)};
}

// ---- processors, dying, the stack ----

intptr_t gomem_rt__SetMaxThreads(gomem_g *g, intptr_t n)
{
    return GROUP(sched, set_max_threads)(g, n);
}

intptr_t gomem_rt__NumCPU(gomem_g *g)
{
    (void)g;
    return sysconf(_SC_NPROCESSORS_ONLN);
}

void gomem_rt__Goexit(gomem_g *g)
{
    GROUP(panics, goexit)(g);
}

static char *c_text(gomem_string s)
{
    char *text = malloc((size_t)s.len + 1);
    if (!text)
        abort();
    memcpy(text, s.ptr, (size_t)s.len);
    text[s.len] = 0;
    return text;
}

void gomem_rt__Trap(gomem_g *g)
{
    (void)g;
    raise(SIGTRAP);
}

void gomem_rt__Fatal(gomem_g *g, gomem_string text)
{
    GROUP(panics, fatal)(g, c_text(text));
}
int64_t gomem_rt__SetMaxStack(gomem_g *g, int64_t bytes)
{
    return GROUP(stack, set_max)(g, bytes);
}

// ---- the collector ----

void gomem_rt__Collect(gomem_g *g)
{
    GROUP(collector, collect)(g);
}
int32_t gomem_rt__SetPercent(gomem_g *g, int32_t percent)
{
    return GROUP(collector, set_percent)(g, percent);
}
int64_t gomem_rt__SetLimit(gomem_g *g, int64_t bytes)
{
    return GROUP(collector, set_limit)(g, bytes);
}
void gomem_rt__FreeOSMemory(gomem_g *g)
{
    GROUP(collector, free_os_memory)(g);
}
void gomem_rt__ReadStats(gomem_g *g, gomem_mem_stats *s)
{
    GROUP(collector, read_stats)(g, s);
}
void gomem_rt__SetFinalizer(gomem_g *g, gomem_eface obj, gomem_eface fn)
{
    GROUP(collector, set_finalizer)(g, obj, fn);
}
uint64_t gomem_rt__AddCleanup(gomem_g *g, void *obj, gomem_func *fn)
{
    return GROUP(collector, add_cleanup)(g, obj, fn);
}
void gomem_rt__StopCleanup(gomem_g *g, void *obj, uint64_t id)
{
    GROUP(collector, stop_cleanup)(g, obj, id);
}
void *gomem_rt__WeakMake(gomem_g *g, void *obj)
{
    return GROUP(collector, weak_make)(g, obj);
}
void *gomem_rt__WeakGet(gomem_g *g, void *handle)
{
    return GROUP(collector, weak_get)(g, handle);
}

// ---- caches ----

struct held { // Held
    gomem_slice now, before;
    struct held *next;
    bool listed;
};
static struct held **helds;

// age_held runs while nobody else does. A race detector is not to see it: it would take that for a race.
static __attribute__((no_sanitize("thread"))) void age_held(void)
{
    struct held **at = helds;
    for (struct held *h = *at; h; h = *at) {
        h->before = h->now;
        h->now = (gomem_slice){NULL, 0, 0};
        h->listed = h->before.len > 0;
        if (h->listed)
            at = &h->next;
        else
            *at = h->next;
    }
}

void gomem_rt__AgeHeld(gomem_g *g, void *first)
{
    const gomem_collector_group *c = gomem_rt.collector;
    helds = first;
    if (c && c->size > offsetof(gomem_collector_group, before_cycle) && c->before_cycle)
        c->before_cycle(g, age_held);
}

// ---- locks ----

void gomem_rt__Lock(gomem_g *g, gomem_mutex *m)
{
    GROUP(locks, lock)(g, m);
}
bool gomem_rt__TryLock(gomem_g *g, gomem_mutex *m)
{
    return GROUP(locks, try_lock)(g, m);
}
void gomem_rt__Unlock(gomem_g *g, gomem_mutex *m)
{
    GROUP(locks, unlock)(g, m);
}
void gomem_rt__RLock(gomem_g *g, gomem_rwmutex *m)
{
    GROUP(locks, rlock)(g, m);
}
bool gomem_rt__TryRLock(gomem_g *g, gomem_rwmutex *m)
{
    return GROUP(locks, try_rlock)(g, m);
}
void gomem_rt__RUnlock(gomem_g *g, gomem_rwmutex *m)
{
    GROUP(locks, runlock)(g, m);
}
void gomem_rt__WLock(gomem_g *g, gomem_rwmutex *m)
{
    GROUP(locks, wlock)(g, m);
}
bool gomem_rt__TryWLock(gomem_g *g, gomem_rwmutex *m)
{
    return GROUP(locks, try_wlock)(g, m);
}
void gomem_rt__WUnlock(gomem_g *g, gomem_rwmutex *m)
{
    GROUP(locks, wunlock)(g, m);
}
void gomem_rt__WaitAdd(gomem_g *g, gomem_waitgroup *w, intptr_t delta)
{
    GROUP(locks, wait_add)(g, w, delta);
}
void gomem_rt__Wait(gomem_g *g, gomem_waitgroup *w)
{
    GROUP(locks, wait)(g, w);
}
uint32_t gomem_rt__NotifyTicket(gomem_g *g, gomem_notify_list *l)
{
    return GROUP(locks, notify_ticket)(g, l);
}
void gomem_rt__NotifyWait(gomem_g *g, gomem_notify_list *l, uint32_t ticket)
{
    GROUP(locks, notify_wait)(g, l, ticket);
}
void gomem_rt__NotifyOne(gomem_g *g, gomem_notify_list *l)
{
    GROUP(locks, notify_one)(g, l);
}
void gomem_rt__NotifyAll(gomem_g *g, gomem_notify_list *l)
{
    GROUP(locks, notify_all)(g, l);
}

// ---- time ----

int64_t gomem_rt__Now(gomem_g *g)
{
    (void)g;
    return GROUP(time, now)();
}

int64_t gomem_rt__Wall(gomem_g *g)
{
    (void)g;
    return GROUP(time, wall)();
}

void gomem_rt__Sleep(gomem_g *g, int64_t ns)
{
    GROUP(time, sleep)(g, ns);
}
void gomem_rt__StartTimer(gomem_g *g, gomem_timer *t)
{
    GROUP(time, start)(g, t);
}
bool gomem_rt__StopTimer(gomem_g *g, gomem_timer *t)
{
    return GROUP(time, stop)(g, t);
}
bool gomem_rt__ResetTimer(gomem_g *g, gomem_timer *t, int64_t when, int64_t period)
{
    return GROUP(time, reset)(g, t, when, period);
}

// ---- types ----

void *gomem_rt__Itab(gomem_g *g, const gomem_type *interface, const gomem_type *type)
{
    return (void *)(uintptr_t)gomem_try_iface(g, interface, type, NULL).tab;
}

// Where the linker puts the units' gomem_reflections.
extern const gomem_reflection *const __start_gomem_reflections[] __attribute__((weak, visibility("hidden")));
extern const gomem_reflection *const __stop_gomem_reflections[] __attribute__((weak, visibility("hidden")));

gomem_slice gomem_rt__Reflections(gomem_g *g)
{
    (void)g;
    intptr_t n = __start_gomem_reflections ? __stop_gomem_reflections - __start_gomem_reflections : 0;
    return (gomem_slice){(void *)(uintptr_t)__start_gomem_reflections, n, n};
}

void gomem_rt__PassRecovery(gomem_g *g)
{
    gomem_pass_recovery(g, g->sp + ((const gomem_frame *)(const void *)g->sp)->desc->size);
}

void gomem_rt__Call(gomem_g *g, const gomem_reflection *type, void (*code)(void), void *first, void *const *args,
                    void *const *results)
{
    type->call(g, code, first, args, results);
}

bool gomem_rt__Equal(gomem_g *g, const gomem_type *type, const void *a, const void *b)
{
    return type->equal(g, a, b);
}

void *gomem_rt__NewArray(gomem_g *g, const gomem_type *type, intptr_t n)
{
    return GROUP(heap, new_array)(g, type, n);
}

gomem_slice gomem_rt__GrowSlice(gomem_g *g, const gomem_type *elem, gomem_slice s, intptr_t need)
{
    return GROUP(heap, grow_slice)(g, elem, s, need);
}

void *gomem_rt__NewObject(gomem_g *g, const gomem_type *type)
{
    return GROUP(heap, new_object)(g, type);
}

gomem_slice gomem_rt__Room(gomem_g *g, intptr_t n)
{
    static const uint8_t no_pointers = 0;
    static const gomem_type byte = {
        .size = 1, .mask = &no_pointers, .mask_size = 1, .align = 1, .field_align = 1, .kind = GOMEM_UINT8};
    gomem_slice room = GROUP(heap, grow_slice)(g, &byte, (gomem_slice){0}, n);
    room.len = 0;
    return room;
}

void gomem_rt__TypedCopy(gomem_g *g, const gomem_type *type, void *dst, const void *src, intptr_t n)
{
    gomem_move(g, type, dst, src, n);
}

// ---- the system ----

struct two_words {
    intptr_t a, b;
};

struct three_words {
    intptr_t a, b, c;
};

struct text_and_word {
    gomem_string text;
    intptr_t word;
};

struct text_and_flag {
    gomem_string text;
    bool flag;
};

void gomem_rt__Exit(gomem_g *g, intptr_t status)
{
    (void)g;
    _exit((int)status);
}

static gomem_string fresh_text(const char *s)
{
    return go_text(strdup(s));
}

// The process's words, from the kernel; under gomem-runner those from the unit's name on.
static char *read_words(size_t *length)
{
    size_t room = 1 << 16;
    char *text = malloc(room);
    int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    *length = 0;
    for (ssize_t n; text && fd >= 0 && (n = read(fd, text + *length, room - *length)) > 0;) {
        *length += (size_t)n;
        if (*length == room)
            text = realloc(text, room *= 2);
    }
    if (fd >= 0)
        close(fd);
    return text;
}

static bool is_runner(const char *program)
{
    const char *slash = strrchr(program, '/');
    return !strcmp(slash ? slash + 1 : program, "gomem-runner");
}

static gomem_slice process_arguments(void)
{
    size_t length, n = 0;
    char *text = read_words(&length), *at = text;
    gomem_string *words = calloc(length + 1, sizeof *words);
    if (!text || !words)
        return (gomem_slice){0};
    for (char *end = text + length; at < end; at += strlen(at) + 1)
        words[n++] = go_text(at);
    size_t skipped = n > 3 && is_runner(text) ? 3 : 0;
    return (gomem_slice){words + skipped, (intptr_t)(n - skipped), (intptr_t)(n - skipped)};
}

// Kept for good, outside the heap.
gomem_slice gomem_rt__Args(gomem_g *g)
{
    (void)g;
    static gomem_slice args; // set by the initialisation of package os, before there are other goroutines
    if (!args.ptr)
        args = process_arguments();
    return args;
}

// The environment is the process's; C guards it with no lock of its own.
static pthread_mutex_t environment = PTHREAD_MUTEX_INITIALIZER;

struct text_and_flag gomem_rt__Getenv(gomem_g *g, gomem_string name)
{
    (void)g;
    char *key = c_text(name);
    pthread_mutex_lock(&environment);
    const char *value = getenv(key);
    struct text_and_flag found = {value ? fresh_text(value) : (gomem_string){0}, value != NULL};
    pthread_mutex_unlock(&environment);
    free(key);
    return found;
}

// A call that may block: its result, or minus the error's number, since errno is the thread's.
static intptr_t write_call(intptr_t fd, intptr_t p, intptr_t n)
{
    ssize_t written = write((int)fd, (const void *)p, (size_t)n);
    return written < 0 ? -errno : written;
}

static intptr_t read_call(intptr_t fd, intptr_t p, intptr_t n)
{
    ssize_t got = read((int)fd, (void *)p, (size_t)n);
    return got < 0 ? -errno : got;
}

static struct two_words transfer(gomem_g *g, intptr_t (*call)(intptr_t, intptr_t, intptr_t), intptr_t fd, const void *p,
                                 intptr_t n)
{
    intptr_t result =
        gomem_rt.sched->blocking ? gomem_rt.sched->blocking(g, call, fd, (intptr_t)p, n) : call(fd, (intptr_t)p, n);
    return (struct two_words){result < 0 ? 0 : result, result < 0 ? -result : 0};
}

struct two_words gomem_rt__Write(gomem_g *g, intptr_t fd, const void *p, intptr_t n)
{
    return transfer(g, write_call, fd, p, n);
}

struct two_words gomem_rt__Read(gomem_g *g, intptr_t fd, void *p, intptr_t n)
{
    return transfer(g, read_call, fd, p, n);
}

// Files have places, and do not block.
struct two_words gomem_rt__ReadAt(gomem_g *g, intptr_t fd, void *p, intptr_t n, int64_t offset)
{
    (void)g;
    ssize_t got = pread64((int)fd, p, (size_t)n, offset);
    return got < 0 ? (struct two_words){0, errno} : (struct two_words){got, 0};
}

struct two_words gomem_rt__WriteAt(gomem_g *g, intptr_t fd, const void *p, intptr_t n, int64_t offset)
{
    (void)g;
    ssize_t written = pwrite64((int)fd, p, (size_t)n, offset);
    return written < 0 ? (struct two_words){0, errno} : (struct two_words){written, 0};
}

intptr_t gomem_rt__Truncate(gomem_g *g, intptr_t fd, int64_t size)
{
    (void)g;
    return ftruncate64((int)fd, size) ? errno : 0;
}

// A path for C; NULL when it has a zero byte, which no file's has.
static char *path_text(gomem_string path)
{
    return path.len && memchr(path.ptr, 0, (size_t)path.len) ? NULL : c_text(path);
}

struct two_words gomem_rt__Open(gomem_g *g, gomem_string path, intptr_t flags, intptr_t mode)
{
    (void)g;
    char *name = path_text(path);
    int fd = name ? open(name, (int)flags | O_CLOEXEC, (mode_t)mode) : -1, error = name ? errno : EINVAL;
    free(name);
    return fd < 0 ? (struct two_words){-1, error} : (struct two_words){fd, 0};
}

bool gomem_rt__IsFolder(gomem_g *g, gomem_string path, bool follow)
{
    (void)g;
    struct stat status;
    char *name = path_text(path);
    bool is = name && !(follow ? stat(name, &status) : lstat(name, &status)) && S_ISDIR(status.st_mode);
    free(name);
    return is;
}

intptr_t gomem_rt__Rename(gomem_g *g, gomem_string from, gomem_string to)
{
    (void)g;
    char *a = path_text(from), *b = path_text(to);
    int error = !a || !b ? EINVAL : rename(a, b) ? errno : 0;
    free(a);
    free(b);
    return error;
}

intptr_t gomem_rt__Chdir(gomem_g *g, gomem_string path)
{
    (void)g;
    char *name = path_text(path);
    int error = !name ? EINVAL : chdir(name) ? errno : 0;
    free(name);
    return error;
}

struct text_and_word gomem_rt__Getwd(gomem_g *g)
{
    (void)g;
    char *path = getcwd(NULL, 0);
    if (!path)
        return (struct text_and_word){{0}, errno};
    struct text_and_word here = {fresh_text(path), 0};
    free(path);
    return here;
}

intptr_t gomem_rt__Getpid(gomem_g *g)
{
    (void)g;
    return getpid();
}

intptr_t gomem_rt__Setenv(gomem_g *g, gomem_string name, gomem_string value, bool set)
{
    (void)g;
    char *a = path_text(name), *b = path_text(value);
    pthread_mutex_lock(&environment);
    int error = !a || !b || set && setenv(a, b, 1) ? EINVAL : 0;
    if (!set && a)
        unsetenv(a);
    pthread_mutex_unlock(&environment);
    free(a);
    free(b);
    return error;
}

gomem_slice gomem_rt__Environ(gomem_g *g)
{
    (void)g;
    pthread_mutex_lock(&environment);
    intptr_t n = 0;
    while (environ && environ[n])
        n++;
    gomem_string *all = calloc((size_t)n + 1, sizeof *all); // outside the heap, for good
    for (intptr_t i = 0; all && i < n; i++)
        all[i] = fresh_text(environ[i]);
    pthread_mutex_unlock(&environment);
    return (gomem_slice){all, all ? n : 0, all ? n : 0};
}

intptr_t gomem_rt__Remove(gomem_g *g, gomem_string path)
{
    (void)g;
    char *name = path_text(path);
    int error = !name ? EINVAL : remove(name) ? errno : 0;
    free(name);
    return error;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status, (void)kind, (void)at;
    return remove(path) ? errno : 0;
}

intptr_t gomem_rt__RemoveAll(gomem_g *g, gomem_string path)
{
    (void)g;
    char *name = path_text(path);
    int error = name ? nftw(name, remove_entry, 16, FTW_DEPTH | FTW_PHYS) : EINVAL;
    if (error < 0)
        error = errno;
    free(name);
    return error == ENOENT ? 0 : error;
}

intptr_t gomem_rt__Mkdir(gomem_g *g, gomem_string path, intptr_t mode)
{
    (void)g;
    char *name = path_text(path);
    int error = !name ? EINVAL : mkdir(name, (mode_t)mode) ? errno : 0;
    free(name);
    return error;
}

struct two_words gomem_rt__Seek(gomem_g *g, intptr_t fd, intptr_t offset, intptr_t whence)
{
    (void)g;
    off_t at = lseek((int)fd, offset, (int)whence);
    return at < 0 ? (struct two_words){0, errno} : (struct two_words){at, 0};
}

intptr_t gomem_rt__PageSize(gomem_g *g)
{
    (void)g;
    return sysconf(_SC_PAGESIZE);
}

intptr_t gomem_rt__Close(gomem_g *g, intptr_t fd)
{
    (void)g;
    return close((int)fd) ? errno : 0;
}

struct three_words gomem_rt__Pipe(gomem_g *g)
{
    (void)g;
    int fds[2];
    if (pipe(fds))
        return (struct three_words){-1, -1, errno};
    return (struct three_words){fds[0], fds[1], 0};
}

struct text_and_word gomem_rt__Readlink(gomem_g *g, gomem_string path)
{
    (void)g;
    char target[4096], *name = path_text(path);
    ssize_t n = name ? readlink(name, target, sizeof target - 1) : -1;
    int error = name ? errno : EINVAL;
    free(name);
    if (n < 0)
        return (struct text_and_word){{0}, error};
    target[n] = 0;
    return (struct text_and_word){fresh_text(target), 0};
}

gomem_string gomem_rt__FloatText(gomem_g *g, double v, intptr_t bits)
{
    char text[GOMEM_FLOAT_TEXT];
    int n = gomem_float_text(text, v, (int)bits);
    return gomem_rt.strings->from_bytes(g, NULL, (const uint8_t *)text, n);
}

gomem_string gomem_rt__ErrorString(gomem_g *g, intptr_t error)
{
    (void)g;
    return fresh_text(strerror((int)error));
}

// ---- maps ----

struct map_entries {
    void *keys, *elems;
    intptr_t n;
};

// No operation here is a safepoint, so the iterator may lie on the machine stack.
struct map_entries gomem_rt__MapEntries(gomem_g *g, const gomem_type *type, gomem_map *m)
{
    intptr_t n = m ? *(const intptr_t *)(const void *)m : 0, i = 0;
    struct map_entries e = {gomem_rt.heap->new_array(g, type->key, n), gomem_rt.heap->new_array(g, type->elem, n), 0};
    gomem_map_iter it = {0};
    if (n)
        for (gomem_rt.maps->iter_start(g, type, m, &it); it.key && i < n; gomem_rt.maps->iter_next(g, &it), i++) {
            gomem_rt.barrier->copy(g, type->key, (char *)e.keys + (uintptr_t)i * type->key->size, it.key, 1);
            gomem_rt.barrier->copy(g, type->elem, (char *)e.elems + (uintptr_t)i * type->elem->size, it.value, 1);
        }
    e.n = i;
    return e;
}

// An iterator of package reflect lies in the heap, where pointers are stored with a barrier; the backend works on a copy.
_Static_assert(GOMEM_MAP_ITER_POINTERS == 0x3f, "the pointers of gomem_map_iter are its first ten words: rt.MapIter");

static bool map_entry(gomem_g *g, const gomem_type *type, const gomem_map_iter *now, void **it, void *key, void *elem)
{
    enum { WORDS = sizeof *now / sizeof *it, POINTERS = 10 };
    void *words[WORDS];
    memcpy(words, now, sizeof words);
    for (int i = 0; i < POINTERS; i++)
        gomem_store_pointer(g, it[i], words[i]);
    memcpy(it + POINTERS, words + POINTERS, (WORDS - POINTERS) * sizeof *it);
    if (!now->key)
        return false;
    gomem_move(g, type->key, key, now->key, 1);
    gomem_move(g, type->elem, elem, now->value, 1);
    return true;
}

bool gomem_rt__MapStart(gomem_g *g, const gomem_type *type, gomem_map *m, void **it, void *key, void *elem)
{
    gomem_map_iter now = {0};
    gomem_rt.maps->iter_start(g, type, m, &now);
    return map_entry(g, type, &now, it, key, elem);
}

bool gomem_rt__MapNext(gomem_g *g, const gomem_type *type, void **it, void *key, void *elem)
{
    gomem_map_iter now;
    memcpy(&now, it, sizeof now);
    gomem_rt.maps->iter_next(g, &now);
    return map_entry(g, type, &now, it, key, elem);
}

void *gomem_rt__MapAccess(gomem_g *g, const gomem_type *type, gomem_map *m, const void *key)
{
    return gomem_rt.maps->access(g, type, m, key);
}

void *gomem_rt__MapAssign(gomem_g *g, const gomem_type *type, gomem_map *m, const void *key)
{
    return gomem_rt.maps->assign(g, type, m, key);
}

void gomem_rt__MapDelete(gomem_g *g, const gomem_type *type, gomem_map *m, const void *key)
{
    gomem_rt.maps->remove(g, type, m, key);
}

void gomem_rt__MapClear(gomem_g *g, const gomem_type *type, gomem_map *m)
{
    gomem_rt.maps->clear(g, type, m);
}

gomem_map *gomem_rt__MakeMap(gomem_g *g, const gomem_type *type, intptr_t hint)
{
    return gomem_rt.maps->make(g, type, hint);
}

// ---- channels ----

gomem_chan *gomem_rt__MakeChan(gomem_g *g, const gomem_type *type, intptr_t n)
{
    return GROUP(chans, make)(g, type, n);
}

void gomem_rt__Send(gomem_g *g, gomem_chan *c, const void *elem)
{
    GROUP(chans, send)(g, c, elem);
}

bool gomem_rt__Recv(gomem_g *g, gomem_chan *c, void *elem)
{
    return GROUP(chans, recv)(g, c, elem);
}

void gomem_rt__CloseChan(gomem_g *g, gomem_chan *c)
{
    GROUP(chans, close)(g, c);
}

intptr_t gomem_rt__ChanLen(gomem_g *g, const gomem_chan *c)
{
    (void)g;
    return GROUP(chans, len)(c);
}

intptr_t gomem_rt__ChanCap(gomem_g *g, const gomem_chan *c)
{
    (void)g;
    return GROUP(chans, cap)(c);
}

struct word_and_flag {
    intptr_t word;
    bool flag;
};

struct word_and_flag gomem_rt__Select(gomem_g *g, gomem_select_case *cases, intptr_t sends, intptr_t n,
                                      bool has_default)
{
    struct word_and_flag chosen = {0};
    bool received = false;
    chosen.word = GROUP(chans, select)(g, cases, sends, n, has_default, &received);
    chosen.flag = received;
    return chosen;
}
