/* SPDX-License-Identifier: MIT
 *
 * Which of several fields holds a value, where cleaning may take what stands in one for nothing. A source hands over
 * the first that is there; when that is a text such as NULL, the next field with one that means something counts.
 */
#include "ingest/batch.h"
#include "value/cleaning.h"

/* A column, and the text of each of its rows. */
typedef struct choice {
    batch *batch;
    size_t column;
    const vector *first;
    const size_t *next;
    bool is_other; /* any text is of another field */
} choice;

static bool is_nothing(const choice *c, slice s, uint32_t *changed_by)
{
    const column_cleaning *how = c->batch->mapping->cleanings[c->column];
    clean_outcome done =
        cleaning_apply(&how->steps, how->fields, how->scale, s, &c->batch->work);
    *changed_by = done.changed_by;
    return done.is_missing;
}

/* The text of the row in the next fields; `first` when they have none. */
static slice choose_other(choice *c, size_t row, slice first, uint32_t changed_by)
{
    uint32_t ignored;
    for (const size_t *next = c->next; *next != SCHEMA_NONE; next++) {
        const vector *v = &c->batch->columns[*next];
        slice s = vector_is_missing(v, row) ? (slice){"", 0} : vector_text(v, row);
        if (s.size == 0 || is_nothing(c, s, &ignored))
            continue;
        batch_note_changes(
            c->batch, c->column,
            &(value_change){.row = row,
                            .field = c->batch->mapping->cleanings[c->column]->from,
                            .before = first,
                            .steps = changed_by});
        c->is_other = true;
        return s;
    }
    return first;
}

/* What the row has now. */
static slice choose_text(choice *c, size_t row)
{
    uint32_t changed_by;
    if (vector_is_missing(c->first, row))
        return (slice){"", 0};
    slice first = vector_text(c->first, row);
    return is_nothing(c, first, &changed_by) ? choose_other(c, row, first, changed_by)
                                             : first;
}

/* Put the row's text behind the others. */
static void put_text(const choice *c, size_t row, slice s, text *bytes)
{
    if (s.size <= INT32_MAX - bytes->size)
        text_append_bytes(bytes, s.data, s.size);
    else
        batch_refuse_row(c->batch, row, "the texts are too long");
}

static const uint8_t *present_of(const choice *c)
{
    size_t count = c->batch->row_count;
    uint8_t *present = arena_alloc(c->batch->texts, count / 8 + 1);
    for (size_t row = 0; row < count; row++)
        present[row / 8] |= (uint8_t)(!vector_is_missing(c->first, row) << row % 8);
    return present;
}

void batch_choose_texts(batch *b, size_t column)
{
    vector first = b->columns[column];
    choice c = {b, column, &first, b->mapping->next[column], false};
    int32_t *offsets = arena_alloc_array(b->texts, b->row_count + 1, sizeof *offsets);
    text bytes;
    text_init(&bytes);
    for (size_t row = 0; row < b->row_count; row++) {
        put_text(&c, row, choose_text(&c, row), &bytes);
        offsets[row + 1] = (int32_t)bytes.size;
    }
    if (c.is_other)
        b->columns[column] =
            (vector){.row_count = b->row_count,
                     .present = present_of(&c),
                     .offsets = offsets,
                     .bytes = arena_copy_text(b->texts, bytes.data, bytes.size),
                     .text_count = b->row_count};
    text_done(&bytes);
}
