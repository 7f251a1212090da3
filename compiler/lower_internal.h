/*
 * lower_internal: what the files of the lowering share; others include lower.h.
 *
 * A function is lowered in three steps.
 *   1. lower_*.c walk its body and append instructions to a list. An instruction is a line of C, or a bracket of C's structure (if,
 *      else, loop, end), or a jump. Whatever may stop the goroutine (a safepoint) stands in an instruction of its own, so
 *      expressions are C text without side effects, and Go's order of evaluation is the order of the list.
 *   2. live.c computes, backwards over the list, which variables are live across which safepoint. A variable that holds pointers
 *      and is live across one gets a place in the frame; the rest are C locals.
 *   3. emit.c prints the function.
 *
 * Because where a variable lives is known only after step 2, text names it by a mark (MARK_VAR, number, MARK_END), which printing
 * replaces by `x` or `fr->x`. MARK_HERE is the place in the function, for a run-time panic; MARK_POINT
 * has the frame tell it; MARK_ENTRY is g->sp at entry. The place is that of the instruction, or the position (a number
 * and MARK_END) behind the mark: an instruction may hold the text of operators that stand on several lines.
 *
 * Variables. A Go variable that escapes is boxed: its C variable is a pointer to it. Which do is boxed()'s to say.
 *
 * Types. Every type that the checker left goes through lower_type, which puts the type arguments of the instance being lowered
 * in place of parameters and makes equal types one pointer.
 */
#ifndef GOMEM_COMPILER_LOWER_INTERNAL_H
#define GOMEM_COMPILER_LOWER_INTERNAL_H

#include <string.h>

#include "escape.h"
#include "layout.h"
#include "lower.h"

#define MARK_VAR   '\x01'
#define MARK_END   '\x02'
#define MARK_HERE  "\x03"
#define MARK_ENTRY "\x04"
#define MARK_POINT "\x05"

enum { NO_VAR = -1 };

/* A pointer-keyed table that grows. */
struct ptr_map {
    struct {
        const void *key;
        void *value;
    } * slots;
    uint32_t size; /* a power of two, or 0 */
    uint32_t count;
};

struct lowerer;

struct var {
    const char *name; /* unique in its function */
    struct type *type;
    const char *ctype; /* instead of the type's own, or NULL */
    bool pointers;     /* holds some */
    bool exposed;      /* its address is kept across a safepoint: in the frame, live as long as what leads to it */
    bool always;       /* live everywhere: results of functions that defer, what deferred calls were given */
    bool alone;        /* shares its place in the frame with none */
    bool cleared;      /* zero at entry, as some mask has it before it is set */
    bool zeroed;       /* begins as zero wherever it is first used */
    bool param;
    bool by_reference; /* parameter that comes as a pointer to a copy */
    bool in_frame;
    bool cached; /* lies in the frame only during polls, which are rare, and else in a C local */
    bool used;
    int64_t offset;      /* in the frame */
    bool candidate;      /* at some safepoint */
    uint32_t object;     /* its number among those of the frame, from 1; 0: none */
    uint32_t bit;        /* in liveness sets */
    uint64_t *conflicts; /* with which it cannot share a place, by bit; NULL: with none can it */
};

enum ins_kind {
    INS_TEXT, /* [def =] text; */
    INS_IF,   /* if (text) { */
    INS_ELSE,
    INS_LOOP, /* while (text) { ; for (;;) { when text is NULL */
    INS_END,  /* of if or loop */
    INS_GOTO,
    INS_LABEL,
    INS_RETURN, /* text or NULL */
};

struct label {
    const char *name;
    uint32_t at; /* index of its instruction, when flow is computed */
    bool used;
    bool placed;
};

struct ins {
    uint8_t kind; /* enum ins_kind */
    bool safepoint;
    bool poll;
    bool noreturn;
    bool compiled; /* a call of a compiled function */
    int32_t def;   /* variable that is wholly set, or NO_VAR */
    const char *text;
    struct label *label;
    struct pos pos;
    uint32_t match;       /* INS_IF: its else or end; INS_ELSE: its end; INS_LOOP, INS_END: each other */
    uint32_t point;       /* safepoint's number */
    uint64_t *live;       /* the mask of a safepoint */
    uint64_t *candidates; /* what of it is looked at only if something leads to it */
};

