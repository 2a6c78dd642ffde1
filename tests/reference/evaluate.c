/* SPDX-License-Identifier: MIT
 *
 * Expressions: what stands in the tree, said again in C.
 */
#include <string.h>

#include "base/memory.h"
#include "base/pattern.h"
#include "reference/evaluator.h"

/* ---- literals ------------------------------------------------------------------------ */

int64_t exact_microseconds(ast_duration d)
{
    int64_t length = 0;
    calendar_span_microseconds((calendar_span){1, d.unit}, &length);
    return (int64_t)((int128)length * d.count.value / number_power_of_ten(d.count.scale));
}

static value duration_of(const ast_duration *d)
{
    if (d->unit < UNIT_MONTH)
        return value_duration(exact_microseconds(*d));
    return (value){.kind = CALENDAR, .months = {d->count.value, d->unit}};
}

static value time_literal(const reference *ref, const ast_expr *expr)
{
    return value_time(expr->time_has_zone ? expr->time
                                          : zone_instant(ref->zone, expr->time));
}

/* ---- names --------------------------------------------------------------------------- */

/* "Parts of any time: `.weekday` (text), `.hour`, `.day_of_month`, `.month_of_year`, `.year`,
 * `.date`." */
value part_of_moment(const reference *ref, value moment, time_part part)
{
    static const char *const weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                           "friday", "saturday", "sunday"};
    moment = value_settled(moment);
    if (part == PART_NONE || moment.kind == MISSING)
        return moment;
    int64_t date =
        moment.kind == TIME ? zone_date(ref->zone, moment.integer) : moment.integer;
    int64_t year;
    unsigned month, day;
    date_to_civil(date, &year, &month, &day);
    switch (part) {
    case PART_WEEKDAY: return value_text(weekdays[date_weekday(date)]);
    case PART_DAY_OF_MONTH: return value_exact(day, 0);
    case PART_MONTH_OF_YEAR: return value_exact(month, 0);
    case PART_YEAR: return value_exact(year, 0);
    case PART_DATE: return value_date(date);
    default:
        return value_exact(number_floor_modulo(zone_local(ref->zone, moment.integer),
                                               MICROSECONDS_PER_DAY) /
                               (3600 * MICROSECONDS_PER_SECOND),
                           0);
    }
}

static value path_value(reference *ref, const ast_expr *expr, scope s)
{
    const meaning *m = expr->meaning;
    value v = value_missing();
    if (m->kind == MEANING_DECL)
        v = evaluate_decl(ref, m->decl, s.person, s.now);
    else if (m->kind == MEANING_PROPERTY && s.event)
        v = occurrence_property(ref, m->is_of_outer ? s.event->holder : s.event, m->name);
    else if (m->kind == MEANING_PSEUDO && s.event)
        v = occurrence_property(ref, m->is_of_outer ? s.event->holder : s.event,
                                pseudo_property_name(m->pseudo));
    else if (m->kind == MEANING_TRAIT)
        v = history_trait(ref, s.person, m->trait, s.now);
    return m->part == PART_NONE ? v : part_of_moment(ref, v, m->part);
}

/* "Events after `now` do not exist", also not in what is judged as of another instant. Returns
 * the horizon to go back to. */
int64_t horizon_enter(reference *ref, int64_t now)
{
    int64_t before = ref->horizon;
    ref->horizon = now < before ? now : before;
    return before;
}

/* "`x as of T` [...] is the same judgement at T"; "`user.plan as of time` inside a `where` is
 * its value at the event." At a missing T there is no judgement. */
static value value_as_of(reference *ref, const ast_expr *expr, scope s)
{
    interval at = moment_interval(ref, value_settled(evaluate(ref, expr->right, s)));
    if (interval_is_missing(at))
        return value_missing();
    int64_t horizon = horizon_enter(ref, s.now);
    value v = evaluate(ref, expr->left, (scope){s.person, at.first, NULL});
    ref->horizon = horizon;
    v.anchored = NO_ANCHOR;
    return v;
}

