/* SPDX-License-Identifier: MIT
 *
 * The source `exec`: records that a program writes as lines of JSON (exec/messages.h).
 */
#include <carpel/plugin.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/columns.h"
#include "common/memory.h"
#include "common/stream.h"
#include "exec/messages.h"
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

typedef struct exec_source {
    const carpel_host *host;
    const carpel_request *request;
    const exec_options *options;
    program program;
    records records;
    states states;
    messages messages;
    char state_path[64]; /* empty: none was written */
} exec_source;

/* ---- reading ---------------------------------------------------------------------- */

static void warn_of_stream(const exec_source *s)
{
    char text[300];
    if (s->messages.has_stream || s->request->cursor)
        return;
    snprintf(text, sizeof text, "\"%.80s\" wrote no record of the stream \"%.100s\"",
             s->program.name, s->options->stream);
    s->host->log(s->host, CARPEL_LOG_WARNING, text);
}

/* A program that goes on may have nothing new of the stream. */
static bool end(exec_source *s, carpel_error *err)
{
    if (!s->request->cursor && !messages_end(&s->messages, err))
        return false;
    warn_of_stream(s);
    records_warn(&s->records);
    return true;
}

static bool fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    exec_source *s = state;
    s->records.rows = rows;
    if (s->messages.line == 0)
        s->host->rows_begin_file(rows, s->options->stream);
    while (!s->host->rows_is_full(rows)) {
        char *line;
        size_t size;
        if (!program_next_line(&s->program, &line, &size, err))
            return false;
        *is_over = !line;
        if (!line)
            return end(s, err);
        if (!messages_take(&s->messages, line, size, err))
            return false;
    }
    return true;
}

/* ---- the state -------------------------------------------------------------------- */

/* Records behind the last state would come twice, so then there is no state. */
static bool tell_cursor(struct ArrowArrayStream *stream, char *out, size_t capacity,
                        carpel_error *err)
{
    const exec_source *s = row_stream_state(stream);
    out[0] = '\0';
    if (s->states.is_behind)
        return true;
    buffer text = {0};
    buffer_add(&text, "");
    states_write(&s->states, &text);
    bool fits = text.size < capacity;
    if (fits)
        memcpy(out, text.data, text.size + 1);
    buffer_done(&text);
    return fits || messages_fail_size(&s->messages, capacity - 1, err);
}

static const carpel_resuming resuming = {
    .struct_size = sizeof resuming, .cursor = tell_cursor, .enabling_option = "state"};

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
        states_read(&s->states, &s->messages.json, s->request->cursor);
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
    messages_done(&s->messages);
    records_done(&s->records);
    states_done(&s->states);
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

/* A source whose program runs. NULL: *err says why there is none. */
static exec_source *begin_source(const carpel_host *host, const carpel_request *request,
                                 carpel_error *err)
{
    const exec_options *options = request->options;
    if (!records_check(request, "a program", err) ||
        !words_check(&options->program, request->project_directory, err))
        return NULL;
    exec_source *s = common_alloc(1, sizeof *s);
    s->host = host;
    s->request = request;
    s->options = options;
    s->program = (program){.out = -1, .err = -1};
    records_init(&s->records, host, request);
    s->states = (states){.stream = options->stream, .are_kept = options->state != NULL};
    s->messages = (messages){.program = options->program.items[0],
                             .stream = options->stream,
                             .records = &s->records,
                             .states = &s->states};
    if (begin_program(s, err))
        return s;
    close_source(s);
    return NULL;
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    exec_source *s = begin_source(host, request, err);
    if (s)
        row_stream_open(host, request,
                        (row_source){.state = s, .fill = fill, .close = close_source},
                        out);
    return s != NULL;
}

/* ---- looking ---------------------------------------------------------------------- */

static bool tell_records(exec_source *s, carpel_error *err)
{
    while (!s->records.is_enough) {
        char *line;
        size_t size;
        if (!program_next_line(&s->program, &line, &size, err))
            return false;
        if (!line)
            return messages_end(&s->messages, err);
        if (!messages_take(&s->messages, line, size, err))
            return false;
    }
    return true;
}

/* The program runs, as for a load of all, until there is enough. */
static bool discover(const carpel_host *host, const carpel_inquiry *inquiry,
                     const carpel_view *view, carpel_error *err)
{
    const carpel_request request = columns_ask_none(inquiry);
    exec_source *s = begin_source(host, &request, err);
    if (!s)
        return false;
    s->records.view = view;
    bool ok = tell_records(s, err);
    close_source(s);
    return ok;
}

static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    (void)host;
    const exec_options *options = inquiry->options;
    const carpel_request request = columns_ask_told(inquiry);
    carpel_reach reach = words_reach(&options->program, inquiry->project_directory, err);
    if (reach == CARPEL_REACHED && !records_check(&request, "a program", err))
        return CARPEL_NO_DATA;
    return reach;
}

static const carpel_source source = {.struct_size = sizeof(carpel_source),
                                     .open = open_source,
                                     .resuming = &resuming,
                                     .check = check,
                                     .discover = discover};

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
