/*
 * parser_decl: files and declarations; see parser_internal.h.
 *
 * Directives. A declaration takes all directive comments since the last one was attached or dropped; they are dropped at
 * the end of each declaration and statement, so what stands inside a body never reaches the next declaration. Those of functions
 * are errors anywhere else.
 *
 * type T[P … is an array type or the start of type parameters. The parser reads an expression behind the '[' and looks at
 * its shape: `P *C` has been read as a product, `P (C)` as a call, and they are split into a name and a constraint when
 * the rest can only be a type, or when a comma follows, which an array length never has.
 */
#include "parser_internal.h"

#include <string.h>

/* State of one parenthesised group, or of one declaration without parentheses. */
struct decl_group {
    enum token keyword;
    uint32_t number;
    uint32_t iota;
    struct decl *last; /* the constant specification that has the type and values */
};

static const uint64_t decl_starts = TOKEN_SET(TOKEN_IMPORT) | TOKEN_SET(TOKEN_CONST) | TOKEN_SET(TOKEN_TYPE) |
                                    TOKEN_SET(TOKEN_VAR) | TOKEN_SET(TOKEN_FUNC);

/* ---- directives --------------------------------------------------------------------------------------------------- */

static bool belongs_to_function(const struct directive *d)
{
    static const char *const words[] = {
        "cgo_unsafe_args", "nocheckptr",     "noescape",         "noinline",           "nointerface",
        "norace",          "nosplit",        "nowritebarrier",   "nowritebarrierrec",  "registerparams",
        "systemstack",     "uintptrescapes", "uintptrkeepalive", "yeswritebarrierrec",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (ast_is_directive(d, words[i]))
            return true;
    return false;
}

static void misplaced(struct parser *p, const struct directive *d)
{
    parser_error_at(p, (struct pos){d->pos.at + 2}, "misplaced compiler directive");
}

static struct directive_list take_directives(struct parser *p)
{
    size_t mark = parser_mark(p);
    struct directive_list list;
    for (; p->directives < p->lx.directive_count; p->directives++)
        parser_push(p, p->lx.directives[p->directives]);
    list.items = (struct directive **)(void *)parser_pop(p, mark, &list.count);
    return list;
}

/* Those of a function that another declaration takes, and a file's behind its package clause, are for the checker to refuse, when nothing else is wrong. */
struct directive_list parser_take_directives(struct parser *p, bool function)
{
    struct directive_list list = take_directives(p);
    for (uint32_t i = 0; i < list.count; i++) {
        struct directive *d = list.items[i];
        if (!strncmp(d->text, "//go:", 5) && !d->own_line)
            misplaced(p, d);
        else
            d->misplaced = ast_is_directive(d, "build") || (!function && belongs_to_function(d));
    }
    return list;
}

void parser_drop_directives(struct parser *p)
{
    struct directive_list list = parser_take_directives(p, false);
    for (uint32_t i = 0; i < list.count; i++) {
        if (list.items[i]->misplaced)
            misplaced(p, list.items[i]);
        list.items[i]->misplaced = false;
    }
}

static struct decl *new_decl(struct parser *p, enum decl_kind kind, const struct decl_group *group)
{
    struct decl *d = ast_new_decl(p->c, kind, parser_pos(p));
    d->group = group->number;
    d->directives = parser_take_directives(p, kind == DECL_FUNC);
    return d;
}

/* ---- import, const, var ------------------------------------------------------------------------------------------- */

static struct decl *parse_import(struct parser *p, struct decl_group *group)
{
    struct decl *d = new_decl(p, DECL_IMPORT, group);
    if (parser_at(p, TOKEN_NAME)) {
        d->import.name = parse_name(p);
    } else if (parser_at(p, TOKEN_DOT)) {
        d->import.name = ast_new_name(p->c, ident_intern(&p->c->idents, ".", 1), parser_pos(p));
        parser_next(p);
    }
    d->import.path = parse_literal_or_null(p);
    if (!d->import.path) {
        d->import.path = parser_bad_expr(p);
        parser_syntax_error(p, "missing import path");
        parser_advance(p, TOKEN_SET(TOKEN_SEMI) | TOKEN_SET(TOKEN_RPAREN));
    } else if (!d->import.path->flag && d->import.path->op != LITERAL_STRING) {
        parser_syntax_error_at(p, d->import.path->pos, "import path must be a string");
        d->import.path->flag = true;
    }
    return d;
}

static struct decl *parse_const(struct parser *p, struct decl_group *group)
{
    struct decl *d = new_decl(p, DECL_CONST, group);
    d->const_.names = parse_name_list(p, parse_name(p));
    d->const_.iota = group->iota++;
    if (!parser_at(p, TOKEN_EOF) && !parser_at(p, TOKEN_SEMI) && !parser_at(p, TOKEN_RPAREN)) {
        d->const_.type = parse_type_or_null(p);
        if (parser_got_assign(p))
            d->const_.values = parse_expr_list(p);
    }
    if (d->const_.type || d->const_.values.count)
        group->last = d;
    else
        d->const_.repeats = group->last;
    return d;
}

static struct decl *parse_var(struct parser *p, struct decl_group *group)
{
    struct decl *d = new_decl(p, DECL_VAR, group);
    d->var.names = parse_name_list(p, parse_name(p));
    if (!parser_at(p, TOKEN_ASSIGN) && !parser_at(p, TOKEN_DEFINE))
        d->var.type = parse_type(p);
    if (parser_got_assign(p))
        d->var.values = parse_expr_list(p);
    return d;
}

/* ---- type --------------------------------------------------------------------------------------------------------- */

/* `P * C` read as a product becomes `* C`, with P in *name. */
static struct expr *split_product(struct parser *p, struct expr *x, bool force, struct expr **name)
{
    if (x->binary.x->kind != EXPR_NAME || !(force || ast_is_type_element(x->binary.y)))
        return NULL;
    struct expr *star = ast_new_expr(p->c, EXPR_STAR, x->pos);
    star->star.x = x->binary.y;
    *name = x->binary.x;
    return parser_finish(p, star);
}

/* `P (C)` read as a call becomes `(C)`. */
static struct expr *split_call(struct parser *p, struct expr *x, bool force, struct expr **name)
{
    if (x->call.fun->kind != EXPR_NAME || x->call.args.count != 1 || x->flag ||
        !(force || ast_is_type_element(x->call.args.items[0])))
        return NULL;
    struct expr *paren = ast_new_expr(p->c, EXPR_PAREN, x->pos);
    paren->paren.x = x->call.args.items[0];
    paren->end = x->end;
    *name = x->call.fun;
    return parser_finish(p, paren);
}

/*
 * Splits x, if it can be read as `name constraint`, into *name and the constraint it returns; NULL if it cannot. A
 * constraint that could as well be a value needs `force`. The leftmost term of a union is the one to split.
 */
static struct expr *split_name(struct parser *p, struct expr *x, bool force, struct expr **name)
{
    if (x->kind == EXPR_CALL)
        return split_call(p, x, force, name);
    if (x->kind != EXPR_BINARY)
        return NULL;
    if (x->op == OP_MUL)
        return split_product(p, x, force, name);
    if (x->op != OP_OR || !parser_enter(p))
        return NULL;
    struct expr *left = split_name(p, x->binary.x, force || ast_is_type_element(x->binary.y), name);
    parser_leave(p);
    if (!left)
        return NULL;
    struct expr *rest = ast_new_expr(p->c, EXPR_BINARY, x->pos);
    rest->op = OP_OR;
    rest->binary.x = left;
    rest->binary.y = x->binary.y;
    return parser_finish(p, rest);
}

static void parse_type_params(struct parser *p, struct decl *d, struct expr *name, struct expr *constraint)
{
    struct pos end;
    d->type.tparams = parse_params(p, name, constraint, TOKEN_RBRACK, PARAM_NEED_NAMES, &end);
    d->type.alias = parser_got_assign(p);
    d->type.type = parse_type_or_null(p);
}

/*
 * Behind `type T [ P`: when the name is followed by '[', it must be a type parameter with an array or slice constraint
 * (an index is no constant); otherwise the expression that begins with it decides.
 */
static void parse_length_or_params(struct parser *p, struct decl *d, struct pos bracket)
{
    struct expr *x = parse_name(p), *name = NULL, *constraint = NULL;
    if (!parser_at(p, TOKEN_LBRACK)) {
        p->in_expr++;
        x = parse_binary(p, parse_primary(p, x), 0);
        p->in_expr--;
    }
    if (x->kind == EXPR_NAME)
        name = x;
    else
        constraint = split_name(p, x, parser_at(p, TOKEN_COMMA), &name);
    if (name && (constraint || !parser_at(p, TOKEN_RBRACK)))
        parse_type_params(p, d, name, constraint);
    else
        d->type.type = parse_array_type(p, bracket, x);
}

static void parse_bracketed_type(struct parser *p, struct decl *d)
{
    struct pos bracket = parser_pos(p);
    parser_next(p);
    if (parser_at(p, TOKEN_NAME))
        parse_length_or_params(p, d, bracket);
    else if (parser_got(p, TOKEN_RBRACK))
        d->type.type = parse_slice_type(p, bracket);
    else
        d->type.type = parse_array_type(p, bracket, NULL);
}

static struct decl *parse_type_decl(struct parser *p, struct decl_group *group)
{
    struct decl *d = new_decl(p, DECL_TYPE, group);
    d->type.name = parse_name(p);
    if (parser_at(p, TOKEN_LBRACK)) {
        parse_bracketed_type(p, d);
    } else {
        d->type.alias = parser_got_assign(p);
        d->type.type = parse_type_or_null(p);
    }
    if (!d->type.type) {
        d->type.type = parser_bad_expr(p);
        parser_syntax_error(p, "in type declaration");
        parser_advance(p, TOKEN_SET(TOKEN_SEMI) | TOKEN_SET(TOKEN_RPAREN));
    }
    return d;
}

/* ---- groups ------------------------------------------------------------------------------------------------------- */

static bool parse_spec(struct parser *p, void *context)
{
    struct decl_group *group = context;
    switch (group->keyword) {
    case TOKEN_IMPORT:
        parser_push(p, parse_import(p, group));
        break;
    case TOKEN_CONST:
        parser_push(p, parse_const(p, group));
        break;
    case TOKEN_VAR:
        parser_push(p, parse_var(p, group));
        break;
    default:
        parser_push(p, parse_type_decl(p, group));
        break;
    }
    return false;
}

void parse_decl_group(struct parser *p)
{
    struct decl_group group = {.keyword = parser_token(p)};
    parser_next(p);
    if (!parser_at(p, TOKEN_LPAREN)) {
        parse_spec(p, &group);
        return;
    }
    group.number = ++p->groups;
    parser_drop_directives(p);
    parser_next(p);
    parser_list(p, "grouped declaration", TOKEN_SEMI, TOKEN_RPAREN, parse_spec, &group);
}

/* ---- func --------------------------------------------------------------------------------------------------------- */

static void parse_receiver(struct parser *p, struct decl *d)
{
    struct pos end;
    struct field_list list = parse_params(p, NULL, NULL, TOKEN_RPAREN, 0, &end);
    if (list.count == 0)
        parser_error_at(p, parser_pos(p), "method has no receiver");
    else
        d->func.recv = list.items[0];
    if (list.count > 1)
        parser_error_at(p, parser_pos(p), "method has multiple receivers");
}

static struct decl *parse_func(struct parser *p)
{
    struct decl_group none = {.keyword = TOKEN_FUNC};
    struct decl *d = new_decl(p, DECL_FUNC, &none);
    parser_next(p);
    bool method = parser_got(p, TOKEN_LPAREN);
    if (method)
        parse_receiver(p, d);
    if (parser_at(p, TOKEN_NAME)) {
        d->func.name = parse_name(p);
        d->func.type = parse_signature(p, method ? "method" : NULL, parser_pos(p), &d->func.tparams);
    } else {
        d->func.name = parse_blank(p, parser_pos(p));
        d->func.type = ast_new_expr(p->c, EXPR_FUNC_TYPE, parser_pos(p));
        parser_syntax_error(p, method ? "expected name" : "expected name or (");
        parser_advance(p, TOKEN_SET(TOKEN_LBRACE) | TOKEN_SET(TOKEN_SEMI));
    }
    if (parser_at(p, TOKEN_LBRACE))
        d->func.body = parse_func_body(p);
    return d;
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

/* Something that is no declaration; the likeliest is a { that should have stood on the line before. */
static void parse_stray(struct parser *p, size_t mark)
{
    const struct decl *last = p->stack_top > mark ? p->stack[p->stack_top - 1] : NULL;
    if (parser_at(p, TOKEN_LBRACE) && last && last->kind == DECL_FUNC && !last->func.body)
        parser_syntax_error(p, "unexpected semicolon or newline before {");
    else
        parser_syntax_error(p, "non-declaration statement outside function body");
    parser_advance(p, decl_starts);
}

static void parse_top_level(struct parser *p)
{
    if (parser_at(p, TOKEN_FUNC))
        parser_push(p, parse_func(p));
    else
        parse_decl_group(p);
    parser_drop_directives(p);
    if (!parser_at(p, TOKEN_EOF) && !parser_got(p, TOKEN_SEMI)) {
        parser_syntax_error(p, "after top level declaration");
        parser_advance(p, decl_starts);
    }
}

struct ast_file *parse_file(struct parser *p)
{
    struct ast_file *f = ARENA_NEW(&p->c->arena, struct ast_file);
    f->pos = parser_pos(p);
    f->package_directives = parser_take_directives(p, false);
    for (uint32_t i = 0; i < f->package_directives.count; i++)
        f->package_directives.items[i]->misplaced &= !ast_is_directive(f->package_directives.items[i], "build");
    if (!parser_got(p, TOKEN_PACKAGE)) {
        parser_syntax_error(p, "package statement must be first");
        return NULL;
    }
    f->package = parse_name(p);
    parser_want(p, TOKEN_SEMI);
    if (p->lx.errors)
        return NULL;
    if (f->package->name.ident->blank)
        parser_error_at(p, f->package->pos, "invalid package name _");

    size_t mark = parser_mark(p);
    enum token before = TOKEN_IMPORT;
    while (!parser_at(p, TOKEN_EOF)) {
        if (parser_at(p, TOKEN_IMPORT) && before != TOKEN_IMPORT)
            parser_syntax_error(p, "imports must appear before other declarations");
        before = parser_token(p);
        if (decl_starts & TOKEN_SET(parser_token(p)))
            parse_top_level(p);
        else
            parse_stray(p, mark);
    }
    parser_drop_directives(p);
    f->decls = parser_pop_decls(p, mark);
    f->eof = parser_pos(p);
    p->directives = 0;
    f->directives = take_directives(p);
    return f;
}
