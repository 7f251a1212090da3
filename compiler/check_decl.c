/*
 * check_decl: resolving declared objects, at package level on demand and in functions in order.
 *
 * check_object gives an object its type (and a constant its value). Objects under way are on a path; coming back to one is a
 * cycle. It is valid when it consists of constants and variables only (initialisation order judges those: x = f where f uses x
 * is found there), or goes through a defined type and no value; otherwise it is reported and the object becomes invalid.
 */
#include "check_internal.h"

void check_push(struct checker *c, struct object *object)
{
    c->path = arena_grow(c->arena, c->path, sizeof *c->path, c->path_count + 1, &c->path_capacity);
    c->path[c->path_count++] = object;
    object->state = STATE_RESOLVING;
}

void check_pop(struct checker *c)
{
    c->path[--c->path_count]->state = STATE_DONE;
}

static uint32_t path_index(const struct checker *c, const struct object *object)
{
    uint32_t i = c->path_count;
    while (i > 0 && c->path[i - 1] != object)
        i--;
    return i ? i - 1 : 0;
}

static uint32_t first_in_source(struct object *const *path, uint32_t count)
{
    uint32_t first = 0;
    for (uint32_t i = 1; i < count; i++)
        if (pos_before(path[i]->pos, path[first]->pos))
            first = i;
    return first;
}

void check_cycle_error(struct checker *c, struct object **cycle, uint32_t count, uint32_t start)
{
    struct object *o = cycle[start];
    bool type = o->kind == OBJECT_TYPE;
    if (count == 1) {
        check_error(c, o->pos,
                    type ? "invalid recursive type: %N refers to itself"
                         : "invalid cycle in declaration: %N refers to itself",
                    o->name);
        return;
    }
    struct text out;
    text_init(&out, c->arena);
    text_puts(&out,
              check_format(c, type ? "invalid recursive type %N" : "invalid cycle in declaration of %N", o->name));
    for (uint32_t i = 0; i < count; i++) {
        struct object *next = cycle[(start + i + 1) % count];
        text_puts(&out, check_format(c, "\n\t%P: %N refers to %N", o->pos, o->name, next->name));
        o = next;
    }
    check_error(c, cycle[start]->pos, "%s", text_string(&out));
}

static bool valid_cycle(struct checker *c, struct object *object)
{
    uint32_t start = path_index(c, object);
    uint32_t count = c->path_count - start, values = 0, types = 0;
    for (uint32_t i = start; i < c->path_count; i++) {
        const struct object *o = c->path[i];
        if (o->kind == OBJECT_CONST || o->kind == OBJECT_VAR)
            values++;
        if (o->kind == OBJECT_TYPE && c->env.in_tparams && o->type && type_is_generic(o->type))
            return true;
        if (o->kind == OBJECT_TYPE && !o->is_alias)
            types++;
    }
    if (values == count || (values == 0 && types > 0))
        return true;
    check_cycle_error(c, c->path + start, count, first_in_source(c->path + start, count));
    return false;
}

/* What an alias under way will be, when its declaration shows it: a name, or pointers and slices of one. */
static struct type *peek(struct checker *c, const struct scope *file, const struct expr *e, uint32_t depth)
{
    struct type *elem;
    const struct object *o;
    if (depth > 100)
        return NULL;
    switch (e->kind) {
    case EXPR_PAREN:
        return peek(c, file, e->paren.x, depth + 1);
    case EXPR_STAR:
        return (elem = peek(c, file, e->star.x, depth + 1)) ? types_pointer(c->t, elem) : NULL;
    case EXPR_SLICE_TYPE:
        return (elem = peek(c, file, e->slice_type.elem, depth + 1)) ? types_slice(c->t, elem) : NULL;
    case EXPR_NAME:
        o = scope_lookup_parent((struct scope *)file, e->name.ident, NULL);
        if (!o || o->kind != OBJECT_TYPE)
            return NULL;
        if (o->type || !o->info || !o->is_alias)
            return o->type && !type_is_generic(o->type) ? o->type : NULL;
        return peek(c, o->info->file_scope, o->decl->type.type, depth + 1);
    default:
        return NULL;
    }
}

static void check_cycle(struct checker *c, struct object *o)
{
    bool valid = valid_cycle(c, o);
    switch (o->kind) {
    case OBJECT_CONST:
    case OBJECT_VAR:
        if (!valid || !o->type)
            o->type = check_invalid_type(c);
        break;
    case OBJECT_TYPE:
        if (!valid)
            o->type = check_invalid_type(c);
        else if (!o->type && o->is_alias && o->info && !o->decl->type.tparams.count)
            o->type = peek(c, o->info->file_scope, o->decl->type.type, 0);
        break;
    default:
        break;
    }
}

