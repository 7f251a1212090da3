/*
 * live: which variables hold live pointers at which safepoint.
 *
 * Backward data flow over the instruction list: live before = uses + (live after - what is wholly set). Structure brackets and labels
 * give the edges. Only variables with pointers, and those forced into the frame, are tracked, a bit each; sets are words of bits, and the
 * list is walked backwards until nothing changes, which nesting of loops bounds.
 *
 * The mask of a safepoint: what is live after it without what it sets, plus frame variables whose address the call is given.
 */
#include <stdlib.h>

#include "lower_internal.h"

struct live {
    struct lowerer *l;
    struct fn *f;
    uint32_t words; /* of a set */
    uint64_t *out;  /* scratch */
};

static void match_brackets(struct lowerer *l, struct fn *f)
{
    uint32_t *open = ARENA_ARRAY(l->arena, uint32_t, f->count + 1), depth = 0;
    for (uint32_t i = 0; i < f->count; i++) {
        struct ins *x = &f->list[i];
        switch (x->kind) {
        case INS_IF:
        case INS_LOOP:
            open[depth++] = i;
            break;
        case INS_ELSE:
            f->list[open[depth - 1]].match = i;
            open[depth - 1] = i;
            break;
        case INS_END:
            x->match = open[--depth];
            f->list[x->match].match = i;
            break;
        case INS_LABEL:
            x->label->at = i;
            x->label->placed = true;
            break;
        default:
            break;
        }
    }
}

static void number_variables(struct live *v)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; i < v->f->var_count; i++) {
        struct var *x = &v->f->vars[i];
        x->bit = x->pointers || x->forced ? ++bits : 0;
        x->always |= x->pointers && COMPILE_FAULT(v->l, dead_kept);
    }
    v->words = bits / 64 + 1;
}

static void add_set(struct live *v, const uint64_t *set)
{
    for (uint32_t i = 0; i < v->words; i++)
        v->out[i] |= set[i];
}

static void add_at(struct live *v, uint32_t at)
{
    if (at < v->f->count)
        add_set(v, v->f->list[at].live);
}

/* Live after the instruction. */
static void live_out(struct live *v, uint32_t i)
{
    const struct ins *x = &v->f->list[i];
    memset(v->out, 0, v->words * sizeof *v->out);
    if (x->noreturn || x->kind == INS_RETURN)
        return;
    if (x->kind == INS_GOTO) {
        add_at(v, x->label->at);
        return;
    }
    if (x->kind == INS_ELSE) { /* reached from the end of the then part */
        add_at(v, x->match);
        return;
    }
    if (x->kind == INS_END && v->f->list[x->match].kind == INS_LOOP) {
        add_at(v, x->match);
        return;
    }
    add_at(v, i + 1);
    if (x->kind == INS_IF || (x->kind == INS_LOOP && x->text))
        add_at(v, x->match + 1);
}

typedef void use_fn(struct live *v, struct var *x, uint64_t *set);

static void each_use(struct live *v, const char *text, uint64_t *set, use_fn *use)
{
    for (; text && *text; text++)
        if (*text == MARK_VAR)
            use(v, &v->f->vars[atoi(text + 1)], set);
}

static void add_use(struct live *v, struct var *x, uint64_t *set)
{
    (void)v;
    x->used = true;
    if (x->bit)
        set[x->bit / 64] |= (uint64_t)1 << (x->bit % 64);
}

static void add_forced(struct live *v, struct var *x, uint64_t *set)
{
    if (x->forced && x->pointers)
        add_use(v, x, set);
}

static void remove_def(struct live *v, const struct ins *x, uint64_t *set)
{
    if (x->def != NO_VAR && v->f->vars[x->def].bit)
        set[v->f->vars[x->def].bit / 64] &= ~((uint64_t)1 << (v->f->vars[x->def].bit % 64));
}

static bool flow(struct live *v)
{
    bool changed = false;
    for (uint32_t i = v->f->count; i-- > 0;) {
        struct ins *x = &v->f->list[i];
        live_out(v, i);
        if (x->kind == INS_TEXT)
            remove_def(v, x, v->out);
        each_use(v, x->text, v->out, add_use);
        changed |= memcmp(v->out, x->live, v->words * sizeof *v->out) != 0;
        memcpy(x->live, v->out, v->words * sizeof *v->out);
    }
    return changed;
}

/* After flow, `live` of a safepoint becomes its mask. */
static void settle(struct live *v)
{
    struct fn *f = v->f;
    uint64_t *mask = ARENA_ARRAY(v->l->arena, uint64_t, f->count * v->words + 1);
    uint64_t *open = ARENA_ARRAY(v->l->arena, uint64_t, v->words);
    for (uint32_t i = 0; i < f->count; i++) {
        struct ins *x = &f->list[i];
        if (x->kind == INS_OPEN)
            add_use(v, &f->vars[x->def], open);
        else if (x->kind == INS_CLOSE)
            remove_def(v, x, open);
        if (!x->safepoint)
            continue;
        live_out(v, i);
        remove_def(v, x, v->out);
        each_use(v, x->text, v->out, add_forced);
        add_set(v, open);
        for (uint32_t k = 0; COMPILE_FAULT(v->l, dead_kept) && k < f->var_count; k++)
            add_use(v, &f->vars[k], v->out);
        memcpy(mask + i * v->words, v->out, v->words * sizeof *v->out);
    }
    for (uint32_t i = 0; i < f->count; i++)
        f->list[i].live = mask + i * v->words;
}

static bool in_mask(const uint64_t *mask, const struct var *x)
{
    return x->bit && mask[x->bit / 64] >> (x->bit % 64) & 1;
}

static void place_variables(struct live *v)
{
    struct fn *f = v->f;
    for (uint32_t k = 0; k < f->var_count; k++) {
        struct var *x = &f->vars[k];
        x->in_frame = x->forced || x->always;
        for (uint32_t i = 0; i < f->count && !x->in_frame; i++)
            x->in_frame = f->list[i].safepoint && in_mask(f->list[i].live, x);
        x->used |= x->in_frame;
    }
}

void live_compute(struct lowerer *l, struct fn *f)
{
    struct live v = {.l = l, .f = f};
    match_brackets(l, f);
    number_variables(&v);
    v.out = ARENA_ARRAY(l->arena, uint64_t, v.words);
    uint64_t *sets = ARENA_ARRAY(l->arena, uint64_t, f->count * v.words + 1);
    for (uint32_t i = 0; i < f->count; i++) {
        f->list[i].live = sets + i * v.words;
        if (f->list[i].def != NO_VAR && f->list[i].kind == INS_TEXT)
            f->vars[f->list[i].def].used = true;
    }
    while (flow(&v)) {
    }
    settle(&v);
    place_variables(&v);
}
