/* SPDX-License-Identifier: MIT
 *
 * Rows of records.
 */
#include "common/records.h"

#include <stdio.h>
#include <string.h>

#include "common/memory.h"
#include "common/names.h"
#include "common/tell.h"

/* So many show what there is. */
enum { TOLD_RECORDS = 50000 };

static bool refuse_shape(records *r, const path_node *node, const char *what)
{
    char reason[200];
    snprintf(reason, sizeof reason, "\"%.80s\" is %s, where a single value is expected",
             node->key, what);
    r->host->row_refuse(r->rows, reason);
    return json_skip(&r->json, 1);
}

bool records_counts(records *r, path_end end)
{
    record_rank *known = &r->ranks[end.column];
    if (!end.has_others)
        return true;
    if (known->record == r->count && known->rank < end.rank)
        return false;
    *known = (record_rank){r->count, end.rank};
    return true;
}

/* A single value, into each column that ends at the node. */
static bool set_value(records *r, const path_node *node)
{
    json *j = &r->json;
    json_text value;
    char first = json_peek(j);
    if (first == 'n')
        return json_take_word(j, "null");
    if (first == 't' || first == 'f') {
        for (size_t i = 0; i < node->column_count; i++)
            if (records_counts(r, node->columns[i]))
                r->host->row_set_bool(r->rows, node->columns[i].column, first == 't');
        return json_take_word(j, first == 't' ? "true" : "false");
    }
    bool is_text = first == '"';
    if (!(is_text ? json_take_string(j, &value) : json_take_number(j, &value)))
        return false;
    for (size_t i = 0; i < node->column_count; i++)
        if (records_counts(r, node->columns[i]))
            r->host->row_set_text(r->rows, node->columns[i].column, value.data,
                                  value.size, is_text);
    return true;
}

/* A list of plain values. */
static bool set_list(records *r, const path_list *list)
{
    json *j = &r->json;
    j->at++; /* the opening bracket */
    r->host->list_begin(r->rows, list->column);
    if (json_peek(j) == ']')
        return json_take(j, ']');
    for (;;) {
        char first = json_peek(j);
        r->host->item_begin(r->rows, list->column);
        bool ok = first == '{' || first == '['
                      ? refuse_shape(r, list->item, "a list of more")
                      : set_value(r, list->item);
        r->host->item_end(r->rows);
        if (!ok)
            return false;
        if (json_peek(j) != ',')
            return json_take(j, ']');
        j->at++;
    }
}

/* An object holds values and a value may be an object, so these call each other. */
static bool set_object(records *r, path_node *node, unsigned depth);

static bool set_member(records *r, path_node *node, unsigned depth)
{
    char first = json_peek(&r->json);
    node->was_found = true;
    if (first == '{' && node->child_count > 0 && depth < JSON_DEPTH_LIMIT)
        return set_object(r, node, depth + 1);
    if (first == '[' && node->list_count > 0)
        return set_list(r, &node->lists[0]);
    if (first == '{' || first == '[')
        return refuse_shape(r, node, first == '{' ? "an object" : "a list");
    return node->column_count > 0 ? set_value(r, node) : json_skip(&r->json, depth);
}

static bool set_object(records *r, path_node *node, unsigned depth)
{
    json *j = &r->json;
    json_text key;
    if (!json_take(j, '{'))
        return false;
    if (json_peek(j) == '}')
        return json_take(j, '}');
    for (;;) {
        if (!json_take_string(j, &key) || !json_take(j, ':'))
            return false;
        if (r->read_count == 1 && node == r->paths && r->key_count < KEPT_KEYS)
            r->keys[r->key_count++] = common_copy(key.data, key.size);
        path_node *child = paths_find(node, key.data, key.size);
        if (!(child ? set_member(r, child, depth) : json_skip(j, depth)))
            return false;
        if (json_peek(j) != ',')
            return json_take(j, '}');
        j->at++;
    }
}

static void mark_found(records *r, const path_node *node)
{
    for (size_t i = 0; i < node->child_count; i++)
        mark_found(r, node->children[i]);
    for (size_t i = 0; i < node->column_count; i++)
        r->was_found[node->columns[i].column] |= node->was_found;
    for (size_t i = 0; i < node->list_count; i++)
        r->was_found[node->lists[i].column] |= node->was_found;
}

/* ---- the public functions --------------------------------------------------------- */

