/*
 * check_infer: the type arguments a call leaves out.
 *
 * Typed arguments are unified with their parameters; then, until nothing new is found, each type parameter with the core
 * type and the methods of its constraint; then untyped constants give what is still missing the default type of the widest
 * of them. Inferred types that mention other parameters are simplified by substituting those; one that needs itself is not
 * inferred.
 */
#include "check_internal.h"

static bool contains(struct type_list list, const struct type *x)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (list.items[i] == x)
            return true;
    return false;
}

static bool any_parameterized(struct checker *c, struct type_list tparams, struct type_list types)
{
    for (uint32_t i = 0; i < types.count; i++)
        if (check_parameterized(c, tparams, types.items[i]))
            return true;
    return false;
}

static bool objects_parameterized(struct checker *c, struct type_list tparams, struct object_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (check_parameterized(c, tparams, list.items[i]->type))
            return true;
    return false;
}

/* Does the type mention one of the parameters? */
bool check_parameterized(struct checker *c, struct type_list tparams, struct type *x)
{
    if (!x || !types_mentions_params(c->t, x))
        return false;
    switch ((enum type_kind)x->kind) {
    case TYPE_PARAM:
        return contains(tparams, x);
    case TYPE_NAMED:
        return any_parameterized(c, tparams, x->named.args);
    case TYPE_POINTER:
    case TYPE_SLICE:
    case TYPE_CHAN:
        return check_parameterized(c, tparams, x->pointer.elem);
    case TYPE_ARRAY:
        return check_parameterized(c, tparams, x->array.elem);
    case TYPE_MAP:
        return check_parameterized(c, tparams, x->map.key) || check_parameterized(c, tparams, x->map.elem);
    case TYPE_FUNC:
        return check_parameterized(c, tparams, x->func.params) || check_parameterized(c, tparams, x->func.results);
    case TYPE_TUPLE:
        return any_parameterized(c, tparams, x->tuple);
    case TYPE_STRUCT:
        return objects_parameterized(c, tparams, x->struct_.fields);
    case TYPE_INTERFACE:
        return objects_parameterized(c, tparams, x->interface.methods) ||
               any_parameterized(c, tparams, x->interface.embeds);
    case TYPE_UNION:
        for (uint32_t i = 0; i < x->union_.count; i++)
            if (check_parameterized(c, tparams, x->union_.items[i].type))
                return true;
        return false;
    default:
        return false;
    }
}

struct inference {
    struct checker *c;
    struct pos pos;
    struct type_list tparams;
    struct type_list targs;
    struct type *params;
    struct operand_list args;
    bool reverse;
    struct unifier *u;
    const char *error;
    struct pos error_pos;
};

static const char *names_of(struct checker *c, struct type_list list)
{
    struct text out;
    text_init(&out, c->arena);
    for (uint32_t i = 0; i < list.count; i++) {
        if (i)
            text_puts(&out, list.count == 2 ? " and " : i + 1 == list.count ? ", and " : ", ");
        text_puts(&out, list.items[i]->param.object->name->text);
    }
    return text_string(&out);
}

static struct type_list inferred(struct inference *in)
{
    struct type_list out = {ARENA_ARRAY(in->c->arena, struct type *, in->tparams.count), in->tparams.count};
    for (uint32_t i = 0; i < out.count; i++)
        out.items[i] = check_unifier_at(in->u, in->tparams.items[i]);
    return out;
}

static bool all_missing(struct type_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (list.items[i])
            return false;
    return true;
}

static bool fail_at(struct inference *in, struct pos pos, const char *error)
{
    in->error = error;
    in->error_pos = pos;
    return false;
}

static bool mismatch(struct inference *in, struct type *param, const struct operand *arg)
{
    struct checker *c = in->c;
    struct type_list so_far = inferred(in);
    struct pos pos = ast_start(arg->expr);
    if (all_missing(so_far))
        return fail_at(in, pos,
                       check_format(c, "type %T of %E does not match %T (cannot infer %s)", arg->type, arg->expr, param,
                                    names_of(c, in->tparams)));
    struct type *known = types_subst(c->t, param, in->tparams, so_far);
    if (known == param)
        return fail_at(in, pos, check_format(c, "type %T of %E does not match %T", arg->type, arg->expr, param));
    if (in->reverse)
        return fail_at(in, pos,
                       check_format(c, "inferred type %T for %T does not match type %T of %E", known, param, arg->type,
                                    arg->expr));
    return fail_at(
        in, pos,
        check_format(c, "type %T of %E does not match inferred type %T for %T", arg->type, arg->expr, known, param));
}

