/* SPDX-License-Identifier: MIT
 *
 * Texts read as values: what is read exactly, what is refused and why, and that what is
 * written can be read again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "value/value.h"

#define SECOND        MICROSECONDS_PER_SECOND
#define LENGTH(array) (sizeof(array) / sizeof *(array))

static void test_decimals(void **state)
{
    static const struct {
        const char *written;
        unsigned scale;
        int64_t value;
    } cases[] = {
        {"0", 0, 0},
        {"-12.50", 2, -1250},
        {"12.5", 2, 1250},
        {"12", 2, 1200},
        {"12.", 2, 1200},
        {".5", 2, 50},
        {"+7", 0, 7},
        {"12.50000", 2, 1250},
        {"3.000", 0, 3},
        {"0012", 0, 12},
        {"-0", 0, 0},
        {"9223372036854775807", 0, INT64_MAX},
        {"-9223372036854775807", 0, -INT64_MAX},
        {"-9223372036854775808", 0, INT64_MIN},
        {"-92233720368547758.08", 2, INT64_MIN},
        {"92233720368547758.07", 2, INT64_MAX},
        {"0.000000000000000001", 18, 1},
        {"1.0000000000000000000000000", 2, 100},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        int64_t value;
        const char *reason;
        assert_true(value_read_decimal(slice_of(cases[i].written), cases[i].scale, &value,
                                       &reason));
        assert_int_equal(value, cases[i].value);
    }
}

static void test_refused_decimals(void **state)
{
    static const struct {
        const char *written;
        unsigned scale;
        const char *reason;
    } cases[] = {
        {"", 2, "it is not a number"},
        {"-", 2, "it is a word for nothing: leave the field empty"},
        {"n/a", 2, "it is a word for nothing: leave the field empty"},
        {"NULL", 0, "it is a word for nothing: leave the field empty"},
        {"50 \u20AC", 2, "a currency stands with the number: write the number alone"},
        {"$50", 2, "a currency stands with the number: write the number alone"},
        {".", 2, "it is not a number"},
        {"--1", 2, "it is not a number"},
        {"1.2.3", 2, "it is not a number"},
        {"abc", 2, "it is not a number"},
        {"0x10", 2, "it is not a number"},
        {"inf", 2, "it is not a number"},
        {"12,5", 2, "a comma is not allowed; the decimal sign is a point"},
        {"1,000", 0, "a comma is not allowed; the decimal sign is a point"},
        {"1e3", 2, "a number with an exponent is not exact"},
        {" 1", 2, "there is a blank in it"},
        {"1 ", 2, "there is a blank in it"},
        {"12.505", 2, "it has more digits after the point than the type keeps"},
        {"3.5", 0, "it is not a whole number"},
        {"9223372036854775808", 0, "it has too many digits for an exact number"},
        {"-9223372036854775809", 0, "it has too many digits for an exact number"},
        {"92233720368547758.08", 2, "it has too many digits for an exact number"},
        {"92233720368547759", 2, "it is too large"},
        {"0.0000000000000000001", 18,
         "it has more digits after the point than the type keeps"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        int64_t value;
        const char *reason = NULL;
        assert_false(value_read_decimal(slice_of(cases[i].written), cases[i].scale,
                                        &value, &reason));
        assert_string_equal(reason, cases[i].reason);
    }
}

/* Whatever way a number is read, it is the double that strtod gives. */
static void test_numbers(void **state)
{
    static const char *const cases[] = {
        "0",
        "-0",
        "12.5",
        "1e-3",
        "1E+3",
        "-12.50",
        ".5",
        "5.",
        "+1",
        "0.1",
        "0.3",
        "123456789012345",
        "1234567890123456",
        "12345678901234567890",
        "0.1234567890123456789",
        "1e22",
        "1e23",
        "1.7976931348623157e308",
        "5e-324",
        "1e-400",
        "0.000000000000001",
        "0.00000000000000000000001",
        "999999999999999.9",
        "00000000000000000000012.5",
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        double value;
        const char *reason;
        assert_true(value_read_number(slice_of(cases[i]), &value, &reason));
        double expected = strtod(cases[i], NULL);
        assert_memory_equal(&value, &expected, sizeof value);
    }
}

