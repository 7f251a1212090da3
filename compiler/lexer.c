/*
 * lexer: white space, comments, names, operators; see lexer.h. Literals are in lexer_literal.c.
 *
 * All loops first run over plain ASCII bytes by looking at one byte, and call lexer_look for anything else, so the
 * common case costs a comparison per byte and the checks of the encoding are in one place.
 */
#include "lexer.h"

#include <string.h>

#include "unicode.h"

void lexer_init(struct lexer *lx, struct gomem_compilation *c, struct source_file *file)
{
    *lx = (struct lexer){.compilation = c, .file = file, .next = file->text, .end = file->text + file->length};
    lx->start = lx->next;
    lx->pos = lexer_pos(lx, lx->next);
}

struct pos lexer_pos(const struct lexer *lx, const char *at)
{
    return (struct pos){lx->file->base + (uint32_t)(at - lx->file->text)};
}

void lexer_error(struct lexer *lx, struct pos pos, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_verror(&lx->compilation->diags, pos, format, args);
    va_end(args);
    lx->errors++;
}

int32_t lexer_look(struct lexer *lx, unsigned *width)
{
    for (;;) {
        struct pos here = lexer_pos(lx, lx->next);
        *width = 1;
        if (lexer_plain(*lx->next))
            return *lx->next;
        if (lx->next == lx->end)
            return -1;
        uint32_t rune = utf8_decode(lx->next, (size_t)(lx->end - lx->next), width);
        if (rune == 0)
            lexer_error(lx, here, "invalid NUL character");
        else if (rune == UNICODE_ERROR && *width == 1)
            lexer_error(lx, here, "invalid UTF-8 encoding");
        else if (rune != UNICODE_BOM)
            return (int32_t)rune;
        else if (lx->next != lx->file->text)
            lexer_error(lx, here, "invalid BOM in the middle of the file");
        lx->next += *width;
    }
}

/* ---- comments ----------------------------------------------------------------------------------------------------- */

static bool is_directive_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* text points behind the slashes and is followed by a newline or NUL. */
static bool is_directive(const char *text)
{
    const char *p = text;
    while (is_directive_char(*p))
        p++;
    return p > text && *p == ':' && is_directive_char(p[1]);
}

enum { LINE_PREFIX = sizeof "//line " - 1, MOST_LINES = 1 << 30 };

static bool is_line_directive(const char *comment)
{
    return !strncmp(comment + 2, "line ", LINE_PREFIX - 2);
}

static bool first_on_line(const struct lexer *lx, const char *at)
{
    while (at > lx->file->text && (at[-1] == ' ' || at[-1] == '\t' || at[-1] == '\r'))
        at--;
    return at == lx->file->text || at[-1] == '\n';
}

static void add_directive(struct lexer *lx, const char *start)
{
    struct arena *a = &lx->compilation->arena;
    size_t length = (size_t)(lx->next - start);
    if (length && start[length - 1] == '\r')
        length--;
    struct directive *d = ARENA_NEW(a, struct directive);
    d->pos = lexer_pos(lx, start);
    d->text = arena_strndup(a, start, length);
    d->length = (uint32_t)length;
    d->own_line = first_on_line(lx, start);
    lx->directives =
        arena_grow(a, lx->directives, sizeof *lx->directives, lx->directive_count + 1, &lx->directive_capacity);
    lx->directives[lx->directive_count++] = d;
}

/* A number with a colon before it; colon is NULL when there is no colon, n is -1 when what follows it is no number. */
struct suffix {
    const char *colon;
    int64_t n;
};

static struct suffix last_suffix(const char *text, const char *end)
{
    const char *p = end;
    while (p > text && p[-1] != ':')
        p--;
    if (p == text)
        return (struct suffix){0};
    struct suffix x = {p - 1, p < end ? 0 : -1};
    for (; p < end && x.n >= 0; p++)
        x.n = *p < '0' || *p > '9' || x.n > INT64_MAX / 10 - 1 ? -1 : x.n * 10 + (*p - '0');
    return x;
}

static bool in_range(struct lexer *lx, const char *what, struct suffix x, const char *end)
{
    const char *number = x.colon + 1;
    if (0 < x.n && x.n <= MOST_LINES)
        return true;
    lexer_error(lx, lexer_pos(lx, number), "invalid %s number: %.*s", what, (int)(end - number), number);
    return false;
}

