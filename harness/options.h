// The command line: one table of options feeds parsing, --help and the manual page.
#ifndef GOMEM_OPTIONS_H
#define GOMEM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "cases.h"
#include "util.h"

struct options {
    const char *backend;
    struct vec rules, exclude, expect; // patterns, patterns, paths
    bool strength[STRENGTHS];
    enum tier tier;
    int jobs, repeat;
    uint64_t seed;
    bool seed_given;
    double timeout, build_timeout;
    const char *format, *output;
    int shard, shards; // the shard-th of so many; shards 0: all
    bool by_rule, trace;
    const char *versus, *filter; // of bench
    int repetitions;             // 0: not given
    bool quick;
    bool fail_fast, debug, gaps, cases;
    struct vec operands;
};

// A command of gomem and the options it takes.
struct command {
    const char *name, *operands, *summary, *essay;
    const char *takes; // names of options, each with a space before and behind
    int (*run)(const struct options *o);
};

// options_parse reads the words behind the command. It dies with EXIT_USAGE on anything it does not know, and prints the
// command's help and exits when asked to.
struct options options_parse(const struct command *command, int argc, char **argv);
void command_help(const struct command *command);

#endif
