/* SPDX-License-Identifier: MIT
 *
 * What a file of JSON lines has: each line is walked, and each value told with its path. Lists of
 * {key, value} are told as fields of the row, by the path that chooses the item.
 */
#include <string.h>

#include "common/glance.h"
#include "common/memory.h"
#include "jsonl/source.h"

typedef struct jsonl_looking {
    const carpel_host *host;
    const carpel_view *view;
    json json;
    char *path; /* of the value at hand, ended by NUL */
    size_t path_size, path_capacity;
} jsonl_looking;

/* ---- paths ------------------------------------------------------------------------- */

static void add_sign(jsonl_looking *l, char sign)
{
    if (l->path_size + 2 > l->path_capacity) {
        l->path_capacity = l->path_capacity * 2 + 128;
        l->path = common_resize(l->path, l->path_capacity);
    }
    l->path[l->path_size++] = sign;
    l->path[l->path_size] = '\0';
}

static void add_signs(jsonl_looking *l, const char *signs)
{
    while (*signs)
        add_sign(l, *signs++);
}

/* With a backslash before what has a meaning in a path. */
static void add_key(jsonl_looking *l, json_text key)
{
    for (size_t i = 0; i < key.size; i++) {
        if (strchr(".[]\\", key.data[i]))
            add_sign(l, '\\');
        add_sign(l, key.data[i]);
    }
}

static void cut_path(jsonl_looking *l, size_t size)
{
    l->path_size = size;
    if (l->path)
        l->path[size] = '\0';
}

/* ---- values -------------------------------------------------------------------------- */

/* Which paths the values of an object have: their keys; one for all; one for those that end with "_value", as
 * in {"string_value": ..., "set_timestamp_micros": ...}, whose other values are told by none. */
typedef enum members { NAMED, ANY, ANY_VALUE } members;

static const char value_end[] = "_value";

static bool ends_with_value(json_text key)
{
    size_t size = strlen(value_end);
    return key.size > size && memcmp(key.data + key.size - size, value_end, size) == 0;
}

/* Does a member of the object at hand end with "_value"? */
static bool has_value_member(jsonl_looking *l, unsigned depth)
{
    json *j = &l->json;
    const char *begin = j->at;
    bool is_found = false;
    while (!is_found && j->at < j->end && (json_peek(j) == '{' || json_peek(j) == ',')) {
        json_text key;
        j->at++;
        if (json_peek(j) != '"' || !json_take_string(j, &key))
            break;
        is_found = ends_with_value(key);
        if (!json_take(j, ':') || !json_skip(j, depth))
            break;
    }
    j->at = begin;
    j->fault = NULL;
    return is_found;
}

/* Values hold values, so these call each other. */
static bool tell_value(jsonl_looking *l, unsigned depth, members inside);

static bool tell_text(jsonl_looking *l, json_text text, bool is_text)
{
    l->view->row_field(l->view->context, l->path, text.data, text.size, is_text);
    return true;
}

static bool tell_scalar(jsonl_looking *l, char first)
{
    json *j = &l->json;
    json_text text;
    switch (first) {
    case '"': return json_take_string(j, &text) && tell_text(l, text, true);
    case 'n': return json_take_word(j, "null");
    case 't':
        return json_take_word(j, "true") && tell_text(l, (json_text){"true", 4}, false);
    case 'f':
        return json_take_word(j, "false") && tell_text(l, (json_text){"false", 5}, false);
    default: return json_take_number(j, &text) && tell_text(l, text, false);
    }
}

static bool tell_member(jsonl_looking *l, unsigned depth, members names)
{
    json_text key;
    size_t around = l->path_size;
    if (!json_take_string(&l->json, &key))
        return false;
    if (names == ANY_VALUE && !ends_with_value(key))
        return json_take(&l->json, ':') && json_skip(&l->json, depth);
    if (l->path_size > 0)
        add_sign(l, '.');
    if (names != NAMED)
        add_sign(l, '*');
    if (names == ANY_VALUE)
        add_signs(l, value_end);
    else if (names == NAMED)
        add_key(l, key);
    bool ok = json_take(&l->json, ':') && tell_value(l, depth, NAMED);
    cut_path(l, around);
    return ok;
}

static bool tell_object(jsonl_looking *l, unsigned depth, members names)
{
    json *j = &l->json;
    if (!json_take(j, '{'))
        return false;
    if (json_peek(j) == '}')
        return json_take(j, '}');
    for (;;) {
        if (!tell_member(l, depth, names))
            return false;
        if (json_peek(j) != ',')
            return json_take(j, '}');
        j->at++;
    }
}

/* An item {"key": "page", "value": ...}: its key, and where its value stands. Reading ends behind
 * the item. */
static bool take_pair(jsonl_looking *l, unsigned depth, json_text *key,
                      const char **value)
{
    json *j = &l->json;
    *key = (json_text){0};
    *value = NULL;
    if (json_peek(j) != '{')
        return false;
    for (j->at++; json_peek(j) == '"';) {
        json_text name;
        if (!json_take_string(j, &name))
            return false;
        bool is_key = name.size == 3 && memcmp(name.data, "key", 3) == 0;
        bool is_value = name.size == 5 && memcmp(name.data, "value", 5) == 0;
        if (!json_take(j, ':') || (is_key && json_peek(j) != '"'))
            return false;
        json_peek(j);
        *value = is_value ? j->at : *value;
        if (!(is_key ? json_take_string(j, key) : json_skip(j, depth)))
            return false;
        if (json_peek(j) != ',')
            break;
        j->at++;
    }
    return json_take(j, '}') && key->data && *value;
}

