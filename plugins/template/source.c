/* SPDX-License-Identifier: MIT
 *
 * A source to copy: the smallest one that is whole. It yields rows that stand in the
 * project file itself:
 *
 *     sources:
 *       - plugin: template
 *         event: {from: event}
 *         person: person
 *         time: time
 *         rows: ["ann;2026-01-01;purchase", "bob;2026-01-02T10:00;visit"]
 *
 * docs/plugins.md walks through this file. Read it from the bottom: the description, then
 * open_source, then the four functions of the stream.
 */
#include <carpel/plugin.h>

#include <stdlib.h>
#include <string.h>

/* ---- options: a struct, and a table that tells the host how to fill it ---- */

typedef struct template_options {
    carpel_texts rows;
} template_options;

static const carpel_option options_table[] = {
    {.name = "rows",
     .type = CARPEL_OPTION_TEXTS,
     .offset = offsetof(template_options, rows),
     .required = true,
     .help = "The rows: person, time and event, with \";\" between them."},
    {0}}; /* an option without a name ends the table */

/* ---- one opened source: everything it has to remember --------------------- */

/* The fields that a row has, by the names that a project's `from` can use. */
static const char *const field_names[] = {"person", "time", "event"};
enum { FIELD_COUNT = 3, NO_FIELD = FIELD_COUNT };

typedef struct template_source {
    const carpel_host *host;
    const carpel_request *request; /* outlives the stream */
    carpel_rows *rows;             /* the host's builder of batches */
    size_t *fields;                /* for each wanted column its field, or NO_FIELD */
    size_t next_row;
    bool has_failed;
    carpel_error error;
} template_source;

/* ---- rows ------------------------------------------------------------------ */

/* Cut "ann;2026-01-01;purchase" at the semicolons. Returns how many fields there are. */
static size_t split(const char *row, const char *fields[FIELD_COUNT],
                    size_t sizes[FIELD_COUNT])
{
    size_t count = 0;
    for (;;) {
        size_t size = strcspn(row, ";");
        if (count < FIELD_COUNT) {
            fields[count] = row;
            sizes[count] = size;
        }
        count++;
        if (row[size] == '\0')
            return count;
        row += size + 1;
    }
}

/* Give one row to the builder. The host reads each text as the type of its column, and
 * sets the row aside when it does not fit; nothing of that is the plugin's business. */
static void add_row(template_source *s, const char *row, uint64_t line)
{
    const carpel_host *host = s->host;
    const char *fields[FIELD_COUNT];
    size_t sizes[FIELD_COUNT];
    host->row_begin(s->rows, line);
    if (split(row, fields, sizes) != FIELD_COUNT)
        host->row_refuse(s->rows, "a row has three fields: person;time;event");
    else
        for (size_t i = 0; i < s->request->column_count; i++)
            if (s->fields[i] != NO_FIELD)
                host->row_set_text(s->rows, i, fields[s->fields[i]], sizes[s->fields[i]],
                                   false);
    host->row_end(s->rows);
}

/* ---- the stream: four functions that the host calls ------------------------ */

static int stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    template_source *s = stream->private_data;
    s->host->rows_schema(s->rows, out);
    return 0;
}

/* The next batch; one without a release function says that there are no more. A batch
 * without rows is fine: all of them may have been set aside. */
static int stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    template_source *s = stream->private_data;
    const carpel_host *host = s->host;
    const template_options *options = s->request->options;
    *out = (struct ArrowArray){0};
    if (host->is_cancelled(host)) {
        s->has_failed = true;
        carpel_fail(&s->error, CARPEL_E_CANCELLED, "the work was stopped");
        return carpel_error_number(&s->error);
    }
    if (s->next_row == options->rows.count)
        return 0;
    while (s->next_row < options->rows.count && !host->rows_is_full(s->rows)) {
        add_row(s, options->rows.items[s->next_row], s->next_row + 1);
        s->next_row++;
    }
    host->rows_take(s->rows, out);
    return 0;
}

/* The message of the last failure. */
static const char *stream_last_error(struct ArrowArrayStream *stream)
{
    template_source *s = stream->private_data;
    return s->has_failed ? s->error.message : NULL;
}

static void stream_release(struct ArrowArrayStream *stream)
{
    template_source *s = stream->private_data;
    s->host->rows_free(s->rows);
    free(s->fields);
    free(s);
    stream->release = NULL; /* says that it is released */
}

/* ---- opening --------------------------------------------------------------- */

/* Where each wanted column is found. A column that the user named has to be there; a list
 * (CARPEL_LIST) this source does not have. */
static bool find_fields(const carpel_request *request, size_t *out, carpel_error *err)
{
    for (size_t i = 0; i < request->column_count; i++) {
        const carpel_column *wanted = &request->columns[i];
        out[i] = 0;
        while (out[i] < FIELD_COUNT && (wanted->type == CARPEL_LIST ||
                                        strcmp(wanted->from, field_names[out[i]]) != 0))
            out[i]++;
        if (out[i] == NO_FIELD && !wanted->is_optional)
            return carpel_fail(
                err, CARPEL_E_INPUT,
                "source plugin \"template\" has no column \"%s\"; its columns "
                "are person, time, event",
                wanted->from);
    }
    return true;
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    template_source *s = calloc(1, sizeof *s);
    size_t *fields = calloc(request->column_count + 1, sizeof *fields);
    bool has_memory = s != NULL && fields != NULL;
    if (!has_memory)
        carpel_fail(err, CARPEL_E_SYSTEM, "out of memory");
    if (!has_memory || !find_fields(request, fields, err)) {
        free(fields);
        free(s);
        return false;
    }
    s->host = host;
    s->request = request;
    s->fields = fields;
    s->rows = host->rows_new(host, request->columns, request->column_count);
    host->rows_begin_file(s->rows, "carpel.yaml"); /* where bad rows are said to stand */
    *out = (struct ArrowArrayStream){.get_schema = stream_schema,
                                     .get_next = stream_next,
                                     .get_last_error = stream_last_error,
                                     .release = stream_release,
                                     .private_data = s};
    return true;
}

/* ---- the description: all that the file exports ---------------------------- */

/* A source that is a queue says here how it goes on where it was (`resuming`), and how its partitions are read side
 * by side; one of lines how it is read in pieces (`reading`). */
static const carpel_source source = {.struct_size = sizeof(carpel_source),
                                     .open = open_source};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "template", /* the file is source_template.so */
    .version = "1.0",
    .summary = "Rows that stand in the project file; a source to copy.",
    .manual = "sources:\n"
              "  - plugin: template\n"
              "    event: {from: event}\n"
              "    person: person\n"
              "    time: time\n"
              "    rows: [\"ann;2026-01-01;purchase\"]\n",
    .options_size = sizeof(template_options),
    .options = options_table,
    .source = &source,
};