/*
 * The directive in [text, end) of a comment, for what begins at `next`: FILE:LINE or FILE:LINE:COLUMN, read from its end, as the name of a
 * file may have colons. An empty name is a file without a name; with a column, it is the file of the directive before.
 */
static void take_line_directive(struct lexer *lx, const char *text, const char *end, const char *next)
{
    struct suffix line = last_suffix(text, end), column = {0}, before = {0};
    if (!line.colon)
        return;
    if (line.n >= 0)
        before = last_suffix(text, line.colon);
    if (before.colon && before.n >= 0) {
        column = line;
        line = before;
        if (!in_range(lx, "column", column, end))
            return;
        end = column.colon;
    }
    if (!in_range(lx, "line", line, end))
        return;
    const char *name = NULL;
    if (line.colon > text || !column.colon)
        name = arena_strndup(&lx->compilation->arena, text, (size_t)(line.colon - text));
    source_direct(
        &lx->compilation->sources, lx->file,
        (struct line_directive){(uint32_t)(next - lx->file->text), {name, (uint32_t)line.n, (uint32_t)column.n}});
}

/* The newline stays, it may end a statement. */
static void skip_line_comment(struct lexer *lx)
{
    const char *start = lx->next;
    unsigned width;
    while (*lx->next != '\n') {
        if (lexer_plain(*lx->next))
            lx->next++;
        else if (lexer_look(lx, &width) < 0)
            break;
        else if (!lexer_plain(*lx->next))
            lx->next += width;
    }
    if (is_directive(start + 2))
        add_directive(lx, start);
    else if (is_line_directive(start) && (start == lx->file->text || start[-1] == '\n'))
        take_line_directive(lx, start + LINE_PREFIX, lx->next - (lx->next[-1] == '\r'), lx->next + (*lx->next == '\n'));
}

/* Returns whether the comment holds a newline. */
static bool skip_block_comment(struct lexer *lx)
{
    const char *start = lx->next;
    bool newline = false;
    unsigned width;
    for (lx->next += 2;;) {
        char c = *lx->next;
        if (c == '*' && lx->next[1] == '/') {
            if (is_line_directive(start))
                take_line_directive(lx, start + LINE_PREFIX, lx->next, lx->next + 2);
            lx->next += 2;
            return newline;
        }
        newline |= c == '\n';
        if (lexer_plain(c)) {
            lx->next++;
        } else if (lexer_look(lx, &width) < 0) {
            lexer_error(lx, lexer_pos(lx, start), "comment not terminated");
            return newline;
        } else if (!lexer_plain(*lx->next)) {
            lx->next += width;
        }
    }
}

/*
 * Skips blanks and comments up to the next token. Returns true when a newline among them ends a statement; `next` is
 * then behind it, and `start` at the newline or the comment that holds it.
 */
static bool skip_space(struct lexer *lx, bool newline_ends)
{
    for (;;) {
        const char *p = lx->next;
        while (*p == ' ' || *p == '\t' || *p == '\r' || (*p == '\n' && !newline_ends))
            p++;
        lx->start = lx->next = p;
        if (*p == '\n') {
            lx->next++;
            return true;
        }
        if (*p != '/' || (p[1] != '/' && p[1] != '*'))
            return false;
        if (p[1] == '/')
            skip_line_comment(lx);
        else if (skip_block_comment(lx) && newline_ends)
            return true;
    }
}

/* ---- tokens ------------------------------------------------------------------------------------------------------- */

static void set(struct lexer *lx, enum token token)
{
    lx->token = token;
}

/* For tokens that can end a statement. */
static void set_end(struct lexer *lx, enum token token)
{
    lx->token = token;
    lx->line_ends_statement = true;
}

static void set_semi(struct lexer *lx, const char *what)
{
    lx->token = TOKEN_SEMI;
    lx->semi = what;
}

static void set_op(struct lexer *lx, enum token token, enum op op)
{
    lx->token = token;
    lx->op = op;
    lx->precedence = op_precedence(op);
}

/* Takes c if it comes next. */
static bool take(struct lexer *lx, char c)
{
    if (*lx->next != c)
        return false;
    lx->next++;
    return true;
}

/* `op` or `op=`. */
static void set_op_or_assign(struct lexer *lx, enum op op)
{
    set_op(lx, take(lx, '=') ? TOKEN_ASSIGN_OP : op == OP_MUL ? TOKEN_STAR : TOKEN_OPERATOR, op);
}

