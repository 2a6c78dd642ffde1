/* SPDX-License-Identifier: MIT
 *
 * A source's stream of batches. After a failure every further call fails alike.
 */
#include "common/stream.h"

#include "common/memory.h"

typedef struct row_stream {
    const carpel_host *host;
    carpel_rows *rows;
    row_source source;
    bool is_over, has_failed;
    carpel_error error;
} row_stream;

static int stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    row_stream *s = stream->private_data;
    s->host->rows_schema(s->rows, out);
    return 0;
}

/* A batch without rows is fine: all of them may have been set aside. */
static bool next_rows(row_stream *s, struct ArrowArray *out)
{
    const carpel_host *host = s->host;
    if (host->is_cancelled(host))
        return carpel_fail(&s->error, CARPEL_E_CANCELLED, "the work was stopped");
    if (s->is_over)
        return true;
    if (!s->source.fill(s->source.state, s->rows, &s->is_over, &s->error))
        return false;
    if (s->source.take && s->source.take(s->source.state, out))
        return true;
    if (!s->is_over || host->rows_count(s->rows) > 0)
        host->rows_take(s->rows, out);
    return true;
}

static int stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    row_stream *s = stream->private_data;
    *out = (struct ArrowArray){0};
    if (!s->has_failed)
        s->has_failed = !next_rows(s, out);
    return s->has_failed ? carpel_error_number(&s->error) : 0;
}

static const char *stream_last_error(struct ArrowArrayStream *stream)
{
    row_stream *s = stream->private_data;
    return s->has_failed ? s->error.message : NULL;
}

static void stream_release(struct ArrowArrayStream *stream)
{
    row_stream *s = stream->private_data;
    s->source.close(s->source.state);
    s->host->rows_free(s->rows);
    free(s);
    stream->release = NULL;
}

void row_stream_open(const carpel_host *host, const carpel_request *request,
                     row_source source, struct ArrowArrayStream *out)
{
    row_stream *s = common_alloc(1, sizeof *s);
    s->host = host;
    s->source = source;
    s->rows = host->rows_new(host, request->columns, request->column_count);
    *out = (struct ArrowArrayStream){.get_schema = stream_schema,
                                     .get_next = stream_next,
                                     .get_last_error = stream_last_error,
                                     .release = stream_release,
                                     .private_data = s};
}

void *row_stream_state(const struct ArrowArrayStream *stream)
{
    const row_stream *s = stream->private_data;
    return s->source.state;
}
