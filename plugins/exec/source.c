/* SPDX-License-Identifier: MIT
 *
 * The source `exec`: records that a program writes as lines of JSON, in the way of Singer
 *
 *     {"type": "RECORD", "stream": "orders", "record": {"id": 1, ...}}
 *     {"type": "STATE", "value": {...}}
 *
 * or of Airbyte:
 *
 *     {"type": "RECORD", "record": {"stream": "orders", "data": {"id": 1, ...}}}
 *     {"type": "STATE", "state": {...}}
 *
 * All other messages, such as SCHEMA and LOG, are passed over.
 */
#include <carpel/plugin.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/json.h"
#include "common/memory.h"
#include "common/names.h"
#include "common/paths.h"
#include "common/sql.h"
#include "common/stream.h"
#include "exec/program.h"
#include "exec/words.h"

typedef struct exec_options {
    carpel_texts program;
    const char *stream, *state;
} exec_options;

static const carpel_option options_table[] = {
    {.name = "program",
     .type = CARPEL_OPTION_TEXTS,
     .offset = offsetof(exec_options, program),
     .required = true,
     .help = "The program and its arguments; no shell reads them, and it runs in the "
             "project's folder."},
    {.name = "stream",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(exec_options, stream),
     .required = true,
     .help = "Which of the program's streams of records to take."},
    {.name = "state",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(exec_options, state),
     .help = "The argument before a file with the state of the last load, mostly "
             "\"--state\"; "
             "with it, the program goes on where it was."},
    {0}};

/* Of a column with several fields: which of them was there in which record. */
typedef struct exec_rank {
    uint64_t record;
    unsigned rank;
} exec_rank;

enum { KEPT_KEYS = 64 };

typedef struct exec_source {
    const carpel_host *host;
    const carpel_request *request;
    const exec_options *options;
    program program;
    path_node *paths;
    exec_rank *ranks;      /* by column */
    bool *was_found;       /* by column: in any record */
    char *keys[KEPT_KEYS]; /* of the first record, for messages */
    size_t key_count;
    json json;
    carpel_rows *rows;     /* while fill works */
    uint64_t line, record; /* of the program; of the stream */
    sql state;             /* the newest */
    bool is_behind;        /* there are records behind it */
    bool has_stream;       /* a record of the stream, or its schema, was there */
    char state_path[64];   /* empty: none was written */
} exec_source;

/* ---- values of a record ----------------------------------------------------------- */

static bool refuse_shape(exec_source *s, const path_node *node, const char *what)
{
    char reason[200];
    snprintf(reason, sizeof reason, "\"%.80s\" is %s, where a single value is expected",
             node->key, what);
    s->host->row_refuse(s->rows, reason);
    return json_skip(&s->json, 1);
}

/* Does this field count, and not one before it that was there, too? */
static bool counts(exec_source *s, path_end end)
{
    exec_rank *known = &s->ranks[end.column];
    if (!end.has_others)
        return true;
    if (known->record == s->record && known->rank < end.rank)
        return false;
    *known = (exec_rank){s->record, end.rank};
    return true;
}

/* A single value, into each column that ends at the node. */
static bool set_value(exec_source *s, const path_node *node)
{
    json *j = &s->json;
    json_text value;
    char first = json_peek(j);
    if (first == 'n')
        return json_take_word(j, "null");
    if (first == 't' || first == 'f') {
        for (size_t i = 0; i < node->column_count; i++)
            if (counts(s, node->columns[i]))
                s->host->row_set_bool(s->rows, node->columns[i].column, first == 't');
        return json_take_word(j, first == 't' ? "true" : "false");
    }
    bool is_text = first == '"';
    if (!(is_text ? json_take_string(j, &value) : json_take_number(j, &value)))
        return false;
    for (size_t i = 0; i < node->column_count; i++)
        if (counts(s, node->columns[i]))
            s->host->row_set_text(s->rows, node->columns[i].column, value.data,
                                  value.size, is_text);
    return true;
}

