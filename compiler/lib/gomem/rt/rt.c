// rt: what every unit links: the backend's table, the longer operations of gomem_code.h, and package gomem/rt's functions.
//
// Itabs that are asked for at run time are kept in a table that only grows; it is read without a lock. Its blocks are malloc's: they
// hold no pointers into the heap.
#include "gomem_code.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

gomem_backend_table gomem_rt;
static const uint32_t never;
const uint32_t *gomem_barrier_enabled = &never;
_Alignas(16) char gomem_no_bytes[16];

// ---- binding ----

static void *box_plainly(gomem_g *g, const gomem_type *type, const void *value)
{
    void *p = gomem_rt.heap->new_object(g, type);
    memcpy(p, value, type->size);
    return p;
}

static void store_plainly(gomem_g *g, void **slot, void *value)
{
    (void)g;
    __atomic_store_n(slot, value, __ATOMIC_RELAXED);
}

static void copy_plainly(gomem_g *g, const gomem_type *type, void *dst, const void *src, intptr_t n)
{
    (void)g;
    memmove(dst, src, (uintptr_t)n * type->size);
}

static void clear_plainly(gomem_g *g, const gomem_type *type, void *dst, intptr_t n)
{
    (void)g;
    memset(dst, 0, (uintptr_t)n * type->size);
}

static const gomem_barrier_group plain_barrier = {sizeof plain_barrier, &never, store_plainly, copy_plainly,
                                                  clear_plainly};

void gomem_bind(const gomem_backend_table *b)
{
    static gomem_heap_group heap; // with the operations that a backend may leave out
    static gomem_maps_group maps;
    gomem_rt = *b;
    if (!gomem_rt.barrier)
        gomem_rt.barrier = &plain_barrier;
    gomem_barrier_enabled = gomem_rt.barrier->enabled;
    memcpy(&heap, b->heap, b->heap->size < sizeof heap ? b->heap->size : sizeof heap);
    if (!heap.box)
        heap.box = box_plainly;
    gomem_rt.heap = &heap;
    if (b->maps) {
        memcpy(&maps, b->maps, b->maps->size < sizeof maps ? b->maps->size : sizeof maps);
        gomem_rt.maps = &maps;
    }
}

// ---- panics ----

gomem_eface runtime__errorValue(gomem_g *g, bool plain, gomem_string text);
gomem_eface runtime__nilPanicValue(gomem_g *g);
gomem_eface runtime__assertionValue(gomem_g *g, gomem_string interface, gomem_string concrete, gomem_string asserted,
                                    gomem_string missing);
gomem_string runtime__panicText(gomem_g *g, gomem_eface value);

gomem_eface gomem_error_value(gomem_g *g, bool plain, gomem_string text)
{
    return runtime__errorValue(g, plain, text);
}

gomem_string gomem_panic_text(gomem_g *g, gomem_eface value)
{
    return runtime__panicText(g, value);
}

// frame_for makes a frame of desc's, as functions with calls do when they are entered; the stack may move, and kept with it.
static void frame_for(gomem_g *g, const gomem_frame_desc *desc, void **kept)
{
    char *frame = g->sp - desc->size;
    if (gomem_stack_low(g, frame)) {
        g->spill[0] = *kept;
        g->spill_len = 1;
        gomem_rt.stack->more(g, desc);
        *kept = g->spill[0];
        g->spill_len = 0;
        frame = g->sp - desc->size;
    }
    ((gomem_frame *)(void *)frame)->desc = desc;
    g->sp = frame;
}

// enter_with makes the innermost frame tell of at. A function without calls has none of its own until now.
static void enter_with(gomem_g *g, gomem_at at, void **kept)
{
    if (!at.desc)
        return;
    if (g->sp == g->stack_base || ((gomem_frame *)(void *)g->sp)->desc != at.desc)
        frame_for(g, at.desc, kept);
    ((gomem_frame *)(void *)g->sp)->point = at.point;
}

