/*
 * escape_print: expressions, types and functions as the toolchain prints them in its listing.
 *
 * The listing shows the toolchain's own tree, not the source: constants are folded, a method call is T.m(x), embedded fields on the
 * way are spelled out, implicit conversions, & and * are not, the extra arguments of a variadic call are `... argument`, literals
 * are cut to {...}. Types are escape_type.c's.
 */
#include "escape_internal.h"

/* How tightly operators bind, the toolchain's numbers. */
enum { BIND_NONE = 0, BIND_ADD = 5, BIND_MUL = 6, BIND_UNARY = 7, BIND_PRIMARY = 8 };

/* ---- constants ---- */

static bool is_default_type(const struct constant *value, const struct type *type)
{
    if (type->kind != TYPE_BASIC)
        return false;
    if (type_is_untyped(type))
        return true;
    switch (value->kind) {
    case CONSTANT_BOOL:
        return type->basic == BASIC_BOOL;
    case CONSTANT_STRING:
        return type->basic == BASIC_STRING;
    case CONSTANT_INT:
        return type->basic == BASIC_INT || type->basic == BASIC_FLOAT64 || type->basic == BASIC_COMPLEX128;
    case CONSTANT_FLOAT:
        return type->basic == BASIC_FLOAT64 || type->basic == BASIC_COMPLEX128;
    case CONSTANT_COMPLEX:
        return type->basic == BASIC_COMPLEX128;
    default:
        return true;
    }
}

static bool is_rune(const struct expr *x)
{
    x = ast_unparen((struct expr *)x);
    const struct expr *name = x->kind == EXPR_SELECTOR && !x->selector.selection ? x->selector.name : x;
    if (name->kind == EXPR_NAME && name->name.object && name->name.object->kind == OBJECT_CONST)
        return type_is_basic(name->name.object->type, BASIC_UNTYPED_RUNE);
    return (x->kind == EXPR_LITERAL && x->op == LITERAL_RUNE) ||
           (x->kind == EXPR_BINARY && (is_rune(x->binary.x) || is_rune(x->binary.y)));
}

static void print_constant(struct text *out, const struct escape_result *u, const struct expr *x,
                           const struct constant *value, struct type *type)
{
    int64_t rune;
    if (x && is_rune(x) && type_is_basic(type, BASIC_INT32) && constant_as_int64(value, &rune) && rune >= 0 &&
        rune <= 0x10ffff) {
        text_quote_rune(out, (uint32_t)rune);
        return;
    }
    const struct expr *plain = x ? ast_unparen((struct expr *)x) : NULL;
    bool byte_conversion = plain && plain->kind == EXPR_CALL && plain->call.kind == CALL_CONVERSION &&
                           esc_is_predeclared_alias(ast_unparen(plain->call.fun));
    if (x && (is_rune(x) || byte_conversion) && type_is_basic(type, BASIC_UINT8)) {
        text_puts(out, "byte(");
        constant_print(out, value);
        text_putc(out, ')');
        return;
    }
    bool as_written = plain && plain->kind == EXPR_LITERAL && !u->escape->rules->unified;
    if (as_written || is_default_type(value, type)) {
        constant_print(out, value);
        return;
    }
    esc_print_type(out, u, type);
    text_putc(out, '(');
    constant_print(out, value);
    text_putc(out, ')');
}

/* ---- expressions ---- */

static void print(struct text *out, const struct escape_result *u, const struct expr *x, int bind);

static void print_list(struct text *out, const struct escape_result *u, const struct expr_list *list, uint32_t first)
{
    for (uint32_t i = first; i < list->count; i++) {
        text_puts(out, i > first ? ", " : "");
        print(out, u, list->items[i], BIND_NONE);
    }
}

static void print_composite(struct text *out, const struct escape_result *u, const struct expr *x)
{
    if (x->flag) {
        text_puts(out, "... argument");
        return;
    }
    struct type *type = esc_under(u, x->type)->kind == TYPE_POINTER && !x->composite.type
                            ? esc_under(u, x->type)->pointer.elem
                            : x->type;
    if (type != x->type)
        text_putc(out, '&');
    const struct expr *written = x->composite.type;
    bool open = written && written->kind == EXPR_ARRAY_TYPE && !written->array_type.len;
    if (written && !open)
        esc_print_type_expr(out, u, written);
    else
        esc_print_type(out, u, type);
    text_puts(out, x->composite.elems.count ? "{...}" : "{}");
}

