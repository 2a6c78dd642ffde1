/* SPDX-License-Identifier: MIT
 *
 * What stands in a line of the source `jsonl`: an object is walked once along the wanted paths.
 * Values on a path go to the host as they were written; all others are checked and passed over.
 */
#include <stdio.h>
#include <string.h>

#include "jsonl/source.h"

/* Refuse the row for a value of another shape than the wanted one. */
static bool fail_shape(jsonl_source *s, const path_node *node, const char *what)
{
    char reason[200];
    const char *wanted = node->column_count > 0                      ? "a single value"
                         : node->list_count + node->choice_count > 0 ? "a list"
                                                                     : "an object";
    if (node->key_size == 0)
        snprintf(reason, sizeof reason,
                 "at character %zu: an item is %s, where %s is expected",
                 json_character(&s->json), what, wanted);
    else
        snprintf(reason, sizeof reason,
                 "at character %zu: \"%.80s\" is %s, where %s is expected",
                 json_character(&s->json), node->key, what, wanted);
    s->host->row_refuse(s->rows, reason);
    return false;
}

/* Does the value of this field count, and not that of another one of the column? */
static bool counts(jsonl_source *s, path_end end)
{
    if (!end.has_others)
        return true;
    jsonl_rank *known = &s->ranks[end.column];
    if (known->row == s->row && known->rank < end.rank)
        return false;
    *known = (jsonl_rank){s->row, end.rank};
    return true;
}

static bool set_text(jsonl_source *s, const path_node *node, json_text value,
                     bool is_string)
{
    for (size_t i = 0; i < node->column_count; i++) {
        path_end end = node->columns[i];
        bool is_missing = end.has_others && value.size == 0;
        if (!is_missing && counts(s, end))
            s->host->row_set_text(s->rows, end.column, value.data, value.size, is_string);
    }
    return true;
}

static bool set_bool(jsonl_source *s, const path_node *node, bool value)
{
    for (size_t i = 0; i < node->column_count; i++)
        if (counts(s, node->columns[i]))
            s->host->row_set_bool(s->rows, node->columns[i].column, value);
    return true;
}

static bool read_scalar(jsonl_source *s, const path_node *node, char first)
{
    json *j = &s->json;
    json_text value;
    switch (first) {
    case '"': return json_take_string(j, &value) && set_text(s, node, value, true);
    case 't': return json_take_word(j, "true") && set_bool(s, node, true);
    case 'f': return json_take_word(j, "false") && set_bool(s, node, false);
    default: return json_take_number(j, &value) && set_text(s, node, value, false);
    }
}

/* Keep a key that nobody wants: it may be the one that was meant. */
static void keep_other_key(jsonl_source *s, const path_node *node, json_text key)
{
    if (node == s->paths && s->notes.row_count <= JSONL_ROWS_WITH_KEPT_KEYS)
        jsonl_notes_keep_key(&s->notes, key.data, key.size);
}

/* An item is an object of its own: the same key may stand in each. */
static bool read_own_object(jsonl_source *s, path_node *item, unsigned depth)
{
    uint64_t around = s->object;
    s->object = ++s->last_object;
    bool ok = jsonl_read_object(s, item, depth);
    s->object = around;
    return ok;
}

/* One item of a list. */
static bool read_item(jsonl_source *s, path_node *item, unsigned depth)
{
    char first = json_peek(&s->json);
    bool is_plain = item->column_count > 0, is_object = first == '{';
    if (is_plain && first == 'n')
        return json_take_word(&s->json, "null");
    if (first == '[' || is_object == is_plain)
        return fail_shape(s, item,
                          is_object      ? "an object"
                          : first == '[' ? "a list"
                          : first == 'n' ? "null"
                                         : "a single value");
    if (is_plain)
        return read_scalar(s, item, first);
    if (depth >= JSON_DEPTH_LIMIT)
        return json_fail(&s->json, "objects and lists are nested too deeply");
    return read_own_object(s, item, depth + 1);
}

static bool read_items(jsonl_source *s, const path_list *list, unsigned depth)
{
    json *j = &s->json;
    j->at++; /* the opening bracket */
    s->host->list_begin(s->rows, list->column);
    if (json_peek(j) == ']')
        return json_take(j, ']');
    for (;;) {
        s->host->item_begin(s->rows, list->column);
        bool ok = read_item(s, list->item, depth);
        s->host->item_end(s->rows);
        if (!ok)
            return false;
        if (json_peek(j) != ',')
            return json_take(j, ']');
        j->at++;
    }
}

/* The text of the member `field` of the item at hand, which stays where it is. False: it has
 * none. */
