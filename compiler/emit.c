/*
 * emit: prints a lowered function.
 *
 *     static struct f_frame { gomem_frame head; T x; … };      variables that live.c placed in the frame
 *     R f(gomem_g *g, …)
 *     {
 *         locals; entry: stack check, frame; body
 *     }
 *
 * A safepoint stores its number in the frame before, and loads the frame again after. Its number stands for a mask and a
 * line; equal ones share it. Number 0 is that of the function's beginning; there, and where a run-time panic may come from, only what
 * lives everywhere is live. A function that makes no calls and keeps nothing in a frame has a descriptor only, for such panics.
 *
 * What stands before the first call is often a test that returns at once (n < 2, an empty list). It is printed before the entry, so that
 * a call that ends there costs neither a check nor a frame; see early_part.
 */
#include <stdlib.h>

#include "lower_internal.h"

struct point {
    uint8_t *mask;
    uint8_t *candidates;       /* a bit per object */
    struct source_place place; /* in the function itself, also of what was inlined into it */
    const char *inlined;       /* emit_inlined's */
};

struct printer {
    struct lowerer *l;
    struct fn *f;
    struct text *out;
    int indent;
    bool frame;
    bool early;    /* before the entry: parameters are where the caller put them */
    int64_t word;  /* bytes */
    int64_t words; /* of the variables, behind the frame's head */
    size_t stride;
    uint32_t objects; /* that are candidates at some safepoint */
    struct point *points;
    uint32_t point_count;
    size_t point_capacity;
    struct pos pos; /* of the instruction that is printed */
    uint32_t line;  /* of the last #line, advanced by printed lines */
    const char *file;
    struct label **breaks; /* of the loops round here */
    uint32_t depth;
};

static bool wants_frame(const struct fn *f)
{
    if (f->needs_frame || f->defers || (f->calls && !f->thunk))
        return true;
    for (uint32_t i = 0; i < f->var_count; i++)
        if (f->vars[i].in_frame)
            return true;
    return false;
}

static int64_t head_size(const struct printer *p)
{
    return 2 * p->word;
}

/* Objects are numbered in the order of their places. */
static void number_objects(struct printer *p)
{
    struct fn *f = p->f;
    for (uint32_t k = 0; k < f->placed_count; k++)
        if (f->placed[k]->candidate)
            f->placed[k]->object = ++p->objects;
}

static void lay_out(struct printer *p)
{
    int64_t end = frame_lay_out(p->l, p->f, head_size(p));
    p->words = (end - head_size(p) + p->word - 1) / p->word;
    p->stride = (size_t)(p->words + 7) / 8;
    number_objects(p);
}

static void set_mask(struct printer *p, uint8_t *mask, const struct var *x)
{
    if (x->in_frame && x->pointers)
        layout_pointers(p->l->t, x->type, mask, (x->offset - head_size(p)) / p->word);
}

/* at: the safepoint, or NULL where only what lives everywhere is live. */
static uint32_t add_point(struct printer *p, const struct ins *at, struct pos pos)
{
    const struct source_set *sources = &p->l->compilation->sources;
    struct source_place place = source_place(sources, source_outermost(sources, pos));
    const char *inlined = emit_inlined(p->l, p->f, pos);
    size_t set = (size_t)p->objects / 8 + 1;
    uint8_t *mask = arena_alloc(p->l->arena, p->stride + set), *candidates = mask + p->stride;
    for (uint32_t i = 0; i < p->f->var_count; i++) {
        const struct var *x = &p->f->vars[i];
        if (x->always || (at && var_in(at->live, x)))
            set_mask(p, mask, x);
        if (x->object && at && var_in(at->candidates, x))
            candidates[(x->object - 1) / 8] |= (uint8_t)(1 << (x->object - 1) % 8);
    }
    for (uint32_t i = 0; i < p->point_count; i++)
        if (p->points[i].place.line == place.line && p->points[i].place.file == place.file &&
            p->points[i].inlined == inlined && !memcmp(p->points[i].mask, mask, p->stride + set))
            return i;
    p->points = arena_grow(p->l->arena, p->points, sizeof *p->points, p->point_count + 1, &p->point_capacity);
    p->points[p->point_count] = (struct point){mask, candidates, place, inlined};
    return p->point_count++;
}

/* ---- lines and marks ---- */

static void newline(struct printer *p)
{
    text_putc(p->out, '\n');
    p->line++;
}

