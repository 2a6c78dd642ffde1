/* SPDX-License-Identifier: MIT
 *
 * Local time against known changes of clocks and against the C library, and arithmetic
 * in calendar units.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "value/calendar.h"
#include "value/zone_rule.h"

#define SECOND MICROSECONDS_PER_SECOND
#define HOUR   (3600 * SECOND)

static zone *open_zone(const char *name)
{
    zone *z = NULL;
    carpel_error err;
    if (!zone_open(name, &z, &err))
        fail_msg("%s", err.message);
    return z;
}

/* "2026-03-29 01:59:59" as microseconds of whatever clock is meant. */
static int64_t clock_at(const char *shown)
{
    int year, month, day, hour = 0, minute = 0, second = 0;
    int count =
        sscanf(shown, "%d-%d-%d %d:%d:%d", &year, &month, &day, &hour, &minute, &second);
    assert_true(count == 3 || count == 6);
    return date_from_civil(year, (unsigned)month, (unsigned)day) * MICROSECONDS_PER_DAY +
           (hour * 3600 + minute * 60 + second) * SECOND;
}

static void test_shows_local_time(void **state)
{
    static const struct {
        const char *zone, *utc, *local;
    } cases[] = {
        {"UTC", "2026-03-01 10:00:00", "2026-03-01 10:00:00"},
        {"Europe/Berlin", "2026-03-29 00:59:59", "2026-03-29 01:59:59"},
        {"Europe/Berlin", "2026-03-29 01:00:00", "2026-03-29 03:00:00"},
        {"Europe/Berlin", "2026-10-25 00:59:59", "2026-10-25 02:59:59"},
        {"Europe/Berlin", "2026-10-25 01:00:00", "2026-10-25 02:00:00"},
        {"America/Sao_Paulo", "2018-11-04 02:59:59", "2018-11-03 23:59:59"},
        {"America/Sao_Paulo", "2018-11-04 03:00:00", "2018-11-04 01:00:00"},
        {"Asia/Beirut", "2022-03-26 21:59:59", "2022-03-26 23:59:59"},
        {"Asia/Beirut", "2022-03-26 22:00:00", "2022-03-27 01:00:00"},
        {"Pacific/Apia", "2011-12-30 09:59:59", "2011-12-29 23:59:59"},
        {"Pacific/Apia", "2011-12-30 10:00:00", "2011-12-31 00:00:00"},
        {"Pacific/Apia", "2024-07-01 00:00:00", "2024-07-01 13:00:00"},
        {"Asia/Kathmandu", "2026-01-01 00:00:00", "2026-01-01 05:45:00"},
        {"Australia/Lord_Howe", "2026-04-04 14:59:59", "2026-04-05 01:59:59"},
        {"Australia/Lord_Howe", "2026-04-04 15:00:00", "2026-04-05 01:30:00"},
        {"America/New_York", "2150-07-01 12:00:00", "2150-07-01 08:00:00"},
        {"America/New_York", "2150-12-01 12:00:00", "2150-12-01 07:00:00"},
        {"America/New_York", "9999-07-01 12:00:00", "9999-07-01 08:00:00"},
        {"Europe/Berlin", "1969-12-31 23:30:00", "1970-01-01 00:30:00"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zone *z = open_zone(cases[i].zone);
        assert_string_equal(zone_name(z), cases[i].zone);
        assert_int_equal(zone_local(z, clock_at(cases[i].utc)), clock_at(cases[i].local));
        zone_free(z);
    }
}

static void test_finds_the_instant(void **state)
{
    static const struct {
        const char *zone, *local, *utc;
    } cases[] = {
        {"Europe/Berlin", "2026-07-01 12:00:00", "2026-07-01 10:00:00"},
        {"Europe/Berlin", "2026-03-29 02:30:00", "2026-03-29 01:00:00"}, /* never shown */
        {"Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25 00:30:00"}, /* shown twice */
        {"Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25 02:00:00"},
        {"America/Sao_Paulo", "2018-11-04 00:00:00", "2018-11-04 03:00:00"},
        {"Australia/Lord_Howe", "2026-04-05 01:45:00", "2026-04-04 14:45:00"},
        {"Australia/Lord_Howe", "2026-10-04 02:15:00", "2026-10-03 15:30:00"},
        {"Pacific/Apia", "2011-12-30 12:00:00", "2011-12-30 10:00:00"},
        {"America/New_York", "2150-07-01 08:00:00", "2150-07-01 12:00:00"},
        {"UTC", "2026-10-25 03:00:00", "2026-10-25 03:00:00"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zone *z = open_zone(cases[i].zone);
        assert_int_equal(zone_instant(z, clock_at(cases[i].local)),
                         clock_at(cases[i].utc));
        zone_free(z);
    }
}

static void test_days_begin_when_the_date_is_first_shown(void **state)
{
    static const struct {
        const char *zone, *day, *utc;
    } cases[] = {
        {"America/Sao_Paulo", "2018-11-04", "2018-11-04 03:00:00"},
        {"America/Sao_Paulo", "2018-11-05", "2018-11-05 02:00:00"},
        {"Asia/Beirut", "2022-03-27", "2022-03-26 22:00:00"},
        {"Pacific/Apia", "2011-12-30", "2011-12-30 10:00:00"},
        {"Pacific/Apia", "2011-12-31", "2011-12-30 10:00:00"},
        {"Europe/Berlin", "2026-03-30", "2026-03-29 22:00:00"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zone *z = open_zone(cases[i].zone);
        int64_t date = clock_at(cases[i].day) / MICROSECONDS_PER_DAY;
        assert_int_equal(zone_day_start(z, date), clock_at(cases[i].utc));
        zone_free(z);
    }
}

/* Of the dates of centuries together, in their order and against it, and of those at the edges. */
static void test_days_begin_together_as_one_by_one(void **state)
{
    static const char *zones[] = {"UTC",          "Europe/Berlin",   "America/Sao_Paulo",
                                  "Pacific/Apia", "Africa/Monrovia", "America/St_Johns"};
    enum { COUNT = 100000 };
    static int64_t dates[COUNT], starts[COUNT];
    (void)state;
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        zone *z = open_zone(zones[i]);
        for (size_t k = 0; k < COUNT; k++)
            dates[k] = k % 100 == 99 ? (k % 200 == 99 ? INT64_MAX : INT64_MIN)
                                     : 30000 - (int64_t)(i % 2 ? k : COUNT - k);
        zone_day_starts(z, dates, COUNT, starts);
        for (size_t k = 0; k < COUNT; k++)
            assert_int_equal(starts[k], zone_day_start(z, dates[k]));
        zone_free(z);
    }
}

/* A fixed sequence of numbers that looks random. */
static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 16;
}

static void check_instant(const zone *z, time_t seconds)
{
    struct tm tm;
    assert_non_null(localtime_r(&seconds, &tm));
    int64_t expected = date_from_civil(tm.tm_year + 1900, (unsigned)tm.tm_mon + 1,
                                       (unsigned)tm.tm_mday) *
                           86400 +
                       tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
    assert_int_equal(zone_local(z, seconds * SECOND), expected * SECOND);

    int64_t back = zone_instant(z, expected * SECOND);
    assert_true(back <= seconds * SECOND);
    assert_int_equal(zone_local(z, back), expected * SECOND);
}

static void test_agrees_with_the_c_library(void **state)
{
    static const char *const names[] = {
        "Europe/Berlin",    "America/Sao_Paulo",
        "Asia/Beirut",      "Pacific/Apia",
        "Asia/Kathmandu",   "Australia/Lord_Howe",
        "America/New_York", "Africa/Casablanca",
        "America/St_Johns", "Europe/Dublin",
        "Antarctica/Troll", "Asia/Tehran",
        "America/Godthab",  "Asia/Gaza",
        "Etc/GMT+5",        "UTC",
    };
    uint64_t seed = 1;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        zone *z = open_zone(names[i]);
        setenv("TZ", names[i], 1);
        tzset();
        for (int n = 0; n < 3000; n++) /* 1900 to 2220 */
            check_instant(z, (time_t)(next_random(&seed) % UINT64_C(10098000000)) -
                                 2208988800);
        zone_free(z);
    }
    unsetenv("TZ");
    tzset();
}

