/*
 * live: which variables hold live pointers at which safepoint.
 *
 * Backward data flow over the instruction list: live before = uses + (live after - what is wholly set). Structure brackets and labels
 * give the edges. Only variables with pointers, and exposed ones (whose address is known to others), are tracked, a bit each; sets are
 * words of bits, and the list is walked until nothing changes, which nesting of loops bounds.
 *
 * An exposed variable lives as long as anything that may lead to it. Which variables may hold the address of which exposed ones is
 * found beforehand, for the whole function, by what instructions mention together: what is set may hold the addresses that are taken
 * there and whatever the mentioned variables lead to, and where an instruction may store through a pointer, so may every variable
 * those pointers lead to. Escape analysis gives that no other place holds such an address, but for deferred calls: what those are
 * given lives to the end.
 *
 * The mask of a safepoint: what is live after it without what it sets, what its own text takes the address of or leads to, and what
 * these lead to. A variable that no path has set yet is in no mask, and one that some path to a mask has not set is cleared at entry.
 * What a variable leads to is known for the function as a whole, so a mask may have an exposed variable to which nothing leads there.
 * Those with pointers that are in the mask only as something may lead to them are its candidates: a collector looks at one when it has met
 * a pointer to it. What a compiled function is given is its own to keep; what another operation is given the address of is live during it.
 *
 * Two variables conflict when some instruction has both in the frame; those that do not may lie in one place (emit_frame.c). What the entry
 * sets, and what lives everywhere, conflicts with all.
 */
#include <stdlib.h>

#include "lower_internal.h"

struct live {
    struct lowerer *l;
    struct fn *f;
    uint32_t words;    /* of a set */
    uint64_t *out;     /* scratch */
    uint64_t *reach;   /* scratch */
    uint64_t *done;    /* scratch */
    uint64_t **holds;  /* by bit: exposed variables whose address the variable may hold; NULL: none */
    uint64_t *leaders; /* those with holds */
    bool led;          /* holds are final */
    uint64_t *objects; /* exposed variables with pointers */
    uint64_t *sets;    /* live before each instruction */
    uint64_t *masks;   /* of safepoints, and what of each are candidates */
    struct var **by_bit;
    uint32_t bits;
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
    v->by_bit = ARENA_ARRAY(v->l->arena, struct var *, v->f->var_count + 1);
    for (uint32_t i = 0; i < v->f->var_count; i++) {
        struct var *x = &v->f->vars[i];
        if (x->pointers || x->exposed)
            v->by_bit[x->bit = ++v->bits] = x;
        x->always |= x->pointers && COMPILE_FAULT(v->l, dead_kept);
    }
    v->words = v->bits / 64 + 1;
    v->holds = ARENA_ARRAY(v->l->arena, uint64_t *, v->bits + 1);
    v->leaders = ARENA_ARRAY(v->l->arena, uint64_t, v->words);
    v->objects = ARENA_ARRAY(v->l->arena, uint64_t, v->words);
    v->out = ARENA_ARRAY(v->l->arena, uint64_t, v->words);
    v->reach = ARENA_ARRAY(v->l->arena, uint64_t, v->words);
    v->done = ARENA_ARRAY(v->l->arena, uint64_t, v->words);
    v->sets = ARENA_ARRAY(v->l->arena, uint64_t, (size_t)v->f->count * v->words + 1);
    v->masks = ARENA_ARRAY(v->l->arena, uint64_t, 2 * (size_t)v->f->count * v->words + 1);
}

/* ---- sets ---- */

static void set_bit(uint64_t *set, const struct var *x)
{
    if (x->bit)
        set[x->bit / 64] |= (uint64_t)1 << (x->bit % 64);
}

static void remove_bit(uint64_t *set, const struct var *x)
{
    if (x->bit)
        set[x->bit / 64] &= ~((uint64_t)1 << (x->bit % 64));
}

static uint32_t next_bit(const struct live *v, const uint64_t *set, uint32_t after)
{
    for (uint32_t i = after + 1; i <= v->bits; i++)
        if (set[i / 64] >> (i % 64) == 0)
            i |= 63;
        else if (set[i / 64] >> (i % 64) & 1)
            return i;
    return 0;
}

/* Whether dst grew. */
static bool merge(const struct live *v, uint64_t *dst, const uint64_t *src)
{
    bool grew = false;
    for (uint32_t i = 0; src && i < v->words; i++) {
        grew |= (src[i] & ~dst[i]) != 0;
        dst[i] |= src[i];
    }
    return grew;
}

