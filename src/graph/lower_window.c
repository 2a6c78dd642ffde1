/* SPDX-License-Identifier: MIT
 *
 * Windows to two ends each. A date stands for its whole local day: as a lower end for its
 * first instant, as an upper end for the first instant of the next day, which is out.
 */
#include "graph/lowering.h"

static const type BOOLEAN = { TYPE_BOOL, 0 };

static calendar_span scaled_span(ast_duration d, int64_t factor)
{
    calendar_span span = { d.count.value * factor, d.unit };
    int64_t exact;
    if (d.count.scale == 0)
        return span;
    calendar_span_microseconds((calendar_span){ d.count.value, d.unit }, &exact);
    for (unsigned i = 0; i < d.count.scale; i++)
        exact /= 10;
    return (calendar_span){ exact * factor, UNIT_SECOND };
}

/* now + factor * duration. A fraction of a unit was brought to microseconds. */
static const node *moved(lowering *b, const node *moment, ast_duration d, int64_t factor)
{
    calendar_span span = scaled_span(d, factor);
    if (d.count.scale == 0)
        return make_move(b->graph, moment, span);
    const node *by = make_integer(b->graph, (type){ TYPE_DURATION, 0 }, span.count);
    return make_binary(b->graph, NODE_ADD, moment->type, moment, by);
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

static bounds units(lowering *b, const node *time, calendar_unit unit, int64_t from, int64_t to)
{
    return (bounds){ .lower = make_unit_start(b->graph, time, unit, from),
                     .upper = make_unit_start(b->graph, time, unit, to),
                     .lower_in = true };
}

static bounds within(lowering *b, const ast_window *w, context c)
{
    const node *anchor = lower_single(b, w->from, c);
    bounds out = { 0 };
    begin_at(b, &out, anchor, false);
    end_at(b, &out, anchor, false);
    if (w->kind != WINDOW_WITHIN_AFTER)
        out.lower = moved(b, out.lower, w->duration, -1);
    if (w->kind != WINDOW_WITHIN_BEFORE)
        out.upper = moved(b, out.upper, w->duration, 1);
    return out;
}

bounds lower_bounds(lowering *b, const ast_window *w, context c)
{
    bounds out = { 0 };
    switch (w->kind) {
    case WINDOW_IN_LAST:
        return (bounds){ moved(b, c.now, w->duration, -1), c.now, false, true };
    case WINDOW_IN_PREVIOUS:
        return (bounds){ moved(b, c.now, w->duration, -2), moved(b, c.now, w->duration, -1),
                         false, true };
    case WINDOW_IN_NEXT:
        return (bounds){ c.now, moved(b, c.now, w->duration, 1), false, true };
    case WINDOW_LAST_FULL: return units(b, c.now, w->unit, -w->count, 0);
    case WINDOW_IN_THIS: return units(b, c.now, w->unit, 0, 1);
    case WINDOW_TODAY: return units(b, c.now, UNIT_DAY, 0, 1);
    case WINDOW_YESTERDAY: return units(b, c.now, UNIT_DAY, -1, 0);
    case WINDOW_BETWEEN:
        begin_at(b, &out, lower_single(b, w->from, c), false);
        end_at(b, &out, lower_single(b, w->to, c), false);
        return out;
    case WINDOW_ON:
        begin_at(b, &out, lower_single(b, w->from, c), false);
        end_at(b, &out, lower_single(b, w->from, c), false);
        return out;
    case WINDOW_SINCE: begin_at(b, &out, lower_single(b, w->from, c), false); return out;
    case WINDOW_AFTER: begin_at(b, &out, lower_single(b, w->from, c), true); return out;
    case WINDOW_BEFORE: end_at(b, &out, lower_single(b, w->from, c), true); return out;
    case WINDOW_WITHIN_OF:
    case WINDOW_WITHIN_AFTER:
    case WINDOW_WITHIN_BEFORE: return within(b, w, c);
    default: return out; /* refused by check */
    }
}

/* Is the end certainly not behind `now`, so that the window need not be cut there? */
static bool is_not_after(const node *end, const node *now)
{
    if (end == now)
        return true;
    bool moves_back = end->kind == NODE_MOVE_TIME && end->span.count <= 0;
    bool starts_unit = end->kind == NODE_UNIT_START && end->integer <= 0;
    return (moves_back || starts_unit) && end->operands[0] == now;
}

static const node *window_rows(lowering *b, uint32_t rows, bounds w, const node *now)
{
    if (!w.upper)
        return make_window(b->graph, rows, w.lower, w.lower_in, now, true);
    const node *window = make_window(b->graph, rows, w.lower, w.lower_in, w.upper, w.upper_in);
    if (is_not_after(w.upper, now))
        return window;
    return make_both_windows(b->graph, window,
                             make_window(b->graph, rows, NULL, false, now, true));
}

const node *lower_windows(lowering *b, const row_set *rows, const ast_list *windows, context c)
{
    const node *real_now = make_now(b->graph);
    const node *all = NULL;
    for (size_t i = 0; i < windows->count; i++) {
        bounds w = lower_bounds(b, windows->items[i], c);
        const node *window = window_rows(b, rows->domain, w, c.now);
        all = all ? make_both_windows(b->graph, all, window) : window;
    }
    if (!all)
        all = make_window(b->graph, rows->domain, NULL, false, c.now, true);
    if (!is_not_after(c.now, real_now)) /* `as of` an instant that may lie ahead */
        all = make_both_windows(b->graph, all,
                                make_window(b->graph, rows->domain, NULL, false, real_now, true));
    return all;
}

static const node *at_or_after(lowering *b, const node *moment, const node *lower, bool lower_in)
{
    return make_binary(b->graph, lower_in ? NODE_LESS_OR_EQUAL : NODE_LESS, BOOLEAN, lower, moment);
}

static const node *at_or_before(lowering *b, const node *moment, const node *upper, bool upper_in)
{
    return make_binary(b->graph, upper_in ? NODE_LESS_OR_EQUAL : NODE_LESS, BOOLEAN, moment, upper);
}

const node *lower_in_window(lowering *b, const ast_expr *expr, const ast_window *window, context c)
{
    const node *moment = lower_single(b, expr, c);
    bounds w = lower_bounds(b, window, c);
    const node *first = moment, *last = moment;
    if (moment->type.kind == TYPE_DATE) { /* in when any instant of its day is */
        const node *tick = make_integer(b->graph, (type){ TYPE_DURATION, 0 }, 1);
        const node *next = make_day_start(b->graph, moment, 1);
        first = make_day_start(b->graph, moment, 0);
        last = make_binary(b->graph, NODE_SUBTRACT, next->type, next, tick);
    }
    const node *holds = make_bool(b->graph, true);
    if (w.lower)
        holds = make_and(b->graph, holds, at_or_after(b, last, w.lower, w.lower_in));
    if (w.upper)
        holds = make_and(b->graph, holds, at_or_before(b, first, w.upper, w.upper_in));
    return holds;
}
