/* SPDX-License-Identifier: MIT
 *
 * One way down from the node: what it is made of has smaller numbers.
 */
#include "graph/looks_at.h"

#include "base/memory.h"

bool *nodes_below(const graph *g, const node *n, bool *is_seen)
{
    bool *is_below = memory_alloc_zero_array(g->node_count + 1, sizeof *is_below);
    is_below[n->id] = true;
    for (size_t i = n->id + (size_t)1; i-- > 0;) {
        if (!is_below[i])
            continue;
        graph_mark_domain(g, g->nodes[i]->domain, is_seen, is_below);
        graph_mark_domain(g, g->nodes[i]->rows, is_seen, is_below);
        for (size_t k = 0; k < g->nodes[i]->operand_count; k++)
            is_below[g->nodes[i]->operands[k]->id] = true;
    }
    return is_below;
}

static void count(const graph *g, const bool *is_below, looks_at *out)
{
    for (size_t i = 0; i < g->node_count; i++) {
        out->column_count += is_below[i] && g->nodes[i]->kind == NODE_COLUMN;
        out->window_count += is_below[i] && node_is_window(g->nodes[i]->kind);
    }
}

static void gather(const graph *g, const bool *is_below, looks_at *out)
{
    out->columns = memory_alloc_array(out->column_count + 1, sizeof *out->columns);
    out->windows = memory_alloc_array(out->window_count + 1, sizeof *out->windows);
    out->column_count = out->window_count = 0;
    for (size_t i = 0; i < g->node_count; i++) {
        if (is_below[i] && g->nodes[i]->kind == NODE_COLUMN)
            out->columns[out->column_count++] = g->nodes[i];
        if (is_below[i] && node_is_window(g->nodes[i]->kind))
            out->windows[out->window_count++] = g->nodes[i];
    }
}

static void gather_tables(const graph *g, const bool *is_seen, looks_at *out)
{
    out->tables = memory_alloc_array(g->domain_count + 1, sizeof *out->tables);
    for (size_t d = 0; d < g->domain_count; d++) {
        domain_kind kind = g->domains[d]->kind;
        if (is_seen[d] && (kind == DOMAIN_EVENTS || kind == DOMAIN_TRAIT))
            out->tables[out->table_count++] = g->domains[d];
    }
}

looks_at looks_at_find(const graph *g, const node *n)
{
    looks_at found = {0};
    bool *is_seen = memory_alloc_zero_array(g->domain_count + 1, sizeof *is_seen);
    bool *is_below = nodes_below(g, n, is_seen);
    count(g, is_below, &found);
    gather(g, is_below, &found);
    gather_tables(g, is_seen, &found);
    memory_free(is_seen);
    memory_free(is_below);
    return found;
}

void looks_at_done(looks_at *l)
{
    memory_free(l->tables);
    memory_free(l->columns);
    memory_free(l->windows);
}
