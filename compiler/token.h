/*
 * token: Go's tokens and operators.
 *
 * The lexer tells tokens apart no further than the grammar needs. All binary operators are one token, TOKEN_OPERATOR,
 * with the operator beside it, so the expression parser is one loop over precedences; * and <- have tokens of their own
 * because they also begin types, = and := because they make statements. `op=` is TOKEN_ASSIGN_OP, ++ and -- are
 * TOKEN_INC_OP, each with the operator beside it.
 */
#ifndef GOMEM_COMPILER_TOKEN_H
#define GOMEM_COMPILER_TOKEN_H

#include <stdbool.h>

enum token {
    TOKEN_NONE,
    TOKEN_EOF,
    TOKEN_NAME,
    TOKEN_LITERAL,
    TOKEN_OPERATOR,
    TOKEN_ASSIGN_OP, /* op= */
    TOKEN_INC_OP,    /* ++ -- */
    TOKEN_ASSIGN,    /* = */
    TOKEN_DEFINE,    /* := */
    TOKEN_ARROW,     /* <- */
    TOKEN_STAR,      /* * */
    TOKEN_LPAREN,
    TOKEN_LBRACK,
    TOKEN_LBRACE,
    TOKEN_RPAREN,
    TOKEN_RBRACK,
    TOKEN_RBRACE,
    TOKEN_COMMA,
    TOKEN_SEMI,
    TOKEN_COLON,
    TOKEN_DOT,
    TOKEN_ELLIPSIS, /* ... */
    TOKEN_BREAK,    /* keywords from here … */
    TOKEN_CASE,
    TOKEN_CHAN,
    TOKEN_CONST,
    TOKEN_CONTINUE,
    TOKEN_DEFAULT,
    TOKEN_DEFER,
    TOKEN_ELSE,
    TOKEN_FALLTHROUGH,
    TOKEN_FOR,
    TOKEN_FUNC,
    TOKEN_GO,
    TOKEN_GOTO,
    TOKEN_IF,
    TOKEN_IMPORT,
    TOKEN_INTERFACE,
    TOKEN_MAP,
    TOKEN_PACKAGE,
    TOKEN_RANGE,
    TOKEN_RETURN,
    TOKEN_SELECT,
    TOKEN_STRUCT,
    TOKEN_SWITCH,
    TOKEN_TYPE,
    TOKEN_VAR, /* … to here */
    TOKEN_COUNT,
};

/* Operators, binary ones in order of precedence. */
enum op {
    OP_NONE,
    OP_NOT,    /* ! */
    OP_RECV,   /* <- */
    OP_TILDE,  /* ~ */
    OP_OROR,   /* || */
    OP_ANDAND, /* && */
    OP_EQL,    /* == */
    OP_NEQ,    /* != */
    OP_LSS,    /* < */
    OP_LEQ,    /* <= */
    OP_GTR,    /* > */
    OP_GEQ,    /* >= */
    OP_ADD,    /* + */
    OP_SUB,    /* - */
    OP_OR,     /* | */
    OP_XOR,    /* ^ */
    OP_MUL,    /* * */
    OP_DIV,    /* / */
    OP_REM,    /* % */
    OP_AND,    /* & */
    OP_ANDNOT, /* &^ */
    OP_SHL,    /* << */
    OP_SHR,    /* >> */
    OP_COUNT,
};

enum literal_kind {
    LITERAL_INT,
    LITERAL_FLOAT,
    LITERAL_IMAG,
    LITERAL_RUNE,
    LITERAL_STRING,
};

static inline bool op_is_comparison(enum op op)
{
    return op >= OP_EQL && op <= OP_GEQ;
}

static inline bool op_is_shift(enum op op)
{
    return op == OP_SHL || op == OP_SHR;
}

/* As it is written in a program: "func", "(", "name", "+". */
const char *token_string(enum token t);

/* As the toolchain's messages call it: "keyword func", "comma", "semicolon or newline". */
const char *token_message(enum token t);

const char *op_string(enum op op);

/* 1 (||) … 5 (*); 0 for what is no binary operator. */
int op_precedence(enum op op);

#endif
