/* SPDX-License-Identifier: MIT
 *
 * By the calendar a length has bounds only: a month has 28 to 31 days.
 */
#include "lang/reach.h"

int64_t duration_length(const ast_duration *d, bool longest)
{
    enum {
        MOST = 100000,
        DAYLIGHT_HOURS = 3 /* how much a change of the clock can add or take */
    };
    int64_t exact = 0;
    if (d->count.value <= 0 || d->count.value > MOST || d->count.scale > 0)
        return REACH_OPEN;
    if (d->unit < UNIT_MONTH)
        return calendar_span_microseconds((calendar_span){d->count.value, d->unit},
                                          &exact)
                   ? exact
                   : REACH_OPEN;
    int64_t days = d->count.value * calendar_unit_days(d->unit, longest);
    int64_t slack = DAYLIGHT_HOURS * (MICROSECONDS_PER_DAY / 24);
    return days * MICROSECONDS_PER_DAY + (longest ? slack : -slack);
}

static void begin_at(reach *r, const ast_expr *from, bool is_out)
{
    if (from->kind == EXPR_AGO) {
        r->oldest = duration_length(&from->duration, true);
        r->is_oldest_out = is_out;
    } else if (from->kind == EXPR_NOW) {
        r->oldest = 0;
        r->is_oldest_out = is_out;
    } else if (from->kind == EXPR_DATE) {
        r->first_day = from->time + is_out;
    }
}

static void end_at(reach *r, const ast_expr *to, bool is_out)
{
    int64_t length =
        to->kind == EXPR_AGO ? duration_length(&to->duration, false) : REACH_OPEN;
    r->is_newest_out = is_out;
    if (to->kind == EXPR_NOW)
        r->newest = 0;
    else if (length != REACH_OPEN)
        r->newest = length;
    else if (to->kind == EXPR_DATE)
        r->last_day = to->time - is_out;
}

reach window_reach(const ast_window *window)
{
    reach r = {.oldest = REACH_OPEN,
               .newest = -REACH_OPEN,
               .first_day = -REACH_OPEN,
               .last_day = REACH_OPEN};
    switch (window->kind) {
    case WINDOW_IN_LAST:
        r.oldest = duration_length(&window->duration, true);
        r.is_oldest_out = true;
        r.newest = 0;
        break;
    case WINDOW_IN_NEXT:
    case WINDOW_NEXT_FULL:
    case WINDOW_TOMORROW:
        r.oldest = 0;
        r.is_oldest_out = true;
        break;
    case WINDOW_LAST_FULL:
    case WINDOW_YESTERDAY: r.newest = 0; break;
    case WINDOW_IN_PREVIOUS:
        r.newest = duration_length(&window->duration, false);
        if (r.newest == REACH_OPEN)
            r.newest = 0;
        break;
    case WINDOW_BETWEEN:
        begin_at(&r, window->from, false);
        end_at(&r, window->to, false);
        break;
    case WINDOW_SINCE:
        begin_at(&r, window->from, false);
        r.newest = 0;
        break;
    case WINDOW_AT_OR_AFTER: begin_at(&r, window->from, false); break;
    case WINDOW_UNTIL: end_at(&r, window->from, false); break;
    case WINDOW_AFTER: begin_at(&r, window->from, true); break;
    case WINDOW_BEFORE: end_at(&r, window->from, true); break;
    case WINDOW_ON:
        begin_at(&r, window->from, false);
        end_at(&r, window->from, false);
        break;
    default: break;
    }
    return r;
}