static void start_line(struct printer *p)
{
    for (int i = 0; i < p->indent; i++)
        text_puts(p->out, "    ");
}

static void put_here(struct printer *p, struct pos pos)
{
    if (p->f->thunk && !p->frame)
        text_puts(p->out, "GOMEM_NOWHERE");
    else
        text_printf(p->out, "gomem_here(&%s_desc, %u)", p->f->name, add_point(p, NULL, pos));
}

/* The place that the mark at *s tells; *s is left at its last byte. */
static struct pos mark_pos(const struct printer *p, const char **s)
{
    if ((*s)[1] < '0' || (*s)[1] > '9')
        return p->pos;
    struct pos pos = {(uint32_t)strtoul(*s + 1, NULL, 10)};
    *s = strchr(*s, MARK_END);
    return pos;
}

static void put_marked(struct printer *p, const char *s)
{
    for (; *s; s++) {
        if (*s == MARK_VAR) {
            const struct var *x = &p->f->vars[atoi(s + 1)];
            text_printf(p->out, "%s%s", x->in_frame && !x->cached && !p->early ? "fr->" : "", x->name);
            s = strchr(s, MARK_END);
        } else if (*s == *MARK_HERE || *s == *MARK_POINT) {
            bool point = *s == *MARK_POINT;
            struct pos pos = mark_pos(p, &s);
            if (!point)
                put_here(p, pos);
            else if (p->frame)
                text_printf(p->out, "fr->head.point = %u", add_point(p, NULL, pos));
            else
                text_puts(p->out, "(void)0");
        } else if (*s == *MARK_ENTRY) {
            text_puts(p->out, p->frame ? "(char *)(fr + 1)" : "g->sp");
        } else {
            text_putc(p->out, *s);
        }
    }
}

static void put_line(struct printer *p, const char *before, const char *s, const char *after)
{
    start_line(p);
    put_marked(p, before);
    put_marked(p, s);
    put_marked(p, after);
    newline(p);
}

/* A //line directive may have left the name open. */
const char *file_literal(struct lowerer *l, const char *file)
{
    const char *library = l->options ? l->options->library : NULL;
    size_t n = library ? strlen(library) : 0;
    struct text out;
    text_init(&out, l->arena);
    if (n && !strncmp(file, library, n) && file[n] == '/')
        file += n + 1;
    else if (!*file)
        file = "??";
    text_quote_c(&out, file, strlen(file));
    return text_string(&out);
}

/* The next line belongs to that place of the Go source. */
static void sync_line(struct printer *p, struct pos pos)
{
    if (!pos_known(pos))
        return;
    struct source_place place = source_place(&p->l->compilation->sources, pos);
    if (p->file == place.file && p->line == place.line)
        return;
    text_printf(p->out, "#line %u %s\n", place.line, file_literal(p->l, place.file));
    p->file = place.file;
    p->line = place.line;
}

/* ---- entry and exit ---- */

/* Calls visit for each word of a parameter that may hold a pointer. */
static void each_pointer_word(struct printer *p, const struct var *x, uint32_t *n, const char *format)
{
    if (x->by_reference || is_scalar(p->l, x->type)) {
        const char *text = F(p->l, "%s%s", x->name, x->by_reference ? "_in" : "");
        text_printf(p->out, format, *n, text, *n);
        ++*n;
        return;
    }
    int64_t words = layout_of(p->l->t, x->type)->pointer_words;
    uint8_t *bits = arena_alloc(p->l->arena, (size_t)words / 8 + 1);
    layout_pointers(p->l->t, x->type, bits, 0);
    for (int64_t i = 0; i < words; i++)
        if (bits[i / 8] >> (i % 8) & 1) {
            const char *text = F(p->l, "((void **)&%s)[%lld]", x->name, (long long)i);
            text_printf(p->out, format, *n, text, *n);
            ++*n;
        }
}

enum { MAX_SPILL = 64 }; /* GOMEM_SPILL of the contract */

static uint32_t spill(struct printer *p, bool back)
{
    uint32_t n = 0;
    const char *format = back ? "        %2$s = g->spill[%1$u];\n" : "        g->spill[%1$u] = (void *)%2$s;\n";
    for (uint32_t i = 0; i < p->f->var_count; i++) {
        const struct var *x = &p->f->vars[i];
        if (x->param && x->pointers)
            each_pointer_word(p, x, &n, format);
        else if (x->by_reference)
            each_pointer_word(p, x, &n, format);
    }
    if (n > MAX_SPILL)
        unsupported(p->l, p->f->pos, "parameters with more than 64 words of pointers");
    return n;
}

