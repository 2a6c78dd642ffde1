/* SPDX-License-Identifier: MIT
 *
 * derived -- memory for the rows of a domain that is made of others, as they are found.
 *
 *     derived rows = derived_take(b, d, groups, most);
 *     ... rows.offsets, rows.source, rows.time of each ...
 *     derived_hand_over(&rows, count, out);      // given back with the domain
 */
#ifndef EXEC_DERIVED_H
#define EXEC_DERIVED_H

#include "exec/block.h"

typedef struct derived {
    uint32_t *offsets, *source;
    uint32_t *member;  /* of unions */
    uint64_t *members; /* the same, so many */
    size_t member_words;
    uint32_t *last; /* of sessions */
    int64_t *time;
} derived;

/* Room for so many rows. */
derived derived_take(block *b, const domain *d, size_t group_count, size_t row_count);
void derived_hand_over(const derived *from, size_t count, block_rows *out);

/* By group: the first row of a member that a derived table holds. */
const uint32_t *derived_begin(block *b, const domain *d, size_t member);

/* unions.c */
void union_prepare(block *b, const domain *d, block_rows *out);

#endif
