// JSON lines: a header object, one object per case, a closing object with the counts. The keys are explained in
// harness/README.md; readers skip keys that they do not know.
#include <string.h>

#include "output.h"

size_t utf8_length(const unsigned char *s)
{
    size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    bool odd = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf0 && s[1] < 0x90) ||
               (s[0] == 0xf4 && s[1] > 0x8f);
    return odd ? 0 : n;
}

// Bytes that are not UTF-8 become the replacement character.
void json_string(FILE *f, const char *text)
{
    fputc('"', f);
    for (const unsigned char *s = (const unsigned char *)text; *s;) {
        size_t n = utf8_length(s);
        if (n == 0)
            fputs("\\ufffd", f);
        else if (*s == '"' || *s == '\\')
            fprintf(f, "\\%c", *s);
        else if (*s < ' ')
            fprintf(f, "\\u%04x", *s);
        else
            fwrite(s, 1, n, f);
        s += n ? n : 1;
    }
    fputc('"', f);
}

static void put_field(FILE *f, const char *key, const char *value)
{
    fprintf(f, ",\"%s\":", key);
    json_string(f, value);
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
    if (h->settings->shards)
        fprintf(f, ",\"shard\":\"%d/%d\"", h->settings->shard, h->settings->shards);
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
        json_string(f, o->key);
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
    put_field(f, "claim", c->claim ? c->claim : "");
    put_field(f, "at", format("cases/%s:%d", c->file->path, c->line));
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
            json_string(f, it->notes.at[i]);
        }
        fputc(']', f);
    }
    if (it->output)
        put_field(f, "stderr", it->output);
    if (it->calls)
        put_field(f, "calls", it->calls);
    if (it->generated)
        put_field(f, "generated", it->generated);
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
    if (h->interrupted)
        fputs(",\"interrupted\":true", f);
    fprintf(f, ",\"seconds\":%.2f}\n", seconds);
    fflush(f);
}

const struct output_format json_format = {"json", json_begin, json_item, json_end};
