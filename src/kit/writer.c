/* SPDX-License-Identifier: MIT
 *
 * The steps of an output, guarded as in a run.
 */
#include "kit/writer.h"

#include <string.h>

/* ---- files in memory -------------------------------------------------------------------- */

/* False when it is this call's turn to fail. */
static bool may_go_on(kit_writer *w)
{
    return ++w->file_calls != w->fail_at;
}

static bool open_file(void *context, const char *path, carpel_file **out,
                      carpel_error *err)
{
    kit_writer *w = context;
    if (!may_go_on(w))
        return carpel_fail(err, CARPEL_E_SYSTEM, "the disk is full");
    text_append_format(&w->written, "%s:\n", path ? path : "");
    *out = (carpel_file *)w;
    return true;
}

/* As the host's: once it has failed it stays so. */
static bool write_file(carpel_file *file, const void *data, size_t size)
{
    kit_writer *w = (kit_writer *)file;
    bool has_failed = w->fail_at > 0 && w->file_calls >= w->fail_at;
    if (has_failed || !may_go_on(w))
        return false;
    text_append_bytes(&w->written, data, size);
    return true;
}

/* ---- steps -------------------------------------------------------------------------------- */

bool kit_writer_begin(kit_writer *w, kit_trial *t, const kit_table *table,
                      const void *options, size_t fail_at, carpel_error *err)
{
    const kit_subject *s = t->subject;
    guarded_call call;
    *w = (kit_writer){.trial = t, .fail_at = fail_at};
    text_init(&w->written);
    cancel_init(&w->stop);
    kit_patience_begin(&w->patience, t->patience, &w->stop);
    const host_listener listener = {.cancel = &w->stop, .plugin = s->plugin->name};
    w->host = host_new(NULL, NULL, &listener);
    w->files = (host_files){w, open_file, write_file};
    host_replace_files(w->host, &w->files);
    w->delivery = (carpel_delivery){.struct_size = sizeof(carpel_delivery),
                                    .options = options ? options : s->options,
                                    .columns = table->columns,
                                    .column_count = table->column_count,
                                    .project_directory = s->directory};
    kit_step(t, "begin");
    guarded_begin(&call, w->host, "begin");
    w->is_begun = s->plugin->output->begin(host_interface(w->host), &w->delivery,
                                           &w->instance, &call.error);
    return guarded_end(&call, w->is_begun, err);
}

bool kit_writer_write(kit_writer *w, kit_feed *feed, carpel_error *err)
{
    struct ArrowArrayStream stream;
    guarded_call call;
    kit_feed_stream(feed, w->delivery.columns, w->delivery.column_count, &w->stop,
                    &stream);
    kit_step(w->trial, "write");
    guarded_begin(&call, w->host, "write");
    bool is_written =
        w->trial->subject->plugin->output->write(w->instance, &stream, &call.error);
    bool ok = guarded_end(&call, is_written, err);
    if (!stream.release)
        return kit_fail(w->trial, "write releases the stream, which is the host's");
    stream.release(&stream);
    if (feed->unreleased != 0)
        return kit_fail(w->trial, "write leaves %zu batches or schemas unreleased",
                        feed->unreleased);
    return ok;
}

static bool call_step(kit_writer *w, const char *name,
                      bool (*step)(void *instance, carpel_error *err), carpel_error *err)
{
    guarded_call call;
    if (!step)
        return true;
    kit_step(w->trial, "%s", name);
    guarded_begin(&call, w->host, name);
    return guarded_end(&call, step(w->instance, &call.error), err);
}

bool kit_writer_prepare(kit_writer *w, carpel_error *err)
{
    return call_step(w, "prepare", w->trial->subject->plugin->output->prepare, err);
}

bool kit_writer_commit(kit_writer *w, carpel_error *err)
{
    return call_step(w, "commit", w->trial->subject->plugin->output->commit, err);
}

static void call_ending(kit_writer *w, const char *name, void (*step)(void *instance))
{
    guarded_call call;
    carpel_error ignored;
    if (!w->is_begun || !step)
        return;
    kit_step(w->trial, "%s", name);
    guarded_begin(&call, w->host, name);
    step(w->instance);
    (void)guarded_end(&call, true, &ignored);
}

void kit_writer_abort(kit_writer *w)
{
    call_ending(w, "abort", w->trial->subject->plugin->output->abort);
}

bool kit_writer_close(kit_writer *w, carpel_error *err)
{
    call_ending(w, "close", w->trial->subject->plugin->output->close);
    kit_patience_end(&w->patience);
    bool ok = host_is_well(w->host, err);
    host_free(w->host);
    text_done(&w->written);
    return ok;
}

bool kit_write_all(kit_trial *t, const kit_table *table, kit_feed *feed,
                   const void *options, text *written, carpel_error *err)
{
    kit_writer w;
    carpel_error late;
    bool ok = kit_writer_begin(&w, t, table, options, 0, err) &&
              kit_writer_write(&w, feed, err) && kit_writer_prepare(&w, err) &&
              kit_writer_commit(&w, err);
    if (ok && w.written.size > 0)
        text_append_bytes(written, w.written.data, w.written.size);
    if (!ok)
        kit_writer_abort(&w);
    bool is_well = kit_writer_close(&w, &late);
    if (ok && !is_well)
        *err = late;
    return ok && is_well;
}
