/*
 * escape_value: what variables always hold.
 *
 * A local variable that is declared with a value of its own and never set again, whose address nobody takes, always has that value:
 * calls through it are static, sizes known by it are constants. One scan over a whole unit (literals included, since they may set
 * variables of the functions round them) collects the facts. Parameters and results are never followed.
 *
 * For interface variables all that is ever assigned is listed, so that calls of a method can be bound when only one type occurs.
 */
#include "escape_internal.h"

/* ---- collecting ---- */

static struct variable_facts *facts_at(struct escape_result *u, const struct object *o)
{
    struct variable_facts *f = esc_map_get(&u->facts, o, 0);
    if (!f) {
        f = ARENA_NEW(u->escape->arena, struct variable_facts);
        esc_map_put(u->escape->arena, &u->facts, o, 0, f);
    }
    return f;
}

const struct variable_facts *esc_facts_of_variable(const struct escape_result *u, const struct object *o)
{
    return esc_map_get(&u->facts, o, 0);
}

static struct type *no_interface(const struct escape_result *u, struct type *type)
{
    return type && !esc_is_interface(u, type) ? type : NULL;
}

static void note_assigned(struct escape_result *u, const struct expr *lhs, const struct expr *value, struct type *type)
{
    lhs = ast_unparen((struct expr *)lhs);
    if (lhs->kind != EXPR_NAME || !esc_is_local_variable(lhs->name.object))
        return;
    const struct object *o = lhs->name.object;
    if (!esc_is_interface(u, esc_subst(u, o->type)) || (value && value->mode == MODE_NIL))
        return;
    struct variable_facts *f = facts_at(u, o);
    struct assigned *a = ARENA_NEW(u->escape->arena, struct assigned);
    *a = (struct assigned){value, type, f->list};
    f->list = a;
}

const struct expr *esc_inlined_value(const struct expr *x)
{
    bool inlined = x->kind == EXPR_CALL && x->call.kind == CALL_INLINED;
    return inlined && x->call.inlined->results.count == 1 ? x->call.inlined->results.items[0] : NULL;
}

/* Is it append(o, …)? */
static bool appends_to(const struct expr *x, const struct object *o)
{
    x = x ? ast_unparen((struct expr *)x) : NULL;
    if (!x || x->kind != EXPR_CALL || x->call.kind != CALL_BUILTIN)
        return false;
    const struct expr *fun = ast_unparen(x->call.fun);
    if (fun->kind != EXPR_NAME || fun->name.object->builtin != BUILTIN_APPEND)
        return false;
    const struct expr *first = ast_unparen(x->call.args.items[0]);
    return first->kind == EXPR_NAME && first->name.object == o;
}

/* lhs is set here; value is the expression that gives it (NULL: one of several results, or none). */
static void note_set(struct escape_result *u, const struct expr *lhs, const struct expr *value)
{
    lhs = ast_unparen((struct expr *)lhs);
    if (esc_declares(lhs)) {
        struct variable_facts *f = facts_at(u, lhs->name.object);
        f->value = value;
        f->declared_once = value != NULL;
        return;
    }
    const struct object *o = esc_outer_variable(u, lhs);
    if (!o)
        return;
    facts_at(u, o)->assigned = true;
    facts_at(u, o)->reset |= !appends_to(value, o);
}

static struct type *part_type(const struct escape_result *u, const struct expr *value, uint32_t i)
{
    struct type *type = esc_type(u, value);
    if (type->kind == TYPE_TUPLE)
        return i < type->tuple.count ? no_interface(u, type->tuple.items[i]) : NULL;
    return i == 0 ? no_interface(u, type) : NULL;
}

static void note_lists(struct escape_result *u, const struct expr_list *lhs, const struct expr_list *rhs)
{
    bool paired = lhs->count == rhs->count;
    for (uint32_t i = 0; i < lhs->count; i++) {
        const struct expr *value = paired ? rhs->items[i] : NULL;
        note_set(u, lhs->items[i], value);
        if (paired)
            note_assigned(u, lhs->items[i], value, NULL);
        else if (rhs->count == 1)
            note_assigned(u, lhs->items[i], rhs->items[0]->kind == EXPR_ASSERT && i == 0 ? rhs->items[0] : NULL,
                          part_type(u, rhs->items[0], i));
    }
}

