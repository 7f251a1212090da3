// Hashes of bytes, and random numbers. A hash takes 16 bytes a step, each step one folded multiplication (hash_mix) of two words
// with a state; what is left at the end overlaps what was taken before.
#include "internal.h"

const gomem_type value_rune = {.size = 4, .align = 4, .field_align = 4, .kind = GOMEM_INT32, .flags = GOMEM_REGULAR};

static const uint8_t one_pointer = 1;
const gomem_type value_pointer = {.size = WORD_BYTES,
                                  .ptrdata = WORD_BYTES,
                                  .mask = &one_pointer,
                                  .mask_size = WORD_BYTES,
                                  .align = WORD_BYTES,
                                  .field_align = WORD_BYTES,
                                  .kind = GOMEM_UNSAFE_POINTER,
                                  .flags = GOMEM_DIRECT | GOMEM_REGULAR};

static uint64_t load(const uint8_t *p, int n)
{
    uint64_t w = 0;
    memcpy(&w, p, n == 8 ? 8 : 4);
    return w;
}

uint64_t hash_bytes(const void *from, uintptr_t n, uintptr_t seed)
{
    const uint8_t *p = from;
    uint64_t state = hash_word(n, seed), a = 0, b = 0;
    if (n == 0)
        return state;
    if (n >= 8) {
        uintptr_t left = n;
        for (; left > 16; left -= 16, p += 16)
            state = hash_mix(load(p, 8) ^ state, load(p + 8, 8) ^ 0xA0761D6478BD642Fu);
        p += left; // the last 16 bytes, or first and last 8
        b = load(p - 8, 8);
        a = n >= 16 ? load(p - 16, 8) : load(from, 8);
    } else if (n >= 4) {
        a = load(p, 4);
        b = load(p + n - 4, 4);
    } else {
        a = (uint64_t)p[0] << 16 | (uint64_t)p[n / 2] << 8 | p[n - 1];
    }
    return hash_last(a, b, state);
}

uintptr_t hash_of_type(gomem_g *g, const gomem_type *key, const void *p, uintptr_t seed)
{
    enum key_kind kind = key_kind(key);
    if (kind != KEY_OTHER)
        return hash_as(kind, p, seed);
    if (key->flags & GOMEM_REGULAR)
        return hash_fold(hash_bytes(p, key->size, seed));
    return hash_fold(hash_word(key->hasher(g, p, seed), seed));
}

// xorshift64*: the state is never 0.
uint64_t p_random(struct p *p)
{
    uint64_t x = p->random ? p->random : hash_word((uintptr_t)p, (uintptr_t)sys_nanotime()) | 1;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    p->random = x;
    return x * 0x2545F4914F6CDD1Du;
}
