/*
 * lower: the engine of the lowering: tables, types seen through an instance's arguments, variables, instructions, and the
 * order in which the parts of a package are lowered.
 *
 * A file has four sections, filled in parallel and joined at the end: types, prototypes, data, functions. Bodies that come up
 * while another is being lowered (instances, wrappers, descriptors' methods) are queued.
 */
#include <stdlib.h>

#include "lower_internal.h"

/* ---- tables ---- */

static uint32_t hash_pointer(const void *p)
{
    uint64_t x = (uint64_t)(uintptr_t)p * 0x9E3779B97F4A7C15u;
    return (uint32_t)(x >> 32);
}

void *ptr_map_get(const struct ptr_map *m, const void *key)
{
    if (!m->size)
        return NULL;
    for (uint32_t i = hash_pointer(key);; i++) {
        i &= m->size - 1;
        if (m->slots[i].key == key)
            return m->slots[i].value;
        if (!m->slots[i].key)
            return NULL;
    }
}

static void ptr_map_put(struct ptr_map *m, const void *key, void *value)
{
    uint32_t i = hash_pointer(key) & (m->size - 1);
    while (m->slots[i].key && m->slots[i].key != key)
        i = (i + 1) & (m->size - 1);
    m->count += !m->slots[i].key;
    m->slots[i].key = key;
    m->slots[i].value = value;
}

void ptr_map_set(struct arena *a, struct ptr_map *m, const void *key, void *value)
{
    if (m->count * 2 >= m->size) {
        struct ptr_map old = *m;
        m->size = old.size ? old.size * 2 : 16;
        m->slots = arena_array(a, m->size, sizeof *m->slots);
        m->count = 0;
        for (uint32_t i = 0; i < old.size; i++)
            if (old.slots[i].key)
                ptr_map_put(m, old.slots[i].key, old.slots[i].value);
    }
    ptr_map_put(m, key, value);
}

const char *F(struct lowerer *l, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    char *s = arena_vprintf(l->arena, format, ap);
    va_end(ap);
    return s;
}

void unsupported(struct lowerer *l, struct pos pos, const char *what)
{
    diag_unsupported(&l->compilation->diags, pos_known(pos) ? pos : l->pos, "%s", what);
}

const void *intern(struct lowerer *l, const char *text)
{
    return ident_intern(&l->compilation->idents, text, strlen(text));
}

bool first_use(struct lowerer *l, const char *name)
{
    const void *key = intern(l, name);
    if (ptr_map_get(&l->symbols, key))
        return false;
    ptr_map_set(l->arena, &l->symbols, key, l);
    return true;
}

/* ---- types ---- */

struct type *lower_type(struct lowerer *l, struct type *type)
{
    if (l->fn && l->fn->params.count)
        type = types_subst(l->t, type, l->fn->params, l->fn->args);
    if (type_is_untyped(type) && type->basic != BASIC_UNTYPED_NIL)
        type = types_default(l->t, type);
    return type->kind == TYPE_TUPLE ? type : types_canonical(l->t, type);
}

struct type *under(struct lowerer *l, struct type *type)
{
    return types_underlying(l->t, lower_type(l, type));
}

struct type *type_of(struct lowerer *l, const struct expr *e)
{
    return lower_type(l, e->type);
}

struct type *basic(struct lowerer *l, enum basic_kind kind)
{
    return types_basic(l->t, kind);
}

bool has_pointers(struct lowerer *l, struct type *type)
{
    return layout_of(l->t, type)->pointer_words != 0;
}

int64_t size_of(struct lowerer *l, struct type *type)
{
    return layout_of(l->t, type)->size;
}

bool is_kind(struct lowerer *l, struct type *type, enum type_kind kind)
{
    return under(l, type)->kind == kind;
}

bool is_string(struct lowerer *l, struct type *type)
{
    struct type *u = under(l, type);
    return u->kind == TYPE_BASIC && u->basic == BASIC_STRING;
}

bool is_unsigned(struct lowerer *l, struct type *type)
{
    struct type *u = under(l, type);
    return u->kind == TYPE_BASIC && basic_is((enum basic_kind)u->basic, BASIC_IS_UNSIGNED);
}

bool is_interface(struct lowerer *l, struct type *type)
{
    return is_kind(l, type, TYPE_INTERFACE);
}

