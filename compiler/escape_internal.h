/*
 * escape_internal: what the files of the escape analysis share; others include escape.h.
 *
 * Vocabulary, the toolchain's own:
 *
 *   location  something with an address and a lifetime: a variable, an allocation site, a temporary.
 *   edge      `dst` may hold a value that comes from `src` by `derefs` dereferences; -1: src's address.
 *   hole      where the value of an expression under evaluation goes: a location and the dereferences still to come.
 *   batch     functions that are solved together: a strongly connected component of the call graph.
 *   unit      a declared function with given type arguments, all literals in it included; struct escape_result.
 *   code      one function's worth of code in a unit: the declared one, a literal, the body of a range over a function, or the
 *             wrapper that a go or defer statement makes round its call.
 *
 * Files: escape.c units, batches, answers; escape_search.c who refers to whom; escape_graph.c locations and the solver; escape_stmt.c, escape_expr.c, escape_call.c
 * turn the tree into edges; escape_value.c what variables always hold; escape_append.c append's buffers; escape_scan.c walks that only look; escape_print.c,
 * escape_type.c expressions and types as the toolchain prints them; escape_diag.c the -m listing.
 */
#ifndef GOMEM_COMPILER_ESCAPE_INTERNAL_H
#define GOMEM_COMPILER_ESCAPE_INTERNAL_H

#include <string.h>

#include "escape.h"
#include "layout.h"

/* What a release of the toolchain does differently. */
struct escape_rules {
    int since; /* holds from this minor version on */
    int tagged_results;
    int64_t explicit_limit; /* largest variable on the stack, in bytes */
    bool mutations;         /* tracks what is stored through and what is called with results that matter */
    bool small_make;        /* make with a size not known, and append, may use a small stack buffer */
    bool literals;          /* variables that always hold one constant are folded */
    bool dead_locals;       /* drops assignments to variables nobody uses */
    bool plain_literals;    /* literals that capture nothing are functions like any other */
    bool concrete_types;    /* looks at all assignments to find what an interface variable holds */
    bool moves;             /* slices begin in a buffer though they escape, and move before they do */
    bool unified;           /* positions and temporaries of the unified IR */
};

enum { ESCAPE_IMPLICIT_LIMIT = 64 << 10, ESCAPE_CAPTURE_LIMIT = 128 };

/* Pointer-keyed table, one value or a short chain per key. */
struct escape_map {
    struct escape_entry **buckets;
    uint32_t size; /* a power of two, or 0 */
    uint32_t count;
};

struct escape_entry {
    const void *key;
    uint32_t sub; /* distinguishes several facts about one key */
    void *value;
    struct escape_entry *next;
};

void *esc_map_get(const struct escape_map *m, const void *key, uint32_t sub);
void esc_map_put(struct arena *a, struct escape_map *m, const void *key, uint32_t sub, void *value);

enum location_kind {
    LOCATION_VARIABLE,
    LOCATION_SITE,
    LOCATION_TEMPORARY,
    LOCATION_PSEUDO, /* heap, mutator, callee, blank */
};

enum location_attrs {
    ATTR_ESCAPES = 1, /* must be on the heap */
    ATTR_MUTATES = 2, /* memory reachable from it may be written */
    ATTR_CALLS = 4,   /* closures reachable from it may be called with results that are lost track of */
};

struct location;

/* What the program does where a value flows, for explanations. */
struct act {
    const char *what; /* "is assigned", "is passed to f" */
    struct pos pos;
};

/* Invariant: derefs >= -1. */
struct edge {
    struct location *src;
    int derefs;
    struct act act;
};

/* One flow of an explanation. */
struct hop {
    const struct location *from, *to;
    int derefs;
    struct act act;
    struct hop *next;
};