static bool find_text(jsonl_source *s, const path_choice *choice, unsigned depth,
                      json_text *out)
{
    json *j = &s->json;
    json_text key;
    const char *begin = j->at;
    bool is_found = false;
    while (!is_found && j->at < j->end && (json_peek(j) == '{' || json_peek(j) == ',')) {
        j->at++;
        if (json_peek(j) != '"' || !json_take_string(j, &key))
            break;
        bool is_field = key.size == choice->field_size &&
                        memcmp(key.data, choice->field, key.size) == 0;
        if (!json_take(j, ':') ||
            !(is_field && json_peek(j) == '"' ? json_take_string(j, out)
                                              : json_skip(j, depth)))
            break;
        is_found = is_field;
    }
    j->at = begin;
    return is_found;
}

/* An item of a list of which some are chosen by their field. */
static bool read_chosen(jsonl_source *s, const path_choice *choice, unsigned depth)
{
    json_text text;
    path_node *item = NULL;
    if (json_peek(&s->json) == '{' && depth < JSON_DEPTH_LIMIT &&
        find_text(s, choice, depth, &text))
        item = paths_find(choice->items, text.data, text.size);
    if (!item)
        return json_skip(&s->json, depth);
    return read_own_object(s, item, depth + 1);
}

/* The items are those of the row, whose columns they set. */
static bool read_choice(jsonl_source *s, const path_choice *choice, unsigned depth)
{
    json *j = &s->json;
    j->at++; /* the opening bracket */
    if (json_peek(j) == ']')
        return json_take(j, ']');
    for (;;) {
        if (!read_chosen(s, choice, depth))
            return false;
        if (json_peek(j) != ',')
            return json_take(j, ']');
        j->at++;
    }
}

/* The list is read once for each column that wants it, and for each field that chooses items. */
static bool read_list(jsonl_source *s, path_node *node, unsigned depth)
{
    const char *begin = s->json.at;
    if (depth >= JSON_DEPTH_LIMIT)
        return json_fail(&s->json, "objects and lists are nested too deeply");
    for (size_t i = 0; i < node->list_count; i++) {
        s->json.at = begin;
        if (!read_items(s, &node->lists[i], depth + 1))
            return false;
    }
    for (size_t i = 0; i < node->choice_count; i++) {
        s->json.at = begin;
        if (!read_choice(s, &node->choices[i], depth + 1))
            return false;
    }
    return true;
}

/* Of the list whose items are rows, the item of this row stands in its place. One whose end was
 * not found is no JSON: passing over it finds the fault. */
static bool read_each(jsonl_source *s, path_node *node, unsigned depth)
{
    json *j = &s->json;
    if (!s->items.end)
        return json_skip(j, depth - 1);
    if (s->item < s->items.count) {
        j->at = s->items.begins[s->item];
        if (*j->at != '{')
            return fail_shape(s, node, "a list of something else than objects");
        if (!jsonl_read_object(s, node, depth + 1))
            return false;
    }
    j->at = s->items.end;
    return true;
}

static bool read_value(jsonl_source *s, path_node *node, unsigned depth)
{
    char first = json_peek(&s->json);
    bool is_object = first == '{', is_list = first == '[';
    node->was_found = true;
    if (first == 'n')
        return json_take_word(&s->json, "null");
    if (is_list && node == s->each && depth < JSON_DEPTH_LIMIT)
        return read_each(s, node, depth + 1);
    if (is_list && node->list_count + node->choice_count > 0 && node->column_count == 0)
        return read_list(s, node, depth);
    if (is_list)
        return fail_shape(s, node, "a list");
    if (is_object && (node->column_count > 0 || node->child_count == 0))
        return fail_shape(s, node, "an object");
    if (is_object && depth >= JSON_DEPTH_LIMIT)
        return json_fail(&s->json, "objects and lists are nested too deeply");
    if (is_object)
        return jsonl_read_object(s, node, depth + 1);
    if (node->column_count == 0)
        return fail_shape(s, node, "a single value");
    return read_scalar(s, node, first);
}

static bool read_member(jsonl_source *s, path_node *node, unsigned depth)
{
    json *j = &s->json;
    json_text key;
    if (!json_take_string(j, &key))
        return false;
    path_node *child = paths_find(node, key.data, key.size);
    if (child == NULL) {
        keep_other_key(s, node, key);
        return json_take(j, ':') && json_skip(j, depth);
    }
    if (child->seen_in == s->object && !child->is_any)
        return json_fail(j, "the same key again in one object");
    child->seen_in = s->object;
    return json_take(j, ':') && read_value(s, child, depth);
}

bool jsonl_read_object(jsonl_source *s, path_node *node, unsigned depth)
{
    json *j = &s->json;
    if (!json_take(j, '{'))
        return false;
    if (json_peek(j) == '}')
        return json_take(j, '}');
    for (;;) {
        if (!read_member(s, node, depth))
            return false;
        if (json_peek(j) != ',')
            return json_take(j, '}');
        j->at++;
    }
}
