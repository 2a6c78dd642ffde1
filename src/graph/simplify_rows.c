/* SPDX-License-Identifier: MIT
 *
 * Windows and folds.
 */
#include "graph/make.h"
#include "graph/members.h"
#include "graph/simplifier.h"

const node *simplify_both_windows(graph *g, node *wanted)
{
    (void)g;
    node_order_operands(wanted);
    return wanted->operands[0] == wanted->operands[1] ? wanted->operands[0] : NULL;
}

/* What a fold makes of no rows: nothing is counted, and the sum is 0. */
static const node *fold_of_nothing(graph *g, const node *wanted)
{
    missing_rule rule = node_missing_rule(wanted->kind);
    return rule == MISSING_NEVER || rule == MISSING_SUMS ? make_zero(g, wanted->type)
                                                         : make_missing(g, wanted->type);
}

/* A mask that is never true leaves nothing to look at. */
const node *simplify_fold(graph *g, node *wanted)
{
    bool has_nothing = wanted->fold.has_mask && node_is_false(wanted->operands[1]);
    return has_nothing ? fold_of_nothing(g, wanted) : fold_by_members(g, wanted);
}
