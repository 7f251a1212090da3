// Output of a check: TAP 13 and JSON lines. Both are written as results come, and flushed, so that what is known survives.
#ifndef GOMEM_OUTPUT_H
#define GOMEM_OUTPUT_H

#include <stdint.h>
#include <stdio.h>

#include "backend.h"
#include "plan.h"
#include "protocol.h"
#include "run.h"

// What a check tells about itself.
struct header {
    const struct backend *backend;
    const struct plan *plan;
    const struct run_settings *settings;
    const char *program; // how the user called gomem
};

// One way of writing results.
struct output_format {
    const char *name;
    void (*begin)(FILE *f, const struct header *h);
    void (*item)(FILE *f, const struct header *h, size_t index);
    void (*end)(FILE *f, const struct header *h, double seconds);
};

extern const struct output_format tap_format, json_format;

// repeat_command is what a user types to see the item's result again.
char *repeat_command(const struct header *h, const struct item *it);

// tally counts the items by verdict, of one area or (NULL) of all.
void tally(const struct plan *plan, const char *area, size_t counts[VERDICTS]);

#endif
