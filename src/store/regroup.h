/* SPDX-License-Identifier: MIT
 *
 * regroup -- the rows of several people put together, in the order of time and arrival: of those of
 * one account (exec/accounts.h), or of the ids of one person (store/joined.h).
 *
 *     regroup g = {members, first, count, memory};
 *     event_table t = regroup_table(&g, &from, &moved);
 *     event_table items = regroup_items(&g, &from_items, &t, moved);
 *     memory_free(moved);
 */
#ifndef STORE_REGROUP_H
#define STORE_REGROUP_H

#include "base/arena.h"
#include "store/store.h"

typedef struct regroup {
    const uint32_t *members; /* people, by group */
    const uint64_t *first;   /* by group: its first in `members`; one more at the end */
    size_t count;            /* of groups */
    arena *memory;           /* of what is made */
} regroup;

/* A table whose rows are of groups. `*moved` has the old rows in their new order; the caller frees
 * it. Columns keep their dictionaries. */
event_table regroup_table(const regroup *g, const event_table *from, uint64_t **moved);

/* The items of the rows that a table kept, in the new order of these. */
event_table regroup_items(const regroup *g, const event_table *from,
                          const event_table *holder, const uint64_t *holder_order);

#endif
