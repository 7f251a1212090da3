// gomem bench: measures the benchmarks of cases/bench on a backend, and on another one beside it.
//
// Rounds are the outer loop, so that a noisy minute is spread over all rows, and the sides take turns within a round, so that it hits
// both alike. Each row of each round is a process of its own. A Go toolchain's is the test executable, which finds out by itself how
// many ops to run; a runtime's is driven by gomem-bench (shim/), which lets Google Benchmark find out.
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "child.h"
#include "commands.h"

enum { RUN_SECONDS = 600 }; // a row takes far less

struct bench {
    struct bench_side sides[SIDES];
    int count;
    struct vec rows;
    int rounds;
    const char *seconds; // that ops of a row take together, at least
    char *driver;        // gomem-bench
    bool interrupted;
};

// ---- rows ----

static struct vec choose_rows(const struct vec *all, const char *filter)
{
    struct vec rows = {0};
    regex_t re;
    int wrong = regcomp(&re, filter ? filter : "", REG_EXTENDED | REG_NOSUB);
    if (wrong) {
        char why[256];
        regerror(wrong, &re, why, sizeof why);
        die(EXIT_USAGE, "--filter takes an extended regular expression; '%s' is none: %s", filter, why);
    }
    for (size_t i = 0; i < all->len; i++)
        if (!regexec(&re, ((struct bench_row *)all->at[i])->name, 0, NULL, 0))
            vec_push(&rows, all->at[i]);
    regfree(&re);
    if (!rows.len)
        die(EXIT_FAILED, "no benchmark matches --filter '%s'; their names are in cases/bench", filter);
    return rows;
}

// ---- one process ----

static struct vec go_words(const struct bench *b, const struct bench_side *side, const struct bench_row *row)
{
    char *sub = *row->sub ? format("/^%s$", row->sub) : "";
    char *const words[] = {side->program,
                           "-test.run=^$",
                           format("-test.bench=^Benchmark%s$%s", row->benchmark, sub),
                           row->ops ? format("-test.benchtime=%ldx", row->ops)
                                    : format("-test.benchtime=%ss", b->seconds),
                           "-test.benchmem",
                           "-test.v",
                           row->procs ? format("-test.cpu=%d", row->procs) : NULL};
    struct vec argv = {0};
    for (size_t i = 0; i < COUNT_OF(words) && words[i]; i++)
        vec_push(&argv, words[i]);
    return argv;
}

static struct vec runtime_words(const struct bench *b, const struct bench_side *side, const struct bench_row *row)
{
    struct vec argv = {0};
    vec_push(&argv, b->driver);
    vec_push(&argv, format("--benchmark_min_time=%s", b->seconds));
    vec_push(&argv, row->ops ? format("%s=%ld", row->name, row->ops) : row->name);
    vec_push(&argv, "--");
    for (size_t i = 0; i < side->backend->runner.len; i++)
        vec_push(&argv, side->backend->runner.at[i]);
    vec_push(&argv, side->program);
    return argv;
}

// parse_line takes the line of a result: Benchmark..., iterations, then numbers and their units.
static struct bench_result *parse_line(char *line)
{
    struct vec words = split(line, " \t");
    if (words.len < 4 || words.len % 2)
        return NULL;
    struct bench_result *r = xalloc(sizeof *r);
    r->iterations = strtod(words.at[1], NULL);
    for (size_t i = 2; i < words.len; i += 2) {
        struct bench_number *n = xalloc(sizeof *n);
        n->value = strtod(words.at[i], NULL);
        n->unit = words.at[i + 1];
        vec_push(&r->numbers, n);
    }
    bool timed = !strcmp(((struct bench_number *)r->numbers.at[0])->unit, "ns/op");
    return timed && r->iterations > 0 ? r : NULL;
}

// result_in finds the result in what a process printed. A toolchain prints the bare name on a line of its own, too.
static struct bench_result *result_in(const char *text)
{
    struct vec lines = split(xstrdup(text), "\n");
    for (size_t i = 0; i < lines.len; i++)
        if (starts_with(lines.at[i], "Benchmark") && strstr(lines.at[i], " ns/op"))
            return parse_line(lines.at[i]);
    return NULL;
}

// said_in is what a benchmark said in a toolchain's output, `FILE_test.go:LINE: TEXT`; NULL when it said nothing.
static char *said_in(const char *out)
{
    const char *place = strstr(out, "_test.go:"), *colon = place ? strstr(place, ": ") : NULL;
    return colon ? excerpt(colon + 2) : NULL;
}

// explain_none says why a process had no result, in a line; *skip is set when it did not want to have one.
static char *explain_none(const struct child_result *r, const struct child_spec *spec, const char *name, bool *skip)
{
    const char *out = buf_text(&r->stream[STREAM_OUT]), *err = buf_text(&r->stream[STREAM_ERR]);
    const char *own = strstr(err, format("%s: ", name));
    if (own)
        own += strlen(name) + 2;
    *skip = own ? starts_with(own, "skip ") : strstr(out, "--- SKIP: ") != NULL;
    if (r->ending != ENDED_EXIT)
        return ending_text(r, spec);
    if (own)
        return excerpt(own);
    if (*err)
        return excerpt(err);
    if (said_in(out))
        return said_in(out);
    return r->status ? ending_text(r, spec) : xstrdup("the program has no such benchmark");
}

