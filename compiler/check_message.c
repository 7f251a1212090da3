/*
 * check_message: the checker's words.
 *
 * A small formatter that knows the checker's nouns, so that messages are written where the error is found and read as
 * the toolchain's do. Messages that would speak of invalid operands or types are dropped once there was an error: they are
 * consequences.
 */
#include <stdarg.h>

#include "check_internal.h"

static const char *const mode_names[] = {
    [MODE_UNCHECKED] = "invalid operand",
    [MODE_INVALID] = "invalid operand",
    [MODE_NO_VALUE] = "no value",
    [MODE_BUILTIN] = "built-in",
    [MODE_TYPE] = "type",
    [MODE_CONSTANT] = "constant",
    [MODE_VARIABLE] = "variable",
    [MODE_MAP_INDEX] = "map index expression",
    [MODE_VALUE] = "value",
    [MODE_NIL] = "nil",
    [MODE_COMMA_OK] = "comma, ok expression",
};

const char *check_composite_kind(struct checker *c, struct type *type)
{
    static const char *const names[] = {
        [TYPE_BASIC] = "",
        [TYPE_NAMED] = "",
        [TYPE_POINTER] = "pointer",
        [TYPE_ARRAY] = "array",
        [TYPE_SLICE] = "slice",
        [TYPE_MAP] = "map",
        [TYPE_CHAN] = "chan",
        [TYPE_FUNC] = "func",
        [TYPE_STRUCT] = "struct",
        [TYPE_TUPLE] = "tuple",
        [TYPE_UNION] = "union",
        [TYPE_PARAM] = "",
        [TYPE_INTERFACE] = "interface",
    };
    return names[under(c, type)->kind];
}

static void write_type(struct checker *c, struct text *out, const struct type *x)
{
    types_print(out, x, c->package);
}

static void write_described_type(struct checker *c, struct text *out, struct type *x)
{
    if (!type_valid(x)) {
        text_puts(out, " with invalid type");
        return;
    }
    text_puts(out, " of ");
    if (type_is_generic(x) || (x->kind == TYPE_FUNC && x->func.tparams.count))
        text_puts(out, "generic ");
    if (x->kind == TYPE_NAMED) {
        struct type *u = under(c, x);
        const char *kind = check_composite_kind(c, x);
        text_printf(out, "%s ", *kind ? kind : u->kind == TYPE_BASIC ? basic_table[u->basic].name : "");
    }
    text_puts(out, "type ");
    write_type(c, out, x);
    if (x->kind == TYPE_PARAM && x->param.constraint) {
        text_puts(out, " constrained by ");
        write_type(c, out, x->param.constraint);
        const struct type_set *set = types_set(c->t, x);
        if (!set->all_terms && set->terms.count == 0)
            text_puts(out, " with empty type set");
    }
}

static void write_value(struct checker *c, struct text *out, const struct operand *x, const char *shown)
{
    const char *value = constant_text(c->arena, x->value);
    if (strcmp(value, shown) != 0)
        text_printf(out, " %s", value);
}

static void write_operand(struct checker *c, struct text *out, const struct operand *x)
{
    if (x->mode == MODE_NIL) {
        text_puts(out, "nil");
        if (!type_is_basic(x->type, BASIC_UNTYPED_NIL)) {
            text_puts(out, " (of type ");
            write_type(c, out, x->type);
            text_putc(out, ')');
        }
        return;
    }
    const char *shown = x->expr ? ast_expr_string(c->compilation, x->expr) : "";
    bool typed = x->mode >= MODE_CONSTANT && x->type;
    if (*shown)
        text_printf(out, "%s (", shown);
    if (typed && type_is_untyped(x->type)) {
        text_printf(out, "%s ", basic_table[x->type->basic].name);
        typed = false;
    }
    text_puts(out, mode_names[x->mode]);
    if (x->mode == MODE_CONSTANT && x->value)
        write_value(c, out, x, shown);
    if (typed)
        write_described_type(c, out, x->type);
    if (*shown)
        text_putc(out, ')');
}

static const char *var_kind(const struct object *o)
{
    if (o->is_field)
        return "struct field";
    if (o->is_param)
        return "parameter";
    if (o->is_result)
        return "result variable";
    return o->info ? "package-level variable" : "local variable";
}

static const char *object_kind(const struct object *o)
{
    switch ((enum object_kind)o->kind) {
    case OBJECT_PACKAGE:
        return "package name";
    case OBJECT_CONST:
        return "constant";
    case OBJECT_TYPE:
        return o->is_alias ? "type alias" : o->type && o->type->kind == TYPE_PARAM ? "type parameter" : "defined type";
    case OBJECT_VAR:
        return var_kind(o);
    case OBJECT_FUNC:
        return o->recv ? "method" : "func";
    case OBJECT_BUILTIN:
        return "built-in function";
    case OBJECT_NIL:
        return "untyped nil";
    }
    return "object";
}

static void write_verb(struct checker *c, struct text *out, char verb, va_list *args)
{
    switch (verb) {
    case 's':
        text_puts(out, va_arg(*args, const char *));
        break;
    case 'd':
        text_printf(out, "%d", va_arg(*args, int));
        break;
    case 'l':
        text_printf(out, "%lld", (long long)va_arg(*args, int64_t));
        break;
    case 'T':
        write_type(c, out, va_arg(*args, struct type *));
        break;
    case 'E':
        ast_print_expr(out, va_arg(*args, struct expr *));
        break;
    case 'O':
        write_operand(c, out, va_arg(*args, struct operand *));
        break;
    case 'N':
        text_puts(out, va_arg(*args, struct ident *)->text);
        break;
    case 'C':
        constant_print(out, va_arg(*args, struct constant *));
        break;
    case 'K':
        text_puts(out, object_kind(va_arg(*args, struct object *)));
        break;
    case 'P':
        text_puts(out, source_mention(&c->compilation->sources, va_arg(*args, struct pos)));
        break;
    default:
        text_putc(out, verb);
        break;
    }
}

