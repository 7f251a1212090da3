/*
 * ast: the tree of a Go file, all of the language as of Go 1.26.
 *
 * Shape. There are four families, each a struct with a kind and a union: expressions (types are expressions, as in Go's
 * own grammar, because only the checker can tell `a[b]` the value from `a[b]` the type), statements, declarations, and
 * the small parts (fields, clauses). A function that takes a `struct stmt *` cannot be handed an expression; within a
 * family a switch over the kind reads the union member of the same name: EXPR_CALL is e->call. Lists are exact arrays.
 *
 *     switch (e->kind) {
 *     case EXPR_CALL:
 *         for (uint32_t i = 0; i < e->call.args.count; i++)
 *             visit(e->call.args.items[i]);
 *
 * Positions. `pos` is the token that identifies the construct: the name or literal itself, the operator of a binary
 * expression, the '(' of a call, the '[' of an index, the '.' of a selector, the keyword of a statement, the '=' of an
 * assignment. ast_start and ast_expr_end give the extent. `end` is the closing token where there is one — ')' of a call,
 * '}' of a composite literal or a block — and POS_NONE elsewhere.
 *
 * Names. Wherever a name is declared or used there is an EXPR_NAME, so the object it stands for is always found at
 * name->name.object. The parser resolves no names; it resolves labels (branch.h).
 *
 * Parentheses stay in the tree (EXPR_PAREN), in types too; ast_unparen removes them for who does not care.
 *
 * What the parser leaves and later phases fill in:
 *   type, mode, value  of each expression                            checker
 *   name.object, selector.selection, …instance                      checker
 *   scope, object of statements and clauses                         checker
 *   anything else: in tables of their own, indexed by e->id. Every expression has its own id, 1 …
 *   compilation.next_expr_id - 1, so a pass can hang facts on expressions without touching this header.
 *
 * Shared nodes. `a, b int` gives two fields with one type node; a const specification without values repeats the nodes of
 * the one before (const_.repeats). Everything else is a tree.
 *
 * Invariants (ast_valid checks them): list counts match non-NULL items; every pointer not marked "or NULL" is set;
 * height(e) > height of its operands and <= AST_MAX_HEIGHT, so recursion over a tree is bounded. After a syntax error
 * EXPR_BAD and STMT_BAD stand where nothing better is known: later phases do not run then, but printers must cope.
 */
#ifndef GOMEM_COMPILER_AST_H
#define GOMEM_COMPILER_AST_H

#include "compilation.h"
#include "text.h"
#include "token.h"

/* The checker's, opaque here. */
struct type;
struct constant;
struct object;
struct scope;
struct selection;
struct instance;
struct function;
struct inlined;

struct expr;
struct stmt;
struct decl;
struct field;
struct clause;
struct directive;

enum {
    /* Nesting of parentheses, blocks, types … that the parser follows; it recurses once per level. */
    AST_MAX_NESTING = 1000,
    /* Height of an expression: chains such as a+b+c+… are parsed by a loop and may be higher than nesting allows. */
    AST_MAX_HEIGHT = 10000,
};

struct expr_list {
    struct expr **items;
    uint32_t count;
};

struct stmt_list {
    struct stmt **items;
    uint32_t count;
};

struct decl_list {
    struct decl **items;
    uint32_t count;
};

struct field_list {
    struct field **items;
    uint32_t count;
};

struct clause_list {
    struct clause **items;
    uint32_t count;
};

struct directive_list {
    struct directive **items;
    uint32_t count;
};

/* ---- expressions and types ------------------------------------------------------------------------------------ */

enum expr_kind {
    EXPR_BAD, /* after a syntax error */

    EXPR_NAME,
    EXPR_LITERAL,
    EXPR_COMPOSITE,
    EXPR_FUNC,
    EXPR_PAREN,
    EXPR_SELECTOR,
    EXPR_INDEX, /* x[i], and instantiation x[T1, T2] */
    EXPR_SLICE,
    EXPR_ASSERT,
    EXPR_STAR, /* *x: dereference or pointer type */
    EXPR_UNARY,
    EXPR_BINARY,
    EXPR_CALL, /* also conversions */
    EXPR_KEY_VALUE,

    EXPR_ARRAY_TYPE,
    EXPR_SLICE_TYPE,
    EXPR_ELLIPSIS, /* ...T, only as the type of a last parameter */
    EXPR_STRUCT_TYPE,
    EXPR_FUNC_TYPE,
    EXPR_INTERFACE_TYPE,
    EXPR_MAP_TYPE,
    EXPR_CHAN_TYPE,
    EXPR_KIND_COUNT,
};

