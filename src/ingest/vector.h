/* SPDX-License-Identifier: MIT
 *
 * vector -- one column of a batch that a plugin delivered, checked and ready to read.
 *
 * A vector only points into the ArrowArray, which has to outlive it. Nothing that a
 * plugin hands over is believed: formats, lengths, offsets, counts of missing values and
 * dictionary codes are checked before a value is read. How long a buffer is Arrow does not
 * say; one is refused when it is not aligned, or when there is no memory where it would
 * have to be (base/mapped.h).
 *
 *     if (!vector_open(schema, array, first, rows, wanted, &v, err)) ...
 *     if (!vector_is_missing(&v, row))
 *         slice name = vector_text(&v, row);
 */
#ifndef INGEST_VECTOR_H
#define INGEST_VECTOR_H

#include <carpel/plugin.h>

#include "base/text.h"

typedef struct vector {
    size_t row_count;
    const uint8_t
        *present; /* a bit a row, from bit present_from; NULL: nothing is missing */
    size_t present_from;
    const void *values; /* int64, double or int32 of row 0; BOOL: bits from values_from */
    size_t values_from;
    /* STRING and PERSON: text i is bytes [offsets[i], offsets[i + 1]); row r has the text
     * codes[r], or r when there are no codes. */
    const int32_t *codes;
    const int32_t *offsets;
    const char *bytes;
    size_t text_count;
    const uint8_t *text_present; /* a text of a dictionary may be missing, too */
    size_t text_present_from;
} vector;

/* A column of lists: row r has the items [begins[r], begins[r + 1]) of `fields`, less
 * begins[0]. A row that is missing in `rows` has none. */
typedef struct list_vector {
    vector rows; /* only which are missing */
    const int32_t *begins;
    size_t item_count;
    vector *fields; /* of all items; the caller's, one for each wanted field */
} list_vector;

/* Whose column it is, for messages. */
typedef struct vector_owner {
    const char *plugin, *column;
} vector_owner;

/* Lengths and offsets of an array are far below what sums of them could overflow. */
#define VECTOR_MOST_ROWS (INT64_C(1) << 40)

static inline bool vector_extent_is_sane(const struct ArrowArray *array)
{
    return array->length >= 0 && array->length <= VECTOR_MOST_ROWS &&
           array->offset >= 0 && array->offset <= VECTOR_MOST_ROWS;
}

/* Is the array a batch: a struct with so many columns, no row of it missing? */
bool struct_vector_check(const struct ArrowArray *array, int64_t child_count,
                         vector_owner owner, carpel_error *err);

/* Is the format of the column the one that its type has? CARPEL_E_PLUGIN if not. */
bool vector_check_format(const struct ArrowSchema *schema, carpel_type type,
                         vector_owner owner, carpel_error *err);

/* Read rows [first, first + row_count) of a column whose format was checked. */
bool vector_open(const struct ArrowSchema *schema, const struct ArrowArray *array,
                 carpel_type type, int64_t first, int64_t row_count, vector_owner owner,
                 vector *out, carpel_error *err);

/* The same for a column of lists; `out->fields` has room for the fields of `wanted`. */
bool list_vector_check_format(const struct ArrowSchema *schema,
                              const carpel_column *wanted, vector_owner owner,
                              carpel_error *err);
bool list_vector_open(const struct ArrowSchema *schema, const struct ArrowArray *array,
                      const carpel_column *wanted, int64_t first, int64_t row_count,
                      vector_owner owner, list_vector *out, carpel_error *err);

static inline bool vector_bit(const uint8_t *bits, size_t i)
{
    return (bits[i / 8] >> (i % 8) & 1) != 0;
}

/* Which text a row has; only for rows that are not missing. */
static inline size_t vector_text_index(const vector *v, size_t row)
{
    return v->codes != NULL ? (size_t)v->codes[row] : row;
}

static inline bool vector_is_missing(const vector *v, size_t row)
{
    if (v->present != NULL && !vector_bit(v->present, v->present_from + row))
        return true;
    return v->text_present != NULL &&
           !vector_bit(v->text_present, v->text_present_from + vector_text_index(v, row));
}

static inline bool vector_has_missing(const vector *v)
{
    return v->present != NULL || v->text_present != NULL;
}

/* Text i of those that the rows have. */
static inline slice vector_text_at(const vector *v, size_t i)
{
    return (slice){v->bytes + v->offsets[i], (size_t)(v->offsets[i + 1] - v->offsets[i])};
}

static inline slice vector_text(const vector *v, size_t row)
{
    return vector_text_at(v, vector_text_index(v, row));
}

/* The items of a row: [*begin, *end) of the fields. */
static inline void list_vector_items(const list_vector *v, size_t row, size_t *begin,
                                     size_t *end)
{
    *begin = *end = 0;
    if (vector_is_missing(&v->rows, row))
        return;
    *begin = (size_t)(v->begins[row] - v->begins[0]);
    *end = (size_t)(v->begins[row + 1] - v->begins[0]);
}

/* Is every byte of every text ASCII? Quick, so that UTF-8 need rarely be checked. */
bool vector_is_ascii(const vector *v);

#endif
