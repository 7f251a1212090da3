// See trace.h. It ends where the case reported a failure.
#include "trace.h"

#include <string.h>

#include "runner/trace.h"
#include "util.h"

enum { SHOWN = 60 };

char *trace_end(const char *path)
{
    size_t len;
    char *data = read_file(path, &len);
    const struct trace_file *file = (const void *)data;
    if (!data || len < sizeof *file || !file->count)
        return NULL;
    uint64_t to = file->count, from = to > SHOWN ? to - SHOWN : 0;
    struct buf b = {0};
    if (from)
        buf_printf(&b, "(%llu before)\n", (unsigned long long)from);
    for (uint64_t n = from; n < to; n++)
        buf_printf(&b, "%.*s\n", TRACE_WIDTH - 1, file->lines[n % TRACE_LINES]);
    return b.data;
}