/* ---- constants and variables ---- */

static void const_decl(struct checker *c, struct object *o, struct expr *type, struct expr *init, bool inherited)
{
    const struct constant *iota = c->env.iota;
    struct pos errpos = c->env.errpos;
    c->env.iota = o->value;
    c->env.errpos = POS_NONE;
    o->value = constant_unknown();
    struct operand x = {0};
    if (type) {
        struct type *t = check_type(c, type);
        if (!types_is(c->t, t, BASIC_IS_CONSTANT)) {
            if (type_valid(under(c, t)))
                check_error_at(c, type, "invalid constant type %T", t);
            o->type = check_invalid_type(c);
            goto out;
        }
        o->type = t;
    }
    if (init) {
        if (inherited)
            c->env.errpos = o->pos;
        check_expr(c, NULL, &x, init);
    }
    check_init_const(c, o, &x);
out:
    c->env.iota = iota;
    c->env.errpos = errpos;
}

static void var_decl(struct checker *c, struct object *o, struct object **lhs, uint32_t lhs_count, struct expr *type,
                     struct expr *init)
{
    if (type)
        o->type = check_var_type(c, type);
    if (!init) {
        if (!type)
            o->type = check_invalid_type(c);
        return;
    }
    if (lhs_count <= 1) {
        struct operand x;
        struct target target = {o->type, o->name->text};
        bool func = o->type && under(c, o->type)->kind == TYPE_FUNC;
        check_expr(c, func ? &target : NULL, &x, init);
        check_init_var(c, o, &x, "variable declaration");
        return;
    }
    if (type)
        for (uint32_t i = 0; i < lhs_count; i++)
            lhs[i]->type = o->type;
    struct expr *one[] = {init};
    check_init_vars(c, lhs, lhs_count, (struct expr_list){one, 1}, NULL);
}

/* ---- types ---- */

struct type_list check_declare_tparams(struct checker *c, struct field_list list)
{
    struct type_list params = {ARENA_ARRAY(c->arena, struct type *, list.count), list.count};
    for (uint32_t i = 0; i < list.count; i++) {
        struct expr *name = list.items[i]->name;
        struct object *o = object_new(c->t, OBJECT_TYPE, name->name.ident, c->package, NULL, name->pos);
        params.items[i] = o->type = types_param(c->t, o, check_invalid_type(c));
        params.items[i]->param.index = i;
        o->state = STATE_DONE;
        check_declare(c, c->env.scope, name, o);
    }
    return params;
}

void check_bound_tparams(struct checker *c, struct field_list list, struct type_list params)
{
    bool outer = c->env.in_tparams;
    c->env.in_tparams = true;
    struct type *bound = NULL;
    for (uint32_t i = 0; i < list.count; i++) {
        if (i == 0 || !list.items[i]->shares_type) {
            bound = check_bound(c, list.items[i]->type);
            if (bound->kind == TYPE_PARAM) {
                check_error_at(c, list.items[i]->type, "cannot use a type parameter as constraint");
                bound = check_invalid_type(c);
            }
        }
        params.items[i]->param.constraint = bound;
    }
    c->env.in_tparams = outer;
}

static bool imported_constraint(struct checker *c, struct type *x)
{
    if (x->kind != TYPE_NAMED || !x->named.object->package || x->named.object->package == c->package)
        return false;
    struct type *u = under(c, x);
    return u->kind == TYPE_INTERFACE && !types_is_basic_interface(c->t, u);
}

static void validate_type(struct checker *c, struct action *a)
{
    struct object *o = a->a;
    struct decl *d = a->b;
    if (o->type && o->type->kind == TYPE_NAMED)
        check_valid_type(c, o->type);
    if (a->d && imported_constraint(c, a->d))
        check_need_version(c, ast_start(d->type.type), GO_1_18, "using type constraint %T", (struct type *)a->d);
}

static struct type_list join(struct checker *c, struct type_list a, struct type_list b)
{
    if (a.count == 0 || b.count == 0)
        return a.count ? a : b;
    struct type **items = ARENA_ARRAY(c->arena, struct type *, a.count + b.count);
    memcpy(items, a.items, a.count * sizeof *items);
    memcpy(items + a.count, b.items, b.count * sizeof *items);
    return (struct type_list){items, a.count + b.count};
}

