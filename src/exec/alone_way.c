/* SPDX-License-Identifier: MIT */
#include "exec/alone_way.h"

#include "exec/edges.h"

static bool has_windows(const node *n)
{
    return n->operand_count > 0 && node_is_window(n->operands[0]->kind);
}

/* A fold of no rows is the same for everybody when nothing but its rows differs. */
static bool can_keep_empty(const node *n)
{
    if (n->domain != PEOPLE || node_is_window(n->kind) || !has_windows(n))
        return false;
    for (size_t i = 0; i < n->operand_count; i++) {
        const node *o = n->operands[i];
        if (o->domain == PEOPLE && !node_is_window(o->kind))
            return false;
    }
    return true;
}

static evaluation_way way_of_condition(node_kind kind)
{
    if (kind == NODE_AND || kind == NODE_OR)
        return WAY_DECISION;
    if (kind == NODE_EQUAL || kind == NODE_LESS || kind == NODE_LESS_OR_EQUAL)
        return WAY_COMPARISON;
    return kind == NODE_NOT ? WAY_NOT : WAY_KERNEL;
}

/* When the row happened, or what stands in a stored table. */
static bool is_plain_value(const graph *g, const node *fold, const node *value)
{
    const domain *d = graph_domain(g, value->domain);
    if (value->domain != fold->operands[0]->rows)
        return false;
    if (value->kind == NODE_ROW_TIME)
        return true;
    return value->kind == NODE_COLUMN && d->kind >= DOMAIN_EVENTS &&
           d->kind <= DOMAIN_TRAIT && origin_equals(fold->origin, value->origin);
}

static bool is_plain_fold(const graph *g, const node *n)
{
    if (n->kind == NODE_COUNT || n->kind == NODE_ANY)
        return n->operand_count == 1;
    return (n->kind == NODE_FIRST || n->kind == NODE_LAST) && n->operand_count == 2 &&
           is_plain_value(g, n, n->operands[1]);
}

evaluation_way way_of(const block *b, const node *n)
{
    const plan *p = b->bound->plan;
    if (n->domain == RUN)
        return WAY_RUN;
    if (plan_is_given(p, n, 0))
        return WAY_GIVEN;
    if (can_keep_empty(n))
        return is_plain_fold(p->graph, n) ? WAY_PLAIN_FOLD : WAY_FOLD;
    if (node_is_window(n->kind))
        return b->demand->edges->windows[n->id].is_shared ? WAY_SHARED_WINDOW
                                                          : WAY_WINDOW;
    return n->domain == PEOPLE ? way_of_condition(n->kind) : WAY_KERNEL;
}