struct location {
    uint8_t kind;  /* enum location_kind */
    uint8_t role;  /* LOCATION_SITE: enum escape_role */
    uint8_t attrs; /* enum location_attrs */
    bool captured; /* by some closure */
    bool reassigned;
    bool addrtaken;
    bool param;
    bool result;
    bool quiet;    /* no line in the listing */
    bool by_value; /* closures hold a copy */
    bool repeats;  /* append whose small buffer may be taken again while the slice from before lives */
    bool in_place; /* append changes a slice where it lies in memory: no buffer */
    bool kept;     /* append to a slice that is moved before it escapes: its buffer serves all the same … */
    bool steps;    /* … again and again, with a capacity of the next size class */
    bool moved;    /* a site the listing calls a variable: new(value) */
    bool queued;
    int loop_depth;
    uint32_t result_index;
    uint32_t sub; /* LOCATION_SITE: its index */
    struct code *code;
    const struct object *object;   /* LOCATION_VARIABLE */
    const struct expr *expr;       /* LOCATION_SITE */
    const struct expr *conversion; /* ESCAPE_BOX: the explicit one that makes it, or NULL */
    struct type *type;             /* the variable's; the site's value; NULL for temporaries */
    struct pos pos;
    const char *name;                /* in the listing, when the expression does not tell */
    struct code *closure;            /* a func literal's */
    const struct constant *constant; /* what the site's value, or a make's capacity, always is */
    struct location *next;           /* of its code */
    struct edge *edges;              /* incoming */
    uint32_t edge_count;
    size_t edge_capacity;
    struct escape_tag tag; /* parameters: where they leak */
    int derefs;            /* from the root of the walk under way */
    uint32_t walk, queued_walk;
    const struct location *toward; /* the next one on the way to that root … */
    const struct edge *by;         /* … and how */
    struct hop *why;               /* why it escapes, or a parameter leaks, when that is asked */
};

/* Invariants: derefs >= -1; dst is never NULL. */
struct hole {
    struct location *dst;
    int derefs;
    bool addrtaken; /* the address of the expression is taken, wherever it goes */
};

/* A statement label's state while its function is walked. */
struct label_state {
    const struct stmt *stmt;
    bool looping;
    struct label_state *next;
};

struct code {
    struct escape_result *unit;
    struct code *outer;
    struct function *function; /* NULL: made by the analysis */
    const struct expr *literal;
    const struct stmt *range;    /* the body of a range over a function: that statement */
    const struct stmt *deferred; /* the wrapper of a go or defer statement's call */
    struct object_list captures; /* variables of outer code that it uses; with temporaries: see captured_temps */
    size_t capture_capacity;
    struct location **temps; /* temporaries it captures */
    uint32_t temp_count;
    size_t temp_capacity;
    struct location **results;
    uint32_t result_count;
    struct label_state *labels;
    bool results_lost; /* results may flow where nobody follows */
    bool called;       /* releases without calls tracking: called where it stands */
    bool wrapper;
    bool later;                    /* a wrapper that may run when its statement's frame is gone or in use again */
    bool dead;                     /* a literal that is never used */
    uint32_t declared;             /* variables so far, for the names of temporaries */
    struct location *first, **end; /* its locations */
    struct code *next;             /* in the unit */
};

/* What a whole-unit scan knows of a local variable; see escape_value.c. */
struct variable_facts {
    const struct expr *value; /* of its declaration, when it is declared with one value of its own */
    bool declared_once;       /* value is meaningful */
    bool assigned;            /* besides its declaration */
    bool addressed;
    bool reset;            /* set otherwise than by x = append(x, …) */
    bool zero_declared;    /* var x T */
    struct assigned *list; /* everything assigned to an interface variable */
};

struct assigned {
    const struct expr *value; /* or NULL: a value of that type */
    struct type *type;        /* NULL: unknown */
    struct assigned *next;
};

struct unit_list {
    struct escape_result **items;
    uint32_t count;
    size_t capacity;
};

struct wrapped {
    struct type_list args;
    struct wrapped *next;
};

enum unit_state { UNIT_NEW, UNIT_VISITING, UNIT_PLANNED, UNIT_TAGGED };

