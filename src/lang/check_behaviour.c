/* SPDX-License-Identifier: MIT
 *
 * Types of what people did: events, aggregates over them, and windows of time.
 */
#include "lang/checker.h"

#include <string.h>

#include "base/number.h"
#include "lang/walk.h"

static const type NO_TYPE = {TYPE_ERROR, 0};
static const type WHOLE = {TYPE_DECIMAL, 0};

typedef enum aggregate_takes { EVENTS, VALUE, EITHER } aggregate_takes;

static const struct {
    const char *spelling;
    aggregate_takes takes;
    const char *example;
} aggregates[] = {
#define X(name, spelling, takes, doc, example) {spelling, takes, example},
#include "lang/aggregates.def"
#undef X
};

typedef enum aggregate {
#define X(name, spelling, takes, doc, example) AGGREGATE_##name,
#include "lang/aggregates.def"
#undef X
    AGGREGATE_COUNT_OF
} aggregate;

/* ---- events ------------------------------------------------------------- */

static bool is_user_kind(const checker *c, const ast_event *event)
{
    return !event->decl && !event->is_anything && event->kind != SCHEMA_NONE &&
           c->book->schema->kinds[event->kind].derivation == KIND_USERS;
}

/* Users are no events: they have no time, and no name; they stand in no alternatives or
 * sequences, and nothing is near them. */
static void check_users_alone(checker *c, const ast_step *step, bool stands_alone)
{
    for (size_t i = 0; i < step->events.count; i++) {
        const ast_event *event = step->events.items[i];
        if (is_user_kind(c, event) && (!stands_alone || step->events.count > 1))
            diag_error(c->diags, event->place, E0127,
                       "users have no time, so they are counted by themselves only");
    }
}

/* The items of a list stand alone: they are no events, and have no time of their own. */
static void refuse_list(checker *c, const ast_event *event, const char *where_to)
{
    diag_error(c->diags, event->name.where, E0117, "the list \"%s\" cannot be %s",
               event->list, where_to);
    diag_hint(c->diags, "Ask for each list by itself: did %s where (...).", event->list);
}

static void check_step(checker *c, ast_step *step)
{
    for (size_t i = 0; i < step->events.count; i++) {
        ast_event *event = step->events.items[i];
        if (event->list && step->events.count > 1)
            refuse_list(c, event, "one of several");
        level outer = c->level;
        if (event->decl)
            need_level(c, event->decl->meaning->level, event->place, event->name.text);
        if (is_user_kind(c,
                         event)) { /* its `where` judges each of the account's people */
            need_level(c, LEVEL_ACCOUNT, event->place, "user");
            outer = c->level;
            c->level = LEVEL_PERSON;
        }
        if (event->where)
            check_condition(c, event->where, "\"where\"");
        if (is_user_kind(c, event))
            c->level = outer;
    }
    if (step->where)
        check_condition(c, step->where, "\"where\"");
}

static void check_length(checker *c, const ast_duration *d)
{
    int64_t exact = 0;
    bool fits =
        calendar_span_microseconds((calendar_span){d->count.value, d->unit}, &exact);
    int64_t power = number_power_of_ten(d->count.scale);
    if (d->unit >= UNIT_MONTH && d->count.scale > 0) {
        diag_error(c->diags, d->where, E0103, "a month, quarter or year cannot be split");
        hint_split_unit(c, d);
    } else if (d->unit < UNIT_MONTH && !fits)
        diag_error(c->diags, d->where, E0103, "this duration is too long");
    else if (d->count.scale > 0 && exact % (power * MICROSECONDS_PER_SECOND) != 0)
        diag_error(c->diags, d->where, E0103,
                   "a window cannot be split finer than a second");
}

