/* SPDX-License-Identifier: MIT
 *
 * A fold is told again for each table below its rows, and the parts are joined.
 */
#include "graph/members.h"

#include "base/memory.h"
#include "graph/make.h"
#include "graph/tables.h"

static const node *value_of(const node *fold)
{
    return fold->fold.has_value ? fold->operands[fold->operand_count - 1] : NULL;
}

/* ---- one table ---------------------------------------------------------- */

/* What the fold looks at in one table. */
typedef struct fold_part {
    const node *window;
    const node *mask;  /* true: all rows */
    const node *value; /* or NULL */
} fold_part;

/* False when something that the fold looks at depends on other rows. */
static bool find_part(graph *g, const node *fold, uint32_t table, fold_part *out)
{
    descent d = descent_to(g, table);
    const node *value = value_of(fold);
    *out = (fold_part){.window = make_window_like(g, fold->operands[0], table),
                       .mask = descend_condition(&d, fold->rows)};
    if (!out->window || !out->mask)
        return false;
    if (fold->fold.has_mask && !node_is_false(out->mask)) {
        const node *own = descend_value(&d, fold->rows, fold->operands[1]);
        if (!own)
            return false;
        out->mask = make_and(g, out->mask, own);
    }
    if (value && !node_is_false(out->mask))
        out->value = descend_value(&d, fold->rows, value);
    else
        out->value = value ? make_missing(g, value->type) : NULL;
    return !value || out->value;
}

static const node *fold_over_part(graph *g, const node *fold, const fold_part *part)
{
    return make_fold_like(g, fold, part->window, part->mask, part->value);
}

static const node *fold_over_table(graph *g, const node *fold, uint32_t table)
{
    fold_part part;
    return find_part(g, fold, table, &part) ? fold_over_part(g, fold, &part) : NULL;
}

/* ---- several tables ----------------------------------------------------- */

static bool is_exact(type t)
{
    return t.kind == TYPE_DECIMAL || t.kind == TYPE_DURATION || t.kind == TYPE_TIME ||
           t.kind == TYPE_DATE;
}

/* The node that joins folds over each part; false: there is none. */
static bool joining_kind(const node *fold, node_kind *join)
{
    const node *value = value_of(fold);
    bool is_time = value && value->kind == NODE_ROW_TIME;
    bool can_be_compared = value && is_exact(value->type);
    switch (fold->kind) {
    case NODE_ANY: *join = NODE_OR; return true;
    case NODE_COUNT: *join = NODE_ADD; return true;
    case NODE_LEAST: *join = NODE_LEAST_OF; return can_be_compared;
    case NODE_GREATEST: *join = NODE_GREATEST_OF; return can_be_compared;
    case NODE_FIRST: *join = NODE_LEAST_OF; return is_time;
    case NODE_LAST: *join = NODE_GREATEST_OF; return is_time;
    default: return false;
    }
}

static const node *sum_of(graph *g, type t, const node *const *parts, size_t count)
{
    const node *sum = parts[0];
    for (size_t i = 1; i < count; i++)
        sum = make_binary(g, NODE_ADD, t, sum, parts[i]);
    return sum;
}

static const node *fold_each(graph *g, const node *fold, node_kind join,
                             const fold_part *parts, size_t count)
{
    const node *folds[TABLES_MOST];
    for (size_t i = 0; i < count; i++)
        folds[i] = fold_over_part(g, fold, &parts[i]);
    return join == NODE_ADD ? sum_of(g, fold->type, folds, count)
                            : make_many(g, join, fold->type, folds, count);
}

/* Can the fold be worked out from the rows of each table, in whatever order the tables come?
 * A sum of doubles depends on the order of all rows. */
static bool can_be_united(const node *fold)
{
    const node *value = value_of(fold);
    switch (fold->kind) {
    case NODE_SUM:
    case NODE_QUANTILE:
    case NODE_STDDEV: return is_exact(value->type);
    case NODE_LEAST:
    case NODE_GREATEST:
    case NODE_DISTINCT:
    case NODE_MOST_COMMON:
    case NODE_FIRST:
    case NODE_LAST:
    case NODE_UNITS:
    case NODE_UNITS_IN_A_ROW: return true;
    default: return false;
    }
}

static bool has_masks(const fold_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!node_is_true(parts[i].mask))
            return true;
    return false;
}

/* One node that looks at all parts. */
static const node *unite(graph *g, const node *fold, const fold_part *parts, size_t count)
{
    const node *operands[3 * TABLES_MOST];
    node wanted = {.kind = NODE_UNITED,
                   .type = fold->type,
                   .domain = fold->domain,
                   .origin = fold->origin,
                   .united = {fold->kind, fold->fold},
                   .operands = operands};
    wanted.united.details.has_mask = has_masks(parts, count);
    for (size_t i = 0; i < count; i++) {
        const fold_part *p = &parts[i];
        operands[wanted.operand_count++] = p->window;
        if (wanted.united.details.has_mask)
            operands[wanted.operand_count++] = make_spread(g, p->mask, p->window->rows);
        if (p->value)
            operands[wanted.operand_count++] = make_spread(g, p->value, p->window->rows);
    }
    return graph_node(g, &wanted);
}

static const node *join_parts(graph *g, const node *fold, const fold_part *parts,
                              size_t count)
{
    node_kind join;
    if (count == 1)
        return fold_over_part(g, fold, &parts[0]);
    if (joining_kind(fold, &join))
        return fold_each(g, fold, join, parts, count);
    return can_be_united(fold) ? unite(g, fold, parts, count) : NULL;
}

/* Parts without a row that counts are left out, but for one. */
static const node *fold_over_tables(graph *g, const node *fold)
{
    table_list tables;
    fold_part parts[TABLES_MOST];
    size_t count = 0;
    if (!tables_below(g, fold->rows, &tables) || tables.count == 0)
        return NULL;
    for (size_t i = 0; i < tables.count; i++) {
        if (!find_part(g, fold, tables.ids[i], &parts[count]))
            return NULL;
        bool is_last = count == 0 && i + 1 == tables.count;
        count += is_last || !node_is_false(parts[count].mask);
    }
    return join_parts(g, fold, parts, count);
}

const node *fold_by_members(graph *g, const node *wanted)
{
    const domain *rows = graph_domain(g, wanted->rows);
    if (rows->kind != DOMAIN_FILTER && rows->kind != DOMAIN_UNION)
        return NULL;
    const node *made = fold_over_tables(g, wanted);
    if (!made && rows->kind == DOMAIN_FILTER)
        made = fold_over_table(g, wanted, rows->members[0]);
    return made;
}
