/* SPDX-License-Identifier: MIT
 *
 * Days that come again. Each question looks at the occasions of the years around a date.
 */
#include "value/occasion.h"

#include <string.h>

/* The nth weekday of a month, or false when the month has no such. */
static bool nth_weekday(const occasion *o, int64_t year, int64_t *out)
{
    int64_t first = date_from_civil(year, o->first_month, 1);
    int64_t next = date_add_months(first, 1);
    int64_t date = first + ((int64_t)o->weekday - (int64_t)date_weekday(first) + 7) % 7;
    if (o->ordinal > 0)
        date += 7 * ((int64_t)o->ordinal - 1);
    else
        while (date + 7 < next)
            date += 7;
    *out = date;
    return date < next;
}

/* A day of a year; 29 February is moved to the 28th in common years when `clamps`. */
static bool day_of_year(int64_t year, unsigned month, unsigned day, bool clamps,
                        int64_t *out)
{
    if (!date_is_valid(year, month, day)) {
        if (!clamps)
            return false;
        day--;
    }
    *out = date_from_civil(year, month, day);
    return true;
}

/* The occasion that begins in `year`: its first and last day. */
static bool occasion_of_year(const occasion *o, int64_t year, int64_t *first,
                             int64_t *last)
{
    bool ok = true;
    if (year < 1 || year > 9999)
        return false;
    switch (o->kind) {
    case OCCASION_EVERY_DAY:
        ok = day_of_year(year, o->first_month, o->first_day, false, first);
        *last = *first;
        return ok;
    case OCCASION_EVERY_WEEKDAY:
        ok = nth_weekday(o, year, first);
        *last = *first;
        return ok;
    default: {
        bool wraps = o->last_month < o->first_month ||
                     (o->last_month == o->first_month && o->last_day < o->first_day);
        if (wraps && year == 9999)
            return false;
        day_of_year(year, o->first_month, o->first_day, true, first);
        return day_of_year(year + wraps, o->last_month, o->last_day, true, last);
    }
    }
}

static int64_t year_of(int64_t date)
{
    int64_t year;
    unsigned month, day;
    date_to_civil(date, &year, &month, &day);
    return year;
}

static bool dates_next(const occasion *o, int64_t date, int64_t *out)
{
    for (size_t i = 0; i < o->date_count; i++)
        if (o->dates[i] >= date) {
            *out = o->dates[i];
            return true;
        }
    return false;
}

bool occasion_next(const occasion *o, int64_t date, int64_t *out)
{
    enum {
        YEARS_AHEAD = 28
    }; /* a 29 February, or a fifth weekday of one, comes within them */
    int64_t first, last, year = year_of(date);
    if (o->kind == OCCASION_ON_DATES)
        return dates_next(o, date, out);
    for (int64_t y = year - 1; y <= year + YEARS_AHEAD; y++)
        if (occasion_of_year(o, y, &first, &last) && last >= date) {
            *out = first;
            return true;
        }
    return false;
}

bool occasion_has(const occasion *o, int64_t date)
{
    int64_t first;
    return occasion_next(o, date, &first) && first <= date;
}

bool occasion_equals(const occasion *a, const occasion *b)
{
    return a->kind == b->kind && a->first_month == b->first_month &&
           a->first_day == b->first_day && a->last_month == b->last_month &&
           a->last_day == b->last_day && a->ordinal == b->ordinal &&
           a->weekday == b->weekday && a->date_count == b->date_count &&
           (a->date_count == 0 ||
            memcmp(a->dates, b->dates, a->date_count * sizeof *a->dates) == 0);
}

int64_t date_next_anniversary(int64_t date, int64_t from)
{
    int64_t years = year_of(from) - year_of(date);
    if (years < 1)
        years = 1;
    int64_t anniversary = date_add_months(date, 12 * years);
    return anniversary >= from ? anniversary : date_add_months(date, 12 * (years + 1));
}
