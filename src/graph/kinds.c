/* SPDX-License-Identifier: MIT
 *
 * The table of node kinds.
 */
#include "graph/kinds.h"

static const struct {
    const char *name;
    int least, most;
    node_shape shape;
    payload_family payload;
    missing_rule missing;
} kinds[] = {
#define X(NAME, name, least, most, SHAPE, PAYLOAD, MISSING, motion, simplify, doc)       \
    {#name, least, most, SHAPE_##SHAPE, PAYLOAD_##PAYLOAD, MISSING_##MISSING},
#include "graph/nodes.def"
#undef X
};

const char *node_kind_name(node_kind kind)
{
    return kinds[kind].name;
}

node_shape node_kind_shape(node_kind kind)
{
    return kinds[kind].shape;
}

payload_family node_payload(node_kind kind)
{
    return kinds[kind].payload;
}

missing_rule node_missing_rule(node_kind kind)
{
    return kinds[kind].missing;
}

bool node_kind_takes(node_kind kind, size_t operand_count)
{
    return (int)operand_count >= kinds[kind].least &&
           (kinds[kind].most < 0 || (int)operand_count <= kinds[kind].most);
}

bool node_is_fold(node_kind kind)
{
    return kinds[kind].shape == SHAPE_FOLD;
}

bool node_is_window(node_kind kind)
{
    return kinds[kind].shape == SHAPE_WINDOW;
}

bool node_is_ranking(node_kind kind)
{
    return kinds[kind].shape == SHAPE_RANKING;
}
