// See options.h. getopt_long does the parsing; the table below says what there is.
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output.h"

struct option_row {
    const char *name;     // COMMAND:NAME where a command's differs from others'
    const char *argument; // NULL: a flag
    const char *range;    // what is taken, for messages
    const char *initial;  // the default, as text
    const char *help;
    bool (*set)(struct options *o, char *value); // false: out of range
};

static bool set_int(int *to, const char *s, long low, long high)
{
    char *end;
    errno = 0;
    long n = strtol(s, &end, 10);
    *to = (int)n;
    return end > s && !*end && !errno && n >= low && n <= high;
}

static bool set_seconds(double *to, const char *s)
{
    char *end;
    *to = strtod(s, &end);
    return end > s && !*end && isfinite(*to) && *to > 0 && *to <= 86400;
}

static bool set_word(const char *const *names, int n, const char *s, int *index)
{
    for (*index = 0; *index < n; ++*index)
        if (!strcmp(names[*index], s))
            return true;
    return false;
}

static bool set_backend(struct options *o, char *v)
{
    o->backend = v;
    return *v != 0;
}

static bool set_rule(struct options *o, char *v)
{
    vec_push(&o->rules, v);
    return *v != 0;
}

static bool set_exclude(struct options *o, char *v)
{
    vec_push(&o->exclude, v);
    return *v != 0;
}

static bool set_strength(struct options *o, char *v)
{
    struct vec words = split(xstrdup(v), ",");
    memset(o->strength, 0, sizeof o->strength);
    for (size_t i = 0; i < words.len; i++) {
        int s;
        if (!set_word(strength_name, STRENGTHS, words.at[i], &s))
            return false;
        o->strength[s] = true;
    }
    return words.len > 0;
}

static bool set_tier(struct options *o, char *v)
{
    int t;
    bool ok = set_word(tier_name, TIERS, v, &t);
    o->tier = (enum tier)t;
    return ok;
}

static bool set_jobs(struct options *o, char *v)
{
    return set_int(&o->jobs, v, 1, 60);
}

static bool set_seed(struct options *o, char *v)
{
    char *end;
    errno = 0;
    o->seed = strtoull(v, &end, 10);
    o->seed_given = true;
    return *v >= '0' && *v <= '9' && !*end && !errno;
}

static bool set_repeat(struct options *o, char *v)
{
    return set_int(&o->repeat, v, 1, 1000000);
}

static bool set_timeout(struct options *o, char *v)
{
    return set_seconds(&o->timeout, v);
}

static bool set_build_timeout(struct options *o, char *v)
{
    return set_seconds(&o->build_timeout, v);
}

static bool set_fail_fast(struct options *o, char *v)
{
    (void)v;
    return o->fail_fast = true;
}

static bool set_expect(struct options *o, char *v)
{
    vec_push(&o->expect, v);
    return true;
}

static bool set_format(struct options *o, char *v)
{
    o->format = v;
    return output_format_named(v) != NULL;
}

static bool set_shard(struct options *o, char *v)
{
    char *slash = strchr(v, '/');
    if (!slash)
        return false;
    char *first = xstrndup(v, (size_t)(slash - v));
    return set_int(&o->shards, slash + 1, 1, 10000) && set_int(&o->shard, first, 1, o->shards);
}

static bool set_trace_calls(struct options *o, char *v)
{
    (void)v;
    return o->trace = true;
}

static bool set_by(struct options *o, char *v)
{
    o->by_rule = !strcmp(v, "rule");
    return o->by_rule || !strcmp(v, "area");
}

static bool set_bench_format(struct options *o, char *v)
{
    o->format = v;
    return !strcmp(v, "text") || !strcmp(v, "json");
}

static bool set_versus(struct options *o, char *v)
{
    o->versus = v;
    return *v != 0;
}

static bool set_filter(struct options *o, char *v)
{
    o->filter = v;
    return true;
}

static bool set_repetitions(struct options *o, char *v)
{
    return set_int(&o->repetitions, v, 1, 1000);
}

static bool set_quick(struct options *o, char *v)
{
    (void)v;
    return o->quick = true;
}

