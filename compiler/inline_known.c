/*
 * inline_known: functions that the toolchain knows by name when it counts and inlines.
 *
 * Intrinsics become instructions: a call of one is a node like any other and is never replaced. They are those of amd64, since the listing is
 * for that. Others are merely cheap: byte orders, which are loads and stores of words, and what only hides a pointer from escape
 * analysis.
 */
#include "inline_internal.h"

/* The names of a package's functions, with blanks between them, from release 1.since to 1.until. */
struct known {
    const char *path, *names;
    int since, until;
};

enum { FIRST = ESCAPE_RELEASE_OLDEST, LAST = ESCAPE_RELEASE_NEWEST };

#define ATOMIC                                                                                                      \
    "And And32 And64 And8 Cas Cas64 Casint32 Casint64 Casp1 Casuintptr Load Load64 Load8 LoadAcquintptr Loadint32 " \
    "Loadint64 Loadp Loaduint Loaduintptr Or Or32 Or64 Or8 Store Store64 Store8 StoreReluintptr Storeint32 "        \
    "Storeint64 StorepNoWB Storeuintptr Xadd Xadd64 Xaddint32 Xaddint64 Xadduintptr Xchg Xchg64 Xchg8 Xchgint32 "   \
    "Xchgint64 Xchguintptr"

static const struct known intrinsics[] = {
    {"math", "Ceil FMA Floor RoundToEven Trunc", FIRST, LAST},
    {"math", "Sqrt", FIRST, FIRST},
    {"math", "sqrt", FIRST + 1, LAST},
    {"math/bits",
     "Add Add64 Div Div64 Len Len16 Len32 Len64 Len8 Mul Mul64 OnesCount OnesCount16 OnesCount32 OnesCount64 "
     "ReverseBytes32 ReverseBytes64 RotateLeft RotateLeft16 RotateLeft32 RotateLeft64 RotateLeft8 Sub Sub64 "
     "TrailingZeros16 TrailingZeros32 TrailingZeros64 TrailingZeros8",
     FIRST, LAST},
    {"math/big", "mulWW", FIRST, LAST},
    {"sync/atomic",
     "AddInt32 AddInt64 AddUint32 AddUint64 AddUintptr AndInt32 AndInt64 AndUint32 AndUint64 AndUintptr "
     "CompareAndSwapInt32 CompareAndSwapInt64 CompareAndSwapUint32 CompareAndSwapUint64 CompareAndSwapUintptr "
     "LoadInt32 LoadInt64 LoadPointer LoadUint32 LoadUint64 LoadUintptr OrInt32 OrInt64 OrUint32 OrUint64 OrUintptr "
     "StoreInt32 StoreInt64 StoreUint32 StoreUint64 StoreUintptr SwapInt32 SwapInt64 SwapUint32 SwapUint64 SwapUintptr",
     FIRST, LAST},
    {"sync", "runtime_LoadAcquintptr runtime_StoreReluintptr", FIRST, LAST},
    {"crypto/internal/constanttime", "Select boolToUint8", FIRST, LAST},
    {"runtime", "KeepAlive getcallerpc getcallersp getclosureptr mulUintptr slicebytetostringtmp", FIRST, LAST},
    {"internal/runtime/atomic", ATOMIC, FIRST, LAST},
    {"runtime/internal/atomic", ATOMIC, FIRST, LAST},
    {"internal/runtime/maps",
     "bitsetFirst bitsetLowestSet bitsetRemoveBelow bitsetShiftOutLowest ctrlGroupMatchEmpty "
     "ctrlGroupMatchEmptyOrDeleted ctrlGroupMatchFull ctrlGroupMatchH2",
     FIRST, LAST},
    {"internal/runtime/math", "Add64 Mul64 MulUintptr", FIRST, LAST},
    {"runtime/internal/math", "Mul64 MulUintptr", FIRST, LAST},
    {"internal/runtime/sys",
     "Bswap32 Bswap64 GetCallerPC GetCallerSP GetClosurePtr Len64 Len8 OnesCount64 Prefetch PrefetchStreamed "
     "TrailingZeros32 TrailingZeros64 TrailingZeros8",
     FIRST, LAST},
    {"runtime/internal/sys",
     "Bswap32 Bswap64 Ctz32 Ctz64 Ctz8 Len64 Len8 OnesCount64 Prefetch PrefetchStreamed TrailingZeros64 TrailingZeros8",
     FIRST, LAST},
    {"internal/abi", "EscapeNonString", FIRST, LAST},
};

#define WORDS "Uint64 Uint32 Uint16 PutUint64 PutUint32 PutUint16 AppendUint64 AppendUint32 AppendUint16"

static const struct known cheap[] = {
    {"encoding/binary", WORDS, FIRST, LAST},
    {"internal/byteorder",
     "LEUint64 LEUint32 LEUint16 BEUint64 BEUint32 BEUint16 LEPutUint64 LEPutUint32 LEPutUint16 BEPutUint64 "
     "BEPutUint32 BEPutUint16 LEAppendUint64 LEAppendUint32 LEAppendUint16 BEAppendUint64 BEAppendUint32 "
     "BEAppendUint16",
     FIRST, LAST},
    {"internal/abi", "NoEscape", FIRST, LAST},
};

static const struct known throwing[] = {{"runtime", "throw", FIRST, FIRST}};

/* They tell of the physical caller. */
static const struct known callers[] = {
    {"runtime", "getcallerpc getcallersp", FIRST, LAST},
    {"internal/runtime/sys", "GetCallerPC GetCallerSP", FIRST, LAST},
};

static bool has_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)); at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
            return true;
    return false;
}

static bool is_known(const struct known *list, size_t count, const struct function *f, int release)
{
    for (size_t i = 0; f->object && i < count; i++)
        if (release >= list[i].since && release <= list[i].until && !strcmp(list[i].path, f->package->path) &&
            has_word(list[i].names, f->object->name->text))
            return true;
    return false;
}

bool inline_is_intrinsic(const struct inliner *n, const struct function *f)
{
    return !f->recv && is_known(intrinsics, sizeof intrinsics / sizeof *intrinsics, f, n->escape->release);
}

bool inline_is_cheap(const struct function *f)
{
    return is_known(cheap, sizeof cheap / sizeof *cheap, f, LAST);
}

bool inline_throws(const struct inliner *n, const struct function *f)
{
    return !f->recv && is_known(throwing, 1, f, n->escape->release);
}

bool inline_is_never_in(const struct function *f)
{
    return !f->recv && is_known(callers, sizeof callers / sizeof *callers, f, LAST);
}
