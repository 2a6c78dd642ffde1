/* SPDX-License-Identifier: MIT
 *
 * reading -- messages of partitions as rows, one partition behind the other, each up to where it ended when
 * reading began. A row's place is its partition and its offset.
 */
#ifndef KAFKA_READING_H
#define KAFKA_READING_H

#include "common/records.h"
#include "kafka/client.h"
#include "kafka/fields.h"
#include "kafka/places.h"
#include "kafka/window.h"

typedef struct kafka_options {
    client_options client;
    carpel_texts topics;
    const char *group, *start, *gaps;
} kafka_options;

/* Zeroed, but for the first three, and begun with reading_init. */
typedef struct reading {
    const carpel_host *host;
    const carpel_request *request;
    const kafka_options *options;
    client client;
    places places;
    window window;
    records records;
    fields fields;
    uint64_t done_bytes;
    bool has_room; /* for the cursor of its end */
    bool has_failed;
    struct partitions *of; /* it reads some of them; NULL: it reads all */
} reading;

/* What is for the whole source: connect, and find out where each partition of the topics begins, from the cursor
 * of the request on, and ends. Released with reading_done in any case, as what was only begun. */
void reading_init(reading *r);
bool reading_find(reading *r, carpel_error *err);
void reading_done(reading *r);

/* Columns and places are known, and the client is there: the rows come. */
bool reading_begin(reading *r, carpel_error *err);

/* Add rows, of messages that are at hand, or that come within a moment. */
bool reading_fill(reading *r, carpel_rows *rows, bool *is_over, carpel_error *err);

/* Connect to the brokers, as one of the group, if it is not NULL. */
bool reading_open_client(client *c, const kafka_options *options, const carpel_host *host,
                         const char *project_directory, const char *group,
                         carpel_error *err);

#endif
