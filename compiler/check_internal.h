/*
 * check_internal: what the files of the checker share; others include check.h.
 *
 * One checker checks one package. Its work is a list of delayed actions: declarations are resolved on demand, in any
 * order, and what needs complete types (bodies of functions, validity of types, verification of instances) is put off until
 * they are. Statements run what they put off before the next statement, so that a function literal sees exactly the
 * locals declared before it.
 *
 * Objects being resolved are on a path; meeting one of them again is a cycle, valid when a type definition is on it and no
 * value, or when it has values only (initialisation order decides about those).
 *
 * An operand is an expression in the making: its mode, type and value before they are written into the tree. Untyped
 * expressions are written with their untyped type; when the context gives the final one, check_update_type walks down
 * the operands it came from.
 *
 * After an error the operand is invalid, and whatever meets an invalid operand or type is silent.
 */
#ifndef GOMEM_COMPILER_CHECK_INTERNAL_H
#define GOMEM_COMPILER_CHECK_INTERNAL_H

#include <string.h>
#include <strings.h>

#include "check.h"
#include "layout.h"

struct operand {
    uint8_t mode;    /* enum expr_mode */
    uint8_t builtin; /* MODE_BUILTIN: enum builtin */
    struct type *type;
    const struct constant *value; /* MODE_CONSTANT */
    struct expr *expr;
};

struct operand_list {
    struct operand *items;
    uint32_t count;
};

/* What an expression is as a statement. */
enum use_kind { USE_CONVERSION, USE_EXPRESSION, USE_STATEMENT };

/* A function type that an uninstantiated generic function is assigned to; desc names the destination. */
struct target {
    struct type *func;
    const char *desc;
};

/* A package-level object's declaration, and what its initialisation depends on. */
struct decl_info {
    struct scope *file_scope;
    int version;
    struct object **lhs; /* of several variables with one value, else NULL */
    uint32_t lhs_count;
    struct expr *type;
    struct expr *init;
    bool inherited; /* a constant that repeats the expression before */
    struct decl *decl;
    struct object_list deps;
    size_t dep_capacity;
    struct object_list methods; /* of a type: to be added when it is resolved */
    size_t method_capacity;
    bool methods_added;
    bool emitted;
};

struct environment {
    struct decl_info *decl; /* whose dependencies are collected */
    struct scope *scope;
    int version;
    const struct constant *iota; /* in a constant declaration */
    struct pos errpos;           /* where errors of an inherited constant expression go */
    bool in_tparams;
    struct function *function;
    bool has_call_or_recv;
};

struct checker;
struct action;
typedef void action_fn(struct checker *c, struct action *a);

struct action {
    action_fn *run;
    int version;
    struct pos pos;
    void *a, *b, *d;
    struct type_list types;
    struct environment env; /* of function literals */
};

struct dot_import {
    struct scope *scope;
    struct object *object;
    struct object *import;
};

struct mono_edge;
struct mono_vertex;

struct noted_interface {
    struct pos pos;
    struct type *type;
};

struct checker {
    struct program *program;
    struct gomem_compilation *compilation;
    struct types *t;
    struct arena *arena;
    struct package *package;
    struct environment env;
    struct action *actions;
    uint32_t action_count;
    size_t action_capacity;
    struct object **path; /* being resolved */
    uint32_t path_count;
    size_t path_capacity;
    struct object **objects; /* package-level, and methods, in source order */
    uint32_t object_count;
    size_t object_capacity;
    struct object **imports;
    uint32_t import_count;
    size_t import_capacity;
    struct dot_import *dots;
    uint32_t dot_count;
    size_t dot_capacity;
    uint8_t *shifted; /* bit per expression id: untyped left operand of a non-constant shift */
    size_t shifted_size;
    uint32_t depth; /* of expressions */
    uint32_t errors;
    bool saw_incomplete; /* a search met a type that is not declared to its end yet */
    struct mono_edge *edges;
    uint32_t edge_count;
    size_t edge_capacity;
    struct object **vertices;
    struct mono_vertex *weights;
    uint32_t vertex_count;
    size_t vertex_capacity;
    struct noted_interface *interfaces; /* written down in the package, in order of their places */
    uint32_t interface_count;
    size_t interface_capacity;
    struct ident *blank;
};

enum {
    GO_1_9 = 9,
    GO_1_13 = 13,
    GO_1_14 = 14,
    GO_1_17 = 17,
    GO_1_18 = 18,
    GO_1_20 = 20,
    GO_1_21 = 21,
    GO_1_22 = 22,
    GO_1_23 = 23,
    GO_1_26 = 26
};

