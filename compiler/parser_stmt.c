/*
 * parser_stmt: statements; see parser_internal.h.
 *
 * The header of an if, for or switch is `[init ;] cond`, both simple statements as far as the parser knows; which was which
 * shows at the ';' or '{'. parse_header reads them as statements and the caller turns the condition into an expression.
 */
#include "parser_internal.h"

#include "branch.h"

static struct stmt *parse_stmt_or_null(struct parser *p);
static struct stmt_list parse_stmt_list(struct parser *p);
static struct stmt *parse_block(struct parser *p, const char *context);

static struct stmt *new_stmt(struct parser *p, enum stmt_kind kind)
{
    return ast_new_stmt(p->c, kind, parser_pos(p));
}

/* ---- simple statements -------------------------------------------------------------------------------------------- */

/* What := declares must be names. */
static void check_define(struct parser *p, struct expr_list lhs, bool range)
{
    for (uint32_t i = 0; i < lhs.count; i++) {
        if (lhs.items[i]->kind == EXPR_NAME || lhs.items[i]->kind == EXPR_BAD)
            continue;
        const char *shown = ast_expr_string(p->c, lhs.items[i]);
        if (range)
            parser_error_at(p, ast_start(lhs.items[i]), "cannot declare %s", shown);
        else
            parser_error_at(p, ast_start(lhs.items[i]), "non-name %s on left side of :=", shown);
    }
}

/* At `range`; the statement still lacks its position and body. */
static struct stmt *parse_range(struct parser *p, struct expr_list lhs, bool define)
{
    struct stmt *s = new_stmt(p, STMT_RANGE);
    parser_next(p);
    s->range.lhs = lhs;
    s->define = define;
    if (lhs.count > 2)
        parser_error_at(p, ast_start(lhs.items[2]), "range clause permits at most two iteration variables");
    if (define)
        check_define(p, lhs, true);
    s->range.x = parse_expr(p);
    return s;
}

static struct stmt *new_expr_stmt(struct parser *p, struct expr *x)
{
    struct stmt *s = ast_new_stmt(p->c, STMT_EXPR, x->pos);
    s->expr.x = x;
    return s;
}

static struct stmt *new_type_switch(struct parser *p, struct expr *bind, struct expr *guard)
{
    struct stmt *s = ast_new_stmt(p->c, STMT_TYPE_SWITCH, guard->pos);
    guard->flag = true;
    s->type_switch.bind = bind;
    s->type_switch.x = guard->assert.x;
    return s;
}

/* At = or :=. */
static struct stmt *parse_assign(struct parser *p, struct expr_list lhs, enum token keyword)
{
    bool define = parser_at(p, TOKEN_DEFINE);
    struct stmt *s = new_stmt(p, STMT_ASSIGN);
    parser_next(p);
    if (keyword == TOKEN_FOR && parser_at(p, TOKEN_RANGE))
        return parse_range(p, lhs, define);
    s->assign.lhs = lhs;
    s->assign.rhs = parse_expr_list(p);
    s->define = define;
    struct expr *value = s->assign.rhs.items[0];
    if (keyword == TOKEN_SWITCH && define && lhs.count == 1 && lhs.items[0]->kind == EXPR_NAME &&
        s->assign.rhs.count == 1 && parser_is_guard(value))
        return new_type_switch(p, lhs.items[0], value);
    if (define)
        check_define(p, lhs, false);
    return s;
}

/* op=, ++, --, <- or nothing behind one expression. */
static struct stmt *parse_after_expr(struct parser *p, struct expr *x)
{
    struct stmt *s;
    switch (parser_token(p)) {
    case TOKEN_ASSIGN_OP:
        s = new_stmt(p, STMT_ASSIGN);
        s->op = (uint8_t)p->lx.op;
        parser_next(p);
        s->assign.lhs = parser_one_expr(p, x);
        s->assign.rhs = parser_one_expr(p, parse_expr(p));
        return s;
    case TOKEN_INC_OP:
        s = new_stmt(p, STMT_INC_DEC);
        s->op = (uint8_t)p->lx.op;
        s->inc_dec.x = x;
        parser_next(p);
        return s;
    case TOKEN_ARROW:
        s = new_stmt(p, STMT_SEND);
        parser_next(p);
        s->send.chan = x;
        s->send.value = parse_expr(p);
        return s;
    default:
        return new_expr_stmt(p, x);
    }
}

