// See bench.h. A table has a line for each number that a row is about: its own units, or ns/op when it reports none. A median has its spread
// beside it, the median distance from it, as a share (times 1.48, so that it is a standard deviation where runs scatter as chance has it);
// that of a noisy line is large, and nobody should believe its ratio. A ratio says how many times as much time or memory the first side takes, so that it is
// turned round for rates.
#include "bench.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "output.h"

#define NOISY 0.10

// What a side's runs say of one unit.
struct summary {
    size_t runs;
    double median, spread;
};

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_of(double *values, size_t n)
{
    qsort(values, n, sizeof *values, by_value);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static const struct bench_number *find_number(const struct bench_result *result, const char *unit)
{
    for (size_t i = 0; i < result->numbers.len; i++) {
        const struct bench_number *n = result->numbers.at[i];
        if (!strcmp(n->unit, unit))
            return n;
    }
    return NULL;
}

static struct summary summarize(const struct bench_row *row, int side, const char *unit)
{
    struct summary s = {0};
    double *values = xalloc((row->results[side].len + 1) * sizeof *values);
    for (size_t i = 0; i < row->results[side].len; i++) {
        const struct bench_number *n = find_number(row->results[side].at[i], unit);
        if (n)
            values[s.runs++] = n->value;
    }
    if (s.runs) {
        s.median = median_of(values, s.runs);
        for (size_t i = 0; i < s.runs; i++)
            values[i] = values[i] < s.median ? s.median - values[i] : values[i] - s.median;
        s.spread = s.median > 0 ? 1.4826 * median_of(values, s.runs) / s.median : 0;
    }
    free(values);
    return s;
}

static bool is_memory(const char *unit)
{
    return !strcmp(unit, "B/op") || !strcmp(unit, "allocs/op");
}

// units_of lists what a row is about.
static struct vec units_of(const struct bench_row *row)
{
    struct vec units = {0};
    for (int side = 0; side < SIDES; side++)
        for (size_t i = 0; i < row->results[side].len; i++) {
            const struct bench_result *r = row->results[side].at[i];
            for (size_t k = 1; k < r->numbers.len; k++) {
                const struct bench_number *n = r->numbers.at[k];
                if (!is_memory(n->unit) && !vec_has(&units, n->unit))
                    vec_push(&units, n->unit);
            }
        }
    if (!units.len)
        vec_push(&units, "ns/op");
    return units;
}

// ---- text ----

static char *number_text(double v)
{
    return v >= 1e7       ? format("%.3gM", v / 1e6)
           : v >= 99999.5 ? format("%.0fk", v / 1e3)
                          : format("%.*f", v < 99.95 ? v < 9.995 ? 2 : 1 : 0, v);
}

// what_side is a short name for a side: go, ref.
static const char *what_side(const struct bench_side *s)
{
    return s->backend->spec;
}

struct totals {
    double *ratios;
    size_t ratio_count, below, noisy;
};

static void print_side(FILE *f, const struct bench_row *row, int side, const struct summary *s)
{
    if (s->runs)
        fprintf(f, "  %12s %*s", number_text(s->median), s->runs > 1 ? 6 : 5, // ± is two bytes
                s->runs > 1 ? format("±%.0f%%", 100 * s->spread) : "");
    else
        fprintf(f, "  %12s %5s", row->skipped[side] ? "skip" : row->failed[side] ? "failed" : "-", "");
}

static bool is_rate(const char *unit)
{
    return ends_with(unit, "/s");
}

static void print_ratio(FILE *f, const char *unit, const struct summary *s, struct totals *t)
{
    if (!s[0].runs || !s[1].runs || s[0].median <= 0 || s[1].median <= 0) {
        fprintf(f, "  %7s", "-");
        return;
    }
    double ratio = is_rate(unit) ? s[1].median / s[0].median : s[0].median / s[1].median;
    t->ratios[t->ratio_count++] = ratio;
    t->below += ratio <= 1;
    fprintf(f, "  %7.2f", ratio);
}

static void print_line(FILE *f, const struct bench_report *r, const struct bench_row *row, const char *unit,
                       struct totals *t)
{
    struct summary s[SIDES];
    bool noisy = false;
    fprintf(f, "%-34s %-15s", row->name, unit);
    for (int side = r->count - 1; side >= 0; side--) {
        s[side] = summarize(row, side, unit);
        noisy |= s[side].spread > NOISY;
        print_side(f, row, side, &s[side]);
    }
    if (r->count > 1)
        print_ratio(f, unit, s, t);
    t->noisy += noisy;
    fprintf(f, "%s\n", noisy ? "  noisy" : "");
}

static void print_head(FILE *f, const struct bench_report *r)
{
    for (int side = 0; side < r->count; side++)
        fprintf(f, "# %s: %s\n", what_side(&r->sides[side]), r->sides[side].backend->title);
    fprintf(f, "%-34s %-15s", "benchmark", "unit");
    for (int side = r->count - 1; side >= 0; side--)
        fprintf(f, "  %12s %5s", what_side(&r->sides[side]), "");
    if (r->count > 1)
        fprintf(f, "  %7s", format("%s/%s", what_side(&r->sides[0]), what_side(&r->sides[1])));
    fputc('\n', f);
}

void bench_print_text(FILE *f, const struct bench_report *r)
{
    struct totals t = {.ratios = xalloc((r->rows->len * 16 + 1) * sizeof(double))};
    print_head(f, r);
    for (size_t i = 0; i < r->rows->len; i++) {
        const struct bench_row *row = r->rows->at[i];
        struct vec units = units_of(row);
        for (size_t k = 0; k < units.len && k < 16; k++)
            print_line(f, r, row, units.at[k], &t);
    }
    double load = 0;
    getloadavg(&load, 1);
    fprintf(f,
            "# %zu rows, medians of %d rounds in %.0f s, load average %.1f; noisy (spread above %.0f %%): %zu lines\n",
            r->rows->len, r->rounds, r->seconds, load, 100 * NOISY, t.noisy);
    if (t.ratio_count)
        fprintf(f, "# ratio (above 1: %s takes more): median %.2f; %zu of %zu lines at most 1\n",
                what_side(&r->sides[0]), median_of(t.ratios, t.ratio_count), t.below, t.ratio_count);
    free(t.ratios);
}

// ---- JSON ----

static void put_text(FILE *f, const char *key, const char *value)
{
    fprintf(f, "\"%s\": ", key);
    json_string(f, value);
}

static void put_numbers(FILE *f, const char *unit, double value, double iterations)
{
    if (!strcmp(unit, "ns/op")) { // no processor time is known of another process's ops
        if (iterations > 0)
            fprintf(f, ", \"iterations\": %.0f", iterations);
        fprintf(f, ", \"real_time\": %.10g, \"cpu_time\": %.10g, \"time_unit\": \"ns\"", value, value);
        return;
    }
    fputs(", ", f);
    json_string(f, unit);
    fprintf(f, ": %.10g", value);
}

static void begin_entry(FILE *f, const struct bench_row *row, const char *suffix, size_t repetitions)
{
    fputs("    {", f);
    put_text(f, "name", format("%s%s", row->name, suffix));
    fputs(", ", f);
    put_text(f, "run_name", row->name);
    fprintf(f, ", \"repetitions\": %zu, \"threads\": 1", repetitions);
}

static void put_row(FILE *f, const struct bench_row *row, int side, const char **before)
{
    const struct vec *results = &row->results[side];
    for (size_t i = 0; i < results->len; i++) {
        const struct bench_result *r = results->at[i];
        fputs(*before, f);
        *before = ",\n";
        begin_entry(f, row, "", results->len);
        fprintf(f, ", \"run_type\": \"iteration\", \"repetition_index\": %zu", i);
        for (size_t k = 0; k < r->numbers.len; k++) {
            const struct bench_number *n = r->numbers.at[k];
            put_numbers(f, n->unit, n->value, r->iterations);
        }
        fputc('}', f);
    }
    if (!results->len)
        return;
    fputs(*before, f);
    begin_entry(f, row, "_median", results->len);
    fprintf(f, ", \"run_type\": \"aggregate\", \"aggregate_name\": \"median\", \"aggregate_unit\": \"time\"");
    const struct bench_result *first = results->at[0];
    for (size_t k = 0; k < first->numbers.len; k++) {
        const char *unit = ((struct bench_number *)first->numbers.at[k])->unit;
        put_numbers(f, unit, summarize(row, side, unit).median, 0);
    }
    fputc('}', f);
}

static void put_context(FILE *f, const struct bench_report *r, int side)
{
    const struct backend *b = r->sides[side].backend;
    char date[40];
    time_t now = time(NULL);
    double load[3] = {0};
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S+00:00", gmtime(&now));
    if (getloadavg(load, 3) < 3)
        load[0] = load[1] = load[2] = 0;
    fputs("  \"context\": {", f);
    put_text(f, "date", date);
    fputs(", ", f);
    put_text(f, "executable", b->spec);
    fputs(", ", f);
    put_text(f, "peer", b->spec);
    fputs(", ", f);
    put_text(f, "title", b->title);
    fputs(", ", f);
    put_text(f, "gomem", GOMEM_VERSION);
    fprintf(f, ", \"num_cpus\": %d, \"load_avg\": [%.2f, %.2f, %.2f], \"rounds\": %d}", processors(), load[0], load[1],
            load[2], r->rounds);
}

void bench_print_json(FILE *f, const struct bench_report *r, int side)
{
    const char *before = "";
    fputs("{\n", f);
    put_context(f, r, side);
    fputs(",\n  \"benchmarks\": [\n", f);
    for (size_t i = 0; i < r->rows->len; i++)
        put_row(f, r->rows->at[i], side, &before);
    fputs("\n  ]\n}\n", f);
}

static _Noreturn void unwritable(const char *path)
{
    die(EXIT_USAGE, "cannot write --output %s: %s", path, strerror(errno));
}

// is_special tells of a pipe, a device or a link (/dev/stdout is one), which is written to itself, and of a folder, which cannot be.
static bool is_special(const char *path)
{
    struct stat st;
    return !lstat(path, &st) && !S_ISREG(st.st_mode);
}

// open_partial opens a file that can take the place of the one at path; *partial is its name, NULL: it is that one.
static FILE *open_partial(const char *path, char **partial)
{
    *partial = is_special(path) ? NULL : format("%s.%d", path, (int)getpid());
    FILE *f = fopen(*partial ? *partial : path, "we");
    if (!f)
        unwritable(path);
    return f;
}

void bench_check_output(const char *path)
{
    char *partial = NULL;
    if (!is_special(path) || is_dir(path)) {
        fclose(open_partial(path, &partial));
        unlink(partial);
    } else if (access(path, W_OK)) { // to open and close a pipe would be the end for who reads it
        unwritable(path);
    }
}

void bench_write_json(const char *path, const struct bench_report *r, int side)
{
    char *partial;
    FILE *f = open_partial(path, &partial);
    bench_print_json(f, r, side);
    bool good = !ferror(f);
    if (fclose(f) || !good || (partial && rename(partial, path))) {
        int error = errno;
        if (partial)
            unlink(partial);
        die(EXIT_FAILED, "cannot write %s: %s", path, strerror(error));
    }
}
