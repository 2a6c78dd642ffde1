/* SPDX-License-Identifier: MIT
 *
 * fields -- the cells that a message makes: those of its value, an object of JSON, and what it has
 * besides: "@key", "@time", "@topic", "@partition", "@offset".
 */
#ifndef KAFKA_FIELDS_H
#define KAFKA_FIELDS_H

#include <carpel/plugin.h>
#include <librdkafka/rdkafka.h>

#include "common/buffer.h"
#include "common/records.h"

/* A column that gets something of the message itself. */
typedef struct field {
    path_end end;
    unsigned which;
} field;

typedef struct fields {
    const carpel_host *host;
    const carpel_request *request;
    field *items;
    size_t count;
    buffer value; /* of the message at hand, with a NUL behind it */
} fields;

/* Fails when a column wants what a message cannot be. Released with fields_done in any case. */
bool fields_init(fields *f, const carpel_host *host, const carpel_request *request,
                 carpel_error *err);
void fields_done(fields *f);

/* Set the cells of the row that is begun, or refuse it. */
void fields_fill(fields *f, records *r, const rd_kafka_message_t *m);

/* Tell a view, to which the records belong, all that the message has; false: no more are wanted. */
bool fields_tell(fields *f, records *r, const rd_kafka_message_t *m);

#endif
