/* SPDX-License-Identifier: MIT
 *
 * Numbers and times: what adds nothing is left out.
 */
#include "graph/make.h"
#include "graph/simplifier.h"

/* The operand that is left when the other one changes nothing, if it has the type. */
static const node *other_than(const node *wanted, int64_t neutral)
{
    for (size_t i = 0; i < 2; i++) {
        const node *left = wanted->operands[1 - i];
        bool may_be_first = i == 1 || wanted->kind != NODE_SUBTRACT;
        if (may_be_first && node_is_integer(wanted->operands[i], neutral) &&
            type_equals(left->type, wanted->type))
            return left;
    }
    return NULL;
}

const node *simplify_sum(graph *g, node *wanted)
{
    (void)g;
    if (wanted->kind != NODE_SUBTRACT)
        node_order_operands(wanted);
    return other_than(wanted, 0);
}

const node *simplify_product(graph *g, node *wanted)
{
    (void)g;
    node_order_operands(wanted);
    return other_than(wanted, 1);
}

const node *simplify_either_order(graph *g, node *wanted)
{
    (void)g;
    node_order_operands(wanted);
    return NULL;
}

static bool is_zero(const node *n)
{
    return node_is_integer(n, 0) ||
           (node_is_known(n) && n->type.kind == TYPE_NUMBER && n->constant.number == 0);
}

const node *simplify_divide(graph *g, node *wanted)
{
    return is_zero(wanted->operands[1]) ? make_missing(g, wanted->type) : NULL;
}

/* A time moved twice the same way by exact lengths is moved once: what lies between the
 * ends is a time when they are. */
const node *simplify_move(graph *g, node *wanted)
{
    const node *inner = wanted->operands[0];
    if (inner->kind != NODE_MOVE_TIME)
        return NULL;
    calendar_span first = inner->move, second = wanted->move;
    int64_t count;
    bool are_exact = first.unit == UNIT_SECOND && second.unit == UNIT_SECOND;
    if (!are_exact || (first.count < 0) != (second.count < 0) ||
        __builtin_add_overflow(first.count, second.count, &count))
        return NULL;
    return make_move(g, inner->operands[0], (calendar_span){count, UNIT_SECOND});
}