static void put_entry(struct printer *p)
{
    struct fn *f = p->f;
    struct text *o = p->out;
    if (!p->frame && !f->calls)
        return;
    if (p->frame)
        text_printf(o, "    struct %s_frame *fr = (struct %s_frame *)(g->sp - sizeof *fr);\n", f->name, f->name);
    text_printf(o, "    if (gomem_stack_low(g, %s)) {\n", p->frame ? "(char *)fr" : "NULL");
    uint32_t n = spill(p, false);
    if (n)
        text_printf(o, "        g->spill_len = %u;\n", n);
    text_printf(o, "        gomem_rt.stack->more(g, %s%s);\n", p->frame ? "&" : "NULL",
                p->frame ? F(p->l, "%s_desc", f->name) : "");
    if (spill(p, true))
        text_puts(o, "        g->spill_len = 0;\n");
    if (p->frame)
        text_printf(o, "        fr = (struct %s_frame *)(g->sp - sizeof *fr);\n", f->name);
    text_puts(o, "    }\n");
    if (p->frame)
        text_printf(o, "    g->sp = (char *)fr;\n    fr->head.desc = &%s_desc;\n    fr->head.point = 0;\n", f->name);
}

static void put_params(struct printer *p)
{
    for (uint32_t i = 0; i < p->f->var_count; i++) {
        const struct var *x = &p->f->vars[i];
        if (x->by_reference && !x->used)
            continue;
        if (x->by_reference)
            text_printf(p->out, "    %s%s = *%s_in;\n", x->in_frame && !x->cached ? "fr->" : "", x->name, x->name);
        else if (x->param && x->in_frame && !x->cached)
            text_printf(p->out, "    fr->%s = %s;\n", x->name, x->name);
        else if (x->cleared || (x->zeroed && x->in_frame))
            text_printf(p->out, "    fr->%s = %s;\n", x->name, zero(p->l, x->type));
    }
}

static void put_locals(struct printer *p)
{
    for (uint32_t i = 0; i < p->f->var_count; i++) {
        const struct var *x = &p->f->vars[i];
        if ((x->in_frame && !x->cached) || !x->used || (x->param && !x->by_reference))
            continue;
        if (x->ctype)
            text_printf(p->out, "    %s %s;\n", x->ctype, x->name);
        else
            text_printf(p->out, "    %s%s%s;\n", declare(p->l, x->type, x->name), x->zeroed ? " = " : "",
                        x->zeroed ? zero(p->l, x->type) : "");
    }
}

static void reload(struct printer *p)
{
    put_line(p, F(p->l, "fr = (struct %s_frame *)g->sp;", p->f->name), "", "");
}

/* ---- the body ---- */

/*
 * Saves the variables that are in the frame during this poll only, or loads them again. Of a slice or a string only the pointer goes
 * there and back, as the C compiler then knows that the length stays what it was.
 */
static void put_cached(struct printer *p, const struct ins *x, bool back)
{
    for (uint32_t i = 0; i < p->f->var_count; i++) {
        const struct var *v = &p->f->vars[i];
        if (!v->cached || !var_in(x->live, v))
            continue;
        bool part = !v->ctype && (is_kind(p->l, v->type, TYPE_SLICE) || is_string(p->l, v->type));
        const char *name = part ? F(p->l, "%s.ptr", v->name) : v->name;
        put_line(p, back ? F(p->l, "%s = fr->%s;", name, name) : F(p->l, "fr->%s = %s;", name, name), "", "");
    }
}

static void put_safepoint(struct printer *p, const struct ins *x)
{
    struct var *def = x->def == NO_VAR ? NULL : &p->f->vars[x->def];
    if (!p->frame) {
        put_line(p, def ? F(p->l, "%s = ", def->name) : "", x->text, ";");
        return;
    }
    put_line(p, F(p->l, "fr->head.point = %u;", add_point(p, x, x->pos)), "", "");
    if (x->noreturn) {
        put_line(p, "", x->text, ";");
    } else if (x->poll) {
        put_cached(p, x, false);
        put_line(p, "", x->text, ";");
        reload(p);
        put_cached(p, x, true);
    } else if (def && def->in_frame && !def->cached) {
        put_line(p, "{", "", "");
        p->indent++;
        put_line(p, F(p->l, "%s = ", declare(p->l, def->type, "r_")), x->text, ";");
        reload(p);
        put_line(p, F(p->l, "fr->%s = r_;", def->name), "", "");
        p->indent--;
        put_line(p, "}", "", "");
    } else {
        put_line(p, def ? F(p->l, "%s = ", def->name) : "", x->text, ";");
        reload(p);
    }
}

