/*
 * escape: units, batches, answers.
 *
 * A unit is analysed when it is asked for, after the units it refers to. That order comes from a search for strongly connected
 * components of the references between functions (Tarjan's, numbered as the toolchain does it, so that batches and their listings
 * come out in the same order): a component, functions that call each other in a circle, is one batch. References are found on the
 * tree; a generic function's unit is made for the type arguments at hand, so the graph unfolds as it is searched.
 *
 * A batch goes through these steps:
 *   1. plan   each literal gets its code, each variable its location (escape_stmt.c)
 *   2. walk   the trees become edges (escape_stmt.c, escape_expr.c, escape_call.c)
 *   3. close  closures capture by value or by reference, now that all assignments are known
 *   4. limit  what is too large for the stack flows to the heap
 *   5. solve  (escape_graph.c)
 *   6. tag    parameters' leaks are kept for callers in later batches, lines are listed
 *   7. place  append's buffers (escape_append.c)
 *
 * Functions without a body leak everything, except those marked //go:noescape.
 */
#include "escape_internal.h"

static const struct escape_rules rules_table[] = {
    {26, 5, 128 << 10, true, true, true, true, true, true, true, true},
    {25, 5, 128 << 10, true, true, true, true, true, false, false, true},
    {24, 5, 128 << 10, true, false, false, true, false, false, false, true},
    {23, 5, 10 << 20, true, false, false, true, false, false, false, true},
    {22, 5, 10 << 20, true, false, false, false, false, false, false, true},
    {20, 7, 10 << 20, false, false, false, false, false, false, false, true},
    {0, 7, 10 << 20, false, false, false, false, false, false, false, false},
};

static const struct escape_rules *rules_of(int release)
{
    const struct escape_rules *r = rules_table;
    while (release < r->since)
        r++;
    return r;
}

int escape_tagged_results(int release)
{
    return rules_of(release)->tagged_results;
}

/* ---- tables ---- */

static uint32_t hash_key(const void *key, uint32_t sub)
{
    uint64_t h = ((uint64_t)(uintptr_t)key >> 4) * 0x9e3779b97f4a7c15u + sub * 0x85ebca6bu;
    return (uint32_t)(h >> 32);
}

void *esc_map_get(const struct escape_map *m, const void *key, uint32_t sub)
{
    if (m->size == 0)
        return NULL;
    for (struct escape_entry *e = m->buckets[hash_key(key, sub) & (m->size - 1)]; e; e = e->next)
        if (e->key == key && e->sub == sub)
            return e->value;
    return NULL;
}

static void map_rehash(struct arena *a, struct escape_map *m)
{
    uint32_t size = m->size ? m->size * 2 : 16;
    struct escape_entry **buckets = ARENA_ARRAY(a, struct escape_entry *, size);
    for (uint32_t i = 0; i < m->size; i++)
        for (struct escape_entry *e = m->buckets[i], *next; e; e = next) {
            next = e->next;
            uint32_t at = hash_key(e->key, e->sub) & (size - 1);
            e->next = buckets[at];
            buckets[at] = e;
        }
    m->buckets = buckets;
    m->size = size;
}

void esc_map_put(struct arena *a, struct escape_map *m, const void *key, uint32_t sub, void *value)
{
    if (m->count >= m->size)
        map_rehash(a, m);
    struct escape_entry **bucket = &m->buckets[hash_key(key, sub) & (m->size - 1)];
    for (struct escape_entry *e = *bucket; e; e = e->next)
        if (e->key == key && e->sub == sub) {
            e->value = value;
            return;
        }
    struct escape_entry *e = ARENA_NEW(a, struct escape_entry);
    *e = (struct escape_entry){key, sub, value, *bucket};
    *bucket = e;
    m->count++;
}

/* ---- types as a unit sees them ---- */

struct type *esc_subst(const struct escape_result *u, struct type *type)
{
    if (u->args.count == 0 || !types_mentions_params(u->escape->t, type))
        return type;
    return types_subst(u->escape->t, type, u->params, u->args);
}

