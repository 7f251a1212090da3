// golibrary: see golibrary.h. The command go is not asked: nothing here runs a program.
#include "golibrary.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../compiler/escape.h"
#include "commands.h"

static bool is_goroot(const char *dir)
{
    return dir && *dir && is_dir(format("%s/src/runtime", dir));
}

// on_path is the distribution whose go comes first on PATH.
static const char *on_path(void)
{
    const char *path = getenv("PATH");
    struct vec dirs = split(xstrdup(path ? path : ""), ":");
    for (size_t i = 0; i < dirs.len; i++) {
        char *go = realpath(format("%s/go", (char *)dirs.at[i]), NULL);
        char *slash = go ? strrchr(go, '/') : NULL;
        if (!slash || slash == go)
            continue;
        *slash = 0;
        slash = strrchr(go, '/');
        if (!slash)
            continue;
        *slash = 0;
        if (is_goroot(go))
            return go;
    }
    return NULL;
}

const char *golibrary_goroot(const char *dir)
{
    if (!is_goroot(dir))
        die(EXIT_USAGE, "--goroot: there is no Go distribution in %s", dir);
    return dir;
}

const char *golibrary_usual_goroot(void)
{
    const char *environment = getenv("GOROOT");
    if (is_goroot(environment))
        return environment;
    const char *found = on_path();
    return found ? found : is_goroot("/usr/local/go") ? "/usr/local/go" : NULL;
}

static int release_of(const char *goroot)
{
    char *text = goroot ? read_file(format("%s/VERSION", goroot), NULL) : NULL;
    return text && starts_with(text, "go1.") ? atoi(text + 4) : ESCAPE_RELEASE_NEWEST;
}

// cache_name spells a path as the cache of modules does: an exclamation mark and a small letter for a capital one.
static char *cache_name(const char *path)
{
    struct buf b = {0};
    for (; *path; path++)
        buf_printf(&b, isupper((unsigned char)*path) ? "!%c" : "%c", tolower((unsigned char)*path));
    return xstrdup(buf_text(&b));
}

static char *module_cache(void)
{
    const char *cache = getenv("GOMODCACHE"), *path = getenv("GOPATH"), *home = getenv("HOME");
    if (cache && *cache)
        return xstrdup(cache);
    if (path && *path)
        return format("%.*s/pkg/mod", (int)strcspn(path, ":"), path);
    return format("%s/go/pkg/mod", home ? home : "");
}

static void add_root(struct golibrary *l, const char *prefix, const char *dir, bool own)
{
    l->roots = xrealloc(l->roots, (l->count + 1) * sizeof *l->roots);
    l->roots[l->count++] = (struct package_root){prefix, dir, false, own};
}

// add_line takes what behind `require` or `replace` names a module: PATH VERSION, or PATH [VERSION] => PATH [VERSION].
static void add_line(struct golibrary *l, const char *root, char *line)
{
    char *comment = strstr(line, "//");
    if (comment)
        *comment = 0;
    struct vec words = split(line, " \t\"");
    size_t n = words.len, arrow = 0;
    while (arrow < n && strcmp(words.at[arrow], "=>"))
        arrow++;
    size_t from = arrow < n ? arrow + 1 : 0;
    if (from >= n)
        return;
    const char *path = words.at[from], *version = from + 1 < n ? words.at[from + 1] : NULL;
    if (!version)
        add_root(l, words.at[0], *path == '/' ? path : format("%s/%s", root, path), false);
    else
        add_root(l, words.at[0], format("%s/%s@%s", module_cache(), cache_name(path), cache_name(version)), false);
}

// add_modules adds those that go.mod requires, replacements in front.
static void add_modules(struct golibrary *l, const char *root, const char *word)
{
    char *text = read_file(format("%s/go.mod", root), NULL);
    struct vec lines = split(text ? text : xstrdup(""), "\n");
    bool inside = false;
    for (size_t i = 0; i < lines.len; i++) {
        char *line = trim(lines.at[i]);
        size_t n = strlen(word);
        if (inside && *line == ')')
            inside = false;
        else if (inside)
            add_line(l, root, line);
        else if (starts_with(line, word) && strchr(" \t(", line[n]) && strchr(line, '('))
            inside = true;
        else if (starts_with(line, word) && strchr(" \t", line[n]))
            add_line(l, root, line + n);
    }
}

void golibrary_tags(struct vec *tags, int release)
{
    static const struct {
        const char *tag;
        int since;
    } held[] = {{"amd64.v1", 19},
                {"goexperiment.regabiwrappers", 19},
                {"goexperiment.regabiargs", 19},
                {"goexperiment.dwarf5", 25},
                {"goexperiment.greenteagc", 26},
                {"goexperiment.randomizedheapbase64", 26}};
    for (size_t i = 0; i < COUNT_OF(held); i++)
        if (release >= held[i].since)
            vec_push(tags, (char *)held[i].tag);
}

struct golibrary golibrary_find(const struct gomod *m, const char *dir, const char *goroot)
{
    struct golibrary l = {.own = format("%s/compiler/lib", gomem_root()), .release = release_of(goroot)};
    add_root(&l, m->path, m->root ? m->root : dir, false);
    if (m->root) {
        add_root(&l, "", format("%s/vendor", m->root), false);
        add_modules(&l, m->root, "replace");
        add_modules(&l, m->root, "require");
    }
    if (goroot) {
        add_root(&l, "", format("%s/src", goroot), true);
        add_root(&l, "", format("%s/src/vendor", goroot), true);
    }
    add_root(&l, "", l.own, true);
    return l;
}