struct escape_result {
    struct escape *escape;
    struct package *package;
    struct function *function; /* NULL: package initialisers */
    struct type_list params, args;
    struct type_list asked;  /* the last type arguments that it stood for */
    struct wrapped *wrapped; /* type arguments, no shapes, by which it is called through a wrapper */
    uint8_t state;           /* enum unit_state */
    uint32_t id;             /* of the search for components; UINT32_MAX once it is over */
    uint32_t entry;          /* where its entries begin */
    struct code *code;       /* outermost first, then literals in the order they stand */
    struct code **code_end;
    struct escape_map variables;                   /* object → location */
    struct escape_map sites;                       /* expr, role and index → location */
    struct escape_map codes;                       /* literal expr → code */
    struct escape_map used;                        /* objects: local variables that matter */
    struct escape_map dead;                        /* literals nobody refers to */
    struct escape_map facts;                       /* object → variable_facts */
    struct escape_result *literals, *next_literal; /* units of literals in it */
    struct escape_map names;                       /* expr → what the listing calls the temporary it is in */
    struct escape_map moves;                       /* statement → escape_move */
    uint32_t ranges;                               /* over functions */
    struct escape_tag *tags;
    uint32_t tag_count;
    struct batch *batch;
    bool facts_known;
    bool listed;                 /* its lines are wanted */
    bool read;                   /* its body is in the list of reading */
    struct unit_list references; /* for a listing of inlining: instances and literals, before anything is inlined */
    uint8_t passes;              /* of the inliner that are listed */
    bool ordered;                /* its lines are in the listing, or its batch's come when that is complete */
};

struct closure_flow {
    struct hole k;
    struct code *code;
};

/* A function as a search meets it: a unit, or a literal (expression) or the body of a range over a function (statement) in one. */
struct entry {
    struct escape_result *unit;
    const void *literal;
};

struct batch {
    struct entry *entries; /* in the order of the search */
    uint32_t entry_count;
    struct escape *escape;
    struct escape_result **units;
    uint32_t unit_count;
    struct location **locations;
    uint32_t location_count;
    size_t location_capacity;
    struct closure_flow *closures;
    uint32_t closure_count;
    size_t closure_capacity;
    struct location heap, mutator, callee, blank;
    struct act act;              /* under way */
    struct text lines;           /* of a listing */
    struct escape_result *first; /* whose end the lines wait for */
};

struct escape {
    struct program *program;
    struct types *t;
    struct arena *arena;
    int release;
    const struct escape_rules *rules;
    struct escape_map units; /* function or package → chain of results */
    struct escape_result **stack;
    uint32_t depth;
    size_t stack_capacity;
    struct entry *entries; /* of the units on the stack */
    uint32_t entry_count;
    size_t entry_capacity;
    uint32_t visits;
    bool explains;                   /* the listing says why */
    struct package *listing_package; /* lines of whose units are wanted, or NULL */
    struct text *listing;
    struct escape_map captures;     /* literal → 1: it captures something; 2: nothing */
    struct escape_map read_types;   /* whose methods are known; 1: to code without type parameters */
    struct unit_list unread, added; /* a stack; units besides the package's own functions, in the order of reading */
    struct escape_map reading;      /* types whose parts are being read */
    struct unit_list wrappers;      /* of instances */
    struct escape *before;          /* an analysis of the same code before inlining, or NULL */
    const struct shaping *shaping;  /* types whose shapes are being printed */
    struct escape_map *shapes;      /* name → type; those of analyses of the same package are shared */
    struct escape_map local_types;  /* declared in functions → number */
};

/* State of a walk over one code. */
struct walk {
    struct batch *batch;
    struct escape *e;
    struct code *code;
    int loop_depth;
    /* In a go or defer statement's wrapper: what was evaluated outside it, expr and part → temporary; else NULL. */
    const struct escape_map *replaced;
};

/* ---- escape.c ---- */
struct type *esc_subst(const struct escape_result *u, struct type *type);
struct type *esc_type(const struct escape_result *u, const struct expr *x);
struct type *esc_under(const struct escape_result *u, struct type *type);
bool esc_has_pointers(const struct escape_result *u, struct type *type);
int64_t esc_size(const struct escape_result *u, struct type *type);
bool esc_is_interface(const struct escape_result *u, struct type *type);
bool esc_is_direct(const struct escape_result *u, struct type *type); /* an interface holds the value itself */
bool esc_is_string(const struct escape_result *u, struct type *type);
struct escape_result *esc_unit(struct escape *e, struct function *f, struct package *package, struct type_list args);
struct code *esc_code_new(struct escape_result *u, struct code *outer, struct function *f, const struct expr *literal);
/* Of a literal in the unit. */
struct code *esc_code_of(const struct escape_result *u, const struct expr *literal);
struct type_list esc_substitute_list(const struct escape_result *u, struct type_list list);

void esc_solve_batch(struct batch *b);
int esc_marks_uintptr(const struct escape_result *u, uint32_t index);
struct escape_tag esc_shortest(struct escape_tag tag);
bool esc_shares_string(const struct location *l); /* zero-copy conversion */

