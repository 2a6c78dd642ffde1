/* SPDX-License-Identifier: MIT
 *
 * In growing steps until it does, and then by halving to the least.
 */
#include "explain/advising.h"

/* Less often an amount is told first; more often where nothing else does. */
enum { SEVERAL_WITH_AMOUNT = 10 };

/* ---- how often ----------------------------------------------------------- */

static size_t smaller_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool does_times(advisor *a, advice *t, size_t step, size_t times)
{
    t->steps[step].times = times;
    return advice_does(a, t);
}

/* It does with `most`, and not with `least`. */
static bool narrow_times(advisor *a, advice *t, size_t step, size_t least, size_t most)
{
    while (most - least > 1) {
        size_t middle = least + (most - least) / 2;
        if (does_times(a, t, step, middle))
            most = middle;
        else
            least = middle;
    }
    return does_times(a, t, step, most);
}

/* As far ahead as anybody plans. */
static size_t most_times(const advisor *a, const advice *t, size_t step)
{
    size_t most = advice_most_times(a, &t->steps[step]);
    if (t->days_apart == 0)
        return most;
    return smaller_of(most, (size_t)(ADVICE_DAYS / t->days_apart));
}

/* One by one as far as people plan, then doubled. */
bool advice_try_times(advisor *a, advice *t, size_t step)
{
    size_t bound = most_times(a, t, step), least = ADVICE_FEW_TIMES,
           most = 2 * ADVICE_FEW_TIMES;
    for (size_t few = 1; few <= ADVICE_FEW_TIMES; few++)
        if (does_times(a, t, step, few))
            return true;
    while (!does_times(a, t, step, most)) {
        if (most >= bound)
            return false;
        least = most;
        most = 2 * most < bound ? 2 * most : bound;
    }
    return narrow_times(a, t, step, least, most);
}

bool advice_try_both_times(advisor *a, advice *t)
{
    static const size_t levels[] = {2, ADVICE_FEW_TIMES, ADVICE_TIMES};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        for (size_t step = 0; step < 2; step++)
            t->steps[step].times =
                t->steps[step].is_trait
                    ? 1
                    : smaller_of(levels[i], advice_most_times(a, &t->steps[step]));
        if (advice_does(a, t))
            return narrow_times(a, t, 0, 0, t->steps[0].times) &&
                   narrow_times(a, t, 1, 0, t->steps[1].times);
    }
    return false;
}

/* ---- how much ------------------------------------------------------------ */

typedef struct amount_search {
    size_t step, property;
    int64_t bound; /* how far from 0 it may be */
    int sign;      /* -1: below 0 */
} amount_search;

static void put_amount(advice *t, const amount_search *s, int64_t amount)
{
    amount *= s->sign;
    advised_put(&t->steps[s->step],
                (imagined_value){
                    .property = s->property, .integer = amount, .number = (double)amount},
                false);
}

static bool does_with(advisor *a, advice *t, const amount_search *s, int64_t amount)
{
    put_amount(t, s, amount);
    return advice_does(a, t);
}

/* The one next to 0 with which it does, in the digits of its column; 0: none does. */
static int64_t try_amount(advisor *a, advice *t, const amount_search *s)
{
    int64_t most = 1, least = 0;
    while (!does_with(a, t, s, most)) {
        if (most >= s->bound)
            return 0;
        least = most;
        most = most < s->bound / 10 ? most * 10 : s->bound;
    }
    while (most - least > 1) {
        int64_t middle = least + (most - least) / 2;
        if (does_with(a, t, s, middle))
            most = middle;
        else
            least = middle;
    }
    return does_with(a, t, s, most) ? most : 0;
}

static bool is_amount(const advisor *a, const node *column, size_t table_id)
{
    type_kind kind = column->type.kind;
    return (kind == TYPE_DECIMAL || kind == TYPE_NUMBER) && column->domain == table_id &&
           graph_domain(a->graph, column->domain)->kind == DOMAIN_EVENTS;
}

/* The best amount so far, beside what is usual. */
typedef struct best_amount {
    advice with;
    double share; /* of the bound */
} best_amount;

static void try_direction(advisor *a, const advice *plain, amount_search s,
                          best_amount *best)
{
    advice own = *plain;
    if (s.bound == 0)
        return;
    bool may_do = own.steps[s.step].times == 1 || does_with(a, &own, &s, s.bound) ||
                  does_with(a, &own, &s, 1);
    int64_t amount = may_do ? try_amount(a, &own, &s) : 0;
    double share = (double)amount / (double)s.bound;
    if (amount > 0 && share < best->share)
        *best = (best_amount){own, share};
}

/* Of several columns, the one in which what is needed is the least beside what is usual. */
static void try_columns(advisor *a, const advice *plain, size_t step, size_t table_id,
                        int sign, best_amount *best)
{
    for (size_t c = 0; c < a->looks_at.column_count; c++) {
        const node *column = a->looks_at.columns[c];
        if (!is_amount(a, column, table_id))
            continue;
        usual_amounts u = advice_usual_amounts(a, &plain->steps[step], column->column);
        amount_search s = {step, column->column, sign > 0 ? u.most : -u.least, sign};
        try_direction(a, plain, s, best);
    }
}

/* Amounts below 0, where people have such, are for what others cannot do. */
bool advice_try_amounts(advisor *a, advice *t, size_t step, size_t table_id)
{
    best_amount best = {.with = *t, .share = 2};
    try_columns(a, t, step, table_id, 1, &best);
    if (best.share > 1)
        try_columns(a, t, step, table_id, -1, &best);
    *t = best.with;
    return best.share <= 1;
}

static bool try_amounts_at_levels(advisor *a, advice *t, size_t table_id,
                                  const size_t *times, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        t->steps[0].times = times[i];
        if (advice_try_amounts(a, t, 0, table_id))
            return true;
    }
    return false;
}

bool advice_try_amounts_of_several(advisor *a, advice *t, size_t table_id)
{
    static const size_t times[] = {1, 2, 3, ADVICE_FEW_TIMES, SEVERAL_WITH_AMOUNT};
    return try_amounts_at_levels(a, t, table_id, times, sizeof times / sizeof *times);
}

bool advice_try_amounts_of_many(advisor *a, advice *t, size_t table_id)
{
    static const size_t times[] = {2 * (size_t)SEVERAL_WITH_AMOUNT,
                                   5 * (size_t)SEVERAL_WITH_AMOUNT, ADVICE_USUAL_TIMES};
    return try_amounts_at_levels(a, t, table_id, times, sizeof times / sizeof *times);
}

bool advice_try_two_amounts(advisor *a, advice *t, size_t table_id)
{
    advice plain = *t;
    for (size_t c = 0; c < a->looks_at.column_count; c++) {
        const node *column = a->looks_at.columns[c];
        if (!is_amount(a, column, table_id))
            continue;
        usual_amounts usual = advice_usual_amounts(a, &plain.steps[0], column->column);
        amount_search first = {0, column->column, 0, 1},
                      second = {1, column->column, usual.most, 1};
        *t = plain;
        put_amount(t, &first, usual.few);
        if (second.bound > 0 && try_amount(a, t, &second) > 0)
            return true;
    }
    *t = plain;
    return false;
}
