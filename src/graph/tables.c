/* SPDX-License-Identifier: MIT
 *
 * From a row of a filter or a union to the row of the table that it stands for, and the
 * values of the former as those of the latter.
 */
#include "graph/tables.h"

#include "base/memory.h"
#include "graph/make.h"

/* More nodes than this in one way down, and the rows are gathered after all. */
enum { MOST_STEPS = 512 };

/* ---- which tables ------------------------------------------------------- */

static bool list_has(const table_list *list, uint32_t id)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->ids[i] == id)
            return true;
    return false;
}

/* `left`: so many steps may still be taken, since unions of unions have many ways down. */
static bool gather(const graph *g, uint32_t id, table_list *out, size_t *left)
{
    const domain *d = graph_domain(g, id);
    if ((*left)-- == 0)
        return false;
    if (d->kind != DOMAIN_FILTER && d->kind != DOMAIN_UNION) {
        if (list_has(out, id))
            return true;
        if (out->count == TABLES_MOST)
            return false;
        out->ids[out->count++] = id;
        return true;
    }
    for (size_t i = 0; i < d->member_count; i++)
        if (!gather(g, d->members[i], out, left))
            return false;
    return true;
}

/* Each event has one row in one table. A session is a row beside the event that it begins
 * with, and a match one beside the event that completes it; but a match of two sequences
 * is one row. */
static bool are_apart(const graph *g, const table_list *list)
{
    size_t sessions = 0, matches = 0;
    for (size_t i = 0; i < list->count; i++) {
        domain_kind kind = graph_domain(g, list->ids[i])->kind;
        sessions += kind == DOMAIN_SESSIONS;
        matches += kind == DOMAIN_SEQUENCE;
        if (kind != DOMAIN_EVENTS && kind != DOMAIN_SESSIONS && kind != DOMAIN_SEQUENCE)
            return list->count == 1;
    }
    return sessions <= 1 && matches <= 1;
}

bool tables_below(const graph *g, uint32_t domain_id, table_list *out)
{
    size_t left = MOST_STEPS;
    out->count = 0;
    return gather(g, domain_id, out, &left) && are_apart(g, out);
}

/* ---- down to one table -------------------------------------------------- */

descent descent_to(graph *g, uint32_t table)
{
    return (descent){g, table, MOST_STEPS};
}

static bool take_step(descent *d)
{
    if (d->steps_left == 0)
        return false;
    d->steps_left--;
    return true;
}

static const node *condition_of_filter(descent *d, const domain *filter)
{
    const node *base = descend_condition(d, filter->members[0]);
    if (!base || node_is_false(base))
        return base;
    const node *own = descend_value(d, filter->members[0], filter->inputs[0]);
    return own ? make_and(d->graph, base, own) : NULL;
}

static const node *condition_of_union(descent *d, const domain *u)
{
    const node *any = make_bool(d->graph, false);
    for (size_t i = 0; i < u->member_count; i++) {
        const node *member = descend_condition(d, u->members[i]);
        if (!member)
            return NULL;
        any = make_or(d->graph, any, member);
    }
    return any;
}

const node *descend_condition(descent *d, uint32_t from)
{
    const domain *rows = graph_domain(d->graph, from);
    if (from == d->table)
        return make_bool(d->graph, true);
    if (!take_step(d))
        return NULL;
    switch (rows->kind) {
    case DOMAIN_FILTER: return condition_of_filter(d, rows);
    case DOMAIN_UNION: return condition_of_union(d, rows);
    default: return make_bool(d->graph, false);
    }
}

/* ---- values ------------------------------------------------------------- */

/* Is the node worked out from the values of its own row alone? */
static bool is_of_one_row(node_kind kind)
{
    node_shape shape = node_kind_shape(kind);
    return shape == SHAPE_ELEMENT || shape == SHAPE_LOCAL;
}

/* The same node over operands of the table, or NULL. */
static const node *descend_operands(descent *d, uint32_t from, const node *n)
{
    const node **operands = memory_alloc_array(n->operand_count + 1, sizeof *operands);
    const node *made = NULL;
    uint32_t meeting = RUN;
    size_t count = 0;
    for (; count < n->operand_count; count++) {
        operands[count] = descend_value(d, from, n->operands[count]);
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

/* A shared row has the value that it has in the first member: of the members that may
 * have the row, from the last on, each is asked first. */
static const node *descend_merge(descent *d, const domain *u, const node *n)
{
    const node *value = NULL;
    for (size_t i = u->member_count; i-- > 0;) {
        const node *is_in = descend_condition(d, u->members[i]);
        if (!is_in)
            return NULL;
        if (node_is_false(is_in))
            continue;
        const node *own = descend_value(d, u->members[i], n->operands[i]);
        if (!own)
            return NULL;
        value = value && value != own ? make_if(d->graph, is_in, own, value) : own;
    }
    return value;
}

const node *descend_value(descent *d, uint32_t from, const node *n)
{
    const domain *rows = graph_domain(d->graph, from);
    if (n->domain != from)
        return n->domain <= PEOPLE ? n : NULL;
    if (from == d->table)
        return n;
    if (!take_step(d))
        return NULL;
    switch (n->kind) {
    case NODE_ROW_TIME: return make_leaf(d->graph, NODE_ROW_TIME, d->table, n->type);
    case NODE_IN_MEMBER: return descend_condition(d, rows->members[n->member]);
    case NODE_TAKE: return descend_value(d, rows->members[0], n->operands[0]);
    case NODE_MERGE: return descend_merge(d, rows, n);
    case NODE_SPREAD: return n->operands[0];
    default: return is_of_one_row(n->kind) ? descend_operands(d, from, n) : NULL;
    }
}