/* Tell of an item {key, value} under a path of its own. False: it is none. */
static bool tell_pair(jsonl_looking *l, unsigned depth)
{
    json *j = &l->json;
    json_text key;
    const char *begin = j->at, *value;
    size_t around = l->path_size;
    if (!take_pair(l, depth, &key, &value)) {
        j->at = begin;
        j->fault = NULL;
        return false;
    }
    const char *end = j->at;
    add_signs(l, "[key=");
    add_key(l, key);
    add_signs(l, "].value");
    j->at = value;
    bool ok = tell_value(l, depth, has_value_member(l, depth) ? ANY_VALUE : ANY);
    j->at = end;
    cut_path(l, around);
    return ok;
}

static bool tell_item(jsonl_looking *l, unsigned depth)
{
    size_t around = l->path_size;
    if (json_peek(&l->json) == '{' && tell_pair(l, depth))
        return true;
    add_signs(l, "[]");
    bool ok = tell_value(l, depth, NAMED);
    cut_path(l, around);
    return ok;
}

static bool tell_list(jsonl_looking *l, unsigned depth)
{
    json *j = &l->json;
    j->at++; /* the opening bracket */
    if (json_peek(j) == ']')
        return json_take(j, ']');
    for (;;) {
        if (!tell_item(l, depth))
            return false;
        if (json_peek(j) != ',')
            return json_take(j, ']');
        j->at++;
    }
}

static bool tell_value(jsonl_looking *l, unsigned depth, members inside)
{
    char first = json_peek(&l->json);
    if (first != '{' && first != '[')
        return tell_scalar(l, first);
    if (depth >= JSON_DEPTH_LIMIT)
        return json_fail(&l->json, "objects and lists are nested too deeply");
    return first == '{' ? tell_object(l, depth + 1, inside) : tell_list(l, depth + 1);
}

/* ---- lines ------------------------------------------------------------------------------ */

/* False: no more are wanted. */
static bool tell_line(jsonl_looking *l, const char *line, size_t size, uint64_t number)
{
    const carpel_view *view = l->view;
    json *j = &l->json;
    json_begin(j, line, size);
    if (json_peek(j) == '\0' && j->at == j->end)
        return true; /* an empty line */
    if (!view->row_begin(view->context, number))
        return false;
    cut_path(l, 0);
    bool ok = tell_object(l, 1, NAMED);
    if (ok) {
        json_peek(j);
        ok = j->at == j->end || json_fail(j, "there is text behind the object");
    }
    if (!ok)
        view->row_refuse(view->context, j->fault ? j->fault : "it is no object");
    view->row_end(view->context);
    return true;
}

/* The line in the window: its size without its end, and whether it is longer than a line may be, and was
 * dropped. */
static bool find_line(input *in, size_t *size, bool *is_long, carpel_error *err)
{
    for (*is_long = false;;) {
        size_t left = in->end - in->begin;
        const char *begin = in->data + in->begin, *found = memchr(begin, '\n', left);
        *size = found ? (size_t)(found - begin) : left;
        if (found || in->is_at_end)
            return true;
        if (left > INPUT_ROW_LIMIT) {
            *is_long = true;
            in->begin = in->end;
        }
        if (!input_more(in, err))
            return false;
    }
}

static bool tell_lines(jsonl_looking *l, input *in, carpel_error *err)
{
    const carpel_view *view = l->view;
    for (uint64_t number = 1;; number++) {
        size_t size;
        bool is_long;
        if (number % 1024 == 0 && l->host->is_cancelled(l->host))
            return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
        if (!find_line(in, &size, &is_long, err))
            return false;
        if (is_long && view->row_begin(view->context, number)) {
            view->row_refuse(view->context, "the line is too long");
            view->row_end(view->context);
        } else if (!is_long && !tell_line(l, in->data + in->begin, size, number)) {
            return true;
        }
        in->begin += size;
        if (in->begin == in->end && in->is_at_end)
            return true;
        in->begin++; /* the line end */
    }
}

bool jsonl_look(const carpel_host *host, const char *path, const carpel_view *view,
                bool *is_mine, carpel_error *err)
{
    glance seen;
    input in;
    if (!glance_at(host, path, &seen, err))
        return false;
    *is_mine = seen.first == '{' || seen.first == '[';
    if (!*is_mine)
        return true;
    if (seen.first == '[')
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"%s\" is one JSON list, and not an object a line; take it "
                           "apart with: jq -c '.[]'",
                           path);
    if (!input_open(&in, path, NULL, err))
        return false;
    jsonl_looking l = {.host = host, .view = view};
    bool ok = tell_lines(&l, &in, err);
    json_done(&l.json);
    free(l.path);
    input_close(&in);
    return ok;
}