static void test_dates_of_a_column_are_those_of_its_instants(void **state)
{
    enum { COUNT = 4000 };
    static int64_t instants[COUNT], dates[COUNT];
    zone *z = open_zone("Pacific/Apia");
    uint64_t seed = 7;
    (void)state;
    for (int i = 0; i < COUNT; i++) /* half in order, half at random; 1970 to 2033 */
        instants[i] = i < COUNT / 2 ? i * (1000000 * SECOND)
                                    : (int64_t)(next_random(&seed) % 2000000000) * SECOND;
    instants[0] = INT64_MIN;
    instants[1] = TIME_MIN;
    instants[2] = TIME_MAX;
    instants[3] = INT64_MAX;
    zone_dates(z, instants, COUNT, dates);
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(dates[i], zone_date(z, instants[i]));
    assert_int_equal(dates[0], DATE_MIN);
    assert_int_equal(dates[3], DATE_MAX);
    zone_free(z);
}

static void test_refuses_names(void **state)
{
    static const char *const names[] = {
        "",
        "Europe/Berln",
        "../etc/passwd",
        "Europe/../../passwd",
        "/etc/localtime",
        "Europe",
        "Europe/",
        "zone.tab",
        "tzdata.zi",
        "leapseconds",
        "right/UTC",
        "Europe/Berlin\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        zone *z = NULL;
        carpel_error err = {0};
        assert_false(zone_open(names[i], &z, &err));
        assert_int_equal(err.code, CARPEL_E_INPUT);
        assert_null(z);
    }
}

