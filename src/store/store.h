/* SPDX-License-Identifier: MIT
 *
 * store -- the histories of all people, in columns.
 *
 * Each event kind is a table whose rows are sorted by (person, time, arrival):
 *
 *     person      0        1     2              (numbers, in order of first appearance)
 *     offsets     0        3     3        5
 *     time        t0 t1 t2       t3 t4          rows of a person stand together
 *     amount      ...                           one array a column, plus missing bits
 *
 * A trait is a table with one column: a row for each time it was set. The items of a
 * list inside events are a table beside that of the events, with one offset a row of
 * it; they have no time of their own. Numbers are as narrow as they allow (base/packed.h),
 * in memory as on the disk. The structs only point at memory: that of a loader, or of a mapped
 * file. A store is immutable, and all threads share it; only
 * what runs find out about its texts (store_texts.h) and its newest rows (store_newest.h), and
 * the histories of its accounts (store_accounts.h), are added to it.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/bitmap.h"
#include "base/dictionary.h"
#include "base/packed.h"
#include "schema/schema.h"

/* The values of one property. */
typedef struct column {
    type type;
    packed values; /* by type, see type.h: BOOL 0 and 1, NUMBER the bits of doubles,
                                texts codes (packed_shape_of_codes) */
    const uint64_t *present;      /* bit 0: missing; NULL: nothing is missing. A missing
                                value has zero in `values`. */
    const dictionary *dictionary; /* STRING and PERSON: what the codes stand for */
} column;

/* When the last row of each person who has any happened, one person behind the other. */
typedef struct newest_rows {
    packed times; /* mostly of the shape of the table's */
    size_t person_count;
} newest_rows;

/* The rows of one event kind, or of one trait. */
typedef struct event_table {
    size_t row_count;
    const uint64_t
        *offsets;   /* person_count + 1; rows of person p: [offsets[p], offsets[p+1]).
                     Of items: one for each row that has them, and one more */
    packed time;    /* TIME_MIN for a trait that was set "since ever"; items: none */
    packed arrival; /* the place in the total order among rows of equal time,
                       across all tables of the store; items: none */
    const newest_rows *newest; /* NULL: nobody noted it */
    const column *columns;     /* in the schema's order */
    size_t column_count;
} event_table;

typedef struct store {
    const schema *schema;
    size_t person_count;
    const dictionary *persons; /* code = person number */
    const uint32_t
        *persons_of; /* by code of `persons`, which may be more than people: whose
                                   id it is, where people have several (joined.h); or NULL */
    const int64_t *known_since; /* by person: the time of the first row that names them;
                                      TIME_MIN: since ever */
    int64_t last_known;         /* the latest of these: everybody is known from then on */
    const event_table *kinds;   /* schema_total(schema); those that are neither of the
                                      data nor lists have no rows and no offsets */
    const event_table *traits;  /* schema->trait_count, one column each */
    uint64_t event_count;       /* rows of all kinds */
    int64_t first_time, last_time;   /* of all events; 0, 0 without any */
    struct store_texts *texts;       /* what was found out about texts; grows */
    struct store_accounts *accounts; /* the last histories of accounts; or NULL */
    struct store_newest *newest;     /* when people's newest rows happened; or NULL */
    const struct row_origins
        *origins; /* where its rows stand in the sources; NULL: nobody
                                            noted it */
    void *owner;  /* what holds the memory */
    void (*release)(void *owner);
    void (*rest)(void *owner); /* let go what is mapped; NULL: that is not much */
} store;

/* The value at a row as it stands (see `values`); of BOOL 0 or 1. */
static inline int64_t column_get(const column *c, size_t row)
{
    return packed_get(&c->values, row);
}

static inline bool column_has(const column *c, size_t row)
{
    return !c->present || bitmap_get(c->present, row);
}

static inline uint32_t column_code(const column *c, size_t row)
{
    return (uint32_t)packed_get(&c->values, row);
}

static inline double column_number(const column *c, size_t row)
{
    int64_t pattern = packed_get(&c->values, row);
    double number;
    memcpy(&number, &pattern, sizeof number);
    return number;
}

static inline int64_t event_table_time(const event_table *t, size_t row)
{
    return packed_get(&t->time, row);
}

/* The first and the last time of a table's rows; false: it has none. */
bool event_table_span(const event_table *t, int64_t *first, int64_t *last);

/* How many events happened up to and at an instant. */
uint64_t store_events_until(const store *s, int64_t until);

/* Whose id stands at this code of `persons`. */
static inline uint32_t store_person_at(const store *s, uint32_t code)
{
    return s->persons_of ? s->persons_of[code] : code;
}

/* Does a row name the person? Those of whom there are no rows any more are in the store, too. */
static inline bool store_names_person(const store *s, size_t person)
{
    return s->known_since[person] != INT64_MAX;
}

/* The number of the person with this id, be it one of several; or DICTIONARY_NONE. */
uint32_t store_find_person(const store *s, slice id);

/* Accepts NULL. */
void store_free(store *s);

#endif
