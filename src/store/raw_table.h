/* SPDX-License-Identifier: MIT
 *
 * raw_table -- rows of one event kind or trait in the order of their arrival, until
 * they are sorted into an event_table; or the items of a list, in the order of the rows
 * that they belong to.
 *
 *     raw_table_init(&t, kind->properties, kind->property_count);
 *     size_t first = raw_table_extend(&t, count);      // then fill rows first ...
 *     t.times[first] = ...;
 *     raw_column_set_missing(&t, &t.columns[2], first);
 *     raw_table_finish(&t, person_count, &table, &order);      // t is empty then
 *     raw_table_finish_items(&items, &table, order, &item_table);
 */
#ifndef STORE_RAW_TABLE_H
#define STORE_RAW_TABLE_H

#include "base/dictionary.h"
#include "store/store.h"

typedef struct raw_column {
    type type;
    void *values;           /* as in a column of the store; new rows are zero */
    uint64_t *missing;      /* bit 1: missing; NULL: nothing is */
    dictionary *dictionary; /* STRING and PERSON */
} raw_column;

typedef struct raw_table {
    size_t row_count, capacity;
    uint32_t *groups; /* the person of each row; of an item, the row that it belongs to */
    int64_t *times;
    uint32_t *arrivals; /* rising, but where rows were amended */
    bool is_list;       /* no times and no arrivals */
    bool is_amended;
    size_t
        early; /* the rows from here on mostly come before the others of their person */
    raw_column *columns;
    size_t column_count;
} raw_table;

void raw_table_init(raw_table *t, const property *properties, size_t count);
void raw_table_init_items(raw_table *t, const property *properties, size_t count);
void raw_table_done(raw_table *t);

/* Add `count` rows and return the first of them. Its person, time and arrival are to be
 * set; its values are zero and not missing. */
size_t raw_table_extend(raw_table *t, size_t count);

/* Take the last rows back, of which nothing was set to be missing. */
void raw_table_shorten(raw_table *t, size_t row_count);

/* A row with the same values happened earlier: it stands for the one that was added. */
void raw_table_amend(raw_table *t, size_t row, int64_t time, uint32_t arrival);

/* About how much memory its rows take, with the dictionaries of their texts. */
size_t raw_table_bytes(const raw_table *t);

/* The value of a row stays zero and counts as missing. */
void raw_column_set_missing(raw_table *t, raw_column *c, size_t row);

/* Sort by (person, time, arrival) into *out, whose memory event_table_done releases.
 * Row i of *out was row (*order)[i], which is NULL when all stand as they did; the
 * caller frees it. */
void raw_table_finish(raw_table *t, size_t person_count, event_table *out,
                      uint32_t **order);

/* The same for the items of the rows of `parent`, which `order` had moved. */
void raw_table_finish_items(raw_table *t, const event_table *parent,
                            const uint32_t *order, event_table *out);
void event_table_done(event_table *t);

#endif
