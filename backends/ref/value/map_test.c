// Tests of maps on the real heap: what they cost, what they keep through growth, deletes and clears, what an iteration yields while the
// map changes, and that unsynchronised use is noticed. A plain array stands for the truth.
#include <math.h>

#include "map.h"
#include "test_support.h"

// ---- types of maps ----

static uintptr_t no_hash(gomem_g *g, const void *p, uintptr_t seed)
{
    (void)g, (void)p, (void)seed;
    die_of("hash of unhashable type");
}

static bool float_equal(gomem_g *g, const void *a, const void *b)
{
    (void)g;
    return *(const double *)a == *(const double *)b;
}

static uintptr_t float_hash(gomem_g *g, const void *p, uintptr_t seed)
{
    static uintptr_t turns;
    double d = *(const double *)p;
    (void)g;
    return d == 0 ? seed : d == d ? (uintptr_t)d * 31 ^ seed : ++turns; // NaNs have all hashes
}

static uintptr_t same_hash(gomem_g *g, const void *p, uintptr_t seed)
{
    (void)g, (void)p, (void)seed;
    return 7;
}

static bool int64_equal(gomem_g *g, const void *a, const void *b)
{
    (void)g;
    return !memcmp(a, b, 8);
}

static const gomem_type int64_type = {.size = 8, .align = 8, .flags = GOMEM_REGULAR, .kind = GOMEM_INT64};
static const gomem_type float_type = {
    .size = 8, .align = 8, .kind = GOMEM_FLOAT64, .equal = float_equal, .hasher = float_hash};
static const gomem_type colliding_type = {
    .size = 8, .align = 8, .kind = GOMEM_STRUCT, .equal = int64_equal, .hasher = same_hash};
static const gomem_type unhashable_type = {
    .size = 8, .align = 8, .kind = GOMEM_INTERFACE, .equal = int64_equal, .hasher = no_hash};
static const gomem_type wide_type = {.size = 160, .align = 8, .flags = GOMEM_REGULAR, .kind = GOMEM_ARRAY};
static const gomem_type nothing_type = {.size = 0, .align = 1, .flags = GOMEM_REGULAR, .kind = GOMEM_STRUCT};
static const gomem_type word_and_pointer = {.size = 2 * sizeof(void *),
                                            .ptrdata = 2 * sizeof(void *),
                                            .mask = (const uint8_t[]){2},
                                            .mask_size = 2 * sizeof(void *),
                                            .align = sizeof(void *),
                                            .kind = GOMEM_STRUCT};

#define MAP(name, k, e) static const gomem_type name = {.kind = GOMEM_MAP, .key = &k, .elem = &e}
MAP(int_map, int64_type, int64_type);
MAP(set, int64_type, nothing_type);
MAP(nothing_map, nothing_type, nothing_type);
MAP(float_map, float_type, int64_type);
MAP(colliding_map, colliding_type, int64_type);
MAP(unhashable_map, unhashable_type, int64_type);
MAP(wide_map, wide_type, wide_type);
MAP(name_map, string_type, value_pointer);
MAP(mixed_map, int64_type, word_and_pointer);

// ---- shorthands ----

#define G (&g0.head)
#define M (&ref_maps_group)

static void put(gomem_map *m, int64_t k, int64_t v)
{
    *(int64_t *)M->assign(G, &int_map, m, &k) = v;
}

static int64_t get(gomem_map *m, int64_t k) // -1: none
{
    int64_t *p = M->access(G, &int_map, m, &k);
    return p ? *p : -1;
}

static void drop(gomem_map *m, int64_t k)
{
    M->remove(G, &int_map, m, &k);
}

static gomem_map *fill(int64_t n)
{
    gomem_map *m = M->make(G, &int_map, 0);
    for (int64_t i = 0; i < n; i++)
        put(m, i, i);
    return m;
}

