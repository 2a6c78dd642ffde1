/* SPDX-License-Identifier: MIT
 *
 * places -- the partitions of topics, and where in each of them a load begins, is, and ends.
 *
 * As a cursor that is the cluster, and the topics, each with the offsets of the next messages of its
 * partitions 0, 1, 2, ... with 36 digits, which is short:
 *
 *     4L6g3nShT-eMCtK--X86sw orders 1z4,1yt,20a clicks 0
 */
#ifndef KAFKA_PLACES_H
#define KAFKA_PLACES_H

#include "kafka/client.h"

typedef struct place {
    const char *topic;
    int32_t partition;
    int64_t first, next,
        end;       /* offsets: the oldest that is there, the next to read, and the one
                                 behind the last that is to be read */
    bool is_known; /* `next` comes from a cursor */
} place;

typedef struct places {
    place *items; /* topic by topic, partition by partition */
    size_t count;
    char cluster[64]; /* how it calls itself; "-": it does not say */
} places;

/* Ask for the partitions of the topics and for what each holds. All are to be read from the
 * oldest message on. Released with places_done in any case. */
bool places_find(places *p, client *c, carpel_texts topics, carpel_error *err);
void places_done(places *p);

/* Take over where a cursor says that reading goes on. A partition that it does not know is read
 * from the oldest message on when it knows the topic. Fails when it is none. */
bool places_read(places *p, const char *cursor, carpel_error *err);

/* Write the cursor. It never becomes longer than it is when all is read: is there room for that? */
void places_write(const places *p, char *out, size_t capacity);
bool places_check_room(const places *p, size_t capacity, carpel_error *err);

/* The offsets of some places alone, "1z4,1yt". */
bool places_write_offsets(const places *p, char *out, size_t capacity, carpel_error *err);
bool places_read_offsets(place *items, size_t count, const char *cursor,
                         carpel_error *err);

/* Hand each place of a cursor to `take`, until it answers false. Fails when it is none. */
bool places_walk(const char *cursor,
                 bool (*take)(void *context, const char *topic, int32_t partition,
                              int64_t next, carpel_error *err),
                 void *context, carpel_error *err);

#endif
