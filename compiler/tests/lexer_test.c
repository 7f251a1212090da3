/*
 * lexer_test: token sequences, inserted semicolons, positions, and the values of literals.
 *
 * Tokens are written as the lexer spells them, separated by blanks; `;newline`, `;semicolon` and `;EOF` are semicolons by
 * origin, names and literals stand for themselves, `op=` forms and `++` are spelt out.
 */
#include "../lexer.h"
#include "../literal.h"
#include "tap.h"

static const struct {
    const char *source;
    const char *tokens;
} rows[] = {
    {"", ""},
    {"a\nb", "a ;newline b ;EOF"},
    {"return\nbreak\ncontinue\nfallthrough\ngo\n",
     "return ;newline break ;newline continue ;newline fallthrough ;newline go"},
    {"a /* x */ b", "a b ;EOF"},
    {"a /* x\n */ b", "a ;newline b ;EOF"},
    {"a // x\nb", "a ;newline b ;EOF"},
    {"a // x", "a ;EOF"},
    {"+ /* x\n */ b", "+ b ;EOF"},
    {"f()\n", "f ( ) ;newline"},
    {"x[1]\ny{}\n", "x [ 1 ] ;newline y { } ;newline"},
    {"x++\ny--\n", "x ++ ;newline y -- ;newline"},
    {"a;b", "a ;semicolon b ;EOF"},
    {"1 'a' \"s\" `r` 1.5 2i\n", "1 'a' \"s\" `r` 1.5 2i ;newline"},
    {"+ - * / % & | ^ << >> &^", "+ - * / % & | ^ << >> &^"},
    {"+= -= *= /= %= &= |= ^= <<= >>= &^=", "+= -= *= /= %= &= |= ^= <<= >>= &^="},
    {"&& || <- == < > = ! ~ != <= >= := ... ( [ { , .", "&& || <- == < > = ! ~ != <= >= := ... ( [ { , ."},
    {"&^=&&^&", "&^= && ^ &"},
    {"<<=<-<<<", "<<= <- << <"},
    {"....", "... ."},
    {".. .5 a.5", ". . .5 a .5 ;EOF"},
    {"a...", "a ..."},
    {"été 世界 _x9", "été 世界 _x9 ;EOF"},
    {"0 007 0o17 0b1 0xFf 1_0 0_7", "0 007 0o17 0b1 0xFf 1_0 0_7 ;EOF"},
    {"1. 1.e3 .5e-1 0x1p-2 0x.8p1 01.5 0128i 09e1", "1. 1.e3 .5e-1 0x1p-2 0x.8p1 01.5 0128i 09e1 ;EOF"},
    {"'\\'' '\\x41' '\\u00e9' '\\U0001F600' '\\377' '\"'", "'\\'' '\\x41' '\\u00e9' '\\U0001F600' '\\377' '\"' ;EOF"},
    {"\"a\\\"b\" `a\nb`", "\"a\\\"b\" `a\nb` ;EOF"},
    {"break case chan const continue default defer else fallthrough for func go goto if import interface map package "
     "range "
     "return select struct switch type var",
     "break case chan const continue default defer else fallthrough for func go goto if import interface map package "
     "range "
     "return select struct switch type var"},
    {"\xef\xbb\xbfpackage p", "package p ;EOF"},
    {"a\r\nb", "a ;newline b ;EOF"},
};

static const struct {
    const char *literal;
    const char *value;
    size_t length;
} strings[] = {
    {"\"\"", "", 0},
    {"\"abc\"", "abc", 3},
    {"\"\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\"", "\a\b\f\n\r\t\v\\\"", 9},
    {"\"\\000\\377\\x00\\xfF\"", "\0\377\0\377", 4},
    {"\"\\u00e9\\U0001F600\"", "\xc3\xa9\xf0\x9f\x98\x80", 6},
    {"`a\\n\"`", "a\\n\"", 4},
    {"`a\r\nb`", "a\nb", 3},
};

static const struct {
    const char *literal;
    uint32_t rune;
} runes[] = {
    {"'a'", 'a'},
    {"'\\n'", '\n'},
    {"'\\''", '\''},
    {"'\\\\'", '\\'},
    {"'\\000'", 0},
    {"'\\x7f'", 0x7f},
    {"'\\377'", 0xff},
    {"'\\u4e16'", 0x4e16},
    {"'\\U0010ffff'", 0x10ffff},
    {"'\xe4\xb8\x96'", 0x4e16},
    {"'\"'", '"'},
};

static void print_token(struct text *out, const struct lexer *lx)
{
    if (out->length)
        text_putc(out, ' ');
    switch (lx->token) {
    case TOKEN_SEMI:
        text_printf(out, ";%s", lx->semi);
        break;
    case TOKEN_OPERATOR:
    case TOKEN_STAR:
        text_puts(out, op_string(lx->op));
        break;
    case TOKEN_ASSIGN_OP:
        text_printf(out, "%s=", op_string(lx->op));
        break;
    case TOKEN_INC_OP:
        text_printf(out, "%s%s", op_string(lx->op), op_string(lx->op));
        break;
    case TOKEN_NAME:
        text_puts(out, lx->ident->text);
        break;
    case TOKEN_LITERAL:
        text_append(out, lx->start, (size_t)(lx->next - lx->start));
        break;
    default:
        text_puts(out, token_string(lx->token));
        break;
    }
}

static void test_tokens(struct tap *t)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gomem_compilation *c = gomem_compilation_new();
        struct lexer lx;
        struct text out;
        text_init(&out, &c->arena);
        lexer_init(&lx, c, source_add(&c->sources, "x.go", rows[i].source, strlen(rows[i].source)));
        for (lexer_next(&lx); lx.token != TOKEN_EOF; lexer_next(&lx))
            print_token(&out, &lx);
        lexer_next(&lx);
        bool again = lx.token == TOKEN_EOF;
        char name[32];
        sprintf(name, "tokens %zu", i + 1);
        tap_equal(t,
                  diag_any(&c->diags) ? diag_string(&c->diags)
                  : again             ? text_string(&out)
                                      : "no end",
                  rows[i].tokens, name);
        gomem_compilation_free(c);
    }
}

static void test_values(struct tap *t)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        size_t length;
        const char *value = literal_string(&a, strings[i].literal, strlen(strings[i].literal), &length);
        tap_ok(t, length == strings[i].length && memcmp(value, strings[i].value, length + 1) == 0, "string %zu", i + 1);
    }
    for (size_t i = 0; i < sizeof runes / sizeof *runes; i++)
        tap_ok(t, literal_rune(runes[i].literal, strlen(runes[i].literal)) == runes[i].rune, "rune %zu", i + 1);
    arena_free(&a);
}

static void test_positions(struct tap *t)
{
    static const char text[] = "a +\n\tbé\n= 1";
    struct gomem_compilation *c = gomem_compilation_new();
    struct lexer lx;
    lexer_init(&lx, c, source_add(&c->sources, "x.go", text, strlen(text)));
    static const uint32_t want[][2] = {{1, 1}, {1, 3}, {2, 2}, {2, 5}, {3, 1}, {3, 3}, {3, 4}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        lexer_next(&lx);
        struct source_place at = source_place(&c->sources, lx.pos);
        tap_ok(t, at.line == want[i][0] && at.column == want[i][1], "token %zu is at %u:%u", i + 1, want[i][0],
               want[i][1]);
    }
    gomem_compilation_free(c);
}

int main(void)
{
    struct tap t = {0};
    test_tokens(&t);
    test_values(&t);
    test_positions(&t);
    return tap_done(&t);
}
