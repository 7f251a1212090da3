/*
 * ast_print: expressions and types as Go text; see ast.h. Declarations and statements are in ast_print_stmt.c.
 *
 * One printer serves messages and tests: `brief` elides bodies and elements. Parentheses are in the tree, so no
 * precedence is worked out here, with two exceptions where the text would read differently without some: chan (<-chan T),
 * and a lone type parameter whose constraint would make it an array length ([P *T,]).
 */
#include "ast_print_internal.h"

void print_list(struct printer *p, struct expr_list list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        if (i)
            print_text(p, ", ");
        print_expr(p, list.items[i]);
    }
}

static void print_name(struct printer *p, const struct ident *ident)
{
    text_append(p->out, ident->text, ident->length);
}

/* ---- types -------------------------------------------------------------------------------------------------------- */

/* Whether `name x` would read as one value: P *T, P (T). */
static bool combines_with_name(const struct expr *x)
{
    switch (x->kind) {
    case EXPR_STAR:
        return !ast_is_type_element(x->star.x);
    case EXPR_PAREN:
        return !ast_is_type_element(x->paren.x);
    case EXPR_BINARY:
        return combines_with_name(x->binary.x) && !ast_is_type_element(x->binary.y);
    default:
        return false;
    }
}

static bool next_shares(struct field_list list, uint32_t i)
{
    return i + 1 < list.count && list.items[i + 1]->shares_type;
}

void print_params(struct printer *p, struct field_list list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        const struct field *f = list.items[i];
        if (i)
            print_text(p, ", ");
        if (f->name) {
            print_expr(p, f->name);
            if (next_shares(list, i))
                continue;
            print_text(p, " ");
        }
        print_expr(p, f->type);
    }
}

void print_signature(struct printer *p, const struct expr *type)
{
    struct field_list results = type->func_type.results;
    print_text(p, "(");
    print_params(p, type->func_type.params);
    print_text(p, ")");
    if (results.count == 0)
        return;
    print_text(p, " ");
    if (results.count == 1 && !results.items[0]->name) {
        print_expr(p, results.items[0]->type);
        return;
    }
    print_text(p, "(");
    print_params(p, results);
    print_text(p, ")");
}

void print_type_params(struct printer *p, struct field_list list, bool of_type)
{
    if (list.count == 0)
        return;
    print_text(p, "[");
    print_params(p, list);
    if (of_type && list.count == 1 && combines_with_name(list.items[0]->type))
        print_text(p, ",");
    print_text(p, "]");
}

static void print_struct(struct printer *p, struct field_list list)
{
    print_text(p, "struct{");
    for (uint32_t i = 0; i < list.count; i++) {
        const struct field *f = list.items[i];
        if (i)
            print_text(p, f->shares_type ? ", " : "; ");
        if (f->name) {
            print_expr(p, f->name);
            if (next_shares(list, i))
                continue;
            print_text(p, " ");
        }
        print_expr(p, f->type);
        if (f->tag) {
            print_text(p, " ");
            print_expr(p, f->tag);
        }
    }
    print_text(p, "}");
}

static void print_interface(struct printer *p, struct field_list list)
{
    print_text(p, "interface{");
    for (uint32_t i = 0; i < list.count; i++) {
        const struct field *f = list.items[i];
        if (i)
            print_text(p, "; ");
        if (f->name) {
            print_expr(p, f->name);
            print_signature(p, f->type);
        } else {
            print_expr(p, f->type);
        }
    }
    print_text(p, "}");
}

static void print_chan(struct printer *p, const struct expr *e)
{
    const struct expr *elem = e->chan_type.elem;
    bool ambiguous = e->op == CHAN_BOTH && elem->kind == EXPR_CHAN_TYPE && elem->op == CHAN_RECV;
    print_text(p, e->op == CHAN_RECV ? "<-chan " : e->op == CHAN_SEND ? "chan<- " : "chan ");
    if (ambiguous)
        print_text(p, "(");
    print_expr(p, elem);
    if (ambiguous)
        print_text(p, ")");
}

static void print_type(struct printer *p, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_ARRAY_TYPE:
        print_text(p, "[");
        if (e->array_type.len)
            print_expr(p, e->array_type.len);
        else
            print_text(p, "...");
        print_text(p, "]");
        print_expr(p, e->array_type.elem);
        break;
    case EXPR_SLICE_TYPE:
        print_text(p, "[]");
        print_expr(p, e->slice_type.elem);
        break;
    case EXPR_ELLIPSIS:
        print_text(p, "...");
        print_expr(p, e->ellipsis.elem);
        break;
    case EXPR_STRUCT_TYPE:
        print_struct(p, e->struct_type.fields);
        break;
    case EXPR_FUNC_TYPE:
        print_text(p, "func");
        print_signature(p, e);
        break;
    case EXPR_INTERFACE_TYPE:
        print_interface(p, e->interface_type.elems);
        break;
    case EXPR_MAP_TYPE:
        print_text(p, "map[");
        print_expr(p, e->map_type.key);
        print_text(p, "]");
        print_expr(p, e->map_type.elem);
        break;
    case EXPR_CHAN_TYPE:
        print_chan(p, e);
        break;
    default:
        print_text(p, "<bad expr>");
        break;
    }
}

