/* SPDX-License-Identifier: MIT
 *
 * `did at least 2 of (a, b, c)`: how many of these kinds of events somebody has. With a bound
 * on all of them together (`all within 14 days`, `with same p`) some choice of so many has to
 * fit it: a sequence in any order of which not all steps have to come.
 */
#include "graph/lowering.h"

static const type WHOLE = {TYPE_DECIMAL, 0};

static const node *has_any(lowering *b, const ast_pattern *pattern,
                           const ast_list *windows, context c)
{
    return lower_compare(b, COMPARE_GE, value_of(lower_times(b, pattern, windows, c)),
                         value_of(make_integer(b->graph, WHOLE, 1)), c);
}

static const node *has_item(lowering *b, const ast_expr *expr, size_t item, context c)
{
    const ast_link *link = expr->selection->pattern->links.items[item];
    ast_pattern single = {.step = link->step, .place = link->place};
    return has_any(b, &single, &expr->modifiers.windows, c);
}

/* Do at least `least` of them fit the bounds together? One alone fits them always. */
static const node *fit_together(lowering *b, const ast_expr *expr, int64_t least,
                                context c)
{
    ast_pattern some = *expr->selection->pattern;
    const node *any = make_bool(b->graph, least <= 0);
    if (least <= 0 || least > (int64_t)some.links.count)
        return any;
    for (size_t i = 0; least == 1 && i < some.links.count; i++)
        any = make_or(b->graph, any, has_item(b, expr, i, c));
    if (least == 1)
        return any;
    some.least = (size_t)least;
    return has_any(b, &some, &expr->modifiers.windows, c);
}

const node *lower_did_some(lowering *b, const ast_expr *expr, context c)
{
    const ast_pattern *pattern = expr->selection->pattern;
    size_t count = pattern->links.count;
    if (pattern->all_within.count + pattern->same.count > 0) {
        int64_t least, most;
        quantity_bounds(expr->times, &least, &most);
        const node *enough = fit_together(b, expr, least, c);
        if (most >= (int64_t)count)
            return enough;
        return make_and(b->graph, enough,
                        make_not(b->graph, fit_together(b, expr, most + 1, c)));
    }
    const node **has = arena_alloc_array(b->memory, count, sizeof *has);
    for (size_t i = 0; i < count; i++)
        has[i] = has_item(b, expr, i, c);
    return lower_so_many(b, expr->times, has, count, c);
}
