// What keeps a block: a shortest way from a root to it.
//
// Everything is reached again with the world stopped (reach.c), breadth first, so the first pointer met that leads into the block ends a way of the
// fewest blocks. Each block met knows by which one it was, so the way is read backwards; its root is a word, of which is found out afterwards
// whose it is: a variable's, a frame's, or the runtime's. In which word of a block the pointer to the next one lies is found by reading it.
#include "internal.h"

static struct {
    uintptr_t block;        // the one in question
    struct reach_step last; // holds a pointer to it
    bool found;
} wanted;

static void met(struct span *s, uint32_t index, uintptr_t p, const struct reach_step *from)
{
    (void)p;
    if (!wanted.found && span_block(s, index) == wanted.block) {
        wanted.last = *from;
        wanted.found = true;
    }
}

// ---- telling ----

static uintptr_t block_of(uintptr_t p)
{
    struct span *s = span_of(p);
    return s ? span_block(s, span_index(s, p)) : 0;
}

// offset_of is where in a holder of that many bytes a pointer into the block is, SIZE_MAX if there is none any more.
static uintptr_t offset_of(uintptr_t holder, uintptr_t bytes, uintptr_t block)
{
    for (uintptr_t at = 0; at < bytes; at += WORD)
        if (block_of(*(uintptr_t *)(holder + at)) == block)
            return at;
    return UINTPTR_MAX;
}

static gomem_holder tell_block(const struct reach_step *step, uintptr_t next)
{
    struct span *s = span_of(step->block);
    uintptr_t header = span_has_header(s) ? HEADER : 0, start = step->block + header;
    return (gomem_holder){.kind = GOMEM_HELD_BY_BLOCK,
                          .address = start,
                          .bytes = s->elem_size - header,
                          .offset = offset_of(start, s->elem_size - header, next)};
}

static bool tell_frame(const struct g *g, const char *word, gomem_holder *h)
{
    for (const char *at = g->head.sp; at < g->head.stack_base;) {
        const gomem_frame *f = (const void *)at;
        if (word >= at && word < at + f->desc->size) {
            h->call = *f;
            h->bytes = f->desc->size;
            h->offset = (uintptr_t)(word - at);
            return true;
        }
        at += f->desc->size;
    }
    return false;
}

static bool tell_variable(uintptr_t word, gomem_holder *h)
{
    for (uintptr_t i = 0; i < ref_unit->root_count; i++) {
        const gomem_root *r = &ref_unit->roots[i];
        if (word - (uintptr_t)r->start >= r->bytes)
            continue;
        *h = (gomem_holder){.kind = GOMEM_HELD_BY_VARIABLE,
                            .name = r->name,
                            .address = (uintptr_t)r->start,
                            .bytes = r->bytes,
                            .offset = word - (uintptr_t)r->start};
        return true;
    }
    return false;
}

static gomem_holder tell_root(const struct reach_step *step)
{
    gomem_holder h = {.kind = GOMEM_HELD_BY_RUNTIME, .name = step->what};
    if (step->g) {
        h.kind = GOMEM_HELD_BY_GOROUTINE;
        h.goroutine = step->g->id;
        tell_frame(step->g, (const char *)step->word, &h);
    } else if (step->word) {
        tell_variable((uintptr_t)step->word, &h);
    }
    return h;
}

static intptr_t tell(gomem_holder *way, intptr_t room)
{
    intptr_t n = 1;
    for (const struct reach_step *s = &wanted.last; s->block; s = reach_step_at(s->from))
        n++;
    struct reach_step step = wanted.last;
    uintptr_t next = wanted.block;
    for (intptr_t i = n - 1; i >= 0; i--) {
        if (i < room)
            way[i] = step.block ? tell_block(&step, next) : tell_root(&step);
        next = step.block;
        if (i)
            step = *reach_step_at(step.from);
    }
    return n;
}

intptr_t retain_find(gomem_g *g, uintptr_t address, gomem_holder *way, intptr_t n)
{
    (void)g;
    world_stop("gc: retainers");
    wanted.block = block_of(address);
    wanted.found = false;
    intptr_t steps = 0;
    if (wanted.block) {
        reach_everything(met);
        steps = wanted.found ? tell(way, n) : 0;
        reach_end();
    }
    world_start();
    return steps;
}
