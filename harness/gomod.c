// gomod: see gomod.h. Of go.mod only the lines `module` and `go` matter to gomem, which builds nothing but the module itself.
#include "gomod.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../compiler/escape.h"
#include "util.h"

static const char *find_root(const char *dir)
{
    char *at = realpath(dir, NULL), *here = realpath(".", NULL);
    while (at && *at && !is_file(format("%s/go.mod", at))) {
        char *slash = strrchr(at, '/');
        *slash = 0;
    }
    if (!at || !*at)
        return NULL;
    return here && !strcmp(at, here) ? "." : at;
}

struct gomod gomod_read(const char *root)
{
    struct gomod m = {root, "main", ESCAPE_RELEASE_NEWEST};
    char *text = root ? read_file(format("%s/go.mod", root), NULL) : NULL;
    if (!text)
        return m;
    struct vec lines = split(text, "\n");
    for (size_t i = 0; i < lines.len; i++) {
        char *line = trim(lines.at[i]);
        if (starts_with(line, "module "))
            m.path = trim(line + 7);
        else if (starts_with(line, "go 1."))
            m.language = atoi(line + 5);
    }
    return m;
}

struct gomod gomod_find(const char *dir)
{
    return gomod_read(find_root(dir));
}

// below gives the part of a folder below another one, "" for itself; both are there.
static const char *below(const char *dir, const char *root)
{
    const char *at = realpath(dir, NULL), *from = realpath(root, NULL);
    size_t n = from ? strlen(from) : 0;
    return at && n && !strncmp(at, from, n) ? at + n + (at[n] == '/') : "";
}

const char *gomod_import(const struct gomod *m, const char *dir)
{
    const char *rest = m->root ? below(dir, m->root) : "";
    if (*rest && !strcmp(m->path, "std")) // Go's own library: its paths do not begin with the module's
        return rest;
    return *rest ? format("%s/%s", m->path, rest) : m->path;
}
