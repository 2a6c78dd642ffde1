/* SPDX-License-Identifier: MIT
 *
 * What people did: `did`, aggregates, `first` and `last`, as folds over the rows that lie
 * in the windows.
 */
#include <string.h>

#include "base/number.h"
#include "graph/lowering.h"

static const type BOOLEAN = {TYPE_BOOL, 0};
static const type WHOLE = {TYPE_DECIMAL, 0};
static const type NUMBER = {TYPE_NUMBER, 0};

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

const node *lower_did(lowering *b, const ast_expr *expr, context c)
{
    const node *count = lower_count(b, expr->selection, &expr->modifiers.windows, c);
    ast_times once = {QUANTITY_AT_LEAST, 1, expr->where};
    const ast_times *times =
        expr->modifiers.times.count > 0 ? expr->modifiers.times.items[0] : &once;
    const node *wanted = make_integer(b->graph, WHOLE, times->count);
    const node *holds = lower_compare(b, compare_of(times->quantity), value_of(count),
                                      value_of(wanted), c);
    return lower_negated(b, expr->is_negated, holds);
}

/* The value of each row that a selection looks at: its time when it names none. */
static const node *lower_row_value(lowering *b, const ast_selection *s,
                                   const row_set *rows, const node *now)
{
    const meaning *m = s->meaning;
    row_set plain = *rows;
    plain.mask = NULL;
    if (s->value)
        return make_spread(b->graph, lower_single(b, s->value, (context){now, &plain}),
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

static value lower_average(lowering *b, const selected *s, const node *row_value)
{
    const node *sum =
        make_fold(b->graph, NODE_SUM, row_value->type, s->window, s->mask, row_value);
    const node *count = make_fold(b->graph, NODE_COUNT, WHOLE, s->window,
                                  mask_with_value(b, s, row_value), NULL);
    if (node_is_exact(sum))
        return (value){.node = sum, .denominator = count};
    return value_of(
        make_binary(b->graph, NODE_DIVIDE, NUMBER, sum, make_to_number(b->graph, count)));
}

static value lower_share(lowering *b, const ast_expr *expr, const selected *s, context c)
{
    selected all = lower_selected(b, expr->selection, &expr->modifiers.windows, c, false);
    return (value){
        .node = make_fold(b->graph, NODE_COUNT, WHOLE, s->window, s->mask, NULL),
        .denominator = make_fold(b->graph, NODE_COUNT, WHOLE, all.window, all.mask, NULL),
    };
}

/* How many rows a unit has to hold: at least one, and what `at least n times` says. */
static void run_length(const ast_modifiers *modifiers, int64_t *least, int64_t *most)
{
    *least = 1;
    *most = 0;
    if (modifiers->times.count == 0)
        return;
    const ast_times *times = modifiers->times.items[0];
    switch (times->quantity) {
    case QUANTITY_AT_LEAST: *least = times->count; break;
    case QUANTITY_MORE_THAN: *least = times->count + 1; break;
    case QUANTITY_AT_MOST: *most = times->count; break;
    case QUANTITY_FEWER_THAN: *most = times->count - 1; break;
    case QUANTITY_EXACTLY: *least = *most = times->count; break;
    }
    if (*least < 1)
        *least = 1;
}

/* Units that hold such an event, or the longest row of them: runs of one unit number. */
static const node *lower_units(lowering *b, const ast_expr *expr, node_kind kind,
                               calendar_unit unit, const selected *s)
{
    row_set plain = *s->rows;
    plain.mask = NULL;
    const node *time = row_pseudo(b, &plain, PSEUDO_TIME);
    const node *number = graph_node(b->graph, &(node){.kind = NODE_UNIT_NUMBER,
                                                      .type = WHOLE,
                                                      .domain = plain.domain,
                                                      .span = {1, unit},
                                                      .operands = &time,
                                                      .operand_count = 1});
    int64_t least, most;
    run_length(&expr->modifiers, &least, &most);
    bool none_fits = expr->modifiers.times.count > 0 && most == 0 &&
                     ((const ast_times *)expr->modifiers.times.items[0])->quantity !=
                         QUANTITY_AT_LEAST &&
                     ((const ast_times *)expr->modifiers.times.items[0])->quantity !=
                         QUANTITY_MORE_THAN;
    if (none_fits || most < 0)
        return make_integer(b->graph, WHOLE, 0);
    return make_runs(b->graph, kind, s->window, s->mask, number, least, most);
}

/* Exact values stay a quotient: the fold gives d times the quantile p / d. */
static value lower_quantile(lowering *b, const selected *s, const node *row_value,
                            int64_t p, int64_t d)
{
    int64_t x = p, y = d;
    while (y != 0) {
        int64_t rest = x % y;
        x = y;
        y = rest;
    }
    p /= x;
    d /= x;
    const node *quantile = make_quantile(b->graph, s->window, s->mask, row_value, p, d);
    if (row_value->type.kind == TYPE_NUMBER)
        return value_of(quantile);
    return (value){.node = quantile, .denominator = make_integer(b->graph, WHOLE, d)};
}

/* Of durations it is one too: to the nearest microsecond. */
static value lower_deviation(lowering *b, const selected *s, const node *row_value)
{
    const node *deviation =
        make_fold(b->graph, NODE_STDDEV, NUMBER, s->window, s->mask, row_value);
    if (row_value->type.kind != TYPE_DURATION)
        return value_of(deviation);
    return value_of(make_unary(b->graph, NODE_TO_DURATION, row_value->type, deviation));
}

/* Which fold an aggregate is, by name; those that take more are built above. */
static bool plain_fold(const char *name, node_kind *kind)
{
    static const struct {
        const char *name;
        node_kind kind;
    } folds[] = {
        {"sum", NODE_SUM},
        {"min", NODE_LEAST},
        {"max", NODE_GREATEST},
        {"distinct", NODE_DISTINCT},
        {"first", NODE_FIRST},
        {"last", NODE_LAST},
        {"most_common", NODE_MOST_COMMON},
    };
    for (size_t i = 0; i < sizeof folds / sizeof *folds; i++)
        if (strcmp(folds[i].name, name) == 0) {
            *kind = folds[i].kind;
            return true;
        }
    return false;
}

/* `days_with` counts units, `days_in_a_row` is the longest streak of them. */
static bool unit_aggregate(const char *name, node_kind *kind, calendar_unit *unit)
{
    static const struct {
        const char *plural;
        calendar_unit unit;
    } units[] = {
        {"days_", UNIT_DAY},         {"weeks_", UNIT_WEEK}, {"months_", UNIT_MONTH},
        {"quarters_", UNIT_QUARTER}, {"years_", UNIT_YEAR},
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t size = strlen(units[i].plural);
        if (strncmp(units[i].plural, name, size) != 0)
            continue;
        *unit = units[i].unit;
        *kind = strcmp(name + size, "with") == 0 ? NODE_RUNS : NODE_LONGEST_RUN;
        return true;
    }
    return false;
}

value lower_aggregate(lowering *b, const ast_expr *expr, context c)
{
    const ast_selection *what = expr->selection;
    const char *name = expr->text.text;
    selected s = lower_selected(b, what, &expr->modifiers.windows, c, true);
    node_kind fold;
    calendar_unit unit;
    if (unit_aggregate(name, &fold, &unit))
        return value_of(lower_units(b, expr, fold, unit, &s));
    if (strcmp(name, "share") == 0)
        return lower_share(b, expr, &s, c);
    bool has_value = what->value || what->meaning->kind != MEANING_NONE;
    if (strcmp(name, "count") == 0 && !has_value)
        return value_of(make_fold(b->graph, NODE_COUNT, WHOLE, s.window, s.mask, NULL));
    const node *row_value = lower_row_value(b, what, s.rows, c.now);
    if (strcmp(name, "count") == 0)
        return value_of(make_fold(b->graph, NODE_COUNT, WHOLE, s.window,
                                  mask_with_value(b, &s, row_value), NULL));
    if (strcmp(name, "median") == 0)
        return lower_quantile(b, &s, row_value, 1, 2);
    if (strcmp(name, "quantile") == 0)
        return lower_quantile(b, &s, row_value, expr->right->number.value,
                              number_power_of_ten(expr->right->number.scale));
    if (strcmp(name, "stddev") == 0)
        return lower_deviation(b, &s, row_value);
    if (plain_fold(name, &fold))
        return value_of(
            make_fold(b->graph, fold, expr->meaning->type, s.window, s.mask, row_value));
    return lower_average(b, &s, row_value);
}

const node *lower_pick(lowering *b, const ast_expr *expr, context c)
{
    selected s = lower_selected(b, expr->selection, &expr->modifiers.windows, c, true);
    const node *row_value = lower_row_value(b, expr->selection, s.rows, c.now);
    return make_fold(b->graph, expr->is_last ? NODE_LAST : NODE_FIRST,
                     expr->meaning->type, s.window, s.mask, row_value);
}