/* ---- escape_search.c ---- */
/* Has the unit analysed, after what it refers to; the smallest number reachable from u, UINT32_MAX when its component is done. */
uint32_t esc_visit(struct escape_result *u);
/* Puts the unit's lines into the listing, behind those of what it refers to. */
void esc_order(struct escape_result *u);
/* For a listing of the package: marks what else is listed, and in which order it is known. */
void esc_read_package(struct escape *e, struct package *p);
void esc_add_wrapper(struct escape *e, struct function *w);
/* Sets the references of all units that are listed. */
void esc_note_references(struct escape *e);
/* Analyses them, and lists nothing. */
void esc_visit_package(struct escape *e);
/* A unit that belongs to the listing. */
void esc_add_unit(struct escape *e, struct escape_result *u);

/* ---- escape_graph.c ---- */
struct location *esc_location_new(struct walk *w, enum location_kind kind);
struct location *esc_variable_location(const struct escape_result *u, const struct object *object);
struct location *esc_new_variable(struct walk *w, struct object *object);
struct location *esc_new_temporary(struct walk *w, struct type *type);
void esc_flow(struct batch *b, struct hole k, struct location *src);
/* The same for a variable used as a value: without pointers it leads nowhere. */
void esc_flow_typed(struct walk *w, struct hole k, struct location *src);
struct hole esc_hole_to(struct location *l);
struct hole esc_hole_shift(struct hole k, int delta);
struct hole esc_heap_hole(struct walk *w);
struct hole esc_mutator_hole(struct walk *w);
struct hole esc_discard_hole(struct walk *w);
struct hole esc_tee(struct walk *w, const struct hole *holes, uint32_t count);
/* A site of the expression whose address flows to k; the hole for what is stored in it. */
struct hole esc_spill(struct walk *w, struct hole k, const struct expr *x, enum escape_role role, uint32_t sub,
                      struct pos pos, struct type *type);
void esc_batch_solve(struct batch *b);
void esc_tag_add(int8_t *slot, int derefs);

/* ---- escape_expr.c ---- */
void esc_eval(struct walk *w, struct hole k, const struct expr *x);
void esc_discard(struct walk *w, const struct expr *x);
/* The expression where a value of that type is wanted (NULL: of its own). */
void esc_eval_as(struct walk *w, struct hole k, const struct expr *x, struct type *type);
/* A value of type `from` that is in no expression of its own, boxed for `to` if need be: the hole for the value. */
struct hole esc_convert_hole(struct walk *w, struct hole k, struct type *from, struct type *to, const struct expr *x,
                             uint32_t index, struct pos pos);
/* The temporary that holds result `index` of x, converted to that type, flows to k. */
void esc_flow_part(struct walk *w, struct hole k, struct location *part, struct type *to, const struct expr *x,
                   uint32_t index, struct pos pos);
/* Hole for storing into an assignable expression. */
struct hole esc_place(struct walk *w, const struct expr *x);
void esc_eval_closure(struct walk *w, struct hole k, const struct expr *x);
/* A receiver: x with the path to the method, and & or * as the method wants. */
struct hole esc_method_hole(const struct walk *w, struct hole k, struct type *type, const struct selection *s);
void esc_eval_receiver(struct walk *w, struct hole k, const struct expr *x, const struct selection *s);
/* Hole for the operand of x.(T) or of a type switch, when its T goes to k. */
struct hole esc_clause_hole(struct walk *w, struct hole k, struct type *type);
/* The closure in k captures what its code does. */
void esc_flow_closure(struct walk *w, struct hole k, struct code *c);
void esc_unsafe_value(struct walk *w, struct hole k, const struct expr *x);
bool esc_is_header_data(const struct walk *w,
                        const struct expr *x); /* Data field of reflect's slice or string header */

