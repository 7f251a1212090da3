/*
 * package: finding, reading and checking packages.
 *
 * A loader answers imports. Roots map import paths to directories: the root with the longest prefix that matches (a whole path
 * element) and has such a directory wins, so `gomem/cases` may live elsewhere than the library. All files of the directory that the
 * tags let in make the package; a file that imports "C" takes no part, as without cgo. Each package is loaded once, those it
 * imports before it. The language version of a file is the package's, or what its //go:build line implies (at least go1.21).
 */
#ifndef GOMEM_COMPILER_PACKAGE_H
#define GOMEM_COMPILER_PACKAGE_H

#include "buildtag.h"
#include "check.h"

struct package_root {
    const char *prefix; /* "" matches every path */
    const char *directory;
    bool users; /* not gomem's own: what only a runtime's own packages may hold is refused there (package.c) */
    bool own;   /* gomem's library: in the newest language, whatever the program's is */
};

struct package_loader {
    struct program *program;
    const struct package_root *roots;
    uint32_t root_count;
    struct buildtag_set tags;
    int go_version;      /* minor; 0: no limit */
    bool despite_errors; /* check what has syntax errors too (for tests of the checker) */
    struct package **loaded;
    uint32_t count;
    size_t capacity;
};

/* Makes the loader answer the program's imports. The program, roots and tags stay the caller's. */
void package_loader_init(struct package_loader *l, struct program *p, const struct package_root *roots,
                         uint32_t root_count, const struct buildtag_set *tags, int go_version);

/* The package of that import path, checked; NULL when there is none (nothing reported). */
struct package *package_load(struct package_loader *l, const char *path);

/* A package of the files named, whatever their tags say; path is its import path. */
struct package *package_load_files(struct package_loader *l, const char *path, const char *const *names,
                                   uint32_t count);

/* The minor version N that a //go:build line implies (go1.N and above), 0 when none. */
int package_implied_version(const char *constraint, size_t length);

#endif
