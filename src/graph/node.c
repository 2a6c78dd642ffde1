/* SPDX-License-Identifier: MIT
 *
 * What a node tells by itself.
 */
#include "graph/graph.h"

#include "base/number.h"

bool node_is_constant(const node *n)
{
    return n->kind == NODE_CONSTANT;
}

int64_t node_power_to_scale(const node *n, size_t operand)
{
    type from = n->operands[operand]->type;
    return n->type.kind == TYPE_DECIMAL && from.kind == TYPE_DECIMAL
               ? number_power_of_ten(n->type.scale - from.scale)
               : 1;
}

bool node_joins_scales(const node *n)
{
    return n->kind != NODE_MULTIPLY &&
           (node_power_to_scale(n, 0) != 1 || node_power_to_scale(n, 1) != 1);
}

bool node_is_known(const node *n)
{
    return node_is_constant(n) && !n->constant.is_missing;
}

bool node_is_true(const node *n)
{
    return n->kind == NODE_CONSTANT && n->type.kind == TYPE_BOOL &&
           !n->constant.is_missing && n->constant.integer;
}

bool node_is_false(const node *n)
{
    return n->kind == NODE_CONSTANT && n->type.kind == TYPE_BOOL &&
           !n->constant.is_missing && !n->constant.integer;
}