/* ---- functions ----------------------------------------------------------------------- */

/* "`smaller(a, b)`, `larger(a, b)` are plain functions." */
static value builtin_call(reference *ref, const ast_expr *expr, scope s)
{
    type t = expr->meaning->type;
    value a = value_settled(evaluate(ref, expr->list.items[0], s));
    value b = value_settled(evaluate(ref, expr->list.items[1], s));
    bool wants_smaller =
        strcmp(((const ast_name *)expr->names.items[0])->text, "smaller") == 0;
    int order;
    if (t.kind == TYPE_NUMBER) { /* doubles meet as doubles; exact numbers exactly */
        a = value_as(a, t);
        b = value_as(b, t);
    }
    if (!value_compare(ref->zone, a, b, &order))
        return value_missing();
    return value_as((order <= 0) == wants_smaller ? a : b, t);
}

/* Times and durations are handed over in seconds, dates as days since 1970. */
static script_value script_argument(value v)
{
    switch (v.kind) {
    case MISSING: return (script_value){.kind = SCRIPT_MISSING};
    case TRUTH: return (script_value){.kind = SCRIPT_BOOL, .boolean = v.integer};
    case TEXT:
    case VERSION: return (script_value){.kind = SCRIPT_TEXT, .text = slice_of(v.text)};
    case DATE: return (script_value){.kind = SCRIPT_INTEGER, .integer = v.integer};
    case TIME:
        return (script_value){.kind = SCRIPT_NUMBER, .number = (double)v.integer / 1e6};
    case DURATION:
        return (script_value){.kind = SCRIPT_NUMBER,
                              .number = (double)(int64_t)v.above / 1e6};
    default:
        if (v.kind == EXACT && v.scale == 0)
            return (script_value){.kind = SCRIPT_INTEGER, .integer = (int64_t)v.above};
        return (script_value){.kind = SCRIPT_NUMBER, .number = value_nearest(v)};
    }
}

/* "The type of a call is what its use asks for"; another type is a failure of the call. */
static script_value script_list(reference *ref, values list)
{
    script_value *items = arena_alloc_array(ref->memory, list.count + 1, sizeof *items);
    for (size_t i = 0; i < list.count; i++)
        items[i] = script_argument(list.items[i]);
    return (script_value){.kind = SCRIPT_LIST, .items = items, .item_count = list.count};
}

static value script_result(reference *ref, const meaning *m, const script_value *r)
{
    if (m->takes_any)
        return r->kind == SCRIPT_MISSING ? value_missing() : value_truth(true);
    if (m->type.kind == TYPE_STRING)
        return r->kind == SCRIPT_TEXT
                   ? value_text(arena_copy_text(ref->memory, r->text.data, r->text.size))
                   : value_missing();
    if (m->type.kind == TYPE_BOOL)
        return r->kind == SCRIPT_BOOL ? value_truth(r->boolean) : value_missing();
    if (r->kind == SCRIPT_INTEGER)
        return value_double((double)r->integer);
    return r->kind == SCRIPT_NUMBER ? value_double(r->number) : value_missing();
}

/* "A function that raises, or runs past its budget, yields missing" */
static value script_value_of(reference *ref, const ast_expr *expr, scope s)
{
    script_value *arguments =
        arena_alloc_array(ref->memory, expr->list.count + 1, sizeof *arguments);
    script_value result;
    const char *message;
    for (size_t i = 0; i < expr->list.count; i++) {
        const ast_expr *argument = expr->list.items[i];
        bool is_list =
            argument->kind == EXPR_AGGREGATE && argument->aggregate == AGGREGATE_LIST;
        arguments[i] = is_list
                           ? script_list(ref, evaluate_list(ref, argument, s))
                           : script_argument(value_settled(evaluate(ref, argument, s)));
    }
    if (!script_call(ref->scripts, expr->meaning->function, arguments, expr->list.count,
                     &result, &message))
        return value_missing();
    return script_result(ref, expr->meaning, &result);
}

