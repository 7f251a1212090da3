/*
 * check_mono: generic code that would need endlessly many instances.
 *
 * A graph over type parameters: an edge P → Q with weight 0 says that Q is instantiated with P itself, weight 1 with a
 * larger type that contains P. A cycle of positive weight (f[T] calls f[[]T]) never ends. Local types of generic functions
 * are vertices too, as they contain the function's parameters. The heaviest path to each vertex is computed by relaxation;
 * a path as long as there are vertices goes round in a circle.
 */
#include "check_internal.h"

struct mono_edge {
    uint32_t to;
    uint32_t from;
    uint32_t weight;
    struct pos pos;
    struct type *type;
};

struct mono_vertex {
    uint32_t weight;
    uint32_t edge; /* last edge of the heaviest path */
    uint32_t length;
};

static uint32_t vertex(struct checker *c, struct object *o)
{
    for (uint32_t i = 0; i < c->vertex_count; i++)
        if (c->vertices[i] == o)
            return i;
    c->vertices = arena_grow(c->arena, c->vertices, sizeof *c->vertices, c->vertex_count + 1, &c->vertex_capacity);
    c->vertices[c->vertex_count] = o;
    return c->vertex_count++;
}

static void add_edge(struct checker *c, struct mono_edge e)
{
    c->edges = arena_grow(c->arena, c->edges, sizeof *c->edges, c->edge_count + 1, &c->edge_capacity);
    c->edges[c->edge_count++] = e;
}

struct flow {
    struct checker *c;
    struct type *param;
    struct type *arg; /* the whole argument */
    struct pos pos;
};

static void flow_from(struct flow *f, struct type *x);

static void flow_list(struct flow *f, struct type_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        flow_from(f, list.items[i]);
}

static void flow_objects(struct flow *f, struct object_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        flow_from(f, list.items[i]->type);
}

static void flow_vertex(struct flow *f, struct object *from, const struct type *x)
{
    struct checker *c = f->c;
    uint32_t to = vertex(c, f->param->param.object), source = vertex(c, from);
    add_edge(c, (struct mono_edge){to, source, x != f->arg, f->pos, f->arg});
}

static void flow_local(struct flow *f, struct type *origin)
{
    struct checker *c = f->c;
    if (origin->named.object->package != c->package || origin->named.outer.count == 0)
        return;
    uint32_t at = vertex(c, origin->named.object);
    for (uint32_t i = 0; i < origin->named.outer.count; i++) {
        struct type *p = origin->named.outer.items[i];
        add_edge(c, (struct mono_edge){at, vertex(c, p->param.object), 1, origin->named.object->pos, p});
    }
    flow_vertex(f, origin->named.object, origin);
}

static void flow_from(struct flow *f, struct type *x)
{
    if (!types_mentions_params(f->c->t, x))
        return;
    switch ((enum type_kind)x->kind) {
    case TYPE_PARAM:
        flow_vertex(f, x->param.object, x);
        break;
    case TYPE_NAMED:
        flow_local(f, x->named.origin ? x->named.origin : x);
        flow_list(f, x->named.args);
        break;
    case TYPE_POINTER:
    case TYPE_SLICE:
    case TYPE_CHAN:
        flow_from(f, x->pointer.elem);
        break;
    case TYPE_ARRAY:
        flow_from(f, x->array.elem);
        break;
    case TYPE_MAP:
        flow_from(f, x->map.key);
        flow_from(f, x->map.elem);
        break;
    case TYPE_FUNC:
        flow_from(f, x->func.params);
        flow_from(f, x->func.results);
        break;
    case TYPE_TUPLE:
        flow_list(f, x->tuple);
        break;
    case TYPE_STRUCT:
        flow_objects(f, x->struct_.fields);
        break;
    case TYPE_INTERFACE:
        flow_objects(f, types_set(f->c->t, x)->methods);
        break;
    default:
        break;
    }
}

void check_mono_instance(struct checker *c, struct pos pos, struct type_list params, struct type_list args,
                         struct expr_list xlist)
{
    for (uint32_t i = 0; i < params.count; i++) {
        struct type *p = params.items[i];
        if (p->param.object->package != c->package)
            continue;
        struct flow f = {c, p, args.items[i], i < xlist.count ? ast_start(xlist.items[i]) : pos};
        flow_from(&f, args.items[i]);
    }
}

static void report_loop(struct checker *c, uint32_t v)
{
    bool *seen = ARENA_ARRAY(c->arena, bool, c->vertex_count);
    uint32_t *loop = ARENA_ARRAY(c->arena, uint32_t, c->vertex_count), n = 0;
    while (!seen[v]) {
        seen[v] = true;
        v = c->edges[c->weights[v].edge].from;
    }
    uint32_t start = v;
    do {
        loop[n++] = v;
        v = c->edges[c->weights[v].edge].from;
    } while (v != start && n < c->vertex_count);
    struct text out;
    text_init(&out, c->arena);
    text_puts(&out, "instantiation cycle:");
    for (uint32_t i = 0; i < n; i++) {
        const struct mono_edge *e = &c->edges[c->weights[loop[i]].edge];
        const struct object *o = c->vertices[e->to];
        text_puts(&out, check_format(c,
                                     o->type->kind == TYPE_PARAM ? "\n\t%P: %N instantiated as %T"
                                                                 : "\n\t%P: %N implicitly parameterized by %T",
                                     e->pos, o->name, e->type));
    }
    check_error(c, c->vertices[start]->pos, "%s", text_string(&out));
}

void check_mono(struct checker *c)
{
    c->weights = ARENA_ARRAY(c->arena, struct mono_vertex, c->vertex_count);
    bool again = true;
    while (again) {
        again = false;
        for (uint32_t i = 0; i < c->edge_count; i++) {
            const struct mono_edge *e = &c->edges[i];
            const struct mono_vertex *from = &c->weights[e->from];
            struct mono_vertex *to = &c->weights[e->to];
            if (from->weight + e->weight <= to->weight)
                continue;
            *to = (struct mono_vertex){from->weight + e->weight, i, from->length + 1};
            if (to->length >= c->vertex_count) {
                report_loop(c, e->to);
                return;
            }
            again = true;
        }
    }
}
