/*
 * types: Go's types, the objects names stand for, scopes and packages.
 *
 * Types. One struct, told apart by `kind`. All types of a program live in one `struct types`, which interns them: two
 * literals of one structure give one pointer, so `==` answers nearly every question of identity. The exceptions are
 * interfaces that embed different elements and mean the same (their identity is that of their type sets, which are computed
 * later) and what contains them; types_identical is always right, and types_canonical gives one pointer per class of identical types
 * once checking is over. byte and uint8, rune and int32, any and interface{} are one type each; aliases leave no trace.
 *
 * Named types are made before what they name is known, so `rhs` and `underlying` fill in later. An instance is a named
 * type with an `origin` and `args`; its underlying type is computed by substitution when somebody asks. Methods belong to
 * the origin, whose own type parameters they are written in (a receiver's parameter list only names them anew). A type
 * declared inside a generic function depends on that function's type parameters without listing them: `outer` does.
 *
 * Functions have parameter and result tuples. A method's type has no receiver; its object tells it.
 *
 * Interfaces. What an interface means is its type set: all methods, sorted by name, and the terms of its unions (NULL:
 * all types). types_set computes it.
 *
 * Substitution (types_subst) replaces type parameters by types; lowering turns generic code into code with it.
 *
 * Layout is asked per target (sizes, alignment, offsets, pointer bitmap) in layout.h.
 */
#ifndef GOMEM_COMPILER_TYPES_H
#define GOMEM_COMPILER_TYPES_H

#include "ast.h"
#include "basic.h"
#include "constant.h"

struct types;
struct package;
struct object;
struct scope;
struct type_set;
struct decl_info; /* the checker's */
struct function;  /* check.h */

enum type_kind {
    TYPE_BASIC,
    TYPE_NAMED,
    TYPE_POINTER,
    TYPE_ARRAY,
    TYPE_SLICE,
    TYPE_MAP,
    TYPE_CHAN,
    TYPE_FUNC,
    TYPE_STRUCT,
    TYPE_INTERFACE,
    TYPE_TUPLE, /* parameters, results; the type of a call with several results */
    TYPE_UNION, /* only embedded in interfaces: ~int | string */
    TYPE_PARAM,
};

struct type_list {
    struct type **items;
    uint32_t count;
};

struct object_list {
    struct object **items;
    uint32_t count;
};

struct term {
    struct type *type;
    bool tilde;
};

struct term_list {
    struct term *items;
    uint32_t count;
};

/*
 * Invariants: TYPE_NAMED: origin == NULL || args.count == origin->named.all.count;
 * TYPE_ARRAY: len >= 0, or -1 after an error; TYPE_FUNC: params and results are TYPE_TUPLE.
 */
struct type {
    uint8_t kind;                  /* enum type_kind */
    uint8_t basic;                 /* TYPE_BASIC: enum basic_kind */
    uint8_t dir;                   /* TYPE_CHAN: enum chan_dir */
    bool variadic;                 /* TYPE_FUNC: the last parameter is a slice written ...T */
    int8_t generic;                /* cached: mentions type parameters: 1 yes, -1 no, 0 unknown */
    bool incomplete;               /* TYPE_INTERFACE: its elements are still being collected */
    uint8_t visit;                 /* TYPE_INTERFACE: see check_anonymous.c */
    uint32_t id;                   /* 1 …, in order of creation */
    uint32_t hash;                 /* of the structure, for interning */
    struct type *next;             /* in its hash bucket */
    struct type *canonical;        /* by types_canonical */
    uint32_t visited[2];           /* the last walk that met it; see types_begin_walk */
    struct type_layout *layout[2]; /* by layout.c, for 4- and 8-byte words */
    union {
        struct {
            struct type *elem;
        } pointer, slice, chan;
        struct {
            struct type *elem;
            int64_t len;
        } array;
        struct {
            struct type *key;
            struct type *elem;
        } map;
        struct {
            struct type *params;
            struct type *results;
            struct type_list tparams; /* TYPE_PARAMs, of a generic function */
        } func;
        struct {
            struct object_list fields; /* OBJECT_VARs with is_field */
            const char **tags;         /* one per field (NULL or unquoted text), or NULL when there are none */
            const uint32_t *tag_lengths;
        } struct_;
        struct type_list tuple;
        struct term_list union_;
        struct {
            struct object_list methods; /* explicit ones, OBJECT_FUNC */
            struct type_list embeds;
            const struct pos *embed_pos; /* NULL after substitution */
            bool implicit;               /* made for a constraint written without interface{} */
            struct type_set *set;        /* by types_set */
            struct type *origin;         /* after substitution: of which interface */
        } interface;
        struct {
            struct object *object;
            struct type *constraint; /* NULL until known; any type, its type set by types_constraint */
            uint32_t index;          /* in its list */
        } param;
        struct {
            struct object *object;
            struct type *origin;        /* of an instance, else NULL */
            struct type_list args;      /* of an instance */
            struct type_list params;    /* of a generic type */
            struct type_list outer;     /* type parameters of the function it is declared in */
            struct type_list all;       /* outer, then params: what args replace */
            struct type *rhs;           /* what its declaration says; NULL until known */
            struct type *underlying;    /* NULL until computed */
            struct object_list methods; /* of the origin, in source order */
            uint8_t valid;              /* checker: 0 unknown, 2 does not contain itself, 3 does */
            bool sized;                 /* checker: its size depends on no declaration under way */
        } named;
    };
};

