/*
 * emit_inlined: records of inlined calls, by which a traceback shows the callees as frames of their own.
 *
 * A position in inlined code leads from call to call outwards (source.h). Each call on the way is a record: the callee's name, the place in
 * it, and the record of the call round it. A function's records are shared by its safepoints.
 */
#include "lower_internal.h"

static const char *callee_name(struct lowerer *l, const struct function *f)
{
    if (f->object)
        return trace_name(l, f->object, 0);
    const char *outer = f->outer ? callee_name(l, f->outer) : F(l, "%s.init", trace_package(f->package));
    return F(l, f->outer && f->outer->literal ? "%s.%u" : "%s.func%u", outer,
             escape_literal_number(l->arena, (struct function *)f, ESCAPE_RELEASE_NEWEST));
}

const char *emit_inlined(struct lowerer *l, struct fn *f, struct pos pos)
{
    const struct source_set *sources = &l->compilation->sources;
    const struct source_file *copy = source_inlined(sources, pos);
    if (!copy)
        return NULL;
    struct source_place at = source_place(sources, pos);
    for (const struct inlined_call *c = f->inlined; c; c = c->next)
        if (c->copy == copy && c->line == at.line)
            return c->text;
    const char *outer = emit_inlined(l, f, copy->call);
    struct inlined_call *c = ARENA_NEW(l->arena, struct inlined_call);
    const char *name = F(l, "%s_inlined%u", f->name, ++f->inlined_count);
    *c = (struct inlined_call){copy, at.line, F(l, "&%s", name), f->inlined};
    f->inlined = c;
    text_printf(&l->data, "static const gomem_inlined %s = {\"%s\", %s, %u, %s};\n", name,
                callee_name(l, copy->function), file_literal(l, at.file), at.line, outer ? outer : "NULL");
    return c->text;
}