static bool from_arguments(struct inference *in, bool *untyped)
{
    struct checker *c = in->c;
    for (uint32_t i = 0; i < in->args.count; i++) {
        const struct operand *arg = &in->args.items[i];
        struct type *param = in->params->tuple.items[i];
        if (arg->mode == MODE_INVALID)
            continue;
        if (!check_parameterized(c, in->tparams, param) && !check_parameterized(c, in->tparams, arg->type))
            continue;
        if (!type_is_untyped(arg->type)) {
            if (!check_unify(in->u, param, arg->type, UNIFY_ASSIGN))
                return mismatch(in, param, arg);
        } else if (param->kind == TYPE_PARAM && !operand_is_nil(arg)) {
            untyped[i] = true;
        }
    }
    return true;
}

/* The only term of a constraint, or the type all of them share. */
static struct type *core_of(struct checker *c, struct type *param, bool *single, bool *tilde)
{
    const struct type_set *set = types_set(c->t, param);
    *single = !set->all_terms && set->terms.count == 1;
    *tilde = false;
    for (uint32_t i = 0; i < set->terms.count; i++)
        *tilde |= set->terms.items[i].tilde;
    return *single ? set->terms.items[0].type : types_common_underlying(c->t, param);
}

static bool unify_exactly(void *context, struct type *a, struct type *b)
{
    return check_unify(context, a, b, UNIFY_EXACT);
}

static bool from_constraint(struct inference *in, struct type *param)
{
    struct checker *c = in->c;
    bool single, tilde;
    struct type *at = check_unifier_at(in->u, param), *core = core_of(c, param, &single, &tilde);
    if (core && at) {
        if (!check_unify(in->u, at, core, 0))
            return fail_at(in, in->pos,
                           check_format(c, "%T (type %T) does not satisfy %T", param, at, param->param.constraint));
    } else if (core && single && !tilde) {
        check_unifier_set(in->u, param, core);
    }
    if (!at || check_parameterized(c, in->tparams, at))
        return true;
    const char *cause = "";
    if (check_has_methods(c, at, types_constraint(c->t, param), true, unify_exactly, in->u, &cause))
        return true;
    return fail_at(in, in->pos,
                   check_format(c, "%T (type %T) does not satisfy %T %s", param, at, param->param.constraint, cause));
}

static bool from_constraints(struct inference *in)
{
    for (;;) {
        uint32_t before = check_unifier_unknowns(in->u);
        for (uint32_t i = 0; i < in->tparams.count; i++)
            if (!from_constraint(in, in->tparams.items[i]))
                return false;
        if (check_unifier_unknowns(in->u) == before)
            return true;
    }
}

static bool from_constants(struct inference *in, const bool *untyped)
{
    struct checker *c = in->c;
    struct type **widest = ARENA_ARRAY(c->arena, struct type *, in->tparams.count);
    for (uint32_t i = 0; i < in->args.count; i++) {
        const struct operand *arg = &in->args.items[i];
        struct type *param = in->params->tuple.items[i];
        if (!untyped[i] || check_unifier_at(in->u, param))
            continue;
        uint32_t j = 0;
        while (in->tparams.items[j] != param)
            j++;
        struct type **w = &widest[j];
        bool mixes = !*w || *w == arg->type ||
                     (types_is(c->t, *w, BASIC_IS_NUMERIC) && types_is(c->t, arg->type, BASIC_IS_NUMERIC));
        if (!mixes)
            return fail_at(in, ast_start(arg->expr),
                           check_format(c, "mismatched types %T and %T (cannot infer %T)", *w, arg->type, param));
        if (!*w || arg->type->basic > (*w)->basic)
            *w = arg->type;
    }
    for (uint32_t j = 0; j < in->tparams.count; j++)
        if (widest[j])
            check_unifier_set(in->u, in->tparams.items[j], types_default(c->t, widest[j]));
    return true;
}

/* ---- inferred types that mention parameters ---- */

struct cycle_search {
    struct checker *c;
    struct type_list tparams;
    struct type_list types;
    uint8_t *on_path;
};

static void find_cycles(struct cycle_search *s, struct type *x);

static void find_cycles_in(struct cycle_search *s, struct type_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        find_cycles(s, list.items[i]);
}

