/* SPDX-License-Identifier: MIT
 *
 * Comparisons. Exact numbers are compared exactly: quotients crosswise, numbers of
 * different scales without rounding; months with the moment that lies so far away.
 */
#include "base/number.h"
#include "graph/lowering.h"

static const type BOOLEAN = {TYPE_BOOL, 0};
static const type WHOLE = {TYPE_DECIMAL, 0};

/* a <compare> b through the three kinds of node that there are. */
static const node *compare_with(lowering *b, ast_compare compare,
                                const node_kind kinds[3], const node *const left[2],
                                const node *const right[2], int64_t digits)
{
    bool swapped = compare == COMPARE_GT || compare == COMPARE_GE;
    const node *const *x = swapped ? right : left, *const *y = swapped ? left : right;
    int which = compare == COMPARE_EQ || compare == COMPARE_NE   ? 0
                : compare == COMPARE_LT || compare == COMPARE_GT ? 1
                                                                 : 2;
    const node *operands[4] = {x[0], y[0]};
    size_t count = 2;
    if (x[1]) {
        operands[1] = x[1];
        operands[2] = y[0];
        operands[3] = y[1];
        count = 4;
    }
    uint32_t meeting = RUN;
    for (size_t i = 0; i < count; i++)
        meeting = make_meeting(b->graph, meeting, operands[i]->domain);
    for (size_t i = 0; i < count; i++)
        operands[i] = make_spread(b->graph, operands[i], meeting);
    const node *holds = graph_node(b->graph, &(node){.kind = kinds[which],
                                                     .type = BOOLEAN,
                                                     .domain = meeting,
                                                     .scale = swapped ? -digits : digits,
                                                     .operands = operands,
                                                     .operand_count = count});
    return compare == COMPARE_NE ? make_not(b->graph, holds) : holds;
}

static const node *compare_plain(lowering *b, ast_compare compare, const node *x,
                                 const node *y)
{
    static const node_kind kinds[3] = {NODE_EQUAL, NODE_LESS, NODE_LESS_OR_EQUAL};
    return compare_with(b, compare, kinds, (const node *[2]){x, NULL},
                        (const node *[2]){y, NULL}, 0);
}

static int64_t digits_of(const node *n)
{
    return n->type.kind == TYPE_DECIMAL ? (int64_t)n->type.scale : 0;
}

static const node *compare_quotients(lowering *b, ast_compare compare, value x, value y)
{
    static const node_kind kinds[3] = {NODE_QUOTIENT_EQUAL, NODE_QUOTIENT_LESS,
                                       NODE_QUOTIENT_LESS_OR_EQUAL};
    const node *one = make_integer(b->graph, WHOLE, 1);
    const node *left[2] = {x.node, x.denominator ? x.denominator : one};
    const node *right[2] = {y.node, y.denominator ? y.denominator : one};
    int64_t digits = digits_of(right[0]) - digits_of(right[1]) - digits_of(left[0]) +
                     digits_of(left[1]);
    return compare_with(b, compare, kinds, left, right, digits);
}

static ast_compare mirrored(ast_compare compare)
{
    switch (compare) {
    case COMPARE_LT: return COMPARE_GT;
    case COMPARE_GT: return COMPARE_LT;
    case COMPARE_LE: return COMPARE_GE;
    case COMPARE_GE: return COMPARE_LE;
    default: return compare;
    }
}

/* `time since x >= 6 months` asks whether x lies at or before 6 months ago. */
static const node *compare_calendar(lowering *b, ast_compare compare, value since,
                                    calendar_span by, context c)
{
    if (!since.is_until)
        by.count = -by.count;
    const node *bound = make_move(b->graph, c.now, by);
    return compare_plain(b, since.is_until ? compare : mirrored(compare), since.anchor,
                         bound);
}

static const node *compare_bools(lowering *b, ast_compare compare, const node *x,
                                 const node *y)
{
    graph *g = b->graph;
    const node *x_true = make_holds(g, x), *y_true = make_holds(g, y);
    const node *x_false =
        make_and(g, make_unary(g, NODE_IS_PRESENT, BOOLEAN, x), make_not(g, x_true));
    const node *y_false =
        make_and(g, make_unary(g, NODE_IS_PRESENT, BOOLEAN, y), make_not(g, y_true));
    const node *equal =
        make_or(g, make_and(g, x_true, y_true), make_and(g, x_false, y_false));
    return compare == COMPARE_NE ? make_not(g, equal) : equal;
}

