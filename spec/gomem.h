// gomem.h: the contract between compiled Go code and a runtime backend. Version 1.
//
// A backend is a shared object (or a static archive) with one entry, gomem_backend. Go code that gomem's compiler has turned into
// C is a unit: it calls the backend through the tables below and nothing else, so the same unit runs on every backend. This
// header is what a backend's author reads; the order of the essay is the order in which a backend grows.
//
// 1. Values. Go values have Go's representation: the structs below, with Go's sizes, offsets and alignment for the target. A type
//    is a descriptor (gomem_type) that the unit owns and that never moves; pointers to descriptors, itabs, code, string constants
//    and a unit's variables point outside the heap, and a collector ignores them.
//
// 2. Groups. A backend fills groups of operations. A group that is NULL is not supported: cases that need it are skipped by name, or
//    it is taken from backends/portable. Each group begins with its size in bytes, so that groups can grow: an operation beyond
//    the size, or NULL, is not supported either. The smallest backend has the group heap alone. Whose sched->go makes the goroutines also
//    starts the first one (run) and ends them (panics->goexit): these are not mixed. The channels, locks and timers of portable make a
//    thread wait, so they serve a scheduler that has a thread for each goroutine; any other brings the groups chans, locks and time. So does
//    a backend that collects, with the group time: what pending timers of portable lead to is in no root.
//
// 3. Goroutines. Every operation and every compiled function takes the running goroutine g. The head of gomem_g is shared with
//    compiled code; a backend allocates it with whatever of its own behind. g is never kept in thread-local storage by compiled
//    code, and errno is not kept across an operation. An operation may rely on what is behind the head: with a group sched g is always one that its
//    backend has made, also where one group calls another. sched->go alone is also called by a thread that is no goroutine, with
//    NULL for g, by the timers of portable: a goroutine that nobody created. Only the thread that runs a goroutine touches the head, except
//    where a field says atomic.
//
// 4. Frames. Scalars are C locals. A variable that holds pointers, or whose address is taken and which does not escape, lives in
//    a frame on g's managed stack, which grows downwards: g->sp is the innermost frame, the next one follows at
//    sp + desc->size, up to g->stack_base. A frame begins with gomem_frame: its descriptor, and the safepoint at which its function is
//    in a call. The descriptor has one mask per safepoint, a bit per word behind the header: set means the word holds a pointer
//    that is live there (or nil). Words that are dead may hold anything. So roots and liveness are exact, and a backend may move the
//    stack: it copies the bytes and adds the distance to every live word, spilled argument, defer and panic record and wait
//    node that points into the old stack. Pointers into a managed stack are only ever found there; never in the heap, in
//    variables, or on another stack.
//
//    A variable whose address is taken may be used after the last time that its function names it, and whether it can be is not known
//    where its function is compiled. So it is an object of its frame, and at some safepoints a candidate: its words are in the mask, and a
//    move treats them as any; but what they hold counts, and is no more than rubbish otherwise, if a pointer to some byte of it is in a
//    live word of any frame of the stack that is in no candidate, in a record, spilled argument or wait node, or in a candidate that counts
//    itself. A collector that looks for roots goes on from candidate to candidate until it meets no new one.
//
//    A function enters with
//        struct f_frame *fr = (struct f_frame *)(g->sp - sizeof *fr);
//        if (below(fr, g->stack_guard) || machine stack below g->machine_guard) {
//            g->spill[0] = p; g->spill[1] = q; g->spill_len = 2;    // the pointer words of its parameters
//            stack->more(g, &f_desc);                               // may move the stack, stop for a collection, yield
//            p = g->spill[0]; q = g->spill[1]; g->spill_len = 0;
//            fr = (struct f_frame *)(g->sp - sizeof *fr);
//        }
//        g->sp = (char *)fr; fr->head.desc = &f_desc;
//    sets fr->head.point before each call, loads fr = (struct f_frame *)g->sp again after each call that may move the stack
//    (the call first, then the store), and leaves with g->sp = (char *)fr + sizeof *fr. A go statement sets the point too, so that
//    the frame tells who created a goroutine.
//
//    Every function that makes calls has a frame, so a walk of the frames is the traceback; but for thunks, which only pass a call on:
//    they check machine_guard alone. A function without calls has a frame if it has variables there; otherwise it enters one just
//    before it panics with a run-time error.
//
// 5. Safepoints. Marked [safepoint] below. Only there may a backend stop the goroutine, scan or move its stack, let a collection
//    reach a phase that needs it stopped, or run something else on its thread. Calls of compiled functions and `poll` (loops
//    call it when g->poll is set) are safepoints. An operation that is not marked never does any of that, even if it allocates: a
//    collection that falls due there is asked for (g->poll, the guards) and happens at the next safepoint. That is why compiled
//    code may hold pointers in C locals across allocation, and why an operation need not protect its arguments across its own.
//    At a safepoint the pointer arguments of the operation itself are the operation's to protect (wait nodes, g->spill), and so is
//    a destination that points into g's stack: it moves with it. No C local's address is visible to another goroutine, nor kept
//    across a safepoint. A type's equal and hasher are compiled code without safepoints. Below machine_guard there are at least
//    64 KiB of machine stack, so that an operation runs where its caller could.
//
// 6. Barriers. Compiled code stores a pointer into memory that is not its own frame by
//        if (*barrier->enabled) barrier->store(g, slot, value); else *slot = value;
//    and copies typed memory by barrier->copy. NULL for the group means stores are plain. New objects are initialised by plain
//    stores before they are published. Words that goroutines may share are accessed by relaxed atomics (plain in race builds).
//
//    An object made before a collection began marking may be initialised after it began, since allocation is no safepoint: a plain store
//    then hides its value from the barrier, and the value may be in that object alone. So a goroutine's stack must be scanned before
//    the goroutine runs in a marking phase, not merely some time in it: what it holds is then marked, the fresh object and what it is
//    about to put there. Objects made while marking are marked from the start.
//
// 7. Panics. A panic runs deferred calls on top of the stack; a recovery continues in the function that deferred: the backend sets
//    g->sp to that frame, pops its record and jumps to its catch (longjmp). See the group panics.
//
// 8. Deaths. A backend ends the process as Go does: the text on stderr, exit status 2.
//
// Threads: an operation may be called by any thread that runs a goroutine, and is safe against every other operation unless Go's
// own rules make the program wrong (maps and slices are not synchronised).
#ifndef GOMEM_H
#define GOMEM_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GOMEM_CONTRACT 1u