#define RANGE(it, m)   \
    gomem_map_iter it; \
    for (M->iter_start(G, &int_map, m, &it); it.key; M->iter_next(G, &it))

static int64_t key(const gomem_map_iter *it)
{
    return *(int64_t *)it->key;
}

// ---- cost ----

static uint64_t cost_of_filling(int64_t n)
{
    uint64_t before = blocks();
    fill(n);
    return blocks() - before;
}

static void test_cost(void)
{
    static const uint16_t want[][2] = {{0, 1},  {1, 2},  {8, 2},  {9, 5},   {14, 5},   {15, 7},
                                       {28, 7}, {29, 9}, {56, 9}, {57, 11}, {112, 11}, {113, 13}};
    bool good = true;
    for (size_t i = 0; i < COUNTOF(want); i++)
        good &= cost_of_filling(want[i][0]) == want[i][1];
    check(good, "growth at inserts 9, 15, 29, 57, 113, two blocks each, and a directory");
    good = true;
    for (intptr_t hint = 0; hint <= 8; hint++) {
        uint64_t before = blocks();
        gomem_map *m = M->make(G, &int_map, hint);
        good &= blocks() == before + 1;
        put(m, 1, 1);
        good &= blocks() == before + 2;
    }
    check(good, "a hint up to 8 costs one block, and one with the first entry");
    static const intptr_t hints[] = {9, 14, 100, 700};
    good = true;
    for (size_t i = 0; i < COUNTOF(hints); i++) {
        uint64_t before = blocks();
        gomem_map *m = M->make(G, &int_map, hints[i]);
        good &= blocks() == before + 4;
        for (int64_t k = 0; k < hints[i]; k++)
            put(m, k, k);
        good &= blocks() == before + 4;
    }
    check(good, "a larger hint costs four blocks, which take that many entries");
    uint64_t before = blocks();
    M->make(G, &int_map, 2000);
    check(blocks() == before + 10, "a hint of 2000 is four tables");
    before = blocks();
    M->make(G, &int_map, INTPTR_MAX);
    M->make(G, &int_map, INTPTR_MAX / 9);
    M->make(G, &int_map, (intptr_t)1 << (sizeof(void *) == 8 ? 40 : 27));
    M->make(G, &int_map, -1);
    check(blocks() == before + 4, "an impossible hint is none");
}

static void test_layout(void)
{
    check(sizeof(gomem_map) == (sizeof(void *) == 8 ? 48 : 32), "the header has the size of Go's");
    uint16_t slot, elem;
    slot_layout(&set, &slot, &elem);
    check(slot == (sizeof(void *) == 8 ? 16 : 12) || sizeof(void *) == 4, "an element without size takes its padding");
    slot_layout(&wide_map, &slot, &elem);
    check(slot == 2 * sizeof(void *) && elem == sizeof(void *), "wide keys and elements are pointers");
    const gomem_type *group = group_type(&mixed_map);
    bool good = group == group_type(&mixed_map);
    unsigned slot_words = (8 + 2 * sizeof(void *)) / sizeof(void *), first = 8 / sizeof(void *);
    for (unsigned w = 0; w < group->ptrdata / sizeof(void *); w++) {
        bool pointer = w >= first && (w - first) % slot_words == slot_words - 1;
        good &= (group->mask[w / 8] >> w % 8 & 1) == pointer;
    }
    check(good && group->ptrdata == group->size, "a group's pointers are where the type's are");
    check(group_type(&int_map)->ptrdata == 0, "a group without pointers has none");
}

// ---- against the truth ----

enum { KEYS = 6000 };
static int64_t truth[KEYS]; // -1: absent

static bool agrees(gomem_map *m)
{
    static uint8_t seen[KEYS];
    intptr_t n = 0, came = 0;
    memset(seen, 0, sizeof seen);
    for (int64_t k = 0; k < KEYS; k++) {
        n += truth[k] >= 0;
        if (get(m, k) != truth[k])
            return false;
    }
    RANGE(it, m)
    {
        came++;
        if (seen[key(&it)]++ || *(int64_t *)it.value != truth[key(&it)])
            return false;
    }
    return (intptr_t)m->used == n && came == n;
}

