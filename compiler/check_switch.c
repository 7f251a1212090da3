/*
 * check_switch: expression switches and type switches.
 */
#include "check_internal.h"

static void check_defaults(struct checker *c, struct clause_list list)
{
    const struct clause *first = NULL;
    for (uint32_t i = 0; i < list.count; i++) {
        const struct clause *k = list.items[i];
        if (!k->is_default)
            continue;
        if (first)
            check_error(c, k->pos, "multiple defaults (first at %P)", first->pos);
        else
            first = k;
    }
}

/* ---- expression switches ---- */

struct case_value {
    const struct constant *value;
    struct type *type;
    struct pos pos;
    struct case_value *next;
};

enum { CASE_BUCKETS = 64 };

struct case_set {
    struct case_value *buckets[CASE_BUCKETS];
};

static uint32_t bucket_of(const struct constant *v)
{
    int64_t n = 0;
    if (v->kind == CONSTANT_STRING) {
        uint32_t h = IDENT_HASH_START;
        for (size_t i = 0; i < v->string.length; i++)
            h = ident_hash_step(h, (unsigned char)v->string.bytes[i]);
        return h % CASE_BUCKETS;
    }
    if (v->kind == CONSTANT_INT)
        constant_as_int64(v, &n);
    return (uint32_t)((uint64_t)n % CASE_BUCKETS);
}

static void check_duplicate(struct checker *c, struct case_set *set, const struct operand *x)
{
    const struct constant *v = x->value;
    if (v->kind != CONSTANT_INT && v->kind != CONSTANT_FLOAT && v->kind != CONSTANT_STRING)
        return;
    const struct constant *i = v->kind == CONSTANT_FLOAT ? constant_to_int(c->arena, v) : v;
    v = constant_known(i) ? i : v;
    struct case_value **head = &set->buckets[bucket_of(v)];
    for (const struct case_value *p = *head; p; p = p->next)
        if (p->value->kind == v->kind && constant_compare(c->arena, OP_EQL, p->value, v) &&
            identical(c, p->type, x->type)) {
            check_error_on(c, x, "duplicate case %O in expression switch\n\t%P: previous case", x, p->pos);
            return;
        }
    struct case_value *p = ARENA_NEW(c->arena, struct case_value);
    *p = (struct case_value){v, x->type, ast_start(x->expr), *head};
    *head = p;
}

static void check_case(struct checker *c, const struct operand *tag, struct expr *e, struct case_set *set)
{
    struct operand v, y = *tag;
    check_expr(c, NULL, &v, e);
    if (tag->mode == MODE_INVALID || v.mode == MODE_INVALID)
        return;
    check_convert_untyped(c, &v, y.type);
    if (v.mode == MODE_INVALID)
        return;
    struct operand result = v;
    check_comparison(c, &result, &y, OP_EQL, true);
    if (result.mode != MODE_INVALID && v.mode == MODE_CONSTANT)
        check_duplicate(c, set, &v);
}

/* Without a tag, the tag is true. */
static void implied_tag(struct checker *c, struct stmt *s, struct operand *x)
{
    struct clause_list list = s->switch_.clauses;
    struct ident *name = ident_intern(&c->compilation->idents, "true", 4);
    struct expr *e = ast_new_name(c->compilation, name, list.count ? list.items[0]->pos : s->end);
    *x = (struct operand){.mode = MODE_CONSTANT, .type = basic(c, BASIC_BOOL), .value = constant_bool(true), .expr = e};
    check_record(c, x);
}

static void check_tag(struct checker *c, struct stmt *s, struct operand *x)
{
    if (!s->switch_.tag) {
        implied_tag(c, s, x);
        return;
    }
    check_expr(c, NULL, x, s->switch_.tag);
    check_assignment(c, x, NULL, "switch expression");
    if (x->mode != MODE_INVALID && !types_comparable(c->t, x->type, true, NULL) && !types_has_nil(c->t, x->type)) {
        check_error_on(c, x, "cannot switch on %O (%T is not comparable)", x, x->type);
        x->mode = MODE_INVALID;
    }
}

void check_switch(struct checker *c, struct stmt *s)
{
    struct operand tag;
    struct case_set *set = ARENA_NEW(c->arena, struct case_set);
    check_open_scope(c);
    s->scope = c->env.scope;
    if (s->switch_.init)
        check_stmt(c, s->switch_.init);
    check_tag(c, s, &tag);
    check_defaults(c, s->switch_.clauses);
    for (uint32_t i = 0; i < s->switch_.clauses.count; i++) {
        struct clause *k = s->switch_.clauses.items[i];
        for (uint32_t j = 0; j < k->exprs.count; j++)
            check_case(c, &tag, k->exprs.items[j], set);
        check_open_scope(c);
        k->scope = c->env.scope;
        check_stmt_list(c, k->body);
        check_close_scope(c);
    }
    check_close_scope(c);
}