static void note_decls(struct escape_result *u, const struct decl_list *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const struct decl *d = list->items[i];
        if (d->kind == DECL_VAR && d->var.values.count)
            note_lists(u, &d->var.names, &d->var.values);
        for (uint32_t j = 0; d->kind == DECL_VAR && !d->var.values.count && j < d->var.names.count; j++)
            if (d->var.names.items[j]->name.object)
                facts_at(u, d->var.names.items[j]->name.object)->zero_declared = true;
    }
}

/* Types of the key and the value a range gives, where methods could be called on them. */
static struct type *range_part(const struct escape_result *u, const struct expr *x, uint32_t i)
{
    struct type *type = esc_under(u, esc_type(u, x));
    if (type->kind == TYPE_POINTER)
        type = esc_under(u, type->pointer.elem);
    switch (type->kind) {
    case TYPE_ARRAY:
        return i ? no_interface(u, type->array.elem) : NULL;
    case TYPE_SLICE:
        return i ? no_interface(u, type->slice.elem) : NULL;
    case TYPE_CHAN:
        return i ? NULL : no_interface(u, type->chan.elem);
    case TYPE_MAP:
        return no_interface(u, i ? type->map.elem : type->map.key);
    default:
        return NULL;
    }
}

static void note_range(struct escape_result *u, const struct stmt *s)
{
    for (uint32_t i = 0; i < s->range.lhs.count; i++) {
        const struct object *o = esc_outer_variable(u, s->range.lhs.items[i]);
        if (o)
            facts_at(u, o)->assigned = facts_at(u, o)->reset = true;
        note_assigned(u, s->range.lhs.items[i], NULL, range_part(u, s->range.x, i));
    }
}

static void note_clauses(struct escape_result *u, const struct stmt *s)
{
    for (uint32_t i = 0; i < s->type_switch.clauses.count; i++) {
        const struct object *o = s->type_switch.clauses.items[i]->object;
        if (!o || !esc_is_interface(u, esc_subst(u, o->type)))
            continue;
        struct variable_facts *f = facts_at(u, o);
        struct assigned *a = ARENA_NEW(u->escape->arena, struct assigned);
        *a = (struct assigned){s->type_switch.x, NULL, f->list};
        f->list = a;
    }
}

static void fact_stmt(void *context, const struct stmt *s)
{
    struct escape_result *u = context;
    switch (s->kind) {
    case STMT_ASSIGN:
        if (s->op != OP_NONE)
            note_set(u, s->assign.lhs.items[0], NULL);
        else
            note_lists(u, &s->assign.lhs, &s->assign.rhs);
        break;
    case STMT_DECL:
        note_decls(u, &s->decl.list);
        break;
    case STMT_INC_DEC:
        note_set(u, s->inc_dec.x, NULL);
        break;
    case STMT_RANGE:
        note_range(u, s);
        break;
    case STMT_TYPE_SWITCH:
        note_clauses(u, s);
        break;
    default:
        break;
    }
}

static void fact_expr(void *context, const struct expr *x)
{
    struct escape_result *u = context;
    const struct object *o = esc_addressed_variable(u, x);
    if (o)
        facts_at(u, o)->addressed = facts_at(u, o)->reset = true;
}

static struct esc_scan fact_scan(struct escape_result *u)
{
    return (struct esc_scan){.unit = u, .expr = fact_expr, .stmt = fact_stmt, .literals = true, .context = u};
}

void esc_add_facts(struct escape_result *u, const struct stmt *s)
{
    struct esc_scan scan = fact_scan(u);
    esc_scan_stmt(&scan, s);
}

void esc_collect_facts(struct escape_result *u)
{
    if (u->facts_known)
        return;
    u->facts_known = true;
    struct esc_scan scan = fact_scan(u);
    if (u->function && u->function->body)
        esc_scan_stmt(&scan, u->function->body);
    for (uint32_t i = 0; !u->function && i < u->package->init_count; i++)
        esc_scan_expr(&scan, u->package->inits[i].rhs);
    if (u->function && u->function->body)
        esc_find_used(u);
}

/* ---- asking ---- */

