// Specials: what is attached to a block: at most one finalizer, at most one weak handle, any number of cleanups.
//
// A block's specials are in its span's list, ordered by offset and kind. Spans that have any are linked, so that the root job that marks the
// func of each finalizer and cleanup, and each handle, looks at no other span. A finalizer also marks what its block refers to, but not the
// block: if nothing else reaches the block it is dead at the end, with everything it refers to alive for the call.
//
// When sweeping meets an unmarked block with specials:
//   with a finalizer: the block is revived by marking it; the finalizer is queued and its weak handle cleared; cleanups stay
//   without: the block dies; its weak handle is cleared, its cleanups are queued
// Parts of a tiny block may have a finalizer each; they are told apart by their offset.
//
// A weak handle is a pointer-free block that holds the address. To follow one, the block's span is swept first: the handle of a dead
// block is clear after that; and while marking the block is shaded, for the program now holds it. Neither step can be torn by a
// cycle, for there is no safepoint in between. What is no block (a variable) never dies: its address is its handle.
//
// One lock protects all of it: it is taken when specials come and go, and for one span at a time by sweeping and marking.
#include "internal.h"

static struct {
    struct rmutex lock;
    struct span *first;  // spans with specials
    struct span *cursor; // the next that the root job looks at
    struct special *unused;
} all = {.lock = {.rank = RANK_SPECIAL}};

// ---- records and lists, under the lock ----

static struct special *new_special(void)
{
    struct special *sp = all.unused;
    if (!sp)
        return meta_alloc(sizeof *sp, _Alignof(struct special));
    all.unused = sp->next;
    return sp;
}

static void give(struct special *sp)
{
    sp->next = all.unused;
    all.unused = sp;
}

void special_free(struct special *sp)
{
    rlock(&all.lock);
    give(sp);
    runlock(&all.lock);
}

static void link_span(struct span *s)
{
    s->special_prev = NULL;
    s->special_next = all.first;
    if (s->special_next)
        s->special_next->special_prev = s;
    all.first = s;
}

static void unlink_span(struct span *s)
{
    if (all.cursor == s)
        all.cursor = s->special_next;
    if (s->special_prev)
        s->special_prev->special_next = s->special_next;
    else
        all.first = s->special_next;
    if (s->special_next)
        s->special_next->special_prev = s->special_prev;
    s->special_next = s->special_prev = NULL;
}

// place finds where a special of this offset and kind is, or belongs.
static struct special **place(struct span *s, uintptr_t offset, enum special_kind kind)
{
    struct special **at = &s->specials;
    while (*at && ((*at)->offset < offset || ((*at)->offset == offset && (*at)->kind < kind)))
        at = &(*at)->next;
    return at;
}

static bool is_at(const struct special *sp, uintptr_t offset, enum special_kind kind)
{
    return sp && sp->offset == offset && sp->kind == kind;
}

static void attach(struct span *s, struct special **at, const struct special *what)
{
    struct special *sp = new_special();
    bool first = !s->specials;
    *sp = *what;
    race_give(sp); // taken by the call
    sp->next = *at;
    *at = sp;
    if (first)
        link_span(s);
}

static struct special *detach(struct span *s, struct special **at)
{
    struct special *sp = *at;
    *at = sp->next;
    if (!s->specials)
        unlink_span(s);
    return sp;
}

// ---- attaching and removing ----

static uint32_t index_of(const struct span *s, uintptr_t offset)
{
    return span_index(s, s->base + offset);
}

// key is what a special of this kind is known by: weak handles and cleanups belong to the block, whatever part of it was named.
static uintptr_t key(const struct span *s, void *obj, enum special_kind kind)
{
    uintptr_t at = (uintptr_t)obj;
    return (kind == SPECIAL_FINALIZER ? at : span_payload(s, span_index(s, at))) - s->base;
}

// mark_special does for one special what marking owes it.
static void mark_special(struct gcwork *w, struct span *s, const struct special *sp)
{
    mark_grey(w, (uintptr_t)sp->word);
    if (sp->kind == SPECIAL_FINALIZER)
        mark_referents(w, s, index_of(s, sp->offset));
}

bool special_add(struct p *p, struct special what)
{
    struct span *s = span_of((uintptr_t)what.obj);
    sweep_ensure(s);
    what.offset = key(s, what.obj, what.kind);
    rlock(&all.lock);
    struct special **at = place(s, what.offset, what.kind);
    bool taken = what.kind != SPECIAL_CLEANUP && is_at(*at, what.offset, what.kind);
    if (!taken)
        attach(s, at, &what);
    runlock(&all.lock);
    if (!taken && gc_marking()) // the root job may be past it
        mark_special(p->gcwork, s, &what);
    return !taken;
}

