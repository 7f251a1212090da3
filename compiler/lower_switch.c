/*
 * lower_switch: switch, type switch, select.
 *
 * A switch is a chain of if and else whose last part is the default; one with fallthrough first jumps to the body of the clause chosen.
 */
#include "lower_internal.h"

static struct clause *default_of(struct clause_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (list.items[i]->is_default)
            return list.items[i];
    return NULL;
}

static bool falls_through(const struct clause *c)
{
    return c->body.count && c->body.items[c->body.count - 1]->kind == STMT_FALLTHROUGH;
}

/* ---- switch ---- */

struct tag {
    struct expr *e;
    struct type *type;
    const char *text;
};

static const char *match_one(struct lowerer *l, const struct tag *t, struct expr *e)
{
    if (!t->e && is_interface(l, type_of(l, e)))
        return compare(l, OP_EQL, l->t->any, convert_interface(l, "true", basic(l, BASIC_BOOL), l->t->any),
                       stable(l, l->t->any, lower_to(l, e, l->t->any)));
    if (!t->e)
        return lower_expr(l, e);
    struct type *type = type_of(l, e), *common = t->type;
    if (e->mode == MODE_NIL) {
        struct type *u = under(l, t->type);
        return F(l, "(%s%s == NULL)", t->text,
                 u->kind == TYPE_SLICE       ? ".ptr"
                 : u->kind != TYPE_INTERFACE ? ""
                 : is_empty_interface(l, u)  ? ".type"
                                             : ".tab");
    }
    const char *a = t->text;
    if (is_interface(l, type) && !is_interface(l, common)) {
        common = type;
        a = convert_interface(l, a, t->type, common);
    }
    const char *b = lower_to(l, e, common);
    if (!is_scalar(l, common) && !is_string(l, common))
        b = stable(l, common, b);
    return compare(l, OP_EQL, common, a, b);
}

static const char *match_any(struct lowerer *l, const struct tag *t, struct expr_list list)
{
    const char *all = NULL;
    for (uint32_t i = 0; i < list.count; i++) {
        uint32_t at = l->fn->count;
        const char *one = match_one(l, t, list.items[i]);
        all = all ? join_logical(l, false, all, at, one) : one;
    }
    return all;
}

static void lower_jumping(struct lowerer *l, const struct tag *t, struct clause_list list, struct label *end)
{
    struct label **labels = ARENA_ARRAY(l->arena, struct label *, list.count + 1);
    struct label *otherwise = end;
    for (uint32_t i = 0; i < list.count; i++) {
        labels[i] = new_label(l, "case");
        if (list.items[i]->is_default) {
            otherwise = labels[i];
            continue;
        }
        emit_if(l, match_any(l, t, list.items[i]->exprs));
        emit_goto(l, labels[i]);
        emit_end(l);
    }
    emit_goto(l, otherwise);
    for (uint32_t i = 0; i < list.count; i++) {
        struct stmt_list body = list.items[i]->body;
        bool falls = falls_through(list.items[i]);
        emit_label(l, labels[i]);
        body.count -= falls;
        lower_block(l, body);
        if (!falls)
            emit_goto(l, end);
    }
}

static void lower_chain(struct lowerer *l, const struct tag *t, struct clause_list list)
{
    uint32_t depth = 0;
    for (uint32_t i = 0; i < list.count; i++) {
        struct clause *c = list.items[i];
        if (c->is_default)
            continue;
        if (depth)
            emit_else(l);
        l->pos = c->pos;
        emit_if(l, match_any(l, t, c->exprs));
        depth++;
        lower_block(l, c->body);
    }
    struct clause *otherwise = default_of(list);
    if (otherwise) {
        if (depth)
            emit_else(l);
        lower_block(l, otherwise->body);
    }
    while (depth--)
        emit_end(l);
}

static bool constant_cases(const struct stmt *s)
{
    for (uint32_t i = 0; i < s->switch_.clauses.count; i++) {
        struct expr_list list = s->switch_.clauses.items[i]->exprs;
        for (uint32_t k = 0; k < list.count; k++)
            if (list.items[k]->mode != MODE_CONSTANT)
                return false;
    }
    return true;
}

