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
#include "jsonl/source.h"

static const carpel_option options_table[] = {
    {.name = "files",
     .type = CARPEL_OPTION_PATHS,
     .offset = offsetof(jsonl_options, files),
     .required = true,
     .help =
         "The files to read: a path or a list of them, * and ? allowed; gzip and zstd "
         "are known by their content."},
    {.name = "each",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(jsonl_options, each),
     .help = "The path of a list: each of its items is a row, in which the item stands "
             "in the "
             "place of the list. A line without the list has no rows."},
    {0}};

/* ---- values ------------------------------------------------------------- */

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
    uint64_t around = s->object;
    s->object = ++s->last_object;
    bool ok = read_object(s, item, depth + 1);
    s->object = around;
    return ok;
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

/* Of the list whose items are rows, the item of this row stands in its place. */
static bool read_each(jsonl_source *s, path_node *node, unsigned depth)
{
    json *j = &s->json;
    j->at++; /* the opening bracket */
    for (uint64_t item = 0; json_peek(j) != ']'; item++) {
        bool is_wanted = item == s->item;
        bool is_object = json_peek(j) == '{';
        if (is_wanted && !is_object)
            return fail_shape(s, node, "a list of something else than objects");
        if (!(is_wanted ? read_object(s, node, depth + 1) : json_skip(j, depth)))
            return false;
        if (json_peek(j) != ',')
            break;
        j->at++;
    }
    return json_take(j, ']');
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
    if (child->seen_in == s->object && !child->is_any)
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

static void add_row(jsonl_source *s, const char *line, size_t size)
{
    json *j = &s->json;
    json_begin(j, line, size);
    s->row = s->object = ++s->last_object;
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

/* Count the items of the list that the value at hand holds below `node`. False: it is no JSON. */
static bool count_below(json *j, path_node *node, unsigned depth, uint64_t *count);

static bool count_items(json *j, unsigned depth, uint64_t *count)
{
    j->at++; /* the opening bracket */
    while (json_peek(j) != ']') {
        ++*count;
        if (!json_skip(j, depth))
            return false;
        if (json_peek(j) != ',')
            break;
        j->at++;
    }
    return json_take(j, ']');
}

static bool count_below(json *j, path_node *node, unsigned depth, uint64_t *count)
{
    json_text key;
    if (depth < JSON_DEPTH_LIMIT && node->child_count == 0 && json_peek(j) == '[')
        return count_items(j, depth + 1, count);
    if (depth >= JSON_DEPTH_LIMIT || node->child_count == 0 || json_peek(j) != '{')
        return json_skip(j, depth);
    for (j->at++; json_peek(j) == '"';) {
        if (!json_take_string(j, &key) || !json_take(j, ':'))
            return false;
        path_node *child = paths_find(node, key.data, key.size);
        if (!(child ? count_below(j, child, depth + 1, count) : json_skip(j, depth + 1)))
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
    uint64_t count = 0;
    if (!s->each)
        return 1;
    json_begin(&s->json, line, size);
    return count_below(&s->json, s->each_path, 0, &count) ? count : 1;
}

static void add_line(jsonl_source *s, const char *line, size_t size)
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

/* Pass over what stands before the first line that begins in the window. */
static bool pass_line(input *in)
{
    const char *begin = in->data + in->begin;
    const char *found = memchr(begin, '\n', in->end - in->begin);
    in->begin += found ? (size_t)(found + 1 - begin) : 0;
    return found != NULL;
}

/* Open a piece of a file at its first line. */
static bool open_part(jsonl_source *s, const char *path, carpel_error *err)
{
    const jsonl_piece *p = s->piece;
    bool is_asked = p->asked_begin != CARPEL_PIECE_GUESS,
         is_guess = !is_asked && !p->goes_on;
    uint64_t place = is_asked ? p->asked_begin : p->begin;
    if (!input_open_at(&s->in, path, is_guess ? place - 1 : place, err))
        return false;
    s->is_lost = is_guess && !pass_line(&s->in);
    return true;
}

static bool open_next_file(jsonl_source *s, carpel_error *err)
{
    const char *path = s->options->files.items[s->next_file++];
    const char *name = files_short_name(s->request, path);
    jsonl_piece *p = s->piece;
    s->is_part = p && (!p->place.is_first || p->goes_on);
    if (!(s->is_part ? open_part(s, path, err) : input_open(&s->in, path, NULL, err)))
        return false;
    s->is_open = true;
    s->is_cut_short = false;
    s->next_line = 1;
    if (p && p->is_cut && (s->in.device != p->device || s->in.inode != p->inode))
        return carpel_fail(err, CARPEL_E_INPUT, "\"%s\" was replaced while it was read",
                           name);
    if (p) {
        s->in.limit = p->end;
        p->place.begin = input_first_place(&s->in);
    }
    s->host->rows_begin_file(s->rows, name);
    return true;
}

/* Does no further line begin in the piece? */
static bool is_piece_over(const jsonl_source *s)
{
    return s->is_lost ||
           (s->piece && s->piece->end != 0 && input_place(&s->in) >= s->piece->end);
}

/* Tell where the lines of the piece were. A file that is packed or
 * decoded cannot be read on. */
static void note_place(jsonl_source *s)
{
    carpel_piece_place *place = &s->piece->place;
    place->is_settled = input_is_plain(&s->in) && !s->is_cut_short;
    place->end = s->is_lost ? CARPEL_PIECE_GUESS : input_place(&s->in);
    place->begin = s->is_lost ? CARPEL_PIECE_GUESS : place->begin;
    place->line_count = s->next_line - 1;
    place->byte_count = s->in.read_bytes;
    if (s->in.content)
        content_tell(s->in.content, place);
}

static void close_file(jsonl_source *s)
{
    if (s->piece)
        note_place(s);
    s->done_bytes += s->in.read_bytes;
    input_close(&s->in);
    s->is_open = false;
}

/* A file that begins with a list is one JSON document, whose lines are no rows. */
static bool check_begin(jsonl_source *s, size_t size, carpel_error *err)
{
    if (s->is_part || s->next_line > 1)
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

/* Add the line at in.begin and pass over it. False in *goes_on: it was the last of the file. */
static bool take_line(jsonl_source *s, bool *goes_on, carpel_error *err)
{
    size_t size;
    bool is_long;
    if (!find_line(s, &size, &is_long, err))
        return false;
    *goes_on = s->in.begin + size < s->in.end;
    if (!*goes_on && size == 0 && !is_long)
        return true; /* what stands behind the last line end */
    if (!is_long && !check_begin(s, size, err))
        return false;
    if (is_long)
        refuse_long_line(s);
    else
        add_line(s, s->in.data + s->in.begin, size);
    s->in.begin += size + (*goes_on ? 1 : 0);
    s->next_line++;
    s->is_cut_short = !*goes_on;
    return true;
}

/* Add lines of the open file until the batch is full or the file, or its piece, is over. */
static bool fill_from_file(jsonl_source *s, carpel_error *err)
{
    bool goes_on = true;
    while (!s->host->rows_is_full(s->rows)) {
        if (!is_piece_over(s) && !take_line(s, &goes_on, err))
            return false;
        if (!goes_on || is_piece_over(s)) {
            close_file(s);
            return true;
        }
    }
    return true;
}

/* ---- the source --------------------------------------------------------- */

/* All lines are read: which columns had none? */
static void end_lines(jsonl_source *s)
{
    jsonl_notes_end(&s->notes, s->paths, s->request->column_count);
    if (!s->piece) {
        const jsonl_notes *all = &s->notes;
        jsonl_warn_of_missing(s->host, s->request, s->paths, &all, 1);
        return;
    }
    jsonl_notes_done(&s->piece->notes);
    s->piece->notes = s->notes;
    s->notes = (jsonl_notes){0};
}

static bool fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    jsonl_source *s = state;
    s->rows = rows;
    while (!s->host->rows_is_full(rows)) {
        if (!s->is_open && s->next_file == s->end_file) {
            *is_over = true;
            end_lines(s);
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
    jsonl_notes_done(&s->notes);
    json_done(&s->json);
    paths_free(s->paths);
    if (s->each_path)
        paths_free(s->each_path);
    free(s->ranks);
    free(s);
}

void jsonl_source_open(const carpel_host *host, const carpel_request *request,
                       jsonl_piece *piece, struct ArrowArrayStream *out)
{
    jsonl_source *s = common_alloc(1, sizeof *s);
    s->host = host;
    s->request = request;
    s->options = request->options;
    s->piece = piece;
    s->next_file = piece ? piece->file : 0;
    s->end_file = piece ? piece->file + 1 : s->options->files.count;
    s->paths = paths_new(request->columns, request->column_count);
    if (s->options->each) {
        s->each = paths_add(s->paths, s->options->each);
        s->each_path = paths_new(NULL, 0);
        paths_add(s->each_path, s->options->each);
    }
    s->ranks = common_alloc(request->column_count, sizeof *s->ranks);
    s->total_bytes = files_total_bytes(s->options->files);
    row_stream_open(host, request,
                    (row_source){.state = s, .fill = fill, .close = close_source}, out);
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    (void)err;
    jsonl_source_open(host, request, NULL, out);
    return true;
}

static const carpel_source source = {.struct_size = sizeof(carpel_source),
                                     .open = open_source,
                                     .reading = &jsonl_reading,
                                     .look = jsonl_look};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "jsonl",
    .version = "1.0",
    .summary = "JSON lines, one object a line, plain or packed with gzip or zstd.",
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
        "[key=...] behind a list takes the item whose key is that text, * is any key, "
        "and\n"
        "*_value one that ends so: event_params[key=page_location].value.*_value is the "
        "value\n"
        "that is there, be it string_value or int_value.\n"
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
