// What the formats share: their names, the command that repeats a result, counts, and the exit status that they amount to.
#include "output.h"

#include <string.h>

const struct output_format *output_format_named(const char *name)
{
    static const struct output_format *const formats[] = {&tap_format, &tap14_format, &junit_format, &json_format};
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (!strcmp(formats[i]->name, name))
            return formats[i];
    return NULL;
}

// quoted makes a word for a shell of any text.
static char *quoted(const char *text)
{
    struct buf b = {0};
    buf_puts(&b, "'");
    for (; *text; text++)
        *text == '\'' ? buf_puts(&b, "'\\''") : buf_add(&b, text, 1);
    buf_puts(&b, "'");
    return b.data;
}

char *repeat_command(const struct header *h, const struct item *it)
{
    const struct run_settings *s = h->settings;
    struct buf b = {0};
    if (it->repeat)
        return it->repeat;
    const char *program = strpbrk(h->program, " \t$&;()*'\"`<>|\\#?[") ? quoted(h->program) : h->program;
    buf_printf(&b, "%s check --backend %s --rule %s --seed %lu", program, quoted(h->backend->spec), it->c->name,
               (unsigned long)(s->seed + (uint64_t)it->first_failed_run));
    if (s->tier != QUICK)
        buf_printf(&b, " --tier %s", tier_name[s->tier]);
    for (size_t i = 0; i < s->expect.len; i++)
        buf_printf(&b, " --expect %s", quoted(s->expect.at[i]));
    if (it->runs > 1 && it->failed < it->runs)
        buf_printf(&b, " --repeat %d", s->repeat);
    return b.data;
}

void tally(const struct plan *plan, const char *area, size_t counts[VERDICTS])
{
    memset(counts, 0, VERDICTS * sizeof *counts);
    for (size_t i = 0; i < plan->len; i++)
        if (!area || !strcmp(plan->items[i].c->area, area))
            counts[plan->items[i].verdict]++;
}

int exit_status(const struct plan *plan)
{
    size_t n[VERDICTS], unbuilt = 0;
    tally(plan, NULL, n);
    size_t ran = plan->len - n[SKIP];
    for (size_t i = 0; i < plan->len; i++)
        unbuilt += plan->items[i].verdict == FAIL && plan->items[i].unbuilt && !plan->items[i].c->error;
    if (ran && unbuilt == ran) {
        fflush(stdout);
        fprintf(stderr, "gomem: the backend built none of the %zu cases; see the messages above\n", ran);
        return EXIT_BACKEND;
    }
    if (!ran)
        fputs("gomem: nothing ran: every selected case is skipped, or none is selected\n", stderr);
    return !ran || n[FAIL] + n[CRASH] + n[TIMEOUT] + n[XPASS] ? EXIT_FAILED : EXIT_CONFORMS;
}
