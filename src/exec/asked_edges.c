/* SPDX-License-Identifier: MIT */
#include "exec/asked_edges.h"

#include "base/memory.h"
#include "exec/chains.h"
#include "exec/edges.h"
#include "exec/fold_questions.h"
#include "exec/reach.h"
#include "exec/unit_families.h"

/* ---- windows --------------------------------------------------------------- */

static void ask_windows(bool *is_asked, const node *const *nodes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        is_asked[nodes[i]->id] |= node_is_window(nodes[i]->kind);
}

static void ask_operands(bool *is_asked, const node *n)
{
    ask_windows(is_asked, n->operands, n->operand_count);
}

/* Is all that the node asks of its windows whether they hold a row? */
static bool asks_for_any(const node *n)
{
    if (n->kind != NODE_ANY && n->kind != NODE_UNITED)
        return false;
    return fold_kind_of(n) == NODE_ANY && !fold_details_of(n)->has_mask;
}

static void ask_node(const demand *d, const node *n, bool *is_asked)
{
    const unit_family *family = unit_family_of(d->units, n);
    if (asks_for_any(n) ||
        (node_is_window(n->kind) && d->edges->windows[n->id].is_shared))
        return;
    if (!family) {
        ask_operands(is_asked, n);
        return;
    }
    ask_operands(is_asked, family->earliest);
    ask_operands(is_asked, family->latest);
}

static void ask_domain(const demand *d, const domain *of, bool *is_asked)
{
    const chain_family *family = chain_family_of(d->chains, of);
    if (!family) {
        ask_windows(is_asked, of->inputs, of->input_count);
        return;
    }
    ask_windows(is_asked, family->earliest->inputs, family->earliest->input_count);
    ask_windows(is_asked, family->latest->inputs, family->latest->input_count);
}

/* Whoever asks for no more than whether there is a row asks for edges where these alone tell. */
static bool *find_asked(const demand *d, const graph *g)
{
    bool *is_asked = memory_alloc_zero_array(g->node_count + 1, sizeof *is_asked);
    for (size_t i = 0; i < g->node_count; i++) {
        ask_node(d, g->nodes[i], is_asked);
        is_asked[i] |= !d->edges->windows[i].is_told_by_newest;
    }
    for (size_t i = 0; i < g->domain_count; i++)
        ask_domain(d, g->domains[i], is_asked);
    return is_asked;
}

/* ---- rows that are reached --------------------------------------------------- */

static bool is_stored(const graph *g, uint32_t id)
{
    domain_kind kind = graph_domain(g, id)->kind;
    return kind == DOMAIN_EVENTS || kind == DOMAIN_TRAIT;
}

static size_t list_reached(const demand *d, const graph *g, asked_instant *out)
{
    size_t count = 0;
    for (size_t i = 0; i < g->node_count; i++)
        if (is_stored(g, g->nodes[i]->domain) && reach_is_instant(d->reach->values[i]))
            out[count++] = (asked_instant){g->nodes[i]->domain, d->reach->values[i]};
    for (size_t i = 0; i < g->domain_count; i++)
        if (is_stored(g, (uint32_t)i) && reach_is_instant(d->reach->times[i]))
            out[count++] = (asked_instant){(uint32_t)i, d->reach->times[i]};
    return count;
}

void asked_edges_choose(demand *d, const graph *g)
{
    bool *is_asked = find_asked(d, g);
    asked_instant *reached =
        memory_alloc_array(g->node_count + g->domain_count + 1, sizeof *reached);
    size_t count = list_reached(d, g, reached);
    edge_plan_ask(d->edges, g, is_asked, d->since, reached, count);
    memory_free(reached);
    memory_free(is_asked);
}
