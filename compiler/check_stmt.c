/*
 * check_stmt: statements, and whether a list of them can run off its end.
 *
 * Labels and jumps are the parser's (branch.h). What a statement puts off runs before the next one.
 */
#include "check_internal.h"

void check_stmt_list(struct checker *c, struct stmt_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        check_stmt(c, list.items[i]);
}

static void simple(struct checker *c, struct stmt *s)
{
    if (s)
        check_stmt(c, s);
}

void check_condition(struct checker *c, struct expr *e, const char *where)
{
    struct operand x;
    check_expr(c, NULL, &x, e);
    if (x.mode == MODE_INVALID)
        return;
    if (!types_all(c->t, x.type, BASIC_IS_BOOLEAN))
        check_error_at(c, e, "non-boolean condition in %s statement", where);
    else if (type_is_untyped(x.type))
        check_update_type(c, e, basic(c, BASIC_BOOL), true);
}

static void expr_stmt(struct checker *c, struct expr *e)
{
    struct operand x;
    enum use_kind kind = check_raw(c, NULL, &x, e, NULL, false);
    const char *what = "is not used";
    if (x.mode == MODE_BUILTIN)
        what = "must be called";
    else if (x.mode == MODE_TYPE)
        what = "is not an expression";
    else if (kind == USE_STATEMENT || x.mode == MODE_INVALID)
        return;
    check_error_on(c, &x, "%O %s", &x, what);
}

static void send_stmt(struct checker *c, struct stmt *s)
{
    struct operand chan, value;
    check_expr(c, NULL, &chan, s->send.chan);
    check_expr(c, NULL, &value, s->send.value);
    if (chan.mode == MODE_INVALID || value.mode == MODE_INVALID)
        return;
    struct type *elem = check_chan_elem(c, ast_start(s->send.chan), &chan, false);
    if (elem)
        check_assignment(c, &value, elem, "send");
}

static void inc_dec_stmt(struct checker *c, struct stmt *s)
{
    struct expr *e = s->inc_dec.x;
    struct operand x;
    check_expr(c, NULL, &x, e);
    if (x.mode == MODE_INVALID)
        return;
    if (!types_all(c->t, x.type, BASIC_IS_NUMERIC)) {
        const char *op = op_string((enum op)s->op);
        check_error_at(c, e, "invalid operation: %E%s%s (non-numeric type %T)", e, op, op, x.type);
        return;
    }
    check_assign_var(c, e, NULL, &x, "assignment");
}

static void assign_stmt(struct checker *c, struct stmt *s)
{
    struct expr_list lhs = s->assign.lhs, rhs = s->assign.rhs;
    if (s->define) {
        check_short_decl(c, s);
    } else if (s->op == OP_NONE) {
        check_assign_vars(c, lhs, rhs);
    } else if (lhs.count != 1 || rhs.count != 1) {
        check_error(c, ast_start(lhs.items[0]), "assignment operation %s= requires single-valued expressions",
                    op_string((enum op)s->op));
    } else {
        struct operand x;
        check_binary(c, &x, NULL, lhs.items[0], rhs.items[0], (enum op)s->op);
        check_assign_var(c, lhs.items[0], NULL, &x, "assignment");
    }
}

static void suspended_call(struct checker *c, struct stmt *s)
{
    const char *keyword = s->kind == STMT_GO ? "go" : "defer";
    struct expr *call = s->go.call;
    if (call->kind != EXPR_CALL) {
        check_error_at(c, call, "expression in %s must be function call", keyword);
        check_use(c, call);
        return;
    }
    if (s->kind == STMT_DEFER && c->env.function)
        c->env.function->has_defer = true;
    struct operand x;
    const char *what = "discards result of";
    switch (check_raw(c, NULL, &x, call, NULL, false)) {
    case USE_STATEMENT:
        return;
    case USE_CONVERSION:
        what = "requires function call, not conversion";
        break;
    case USE_EXPRESSION:
        break;
    }
    check_error_on(c, &x, "%s %s %O", keyword, what, &x);
}

