/* SPDX-License-Identifier: MIT
 *
 * Windows of time, and the instants that bound them.
 */
#include "lang/checker.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "lang/foreign.h"
#include "lang/reach.h"
#include "report/lookalike.h"
#include "report/suggest.h"

void check_instant(checker *c, ast_expr *expr, diag_code code, const char *what)
{
    type t = check_expr(c, expr);
    if (type_is_moment(t) || t.kind == TYPE_ERROR)
        return;
    error(c, expr->where, code, "%s needs a time or a date, and this is %s", what,
          type_words(t));
    hint_instant(c, expr);
}

static void check_window_duration(checker *c, const ast_window *window)
{
    /* `within 0 days after x` holds at the instant itself: both of its ends are in */
    int64_t least = window_forms[window->kind].shape == SHAPE_NEAR ? 0 : 1;
    if (window->duration.count.value < least) {
        error(c, window->duration.where, E0113, "a window of no length never holds");
        hint(c, "Write a number above 0, or \"today\" for the day so far.");
    } else {
        check_length(c, &window->duration);
    }
}

/* Both ends as written numbers, when they are: -1 when `from` lies behind `to`. */
static bool ends_are_reversed(const ast_expr *from, const ast_expr *to)
{
    if (from->kind == EXPR_DATE && to->kind == EXPR_DATE)
        return from->time > to->time;
    if (from->kind == EXPR_TIME && to->kind == EXPR_TIME &&
        from->time_has_zone == to->time_has_zone)
        return from->time > to->time;
    if (from->kind != EXPR_AGO || to->kind != EXPR_AGO || from->duration.count.scale ||
        to->duration.count.scale)
        return false;
    if (from->duration.unit == to->duration.unit)
        return from->duration.count.value < to->duration.count.value;
    int64_t a, b;
    return calendar_span_microseconds(
               (calendar_span){from->duration.count.value, from->duration.unit}, &a) &&
           calendar_span_microseconds(
               (calendar_span){to->duration.count.value, to->duration.unit}, &b) &&
           a < b;
}

/* `between 90 and 30 days ago`: the unit is said once; the longer way back comes first. */
static bool report_shared_unit(checker *c, const ast_window *window)
{
    const ast_expr *from = window->from, *to = window->to;
    if (from->kind != EXPR_NUMBER || to->kind != EXPR_AGO)
        return false;
    error(c, from->where, E0113, "this number lacks a unit of time and \"ago\"");
    char written[64];
    snprintf(written, sizeof written, "%s %ss ago", from->text.text,
             calendar_unit_name(to->duration.unit));
    bool is_reversed = from->number.scale == to->duration.count.scale &&
                       from->number.value < to->duration.count.value;
    const char *second = words_of(c, to);
    propose(c, span_join(window->place, to->where), "between %s and %s",
            is_reversed ? second : written, is_reversed ? written : second);
    return true;
}

static bool is_hour(const ast_expr *number)
{
    return number->number.scale == 0 && number->number.value >= 0 &&
           number->number.value <= 24;
}

/* `did purchase between 5 and 10`: times of the day, or how often? */
static bool report_number_bounds(checker *c, const ast_window *window)
{
    const ast_expr *from = window->from, *to = window->to;
    if (from->kind != EXPR_NUMBER || to->kind != EXPR_NUMBER)
        return false;
    const char *least = from->text.text, *most = to->text.text;
    error(c, span_join(from->where, to->where), E0113,
          "\"between\" needs two times or dates, and these are numbers");
    hint(c,
         "How often takes two conditions: did ... at least %s times and did ... at "
         "most %s times.%s",
         least, most,
         is_hour(from) && is_hour(to)
             ? arena_format(c->book->memory,
                            " Hours are a part of the time: where (time.hour >= %s "
                            "and time.hour < %s).",
                            least, most)
             : "");
    return true;
}

static void fix_reversed(checker *c, const ast_window *window)
{
    const char *later = words_of(c, window->from), *earlier = words_of(c, window->to);
    hint(c, "Write the earlier end first.");
    fix(c, span_join(window->from->where, window->to->where), "%s and %s", earlier,
        later);
}