static void find_cycles_param(struct cycle_search *s, const struct type *x)
{
    for (uint32_t i = 0; i < s->tparams.count; i++) {
        if (s->tparams.items[i] != x || !s->types.items[i])
            continue;
        if (s->on_path[i]) {
            s->types.items[i] = NULL;
            return;
        }
        s->on_path[i] = 1;
        find_cycles(s, s->types.items[i]);
        s->on_path[i] = 0;
    }
}

static void find_cycles_objects(struct cycle_search *s, struct object_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        find_cycles(s, list.items[i]->type);
}

static void find_cycles(struct cycle_search *s, struct type *x)
{
    if (!x || !types_mentions_params(s->c->t, x))
        return;
    switch ((enum type_kind)x->kind) {
    case TYPE_PARAM:
        find_cycles_param(s, x);
        break;
    case TYPE_NAMED:
        find_cycles_in(s, x->named.args);
        break;
    case TYPE_POINTER:
    case TYPE_SLICE:
    case TYPE_CHAN:
        find_cycles(s, x->pointer.elem);
        break;
    case TYPE_ARRAY:
        find_cycles(s, x->array.elem);
        break;
    case TYPE_MAP:
        find_cycles(s, x->map.key);
        find_cycles(s, x->map.elem);
        break;
    case TYPE_FUNC:
        find_cycles(s, x->func.params);
        find_cycles(s, x->func.results);
        break;
    case TYPE_TUPLE:
        find_cycles_in(s, x->tuple);
        break;
    case TYPE_STRUCT:
        find_cycles_objects(s, x->struct_.fields);
        break;
    case TYPE_INTERFACE:
        find_cycles_objects(s, x->interface.methods);
        find_cycles_in(s, x->interface.embeds);
        break;
    default:
        break;
    }
}

static void simplify(struct inference *in, struct type_list types)
{
    struct checker *c = in->c;
    struct cycle_search s = {c, in->tparams, types, ARENA_ARRAY(c->arena, uint8_t, types.count)};
    find_cycles_in(&s, in->tparams);
    /* Without cycles, each round resolves one more level of dependence. */
    for (uint32_t round = 0; round < types.count; round++)
        for (uint32_t i = 0; i < types.count; i++)
            if (types.items[i])
                types.items[i] = types_subst(c->t, types.items[i], in->tparams, types);
    /* A generic function that was passed as an argument is an ordinary one now. */
    for (uint32_t i = 0; i < types.count; i++) {
        const struct type *f = types.items[i];
        if (f && f->kind == TYPE_FUNC && f->func.tparams.count)
            types.items[i] = types_func(c->t, f->func.params, f->func.results, f->variadic, (struct type_list){0});
    }
}

static struct type_list finish(struct inference *in)
{
    struct checker *c = in->c;
    struct type_list types = inferred(in);
    simplify(in, types);
    for (uint32_t i = 0; i < types.count; i++) {
        if (types.items[i] && !check_parameterized(c, in->tparams, types.items[i]))
            continue;
        const struct object *o = in->tparams.items[i]->param.object;
        fail_at(in, in->pos, check_format(c, "cannot infer %N (declared at %P)", o->name, o->pos));
        return (struct type_list){0};
    }
    return types;
}

struct type_list check_infer(struct checker *c, struct pos pos, struct type_list tparams, struct type_list targs,
                             struct type *params, struct operand_list args, bool reverse, const char **error,
                             struct pos *error_pos)
{
    struct inference in = {c, pos, tparams, targs, params, args, reverse, NULL, NULL, POS_NONE};
    struct type_list none = {0};
    bool complete = targs.count == tparams.count;
    for (uint32_t i = 0; complete && i < targs.count; i++)
        complete = targs.items[i] != NULL;
    if (complete)
        return targs;
    for (uint32_t i = 0; i < args.count; i++)
        if (args.items[i].mode == MODE_INVALID)
            return none;
    if (targs.count) {
        struct type_list known = {ARENA_ARRAY(c->arena, struct type *, tparams.count), tparams.count};
        memcpy(known.items, targs.items, targs.count * sizeof *targs.items);
        in.params = types_subst(c->t, params, tparams, known);
    }
    in.u = check_unifier_new(c, tparams, targs, check_version(c, GO_1_21));
    bool *untyped = ARENA_ARRAY(c->arena, bool, args.count + 1);
    if (from_arguments(&in, untyped) && from_constraints(&in) && from_constants(&in, untyped)) {
        struct type_list result = finish(&in);
        if (result.items)
            return result;
    }
    *error = in.error;
    *error_pos = in.error_pos;
    return none;
}