#define GOMEM_NORETURN __attribute__((noreturn))

typedef struct gomem_g gomem_g;
typedef struct gomem_type gomem_type;
typedef struct gomem_itab gomem_itab;
typedef struct gomem_backend_table gomem_backend_table;
typedef struct gomem_chan gomem_chan; // the backend's
typedef struct gomem_map gomem_map;   // the backend's; its first word is the number of entries (Go's len)

// ---- values ----

typedef struct {
    const uint8_t *ptr;
    intptr_t len;
} gomem_string;

typedef struct {
    void *ptr;
    intptr_t len, cap;
} gomem_slice;

typedef struct {
    const gomem_type *type; // NULL: the nil interface
    void *data;             // the value itself when it is pointer-shaped, else a pointer to an immutable copy
} gomem_eface;

typedef struct {
    const gomem_itab *tab;
    void *data;
} gomem_iface;

// A func value is a pointer to a closure: the code, then what it captures. Code is called as
// code(g, closure, arguments...); its C type is the unit's business.
typedef struct {
    void (*code)(void);
} gomem_func;

// ---- types ----

enum gomem_kind { // the numbers are those of reflect.Kind
    GOMEM_INVALID,
    GOMEM_BOOL,
    GOMEM_INT,
    GOMEM_INT8,
    GOMEM_INT16,
    GOMEM_INT32,
    GOMEM_INT64,
    GOMEM_UINT,
    GOMEM_UINT8,
    GOMEM_UINT16,
    GOMEM_UINT32,
    GOMEM_UINT64,
    GOMEM_UINTPTR,
    GOMEM_FLOAT32,
    GOMEM_FLOAT64,
    GOMEM_COMPLEX64,
    GOMEM_COMPLEX128,
    GOMEM_ARRAY,
    GOMEM_CHAN,
    GOMEM_FUNC,
    GOMEM_INTERFACE,
    GOMEM_MAP,
    GOMEM_POINTER,
    GOMEM_SLICE,
    GOMEM_STRING,
    GOMEM_STRUCT,
    GOMEM_UNSAFE_POINTER,
};

enum {
    GOMEM_DIRECT = 1,  // pointer-shaped: an interface holds the value itself
    GOMEM_NAMED = 2,   // a defined type
    GOMEM_REGULAR = 4, // equality and hash are those of the bytes
};

typedef struct {
    gomem_string name;
    const gomem_type *type;
    uintptr_t offset;
    bool exported, embedded;
} gomem_field;

// A method in a type's method set. code takes (g, receiver word, arguments...): the receiver as an interface holds it.
typedef struct {
    gomem_string name;
    gomem_string package;   // "" for an exported name
    const gomem_type *type; // of the method, without its receiver; equal types are one descriptor per unit
    void (*code)(void);
} gomem_method;

struct gomem_type {
    uintptr_t size;
    uintptr_t ptrdata;   // bytes from the start that may hold pointers; 0: pointer-free
    const uint8_t *mask; // a bit per word, low bit first; it covers mask_size bytes and repeats up to ptrdata
    uintptr_t mask_size; // = size, or that of an array's element
    uint32_t hash;       // of the type's identity, equal across units
    uint8_t align, field_align;
    uint8_t kind, flags;
    bool (*equal)(gomem_g *g, const void *a, const void *b);        // NULL: not comparable; may panic (interfaces)
    uintptr_t (*hasher)(gomem_g *g, const void *p, uintptr_t seed); // NULL: no map key; may panic (interfaces)
    gomem_string name;                                              // as Go's %T prints it
    gomem_string package;   // import path of a defined type, or of a struct's fields that are not exported
    const gomem_type *elem; // array, chan, map, pointer, slice; func: its one parameter, see call
    const gomem_type *key;  // map
    uintptr_t len;          // array; for chan the direction: 1 receive, 2 send, 3 both
    const gomem_field *fields;
    uintptr_t field_count;
    const gomem_method *methods; // sorted by name; of an interface: those it demands, code NULL
    uintptr_t method_count;
    // Of a func type with one parameter, a pointer or an interface, whatever its results: calls fn with the pointer arg of that type, or
    // with an interface that holds it, and drops the results. NULL for other types. [safepoint]
    void (*call)(gomem_g *g, gomem_func *fn, const gomem_type *type, void *arg);
};