static struct type *alias_decl(struct checker *c, struct object *o, struct decl *d)
{
    struct field_list tparams = d->type.tparams;
    if (tparams.count)
        check_need_version(c, tparams.items[0]->pos, GO_1_23, "generic type alias");
    check_need_version(c, d->pos, GO_1_9, "type alias");
    struct type_list params = {0};
    check_open_scope(c);
    if (tparams.count) {
        params = check_declare_tparams(c, tparams);
        check_bound_tparams(c, tparams, params);
        o->tparams = params;
    }
    struct type *rhs = check_declared_type(c, d->type.type, o);
    check_close_scope(c);
    for (uint32_t i = 0; i < params.count; i++)
        if (rhs == params.items[i]) {
            check_error_at(c, d->type.type, "cannot use type parameter declared in alias declaration as RHS");
            rhs = check_invalid_type(c);
        }
    if (!o->type)
        o->type = rhs;
    return rhs;
}

static struct type *defined_decl(struct checker *c, struct object *o, struct decl *d)
{
    struct field_list tparams = d->type.tparams;
    struct type *named = o->type = types_named(c->t, o);
    if (c->env.function)
        named->named.outer = c->env.function->tparams;
    named->named.all = named->named.outer;
    check_open_scope(c);
    if (tparams.count) {
        check_need_version(c, tparams.items[0]->pos, GO_1_18, "type parameter");
        named->named.params = check_declare_tparams(c, tparams);
        named->named.all = join(c, named->named.outer, named->named.params);
        check_bound_tparams(c, tparams, named->named.params);
    }
    struct type *rhs = check_declared_type(c, d->type.type, o);
    check_close_scope(c);
    if (rhs->kind == TYPE_PARAM) {
        check_error_at(c, d->type.type, "cannot use a type parameter as RHS in type declaration");
        rhs = check_invalid_type(c);
    }
    named->named.rhs = rhs;
    return rhs;
}

static void type_decl(struct checker *c, struct object *o, struct decl *d)
{
    uint32_t at = c->action_count;
    struct action *a = check_later(c, validate_type, o->pos);
    a->a = o;
    a->b = d;
    struct type *rhs = d->type.alias ? alias_decl(c, o, d) : defined_decl(c, o, d);
    c->actions[at].d = rhs;
}

/* ---- methods ---- */

static void check_field_names(struct checker *c, struct action *a)
{
    struct type *named = a->a;
    struct type *u = under(c, named);
    if (u->kind != TYPE_STRUCT)
        return;
    for (uint32_t i = 0; i < named->named.methods.count; i++) {
        const struct object *m = named->named.methods.items[i];
        const struct object *f = types_field(u, m->package, m->name);
        if (f)
            check_error(c, m->pos, "field and method with the same name %N\n\t%P: other declaration of %N", m->name,
                        f->pos, f->name);
    }
}

static bool add_method(struct checker *c, struct type *named, struct object *m)
{
    struct object_list *list = &named->named.methods;
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i]->name == m->name) {
            check_error(c, m->pos, "method %N.%N already declared at %P", named->named.object->name, m->name,
                        list->items[i]->pos);
            return false;
        }
    m->index = list->count;
    m->recv = named;
    list->items[list->count++] = m;
    return true;
}

void check_add_methods(struct checker *c, struct object *object)
{
    struct decl_info *info = object->info;
    if (!info || info->methods_added || !object->type)
        return;
    info->methods_added = true;
    struct type *named = object->type;
    if (info->methods.count == 0 || named->kind != TYPE_NAMED || named->named.object != object)
        return;
    check_later(c, check_field_names, object->pos)->a = named;
    named->named.methods.items = ARENA_ARRAY(c->arena, struct object *, info->methods.count);
    for (uint32_t i = 0; i < info->methods.count; i++)
        add_method(c, named, info->methods.items[i]);
}

/* ---- functions ---- */

static void run_body(struct checker *c, struct action *a)
{
    struct function *f = a->a;
    check_body(c, f, (struct environment){.decl = f->object->info, .version = a->version});
}

static void func_decl(struct checker *c, struct object *o, struct decl *d)
{
    struct function *f = check_function_new(c, d, NULL);
    f->object = o;
    o->function = f;
    o->type =
        types_func(c->t, c->t->empty_tuple, c->t->empty_tuple, false, (struct type_list){0}); /* until it is known */
    check_function_signature(c, f);
    o->type = f->type;
    if (!d->func.body) {
        if (d->func.tparams.count)
            check_error(c, d->pos, "generic function is missing function body");
        else if (!c->program->config.allow_missing_bodies)
            check_error(c, d->func.name->pos, "missing function body");
        return;
    }
    if (!c->program->config.ignore_bodies)
        check_later(c, run_body, o->pos)->a = f;
}