/* Where break and continue of a statement go. */
struct jump_target {
    struct stmt *stmt;
    struct label *break_;
    struct label *continue_;
    struct jump_target *outer;
};

/* Small variables of one stretch of code that share a block; see new_box. */
enum { SHARED_BLOCK_BYTES = 16 };
struct shared_block {
    uint32_t count, ins[SHARED_BLOCK_BYTES];
    int32_t vars[SHARED_BLOCK_BYTES];
    struct type *types[SHARED_BLOCK_BYTES];
    int64_t bytes;
};

/* A record of the C file: a line in an inlined call. */
struct inlined_call {
    const struct source_file *copy;
    uint32_t line;
    const char *text; /* its address */
    struct inlined_call *next;
};

/* A function in the making. */
struct fn {
    struct fn *outer; /* being lowered when this one came up */
    const char *name; /* C's */
    const char *go_name;
    struct function *function;     /* NULL for wrappers and thunks */
    struct type_list params, args; /* type parameters and what stands for them */
    struct type *type;             /* TYPE_FUNC, without receiver */
    struct var *vars;
    uint32_t var_count;
    size_t var_capacity;
    struct var **placed; /* those in the frame, by offset */
    uint32_t placed_count;
    struct ins *list;
    uint32_t count;
    size_t capacity;
    struct ptr_map objects;        /* object → its variable's number + 1 */
    struct ptr_map captures;       /* object → its place in the closure, const char * */
    struct ptr_map append_buffers; /* slice variable, or append → struct append_buffer */
    struct ptr_map labels;         /* STMT_LABELED → struct label */
    struct ptr_map names;          /* names in use, by ident text (interned) */
    struct jump_target *targets;
    struct yield *yield; /* the body of a range over a function; see lower_yield.c */
    uint32_t exit_count;
    struct type *closure;  /* what the parameter c points to, or NULL */
    const char *signature; /* up to the closing parenthesis */
    const char *linkage;
    int32_t *results; /* variables, or NULL when results have none */
    uint32_t result_count;
    struct label *epilogue; /* of functions that defer */
    struct pos pos;
    uint32_t loop_depth;
    struct shared_block shared;
    struct escape_result *escape; /* NULL: everything is on the heap */
    uint32_t literal_count;       /* of the C functions that came of it */
    uint32_t func_count;          /* of these, func literals */
    uint32_t label_count;
    struct inlined_call *inlined; /* records of inlined calls, for tracebacks */
    uint32_t inlined_count;
    bool defers;
    bool needs_frame; /* also without variables in it and calls */
    bool thunk;       /* passes a call on: no frame for its calls */
    int32_t first_param;
    uint32_t plain_params; /* of a thunk, see plain_params() */
    bool calls;            /* has a safepoint, or an operation of which may_panic() */
};

/* A function body still to be lowered: an instance, a wrapper. */
struct pending {
    struct pending *next;
    void (*run)(struct lowerer *l, struct pending *p);
    const char *name;
    struct object *object;
    struct type_list args;
    struct type *type;
    struct selection *selection;
    void *extra;
    struct pos pos; /* where it was asked for */
};

struct lowerer {
    struct program *program;
    struct types *t;
    struct arena *arena;
    struct gomem_compilation *compilation;
    struct package *package;
    const struct lower_options *options;
    struct fn *fn;
    struct escape *escape;                      /* NULL: no analysis */
    struct escape_result *init_escape;          /* of the package's initialisers, likewise */
    struct expr *boxing;                        /* the operand that becomes an interface value, for its site */
    uint32_t boxing_part;                       /* which of its values, if it has several */
    struct expr *converting;                    /* the conversion whose result is being made */
    struct ptr_map evaluated;                   /* expressions that stand for results of a call → their text */
    bool borrowing;                             /* the literal being lowered is a key that is only looked up */
    struct text types, protos, data, functions; /* sections of the file */
    struct ptr_map ctypes;                      /* type → its C name */
    struct ptr_map defined;                     /* struct and array types with a definition */
    struct ptr_map symbols;                     /* names (interned) that are declared or queued */
    struct ptr_map escapes;                     /* object → facts about a variable, see lower_scan.c */
    struct pending *first, **last;
    struct pos asked; /* where what is pending was asked for */
    bool too_large;   /* a type was refused for its size */
    struct pos pos;   /* of the statement being lowered */
    uint32_t constants;
    uint32_t errors; /* reported when the function was begun */
    uint32_t type_count;
};

