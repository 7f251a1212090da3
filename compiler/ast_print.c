/*
 * ast_print: the tree as Go text; see ast.h.
 *
 * One printer serves messages and tests: `brief` elides bodies and elements. Parentheses are in the tree, so no
 * precedence is worked out here, with two exceptions where the text would read differently without some: chan (<-chan T),
 * and a lone type parameter whose constraint would make it an array length ([P *T,]).
 */
#include "ast.h"

struct printer {
    struct text *out;
    bool brief;
    unsigned indent;
};

static void print_expr(struct printer *p, const struct expr *e);
static void print_stmt(struct printer *p, const struct stmt *s);
static void print_block(struct printer *p, const struct stmt *s);

static void puts_(struct printer *p, const char *s)
{
    text_puts(p->out, s);
}

static void newline(struct printer *p)
{
    text_putc(p->out, '\n');
    for (unsigned i = 0; i < p->indent; i++)
        text_putc(p->out, '\t');
}

static void print_list(struct printer *p, struct expr_list list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        if (i)
            puts_(p, ", ");
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
    case EXPR_STAR: return !ast_is_type_element(x->star.x);
    case EXPR_PAREN: return !ast_is_type_element(x->paren.x);
    case EXPR_BINARY: return combines_with_name(x->binary.x) && !ast_is_type_element(x->binary.y);
    default: return false;
    }
}

static bool next_shares(struct field_list list, uint32_t i)
{
    return i + 1 < list.count && list.items[i + 1]->shares_type;
}

static void print_params(struct printer *p, struct field_list list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        const struct field *f = list.items[i];
        if (i)
            puts_(p, ", ");
        if (f->name) {
            print_expr(p, f->name);
            if (next_shares(list, i))
                continue;
            puts_(p, " ");
        }
        print_expr(p, f->type);
    }
}

static void print_signature(struct printer *p, const struct expr *type)
{
    struct field_list results = type->func_type.results;
    puts_(p, "(");
    print_params(p, type->func_type.params);
    puts_(p, ")");
    if (results.count == 0)
        return;
    puts_(p, " ");
    if (results.count == 1 && !results.items[0]->name) {
        print_expr(p, results.items[0]->type);
        return;
    }
    puts_(p, "(");
    print_params(p, results);
    puts_(p, ")");
}

static void print_type_params(struct printer *p, struct field_list list, bool of_type)
{
    if (list.count == 0)
        return;
    puts_(p, "[");
    print_params(p, list);
    if (of_type && list.count == 1 && combines_with_name(list.items[0]->type))
        puts_(p, ",");
    puts_(p, "]");
}

static void print_struct(struct printer *p, struct field_list list)
{
    puts_(p, "struct{");
    for (uint32_t i = 0; i < list.count; i++) {
        const struct field *f = list.items[i];
        if (i)
            puts_(p, f->shares_type ? ", " : "; ");
        if (f->name) {
            print_expr(p, f->name);
            if (next_shares(list, i))
                continue;
            puts_(p, " ");
        }
        print_expr(p, f->type);
        if (f->tag) {
            puts_(p, " ");
            print_expr(p, f->tag);
        }
    }
    puts_(p, "}");
}

static void print_interface(struct printer *p, struct field_list list)
{
    puts_(p, "interface{");
    for (uint32_t i = 0; i < list.count; i++) {
        const struct field *f = list.items[i];
        if (i)
            puts_(p, "; ");
        if (f->name) {
            print_expr(p, f->name);
            print_signature(p, f->type);
        } else {
            print_expr(p, f->type);
        }
    }
    puts_(p, "}");
}

static void print_chan(struct printer *p, const struct expr *e)
{
    const struct expr *elem = e->chan_type.elem;
    bool ambiguous = e->op == CHAN_BOTH && elem->kind == EXPR_CHAN_TYPE && elem->op == CHAN_RECV;
    puts_(p, e->op == CHAN_RECV ? "<-chan " : e->op == CHAN_SEND ? "chan<- " : "chan ");
    if (ambiguous)
        puts_(p, "(");
    print_expr(p, elem);
    if (ambiguous)
        puts_(p, ")");
}