// runs_others tells whether a toolchain's row was the benchmarks below it, which no line of the sources names as rows.
static bool runs_others(const char *out, const struct bench_row *row)
{
    return strstr(out, format("Benchmark%s%s%s/", row->benchmark, *row->sub ? "/" : "", row->sub)) != NULL;
}

static void run_row(struct bench *b, int index, struct bench_row *row)
{
    const struct bench_side *side = &b->sides[index];
    bool runtime = side->backend->runner.len > 0;
    struct vec argv = runtime ? runtime_words(b, side, row) : go_words(b, side, row);
    struct child_spec spec = {
        .argv = (char **)argv.at, .env = side->backend->environment, .timeout = RUN_SECONDS, .keep = 1 << 16};
    pool_start(&spec);
    struct child_result r = pool_next(&b->interrupted);
    if (r.ending == ENDED_STOPPED)
        return;
    struct bench_result *result =
        r.ending == ENDED_EXIT && !r.status ? result_in(buf_text(&r.stream[STREAM_OUT])) : NULL;
    bool skip = false;
    if (result && !runtime && runs_others(buf_text(&r.stream[STREAM_OUT]), row))
        row->failed[index] = xstrdup("it has sub-benchmarks: //bench:rows above it names them");
    else if (result)
        vec_push(&row->results[index], result);
    else
        row->failed[index] = explain_none(&r, &spec, row->name, &skip);
    if (skip) {
        row->skipped[index] = row->failed[index];
        row->failed[index] = NULL;
    }
    child_result_free(&r);
}

// ---- all of it ----

static void run_round(struct bench *b, int round)
{
    for (size_t i = 0; i < b->rows.len && !b->interrupted; i++) {
        struct bench_row *row = b->rows.at[i];
        if (isatty(STDERR_FILENO))
            fprintf(stderr, "\r\033[Kround %d of %d: %s", round + 1, b->rounds, row->name);
        for (int k = 0; k < b->count; k++) {
            int side = (k + round) % b->count;
            if (!row->failed[side] && !row->skipped[side] && !b->interrupted)
                run_row(b, side, row);
        }
    }
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

static void open_side(struct bench *b, const char *spec, const struct options *o)
{
    struct backend_settings where = {.root = gomem_root(),
                                     .build_dir = gomem_build_dir(),
                                     .bin_dir = gomem_bin_dir(),
                                     .build_timeout = o->build_timeout};
    struct bench_side *side = &b->sides[b->count++];
    side->backend = backend_open(spec, &where);
    b->driver = format("%s/gomem-bench", where.bin_dir);
    if (side->backend->runner.len && !is_file(b->driver))
        die(EXIT_BACKEND,
            "%s is missing: make build/gomem-bench builds it, with g++ and Google Benchmark (Debian: "
            "libbenchmark-dev); make "
            "install then installs it too",
            b->driver);
}

// print writes the report to where it is wanted, and returns the exit status: a row without a result is a failure.
static int print(const struct bench *b, const struct options *o, double seconds)
{
    struct bench_report report = {b->sides, b->count, &b->rows, b->rounds, seconds};
    if (strcmp(o->format, "json"))
        bench_print_text(stdout, &report);
    else
        bench_print_json(stdout, &report, 0);
    if (o->output)
        bench_write_json(o->output, &report, 0);
    if (o->output && b->count > 1) {
        int stem = (int)(strlen(o->output) - (ends_with(o->output, ".json") ? strlen(".json") : 0));
        bench_write_json(format("%.*s.vs.json", stem, o->output), &report, 1);
    }
    bool missing = false;
    for (size_t i = 0; i < b->rows.len; i++)
        for (int side = 0; side < b->count; side++) {
            const struct bench_row *row = b->rows.at[i];
            const char *failed = row->failed[side], *why = failed ? failed : row->skipped[side];
            if (why)
                fprintf(stderr, "gomem: %s on %s: %s\n", row->name, b->sides[side].backend->spec, why);
            missing |= failed != NULL;
        }
    return missing ? EXIT_FAILED : EXIT_CONFORMS;
}

int cmd_bench(const struct options *o)
{
    if (o->operands.len)
        die(EXIT_USAGE, "gomem bench takes no arguments, only options: '%s'; see gomem bench --help",
            (char *)o->operands.at[0]);
    struct bench b = {.rounds = o->repetitions ? o->repetitions
                                : o->quick     ? 3
                                               : 9,
                      .seconds = o->quick ? "0.02" : "0.1"};
    struct vec all = bench_rows(gomem_root());
    b.rows = choose_rows(&all, o->filter);
    if (o->output)
        bench_check_output(o->output);
    pool_open();
    open_side(&b, o->backend, o);
    if (o->versus)
        open_side(&b, o->versus, o);
    for (int i = 0; i < b.count; i++)
        bench_build(&b.sides[i], &all);
    double start = now_seconds();
    int round = 0;
    while (round < b.rounds && !b.interrupted)
        run_round(&b, round++);
    b.rounds = round;
    int status = print(&b, o, now_seconds() - start);
    if (b.interrupted) // what is measured is shown all the same
        die(EXIT_FAILED, "interrupted");
    return status;
}
