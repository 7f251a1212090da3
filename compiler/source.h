/*
 * source: the text being compiled, where things are in it, and the names it uses.
 *
 * Positions. All files of a compilation share one numbering: the bytes of the first file have positions 1, 2, …, those
 * of the next follow. A position is therefore four bytes, comparing two of one file compares places, and 0 is "nowhere".
 * File, line and column come back by two binary searches (files, then the file's line starts). Columns count bytes from
 * 1, as the Go toolchain's do. From a //line directive on, up to the next one in its file, places are those that it tells, as
 * code that was generated is that of its source to people.
 *
 * Inlined calls. What is cloned into a caller has positions of its own: a copy of the callee's stretch of the numbering, which knows
 * the call it stands for. So the position alone tells the place in the callee and, call by call, where it was put, and two
 * copies of one declaration are told apart.
 *
 * Text. A file's bytes are kept with a NUL behind them, so the lexer can look one byte ahead without a bounds check; a
 * NUL before the end is told from the one at the end by its address.
 *
 * Names. Each distinct identifier is one `struct ident`, so equal names are equal pointers. The table also holds the
 * keywords, with their token, which makes keyword recognition the same look-up.
 *
 * Diagnostics are diag.h's; the struct that holds all this together is in compilation.h.
 */
#ifndef GOMEM_COMPILER_SOURCE_H
#define GOMEM_COMPILER_SOURCE_H

#include "arena.h"

/* A place in the source: 0 is nowhere. A struct, so that it mixes with no other number. */
struct pos {
    uint32_t at;
};

#define POS_NONE ((struct pos){0})

static inline bool pos_known(struct pos p)
{
    return p.at != 0;
}

static inline bool pos_before(struct pos a, struct pos b)
{
    return a.at < b.at;
}

static inline struct pos pos_plus(struct pos p, size_t bytes)
{
    return (struct pos){p.at + (uint32_t)bytes};
}

/* What a person reads. */
struct source_place {
    const char *file;
    uint32_t line;   /* from 1 */
    uint32_t column; /* from 1, in bytes; 0: a directive left it open */
};

/* What a //line directive tells of the bytes of a file from offset on. */
struct line_directive {
    uint32_t offset;
    struct source_place place;
};

/*
 * Invariants: text[length] == 0; line_starts[0] == 0 and ascending; line_count >= 1.
 * Byte i of the file has position base + i; base + length (the end of the file) is a valid position too.
 * A copy (pos_known(call)) has no name, text or lines; its first byte is the one at `origin`.
 */
struct source_file {
    const char *name;
    const char *text;
    uint32_t length;
    uint32_t base;
    uint32_t *line_starts;
    uint32_t line_count;
    struct line_directive *directives; /* ascending offset */
    size_t directive_count;
    size_t directive_capacity;
    struct pos origin;
    struct pos call;      /* POS_NONE: no copy */
    const void *function; /* a copy: the struct function that was called */
};

struct source_set {
    struct arena *arena;
    struct source_file **files; /* ascending base */
    size_t count;
    size_t capacity;
    uint32_t next_base; /* starts at 1 */
};

void source_set_init(struct source_set *set, struct arena *a);

/* Adds a file whose bytes are copied. NULL when the compilation would exceed 4 GiB of source. */
struct source_file *source_add(struct source_set *set, const char *name, const char *text, size_t length);

/* Adds a file from disk. NULL with errno set (EFBIG: too large) when it cannot be read. */
struct source_file *source_read(struct source_set *set, const char *path);

/* The file that holds p; NULL for POS_NONE. */
struct source_file *source_file_at(const struct source_set *set, struct pos p);

/* Adds a directive that stands behind those the file has; a place without a file keeps that of the one before. */
void source_direct(struct source_set *set, struct source_file *f, struct line_directive d);

/* File, line and column of p; file "" and line 0 for POS_NONE. */
struct source_place source_place(const struct source_set *set, struct pos p);

/* A copy of [from, from + length) for a call; NULL when there are no positions left. */
const struct source_file *source_copy(struct source_set *set, struct pos from, uint32_t length, struct pos call,
                                      const void *function);

/* The copy that p is in, or NULL. */
const struct source_file *source_inlined(const struct source_set *set, struct pos p);

/* p, or the outermost call that put it where it is. */
struct pos source_outermost(const struct source_set *set, struct pos p);

/* Is p in [from, to], or was it put there by a call in it? */
bool source_within(const struct source_set *set, struct pos p, struct pos from, struct pos to);

/* The text of line `line` (from 1) without its newline. */
const char *source_line(const struct source_file *file, uint32_t line, size_t *length);

/* `file:line:col`, or `file:line` of an open column, in the arena. */
const char *source_format(const struct source_set *set, struct pos p);

/* The same as messages mention a place other than theirs: with where it is in its file, `y:10[x.go:3:7]`, if directives tell another. */
const char *source_mention(const struct source_set *set, struct pos p);

/* An identifier; two are equal exactly when their addresses are. Immutable. */
struct ident {
    struct ident *next; /* in its hash bucket */
    uint32_t hash;
    uint32_t length;
    uint8_t keyword; /* an enum token, 0 for ordinary names */
    bool exported;   /* begins with an upper-case letter */
    bool blank;      /* is _ */
    char text[];     /* NUL-terminated */
};

/* Invariant: bucket_count is a power of two, count <= bucket_count. */
struct ident_table {
    struct arena *arena;
    struct ident **buckets;
    uint32_t bucket_count;
    uint32_t count;
};

void ident_table_init(struct ident_table *table, struct arena *a);
struct ident *ident_intern(struct ident_table *table, const char *text, size_t length);

/* The same, for a caller that has the hash already (ident_hash_step over each byte from IDENT_HASH_START). */
struct ident *ident_intern_hashed(struct ident_table *table, const char *text, size_t length, uint32_t hash);

#define IDENT_HASH_START 2166136261u

static inline uint32_t ident_hash_step(uint32_t hash, unsigned char byte)
{
    return (hash ^ byte) * 16777619u;
}

#endif
