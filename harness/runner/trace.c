// The trace of a program: every call of an operation by compiled code, one line each, in a file that the runner's process shares with nobody
// until it is over. GOMEM_TRACE names it. The file is a ring of TRACE_LINES lines of TRACE_WIDTH bytes behind a counter, mapped shared, so
// that what was recorded survives any death, and threads need one atomic addition each. The harness prints its end (harness/trace.c).
//
// The wrappers are made of spec/gomem.h (trace.awk). An operation that may block, panic or end the process is recorded when it is
// entered, and again with its result when it returns. What the backend calls of its own operations is not recorded.
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "groups.h"
#include "trace.h"

static struct trace_file *file;
static gomem_backend_table under; // what is wrapped

struct line {
    char text[TRACE_WIDTH];
    unsigned len;
    bool first; // no value was written since the parenthesis or the equals sign
    bool open;  // the parenthesis
};

static void __attribute__((format(printf, 2, 3))) put(struct line *line, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(line->text + line->len, sizeof line->text - line->len, format, ap);
    va_end(ap);
    line->len += n < 0 ? 0 : (unsigned)n;
    if (line->len >= sizeof line->text)
        line->len = sizeof line->text - 1;
}

static void record(const struct line *line)
{
    if (__atomic_load_n(&file->frozen, __ATOMIC_RELAXED))
        return;
    uint64_t n = __atomic_fetch_add(&file->count, 1, __ATOMIC_RELAXED);
    memcpy(file->lines[n % TRACE_LINES], line->text, line->len + 1);
}

// A goroutine is told by the middle of its address.
static struct line line_begin(const char *name, const gomem_g *g)
{
    struct line line = {.first = true, .open = true};
    if (g)
        put(&line, "g%05lx ", (unsigned long)((uintptr_t)g >> 6 & 0xfffff));
    put(&line, "%s(", name);
    return line;
}

static void line_text(struct line *line, const char *text)
{
    put(line, "%s%s", line->first ? "" : ", ", text);
    line->first = false;
}

static void line_enter(struct line *line)
{
    unsigned len = line->len;
    put(line, ") ...");
    record(line);
    line->len = len;
    line->text[len] = 0;
}

static void line_result(struct line *line)
{
    put(line, ") = ");
    line->first = true;
    line->open = false;
}

static void line_end(struct line *line)
{
    if (line->open)
        put(line, ")");
    record(line);
}

// ---- values ----

static void show_pointer(struct line *line, const void *p)
{
    char text[32];
    snprintf(text, sizeof text, p ? "%p" : "nil", p);
    line_text(line, text);
}

static void show_int(struct line *line, long long n)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", n);
    line_text(line, text);
}

static void show_unsigned(struct line *line, unsigned long long n)
{
    char text[32];
    snprintf(text, sizeof text, n > 1u << 20 ? "%#llx" : "%llu", n);
    line_text(line, text);
}

static void show_bool(struct line *line, bool b)
{
    line_text(line, b ? "true" : "false");
}

static void show_string(struct line *line, gomem_string s)
{
    char text[48];
    int n = s.len < 24 ? (int)s.len : 24;
    n = snprintf(text, sizeof text, "\"%.*s\"%s", n, s.ptr ? (const char *)s.ptr : "", n < s.len ? "..." : "");
    for (int i = 0; i < n; i++)
        if ((unsigned char)text[i] < ' ')
            text[i] = '?';
    line_text(line, text);
}

static void show_slice(struct line *line, gomem_slice s)
{
    char text[64];
    snprintf(text, sizeof text, "[%p len %ld cap %ld]", s.ptr, (long)s.len, (long)s.cap);
    line_text(line, text);
}

static void show_type(struct line *line, const gomem_type *type)
{
    char text[64];
    snprintf(text, sizeof text, type ? "%.*s" : "nil", type ? (int)type->name.len : 0,
             type ? (const char *)type->name.ptr : "");
    line_text(line, text);
}

static void show_frame(struct line *line, const gomem_frame_desc *desc)
{
    line_text(line, desc ? desc->function : "nil");
}

static void show_eface(struct line *line, gomem_eface e)
{
    char text[96];
    snprintf(text, sizeof text, e.type ? "%.*s(%p)" : "nil", e.type ? (int)e.type->name.len : 0,
             e.type ? (const char *)e.type->name.ptr : "", e.data);
    line_text(line, text);
}

#define SHOW(line, x) \
    _Generic((x),                          \
        bool: show_bool,                   \
        int: show_int,                     \
        long: show_int,                    \
        long long: show_int,               \
        unsigned: show_unsigned,           \
        unsigned long: show_unsigned,      \
        unsigned long long: show_unsigned, \
        gomem_string: show_string,         \
        gomem_slice: show_slice,           \
        gomem_eface: show_eface,           \
        const gomem_type *: show_type, const gomem_frame_desc *: show_frame,     \
        default: show_pointer)(line, x)

// copy_group copies a group of a table that groups_complete has filled: it is whole, or of a shorter size.
static void *copy_group(const void *group, size_t whole)
{
    size_t size = *(const size_t *)group;
    return memcpy(groups_alloc(whole), group, size < whole ? size : whole);
}

#include "trace_wrappers.inc"

// watched_blocking freezes the trace when a case first reports a failure: what it asked for before is what matters.
static intptr_t watched_blocking(gomem_g *g, intptr_t (*call)(intptr_t a, intptr_t b, intptr_t c), intptr_t a,
                                 intptr_t b, intptr_t c)
{
    if (a == VERDICT_FD && c >= 4 && !memcmp((const char *)b, "fail", 4))
        __atomic_store_n(&file->frozen, 1, __ATOMIC_RELAXED);
    return traced_sched_blocking(g, call, a, b, c);
}

const gomem_backend_table *trace_table(const gomem_backend_table *t, const char *path)
{
    if (!path || !*path)
        return t;
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0 || ftruncate(fd, sizeof *file)) {
        fprintf(stderr, "cannot write the trace %s\n", path);
        exit(STATUS_BACKEND);
    }
    file = mmap(NULL, sizeof *file, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (file == MAP_FAILED) {
        fprintf(stderr, "cannot map the trace %s\n", path);
        exit(STATUS_BACKEND);
    }
    under = *t;
    gomem_backend_table *wrapped = groups_alloc(sizeof *wrapped);
    *wrapped = *t;
    wrap_all(wrapped);
    gomem_sched_group *sched = copy_group(wrapped->sched, sizeof *sched);
    if (sched->blocking)
        sched->blocking = watched_blocking;
    wrapped->sched = sched;
    return wrapped;
}
