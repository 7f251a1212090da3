// What commands that read Go source are given: one folder, or the Go files of one, and the package that it is.
#ifndef GOMEM_OPERANDS_H
#define GOMEM_OPERANDS_H

#include "../compiler/package.h"
#include "util.h"

struct operands {
    const char *command; // for messages
    struct vec files;    // empty: the folder
    const char *dir;     // NULL: none given yet
};

// operands_option gives the value of an option, NAME VALUE or NAME=VALUE at argv[*i], and goes to the last word of it; NULL when another
// word is there. It dies with EXIT_USAGE when there is no value.
char *operands_option(const char *command, const char *name, char **argv, int *i);
// operands_take adds a word that is no option; it dies with EXIT_USAGE when it cannot be.
void operands_take(struct operands *o, char *word);
struct package *operands_load(const struct operands *o, struct package_loader *l, const char *path);
// operands_short_path names a file as the go command does: from where one stands when that is shorter.
const char *operands_short_path(const char *name);

#endif
