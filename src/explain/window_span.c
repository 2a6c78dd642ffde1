/* SPDX-License-Identifier: MIT
 *
 * The ends are what stands beside the moment, or beside the day of a date, in comparisons.
 */
#include "explain/window_span.h"

#include "exec/block.h"

typedef struct finder {
    judge *judge;
    const node *moment;
    window_span found;
} finder;

static bool is_made_of(const node *n, const node *moment)
{
    if (n == moment)
        return true;
    for (size_t i = 0; i < n->operand_count; i++)
        if (is_made_of(n->operands[i], moment))
            return true;
    return false;
}

/* Of several windows, what lies in all. */
static void add_end(finder *f, const node *n, bool is_lower)
{
    const vector *v = judge_node(f->judge, n);
    window_span *w = &f->found;
    if (!vector_has(v, 0))
        return;
    int64_t at = *(const int64_t *)v->values;
    if (is_lower && (!w->has_from || at > w->from))
        w->from = at;
    if (!is_lower && (!w->has_until || at < w->until))
        w->until = at;
    w->has_from |= is_lower;
    w->has_until |= !is_lower;
}

static void look_at_side(finder *f, const node *n, bool is_lower)
{
    if (n->kind == (is_lower ? NODE_LARGER : NODE_SMALLER)) {
        look_at_side(f, n->operands[0], is_lower);
        look_at_side(f, n->operands[1], is_lower);
    } else if (n->type.kind == TYPE_TIME && !is_made_of(n, f->moment)) {
        add_end(f, n, is_lower);
    }
}

static void walk(finder *f, const node *n)
{
    if (n->kind == NODE_AND)
        for (size_t i = 0; i < n->operand_count; i++)
            walk(f, n->operands[i]);
    else if ((n->kind == NODE_LESS || n->kind == NODE_LESS_OR_EQUAL) &&
             is_made_of(n, f->moment)) {
        look_at_side(f, n->operands[0], true);
        look_at_side(f, n->operands[1], false);
    }
}

window_span window_span_find(judge *j, const node *condition, const node *moment)
{
    finder f = {.judge = j, .moment = moment};
    walk(&f, condition);
    return f.found;
}