static void test_suggests_names(void **state)
{
    static const struct {
        const char *wanted, *similar;
    } cases[] = {
        {"Europe/Berln", "Europe/Berlin"},
        {"europe/berlin", "Europe/Berlin"},
        {"Sao Paulo", "America/Sao_Paulo"},
        {"Kathmandu", "Asia/Kathmandu"},
    };
    char similar[64];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(zone_suggest(cases[i].wanted, similar, sizeof similar));
        assert_string_equal(similar, cases[i].similar);
    }
    assert_false(zone_suggest("xyzzyplugh", similar, sizeof similar));
    assert_false(zone_suggest("Kathmandu", similar, 4));
}

static void put_file(const char *path, const char *bytes, size_t size)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, size, f), size);
    fclose(f);
}

/* TZDIR comes first, and a damaged file there is an error, whatever is wrong with it. */
static void test_refuses_damaged_files(void **state)
{
    char directory[] = "test-zones-XXXXXX", path[64], whole[4096];
    (void)state;
    FILE *f = fopen("/usr/share/zoneinfo/Europe/Berlin", "rb");
    assert_non_null(f);
    size_t size = fread(whole, 1, sizeof whole, f);
    fclose(f);
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/Home", directory);
    setenv("TZDIR", directory, 1);

    zone *z = NULL;
    carpel_error err;
    put_file(path, whole, size);
    assert_true(zone_open("Home", &z, &err));
    assert_int_equal(zone_local(z, 0), HOUR);
    zone_free(z);
    for (size_t cut = 0; cut < size; cut += 7) {
        put_file(path, whole, cut);
        assert_false(zone_open("Home", &z, &err));
    }
    for (size_t at = 0; at < size;
         at++) { /* no damage does more than refuse or mislead */
        char kept = whole[at];
        whole[at] = (char)~whole[at];
        put_file(path, whole, size);
        if (zone_open("Home", &z, &err)) {
            zone_local(z, clock_at("2026-03-29 01:00:00"));
            zone_instant(z, clock_at("2026-03-29 02:30:00"));
            zone_free(z);
        }
        whole[at] = kept;
    }
    unsetenv("TZDIR");
    remove(path);
    rmdir(directory);
}

