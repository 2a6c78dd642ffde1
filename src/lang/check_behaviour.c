/* SPDX-License-Identifier: MIT
 *
 * Types of what people did: events, aggregates over them, and windows of time.
 */
#include "lang/checker.h"

#include <string.h>

#include "base/number.h"

static const type NO_TYPE = { TYPE_ERROR, 0 };
static const type WHOLE = { TYPE_DECIMAL, 0 };

typedef enum aggregate_takes { EVENTS, VALUE, EITHER } aggregate_takes;

static const struct {
    const char *spelling;
    aggregate_takes takes;
    bool has_meaning;
    const char *example;
} aggregates[] = {
#define X(name, spelling, takes, has_meaning, doc, example) \
    { spelling, takes, has_meaning, example },
#include "lang/aggregates.def"
#undef X
};

typedef enum aggregate {
#define X(name, spelling, takes, has_meaning, doc, example) AGGREGATE_##name,
#include "lang/aggregates.def"
#undef X
    AGGREGATE_COUNT_OF
} aggregate;

/* ---- events ------------------------------------------------------------- */

static void check_step(checker *c, ast_step *step)
{
    for (size_t i = 0; i < step->events.count; i++) {
        ast_event *event = step->events.items[i];
        if (event->where)
            check_condition(c, event->where, "\"where\"");
    }
    if (step->where)
        check_condition(c, step->where, "\"where\"");
}

void check_pattern(checker *c, ast_pattern *pattern)
{
    if (!pattern->is_sequence) {
        check_step(c, pattern->step);
        return;
    }
    for (size_t i = 0; i < pattern->links.count; i++)
        check_step(c, ((ast_link *)pattern->links.items[i])->step);
    refuse_not_yet(c, pattern->place, "a sequence of events");
}

/* The property that a selection looks at: noted in selection->meaning. */
static type check_property(checker *c, ast_selection *selection, meaning *m)
{
    const ast_name *name = &selection->property;
    type t = NO_TYPE;
    const event_kind *first, *second;
    if (scope_has_property(m->scope, name->text)) {
        m->kind = MEANING_PROPERTY;
        m->name = name->text;
        if (!scope_property_type(m->scope, name->text, &t, &first, &second))
            diag_error(c->diags, name->where, E0108, "\"%s\" of \"%s\" and of \"%s\" differ in type",
                       name->text, first->name, second->name);
    } else if (pseudo_property_find(name->text, &m->pseudo)) {
        static const type_kind kinds[] = { TYPE_TIME, TYPE_DURATION, TYPE_DECIMAL, TYPE_STRING };
        m->kind = MEANING_PSEUDO;
        t.kind = kinds[m->pseudo];
    } else if (m->scope->kind_count > 0) {
        diag_error(c->diags, name->where, E0105, "%s has no property named \"%s\"",
                   scope_title(m->scope, c->book->memory), name->text);
        const char *similar = scope_similar_property(m->scope, name->text);
        if (similar)
            diag_hint(c->diags, "Did you mean \"%s\"?", similar);
    }
    return t;
}

static type check_field(checker *c, ast_selection *selection, type t)
{
    static const struct { const char *name; type_kind kind; } parts[] = {
#define X(name, spelling, kind, doc) { spelling, kind },
#include "lang/time_parts.def"
#undef X
    };
    if (!selection->field.text || t.kind == TYPE_ERROR)
        return t;
    bool is_time = t.kind == TYPE_TIME, is_date = t.kind == TYPE_DATE;
    for (int i = 0; i < PART_COUNT - 1; i++) {
        if (strcmp(parts[i].name, selection->field.text) != 0)
            continue;
        selection->meaning->part = (time_part)(i + 1);
        if (is_time || (is_date && selection->meaning->part != PART_HOUR))
            return (type){ parts[i].kind, 0 };
    }
    diag_error(c->diags, selection->field.where, E0105, "\"%s\" has no part named \"%s\"",
               selection->property.text, selection->field.text);
    if (is_time || is_date)
        hint_time_part(c, selection->field.text);
    return NO_TYPE;
}

