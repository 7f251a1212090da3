/*
 * check_anonymous: interfaces without a name that refer to themselves, which the toolchain refuses.
 *
 * `type I interface { m() interface { I } }` is one: the result has the method m, whose result it is. Each interface that is written
 * down is a start; the walk goes through the signatures of all methods, those of embedded interfaces too, and through types without a
 * name, as no other way leads back. What has been left once is on no such way.
 */
#include "check_internal.h"

enum visit { NOT_VISITED, ON_THE_WAY, LEFT };

void check_note_interface(struct checker *c, struct pos pos, struct type *interface)
{
    c->interfaces =
        arena_grow(c->arena, c->interfaces, sizeof *c->interfaces, c->interface_count + 1, &c->interface_capacity);
    uint32_t i = c->interface_count++;
    for (; i > 0 && pos_before(pos, c->interfaces[i - 1].pos); i--)
        c->interfaces[i] = c->interfaces[i - 1];
    c->interfaces[i] = (struct noted_interface){pos, interface};
}

static bool refers_back(struct checker *c, struct type *x);

static bool any_refers_back(struct checker *c, struct type_list list)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (refers_back(c, list.items[i]))
            return true;
    return false;
}

static bool any_method_refers_back(struct checker *c, struct type *interface)
{
    struct object_list methods = types_set(c->t, interface)->methods;
    for (uint32_t i = 0; i < methods.count; i++)
        if (refers_back(c, methods.items[i]->type))
            return true;
    return false;
}

static bool interface_refers_back(struct checker *c, struct type *x)
{
    if (!x->interface.methods.count && !x->interface.embeds.count)
        return false;
    if (x->visit != NOT_VISITED)
        return x->visit == ON_THE_WAY;
    x->visit = ON_THE_WAY;
    bool back = any_method_refers_back(c, x);
    x->visit = LEFT;
    return back;
}

static bool refers_back(struct checker *c, struct type *x)
{
    switch ((enum type_kind)x->kind) {
    case TYPE_POINTER:
        return refers_back(c, x->pointer.elem);
    case TYPE_ARRAY:
        return refers_back(c, x->array.elem);
    case TYPE_SLICE:
        return refers_back(c, x->slice.elem);
    case TYPE_CHAN:
        return refers_back(c, x->chan.elem);
    case TYPE_MAP:
        return refers_back(c, x->map.key) || refers_back(c, x->map.elem);
    case TYPE_FUNC:
        return refers_back(c, x->func.params) || refers_back(c, x->func.results);
    case TYPE_TUPLE:
        return any_refers_back(c, x->tuple);
    case TYPE_STRUCT:
        for (uint32_t i = 0; i < x->struct_.fields.count; i++)
            if (refers_back(c, x->struct_.fields.items[i]->type))
                return true;
        return false;
    case TYPE_INTERFACE:
        return interface_refers_back(c, x);
    default:
        return false;
    }
}

void check_anonymous(struct checker *c)
{
    for (uint32_t i = 0; i < c->interface_count; i++)
        if (any_method_refers_back(c, c->interfaces[i].type))
            check_error(
                c, c->interfaces[i].pos,
                "invalid recursive type: anonymous interface refers to itself (see https://go.dev/issue/56103)");
}
