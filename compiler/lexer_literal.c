/*
 * lexer_literal: numbers, runes and strings; see lexer.h. Their values are literal.h's and constant.h's.
 *
 * A number is scanned generously (any digits where some may stand) and judged afterwards, so that 0129 or 0b12 is one
 * token with one error at the offending digit rather than two tokens with a confusing one.
 */
#include "lexer.h"

#include <string.h>

#include "unicode.h"

static void set_literal(struct lexer *lx, enum literal_kind kind, bool ok)
{
    lx->token = TOKEN_LITERAL;
    lx->literal = kind;
    lx->bad = !ok;
    lx->line_ends_statement = true;
}

static char lower(char c)
{
    return (char)(c | 0x20);
}

static bool is_decimal(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_decimal(c) || (lower(c) >= 'a' && lower(c) <= 'f');
}

static const char *base_name(unsigned base)
{
    return base == 2 ? "binary" : base == 8 ? "octal" : base == 10 ? "decimal" : "hexadecimal";
}

/* ---- numbers ------------------------------------------------------------------------------------------------------ */

struct number {
    unsigned base;
    char prefix;     /* 0, '0' (an old octal), 'x', 'o', 'b' */
    bool digits;     /* seen in the part being scanned */
    bool separators; /* seen anywhere */
    bool ok;
    const char *invalid; /* first digit that is too large for the base, or NULL */
};

static void number_error(struct lexer *lx, struct number *n, const char *at, const char *message)
{
    if (n->ok)
        lexer_error(lx, lexer_pos(lx, at), "%s", message);
    n->ok = false;
}

/* Digits and separators; decimal ones too large for the base are taken and remembered. */
static void scan_digits(struct lexer *lx, struct number *n, unsigned base)
{
    for (;; lx->next++) {
        char c = *lx->next;
        if (c == '_')
            n->separators = true;
        else if (base == 16 ? is_hex(c) : is_decimal(c))
            n->digits = true;
        else
            break;
        if (base < 10 && c >= (char)('0' + base) && c != '_' && !n->invalid)
            n->invalid = lx->next;
    }
}

static void scan_prefix(struct lexer *lx, struct number *n)
{
    if (*lx->next != '0')
        return;
    char c = lower(*++lx->next);
    if (c == 'x' || c == 'o' || c == 'b') {
        lx->next++;
        n->prefix = c;
        n->base = c == 'x' ? 16 : c == 'o' ? 8 : 2;
    } else {
        n->prefix = '0';
        n->base = 8;
        n->digits = true;
    }
}

/* The exponent if there is one; returns whether there was. */
static bool scan_exponent(struct lexer *lx, struct number *n)
{
    char c = *lx->next, e = lower(c);
    if (e != 'e' && e != 'p')
        return false;
    struct arena *a = &lx->compilation->arena;
    if (e == 'e' && n->prefix != 0 && n->prefix != '0')
        number_error(lx, n, lx->next, arena_printf(a, "'%c' exponent requires decimal mantissa", c));
    else if (e == 'p' && n->prefix != 'x')
        number_error(lx, n, lx->next, arena_printf(a, "'%c' exponent requires hexadecimal mantissa", c));
    lx->next++;
    if (*lx->next == '+' || *lx->next == '-')
        lx->next++;
    n->digits = false;
    scan_digits(lx, n, 10);
    if (!n->digits)
        number_error(lx, n, lx->next, "exponent has no digits");
    return true;
}

/* The first separator that does not stand between digits (a base prefix counts as one), or NULL. */
static const char *misplaced_separator(const char *text, const char *end)
{
    bool hex = text[0] == '0' && end - text >= 2 && lower(text[1]) == 'x';
    bool prefixed = hex || (text[0] == '0' && end - text >= 2 && (lower(text[1]) == 'o' || lower(text[1]) == 'b'));
    const char *p = prefixed ? text + 2 : text;
    bool after_digit = prefixed;
    for (; p < end; p++) {
        bool digit = hex ? is_hex(*p) : is_decimal(*p);
        if (*p == '_') {
            bool before_digit = p + 1 < end && (p[1] == '_' || (hex ? is_hex(p[1]) : is_decimal(p[1])));
            if (!after_digit || !before_digit)
                return p;
            after_digit = false;
        } else {
            after_digit = digit;
        }
    }
    return NULL;
}

static void check_digits(struct lexer *lx, struct number *n, enum literal_kind kind)
{
    struct arena *a = &lx->compilation->arena;
    if (kind == LITERAL_INT && n->invalid)
        number_error(lx, n, n->invalid,
                     arena_printf(a, "invalid digit '%c' in %s literal", *n->invalid, base_name(n->base)));
    const char *separator = n->separators ? misplaced_separator(lx->start, lx->next) : NULL;
    if (separator)
        number_error(lx, n, separator, "'_' must separate successive digits");
}

