/* SPDX-License-Identifier: MIT
 *
 * targets -- columns of a table of PostgreSQL, and values as the text that the server reads
 * there (COPY). What it would change without a word is refused here.
 */
#ifndef POSTGRES_TARGETS_H
#define POSTGRES_TARGETS_H

#include "common/delivery.h"
#include "common/buffer.h"

/* A column of a table that is there; all zero: one that is made for its values. */
typedef struct target {
    bool is_number; /* a text is read as a number, so that 007 is 7 */
    bool is_float;
    int most_digits; /* behind the point, of numeric(12, 2); -1: any */
    char type[64];   /* for messages */
} target;

/* By what the server tells of it: the number of its type, the modifier, the name. */
target target_of(const char *type, const char *modifier, const char *name);

/* The type of a column that is made. */
const char *target_usual_type(const carpel_column *column);

/* Append the value; false when the column would not keep it. */
bool target_add(const target *t, const delivered *value, const char *table, buffer *out,
                carpel_error *err);

#endif
