/*
 * text: a string that grows at its end, in an arena.
 *
 * Messages, printed trees and generated C are built with it. The bytes are always followed by a NUL, so `data` can be
 * handed to printf, and may contain NULs of their own, so `length` is what counts. Growth doubles; the old copies stay
 * in the arena, which costs at most as much again as the final text.
 */
#ifndef GOMEM_COMPILER_TEXT_H
#define GOMEM_COMPILER_TEXT_H

#include "arena.h"

/* Invariant: data == NULL && capacity == 0, or length < capacity && data[length] == 0. */
struct text {
    struct arena *arena;
    char *data;
    size_t length;
    size_t capacity;
};

void text_init(struct text *t, struct arena *a);
void text_append(struct text *t, const char *bytes, size_t n);
void text_puts(struct text *t, const char *string);
void text_putc(struct text *t, char c);
void text_rune(struct text *t, uint32_t rune); /* as UTF-8 */
void text_printf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vprintf(struct text *t, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* The bytes as a Go string literal in double quotes, quoted as %q quotes them. */
void text_quote(struct text *t, const char *bytes, size_t n);
/* … as a C string literal, in ASCII. */
void text_quote_c(struct text *t, const char *bytes, size_t n);
/* One code point as a Go rune literal, as %q prints it. */
void text_quote_rune(struct text *t, uint32_t rune);
/* One code point as `U+0023 '#'`; the quoted part only when it is printable (%#U). */
void text_unicode(struct text *t, uint32_t rune);

/* Never NULL. */
const char *text_string(struct text *t);

#endif
