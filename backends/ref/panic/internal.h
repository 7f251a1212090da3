// What the files of panic/ share.
#ifndef REF_PANIC_INTERNAL_H
#define REF_PANIC_INTERNAL_H

#include <stdio.h>
#include <string.h>

#include "panic.h"

#endif
