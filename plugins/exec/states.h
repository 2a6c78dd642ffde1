/* SPDX-License-Identifier: MIT
 *
 * states -- where a program was, as it told last, in the form in which it wants to be told.
 *
 * Of Singer that is the newest value. Of Airbyte it is a list of messages: the newest of each
 * stream, or that of all streams, which takes the place of all before:
 *
 *     [{"type":"STREAM","stream":{"stream_descriptor":{"name":"orders"}, ...}}, ...]
 *     [{"type":"GLOBAL","global":{...}}]
 *
 * and of the oldest kind (LEGACY) its data as they are.
 */
#ifndef EXEC_STATES_H
#define EXEC_STATES_H

#include "common/buffer.h"
#include "exec/parts.h"

/* More are not gathered; how many of them the host keeps it says when it asks for them. */
enum { STATES_MOST_BYTES = 1 << 20 };

/* The newest of one stream. */
typedef struct stream_state {
    char *name, *space; /* NULL: it does not say */
    buffer text;
} stream_state;

typedef struct states {
    const char *stream; /* the wanted one */
    bool are_kept;      /* somebody will ask for them */
    bool has_stream;    /* a state of the wanted one was there */
    bool is_behind;     /* there are records of it behind its state */
    buffer whole;       /* of all streams; of no size: there is none */
    bool is_listed;     /* the whole stands in a list */
    stream_state *streams;
    size_t stream_count, stream_bytes;
} states;

void states_done(states *s);

/* Take the value of Singer, or the state of Airbyte. That of a state that cannot be read is
 * kept as it is. */
void states_take(states *s, part value);
void states_take_airbyte(states *s, json *j, part state);

/* Take what states_write wrote. */
void states_read(states *s, json *j, const char *text);

/* At least as many bytes as states_write writes. */
size_t states_size(const states *s);

/* The file for the program; of no size: nothing is known. */
void states_write(const states *s, buffer *out);

#endif
