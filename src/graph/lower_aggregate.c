/* SPDX-License-Identifier: MIT
 *
 * What people did: `did`, aggregates, `first` and `last`, as folds over the rows that lie
 * in the windows.
 */
#include "base/number.h"
#include "graph/lowering.h"

static const type BOOLEAN = {TYPE_BOOL, 0};
static const type WHOLE = {TYPE_DECIMAL, 0};
static const type NUMBER = {TYPE_NUMBER, 0};
static const type DURATION = {TYPE_DURATION, 0};

static const node *lower_count(lowering *b, const ast_selection *what,
                               const ast_list *windows, context c)
{
    selected s = lower_selected(b, what, windows, c, true);
    return make_fold(b->graph, NODE_COUNT, WHOLE, s.window, s.mask, NULL);
}

const node *lower_times(lowering *b, const ast_pattern *pattern, const ast_list *windows,
                        context c)
{
    ast_selection what = {.pattern = (ast_pattern *)pattern};
    return lower_count(b, &what, windows, c);
}

static ast_compare compare_of(ast_quantity quantity)
{
    switch (quantity) {
    case QUANTITY_AT_LEAST: return COMPARE_GE;
    case QUANTITY_AT_MOST: return COMPARE_LE;
    case QUANTITY_EXACTLY: return COMPARE_EQ;
    case QUANTITY_MORE_THAN: return COMPARE_GT;
    default: return COMPARE_LT;
    }
}

void quantity_bounds(const ast_times *times, int64_t *least, int64_t *most)
{
    *least = 0;
    *most = INT64_MAX;
    switch (times->quantity) {
    case QUANTITY_AT_LEAST: *least = times->count; break;
    case QUANTITY_MORE_THAN: *least = times->count + 1; break;
    case QUANTITY_AT_MOST: *most = times->count; break;
    case QUANTITY_FEWER_THAN: *most = times->count - 1; break;
    case QUANTITY_EXACTLY: *least = *most = times->count; break;
    }
}

/* Did they so many times, in these windows? */
static const node *lower_did_in(lowering *b, const ast_expr *expr,
                                const ast_list *windows, context c)
{
    const node *count = expr->modifiers.rows.count > 0
                            ? lower_longest_row(b, expr, windows, c)
                            : lower_count(b, expr->selection, windows, c);
    ast_times once = {QUANTITY_AT_LEAST, 1, expr->where};
    const ast_times *times =
        expr->modifiers.times.count > 0 ? expr->modifiers.times.items[0] : &once;
    const node *wanted = make_integer(b->graph, WHOLE, times->count);
    return lower_compare(b, compare_of(times->quantity), value_of(count),
                         value_of(wanted), c);
}

/* The windows of a `did`, and one of its periods. */
static ast_list windows_with_period(lowering *b, const ast_list *windows,
                                    const ast_periods *periods, int64_t number)
{
    ast_list all = {0};
    ast_window *period = arena_alloc(b->memory, sizeof *period);
    *period = (ast_window){.kind = WINDOW_PERIOD,
                           .count = number,
                           .unit = periods->unit,
                           .is_full = periods->is_full,
                           .place = periods->place};
    for (size_t i = 0; i < windows->count; i++)
        ast_list_add(b->memory, &all, windows->items[i]);
    ast_list_add(b->memory, &all, period);
    return all;
}

/* `did x at least 3 times in at least 3 of last 4 weeks`. */
static const node *lower_periods(lowering *b, const ast_expr *expr,
                                 const ast_periods *periods, context c)
{
    size_t count = (size_t)periods->count;
    const node **holds = arena_alloc_array(b->memory, count, sizeof *holds);
    for (size_t i = 0; i < count; i++) {
        ast_list windows =
            windows_with_period(b, &expr->modifiers.windows, periods, (int64_t)i + 1);
        holds[i] = lower_did_in(b, expr, &windows, c);
    }
    return lower_so_many(b, periods->times, holds, count, c);
}

const node *lower_did(lowering *b, const ast_expr *expr, context c)
{
    const ast_modifiers *modifiers = &expr->modifiers;
    if (modifiers->periods.count > 0)
        return lower_periods(b, expr, modifiers->periods.items[0], c);
    return lower_negated(b, expr->is_negated,
                         lower_did_in(b, expr, &modifiers->windows, c));
}

