/*
 * escape: units, batches, answers.
 *
 * A unit is analysed when it is asked for, after the units it refers to: escape_search.c finds batches, functions that call each other in
 * a circle.
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

/* Is it the runtime's mark of types whose values are never in the heap, or has it a field of such a type? */
static bool is_not_in_heap(const struct escape_result *u, struct type *type)
{
    const struct object *o = type->kind == TYPE_NAMED ? type->named.object : NULL;
    if (o && o->package && strcmp(o->name->text, "nih") == 0 && strstr(o->package->path, "internal/sys"))
        return true;
    if (o && o->package && strcmp(o->name->text, "NotInHeap") == 0 && strstr(o->package->path, "runtime/"))
        return true;
    struct type *under = esc_under(u, type);
    for (uint32_t i = 0; under->kind == TYPE_STRUCT && i < under->struct_.fields.count; i++)
        if (is_not_in_heap(u, under->struct_.fields.items[i]->type))
            return true;
    return under->kind == TYPE_ARRAY && is_not_in_heap(u, under->array.elem);
}

/* Of what the layout has pointer words for: pointers to what is not in the heap are none. */
static bool points_to_heap(const struct escape_result *u, struct type *type)
{
    struct type *under = esc_under(u, type);
    if (under->kind == TYPE_POINTER)
        return !is_not_in_heap(u, under->pointer.elem);
    if (under->kind == TYPE_ARRAY)
        return points_to_heap(u, under->array.elem);
    if (under->kind != TYPE_STRUCT)
        return esc_has_pointers(u, type);
    for (uint32_t i = 0; i < under->struct_.fields.count; i++)
        if (points_to_heap(u, under->struct_.fields.items[i]->type))
            return true;
    return false;
}

bool esc_has_pointers(const struct escape_result *u, struct type *type)
{
    type = esc_subst(u, type);
    if (!has_layout(type) || types_mentions_params(u->escape->t, type))
        return !type_is_untyped(type);
    if (layout_of(u->escape->t, type)->pointer_words == 0)
        return false;
    enum type_kind kind = esc_under(u, type)->kind;
    bool plain = !u->package || strcmp(u->package->path, "runtime") != 0 ||
                 (kind != TYPE_POINTER && kind != TYPE_STRUCT && kind != TYPE_ARRAY);
    return plain || points_to_heap(u, type);
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
    e->shapes = ARENA_NEW(e->arena, struct escape_map);
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
    c->end = &c->first;
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

/* For a listing, instances are what the toolchain compiles, one for all arguments of the same shapes. */
static bool same_arguments(const struct escape_result *u, struct type_list args)
{
    struct types *t = u->escape->t;
    if (u->args.count != args.count)
        return false;
    for (uint32_t i = 0; i < args.count; i++)
        if (!types_identical(t, u->args.items[i], args.items[i]) &&
            !(u->escape->listing_package && esc_same_shape(u, u->params.items[i], u->args.items[i], args.items[i])))
            return false;
    return true;
}

static void tag_external(struct escape_result *u)
{
    const struct function *f = u->function;
    bool noescape = esc_has_directive(f->decl, "//go:noescape");
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

/* Where the instances of a function with these arguments begin; in a listing others count as the same, so all begin in one place. */
static uint32_t first_place(const struct escape *e, struct type_list args)
{
    uint32_t hash = 0;
    for (uint32_t i = 0; i < args.count && !e->listing_package; i++)
        hash = hash * 31 + types_hash(e->t, args.items[i]);
    return hash;
}

struct escape_result *esc_unit(struct escape *e, struct function *f, struct package *package, struct type_list args)
{
    const void *key = f ? (const void *)f : (const void *)package;
    uint32_t n = first_place(e, args);
    struct escape_result *u;
    struct type_list asked = args;
    if (f && args.count && e->listing_package && e->rules->unified)
        args = esc_shapes(&(struct escape_result){.escape = e}, f->tparams, args);
    for (; (u = esc_map_get(&e->units, key, n)); n++)
        if (same_arguments(u, args)) {
            u->asked = asked;
            return u;
        }
    u = unit_new(e, f, package, args);
    u->asked = asked;
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
    if (f->k.dst->kind == LOCATION_SITE)
        esc_begin_act(b, "is captured", f->k.dst->pos);
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

/* A constant that is no int32 is as good as none. */
static bool known_capacity(const struct location *l, int64_t *n)
{
    return l->constant && constant_as_int64(l->constant, n) && *n >= INT32_MIN && *n <= INT32_MAX;
}

static bool slice_too_large(const struct location *l)
{
    const struct escape_rules *rules = l->code->unit->escape->rules;
    int64_t elem = esc_size(l->code->unit, esc_under(l->code->unit, l->type)->slice.elem);
    int64_t n = 0;
    if (elem == 0 && rules->small_make)
        return true;
    if (!known_capacity(l, &n))
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
    esc_begin_act(b, "is too large for the stack, or of a size that is not known", POS_NONE);
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

/* A parameter that //go:uintptrescapes is about: 1 uintptr, 2 ...uintptr. */
int esc_marks_uintptr(const struct escape_result *u, uint32_t index)
{
    const struct function *f = u->function;
    if (!f->body || !esc_has_directive(f->decl, "//go:uintptrescapes") || (f->recv && index-- == 0))
        return 0;
    struct type *type = esc_subst(u, f->params.items[index]->type);
    if (type_is_basic(esc_under(u, type), BASIC_UINTPTR))
        return 1;
    bool variadic = f->object->type->variadic && index + 1 == f->params.count;
    return variadic && type_is_basic(esc_under(u, type->slice.elem), BASIC_UINTPTR) ? 2 : 0;
}

static void tag_unit(struct escape_result *u)
{
    const struct function *f = u->function;
    for (uint32_t i = 0; i < u->tag_count; i++) {
        struct object *o = f->recv ? (i == 0 ? f->recv : f->params.items[i - 1]) : f->params.items[i];
        if (esc_marks_uintptr(u, i))
            u->tags[i].heap = 0;
        else if (!o->name->blank && esc_has_pointers(u, o->type))
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
    esc_list_batch(b);
}

void esc_solve_batch(struct batch *b)
{
    struct escape *e = b->escape;
    struct text *listing = e->listing;
    text_init(&b->lines, e->arena);
    e->listing = &b->lines;
    plan_batch(b);
    for (uint32_t i = 0; i < b->unit_count; i++)
        esc_walk_code(b, b->units[i]->code);
    close_batch(b);
    limit_batch(b);
    esc_batch_solve(b);
    finish_batch(b);
    e->listing = listing;
}

/* ---- questions ---- */

struct escape_result *escape_analyse(struct escape *e, struct function *f, struct type_list args)
{
    while (f->outer)
        f = f->outer;
    /* A literal in a package-level initialiser has no function round it. */
    if (!f->decl)
        return escape_analyse_init(e, f->package);
    struct escape_result *u = esc_unit(e, f, f->package, args);
    esc_visit(u);
    return u;
}

struct escape_result *escape_analyse_init(struct escape *e, struct package *p)
{
    struct escape_result *u = esc_unit(e, NULL, p, (struct type_list){0});
    esc_visit(u);
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
    int64_t n;
    bool unsure =
        (makes_slice(l) && !known_capacity(l, &n)) || (role == ESCAPE_VALUE && calls_builtin(x, BUILTIN_APPEND));
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

bool escape_unused(const struct escape_result *r, const struct expr *lhs, const struct expr *rhs)
{
    return esc_dead_assignment(r, lhs, rhs);
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
