// What is left of a program's trace (runner/trace.c): the last operations that it asked of the backend, for people.
#ifndef GOMEM_TRACE_H
#define GOMEM_TRACE_H

// trace_end is the last lines of the trace, with a first one that says how many came before; NULL when there is none.
char *trace_end(const char *path);

#endif