static void check_between(checker *c, ast_window *window)
{
    if (report_shared_unit(c, window) || report_number_bounds(c, window))
        return;
    check_instant(c, window->from, E0113, "\"between\"");
    check_instant(c, window->to, E0113, "\"between\"");
    if (ends_are_reversed(window->from, window->to)) {
        error(c, window->place, E0113,
              "this window ends before it begins, so nothing lies in it");
        fix_reversed(c, window);
    }
}

static void check_anchor(checker *c, ast_window *window)
{
    check_window_duration(c, window);
    if (window->step)
        check_step(c, window->step);
    else
        check_instant(c, window->from, E0113, "\"within\"");
}

/* `in last 30 dayz`: a unit of time, or else an event. */
static void hint_unit(checker *c, const ast_window *window)
{
    const char *name = window->name.text, *unit = foreign_unit(name);
    suggestion s = suggest_begin(name);
    for (int u = UNIT_SECOND; u <= UNIT_YEAR; u++)
        suggest_consider(&s, wording(c, "%ss", calendar_unit_name((calendar_unit)u)));
    if (!unit)
        unit = suggest_best(&s);
    const char *kind = schema_similar_kind(c->book->schema, name);
    if (unit) {
        hint(c, "Write: in last %lld %s.", (long long)window->count, unit);
        bool is_near =
            source_text(window->name.where.file).data[window->name.where.begin - 1] !=
            ' '; /* `30d` */
        fix(c, window->name.where, is_near ? " %s" : "%s", unit);
    } else if (kind)
        hint_similar(c->diags, window->name.where, name, kind);
    else
        hint(c, "Units are seconds, minutes, hours, days, weeks, months, quarters "
                "and years.");
}

/* `in last 30 dayz` names neither a unit of time nor an event. */
static bool check_last_events(checker *c, const ast_window *window)
{
    const char *name = window->name.text;
    const ast_decl *decl = rulebook_find(c->book, name);
    if (schema_find_event(c->book->schema, name) != SCHEMA_NONE ||
        (decl && decl->kind == DECL_EVENT) || rulebook_is_broken(c->book, name))
        return true;
    error(c, window->name.where, E0104, "\"%s\" is neither a unit of time nor an event",
          name);
    hint_unit(c, window);
    return false;
}

/* Windows that lie ahead. */
static void refuse_future(checker *c, const ast_window *window)
{
    const ast_duration *length = &window->duration;
    error(c, window->place, E0113,
          "events after now do not exist, so \"%s\" holds for none",
          window_forms[window->kind].words);
    if (window->kind == WINDOW_IN_NEXT)
        hint(c, "Events lie in the past: write \"in last %s%lld %ss\".",
             length->count.scale ? "about " : "",
             (long long)(length->count.value / number_power_of_ten(length->count.scale)),
             calendar_unit_name(length->unit));
}

static bool lies_ahead(const ast_window *window)
{
    return window->kind == WINDOW_IN_NEXT || window->kind == WINDOW_TOMORROW ||
           (window->kind == WINDOW_NEXT_FULL && window->count > 0);
}

static void check_window(checker *c, ast_window *window, bool on_events)
{
    const struct ast_window_form *form = &window_forms[window->kind];
    switch (form->shape) {
    case SHAPE_DAY:
    case SHAPE_UNIT:
    case SHAPE_OCCASION: break;
    case SHAPE_DURATION: check_window_duration(c, window); break;
    case SHAPE_UNITS:
    case SHAPE_EVENTS:
        if (window->count < 1)
            error(c, window->place, E0113, "a window of no length never holds");
        break;
    case SHAPE_UNIT_NEAR: check_instant(c, window->from, E0113, "a window"); break;
    case SHAPE_END:
        check_instant(c, window->from, E0113, wording(c, "\"%s\"", form->words));
        break;
    case SHAPE_ENDS: check_between(c, window); break;
    case SHAPE_NEAR: check_anchor(c, window); break;
    }
    if (on_events && lies_ahead(window))
        refuse_future(c, window);
}

static void check_newest(checker *c, const ast_window *window, const ast_pattern *pattern)
{
    const ast_event *event = pattern_event(pattern);
    /* a setting: the newest list that a person was given, which resolve asks for */
    if ((event && event->is_setting) || !check_last_events(c, window))
        return;
    bool is_named = event && event->name.text;
    if (is_named && strcmp(event->name.text, window->name.text) == 0)
        return;
    error(c, window->place, E0113, "\"in last %lld %s\" goes with events that are \"%s\"",
          (long long)window->count, window->name.text, window->name.text);
    if (is_named)
        offer(c, window->place, "For what was done since the first of these, write: %s.",
              "since first (%s in last %lld %s)", window->name.text,
              (long long)window->count, window->name.text);
}

