/*
 * escape_why: how what escapes or leaks gets out, in plain words.
 *
 * While trees become edges, the batch knows what the program does there, its act: the statement, or the call whose argument is evaluated; each
 * edge keeps it. When the solver finds that a location escapes, or that a parameter leaks, its walk still knows by which edges it came
 * from the root, so these are copied, one hop for each. The listing prints them below the verdict: what flows (the value, its address, what
 * it points to), where to, by which act and where; the last line says why that place outlives the frame.
 *
 *   a.go:5:2: moved to heap: n
 *       the address of n is assigned to p (a.go:6:4)
 *       p is returned (a.go:7:2): the caller keeps it
 */
#include "escape_internal.h"

enum { MAX_HOPS = 64 };

/* ---- acts ---- */

struct act esc_begin_act(struct batch *b, const char *what, struct pos pos)
{
    struct act before = b->act;
    b->act = (struct act){what, pos};
    return before;
}

struct act esc_begin_statement(struct walk *w, const struct stmt *s)
{
    static const char *const acts[] = {
        [STMT_ASSIGN] = "is assigned",           [STMT_DECL] = "is assigned",
        [STMT_RETURN] = "is returned",           [STMT_SEND] = "is sent on a channel",
        [STMT_GO] = "is used by a go statement", [STMT_DEFER] = "is used by a defer statement",
        [STMT_RANGE] = "is ranged over",
    };
    const char *what = s->kind < sizeof acts / sizeof *acts ? acts[s->kind] : NULL;
    return esc_begin_act(w->batch, what ? what : "is used", s->pos);
}

struct act esc_begin_argument(struct walk *w, const struct expr *call)
{
    if (!w->e->explains)
        return w->batch->act;
    struct text what;
    text_init(&what, w->e->arena);
    text_puts(&what, "is passed to ");
    esc_print_expr(&what, w->code->unit, call->call.fun);
    return esc_begin_act(w->batch, text_string(&what), call->pos);
}

/* ---- ways ---- */

struct hop *esc_single_hop(struct batch *b, const struct location *from, const struct location *to, int derefs)
{
    struct hop *h = ARENA_NEW(b->escape->arena, struct hop);
    *h = (struct hop){.from = from, .to = to, .derefs = derefs, .act = b->act};
    return h;
}

struct hop *esc_way(const struct batch *b, const struct location *l, const struct location *root)
{
    struct hop *first = NULL, **end = &first;
    for (int i = 0; i < MAX_HOPS && l != root; i++) {
        struct hop *h = ARENA_NEW(b->escape->arena, struct hop);
        *h = (struct hop){.from = l, .to = l->toward, .derefs = l->by->derefs, .act = l->by->act};
        *end = h;
        end = &h->next;
        l = l->toward;
    }
    return first;
}

/* ---- words ---- */

static void print_place(struct text *out, const struct location *l)
{
    if (l->kind == LOCATION_PSEUDO)
        text_puts(out, "memory that nobody follows");
    else if (l->object && !l->object->name->blank && *l->object->name->text)
        text_puts(out, l->object->name->text);
    else if (l->result)
        text_puts(out, "a result");
    else if (l->kind == LOCATION_SITE)
        esc_print_site(out, l);
    else
        text_puts(out, "a temporary");
}

static void print_flow(struct text *out, const struct hop *h)
{
    if (h->derefs < 0 && h->from->kind != LOCATION_SITE)
        text_puts(out, "the address of ");
    for (int i = 0; i < h->derefs; i++)
        text_puts(out, "what is behind ");
    print_place(out, h->from);
    text_printf(out, " %s", h->act.what ? h->act.what : "is used");
    if (h->to->kind != LOCATION_PSEUDO && !h->to->result && h->to->kind != LOCATION_TEMPORARY) {
        text_puts(out, ", so it is in ");
        print_place(out, h->to);
    }
}

/* Why the last place outlives what comes first. */
static const char *reason(const struct location *of, const struct location *last)
{
    if (last->kind == LOCATION_PSEUDO)
        return "what holds it then may live for ever";
    if (last->result)
        return "the caller keeps it";
    if (last->attrs & ATTR_ESCAPES)
        return "which is on the heap itself";
    if (last->code != of->code)
        return "which is a variable of the function outside";
    return "which outlives the iteration of the loop";
}

static void list_hop(struct escape *e, const struct location *of, const struct hop *h, bool last)
{
    text_puts(e->listing, "\t");
    print_flow(e->listing, h);
    if (pos_known(h->act.pos)) {
        struct source_place p = source_place(&e->program->compilation->sources, h->act.pos);
        text_printf(e->listing, " (%s:%u:%u)", p.file, (unsigned)p.line, (unsigned)p.column);
    }
    if (last)
        text_printf(e->listing, ": %s", reason(of, h->to));
    text_putc(e->listing, '\n');
}

/* Where a way ends in something that is on the heap itself, that one's way follows. */
void esc_list_why(const struct location *l)
{
    struct escape *e = l->code->unit->escape;
    const struct location *of = l;
    int count = 0;
    for (const struct hop *h = e->explains ? l->why : NULL; h && count < MAX_HOPS; count++) {
        const struct hop *next = h->next;
        if (!next && h->to->kind != LOCATION_PSEUDO && (h->to->attrs & ATTR_ESCAPES)) {
            next = h->to->why;
            of = h->to;
        }
        list_hop(e, of, h, !next);
        h = next;
    }
}