/* The value of each row that a selection looks at: its time when it names none. */
static const node *lower_row_value(lowering *b, const ast_selection *s,
                                   const row_set *rows, const node *now)
{
    const meaning *m = s->meaning;
    row_set plain = *rows;
    plain.mask = NULL;
    if (s->value)
        return make_spread(
            b->graph, lower_single(b, s->value, (context){.now = now, .rows = &plain}),
            rows->domain);
    if (m->kind == MEANING_NONE)
        return row_pseudo(b, &plain, PSEUDO_TIME);
    const node *n = m->kind == MEANING_PROPERTY ? row_named_property(b, &plain, m)
                                                : row_pseudo(b, &plain, m->pseudo);
    return lower_part(b, n, m->part);
}

static const node *mask_with_value(lowering *b, const selected *s, const node *row_value)
{
    const node *present = make_unary(b->graph, NODE_IS_PRESENT, BOOLEAN, row_value);
    return s->mask ? make_and(b->graph, s->mask, present) : present;
}

/* An aggregate under construction: the rows that it looks at, and the node of its row in
 * aggregates.def. */
typedef struct aggregation {
    const ast_expr *expr;
    selected rows;
    node_kind node;
    const node *values; /* NULL: what the expression names */
    context c;
} aggregation;

static const node *values_of(lowering *b, const aggregation *a)
{
    return a->values ? a->values
                     : lower_row_value(b, a->expr->selection, a->rows.rows, a->c.now);
}

static const node *fold(lowering *b, const aggregation *a, node_kind kind, type t,
                        const node *row_value)
{
    return make_fold(b->graph, kind, t, a->rows.window, a->rows.mask, row_value);
}

/* How many rows there are, or of which a value is known. */
static const node *count_of(lowering *b, const selected *s, const node *row_value)
{
    const node *mask = row_value ? mask_with_value(b, s, row_value) : s->mask;
    return make_fold(b->graph, NODE_COUNT, WHOLE, s->window, mask, NULL);
}

static value aggregate_fold(lowering *b, const aggregation *a)
{
    return value_of(fold(b, a, a->node, a->expr->meaning->type, values_of(b, a)));
}

static value aggregate_count(lowering *b, const aggregation *a)
{
    const ast_selection *what = a->expr->selection;
    bool has_value = what->value || what->meaning->kind != MEANING_NONE;
    return value_of(count_of(b, &a->rows, has_value ? values_of(b, a) : NULL));
}

static value aggregate_average(lowering *b, const aggregation *a)
{
    const node *row_value = values_of(b, a);
    const node *sum = fold(b, a, a->node, row_value->type, row_value);
    const node *count = count_of(b, &a->rows, row_value);
    if (node_is_exact(sum))
        return (value){.node = sum, .denominator = count};
    return value_of(
        make_binary(b->graph, NODE_DIVIDE, NUMBER, sum, make_to_number(b->graph, count)));
}

static value aggregate_range(lowering *b, const aggregation *a)
{
    const node *row_value = values_of(b, a);
    const node *most = fold(b, a, a->node, row_value->type, row_value);
    const node *least = fold(b, a, NODE_LEAST, row_value->type, row_value);
    return value_of(lower_difference(b, a->expr->meaning->type, most, least));
}

/* Of durations it is one too: to the nearest microsecond. */
static value aggregate_deviation(lowering *b, const aggregation *a)
{
    const node *deviation = fold(b, a, a->node, NUMBER, values_of(b, a));
    type wanted = a->expr->meaning->type;
    if (wanted.kind != TYPE_DURATION)
        return value_of(deviation);
    return value_of(make_unary(b->graph, NODE_TO_DURATION, wanted, deviation));
}

static value aggregate_share(lowering *b, const aggregation *a)
{
    const ast_expr *expr = a->expr;
    selected all =
        lower_selected(b, expr->selection, &expr->modifiers.windows, a->c, false);
    return (value){.node = count_of(b, &a->rows, NULL),
                   .denominator = count_of(b, &all, NULL)};
}

/* The number of the calendar unit that each row lies in. */
const node *unit_numbers(lowering *b, const row_set *rows, calendar_unit unit)
{
    row_set plain = *rows;
    plain.mask = NULL;
    const node *time = row_pseudo(b, &plain, PSEUDO_TIME);
    return graph_node(b->graph, &(node){.kind = NODE_UNIT_NUMBER,
                                        .type = WHOLE,
                                        .domain = plain.domain,
                                        .unit = unit,
                                        .operands = &time,
                                        .operand_count = 1});
}

