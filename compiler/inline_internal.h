/*
 * inline_internal: what the files of the inliner share; others include inline.h.
 *
 * Files: inline.c order, judgement, replacement; inline_cost.c what a body costs; inline_call.c the tree of an inlined call;
 * inline_clone.c clones; inline_known.c functions that the toolchain knows by name; inline_wrap.c wrappers of instances; inline_list.c the
 * listing.
 *
 * What variables always hold (who a call of a variable calls, which type an interface has) escape analysis finds out too, so the
 * inliner asks escape_value.c, with a unit of its own per declared function whose facts grow with the code that comes in.
 */
#ifndef GOMEM_COMPILER_INLINE_INTERNAL_H
#define GOMEM_COMPILER_INLINE_INTERNAL_H

#include "escape_internal.h"
#include "inline.h"

enum {
    INLINE_BUDGET = 80,
    INLINE_CLOSURE_BUDGET = 10 * INLINE_BUDGET, /* of a func literal, and of its only call */
    WRAPPED_CALLS_SINCE = 22,    /* before, calls of go and defer statements are wrapped behind inlining */
    INLINE_BIG_NODES = 5000,     /* a function with so many nodes is big: … */
    INLINE_BIG_CALLER_COST = 20, /* … only cheaper callees are inlined into it */
};

/* Who a call calls, as far as it is known. */
struct inline_target {
    struct function *f;        /* NULL: unknown */
    struct type_list args;     /* for f->tparams */
    const struct selection *s; /* a method called with a receiver: how it was reached */
    struct type *bound;        /* through an interface: the type it holds */
};

/* A call in a function. */
struct inline_site {
    struct expr *call;
    struct function *in; /* the function or literal it stands in */
    bool counted;        /* as a use of its callee, which is known */
    bool bound;          /* through an interface: noted */
    struct inline_site *next;
};

/* What is told of a function's calls, in order: a line of the listing each. */
enum inline_event_kind {
    INLINE_VISITED, /* a declared function is next; no line */
    INLINE_JUDGED,  /* the function itself can be inlined */
    INLINE_BOUND,   /* a call through an interface is one of a known method */
    INLINE_CAN,     /* a literal that came in can be inlined */
    INLINE_CALL,
};

struct inline_event {
    enum inline_event_kind kind;
    bool replacing; /* noted while calls were replaced, not before */
    struct function *in;
    const struct expr *call;
    struct inline_target target;
    struct inline_event *next;  /* of all in the package */
    struct inline_event *after; /* of the same declared function and the literals in it */
};

/* What is known of a function or literal. Invariant: can => judged. */
struct inlining {
    struct function *f;
    struct escape_result *unit; /* facts: of the declared function that it is in */
    bool judged;
    bool can;
    bool delays; /* one return, with values for results without names: they are declared there */
    bool cloned; /* a literal that came with inlined code */
    bool big;
    int cost;
    uint32_t uses; /* calls resolved to it */
    uint32_t low;  /* of the search for components */
    struct inline_site *sites, **sites_end;
    struct inline_event *events, **events_end; /* of a declared function */
    struct inlining *next_wrapper;
    const struct stmt *deferred; /* a wrapper: the go or defer statement whose call it makes */
};

struct inliner {
    struct program *program;
    struct types *t;
    struct arena *arena;
    struct escape *escape; /* units of facts */
    struct package *package;
    uint32_t visits;
    struct inlining *call_wrappers; /* made so far */
    struct function **wrappers;     /* of instances */
    uint32_t wrapper_count;
    struct function **stack;
    uint32_t depth;
    size_t stack_capacity;
    struct escape_map seen; /* calls that are sites, or never will be */
    bool replacing;
    const struct escape *listing; /* or NULL */
    bool wraps_calls;             /* those of go and defer statements */
    struct inline_event *events, **events_end;
};

/* ---- inline.c ---- */
/* listing: what a listing found in its package, whose instances have wrappers, or NULL. */
void inline_run(struct inliner *n, struct program *p, struct package *package, int release,
                const struct escape *listing);
/* Rewrites the packages that one imports. */
void inline_imports(struct program *p, struct package *package, int release, const struct escape *listing);
struct inlining *inline_of(struct inliner *n, struct function *f);
struct inline_target inline_target_of(struct inliner *n, struct function *in, const struct expr *call);
/* Is the call of f inlined? alone: no other call is known. */
bool inline_would(struct inliner *n, struct function *in, const struct expr *call, struct function *f, bool alone);
/* Judges a literal when it is met in a body. */
void inline_judge(struct inliner *n, struct function *f);

/* ---- inline_cost.c ---- */
/* Of a body; above budget: the count may have ended there. -1: something in it forbids inlining. */
int inline_cost(struct inliner *n, struct function *f, int budget);
bool inline_is_big(struct inliner *n, struct function *f);

/* ---- inline_known.c ---- */
/* An intrinsic of the toolchain: costs a node, is never inlined. */
bool inline_is_intrinsic(const struct inliner *n, const struct function *f);
/* Costs a node. */
bool inline_is_cheap(const struct function *f);
/* Throws: costs more than anything that is inlined may. */
bool inline_throws(const struct inliner *n, const struct function *f);
/* Who calls it is not inlined. */
bool inline_is_never_in(const struct function *f);

/* ---- inline_call.c ---- */
void inline_expand(struct inliner *n, struct function *caller, struct expr *call, const struct inline_target *t);

/* ---- inline_wrap.c ---- */
struct function *inline_wrapper(struct inliner *n, const struct escape_result *of, struct type_list args);
/* The wrapper of a go or defer statement's call in f; NULL: the call needs none. */
struct function *inline_call_wrapper(struct inliner *n, struct function *f, const struct stmt *s);

/* ---- inline_list.c ---- */
/* Where its receiver or name begins, behind `func `. */
struct pos inline_declared_at(const struct function *f);

/* ---- inline_clone.c ---- */
struct inline_clone {
    struct inliner *n;
    struct function *callee, *caller;
    struct type_list params, args; /* types are substituted, … */
    struct type_list real;         /* … and by which what is selected on them is found */
    const struct source_file *copy;
    int suppressed;            /* inside func literals: positions stay */
    struct function *function; /* what new variables belong to */
    struct escape_map objects, stmts;
    struct stmt *whole; /* the block that returns leave */
    struct object_list results;
};
struct pos inline_pos(const struct inline_clone *c, struct pos p);
struct type *inline_type(const struct inline_clone *c, struct type *type);
struct object *inline_variable(struct inline_clone *c, struct object *o);
struct expr *inline_clone_expr(struct inline_clone *c, struct expr *e);
struct stmt *inline_clone_stmt(struct inline_clone *c, struct stmt *s);
/* New nodes. */
struct expr *inline_name(struct inliner *n, struct object *o, struct pos pos);
struct expr *inline_expr(struct inliner *n, enum expr_kind kind, struct pos pos, struct type *type,
                         enum expr_mode mode);
struct stmt *inline_assign(struct inliner *n, struct expr_list lhs, struct expr_list rhs, bool define, struct pos pos);

#endif
