/*
 * escape_graph: locations, the edges between them, and the solver.
 *
 * An edge dst ← src with `derefs` says that dst may hold what src gives after so many dereferences; -1 is src's address. The solver
 * starts a walk at every location (the root) and finds, backwards along the edges, from how many dereferences each other location
 * reaches it, at least (Bellman and Ford's relaxation; a partial sum is never below 0, since &x; x = y says nothing about y's
 * address, so there are no negative cycles). Whatever reaches the root by its address must not outlive less than the root does, or it
 * escapes. A location that turns to escaping, mutating or calling is a root once more; each turns at most once, so walks are few.
 *
 * What a parameter's value reaches, the heap or a result, is recorded in its tag.
 */
#include "escape_internal.h"

/* ---- locations ---- */

struct location *esc_location_new(struct walk *w, enum location_kind kind)
{
    struct batch *b = w->batch;
    struct location *l = ARENA_NEW(w->e->arena, struct location);
    l->kind = (uint8_t)kind;
    l->code = w->code;
    l->loop_depth = w->loop_depth;
    memset(&l->tag, -1, sizeof l->tag);
    b->locations =
        arena_grow(w->e->arena, b->locations, sizeof *b->locations, b->location_count + 1, &b->location_capacity);
    b->locations[b->location_count++] = l;
    *l->code->end = l;
    l->code->end = &l->next;
    return l;
}

struct location *esc_variable_location(const struct escape_result *u, const struct object *object)
{
    return esc_map_get(&u->variables, object, 0);
}

struct location *esc_new_variable(struct walk *w, struct object *object)
{
    struct escape_result *u = w->code->unit;
    struct location *l = esc_location_new(w, LOCATION_VARIABLE);
    l->object = object;
    l->type = esc_subst(u, object->type);
    l->pos = object->pos;
    l->param = object->is_param;
    l->result = object->is_result;
    esc_map_put(w->e->arena, &u->variables, object, 0, l);
    return l;
}

struct location *esc_new_temporary(struct walk *w, struct type *type)
{
    struct location *l = esc_location_new(w, LOCATION_TEMPORARY);
    l->type = type;
    return l;
}

/* ---- holes and edges ---- */

struct hole esc_hole_to(struct location *l)
{
    return (struct hole){.dst = l};
}

struct hole esc_hole_shift(struct hole k, int delta)
{
    k.derefs += delta;
    k.addrtaken = delta < 0;
    return k;
}

struct hole esc_heap_hole(struct walk *w)
{
    return esc_hole_to(&w->batch->heap);
}

struct hole esc_mutator_hole(struct walk *w)
{
    return esc_hole_to(w->e->rules->mutations ? &w->batch->mutator : &w->batch->blank);
}

struct hole esc_discard_hole(struct walk *w)
{
    return esc_hole_to(&w->batch->blank);
}

void esc_flow(struct batch *b, struct hole k, struct location *src)
{
    if (k.addrtaken)
        src->addrtaken = true;
    struct location *dst = k.dst;
    if (dst == &b->blank || (dst == src && k.derefs >= 0))
        return;
    if ((dst->attrs & ATTR_ESCAPES) && k.derefs < 0) {
        src->attrs |= ATTR_ESCAPES | ATTR_MUTATES | ATTR_CALLS;
        if (b->escape->explains && !src->why)
            src->why = esc_single_hop(b, src, dst, k.derefs);
        return;
    }
    dst->edges = arena_grow(b->escape->arena, dst->edges, sizeof *dst->edges, dst->edge_count + 1, &dst->edge_capacity);
    dst->edges[dst->edge_count++] = (struct edge){src, k.derefs, b->act};
}

void esc_flow_typed(struct walk *w, struct hole k, struct location *src)
{
    if (k.derefs >= 0 && src->type && !esc_has_pointers(w->code->unit, src->type))
        k.dst = &w->batch->blank;
    esc_flow(w->batch, k, src);
}

