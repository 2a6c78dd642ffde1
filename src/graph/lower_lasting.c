/* SPDX-License-Identifier: MIT
 *
 * `C for at least D`: C holds at now, at D before now, and whenever a trait that it asks
 * for was set between them. Nothing else can change C, so it held all the time.
 */
#include "base/memory.h"
#include "graph/lowering.h"

/* C as of an instant that is not behind now. Its conditions were noted where C was built for
 * now. */
static const node *holds_at(lowering *b, const ast_expr *condition, const node *then,
                            context c)
{
    lowered_list *conditions = b->conditions;
    const node *horizon = lower_enter(b, then, c.now);
    b->conditions = NULL;
    const node *holds = lower_condition(b, condition, (context){.now = then});
    b->conditions = conditions;
    b->horizon = horizon;
    return holds;
}

/* Which tables of traits does a value look at? */
static void mark_traits(const graph *g, const node *n, bool *is_seen, bool *is_asked)
{
    if (is_seen[n->id])
        return;
    is_seen[n->id] = true;
    if (node_is_window(n->kind) && graph_domain(g, n->rows)->kind == DOMAIN_TRAIT)
        is_asked[n->rows] = true;
    for (size_t i = 0; i < n->operand_count; i++)
        mark_traits(g, n->operands[i], is_seen, is_asked);
}

/* Is there a row of the table, after `from` and up to now, at which C does not hold? */
static const node *was_broken(lowering *b, const ast_expr *expr, uint32_t table,
                              const node *from, context c)
{
    row_set rows = {.domain = table, .kind = SCHEMA_NONE};
    const node *history = lower_history(b, table, c.now);
    const node *after = make_window(b->graph, table, from, false, NULL, false);
    const node *holds = holds_at(b, expr->left, row_pseudo(b, &rows, PSEUDO_TIME), c);
    return make_fold(b->graph, NODE_ANY, (type){TYPE_BOOL, 0},
                     make_both_windows(b->graph, after, history),
                     make_spread(b->graph, make_not(b->graph, holds), table), NULL);
}

/* Did C, which holds now, hold throughout [from, now]? */
static const node *held_since(lowering *b, const ast_expr *expr, const node *holds_now,
                              const node *from, context c)
{
    graph *g = b->graph;
    const node *holds = make_and(g, holds_now, holds_at(b, expr->left, from, c));
    size_t domain_count = g->domain_count;
    bool *is_seen = memory_alloc_zero(g->node_count + 1);
    bool *is_asked = memory_alloc_zero(domain_count + 1);
    mark_traits(g, holds_now, is_seen, is_asked);
    for (uint32_t table = 0; table < domain_count; table++)
        if (is_asked[table])
            holds = make_and(g, holds, make_not(g, was_broken(b, expr, table, from, c)));
    memory_free(is_seen);
    memory_free(is_asked);
    return holds;
}

/* `at least` D: since D ago. `more than` D: since a microsecond earlier. The others hold
 * now, but not for so long. */
const node *lower_lasting(lowering *b, const ast_expr *expr, context c)
{
    graph *g = b->graph;
    calendar_span length = lower_span(expr->duration);
    bool is_longer =
        expr->quantity == QUANTITY_MORE_THAN || expr->quantity == QUANTITY_AT_MOST;
    bool is_bounded =
        expr->quantity == QUANTITY_AT_MOST || expr->quantity == QUANTITY_FEWER_THAN;
    const node *from = make_move(g, c.now, (calendar_span){-length.count, length.unit});
    if (is_longer)
        from = make_binary(g, NODE_SUBTRACT, from->type, from,
                           make_integer(g, (type){TYPE_DURATION, 0}, 1));
    const node *holds_now = lower_condition(b, expr->left, c);
    const node *lasted = held_since(b, expr, holds_now, from, c);
    return is_bounded ? make_and(g, holds_now, make_not(g, lasted)) : lasted;
}
