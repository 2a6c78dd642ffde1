/* SPDX-License-Identifier: MIT
 *
 * What PostgreSQL prints with `datestyle = ISO` and `intervalstyle = postgres`.
 */
#include "postgres/printed.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/moments.h"
#include "postgres/binary.h"
#include "postgres/numeric.h"

/* What is written, one behind the other. */
typedef struct writing {
    char *at;
    size_t room;
} writing;

static void put(writing *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put(writing *w, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(w->at, w->room, format, arguments);
    va_end(arguments);
    size_t used = size < 0 ? 0 : (size_t)size < w->room ? (size_t)size : w->room - 1;
    w->at += used;
    w->room -= used;
}

/* ---- moments -------------------------------------------------------------------------- */

static void put_infinity(writing *w, bool is_late)
{
    put(w, is_late ? "infinity" : "-infinity");
}

/* Returns whether it lies before the year 1, which is told at the end. */
static bool put_day(writing *w, int64_t day)
{
    int64_t year, month, of_month;
    moment_civil(day, &year, &month, &of_month);
    put(w, "%04" PRId64 "-%02" PRId64 "-%02" PRId64, year > 0 ? year : 1 - year, month,
        of_month);
    return year <= 0;
}

/* Digits of a second behind the point, without zeros at the end. */
static void put_fraction(writing *w, int64_t microseconds)
{
    int digits = 6;
    if (microseconds == 0)
        return;
    for (; microseconds % 10 == 0; microseconds /= 10)
        digits--;
    put(w, ".%0*" PRId64, digits, microseconds);
}

/* Hours, minutes and seconds, none of which is negative. */
static void put_clock(writing *w, uint64_t microseconds)
{
    uint64_t seconds = microseconds / 1000000;
    put(w, "%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64, seconds / 3600, seconds / 60 % 60,
        seconds % 60);
    put_fraction(w, (int64_t)(microseconds % 1000000));
}

static void put_date(writing *w, int32_t day)
{
    if (day == INT32_MAX || day == INT32_MIN)
        put_infinity(w, day > 0);
    else if (put_day(w, (int64_t)day + BINARY_DAYS_TO_2000))
        put(w, " BC");
}

static void put_time(writing *w, int64_t microseconds, const char *zone)
{
    int64_t of_day;
    if (microseconds == INT64_MAX || microseconds == INT64_MIN) {
        put_infinity(w, microseconds > 0);
        return;
    }
    int64_t day = moment_split(microseconds, BINARY_MICROSECONDS_OF_DAY, &of_day);
    bool is_before = put_day(w, day + BINARY_DAYS_TO_2000);
    put(w, " ");
    put_clock(w, (uint64_t)of_day);
    put(w, "%s%s", zone, is_before ? " BC" : "");
}

/* A part of an interval, unless it is 0. Behind a negative one a positive one has a sign. */
static void put_part(writing *w, int64_t count, const char *unit, bool *is_first,
                     bool *is_negative)
{
    if (count == 0)
        return;
    put(w, "%s%s%" PRId64 " %s%s", *is_first ? "" : " ",
        *is_negative && count > 0 ? "+" : "", count, unit, count == 1 ? "" : "s");
    *is_first = false;
    *is_negative = count < 0;
}

static void put_interval(writing *w, int64_t microseconds, int32_t days, int32_t months)
{
    bool is_first = true, is_negative = false;
    put_part(w, months / 12, "year", &is_first, &is_negative);
    put_part(w, months % 12, "mon", &is_first, &is_negative);
    put_part(w, days, "day", &is_first, &is_negative);
    if (microseconds == 0 && !is_first)
        return;
    put(w, "%s%s", is_first ? "" : " ", microseconds < 0 ? "-" : is_negative ? "+" : "");
    put_clock(w, microseconds < 0 ? 0 - (uint64_t)microseconds : (uint64_t)microseconds);
}

/* ---- all ------------------------------------------------------------------------------ */

static void put_float(writing *w, double value)
{
    put(w, isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
}

void printed(binary_form form, const char *data, size_t size, char out[PRINTED_SIZE])
{
    writing w = {out, PRINTED_SIZE};
    numeric n;
    double number;
    out[0] = '\0';
    if (form == FORM_DATE)
        put_date(&w, binary_int32(data));
    else if (form == FORM_TIME || form == FORM_LOCAL_TIME)
        put_time(&w, binary_int64(data), form == FORM_TIME ? "+00" : "");
    else if (form == FORM_INTERVAL)
        put_interval(&w, binary_int64(data), binary_int32(data + 8),
                     binary_int32(data + 12));
    else if (form == FORM_NUMERIC && numeric_open(data, size, &n) && n.special)
        put(&w, "%s", n.special);
    else if (form == FORM_FLOAT && binary_read_float(data, size, &number))
        put_float(&w, number);
}
