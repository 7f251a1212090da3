/*
 * check_init: the order in which a package's variables are initialised.
 *
 * Language rule: repeatedly the earliest variable in declaration order whose initialiser refers, directly or through functions, to
 * no variable that is still to be initialised. Here: each variable gets the set of variables it reaches through the
 * dependency graph (functions and methods are passed through), and a scan in source order emits what is ready. Reaching
 * oneself is an initialisation cycle.
 *
 * Sets are bitmaps over the package's variables. Functions may call each other in circles, so reachability is by strongly
 * connected components (Tarjan's algorithm, with an explicit stack): all members of a component reach the same variables.
 */
#include <stdlib.h>

#include "check_internal.h"

struct node {
    struct object *object;
    uint32_t index; /* of Tarjan's walk; 0: not visited */
    uint32_t low;
    bool on_stack;
    uint32_t next_dep; /* how far its dependencies are followed */
    uint32_t component;
};

struct graph {
    struct checker *c;
    struct node *nodes; /* one per package-level object, at order - 1 */
    uint32_t count;
    uint32_t next_index;
    struct node **stack;
    uint32_t depth;
    struct node **walk;
    uint32_t walk_depth;
    uint32_t components;
    uint64_t **reach; /* of each component: bits by order of variable */
    uint32_t words;
};

static struct node *node_of(struct graph *g, const struct object *o)
{
    return &g->nodes[o->order - 1];
}

static void set_bit(uint64_t *bits, const struct object *o)
{
    bits[(o->order - 1) / 64] |= (uint64_t)1 << ((o->order - 1) % 64);
}

static bool get_bit(const uint64_t *bits, const struct object *o)
{
    return bits[(o->order - 1) / 64] >> ((o->order - 1) % 64) & 1;
}

/* A variable without an initialiser takes its turn too: until then it is not initialised. */
static bool counts(const struct object *o)
{
    return o->info && (o->kind == OBJECT_VAR || (o->kind == OBJECT_CONST && o->info->init));
}

static void add_reach(struct graph *g, uint64_t *bits, const struct node *n)
{
    const struct object_list deps = n->object->info->deps;
    for (uint32_t i = 0; i < deps.count; i++) {
        const struct object *d = deps.items[i];
        if (counts(d))
            set_bit(bits, d);
        const uint64_t *other = g->reach[node_of(g, d)->component];
        if (other && other != bits)
            for (uint32_t w = 0; w < g->words; w++)
                bits[w] |= other[w];
    }
}

static void close_component(struct graph *g, struct node *root)
{
    uint32_t id = ++g->components;
    uint32_t first = g->depth;
    do {
        first--;
        g->stack[first]->on_stack = false;
        g->stack[first]->component = id;
    } while (g->stack[first] != root);
    uint64_t *bits = g->reach[id] = ARENA_ARRAY(g->c->arena, uint64_t, g->words);
    for (uint32_t i = first; i < g->depth; i++)
        add_reach(g, bits, g->stack[i]);
    g->depth = first;
}

static void enter(struct graph *g, struct node *n)
{
    n->index = n->low = ++g->next_index;
    n->on_stack = true;
    g->stack[g->depth++] = n;
    g->walk[g->walk_depth++] = n;
}

static void step(struct graph *g)
{
    struct node *n = g->walk[g->walk_depth - 1];
    const struct object_list deps = n->object->info->deps;
    if (n->next_dep < deps.count) {
        struct node *d = node_of(g, deps.items[n->next_dep++]);
        if (!d->index)
            enter(g, d);
        else if (d->on_stack && d->index < n->low)
            n->low = d->index;
        return;
    }
    g->walk_depth--;
    if (n->low == n->index)
        close_component(g, n);
    if (g->walk_depth && n->low < g->walk[g->walk_depth - 1]->low)
        g->walk[g->walk_depth - 1]->low = n->low;
}

static struct graph build(struct checker *c)
{
    uint32_t n = c->object_count;
    struct graph g = {.c = c,
                      .nodes = ARENA_ARRAY(c->arena, struct node, n),
                      .count = n,
                      .stack = ARENA_ARRAY(c->arena, struct node *, n),
                      .walk = ARENA_ARRAY(c->arena, struct node *, n),
                      .reach = ARENA_ARRAY(c->arena, uint64_t *, n + 1),
                      .words = n / 64 + 1};
    for (uint32_t i = 0; i < n; i++)
        g.nodes[i].object = c->objects[i];
    for (uint32_t i = 0; i < n; i++) {
        if (g.nodes[i].index)
            continue;
        enter(&g, &g.nodes[i]);
        while (g.walk_depth)
            step(&g);
    }
    return g;
}

/* ---- cycles ---- */

/* Extends a path from `from` to `to` by depth-first search; fills path backwards from `to`. */
static uint32_t find_path(const struct object *from, struct object *to, bool *seen, struct object **path)
{
    if (seen[from->order - 1])
        return 0;
    seen[from->order - 1] = true;
    const struct object_list deps = from->info->deps;
    for (uint32_t i = 0; i < deps.count; i++) {
        if (deps.items[i] == to) {
            path[0] = to;
            return 1;
        }
        uint32_t n = find_path(deps.items[i], to, seen, path);
        if (n) {
            path[n] = deps.items[i];
            return n + 1;
        }
    }
    return 0;
}

