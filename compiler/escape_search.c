/*
 * escape_search: which functions refer to which, and what follows from it: the batches that are solved together, and the order in which
 * the toolchain comes to know the instances of a package.
 *
 * Batches are the strongly connected components of the references (Tarjan's algorithm, numbered as the toolchain does it, so that batches and
 * their listings come out in the same order). References are found on the tree; a generic function's unit is made for the type arguments
 * at hand, so the graph unfolds as it is searched.
 *
 * A listing also has the instances of generic functions, and all methods of the instances of generic types, that the package's code
 * mentions, and what those mention in turn. The toolchain reads the bodies of functions from the last one to the first, and what a body
 * mentions next after it, again from the last one (a stack): that is the order in which they follow the package's own functions, and so
 * the order of lines of those that no earlier function refers to. Literals that capture nothing are functions in that order too.
 *
 * A batch's lines are kept until its turn comes (esc_order), because the toolchain sees no bodies of other packages' functions while here
 * an instance may be solved early, as one of those refers to it.
 */
#include "escape_internal.h"

struct search {
    struct escape_result *unit;
    void (*found)(struct search *s, struct escape_result *u);
    bool types; /* methods of the types that are mentioned count too */
    bool meets; /* literals get entries */
    uint32_t least;
};

/* ---- references ---- */

static void push_entry(struct escape_result *u, const void *literal)
{
    struct escape *e = u->escape;
    e->entries = arena_grow(e->arena, e->entries, sizeof *e->entries, e->entry_count + 1, &e->entry_capacity);
    e->entries[e->entry_count++] = (struct entry){u, literal};
}

static void refer_function(struct search *s, struct object *o, const struct instance *instance)
{
    if (!o || o->kind != OBJECT_FUNC || !o->function || o->recv)
        return;
    struct type_list args = {0};
    if (instance)
        args = esc_substitute_list(s->unit, instance->args);
    if (o->function->tparams.count == args.count)
        s->found(s, esc_unit(s->unit->escape, o->function, o->function->package, args));
}

static void refer_method(struct search *s, struct object *method, struct type *holder)
{
    struct object *o = method->origin ? method->origin : method;
    holder = esc_subst(s->unit, holder);
    if (o->kind != OBJECT_FUNC || !o->function || esc_is_interface(s->unit, holder))
        return;
    struct type_list args = holder->kind == TYPE_NAMED ? holder->named.args : (struct type_list){0};
    if (o->function->tparams.count == args.count)
        s->found(s, esc_unit(s->unit->escape, o->function, o->function->package, args));
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

static void refer_type(struct search *s, struct type *type);

static void refer_tuple(struct search *s, const struct type *tuple)
{
    for (uint32_t i = 0; i < tuple->tuple.count; i++)
        refer_type(s, tuple->tuple.items[i]);
}

static void refer_parts(struct search *s, struct type *type)
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
    case TYPE_INTERFACE: {
        struct object_list methods = types_set(s->unit->escape->t, type)->methods;
        for (uint32_t i = 0; i < methods.count; i++)
            refer_parts(s, methods.items[i]->type);
        break;
    }
    case TYPE_FUNC:
        if (type->func.tparams.count)
            break;
        refer_tuple(s, type->func.params);
        refer_tuple(s, type->func.results);
        break;
    default:
        break;
    }
}

/* A type is read with the signatures of its methods. */
static void refer_methods(struct search *s, struct type *type)
{
    const struct type *origin = type->named.origin ? type->named.origin : type;
    for (uint32_t i = 0; i < origin->named.methods.count; i++) {
        struct object *method = origin->named.methods.items[i];
        struct function *f = method->function;
        if (f && f->type && type_valid(f->type) && f->tparams.count == type->named.args.count)
            refer_parts(s, types_subst(s->unit->escape->t, f->type, f->tparams, type->named.args));
        if (type->named.origin)
            refer_method(s, method, type);
    }
}