static void check_spacings(checker *c, const ast_link *link)
{
    bool has_within = false, has_later = false;
    for (size_t i = 0; i < link->spacings.count; i++) {
        const ast_spacing *s = link->spacings.items[i];
        bool *seen = s->is_within ? &has_within : &has_later;
        check_length(c, &s->duration);
        if (*seen)
            diag_error(c->diags, s->duration.where, E0127, "this bound is given twice");
        *seen = true;
        if (link->is_negated && !s->is_within) {
            diag_error(c->diags, s->duration.where, E0127,
                       "\"no\" takes \"within\" alone: how long it is to stay away");
        }
    }
}

/* `with same p`: every step has p, with one type. */
static void check_same(checker *c, const ast_pattern *pattern, const ast_name *same)
{
    type first = NO_TYPE;
    for (size_t i = 0; i < pattern->links.count; i++) {
        const ast_link *link = pattern->links.items[i];
        const event_scope *scope =
            scope_of_step(link->step, c->book->schema, c->book->memory);
        const event_kind *a, *b;
        type t = NO_TYPE;
        if (scope->kind_count == 0)
            continue; /* reported already */
        if (!scope_has_property(scope, same->text)) {
            diag_error(c->diags, same->where, E0105, "%s has no property named \"%s\"",
                       scope_title(scope, c->book->memory), same->text);
            const char *similar = scope_similar_property(scope, same->text);
            if (similar)
                diag_hint(c->diags, "Did you mean \"%s\"?", similar);
            return;
        }
        if (!scope_property_type(scope, same->text, &t, &a, &b) ||
            (first.kind != TYPE_ERROR && !type_equals(first, t))) {
            diag_error(c->diags, same->where, E0108,
                       "\"%s\" is not of one type in all steps", same->text);
            return;
        }
        first = t;
    }
}

static void check_sequence(checker *c, ast_pattern *pattern)
{
    enum { MAX_STEPS = 32, MAX_STEPS_ANY_ORDER = 8 };
    size_t most = pattern->is_any_order ? MAX_STEPS_ANY_ORDER : MAX_STEPS;
    for (size_t i = 0; i < pattern->links.count; i++) {
        const ast_link *link = pattern->links.items[i];
        const ast_event *event = link->step->events.items[0];
        if (event->list)
            refuse_list(c, event, "a step of a sequence");
        check_step(c, link->step);
        check_users_alone(c, link->step, false);
        check_spacings(c, link);
    }
    if (pattern->links.count > most)
        diag_error(c->diags, pattern->place, E0127, "a sequence has at most %zu steps",
                   most);
    if (pattern->all_within.count > 1)
        diag_error(c->diags, ((const ast_duration *)pattern->all_within.items[1])->where,
                   E0127, "this bound is given twice");
    for (size_t i = 0; i < pattern->all_within.count; i++)
        check_length(c, pattern->all_within.items[i]);
    for (size_t i = 0; i < pattern->same.count; i++)
        check_same(c, pattern, pattern->same.items[i]);
}

void check_pattern(checker *c, ast_pattern *pattern)
{
    if (!pattern->is_sequence) {
        check_step(c, pattern->step);
        check_users_alone(c, pattern->step, true);
        return;
    }
    check_sequence(c, pattern);
}

void check_event(checker *c, ast_pattern *pattern)
{
    check_pattern(c, pattern);
    if (!pattern->is_sequence && pattern->step->events.count == 1)
        check_users_alone(c, pattern->step, false);
}

/* The names behind the event: of a property, and perhaps of a part of a time. Those
 * that belong to the name of a list are left out. */
static ast_list value_names(checker *c, const ast_selection *s)
{
    ast_list all = {0};
    if (s->property.text)
        ast_list_add(c->book->memory, &all, (void *)&s->property);
    if (s->field.text)
        ast_list_add(c->book->memory, &all, (void *)&s->field);
    for (size_t i = 0; i < s->rest.count; i++)
        ast_list_add(c->book->memory, &all, s->rest.items[i]);
    return (ast_list){all.items + s->list_names, all.count - s->list_names, 0};
}

