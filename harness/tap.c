// TAP 13, flat, the plan first, as prove accepts it. A description never holds a bare #, which would begin a directive.
#include <stdlib.h>
#include <string.h>

#include "output.h"

// put_text writes a text for a TAP line: # escaped, control characters gone.
static void put_text(FILE *f, const char *s)
{
    for (; *s; s++) {
        if (*s == '#' || *s == '\\')
            fputc('\\', f);
        fputc((unsigned char)*s < ' ' ? ' ' : *s, f);
    }
}

// put_quoted writes a double-quoted YAML scalar.
static void put_quoted(FILE *f, const char *value)
{
    fputc('"', f);
    for (; *value; value++) {
        unsigned char c = (unsigned char)*value;
        if (c == '"' || c == '\\')
            fprintf(f, "\\%c", c);
        else if (c == '\n')
            fputs("\\n", f);
        else if (c < ' ' || c == 0x7f)
            fprintf(f, "\\x%02x", c);
        else
            fputc(c, f);
    }
    fputc('"', f);
}

static void put_yaml(FILE *f, const char *key, const char *value)
{
    fprintf(f, "  %s: ", key);
    put_quoted(f, value);
    fputc('\n', f);
}

static void put_block(FILE *f, const char *key, const char *text)
{
    fprintf(f, "  %s: |\n", key);
    while (*text) {
        size_t n = strcspn(text, "\n");
        fputs("    ", f);
        for (size_t i = 0; i < n; i++)
            fputc((unsigned char)text[i] < ' ' && text[i] != '\t' ? '?' : text[i], f);
        fputc('\n', f);
        text += n + (text[n] == '\n');
    }
}

static void put_outcomes(FILE *f, const struct item *it)
{
    fputs("  outcomes:\n", f);
    for (size_t i = 0; i < it->outcomes.len; i++) {
        const struct observed *o = it->outcomes.at[i];
        fputs("    ", f);
        put_quoted(f, o->key);
        fprintf(f, ": %ld\n", o->count);
    }
}

static void put_diagnostics(FILE *f, const struct header *h, const struct item *it)
{
    const struct kase *c = it->c;
    fputs("  ---\n", f);
    put_yaml(f, "message", it->text ? it->text : "");
    put_yaml(f, "verdict", verdict_name[it->verdict]);
    put_yaml(f, "claim", c->claim);
    put_yaml(f, "at", format("cases/%s:%d", c->file->path, c->line));
    if (it->outcomes.len)
        put_outcomes(f, it);
    if (it->output)
        put_block(f, "stderr", it->output);
    if (it->calls)
        put_block(f, "calls", it->calls);
    if (it->generated)
        put_yaml(f, "generated", it->generated);
    put_yaml(f, "repeat", repeat_command(h, it));
    fputs("  ...\n", f);
}

static void begin(FILE *f, const struct header *h, int version)
{
    const struct backend *b = h->backend;
    fprintf(f, "TAP version %d\n1..%zu\n", version, h->plan->len);
    fprintf(f, "# backend %s: %s%s\n", b->spec, b->title, b->gc_profile ? ", gc profile" : "");
    fprintf(f, "# tier %s, seed %lu, %d run%s of each case, %d at once\n", tier_name[h->settings->tier],
            (unsigned long)h->settings->seed, h->settings->repeat, h->settings->repeat == 1 ? "" : "s",
            h->settings->jobs);
}

static void tap_begin(FILE *f, const struct header *h)
{
    begin(f, h, 13);
}

static void tap14_begin(FILE *f, const struct header *h)
{
    begin(f, h, 14);
}

static void tap_item(FILE *f, const struct header *h, size_t index)
{
    const struct item *it = &h->plan->items[index];
    bool ok = it->verdict == PASS || it->verdict == SKIP;
    fprintf(f, "%sok %zu - ", ok ? "" : "not ", index + 1);
    put_text(f, format("%s %s", it->c->rule_id ? it->c->rule_id : "?", it->c->name));
    const char *directive = it->verdict == SKIP         ? " # SKIP "
                            : it->verdict == DIFFERENCE ? " # TODO difference: "
                            : it->verdict == XFAIL      ? " # TODO expected failure: "
                                                        : NULL;
    if (directive) {
        fputs(directive, f);
        put_text(f, it->verdict == XFAIL ? it->expected : it->text ? it->text : "");
    }
    fputc('\n', f);
    if (!ok)
        put_diagnostics(f, h, it);
    for (size_t i = 0; i < it->notes.len; i++) {
        fputs("# note: ", f);
        put_text(f, it->notes.at[i]);
        fputc('\n', f);
    }
    fflush(f);
}

// put_row writes one line of the summary; columns that are zero everywhere still show, so that reports line up.
static void put_row(FILE *f, const char *name, const size_t n[VERDICTS])
{
    fprintf(f, "# %-10s %5zu %5zu %6zu %8zu %6zu %6zu %6zu\n", name, n[PASS], n[FAIL], n[CRASH], n[TIMEOUT],
            n[DIFFERENCE], n[SKIP], n[XFAIL] + n[XPASS]);
}

static void tap_end(FILE *f, const struct header *h, double seconds)
{
    size_t n[VERDICTS];
    fprintf(f, "# %-10s %5s %5s %6s %8s %6s %6s %6s\n", "area", "pass", "fail", "crash", "timeout", "differ", "skip",
            "listed");
    for (size_t i = 0; i < h->plan->suite->areas.len; i++) {
        const char *area = h->plan->suite->areas.at[i];
        tally(h->plan, area, n);
        size_t all = 0;
        for (int v = 0; v < VERDICTS; v++)
            all += n[v];
        if (all)
            put_row(f, area, n);
    }
    tally(h->plan, NULL, n);
    put_row(f, "all", n);
    size_t bad = n[FAIL] + n[CRASH] + n[TIMEOUT] + n[XPASS], ran = h->plan->len - n[SKIP];
    fprintf(f, "# %s: %zu of %zu cases ran in %.1f s, %zu did not hold\n",
            h->interrupted ? "interrupted"
            : bad          ? "does not conform"
            : ran          ? "conforms"
                           : "nothing ran",
            ran, h->plan->len, seconds, bad);
    fflush(f);
}

const struct output_format tap_format = {"tap", tap_begin, tap_item, tap_end};
const struct output_format tap14_format = {"tap14", tap14_begin, tap_item, tap_end};
