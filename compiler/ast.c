/*
 * ast: making nodes and asking about them; see ast.h. Printing is ast_print.c, validity ast_valid.c.
 *
 * The left spine of an expression (a.b().c + d + …) can be thousands of nodes long, so ast_start walks it in a loop.
 */
#include <string.h>

#include "ast.h"

struct expr *ast_new_expr(struct gomem_compilation *c, enum expr_kind kind, struct pos pos)
{
    struct expr *e = ARENA_NEW(&c->arena, struct expr);
    e->kind = (uint8_t)kind;
    e->pos = pos;
    e->height = 1;
    if (c->next_expr_id == UINT32_MAX)
        arena_fail(&c->arena, "too many expressions");
    e->id = c->next_expr_id++;
    return e;
}

struct expr *ast_new_name(struct gomem_compilation *c, struct ident *ident, struct pos pos)
{
    struct expr *e = ast_new_expr(c, EXPR_NAME, pos);
    e->name.ident = ident;
    return e;
}

struct stmt *ast_new_stmt(struct gomem_compilation *c, enum stmt_kind kind, struct pos pos)
{
    struct stmt *s = ARENA_NEW(&c->arena, struct stmt);
    s->kind = (uint8_t)kind;
    s->pos = pos;
    return s;
}

struct decl *ast_new_decl(struct gomem_compilation *c, enum decl_kind kind, struct pos pos)
{
    struct decl *d = ARENA_NEW(&c->arena, struct decl);
    d->kind = (uint8_t)kind;
    d->pos = pos;
    return d;
}

bool ast_is_directive(const struct directive *d, const char *word)
{
    size_t n = strlen(word);
    return !strncmp(d->text, "//go:", 5) && strcspn(d->text + 5, " ") == n && !memcmp(d->text + 5, word, n);
}

struct expr *ast_unparen(struct expr *e)
{
    while (e->kind == EXPR_PAREN)
        e = e->paren.x;
    return e;
}

bool ast_is_type_element(const struct expr *x)
{
    switch (x->kind) {
    case EXPR_ARRAY_TYPE:
    case EXPR_SLICE_TYPE:
    case EXPR_STRUCT_TYPE:
    case EXPR_FUNC_TYPE:
    case EXPR_INTERFACE_TYPE:
    case EXPR_MAP_TYPE:
    case EXPR_CHAN_TYPE:
        return true;
    case EXPR_STAR:
        return ast_is_type_element(x->star.x);
    case EXPR_UNARY:
        return x->op == OP_TILDE || ast_is_type_element(x->unary.x);
    case EXPR_BINARY:
        return ast_is_type_element(x->binary.x) || ast_is_type_element(x->binary.y);
    case EXPR_PAREN:
        return ast_is_type_element(x->paren.x);
    default:
        return false;
    }
}

/* The operand e's text begins with, or NULL when it begins with e's own token. */
static const struct expr *leftmost(const struct expr *e)
{
    switch (e->kind) {
    case EXPR_COMPOSITE:
        return e->composite.type;
    case EXPR_SELECTOR:
        return e->selector.x;
    case EXPR_INDEX:
        return e->index.x;
    case EXPR_SLICE:
        return e->slice.x;
    case EXPR_ASSERT:
        return e->assert.x;
    case EXPR_BINARY:
        return e->binary.x;
    case EXPR_CALL:
        return e->call.fun;
    case EXPR_KEY_VALUE:
        return e->key_value.key;
    default:
        return NULL;
    }
}

struct pos ast_start(const struct expr *e)
{
    for (const struct expr *left; (left = leftmost(e)); e = left)
        ;
    return e->pos;
}