static const char *joined(checker *c, const ast_list *names, size_t count)
{
    const char *path = ((const ast_name *)names->items[0])->text;
    for (size_t i = 1; i < count; i++)
        path = arena_format(c->book->memory, "%s.%s", path,
                            ((const ast_name *)names->items[i])->text);
    return path;
}

static void report_property(checker *c, const ast_list *names, const event_scope *scope)
{
    const ast_name *name = names->items[0];
    const char *path = joined(c, names, names->count);
    if (scope->kind_count == 0)
        return; /* the event was reported */
    diag_error(c->diags, name->where, E0105, "%s has no property named \"%s\"",
               scope_title(scope, c->book->memory), name->text);
    const char *similar = scope_similar_property(scope, name->text);
    if (!similar)
        similar = scope_similar_property(scope, path);
    if (scope_has_list(scope, name->text))
        diag_hint(c->diags,
                  "It is a list in each event: write, for example, sum(%s.(count(%s))).",
                  scope_title(scope, c->book->memory), name->text);
    else if (similar)
        diag_hint(c->diags, "Did you mean \"%s\"?", similar);
}

/* The property that a selection looks at, noted in `m`; *taken of the names are its. */
static type check_property(checker *c, const ast_list *names, meaning *m, size_t *taken)
{
    const ast_name *first_name = names->items[0];
    type t = NO_TYPE;
    const event_kind *first, *second;
    for (*taken = names->count; *taken > 0; --*taken) {
        m->name = joined(c, names, *taken);
        if (!scope_has_property(m->scope, m->name))
            continue;
        m->kind = MEANING_PROPERTY;
        if (!scope_property_type(m->scope, m->name, &t, &first, &second))
            diag_error(c->diags, first_name->where, E0108,
                       "\"%s\" of \"%s\" and of \"%s\" differ in type", m->name,
                       first->name, second->name);
        return t;
    }
    *taken = 1;
    if (pseudo_property_find(first_name->text, &m->pseudo) &&
        (!m->scope->outer || m->pseudo == PSEUDO_NTH)) {
        static const type_kind kinds[] = {TYPE_TIME, TYPE_DURATION, TYPE_DECIMAL,
                                          TYPE_STRING};
        m->kind = MEANING_PSEUDO;
        t.kind = kinds[m->pseudo];
    } else {
        report_property(c, names, m->scope);
    }
    return t;
}

/* `name` behind a property: the part of a time. */
static type check_field(checker *c, const ast_name *name, const char *property,
                        meaning *m, type t)
{
    static const struct {
        const char *name;
        type_kind kind;
    } parts[] = {
#define X(name, spelling, kind, doc) {spelling, kind},
#include "lang/time_parts.def"
#undef X
    };
    if (t.kind == TYPE_ERROR)
        return t;
    bool is_time = t.kind == TYPE_TIME, is_date = t.kind == TYPE_DATE;
    for (int i = 0; i < PART_COUNT - 1; i++) {
        if (strcmp(parts[i].name, name->text) != 0)
            continue;
        m->part = (time_part)(i + 1);
        if (is_time || (is_date && m->part != PART_HOUR))
            return (type){parts[i].kind, 0};
    }
    diag_error(c->diags, name->where, E0105, "\"%s\" has no part named \"%s\"", property,
               name->text);
    if (is_time || is_date)
        hint_time_part(c, name->text);
    return NO_TYPE;
}

static type check_value_names(checker *c, const ast_list *names, meaning *m)
{
    size_t taken;
    type t = check_property(c, names, m, &taken);
    if (names->count <= taken)
        return t;
    const ast_name *part = names->items[taken];
    if (names->count == taken + 1)
        return check_field(c, part, joined(c, names, taken), m, t);
    if (t.kind != TYPE_ERROR)
        diag_error(c->diags, part->where, E0105, "\"%s\" has no part named \"%s\"",
                   joined(c, names, taken), part->text);
    return NO_TYPE;
}