/* Adds the exposed variables that those of the set lead to. Once all is known, what a variable leads to is whole: those among it are done. */
static void close_over(const struct live *v, uint64_t *set)
{
    memset(v->done, 0, v->words * sizeof *v->done);
    for (bool grew = true; grew;) {
        grew = false;
        for (uint32_t k = v->words; k-- > 0;)
            for (uint64_t left; (left = set[k] & v->leaders[k] & ~v->done[k]);) {
                uint32_t bit = 63 - (uint32_t)__builtin_clzll(left);
                v->done[k] |= (uint64_t)1 << bit;
                grew |= merge(v, set, v->holds[k * 64 + bit]);
                if (v->led)
                    merge(v, v->done, v->holds[k * 64 + bit]);
            }
    }
}

static uint64_t *before(const struct live *v, uint32_t i)
{
    return v->sets + (size_t)i * v->words;
}

/* ---- who leads to whom ---- */

static bool hold(struct live *v, const struct var *x, const uint64_t *set)
{
    if (!x->bit || !x->pointers)
        return false;
    if (!v->holds[x->bit])
        v->holds[x->bit] = ARENA_ARRAY(v->l->arena, uint64_t, v->words);
    set_bit(v->leaders, x);
    return merge(v, v->holds[x->bit], set);
}

/* Is it the address of the variable that the mark stands for, or of a part: &x, &x.f? */
static bool takes_address(const char *text, const char *mark)
{
    return mark > text && mark[-1] == '&';
}

/* The exposed variables whose address the text takes, and what its variables lead to. */
static bool reached(struct live *v, const char *text)
{
    bool any = false;
    memset(v->reach, 0, v->words * sizeof *v->reach);
    for (const char *s = text; s && *s; s++)
        if (*s == MARK_VAR) {
            const struct var *x = &v->f->vars[atoi(s + 1)];
            bool address = x->exposed && takes_address(text, s);
            if (address)
                set_bit(v->reach, x);
            if (x->bit)
                merge(v, v->reach, v->holds[x->bit]);
            any |= address || (x->bit && v->holds[x->bit]);
        }
    if (any)
        close_over(v, v->reach);
    return any;
}

