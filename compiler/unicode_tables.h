/*
 * unicode_tables: the raw ranges behind unicode.h; see unicode_tables.c.
 */
#ifndef GOMEM_COMPILER_UNICODE_TABLES_H
#define GOMEM_COMPILER_UNICODE_TABLES_H

#include <stdint.h>

struct unicode_range {
    uint32_t low;
    uint32_t high; /* inclusive */
};

extern const struct unicode_range unicode_letters[];
extern const unsigned unicode_letters_count;
extern const struct unicode_range unicode_digits[];
extern const unsigned unicode_digits_count;
extern const struct unicode_range unicode_uppers[];
extern const unsigned unicode_uppers_count;
extern const struct unicode_range unicode_printables[];
extern const unsigned unicode_printables_count;

#endif
