/* SPDX-License-Identifier: MIT
 *
 * The source `jsonl`: one JSON object a line. Each line is walked once; values on a
 * wanted path go to the host as they were written, all others are checked and passed
 * over.
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <string.h>

#include "common/files.h"
#include "common/input.h"
#include "common/memory.h"
#include "common/names.h"
#include "common/stream.h"
#include "jsonl/json.h"
#include "jsonl/paths.h"

enum { KEPT_KEYS = 64, ROWS_WITH_KEPT_KEYS = 100, LONGEST_KEPT_KEY = 80 };

typedef struct jsonl_options {
    carpel_texts files;
} jsonl_options;

static const carpel_option options_table[] = {
    {.name = "files",
     .type = CARPEL_OPTION_PATHS,
     .offset = offsetof(jsonl_options, files),
     .required = true,
     .help =
         "The files to read: a path or a list of them, * and ? allowed; gzip is known "
         "by its content."},
    {0}};

/* One opened source. */
typedef struct jsonl_source {
    const carpel_host *host;
    const carpel_request *request;
    const jsonl_options *options;
    path_node *paths;
    json json;
    carpel_rows *rows; /* while fill works */

    size_t next_file; /* the file after the open one */
    bool is_open;
    input in;
    uint64_t next_line;
    uint64_t row;                 /* counts all rows, from 1 */
    uint64_t object, last_object; /* the row or item that is read; all of them so far */
    uint64_t total_bytes, done_bytes;

    char *other_keys[KEPT_KEYS]; /* outermost keys that nobody wants, for a hint */
    size_t other_key_count;
} jsonl_source;

/* ---- values ------------------------------------------------------------- */

/* Refuse the row for a value of another shape than the wanted one. */
static bool fail_shape(jsonl_source *s, const path_node *node, const char *what)
{
    char reason[200];
    const char *wanted = node->column_count > 0 ? "a single value"
                         : node->list_count > 0 ? "a list"
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

static bool set_text(jsonl_source *s, const path_node *node, json_text value,
                     bool is_string)
{
    for (size_t i = 0; i < node->column_count; i++)
        s->host->row_set_text(s->rows, node->columns[i], value.data, value.size,
                              is_string);
    return true;
}

static bool set_bool(jsonl_source *s, const path_node *node, bool value)
{
    for (size_t i = 0; i < node->column_count; i++)
        s->host->row_set_bool(s->rows, node->columns[i], value);
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
    if (node != s->paths || s->row > ROWS_WITH_KEPT_KEYS ||
        s->other_key_count == KEPT_KEYS || key.size > LONGEST_KEPT_KEY)
        return;
    for (size_t i = 0; i < s->other_key_count; i++)
        if (strlen(s->other_keys[i]) == key.size &&
            memcmp(s->other_keys[i], key.data, key.size) == 0)
            return;
    s->other_keys[s->other_key_count++] = common_copy(key.data, key.size);
}

/* An object holds values and a value may be an object, so these call each other. */
static bool read_object(jsonl_source *s, path_node *node, unsigned depth);

/* One item of a list, as an object of its own. */
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
    uint64_t around = s->object;
    s->object = ++s->last_object;
    bool ok = read_object(s, item, depth + 1);
    s->object = around;
    return ok;
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

/* The list is read once for each column that wants it. */
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
    return true;
}

static bool read_value(jsonl_source *s, path_node *node, unsigned depth)
{
    char first = json_peek(&s->json);
    bool is_object = first == '{', is_list = first == '[';
    node->was_found = true;
    if (first == 'n')
        return json_take_word(&s->json, "null");
    if (is_list && node->list_count > 0 && node->column_count == 0)
        return read_list(s, node, depth);
    if (is_list)
        return fail_shape(s, node, "a list");
    if (is_object && (node->column_count > 0 || node->child_count == 0))
        return fail_shape(s, node, "an object");
    if (is_object && depth >= JSON_DEPTH_LIMIT)
        return json_fail(&s->json, "objects and lists are nested too deeply");
    if (is_object)
        return read_object(s, node, depth + 1);
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
    if (child->seen_in == s->object)
        return json_fail(j, "the same key again in one object");
    child->seen_in = s->object;
    return json_take(j, ':') && read_value(s, child, depth);
}

