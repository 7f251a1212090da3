/*
 * buildtag: see buildtag.h.
 *
 * Constraints are || of && of ! of tags and parentheses; they are evaluated while they are parsed, always to the end, so
 * that a mistake is found whatever the tags say. The header of a file is scanned by hand: blank lines, // and block
 * comments, up to the first other thing; a constraint counts when it begins a line.
 */
#include "buildtag.h"

#include <string.h>

static const char *const known_os[] = {
    "aix",   "android", "darwin", "dragonfly", "freebsd", "hurd",    "illumos", "ios",     "js",
    "linux", "nacl",    "netbsd", "openbsd",   "plan9",   "solaris", "wasip1",  "windows", "zos",
};

/* Those for which `unix` holds. */
static const char *const unix_os[] = {
    "aix",     "android", "darwin", "dragonfly", "freebsd", "hurd",
    "illumos", "ios",     "linux",  "netbsd",    "openbsd", "solaris",
};

static const char *const known_arch[] = {
    "386",     "amd64",  "amd64p32", "arm",      "armbe",     "arm64",       "arm64be", "loong64",
    "mips",    "mipsle", "mips64",   "mips64le", "mips64p32", "mips64p32le", "ppc",     "ppc64",
    "ppc64le", "riscv",  "riscv64",  "s390",     "s390x",     "sparc",       "sparc64", "wasm",
};

static bool equals(const char *name, const char *text, size_t length)
{
    return strlen(name) == length && memcmp(name, text, length) == 0;
}

static bool listed(const char *const *names, size_t count, const char *text, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (equals(names[i], text, length))
            return true;
    return false;
}

#define LISTED(names, text, length) listed(names, sizeof(names) / sizeof(names)[0], text, length)

static bool release_holds(const struct buildtag_set *set, const char *digits, size_t length)
{
    unsigned release = 0;
    if (length == 0 || length > 4 || digits[0] == '0')
        return false;
    for (size_t i = 0; i < length; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return false;
        release = release * 10 + (unsigned)(digits[i] - '0');
    }
    return release <= set->release;
}

bool buildtag_holds(const struct buildtag_set *set, const char *tag, size_t length)
{
    if (equals(set->os, tag, length) || equals(set->arch, tag, length) || equals(set->gc ? "gc" : "gomem", tag, length))
        return true;
    if (equals("unix", tag, length))
        return LISTED(unix_os, set->os, strlen(set->os));
    if (length > 4 && memcmp(tag, "go1.", 4) == 0)
        return release_holds(set, tag + 4, length - 4);
    for (const char *const *extra = set->extra; extra && *extra; extra++)
        if (equals(*extra, tag, length))
            return true;
    return false;
}

/* ---- names -------------------------------------------------------------------------------------------------------- */

/* The part of [start, end) behind its last '_', or NULL; *end moves to that '_'. */
static const char *last_part(const char *start, const char **end, size_t *length)
{
    for (const char *p = *end; p > start; p--) {
        if (p[-1] != '_')
            continue;
        *length = (size_t)(*end - p);
        *end = p - 1;
        return p;
    }
    return NULL;
}

bool buildtag_match_name(const struct buildtag_set *set, const char *path)
{
    const char *slash = strrchr(path, '/'), *start = slash ? slash + 1 : path;
    const char *end = strchr(start, '.');
    size_t length, before;
    if (*start == '_' || *start == '.')
        return false;
    if (!end)
        end = start + strlen(start);
    const char *rest = end, *part = last_part(start, &rest, &length);
    if (part && equals("test", part, length)) {
        if (!set->tests)
            return false;
        end = rest;
        part = last_part(start, &rest, &length);
    }
    if (!part)
        return true;
    if (LISTED(known_os, part, length))
        return buildtag_holds(set, part, length);
    if (!LISTED(known_arch, part, length))
        return true;
    const char *os = last_part(start, &rest, &before);
    if (os && LISTED(known_os, os, before) && !buildtag_holds(set, os, before))
        return false;
    return buildtag_holds(set, part, length);
}

/* ---- constraints -------------------------------------------------------------------------------------------------- */

struct constraint {
    const struct buildtag_set *set;
    const char *start;
    const char *next;
    const char *end;
    unsigned depth;
    const char *error;
    const char *error_at;
};

static bool parse_or(struct constraint *c);

static void fail(struct constraint *c, const char *message)
{
    if (c->error)
        return;
    c->error = message;
    c->error_at = c->next;
    c->next = c->end;
}

static void skip_blanks(struct constraint *c)
{
    while (c->next < c->end && (*c->next == ' ' || *c->next == '\t'))
        c->next++;
}