static void test_refused_numbers(void **state)
{
    static const char *const cases[] = {
        "",     "-",   ".",         "e5",  "1e",  "1e+",   "1e5x",
        "0x10", "inf", "-Infinity", "nan", "NaN", "1e309", "-1e999",
        "1,5",  " 1",  "1 ",        "--1", "+-1", "1.2.3", "1_000",
    };
    char longest[500];
    double value;
    const char *reason;
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++)
        assert_false(value_read_number(slice_of(cases[i]), &value, &reason));
    memset(longest, '1', sizeof longest);
    assert_false(value_read_number((slice){longest, sizeof longest}, &value, &reason));
    assert_false(value_read_number((slice){NULL, 0}, &value, &reason));
}

static void test_bools(void **state)
{
    static const char *const yes[] = {"true", "TRUE", "yes", "t", "Y", "1"};
    static const char *const no[] = {"false", "False", "no", "F", "n", "0"};
    static const char *const neither[] = {"", "2", "tr", "truee", " true", "on", "-1"};
    bool value;
    const char *reason;
    (void)state;
    for (size_t i = 0; i < LENGTH(yes); i++)
        assert_true(value_read_bool(slice_of(yes[i]), &value, &reason) && value);
    for (size_t i = 0; i < LENGTH(no); i++)
        assert_true(value_read_bool(slice_of(no[i]), &value, &reason) && !value);
    for (size_t i = 0; i < LENGTH(neither); i++)
        assert_false(value_read_bool(slice_of(neither[i]), &value, &reason));
}

static void test_durations(void **state)
{
    static const struct {
        const char *written;
        int64_t unit, value;
    } cases[] = {
        {"90 seconds", 0, 90 * SECOND},
        {"1.5 hours", 0, 5400 * SECOND},
        {"2 days", 0, 2 * MICROSECONDS_PER_DAY},
        {"1 week", 0, 7 * MICROSECONDS_PER_DAY},
        {"1 day 2 hours 3 minutes", 0, MICROSECONDS_PER_DAY + 7380 * SECOND},
        {"-1 day 2 hours", 0, -MICROSECONDS_PER_DAY - 7200 * SECOND},
        {"0.000001 seconds", 0, 1},
        {"30minutes", 0, 1800 * SECOND},
        {"0 seconds", 0, 0},
        {"12", 60 * SECOND, 720 * SECOND},
        {"-0.5", 60 * SECOND, -30 * SECOND},
        {".25", 60 * SECOND, 15 * SECOND},
        {"2 hours", 60 * SECOND, 7200 * SECOND},
        {"-9223372036854.775808", SECOND, INT64_MIN},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        int64_t value;
        const char *reason;
        assert_true(value_read_duration(slice_of(cases[i].written), cases[i].unit, &value,
                                        &reason));
        assert_int_equal(value, cases[i].value);
    }
}