/* ---- arithmetic ---------------------------------------------------------------------- */

static int64_t move_date(int64_t date, calendar_span by)
{
    static const int64_t months[] = {
        [UNIT_MONTH] = 1, [UNIT_QUARTER] = 3, [UNIT_YEAR] = 12};
    if (by.unit >= UNIT_MONTH)
        return date_add_months(date, by.count * months[by.unit]);
    int64_t moved = date + by.count * (by.unit == UNIT_WEEK ? 7 : 1);
    return moved < DATE_MIN ? DATE_MIN : moved > DATE_MAX ? DATE_MAX : moved;
}

/* A moment and a written duration: "month, quarter, year are calendar arithmetic [...],
 * clamped to the month's last day." */
static value moved_moment(const reference *ref, value moment, ast_duration by, int sign)
{
    if (moment.kind == MISSING)
        return moment;
    if (moment.kind == TIME)
        return value_time(move_instant(ref, moment.integer, by, sign));
    return value_date(
        move_date(moment.integer, (calendar_span){sign * by.count.value, by.unit}));
}

static value arithmetic(reference *ref, const ast_expr *expr, scope s)
{
    value a = evaluate(ref, expr->left, s), b = evaluate(ref, expr->right, s);
    bool adds = expr->kind == EXPR_ADD,
         adds_or_takes = adds || expr->kind == EXPR_SUBTRACT;
    type_kind left = expr->left->meaning->type.kind,
              right = expr->right->meaning->type.kind;
    if (adds_or_takes && (left == TYPE_TIME || left == TYPE_DATE) &&
        expr->right->kind == EXPR_DURATION)
        return moved_moment(ref, a, expr->right->duration, adds ? 1 : -1);
    if (adds && (right == TYPE_TIME || right == TYPE_DATE) &&
        expr->left->kind == EXPR_DURATION)
        return moved_moment(ref, b, expr->left->duration, 1);
    return value_calculate(expr->kind, a, b);
}

value evaluate_inside(reference *ref, const ast_expr *expr, scope s, const occurrence *o)
{
    if (!o->event) {
        int64_t horizon = horizon_enter(ref->people, ref->horizon);
        value v = evaluate(ref->people, expr, (scope){o->user, s.now, o});
        ref->people->horizon = horizon;
        return v;
    }
    return evaluate(ref, expr, (scope){s.person, s.now, o});
}

/* ---- tests --------------------------------------------------------------------------- */

/* "`time since X` and `time until X` compared with months, quarters or years are compared as
 * instants (X <= now − 2 months)" */
static bool compare_with_months(const reference *ref, value since, value months,
                                int64_t now, int *order)
{
    bool is_until = since.anchored == UNTIL;
    if (since.kind == MISSING)
        return false;
    int64_t bound = time_add(ref->zone, now, months.months, is_until ? 1 : -1);
    *order = since.anchor < bound ? -1 : since.anchor > bound;
    *order = is_until ? *order : -*order;
    return true;
}

static bool compare(const reference *ref, value a, value b, int64_t now, int *order)
{
    if (b.kind == CALENDAR)
        return compare_with_months(ref, a, b, now, order);
    if (a.kind != CALENDAR)
        return value_compare(ref->zone, a, b, order);
    bool is_known = compare_with_months(ref, b, a, now, order);
    *order = is_known ? -*order : 0;
    return is_known;
}

/* "A comparison with a missing operand is false; `!=`, `not in`, `not matches` are exactly
 * the negations of their positive forms" */
static bool comparison(reference *ref, const ast_expr *expr, scope s)
{
    value a = evaluate(ref, expr->left, s), b = evaluate(ref, expr->right, s);
    int order;
    bool is_known = compare(ref, a, b, s.now, &order);
    switch (expr->compare) {
    case COMPARE_EQ: return is_known && order == 0;
    case COMPARE_NE: return !(is_known && order == 0);
    case COMPARE_LT: return is_known && order < 0;
    case COMPARE_GT: return is_known && order > 0;
    case COMPARE_LE: return is_known && order <= 0;
    default: return is_known && order >= 0;
    }
}