/* ---- expressions -------------------------------------------------------------------------------------------------- */

static void print_composite(struct printer *p, const struct expr *e)
{
    if (e->composite.type)
        print_expr(p, e->composite.type);
    print_text(p, "{");
    if (!p->brief)
        print_list(p, e->composite.elems);
    else if (e->composite.elems.count)
        print_text(p, "…");
    print_text(p, "}");
}

static void print_func(struct printer *p, const struct expr *e)
{
    print_expr(p, e->func.type);
    print_text(p, " ");
    if (!p->brief)
        print_block(p, e->func.body);
    else
        print_text(p, e->func.body->block.list.count ? "{…}" : "{}");
}

static void print_slice(struct printer *p, const struct expr *e)
{
    print_expr(p, e->slice.x);
    print_text(p, "[");
    if (e->slice.low)
        print_expr(p, e->slice.low);
    print_text(p, ":");
    if (e->slice.high)
        print_expr(p, e->slice.high);
    if (e->slice.max) {
        print_text(p, ":");
        print_expr(p, e->slice.max);
    }
    print_text(p, "]");
}

/* A number directly before a dot would swallow it. */
void print_before_dot(struct printer *p, const struct expr *x)
{
    print_expr(p, x);
    print_text(p, x->kind == EXPR_LITERAL ? " ." : ".");
}

static void print_postfix(struct printer *p, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_SELECTOR:
        print_before_dot(p, e->selector.x);
        print_expr(p, e->selector.name);
        break;
    case EXPR_INDEX:
        print_expr(p, e->index.x);
        print_text(p, "[");
        print_list(p, e->index.indices);
        print_text(p, "]");
        break;
    case EXPR_SLICE:
        print_slice(p, e);
        break;
    case EXPR_ASSERT:
        print_before_dot(p, e->assert.x);
        print_text(p, "(");
        if (e->assert.type)
            print_expr(p, e->assert.type);
        else
            print_text(p, "type");
        print_text(p, ")");
        break;
    default:
        print_expr(p, e->call.fun);
        print_text(p, "(");
        print_list(p, e->call.args);
        if (e->flag)
            print_text(p, p->brief ? "..." : " ..."); /* a number would swallow the first dot */
        print_text(p, ")");
        break;
    }
}

static void print_binary(struct printer *p, const struct expr *e)
{
    print_expr(p, e->binary.x);
    text_printf(p->out, " %s ", op_string((enum op)e->op));
    print_expr(p, e->binary.y);
}

/* -(-x) needs no parentheses in the tree when a phase built it, but - -x must not become --x. */
static void print_unary(struct printer *p, const struct expr *e)
{
    const struct expr *x = e->unary.x;
    print_text(p, op_string((enum op)e->op));
    if (x->kind == EXPR_UNARY && (x->op == e->op || (e->op == OP_AND && x->op == OP_XOR)))
        print_text(p, " ");
    print_expr(p, x);
}

void print_expr(struct printer *p, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_NAME:
        print_name(p, e->name.ident);
        break;
    case EXPR_LITERAL:
        text_append(p->out, e->literal.text, e->literal.length);
        break;
    case EXPR_COMPOSITE:
        print_composite(p, e);
        break;
    case EXPR_FUNC:
        print_func(p, e);
        break;
    case EXPR_PAREN:
        print_text(p, "(");
        print_expr(p, e->paren.x);
        print_text(p, ")");
        break;
    case EXPR_SELECTOR:
    case EXPR_INDEX:
    case EXPR_SLICE:
    case EXPR_ASSERT:
    case EXPR_CALL:
        print_postfix(p, e);
        break;
    case EXPR_STAR:
        print_text(p, "*");
        print_expr(p, e->star.x);
        break;
    case EXPR_UNARY:
        print_unary(p, e);
        break;
    case EXPR_BINARY:
        print_binary(p, e);
        break;
    case EXPR_KEY_VALUE:
        print_expr(p, e->key_value.key);
        print_text(p, ": ");
        print_expr(p, e->key_value.value);
        break;
    default:
        print_type(p, e);
        break;
    }
}

/* ---- entry points ------------------------------------------------------------------------------------------------- */

void ast_print_expr(struct text *out, const struct expr *e)
{
    print_expr(&(struct printer){.out = out, .brief = true}, e);
}

const char *ast_expr_string(struct gomem_compilation *c, const struct expr *e)
{
    struct text out;
    text_init(&out, &c->arena);
    ast_print_expr(&out, e);
    return text_string(&out);
}