static void enter(gomem_g *g, gomem_at at)
{
    void *nothing = NULL;
    enter_with(g, at, &nothing);
}

void gomem_fail(gomem_g *g, gomem_at at, enum gomem_error kind)
{
    enter(g, at);
    gomem_rt.panics->error(g, kind, NULL);
}

void gomem_fail_text(gomem_g *g, gomem_at at, enum gomem_error kind, const char *text)
{
    enter(g, at);
    gomem_rt.panics->error(g, kind, text);
}

void gomem_fail_bounds(gomem_g *g, gomem_at at, enum gomem_bounds kind, uint64_t a, bool is_signed, int64_t b)
{
    enter(g, at);
    gomem_rt.panics->bounds(g, kind, a, is_signed, b);
}

void gomem_range_misused(gomem_g *g, gomem_at at, bool swallowed, intptr_t state)
{
    const char *text = swallowed ? "range function recovered a loop body panic and did not resume panicking"
                       : state == GOMEM_RANGE_DONE
                           ? "range function continued iteration after function for loop body returned false"
                       : state == GOMEM_RANGE_RUNNING ? "range function continued iteration after loop body panic"
                                                      : "range function continued iteration after whole loop exit";
    gomem_fail_text(g, at, GOMEM_ERROR_TEXT, text);
}

static void call_nil(gomem_g *g, gomem_func *fn)
{
    (void)fn;
    gomem_fail(g, GOMEM_NOWHERE, GOMEM_ERROR_NIL);
}

gomem_func gomem_nil_call = {(void (*)(void))call_nil};

// The settings in GODEBUG, the last of a name in force.
static bool debug_setting(const char *setting)
{
    const char *at = getenv("GODEBUG");
    size_t name = strcspn(setting, "=") + 1, whole = strlen(setting);
    bool on = false;
    for (; at && *at; at += strcspn(at, ","), at += *at == ',')
        if (!strncmp(at, setting, name))
            on = !strncmp(at, setting, whole) && strchr(",", at[whole]);
    return on;
}

void gomem_panic_value(gomem_g *g, gomem_at at, gomem_eface value)
{
    enter_with(g, at, &value.data);
    if (!value.type && debug_setting("panicnil=1"))
        gomem_rt.panics->panic(g, value);
    gomem_rt.panics->panic(g, value.type ? value : runtime__nilPanicValue(g));
}

// ---- numbers ----

double gomem_fmin(double a, double b)
{
    if (isnan(a) || isnan(b))
        return NAN;
    return a < b || (a == b && signbit(a)) ? a : b;
}

double gomem_fmax(double a, double b)
{
    if (isnan(a) || isnan(b))
        return NAN;
    return a > b || (a == b && !signbit(a)) ? a : b;
}

_Complex double gomem_complex_mul(_Complex double a, _Complex double b)
{
    double ar = __real__ a, ai = __imag__ a, br = __real__ b, bi = __imag__ b;
    return gomem_complex128(ar * br - ai * bi, ar * bi + ai * br);
}

// Infinities and zeros divide as Go defines it: by the larger part of the divisor.
_Complex double gomem_complex_div(_Complex double n, _Complex double m)
{
    double nr = __real__ n, ni = __imag__ n, mr = __real__ m, mi = __imag__ m, e, f;
    if (fabs(mr) >= fabs(mi)) {
        double ratio = mi / mr, denominator = mr + ratio * mi;
        e = (nr + ni * ratio) / denominator;
        f = (ni - nr * ratio) / denominator;
    } else {
        double ratio = mr / mi, denominator = mi + ratio * mr;
        e = (nr * ratio + ni) / denominator;
        f = (ni * ratio - nr) / denominator;
    }
    if (isnan(e) && isnan(f)) {
        if (mr == 0 && mi == 0 && (!isnan(nr) || !isnan(ni))) {
            e = copysign(INFINITY, mr) * nr;
            f = copysign(INFINITY, mr) * ni;
        } else if ((isinf(nr) || isinf(ni)) && isfinite(mr) && isfinite(mi)) {
            double a = copysign(isinf(nr) ? 1 : 0, nr), b = copysign(isinf(ni) ? 1 : 0, ni);
            e = INFINITY * (a * mr + b * mi);
            f = INFINITY * (b * mr - a * mi);
        } else if ((isinf(mr) || isinf(mi)) && isfinite(nr) && isfinite(ni)) {
            double a = copysign(isinf(mr) ? 1 : 0, mr), b = copysign(isinf(mi) ? 1 : 0, mi);
            e = 0 * (nr * a + ni * b);
            f = 0 * (ni * a - nr * b);
        }
    }
    return gomem_complex128(e, f);
}