struct type *esc_type(const struct escape_result *u, const struct expr *x)
{
    return esc_subst(u, x->type);
}

struct type *esc_under(const struct escape_result *u, struct type *type)
{
    return types_underlying(u->escape->t, esc_subst(u, type));
}

static bool has_layout(const struct type *type)
{
    return type->kind != TYPE_TUPLE && type->kind != TYPE_PARAM && !type_is_untyped(type) && type_valid(type);
}

bool esc_has_pointers(const struct escape_result *u, struct type *type)
{
    type = esc_subst(u, type);
    if (!has_layout(type) || types_mentions_params(u->escape->t, type))
        return !type_is_untyped(type);
    return layout_of(u->escape->t, type)->pointer_words != 0;
}

int64_t esc_size(const struct escape_result *u, struct type *type)
{
    type = esc_subst(u, type);
    if (!has_layout(type) || types_mentions_params(u->escape->t, type))
        return 0;
    int64_t size = layout_of(u->escape->t, type)->size;
    return size < 0 ? INT64_MAX : size;
}

bool esc_is_interface(const struct escape_result *u, struct type *type)
{
    return esc_under(u, type)->kind == TYPE_INTERFACE && !type_is_param(esc_subst(u, type));
}

bool esc_is_string(const struct escape_result *u, struct type *type)
{
    return types_is(u->escape->t, esc_subst(u, type), BASIC_IS_STRING);
}

static bool direct_by_structure(const struct escape_result *u, struct type *type)
{
    struct type *under = esc_under(u, type);
    switch (under->kind) {
    case TYPE_POINTER:
    case TYPE_CHAN:
    case TYPE_MAP:
    case TYPE_FUNC:
        return true;
    case TYPE_BASIC:
        return under->basic == BASIC_UNSAFE_POINTER;
    case TYPE_ARRAY:
        return under->array.len == 1 && direct_by_structure(u, under->array.elem);
    case TYPE_STRUCT:
        return under->struct_.fields.count == 1 && direct_by_structure(u, under->struct_.fields.items[0]->type);
    default:
        return false;
    }
}

bool esc_is_direct(const struct escape_result *u, struct type *type)
{
    type = esc_subst(u, type);
    if (u->escape->release < 26 || !has_layout(type))
        return direct_by_structure(u, type);
    const struct type_layout *l = layout_of(u->escape->t, type);
    return l->size == u->escape->t->target->word_size && l->pointer_words == 1;
}

struct type_list esc_substitute_list(const struct escape_result *u, struct type_list list)
{
    struct type **items = ARENA_ARRAY(u->escape->arena, struct type *, list.count);
    for (uint32_t i = 0; i < list.count; i++)
        items[i] = esc_subst(u, list.items[i]);
    return (struct type_list){items, list.count};
}

/* ---- units ---- */

struct escape *escape_new(struct program *p, int release)
{
    struct escape *e = ARENA_NEW(&p->compilation->arena, struct escape);
    e->program = p;
    e->t = &p->types;
    e->arena = &p->compilation->arena;
    e->release = release;
    e->rules = rules_of(release);
    return e;
}

struct code *esc_code_new(struct escape_result *u, struct code *outer, struct function *f, const struct expr *literal)
{
    struct code *c = ARENA_NEW(u->escape->arena, struct code);
    c->unit = u;
    c->outer = outer;
    c->function = f;
    c->literal = literal;
    *u->code_end = c;
    u->code_end = &c->next;
    if (literal)
        esc_map_put(u->escape->arena, &u->codes, literal, 0, c);
    return c;
}

struct code *esc_code_of(const struct escape_result *u, const struct expr *literal)
{
    return esc_map_get(&u->codes, literal, 0);
}

static bool same_types(struct types *t, struct type_list a, struct type_list b)
{
    if (a.count != b.count)
        return false;
    for (uint32_t i = 0; i < a.count; i++)
        if (!types_identical(t, a.items[i], b.items[i]))
            return false;
    return true;
}

