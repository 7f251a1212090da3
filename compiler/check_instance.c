/*
 * check_instance: generic functions with their type arguments, and whether arguments satisfy constraints.
 *
 * Constraints are verified when all types are complete. Each use of a generic function leaves a struct instance at the
 * name (or the index expression) it is used by.
 */
#include "check_internal.h"

struct type_list check_rename(struct checker *c, struct type_list params)
{
    struct type_list out = {ARENA_ARRAY(c->arena, struct type *, params.count), params.count};
    for (uint32_t i = 0; i < params.count; i++) {
        out.items[i] = types_param(c->t, params.items[i]->param.object, NULL);
        out.items[i]->param.index = i;
    }
    for (uint32_t i = 0; i < params.count; i++)
        if (params.items[i]->param.constraint)
            out.items[i]->param.constraint = types_subst(c->t, params.items[i]->param.constraint, params, out);
    return out;
}

/* False with the index of the first argument that does not satisfy its constraint, and why. */
bool check_verify(struct checker *c, struct type_list params, struct type_list args, uint32_t *failed,
                  const char **cause)
{
    for (uint32_t i = 0; i < params.count; i++) {
        types_constraint(c->t, params.items[i]); /* wraps a constraint that is no interface */
        struct type *bound = params.items[i]->param.constraint;
        if (!bound)
            continue;
        bound = types_subst(c->t, bound, params, args);
        *cause = "";
        if (!check_implements(c, args.items[i], bound, true, cause)) {
            *failed = i;
            return false;
        }
    }
    return true;
}

struct verification {
    struct type_list params;
    struct type_list args;
    struct expr_list xlist;
};

static void run_verification(struct checker *c, struct action *a)
{
    const struct verification *v = a->a;
    uint32_t failed;
    const char *cause;
    if (check_verify(c, v->params, v->args, &failed, &cause))
        check_mono_instance(c, a->pos, v->params, v->args, v->xlist);
    else
        check_error(c, failed < v->xlist.count ? ast_start(v->xlist.items[failed]) : a->pos, "%s", cause);
}

void check_verify_later(struct checker *c, struct pos pos, struct type_list params, struct type_list args,
                        struct expr_list xlist)
{
    struct verification *v = ARENA_NEW(c->arena, struct verification);
    *v = (struct verification){params, args, xlist};
    check_later(c, run_verification, pos)->a = v;
}

static void record_instance(struct checker *c, struct expr *e, struct type_list targs, struct type *type)
{
    struct instance *inst = ARENA_NEW(c->arena, struct instance);
    struct expr *x = e;
    while (x->kind == EXPR_PAREN || x->kind == EXPR_INDEX)
        x = x->kind == EXPR_PAREN ? x->paren.x : x->index.x;
    struct expr *name = x->kind == EXPR_SELECTOR ? x->selector.name : x;
    if (name->kind != EXPR_NAME)
        return;
    *inst = (struct instance){name->name.object, targs, type};
    name->name.instance = inst;
    e = ast_unparen(e);
    if (e->kind == EXPR_INDEX)
        e->index.instance = inst;
}

struct type *check_instantiate(struct checker *c, struct pos pos, struct expr *e, struct type *sig,
                               struct type_list targs, struct expr_list xlist)
{
    struct type_list params = sig->func.tparams;
    struct type *inst =
        types_func(c->t, types_subst(c->t, sig->func.params, params, targs),
                   types_subst(c->t, sig->func.results, params, targs), sig->variadic, (struct type_list){0});
    record_instance(c, e, targs, inst);
    check_verify_later(c, pos, params, targs, xlist);
    return inst;
}

/* Infers the rest of the arguments from what the function is assigned to (target), or from constraints alone. */
static bool infer_inst(struct checker *c, const struct target *target, struct pos pos, struct operand *x,
                       struct expr *inst, struct type_list *targs)
{
    struct type *sig = x->type;
    struct type_list own = sig->func.tparams, renamed = check_rename(c, own);
    struct operand arg = {0};
    struct operand_list args = {&arg, 0};
    struct type *params = c->t->empty_tuple;
    if (target && target->func) {
        if (!check_version(c, GO_1_21))
            check_need_version(c, pos, GO_1_21,
                               inst ? "partially instantiated function in assignment"
                                    : "implicitly instantiated function in assignment");
        struct type *plain =
            types_func(c->t, sig->func.params, sig->func.results, sig->variadic, (struct type_list){0});
        params = types_subst(c->t, types_tuple(c->t, &plain, 1), own, renamed);
        struct ident *name = ident_intern(&c->compilation->idents, target->desc, strlen(target->desc));
        arg = (struct operand){
            .mode = MODE_VALUE, .type = under(c, target->func), .expr = ast_new_name(c->compilation, name, pos)};
        args.count = 1;
    }
    const char *error = NULL;
    struct pos error_pos;
    *targs = check_infer(c, pos, renamed, *targs, params, args, true, &error, &error_pos);
    if (!targs->items && error)
        check_error(c, error_pos, "%s", error);
    return targs->items != NULL;
}

/* x is a generic function, inst the index expression it is used with, or NULL. Returns the arguments so far when infer
   is false and some are missing; otherwise x is instantiated (or invalid) and the list is empty. */
struct type_list check_func_inst(struct checker *c, const struct target *target, struct pos pos, struct operand *x,
                                 struct expr *inst, bool infer)
{
    struct type_list targs = {0}, none = {0};
    struct expr_list xlist = {0};
    if (inst)
        x->expr = inst;
    check_need_version(c, pos, GO_1_18, "function instantiation");
    if (inst) {
        xlist = inst->index.indices;
        if (!check_type_list(c, xlist, &targs)) {
            x->mode = MODE_INVALID;
            return none;
        }
    }
    struct type *sig = x->type;
    uint32_t want = sig->func.tparams.count;
    if (targs.count > want) {
        check_error_at(c, xlist.items[targs.count - 1], "got %d type arguments but want %d", (int)targs.count,
                       (int)want);
        x->mode = MODE_INVALID;
        return none;
    }
    if (targs.count < want) {
        if (!infer)
            return targs;
        if (!infer_inst(c, target, pos, x, inst, &targs)) {
            x->mode = MODE_INVALID;
            return none;
        }
    }
    x->type = check_instantiate(c, x->expr->pos, x->expr, sig, targs, xlist);
    x->mode = MODE_VALUE;
    return none;
}