/* ---- objects -------------------------------------------------------------------------------------------------- */

enum object_kind {
    OBJECT_PACKAGE, /* an import in a file's scope */
    OBJECT_CONST,
    OBJECT_TYPE,
    OBJECT_VAR,  /* variables, parameters, results, struct fields */
    OBJECT_FUNC, /* functions and methods, of interfaces too */
    OBJECT_BUILTIN,
    OBJECT_NIL,
};

enum builtin {
    BUILTIN_APPEND,
    BUILTIN_CAP,
    BUILTIN_CLEAR,
    BUILTIN_CLOSE,
    BUILTIN_COMPLEX,
    BUILTIN_COPY,
    BUILTIN_DELETE,
    BUILTIN_IMAG,
    BUILTIN_LEN,
    BUILTIN_MAKE,
    BUILTIN_MAX,
    BUILTIN_MIN,
    BUILTIN_NEW,
    BUILTIN_PANIC,
    BUILTIN_PRINT,
    BUILTIN_PRINTLN,
    BUILTIN_REAL,
    BUILTIN_RECOVER,
    BUILTIN_UNSAFE_ADD,
    BUILTIN_UNSAFE_ALIGNOF,
    BUILTIN_UNSAFE_OFFSETOF,
    BUILTIN_UNSAFE_SIZEOF,
    BUILTIN_UNSAFE_SLICE,
    BUILTIN_UNSAFE_SLICEDATA,
    BUILTIN_UNSAFE_STRING,
    BUILTIN_UNSAFE_STRINGDATA,
    BUILTIN_COUNT,
};

enum object_state { STATE_NEW, STATE_RESOLVING, STATE_DONE };

struct object {
    uint8_t kind;    /* enum object_kind */
    uint8_t state;   /* enum object_state */
    uint8_t builtin; /* OBJECT_BUILTIN: enum builtin */
    bool used;
    bool is_field;
    bool embedded; /* field */
    bool is_param; /* parameter or receiver of a function */
    bool is_result;
    bool is_alias;     /* OBJECT_TYPE */
    bool pointer_recv; /* method with a *T receiver */
    bool is_loop_var;  /* declared by for or range; per_iteration says how */
    bool per_iteration;
    struct ident *name;
    struct package *package; /* NULL in the universe */
    struct type *type;       /* methods: without receiver; NULL until resolved */
    struct pos pos;
    struct scope *parent;
    uint32_t order; /* of package-level objects: order in the source */
    uint32_t index; /* field: in its struct; parameter, result: in its tuple; method: in its list */
    struct decl *decl;
    struct decl_info *info; /* package-level: the checker's */
    union {
        const struct constant *value; /* OBJECT_CONST */
        struct package *imported;     /* OBJECT_PACKAGE */
        struct function *function;    /* OBJECT_FUNC with a body; OBJECT_VAR: the function it is a local of, or NULL */
        struct type_list tparams;     /* OBJECT_TYPE: of a generic alias */
    };
    struct type *recv;     /* method: the named type or the interface it belongs to */
    struct object *origin; /* field or interface method made by substitution: that of the generic type */
};

/* ---- scopes and packages ---------------------------------------------------------------------------------------- */

/* Small scopes are lists, larger ones a hash table over ident addresses. */
struct scope {
    struct scope *parent;
    struct object **items; /* in order of insertion */
    uint32_t count;
    size_t capacity;
    struct object **table;
    uint32_t table_size;       /* a power of two, or 0 */
    struct function *function; /* whose body it is in */
};