static void test_random(void)
{
    gomem_map *m = M->make(G, &int_map, 0);
    bool good = true;
    memset(truth, 0xFF, sizeof truth);
    for (int phase = 0; phase < 12 && good; phase++) {
        int deletes = phase % 3 == 2 ? 7 : 2; // of 8
        for (int i = 0; i < 6000; i++) {
            uint64_t r = p_random(&p0);
            int64_t k = (int64_t)(r >> 8) % KEYS, v = (int64_t)(r >> 40);
            k = k < 0 ? -k : k;
            if ((int)(r & 7) < deletes) {
                drop(m, k);
                truth[k] = -1;
            } else {
                put(m, k, v);
                truth[k] = v;
            }
        }
        if (phase == 8) {
            M->clear(G, &int_map, m);
            memset(truth, 0xFF, sizeof truth);
        }
        good = agrees(m);
    }
    check(good, "72000 random inserts, overwrites and deletes, and a clear");
}

static void test_churn(void)
{
    gomem_map *m = fill(600);
    uint64_t before = blocks();
    for (int64_t i = 600; i < 100000; i++) {
        drop(m, i - 600);
        put(m, i, i);
    }
    bool good = m->used == 600;
    for (int64_t i = 100000 - 600; i < 100000; i++)
        good &= get(m, i) == i;
    check(good, "steady churn keeps the entries");
    check(blocks() - before <= 4, "and does not grow the map: tombstones are used again");
}

static void test_large(void)
{
    gomem_map *m = fill(100000);
    bool good = m->used == 100000 && m->dir_len >= 128;
    for (int64_t i = 0; i < 100000; i++)
        good &= get(m, i) == i;
    uint32_t depths = 0;
    for (uintptr_t i = 0; i < m->dir_len; i++) {
        struct table *t = directory_at(m, i);
        uintptr_t places = (uintptr_t)1 << (m->depth - t->depth);
        good &= table_valid(m, t) && (uintptr_t)t->index == (i & ~(places - 1));
        depths |= 1u << t->depth;
    }
    check(good && depths, "100000 entries in a directory of tables");
}

// ---- keys of many kinds ----

static void test_keys(void)
{
    char names[1000][8];
    gomem_map *m = M->make(G, &name_map, 0);
    bool good = true;
    for (int i = 0; i < 1000; i++) {
        gomem_string k = {(uint8_t *)names[i], snprintf(names[i], sizeof names[i], "%d", i)};
        *(void **)M->assign(G, &name_map, m, &k) = names[i];
    }
    for (int i = 0; i < 1000; i++) {
        char copy[8];
        gomem_string k = {(uint8_t *)copy, snprintf(copy, sizeof copy, "%d", i)};
        void **p = M->access(G, &name_map, m, &k);
        good &= p && *p == names[i];
    }
    check(good && m->used == 1000, "strings");

    m = M->make(G, &wide_map, 0);
    uint64_t before = blocks();
    for (int64_t i = 0; i < 100; i++) {
        int64_t k[20] = {[19] = i};
        *(int64_t *)M->assign(G, &wide_map, m, k) = i;
    }
    good = blocks() - before >= 200;
    for (int64_t i = 0; i < 100; i++) {
        int64_t k[20] = {[19] = i}, *p = M->access(G, &wide_map, m, k);
        good &= p && *p == i;
        if (i % 2)
            M->remove(G, &wide_map, m, k);
        good &= !i || !(i % 2) == !!M->access(G, &wide_map, m, k);
    }
    check(good && m->used == 50, "keys and elements of 160 bytes");

    m = M->make(G, &colliding_map, 0);
    for (int64_t i = 0; i < 300; i++)
        *(int64_t *)M->assign(G, &colliding_map, m, &i) = i;
    good = true;
    for (int64_t i = 0; i < 300; i++) {
        int64_t *p = M->access(G, &colliding_map, m, &i);
        good &= p && *p == i;
    }
    check(good, "300 keys with one hash");

    m = M->make(G, &nothing_map, 0);
    M->assign(G, &nothing_map, m, &good);
    M->assign(G, &nothing_map, m, &good);
    check(m->used == 1 && M->access(G, &nothing_map, m, &good), "keys without size");
}