static void test_refused_durations(void **state)
{
    static const struct {
        const char *written;
        int64_t unit;
        const char *reason;
    } cases[] = {
        {"", SECOND, "it is not a duration such as \"90 seconds\""},
        {"--5", SECOND, "it is not a duration such as \"90 seconds\""},
        {"a day", 0, "it is not a duration such as \"90 seconds\""},
        {"12", 0, "it has no unit"},
        {"1 day 2", SECOND, "it has no unit"},
        {"1 month", 0, "months and longer units have no fixed length"},
        {"2 years", 0, "months and longer units have no fixed length"},
        {"5 parsecs", 0, "its unit is none of second, minute, hour, day, week"},
        {"1 day,", 0, "it is not a duration such as \"90 seconds\""},
        {"1 day ", 0, "it is not a duration such as \"90 seconds\""},
        {"1,5 hours", 0, "a comma is not allowed; the decimal sign is a point"},
        {"0.0000001 seconds", 0, "it is not a whole number of microseconds"},
        {"0.0000001", SECOND, "it is not a whole number of microseconds"},
        {"9223372036854775807 days", 0, "it is too long"},
        {"9223372036854.775808 seconds", 0, "it has too many digits for an exact number"},
        {"-9223372036854.775809 seconds", 0,
         "it has too many digits for an exact number"},
        {"9223372036854 seconds 9223372036854 seconds", 0, "it is too long"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        int64_t value;
        const char *reason = NULL;
        assert_false(value_read_duration(slice_of(cases[i].written), cases[i].unit,
                                         &value, &reason));
        assert_string_equal(reason, cases[i].reason);
    }
}

/* How an instant is written in UTC. */
static void assert_instant(int64_t instant, const char *expected)
{
    text shown;
    text_init(&shown);
    value_append_time(instant, NULL, &shown);
    assert_string_equal(shown.data, expected);
    text_done(&shown);
}

static zone *open_zone(const char *name)
{
    zone *z = NULL;
    carpel_error err;
    if (!zone_open(name, &z, &err))
        fail_msg("%s", err.message);
    return z;
}

static void test_times(void **state)
{
    static const struct {
        const char *written, *format, *utc; /* read in Europe/Berlin */
    } cases[] = {
        {"2026-03-01", NULL, "2026-02-28T23:00:00Z"},
        {"2026-03-01T10:00", NULL, "2026-03-01T09:00:00Z"},
        {"2026-03-01 10:00:05", NULL, "2026-03-01T09:00:05Z"},
        {"2026-03-01T10:00:05.25", NULL, "2026-03-01T09:00:05.25Z"},
        {"2026-03-01T10:00:05.123456000Z", NULL, "2026-03-01T10:00:05.123456Z"},
        {"2026-03-01T10:00Z", NULL, "2026-03-01T10:00:00Z"},
        {"2026-03-01T10:00+02", NULL,
         "2026-03-01T08:00:00Z"}, /* as long as with seconds */
        {"2026-03-01T10:00:00+05:45", NULL, "2026-03-01T04:15:00Z"},
        {"2026-03-01T10:00:00-0330", NULL, "2026-03-01T13:30:00Z"},
        {"2026-03-01T10:00:00+01", NULL, "2026-03-01T09:00:00Z"},
        {"2026-03-29T02:30:00", NULL, "2026-03-29T01:00:00Z"}, /* jumped over */
        {"2026-10-25T02:30:00", NULL, "2026-10-25T00:30:00Z"}, /* the first of two */
        {"9999-12-31", NULL, "9999-12-30T23:00:00Z"},
        {"19970101", "%Y%m%d", "1996-12-31T23:00:00Z"},
        {"12/1/2010 8:26", "%m/%d/%Y %H:%M", "2010-12-01T07:26:00Z"},
        {"01.12.2010   08:26", "%d.%m.%Y %H:%M", "2010-12-01T07:26:00Z"},
        {"1 Dec 2010 12:05 AM", "%d %b %Y %I:%M %p", "2010-11-30T23:05:00Z"},
        {"1 december 2010 12:05 pm", "%d %B %Y %I:%M %p", "2010-12-01T11:05:00Z"},
        {"Wed, 01 Dec 2010 08:26:00 +0000", "%a, %d %b %Y %H:%M:%S %z",
         "2010-12-01T08:26:00Z"},
        {"Wednesday 2010-335", "%A %Y-%j", "2010-11-30T23:00:00Z"},
        {"2019-11-01 00:00:00 UTC", "%Y-%m-%d %H:%M:%S %Z", "2019-11-01T00:00:00Z"},
        {"20101201T082605.5Z", "%Y%m%dT%H%M%S.%f%z", "2010-12-01T08:26:05.5Z"},
        {"68-1-2", "%y-%m-%d", "2068-01-01T23:00:00Z"},
        {"69-1-2", "%y-%m-%d", "1969-01-01T23:00:00Z"},
        {"100% 2010-12-01", "100%% %Y-%m-%d", "2010-11-30T23:00:00Z"},
        {"2026-03-01T10:00+02", "iso", "2026-03-01T08:00:00Z"},
        {"0", "unix", "1970-01-01T00:00:00Z"},
        {"1700000000.25", "unix", "2023-11-14T22:13:20.25Z"},
        {"-1", "unix", "1969-12-31T23:59:59Z"},
        {"1700000000123.5", "unix_ms", "2023-11-14T22:13:20.1235Z"},
        {"1700000000123456", "unix_us", "2023-11-14T22:13:20.123456Z"},
    };
    zone *berlin = open_zone("Europe/Berlin");
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        int64_t instant;
        const char *reason = NULL;
        if (cases[i].format != NULL)
            assert_true(value_check_time_format(cases[i].format, &reason));
        if (!value_read_time(slice_of(cases[i].written), cases[i].format, berlin,
                             &instant, &reason))
            fail_msg("%s: %s", cases[i].written, reason);
        assert_instant(instant, cases[i].utc);
    }
    zone_free(berlin);
}

