/* SPDX-License-Identifier: MIT
 *
 * One walk over an object.
 */
#include "common/tell.h"

#include <string.h>

typedef struct telling {
    json *json;
    const carpel_view *view;
    buffer *path; /* of the value at hand */
} telling;

/* Values hold values, so these call each other. */
static bool tell_members(telling *t, unsigned depth);

static void cut_path(telling *t, size_t size)
{
    t->path->size = size;
    if (t->path->data)
        t->path->data[size] = '\0';
}

/* With a backslash before what has a meaning in a path. */
static void add_key(telling *t, json_text key)
{
    if (t->path->size > 0)
        buffer_add(t->path, ".");
    for (size_t i = 0; i < key.size; i++) {
        if (strchr(".[]\\", key.data[i]))
            buffer_add(t->path, "\\");
        buffer_add_bytes(t->path, &key.data[i], 1);
    }
}

static bool tell_plain(telling *t, char first)
{
    json *j = t->json;
    const carpel_view *view = t->view;
    const char *word = first == 't' ? "true" : "false";
    json_text text;
    if (first == 'n')
        return json_take_word(j, "null");
    if (first == 't' || first == 'f') {
        view->row_field(view->context, t->path->data, word, strlen(word), false);
        return json_take_word(j, word);
    }
    if (!(first == '"' ? json_take_string(j, &text) : json_take_number(j, &text)))
        return false;
    view->row_field(view->context, t->path->data, text.data, text.size, first == '"');
    return true;
}

static bool tell_items(telling *t, unsigned depth)
{
    json *j = t->json;
    j->at++; /* the opening bracket */
    if (json_peek(j) == ']')
        return json_take(j, ']');
    buffer_add(t->path, "[]");
    for (;;) {
        char first = json_peek(j);
        bool is_plain = first != '{' && first != '[';
        if (!(is_plain ? tell_plain(t, first) : json_skip(j, depth)))
            return false;
        if (json_peek(j) != ',')
            return json_take(j, ']');
        j->at++;
    }
}

static bool tell_member(telling *t, unsigned depth)
{
    json_text key;
    size_t around = t->path->size;
    if (!json_take_string(t->json, &key))
        return false;
    add_key(t, key);
    if (!json_take(t->json, ':'))
        return false;
    char first = json_peek(t->json);
    bool ok = first == '{'   ? tell_members(t, depth + 1)
              : first == '[' ? tell_items(t, depth + 1)
                             : tell_plain(t, first);
    cut_path(t, around);
    return ok;
}

static bool tell_members(telling *t, unsigned depth)
{
    json *j = t->json;
    if (depth > JSON_DEPTH_LIMIT)
        return json_fail(j, "objects and lists are nested too deeply");
    if (!json_take(j, '{'))
        return false;
    if (json_peek(j) == '}')
        return json_take(j, '}');
    for (;;) {
        if (!tell_member(t, depth))
            return false;
        if (json_peek(j) != ',')
            return json_take(j, '}');
        j->at++;
    }
}

bool tell_object(json *j, const carpel_view *view, buffer *path)
{
    telling t = {j, view, path};
    buffer_add(path, ""); /* so that there is one */
    cut_path(&t, 0);
    return tell_members(&t, 1);
}
