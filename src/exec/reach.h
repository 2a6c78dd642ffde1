/* SPDX-License-Identifier: MIT
 *
 * reach -- which rows of stored tables anybody looks at, value by value.
 *
 * A table is read as far back as the rule that goes back the furthest asks (demand.h). Most of
 * the values of its rows are asked for by rules about the last days alone; and the times
 * of rows in front of all windows by nobody, since offsets tell where a history begins:
 *
 *     rows of a block      p0: r0 r1 r2 | p1: r3 | p2: r4 r5 r6 ...
 *     text of the search, since 90 days ago      ^^         ^^^^^
 *     price, since 30 days ago                   ^^            ^^
 *
 * Rows keep their places; those that are reached are widened and tested, in runs of whole words
 * of 64, and all others are left as they are: their values say nothing, and nobody reads them.
 *
 * Only what is known to look at no other rows hands its bounds down; of everything else
 * the operands are there for all rows.
 */
#ifndef EXEC_REACH_H
#define EXEC_REACH_H

#include "exec/block.h"
#include "exec/chains.h"
#include "exec/edges.h"

typedef struct reach_plan {
    int64_t
        *values;    /* by node id, of rows of a stored table: nobody looks at those before
                        this instant */
    int64_t *times; /* by domain id, of stored tables: the same of the rows' times, */
    int64_t *times_alone; /* and of those of a person alone */
} reach_plan;

/* `since` by domain id, as in demand.h; `chains` tells the sequences whose rows' times are asked for
 * one by one. */
reach_plan *reach_plan_new(const plan *of, const edge_plan *edges, const int64_t *since,
                           const chain_plan *chains);
void reach_plan_free(reach_plan *p); /* accepts NULL */

/* Is it an instant from which on rows are looked at, and not all or none? */
bool reach_is_instant(int64_t since);

/* Rows that follow one another. `first` is a multiple of 64, and so is `count` but where the
 * rows of the block end. */
typedef struct row_run {
    uint32_t first, count;
} row_run;

typedef struct row_runs {
    row_run all;
    const row_run *runs; /* NULL: the one run of all */
    size_t count;
} row_runs;

#define EACH_RUN(from, run)                                                              \
    for (const row_run *run = (from).runs ? (from).runs : &(from).all,                   \
                       *end_of_##run = run + (from).count;                               \
         run < end_of_##run; run++)

/* All of so many. */
row_runs reach_all(size_t count);

/* The rows at which somebody looks at the node's value, or everything that it has a value for. */
row_runs reach_of_node(block *b, const node *n);

/* Who takes some values of a column at a time takes them from the store (stored_some) when this
 * holds: its vector has those alone that others ask for. */
bool reach_is_stored(const block *b, const node *column);

/* Does a fold of people take the values of stored columns from there (fold.h)? */
static inline bool reach_takes_stored(node_kind fold, type value)
{
    switch (fold) {
    case NODE_FIRST:
    case NODE_LAST: return true;
    case NODE_SUM: return value.kind != TYPE_NUMBER;
    case NODE_DISTINCT: return value.kind != TYPE_NUMBER && value.kind != TYPE_VERSION;
    default: return false;
    }
}

/* The rows of a stored domain whose times somebody looks at. */
row_runs reach_of_times(block *b, uint32_t domain_id);

/* Give back what was found about the rows. */
void reach_release(block *b, block_rows *rows);

#endif
