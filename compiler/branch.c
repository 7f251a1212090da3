/*
 * branch: see branch.h.
 *
 * One walk over the statements. Gotos are numbered as they come. A goto whose label is not known yet waits in a list at
 * the label's name; when the label is declared in a block, it resolves the waiting gotos whose number is not below the
 * first number of that block: those are in it, or in blocks inside it. Of these, the ones below the block's `fence`, the
 * next number at its last variable declaration, jump over that variable. What still waits at the end either has no label
 * or one in a block it may not enter. Every goto enters and leaves a list once, so the walk is linear.
 *
 * The walk recurses once per nested statement, which the parser has bounded.
 */
#include "branch.h"

struct jump {
    struct jump *next; /* waiting for the same label, newest first */
    struct stmt *stmt;
    uint32_t number;
};

struct block {
    struct block *parent;
    struct pos start;
    struct stmt *labeled; /* the labelled statement it belongs to, or NULL */
    uint32_t first;       /* number of the first goto in it */
    uint32_t fence;       /* gotos from first to below this jump over `variables` */
    struct pos variable_pos;
    struct expr_list variables;
};

struct label {
    struct ident *ident;
    struct stmt *stmt; /* NULL: only gotos so far */
    struct block *block;
    struct jump *waiting;
};

/* What break and continue refer to here. */
struct targets {
    struct stmt *breaks;
    struct stmt *continues;
    struct clause_list *clauses; /* of the switch of which this is directly a clause's body, else NULL */
    uint32_t clause;
};

/* Invariant: 2 * count <= capacity, a power of two, once there are labels. */
struct branches {
    struct gomem_compilation *c;
    struct label **table; /* open addressing by ident */
    uint32_t capacity;
    uint32_t count;
    uint32_t next_number;
};

static void walk_block(struct branches *b, struct block *parent, struct targets targets, struct stmt *labeled,
                       struct pos start, struct stmt_list list);

