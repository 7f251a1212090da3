// memcheck.h: what ref tells Valgrind's memcheck in the build for it (REF_VALGRIND, make memcheck); nothing in other builds.
//
// Each block is one of Valgrind's, as if malloc had given it: from its allocation to the sweep that finds it dead. What nobody has
// cleared counts as not written; the rest of the heap's pages is out of bounds, but for the bits that spans keep in their own.
// Of a pointer-free block only the bytes asked for are in bounds; one with pointers is the collector's to its end.
//
// A managed stack is in bounds, and not written, from pool_get to pool_put. A machine stack is registered, so that a switch is not taken
// for a call with a huge frame. Descriptors come from malloc: one that is lost is a leak at exit; those on lists, and those of
// what still runs, are reachable.
#ifndef REF_MEMCHECK_H
#define REF_MEMCHECK_H

#ifdef REF_VALGRIND
#include <valgrind/memcheck.h>

#define memcheck_closed(p, size)      ((void)VALGRIND_MAKE_MEM_NOACCESS(p, size))
#define memcheck_fresh(p, size)       ((void)VALGRIND_MAKE_MEM_UNDEFINED(p, size))
#define memcheck_written(p, size)     ((void)VALGRIND_MAKE_MEM_DEFINED(p, size))
#define memcheck_block(p, size, zero) VALGRIND_MALLOCLIKE_BLOCK(p, size, 0, zero)
#define memcheck_dead(p)              VALGRIND_FREELIKE_BLOCK(p, 0)
#define memcheck_stack(low, top)      ((void)VALGRIND_STACK_REGISTER(low, top))
#else
#define memcheck_closed(p, size)      ((void)0)
#define memcheck_fresh(p, size)       ((void)0)
#define memcheck_written(p, size)     ((void)0)
#define memcheck_block(p, size, zero) ((void)0)
#define memcheck_dead(p)              ((void)0)
#define memcheck_stack(low, top)      ((void)0)
#endif

#endif
