/* SPDX-License-Identifier: MIT
 *
 * Windows of one event all have to hold, so two that never meet are a mistake. Two axes
 * are looked at: how long before now, and the days of the calendar; what is not certain
 * (a month has 28 to 31 days) is not said.
 */
#include "lang/checker.h"

static const int64_t OPEN = INT64_MAX;

/* What is certain about a window, as distances before now in microseconds, or as days:
 * nothing in it is further away than `oldest`, nothing nearer than `newest`. */
typedef struct reach {
    int64_t oldest, newest;      /* before now; OPEN: no such end */
    bool is_oldest_out;          /* the far end itself is not in it */
    int64_t first_day, last_day; /* since 1970; OPEN and -OPEN: no such end */
} reach;

/* The longest, or shortest, that the duration can be. */
static int64_t length_of(const ast_duration *d, bool longest)
{
    static const int64_t longest_days[] = {
        [UNIT_MONTH] = 31, [UNIT_QUARTER] = 92, [UNIT_YEAR] = 366};
    static const int64_t shortest_days[] = {
        [UNIT_MONTH] = 28, [UNIT_QUARTER] = 90, [UNIT_YEAR] = 365};
    enum {
        MOST = 100000,
        DAYLIGHT_HOURS = 3 /* how much a change of the clock can add or take */
    };
    int64_t exact = 0;
    if (d->count.value <= 0 || d->count.value > MOST || d->count.scale > 0)
        return OPEN;
    if (d->unit < UNIT_MONTH)
        return calendar_span_microseconds((calendar_span){d->count.value, d->unit},
                                          &exact)
                   ? exact
                   : OPEN;
    int64_t days = d->count.value * (longest ? longest_days : shortest_days)[d->unit];
    int64_t slack = DAYLIGHT_HOURS * (MICROSECONDS_PER_DAY / 24);
    return days * MICROSECONDS_PER_DAY + (longest ? slack : -slack);
}

static void begin_at(reach *r, const ast_expr *from, bool is_out)
{
    if (from->kind == EXPR_AGO) {
        r->oldest = length_of(&from->duration, true);
        r->is_oldest_out = is_out;
    } else if (from->kind == EXPR_DATE) {
        r->first_day = from->time + is_out;
    }
}

static void end_at(reach *r, const ast_expr *to, bool is_out)
{
    int64_t length = to->kind == EXPR_AGO ? length_of(&to->duration, false) : OPEN;
    if (length != OPEN)
        r->newest = length;
    else if (to->kind == EXPR_DATE)
        r->last_day = to->time - is_out;
}

static reach reach_of(const ast_window *window)
{
    reach r = {.oldest = OPEN, .first_day = -OPEN, .last_day = OPEN};
    switch (window->kind) {
    case WINDOW_IN_LAST:
        r.oldest = length_of(&window->duration, true);
        r.is_oldest_out = true;
        break;
    case WINDOW_IN_PREVIOUS:
        r.newest = length_of(&window->duration, false);
        if (r.newest == OPEN)
            r.newest = 0;
        break;
    case WINDOW_BETWEEN:
        begin_at(&r, window->from, false);
        end_at(&r, window->to, false);
        break;
    case WINDOW_SINCE: begin_at(&r, window->from, false); break;
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

/* Does everything in `a` come before everything in `b`? */
static bool is_before(const reach *a, const reach *b)
{
    if (a->last_day < b->first_day)
        return true;
    return b->oldest != OPEN &&
           (a->newest > b->oldest || (a->newest == b->oldest && b->is_oldest_out));
}

void check_windows_meet(checker *c, const ast_list *windows)
{
    for (size_t i = 1; i < windows->count; i++) {
        const ast_window *later = windows->items[i];
        reach b = reach_of(later);
        for (size_t k = 0; k < i; k++) {
            const ast_window *earlier = windows->items[k];
            reach a = reach_of(earlier);
            if (!is_before(&a, &b) && !is_before(&b, &a))
                continue;
            diag_error(c->diags, later->place, E0113,
                       "these windows never meet, and all of them have to hold");
            diag_note_at(c->diags, earlier->place, "the other one");
            diag_hint(c->diags, "Keep one of them, or write \"between ... and ...\".");
            return;
        }
    }
}
