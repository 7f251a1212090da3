// Where the packages that Go source imports are found, when it is only read: in its module, the folders that go.mod names (vendor, replacements,
// the cache of modules), and the library of a Go distribution, or gomem's own where there is none.
#ifndef GOMEM_GOLIBRARY_H
#define GOMEM_GOLIBRARY_H

#include "../compiler/package.h"
#include "gomod.h"
#include "util.h"

struct golibrary {
    struct package_root *roots;
    uint32_t count;
    const char *goroot; // the distribution's folder; NULL: gomem's library
    int release;        // minor version whose library it is
};

// golibrary_find takes the distribution given, or else GOROOT's in the environment, that of go on PATH, /usr/local/go. dir is the folder of
// the source, for when there is no module.
struct golibrary golibrary_find(const struct gomod *m, const char *dir, const char *goroot);

// golibrary_tags adds what holds in builds by the toolchain of that release, besides the tags that there always are.
void golibrary_tags(struct vec *tags, int release);

#endif
