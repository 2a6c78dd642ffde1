/* SPDX-License-Identifier: MIT
 *
 * messages -- the lines of a program, in the way of Singer
 *
 *     {"type": "RECORD", "stream": "orders", "record": {"id": 1, ...}}
 *     {"type": "STATE", "value": {...}}
 *
 * or of Airbyte:
 *
 *     {"type": "RECORD", "record": {"stream": "orders", "data": {"id": 1, ...}}}
 *     {"type": "STATE", "state": {...}}
 *     {"type": "TRACE", "trace": {"type": "ERROR", "error": {"message": "..."}}}
 *
 * Others, such as LOG, are passed over; SCHEMA only tells which streams there are.
 */
#ifndef EXEC_MESSAGES_H
#define EXEC_MESSAGES_H

#include "common/records.h"
#include "exec/states.h"

enum { KEPT_STREAMS = 64 };

typedef struct messages {
    const char *program, *stream; /* the first word; which one is wanted */
    records *records;
    states *states;
    json json;
    uint64_t line;
    bool has_stream;             /* something was said of the wanted one */
    char *streams[KEPT_STREAMS]; /* of others, for a message */
    size_t stream_count;
} messages;

/* Fail since the states are longer than `most` bytes, for which there is room where they are kept. */
bool messages_fail_size(const messages *m, size_t most, carpel_error *err);

void messages_done(messages *m);

/* Take a line that has a NUL behind it. */
bool messages_take(messages *m, const char *line, size_t size, carpel_error *err);

/* All lines were taken. Fails when all of them were of other streams. */
bool messages_end(messages *m, carpel_error *err);

#endif
