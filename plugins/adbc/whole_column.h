/* SPDX-License-Identifier: MIT
 *
 * whole_column -- one column of rows that are taken over whole; for whole.c.
 */
#ifndef ADBC_WHOLE_COLUMN_H
#define ADBC_WHOLE_COLUMN_H

#include <carpel/plugin.h>

#include "adbc/forms.h"

enum { WHOLE_MOST_BYTES = 64 << 20, WHOLE_MEMO = 4096 };

typedef struct whole_column whole_column;

/* Add the values [begin, begin + count) of an array, which begin with row `row` of the column. False: one
 * of them is not what is wanted. */
typedef bool whole_step(whole_column *c, const struct ArrowArray *array, int64_t begin,
                        size_t row, size_t count);

/* Texts, each of which stands once or a few times. */
typedef struct text_list {
    int32_t *ends; /* and before them a 0 */
    char *bytes;
    size_t count, size, capacity, room;
} text_list;

/* Room for another text. */
void text_list_reserve(text_list *t, size_t size);

struct whole_column {
    const form *form; /* NULL: all values are missing */
    size_t field;
    carpel_type type;
    int64_t factor; /* of a whole number, to the column's scale */
    whole_step *step;
    size_t width;                         /* bytes of a value; 0: bits */
    uint8_t *present;                     /* bits */
    size_t missing_count, missing_before; /* the batch that is added */
    char *values;                         /* of texts their numbers in the list */
    bool is_coded;
    text_list texts;
    int32_t *memo; /* text numbers by hash, and 1 */
};

/* Make a zeroed column ready, whose candidates are `places`, for batches with the schema; false: it is none that
 * is taken over whole. */
bool whole_column_begin(whole_column *c, const carpel_column *wanted,
                        const size_t *places, const form *forms,
                        const struct ArrowSchema *schema);
void whole_column_done(whole_column *c);

/* Room for so many rows. */
void whole_column_reserve(whole_column *c, size_t rows);

/* Add the rows [from, from + count) of a batch; false: one has a value that is none. */
bool whole_column_add(whole_column *c, const struct ArrowArray *batch, int64_t from,
                      size_t row, size_t count);

#endif
