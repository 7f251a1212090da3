/*
 * package: see package.h.
 */
#include "package.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "parser.h"

/* ---- the version a constraint implies ---- */

struct constraint {
    const char *at;
    const char *end;
};

enum { NO_VERSION = -1 };

static void skip_blanks(struct constraint *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t'))
        c->at++;
}

static bool accept(struct constraint *c, const char *token)
{
    size_t n = strlen(token);
    skip_blanks(c);
    if ((size_t)(c->end - c->at) < n || memcmp(c->at, token, n) != 0)
        return false;
    c->at += n;
    return true;
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static int version_or(struct constraint *c, bool negated);

static int version_tag(struct constraint *c, bool negated)
{
    skip_blanks(c);
    const char *start = c->at;
    while (c->at < c->end && !strchr(" \t()!&|", *c->at))
        c->at++;
    size_t n = (size_t)(c->at - start);
    if (negated || n < 3 || memcmp(start, "go1", 3) != 0)
        return NO_VERSION;
    return n > 4 && start[3] == '.' ? atoi(start + 4) : n == 3 ? 0 : NO_VERSION;
}

static int version_not(struct constraint *c, bool negated)
{
    if (accept(c, "!"))
        return version_not(c, !negated);
    if (!accept(c, "("))
        return version_tag(c, negated);
    int v = version_or(c, negated);
    accept(c, ")");
    return v;
}

/* Both must hold, so the larger version; under a negation it is either. */
static int version_and(struct constraint *c, bool negated)
{
    int v = version_not(c, negated);
    while (accept(c, "&&")) {
        int w = version_not(c, negated);
        v = negated ? smaller(v, w) : larger(v, w);
    }
    return v;
}

static int version_or(struct constraint *c, bool negated)
{
    int v = version_and(c, negated);
    while (accept(c, "||")) {
        int w = version_and(c, negated);
        v = negated ? larger(v, w) : smaller(v, w);
    }
    return v;
}

int package_implied_version(const char *constraint, size_t length)
{
    struct constraint c = {constraint, constraint + length};
    return larger(version_or(&c, false), 0);
}

/* ---- files ---- */

struct file_list {
    struct arena *arena;
    const char **names;
    uint32_t count;
    size_t capacity;
    bool users; /* the root's */
    bool own;   /* likewise */
};

static void add_name(struct file_list *list, const char *name)
{
    list->names = arena_grow(list->arena, list->names, sizeof *list->names, list->count + 1, &list->capacity);
    list->names[list->count++] = name;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);
    return n > m && strcmp(name + n - m, end) == 0;
}

static bool is_go_file(const struct package_loader *l, const char *name)
{
    return ends_with(name, ".go") && name[0] != '_' && name[0] != '.' &&
           (l->tags.tests || !ends_with(name, "_test.go"));
}

/* Messages name files without a leading "./". */
static const char *join(struct arena *a, const char *directory, const char *name)
{
    if (strcmp(directory, ".") == 0)
        return *name ? name : directory;
    return *name ? arena_printf(a, "%s/%s", directory, name) : directory;
}

static bool list_files(struct package_loader *l, const char *directory, struct file_list *out)
{
    DIR *d = opendir(directory);
    if (!d)
        return false;
    for (struct dirent *e; (e = readdir(d));) {
        struct stat st;
        if (!is_go_file(l, e->d_name) || !buildtag_match_name(&l->tags, e->d_name))
            continue;
        if (!fstatat(dirfd(d), e->d_name, &st, 0) && !S_ISREG(st.st_mode))
            continue; /* a folder, or a pipe, which would be waited for */
        add_name(out, join(out->arena, directory, arena_strndup(out->arena, e->d_name, strlen(e->d_name))));
    }
    closedir(d);
    if (out->count)
        qsort(out->names, out->count, sizeof *out->names, compare_names);
    return true;
}

/* The import of "C"; NULL when there is none. */
static const struct expr *import_of_c(const struct ast_file *f)
{
    for (uint32_t i = 0; i < f->decls.count && f->decls.items[i]->kind == DECL_IMPORT; i++) {
        const struct expr *path = f->decls.items[i]->import.path;
        if (path->literal.length == 3 && memcmp(path->literal.text, "\"C\"", 3) == 0)
            return path;
    }
    return NULL;
}

