/*
 * source: see source.h.
 *
 * Line starts are found once, when a file is added, by memchr. The name table is a hash table with chains that doubles
 * when there are as many names as buckets; idents themselves never move. A copy has no text: look-ups go on at its origin.
 */
#include "source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "token.h"
#include "unicode.h"

void source_set_init(struct source_set *set, struct arena *a)
{
    *set = (struct source_set){.arena = a, .next_base = 1};
}

static void find_lines(struct arena *a, struct source_file *f)
{
    uint32_t count = 1;
    const char *end = f->text + f->length;
    for (const char *p = f->text; (p = memchr(p, '\n', (size_t)(end - p))); p++)
        count++;
    f->line_starts = ARENA_ARRAY(a, uint32_t, count);
    f->line_count = count;
    uint32_t i = 1;
    for (const char *p = f->text; (p = memchr(p, '\n', (size_t)(end - p))); p++)
        f->line_starts[i++] = (uint32_t)(p + 1 - f->text);
}

/* `text` is in the arena already, with its NUL. */
static struct source_file *add_owned(struct source_set *set, const char *name, const char *text, size_t length)
{
    /* One more than its bytes, so that the end of a file is not the start of the next. */
    if (length >= UINT32_MAX - set->next_base)
        return NULL;
    struct source_file *f = ARENA_NEW(set->arena, struct source_file);
    f->name = arena_strndup(set->arena, name, strlen(name));
    f->text = text;
    f->length = (uint32_t)length;
    f->base = set->next_base;
    set->next_base += (uint32_t)length + 1;
    find_lines(set->arena, f);
    set->files = arena_grow(set->arena, set->files, sizeof *set->files, set->count + 1, &set->capacity);
    set->files[set->count++] = f;
    return f;
}

struct source_file *source_add(struct source_set *set, const char *name, const char *text, size_t length)
{
    if (length >= UINT32_MAX - set->next_base)
        return NULL;
    return add_owned(set, name, arena_strndup(set->arena, text, length), length);
}

/* Reads to the end rather than trusting a size, so that pipes work too. */
static char *read_all(struct arena *a, FILE *in, size_t *length)
{
    size_t capacity = 0, n = 0;
    char *text = NULL;
    for (;;) {
        text = arena_grow(a, text, 1, n + 4096, &capacity);
        size_t got = fread(text + n, 1, capacity - n - 1, in);
        n += got;
        if (got == 0 || n >= UINT32_MAX)
            break;
    }
    text[n] = 0;
    *length = n;
    return text;
}

/* The size of a plain file, so that its text needs one allocation; 0 when unknown. */
static uint64_t expected_size(FILE *in)
{
    struct stat st;
    return fstat(fileno(in), &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
}

struct source_file *source_read(struct source_set *set, const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in)
        return NULL;
    uint64_t size = expected_size(in);
    size_t length = (size_t)size;
    char *text;
    if (size >= UINT32_MAX) {
        fclose(in);
        errno = EFBIG;
        return NULL;
    }
    if (length) {
        text = arena_alloc(set->arena, length + 1);
        length = fread(text, 1, length, in);
        text[length] = 0;
    } else {
        text = read_all(set->arena, in, &length);
    }
    int failed = ferror(in) ? (errno ? errno : EIO) : 0;
    fclose(in);
    if (failed) {
        errno = failed;
        return NULL;
    }
    struct source_file *f = add_owned(set, path, text, length);
    if (!f)
        errno = EFBIG;
    return f;
}

struct source_file *source_file_at(const struct source_set *set, struct pos p)
{
    if (!pos_known(p))
        return NULL;
    size_t low = 0, high = set->count; /* the last file whose base is <= p */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (set->files[middle]->base <= p.at)
            low = middle;
        else
            high = middle;
    }
    return low < set->count ? set->files[low] : NULL;
}

/* ---- copies ------------------------------------------------------------------------------------------------------- */

const struct source_file *source_copy(struct source_set *set, struct pos from, uint32_t length, struct pos call,
                                      const void *function)
{
    if (length >= UINT32_MAX - set->next_base)
        return NULL;
    struct source_file *f = ARENA_NEW(set->arena, struct source_file);
    *f = (struct source_file){
        .length = length, .base = set->next_base, .origin = from, .call = call, .function = function};
    set->next_base += length + 1;
    set->files = arena_grow(set->arena, set->files, sizeof *set->files, set->count + 1, &set->capacity);
    set->files[set->count++] = f;
    return f;
}

const struct source_file *source_inlined(const struct source_set *set, struct pos p)
{
    const struct source_file *f = source_file_at(set, p);
    return f && pos_known(f->call) ? f : NULL;
}

struct pos source_outermost(const struct source_set *set, struct pos p)
{
    for (const struct source_file *f; (f = source_inlined(set, p));)
        p = f->call;
    return p;
}

bool source_within(const struct source_set *set, struct pos p, struct pos from, struct pos to)
{
    for (const struct source_file *f;; p = f->call) {
        if (p.at >= from.at && p.at <= to.at)
            return true;
        f = source_inlined(set, p);
        if (!f)
            return false;
    }
}

/* ---- places ------------------------------------------------------------------------------------------------------- */

