/*
 * check: the type checker, and what later phases may rely on.
 *
 * A program is a set of packages over one `struct types`. program_import (package.h) finds, parses and checks a package
 * and, before it, those it imports; check_package checks files that are parsed already.
 *
 * After a package is checked without errors, this holds for every expression of its files (also in bodies of generic
 * functions, once, in terms of their type parameters):
 *
 *   mode, type   are set. Keys of struct literals, labels, package names and the name after a selector's dot are no expressions;
 *                their `object` is set and their mode may be MODE_UNCHECKED.
 *   value        is set exactly when the mode is MODE_CONSTANT: fold it, whatever the node looks like below.
 *   type         is never untyped, but: nil has the type it is used as (mode MODE_NIL); the operand of a conversion to a constant and
 *                other parts of constant expressions may stay untyped; arguments of print and comparisons of constants
 *                have their default type. An untyped bool that is used as a value has its final type.
 *   conversions  are implicit where a value of one type is used as another (assignment, argument, result, send, key,
 *                element, comparison of an interface with a concrete value): the expression has its own type, the context the
 *                other. Constants and nil have the context's type already, unless that is an interface: then the
 *                constant has its default type, and nil the interface's.
 *   two values   v, ok := x: x has the type of v alone and mode MODE_COMMA_OK or MODE_MAP_INDEX; a call with several
 *                results has a TYPE_TUPLE; a call without has mode MODE_NO_VALUE.
 *   names        name.object is what the name stands for (NULL for _). A declared variable's name in := has the new object,
 *                a reused one the old. name.instance (or index.instance when written f[T]) tells the type arguments with
 *                which a generic function is used, inferred ones included.
 *   selectors    selection is set for fields and methods, NULL for pkg.Name (selector.name's object is the member). A method of
 *                a type parameter P has kind SELECT_INTERFACE_METHOD with recv P (or *P: never); after substitution of P look
 *                it up again with types_lookup on the argument.
 *   calls        call.kind tells what is called, see below.
 *   receivers    a method's body is written in the type parameters of its type, so that substituting the holder's
 *                arguments (params → args) is all there is to an instance of it.
 *   literals     a composite literal without a type of its own has the element type of the one round it; when that is a pointer,
 *                the literal is &T{…} and its type *T. Keys of struct literals name the field (name.object).
 *   nil          converted explicitly, (*T)(nil), is a value of that type; its operand has mode MODE_NIL and the type.
 *   type switch  clause.object is the variable of the clause (NULL when there is none, or it is unused).
 *   range        over an integer, a string, an array or pointer to one, a slice, a map, a channel, a function: by the underlying
 *                type of the operand. With an untyped constant the operand has the type of the variable.
 *
 * Variables of `for` are per iteration where object.per_iteration says so.
 */
#ifndef GOMEM_COMPILER_CHECK_H
#define GOMEM_COMPILER_CHECK_H

#include "types.h"

/* expr.call.kind */
enum call_kind {
    CALL_UNCHECKED,
    CALL_CONVERSION,
    CALL_BUILTIN,   /* the object of the unparenthesised fun tells which */
    CALL_STATIC,    /* a declared function, perhaps instantiated */
    CALL_METHOD,    /* a method known statically: fun is a selector */
    CALL_INTERFACE, /* a method through an interface: fun is a selector */
    CALL_CLOSURE,   /* any other function value, method expressions too */
    CALL_INLINED,   /* by inline.c: see inline.h */
};

/* A use of a generic function with these type arguments. */
struct instance {
    struct object *generic;
    struct type_list args;
    struct type *type; /* of the function with them */
};

/* A function, method or function literal with a body, or a declaration without one. */
struct function {
    struct object *object;  /* NULL for literals */
    struct decl *decl;      /* NULL for literals */
    struct expr *literal;   /* EXPR_FUNC, or NULL */
    struct function *outer; /* literals: the function round it, NULL at package level */
    struct package *package;
    struct type *type;        /* TYPE_FUNC */
    struct type_list tparams; /* all it depends on: the receiver's, its own, those of the functions round it */
    struct object *recv;      /* variable, or NULL */
    struct object_list params;
    struct object_list results; /* unnamed ones are called _ */
    struct object_list locals;  /* every other variable declared in it, not in literals inside */
    size_t local_capacity;
    struct stmt *body;   /* NULL: declared here, defined elsewhere */
    struct scope *scope; /* of its parameters */
    uint32_t index;      /* in its package */
    bool has_defer;
    bool has_recover;
    bool named_results;
    struct inlining *inlining; /* inline.c's, or NULL */
    struct type_list instance; /* inline_wrap.c's wrapper of an instance: its type arguments */
    uint32_t number;           /* literals: escape_number.c's; 0: not known yet, or in dead code */
    uint32_t literals;         /* how many it has with a number, those of literals in it aside */
    uint32_t wrappers;         /* how many of its go and defer statements' calls are in functions of their own */
};

/* A call that the callee's statements stand for; see inline.h. */
struct inlined {
    struct function *callee;
    struct stmt *body;        /* STMT_BLOCK: arguments, results, what the callee did */
    struct expr_list results; /* names of the variables that hold them behind it */
    uint8_t kind;             /* enum call_kind it had */
};

/* lhs = rhs at package level; several lhs with one rhs are one entry. */
struct initializer {
    struct object **lhs;
    uint32_t lhs_count;
    struct expr *rhs;
};

struct program;

/* Finds the imported package; NULL when there is none (the caller reports). */
typedef struct package *check_import_fn(struct program *p, struct package *importer, const char *path, struct pos pos);
/* Takes errors instead of the compilation's list, for tools that want all. */
typedef void check_report_fn(void *context, struct pos pos, const char *message);

struct check_config {
    check_import_fn *import;
    check_report_fn *report; /* NULL: diag_error */
    void *report_context;
    bool ignore_bodies;        /* declarations only */
    bool shared_loops;         /* a fault: variables of a loop are never per iteration */
    bool allow_missing_bodies; /* func f() without a body is fine (assembly, intrinsics); true for all but user code */
};

struct program {
    struct gomem_compilation *compilation;
    struct types types;
    struct check_config config;
    struct package **packages; /* in order of completion: imports before importers */
    uint32_t count;
    size_t capacity;
    void *loader; /* package.c's */
};

void program_init(struct program *p, struct gomem_compilation *c, const struct layout_target *target);

/* Checks the files of one package. False when it has errors. */
bool check_package(struct program *p, struct package *package);

/* Statements that cannot be left by running off their end (missing return). */
bool check_terminates(const struct stmt *s);

#endif
