// asan.h: what the address sanitizer is told where it instruments ref (make check-asan); nothing in other builds.
//
// It believes to know the bounds of the running thread's stack, of which it unpoisons the used part when a function does not return. So each
// switch announces the stack that it goes to, and the first thing behind a switch is to say that it has arrived. Frames that were left
// without a return stay poisoned: a machine stack is cleaned before another goroutine uses it.
#ifndef REF_ASAN_H
#define REF_ASAN_H

#include <stddef.h>

struct asan_stack {
    const void *low;
    size_t size;
};

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>

static inline void asan_leave(const void *low, size_t size)
{
    __sanitizer_start_switch_fiber(NULL, low, size);
}

// asan_arrive stores the bounds of the stack that was left.
static inline void asan_arrive(struct asan_stack *from)
{
    __sanitizer_finish_switch_fiber(NULL, &from->low, &from->size);
}

static inline void asan_clean(void *low, size_t size)
{
    __asan_unpoison_memory_region(low, size);
}
#else
#define asan_leave(low, size) ((void)0)
#define asan_arrive(from)     ((void)(from))
#define asan_clean(low, size) ((void)0)
#endif

#endif
