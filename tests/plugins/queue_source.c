/* SPDX-License-Identifier: MIT
 *
 * A queue in a file: a line a row, "PERSON TIME". Its cursor is the number of lines that were read, and
 * what is acknowledged stands in FILE.kept: lines before that are gone for whoever asks for them. What
 * it is asked for it logs. FLAW in the environment makes something fail.
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flaws.h"

typedef struct queue_options {
    const char *file, *address;
} queue_options;

static const carpel_option options_table[] = {
    {.name = "file",
     .type = CARPEL_OPTION_PATH,
     .offset = offsetof(queue_options, file),
     .required = true,
     .help = "The queue."},
    {.name = "address",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(queue_options, address),
     .help = "Where it is; nobody looks."},
    {0}}; /* an option without a name ends the table */

typedef struct queue {
    const carpel_host *host;
    const carpel_request *request;
    carpel_rows *rows;
    FILE *file;
    uint64_t place; /* lines that were read */
    carpel_error error;
} queue;

static bool read_line(queue *q, char line[200])
{
    if (!fgets(line, 200, q->file))
        return false;
    line[strcspn(line, "\n")] = '\0';
    q->place++;
    return true;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    queue *q = stream->private_data;
    q->host->rows_schema(q->rows, out);
    return 0;
}

static void add_row(queue *q, char *line)
{
    char *time = strchr(line, ' ');
    size_t size = time ? (size_t)(time - line) : strlen(line);
    q->host->row_begin(q->rows, q->place);
    for (size_t i = 0; i < q->request->column_count; i++)
        if (strcmp(q->request->columns[i].from, "person") == 0)
            q->host->row_set_text(q->rows, i, line, size, false);
        else if (strcmp(q->request->columns[i].from, "time") == 0 && time)
            q->host->row_set_text(q->rows, i, time + 1, strlen(time + 1), false);
    q->host->row_end(q->rows);
}

static int fail(queue *q, carpel_error_code code, const char *message)
{
    carpel_fail(&q->error, code, "%s", message);
    return carpel_error_number(&q->error);
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    queue *q = stream->private_data;
    char line[200];
    bool is_end = false;
    *out = (struct ArrowArray){0};
    if (q->host->is_cancelled(q->host))
        return fail(q, CARPEL_E_CANCELLED, "the work was stopped");
    while (!is_end && !q->host->rows_is_full(q->rows)) {
        is_end = !read_line(q, line);
        if (!is_end)
            add_row(q, line);
    }
    if (has_flaw("get_next") && is_end)
        return fail(q, CARPEL_E_SYSTEM, "the queue is away");
    if (is_end && is_later("get_next"))
        return fail(q, CARPEL_E_LATER, "the queue is busy");
    if (q->host->rows_count(q->rows) > 0)
        q->host->rows_take(q->rows, out);
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    return ((queue *)stream->private_data)->error.message;
}

static void release(struct ArrowArrayStream *stream)
{
    queue *q = stream->private_data;
    q->host->rows_free(q->rows);
    fclose(q->file);
    free(q);
    stream->release = NULL;
}

static uint64_t kept_lines(const char *file)
{
    char path[400];
    unsigned long long kept = 0;
    snprintf(path, sizeof path, "%s.kept", file);
    FILE *f = fopen(path, "r");
    if (f && fscanf(f, "%llu", &kept) != 1)
        kept = 0;
    if (f)
        fclose(f);
    return kept;
}

/* Go to where it was, or to where the lines begin that are not gone. */
static bool find_place(queue *q, const char *file, carpel_error *err)
{
    char line[200], message[100];
    uint64_t kept = kept_lines(file);
    uint64_t place = q->request->cursor ? strtoull(q->request->cursor, NULL, 10) : kept;
    snprintf(message, sizeof message, "read from %s",
             q->request->cursor ? q->request->cursor : "the beginning");
    q->host->log(q->host, CARPEL_LOG_INFO, message);
    if (place < kept)
        return carpel_fail(err, CARPEL_E_INPUT, "lines before %llu are gone",
                           (unsigned long long)kept);
    while (q->place < place && read_line(q, line))
        continue;
    return true;
}