static void put_text(struct printer *p, const struct ins *x)
{
    if (x->safepoint)
        put_safepoint(p, x);
    else if (x->def != NO_VAR)
        put_line(p, F(p->l, "%c%d%c = ", MARK_VAR, x->def, MARK_END), lower_condition_fold(p->l, x->text), ";");
    else
        put_line(p, "", x->text, ";");
}

static void put_return(struct printer *p, const struct ins *x)
{
    if (p->frame && x->text && strpbrk(x->text, MARK_HERE MARK_POINT)) { /* it may panic: inside the function still */
        put_line(p, F(p->l, "__auto_type r_ = "), lower_condition_fold(p->l, x->text), ";");
        put_line(p, "g->sp = (char *)(fr + 1);", "", "");
        put_line(p, "return r_;", "", "");
        return;
    }
    if (p->frame && !p->early)
        put_line(p, "g->sp = (char *)(fr + 1);", "", "");
    if (x->text)
        put_line(p, "return ", lower_condition_fold(p->l, x->text), ";");
    else
        put_line(p, "return;", "", "");
}

static struct label *break_of(struct printer *p, uint32_t loop)
{
    uint32_t after = p->f->list[loop].match + 1;
    return after < p->f->count && p->f->list[after].kind == INS_LABEL ? p->f->list[after].label : NULL;
}

/* An else whose whole part is one if becomes `else if`. */
static bool joins_if(struct printer *p, uint32_t at)
{
    const struct ins *x = &p->f->list[at];
    if (at + 1 >= x->match || p->f->list[at + 1].kind != INS_IF)
        return false;
    uint32_t end = p->f->list[at + 1].match;
    if (p->f->list[end].kind == INS_ELSE)
        end = p->f->list[end].match;
    return end + 1 == x->match;
}

static uint32_t put_else(struct printer *p, uint32_t i, bool *skip_end)
{
    p->indent--;
    if (joins_if(p, i)) {
        put_line(p, "} else if (", p->f->list[i + 1].text, ") {");
        skip_end[p->f->list[i].match] = true;
        i++;
    } else {
        put_line(p, "} else {", "", "");
    }
    p->indent++;
    return i;
}

static void put_goto(struct printer *p, const struct ins *x)
{
    if (p->depth && p->breaks[p->depth - 1] == x->label && x->label) {
        put_line(p, "break;", "", "");
        return;
    }
    put_line(p, F(p->l, "goto %s;", x->label->name), "", "");
    x->label->used = true;
}

/* Labels are printed where somebody jumps to them other than by break. */
static void find_used_labels(struct printer *p)
{
    uint32_t depth = 0;
    for (uint32_t i = 0; i < p->f->count; i++) {
        const struct ins *x = &p->f->list[i];
        if (x->kind == INS_LOOP)
            p->breaks[depth++] = break_of(p, i);
        else if (x->kind == INS_END && p->f->list[x->match].kind == INS_LOOP)
            depth--;
        else if (x->kind == INS_GOTO && !(depth && p->breaks[depth - 1] == x->label))
            x->label->used = true;
    }
}