/* ---- escape_call.c ---- */
bool esc_has_directive(const struct decl *d, const char *text);
/* ks: a hole per result, or NULL. */
void esc_eval_call(struct walk *w, const struct hole *ks, const struct expr *call);
void esc_eval_go(struct walk *w, const struct stmt *s);
/* The temporary that stands for x (or its part) in a wrapper, or NULL. */
struct location *esc_replacement(const struct walk *w, const struct expr *x, uint32_t part);
/* Results of a call with several into fresh temporaries. */
struct location **esc_call_into_temporaries(struct walk *w, const struct expr *call, uint32_t *count);
/* A static function or method: its unit, or NULL; *method its object. */
struct callee {
    struct object *object;      /* declared function or method, or NULL */
    struct escape_result *unit; /* of the object, or of the unit the closure is in */
    struct code *closure;
    struct type *type; /* of the function: TYPE_FUNC, without receiver */
    struct type *recv; /* type of the receiver parameter, or NULL */
    bool known;
};
struct callee esc_static_callee(struct walk *w, const struct expr *call);
/* Where the receiver of a method value goes, whose results may go anywhere. */
struct hole esc_receiver_hole(struct walk *w, const struct callee *c);
struct callee esc_method_callee(struct escape_result *u, struct object *method, struct type *holder);

/* ---- escape_stmt.c ---- */
void esc_walk_code(struct batch *b, struct code *c);
void esc_capture_temporary(struct arena *a, struct code *c, struct location *l);
/* Literals and variables of a unit get their codes and locations; done before any of its batch is walked. */
void esc_plan(struct batch *b, struct escape_result *u);
bool esc_ranges_over_function(const struct escape_result *u, const struct stmt *s);
void esc_walk_block(struct walk *w, const struct stmt_list *list);

/* ---- escape_value.c ---- */
void esc_collect_facts(struct escape_result *u); /* once */
/* Of code that came in. */
void esc_add_facts(struct escape_result *u, const struct stmt *s);
/* The name of the result of an inlined call that has one, else NULL. */
const struct expr *esc_inlined_value(const struct expr *x);
const struct variable_facts *esc_facts_of_variable(const struct escape_result *u, const struct object *o);
/* The expression that always gives x its value, following variables that are set once. */
const struct expr *esc_static_value(const struct escape_result *u, const struct expr *x);
const struct constant *esc_static_constant(const struct escape_result *u, const struct expr *x);
/* The same for a size, also of a slice literal's length. */
const struct constant *esc_static_size(const struct escape_result *u, const struct expr *x);
/* What an interface expression always holds, or NULL. */
struct type *esc_concrete_type(const struct escape_result *u, const struct expr *x);
/* Does the assignment only move pointers within one object (b.buf = b.buf[1:], v.x = v.y)? The operand of a shift has a type of its own. */
bool esc_self_assignment(const struct escape_result *u, const struct expr *lhs, const struct expr *rhs, bool shift);
/* The same value or place, and evaluating it does nothing. */
bool esc_same_safe(const struct escape_result *u, const struct expr *a, const struct expr *b);

/* Is the value of a package variable laid out by the linker, without code? */
bool esc_is_static_initializer(const struct escape_result *u, const struct expr *x);

/* ---- escape_dead.c ---- */
/* Does the assignment go to a variable nobody uses, without other effect? */
bool esc_dead_assignment(const struct escape_result *u, const struct expr *lhs, const struct expr *rhs);
void esc_find_used(struct escape_result *u);

/* ---- escape_why.c ---- */
/* What happens from now on; returns what did before, to be put back. */
struct act esc_begin_act(struct batch *b, const char *what, struct pos pos);
struct act esc_begin_statement(struct walk *w, const struct stmt *s);
struct act esc_begin_argument(struct walk *w, const struct expr *call);
/* The flows of the walk under way from l to its root. */
struct hop *esc_way(const struct batch *b, const struct location *l, const struct location *root);
/* One flow to the heap. */
struct hop *esc_single_hop(struct batch *b, const struct location *from, const struct location *to, int derefs);
void esc_list_why(const struct location *l);

/* ---- escape_append.c ---- */
/* Of a solved unit: which appends have a buffer, which slices move. */
void esc_place_appends(struct escape_result *u);

