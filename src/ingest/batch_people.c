/* SPDX-License-Identifier: MIT
 *
 * Whose a row is, where what stands in the field may be no id, and several fields may say it.
 */
#include "ingest/batch.h"
#include "value/id_kind.h"

/* Does the row name somebody by this column? */
static bool names_somebody(const vector *v, size_t row)
{
    return !vector_is_missing(v, row) && !id_is_none(vector_text(v, row));
}

/* Does a row name nobody by the column that it is known by? */
static bool is_any_none(const batch *b)
{
    const vector *v = &b->columns[b->mapping->person];
    for (size_t row = 0; row < b->row_count; row++)
        if (!names_somebody(v, row))
            return true;
    return false;
}

/* The first field that names somebody; or what stands there, which is refused. */
static slice choose_person(batch *b, size_t row)
{
    const mapping *m = b->mapping;
    const vector *person = &b->columns[m->person];
    if (names_somebody(person, row))
        return vector_text(person, row);
    for (size_t i = 0; i < m->choice_count; i++)
        if (names_somebody(&b->columns[m->choices[i]], row))
            return vector_text(&b->columns[m->choices[i]], row);
    slice none =
        vector_is_missing(person, row) ? (slice){"", 0} : vector_text(person, row);
    if (none.size > 0)
        batch_refuse_row(b, row,
                         arena_format(b->texts, "\"%.*s\" is no id of a person",
                                      batch_quoted_size(none), none.data));
    return (slice){"", 0};
}

void batch_choose_people(batch *b)
{
    const mapping *m = b->mapping;
    bool has_choice = m->choice_count > 0 || m->links != SCHEMA_NONE;
    if (!has_choice || !is_any_none(b))
        return;
    int32_t *offsets = arena_alloc_array(b->texts, b->row_count + 1, sizeof *offsets);
    text bytes;
    text_init(&bytes);
    for (size_t row = 0; row < b->row_count; row++) {
        slice chosen = choose_person(b, row);
        text_append_bytes(&bytes, chosen.data, chosen.size);
        offsets[row + 1] = (int32_t)bytes.size;
    }
    b->columns[m->person] =
        (vector){.row_count = b->row_count,
                 .offsets = offsets,
                 .bytes = arena_copy_text(b->texts, bytes.data, bytes.size),
                 .text_count = b->row_count};
    text_done(&bytes);
}
