/*
 * fault: the names of compiler faults.
 */
#include <stddef.h>
#include <string.h>

#include "fault.h"

static const char *const names[] = {
#define NAME(n) [COMPILE_FAULT_##n] = #n,
    COMPILE_FAULTS(NAME)
#undef NAME
};

static int same(const char *name, const char *text)
{
    for (; *name && *text == (*name == '_' ? '-' : *name); name++, text++)
        ;
    return !*name && !*text;
}

enum compile_fault compile_fault_named(const char *text)
{
    static const char prefix[] = "compile-";
    size_t n = sizeof prefix - 1;
    if (strncmp(text, prefix, n) == 0)
        for (size_t i = 1; i < sizeof names / sizeof *names; i++)
            if (same(names[i], text + n))
                return (enum compile_fault)i;
    return COMPILE_CORRECTLY;
}