static bool text_matches(const char *text, const char *expression)
{
    char reason[256];
    size_t offset;
    pattern *p = pattern_new(slice_of(expression), reason, sizeof reason, &offset);
    pattern_scratch *scratch = pattern_scratch_new();
    bool matches = p && pattern_match(p, slice_of(text), scratch) == PATTERN_YES;
    pattern_scratch_free(scratch);
    pattern_free(p);
    return matches;
}

static bool text_test(reference *ref, const ast_expr *expr, scope s)
{
    if (expr->meaning->kind == MEANING_LIST)
        return list_has_value(ref, expr->meaning, evaluate(ref, expr->right, s), s);
    value a = evaluate(ref, expr->left, s), b = evaluate(ref, expr->right, s);
    if (a.kind != TEXT || b.kind != TEXT)
        return false;
    switch (expr->kind) {
    case EXPR_MATCHES: return text_matches(a.text, b.text);
    case EXPR_CONTAINS: return strstr(a.text, b.text) != NULL;
    case EXPR_STARTS_WITH: return slice_starts_with(slice_of(a.text), slice_of(b.text));
    default: return slice_ends_with(slice_of(a.text), slice_of(b.text));
    }
}

static bool is_one_of(reference *ref, value v, const ast_list *list, scope s)
{
    for (size_t i = 0; i < list->count; i++) {
        int order;
        if (compare(ref, v, evaluate(ref, list->items[i], s), s.now, &order) &&
            order == 0)
            return true;
    }
    return false;
}

static bool file_has(const ast_decl *list, const char *text)
{
    return list->file_list &&
           dictionary_find(list->file_list, text, strlen(text)) != DICTIONARY_NONE;
}

/* "`value in s` asks for a person-typed value; `value in list` for a list's members." */
static bool is_in_named(reference *ref, const ast_expr *expr, scope s)
{
    value v = evaluate(ref, expr->left, s);
    if (expr->meaning->kind == MEANING_LIST)
        return list_has_value(ref, expr->meaning, v, s);
    if (expr->ref.decl->kind == DECL_LIST)
        return is_one_of(ref, v, &expr->ref.decl->values, s) ||
               (v.kind == TEXT && file_has(expr->ref.decl, v.text));
    for (size_t p = 0; v.kind == TEXT && p < ref->world->person_count; p++)
        if (strcmp(ref->world->people[p], v.text) == 0)
            return is_judged(ref, p) && is_member(ref, &expr->ref, p, s.now);
    return false;
}

/* "`x as of T` (a `let`, score, trait, `in s`) is the same judgement at T." */
static bool membership(reference *ref, const ast_expr *expr, scope s)
{
    interval at = {s.now, s.now};
    if (expr->right)
        at = moment_interval(ref, value_settled(evaluate(ref, expr->right, s)));
    int64_t horizon = horizon_enter(ref, s.now);
    bool is_in =
        !interval_is_missing(at) && is_member(ref, &expr->ref, s.person, at.first);
    ref->horizon = horizon;
    return is_in;
}

/* "Logic is two-valued." */
static bool logic(reference *ref, const ast_expr *expr, scope s)
{
    bool is_and = expr->kind == EXPR_AND;
    for (size_t i = 0; i < expr->list.count; i++)
        if (value_holds(evaluate(ref, expr->list.items[i], s)) != is_and)
            return !is_and;
    return is_and;
}

/* "at least 2 of (c1, c2, c3)": how many of them hold. */
static bool some_hold(reference *ref, const ast_expr *expr, scope s)
{
    int64_t count = 0;
    for (size_t i = 0; i < expr->list.count; i++)
        count += value_holds(evaluate(ref, expr->list.items[i], s));
    return quantity_holds(expr->times->quantity,
                          (count > expr->times->count) - (count < expr->times->count));
}

