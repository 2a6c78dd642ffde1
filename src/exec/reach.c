/* SPDX-License-Identifier: MIT
 *
 * Once a run, from readers to what they read; once a block, from instants to runs of rows.
 */
#include "exec/reach.h"

#include "base/memory.h"
#include "exec/filled.h"
#include "exec/fold_questions.h"

#define REACH_NONE INT64_MAX /* nobody looks, as far as is known */
#define REACH_PLACES                                                                     \
    (INT64_MAX - 1) /* what is asked for where it is stored: rows_time(), stored_some() */

typedef struct inquiry {
    const graph *graph;
    const histograms *histograms;
    const edge_plan *edges;
    const int64_t *since;
    const chain_plan *chains;
    reach_plan *found;
    int64_t *
        some; /* by node id, of columns: read where they are stored since then, as long as
                      nobody has them widened */
} inquiry;

static void want_values(inquiry *q, const node *n, int64_t since)
{
    if (since < q->found->values[n->id])
        q->found->values[n->id] = since;
}

static void want_some(inquiry *q, const node *n, int64_t since)
{
    if (since < q->some[n->id])
        q->some[n->id] = since;
}

static void want_alone(inquiry *q, uint32_t domain_id, int64_t since)
{
    if (since < q->found->times_alone[domain_id])
        q->found->times_alone[domain_id] = since;
}

static void want_times(inquiry *q, uint32_t domain_id, int64_t since)
{
    want_alone(q, domain_id, since);
    if (since < q->found->times[domain_id])
        q->found->times[domain_id] = since;
}

/* Where the rows of a window begin, when that is the same instant for everybody. */
static int64_t window_from(const inquiry *q, const node *window)
{
    const edge_pair *pair = &q->edges->windows[window->id];
    return pair->is_shared ? pair->from : DEMAND_ALL;
}

/* ---- what nodes read ------------------------------------------------------ */

/* Is each value made of the operands' values beside it, whatever these are, without a word
 * about any? */
static bool looks_beside(node_kind kind)
{
    switch (kind) {
    case NODE_EQUAL:
    case NODE_LESS:
    case NODE_LESS_OR_EQUAL:
    case NODE_TEXT_IN:
    case NODE_TEXT_IN_LIST:
    case NODE_TEXT_MATCHES:
    case NODE_TEXT_CONTAINS:
    case NODE_TEXT_STARTS:
    case NODE_TEXT_ENDS:
    case NODE_LOCAL_DATE:
    case NODE_LOCAL_HOUR:
    case NODE_DATE_PART:
    case NODE_IS_PRESENT:
    case NODE_HOLDS:
    case NODE_AND:
    case NODE_OR:
    case NODE_NOT: return true;
    default: return false;
    }
}

/* Of the first or the last row, its time is asked for by its place; of others, values are taken from
 * the store. */
static bool takes_by_places(const node *fold, const node *value)
{
    node_kind kind = fold_kind_of(fold);
    if (value->kind == NODE_ROW_TIME)
        return kind == NODE_FIRST || kind == NODE_LAST;
    return value->kind == NODE_COLUMN && fold->domain == PEOPLE &&
           reach_takes_stored(kind, value->type);
}

/* A person's fold reads the rows of its windows; those that look at times ask row by row. */
static void ask_fold(inquiry *q, const node *n)
{
    const histogram *h = histogram_of(q->histograms, n);
    int64_t since = DEMAND_ALL;
    for (size_t i = 0; i < n->operand_count; i++) {
        const node *o = n->operands[i];
        if (!node_is_window(o->kind)) {
            want_values(q, o,
                        takes_by_places(n, o) ? REACH_PLACES
                        : n->domain == PEOPLE ? since
                                              : DEMAND_ALL);
            continue;
        }
        since = window_from(q, o);
        if (h && n->domain == PEOPLE && h->subject->kind == NODE_COLUMN)
            want_some(q, h->subject, since);
        else if (h)
            want_values(q, h->subject, since);
    }
}

/* Does the node take the values of a column from where they are stored, some at a time? */
static bool takes_some(const node *n, size_t operand)
{
    const node *o = n->operands[operand];
    if (o->kind != NODE_COLUMN || o->domain != n->domain)
        return false;
    switch (n->kind) {
    case NODE_EQUAL:
    case NODE_LESS:
    case NODE_LESS_OR_EQUAL: return n->operands[1 - operand]->domain == RUN;
    default: return operand == 0 && bound_is_test(n);
    }
}