/* The items of a list of plain values are looked at by their value. */
static type check_plain_items(const ast_selection *selection, meaning *m)
{
    const event_kind *a, *b;
    type t = NO_TYPE;
    const ast_event *list = pattern_list(selection->pattern);
    if (!list || !scope_list_is_plain(list->list_scope, list->list))
        return (type){TYPE_TIME, 0};
    m->kind = MEANING_PROPERTY;
    m->name = SCHEMA_ITEM_VALUE;
    scope_property_type(m->scope, m->name, &t, &a, &b);
    return t;
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
    else if (value_names(c, selection).count > 0) {
        ast_list names = value_names(c, selection);
        m->type = check_value_names(c, &names, m);
    } else {
        m->type = check_plain_items(selection, m);
    }
    return m->type;
}

/* A property, a calculated value, or that of plain items: not the events themselves. */
static bool selects_value(const ast_selection *selection)
{
    return selection->value || selection->meaning->kind != MEANING_NONE ||
           (selection->property.text && !pattern_list(selection->pattern));
}

/* ---- windows ------------------------------------------------------------ */

void check_instant(checker *c, ast_expr *expr, diag_code code, const char *what)
{
    type t = check_expr(c, expr);
    if (t.kind == TYPE_TIME || t.kind == TYPE_DATE || t.kind == TYPE_ERROR)
        return;
    diag_error(c->diags, expr->where, code, "%s needs a time or a date, and this is %s",
               what, type_words(c, t));
    hint_instant(c, expr);
}

static void check_window_duration(checker *c, const ast_window *window)
{
    if (window->duration.count.value <= 0) {
        diag_error(c->diags, window->duration.where, E0113,
                   "a window of no length never holds");
        diag_hint(c->diags, "Write a number above 0, or \"today\" for the day so far.");
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
    int64_t a, b;
    if (from->kind != EXPR_AGO || to->kind != EXPR_AGO || from->duration.count.scale ||
        to->duration.count.scale)
        return false;
    if (from->duration.unit == to->duration.unit)
        return from->duration.count.value < to->duration.count.value;
    return calendar_span_microseconds(
               (calendar_span){from->duration.count.value, from->duration.unit}, &a) &&
           calendar_span_microseconds(
               (calendar_span){to->duration.count.value, to->duration.unit}, &b) &&
           a < b;
}

/* `between 90 and 30 days ago`: the unit is said once. */
static bool report_shared_unit(checker *c, const ast_window *window)
{
    const ast_expr *from = window->from, *to = window->to;
    if (from->kind != EXPR_NUMBER || to->kind != EXPR_AGO)
        return false;
    diag_error(c->diags, from->where, E0113,
               "this number lacks a unit of time and \"ago\"");
    slice later = span_text(to->where);
    diag_hint(c->diags, "Write: between %s %ss ago and %.*s.", from->text.text,
              calendar_unit_name(to->duration.unit), (int)later.size, later.data);
    return true;
}

/* `did purchase between 5 and 10`. */
static bool report_number_bounds(checker *c, const ast_window *window)
{
    const ast_expr *from = window->from, *to = window->to;
    if (from->kind != EXPR_NUMBER || to->kind != EXPR_NUMBER)
        return false;
    diag_error(c->diags, span_join(from->where, to->where), E0113,
               "\"between\" needs two times or dates, and these are numbers");
    diag_hint(c->diags,
              "How often takes two conditions: did ... at least %s times and did ... at "
              "most %s times.",
              from->text.text, to->text.text);
    return true;
}

static void check_between(checker *c, ast_window *window)
{
    if (report_shared_unit(c, window) || report_number_bounds(c, window))
        return;
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
        check_step(c, window->step);
    else
        check_instant(c, window->from, E0113, "\"within\"");
}

/* `in last 30 dayz` names neither a unit of time nor an event. */
static bool check_last_events(checker *c, const ast_window *window)
{
    const char *name = window->name.text;
    const ast_decl *decl = rulebook_find(c->book, name);
    if (schema_find_event(c->book->schema, name) != SCHEMA_NONE ||
        (decl && decl->kind == DECL_EVENT) || rulebook_is_broken(c->book, name))
        return true;
    diag_error(c->diags, window->name.where, E0104,
               "\"%s\" is neither a unit of time nor an event", name);
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
                      (long long)(window->duration.count.value /
                                  number_power_of_ten(window->duration.count.scale)),
                      calendar_unit_name(window->duration.unit));
        break;
    case WINDOW_LAST_FULL:
        if (window->count < 1)
            diag_error(c->diags, window->place, E0113,
                       "a window of no length never holds");
        break;
    case WINDOW_LAST_EVENTS:
        if (window->count < 1)
            diag_error(c->diags, window->place, E0113,
                       "a window of no length never holds");
        break;
    case WINDOW_UNIT_OF:
    case WINDOW_UNIT_AFTER:
    case WINDOW_UNIT_BEFORE: check_instant(c, window->from, E0113, "a window"); break;
    case WINDOW_IN_THIS:
    case WINDOW_DURING:
    case WINDOW_TODAY:
    case WINDOW_YESTERDAY: break;
    case WINDOW_BETWEEN: check_between(c, window); break;
    case WINDOW_SINCE:
    case WINDOW_BEFORE:
    case WINDOW_AFTER:
    case WINDOW_ON:
        check_instant(c, window->from, E0113, bound_word(window->kind));
        break;
    case WINDOW_WITHIN_OF:
    case WINDOW_WITHIN_AFTER:
    case WINDOW_WITHIN_BEFORE: check_anchor(c, window); break;
    }
}