/* Does it hold at every instant of [from, now] at which it may be another than before: at
 * `from`, at now, and when any trait of anybody was set? */
static bool holds_since(reference *ref, const ast_expr *condition, scope s, int64_t from)
{
    int64_t end = s.now < ref->horizon ? s.now : ref->horizon;
    int64_t horizon = horizon_enter(ref, s.now);
    bool holds = value_holds(evaluate(ref, condition, (scope){s.person, from, NULL}));
    for (size_t i = 0; holds && i < ref->world->event_count; i++) {
        const world_event *e = &ref->world->events[i];
        if (e->is_trait && e->time > from && e->time <= end)
            holds =
                value_holds(evaluate(ref, condition, (scope){s.person, e->time, NULL}));
    }
    ref->horizon = horizon;
    return holds;
}

/* "true throughout [now - D, now]"; longer than D: throughout more than that. */
static bool lasts(reference *ref, const ast_expr *expr, scope s)
{
    int64_t from = move_instant(ref, s.now, expr->duration, -1);
    bool holds = value_holds(evaluate(ref, expr->left, s));
    switch (expr->quantity) {
    case QUANTITY_AT_LEAST: return holds && holds_since(ref, expr->left, s, from);
    case QUANTITY_MORE_THAN: return holds && holds_since(ref, expr->left, s, from - 1);
    case QUANTITY_FEWER_THAN: return holds && !holds_since(ref, expr->left, s, from);
    default: return holds && !holds_since(ref, expr->left, s, from - 1);
    }
}

static bool test_holds(reference *ref, const ast_expr *expr, scope s)
{
    switch (expr->kind) {
    case EXPR_COMPARE: return comparison(ref, expr, s);
    case EXPR_MATCHES:
    case EXPR_CONTAINS:
    case EXPR_STARTS_WITH:
    case EXPR_ENDS_WITH: return text_test(ref, expr, s);
    case EXPR_IS_MISSING:
        return value_settled(evaluate(ref, expr->left, s)).kind == MISSING;
    case EXPR_IN_VALUES:
        return is_one_of(ref, evaluate(ref, expr->left, s), &expr->list, s);
    case EXPR_IN_NAMED: return is_in_named(ref, expr, s);
    case EXPR_IN_WINDOW:
        return windows_hold_for_value(ref, &expr->modifiers.windows, s,
                                      value_settled(evaluate(ref, expr->left, s)));
    case EXPR_MEMBER: return membership(ref, expr, s);
    case EXPR_LASTING: return lasts(ref, expr, s);
    case EXPR_SOME_OF: return some_hold(ref, expr, s);
    case EXPR_NOT: return !value_holds(evaluate(ref, expr->left, s));
    default: return logic(ref, expr, s);
    }
}

/* ---- the rest ------------------------------------------------------------------------ */

static value choice(reference *ref, const ast_expr *expr, scope s)
{
    bool holds = value_holds(evaluate(ref, expr->condition, s));
    return value_as(evaluate(ref, holds ? expr->left : expr->right, s),
                    expr->meaning->type);
}

static value span_of_time(reference *ref, const ast_expr *expr, scope s)
{
    bool is_until = expr->kind == EXPR_TIME_UNTIL;
    interval at = moment_interval(ref, value_settled(evaluate(ref, expr->left, s)));
    if (interval_is_missing(at))
        return value_missing();
    int128 length = (int128)s.now - at.first;
    value v = value_duration(is_until ? -length : length);
    v.anchored = is_until ? UNTIL : SINCE;
    v.anchor = at.first;
    return v;
}