static bool read_object(jsonl_source *s, path_node *node, unsigned depth)
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

/* ---- lines -------------------------------------------------------------- */

static void add_line(jsonl_source *s, const char *line, size_t size)
{
    json *j = &s->json;
    json_begin(j, line, size);
    if (json_peek(j) == '\0' && j->at == j->end)
        return; /* an empty line */
    s->row++;
    s->object = ++s->last_object;
    s->host->row_begin(s->rows, s->next_line);
    bool ok = read_object(s, s->paths, 1);
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

static void refuse_long_line(jsonl_source *s)
{
    char reason[80];
    snprintf(reason, sizeof reason, "the line is longer than %zu MiB",
             INPUT_ROW_LIMIT / (1024 * 1024));
    s->host->row_begin(s->rows, s->next_line);
    s->host->row_refuse(s->rows, reason);
    s->host->row_end(s->rows);
}

/* Find the end of the line at in.begin, reading on as needed; *size leaves it out. A line
 * beyond the limit is dropped up to its end, and *is_long set. */
static bool find_line(jsonl_source *s, size_t *size, bool *is_long, carpel_error *err)
{
    input *in = &s->in;
    size_t searched = 0;
    *is_long = false;
    for (;;) {
        const char *from = in->data + in->begin + searched;
        const char *found = memchr(from, '\n', in->end - in->begin - searched);
        if (found != NULL || in->is_at_end) {
            const char *end = found != NULL ? found : in->data + in->end;
            *size = (size_t)(end - (in->data + in->begin));
            *is_long = *is_long || *size > INPUT_ROW_LIMIT;
            return true;
        }
        searched = in->end - in->begin;
        if (searched > INPUT_ROW_LIMIT) {
            *is_long = true;
            in->begin = in->end;
            searched = 0;
        }
        if (!input_more(in, err))
            return false;
    }
}

static bool open_next_file(jsonl_source *s, carpel_error *err)
{
    const char *path = s->options->files.items[s->next_file++];
    if (!input_open(&s->in, path, err))
        return false;
    s->is_open = true;
    s->next_line = 1;
    s->host->rows_begin_file(s->rows, files_short_name(s->request, path));
    return true;
}

static void close_file(jsonl_source *s)
{
    s->done_bytes += s->in.read_bytes;
    input_close(&s->in);
    s->is_open = false;
}

/* A file that begins with a list is one JSON document, whose lines are no rows. */
static bool check_begin(jsonl_source *s, size_t size, carpel_error *err)
{
    if (s->next_line > 1)
        return true;
    json_begin(&s->json, s->in.data + s->in.begin, size);
    if (json_peek(&s->json) != '[')
        return true;
    const char *path = s->options->files.items[s->next_file - 1];
    return carpel_fail(err, CARPEL_E_INPUT,
                       "\"%s\" begins with \"[\": it is one JSON list, and each line has "
                       "to hold one object; write them without the brackets and commas, "
                       "for example with: jq -c \".[]\"",
                       files_short_name(s->request, path));
}

/* Add lines of the open file until the batch is full or the file is over. */
static bool fill_from_file(jsonl_source *s, carpel_error *err)
{
    while (!s->host->rows_is_full(s->rows)) {
        size_t size;
        bool is_long;
        if (!find_line(s, &size, &is_long, err))
            return false;
        bool is_last = s->in.begin + size == s->in.end;
        if (!is_long && !check_begin(s, size, err))
            return false;
        if (is_long)
            refuse_long_line(s);
        else
            add_line(s, s->in.data + s->in.begin, size);
        s->in.begin += size + (is_last ? 0 : 1);
        s->next_line++;
        if (is_last) {
            close_file(s);
            return true;
        }
    }
    return true;
}

/* ---- the source --------------------------------------------------------- */

/* A wanted column that no line had was probably misspelt. */
static void warn_of_column(const jsonl_source *s, const carpel_column *wanted)
{
    if (wanted->is_optional)
        return;
    const char *nearest = names_nearest(wanted->from, (const char *const *)s->other_keys,
                                        s->other_key_count);
    char message[400];
    if (nearest != NULL)
        snprintf(message, sizeof message, "no line has \"%.150s\"; did you mean \"%s\"?",
                 wanted->from, nearest);
    else
        snprintf(message, sizeof message, "no line has \"%.150s\"", wanted->from);
    s->host->log(s->host, CARPEL_LOG_WARNING, message);
}

static void warn_of_missing(const jsonl_source *s, const path_node *node)
{
    const carpel_column *columns = s->request->columns;
    for (size_t i = 0; i < node->child_count; i++)
        warn_of_missing(s, node->children[i]);
    for (size_t i = 0; !node->was_found && i < node->column_count; i++)
        warn_of_column(s, &columns[node->columns[i]]);
    for (size_t i = 0; !node->was_found && i < node->list_count; i++)
        warn_of_column(s, &columns[node->lists[i].column]);
}

static bool fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    jsonl_source *s = state;
    s->rows = rows;
    while (!s->host->rows_is_full(rows)) {
        if (!s->is_open && s->next_file == s->options->files.count) {
            *is_over = true;
            if (s->row > 0)
                warn_of_missing(s, s->paths);
            break;
        }
        if (!s->is_open && !open_next_file(s, err))
            return false;
        if (!fill_from_file(s, err))
            return false;
    }
    uint64_t in_this_file = s->is_open ? s->in.read_bytes : 0;
    s->host->progress(s->host, s->done_bytes + in_this_file, s->total_bytes);
    return true;
}

