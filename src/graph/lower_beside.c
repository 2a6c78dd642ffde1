/* SPDX-License-Identifier: MIT
 *
 * Judging at an instant that differs between events: `orders as of time` in a `where`.
 *
 * Mostly only the windows differ: each event has its own part of a table, and what is
 * asked of the table's rows stays the same. When that differs, too (`purchase where (time
 * > 3 days ago)`), the rows are taken anew beside each of the events:
 *
 *     events             e0          e1
 *     beside them        p0 p1 p2    p0 p1 p2
 */
#include "graph/lowering.h"

#include "lang/depends.h"

static bool any_is_near(const ast_list *windows)
{
    for (size_t i = 0; i < windows->count; i++)
        if (((const ast_window *)windows->items[i])->step)
            return true;
    return false;
}

/* ---- beside what ---------------------------------------------------------- */

/* Whatever `now` and the horizon differ between. */
static uint32_t domain_of_instant(const lowering *b, const node *now)
{
    return b->horizon ? make_meeting(b->graph, now->domain, b->horizon->domain)
                      : now->domain;
}

/* A sequence is looked for in each window. */
static uint32_t domain_of_windows(lowering *b, const ast_list *windows, context c)
{
    uint32_t meeting = RUN;
    for (size_t i = 0; i < windows->count; i++) {
        const ast_window *w = windows->items[i];
        const ast_expr *ends[] = {w->from, w->to};
        for (size_t e = 0; e < 2; e++)
            if (ends[e])
                meeting =
                    make_meeting(b->graph, meeting, lower_single(b, ends[e], c)->domain);
    }
    return meeting;
}

uint32_t beside_of_sequence(lowering *b, const ast_list *windows, context c,
                            uint32_t beside)
{
    uint32_t meeting = make_meeting(b->graph, beside, domain_of_instant(b, c.now));
    meeting = make_meeting(b->graph, meeting, domain_of_windows(b, windows, c));
    return meeting > PEOPLE ? meeting : PEOPLE;
}

uint32_t beside_of_selection(lowering *b, const ast_selection *s, const ast_list *windows,
                             context c)
{
    uint32_t of_instant = domain_of_instant(b, c.now);
    if (of_instant <= PEOPLE || s->pattern->is_sequence)
        return PEOPLE;
    bool differs_by_row = pattern_differs(s->pattern, b->book->schema) ||
                          expr_differs(s->value) || s->half_life || any_is_near(windows);
    return differs_by_row ? of_instant : PEOPLE;
}

const row_set *rows_beside(lowering *b, const row_set *rows, uint32_t beside)
{
    if (beside <= PEOPLE)
        return rows;
    row_set *taken = arena_alloc(b->memory, sizeof *taken);
    taken->domain = graph_beside_domain(b->graph, rows->domain, beside);
    taken->kind = SCHEMA_NONE;
    taken->members = arena_alloc(b->memory, sizeof *taken->members);
    taken->members[0] = rows;
    taken->member_count = 1;
    return taken;
}