static void refer_type(struct search *s, struct type *type)
{
    struct escape *e = s->unit->escape;
    uint32_t plain = s->unit->args.count == 0;
    type = esc_subst(s->unit, type);
    if (type->kind == TYPE_BASIC || type_is_generic(type) || esc_map_get(&e->read_types, type, plain))
        return;
    esc_map_put(e->arena, &e->read_types, type, plain, type);
    if (type->kind != TYPE_NAMED) {
        refer_parts(s, type);
        return;
    }
    esc_map_put(e->arena, &e->reading, type, 0, type);
    refer_parts(s, esc_under(s->unit, type));
    esc_map_put(e->arena, &e->reading, type, 0, NULL);
    refer_methods(s, type);
}

static void search_selector(struct search *s, const struct expr *x)
{
    const struct selection *selection = x->selector.selection;
    if (!selection)
        refer_function(s, x->selector.name->name.object, x->selector.name->name.instance);
    else if (selection->kind == SELECT_METHOD || selection->kind == SELECT_METHOD_EXPR)
        refer_method(s, selection->object, selection->holder);
}

static void search_expr(void *context, const struct expr *x)
{
    struct search *s = context;
    struct type *type = NULL;
    struct selection found;
    if (s->types && x->type && x->type->kind != TYPE_TUPLE && type_valid(x->type))
        refer_type(s, x->type);
    switch (x->kind) {
    case EXPR_NAME:
        refer_function(s, x->name.object, x->name.instance);
        break;
    case EXPR_INDEX:
        if (x->index.instance)
            refer_function(s, x->index.instance->generic, x->index.instance);
        break;
    case EXPR_SELECTOR:
        search_selector(s, x);
        break;
    case EXPR_FUNC:
        if (!s->types && esc_map_get(&s->unit->dead, x, 0))
            break;
        if (esc_is_plain_literal(s->unit, x))
            s->found(s, literal_unit(s->unit, x));
        else if (s->meets)
            push_entry(s->unit, x);
        break;
    case EXPR_CALL:
        if (x->call.kind == CALL_INTERFACE && esc_devirtual_method(s->unit, x, &type, &found))
            refer_method(s, found.object, found.holder);
        break;
    default:
        break;
    }
}

/* A literal that is assigned to a variable nobody uses is not referred to. */
static void search_pairs(struct search *s, const struct expr_list *lhs, const struct expr_list *rhs)
{
    struct escape_result *u = s->unit;
    for (uint32_t i = 0; i < lhs->count && lhs->count == rhs->count; i++) {
        const struct expr *value = ast_unparen(rhs->items[i]);
        if (value->kind == EXPR_FUNC && esc_dead_assignment(u, lhs->items[i], value))
            esc_map_put(u->escape->arena, &u->dead, value, 0, (void *)(uintptr_t)value);
    }
}

static void search_stmt(void *context, const struct stmt *st)
{
    struct search *s = context;
    if (st->kind == STMT_ASSIGN && !s->types)
        search_pairs(s, &st->assign.lhs, &st->assign.rhs);
    if (s->meets && st->kind == STMT_RANGE && esc_ranges_over_function(s->unit, st))
        push_entry(s->unit, st);
}

static void search_literal(void *context, const struct expr *x)
{
    if (x->kind == EXPR_FUNC)
        search_expr(context, x);
}

/* What the linker lays out of a package variable's value refers to no function, but the literals in it are compiled. */
static void search_value(struct search *s, const struct expr *x)
{
    struct esc_scan scan = {
        .unit = s->unit, .expr = search_expr, .literals = true, .stop_at_plain = true, .context = s};
    const struct expr *plain = ast_unparen((struct expr *)x);
    const struct expr *literal = plain->kind == EXPR_UNARY && plain->op == OP_AND ? ast_unparen(plain->unary.x) : plain;
    bool laid_out = literal->kind == EXPR_COMPOSITE && esc_under(s->unit, esc_type(s->unit, literal))->kind != TYPE_MAP;
    if (s->types || (!laid_out && !esc_is_static_initializer(s->unit, plain))) {
        esc_scan_expr(&scan, x);
    } else if (laid_out) {
        for (uint32_t i = 0; i < literal->composite.elems.count; i++) {
            const struct expr *e = literal->composite.elems.items[i];
            search_value(s, e->kind == EXPR_KEY_VALUE ? e->key_value.value : e);
        }
    } else {
        scan.expr = search_literal;
        esc_scan_expr(&scan, x);
    }
}