static void close_source(void *state)
{
    jsonl_source *s = state;
    if (s->is_open)
        input_close(&s->in);
    for (size_t i = 0; i < s->other_key_count; i++)
        free(s->other_keys[i]);
    json_done(&s->json);
    paths_free(s->paths);
    free(s);
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    (void)err;
    jsonl_source *s = common_alloc(1, sizeof *s);
    s->host = host;
    s->request = request;
    s->options = request->options;
    s->paths = paths_new(request->columns, request->column_count);
    s->total_bytes = files_total_bytes(s->options->files);
    row_stream_open(host, request, (row_source){s, fill, close_source}, out);
    return true;
}

static const carpel_source source = {.open = open_source};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "jsonl",
    .version = "1.0",
    .summary = "JSON lines, one object a line, plain or gzip.",
    .manual =
        "sources:\n"
        "  - plugin: jsonl\n"
        "    files: events/*.ndjson.gz\n"
        "    event: {from: name}\n"
        "    person: user.id\n"
        "    time: {from: ts, format: unix_ms}\n"
        "    properties: {amount: order.total}\n"
        "\n"
        "`from` is a path of keys with dots between them; write \\. for a dot that "
        "belongs to\n"
        "a key. A key that a line lacks, and null, are a missing value. Numbers are "
        "taken as\n"
        "they are written, so decimals stay exact; texts may hold numbers, times and so "
        "on.\n"
        "\n"
        "A list of the project (items: [{sku: string}], tags: [string]) is an array of "
        "objects\n"
        "or of values; its own fields are paths seen from each item. null is an empty "
        "list.\n"
        "\n"
        "A line that is not strict JSON, or has another shape than the one expected (an "
        "object\n"
        "or a list for a single value, a single value for a list), is set aside with its "
        "file,\n"
        "line, place and reason; empty lines are passed over. A line may be at most 16 "
        "MiB\n"
        "long.\n",
    .options_size = sizeof(jsonl_options),
    .options = options_table,
    .source = &source,
};
