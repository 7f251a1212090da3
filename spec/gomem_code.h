// gomem_code.h: what the C that gomem's compiler prints is written in, beyond spec/gomem.h: the backend's table of this unit,
// loads and stores of shared words, checks, and the small operations on strings, slices and interfaces.
//
// The longer operations are in compiler/lib/gomem/rt/rt.c.
#ifndef GOMEM_CODE_H
#define GOMEM_CODE_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gomem.h"

extern gomem_backend_table gomem_rt;          // the table in force, complete
extern const uint32_t *gomem_barrier_enabled; // never NULL
extern char gomem_no_bytes[];                 // where values without bytes live

void gomem_bind(const gomem_backend_table *b);
uintptr_t gomem_call_number(const gomem_frame *frames, intptr_t n,
                            intptr_t k); // the k-th call in them, inlined ones too; 0 behind the last
gomem_eface gomem_error_value(gomem_g *g, bool plain, gomem_string text);
gomem_string gomem_panic_text(gomem_g *g, gomem_eface value);

#define gomem_likely(x)   __builtin_expect(!!(x), 1)
#define gomem_unlikely(x) __builtin_expect(!!(x), 0)

#define gomem_str_init(s, n)       \
    {                              \
        (const uint8_t *)("" s), n \
    }
#define gomem_str(s, n) ((gomem_string)gomem_str_init(s, n))

// ---- entry, loops ----

static inline bool gomem_stack_low(gomem_g *g, char *frame)
{
    return (frame && gomem_unlikely(frame < __atomic_load_n(&g->stack_guard, __ATOMIC_RELAXED))) ||
           gomem_unlikely((char *)__builtin_frame_address(0) < __atomic_load_n(&g->machine_guard, __ATOMIC_RELAXED));
}

static inline bool gomem_poll_due(gomem_g *g)
{
    return gomem_unlikely(__atomic_load_n(&g->poll, __ATOMIC_RELAXED));
}

// A long function that runs once: optimising it takes minutes.
#ifdef __clang__
#define GOMEM_ONCE __attribute__((optnone, noinline))
#else
#define GOMEM_ONCE __attribute__((optimize("O0")))
#endif

// ---- memory that goroutines may share ----
//
// Loads stand within each other, ******p, so that a macro that is an expression mentions its operand once: the text would be as long as
// a power of the depth.

#ifdef GOMEM_RACE

// For the race detector: every access once, plain, in the order of the program. What the barrier's operations do it does not see, so a
// store is repeated after them, and a copy announced.
void __tsan_read_range(const void *p, unsigned long size);
void __tsan_write_range(const void *p, unsigned long size);

#define gomem_load(place)                  \
    ({                                     \
        __auto_type at_ = &(place);        \
        *(volatile __typeof__(*at_) *)at_; \
    })

#define gomem_store(place, value) ((void)(*(volatile __typeof__(place) *)&(place) = (value)))

#else

// GCC moves an atomic floating-point number by way of an integer register; a volatile access is one move all the same. What is wider than
// a word may be moved in two parts, as Go does.
#define gomem_is_plain(place)                                                                     \
    (sizeof(place) > sizeof(void *) || __builtin_types_compatible_p(__typeof__(place), double) || \
     __builtin_types_compatible_p(__typeof__(place), float))

#define gomem_load(place)                              \
    ({                                                 \
        __auto_type at_ = &(place);                    \
        __typeof__(*at_) v_;                           \
        if (gomem_is_plain(*at_))                      \
            v_ = *(volatile __typeof__(*at_) *)at_;    \
        else                                           \
            __atomic_load(at_, &v_, __ATOMIC_RELAXED); \
        v_;                                            \
    })

#define gomem_store(place, value)                        \
    do {                                                 \
        __typeof__(place) v_ = (value), *to_ = &(place); \
        if (gomem_is_plain(*to_))                        \
            *(volatile __typeof__(*to_) *)to_ = v_;      \
        else                                             \
            __atomic_store(to_, &v_, __ATOMIC_RELAXED);  \
    } while (0)

#endif

static inline bool gomem_barrier_on(void)
{
    return gomem_unlikely(__atomic_load_n(gomem_barrier_enabled, __ATOMIC_RELAXED));
}