static bool has_noescape(const struct function *f)
{
    for (uint32_t i = 0; f->decl && i < f->decl->directives.count; i++)
        if (strcmp(f->decl->directives.items[i]->text, "//go:noescape") == 0)
            return true;
    return false;
}

static void tag_external(struct escape_result *u)
{
    const struct function *f = u->function;
    bool noescape = has_noescape(f);
    for (uint32_t i = 0; i < u->tag_count; i++) {
        const struct object *o = f->recv ? (i == 0 ? f->recv : f->params.items[i - 1]) : f->params.items[i];
        if (!esc_has_pointers(u, o->type))
            continue;
        if (noescape)
            u->tags[i].mutator = u->tags[i].callee = u->escape->rules->mutations ? 0 : -1;
        else
            u->tags[i].heap = 0;
    }
    u->state = UNIT_TAGGED;
}

static struct escape_result *unit_new(struct escape *e, struct function *f, struct package *package,
                                      struct type_list args)
{
    struct escape_result *u = ARENA_NEW(e->arena, struct escape_result);
    u->escape = e;
    u->package = package;
    u->function = f;
    u->code_end = &u->code;
    u->listed = package && package == e->listing_package && args.count == 0;
    if (f && args.count) {
        u->params = f->tparams;
        u->args = args;
    }
    u->tag_count = f ? f->params.count + (f->recv ? 1 : 0) : 0;
    u->tags = ARENA_ARRAY(e->arena, struct escape_tag, u->tag_count);
    if (u->tag_count)
        memset(u->tags, -1, u->tag_count * sizeof *u->tags);
    return u;
}

struct escape_result *esc_unit(struct escape *e, struct function *f, struct package *package, struct type_list args)
{
    const void *key = f ? (const void *)f : (const void *)package;
    uint32_t n = 0;
    struct escape_result *u;
    for (; (u = esc_map_get(&e->units, key, n)); n++)
        if (same_types(e->t, u->args, args))
            return u;
    u = unit_new(e, f, package, args);
    esc_map_put(e->arena, &e->units, key, n, u);
    if (f && !f->body)
        tag_external(u);
    return u;
}

/* ---- batches ---- */

static void plan_batch(struct batch *b)
{
    b->heap.kind = b->mutator.kind = b->callee.kind = b->blank.kind = LOCATION_PSEUDO;
    b->heap.attrs = ATTR_ESCAPES | ATTR_MUTATES | ATTR_CALLS;
    b->mutator.attrs = ATTR_MUTATES;
    b->callee.attrs = ATTR_CALLS;
    for (uint32_t i = 0; i < b->unit_count; i++) {
        struct escape_result *u = b->units[i];
        u->batch = b;
        u->state = UNIT_PLANNED;
        esc_code_new(u, NULL, u->function, NULL);
        esc_plan(b, u);
    }
}

static void close_over(struct batch *b, const struct closure_flow *f, struct location *l)
{
    const struct escape_result *u = f->code->unit;
    l->by_value = !l->addrtaken && !l->reassigned && esc_size(u, l->type) <= ESCAPE_CAPTURE_LIMIT;
    esc_flow(b, l->by_value ? f->k : esc_hole_shift(f->k, -1), l);
}

static void close_batch(struct batch *b)
{
    for (uint32_t i = 0; i < b->closure_count; i++) {
        const struct closure_flow *f = &b->closures[i];
        for (uint32_t j = 0; j < f->code->captures.count; j++)
            close_over(b, f, esc_variable_location(f->code->unit, f->code->captures.items[j]));
        for (uint32_t j = 0; j < f->code->temp_count; j++)
            close_over(b, f, f->code->temps[j]);
    }
}

static bool calls_builtin(const struct expr *x, enum builtin builtin)
{
    if (x->kind != EXPR_CALL || x->call.kind != CALL_BUILTIN)
        return false;
    const struct expr *fun = ast_unparen(x->call.fun);
    return fun->kind == EXPR_NAME && fun->name.object->builtin == builtin;
}

