/* SPDX-License-Identifier: MIT
 *
 * Windows to two ends each. A date stands for its whole local day: as a lower end for its
 * first instant, as an upper end for the first instant of the next day, which is out.
 */
#include "graph/lowering.h"

#include <string.h>

#include "base/number.h"

static const type BOOLEAN = {TYPE_BOOL, 0};

/* `1.5 hours` in whole seconds; check refuses what is finer. */
calendar_span lower_span(ast_duration d)
{
    int64_t exact = 0;
    if (d.count.scale == 0)
        return (calendar_span){d.count.value, d.unit};
    calendar_span_microseconds((calendar_span){d.count.value, d.unit}, &exact);
    exact /= number_power_of_ten(d.count.scale);
    return (calendar_span){exact / MICROSECONDS_PER_SECOND, UNIT_SECOND};
}

/* now + factor * duration. */
static const node *moved(lowering *b, const node *moment, ast_duration d, int64_t factor)
{
    calendar_span span = lower_span(d);
    span.count *= factor;
    return make_move(b->graph, moment, span);
}

const node *lower_instant(lowering *b, const ast_expr *expr, context c)
{
    const node *moment = lower_single(b, expr, c);
    return moment->type.kind == TYPE_DATE ? make_day_start(b->graph, moment, 0) : moment;
}

/* The lower end of a window that begins with (or, after_it, behind) a moment. */
static void begin_at(lowering *b, bounds *out, const node *moment, bool after_it)
{
    bool is_date = moment->type.kind == TYPE_DATE;
    out->lower = is_date ? make_day_start(b->graph, moment, after_it ? 1 : 0) : moment;
    out->lower_in = is_date || !after_it;
}

static void end_at(lowering *b, bounds *out, const node *moment, bool before_it)
{
    bool is_date = moment->type.kind == TYPE_DATE;
    out->upper = is_date ? make_day_start(b->graph, moment, before_it ? 0 : 1) : moment;
    out->upper_in = !is_date && !before_it;
}

/* A whole unit near a moment. */
static bounds unit_near(lowering *b, const ast_window *w, int64_t units, context c)
{
    c.by_calendar = w->unit >= UNIT_DAY;
    const node *time = lower_instant(b, w->from, c);
    return (bounds){.lower = make_unit_start(b->graph, time, w->unit, units),
                    .upper = make_unit_start(b->graph, time, w->unit, units + 1),
                    .lower_in = true};
}

static bounds units(lowering *b, const node *time, calendar_unit unit, int64_t from,
                    int64_t to)
{
    return (bounds){.lower = make_unit_start(b->graph, time, unit, from),
                    .upper = make_unit_start(b->graph, time, unit, to),
                    .lower_in = true};
}

static bounds within(lowering *b, const ast_window *w, context c)
{
    const node *anchor = lower_single(b, w->from, c);
    bounds out = {0};
    begin_at(b, &out, anchor, false);
    end_at(b, &out, anchor, false);
    if (w->kind != WINDOW_WITHIN_AFTER)
        out.lower = moved(b, out.lower, w->duration, -1);
    if (w->kind == WINDOW_WITHIN_BEFORE)
        return out;
    if (!out.upper_in) { /* of a day: from its last instant, so that months end with months */
        const node *tick = make_integer(b->graph, (type){TYPE_DURATION, 0}, 1);
        out.upper =
            make_binary(b->graph, NODE_SUBTRACT, out.upper->type, out.upper, tick);
        out.upper_in = true;
    }
    out.upper = moved(b, out.upper, w->duration, 1);
    return out;
}

/* One of `last 4 weeks`: reckoned from now, or whole. */
static bounds period(lowering *b, const ast_window *w, context c)
{
    if (w->is_full)
        return units(b, c.now, w->unit, -w->count, 1 - w->count);
    return (bounds){make_move(b->graph, c.now, (calendar_span){-w->count, w->unit}),
                    make_move(b->graph, c.now, (calendar_span){1 - w->count, w->unit}),
                    false, true};
}

