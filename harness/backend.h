// A backend: what builds the cases and runs them. This is what the rest of the harness knows of one.
#ifndef GOMEM_BACKEND_H
#define GOMEM_BACKEND_H

#include <stdbool.h>

#include "plan.h"
#include "util.h"

struct backend {
    char *spec;              // as the user gave it
    char *title;             // for people: "go1.26.8 linux/amd64, language go1.26"
    int minor, language;     // the release it emulates, and the language version: 26 for go1.26
    bool gc_profile;         // IMPL rules are failures, not differences
    bool race;               // the race lane
    bool silent_only;        // of it, the cases that must not be reported: race=implementation
    bool memcheck;           // under Valgrind: what it reports fails a case
    bool slow;               // ten times slower than others or more: fewer trials, more memory
    double time_factor;      // watchdogs wait so many times as long
    struct vec capabilities; // words of `needs`
    struct vec tags;         // build tags that hold besides go1.N
    char *expect;            // path of the list of expected failures beside the backend, NULL: none
    struct vec environment;  // NAME=VALUE for each case's process
    struct vec runner;       // words before a case's executable on its command line
    char *trace_dir;         // where traces of operations may be written; NULL: it has none
    void *private;

    // build makes every item that is not skipped ready to run, or sets its unbuilt; it dies with EXIT_BACKEND when the
    // backend as a whole is of no use.
    void (*build)(struct backend *b, struct plan *plan);
};

// before_bound and after_bound: the backend's release, or language version, lies before since, or after until.
static inline bool before_bound(const struct backend *b, struct bound since)
{
    return since.minor && (since.language ? b->language : b->minor) < since.minor;
}

static inline bool after_bound(const struct backend *b, struct bound until)
{
    return until.minor && (until.language ? b->language : b->minor) > until.minor;
}

static inline bool within_bounds(const struct backend *b, struct bound since, struct bound until)
{
    return !before_bound(b, since) && !after_bound(b, until);
}

// A chosen backend's options that the harness reads.
struct backend_settings {
    const char *root;      // gomem's folder
    const char *build_dir; // where it may write
    const char *bin_dir;   // where gomem's own executables and libraries are
    double build_timeout;  // seconds, for each command
};

// backend_open finds out what SPEC names: a toolchain, or the shared object of a runtime. It dies with one line and EXIT_BACKEND
// when the backend cannot be used, with EXIT_USAGE for unknown options.
struct backend *backend_open(const char *spec, const struct backend_settings *settings);

// toolchain_open probes a Go toolchain: `go[:opts]`, another one described below backends/, or `toolchain:COMMAND[:opts]`.
struct backend *toolchain_open(const char *spec, const struct backend_settings *settings);

// runtime_open probes a runtime: `NAME[+NAME][:opts]`, a NAME being a path or one of gomem's own (build/lib/libNAME.so).
struct backend *runtime_open(const char *spec, const struct backend_settings *settings);

// runtime_objects turns NAME[+NAME] into the paths of shared objects, joined by +.
char *runtime_objects(const char *names, const struct backend_settings *settings);

// runtime_lane_among returns the word of the options that asks for a lane, which only checks have; NULL without one.
const char *runtime_lane_among(const char *options);

#endif