struct pos ast_stmt_start(const struct stmt *s)
{
    switch (s->kind) {
    case STMT_LABELED:
        return s->labeled.label->pos;
    case STMT_EXPR:
        return ast_start(s->expr.x);
    case STMT_SEND:
        return ast_start(s->send.chan);
    case STMT_ASSIGN:
        return ast_start(s->assign.lhs.items[0]);
    case STMT_INC_DEC:
        return ast_start(s->inc_dec.x);
    default:
        return s->pos;
    }
}

/* The operand e's text ends with, for those without a token or length of their own. */
static const struct expr *rightmost(const struct expr *e)
{
    switch (e->kind) {
    case EXPR_SELECTOR:
        return e->selector.name;
    case EXPR_STAR:
        return e->star.x;
    case EXPR_UNARY:
        return e->unary.x;
    case EXPR_BINARY:
        return e->binary.y;
    case EXPR_KEY_VALUE:
        return e->key_value.value;
    case EXPR_ARRAY_TYPE:
        return e->array_type.elem;
    case EXPR_SLICE_TYPE:
        return e->slice_type.elem;
    case EXPR_ELLIPSIS:
        return e->ellipsis.elem;
    case EXPR_MAP_TYPE:
        return e->map_type.elem;
    case EXPR_CHAN_TYPE:
        return e->chan_type.elem;
    case EXPR_FUNC_TYPE:
        return e->func_type.results.count ? e->func_type.results.items[0]->type : NULL;
    default:
        return NULL;
    }
}

struct pos ast_expr_end(const struct expr *e)
{
    for (;;) {
        if (pos_known(e->end))
            return pos_plus(e->end, 1);
        const struct expr *right = rightmost(e);
        if (!right)
            break;
        e = right;
    }
    switch (e->kind) {
    case EXPR_NAME:
        return pos_plus(e->pos, e->name.ident->length);
    case EXPR_LITERAL:
        return pos_plus(e->pos, e->literal.length);
    case EXPR_FUNC:
        return pos_plus(e->func.body->end, 1);
    default:
        return e->pos;
    }
}

static const char *const expr_names[EXPR_KIND_COUNT] = {
    [EXPR_BAD] = "bad expression",
    [EXPR_NAME] = "name",
    [EXPR_LITERAL] = "literal",
    [EXPR_COMPOSITE] = "composite literal",
    [EXPR_FUNC] = "function literal",
    [EXPR_PAREN] = "parenthesised expression",
    [EXPR_SELECTOR] = "selector",
    [EXPR_INDEX] = "index expression",
    [EXPR_SLICE] = "slice expression",
    [EXPR_ASSERT] = "type assertion",
    [EXPR_STAR] = "indirection",
    [EXPR_UNARY] = "unary expression",
    [EXPR_BINARY] = "binary expression",
    [EXPR_CALL] = "call",
    [EXPR_KEY_VALUE] = "key-value pair",
    [EXPR_ARRAY_TYPE] = "array type",
    [EXPR_SLICE_TYPE] = "slice type",
    [EXPR_ELLIPSIS] = "variadic parameter type",
    [EXPR_STRUCT_TYPE] = "struct type",
    [EXPR_FUNC_TYPE] = "function type",
    [EXPR_INTERFACE_TYPE] = "interface type",
    [EXPR_MAP_TYPE] = "map type",
    [EXPR_CHAN_TYPE] = "channel type",
};

static const char *const stmt_names[STMT_KIND_COUNT] = {
    [STMT_BAD] = "bad statement",
    [STMT_EMPTY] = "empty statement",
    [STMT_LABELED] = "labelled statement",
    [STMT_BLOCK] = "block",
    [STMT_EXPR] = "expression statement",
    [STMT_SEND] = "send statement",
    [STMT_DECL] = "declaration statement",
    [STMT_ASSIGN] = "assignment",
    [STMT_INC_DEC] = "increment or decrement",
    [STMT_GO] = "go statement",
    [STMT_DEFER] = "defer statement",
    [STMT_RETURN] = "return statement",
    [STMT_BREAK] = "break statement",
    [STMT_CONTINUE] = "continue statement",
    [STMT_GOTO] = "goto statement",
    [STMT_FALLTHROUGH] = "fallthrough statement",
    [STMT_IF] = "if statement",
    [STMT_FOR] = "for statement",
    [STMT_RANGE] = "range statement",
    [STMT_SWITCH] = "switch statement",
    [STMT_TYPE_SWITCH] = "type switch",
    [STMT_SELECT] = "select statement",
};

