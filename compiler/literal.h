/*
 * literal: what rune and string literals stand for. Numbers are constant.h's.
 *
 * The input is the text of a literal that the lexer accepted (not `bad`), quotes and all; escapes are known to be well
 * formed, so there is nothing to report.
 */
#ifndef GOMEM_COMPILER_LITERAL_H
#define GOMEM_COMPILER_LITERAL_H

#include "arena.h"

/* The bytes of an interpreted or raw string literal, NUL-terminated; *value_length excludes the NUL. */
const char *literal_string(struct arena *a, const char *text, size_t length, size_t *value_length);

/* The code point of a rune literal. */
uint32_t literal_rune(const char *text, size_t length);

#endif