/* The name of the one event that a pattern is, or NULL. */
static const char *single_event(const ast_pattern *pattern)
{
    if (pattern->is_sequence || pattern->step->events.count != 1)
        return NULL;
    return ((const ast_event *)pattern->step->events.items[0])->name.text;
}

static void check_newest(checker *c, const ast_window *window, const ast_pattern *pattern)
{
    const char *event = single_event(pattern);
    if (!check_last_events(c, window))
        return;
    if (event && strcmp(event, window->name.text) == 0)
        return;
    diag_error(c->diags, window->place, E0113,
               "\"in last %lld %s\" goes with events that are \"%s\"",
               (long long)window->count, window->name.text, window->name.text);
    if (event)
        diag_hint(c->diags, "Did you mean \"in last %lld %s\"?", (long long)window->count,
                  event);
}

/* `with same p` of `within ... of any E`. */
static void check_near_same(checker *c, const ast_window *window,
                            const ast_pattern *pattern)
{
    const schema *s = c->book->schema;
    const event_scope *own = scope_of_pattern(pattern, s, c->book->memory);
    const event_scope *other = scope_of_step(window->step, s, c->book->memory);
    const event_kind *a, *b;
    type own_type = NO_TYPE, other_type = NO_TYPE;
    if (own->kind_count == 0 || other->kind_count == 0)
        return; /* reported already */
    bool in_own = scope_property_type(own, window->same.text, &own_type, &a, &b);
    bool in_other = scope_property_type(other, window->same.text, &other_type, &a, &b);
    if (in_own && in_other && type_equals(own_type, other_type))
        return;
    if (in_own && in_other)
        diag_error(c->diags, window->same.where, E0108,
                   "\"%s\" is not of one type in both events", window->same.text);
    else
        diag_error(c->diags, window->same.where, E0105, "%s has no property named \"%s\"",
                   scope_title(in_own ? other : own, c->book->memory), window->same.text);
}

static void refuse_windows(checker *c, const ast_list *windows, const ast_event *list)
{
    const ast_window *window = windows->items[0];
    diag_error(
        c->diags, window->place, E0113,
        "the items of \"%s\" have no time of their own, so no window goes with them",
        list->list);
    diag_hint(c->diags, "Put the window behind the event that holds the list.");
}