/* `with same p` of `within ... of any E`. */
static void check_near_same(checker *c, const ast_window *window,
                            const ast_pattern *pattern)
{
    const schema *s = c->book->schema;
    const event_scope *own = scope_of_pattern(pattern, s, c->book->memory);
    const event_scope *other = scope_of_step(window->step, s, c->book->memory);
    if (own->kind_count == 0 || other->kind_count == 0)
        return; /* reported already */
    typed_property a = scope_property(own, window->same.text);
    typed_property b = scope_property(other, window->same.text);
    bool in_own = a.first && !a.second, in_other = b.first && !b.second;
    if (in_own && in_other && type_equals(a.type, b.type))
        return;
    if (in_own && in_other)
        error(c, window->same.where, E0108, "\"%s\" is not of one type in both events",
              window->same.text);
    else
        error(c, window->same.where, E0105, "%s has no property named \"%s\"",
              scope_title(in_own ? other : own, c->book->memory), window->same.text);
}

static void refuse_windows(checker *c, const ast_list *windows, const ast_event *list)
{
    const ast_window *window = windows->items[0];
    error(c, window->place, E0113,
          "the items of \"%s\" have no time of their own, so no window goes with them",
          list->list);
    if (scope_is_of_settings(list->list_scope))
        hint(c, "What is asked is the list that the person has at the instant; as it "
                "was on another day is asked of a segment: in vips as of 2026-01-15.");
    else
        hint(c, "Put the window behind the event that holds the list.");
}

/* Does everything in `a` come before everything in `b`? */
static bool is_before(const reach *a, const reach *b)
{
    if (a->last_day < b->first_day)
        return true;
    return b->oldest != REACH_OPEN &&
           (a->newest > b->oldest ||
            (a->newest == b->oldest && (b->is_oldest_out || a->is_newest_out)));
}

static void check_windows_meet(checker *c, const ast_list *windows)
{
    for (size_t i = 1; i < windows->count; i++) {
        const ast_window *later = windows->items[i];
        reach b = window_reach(later);
        for (size_t k = 0; k < i; k++) {
            const ast_window *earlier = windows->items[k];
            reach a = window_reach(earlier);
            if (!is_before(&a, &b) && !is_before(&b, &a))
                continue;
            error(c, later->place, E0113,
                  "these windows never meet, and all of them have to hold");
            note(c, earlier->place, "the other one");
            hint(c, "Keep one of them, or write \"between ... and ...\".");
            return;
        }
    }
}

/* Each is compared with each. */
static bool check_window_count(checker *c, const ast_list *windows)
{
    enum { MOST_WINDOWS = 100 };
    if (windows->count <= MOST_WINDOWS)
        return true;
    const ast_window *window = windows->items[MOST_WINDOWS];
    error(c, window->place, E0113, "at most %d windows may stand together", MOST_WINDOWS);
    return false;
}

/* A date is in a window when some instant of its day is, so today is in windows that never
 * meet. */
void check_windows_of_value(checker *c, const ast_list *windows, type t)
{
    if (!check_window_count(c, windows))
        return;
    for (size_t i = 0; i < windows->count; i++)
        check_window(c, windows->items[i], false);
    if (t.kind == TYPE_TIME)
        check_windows_meet(c, windows);
}

void check_windows(checker *c, const ast_list *windows, const ast_pattern *pattern)
{
    if (windows->count > 0 && !pattern->is_sequence)
        check_users_alone(c, pattern->step, false);
    const ast_event *list = pattern_list(pattern);
    if (list && windows->count > 0) {
        refuse_windows(c, windows, list);
        return;
    }
    if (!check_window_count(c, windows))
        return;
    each (ast_window, window, windows) {
        check_window(c, window, true);
        if (window->kind == WINDOW_LAST_EVENTS)
            check_newest(c, window, pattern);
        if (window->step)
            check_users_alone(c, window->step, false);
        if (window->step && window->same.text)
            check_near_same(c, window, pattern);
    }
    check_windows_meet(c, windows);
}