struct hole esc_tee(struct walk *w, const struct hole *holes, uint32_t count)
{
    if (count == 0)
        return esc_discard_hole(w);
    if (count == 1)
        return holes[0];
    struct location *l = esc_new_temporary(w, NULL);
    for (uint32_t i = 0; i < count; i++)
        esc_flow(w->batch, holes[i], l);
    return esc_hole_to(l);
}

struct hole esc_spill(struct walk *w, struct hole k, const struct expr *x, enum escape_role role, uint32_t sub,
                      struct pos pos, struct type *type)
{
    struct location *l = esc_location_new(w, LOCATION_SITE);
    l->expr = x;
    l->role = (uint8_t)role;
    l->sub = sub;
    l->pos = pos;
    l->type = type;
    esc_map_put(w->e->arena, &w->code->unit->sites, x, role + (sub << 4), l);
    esc_flow(w->batch, esc_hole_shift(k, -1), l);
    return esc_hole_to(l);
}

/* ---- lifetimes ---- */

/* Is inner a literal inside outer (not outer itself)? Literals that capture nothing count, though they are units of their own. */
static bool contains(const struct code *outer, const struct code *inner)
{
    for (; inner && inner->outer; inner = inner->outer)
        if (inner->outer == outer)
            return true;
    const struct function *f = inner && inner->function ? inner->function->outer : NULL;
    while (f && f != outer->function)
        f = f->outer;
    return f != NULL;
}

static bool results_followed(const struct batch *b, const struct code *c)
{
    return b->escape->rules->mutations ? !c->results_lost : c->called;
}

/* May what l holds live longer than `other`, were it on the stack? */
static bool outlives(const struct batch *b, const struct location *l, const struct location *other)
{
    if (l->attrs & ATTR_ESCAPES)
        return true;
    if (l->kind == LOCATION_PSEUDO)
        return false;
    if (l->result)
        return !(contains(other->code, l->code) && results_followed(b, l->code));
    if (l->code == other->code && l->loop_depth < other->loop_depth)
        return true;
    return contains(l->code, other->code);
}

/* ---- tags ---- */

void esc_tag_add(int8_t *slot, int derefs)
{
    if (derefs > INT8_MAX)
        derefs = INT8_MAX;
    if (*slot < 0 || derefs < *slot)
        *slot = (int8_t)derefs;
}

static void leak(const struct batch *b, struct location *l, const struct location *sink, int derefs)
{
    if (!(sink->attrs & ATTR_ESCAPES) && sink->result && sink->code == l->code &&
        (int)sink->result_index < b->escape->rules->tagged_results)
        esc_tag_add(&l->tag.result[sink->result_index], derefs);
    else
        esc_tag_add(&l->tag.heap, derefs);
}

/* ---- the queue ---- */

/* A ring of locations; count is a power of two. */
struct queue {
    struct arena *arena;
    struct location **items;
    uint32_t size, head, used;
};

static void queue_room(struct queue *q)
{
    if (q->used < q->size)
        return;
    uint32_t size = q->size ? q->size * 2 : 64;
    struct location **items = ARENA_ARRAY(q->arena, struct location *, size);
    for (uint32_t i = 0; i < q->used; i++)
        items[i] = q->items[(q->head + i) & (q->size - 1)];
    *q = (struct queue){q->arena, items, size, 0, q->used};
}

static void push_back(struct queue *q, struct location *l)
{
    queue_room(q);
    q->items[(q->head + q->used++) & (q->size - 1)] = l;
}

static void push_front(struct queue *q, struct location *l)
{
    queue_room(q);
    q->head = (q->head - 1) & (q->size - 1);
    q->items[q->head] = l;
    q->used++;
}

static struct location *pop_front(struct queue *q)
{
    struct location *l = q->items[q->head];
    q->head = (q->head + 1) & (q->size - 1);
    q->used--;
    return l;
}

/* ---- the solver ---- */

struct solver {
    struct batch *batch;
    struct queue roots, reached;
    uint32_t walk;
};