/* The type of what is looked at; TIME for events themselves. */
static type check_selection(checker *c, ast_selection *selection)
{
    check_pattern(c, selection->pattern);
    meaning *m = arena_alloc(c->book->memory, sizeof *m);
    selection->meaning = m;
    m->scope = scope_of_pattern(selection->pattern, c->book->schema, c->book->memory);
    if (selection->value)
        m->type = check_expr(c, selection->value);
    else if (selection->property.text)
        m->type = check_field(c, selection, check_property(c, selection, m));
    else
        m->type = (type){ TYPE_TIME, 0 };
    return m->type;
}

static bool selects_value(const ast_selection *selection)
{
    return selection->value || selection->property.text;
}

/* ---- windows ------------------------------------------------------------ */

void check_instant(checker *c, ast_expr *expr, diag_code code, const char *what)
{
    type t = check_expr(c, expr);
    if (t.kind == TYPE_TIME || t.kind == TYPE_DATE || t.kind == TYPE_ERROR)
        return;
    diag_error(c->diags, expr->where, code, "%s needs a time or a date, and this is %s", what,
               type_words(c, t));
    hint_instant(c, expr);
}

static void check_window_duration(checker *c, const ast_window *window)
{
    const ast_duration *d = &window->duration;
    int64_t exact;
    if (d->unit >= UNIT_MONTH && d->count.scale > 0) {
        diag_error(c->diags, d->where, E0103, "a month, quarter or year cannot be split");
        hint_split_unit(c, d);
    } else if (d->count.value <= 0) {
        diag_error(c->diags, d->where, E0113, "a window of no length never holds");
        diag_hint(c->diags, "Write a number above 0, or \"today\" for the day so far.");
    } else if (d->unit < UNIT_MONTH
             && !calendar_span_microseconds((calendar_span){ d->count.value, d->unit }, &exact))
        diag_error(c->diags, d->where, E0103, "this duration is too long");
}

/* Both ends as written numbers, when they are: -1 when `from` lies behind `to`. */
static bool ends_are_reversed(const ast_expr *from, const ast_expr *to)
{
    if (from->kind == EXPR_DATE && to->kind == EXPR_DATE)
        return from->time > to->time;
    if (from->kind == EXPR_TIME && to->kind == EXPR_TIME
        && from->time_has_zone == to->time_has_zone)
        return from->time > to->time;
    int64_t a, b;
    if (from->kind != EXPR_AGO || to->kind != EXPR_AGO || from->duration.count.scale
        || to->duration.count.scale)
        return false;
    if (from->duration.unit == to->duration.unit)
        return from->duration.count.value < to->duration.count.value;
    return calendar_span_microseconds(
               (calendar_span){ from->duration.count.value, from->duration.unit }, &a)
        && calendar_span_microseconds(
               (calendar_span){ to->duration.count.value, to->duration.unit }, &b)
        && a < b;
}

static void check_between(checker *c, ast_window *window)
{
    check_instant(c, window->from, E0113, "\"between\"");
    check_instant(c, window->to, E0113, "\"between\"");
    if (ends_are_reversed(window->from, window->to)) {
        diag_error(c->diags, window->place, E0113,
                   "this window ends before it begins, so nothing lies in it");
        diag_hint(c->diags, "Write the earlier end first.");
    }
}

static void check_anchor(checker *c, ast_window *window)
{
    check_window_duration(c, window);
    if (window->step)
        refuse_not_yet(c, window->place, "a window around any event");
    else
        check_instant(c, window->from, E0113, "\"within\"");
}

/* `in last 30 dayz` names neither a unit of time nor an event. */
static bool check_last_events(checker *c, const ast_window *window)
{
    const char *name = window->name.text;
    const ast_decl *decl = rulebook_find(c->book, name);
    if (schema_find_kind(c->book->schema, name) != SCHEMA_NONE
        || (decl && decl->kind == DECL_EVENT) || rulebook_is_broken(c->book, name))
        return true;
    diag_error(c->diags, window->name.where, E0104, "\"%s\" is neither a unit of time nor an event",
               name);
    hint_unit(c, window);
    return false;
}

