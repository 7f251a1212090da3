// Small things that every part of the driver uses: memory, growing buffers and vectors, files, patterns, one-line errors.
//
// The driver lives for one command. Whatever it allocates for cases, rules and results lives as long as it does, so only
// the buffers of finished processes are freed. Running out of memory ends it with one line and status 3.
#ifndef GOMEM_UTIL_H
#define GOMEM_UTIL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { // exit statuses of the driver
    EXIT_CONFORMS = 0,
    EXIT_FAILED = 1, // something failed, or nothing ran
    EXIT_USAGE = 2,
    EXIT_BACKEND = 3, // the backend could not be loaded or built (also: the driver's own files are missing)
};

#define COUNT_OF(a)  (sizeof(a) / sizeof *(a))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

// die prints `gomem: MESSAGE` on stderr and exits with the status.
_Noreturn void die(int status, const char *format, ...) PRINTF(2, 3);

void *xalloc(size_t size); // zeroed, never NULL
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *format(const char *format, ...) PRINTF(1, 2); // a fresh string

// A growing byte buffer; data is always followed by a NUL that len does not count.
struct buf {
    char *data;
    size_t len, cap;
};
void buf_add(struct buf *b, const void *data, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *format, ...) PRINTF(2, 3);
void buf_free(struct buf *b);
const char *buf_text(const struct buf *b); // "" for an empty one

// A growing vector of pointers, terminated by NULL.
struct vec {
    void **at;
    size_t len, cap;
};
void vec_push(struct vec *v, void *p);
bool vec_has(const struct vec *v, const char *s); // for vectors of strings

// split cuts s (modified) at any of the separators and returns the non-empty words.
struct vec split(char *s, const char *separators);
char *trim(char *s); // in place
bool starts_with(const char *s, const char *prefix);
bool ends_with(const char *s, const char *suffix);

// glob matches a whole text against a pattern in which * stands for anything.
bool glob(const char *pattern, const char *text);

// read_file returns the contents, or NULL (errno set). Files over 64 MiB are refused with EFBIG.
char *read_file(const char *path, size_t *len);
// write_file replaces the file if its contents differ; dies when it cannot.
void write_file(const char *path, const char *data, size_t len);
void make_dirs(const char *path);        // like mkdir -p; dies when it cannot
void make_parent_dirs(const char *path); // of a file
bool is_dir(const char *path);
bool is_file(const char *path);
// list_dir returns the sorted names in a directory, without . and ..
struct vec list_dir(const char *path);

double now_seconds(void); // monotonic
int processors(void);     // that this process may use, at least 1

// first_line returns the first line of text that is not blank, cut to limit bytes; excerpt cuts it to what fits into a one-line message.
char *first_line(const char *text, size_t limit);
char *excerpt(const char *text);

#endif