static void test_refused_times(void **state)
{
    static const char *const no_iso =
        "it is not written like 2026-03-01 or 2026-03-01T10:00:00";
    static const char *const no_fit = "it does not fit the format";
    const struct {
        const char *written, *format, *reason; /* read in America/New_York */
    } cases[] = {
        {"", NULL, no_iso},
        {"2026", NULL, no_iso},
        {"2026-3-1", NULL, no_iso},
        {"2026-03-01T", NULL, no_iso},
        {"2026-03-01T10", NULL, no_iso},
        {"2026-03-01T10:00:", NULL, no_iso},
        {"2026-03-01T10:00:00.", NULL, no_iso},
        {"2026-03-01T10:00:0a", NULL, no_iso},
        {"2026-03-0/T10:00:00", NULL, no_iso},
        {"2o26-03-01T10:00:00", NULL, no_iso},
        {"2026-03-01t10:00:00", NULL, no_iso},
        {"2026-03-01T10.00.00", NULL, no_iso},
        {"2026-13-01T10:00:00", NULL, "its month is not 1 to 12"},
        {"2026-03-01T10:00:00 Z", NULL, no_iso},
        {"2026-03-01T10:00:00+1", NULL, no_iso},
        {"2026-03-01T10:00:00Zx", NULL, no_iso},
        {" 2026-03-01", NULL, no_iso},
        {"2026-03-01 ", NULL, no_iso},
        {"20260301", NULL, "it would fit the format \"%Y%m%d\""},
        {"05.03.2026 10:00", NULL, "it would fit the format \"%d.%m.%Y %H:%M\""},
        {"05.03.2026 10:00", "%d.%m.%y %H:%M",
         "it would fit the format \"%d.%m.%Y %H:%M\""},
        {"25/12/2026", "%m/%d/%Y", "it would fit the format \"%d/%m/%Y\""},
        {"03/04/2026", NULL,
         "it would fit \"%d/%m/%Y\" and \"%m/%d/%Y\": look for a day above 12"},
        {"2026-03-05 10:00", "%d.%m.%Y %H:%M",
         "it is written like 2026-03-01 10:00, which \"iso\" reads, also in a list of "
         "formats"},
        {"1772701200", NULL, "it would fit the format \"unix\""},
        {"1772701200000", "%Y-%m-%d", "it would fit the format \"unix_ms\""},
        {"1772701200000", "unix",
         "it is outside the years 1 to 9999; it would fit the format \"unix_ms\""},
        {"yesterday", NULL, no_iso},
        {"0000-01-01", NULL, "its year is not 1 to 9999"},
        {"2026-13-01", NULL, "its month is not 1 to 12"},
        {"2026-00-01", NULL, "its month is not 1 to 12"},
        {"2026-02-29", NULL, "its month has no such day"},
        {"2026-03-00", NULL, "its month has no such day"},
        {"2026-03-01T24:00", NULL, "its hour is not 0 to 23"},
        {"2026-03-01T10:60", NULL, "its minute is not 0 to 59"},
        {"2026-03-01T10:00:60", NULL, "its second is not 0 to 59"},
        {"2026-03-01T10:00:00.1234567", NULL, "it is finer than a microsecond"},
        {"2026-03-01T10:00:00+26:00", NULL, "its distance from UTC is impossible"},
        {"9999-12-31T23:59:59", NULL, "it is outside the years 1 to 9999"},
        {"0001-01-01T00:00:00+01:00", NULL, "it is outside the years 1 to 9999"},
        {"1997111", "%Y%m%d", no_fit},
        {"19971101x", "%Y%m%d", no_fit},
        {"1/2", "%d/%m/%Y", no_fit},
        {"1/2/97", "%d/%m/%Y",
         "it would fit \"%d/%m/%y\" and \"%m/%d/%y\": look for a day above 12"},
        {"2010-12-0108", "%Y-%m-%d %H", no_fit},
        {"0:05 AM 2010-12-01", "%I:%M %p %Y-%m-%d", "its hour is not 1 to 12"},
        {"13:05 AM 2010-12-01", "%I:%M %p %Y-%m-%d", "its hour is not 1 to 12"},
        {"1 Dez 2010", "%d %b %Y", "it has no English month name where one should be"},
        {"2010-366", "%Y-%j", "its year has no such day"},
        {"2010-0", "%Y-%j", "its month is not 1 to 12"},
        {"2010-12-01 CET", "%Y-%m-%d %Z",
         "its zone is none of UTC, GMT, Z; say the zone in the project file"},
        {"1e9", "unix", "a number with an exponent is not exact"},
        {"1.0000001", "unix", "it has more digits after the point than the type keeps"},
        {"1.5", "unix_us", "it is not a whole number"},
        {"999999999999", "unix", "it is outside the years 1 to 9999"},
        {"1", "%", no_fit},
        {"1", "unixish", no_fit},
        {"12", "%m", "its year is not 1 to 9999"},
        {"12", "%Q", "the format has an unknown letter"},
    };
    zone *z = open_zone("America/New_York");
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        int64_t instant;
        const char *reason = NULL;
        if (value_read_time(slice_of(cases[i].written), cases[i].format, z, &instant,
                            &reason))
            fail_msg("\"%s\" was read", cases[i].written);
        assert_string_equal(reason, cases[i].reason);
    }
    zone_free(z);
}

