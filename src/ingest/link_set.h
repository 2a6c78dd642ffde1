/* SPDX-License-Identifier: MIT
 *
 * link_set -- which links between ids were taken already, and since when they are known: most rows
 * of a source name the same two ids again. Of each link one row is kept, the earliest. Of which kind
 * people's own ids are is a byte of each person, as long as all their rows tell the same.
 *
 *     link_set s = {0};
 *     uint32_t kept;
 *     link_news news = link_set_note(&s, ID_COOKIE, person, code, time, row, &kept);
 *     if (news == LINK_IS_NEW) ...                               // `row` tells it from now on
 *     if (news == LINK_IS_EARLIER) ...                           // the time of `kept` is this one
 *     news = link_set_note_own(&s, ID_COOKIE, person, time, row, &kept);
 *     link_set_done(&s);
 */
#ifndef INGEST_LINK_SET_H
#define INGEST_LINK_SET_H

#include <stddef.h>

#include "value/id_kind.h"

typedef struct link_entry {
    uint64_t key; /* the person, and the code behind it */
    int64_t time; /* INT64_MAX: the place is free */
    uint32_t row; /* of the table of links */
} link_entry;

enum { LINK_TEXT = 19 }; /* bytes of the longest text that lies beside its link */

/* The first link of a person with an id of one kind: most have no other one. Two are a line of the processor's cache,
 * since what is waited for is memory. */
typedef struct first_link {
    int64_t time;
    uint32_t row;
    char text
        [LINK_TEXT]; /* of the id; or a slice, of one that lies in the dictionary of ids */
    uint8_t size;    /* of the text; 0: there is no link */
} first_link;

#define LINK_IS_LONGER UINT8_MAX /* in the place of the size */

/* Those of one kind of ids. */
typedef struct link_table {
    first_link *firsts; /* of people by their numbers */
    size_t first_count, first_capacity;
    link_entry *entries; /* all others */
    size_t count, capacity;
} link_table;

typedef struct link_set {
    link_table kinds[ID_KIND_COUNT];
    uint8_t *own; /* by person: the kind of their own id that all their rows tell, or: */
    uint32_t *own_arrivals; /* of the earliest of these rows */
    size_t own_count;
} link_set;

enum {
    OWN_UNSEEN = ID_KIND_COUNT, /* no row is theirs yet */
    OWN_IN_ROWS /* their rows tell several, which are in the table, or none */
};

/* What a row tells of a link. */
typedef enum link_news {
    LINK_IS_KNOWN, /* nothing: as early a row has told it */
    LINK_IS_NEW,
    LINK_IS_EARLIER /* than all rows that told it */
} link_news;

/* A row of this time links a person with the id of a code, which has this text in the dictionary of ids. A new
 * link is told by `row` of the table from now on; else *kept is the row that tells it. */
link_news link_set_note(link_set *s, id_kind kind, uint32_t person, uint32_t code,
                        slice id, int64_t time, uint32_t row, uint32_t *kept);

static inline first_link *link_set_first(const link_set *s, id_kind kind, uint32_t person)
{
    const link_table *t = &s->kinds[kind];
    return person < t->first_count ? &t->firsts[person] : NULL;
}

static inline bool first_link_is(const first_link *f, slice id)
{
    slice longer;
    if (!f || f->size != LINK_IS_LONGER)
        return f && f->size > 0 && f->size == id.size &&
               bytes_are_equal(f->text, id.data, f->size);
    memcpy(&longer, f->text, sizeof longer);
    return slice_equals(longer, id);
}

/* The same without a code, of an id that has this text, where the link is the person's first of the kind; false: it
 * is not, and nothing was noted. */
static inline bool link_set_note_first(link_set *s, id_kind kind, uint32_t person,
                                       slice id, int64_t time, link_news *news,
                                       uint32_t *kept)
{
    first_link *f = link_set_first(s, kind, person);
    if (!first_link_is(f, id))
        return false;
    *kept = f->row;
    *news = f->time <= time ? LINK_IS_KNOWN : LINK_IS_EARLIER;
    f->time = f->time <= time ? f->time : time;
    return true;
}

/* The same of the kind of a person's own id, of those whose rows do not all tell one. */
link_news link_set_note_own(link_set *s, id_kind kind, uint32_t person, int64_t time,
                            uint32_t row, uint32_t *kept);

/* Make room for the persons below `count`. */
void link_set_add_persons(link_set *s, size_t count);

/* Such a row will be noted soon: fetch what there is of it. */
static inline void link_set_expect(const link_set *s, id_kind kind, uint32_t person)
{
    const first_link *f = link_set_first(s, kind, person);
    if (f)
        __builtin_prefetch(f);
}

size_t link_set_bytes(const link_set *s);
void link_set_done(link_set *s);

#endif