/* Units that hold such an event, or the longest row of them. */
static value aggregate_units(lowering *b, const aggregation *a)
{
    calendar_unit unit = UNIT_DAY;
    int64_t least = 1, most = INT64_MAX;
    const ast_list *times = &a->expr->modifiers.times;
    aggregate_has_unit(a->expr->aggregate, &unit);
    if (times->count > 0)
        quantity_bounds(times->items[0], &least, &most);
    if (most < 1)
        return value_of(make_integer(b->graph, WHOLE, 0));
    if (least < 1)
        least = 1;
    if (most == INT64_MAX)
        most = 0; /* no limit */
    return value_of(
        make_units(b->graph, a->node, a->rows.window, a->rows.mask, unit, least, most));
}

static int64_t common_divisor(int64_t x, int64_t y)
{
    return y == 0 ? x : common_divisor(y, x % y);
}

/* The share that stands behind the values; without one, a half: the median. Exact values
 * stay a quotient: the fold gives d times the quantile p / d. */
static value aggregate_quantile(lowering *b, const aggregation *a)
{
    const ast_expr *share = a->expr->right;
    int64_t p = share ? share->number.value : 1;
    int64_t d = share ? number_power_of_ten(share->number.scale) : 2;
    int64_t divisor = common_divisor(p, d);
    const node *row_value = values_of(b, a);
    const node *quantile = make_quantile(b->graph, a->rows.window, a->rows.mask,
                                         row_value, p / divisor, d / divisor);
    if (row_value->type.kind == TYPE_NUMBER)
        return value_of(quantile);
    return (value){.node = quantile,
                   .denominator = make_integer(b->graph, WHOLE, d / divisor)};
}

/* What is left at `now` of 1 at the time of each row. */
static const node *lower_weight(lowering *b, const aggregation *a)
{
    row_set plain = *a->rows.rows;
    plain.mask = NULL;
    int64_t half_life = 0;
    calendar_span_microseconds(lower_span(*a->expr->selection->half_life), &half_life);
    const node *age = make_binary(b->graph, NODE_SUBTRACT, DURATION, a->c.now,
                                  row_pseudo(b, &plain, PSEUDO_TIME));
    return graph_node(b->graph, &(node){.kind = NODE_FADED,
                                        .type = NUMBER,
                                        .domain = age->domain,
                                        .half_life = half_life,
                                        .operands = &age,
                                        .operand_count = 1});
}

/* The sum of values that fade, or for a count of ones: as doubles in the order of their
 * events; of durations to the nearest microsecond. */
static value aggregate_fading(lowering *b, const aggregation *a)
{
    const node *each = lower_weight(b, a), *mask = a->rows.mask;
    const ast_selection *what = a->expr->selection;
    bool has_value = what->value || what->meaning->kind != MEANING_NONE;
    if (has_value && a->expr->aggregate == AGGREGATE_COUNT)
        mask = mask_with_value(b, &a->rows, values_of(b, a));
    else if (has_value)
        each
            = make_binary(b->graph, NODE_MULTIPLY, NUMBER,
                          make_to_number(b->graph, values_of(b, a)), each);
    const node *sum = make_fold(b->graph, NODE_SUM, NUMBER, a->rows.window, mask, each);
    if (a->expr->meaning->type.kind == TYPE_DURATION)
        sum = make_unary(b->graph, NODE_TO_DURATION, DURATION, sum);
    return value_of(sum);
}

value lower_aggregate_of(lowering *b, const ast_expr *expr, selected selection,
                         const node *values, context c)
{
    static const struct {
        value (*lower)(lowering *b, const aggregation *a);
        node_kind node;
    } rows[] = {
#define X(name, spelling, takes, with, result, nothing, lowering, node, meaning,         \
          example)                                                                       \
    {aggregate_##lowering, NODE_##node},
#include "lang/aggregates.def"
#undef X
    };
    aggregation a = {.expr = expr,
                     .rows = selection,
                     .node = rows[expr->aggregate].node,
                     .values = values,
                     .c = c};
    return rows[expr->aggregate].lower(b, &a);
}

value lower_aggregate(lowering *b, const ast_expr *expr, context c)
{
    selected rows = lower_selected(b, expr->selection, &expr->modifiers.windows, c, true);
    aggregation fading = {.expr = expr, .rows = rows, .c = c};
    return expr->selection->half_life ? aggregate_fading(b, &fading)
                                      : lower_aggregate_of(b, expr, rows, NULL, c);
}

const node *lower_pick(lowering *b, const ast_expr *expr, context c)
{
    selected s = lower_selected(b, expr->selection, &expr->modifiers.windows, c, true);
    const node *row_value = lower_row_value(b, expr->selection, s.rows, c.now);
    return make_fold(b->graph, expr->is_last ? NODE_LAST : NODE_FIRST,
                     expr->meaning->type, s.window, s.mask, row_value);
}
