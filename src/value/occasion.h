/* SPDX-License-Identifier: MIT
 *
 * occasion -- days that come again every year, or a list of dates.
 */
#ifndef VALUE_OCCASION_H
#define VALUE_OCCASION_H

#include <stdbool.h>
#include <stddef.h>

#include "value/calendar.h"

typedef enum occasion_kind {
    OCCASION_EVERY_DAY, /* the same day each year; 29 February only in leap years */
    OCCASION_EVERY_SPAN, /* from one day to another; over the year's end when `last` is earlier */
    OCCASION_EVERY_WEEKDAY, /* the nth weekday of a month */
    OCCASION_ON_DATES
} occasion_kind;

typedef struct occasion {
    occasion_kind kind;
    unsigned first_month, first_day, last_month, last_day;
    int ordinal; /* 1 to 5, or -1 for the last one; a fifth that there is not is left out */
    weekday weekday;
    const int64_t *dates; /* ON_DATES: ascending, distinct */
    size_t date_count;
} occasion;

/* Does the date lie in the occasion of any year? */
bool occasion_has(const occasion *o, int64_t date);

/* The first day of the first occasion that is not over before `date`; false when there
 * is none. */
bool occasion_next(const occasion *o, int64_t date, int64_t *out);

bool occasion_equals(const occasion *a, const occasion *b);

/* The first anniversary of `date`, at least a year later, on or after `from`: 29
 * February falls on 28 February in common years. */
int64_t date_next_anniversary(int64_t date, int64_t from);

#endif