/* ---- messages (check_message.c) ---- */

/*
 * printf-like: %s string, %d int, %l int64_t, %T struct type *, %E struct expr *, %O struct operand *, %N struct ident *,
 * %C struct constant *, %K what kind of object a struct object * is, %P a struct pos, %%.
 */
const char *check_format(struct checker *c, const char *format, ...);
void check_error(struct checker *c, struct pos pos, const char *format, ...);
void check_error_at(struct checker *c, const struct expr *e, const char *format, ...);    /* at its start */
void check_error_on(struct checker *c, const struct operand *x, const char *format, ...); /* at its expression's */
/* `name what`, and where `other` is declared. */
void check_redeclared(struct checker *c, struct pos pos, const struct object *object, const struct object *other,
                      const char *what);
const char *check_types_summary(struct checker *c, struct type *const *items, uint32_t count, bool variadic, bool dots);
const char *check_missing_cause(struct checker *c, struct type *type, struct type *want, const struct missing *m);
const char *check_composite_kind(struct checker *c, struct type *type); /* "slice" …, "" for basic types */
bool check_version(const struct checker *c, int minor);
/* Reports `what requires go1.N or later` when the file's version is older. */
bool check_need_version(struct checker *c, struct pos pos, int minor, const char *format, ...);

/* ---- the engine (check.c) ---- */

struct action *check_later(struct checker *c, action_fn *run, struct pos pos);
void check_run_delayed(struct checker *c, uint32_t from);
struct type *check_invalid_type(struct checker *c);
void check_depend(struct checker *c, struct object *on);
void check_open_scope(struct checker *c);
void check_close_scope(struct checker *c);
struct object *check_lookup(struct checker *c, const struct ident *name);
/* Enters object into scope (and name->object); a second one of that name is reported. */
void check_declare(struct checker *c, struct scope *scope, struct expr *name, struct object *object);

/* ---- packages (check_package.c) ---- */
void check_collect_objects(struct checker *c);
void check_package_objects(struct checker *c);
void check_unused_imports(struct checker *c);
void check_init_order(struct checker *c); /* check_init.c */

/* ---- declarations (check_decl.c) ---- */
void check_object(struct checker *c, struct object *object);
void check_decl_stmt(struct checker *c, struct decl_list list);
void check_push(struct checker *c, struct object *object);
void check_pop(struct checker *c);
void check_cycle_error(struct checker *c, struct object **cycle, uint32_t count, uint32_t start);
void check_add_methods(struct checker *c, struct object *object);
void check_arity(struct checker *c, struct pos pos, struct expr_list names, struct expr_list inits, bool constant,
                 bool inherited);
/* Two steps, because constraints may mention the parameters and the type they belong to. */
struct type_list check_declare_tparams(struct checker *c, struct field_list list);
void check_bound_tparams(struct checker *c, struct field_list list, struct type_list params);
bool check_finite(struct checker *c, struct type *type);
/* Of a receiver's type: its base name and whether there is a * before it. */
struct expr *check_unpack_recv(struct checker *c, struct expr *type, bool *pointer, struct expr_list *tparams);

/* ---- functions (check_func.c) ---- */
/* The type of EXPR_FUNC_TYPE e; of a function with a record, its parameters become objects there. */
struct type *check_func_type(struct checker *c, struct expr *e, struct function *f);
struct function *check_function_new(struct checker *c, struct decl *decl, struct expr *literal);
void check_function_signature(struct checker *c, struct function *f);
void check_body(struct checker *c, struct function *f, struct environment env);

/* ---- types (check_type.c) ---- */
struct type *check_type(struct checker *c, struct expr *e);
struct type *check_var_type(struct checker *c, struct expr *e);
struct type *check_declared_type(struct checker *c, struct expr *e, struct object *def);
struct type *check_generic_type(struct checker *c, struct expr *e, const char **cause);
/* The generic alias an expression names, or NULL. */
struct object *check_generic_alias(const struct expr *e);
void check_valid_var_type(struct checker *c, struct expr *e, struct type *type);
bool check_type_list(struct checker *c, struct expr_list list, struct type_list *out);
void check_name(struct checker *c, struct operand *x, struct expr *e, bool want_type);
struct type *check_struct_type(struct checker *c, struct expr *e);
struct type *check_interface_type(struct checker *c, struct expr *e, struct object *def);
struct type *check_bound(struct checker *c, struct expr *e);
/* Reports a type that contains itself. */
bool check_valid_type(struct checker *c, struct type *named);

/* ---- expressions ---- */
enum use_kind check_raw(struct checker *c, const struct target *target, struct operand *x, struct expr *e,
                        struct type *hint, bool generic);
