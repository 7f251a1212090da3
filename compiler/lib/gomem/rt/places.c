// places: the places of calls as numbers, which runtime.Callers gives and runtime.FuncForPC takes. A place is a function's descriptor and
// a safepoint of its frame, or an inlined call round that safepoint; the table of those that were asked for only grows, and a number is an index into it. Numbers are
// SPACING apart, since Go programs subtract one from them.
#include "gomem_code.h"

#include <pthread.h>

enum { SPACING = 16, BUCKETS = 1024 };

struct place {
    const gomem_frame_desc *desc;
    uintptr_t point;
    const gomem_inlined *inlined; // or NULL: the frame's function
    uintptr_t next;               // in its bucket, a number as below
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // all here
static struct place *places;                             // places[0] is none
static uintptr_t place_count = 1, place_room;
static uintptr_t buckets[BUCKETS];

static uintptr_t add(const gomem_frame_desc *desc, uintptr_t point, const gomem_inlined *inlined, uintptr_t *bucket)
{
    if (place_count >= place_room) {
        place_room = place_room ? 2 * place_room : 256;
        places = realloc(places, place_room * sizeof *places);
        if (!places)
            abort();
    }
    places[place_count] = (struct place){desc, point, inlined, *bucket};
    return *bucket = place_count++;
}

static uintptr_t number_of(const gomem_frame_desc *desc, uintptr_t point, const gomem_inlined *inlined)
{
    uintptr_t *bucket = &buckets[((uintptr_t)desc / 16 + point * 31) % BUCKETS], i;
    pthread_mutex_lock(&lock);
    for (i = *bucket; i && (places[i].desc != desc || places[i].point != point || places[i].inlined != inlined);
         i = places[i].next)
        ;
    if (!i)
        i = add(desc, point, inlined, bucket);
    pthread_mutex_unlock(&lock);
    return i * SPACING + SPACING / 2;
}

static const gomem_inlined *innermost(const gomem_frame_desc *desc, uintptr_t point)
{
    return desc->inlined ? desc->inlined[point] : NULL;
}

uintptr_t gomem_call_number(const gomem_frame *frames, intptr_t n, intptr_t k)
{
    for (const gomem_frame *f = frames; f < frames + n && f->desc; f++)
        for (const gomem_inlined *in = innermost(f->desc, f->point);; in = in->outer) {
            if (k-- == 0)
                return number_of(f->desc, f->point, in);
            if (!in)
                break;
        }
    return 0;
}

intptr_t gomem_rt__Callers(gomem_g *g, intptr_t skip, gomem_slice pcs)
{
    intptr_t n = 0;
    for (const char *at = g->sp; at < g->stack_base && n < pcs.len;) {
        const gomem_frame *f = (const gomem_frame *)(const void *)at;
        const gomem_inlined *in = innermost(f->desc, f->point);
        for (bool more = true; more && n < pcs.len; in = more ? in->outer : NULL) {
            if (skip-- <= 0)
                ((uintptr_t *)pcs.ptr)[n++] = number_of(f->desc, f->point, in);
            more = in != NULL;
        }
        at += f->desc->size;
    }
    return n;
}

static gomem_string text(const char *s)
{
    return (gomem_string){(const uint8_t *)s, (intptr_t)strlen(s)};
}

struct place_parts {
    gomem_string function, file;
    intptr_t line;
};

// Where the linker puts the names of functions that are used as values (compiler/lower_reflect.c).
extern const gomem_function_name *const __start_gomem_functions[] __attribute__((weak, visibility("hidden")));
extern const gomem_function_name *const __stop_gomem_functions[] __attribute__((weak, visibility("hidden")));

// named is the function whose code is at pc.
static struct place_parts named(uintptr_t pc)
{
    for (const gomem_function_name *const *f = __start_gomem_functions; f && f < __stop_gomem_functions; f++)
        if ((uintptr_t)(*f)->code == pc)
            return (struct place_parts){text((*f)->function), text((*f)->file), (*f)->line};
    return (struct place_parts){{0}};
}

struct place_parts gomem_rt__Place(gomem_g *g, uintptr_t pc)
{
    (void)g;
    struct place p = {0};
    pthread_mutex_lock(&lock);
    if (pc / SPACING < place_count && pc / SPACING)
        p = places[pc / SPACING];
    pthread_mutex_unlock(&lock);
    if (!p.desc)
        return named(pc);
    if (p.inlined)
        return (struct place_parts){text(p.inlined->function), text(p.inlined->file), p.inlined->line};
    const char *file = p.desc->files ? p.desc->files[p.point] : p.desc->file;
    return (struct place_parts){text(p.desc->function), text(file), p.desc->lines[p.point]};
}
