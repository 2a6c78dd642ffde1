/* SPDX-License-Identifier: MIT
 *
 * targets -- columns of a table of PostgreSQL, and values as the text that the server reads
 * there (COPY). What it would change without a word is refused here.
 */
#ifndef POSTGRES_TARGETS_H
#define POSTGRES_TARGETS_H

#include "common/delivery.h"
#include "common/buffer.h"
#include "common/fit.h"

typedef enum target_kind {
    TARGET_ANY, /* made for its values */
    TARGET_TEXT,
    TARGET_BOOL,
    TARGET_WHOLE,
    TARGET_NUMERIC,
    TARGET_FLOAT,
    TARGET_TIME,
    TARGET_DATE,
    TARGET_CLOCK, /* a time of any day */
    TARGET_INTERVAL,
    TARGET_JSON,
    TARGET_MANY,  /* an array or a range, which is written in brackets */
    TARGET_OTHER, /* of a type that only the server knows, such as an enum */
} target_kind;

/* A column of a table that is there; all zero: one that is made for its values. */
typedef struct target {
    target_kind kind;
    int bytes;       /* TARGET_WHOLE, TARGET_FLOAT */
    int most_signs;  /* TARGET_TEXT; 0: any */
    int precision;   /* TARGET_NUMERIC; 0: any */
    int most_digits; /* behind the point, of numeric(12, 2) or a second; -1: any */
    char type[64];   /* for messages */
} target;

/* By what the server tells of it: the number of its type and of the type's category, the modifier, the name. */
target target_of(const char *type, const char *category, const char *modifier,
                 const char *name);

/* How many of the values of the column it keeps as they are. */
fit target_fit(const target *t, const carpel_column *column);

/* The type of a column that is made. */
const char *target_usual_type(const carpel_column *column);

/* Append the value; false when the column would not keep it. */
bool target_add(const target *t, const delivered *value, const char *table, buffer *out,
                carpel_error *err);

#endif