/* A list of plain values. */
static bool set_list(exec_source *s, const path_list *list)
{
    json *j = &s->json;
    j->at++; /* the opening bracket */
    s->host->list_begin(s->rows, list->column);
    if (json_peek(j) == ']')
        return json_take(j, ']');
    for (;;) {
        char first = json_peek(j);
        s->host->item_begin(s->rows, list->column);
        bool ok = first == '{' || first == '['
                      ? refuse_shape(s, list->item, "a list of more")
                      : set_value(s, list->item);
        s->host->item_end(s->rows);
        if (!ok)
            return false;
        if (json_peek(j) != ',')
            return json_take(j, ']');
        j->at++;
    }
}

/* An object holds values and a value may be an object, so these call each other. */
static bool set_object(exec_source *s, path_node *node, unsigned depth);

static bool set_member(exec_source *s, path_node *node, unsigned depth)
{
    char first = json_peek(&s->json);
    node->was_found = true;
    if (first == '{' && node->child_count > 0 && depth < JSON_DEPTH_LIMIT)
        return set_object(s, node, depth + 1);
    if (first == '[' && node->list_count > 0)
        return set_list(s, &node->lists[0]);
    if (first == '{' || first == '[')
        return refuse_shape(s, node, first == '{' ? "an object" : "a list");
    return node->column_count > 0 ? set_value(s, node) : json_skip(&s->json, depth);
}

static bool set_object(exec_source *s, path_node *node, unsigned depth)
{
    json *j = &s->json;
    json_text key;
    if (!json_take(j, '{'))
        return false;
    if (json_peek(j) == '}')
        return json_take(j, '}');
    for (;;) {
        if (!json_take_string(j, &key) || !json_take(j, ':'))
            return false;
        if (s->record == 1 && node == s->paths && s->key_count < KEPT_KEYS)
            s->keys[s->key_count++] = common_copy(key.data, key.size);
        path_node *child = paths_find(node, key.data, key.size);
        if (!(child ? set_member(s, child, depth) : json_skip(j, depth)))
            return false;
        if (json_peek(j) != ',')
            return json_take(j, '}');
        j->at++;
    }
}

static void add_record(exec_source *s, const char *data, size_t size)
{
    json_begin(&s->json, data, size);
    s->host->row_begin(s->rows, ++s->record);
    if (!set_object(s, s->paths, 1))
        s->host->row_refuse(s->rows, s->json.fault);
    s->host->row_end(s->rows);
    s->is_behind = true;
}

/* ---- messages --------------------------------------------------------------------- */

/* A value as it stands in its line. */
typedef struct part {
    const char *data;
    size_t size;
} part;

typedef struct wanted_part {
    const char *key;
    part *out;
} wanted_part;

/* Find some members of an object. False: it is no JSON. */
static bool find_parts(json *j, part object, const wanted_part *wanted, size_t count)
{
    json_text key;
    json_begin(j, object.data, object.size);
    if (!json_take(j, '{'))
        return false;
    while (json_peek(j) == '"') {
        part *out = NULL;
        if (!json_take_string(j, &key) || !json_take(j, ':'))
            return false;
        for (size_t i = 0; i < count; i++)
            if (strlen(wanted[i].key) == key.size &&
                memcmp(wanted[i].key, key.data, key.size) == 0)
                out = wanted[i].out;
        json_peek(j);
        const char *begin = j->at;
        if (!json_skip(j, 1))
            return false;
        if (out)
            *out = (part){begin, (size_t)(j->at - begin)};
        if (json_peek(j) != ',')
            break;
        j->at++;
    }
    return json_take(j, '}');
}

/* Is it this text in quotes? */
static bool is_text(json *j, part value, const char *text)
{
    json_text found;
    if (value.size == 0 || value.data[0] != '"')
        return false;
    json_begin(j, value.data, value.size);
    return json_take_string(j, &found) && found.size == strlen(text) &&
           memcmp(found.data, text, found.size) == 0;
}

typedef struct message {
    part type, stream, record, value, state;
} message;

static void take_record(exec_source *s, const message *m)
{
    part stream = m->stream, data = m->record;
    const wanted_part inner[] = {{"stream", &stream}, {"data", &data}};
    bool is_airbyte = stream.size == 0;
    if (is_airbyte && (data.size == 0 || !find_parts(&s->json, m->record, inner, 2)))
        return;
    if (data.size == 0 || !is_text(&s->json, stream, s->options->stream))
        return;
    s->has_stream = true;
    add_record(s, data.data, data.size);
}