void lower_switch(struct lowerer *l, struct stmt *s)
{
    struct jump_target target;
    if (s->switch_.init)
        lower_stmt(l, s->switch_.init);
    push_target(l, &target, s);
    target.break_ = new_label(l, "end");
    struct tag t = {.e = s->switch_.tag};
    if (t.e) {
        t.type = type_of(l, t.e);
        t.text = constant_cases(s) ? lower_borrowed(l, t.e, t.type) : lower_to(l, t.e, t.type);
        t.text = t.e->mode == MODE_CONSTANT ? t.text : temp(l, t.type, t.text);
    }
    bool falls = false;
    for (uint32_t i = 0; i < s->switch_.clauses.count; i++)
        falls |= falls_through(s->switch_.clauses.items[i]);
    if (falls)
        lower_jumping(l, &t, s->switch_.clauses, target.break_);
    else
        lower_chain(l, &t, s->switch_.clauses);
    emit_label(l, target.break_);
    l->fn->targets = target.outer;
}

/* ---- type switch ---- */

static const char *match_type(struct lowerer *l, const char *type_text, struct expr *e)
{
    if (e->mode == MODE_NIL)
        return F(l, "(%s == NULL)", type_text);
    struct type *type = type_of(l, e);
    if (!is_interface(l, type))
        return F(l, "(%s == %s)", type_text, descriptor(l, type));
    if (is_empty_interface(l, type))
        return F(l, "(%s != NULL)", type_text);
    return F(l, "gomem_implements(%s, %s)", type_text, descriptor(l, types_underlying(l->t, type)));
}

/* In a clause with one type the variable has that type, else that of the operand. */
static void bind_clause(struct lowerer *l, struct clause *c, const char *x, struct type *from)
{
    if (!c->object)
        return;
    struct type *type = lower_type(l, c->object->type);
    const char *ok;
    const char *value = type == from ? x : lower_assert(l, x, from, type, &ok);
    declare_local(l, c->object, value);
}

static bool names_nil(const struct clause *c)
{
    for (uint32_t i = 0; i < c->exprs.count; i++)
        if (c->exprs.items[i]->mode == MODE_NIL)
            return true;
    return false;
}

void lower_type_switch(struct lowerer *l, struct stmt *s)
{
    struct jump_target target;
    if (s->type_switch.init)
        lower_stmt(l, s->type_switch.init);
    push_target(l, &target, s);
    target.break_ = new_label(l, "end");
    struct type *from = type_of(l, s->type_switch.x);
    const char *x = temp(l, from, lower_expr(l, s->type_switch.x));
    const char *type = is_empty_interface(l, from) ? F(l, "%s.type", x) : F(l, "gomem_tab_type(%s.tab)", x);
    uint32_t depth = 0;
    struct clause_list list = s->type_switch.clauses;
    for (uint32_t i = 0; i < list.count; i++) {
        struct clause *c = list.items[i];
        if (c->is_default)
            continue;
        const char *cond = NULL;
        for (uint32_t k = 0; k < c->exprs.count; k++) {
            const char *one = match_type(l, type, c->exprs.items[k]);
            cond = cond ? F(l, "(%s || %s)", cond, one) : one;
        }
        if (depth++)
            emit_else(l);
        emit_if(l, cond);
        if (c->exprs.count == 1 && names_nil(c) && c->object)
            declare_local(l, c->object, x);
        else
            bind_clause(l, c, x, from);
        lower_block(l, c->body);
    }
    struct clause *otherwise = default_of(list);
    if (otherwise) {
        if (depth)
            emit_else(l);
        bind_clause(l, otherwise, x, from);
        lower_block(l, otherwise->body);
    }
    while (depth--)
        emit_end(l);
    emit_label(l, target.break_);
    l->fn->targets = target.outer;
}

/* ---- select ---- */

struct comm {
    struct clause *clause;
    struct stmt *stmt;
    struct expr *receive; /* <-c, or NULL */
    const char *chan;
    const char *elem; /* place, or NULL */
    struct type *type;
    uint32_t index;
};

static struct expr *receive_of(struct stmt *s)
{
    if (s->kind == STMT_SEND)
        return NULL;
    return ast_unparen(s->kind == STMT_EXPR ? s->expr.x : s->assign.rhs.items[0]);
}