static void test_rules(void **state)
{
    static const struct {
        const char *rule;
        const char *begins, *ends; /* in 2023; NULL: no summer time */
    } cases[] = {
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2023-03-26 01:00:00", "2023-10-29 01:00:00"},
        {"EST5EDT,M3.2.0,M11.1.0", "2023-03-12 07:00:00", "2023-11-05 06:00:00"},
        {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2023-09-30 15:30:00",
         "2023-04-01 15:00:00"},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2023-03-26 01:00:00", "2023-10-29 01:00:00"},
        {"IST-2IDT,M3.4.4/26,M10.5.0", "2023-03-24 00:00:00", "2023-10-28 23:00:00"},
        {"XXX0YYY,J60,J365/25", "2023-03-01 02:00:00", "2024-01-01 00:00:00"},
        {"XXX0YYY,59,0", "2023-03-01 02:00:00", "2023-01-01 01:00:00"},
        {"<+0545>-5:45", NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zone_rule rule;
        int64_t begins, ends;
        assert_true(zone_rule_parse(cases[i].rule, strlen(cases[i].rule), &rule));
        assert_int_equal(rule.has_summer, cases[i].begins != NULL);
        if (!rule.has_summer)
            continue;
        zone_rule_year(&rule, 2023, &begins, &ends);
        assert_int_equal(begins * SECOND, clock_at(cases[i].begins));
        assert_int_equal(ends * SECOND, clock_at(cases[i].ends));
    }
    zone_rule rule; /* 1 March is day 60 of J-rules in leap years, too */
    int64_t begins, ends;
    assert_true(zone_rule_parse("XXX0YYY,J60,J61", 15, &rule));
    zone_rule_year(&rule, 2024, &begins, &ends);
    assert_int_equal(begins * SECOND, clock_at("2024-03-01 02:00:00"));
}

static void test_refuses_rules(void **state)
{
    static const char *const cases[] = {
        "",
        "C-1",
        "CET",
        "CET-25",
        "CET-1CEST",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M13.1.0,M1.1.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,J0,J5",
        "CET-1CEST,366,5",
        "<+01-1",
        "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1CEST,M3.5.0,M10.5.0x",
        "CET-1x",
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zone_rule rule;
        assert_false(zone_rule_parse(cases[i], strlen(cases[i]), &rule));
    }
}

static void test_civil_dates(void **state)
{
    (void)state;
    assert_int_equal(date_from_civil(1970, 1, 1), 0);
    assert_int_equal(date_from_civil(1, 1, 1), DATE_MIN);
    assert_int_equal(date_from_civil(9999, 12, 31), DATE_MAX);
    for (int64_t date = DATE_MIN; date <= DATE_MAX; date += 13) {
        int64_t year;
        unsigned month, day;
        date_to_civil(date, &year, &month, &day);
        assert_true(date_is_valid(year, month, day));
        assert_int_equal(date_from_civil(year, month, day), date);
    }
    assert_true(date_is_valid(2000, 2, 29));
    assert_false(date_is_valid(1900, 2, 29));
    assert_false(date_is_valid(2026, 4, 31));
    assert_false(date_is_valid(2026, 13, 1));
    assert_false(date_is_valid(0, 1, 1));
    assert_int_equal(date_weekday(0), THURSDAY);
    assert_int_equal(date_weekday(date_from_civil(2026, 3, 1)), SUNDAY);
    assert_int_equal(date_weekday(DATE_MIN), MONDAY);
}

static int64_t date_at(const char *shown)
{
    int64_t clock = clock_at(shown) - TIME_MIN;
    return clock / MICROSECONDS_PER_DAY + DATE_MIN;
}

static void test_adds_months(void **state)
{
    static const struct {
        const char *from;
        int64_t months;
        const char *to;
    } cases[] = {
        {"2026-01-31", 1, "2026-02-28"},         {"2024-01-31", 1, "2024-02-29"},
        {"2026-03-31", -1, "2026-02-28"},        {"2024-02-29", 12, "2025-02-28"},
        {"2026-01-15", -1, "2025-12-15"},        {"2026-12-15", 1, "2027-01-15"},
        {"1960-05-31", 121, "1970-06-30"},       {"9999-12-31", 1, "9999-12-31"},
        {"0001-01-01", -1, "0001-01-01"},        {"2026-01-01", INT64_MAX, "9999-12-31"},
        {"2026-01-01", INT64_MIN, "0001-01-01"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(date_add_months(date_at(cases[i].from), cases[i].months),
                         date_at(cases[i].to));
}

static void test_units(void **state)
{
    static const struct {
        const char *date;
        calendar_unit unit;
        weekday week_start;
        const char *start, *next;
    } cases[] = {
        {"2026-03-01", UNIT_DAY, MONDAY, "2026-03-01", "2026-03-02"},
        {"2026-03-01", UNIT_WEEK, MONDAY, "2026-02-23", "2026-03-02"},
        {"2026-03-01", UNIT_WEEK, SUNDAY, "2026-03-01", "2026-03-08"},
        {"2026-03-01", UNIT_WEEK, SATURDAY, "2026-02-28", "2026-03-07"},
        {"1969-12-31", UNIT_WEEK, MONDAY, "1969-12-29", "1970-01-05"},
        {"2026-03-31", UNIT_MONTH, MONDAY, "2026-03-01", "2026-04-01"},
        {"2026-12-31", UNIT_MONTH, MONDAY, "2026-12-01", "2027-01-01"},
        {"2026-06-30", UNIT_QUARTER, MONDAY, "2026-04-01", "2026-07-01"},
        {"2026-06-30", UNIT_YEAR, MONDAY, "2026-01-01", "2027-01-01"},
        {"0001-01-01", UNIT_WEEK, SUNDAY, "0001-01-01", "0001-01-08"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t start =
            date_unit_start(date_at(cases[i].date), cases[i].unit, cases[i].week_start);
        assert_int_equal(start, date_at(cases[i].start));
        assert_int_equal(date_unit_add(start, cases[i].unit, 1), date_at(cases[i].next));
    }
    assert_int_equal(date_unit_add(0, UNIT_WEEK, INT64_MAX), DATE_MAX);
    assert_int_equal(date_unit_add(0, UNIT_YEAR, INT64_MIN), DATE_MIN);
}

/* Two dates have equal numbers if and only if their units begin on the same date. */
static void test_unit_numbers(void **state)
{
    (void)state;
    for (int unit = UNIT_DAY; unit <= UNIT_YEAR; unit++) {
        for (int week_start = MONDAY; week_start <= SUNDAY; week_start++) {
            calendar_unit u = (calendar_unit)unit;
            weekday w = (weekday)week_start;
            for (int64_t date = -800; date < 800; date++) {
                int64_t step =
                    date_unit_number(date + 1, u, w) - date_unit_number(date, u, w);
                bool is_new =
                    date_unit_start(date + 1, u, w) != date_unit_start(date, u, w);
                assert_int_equal(step, is_new ? 1 : 0);
            }
        }
    }
}

/* The number of each unit is that of its dates, and stays the same until it is said to end;
 * in St. John's the clocks went back from a minute past midnight to the day before. */
static void test_unit_numbers_of_instants(void **state)
{
    static const struct {
        const char *zone, *from;
        int64_t hours;
    } cases[] = {
        {"UTC", "2025-12-20 00:00:00", 24 * 20},
        {"Europe/Berlin", "2026-03-27 22:59:30", 24 * 4},
        {"America/Sao_Paulo", "2018-02-15 12:00:30", 24 * 5},
        {"America/Sao_Paulo", "2018-11-02 12:00:30", 24 * 4},
        {"America/St_Johns", "2006-10-27 22:00:30", 24 * 5},
        {"Pacific/Apia", "2011-12-27 12:00:00", 24 * 6},
        {"Asia/Tokyo", "0001-01-01 00:00:00", 24 * 20},
        {"America/New_York", "9999-12-25 00:00:00", 24 * 6},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zone *z = open_zone(cases[i].zone);
        int64_t from = clock_at(cases[i].from), until;
        for (int64_t hour = 0; hour < cases[i].hours * 4; hour++) {
            int64_t t = from + hour * 15 * 60 * MICROSECONDS_PER_SECOND;
            for (int unit = UNIT_DAY; unit <= UNIT_YEAR; unit++) {
                calendar_unit u = (calendar_unit)unit;
                int64_t number = calendar_unit_number(z, t, u, SUNDAY, &until);
                int64_t last = until - 1 < TIME_MAX ? until - 1 : TIME_MAX;
                assert_true(until > t);
                assert_int_equal(number, date_unit_number(zone_date(z, t), u, SUNDAY));
                assert_int_equal(number, date_unit_number(zone_date(z, last), u, SUNDAY));
            }
        }
        zone_free(z);
    }
}

static void test_adds_times(void **state)
{
    static const struct {
        const char *zone, *from;
        calendar_span length;
        int sign;
        const char *to;
    } cases[] = {
        {"UTC", "2026-03-01 00:00:00", {90, UNIT_SECOND}, 1, "2026-03-01 00:01:30"},
        {"UTC", "2026-03-01 00:00:00", {2, UNIT_WEEK}, -1, "2026-02-15 00:00:00"},
        /* a day is 24 hours, also when the clock is moved */
        {"Europe/Berlin", "2026-03-28 12:00:00", {1, UNIT_DAY}, 1, "2026-03-29 12:00:00"},
        /* a month keeps the time of day: 12:00 before and after the change */
        {"Europe/Berlin",
         "2026-03-15 11:00:00",
         {1, UNIT_MONTH},
         1,
         "2026-04-15 10:00:00"},
        {"Europe/Berlin",
         "2026-03-31 10:00:00",
         {1, UNIT_MONTH},
         -1,
         "2026-02-28 11:00:00"},
        {"Europe/Berlin",
         "2026-03-30 22:30:00",
         {1, UNIT_MONTH},
         -1,
         "2026-02-27 23:30:00"},
        {"Europe/Berlin",
         "2024-02-29 11:00:00",
         {1, UNIT_YEAR},
         1,
         "2025-02-28 11:00:00"},
        {"Europe/Berlin",
         "2026-01-01 11:00:00",
         {2, UNIT_QUARTER},
         1,
         "2026-07-01 10:00:00"},
        /* no month at all: the second 02:30 stays the second */
        {"Europe/Berlin",
         "2026-10-25 01:30:00",
         {0, UNIT_MONTH},
         1,
         "2026-10-25 01:30:00"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zone *z = open_zone(cases[i].zone);
        assert_int_equal(
            time_add(z, clock_at(cases[i].from), cases[i].length, cases[i].sign),
            clock_at(cases[i].to));
        zone_free(z);
    }
}

static void test_stops_at_the_edges(void **state)
{
    zone *z = open_zone("America/New_York");
    (void)state;
    for (int unit = UNIT_SECOND; unit <= UNIT_YEAR; unit++) {
        calendar_span much = {INT64_MAX, (calendar_unit)unit};
        assert_int_equal(time_add(z, 0, much, 1), TIME_MAX);
        assert_int_equal(time_add(z, 0, much, -1), TIME_MIN);
    }
    assert_int_equal(zone_instant(z, INT64_MAX), TIME_MAX);
    assert_int_equal(zone_instant(z, INT64_MIN), TIME_MIN);
    assert_int_equal(zone_day_start(z, INT64_MAX), zone_day_start(z, DATE_MAX));
    assert_int_equal(zone_date(z, INT64_MIN), DATE_MIN);
    zone_free(z);
}

static void test_spans_and_unit_names(void **state)
{
    int64_t length;
    calendar_unit unit;
    (void)state;
    assert_true(calendar_span_microseconds((calendar_span){2, UNIT_WEEK}, &length));
    assert_int_equal(length, 14 * MICROSECONDS_PER_DAY);
    assert_false(calendar_span_microseconds((calendar_span){1, UNIT_MONTH}, &length));
    assert_false(
        calendar_span_microseconds((calendar_span){INT64_MAX, UNIT_SECOND}, &length));
    for (int u = UNIT_SECOND; u <= UNIT_YEAR; u++) {
        char plural[16];
        const char *name = calendar_unit_name((calendar_unit)u);
        snprintf(plural, sizeof plural, "%ss", name);
        assert_true(calendar_unit_parse(name, strlen(name), &unit) &&
                    unit == (calendar_unit)u);
        assert_true(calendar_unit_parse(plural, strlen(plural), &unit) &&
                    unit == (calendar_unit)u);
    }
    assert_false(calendar_unit_parse("s", 1, &unit));
    assert_false(calendar_unit_parse("", 0, &unit));
    assert_false(calendar_unit_parse("dayss", 5, &unit));
}

/* Days without a change of the clocks, by which times are read quickly. */
static void test_even_days(void **state)
{
    static const char *const names[] = {"UTC", "Europe/Berlin", "Australia/Lord_Howe",
                                        "America/Sao_Paulo", "Pacific/Apia"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        zone *z;
        carpel_error err;
        size_t uneven = 0;
        assert_true(zone_open(names[i], &z, &err));
        for (int64_t date = 0; date < 20000; date++) {
            int64_t begin;
            bool is_even = zone_day_is_even(z, date, &begin);
            uneven += is_even ? 0 : 1;
            for (int64_t hour = 0; is_even && hour < 24; hour++) {
                int64_t clock = hour * 3600 * MICROSECONDS_PER_SECOND + date;
                assert_int_equal(zone_instant(z, date * MICROSECONDS_PER_DAY + clock),
                                 begin + clock);
            }
        }
        assert_true(i == 0 ? uneven == 0 : uneven > 0 && uneven < 200);
        zone_free(z);
    }
}

/* The hour in which time begins began before it where clocks are not on full hours. */
static void test_units_stay_in_time(void **state)
{
    static const char *const zones[] = {"UTC", "Europe/Berlin", "America/New_York",
                                        "Asia/Kolkata"};
    (void)state;
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        zone *z = open_zone(zones[i]);
        for (int unit = UNIT_SECOND; unit <= UNIT_YEAR; unit++)
            for (int64_t by = -2; by <= 0; by++) {
                calendar_unit u = (calendar_unit)unit;
                int64_t first = calendar_unit_start(z, TIME_MIN, u, by, MONDAY);
                int64_t last = calendar_unit_start(z, TIME_MAX, u, -by, MONDAY);
                assert_true(first >= TIME_MIN && first < TIME_MIN + MICROSECONDS_PER_DAY);
                assert_true(last <= TIME_MAX &&
                            last > TIME_MAX - 400 * MICROSECONDS_PER_DAY);
            }
        zone_free(z);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shows_local_time),
        cmocka_unit_test(test_finds_the_instant),
        cmocka_unit_test(test_days_begin_when_the_date_is_first_shown),
        cmocka_unit_test(test_days_begin_together_as_one_by_one),
        cmocka_unit_test(test_agrees_with_the_c_library),
        cmocka_unit_test(test_dates_of_a_column_are_those_of_its_instants),
        cmocka_unit_test(test_refuses_names),
        cmocka_unit_test(test_suggests_names),
        cmocka_unit_test(test_refuses_damaged_files),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_refuses_rules),
        cmocka_unit_test(test_civil_dates),
        cmocka_unit_test(test_adds_months),
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_unit_numbers),
        cmocka_unit_test(test_unit_numbers_of_instants),
        cmocka_unit_test(test_adds_times),
        cmocka_unit_test(test_stops_at_the_edges),
        cmocka_unit_test(test_spans_and_unit_names),
        cmocka_unit_test(test_even_days),
        cmocka_unit_test(test_units_stay_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