bool is_empty_interface(struct lowerer *l, struct type *type)
{
    struct type *u = under(l, type);
    return u->kind == TYPE_INTERFACE && types_set(l->t, u)->methods.count == 0;
}

bool is_scalar(struct lowerer *l, struct type *type)
{
    struct type *u = under(l, type);
    switch (u->kind) {
    case TYPE_BASIC:
        return u->basic != BASIC_STRING && u->basic != BASIC_COMPLEX64 && u->basic != BASIC_COMPLEX128;
    case TYPE_POINTER:
    case TYPE_MAP:
    case TYPE_CHAN:
    case TYPE_FUNC:
        return true;
    default:
        return false;
    }
}

/* One field is pointer-shaped, the others have no size. */
static bool direct_struct(struct lowerer *l, struct type *u)
{
    uint32_t pointers = 0;
    for (uint32_t i = 0; i < u->struct_.fields.count; i++) {
        struct type *field = lower_type(l, u->struct_.fields.items[i]->type);
        if (size_of(l, field) && (!is_direct(l, field) || pointers++))
            return false;
    }
    return pointers == 1 && size_of(l, u) == l->t->target->word_size;
}

bool is_direct(struct lowerer *l, struct type *type)
{
    struct type *u = under(l, type);
    switch (u->kind) {
    case TYPE_BASIC:
        return u->basic == BASIC_UNSAFE_POINTER;
    case TYPE_POINTER:
    case TYPE_MAP:
    case TYPE_CHAN:
    case TYPE_FUNC:
        return true;
    case TYPE_STRUCT:
        return direct_struct(l, u);
    case TYPE_ARRAY:
        return u->array.len == 1 && is_direct(l, u->array.elem);
    default:
        return false;
    }
}

bool by_reference(struct lowerer *l, struct type *type)
{
    return size_of(l, type) > 32;
}

struct type *make_struct(struct lowerer *l, const char *const *names, struct type *const *types, uint32_t count)
{
    struct object **fields = ARENA_ARRAY(l->arena, struct object *, count ? count : 1);
    for (uint32_t i = 0; i < count; i++) {
        struct ident *name = ident_intern(&l->compilation->idents, names[i], strlen(names[i]));
        fields[i] = object_new(l->t, OBJECT_VAR, name, l->t->unsafe, types[i], POS_NONE);
        fields[i]->is_field = true;
        fields[i]->index = i;
    }
    return types_canonical(l->t, types_struct(l->t, fields, count, NULL, NULL));
}

/* ---- variables ---- */

static const char *unique_name(struct lowerer *l, const char *wanted)
{
    struct fn *f = l->fn;
    const char *base = c_name(l, wanted), *name = base;
    for (uintptr_t n = (uintptr_t)ptr_map_get(&f->names, intern(l, base));; n++) {
        if (n)
            name = F(l, "%s_%u", base, (unsigned)n);
        if (ptr_map_get(&f->names, intern(l, name)))
            continue;
        ptr_map_set(l->arena, &f->names, intern(l, base), (void *)(n + 1));
        if (name != base)
            ptr_map_set(l->arena, &f->names, intern(l, name), (void *)1);
        return name;
    }
}

int32_t new_var(struct lowerer *l, const char *name, struct type *type)
{
    struct fn *f = l->fn;
    f->vars = arena_grow(l->arena, f->vars, sizeof *f->vars, f->var_count + 1, &f->var_capacity);
    f->vars[f->var_count] = (struct var){.name = unique_name(l, name), .type = type, .pointers = has_pointers(l, type)};
    return (int32_t)f->var_count++;
}

const char *V(struct lowerer *l, int32_t var)
{
    return F(l, "%c%d%c", MARK_VAR, var, MARK_END);
}

/* ---- boxes ---- */

/*
 * Small variables without pointers that go to the heap in one stretch of code without a branch share a block, as Go's do, up to
 * SHARED_BLOCK_BYTES. The allocation stands where the first is declared; its text and the others' is written at the end of the stretch.
 */

/* What tests something is a branch in Go's code too. */
static bool may_branch(const char *text)
{
    static const char *const tests[] = {"gomem_index",       "gomem_slice",  "gomem_div(",   "gomem_rem(",
                                        "gomem_div_u(",      "gomem_rem_u(", "gomem_append", "gomem_assert",
                                        "gomem_shift_count", "gomem_make_"};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        if (strstr(text, tests[i]))
            return true;
    return false;
}

