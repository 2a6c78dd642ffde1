/* SPDX-License-Identifier: MIT
 *
 * matches -- the matches of a sequence on their way into the rows of its domain.
 *
 * They are put group by group, those of a group in the order of time:
 *
 *     match_rows rows = matches_take(b, d, groups, most, has_members);
 *     matches_put(&rows, group, &match);
 *     matches_hand_over(&rows, groups, out);
 *
 * The arrays belong to the block's scratch, and to `out` in the end. Of matches of which nobody asks
 * but whether there is one each group has a bit; those of a person alone are always told, whom somebody
 * may want explained.
 */
#ifndef EXEC_MATCHES_H
#define EXEC_MATCHES_H

#include "exec/block.h"

/* The row that ends a match: of which member, and where it stands. */
typedef struct match_end {
    uint32_t member, row, arrival;
    int64_t time;
} match_end;

typedef struct match_rows {
    uint32_t *offsets, *source, *arrival;
    uint32_t *member; /* NULL when there is but one */
    int64_t *time;
    uint64_t *
        matched; /* a bit a group: nobody asks for more, and only these are filled; or NULL */
    uint32_t count;
    size_t next_group; /* the first whose offset is not known */
} match_rows;

/* At most so many, of the domain of a sequence. */
match_rows matches_take(block *b, const domain *d, size_t group_count, size_t most,
                        bool has_members);
void matches_put(match_rows *rows, size_t group, const match_end *end);
void matches_hand_over(match_rows *rows, size_t group_count, block_rows *out);

#endif