struct gomem_itab {
    const gomem_type *interface, *type;
    uint32_t hash;        // of type
    void (*code[])(void); // in the order of the interface's methods
};

// ---- goroutines and frames ----

// A call that the compiler replaced by what the callee does: a traceback shows it as a frame all the same.
typedef struct gomem_inlined {
    const char *function, *file;
    uint32_t line;                     // in it: of the safepoint, or of the inlined call further in
    const struct gomem_inlined *outer; // the inlined call that it stands in, or NULL: the frame's function
} gomem_inlined;

// An object of a frame: words first to first + words, as the masks count them.
typedef struct {
    uint32_t first, words;
} gomem_frame_object;

typedef struct {
    const char *function, *file;         // function: as tracebacks name it, with its package's path
    uint32_t size;                       // of the frame, header included; a multiple of 8
    uint32_t words;                      // behind the header, described by the masks; what follows holds no pointers
    uint32_t points;                     // safepoints
    const uint8_t *masks;                // points × (words + 7) / 8 bytes, low bit first
    const uint32_t *lines;               // a source line per safepoint
    const gomem_inlined *const *inlined; // the innermost inlined call per safepoint, or NULL; NULL: there are none
    const char *const *files;            // the source file per safepoint; NULL: they are all in file
    const gomem_frame_object *objects;   // by first; those that are candidates of one safepoint do not overlap
    uint32_t object_count;
    const uint8_t *candidates; // points × (object_count + 7) / 8 bytes, low bit first: the objects that may be dead
} gomem_frame_desc;

typedef struct {
    const gomem_frame_desc *desc;
    uintptr_t point;
} gomem_frame;

// A deferred call. The record is in the frame of the function that defers, or, in loops, the backend's (panics->new_defer). The backend
// scans and adjusts the records of g->defers itself; no mask describes them.
typedef struct gomem_defer {
    struct gomem_defer *link; // the one deferred before
    gomem_func *fn;           // takes and returns nothing
    char *frame;              // of the deferring function
    jmp_buf *catch;           // in that frame; where a recovery continues
} gomem_defer;

// A panic under way, kept by the backend; compiled wrappers of deferred calls set entry (see panics->recover).
typedef struct gomem_panic {
    struct gomem_panic *link;
    gomem_eface value;
    char *entry; // g->sp at the entry of the deferred function that may recover
    bool recovered, goexit;
} gomem_panic;

enum { GOMEM_SPILL = 64 };

struct gomem_g {
    char *sp;            // innermost frame
    char *stack_guard;   // atomic (relaxed): frames below it take the slow path; all ones asks for a safepoint
    char *machine_guard; // atomic (relaxed): likewise for the machine stack
    char *stack_base;    // end of the outermost frame
    uint32_t poll;       // atomic (relaxed): a loop must call stack->poll
    uint32_t spill_len;
    void *spill[GOMEM_SPILL]; // pointer words of arguments in flight
    gomem_defer *defers;      // innermost first
    gomem_panic *panics;
};

// ---- the groups ----

// Allocation. None of these is a safepoint. Memory is zeroed unless said otherwise. A size that is impossible panics as Go does
// (panics->error) where marked [panics]; exhausted memory ends the process.
typedef struct {
    size_t size;
    // new_object returns a block for one value of the type. A zero size gives a fixed address.
    void *(*new_object)(gomem_g *g, const gomem_type *type);
    // new_array returns a block for n values; [panics] makeslice: len out of range. make([]T, len, cap) checks len itself.
    void *(*new_array)(gomem_g *g, const gomem_type *elem, intptr_t n);
    // grow_slice returns old with capacity for at least need elements, and length need; old elements are copied, the old array is
    // left as it is, new elements up to need are zero. [panics] growslice: len out of range.
    gomem_slice (*grow_slice)(gomem_g *g, const gomem_type *elem, gomem_slice old, intptr_t need);
    // new_bytes returns n bytes that are not zeroed, pointer-free. NULL: new_array of uint8 serves.
    uint8_t *(*new_bytes)(gomem_g *g, intptr_t n);
    // box returns the data word of an interface that holds a copy of *value: Go's rules for free boxes apply. For types that are not
    // GOMEM_DIRECT. NULL: new_object and a copy serve.
    void *(*box)(gomem_g *g, const gomem_type *type, const void *value);
} gomem_heap_group;