#ifdef GOMEM_RACE

#define gomem_store_pointer(g, place, value)                                         \
    do {                                                                             \
        __typeof__(place) v_ = (value);                                              \
        volatile __typeof__(place) *to_ = &(place);                                  \
        if (gomem_barrier_on())                                                      \
            gomem_rt.barrier->store(g, (void **)(void *)to_, (void *)(uintptr_t)v_); \
        *to_ = v_;                                                                   \
    } while (0)

#define gomem_store_typed(g, type, T, place, ...)             \
    do {                                                      \
        __typeof__(T) v_ = __VA_ARGS__, *to_ = (T *)&(place); \
        if (gomem_barrier_on())                               \
            gomem_rt.barrier->copy(g, type, to_, &v_, 1);     \
        *(volatile __typeof__(T) *)to_ = v_;                  \
    } while (0)

#else

#define gomem_store_pointer(g, place, value)                                         \
    do {                                                                             \
        __typeof__(place) v_ = (value), *to_ = &(place);                             \
        if (gomem_barrier_on())                                                      \
            gomem_rt.barrier->store(g, (void **)(void *)to_, (void *)(uintptr_t)v_); \
        else                                                                         \
            __atomic_store(to_, &v_, __ATOMIC_RELAXED);                              \
    } while (0)

// The barrier gets a copy: a value whose address is taken lives in memory, and words that were written one by one are read back as
// vectors, which waits for them.
#define gomem_store_typed(g, type, T, place, ...)             \
    do {                                                      \
        __typeof__(T) v_ = __VA_ARGS__, *to_ = (T *)&(place); \
        if (gomem_barrier_on()) {                             \
            __typeof__(T) w_ = v_;                            \
            gomem_rt.barrier->copy(g, type, to_, &w_, 1);     \
        } else                                                \
            *to_ = v_;                                        \
    } while (0)

#endif

static inline void gomem_move(gomem_g *g, const gomem_type *type, void *dst, const void *src, intptr_t n)
{
#ifdef GOMEM_RACE
    __tsan_read_range(src, (uintptr_t)n * type->size);
    __tsan_write_range(dst, (uintptr_t)n * type->size);
#endif
    if (n == 0)
        return; // of a slice that is nil
    if (type->ptrdata && gomem_barrier_on())
        gomem_rt.barrier->copy(g, type, dst, src, n);
    else
        memmove(dst, src, (uintptr_t)n * type->size);
}

// What package reflect asks of a type beyond its descriptor; only programs that have it hold any (compiler/lower_reflect.c).
typedef struct {
    const gomem_type *type;
    const gomem_string *tags;                         // of a struct's fields, NULL: none has one
    gomem_string package;                             // of its fields that are not exported
    const gomem_type *const *params, *const *results; // of a func type
    uintptr_t param_count, result_count;
    bool variadic;
    // call calls code, of this type, with the closure or receiver first; made is such code, for closures of reflect.MakeFunc. [safepoint]
    void (*call)(gomem_g *g, void (*code)(void), void *first, void *const *args, void *const *results);
    void (*made)(void);
} gomem_reflection;

// A function that is used as a value: reflect's Pointer is its code, runtime.FuncForPC names it. Of programs that have package reflect.
typedef struct {
    void (*code)(void);
    const char *function, *file;
    uint32_t line;
} gomem_function_name;

static inline void *gomem_box(gomem_g *g, const gomem_type *type, const void *value)
{
    return gomem_rt.heap->box(g, type, value);
}

// ---- places, checks ----

// A place in compiled code: a function, and a safepoint whose line it is. Nothing but results of functions that defer is live there: what
// happens at it is a panic.
typedef struct {
    const gomem_frame_desc *desc;
    uintptr_t point;
} gomem_at;
#define GOMEM_NOWHERE ((gomem_at){0}) // in thunks and C's own code

// An operation that may panic and takes no gomem_at: before it the frame is told where the function is.
#define gomem_told(tell, ...) (tell, __VA_ARGS__)

static inline gomem_at gomem_here(const gomem_frame_desc *desc, uintptr_t point)
{
    return (gomem_at){desc, point};
}

