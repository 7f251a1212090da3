// JSON lines: a header object, one object per case, a closing object with the counts. The keys are explained in
// harness/README.md; readers skip keys that they do not know.
#include <string.h>

#include "output.h"

static void put_string(FILE *f, const char *s)
{
    fputc('"', f);
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            fprintf(f, "\\%c", c);
        else if (c < ' ')
            fprintf(f, "\\u%04x", c);
        else
            fputc(c, f);
    }
    fputc('"', f);
}

static void put_field(FILE *f, const char *key, const char *value)
{
    fprintf(f, ",\"%s\":", key);
    put_string(f, value);
}

static void json_begin(FILE *f, const struct header *h)
{
    const struct backend *b = h->backend;
    fputs("{\"kind\":\"check\"", f);
    put_field(f, "gomem", GOMEM_VERSION);
    put_field(f, "backend", b->spec);
    put_field(f, "title", b->title);
    put_field(f, "lane", b->race ? "race" : "plain");
    put_field(f, "tier", tier_name[h->settings->tier]);
    fprintf(f,
            ",\"release\":\"1.%d\",\"language\":\"1.%d\",\"gc_profile\":%s,\"seed\":%lu,\"repeat\":%d,\"jobs\":%d,"
            "\"cases\":%zu}\n",
            b->minor, b->language, b->gc_profile ? "true" : "false", (unsigned long)h->settings->seed,
            h->settings->repeat, h->settings->jobs, h->plan->len);
    fflush(f);
}

static void put_outcomes(FILE *f, const struct item *it)
{
    fputs(",\"outcomes\":{", f);
    for (size_t i = 0; i < it->outcomes.len; i++) {
        const struct observed *o = it->outcomes.at[i];
        fputs(i ? "," : "", f);
        put_string(f, o->key);
        fprintf(f, ":%ld", o->count);
    }
    fputc('}', f);
}

static void json_item(FILE *f, const struct header *h, size_t index)
{
    const struct item *it = &h->plan->items[index];
    const struct kase *c = it->c;
    fputs("{\"kind\":\"case\"", f);
    put_field(f, "name", c->name);
    put_field(f, "rule", c->rule_id ? c->rule_id : "");
    put_field(f, "area", c->area);
    put_field(f, "strength", c->rule ? strength_name[c->rule->strength] : "");
    if (c->rule && c->rule->src)
        fputs(",\"src\":true", f);
    put_field(f, "verdict", verdict_name[it->verdict]);
    if (it->text && it->verdict != PASS)
        put_field(f, "message", it->text);
    if (it->expected)
        put_field(f, "expected", it->expected);
    fprintf(f, ",\"runs\":%d,\"failed\":%d,\"seconds\":%.4f,\"peak_mib\":%ld", it->runs, it->failed, it->seconds,
            it->peak_mib);
    if (it->outcomes.len)
        put_outcomes(f, it);
    if (it->notes.len) {
        fputs(",\"notes\":[", f);
        for (size_t i = 0; i < it->notes.len; i++) {
            fputs(i ? "," : "", f);
            put_string(f, it->notes.at[i]);
        }
        fputc(']', f);
    }
    if (it->output)
        put_field(f, "stderr", it->output);
    if (it->failed)
        put_field(f, "repeat", repeat_command(h, it));
    fputs("}\n", f);
    fflush(f);
}

static void json_end(FILE *f, const struct header *h, double seconds)
{
    size_t n[VERDICTS];
    tally(h->plan, NULL, n);
    fputs("{\"kind\":\"summary\"", f);
    for (int v = 0; v < VERDICTS; v++)
        fprintf(f, ",\"%s\":%zu", verdict_name[v], n[v]);
    fprintf(f, ",\"seconds\":%.2f}\n", seconds);
    fflush(f);
}

const struct output_format json_format = {"json", json_begin, json_item, json_end};
