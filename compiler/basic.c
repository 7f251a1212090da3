/*
 * basic: the table of basic.h.
 */
#include "basic.h"

#define I  BASIC_IS_INTEGER
#define U  (BASIC_IS_INTEGER | BASIC_IS_UNSIGNED)
#define F  BASIC_IS_FLOAT
#define C  BASIC_IS_COMPLEX
#define UN BASIC_IS_UNTYPED

const struct basic_info basic_table[BASIC_COUNT] = {
    [BASIC_INVALID] = {"invalid type", 0, 0, BASIC_INVALID},
    [BASIC_BOOL] = {"bool", BASIC_IS_BOOLEAN, 1, BASIC_BOOL},
    [BASIC_INT] = {"int", I, 0, BASIC_INT},
    [BASIC_INT8] = {"int8", I, 1, BASIC_INT8},
    [BASIC_INT16] = {"int16", I, 2, BASIC_INT16},
    [BASIC_INT32] = {"int32", I, 4, BASIC_INT32},
    [BASIC_INT64] = {"int64", I, 8, BASIC_INT64},
    [BASIC_UINT] = {"uint", U, 0, BASIC_UINT},
    [BASIC_UINT8] = {"uint8", U, 1, BASIC_UINT8},
    [BASIC_UINT16] = {"uint16", U, 2, BASIC_UINT16},
    [BASIC_UINT32] = {"uint32", U, 4, BASIC_UINT32},
    [BASIC_UINT64] = {"uint64", U, 8, BASIC_UINT64},
    [BASIC_UINTPTR] = {"uintptr", U, 0, BASIC_UINTPTR},
    [BASIC_FLOAT32] = {"float32", F, 4, BASIC_FLOAT32},
    [BASIC_FLOAT64] = {"float64", F, 8, BASIC_FLOAT64},
    [BASIC_COMPLEX64] = {"complex64", C, 8, BASIC_COMPLEX64},
    [BASIC_COMPLEX128] = {"complex128", C, 16, BASIC_COMPLEX128},
    [BASIC_STRING] = {"string", BASIC_IS_STRING, 0, BASIC_STRING},
    [BASIC_UNSAFE_POINTER] = {"Pointer", 0, 0, BASIC_UNSAFE_POINTER},
    [BASIC_UNTYPED_BOOL] = {"untyped bool", BASIC_IS_BOOLEAN | UN, 0, BASIC_BOOL},
    [BASIC_UNTYPED_INT] = {"untyped int", I | UN, 0, BASIC_INT},
    [BASIC_UNTYPED_RUNE] = {"untyped rune", I | UN, 0, BASIC_INT32},
    [BASIC_UNTYPED_FLOAT] = {"untyped float", F | UN, 0, BASIC_FLOAT64},
    [BASIC_UNTYPED_COMPLEX] = {"untyped complex", C | UN, 0, BASIC_COMPLEX128},
    [BASIC_UNTYPED_STRING] = {"untyped string", BASIC_IS_STRING | UN, 0, BASIC_STRING},
    [BASIC_UNTYPED_NIL] = {"untyped nil", UN, 0, BASIC_UNTYPED_NIL},
};

unsigned basic_bits(enum basic_kind kind, unsigned word_size)
{
    unsigned size = basic_table[kind].size;
    return (size ? size : word_size) * 8;
}