/* A simple statement of which the first expressions have been read. The keyword whose header it stands in, or 0. */
static struct stmt *parse_simple_after(struct parser *p, struct expr_list lhs, enum token keyword)
{
    if (parser_at(p, TOKEN_ASSIGN) || parser_at(p, TOKEN_DEFINE))
        return parse_assign(p, lhs, keyword);
    if (lhs.count == 1)
        return parse_after_expr(p, lhs.items[0]);
    parser_syntax_error(p, "expected := or = or comma");
    parser_advance(p, TOKEN_SET(TOKEN_SEMI) | TOKEN_SET(TOKEN_RBRACE));
    return new_expr_stmt(p, lhs.items[0]);
}

static struct stmt *parse_simple(struct parser *p, enum token keyword)
{
    if (keyword == TOKEN_FOR && parser_at(p, TOKEN_RANGE))
        return parse_range(p, (struct expr_list){0}, false);
    return parse_simple_after(p, parse_expr_list(p), keyword);
}

/* ---- headers ------------------------------------------------------------------------------------------------------ */

struct header {
    struct stmt *init; /* each or NULL */
    struct stmt *cond; /* STMT_RANGE: it is the whole header of a for */
    struct stmt *post;
    struct pos semi; /* of the ';' behind init */
    const char *semi_text;
};

/* cond ; post of a for, behind the first ';'. */
static void parse_for_clauses(struct parser *p, struct header *h)
{
    if (!parser_at(p, TOKEN_SEMI)) {
        if (parser_at(p, TOKEN_LBRACE)) {
            parser_syntax_error(p, "expected for loop condition");
            return;
        }
        h->cond = parse_simple(p, TOKEN_NONE);
    }
    parser_want(p, TOKEN_SEMI);
    if (parser_at(p, TOKEN_LBRACE))
        return;
    h->post = parse_simple(p, TOKEN_NONE);
    if (h->post->kind == STMT_ASSIGN && h->post->define)
        parser_syntax_error_at(p, h->post->pos, "cannot declare in post statement of for loop");
}

/* Behind init, at what should be ';'. */
static void parse_after_init(struct parser *p, struct header *h, enum token keyword)
{
    if (parser_at(p, TOKEN_SEMI)) {
        h->semi = parser_pos(p);
        h->semi_text = p->lx.semi;
        parser_next(p);
    } else {
        parser_want(p, TOKEN_LBRACE); /* which is what was most likely forgotten */
        if (!parser_at(p, TOKEN_LBRACE))
            parser_advance(p, TOKEN_SET(TOKEN_LBRACE) | TOKEN_SET(TOKEN_RBRACE));
    }
    if (keyword == TOKEN_FOR)
        parse_for_clauses(p, h);
    else if (!parser_at(p, TOKEN_LBRACE))
        h->cond = parse_simple(p, keyword);
}

static struct header parse_header(struct parser *p, enum token keyword)
{
    struct header h = {0};
    parser_next(p);
    if (parser_at(p, TOKEN_LBRACE))
        return h;
    int outer = p->in_expr;
    p->in_expr = -1;
    if (!parser_at(p, TOKEN_SEMI)) {
        if (parser_got(p, TOKEN_VAR))
            parser_syntax_error(p, "var declaration not allowed in %s initializer", token_string(keyword));
        h.init = parse_simple(p, keyword);
    }
    if (h.init && (h.init->kind == STMT_RANGE || parser_at(p, TOKEN_LBRACE))) {
        h.cond = h.init;
        h.init = NULL;
    } else {
        parse_after_init(p, &h, keyword);
    }
    p->in_expr = outer;
    return h;
}

/* The text of one side of an assignment, in parentheses when that makes the = stand out. */
static const char *emphasized(struct parser *p, struct expr_list list)
{
    struct text out;
    text_init(&out, &p->c->arena);
    bool binary = list.count == 1 && list.items[0]->kind == EXPR_BINARY;
    for (uint32_t i = 0; i < list.count; i++) {
        text_puts(&out, i ? ", " : binary ? "(" : "");
        ast_print_expr(&out, list.items[i]);
    }
    text_puts(&out, binary ? ")" : "");
    return text_string(&out);
}

