/* SPDX-License-Identifier: MIT
 *
 * values -- single values of Arrow arrays.
 */
#ifndef ADBC_VALUES_H
#define ADBC_VALUES_H

#include <carpel/plugin.h>

#include "adbc/forms.h"
#include "common/buffer.h"

typedef struct value {
    bool is_missing; /* then nothing below says anything */
    int64_t
        whole; /* BOOL, INT, DATE (days), TIME and SPAN (units), the days of an interval */
    uint64_t natural;  /* UINT */
    double number;     /* FLOAT */
    const char *bytes; /* TEXT, and the bytes of a DECIMAL */
    size_t size;
    int64_t months, nanoseconds; /* of an interval */
} value;

/* Is the array as its schema says, with values up to `length`? What drivers hand over is not looked at
 * before. */
bool values_hold(const struct ArrowSchema *schema, const struct ArrowArray *array,
                 int64_t length);

/* The value at `at`, which counts from the array's own begin, of an array that holds. */
value value_at(const form *f, const struct ArrowArray *array, int64_t at);

/* The items of a list that is not missing: [*begin, *end) of the child. */
void value_items(const form *f, const struct ArrowArray *array, int64_t at,
                 int64_t *begin, int64_t *end);

/* As a text: -12.50, 2026-03-01, 2026-03-01 10:00:00.25+00 (without a zone without the end). */
void value_write(const form *f, const value *v, buffer *out);

/* Is it an instant or a day without an end, as DuckDB and PostgreSQL have them? */
bool value_is_infinite(const form *f, const value *v);

/* The microseconds of an instant or a duration; false: there are too many. */
bool value_microseconds(const form *f, const value *v, int64_t *out);

#endif