/* What an expression denotes; the checker sets it. */
enum expr_mode {
    MODE_UNCHECKED,
    MODE_INVALID,
    MODE_NO_VALUE, /* a call of a function without results */
    MODE_BUILTIN,
    MODE_TYPE,
    MODE_CONSTANT, /* value is set */
    MODE_VARIABLE, /* addressable */
    MODE_MAP_INDEX,
    MODE_VALUE,
    MODE_NIL,
    MODE_COMMA_OK, /* a value that can be assigned with a second bool */
};

enum chan_dir {
    CHAN_BOTH,
    CHAN_SEND, /* chan<- */
    CHAN_RECV, /* <-chan */
};

/* One struct for all expressions; which union member counts is `kind`. */
struct expr {
    uint8_t kind; /* enum expr_kind */
    uint8_t op;   /* enum op: EXPR_UNARY, EXPR_BINARY; enum literal_kind: EXPR_LITERAL; enum chan_dir: EXPR_CHAN_TYPE */
    uint8_t mode; /* enum expr_mode, by the checker */
    bool flag;    /* EXPR_CALL: f(x...); EXPR_SLICE: three-index form; EXPR_LITERAL: malformed, reported already;
                     EXPR_COMPOSITE: the extra arguments of an inlined variadic call; EXPR_ASSERT: the type is known, only
                     a nil interface panics, as if it were called */
    uint16_t height;
    struct pos pos;
    struct pos end;
    uint32_t id;
    struct type *type;            /* by the checker */
    const struct constant *value; /* by the checker, when mode is MODE_CONSTANT */
    union {
        struct {
            struct ident *ident;
            struct object *object;     /* by the checker */
            struct instance *instance; /* by the checker: type arguments when a generic name is used, or NULL */
        } name;
        struct {
            const char *text; /* as written, quotes and all; not NUL-terminated */
            uint32_t length;
        } literal;
        struct {
            struct expr *type; /* NULL where the element type of an outer literal is implied */
            struct expr_list elems;
            uint32_t keyed; /* how many elems are EXPR_KEY_VALUE */
        } composite;
        struct {
            struct expr *type;         /* EXPR_FUNC_TYPE */
            struct stmt *body;         /* STMT_BLOCK */
            struct function *function; /* by the checker */
        } func;
        struct {
            struct expr *x;
        } paren;
        struct {
            struct expr *x;
            struct expr *name;           /* EXPR_NAME: its object is the field, method, or member of a package */
            struct selection *selection; /* by the checker; NULL for pkg.Name */
        } selector;
        struct {
            struct expr *x;
            struct expr_list indices;  /* at least one; more only for instantiation */
            struct instance *instance; /* by the checker, for instantiation */
        } index;
        struct {
            struct expr *x;
            struct expr *low; /* each or NULL */
            struct expr *high;
            struct expr *max;
        } slice;
        struct {
            struct expr *x;
            struct expr *type; /* NULL only while parsing, in x.(type) */
        } assert;
        struct {
            struct expr *x;
        } star;
        struct {
            struct expr *x;
        } unary; /* + - ! ^ & <- ~ */
        struct {
            struct expr *x;
            struct expr *y;
        } binary; /* in constraints, T1 | T2 too */
        struct {
            struct expr *fun;
            struct expr_list args;
            uint8_t kind;            /* enum call_kind, by the checker */
            struct inlined *inlined; /* by inline.c, when kind is CALL_INLINED; fun and args stay as they were */
        } call;
        struct {
            struct expr *key;
            struct expr *value;
        } key_value;

        struct {
            struct expr *len; /* NULL: [...]T */
            struct expr *elem;
        } array_type;
        struct {
            struct expr *elem;
        } slice_type;
        struct {
            struct expr *elem;
        } ellipsis;
        struct {
            struct field_list fields;
        } struct_type;
        struct {
            struct field_list params;
            struct field_list results;
        } func_type;
        struct {
            struct field_list elems; /* with a name: a method (type is EXPR_FUNC_TYPE); without: embedded */
        } interface_type;
        struct {
            struct expr *key;
            struct expr *elem;
        } map_type;
        struct {
            struct expr *elem;
        } chan_type;
    };
};

/* A struct field, a parameter, a result, a receiver, a type parameter, an interface element. */
struct field {
    struct pos pos;
    struct expr *name; /* EXPR_NAME, or NULL: embedded field or element, unnamed parameter */
    struct expr *type;
    struct expr *tag; /* EXPR_LITERAL (a string), struct fields only, or NULL */
    bool shares_type; /* its type node is that of the field before: a, b int */
};

/* ---- statements ----------------------------------------------------------------------------------------------- */

