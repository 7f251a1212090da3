// What the tests of value/ share: a goroutine with a P on the real heap, a collector that never marks, deaths that a test survives, TAP.
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include "../heap/internal.h"
#include "internal.h"

// ---- stand-ins for other parts ----

uint32_t gc_barrier_enabled;
_Atomic int64_t heap_trigger = INT64_MAX;
uint64_t ref_page_size = 4096;

void gc_request(struct p *p)
{
    (void)p;
}

void gc_charge(struct p *p, uintptr_t bytes)
{
    (void)p, (void)bytes;
}

void gc_mark_new(struct p *p, struct span *s, uint32_t index)
{
    (void)p, (void)s, (void)index;
}

void special_sweep(struct span *s)
{
    (void)s;
}

// While the barrier is on these count what goes through them, and store.
static uint64_t barrier_uses;

void gc_store(gomem_g *g, void **slot, void *v)
{
    (void)g;
    barrier_uses++;
    *slot = v;
}

void gc_copy(gomem_g *g, const gomem_type *type, void *dst, const void *src, intptr_t n)
{
    (void)g;
    barrier_uses++;
    memmove(dst, src, type->size * (uintptr_t)n);
}

void gc_clear(gomem_g *g, const gomem_type *type, void *dst, intptr_t n)
{
    (void)g;
    barrier_uses++;
    memset(dst, 0, type->size * (uintptr_t)n);
}

// ---- deaths ----

static jmp_buf death;
static char last_words[128];

static GOMEM_NORETURN void die(const char *format, va_list ap)
{
    vsnprintf(last_words, sizeof last_words, format, ap);
    longjmp(death, 1);
}

void fatal(struct g *g, const char *format, ...)
{
    va_list ap;
    (void)g;
    va_start(ap, format);
    die(format, ap);
}

static GOMEM_NORETURN void die_of(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    die(format, ap);
}

void panic_text(gomem_g *g, const char *text)
{
    (void)g;
    die_of("%s", text);
}

void panic_plain(gomem_g *g, const char *text)
{
    (void)g;
    die_of("%s", text);
}

static bool dies(const char *words, void (*f)(void))
{
    last_words[0] = 0;
    if (!setjmp(death))
        f();
    if (strcmp(words, last_words))
        printf("# died of \"%s\"\n", last_words);
    return !strcmp(words, last_words);
}

// ---- TAP ----

static int checks, failures;

static void check(bool good, const char *what)
{
    printf("%sok %d - %s\n", good ? "" : "not ", ++checks, what);
    failures += !good;
}

// ---- a goroutine ----

static struct p p0;
static struct m m0;
static struct g g0;

static void begin(void)
{
    heap_init(26);
    p0.mcache = mcache_new();
    p0.random = 0x9E3779B97F4A7C15u;
    m0.p = &p0;
    m0.g = &g0;
    g0.m = &m0;
}

static int end(void)
{
    printf("1..%d\n", checks);
    return failures != 0;
}

// blocks is how many were allocated so far.
static uint64_t blocks(void)
{
    struct heap_counts c;
    mcache_flush_counts();
    heap_counts(&c);
    return c.mallocs;
}

static const uint8_t first_word[] = {1};
static const gomem_type string_type = {.size = 2 * sizeof(void *),
                                       .ptrdata = sizeof(void *),
                                       .mask = first_word,
                                       .mask_size = 2 * sizeof(void *),
                                       .align = sizeof(void *),
                                       .kind = GOMEM_STRING};
static const gomem_type slice_type = {.size = 3 * sizeof(void *),
                                      .ptrdata = sizeof(void *),
                                      .mask = first_word,
                                      .mask_size = 3 * sizeof(void *),
                                      .align = sizeof(void *),
                                      .kind = GOMEM_SLICE};
