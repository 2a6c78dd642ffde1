/* SPDX-License-Identifier: MIT
 *
 * delivery -- the rows that an output is handed, one at a time: any columns that
 * <carpel/plugin.h> allows, with missing values.
 *
 *     static void add(void *context, const delivered *row, size_t count);
 *     ...
 *     return delivery_read(host, delivery, rows, add, context, err);
 */
#ifndef COMMON_DELIVERY_H
#define COMMON_DELIVERY_H

#include <carpel/plugin.h>

/* One value of a row. */
typedef struct delivered {
    const carpel_column *column;
    bool is_missing;  /* then nothing below says anything */
    int64_t whole;    /* BOOL (0 or 1), INT, DECIMAL, TIME, DATE, DURATION */
    double number;    /* NUMBER */
    const char *text; /* STRING, PERSON: UTF-8 without a NUL at its end */
    size_t size;
} delivered;

/* Is the value a text? Others are written by delivered_text. */
bool delivered_is_text(const delivered *value);

/* Room for any value that is not a text. */
#define DELIVERED_TEXT_SIZE 64

/* Write a value that is no text and not missing as one; returns its length:
 *     true  -12  12.50  0.1  2026-03-01T10:00:00Z  2026-03-01
 * A NUMBER has as many digits as it takes to read the same again; a DURATION is in
 * seconds: 90, 0.5. */
size_t delivered_text(const delivered *value, char out[DELIVERED_TEXT_SIZE]);

/* Hand every row of the stream to `add`, with a value for each column of the delivery. A
 * stream that is not as the delivery says is refused and not misread. */
bool delivery_read(const carpel_host *host, const carpel_delivery *delivery,
                   struct ArrowArrayStream *rows,
                   void (*add)(void *context, const delivered *row, size_t count),
                   void *context, carpel_error *err);

/* What a check of an output is told of the rows that it will be handed; false: nothing. */
bool delivery_foreseen(const carpel_inquiry *inquiry, carpel_delivery *out);

#endif
