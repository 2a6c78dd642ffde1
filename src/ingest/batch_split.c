/* SPDX-License-Identifier: MIT
 *
 * A column of texts that hold lists, "red;blue", becomes a column of lists, whose items are cleaned.
 */
#include <string.h>

#include "ingest/batch.h"
#include "ingest/cleaned.h"

typedef struct splitter {
    batch *batch;
    size_t column;
    const column_cleaning *cleaning;
    slice separator;
    text bytes; /* of the items */
    int32_t *offsets;
    uint32_t *owners;
    size_t count;
} splitter;

/* The part of `*rest` before the separator; what is behind it stays. */
static slice take_part(slice *rest, slice separator)
{
    for (size_t i = 0; i + separator.size <= rest->size; i++) {
        if (memcmp(rest->data + i, separator.data, separator.size) != 0)
            continue;
        slice part = {rest->data, i};
        rest->data += i + separator.size;
        rest->size -= i + separator.size;
        return part;
    }
    slice part = *rest;
    *rest = (slice){NULL, 0};
    return part;
}

/* Is anything left of it? Of those that are left out it is counted which steps did it. */
static bool is_item(const splitter *s, slice part, size_t row)
{
    batch *b = s->batch;
    if (part.size == 0)
        return false;
    cleaned_value v = cleaned_read(s->cleaning, part, &b->work);
    if (v.is_missing)
        batch_note_changes(b, s->column,
                           &(value_change){.row = row,
                                           .field = s->cleaning->from,
                                           .before = part,
                                           .steps = v.changed_by});
    return !v.is_missing;
}

static void add_items(splitter *s, slice whole, size_t row)
{
    for (slice rest = whole; rest.data;) {
        slice part = take_part(&rest, s->separator);
        if (!is_item(s, part, row))
            continue;
        text_append_bytes(&s->bytes, part.data, part.size);
        s->owners[s->count++] = (uint32_t)row;
        s->offsets[s->count] = (int32_t)s->bytes.size;
    }
}

/* No more items than bytes, and one for each row. */
static size_t most_items(const batch *b, const vector *v)
{
    size_t bytes = 0;
    for (size_t row = 0; row < b->row_count; row++)
        bytes += vector_is_missing(v, row) ? 0 : vector_text(v, row).size + 1;
    return bytes;
}

/* The items of each row; a text that says something, and none of it is an item, is no list. */
static void split_rows(splitter *s, size_t column, int32_t *begins, uint8_t *present)
{
    batch *b = s->batch;
    const vector *v = &b->columns[column];
    for (size_t row = 0; row < b->row_count; row++) {
        begins[row] = (int32_t)s->count;
        begins[row + 1] = begins[row];
        if (vector_is_missing(v, row))
            continue;
        slice whole = vector_text(v, row);
        add_items(s, whole, row);
        begins[row + 1] = (int32_t)s->count;
        bool is_list = begins[row + 1] > begins[row] || whole.size == 0;
        present[row / 8] |= (uint8_t)(is_list << row % 8);
    }
}

void batch_split(batch *b, size_t column)
{
    const column_cleaning *cleaning = b->mapping->cleanings[column];
    size_t most = most_items(b, &b->columns[column]);
    splitter s = {.batch = b,
                  .column = column,
                  .cleaning = cleaning,
                  .separator = slice_of(cleaning_word(&cleaning->steps, CLEAN_SPLIT)),
                  .offsets = arena_alloc_array(b->texts, most + 1, sizeof *s.offsets),
                  .owners = arena_alloc_array(b->texts, most + 1, sizeof *s.owners)};
    int32_t *begins = arena_alloc_array(b->texts, b->row_count + 1, sizeof *begins);
    uint8_t *present = arena_alloc(b->texts, b->row_count / 8 + 1);
    text_init(&s.bytes);
    split_rows(&s, column, begins, present);
    vector items = {.row_count = s.count,
                    .offsets = s.offsets,
                    .bytes = arena_copy_text(b->texts, s.bytes.data, s.bytes.size),
                    .text_count = s.count};
    list_vector *list = &b->lists[column];
    list->rows = (vector){.row_count = b->row_count, .present = present};
    list->begins = begins;
    list->item_count = s.count;
    batch_clean_values(b, cleaning, column, &items, s.owners, &list->fields[0]);
    text_done(&s.bytes);
}