bounds lower_bounds(lowering *b, const ast_window *w, context c)
{
    bounds out = {0};
    switch (w->kind) {
    case WINDOW_IN_LAST:
        return (bounds){moved(b, c.now, w->duration, -1), c.now, false, true};
    case WINDOW_IN_PREVIOUS:
        return (bounds){moved(b, c.now, w->duration, -2),
                        moved(b, c.now, w->duration, -1), false, true};
    case WINDOW_IN_NEXT:
        return (bounds){c.now, moved(b, c.now, w->duration, 1), false, true};
    case WINDOW_LAST_FULL: return units(b, c.now, w->unit, -w->count, 0);
    case WINDOW_PERIOD: return period(b, w, c);
    case WINDOW_NEXT_FULL: return units(b, c.now, w->unit, 1, w->count + 1);
    case WINDOW_IN_THIS: return units(b, c.now, w->unit, 0, 1);
    case WINDOW_TODAY: return units(b, c.now, UNIT_DAY, 0, 1);
    case WINDOW_YESTERDAY: return units(b, c.now, UNIT_DAY, -1, 0);
    case WINDOW_TOMORROW: return units(b, c.now, UNIT_DAY, 1, 2);
    case WINDOW_UNIT_OF: return unit_near(b, w, 0, c);
    case WINDOW_UNIT_AFTER: return unit_near(b, w, 1, c);
    case WINDOW_UNIT_BEFORE: return unit_near(b, w, -1, c);
    case WINDOW_BETWEEN:
        begin_at(b, &out, lower_single(b, w->from, c), false);
        end_at(b, &out, lower_single(b, w->to, c), false);
        return out;
    case WINDOW_ON:
        begin_at(b, &out, lower_single(b, w->from, c), false);
        end_at(b, &out, lower_single(b, w->from, c), false);
        return out;
    case WINDOW_SINCE:
        begin_at(b, &out, lower_single(b, w->from, c), false);
        out.upper = c.now;
        out.upper_in = true;
        return out;
    case WINDOW_AT_OR_AFTER:
        begin_at(b, &out, lower_single(b, w->from, c), false);
        return out;
    case WINDOW_UNTIL: end_at(b, &out, lower_single(b, w->from, c), false); return out;
    case WINDOW_AFTER: begin_at(b, &out, lower_single(b, w->from, c), true); return out;
    case WINDOW_BEFORE: end_at(b, &out, lower_single(b, w->from, c), true); return out;
    case WINDOW_WITHIN_OF:
    case WINDOW_WITHIN_AFTER:
    case WINDOW_WITHIN_BEFORE: return within(b, w, c);
    default: return out; /* refused by check */
    }
}

/* An instant that lies an exact length (in seconds) behind another one, or is that one. */
typedef struct distance {
    const node *from;
    int64_t seconds;
} distance;

static distance distance_of(const node *instant)
{
    bool is_moved = instant->kind == NODE_MOVE_TIME && instant->move.unit == UNIT_SECOND;
    return is_moved ? (distance){instant->operands[0], instant->move.count}
                    : (distance){instant, 0};
}

/* Is the end certainly not behind `now`, so that the window need not be cut there? */
static bool is_not_after(const node *end, const node *now)
{
    distance of_end = distance_of(end), of_now = distance_of(now);
    if (end == now || end->kind == NODE_ROW_TIME) /* rows behind it do not count */
        return true;
    if (of_end.from == of_now.from)
        return of_end.seconds <= of_now.seconds;
    bool moves_back = end->kind == NODE_MOVE_TIME && end->move.count <= 0;
    bool starts_unit = end->kind == NODE_UNIT_START && end->unit_start.count <= 0;
    return (moves_back || starts_unit) && end->operands[0] == now;
}

static const node *window_rows(lowering *b, uint32_t rows, bounds w, const node *now)
{
    if (!w.upper)
        return make_window(b->graph, rows, w.lower, w.lower_in, now, true);
    const node *window =
        make_window(b->graph, rows, w.lower, w.lower_in, w.upper, w.upper_in);
    if (is_not_after(w.upper, now))
        return window;
    return make_both_windows(b->graph, window,
                             make_window(b->graph, rows, NULL, false, now, true));
}

static const node *horizon(lowering *b)
{
    return b->horizon ? b->horizon : make_now(b->graph);
}

const node *lower_until(lowering *b, const node *now)
{
    const node *end = horizon(b);
    return is_not_after(now, end)
               ? now
               : make_binary(b->graph, NODE_SMALLER, now->type, now, end);
}

const node *lower_enter(lowering *b, const node *then, const node *now)
{
    const node *before = b->horizon, *end = lower_until(b, now);
    b->horizon = is_not_after(then, end) ? NULL : end; /* `then` itself is end enough */
    return before;
}