void check_expr(struct checker *c, const struct target *target, struct operand *x, struct expr *e);
void check_generic_expr(struct checker *c, struct operand *x, struct expr *e);
void check_expr_hint(struct checker *c, struct operand *x, struct expr *e, struct type *hint);
void check_expr_or_type(struct checker *c, struct operand *x, struct expr *e, bool generic);
struct operand_list check_multi(struct checker *c, struct expr *e, bool comma_ok, bool *is_comma_ok);
struct operand_list check_expr_list(struct checker *c, struct expr_list list);
void check_single_value(struct checker *c, struct operand *x);
enum { EXCLUDE_NO_VALUE = 1, EXCLUDE_BUILTIN = 2, EXCLUDE_TYPE = 4, EXCLUDE_ALL = 7 };
void check_exclude(struct checker *c, struct operand *x, unsigned modes);
void check_record(struct checker *c, struct operand *x);
void check_not_generic(struct checker *c, const struct target *target, struct operand *x);
bool check_use(struct checker *c, struct expr *e);
bool check_use_list(struct checker *c, struct expr_list list);
bool check_use_lhs(struct checker *c, struct expr_list list);
void check_invalid(struct checker *c, struct operand *x);

void check_unary(struct checker *c, struct operand *x, struct expr *e); /* check_operator.c */
void check_binary(struct checker *c, struct operand *x, struct expr *e, struct expr *lhs, struct expr *rhs, enum op op);
void check_comparison(struct checker *c, struct operand *x, struct operand *y, enum op op, bool switch_case);
void check_match(struct checker *c, struct operand *x, struct operand *y);
struct type *check_chan_elem(struct checker *c, struct pos pos, struct operand *x, bool recv);

void check_overflow(struct checker *c, struct operand *x, struct pos at); /* check_const.c */
void check_representable(struct checker *c, struct operand *x, struct type *basic);
void check_convert_untyped(struct checker *c, struct operand *x, struct type *target);
enum constant_fit check_representation(struct checker *c, struct operand *x, struct type *basic,
                                       const struct constant **value);
/* NULL when x cannot become target; *value, *fit tell more. */
struct type *check_implicit_type(struct checker *c, struct operand *x, struct type *target,
                                 const struct constant **value, enum constant_fit *fit);
void check_update_type(struct checker *c, struct expr *e, struct type *type, bool final);
void check_update_value(struct expr *e, const struct constant *value);
void check_mark_shifted(struct checker *c, const struct expr *e);

bool check_assignable(struct checker *c, struct operand *x, struct type *to, const char **cause); /* check_convert.c */
void check_conversion(struct checker *c, struct operand *x, struct type *to);
bool check_implements(struct checker *c, struct type *type, struct type *interface, bool constraint,
                      const char **cause);
bool check_has_methods(struct checker *c, struct type *type, struct type *interface, bool static_,
                       types_equal_fn *equal, void *context, const char **cause);

void check_assignment(struct checker *c, struct operand *x, struct type *to, const char *context); /* check_assign.c */
void check_init_const(struct checker *c, struct object *lhs, struct operand *x);
void check_init_var(struct checker *c, struct object *lhs, struct operand *x, const char *context);
void check_init_vars(struct checker *c, struct object *const *lhs, uint32_t count, struct expr_list rhs,
                     struct stmt *return_);
void check_assign_var(struct checker *c, struct expr *lhs, struct expr *rhs, struct operand *x, const char *context);
void check_assign_vars(struct checker *c, struct expr_list lhs, struct expr_list rhs);
void check_short_decl(struct checker *c, struct stmt *s);
struct object *check_new_local(struct checker *c, struct expr *name, struct type *type);

enum use_kind check_call(struct checker *c, struct operand *x, struct expr *e); /* check_call.c */
struct type *check_arguments(struct checker *c, struct expr *call, struct type *sig, struct type_list targs,
                             struct expr_list xlist, struct operand_list args, struct type_list *arg_targs);
void check_selector(struct checker *c, struct operand *x, struct expr *e, bool want_type); /* check_select.c */
const char *check_lookup_error(struct checker *c, struct type *type, const struct ident *name, const struct object *alt,
                               bool literal);