struct scope *scope_new(struct arena *a, struct scope *parent);
/* The object inserted first under that name here; NULL when this one is now in (or is blank). */
struct object *scope_insert(struct arena *a, struct scope *s, struct object *object);
struct object *scope_lookup(const struct scope *s, const struct ident *name);
/* The same in s or round it. */
struct object *scope_lookup_parent(struct scope *s, const struct ident *name, struct scope **found);

struct package {
    const char *path;
    struct ident *name;
    struct scope *scope;
    bool complete; /* checked without or with errors */
    bool checking;
    bool failed; /* it or an import has errors */
    bool fake;   /* could not be read: its members are unknown, and nobody complains */
    struct ast_file **files;
    uint32_t file_count;
    struct package **imports; /* each once */
    uint32_t import_count;
    size_t import_capacity;
    struct function **functions; /* every function, method and function literal */
    uint32_t function_count;
    size_t function_capacity;
    struct pos *local_types; /* where types are declared within functions */
    uint32_t local_type_count;
    size_t local_type_capacity;
    struct initializer *inits; /* package variables in order of initialisation */
    uint32_t init_count;
    struct object_list init_functions; /* func init(), in source order */
    struct function *init_code;        /* what variables of calls inlined into the initialisers belong to; inline.c's */
    int go_version;                    /* minor: 26 for go1.26 */
    uint32_t order;                    /* dependencies have smaller numbers */
};

/* Where something of the package stands in its files; the same whatever other packages are loaded. */
uint32_t package_offset(const struct package *p, struct pos pos);

/* ---- the types of a program -------------------------------------------------------------------------------------- */

/* What the toolchain calls GOARCH. int and pointers are one word; nothing is aligned more strictly than max_align. */
struct layout_target {
    const char *name;
    uint8_t word_size;
    uint8_t max_align;
    bool big_endian;
};

extern const struct layout_target layout_targets[]; /* ends with name NULL */
const struct layout_target *layout_target_find(const char *name);

struct types {
    struct gomem_compilation *compilation;
    struct arena *arena;
    const struct layout_target *target;
    bool no_tail_padding; /* a fault */
    struct type **buckets;
    uint32_t bucket_count;
    uint32_t count;
    uint32_t next_id;
    struct type **canonical_buckets;
    uint32_t canonical_bucket_count;
    uint32_t canonical_count;
    struct type basic[BASIC_COUNT];
    struct type *any;
    struct type *error;      /* the predeclared interface */
    struct type *comparable; /* the predeclared constraint */
    struct type *empty_tuple;
    struct type *empty_struct;
    struct type *builtin_func; /* type of builtin names */
    struct scope *universe;
    struct package *unsafe;
    struct object *iota;
    struct object *nil;
    struct object *error_method; /* error.Error */
    /* Resolves an object whose type is still NULL (a method's signature): the checker's, or NULL. */
    void (*resolve)(void *context, struct object *object);
    /* Told of a method that an interface gets at pos by embedding, and got at `first` before: the checker's, or NULL. */
    void (*duplicate)(void *context, struct pos pos, struct object *method, struct object *other, struct pos first);
    void *context;
    const struct package *printing; /* whose messages reasons are made for */
    uint32_t walks;
};

/*
 * A walk over what a type contains meets each type once, or types that each hold two of the one before would take for ever: what it met
 * before has not ended it then. which: 0 or 1, for a walk that asks two questions.
 */
static inline uint32_t types_begin_walk(struct types *t)
{
    return ++t->walks;
}

static inline bool types_met(struct type *type, uint32_t walk, int which)
{
    bool met = type->visited[which] == walk;
    type->visited[which] = walk;
    return met;
}

void types_init(struct types *t, struct gomem_compilation *c, const struct layout_target *target);

static inline struct type *types_basic(struct types *t, enum basic_kind kind)
{
    return &t->basic[kind];
}

struct type *types_pointer(struct types *t, struct type *elem);
struct type *types_array(struct types *t, struct type *elem, int64_t len);
struct type *types_slice(struct types *t, struct type *elem);
struct type *types_map(struct types *t, struct type *key, struct type *elem);
struct type *types_chan(struct types *t, enum chan_dir dir, struct type *elem);
struct type *types_tuple(struct types *t, struct type *const *items, uint32_t count);
struct type *types_func(struct types *t, struct type *params, struct type *results, bool variadic,
                        struct type_list tparams);
/* Fields keep their positions only when the struct is new. tags may be NULL. */
struct type *types_struct(struct types *t, struct object **fields, uint32_t count, const char **tags,
                          const uint32_t *tag_lengths);