static int64_t align_of(struct lowerer *l, struct type *type)
{
    return layout_of(l->t, type)->align;
}

static void close_shared(struct lowerer *l)
{
    struct shared_block *b = &l->fn->shared;
    int64_t offsets[SHARED_BLOCK_BYTES], at = 0, align = 1;
    for (int64_t a = SHARED_BLOCK_BYTES; a; a /= 2) /* the most aligned first: no padding */
        for (uint32_t i = 0; i < b->count; i++)
            if (align_of(l, b->types[i]) == a) {
                offsets[i] = at;
                at += size_of(l, b->types[i]);
                align = a > align ? a : align;
            }
    static const uint8_t words[] = {[1] = BASIC_UINT8, [2] = BASIC_UINT16, [4] = BASIC_UINT32, [8] = BASIC_UINT64};
    for (uint32_t i = 0; b->count > 1 && i < b->count; i++) {
        struct type *word = basic(l, (enum basic_kind)words[align]);
        struct type *whole = types_canonical(l->t, types_array(l->t, word, (at + align - 1) / align));
        const char *c = ctype(l, b->types[i]);
        l->fn->list[b->ins[i]].text =
            i ? F(l, "(%s *)((char *)%s + %lld)", c, V(l, b->vars[0]), (long long)(offsets[i] - offsets[0]))
              : F(l, "(%s *)((char *)gomem_rt.heap->new_object(g, %s) + %lld)", c, descriptor(l, whole),
                  (long long)offsets[0]);
    }
    b->count = 0;
}

void new_box(struct lowerer *l, int32_t var, struct type *type)
{
    struct shared_block *b = &l->fn->shared;
    int64_t size = size_of(l, type);
    bool small = l->fn->escape && !has_pointers(l, type) && size && size < SHARED_BLOCK_BYTES;
    if (small && b->count && b->bytes + size > SHARED_BLOCK_BYTES)
        close_shared(l);
    if (small) {
        b->bytes = (b->count ? b->bytes : 0) + size;
        b->ins[b->count] = l->fn->count;
        b->vars[b->count] = var;
        b->types[b->count++] = type;
    }
    emit_def(l, var, F(l, "gomem_rt.heap->new_object(g, %s)", descriptor(l, type)));
}

/* ---- instructions ---- */

struct ins *insert(struct lowerer *l, uint32_t at, enum ins_kind kind)
{
    struct fn *f = l->fn;
    if (kind != INS_TEXT)
        close_shared(l);
    f->list = arena_grow(l->arena, f->list, sizeof *f->list, f->count + 1, &f->capacity);
    memmove(f->list + at + 1, f->list + at, (f->count - at) * sizeof *f->list);
    f->count++;
    f->list[at] = (struct ins){.kind = (uint8_t)kind, .def = NO_VAR, .pos = l->pos};
    return &f->list[at];
}

static struct ins *append(struct lowerer *l, enum ins_kind kind, const char *text)
{
    struct ins *i = insert(l, l->fn->count, kind);
    i->text = text;
    if (kind == INS_TEXT && l->fn->shared.count && may_branch(text))
        close_shared(l);
    return i;
}

void emit(struct lowerer *l, const char *text)
{
    append(l, INS_TEXT, text);
}

void emit_def(struct lowerer *l, int32_t var, const char *text)
{
    append(l, INS_TEXT, text)->def = var;
}

void emit_call(struct lowerer *l, int32_t var, const char *text)
{
    struct ins *i = append(l, INS_TEXT, text);
    i->def = var;
    i->safepoint = true;
    l->fn->calls = true;
}

void emit_compiled_call(struct lowerer *l, int32_t var, const char *text)
{
    emit_call(l, var, text);
    l->fn->list[l->fn->count - 1].compiled = true;
}

const char *may_panic(struct lowerer *l, const char *operation)
{
    l->fn->calls = true;
    return F(l, "gomem_told(" MARK_POINT ", %s)", operation);
}

struct pos enter_expr(struct lowerer *l, const struct expr *e)
{
    struct pos pos = l->pos;
    if (pos_known(e->pos))
        l->pos = e->pos;
    return pos;
}