static void print_type(struct printer *p, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_ARRAY_TYPE:
        puts_(p, "[");
        if (e->array_type.len)
            print_expr(p, e->array_type.len);
        else
            puts_(p, "...");
        puts_(p, "]");
        print_expr(p, e->array_type.elem);
        break;
    case EXPR_SLICE_TYPE:
        puts_(p, "[]");
        print_expr(p, e->slice_type.elem);
        break;
    case EXPR_ELLIPSIS:
        puts_(p, "...");
        print_expr(p, e->ellipsis.elem);
        break;
    case EXPR_STRUCT_TYPE: print_struct(p, e->struct_type.fields); break;
    case EXPR_FUNC_TYPE:
        puts_(p, "func");
        print_signature(p, e);
        break;
    case EXPR_INTERFACE_TYPE: print_interface(p, e->interface_type.elems); break;
    case EXPR_MAP_TYPE:
        puts_(p, "map[");
        print_expr(p, e->map_type.key);
        puts_(p, "]");
        print_expr(p, e->map_type.elem);
        break;
    case EXPR_CHAN_TYPE: print_chan(p, e); break;
    default: puts_(p, "<bad expr>"); break;
    }
}

/* ---- expressions -------------------------------------------------------------------------------------------------- */

static void print_composite(struct printer *p, const struct expr *e)
{
    if (e->composite.type)
        print_expr(p, e->composite.type);
    puts_(p, "{");
    if (!p->brief)
        print_list(p, e->composite.elems);
    else if (e->composite.elems.count)
        puts_(p, "…");
    puts_(p, "}");
}

static void print_func(struct printer *p, const struct expr *e)
{
    print_expr(p, e->func.type);
    puts_(p, " ");
    if (!p->brief)
        print_block(p, e->func.body);
    else
        puts_(p, e->func.body->block.list.count ? "{…}" : "{}");
}

static void print_slice(struct printer *p, const struct expr *e)
{
    print_expr(p, e->slice.x);
    puts_(p, "[");
    if (e->slice.low)
        print_expr(p, e->slice.low);
    puts_(p, ":");
    if (e->slice.high)
        print_expr(p, e->slice.high);
    if (e->slice.max) {
        puts_(p, ":");
        print_expr(p, e->slice.max);
    }
    puts_(p, "]");
}

/* A number directly before a dot would swallow it. */
static void print_before_dot(struct printer *p, const struct expr *x)
{
    print_expr(p, x);
    puts_(p, x->kind == EXPR_LITERAL ? " ." : ".");
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
        puts_(p, "[");
        print_list(p, e->index.indices);
        puts_(p, "]");
        break;
    case EXPR_SLICE: print_slice(p, e); break;
    case EXPR_ASSERT:
        print_before_dot(p, e->assert.x);
        puts_(p, "(");
        if (e->assert.type)
            print_expr(p, e->assert.type);
        else
            puts_(p, "type");
        puts_(p, ")");
        break;
    default:
        print_expr(p, e->call.fun);
        puts_(p, "(");
        print_list(p, e->call.args);
        if (e->flag)
            puts_(p, p->brief ? "..." : " ..."); /* a number would swallow the first dot */
        puts_(p, ")");
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
    puts_(p, op_string((enum op)e->op));
    if (x->kind == EXPR_UNARY && (x->op == e->op || (e->op == OP_AND && x->op == OP_XOR)))
        puts_(p, " ");
    print_expr(p, x);
}

static void print_expr(struct printer *p, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_NAME: print_name(p, e->name.ident); break;
    case EXPR_LITERAL: text_append(p->out, e->literal.text, e->literal.length); break;
    case EXPR_COMPOSITE: print_composite(p, e); break;
    case EXPR_FUNC: print_func(p, e); break;
    case EXPR_PAREN:
        puts_(p, "(");
        print_expr(p, e->paren.x);
        puts_(p, ")");
        break;
    case EXPR_SELECTOR:
    case EXPR_INDEX:
    case EXPR_SLICE:
    case EXPR_ASSERT:
    case EXPR_CALL: print_postfix(p, e); break;
    case EXPR_STAR:
        puts_(p, "*");
        print_expr(p, e->star.x);
        break;
    case EXPR_UNARY: print_unary(p, e); break;
    case EXPR_BINARY: print_binary(p, e); break;
    case EXPR_KEY_VALUE:
        print_expr(p, e->key_value.key);
        puts_(p, ": ");
        print_expr(p, e->key_value.value);
        break;
    default: print_type(p, e); break;
    }
}

/* ---- declarations ------------------------------------------------------------------------------------------------- */

static void print_type_and_values(struct printer *p, const struct expr *type, struct expr_list values)
{
    if (type) {
        puts_(p, " ");
        print_expr(p, type);
    }
    if (values.count) {
        puts_(p, " = ");
        print_list(p, values);
    }
}

