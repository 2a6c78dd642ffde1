/* SPDX-License-Identifier: MIT
 *
 * What people did as a row of texts and possible breaks: events, sequences, windows, and how
 * often.
 */
#include "lang/formatter.h"

#include <inttypes.h>

const char *const quantity_words[] = {"at least", "at most", "exactly", "more than",
                                      "fewer than"};

/* A part that may go to a line of its own, `column` behind where the group begins. */
static void put_where(layout *l, const ast_expr *where, int column)
{
    if (!where)
        return;
    layout_go_on(l, column, where->where.begin, "where (");
    put_expr(l, where, BINDS_IF);
    layout_text(l, ")");
}

static void put_kind(layout *l, const ast_event *event)
{
    if (event->is_anything)
        layout_text(l, "anything");
    else
        layout_name(l, &event->name);
}

static void put_event(layout *l, const ast_event *event, int column)
{
    put_kind(l, event);
    put_where(l, event->where, column);
}

static void put_alternatives(layout *l, const ast_step *step)
{
    layout_text(l, "(");
    layout_open(l);
    for (size_t i = 0; i < step->events.count; i++) {
        const ast_event *event = step->events.items[i];
        if (i > 0) {
            layout_go_on(l, 0, event->place.begin, "or ");
        }
        layout_open(l);
        put_event(l, event, 4);
        layout_close(l);
    }
    layout_close(l);
    layout_text(l, ")");
}

static void put_step(layout *l, const ast_step *step, int column)
{
    if (step->events.count == 1) {
        put_event(l, step->events.items[0], column);
        return;
    }
    put_alternatives(l, step);
    put_where(l, step->where, column);
}

void put_link(layout *l, const ast_link *link)
{
    layout_open(l);
    if (link->is_negated)
        layout_text(l, "no ");
    if (link->is_direct)
        layout_text(l, "directly ");
    put_step(l, link->step, 4);
    for (size_t i = 0; i < link->spacings.count; i++) {
        const ast_spacing *spacing = link->spacings.items[i];
        layout_break(l, LAYOUT_SOFT, 4, spacing->duration.where.begin);
        layout_format(l, "%s ",
                      spacing->is_within ? "within" : quantity_words[spacing->quantity]);
        put_duration(l, &spacing->duration);
        if (!spacing->is_within)
            layout_text(l, " later");
    }
    layout_close(l);
}

static void put_words(layout *l, const ast_list *places, const char *words, int column)
{
    for (size_t i = 0; i < places->count; i++) {
        layout_go_on(l, column, ((const span *)places->items[i])->begin, words);
    }
}

static void put_strictness(layout *l, const ast_pattern *pattern, int column)
{
    for (size_t i = 0; i < pattern->only.count; i++) {
        const ast_step *only = pattern->only.items[i];
        layout_go_on(l, column, only->place.begin, "with only ");
        put_step(l, only, column);
    }
    put_words(l, &pattern->without_repeats, "without repeats", column);
    put_words(l, &pattern->strictly_later, "strictly later", column);
}

/* What a sequence asks of all its steps. */
void put_bounds(layout *l, const ast_pattern *pattern, int column)
{
    for (size_t i = 0; i < pattern->all_within.count; i++) {
        const ast_duration *duration = pattern->all_within.items[i];
        layout_go_on(l, column, duration->where.begin, "all within ");
        put_duration(l, duration);
    }
    for (size_t i = 0; i < pattern->same.count; i++) {
        const ast_name *same = pattern->same.items[i];
        layout_go_on(l, column, same->where.begin, "with same ");
        layout_name(l, same);
    }
    put_strictness(l, pattern, column);
}

static void put_sequence(layout *l, const ast_pattern *pattern, int column)
{
    layout_text(l, "(");
    layout_open(l);
    for (size_t i = 0; i < pattern->links.count; i++) {
        const ast_link *link = pattern->links.items[i];
        if (i > 0) {
            layout_go_on(l, 0, link->place.begin,
                         pattern->is_any_order ? "and " : "then ");
        }
        put_link(l, link);
    }
    layout_close(l);
    layout_text(l, ")");
    put_bounds(l, pattern, column);
}

void put_pattern(layout *l, const ast_pattern *pattern, int column)
{
    if (pattern->is_sequence)
        put_sequence(l, pattern, column);
    else
        put_step(l, pattern->step, column);
}

/* purchase.amount where (...): the condition belongs to the event, and stands last. */
void put_selection(layout *l, const ast_selection *selection, int column)
{
    if (selection->names.count == 0 && !selection->value) {
        put_pattern(l, selection->pattern, column);
        return;
    }
    const ast_step *step = selection->pattern->step;
    const ast_event *event = step->events.items[0];
    bool is_single = step->events.count == 1;
    if (is_single)
        put_kind(l, event);
    else
        put_alternatives(l, step);
    if (selection->value) {
        layout_text(l, ".(");
        put_expr(l, selection->value, BINDS_IF);
        layout_text(l, ")");
    }
    for (size_t i = 0; i < selection->names.count; i++) {
        layout_text(l, ".");
        layout_name(l, name_at(&selection->names, i));
    }
    put_where(l, is_single ? event->where : step->where, column);
}

void put_picked(layout *l, const ast_expr *expr, bool has_brackets)
{
    layout_text(l, expr->is_last ? "last" : "first");
    layout_text(l, has_brackets ? "(" : " ");
    layout_open(l);
    put_selection(l, expr->selection, 2);
    put_windows(l, &expr->modifiers.windows, 2);
    layout_close(l);
    if (has_brackets)
        layout_text(l, ")");
}