bool special_remove(void *obj, enum special_kind kind, uint64_t id)
{
    struct span *s = span_of((uintptr_t)obj);
    sweep_ensure(s);
    uintptr_t offset = key(s, obj, kind);
    bool found = false;
    rlock(&all.lock);
    struct special **at = place(s, offset, kind);
    while (is_at(*at, offset, kind) && (*at)->id != id)
        at = &(*at)->next;
    if (is_at(*at, offset, kind)) {
        give(detach(s, at));
        found = true;
    }
    runlock(&all.lock);
    return found;
}

// ---- marking ----

// special_mark lets the lock go between two spans. Spans that come meanwhile have their specials marked by special_add.
void special_mark(struct gcwork *w)
{
    rlock(&all.lock);
    all.cursor = all.first;
    while (all.cursor) {
        struct span *s = all.cursor;
        all.cursor = s->special_next;
        for (struct special *sp = s->specials; sp; sp = sp->next)
            mark_special(w, s, sp);
        runlock(&all.lock);
        rlock(&all.lock);
    }
    runlock(&all.lock);
}

void special_each(void (*f)(void *ctx, struct span *s, struct special *sp), void *ctx)
{
    for (struct span *s = all.first; s; s = s->special_next)
        for (struct special *sp = s->specials; sp; sp = sp->next)
            f(ctx, s, sp);
}

// ---- sweeping ----

static bool same_block(const struct span *s, const struct special *sp, uint32_t index)
{
    return sp && index_of(s, sp->offset) == index;
}

static bool has_finalizer(const struct span *s, const struct special *sp, uint32_t index)
{
    for (; same_block(s, sp, index); sp = sp->next)
        if (sp->kind == SPECIAL_FINALIZER)
            return true;
    return false;
}

// bury handles the specials of one unmarked block, which begin at *at, appends those to be run to *queue, and returns where the next block's
// begin.
static struct special **bury(struct span *s, struct special **at, struct special ***queue)
{
    uint32_t index = index_of(s, (*at)->offset);
    bool revived = has_finalizer(s, *at, index);
    if (revived && !FAULT(finalizer_frees))
        span_mark(s, index);
    while (same_block(s, *at, index)) {
        if (revived && (*at)->kind == SPECIAL_CLEANUP) {
            at = &(*at)->next;
            continue;
        }
        struct special *sp = detach(s, at);
        if (sp->kind == SPECIAL_WEAK) {
            if (!FAULT(weak_outlives))
                __atomic_store_n((void **)sp->word, NULL, __ATOMIC_RELAXED); // weak_get sees it by the span's sweepgen
            give(sp);
        } else {
            sp->next = NULL;
            **queue = sp;
            *queue = &sp->next;
        }
    }
    return at;
}

void special_sweep(struct span *s)
{
    struct special *queue = NULL, **end = &queue;
    rlock(&all.lock);
    struct special **at = &s->specials;
    while (*at) {
        if (span_marked(s, index_of(s, (*at)->offset)))
            at = &(*at)->next;
        else
            at = bury(s, at, &end);
    }
    runlock(&all.lock);
    if (queue)
        finalizer_queue(queue);
}

// ---- weak pointers ----

static void *known_handle(struct span *s, void *obj)
{
    uintptr_t offset = key(s, obj, SPECIAL_WEAK);
    rlock(&all.lock);
    struct special *sp = *place(s, offset, SPECIAL_WEAK);
    void *handle = is_at(sp, offset, SPECIAL_WEAK) ? sp->word : NULL;
    runlock(&all.lock);
    return handle;
}

void *weak_make(struct p *p, void *obj)
{
    struct span *s = span_of((uintptr_t)obj);
    if (!s)
        return obj;
    sweep_ensure(s);
    void *handle = known_handle(s, obj);
    if (!handle) {
        void **fresh = heap_alloc(p, TINY, NULL, true, 1);
        *fresh = (void *)(key(s, obj, SPECIAL_WEAK) + s->base);
        bool first = special_add(p, (struct special){.kind = SPECIAL_WEAK, .word = fresh, .obj = obj});
        handle = first ? fresh : known_handle(s, obj); // another goroutine may have been first
    }
    if (gc_marking())
        mark_grey(p->gcwork, (uintptr_t)handle);
    return handle;
}

void *weak_get(struct p *p, void *handle)
{
    if (!span_of((uintptr_t)handle))
        return handle;
    void *obj = __atomic_load_n((void **)handle, __ATOMIC_RELAXED);
    struct span *s = span_of((uintptr_t)obj);
    if (s)
        sweep_ensure(s); // it may be another span by now: then the handle is clear
    obj = __atomic_load_n((void **)handle, __ATOMIC_RELAXED);
    if (obj && gc_marking())
        mark_grey(p->gcwork, (uintptr_t)obj);
    return obj;
}