static void error_at(struct branches *b, struct pos pos, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void error_at(struct branches *b, struct pos pos, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_verror(&b->c->diags, pos, format, args);
    va_end(args);
}

/* ---- the table of labels ------------------------------------------------------------------------------------------ */

static struct label **slot(struct branches *b, const struct ident *ident)
{
    uint32_t i = ident->hash & (b->capacity - 1);
    while (b->table[i] && b->table[i]->ident != ident)
        i = (i + 1) & (b->capacity - 1);
    return &b->table[i];
}

static void grow(struct branches *b)
{
    struct label **old = b->table;
    uint32_t n = b->capacity;
    b->capacity = n ? n * 2 : 16;
    b->table = ARENA_ARRAY(&b->c->arena, struct label *, b->capacity);
    for (uint32_t i = 0; i < n; i++)
        if (old[i])
            *slot(b, old[i]->ident) = old[i];
}

/* The label of that name, made if need be. */
static struct label *label_of(struct branches *b, struct ident *ident)
{
    if (b->count * 2 >= b->capacity)
        grow(b);
    struct label **at = slot(b, ident);
    if (!*at) {
        *at = ARENA_NEW(&b->c->arena, struct label);
        (*at)->ident = ident;
        b->count++;
    }
    return *at;
}

/* ---- labels and gotos --------------------------------------------------------------------------------------------- */

static bool encloses(const struct block *outer, const struct block *inner)
{
    for (; inner; inner = inner->parent)
        if (inner == outer)
            return true;
    return false;
}

static const char *names_string(struct branches *b, struct expr_list names)
{
    struct text out;
    text_init(&out, &b->c->arena);
    for (uint32_t i = 0; i < names.count; i++) {
        text_puts(&out, i ? ", " : "");
        ast_print_expr(&out, names.items[i]);
    }
    return text_string(&out);
}

static void resolve_waiting(struct branches *b, struct block *block, struct label *l)
{
    while (l->waiting && l->waiting->number >= block->first) {
        struct stmt *s = l->waiting->stmt;
        s->branch.target = l->stmt;
        l->stmt->labeled.used = true;
        if (block->variables.count && l->waiting->number < block->fence)
            error_at(b, s->branch.label->pos, "goto %s jumps over declaration of %s at %s", l->ident->text,
                     names_string(b, block->variables), source_mention(&b->c->sources, block->variable_pos));
        l->waiting = l->waiting->next;
    }
}

/* Returns whether the statement bears the label for good (not blank, not a second time). */
static bool declare(struct branches *b, struct block *block, struct stmt *s)
{
    struct expr *name = s->labeled.label;
    if (name->name.ident->blank)
        return false;
    struct label *l = label_of(b, name->name.ident);
    if (l->stmt) {
        error_at(b, name->pos, "label %s already defined at %s", l->ident->text,
                 source_mention(&b->c->sources, l->stmt->labeled.label->pos));
        return true;
    }
    l->stmt = s;
    l->block = block;
    resolve_waiting(b, block, l);
    return true;
}

static void walk_goto(struct branches *b, struct block *block, struct stmt *s)
{
    struct label *l = label_of(b, s->branch.label->name.ident);
    if (l->stmt) {
        l->stmt->labeled.used = true;
        if (encloses(l->block, block)) {
            s->branch.target = l->stmt;
            return;
        }
    }
    struct jump *j = ARENA_NEW(&b->c->arena, struct jump);
    j->stmt = s;
    j->number = b->next_number++;
    j->next = l->waiting;
    l->waiting = j;
}

static void declare_variables(struct branches *b, struct block *block, struct pos pos, struct expr_list names)
{
    block->variables = names;
    block->variable_pos = pos;
    block->fence = b->next_number;
}

/* ---- break, continue, fallthrough --------------------------------------------------------------------------------- */

static bool is_loop(const struct stmt *s)
{
    return s->kind == STMT_FOR || s->kind == STMT_RANGE;
}

static bool is_breakable(const struct stmt *s)
{
    return is_loop(s) || s->kind == STMT_SWITCH || s->kind == STMT_TYPE_SWITCH || s->kind == STMT_SELECT;
}

/* break L, continue L: L must label a statement we are in. */
static void walk_labeled_branch(struct branches *b, struct block *block, struct stmt *s)
{
    const char *word = s->kind == STMT_BREAK ? "break" : "continue";
    struct expr *name = s->branch.label;
    struct label *l = label_of(b, name->name.ident);
    if (!l->stmt) {
        error_at(b, name->pos, "%s label not defined: %s", word, l->ident->text);
        return;
    }
    l->stmt->labeled.used = true;
    struct stmt *target = l->stmt->labeled.stmt;
    for (; block && block->labeled != l->stmt; block = block->parent)
        ;
    if (block && (s->kind == STMT_BREAK ? is_breakable(target) : is_loop(target)))
        s->branch.target = target;
    else
        error_at(b, name->pos, "invalid %s label %s", word, l->ident->text);
}

static void walk_fallthrough(struct branches *b, const struct targets *t, struct stmt *s, bool last)
{
    const char *message = "fallthrough statement out of place";
    if (t->breaks && t->breaks->kind == STMT_TYPE_SWITCH)
        message = "cannot fallthrough in type switch";
    else if (t->breaks && t->breaks->kind == STMT_SWITCH && t->clauses && last) {
        if (t->clause + 1 < t->clauses->count)
            return;
        message = "cannot fallthrough final case in switch";
    }
    error_at(b, s->pos, "%s", message);
}

static void walk_branch(struct branches *b, struct block *block, const struct targets *t, struct stmt *s, bool last)
{
    if (s->kind == STMT_FALLTHROUGH)
        walk_fallthrough(b, t, s, last);
    else if (s->kind == STMT_GOTO)
        walk_goto(b, block, s);
    else if (s->branch.label)
        walk_labeled_branch(b, block, s);
    else if (s->kind == STMT_BREAK && !(s->branch.target = t->breaks))
        error_at(b, s->pos, "break is not in a loop, switch, or select");
    else if (s->kind == STMT_CONTINUE && !(s->branch.target = t->continues))
        error_at(b, s->pos, "continue is not in a loop");
}

/* ---- the walk ----------------------------------------------------------------------------------------------------- */

static void walk_clauses(struct branches *b, struct block *block, const struct targets *outer, struct stmt *labeled,
                         struct stmt *s, struct clause_list *list)
{
    struct targets t = {.breaks = s, .continues = outer->continues, .clauses = list};
    for (; t.clause < list->count; t.clause++)
        walk_block(b, block, t, labeled, list->items[t.clause]->pos, list->items[t.clause]->body);
}

static void walk_nested(struct branches *b, struct block *block, const struct targets *outer, struct stmt *labeled,
                        struct stmt *s)
{
    struct targets same = {.breaks = outer->breaks, .continues = outer->continues};
    struct targets loop = {.breaks = s, .continues = s};
    struct stmt *else_;
    switch (s->kind) {
    case STMT_BLOCK:
        walk_block(b, block, same, labeled, s->pos, s->block.list);
        break;
    case STMT_IF:
        walk_block(b, block, same, labeled, s->if_.then->pos, s->if_.then->block.list);
        else_ = s->if_.else_;
        if (else_)
            walk_block(b, block, same, labeled, else_->pos, (struct stmt_list){&else_, 1});
        break;
    case STMT_FOR:
        walk_block(b, block, loop, labeled, s->for_.body->pos, s->for_.body->block.list);
        break;
    case STMT_RANGE:
        walk_block(b, block, loop, labeled, s->range.body->pos, s->range.body->block.list);
        break;
    case STMT_SWITCH:
        walk_clauses(b, block, outer, labeled, s, &s->switch_.clauses);
        break;
    case STMT_TYPE_SWITCH:
        walk_clauses(b, block, outer, labeled, s, &s->type_switch.clauses);
        break;
    case STMT_SELECT:
        walk_clauses(b, block, outer, labeled, s, &s->select.clauses);
        break;
    default:
        break;
    }
}

static void walk_decls(struct branches *b, struct block *block, struct decl_list list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        if (list.items[i]->kind != DECL_VAR)
            continue;
        declare_variables(b, block, list.items[i]->pos, (struct expr_list){list.items[i]->var.names.items, 1});
        break;
    }
}