static void evaluate_comm(struct lowerer *l, struct comm *c)
{
    struct expr *chan = c->receive ? c->receive->unary.x : c->stmt->send.chan;
    struct type *type = type_of(l, chan);
    c->type = lower_type(l, under(l, type)->chan.elem);
    c->chan = temp(l, type, lower_expr(l, chan));
    if (c->receive && c->stmt->kind == STMT_EXPR)
        return;
    const char *value = c->receive ? zero(l, c->type) : lower_to(l, c->stmt->send.value, c->type);
    struct place p = fresh_place(l, c->type);
    l->fn->vars[p.var].exposed = true;
    emit_def(l, p.var, value);
    c->elem = p.text;
}

static void run_comm(struct lowerer *l, struct comm *c, const char *received)
{
    if (c->receive && c->stmt->kind == STMT_ASSIGN) {
        const char *parts[] = {c->elem, received};
        struct type *types[] = {c->type, basic(l, BASIC_BOOL)};
        assign_parts(l, c->stmt, parts, types);
    }
    lower_block(l, c->clause->body);
}

static const char *cases_array(struct lowerer *l, struct comm *all, uint32_t n, uint32_t *sends)
{
    struct type *pointer = basic(l, BASIC_UNSAFE_POINTER);
    const char *names[] = {"c", "elem"};
    struct type *types[] = {pointer, pointer};
    struct type *array = types_canonical(l->t, types_array(l->t, make_struct(l, names, types, 2), n ? n : 1));
    int32_t v = new_var(l, "cases", array);
    l->fn->vars[v].exposed = true;
    emit_def(l, v, zero(l, array));
    uint32_t at = 0;
    *sends = 0;
    for (int receiving = 0; receiving < 2; receiving++)
        for (uint32_t i = 0; i < n; i++) {
            if ((all[i].receive != NULL) != receiving)
                continue;
            all[i].index = at++;
            *sends += !receiving;
            emit(l, F(l, "%s.a[%u].c = %s", V(l, v), all[i].index, all[i].chan));
            if (all[i].elem)
                emit(l, F(l, "%s.a[%u].elem = &%s", V(l, v), all[i].index, all[i].elem));
        }
    return V(l, v);
}

void lower_select(struct lowerer *l, struct stmt *s)
{
    struct clause_list list = s->select.clauses;
    struct comm *all = ARENA_ARRAY(l->arena, struct comm, list.count + 1);
    struct clause *otherwise = default_of(list);
    uint32_t n = 0, sends;
    if (!list.count) {
        emit_noreturn(l, "gomem_rt.sched->block(g)", true);
        return;
    }
    struct jump_target target;
    push_target(l, &target, s);
    target.break_ = new_label(l, "end");
    for (uint32_t i = 0; i < list.count; i++) {
        if (list.items[i]->is_default)
            continue;
        all[n] = (struct comm){
            .clause = list.items[i], .stmt = list.items[i]->comm, .receive = receive_of(list.items[i]->comm)};
        l->pos = list.items[i]->pos;
        evaluate_comm(l, &all[n++]);
    }
    l->pos = s->pos;
    const char *cases = cases_array(l, all, n, &sends);
    int32_t received = new_var(l, "received", basic(l, BASIC_BOOL)), chosen = new_var(l, "chosen", basic(l, BASIC_INT));
    l->fn->vars[received].exposed = true;
    emit_def(l, received, "false");
    emit_call(l, chosen,
              F(l, "gomem_rt.chans->select(g, (gomem_select_case *)&%s, %u, %u, %s, &%s)", cases, sends, n,
                otherwise ? "true" : "false", V(l, received)));
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            emit_else(l);
        if (i + 1 < n || otherwise)
            emit_if(l, F(l, "(%s == %u)", V(l, chosen), all[i].index));
        run_comm(l, &all[i], V(l, received));
    }
    if (otherwise) {
        if (n)
            emit_else(l);
        lower_block(l, otherwise->body);
    }
    for (uint32_t i = 0; i + !otherwise < n; i++)
        emit_end(l);
    emit_label(l, target.break_);
    l->fn->targets = target.outer;
}