static void return_stmt(struct checker *c, struct stmt *s)
{
    struct function *f = c->env.function;
    struct object_list results = f->results;
    struct expr_list values = s->return_.results;
    if (values.count == 0 && f->named_results) {
        for (uint32_t i = 0; i < results.count; i++) {
            struct object *o = results.items[i], *other = check_lookup(c, o->name);
            if (!o->name->blank && other && other != o)
                check_error(c, s->pos,
                            "result parameter %N not in scope at return\n\t%P: inner declaration of var %N %T", o->name,
                            other->pos, o->name, o->type);
        }
    } else if (results.count || values.count) {
        check_init_vars(c, results.items, results.count, values, s);
    }
}

static void if_stmt(struct checker *c, struct stmt *s)
{
    check_open_scope(c);
    s->scope = c->env.scope;
    simple(c, s->if_.init);
    check_condition(c, s->if_.cond, "if");
    check_stmt(c, s->if_.then);
    simple(c, s->if_.else_);
    check_close_scope(c);
}

static void mark_loop_vars(struct checker *c, const struct stmt *init)
{
    if (!init || init->kind != STMT_ASSIGN || !init->define)
        return;
    for (uint32_t i = 0; i < init->assign.lhs.count; i++) {
        const struct expr *e = init->assign.lhs.items[i];
        if (e->kind == EXPR_NAME && e->name.object) {
            e->name.object->is_loop_var = true;
            e->name.object->per_iteration = check_version(c, GO_1_22) && !c->program->config.shared_loops;
        }
    }
}

static void for_stmt(struct checker *c, struct stmt *s)
{
    check_open_scope(c);
    s->scope = c->env.scope;
    simple(c, s->for_.init);
    mark_loop_vars(c, s->for_.init);
    if (s->for_.cond)
        check_condition(c, s->for_.cond, "for");
    simple(c, s->for_.post);
    check_stmt(c, s->for_.body);
    check_close_scope(c);
}

static bool is_receive(struct expr *e)
{
    e = ast_unparen(e);
    return e->kind == EXPR_UNARY && e->op == OP_RECV;
}

static bool valid_comm(const struct stmt *s)
{
    switch (s->kind) {
    case STMT_SEND:
        return true;
    case STMT_EXPR:
        return is_receive(s->expr.x);
    case STMT_ASSIGN:
        return s->assign.rhs.count == 1 && s->op == OP_NONE && is_receive(s->assign.rhs.items[0]);
    default:
        return false;
    }
}

static void select_stmt(struct checker *c, struct stmt *s)
{
    const struct clause *first = NULL;
    for (uint32_t i = 0; i < s->select.clauses.count; i++) {
        struct clause *k = s->select.clauses.items[i];
        if (k->is_default && first)
            check_error(c, k->pos, "multiple defaults (first at %P)", first->pos);
        else if (k->is_default)
            first = k;
    }
    for (uint32_t i = 0; i < s->select.clauses.count; i++) {
        struct clause *k = s->select.clauses.items[i];
        if (k->comm && !valid_comm(k->comm)) {
            check_error(c, ast_stmt_start(k->comm), "select case must be send or receive (possibly with assignment)");
            continue;
        }
        check_open_scope(c);
        k->scope = c->env.scope;
        simple(c, k->comm);
        check_stmt_list(c, k->body);
        check_close_scope(c);
    }
}

static void block_stmt(struct checker *c, struct stmt *s)
{
    check_open_scope(c);
    s->scope = c->env.scope;
    check_stmt_list(c, s->block.list);
    check_close_scope(c);
}

static void one_stmt(struct checker *c, struct stmt *s)
{
    switch ((enum stmt_kind)s->kind) {
    case STMT_LABELED:
        check_stmt(c, s->labeled.stmt);
        break;
    case STMT_BLOCK:
        block_stmt(c, s);
        break;
    case STMT_EXPR:
        expr_stmt(c, s->expr.x);
        break;
    case STMT_SEND:
        send_stmt(c, s);
        break;
    case STMT_DECL:
        check_decl_stmt(c, s->decl.list);
        break;
    case STMT_ASSIGN:
        assign_stmt(c, s);
        break;
    case STMT_INC_DEC:
        inc_dec_stmt(c, s);
        break;
    case STMT_GO:
    case STMT_DEFER:
        suspended_call(c, s);
        break;
    case STMT_RETURN:
        return_stmt(c, s);
        break;
    case STMT_IF:
        if_stmt(c, s);
        break;
    case STMT_FOR:
        for_stmt(c, s);
        break;
    case STMT_RANGE:
        check_range(c, s);
        break;
    case STMT_SWITCH:
        check_switch(c, s);
        break;
    case STMT_TYPE_SWITCH:
        check_type_switch(c, s);
        break;
    case STMT_SELECT:
        select_stmt(c, s);
        break;
    case STMT_BREAK:
    case STMT_CONTINUE:
    case STMT_GOTO:
    case STMT_FALLTHROUGH:
    case STMT_BAD:
    case STMT_EMPTY:
    case STMT_KIND_COUNT:
        break;
    }
}