static bool set_output(struct options *o, char *v)
{
    o->output = v;
    return *v != 0;
}

static bool set_debug(struct options *o, char *v)
{
    (void)v;
    return o->debug = true;
}

static bool set_gaps(struct options *o, char *v)
{
    (void)v;
    return o->gaps = true;
}

static bool set_cases(struct options *o, char *v)
{
    (void)v;
    return o->cases = true;
}

static const struct option_row table[] = {
    {"backend", "NAME[:OPTS]", "a name, a path or toolchain:COMMAND", "go",
     "what to check. go, gccgo: toolchains that backends/ describes; toolchain:COMMAND: any other Go command (words, "
     "or one path, which may "
     "hold spaces). Their OPTS, separated by commas: race (the race lane), lang=1.N (language version), arch=GOARCH. "
     "ref, portable: gomem's "
     "runtimes; PATH.so: one of yours (spec/gomem.h); A+B: what A lacks is taken from B, as in ./mine.so+portable. "
     "OPTS go to the first of "
     "them",
     set_backend},
    {"rule", "PATTERN", "a rule or a case", NULL,
     "only these: a rule's id (ALLOC.NEW), a case's name (alloc/NewEscapes), * allowed; may be repeated", set_rule},
    {"exclude", "PATTERN", "a rule or a case", NULL, "not these; may be repeated", set_exclude},
    {"strength", "LIST", "LANG, IMPL, FREE, MYTH, separated by commas", "all",
     "only rules of these strengths: LANG, IMPL, FREE, MYTH, separated by commas", set_strength},
    {"tier", "TIER", "quick, full or nightly", "quick", "how much to run: quick, full or nightly", set_tier},
    {"jobs", "N", "1 to 60", "processors", "processes at once", set_jobs},
    {"seed", "N", "a number", "from the clock", "where every case's random choices start; printed with each run",
     set_seed},
    {"repeat", "N", "1 to 1000000", "1", "runs of each case; it holds when all of them do", set_repeat},
    {"timeout", "SECONDS", "more than 0, at most 86400", "60, full 300, nightly 1800",
     "the watchdog for each process (a case can ask for more)", set_timeout},
    {"build-timeout", "SECONDS", "more than 0, at most 86400", "900", "the watchdog for each command of a toolchain",
     set_build_timeout},
    {"fail-fast", NULL, NULL, NULL, "stop at the first failure; what has not run is skipped by name", set_fail_fast},
    {"expect", "FILE", "a file", NULL, "a list of expected failures, lines of `PATTERN REASON`; may be repeated",
     set_expect},
    {"format", "FORMAT", "tap, tap14, junit or json", "tap", "tap (TAP 13), tap14, junit (its XML) or json (lines)",
     set_format},
    {"shard", "I/N", "I/N, as in 2/4", NULL,
     "the I-th of N parts of the selected cases; `gomem merge` joins their results", set_shard},
    {"trace-calls", NULL, NULL, NULL,
     "of a runtime backend: show the last operations that a failing case asked of it (it runs slower)",
     set_trace_calls},
    {"by", "WHAT", "area or rule", "area", "the table's lines: area or rule", set_by},
    {"output", "FILE", "a file", NULL, "write the chosen format there, and TAP to stdout", set_output},
    {"debug", NULL, NULL, NULL, "one case on this terminal, without watchdog and caps, for a debugger", set_debug},
    {"gaps", NULL, NULL, NULL, "only rules that lack a case or a fault", set_gaps},
    {"cases", NULL, NULL, NULL, "the cases, with their files", set_cases},
    {"bench:backend", "NAME[:OPTS]", "a name below backends/, a runtime or toolchain:COMMAND", "ref",
     "what to measure, as for gomem check", set_backend},
    {"vs", "NAME[:OPTS]", "a name below backends/, a runtime or toolchain:COMMAND", NULL,
     "what to compare it with: go, another runtime", set_versus},
    {"filter", "REGEX", "an extended regular expression", NULL,
     "only rows whose name it finds: '^Alloc', 'GCFullHeap/seq'", set_filter},
    {"repetitions", "N", "1 to 1000", "9, with --quick 3", "rounds", set_repetitions},
    {"quick", NULL, NULL, NULL, "shorter runs, and fewer: for a first look", set_quick},
    {"bench:format", "FORMAT", "text or json", "text",
     "text (a table), or json (Google Benchmark's, of the backend alone)", set_bench_format},
    {"bench:output", "FILE", "a file", NULL,
     "write JSON there when all is measured (with --vs, the other side's to FILE with .vs.json for .json), and the "
     "chosen format to stdout",
     set_output},
};