/* ---- type switches ---- */

struct type_cases {
    struct type **types; /* NULL for nil */
    struct expr **exprs;
    uint32_t count;
};

static bool is_nil(struct checker *c, struct expr *e)
{
    e = ast_unparen(e);
    return e->kind == EXPR_NAME && check_lookup(c, e->name.ident) == c->t->nil;
}

static const struct expr *earlier_case(struct checker *c, const struct type_cases *seen, struct type *type)
{
    for (uint32_t i = 0; i < seen->count; i++)
        if (seen->types[i] == type || (type && seen->types[i] && identical(c, seen->types[i], type)))
            return seen->exprs[i];
    return NULL;
}

/* One type of a case: NULL for nil, invalid after an error. */
static struct type *case_type(struct checker *c, struct operand *x, struct expr *e, struct type_cases *seen)
{
    struct type *type = NULL;
    struct operand ignored;
    if (is_nil(c, e))
        check_expr(c, NULL, &ignored, e);
    else
        type = check_var_type(c, e);
    if (type && !type_valid(type))
        return type;
    const struct expr *other = earlier_case(c, seen, type);
    if (other) {
        check_error_at(c, e, "duplicate case %s in type switch\n\t%P: previous case",
                       type ? types_string(c->t, type, c->package) : "nil", ast_start(other));
        return type;
    }
    seen->types[seen->count] = type;
    seen->exprs[seen->count++] = e;
    if (x && type)
        check_type_assertion(c, e, x, type, true);
    return type;
}

static struct type *clause_type(struct checker *c, struct operand *x, const struct clause *k, struct type_cases *seen)
{
    struct type *type = NULL;
    for (uint32_t i = 0; i < k->exprs.count; i++)
        type = case_type(c, x, k->exprs.items[i], seen);
    if (k->exprs.count == 1 && type)
        return type;
    return x ? x->type : check_invalid_type(c);
}

static uint32_t count_cases(const struct clause_list list)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < list.count; i++)
        n += list.items[i]->exprs.count;
    return n;
}

static bool check_guard(struct checker *c, struct expr *e, struct operand *x)
{
    check_expr(c, NULL, x, e);
    if (x->mode == MODE_INVALID)
        return false;
    if (x->type->kind != TYPE_PARAM && is_interface_value(c, x->type))
        return true;
    check_error_on(c, x,
                   x->type->kind == TYPE_PARAM ? "cannot use type switch on type parameter value %O"
                                               : "%O is not an interface",
                   x);
    return false;
}

static struct object *declare_bound(struct checker *c, struct expr *bind, struct type *type)
{
    struct object *o = check_new_local(c, bind, type);
    check_declare(c, c->env.scope, NULL, o);
    return o;
}

static void check_bound_used(struct checker *c, const struct expr *bind, struct clause_list list)
{
    bool used = false;
    for (uint32_t i = 0; i < list.count; i++) {
        struct object *o = list.items[i]->object;
        used |= o && o->used;
        if (o && !o->used)
            o->used = true; /* reported once for all clauses */
    }
    if (!used)
        check_error(c, bind->pos, "%N declared and not used", bind->name.ident);
}

void check_type_switch(struct checker *c, struct stmt *s)
{
    struct clause_list list = s->type_switch.clauses;
    struct expr *bind = s->type_switch.bind;
    uint32_t n = count_cases(list);
    struct type_cases seen = {ARENA_ARRAY(c->arena, struct type *, n), ARENA_ARRAY(c->arena, struct expr *, n), 0};
    struct operand x;
    check_open_scope(c);
    s->scope = c->env.scope;
    if (s->type_switch.init)
        check_stmt(c, s->type_switch.init);
    if (bind && bind->name.ident->blank) {
        check_error(c, bind->pos, "no new variable on left side of :=");
        bind = NULL;
    }
    struct operand *guard = check_guard(c, s->type_switch.x, &x) ? &x : NULL;
    check_defaults(c, list);
    for (uint32_t i = 0; i < list.count; i++) {
        struct clause *k = list.items[i];
        struct type *type = clause_type(c, guard, k, &seen);
        check_open_scope(c);
        k->scope = c->env.scope;
        if (bind)
            k->object = declare_bound(c, bind, type);
        check_stmt_list(c, k->body);
        check_close_scope(c);
    }
    if (bind)
        check_bound_used(c, bind, list);
    check_close_scope(c);
}
