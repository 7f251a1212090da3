/*
 * token: see token.h. Spelling, message name and precedence are one row each.
 */
#include "token.h"

static const char *const token_names[TOKEN_COUNT] = {
    [TOKEN_NONE] = "none",
    [TOKEN_EOF] = "EOF",
    [TOKEN_NAME] = "name",
    [TOKEN_LITERAL] = "literal",
    [TOKEN_OPERATOR] = "op",
    [TOKEN_ASSIGN_OP] = "op=",
    [TOKEN_INC_OP] = "opop",
    [TOKEN_ASSIGN] = "=",
    [TOKEN_DEFINE] = ":=",
    [TOKEN_ARROW] = "<-",
    [TOKEN_STAR] = "*",
    [TOKEN_LPAREN] = "(",
    [TOKEN_LBRACK] = "[",
    [TOKEN_LBRACE] = "{",
    [TOKEN_RPAREN] = ")",
    [TOKEN_RBRACK] = "]",
    [TOKEN_RBRACE] = "}",
    [TOKEN_COMMA] = ",",
    [TOKEN_SEMI] = ";",
    [TOKEN_COLON] = ":",
    [TOKEN_DOT] = ".",
    [TOKEN_ELLIPSIS] = "...",
    [TOKEN_BREAK] = "break",
    [TOKEN_CASE] = "case",
    [TOKEN_CHAN] = "chan",
    [TOKEN_CONST] = "const",
    [TOKEN_CONTINUE] = "continue",
    [TOKEN_DEFAULT] = "default",
    [TOKEN_DEFER] = "defer",
    [TOKEN_ELSE] = "else",
    [TOKEN_FALLTHROUGH] = "fallthrough",
    [TOKEN_FOR] = "for",
    [TOKEN_FUNC] = "func",
    [TOKEN_GO] = "go",
    [TOKEN_GOTO] = "goto",
    [TOKEN_IF] = "if",
    [TOKEN_IMPORT] = "import",
    [TOKEN_INTERFACE] = "interface",
    [TOKEN_MAP] = "map",
    [TOKEN_PACKAGE] = "package",
    [TOKEN_RANGE] = "range",
    [TOKEN_RETURN] = "return",
    [TOKEN_SELECT] = "select",
    [TOKEN_STRUCT] = "struct",
    [TOKEN_SWITCH] = "switch",
    [TOKEN_TYPE] = "type",
    [TOKEN_VAR] = "var",
};

/* Keywords carry their prefix here, so that a message needs no buffer. */
static const char *const token_messages[TOKEN_COUNT] = {
    [TOKEN_COMMA] = "comma",
    [TOKEN_SEMI] = "semicolon or newline",
    [TOKEN_BREAK] = "keyword break",
    [TOKEN_CASE] = "keyword case",
    [TOKEN_CHAN] = "keyword chan",
    [TOKEN_CONST] = "keyword const",
    [TOKEN_CONTINUE] = "keyword continue",
    [TOKEN_DEFAULT] = "keyword default",
    [TOKEN_DEFER] = "keyword defer",
    [TOKEN_ELSE] = "keyword else",
    [TOKEN_FALLTHROUGH] = "keyword fallthrough",
    [TOKEN_FOR] = "keyword for",
    [TOKEN_FUNC] = "keyword func",
    [TOKEN_GO] = "keyword go",
    [TOKEN_GOTO] = "keyword goto",
    [TOKEN_IF] = "keyword if",
    [TOKEN_IMPORT] = "keyword import",
    [TOKEN_INTERFACE] = "keyword interface",
    [TOKEN_MAP] = "keyword map",
    [TOKEN_PACKAGE] = "keyword package",
    [TOKEN_RANGE] = "keyword range",
    [TOKEN_RETURN] = "keyword return",
    [TOKEN_SELECT] = "keyword select",
    [TOKEN_STRUCT] = "keyword struct",
    [TOKEN_SWITCH] = "keyword switch",
    [TOKEN_TYPE] = "keyword type",
    [TOKEN_VAR] = "keyword var",
};

static const struct {
    const char *text;
    int precedence;
} operators[OP_COUNT] = {
    [OP_NONE] = {"", 0},     [OP_NOT] = {"!", 0},  [OP_RECV] = {"<-", 0}, [OP_TILDE] = {"~", 0}, [OP_OROR] = {"||", 1},
    [OP_ANDAND] = {"&&", 2}, [OP_EQL] = {"==", 3}, [OP_NEQ] = {"!=", 3},  [OP_LSS] = {"<", 3},   [OP_LEQ] = {"<=", 3},
    [OP_GTR] = {">", 3},     [OP_GEQ] = {">=", 3}, [OP_ADD] = {"+", 4},   [OP_SUB] = {"-", 4},   [OP_OR] = {"|", 4},
    [OP_XOR] = {"^", 4},     [OP_MUL] = {"*", 5},  [OP_DIV] = {"/", 5},   [OP_REM] = {"%", 5},   [OP_AND] = {"&", 5},
    [OP_ANDNOT] = {"&^", 5}, [OP_SHL] = {"<<", 5}, [OP_SHR] = {">>", 5},
};

const char *token_string(enum token t)
{
    return token_names[t];
}

const char *token_message(enum token t)
{
    return token_messages[t] ? token_messages[t] : token_names[t];
}

const char *op_string(enum op op)
{
    return operators[op].text;
}

int op_precedence(enum op op)
{
    return operators[op].precedence;
}