enum stmt_kind {
    STMT_BAD, /* after a syntax error */
    STMT_EMPTY,
    STMT_LABELED,
    STMT_BLOCK,
    STMT_EXPR,
    STMT_SEND,
    STMT_DECL,
    STMT_ASSIGN, /* = := op= */
    STMT_INC_DEC,
    STMT_GO,
    STMT_DEFER,
    STMT_RETURN,
    STMT_BREAK,
    STMT_CONTINUE,
    STMT_GOTO,
    STMT_FALLTHROUGH,
    STMT_IF,
    STMT_FOR,
    STMT_RANGE,
    STMT_SWITCH,
    STMT_TYPE_SWITCH,
    STMT_SELECT,
    STMT_KIND_COUNT,
};

struct stmt {
    uint8_t kind; /* enum stmt_kind */
    uint8_t op;   /* STMT_ASSIGN: of op=, else OP_NONE; STMT_INC_DEC: OP_ADD or OP_SUB */
    bool define;  /* STMT_ASSIGN, STMT_RANGE: with := */
    struct pos pos;
    struct pos end;      /* '}' of STMT_BLOCK, STMT_SWITCH, STMT_TYPE_SWITCH, STMT_SELECT */
    struct scope *scope; /* by the checker: the scope the statement opens, if it does */
    union {
        struct {
            struct expr *label; /* EXPR_NAME */
            struct stmt *stmt;  /* perhaps STMT_EMPTY */
            bool used;          /* by branch.c */
        } labeled;
        struct {
            struct stmt_list list;
        } block;
        struct {
            struct expr *x;
        } expr;
        struct {
            struct expr *chan;
            struct expr *value;
        } send;
        struct {
            struct decl_list list; /* const, type or var */
        } decl;
        struct {
            struct expr_list lhs;
            struct expr_list rhs;
        } assign;
        struct {
            struct expr *x;
        } inc_dec;
        struct {
            struct expr *call;        /* any expression; the checker demands a call */
            struct function *wrapper; /* inline_wrap.c's, or NULL */
        } go;                         /* STMT_GO, STMT_DEFER */
        struct {
            struct expr_list results;
        } return_;
        struct {
            struct expr *label;  /* EXPR_NAME or NULL */
            struct stmt *target; /* by branch.c: break, continue: the statement left or continued (never the
                                    STMT_LABELED round it); goto: the STMT_LABELED. In an inlined body a break may leave
                                    the STMT_BLOCK that is the whole body: a return that was */
        } branch;                /* STMT_BREAK, STMT_CONTINUE, STMT_GOTO, STMT_FALLTHROUGH */
        struct {
            struct stmt *init; /* simple statement or NULL */
            struct expr *cond;
            struct stmt *then;  /* STMT_BLOCK */
            struct stmt *else_; /* STMT_IF, STMT_BLOCK or NULL */
        } if_;
        struct {
            struct stmt *init; /* each or NULL */
            struct expr *cond;
            struct stmt *post;
            struct stmt *body;
        } for_;
        struct {
            struct expr_list lhs; /* 0 to 2 are valid; the checker complains about more */
            struct expr *x;
            struct stmt *body;
        } range; /* pos is that of `for`; define tells = from := */
        struct {
            struct stmt *init;          /* or NULL */
            struct expr *tag;           /* or NULL */
            struct clause_list clauses; /* of expressions */
        } switch_;
        struct {
            struct stmt *init;          /* or NULL */
            struct expr *bind;          /* EXPR_NAME in switch bind := x.(type), or NULL */
            struct expr *x;             /* what is switched on, without .(type) */
            struct clause_list clauses; /* of types */
        } type_switch;
        struct {
            struct clause_list clauses; /* of communications */
        } select;
    };
};

/* One case or default of a switch, type switch or select. */
struct clause {
    struct pos pos;
    struct pos colon;
    bool is_default;
    struct expr_list exprs; /* switches: the values or types; empty for default */
    struct stmt *comm;      /* select: STMT_SEND, STMT_EXPR or STMT_ASSIGN; NULL for default */
    struct stmt_list body;
    struct scope *scope;   /* by the checker */
    struct object *object; /* by the checker: type switches, the variable `bind` declares in this clause */
};

/* ---- declarations --------------------------------------------------------------------------------------------- */

enum decl_kind {
    DECL_IMPORT,
    DECL_CONST,
    DECL_TYPE,
    DECL_VAR,
    DECL_FUNC,
};

/* A comment that speaks to the compiler: //go:noinline, //gomem:… Text is from the // to the end of the line. */
struct directive {
    struct pos pos;
    const char *text; /* NUL-terminated, without a final \r */
    uint32_t length;
    bool own_line;  /* nothing but blanks before it on its line */
    bool misplaced; /* one of a function before another declaration, or of a file behind its package clause */
};