static void print_spec(struct printer *p, const struct decl *d)
{
    switch (d->kind) {
    case DECL_IMPORT:
        if (d->import.name) {
            print_expr(p, d->import.name);
            puts_(p, " ");
        }
        print_expr(p, d->import.path);
        break;
    case DECL_CONST:
        print_list(p, d->const_.names);
        print_type_and_values(p, d->const_.type, d->const_.values);
        break;
    case DECL_VAR:
        print_list(p, d->var.names);
        print_type_and_values(p, d->var.type, d->var.values);
        break;
    default:
        print_expr(p, d->type.name);
        print_type_params(p, d->type.tparams, true);
        puts_(p, d->type.alias ? " = " : " ");
        print_expr(p, d->type.type);
        break;
    }
}

static void print_func_decl(struct printer *p, const struct decl *d)
{
    puts_(p, "func ");
    if (d->func.recv) {
        puts_(p, "(");
        print_params(p, (struct field_list){.items = (struct field *[]){d->func.recv}, .count = 1});
        puts_(p, ") ");
    }
    print_expr(p, d->func.name);
    print_type_params(p, d->func.tparams, false);
    print_signature(p, d->func.type);
    if (d->func.body) {
        puts_(p, " ");
        print_block(p, d->func.body);
    }
}

static const char *decl_keyword(const struct decl *d)
{
    return d->kind == DECL_IMPORT ? "import" : d->kind == DECL_CONST ? "const" : d->kind == DECL_VAR ? "var" : "type";
}

/* Prints the declaration at list[i] with those of its group; returns the index behind them. */
static uint32_t print_group(struct printer *p, struct decl_list list, uint32_t i)
{
    const struct decl *d = list.items[i];
    if (d->kind == DECL_FUNC) {
        print_func_decl(p, d);
        return i + 1;
    }
    text_printf(p->out, "%s ", decl_keyword(d));
    if (!d->group) {
        print_spec(p, d);
        return i + 1;
    }
    puts_(p, "(");
    p->indent++;
    for (; i < list.count && list.items[i]->group == d->group; i++) {
        newline(p);
        print_spec(p, list.items[i]);
    }
    p->indent--;
    newline(p);
    puts_(p, ")");
    return i;
}

/* ---- statements --------------------------------------------------------------------------------------------------- */

static void print_body(struct printer *p, struct stmt_list list)
{
    p->indent++;
    for (uint32_t i = 0; i < list.count; i++) {
        newline(p);
        print_stmt(p, list.items[i]);
        if (list.items[i]->kind == STMT_EMPTY)
            puts_(p, ";");
    }
    p->indent--;
}

static void print_block(struct printer *p, const struct stmt *s)
{
    if (s->block.list.count == 0) {
        puts_(p, "{}");
        return;
    }
    puts_(p, "{");
    print_body(p, s->block.list);
    newline(p);
    puts_(p, "}");
}

static void print_clauses(struct printer *p, struct clause_list list)
{
    puts_(p, "{");
    for (uint32_t i = 0; i < list.count; i++) {
        const struct clause *c = list.items[i];
        newline(p);
        if (c->is_default) {
            puts_(p, "default");
        } else {
            puts_(p, "case ");
            if (c->comm)
                print_stmt(p, c->comm);
            else
                print_list(p, c->exprs);
        }
        puts_(p, ":");
        print_body(p, c->body);
    }
    newline(p);
    puts_(p, "}");
}

static void print_init(struct printer *p, const struct stmt *init)
{
    if (init) {
        print_stmt(p, init);
        puts_(p, "; ");
    }
}

static void print_if(struct printer *p, const struct stmt *s)
{
    puts_(p, "if ");
    print_init(p, s->if_.init);
    print_expr(p, s->if_.cond);
    puts_(p, " ");
    print_block(p, s->if_.then);
    if (s->if_.else_) {
        puts_(p, " else ");
        print_stmt(p, s->if_.else_);
    }
}

static void print_for(struct printer *p, const struct stmt *s)
{
    puts_(p, "for ");
    if (s->for_.init || s->for_.post) {
        if (s->for_.init)
            print_stmt(p, s->for_.init);
        puts_(p, "; ");
        if (s->for_.cond)
            print_expr(p, s->for_.cond);
        puts_(p, "; ");
        if (s->for_.post)
            print_stmt(p, s->for_.post);
        puts_(p, " ");
    } else if (s->for_.cond) {
        print_expr(p, s->for_.cond);
        puts_(p, " ");
    }
    print_block(p, s->for_.body);
}

static void print_range(struct printer *p, const struct stmt *s)
{
    puts_(p, "for ");
    if (s->range.lhs.count) {
        print_list(p, s->range.lhs);
        puts_(p, s->define ? " := " : " = ");
    }
    puts_(p, "range ");
    print_expr(p, s->range.x);
    puts_(p, " ");
    print_block(p, s->range.body);
}