static void print_path(struct text *out, const struct escape_result *u, const struct expr *x)
{
    const struct selection *s = x->selector.selection;
    struct type *type = x->selector.x->type;
    if (x->selector.x->mode == MODE_TYPE) {
        bool pointer = type->kind == TYPE_POINTER;
        text_puts(out, pointer ? "(" : "");
        esc_print_type_expr(out, u, x->selector.x);
        text_puts(out, pointer ? ")" : "");
    } else {
        print(out, u, x->selector.x, BIND_PRIMARY);
    }
    for (uint32_t i = 0; s && i + 1 < s->count; i++) {
        struct type *under = esc_under(u, type);
        if (under->kind == TYPE_POINTER)
            under = esc_under(u, under->pointer.elem);
        const struct object *field = under->struct_.fields.items[s->path[i]];
        text_printf(out, ".%s", field->name->text);
        type = field->type;
    }
    text_printf(out, ".%s", x->selector.name->name.ident->text);
}

/* Results without names are the caller's, whoever it was that was inlined. */
static void print_object(struct text *out, const struct escape_result *u, const struct object *o)
{
    if (esc_is_foreign(u, o) && o->name->text[0] != '~')
        text_printf(out, "%s.", o->package->name->text);
    text_puts(out, o->name->text);
}

static void print_arguments(struct text *out, const struct escape_result *u, const struct expr *x, bool first)
{
    const struct type *type = esc_under(u, x->call.fun->type);
    uint32_t count = x->call.args.count;
    bool spread = type->kind == TYPE_FUNC && type->variadic && !x->flag;
    uint32_t fixed = spread ? type->func.params->tuple.count - 1 : count;
    for (uint32_t i = 0; i < fixed && i < count; i++) {
        text_puts(out, first ? "" : ", ");
        first = false;
        print(out, u, x->call.args.items[i], BIND_NONE);
    }
    if (spread) {
        text_puts(out, first ? "" : ", ");
        text_puts(out, count > fixed ? "... argument" : "nil");
    }
    text_puts(out, spread || x->flag ? "...)" : ")");
}

/* x.f.g…: fields on the way to a method. */
static void print_steps(struct text *out, const struct escape_result *u, struct type *type, const struct selection *s)
{
    for (uint32_t i = 0; i + 1 < s->count; i++) {
        struct type *under = esc_under(u, type);
        if (under->kind == TYPE_POINTER)
            under = esc_under(u, under->pointer.elem);
        const struct object *field = under->struct_.fields.items[s->path[i]];
        text_printf(out, ".%s", field->name->text);
        type = field->type;
    }
}

static void print_method(struct text *out, const struct escape_result *u, const struct selection *s)
{
    bool pointer = s->object->pointer_recv;
    text_puts(out, pointer ? "(*" : "");
    esc_print_type(out, u, s->holder);
    text_printf(out, "%s.%s(", pointer ? ")" : "", s->object->name->text);
}

static void print_method_call(struct text *out, const struct escape_result *u, const struct expr *x)
{
    const struct expr *fun = ast_unparen(x->call.fun);
    const struct selection *s = fun->selector.selection;
    print_method(out, u, s);
    print(out, u, fun->selector.x, s->count > 1 ? BIND_PRIMARY : BIND_NONE);
    print_steps(out, u, fun->selector.x->type, s);
    print_arguments(out, u, x, false);
}

/* A call through an interface that is known to hold one type. */
static bool print_bound_call(struct text *out, const struct escape_result *u, const struct expr *x)
{
    struct type *type = NULL;
    struct selection found;
    if (!esc_devirtual_method((struct escape_result *)u, x, &type, &found) || found.kind != SELECT_METHOD)
        return false;
    print_method(out, u, &found);
    print(out, u, ast_unparen(x->call.fun)->selector.x, BIND_PRIMARY);
    text_puts(out, ".(");
    esc_print_type(out, u, type);
    text_putc(out, ')');
    print_steps(out, u, type, &found);
    print_arguments(out, u, x, false);
    return true;
}

