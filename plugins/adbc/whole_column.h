/* SPDX-License-Identifier: MIT
 *
 * whole_column -- one column of rows that are taken over whole; for whole.c.
 */
#ifndef ADBC_WHOLE_COLUMN_H
#define ADBC_WHOLE_COLUMN_H

#include <carpel/plugin.h>

#include "adbc/forms.h"
#include "common/array_builder.h"

typedef struct whole_column whole_column;

/* Add the values [begin, begin + count) of an array, which begin with row `row` of the column. False: one
 * of them is not what is wanted. */
typedef bool whole_step(whole_column *c, const struct ArrowArray *array, int64_t begin,
                        size_t row, size_t count);

struct whole_column {
    const form *form; /* NULL: all values are missing */
    size_t field;
    int64_t factor; /* of a whole number, to the column's scale */
    whole_step *step;
    array_builder to;
};

/* Make a column ready, whose candidates are `places`; false: it is none that is taken over whole. */
bool whole_column_begin(whole_column *c, const carpel_column *wanted,
                        const size_t *places, const form *forms);

/* Add the rows [from, from + count) of a batch; false: one has a value that is none. */
bool whole_column_add(whole_column *c, const struct ArrowArray *batch, int64_t from,
                      size_t row, size_t count);

#endif
