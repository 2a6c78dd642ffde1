/* SPDX-License-Identifier: MIT
 *
 * carpel/row_stream.h -- the stream of a source that reads row after row, for plugins written in C or
 * C++. Nothing has to be linked; a source that has batches of its own does without it.
 *
 * The source's own struct begins with a carpel_row_stream. It says how the next row is read, and what is
 * given back at the end:
 *
 *     typedef struct mine { carpel_row_stream stream; FILE *file; } mine;
 *
 *     static bool read_row(carpel_row_stream *s, bool *is_end, carpel_error *err)
 *     {
 *         mine *m = (mine *)s;
 *         ...                                          // *is_end = true: there is no row any more
 *         s->host->row_begin(s->rows, line);
 *         carpel_row_stream_set(s, "amount", text, strlen(text));
 *         s->host->row_end(s->rows);
 *         return true;                                 // or carpel_fail(err, ...)
 *     }
 *
 *     in open(): *m = (mine){...}; return carpel_row_stream_begin(&m->stream, host, request,
 *                                                                  read_row, end, out, err);
 *
 * It asks for cancelling, keeps the message of a failure, hands over batches, and warns of fields that
 * were asked for and that no row had.
 */
#ifndef CARPEL_ROW_STREAM_H
#define CARPEL_ROW_STREAM_H

#include <stdlib.h>
#include <string.h>

#include <carpel/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct carpel_row_stream carpel_row_stream;
struct carpel_row_stream {
    const carpel_host *host;
    const carpel_request *request;
    carpel_rows *rows;

    /* Add the next row, or a few, or find out that there is none. */
    bool (*read)(carpel_row_stream *s, bool *is_end, carpel_error *err);

    /* Give back what the source holds, and the memory of its struct. */
    void (*end)(carpel_row_stream *s);

    bool *is_seen; /* by column: some row had it */
    bool has_rows;
    bool is_over;
    carpel_error error; /* of the last failure */
};

/* Set the cells of the row whose columns come from this field; one that nobody wants is passed over. */
static inline void carpel_row_stream_set(carpel_row_stream *s, const char *field,
                                         const char *text, size_t size)
{
    s->has_rows = true;
    for (size_t i = 0; i < s->request->column_count; i++)
        if (strcmp(s->request->columns[i].from, field) == 0) {
            s->host->row_set_text(s->rows, i, text, size, false);
            s->is_seen[i] = true;
        }
}

static inline int carpel_row_stream_schema(struct ArrowArrayStream *stream,
                                           struct ArrowSchema *out)
{
    carpel_row_stream *s = (carpel_row_stream *)stream->private_data;
    s->host->rows_schema(s->rows, out);
    return 0;
}

/* Somebody named a field that is nowhere, although there are rows. */
static inline void carpel_row_stream_warn(const carpel_row_stream *s)
{
    for (size_t i = 0; s->has_rows && i < s->request->column_count; i++) {
        carpel_error said;
        if (s->is_seen[i] || s->request->columns[i].is_optional)
            continue;
        carpel_fail(&said, CARPEL_E_INPUT, "no row has a field \"%s\"",
                    s->request->columns[i].from);
        s->host->log(s->host, CARPEL_LOG_WARNING, said.message);
    }
}

static inline int carpel_row_stream_next(struct ArrowArrayStream *stream,
                                         struct ArrowArray *out)
{
    carpel_row_stream *s = (carpel_row_stream *)stream->private_data;
    bool was_over = s->is_over, is_good = true;
    memset(out, 0, sizeof *out);
    if (s->host->is_cancelled(s->host))
        is_good = carpel_fail(&s->error, CARPEL_E_CANCELLED, "the work was stopped");
    while (is_good && !s->is_over && !s->host->rows_is_full(s->rows))
        is_good = s->read(s, &s->is_over, &s->error);
    if (!is_good)
        return carpel_error_number(&s->error);
    if (was_over)
        return 0;
    s->host->rows_take(s->rows, out);
    s->has_rows |= out->length > 0;
    if (s->is_over)
        carpel_row_stream_warn(s);
    return 0;
}

static inline const char *carpel_row_stream_error(struct ArrowArrayStream *stream)
{
    return ((carpel_row_stream *)stream->private_data)->error.message;
}

static inline void carpel_row_stream_release(struct ArrowArrayStream *stream)
{
    carpel_row_stream *s = (carpel_row_stream *)stream->private_data;
    s->host->rows_free(s->rows);
    free(s->is_seen);
    s->end(s);
    stream->release = NULL;
}

/* Begin; `s` is memory that `end` frees. On failure `end` has been called. */
static inline bool carpel_row_stream_begin(
    carpel_row_stream *s, const carpel_host *host, const carpel_request *request,
    bool (*read)(carpel_row_stream *s, bool *is_end, carpel_error *err),
    void (*end)(carpel_row_stream *s), struct ArrowArrayStream *out, carpel_error *err)
{
    bool is_good = true;
    for (size_t i = 0; is_good && i < request->column_count; i++)
        if (request->columns[i].type == CARPEL_LIST && !request->columns[i].is_optional)
            is_good = carpel_fail(err, CARPEL_E_INPUT, "there are no lists, as \"%s\" is",
                                  request->columns[i].from);
    s->is_seen = (bool *)calloc(request->column_count + 1, sizeof(bool));
    if (is_good && !s->is_seen)
        is_good = carpel_fail(err, CARPEL_E_SYSTEM, "out of memory");
    if (!is_good) {
        free(s->is_seen);
        end(s);
        return false;
    }
    s->host = host;
    s->request = request;
    s->read = read;
    s->end = end;
    s->rows = host->rows_new(host, request->columns, request->column_count);
    out->get_schema = carpel_row_stream_schema;
    out->get_next = carpel_row_stream_next;
    out->get_last_error = carpel_row_stream_error;
    out->release = carpel_row_stream_release;
    out->private_data = s;
    return true;
}

#ifdef __cplusplus
}
#endif

#endif
