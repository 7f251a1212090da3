/*
 * constant_test: constants, through a small calculator in postfix notation.
 *
 * A row of the table is an expression and what it gives, exactly and as messages show it; the expectations are what the
 * Go toolchain's own constant arithmetic gives. Words are Go literals (pushed), operators (binary; `//` is integer
 * division, `neg`, `not`, `inv` are unary), conversions (`int`, `float`, `complex`, `real`, `imag`, `rune`), and
 * basic types after @ (`@uint8`: the value as that type holds it, or how it fails to).
 *
 *     constant_test          runs the table
 *     constant_test -        reads expressions from standard input, one a line, and prints exact and shown values
 */
#include <stdlib.h>

#include "../constant.h"
#include "tap.h"

enum { STACK = 64 };

struct calculator {
    struct arena arena;
    const struct constant *stack[STACK];
    int depth;
    const char *error;
};

static void push(struct calculator *c, const struct constant *x)
{
    if (c->depth < STACK)
        c->stack[c->depth++] = x;
    else
        c->error = "stack too deep";
}

static const struct constant *pop(struct calculator *c)
{
    if (c->depth > 0)
        return c->stack[--c->depth];
    c->error = "stack empty";
    return constant_unknown();
}

static enum op find_op(const char *word)
{
    for (enum op op = OP_NONE + 1; op < OP_COUNT; op++)
        if (strcmp(op_string(op), word) == 0)
            return op;
    return OP_NONE;
}

static void apply(struct calculator *c, enum op op)
{
    int64_t count;
    const struct constant *y = pop(c), *x = pop(c);
    if (op_is_shift(op))
        push(c, constant_shift(&c->arena, op, x, constant_as_int64(y, &count) ? (unsigned)count : 0));
    else if (op_is_comparison(op))
        push(c, constant_bool(constant_compare(&c->arena, op, x, y)));
    else
        push(c, constant_binary(&c->arena, op, x, y, false));
}

static void represent(struct calculator *c, const char *type)
{
    static const char *const why[] = {"fits", "truncated", "overflows", "mismatch"};
    const struct constant *x = pop(c), *rounded;
    for (enum basic_kind kind = BASIC_BOOL; kind < BASIC_COUNT; kind++) {
        if (strcmp(basic_table[kind].name, type) != 0)
            continue;
        enum constant_fit fit = constant_represent(&c->arena, x, kind, 8, &rounded);
        push(c, fit == CONSTANT_FITS ? rounded : constant_string(&c->arena, why[fit], strlen(why[fit])));
        return;
    }
    c->error = "unknown type";
}

static bool unary(struct calculator *c, const char *word)
{
    struct arena *a = &c->arena;
    if (!strcmp(word, "neg"))
        push(c, constant_unary(a, OP_SUB, pop(c), 0));
    else if (!strcmp(word, "not"))
        push(c, constant_unary(a, OP_NOT, pop(c), 0));
    else if (!strcmp(word, "inv"))
        push(c, constant_unary(a, OP_XOR, pop(c), 0));
    else if (!strcmp(word, "inv16"))
        push(c, constant_unary(a, OP_XOR, pop(c), 16));
    else if (!strcmp(word, "int"))
        push(c, constant_to_int(a, pop(c)));
    else if (!strcmp(word, "float"))
        push(c, constant_to_float(a, pop(c)));
    else if (!strcmp(word, "complex"))
        push(c, constant_to_complex(a, pop(c)));
    else if (!strcmp(word, "real"))
        push(c, constant_real(a, pop(c)));
    else if (!strcmp(word, "imag"))
        push(c, constant_imag(a, pop(c)));
    else if (!strcmp(word, "rune"))
        push(c, constant_rune_string(a, pop(c)));
    else if (!strcmp(word, "bits"))
        push(c, constant_int(a, (int64_t)constant_bit_length(pop(c))));
    else if (!strcmp(word, "sign"))
        push(c, constant_int(a, constant_sign(pop(c))));
    else
        return false;
    return true;
}

static enum literal_kind literal_kind_of(const char *word)
{
    size_t n = strlen(word);
    if (word[0] == '"' || word[0] == '`')
        return LITERAL_STRING;
    if (word[0] == '\'')
        return LITERAL_RUNE;
    if (word[n - 1] == 'i')
        return LITERAL_IMAG;
    bool hex = word[0] == '0' && (word[1] | 0x20) == 'x';
    return strpbrk(word, hex ? ".pP" : ".eE") ? LITERAL_FLOAT : LITERAL_INT;
}

static void word(struct calculator *c, const char *w)
{
    enum op op = find_op(w);
    if (op != OP_NONE) {
        apply(c, op);
    } else if (!strcmp(w, "//")) {
        const struct constant *y = pop(c), *x = pop(c);
        push(c, constant_binary(&c->arena, OP_DIV, x, y, true));
    } else if (!strcmp(w, "true") || !strcmp(w, "false")) {
        push(c, constant_bool(*w == 't'));
    } else if (*w == '@') {
        represent(c, w + 1);
    } else if (!unary(c, w)) {
        push(c, constant_literal(&c->arena, literal_kind_of(w), w, strlen(w)));
    }
}

/* "exact | shown" of the expression, in the calculator's arena. */
static const char *evaluate(struct calculator *c, const char *expression)
{
    char *text = arena_strndup(&c->arena, expression, strlen(expression)), *rest;
    for (char *w = strtok_r(text, " \n", &rest); w && !c->error; w = strtok_r(NULL, " \n", &rest))
        word(c, w);
    if (!c->error && c->depth != 1)
        c->error = "not one value";
    if (c->error)
        return c->error;
    struct text out;
    text_init(&out, &c->arena);
    constant_print_exact(&out, c->stack[0]);
    text_puts(&out, " | ");
    constant_print(&out, c->stack[0]);
    return text_string(&out);
}

static const struct {
    const char *expression;
    const char *value;
} table[] = {
#include "constant_table.inc"
};

static int run_table(void)
{
    struct tap t = {0};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct calculator c = {0};
        arena_init(&c.arena);
        tap_equal(&t, evaluate(&c, table[i].expression), table[i].value, table[i].expression);
        arena_free(&c.arena);
    }
    return tap_done(&t);
}

static int run_input(void)
{
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, stdin) > 0) {
        struct calculator c = {0};
        arena_init(&c.arena);
        puts(evaluate(&c, line));
        arena_free(&c.arena);
    }
    free(line);
    return 0;
}

int main(int argc, char **argv)
{
    return argc > 1 && strcmp(argv[1], "-") == 0 ? run_input() : run_table();
}