void records_init(records *r, const carpel_host *host, const carpel_request *request)
{
    size_t count = request->column_count;
    *r = (records){.host = host, .request = request};
    r->ranks = common_alloc(count, sizeof *r->ranks);
    r->was_found = common_alloc(count, sizeof *r->was_found);
    r->paths = paths_new(request->columns, count);
}

void records_done(records *r)
{
    buffer_done(&r->path);
    json_done(&r->json);
    paths_free(r->paths);
    free(r->ranks);
    free(r->was_found);
    while (r->key_count > 0)
        free(r->keys[--r->key_count]);
}

bool records_check(const carpel_request *request, const char *whence, carpel_error *err)
{
    for (size_t i = 0; i < request->column_count; i++) {
        const carpel_column *c = &request->columns[i];
        if (c->type == CARPEL_LIST && !c->is_plain && !c->is_optional)
            return carpel_fail(
                err, CARPEL_E_INPUT,
                "\"%s\" is a list of records, and only lists of plain values "
                "can be read from %s",
                c->from, whence);
    }
    return true;
}

/* The object was read, unless something stands behind it. False: why it was not. */
static bool end_object(json *j, bool is_read, char *reason, size_t room)
{
    if (is_read) {
        json_peek(j);
        is_read = j->at == j->end || json_fail(j, "there is text behind the object");
    }
    if (!is_read)
        snprintf(reason, room, "at character %zu: %s", json_character(j), j->fault);
    return is_read;
}

void records_fill(records *r, const char *data, size_t size)
{
    char reason[200];
    json_begin(&r->json, data, size);
    r->read_count++;
    r->count++;
    bool is_read = set_object(r, r->paths, 1);
    if (!end_object(&r->json, is_read, reason, sizeof reason))
        r->host->row_refuse(r->rows, reason);
}

bool records_begin_told(records *r)
{
    r->count++;
    r->is_enough = r->is_enough || r->count > TOLD_RECORDS ||
                   !r->view->row_begin(r->view->context, r->count);
    return !r->is_enough;
}

/* Of one that cannot be read to its end nothing is told. */
bool records_tell(records *r, const char *data, size_t size)
{
    char reason[200];
    json *j = &r->json;
    json_begin(j, data, size);
    bool is_object = json_peek(j) == '{' ? json_skip(j, 0) : json_take(j, '{');
    bool is_whole = end_object(j, is_object, reason, sizeof reason);
    if (is_whole) {
        json_begin(j, data, size);
        is_whole = tell_object(j, r->view, &r->path) ||
                   end_object(j, false, reason, sizeof reason);
    }
    if (!is_whole)
        r->view->row_refuse(r->view->context, reason);
    return is_whole;
}

/* With a reason, or an object. */
static void tell_row(records *r, const char *reason, const char *data, size_t size)
{
    if (!records_begin_told(r))
        return;
    if (reason)
        r->view->row_refuse(r->view->context, reason);
    else
        records_tell(r, data, size);
    r->view->row_end(r->view->context);
}

void records_add(records *r, const char *data, size_t size)
{
    if (r->view) {
        tell_row(r, NULL, data, size);
        return;
    }
    r->host->row_begin(r->rows, r->count + 1);
    records_fill(r, data, size);
    r->host->row_end(r->rows);
}

void records_refuse(records *r, const char *reason)
{
    if (r->view) {
        tell_row(r, reason, NULL, 0);
        return;
    }
    r->host->row_begin(r->rows, ++r->count);
    r->host->row_refuse(r->rows, reason);
    r->host->row_end(r->rows);
}

void records_note_found(records *into, records *from)
{
    mark_found(from, from->paths);
    for (size_t i = 0; i < into->request->column_count; i++)
        into->was_found[i] |= from->was_found[i];
    into->read_count += from->read_count;
    for (size_t i = 0; into->key_count == i && i < from->key_count; i++)
        into->keys[into->key_count++] = common_copy(from->keys[i], strlen(from->keys[i]));
}

void records_warn(records *r)
{
    char text[400];
    mark_found(r, r->paths);
    for (size_t i = 0; i < r->request->column_count && r->read_count > 0; i++) {
        const carpel_column *wanted = &r->request->columns[i];
        if (r->was_found[i] || wanted->is_optional)
            continue;
        const char *nearest =
            names_nearest(wanted->from, (const char *const *)r->keys, r->key_count);
        snprintf(text, sizeof text, "no record has \"%.150s\"%s%s%s", wanted->from,
                 nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                 nearest ? "\"?" : "");
        r->host->log(r->host, CARPEL_LOG_WARNING, text);
    }
}
