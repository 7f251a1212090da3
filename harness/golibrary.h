// Where the packages that Go source imports are found, when it is only read: in its module, the folders that go.mod names (vendor, replacements,
// the cache of modules), the library of a Go distribution, and gomem's own for what neither has.
#ifndef GOMEM_GOLIBRARY_H
#define GOMEM_GOLIBRARY_H

#include "../compiler/package.h"
#include "gomod.h"
#include "util.h"

struct golibrary {
    struct package_root *roots;
    uint32_t count;
    const char *own; // the folder of gomem's library
    int release;     // minor version whose library it is
};

// golibrary_goroot is the folder given if there is a Go distribution in it, and dies with EXIT_USAGE if not. golibrary_usual_goroot is the one that
// a user means without naming it: GOROOT's in the environment, that of go on PATH, /usr/local/go; NULL when there is none.
const char *golibrary_goroot(const char *dir);
const char *golibrary_usual_goroot(void);

// golibrary_find: goroot is the distribution whose library is read, NULL for gomem's alone; dir is the folder of the source, for when there
// is no module.
struct golibrary golibrary_find(const struct gomod *m, const char *dir, const char *goroot);

// golibrary_tags adds what holds in builds by the toolchain of that release, besides the tags that there always are.
void golibrary_tags(struct vec *tags, int release);

#endif