static void report_cycle(struct checker *c, struct object *o)
{
    bool *seen = ARENA_ARRAY(c->arena, bool, c->object_count);
    struct object **path = ARENA_ARRAY(c->arena, struct object *, c->object_count + 1);
    uint32_t n = find_path(o, o, seen, path);
    if (n <= 1) {
        check_error(c, o->pos, "initialization cycle: %N refers to itself", o->name);
        return;
    }
    struct text out;
    text_init(&out, c->arena);
    text_puts(&out, check_format(c, "initialization cycle for %N", o->name));
    const struct object *at = o;
    for (uint32_t i = n; i > 0; i--) {
        const struct object *next = path[i - 1];
        text_puts(&out, check_format(c, "\n\t%P: %N refers to %N", at->pos, at->name, next->name));
        at = next;
    }
    check_error(c, o->pos, "%s", text_string(&out));
}

/* What o depends on, directly or through functions, which are passed through. */
static void add_direct(uint64_t *bits, const struct object *o, bool *seen)
{
    const struct object_list deps = o->info->deps;
    for (uint32_t i = 0; i < deps.count; i++) {
        const struct object *d = deps.items[i];
        if (counts(d))
            set_bit(bits, d);
        else if (!seen[d->order - 1]) {
            seen[d->order - 1] = true;
            add_direct(bits, d, seen);
        }
    }
}

/* A constant or variable, and how many others it still waits for. */
struct waiting {
    struct object *object;
    uint64_t *on; /* by order */
    uint32_t left;
};

static struct waiting *list_waiting(struct graph *g, uint32_t *count)
{
    struct checker *c = g->c;
    struct waiting *list = ARENA_ARRAY(c->arena, struct waiting, c->object_count);
    bool *seen = ARENA_ARRAY(c->arena, bool, c->object_count);
    for (uint32_t i = 0; i < c->object_count; i++) {
        if (!counts(c->objects[i]))
            continue;
        struct waiting *w = &list[(*count)++];
        *w = (struct waiting){c->objects[i], ARENA_ARRAY(c->arena, uint64_t, g->words), 0};
        memset(seen, 0, c->object_count * sizeof *seen);
        add_direct(w->on, w->object, seen);
        for (uint32_t k = 0; k < g->words; k++)
            w->left += (uint32_t)__builtin_popcountll(w->on[k]);
    }
    return list;
}

static int by_order(const void *a, const void *b)
{
    const struct object *x = *(struct object *const *)a, *y = *(struct object *const *)b;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* The toolchain takes whatever waits for the fewest; when that still waits, and for itself, it is a cycle, which is then broken there. */
static void report_cycles(struct graph *g)
{
    uint32_t count = 0;
    struct waiting *list = list_waiting(g, &count);
    for (uint32_t i = 0; i < g->count; i++)
        if (g->nodes[i].object->info->deps.count)
            qsort(g->nodes[i].object->info->deps.items, g->nodes[i].object->info->deps.count, sizeof(struct object *),
                  by_order);
    for (; count; count--) {
        struct waiting *least = list;
        for (struct waiting *w = list; w < list + count; w++)
            if (w->left < least->left)
                least = w;
        struct object *o = least->object;
        if (least->left && get_bit(g->reach[node_of(g, o)->component], o))
            report_cycle(g->c, o);
        memmove(least, least + 1, (size_t)(list + count - least - 1) * sizeof *least);
        for (struct waiting *w = list; w < list + count - 1; w++)
            w->left -= get_bit(w->on, o);
    }
}

/* ---- order ---- */

static bool ready(const uint64_t *reach, const uint64_t *pending, uint32_t words)
{
    for (uint32_t i = 0; i < words; i++)
        if (reach[i] & pending[i])
            return false;
    return true;
}

static void emit(struct checker *c, struct object *o, uint32_t at)
{
    struct decl_info *info = o->info;
    struct object **lhs = info->lhs;
    if (!lhs) {
        lhs = ARENA_ARRAY(c->arena, struct object *, 1);
        lhs[0] = o;
    }
    c->package->inits[at] = (struct initializer){lhs, info->lhs ? info->lhs_count : 1, info->init};
}

/* The variables of one declaration are initialised together. */
static void settle(struct object *o, uint64_t *pending)
{
    const struct decl_info *info = o->info;
    for (uint32_t i = 0; i < (info->lhs ? info->lhs_count : 1); i++) {
        const struct object *v = info->lhs ? info->lhs[i] : o;
        if (v->order)
            pending[(v->order - 1) / 64] &= ~((uint64_t)1 << ((v->order - 1) % 64));
    }
    o->info->emitted = true;
}

static uint32_t order_variables(struct graph *g, struct object **vars, uint32_t count, uint64_t *pending)
{
    struct checker *c = g->c;
    uint32_t done = 0;
    bool progress = true;
    while (progress) {
        progress = false;
        for (uint32_t i = 0; i < count; i++) {
            struct object *o = vars[i];
            if (o->info->emitted || !ready(g->reach[node_of(g, o)->component], pending, g->words))
                continue;
            if (o->info->init)
                emit(c, o, done++);
            settle(o, pending);
            progress = true;
            break;
        }
    }
    return done;
}

void check_init_order(struct checker *c)
{
    struct graph g = build(c);
    uint64_t *pending = ARENA_ARRAY(c->arena, uint64_t, g.words);
    struct object **vars = ARENA_ARRAY(c->arena, struct object *, c->object_count);
    uint32_t count = 0;
    bool cycle = false;
    for (uint32_t i = 0; i < c->object_count; i++) {
        struct object *o = c->objects[i];
        if (!counts(o))
            continue;
        cycle |= get_bit(g.reach[node_of(&g, o)->component], o);
        if (o->kind == OBJECT_CONST)
            continue;
        vars[count++] = o;
        set_bit(pending, o);
    }
    if (cycle)
        report_cycles(&g);
    c->package->inits = ARENA_ARRAY(c->arena, struct initializer, count);
    c->package->init_count = cycle ? 0 : order_variables(&g, vars, count, pending);
}
