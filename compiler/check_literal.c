/*
 * check_literal: basic literals, composite literals, function literals.
 */
#include "check_internal.h"

/* ---- numbers, runes, strings ---- */

static void check_literal_version(struct checker *c, const struct expr *e)
{
    const char *s = e->literal.text;
    uint32_t n = e->literal.length;
    if (n <= 2 || check_version(c, GO_1_13))
        return;
    if (memchr(s, '_', n))
        check_need_version(c, e->pos, GO_1_13, "underscore in numeric literal");
    else if (s[0] != '0')
        return;
    else if (s[1] == 'b' || s[1] == 'B')
        check_need_version(c, e->pos, GO_1_13, "binary literal");
    else if (s[1] == 'o' || s[1] == 'O')
        check_need_version(c, e->pos, GO_1_13, "0o/0O-style octal literal");
    else if (e->op != LITERAL_INT && (s[1] == 'x' || s[1] == 'X'))
        check_need_version(c, e->pos, GO_1_13, "hexadecimal floating-point literal");
}

void check_literal(struct checker *c, struct operand *x, struct expr *e)
{
    static const uint8_t kinds[] = {
        [LITERAL_INT] = BASIC_UNTYPED_INT,       [LITERAL_FLOAT] = BASIC_UNTYPED_FLOAT,
        [LITERAL_IMAG] = BASIC_UNTYPED_COMPLEX,  [LITERAL_RUNE] = BASIC_UNTYPED_RUNE,
        [LITERAL_STRING] = BASIC_UNTYPED_STRING,
    };
    if (e->flag)
        return;
    if (e->op <= LITERAL_IMAG) {
        check_literal_version(c, e);
        if (e->literal.length > CONSTANT_MAX_LITERAL) {
            check_error(c, e->pos, "excessively long constant: %s... (%d chars)",
                        arena_strndup(c->arena, e->literal.text, 10), (int)e->literal.length);
            return;
        }
    }
    x->value = constant_literal(c->arena, (enum literal_kind)e->op, e->literal.text, e->literal.length);
    if (!constant_known(x->value)) {
        check_error(c, e->pos, "malformed constant: %s", arena_strndup(c->arena, e->literal.text, e->literal.length));
        return;
    }
    x->mode = MODE_CONSTANT;
    x->type = basic(c, (enum basic_kind)kinds[e->op]);
    x->expr = e;
    check_overflow(c, x, e->pos);
}

/* ---- functions ---- */

static void run_literal(struct checker *c, struct action *a)
{
    check_body(c, a->a, a->env);
}

void check_func_literal(struct checker *c, struct operand *x, struct expr *e)
{
    struct function *f = check_function_new(c, NULL, e);
    const struct constant *iota = c->env.iota;
    check_function_signature(c, f);
    x->mode = MODE_VALUE;
    x->type = f->type;
    if (c->program->config.ignore_bodies)
        return;
    struct action *a = check_later(c, run_literal, e->pos);
    a->a = f;
    a->env = (struct environment){.decl = c->env.decl, .version = c->env.version, .iota = iota};
}

/* ---- sets of constants, for duplicates ---- */

struct seen_constant {
    const struct constant *value;
    struct type *type;
};

struct constant_set {
    struct seen_constant *table; /* open addressing */
    uint32_t size;
};

static uint32_t hash_constant(const struct constant *v)
{
    uint32_t h = v->kind * 31u;
    int64_t n;
    if (v->kind == CONSTANT_STRING) {
        h = IDENT_HASH_START;
        for (size_t i = 0; i < v->string.length; i++)
            h = ident_hash_step(h, (unsigned char)v->string.bytes[i]);
    } else if (v->kind == CONSTANT_INT) {
        constant_as_int64(v, &n);
        h ^= (uint32_t)n * 2654435761u ^ (uint32_t)((uint64_t)n >> 32);
    } else if (v->kind == CONSTANT_BOOL) {
        h += v->boolean;
    }
    return h;
}

/* Numbers are compared as what they are worth: 1 and 1.0 are one key of an interface map only with one type. */
static const struct constant *normal(struct checker *c, const struct constant *v)
{
    if (!constant_is_numeric(v))
        return v;
    const struct constant *i = constant_to_int(c->arena, v);
    return constant_known(i) ? i : v;
}

