/*
 * ast_valid: checks the invariants of a tree; see ast.h. Recursion is bounded by what it checks: it stops at the first
 * violation, the height of an expression among them.
 */
#include "ast.h"

struct valid {
    const struct gomem_compilation *compilation;
    const char *error; /* the first violation */
};

static void check_expr(struct valid *v, const struct expr *e);
static void check_stmt(struct valid *v, const struct stmt *s);

static bool demand(struct valid *v, bool holds, const char *what)
{
    if (!holds && !v->error)
        v->error = what;
    return !v->error;
}

static void check_list(struct valid *v, struct expr_list list)
{
    for (uint32_t i = 0; i < list.count && !v->error; i++)
        check_expr(v, list.items[i]);
}

static void check_maybe(struct valid *v, const struct expr *e)
{
    if (e)
        check_expr(v, e);
}

static void check_name(struct valid *v, const struct expr *e)
{
    if (demand(v, e && e->kind == EXPR_NAME, "a name is no EXPR_NAME"))
        check_expr(v, e);
}

static void check_fields(struct valid *v, struct field_list list)
{
    for (uint32_t i = 0; i < list.count && !v->error; i++) {
        const struct field *f = list.items[i];
        if (!demand(v, f && f->type, "a field without a type"))
            return;
        if (f->name)
            check_name(v, f->name);
        demand(v, !f->shares_type || (i > 0 && list.items[i - 1]->type == f->type), "shares_type without sharing");
    }
}

struct height_check {
    struct valid *valid;
    uint16_t height;
};

static void check_operand(void *context, struct expr *operand)
{
    struct height_check *h = context;
    if (demand(h->valid, operand && operand->height < h->height, "an operand as high as its expression"))
        check_expr(h->valid, operand);
}

static void check_expr(struct valid *v, const struct expr *e)
{
    if (!demand(v, e != NULL, "a missing expression") ||
        !demand(v, e->kind < EXPR_KIND_COUNT, "an unknown kind of expression") ||
        !demand(v, e->id != 0 && e->id < v->compilation->next_expr_id, "an expression without an id") ||
        !demand(v, pos_known(e->pos), "an expression without a position") ||
        !demand(v, e->height <= AST_MAX_HEIGHT, "an expression that is too high"))
        return;
    if (e->kind == EXPR_STRUCT_TYPE)
        check_fields(v, e->struct_type.fields);
    if (e->kind == EXPR_INTERFACE_TYPE)
        check_fields(v, e->interface_type.elems);
    if (e->kind == EXPR_FUNC_TYPE) {
        check_fields(v, e->func_type.params);
        check_fields(v, e->func_type.results);
    }
    if (e->kind == EXPR_INDEX)
        demand(v, e->index.indices.count >= 1, "an index expression without index");
    if (e->kind == EXPR_FUNC && demand(v, e->func.body != NULL, "a function literal without body"))
        check_stmt(v, e->func.body);
    ast_each_operand(e, check_operand, &(struct height_check){v, e->height});
}

static void check_block(struct valid *v, const struct stmt *s)
{
    if (demand(v, s && s->kind == STMT_BLOCK, "a body is no block"))
        check_stmt(v, s);
}

static void check_body(struct valid *v, struct stmt_list list)
{
    for (uint32_t i = 0; i < list.count && !v->error; i++)
        check_stmt(v, list.items[i]);
}

static void check_clauses(struct valid *v, struct clause_list list, bool communications)
{
    for (uint32_t i = 0; i < list.count && !v->error; i++) {
        const struct clause *c = list.items[i];
        if (!demand(v, c != NULL, "a missing clause"))
            return;
        demand(v, c->is_default || (communications ? c->comm != NULL : c->exprs.count != 0), "an empty case");
        demand(v, !c->is_default || (!c->comm && !c->exprs.count), "a default with values");
        check_list(v, c->exprs);
        if (c->comm)
            check_stmt(v, c->comm);
        check_body(v, c->body);
    }
}

