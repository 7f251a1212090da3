// The cases as the harness sees them: what the scanner reads from the Go files below cases/ without compiling them.
// The form is explained in cases/README.md; the scanner knows comments, directives and top-level `func` lines, no more Go.
#ifndef GOMEM_CASES_H
#define GOMEM_CASES_H

#include <stdbool.h>
#include <stddef.h>

#include "catalog.h"
#include "util.h"

enum kind {
    FUNCTION,    // runs inside its area's executable
    PROGRAM,     // a package main of its own
    DIAGNOSTICS, // graded from the compiler's -m output, not run
    COMPILE,     // compiled for foreign targets, not run
};

enum tier { QUICK, FULL, NIGHTLY, TIERS };
extern const char *const tier_name[TIERS];

enum race { RACE_NONE, RACE_SILENT, RACE_REPORT };

enum grade { REQUIRED, ALLOWED, INTERESTING, FORBIDDEN, GRADES };
extern const char *const grade_name[GRADES];

// One row of an outcome table.
struct outcome {
    enum grade grade;
    char *key, *why; // why may be empty
};

// One expected diagnostic: message on a line, within bounds.
struct want {
    int line;
    struct bound since, until;
    char *message;
};

// A Go file below cases/. tags is its //go:build expression, NULL when it has none.
struct gofile {
    char *path; // relative to cases/
    char *package;
    char *tags;
};

struct kase {
    char *name, *area, *function, *claim;
    char *rule_id;
    const struct rule *rule; // NULL when the catalogue has no such rule (then error is set)
    enum kind kind;
    struct gofile *file;
    int line, end; // the lines it owns, both inclusive; line is that of the func
    int first;     // the first line of its doc comment
    struct bound since, until;
    struct vec needs, env, errs, outs, targets; // words; NAME=VALUE; texts; texts; GOOS/GOARCH
    struct vec outcomes, wants;                 // struct outcome *, struct want *
    enum tier tier;
    enum race race;
    bool inlined;    // built with inlining on
    bool dies;       // has an exit directive
    int exit;        // with that status
    int timeout;     // seconds, 0: default
    long memory_mib; // 0: default
    char *error;     // what is malformed, "file:line: ..."; NULL when nothing is
};

struct suite {
    char *root;       // the folder that holds cases/
    struct vec cases; // struct kase *, sorted by name
    struct vec files; // struct gofile *, every Go file, cases or not
    struct vec areas; // char *
};

// suite_load scans ROOT/cases and links each case to its rule.
struct suite suite_load(const char *root, const struct catalog *catalog);

// Is it a word of `needs`?
bool is_capability(const char *word);

// A case matches a pattern that contains a slash by its name, any other by its rule's id.
bool case_matches(const struct kase *c, const char *pattern);
// suite_require_known ends the command when a pattern selects no rule and no case, and says what would.
void suite_require_known(const struct suite *s, const struct catalog *catalog, const struct vec *patterns);

#endif