static void report_no_value(struct parser *p, const struct stmt *s)
{
    if (s->kind == STMT_ASSIGN && s->op == OP_NONE && !s->define) {
        parser_syntax_error_at(p, s->pos, "cannot use assignment %s = %s as value", emphasized(p, s->assign.lhs),
                               emphasized(p, s->assign.rhs));
        return;
    }
    struct text out;
    text_init(&out, &p->c->arena);
    ast_print_stmt(&out, s);
    parser_syntax_error_at(p, s->pos, "cannot use %s as value", text_string(&out));
}

/* The expression a condition statement is; NULL when there is none, EXPR_BAD after a complaint. */
static struct expr *condition(struct parser *p, struct stmt *cond)
{
    if (!cond)
        return NULL;
    if (cond->kind == STMT_EXPR)
        return cond->expr.x;
    report_no_value(p, cond);
    return ast_new_expr(p->c, EXPR_BAD, cond->pos);
}

/* ---- if, for ------------------------------------------------------------------------------------------------------ */

static struct expr *if_condition(struct parser *p, const struct header *h)
{
    struct expr *cond = condition(p, h->cond);
    if (cond)
        return cond;
    if (!pos_known(h->semi)) {
        cond = parser_bad_expr(p);
        if (!h->init)
            parser_syntax_error(p, "missing condition in if statement");
        return cond;
    }
    if (h->semi_text[0] != 's') /* "semicolon" */
        parser_syntax_error_at(p, h->semi, "unexpected %s, expected { after if clause", h->semi_text);
    else
        parser_syntax_error_at(p, h->semi, "missing condition in if statement");
    return ast_new_expr(p->c, EXPR_BAD, h->semi);
}

static struct stmt *parse_if(struct parser *p)
{
    struct stmt *s = new_stmt(p, STMT_IF);
    struct header h = parse_header(p, TOKEN_IF);
    s->if_.init = h.init;
    s->if_.cond = if_condition(p, &h);
    s->if_.then = parse_block(p, "if clause");
    if (!parser_got(p, TOKEN_ELSE))
        return s;
    if (parser_at(p, TOKEN_IF) || parser_at(p, TOKEN_LBRACE)) {
        s->if_.else_ = parse_stmt_or_null(p);
    } else {
        parser_syntax_error(p, "else must be followed by if or statement block");
        parser_advance(p, TOKEN_SET(TOKEN_NAME) | TOKEN_SET(TOKEN_RBRACE));
    }
    return s;
}

static struct stmt *parse_for(struct parser *p)
{
    struct stmt *s = new_stmt(p, STMT_FOR);
    struct pos pos = s->pos;
    struct header h = parse_header(p, TOKEN_FOR);
    if (h.cond && h.cond->kind == STMT_RANGE) {
        s = h.cond;
        s->pos = pos;
        s->range.body = parse_block(p, "for clause");
        return s;
    }
    s->for_.init = h.init;
    s->for_.cond = condition(p, h.cond);
    s->for_.post = h.post;
    s->for_.body = parse_block(p, "for clause");
    return s;
}

/* ---- switch, select ----------------------------------------------------------------------------------------------- */

static struct clause *parse_clause(struct parser *p, bool communication)
{
    struct clause *c = ARENA_NEW(&p->c->arena, struct clause);
    c->pos = parser_pos(p);
    if (parser_got(p, TOKEN_CASE)) {
        if (communication)
            c->comm = parse_simple(p, TOKEN_NONE);
        else
            c->exprs = parse_expr_list(p);
    } else {
        c->is_default = true;
        if (!parser_got(p, TOKEN_DEFAULT)) {
            parser_syntax_error(p, "expected case or default or }");
            parser_advance(p, TOKEN_SET(TOKEN_COLON) | TOKEN_SET(TOKEN_CASE) | TOKEN_SET(TOKEN_DEFAULT) |
                                  TOKEN_SET(TOKEN_RBRACE));
        }
    }
    c->colon = parser_pos(p);
    parser_want(p, TOKEN_COLON);
    c->body = parse_stmt_list(p);
    return c;
}

static struct clause_list parse_clauses(struct parser *p, const char *keyword, bool communication, struct pos *end)
{
    if (!parser_got(p, TOKEN_LBRACE)) {
        parser_syntax_error(p, "missing { after %s clause", keyword);
        parser_advance(p, TOKEN_SET(TOKEN_CASE) | TOKEN_SET(TOKEN_DEFAULT) | TOKEN_SET(TOKEN_RBRACE));
    }
    size_t mark = parser_mark(p);
    while (!parser_at(p, TOKEN_EOF) && !parser_at(p, TOKEN_RBRACE))
        parser_push(p, parse_clause(p, communication));
    *end = parser_pos(p);
    parser_want(p, TOKEN_RBRACE);
    return parser_pop_clauses(p, mark);
}