static struct source_place physical_place(const struct source_file *f, uint32_t offset)
{
    uint32_t low = 0, high = f->line_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (f->line_starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return (struct source_place){.file = f->name, .line = low + 1, .column = offset - f->line_starts[low] + 1};
}

void source_direct(struct source_set *set, struct source_file *f, struct line_directive d)
{
    if (!d.place.file)
        d.place.file = f->directive_count ? f->directives[f->directive_count - 1].place.file : f->name;
    f->directives =
        arena_grow(set->arena, f->directives, sizeof *f->directives, f->directive_count + 1, &f->directive_capacity);
    f->directives[f->directive_count++] = d;
}

/* The directive that tells of that byte, or NULL. */
static const struct line_directive *directive_of(const struct source_file *f, uint32_t offset)
{
    size_t low = 0,
           high = f->directive_count; /* those below low begin at offset or before, those from high on behind it */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (f->directives[middle].offset <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &f->directives[low - 1] : NULL;
}

struct source_place source_place(const struct source_set *set, struct pos p)
{
    const struct source_file *f = source_file_at(set, p);
    if (!f)
        return (struct source_place){.file = ""};
    if (pos_known(f->call))
        return source_place(set, pos_plus(f->origin, p.at - f->base));
    uint32_t offset = p.at - f->base;
    struct source_place at = physical_place(f, offset);
    const struct line_directive *d = directive_of(f, offset);
    if (!d)
        return at;
    uint32_t lines = at.line - physical_place(f, d->offset).line;
    uint32_t column = !d->place.column ? 0 : lines ? at.column : d->place.column + (offset - d->offset);
    return (struct source_place){d->place.file, d->place.line + lines, column};
}

const char *source_line(const struct source_file *file, uint32_t line, size_t *length)
{
    uint32_t start = file->line_starts[line - 1];
    uint32_t end = line < file->line_count ? file->line_starts[line] - 1 : file->length;
    *length = end - start;
    return file->text + start;
}

static const char *format_place(const struct source_set *set, struct source_place at)
{
    if (at.line == 0)
        return "<unknown position>";
    if (at.column == 0)
        return arena_printf(set->arena, "%s:%u", at.file, at.line);
    return arena_printf(set->arena, "%s:%u:%u", at.file, at.line, at.column);
}

const char *source_format(const struct source_set *set, struct pos p)
{
    return format_place(set, source_place(set, p));
}

const char *source_mention(const struct source_set *set, struct pos p)
{
    const char *told = source_format(set, p);
    const struct source_file *f = source_file_at(set, p);
    if (!f || pos_known(f->call))
        return told;
    const char *there = format_place(set, physical_place(f, p.at - f->base));
    return strcmp(told, there) ? arena_printf(set->arena, "%s[%s]", told, there) : told;
}

/* ---- names -------------------------------------------------------------------------------------------------------- */

enum { FIRST_BUCKETS = 1024 };

void ident_table_init(struct ident_table *table, struct arena *a)
{
    *table = (struct ident_table){.arena = a, .bucket_count = FIRST_BUCKETS};
    table->buckets = ARENA_ARRAY(a, struct ident *, FIRST_BUCKETS);
    for (unsigned t = TOKEN_BREAK; t <= TOKEN_VAR; t++) {
        const char *word = token_string((enum token)t);
        ident_intern(table, word, strlen(word))->keyword = (uint8_t)t;
    }
}

static void rehash(struct ident_table *table)
{
    uint32_t count = table->bucket_count * 2;
    struct ident **buckets = ARENA_ARRAY(table->arena, struct ident *, count);
    for (uint32_t i = 0; i < table->bucket_count; i++) {
        struct ident *next;
        for (struct ident *id = table->buckets[i]; id; id = next) {
            next = id->next;
            id->next = buckets[id->hash & (count - 1)];
            buckets[id->hash & (count - 1)] = id;
        }
    }
    table->buckets = buckets;
    table->bucket_count = count;
}

static struct ident *add_ident(struct ident_table *table, const char *text, size_t length, uint32_t hash)
{
    if (table->count >= table->bucket_count && table->bucket_count <= UINT32_MAX / 2)
        rehash(table);
    struct ident *id = arena_alloc(table->arena, sizeof *id + length + 1);
    memcpy(id->text, text, length);
    id->length = (uint32_t)length;
    id->hash = hash;
    unsigned width;
    id->exported = length != 0 && unicode_is_upper(utf8_decode(text, length, &width));
    id->blank = length == 1 && text[0] == '_';
    struct ident **bucket = &table->buckets[hash & (table->bucket_count - 1)];
    id->next = *bucket;
    *bucket = id;
    table->count++;
    return id;
}

struct ident *ident_intern_hashed(struct ident_table *table, const char *text, size_t length, uint32_t hash)
{
    for (struct ident *id = table->buckets[hash & (table->bucket_count - 1)]; id; id = id->next)
        if (id->hash == hash && id->length == length && memcmp(id->text, text, length) == 0)
            return id;
    return add_ident(table, text, length, hash);
}

struct ident *ident_intern(struct ident_table *table, const char *text, size_t length)
{
    uint32_t hash = IDENT_HASH_START;
    for (size_t i = 0; i < length; i++)
        hash = ident_hash_step(hash, (unsigned char)text[i]);
    return ident_intern_hashed(table, text, length, hash);
}
