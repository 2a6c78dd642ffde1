/* SPDX-License-Identifier: MIT
 *
 * "Days and weeks in UNIT of INSTANT +- n days are calendar days": what is asked for there
 * is a local day, so a day leads to the same time of day on the next one.
 */
#include <string.h>

#include "reference/evaluator.h"

/* Days of the calendar, and an exact rest; a missing one has a missing rest. */
typedef struct length {
    value days, rest;
} length;

static bool is_days(const ast_duration *d)
{
    return (d->unit == UNIT_DAY || d->unit == UNIT_WEEK) && d->count.scale == 0;
}

static length written_days(const ast_duration *d)
{
    int128 days = (int128)d->count.value * (d->unit == UNIT_WEEK ? 7 : 1);
    return (length){value_exact(days, 0), value_duration(0)};
}

static bool is_whole(const ast_expr *factor)
{
    return type_equals(factor->meaning->type, (type){TYPE_DECIMAL, 0});
}

static length length_of(reference *ref, const ast_expr *expr, scope s);

static length joined(reference *ref, const ast_expr *expr, scope s)
{
    length a = length_of(ref, expr->left, s), b = length_of(ref, expr->right, s);
    return (length){value_calculate(expr->kind, a.days, b.days),
                    value_calculate(expr->kind, a.rest, b.rest)};
}

static length exact(reference *ref, const ast_expr *expr, scope s)
{
    return (length){value_exact(0, 0), value_settled(evaluate(ref, expr, s))};
}

static length times(reference *ref, const ast_expr *expr, scope s)
{
    bool is_left = expr->left->meaning->type.kind == TYPE_DURATION;
    const ast_expr *factor = is_left ? expr->right : expr->left;
    if (!is_whole(factor))
        return exact(ref, expr, s);
    length l = length_of(ref, is_left ? expr->left : expr->right, s);
    value by = evaluate(ref, factor, s);
    return (length){value_calculate(EXPR_MULTIPLY, l.days, by),
                    value_calculate(EXPR_MULTIPLY, l.rest, by)};
}

/* The declared value that a name stands for, or NULL. */
static const ast_expr *declared_value(const ast_expr *expr)
{
    const meaning *m = expr->meaning;
    bool is_plain = m->kind == MEANING_DECL && m->part == PART_NONE;
    return is_plain ? m->decl->value : NULL;
}

static length length_of(reference *ref, const ast_expr *expr, scope s)
{
    switch (expr->kind) {
    case EXPR_DURATION:
        return is_days(&expr->duration) ? written_days(&expr->duration)
                                        : exact(ref, expr, s);
    case EXPR_ADD:
    case EXPR_SUBTRACT:
        if (expr->left->meaning->type.kind == TYPE_DURATION)
            return joined(ref, expr, s);
        return exact(ref, expr, s); /* from one instant to another */
    case EXPR_MULTIPLY: return times(ref, expr, s);
    case EXPR_NEGATE: {
        length l = length_of(ref, expr->left, s);
        return (length){value_negated(l.days), value_negated(l.rest)};
    }
    case EXPR_IF: {
        bool holds = value_holds(evaluate(ref, expr->condition, s));
        return length_of(ref, holds ? expr->left : expr->right, s);
    }
    case EXPR_PATH:
        if (declared_value(expr))
            return length_of(ref, declared_value(expr), (scope){s.person, s.now, NULL});
        return exact(ref, expr, s);
    default: return exact(ref, expr, s);
    }
}

/* The same time of day, so many days away. */
static value moved_by_days(const reference *ref, value moment, value days)
{
    if (moment.kind == MISSING || days.kind == MISSING)
        return value_missing();
    if (days.above == 0)
        return moment;
    int128 local =
        zone_local(ref->zone, moment.integer) + days.above * MICROSECONDS_PER_DAY;
    local = local < TIME_MIN ? TIME_MIN : local > TIME_MAX ? TIME_MAX : local;
    int64_t instant = zone_instant(ref->zone, (int64_t)local);
    return value_time(instant < TIME_MIN   ? TIME_MIN
                      : instant > TIME_MAX ? TIME_MAX
                                           : instant);
}

static value moved(reference *ref, const ast_expr *expr, scope s)
{
    bool is_left = expr->left->meaning->type.kind == TYPE_TIME;
    const ast_expr *by = is_left ? expr->right : expr->left;
    value moment = moment_by_calendar(ref, is_left ? expr->left : expr->right, s);
    int sign = expr->kind == EXPR_SUBTRACT ? -1 : 1;
    if (by->meaning->duration == DURATION_CALENDAR)
        return moment.kind == MISSING
                   ? moment
                   : value_time(move_instant(ref, moment.integer, by->duration, sign));
    length l = length_of(ref, by, s);
    moment = moved_by_days(ref, moment, sign < 0 ? value_negated(l.days) : l.days);
    return value_calculate(expr->kind, moment, l.rest);
}

static value as_of(reference *ref, const ast_expr *expr, scope s)
{
    interval at = moment_interval(ref, value_settled(evaluate(ref, expr->right, s)));
    if (interval_is_missing(at))
        return value_missing();
    int64_t horizon = horizon_enter(ref, s.now);
    value v = moment_by_calendar(ref, expr->left, (scope){s.person, at.first, NULL});
    ref->horizon = horizon;
    return v;
}

static value smaller_or_larger(reference *ref, const ast_expr *expr, scope s)
{
    value a = moment_by_calendar(ref, expr->list.items[0], s);
    value b = moment_by_calendar(ref, expr->list.items[1], s);
    const char *name = ((const ast_name *)expr->names.items[0])->text;
    int order;
    if (!value_compare(ref->zone, a, b, &order))
        return value_missing();
    return (order <= 0) == (strcmp(name, "smaller") == 0) ? a : b;
}

value moment_by_calendar(reference *ref, const ast_expr *expr, scope s)
{
    if (expr->meaning->type.kind != TYPE_TIME)
        return value_settled(evaluate(ref, expr, s));
    switch (expr->kind) {
    case EXPR_AGO:
        if (is_days(&expr->duration))
            return moved_by_days(ref, value_time(s.now),
                                 value_negated(written_days(&expr->duration).days));
        break;
    case EXPR_ADD:
    case EXPR_SUBTRACT: return moved(ref, expr, s);
    case EXPR_AS_OF: return as_of(ref, expr, s);
    case EXPR_IF: {
        bool holds = value_holds(evaluate(ref, expr->condition, s));
        return moment_by_calendar(ref, holds ? expr->left : expr->right, s);
    }
    case EXPR_CALL:
        if (expr->meaning->kind == MEANING_BUILTIN)
            return smaller_or_larger(ref, expr, s);
        break;
    case EXPR_PATH:
        if (declared_value(expr))
            return moment_by_calendar(ref, declared_value(expr),
                                      (scope){s.person, s.now, NULL});
        break;
    default: break;
    }
    return value_settled(evaluate(ref, expr, s));
}