const char *ast_expr_kind_name(enum expr_kind kind)
{
    return expr_names[kind];
}

const char *ast_stmt_kind_name(enum stmt_kind kind)
{
    return stmt_names[kind];
}

static void each(struct expr_list list, ast_visit_fn *visit, void *context)
{
    for (uint32_t i = 0; i < list.count; i++)
        visit(context, list.items[i]);
}

static void maybe(struct expr *e, ast_visit_fn *visit, void *context)
{
    if (e)
        visit(context, e);
}

static void each_field(struct field_list list, ast_visit_fn *visit, void *context)
{
    for (uint32_t i = 0; i < list.count; i++) {
        const struct field *f = list.items[i];
        maybe(f->name, visit, context);
        if (!f->shares_type)
            visit(context, f->type);
        maybe(f->tag, visit, context);
    }
}

void ast_each_operand(const struct expr *e, ast_visit_fn *visit, void *context)
{
    switch ((enum expr_kind)e->kind) {
    case EXPR_BAD:
    case EXPR_NAME:
    case EXPR_LITERAL:
    case EXPR_KIND_COUNT:
        break;
    case EXPR_COMPOSITE:
        maybe(e->composite.type, visit, context);
        each(e->composite.elems, visit, context);
        break;
    case EXPR_FUNC:
        visit(context, e->func.type);
        break;
    case EXPR_PAREN:
        visit(context, e->paren.x);
        break;
    case EXPR_SELECTOR:
        visit(context, e->selector.x);
        visit(context, e->selector.name);
        break;
    case EXPR_INDEX:
        visit(context, e->index.x);
        each(e->index.indices, visit, context);
        break;
    case EXPR_SLICE:
        visit(context, e->slice.x);
        maybe(e->slice.low, visit, context);
        maybe(e->slice.high, visit, context);
        maybe(e->slice.max, visit, context);
        break;
    case EXPR_ASSERT:
        visit(context, e->assert.x);
        maybe(e->assert.type, visit, context);
        break;
    case EXPR_STAR:
        visit(context, e->star.x);
        break;
    case EXPR_UNARY:
        visit(context, e->unary.x);
        break;
    case EXPR_BINARY:
        visit(context, e->binary.x);
        visit(context, e->binary.y);
        break;
    case EXPR_CALL:
        visit(context, e->call.fun);
        each(e->call.args, visit, context);
        break;
    case EXPR_KEY_VALUE:
        visit(context, e->key_value.key);
        visit(context, e->key_value.value);
        break;
    case EXPR_ARRAY_TYPE:
        maybe(e->array_type.len, visit, context);
        visit(context, e->array_type.elem);
        break;
    case EXPR_SLICE_TYPE:
        visit(context, e->slice_type.elem);
        break;
    case EXPR_ELLIPSIS:
        visit(context, e->ellipsis.elem);
        break;
    case EXPR_STRUCT_TYPE:
        each_field(e->struct_type.fields, visit, context);
        break;
    case EXPR_FUNC_TYPE:
        each_field(e->func_type.params, visit, context);
        each_field(e->func_type.results, visit, context);
        break;
    case EXPR_INTERFACE_TYPE:
        each_field(e->interface_type.elems, visit, context);
        break;
    case EXPR_MAP_TYPE:
        visit(context, e->map_type.key);
        visit(context, e->map_type.elem);
        break;
    case EXPR_CHAN_TYPE:
        visit(context, e->chan_type.elem);
        break;
    }
}