/* Directives that Go's own runtime alone may hold. */
static void refuse_of_runtime(struct diag_list *d, const struct ast_file *f)
{
    static const char *const words[] = {"systemstack", "nowritebarrier", "nowritebarrierrec", "yeswritebarrierrec"};
    for (uint32_t i = 0; i < f->directives.count; i++) {
        const struct directive *x = f->directives.items[i];
        for (size_t k = 0; k < sizeof words / sizeof *words && x->own_line; k++)
            if (ast_is_directive(x, words[k]))
                diag_error(d, (struct pos){x->pos.at + 2}, "//go:%s only allowed in runtime", words[k]);
    }
}

/* What a user's file may not hold, since nothing of it would be compiled: cgo, what is written in assembly or linked by name. */
static void refuse_foreign(struct diag_list *d, const struct ast_file *f)
{
    static const char *const refused[] = {"//go:linkname ", "//go:embed ", "//export ", "//go:cgo_", "//go:wasm"};
    const struct expr *c = import_of_c(f);
    if (c)
        diag_unsupported(d, c->pos, "import \"C\"");
    for (uint32_t i = 0; i < f->directives.count; i++) {
        const struct directive *x = f->directives.items[i];
        for (size_t k = 0; k < sizeof refused / sizeof *refused; k++)
            if (strncmp(x->text, refused[k], strlen(refused[k])) == 0)
                diag_unsupported(d, x->pos, "%.*s", (int)strcspn(x->text, " "), x->text);
    }
    for (uint32_t i = 0; i < f->decls.count; i++) {
        const struct decl *x = f->decls.items[i];
        if (x->kind == DECL_FUNC && !x->func.body && !x->func.tparams.count)
            diag_unsupported(d, x->pos, "a function without a body (assembly or linkname)");
    }
}

/* ---- packages ---- */

struct reading {
    struct package_loader *loader;
    struct package *package;
    size_t capacity;
    uint32_t errors;    /* reported before */
    uint32_t tolerable; /* of those reported since, what the checker copes with */
    bool filter;        /* by tags and cgo */
    bool users;         /* of a root of the user's */
};

static void add_file(struct reading *r, struct ast_file *f)
{
    struct package *p = r->package;
    struct gomem_compilation *c = r->loader->program->compilation;
    if (!p->name)
        p->name = f->package->name.ident;
    if (p->name != f->package->name.ident) {
        diag_error(&c->diags, f->package->pos, "package %s; expected package %s", f->package->name.ident->text,
                   p->name->text);
        return;
    }
    p->files = arena_grow(&c->arena, p->files, sizeof *p->files, p->file_count + 1, &r->capacity);
    p->files[p->file_count++] = f;
}

/* What the scanner and the parser report beyond the grammar (a bad literal, a goto into a block) does not keep a package from being checked. */
static struct ast_file *parse(struct reading *r, struct source_file *source)
{
    struct gomem_compilation *c = r->loader->program->compilation;
    uint32_t reported = c->diags.reported, stopping = c->diags.stopping;
    struct ast_file *f = parser_parse(c, source);
    if (f && !diag_full(&c->diags))
        r->tolerable += c->diags.reported - reported - (c->diags.stopping - stopping);
    return f;
}

static void read_file(struct reading *r, const char *name)
{
    struct gomem_compilation *c = r->loader->program->compilation;
    struct source_file *source = source_read(&c->sources, name);
    if (!source) {
        diag_error(&c->diags, POS_NONE, "cannot read %s: %s", name, strerror(errno));
        return;
    }
    if (r->filter && !buildtag_match_file(c, &r->loader->tags, source))
        return;
    struct ast_file *f = parse(r, source);
    if (f && r->users)
        refuse_of_runtime(&c->diags, f);
    if (f && r->users && c->diags.limit) /* a listing of all errors compiles nothing */
        refuse_foreign(&c->diags, f);
    if (f && !(r->filter && import_of_c(f)))
        add_file(r, f);
}

static struct package *new_package(struct package_loader *l, const char *path)
{
    struct types *t = &l->program->types;
    struct package *p = package_new(t, arena_strndup(t->arena, path, strlen(path)), NULL);
    p->go_version = l->go_version;
    l->loaded = arena_grow(t->arena, l->loaded, sizeof *l->loaded, l->count + 1, &l->capacity);
    l->loaded[l->count++] = p;
    return p;
}