const char *placed(struct lowerer *l, const char *text)
{
    const char *mark = strpbrk(text, MARK_HERE MARK_POINT);
    if (!mark || !pos_known(l->pos))
        return text;
    struct text out;
    text_init(&out, l->arena);
    for (; mark; mark = strpbrk(text, MARK_HERE MARK_POINT)) {
        text_append(&out, text, (size_t)(mark + 1 - text));
        text = mark + 1;
        if (*text < '0' || *text > '9')
            text_printf(&out, "%u%c", l->pos.at, MARK_END);
    }
    text_puts(&out, text);
    return text_string(&out);
}

void emit_noreturn(struct lowerer *l, const char *text, bool safepoint)
{
    struct ins *i = append(l, INS_TEXT, text);
    i->safepoint = safepoint;
    l->fn->calls |= safepoint;
    i->noreturn = true;
}

/* A condition needs no parentheses of its own. */
const char *lower_condition_fold(struct lowerer *l, const char *text)
{
    size_t n = strlen(text);
    if (n < 2 || text[0] != '(' || text[n - 1] != ')')
        return text;
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < n - 1; i++) {
        if (text[i] == '\\' && quoted)
            i++;
        else if (text[i] == '"' || text[i] == '\'')
            quoted = !quoted;
        else if (!quoted)
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        if (!depth)
            return text;
    }
    return arena_strndup(l->arena, text + 1, n - 2);
}

void emit_if(struct lowerer *l, const char *condition)
{
    append(l, INS_IF, lower_condition_fold(l, condition));
}

void emit_else(struct lowerer *l)
{
    append(l, INS_ELSE, NULL);
}

void emit_loop(struct lowerer *l, const char *condition)
{
    append(l, INS_LOOP, condition ? lower_condition_fold(l, condition) : NULL);
    l->fn->loop_depth++;
}

void emit_end(struct lowerer *l)
{
    append(l, INS_END, NULL);
}

void emit_poll(struct lowerer *l)
{
    if (COMPILE_FAULT(l, no_polls))
        return;
    emit_if(l, "gomem_poll_due(g)");
    emit_call(l, NO_VAR, "gomem_rt.stack->poll(g)");
    l->fn->list[l->fn->count - 1].poll = true;
    emit_end(l);
}

struct label *new_label(struct lowerer *l, const char *name)
{
    struct label *label = ARENA_NEW(l->arena, struct label);
    label->name = F(l, "%s_%u", c_name(l, name), ++l->fn->label_count);
    return label;
}

void emit_label(struct lowerer *l, struct label *label)
{
    append(l, INS_LABEL, NULL)->label = label;
}

/* A label that code falls to anyway: a jump there right before is none. */
void emit_landing(struct lowerer *l, struct label *label)
{
    struct fn *f = l->fn;
    if (f->count && f->list[f->count - 1].kind == INS_GOTO && f->list[f->count - 1].label == label)
        f->count--;
    emit_label(l, label);
}

void emit_goto(struct lowerer *l, struct label *label)
{
    append(l, INS_GOTO, NULL)->label = label;
}

void emit_return(struct lowerer *l, const char *text)
{
    append(l, INS_RETURN, text);
}

const char *temp(struct lowerer *l, struct type *type, const char *text)
{
    int32_t v = new_var(l, "t", type);
    emit_def(l, v, text);
    return V(l, v);
}

bool is_constant_text(const char *text)
{
    if (!strncmp(text, "gomem_str(\"", 11))
        return true;
    if (*text == '(')
        text++;
    if (*text == '-')
        text++;
    if (!strcmp(text, "NULL") || !strcmp(text, "true") || !strcmp(text, "false"))
        return true;
    if (*text < '0' || *text > '9')
        return false;
    for (; *text; text++)
        if (!strchr("0123456789abcdefABCDEFxXuUlL.+-p)", *text))
            return false;
    return true;
}

/* Temporaries are set once; their name is unique to them. */
static bool is_temporary(struct lowerer *l, const char *text)
{
    if (text[0] != MARK_VAR)
        return false;
    const char *end = strchr(text, MARK_END);
    if (!end || end[1])
        return false;
    const struct var *v = &l->fn->vars[atoi(text + 1)];
    return v->name[0] == 't' && (!v->name[1] || v->name[1] == '_');
}

const char *stable(struct lowerer *l, struct type *type, const char *text)
{
    return is_constant_text(text) || is_temporary(l, text) ? text : temp(l, type, text);
}

/* ---- functions ---- */

