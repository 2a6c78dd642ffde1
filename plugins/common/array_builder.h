/* SPDX-License-Identifier: MIT
 *
 * array_builder -- a column of a batch that a source makes by itself, in the format that the host's row
 * builder has for it: texts with a dictionary, all others as values one behind the other. For sources
 * whose values need no reading; what does not fit goes through the row builder.
 *
 *     array_builder b = {0};
 *     if (array_builder_begin(&b, &request->columns[i], schema.children[i])) ...   // else: not such a column
 *     array_builder_reserve(&b, rows);
 *     b.values, array_builder_code(&b, row, text, size), array_builder_miss(&b, row, 1)
 *     array_builder_take(&b, rows, &array);     // and it is empty again, without room
 *     array_builder_done(&b);
 */
#ifndef COMMON_ARRAY_BUILDER_H
#define COMMON_ARRAY_BUILDER_H

#include <carpel/plugin.h>

enum { ARRAY_MOST_BYTES = 64 << 20 }; /* of one text */

/* Texts, each of which stands once or a few times. */
typedef struct text_list {
    int32_t *ends; /* and before them a 0 */
    char *bytes;
    size_t count, size, capacity, room;
    size_t looked, met; /* texts that were looked for among those met lately, and found */
} text_list;

typedef struct array_builder {
    carpel_type type;
    size_t width; /* bytes of a value; 0: bits */
    bool is_coded;
    size_t capacity;
    uint8_t *present; /* bits */
    size_t missing_count;
    char *values; /* of texts their numbers in the list */
    text_list texts;
    int32_t *memo; /* text numbers by hash, and 1 */
} array_builder;

/* Make a zeroed builder ready; `schema` is that of the row builder's column. False: the column is a list, or
 * of another format. */
bool array_builder_begin(array_builder *b, const carpel_column *wanted,
                         const struct ArrowSchema *schema);
void array_builder_done(array_builder *b);

/* Room for so many rows, those that are there included. They are present until they are missed. */
void array_builder_reserve(array_builder *b, size_t rows);

/* The value of the row is this text, which is not put there again when it was met lately. A person without
 * a name is missing. False: it is too long. */
bool array_builder_code(array_builder *b, size_t row, const char *text, size_t size);

/* The values of these rows are missing. */
void array_builder_miss(array_builder *b, size_t row, size_t count);

/* Forget the values of these rows, which are the last. */
void array_builder_forget(array_builder *b, size_t row, size_t count);

static inline bool array_builder_has(const array_builder *b, size_t row)
{
    return b->missing_count == 0 || (b->present[row / 8] >> row % 8 & 1) != 0;
}

/* Hand the rows out. */
void array_builder_take(array_builder *b, size_t rows, struct ArrowArray *out);

/* The columns `file` and `line` of rows that stand one behind the other in what is called `place`. */
void array_builder_place(const char *place, size_t rows, struct ArrowArray *out);
void array_builder_lines(uint64_t first, size_t rows, struct ArrowArray *out);

#endif