GOMEM_NORETURN void gomem_fail(gomem_g *g, gomem_at at, enum gomem_error kind);
GOMEM_NORETURN void gomem_fail_text(gomem_g *g, gomem_at at, enum gomem_error kind, const char *text);
GOMEM_NORETURN void gomem_fail_bounds(gomem_g *g, gomem_at at, enum gomem_bounds kind, uint64_t a, bool is_signed,
                                      int64_t b);

#define gomem_nn(g, at, p)                      \
    ({                                          \
        __auto_type p_ = (p);                   \
        if (gomem_unlikely(!p_))                \
            gomem_fail(g, at, GOMEM_ERROR_NIL); \
        p_;                                     \
    })

static inline void gomem_check_nil(gomem_g *g, gomem_at at, const void *p)
{
    if (gomem_unlikely(!p))
        gomem_fail(g, at, GOMEM_ERROR_NIL);
}

// Indices and bounds have 64 bits, also where a word has less.
static inline intptr_t gomem_index(gomem_g *g, gomem_at at, int64_t i, intptr_t n)
{
    if (gomem_unlikely((uint64_t)i >= (uint64_t)n))
        gomem_fail_bounds(g, at, GOMEM_BOUNDS_INDEX, (uint64_t)i, true, n);
    return (intptr_t)i;
}

static inline uintptr_t gomem_index_u(gomem_g *g, gomem_at at, uint64_t i, intptr_t n)
{
    if (gomem_unlikely(i >= (uint64_t)n))
        gomem_fail_bounds(g, at, GOMEM_BOUNDS_INDEX, i, false, n);
    return (uintptr_t)i;
}

// A number of up to 64 bits as a length: what an int cannot hold is as impossible as a negative one.
static inline intptr_t gomem_bound(int64_t i)
{
    return i > INTPTR_MAX ? -1 : i < INTPTR_MIN ? -1 : (intptr_t)i;
}

static inline intptr_t gomem_bound_u(uint64_t i)
{
    return i > INTPTR_MAX ? -1 : (intptr_t)i;
}

// ---- arithmetic ----

