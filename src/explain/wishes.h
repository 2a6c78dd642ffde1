/* SPDX-License-Identifier: MIT
 *
 * wishes -- which values would make the comparisons below a condition hold: a reading of the graph.
 *
 *     column store = "shop" of purchase        a purchase wants store = "shop"
 *     store not in ("shop", "web")             a purchase wants another store
 *     url matches "^/cart/[0-9]+"              a view wants url = "/cart/0"
 *     distinct(order_id)                       a purchase wants another order_id
 *     price > 100 of the items of purchase     a purchase wants an item with a price of 100.01
 *
 * They are guesses for advice.h, which tries them.
 */
#ifndef EXPLAIN_WISHES_H
#define EXPLAIN_WISHES_H

#include "explain/advice.h"
#include "graph/looks_at.h"

typedef struct wish {
    const domain *table; /* EVENTS or TRAIT: of whose rows */
    bool has_list;       /* of an item of theirs */
    size_t list;
    imagined_value value;
    bool is_another;
    bool is_denial;    /* a comparison should not hold, such as of `not in (1, 2)` */
    bool is_of_person; /* of the row that is the last one, not of any row that counts */
} wish;

typedef struct wishes {
    wish *items;
    size_t count;
    bool has_sequence; /* the order of events matters */
    int64_t unit_days; /* of the longest unit of the calendar by which events are counted,
                          as in days_with(...); 0: by none */
} wishes;

/* Below the node; `l` is what it looks at. The caller frees the items. */
wishes wishes_find(const graph *g, const node *n, const looks_at *l, arena *memory);

#endif
