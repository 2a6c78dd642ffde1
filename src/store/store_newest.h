/* SPDX-License-Identifier: MIT
 *
 * store_newest -- when each person's newest row of a table happened, found once for a table
 * and kept with the store.
 *
 * Most people have done nothing lately, and that is all that a recent window asks of them:
 * these times stand one behind the other, while the rows themselves lie far apart.
 *
 *     number p     the time of the last row of person p; where there is none, any time
 *
 * They are 32 bits wide, in the terms of the table's own times, where those are no wider; else 64 bits,
 * as they are. Where all rows of a table happened at one instant, there is nothing to know.
 *
 * A store whose maker keeps none (NULL) is judged by its rows alone. Any thread may ask.
 */
#ifndef STORE_STORE_NEWEST_H
#define STORE_STORE_NEWEST_H

#include "store/store.h"

typedef struct store_newest store_newest;

/* For the tables of a schema: its kinds of events, and traits. */
store_newest *store_newest_new(const schema *s);
void store_newest_free(store_newest *n); /* accepts NULL */

/* By person, for a table of the store whose rows have times; the numbers live as long as the store. Without
 * data when the store keeps none, or there is nothing to know. */
packed store_newest_times(const store *s, const event_table *table);

/* Find the times of several tables, each of which stands there once, on all processors: asking for one of
 * them is no work then. */
void store_newest_find(const store *s, const event_table *const *tables, size_t count);

#endif