static bool is_same_number(const struct escape_result *u, const struct type *a, const struct type *b)
{
    const unsigned number = BASIC_IS_INTEGER | BASIC_IS_FLOAT, kind = BASIC_IS_FLOAT | BASIC_IS_UNSIGNED;
    if (a->kind != TYPE_BASIC || b->kind != TYPE_BASIC)
        return false;
    unsigned of_a = basic_table[a->basic].flags, of_b = basic_table[b->basic].flags;
    return of_a & number && of_b & number && (of_a & kind) == (of_b & kind) &&
           layout_of(u->escape->t, (struct type *)a)->size == layout_of(u->escape->t, (struct type *)b)->size;
}

/* A conversion that changes nothing but the type: int64(x) of an int of 64 bits too. */
static const struct expr *through_conversion(const struct escape_result *u, const struct expr *x)
{
    if (x->kind != EXPR_CALL || x->call.kind != CALL_CONVERSION)
        return NULL;
    struct type *to = esc_type(u, x), *from = esc_type(u, x->call.args.items[0]);
    if (type_is_untyped(from))
        return NULL;
    struct type *a = esc_under(u, to), *b = esc_under(u, from);
    return types_identical(u->escape->t, a, b) || is_same_number(u, a, b) ? x->call.args.items[0] : NULL;
}

static const struct expr *always(const struct escape_result *u, const struct expr *x)
{
    if (x->kind != EXPR_NAME || !esc_is_local_variable(x->name.object))
        return NULL;
    const struct object *o = x->name.object;
    const struct variable_facts *f = esc_facts_of_variable(u, o);
    if (!f || !f->declared_once || f->assigned || f->addressed || o->is_param || o->is_result)
        return NULL;
    if (f->value->mode == MODE_NIL || !f->value->type)
        return f->value;
    bool boxed = esc_is_interface(u, esc_subst(u, o->type)) &&
                 !types_identical(u->escape->t, esc_subst(u, o->type), esc_type(u, f->value));
    return boxed ? NULL : f->value;
}

const struct expr *esc_static_value(const struct escape_result *u, const struct expr *x)
{
    for (;;) {
        x = ast_unparen((struct expr *)x);
        if (x->mode == MODE_CONSTANT)
            return x;
        const struct expr *next = through_conversion(u, x);
        if (!next)
            next = esc_inlined_value(x);
        if (!next)
            next = always(u, x);
        if (!next)
            return x;
        x = next;
    }
}

const struct constant *esc_static_constant(const struct escape_result *u, const struct expr *x)
{
    if (!u->escape->rules->literals)
        return NULL;
    const struct expr *v = esc_static_value(u, x);
    return v->mode == MODE_CONSTANT ? v->value : NULL;
}

static int64_t literal_length(const struct expr *x)
{
    int64_t next = 0, length = 0;
    for (uint32_t i = 0; i < x->composite.elems.count; i++) {
        const struct expr *e = x->composite.elems.items[i];
        if (e->kind == EXPR_KEY_VALUE && !constant_as_int64(e->key_value.key->value, &next))
            return -1;
        length = ++next > length ? next : length;
    }
    return length;
}

const struct constant *esc_static_size(const struct escape_result *u, const struct expr *x)
{
    const struct constant *c = esc_static_constant(u, x);
    if (c || !u->escape->rules->literals)
        return c && constant_sign(c) >= 0 ? c : NULL;
    const struct expr *v = esc_static_value(u, x);
    const struct expr *fun = v->kind == EXPR_CALL && v->call.kind == CALL_BUILTIN ? ast_unparen(v->call.fun) : NULL;
    if (!fun || fun->kind != EXPR_NAME || fun->name.object->builtin != BUILTIN_LEN)
        return NULL;
    const struct expr *literal = esc_static_value(u, v->call.args.items[0]);
    if (literal->kind != EXPR_COMPOSITE || esc_under(u, esc_type(u, literal))->kind != TYPE_SLICE)
        return NULL;
    int64_t length = literal_length(literal);
    return length >= 0 ? constant_int(u->escape->arena, length) : NULL;
}

/* ---- interfaces ---- */

struct seen {
    const struct object *object;
    const struct seen *next;
};

