// Toolchain backends: a Go toolchain builds the cases itself. What differs between toolchains is data, one file
// backends/NAME/toolchain each:
//
//     command C       what `--backend NAME` runs (words; `toolchain:PATH` also takes a path with spaces, without arguments)
//     identify GLOB   what the output of `C version` looks like; `toolchain:COMMAND` finds its description by it
//     minimum 1.N     the oldest release that is taken
//     release 1.N     of a toolchain whose version does not say it
//     profile gc      its IMPL rules are demanded, not only compared
//     has WORD...     capabilities (words of `needs`, cases/README.md)
//     plain FLAG      one argument of `C build` for ordinary cases; likewise, each absent where it is not supported:
//     inline, race, diagnostics, diagnostics-inline, compile
//
// The cases are copied to a build tree, with the go line of the language version asked for and a generated package main per
// area, so the sources stay as they are and a file that a toolchain does not take can be left out: its cases fail as not
// built, the others of its area run.
#ifndef GOMEM_TOOLCHAIN_H
#define GOMEM_TOOLCHAIN_H

#include "backend.h"

enum flavour { PLAIN, INLINE, RACE, DIAG, DIAG_INLINE, COMPILE_ONLY, FLAVOURS };

struct description {
    char *name, *dir;
    struct vec command, identify, has;
    int minimum, release; // release 0: its version says it
    bool gc_profile;
    bool supports[FLAVOURS];
    struct vec flags[FLAVOURS];
};

struct toolchain {
    struct backend backend;
    struct description *description;
    struct vec command;     // its words
    char *arch;             // GOARCH, "" for the host's
    char *tree;             // the copy of cases/
    char *bin;              // executables
    struct vec environment; // for the toolchain's commands
    double timeout;
    const char *root;
    struct vec dropped; // files left out, relative to cases/, and names of cases
};

// tree_write brings the build tree up to date: sources (less the dropped files), go.mod, one main package per area, in
// zz_main/AREA.
void tree_write(const struct toolchain *t, const struct suite *suite);

// description_load reads backends/NAME/toolchain; NULL when there is none.
struct description *description_load(const char *root, const char *name);
// set_target adds the capabilities and build tags that follow from the architecture.
void set_target(struct toolchain *t);

#endif
