/*
 * emit_frame: where variables lie in a function's frame.
 *
 * Variables that never are in the frame at the same time (live.c) share places. The largest are placed first, each at the lowest offset where it
 * overlaps none that it conflicts with; those placed are kept in the order of their offsets, so that one pass over them finds it.
 *
 * In C the frame is a struct of the variables in that order. If some overlap, it is a union, each behind as many bytes as its offset
 * says.
 */
#include <stdlib.h>

#include "lower_internal.h"

struct places {
    struct lowerer *l;
    struct var **list; /* by offset */
    uint32_t count;
};

static int64_t size_in_frame(struct lowerer *l, const struct var *x)
{
    return layout_of(l->t, x->type)->size;
}

static int64_t aligned(struct lowerer *l, const struct var *x, int64_t at)
{
    int64_t align = layout_of(l->t, x->type)->align;
    return (at + align - 1) / align * align;
}

static int64_t end_of(struct lowerer *l, const struct var *x)
{
    return x->offset + size_in_frame(l, x);
}

static void place(struct places *p, struct var *x, int64_t start)
{
    int64_t at = aligned(p->l, x, start), size = size_in_frame(p->l, x);
    for (uint32_t i = 0; i < p->count; i++) {
        const struct var *y = p->list[i];
        int64_t end = end_of(p->l, y);
        if (end <= at || !live_conflict(x, y))
            continue;
        if (at + size <= y->offset)
            break;
        at = aligned(p->l, x, end);
    }
    x->offset = at;
    uint32_t i = p->count++;
    for (; i && p->list[i - 1]->offset > at; i--)
        p->list[i] = p->list[i - 1];
    p->list[i] = x;
}

struct sized {
    int64_t size;
    uint32_t number;
};

static int larger_first(const void *a, const void *b)
{
    const struct sized *x = a, *y = b;
    if (x->size != y->size)
        return x->size < y->size ? 1 : -1;
    return x->number < y->number ? -1 : 1;
}

int64_t frame_lay_out(struct lowerer *l, struct fn *f, int64_t start)
{
    struct places p = {l, ARENA_ARRAY(l->arena, struct var *, f->var_count + 1), 0};
    struct sized *order = ARENA_ARRAY(l->arena, struct sized, f->var_count + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < f->var_count; i++)
        if (f->vars[i].in_frame)
            order[n++] = (struct sized){size_in_frame(l, &f->vars[i]), i};
    qsort(order, n, sizeof *order, larger_first);
    int64_t end = start;
    for (uint32_t i = 0; i < n; i++) {
        struct var *x = &f->vars[order[i].number];
        place(&p, x, start);
        if (end_of(l, x) > end)
            end = end_of(l, x);
    }
    f->placed = p.list;
    f->placed_count = n;
    return end;
}

/* A struct of them in that order has the offsets. */
static bool is_plain(struct lowerer *l, const struct fn *f, int64_t start)
{
    int64_t at = start;
    for (uint32_t i = 0; i < f->placed_count; i++) {
        if (f->placed[i]->offset != aligned(l, f->placed[i], at))
            return false;
        at = end_of(l, f->placed[i]);
    }
    return true;
}

void frame_members(struct lowerer *l, const struct fn *f, int64_t start, struct text *out)
{
    bool overlap = !is_plain(l, f, start);
    text_puts(out, overlap ? "    union {\n" : "");
    for (uint32_t i = 0; i < f->placed_count; i++) {
        const struct var *x = f->placed[i];
        const char *member = x->ctype ? F(l, "%s %s", x->ctype, x->name) : declare(l, x->type, x->name);
        long long skip = x->offset - start;
        if (overlap && skip)
            text_printf(out, "        struct { char skip%u_[%lld]; %s; };\n", i, skip, member);
        else
            text_printf(out, "    %s%s;\n", overlap ? "    " : "", member);
    }
    text_puts(out, overlap ? "    };\n" : "");
}
