/* SPDX-License-Identifier: MIT
 *
 * What the columns of aggregates.def mean for types and units.
 */
#include "lang/aggregates.h"

#include <stddef.h>

const aggregate_row aggregates[AGGREGATE_COUNT_OF] = {
#define X(name, spelling, takes, with, result, nothing, lowering, node, meaning,         \
          example)                                                                       \
    {spelling, TAKES_##takes, WITH_##with, GIVES_##result, OF_NOTHING_##nothing, example},
#include "lang/aggregates.def"
#undef X
};

bool aggregate_keeps_range(aggregate_kind which)
{
    return aggregates[which].result == GIVES_VALUE ||
           aggregates[which].result == GIVES_MEAN;
}

bool aggregate_has_unit(aggregate_kind which, calendar_unit *unit)
{
    aggregate_with with = aggregates[which].with;
    if (with < WITH_DAYS)
        return false;
    *unit = (calendar_unit)((int)UNIT_DAY + (int)with - (int)WITH_DAYS);
    return true;
}

const char *aggregate_wants(aggregate_kind which, type value)
{
    bool is_amount = type_is_numeric(value) || value.kind == TYPE_DURATION;
    bool is_subtracted = aggregates[which].result == GIVES_DIFFERENCE;
    switch (aggregates[which].takes) {
    case TAKES_AMOUNTS: return is_amount ? NULL : "numbers or durations";
    case TAKES_ORDERED:
        return type_is_ordered(value) && !(is_subtracted && value.kind == TYPE_VERSION)
                   ? NULL
                   : "numbers, times, dates or durations";
    default: return NULL;
    }
}

type aggregate_type(aggregate_kind which, type value)
{
    switch (aggregates[which].result) {
    case GIVES_COUNT: return (type){TYPE_DECIMAL, 0};
    case GIVES_NUMBER: return (type){TYPE_NUMBER, 0};
    case GIVES_LIST: return (type){TYPE_LIST, 0};
    case GIVES_MEAN:
    case GIVES_SPREAD: return value.kind == TYPE_DECIMAL ? (type){TYPE_NUMBER, 0} : value;
    case GIVES_DIFFERENCE:
        return type_is_moment(value) ? (type){TYPE_DURATION, 0} : value;
    default: return value;
    }
}
