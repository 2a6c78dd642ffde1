/* SPDX-License-Identifier: MIT
 *
 * Local time in an IANA zone, looked up in its table. The index says for each stretch of 2^24
 * seconds (194 days) which interval holds its begin, so that each question takes a step or two.
 */
#include "value/calendar.h"

#include "base/number.h"
#include "value/zone_dates.h"
#include "value/zone_table.h"

enum { SECONDS_PER_DAY = 24 * 3600 };

static int64_t clamp(int64_t value, int64_t minimum, int64_t maximum)
{
    return value < minimum ? minimum : value > maximum ? maximum : value;
}

/* The interval that holds `seconds`. */
static size_t find_interval(const zone *z, int64_t seconds)
{
    size_t i = z->index[clamp(seconds - FIRST_SECOND, 0, LAST_SECOND - FIRST_SECOND) >>
                        STRETCH_BITS];
    while (z->begins[i + 1] <= seconds)
        i++;
    return i;
}

static int64_t seconds_of(int64_t microseconds)
{
    return number_floor_divide(microseconds, MICROSECONDS_PER_SECOND);
}

/* The date of a local time, which may lie a day beyond the years that are served. */
static int64_t local_date(int64_t local)
{
    int64_t date = number_floor_divide(local, MICROSECONDS_PER_DAY);
    return clamp(date, DATE_MIN, DATE_MAX);
}

/* An instant in microseconds, cut to the years that are served and one day beyond, so
 * that the ends of the table mean "always". */
static int64_t begin_microseconds(int64_t seconds)
{
    int64_t cut = clamp(seconds, TIME_MIN / MICROSECONDS_PER_SECOND - 86400,
                        TIME_MAX / MICROSECONDS_PER_SECOND + 86400);
    return cut * MICROSECONDS_PER_SECOND;
}

bool zone_open_in(const char *name, arena *memory, const zone **out, carpel_error *err)
{
    zone *z;
    if (!zone_load(name, memory, &z, err))
        return false;
    *out = z;
    return true;
}

bool zone_open(const char *name, zone **out, carpel_error *err)
{
    arena *own = arena_new();
    if (!zone_load(name, own, out, err)) {
        arena_free(own);
        return false;
    }
    (*out)->own = own;
    return true;
}

void zone_free(zone *z)
{
    if (z != NULL)
        arena_free(z->own);
}

const char *zone_name(const zone *z)
{
    return z->name;
}

int64_t zone_local(const zone *z, int64_t instant)
{
    int64_t cut = clamp(instant, TIME_MIN, TIME_MAX);
    size_t i = find_interval(z, seconds_of(cut));
    return cut + z->offsets[i] * MICROSECONDS_PER_SECOND;
}

int64_t zone_instant(const zone *z, int64_t local)
{
    int64_t cut =
        clamp(local, TIME_MIN - MICROSECONDS_PER_DAY, TIME_MAX + MICROSECONDS_PER_DAY);
    int64_t seconds = seconds_of(cut);
    /* The first interval whose local end lies behind `local`: when it also begins before,
     * that is the earliest instant; when it does not, the clock jumped over `local`. */
    size_t i = find_interval(z, seconds - OFFSET_LIMIT_SECONDS);
    while (seconds - z->offsets[i] >= z->begins[i + 1])
        i++;
    int64_t instant = cut - z->offsets[i] * MICROSECONDS_PER_SECOND;
    if (seconds - z->offsets[i] < z->begins[i])
        instant = z->begins[i] * MICROSECONDS_PER_SECOND;
    return clamp(instant, TIME_MIN, TIME_MAX);
}

int64_t zone_day_start(const zone *z, int64_t date)
{
    return zone_instant(z, clamp(date, DATE_MIN, DATE_MAX) * MICROSECONDS_PER_DAY);
}

/* Local seconds that are further from the ends of their interval than any offset: of those an
 * instant is a subtraction. */
static bool is_inside(const zone *z, size_t interval, int64_t local_seconds)
{
    int64_t begin = z->begins[interval], end = z->begins[interval + 1];
    return (begin == INT64_MIN || local_seconds >= begin + OFFSET_LIMIT_SECONDS) &&
           (end == INT64_MAX || local_seconds < end - OFFSET_LIMIT_SECONDS);
}

