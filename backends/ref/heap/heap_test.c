// Tests of the heap. A collector without goroutines stands in for gc/: the test keeps what it wants in a table of its own, marks it, and
// lets the real sweeper (gc/sweep.c) sweep. Built with ThreadSanitizer (HEAP_RACE) it is the race lane of the heap, which must be silent. Each block carries a pattern made of its address, so that overlap, loss and dirty memory show.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

#include "../gc/internal.h"
#include "../panic/panic.h"

// ---- what stands in for other parts ----

uint32_t gc_barrier_enabled;
_Atomic int64_t heap_trigger = INT64_MAX;
static int requests;

void gc_request(struct p *p)
{
    (void)p;
    requests++;
    heap_trigger = INT64_MAX;
}

void gc_charge(struct p *p, uintptr_t bytes)
{
    (void)p, (void)bytes;
}

void gc_mark_new(struct p *p, struct span *s, uint32_t index)
{
    (void)p;
    span_mark(s, index);
}

void special_sweep(struct span *s)
{
    (void)s;
}

void panic_text(gomem_g *g, const char *text)
{
    (void)g;
    ref_throw("%s", text);
}

// ---- TAP ----

static int count, failed;

static void check(bool ok, const char *what)
{
    printf("%sok %d - %s\n", ok ? "" : "not ", ++count, what);
    failed += !ok;
}

// ---- helpers ----

static struct p p0;
static const uint8_t one_pointer[] = {1}, second_of_three[] = {2};
static const gomem_type pointer_type = {.size = WORD, .ptrdata = WORD, .mask = one_pointer, .mask_size = WORD};
static const gomem_type middle_type = {
    .size = 3 * WORD, .ptrdata = 2 * WORD, .mask = second_of_three, .mask_size = 3 * WORD};

// collect makes of all blocks in kept[0..n) the live ones, and sweeps.
static void collect(void **kept, size_t n)
{
    mcache_flush_all();
    for (size_t i = 0; i < n; i++)
        if (kept[i]) {
            struct span *s = span_of((uintptr_t)kept[i]);
            span_mark(s, span_index(s, (uintptr_t)kept[i]));
        }
    sweep_start();
    while (sweep_one())
        ;
}

static void collect_all(void)
{
    collect(NULL, 0);
}

static struct heap_counts counts(void)
{
    struct heap_counts c;
    heap_counts(&c);
    return c;
}

static void *bytes(uintptr_t n)
{
    return heap_alloc(&p0, n, NULL, true, n);
}

static void *pointers(uintptr_t n)
{
    return heap_alloc(&p0, n * WORD, &pointer_type, true, n);
}

static uintptr_t usable(void *p)
{
    void *base;
    uintptr_t size = 0;
    return heap_find(p, &base, &size) && base == p ? size : 0;
}

// ---- tests ----

static void sizes(void)
{
    bool noscan = true, scan = true;
    for (uintptr_t n = 16; n <= 70000; n += n < 2000 ? 1 : 97)
        noscan = noscan && usable(bytes(n)) == heap_round(n, true) && heap_round(n, true) >= n;
    for (uintptr_t n = 1; n <= 9000; n++)
        scan = scan && usable(pointers(n)) == heap_round(n * WORD, false) && heap_round(n * WORD, false) >= n * WORD;
    check(noscan, "a pointer-free block has the usable size that append is told");
    check(scan, "a block with pointers has the usable size that append is told");
    check(heap_round(HEADER_OVER + WORD, false) % 8 == 0 && (uintptr_t)pointers(HEADER_OVER / WORD + 1) % 16 == 8,
          "a header shifts the block");
    check(span_of((uintptr_t)bytes(32760))->span_class > 1 && span_of((uintptr_t)bytes(32761))->span_class == 1 &&
              usable(bytes(32769)) == 40960,
          "more than 32760 bytes are large, and page-rounded");
    collect_all();
}