enum { MOST_WINDOWS = 100 }; /* for the same events; each is compared with each */

void check_windows(checker *c, const ast_list *windows, const ast_pattern *pattern)
{
    if (windows->count > 0 && !pattern->is_sequence)
        check_users_alone(c, pattern->step, false);
    const ast_event *list = pattern_list(pattern);
    if (list && windows->count > 0) {
        refuse_windows(c, windows, list);
        return;
    }
    if (windows->count > MOST_WINDOWS) {
        const ast_window *window = windows->items[MOST_WINDOWS];
        diag_error(c->diags, window->place, E0113,
                   "at most %d windows may stand together", MOST_WINDOWS);
        return;
    }
    for (size_t i = 0; i < windows->count; i++) {
        ast_window *window = windows->items[i];
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

/* ---- did, aggregates, first and last ------------------------------------ */

type check_did(checker *c, ast_expr *expr)
{
    check_pattern(c, expr->selection->pattern);
    check_windows(c, &expr->modifiers.windows, expr->selection->pattern);
    if (expr->modifiers.times.count > 1) {
        const ast_times *second = expr->modifiers.times.items[1];
        diag_error(c->diags, second->place, E0117, "two numbers of times are given");
        diag_hint(c->diags, "Write two conditions, joined by \"and\".");
    }
    return (type){TYPE_BOOL, 0};
}

static int aggregate_find(const char *name)
{
    for (int i = 0; i < AGGREGATE_COUNT_OF; i++)
        if (strcmp(aggregates[i].spelling, name) == 0)
            return i;
    return -1;
}

/* What asks for the time of its rows has nothing to ask of items. */
static bool check_items_have(checker *c, const ast_expr *expr, bool asks_time)
{
    const ast_event *list = pattern_list(expr->selection->pattern);
    if (!list || !asks_time)
        return true;
    diag_error(c->diags, expr->selection->place, E0117,
               "the items of \"%s\" have no time of their own", list->list);
    diag_hint(c->diags,
              "Name a property of the items, as in \"count(%s where (...))\" or "
              "\"last %s.x\".",
              list->list, list->list);
    return false;
}

static bool check_takes(checker *c, const ast_expr *expr, int which)
{
    bool has_value = selects_value(expr->selection);
    if (aggregates[which].takes == EVENTS && !expr->selection->property.text &&
        pattern_list(expr->selection->pattern))
        has_value = false; /* share(tags where (...)) looks at the items */
    if (aggregates[which].takes == VALUE && !has_value &&
        expr->selection->meaning->scope->kind_count == 0)
        return false; /* of an event that is unknown, and reported */
    if (aggregates[which].takes == VALUE && !has_value) {
        diag_error(c->diags, expr->selection->place, E0117,
                   "\"%s\" needs a property of the event", aggregates[which].spelling);
        hint_property(c, expr, aggregates[which].example);
        return false;
    }
    if (aggregates[which].takes == EVENTS && has_value) {
        diag_error(c->diags, expr->selection->place, E0117,
                   "\"%s\" looks at whole events, not at a property",
                   aggregates[which].spelling);
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
        diag_hint(c->diags,
                  "Texts can be counted: write \"count\", \"distinct\" or "
                  "\"most_common\", or declare \"%s\" as a number in carpel.yaml.",
                  expr->selection->property.text);
    return NO_TYPE;
}

static bool is_unit_aggregate(aggregate which)
{
    return which >= AGGREGATE_DAYS_WITH && which <= AGGREGATE_YEARS_IN_A_ROW;
}

/* The second value of `quantile`, which the others do not have. */
static bool check_second_value(checker *c, const ast_expr *expr, aggregate which)
{
    const ast_expr *second = expr->right;
    if (which != AGGREGATE_QUANTILE) {
        if (second)
            diag_error(c->diags, second->where, E0117, "\"%s\" takes no second value",
                       expr->text.text);
        return !second;
    }
    if (second && second->kind == EXPR_NUMBER && second->number.value >= 0 &&
        second->number.value <= number_power_of_ten(second->number.scale))
        return true;
    diag_error(c->diags, second ? second->where : expr->where, E0117,
               "\"quantile\" needs a share from 0%% to 100%% as its second value");
    diag_hint(c->diags, "For example: %s", aggregates[which].example);
    return false;
}

static bool check_repetition(checker *c, const ast_expr *expr, aggregate which)
{
    const ast_list *times = &expr->modifiers.times;
    if (times->count == 0 || (times->count == 1 && is_unit_aggregate(which)))
        return true;
    diag_error(c->diags, ((const ast_times *)times->items[times->count - 1])->place,
               E0117, "\"%s\" does not ask how many times", expr->text.text);
    diag_hint(c->diags, "Compare its value instead: \"%s(...) >= 3\".", expr->text.text);
    return false;
}

static type aggregate_type(checker *c, const ast_expr *expr, aggregate which, type value)
{
    bool is_duration = value.kind == TYPE_DURATION;
    switch (which) {
    case AGGREGATE_SUM:
        return type_is_numeric(value) || is_duration
                   ? value
                   : wrong_value(c, expr, "numbers or durations", value);
    case AGGREGATE_AVG:
        if (type_is_numeric(value))
            return (type){TYPE_NUMBER, 0};
        return is_duration ? value : wrong_value(c, expr, "numbers or durations", value);
    case AGGREGATE_MIN:
    case AGGREGATE_MAX:
        return type_is_ordered(value)
                   ? value
                   : wrong_value(c, expr, "numbers, times, dates or durations", value);
    case AGGREGATE_MEDIAN:
    case AGGREGATE_QUANTILE:
        if (value.kind == TYPE_DECIMAL)
            return (type){TYPE_NUMBER, 0};
        return type_is_numeric(value) || is_duration
                   ? value
                   : wrong_value(c, expr, "numbers or durations", value);
    case AGGREGATE_STDDEV:
        return type_is_numeric(value) ? (type){TYPE_NUMBER, 0}
                                      : wrong_value(c, expr, "numbers", value);
    case AGGREGATE_MOST_COMMON:
    case AGGREGATE_FIRST:
    case AGGREGATE_LAST: return value;
    case AGGREGATE_SHARE: return (type){TYPE_NUMBER, 0};
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
    diag_error(c->diags, expr->where, E0117,
               "\"share\" needs a \"where\": the share of what?");
    diag_hint(c->diags, "For example: share(purchase where (discount > 0))");
}

type check_aggregate(checker *c, ast_expr *expr)
{
    type value = check_selection(c, expr->selection);
    check_windows(c, &expr->modifiers.windows, expr->selection->pattern);
    if (expr->right)
        check_expr(c, expr->right);
    int which = aggregate_find(expr->text.text);
    if (which < 0)
        return NO_TYPE; /* the grammar knows no other word here */
    if (!check_repetition(c, expr, (aggregate)which) ||
        !check_second_value(c, expr, (aggregate)which))
        return NO_TYPE;
    if (!check_items_have(c, expr, is_unit_aggregate((aggregate)which)))
        return NO_TYPE;
    if (which == AGGREGATE_SHARE)
        check_share(c, expr);
    if (!check_takes(c, expr, which) || value.kind == TYPE_ERROR)
        return NO_TYPE;
    return aggregate_type(c, expr, (aggregate)which, value);
}

type check_pick(checker *c, ast_expr *expr)
{
    type value = check_selection(c, expr->selection);
    check_windows(c, &expr->modifiers.windows, expr->selection->pattern);
    if (!check_items_have(c, expr, !selects_value(expr->selection)))
        return NO_TYPE;
    return value;
}
