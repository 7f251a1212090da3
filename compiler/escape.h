/*
 * escape: where each variable and each implicit allocation of a function lives, on the stack or on the heap.
 *
 * The analysis is the Go toolchain's (with inlining off: -gcflags=-l), verdict for verdict, because verdicts are behaviour: they
 * decide what allocates. A function is analysed when somebody first asks, together with the functions it calls; a generic
 * function once per list of type arguments. How it works is told in escape.c; what it says, here:
 *
 *   struct escape *e = escape_new(program, 26);
 *   struct escape_result *r = escape_analyse(e, function, args);
 *   if (escape_variable(r, object)) ... the variable is on the heap
 *
 * One result serves a declared function and all function literals inside it. Package-level initialisers have a result of their
 * own per package (escape_analyse_init); literals inside them belong to it.
 *
 * Allocation sites are named by the expression that makes them and a role, because one expression may have several: in
 * `var i any = a + b` the sum has a string (ESCAPE_VALUE) and a box (ESCAPE_BOX).
 *
 * What a go statement, or a defer statement in a loop, builds for its call (a variadic slice, a slice literal) is on the stack of the
 * wrapper that the toolchain makes round the call, so the listing says it does not escape; escape_site answers heap, because
 * whoever builds it where the statement stands must not use that frame.
 *
 * The buffer of append (ESCAPE_STACK_IF_SMALL) belongs to the variable appended to, and is taken by the first append to it that stands
 * in the function, when the slice is empty; see struct escape_buffer for the others. Since 1.26 a slice may begin in a buffer although it
 * escapes: escape_moves tells where it has to leave it.
 *
 * Not an error to ask: an expression that is no site of that role, or code the analysis never reached, is on the heap.
 */
#ifndef GOMEM_COMPILER_ESCAPE_H
#define GOMEM_COMPILER_ESCAPE_H

#include "check.h"
#include "text.h"

enum {
    ESCAPE_RELEASE_OLDEST = 19,
    ESCAPE_RELEASE_NEWEST = 26,
    ESCAPE_UNIFIED_SINCE = 20,    /* the unified IR */
    ESCAPE_MAX_RESULTS = 7,       /* results that tags tell apart, at most; see escape_tagged_results */
    ESCAPE_SMALL_MAKE_BYTES = 32, /* ESCAPE_STACK_IF_SMALL: up to this much is on the stack */
};

enum escape_role {
    ESCAPE_VALUE, /* what the expression itself makes: new(T), &T{}, make of a slice or map, slice and map literals, a func
                        literal, a method value, a concatenation (its outermost +), a conversion between string and
                        []byte, []rune or integer, the new backing store of append. &T{}: the & expression; for the T{} of a
                        []*T{{}} the inner literal */
    ESCAPE_BOX,      /* the copy an interface holds when the value of that expression (operand of an explicit conversion
                        too) becomes one; index: which of several results, else 0 */
    ESCAPE_VARIADIC, /* the ... slice of a call */
    ESCAPE_DEFERRED, /* the closure of a go or defer statement: the call expression */
};

enum escape_place {
    ESCAPE_HEAP,
    ESCAPE_STACK,
    ESCAPE_STACK_IF_SMALL, /* make with a size not known, new backing store of append: stack up to 32 bytes, else heap */
};

/*
 * Least number of dereferences on any way from a parameter to each place, -1 when there is none: 0 is the parameter's own
 * value, 1 what it points to.
 */
struct escape_tag {
    int8_t heap;
    int8_t mutator; /* what a store goes through */
    int8_t callee;  /* what is called, with results that matter */
    int8_t result[ESCAPE_MAX_RESULTS];
};

struct escape;
struct escape_result;

/* An analysis over the program's packages as the toolchain of release 1.N makes it; lives in the program's arena. */
struct escape *escape_new(struct program *p, int release);

/* Of a declared function or method, or of the one a literal is in, with these type arguments for function->tparams. */
struct escape_result *escape_analyse(struct escape *e, struct function *f, struct type_list args);
/* Of the initialisers of the package's variables. */
struct escape_result *escape_analyse_init(struct escape *e, struct package *p);

/* Parameters: the incoming copy moves to the heap at entry. */
bool escape_variable(const struct escape_result *r, const struct object *variable);
/* Do closures hold a copy of the variable (by value) rather than its address? */
bool escape_by_value(const struct escape_result *r, const struct object *variable);
enum escape_place escape_site(const struct escape_result *r, const struct expr *x, enum escape_role role,
                              uint32_t index);
/* Of an append whose store may be in a buffer. */
struct escape_buffer {
    bool again; /* it may be reached again while its buffer is in use: a flag must say so */
    bool
        steps; /* all appends to the variable use the buffer, also when it is in use; capacities go up by size classes */
};
struct escape_buffer escape_append(const struct escape_result *r, const struct expr *x);

/* A slice variable that moves to the heap before a statement, if it lies in its buffer then. */
struct escape_move {
    const struct object *slice;
    bool keep_capacity; /* else only what its length counts is moved, into the next size class */
    const struct escape_move *next;
};
/* NULL: none. */
const struct escape_move *escape_moves(const struct escape_result *r, const struct stmt *s);

/* Is the value given to a variable that nobody uses, and need not be made? */
bool escape_unused(const struct escape_result *r, const struct expr *lhs, const struct expr *rhs);

/* What becomes of pointers converted to uintptr in the arguments of a call of f; functions without a body, and directives, ask for it. */
enum escape_keeps { ESCAPE_KEEPS_NOT, ESCAPE_KEEPS_ALIVE /* during the call */, ESCAPE_KEEPS_IN_HEAP /* that too */ };
enum escape_keeps escape_keeps_uintptr(const struct function *f);

/* The closure that the body of a range over a function is. */
enum escape_place escape_range_body(const struct escape_result *r, const struct stmt *range);
/* ESCAPE_BOX: the constant that the expression always has though it is no constant expression (read-only memory can hold
   it); ESCAPE_VALUE of make: its constant capacity. NULL when there is none. */
const struct constant *escape_constant(const struct escape_result *r, const struct expr *x, enum escape_role role);
/* A conversion []byte(s) whose bytes nobody writes: it may share the string's memory (since 1.22). */
bool escape_zero_copy(const struct escape_result *r, const struct expr *x);
/* How many results tags of that release tell apart. */
int escape_tagged_results(int release);

/* Which literal of the function round it a literal is, from 1; 0: it is in dead code. */
unsigned escape_literal_number(struct arena *arena, struct function *literal, int release);

/* What `go build -gcflags='-m -l'` prints for the package, line for line; file names are those of the sources. With explain, indented
   lines below say how what escapes or leaks gets out (escape_why.c). */
void escape_diagnostics(struct program *program, struct package *package, int release, bool explain, struct text *out);

#endif