static uint32_t blocks_per_page(uintptr_t n, bool noscan)
{
    void *p = noscan ? bytes(n) : heap_alloc(&p0, n, &pointer_type, true, n / WORD);
    return span_of((uintptr_t)p)->nelems;
}

static void spans(void)
{
    static const struct {
        uint16_t size, noscan, scan;
    } want[] = {{16, 504, 496}, {32, 252, 248}, {64, 126, 124}, {128, 63, 62},
                {256, 31, 31},  {512, 15, 15},  {1024, 8, 8}};
    bool ok = true;
    for (size_t i = 0; WORD == 8 && i < COUNTOF(want); i++)
        ok = ok && blocks_per_page(want[i].size, true) == want[i].noscan &&
             (want[i].size > 512 || blocks_per_page(want[i].size, false) == want[i].scan);
    check(ok, "spans hold as many blocks as those of 1.26");
    check(blocks_per_page(8, false) == (WORD == 8 ? 1008 : 992), "spans of 8-byte blocks give only the bitmap away");
    collect_all();
}

static void bitmaps(void)
{
    bool ok = true;
    for (uintptr_t n = 1; n * 3 * WORD <= HEADER_OVER; n++) {
        uintptr_t p = (uintptr_t)heap_alloc(&p0, n * 3 * WORD, &middle_type, true, n);
        struct span *s = span_of(p);
        for (uintptr_t i = 0; i < s->elem_size / WORD; i++) {
            uintptr_t bit = (p - s->base) / WORD + i;
            bool is = s->ptr_bits[bit / 64] >> (bit % 64) & 1;
            ok = ok && is == (i < n * 3 && i % 3 == 1);
        }
    }
    check(ok, "the pointer bitmap follows the type, array or not, and ends with it");
    collect_all();
}

static void tiny(void)
{
    struct heap_counts before = counts();
    uintptr_t a = (uintptr_t)bytes(1), b = (uintptr_t)bytes(1), c = (uintptr_t)bytes(2), d = (uintptr_t)bytes(4),
              e = (uintptr_t)bytes(8);
    struct heap_counts after = counts();
    check(a / 16 == b / 16 && b == a + 1 && c == a + 2 && d == a + 4 && e == a + 8,
          "five tiny objects share 16 bytes, aligned");
    check(after.mallocs - before.mallocs == 5, "each tiny object counts");
    check(after.total_alloc - before.total_alloc == 16, "their block's bytes count once");
    collect_all();
}

static void exact_counts(void)
{
    collect_all();
    struct heap_counts c = counts();
    check(c.mallocs == c.frees && c.total_alloc == c.total_free, "with nothing alive all that was allocated is freed");
    check(c.in_use == 0, "and no page is in use");
    enum { N = 3000 };
    static void *kept[N];
    uint64_t live = 0;
    for (int i = 0; i < 3 * N; i++) {
        void *p = i % 2 ? bytes(16 + (uintptr_t)rand() % 5000) : pointers(1 + (uintptr_t)rand() % 900);
        if (i % 3 == 0) {
            kept[i / 3] = p;
            struct span *s = span_of((uintptr_t)p);
            live += s->elem_size;
        }
    }
    collect(kept, N);
    struct heap_counts now = counts();
    check(now.mallocs - now.frees == N, "blocks that live are counted exactly");
    check(now.total_alloc - now.total_free == live, "and their bytes");
    collect_all();
}

static void coalesce(void)
{
    enum { N = 64 };
    for (int i = 0; i < N; i++)
        bytes(1 << 20);
    collect_all();
    uint64_t grows = counts().os_grows;
    void *p = bytes((N - 8) << 20);
    check(p && counts().os_grows == grows, "pages freed one by one serve one large request without the OS");
    collect_all();
    rlock(&pages_lock);
    check(pages_valid(), "the page heap is valid");
    runlock(&pages_lock);
}