static const char *bound_word(ast_window_kind kind)
{
    switch (kind) {
    case WINDOW_SINCE: return "\"since\"";
    case WINDOW_BEFORE: return "\"before\"";
    case WINDOW_AFTER: return "\"after\"";
    case WINDOW_ON: return "\"on\"";
    default: return "a window";
    }
}

void check_window(checker *c, ast_window *window, bool on_events)
{
    switch (window->kind) {
    case WINDOW_IN_LAST:
    case WINDOW_IN_PREVIOUS: check_window_duration(c, window); break;
    case WINDOW_IN_NEXT:
        check_window_duration(c, window);
        if (on_events)
            diag_error(c->diags, window->place, E0113,
                       "events after now do not exist, so \"in next\" holds for none");
        if (on_events)
            diag_hint(c->diags, "Events lie in the past: write \"in last %s%lld %ss\".",
                      window->duration.count.scale ? "about " : "",
                      (long long)(window->duration.count.value
                                  / number_power_of_ten(window->duration.count.scale)),
                      calendar_unit_name(window->duration.unit));
        break;
    case WINDOW_LAST_FULL:
        if (window->count < 1)
            diag_error(c->diags, window->place, E0113, "a window of no length never holds");
        else if (window->unit < UNIT_DAY)
            refuse_not_yet(c, window->place, "a full unit shorter than a day");
        break;
    case WINDOW_IN_THIS:
        if (window->unit < UNIT_DAY)
            refuse_not_yet(c, window->place, "\"in this\" of a unit shorter than a day");
        break;
    case WINDOW_LAST_EVENTS:
        if (check_last_events(c, window))
            refuse_not_yet(c, window->place, "\"in last\" of a number of events");
        break;
    case WINDOW_UNIT_OF:
    case WINDOW_UNIT_AFTER:
    case WINDOW_UNIT_BEFORE:
        check_instant(c, window->from, E0113, "a window");
        refuse_not_yet(c, window->place, "a unit before, after or of an instant");
        break;
    case WINDOW_TODAY:
    case WINDOW_YESTERDAY: break;
    case WINDOW_BETWEEN: check_between(c, window); break;
    case WINDOW_SINCE:
    case WINDOW_BEFORE:
    case WINDOW_AFTER:
    case WINDOW_ON: check_instant(c, window->from, E0113, bound_word(window->kind)); break;
    case WINDOW_DURING: refuse_not_yet(c, window->place, "\"during\" an occasion"); break;
    case WINDOW_WITHIN_OF:
    case WINDOW_WITHIN_AFTER:
    case WINDOW_WITHIN_BEFORE: check_anchor(c, window); break;
    }
}

void check_windows(checker *c, const ast_list *windows)
{
    for (size_t i = 0; i < windows->count; i++)
        check_window(c, windows->items[i], true);
}

/* ---- did, aggregates, first and last ------------------------------------ */

type check_did(checker *c, ast_expr *expr)
{
    check_pattern(c, expr->selection->pattern);
    check_windows(c, &expr->modifiers.windows);
    if (expr->modifiers.times.count > 1) {
        const ast_times *second = expr->modifiers.times.items[1];
        diag_error(c->diags, second->place, E0117, "two numbers of times are given");
        diag_hint(c->diags, "Write two conditions, joined by \"and\".");
    }
    return (type){ TYPE_BOOL, 0 };
}

static int aggregate_find(const char *name)
{
    for (int i = 0; i < AGGREGATE_COUNT_OF; i++)
        if (strcmp(aggregates[i].spelling, name) == 0)
            return i;
    return -1;
}