void check_stmt(struct checker *c, struct stmt *s)
{
    uint32_t top = c->action_count;
    one_stmt(c, s);
    check_run_delayed(c, top);
}

/* ---- terminating statements ---- */

static bool list_terminates(struct stmt_list list);

/* Does a break in s leave `target`? Nested functions have bodies of their own and are not searched. */
static bool breaks(const struct stmt *s, const struct stmt *target);

static bool list_breaks(struct stmt_list list, const struct stmt *target)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (breaks(list.items[i], target))
            return true;
    return false;
}

static bool clauses_break(struct clause_list list, const struct stmt *target)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (list_breaks(list.items[i]->body, target))
            return true;
    return false;
}

static bool breaks(const struct stmt *s, const struct stmt *target)
{
    if (!s)
        return false;
    switch (s->kind) {
    case STMT_BREAK:
        return s->branch.target == target;
    case STMT_LABELED:
        return breaks(s->labeled.stmt, target);
    case STMT_BLOCK:
        return list_breaks(s->block.list, target);
    case STMT_IF:
        return breaks(s->if_.then, target) || breaks(s->if_.else_, target);
    case STMT_FOR:
        return breaks(s->for_.body, target);
    case STMT_RANGE:
        return breaks(s->range.body, target);
    case STMT_SWITCH:
        return clauses_break(s->switch_.clauses, target);
    case STMT_TYPE_SWITCH:
        return clauses_break(s->type_switch.clauses, target);
    case STMT_SELECT:
        return clauses_break(s->select.clauses, target);
    default:
        return false;
    }
}

static bool clauses_terminate(struct clause_list list, const struct stmt *s, bool need_default)
{
    bool has_default = !need_default;
    for (uint32_t i = 0; i < list.count; i++) {
        has_default |= list.items[i]->is_default;
        if (!list_terminates(list.items[i]->body) || list_breaks(list.items[i]->body, s))
            return false;
    }
    return has_default;
}

static bool is_panic(struct expr *e)
{
    e = ast_unparen(e);
    if (e->kind != EXPR_CALL || e->call.kind != CALL_BUILTIN)
        return false;
    const struct expr *fun = ast_unparen(e->call.fun);
    return fun->kind == EXPR_NAME && fun->name.object && fun->name.object->builtin == BUILTIN_PANIC;
}

static bool list_terminates(struct stmt_list list)
{
    for (uint32_t i = list.count; i > 0; i--)
        if (list.items[i - 1]->kind != STMT_EMPTY)
            return check_terminates(list.items[i - 1]);
    return false;
}

bool check_terminates(const struct stmt *s)
{
    switch (s->kind) {
    case STMT_RETURN:
    case STMT_GOTO:
    case STMT_FALLTHROUGH:
        return true;
    case STMT_LABELED:
        return check_terminates(s->labeled.stmt);
    case STMT_EXPR:
        return is_panic(s->expr.x);
    case STMT_BLOCK:
        return list_terminates(s->block.list);
    case STMT_IF:
        return s->if_.else_ && check_terminates(s->if_.then) && check_terminates(s->if_.else_);
    case STMT_FOR:
        return !s->for_.cond && !breaks(s->for_.body, s);
    case STMT_SWITCH:
        return clauses_terminate(s->switch_.clauses, s, true);
    case STMT_TYPE_SWITCH:
        return clauses_terminate(s->type_switch.clauses, s, true);
    case STMT_SELECT:
        return clauses_terminate(s->select.clauses, s, false);
    default:
        return false;
    }
}
