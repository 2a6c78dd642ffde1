/* SPDX-License-Identifier: MIT
 *
 * A list of places a node.
 */
#include "graph/origins.h"

#include "graph/graph.h"

/* What stands in one expression asks for a node many times over, so it is mostly one of the
 * latest places; a place that stands farther back is noted twice. */
enum { FEW = 8 };

static bool is_same_place(const origin *a, const origin *b)
{
    return a->where.file == b->where.file && a->where.begin == b->where.begin &&
           a->where.end == b->where.end && a->name == b->name;
}

static bool is_noted(const node *n, const origin *place)
{
    const origin *known = n->origins;
    for (size_t i = 0; known && i < FEW; i++, known = known->next)
        if (is_same_place(known, place))
            return true;
    return false;
}

static void note(graph *g, node *n, const origin *place)
{
    if (!place->where.file || is_noted(n, place))
        return;
    origin *kept = arena_alloc(g->memory, sizeof *kept);
    *kept = *place;
    kept->next = n->origins;
    n->origins = kept;
}

origin graph_stand_at(graph *g, origin place)
{
    origin before = g->standing;
    g->standing = place;
    return before;
}

/* Of now and of constants, which stand everywhere, nobody asks where. */
void graph_note_origin(graph *g, node *n)
{
    if (n->kind != NODE_NOW && n->kind != NODE_CONSTANT)
        note(g, n, &g->standing);
}

void graph_note_name(graph *g, const node *n, span where, const char *name)
{
    note(g, g->nodes[n->id], &(origin){.where = where, .name = name});
}