static bool check_takes(checker *c, const ast_expr *expr, int which)
{
    bool has_value = selects_value(expr->selection);
    if (aggregates[which].takes == VALUE && !has_value
        && expr->selection->meaning->scope->kind_count == 0)
        return false; /* of an event that is unknown, and reported */
    if (aggregates[which].takes == VALUE && !has_value) {
        diag_error(c->diags, expr->selection->place, E0117, "\"%s\" needs a property of the event",
                   aggregates[which].spelling);
        diag_hint(c->diags, "For example: %s", aggregates[which].example);
        return false;
    }
    if (aggregates[which].takes == EVENTS && has_value) {
        diag_error(c->diags, expr->selection->place, E0117,
                   "\"%s\" looks at whole events, not at a property", aggregates[which].spelling);
        diag_hint(c->diags, "For example: %s", aggregates[which].example);
        return false;
    }
    return true;
}

static type wrong_value(checker *c, const ast_expr *expr, const char *needed, type t)
{
    diag_error(c->diags, expr->selection->place, E0108, "\"%s\" needs %s, and this is %s",
               expr->text.text, needed, type_words(c, t));
    if (t.kind == TYPE_STRING && expr->selection->property.text)
        diag_hint(c->diags, "Texts can be counted: write \"count\", \"distinct\" or "
                            "\"most_common\", or declare \"%s\" as a number in carpel.yaml.",
                  expr->selection->property.text);
    return NO_TYPE;
}

static type aggregate_type(checker *c, const ast_expr *expr, aggregate which, type value)
{
    bool is_duration = value.kind == TYPE_DURATION;
    switch (which) {
    case AGGREGATE_SUM:
        return type_is_numeric(value) || is_duration
            ? value : wrong_value(c, expr, "numbers or durations", value);
    case AGGREGATE_AVG:
        if (type_is_numeric(value))
            return (type){ TYPE_NUMBER, 0 };
        return is_duration ? value : wrong_value(c, expr, "numbers or durations", value);
    case AGGREGATE_MIN:
    case AGGREGATE_MAX:
        return type_is_ordered(value)
            ? value : wrong_value(c, expr, "numbers, times, dates or durations", value);
    case AGGREGATE_FIRST:
    case AGGREGATE_LAST: return value;
    case AGGREGATE_SHARE: return (type){ TYPE_NUMBER, 0 };
    default: return WHOLE;
    }
}

static bool pattern_has_where(const ast_pattern *pattern)
{
    if (pattern->is_sequence)
        return false;
    for (size_t i = 0; i < pattern->step->events.count; i++)
        if (((const ast_event *)pattern->step->events.items[i])->where)
            return true;
    return pattern->step->where != NULL;
}

static void check_share(checker *c, const ast_expr *expr)
{
    const ast_pattern *pattern = expr->selection->pattern;
    if (pattern_has_where(pattern))
        return;
    diag_error(c->diags, expr->where, E0117, "\"share\" needs a \"where\": the share of what?");
    diag_hint(c->diags, "For example: share(purchase where (discount > 0))");
}

type check_aggregate(checker *c, ast_expr *expr)
{
    type value = check_selection(c, expr->selection);
    check_windows(c, &expr->modifiers.windows);
    if (expr->right)
        check_expr(c, expr->right);
    int which = aggregate_find(expr->text.text);
    if (which < 0 || !aggregates[which].has_meaning) {
        char what[64];
        snprintf(what, sizeof what, "\"%s\"", expr->text.text);
        return refuse_not_yet(c, expr->where, what);
    }
    if (expr->modifiers.times.count > 0)
        return refuse_not_yet(c, expr->where, "a number of times inside an aggregate");
    if (expr->right) {
        diag_error(c->diags, expr->right->where, E0117, "\"%s\" takes no second value",
                   expr->text.text);
        return NO_TYPE;
    }
    if (which == AGGREGATE_SHARE)
        check_share(c, expr);
    if (!check_takes(c, expr, which) || value.kind == TYPE_ERROR)
        return NO_TYPE;
    return aggregate_type(c, expr, (aggregate)which, value);
}

type check_pick(checker *c, ast_expr *expr)
{
    type value = check_selection(c, expr->selection);
    check_windows(c, &expr->modifiers.windows);
    return value;
}
