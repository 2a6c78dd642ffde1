/* SPDX-License-Identifier: MIT
 *
 * `avg(sum(purchase.amount) per day in last 90 days)`: an aggregate of what each calendar
 * unit has. The first row of each unit stands for it: beside it the inner aggregate looks at
 * the rows of its unit that lie in the windows, and the outer one at those units that
 * have any.
 */
#include "graph/lowering.h"

static const type BOOLEAN = {TYPE_BOOL, 0};
static const type WHOLE = {TYPE_DECIMAL, 0};
static const type NUMBER = {TYPE_NUMBER, 0};

/* The rows that are looked at, and the first of each unit. */
typedef struct units {
    const row_set *rows, *firsts;
    const node *window, *mask; /* which of the rows lie in the windows; mask or NULL */
} units;

/* `in last 5 purchase` counts rows before any `where`. */
static bool takes_newest(const ast_list *windows)
{
    for (size_t i = 0; i < windows->count; i++)
        if (((const ast_window *)windows->items[i])->kind == WINDOW_LAST_EVENTS)
            return true;
    return false;
}

/* The newest rows are counted before what is asked of them, which a mask says. Beside each row
 * whose instant they are looked at from, they are its own. */
static units newest_rows(lowering *b, const ast_pattern *pattern, const ast_list *windows,
                         context c, vantage from)
{
    units u = {.rows = lower_step(b, pattern->step, from, true)};
    u.window = lower_windows(b, u.rows, windows, c, &u.mask);
    if (u.rows->mask)
        u.mask = u.mask ? make_and(b->graph, u.rows->mask, u.mask) : u.rows->mask;
    return u;
}

/* A table of the rows that are meant, so that each unit's first row is one of them; unless
 * the windows bound the steps of a sequence, or count other rows, too. */
static units find_rows(lowering *b, const ast_expr *expr, context c)
{
    const ast_pattern *pattern = expr->left->selection->pattern;
    const ast_list *windows = &expr->modifiers.windows;
    units u = {0};
    vantage from = {.now = c.now, .beside = beside_of_sequence(b, windows, c, PEOPLE)};
    if (!pattern->is_sequence && !pattern_list(pattern) && takes_newest(windows)) {
        u = newest_rows(b, pattern, windows, c, from);
    } else if (pattern->is_sequence || takes_newest(windows)) {
        selected s = lower_selected(b, expr->left->selection, windows, c, true);
        u = (units){.rows = s.rows, .window = s.window, .mask = s.mask};
    } else {
        u.rows = rows_filtered(b, lower_step(b, pattern->step, from, true));
        u.window = lower_windows(b, u.rows, windows, c, &u.mask);
    }
    return u;
}

static const row_set *first_rows(lowering *b, const row_set *rows, calendar_unit unit)
{
    row_set marked = *rows;
    marked.answer = NULL;
    marked.mask = graph_node(b->graph, &(node){.kind = NODE_BEGINS_UNIT,
                                               .type = BOOLEAN,
                                               .domain = rows->domain,
                                               .unit = unit});
    return rows_filtered(b, &marked);
}

/* Those units in which the windows can have rows: from the one on in which they begin. So
 * nobody looks at rows before it. */
static const node *window_of_units(lowering *b, const units *u, calendar_unit unit)
{
    const node *w = u->window, *from = NULL;
    if (w->kind == NODE_WINDOW && w->window.has_lower)
        from = make_unit_start(b->graph, w->operands[0], unit, 0);
    return make_window(b->graph, u->firsts->domain, from, true, NULL, false);
}

/* Beside each unit its rows that lie in the windows. */
static selected rows_of_units(lowering *b, const units *u, calendar_unit unit)
{
    graph *g = b->graph;
    const node *time = row_pseudo(b, u->firsts, PSEUDO_TIME);
    const node *whole = make_window(g, u->rows->domain, make_unit_start(g, time, unit, 0),
                                    true, make_unit_start(g, time, unit, 1), false);
    return (selected){u->rows, make_both_windows(g, whole, u->window), u->mask};
}

static const node *count_rows(lowering *b, const selected *s)
{
    return make_fold(b->graph, NODE_COUNT, WHOLE, s->window, s->mask, NULL);
}

/* ---- units without events ------------------------------------------------- */

static const node *tick(lowering *b, const node *instant, node_kind add_or_subtract)
{
    const node *microsecond = make_integer(b->graph, (type){TYPE_DURATION, 0}, 1);
    return make_binary(b->graph, add_or_subtract, instant->type, instant, microsecond);
}

/* The first and the last instant of the windows: from the first row on where they are open,
 * and up to now. */