static void ask_operands(inquiry *q, const node *n)
{
    int64_t since = looks_beside(n->kind) ? q->found->values[n->id] : DEMAND_ALL;
    for (size_t i = 0; i < n->operand_count; i++)
        if (takes_some(n, i))
            want_some(q, n->operands[i], since);
        else if (n->kind == NODE_IS_PRESENT)
            want_values(q, n->operands[i], REACH_PLACES); /* none of them */
        else
            want_values(q, n->operands[i],
                        n->operands[i]->domain == n->domain ? since : DEMAND_ALL);
}

/* The times of the rows that a node stands beside, and of those that it looks at. */
static void ask_times(inquiry *q, const node *n)
{
    switch (node_kind_shape(n->kind)) {
    case SHAPE_ELEMENT:
    case SHAPE_LOCAL:
    case SHAPE_FOLD:
    case SHAPE_UNITED: return;
    case SHAPE_LEAF:
        if (n->kind == NODE_ROW_TIME)
            want_times(q, n->domain, q->found->values[n->id]);
        return;
    case SHAPE_WINDOW:
        if (n->kind == NODE_WINDOW && !q->edges->windows[n->id].is_shared)
            want_times(q, n->rows, DEMAND_ALL);
        return;
    case SHAPE_NEIGHBOUR:
    case SHAPE_BETWEEN:
    case SHAPE_SEARCH:
    case SHAPE_RANKING:
    case SHAPE_JUDGEMENT:
    case SHAPE_CALL:
        want_times(q, n->domain, DEMAND_ALL);
        want_times(q, n->rows, DEMAND_ALL);
        return;
    }
}

/* Whoever would read some of a column where it is stored reads the widened values when others ask
 * for these: then they are there for both. */
static void join_some(inquiry *q, const node *n)
{
    int64_t *values = &q->found->values[n->id];
    if (q->some[n->id] == REACH_NONE)
        return;
    if (*values >= REACH_PLACES)
        *values = REACH_PLACES;
    else
        want_values(q, n, q->some[n->id]);
}

static void ask_node(inquiry *q, const node *n)
{
    join_some(q, n);
    if (q->found->values[n->id] == REACH_NONE)
        q->found->values[n->id] = DEMAND_ALL; /* read in ways that no operand tells */
    if (node_is_fold(n->kind) || n->kind == NODE_UNITED)
        ask_fold(q, n);
    else
        ask_operands(q, n);
    ask_times(q, n);
}

/* ---- what derived tables read ---------------------------------------------- */

static void ask_sequence(inquiry *q, const domain *d)
{
    const sequence *s = q->graph->sequences[d->index];
    const node *const *next = d->inputs + 1;
    bool is_chain = chain_family_of(q->chains, d) != NULL,
         has_loose_ends = q->chains->has_loose_ends[d->id];
    want_values(q, d->inputs[0], DEMAND_ALL);
    for (size_t i = 0; i < s->rows_count; i++) {
        sequence_inputs in = sequence_take_inputs(s, i, &next);
        int64_t since = window_from(q, in.window);
        if (has_loose_ends)
            want_alone(q, d->members[i], since);
        else if (!is_chain)
            want_times(q, d->members[i], since);
        if (in.mask)
            want_values(q, in.mask, since);
        for (size_t k = 0; k < in.key_count; k++)
            want_values(q, in.keys[k], DEMAND_ALL);
    }
}

static void ask_domain(inquiry *q, const domain *d)
{
    bool begins = d->kind == DOMAIN_FILTER || d->kind == DOMAIN_UNION;
    if (d->kind == DOMAIN_SEQUENCE) {
        ask_sequence(q, d);
        return;
    }
    for (size_t i = 0; i < d->input_count; i++)
        want_values(q, d->inputs[i], DEMAND_ALL);
    for (size_t i = 0; i < d->member_count; i++)
        want_times(q, d->members[i], begins ? q->since[d->id] : DEMAND_ALL);
}

