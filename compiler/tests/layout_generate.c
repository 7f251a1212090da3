/*
 * layout_generate: thousands of struct types, drawn by number, as Go source.
 *
 *     layout_generate N                    a program that prints the layout of each of N structs, a line each
 *     layout_generate N 64|32 GOLDEN       a package that compiles only where each has the layout that the file GOLDEN says
 *
 * GOLDEN is layout.golden, which layout_golden makes of what real toolchains print: a line per struct, its size, its alignment and the
 * offsets of the fields that have a name, on a 64-bit target and, behind a bar, on a 32-bit one. The structs have fields of all basic
 * types, of pointers, slices, maps and the like, arrays (of no elements too), structs without a name, structs before them, instances of
 * generic ones, atomic types, blank and embedded fields.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_FIELDS = 8,
    MAX_LINE = 512,
    PLAIN = 40,  /* the first structs hold no others, */
    NESTED = 80, /* those up to here hold some of the first, the rest some of these */
};

/* One struct: names of its fields, in order, "_" for blank ones. */
struct drawn {
    char names[MAX_FIELDS][16];
    unsigned count;
};

static uint64_t random_state;

static unsigned below(unsigned n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)(random_state >> 11) % n;
}

static const char *const basic[] = {
    "bool",           "int8",       "uint8",           "int16",   "uint16",
    "int32",          "uint32",     "int64",           "uint64",  "int",
    "uint",           "uintptr",    "float32",         "float64", "string",
    "complex64",      "complex128", "unsafe.Pointer",  "rune",    "[]string",
    "map[int]string", "chan bool",  "func(int) error", "any",     "interface{ m() }",
    "*int64",         "error",      "struct{}",
};

static const char *const composed[] = {
    "atomic.Int64",
    "atomic.Uint64",
    "atomic.Int32",
    "atomic.Bool",
    "atomic.Pointer[int]",
    "struct{ v int16 }",
    "struct{ v byte; w int64 }",
    "struct{ v int32; w struct{} }",
    "struct{ _ int64; v bool }",
    "[0]atomic.Int64",
    "[3]struct{ v int32; w byte }",
    "[2][3]uint16",
    "[0]func()",
    "[0]int64",
    "named16",
    "namedFunc",
};

static void print_type(unsigned number, unsigned depth)
{
    unsigned limit = number < PLAIN ? 0 : number < NESTED ? PLAIN : NESTED;
    switch (depth ? below(12) : 0) {
    case 1:
        printf("%s", composed[below(sizeof composed / sizeof *composed)]);
        break;
    case 2:
        printf("[%u]", below(6));
        print_type(number, depth - 1);
        break;
    case 3:
        printf("one[");
        print_type(number, depth - 1);
        printf("]");
        break;
    case 4:
        printf("two[");
        print_type(number, depth - 1);
        printf(", ");
        print_type(number, depth - 1);
        printf("]");
        break;
    case 5:
        if (limit) {
            printf("S%u", below(limit));
            break;
        } /* fall through */
    default:
        printf("%s", basic[below(sizeof basic / sizeof *basic)]);
    }
}

static struct drawn print_struct(unsigned number)
{
    struct drawn d = {.count = 1 + below(MAX_FIELDS)};
    printf("type S%u struct {\n", number);
    for (unsigned i = 0; i < d.count; i++) {
        bool embeds = i == d.count / 2 && number >= PLAIN && below(3) == 0;
        unsigned other = below(PLAIN);
        if (embeds) {
            snprintf(d.names[i], sizeof d.names[i], "S%u", other);
            printf("\t%sS%u\n", below(3) ? "" : "*", other);
            continue;
        }
        snprintf(d.names[i], sizeof d.names[i], "%c", below(10) ? (char)('a' + i) : '_');
        printf("\t%s ", d.names[i]);
        print_type(number, 2);
        printf("\n");
    }
    printf("}\n\n");
    return d;
}

static void print_measured(unsigned number, const struct drawn *d)
{
    printf("func print%u() {\n\tvar s S%u\n\tprintln(unsafe.Sizeof(s), unsafe.Alignof(s)", number, number);
    for (unsigned i = 0; i < d->count; i++)
        if (d->names[i][0] != '_')
            printf(", unsafe.Offsetof(s.%s)", d->names[i]);
    printf(")\n}\n\n");
}

/* The package does not compile when a figure is wrong: the negative of what is not zero overflows. */
static bool print_asserted(unsigned number, const struct drawn *d, char *figures)
{
    char *size = strtok(figures, " "), *align = strtok(NULL, " ");
    if (!size || !align)
        return false;
    printf("const _ = -(unsafe.Sizeof(S%u{})^%s | unsafe.Alignof(S%u{})^%s", number, size, number, align);
    for (unsigned i = 0; i < d->count; i++) {
        char *offset = d->names[i][0] == '_' ? NULL : strtok(NULL, " ");
        if (d->names[i][0] != '_' && !offset)
            return false;
        if (offset)
            printf(" | unsafe.Offsetof(S%u{}.%s)^%s", number, d->names[i], offset);
    }
    printf(")\n\n");
    return !strtok(NULL, " ");
}

static void print_head(bool program)
{
    printf("package %s\n\nimport (\n\t\"sync/atomic\"\n\t\"unsafe\"\n)\n\n", program ? "main" : "layouts");
    printf("type named16 uint16\ntype namedFunc func()\n");
    printf("type one[T any] struct {\n\tx byte\n\ty T\n}\n");
    printf("type two[T, U any] struct {\n\tx T\n\ty U\n\tz [1]T\n}\n\nvar _ atomic.Int64\n\n");
}

int main(int argc, char **argv)
{
    unsigned count = argc > 1 ? (unsigned)atoi(argv[1]) : 0;
    bool program = argc == 2, wide = argc == 4 && strcmp(argv[2], "64") == 0;
    FILE *golden = argc == 4 ? fopen(argv[3], "r") : NULL;
    if (count == 0 || (!program && !golden)) {
        fprintf(stderr, "usage: layout_generate N [64|32 GOLDEN]\n");
        return 2;
    }
    print_head(program);
    for (unsigned i = 0; i < count; i++) {
        char line[MAX_LINE] = "";
        random_state = (i + 1) * 0x9E3779B97F4A7C15u;
        struct drawn d = print_struct(i);
        if (program) {
            print_measured(i, &d);
            continue;
        }
        char *bar = fgets(line, sizeof line, golden) ? strchr(line, '|') : NULL;
        if (bar)
            *bar = line[strcspn(line, "\n")] = 0;
        if (!bar || !print_asserted(i, &d, wide ? line : bar + 1)) {
            fprintf(stderr, "layout_generate: line %u of %s does not fit the struct\n", i + 1, argv[3]);
            return 1;
        }
    }
    if (golden)
        fclose(golden);
    if (program) {
        printf("func main() {\n");
        for (unsigned i = 0; i < count; i++)
            printf("\tprint%u()\n", i);
        printf("}\n");
    }
    return 0;
}