static void take_state(exec_source *s, part state)
{
    if (state.size == 0)
        return;
    sql_clear(&s->state);
    sql_add_bytes(&s->state, state.data, state.size);
    s->is_behind = false;
}

static bool fail_line(const exec_source *s, const char *line, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_INPUT,
                       "line %llu of \"%s\" is no message of Singer or Airbyte: at "
                       "character %zu: %s: %.80s",
                       (unsigned long long)s->line, s->program.name,
                       json_character(&s->json), s->json.fault, line);
}

static bool take_line(exec_source *s, const char *line, size_t size, carpel_error *err)
{
    message m = {0};
    const wanted_part wanted[] = {{"type", &m.type},
                                  {"stream", &m.stream},
                                  {"record", &m.record},
                                  {"value", &m.value},
                                  {"state", &m.state}};
    s->line++;
    if (strspn(line, " \t\r") == size)
        return true;
    if (!find_parts(&s->json, (part){line, size}, wanted, 5))
        return fail_line(s, line, err);
    if (is_text(&s->json, m.type, "RECORD"))
        take_record(s, &m);
    else if (is_text(&s->json, m.type, "STATE"))
        take_state(s, m.value.size > 0 ? m.value : m.state);
    else if (is_text(&s->json, m.type, "SCHEMA") &&
             is_text(&s->json, m.stream, s->options->stream))
        s->has_stream = true;
    return true;
}

static void mark_found(exec_source *s, const path_node *node)
{
    for (size_t i = 0; i < node->child_count; i++)
        mark_found(s, node->children[i]);
    for (size_t i = 0; i < node->column_count; i++)
        s->was_found[node->columns[i].column] |= node->was_found;
    for (size_t i = 0; i < node->list_count; i++)
        s->was_found[node->lists[i].column] |= node->was_found;
}

/* Which wanted fields had no record? */
static void warn_of_fields(exec_source *s)
{
    char text[400];
    mark_found(s, s->paths);
    for (size_t i = 0; i < s->request->column_count && s->record > 0; i++) {
        const carpel_column *wanted = &s->request->columns[i];
        if (s->was_found[i] || wanted->is_optional)
            continue;
        const char *nearest =
            names_nearest(wanted->from, (const char *const *)s->keys, s->key_count);
        snprintf(text, sizeof text, "no record has \"%.150s\"%s%s%s", wanted->from,
                 nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                 nearest ? "\"?" : "");
        s->host->log(s->host, CARPEL_LOG_WARNING, text);
    }
}

static void warn_of_stream(const exec_source *s)
{
    char text[300];
    if (s->has_stream || s->request->cursor)
        return;
    snprintf(text, sizeof text, "\"%.80s\" wrote no record of the stream \"%.100s\"",
             s->program.name, s->options->stream);
    s->host->log(s->host, CARPEL_LOG_WARNING, text);
}

static bool fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    exec_source *s = state;
    s->rows = rows;
    if (s->line == 0)
        s->host->rows_begin_file(rows, s->options->stream);
    while (!s->host->rows_is_full(rows)) {
        char *line;
        size_t size;
        if (!program_next_line(&s->program, &line, &size, err))
            return false;
        *is_over = !line;
        if (!line) {
            warn_of_stream(s);
            warn_of_fields(s);
            return true;
        }
        if (!take_line(s, line, size, err))
            return false;
    }
    return true;
}

/* ---- the state -------------------------------------------------------------------- */

/* Records behind the last state would come twice, so then there is no state. */
static bool tell_cursor(struct ArrowArrayStream *stream, char out[CARPEL_CURSOR_SIZE],
                        carpel_error *err)
{
    const exec_source *s = row_stream_state(stream);
    out[0] = '\0';
    if (s->is_behind || s->state.size == 0)
        return true;
    if (s->state.size >= CARPEL_CURSOR_SIZE)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "the state of \"%s\" is longer than %d bytes; leave \"state\" "
                           "out, so that all is read each time",
                           s->program.name, CARPEL_CURSOR_SIZE - 1);
    memcpy(out, s->state.data, s->state.size + 1);
    return true;
}

