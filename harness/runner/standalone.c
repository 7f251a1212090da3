// The main function of a program that `gomem build` links with the archive of a backend: unit and backend are in the executable.
#include <stdio.h>

#include "groups.h"

extern const gomem_unit gomem_unit_table;
extern const char gomem_backend_options[]; // the text behind the backend's name at build time

int main(int argc, char **argv)
{
    const gomem_backend_table *given = gomem_backend(GOMEM_CONTRACT, gomem_backend_options);
    if (!given || given->contract != GOMEM_CONTRACT) {
        fprintf(stderr, "%s: its runtime does not take contract %u with options '%s'\n", argv[0], GOMEM_CONTRACT,
                gomem_backend_options);
        return STATUS_BACKEND;
    }
    gomem_backend_table t = {0};
    __builtin_memcpy(&t, given, given->size < sizeof t ? given->size : sizeof t);
    t.size = sizeof t;
    return start_unit(&t, &t.attach, t.attach != NULL, &gomem_unit_table, argc, argv);
}
