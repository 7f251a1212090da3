// See util.h.
#include "util.h"

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FILE_LIMIT = 64 << 20, EXCERPT_LIMIT = 300 };

_Noreturn void die(int status, const char *fmt, ...)
{
    va_list ap;
    fflush(stdout);
    fputs("gomem: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(status);
}

void *xrealloc(void *p, size_t size)
{
    p = realloc(p, size ? size : 1);
    if (!p)
        die(EXIT_BACKEND, "out of memory in the driver");
    return p;
}

void *xalloc(size_t size)
{
    return memset(xrealloc(NULL, size), 0, size);
}

char *xstrndup(const char *s, size_t n)
{
    char *copy = xalloc(n + 1);
    memcpy(copy, s, n);
    return copy;
}

char *xstrdup(const char *s)
{
    return xstrndup(s, strlen(s));
}

static void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    if (n < 0)
        die(EXIT_BACKEND, "cannot format a message");
    char *text = xalloc((size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, fmt, again);
    va_end(again);
    buf_add(b, text, (size_t)n);
    free(text);
}

char *format(const char *fmt, ...)
{
    struct buf b = {0};
    va_list ap;
    va_start(ap, fmt);
    buf_vprintf(&b, fmt, ap);
    va_end(ap);
    return b.data;
}

void buf_add(struct buf *b, const void *data, size_t n)
{
    if (b->len + n + 1 > b->cap) {
        b->cap = (b->len + n + 1) * 2;
        b->data = xrealloc(b->data, b->cap);
    }
    if (n)
        memcpy(b->data + b->len, data, n);
    b->len += n;
    b->data[b->len] = 0;
}

void buf_puts(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    buf_vprintf(b, fmt, ap);
    va_end(ap);
}

void buf_free(struct buf *b)
{
    free(b->data);
    *b = (struct buf){0};
}

const char *buf_text(const struct buf *b)
{
    return b->data ? b->data : "";
}

void vec_push(struct vec *v, void *p)
{
    if (v->len + 2 > v->cap) {
        v->cap = v->cap ? v->cap * 2 : 8;
        v->at = xrealloc(v->at, v->cap * sizeof *v->at);
    }
    v->at[v->len++] = p;
    v->at[v->len] = NULL;
}

bool vec_has(const struct vec *v, const char *s)
{
    for (size_t i = 0; i < v->len; i++)
        if (!strcmp(v->at[i], s))
            return true;
    return false;
}

struct vec split(char *s, const char *separators)
{
    struct vec words = {0};
    char *rest = NULL;
    for (char *w = strtok_r(s, separators, &rest); w; w = strtok_r(NULL, separators, &rest))
        vec_push(&words, w);
    return words;
}

char *trim(char *s)
{
    while (*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n')
        s++;
    size_t n = strlen(s);
    while (n && strchr(" \t\r\n", s[n - 1]))
        s[--n] = 0;
    return s;
}

bool starts_with(const char *s, const char *prefix)
{
    return !strncmp(s, prefix, strlen(prefix));
}

bool ends_with(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && !strcmp(s + n - m, suffix);
}

bool glob(const char *pattern, const char *text)
{
    const char *star = NULL, *resume = NULL; // the last * seen, and where its match ends so far
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            resume = text;
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

char *read_file(const char *path, size_t *len)
{
    FILE *f = fopen(path, "rbe");
    if (!f)
        return NULL;
    struct buf b = {0};
    char chunk[1 << 16];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0 && b.len <= FILE_LIMIT)
        buf_add(&b, chunk, n);
    int error = !ferror(f) ? 0 : errno ? errno : EIO;
    fclose(f);
    if (error || b.len > FILE_LIMIT) {
        errno = error ? error : EFBIG;
        buf_free(&b);
        return NULL;
    }
    buf_add(&b, "", 0);
    if (len)
        *len = b.len;
    return b.data;
}

void write_file(const char *path, const char *data, size_t len)
{
    size_t old_len = 0;
    char *old = read_file(path, &old_len);
    bool equal = old && old_len == len && !memcmp(old, data, len);
    free(old);
    if (equal)
        return;
    make_parent_dirs(path);
    FILE *f = fopen(path, "wbe");
    bool ok = f && fwrite(data, 1, len, f) == len;
    if (f && fclose(f))
        ok = false;
    if (!ok)
        die(EXIT_BACKEND, "cannot write %s: %s", path, strerror(errno));
}

void make_dirs(const char *path)
{
    char *copy = xstrdup(path);
    int first = 0; // what the outermost folder that cannot be made said: those in it only miss it
    for (char *p = copy + 1;; p++) {
        char end = *p;
        if (end && end != '/')
            continue;
        *p = 0;
        if (mkdir(copy, 0777) && errno != EEXIST && !first)
            first = errno;
        *p = end;
        if (!end)
            break;
    }
    if (!is_dir(path))
        die(EXIT_BACKEND, "cannot make the folder %s: %s", path, strerror(first ? first : ENOTDIR));
    free(copy);
}

void make_parent_dirs(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash && slash > path) {
        char *parent = xstrndup(path, (size_t)(slash - path));
        make_dirs(parent);
        free(parent);
    }
}

bool is_dir(const char *path)
{
    struct stat st;
    return !stat(path, &st) && S_ISDIR(st.st_mode);
}

bool is_file(const char *path)
{
    struct stat st;
    return !stat(path, &st) && S_ISREG(st.st_mode);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

struct vec list_dir(const char *path)
{
    struct vec names = {0};
    DIR *d = opendir(path);
    if (!d)
        return names;
    for (struct dirent *e; (e = readdir(d));)
        if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
            vec_push(&names, xstrdup(e->d_name));
    closedir(d);
    if (names.len)
        qsort(names.at, names.len, sizeof *names.at, by_name);
    return names;
}

int processors(void)
{
    cpu_set_t set;
    long n = sched_getaffinity(0, sizeof set, &set) ? sysconf(_SC_NPROCESSORS_ONLN) : CPU_COUNT(&set);
    return n < 1 ? 1 : (int)n;
}

double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

char *first_line(const char *text, size_t limit)
{
    while (*text && strchr(" \t\r\n", *text))
        text++;
    size_t n = strcspn(text, "\r\n");
    bool cut = n > limit;
    char *line = xstrndup(text, cut ? limit : n);
    for (char *p = line; *p; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
    return cut ? format("%s...", line) : line;
}

char *excerpt(const char *text)
{
    return first_line(text, EXCERPT_LIMIT);
}