struct fn *begin_fn(struct lowerer *l, const char *name, const char *go_name, struct type *type)
{
    struct fn *f = ARENA_NEW(l->arena, struct fn);
    f->outer = l->fn;
    f->name = name;
    f->go_name = go_name;
    f->type = type;
    f->linkage = "";
    f->pos = l->pos;
    if (l->fn) {
        f->params = l->fn->params;
        f->args = l->fn->args;
        f->escape = l->fn->escape;
    }
    l->errors = l->compilation->diags.reported;
    l->fn = f;
    return f;
}

void end_fn(struct lowerer *l)
{
    struct fn *f = l->fn;
    close_shared(l);
    if (!diag_any(&l->compilation->diags)) {
        live_compute(l, f);
        emit_function(l, f);
    }
    l->fn = f->outer;
}

void queue(struct lowerer *l, struct pending p)
{
    struct pending *q = ARENA_NEW(l->arena, struct pending);
    *q = p;
    q->next = NULL;
    q->pos = pos_known(l->pos) ? l->pos : l->asked;
    *l->last = q;
    l->last = &q->next;
}

static void run_pending(struct lowerer *l)
{
    while (l->first) {
        struct pending *p = l->first;
        l->first = p->next;
        if (!l->first)
            l->last = &l->first;
        l->asked = p->pos;
        p->run(l, p);
    }
}

/* ---- packages ---- */

static bool depends_on_parameters(const struct function *f)
{
    return f->tparams.count != 0;
}

/* 1 + the number of an init function, 0 for others. */
static uint32_t init_number(struct lowerer *l, const struct object *o)
{
    for (uint32_t i = 0; i < l->package->init_functions.count; i++)
        if (l->package->init_functions.items[i] == o)
            return i + 1;
    return 0;
}

static void lower_function(struct lowerer *l, struct function *f)
{
    struct object *o = f->object;
    const char *symbol = object_symbol(l, o, (struct type_list){0});
    first_use(l, symbol);
    begin_fn(l, symbol, trace_name(l, o, init_number(l, o)), lower_type(l, f->type));
    l->fn->function = f;
    l->fn->escape = l->escape ? escape_analyse(l->escape, f, (struct type_list){0}) : NULL;
    lower_body(l, f, f->recv ? lower_type(l, f->recv->type) : NULL);
    end_fn(l);
}

static void lower_variables(struct lowerer *l)
{
    struct scope *s = l->package->scope;
    for (uint32_t i = 0; i < s->count; i++) {
        struct object *o = s->items[i];
        if (o->kind != OBJECT_VAR)
            continue;
        const char *symbol = package_symbol(l, l->package, o->name->text);
        l->pos = o->pos;
        int64_t size = size_of(l, lower_type(l, o->type));
        ctype(l, lower_type(l, o->type));
        if (size > LARGEST_VARIABLE && !l->too_large)
            diag_error(&l->compilation->diags, o->pos, "%s.%s: symbol too large (%lld bytes > %lld bytes)",
                       l->package->path, o->name->text, (long long)size, (long long)LARGEST_VARIABLE);
        first_use(l, symbol);
        const char *align = size >= 8 ? "_Alignas(8) " : ""; /* for atomic operations, also on 32-bit machines */
        text_printf(&l->data, "%s%s;\n", align, declare(l, lower_type(l, o->type), symbol));
    }
}

static const char *mask_text(struct lowerer *l, struct type *type)
{
    int64_t words = layout_of(l->t, type)->pointer_words;
    uint8_t *bits = arena_alloc(l->arena, (size_t)(words + 7) / 8 + 1);
    layout_pointers(l->t, type, bits, 0);
    struct text s;
    text_init(&s, l->arena);
    for (int64_t i = 0; i < (words + 7) / 8; i++)
        text_printf(&s, "%s%u", i ? ", " : "", bits[i]);
    return text_string(&s);
}

/* The package's variables that hold pointers. */
static void lower_roots(struct lowerer *l)
{
    struct scope *s = l->package->scope;
    struct text roots;
    text_init(&roots, l->arena);
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        struct object *o = s->items[i];
        if (o->kind != OBJECT_VAR)
            continue;
        struct type *type = lower_type(l, o->type);
        int64_t words = layout_of(l->t, type)->pointer_words;
        if (!words)
            continue;
        text_printf(&roots, "    {&%s, %lld, (const uint8_t[]){%s}, \"%s.%s\"},\n",
                    package_symbol(l, l->package, o->name->text), (long long)(words * l->t->target->word_size),
                    mask_text(l, type), l->package->path, o->name->text);
        n++;
    }
    const char *symbol = package_symbol(l, l->package, "roots.");
    text_printf(&l->data, "const gomem_root %s[] = {\n%s    {0}};\nconst uintptr_t %s_count = %u;\n", symbol,
                text_string(&roots), symbol, n);
}

