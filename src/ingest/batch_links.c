/* SPDX-License-Identifier: MIT
 *
 * Appends what the good rows of a batch tell of ids to the table of links: of each link, and of the kind of
 * each id, the earliest row.
 */
#include "ingest/batch.h"
#include "value/id_kind.h"

/* Is the person of the row known by this very text? */
static bool is_own_id(const batch *b, const vector *v, uint32_t row)
{
    return slice_equals(vector_text(v, row),
                        vector_text(&b->columns[b->mapping->person], row));
}

/* What the rows of one column tell of ids. */
typedef struct link_work {
    batch *b;
    raw_table *table;
    link_set *links;
    uint64_t arrival; /* of the first row of the batch */
    id_kind kind;
} link_work;

enum { ROWS_AHEAD = 16 }; /* which are expected while one is noted */

/* Keep a row that is news, in the place of the one before; returns where it stands. */
static size_t keep_row(const link_work *w, link_news news, uint32_t old, uint32_t row,
                       uint32_t kind)
{
    raw_table *t = w->table;
    if (news == LINK_IS_EARLIER)
        raw_table_leave_out(t, old);
    size_t place = batch_append_rows(w->b, t, w->arrival, &row, 1);
    ((uint32_t *)t->columns[LINK_COLUMN_KIND].values)[place] = kind;
    return place;
}

/* The code of a kind, after these words. */
static uint32_t kind_code(const link_work *w, const char *before)
{
    text name;
    text_init(&name);
    text_append_format(&name, "%s%s", before, id_kind_names[w->kind]);
    uint32_t code = dictionary_add(w->table->columns[LINK_COLUMN_KIND].dictionary,
                                   name.data, name.size);
    text_done(&name);
    return code;
}

/* Tell rows with the id by which the person is known itself from rows with another; how many there are of
 * these is returned. */
static size_t part_ids(const batch *b, const vector *v, uint32_t *own, size_t *own_count,
                       uint32_t *others)
{
    size_t count = 0;
    *own_count = 0;
    for (size_t i = 0; i < b->selected_count; i++) {
        uint32_t row = b->selected[i];
        if (vector_is_missing(v, row))
            continue;
        if (is_own_id(b, v, row))
            own[(*own_count)++] = row;
        else if (!id_is_none(vector_text(v, row)))
            others[count++] = row;
    }
    return count;
}

/* Rows that tell of which kind the ids are by which people are known. */
static void append_own_kinds(const link_work *w, const uint32_t *rows, size_t count)
{
    const uint32_t *persons = w->b->persons;
    raw_table *t = w->table;
    uint32_t kind = count > 0 ? kind_code(w, LINK_OWN) : 0, old;
    for (size_t i = 0; i < count; i++) {
        uint32_t row = rows[i];
        if (i + ROWS_AHEAD < count)
            link_set_expect_own(w->links, w->kind, persons[rows[i + ROWS_AHEAD]]);
        link_news news =
            link_set_note_own(w->links, w->kind, persons[row], w->b->times[row],
                              (uint32_t)t->row_count, &old);
        if (news != LINK_IS_KNOWN)
            raw_column_set_missing(t, &t->columns[LINK_COLUMN_ID],
                                   keep_row(w, news, old, row, kind));
    }
}

/* Rows that tell of links with the ids of `codes`. */
static void append_others(const link_work *w, const uint32_t *rows, const uint32_t *codes,
                          size_t count)
{
    const uint32_t *persons = w->b->persons;
    raw_table *t = w->table;
    uint32_t kind = count > 0 ? kind_code(w, "") : 0, old;
    for (size_t i = 0; i < count; i++) {
        uint32_t row = rows[i];
        size_t ahead = i + ROWS_AHEAD;
        if (ahead < count)
            link_set_expect(w->links, w->kind, persons[rows[ahead]], codes[ahead]);
        link_news news = link_set_note(w->links, w->kind, persons[row], codes[i],
                                       w->b->times[row], (uint32_t)t->row_count, &old);
        if (news == LINK_IS_KNOWN)
            continue;
        size_t place = keep_row(w, news, old, row, kind);
        ((uint32_t *)t->columns[LINK_COLUMN_ID].values)[place] = codes[i];
    }
}

/* What the rows tell of ids in one column: a link, or the kind of the person's own. `rows` is scratch. */
static void append_links(batch *b, const batch_target *target, mapping_identity identity,
                         uint32_t *rows)
{
    link_work w = {b, &target->kinds[b->mapping->links], target->links, target->arrival,
                   identity.kind};
    const vector *v = &b->columns[identity.column];
    size_t own_count, count = part_ids(b, v, b->codes, &own_count, rows);
    append_own_kinds(&w, b->codes, own_count);
    batch_add_texts(b, v, rows, count, w.table->columns[LINK_COLUMN_ID].dictionary,
                    b->codes);
    append_others(&w, rows, b->codes, count);
}

void batch_append_links(batch *b, const batch_target *target)
{
    for (size_t i = 0; i < b->mapping->identity_count; i++)
        append_links(b, target, b->mapping->identities[i], b->grouped);
}