/* One specification: `var (a int; b string)` is two declarations with one group. */
struct decl {
    uint8_t kind;                     /* enum decl_kind */
    struct pos pos;                   /* of the first token after the keyword; DECL_FUNC: of `func` */
    uint32_t group;                   /* same number: one parenthesised group; 0: not in a group */
    struct directive_list directives; /* those since the declaration before */
    union {
        struct {
            struct expr *name; /* EXPR_NAME (also for .) or NULL */
            struct expr *path; /* EXPR_LITERAL, a string */
        } import;
        struct {
            struct expr_list names; /* EXPR_NAMEs */
            struct expr *type;      /* or NULL */
            struct expr_list values;
            uint32_t iota;
            struct decl *repeats; /* without type and values: the specification whose type and values are meant */
        } const_;
        struct {
            struct expr *name;
            struct field_list tparams; /* empty when not generic */
            bool alias;                /* type A = T */
            struct expr *type;
        } type;
        struct {
            struct expr_list names;
            struct expr *type; /* or NULL */
            struct expr_list values;
        } var;
        struct {
            struct field *recv; /* NULL for functions */
            struct expr *name;
            struct field_list tparams;
            struct expr *type; /* EXPR_FUNC_TYPE */
            struct stmt *body; /* STMT_BLOCK, or NULL: declared here, defined elsewhere */
        } func;
    };
};

struct ast_file {
    struct source_file *source;
    struct pos pos;                           /* of `package` */
    struct expr *package;                     /* EXPR_NAME */
    struct decl_list decls;                   /* all, in order; imports come first */
    struct directive_list directives;         /* every one of the file, also those attached to declarations */
    struct directive_list package_directives; /* those above the package clause, //go:build too (buildtag.h) */
    struct pos eof;
};

/* ---- making nodes (the parser, and phases that rewrite) ------------------------------------------------------- */

struct expr *ast_new_expr(struct gomem_compilation *c, enum expr_kind kind, struct pos pos);
struct expr *ast_new_name(struct gomem_compilation *c, struct ident *ident, struct pos pos);
struct stmt *ast_new_stmt(struct gomem_compilation *c, enum stmt_kind kind, struct pos pos);
struct decl *ast_new_decl(struct gomem_compilation *c, enum decl_kind kind, struct pos pos);

/* ---- questions ------------------------------------------------------------------------------------------------ */

/* Whether it is //go:word. */
bool ast_is_directive(const struct directive *d, const char *word);

/* The expression without parentheses round it. */
struct expr *ast_unparen(struct expr *e);

/* Whether the text of x can only be a type or a constraint, wherever it stands ([]int, ~T), and not a value. */
bool ast_is_type_element(const struct expr *x);

/* Where the text of an expression or statement begins, and the position behind an expression's last byte. */
struct pos ast_start(const struct expr *e);
struct pos ast_stmt_start(const struct stmt *s);
struct pos ast_expr_end(const struct expr *e);

static inline bool ast_is_name(const struct expr *e, const struct ident *ident)
{
    return e->kind == EXPR_NAME && e->name.ident == ident;
}

static inline bool ast_is_blank(const struct expr *e)
{
    return e->kind == EXPR_NAME && e->name.ident->blank;
}

const char *ast_expr_kind_name(enum expr_kind kind);
const char *ast_stmt_kind_name(enum stmt_kind kind);

/*
 * Calls visit for each direct operand of e, in source order (also types, fields' types and names; for EXPR_FUNC the
 * function type but not the body). For passes that treat most kinds alike.
 */
typedef void ast_visit_fn(void *context, struct expr *operand);
void ast_each_operand(const struct expr *e, ast_visit_fn *visit, void *context);

/* NULL when the invariants above hold in the whole file, else what is wrong. For tests and debug builds. */
const char *ast_valid(const struct gomem_compilation *c, const struct ast_file *f);

/* ---- printing ------------------------------------------------------------------------------------------------- */

/*
 * ast_print_expr prints for messages, on one line, as the toolchain does: the bodies of function literals and the
 * elements of composite literals are `{…}`. ast_print_file, _decl and _stmt print everything, indented with tabs in a
 * gofmt-like form, without comments; parsing that again gives an equal tree.
 */
void ast_print_expr(struct text *out, const struct expr *e);
void ast_print_stmt(struct text *out, const struct stmt *s);
void ast_print_decl(struct text *out, const struct decl *d);
void ast_print_file(struct text *out, const struct ast_file *f);

/* ast_print_expr as a string in the arena. */
const char *ast_expr_string(struct gomem_compilation *c, const struct expr *e);

#endif
