// See faults.h. A line of the table is a fault with its first edit, or with the name - says why rules have none; a line that begins with a tab is one more edit of the fault above. In texts
// \n, \t and \\ stand for what they do in C, as in the script that makes the edits (scripts/faults).
#include <stdlib.h>
#include <string.h>

#include "faults.h"

enum { FAULT_COLUMNS = 8, EDIT_COLUMNS = 4 };

// columns cuts a line at its tabs, empty fields too.
static struct vec columns(char *line)
{
    struct vec v = {0};
    for (char *tab; (tab = strchr(line, '\t')); line = tab + 1) {
        *tab = 0;
        vec_push(&v, line);
    }
    vec_push(&v, line);
    return v;
}

static char *unescape(char *text)
{
    char *to = text;
    for (const char *s = text; *s; s++) {
        if (*s == '\\' && s[1])
            *to++ = *++s == 'n' ? '\n' : *s == 't' ? '\t' : *s;
        else
            *to++ = *s;
    }
    *to = 0;
    return text;
}

static void add_edit(struct fault *f, const struct vec *fields, size_t first)
{
    if (!strcmp(fields->at[first], "-")) // an alternative that is built in
        return;
    struct fault_edit *e = xalloc(sizeof *e);
    e->file = fields->at[first];
    e->text = unescape(fields->at[first + 1]);
    e->fault = unescape(fields->at[first + 2]);
    vec_push(&f->edits, e);
}

static struct fault *new_fault(const struct vec *fields)
{
    struct fault *f = xalloc(sizeof *f);
    f->name = fields->at[0];
    f->must = split(fields->at[1], " ");
    f->may = split(fields->at[2], " ");
    f->what = fields->at[4];
    add_edit(f, fields, 5);
    return f;
}

struct vec faults_load(const char *root, struct vec *errors)
{
    struct vec faults = {0};
    char *text = read_file(format("%s/backends/faults/faults.tsv", root), NULL), *line = text;
    for (int number = 1; line && *line; number++) {
        char *end = strchr(line, '\n'), *next = end ? end + 1 : NULL;
        if (end)
            *end = 0;
        if (*line && *line != '#') {
            struct vec fields = columns(line);
            if (fields.len == FAULT_COLUMNS && *(char *)fields.at[0])
                vec_push(&faults, new_fault(&fields));
            else if (fields.len == EDIT_COLUMNS && !*(char *)fields.at[0] && faults.len)
                add_edit(faults.at[faults.len - 1], &fields, 1);
            else
                vec_push(errors,
                         format("backends/faults/faults.tsv:%d: a fault has %d columns separated by tabs, one more "
                                "edit of it a tab and %d",
                                number, FAULT_COLUMNS, EDIT_COLUMNS - 1));
        }
        line = next;
    }
    return faults;
}

bool fault_missing(const struct fault *f)
{
    return !strcmp(f->name, "-");
}

// The text of a file after the edits that this one follows; NULL: the file is not there.
static char *edited(const struct fault *f, size_t before, const char *root)
{
    const struct fault_edit *last = f->edits.at[before];
    char *text = read_file(format("%s/%s", root, last->file), NULL);
    for (size_t i = 0; text && i < before; i++) {
        const struct fault_edit *e = f->edits.at[i];
        char *at = strcmp(e->file, last->file) ? NULL : strstr(text, e->text);
        if (at)
            text = format("%.*s%s%s", (int)(at - text), text, e->fault, at + strlen(e->text));
    }
    return text;
}

char *fault_misplaced(const struct fault *f, const char *root)
{
    for (size_t i = 0; i < f->edits.len; i++) {
        const struct fault_edit *e = f->edits.at[i];
        char *text = edited(f, i, root);
        if (!text)
            return format("there is no file %s", e->file);
        char *at = *e->text ? strstr(text, e->text) : NULL;
        if (!at || strstr(at + 1, e->text))
            return format("%s does not have exactly once the text to edit: %s", e->file, excerpt(e->text));
    }
    return NULL;
}
