/* SPDX-License-Identifier: MIT
 *
 * Types of expressions: literals, logic, and which function looks at what.
 */
#include "lang/checker.h"

#include "base/number.h"

const char *type_words(type t)
{
    static const char *const words[] = {
        [TYPE_ERROR] = "nothing",    [TYPE_BOOL] = "a condition",
        [TYPE_DECIMAL] = "a number", [TYPE_NUMBER] = "a number",
        [TYPE_STRING] = "a text",    [TYPE_TIME] = "a time",
        [TYPE_DATE] = "a date",      [TYPE_DURATION] = "a duration",
        [TYPE_PERSON] = "a person",  [TYPE_VERSION] = "a version",
        [TYPE_LIST] = "a list"};
    return words[t.kind];
}

bool is_error(type a, type b)
{
    return a.kind == TYPE_ERROR || b.kind == TYPE_ERROR;
}

bool type_takes(type wanted, type given)
{
    return wanted.kind == given.kind ||
           (wanted.kind == TYPE_NUMBER && type_is_numeric(given)) ||
           (type_is_text(wanted) && type_is_text(given));
}

type type_join(type a, type b)
{
    if (a.kind == TYPE_DECIMAL && b.kind == TYPE_DECIMAL)
        return (type){TYPE_DECIMAL, a.scale > b.scale ? a.scale : b.scale};
    if (type_is_numeric(a) && type_is_numeric(b))
        return NUMBER;
    return a.kind == b.kind ? a : NO_TYPE;
}

type expr_type(const ast_expr *expr)
{
    return expr->meaning->type;
}

bool expr_is_calendar(const ast_expr *expr)
{
    return expr_type(expr).kind == TYPE_DURATION &&
           expr->meaning->duration == DURATION_CALENDAR;
}

static type check_duration(checker *c, ast_expr *expr)
{
    const ast_duration *d = &expr->duration;
    int64_t exact;
    expr->meaning->duration = d->unit >= UNIT_MONTH ? DURATION_CALENDAR : DURATION_EXACT;
    if (d->unit >= UNIT_MONTH && d->count.scale > 0) {
        error(c, d->where, E0103, "a month, quarter or year cannot be split");
        hint_split_unit(c, d);
    } else if (d->unit < UNIT_MONTH &&
               (!calendar_span_microseconds((calendar_span){d->count.value, d->unit},
                                            &exact) ||
                exact % number_power_of_ten(d->count.scale) != 0))
        error(c, d->where, E0103,
              "this duration is too long, or finer than a microsecond");
    return DURATION;
}

static type check_as_of(checker *c, ast_expr *expr)
{
    type t = check_expr(c, expr->left);
    check_instant(c, expr->right, E0108, "\"as of\"");
    if (!check_same_instant(c, expr->right, expr_is_of_population(expr->left)))
        return NO_TYPE;
    if (expr->left->meaning->kind == MEANING_PROPERTY ||
        expr->left->meaning->kind == MEANING_PSEUDO)
        return refuse(c, expr->left->where, E0108,
                      "a property of an event never changes, so it has no \"as of\"");
    expr->meaning->duration = DURATION_EXACT;
    return t;
}

/* `before` is the condition joined with this one, or NULL. */
static void check_joined(checker *c, const ast_expr *before, ast_expr *expr,
                         const char *what)
{
    check_expr(c, expr);
    ask_for(expr, BOOLEAN);
    type t = expr_type(expr);
    if (t.kind == TYPE_BOOL || t.kind == TYPE_ERROR)
        return;
    error(c, expr->where, E0109, "%s needs a condition, and this is %s", what,
          type_words(t));
    hint_alternatives(c, before, expr);
}

void check_condition(checker *c, ast_expr *expr, const char *what)
{
    check_joined(c, NULL, expr, what);
}

static type check_logic(checker *c, ast_expr *expr)
{
    bool is_or = expr->kind == EXPR_OR;
    const ast_expr *before = NULL; /* the newest that is a condition */
    for (size_t i = 0; i < expr->list.count; i++) {
        ast_expr *part = expr->list.items[i];
        if (report_alternatives(c, expr, &i))
            continue;
        check_joined(c, is_or ? before : NULL, part, is_or ? "\"or\"" : "\"and\"");
        if (expr_type(part).kind == TYPE_BOOL)
            before = part;
    }
    return BOOLEAN;
}

static type check_some_of(checker *c, ast_expr *expr)
{
    for (size_t i = 0; i < expr->list.count; i++)
        check_condition(c, expr->list.items[i],
                        wording(c, "\"%s\"", words_in(c, expr->times->place)));
    return BOOLEAN;
}