static void put_body(struct printer *p, uint32_t from, uint32_t to)
{
    struct fn *f = p->f;
    bool *skip_end = ARENA_ARRAY(p->l->arena, bool, f->count + 1);
    for (uint32_t i = from; i < to; i++) {
        const struct ins *x = &f->list[i];
        if (x->kind != INS_END && x->kind != INS_ELSE && x->kind != INS_LABEL)
            sync_line(p, x->pos);
        p->pos = pos_known(x->pos) ? x->pos : f->pos;
        switch (x->kind) {
        case INS_TEXT:
            put_text(p, x);
            break;
        case INS_IF:
            put_line(p, "if (", x->text, ") {");
            p->indent++;
            break;
        case INS_ELSE:
            i = put_else(p, i, skip_end);
            break;
        case INS_LOOP:
            put_line(p, x->text ? "while (" : "for (;;", x->text ? x->text : "", ") {");
            p->indent++;
            p->breaks[p->depth++] = break_of(p, i);
            break;
        case INS_END:
            if (skip_end[i])
                break;
            p->indent--;
            p->depth -= f->list[x->match].kind == INS_LOOP;
            put_line(p, "}", "", "");
            break;
        case INS_GOTO:
            put_goto(p, x);
            break;
        case INS_LABEL:
            if (x->label->used)
                text_printf(p->out, "%s:;", x->label->name), newline(p);
            break;
        case INS_RETURN:
            put_return(p, x);
            break;
        }
    }
}

/* ---- before the entry ---- */

/* Whether the variable can be used (set, too, when writes) while there is no frame to hold it. */
static bool is_there_early(const struct var *x, bool writes)
{
    bool local = !x->in_frame || x->cached;
    return !x->by_reference && (local || (x->param && !writes));
}

/*
 * What is kept for later must not hold pointers, as the stack may move and the collector look at the entry, which knows of the
 * parameters only.
 */
static bool is_kept_early(const struct var *x)
{
    return x->param || !(x->pointers || x->ctype);
}

/* Nor can a panic name the frame. */
static bool needs_no_frame(const struct printer *p, const char *s, bool writes, bool returns)
{
    for (; *s; s++) {
        if (*s == MARK_VAR) {
            const struct var *x = &p->f->vars[atoi(s + 1)];
            if (!is_there_early(x, writes) || (writes && !returns && !is_kept_early(x)))
                return false;
            s = strchr(s, MARK_END);
        } else if (strchr(MARK_HERE MARK_POINT MARK_ENTRY, *s)) {
            return false;
        }
    }
    return true;
}

static bool may_come_early(const struct printer *p, const struct ins *x, bool returns)
{
    if (x->kind != INS_TEXT || x->safepoint)
        return false;
    const struct var *def = x->def == NO_VAR ? NULL : &p->f->vars[x->def];
    if (def && (!is_there_early(def, true) || (!returns && !is_kept_early(def))))
        return false;
    return needs_no_frame(p, x->text, !def, returns);
}

static bool returns_early(const struct printer *p, uint32_t if_)
{
    const struct ins *list = p->f->list;
    uint32_t last = list[if_].match - 1;
    if (list[last + 1].kind != INS_END || list[last].kind != INS_RETURN ||
        !needs_no_frame(p, list[if_].text, false, true))
        return false;
    for (uint32_t i = if_ + 1; i < last; i++)
        if (!may_come_early(p, &list[i], true))
            return false;
    return !list[last].text || needs_no_frame(p, list[last].text, false, true);
}

/* The number of instructions that are printed before the entry: up to the last test that returns there. */
static uint32_t early_part(const struct printer *p)
{
    const struct fn *f = p->f;
    uint32_t part = 0;
    if (!p->frame || f->defers || f->needs_frame)
        return 0;
    for (uint32_t i = 0; i < f->count; i++)
        if (f->list[i].kind == INS_IF && returns_early(p, i))
            part = (i = f->list[i].match) + 1;
        else if (!may_come_early(p, &f->list[i], false))
            break;
    return part;
}

/* ---- the whole ---- */

static void put_frame_type(struct printer *p)
{
    struct fn *f = p->f;
    text_printf(&p->l->data, "struct %s_frame {\n    gomem_frame head;\n", f->name);
    frame_members(p->l, f, head_size(p), &p->l->data);
    text_printf(&p->l->data,
                "    _Alignas(void *) char end_[0];\n%s    _Alignas(8) char top_[0];\n};\n"
                "_Static_assert(__builtin_offsetof(struct %s_frame, end_) == %lld, \"frame\");\n",
                f->defers ? "    _Alignas(8) jmp_buf catch_;\n" : "", f->name,
                (long long)(p->words * p->word + head_size(p)));
}

/* The files of the safepoints, which //line directives tell apart. */
static void put_files(struct printer *p, const char *file)
{
    struct text *d = &p->l->data;
    bool others = false;
    for (uint32_t i = 0; i < p->point_count; i++)
        others |= strcmp(p->points[i].place.file, file) != 0;
    for (uint32_t i = 0; others && i < p->point_count; i++)
        text_printf(d, "%s%s%s", i ? ", " : ",\n    .files = (const char *const[]){",
                    file_literal(p->l, p->points[i].place.file), i + 1 == p->point_count ? "}" : "");
}