/* Is it x.f = … or x.a[2] = …, which changes a part of that variable and nothing through a pointer? */
static bool sets_part(const char *text)
{
    if (*text != MARK_VAR)
        return false;
    const char *behind = strchr(text, MARK_END) + 1;
    behind += strspn(behind, ".[]_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return !strncmp(behind, " = ", 3) && !strstr(behind, "(g");
}

/* Variables that the instruction changes otherwise than by setting them wholly: the place of an assignment, and what is given by address. */
static bool hold_targets(struct live *v, const struct ins *x)
{
    if (sets_part(x->text))
        return hold(v, &v->f->vars[atoi(x->text + 1)], v->reach);
    bool grew = false, first = x->def == NO_VAR;
    for (const char *s = x->text; *s; s++) {
        if (*s != MARK_VAR)
            continue;
        if (first || takes_address(x->text, s))
            grew |= hold(v, &v->f->vars[atoi(s + 1)], v->reach);
        first = false;
    }
    for (uint32_t i = 0; (i = next_bit(v, v->reach, i));)
        grew |= hold(v, v->by_bit[i], v->reach);
    return grew;
}

/* Channels are on the heap, and what an operation of theirs is given the address of it forgets when it returns. */
static bool lead(struct live *v, const struct ins *x)
{
    if (x->kind != INS_TEXT || !reached(v, x->text) || strstr(x->text, "gomem_rt.chans->"))
        return false;
    bool grew = x->def != NO_VAR && hold(v, &v->f->vars[x->def], v->reach);
    if (x->def == NO_VAR || strstr(x->text, "(g"))
        grew |= hold_targets(v, x);
    return grew;
}

static void find_leads(struct live *v)
{
    for (bool grew = true; grew;) {
        grew = false;
        for (uint32_t i = 0; i < v->f->count; i++)
            grew |= lead(v, &v->f->list[i]);
    }
    v->led = true;
    for (uint32_t i = 0; i < v->f->count; i++) {
        const struct ins *x = &v->f->list[i];
        if (x->kind != INS_TEXT || !strstr(x->text, "gomem_push_defer(") || !reached(v, x->text))
            continue;
        for (uint32_t k = 0; (k = next_bit(v, v->reach, k));) {
            v->by_bit[k]->always |= v->by_bit[k]->pointers;
            v->by_bit[k]->alone = true;
        }
    }
}

/* ---- flow ---- */

static void add_set(struct live *v, const uint64_t *set)
{
    for (uint32_t i = 0; i < v->words; i++)
        v->out[i] |= set[i];
}

static void add_at(struct live *v, uint32_t at)
{
    if (at < v->f->count)
        add_set(v, before(v, at));
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

static void add_uses(struct live *v, const char *text, uint64_t *set)
{
    for (; text && *text; text++)
        if (*text == MARK_VAR) {
            struct var *x = &v->f->vars[atoi(text + 1)];
            x->used = true;
            set_bit(set, x);
        }
}

static void remove_def(struct live *v, const struct ins *x, uint64_t *set)
{
    if (x->def != NO_VAR)
        remove_bit(set, &v->f->vars[x->def]);
}

static bool flow(struct live *v)
{
    bool changed = false;
    for (uint32_t i = v->f->count; i-- > 0;) {
        struct ins *x = &v->f->list[i];
        live_out(v, i);
        if (x->kind == INS_TEXT)
            remove_def(v, x, v->out);
        add_uses(v, x->text, v->out);
        changed |= memcmp(v->out, before(v, i), v->words * sizeof *v->out) != 0;
        memcpy(before(v, i), v->out, v->words * sizeof *v->out);
    }
    return changed;
}

/* ---- what is set ---- */

/* Variables set on some path, and on every path, from entry to each instruction. */
struct assigned {
    uint64_t *some, *every;
    bool *reached;
    bool changed;
};

static void arrive(struct live *v, struct assigned *a, const struct ins *from, uint32_t i, uint32_t to)
{
    if (to >= v->f->count)
        return;
    uint64_t *some = a->some + to * v->words, *every = a->every + to * v->words;
    for (uint32_t k = 0; k < v->words; k++) {
        uint64_t set = from->def != NO_VAR && from->kind == INS_TEXT && v->f->vars[from->def].bit / 64 == k
                           ? (uint64_t)1 << (v->f->vars[from->def].bit % 64)
                           : 0;
        uint64_t s = a->some[i * v->words + k] | set, e = a->every[i * v->words + k] | set;
        uint64_t new_some = some[k] | s, new_every = a->reached[to] ? every[k] & e : e;
        a->changed |= !a->reached[to] || new_some != some[k] || new_every != every[k];
        some[k] = new_some;
        every[k] = new_every;
    }
    a->reached[to] = true;
}

static void pass_on(struct live *v, struct assigned *a, uint32_t i)
{
    const struct ins *x = &v->f->list[i];
    if (!a->reached[i] || x->noreturn || x->kind == INS_RETURN)
        return;
    if (x->kind == INS_GOTO) {
        arrive(v, a, x, i, x->label->at);
    } else if (x->kind == INS_ELSE || (x->kind == INS_END && v->f->list[x->match].kind == INS_LOOP)) {
        arrive(v, a, x, i, x->match);
    } else {
        arrive(v, a, x, i, i + 1);
        if (x->kind == INS_IF || (x->kind == INS_LOOP && x->text))
            arrive(v, a, x, i, x->match + 1);
    }
}

static struct assigned find_assigned(struct live *v)
{
    size_t n = (size_t)v->f->count * v->words + 1;
    struct assigned a = {ARENA_ARRAY(v->l->arena, uint64_t, n), ARENA_ARRAY(v->l->arena, uint64_t, n),
                         ARENA_ARRAY(v->l->arena, bool, v->f->count + 1), true};
    a.reached[0] = true;
    for (uint32_t k = 0; k < v->f->var_count; k++)
        if (v->f->vars[k].param || v->f->vars[k].zeroed) {
            set_bit(a.some, &v->f->vars[k]);
            set_bit(a.every, &v->f->vars[k]);
        }
    if (v->f->epilogue && v->f->epilogue->placed) /* reached from everywhere, by a recovery */
        a.reached[v->f->epilogue->at] = true;
    while (a.changed) {
        a.changed = false;
        for (uint32_t i = 0; i < v->f->count; i++)
            pass_on(v, &a, i);
    }
    return a;
}

/* ---- masks ---- */

/* Adds what the operation, which keeps nothing itself, is given the address of. */
static void add_lent(struct live *v, const struct ins *x, uint64_t *set)
{
    for (const char *s = x->text; s && *s && !x->compiled; s++)
        if (*s == MARK_VAR && takes_address(x->text, s))
            set_bit(set, &v->f->vars[atoi(s + 1)]);
}

/* Makes out, which has what is used later, the mask of a safepoint. */
static void mask_at(struct live *v, uint32_t i, const struct assigned *a)
{
    const struct ins *x = &v->f->list[i];
    uint64_t *mask = v->out;
    close_over(v, mask);
    if (reached(v, x->text))
        merge(v, mask, v->reach);
    for (uint32_t k = 0; k < v->f->var_count; k++) {
        struct var *var = &v->f->vars[k];
        if (COMPILE_FAULT(v->l, dead_kept))
            set_bit(mask, var);
        if (!var->exposed || !var_in(mask, var) || var->always)
            continue;
        if (!var_in(a->some + i * v->words, var))
            remove_bit(mask, var);
        else if (!var_in(a->every + i * v->words, var))
            var->cleared = true;
    }
}

/* `live` of a safepoint is its mask, `candidates` the objects in it that are not definite. */
static void settle(struct live *v)
{
    struct fn *f = v->f;
    struct assigned a = find_assigned(v);
    for (uint32_t i = 0; i < f->count; i++) {
        struct ins *x = &f->list[i];
        x->live = v->masks + 2 * (size_t)i * v->words;
        x->candidates = x->live + v->words;
        if (!x->safepoint)
            continue;
        live_out(v, i);
        remove_def(v, x, v->out);
        memcpy(x->candidates, v->out, v->words * sizeof *v->out);
        add_lent(v, x, x->candidates); /* the definite ones, so far */
        mask_at(v, i, &a);
        memcpy(x->live, v->out, v->words * sizeof *v->out);
        for (uint32_t k = 0; k < v->words; k++)
            x->candidates[k] = COMPILE_FAULT(v->l, dead_kept) ? 0 : x->live[k] & v->objects[k] & ~x->candidates[k];
        for (uint32_t k = 0; (k = next_bit(v, x->candidates, k));)
            v->by_bit[k]->candidate = true;
    }
}

static void place_variables(struct live *v)
{
    struct fn *f = v->f;
    for (uint32_t k = 0; k < f->var_count; k++) {
        struct var *x = &f->vars[k];
        x->in_frame = x->exposed || x->always;
        x->cached = !x->in_frame;
        for (uint32_t i = 0; i < f->count; i++)
            if (f->list[i].safepoint && var_in(f->list[i].live, x)) {
                x->in_frame = true;
                x->cached &= f->list[i].poll;
            }
        x->cached &= x->in_frame;
        x->cleared |= x->always && !x->param;
        x->used |= x->in_frame;
    }
}

/* ---- conflicts ---- */

static void give_conflicts(struct live *v)
{
    for (uint32_t k = 0; k < v->f->var_count; k++) {
        struct var *x = &v->f->vars[k];
        if (x->in_frame && x->bit && !(x->always || x->alone || x->cleared || x->zeroed))
            x->conflicts = ARENA_ARRAY(v->l->arena, uint64_t, v->words);
    }
}

static void conflict(struct live *v, const uint64_t *set)
{
    for (uint32_t i = 0; (i = next_bit(v, set, i));)
        if (v->by_bit[i]->conflicts)
            merge(v, v->by_bit[i]->conflicts, set);
}

/* In out: the variables that the instruction has in the frame. */
static void occupied_at(struct live *v, uint32_t i, const uint64_t *framed, const uint64_t *cached)
{
    const struct ins *x = &v->f->list[i];
    live_out(v, i);
    add_set(v, before(v, i));
    if (x->def != NO_VAR)
        set_bit(v->out, &v->f->vars[x->def]);
    close_over(v, v->out);
    for (uint32_t k = 0; k < v->words; k++)
        v->out[k] &= framed[k] | (x->poll ? cached[k] & x->live[k] : 0);
}

static void find_conflicts(struct live *v)
{
    uint64_t *framed = ARENA_ARRAY(v->l->arena, uint64_t, v->words);
    uint64_t *cached = ARENA_ARRAY(v->l->arena, uint64_t, v->words);
    uint64_t *last = ARENA_ARRAY(v->l->arena, uint64_t, v->words);
    for (uint32_t k = 0; k < v->f->var_count; k++) {
        struct var *x = &v->f->vars[k];
        if (!x->in_frame)
            continue;
        set_bit(x->cached ? cached : framed, x);
        if (x->param || x->by_reference)
            set_bit(last, x);
    }
    conflict(v, last);
    for (uint32_t i = 0; i < v->f->count; i++) {
        occupied_at(v, i, framed, cached);
        if (!memcmp(v->out, last, v->words * sizeof *last))
            continue;
        memcpy(last, v->out, v->words * sizeof *last);
        conflict(v, last);
    }
}

bool live_conflict(const struct var *a, const struct var *b)
{
    return !a->conflicts || !b->conflicts || var_in(a->conflicts, b);
}

void live_compute(struct lowerer *l, struct fn *f)
{
    struct live v = {.l = l, .f = f};
    match_brackets(l, f);
    number_variables(&v);
    for (uint32_t i = 0; i < f->count; i++)
        if (f->list[i].def != NO_VAR && f->list[i].kind == INS_TEXT)
            f->vars[f->list[i].def].used = true;
    find_leads(&v);
    for (uint32_t k = 0; k < f->var_count; k++)
        if (f->vars[k].exposed && f->vars[k].pointers && !f->vars[k].always)
            set_bit(v.objects, &f->vars[k]);
    while (flow(&v)) {
    }
    settle(&v);
    place_variables(&v);
    give_conflicts(&v);
    find_conflicts(&v);
}