/* `+` or `-`: doubled, with =, or alone. */
static void set_plus_minus(struct lexer *lx, char c, enum op op)
{
    if (!take(lx, c)) {
        set_op_or_assign(lx, op);
        return;
    }
    set_op(lx, TOKEN_INC_OP, op);
    lx->line_ends_statement = true;
}

static void lex_less(struct lexer *lx)
{
    if (take(lx, '='))
        set_op(lx, TOKEN_OPERATOR, OP_LEQ);
    else if (take(lx, '<'))
        set_op_or_assign(lx, OP_SHL);
    else if (take(lx, '-'))
        set_op(lx, TOKEN_ARROW, OP_RECV);
    else
        set_op(lx, TOKEN_OPERATOR, OP_LSS);
}

static void lex_greater(struct lexer *lx)
{
    if (take(lx, '='))
        set_op(lx, TOKEN_OPERATOR, OP_GEQ);
    else if (take(lx, '>'))
        set_op_or_assign(lx, OP_SHR);
    else
        set_op(lx, TOKEN_OPERATOR, OP_GTR);
}

static void lex_dot(struct lexer *lx)
{
    if (*lx->next >= '0' && *lx->next <= '9') {
        lx->next = lx->start;
        lexer_number(lx);
    } else if (lx->next[0] == '.' && lx->next[1] == '.') {
        lx->next += 2;
        set(lx, TOKEN_ELLIPSIS);
    } else {
        set(lx, TOKEN_DOT);
    }
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_char(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || is_digit(c);
}

static void set_ident(struct lexer *lx, struct ident *ident)
{
    lx->ident = ident;
    if (!ident->keyword) {
        set_end(lx, TOKEN_NAME);
        return;
    }
    lx->token = (enum token)ident->keyword;
    lx->line_ends_statement = lx->token == TOKEN_BREAK || lx->token == TOKEN_CONTINUE ||
                              lx->token == TOKEN_FALLTHROUGH || lx->token == TOKEN_RETURN;
}

/* A name with characters beyond ASCII: those that belong in no name are reported and taken as part of it. */
static void lex_wide_name(struct lexer *lx)
{
    unsigned width;
    for (bool first = lx->next == lx->start;; first = false) {
        int32_t rune = lexer_look(lx, &width);
        if (rune < 0x80 && (rune < 0 || !is_name_char((char)rune)))
            break;
        struct text shown;
        text_init(&shown, &lx->compilation->arena);
        if (rune >= 0x80 && unicode_is_digit((uint32_t)rune)) {
            text_unicode(&shown, (uint32_t)rune);
            if (first)
                lexer_error(lx, lexer_pos(lx, lx->next), "identifier cannot begin with digit %s", text_string(&shown));
        } else if (rune >= 0x80 && !unicode_is_letter((uint32_t)rune)) {
            text_unicode(&shown, (uint32_t)rune);
            lexer_error(lx, lexer_pos(lx, lx->next), "invalid character %s in identifier", text_string(&shown));
        }
        lx->next += width;
    }
    set_ident(lx, ident_intern(&lx->compilation->idents, lx->start, (size_t)(lx->next - lx->start)));
}

static void lex_name(struct lexer *lx)
{
    const char *p = lx->start;
    uint32_t hash = IDENT_HASH_START;
    for (; is_name_char(*p); p++)
        hash = ident_hash_step(hash, (unsigned char)*p);
    lx->next = p;
    if (!lexer_plain(*p) && p != lx->end)
        lex_wide_name(lx);
    else
        set_ident(lx, ident_intern_hashed(&lx->compilation->idents, lx->start, (size_t)(p - lx->start), hash));
}

/*
 * What is neither blank nor a token of ASCII characters: a name, the end of the file, or something stray. False: only bad
 * bytes or a stray character were skipped, look again.
 */
static bool lex_other(struct lexer *lx, bool newline_ends)
{
    unsigned width;
    lx->next = lx->start; /* the caller may have taken a character */
    int32_t rune = lexer_look(lx, &width);
    if (rune < 0) {
        lx->start = lx->next;
        lx->pos = lexer_pos(lx, lx->start);
        if (newline_ends)
            set_semi(lx, "EOF");
        else
            set(lx, TOKEN_EOF);
        return true;
    }
    if (lx->next != lx->start)
        return false;
    if (rune >= 0x80) {
        lex_wide_name(lx);
        return true;
    }
    struct text shown;
    text_init(&shown, &lx->compilation->arena);
    text_unicode(&shown, (uint32_t)rune);
    lexer_error(lx, lx->pos, "invalid character %s", text_string(&shown));
    lx->next++;
    return false;
}

/* Tokens of one character that begin no longer one. */
static const struct {
    uint8_t token;
    bool ends_statement;
} simple_tokens[128] = {
    ['('] = {TOKEN_LPAREN, false}, [')'] = {TOKEN_RPAREN, true},  ['['] = {TOKEN_LBRACK, false},
    [']'] = {TOKEN_RBRACK, true},  ['{'] = {TOKEN_LBRACE, false}, ['}'] = {TOKEN_RBRACE, true},
    [','] = {TOKEN_COMMA, false},
};

static void lex_ampersand(struct lexer *lx)
{
    if (take(lx, '&'))
        set_op(lx, TOKEN_OPERATOR, OP_ANDAND);
    else
        set_op_or_assign(lx, take(lx, '^') ? OP_ANDNOT : OP_AND);
}

static void lex_bar(struct lexer *lx)
{
    if (take(lx, '|'))
        set_op(lx, TOKEN_OPERATOR, OP_OROR);
    else
        set_op_or_assign(lx, OP_OR);
}

static void lex_equals(struct lexer *lx)
{
    if (take(lx, '='))
        set_op(lx, TOKEN_OPERATOR, OP_EQL);
    else
        set(lx, TOKEN_ASSIGN);
}

/* c has been taken. False when it begins no operator. */
static bool lex_operator(struct lexer *lx, char c)
{
    switch (c) {
    case '+':
        set_plus_minus(lx, c, OP_ADD);
        return true;
    case '-':
        set_plus_minus(lx, c, OP_SUB);
        return true;
    case '*':
        set_op_or_assign(lx, OP_MUL);
        return true;
    case '/':
        set_op_or_assign(lx, OP_DIV);
        return true;
    case '%':
        set_op_or_assign(lx, OP_REM);
        return true;
    case '^':
        set_op_or_assign(lx, OP_XOR);
        return true;
    case '~':
        set_op(lx, TOKEN_OPERATOR, OP_TILDE);
        return true;
    case '!':
        set_op(lx, TOKEN_OPERATOR, take(lx, '=') ? OP_NEQ : OP_NOT);
        return true;
    case '<':
        lex_less(lx);
        return true;
    case '>':
        lex_greater(lx);
        return true;
    case '&':
        lex_ampersand(lx);
        return true;
    case '|':
        lex_bar(lx);
        return true;
    case '=':
        lex_equals(lx);
        return true;
    default:
        return false;
    }
}

/* True when a token was read; false when only a stray character was skipped. */
static bool lex_token(struct lexer *lx, bool newline_ends)
{
    char c = *lx->start;
    if (is_digit(c)) {
        lexer_number(lx);
        return true;
    }
    if (c == '"' || c == '`' || c == '\'') {
        (c == '"' ? lexer_string : c == '`' ? lexer_raw_string : lexer_rune)(lx);
        return true;
    }
    if (!lexer_plain(c))
        return lex_other(lx, newline_ends);
    lx->next++;
    if (simple_tokens[(unsigned char)c].token) {
        lx->token = (enum token)simple_tokens[(unsigned char)c].token;
        lx->line_ends_statement = simple_tokens[(unsigned char)c].ends_statement;
    } else if (c == ':') {
        set(lx, take(lx, '=') ? TOKEN_DEFINE : TOKEN_COLON);
    } else if (c == ';') {
        set_semi(lx, "semicolon");
    } else if (c == '.') {
        lex_dot(lx);
    } else if (!lex_operator(lx, c)) {
        return lex_other(lx, newline_ends);
    }
    return true;
}

void lexer_next(struct lexer *lx)
{
    bool newline_ends = lx->line_ends_statement;
    lx->line_ends_statement = false;
    for (;;) {
        if (skip_space(lx, newline_ends)) {
            lx->pos = lexer_pos(lx, lx->start);
            set_semi(lx, "newline");
            return;
        }
        lx->pos = lexer_pos(lx, lx->start);
        if (is_name_char(*lx->start) && !is_digit(*lx->start)) {
            lex_name(lx);
            return;
        }
        if (lex_token(lx, newline_ends))
            return;
    }
}
