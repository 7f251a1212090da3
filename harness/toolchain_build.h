// Building the items of a plan with a toolchain: see toolchain.h.
#ifndef GOMEM_TOOLCHAIN_BUILD_H
#define GOMEM_TOOLCHAIN_BUILD_H

#include "backend.h"

void toolchain_build(struct backend *b, struct plan *plan);

#endif
