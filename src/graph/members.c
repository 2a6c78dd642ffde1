/* SPDX-License-Identifier: MIT
 *
 * Every operand of the fold is told again for the table below. That works for values of
 * single rows; what looks at a row's neighbours ends the attempt.
 */
#include "graph/members.h"

#include "base/memory.h"
#include "graph/in_order.h"
#include "graph/make.h"

/* More nodes than this in one condition, and the table is made after all. */
enum { MOST_STEPS = 512 };

typedef struct descent {
    graph *graph;
    const domain *from; /* a filter or a union */
    size_t member;      /* which of its members */
    uint32_t to;        /* the domain of that */
    size_t steps_left;
} descent;

/* Is the node worked out from the values of its own row alone? */
static bool is_of_one_row(node_kind kind)
{
    return (kind >= NODE_ADD && kind <= NODE_IN_OCCASION) ||
           (kind >= NODE_IS_PRESENT && kind <= NODE_NOT);
}

static const node *descend(descent *d, const node *n);

/* The same node over operands of the table below, or NULL. */
static const node *descend_operands(descent *d, const node *n)
{
    const node **operands = memory_alloc_array(n->operand_count + 1, sizeof *operands);
    const node *made = NULL;
    uint32_t meeting = RUN;
    size_t count = 0;
    for (; count < n->operand_count; count++) {
        operands[count] = descend(d, n->operands[count]);
        if (!operands[count])
            break;
        meeting = make_meeting(d->graph, meeting, operands[count]->domain);
    }
    if (count == n->operand_count) {
        node copy = *n;
        copy.domain = meeting;
        copy.operands = operands;
        for (size_t i = 0; i < count; i++)
            operands[i] = make_spread(d->graph, operands[i], meeting);
        made = graph_node(d->graph, &copy);
    }
    memory_free(operands);
    return made;
}

static const node *descend(descent *d, const node *n)
{
    if (n->domain != d->from->id)
        return n->domain <= PEOPLE ? n : NULL;
    if (d->steps_left == 0)
        return NULL;
    d->steps_left--;
    switch (n->kind) {
    case NODE_ROW_TIME: return make_leaf(d->graph, NODE_ROW_TIME, d->to, n->type);
    case NODE_IN_MEMBER: return make_bool(d->graph, n->member == d->member);
    case NODE_TAKE: return n->operands[0];
    case NODE_MERGE: return n->operands[d->member];
    case NODE_SPREAD: return n->operands[0];
    default: return is_of_one_row(n->kind) ? descend_operands(d, n) : NULL;
    }
}

/* The fold over one member of its rows, or NULL. `also` (or NULL) has to hold, too. */
static const node *fold_over(descent *d, const node *fold, const node *also)
{
    const node *window = make_window_like(d->graph, fold->operands[0], d->to),
               *mask = also, *value = NULL;
    if (!window)
        return NULL;
    if (fold->fold.has_mask) {
        const node *own = descend(d, fold->operands[1]);
        if (!own)
            return NULL;
        mask = mask ? make_and(d->graph, mask, own) : own;
    }
    if (fold->fold.has_value) {
        value = descend(d, fold->operands[fold->operand_count - 1]);
        if (!value)
            return NULL;
    }
    return make_fold_like(d->graph, fold, window, mask, value);
}

static const node *fold_over_base(graph *g, const domain *filter, const node *fold)
{
    descent d = {g, filter, 0, filter->members[0], MOST_STEPS};
    return fold_over(&d, fold, filter->inputs[0]);
}

/* ---- unions ------------------------------------------------------------- */

/* The stored table that all rows of a member come from, or RUN. */
static uint32_t table_of(const graph *g, uint32_t id)
{
    const domain *d = graph_domain(g, id);
    while (d->kind == DOMAIN_FILTER)
        d = graph_domain(g, d->members[0]);
    return d->kind == DOMAIN_EVENTS ? d->id : RUN;
}

/* A row of two members stands once in their union, so each has to have rows of its own. */
static bool are_apart(const graph *g, const domain *u)
{
    for (size_t i = 0; i < u->member_count; i++) {
        uint32_t table = table_of(g, u->members[i]);
        if (table == RUN)
            return false;
        for (size_t k = 0; k < i; k++)
            if (table_of(g, u->members[k]) == table)
                return false;
    }
    return u->member_count > 0;
}

static bool is_exact(type t)
{
    return t.kind == TYPE_DECIMAL || t.kind == TYPE_DURATION || t.kind == TYPE_TIME ||
           t.kind == TYPE_DATE;
}

/* How the folds over the members are joined; false: they cannot be. */
static bool joining_kind(const node *fold, node_kind *join)
{
    const node *value =
        fold->fold.has_value ? fold->operands[fold->operand_count - 1] : NULL;
    bool is_time = value && value->kind == NODE_ROW_TIME;
    bool can_be_compared = value && is_exact(value->type);
    switch (fold->kind) {
    case NODE_ANY: *join = NODE_OR; return true;
    case NODE_LEAST: *join = NODE_LEAST_OF; return can_be_compared;
    case NODE_GREATEST: *join = NODE_GREATEST_OF; return can_be_compared;
    case NODE_FIRST: *join = NODE_LEAST_OF; return is_time;
    case NODE_LAST: *join = NODE_GREATEST_OF; return is_time;
    default: return false;
    }
}

static const node *fold_over_members(graph *g, const domain *u, const node *fold)
{
    node_kind join;
    const node *made = NULL;
    if (!joining_kind(fold, &join) || !are_apart(g, u))
        return NULL;
    const node **parts = memory_alloc_array(u->member_count, sizeof *parts);
    size_t count = 0;
    for (; count < u->member_count; count++) {
        descent d = {g, u, count, u->members[count], MOST_STEPS};
        parts[count] = fold_over(&d, fold, NULL);
        if (!parts[count])
            break;
    }
    if (count == u->member_count)
        made = count == 1 ? parts[0] : make_many(g, join, fold->type, parts, count);
    memory_free(parts);
    return made;
}

const node *fold_by_members(graph *g, const node *wanted)
{
    const domain *rows = graph_domain(g, wanted->rows);
    if (rows->kind == DOMAIN_FILTER)
        return fold_over_base(g, rows, wanted);
    if (rows->kind == DOMAIN_SEQUENCE)
        return fold_in_order(g, wanted);
    return rows->kind == DOMAIN_UNION ? fold_over_members(g, rows, wanted) : NULL;
}