static type check_if(checker *c, ast_expr *expr)
{
    check_condition(c, expr->condition, "\"if\"");
    check_expr(c, expr->left);
    check_expr(c, expr->right);
    ask_each_other(expr->left, expr->right); /* else whoever uses the choice tells */
    type a = expr_type(expr->left), b = expr_type(expr->right);
    if (is_error(a, b))
        return NO_TYPE;
    type joined = type_join(a, b);
    if (joined.kind == TYPE_ERROR || expr_is_calendar(expr->left) ||
        expr_is_calendar(expr->right))
        return refuse(c, expr->where, E0108, "\"then\" gives %s and \"else\" gives %s",
                      type_words(a), type_words(b));
    return joined;
}

static type check_span_of_time(checker *c, ast_expr *expr)
{
    check_instant(c, expr->left, E0108,
                  expr->kind == EXPR_TIME_SINCE ? "\"time since\"" : "\"time until\"");
    expr->meaning->duration = DURATION_SINCE;
    return DURATION;
}

static type check_next_anniversary(checker *c, ast_expr *expr)
{
    check_instant(c, expr->left, E0108, "\"next anniversary of\"");
    return DATE;
}

static type check_in_window(checker *c, ast_expr *expr)
{
    type t = check_expr(c, expr->left);
    if (t.kind == TYPE_ERROR)
        return BOOLEAN; /* whether a window fits is not known */
    if (type_is_numeric(t) || t.kind == TYPE_DURATION) {
        error(c, expr->where, E0108, "a window is for times and dates, and this is %s",
              type_words(t));
        hint_number_window(c, expr);
        return BOOLEAN;
    }
    check_instant(c, expr->left, E0108, "a window");
    check_windows_of_value(c, &expr->modifiers.windows, t);
    return BOOLEAN;
}

static type check_kind(checker *c, ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_NUMBER: return (type){TYPE_DECIMAL, expr->number.scale};
    case EXPR_STRING: return TEXT;
    case EXPR_DATE: return DATE;
    case EXPR_TIME: return TIME;
    case EXPR_NOW:
        if (expr->text.text && expr->meaning->part == PART_NONE)
            return NO_TYPE; /* it has no such part, and that was reported */
        return part_type(c, TIME, expr->meaning->part, expr->where);
    case EXPR_BOOL: return BOOLEAN;
    case EXPR_DURATION: return check_duration(c, expr);
    case EXPR_MISSING: return NO_TYPE; /* the call tells */
    case EXPR_AGO: check_duration(c, expr); return TIME;
    case EXPR_PATH: return check_meaning(c, expr->meaning, expr->where);
    case EXPR_CALL: return check_call(c, expr);
    case EXPR_AS_OF: return check_as_of(c, expr);
    case EXPR_NEGATE: return check_negate(c, expr);
    case EXPR_ADD:
    case EXPR_SUBTRACT:
    case EXPR_MULTIPLY:
    case EXPR_DIVIDE: return check_arithmetic(c, expr);
    case EXPR_COMPARE: return check_compare(c, expr);
    case EXPR_MATCHES: return check_text_test(c, expr, "matches");
    case EXPR_CONTAINS: return check_text_test(c, expr, "contains");
    case EXPR_STARTS_WITH: return check_text_test(c, expr, "starts with");
    case EXPR_ENDS_WITH: return check_text_test(c, expr, "ends with");
    case EXPR_IS_MISSING: return check_is_missing(c, expr);
    case EXPR_HAS: return BOOLEAN; /* what resolve did not come to */
    case EXPR_IN_VALUES: return check_in_values(c, expr);
    case EXPR_IN_NAMED: return check_in_named(c, expr);
    case EXPR_IN_RANKS: return check_population(c, expr);
    case EXPR_IN_WINDOW: return check_in_window(c, expr);
    case EXPR_MEMBER: return check_member(c, expr);
    case EXPR_AND:
    case EXPR_OR: return check_logic(c, expr);
    case EXPR_NOT: check_condition(c, expr->left, "\"not\""); return BOOLEAN;
    case EXPR_SOME_OF: return check_some_of(c, expr);
    case EXPR_LASTING: return check_lasting(c, expr);
    case EXPR_IF: return check_if(c, expr);
    case EXPR_DID: return check_did(c, expr);
    case EXPR_DID_SOME: return check_did_some(c, expr);
    case EXPR_AGGREGATE: return check_aggregate(c, expr);
    case EXPR_PER_UNIT: return check_per_unit(c, expr);
    case EXPR_PICK: return check_pick(c, expr);
    case EXPR_LAST_CHANGE: return check_last_change(c, expr);
    case EXPR_NEXT_OCCASION: return DATE;
    case EXPR_NEXT_ANNIVERSARY: return check_next_anniversary(c, expr);
    case EXPR_TIME_SINCE:
    case EXPR_TIME_UNTIL: return check_span_of_time(c, expr);
    case EXPR_NTILE:
    case EXPR_PERCENTILE:
    case EXPR_RANK: return check_population(c, expr);
    }
    return NO_TYPE;
}

type check_expr(checker *c, ast_expr *expr)
{
    expr->meaning->type = expr->meaning->is_left ? NO_TYPE : check_kind(c, expr);
    return expr->meaning->type;
}
