// The option fault=NAME of the build with REF_FAULTS. A name that begins with compile- is a fault of the compiler (compiler/fault.h),
// which the driver hands to `gomem unit build`: here it chooses nothing.
#include "fault.h"

#include <string.h>

enum ref_fault ref_fault;

static const char *const names[] = {
#define NAME(n) [FAULT_##n] = #n,
    REF_FAULT_NAMES(NAME)
#undef NAME
};

static bool is_named(const char *name, const char *text, size_t len)
{
    if (strlen(name) != len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (text[i] != (name[i] == '_' ? '-' : name[i]))
            return false;
    return true;
}

bool fault_option(const char *text, size_t len)
{
    static const char key[] = "fault=", compilers[] = "compile-";
    size_t before = sizeof key - 1;
    if (len < before || memcmp(text, key, before))
        return false;
    text += before;
    len -= before;
    if (len > sizeof compilers - 1 && !memcmp(text, compilers, sizeof compilers - 1))
        return true;
    for (size_t i = 1; i < sizeof names / sizeof *names; i++)
        if (is_named(names[i], text, len)) {
            ref_fault = (enum ref_fault)i;
            return true;
        }
    return false;
}
