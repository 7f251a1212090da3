/*
 * text: see text.h.
 *
 * Quoting follows Go's %q: printable code points as they are, the usual one-letter escapes, \x for control characters and
 * for bytes that are no UTF-8, \u and \U for the rest.
 */
#include "text.h"

#include <stdio.h>
#include <string.h>

#include "unicode.h"

void text_init(struct text *t, struct arena *a)
{
    *t = (struct text){.arena = a};
}

void text_append(struct text *t, const char *bytes, size_t n)
{
    if (n >= t->capacity - t->length) {
        if (n > SIZE_MAX / 2 - t->length)
            arena_fail(t->arena, "out of memory: text too long");
        t->data = arena_grow(t->arena, t->data, 1, t->length + n + 1, &t->capacity);
    }
    if (n)
        memcpy(t->data + t->length, bytes, n);
    t->length += n;
    t->data[t->length] = 0;
}

void text_puts(struct text *t, const char *string)
{
    text_append(t, string, strlen(string));
}

void text_putc(struct text *t, char c)
{
    text_append(t, &c, 1);
}

void text_rune(struct text *t, uint32_t rune)
{
    char bytes[UTF8_MAX];
    text_append(t, bytes, utf8_encode(bytes, rune));
}

void text_vprintf(struct text *t, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n < 0)
        arena_fail(t->arena, "cannot format a message");
    t->data = arena_grow(t->arena, t->data, 1, t->length + (size_t)n + 1, &t->capacity);
    vsnprintf(t->data + t->length, (size_t)n + 1, format, again);
    t->length += (size_t)n;
    va_end(again);
}

void text_printf(struct text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    text_vprintf(t, format, args);
    va_end(args);
}

static void quote_rune(struct text *t, uint32_t rune, char quote)
{
    static const char letters[] = "abtnvfr"; /* \a is 7, … \r is 13 */

    if (rune == (unsigned char)quote || rune == '\\')
        text_printf(t, "\\%c", (char)rune);
    else if (unicode_is_printable(rune))
        text_rune(t, rune);
    else if (rune >= 7 && rune <= 13)
        text_printf(t, "\\%c", letters[rune - 7]);
    else if (rune < ' ' || rune == 0x7F)
        text_printf(t, "\\x%02x", rune);
    else
        text_printf(t, rune < 0x10000 ? "\\u%04x" : "\\U%08x", rune);
}

void text_quote(struct text *t, const char *bytes, size_t n)
{
    text_putc(t, '"');
    for (size_t i = 0; i < n;) {
        unsigned width;
        uint32_t rune = utf8_decode(bytes + i, n - i, &width);
        if (rune == UNICODE_ERROR && width == 1)
            text_printf(t, "\\x%02x", (unsigned char)bytes[i]);
        else
            quote_rune(t, rune, '"');
        i += width;
    }
    text_putc(t, '"');
}

void text_quote_rune(struct text *t, uint32_t rune)
{
    text_putc(t, '\'');
    quote_rune(t, rune, '\'');
    text_putc(t, '\'');
}

void text_unicode(struct text *t, uint32_t rune)
{
    text_printf(t, "U+%04X", rune);
    if (unicode_is_printable(rune)) {
        text_puts(t, " '");
        text_rune(t, rune);
        text_putc(t, '\'');
    }
}

const char *text_string(struct text *t)
{
    return t->data ? t->data : "";
}

void text_quote_c(struct text *t, const char *s, size_t length)
{
    text_putc(t, '"');
    for (size_t i = 0; i < length; i++) {
        unsigned char ch = (unsigned char)s[i];
        if (ch == '"' || ch == '\\')
            text_printf(t, "\\%c", ch);
        else if (ch == '\n')
            text_puts(t, "\\n");
        else if (ch < ' ' || ch >= 0x7f || ch == '?')
            text_printf(t, "\\%03o", ch);
        else
            text_putc(t, (char)ch);
    }
    text_putc(t, '"');
}