#define GOMEM_SHIFTS(bits)                                                      \
    static inline uint##bits##_t gomem_shlu##bits(uint##bits##_t a, uint64_t n) \
    {                                                                           \
        return n < bits ? (uint##bits##_t)(a << n) : 0;                         \
    }                                                                           \
    static inline uint##bits##_t gomem_shru##bits(uint##bits##_t a, uint64_t n) \
    {                                                                           \
        return n < bits ? (uint##bits##_t)(a >> n) : 0;                         \
    }                                                                           \
    static inline int##bits##_t gomem_shrs##bits(int##bits##_t a, uint64_t n)   \
    {                                                                           \
        return (int##bits##_t)(a >> (n < bits ? n : bits - 1));                 \
    }
GOMEM_SHIFTS(8)
GOMEM_SHIFTS(16)
GOMEM_SHIFTS(32)
GOMEM_SHIFTS(64)

static inline uint64_t gomem_shift_count(gomem_g *g, gomem_at at, int64_t n)
{
    if (gomem_unlikely(n < 0))
        gomem_fail(g, at, GOMEM_ERROR_SHIFT);
    return (uint64_t)n;
}

static inline int64_t gomem_div(gomem_g *g, gomem_at at, int64_t a, int64_t b)
{
    if (gomem_unlikely(!b))
        gomem_fail(g, at, GOMEM_ERROR_DIVIDE);
    return b == -1 ? (int64_t) - (uint64_t)a : a / b;
}

static inline int64_t gomem_rem(gomem_g *g, gomem_at at, int64_t a, int64_t b)
{
    if (gomem_unlikely(!b))
        gomem_fail(g, at, GOMEM_ERROR_DIVIDE);
    return b == -1 ? 0 : a % b;
}

static inline uint64_t gomem_div_u(gomem_g *g, gomem_at at, uint64_t a, uint64_t b)
{
    if (gomem_unlikely(!b))
        gomem_fail(g, at, GOMEM_ERROR_DIVIDE);
    return a / b;
}

static inline uint64_t gomem_rem_u(gomem_g *g, gomem_at at, uint64_t a, uint64_t b)
{
    if (gomem_unlikely(!b))
        gomem_fail(g, at, GOMEM_ERROR_DIVIDE);
    return a % b;
}

// What does not fit is what the toolchain's code for amd64 makes of it.
static inline int64_t gomem_float_to_int64(double x)
{
    return x >= -0x1p63 && x < 0x1p63 ? (int64_t)x : INT64_MIN;
}

static inline uint64_t gomem_float_to_uint64(double x)
{
    return x >= 0x1p63 ? (uint64_t)gomem_float_to_int64(x - 0x1p63) | 1ull << 63 : (uint64_t)gomem_float_to_int64(x);
}

// Smaller integers, but for uint32, are the low bits of this.
static inline int32_t gomem_float_to_int32(double x)
{
    return x > -0x1p31 - 1 && x < 0x1p31 ? (int32_t)x : INT32_MIN;
}

double gomem_fmin(double a, double b);
double gomem_fmax(double a, double b);

#define gomem_complex64(re, im)  __builtin_complex((float)(re), (float)(im))
#define gomem_complex128(re, im) __builtin_complex((double)(re), (double)(im))
#define gomem_real(z)            __real__(z)
#define gomem_imag(z)            __imag__(z)
_Complex double gomem_complex_mul(_Complex double a, _Complex double b);
_Complex double gomem_complex_div(_Complex double a, _Complex double b);

// ---- strings ----

static inline bool gomem_string_equal(gomem_string a, gomem_string b)
{
    return a.len == b.len && (a.ptr == b.ptr || !memcmp(a.ptr, b.ptr, (size_t)a.len));
}

int gomem_string_compare(gomem_string a, gomem_string b);
int32_t gomem_decode_rune(gomem_string s, intptr_t at, intptr_t *width);

#define gomem_concat_n(g, n, ...) gomem_rt.strings->concat(g, NULL, (const gomem_string[]){__VA_ARGS__}, n)
#define gomem_concat(g, a, b)     gomem_concat_n(g, 2, a, b)

// []byte(s) that nobody writes to.
static inline gomem_slice gomem_share_bytes(gomem_string s)
{
    return (gomem_slice){s.len ? (void *)(uintptr_t)s.ptr : gomem_no_bytes, s.len, s.len};
}

// ---- slices ----

// What slicing is told beside the bounds: the operand is an array (it has no capacity of its own), and which bounds are unsigned.
enum { GOMEM_SLICE_ARRAY = 1, GOMEM_SLICE_LOW_U = 2, GOMEM_SLICE_HIGH_U = 4, GOMEM_SLICE_MAX_U = 8 };
gomem_string gomem_slice_string(gomem_g *g, gomem_at at, gomem_string s, int64_t low, int64_t high, int flags);
gomem_slice gomem_slice2(gomem_g *g, gomem_at at, gomem_slice s, intptr_t size, int64_t low, int64_t high, int flags);
gomem_slice gomem_slice3(gomem_g *g, gomem_at at, gomem_slice s, intptr_t size, int64_t low, int64_t high, int64_t max,
                         int flags);
void gomem_check_make(gomem_g *g, gomem_at at, intptr_t len, intptr_t cap, bool is_signed);
gomem_slice gomem_make_slice(gomem_g *g, gomem_at at, const gomem_type *elem, intptr_t len, intptr_t cap);
intptr_t gomem_copy_slice(gomem_g *g, const gomem_type *elem, gomem_slice dst, gomem_slice src);
intptr_t gomem_copy_string(gomem_g *g, const gomem_type *elem, gomem_slice dst, gomem_string src);
void gomem_clear_slice(gomem_g *g, const gomem_type *elem, gomem_slice s);
void *gomem_slice_to_array(gomem_g *g, gomem_at at, gomem_slice s, intptr_t n);
gomem_slice gomem_unsafe_slice(gomem_g *g, gomem_at at, void *p, intptr_t n, intptr_t size);
gomem_string gomem_unsafe_string(gomem_g *g, gomem_at at, const uint8_t *p, intptr_t n);

// make of a size that is not known, of elements without pointers, that stays in the function: up to 32 bytes lie in buf.
static inline gomem_slice gomem_make_small(gomem_g *g, gomem_at at, const gomem_type *elem, intptr_t len, intptr_t cap,
                                           void *buf)
{
    if (cap < 0 || cap > GOMEM_TMP || (uintptr_t)cap * elem->size > GOMEM_TMP || (uintptr_t)len > (uintptr_t)cap)
        return gomem_make_slice(g, at, elem, len, cap);
    memset(buf, 0, GOMEM_TMP);
    return (gomem_slice){buf, len, cap};
}

gomem_slice gomem_grow_slice(gomem_g *g, gomem_at at, const gomem_type *elem, gomem_slice s, intptr_t need);

// s with room for n more elements, which its length counts already.
static inline gomem_slice gomem_append_room(gomem_g *g, gomem_at at, const gomem_type *elem, gomem_slice s, intptr_t n)
{
    intptr_t need = s.len + n;
    if (gomem_unlikely((uintptr_t)need > (uintptr_t)s.cap))
        return gomem_grow_slice(g, at, elem, s, need);
    s.len = need;
    return s;
}

// In the caller, where slices lie in registers: a call would hand them over in memory.
static inline gomem_slice gomem_append_slice(gomem_g *g, gomem_at at, const gomem_type *elem, gomem_slice s,
                                             gomem_slice more)
{
    if (!more.len)
        return s;
    gomem_slice t = gomem_append_room(g, at, elem, s, more.len);
    gomem_move(g, elem, (char *)t.ptr + (uintptr_t)s.len * elem->size, more.ptr, more.len);
    return t;
}

static inline gomem_slice gomem_append_string(gomem_g *g, gomem_at at, const gomem_type *elem, gomem_slice s,
                                              gomem_string more)
{
    return gomem_append_slice(g, at, elem, s, (gomem_slice){(void *)(uintptr_t)more.ptr, more.len, more.len});
}

// n zero elements more, without a slice of them: append(s, make([]T, n)...).
gomem_slice gomem_append_zeros(gomem_g *g, gomem_at at, const gomem_type *elem, gomem_slice s, intptr_t n);

// gomem_append_room for what stays in the function; up to 32 bytes lie in buf, a zeroed buffer in the frame, however often it grows. Its
// capacity is that of the next size class, so that little is lost when it moves.
gomem_slice gomem_append_steps(gomem_g *g, gomem_at at, const gomem_type *elem, gomem_slice s, intptr_t n, void *buf);

// A slice in a buffer of the frame is copied to the heap, with its capacity or with the room that a block of its length has.
gomem_slice gomem_move_slice(gomem_g *g, const gomem_type *elem, gomem_slice s, bool keep_capacity);

static inline bool gomem_in_buffer(gomem_slice s, const void *buf)
{
    return (uintptr_t)s.ptr - (uintptr_t)buf < GOMEM_TMP;
}

// ---- maps ----

// make of a map that stays in the function.
static inline gomem_map *gomem_make_map(gomem_g *g, const gomem_type *type, intptr_t hint, void *header, void *group)
{
    if (!gomem_rt.maps->make_in)
        return gomem_rt.maps->make(g, type, hint);
    return gomem_rt.maps->make_in(g, type, hint, header, group);
}

static inline intptr_t gomem_map_len(const gomem_map *m)
{
    return m ? *(const intptr_t *)(const void *)m : 0;
}

// ---- interfaces ----

static inline const gomem_type *gomem_tab_type(const gomem_itab *tab)
{
    return tab ? tab->type : NULL;
}

bool gomem_implements(const gomem_type *type, const gomem_type *interface);
gomem_iface gomem_convert_iface(gomem_g *g, const gomem_type *interface, const gomem_type *type, void *data);
gomem_iface gomem_try_iface(gomem_g *g, const gomem_type *interface, const gomem_type *type, void *data);
gomem_iface gomem_assert_iface(gomem_g *g, gomem_at at, const gomem_type *interface, const gomem_type *asserted,
                               const gomem_type *type, void *data);
void gomem_assert_failed(gomem_g *g, gomem_at at, const gomem_type *type, const gomem_type *want,
                         const gomem_type *interface);

static inline void gomem_assert_type(gomem_g *g, gomem_at at, const gomem_type *type, const gomem_type *want,
                                     const gomem_type *interface)
{
    if (gomem_unlikely(type != want))
        gomem_assert_failed(g, at, type, want, interface);
}

static inline void gomem_assert_not_nil(gomem_g *g, gomem_at at, const gomem_type *type, const gomem_type *want)
{
    if (gomem_unlikely(!type))
        gomem_assert_failed(g, at, NULL, want, want);
}

bool gomem_eface_equal(gomem_g *g, gomem_eface a, gomem_eface b);
bool gomem_iface_equal(gomem_g *g, gomem_iface a, gomem_iface b);

uintptr_t gomem_hash_bytes(const void *p, intptr_t n, uintptr_t seed);
uintptr_t gomem_hash_floats(const void *p, intptr_t size, int parts, uintptr_t seed);
uintptr_t gomem_hash_string(gomem_g *g, const void *p, uintptr_t seed);
uintptr_t gomem_hash_eface(gomem_g *g, const void *p, uintptr_t seed);
// gomem_check_key panics for a key that cannot be hashed, if m has no entries: the texts differ then.
void gomem_check_key(gomem_g *g, const gomem_type *map, const gomem_map *m, const void *key);
uintptr_t gomem_hash_iface(gomem_g *g, const void *p, uintptr_t seed);

// ---- panics, deferred calls ----

GOMEM_NORETURN void gomem_panic_value(gomem_g *g, gomem_at at, gomem_eface value);

extern gomem_func gomem_nil_call; // panics as the call of a nil func does

static inline void gomem_push_defer(gomem_g *g, gomem_defer *d, void *fn, char *frame, jmp_buf *catch)
{
    *d = (gomem_defer){g->defers, fn ? fn : &gomem_nil_call, frame, catch};
    g->defers = d;
}

// In a function that frame called, perhaps by way of others that defer: its records stay on top.
static inline void gomem_push_defer_below(gomem_g *g, gomem_defer *d, void *fn, char *frame, jmp_buf *catch)
{
    gomem_defer **at = &g->defers;
    while (*at && (*at)->frame < frame)
        at = &(*at)->link;
    *d = (gomem_defer){*at, fn ? fn : &gomem_nil_call, frame, catch};
    *at = d;
}

// g->sp as it was when the function of that frame was entered.
static inline char *gomem_entry_of(char *frame)
{
    return frame + ((const gomem_frame *)(const void *)frame)->desc->size;
}

// ---- range over functions ----

// A statement is ready while its function may call the body, running while the body runs, done once that has returned false, over
// when the function has returned. A body that panics leaves it running.
enum { GOMEM_RANGE_DONE, GOMEM_RANGE_READY, GOMEM_RANGE_RUNNING, GOMEM_RANGE_OVER };

GOMEM_NORETURN void gomem_range_misused(gomem_g *g, gomem_at at, bool swallowed, intptr_t state);

static inline void gomem_range_enter(gomem_g *g, gomem_at at, intptr_t *state)
{
    if (gomem_unlikely(*state != GOMEM_RANGE_READY))
        gomem_range_misused(g, at, false, *state);
    *state = GOMEM_RANGE_RUNNING;
}

static inline void gomem_range_exit(gomem_g *g, gomem_at at, intptr_t *state)
{
    if (gomem_unlikely(*state == GOMEM_RANGE_RUNNING))
        gomem_range_misused(g, at, true, *state);
    *state = GOMEM_RANGE_OVER;
}

// A wrapper of a deferred call lets its callee recover in its place.
static inline void gomem_pass_recovery(gomem_g *g, char *entry)
{
    if (gomem_unlikely(g->panics != NULL) && g->panics->entry == entry)
        g->panics->entry = g->sp;
}

// ---- print ----

void gomem_print_begin(void);
void gomem_print_end(void);
void gomem_print_bool(bool v);
void gomem_print_int(int64_t v);
void gomem_print_uint(uint64_t v);
// A float as print writes it since 1.26: the fewest digits; bits is 32 or 64, of a complex number 64 or 128.
enum { GOMEM_FLOAT_TEXT = 32 };
int gomem_float_text(char *text, double v, int bits);
void gomem_print_float(double v, int bits);
void gomem_print_complex(_Complex double v, int bits);
void gomem_print_string(gomem_string s);
void gomem_print_slice(gomem_slice s);
void gomem_print_eface(gomem_eface v);
void gomem_print_iface(gomem_iface v);
void gomem_print_pointer(const void *p);

// ---- sync/atomic ----

// A 64-bit operation demands 8-alignment, which a 32-bit system does not give every variable.
static inline void gomem_check_atomic(gomem_g *g, const void *p, uintptr_t size)
{
    if (size > sizeof(void *) && gomem_unlikely((uintptr_t)p & (size - 1)))
        gomem_fail_text(g, GOMEM_NOWHERE, GOMEM_ERROR_PLAIN, "unaligned 64-bit atomic operation");
}

#define gomem_atomic(g, p)                              \
    ({                                                  \
        __auto_type a_ = gomem_nn(g, GOMEM_NOWHERE, p); \
        gomem_check_atomic(g, a_, sizeof *a_);          \
        a_;                                             \
    })

#define GOMEM_ATOMICS(Name, T)                                                                                      \
    static inline T sync_atomic__Load##Name(gomem_g *g, T *p)                                                       \
    {                                                                                                               \
        return __atomic_load_n(gomem_atomic(g, p), __ATOMIC_SEQ_CST);                                               \
    }                                                                                                               \
    static inline void sync_atomic__Store##Name(gomem_g *g, T *p, T v)                                              \
    {                                                                                                               \
        __atomic_store_n(gomem_atomic(g, p), v, __ATOMIC_SEQ_CST);                                                  \
    }                                                                                                               \
    static inline T sync_atomic__Swap##Name(gomem_g *g, T *p, T v)                                                  \
    {                                                                                                               \
        return __atomic_exchange_n(gomem_atomic(g, p), v, __ATOMIC_SEQ_CST);                                        \
    }                                                                                                               \
    static inline bool sync_atomic__CompareAndSwap##Name(gomem_g *g, T *p, T old, T v)                              \
    {                                                                                                               \
        return __atomic_compare_exchange_n(gomem_atomic(g, p), &old, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
    }                                                                                                               \
    static inline T sync_atomic__Add##Name(gomem_g *g, T *p, T v)                                                   \
    {                                                                                                               \
        return __atomic_add_fetch(gomem_atomic(g, p), v, __ATOMIC_SEQ_CST);                                         \
    }                                                                                                               \
    static inline T sync_atomic__And##Name(gomem_g *g, T *p, T v)                                                   \
    {                                                                                                               \
        return __atomic_fetch_and(gomem_atomic(g, p), v, __ATOMIC_SEQ_CST);                                         \
    }                                                                                                               \
    static inline T sync_atomic__Or##Name(gomem_g *g, T *p, T v)                                                    \
    {                                                                                                               \
        return __atomic_fetch_or(gomem_atomic(g, p), v, __ATOMIC_SEQ_CST);                                          \
    }
GOMEM_ATOMICS(Int32, int32_t)
GOMEM_ATOMICS(Int64, int64_t)
GOMEM_ATOMICS(Uint32, uint32_t)
GOMEM_ATOMICS(Uint64, uint64_t)
GOMEM_ATOMICS(Uintptr, uintptr_t)

static inline void *sync_atomic__LoadPointer(gomem_g *g, void **p)
{
    return __atomic_load_n(gomem_nn(g, GOMEM_NOWHERE, p), __ATOMIC_SEQ_CST);
}

// The barrier sees the old value and the new one; the store itself is then the atomic one.
static inline void gomem_atomic_barrier(gomem_g *g, void **p, void *v)
{
    if (gomem_barrier_on()) {
        void *copy = __atomic_load_n(p, __ATOMIC_RELAXED);
        gomem_rt.barrier->store(g, &copy, v);
    }
}

static inline void sync_atomic__StorePointer(gomem_g *g, void **p, void *v)
{
    gomem_atomic_barrier(g, gomem_nn(g, GOMEM_NOWHERE, p), v);
    __atomic_store_n(p, v, __ATOMIC_SEQ_CST);
}

static inline void *sync_atomic__SwapPointer(gomem_g *g, void **p, void *v)
{
    gomem_atomic_barrier(g, gomem_nn(g, GOMEM_NOWHERE, p), v);
    return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST);
}

static inline bool sync_atomic__CompareAndSwapPointer(gomem_g *g, void **p, void *old, void *v)
{
    gomem_atomic_barrier(g, gomem_nn(g, GOMEM_NOWHERE, p), v);
    return __atomic_compare_exchange_n(p, &old, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

// ---- math, math/bits ----

#define GOMEM_NUMBER(Name, function)                        \
    static inline double math__##Name(gomem_g *g, double x) \
    {                                                       \
        (void)g;                                            \
        return function(x);                                 \
    }
#define GOMEM_NUMBER2(Name, function)                                 \
    static inline double math__##Name(gomem_g *g, double x, double y) \
    {                                                                 \
        (void)g;                                                      \
        return function(x, y);                                        \
    }
GOMEM_NUMBER(Abs, __builtin_fabs)
GOMEM_NUMBER(Sqrt, __builtin_sqrt)
GOMEM_NUMBER(Floor, __builtin_floor)
GOMEM_NUMBER(Ceil, __builtin_ceil)
GOMEM_NUMBER(Trunc, __builtin_trunc)
GOMEM_NUMBER(Exp, __builtin_exp)
GOMEM_NUMBER(Log, __builtin_log)
GOMEM_NUMBER(Sin, __builtin_sin)
GOMEM_NUMBER(Cos, __builtin_cos)
GOMEM_NUMBER(Tan, __builtin_tan)
GOMEM_NUMBER(Asin, __builtin_asin)
GOMEM_NUMBER(Acos, __builtin_acos)
GOMEM_NUMBER(Atan, __builtin_atan)
GOMEM_NUMBER(Sinh, __builtin_sinh)
GOMEM_NUMBER(Cosh, __builtin_cosh)
GOMEM_NUMBER(Tanh, __builtin_tanh)
GOMEM_NUMBER(Asinh, __builtin_asinh)
GOMEM_NUMBER(Acosh, __builtin_acosh)
GOMEM_NUMBER(Atanh, __builtin_atanh)
GOMEM_NUMBER(Cbrt, __builtin_cbrt)
GOMEM_NUMBER(Exp2, __builtin_exp2)
GOMEM_NUMBER(Expm1, __builtin_expm1)
GOMEM_NUMBER(Log1p, __builtin_log1p)
GOMEM_NUMBER(Erf, __builtin_erf)
GOMEM_NUMBER(Erfc, __builtin_erfc)
GOMEM_NUMBER(J0, j0)
GOMEM_NUMBER(Y0, y0)
GOMEM_NUMBER(Y1, y1)
GOMEM_NUMBER(Gamma, __builtin_tgamma)
GOMEM_NUMBER2(Atan2, __builtin_atan2)
GOMEM_NUMBER2(Copysign, __builtin_copysign)
GOMEM_NUMBER2(Mod, __builtin_fmod)
GOMEM_NUMBER2(Pow, __builtin_pow)
GOMEM_NUMBER2(Remainder, __builtin_remainder)

static inline double math__FMA(gomem_g *g, double x, double y, double z)
{
    (void)g;
    return __builtin_fma(x, y, z);
}

/* Zeros of odd functions are positive. */
static inline double math__Jn(gomem_g *g, intptr_t n, double x)
{
    (void)g;
    return n && (x == 0 || __builtin_isinf(x)) ? 0 : jn((int)n, x);
}

static inline double math__J1(gomem_g *g, double x)
{
    return math__Jn(g, 1, x);
}

static inline double math__Yn(gomem_g *g, intptr_t n, double x)
{
    (void)g;
    return yn((int)n, x);
}

static inline double math__lgamma(gomem_g *g, double x)
{
    (void)g;
    return __builtin_lgamma(x);
}

static inline intptr_t math_bits__Len64(gomem_g *g, uint64_t x)
{
    (void)g;
    return x ? 64 - __builtin_clzll(x) : 0;
}

static inline intptr_t math_bits__TrailingZeros64(gomem_g *g, uint64_t x)
{
    (void)g;
    return x ? __builtin_ctzll(x) : 64;
}

static inline intptr_t math_bits__OnesCount64(gomem_g *g, uint64_t x)
{
    (void)g;
    return __builtin_popcountll(x);
}

static inline uint64_t math_bits__ReverseBytes64(gomem_g *g, uint64_t x)
{
    (void)g;
    return __builtin_bswap64(x);
}

#endif