// The write barrier. None is a safepoint. See essay 6.
typedef struct {
    size_t size;
    const uint32_t *enabled; // atomic (relaxed); changes only while every goroutine is at a safepoint
    void (*store)(gomem_g *g, void **slot, void *value);
    // copy copies n values, at least one, which may overlap; clear zeroes them. dst may be in g's own frames.
    void (*copy)(gomem_g *g, const gomem_type *type, void *dst, const void *src, intptr_t n);
    void (*clear)(gomem_g *g, const gomem_type *type, void *dst, intptr_t n);
} gomem_barrier_group;

// Strings. None is a safepoint. buf, where there is one, is GOMEM_TMP bytes in the caller's frame for a result that does not escape,
// or NULL. The results of concat and the conversions are fresh unless Go shares.
enum { GOMEM_TMP = 32 };
typedef struct {
    size_t size;
    gomem_string (*concat)(gomem_g *g, uint8_t *buf, const gomem_string *operands, intptr_t n);
    gomem_slice (*to_bytes)(gomem_g *g, uint8_t *buf, gomem_string s);
    gomem_string (*from_bytes)(gomem_g *g, uint8_t *buf, const uint8_t *p, intptr_t n);
    gomem_slice (*to_runes)(gomem_g *g, gomem_string s);
    gomem_string (*from_runes)(gomem_g *g, uint8_t *buf, const int32_t *p, intptr_t n);
    gomem_string (*from_rune)(gomem_g *g, uint8_t *buf, int64_t r);
} gomem_strings_group;

// Maps. type is the map's. None is a safepoint; all may call the key type's hasher and equal, which may panic. A pointer that
// access or assign returns is valid until the next operation on the map. Unsynchronised use is detected as far as Go does.
typedef struct {
    const gomem_map *map;
    const gomem_type *type;
    void *key, *value;   // NULL key: the end
    uintptr_t state[12]; // the backend's; words that hold pointers are those of pointers (a bit each)
} gomem_map_iter;
enum { GOMEM_MAP_ITER_POINTERS = 0x003f }; // which state words may hold pointers; the others hold scalars
enum { GOMEM_MAP_WORDS = 8, GOMEM_MAP_POINTERS = 0x04 };
typedef struct {
    size_t size;
    gomem_map *(*make)(gomem_g *g, const gomem_type *type, intptr_t hint);
    void *(*access)(gomem_g *g, const gomem_type *type, gomem_map *m, const void *key); // NULL: no entry; m may be nil
    void *(*assign)(gomem_g *g, const gomem_type *type, gomem_map *m,
                    const void *key); // [panics] nil map; the caller stores the value
    void (*remove)(gomem_g *g, const gomem_type *type, gomem_map *m, const void *key);
    void (*clear)(gomem_g *g, const gomem_type *type, gomem_map *m);
    void (*iter_start)(gomem_g *g, const gomem_type *type, gomem_map *m,
                       gomem_map_iter *it); // positions at the first entry
    void (*iter_next)(gomem_g *g, gomem_map_iter *it);
    // make_in is make for a map that does not escape: it may build it in header, GOMEM_MAP_WORDS words of the caller's frame of which
    // GOMEM_MAP_POINTERS may hold pointers, and, unless hint is above 8, in group: 8 bytes without pointers, then 8 slots, each a
    // struct of key and element, where what is larger than 128 bytes is a pointer. Both are zeroed and move with the stack. group is
    // NULL when hint is known to be above 8. NULL: make serves.
    gomem_map *(*make_in)(gomem_g *g, const gomem_type *type, intptr_t hint, void *header, void *group);
} gomem_maps_group;

// Panics, deferred calls and fatal errors.
enum gomem_error {      // the text of a run-time error, a runtime.Error
    GOMEM_ERROR_PLAIN,  // text as it is, without the words "runtime error: "; a string if it begins with "sync: "
    GOMEM_ERROR_TEXT,   // runtime error: text; so are all below
    GOMEM_ERROR_NIL,    // invalid memory address or nil pointer dereference
    GOMEM_ERROR_DIVIDE, // integer divide by zero
    GOMEM_ERROR_SHIFT,  // negative shift amount
};
enum gomem_bounds {           // a number out of its bounds; a negative a stands alone: index out of range [-1]
    GOMEM_BOUNDS_INDEX,       // index out of range [a] with length b
    GOMEM_BOUNDS_SLICE_ALEN,  // slice bounds out of range [:a] with length b
    GOMEM_BOUNDS_SLICE_ACAP,  // slice bounds out of range [:a] with capacity b
    GOMEM_BOUNDS_SLICE_B,     // slice bounds out of range [a:b]
    GOMEM_BOUNDS_SLICE3_ALEN, // slice bounds out of range [::a] with length b
    GOMEM_BOUNDS_SLICE3_ACAP, // slice bounds out of range [::a] with capacity b
    GOMEM_BOUNDS_SLICE3_B,    // slice bounds out of range [:a:b]
    GOMEM_BOUNDS_SLICE3_C,    // slice bounds out of range [a:b:]
    GOMEM_BOUNDS_CONVERT,     // cannot convert slice with length a to array or pointer to array with length b
};
typedef struct {
    size_t size;
    GOMEM_NORETURN void (*panic)(gomem_g *g, gomem_eface value); // [safepoint] panic(value)
    // error panics with a run-time error. text is used by the first two kinds. [safepoint]
    GOMEM_NORETURN void (*error)(gomem_g *g, enum gomem_error kind, const char *text);
    // bounds panics with the run-time error of a number out of bounds; a is an int64_t if is_signed. [safepoint]
    GOMEM_NORETURN void (*bounds)(gomem_g *g, enum gomem_bounds kind, uint64_t a, bool is_signed, int64_t b);
    // fatal prints `fatal error: text` and ends the process with status 2; nothing is run.
    GOMEM_NORETURN void (*fatal)(gomem_g *g, const char *text);
    // new_defer gives a record for a defer statement in a loop. It is the backend's again when its call is taken from g->defers. Its
    // contents are the caller's to set. Not a safepoint.
    gomem_defer *(*new_defer)(gomem_g *g);
    // run_defers runs the deferred calls of the frame g->sp, innermost first, as its function returns. [safepoint]
    void (*run_defers)(gomem_g *g);
    // recover returns the value of the panic under way if the function that calls it is the one that the panic deferred: entry is
    // g->sp as it was at that function's entry. nil otherwise. A compiled wrapper of a deferred call lets its callee recover by
    // setting g->panics->entry = g->sp just before the call, when g->panics is not NULL. Any other function that may call one
    // that calls recover (an indirect call may) has a frame, so that g->sp tells the two apart.
    gomem_eface (*recover)(gomem_g *g, char *entry);
    GOMEM_NORETURN void (*goexit)(gomem_g *g); // [safepoint]
} gomem_panics_group;