/* *nothing: only nil, or what is being looked at already. */
static struct type *concrete(const struct escape_result *u, const struct expr *x, const struct seen *seen,
                             bool *nothing)
{
    *nothing = false;
    for (;;) {
        x = ast_unparen((struct expr *)x);
        if (!esc_is_interface(u, esc_type(u, x)))
            return esc_type(u, x);
        if (x->kind == EXPR_CALL && x->call.kind == CALL_CONVERSION)
            x = x->call.args.items[0];
        else if (x->kind == EXPR_ASSERT)
            x = x->assert.x;
        else if (esc_inlined_value(x))
            x = esc_inlined_value(x);
        else
            break;
    }
    if (x->kind != EXPR_NAME || !esc_is_local_variable(x->name.object))
        return NULL;
    const struct object *o = x->name.object;
    const struct variable_facts *f = esc_facts_of_variable(u, o);
    if (o->is_param || o->is_result || (f && f->addressed))
        return NULL;
    for (const struct seen *s = seen; s; s = s->next)
        if (s->object == o) {
            *nothing = true;
            return NULL;
        }
    struct seen here = {o, seen};
    struct type *found = NULL;
    for (const struct assigned *a = f ? f->list : NULL; a; a = a->next) {
        bool none = false;
        struct type *type = a->value ? concrete(u, a->value, &here, &none) : a->type;
        if (none)
            continue;
        if (!type || (found && !types_identical(u->escape->t, found, type)))
            return NULL;
        found = type;
    }
    *nothing = !found;
    return found;
}

/* Before all assignments were looked at: a variable that always holds one converted value, or the conversion itself. */
static struct type *converted(const struct escape_result *u, const struct expr *x)
{
    x = esc_static_value(u, x);
    const struct expr *from = NULL;
    if (x->kind == EXPR_CALL && x->call.kind == CALL_CONVERSION) {
        from = x->call.args.items[0];
    } else if (x->kind == EXPR_NAME && esc_is_local_variable(x->name.object)) {
        const struct object *o = x->name.object;
        const struct variable_facts *f = esc_facts_of_variable(u, o);
        if (f && f->declared_once && !f->assigned && !f->addressed && !o->is_param && !o->is_result)
            from = f->value;
    }
    return from && from->mode != MODE_NIL ? no_interface(u, esc_type(u, from)) : NULL;
}

struct type *esc_concrete_type(const struct escape_result *u, const struct expr *x)
{
    if (!u->escape->rules->concrete_types)
        return converted(u, x);
    bool nothing = false;
    return concrete(u, x, NULL, &nothing);
}

/* ---- package variables ---- */

/* The release from which on inlined calls may be laid out. */
enum { STATIC_CALLS_SINCE = 21 };

static bool is_static_address(const struct escape_result *u, const struct expr *x)
{
    const struct expr *target = ast_unparen(x->unary.x);
    if (target->kind == EXPR_COMPOSITE)
        return esc_is_static_initializer(u, target);
    while (target->kind == EXPR_SELECTOR && target->selector.selection && !target->selector.selection->indirect)
        target = ast_unparen(target->selector.x);
    if (target->kind == EXPR_SELECTOR && !target->selector.selection)
        return true;
    return target->kind == EXPR_NAME && target->name.object && target->name.object->kind == OBJECT_VAR &&
           !esc_is_local_variable(target->name.object);
}

static bool is_static_composite(const struct escape_result *u, const struct expr *x)
{
    struct type *type = esc_under(u, esc_type(u, x));
    if (type->kind == TYPE_POINTER)
        type = esc_under(u, type->pointer.elem);
    if (type->kind == TYPE_MAP)
        return false;
    for (uint32_t i = 0; i < x->composite.elems.count; i++) {
        const struct expr *elem = x->composite.elems.items[i];
        if (!esc_is_static_initializer(u, elem->kind == EXPR_KEY_VALUE ? elem->key_value.value : elem))
            return false;
    }
    return true;
}

static bool captures_nothing(const struct escape_result *u, const struct expr *x)
{
    const struct code *c = esc_code_of(u, x);
    return !c || c->captures.count == 0;
}

/* A variable of the package with such a value; its copy is laid out as well. */
static bool is_static_variable(const struct escape_result *u, const struct object *o)
{
    const struct package *p = u->package;
    if (o->kind != OBJECT_VAR || o->package != p || esc_is_local_variable(o))
        return false;
    for (uint32_t i = 0; i < p->init_count; i++)
        if (p->inits[i].lhs_count == 1 && p->inits[i].lhs[0] == o)
            return esc_is_static_initializer(u, p->inits[i].rhs);
    return false;
}