static bool makes_slice(const struct location *l)
{
    return l->role == ESCAPE_VALUE && calls_builtin(l->expr, BUILTIN_MAKE) &&
           esc_under(l->code->unit, l->type)->kind == TYPE_SLICE;
}

static bool slice_too_large(const struct location *l)
{
    const struct escape_rules *rules = l->code->unit->escape->rules;
    int64_t elem = esc_size(l->code->unit, esc_under(l->code->unit, l->type)->slice.elem);
    int64_t n = 0;
    if (elem == 0 && rules->small_make)
        return true;
    bool known = l->constant && constant_as_int64(l->constant, &n) && n >= INT32_MIN && n <= INT32_MAX;
    if (!known)
        return !rules->small_make;
    return elem != 0 && n > ESCAPE_IMPLICIT_LIMIT / elem;
}

static bool site_too_large(const struct location *l)
{
    const struct escape_result *u = l->code->unit;
    if (l->role != ESCAPE_VALUE)
        return false;
    if (makes_slice(l))
        return slice_too_large(l);
    if (l->expr->kind == EXPR_SELECTOR)
        return esc_size(u, l->expr->selector.selection->holder) > ESCAPE_IMPLICIT_LIMIT;
    struct type *under = esc_under(u, l->type);
    bool pointer =
        l->expr->kind == EXPR_UNARY || l->expr->kind == EXPR_COMPOSITE || calls_builtin(l->expr, BUILTIN_NEW);
    int64_t limit = l->moved ? u->escape->rules->explicit_limit : ESCAPE_IMPLICIT_LIMIT;
    return pointer && under->kind == TYPE_POINTER && esc_size(u, under->pointer.elem) > limit;
}

static bool too_large(const struct location *l)
{
    if (l->kind == LOCATION_SITE)
        return site_too_large(l);
    return l->type && !l->param && !l->result &&
           esc_size(l->code->unit, l->type) > l->code->unit->escape->rules->explicit_limit;
}

static void limit_batch(struct batch *b)
{
    struct hole k = esc_hole_shift(esc_hole_to(&b->heap), -1);
    for (uint32_t i = 0; i < b->location_count; i++)
        if (too_large(b->locations[i]))
            esc_flow(b, k, b->locations[i]);
}

/* Flows that are no shorter than one to the heap say nothing more. */
struct escape_tag esc_shortest(struct escape_tag tag)
{
    if (tag.heap < 0)
        return tag;
    if (tag.mutator >= tag.heap)
        tag.mutator = -1;
    if (tag.callee >= tag.heap)
        tag.callee = -1;
    for (int i = 0; i < ESCAPE_MAX_RESULTS; i++)
        if (tag.result[i] >= tag.heap)
            tag.result[i] = -1;
    return tag;
}

static void tag_unit(struct escape_result *u)
{
    const struct function *f = u->function;
    for (uint32_t i = 0; i < u->tag_count; i++) {
        struct object *o = f->recv ? (i == 0 ? f->recv : f->params.items[i - 1]) : f->params.items[i];
        if (!o->name->blank && esc_has_pointers(u, o->type))
            u->tags[i] = esc_shortest(esc_variable_location(u, o)->tag);
    }
    u->state = UNIT_TAGGED;
}

static void finish_batch(struct batch *b)
{
    for (uint32_t i = 0; i < b->unit_count; i++)
        tag_unit(b->units[i]);
    for (uint32_t i = 0; b->escape->rules->small_make && i < b->unit_count; i++)
        esc_place_appends(b->units[i]);
    for (uint32_t i = 0; i < b->unit_count; i++)
        for (const struct code *c = b->units[i]->code; b->units[i]->listed && c; c = c->next)
            esc_list_parameters(c);
    for (uint32_t i = 0; i < b->location_count; i++)
        if (b->locations[i]->code->unit->listed)
            esc_list_location(b->locations[i]);
}