/* False when an equal constant (of the same type, if types count) is in the set already. */
static bool add_constant(struct checker *c, struct constant_set *set, const struct constant *v, struct type *type,
                         bool typed)
{
    v = normal(c, v);
    uint32_t i = hash_constant(v) & (set->size - 1);
    for (; set->table[i].value; i = (i + 1) & (set->size - 1))
        if (set->table[i].value->kind == v->kind && constant_compare(c->arena, OP_EQL, set->table[i].value, v) &&
            (!typed || identical(c, set->table[i].type, type)))
            return false;
    set->table[i] = (struct seen_constant){v, type};
    return true;
}

static struct constant_set new_set(struct checker *c, uint32_t count)
{
    struct constant_set set = {NULL, 4};
    while (set.size < count * 2)
        set.size *= 2;
    set.table = ARENA_ARRAY(c->arena, struct seen_constant, set.size);
    return set;
}

/* ---- structs ---- */

static const struct object *field_like(struct type *u, const struct ident *name)
{
    for (uint32_t i = 0; i < u->struct_.fields.count; i++) {
        const struct ident *n = u->struct_.fields.items[i]->name;
        if (n->length == name->length && strcasecmp(n->text, name->text) == 0)
            return u->struct_.fields.items[i];
    }
    return NULL;
}

static void struct_pair(struct checker *c, struct expr *e, struct type *base, struct type *u, bool *visited)
{
    struct operand x;
    struct expr *key = e->key_value.key;
    check_expr(c, NULL, &x, e->key_value.value);
    if (key->kind != EXPR_NAME) {
        check_error_at(c, e, "invalid field name %E in struct literal", key);
        return;
    }
    struct object *f = types_field(u, c->package, key->name.ident);
    if (!f) {
        check_error(c, key->pos, "%s",
                    check_lookup_error(c, base, key->name.ident, field_like(u, key->name.ident), true));
        return;
    }
    key->name.object = f;
    check_assignment(c, &x, f->type, "struct literal");
    uint32_t i = 0;
    while (u->struct_.fields.items[i] != f)
        i++;
    if (visited[i])
        check_error_at(c, e, "duplicate field name %N in struct literal", key->name.ident);
    visited[i] = true;
}

static void struct_pairs(struct checker *c, struct expr *e, struct type *base, struct type *u)
{
    bool *visited = ARENA_ARRAY(c->arena, bool, u->struct_.fields.count + 1);
    for (uint32_t i = 0; i < e->composite.elems.count; i++) {
        struct expr *elem = e->composite.elems.items[i];
        if (elem->kind == EXPR_KEY_VALUE)
            struct_pair(c, elem, base, u, visited);
        else
            check_error_at(c, elem, "mixture of field:value and value elements in struct literal");
    }
}

static void struct_values(struct checker *c, struct expr *e, struct type *base, struct type *u)
{
    struct object_list fields = u->struct_.fields;
    struct operand x;
    for (uint32_t i = 0; i < e->composite.elems.count; i++) {
        struct expr *elem = e->composite.elems.items[i];
        if (elem->kind == EXPR_KEY_VALUE) {
            check_error_at(c, elem, "mixture of field:value and value elements in struct literal");
            continue;
        }
        check_expr(c, NULL, &x, elem);
        if (i >= fields.count) {
            check_error_on(c, &x, "too many values in struct literal of type %T", base);
            return;
        }
        const struct object *f = fields.items[i];
        if (!f->name->exported && f->package != c->package) {
            check_error_on(c, &x, "implicit assignment to unexported field %N in struct literal of type %T", f->name,
                           base);
            continue;
        }
        check_assignment(c, &x, f->type, "struct literal");
    }
    if (e->composite.elems.count < fields.count)
        check_error(c, e->end, "too few values in struct literal of type %T", base);
}

/* ---- arrays, slices, maps ---- */

static bool literal_index(struct checker *c, struct expr *elem, int64_t length, int64_t *index)
{
    if (elem->kind != EXPR_KEY_VALUE) {
        if (length < 0 || *index < length)
            return true;
        check_error_at(c, elem, "index %l is out of bounds (>= %l)", *index, length);
        return false;
    }
    int64_t i;
    struct type *type = check_index(c, elem->key_value.key, length, &i);
    if (!type_valid(type))
        return false;
    if (i < 0) {
        check_error_at(c, elem, "index %E must be integer constant", elem->key_value.key);
        return false;
    }
    *index = i;
    return true;
}

