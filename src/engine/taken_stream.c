/* SPDX-License-Identifier: MIT
 *
 * When the next batch is asked for, the one before has been taken: then the source is asked where
 * it is.
 */
#include "engine/taken_stream.h"

#include "base/memory.h"

static int pass_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    taken_stream *t = stream->private_data;
    return t->source.get_schema(&t->source, out);
}

static const char *pass_error(struct ArrowArrayStream *stream)
{
    taken_stream *t = stream->private_data;
    return t->has_failed ? t->error.message : t->source.get_last_error(&t->source);
}

static void pass_release(struct ArrowArrayStream *stream)
{
    stream->release = NULL; /* the source's is released by taken_stream_close */
}

static bool note_cursor(taken_stream *t)
{
    char *cursor;
    if (!t->resumes || !t->has_given)
        return true;
    if (!guarded_cursor(t->host, t->plugin, &t->source, &cursor, &t->error))
        return false;
    memory_free(t->cursor);
    t->has_given = cursor[0] == '\0'; /* it is nowhere: there is no way back */
    t->cursor = cursor;
    return true;
}

/* In the order in which they came. */
static bool hand_over(taken_stream *t, carpel_error *err)
{
    for (size_t i = 0; i < t->refused.count; i++) {
        const refused_row *row = &t->refused.rows[i];
        if (!quarantine_add_of(t->quarantine, row->person, row->file, row->line,
                               row->reason, err))
            return false;
    }
    refused_rows_clear(&t->refused);
    return true;
}

static int fail(taken_stream *t)
{
    t->has_failed = true;
    return carpel_error_number(&t->error);
}

static int pass_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    taken_stream *t = stream->private_data;
    if (!note_cursor(t))
        return fail(t);
    int number = t->source.get_next(&t->source, out);
    if (number != 0)
        return number;
    t->has_given |= out->length > 0 || t->refused.count > 0;
    t->row_count += (uint64_t)out->length + t->refused.count;
    if (t->on_rows && out->release)
        t->on_rows(t->context, t->row_count);
    if (hand_over(t, &t->error))
        return 0;
    if (out->release)
        out->release(out);
    return fail(t);
}

bool taken_stream_open(taken_stream *t, plugin_host *host, const carpel_plugin *plugin,
                       const carpel_request *request, bool resumes, quarantine *q,
                       carpel_error *err)
{
    *t = (taken_stream){
        .host = host, .plugin = plugin, .resumes = resumes, .quarantine = q};
    refused_rows_init(&t->refused);
    host_collect_refused(host, &t->refused);
    t->stream = (struct ArrowArrayStream){.get_schema = pass_schema,
                                          .get_next = pass_next,
                                          .get_last_error = pass_error,
                                          .release = pass_release,
                                          .private_data = t};
    return guarded_open(host, plugin, request, &t->source, err);
}

bool taken_stream_can_go_on(const taken_stream *t)
{
    return !t->has_given;
}

void taken_stream_close(taken_stream *t, bool is_tried_again)
{
    carpel_error ignored; /* the run fails already */
    if (t->source.release)
        t->source.release(&t->source);
    if (!is_tried_again)
        (void)hand_over(t, &ignored);
    refused_rows_done(&t->refused);
    memory_free(t->cursor);
}
