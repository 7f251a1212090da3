// heap.h: what the allocator promises the other parts of ref (its own parts share heap/internal.h).
//
// Blocks are those of Go 1.26: 67 size classes in spans of 8 KiB pages, apart for blocks with pointers and without; tiny pointer-free
// blocks share 16 bytes; what is larger than 32760 bytes has pages of its own. A small block comes from the P's mcache, which
// holds one span per class and needs no lock; an empty span is exchanged at the class's mcentral, which sweeps before it takes pages from
// the page heap, which asks the OS for arenas.
//
// None of these is a safepoint, and none may be called with a lock held whose rank is above RANK_SPECIAL. A block that nobody has
// published yet is initialised by plain stores. A block lives until a collection finds that no root reaches it.
#ifndef REF_HEAP_H
#define REF_HEAP_H

#include "../ref.h"

enum { HEAP_PAGE_SHIFT = 13, HEAP_PAGE = 1 << HEAP_PAGE_SHIFT };

// heap_init comes before everything else here; release is the minor number of the Go release to emulate (22 ... 26).
void heap_init(int release);

// The cache of a P, without spans at first. Release gives all spans and counters back; the P runs nothing meanwhile.
struct mcache *mcache_new(void);
void mcache_release(struct mcache *c);

// heap_alloc returns a block of size bytes for n_elems values of type elem (NULL, or a type without pointers: pointer-free). It is
// zero if `zero` says so or if it may hold pointers. Size 0 gives one fixed address. It never returns NULL: when memory runs out the
// process ends as Go's does. The caller owns p.
void *heap_alloc(struct p *p, uintptr_t size, const gomem_type *elem, bool zero, uintptr_t n_elems);

// heap_array_size tells whether n values of type elem can be in one block at all, and their bytes.
bool heap_array_size(const gomem_type *elem, intptr_t n, uintptr_t *bytes);

// heap_round returns the usable bytes of the block that serves a request of size bytes: what append makes a capacity of.
uintptr_t heap_round(uintptr_t size, bool noscan);

// heap_find tells whether p points into a block that is allocated, and gives the block. Any thread; exact while the block cannot die.
bool heap_find(const void *p, void **base, uintptr_t *size);

// Operations of the contract's heap group that need no other part.
void *heap_new_object(gomem_g *g, const gomem_type *type);
void *heap_new_array(gomem_g *g, const gomem_type *elem, intptr_t n); // [panics] makeslice: len out of range
uint8_t *heap_new_bytes(gomem_g *g, intptr_t n);                      // likewise; not zeroed

// Pages for a purpose of the runtime's own, such as managed stacks: not collected, not zeroed, counted as stack_inuse. Any thread;
// takes RANK_PAGES. NULL when memory ran out.
void *heap_stack_pages(uintptr_t pages);
void heap_stack_pages_free(void *p);

// meta_alloc gives zeroed memory that is never freed, for descriptors of the runtime. Any thread; takes RANK_OS.
void *meta_alloc(uintptr_t size, uintptr_t align);

// ---- statistics ----

// What tests and the probe count. Exact while the world is stopped.
struct heap_counts {
    uint64_t mallocs, frees, total_alloc, total_free;   // blocks and bytes since the start; each tiny object counts
    uint64_t tiny;                                      // tiny objects among mallocs and frees that share a block
    uint64_t refills;                                   // spans an mcache took from an mcentral
    uint64_t grows;                                     // spans an mcentral took from the page heap
    uint64_t os_grows;                                  // times the page heap asked for address space or memory
    uint64_t sweeps;                                    // spans swept
    uint64_t in_use, idle, released, stacks, meta, sys; // bytes
};
void heap_counts(struct heap_counts *c); // the world is stopped, or nobody allocates

void heap_size_stats(gomem_size_stats *of, int n); // of the first n classes; after heap_counts

// heap_scavenge gives free pages back to the OS until at most keep bytes of free memory are backed, and returns the bytes given.
uintptr_t heap_scavenge(uintptr_t keep);

#endif