/* Bytes of a constant string are laid out too; other conversions that make something new are not. */
static bool is_static_conversion(const struct escape_result *u, const struct expr *x)
{
    const struct expr *arg = x->call.args.items[0];
    if (!esc_is_static_initializer(u, arg))
        return false;
    if (!esc_is_string(u, esc_type(u, arg)))
        return !esc_is_string(u, esc_type(u, x));
    const struct type *to = esc_under(u, esc_type(u, x));
    return to->kind != TYPE_SLICE || type_is_basic(esc_under(u, to->slice.elem), BASIC_UINT8);
}

struct uses {
    const struct object *variable;
    uint32_t count;
};

static void count_use(void *context, const struct expr *x)
{
    struct uses *uses = context;
    uses->count += x->kind == EXPR_NAME && x->name.object == uses->variable;
}

/* May the argument stand where the parameter that s declares stands in value? */
static bool is_static_argument(const struct escape_result *u, const struct stmt *s, const struct expr *value)
{
    const struct expr *name = s->assign.lhs.items[0], *arg = ast_unparen(s->assign.rhs.items[0]);
    if (!esc_is_static_initializer(u, arg))
        return false;
    struct uses uses = {name->name.object, 0};
    struct esc_scan scan = {.unit = u, .expr = count_use, .literals = true, .context = &uses};
    esc_scan_expr(&scan, value);
    const struct variable_facts *f = name->name.object ? esc_facts_of_variable(u, name->name.object) : NULL;
    return (!f || !f->addressed) && (uses.count <= 1 || arg->mode == MODE_CONSTANT || arg->kind == EXPR_NAME);
}

/* A function that is one return of one value, with such arguments. Code here makes it all the same: this is what a listing says. */
static bool is_static_call(const struct escape_result *u, const struct expr *x)
{
    struct stmt_list list = x->call.inlined->body->block.list;
    const struct stmt *body = list.count ? list.items[list.count - 1] : NULL;
    const struct expr *value = esc_inlined_value(x);
    if (!u->escape->listing_package || u->escape->release < STATIC_CALLS_SINCE || !value || !body ||
        body->block.list.count != 1)
        return false;
    const struct stmt *leave = body->block.list.items[0];
    if (leave->kind != STMT_BLOCK || leave->block.list.count != 2 || leave->block.list.items[0]->kind != STMT_ASSIGN ||
        !leave->block.list.items[0]->define)
        return false;
    value = leave->block.list.items[0]->assign.rhs.items[0];
    for (uint32_t i = 0; i + 1 < list.count; i++)
        if (list.items[i]->kind != STMT_ASSIGN || list.items[i]->assign.lhs.count != 1 ||
            !is_static_argument(u, list.items[i], value))
            return false;
    return esc_is_static_initializer(u, value);
}

bool esc_is_static_initializer(const struct escape_result *u, const struct expr *x)
{
    x = ast_unparen((struct expr *)x);
    if (x->mode == MODE_CONSTANT || x->mode == MODE_NIL)
        return true;
    switch (x->kind) {
    case EXPR_NAME:
        if (esc_is_local_variable(x->name.object) && esc_static_value(u, x) != x)
            return esc_is_static_initializer(u, esc_static_value(u, x));
        return x->name.object && (x->name.object->kind == OBJECT_FUNC || is_static_variable(u, x->name.object));
    case EXPR_SELECTOR:
        return x->selector.selection ? x->selector.selection->kind == SELECT_METHOD_EXPR
                                     : x->selector.name->name.object->kind == OBJECT_FUNC;
    case EXPR_FUNC:
        return captures_nothing(u, x);
    case EXPR_COMPOSITE:
        return is_static_composite(u, x);
    case EXPR_UNARY:
        return x->op == OP_AND && is_static_address(u, x);
    case EXPR_CALL:
        return x->call.kind == CALL_INLINED ? is_static_call(u, x)
                                            : x->call.kind == CALL_CONVERSION && is_static_conversion(u, x);
    default:
        return false;
    }
}
