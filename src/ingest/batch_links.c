/* SPDX-License-Identifier: MIT
 *
 * Appends what the good rows of a batch tell of ids to the table of links: of each link, and of the kind of
 * each id, the earliest row. Mostly all rows of a person tell the same kind of their own id, which is known as long
 * as they are then: such kinds get their rows when all batches are through.
 */
#include "ingest/batch.h"

#include <string.h>

#include "value/id_kind.h"

/* What rows tell of ids of one kind. */
typedef struct link_work {
    batch *b;
    raw_table *table;
    link_set *links;
    uint64_t arrival; /* of the first row of the batch */
    id_kind kind;
} link_work;

/* So many rows ahead of the one that is noted, what there is of its person is expected. */
enum { PEOPLE_AHEAD = 32 };

static uint32_t arrival_of(const link_work *w, uint32_t row)
{
    return (uint32_t)(w->arrival + row);
}

static void put_link(raw_table *t, size_t place, uint32_t person, int64_t time,
                     uint32_t arrival, uint32_t kind)
{
    t->groups[place] = person;
    t->times[place] = time;
    t->arrivals[place] = arrival;
    ((uint32_t *)t->columns[LINK_COLUMN_KIND].values)[place] = kind;
}

/* The code of a kind, after these words. */
static uint32_t kind_code(const raw_table *t, const char *before, id_kind kind)
{
    text name;
    text_init(&name);
    text_append_format(&name, "%s%s", before, id_kind_names[kind]);
    uint32_t code =
        dictionary_add(t->columns[LINK_COLUMN_KIND].dictionary, name.data, name.size);
    text_done(&name);
    return code;
}

/* List the rows that have something in the column. */
static size_t list_present(const batch *b, const vector *v, uint32_t *rows)
{
    const uint32_t *selected = b->selected;
    const uint8_t *present = v->text_present ? NULL : v->present;
    size_t count = 0, selected_count = b->selected_count, from = v->present_from;
    for (size_t i = 0; present && i < selected_count; i++) {
        rows[count] = selected[i];
        count += vector_bit(present, from + selected[i]);
    }
    for (size_t i = 0; !present && i < selected_count; i++) {
        rows[count] = selected[i];
        count += !vector_is_missing(v, selected[i]);
    }
    return count;
}

/* Tell rows with the id by which the person is known itself from rows with another, both of which are listed;
 * how many there are of the others is returned. `rows` has all, and gets these. */
static size_t part_ids(const vector *people, const vector *v, uint32_t *rows,
                       size_t count, uint32_t *own, size_t *own_count)
{
    size_t left = 0, own_left = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t row = rows[i];
        slice id = vector_text(v, row), person = vector_text(people, row);
        bool is_own =
            id.size == person.size && bytes_are_equal(id.data, person.data, id.size);
        own[own_left] = rows[left] = row;
        own_left += is_own;
        left += !is_own && !id_is_none(id);
    }
    *own_count = own_left;
    return left;
}

/* ---- the kinds of people's own ids ----------------------------------------- */

/* A row that tells it of the id by which its person is known. */
static void append_own_kind(const link_work *w, id_kind kind, uint32_t person,
                            int64_t time, uint32_t arrival)
{
    raw_table *t = w->table;
    uint32_t kept;
    size_t next = raw_table_extend(t, 1);
    link_news news =
        link_set_note_own(w->links, kind, person, time, (uint32_t)next, &kept);
    if (news == LINK_IS_NEW) {
        put_link(t, next, person, time, arrival, kind_code(t, LINK_OWN, kind));
        raw_column_set_missing(t, &t->columns[LINK_COLUMN_ID], next);
        return;
    }
    raw_table_shorten(t, next);
    if (news == LINK_IS_EARLIER)
        raw_table_amend(t, kept, time, arrival);
}

/* Rows that name their person in the column. Where an earlier column has told a kind for a row, this is another
 * one. */
static void note_kind(const link_work *w, const uint32_t *rows, size_t count)
{
    batch *b = w->b;
    for (size_t i = 0; i < count; i++) {
        uint32_t row = rows[i];
        if (b->own_kinds[row] == OWN_IN_ROWS)
            b->own_kinds[row] = (uint8_t)w->kind;
        else if (b->own_kinds[row] != w->kind)
            append_own_kind(w, w->kind, b->persons[row], b->times[row],
                            arrival_of(w, row));
    }
}

/* A row tells another kind than those before, or none. What these told has a row from now on. */
static void tell_otherwise(const link_work *w, const known_times *known, uint8_t *told,
                           uint32_t row)
{
    const batch *b = w->b;
    uint32_t person = b->persons[row];
    if (*told == OWN_UNSEEN) {
        *told = b->own_kinds[row];
        return;
    }
    if (*told != OWN_IN_ROWS)
        append_own_kind(w, *told, person, known->since[person],
                        w->links->own_arrivals[person]);
    *told = OWN_IN_ROWS;
    if (b->own_kinds[row] != OWN_IN_ROWS)
        append_own_kind(w, b->own_kinds[row], person, b->times[row], arrival_of(w, row));
}