static void solve_units(struct escape *e, struct escape_result **units, uint32_t count)
{
    struct batch *b = ARENA_NEW(e->arena, struct batch);
    b->escape = e;
    b->units = units;
    b->unit_count = count;
    plan_batch(b);
    for (uint32_t i = 0; i < count; i++)
        esc_walk_code(b, units[i]->code);
    close_batch(b);
    limit_batch(b);
    esc_batch_solve(b);
    finish_batch(b);
}

/* ---- the search for components ---- */

static uint32_t visit(struct escape_result *u);

struct search {
    struct escape_result *unit;
    uint32_t least;
};

static void search_unit(struct search *s, struct escape_result *u);

/* Instances of generic functions belong to the listing of the package that needs them. */
static void refer_listed(struct escape_result *u)
{
    if (u->args.count == 0 || u->referred)
        return;
    u->referred = true;
    if (!esc_shape_is_new(u))
        return;
    u->listed = true;
    if (u->state != UNIT_TAGGED || !u->function->body)
        return;
    struct search again = {u, UINT32_MAX};
    search_unit(&again, u);
    esc_list_unit(u);
}

static void refer(struct search *s, struct escape_result *u)
{
    if (s->unit->listed)
        refer_listed(u);
    uint32_t least = visit(u);
    if (least < s->least)
        s->least = least;
}

static void refer_function(struct search *s, struct object *o, const struct instance *instance)
{
    if (!o || o->kind != OBJECT_FUNC || !o->function || o->recv)
        return;
    struct type_list args = {0};
    if (instance)
        args = esc_substitute_list(s->unit, instance->args);
    if (o->function->tparams.count == args.count)
        refer(s, esc_unit(s->unit->escape, o->function, o->function->package, args));
}

static void refer_method(struct search *s, struct object *method, struct type *holder)
{
    struct object *o = method->origin ? method->origin : method;
    holder = esc_subst(s->unit, holder);
    if (o->kind != OBJECT_FUNC || !o->function || esc_is_interface(s->unit, holder))
        return;
    struct type_list args = holder->kind == TYPE_NAMED ? holder->named.args : (struct type_list){0};
    if (o->function->tparams.count == args.count)
        refer(s, esc_unit(s->unit->escape, o->function, o->function->package, args));
}

/* A literal's unit has the type arguments of the unit it stands in. */
static struct escape_result *literal_unit(struct escape_result *u, const struct expr *x)
{
    struct escape_result *inner = esc_unit(u->escape, x->func.function, u->package, u->args);
    for (const struct escape_result *known = u->literals; known; known = known->next_literal)
        if (known == inner)
            return inner;
    inner->next_literal = u->literals;
    u->literals = inner;
    return inner;
}

/*
 * The toolchain compiles all methods of each instance of a generic type a package mentions, so they belong to its listing.
 */
static void refer_type(struct search *s, struct type *type);

static void refer_parts(struct search *s, const struct type *type)
{
    switch (type->kind) {
    case TYPE_POINTER:
        refer_type(s, type->pointer.elem);
        break;
    case TYPE_SLICE:
        refer_type(s, type->slice.elem);
        break;
    case TYPE_CHAN:
        refer_type(s, type->chan.elem);
        break;
    case TYPE_ARRAY:
        refer_type(s, type->array.elem);
        break;
    case TYPE_MAP:
        refer_type(s, type->map.key);
        refer_type(s, type->map.elem);
        break;
    case TYPE_STRUCT:
        for (uint32_t i = 0; i < type->struct_.fields.count; i++)
            refer_type(s, type->struct_.fields.items[i]->type);
        break;
    default:
        break;
    }
}

