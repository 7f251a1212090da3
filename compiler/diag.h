/*
 * diag: what is wrong with the program, in the toolchain's form.
 *
 * A diagnostic is `file:line:col: message`. They are collected while a phase runs and printed in source order when it
 * is over, so a phase reports several. The rules are the Go compiler's, so that outputs compare:
 *   - a second syntax error on the line of the last one is dropped (it is nearly always a consequence of the first);
 *   - an equal message on the line of the last one is dropped, and so is, of the sorted ones, an equal one at the same place;
 *   - after ten errors the rest are only counted, and the listing ends with `too many errors`; with limit 0, which is the
 *     toolchain's -e, all are listed.
 * A message that begins with "syntax error" is a syntax error. Continuation lines of a message begin with "\n\t".
 *
 * `not supported: …` is the form for Go that gomem knows but leaves out: an error, distinguishable by its prefix.
 */
#ifndef GOMEM_COMPILER_DIAG_H
#define GOMEM_COMPILER_DIAG_H

#include <stdio.h>

#include "source.h"

enum { DIAG_LIMIT = 10 };

struct diag {
    struct pos pos;
    const char *message;
};

/*
 * Invariants: kept == min(reported, limit), or reported without a limit; list[0..kept) in order of report.
 */
struct diag_list {
    struct arena *arena;
    const struct source_set *sources;
    struct diag *list;
    size_t capacity; /* of list */
    uint32_t limit;  /* DIAG_LIMIT, or 0 for none */
    uint32_t kept;
    uint32_t reported;      /* all errors, those over the limit too, without the dropped ones */
    uint32_t stopping;      /* of these, the kept ones that are syntax errors or of what is not supported */
    struct pos overflow;    /* where the error that exceeded the limit was */
    struct pos last_syntax; /* of the last syntax error, for dropping */
    struct pos last_other;  /* of the last other error */
    const char *last_message;
};

void diag_init(struct diag_list *d, struct arena *a, const struct source_set *sources);

void diag_error(struct diag_list *d, struct pos pos, const char *format, ...) __attribute__((format(printf, 3, 4)));
void diag_verror(struct diag_list *d, struct pos pos, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

/* `not supported: ` in front of the message. */
void diag_unsupported(struct diag_list *d, struct pos pos, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static inline bool diag_any(const struct diag_list *d)
{
    return d->reported != 0;
}

/* True once the limit is reached: a phase may stop. */
static inline bool diag_full(const struct diag_list *d)
{
    return d->limit && d->reported >= d->limit;
}

/* The kept diagnostics by position (stable), each once, in the arena; *count of them. */
const struct diag *diag_sorted(const struct diag_list *d, uint32_t *count);

/* All of it as the toolchain prints it, to a stream or as one string in the arena. */
void diag_print(const struct diag_list *d, FILE *out);
const char *diag_string(const struct diag_list *d);

#endif