// The stack.
typedef struct {
    size_t size;
    void (*more)(gomem_g *g, const gomem_frame_desc *desc); // [safepoint] desc NULL: a function without a frame
    void (*poll)(gomem_g *g);                               // [safepoint]
    int64_t (*set_max)(gomem_g *g, int64_t bytes);          // debug.SetMaxStack
} gomem_stack_group;

// Goroutines. fn takes and returns nothing.
typedef struct {
    size_t size;
    void (*go)(gomem_g *g, gomem_func *fn);        // [panics] fatal: go of nil func value
    void (*yield)(gomem_g *g);                     // [safepoint] runtime.Gosched
    GOMEM_NORETURN void (*block)(gomem_g *g);      // [safepoint] select {}
    intptr_t (*max_procs)(gomem_g *g, intptr_t n); // [safepoint] runtime.GOMAXPROCS
    intptr_t (*count)(gomem_g *g);                 // runtime.NumGoroutine
    // set_max_threads is debug.SetMaxThreads: it returns what the limit was. A thread beyond it ends the process with the lines
    // `runtime: program exceeds N-thread limit` and `fatal error: thread exhaustion`.
    intptr_t (*set_max_threads)(gomem_g *g, intptr_t n);
    void (*lock_thread)(gomem_g *g);
    void (*unlock_thread)(gomem_g *g);
    // blocking returns call(a, b, c), which may block in the system; other goroutines go on meanwhile. The arguments may point into g's
    // stack, which stays where it is until call returns. NULL: the caller calls it itself. [safepoint]
    intptr_t (*blocking)(gomem_g *g, intptr_t (*call)(intptr_t a, intptr_t b, intptr_t c), intptr_t a, intptr_t b,
                         intptr_t c);
} gomem_sched_group;

// Channels. Elements are copied from and to memory that may be in g's frames; the backend follows it when the stack moves.
typedef struct {
    gomem_chan *c;
    void *elem; // to send from, or to receive to (NULL: drop)
} gomem_select_case;
typedef struct {
    size_t size;
    gomem_chan *(*make)(gomem_g *g, const gomem_type *type, int64_t n); // [panics] makechan: size out of range
    void (*send)(gomem_g *g, gomem_chan *c, const void *elem);          // [safepoint] [panics]
    bool (*recv)(gomem_g *g, gomem_chan *c, void *elem);                // [safepoint] false: closed
    void (*close)(gomem_g *g, gomem_chan *c);                           // [panics]
    intptr_t (*len)(const gomem_chan *c);
    intptr_t (*cap)(const gomem_chan *c);
    // select: the first sends cases send, the others receive; cases is in g's frame. Returns the index chosen, -1 for the
    // default; *received is false when a receive saw a closed channel. [safepoint] [panics]
    intptr_t (*select)(gomem_g *g, gomem_select_case *cases, intptr_t sends, intptr_t n, bool has_default,
                       bool *received);
} gomem_chans_group;

