// error_text.h: the texts of run-time errors, for backends of gomem's own. They are Go 1.26's, without "runtime error: ".
#ifndef ERROR_TEXT_H
#define ERROR_TEXT_H

#include <stdio.h>

#include "gomem.h"

static inline const char *error_text(enum gomem_error kind, const char *text)
{
    static const char *const texts[] = {
        [GOMEM_ERROR_NIL] = "invalid memory address or nil pointer dereference",
        [GOMEM_ERROR_DIVIDE] = "integer divide by zero",
        [GOMEM_ERROR_SHIFT] = "negative shift amount",
    };
    return kind <= GOMEM_ERROR_TEXT ? text : texts[kind];
}

// %s stands for a, %lld for b. There is nothing to compare a negative a with.
static inline void bounds_text(char *line, size_t size, enum gomem_bounds kind, uint64_t a, bool is_signed, int64_t b)
{
    static const struct {
        const char *text, *negative;
    } texts[] = {
        [GOMEM_BOUNDS_INDEX] = {"index out of range [%s] with length %lld", "index out of range [%s]"},
        [GOMEM_BOUNDS_SLICE_ALEN] = {"slice bounds out of range [:%s] with length %lld",
                                     "slice bounds out of range [:%s]"},
        [GOMEM_BOUNDS_SLICE_ACAP] = {"slice bounds out of range [:%s] with capacity %lld",
                                     "slice bounds out of range [:%s]"},
        [GOMEM_BOUNDS_SLICE_B] = {"slice bounds out of range [%s:%lld]", "slice bounds out of range [%s:]"},
        [GOMEM_BOUNDS_SLICE3_ALEN] = {"slice bounds out of range [::%s] with length %lld",
                                      "slice bounds out of range [::%s]"},
        [GOMEM_BOUNDS_SLICE3_ACAP] = {"slice bounds out of range [::%s] with capacity %lld",
                                      "slice bounds out of range [::%s]"},
        [GOMEM_BOUNDS_SLICE3_B] = {"slice bounds out of range [:%s:%lld]", "slice bounds out of range [:%s:]"},
        [GOMEM_BOUNDS_SLICE3_C] = {"slice bounds out of range [%s:%lld:]", "slice bounds out of range [%s::]"},
        [GOMEM_BOUNDS_CONVERT] = {"cannot convert slice with length %s to array or pointer to array with length %lld",
                                  "cannot convert slice with length %s"},
    };
    bool negative = is_signed && (int64_t)a < 0;
    char number[24];
    snprintf(number, sizeof number, negative ? "%lld" : "%llu", (long long)a);
    snprintf(line, size, negative ? texts[kind].negative : texts[kind].text, number, (long long)b);
}

#endif