value evaluate(reference *ref, const ast_expr *expr, scope s)
{
    switch (expr->kind) {
    case EXPR_NUMBER: return value_exact(expr->number.value, expr->number.scale);
    case EXPR_STRING: return value_text(expr->text.text);
    case EXPR_DATE: return value_date(expr->time);
    case EXPR_TIME: return time_literal(ref, expr);
    case EXPR_BOOL: return value_truth(expr->boolean);
    case EXPR_DURATION: return duration_of(&expr->duration);
    case EXPR_MISSING: return value_missing();
    case EXPR_NOW: return part_of_moment(ref, value_time(s.now), expr->meaning->part);
    case EXPR_AGO: return value_time(move_instant(ref, s.now, expr->duration, -1));
    case EXPR_PATH: return path_value(ref, expr, s);
    case EXPR_AS_OF: return value_as_of(ref, expr, s);
    case EXPR_CALL:
        return expr->meaning->kind == MEANING_SCRIPT ? script_value_of(ref, expr, s)
                                                     : builtin_call(ref, expr, s);
    case EXPR_NEGATE: return value_negated(evaluate(ref, expr->left, s));
    case EXPR_ADD:
    case EXPR_SUBTRACT:
    case EXPR_MULTIPLY:
    case EXPR_DIVIDE: return arithmetic(ref, expr, s);
    case EXPR_IF: return choice(ref, expr, s);
    case EXPR_DID: return evaluate_did(ref, expr, s);
    case EXPR_DID_SOME: return evaluate_did_some(ref, expr, s);
    case EXPR_PER_UNIT: return evaluate_per_unit(ref, expr, s);
    case EXPR_AGGREGATE: return evaluate_aggregate(ref, expr, s);
    case EXPR_PICK: return evaluate_pick(ref, expr, s);
    case EXPR_LAST_CHANGE:
        return history_last_change(ref, s.person, expr->meaning->trait, s.now);
    case EXPR_NEXT_OCCASION:
        return next_occasion(
            ref, rulebook_find(ref->book, ((const ast_name *)expr->names.items[0])->text),
            s.now);
    case EXPR_NEXT_ANNIVERSARY:
        return next_anniversary(ref, value_settled(evaluate(ref, expr->left, s)), s.now);
    case EXPR_TIME_SINCE:
    case EXPR_TIME_UNTIL: return span_of_time(ref, expr, s);
    case EXPR_IN_RANKS:
    case EXPR_NTILE:
    case EXPR_PERCENTILE:
    case EXPR_RANK: return evaluate_ranking(ref, expr, s);
    default: return value_truth(test_holds(ref, expr, s) != expr->is_negated);
    }
}

/* ---- the front ----------------------------------------------------------------------- */

size_t reference_count(const reference *ref)
{
    return ref->world->person_count;
}

bool reference_judges(const reference *ref, size_t person)
{
    return is_judged(ref, person);
}

const char *reference_id(const reference *ref, size_t person)
{
    return ref->world->people[person];
}

reference *reference_new(const world *w, const rulebook *book, const script_set *scripts,
                         int64_t now)
{
    reference *ref = memory_alloc_zero(sizeof *ref);
    ref->world = w;
    ref->book = book;
    ref->zone = w->zone;
    ref->now = ref->horizon = now;
    ref->script_set = scripts;
    ref->scripts = script_state_new(scripts, NULL);
    ref->memory = arena_new();
    history_read(ref);
    return ref;
}

void reference_limit(reference *ref, size_t occurrences)
{
    ref->budget = occurrences + 1;
}

bool reference_gave_up(const reference *ref)
{
    return ref->has_given_up;
}

void reference_free(reference *ref)
{
    if (!ref)
        return;
    script_state_free(ref->scripts);
    memo_free(ref->memo);
    arena_free(ref->memory);
    memory_free(ref);
}

bool reference_is_member(reference *ref, const ast_decl *decl, size_t member,
                         size_t person)
{
    ast_ref of = {.decl = (ast_decl *)decl, .group = member, .member.text = "one"};
    if (decl->kind == DECL_SEGMENT)
        of.member.text = NULL;
    return is_judged(ref, person) && is_member(ref, &of, person, ref->now);
}

value reference_score(reference *ref, const ast_decl *decl, size_t person)
{
    return is_judged(ref, person)
               ? value_settled(evaluate_decl(ref, decl, person, ref->now))
               : value_missing();
}