static void walk_stmt(struct branches *b, struct block *block, const struct targets *t, struct stmt *s, bool last)
{
    struct stmt *labeled = NULL;
    for (; s->kind == STMT_LABELED; s = s->labeled.stmt)
        if (declare(b, block, s))
            labeled = s;
    switch (s->kind) {
    case STMT_DECL:
        walk_decls(b, block, s->decl.list);
        break;
    case STMT_ASSIGN:
        if (s->define)
            declare_variables(b, block, s->pos, s->assign.lhs);
        break;
    case STMT_BREAK:
    case STMT_CONTINUE:
    case STMT_GOTO:
    case STMT_FALLTHROUGH:
        walk_branch(b, block, t, s, last);
        break;
    default:
        walk_nested(b, block, t, labeled, s);
        break;
    }
}

static void walk_block(struct branches *b, struct block *parent, struct targets targets, struct stmt *labeled,
                       struct pos start, struct stmt_list list)
{
    /* In the arena, because labels go on referring to their blocks. */
    struct block *block = ARENA_NEW(&b->c->arena, struct block);
    *block = (struct block){.parent = parent, .start = start, .labeled = labeled, .first = b->next_number};
    while (list.count && list.items[list.count - 1]->kind == STMT_EMPTY)
        list.count--; /* a fallthrough before them is still the last statement */
    for (uint32_t i = 0; i < list.count; i++)
        walk_stmt(b, block, &targets, list.items[i], i + 1 == list.count);
}

static void report_label(struct branches *b, const struct label *l)
{
    for (const struct jump *j = l->waiting; j; j = j->next) {
        struct pos pos = j->stmt->branch.label->pos;
        if (!l->stmt)
            error_at(b, pos, "label %s not defined", l->ident->text);
        else
            error_at(b, pos, "goto %s jumps into block starting at %s", l->ident->text,
                     source_mention(&b->c->sources, l->block->start));
    }
    if (!l->stmt)
        return;
    l->stmt->labeled.used |= l->waiting != NULL;
    if (!l->stmt->labeled.used)
        error_at(b, l->stmt->labeled.label->pos, "label %s defined and not used", l->ident->text);
}

void branch_resolve(struct gomem_compilation *c, struct stmt *body)
{
    struct branches b = {.c = c};
    walk_block(&b, NULL, (struct targets){0}, NULL, body->pos, body->block.list);
    for (uint32_t i = 0; i < b.capacity; i++)
        if (b.table[i])
            report_label(&b, b.table[i]);
}
