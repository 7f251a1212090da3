/*
 * buildtag: does a file take part in the build?
 *
 * Two things decide, as in the go command: the file's name (x_GOOS.go, x_GOARCH.go, x_GOOS_GOARCH.go, x_test.go) and the
 * //go:build line above its package clause. Both ask a set of tags: the target's, `gomem` as the compiler's name, go1.1 up
 * to the release, and what the user adds.
 */
#ifndef GOMEM_COMPILER_BUILDTAG_H
#define GOMEM_COMPILER_BUILDTAG_H

#include "ast.h"

struct buildtag_set {
    const char *os;           /* "linux"; `unix` follows from it */
    const char *arch;         /* "amd64", "386" */
    unsigned release;         /* 26: go1.1 … go1.26 hold */
    bool tests;               /* _test.go files take part */
    bool gc;                  /* as for Go's own toolchain, so that its tag holds and gomem's does not */
    const char *const *extra; /* NULL-terminated list of further tags, or NULL */
};

bool buildtag_holds(const struct buildtag_set *set, const char *tag, size_t length);

/* By its name alone; a path's directories do not count. */
bool buildtag_match_name(const struct buildtag_set *set, const char *path);

/*
 * Evaluates a constraint, the text behind `//go:build`. False with *error set to a message when it is malformed, *offset
 * then being where in the text.
 */
bool buildtag_evaluate(const struct buildtag_set *set, const char *text, size_t length, const char **error,
                       size_t *offset);

/*
 * Whether a file takes part, by its name and constraint. Looks only at the part of the text above the package clause,
 * so files that are not meant for this build need not parse. A malformed or second constraint is reported in c->diags.
 */
bool buildtag_match_file(struct gomem_compilation *c, const struct buildtag_set *set, const struct source_file *file);

#endif
