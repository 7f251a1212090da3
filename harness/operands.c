// operands: see operands.h.
#include "operands.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

char *operands_option(const char *command, const char *name, char **argv, int *i)
{
    size_t n = strlen(name);
    char *word = argv[*i], *value = NULL;
    if (strncmp(word, name, n) || (word[n] && (word[n] != '=' || word[1] != '-')))
        return NULL;
    value = word[n] ? word + n + 1 : argv[*i + 1] ? argv[++*i] : NULL;
    if (!value || !*value)
        die(EXIT_USAGE, "%s needs a value; see gomem %s --help", name, command);
    return value;
}

void operands_take(struct operands *o, char *word)
{
    bool file = ends_with(word, ".go");
    if ((o->dir && !o->files.len) || (o->files.len && !file))
        die(EXIT_USAGE, "one folder, or Go files, and not '%s'; see gomem %s --help", word, o->command);
    if (file ? !is_file(word) : !is_dir(word))
        die(EXIT_USAGE, "there is no %s %s", file ? "file" : "folder", word);
    const char *slash = strrchr(word, '/');
    const char *dir = !file ? word : slash ? xstrndup(word, (size_t)(slash - word) + (slash == word)) : ".";
    if (o->files.len && strcmp(dir, o->dir))
        die(EXIT_USAGE, "the files of a package are in one folder: %s is not in %s", word, o->dir);
    o->dir = dir;
    if (file)
        vec_push(&o->files, word);
}

struct package *operands_load(const struct operands *o, struct package_loader *l, const char *path)
{
    struct package *p = o->files.len
                            ? package_load_files(l, path, (const char *const *)o->files.at, (uint32_t)o->files.len)
                            : package_load(l, path);
    if (!p)
        die(EXIT_FAILED, "no Go files in %s", o->dir);
    return p;
}

const char *operands_short_path(const char *name)
{
    const char *base = strrchr(name, '/'); // a link keeps its own name
    char *dir = realpath(base ? xstrndup(name, (size_t)(base - name) + 1) : ".", NULL), *here = realpath(".", NULL);
    if (!dir || !here)
        return name;
    char *path = format("%s/%s", strcmp(dir, "/") ? dir : "", base ? base + 1 : name);
    int up = 0;
    for (size_t n; (n = strlen(here)) && (strncmp(path, here, n) || path[n] != '/'); up++) {
        char *slash = strrchr(here, '/');
        *slash = 0;
    }
    const char *rest = path + strlen(here) + 1;
    if (up == 0)
        return strchr(rest, '/') ? rest : format("./%s", rest);
    struct buf b = {0};
    while (up-- > 0)
        buf_puts(&b, "../");
    buf_puts(&b, rest);
    return b.len < strlen(path) ? buf_text(&b) : path;
}