static void scavenge(void)
{
    char *p = bytes(8 << 20);
    memset(p, 1, 8 << 20);
    collect_all();
    struct heap_counts before = counts();
    uintptr_t given = heap_scavenge(0);
    struct heap_counts after = counts();
    check(given >= 8 << 20 && after.released - before.released == given && after.sys == before.sys,
          "scavenging gives pages back");
    check(after.idle == after.released, "all of them");
    char *q = heap_alloc(&p0, 8 << 20, NULL, true, 1);
    bool zero = true;
    for (int i = 0; i < 8 << 20; i += 512)
        zero = zero && !q[i];
    check(zero, "what was given back serves again, zero");
    collect_all();
}

static void locks(void)
{
    bytes(64);
    uint64_t before = rlock_count(0, RANKS - 1), refills = counts().refills, grows = counts().grows,
             pages = counts().os_grows;
    before = rlock_count(0, RANKS - 1);
    enum { N = 1000000 };
    for (int i = 0; i < N; i++)
        bytes(64);
    uint64_t used = rlock_count(0, RANKS - 1) - before;
    struct heap_counts c = counts();
    refills = c.refills - refills, grows = c.grows - grows, pages = c.os_grows - pages;
    printf("# %llu lock operations, %llu refills, %llu spans, %llu calls to the OS in %d allocations\n",
           (unsigned long long)used, (unsigned long long)refills, (unsigned long long)grows, (unsigned long long)pages,
           N);
    check(refills >= N / 126 && refills <= N / 126 + 1, "a refill brings one whole span");
    check(refills >= grows && grows >= pages, "mcache, mcentral, page heap, OS in this order");
    check(used <= refills * 6, "no lock but for refills");
    collect_all();
    mcache_flush(p0.mcache);
    bytes(64);
    before = rlock_count(0, RANKS - 1);
    for (int i = 0; i < 125; i++)
        bytes(64);
    check(rlock_count(0, RANKS - 1) == before, "no lock at all while the span lasts");
    collect_all();
}

static void out_of_address_space(void)
{
    sys_fail_after(1);
    void *p = heap_stack_pages((uintptr_t)700 << 20 >> HEAP_PAGE_SHIFT);
    sys_fail_after(0);
    check(!p, "a failing mapping is reported");
    void *q = heap_stack_pages((uintptr_t)700 << 20 >> HEAP_PAGE_SHIFT);
    check(q != NULL, "and the next may succeed");
    uint64_t stacks = counts().stacks;
    heap_stack_pages_free(q);
    check(stacks - counts().stacks == 700 << 20, "stack pages are counted apart");
}

#ifdef HEAP_RACE // each access costs more
enum { TURNS = 1000, ROUNDS = 4 };
#else
enum { TURNS = 5000, ROUNDS = 8 };
#endif

// churn allocates, keeps, checks and drops blocks on one P; patterns show overlap and memory that is not zero.
struct churn {
    struct p p;
    uint32_t seed;
    bool ok;
    void *kept[2000];
    uint32_t sizes[2000];
};

static uint32_t next(struct churn *c)
{
    c->seed ^= c->seed << 13, c->seed ^= c->seed >> 17, c->seed ^= c->seed << 5;
    return c->seed;
}

static uint32_t random_size(struct churn *c)
{
    uint32_t r = next(c) % 100;
    return r < 80 ? 16 + next(c) % 600 : r < 98 ? 16 + next(c) % 20000 : 16 + next(c) % 200000;
}

static bool filled(const uint8_t *p, uint32_t n, uint8_t with)
{
    for (uint32_t i = 0; i < n; i++)
        if (p[i] != with)
            return false;
    return true;
}

static uint8_t pattern(const void *p)
{
    return (uint8_t)(((uintptr_t)p >> 3) * 37 | 1);
}