static struct stmt *parse_switch(struct parser *p)
{
    struct stmt *s = new_stmt(p, STMT_SWITCH);
    struct pos pos = s->pos;
    struct header h = parse_header(p, TOKEN_SWITCH);
    if (h.init && h.init->kind == STMT_TYPE_SWITCH) {
        const struct expr *first = h.init->type_switch.bind ? h.init->type_switch.bind : h.init->type_switch.x;
        parser_error_at(p, ast_start(first), "invalid syntax tree: use of .(type) outside type switch");
        h.init->kind = STMT_BAD;
    }
    if (h.cond && h.cond->kind == STMT_EXPR && parser_is_guard(h.cond->expr.x))
        h.cond = new_type_switch(p, NULL, h.cond->expr.x);
    if (h.cond && h.cond->kind == STMT_TYPE_SWITCH) {
        s = h.cond;
        s->pos = pos;
        s->type_switch.init = h.init;
        s->type_switch.clauses = parse_clauses(p, "switch", false, &s->end);
        return s;
    }
    s->switch_.init = h.init;
    s->switch_.tag = condition(p, h.cond);
    s->switch_.clauses = parse_clauses(p, "switch", false, &s->end);
    return s;
}

static struct stmt *parse_select(struct parser *p)
{
    struct stmt *s = new_stmt(p, STMT_SELECT);
    parser_next(p);
    s->select.clauses = parse_clauses(p, "select", true, &s->end);
    return s;
}

/* ---- the others --------------------------------------------------------------------------------------------------- */

/* context says behind what the { was expected; NULL when it is there. */
static struct stmt *parse_block(struct parser *p, const char *context)
{
    struct stmt *s = new_stmt(p, STMT_BLOCK);
    if (!parser_got(p, TOKEN_LBRACE)) {
        parser_syntax_error(p, "expected { after %s", context ? context : "here");
        parser_advance(p, TOKEN_SET(TOKEN_NAME) | TOKEN_SET(TOKEN_RBRACE));
        s->end = parser_pos(p);
        if (parser_got(p, TOKEN_RBRACE))
            return s;
    }
    s->block.list = parse_stmt_list(p);
    s->end = parser_pos(p);
    parser_want(p, TOKEN_RBRACE);
    return s;
}

struct stmt *parse_func_body(struct parser *p)
{
    uint32_t errors = p->lx.errors;
    p->in_func++;
    struct stmt *body = parse_block(p, NULL);
    p->in_func--;
    if (p->lx.errors == errors)
        branch_resolve(p->c, body); /* what it reports hides nothing of an outer function */
    return body;
}

static struct stmt *parse_call_stmt(struct parser *p)
{
    bool go = parser_at(p, TOKEN_GO);
    const char *keyword = token_string(parser_token(p));
    struct stmt *s = new_stmt(p, go ? STMT_GO : STMT_DEFER);
    parser_next(p);
    struct expr *x = parse_primary(p, NULL);
    if (x->kind == EXPR_PAREN)
        parser_error_at(p, x->pos, "expression in %s must not be parenthesized", keyword);
    s->go.call = ast_unparen(x);
    if (s->go.call->kind != EXPR_CALL && s->go.call->kind != EXPR_BAD && x->kind != EXPR_PAREN)
        parser_error_at(p, ast_start(x), "expression in %s must be function call", keyword);
    return s;
}

static struct stmt *parse_labeled(struct parser *p, struct expr *label)
{
    struct stmt *s = new_stmt(p, STMT_LABELED);
    s->labeled.label = label;
    parser_next(p);
    if (parser_at(p, TOKEN_RBRACE)) { /* an empty statement, its semicolon omitted */
        s->labeled.stmt = new_stmt(p, STMT_EMPTY);
        return s;
    }
    s->labeled.stmt = parse_stmt_or_null(p);
    if (s->labeled.stmt)
        return s;
    parser_syntax_error_at(p, s->pos, "missing statement after label");
    return NULL;
}

static struct stmt *parse_branch(struct parser *p, enum stmt_kind kind)
{
    struct stmt *s = new_stmt(p, kind);
    parser_next(p);
    if (kind == STMT_GOTO || (kind != STMT_FALLTHROUGH && parser_at(p, TOKEN_NAME)))
        s->branch.label = parse_name(p);
    return s;
}