static const char *format_list(struct checker *c, const char *format, va_list *args)
{
    struct text out;
    text_init(&out, c->arena);
    for (const char *p = format; *p; p++)
        if (*p == '%')
            write_verb(c, &out, *++p, args);
        else
            text_putc(&out, *p);
    return text_string(&out);
}

const char *check_format(struct checker *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *s = format_list(c, format, &args);
    va_end(args);
    return s;
}

/* Says of a message about the language's version where that comes from. */
static const char *with_origin(struct checker *c, const char *message)
{
    const char *needs = strstr(message, "requires go1.");
    if (!needs || !strstr(needs, " or later"))
        return message;
    if (c->env.version != c->package->go_version)
        return check_format(c, "%s (file declares //go:build go1.%d)", message, c->env.version);
    return check_format(c, "%s (-lang was set to go1.%d; check go.mod)", message, c->env.version);
}

static void report(struct checker *c, struct pos pos, const char *message)
{
    if (c->errors && (strstr(message, "invalid operand") || strstr(message, "invalid type")))
        return;
    c->errors++;
    c->package->failed = true;
    if (pos_known(c->env.errpos))
        pos = c->env.errpos;
    struct check_config *config = &c->program->config;
    if (config->report)
        config->report(config->report_context, pos, message);
    else
        diag_error(&c->compilation->diags, pos, "%s", with_origin(c, message));
}

void check_error(struct checker *c, struct pos pos, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    report(c, pos, format_list(c, format, &args));
    va_end(args);
}

void check_error_at(struct checker *c, const struct expr *e, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    report(c, ast_start(e), format_list(c, format, &args));
    va_end(args);
}

void check_error_on(struct checker *c, const struct operand *x, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    report(c, x->expr ? ast_start(x->expr) : POS_NONE, format_list(c, format, &args));
    va_end(args);
}

void check_redeclared(struct checker *c, struct pos pos, const struct object *object, const struct object *other,
                      const char *what)
{
    const char *first = check_format(c, "%N %s", object->name, what);
    if (pos_known(other->pos))
        check_error(c, pos, "%s\n\t%P: other declaration of %N", first, other->pos, other->name);
    else
        check_error(c, pos, "%s", first);
}

static void write_summary(struct checker *c, struct text *out, struct type *x)
{
    if (!x || !type_valid(x))
        text_puts(out, "unknown type");
    else if (!type_is_untyped(x))
        write_type(c, out, x);
    else if (basic_is((enum basic_kind)x->basic, BASIC_IS_NUMERIC))
        text_puts(out, "number");
    else
        text_puts(out, basic_table[x->basic].name + strlen("untyped "));
}

const char *check_types_summary(struct checker *c, struct type *const *items, uint32_t count, bool variadic, bool dots)
{
    struct text out;
    text_init(&out, c->arena);
    text_putc(&out, '(');
    for (uint32_t i = 0; i < count; i++) {
        bool last = i + 1 == count;
        if (i)
            text_puts(&out, ", ");
        if (last && variadic)
            text_puts(&out, "...");
        write_summary(c, &out, last && variadic && items[i]->kind == TYPE_SLICE ? items[i]->slice.elem : items[i]);
        if (last && dots)
            text_puts(&out, "...");
    }
    text_putc(&out, ')');
    return text_string(&out);
}

static const char *have_want(struct checker *c, const char *what, const struct missing *m)
{
    const char *have = types_func_string(c->t, m->found, m->found_type, c->package);
    const char *want = types_func_string(c->t, m->method, m->method->type, c->package);
    if (strcmp(have, want) == 0)
        return check_format(c, "(wrong type for method %N)", m->method->name);
    return check_format(c, "(%s method %N)\n\t\thave %s\n\t\twant %s", what, m->method->name, have, want);
}

const char *check_missing_cause(struct checker *c, struct type *type, struct type *want, const struct missing *m)
{
    struct ident *name = m->method->name;
    switch (m->kind) {
    case MISSING_NOTHING:
        return "";
    case MISSING_NOT_FOUND:
        if (check_is_interface_pointer(c, type))
            return check_format(c, "(%s)", check_interface_pointer_error(c, type));
        if (check_is_interface_pointer(c, want))
            return check_format(c, "(%s)", check_interface_pointer_error(c, want));
        return check_format(c, "(missing method %N)", name);
    case MISSING_WRONG_NAME:
        return have_want(c, "missing", m);
    case MISSING_UNEXPORTED:
        return check_format(c, "(unexported method %N)", name);
    case MISSING_WRONG_TYPE:
        return have_want(c, "wrong type for", m);
    case MISSING_AMBIGUOUS:
        return check_format(c, "(ambiguous selector %T.%N)", type, name);
    case MISSING_POINTER:
        return check_format(c, "(method %N has pointer receiver)", name);
    case MISSING_FIELD:
        return check_format(c, "(%T.%N is a field, not a method)", type, name);
    }
    return "";
}

bool check_version(const struct checker *c, int minor)
{
    return c->env.version == 0 || c->env.version >= minor;
}

bool check_need_version(struct checker *c, struct pos pos, int minor, const char *format, ...)
{
    if (check_version(c, minor))
        return true;
    va_list args;
    va_start(args, format);
    const char *what = format_list(c, format, &args);
    va_end(args);
    check_error(c, pos, "%s requires go1.%d or later", what, minor);
    return false;
}