static void test_floats(void)
{
    gomem_map *m = M->make(G, &float_map, 0);
    double nan = NAN, plus = 0.0, minus = -0.0;
    for (int i = 0; i < 100; i++)
        *(int64_t *)M->assign(G, &float_map, m, &nan) = i;
    check(m->used == 100 && !M->access(G, &float_map, m, &nan), "each NaN is an entry, and none is found");
    M->assign(G, &float_map, m, &plus);
    M->assign(G, &float_map, m, &minus);
    gomem_map_iter it;
    int nans = 0, zeros = 0;
    for (M->iter_start(G, &float_map, m, &it); it.key; M->iter_next(G, &it)) {
        double d = *(double *)it.key;
        nans += d != d;
        zeros += d == 0 && signbit(d);
    }
    check(nans == 100 && zeros == 1, "an overwritten zero has the new sign");
    int64_t seen = 0;
    for (M->iter_start(G, &float_map, m, &it); it.key; M->iter_next(G, &it)) {
        seen++;
        for (int i = 0; i < 20 && m->used < 3000; i++)
            M->assign(G, &float_map, m, &nan);
    }
    check(seen >= 101, "NaNs are yielded although the map grows");
    seen = 0;
    for (M->iter_start(G, &float_map, m, &it); it.key; M->iter_next(G, &it)) {
        seen++;
        M->clear(G, &float_map, m);
    }
    check(seen == 1 && m->used == 0, "but not after a clear");
}

// ---- iteration ----

static bool iterate_growing(int64_t n)
{
    static uint8_t seen[30000];
    memset(seen, 0, sizeof seen);
    gomem_map *m = fill(n);
    int64_t next = n;
    RANGE(it, m)
    {
        if (seen[key(&it)]++ || key(&it) != *(int64_t *)it.value)
            return false;
        for (int i = 0; i < 10 && next < 20 * n + 100; i++, next++)
            put(m, next, next);
    }
    for (int64_t k = 0; k < n; k++)
        if (seen[k] != 1)
            return false;
    return true;
}

static bool iterate_deleting(int64_t n)
{
    static uint8_t seen[2000];
    memset(seen, 0, sizeof seen);
    gomem_map *m = fill(n);
    int64_t came = 0;
    RANGE(it, m)
    {
        int64_t k = key(&it);
        if (seen[k ^ 1] || seen[k]++)
            return false;
        came++;
        drop(m, k ^ 1);
    }
    return came == (n + 1) / 2 && (int64_t)m->used == (n + 1) / 2;
}

static bool iterate_churning(int64_t n)
{
    static uint8_t seen[2000], gone[2000];
    memset(seen, 0, sizeof seen);
    memset(gone, 0, sizeof gone);
    gomem_map *m = fill(n);
    int64_t next = n;
    RANGE(it, m)
    {
        int64_t k = key(&it), victim = k * 7 % n;
        if (k >= n)
            continue;
        if (seen[k]++ || gone[k])
            return false;
        if (!seen[victim] && k % 2 == 0) {
            drop(m, victim);
            gone[victim] = 1;
        }
        for (int i = 0; i < 5 && next < 10 * n; i++, next++)
            put(m, next, next);
    }
    for (int64_t k = 0; k < n; k++)
        if (!gone[k] && seen[k] != 1)
            return false;
    return true;
}

