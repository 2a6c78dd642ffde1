/* SPDX-License-Identifier: MIT
 *
 * Values of long histories that only the newest rows are asked for: blocks of many people, in
 * which rows are left out, have to agree with each person judged alone, of whom none are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "support/world.h"
#include "unit_random.h"

enum { PEOPLE_COUNT = 70, MOST_EVENTS = 160 };

static const char *const texts[] = {"red", "green", "blue", "red shoes", "gift for mom"};

/* A day of the year before 2026, the later ones less often. */
static void put_time(random_numbers *random, char *out, size_t size)
{
    uint64_t day = random_below(random, 360) * (1 + random_below(random, 4)) / 4;
    snprintf(out, size, "2025-%02d-%02dT%02d:%02d:%02dZ", (int)(day / 30 + 1),
             (int)(day % 30 % 28 + 1), (int)random_below(random, 24),
             (int)random_below(random, 60), (int)random_below(random, 60));
}

static void add_event(world *w, random_numbers *random, const char *person)
{
    static const char *const kinds[] = {"view", "buy", "search"};
    char time[40], properties[80];
    put_time(random, time, sizeof time);
    snprintf(properties, sizeof properties, "text=\"%s\", n=%d, ok=%s",
             texts[random_below(random, 5)], (int)random_below(random, 40),
             random_below(random, 2) ? "true" : "false");
    if (random_below(random, 3) == 0)
        properties[0] = 0; /* all are missing */
    world_did(w, person, kinds[random_below(random, 3)], time, properties);
}

static world *random_world(random_numbers *random)
{
    world *w = world_new("UTC");
    world_kind(w, "view", "text string, n int, ok bool");
    world_kind(w, "buy", "text string, n int, ok bool");
    world_kind(w, "search", "text string, n int, ok bool");
    for (int p = 0; p < PEOPLE_COUNT; p++) {
        char person[16];
        snprintf(person, sizeof person, "p%02d", p);
        for (size_t i = random_below(random, MOST_EVENTS); i-- > 0;)
            add_event(w, random, person);
    }
    return w;
}

/* What hands its bounds down, and what does not. */
static const char *const conditions[] = {
    "did view where (text = \"red\") since 10 days ago",
    "did view where (text matches \"gift .* mom\" or n > 30) at least twice since 60 "
    "days ago",
    "did view where (text starts with \"red\" and not (n < 5)) since 20 days ago",
    "did view where (text is not missing) since 5 days ago and did view where (ok)",
    "sum(view.n where (text in (\"red\", \"blue\")) since 90 days ago) > 40",
    "max(buy.n since 30 days ago) > min(buy.n since 200 days ago before 30 days ago)",
    "distinct(view.text since 40 days ago) >= 3",
    "distinct(view.n since 40 days ago) > distinct(view.n since 60 days ago before 40 "
    "days ago)",
    "days_with((view or buy) since 30 days ago) >= 3 and days_with(view since 90 days "
    "ago) < 9",
    "last view.text = \"red\" and first(buy.text since 100 days ago) = \"blue\"",
    "last anything before 30 days ago",
    "max((view or buy).n since 50 days ago) > 30",
    "did (view then buy) all within 3 days since 30 days ago",
    "did (view where (n > 20) then search then no buy within 5 days) since 90 days ago",
    "did (search then view) with same text since 60 days ago",
    "count(view where (count(buy since 2 days ago) > 0) since 30 days ago) > 0",
    "most_common(view.text since 45 days ago) = \"red\"",
    "avg(view.(n * 3) since 25 days ago) > 40",
    "count(view where (time since 10 days ago) since 30 days ago) > 1",
    "count(view where (n > 30) since 120 days ago) > 2 and max(view.n since 5 days ago) "
    "> "
    "10",
    "count(search where (text starts with \"red\") since 90 days ago) > 2 and "
    "most_common(search.text since 5 days ago) is not missing",
};

static void test_blocks_agree_with_each_alone(void **state)
{
    (void)state;
    random_numbers random;
    random_begin(&random, "test_reach");
    world *w = random_world(&random);
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        char rules[200];
        snprintf(rules, sizeof rules, "segment s when %s\n", conditions[i]);
        char *members = world_members(w, rules, "s", "2026-01-01T00:00:00Z");
        if (strstr(members, "error"))
            fail_msg("%s: %s", conditions[i], members);
        memory_free(members);
    }
    world_free(w);
}

/* All together, since the bounds of a value are those of all who read it. */
static void test_rules_share_what_they_read(void **state)
{
    (void)state;
    char rules[4000] = "";
    random_numbers random;
    random_begin(&random, "test_reach");
    world *w = random_world(&random);
    size_t count = sizeof conditions / sizeof *conditions, size = 0;
    for (size_t i = 0; i < count; i++)
        size += (size_t)snprintf(rules + size, sizeof rules - size,
                                 "segment s%02zu when %s\n", i, conditions[i]);
    for (size_t i = 0; i < count; i++) {
        char name[8], alone[200];
        snprintf(name, sizeof name, "s%02zu", i);
        snprintf(alone, sizeof alone, "segment s when %s\n", conditions[i]);
        char *together = world_members(w, rules, name, "2026-01-01T00:00:00Z");
        char *expected = world_members(w, alone, "s", "2026-01-01T00:00:00Z");
        assert_string_equal(together, expected);
        memory_free(together);
        memory_free(expected);
    }
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks_agree_with_each_alone),
        cmocka_unit_test(test_rules_share_what_they_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
