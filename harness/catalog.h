// The rule catalogue: spec/rules.tsv in memory. The columns are explained in spec/README.md.
#ifndef GOMEM_CATALOG_H
#define GOMEM_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

enum strength { LANG, IMPL, FREE, MYTH, STRENGTHS };
extern const char *const strength_name[STRENGTHS];

// A bound on releases. minor 0: unbounded. language: the language version decides, not the toolchain's release.
struct bound {
    int minor;
    bool language;
};

struct rule {
    const char *id, *claim, *source;
    enum strength strength;
    bool src, precise; // the marks
    struct bound since, until;
    int line; // in rules.tsv
};

struct catalog {
    struct rule *rules;
    size_t len;
    char **errors; // one line each, "rules.tsv:12: ...", NULL-terminated; lint reports them
};

// catalog_load reads ROOT/spec/rules.tsv; dies with EXIT_BACKEND when there is none.
struct catalog catalog_load(const char *root);
const struct rule *catalog_find(const struct catalog *c, const char *id);

// parse_bound reads "-", "1.24" or "lang1.22"; false when it is none of them.
bool parse_bound(const char *s, struct bound *b);
// bound_text writes a bound as users read it: "go1.24", "language go1.22".
char *bound_text(struct bound b);

#endif