static void test_iteration(void)
{
    static const int64_t sizes[] = {1, 7, 8, 9, 14, 100, 1000, 1400};
    bool growing = true, deleting = true, churning = true;
    for (size_t i = 0; i < COUNTOF(sizes); i++)
        for (int round = 0; round < 20; round++) {
            growing &= iterate_growing(sizes[i]);
            deleting &= iterate_deleting(sizes[i]);
            churning &= iterate_churning(sizes[i]);
        }
    check(growing, "each entry once while the map grows");
    check(deleting, "no deleted entry, each other one once");
    check(churning, "both together");
    gomem_map *m = fill(300);
    int64_t stale = 0, n = 0;
    RANGE(it, m)
    {
        stale += n && *(int64_t *)it.value != -1;
        if (!n++)
            for (int64_t k = 0; k < 300; k++)
                put(m, k, -1);
    }
    check(!stale && n == 300, "elements are the present ones");
    gomem_map_iter none;
    M->iter_start(G, &int_map, NULL, &none);
    check(!none.key, "a nil map yields nothing");
    uint32_t first_keys = 0;
    m = fill(8);
    for (int i = 0; i < 200; i++) {
        M->iter_start(G, &int_map, m, &none);
        first_keys |= 1u << key(&none);
    }
    check(first_keys == 0xFF, "an iteration begins anywhere");
}

// ---- misuse ----

static gomem_map *used;

static void assign_nil(void)
{
    put(NULL, 1, 1);
}

static void rival_write(void)
{
    put(used, 1, 1);
}

static void rival_delete(void)
{
    drop(used, 1);
}

static void rival_clear(void)
{
    M->clear(G, &int_map, used);
}

static void rival_read(void)
{
    get(used, 1);
}

static void rival_iterate(void)
{
    gomem_map_iter it;
    M->iter_start(G, &int_map, used, &it);
}

static void look_up_unhashable(void)
{
    int64_t k = 1;
    M->access(G, &unhashable_map, NULL, &k);
}

static void test_misuse(void)
{
    int64_t k = 5;
    check(dies("assignment to entry in nil map", assign_nil), "assignment to nil");
    check(get(NULL, 1) == -1, "look-up in nil");
    drop(NULL, 1);
    M->clear(G, &int_map, NULL);
    check(dies("hash of unhashable type", look_up_unhashable), "a key without hash, even in nil");
    used = fill(20);
    used->writing = 1;
    check(dies("concurrent map writes", rival_write), "two writers");
    check(dies("concurrent map writes", rival_delete), "a writer and a delete");
    check(dies("concurrent map writes", rival_clear), "a writer and a clear");
    check(dies("concurrent map read and map write", rival_read), "a reader and a writer");
    check(dies("concurrent map iteration and map write", rival_iterate), "an iteration and a writer");
    used->writing = 0;
    check(*(int64_t *)M->access(G, &int_map, used, &k) == 5, "nothing was changed");
}

// ---- the barrier ----

static void test_barrier(void)
{
    gomem_map *m = M->make(G, &name_map, 0);
    gomem_string k = {(const uint8_t *)"key", 3};
    M->assign(G, &name_map, m, &k);
    uint64_t before = barrier_uses;
    gc_barrier_enabled = 1;
    M->remove(G, &name_map, m, &k);
    check(barrier_uses > before, "a delete goes through the barrier while marking");
    before = barrier_uses;
    M->assign(G, &name_map, m, &k);
    check(barrier_uses > before, "and an insert");
    gc_barrier_enabled = 0;
    before = barrier_uses;
    M->clear(G, &name_map, m);
    check(barrier_uses == before, "and nothing otherwise");
}

int main(void)
{
    begin();
    test_cost();
    test_layout();
    test_random();
    test_churn();
    test_large();
    test_keys();
    test_floats();
    test_iteration();
    test_misuse();
    test_barrier();
    return end();
}
