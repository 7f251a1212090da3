// See trace.h. Where a case reported a failure, what came before it is shown.
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
    uint64_t to = file->failed && file->count - file->failed < TRACE_LINES - SHOWN ? file->failed : file->count;
    uint64_t from = to > SHOWN ? to - SHOWN : 0;
    struct buf b = {0};
    if (from)
        buf_printf(&b, "(%llu before)\n", (unsigned long long)from);
    for (uint64_t n = from; n < to; n++)
        buf_printf(&b, "%.*s\n", TRACE_WIDTH - 1, file->lines[n % TRACE_LINES]);
    return b.data;
}
