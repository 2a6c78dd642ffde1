/* SPDX-License-Identifier: MIT
 *
 * The rows of a line of the source `jsonl`: the line is one, or with `each` the items of its list
 * are. Their places are found once, so that a row reads its own item and passes over no other.
 */
#include <stdio.h>

#include "common/memory.h"
#include "jsonl/source.h"

static void add_item(jsonl_items *items, const char *begin)
{
    if (items->count == items->capacity) {
        items->capacity = items->capacity == 0 ? 64 : items->capacity * 2;
        items->begins =
            common_resize(items->begins, items->capacity * sizeof *items->begins);
    }
    items->begins[items->count++] = begin;
}

/* Note where the items of the list at hand stand. False: it is no JSON. */
static bool find_items(json *j, unsigned depth, jsonl_items *items)
{
    j->at++; /* the opening bracket */
    while (json_peek(j) != ']') {
        add_item(items, j->at);
        if (!json_skip(j, depth))
            return false;
        if (json_peek(j) != ',')
            break;
        j->at++;
    }
    if (!json_take(j, ']'))
        return false;
    items->end = j->at;
    return true;
}

/* The same of the list that the value at hand holds below `node`. False also for a second list,
 * whose key stands twice. */
static bool find_below(json *j, path_node *node, unsigned depth, jsonl_items *items)
{
    json_text key;
    if (depth < JSON_DEPTH_LIMIT && node->child_count == 0 && json_peek(j) == '[')
        return !items->end && find_items(j, depth + 1, items);
    if (depth >= JSON_DEPTH_LIMIT || node->child_count == 0 || json_peek(j) != '{')
        return json_skip(j, depth);
    for (j->at++; json_peek(j) == '"';) {
        if (!json_take_string(j, &key) || !json_take(j, ':'))
            return false;
        path_node *child = paths_find(node, key.data, key.size);
        if (!(child ? find_below(j, child, depth + 1, items) : json_skip(j, depth + 1)))
            return false;
        if (json_peek(j) != ',')
            break;
        j->at++;
    }
    return json_take(j, '}');
}

/* How many rows a line has. One that is no JSON has one, so that it is refused. */
static uint64_t count_rows(jsonl_source *s, const char *line, size_t size)
{
    if (!s->each)
        return 1;
    s->items.count = 0;
    s->items.end = NULL;
    json_begin(&s->json, line, size);
    return find_below(&s->json, s->each_path, 0, &s->items) ? s->items.count : 1;
}

static void add_row(jsonl_source *s, const char *line, size_t size)
{
    json *j = &s->json;
    json_begin(j, line, size);
    s->row = s->object = ++s->last_object;
    s->host->row_begin(s->rows, s->next_line);
    bool ok = jsonl_read_object(s, s->paths, 1);
    if (ok) {
        json_peek(j);
        ok = j->at == j->end || json_fail(j, "there is text behind the object");
    }
    if (!ok && j->fault != NULL) {
        char reason[200];
        snprintf(reason, sizeof reason, "at character %zu: %s", json_character(j),
                 j->fault);
        s->host->row_refuse(s->rows, reason);
    }
    s->host->row_end(s->rows);
}

void jsonl_add_line(jsonl_source *s, const char *line, size_t size)
{
    json *j = &s->json;
    json_begin(j, line, size);
    if (json_peek(j) == '\0' && j->at == j->end)
        return; /* an empty line */
    s->notes.row_count++;
    uint64_t count = count_rows(s, line, size);
    for (s->item = 0; s->item < count; s->item++)
        add_row(s, line, size);
}
