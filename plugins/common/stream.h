/* SPDX-License-Identifier: MIT
 *
 * stream -- the ArrowArrayStream of a source that fills the host's row builder.
 *
 * The source gives two functions; cancelling, errors and the end are handled here.
 */
#ifndef COMMON_STREAM_H
#define COMMON_STREAM_H

#include <carpel/plugin.h>

typedef struct row_source {
    void *state;

    /* Add rows until the builder is full or there are no more: then set *is_over. */
    bool (*fill)(void *state, carpel_rows *rows, bool *is_over, carpel_error *err);

    /* Release the state. */
    void (*close)(void *state);

    /* Hand out rows that the source made by itself since `fill`, in the format of the builder's; false:
     * there are none, and those of the builder are handed out. NULL: there never are. */
    bool (*take)(void *state, struct ArrowArray *out);
} row_source;

/* Make the stream. It closes the source when it is released. */
void row_stream_open(const carpel_host *host, const carpel_request *request,
                     row_source source, struct ArrowArrayStream *out);

/* The source's state of such a stream. */
void *row_stream_state(const struct ArrowArrayStream *stream);

#endif
