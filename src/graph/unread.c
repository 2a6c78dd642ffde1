/* SPDX-License-Identifier: MIT
 *
 * From the rules downwards: nodes, the domains that they stand in or look at, and what these
 * are made of.
 */
#include "graph/unread.h"

#include "base/memory.h"

void graph_mark_domain(const graph *g, uint32_t id, bool *is_seen, bool *is_needed)
{
    if (is_seen[id])
        return;
    is_seen[id] = true;
    const domain *d = g->domains[id];
    for (size_t i = 0; i < d->input_count; i++)
        is_needed[d->inputs[i]->id] = true;
    for (size_t i = 0; i < d->member_count; i++)
        graph_mark_domain(g, d->members[i], is_seen, is_needed);
}

/* What a node is made of has smaller numbers, so one way down meets all of it. */
static void mark_needed(const graph *g, bool *is_needed, bool *is_read)
{
    for (size_t i = 0; i < g->rule_count; i++)
        is_needed[g->rules[i].node->id] = true;
    for (size_t i = g->node_count; i-- > 0;) {
        const node *n = g->nodes[i];
        if (!is_needed[i])
            continue;
        graph_mark_domain(g, n->domain, is_read, is_needed);
        graph_mark_domain(g, n->rows, is_read, is_needed);
        for (size_t o = 0; o < n->operand_count; o++)
            is_needed[n->operands[o]->id] = true;
    }
}

static void keep_nodes(graph *g, const bool *is_needed)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->node_count; i++)
        if (is_needed[i])
            g->nodes[kept++] = g->nodes[i];
    g->node_count = kept;
    for (size_t i = 0; i < kept; i++)
        g->nodes[i]->id = (uint32_t)i;
}

/* Members have smaller numbers, so they are known when a domain is met. */
static void renumber_members(graph *g, domain *d, const uint32_t *new_ids)
{
    uint32_t *members =
        arena_alloc_array(g->memory, d->member_count + 1, sizeof *members);
    for (size_t i = 0; i < d->member_count; i++)
        members[i] = new_ids[d->members[i]];
    d->members = members;
}

static void keep_domains(graph *g, const bool *is_read)
{
    uint32_t *new_ids = memory_alloc_zero_array(g->domain_count + 1, sizeof *new_ids);
    uint32_t kept = 0;
    for (size_t i = 0; i < g->domain_count; i++) {
        domain *d = g->domains[i];
        if (!is_read[i])
            continue;
        new_ids[i] = kept;
        d->id = kept;
        renumber_members(g, d, new_ids);
        g->domains[kept++] = d;
    }
    g->domain_count = kept;
    for (size_t i = 0; i < g->node_count; i++) {
        g->nodes[i]->domain = new_ids[g->nodes[i]->domain];
        g->nodes[i]->rows = new_ids[g->nodes[i]->rows];
    }
    memory_free(new_ids);
}

void drop_unread(graph *g)
{
    bool *is_needed = memory_alloc_zero_array(g->node_count + 1, sizeof *is_needed);
    bool *is_read = memory_alloc_zero_array(g->domain_count + 1, sizeof *is_read);
    is_read[RUN] = is_read[PEOPLE] = true;
    mark_needed(g, is_needed, is_read);
    keep_nodes(g, is_needed);
    keep_domains(g, is_read);
    memory_free(is_read);
    memory_free(is_needed);
}