static void enqueue_root(struct solver *s, struct location *l)
{
    if (l->queued)
        return;
    l->queued = true;
    if (l->attrs & ATTR_ESCAPES)
        push_front(&s->roots, l);
    else
        push_back(&s->roots, l);
}

/* A literal whose results somebody may use unseen: they flow on from its result variables. */
static void lose_results(struct solver *s, const struct location *root)
{
    struct code *c = root->closure;
    if (!(root->attrs & ATTR_CALLS) || !c || c->results_lost)
        return;
    c->results_lost = true;
    for (uint32_t i = 0; i < c->result_count; i++)
        enqueue_root(s, c->results[i]);
}

/* What reaching the root by derefs makes of l. */
static uint8_t attrs_from(const struct solver *s, const struct location *root, const struct location *l, int derefs)
{
    uint8_t attrs = 0;
    if (derefs < 0 && outlives(s->batch, root, l))
        attrs |= ATTR_ESCAPES | ATTR_MUTATES | ATTR_CALLS;
    if (derefs <= 0)
        attrs |= root->attrs & (ATTR_MUTATES | ATTR_CALLS);
    return attrs;
}

static void note_leak(const struct solver *s, const struct location *root, struct location *l, int derefs)
{
    if (!l->param)
        return;
    if (outlives(s->batch, root, l)) {
        leak(s->batch, l, root, derefs);
        if (s->batch->escape->explains && !l->why)
            l->why = esc_way(s->batch, l, root);
    }
    if (root->attrs & ATTR_MUTATES)
        esc_tag_add(&l->tag.mutator, derefs);
    if (root->attrs & ATTR_CALLS)
        esc_tag_add(&l->tag.callee, derefs);
}

static void relax(struct solver *s, const struct location *l, int derefs)
{
    for (uint32_t i = 0; i < l->edge_count; i++) {
        struct location *src = l->edges[i].src;
        int d = derefs + l->edges[i].derefs;
        if ((src->attrs & ATTR_ESCAPES) || (src->walk == s->walk && src->derefs <= d))
            continue;
        src->walk = s->walk;
        src->derefs = d;
        src->toward = l;
        src->by = &l->edges[i];
        if (src->queued_walk == s->walk)
            continue;
        src->queued_walk = s->walk;
        push_back(&s->reached, src);
    }
}

static void walk_from(struct solver *s, struct location *root)
{
    root->walk = ++s->walk;
    root->derefs = 0;
    lose_results(s, root);
    push_front(&s->reached, root);
    while (s->reached.used) {
        struct location *l = pop_front(&s->reached);
        l->queued_walk = 0;
        uint8_t attrs = attrs_from(s, root, l, l->derefs);
        int derefs = l->derefs < 0 ? 0 : l->derefs;
        note_leak(s, root, l, derefs);
        if (attrs & ~l->attrs) {
            if (s->batch->escape->explains && (attrs & ~l->attrs & ATTR_ESCAPES))
                l->why = esc_way(s->batch, l, root);
            l->attrs |= attrs;
            enqueue_root(s, l);
            if (l->attrs & ATTR_ESCAPES)
                continue;
        }
        relax(s, l, derefs);
    }
}

void esc_batch_solve(struct batch *b)
{
    struct arena scratch;
    arena_init(&scratch);
    struct solver s = {.batch = b, .roots.arena = &scratch, .reached.arena = &scratch};
    for (uint32_t i = 0; i < b->location_count; i++) {
        push_front(&s.roots, b->locations[i]);
        b->locations[i]->queued = true;
    }
    struct location *pseudo[] = {&b->mutator, &b->callee, &b->heap};
    for (uint32_t i = 0; i < 3; i++) {
        push_front(&s.roots, pseudo[i]);
        pseudo[i]->queued = true;
    }
    while (s.roots.used) {
        struct location *root = pop_front(&s.roots);
        root->queued = false;
        walk_from(&s, root);
    }
    arena_free(&scratch);
}
