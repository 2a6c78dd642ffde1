/* SPDX-License-Identifier: MIT
 *
 * Until when does a rule say the same of somebody to whom nothing happens? To the microsecond;
 * tests/differential/foresee.c asks it of random rules.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"
#include "exec/horizon.h"
#include "support/world.h"
#include "value/value.h"

typedef struct horizon_case {
    const char *condition;
    const char *now;
    const char *changes; /* "never", "open", or when */
} horizon_case;

static world *make_world(void)
{
    world *w = world_new("Europe/Berlin");
    world_kind(w, "purchase", "amount decimal(2), store string");
    world_kind(w, "view", "section string");
    world_trait(w, "birthday", "date");
    world_trait(w, "plan", "string");
    world_trait(w, "renewal", "time");
    world_trait(w, "signup", "date");
    world_did(w, "ann", "purchase", "2026-03-01T10:00", "amount=60, store=\"web\"");
    world_did(w, "ann", "purchase", "2026-03-02T10:00", "amount=0, store=\"web\"");
    world_did(w, "ann", "purchase", "2026-03-03T10:00", "amount=50, store=\"shop\"");
    world_did(w, "ann", "view", "2026-03-10T12:00", "section=\"sale\"");
    world_has(w, "ann", "birthday", NULL, "1990-02-28");
    world_has(w, "ann", "plan", "2026-03-05T08:00", "\"pro\"");
    world_has(w, "ann", "renewal", NULL, "2026-06-01T00:00");
    world_has(w, "ann", "signup", NULL, "2026-06-01");
    return w;
}

static char *tell(const world *w, const char *condition, const char *now)
{
    text told;
    carpel_error err;
    char *rules = memory_alloc_array(strlen(condition) + 40, 1);
    text_init(&told);
    strcat(strcpy(rules, "segment s when "), condition);
    world_rules *r = world_compile(w, rules);
    if (!r->book)
        fail_msg("%s", r->messages);
    store *s = world_store(w);
    run_options as = {0};
    moments *m = moments_new(r->plan, s, 0, &as);
    horizon *h = horizon_new(r->plan);
    int64_t at;
    switch (
        horizon_change(h, m, world_time(w, now), r->graph->rules[0].node, &at, &err)) {
    case HORIZON_CHANGES: value_append_time(at, w->zone, &told); break;
    case HORIZON_STAYS: text_append(&told, "never"); break;
    case HORIZON_OPEN: text_append(&told, "open"); break;
    case HORIZON_FAILED: fail_msg("%s", err.message);
    }
    horizon_free(h);
    moments_free(m);
    store_free(s);
    world_rules_free(r);
    memory_free(rules);
    return text_take(&told);
}

