/*
 * parser: the machinery; see parser.h and parser_internal.h.
 */
#include "parser_internal.h"

#include <string.h>

/* Keywords that begin a statement: good places to resume after an error inside a function. */
static const uint64_t statement_starts = TOKEN_SET(TOKEN_BREAK) | TOKEN_SET(TOKEN_CONST) | TOKEN_SET(TOKEN_CONTINUE) |
                                         TOKEN_SET(TOKEN_DEFER) | TOKEN_SET(TOKEN_FALLTHROUGH) | TOKEN_SET(TOKEN_FOR) |
                                         TOKEN_SET(TOKEN_GO) | TOKEN_SET(TOKEN_GOTO) | TOKEN_SET(TOKEN_IF) |
                                         TOKEN_SET(TOKEN_RETURN) | TOKEN_SET(TOKEN_SELECT) | TOKEN_SET(TOKEN_SWITCH) |
                                         TOKEN_SET(TOKEN_TYPE) | TOKEN_SET(TOKEN_VAR);

/* ---- tokens and errors -------------------------------------------------------------------------------------------- */

bool parser_got(struct parser *p, enum token t)
{
    if (!parser_at(p, t))
        return false;
    parser_next(p);
    return true;
}

void parser_want(struct parser *p, enum token t)
{
    if (parser_got(p, t))
        return;
    parser_syntax_error(p, "expected %s", token_message(t));
    parser_advance(p, 0);
}

bool parser_got_assign(struct parser *p)
{
    if (parser_at(p, TOKEN_DEFINE))
        parser_syntax_error(p, "expected =");
    else if (!parser_at(p, TOKEN_ASSIGN))
        return false;
    parser_next(p);
    return true;
}

void parser_error_at(struct parser *p, struct pos pos, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    lexer_error(&p->lx, pos, "%s", arena_vprintf(&p->c->arena, format, args));
    va_end(args);
}