static bool open_queue(const carpel_host *host, const carpel_request *request,
                       struct ArrowArrayStream *out, carpel_error *err)
{
    const char *path = ((const queue_options *)request->options)->file;
    if (has_flaw("later open 1 hour"))
        host->retry_after(host, 3600);
    if (is_later("open"))
        return carpel_fail(err, CARPEL_E_LATER, "the queue is busy");
    queue q = {.host = host, .request = request, .file = fopen(path, "r")};
    for (size_t i = 0; i < request->column_count; i++)
        if (strcmp(request->columns[i].from, "person") != 0 &&
            strcmp(request->columns[i].from, "time") != 0 &&
            !request->columns[i].is_optional) {
            if (q.file)
                fclose(q.file);
            return carpel_fail(err, CARPEL_E_INPUT, "there is no field \"%s\"",
                               request->columns[i].from);
        }
    if (!q.file)
        return carpel_fail(err, CARPEL_E_SYSTEM, "cannot open \"%s\"", path);
    if (!find_place(&q, path, err)) {
        fclose(q.file);
        return false;
    }
    q.rows = host->rows_new(host, request->columns, request->column_count);
    host->rows_begin_file(q.rows, path);
    queue *kept = malloc(sizeof *kept);
    *kept = q;
    *out = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release, kept};
    return true;
}

static bool tell_cursor(struct ArrowArrayStream *stream, char *out, size_t capacity,
                        carpel_error *err)
{
    const queue *q = stream->private_data;
    if (has_flaw("cursor"))
        return carpel_fail(err, CARPEL_E_SYSTEM, "the place is not known");
    if (has_flaw("endless cursor"))
        memset(out, 'x', capacity);
    else if (has_flaw("cursor ahead"))
        snprintf(out, capacity, "%llu", (unsigned long long)q->place + 1);
    else
        snprintf(out, capacity, "%llu", (unsigned long long)q->place);
    return true;
}

static bool acknowledge(const carpel_host *host, const carpel_request *request,
                        const char *cursor, carpel_error *err)
{
    char path[400];
    (void)host;
    if (is_later("acknowledge"))
        return carpel_fail(err, CARPEL_E_LATER, "the queue is busy");
    if (has_flaw("acknowledge"))
        return carpel_fail(err, CARPEL_E_SYSTEM, "the queue is away");
    snprintf(path, sizeof path, "%s.kept",
             ((const queue_options *)request->options)->file);
    FILE *f = fopen(path, "w");
    if (!f)
        return carpel_fail(err, CARPEL_E_SYSTEM, "cannot write \"%s\"", path);
    fprintf(f, "%s\n", cursor);
    fclose(f);
    return true;
}

static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    const char *path = ((const queue_options *)inquiry->options)->file;
    (void)host;
    FILE *file = has_flaw("unreachable") || has_flaw("denied") ? NULL : fopen(path, "r");
    if (has_flaw("unreachable"))
        carpel_fail(err, CARPEL_E_SYSTEM, "nobody answers");
    else if (has_flaw("denied"))
        carpel_fail(err, CARPEL_E_INPUT, "the password of \"%s\" is wrong",
                    inquiry->name);
    else if (!file)
        carpel_fail(err, CARPEL_E_INPUT, "there is no queue \"%s\"", path);
    if (has_flaw("odd reach"))
        return (carpel_reach)9;
    if (!file)
        return has_flaw("unreachable") ? CARPEL_UNREACHABLE
               : has_flaw("denied")    ? CARPEL_DENIED
                                       : CARPEL_NO_DATA;
    fclose(file);
    return CARPEL_REACHED;
}

static const char *const access_options[] = {"address", NULL};
static const carpel_resuming resuming = {.struct_size = sizeof resuming,
                                         .cursor = tell_cursor,
                                         .acknowledge = acknowledge,
                                         .access_options = access_options};
static const carpel_source source = {.struct_size = sizeof(carpel_source),
                                     .open = open_queue,
                                     .resuming = &resuming,
                                     .check = check};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "queue",
    .version = "1.0",
    .summary = "A queue in a file.",
    .options_size = sizeof(queue_options),
    .options = options_table,
    .source = &source,
};
