/*
 * lexer: from bytes to tokens, the whole lexical grammar of Go 1.26.
 *
 * lexer_next reads one token and leaves it in the struct. There is no token list: the parser looks at one token at a
 * time, and the few places of the grammar that need more decide afterwards what they have read.
 *
 * Semicolons are inserted as the specification says: `line_ends_statement` is set after a token that can end a
 * statement, and the next newline (or a comment that contains one, or the end of the file) then is a TOKEN_SEMI.
 *
 * Errors are reported where and as the toolchain does, and a token comes out all the same: a malformed literal is a
 * TOKEN_LITERAL with `bad` set, a stray character is skipped. Bytes that are no UTF-8, NULs and byte-order marks (but for
 * one at the very beginning) are reported wherever they stand, in comments and strings too.
 *
 * Comments vanish, but for directives: `//`, lower-case letters and digits, a colon, another letter or digit. They are
 * collected in order in `directives` (a growing array the parser takes over).
 */
#ifndef GOMEM_COMPILER_LEXER_H
#define GOMEM_COMPILER_LEXER_H

#include "ast.h"

/* Invariant: file->text <= next <= end == file->text + file->length, and *end == 0. */
struct lexer {
    struct gomem_compilation *compilation;
    struct source_file *file;
    const char *next; /* first byte behind the current token */
    const char *end;
    bool line_ends_statement;
    uint32_t errors; /* reported through lexer_error, dropped repetitions too */

    /* The current token. */
    enum token token;
    enum op op;                /* TOKEN_OPERATOR, TOKEN_STAR, TOKEN_ASSIGN_OP, TOKEN_INC_OP */
    int precedence;            /* TOKEN_OPERATOR, TOKEN_STAR: of the binary operator */
    enum literal_kind literal; /* TOKEN_LITERAL */
    bool bad;                  /* TOKEN_LITERAL: malformed, reported */
    const char *start;         /* its text is [start, next), for names and literals */
    struct pos pos;
    struct ident *ident; /* TOKEN_NAME */
    const char *semi;    /* TOKEN_SEMI: "semicolon", "newline" or "EOF" */

    struct directive **directives;
    size_t directive_count;
    size_t directive_capacity;
};

/* Starts at the file's first byte; call lexer_next for the first token. */
void lexer_init(struct lexer *lx, struct gomem_compilation *c, struct source_file *file);

/* Reads the next token; for ever TOKEN_EOF at the end. */
void lexer_next(struct lexer *lx);

/* Reports at a position of the file. */
void lexer_error(struct lexer *lx, struct pos pos, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ---- between lexer.c and lexer_literal.c ------------------------------------------------------------------------ */

/*
 * The code point at `next`, or -1 at the end of the file. Reports and skips NULs, invalid bytes and byte-order marks on
 * the way, so `next` may move. *width is how many bytes it takes.
 */
int32_t lexer_look(struct lexer *lx, unsigned *width);

/* True for bytes that lexer_look would return unchanged: ASCII other than NUL. */
static inline bool lexer_plain(char c)
{
    return (signed char)c > 0;
}

struct pos lexer_pos(const struct lexer *lx, const char *at);

/* With `next` at the first byte of the literal (at the '.' when it begins with one). They set the token. */
void lexer_number(struct lexer *lx);
void lexer_rune(struct lexer *lx);
void lexer_string(struct lexer *lx);
void lexer_raw_string(struct lexer *lx);

#endif