static void test_time_formats(void **state)
{
    static const char *const good[] = {
        "unix",
        "unix_ms",
        "unix_us",
        "%Y-%m-%d",
        "%d %b %y",
        "%Y%j",
        "%B %d, %Y %I:%M %p",
        "%Y-%m-%dT%H:%M:%S.%f%z",
        "%%%Y%m%d",
    };
    static const char *const bad[] = {
        "",           "Unix",           "unix_ns",           "%Y-%m",       "%m/%d",
        "%H:%M",      "%Y-%m-%d %I:%M", "%Y-%m-%d %p",       "%Y-%m-%d %Y", "%Y-%m-%b-%d",
        "%Y-%m-%d %", "%Y-%m-%d %Q",    "%Y-%m-%d %H %I %p", "yyyy-mm-dd",  "%Y-%m-%d %s",
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(good); i++) {
        const char *reason = NULL;
        assert_true(value_check_time_format(good[i], &reason));
    }
    for (size_t i = 0; i < LENGTH(bad); i++) {
        const char *reason = NULL;
        assert_false(value_check_time_format(bad[i], &reason));
        assert_non_null(reason);
    }
}

static void test_dates(void **state)
{
    static const struct {
        const char *written, *format, *date; /* NULL: refused */
    } cases[] = {
        {"2026-03-01", NULL, "2026-03-01"},
        {"2026-03-01", "iso", "2026-03-01"},
        {"01.03.2026", "iso", NULL},
        {"2026-03-01T00:00:00Z", NULL, "2026-03-01"},
        {"2026-03-01T00:00:01", NULL, NULL},
        {"0001-01-01", NULL, "0001-01-01"},
        {"9999-12-31", NULL, "9999-12-31"},
        {"31.12.1999", "%d.%m.%Y", "1999-12-31"},
        {"31.12.1999 12:00", "%d.%m.%Y %H:%M", NULL},
        {"86400", "unix", "1970-01-02"},
        {"-86400", "unix", "1969-12-31"},
        {"86401", "unix", NULL},
        {"2026-02-30", NULL, NULL},
        {"", NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        int64_t date;
        const char *reason = NULL;
        bool ok =
            value_read_date(slice_of(cases[i].written), cases[i].format, &date, &reason);
        assert_int_equal(ok, cases[i].date != NULL);
        if (!ok) {
            assert_non_null(reason);
            continue;
        }
        text shown;
        text_init(&shown);
        value_append_date(date, &shown);
        assert_string_equal(shown.data, cases[i].date);
        text_done(&shown);
    }
}

static void test_writes_times_in_zones(void **state)
{
    static const struct {
        const char *zone, *utc, *shown;
    } cases[] = {
        {"UTC", "2026-03-01T10:00:00Z", "2026-03-01T10:00:00+00:00"},
        {"Europe/Berlin", "2026-07-01T10:00:00Z", "2026-07-01T12:00:00+02:00"},
        {"America/St_Johns", "2026-01-01T00:00:00.5Z", "2025-12-31T20:30:00.5-03:30"},
        {"Europe/Berlin", "1800-01-01T00:00:00Z", "1800-01-01T00:53:28+00:53:28"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        zone *z = open_zone(cases[i].zone);
        int64_t instant, again;
        const char *reason;
        text shown;
        text_init(&shown);
        assert_true(value_read_time(slice_of(cases[i].utc), NULL, z, &instant, &reason));
        value_append_time(instant, z, &shown);
        assert_string_equal(shown.data, cases[i].shown);
        assert_true(value_read_time(slice_of(shown.data), NULL, z, &again, &reason));
        assert_int_equal(again, instant);
        text_done(&shown);
        zone_free(z);
    }
}

static void test_writes_numbers_and_durations(void **state)
{
    static const struct {
        int64_t value;
        unsigned scale;
        const char *shown;
    } decimals[] = {
        {0, 0, "0"},
        {1250, 2, "12.50"},
        {-5, 2, "-0.05"},
        {INT64_MAX, 0, "9223372036854775807"},
        {INT64_MIN, 18, "-9.223372036854775808"},
    };
    static const struct {
        int64_t value;
        const char *shown;
    } durations[] = {
        {0, "0 seconds"},
        {SECOND, "1 second"},
        {90 * SECOND, "1 minute 30 seconds"},
        {MICROSECONDS_PER_DAY + 7200 * SECOND, "1 day 2 hours"},
        {1500000, "1.5 seconds"},
        {-3600 * SECOND, "-1 hour"},
        {-1, "-0.000001 seconds"},
        {61 * SECOND, "1 minute 1 second"},
        {INT64_MIN, "-106751991 days 4 hours 54.775808 seconds"},
    };
    text shown;
    text_init(&shown);
    (void)state;
    for (size_t i = 0; i < LENGTH(decimals); i++) {
        text_clear(&shown);
        value_append_decimal(decimals[i].value, decimals[i].scale, &shown);
        assert_string_equal(shown.data, decimals[i].shown);
    }
    for (size_t i = 0; i < LENGTH(durations); i++) {
        int64_t again;
        const char *reason;
        text_clear(&shown);
        value_append_duration(durations[i].value, &shown);
        assert_string_equal(shown.data, durations[i].shown);
        assert_true(value_read_duration(slice_of(shown.data), 0, &again, &reason));
        assert_int_equal(again, durations[i].value);
    }
    text_done(&shown);
}

/* Every reader meets every short text of the signs that matter; none may misbehave. */
static void test_readers_survive_any_text(void **state)
{
    static const char signs[] = "0915.-+:TZ e%,\0u";
    static const char *const formats[] = {NULL, "%Y%m%d", "%H%I%p%j%y", "%a%b%z%Z%f",
                                          "unix"};
    zone *z = open_zone("Europe/Berlin");
    (void)state;
    for (unsigned n = 0; n < 16u * 16 * 16 * 16; n++) {
        char written[] = {signs[n % 16], signs[n / 16 % 16], signs[n / 256 % 16],
                          signs[n / 4096]};
        slice s = {written, 1 + n % 4};
        int64_t value;
        double number;
        bool truth;
        const char *reason;
        value_read_decimal(s, n % 19, &value, &reason);
        value_read_number(s, &number, &reason);
        value_read_bool(s, &truth, &reason);
        value_read_duration(s, n % 2 * SECOND, &value, &reason);
        for (size_t f = 0; f < LENGTH(formats); f++) {
            value_read_time(s, formats[f], z, &value, &reason);
            value_read_date(s, formats[f], &value, &reason);
        }
    }
    zone_free(z);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decimals),
        cmocka_unit_test(test_refused_decimals),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_refused_numbers),
        cmocka_unit_test(test_bools),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_refused_durations),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_refused_times),
        cmocka_unit_test(test_time_formats),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_writes_times_in_zones),
        cmocka_unit_test(test_writes_numbers_and_durations),
        cmocka_unit_test(test_readers_survive_any_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