static const carpel_resuming resuming = {
    .struct_size = sizeof resuming, .cursor = tell_cursor, .option = "state"};

/* The state of the last load as a file for the program. */
static bool write_state(exec_source *s, carpel_error *err)
{
    snprintf(s->state_path, sizeof s->state_path, "/tmp/carpel-state-XXXXXX");
    int file = mkstemp(s->state_path);
    size_t size = strlen(s->request->cursor);
    bool ok = file >= 0 && write(file, s->request->cursor, size) == (ssize_t)size;
    if (file < 0)
        s->state_path[0] = '\0';
    else
        ok = close(file) == 0 && ok;
    if (ok)
        take_state(s, (part){s->request->cursor, size});
    return ok || carpel_fail(err, CARPEL_E_SYSTEM, "the state cannot be written: %s",
                             strerror(errno));
}

/* ---- opening ---------------------------------------------------------------------- */

static void close_source(void *state)
{
    exec_source *s = state;
    program_close(&s->program);
    if (s->state_path[0] != '\0')
        unlink(s->state_path);
    json_done(&s->json);
    paths_free(s->paths);
    free(s->ranks);
    free(s->was_found);
    while (s->key_count > 0)
        free(s->keys[--s->key_count]);
    sql_done(&s->state);
    free(s);
}

static bool begin_program(exec_source *s, carpel_error *err)
{
    const exec_options *options = s->options;
    size_t count = options->program.count;
    bool goes_on = options->state && s->request->cursor;
    if (goes_on && !write_state(s, err))
        return false;
    const char **words = common_alloc(count + 3, sizeof *words);
    memcpy(words, options->program.items, count * sizeof *words);
    if (goes_on) {
        words[count] = options->state;
        words[count + 1] = s->state_path;
    }
    bool ok =
        program_begin(&s->program, s->host, words, s->request->project_directory, err);
    free(words);
    return ok;
}

static bool check_columns(const carpel_request *request, carpel_error *err)
{
    for (size_t i = 0; i < request->column_count; i++) {
        const carpel_column *c = &request->columns[i];
        if (c->type == CARPEL_LIST && !c->is_plain && !c->is_optional)
            return carpel_fail(
                err, CARPEL_E_INPUT,
                "\"%s\" is a list of records, and only lists of plain values "
                "can be read from a program",
                c->from);
    }
    return true;
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    const exec_options *options = request->options;
    if (!check_columns(request, err) ||
        !words_check(&options->program, request->project_directory, err))
        return false;
    exec_source *s = common_alloc(1, sizeof *s);
    s->host = host;
    s->request = request;
    s->options = options;
    s->program = (program){.out = -1, .err = -1};
    s->ranks = common_alloc(request->column_count, sizeof *s->ranks);
    s->was_found = common_alloc(request->column_count, sizeof *s->was_found);
    s->paths = paths_new(request->columns, request->column_count, request->others);
    if (!begin_program(s, err)) {
        close_source(s);
        return false;
    }
    row_stream_open(host, request, (row_source){s, fill, close_source}, out);
    return true;
}

static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    (void)host;
    const exec_options *options = inquiry->options;
    return words_reach(&options->program, inquiry->project_directory, err);
}

static const carpel_source source = {
    .open = open_source, .resuming = &resuming, .check = check};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "exec",
    .version = "1.0",
    .summary = "Records that a program writes in the way of Singer or Airbyte.",
    .manual = "sources:\n"
              "  - plugin: exec\n"
              "    program: [tap-shop, --config, shop.json]\n"
              "    stream: orders\n"
              "    state: --state\n"
              "    event: purchase\n"
              "    person: customer.id\n"
              "    time: created_at\n"
              "\n"
              "`from` is a path of keys within a record. The program fails the run when "
              "it ends "
              "with\n"
              "another exit code than 0. With `state`, the newest STATE is kept with the "
              "rows and "
              "handed\n"
              "to the next run of the program.\n",
    .options_size = sizeof(exec_options),
    .options = options_table,
    .source = &source,
};
