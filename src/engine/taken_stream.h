/* SPDX-License-Identifier: MIT
 *
 * taken_stream -- a source's stream that knows up to where its rows have been taken, so that it
 * can be opened again there when it fails.
 *
 *     taken_stream t;
 *     if (taken_stream_open(&t, host, plugin, &request, resumes, quarantine, err))
 *         ok = loader_add(loader, mapping, &t.stream, err);
 *     ... t.has_given, t.cursor ...
 *     taken_stream_close(&t, is_tried_again);
 *
 * Rows that are set aside while a batch is built wait until the batch is there: those of a batch
 * that never came are read again.
 */
#ifndef ENGINE_TAKEN_STREAM_H
#define ENGINE_TAKEN_STREAM_H

#include "ingest/refused_rows.h"
#include "plugin/guarded.h"

typedef struct taken_stream {
    struct ArrowArrayStream stream; /* for the loader; released by taken_stream_close */
    struct ArrowArrayStream source; /* that of guarded_open */
    plugin_host *host;
    const carpel_plugin *plugin;
    bool resumes;
    quarantine *quarantine;
    refused_rows refused;
    uint64_t row_count; /* that came, those that were set aside too */
    void (*on_rows)(void *context,
                    uint64_t row_count); /* told behind each batch; or NULL */
    void *context;
    bool has_given; /* rows that `cursor` does not know of */
    char *cursor;   /* behind the rows that were taken; NULL: it is not known */
    bool has_failed;
    carpel_error error; /* other than the source's own */
} taken_stream;

/* `resumes`: the source has cursors. Released also when it cannot be opened. */
bool taken_stream_open(taken_stream *t, plugin_host *host, const carpel_plugin *plugin,
                       const carpel_request *request, bool resumes, quarantine *q,
                       carpel_error *err);

/* Nothing of the source is lost, and nothing counted twice, when it is read on from `cursor`, or,
 * when there is none, from where this one began. */
bool taken_stream_can_go_on(const taken_stream *t);

/* The caller has had its cursor. Rows that wait are forgotten when they come again. */
void taken_stream_close(taken_stream *t, bool is_tried_again);

#endif
