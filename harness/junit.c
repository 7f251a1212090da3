// JUnit's XML as Jenkins reads it: a suite per area, a test per case. It begins with totals, so all of it is written at the end. What
// a format without TODO cannot say is a skip with its reason: differences and expected failures.
#include <string.h>

#include "output.h"

// put_char writes one character of XML 1.0 and returns its length. What XML has no form for, even as an escape, becomes the
// replacement character; so do bytes that are not UTF-8.
static size_t put_char(FILE *f, const unsigned char *s)
{
    static const char replacement[] = "\xef\xbf\xbd";
    size_t n = utf8_length(s);
    bool none = !n || (*s < ' ' && !strchr("\t\n\r", *s)) || (n == 3 && s[0] == 0xef && s[1] == 0xbf && s[2] >= 0xbe);
    if (none)
        fputs(replacement, f);
    else if (strchr("<>&\"\t\n\r", *s))
        fprintf(f, "&#%d;", *s);
    else
        fwrite(s, 1, n, f);
    return n ? n : 1;
}

static void put_xml(FILE *f, const char *text)
{
    for (const unsigned char *s = (const unsigned char *)text; *s;)
        s += put_char(f, s);
}

static void put_attribute(FILE *f, const char *key, const char *value)
{
    fprintf(f, " %s=\"", key);
    put_xml(f, value);
    fputc('"', f);
}

// put_counts writes the totals of a suite, or (root) of all; the root has no place for skips.
static void put_counts(FILE *f, const size_t n[VERDICTS], double seconds, bool root)
{
    size_t all = 0;
    for (int v = 0; v < VERDICTS; v++)
        all += n[v];
    fprintf(f, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" time=\"%.3f\"", all, n[FAIL] + n[XPASS],
            n[CRASH] + n[TIMEOUT], seconds);
    if (!root)
        fprintf(f, " skipped=\"%zu\"", n[SKIP] + n[DIFFERENCE] + n[XFAIL]);
}

// put_lines writes a text in which line breaks stay as they are, for people who read the file itself.
static void put_lines(FILE *f, const char *element, const char *text)
{
    fprintf(f, "      <%s>", element);
    for (const unsigned char *s = (const unsigned char *)text; *s;)
        if (*s == '\n')
            fputc(*s++, f);
        else
            s += put_char(f, s);
    fprintf(f, "</%s>\n", element);
}

static void put_skipped(FILE *f, const struct item *it)
{
    const char *text = it->verdict == XFAIL ? it->expected : it->text ? it->text : "";
    fputs("      <skipped", f);
    put_attribute(
        f, "message",
        it->verdict == SKIP ? text : format("%s: %s", it->verdict == XFAIL ? "expected failure" : "difference", text));
    fputs("/>\n", f);
}

static void put_failure(FILE *f, const struct header *h, const struct item *it)
{
    const char *element = it->verdict == CRASH || it->verdict == TIMEOUT ? "error" : "failure";
    fprintf(f, "      <%s", element);
    put_attribute(f, "type", verdict_name[it->verdict]);
    put_attribute(f, "message", it->text ? it->text : "");
    fputc('>', f);
    put_xml(f, format("%s: %s", it->c->rule_id ? it->c->rule_id : "?", it->c->claim ? it->c->claim : ""));
    put_xml(f, format(" To repeat: %s", repeat_command(h, it)));
    fprintf(f, "</%s>\n", element);
}

static void put_case(FILE *f, const struct header *h, const struct item *it)
{
    const char *slash = strchr(it->c->name, '/');
    fputs("    <testcase", f);
    put_attribute(f, "classname", format("gomem.%s", it->c->area));
    put_attribute(f, "name", format("%s %s", it->c->rule_id ? it->c->rule_id : "?", slash ? slash + 1 : it->c->name));
    put_attribute(f, "file", format("cases/%s", it->c->file->path));
    fprintf(f, " line=\"%d\" time=\"%.3f\">\n", it->c->line, it->seconds);
    if (is_bad(it->verdict))
        put_failure(f, h, it);
    else if (it->verdict != PASS)
        put_skipped(f, it);
    if (it->output)
        put_lines(f, "system-err", it->output);
    fputs("    </testcase>\n", f);
}

static void put_area(FILE *f, const struct header *h, const char *area)
{
    size_t n[VERDICTS];
    double seconds = 0;
    bool any = false;
    tally(h->plan, area, n);
    for (size_t i = 0; i < h->plan->len; i++)
        if (!strcmp(h->plan->items[i].c->area, area)) {
            seconds += h->plan->items[i].seconds;
            any = true;
        }
    if (!any)
        return;
    fputs("  <testsuite", f);
    put_attribute(f, "name", format("gomem.%s", area));
    put_counts(f, n, seconds, false);
    fputs(">\n    <properties>\n      <property name=\"backend\"", f);
    put_attribute(f, "value", h->backend->title);
    fprintf(f, "/>\n      <property name=\"seed\" value=\"%lu\"/>\n    </properties>\n",
            (unsigned long)h->settings->seed);
    for (size_t i = 0; i < h->plan->len; i++)
        if (!strcmp(h->plan->items[i].c->area, area))
            put_case(f, h, &h->plan->items[i]);
    fputs("  </testsuite>\n", f);
}

static void junit_begin(FILE *f, const struct header *h)
{
    (void)f, (void)h;
}

static void junit_item(FILE *f, const struct header *h, size_t index)
{
    (void)f, (void)h, (void)index;
}

static void junit_end(FILE *f, const struct header *h, double seconds)
{
    size_t n[VERDICTS];
    tally(h->plan, NULL, n);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", f);
    put_attribute(f, "name", format("gomem on %s", h->backend->spec));
    put_counts(f, n, seconds, true);
    fputs(">\n", f);
    for (size_t i = 0; i < h->plan->suite->areas.len; i++)
        put_area(f, h, h->plan->suite->areas.at[i]);
    fputs("</testsuites>\n", f);
    fflush(f);
}

const struct output_format junit_format = {"junit", junit_begin, junit_item, junit_end};