static void initialize(struct lowerer *l, const struct initializer *init)
{
    l->pos = ast_start(init->rhs);
    if (init->lhs_count == 1) {
        struct object *o = init->lhs[0];
        const char *value = lower_to(l, init->rhs, lower_type(l, o->type));
        if (o->name->blank)
            emit(l, F(l, "(void)%s", value));
        else
            store(l, place_var(l, o), value);
        return;
    }
    const char **parts = ARENA_ARRAY(l->arena, const char *, init->lhs_count);
    struct type **types = ARENA_ARRAY(l->arena, struct type *, init->lhs_count);
    struct expr *rhs = ast_unparen(init->rhs);
    if (rhs->kind == EXPR_CALL && rhs->type->kind == TYPE_TUPLE) {
        lower_call_parts(l, rhs, parts);
        for (uint32_t i = 0; i < init->lhs_count; i++)
            types[i] = lower_type(l, rhs->type->tuple.items[i]);
    } else {
        lower_comma_ok(l, rhs, &parts[0], &parts[1]);
        types[0] = type_of(l, rhs);
        types[1] = basic(l, BASIC_BOOL);
    }
    for (uint32_t i = 0; i < init->lhs_count; i++)
        if (!init->lhs[i]->name->blank)
            store(l, place_var(l, init->lhs[i]),
                  assign_convert(l, parts[i], types[i], lower_type(l, init->lhs[i]->type)));
}

static struct type *plain_func(struct lowerer *l)
{
    return types_func(l->t, l->t->empty_tuple, l->t->empty_tuple, false, (struct type_list){0});
}

static const char *file_of(struct lowerer *l, const struct initializer *init)
{
    return source_place(&l->compilation->sources, ast_start(init->rhs)).file;
}

enum { LONG_INITIALISER = 4000 }; /* instructions: beyond, C compilers take minutes to optimise what runs once */

/* Initialisers of one file that follow each other are one function, so that its frame can name the file. Returns what comes after them; the
 * func literals of a package's initialisers are counted together. */
static uint32_t lower_init_run(struct lowerer *l, const char *symbol, uint32_t from, uint32_t *func_count)
{
    struct package *p = l->package;
    const char *file = file_of(l, &p->inits[from]);
    l->pos = ast_start(p->inits[from].rhs);
    struct fn *f = begin_fn(l, symbol, F(l, "%s.init", trace_package(p)), plain_func(l));
    f->signature = F(l, "void %s(gomem_g *g", symbol);
    f->needs_frame = true;
    f->escape = l->init_escape;
    f->func_count = *func_count;
    uint32_t i = from;
    for (; i < p->init_count && file_of(l, &p->inits[i]) == file; i++)
        initialize(l, &p->inits[i]);
    emit_return(l, NULL);
    if (f->count > LONG_INITIALISER)
        f->linkage = "GOMEM_ONCE ";
    *func_count = f->func_count;
    end_fn(l);
    return i;
}

/* The package's initialisation calls those in turn, then the init functions. It has no frame: Go shows none. */
static void lower_init(struct lowerer *l)
{
    struct package *p = l->package;
    const char *whole = package_symbol(l, p, "init.");
    struct text calls;
    text_init(&calls, l->arena);
    l->init_escape = l->escape ? escape_analyse_init(l->escape, p) : NULL;
    for (uint32_t i = 0, func_count = 0; i < p->init_count;) {
        const char *symbol = package_symbol(l, p, F(l, "init-%u", i));
        i = lower_init_run(l, symbol, i, &func_count);
        text_printf(&calls, "    %s(g);\n", symbol);
    }
    for (uint32_t i = 0; i < p->init_functions.count; i++)
        text_printf(&calls, "    %s(g);\n", object_symbol(l, p->init_functions.items[i], (struct type_list){0}));
    text_printf(&l->functions, "void %s(gomem_g *g)\n{\n    (void)g;\n%s}\n\n", whole,
                calls.data ? text_string(&calls) : "");
}

