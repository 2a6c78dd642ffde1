/* SPDX-License-Identifier: MIT
 *
 * What is asked of all people: who is in what, and who stands where.
 */
#include <string.h>

#include <xxhash.h>

#include "reference/evaluator.h"

typedef bool (*judge_function)(reference *ref, const ast_decl *decl, size_t member,
                               size_t person, int64_t now, bool was_in);

static value evaluate_for(reference *ref, const ast_expr *expr, size_t person,
                          int64_t now)
{
    return evaluate(ref, expr, (scope){person, now, NULL});
}

/* "`among` narrows a rule's universe." */
static bool is_in_universe(reference *ref, const ast_decl *decl, size_t person,
                           int64_t now)
{
    return !decl->among.decl || is_member(ref, &decl->among, person, now);
}

/* ---- segments and groups ------------------------------------------------------------- */

/* "in when A holds, or when in at the judge_function before and B holds" */
static bool judge_segment(reference *ref, const ast_decl *decl, size_t member,
                          size_t person, int64_t now, bool was_in)
{
    (void)member;
    if (!is_in_universe(ref, decl, person, now))
        return false;
    if (value_holds(evaluate_for(ref, decl->value, person, now)))
        return true;
    return was_in && decl->stay &&
           value_holds(evaluate_for(ref, decl->stay, person, now));
}

/* "exclusive: the first group that holds wins" */
static bool judge_group(reference *ref, const ast_decl *decl, size_t member,
                        size_t person, int64_t now, bool was_in)
{
    (void)was_in;
    if (!is_in_universe(ref, decl, person, now))
        return false;
    for (size_t i = 0; i <= member; i++) {
        const ast_group *group = decl->groups.items[i];
        if (!group->when || value_holds(evaluate_for(ref, group->when, person, now)))
            return i == member;
    }
    return false;
}

/* "A history so long that there would be more than 100,000 judgements" */
static bool is_too_long(const reference *ref, int64_t day, calendar_unit unit,
                        int64_t until)
{
    int64_t count = 0;
    for (; zone_day_start(ref->zone, day) <= until; day = date_unit_add(day, unit, 1))
        if (++count > 100000)
            return true;
    return false;
}

/* "`judged every month … when A stay while B`: judged at each unit's first instant since the
 * person's first event" */
static bool judge_at_each_unit(reference *ref, const ast_decl *decl, size_t member,
                               size_t person, int64_t now, judge_function judge)
{
    occurrences all = ref->histories[person];
    weekday monday = ref->world->week_start;
    calendar_unit unit = decl->judged_unit;
    bool is_in = false;
    int64_t until = now < ref->horizon ? now : ref->horizon;
    if (all.count == 0)
        return false;
    int64_t day = date_unit_start(zone_date(ref->zone, all.items[0].time), unit, monday);
    if (is_too_long(ref, day, unit, until))
        return false;
    for (; zone_day_start(ref->zone, day) <= until; day = date_unit_add(day, unit, 1)) {
        int64_t instant = zone_day_start(ref->zone, day);
        int64_t horizon = horizon_enter(ref, instant);
        if (instant >= all.items[0].time)
            is_in = judge(ref, decl, member, person, instant, is_in);
        ref->horizon = horizon;
    }
    return is_in;
}

/* ---- splits -------------------------------------------------------------------------- */

/* "hash the person's id with the `by` text": a place from 0 to 2^63, of which each arm takes
 * its share, one after another. */
static bool judge_arm(reference *ref, const ast_decl *decl, size_t member, size_t person,
                      int64_t now, bool was_in)
{
    const char *by = decl->by.text ? decl->by.text : decl->name.text;
    const char *id = ref->world->people[person];
    uint64_t at = XXH64(id, strlen(id), XXH64(by, strlen(by), 0)) >> 1;
    int128 unit = number_power_of_ten(DECIMAL_MAX_SCALE), before = 0;
    (void)was_in;
    for (size_t i = 0; i < decl->arms.count; i++) {
        const ast_arm *arm = decl->arms.items[i];
        before += (int128)arm->share.value *
                  number_power_of_ten(DECIMAL_MAX_SCALE - arm->share.scale);
        if ((int128)at * unit < before * ((int128)1 << 63))
            return i == member && is_in_universe(ref, decl, person, now);
    }
    return false;
}

/* ---- members ------------------------------------------------------------------------- */

static bool decl_has(reference *ref, const ast_decl *decl, size_t member, size_t person,
                     int64_t now)
{
    judge_function judge = decl->kind == DECL_GROUPS  ? judge_group
                           : decl->kind == DECL_SPLIT ? judge_arm
                                                      : judge_segment;
    if (decl->is_judged)
        return judge_at_each_unit(ref, decl, member, person, now, judge);
    return judge(ref, decl, member, person, now, false);
}

static bool list_has(const ast_decl *list, const char *id)
{
    for (size_t i = 0; i < list->values.count; i++)
        if (strcmp(((const ast_expr *)list->values.items[i])->text.text, id) == 0)
            return true;
    return list->file_list &&
           dictionary_find(list->file_list, id, strlen(id)) != DICTIONARY_NONE;
}