static void search_unit(struct search *s)
{
    struct escape_result *u = s->unit;
    struct esc_scan scan = {
        .unit = u, .expr = search_expr, .stmt = search_stmt, .literals = true, .stop_at_plain = true, .context = s};
    if (u->function) {
        esc_scan_stmt(&scan, u->function->body);
        return;
    }
    for (uint32_t i = 0; i < u->package->init_count; i++)
        search_value(s, u->package->inits[i].rhs);
}

/* ---- components ---- */

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
    struct batch *b = ARENA_NEW(e->arena, struct batch);
    b->escape = e;
    b->units = units;
    b->unit_count = count;
    b->entry_count = e->entry_count - root->entry;
    b->entries = ARENA_ARRAY(e->arena, struct entry, b->entry_count);
    memcpy(b->entries, e->entries + root->entry, b->entry_count * sizeof *b->entries);
    e->entry_count = root->entry;
    esc_solve_batch(b);
}

static void visit_found(struct search *s, struct escape_result *u)
{
    uint32_t least = esc_visit(u);
    if (least < s->least)
        s->least = least;
}

uint32_t esc_visit(struct escape_result *u)
{
    struct escape *e = u->escape;
    if (u->state == UNIT_TAGGED)
        return UINT32_MAX;
    if (u->id)
        return u->id;
    uint32_t id = u->id = ++e->visits;
    struct search s = {.unit = u, .found = visit_found, .meets = true, .least = ++e->visits};
    u->state = UNIT_VISITING;
    e->stack = arena_grow(e->arena, e->stack, sizeof *e->stack, e->depth + 1, &e->stack_capacity);
    e->stack[e->depth++] = u;
    u->entry = e->entry_count;
    push_entry(u, NULL);
    esc_collect_facts(u);
    search_unit(&s);
    if (s.least == id || s.least == id + 1)
        pop_component(e, u);
    return s.least;
}

/* ---- the order of lines ---- */

static void order_found(struct search *s, struct escape_result *u)
{
    (void)s;
    esc_order(u);
}

void esc_order(struct escape_result *u)
{
    if (u->ordered || !u->listed)
        return;
    u->ordered = true;
    if (!u->batch) {
        esc_list_external(u);
        return;
    }
    struct search s = {.unit = u, .found = order_found};
    if (!u->batch->first)
        u->batch->first = u;
    search_unit(&s);
    if (u->batch->first == u)
        text_puts(u->escape->listing, text_string(&u->batch->lines));
}

/* ---- the order of reading ---- */

static void push_unit(struct arena *a, struct unit_list *list, struct escape_result *u)
{
    list->items = arena_grow(a, list->items, sizeof *list->items, list->count + 1, &list->capacity);
    list->items[list->count++] = u;
}

static bool is_own(const struct escape_result *u)
{
    return u->function && u->function->decl && !u->function->outer && u->args.count == 0;
}

static bool same_types(struct types *t, struct type_list a, struct type_list b)
{
    for (uint32_t i = 0; i < a.count; i++)
        if (!types_identical(t, a.items[i], b.items[i]))
            return false;
    return true;
}

