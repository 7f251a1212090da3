/*
 * parse_fuzz: feeds damaged Go to the parser.
 *
 * Each round takes a seed file, damages it — truncates, deletes, repeats or swaps stretches, overwrites bytes, inserts
 * tokens, brackets in bulk or pieces of another seed — and parses the result. The parser must come back with a tree or
 * with diagnostics; a tree without diagnostics must be valid and survive printing and parsing again. Meant for builds with
 * -fsanitize=address,undefined. A run is decided by its seed: a failure prints the round, and the input is in the file
 * named by -o.
 *
 *     parse_fuzz [-s SEED] [-n ROUNDS] [-t SECONDS] [-o FILE] SEEDFILE…
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../parser.h"
#include "fuzz_pieces.h"

struct buffer {
    char *data;
    size_t length;
    size_t capacity;
};

struct fuzz {
    uint64_t random;
    struct buffer *seeds;
    size_t seed_count;
    const char *dump;
};

static uint64_t next_random(struct fuzz *f)
{
    f->random ^= f->random << 13;
    f->random ^= f->random >> 7;
    f->random ^= f->random << 17;
    return f->random;
}

static size_t below(struct fuzz *f, size_t n)
{
    return n ? (size_t)(next_random(f) % n) : 0;
}

static void reserve(struct buffer *b, size_t n)
{
    if (n <= b->capacity)
        return;
    b->capacity = n * 2;
    b->data = realloc(b->data, b->capacity);
    if (!b->data)
        abort();
}

/* Replaces `cut` bytes at `at`. */
static void splice(struct buffer *b, size_t at, size_t cut, const char *text, size_t n)
{
    reserve(b, b->length + n);
    memmove(b->data + at + n, b->data + at + cut, b->length - at - cut);
    memcpy(b->data + at, text, n);
    b->length += n - cut;
}

static void insert_many(struct fuzz *f, struct buffer *b)
{
    const char *piece = fuzz_pieces[below(f, sizeof fuzz_pieces / sizeof *fuzz_pieces)];
    size_t at = below(f, b->length + 1);
    for (size_t n = 1 + below(f, 3000); n > 0 && b->length < 1 << 20; n--)
        splice(b, at, 0, piece, strlen(piece));
}

static void mutate(struct fuzz *f, struct buffer *b)
{
    size_t at = below(f, b->length + 1), left = b->length - at, other, n;
    const char *piece = fuzz_pieces[below(f, sizeof fuzz_pieces / sizeof *fuzz_pieces)];
    const struct buffer *seed = &f->seeds[below(f, f->seed_count)];
    switch (below(f, 16)) {
    case 0:
        b->length = at;
        break;
    case 1:
        splice(b, 0, at, "", 0);
        break;
    case 2:
    case 3:
        splice(b, at, below(f, left < 40 ? left : 40), "", 0);
        break;
    case 4:
        if (left)
            b->data[at] = (char)next_random(f);
        break;
    case 5:
        n = below(f, left < 200 ? left : 200);
        reserve(b, b->length + n);
        memmove(b->data + at + n, b->data + at, left);
        b->length += n;
        break;
    case 6:
        other = below(f, seed->length);
        n = below(f, seed->length - other < 400 ? seed->length - other : 400);
        splice(b, at, 0, seed->data + other, n);
        break;
    case 7:
        if (below(f, 20) == 0)
            insert_many(f, b);
        break;
    case 8:
        splice(b, at, left ? 1 : 0, piece, strlen(piece));
        break;
    default:
        splice(b, at, 0, piece, strlen(piece));
        break;
    }
}

static const char *run(struct gomem_compilation *c, const struct buffer *b)
{
    struct source_file *s = source_add(&c->sources, "fuzz.go", b->data, b->length);
    struct ast_file *f = parser_parse(c, s);
    if (diag_any(&c->diags))
        return *diag_string(&c->diags) ? NULL : "no text for its diagnostics";
    if (!f)
        return "neither tree nor diagnostics";
    const char *invalid = ast_valid(c, f);
    if (invalid)
        return invalid;
    struct text once, twice;
    text_init(&once, &c->arena);
    text_init(&twice, &c->arena);
    ast_print_file(&once, f);
    struct ast_file *g = parser_parse(c, source_add(&c->sources, "printed", text_string(&once), once.length));
    if (!g || diag_any(&c->diags))
        return arena_printf(&c->arena, "printed form rejected: %s", diag_string(&c->diags));
    ast_print_file(&twice, g);
    return strcmp(text_string(&once), text_string(&twice)) == 0 ? NULL : "printing is not stable";
}

static void save(const struct fuzz *f, const struct buffer *b)
{
    FILE *out = f->dump ? fopen(f->dump, "wb") : NULL;
    if (!out)
        return;
    fwrite(b->data, 1, b->length, out);
    fclose(out);
}

static bool round_passes(struct fuzz *f, struct buffer *b, unsigned long round)
{
    const struct buffer *seed = &f->seeds[below(f, f->seed_count)];
    b->length = 0;
    reserve(b, 1);
    splice(b, 0, 0, seed->data, seed->length);
    for (size_t n = 1 + below(f, 6); n > 0; n--)
        mutate(f, b);
    save(f, b);
    struct gomem_compilation *c = gomem_compilation_new();
    time_t start = time(NULL);
    const char *wrong = run(c, b);
    if (!wrong && time(NULL) - start > 20)
        wrong = "took more than 20 seconds";
    if (wrong)
        printf("round %lu: %s\n", round, wrong);
    gomem_compilation_free(c);
    return !wrong;
}

static void add_seed(struct fuzz *f, const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in)
        return;
    f->seeds = realloc(f->seeds, (f->seed_count + 1) * sizeof *f->seeds);
    if (!f->seeds)
        abort();
    struct buffer *b = &f->seeds[f->seed_count++];
    *b = (struct buffer){0};
    for (;;) {
        reserve(b, b->length + 65536);
        size_t n = fread(b->data + b->length, 1, 65536, in);
        if (n == 0)
            break;
        b->length += n;
    }
    fclose(in);
}

int main(int argc, char **argv)
{
    struct fuzz f = {.random = 88172645463325252u};
    unsigned long rounds = 1000, round = 0;
    long seconds = 0;
    time_t start = time(NULL);
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != '-' || i + 1 == argc)
            add_seed(&f, argv[i]);
        else if (argv[i][1] == 's')
            f.random ^= strtoull(argv[++i], NULL, 10) * 0x9E3779B97F4A7C15u;
        else if (argv[i][1] == 'n')
            rounds = strtoul(argv[++i], NULL, 10);
        else if (argv[i][1] == 't')
            seconds = strtol(argv[++i], NULL, 10);
        else if (argv[i][1] == 'o')
            f.dump = argv[++i];
    }
    if (f.seed_count == 0) {
        fprintf(stderr, "parse_fuzz: no seed files\n");
        return 2;
    }
    struct buffer b = {0};
    bool ok = true;
    while (ok && (seconds ? time(NULL) - start < seconds : round < rounds))
        ok = round_passes(&f, &b, ++round);
    printf("%lu rounds, %s\n", round, ok ? "all passed" : "failed");
    free(b.data);
    for (size_t i = 0; i < f.seed_count; i++)
        free(f.seeds[i].data);
    free(f.seeds);
    return !ok;
}
