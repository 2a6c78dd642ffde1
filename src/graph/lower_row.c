/* SPDX-License-Identifier: MIT
 *
 * `did x at least 3 times in a row among (x or y)`: the longest row of x where all events of
 * the kinds that count stand in one table, those that are none of x ending a row.
 */
#include "graph/lowering.h"

static const type WHOLE = {TYPE_DECIMAL, 0};

/* If the instant differs between rows, so may the events that are looked at from each. */
static uint32_t beside_of_row(lowering *b, const ast_selection *what, const ast_row *row,
                              const ast_list *windows, context c)
{
    uint32_t beside = beside_of_selection(b, what, windows, c);
    if (beside > PEOPLE || !row->among)
        return beside;
    ast_pattern among = {.step = row->among};
    return beside_of_selection(b, &(ast_selection){.pattern = &among}, windows, c);
}

/* All events of a kind that the step asks for, also those for which its `where` fails. */
static size_t add_kinds(lowering *b, const ast_step *step, vantage from,
                        const row_set **members)
{
    const event_scope *scope = scope_of_step(step, b->book->schema, b->memory);
    for (size_t i = 0; i < scope->kind_count; i++)
        members[i] = lower_events(b, scope->kinds[i], from.beside);
    return scope->kind_count;
}

static bool is_union(const lowering *b, const row_set *rows)
{
    return rows->member_count > 0 &&
           graph_domain(b->graph, rows->domain)->kind == DOMAIN_UNION;
}

static size_t count_tables(const lowering *b, const row_set *rows)
{
    size_t count = 0;
    for (size_t m = 0; is_union(b, rows) && m < rows->member_count; m++)
        count += count_tables(b, rows->members[m]);
    return count > 0 ? count : 1;
}

/* A union as its members: what is united again need not be merged before. */
static size_t add_tables(const lowering *b, const row_set *rows, const row_set **members)
{
    size_t count = 0;
    for (size_t m = 0; is_union(b, rows) && m < rows->member_count; m++)
        count += add_tables(b, rows->members[m], members + count);
    if (count == 0)
        members[count++] = rows;
    return count;
}

const node *lower_longest_row(lowering *b, const ast_expr *did, const ast_list *windows,
                              context c)
{
    const ast_row *row = did->modifiers.rows.items[0];
    const ast_step *step = did->selection->pattern->step;
    vantage from = {c.now, beside_of_row(b, did->selection, row, windows, c), NULL};
    const row_set *wanted = rows_filtered(b, lower_step(b, step, from, true));
    const row_set *among = row->among
                               ? rows_filtered(b, lower_step(b, row->among, from, true))
                               : lower_anything(b, from.beside);
    size_t most = 1 + count_tables(b, among) + b->book->schema->kind_count, count = 0;
    const row_set **members = arena_alloc_array(b->memory, most, sizeof *members);
    members[count++] = wanted;
    count += add_tables(b, among, members + count);
    count += add_kinds(b, step, from, members + count);
    const row_set *all = rows_united(b, members, count);
    const node *mask = NULL;
    const node *window = lower_windows(b, all, windows, c, &mask);
    const node *is_wanted =
        make_spread(b->graph, member_mask(b, all, wanted), all->domain);
    return make_fold(b->graph, NODE_LONGEST_ROW, WHOLE, window, mask, is_wanted);
}
