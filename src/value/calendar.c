/* SPDX-License-Identifier: MIT
 *
 * Civil dates and arithmetic in days, weeks, months, quarters and years. Local time
 * itself is in zone.c.
 */
#include "value/calendar.h"

#include <string.h>

#include "base/number.h"
#include "value/civil.h"

enum { MONTHS_MIN = 12, MONTHS_MAX = 9999 * 12 + 11 }; /* year * 12 + month - 1 */

static const struct {
    const char *name;
    int64_t microseconds; /* 0: no fixed length */
    int64_t months;       /* 0: a fixed length */
} units[] = {
    [UNIT_SECOND] = {"second", MICROSECONDS_PER_SECOND, 0},
    [UNIT_MINUTE] = {"minute", 60 * MICROSECONDS_PER_SECOND, 0},
    [UNIT_HOUR] = {"hour", 3600 * MICROSECONDS_PER_SECOND, 0},
    [UNIT_DAY] = {"day", MICROSECONDS_PER_DAY, 0},
    [UNIT_WEEK] = {"week", 7 * MICROSECONDS_PER_DAY, 0},
    [UNIT_MONTH] = {"month", 0, 1},
    [UNIT_QUARTER] = {"quarter", 0, 3},
    [UNIT_YEAR] = {"year", 0, 12},
};

static int64_t clamp(int64_t value, int64_t minimum, int64_t maximum)
{
    return value < minimum ? minimum : value > maximum ? maximum : value;
}

static bool year_is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned days_in_month(int64_t year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && year_is_leap(year) ? 29 : days[month - 1];
}

/* Months since year 0, which number all months of the calendar. */
static int64_t month_number(int64_t date)
{
    int64_t year;
    unsigned month, day;
    date_to_civil(date, &year, &month, &day);
    return year * 12 + (int64_t)month - 1;
}

static int64_t month_start(int64_t number)
{
    return date_from_civil(number / 12, (unsigned)(number % 12) + 1, 1);
}

/* a + b * c, cut to the range of 64 bits. */
static int64_t add_product(int64_t a, int64_t b, int64_t c)
{
    int128 wide = (int128)a + (int128)b * c;
    return wide > INT64_MAX ? INT64_MAX : wide < INT64_MIN ? INT64_MIN : (int64_t)wide;
}

/* The way back of civil.h. */
int64_t date_from_civil(int64_t year, unsigned month, unsigned day)
{
    int64_t y = year - (month <= 2 ? 1 : 0);
    int64_t era = number_floor_divide(y, 400);
    int64_t year_of_era = y - era * 400;
    int64_t month_from_march = month > 2 ? (int64_t)month - 3 : (int64_t)month + 9;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + (int64_t)day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void date_to_civil(int64_t date, int64_t *year, unsigned *month, unsigned *day)
{
    int64_t days = clamp(date, DATE_MIN, DATE_MAX) + CIVIL_DAYS_BEFORE_1970; /* above 0 */
    civil c = civil_of_days((uint32_t)days);
    *year = c.year;
    *month = c.month;
    *day = c.day;
}

bool date_is_valid(int64_t year, unsigned month, unsigned day)
{
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days_in_month(year, month);
}

weekday date_weekday(int64_t date)
{
    return (weekday)number_floor_modulo(date + THURSDAY, 7); /* 1970-01-01 was one */
}

int64_t date_add_months(int64_t date, int64_t months)
{
    int64_t year;
    unsigned month, day;
    date_to_civil(date, &year, &month, &day);
    int64_t number = add_product(year * 12 + (int64_t)month - 1, months, 1);
    if (number < MONTHS_MIN)
        return DATE_MIN;
    if (number > MONTHS_MAX)
        return DATE_MAX;
    unsigned last = days_in_month(number / 12, (unsigned)(number % 12) + 1);
    return month_start(number) + (day < last ? day : last) - 1;
}

int64_t date_unit_start(int64_t date, calendar_unit unit, weekday week_start)
{
    int64_t days = clamp(date, DATE_MIN, DATE_MAX);
    if (unit == UNIT_WEEK)
        days -= ((int)date_weekday(days) - (int)week_start + 7) % 7;
    else if (unit >= UNIT_MONTH)
        days = month_start(month_number(days) / units[unit].months * units[unit].months);
    return clamp(days, DATE_MIN, DATE_MAX);
}

int64_t date_unit_add(int64_t start, calendar_unit unit, int64_t count)
{
    if (unit >= UNIT_MONTH)
        return date_add_months(start, add_product(0, count, units[unit].months));
    int64_t days = add_product(start, count, unit == UNIT_WEEK ? 7 : 1);
    return clamp(days, DATE_MIN, DATE_MAX);
}

int64_t date_unit_number(int64_t date, calendar_unit unit, weekday week_start)
{
    int64_t days = clamp(date, DATE_MIN, DATE_MAX);
    if (unit == UNIT_WEEK)
        return number_floor_divide(days + THURSDAY - (int64_t)week_start, 7);
    if (unit >= UNIT_MONTH)
        return month_number(days) / units[unit].months;
    return days;
}

int64_t time_add(const zone *z, int64_t instant, calendar_span length, int sign)
{
    int64_t from = clamp(instant, TIME_MIN, TIME_MAX);
    if (length.unit < UNIT_MONTH) {
        int64_t step = sign * units[length.unit].microseconds;
        return clamp(add_product(from, length.count, step), TIME_MIN, TIME_MAX);
    }
    if (length.count == 0)
        return from; /* a local time that comes twice would go back to the first one */

    int64_t local = zone_local(z, from);
    int64_t date =
        clamp(number_floor_divide(local, MICROSECONDS_PER_DAY), DATE_MIN, DATE_MAX);
    int64_t months = add_product(0, length.count, sign * units[length.unit].months);
    int64_t number = add_product(month_number(date), months, 1);
    if (number < MONTHS_MIN)
        return TIME_MIN;
    if (number > MONTHS_MAX)
        return TIME_MAX;
    int64_t moved = date_add_months(date, months);
    return zone_instant(z, local + (moved - date) * MICROSECONDS_PER_DAY);
}

int64_t time_add_days(const zone *z, int64_t instant, int64_t days)
{
    int64_t from = clamp(instant, TIME_MIN, TIME_MAX);
    if (days == 0)
        return from; /* a local time that comes twice would go back to the first one */
    int64_t local = add_product(zone_local(z, from), days, MICROSECONDS_PER_DAY);
    return clamp(zone_instant(z, clamp(local, TIME_MIN, TIME_MAX)), TIME_MIN, TIME_MAX);
}

bool calendar_span_microseconds(calendar_span length, int64_t *out)
{
    return units[length.unit].months == 0 &&
           !__builtin_mul_overflow(length.count, units[length.unit].microseconds, out);
}

int64_t calendar_unit_days(calendar_unit unit, bool longest)
{
    static const int64_t days[][2] = {[UNIT_DAY] = {1, 1},
                                      [UNIT_WEEK] = {7, 7},
                                      [UNIT_MONTH] = {28, 31},
                                      [UNIT_QUARTER] = {90, 92},
                                      [UNIT_YEAR] = {365, 366}};
    return days[unit][longest];
}

const char *calendar_unit_name(calendar_unit unit)
{
    return units[unit].name;
}

bool calendar_unit_parse(const char *name, size_t size, calendar_unit *out)
{
    if (size > 1 && name[size - 1] == 's')
        size--;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strlen(units[i].name) == size && memcmp(units[i].name, name, size) == 0) {
            *out = (calendar_unit)i;
            return true;
        }
    }
    return false;
}