static bool begins(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* What the current token is called in "unexpected …". */
static const char *found(struct parser *p)
{
    struct arena *a = &p->c->arena;
    const char *op = op_string(p->lx.op);
    int length = (int)(p->lx.next - p->lx.start);
    switch (parser_token(p)) {
    case TOKEN_NAME:
        return arena_printf(a, "name %s", p->lx.ident->text);
    case TOKEN_SEMI:
        return p->lx.semi;
    case TOKEN_LITERAL:
        return arena_printf(a, "literal %.*s", length, p->lx.start);
    case TOKEN_OPERATOR:
        return op;
    case TOKEN_ASSIGN_OP:
        return arena_printf(a, "%s=", op);
    case TOKEN_INC_OP:
        return arena_printf(a, "%s%s", op, op);
    default:
        return token_message(parser_token(p));
    }
}

static void syntax_error(struct parser *p, struct pos pos, const char *message)
{
    if (p->gave_up || (parser_at(p, TOKEN_EOF) && p->lx.errors))
        return;
    if (begins(message, "in ") || begins(message, "at ") || begins(message, "after "))
        parser_error_at(p, pos, "syntax error: unexpected %s %s", found(p), message);
    else if (begins(message, "expected "))
        parser_error_at(p, pos, "syntax error: unexpected %s, %s", found(p), message);
    else
        parser_error_at(p, pos, "syntax error: %s", message);
}

void parser_syntax_error(struct parser *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    syntax_error(p, parser_pos(p), arena_vprintf(&p->c->arena, format, args));
    va_end(args);
}

void parser_syntax_error_at(struct parser *p, struct pos pos, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    syntax_error(p, pos, arena_vprintf(&p->c->arena, format, args));
    va_end(args);
}

void parser_advance(struct parser *p, uint64_t follow)
{
    bool one = follow == 0;
    follow |= TOKEN_SET(TOKEN_EOF);
    if (!one && p->in_func)
        follow |= statement_starts;
    while (!(follow & TOKEN_SET(parser_token(p)))) {
        parser_next(p);
        if (one)
            break;
    }
}

/* Says what is too much, once, and skips the rest of the file. */
static void give_up(struct parser *p, struct pos pos, const char *what, unsigned limit)
{
    if (p->gave_up)
        return;
    lexer_error(&p->lx, pos, "not supported: %s than %u levels", what, limit);
    p->gave_up = true;
    p->lx.next = p->lx.end;
    p->lx.line_ends_statement = false;
    parser_next(p);
}

bool parser_enter(struct parser *p)
{
    if (p->gave_up)
        return false;
    if (p->depth < AST_MAX_NESTING) {
        p->depth++;
        return true;
    }
    give_up(p, parser_pos(p), "nesting deeper", AST_MAX_NESTING);
    return false;
}

static void raise_height(void *context, struct expr *operand)
{
    uint16_t *height = context;
    if (operand->height > *height)
        *height = operand->height;
}

struct expr *parser_finish(struct parser *p, struct expr *e)
{
    uint16_t height = e->kind == EXPR_FUNC ? e->height : 0;
    ast_each_operand(e, raise_height, &height);
    if (height >= AST_MAX_HEIGHT) {
        give_up(p, e->pos, "an expression higher", AST_MAX_HEIGHT);
        return ast_new_expr(p->c, EXPR_BAD, e->pos);
    }
    e->height = (uint16_t)(height + 1);
    if (e->height > p->tallest)
        p->tallest = e->height;
    return e;
}

struct expr *parser_bad_expr(struct parser *p)
{
    return ast_new_expr(p->c, EXPR_BAD, parser_pos(p));
}

/* ---- lists -------------------------------------------------------------------------------------------------------- */

void parser_push(struct parser *p, void *item)
{
    if (p->stack_top == p->stack_capacity)
        p->stack = arena_grow(&p->c->arena, p->stack, sizeof *p->stack, p->stack_top + 1, &p->stack_capacity);
    p->stack[p->stack_top++] = item;
}

void **parser_pop(struct parser *p, size_t mark, uint32_t *count)
{
    size_t n = p->stack_top - mark;
    void **items = ARENA_ARRAY(&p->c->arena, void *, n);
    if (n)
        memcpy(items, p->stack + mark, n * sizeof *items);
    p->stack_top = mark;
    *count = (uint32_t)n;
    return items;
}

struct pos parser_list(struct parser *p, const char *what, enum token separator, enum token close,
                       parser_element_fn *element, void *context)
{
    bool last = false;
    while (!parser_at(p, TOKEN_EOF) && !parser_at(p, close) && !last) {
        last = element(p, context);
        if (parser_got(p, separator) || parser_at(p, close))
            continue;
        parser_syntax_error(p, "in %s; possibly missing %s or %s", what, token_message(separator),
                            token_message(close));
        parser_advance(p, TOKEN_SET(TOKEN_RPAREN) | TOKEN_SET(TOKEN_RBRACK) | TOKEN_SET(TOKEN_RBRACE));
        if (!parser_at(p, close))
            return parser_pos(p);
    }
    struct pos end = parser_pos(p);
    parser_want(p, close);
    return end;
}

struct expr_list parser_one_expr(struct parser *p, struct expr *e)
{
    size_t mark = parser_mark(p);
    parser_push(p, e);
    return parser_pop_exprs(p, mark);
}

/* ---- names, literals ---------------------------------------------------------------------------------------------- */

struct expr *parse_blank(struct parser *p, struct pos pos)
{
    return ast_new_name(p->c, ident_intern(&p->c->idents, "_", 1), pos);
}

struct expr *parse_name(struct parser *p)
{
    if (parser_at(p, TOKEN_NAME)) {
        struct expr *name = ast_new_name(p->c, p->lx.ident, parser_pos(p));
        parser_next(p);
        return name;
    }
    struct expr *name = parse_blank(p, parser_pos(p));
    parser_syntax_error(p, "expected name");
    parser_advance(p, 0);
    return name;
}

struct expr *parse_literal_or_null(struct parser *p)
{
    if (!parser_at(p, TOKEN_LITERAL))
        return NULL;
    struct expr *e = ast_new_expr(p->c, EXPR_LITERAL, parser_pos(p));
    e->op = (uint8_t)p->lx.literal;
    e->flag = p->lx.bad;
    e->literal.text = p->lx.start;
    e->literal.length = (uint32_t)(p->lx.next - p->lx.start);
    parser_next(p);
    return e;
}

struct expr_list parse_name_list(struct parser *p, struct expr *first)
{
    size_t mark = parser_mark(p);
    parser_push(p, first);
    while (parser_got(p, TOKEN_COMMA))
        parser_push(p, parse_name(p));
    return parser_pop_exprs(p, mark);
}

struct expr *parse_qualified_name(struct parser *p, struct expr *name)
{
    struct expr *x = name;
    if (!x && parser_at(p, TOKEN_NAME)) {
        x = parse_name(p);
    } else if (!x) {
        x = parse_blank(p, parser_pos(p));
        parser_syntax_error(p, "expected name");
        parser_advance(p, TOKEN_SET(TOKEN_DOT) | TOKEN_SET(TOKEN_SEMI) | TOKEN_SET(TOKEN_RBRACE));
    }
    if (parser_at(p, TOKEN_DOT)) {
        struct expr *s = ast_new_expr(p->c, EXPR_SELECTOR, parser_pos(p));
        parser_next(p);
        s->selector.x = x;
        s->selector.name = parse_name(p);
        x = parser_finish(p, s);
    }
    return parser_at(p, TOKEN_LBRACK) ? parse_instance(p, x) : x;
}

/* ---- entry points ------------------------------------------------------------------------------------------------- */

static void report_guards(struct parser *p)
{
    for (size_t i = 0; i < p->guard_count; i++) {
        struct expr *guard = p->guards[i];
        if (guard->flag)
            continue;
        if (!p->gave_up)
            parser_error_at(p, ast_start(guard), "invalid syntax tree: use of .(type) outside type switch");
        guard->assert.type = ast_new_expr(p->c, EXPR_BAD, guard->pos);
    }
}

struct ast_file *parser_parse(struct gomem_compilation *c, struct source_file *source)
{
    struct parser p = {.c = c};
    lexer_init(&p.lx, c, source);
    parser_next(&p);
    struct ast_file *f = parse_file(&p);
    report_guards(&p);
    if (f)
        f->source = source;
    return f;
}

struct expr *parser_parse_expr(struct gomem_compilation *c, struct source_file *source)
{
    struct parser p = {.c = c};
    lexer_init(&p.lx, c, source);
    parser_next(&p);
    struct expr *e = parse_expr(&p);
    if (parser_at(&p, TOKEN_SEMI))
        parser_next(&p);
    if (!parser_at(&p, TOKEN_EOF))
        parser_syntax_error(&p, "after expression");
    report_guards(&p);
    return p.lx.errors ? NULL : e;
}