static int64_t indexed_elements(struct checker *c, struct expr *e, struct type *elem_type, int64_t length)
{
    struct expr_list elems = e->composite.elems;
    bool keyed = e->composite.keyed != 0;
    struct constant_set seen = new_set(c, keyed ? elems.count : 0);
    int64_t index = 0, max = 0;
    for (uint32_t i = 0; i < elems.count; i++) {
        struct expr *elem = elems.items[i];
        if (literal_index(c, elem, length, &index) && keyed &&
            !add_constant(c, &seen, constant_int(c->arena, index), NULL, false))
            check_error_at(c, elem, "duplicate index %l in array or slice literal", index);
        index++;
        max = index > max ? index : max;
        struct operand x;
        check_expr_hint(c, &x, elem->kind == EXPR_KEY_VALUE ? elem->key_value.value : elem, elem_type);
        check_assignment(c, &x, elem_type, "array or slice literal");
    }
    return max;
}

static void map_elements(struct checker *c, struct expr *e, struct type *u)
{
    struct expr_list elems = e->composite.elems;
    struct constant_set seen = new_set(c, elems.count);
    bool typed = is_interface_value(c, u->map.key);
    for (uint32_t i = 0; i < elems.count; i++) {
        struct expr *elem = elems.items[i];
        struct operand x;
        if (elem->kind != EXPR_KEY_VALUE) {
            check_error_at(c, elem, "missing key in map literal");
            continue;
        }
        check_expr_hint(c, &x, elem->key_value.key, u->map.key);
        check_assignment(c, &x, u->map.key, "map literal");
        if (x.mode == MODE_INVALID)
            continue;
        if (x.mode == MODE_CONSTANT && constant_known(x.value) && !add_constant(c, &seen, x.value, x.type, typed)) {
            check_error_on(c, &x, "duplicate key %C in map literal", x.value);
            continue;
        }
        check_expr_hint(c, &x, elem->key_value.value, u->map.elem);
        check_assignment(c, &x, u->map.elem, "map literal");
    }
}

/* ---- all of them ---- */

static struct type *literal_type(struct checker *c, struct expr *e, struct type *hint, struct type **base)
{
    struct expr *t = e->composite.type;
    struct type *type;
    if (t && t->kind == EXPR_ARRAY_TYPE && !t->array_type.len) {
        type = types_array(c->t, check_var_type(c, t->array_type.elem), -1);
    } else if (t) {
        type = check_type(c, t);
    } else if (hint) {
        struct type *u = types_common_underlying(c->t, hint);
        *base = u && u->kind == TYPE_POINTER ? u->pointer.elem : hint;
        return hint;
    } else {
        check_error_at(c, e, "missing type in composite literal");
        type = check_invalid_type(c);
    }
    return *base = type;
}

static void use_elements(struct checker *c, struct expr *e)
{
    for (uint32_t i = 0; i < e->composite.elems.count; i++) {
        struct expr *elem = e->composite.elems.items[i];
        check_use(c, elem->kind == EXPR_KEY_VALUE ? elem->key_value.value : elem);
    }
}

static void bad_literal(struct checker *c, struct expr *e, struct type *type, const struct type *u)
{
    check_error_at(c, e, "invalid composite literal%s type %T%s", e->composite.type ? "" : " element", type,
                   u ? "" : " (no common underlying type)");
}

void check_composite(struct checker *c, struct operand *x, struct expr *e, struct type *hint)
{
    struct type *base = NULL;
    struct type *type = literal_type(c, e, hint, &base);
    struct type *u = types_common_underlying(c->t, base);
    switch (u ? (enum type_kind)u->kind : TYPE_BASIC) {
    case TYPE_STRUCT:
        if (e->composite.elems.count == 0)
            break;
        if (e->composite.elems.items[0]->kind == EXPR_KEY_VALUE)
            struct_pairs(c, e, base, u);
        else
            struct_values(c, e, base, u);
        break;
    case TYPE_ARRAY: {
        int64_t n = indexed_elements(c, e, u->array.elem, u->array.len);
        if (u->array.len >= 0 || !e->composite.type)
            break;
        type = types_array(c->t, u->array.elem, n);
        check_record(c, &(struct operand){.mode = MODE_TYPE, .type = type, .expr = e->composite.type});
        break;
    }
    case TYPE_SLICE:
        indexed_elements(c, e, u->slice.elem, -1);
        break;
    case TYPE_MAP:
        map_elements(c, e, u);
        break;
    default:
        use_elements(c, e);
        /* A type that is still being declared: check_finite tells. */
        x->mode = u && !type_valid(u) && type_valid(type) ? MODE_VALUE : MODE_INVALID;
        x->type = type;
        if (!u || type_valid(u))
            bad_literal(c, e, type, u);
        return;
    }
    x->mode = MODE_VALUE;
    x->type = type;
}