static void print_conversion(struct text *out, const struct escape_result *u, const struct expr *x)
{
    const struct expr *type = ast_unparen(x->call.fun);
    bool named = x->type->kind == TYPE_BASIC || x->type->kind == TYPE_NAMED || x->type->kind == TYPE_PARAM ||
                 esc_is_predeclared_alias(type);
    text_puts(out, named ? "" : "(");
    esc_print_type_expr(out, u, type);
    text_puts(out, named ? "(" : ")(");
    print_list(out, u, &x->call.args, 0);
    text_putc(out, ')');
}

static void print_builtin(struct text *out, const struct escape_result *u, const struct expr *x)
{
    const struct expr *fun = ast_unparen(x->call.fun);
    const char *name = fun->kind == EXPR_SELECTOR ? fun->selector.name->name.ident->text : fun->name.ident->text;
    text_printf(out, "%s%s(", fun->kind == EXPR_SELECTOR ? "unsafe." : "", name);
    uint32_t first = 0;
    if (x->call.args.count && x->call.args.items[0]->mode == MODE_TYPE) {
        struct type *type = x->call.args.items[0]->type;
        bool dynamic = fun->kind == EXPR_NAME && fun->name.object->builtin == BUILTIN_NEW &&
                       u->escape->rules->unified &&
                       (esc_mentions_shapes(type) || (u->args.count && types_mentions_params(u->escape->t, type)));
        if (dynamic)
            text_puts(out, "<node DYNAMICTYPE>");
        else
            esc_print_type_expr(out, u, x->call.args.items[0]);
        first = 1;
        text_puts(out, x->call.args.count > 1 ? ", " : "");
    }
    /* make shows the size that is known in place of the one written. */
    const struct location *site = esc_map_get(&u->sites, x, ESCAPE_VALUE);
    const struct constant *size =
        site && fun->kind == EXPR_NAME && fun->name.object->builtin == BUILTIN_MAKE && u->escape->rules->literals
            ? site->constant
            : NULL;
    for (uint32_t i = first; i < x->call.args.count; i++) {
        text_puts(out, i > first ? ", " : "");
        if (size && i + 1 == x->call.args.count)
            print_constant(out, u, NULL, size, x->call.args.items[i]->type);
        else
            print(out, u, x->call.args.items[i], BIND_NONE);
    }
    text_puts(out, x->flag ? "...)" : ")");
}

/* A generic function's name as its instance for shapes has it, and the dictionary that it is passed. */
static bool print_instance_call(struct text *out, const struct escape_result *u, const struct expr *x)
{
    const struct expr *fun = ast_unparen(x->call.fun);
    const struct instance *instance = fun->kind == EXPR_INDEX ? fun->index.instance : NULL;
    if (fun->kind == EXPR_INDEX)
        fun = ast_unparen(fun->index.x);
    if (fun->kind == EXPR_SELECTOR)
        fun = fun->selector.name;
    if (!instance && fun->kind == EXPR_NAME)
        instance = fun->name.instance;
    if (!instance || x->call.kind != CALL_STATIC || !u->escape->rules->unified)
        return false;
    print_object(out, u, instance->generic);
    esc_print_shapes(out, u, instance->generic->function->tparams, instance->args);
    text_puts(out, "(&.dict.");
    print_object(out, u, instance->generic);
    esc_print_arguments(out, u, instance->args);
    print_arguments(out, u, x, false);
    return true;
}

static void print_call(struct text *out, const struct escape_result *u, const struct expr *x)
{
    switch (x->call.kind) {
    case CALL_INLINED:
        if (esc_inlined_value(x))
            print(out, u, esc_inlined_value(x), BIND_NONE);
        break;
    case CALL_CONVERSION:
        print_conversion(out, u, x);
        break;
    case CALL_BUILTIN:
        print_builtin(out, u, x);
        break;
    case CALL_METHOD:
        print_method_call(out, u, x);
        break;
    case CALL_INTERFACE:
        if (print_bound_call(out, u, x))
            break;
        /* fallthrough */
    default:
        if (print_instance_call(out, u, x))
            break;
        print(out, u, x->call.fun, BIND_PRIMARY);
        text_putc(out, '(');
        print_arguments(out, u, x, true);
    }
}

