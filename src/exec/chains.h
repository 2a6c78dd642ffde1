/* SPDX-License-Identifier: MIT
 *
 * chains -- sequences of which is only asked whether there is a match, and whose steps merely
 * follow one another.
 *
 *     did (search then view_item then purchase) all within 1 hour since 90 days ago
 *
 * Of the rows that a step may continue the latest will do. So from a row that can end a match
 * one goes back to the latest row of each step before, and where one arrives is the latest
 * start of any match that ends there:
 *
 *     search        s     s         s
 *     view_item        v     v          v v
 *     purchase                    p               s v p: the second s, the second v
 *
 * The latest start decides whatever the bounds are. So sequences of the same rows that differ
 * in their windows and in `all within` only are a *family* (families.h), and one walk finds the
 * matches of all. Rows in between are not looked at but for a search that goes on where the last one
 * ended.
 *
 * A plan of families belongs to the demand of a run. All other sequences are for the matcher
 * (matcher.h).
 */
#ifndef EXEC_CHAINS_H
#define EXEC_CHAINS_H

#include "exec/block.h"
#include "exec/edges.h"

/* One sequence: its rows lie in [from, until). */
typedef struct chain {
    const domain *domain;
    int64_t from, until;
    int64_t longest; /* from the first row of a match to its last one */
} chain;

typedef struct chain_family {
    const sequence *sequence; /* of one of them */
    chain *chains;
    size_t count;
    const domain *earliest, *latest; /* whose window begins first, and ends last */
} chain_family;

typedef struct chain_plan {
    chain *chains; /* those of a family one behind the other */
    chain_family *families;
    size_t family_count;
    uint32_t *by_domain;  /* 1 + the number of its family, or 0 */
    bool *has_loose_ends; /* by domain id: it is a sequence of loose_ends.h */
} chain_plan;

/* `edges` and `all_matches`, by domain id, as in demand.h. */
chain_plan *chain_plan_new(const graph *g, const edge_plan *edges,
                           const bool *all_matches);
void chain_plan_free(chain_plan *p); /* accepts NULL */

/* Are the rows of a domain those of events or traits, so that none stands at the place of another? */
bool chain_has_plain_rows(const graph *g, uint32_t domain_id);

/* The family of a sequence's domain, or NULL. */
static inline const chain_family *chain_family_of(const chain_plan *p, const domain *d)
{
    return p->by_domain[d->id] ? &p->families[p->by_domain[d->id] - 1] : NULL;
}

/* Make the rows of a sequence, and those of its family with it. */
void chains_prepare(block *b, const chain_family *family, const domain *d,
                    block_rows *out);

#endif
