/*
 * ast_print_stmt: declarations, statements and files as Go text, indented with tabs; see ast.h.
 */
#include "ast_print_internal.h"

static void print_stmt(struct printer *p, const struct stmt *s);

static void newline(struct printer *p)
{
    text_putc(p->out, '\n');
    for (unsigned i = 0; i < p->indent; i++)
        text_putc(p->out, '\t');
}

/* ---- declarations ------------------------------------------------------------------------------------------------- */

static void print_type_and_values(struct printer *p, const struct expr *type, struct expr_list values)
{
    if (type) {
        print_text(p, " ");
        print_expr(p, type);
    }
    if (values.count) {
        print_text(p, " = ");
        print_list(p, values);
    }
}

static void print_spec(struct printer *p, const struct decl *d)
{
    switch (d->kind) {
    case DECL_IMPORT:
        if (d->import.name) {
            print_expr(p, d->import.name);
            print_text(p, " ");
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
        print_text(p, d->type.alias ? " = " : " ");
        print_expr(p, d->type.type);
        break;
    }
}

static void print_func_decl(struct printer *p, const struct decl *d)
{
    print_text(p, "func ");
    if (d->func.recv) {
        print_text(p, "(");
        print_params(p, (struct field_list){.items = (struct field *[]){d->func.recv}, .count = 1});
        print_text(p, ") ");
    }
    print_expr(p, d->func.name);
    print_type_params(p, d->func.tparams, false);
    print_signature(p, d->func.type);
    if (d->func.body) {
        print_text(p, " ");
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
    print_text(p, "(");
    p->indent++;
    for (; i < list.count && list.items[i]->group == d->group; i++) {
        newline(p);
        print_spec(p, list.items[i]);
    }
    p->indent--;
    newline(p);
    print_text(p, ")");
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
            print_text(p, ";");
    }
    p->indent--;
}

void print_block(struct printer *p, const struct stmt *s)
{
    if (s->block.list.count == 0) {
        print_text(p, "{}");
        return;
    }
    print_text(p, "{");
    print_body(p, s->block.list);
    newline(p);
    print_text(p, "}");
}

static void print_clauses(struct printer *p, struct clause_list list)
{
    print_text(p, "{");
    for (uint32_t i = 0; i < list.count; i++) {
        const struct clause *c = list.items[i];
        newline(p);
        if (c->is_default) {
            print_text(p, "default");
        } else {
            print_text(p, "case ");
            if (c->comm)
                print_stmt(p, c->comm);
            else
                print_list(p, c->exprs);
        }
        print_text(p, ":");
        print_body(p, c->body);
    }
    newline(p);
    print_text(p, "}");
}

static void print_init(struct printer *p, const struct stmt *init)
{
    if (init) {
        print_stmt(p, init);
        print_text(p, "; ");
    }
}

static void print_if(struct printer *p, const struct stmt *s)
{
    print_text(p, "if ");
    print_init(p, s->if_.init);
    print_expr(p, s->if_.cond);
    print_text(p, " ");
    print_block(p, s->if_.then);
    if (s->if_.else_) {
        print_text(p, " else ");
        print_stmt(p, s->if_.else_);
    }
}

static void print_for(struct printer *p, const struct stmt *s)
{
    print_text(p, "for ");
    if (s->for_.init || s->for_.post) {
        if (s->for_.init)
            print_stmt(p, s->for_.init);
        print_text(p, "; ");
        if (s->for_.cond)
            print_expr(p, s->for_.cond);
        print_text(p, "; ");
        if (s->for_.post)
            print_stmt(p, s->for_.post);
        print_text(p, " ");
    } else if (s->for_.cond) {
        print_expr(p, s->for_.cond);
        print_text(p, " ");
    }
    print_block(p, s->for_.body);
}

static void print_range(struct printer *p, const struct stmt *s)
{
    print_text(p, "for ");
    if (s->range.lhs.count) {
        print_list(p, s->range.lhs);
        print_text(p, s->define ? " := " : " = ");
    }
    print_text(p, "range ");
    print_expr(p, s->range.x);
    print_text(p, " ");
    print_block(p, s->range.body);
}

static void print_switch(struct printer *p, const struct stmt *s)
{
    print_text(p, "switch ");
    if (s->kind == STMT_SWITCH) {
        print_init(p, s->switch_.init);
        if (s->switch_.tag) {
            print_expr(p, s->switch_.tag);
            print_text(p, " ");
        }
        print_clauses(p, s->switch_.clauses);
        return;
    }
    print_init(p, s->type_switch.init);
    if (s->type_switch.bind) {
        print_expr(p, s->type_switch.bind);
        print_text(p, " := ");
    }
    print_before_dot(p, s->type_switch.x);
    print_text(p, "(type) ");
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
    print_text(p, words[s->kind - STMT_BREAK]);
    if (s->branch.label) {
        print_text(p, " ");
        print_expr(p, s->branch.label);
    }
}

static void print_labeled(struct printer *p, const struct stmt *s)
{
    print_expr(p, s->labeled.label);
    print_text(p, ":");
    newline(p);
    print_stmt(p, s->labeled.stmt);
    if (s->labeled.stmt->kind == STMT_EMPTY)
        print_text(p, ";");
}

static void print_stmt(struct printer *p, const struct stmt *s)
{
    switch ((enum stmt_kind)s->kind) {
    case STMT_BAD:
        print_text(p, "<bad stmt>");
        break;
    case STMT_EMPTY:
    case STMT_KIND_COUNT:
        break;
    case STMT_LABELED:
        print_labeled(p, s);
        break;
    case STMT_BLOCK:
        print_block(p, s);
        break;
    case STMT_EXPR:
        print_expr(p, s->expr.x);
        break;
    case STMT_SEND:
        print_expr(p, s->send.chan);
        print_text(p, " <- ");
        print_expr(p, s->send.value);
        break;
    case STMT_DECL:
        print_group(p, s->decl.list, 0);
        break;
    case STMT_ASSIGN:
        print_assign(p, s);
        break;
    case STMT_INC_DEC:
        print_expr(p, s->inc_dec.x);
        print_text(p, s->op == OP_ADD ? "++" : "--");
        break;
    case STMT_GO:
    case STMT_DEFER:
        print_text(p, s->kind == STMT_GO ? "go " : "defer ");
        print_expr(p, s->go.call);
        break;
    case STMT_RETURN:
        print_text(p, s->return_.results.count ? "return " : "return");
        print_list(p, s->return_.results);
        break;
    case STMT_BREAK:
    case STMT_CONTINUE:
    case STMT_GOTO:
    case STMT_FALLTHROUGH:
        print_branch(p, s);
        break;
    case STMT_IF:
        print_if(p, s);
        break;
    case STMT_FOR:
        print_for(p, s);
        break;
    case STMT_RANGE:
        print_range(p, s);
        break;
    case STMT_SWITCH:
    case STMT_TYPE_SWITCH:
        print_switch(p, s);
        break;
    case STMT_SELECT:
        print_text(p, "select ");
        print_clauses(p, s->select.clauses);
        break;
    }
}

/* ---- entry points ------------------------------------------------------------------------------------------------- */

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
    print_text(&p, "package ");
    print_expr(&p, f->package);
    print_text(&p, "\n");
    for (uint32_t i = 0; i < f->decls.count;) {
        print_text(&p, "\n");
        i = print_group(&p, f->decls, i);
        print_text(&p, "\n");
    }
}
