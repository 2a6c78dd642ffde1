/* SPDX-License-Identifier: MIT
 *
 * isolated_serving -- a call of the plugin in its child, and who hears of it; for isolated_child.c and
 * isolated_output_child.c only.
 */
#ifndef PLUGIN_ISOLATED_SERVING_H
#define PLUGIN_ISOLATED_SERVING_H

#include <pthread.h>

#include "plugin/isolated_parts.h"

typedef struct serving {
    const isolation *isolation;
    const isolated_task *task;
    isolated_common *common;
    const isolated_ends *ends;
    const plugin_host *model; /* the parent's host */
    duct_writer *out;
    plugin_host *host;
    refused_rows refused;
    struct ArrowArrayStream stream;
    void *pieces; /* the state of a reading; NULL: the stream is no piece */
    size_t piece;
    uint64_t begin;
    pthread_t thread;      /* of the piece */
    atomic_bool has_ended; /* it has only to be joined */
    bool is_deaf;          /* an output that follows no order any more */
} serving;

/* Begin a message, which is a sign of life. */
void serving_put_kind(serving *s, char kind);
void serving_put_text(serving *s, const char *text, size_t size);

/* The call went well, with what it answers, or it failed. */
void serving_put_done(serving *s, const void *answer, size_t size);
void serving_put_failure(serving *s, const carpel_error *err, bool is_broken);

/* isolated_output_child.c: do what the parent orders of an output. */
void serve_output(serving *s);

#endif