static void *churn_run(void *arg)
{
    struct churn *c = arg;
    for (int i = 0; i < TURNS; i++) {
        uint32_t at = next(c) % COUNTOF(c->kept);
        if (c->kept[at])
            c->ok = c->ok && filled(c->kept[at], c->sizes[at], pattern(c->kept[at]));
        uint32_t n = random_size(c);
        bool noscan = next(c) & 1;
        if (!noscan)
            n &= ~(uint32_t)(WORD - 1);
        void *p = heap_alloc(&c->p, n, noscan ? NULL : &pointer_type, true, n / WORD);
        c->ok = c->ok && filled(p, n, 0);
        memset(p, pattern(p), n);
        c->kept[at] = p;
        c->sizes[at] = n;
    }
    return NULL;
}

enum { CHURNERS = 4 };

static void parallel(void)
{
    static struct churn c[CHURNERS];
    static void *kept[CHURNERS * COUNTOF(c->kept)];
    uint64_t peak = 0, early = 0;
    for (int i = 0; i < CHURNERS; i++)
        c[i].p.mcache = mcache_new(), c[i].seed = 1u + (uint32_t)i, c[i].ok = true;
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t t[CHURNERS];
        for (int i = 0; i < CHURNERS; i++)
            pthread_create(&t[i], NULL, churn_run, &c[i]);
        for (int i = 0; i < CHURNERS; i++)
            pthread_join(t[i], NULL);
        for (int i = 0; i < CHURNERS; i++)
            memcpy(&kept[(size_t)i * COUNTOF(c->kept)], c[i].kept, sizeof c->kept);
        mcache_flush_all();
        collect(kept, round == ROUNDS - 1 ? 0 : COUNTOF(kept)); // also sweeping lazily, below
        uint64_t sys = counts().in_use;
        if (round < 4)
            early = sys > early ? sys : early;
        peak = sys > peak ? sys : peak;
    }
    bool ok = true;
    for (int i = 0; i < CHURNERS; i++) {
        ok = ok && c[i].ok;
        mcache_release(c[i].p.mcache);
    }
    check(ok, "blocks of four threads are zero at first and never overlap");
    check(peak <= early * 3 / 2, "memory is used again");
    collect_all();
    struct heap_counts k = counts();
    check(k.mallocs == k.frees && k.in_use == 0, "counts are exact after it");
}

// lazy: sweeping is left to those who allocate.
static void lazy(void)
{
    static struct churn c;
    c.p.mcache = mcache_new(), c.seed = 99, c.ok = true;
    for (int round = 0; round < 8; round++) {
        churn_run(&c);
        mcache_flush_all();
        while (sweep_one()) // what the round left unswept
            ;
        for (size_t i = 0; i < COUNTOF(c.kept); i++)
            if (c.kept[i]) {
                struct span *s = span_of((uintptr_t)c.kept[i]);
                span_mark(s, span_index(s, (uintptr_t)c.kept[i]));
            }
        sweep_start();
    }
    check(c.ok, "spans that are swept on demand give zero blocks and no living one");
    mcache_release(c.p.mcache);
    while (sweep_one())
        ;
    collect_all();
    struct heap_counts k = counts();
    check(k.mallocs == k.frees && k.in_use == 0, "counts are exact after that too");
}

// again_in_place starts the program anew with addresses that are not random, as ThreadSanitizer wants them; once.
static void again_in_place(char **argv)
{
#ifdef HEAP_RACE
    if (!(personality(0xFFFFFFFF) & ADDR_NO_RANDOMIZE)) {
        personality(ADDR_NO_RANDOMIZE);
        execv("/proc/self/exe", argv);
    }
#endif
    (void)argv;
}

int main(int argc, char **argv)
{
    (void)argc;
    again_in_place(argv);
    heap_init(26);
    p0.mcache = mcache_new();
    sizes();
    spans();
    bitmaps();
    tiny();
    exact_counts();
    coalesce();
    scavenge();
    locks();
    out_of_address_space();
    parallel();
    lazy();
    printf("1..%d\n", count);
    return failed != 0;
}
