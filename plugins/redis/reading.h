/* SPDX-License-Identifier: MIT
 *
 * reading -- the entries of streams of Redis as rows, one stream behind the other, each up to its end. A row's
 * place is its stream and its number among the rows that are read of it.
 */
#ifndef REDIS_READING_H
#define REDIS_READING_H

#include "redis/entries.h"
#include "redis/places.h"
#include "redis/server.h"

typedef struct redis_options {
    server_options server;
    carpel_texts streams;
    const char *group;
} redis_options;

/* Zeroed, but for the first three. */
typedef struct reading {
    const carpel_host *host;
    const carpel_request *request;
    const redis_options *options;
    place *places; /* the streams */
    size_t count;
    server server;
    size_t at;                 /* the stream that is read */
    redisReply *reply;         /* NULL: none is at hand */
    const redisReply *entries; /* of it, of which `next` were added */
    size_t next, asked;
    uint64_t row, row_of_stream; /* so many were read */
    bool *is_seen;               /* by column: some entry had it */
    struct partitions *of;       /* it reads one of them; NULL: it reads all */
} reading;

/* Connect, and find out where each stream of the options is, from the cursor of the request on, and where it
 * ends. Nothing is changed on the server when it `only_looks`. Released with reading_done in any case. */
bool reading_open(reading *r, bool only_looks, carpel_error *err);

/* Connect to read one stream that was found so. */
bool reading_open_one(reading *r, const place *from, carpel_error *err);

void reading_done(reading *r); /* also of zeros */

/* Add rows until the builder is full, or there are no more: then *is_over is set. */
bool reading_fill(reading *r, carpel_rows *rows, bool *is_over, carpel_error *err);

/* Have entries at hand, or know that the stream has no more: it is at its end then. */
bool reading_ask(reading *r, carpel_error *err);
void reading_drop(reading *r);

/* All is read, so many rows: tell the fields that no entry had. */
void reading_warn(const carpel_host *host, const carpel_request *request,
                  uint64_t row_count, const bool *is_seen);

#endif