// ---- strings ----

int gomem_string_compare(gomem_string a, gomem_string b)
{
    int order = memcmp(a.ptr, b.ptr, (size_t)(a.len < b.len ? a.len : b.len));
    return order ? order : a.len < b.len ? -1 : a.len > b.len;
}

static bool continues(gomem_string s, intptr_t at)
{
    return at < s.len && (s.ptr[at] & 0xc0) == 0x80;
}

int32_t gomem_decode_rune(gomem_string s, intptr_t at, intptr_t *width)
{
    uint8_t c = s.ptr[at];
    *width = 1;
    if (c < 0x80)
        return c;
    int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
    if (c < 0xc2 || c > 0xf4)
        return 0xfffd;
    int32_t r = c & (0x3f >> more);
    for (int i = 1; i <= more; i++) {
        if (!continues(s, at + i))
            return 0xfffd;
        r = r << 6 | (s.ptr[at + i] & 0x3f);
    }
    static const int32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (r < least[more] || r > 0x10ffff || (r >= 0xd800 && r < 0xe000))
        return 0xfffd;
    *width = more + 1;
    return r;
}

// ---- slices ----

// A bound as the text of a failure shows it: a negative number if it is signed.
#define FAIL(kind, a, which, b) \
    gomem_fail_bounds(g, at, GOMEM_BOUNDS_##kind, (uint64_t)(a), !(flags & GOMEM_SLICE_##which##_U), b)

gomem_string gomem_slice_string(gomem_g *g, gomem_at at, gomem_string s, int64_t low, int64_t high, int flags)
{
    if ((uint64_t)high > (uint64_t)s.len)
        FAIL(SLICE_ALEN, high, HIGH, s.len);
    if ((uint64_t)low > (uint64_t)high)
        FAIL(SLICE_B, low, LOW, high);
    return (gomem_string){low == high ? s.ptr : s.ptr + low, (intptr_t)(high - low)};
}

// What is left of s from low on. A slice without capacity keeps the old pointer: behind the end another block may begin.
static gomem_slice rest(gomem_slice s, intptr_t size, int64_t low, int64_t high, int64_t max)
{
    void *p = low == max ? s.ptr : (char *)s.ptr + (intptr_t)low * size;
    return (gomem_slice){p, (intptr_t)(high - low), (intptr_t)(max - low)};
}

gomem_slice gomem_slice2(gomem_g *g, gomem_at at, gomem_slice s, intptr_t size, int64_t low, int64_t high, int flags)
{
    if ((uint64_t)high > (uint64_t)s.cap && flags & GOMEM_SLICE_ARRAY)
        FAIL(SLICE_ALEN, high, HIGH, s.cap);
    if ((uint64_t)high > (uint64_t)s.cap)
        FAIL(SLICE_ACAP, high, HIGH, s.cap);
    if ((uint64_t)low > (uint64_t)high)
        FAIL(SLICE_B, low, LOW, high);
    return rest(s, size, low, high, s.cap);
}

gomem_slice gomem_slice3(gomem_g *g, gomem_at at, gomem_slice s, intptr_t size, int64_t low, int64_t high, int64_t max,
                         int flags)
{
    if ((uint64_t)max > (uint64_t)s.cap && flags & GOMEM_SLICE_ARRAY)
        FAIL(SLICE3_ALEN, max, MAX, s.cap);
    if ((uint64_t)max > (uint64_t)s.cap)
        FAIL(SLICE3_ACAP, max, MAX, s.cap);
    if ((uint64_t)high > (uint64_t)max)
        FAIL(SLICE3_B, high, HIGH, max);
    if ((uint64_t)low > (uint64_t)high)
        FAIL(SLICE3_C, low, LOW, high);
    return rest(s, size, low, high, max);
}

static GOMEM_NORETURN void make_failed(gomem_g *g, gomem_at at, const char *text)
{
    gomem_fail_text(g, at, GOMEM_ERROR_TEXT, text);
}

static bool fits(const gomem_type *elem, intptr_t n)
{
    uintptr_t bytes, most = sizeof(void *) == 8 ? (uintptr_t)((uint64_t)1 << 47) : UINTPTR_MAX; // of address space
    return n >= 0 && !__builtin_mul_overflow((uintptr_t)n, elem->size, &bytes) && bytes <= most;
}

void gomem_check_make(gomem_g *g, gomem_at at, intptr_t len, intptr_t cap, bool is_signed)
{
    if ((uintptr_t)len > (uintptr_t)cap)
        make_failed(g, at, len < 0 && is_signed ? "makeslice: len out of range" : "makeslice: cap out of range");
}

gomem_slice gomem_make_slice(gomem_g *g, gomem_at at, const gomem_type *elem, intptr_t len, intptr_t cap)
{
    if (!fits(elem, cap) || (uintptr_t)len > (uintptr_t)cap)
        make_failed(g, at, fits(elem, len) ? "makeslice: cap out of range" : "makeslice: len out of range");
    return (gomem_slice){gomem_rt.heap->new_array(g, elem, cap), len, cap};
}

gomem_slice gomem_grow_slice(gomem_g *g, gomem_at at, const gomem_type *elem, gomem_slice s, intptr_t need)
{
    if (!fits(elem, need))
        make_failed(g, at, "growslice: len out of range");
    return gomem_rt.heap->grow_slice(g, elem, s, need);
}

gomem_slice gomem_append_zeros(gomem_g *g, gomem_at at, const gomem_type *elem, gomem_slice s, intptr_t n)
{
    if (n < 0)
        make_failed(g, at, "makeslice: len out of range");
    gomem_slice t = gomem_append_room(g, at, elem, s, n);
    if (t.ptr == s.ptr)
        gomem_clear_slice(g, elem, (gomem_slice){(char *)s.ptr + (uintptr_t)s.len * elem->size, n, n});
    return t;
}

gomem_slice gomem_append_steps(gomem_g *g, gomem_at at, const gomem_type *elem, gomem_slice s, intptr_t n, void *buf)
{
    uintptr_t need = (uintptr_t)s.len + (uintptr_t)n, size = elem->size;
    if (need <= (uintptr_t)s.cap || need > GOMEM_TMP / size)
        return gomem_append_room(g, at, elem, s, n);
    if (s.len && s.ptr != buf)
        memmove(buf, s.ptr, (uintptr_t)s.len * size);
    uintptr_t room = (need * size + 7) / 8 * 8 / size; /* the size classes up to there are multiples of 8 */
    memset((char *)buf + (uintptr_t)s.len * size, 0, (room - (uintptr_t)s.len) * size);
    return (gomem_slice){buf, (intptr_t)need, (intptr_t)room};
}

gomem_slice gomem_move_slice(gomem_g *g, const gomem_type *elem, gomem_slice s, bool keep_capacity)
{
    intptr_t n = keep_capacity ? s.cap : s.len;
    if (!n)
        return (gomem_slice){gomem_no_bytes, 0, 0};
    gomem_slice moved = {NULL, 0, 0};
    if (keep_capacity)
        moved = (gomem_slice){gomem_rt.heap->new_array(g, elem, n), n, n};
    else
        moved = gomem_rt.heap->grow_slice(g, elem, moved, n);
    gomem_move(g, elem, moved.ptr, s.ptr, n);
    moved.len = s.len;
    return moved;
}

intptr_t gomem_copy_slice(gomem_g *g, const gomem_type *elem, gomem_slice dst, gomem_slice src)
{
    intptr_t n = dst.len < src.len ? dst.len : src.len;
    if (n && dst.ptr != src.ptr)
        gomem_move(g, elem, dst.ptr, src.ptr, n);
    return n;
}

intptr_t gomem_copy_string(gomem_g *g, const gomem_type *elem, gomem_slice dst, gomem_string src)
{
    return gomem_copy_slice(g, elem, dst, (gomem_slice){(void *)(uintptr_t)src.ptr, src.len, src.len});
}

void gomem_clear_slice(gomem_g *g, const gomem_type *elem, gomem_slice s)
{
    if (s.len == 0)
        return;
#ifdef GOMEM_RACE
    __tsan_write_range(s.ptr, (uintptr_t)s.len * elem->size);
#endif
    if (elem->ptrdata && gomem_barrier_on())
        gomem_rt.barrier->clear(g, elem, s.ptr, s.len);
    else
        memset(s.ptr, 0, (uintptr_t)s.len * elem->size);
}

void *gomem_slice_to_array(gomem_g *g, gomem_at at, gomem_slice s, intptr_t n)
{
    if (s.len < n)
        gomem_fail_bounds(g, at, GOMEM_BOUNDS_CONVERT, (uint64_t)s.len, true, n);
    return s.ptr;
}

gomem_slice gomem_unsafe_slice(gomem_g *g, gomem_at at, void *p, intptr_t n, intptr_t size)
{
    uintptr_t bytes;
    if (n < 0 || __builtin_mul_overflow((uintptr_t)n, (uintptr_t)size, &bytes) || (p && bytes > -(uintptr_t)p))
        make_failed(g, at, "unsafe.Slice: len out of range");
    if (!p && n)
        make_failed(g, at, "unsafe.Slice: ptr is nil and len is not zero");
    return (gomem_slice){p, n, n};
}

gomem_string gomem_unsafe_string(gomem_g *g, gomem_at at, const uint8_t *p, intptr_t n)
{
    if (n < 0 || (p && (uintptr_t)n > -(uintptr_t)p))
        make_failed(g, at, "unsafe.String: len out of range");
    if (!p && n)
        make_failed(g, at, "unsafe.String: ptr is nil and len is not zero");
    return (gomem_string){p, n};
}

// ---- interfaces ----

static bool same_method(const gomem_method *have, const gomem_method *want)
{
    return gomem_string_equal(have->name, want->name) && gomem_string_equal(have->package, want->package) &&
           have->type == want->type;
}

// Fills code, when there is any to fill; the first method that the type lacks, or NULL. Both lists are sorted by name.
static const gomem_method *match_methods(const gomem_type *interface, const gomem_type *type, void (**code)(void))
{
    uintptr_t k = 0;
    for (uintptr_t i = 0; i < interface->method_count; i++) {
        while (k < type->method_count && !same_method(&type->methods[k], &interface->methods[i]))
            k++;
        if (k == type->method_count)
            return &interface->methods[i];
        if (code)
            code[i] = type->methods[k].code;
    }
    return NULL;
}

bool gomem_implements(const gomem_type *type, const gomem_type *interface)
{
    return type && !match_methods(interface, type, NULL);
}

struct known_itab {
    struct known_itab *next; // immutable after init
    gomem_itab itab;
};

enum { ITAB_BUCKETS = 1024 };
static struct known_itab *itabs[ITAB_BUCKETS]; // atomic: acquire, release
static pthread_mutex_t itab_lock = PTHREAD_MUTEX_INITIALIZER;

static const gomem_itab *find_itab(uint32_t bucket, const gomem_type *interface, const gomem_type *type)
{
    for (struct known_itab *k = __atomic_load_n(&itabs[bucket], __ATOMIC_ACQUIRE); k; k = k->next)
        if (k->itab.interface == interface && k->itab.type == type)
            return &k->itab;
    return NULL;
}

static const gomem_itab *itab_of(const gomem_type *interface, const gomem_type *type)
{
    uint32_t bucket = (interface->hash * 31 + type->hash) % ITAB_BUCKETS;
    const gomem_itab *tab = find_itab(bucket, interface, type);
    if (tab || !gomem_implements(type, interface))
        return tab;
    pthread_mutex_lock(&itab_lock);
    tab = find_itab(bucket, interface, type);
    struct known_itab *k = tab ? NULL : malloc(sizeof *k + interface->method_count * sizeof(void (*)(void)));
    if (k) {
        memcpy(&k->itab, &(gomem_itab){interface, type, type->hash}, sizeof k->itab);
        match_methods(interface, type, (void (**)(void))k->itab.code);
        k->next = itabs[bucket];
        __atomic_store_n(&itabs[bucket], k, __ATOMIC_RELEASE);
        tab = &k->itab;
    }
    pthread_mutex_unlock(&itab_lock);
    return tab;
}

gomem_iface gomem_try_iface(gomem_g *g, const gomem_type *interface, const gomem_type *type, void *data)
{
    (void)g;
    const gomem_itab *tab = type ? itab_of(interface, type) : NULL;
    return (gomem_iface){tab, tab ? data : NULL};
}

gomem_iface gomem_convert_iface(gomem_g *g, const gomem_type *interface, const gomem_type *type, void *data)
{
    return gomem_try_iface(g, interface, type, data);
}

static GOMEM_NORETURN void assertion_panics(gomem_g *g, gomem_at at, gomem_string interface, gomem_string concrete,
                                            gomem_string asserted, gomem_string missing)
{
    enter(g, at);
    gomem_rt.panics->panic(g, runtime__assertionValue(g, interface, concrete, asserted, missing));
}

static const gomem_string nothing;

// Types of one name are told apart by where they come from.
static gomem_string asserted_name(gomem_g *g, const gomem_type *type, const gomem_type *want)
{
    if (!type || !gomem_string_equal(type->name, want->name))
        return want->name;
    bool scopes = gomem_string_equal(type->package, want->package);
    gomem_string parts[] = {want->name, scopes ? gomem_str(" (types from different scopes)", 30)
                                               : gomem_str(" (types from different packages)", 32)};
    return gomem_rt.strings->concat(g, NULL, parts, 2);
}

void gomem_assert_failed(gomem_g *g, gomem_at at, const gomem_type *type, const gomem_type *want,
                         const gomem_type *interface)
{
    assertion_panics(g, at, interface == want ? gomem_str("interface", 9) : interface->name,
                     type ? type->name : nothing, asserted_name(g, type, want), nothing);
}

gomem_iface gomem_assert_iface(gomem_g *g, gomem_at at, const gomem_type *interface, const gomem_type *asserted,
                               const gomem_type *type, void *data)
{
    const gomem_itab *tab = type ? itab_of(interface, type) : NULL;
    if (!tab)
        assertion_panics(g, at, gomem_str("interface", 9), type ? type->name : nothing, asserted->name,
                         type ? match_methods(interface, type, NULL)->name : nothing);
    return (gomem_iface){tab, data};
}

static bool equal_data(gomem_g *g, const gomem_type *type, void *a, void *b)
{
    if (!type->equal) {
        char text[256];
        snprintf(text, sizeof text, "comparing uncomparable type %.*s", (int)type->name.len,
                 (const char *)type->name.ptr);
        gomem_rt.panics->error(g, GOMEM_ERROR_TEXT, text);
    }
    if (type->flags & GOMEM_DIRECT)
        return a == b;
    return type->equal(g, a, b);
}

bool gomem_eface_equal(gomem_g *g, gomem_eface a, gomem_eface b)
{
    return a.type == b.type && (!a.type || equal_data(g, a.type, a.data, b.data));
}

bool gomem_iface_equal(gomem_g *g, gomem_iface a, gomem_iface b)
{
    const gomem_type *x = gomem_tab_type(a.tab), *y = gomem_tab_type(b.tab);
    return x == y && (!x || equal_data(g, x, a.data, b.data));
}

// ---- hashes ----

static uintptr_t mix(uintptr_t h, uint64_t v)
{
    uint64_t x = (h ^ v) * 0x9E3779B97F4A7C15u;
    return (uintptr_t)(x ^ x >> 32);
}

uintptr_t gomem_hash_bytes(const void *p, intptr_t n, uintptr_t seed)
{
    const uint8_t *b = p;
    uint64_t word;
    uintptr_t h = mix(seed, (uint64_t)n);
    for (; n >= 8; n -= 8, b += 8) {
        memcpy(&word, b, 8);
        h = mix(h, word);
    }
    word = 0;
    memcpy(&word, b, (size_t)n);
    return n ? mix(h, word) : h;
}

uintptr_t gomem_hash_string(gomem_g *g, const void *p, uintptr_t seed)
{
    (void)g;
    const gomem_string *s = p;
    return gomem_hash_bytes(s->ptr, s->len, seed);
}

// Both zeros are equal; a NaN equals nothing, so any hash will do as long as they spread.
static uintptr_t hash_float(double v, uintptr_t seed, const void *p)
{
    static uintptr_t turns; // atomic, relaxed
    if (v == 0)
        return mix(seed, 1);
    if (isnan(v))
        return mix(seed, (uint64_t)(uintptr_t)p + __atomic_add_fetch(&turns, 1, __ATOMIC_RELAXED) * 0x2545F4914F6CDD1D);
    return gomem_hash_bytes(&v, sizeof v, seed);
}

uintptr_t gomem_hash_floats(const void *p, intptr_t size, int parts, uintptr_t seed)
{
    for (int i = 0; i < parts; i++)
        seed = hash_float(size / parts == 4 ? (double)((const float *)p)[i] : ((const double *)p)[i], seed, p);
    return seed;
}

static uintptr_t hash_data(gomem_g *g, const gomem_type *type, void *const *data, uintptr_t seed)
{
    if (!type)
        return seed;
    if (!type->hasher) {
        char text[256];
        snprintf(text, sizeof text, "hash of unhashable type %.*s", (int)type->name.len, (const char *)type->name.ptr);
        gomem_rt.panics->error(g, GOMEM_ERROR_TEXT, text);
    }
    return type->hasher(g, type->flags & GOMEM_DIRECT ? (const void *)data : *data, mix(seed, type->hash));
}

uintptr_t gomem_hash_eface(gomem_g *g, const void *p, uintptr_t seed)
{
    const gomem_eface *v = p;
    return hash_data(g, v->type, &v->data, seed);
}

uintptr_t gomem_hash_iface(gomem_g *g, const void *p, uintptr_t seed)
{
    const gomem_iface *v = p;
    return hash_data(g, gomem_tab_type(v->tab), &v->data, seed);
}

static void check_part(gomem_g *g, const gomem_type *type, const char *p)
{
    char text[256];
    switch (type->kind) {
    case GOMEM_INTERFACE: {
        gomem_eface v = *(const gomem_eface *)(const void *)p;
        const gomem_type *held = type->method_count ? gomem_tab_type((const gomem_itab *)(const void *)v.type) : v.type;
        if (held)
            check_part(g, held, held->flags & GOMEM_DIRECT ? (const char *)&v.data : v.data);
        return;
    }
    case GOMEM_ARRAY:
        for (uintptr_t i = 0; type->hasher && i < type->len; i++)
            check_part(g, type->elem, p + i * type->elem->size);
        break;
    case GOMEM_STRUCT:
        for (uintptr_t i = 0; type->hasher && i < type->field_count; i++)
            check_part(g, type->fields[i].type, p + type->fields[i].offset);
        break;
    default:
        break;
    }
    if (type->hasher)
        return;
    snprintf(text, sizeof text, "hash of unhashable type: %.*s", (int)type->name.len, (const char *)type->name.ptr);
    gomem_rt.panics->error(g, GOMEM_ERROR_PLAIN, text);
}

void gomem_check_key(gomem_g *g, const gomem_type *map, const gomem_map *m, const void *key)
{
    if (!m || !*(const intptr_t *)(const void *)m)
        check_part(g, map->key, key);
}

// ---- print ----

static pthread_mutex_t print_lock = PTHREAD_MUTEX_INITIALIZER;

void gomem_print_begin(void)
{
    pthread_mutex_lock(&print_lock);
}

void gomem_print_end(void)
{
    pthread_mutex_unlock(&print_lock);
}

static void put(const char *s, size_t n)
{
    while (n) {
        ssize_t k = write(STDERR_FILENO, s, n);
        if (k <= 0)
            return;
        s += k;
        n -= (size_t)k;
    }
}

static void __attribute__((format(printf, 1, 2))) putf(const char *format, ...)
{
    char text[64];
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    put(text, (size_t)n);
}

void gomem_print_bool(bool v)
{
    putf("%s", v ? "true" : "false");
}

void gomem_print_int(int64_t v)
{
    putf("%lld", (long long)v);
}

void gomem_print_uint(uint64_t v)
{
    putf("%llu", (unsigned long long)v);
}

// The fewest digits that read back to the same number.
static int shortest(char *text, double v, int bits)
{
    int digits = 0;
    do
        snprintf(text, GOMEM_FLOAT_TEXT, "%.*e", digits, v);
    while (bits == 32 ? strtof(text, NULL) != (float)v && digits++ < 8 : strtod(text, NULL) != v && digits++ < 16);
    return digits;
}

int gomem_float_text(char *text, double v, int bits)
{
    if (isnan(v) || isinf(v))
        return snprintf(text, GOMEM_FLOAT_TEXT, "%s", isnan(v) ? "NaN" : v > 0 ? "+Inf" : "-Inf");
    int digits = shortest(text, v, bits), exponent = atoi(strchr(text, 'e') + 1);
    if (exponent < -4 || exponent >= 6)
        return (int)strlen(text);
    return snprintf(text, GOMEM_FLOAT_TEXT, "%.*f", digits > exponent ? digits - exponent : 0, v);
}

void gomem_print_float(double v, int bits)
{
    char text[GOMEM_FLOAT_TEXT];
    put(text, (size_t)gomem_float_text(text, v, bits));
}

void gomem_print_complex(_Complex double v, int bits)
{
    char im[GOMEM_FLOAT_TEXT];
    gomem_float_text(im, __imag__ v, bits / 2);
    putf("(");
    gomem_print_float(__real__ v, bits / 2);
    putf("%s%si)", *im == '+' || *im == '-' ? "" : "+", im);
}

void gomem_print_string(gomem_string s)
{
    put((const char *)s.ptr, (size_t)s.len);
}

void gomem_print_slice(gomem_slice s)
{
    putf("[%lld/%lld]0x%llx", (long long)s.len, (long long)s.cap, (unsigned long long)(uintptr_t)s.ptr);
}

void gomem_print_eface(gomem_eface v)
{
    putf("(0x%llx,0x%llx)", (unsigned long long)(uintptr_t)v.type, (unsigned long long)(uintptr_t)v.data);
}

void gomem_print_iface(gomem_iface v)
{
    putf("(0x%llx,0x%llx)", (unsigned long long)(uintptr_t)v.tab, (unsigned long long)(uintptr_t)v.data);
}

void gomem_print_pointer(const void *p)
{
    putf("0x%llx", (unsigned long long)(uintptr_t)p);
}