/* What is known of a local variable by looking at the whole function. */
struct facts {
    bool addressed;  /* & or a pointer method or slicing */
    bool captured;   /* used in a literal inside its function */
    bool reassigned; /* set after its declaration */
    bool escapes;
};

enum { LARGEST_VARIABLE = 2000000000 }; /* bytes, as of the toolchain's symbols */
enum { LARGEST_MASKED = 1 << 26 };      /* bytes of a struct with pointers: its mask has a bit for each word */

/* ---- lower.c: tables, variables, instructions ---- */

void *ptr_map_get(const struct ptr_map *m, const void *key);
void ptr_map_set(struct arena *a, struct ptr_map *m, const void *key, void *value);

const char *F(struct lowerer *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
void unsupported(struct lowerer *l, struct pos pos, const char *what);
const void *intern(struct lowerer *l, const char *text);
/* True the first time it is asked for that name in this file. */
bool first_use(struct lowerer *l, const char *name);

struct type *lower_type(struct lowerer *l, struct type *type);
struct type *under(struct lowerer *l, struct type *type); /* of lower_type */
struct type *type_of(struct lowerer *l, const struct expr *e);
struct type *basic(struct lowerer *l, enum basic_kind kind);
bool has_pointers(struct lowerer *l, struct type *type);
int64_t size_of(struct lowerer *l, struct type *type);
bool is_kind(struct lowerer *l, struct type *type, enum type_kind kind);
bool is_string(struct lowerer *l, struct type *type);
bool is_unsigned(struct lowerer *l, struct type *type);
bool is_interface(struct lowerer *l, struct type *type);
bool is_empty_interface(struct lowerer *l, struct type *type);
/* A value of it fills one machine word or less and is no aggregate. */
bool is_scalar(struct lowerer *l, struct type *type);
bool is_direct(struct lowerer *l, struct type *type); /* an interface holds the value itself */
bool by_reference(struct lowerer *l, struct type *type);
/* A struct type with these fields, for closures and results. */
struct type *make_struct(struct lowerer *l, const char *const *names, struct type *const *types, uint32_t count);

int32_t new_var(struct lowerer *l, const char *name, struct type *type);
const char *V(struct lowerer *l, int32_t var);
void emit(struct lowerer *l, const char *text);
void emit_def(struct lowerer *l, int32_t var, const char *text);
/* A safepoint; var may be NO_VAR. */
void emit_call(struct lowerer *l, int32_t var, const char *text);          /* an operation */
void emit_compiled_call(struct lowerer *l, int32_t var, const char *text); /* which keeps what it is given itself */
/* The place is that of e's operator from here on; what it was is given back. */
struct pos enter_expr(struct lowerer *l, const struct expr *e);
/* The text with its marks telling the place, but for those that tell one already. */
const char *placed(struct lowerer *l, const char *text);
/* An operation of the runtime that is no safepoint but may panic: the frame tells its line. */
const char *may_panic(struct lowerer *l, const char *operation);
void emit_noreturn(struct lowerer *l, const char *text, bool safepoint);
void emit_if(struct lowerer *l, const char *condition);
void emit_else(struct lowerer *l);
void emit_loop(struct lowerer *l, const char *condition);
void emit_end(struct lowerer *l);
void emit_poll(struct lowerer *l);
struct label *new_label(struct lowerer *l, const char *name);
void emit_label(struct lowerer *l, struct label *label);
void emit_landing(struct lowerer *l, struct label *label);
void emit_goto(struct lowerer *l, struct label *label);
void emit_return(struct lowerer *l, const char *text);
/* Sets var, a pointer, to a fresh zeroed block for a variable of that type. */
void new_box(struct lowerer *l, int32_t var, struct type *type);
/* Makes room for an instruction before position at. */
struct ins *insert(struct lowerer *l, uint32_t at, enum ins_kind kind);
/* A fresh variable with that value. */
const char *temp(struct lowerer *l, struct type *type, const char *text);
/* The same, except for text that has the same value wherever it stands. */
const char *stable(struct lowerer *l, struct type *type, const char *text);
bool is_constant_text(const char *text);

struct fn *begin_fn(struct lowerer *l, const char *name, const char *go_name, struct type *type);
void end_fn(struct lowerer *l);
void queue(struct lowerer *l, struct pending p);

/* ---- lower_name.c ---- */
const char *c_name(struct lowerer *l, const char *go_name); /* no keyword, nothing that C code here uses */
const char *package_symbol(struct lowerer *l, const struct package *package, const char *name);
const char *object_symbol(struct lowerer *l, struct object *object, struct type_list args);
const char *type_symbol(struct lowerer *l, struct type *type);
const char *trace_package(const struct package *package);
/* init: 1 + the number of an init function, 0 for others. */
const char *trace_name(struct lowerer *l, const struct object *object, uint32_t init);

/* ---- lower_ctype.c: C types ---- */
const char *ctype(struct lowerer *l, struct type *type);
bool is_endless(struct lowerer *l, struct type *type);
const char *declare(struct lowerer *l, struct type *type, const char *name); /* `T name` */
const char *result_type(struct lowerer *l, struct type *func);
struct type *result_struct(struct lowerer *l, struct type *func);
const char *field_name(struct lowerer *l, struct type *struct_type, uint32_t index);
/* As many parameters come as parameters; those behind them, if any, as one more of the type rest, a struct, so that what a call passes
 * keeps to GOMEM_SPILL words of pointers: these, four of a receiver, and four of rest. */
uint32_t plain_params(struct lowerer *l, struct type *func, struct type **rest);
/* Parameter types behind g, with names p0… when named. */
const char *param_list(struct lowerer *l, struct type *func, const char *first);
const char *zero(struct lowerer *l, struct type *type);

/* ---- lower_desc.c: descriptors, itabs, equality, hashes ---- */
const char *descriptor(struct lowerer *l, struct type *type); /* `&T_x` */
const char *itab(struct lowerer *l, struct type *interface, struct type *type);
const char *equal_values(struct lowerer *l, struct type *type, const char *a, const char *b);
uint32_t method_index(struct lowerer *l, struct type *interface, const struct object *method);

/* ---- lower_reflect.c ---- */
bool reflects(const struct lowerer *l); /* the unit has package reflect */
void reflect_function(struct lowerer *l, const char *code, const char *go_name,
                      struct pos pos); /* names it to runtime.FuncForPC */
void lower_reflection(struct lowerer *l, struct type *type);

/* ---- lower_expr.c ---- */
const char *lower_expr(struct lowerer *l, struct expr *e);
const char *lower_to(struct lowerer *l, struct expr *e, struct type *type); /* converted */
/* The element of *key, made if there is none. */
struct place map_slot(struct lowerer *l, struct type *map, const char *m, const char *key);
/* The call of an operation on *key; before it, what tells of a key that has no hash. */
const char *map_operation(struct lowerer *l, const char *operation, struct type *map, const char *m, const char *key);
const char *lower_constant(struct lowerer *l, struct type *type, const struct constant *value);
const char *lower_string_constant(struct lowerer *l, const char *bytes, size_t length);
const char *convert_interface(struct lowerer *l, const char *text, struct type *from, struct type *to);
/* An interface value of that data word; that of a literal of constants, or NULL. */
const char *interface_value(struct lowerer *l, struct type *to, struct type *from, const char *data);
const char *literal_box(struct lowerer *l, struct expr *e, struct type *type);
const char *assign_convert(struct lowerer *l, const char *text, struct type *from, struct type *to);
/* Of value number `part` of an expression that has several. */
const char *convert_part(struct lowerer *l, struct expr *e, uint32_t part, const char *text, struct type *from,
                         struct type *to);
bool has_call(struct expr *e);
bool is_blank(const struct expr *e);
const char *lower_condition_fold(struct lowerer *l, const char *text);
/* Parts of v, ok := x. */
void lower_comma_ok(struct lowerer *l, struct expr *e, const char **value, const char **ok);

/* ---- lower_place.c ---- */
struct place {
    const char *text; /* an lvalue without side effects */
    bool memory;      /* not in this function's own variables */
    int32_t var;      /* when it is the whole of a variable, else NO_VAR */
    struct type *type;
};
/* An lvalue, or a value in a temporary when it is none. */
struct place lower_place(struct lowerer *l, struct expr *e);
/* A place for a store, in which a nil pointer panics; held: after other stores, what it is made of is evaluated here all the same. */
struct place lower_target(struct lowerer *l, struct expr *e, bool held);
const char *lower_address(struct lowerer *l, struct expr *e);
const char *load(struct lowerer *l, struct place p);
void store(struct lowerer *l, struct place p, const char *value);
struct place place_var(struct lowerer *l, struct object *object);
struct place place_deref(struct lowerer *l, struct type *elem, const char *pointer, bool check);
struct place place_index(struct lowerer *l, struct expr *e, bool held);
struct place place_field(struct lowerer *l, struct expr *e, bool held);
/* A field of a struct, or of what a pointer leads to. */
struct place place_step(struct lowerer *l, struct place at, uint32_t index);
/* *to = from where both are dereferences of arrays without pointers: slices can lead to arrays that overlap. */
void move_array(struct lowerer *l, struct place to, const char *from);
struct selection *lower_selection(struct lowerer *l, struct expr *e);
const char *index_check(struct lowerer *l, const char *index, struct type *index_type, const char *length);
const char *lower_new(struct lowerer *l, struct type *type);    /* a fresh zeroed value on the heap */
const char *frame_object(struct lowerer *l, struct type *type); /* … in the frame */
/* A pointer to a fresh zeroed value where escape analysis puts that site. */
const char *lower_site(struct lowerer *l, struct type *type, const struct expr *e, enum escape_role role,
                       uint32_t index);
bool on_stack(struct lowerer *l, const struct expr *e, enum escape_role role, uint32_t index);
bool small_on_stack(struct lowerer *l, const struct expr *e);
const char *frame_buffer(struct lowerer *l);
const char *site_buffer(struct lowerer *l, const struct expr *e); /* GOMEM_TMP bytes in the frame, or NULL */
struct place fresh_place(struct lowerer *l, struct type *type);   /* a variable's worth of frame or C */

/* ---- lower_operator.c ---- */
const char *lower_unary(struct lowerer *l, struct expr *e);
const char *lower_binary(struct lowerer *l, struct expr *e);
const char *lower_receive(struct lowerer *l, struct expr *e, const char **ok);
const char *arithmetic(struct lowerer *l, enum op op, struct type *type, const char *a, const char *b,
                       const struct constant *right, struct type *right_type);
const char *compare(struct lowerer *l, enum op op, struct type *type, const char *a, const char *b);
const char *join_logical(struct lowerer *l, bool and, const char *a, uint32_t at, const char *b);
/* A string that only lives for the operation it is an operand of: string(b) has the bytes of b. */
const char *lower_borrowed(struct lowerer *l, struct expr *e, struct type *type);

/* A mistake that options ask for (fault.h). */
#define COMPILE_FAULT(l, name) ((l)->options && (l)->options->fault == COMPILE_FAULT_##name)

/* ---- lower_literal.c ---- */
const char *lower_composite(struct lowerer *l, struct expr *e);
void composite_into(struct lowerer *l, struct expr *e, struct type *type, struct place p);
/* make of a map by that expression; hint is C text. */
const char *make_map(struct lowerer *l, struct type *type, const struct expr *e, const char *hint);
/* C's initializer of a literal of constants only, or NULL. */
const char *static_literal(struct lowerer *l, struct expr *e, struct type *type);

/* ---- lower_convert.c ---- */
const char *lower_conversion(struct lowerer *l, struct expr *e);
const char *convert_value(struct lowerer *l, const char *text, struct type *from, struct type *to);
const char *lower_assert(struct lowerer *l, const char *x, struct type *from, struct type *to, const char **ok);

/* ---- lower_call.c ---- */
/* What is called, with everything evaluated. */
struct call {
    enum { CALLS_FUNCTION, CALLS_CLOSURE, CALLS_INTERFACE, CALLS_BUILTIN } how;
    struct type *type;   /* TYPE_FUNC of the call */
    const char *symbol;  /* function */
    const char *closure; /* func value, or interface value */
    struct type *interface;
    uint32_t method;
    const char *receiver; /* of a static method, or NULL */
    struct type *receiver_type;
    const char **args;
    struct type **types;
    uint32_t count;
    struct expr *builtin;
    bool leaf;         /* no safepoint */
    bool native;       /* C has it */
    bool recovers;     /* perhaps */
    bool keeps;        /* pointers alive whose numbers are its arguments */
    const char **kept; /* those, which are used once more after the call */
    uint32_t kept_count;
};
const char *lower_call(struct lowerer *l, struct expr *e);                    /* NULL when there is no value */
void lower_call_parts(struct lowerer *l, struct expr *e, const char **parts); /* several results */
struct call prepare_call(struct lowerer *l, struct expr *e);
void prepare_callee(struct lowerer *l, struct expr *e, struct call *c); /* without its arguments */
void select_method(struct lowerer *l, struct place at, const struct selection *s, struct call *c);
const char *perform_call(struct lowerer *l, const struct call *c);
const char *function_symbol(struct lowerer *l, struct object *object, struct type_list args);
void declare_function(struct lowerer *l, const char *symbol, struct type *type, struct type *receiver, bool weak);
struct type *method_type(struct lowerer *l, struct object *method, struct type *holder);
const char *method_target(struct lowerer *l, struct object *method, struct type *holder, struct type **receiver);
void lower_go(struct lowerer *l, struct stmt *s);
void lower_defer(struct lowerer *l, struct stmt *s);

/* ---- lower_builtin.c ---- */
enum builtin builtin_of(const struct expr *e); /* of a call of a predeclared function */
const char *lower_builtin(struct lowerer *l, struct expr *e);
const char *lower_size(struct lowerer *l, struct expr *x); /* what make is given, as an int; NULL for NULL */
const char *perform_builtin(struct lowerer *l, const struct call *c);
void evaluate_builtin(struct lowerer *l, struct expr *e, struct call *c);

/* ---- lower_append.c ---- */
const char *lower_append(struct lowerer *l, struct expr *e);
/* Slices that the statement lets out leave their buffers. */
void lower_moves(struct lowerer *l, const struct stmt *s);

/* ---- lower_closure.c ---- */
const char *lower_func_literal(struct lowerer *l, struct expr *e);
const char *function_value(struct lowerer *l, const char *symbol, struct type *type, const struct object *function);
const char *method_value(struct lowerer *l, struct expr *e);
/* go and defer: takes nothing. */
const char *call_closure(struct lowerer *l, const struct call *c, const struct expr *site);

/* A parameter: a variable, and its text in the signature. */
int32_t add_param(struct lowerer *l, struct text *signature, const char *name, struct type *type);
/* The parameters of a function type as variables from *first on; NULL closure and receiver: none. */
void open_thunk(struct lowerer *l, const char *name, struct type *type, struct type *closure, struct type *receiver,
                int32_t *first);
/* Calls with those parameters as arguments and returns what it returns. */
void close_thunk(struct lowerer *l, struct call *c, int32_t first);
/* What a closure captures: names, values and types of its fields behind the code. */
void list_captures(struct lowerer *l, struct object_list captures, const char **names, const char **values,
                   struct type **types);
/* At entry: what captures are in the function; the closure's field of this number, from 0, in a variable. */
void bind_captures(struct lowerer *l, struct object_list captures);
const char *load_captured(struct lowerer *l, uint32_t i, struct type *type);
struct type *closure_type(struct lowerer *l, const char *const *names, struct type *const *types, uint32_t count);
/* A func value of the closure at p. */
const char *fill_closure(struct lowerer *l, const char *p, const char *code, struct type *type,
                         const char *const *values, uint32_t count);
/* The thunk's parameter with that number; of those that come as one struct, its field. */
const char *thunk_param(struct lowerer *l, int32_t v);
void arguments_from_params(struct lowerer *l, struct call *c, int32_t first);

/* ---- lower_stmt.c, lower_range.c, lower_switch.c ---- */
void lower_block(struct lowerer *l, struct stmt_list list);
void lower_stmt(struct lowerer *l, struct stmt *s);
void lower_range(struct lowerer *l, struct stmt *s);
void lower_switch(struct lowerer *l, struct stmt *s);
void lower_type_switch(struct lowerer *l, struct stmt *s);
void lower_select(struct lowerer *l, struct stmt *s);
void declare_local(struct lowerer *l, struct object *object, const char *value);
void assign_parts(struct lowerer *l, struct stmt *s, const char *const *parts, struct type *const *types);
void push_target(struct lowerer *l, struct jump_target *t, struct stmt *s);
void lower_body(struct lowerer *l, struct function *f, struct type *receiver);
void lower_branch(struct lowerer *l, struct stmt *s);
/* Returns these values, or the results as they are. */
void return_with(struct lowerer *l, const char *const *values);
/* A parameter of the signature, its variable; moved to its box once all are known. o may be NULL. */
int32_t bind_param(struct lowerer *l, struct text *signature, struct object *o, struct type *type);
void box_param(struct lowerer *l, struct object *o);

/* ---- lower_yield.c ---- */
void lower_range_function(struct lowerer *l, struct stmt *s, struct type *type);
/* The function that the statements being lowered belong to in Go. */
struct fn *home(struct lowerer *l);
/* In the body of a range over a function: is what stands there outside of it? What jumps and returns do; the home's frame. */
bool yield_leaves(struct lowerer *l, const struct stmt *target);
void yield_branch(struct lowerer *l, struct stmt *s);
void yield_return(struct lowerer *l, struct stmt *s, const char *const *values);
const char *yield_frame(struct lowerer *l);
const char *yield_catch(struct lowerer *l);

/* ---- lower_scan.c ---- */
void scan_function(struct lowerer *l, struct function *f);
void scan_initializer(struct lowerer *l, struct expr *e);
struct facts *facts_of(struct lowerer *l, struct object *object);
bool boxed(struct lowerer *l, struct object *object);
bool captured_by_value(struct lowerer *l, struct object *object);
/* In the frame because its address is taken there. */
bool stays_in_frame(struct lowerer *l, struct object *object);
/* Variables of functions round it that a literal uses; of what is round it that the body of a range over a function uses. */
struct object_list captures_of(struct lowerer *l, struct function *literal);
struct object_list captures_of_range(struct lowerer *l, struct stmt *range);
/* The ranges over functions in it, without those of its literals. */
struct stmt_list ranges_of(struct lowerer *l, struct function *f);

/* ---- emit.c, emit_inlined.c ---- */
/* The name of a file as a literal of C: of a library file without the library's folder, so that its object is the same for every folder. */
const char *file_literal(struct lowerer *l, const char *file);
/* The innermost inlined call that a position is in, as text of its record, one pointer per record; NULL: in none. */
const char *emit_inlined(struct lowerer *l, struct fn *f, struct pos pos);

/* ---- live.c, emit_frame.c, emit.c ---- */
void live_compute(struct lowerer *l, struct fn *f);
static inline bool var_in(const uint64_t *set, const struct var *x)
{
    return x->bit && set[x->bit / 64] >> (x->bit % 64) & 1;
}
bool live_conflict(const struct var *a, const struct var *b); /* they cannot share a place in the frame */
/* Gives each variable in the frame its place; the offset behind the last one is returned. */
int64_t frame_lay_out(struct lowerer *l, struct fn *f, int64_t start);
/* The members of the frame's type for them. */
void frame_members(struct lowerer *l, const struct fn *f, int64_t start, struct text *out);
void emit_function(struct lowerer *l, struct fn *f);

#endif
