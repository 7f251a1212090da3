// See race.h. The detector's interface for Java is used for memory that is handed out anew: java_free forgets the edges' places in a
// range, java_alloc the accesses.
#include "race.h"

#ifdef REF_RACE

#include <link.h>
#include <string.h>

#include "ref.h"

void *__tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void *fiber);
void AnnotateIgnoreSyncBegin(const char *file, int line);
void AnnotateIgnoreSyncEnd(const char *file, int line);
void AnnotateIgnoreWritesBegin(const char *file, int line);
void AnnotateIgnoreWritesEnd(const char *file, int line);

static char began; // the place of what precedes every goroutine: the binding of the unit

// A fiber is nobody's child: it is ordered with nothing.
static void *fiber_new(void)
{
    AnnotateIgnoreSyncBegin(__FILE__, __LINE__);
    void *fiber = __tsan_create_fiber(0);
    AnnotateIgnoreSyncEnd(__FILE__, __LINE__);
    return fiber;
}

void race_begin(struct g *g)
{
    race_fresh(g, round_up(sizeof *g, 8));
    g->fiber = fiber_new();
    race_acquire_for(g, &began);
}

void race_end(struct g *g)
{
    __tsan_destroy_fiber(g->fiber);
    g->fiber = NULL;
}

#ifndef REF_RACE_PROGRAM

void race_init(void)
{
}

#else

void __tsan_java_init(uintptr_t start, uintptr_t size);
void __tsan_java_alloc(const void *p, uintptr_t size);
void __tsan_java_free(const void *p, uintptr_t size);
void __tsan_acquire(const void *place);
void __tsan_release(const void *place);
void __tsan_read_range(const void *p, uintptr_t size);
void __tsan_write_range(const void *p, uintptr_t size);

// When the detector reports an address it looks downwards from there for the block that has it, so there is one at the start of
// every segment of variables.
static int mark_segments(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size, (void)unused;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD && info->dlpi_phdr[i].p_flags & PF_W)
            __tsan_java_alloc((void *)((info->dlpi_addr + info->dlpi_phdr[i].p_vaddr) & ~(uintptr_t)7), 8);
    return 0;
}

void race_init(void)
{
    __tsan_java_init(8, (uintptr_t)1 << 47); // wherever memory is
    dl_iterate_phdr(mark_segments, NULL);
    race_release(&began);
}

// What is mapped is nobody's write.
void race_begin_mapping(void)
{
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
}

void race_end_mapping(void)
{
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
}

// at is the place itself. The fault orders everything: all places are one.
static const void *at(const void *place)
{
    return FAULT(all_ordered) ? &began : place;
}

void race_acquire(const void *place)
{
    __tsan_acquire(at(place));
}

void race_release(const void *place)
{
    __tsan_release(at(place));
}

void race_give(const void *place)
{
    __tsan_java_free((const void *)((uintptr_t)place & ~(uintptr_t)7), 8);
    __tsan_release(at(place));
}

void race_acquire_for(struct g *g, const void *place)
{
    void *me = race_current();
    race_switch(g->fiber);
    __tsan_acquire(at(place));
    race_switch(me);
}

void race_release_for(struct g *g, const void *place)
{
    void *me = race_current();
    race_switch(g->fiber);
    __tsan_release(at(place));
    race_switch(me);
}

void race_pass(struct g *to, const void *place)
{
    race_give(place);
    race_acquire_for(to, place);
}

void race_meet(struct g *other, const void *place)
{
    race_pass(other, place);
    race_release_for(other, place);
    race_acquire(place);
}

void race_fresh(const void *p, uintptr_t size)
{
    __tsan_java_free(p, size);
    __tsan_java_alloc(p, size);
}

void race_read(const void *p, uintptr_t size)
{
    __tsan_read_range(p, size);
}

void race_write(const void *p, uintptr_t size)
{
    __tsan_write_range(p, size);
}

// The detector intercepts these of libc wherever they are called, and would take what ref moves about for accesses of the program's.
// Within ref the names are these functions'.
void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    void *result = to;
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
    return result;
}

void *memmove(void *to, const void *from, size_t n)
{
    if ((uintptr_t)to - (uintptr_t)from >= n)
        return memcpy(to, from, n);
    for (volatile char *t = to; n-- > 0;)
        t[n] = ((const char *)from)[n];
    return to;
}

void *memset(void *to, int byte, size_t n)
{
    void *result = to;
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(n) : "a"(byte) : "memory");
    return result;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const volatile unsigned char *x = a, *y = b;
    for (size_t i = 0; i < n; i++)
        if (x[i] != y[i])
            return x[i] - y[i];
    return 0;
}

#endif
#endif
