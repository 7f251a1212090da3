/*
 * parser_internal: what the parser's files share.
 *
 * parser.c holds the machinery and parameter-like lists, parser_decl.c files and declarations, parser_type.c types,
 * parser_expr.c expressions, parser_stmt.c statements. A function parse_x reads an x and returns a node, EXPR_BAD at
 * worst; parse_x_or_null returns NULL without reading or reporting anything when there is no x (or after the parser gave
 * up).
 *
 * Lists of unknown length are pushed on one scratch stack and copied, at their exact length, into the arena when they are
 * complete; the stack's depth when the list began says where it starts, so lists nest.
 */
#ifndef GOMEM_COMPILER_PARSER_INTERNAL_H
#define GOMEM_COMPILER_PARSER_INTERNAL_H

#include "lexer.h"
#include "parser.h"

/* Invariants: stack_top <= stack_capacity; 0 <= depth <= AST_MAX_NESTING + 1. */
struct parser {
    struct gomem_compilation *c;
    struct lexer lx;

    unsigned depth;   /* of recursion, see parser_enter */
    bool gave_up;     /* too deep or too high: reported, the rest of the file is skipped */
    unsigned in_func; /* nesting of function bodies: statements are good places to resume only inside one */
    int in_expr; /* >= 0: a { after a name may begin a composite literal; -1: in a statement header, it is a block */
    uint16_t tallest; /* height of the tallest expression since the innermost function body began */
    uint32_t groups;  /* parenthesised declaration groups so far */

    size_t directives; /* those before this index are attached or dropped */

    void **stack;
    size_t stack_top;
    size_t stack_capacity;

    struct expr **guards; /* x.(type) seen so far; an accepted one has its flag set */
    size_t guard_count;
    size_t guard_capacity;
};

#define TOKEN_SET(t) (UINT64_C(1) << (t))

/* ---- tokens and errors (parser.c) ------------------------------------------------------------------------------- */

static inline enum token parser_token(const struct parser *p)
{
    return p->lx.token;
}

static inline bool parser_at(const struct parser *p, enum token t)
{
    return p->lx.token == t;
}

static inline bool parser_at_op(const struct parser *p, enum op op)
{
    return p->lx.token == TOKEN_OPERATOR && p->lx.op == op;
}

static inline struct pos parser_pos(const struct parser *p)
{
    return p->lx.pos;
}

static inline void parser_next(struct parser *p)
{
    lexer_next(&p->lx);
}

/* Takes the token if it is t. */
bool parser_got(struct parser *p, enum token t);
/* Takes t or complains that it was expected, and skips a token. */
void parser_want(struct parser *p, enum token t);
/* Takes = ; takes := with a complaint. */
bool parser_got_assign(struct parser *p);

void parser_error_at(struct parser *p, struct pos pos, const char *format, ...) __attribute__((format(printf, 3, 4)));

/*
 * A syntax error at the current token (or at pos). A message that begins with "in ", "at ", "after " or "expected " is
 * put behind "unexpected TOKEN", others stand alone. Nothing is said at the end of a file that has errors already.
 */
