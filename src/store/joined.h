/* SPDX-License-Identifier: MIT
 *
 * joined -- a store in which the ids of one person are one person.
 *
 * Loading keeps ids as they are: the store has a person for each, and a table of links
 * (KIND_LINKS), a row for each time that a source named two of them. Who is one person is worked
 * out of these links when the store is judged, for the instant at which it is:
 *
 *     store_links *links = store_links_of(s, memory);
 *     identity_question q = {.ids = links->ids, ...};
 *     identity_answer a = identity_resolve(&q, memory);
 *     if (store_links_join_any(links, &a))
 *         store *joined = store_join(s, links, &a, JOINED_BY_PLACE);       // does not outlive `s`
 *
 * People stand in the order of the least of the numbers of their ids. They either have that number, so that people
 * of several instants can be compared, and the other numbers are of nobody, as those of people who are
 * forgotten; or their place in that order, so that there is nothing of nobody to go through. The joined store has no
 * links. Ids that are no person of the store, such as an address that only links name, are numbered
 * behind them.
 */
#ifndef STORE_JOINED_H
#define STORE_JOINED_H

#include "store/identity.h"
#include "store/store.h"

typedef struct store_links {
    size_t person_count;
    slice *ids;     /* first those of the people, by number */
    int64_t *since; /* when a row first names them */
    size_t id_count;
    identity_link *links; /* in the order of the table's rows */
    uint32_t *arrivals;   /* by link: the place of its row (row_origins.h) */
    size_t link_count;
    const dictionary *texts; /* of the ids that links name; NULL: there are no links */
    uint32_t *numbers; /* by code of `texts`: the id's; DICTIONARY_NONE: no link has it */
} store_links;

/* All links of a store; in `memory`. */
store_links *store_links_of(const store *s, arena *memory);

/* The number of an id, or DICTIONARY_NONE. */
uint32_t store_links_find(const store_links *l, const store *s, slice id);

/* Is anybody called otherwise than by their number in the store? */
bool store_links_join_any(const store_links *l, const identity_answer *a);

/* Which number a person has. */
typedef enum joined_numbers { JOINED_BY_PLACE, JOINED_BY_LEAST } joined_numbers;

store *store_join(const store *s, const store_links *l, const identity_answer *a,
                  joined_numbers numbers);

/* Of a joined store: the number of the id that stands at each place of `persons`. */
const uint32_t *store_joined_ids(const store *joined);

#endif