/* What of the masks is live only if something leads to it. */
static void put_objects(struct printer *p)
{
    struct text *d = &p->l->data;
    if (!p->objects)
        return;
    text_puts(d, ",\n    .objects = (const gomem_frame_object[]){");
    for (uint32_t i = 0; i < p->f->placed_count; i++) {
        const struct var *x = p->f->placed[i];
        if (x->object)
            text_printf(d, "{%lld, %lld}, ", (long long)(x->offset - head_size(p)) / p->word,
                        (long long)layout_of(p->l->t, x->type)->size / p->word);
    }
    text_printf(d, "},\n    .object_count = %u, .candidates = (const uint8_t[]){", p->objects);
    for (uint32_t i = 0; i < p->point_count; i++)
        for (uint32_t k = 0; k < (p->objects + 7) / 8; k++)
            text_printf(d, "%u, ", p->points[i].candidates[k]);
    text_puts(d, "}");
}

static void put_desc(struct printer *p)
{
    struct fn *f = p->f;
    struct text *d = &p->l->data;
    const char *file = source_place(&p->l->compilation->sources, f->pos).file;
    text_printf(d,
                "static const gomem_frame_desc %s_desc = {\n    .function = \"%s\", .file = %s,\n    .size = "
                "sizeof(%s), .words = %lld, .points = %u,\n    .masks = (const uint8_t[]){",
                f->name, f->go_name, file_literal(p->l, file),
                p->frame ? F(p->l, "struct %s_frame", f->name) : "gomem_frame", (long long)p->words, p->point_count);
    for (uint32_t i = 0; i < p->point_count; i++)
        for (size_t k = 0; k < p->stride; k++)
            text_printf(d, "%u, ", p->points[i].mask[k] & (COMPILE_FAULT(p->l, mask_bit) && !k ? 0xfeu : 0xffu));
    text_puts(d, "0},\n    .lines = (const uint32_t[]){");
    for (uint32_t i = 0; i < p->point_count; i++)
        text_printf(d, "%u, ", p->points[i].place.line);
    text_puts(d, "0}");
    for (uint32_t i = 0; f->inlined_count && i < p->point_count; i++)
        text_printf(d, "%s%s%s", i ? ", " : ",\n    .inlined = (const gomem_inlined *const[]){",
                    p->points[i].inlined ? p->points[i].inlined : "NULL", i + 1 == p->point_count ? "}" : "");
    put_files(p, file);
    put_objects(p);
    text_puts(d, "};\n\n");
}

void emit_function(struct lowerer *l, struct fn *f)
{
    struct text early, body;
    text_init(&early, l->arena);
    text_init(&body, l->arena);
    struct printer p = {.l = l, .f = f, .out = &early, .indent = 1, .word = l->t->target->word_size};
    p.frame = wants_frame(f);
    lay_out(&p);
    if (p.frame)
        add_point(&p, NULL, f->pos);
    p.breaks = ARENA_ARRAY(l->arena, struct label *, f->count + 1);
    find_used_labels(&p);
    if (f->defers)
        f->epilogue->used = true;
    uint32_t part = early_part(&p);
    p.early = true;
    put_body(&p, 0, part);
    p.early = false;
    p.out = &body;
    p.file = NULL;
    put_body(&p, part, f->count);
    if (p.frame)
        put_frame_type(&p);
    if (p.point_count)
        put_desc(&p);
    text_printf(&l->protos, "%s%s);\n", f->linkage, f->signature);
    struct text *out = &l->functions;
    p.out = out;
    sync_line(&p, f->pos);
    text_printf(out, "%s)\n{\n", f->signature);
    put_locals(&p);
    if (part) {
        text_append(out, early.data, early.length);
        p.file = NULL;
        sync_line(&p, f->pos);
    }
    put_entry(&p);
    if (f->defers)
        text_printf(out,
                    "    if (setjmp(fr->catch_)) {\n        fr = (struct %s_frame *)g->sp;\n        goto %s;\n    }\n",
                    f->name, f->epilogue->name);
    put_params(&p);
    p.file = NULL;
    text_append(out, body.data ? body.data : "", body.length);
    text_puts(out, "}\n\n");
}