static bool is_written(const node *n)
{
    return n->kind == NODE_CONSTANT && !n->constant.is_missing;
}

static int64_t ceiling_divide(int64_t a, int64_t b)
{
    return -number_floor_divide(-a, b);
}

/* x against a written number with more digits: against that number rounded to the side
 * where nothing changes, so that x need not get more digits. */
static const node *compare_rounded(lowering *b, ast_compare compare, const node *x,
                                   const node *written)
{
    int64_t power = number_power_of_ten(written->type.scale - x->type.scale);
    int64_t down = number_floor_divide(written->constant.integer, power),
            up = ceiling_divide(written->constant.integer, power);
    bool is_equality = compare == COMPARE_EQ || compare == COMPARE_NE;
    if (is_equality && down != up)
        return make_bool(b->graph, compare == COMPARE_NE);
    bool wants_up = compare == COMPARE_LT || compare == COMPARE_GE;
    return compare_plain(b, compare, x,
                         make_integer(b->graph, x->type, wants_up ? up : down));
}

/* Exact numbers with different numbers of digits. Two values of the data might not fit
 * in 64 bits with more. */
static const node *compare_decimals(lowering *b, ast_compare compare, const node *x,
                                    const node *y)
{
    unsigned scale = x->type.scale > y->type.scale ? x->type.scale : y->type.scale;
    if (is_written(y) && x->type.scale < scale)
        return compare_rounded(b, compare, x, y);
    if (is_written(x) && y->type.scale < scale)
        return compare_rounded(b, mirrored(compare), y, x);
    const node *wide_x = make_rescale(b->graph, x, scale),
               *wide_y = make_rescale(b->graph, y, scale);
    bool is_safe =
        (wide_x == x && wide_y == y) || is_written(wide_x) || is_written(wide_y);
    return is_safe ? compare_plain(b, compare, wide_x, wide_y)
                   : compare_quotients(b, compare, value_of(x), value_of(y));
}

static const node *compare_singles(lowering *b, ast_compare compare, const node *x,
                                   const node *y)
{
    type_kind left = x->type.kind, right = y->type.kind;
    type date = {TYPE_DATE, 0};
    if (left == TYPE_BOOL)
        return compare_bools(b, compare, x, y);
    if (left == TYPE_VERSION || right == TYPE_VERSION)
        return compare_plain(b, compare, make_version_place(b->graph, x),
                             make_version_place(b->graph, y));
    if (left == TYPE_STRING || left == TYPE_PERSON) {
        const node *equal = make_binary(b->graph, NODE_TEXT_EQUAL, BOOLEAN, x, y);
        return compare == COMPARE_NE ? make_not(b->graph, equal) : equal;
    }
    if (left == TYPE_TIME && right == TYPE_DATE)
        x = make_unary(b->graph, NODE_LOCAL_DATE, date, x);
    else if (left == TYPE_DATE && right == TYPE_TIME)
        y = make_unary(b->graph, NODE_LOCAL_DATE, date, y);
    if (left == TYPE_NUMBER || right == TYPE_NUMBER) {
        x = make_to_number(b->graph, x);
        y = make_to_number(b->graph, y);
    } else if (left == TYPE_DECIMAL) {
        return compare_decimals(b, compare, x, y);
    }
    return compare_plain(b, compare, x, y);
}

const node *lower_compare(lowering *b, ast_compare compare, value x, value y, context c)
{
    if (y.is_calendar)
        return compare_calendar(b, compare, x, y.calendar, c);
    if (x.is_calendar)
        return compare_calendar(b, mirrored(compare), y, x.calendar, c);
    if ((x.denominator || y.denominator) && node_is_exact(x.node) &&
        node_is_exact(y.node))
        return compare_quotients(b, compare, x, y);
    return compare_singles(b, compare, value_single(b, x), value_single(b, y));
}
