/* SPDX-License-Identifier: MIT
 *
 * Who else is looked at.
 */
#include "explain/others.h"

bool graph_needs_others(const graph *g)
{
    for (size_t i = 0; i < g->node_count; i++)
        if (node_is_ranking(g->nodes[i]->kind) || g->nodes[i]->kind == NODE_MEMBER_OF)
            return true;
    for (size_t i = 0; i < g->judgement_count; i++)
        if (graph_needs_others(g->judgements[i].rules))
            return true;
    return g->accounts && graph_needs_others(g->accounts);
}