/* ---- escape_scan.c ---- */
/* Code that is never compiled: 1 condition true, -1 false, 0 unknown. */
int esc_static_condition(const struct expr *x);
/* What of a condition is evaluated. */
const struct expr *esc_reduced_condition(const struct expr *x);
/* How many statements of the list are compiled: the rest follows one that ends it. */
uint32_t esc_live_count(const struct stmt_list *list);
/* The clause a switch over constants always takes: true when that is known; *clause NULL: none. */
bool esc_static_clause(const struct escape_result *u, const struct stmt *s, struct clause **clause);
typedef void esc_scan_expr_fn(void *context, const struct expr *x);
typedef void esc_scan_stmt_fn(void *context, const struct stmt *s);
struct esc_scan {
    esc_scan_expr_fn *expr;  /* before what is inside; each may be NULL */
    esc_scan_expr_fn *after; /* behind what is inside */
    esc_scan_stmt_fn *stmt;
    esc_scan_stmt_fn *stmt_after;
    const struct escape_result *unit;
    bool literals;      /* go into the bodies of func literals … */
    bool stop_at_plain; /* … unless they are units of their own */
    void *context;
};
void esc_scan_stmt(const struct esc_scan *s, const struct stmt *st);
void esc_scan_stmts(const struct esc_scan *s, const struct stmt_list *list);
void esc_scan_expr(const struct esc_scan *s, const struct expr *x);
/* Does the literal use variables of the functions round it? */
bool esc_captures(const struct escape_result *u, const struct expr *x);
/* Is the literal a unit of its own? */
bool esc_is_plain_literal(const struct escape_result *u, const struct expr *x);
/* Local variables that an expression is part of without indirection, or NULL. */
struct object *esc_outer_variable(const struct escape_result *u, const struct expr *x);
/* The local variable whose address x takes, in whatever form (&v, v[:], v.pointerMethod), or NULL. */
struct object *esc_addressed_variable(const struct escape_result *u, const struct expr *x);
bool esc_is_local_variable(const struct object *o);
/* Is the name a declaration of its object? */
bool esc_declares(const struct expr *name);
/* Loop variables whose address, or a closure that uses them, is taken inside the loop. */
bool esc_loop_variable_shared(const struct escape_result *u, const struct stmt *loop, const struct object *o);

/* ---- escape_type.c ---- */
void esc_print_type(struct text *out, const struct escape_result *u, struct type *type);
void esc_print_type_expr(struct text *out, const struct escape_result *u, const struct expr *x);
/* Type arguments in brackets, and their shapes. */
void esc_print_arguments(struct text *out, const struct escape_result *u, struct type_list args);
void esc_print_shapes(struct text *out, const struct escape_result *u, struct type_list params, struct type_list args);
struct type_list esc_shapes(const struct escape_result *u, struct type_list params, struct type_list args);
bool esc_are_shapes(struct type_list args);
/* An instance for shapes, or what is made of one. */
bool esc_mentions_shapes(const struct type *type);
bool esc_mention_shapes(struct type_list args);
bool esc_same_shape(const struct escape_result *u, struct type *param, struct type *a, struct type *b);
bool esc_is_foreign(const struct escape_result *u, const struct object *o);
/* A name of byte, rune or any. */
bool esc_is_predeclared_alias(const struct expr *x);

/* ---- escape_print.c ---- */
void esc_print_expr(struct text *out, const struct escape_result *u, const struct expr *x);
void esc_print_site(struct text *out, const struct location *l);
/* .deferwrapN or .gowrapN, the function that makes the statement's call. */
void esc_print_wrapper(struct text *out, const struct stmt *s);
/* The functions called init have numbers. */
void esc_print_function_name(struct text *out, const struct function *f);
void esc_print_function(struct text *out, const struct code *c);

/* ---- escape_diag.c ---- */
void esc_list_batch(const struct batch *b);
/* For the listing of a package: its units and instances are known then, as the package refers to them now. */
struct escape *esc_listing_new(struct program *program, int release, struct package *p, bool explain, struct text *out);
/* For the same listing, of the package as it is now: nothing is known of its code yet. */
struct escape *esc_listing_like(struct escape *before);
/* The lines of the analysis, without the calls that could be bound. */
void esc_list_package(struct escape *e);
const char *esc_operator_text(enum op op);           /* escape_print.c */
void esc_list_bounds(const struct escape_result *u); /* escape_bounds.c */
void esc_list_external(const struct escape_result *u);
void esc_list_line(struct escape *e, struct pos pos, const char *format, ...) __attribute__((format(printf, 3, 4)));
void esc_list_self_assignment(struct walk *w, const struct stmt *s);
/* The call's interface method is that of a known type: the callee, else known is false. */
bool esc_devirtual_method(struct escape_result *u, const struct expr *call, struct type **type,
                          struct selection *found);
struct callee esc_devirtualized(struct escape_result *u, const struct expr *call);

#endif