// Semaphores and the locks of package sync. The words are Go's (sync.Mutex is 8 bytes); zero is the unlocked state.
typedef struct {
    int32_t state;
    uint32_t sema;
} gomem_mutex;
typedef struct {
    gomem_mutex w;
    uint32_t writer_sema, reader_sema;
    int32_t reader_count, reader_wait;
} gomem_rwmutex;
typedef struct {
    uint64_t state; // 8-aligned; counter in the high half, waiters in the low
    uint32_t sema, pad;
} gomem_waitgroup;
typedef struct {
    uint32_t wait, notify;
    uintptr_t lock;
    void *head, *tail;
} gomem_notify_list;
typedef struct {
    size_t size;
    void (*lock)(gomem_g *g, gomem_mutex *m); // [safepoint]
    bool (*try_lock)(gomem_g *g, gomem_mutex *m);
    void (*unlock)(gomem_g *g, gomem_mutex *m);  // fatal: sync: unlock of unlocked mutex
    void (*rlock)(gomem_g *g, gomem_rwmutex *m); // [safepoint]
    bool (*try_rlock)(gomem_g *g, gomem_rwmutex *m);
    void (*runlock)(gomem_g *g, gomem_rwmutex *m);
    void (*wlock)(gomem_g *g, gomem_rwmutex *m); // [safepoint]
    bool (*try_wlock)(gomem_g *g, gomem_rwmutex *m);
    void (*wunlock)(gomem_g *g, gomem_rwmutex *m);
    void (*wait_add)(gomem_g *g, gomem_waitgroup *w, intptr_t delta); // [panics] sync: negative WaitGroup counter
    void (*wait)(gomem_g *g, gomem_waitgroup *w);                     // [safepoint]
    uint32_t (*notify_ticket)(gomem_g *g, gomem_notify_list *l);
    void (*notify_wait)(gomem_g *g, gomem_notify_list *l, uint32_t ticket); // [safepoint]
    void (*notify_one)(gomem_g *g, gomem_notify_list *l);
    void (*notify_all)(gomem_g *g, gomem_notify_list *l);
    void (*sema_acquire)(gomem_g *g, uint32_t *sema, bool first); // [safepoint] first: before the other waiters
    void (*sema_release)(gomem_g *g, uint32_t *sema, bool hand_off);
} gomem_locks_group;

// Time. A timer sends the time on a channel without blocking, or starts a goroutine. The time that it sends is that at which it was
// due, since Go 1.23; before, that at which it sent. Since then, too, a timer's channel has length and capacity zero, and stop and reset
// take back what was sent and is not yet received: the timer was pending then. So the groups time and chans know of each other. Nobody
// but its timer sends on the channel or closes it.
typedef struct {
    bool set;     // true
    int64_t mono; // of now(), never 0
    int64_t wall; // of wall()
} gomem_instant;
typedef struct {
    gomem_chan *c;        // of gomem_instant, capacity 1: a send that never blocks; or
    gomem_func *fn;       // a new goroutine runs it
    int64_t when, period; // nanoseconds of now(); period 0: once
    void *impl;           // the backend's
} gomem_timer;
typedef struct {
    size_t size;
    int64_t (*now)(void);                  // monotonic nanoseconds
    int64_t (*wall)(void);                 // nanoseconds since 1970
    void (*sleep)(gomem_g *g, int64_t ns); // [safepoint]
    void (*start)(gomem_g *g, gomem_timer *t);
    bool (*stop)(gomem_g *g, gomem_timer *t);                                // whether it was pending
    bool (*reset)(gomem_g *g, gomem_timer *t, int64_t when, int64_t period); // likewise
} gomem_time_group;

// The collector, its statistics, and lifetimes.
enum { GOMEM_BY_SIZE = 61 };
typedef struct {
    uint64_t size, mallocs, frees; // bytes of a block; blocks since the start
} gomem_size_stats;
typedef struct {
    uint64_t mallocs, frees, total_alloc; // objects, objects, bytes since the start
    uint64_t heap_alloc, heap_sys, heap_idle, heap_inuse, heap_released, heap_objects; // bytes, and objects
    uint64_t stack_inuse, stack_sys, sys, next_gc, pause_total_ns, lookups;
    uint32_t num_gc, num_forced_gc;
    uint64_t last_gc;        // wall nanoseconds
    uint64_t pause_ns[256];  // circular, the last at (num_gc + 255) % 256
    uint64_t pause_end[256]; // likewise, wall nanoseconds
    double gc_cpu_fraction;
    gomem_size_stats
        by_size[GOMEM_BY_SIZE]; // of the first size classes, those of zero bytes first; zero where there are none
} gomem_mem_stats;
typedef struct {
    size_t size;
    void (*collect)(gomem_g *g);                         // [safepoint] runtime.GC
    int32_t (*set_percent)(gomem_g *g, int32_t percent); // [safepoint] debug.SetGCPercent
    int64_t (*set_limit)(gomem_g *g, int64_t bytes);     // [safepoint] debug.SetMemoryLimit
    void (*free_os_memory)(gomem_g *g);                  // [safepoint]
    void (*read_stats)(gomem_g *g, gomem_mem_stats *s);  // [safepoint] exact: the world stops
    // set_finalizer: obj is a pointer to the start of a block. fn is a func value that can take it, which is called by
    // fn.type->call(g, fn.data, obj.type, obj.data); with a nil type it takes the finalizer back.
    void (*set_finalizer)(gomem_g *g, gomem_eface obj, gomem_eface fn);
    // add_cleanup: fn, which takes nothing, runs once obj's block is dead. Returns an id for stop_cleanup.
    uint64_t (*add_cleanup)(gomem_g *g, void *obj, gomem_func *fn);
    void (*stop_cleanup)(gomem_g *g, void *obj, uint64_t id);
    // weak_make returns the one handle of the block that obj points into; weak_get gives obj's block again, NULL once it is dead.
    void *(*weak_make)(gomem_g *g, void *obj);
    void *(*weak_get)(gomem_g *g, void *handle);
    // before_cycle has call run at the start of every collection from now on, while each goroutine is at a safepoint and nothing is marked
    // yet: a cache drops there what it holds. call stores pointers plainly, allocates nothing and calls no operation. Used once. NULL:
    // what a sync.Pool holds stays.
    void (*before_cycle)(gomem_g *g, void (*call)(void));
} gomem_collector_group;