static bool take(struct constraint *c, const char *word)
{
    size_t n = strlen(word);
    skip_blanks(c);
    if ((size_t)(c->end - c->next) < n || memcmp(c->next, word, n) != 0)
        return false;
    c->next += n;
    return true;
}

static bool is_tag_char(char ch)
{
    return (ch >= '0' && ch <= '9') || ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'z') || ch == '_' || ch == '.' ||
           (unsigned char)ch >= 0x80;
}

static bool parse_tag(struct constraint *c)
{
    const char *tag = c->next;
    while (c->next < c->end && is_tag_char(*c->next))
        c->next++;
    if (c->next == tag) {
        fail(c, c->next == c->end ? "unexpected end of expression" : "unexpected token");
        return false;
    }
    return buildtag_holds(c->set, tag, (size_t)(c->next - tag));
}

static bool parse_not(struct constraint *c)
{
    enum { MAX_DEPTH = 200 };
    if (++c->depth > MAX_DEPTH) {
        fail(c, "build expression too large");
        return false;
    }
    bool value;
    if (take(c, "!")) {
        skip_blanks(c);
        if (c->next < c->end && *c->next == '!')
            fail(c, "double negation not allowed");
        value = !parse_not(c);
    } else if (take(c, "(")) {
        value = parse_or(c);
        if (!take(c, ")"))
            fail(c, "missing close paren");
    } else {
        value = parse_tag(c);
    }
    c->depth--;
    return value;
}

static bool parse_and(struct constraint *c)
{
    bool value = parse_not(c);
    while (take(c, "&&"))
        value &= parse_not(c);
    return value;
}

static bool parse_or(struct constraint *c)
{
    bool value = parse_and(c);
    while (take(c, "||"))
        value |= parse_and(c);
    return value;
}

bool buildtag_evaluate(const struct buildtag_set *set, const char *text, size_t length, const char **error,
                       size_t *offset)
{
    struct constraint c = {.set = set, .start = text, .next = text, .end = text + length};
    bool value = parse_or(&c);
    skip_blanks(&c);
    if (c.next != c.end)
        fail(&c, "unexpected token");
    *error = c.error;
    *offset = c.error ? (size_t)(c.error_at - text) : 0;
    return value && !c.error;
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

static struct pos at(const struct source_file *file, const char *p)
{
    return (struct pos){file->base + (uint32_t)(p - file->text)};
}

/* The end of the line that p is in. */
static const char *line_end(const struct source_file *file, const char *p)
{
    const char *newline = memchr(p, '\n', (size_t)(file->text + file->length - p));
    return newline ? newline : file->text + file->length;
}

static const char *skip_block(const struct source_file *file, const char *p)
{
    const char *end = file->text + file->length;
    for (p += 2; p < end; p++)
        if (p[0] == '*' && p[1] == '/')
            return p + 2;
    return end;
}

static bool evaluate_line(struct gomem_compilation *c, const struct buildtag_set *set, const struct source_file *file,
                          const char *text, const char *end)
{
    const char *error;
    size_t offset;
    while (end > text && (end[-1] == '\r' || end[-1] == ' ' || end[-1] == '\t'))
        end--;
    bool value = buildtag_evaluate(set, text, (size_t)(end - text), &error, &offset);
    if (error)
        diag_error(&c->diags, at(file, text + offset), "parsing //go:build line: %s", error);
    return value;
}

/* Whether the // comment at p, which begins its line, is a constraint. */
static bool is_constraint(const char *p)
{
    return strncmp(p, "//go:build", 10) == 0 &&
           (p[10] == ' ' || p[10] == '\t' || p[10] == '\n' || p[10] == '\r' || !p[10]);
}

bool buildtag_match_file(struct gomem_compilation *c, const struct buildtag_set *set, const struct source_file *file)
{
    bool matches = buildtag_match_name(set, file->name), seen = false;
    const char *p = file->text;
    if (file->length >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
        p += 3;
    for (bool line_start = true;;) {
        if (*p == ' ' || *p == '\t' || *p == '\r') {
            p++;
        } else if (*p == '\n') {
            p++;
            line_start = true;
        } else if (p[0] == '/' && p[1] == '/') {
            const char *end = line_end(file, p);
            if (line_start && is_constraint(p)) {
                if (seen)
                    diag_error(&c->diags, at(file, p), "multiple //go:build comments");
                matches &= evaluate_line(c, set, file, p + 10, end);
                seen = true;
            }
            p = end;
        } else if (p[0] == '/' && p[1] == '*') {
            p = skip_block(file, p);
            line_start = false;
        } else {
            return matches;
        }
    }
}
