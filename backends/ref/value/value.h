// value.h: strings, slices that grow, boxes and maps: what value/ promises the other parts of ref.
//
//   slice.c   append beyond the capacity      box.c    values in interfaces
//   string.c  concatenation, conversions      utf8.h   runes
//   map.c     operations on maps              table.c  one table of a map: probing, growth, tombstones
//   iter.c    iteration                       group.c  layout of a group of slots; map.h is what these four share
//
// None of these is a safepoint. All memory comes from heap/ by the running goroutine's P; a fresh block is filled by plain stores, or
// through the barrier where its contents come from other blocks while the collector marks.
#ifndef REF_VALUE_H
#define REF_VALUE_H

#include "../ref.h"

// Of the group heap: grow_slice and box (spec/gomem.h).
gomem_slice slice_grow(gomem_g *g, const gomem_type *elem, gomem_slice old, intptr_t need); // [panics]
void *value_box(gomem_g *g, const gomem_type *type, const void *value);

// p_random gives 64 random bits of the P's own generator; the caller owns p.
uint64_t p_random(struct p *p);

extern const gomem_strings_group ref_strings_group;
extern const gomem_maps_group ref_maps_group;

#endif
