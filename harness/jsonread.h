// Reading JSON: one value of a text, as a tree. For the lines that json.c writes, and whatever else stands among them.
#ifndef GOMEM_JSONREAD_H
#define GOMEM_JSONREAD_H

#include <stdbool.h>

#include "util.h"

enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
    enum json_kind kind;
    double number;
    char *string;
    struct vec keys; // of an object; char *
    struct vec at;   // of an object or array; struct json *
};

// json_read reads a text that holds one value and nothing else; NULL when it is not valid.
struct json *json_read(const char *text);

// json_member is an object's member; NULL when there is none, or the value is no object.
const struct json *json_member(const struct json *object, const char *key);
// json_text and json_number give a member's value, or the other one when it is not of that kind.
const char *json_text(const struct json *object, const char *key, const char *otherwise);
double json_number(const struct json *object, const char *key, double otherwise);

#endif