static void print_slice(struct text *out, const struct escape_result *u, const struct expr *x)
{
    print(out, u, x->slice.x, BIND_PRIMARY);
    text_putc(out, '[');
    if (x->slice.low)
        print(out, u, x->slice.low, BIND_NONE);
    text_putc(out, ':');
    if (x->slice.high)
        print(out, u, x->slice.high, BIND_NONE);
    if (x->slice.max) {
        text_putc(out, ':');
        print(out, u, x->slice.max, BIND_NONE);
    }
    text_putc(out, ']');
}

/* Built-in functions the toolchain's table of bindings leaves out bind loosest. */
static int builtin_binding(const struct escape_result *u, const struct expr *x)
{
    const struct expr *fun = ast_unparen(x->call.fun);
    if (fun->kind == EXPR_SELECTOR)
        return BIND_PRIMARY;
    switch (fun->name.object->builtin) {
    case BUILTIN_RECOVER:
    case BUILTIN_COMPLEX:
    case BUILTIN_REAL:
    case BUILTIN_IMAG:
        return BIND_NONE;
    case BUILTIN_MAKE:
        return esc_under(u, esc_type(u, x))->kind == TYPE_SLICE ? BIND_PRIMARY : BIND_NONE;
    default:
        return BIND_PRIMARY;
    }
}

static int binding(const struct escape_result *u, const struct expr *x)
{
    if (x->mode == MODE_CONSTANT)
        return BIND_PRIMARY;
    switch (x->kind) {
    case EXPR_FUNC:
        return BIND_NONE;
    case EXPR_CALL:
        if (x->call.kind == CALL_INLINED)
            return BIND_NONE;
        return x->call.kind == CALL_BUILTIN ? builtin_binding(u, x) : BIND_PRIMARY;
    case EXPR_STAR:
        return BIND_UNARY;
    case EXPR_UNARY:
        return x->op == OP_AND && ast_unparen(x->unary.x)->kind == EXPR_COMPOSITE ? BIND_NONE : BIND_UNARY;
    case EXPR_BINARY:
        switch (x->op) {
        case OP_OROR:
            return 1;
        case OP_ANDAND:
            return 2;
        case OP_ADD:
            return esc_is_string(u, esc_type(u, x)) ? BIND_NONE : BIND_ADD;
        case OP_SUB:
        case OP_OR:
        case OP_XOR:
            return BIND_ADD;
        default:
            return x->op >= OP_EQL && x->op <= OP_GEQ ? 4 : BIND_MUL;
        }
    default:
        return BIND_PRIMARY;
    }
}

static void print_sum(struct text *out, const struct escape_result *u, const struct expr *x)
{
    const struct expr *plain = ast_unparen((struct expr *)x);
    if (plain->mode == MODE_CONSTANT || plain->kind != EXPR_BINARY) {
        print(out, u, plain, BIND_NONE);
        return;
    }
    print_sum(out, u, plain->binary.x);
    text_puts(out, " + ");
    print_sum(out, u, plain->binary.y);
}

static const char *const operator_texts[OP_COUNT] = {
    [OP_NOT] = "!",     [OP_RECV] = "<-", [OP_OROR] = "||", [OP_ANDAND] = "&&", [OP_EQL] = "==", [OP_NEQ] = "!=",
    [OP_LSS] = "<",     [OP_LEQ] = "<=",  [OP_GTR] = ">",   [OP_GEQ] = ">=",    [OP_ADD] = "+",  [OP_SUB] = "-",
    [OP_OR] = "|",      [OP_XOR] = "^",   [OP_MUL] = "*",   [OP_DIV] = "/",     [OP_REM] = "%",  [OP_AND] = "&",
    [OP_ANDNOT] = "&^", [OP_SHL] = "<<",  [OP_SHR] = ">>",
};

const char *esc_operator_text(enum op op)
{
    return operator_texts[op];
}