static const horizon_case cases[] = {
    /* counts and sums: when the row leaves that makes the difference */
    {"did purchase", "2026-03-12", "never"},
    {"did purchase in last 30 days", "2026-03-12", "2026-04-02T11:00:00+02:00"},
    {"count(purchase in last 30 days) >= 2", "2026-03-12", "2026-04-01T11:00:00+02:00"},
    {"sum(purchase.amount in last 30 days) >= 100", "2026-03-12",
     "2026-03-31T11:00:00+02:00"},
    {"sum(purchase.amount in last 30 days) >= 50", "2026-03-12",
     "2026-04-02T11:00:00+02:00"},
    {"did purchase where (store = \"web\") in last 1 month", "2026-03-12",
     "2026-04-02T10:00:00+02:00"},
    {"count(purchase in previous 7 days) >= 3", "2026-03-08T10:00:00",
     "2026-03-10T10:00:00+01:00"},
    {"did purchase until 2026-03-31", "2026-03-12", "never"},
    /* recency */
    {"time since last purchase > 10 days", "2026-03-12",
     "2026-03-13T10:00:00.000001+01:00"},
    {"time since last purchase >= 1 month", "2026-03-12", "2026-04-03T10:00:00+02:00"},
    {"(time since last purchase) / 1 day >= 12.5", "2026-03-12",
     "2026-03-15T22:00:00+01:00"},
    {"last purchase in last 60 days", "2026-03-12", "2026-05-02T11:00:00+02:00"},
    {"time until user.renewal < 30 days", "2026-03-12",
     "2026-05-02T00:00:00.000001+02:00"},
    {"user.renewal in next 1 day", "2026-03-12", "2026-05-31T00:00:00+02:00"},
    /* the day of a date, which has two ends */
    {"user.signup since 30 days ago", "2026-06-10", "2026-07-02T00:00:00+02:00"},
    {"user.signup since 30 days ago before 10 days ago", "2026-06-10",
     "2026-06-11T00:00:00.000001+02:00"},
    {"user.signup not in last 20 days", "2026-06-10", "2026-06-21T23:59:59.999999+02:00"},
    {"user.signup today", "2026-06-01", "2026-06-02T00:00:00+02:00"},
    /* days and streaks */
    {"days_with(purchase in last 7 full days) >= 3", "2026-03-05",
     "2026-03-09T00:00:00+01:00"},
    {"days_in_a_row(purchase in last 30 days) >= 2", "2026-03-12",
     "2026-04-01T11:00:00+02:00"},
    {"months_with(purchase in last 12 full months) >= 1", "2026-03-12",
     "2026-04-01T00:00:00+02:00"},
    /* no x within */
    {"did (view then no purchase within 5 days)", "2026-03-12",
     "2026-03-15T12:00:00+01:00"},
    {"did (view then no purchase within 5 days) in last 7 days", "2026-03-16",
     "2026-03-17T12:00:00+01:00"},
    /* the calendar */
    {"did purchase in this month", "2026-03-12", "2026-04-01T00:00:00+02:00"},
    {"did view today", "2026-03-10T13:00", "2026-03-11T00:00:00+01:00"},
    {"did view yesterday", "2026-03-10T13:00", "2026-03-11T00:00:00+01:00"},
    {"now.hour >= 18", "2026-03-12T10:30", "2026-03-12T18:00:00+01:00"},
    {"now.weekday = \"sunday\"", "2026-03-12T10:30", "2026-03-15T00:00:00+01:00"},
    /* anniversaries, and lasting */
    {"next anniversary of user.birthday in next 14 full days", "2026-03-12",
     "2027-02-14T00:00:00+01:00"},
    {"next anniversary of user.birthday tomorrow", "2026-03-12",
     "2027-02-27T00:00:00+01:00"},
    {"user.plan = \"pro\" for at least 30 days", "2026-03-12",
     "2026-04-04T09:00:00+02:00"},
    /* joined */
    {"did view in last 3 days and did purchase in last 30 days", "2026-03-12",
     "2026-03-13T12:00:00+01:00"},
    {"did view in last 3 days or did purchase in last 30 days", "2026-03-12",
     "2026-04-02T11:00:00+02:00"},
    {"did not purchase in last 7 days and did view in last 1 day", "2026-03-12", "never"},
    /* windows of many months and years, which go with the clock but for the ends of months */
    {"count(purchase in last 2 years) >= 5", "2026-03-12", "never"},
    {"count(purchase in last 24 months) < 100", "2026-03-12", "never"},
    {"did view in last 12 months", "2026-03-12", "2027-03-10T12:00:00+01:00"},
    {"did purchase in last 1 year", "2028-02-28", "never"},
    {"count(purchase in last 1 year) = 0", "2024-02-28T10:00",
     "2026-03-01T10:00:00+01:00"},
    {"did purchase in last 10 years", "2026-03-12", "2036-03-03T10:00:00+01:00"},
    {"did purchase in last 49 years", "2026-03-12", "2075-03-03T10:00:00+01:00"},
    {"did purchase where (store = \"web\") in last 15 years", "2026-03-12",
     "2041-03-02T10:00:00+01:00"},
    {"did purchase between 5 years ago and 2 years ago", "2026-03-12",
     "2028-03-01T10:00:00+01:00"},
    {"did purchase between 30 years ago and 20 years ago", "2026-03-12",
     "2046-03-01T10:00:00+01:00"},
    {"did purchase between 30 years ago and 20 years ago", "2050-03-12",
     "2056-03-03T10:00:00.000001+01:00"},
    {"count(purchase between 12 years ago and 11 years ago) > 5", "2026-03-12", "never"},
    {"last purchase before 9 years ago", "2026-03-12",
     "2035-03-03T10:00:00.000001+01:00"},
    {"last purchase before 2 years ago", "2029-03-12", "never"},
    {"user.renewal before 30 years ago", "2026-03-12",
     "2056-06-01T00:00:00.000001+02:00"},
    {"user.birthday before 40 years ago", "2026-03-12",
     "2030-02-28T00:00:00.000001+01:00"},
    {"user.birthday before 30 years ago", "2026-03-12", "never"},
    {"months_with(purchase in last 120 full months) >= 1", "2026-03-12",
     "2026-04-01T00:00:00+02:00"},
    {"months_with(purchase in last 120 full months) >= 1", "2026-04-12",
     "2036-04-01T00:00:00+02:00"},
    {"years_with(purchase in last 20 full years) >= 2", "2026-04-12", "never"},
    {"did (view then purchase) in last 3 years", "2026-03-12", "never"},
    {"did (purchase then view) in last 30 years", "2026-03-12",
     "2056-03-03T10:00:00+01:00"},
    {"count(purchase where (time before 20 years ago)) >= 2", "2026-03-12",
     "2046-03-02T10:00:00.000001+01:00"},
    {"did purchase within 20 years before now", "2026-03-12",
     "2046-03-03T10:00:00.000001+01:00"},
    {"did view in last 20 years and did purchase in last 25 years", "2026-03-12",
     "2046-03-10T12:00:00+01:00"},
    /* a fading sum */
    {"sum(purchase.amount) with half-life 10 days >= 40", "2026-03-12",
     "2026-03-16T22:54:34.157189+01:00"},
};

static void test_changes(void **state)
{
    (void)state;
    world *w = make_world();
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *told = tell(w, cases[i].condition, cases[i].now);
        if (strcmp(told, cases[i].changes) != 0) {
            print_error("%s at %s: %s, and not %s\n", cases[i].condition, cases[i].now,
                        told, cases[i].changes);
            wrong++;
        }
        memory_free(told);
    }
    world_free(w);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_changes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
