/*
 * lower_yield: for … range over a function. The body becomes a function of its own, the closure that the range function yields to.
 *
 * What the body uses of the function round it is captured as by a literal. Besides, closures of one function share a control record:
 * what is to happen once the range function has returned (next: 0, or the number of an exit), the function's results so far when
 * that is a return, and how deep its frame is, for defer, which belongs to it. An exit is a jump or a return that
 * leaves the body: the body notes its number and returns false; behind the call of the range function stands the same jump or
 * return, which in the body of another range over a function is an exit again.
 *
 * Each statement has a state, by which the body knows when it is called against the rules (gomem_code.h).
 *
 * The frame's depth is a distance from the end of the stack, which no move changes; so the record may be on the heap.
 */
#include "lower_internal.h"

struct exit {
    struct stmt *stmt;
    uint32_t number;
    struct exit *next;
};

/* A body in the making; fn->yield of its function. */
struct yield {
    struct stmt *s;
    struct fn *fn;       /* the function that the Go statements belong to */
    const char *control; /* the record, a pointer, as seen in the body */
    const char *state;   /* likewise */
    struct label *leave; /* where the body is done with */
    struct exit *exits, **last;
};

struct fn *home(struct lowerer *l)
{
    return l->fn->yield ? l->fn->yield->fn : l->fn;
}

/* ---- the control record ---- */

enum { CONTROL_NEXT, CONTROL_FRAME, CONTROL_RESULTS };

static struct type *control_type(struct lowerer *l, const struct fn *f)
{
    struct type *results = f->type->func.results;
    uint32_t n = results->tuple.count + CONTROL_RESULTS;
    const char **names = ARENA_ARRAY(l->arena, const char *, n);
    struct type **types = ARENA_ARRAY(l->arena, struct type *, n);
    names[CONTROL_NEXT] = "next";
    names[CONTROL_FRAME] = "frame";
    types[CONTROL_NEXT] = basic(l, BASIC_INT);
    types[CONTROL_FRAME] = basic(l, BASIC_UINTPTR);
    for (uint32_t i = CONTROL_RESULTS; i < n; i++) {
        names[i] = F(l, "r%u", i - CONTROL_RESULTS);
        types[i] = lower_type(l, results->tuple.items[i - CONTROL_RESULTS]);
    }
    return types_canonical(l->t, types_pointer(l->t, make_struct(l, names, types, n)));
}

static bool bodies_stay(struct lowerer *l)
{
    struct stmt_list all = ranges_of(l, l->fn->function);
    for (uint32_t i = 0; i < all.count; i++)
        if (!l->fn->escape || escape_range_body(l->fn->escape, all.items[i]) != ESCAPE_STACK)
            return false;
    return true;
}

static const char *fresh_object(struct lowerer *l, struct type *type, bool stays)
{
    return stays ? frame_object(l, type) : lower_new(l, type);
}

/* That of the statement round this one, or a new one. */
static const char *control_of(struct lowerer *l, struct type *type)
{
    struct fn *f = l->fn;
    if (f->yield)
        return f->yield->control;
    const char *control = stable(l, type, fresh_object(l, type->pointer.elem, bodies_stay(l)));
    if (f->function->has_defer) {
        f->needs_frame = true;
        emit(l, F(l, "%s->frame = (uintptr_t)(g->stack_base - (char *)fr)", control));
    }
    return control;
}

const char *yield_frame(struct lowerer *l)
{
    return F(l, "(g->stack_base - %s->frame)", l->fn->yield->control);
}

const char *yield_catch(struct lowerer *l)
{
    return F(l, "&((struct %s_frame *)%s)->catch_", home(l)->name, yield_frame(l));
}

/* ---- exits ---- */

static void leave_by(struct lowerer *l, struct stmt *s)
{
    struct yield *y = l->fn->yield;
    struct exit *x = y->exits;
    while (x && x->stmt != s)
        x = x->next;
    if (!x) {
        x = ARENA_NEW(l->arena, struct exit);
        *x = (struct exit){.stmt = s, .number = ++y->fn->exit_count};
        *y->last = x;
        y->last = &x->next;
    }
    emit(l, F(l, "%s->next = %u", y->control, x->number));
    emit_goto(l, y->leave);
}

void yield_branch(struct lowerer *l, struct stmt *s)
{
    leave_by(l, s);
}

bool yield_leaves(struct lowerer *l, const struct stmt *target)
{
    const struct yield *y = l->fn->yield;
    const struct stmt *body = y ? y->s->range.body : NULL;
    return y && !source_within(&l->compilation->sources, target->pos, body->pos, body->end);
}

void yield_return(struct lowerer *l, struct stmt *s, const char *const *values)
{
    const struct yield *y = l->fn->yield;
    struct type *results = y->fn->type->func.results;
    for (uint32_t i = 0; values && i < results->tuple.count; i++) {
        struct type *type = lower_type(l, results->tuple.items[i]);
        store(l, (struct place){.text = F(l, "%s->r%u", y->control, i), .memory = true, .var = NO_VAR, .type = type},
              values[i]);
    }
    leave_by(l, s);
}

/* Behind the call of the range function. */
static void take_exits(struct lowerer *l, const struct yield *y, const char *control)
{
    for (const struct exit *x = y->exits; x; x = x->next) {
        emit_if(l, F(l, "(%s->next == %u)", control, x->number));
        if (l->fn->yield && x->stmt->kind == STMT_RETURN) {
            leave_by(l, x->stmt);
        } else if (x->stmt->kind == STMT_RETURN) {
            uint32_t n = x->stmt->return_.results.count ? l->fn->type->func.results->tuple.count : 0;
            const char **values = ARENA_ARRAY(l->arena, const char *, n + 1);
            for (uint32_t i = 0; i < n; i++)
                values[i] = F(l, "%s->r%u", control, i);
            return_with(l, n ? values : NULL);
        } else {
            emit(l, F(l, "%s->next = 0", control));
            lower_branch(l, x->stmt);
        }
        emit_end(l);
    }
}