static void lower_all(struct lowerer *l)
{
    struct package *p = l->package;
    for (uint32_t i = 0; i < p->function_count; i++)
        if (!p->functions[i]->literal && p->functions[i]->body)
            scan_function(l, p->functions[i]);
    for (uint32_t i = 0; i < p->init_count; i++)
        scan_initializer(l, p->inits[i].rhs);
    lower_variables(l);
    for (uint32_t i = 0; i < p->function_count; i++) {
        struct function *f = p->functions[i];
        l->pos = f->decl ? f->decl->pos : POS_NONE;
        if (!f->literal && f->body && f->object && !f->object->name->blank && !depends_on_parameters(f))
            lower_function(l, f);
    }
    l->pos = POS_NONE;
    lower_init(l);
    run_pending(l);
    lower_roots(l);
}

static void lowerer_init(struct lowerer *l, struct program *p, struct package *package,
                         const struct lower_options *options)
{
    *l = (struct lowerer){.program = p,
                          .t = &p->types,
                          .arena = &p->compilation->arena,
                          .compilation = p->compilation,
                          .package = package,
                          .options = options};
    l->last = &l->first;
    if (options && !options->no_escape)
        l->escape = escape_new(p, ESCAPE_RELEASE_NEWEST);
    struct text *sections[] = {&l->types, &l->protos, &l->data, &l->functions};
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        text_init(sections[i], l->arena);
}

const char *lower_package(struct program *p, struct package *package, const struct lower_options *options)
{
    struct lowerer l;
    lowerer_init(&l, p, package, options);
    lower_all(&l);
    struct text out;
    text_init(&out, l.arena);
    text_printf(&out, "// Package %s, from Go.\n#include \"gomem_code.h\"\n\n", package->path);
    struct text *sections[] = {&l.types, &l.protos, &l.data, &l.functions};
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        text_append(&out, sections[i]->data ? sections[i]->data : "", sections[i]->length);
        text_putc(&out, '\n');
    }
    return text_string(&out);
}

/* ---- units ---- */

const char *lower_unit(struct program *p, struct package *const *packages, uint32_t count, const char *name)
{
    struct lowerer l;
    lowerer_init(&l, p, packages[count - 1], NULL);
    struct text out, calls, roots, total;
    struct text *all[] = {&out, &calls, &roots, &total};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        text_init(all[i], l.arena);
    text_puts(&out, "// The unit: initialisation, main, roots.\n#include \"gomem_code.h\"\n\n");
    for (uint32_t i = 0; i < count; i++) {
        const char *init = package_symbol(&l, packages[i], "init."), *root = package_symbol(&l, packages[i], "roots.");
        text_printf(&out, "void %s(gomem_g *g);\nextern const gomem_root %s[];\nextern const uintptr_t %s_count;\n",
                    init, root, root);
        text_printf(&calls, "    %s(g);\n", init);
        text_printf(&roots, "    for (uintptr_t i = 0; i < %s_count; i++)\n        roots[n++] = %s[i];\n", root, root);
        text_printf(&total, "    n += %s_count;\n", root);
    }
    const char *main = package_symbol(&l, packages[count - 1], "main");
    text_printf(
        &out,
        "void %s(gomem_g *g);\n\nstatic gomem_unit table;\n\nstatic void unit_main(gomem_g *g)\n{\n%s    %s(g);\n}\n\n"
        "static void gather(void)\n{\n    uintptr_t n = 0;\n%s"
        "    gomem_root *roots = malloc((n + 1) * sizeof *roots);\n    n = 0;\n%s"
        "    table.roots = roots;\n    table.root_count = n;\n}\n\n",
        main, text_string(&calls), main, text_string(&total), text_string(&roots));
    text_printf(
        &out,
        "static void bind(const gomem_backend_table *b)\n{\n    gomem_bind(b);\n    gather();\n}\n\n"
        "static gomem_unit table = {.contract = GOMEM_CONTRACT, .name = \"%s\", .bind = bind, .main = unit_main,\n"
        "                           .error_value = gomem_error_value, .panic_text = gomem_panic_text};\n\n"
        "extern gomem_unit gomem_unit_table __attribute__((alias(\"table\"), visibility(\"default\")));\n",
        name);
    return text_string(&out);
}
