/* SPDX-License-Identifier: MIT
 *
 * loose_ends -- sequences of one step behind which something does not come, of which is only asked
 * whether there is a match.
 *
 *     did (add_to_cart then no purchase within 1 day)
 *
 * No candidates have to be kept for these: each row of the step decides for itself, by the first row
 * of the forbidden ones behind it. Without `within` the last row of the step decides for all, since
 * what comes behind it comes behind the others as well. Who has no forbidden row at all is told by
 * bits.
 *
 *     add_to_cart     c     c         c
 *     purchase           p                    the second c is kept to, and the third
 */
#ifndef EXEC_LOOSE_ENDS_H
#define EXEC_LOOSE_ENDS_H

#include "exec/block.h"

/* Does a domain hold the matches of one of these? `all_matches` by domain id, as in demand.h. */
bool loose_end_is(const graph *g, const domain *d, const bool *all_matches);

/* Make its rows. Of a person alone the matcher does, since somebody may ask which row it was. */
void loose_end_prepare(block *b, const domain *d, block_rows *out);

#endif