/* ---- the body ---- */

static struct object *declared(const struct stmt *s, uint32_t i)
{
    return s->define && i < s->range.lhs.count ? s->range.lhs.items[i]->name.object : NULL;
}

static void bind_params(struct lowerer *l, struct text *sig, struct stmt *s, const char **texts, struct type **types)
{
    struct type *params = l->fn->type->func.params;
    for (uint32_t i = 0; i < params->tuple.count; i++) {
        types[i] = lower_type(l, params->tuple.items[i]);
        texts[i] = V(l, bind_param(l, sig, declared(s, i), types[i]));
    }
}

static void set_params(struct lowerer *l, struct stmt *s, const char *const *texts, struct type *const *types)
{
    for (uint32_t i = 0; i < l->fn->type->func.params->tuple.count; i++)
        box_param(l, declared(s, i));
    if (!s->define && s->range.lhs.count)
        assign_parts(l, s, texts, types);
}

static void lower_yield_body(struct lowerer *l, struct stmt *s, uint32_t captures, struct type *const *fields)
{
    struct yield *y = l->fn->yield;
    struct text sig;
    text_init(&sig, l->arena);
    const char *texts[2];
    struct type *types[2];
    text_printf(&sig, "bool %s(gomem_g *g", l->fn->name);
    add_param(l, &sig, "c", l->fn->closure);
    bind_captures(l, captures_of_range(l, s));
    y->control = load_captured(l, captures, fields[captures]);
    y->state = load_captured(l, captures + 1, fields[captures + 1]);
    bind_params(l, &sig, s, texts, types);
    l->fn->signature = text_string(&sig);
    struct jump_target target;
    push_target(l, &target, s);
    target.break_ = y->leave = new_label(l, "leave");
    target.continue_ = new_label(l, "continue");
    emit(l, F(l, "gomem_range_enter(g, " MARK_HERE ", %s)", y->state));
    set_params(l, s, texts, types);
    lower_block(l, s->range.body->block.list);
    l->pos = s->range.body->end;
    emit_label(l, target.continue_);
    emit(l, F(l, "*%s = GOMEM_RANGE_READY", y->state));
    emit_return(l, "true");
    emit_label(l, target.break_);
    emit(l, F(l, "*%s = GOMEM_RANGE_DONE", y->state));
    emit_return(l, "false");
}

/* The closure: what the body captures, then control and state. */
static const char *yield_closure(struct lowerer *l, struct yield *y, const char *control, const char *state,
                                 struct type *yield_type)
{
    struct object_list captures = captures_of_range(l, y->s);
    uint32_t n = captures.count;
    const char **names = ARENA_ARRAY(l->arena, const char *, n + 2);
    const char **values = ARENA_ARRAY(l->arena, const char *, n + 2);
    struct type **types = ARENA_ARRAY(l->arena, struct type *, n + 2);
    list_captures(l, captures, names, values, types);
    names[n] = "gomem.control";
    types[n] = control_type(l, home(l));
    values[n] = control;
    names[n + 1] = "gomem.state";
    types[n + 1] = types_canonical(l->t, types_pointer(l->t, basic(l, BASIC_INT)));
    values[n + 1] = state;
    struct type *closure = closure_type(l, names, types, n + 2);
    struct fn *outer = l->fn;
    const char *code = F(l, "%s_range%u", outer->name, ++outer->literal_count);
    struct pos pos = l->pos;
    struct fn *fn = begin_fn(l, code, F(l, "%s-range%u", outer->go_name, outer->literal_count), under(l, yield_type));
    fn->pos = y->s->pos;
    fn->function = outer->function;
    fn->linkage = "static ";
    fn->closure = types_canonical(l->t, types_pointer(l->t, closure));
    fn->yield = y;
    lower_yield_body(l, y->s, n, types);
    end_fn(l);
    l->pos = pos;
    bool stays = l->fn->escape && escape_range_body(l->fn->escape, y->s) == ESCAPE_STACK;
    return fill_closure(l, fresh_object(l, closure, stays), code, closure, values, n + 2);
}

void lower_range_function(struct lowerer *l, struct stmt *s, struct type *type)
{
    struct type *yield_type = lower_type(l, under(l, type)->func.params->tuple.items[0]);
    struct type *word = basic(l, BASIC_INT);
    struct expr call = {.kind = EXPR_CALL, .mode = MODE_NO_VALUE, .pos = s->pos};
    call.call.fun = s->range.x;
    struct call c = {0};
    prepare_callee(l, &call, &c);
    const char *control = control_of(l, control_type(l, home(l)));
    bool stays = l->fn->escape && escape_range_body(l->fn->escape, s) == ESCAPE_STACK;
    const char *state = stable(l, types_canonical(l->t, types_pointer(l->t, word)), fresh_object(l, word, stays));
    emit(l, F(l, "*%s = GOMEM_RANGE_READY", state));
    emit(l, F(l, "%s->next = 0", control));
    struct yield y = {.s = s, .fn = home(l)};
    y.last = &y.exits;
    const char *closure = yield_closure(l, &y, control, state, yield_type);
    c.count = 1;
    c.args = &closure;
    c.types = &yield_type;
    perform_call(l, &c);
    emit(l, F(l, "gomem_range_exit(g, " MARK_HERE ", %s)", state));
    take_exits(l, &y, control);
}