/* Code without shapes calls an instance by its own type arguments, and so does a type made of shapes that is being read. */
static void note_wrapped(struct escape *e, struct escape_result *u)
{
    struct wrapped **end = &u->wrapped;
    for (uint32_t i = 0; i < u->asked.count; i++)
        if (esc_mentions_shapes(u->asked.items[i]) && !esc_map_get(&e->reading, u->asked.items[i], 0))
            return;
    if (esc_are_shapes(u->asked))
        return;
    for (; *end; end = &(*end)->next)
        if (same_types(e->t, (*end)->args, u->asked))
            return;
    *end = ARENA_NEW(e->arena, struct wrapped);
    (*end)->args = u->asked;
}

static void read_found(struct search *s, struct escape_result *u)
{
    struct escape *e = u->escape;
    if (u->args.count && u->function && u->function->decl && u->function->body)
        note_wrapped(e, u);
    if (is_own(u) || !s->unit->listed || !u->function || u->read)
        return;
    u->read = u->listed = true;
    if (u->function->body)
        push_unit(e->arena, &e->unread, u);
}

static void read_unit(struct escape_result *u)
{
    struct search s = {.unit = u, .found = read_found, .types = true};
    esc_collect_facts(u);
    search_unit(&s);
}

/* A declaration of the package: functions wait for their bodies to be read, and the types of variables are read at once. */
static void read_decl(struct escape_result *init, const struct decl *d)
{
    struct escape *e = init->escape;
    struct search s = {.unit = init, .found = read_found, .types = true};
    for (uint32_t i = 0; d->kind == DECL_VAR && i < d->var.names.count; i++) {
        const struct object *o = d->var.names.items[i]->name.object;
        if (o && o->type && type_valid(o->type))
            refer_type(&s, o->type);
    }
    const struct object *o = d->kind == DECL_FUNC ? d->func.name->name.object : NULL;
    struct function *f = o ? o->function : NULL;
    if (f && f->tparams.count == 0 && !(e->rules->unified && o->name->blank))
        push_unit(e->arena, &e->unread, esc_unit(e, f, f->package, (struct type_list){0}));
}

void esc_add_unit(struct escape *e, struct escape_result *u)
{
    u->read = u->listed = true;
    push_unit(e->arena, &e->added, u);
}

void esc_add_wrapper(struct escape *e, struct function *w)
{
    push_unit(e->arena, &e->wrappers, esc_unit(e, w, w->package, (struct type_list){0}));
}

void esc_read_package(struct escape *e, struct package *p)
{
    struct escape_result *init = esc_unit(e, NULL, p, (struct type_list){0});
    read_unit(init);
    for (uint32_t i = 0; i < p->file_count; i++)
        for (uint32_t k = 0; k < p->files[i]->decls.count; k++)
            read_decl(init, p->files[i]->decls.items[k]);
    while (e->unread.count) {
        struct escape_result *u = e->unread.items[--e->unread.count];
        if (!is_own(u))
            push_unit(e->arena, &e->added, u);
        if (u->function->body)
            read_unit(u);
    }
}

static void note_found(struct search *s, struct escape_result *u)
{
    if (u->function && (u->args.count || u->function->literal))
        push_unit(u->escape->arena, &s->unit->references, u);
}

static void note_references(struct escape_result *u)
{
    struct search s = {.unit = u, .found = note_found};
    if (!u->function || u->function->body)
        search_unit(&s);
}

static void visit_unit(struct escape_result *u)
{
    if (!u->function || u->function->body)
        esc_visit(u);
}

static void each_unit(struct escape *e, void (*done)(struct escape_result *u))
{
    const struct package *p = e->listing_package;
    done(esc_unit(e, NULL, e->listing_package, (struct type_list){0}));
    for (uint32_t i = 0; i < p->function_count; i++)
        if (p->functions[i]->decl && !p->functions[i]->tparams.count)
            done(esc_unit(e, p->functions[i], e->listing_package, (struct type_list){0}));
    for (uint32_t i = 0; i < e->added.count; i++)
        done(e->added.items[i]);
}

void esc_note_references(struct escape *e)
{
    each_unit(e, note_references);
}

void esc_visit_package(struct escape *e)
{
    each_unit(e, visit_unit);
}
