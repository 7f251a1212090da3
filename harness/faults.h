// The table of faults (backends/faults/faults.tsv): backends broken on purpose, each an alternative that is built in or an edit of the tree, with the rules it must break.
#ifndef GOMEM_FAULTS_H
#define GOMEM_FAULTS_H

#include "util.h"

struct fault_edit {
    char *file, *text, *fault; // of the file below the root, text, which is there once, becomes fault
};

struct fault {
    char *name, *what;    // name "-": none; it says why no fault breaks what it must
    struct vec must, may; // ids of rules; patterns
    struct vec edits;     // struct fault_edit *; none for an alternative that is built in
};

// faults_load returns the faults, struct fault *, in the table's order; lines that cannot be read are in errors, as FILE:LINE: MESSAGE.
struct vec faults_load(const char *root, struct vec *errors);

// fault_missing tells of a line that says why there is no fault.
bool fault_missing(const struct fault *f);

// fault_misplaced returns what is wrong with an edit's place in the tree as it is, NULL when nothing is.
char *fault_misplaced(const struct fault *f, const char *root);

#endif