/* Incomplete and not interned; the checker adds methods and elements. */
struct type *types_interface_new(struct types *t);
/* Ends collection; returns the interned equal where there is one. */
struct type *types_interface_done(struct types *t, struct type *interface);
struct type *types_union(struct types *t, struct term *terms, uint32_t count);
struct type *types_named(struct types *t, struct object *object);
struct type *types_param(struct types *t, struct object *object, struct type *constraint);
/* The instance of a named type whose args replace `all`. */
struct type *types_instance(struct types *t, struct type *origin, struct type *const *args, uint32_t count);

struct object *object_new(struct types *t, enum object_kind kind, struct ident *name, struct package *package,
                          struct type *type, struct pos pos);
struct package *package_new(struct types *t, const char *path, struct ident *name);

/* ---- questions --------------------------------------------------------------------------------------------------- */

/* Of a named type what its declaration comes down to (BASIC_INVALID when unknown); of a type parameter its constraint's
   interface; others are their own. Never NULL. */
struct type *types_underlying(struct types *t, struct type *type);
/* The interface of a type parameter's constraint. */
struct type *types_constraint(struct types *t, struct type *param);

bool types_identical(struct types *t, struct type *a, struct type *b);
bool types_identical_ignore_tags(struct types *t, struct type *a, struct type *b);
uint32_t types_hash(struct types *t, struct type *type); /* equal for identical types */
/* One pointer for all types identical to this one; call when checking is over. */
struct type *types_canonical(struct types *t, struct type *type);

static inline bool type_valid(const struct type *x)
{
    return !(x->kind == TYPE_BASIC && x->basic == BASIC_INVALID);
}

static inline bool type_is_untyped(const struct type *x)
{
    return x->kind == TYPE_BASIC && basic_is((enum basic_kind)x->basic, BASIC_IS_UNTYPED);
}

static inline bool type_is_basic(const struct type *x, enum basic_kind kind)
{
    return x->kind == TYPE_BASIC && x->basic == kind;
}

static inline bool type_is_param(const struct type *x)
{
    return x->kind == TYPE_PARAM;
}

static inline bool type_is_named_kind(const struct type *x)
{
    return x->kind == TYPE_BASIC || x->kind == TYPE_NAMED || x->kind == TYPE_PARAM;
}

static inline bool type_is_generic(const struct type *x)
{
    return x->kind == TYPE_NAMED && !x->named.origin && x->named.params.count != 0;
}

/* Underlying basic type with one of the flags; false for type parameters. */
bool types_is(struct types *t, struct type *type, unsigned flags);
/* The same, and for a type parameter: all of its terms (there must be some). */
bool types_all(struct types *t, struct type *type, unsigned flags);
bool types_has_nil(struct types *t, struct type *type);
bool types_mentions_params(struct types *t, struct type *type);
struct type *types_default(struct types *t, struct type *type);

/* == on values of the type compiles; with dynamic, interfaces count. Why, in *reason ("struct containing []int cannot be
   compared"), when it does not and reason is not NULL. */
bool types_comparable(struct types *t, struct type *type, bool dynamic, const char **reason);
/* Map keys and == may panic or hash dynamically: contains an interface. */
bool types_contains_interface(struct types *t, struct type *type);

/* ---- type sets ------------------------------------------------------------------------------------------------- */

/*
 * Invariants: all_terms => terms.count == 0; comparable => all_terms; methods are sorted by name (then package).
 */
struct type_set {
    struct object_list methods;
    struct term_list terms;
    bool all_terms; /* no restriction by terms */
    bool comparable;
    bool computing;
};

/* Of an interface or a type parameter's constraint. */
const struct type_set *types_set(struct types *t, struct type *interface);
bool types_term_includes(struct types *t, struct term term, struct type *type);
bool types_set_subset(struct types *t, const struct type_set *a, const struct type_set *b); /* by terms */
/* Interface that is usable as the type of a variable. */
bool types_is_basic_interface(struct types *t, struct type *interface);

/*
 * Calls visit for each term of a type parameter (or once for another type) with the term's type and its underlying type,
 * or once with NULL, NULL when the parameter has no specific types; stops at the first false, which it returns.
 */
typedef bool types_visit_fn(void *context, struct type *type, struct type *underlying);
bool types_each_term(struct types *t, struct type *type, types_visit_fn *visit, void *context);
/* The one underlying type all terms share (channels may differ in direction), else NULL. */
struct type *types_common_underlying(struct types *t, struct type *type);

/* ---- members ---------------------------------------------------------------------------------------------------- */