const node *lower_history(lowering *b, uint32_t rows, const node *now)
{
    const node *end = horizon(b),
               *all = make_window(b->graph, rows, NULL, false, now, true);
    if (is_not_after(now, end))
        return all;
    /* `as of` an instant that may lie ahead */
    return make_both_windows(b->graph, all,
                             make_window(b->graph, rows, NULL, false, end, true));
}

const node *lower_happened(lowering *b, const row_set *rows, const node *now)
{
    const node *end = horizon(b), *time = row_pseudo(b, rows, PSEUDO_TIME);
    const node *happened = make_binary(b->graph, NODE_LESS_OR_EQUAL, BOOLEAN, time, now);
    if (is_not_after(now, end))
        return happened;
    return make_and(b->graph, happened,
                    make_binary(b->graph, NODE_LESS_OR_EQUAL, BOOLEAN, time, end));
}

/* ---- windows that are no interval: conditions on each row --------------- */

size_t lower_occasion(lowering *b, const ast_decl *decl)
{
    static const occasion_kind kinds[] = {
        [OCCASION_DAY] = OCCASION_EVERY_DAY,
        [OCCASION_SPAN] = OCCASION_EVERY_SPAN,
        [OCCASION_WEEKDAY] = OCCASION_EVERY_WEEKDAY,
        [OCCASION_DATES] = OCCASION_ON_DATES,
    };
    const ast_occasion *from = &decl->occasion;
    occasion o = {.kind = kinds[from->kind],
                  .ordinal = from->ordinal,
                  .weekday = from->weekday,
                  .first_month = from->first.month,
                  .first_day = from->first.day,
                  .last_month = from->last.month,
                  .last_day = from->last.day};
    if (o.kind == OCCASION_EVERY_WEEKDAY)
        o.first_month = from->month;
    int64_t *dates = arena_alloc_array(b->memory, from->dates.count + 1, sizeof *dates);
    for (size_t i = 0; i < from->dates.count; i++) { /* in order, each once */
        int64_t date = ((const ast_expr *)from->dates.items[i])->time;
        size_t at = o.date_count;
        while (at > 0 && dates[at - 1] >= date)
            at--;
        if (at < o.date_count && dates[at] == date)
            continue;
        memmove(dates + at + 1, dates + at, (o.date_count - at) * sizeof *dates);
        dates[at] = date;
        o.date_count++;
    }
    o.dates = dates;
    return graph_occasion(b->graph, &o);
}

static const node *during(lowering *b, const node *moment, const ast_window *window)
{
    const node *date = moment;
    if (moment->type.kind == TYPE_TIME)
        date = make_unary(b->graph, NODE_LOCAL_DATE, (type){TYPE_DATE, 0}, moment);
    size_t number = lower_occasion(b, rulebook_find(b->book, window->name.text));
    return graph_node(b->graph, &(node){.kind = NODE_IN_OCCASION,
                                        .type = BOOLEAN,
                                        .domain = date->domain,
                                        .occasion = number,
                                        .operands = &date,
                                        .operand_count = 1});
}

/* Near any event of a step: does each row have such a neighbour? */
static const node *near_any(lowering *b, const row_set *rows, const ast_window *w,
                            context c)
{
    static const near_side sides[] = {NEAR_AROUND, NEAR_AFTER, NEAR_BEFORE};
    vantage from = {c.now, graph_group_of(b->graph, rows->domain), NULL};
    const row_set *others = lower_step(b, w->step, from, true);
    row_set plain = *others, own = *rows;
    plain.mask = own.mask = NULL;
    const node *operands[3];
    const node *happened = lower_happened(b, &plain, c.now);
    operands[0] = others->mask ? make_and(b->graph, happened, others->mask) : happened;
    size_t count = 1;
    if (w->same.text) {
        operands[count++] = make_comparable(
            b->graph,
            make_spread(b->graph, row_property(b, &own, w->same.text), rows->domain));
        operands[count++] = make_comparable(
            b->graph,
            make_spread(b->graph, row_property(b, &plain, w->same.text), others->domain));
    }
    return graph_node(b->graph, &(node){.kind = NODE_NEAR,
                                        .type = BOOLEAN,
                                        .domain = rows->domain,
                                        .rows = others->domain,
                                        .near = {lower_span(w->duration),
                                                 sides[w->kind - WINDOW_WITHIN_OF]},
                                        .operands = operands,
                                        .operand_count = count});
}