static void check_decl(struct valid *v, const struct decl *d)
{
    switch (d->kind) {
    case DECL_IMPORT:
        check_maybe(v, d->import.name);
        check_expr(v, d->import.path);
        break;
    case DECL_CONST:
        check_list(v, d->const_.names);
        check_maybe(v, d->const_.type);
        check_list(v, d->const_.values);
        demand(v, !d->const_.repeats || (!d->const_.type && !d->const_.values.count), "a repetition with values");
        break;
    case DECL_TYPE:
        check_name(v, d->type.name);
        check_fields(v, d->type.tparams);
        check_expr(v, d->type.type);
        break;
    case DECL_VAR:
        check_list(v, d->var.names);
        check_maybe(v, d->var.type);
        check_list(v, d->var.values);
        demand(v, d->var.type || d->var.values.count, "a variable without type and value");
        break;
    default:
        check_name(v, d->func.name);
        check_fields(v, d->func.tparams);
        check_expr(v, d->func.type);
        if (d->func.body)
            check_block(v, d->func.body);
        break;
    }
}

static void check_init(struct valid *v, const struct stmt *s)
{
    if (s)
        check_stmt(v, s);
}

static void check_loop(struct valid *v, const struct stmt *s)
{
    if (s->kind == STMT_RANGE) {
        check_list(v, s->range.lhs);
        check_expr(v, s->range.x);
        check_block(v, s->range.body);
        return;
    }
    check_init(v, s->for_.init);
    check_maybe(v, s->for_.cond);
    check_init(v, s->for_.post);
    check_block(v, s->for_.body);
}

static void check_branching(struct valid *v, const struct stmt *s)
{
    switch (s->kind) {
    case STMT_IF:
        check_init(v, s->if_.init);
        check_expr(v, s->if_.cond);
        check_block(v, s->if_.then);
        check_init(v, s->if_.else_);
        break;
    case STMT_SWITCH:
        check_init(v, s->switch_.init);
        check_maybe(v, s->switch_.tag);
        check_clauses(v, s->switch_.clauses, false);
        break;
    case STMT_TYPE_SWITCH:
        check_init(v, s->type_switch.init);
        check_maybe(v, s->type_switch.bind);
        check_expr(v, s->type_switch.x);
        check_clauses(v, s->type_switch.clauses, false);
        break;
    default:
        check_clauses(v, s->select.clauses, true);
        break;
    }
}

static void check_stmt(struct valid *v, const struct stmt *s)
{
    if (!demand(v, s != NULL, "a missing statement") || !demand(v, pos_known(s->pos), "a statement without position"))
        return;
    switch ((enum stmt_kind)s->kind) {
    case STMT_BAD:
    case STMT_EMPTY:
    case STMT_FALLTHROUGH:
        break;
    case STMT_LABELED:
        check_name(v, s->labeled.label);
        check_stmt(v, s->labeled.stmt);
        break;
    case STMT_BLOCK:
        check_body(v, s->block.list);
        break;
    case STMT_EXPR:
        check_expr(v, s->expr.x);
        break;
    case STMT_SEND:
        check_expr(v, s->send.chan);
        check_expr(v, s->send.value);
        break;
    case STMT_DECL:
        for (uint32_t i = 0; i < s->decl.list.count && !v->error; i++)
            check_decl(v, s->decl.list.items[i]);
        break;
    case STMT_ASSIGN:
        demand(v, s->assign.lhs.count && s->assign.rhs.count, "an assignment without operands");
        check_list(v, s->assign.lhs);
        check_list(v, s->assign.rhs);
        break;
    case STMT_INC_DEC:
        check_expr(v, s->inc_dec.x);
        break;
    case STMT_GO:
    case STMT_DEFER:
        check_expr(v, s->go.call);
        break;
    case STMT_RETURN:
        check_list(v, s->return_.results);
        break;
    case STMT_BREAK:
    case STMT_CONTINUE:
        demand(v, s->branch.target != NULL, "a branch without target");
        break;
    case STMT_GOTO:
        demand(v, s->branch.target && s->branch.target->kind == STMT_LABELED, "a goto without target");
        break;
    case STMT_FOR:
    case STMT_RANGE:
        check_loop(v, s);
        break;
    case STMT_IF:
    case STMT_SWITCH:
    case STMT_TYPE_SWITCH:
    case STMT_SELECT:
        check_branching(v, s);
        break;
    case STMT_KIND_COUNT:
        demand(v, false, "an unknown kind of statement");
        break;
    }
}

const char *ast_valid(const struct gomem_compilation *c, const struct ast_file *f)
{
    struct valid v = {.compilation = c};
    check_name(&v, f->package);
    for (uint32_t i = 0; i < f->decls.count && !v.error; i++)
        check_decl(&v, f->decls.items[i]);
    return v.error;
}