/* Since when people are known, and of which kind their ids are. */
static void note_people(const link_work *w, const batch_target *target)
{
    const batch *b = w->b;
    link_set *links = w->links;
    link_set_add_persons(links, dictionary_count(target->persons));
    for (size_t i = 0; i < b->selected_count; i++) {
        uint32_t row = b->selected[i], person = b->persons[row];
        if (i + PEOPLE_AHEAD < b->selected_count) {
            uint32_t ahead = b->persons[b->selected[i + PEOPLE_AHEAD]];
            known_expect(target->known, ahead);
            __builtin_prefetch(&links->own[ahead]);
        }
        if (links->own[person] != b->own_kinds[row])
            tell_otherwise(w, target->known, &links->own[person], row);
        if (known_note(target->known, person, b->times[row]))
            links->own_arrivals[person] = arrival_of(w, row);
    }
}

void batch_finish_links(link_set *links, const known_times *known, raw_table *t)
{
    size_t count = links->own_count < known->count ? links->own_count : known->count;
    uint32_t codes[ID_KIND_COUNT];
    bool is_there[ID_KIND_COUNT] = {false};
    size_t next = t->early = raw_table_extend(t, count);
    for (uint32_t p = 0; p < count; p++) {
        uint8_t kind = links->own[p];
        if (kind >= ID_KIND_COUNT)
            continue;
        if (!is_there[kind])
            codes[kind] = kind_code(t, LINK_OWN, kind);
        is_there[kind] = true;
        put_link(t, next, p, known->since[p], links->own_arrivals[p], codes[kind]);
        raw_column_set_missing(t, &t->columns[LINK_COLUMN_ID], next++);
        t->is_amended = true;
    }
    raw_table_shorten(t, next);
}

/* ---- links ---------------------------------------------------------------- */

/* Note the rows whose link is the first one of their person, as most are; the others move to the front, and
 * how many there are of these is returned. */
static size_t note_first_links(const link_work *w, const vector *v, uint32_t *rows,
                               size_t count)
{
    const uint32_t *persons = w->b->persons;
    size_t left = 0;
    uint32_t kept;
    link_news news;
    for (size_t i = 0; i < count; i++) {
        uint32_t row = rows[i];
        if (i + PEOPLE_AHEAD < count)
            link_set_expect(w->links, w->kind, persons[rows[i + PEOPLE_AHEAD]]);
        if (!link_set_note_first(w->links, w->kind, persons[row], vector_text(v, row),
                                 w->b->times[row], &news, &kept))
            rows[left++] = row;
        else if (news == LINK_IS_EARLIER)
            raw_table_amend(w->table, kept, w->b->times[row], arrival_of(w, row));
    }
    return left;
}

/* Rows that tell of links with the ids of `codes`. */
static void append_others(const link_work *w, const uint32_t *rows, const uint32_t *codes,
                          size_t count)
{
    raw_table *t = w->table;
    raw_column *id = &t->columns[LINK_COLUMN_ID];
    uint32_t kind = count > 0 ? kind_code(t, "", w->kind) : 0, kept;
    size_t next = raw_table_extend(t, count);
    for (size_t i = 0; i < count; i++) {
        uint32_t row = rows[i];
        link_news news = link_set_note(w->links, w->kind, w->b->persons[row], codes[i],
                                       dictionary_text(id->dictionary, codes[i]),
                                       w->b->times[row], (uint32_t)next, &kept);
        if (news == LINK_IS_EARLIER)
            raw_table_amend(t, kept, w->b->times[row], arrival_of(w, row));
        if (news != LINK_IS_NEW)
            continue;
        put_link(t, next, w->b->persons[row], w->b->times[row], arrival_of(w, row), kind);
        ((uint32_t *)id->values)[next++] = codes[i];
    }
    raw_table_shorten(t, next);
}

/* What the rows tell of ids in one column: a link, or the kind of the person's own. `rows` is scratch. */
static void append_links(const link_work *w, size_t column, uint32_t *rows)
{
    batch *b = w->b;
    const vector *v = &b->columns[column];
    size_t own_count, count = list_present(b, v, rows);
    count =
        part_ids(&b->columns[b->mapping->person], v, rows, count, b->codes, &own_count);
    note_kind(w, b->codes, own_count);
    count = note_first_links(w, v, rows, count);
    batch_add_texts(b, v, rows, count, w->table->columns[LINK_COLUMN_ID].dictionary,
                    b->codes);
    append_others(w, rows, b->codes, count);
}

void batch_append_links(batch *b, const batch_target *target)
{
    const mapping *m = b->mapping;
    link_work w = {b, &target->kinds[m->links], target->links, target->arrival, ID_USER};
    memset(b->own_kinds, OWN_IN_ROWS, b->row_count);
    for (size_t i = 0; i < m->identity_count; i++) {
        w.kind = m->identities[i].kind;
        append_links(&w, m->identities[i].column, b->grouped);
    }
    note_people(&w, target);
}