static struct stmt *parse_return(struct parser *p)
{
    struct stmt *s = new_stmt(p, STMT_RETURN);
    parser_next(p);
    if (!parser_at(p, TOKEN_SEMI) && !parser_at(p, TOKEN_RBRACE))
        s->return_.results = parse_expr_list(p);
    return s;
}

static struct stmt *parse_decl_stmt(struct parser *p)
{
    struct stmt *s = new_stmt(p, STMT_DECL);
    size_t mark = parser_mark(p);
    parse_decl_group(p);
    s->decl.list = parser_pop_decls(p, mark);
    return s;
}

static struct stmt *parse_name_stmt(struct parser *p)
{
    struct expr_list list = parse_expr_list(p);
    if (list.count == 1 && list.items[0]->kind == EXPR_NAME && parser_at(p, TOKEN_COLON))
        return parse_labeled(p, list.items[0]);
    return parse_simple_after(p, list, TOKEN_NONE);
}

static bool begins_unary(enum op op)
{
    return op == OP_ADD || op == OP_SUB || op == OP_MUL || op == OP_AND || op == OP_XOR || op == OP_NOT;
}

static struct stmt *parse_any_stmt(struct parser *p)
{
    switch (parser_token(p)) {
    case TOKEN_NAME:
        return parse_name_stmt(p);
    case TOKEN_VAR:
    case TOKEN_CONST:
    case TOKEN_TYPE:
        return parse_decl_stmt(p);
    case TOKEN_LBRACE:
        return parse_block(p, NULL);
    case TOKEN_OPERATOR:
    case TOKEN_STAR:
        return begins_unary(p->lx.op) ? parse_simple(p, TOKEN_NONE) : NULL;
    case TOKEN_LITERAL:
    case TOKEN_FUNC:
    case TOKEN_LPAREN:
    case TOKEN_LBRACK:
    case TOKEN_STRUCT:
    case TOKEN_MAP:
    case TOKEN_CHAN:
    case TOKEN_INTERFACE:
    case TOKEN_ARROW:
        return parse_simple(p, TOKEN_NONE);
    case TOKEN_FOR:
        return parse_for(p);
    case TOKEN_SWITCH:
        return parse_switch(p);
    case TOKEN_SELECT:
        return parse_select(p);
    case TOKEN_IF:
        return parse_if(p);
    case TOKEN_FALLTHROUGH:
        return parse_branch(p, STMT_FALLTHROUGH);
    case TOKEN_BREAK:
        return parse_branch(p, STMT_BREAK);
    case TOKEN_CONTINUE:
        return parse_branch(p, STMT_CONTINUE);
    case TOKEN_GOTO:
        return parse_branch(p, STMT_GOTO);
    case TOKEN_GO:
    case TOKEN_DEFER:
        return parse_call_stmt(p);
    case TOKEN_RETURN:
        return parse_return(p);
    case TOKEN_SEMI:
        return new_stmt(p, STMT_EMPTY);
    default:
        return NULL;
    }
}

static struct stmt *parse_stmt_or_null(struct parser *p)
{
    if (!parser_enter(p))
        return NULL;
    if (!parser_at(p, TOKEN_VAR) && !parser_at(p, TOKEN_CONST) && !parser_at(p, TOKEN_TYPE))
        parser_drop_directives(p);
    struct stmt *s = parse_any_stmt(p);
    parser_leave(p);
    return s;
}

static struct stmt_list parse_stmt_list(struct parser *p)
{
    size_t mark = parser_mark(p);
    while (!parser_at(p, TOKEN_EOF) && !parser_at(p, TOKEN_RBRACE) && !parser_at(p, TOKEN_CASE) &&
           !parser_at(p, TOKEN_DEFAULT)) {
        struct stmt *s = parse_stmt_or_null(p);
        parser_drop_directives(p);
        if (!s)
            break;
        parser_push(p, s);
        if (parser_got(p, TOKEN_SEMI) || parser_at(p, TOKEN_RBRACE))
            continue;
        parser_syntax_error(p, "at end of statement");
        parser_advance(p, TOKEN_SET(TOKEN_SEMI) | TOKEN_SET(TOKEN_RBRACE) | TOKEN_SET(TOKEN_CASE) |
                              TOKEN_SET(TOKEN_DEFAULT));
        parser_got(p, TOKEN_SEMI);
    }
    return parser_pop_stmts(p, mark);
}