bool is_member(reference *ref, const ast_ref *of, size_t person, int64_t now)
{
    const ast_decl *decl = of->decl;
    if (decl->kind == DECL_LIST)
        return list_has(decl, ref->world->people[person]);
    size_t count = decl->kind == DECL_GROUPS  ? decl->groups.count
                   : decl->kind == DECL_SPLIT ? decl->arms.count
                                              : 1;
    for (size_t i = 0; i < count; i++) {
        bool is_new;
        if (of->member.text && i != of->group)
            continue;
        value *known = memo_entry(ref, decl, i, person, now, &is_new);
        if (is_new)
            *known = value_truth(decl_has(ref, decl, i, person, now));
        if (value_holds(*known))
            return true;
    }
    return false;
}

/* ---- lets and scores ----------------------------------------------------------------- */

static value points_of(reference *ref, const ast_point *point, size_t person, int64_t now)
{
    scope s = {person, now, NULL};
    value amount = value_exact(point->amount.value, point->amount.scale);
    if (point->when)
        return value_holds(evaluate(ref, point->when, s))
                   ? amount
                   : value_exact(0, point->amount.scale);
    occurrences found =
        occurrences_of_pattern(ref, point->pattern, &point->windows, s, true);
    value points =
        value_calculate(EXPR_MULTIPLY, value_exact((int128)found.count, 0), amount);
    value cap = value_exact(point->cap.value, point->cap.scale);
    int order;
    if (point->has_cap && value_compare(ref->zone, points, cap, &order) && order > 0)
        return cap;
    return points;
}

/* "a plan of points" */
static value plan_of_points(reference *ref, const ast_decl *decl, size_t person,
                            int64_t now)
{
    value total = value_exact(0, 0);
    for (size_t i = 0; i < decl->points.count; i++) {
        const ast_point *point = decl->points.items[i];
        total = value_calculate(point->is_minus ? EXPR_SUBTRACT : EXPR_ADD, total,
                                points_of(ref, point, person, now));
    }
    return total;
}

value evaluate_decl(reference *ref, const ast_decl *decl, size_t person, int64_t now)
{
    bool is_new;
    value *known = memo_entry(ref, decl, 0, person, now, &is_new);
    if (is_new)
        *known = decl->value ? evaluate_for(ref, decl->value, person, now)
                             : plan_of_points(ref, decl, person, now);
    return *known;
}

/* ---- rankings ------------------------------------------------------------------------ */

/* How a person stands among all who have a value. */
typedef struct standing {
    bool takes_part;
    int128 size, smaller, greater;
} standing;

/* "Only people with a value take part [...] A ranking without `among` ranks everyone" */
static value ranked_value(reference *ref, const ast_expr *expr, size_t person,
                          int64_t now)
{
    bool is_new;
    value *known = memo_entry(ref, expr, 0, person, now, &is_new);
    if (is_new && (!expr->among.decl || is_member(ref, &expr->among, person, now)))
        *known = value_settled(evaluate_for(ref, expr->left, person, now));
    return *known;
}

/* `within each user.country`: only people who are equal in it. */
static bool is_of_class(reference *ref, const ast_expr *expr, size_t a, size_t b,
                        int64_t now)
{
    return !expr->within_each ||
           value_equals(ref->zone, evaluate_for(ref, expr->within_each, a, now),
                        evaluate_for(ref, expr->within_each, b, now));
}

static standing stand(reference *ref, const ast_expr *expr, size_t person, int64_t now)
{
    standing result = {0};
    value own = ranked_value(ref, expr, person, now);
    result.takes_part = own.kind != MISSING && is_known(ref, person, now) &&
                        is_of_class(ref, expr, person, person, now);
    for (size_t other = 0; other < ref->world->person_count; other++) {
        int order;
        if (!is_known(ref, other, now) ||
            !value_compare(ref->zone, ranked_value(ref, expr, other, now), own, &order) ||
            !is_of_class(ref, expr, person, other, now))
            continue;
        result.size++;
        result.smaller += order < 0;
        result.greater += order > 0;
    }
    return result;
}

/* "`x in top 20%`, `in bottom third`, `in top 100`: ties are in together." Who is in has
 * fewer people strictly before them than the share or the number says. */
static bool is_in_amount(const standing *at, const ast_amount *amount)
{
    int128 before = amount->is_top ? at->greater : at->smaller;
    int128 above = amount->divisor ? 1 : amount->number.value;
    int128 below =
        amount->divisor ? amount->divisor : number_power_of_ten(amount->number.scale);
    return at->takes_part &&
           (amount->is_count ? before < above : before * below < above * at->size);
}

/* "`rank(x)` = 1 + how many are strictly greater; `ntile(n, x)` = 1 + floor(n × (how many are
 * strictly smaller) / size), so ties share a tile; `percentile(x)` = 100 × (how many are
 * strictly smaller) / size." */
value evaluate_ranking(reference *ref, const ast_expr *expr, scope s)
{
    standing at = stand(ref, expr, s.person, s.now);
    if (expr->kind == EXPR_IN_RANKS)
        return value_truth(is_in_amount(&at, &expr->amount) != expr->is_negated);
    if (!at.takes_part)
        return value_missing();
    switch (expr->kind) {
    case EXPR_RANK: return value_exact(1 + at.greater, 0);
    case EXPR_NTILE: return value_exact(1 + expr->number.value * at.smaller / at.size, 0);
    default: return value_quotient(EXACT, 100 * at.smaller, at.size);
    }
}