void zone_day_starts(const zone *z, const int64_t *dates, size_t count, int64_t *out)
{
    size_t interval = 0; /* of the date before */
    for (size_t i = 0; i < count; i++) {
        int64_t seconds = clamp(dates[i], DATE_MIN, DATE_MAX) * SECONDS_PER_DAY;
        if (is_inside(z, interval, seconds))
            out[i] = clamp((seconds - z->offsets[interval]) * MICROSECONDS_PER_SECOND,
                           TIME_MIN, TIME_MAX);
        else {
            out[i] = zone_day_start(z, dates[i]);
            interval = find_interval(z, seconds);
        }
    }
}

bool zone_day_is_even(const zone *z, int64_t date, int64_t *begin)
{
    int64_t first = date * MICROSECONDS_PER_DAY, last = first + MICROSECONDS_PER_DAY - 1;
    *begin = zone_instant(z, first);
    int64_t end = zone_instant(z, last);
    return end - *begin == last - first &&
           find_interval(z, seconds_of(*begin)) == find_interval(z, seconds_of(end));
}

int64_t zone_date(const zone *z, int64_t instant)
{
    return local_date(zone_local(z, instant));
}

bool zone_dates_rise(const zone *z, int64_t from, int64_t until)
{
    size_t i = find_interval(z, seconds_of(from));
    for (; i + 1 < z->count && z->begins[i + 1] <= seconds_of(until); i++) {
        int64_t change = z->begins[i + 1];
        if (number_floor_divide(change + z->offsets[i + 1], 86400) <
            number_floor_divide(change - 1 + z->offsets[i], 86400))
            return false;
    }
    return true;
}

void zone_dates(const zone *z, const int64_t *instants, size_t count, int64_t *out)
{
    int64_t begin = 0, end = 0, shift = 0; /* the interval of the instant before */
    for (size_t i = 0; i < count; i++) {
        int64_t instant = clamp(instants[i], TIME_MIN, TIME_MAX);
        if (instant < begin || instant >= end) {
            size_t at = find_interval(z, seconds_of(instant));
            begin = begin_microseconds(z->begins[at]);
            end = begin_microseconds(z->begins[at + 1]);
            shift = z->offsets[at] * MICROSECONDS_PER_SECOND;
        }
        out[i] = local_date(instant + shift);
    }
}

int64_t calendar_unit_number(const zone *z, int64_t instant, calendar_unit unit,
                             weekday week_start, int64_t *until)
{
    instant = clamp(instant, TIME_MIN, TIME_MAX);
    size_t at = find_interval(z, seconds_of(instant));
    int64_t shift = z->offsets[at] * MICROSECONDS_PER_SECOND;
    int64_t date = local_date(instant + shift);
    int64_t start = date_unit_start(date, unit, week_start);
    int64_t following = start > DATE_MIN ? date_unit_add(start, unit, 1) : date + 1;
    int64_t next = following * MICROSECONDS_PER_DAY - shift;
    int64_t change = begin_microseconds(z->begins[at + 1]);
    *until = next < change ? next : change;
    if (*until <= instant) /* in the last year that is served */
        *until = INT64_MAX;
    return date_unit_number(date, unit, week_start);
}

int64_t calendar_unit_start(const zone *z, int64_t instant, calendar_unit unit,
                            int64_t units, weekday week_start)
{
    int64_t length, moved;
    if (unit >= UNIT_DAY) {
        int64_t start = date_unit_start(zone_date(z, instant), unit, week_start);
        return zone_day_start(z, date_unit_add(start, unit, units));
    }
    calendar_span_microseconds((calendar_span){1, unit}, &length);
    int64_t start = instant - number_floor_modulo(zone_local(z, instant), length);
    if (__builtin_mul_overflow(units, length, &moved) ||
        __builtin_add_overflow(start, moved, &moved))
        return units < 0 ? TIME_MIN : TIME_MAX;
    return clamp(moved, TIME_MIN,
                 TIME_MAX); /* the first hour may begin before the year 1 */
}