static void refer_type(struct search *s, struct type *type)
{
    struct escape *e = s->unit->escape;
    type = esc_subst(s->unit, type);
    if (type->kind == TYPE_BASIC || type->kind == TYPE_INTERFACE || esc_map_get(&e->listed_types, type, 0))
        return;
    esc_map_put(e->arena, &e->listed_types, type, 0, type);
    if (type->kind != TYPE_NAMED) {
        refer_parts(s, type);
        return;
    }
    struct type *origin = type->named.origin;
    for (uint32_t i = 0; origin && i < origin->named.methods.count; i++)
        refer_method(s, origin->named.methods.items[i], type);
    refer_parts(s, esc_under(s->unit, type));
}

static void search_expr(void *context, const struct expr *x)
{
    struct search *s = context;
    if (s->unit->listed && x->type && x->type->kind != TYPE_TUPLE && type_valid(x->type))
        refer_type(s, x->type);
    const struct selection *selection;
    switch (x->kind) {
    case EXPR_NAME:
        refer_function(s, x->name.object, x->name.instance);
        break;
    case EXPR_INDEX:
        if (x->index.instance)
            refer_function(s, x->index.instance->generic, x->index.instance);
        break;
    case EXPR_SELECTOR:
        selection = x->selector.selection;
        if (!selection)
            refer_function(s, x->selector.name->name.object, x->selector.name->name.instance);
        else if (selection->kind == SELECT_METHOD || selection->kind == SELECT_METHOD_EXPR)
            refer_method(s, selection->object, selection->holder);
        break;
    case EXPR_FUNC:
        if (esc_is_plain_literal(s->unit, x))
            refer(s, literal_unit(s->unit, x));
        break;
    case EXPR_CALL:
        if (x->call.kind == CALL_INTERFACE) {
            struct type *type = NULL;
            struct selection found;
            if (esc_devirtual_method(s->unit, x, &type, &found))
                refer_method(s, found.object, found.holder);
        }
        break;
    default:
        break;
    }
}

static void search_unit(struct search *s, struct escape_result *u)
{
    struct esc_scan scan = {.unit = u, .expr = search_expr, .literals = true, .stop_at_plain = true, .context = s};
    if (u->function) {
        esc_scan_stmt(&scan, u->function->body);
        return;
    }
    for (uint32_t i = 0; i < u->package->init_count; i++)
        esc_scan_expr(&scan, u->package->inits[i].rhs);
}

static void pop_component(struct escape *e, const struct escape_result *root)
{
    uint32_t first = e->depth;
    do
        e->stack[--first]->id = UINT32_MAX;
    while (e->stack[first] != root);
    uint32_t count = e->depth - first;
    struct escape_result **units = ARENA_ARRAY(e->arena, struct escape_result *, count);
    memcpy(units, e->stack + first, count * sizeof *units);
    e->depth = first;
    solve_units(e, units, count);
}

/* The smallest number reachable from u; UINT32_MAX when its component is done. */
static uint32_t visit(struct escape_result *u)
{
    struct escape *e = u->escape;
    if (u->state == UNIT_TAGGED) {
        if (u->id == 0 && u->listed)
            esc_list_external(u);
        u->id = UINT32_MAX;
        return u->id;
    }
    if (u->id)
        return u->id;
    uint32_t id = u->id = ++e->visits;
    struct search s = {u, ++e->visits};
    u->state = UNIT_VISITING;
    e->stack = arena_grow(e->arena, e->stack, sizeof *e->stack, e->depth + 1, &e->stack_capacity);
    e->stack[e->depth++] = u;
    esc_collect_facts(u);
    search_unit(&s, u);
    if (s.least == id || s.least == id + 1)
        pop_component(e, u);
    return s.least;
}

struct escape_result *escape_analyse(struct escape *e, struct function *f, struct type_list args)
{
    while (f->outer)
        f = f->outer;
    /* A literal in a package-level initialiser has no function round it. */
    if (!f->decl)
        return escape_analyse_init(e, f->package);
    struct escape_result *u = esc_unit(e, f, f->package, args);
    visit(u);
    return u;
}

struct escape_result *escape_analyse_init(struct escape *e, struct package *p)
{
    struct escape_result *u = esc_unit(e, NULL, p, (struct type_list){0});
    visit(u);
    return u;
}

