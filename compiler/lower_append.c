/*
 * lower_append: append, and where its stores begin.
 *
 * Where escape analysis allows it, a slice's first store is a buffer in the frame (escape_append.c). A variable appended to has one
 * buffer in each C function. Its first append takes the buffer when the slice is empty and too small:
 *
 *     if (s.len == 0 && s.cap < n [&& !used])   [used = true;] store = 0; t = {store, n, room};
 *     else                                      t = gomem_append_room(…);
 *
 * In steps, gomem_append_steps lets all its appends use the buffer. A slice that leaves the function moves to the heap before the
 * statement that lets it out: lower_moves.
 */
#include "lower_internal.h"

/* Of a slice variable, or of an append to something else. */
struct append_buffer {
    int32_t store, used; /* variables; used: NO_VAR until needed */
    int64_t room;        /* elements */
    bool taken;          /* an append has the code that begins in it */
};

static struct append_buffer *buffer_of(struct lowerer *l, const void *owner, struct type *elem)
{
    struct append_buffer *b = ptr_map_get(&l->fn->append_buffers, owner);
    if (b)
        return b;
    b = ARENA_NEW(l->arena, struct append_buffer);
    b->room = ESCAPE_SMALL_MAKE_BYTES / size_of(l, elem);
    struct type *word = has_pointers(l, elem) ? elem : basic(l, BASIC_UINT64); /* aligned at least as a word is */
    int64_t words = has_pointers(l, elem) ? b->room : ESCAPE_SMALL_MAKE_BYTES / 8;
    b->store = new_var(l, "store", types_canonical(l->t, types_array(l->t, word, words)));
    b->used = NO_VAR;
    l->fn->vars[b->store].exposed = true;
    ptr_map_set(l->arena, &l->fn->append_buffers, owner, b);
    return b;
}

static const char *start_of(struct lowerer *l, const struct append_buffer *b)
{
    return F(l, "(void *)&%s", V(l, b->store));
}

static bool fits_buffer(struct lowerer *l, struct type *elem)
{
    int64_t size = size_of(l, elem);
    return size > 0 && size <= ESCAPE_SMALL_MAKE_BYTES;
}

/* ---- append ---- */

static bool calls_make(const struct expr *x)
{
    return x->kind == EXPR_CALL && x->call.kind == CALL_BUILTIN && builtin_of(x) == BUILTIN_MAKE;
}

static const char *append_spread(struct lowerer *l, struct expr *e, struct type *type, const char *s)
{
    struct type *elem = lower_type(l, under(l, type)->slice.elem);
    struct expr *x = e->call.args.items[1];
    if (x->mode == MODE_NIL)
        return s;
    const struct expr *made = ast_unparen(x);
    if (calls_make(made) && made->call.args.count == 2)
        return temp(l, type,
                    F(l, "gomem_append_zeros(g, " MARK_HERE ", %s, %s, %s)", descriptor(l, elem), s,
                      lower_size(l, made->call.args.items[1])));
    bool text = is_string(l, type_of(l, x));
    return temp(l, type,
                F(l, "gomem_append_%s(g, " MARK_HERE ", %s, %s, %s)", text ? "string" : "slice", descriptor(l, elem), s,
                  lower_expr(l, x)));
}

/* s with room for n elements more; its store may be the buffer. */
static const char *begin_in(struct lowerer *l, struct append_buffer *b, bool again, struct type *type,
                            struct type *elem, const char *s, uint32_t n)
{
    int32_t t = new_var(l, "t", type);
    const char *flag = "";
    b->taken = true;
    if (again) {
        b->used = new_var(l, "used", basic(l, BASIC_BOOL));
        l->fn->vars[b->used].zeroed = true;
        flag = F(l, " && !%s", V(l, b->used));
    }
    emit_if(l, F(l, "%s.len == 0 && %s.cap < %u%s", s, s, n, flag));
    if (again)
        emit_def(l, b->used, "true");
    emit_def(l, b->store, zero(l, l->fn->vars[b->store].type));
    emit_def(l, t, F(l, "(gomem_slice){%s, %u, %lld}", start_of(l, b), n, (long long)b->room));
    emit_else(l);
    emit_def(l, t, F(l, "gomem_append_room(g, " MARK_HERE ", %s, %s, %u)", descriptor(l, elem), s, n));
    emit_end(l);
    return V(l, t);
}

static const char *with_room(struct lowerer *l, struct expr *e, struct type *type, struct type *elem, const char *s,
                             uint32_t n)
{
    if (small_on_stack(l, e) && fits_buffer(l, elem)) {
        const struct expr *to = ast_unparen(e->call.args.items[0]);
        struct append_buffer *b = buffer_of(l, to->kind == EXPR_NAME ? (const void *)to->name.object : e, elem);
        struct escape_buffer how = escape_append(l->fn->escape, e);
        if (how.steps) {
            l->fn->vars[b->store].zeroed = has_pointers(l, elem);
            return temp(l, type,
                        F(l, "gomem_append_steps(g, " MARK_HERE ", %s, %s, %u, %s)", descriptor(l, elem), s, n,
                          start_of(l, b)));
        }
        if (!b->taken && n <= b->room)
            return begin_in(l, b, how.again, type, elem, s, n);
    }
    return temp(l, type, F(l, "gomem_append_room(g, " MARK_HERE ", %s, %s, %u)", descriptor(l, elem), s, n));
}

const char *lower_append(struct lowerer *l, struct expr *e)
{
    struct type *type = type_of(l, e), *elem = lower_type(l, under(l, type)->slice.elem);
    uint32_t n = e->call.args.count - 1;
    const char *s = lower_to(l, e->call.args.items[0], type);
    const char **values = ARENA_ARRAY(l->arena, const char *, n + 1);
    if (n)
        s = stable(l, type, s);
    if (e->flag)
        return append_spread(l, e, type, s);
    for (uint32_t i = 0; i < n; i++)
        values[i] = stable(l, elem, lower_to(l, e->call.args.items[i + 1], elem));
    if (!n)
        return s;
    const char *t = with_room(l, e, type, elem, s, n);
    for (uint32_t i = 0; i < n; i++) {
        struct place to = {.text = F(l, "((%s *)%s.ptr)[%s.len - %u]", ctype(l, elem), t, t, n - i),
                           .memory = true,
                           .var = NO_VAR,
                           .type = elem};
        store(l, to, values[i]);
    }
    return t;
}

/* ---- moves ---- */

void lower_moves(struct lowerer *l, const struct stmt *s)
{
    const struct escape_move *m = l->fn->escape ? escape_moves(l->fn->escape, s) : NULL;
    for (; m; m = m->next) {
        struct place p = place_var(l, (struct object *)(uintptr_t)m->slice);
        struct type *elem = lower_type(l, under(l, p.type)->slice.elem);
        if (!fits_buffer(l, elem))
            continue;
        const struct append_buffer *b = buffer_of(l, m->slice, elem);
        const char *slice = load(l, p);
        emit_if(l, F(l, "gomem_in_buffer(%s, %s)", slice, start_of(l, b)));
        store(l, p,
              F(l, "gomem_move_slice(g, %s, %s, %s)", descriptor(l, elem), slice, m->keep_capacity ? "true" : "false"));
        emit_end(l);
    }
}