/* Does its text end with events, so that a window behind it could be taken for theirs? */
static bool ends_with_events(const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_PICK:
        return expr->modifiers.windows.count == 0 &&
               !expr->selection->pattern->is_sequence;
    case EXPR_ADD:
    case EXPR_SUBTRACT:
    case EXPR_MULTIPLY:
    case EXPR_DIVIDE:
    case EXPR_AS_OF: return ends_with_events(expr->right);
    case EXPR_NEGATE:
    case EXPR_NEXT_ANNIVERSARY:
    case EXPR_TIME_SINCE:
    case EXPR_TIME_UNTIL: return ends_with_events(expr->left);
    default: return false;
    }
}

/* The last instant of a window. When another window follows, brackets show that it is not
 * one of the events in here: `since first (x where (...)) in last 3 days`. */
static void put_end(layout *l, const ast_expr *expr, bool is_followed)
{
    if (!is_followed || !ends_with_events(expr)) {
        put_expr(l, expr, BINDS_SUM);
    } else if (expr->kind == EXPR_PICK) {
        put_picked(l, expr, true);
    } else {
        layout_text(l, "(");
        put_expr(l, expr, BINDS_SUM);
        layout_text(l, ")");
    }
}

static void put_anchor(layout *l, const ast_window *window, bool is_followed)
{
    if (!window->step) {
        put_end(l, window->from, is_followed);
        return;
    }
    layout_text(l, "any ");
    layout_open(l);
    put_step(l, window->step, 2);
    layout_close(l);
    if (window->same.text) {
        layout_text(l, " with same ");
        layout_name(l, &window->same);
    }
}

/* `full month`, `3 full months`. */
static void put_full_units(layout *l, const ast_window *window)
{
    const char *unit = calendar_unit_name(window->unit);
    if (window->is_bare)
        layout_format(l, "full %s", unit);
    else
        layout_format(l, "%" PRId64 " full %s%s", window->count, unit,
                      window->count == 1 ? "" : "s");
}

/* A window, and does another one follow? */
typedef struct window_place {
    const ast_window *window;
    bool is_followed;
} window_place;

static void put_part(layout *l, const void *node, char part, int number)
{
    const window_place *place = node;
    const ast_window *w = place->window;
    (void)number;
    switch (part) {
    case 'd': put_duration(l, &w->duration); break;
    case 'f': put_full_units(l, w); break;
    case 'u': layout_text(l, calendar_unit_name(w->unit)); break;
    case '#': layout_format(l, "%" PRId64, w->count); break;
    case 'n': layout_name(l, &w->name); break;
    case 'a': put_anchor(l, w, place->is_followed); break;
    case 'b': put_expr(l, w->from, BINDS_SUM); break;
    case 'e': put_end(l, w->from, place->is_followed); break;
    case 'l': put_end(l, w->to, place->is_followed); break;
    }
}

void put_window(layout *l, const ast_window *window, bool is_followed)
{
    static const layout_parts parts = {.put = put_part};
    window_place place = {window, is_followed};
    layout_text(l, window_forms[window->kind].words);
    layout_form(l, window_forms[window->kind].form, &parts, &place);
}

static void put_times(layout *l, const ast_times *times)
{
    layout_text(l, quantity_words[times->quantity]);
    if (times->count == 1 || times->count == 2)
        layout_text(l, times->count == 1 ? " once" : " twice");
    else
        layout_format(l, " %" PRId64 " times", times->count);
}

/* "at least 2 of ", and "none of " for exactly 0. */
void put_some(layout *l, const ast_times *times)
{
    if (times->quantity == QUANTITY_EXACTLY && times->count == 0)
        layout_text(l, "none of ");
    else
        layout_format(l, "%s %" PRId64 " of ", quantity_words[times->quantity],
                      times->count);
}

static void put_periods(layout *l, const ast_periods *periods)
{
    layout_text(l, "in ");
    put_some(l, periods->times);
    layout_format(l, "last %" PRId64 "%s %s%s", periods->count,
                  periods->is_full ? " full" : "", calendar_unit_name(periods->unit),
                  periods->count == 1 ? "" : "s");
}

void put_windows(layout *l, const ast_list *windows, int column)
{
    for (size_t i = 0; i < windows->count; i++) {
        const ast_window *window = windows->items[i];
        layout_break(l, LAYOUT_SOFT, column, window->place.begin);
        put_window(l, window, i + 1 < windows->count);
    }
}

static void put_row(layout *l, const ast_row *row, int column)
{
    layout_go_on(l, column, row->place.begin,
                 row->among ? "in a row among " : "in a row");
    if (row->among)
        put_step(l, row->among, column);
}

/* The number of times first and whether in a row, then in how many periods, then the
 * windows. */
void put_modifiers(layout *l, const ast_modifiers *modifiers, int column)
{
    for (size_t i = 0; i < modifiers->times.count; i++) {
        const ast_times *times = modifiers->times.items[i];
        layout_break(l, LAYOUT_SOFT, column, times->place.begin);
        put_times(l, times);
    }
    for (size_t i = 0; i < modifiers->rows.count; i++)
        put_row(l, modifiers->rows.items[i], column);
    for (size_t i = 0; i < modifiers->periods.count; i++) {
        const ast_periods *periods = modifiers->periods.items[i];
        layout_break(l, LAYOUT_SOFT, column, periods->place.begin);
        put_periods(l, periods);
    }
    put_windows(l, &modifiers->windows, column);
}