static void find_ends(lowering *b, const ast_expr *expr, const units *u, context c,
                      const node **first, const node **last)
{
    const ast_list *windows = &expr->modifiers.windows;
    *first = NULL;
    *last = lower_until(b, c.now);
    for (size_t i = 0; i < windows->count; i++) {
        const ast_window *w = windows->items[i];
        if (w->kind == WINDOW_DURING || w->kind == WINDOW_LAST_EVENTS || w->step)
            continue; /* these pick rows, and have no ends */
        bounds ends = lower_bounds(b, w, c);
        if (ends.lower) {
            const node *from = ends.lower_in ? ends.lower : tick(b, ends.lower, NODE_ADD);
            *first = *first ? make_binary(b->graph, NODE_LARGER, from->type, *first, from)
                            : from;
        }
        if (ends.upper) {
            const node *to =
                ends.upper_in ? ends.upper : tick(b, ends.upper, NODE_SUBTRACT);
            *last = make_binary(b->graph, NODE_SMALLER, to->type, *last, to);
        }
    }
    if (!*first) {
        const node *time = row_pseudo(b, u->rows, PSEUDO_TIME);
        *first = make_fold(b->graph, NODE_FIRST, time->type, u->window, u->mask, time);
    }
}

static const node *unit_number(lowering *b, const node *time, calendar_unit unit)
{
    return graph_node(b->graph, &(node){.kind = NODE_UNIT_NUMBER,
                                        .type = WHOLE,
                                        .domain = time->domain,
                                        .unit = unit,
                                        .operands = &time,
                                        .operand_count = 1});
}

/* How many units there are, with events or without; missing when an end is. */
static const node *count_units(lowering *b, const ast_expr *expr, const units *u,
                               context c)
{
    graph *g = b->graph;
    const node *first, *last;
    find_ends(b, expr, u, c, &first, &last);
    const node *between =
        make_binary(g, NODE_SUBTRACT, WHOLE, unit_number(b, last, expr->unit),
                    unit_number(b, first, expr->unit));
    const node *count =
        make_binary(g, NODE_ADD, WHOLE, between, make_integer(g, WHOLE, 1));
    return make_binary(g, NODE_LARGER, WHOLE, count, make_integer(g, WHOLE, 0));
}

static const node *zero_of(lowering *b, type t)
{
    return t.kind == TYPE_NUMBER ? make_number(b->graph, 0)
                                 : make_integer(b->graph, t, 0);
}

/* The least or the greatest value, when some units have 0. */
static const node *extreme(lowering *b, const ast_expr *expr, const selected *with,
                           const node *least, const node *all)
{
    graph *g = b->graph;
    node_kind kind = expr->aggregate == AGGREGATE_MIN ? NODE_SMALLER : NODE_LARGER;
    const node *zero = zero_of(b, least->type);
    const node *some_lack = make_binary(g, NODE_LESS, BOOLEAN, count_rows(b, with), all);
    const node *joined = make_if(g, make_unary(g, NODE_IS_PRESENT, BOOLEAN, least),
                                 make_binary(g, kind, least->type, least, zero), zero);
    return make_if(g, some_lack, joined, least);
}

/* The sum of all units is that of those with events; the others only count. */
static value with_empty_units(lowering *b, const ast_expr *expr, const units *u,
                              const selected *with, const node *each, context c)
{
    graph *g = b->graph;
    const node *all = count_units(b, expr, u, c);
    if (expr->aggregate == AGGREGATE_MIN || expr->aggregate == AGGREGATE_MAX)
        return value_of(
            extreme(b, expr, with,
                    value_single(b, lower_aggregate_of(b, expr, *with, each, c)), all));
    const node *sum = make_fold(g, NODE_SUM, each->type, with->window, with->mask, each);
    if (expr->aggregate == AGGREGATE_SUM)
        return value_of(sum);
    if (node_is_exact(sum))
        return (value){.node = sum, .denominator = all};
    return value_of(make_binary(g, NODE_DIVIDE, NUMBER, sum, make_to_number(g, all)));
}

value lower_per_unit(lowering *b, const ast_expr *expr, context c)
{
    units u = find_rows(b, expr, c);
    u.firsts = first_rows(b, u.rows, expr->unit);
    selected inner = rows_of_units(b, &u, expr->unit);
    const node *each = make_spread(
        b->graph, value_single(b, lower_aggregate_of(b, expr->left, inner, NULL, c)),
        u.firsts->domain);
    selected with = {u.firsts, window_of_units(b, &u, expr->unit),
                     make_binary(b->graph, NODE_LESS, BOOLEAN,
                                 make_integer(b->graph, WHOLE, 0),
                                 count_rows(b, &inner))};
    if (expr->counts_empty)
        return with_empty_units(b, expr, &u, &with, each, c);
    return lower_aggregate_of(b, expr, with, each, c);
}
