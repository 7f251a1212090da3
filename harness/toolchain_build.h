// Building the items of a plan with a toolchain: see toolchain.h.
#ifndef GOMEM_TOOLCHAIN_BUILD_H
#define GOMEM_TOOLCHAIN_BUILD_H

#include "backend.h"

void toolchain_build(struct backend *b, struct plan *plan);

// toolchain_lock waits until no other driver builds in the tree or runs what is built there; it returns the descriptor of the lock.
int toolchain_lock(const char *tree);

#endif