/* ---- on demand ---- */

static void resolve_object(struct checker *c, struct object *o)
{
    struct decl_info *info = o->info;
    switch (o->kind) {
    case OBJECT_CONST:
        c->env.decl = info;
        const_decl(c, o, info->type, info->init, info->inherited);
        break;
    case OBJECT_VAR:
        c->env.decl = info;
        var_decl(c, o, info->lhs, info->lhs_count, info->type, info->init);
        break;
    case OBJECT_TYPE:
        type_decl(c, o, info->decl);
        check_add_methods(c, o);
        break;
    case OBJECT_FUNC:
        func_decl(c, o, info->decl);
        break;
    default:
        break;
    }
}

void check_object(struct checker *c, struct object *o)
{
    if (o->state == STATE_RESOLVING) {
        check_cycle(c, o);
        return;
    }
    if (o->type || !o->info || o->package != c->package)
        return;
    check_push(c, o);
    struct environment env = c->env;
    c->env = (struct environment){.scope = o->info->file_scope, .version = o->info->version};
    resolve_object(c, o);
    c->env = env;
    check_pop(c);
}

/* ---- declarations in functions ---- */

static void const_stmt(struct checker *c, struct decl *d)
{
    const struct decl *source = d->const_.repeats ? d->const_.repeats : d;
    struct expr_list names = d->const_.names, values = source->const_.values;
    struct object **lhs = ARENA_ARRAY(c->arena, struct object *, names.count);
    uint32_t top = c->action_count;
    for (uint32_t i = 0; i < names.count; i++) {
        struct expr *name = names.items[i];
        lhs[i] = object_new(c->t, OBJECT_CONST, name->name.ident, c->package, NULL, name->pos);
        lhs[i]->value = constant_int(c->arena, d->const_.iota);
        const_decl(c, lhs[i], source->const_.type, i < values.count ? values.items[i] : NULL, source != d);
    }
    check_arity(c, d->pos, names, values, true, source != d);
    check_run_delayed(c, top);
    for (uint32_t i = 0; i < names.count; i++)
        check_declare(c, c->env.scope, names.items[i], lhs[i]);
}

static void var_stmt(struct checker *c, struct decl *d)
{
    struct expr_list names = d->var.names, values = d->var.values;
    struct object **lhs = ARENA_ARRAY(c->arena, struct object *, names.count);
    uint32_t top = c->action_count;
    for (uint32_t i = 0; i < names.count; i++)
        lhs[i] = check_new_local(c, names.items[i], NULL);
    bool one = values.count == 1 && names.count > 1;
    for (uint32_t i = 0; i < names.count; i++) {
        struct expr *init = one ? values.items[0] : i < values.count ? values.items[i] : NULL;
        if (one && i > 0)
            break;
        var_decl(c, lhs[i], one ? lhs : NULL, one ? names.count : 0, d->var.type, init);
    }
    if (!d->var.type || values.count)
        check_arity(c, d->pos, names, values, false, false);
    check_run_delayed(c, top);
    for (uint32_t i = 0; i < names.count; i++) {
        if (!lhs[i]->type)
            lhs[i]->type = check_invalid_type(c);
        check_declare(c, c->env.scope, names.items[i], lhs[i]);
    }
}

static void type_stmt(struct checker *c, struct decl *d)
{
    struct expr *name = d->type.name;
    struct object *o = object_new(c->t, OBJECT_TYPE, name->name.ident, c->package, NULL, name->pos);
    o->is_alias = d->type.alias;
    o->decl = d;
    if (!o->is_alias) {
        struct package *p = c->package;
        p->local_types = arena_grow(c->arena, p->local_types, sizeof *p->local_types, p->local_type_count + 1,
                                    &p->local_type_capacity);
        p->local_types[p->local_type_count++] = o->pos;
    }
    check_declare(c, c->env.scope, name, o);
    check_push(c, o);
    type_decl(c, o, d);
    check_pop(c);
}

void check_decl_stmt(struct checker *c, struct decl_list list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        struct decl *d = list.items[i];
        switch (d->kind) {
        case DECL_CONST:
            const_stmt(c, d);
            break;
        case DECL_VAR:
            var_stmt(c, d);
            break;
        case DECL_TYPE:
            type_stmt(c, d);
            break;
        default:
            break;
        }
    }
}