bool check_is_interface_pointer(struct checker *c, struct type *type);
const char *check_interface_pointer_error(struct checker *c, struct type *type);
bool check_builtin(struct checker *c, struct operand *x, struct expr *call, enum builtin id); /* check_builtin.c */
enum use_kind check_builtin_use(enum builtin id);
const char *check_builtin_name(enum builtin id);
struct type *check_slice_elem(struct checker *c, struct operand *x, const char **cause);
bool check_unsafe(struct checker *c, struct operand *x, struct expr *call, enum builtin id, struct operand_list args);
bool check_index_expr(struct checker *c, struct operand *x, struct expr *e); /* check_index.c */
void check_slice_expr(struct checker *c, struct operand *x, struct expr *e);
struct type *check_index(struct checker *c, struct expr *index, int64_t max, int64_t *value);
bool check_valid_index(struct checker *c, struct operand *x, const char *what, bool negative);
void check_literal(struct checker *c, struct operand *x, struct expr *e); /* check_literal.c */
void check_composite(struct checker *c, struct operand *x, struct expr *e, struct type *hint);
void check_func_literal(struct checker *c, struct operand *x, struct expr *e);
struct type *check_array_pointer(struct checker *c, struct type *type); /* [n]T for *[n]T, else the type */

/* ---- generics ---- */
struct type_list check_func_inst(struct checker *c, const struct target *target, struct pos pos, struct operand *x,
                                 struct expr *inst, bool infer); /* check_instance.c */
struct type *check_instantiate(struct checker *c, struct pos pos, struct expr *e, struct type *sig,
                               struct type_list targs, struct expr_list xlist);
bool check_verify(struct checker *c, struct type_list params, struct type_list args, uint32_t *failed,
                  const char **cause);
void check_verify_later(struct checker *c, struct pos pos, struct type_list params, struct type_list args,
                        struct expr_list xlist);
struct type_list check_rename(struct checker *c, struct type_list params);
/* NULL items on failure; *error and *error_pos then say why (error NULL: reported already). */
struct type_list check_infer(struct checker *c, struct pos pos, struct type_list tparams, struct type_list targs,
                             struct type *params, struct operand_list args, bool reverse, const char **error,
                             struct pos *error_pos); /* check_infer.c */
bool check_parameterized(struct checker *c, struct type_list tparams, struct type *type);

struct unifier; /* check_unify.c */
struct unifier *check_unifier_new(struct checker *c, struct type_list tparams, struct type_list targs, bool interfaces);
enum { UNIFY_ASSIGN = 1, UNIFY_EXACT = 2 };
bool check_unify(struct unifier *u, struct type *x, struct type *y, unsigned mode);
struct type *check_unifier_at(const struct unifier *u, const struct type *param);
void check_unifier_set(struct unifier *u, const struct type *param, struct type *type);
uint32_t check_unifier_unknowns(const struct unifier *u);

void check_mono_instance(struct checker *c, struct pos pos, struct type_list params, struct type_list args,
                         struct expr_list xlist); /* check_mono.c */
void check_mono(struct checker *c);

/* ---- check_anonymous.c: interfaces that refer to themselves ---- */
void check_note_interface(struct checker *c, struct pos pos, struct type *interface);
void check_anonymous(struct checker *c);

/* ---- statements (check_stmt.c, check_range.c, check_switch.c) ---- */
void check_stmt_list(struct checker *c, struct stmt_list list);
void check_stmt(struct checker *c, struct stmt *s);
void check_range(struct checker *c, struct stmt *s);
void check_switch(struct checker *c, struct stmt *s);
void check_type_switch(struct checker *c, struct stmt *s);
void check_type_assertion(struct checker *c, struct expr *e, struct operand *x, struct type *to, bool type_switch);
void check_condition(struct checker *c, struct expr *e, const char *where);

/* ---- small helpers ---- */

static inline bool operand_is_nil(const struct operand *x)
{
    return x->mode == MODE_NIL;
}

static inline struct type *under(struct checker *c, struct type *x)
{
    return types_underlying(c->t, x);
}

static inline struct type *basic(struct checker *c, enum basic_kind kind)
{
    return types_basic(c->t, kind);
}

static inline bool identical(struct checker *c, struct type *x, struct type *y)
{
    return types_identical(c->t, x, y);
}

static inline bool is_interface_value(struct checker *c, struct type *x)
{
    return x->kind != TYPE_PARAM && under(c, x)->kind == TYPE_INTERFACE;
}

static inline const struct type *func_params(const struct type *f)
{
    return f->func.params;
}

static inline bool is_integer(struct checker *c, struct type *x)
{
    return types_is(c->t, x, BASIC_IS_INTEGER);
}

static inline bool is_string(struct checker *c, struct type *x)
{
    return types_is(c->t, x, BASIC_IS_STRING);
}

static inline bool all_integer(struct checker *c, struct type *x)
{
    return types_all(c->t, x, BASIC_IS_INTEGER);
}

#endif
