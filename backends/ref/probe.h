// The probe of ref: counters for white-box cases (spec/gomem.h, gomem_probe_group).
#ifndef REF_PROBE_H
#define REF_PROBE_H

#include "gomem.h"

extern const gomem_probe_group ref_probe_group;

#endif