enum selection_kind {
    SELECT_FIELD,            /* x.f */
    SELECT_METHOD,           /* x.m, called or as a method value; static */
    SELECT_INTERFACE_METHOD, /* the same through an interface (or a type parameter: see check.h) */
    SELECT_METHOD_EXPR,      /* T.m */
};

/*
 * How x.name gets there: through the fields path[0..count-1), each an index in the struct reached so far (with a
 * dereference before it wherever that is a pointer), to `object`, whose index is path[count-1]: that of the field in its
 * struct, of the method in the origin's list or in the interface's sorted type set.
 */
struct selection {
    uint8_t kind;      /* enum selection_kind */
    bool indirect;     /* a pointer was followed on the way, the operand's own type included */
    bool address;      /* method with a pointer receiver on an addressable operand: &x is meant */
    bool deref;        /* method with a value receiver reached by a pointer */
    struct type *recv; /* type of the operand x, or the T of a method expression */
    struct type
        *holder; /* type that declares the member: named type or struct (fields), named or interface (methods) */
    struct object *object;
    struct type *type; /* of the whole expression: the field's, the function's (method expressions: with receiver) */
    const uint32_t *path;
    uint32_t count;
};

enum lookup_result {
    LOOKUP_FOUND,
    LOOKUP_MISSING,
    LOOKUP_AMBIGUOUS, /* two at the same depth; path says where */
    LOOKUP_POINTER,   /* a method with a pointer receiver on a value that is not addressable */
};

struct lookup {
    struct object *object;
    struct type *holder;
    struct type *type; /* of the member, substituted for instances */
    const uint32_t *path;
    uint32_t count;
    bool indirect;
};

/* The member of a type (addressable: of a variable of it) as seen from a package. fold: names equal but for case too. */
enum lookup_result types_lookup(struct types *t, struct type *type, bool addressable, struct package *from,
                                const struct ident *name, bool fold, struct lookup *out);
/* What a successful look-up means as a selection on an operand of type recv. */
void types_select(struct types *t, struct type *recv, const struct lookup *found, bool addressable,
                  struct selection *out);
/* A field of that very struct (a TYPE_STRUCT) only. */
struct object *types_field(struct type *struct_type, struct package *from, const struct ident *name);
/* Sorted by name: every method callable on a value of the type (for types of lowering's itabs and descriptors). */
struct method_set {
    struct selection *items;
    uint32_t count;
};
struct method_set types_method_set(struct types *t, struct type *type);

enum missing_kind {
    MISSING_NOTHING,
    MISSING_NOT_FOUND,
    MISSING_WRONG_NAME, /* found under another case */
    MISSING_UNEXPORTED, /* found, but of another package */
    MISSING_WRONG_TYPE,
    MISSING_AMBIGUOUS,
    MISSING_POINTER, /* has a pointer receiver */
    MISSING_FIELD,   /* is a field */
};

struct missing {
    enum missing_kind kind;
    struct object *method;   /* of the interface */
    struct object *found;    /* instead, or NULL */
    struct type *found_type; /* of `found`, or NULL */
};

typedef bool types_equal_fn(void *context, struct type *a, struct type *b);

/*
 * Has `type` all methods of interface `want`? When not, *out tells of the first it lacks. An interface `type` must have
 * them too when static_, else it must not contradict. equal NULL: types_identical.
 */
bool types_has_methods(struct types *t, struct type *type, struct type *want, bool static_, types_equal_fn *equal,
                       void *context, struct missing *out);
/* Does a value of the type satisfy the interface (methods and type set), strictly as the language says? */
bool types_implements(struct types *t, struct type *type, struct type *interface);

/* ---- substitution ------------------------------------------------------------------------------------------------ */

/* params[i] becomes args[i]; NULL args leave the parameter. Local types that depend on replaced parameters are
   instantiated too. */
struct type *types_subst(struct types *t, struct type *type, struct type_list params, struct type_list args);
/* Type of a member of `holder` (an instance: in its arguments). */
struct type *types_member_type(struct types *t, struct type *holder, struct object *object);

/* ---- printing -------------------------------------------------------------------------------------------------- */

/* As messages name it: names of other packages than `from` by package name. */
void types_print(struct text *out, const struct type *type, const struct package *from);
const char *types_string(struct types *t, const struct type *type, const struct package *from);
/* `name(int) string` of a function or method with that type. */
const char *types_func_string(struct types *t, const struct object *f, const struct type *type,
                              const struct package *from);
/* With full import paths: one string per class of identical types, for linker names and descriptors. */
const char *types_running_string(struct types *t, const struct type *type);
const char *types_link_string(struct types *t, const struct type *type);

#endif
