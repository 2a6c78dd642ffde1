/* SPDX-License-Identifier: MIT
 *
 * Dates, one at a time.
 */
#include "graph/scalar.h"

int64_t scalar_date_part(int64_t date, date_part part)
{
    int64_t year;
    unsigned month, day;
    if (part == DATE_PART_WEEKDAY)
        return date_weekday(date);
    date_to_civil(date, &year, &month, &day);
    return part == DATE_PART_YEAR ? year : part == DATE_PART_MONTH ? month : day;
}

int64_t scalar_move_date(int64_t date, calendar_span by)
{
    int64_t moved = date + by.count; /* of a date no shorter unit is written */
    switch (by.unit) {
    case UNIT_WEEK: moved = date + 7 * by.count; break;
    case UNIT_MONTH: moved = date_add_months(date, by.count); break;
    case UNIT_QUARTER: moved = date_add_months(date, 3 * by.count); break;
    case UNIT_YEAR: moved = date_add_months(date, 12 * by.count); break;
    case UNIT_SECOND:
    case UNIT_MINUTE:
    case UNIT_HOUR:
    case UNIT_DAY: break;
    }
    return moved < DATE_MIN ? DATE_MIN : moved > DATE_MAX ? DATE_MAX : moved;
}