static void print_operator(struct text *out, const struct escape_result *u, const struct expr *x)
{
    int bind = binding(u, x);
    if (x->kind == EXPR_BINARY && bind == BIND_NONE) {
        print_sum(out, u, x);
        return;
    }
    if (x->kind == EXPR_BINARY) {
        print(out, u, x->binary.x, bind);
        text_printf(out, " %s ", operator_texts[x->op]);
        print(out, u, x->binary.y, bind + 1);
        return;
    }
    const struct expr *operand = ast_unparen(x->unary.x);
    text_puts(out, operator_texts[x->op]);
    if (operand->kind == EXPR_UNARY && operand->op == x->op && operand->mode != MODE_CONSTANT)
        text_putc(out, ' ');
    print(out, u, operand, bind == BIND_NONE ? BIND_NONE : bind + 1);
}

static void print_index(struct text *out, const struct escape_result *u, const struct expr *x)
{
    print(out, u, x->index.x, BIND_PRIMARY);
    text_putc(out, '[');
    if (x->index.instance)
        for (uint32_t i = 0; i < x->index.instance->args.count; i++) {
            text_puts(out, i ? "," : "");
            esc_print_type(out, u, x->index.instance->args.items[i]);
        }
    else
        print_list(out, u, &x->index.indices, 0);
    text_putc(out, ']');
}

static void print_kind(struct text *out, const struct escape_result *u, const struct expr *x)
{
    switch (x->kind) {
    case EXPR_NAME:
        if (x->name.object)
            print_object(out, u, x->name.object);
        else
            text_puts(out, x->name.ident->text);
        break;
    case EXPR_FUNC:
        text_puts(out, "func literal");
        break;
    case EXPR_COMPOSITE:
        print_composite(out, u, x);
        break;
    case EXPR_SELECTOR:
        if (x->selector.selection)
            print_path(out, u, x);
        else
            print_object(out, u, x->selector.name->name.object);
        break;
    case EXPR_INDEX:
        print_index(out, u, x);
        break;
    case EXPR_SLICE:
        print_slice(out, u, x);
        break;
    case EXPR_ASSERT:
        print(out, u, x->assert.x, BIND_PRIMARY);
        text_puts(out, ".(");
        esc_print_type_expr(out, u, x->assert.type);
        text_putc(out, ')');
        break;
    case EXPR_STAR:
        text_putc(out, '*');
        print(out, u, x->star.x, BIND_UNARY + 1);
        break;
    case EXPR_UNARY:
    case EXPR_BINARY:
        print_operator(out, u, x);
        break;
    case EXPR_CALL:
        print_call(out, u, x);
        break;
    default:
        break;
    }
}

/*
 * Before the unified IR constants that are operations keep their form, with the parentheses inside. A part of one that has no form here is
 * its value.
 */
static bool is_kept(const struct escape_result *u, const struct expr *x)
{
    return !u->escape->rules->unified && (x->kind == EXPR_BINARY || x->kind == EXPR_CALL);
}

static void print_kept(struct text *out, const struct escape_result *u, const struct expr *x)
{
    if (x->kind == EXPR_PAREN) {
        text_putc(out, '(');
        print_kept(out, u, x->paren.x);
        text_putc(out, ')');
    } else if (x->kind == EXPR_BINARY) {
        print_kept(out, u, x->binary.x);
        text_printf(out, " %s ", esc_operator_text(x->op));
        print_kept(out, u, x->binary.y);
    } else if (x->kind == EXPR_CALL &&
               (x->call.kind == CALL_CONVERSION || ast_unparen(x->call.fun)->kind == EXPR_NAME) &&
               x->call.args.count == 1) {
        if (x->call.kind == CALL_CONVERSION)
            esc_print_type_expr(out, u, x->call.fun);
        else
            text_puts(out, ast_unparen(x->call.fun)->name.ident->text);
        text_putc(out, '(');
        print_kept(out, u, x->call.args.items[0]);
        text_putc(out, ')');
    } else if (x->mode == MODE_CONSTANT) {
        print_constant(out, u, x, x->value, x->type);
    } else {
        print(out, u, x, BIND_NONE);
    }
}

