// What the files of panic/ share.
#ifndef REF_PANIC_INTERNAL_H
#define REF_PANIC_INTERNAL_H

#include <stdio.h>
#include <string.h>

#include "panic.h"

GOMEM_NORETURN void die_of_panic(struct g *g); // nobody recovered: print the panics, end

#endif
