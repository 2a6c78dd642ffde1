/* SPDX-License-Identifier: MIT
 *
 * calendar -- local time in an IANA zone, and arithmetic in days, months and units.
 *
 * Zones are read from the system's TZif files (TZDIR, else the usual folder) into an
 * immutable object that threads share; the process's TZ variable changes nothing.
 * Dates are days since 1970-01-01 in the proleptic Gregorian calendar; instants are
 * microseconds since 1970-01-01T00:00:00Z. Years 1 to 9999 are served; arithmetic that
 * leaves them stops at the edge.
 */
#ifndef VALUE_CALENDAR_H
#define VALUE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/weekday.h"
#include "base/error.h"

#define MICROSECONDS_PER_SECOND INT64_C(1000000)
#define MICROSECONDS_PER_DAY    (INT64_C(86400) * MICROSECONDS_PER_SECOND)

/* The first and the last instant that carpel knows: years 1 to 9999. */
#define TIME_MIN INT64_C(-62135596800000000)
#define TIME_MAX INT64_C(253402300799999999)
#define DATE_MIN INT64_C(-719162)
#define DATE_MAX INT64_C(2932896)

typedef enum calendar_unit {
    UNIT_SECOND,
    UNIT_MINUTE,
    UNIT_HOUR,
    UNIT_DAY,
    UNIT_WEEK,
    UNIT_MONTH,
    UNIT_QUARTER,
    UNIT_YEAR
} calendar_unit;

/* A length of time: `count` of `unit`. */
typedef struct calendar_span {
    int64_t count;
    calendar_unit unit;
} calendar_span;

typedef struct zone zone;

/* Open "Europe/Berlin", "UTC", ... The caller owns *out and ends it with zone_free. "UTC"
 * needs no files. */
bool zone_open(const char *name, zone **out, carpel_error *err);
void zone_free(zone *z);

/* The same for a zone that lives in `memory` and is not freed by itself. */
bool zone_open_in(const char *name, arena *memory, const zone **out, carpel_error *err);

const char *zone_name(const zone *z);

/* The first names of the system's zone list that resemble `wanted`: for a hint. Returns
 * false when none does. */
bool zone_suggest(const char *wanted, char *out, size_t out_size);

/* What to write for a zone that cannot be opened, a sentence; false when nothing is known. */
bool zone_advise(const char *wanted, char *out, size_t out_size);

/* The same for a short name that can be opened, and leaves out the summer time that people have who write
 * it. */
bool zone_lacks_summer(const char *name, char *out, size_t out_size);

/* What a wall clock in the zone shows at an instant, as microseconds since 1970-01-01
 * 00:00 of that clock. */
int64_t zone_local(const zone *z, int64_t instant);

/* The instant at which the wall clock shows `local`: the earlier one when it does so
 * twice; the instant of the jump when it never does. */
int64_t zone_instant(const zone *z, int64_t local);

/* Is each local time of the date as far behind its begin, *begin, as its clock says? Not so
 * on days on which the clocks change. */
bool zone_day_is_even(const zone *z, int64_t date, int64_t *begin);

/* The first instant of a local day. */
int64_t zone_day_start(const zone *z, int64_t date);

/* The same for many dates: out[i] = first instant. `out` may be `dates`. */
void zone_day_starts(const zone *z, const int64_t *dates, size_t count, int64_t *out);

/* The local date of an instant. */
int64_t zone_date(const zone *z, int64_t instant);

/* The same for many instants, e.g. a column in time order: out[i] = local date. */
void zone_dates(const zone *z, const int64_t *instants, size_t count, int64_t *out);

/* Civil dates. month 1 to 12, day 1 to 31. */
int64_t date_from_civil(int64_t year, unsigned month, unsigned day);
void date_to_civil(int64_t date, int64_t *year, unsigned *month, unsigned *day);
bool date_is_valid(int64_t year, unsigned month, unsigned day);
weekday date_weekday(int64_t date);

/* Move by whole months, clamped to the month's last day. */
int64_t date_add_months(int64_t date, int64_t months);

/* The first date of the week, month, quarter or year that holds `date`; of days and less,
 * the date itself. */
int64_t date_unit_start(int64_t date, calendar_unit unit, weekday week_start);

/* The first date `count` units (DAY or larger) after the unit that begins at `start`. */
int64_t date_unit_add(int64_t start, calendar_unit unit, int64_t count);

/* Number units consecutively, so that equal numbers mean the same local day, week, ... */
int64_t date_unit_number(int64_t date, calendar_unit unit, weekday week_start);

/* The number of the local unit (DAY or larger) that holds `instant`. Until `*until` it stays
 * the same; then there may be another one, which is an earlier one where clocks go back
 * over midnight. */
int64_t calendar_unit_number(const zone *z, int64_t instant, calendar_unit unit,
                             weekday week_start, int64_t *until);

/* The first instant of the local unit that holds `instant`, moved by whole units. Units
 * shorter than a day are cut on the wall clock and moved by their exact length. */
int64_t calendar_unit_start(const zone *z, int64_t instant, calendar_unit unit,
                            int64_t units, weekday week_start);

/* instant + sign * length. second to week are exact; month, quarter, year keep the local
 * time of day and clamp to the month's last day. */
int64_t time_add(const zone *z, int64_t instant, calendar_span length, int sign);

/* The same time of day on the local clock, so many days later. */
int64_t time_add_days(const zone *z, int64_t instant, int64_t days);

/* The exact length of a second .. week span in microseconds; false for months and up,
 * and when it does not fit. */
bool calendar_span_microseconds(calendar_span length, int64_t *out);

/* "second" .. "year", and the other way round ("day", "days" and so on). */
const char *calendar_unit_name(calendar_unit unit);

/* How many days the longest, or the shortest, unit of a day or more has. */
int64_t calendar_unit_days(calendar_unit unit, bool longest);
bool calendar_unit_parse(const char *name, size_t size, calendar_unit *out);

#endif
