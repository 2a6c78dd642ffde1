/* SPDX-License-Identifier: MIT
 *
 * Days in `UNIT of INSTANT + n days` are days of the calendar. Every half hour around
 * changes of clocks each rule is compared with the C library's calendar: one person a day
 * has that day as a trait, and those of the expected days have to be in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/bitmap.h"
#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

enum { HALF_HOUR = 1800, DAY_SECONDS = 86400, CROWD = 140 };

/* What a rule finds: the unit that holds the local day so far away from now. */
typedef struct day_rule {
    const char *condition;
    int months, days; /* of the calendar */
    int seconds;      /* exact, behind the days */
    char unit;        /* 'd', 'w' or 'm' */
} day_rule;

static const day_rule rules[] = {
    {"user.due today", 0, 0, 0, 'd'},
    {"user.due tomorrow", 0, 1, 0, 'd'},
    {"user.due yesterday", 0, -1, 0, 'd'},
    {"user.due in day of now", 0, 0, 0, 'd'},
    {"user.due in day of now + 0 days", 0, 0, 0, 'd'},
    {"user.due in day of now + 1 day", 0, 1, 0, 'd'},
    {"user.due in day of 1 day + now", 0, 1, 0, 'd'},
    {"user.due in day of (now + 1 day)", 0, 1, 0, 'd'},
    {"user.due in day of now - 1 day", 0, -1, 0, 'd'},
    {"user.due in day of 1 day ago", 0, -1, 0, 'd'},
    {"user.due in day of 2 weeks ago", 0, -14, 0, 'd'},
    {"user.due in day of now + 3 days", 0, 3, 0, 'd'},
    {"user.due in day of now - 2 weeks", 0, -14, 0, 'd'},
    {"user.due in day of now + 1 day + 1 day", 0, 2, 0, 'd'},
    {"user.due in day of now + (1 day + 1 day)", 0, 2, 0, 'd'},
    {"user.due in day of now + (1 week - 3 days)", 0, 4, 0, 'd'},
    {"user.due in day of now - -1 day", 0, 1, 0, 'd'},
    {"user.due in day of now + 2 * 1 day", 0, 2, 0, 'd'},
    {"user.due in day of now + user.wait * 1 day", 0, 3, 0, 'd'},
    {"user.due in day of tomorrow_now", 0, 1, 0, 'd'},
    {"user.due in day of on_time", 0, 2, 0, 'd'},
    {"user.due in day of now + wait", 0, 3, 0, 'd'},
    {"user.due in day of wait + now", 0, 3, 0, 'd'},
    {"user.due in day of (tomorrow_now as of now)", 0, 1, 0, 'd'},
    {"user.due in day of (if user.wait = 3 then now + 1 day else now)", 0, 1, 0, 'd'},
    {"user.due in day of now + (if user.wait = 3 then 1 day else 1 hour)", 0, 1, 0, 'd'},
    {"user.due in day of larger(now, now + 1 day)", 0, 1, 0, 'd'},
    {"user.due in day of last visit + 1 day", 0, 1, 0, 'd'},
    {"user.due in day after now", 0, 1, 0, 'd'},
    {"user.due in day after now + 1 day", 0, 2, 0, 'd'},
    {"user.due in day before now + 3 days", 0, 2, 0, 'd'},
    {"user.due in day of now + 1 month", 1, 0, 0, 'd'},
    {"user.due in day of now + 1 month + 1 day", 1, 1, 0, 'd'},
    {"user.due in week of now + 1 day", 0, 1, 0, 'w'},
    {"user.due in week of 1 week ago", 0, -7, 0, 'w'},
    {"user.due in month of now + 3 days", 0, 3, 0, 'm'},
    {"user.due in month of now - 3 days", 0, -3, 0, 'm'},
    /* hours stay exact */
    {"user.due in day of now + 24 hours", 0, 0, DAY_SECONDS, 'd'},
    {"user.due in day of now - 24 hours", 0, 0, -DAY_SECONDS, 'd'},
    {"user.due in day of 24 hours ago", 0, 0, -DAY_SECONDS, 'd'},
    {"user.due in day of now + 1440 minutes", 0, 0, DAY_SECONDS, 'd'},
    {"user.due in day of now + 0.5 days", 0, 0, DAY_SECONDS / 2, 'd'},
    {"user.due in day of now + 3 days / 3", 0, 0, DAY_SECONDS, 'd'},
    {"user.due in day of exactly_a_day_on", 0, 0, DAY_SECONDS, 'd'},
    {"user.due in day of now + user.wait * 8 hours", 0, 0, DAY_SECONDS, 'd'},
};

static const char declarations[] = "let tomorrow_now = now + 1 day\n"
                                   "let on_time = (tomorrow_now + 1 day)\n"
                                   "let wait = 3 days\n"
                                   "let exactly_a_day_on = now + 24 hours\n";

/* ---- the C library's calendar -------------------------------------------------------- */

/* Days since 1970 of a date; its parts may lie beyond their ends. */
static int64_t day_number(int year, int month, int day)
{
    struct tm date = {.tm_year = year, .tm_mon = month, .tm_mday = day, .tm_hour = 12};
    int64_t seconds = (int64_t)timegm(&date);
    return seconds / DAY_SECONDS;
}

static int days_of_month(int year, int month)
{
    return (int)(day_number(year, month + 1, 1) - day_number(year, month, 1));
}

/* The day that a rule is about, at an instant. */
static int64_t expected_day(const day_rule *r, time_t now)
{
    struct tm local;
    time_t exact = now + r->seconds;
    assert_non_null(localtime_r(&exact, &local));
    int month = local.tm_mon + r->months;
    int length = days_of_month(local.tm_year, month);
    int day = local.tm_mday < length || r->months == 0 ? local.tm_mday : length;
    return day_number(local.tm_year, month, day + r->days);
}

