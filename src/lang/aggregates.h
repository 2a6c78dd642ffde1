/* SPDX-License-Identifier: MIT
 *
 * aggregates -- the rows of aggregates.def as a table: what the checker, the lints and the
 * printer have to know of each.
 *
 *     if (aggregates[AGGREGATE_SUM].of_nothing == OF_NOTHING_ZERO) ...
 */
#ifndef LANG_AGGREGATES_H
#define LANG_AGGREGATES_H

#include <stdbool.h>

#include "value/calendar.h"
#include "value/type.h"

typedef enum aggregate_kind {
#define X(name, ...) AGGREGATE_##name,
#include "lang/aggregates.def"
#undef X
    AGGREGATE_COUNT_OF
} aggregate_kind;

typedef enum aggregate_takes {
    TAKES_EVENTS,
    TAKES_EITHER,
    TAKES_VALUES,  /* from here on a value of each event, */
    TAKES_AMOUNTS, /* numbers or durations, */
    TAKES_ORDERED
} aggregate_takes;

typedef enum aggregate_with {
    WITH_NOTHING,
    WITH_WHERE,
    WITH_SHARE, /* a second value */
    WITH_DAYS,  /* units of the calendar, in the order of calendar_unit */
    WITH_WEEKS,
    WITH_MONTHS,
    WITH_QUARTERS,
    WITH_YEARS
} aggregate_with;

typedef enum aggregate_result {
    GIVES_COUNT,
    GIVES_NUMBER,
    GIVES_VALUE, /* one of the values, */
    GIVES_MEAN,  /* between two of them, */
    GIVES_SPREAD,
    GIVES_DIFFERENCE, /* of two of them */
    GIVES_TOTAL,      /* of their type */
    GIVES_LIST
} aggregate_result;

typedef enum aggregate_of_nothing {
    OF_NOTHING_ZERO,
    OF_NOTHING_MISSING
} aggregate_of_nothing;

typedef struct aggregate_row {
    const char *spelling;
    aggregate_takes takes;
    aggregate_with with;
    aggregate_result result;
    aggregate_of_nothing of_nothing;
    const char *example;
} aggregate_row;

extern const aggregate_row aggregates[AGGREGATE_COUNT_OF];

/* Is its result one of the values, or between two of them? */
bool aggregate_keeps_range(aggregate_kind which);

/* Does it count units of the calendar? *unit is which. */
bool aggregate_has_unit(aggregate_kind which, calendar_unit *unit);

/* Values that it takes, in words: "numbers or durations"; NULL when `value` is one. */
const char *aggregate_wants(aggregate_kind which, type value);

/* The type of its result, of values that it takes. */
type aggregate_type(aggregate_kind which, type value);

#endif