void parser_syntax_error(struct parser *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void parser_syntax_error_at(struct parser *p, struct pos pos, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Skips to a token of `follow`, or, inside functions, to one that begins a statement; skips exactly one token when
 * follow is 0.
 */
void parser_advance(struct parser *p, uint64_t follow);

/* Around every recursion: false when it is too deep, and the caller returns at once without parser_leave. */
bool parser_enter(struct parser *p);
static inline void parser_leave(struct parser *p)
{
    p->depth--;
}

/* Sets e's height from its operands'; every node goes through it when its operands are known. */
struct expr *parser_finish(struct parser *p, struct expr *e);

struct expr *parser_bad_expr(struct parser *p);

/* ---- lists (parser.c) ------------------------------------------------------------------------------------------- */

static inline size_t parser_mark(const struct parser *p)
{
    return p->stack_top;
}

void parser_push(struct parser *p, void *item);
/* Copies what was pushed since the mark, and drops it from the stack. */
void **parser_pop(struct parser *p, size_t mark, uint32_t *count);

#define PARSER_LIST(name, T)                                                   \
    static inline struct T##_list parser_##name(struct parser *p, size_t mark) \
    {                                                                          \
        struct T##_list list;                                                  \
        list.items = (struct T **)(void *)parser_pop(p, mark, &list.count);    \
        return list;                                                           \
    }
PARSER_LIST(pop_exprs, expr)
PARSER_LIST(pop_stmts, stmt)
PARSER_LIST(pop_decls, decl)
PARSER_LIST(pop_fields, field)
PARSER_LIST(pop_clauses, clause)
#undef PARSER_LIST

/* Parses one element; true: it must be the last. */
typedef bool parser_element_fn(struct parser *p, void *context);

/*
 * { element separator } close, the last separator optional. `what` names the list in messages. Returns the position of
 * the closing token.
 */
struct pos parser_list(struct parser *p, const char *what, enum token separator, enum token close,
                       parser_element_fn *element, void *context);

struct expr_list parser_one_expr(struct parser *p, struct expr *e);

/* ---- names, literals (parser.c) --------------------------------------------------------------------------------- */

struct expr *parse_name(struct parser *p);
struct expr *parse_blank(struct parser *p, struct pos pos); /* a name made up after an error */
struct expr *parse_literal_or_null(struct parser *p);
/* names { "," name }, the first given. */
struct expr_list parse_name_list(struct parser *p, struct expr *first);
/* [ package "." ] name [ type arguments ]; the first name may have been read. */
struct expr *parse_qualified_name(struct parser *p, struct expr *name);

/* ---- types (parser_type.c, parser_param.c) ---------------------------------------------------------------------- */

struct expr *parse_type(struct parser *p);
struct expr *parse_type_or_null(struct parser *p);
/* The rest of a type of which '[' has been read; len, unless NULL, too. */
struct expr *parse_array_type(struct parser *p, struct pos pos, struct expr *len);
struct expr *parse_slice_type(struct parser *p, struct pos pos);
/* "[" types "]" behind x. */
struct expr *parse_instance(struct parser *p, struct expr *x);
/* At '[' behind a name: an array or slice type, or an EXPR_INDEX whose x is still to be set (it is NULL). */
struct expr *parse_array_or_arguments(struct parser *p);
/* [ type parameters ] parameters results. With a context, type parameters are complained about. */
struct expr *parse_signature(struct parser *p, const char *context, struct pos pos, struct field_list *tparams);
/* Union elements behind or including x: [ x ] { "|" term }. */
struct expr *parse_embedded_element(struct parser *p, struct expr *x);

enum param_flags {
    PARAM_NEED_NAMES = 1, /* type parameters */
    PARAM_ELLIPSIS = 2,   /* ...T may be the last */
};

/*
 * Parameters up to and with `close`, the opening bracket has been read. name, or name and type, of the first may have
 * been read too. *end is the position of the closing token.
 */
struct field_list parse_params(struct parser *p, struct expr *name, struct expr *type, enum token close, unsigned flags,
                               struct pos *end);

struct field *parser_new_field(struct parser *p, struct pos pos, struct expr *name, struct expr *type);

/* ---- expressions (parser_expr.c) -------------------------------------------------------------------------------- */

struct expr *parse_expr(struct parser *p);
struct expr *parse_binary(struct parser *p, struct expr *x, int precedence);
/* A primary expression; x, its first operand, may have been read. */
struct expr *parse_primary(struct parser *p, struct expr *x);
/* expr { "," expr } */
struct expr_list parse_expr_list(struct parser *p);
/* arg { "," arg } [ "," ], types but for the first when not strict; *comma: there was one. */
struct expr_list parse_type_list(struct parser *p, bool strict, bool *comma);
bool parser_is_guard(const struct expr *e); /* x.(type) */

/* ---- declarations (parser_decl.c) ------------------------------------------------------------------------------- */

/* At const, type or var: pushes the declarations. */
void parse_decl_group(struct parser *p);
struct directive_list parser_take_directives(struct parser *p, bool function);
void parser_drop_directives(struct parser *p);
struct ast_file *parse_file(struct parser *p);

/* ---- statements (parser_stmt.c) --------------------------------------------------------------------------------- */

struct stmt *parse_func_body(struct parser *p);

#endif