void lexer_number(struct lexer *lx)
{
    struct arena *a = &lx->compilation->arena;
    struct number n = {.base = 10, .ok = true};
    enum literal_kind kind = LITERAL_INT;

    if (*lx->next != '.') {
        scan_prefix(lx, &n);
        scan_digits(lx, &n, n.base);
    }
    if (*lx->next == '.') {
        kind = LITERAL_FLOAT;
        if (n.prefix == 'o' || n.prefix == 'b')
            number_error(lx, &n, lx->next, arena_printf(a, "invalid radix point in %s literal", base_name(n.base)));
        lx->next++;
        scan_digits(lx, &n, n.base);
    }
    if (!n.digits)
        number_error(lx, &n, lx->next, arena_printf(a, "%s literal has no digits", base_name(n.base)));
    if (scan_exponent(lx, &n))
        kind = LITERAL_FLOAT;
    else if (n.prefix == 'x' && kind == LITERAL_FLOAT)
        number_error(lx, &n, lx->next, "hexadecimal mantissa requires a 'p' exponent");
    if (*lx->next == 'i') {
        kind = LITERAL_IMAG;
        lx->next++;
    }
    check_digits(lx, &n, kind);
    set_literal(lx, kind, n.ok);
}

/* ---- escapes ------------------------------------------------------------------------------------------------------ */

static unsigned digit_value(int32_t c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        return (unsigned)(c | 0x20) - 'a' + 10;
    return 36;
}

/* n digits of an escape; false when it is malformed. At the end of the file the caller complains. */
static bool scan_escape_digits(struct lexer *lx, unsigned n, unsigned base, uint32_t max)
{
    struct arena *a = &lx->compilation->arena;
    struct text shown;
    uint32_t value = 0;
    unsigned width;
    for (; n > 0; n--) {
        int32_t c = lexer_look(lx, &width);
        if (c < 0)
            return true;
        if (digit_value(c) >= base) {
            text_init(&shown, a);
            text_quote_rune(&shown, (uint32_t)c);
            lexer_error(lx, lexer_pos(lx, lx->next), "invalid character %s in %s escape", text_string(&shown),
                        base_name(base));
            return false;
        }
        value = value * base + digit_value(c);
        lx->next++;
    }
    if (value > max && base == 8) {
        lexer_error(lx, lexer_pos(lx, lx->next), "octal escape value %u > 255", value);
        return false;
    }
    if (value > max || (max == UNICODE_MAX && unicode_is_surrogate(value))) {
        text_init(&shown, a);
        text_unicode(&shown, value);
        lexer_error(lx, lexer_pos(lx, lx->next), "escape is invalid Unicode code point %s", text_string(&shown));
        return false;
    }
    return true;
}

/* An escape sequence from its backslash on. */
static bool scan_escape(struct lexer *lx, char quote)
{
    unsigned width;
    lx->next++;
    int32_t c = lexer_look(lx, &width);
    if (c < 0)
        return true;
    if (c == quote || (c < 0x80 && strchr("abfnrtv\\", c))) {
        lx->next++;
        return true;
    }
    if (c >= '0' && c <= '7')
        return scan_escape_digits(lx, 3, 8, 255);
    if (c != 'x' && c != 'u' && c != 'U') {
        lexer_error(lx, lexer_pos(lx, lx->next), "unknown escape");
        return false;
    }
    lx->next++;
    if (c == 'x')
        return scan_escape_digits(lx, 2, 16, 255);
    return scan_escape_digits(lx, c == 'u' ? 4 : 8, 16, UNICODE_MAX);
}

/* ---- runes and strings -------------------------------------------------------------------------------------------- */

void lexer_rune(struct lexer *lx)
{
    bool ok = true;
    unsigned width;
    lx->next++;
    for (unsigned count = 0;; count++) {
        int32_t c = lexer_look(lx, &width);
        if (c == '\\') {
            ok &= scan_escape(lx, '\'');
            continue;
        }
        if (c != '\'' && c != '\n' && c >= 0) {
            lx->next += width;
            continue;
        }
        if (!ok || (c == '\'' && count == 1))
            ;
        else if (c == '\'' && count == 0)
            lexer_error(lx, lexer_pos(lx, lx->next), "empty rune literal or unescaped '");
        else if (c == '\'')
            lexer_error(lx, lx->pos, "more than one character in rune literal");
        else if (c == '\n')
            lexer_error(lx, lexer_pos(lx, lx->next), "newline in rune literal");
        else
            lexer_error(lx, lx->pos, "rune literal not terminated");
        ok &= c == '\'' && count == 1;
        if (c == '\'')
            lx->next++;
        set_literal(lx, LITERAL_RUNE, ok);
        return;
    }
}

void lexer_string(struct lexer *lx)
{
    bool ok = true;
    unsigned width;
    lx->next++;
    for (;;) {
        while (lexer_plain(*lx->next) && *lx->next != '"' && *lx->next != '\\' && *lx->next != '\n')
            lx->next++;
        int32_t c = lexer_look(lx, &width);
        if (c == '\\') {
            ok &= scan_escape(lx, '"');
            continue;
        }
        if (c == '"')
            break;
        if (c < 0 || c == '\n') {
            if (c < 0)
                lexer_error(lx, lx->pos, "string not terminated");
            else
                lexer_error(lx, lexer_pos(lx, lx->next), "newline in string");
            set_literal(lx, LITERAL_STRING, false);
            return;
        }
        lx->next += width;
    }
    lx->next++;
    set_literal(lx, LITERAL_STRING, ok);
}

void lexer_raw_string(struct lexer *lx)
{
    unsigned width;
    lx->next++;
    for (;;) {
        while (lexer_plain(*lx->next) && *lx->next != '`')
            lx->next++;
        int32_t c = lexer_look(lx, &width);
        if (c < 0) {
            lexer_error(lx, lx->pos, "string not terminated");
            set_literal(lx, LITERAL_STRING, false);
            return;
        }
        lx->next += width;
        if (c == '`')
            break;
    }
    set_literal(lx, LITERAL_STRING, true);
}