reach_plan *reach_plan_new(const plan *of, const edge_plan *edges, const int64_t *since,
                           const chain_plan *chains)
{
    reach_plan *p = memory_alloc_zero(sizeof *p);
    const graph *g = of->graph;
    inquiry q = {g, of->histograms, edges, since, chains, p, NULL};
    q.some = memory_alloc_array(g->node_count + 1, sizeof *q.some);
    p->values = memory_alloc_array(g->node_count + 1, sizeof *p->values);
    p->times = memory_alloc_array(g->domain_count + 1, sizeof *p->times);
    p->times_alone = memory_alloc_array(g->domain_count + 1, sizeof *p->times_alone);
    for (size_t i = 0; i < g->node_count; i++)
        p->values[i] = q.some[i] = REACH_NONE;
    for (size_t i = 0; i < g->domain_count; i++)
        p->times[i] = p->times_alone[i] = REACH_NONE;
    for (size_t i = 0; i < g->domain_count; i++)
        ask_domain(&q, g->domains[i]);
    for (size_t i = g->node_count; i-- > 0;) /* operands have smaller numbers */
        ask_node(&q, g->nodes[i]);
    memory_free(q.some);
    return p;
}

void reach_plan_free(reach_plan *p)
{
    if (!p)
        return;
    memory_free(p->values);
    memory_free(p->times);
    memory_free(p->times_alone);
    memory_free(p);
}

/* ---- rows of a block --------------------------------------------------------- */

/* Runs of a domain's rows that were found for an instant. */
struct reached_rows {
    struct reached_rows *next;
    int64_t since;
    size_t count;
    row_run runs[];
};

/* Groups in which the window from `begin` on holds rows, one after the other. */
static size_t find_runs(const block_rows *rows, const uint64_t *filled,
                        const uint32_t *begin, size_t groups, row_run *runs)
{
    size_t count = 0;
    uint32_t end = 0; /* of the last run, in words */
    EACH_SET_BIT(filled, groups, i)
    {
        uint32_t first = begin[i] / 64, last = (rows->offsets[i + 1] + 63) / 64;
        if (count == 0 || first > end)
            runs[count++].first = first * 64;
        end = last > end ? last : end;
        runs[count - 1].count = end * 64 - runs[count - 1].first;
    }
    if (count > 0 && runs[count - 1].first + runs[count - 1].count > rows->count)
        runs[count - 1].count = (uint32_t)rows->count - runs[count - 1].first;
    return count;
}

static struct reached_rows *find_reached(block *b, uint32_t domain_id, int64_t since)
{
    block_rows *rows = &b->rows[domain_id];
    size_t groups = b->people_count;
    const uint32_t *begin = edges_at(b, domain_id, since);
    uint64_t *filled =
        scratch_take(b->scratch, (bitmap_words(groups) + 1) * sizeof *filled);
    struct reached_rows *found =
        scratch_take(b->scratch, sizeof *found + (groups + 1) * sizeof *found->runs);
    filled_find(begin, rows->offsets + 1, groups, filled);
    found->since = since;
    found->count = find_runs(rows, filled, begin, groups, found->runs);
    found->next = rows->reached;
    rows->reached = found;
    scratch_give(b->scratch, filled);
    return found;
}

bool reach_is_instant(int64_t since)
{
    return since != DEMAND_ALL && since < REACH_PLACES;
}

row_runs reach_all(size_t count)
{
    return (row_runs){.all = {0, (uint32_t)count}, .count = 1};
}

static row_runs runs_since(block *b, uint32_t domain_id, int64_t since)
{
    const block_rows *rows = block_domain(b, domain_id);
    const struct reached_rows *found = rows->reached;
    if (since == DEMAND_ALL || !rows->stored_time || rows->is_borrowed)
        return reach_all(rows->count);
    if (since >= REACH_PLACES)
        return (row_runs){.count = 0};
    while (found && found->since != since)
        found = found->next;
    if (!found)
        found = find_reached(b, domain_id, since);
    return (row_runs){.runs = found->runs, .count = found->count};
}

row_runs reach_of_node(block *b, const node *n)
{
    if (n->domain <= PEOPLE)
        return reach_all(block_length(b, n));
    return runs_since(b, n->domain, b->demand->reach->values[n->id]);
}

bool reach_is_stored(const block *b, const node *column)
{
    const block_rows *rows = &b->rows[column->domain];
    return column->kind == NODE_COLUMN && rows->stored_time && !rows->is_borrowed;
}

row_runs reach_of_times(block *b, uint32_t domain_id)
{
    const reach_plan *p = b->demand->reach;
    return runs_since(b, domain_id,
                      b->is_alone ? p->times_alone[domain_id] : p->times[domain_id]);
}

void reach_release(block *b, block_rows *rows)
{
    while (rows->reached) {
        struct reached_rows *next = rows->reached->next;
        scratch_give(b->scratch, rows->reached);
        rows->reached = next;
    }
}
