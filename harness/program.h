// A Go program for users, as gomem's compiler builds it: cmd_program.c reads the command line, cmd_unit.c builds.
#ifndef GOMEM_PROGRAM_H
#define GOMEM_PROGRAM_H

#include "gomod.h"
#include "util.h"

struct program_request {
    struct vec files; // the Go files of the package main; empty: dir is it
    const char *dir;  // the package's folder
    struct gomod module;
    const char *out;
    bool no_escape, inlined;
    const char *archive; // of the backend, .a or .so: an executable is linked with it; NULL: a unit is made
    const char *options; // the backend's
    const char *starter; // libstandalone.a
};

// program_build returns an exit status; what is wrong is on stderr then.
int program_build(const struct program_request *r);

#endif
