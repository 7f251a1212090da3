/*
 * fuzz_mutate: how `make fuzz` damages Go.
 *
 * Random bytes rarely pass the lexer, so most mutations work on tokens: a name, number or operator becomes another one of the file, what
 * brackets enclose or a line holds is deleted, doubled, moved or taken from another input, a piece of Go is put in, once or many times.
 * A quarter stay libFuzzer's own. Tokens are told apart roughly (names, numbers, quoted text, single characters); nothing depends on it.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz_pieces.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out,
                                 size_t max, unsigned seed);

struct span {
    size_t at, end;
};

static uint32_t random_state;

static size_t below(size_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return n ? random_state % n : 0;
}

static bool in_name(uint8_t c)
{
    return (c | 32) - 'a' < 26u || c - '0' < 10u || c == '_' || c >= 128;
}

static size_t token_end(const uint8_t *s, size_t n, size_t at)
{
    size_t i = at + 1;
    if (in_name(s[at])) {
        while (i < n && in_name(s[i]))
            i++;
    } else if (s[at] == '"' || s[at] == '`' || s[at] == '\'') {
        while (i < n && s[i] != s[at] && s[i] != '\n')
            i += s[i] == '\\' && i + 1 < n ? 2 : 1;
        i += i < n;
    }
    return i;
}

static struct span some_token(const uint8_t *s, size_t n)
{
    size_t at = below(n);
    while (at > 0 && in_name(s[at]) && in_name(s[at - 1]))
        at--;
    while (at + 1 < n && (s[at] == ' ' || s[at] == '\t' || s[at] == '\n'))
        at++;
    return (struct span){at, n ? token_end(s, n, at) : 0};
}

static struct span some_line(const uint8_t *s, size_t n)
{
    struct span l = {below(n), 0};
    while (l.at > 0 && s[l.at - 1] != '\n')
        l.at--;
    for (l.end = l.at; l.end < n && s[l.end] != '\n';)
        l.end++;
    l.end += l.end < n;
    return l;
}

/* What the next opening bracket behind a random place encloses, brackets included. */
static struct span some_group(const uint8_t *s, size_t n)
{
    size_t at = below(n);
    while (at < n && !strchr("([{", s[at]))
        at++;
    size_t depth = 0, i = at;
    for (; i < n; i = token_end(s, n, i)) {
        depth += s[i] && strchr("([{", s[i]) != NULL;
        if (s[i] && strchr(")]}", s[i]) && --depth == 0)
            return (struct span){at, i + 1};
    }
    return some_token(s, n);
}

static struct span some_span(const uint8_t *s, size_t n)
{
    switch (below(5)) {
    case 0:
        return some_group(s, n);
    case 1:
        return some_line(s, n);
    default:
        return some_token(s, n);
    }
}

/* Replaces a span of s by text, which may lie in s; the new size, or the old one when there is no room. */
static size_t replace(uint8_t *s, size_t n, size_t max, struct span where, const uint8_t *text, size_t length)
{
    if (n - (where.end - where.at) + length > max)
        return n;
    uint8_t *copy = malloc(length + 1);
    if (!copy)
        return n;
    memcpy(copy, text, length);
    memmove(s + where.at + length, s + where.end, n - where.end);
    memcpy(s + where.at, copy, length);
    free(copy);
    return n - (where.end - where.at) + length;
}

static size_t mutate(uint8_t *s, size_t n, size_t max)
{
    struct span to = some_span(s, n), from = some_span(s, n), here = {to.at, to.at};
    const char *piece = fuzz_pieces[below(sizeof fuzz_pieces / sizeof *fuzz_pieces)];
    const uint8_t *text = (const uint8_t *)piece;
    switch (below(12)) {
    case 0:
        return replace(s, n, max, to, text, 0);
    case 1:
        return replace(s, n, max, here, s + from.at, from.end - from.at);
    case 2:
        return replace(s, n, max, here, text, strlen(piece));
    case 3:
    case 4:
        return replace(s, n, max, to, text, strlen(piece));
    case 5:
        for (size_t times = below(40) ? 2 + below(4) : below(2000); times > 0; times--)
            n = replace(s, n, max, here, text, strlen(piece));
        return n;
    case 6:
        from = some_line(s, n);
        return replace(s, n, max, some_line(s, n), s + from.at, from.end - from.at);
    case 7:
        from = some_group(s, n);
        return replace(s, n, max, some_group(s, n), s + from.at, from.end - from.at);
    default:
        return replace(s, n, max, to, s + from.at, from.end - from.at);
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    random_state = seed * 2654435761u | 1;
    if (size < 2 || below(4) == 0)
        return LLVMFuzzerMutate(data, size, max);
    for (size_t times = 1 + below(4); times > 0 && size > 1; times--)
        size = mutate(data, size, max);
    return size;
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out,
                                 size_t max, unsigned seed)
{
    random_state = seed * 2654435761u | 1;
    if (a_size > max)
        a_size = max;
    memcpy(out, a, a_size);
    if (a_size < 2 || b_size < 2)
        return a_size;
    struct span from = some_span(b, b_size);
    return replace(out, a_size, max, some_span(out, a_size), b + from.at, from.end - from.at);
}