static struct package *load(struct package_loader *l, const char *path, const struct file_list *files, bool filter)
{
    struct gomem_compilation *c = l->program->compilation;
    struct reading r = {.loader = l,
                        .package = new_package(l, path),
                        .errors = c->diags.reported,
                        .filter = filter,
                        .users = files->users};
    for (uint32_t i = 0; i < files->count; i++)
        read_file(&r, files->names[i]);
    struct package *p = r.package;
    if (files->own)
        p->go_version = 0;
    if (!p->file_count && c->diags.reported == r.errors)
        diag_error(&c->diags, POS_NONE, "package %s: build constraints exclude all Go files", path);
    if (!p->name)
        p->name = ident_intern(&c->idents, "_", 1);
    if (c->diags.reported != r.errors + r.tolerable && !l->despite_errors) {
        p->failed = p->complete = p->fake = true;
        return p;
    }
    check_package(l->program, p);
    return p;
}

static struct package *find_loaded(const struct package_loader *l, const char *path)
{
    for (uint32_t i = 0; i < l->count; i++)
        if (strcmp(l->loaded[i]->path, path) == 0)
            return l->loaded[i];
    return NULL;
}

/* What of the path is below the root; NULL when the root is not for it. */
static const char *below_root(const struct package_root *root, const char *path)
{
    size_t n = strlen(root->prefix);
    if (n == 0)
        return path;
    if (strncmp(path, root->prefix, n) != 0 || (path[n] != 0 && path[n] != '/'))
        return NULL;
    return path[n] ? path + n + 1 : path + n;
}

static bool has_files(struct package_loader *l, const char *directory, struct file_list *out)
{
    struct stat st;
    out->count = 0;
    return stat(directory, &st) == 0 && S_ISDIR(st.st_mode) && list_files(l, directory, out) && out->count;
}

static bool find_files(struct package_loader *l, const char *path, struct file_list *out)
{
    size_t best = 0;
    bool found = false;
    for (uint32_t i = 0; i < l->root_count; i++) {
        const char *rest = below_root(&l->roots[i], path);
        size_t n = strlen(l->roots[i].prefix);
        if (!rest || (found && n < best))
            continue;
        struct file_list here = {.arena = out->arena, .users = l->roots[i].users, .own = l->roots[i].own};
        if (!has_files(l, join(out->arena, l->roots[i].directory, rest), &here) || (found && n == best))
            continue;
        *out = here;
        best = n;
        found = true;
    }
    return found;
}

struct package *package_load(struct package_loader *l, const char *path)
{
    struct package *p = find_loaded(l, path);
    if (p)
        return p;
    struct file_list files = {.arena = l->program->types.arena};
    if (strcmp(path, "unsafe") == 0)
        return l->program->types.unsafe;
    return find_files(l, path, &files) ? load(l, path, &files, true) : NULL;
}

struct package *package_load_files(struct package_loader *l, const char *path, const char *const *names, uint32_t count)
{
    struct file_list files = {
        .arena = l->program->types.arena, .names = (const char **)(uintptr_t)names, .count = count};
    for (uint32_t i = 0; i < l->root_count; i++)
        files.users |= l->roots[i].users && below_root(&l->roots[i], path);
    return load(l, path, &files, false);
}

static struct package *import(struct program *program, struct package *importer, const char *path, struct pos pos)
{
    struct package_loader *l = program->loader;
    (void)importer;
    struct package *p = package_load(l, path);
    if (p)
        return p;
    bool users = false;
    for (uint32_t i = 0; i < l->root_count; i++)
        users |= l->roots[i].users && l->roots[i].prefix[0] && below_root(&l->roots[i], path);
    diag_error(&program->compilation->diags, pos, "could not import %s (%s)", path,
               users ? "no such package"
                     : "no package of the module, nor of gomem's library, which compiler/lib/README.md lists");
    return NULL;
}

void package_loader_init(struct package_loader *l, struct program *p, const struct package_root *roots,
                         uint32_t root_count, const struct buildtag_set *tags, int go_version)
{
    *l = (struct package_loader){
        .program = p, .roots = roots, .root_count = root_count, .tags = *tags, .go_version = go_version};
    p->loader = l;
    p->config.import = import;
}
