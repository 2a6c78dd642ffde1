/* SPDX-License-Identifier: MIT
 *
 * link_set -- which links between ids were taken already, and since when they are known: most rows
 * of a source name the same two ids again. Of each link one row is kept, the earliest.
 *
 *     link_set s = {0};
 *     uint32_t old;
 *     link_news news = link_set_note(&s, ID_COOKIE, person, code, time, row, &old);
 *     if (news == LINK_IS_EARLIER) ...                           // `row` takes the place of `old`
 *     news = link_set_note_own(&s, ID_COOKIE, person, time, row, &old);
 *     link_set_done(&s);
 */
#ifndef INGEST_LINK_SET_H
#define INGEST_LINK_SET_H

#include <stddef.h>

#include "value/id_kind.h"

/* The row that tells a link. */
typedef struct link_row {
    int64_t time; /* INT64_MAX: there is none yet */
    uint32_t row; /* of the table of links */
} link_row;

/* Those of one kind of ids. */
typedef struct link_table {
    struct link_entry *entries;
    size_t count, capacity;
    link_row *own; /* of each person */
    size_t own_count;
} link_table;

typedef struct link_set {
    link_table kinds[ID_KIND_COUNT];
} link_set;

/* What a row tells of a link. */
typedef enum link_news {
    LINK_IS_KNOWN, /* nothing: as early a row has told it */
    LINK_IS_NEW,
    LINK_IS_EARLIER /* than the row that was kept */
} link_news;

/* A row of this time links a person with the id of a code. Of news it is kept from now on, in the place of
 * `*old` when it is earlier. */
link_news link_set_note(link_set *s, id_kind kind, uint32_t person, uint32_t code,
                        int64_t time, uint32_t row, uint32_t *old);

/* The same of the kind of the id that the person of a row is known by itself. */
link_news link_set_note_own(link_set *s, id_kind kind, uint32_t person, int64_t time,
                            uint32_t row, uint32_t *old);

/* Such a row will be noted soon: fetch what there is of it. */
void link_set_expect(const link_set *s, id_kind kind, uint32_t person, uint32_t code);
void link_set_expect_own(const link_set *s, id_kind kind, uint32_t person);

size_t link_set_bytes(const link_set *s);
void link_set_done(link_set *s);

#endif
