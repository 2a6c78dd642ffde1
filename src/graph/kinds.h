/* SPDX-License-Identifier: MIT
 *
 * kinds -- what is known of a node by its kind alone: the rows of nodes.def.
 *
 * A reading of the graph asks for the shape of a kind, for its payload family or for what
 * a missing operand does, and switches over these without a `default:`; so a kind that is
 * added is known to all of them by its row. What only one kind is asked for, it compares.
 */
#ifndef GRAPH_KINDS_H
#define GRAPH_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#include "graph/payload.h"

typedef enum node_kind {
#define X(NAME, name, least, most, SHAPE, PAYLOAD, MISSING, motion, simplify, doc)       \
    NODE_##NAME,
#include "graph/nodes.def"
#undef X
} node_kind;

enum {
    NODE_KIND_COUNT = 0
#define X(NAME, name, least, most, SHAPE, PAYLOAD, MISSING, motion, simplify, doc) +1
#include "graph/nodes.def"
#undef X
};

typedef enum node_shape {
#define X(NAME, word, doc) SHAPE_##NAME,
#include "graph/shapes.def"
#undef X
} node_shape;

typedef enum missing_rule {
#define X(NAME, doc) MISSING_##NAME,
#include "graph/missing.def"
#undef X
} missing_rule;

const char *node_kind_name(node_kind kind);
node_shape node_kind_shape(node_kind kind);
payload_family node_payload(node_kind kind);
missing_rule node_missing_rule(node_kind kind);

/* Is that a number of operands that nodes of this kind may have? */
bool node_kind_takes(node_kind kind, size_t operand_count);

bool node_is_fold(node_kind kind);
bool node_is_window(node_kind kind);
bool node_is_ranking(node_kind kind);

#endif
