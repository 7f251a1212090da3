// unwind.c: common/unwind.h, with ref as the host.
#include "internal.h"

#define host_unit ref_unit
#include "../../common/unwind_impl.h"