static void print(struct text *out, const struct escape_result *u, const struct expr *x, int bind)
{
    x = ast_unparen((struct expr *)x);
    if (x->mode == MODE_NIL) {
        text_puts(out, "nil");
        return;
    }
    if (x->mode == MODE_CONSTANT && is_kept(u, x)) {
        print_kept(out, u, x);
        return;
    }
    if (x->mode == MODE_CONSTANT) {
        print_constant(out, u, x, x->value, x->type);
        return;
    }
    const char *name = esc_map_get(&u->names, x, 0);
    if (name) {
        text_puts(out, name);
        return;
    }
    bool wrap = bind > binding(u, x);
    text_puts(out, wrap ? "(" : "");
    print_kind(out, u, x);
    text_puts(out, wrap ? ")" : "");
}

void esc_print_expr(struct text *out, const struct escape_result *u, const struct expr *x)
{
    print(out, u, x, BIND_NONE);
}

/* ---- sites ---- */

static void print_box(struct text *out, const struct location *l)
{
    const struct escape_result *u = l->code->unit;
    const struct expr *c = l->conversion;
    bool named = c && (c->type->kind == TYPE_NAMED || esc_is_predeclared_alias(ast_unparen(c->call.fun)));
    if (c) {
        text_puts(out, named ? "" : "(");
        esc_print_type_expr(out, u, c->call.fun);
        text_puts(out, named ? "(" : ")(");
    }
    if (l->name)
        text_puts(out, l->name);
    else if (l->constant)
        print_constant(out, u, NULL, l->constant, l->expr->type);
    else
        print(out, u, l->expr, BIND_NONE);
    text_puts(out, c ? ")" : "");
}

void esc_print_site(struct text *out, const struct location *l)
{
    if (l->role == ESCAPE_VARIADIC)
        text_puts(out, "... argument");
    else if (l->role == ESCAPE_BOX)
        print_box(out, l);
    else
        print(out, l->code->unit, l->expr, BIND_NONE);
}

/* ---- functions ---- */

static void print_function(struct text *out, const struct escape_result *u, const struct function *f);

static void print_literal(struct text *out, const struct escape_result *u, const struct function *f)
{
    const struct escape *e = u->escape;
    unsigned number = escape_literal_number(e->arena, (struct function *)f, e->release);
    if (f->outer)
        print_function(out, u, f->outer);
    else
        text_puts(out, e->rules->unified ? "init" : "glob.");
    text_printf(out, f->outer && f->outer->literal ? ".%u" : ".func%u", number);
}

void esc_print_function_name(struct text *out, const struct function *f)
{
    unsigned before = 0;
    bool init = f->object && !f->recv && !strcmp(f->object->name->text, "init");
    for (uint32_t i = 0; init && i < f->package->function_count && f->package->functions[i] != f; i++) {
        const struct function *g = f->package->functions[i];
        before += g->object && !g->recv && g->object->name == f->object->name;
    }
    text_puts(out, f->object->name->text);
    if (init)
        text_printf(out, ".%u", before);
}

static void print_function(struct text *out, const struct escape_result *u, const struct function *f)
{
    if (f && f->literal) {
        print_literal(out, u, f);
        return;
    }
    if (f && f->recv) {
        struct type *recv = f->recv->type;
        bool pointer = recv->kind == TYPE_POINTER;
        text_puts(out, pointer ? "(*" : "");
        esc_print_type(out, u, pointer ? recv->pointer.elem : recv);
        text_puts(out, pointer ? ")." : ".");
    } else if (f && esc_is_foreign(u, f->object)) {
        text_printf(out, "%s.", f->object->package->name->text);
    }
    if (f)
        esc_print_function_name(out, f);
    else
        text_puts(out, "init");
    if (f && !f->recv)
        esc_print_arguments(out, u, f->instance);
    if (f && !f->recv && u->params.count)
        esc_print_shapes(out, u, u->params, u->args);
}

void esc_print_wrapper(struct text *out, const struct stmt *s)
{
    text_printf(out, s->kind == STMT_GO ? ".gowrap%u" : ".deferwrap%u", (unsigned)s->go.wrapper->number);
}

void esc_print_function(struct text *out, const struct code *c)
{
    const struct stmt *deferred = c->deferred && c->deferred->go.wrapper ? c->deferred : NULL;
    while (c->outer && !c->function)
        c = c->outer;
    print_function(out, c->unit, c->function);
    if (deferred)
        esc_print_wrapper(out, deferred);
}
