/* SPDX-License-Identifier: MIT
 *
 * Appends what the good rows of a batch tell of ids to the table of links: of each link, and of the kind of
 * each id, the earliest row.
 */
#include <string.h>

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
    uint32_t kind_code; /* of its name */
} link_work;

enum {
    ROWS_AHEAD = 16, /* which are expected while one is noted */
    IDS_AT_ONCE = 256
};

/* Keep a row that is news, in the place of the one before. */
static void keep_link(const link_work *w, link_news news, uint32_t old, uint32_t row,
                      uint32_t id)
{
    raw_table *t = w->table;
    if (news == LINK_IS_EARLIER)
        raw_table_leave_out(t, old);
    if (news == LINK_IS_KNOWN)
        return;
    size_t place = batch_append_rows(w->b, t, w->arrival, &row, 1);
    ((uint32_t *)t->columns[LINK_COLUMN_ID].values)[place] = id;
    ((uint32_t *)t->columns[LINK_COLUMN_KIND].values)[place] = w->kind_code;
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

/* Ids of people that were put into the table without their texts, which are looked up together. */
typedef struct new_ids {
    slice texts[IDS_AT_ONCE];
    size_t places[IDS_AT_ONCE]; /* of their rows in the table */
    size_t count;
} new_ids;

static void put_new_ids(const link_work *w, new_ids *new)
{
    raw_column *ids = &w->table->columns[LINK_COLUMN_ID];
    uint32_t codes[IDS_AT_ONCE], *values = ids->values;
    dictionary_add_many(ids->dictionary, new->texts, new->count, codes);
    for (size_t i = 0; i < new->count; i++)
        values[new->places[i]] = codes[i];
    new->count = 0;
}

/* Rows that tell of which kind the ids are by which people are known. */
static void append_own_kinds(const link_work *w, const vector *v, const uint32_t *rows,
                             size_t count)
{
    const uint32_t *persons = w->b->persons;
    new_ids new = {.count = 0};
    for (size_t i = 0; i < count; i++) {
        uint32_t row = rows[i], old;
        if (i + ROWS_AHEAD < count)
            link_set_expect_own(w->links, w->kind, persons[rows[i + ROWS_AHEAD]]);
        size_t place = w->table->row_count;
        link_news news = link_set_note_own(w->links, w->kind, persons[row],
                                           w->b->times[row], (uint32_t)place, &old);
        keep_link(w, news, old, row, 0);
        if (news == LINK_IS_KNOWN)
            continue;
        new.texts[new.count] = vector_text(v, row);
        new.places[new.count++] = place;
        if (new.count == IDS_AT_ONCE)
            put_new_ids(w, &new);
    }
    put_new_ids(w, &new);
}

/* Rows that tell of links with the ids of `codes`. */
static void append_others(const link_work *w, const uint32_t *rows, const uint32_t *codes,
                          size_t count)
{
    const uint32_t *persons = w->b->persons;
    for (size_t i = 0; i < count; i++) {
        uint32_t row = rows[i], old;
        size_t ahead = i + ROWS_AHEAD;
        if (ahead < count)
            link_set_expect(w->links, w->kind, persons[rows[ahead]], codes[ahead]);
        link_news news =
            link_set_note(w->links, w->kind, persons[row], codes[i], w->b->times[row],
                          (uint32_t)w->table->row_count, &old);
        keep_link(w, news, old, row, codes[i]);
    }
}

/* What the rows tell of ids in one column: a link, or the kind of the person's own. `rows` is scratch. */
static void append_links(batch *b, const batch_target *target, mapping_identity identity,
                         uint32_t *rows)
{
    raw_table *t = &target->kinds[b->mapping->links];
    const vector *v = &b->columns[identity.column];
    const char *kind = id_kind_names[identity.kind];
    size_t own_count, count = part_ids(b, v, b->codes, &own_count, rows);
    if (own_count + count == 0)
        return;
    link_work w = {.b = b,
                   .table = t,
                   .links = target->links,
                   .arrival = target->arrival,
                   .kind = identity.kind,
                   .kind_code = dictionary_add(t->columns[LINK_COLUMN_KIND].dictionary,
                                               kind, strlen(kind))};
    append_own_kinds(&w, v, b->codes, own_count);
    batch_add_texts(b, v, rows, count, t->columns[LINK_COLUMN_ID].dictionary, b->codes);
    append_others(&w, rows, b->codes, count);
}

void batch_append_links(batch *b, const batch_target *target)
{
    for (size_t i = 0; i < b->mapping->identity_count; i++)
        append_links(b, target, b->mapping->identities[i], b->grouped);
}
