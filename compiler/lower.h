/*
 * lower: from the checked tree of a package to C against spec/gomem.h.
 *
 * Each package becomes one C file that stands alone: it defines the package's functions, variables and initialisation, and
 * declares what it uses of other packages. Type descriptors, itabs, wrappers and instances of generic code are weak and hidden, so
 * every file that uses one has it and the linker keeps one. A program is the objects of its packages, the unit's table
 * (lower_unit) and compiler/lib/gomem/rt/rt.c.
 *
 * Parts: lower_internal.h tells how a function is lowered; live.c computes liveness, emit.c prints.
 */
#ifndef GOMEM_COMPILER_LOWER_H
#define GOMEM_COMPILER_LOWER_H

#include "check.h"
#include "fault.h"

struct lower_options {
    enum compile_fault fault; /* a mistake to make on purpose */
    bool no_escape;           /* every variable whose address is taken, every allocation: on the heap */
    bool reflects;            /* the unit has package reflect */
    const char *library;      /* the folder that names of the library's files are without in the C, or NULL */
};

/* The C of a package that was checked without errors; what cannot be lowered is reported in the compilation's diags. */
const char *lower_package(struct program *p, struct package *package, const struct lower_options *options);

/* The C of a unit whose main package is this one; packages are those it consists of, dependencies first. */
const char *lower_unit(struct program *p, struct package *const *packages, uint32_t count, const char *name);

#endif
