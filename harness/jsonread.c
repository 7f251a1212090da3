// See jsonread.h. Recursive descent, to a bounded depth.
#include "jsonread.h"

#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 100 };

struct reader {
    const char *at;
    int depth;
};

static void skip_space(struct reader *r)
{
    r->at += strspn(r->at, " \t\r\n");
}

static bool accept(struct reader *r, const char *word)
{
    size_t n = strlen(word);
    if (strncmp(r->at, word, n))
        return false;
    r->at += n;
    return true;
}

static void put_utf8(struct buf *b, unsigned long c)
{
    char s[4];
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; c >>= 6)
        s[i] = (char)(0x80 | (c & 0x3f));
    s[0] = (char)(n == 1 ? c : (0xf00 >> n & 0xff) | c);
    buf_add(b, s, n);
}

// read_hex reads the four digits of a \u escape.
static bool read_hex(struct reader *r, unsigned long *c)
{
    char digits[5] = {0}, *end;
    memcpy(digits, r->at, strnlen(r->at, 4));
    if (strspn(digits, "0123456789abcdefABCDEF") != 4)
        return false;
    *c = strtoul(digits, &end, 16);
    r->at += 4;
    return true;
}

static bool read_escape(struct reader *r, struct buf *b)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *known = *r->at ? strchr(from, *r->at) : NULL;
    if (known) {
        buf_add(b, &to[known - from], 1);
        r->at++;
        return true;
    }
    unsigned long c, low;
    if (!accept(r, "u") || !read_hex(r, &c))
        return false;
    if (c >= 0xd800 && c < 0xdc00) {
        if (!accept(r, "\\u") || !read_hex(r, &low) || low < 0xdc00 || low > 0xdfff)
            return false;
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    put_utf8(b, c ? c : 0xfffd); // texts here end with their NUL
    return true;
}

// read_string reads what follows the opening quote.
static char *read_string(struct reader *r)
{
    struct buf b = {0};
    while (*r->at && *r->at != '"') {
        if ((unsigned char)*r->at < ' ')
            return NULL;
        if (*r->at == '\\') {
            r->at++;
            if (!read_escape(r, &b))
                return NULL;
        } else {
            buf_add(&b, r->at++, 1);
        }
    }
    buf_add(&b, "", 0);
    return accept(r, "\"") ? b.data : NULL;
}

static struct json *read_value(struct reader *r);

static bool read_members(struct reader *r, struct json *v, bool object)
{
    const char *close = object ? "}" : "]";
    skip_space(r);
    if (accept(r, close))
        return true;
    do {
        skip_space(r);
        char *key = NULL;
        if (object && (!accept(r, "\"") || !(key = read_string(r))))
            return false;
        skip_space(r);
        if (object && !accept(r, ":"))
            return false;
        struct json *member = read_value(r);
        if (!member)
            return false;
        if (object)
            vec_push(&v->keys, key);
        vec_push(&v->at, member);
        skip_space(r);
    } while (accept(r, ","));
    return accept(r, close);
}

static bool read_number(struct reader *r, double *number)
{
    size_t n = strspn(r->at, "+-.0123456789eE");
    char *copy = xstrndup(r->at, n), *end;
    *number = strtod(copy, &end);
    bool whole = n && !*end;
    free(copy);
    r->at += n;
    return whole;
}

static bool read_into(struct reader *r, struct json *v)
{
    static const char *const words[] = {"null", "false", "true"};
    for (int i = 0; i < 3; i++)
        if (accept(r, words[i])) {
            v->kind = (enum json_kind)i;
            return true;
        }
    if (accept(r, "\"")) {
        v->kind = JSON_STRING;
        return (v->string = read_string(r)) != NULL;
    }
    if (accept(r, "{") || accept(r, "[")) {
        v->kind = r->at[-1] == '{' ? JSON_OBJECT : JSON_ARRAY;
        return read_members(r, v, v->kind == JSON_OBJECT);
    }
    v->kind = JSON_NUMBER;
    return read_number(r, &v->number);
}

static struct json *read_value(struct reader *r)
{
    struct json *v = xalloc(sizeof *v);
    skip_space(r);
    if (++r->depth > DEEPEST || !read_into(r, v))
        return NULL;
    r->depth--;
    return v;
}

struct json *json_read(const char *text)
{
    struct reader r = {.at = text};
    struct json *v = read_value(&r);
    skip_space(&r);
    return v && !*r.at ? v : NULL;
}

const struct json *json_member(const struct json *object, const char *key)
{
    if (object && object->kind == JSON_OBJECT)
        for (size_t i = 0; i < object->keys.len; i++)
            if (!strcmp(object->keys.at[i], key))
                return object->at.at[i];
    return NULL;
}

const char *json_text(const struct json *object, const char *key, const char *otherwise)
{
    const struct json *v = json_member(object, key);
    return v && v->kind == JSON_STRING ? v->string : otherwise;
}

double json_number(const struct json *object, const char *key, double otherwise)
{
    const struct json *v = json_member(object, key);
    return v && v->kind == JSON_NUMBER ? v->number : otherwise;
}
