/* SPDX-License-Identifier: MIT
 *
 * `did at least 2 of (a, b, c) all within 14 days`: every choice of one event each of some of
 * the items is tried; how many items has the largest that fits?
 */
#include "reference/evaluator.h"

enum { MOST_ITEMS = 32 };

typedef struct choice {
    reference *ref;
    const ast_pattern *pattern;
    occurrences of_item[MOST_ITEMS];
    const occurrence *chosen[MOST_ITEMS];
    size_t count;
    int64_t most;
} choice;

/* An event serves one item only, all are equal in what is to be the same, and none is
 * further from another than `all within` says. */
static bool fits(const choice *t, const occurrence *o)
{
    const ast_pattern *p = t->pattern;
    for (size_t i = 0; i < t->count; i++) {
        const occurrence *other = t->chosen[i];
        int64_t first = o->time < other->time ? o->time : other->time;
        int64_t last = o->time < other->time ? other->time : o->time;
        if (!comes_before(o, other) && !comes_before(other, o))
            return false;
        for (size_t d = 0; d < p->all_within.count; d++)
            if (last > move_instant(t->ref, first,
                                    *(const ast_duration *)p->all_within.items[d], 1))
                return false;
        for (size_t s = 0; s < p->same.count; s++) {
            const char *name = ((const ast_name *)p->same.items[s])->text;
            if (!value_equals(t->ref->zone, occurrence_property(t->ref, o, name),
                              occurrence_property(t->ref, other, name)))
                return false;
        }
    }
    return true;
}

static void choose_from(choice *t, size_t item)
{
    size_t left = t->pattern->links.count - item;
    if ((int64_t)t->count > t->most)
        t->most = (int64_t)t->count;
    if (left == 0 || (int64_t)(t->count + left) <= t->most)
        return;
    for (size_t i = 0; i < t->of_item[item].count; i++) {
        const occurrence *o = &t->of_item[item].items[i];
        if (!fits(t, o))
            continue;
        t->chosen[t->count++] = o;
        choose_from(t, item + 1);
        t->count--;
    }
    choose_from(t, item + 1);
}

static occurrences item_events(reference *ref, const ast_expr *expr, size_t item, scope s)
{
    const ast_link *link = expr->selection->pattern->links.items[item];
    ast_pattern single = {.step = link->step};
    return occurrences_of_pattern(ref, &single, &expr->modifiers.windows, s, true);
}

value evaluate_did_some(reference *ref, const ast_expr *expr, scope s)
{
    const ast_pattern *pattern = expr->selection->pattern;
    bool is_bounded = pattern->all_within.count + pattern->same.count > 0;
    choice t = {.ref = ref, .pattern = pattern};
    int64_t count = 0;
    for (size_t i = 0; i < pattern->links.count; i++) {
        t.of_item[i] = item_events(ref, expr, i, s);
        count += t.of_item[i].count > 0;
    }
    if (is_bounded)
        choose_from(&t, 0);
    if (is_bounded)
        count = t.most;
    return value_truth(
        quantity_holds(expr->times->quantity,
                       (count > expr->times->count) - (count < expr->times->count)));
}
