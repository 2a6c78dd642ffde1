/* SPDX-License-Identifier: MIT
 *
 * In growing steps until it does, and then by halving to the least.
 */
#include "explain/advising.h"

/* An amount is told for so many events at once. */
enum { MOST_WITH_AMOUNT = 10 };

/* ---- how often ----------------------------------------------------------- */

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

/* One by one as far as people plan, then doubled. */
bool advice_try_times(advisor *a, advice *t, size_t step)
{
    size_t bound = advice_most_times(a, &t->steps[step]), least = ADVICE_FEW_TIMES,
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

static size_t smaller_of(size_t a, size_t b)
{
    return a < b ? a : b;
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
    int64_t bound;
} amount_search;

static bool does_with(advisor *a, advice *t, const amount_search *s, int64_t amount)
{
    advised_put(&t->steps[s->step],
                (imagined_value){.property = s->property, .integer = amount}, false);
    return advice_does(a, t);
}

/* The least amount with which it does, in the digits of its column; 0: none does. */
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
    return column->type.kind == TYPE_DECIMAL && column->domain == table_id &&
           graph_domain(a->graph, column->domain)->kind == DOMAIN_EVENTS;
}

/* Of several columns, the one in which what is needed is the least beside what is usual. */
bool advice_try_amounts(advisor *a, advice *t, size_t step, size_t table_id)
{
    advice plain = *t;
    double best = 2;
    for (size_t c = 0; c < a->looks_at.column_count; c++) {
        const node *column = a->looks_at.columns[c];
        advice own = plain;
        if (!is_amount(a, column, table_id))
            continue;
        amount_search s = {step, column->column, 0};
        s.bound = advice_most_amount(a, &own.steps[step], s.property);
        bool may_do = own.steps[step].times == 1 || does_with(a, &own, &s, s.bound);
        int64_t amount = may_do ? try_amount(a, &own, &s) : 0;
        if (amount == 0 || (double)amount / (double)s.bound >= best)
            continue;
        best = (double)amount / (double)s.bound;
        *t = own;
    }
    return best < 2;
}

bool advice_try_amounts_of_several(advisor *a, advice *t, size_t table_id)
{
    static const size_t times[] = {1, 2, 3, ADVICE_FEW_TIMES, MOST_WITH_AMOUNT};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        t->steps[0].times = times[i];
        if (advice_try_amounts(a, t, 0, table_id))
            return true;
    }
    return false;
}
