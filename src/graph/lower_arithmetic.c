/* SPDX-License-Identifier: MIT
 *
 * Sums, products and quotients to nodes. A quotient of exact numbers stays two nodes until one
 * number is asked for.
 */
#include "graph/lowering.h"

#include <assert.h>

#include "base/number.h"

static const type WHOLE = {TYPE_DECIMAL, 0};
static const type NUMBER = {TYPE_NUMBER, 0};
static const type DURATION = {TYPE_DURATION, 0};

/* One number out of a quotient: the nearest double; of a duration, the nearest
 * microsecond. */
const node *value_single(lowering *b, value v)
{
    if (v.days)
        return lower_exact_days(b, v);
    if (!v.denominator)
        return v.node;
    const node *operands[] = {v.node, v.denominator};
    bool is_duration =
        v.node->type.kind == TYPE_DURATION && v.denominator->type.kind == TYPE_DECIMAL;
    int64_t above = v.node->type.scale, below = v.denominator->type.scale;
    uint32_t meeting = make_meeting(b->graph, operands[0]->domain, operands[1]->domain);
    for (size_t i = 0; i < 2; i++)
        operands[i] = make_spread(b->graph, operands[i], meeting);
    return graph_node(b->graph,
                      &(node){.kind = is_duration ? NODE_DIVIDE_DURATION : NODE_DIVIDE,
                              .type = is_duration ? DURATION : NUMBER,
                              .domain = meeting,
                              .scale = is_duration ? below : above - below,
                              .operands = operands,
                              .operand_count = 2});
}

/* Two operands of one type: exact numbers, or doubles. */
static const node *join_operands(lowering *b, node_kind kind, type t, const node *x,
                                 const node *y)
{
    if (t.kind == TYPE_NUMBER) {
        x = make_to_number(b->graph, x);
        y = make_to_number(b->graph, y);
    }
    return make_binary(b->graph, kind, t, x, y);
}

static value lower_move(lowering *b, const ast_expr *expr, context c)
{
    bool moment_is_left = expr->left->meaning->type.kind != TYPE_DURATION;
    const node *moment = lower_single(b, moment_is_left ? expr->left : expr->right, c);
    const ast_expr *by = moment_is_left ? expr->right : expr->left;
    int64_t sign = expr->kind == EXPR_SUBTRACT ? -1 : 1;
    if (c.by_calendar && moment->type.kind == TYPE_TIME &&
        by->meaning->duration != DURATION_CALENDAR)
        return value_of(lower_moved(b, moment, lower_value(b, by, c), sign));
    if (by->kind == EXPR_DURATION && by->duration.count.scale == 0)
        return value_of(make_move(
            b->graph, moment,
            (calendar_span){sign * by->duration.count.value, by->duration.unit}));
    const node *length = lower_single(b, by, c);
    return value_of(make_binary(b->graph, sign < 0 ? NODE_SUBTRACT : NODE_ADD,
                                moment->type, moment, length));
}

const node *lower_difference(lowering *b, type t, const node *x, const node *y)
{
    if (x->type.kind != TYPE_DATE)
        return join_operands(b, NODE_SUBTRACT, t, x, y);
    const node *days = make_binary(b->graph, NODE_SUBTRACT, WHOLE, x, y);
    const node *day = make_integer(b->graph, DURATION, MICROSECONDS_PER_DAY);
    return make_binary(b->graph, NODE_MULTIPLY, DURATION, days, day);
}

static value lower_sum(lowering *b, const ast_expr *expr, context c)
{
    bool left_is_moment = type_is_moment(expr->left->meaning->type);
    if (left_is_moment != type_is_moment(expr->right->meaning->type))
        return lower_move(b, expr, c);
    type t = expr->meaning->type;
    if (left_is_moment)
        c.by_calendar = false; /* the length between them is exact */
    value x = lower_value(b, expr->left, c), y = lower_value(b, expr->right, c);
    node_kind kind = expr->kind == EXPR_ADD ? NODE_ADD : NODE_SUBTRACT;
    if (x.days || y.days)
        return lower_days_joined(b, kind, x, y);
    const node *left = value_single(b, x), *right = value_single(b, y);
    return value_of(kind == NODE_ADD ? join_operands(b, kind, t, left, right)
                                     : lower_difference(b, t, left, right));
}

/* A duration times an exact number is a quotient: (microseconds * digits) / 10^scale. */
static value lower_scaled_duration(lowering *b, const node *duration, const node *factor)
{
    if (factor->type.kind == TYPE_NUMBER) {
        const node *product = make_binary(b->graph, NODE_MULTIPLY, NUMBER,
                                          make_to_number(b->graph, duration), factor);
        return value_of(make_unary(b->graph, NODE_TO_DURATION, DURATION, product));
    }
    value v = value_of(make_binary(b->graph, NODE_MULTIPLY, DURATION, duration, factor));
    if (factor->type.scale > 0)
        v.denominator =
            make_integer(b->graph, WHOLE, number_power_of_ten(factor->type.scale));
    return v;
}

static value lower_product(lowering *b, const ast_expr *expr, context c)
{
    value left = lower_value(b, expr->left, c), right = lower_value(b, expr->right, c);
    const node *x = value_single(b, left), *y = value_single(b, right);
    if (left.days && type_equals(y->type, WHOLE))
        return lower_days_times(b, left, y);
    if (right.days && type_equals(x->type, WHOLE))
        return lower_days_times(b, right, x);
    if (x->type.kind == TYPE_DURATION)
        return lower_scaled_duration(b, x, y);
    if (y->type.kind == TYPE_DURATION)
        return lower_scaled_duration(b, y, x);
    return value_of(join_operands(b, NODE_MULTIPLY, expr->meaning->type, x, y));
}

static value lower_quotient(lowering *b, const ast_expr *expr, context c)
{
    const node *x = lower_single(b, expr->left, c), *y = lower_single(b, expr->right, c);
    if (node_is_exact(x) && node_is_exact(y))
        return (value){.node = x, .denominator = y};
    if (x->type.kind == TYPE_DURATION) {
        const node *quotient =
            make_binary(b->graph, NODE_DIVIDE, NUMBER, make_to_number(b->graph, x),
                        make_to_number(b->graph, y));
        return value_of(make_unary(b->graph, NODE_TO_DURATION, DURATION, quotient));
    }
    return value_of(make_binary(b->graph, NODE_DIVIDE, NUMBER,
                                make_to_number(b->graph, x),
                                make_to_number(b->graph, y)));
}

static value lower_negative(lowering *b, const ast_expr *expr, context c)
{
    value v = lower_value(b, expr->left, c);
    if (v.days)
        return lower_days_negated(b, v);
    const node *x = value_single(b, v);
    return value_of(make_unary(b->graph, NODE_NEGATE, x->type, x));
}

value lower_arithmetic(lowering *b, const ast_expr *expr, context c)
{
    switch (expr->kind) {
    case EXPR_NEGATE: return lower_negative(b, expr, c);
    case EXPR_ADD:
    case EXPR_SUBTRACT: return lower_sum(b, expr, c);
    case EXPR_MULTIPLY: return lower_product(b, expr, c);
    case EXPR_DIVIDE: return lower_quotient(b, expr, c);
    default: assert(!"no arithmetic"); return (value){0};
    }
}