static void print_switch(struct printer *p, const struct stmt *s)
{
    puts_(p, "switch ");
    if (s->kind == STMT_SWITCH) {
        print_init(p, s->switch_.init);
        if (s->switch_.tag) {
            print_expr(p, s->switch_.tag);
            puts_(p, " ");
        }
        print_clauses(p, s->switch_.clauses);
        return;
    }
    print_init(p, s->type_switch.init);
    if (s->type_switch.bind) {
        print_expr(p, s->type_switch.bind);
        puts_(p, " := ");
    }
    print_before_dot(p, s->type_switch.x);
    puts_(p, "(type) ");
    print_clauses(p, s->type_switch.clauses);
}

static void print_assign(struct printer *p, const struct stmt *s)
{
    print_list(p, s->assign.lhs);
    text_printf(p->out, s->define ? " := " : " %s= ", op_string((enum op)s->op));
    print_list(p, s->assign.rhs);
}

static void print_branch(struct printer *p, const struct stmt *s)
{
    static const char *const words[] = {"break", "continue", "goto", "fallthrough"};
    puts_(p, words[s->kind - STMT_BREAK]);
    if (s->branch.label) {
        puts_(p, " ");
        print_expr(p, s->branch.label);
    }
}

static void print_labeled(struct printer *p, const struct stmt *s)
{
    print_expr(p, s->labeled.label);
    puts_(p, ":");
    newline(p);
    print_stmt(p, s->labeled.stmt);
    if (s->labeled.stmt->kind == STMT_EMPTY)
        puts_(p, ";");
}

static void print_stmt(struct printer *p, const struct stmt *s)
{
    switch ((enum stmt_kind)s->kind) {
    case STMT_BAD: puts_(p, "<bad stmt>"); break;
    case STMT_EMPTY:
    case STMT_KIND_COUNT: break;
    case STMT_LABELED: print_labeled(p, s); break;
    case STMT_BLOCK: print_block(p, s); break;
    case STMT_EXPR: print_expr(p, s->expr.x); break;
    case STMT_SEND:
        print_expr(p, s->send.chan);
        puts_(p, " <- ");
        print_expr(p, s->send.value);
        break;
    case STMT_DECL: print_group(p, s->decl.list, 0); break;
    case STMT_ASSIGN: print_assign(p, s); break;
    case STMT_INC_DEC:
        print_expr(p, s->inc_dec.x);
        puts_(p, s->op == OP_ADD ? "++" : "--");
        break;
    case STMT_GO:
    case STMT_DEFER:
        puts_(p, s->kind == STMT_GO ? "go " : "defer ");
        print_expr(p, s->go.call);
        break;
    case STMT_RETURN:
        puts_(p, s->return_.results.count ? "return " : "return");
        print_list(p, s->return_.results);
        break;
    case STMT_BREAK:
    case STMT_CONTINUE:
    case STMT_GOTO:
    case STMT_FALLTHROUGH: print_branch(p, s); break;
    case STMT_IF: print_if(p, s); break;
    case STMT_FOR: print_for(p, s); break;
    case STMT_RANGE: print_range(p, s); break;
    case STMT_SWITCH:
    case STMT_TYPE_SWITCH: print_switch(p, s); break;
    case STMT_SELECT:
        puts_(p, "select ");
        print_clauses(p, s->select.clauses);
        break;
    }
}

/* ---- entry points ------------------------------------------------------------------------------------------------- */

void ast_print_expr(struct text *out, const struct expr *e)
{
    print_expr(&(struct printer){.out = out, .brief = true}, e);
}

void ast_print_stmt(struct text *out, const struct stmt *s)
{
    print_stmt(&(struct printer){.out = out}, s);
}

void ast_print_decl(struct text *out, const struct decl *d)
{
    struct printer p = {.out = out};
    if (d->kind == DECL_FUNC) {
        print_func_decl(&p, d);
        return;
    }
    text_printf(out, "%s ", decl_keyword(d));
    print_spec(&p, d);
}

void ast_print_file(struct text *out, const struct ast_file *f)
{
    struct printer p = {.out = out};
    puts_(&p, "package ");
    print_expr(&p, f->package);
    puts_(&p, "\n");
    for (uint32_t i = 0; i < f->decls.count;) {
        puts_(&p, "\n");
        i = print_group(&p, f->decls, i);
        puts_(&p, "\n");
    }
}

const char *ast_expr_string(struct gomem_compilation *c, const struct expr *e)
{
    struct text out;
    text_init(&out, &c->arena);
    ast_print_expr(&out, e);
    return text_string(&out);
}