// The probe: what a backend lets white-box cases see and steer of itself. It is the only group that tells instead of doing.
//
// A stepped collection is a cycle that goes on only as far as it is told. Its phases, in their order:
enum gomem_gc_phase {
    GOMEM_GC_SWEPT = 1, // the earlier cycle is swept whole; the barrier is off
    GOMEM_GC_MARKING,   // the barrier is on; no root has been looked at
    GOMEM_GC_ROOTS,  // what variables and the runtime itself refer to is grey; no stack was scanned unless by gc_scan
    GOMEM_GC_STACKS, // every stack is scanned
    GOMEM_GC_MARKED, // nothing is grey; the barrier is still on
    GOMEM_GC_TERMINATED, // the barrier is off; nothing is swept but by who allocates
    GOMEM_GC_DONE,       // swept; the collector is its own master again
};
// From MARKING to MARKED nothing is marked but by the operations below: workers and assists rest, and goroutines run whose stacks
// are not scanned, so that a case chooses the order of every step. Such a goroutine must not initialise new blocks with old pointers
// (essay 6): it stores them afterwards. collect must not be called before DONE. One goroutine steps at a time.
//
// Blocks are named by their address, a number: a probe keeps nothing alive.
enum gomem_colour { GOMEM_NO_BLOCK, GOMEM_WHITE, GOMEM_GREY, GOMEM_BLACK };

// A goroutine that is blocked for ever.
enum { GOMEM_LEAK_CALLS = 8 };
typedef struct {
    uint64_t goroutine;                  // its number
    const char *waits_for;               // as tracebacks say it: "chan receive"
    gomem_frame calls[GOMEM_LEAK_CALLS]; // where it blocks, the innermost call first; desc is NULL behind the last
} gomem_leak;

// What holds a pointer, on the way from a root to a block.
enum gomem_holder_kind {
    GOMEM_HELD_BY_VARIABLE,  // of a package
    GOMEM_HELD_BY_GOROUTINE, // a frame of it, or what the runtime has of it: deferred calls, panics, what it waits for
    GOMEM_HELD_BY_RUNTIME,   // a finalizer, a cleanup, a timer
    GOMEM_HELD_BY_BLOCK,
};
typedef struct {
    enum gomem_holder_kind kind;
    const char *name;   // VARIABLE: its own, with the package's path; RUNTIME: what of it; else NULL
    uintptr_t address;  // VARIABLE and BLOCK: where it begins
    uintptr_t bytes;    // VARIABLE: to the last pointer; BLOCK, and the frame of a GOROUTINE: in all
    uintptr_t offset;   // there, of the pointer to the next holder, or to the block in question; UINTPTR_MAX: not known
    uint64_t goroutine; // GOROUTINE: its number
    gomem_frame call;   // GOROUTINE: the call whose frame it is; desc is NULL when it is none
} gomem_holder;

