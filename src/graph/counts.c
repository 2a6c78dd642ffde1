/* SPDX-License-Identifier: MIT
 *
 * Sums are walked as trees, although they may share parts: the length of the list ends the
 * walk.
 */
#include "graph/counts.h"

static bool gather(const node *n, count_list *out)
{
    if (n->kind == NODE_ADD)
        return gather(n->operands[0], out) && gather(n->operands[1], out);
    if (n->kind != NODE_COUNT || out->count == COUNTS_MOST)
        return false;
    out->items[out->count++] = n;
    return true;
}

bool counts_gather(const node *n, count_list *out)
{
    out->count = 0;
    if (n->kind != NODE_ANY)
        return gather(n, out);
    out->items[out->count++] = n;
    return true;
}

bool node_is_count(const node *n)
{
    count_list list;
    return n->kind != NODE_ANY && counts_gather(n, &list);
}
