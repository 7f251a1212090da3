/*
 * lower_name: the names of C.
 *
 * Go's names are kept where C lets them be. A package-level name is PACKAGE__NAME, a method PACKAGE__TYPE__NAME, with the
 * import path's slashes as underscores. What only exists through generics or as a wrapper ends in a hash of the full Go name of what it
 * is, which is equal in every file that makes it.
 */
#include "lower_internal.h"

static const char *const reserved[] = {
    "alignas",  "alignof",   "asm",      "auto",    "bool",     "break",     "case",         "char",
    "const",    "continue",  "default",  "do",      "double",   "else",      "enum",         "extern",
    "false",    "float",     "for",      "goto",    "if",       "inline",    "int",          "long",
    "register", "restrict",  "return",   "short",   "signed",   "sizeof",    "static",       "struct",
    "switch",   "true",      "typedef",  "union",   "unsigned", "void",      "volatile",     "while",
    "typeof",   "unix",      "linux",    "g",       "fr",       "errno",     "stdin",        "stdout",
    "stderr",   "NULL",      "setjmp",   "longjmp", "jmp_buf",  "malloc",    "free",         "memcmp",
    "memcpy",   "memset",    "memmove",  "complex", "I",        "isnan",     "isinf",        "signbit",
    "int8_t",   "int16_t",   "int32_t",  "int64_t", "uint8_t",  "uint16_t",  "uint32_t",     "uint64_t",
    "intptr_t", "uintptr_t", "size_t",   "main",    "nullptr",  "constexpr", "thread_local", "static_assert",
    "head",     "assert",    "offsetof",
};

static bool is_reserved(const char *s)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (!strcmp(reserved[i], s))
            return true;
    return !strncmp(s, "gomem_", 6) || !strncmp(s, "GOMEM_", 6) || !strncmp(s, "__", 2);
}

/* Letters and digits as they are; / and . as _; the rest as its bytes. */
static void mangle(struct text *out, const char *s)
{
    for (; *s; s++) {
        unsigned char ch = (unsigned char)*s;
        if ((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_')
            text_putc(out, *s);
        else if (ch == '/' || ch == '.')
            text_putc(out, '_');
        else
            text_printf(out, "x%02x", ch);
    }
}

const char *c_name(struct lowerer *l, const char *go_name)
{
    struct text s;
    text_init(&s, l->arena);
    mangle(&s, go_name);
    const char *name = text_string(&s);
    return is_reserved(name) || (*name >= '0' && *name <= '9') || strstr(name, "__") ? F(l, "v_%s", name) : name;
}

const char *package_symbol(struct lowerer *l, const struct package *package, const char *name)
{
    struct text s;
    text_init(&s, l->arena);
    mangle(&s, package ? package->path : "go");
    text_puts(&s, "__");
    mangle(&s, name);
    return text_string(&s);
}

static uint64_t hash_text(const char *s)
{
    uint64_t h = 14695981039346656037u;
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return h ^ h >> 29;
}

/* A readable beginning and a hash that tells apart. */
const char *type_symbol(struct lowerer *l, struct type *type)
{
    const char *full = types_link_string(l->t, type), *text = types_string(l->t, type, NULL);
    struct text s;
    text_init(&s, l->arena);
    for (size_t n = 0; text[n] && n < 24; n++)
        if ((text[n] >= '0' && text[n] <= '9') || (text[n] >= 'a' && text[n] <= 'z') ||
            (text[n] >= 'A' && text[n] <= 'Z'))
            text_putc(&s, text[n]);
        else if (text[n] == '*')
            text_putc(&s, 'p');
        else
            text_putc(&s, '_');
    text_printf(&s, "_%012llx", (unsigned long long)(hash_text(full) & 0xffffffffffffu));
    return text_string(&s);
}

static const char *method_base(struct lowerer *l, struct object *object)
{
    struct type *recv = object->recv;
    if (!recv)
        return package_symbol(l, object->package, object->name->text);
    if (recv->kind == TYPE_POINTER)
        recv = recv->pointer.elem;
    struct object *type = recv->kind == TYPE_NAMED ? recv->named.object : NULL;
    const char *base = type ? type->name->text : "T";
    /* A type declared in a function shares its name with others. */
    if (type && object->package && type->parent != object->package->scope)
        base = F(l, "%s.%u", base, package_offset(object->package, type->pos));
    return package_symbol(l, object->package, F(l, "%s__%s", base, object->name->text));
}

const char *trace_package(const struct package *p)
{
    return !p ? "" : !strcmp(p->name->text, "main") ? "main" : p->path;
}

/* As tracebacks have it: the package's path, the receiver, the name; what a generic one was instantiated with is not told. */
const char *trace_name(struct lowerer *l, const struct object *object, uint32_t init)
{
    const char *path = trace_package(object->package), *name = object->name->text;
    const char *generic = object->function && object->function->tparams.count ? "[...]" : "";
    struct type *recv = object->recv;
    if (!recv)
        return init ? F(l, "%s.init.%u", path, init - 1) : F(l, "%s.%s%s", path, name, generic);
    bool pointer = object->pointer_recv;
    const char *type = recv->kind == TYPE_NAMED ? recv->named.object->name->text : "T";
    return F(l, pointer ? "%s.(*%s%s).%s" : "%s.%s%s.%s", path, type, generic, name);
}

const char *object_symbol(struct lowerer *l, struct object *object, struct type_list args)
{
    const char *base = method_base(l, object);
    if (!strcmp(object->name->text, "init") && object->kind == OBJECT_FUNC && !object->recv)
        base = F(l, "%s_%u", base, package_offset(object->package, object->pos));
    if (object->name->blank)
        base = F(l, "%s_%u", base, package_offset(object->package, object->pos));
    if (!args.count)
        return base;
    struct text s;
    text_init(&s, l->arena);
    for (uint32_t i = 0; i < args.count; i++)
        text_printf(&s, "%s,", types_link_string(l->t, args.items[i]));
    return F(l, "%s_%012llx", base, (unsigned long long)(hash_text(text_string(&s)) & 0xffffffffffffu));
}
