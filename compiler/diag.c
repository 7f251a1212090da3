/*
 * diag: see diag.h. An insertion sort puts the diagnostics in order, stably: they are few, and nearly in order already.
 */
#include "diag.h"

#include <string.h>

#include "text.h"

void diag_init(struct diag_list *d, struct arena *a, const struct source_set *sources)
{
    *d = (struct diag_list){.arena = a, .sources = sources, .limit = DIAG_LIMIT};
}

static bool same_line(const struct diag_list *d, struct pos a, struct pos b)
{
    if (!pos_known(a) || !pos_known(b))
        return false;
    struct source_place x = source_place(d->sources, a), y = source_place(d->sources, b);
    return x.line == y.line && !strcmp(x.file, y.file);
}

static bool begins(const char *message, const char *with)
{
    return strncmp(message, with, strlen(with)) == 0;
}

/* Records the error as the latest of its kind, unless it repeats that one. */
static bool repeats(struct diag_list *d, struct pos pos, const char *message)
{
    if (begins(message, "syntax error")) {
        if (same_line(d, d->last_syntax, pos))
            return true;
        d->last_syntax = pos;
        return false;
    }
    if (d->last_message && strcmp(d->last_message, message) == 0 && same_line(d, d->last_other, pos))
        return true;
    d->last_other = pos;
    d->last_message = message;
    return false;
}

void diag_verror(struct diag_list *d, struct pos pos, const char *format, va_list args)
{
    if (diag_full(d)) {
        d->reported++;
        return;
    }
    const char *message = arena_vprintf(d->arena, format, args);
    if (repeats(d, pos, message))
        return;
    d->list = arena_grow(d->arena, d->list, sizeof *d->list, d->kept + 1, &d->capacity);
    d->list[d->kept++] = (struct diag){.pos = pos, .message = message};
    d->reported++;
    d->stopping += begins(message, "syntax error") || begins(message, "not supported: ");
    if (diag_full(d))
        d->overflow = pos;
}

void diag_error(struct diag_list *d, struct pos pos, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_verror(d, pos, format, args);
    va_end(args);
}

void diag_unsupported(struct diag_list *d, struct pos pos, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *message = arena_vprintf(d->arena, format, args);
    va_end(args);
    diag_error(d, pos, "not supported: %s", message);
}

static bool same(const struct diag *a, const struct diag *b)
{
    return a->pos.at == b->pos.at && strcmp(a->message, b->message) == 0;
}

const struct diag *diag_sorted(const struct diag_list *d, uint32_t *count)
{
    struct diag *sorted = ARENA_ARRAY(d->arena, struct diag, d->kept);
    for (uint32_t i = 0; i < d->kept; i++) {
        uint32_t j = i;
        for (; j > 0 && pos_before(d->list[i].pos, sorted[j - 1].pos); j--)
            sorted[j] = sorted[j - 1];
        sorted[j] = d->list[i];
    }
    *count = 0;
    for (uint32_t i = 0; i < d->kept; i++)
        if (!*count || !same(&sorted[i], &sorted[*count - 1]))
            sorted[(*count)++] = sorted[i];
    return sorted;
}

const char *diag_string(const struct diag_list *d)
{
    struct text out;
    uint32_t count;
    text_init(&out, d->arena);
    const struct diag *sorted = diag_sorted(d, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (pos_known(sorted[i].pos))
            text_printf(&out, "%s: ", source_format(d->sources, sorted[i].pos));
        text_printf(&out, "%s\n", sorted[i].message);
    }
    if (diag_full(d)) {
        if (pos_known(d->overflow))
            text_printf(&out, "%s: ", source_format(d->sources, d->overflow));
        text_puts(&out, "too many errors\n");
    }
    return text_string(&out);
}

void diag_print(const struct diag_list *d, FILE *out)
{
    fputs(diag_string(d), out);
}