typedef struct {
    size_t size;
    // counter gives a count since the start, UINT64_MAX for a name that the backend does not know. Not a safepoint. Names:
    //   locks, heap_locks    operations on locks by the calling thread: on any, on those of the allocator
    //   refills              spans that caches took from central lists
    //   grows                spans that central lists took from the page heap
    //   os_grows, arenas     times the page heap asked the OS; arenas of address space that it has
    //   sweeps               spans swept
    //   cycles, world_stops  collections that ended their marking; times the world was stopped
    //   switches, steals     goroutines that began or went on to run; times a processor took from another one's queue
    //   hand_offs            processors handed to another thread since theirs blocks or is wired
    //   preemptions          goroutines that gave way when they were asked to
    //   global_looks         times a processor looked at the global queue before its own, for fairness
    //   barriers             stores of pointers, and bulk copies, that took the barrier's path
    //   barrier_flushes      barrier buffers that ran full
    //   shades               blocks that a barrier greyed
    //   stacks_scanned       stacks scanned by collections
    //   pause_blocks         blocks marked, and
    //   pause_stacks         stacks scanned while the world was stopped for a collection
    //   assist_bytes         bytes allocated with the duty to assist
    //   assist_work          bytes scanned by assists
    //   assist_ratio         bytes that the pacer demands now for 1000 bytes allocated
    //   limited              times a collection began or ended its marking with assists off, as collections had more than their half of
    //                        the processors' time
    //   worker_work          bytes scanned by background workers
    //   clock_looks          times the runtime looked at the clock whether a collection is due
    //   check_blocks, check_errors   see gc_check
    uint64_t (*counter)(gomem_g *g, gomem_string name);
    // gc_step begins a stepped collection if none is under way, and goes on with it until the phase is reached. [safepoint]
    void (*gc_step)(gomem_g *g, enum gomem_gc_phase phase);
    // The next four are for MARKING to MARKED; elsewhere they do nothing. All see what barriers have shaded so far. [safepoint]
    // gc_scan scans one goroutine's stack, the caller's own too; false: it is scanned already, or there is no such goroutine.
    bool (*gc_scan)(gomem_g *g, uint64_t goroutine);
    // gc_mark scans up to n grey blocks, and returns how many. gc_blacken scans one that is chosen; false: it is not grey.
    intptr_t (*gc_mark)(gomem_g *g, intptr_t n);
    bool (*gc_blacken)(gomem_g *g, uintptr_t address);
    // gc_assists lets those who allocate assist while the others rest, or not (as at first).
    void (*gc_assists)(gomem_g *g, bool on);
    // colour is that of the block at address. Outside MARKING to MARKED all blocks are white. [safepoint]
    enum gomem_colour (*colour)(gomem_g *g, uintptr_t address);
    // gc_check has every cycle followed by a second, simple mark with the world stopped, which counts the blocks that it reaches
    // (check_blocks), and those among them that the cycle has not marked (check_errors).
    void (*gc_check)(gomem_g *g, bool on);
    uint64_t (*goroutine)(gomem_g *g); // the caller's number for gc_scan
    // advance_clock has the monotonic clock jump: timers fall due, periods pass.
    void (*advance_clock)(gomem_g *g, int64_t ns);
    // leaks finds the goroutines that are blocked in an operation of a channel, a select or a lock that nobody can reach who runs, sleeps or
    // may be let go on by somebody who does; variables and pending timers count as such. It writes the first n to leaks, which is
    // neither in the heap nor on a managed stack, and returns how many there are. [safepoint]
    intptr_t (*leaks)(gomem_g *g, gomem_leak *leaks, intptr_t n);
    // retainers finds what keeps the block that address points into: a way of the fewest blocks from a root to it, through pointers that a
    // collection would follow now. It writes the first n holders to way, which is neither in the heap nor on a managed stack, the root first,
    // and returns how many there are: 0 when nothing keeps it, or it is no block. [safepoint]
    intptr_t (*retainers)(gomem_g *g, uintptr_t address, gomem_holder *way, intptr_t n);
} gomem_probe_group;

// ---- the backend and the unit ----

// A variable of a unit that holds pointers: a root.
typedef struct {
    void *start;
    uintptr_t bytes;     // to the end of its last pointer
    const uint8_t *mask; // a bit per word
    const char *name;    // with its package's path: "example.org/p.cache"
} gomem_root;

// What the compiler makes of a program: main.main with its packages' initialisation in front, or an area of cases.
typedef struct {
    uint32_t contract; // GOMEM_CONTRACT
    const char *name;
    void (*bind)(const gomem_backend_table *b); // called once, before anything else
    void (*main)(gomem_g *g);                   // initialisation, then main.main; runs on the first goroutine
    const gomem_root *roots;
    uintptr_t root_count;
    // error_value makes the interface value of a run-time error with its text (without "runtime error: "). Not a safepoint.
    gomem_eface (*error_value)(gomem_g *g, bool plain, gomem_string text);
    // panic_text gives what a panic prints of a value; it may call Error or String methods. [safepoint]
    gomem_string (*panic_text)(gomem_g *g, gomem_eface value);
} gomem_unit;

// Constant answers to what a backend is. Words that a case may ask for (`needs`) are those of cases/README.md.
struct gomem_backend_table {
    uint32_t contract; // GOMEM_CONTRACT
    size_t size;       // of this structure
    const char *name;
    const char *release;      // the Go release it emulates, "1.26"
    bool gc_profile;          // IMPL rules are demanded, not only compared
    const char *capabilities; // words, separated by spaces: counts collect precise ...
    const gomem_heap_group *heap;
    const gomem_barrier_group *barrier;
    const gomem_strings_group *strings;
    const gomem_maps_group *maps;
    const gomem_panics_group *panics;
    const gomem_stack_group *stack;
    const gomem_sched_group *sched;
    const gomem_chans_group *chans;
    const gomem_locks_group *locks;
    const gomem_time_group *time;
    const gomem_collector_group *collector;
    const gomem_probe_group *probe;
    // attach, when there is one, is called once before run, also of a backend that only completes another: whole is the table
    // in force (an operation of one group that needs another calls it there), unit what will run on it.
    void (*attach)(const gomem_backend_table *whole, const gomem_unit *unit);
    // run starts the runtime, runs unit->main on a first goroutine and returns when that returns (the caller then exits with 0).
    // NULL: the caller makes a gomem_g, and calls unit->main on its own thread. A backend without goroutines of its own is run by
    // the one that gives it some.
    int (*run)(const gomem_unit *unit, int argc, char **argv);
};

// The one entry. contract is the version that the caller speaks; NULL when the backend does not. options is the text behind the
// backend's name in --backend NAME:OPTIONS, "" when there is none; NULL is also the answer to options it does not know, after
// one line on stderr. Called once, before any thread exists.
const gomem_backend_table *gomem_backend(uint32_t contract, const char *options);

#endif