/* ---- answers ---- */

/* Facts about what stands in a literal may be with the literal's own unit. */
static const struct location *variable_at(const struct escape_result *r, const struct object *variable)
{
    const struct location *l = esc_variable_location(r, variable);
    for (const struct escape_result *u = r->literals; u && !l; u = u->next_literal)
        l = variable_at(u, variable);
    return l;
}

bool escape_variable(const struct escape_result *r, const struct object *variable)
{
    const struct location *l = variable_at(r, variable);
    return !l || (l->attrs & ATTR_ESCAPES);
}

bool escape_by_value(const struct escape_result *r, const struct object *variable)
{
    const struct location *l = variable_at(r, variable);
    return l && l->by_value;
}

static const struct location *site_at(const struct escape_result *r, const struct expr *x, enum escape_role role,
                                      uint32_t index)
{
    const struct location *l = esc_map_get(&r->sites, x, role + (index << 4));
    for (const struct escape_result *u = r->literals; u && !l; u = u->next_literal)
        l = site_at(u, x, role, index);
    return l;
}

enum escape_place escape_site(const struct escape_result *r, const struct expr *x, enum escape_role role,
                              uint32_t index)
{
    const struct location *l = site_at(r, x, role, index);
    if (!l || ((l->attrs & ATTR_ESCAPES) && !l->kept) || l->code->later || l->in_place)
        return ESCAPE_HEAP;
    bool unsure = (makes_slice(l) && !l->constant) || (role == ESCAPE_VALUE && calls_builtin(x, BUILTIN_APPEND));
    return unsure ? ESCAPE_STACK_IF_SMALL : ESCAPE_STACK;
}

struct escape_buffer escape_append(const struct escape_result *r, const struct expr *x)
{
    const struct location *l = site_at(r, x, ESCAPE_VALUE, 0);
    return l ? (struct escape_buffer){l->repeats, l->steps} : (struct escape_buffer){0};
}

const struct escape_move *escape_moves(const struct escape_result *r, const struct stmt *s)
{
    const struct escape_move *m = esc_map_get(&r->moves, s, 0);
    for (const struct escape_result *u = r->literals; u && !m; u = u->next_literal)
        m = escape_moves(u, s);
    return m;
}

enum escape_place escape_range_body(const struct escape_result *r, const struct stmt *range)
{
    const struct code *c = esc_map_get(&r->codes, range, 0);
    enum escape_place place = c ? escape_site(r, c->literal, ESCAPE_VALUE, 0) : ESCAPE_HEAP;
    for (const struct escape_result *u = r->literals; u && place == ESCAPE_HEAP; u = u->next_literal)
        place = escape_range_body(u, range);
    return place;
}

const struct constant *escape_constant(const struct escape_result *r, const struct expr *x, enum escape_role role)
{
    const struct location *l = site_at(r, x, role, 0);
    return l ? l->constant : NULL;
}

bool esc_shares_string(const struct location *l)
{
    const struct escape_result *u = l->code->unit;
    if (l->kind != LOCATION_SITE || l->role != ESCAPE_VALUE || (l->attrs & ATTR_MUTATES) ||
        !u->escape->rules->mutations)
        return false;
    if (l->expr->kind != EXPR_CALL || l->expr->call.kind != CALL_CONVERSION)
        return false;
    const struct type *to = esc_under(u, l->type);
    return to->kind == TYPE_SLICE && esc_is_string(u, esc_type(u, l->expr->call.args.items[0])) &&
           type_is_basic(esc_under(u, to->slice.elem), BASIC_UINT8);
}

bool escape_zero_copy(const struct escape_result *r, const struct expr *x)
{
    const struct location *l = site_at(r, x, ESCAPE_VALUE, 0);
    return l && esc_shares_string(l);
}

struct escape_tag escape_parameter(const struct escape_result *r, uint32_t index)
{
    return r->tags[index];
}
