/* SPDX-License-Identifier: MIT
 *
 * Days of the local calendar. `in day of now + 1 day` asks for a local day, so the day
 * in it is one of the calendar, not 24 hours: on the eve of a clock change it is still
 * tomorrow. Such a length is a pair: days, and an exact rest (`1 day + 3 hours`).
 */
#include "graph/lowering.h"

#include "base/number.h"

static const type DURATION = {TYPE_DURATION, 0};
static const type WHOLE = {TYPE_DECIMAL, 0};

static const node *nothing(lowering *b)
{
    return make_integer(b->graph, DURATION, 0);
}

bool lower_are_days(const ast_duration *d)
{
    return (d->unit == UNIT_DAY || d->unit == UNIT_WEEK) && d->count.scale == 0;
}

value lower_days(lowering *b, const ast_duration *d)
{
    const node *days = make_integer(b->graph, WHOLE, d->count.value);
    if (d->unit == UNIT_WEEK)
        days = make_binary(b->graph, NODE_MULTIPLY, WHOLE, days,
                           make_integer(b->graph, WHOLE, 7));
    return (value){.node = nothing(b), .days = days};
}

const node *lower_exact_days(lowering *b, value length)
{
    value rest = length;
    rest.days = NULL;
    const node *day = make_integer(b->graph, DURATION, MICROSECONDS_PER_DAY);
    const node *exact = make_binary(b->graph, NODE_MULTIPLY, DURATION, day, length.days);
    return make_binary(b->graph, NODE_ADD, DURATION, value_single(b, rest), exact);
}

const node *lower_moved(lowering *b, const node *time, value length, int64_t sign)
{
    if (length.days) {
        const node *days = sign > 0
                               ? length.days
                               : make_unary(b->graph, NODE_NEGATE, WHOLE, length.days);
        time = make_binary(b->graph, NODE_MOVE_DAYS, time->type, time, days);
        length.days = NULL;
        if (length.node == nothing(b))
            return time;
    }
    return make_binary(b->graph, sign < 0 ? NODE_SUBTRACT : NODE_ADD, time->type, time,
                       value_single(b, length));
}

/* The days of a length; 0 where it has none. */
static const node *days_of(lowering *b, value length)
{
    return length.days ? length.days : make_integer(b->graph, WHOLE, 0);
}

static const node *rest_of(lowering *b, value length)
{
    length.days = NULL;
    return value_single(b, length);
}

value lower_days_joined(lowering *b, node_kind kind, value x, value y)
{
    return (value){
        .node = make_binary(b->graph, kind, DURATION, rest_of(b, x), rest_of(b, y)),
        .days = make_binary(b->graph, kind, WHOLE, days_of(b, x), days_of(b, y))};
}

value lower_days_negated(lowering *b, value length)
{
    return (value){.node =
                       make_unary(b->graph, NODE_NEGATE, DURATION, rest_of(b, length)),
                   .days = make_unary(b->graph, NODE_NEGATE, WHOLE, length.days)};
}

value lower_days_times(lowering *b, value length, const node *factor)
{
    return (value){
        .node =
            make_binary(b->graph, NODE_MULTIPLY, DURATION, rest_of(b, length), factor),
        .days = make_binary(b->graph, NODE_MULTIPLY, WHOLE, length.days, factor)};
}

value lower_days_chosen(lowering *b, const node *condition, value yes, value no)
{
    return (value){.node = make_if(b->graph, condition, rest_of(b, yes), rest_of(b, no)),
                   .days = make_if(b->graph, condition, days_of(b, yes), days_of(b, no))};
}