static bool is_in_unit(int64_t day, int64_t of, char unit)
{
    time_t a = (time_t)(day * DAY_SECONDS), b = (time_t)(of * DAY_SECONDS);
    struct tm x, y;
    gmtime_r(&a, &x);
    gmtime_r(&b, &y);
    if (unit == 'd')
        return day == of;
    if (unit == 'm')
        return x.tm_year == y.tm_year && x.tm_mon == y.tm_mon;
    int64_t monday = of - (y.tm_wday + 6) % 7;
    return day >= monday && day < monday + 7;
}

/* ---- the walk ------------------------------------------------------------------------- */

static world *world_of_days(const char *zone_name, int64_t first_day)
{
    world *w = world_new(zone_name);
    world_kind(w, "visit", "");
    world_trait(w, "due", "date");
    world_trait(w, "wait", "int");
    for (int i = 0; i < CROWD; i++) {
        char id[16];
        snprintf(id, sizeof id, "p%03d", i);
        size_t person = world_person(w, id);
        world_value due = {.integer = first_day + i}, wait = {.integer = 3};
        world_add(
            w, (world_event){
                   .person = person, .is_trait = true, .time = TIME_MIN, .values = &due});
        world_add(w, (world_event){.person = person,
                                   .kind = 1,
                                   .is_trait = true,
                                   .time = TIME_MIN,
                                   .values = &wait});
    }
    return w;
}

/* Everybody has a visit at the instant. */
static void visit_all(world *w, time_t now)
{
    w->event_count = 2 * CROWD; /* without those of the instant before */
    for (size_t i = 0; i < CROWD; i++)
        world_add(w, (world_event){.person = i, .time = now * MICROSECONDS_PER_SECOND});
}

static world_rules *compile_all(const world *w)
{
    text all;
    text_init(&all);
    text_append(&all, declarations);
    for (size_t i = 0; i < LENGTH(rules); i++)
        text_append_format(&all, "segment s%zu when %s\n", i, rules[i].condition);
    world_rules *r = world_compile(w, all.data);
    if (!r->book)
        fail_msg("%s", r->messages);
    text_done(&all);
    return r;
}

/* How many rules are wrong at an instant. */
static size_t compare(const run_result *result, time_t now, int64_t first_day,
                      const char *zone_name)
{
    size_t wrong = 0;
    for (size_t i = 0; i < LENGTH(rules); i++) {
        int64_t day = expected_day(&rules[i], now);
        for (size_t p = 0; p < CROWD; p++) {
            int64_t due = first_day + (int64_t)p;
            bool is_in = bitmap_get(result->segments[i].members, p);
            if (is_in == is_in_unit(due, day, rules[i].unit))
                continue;
            print_error("%s at %lld: %s: day %lld is %s\n", zone_name, (long long)now,
                        rules[i].condition, (long long)(due - day), is_in ? "in" : "out");
            wrong++;
            break;
        }
    }
    return wrong;
}

/* Three days before and behind a change of the clocks. */
static void walk(const char *zone_name, time_t change)
{
    size_t wrong = 0;
    setenv("TZ", zone_name, 1);
    tzset();
    int64_t first_day = change / DAY_SECONDS - CROWD / 2;
    world *w = world_of_days(zone_name, first_day);
    world_rules *r = compile_all(w);
    for (time_t now = change - 3 * DAY_SECONDS; now <= change + 3 * DAY_SECONDS;
         now += HALF_HOUR) {
        visit_all(w, now);
        store *s = world_store(w);
        run_result *result = world_run(w, r, s, now * MICROSECONDS_PER_SECOND, 1, 0);
        wrong += compare(result, now, first_day, zone_name);
        run_result_free(result);
        store_free(s);
    }
    world_rules_free(r);
    world_free(w);
    unsetenv("TZ");
    tzset();
    assert_int_equal(wrong, 0);
}

/* The changes of a year: every instant at which the C library's clock jumps. */
static size_t walk_changes(const char *zone_name, int year)
{
    size_t found = 0;
    time_t begin = (time_t)(day_number(year - 1900, 0, 1) * DAY_SECONDS);
    for (time_t now = begin; now < begin + 365 * DAY_SECONDS; now += HALF_HOUR) {
        struct tm before, after;
        time_t then = now - HALF_HOUR;
        setenv("TZ", zone_name, 1);
        tzset();
        localtime_r(&then, &before);
        localtime_r(&now, &after);
        if (before.tm_gmtoff == after.tm_gmtoff)
            continue;
        found++;
        walk(zone_name, now);
    }
    return found;
}

static void days_go_by_the_calendar_in_the_north(void **state)
{
    (void)state;
    assert_int_equal(walk_changes("Europe/Berlin", 2026), 2);
}

static void days_go_by_the_calendar_in_the_south(void **state)
{
    (void)state;
    assert_int_equal(walk_changes("Australia/Sydney", 2026), 2);
}

static void days_go_by_the_calendar_far_in_the_east(void **state)
{
    (void)state;
    assert_int_equal(walk_changes("Pacific/Apia", 2020), 2); /* UTC+13 and +14 */
    walk("Pacific/Auckland", 1775311200);                    /* UTC+13 to +12 */
}

static void days_go_by_the_calendar_where_clocks_change_at_midnight(void **state)
{
    (void)state;
    assert_int_equal(walk_changes("America/Sao_Paulo", 2018), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_go_by_the_calendar_in_the_north),
        cmocka_unit_test(days_go_by_the_calendar_in_the_south),
        cmocka_unit_test(days_go_by_the_calendar_far_in_the_east),
        cmocka_unit_test(days_go_by_the_calendar_where_clocks_change_at_midnight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