enum { OPTION_COUNT = COUNT_OF(table) };

// word_of is the option as the user writes it.
static const char *word_of(const struct option_row *r)
{
    const char *colon = strchr(r->name, ':');
    return colon ? colon + 1 : r->name;
}

static bool takes(const struct command *c, const char *name)
{
    char *word = format(" %s ", name);
    bool found = strstr(c->takes, word) != NULL;
    free(word);
    return found;
}

// wrap writes a text in lines of bounded width, indented.
static void wrap(const char *text, int indent)
{
    int column = indent;
    while (*text) {
        int n = (int)strcspn(text, " ");
        if (column > indent && column + 1 + n > 96) {
            printf("\n%*s", indent, "");
            column = indent;
        }
        printf("%s%.*s", column > indent ? " " : "", n, text);
        column += n + (column > indent);
        text += n + (text[n] == ' ');
    }
    putchar('\n');
}

void command_help(const struct command *c)
{
    printf("usage: gomem %s%s%s%s%s\n\n", c->name, c->takes[1] ? " [OPTION...]" : "", *c->operands ? " " : "",
           c->operands, "");
    wrap(c->essay, 0);
    bool headed = false;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *r = &table[i];
        if (!takes(c, r->name))
            continue;
        if (!headed)
            puts("\noptions:");
        headed = true;
        int n = printf("  --%s%s%s", word_of(r), r->argument ? " " : "", r->argument ? r->argument : "");
        printf("%*s", n < 27 ? 28 - n : 1, "");
        wrap(r->initial ? format("%s (default: %s)", r->help, r->initial) : r->help, 28);
    }
}

static void set_defaults(struct options *o, const struct command *command)
{
    o->backend = takes(command, "bench:backend") ? "ref" : "go";
    int n = processors();
    o->jobs = n > 60 ? 60 : n;
    o->repeat = 1;
    o->build_timeout = 900;
    o->format = "tap";
    for (int s = 0; s < STRENGTHS; s++)
        o->strength[s] = true;
}

static const double timeout_of_tier[TIERS] = {[QUICK] = 60, [FULL] = 300, [NIGHTLY] = 1800};

struct options options_parse(const struct command *command, int argc, char **argv)
{
    struct options o = {0};
    struct option longs[OPTION_COUNT + 2] = {{0}};
    int n = 0;
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (takes(command, table[i].name))
            longs[n++] = (struct option){word_of(&table[i]), table[i].argument ? required_argument : no_argument, NULL,
                                         (int)i + 256};
    longs[n] = (struct option){"help", no_argument, NULL, 'h'};
    set_defaults(&o, command);
    opterr = 0;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, ":h", longs, NULL)) != -1;) {
        if (c == 'h') {
            command_help(command);
            exit(fflush(stdout) || ferror(stdout) ? EXIT_FAILED : EXIT_CONFORMS);
        }
        if (c == ':')
            die(EXIT_USAGE, "%s needs a value; see gomem %s --help", argv[optind - 1], command->name);
        if (c < 256)
            die(EXIT_USAGE, "unknown option %s; see gomem %s --help",
                optopt && optopt < 256 ? format("-%c", optopt) : argv[optind - 1], command->name);
        const struct option_row *r = &table[c - 256];
        if (!r->set(&o, optarg))
            die(EXIT_USAGE, "--%s takes %s, not '%s'", word_of(r), r->range, optarg);
    }
    for (int i = optind; i < argc; i++)
        vec_push(&o.operands, argv[i]);
    if (o.timeout == 0)
        o.timeout = timeout_of_tier[o.tier];
    return o;
}
