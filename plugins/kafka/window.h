/* SPDX-License-Identifier: MIT
 *
 * window -- the messages of partitions one after the other, each up to its end. Some of the
 * partitions that follow are fetched meanwhile.
 */
#ifndef KAFKA_WINDOW_H
#define KAFKA_WINDOW_H

#include "kafka/places.h"

enum {
    WINDOW_PARTITIONS = 4, /* that are fetched at a time */
    WINDOW_MESSAGES = 1000 /* that are taken at a time */
};

/* A partition that is being fetched. */
typedef struct opened {
    place *place;
    rd_kafka_topic_t *topic;
    rd_kafka_queue_t *queue;
} opened;

typedef struct window {
    client *client;
    places *places;
    size_t next_place;                /* the first that is not begun */
    opened opened[WINDOW_PARTITIONS]; /* the first is being read */
    size_t opened_count;
    bool is_begun; /* somebody was told of the first one */
    rd_kafka_message_t *messages[WINDOW_MESSAGES];
    size_t message_count, at;
    rd_kafka_message_t *given; /* by the last call */
} window;

void window_init(window *w, client *c, places *p);
void window_done(window *w); /* also of zeros */

/* Begin to fetch, so that messages are there when they are asked for. */
bool window_begin(window *w, carpel_error *err);

/* The next message, which lives until the next call, and its place, which is now behind it. *is_new:
 * it is the first of its place. *m is NULL when all are read. */
bool window_next(window *w, const rd_kafka_message_t **m, place **at, bool *is_new,
                 carpel_error *err);

bool window_is_over(const window *w);

#endif