/* The window's condition on each row, or NULL when it is an interval. */
static const node *row_condition(lowering *b, const row_set *rows, const ast_window *w,
                                 context c)
{
    row_set plain = *rows;
    plain.mask = NULL;
    if (w->kind == WINDOW_DURING)
        return during(b, row_pseudo(b, &plain, PSEUDO_TIME), w);
    return w->step ? near_any(b, rows, w, c) : NULL;
}

static const node *newest(lowering *b, const row_set *rows, const ast_window *w,
                          context c)
{
    const node *history = lower_history(b, rows->domain, c.now);
    return graph_node(b->graph, &(node){.kind = NODE_NEWEST,
                                        .domain = history->domain,
                                        .rows = rows->domain,
                                        .newest = w->count,
                                        .operands = &history,
                                        .operand_count = 1});
}

const node *lower_windows(lowering *b, const row_set *rows, const ast_list *windows,
                          context c, const node **mask)
{
    const node *all = NULL;
    for (size_t i = 0; i < windows->count; i++) {
        const ast_window *w = windows->items[i];
        const node *condition = row_condition(b, rows, w, c);
        if (condition) {
            *mask = *mask ? make_and(b->graph, *mask, condition) : condition;
            continue;
        }
        const node *window =
            w->kind == WINDOW_LAST_EVENTS
                ? newest(b, rows, w, c)
                : window_rows(b, rows->domain, lower_bounds(b, w, c), c.now);
        all = all ? make_both_windows(b->graph, all, window) : window;
    }
    const node *history = lower_history(b, rows->domain, c.now);
    if (!all)
        return history;
    return is_not_after(c.now, make_now(b->graph))
               ? all
               : make_both_windows(b->graph, all, history);
}

/* From the first to the last instant of a day, or of what a window has of it. */
typedef struct closed {
    const node *first, *last; /* or NULL */
} closed;

static const node *ticks(lowering *b, const node *instant, node_kind add_or_subtract)
{
    const node *tick = make_integer(b->graph, (type){TYPE_DURATION, 0}, 1);
    return make_binary(b->graph, add_or_subtract, instant->type, instant, tick);
}

static closed closed_bounds(lowering *b, bounds w)
{
    closed c = {w.lower, w.upper};
    if (w.lower && !w.lower_in)
        c.first = ticks(b, w.lower, NODE_ADD);
    if (w.upper && !w.upper_in)
        c.last = ticks(b, w.upper, NODE_SUBTRACT);
    return c;
}

/* Is any instant of a date's day in the window? Neither has to have one: there are days
 * that a zone left out. */
static const node *day_in_window(lowering *b, const node *date, bounds w)
{
    closed window = closed_bounds(b, w);
    const node *first = make_day_start(b->graph, date, 0);
    const node *last = ticks(b, make_day_start(b->graph, date, 1), NODE_SUBTRACT);
    if (window.first)
        first = make_binary(b->graph, NODE_LARGER, first->type, first, window.first);
    if (window.last)
        last = make_binary(b->graph, NODE_SMALLER, last->type, last, window.last);
    return make_binary(b->graph, NODE_LESS_OR_EQUAL, BOOLEAN, first, last);
}

static const node *time_in_window(lowering *b, const node *time, bounds w)
{
    graph *g = b->graph;
    const node *holds = make_bool(g, true);
    if (w.lower)
        holds = make_and(g, holds,
                         make_binary(g, w.lower_in ? NODE_LESS_OR_EQUAL : NODE_LESS,
                                     BOOLEAN, w.lower, time));
    if (w.upper)
        holds = make_and(g, holds,
                         make_binary(g, w.upper_in ? NODE_LESS_OR_EQUAL : NODE_LESS,
                                     BOOLEAN, time, w.upper));
    return holds;
}

static const node *moment_in_window(lowering *b, const node *moment, const ast_window *w,
                                    context c)
{
    if (w->kind == WINDOW_DURING)
        return during(b, moment, w);
    bounds ends = lower_bounds(b, w, c);
    return moment->type.kind == TYPE_DATE ? day_in_window(b, moment, ends)
                                          : time_in_window(b, moment, ends);
}

const node *lower_in_windows(lowering *b, const ast_expr *expr, const ast_list *windows,
                             context c)
{
    const node *moment = lower_single(b, expr, c), *all = NULL;
    for (size_t i = 0; i < windows->count; i++) {
        const node *holds = moment_in_window(b, moment, windows->items[i], c);
        all = all ? make_and(b->graph, all, holds) : holds;
    }
    return all;
}
