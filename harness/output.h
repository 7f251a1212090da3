// Output of a check: TAP, JUnit's XML and JSON lines. All but XML, which begins with totals, are written as results come, and flushed, so
// that what is known survives.
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
    bool interrupted;    // so that cases are skipped which would have run
};

// One way of writing results.
struct output_format {
    const char *name;
    void (*begin)(FILE *f, const struct header *h);
    void (*item)(FILE *f, const struct header *h, size_t index);
    void (*end)(FILE *f, const struct header *h, double seconds);
};

extern const struct output_format tap_format, tap14_format, junit_format, json_format;

// output_format_named is the one that --format calls so; NULL when there is none.
const struct output_format *output_format_named(const char *name);

// repeat_command is what a user types to see the item's result again.
char *repeat_command(const struct header *h, const struct item *it);

// utf8_length is the length of the character at s, 0 when it is not valid UTF-8 (also surrogates and overlong forms).
size_t utf8_length(const unsigned char *s);

// json_string writes any bytes as a string of JSON.
void json_string(FILE *f, const char *text);

// exit_status is that of a check with these verdicts; it says on stderr when nothing was tested.
int exit_status(const struct plan *plan);

// tally counts the items by verdict, of one area or (NULL) of all.
void tally(const struct plan *plan, const char *area, size_t counts[VERDICTS]);

#endif
