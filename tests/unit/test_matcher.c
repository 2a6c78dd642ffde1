/* SPDX-License-Identifier: MIT
 *
 * One sequence in several forms has one answer. The forms take the matcher different ways,
 * and long random histories take it far:
 *
 *     (a then b)                                rows of tables, idle ones passed over
 *     (a where (n >= 0) then ...)               rows behind masks
 *     ((a where (n < 5) or a where (n >= 5)) then ...)      two tables a step
 *     (every_a then ...)                        a filtered table as it is
 *     (a then b) with same one                  groups, though there is but one
 *
 * What sequences mean is asked in test_meaning_sequences and in the differential test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "base/text.h"
#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define NOW           INT64_C(1774224000000000) /* 2026-03-23 */
#define HOUR          INT64_C(3600000000)

/* A capital is a step of this kind. */
static const char *const patterns[] = {
    "(A then B)",
    "(A then B within 3 hours)",
    "(A then B at least 2 hours later)",
    "(A then B more than 1 hour later fewer than 9 hours later)",
    "(A then B within 5 hours then C at least 1 hour later)",
    "(A then no X then B)",
    "(A then no X within 2 hours then B)",
    "(A then no X then no C within 3 hours then B)",
    "(A then no X within 2 hours)",
    "(A then B then no X)",
    "(A then directly B)",
    "(A then directly B then C)",
    "(A then A)",
    "(A then B then A)",
    "(A then B then C) all within 6 hours",
    "(A then B then C) all within 1 month",
    "(A then B then C) without repeats",
    "(A then B then C) strictly later",
    "(A then C) with only (a or b)",
    "(A then B) with only (a where (n < 5) or c)",
    "(A and B)",
    "(A and B and C) all within 2 hours",
    "(A and A and B) all within 5 hours",
};

static const char *const windows[] = {"", " in last 15 days",
                                      " between 2026-03-05 and 2026-03-09",
                                      " within 2 hours of any x"};

/* ---- histories ------------------------------------------------------------ */

static uint64_t draw(uint64_t *state, uint64_t below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*state >> 33) % below;
}

/* Some events of one instant, most within hours, and now and then a gap of days. */
static int64_t next_time(uint64_t *random, int64_t time)
{
    uint64_t kind = draw(random, 20);
    if (kind < 4)
        return time;
    return time + (kind == 4 ? 40 * HOUR : (int64_t)draw(random, 8) * HOUR / 2);
}

static void add_history(world *w, size_t person, size_t count, uint64_t *random)
{
    int64_t time = NOW - 22 * 24 * HOUR;
    for (size_t i = 0; i < count; i++) {
        world_value values[2] = {{.text = "k"}, {.integer = (int64_t)draw(random, 10)}};
        time = next_time(random, time);
        world_add(w, (world_event){.person = person,
                                   .kind = (size_t)draw(random, 4),
                                   .time = time,
                                   .values = values});
    }
}

static world *world_of_histories(void)
{
    static const size_t counts[] = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233};
    world *w = world_new("Europe/Berlin");
    uint64_t random = 1;
    world_kind(w, "a", "one string, n int");
    world_kind(w, "b", "one string, n int");
    world_kind(w, "c", "one string, n int");
    world_kind(w, "x", "one string, n int");
    for (size_t i = 0; i < 6 * LENGTH(counts); i++) {
        char id[16];
        snprintf(id, sizeof id, "p%zu", i);
        add_history(w, world_person(w, id), counts[i % LENGTH(counts)], &random);
    }
    return w;
}

/* ---- forms ------------------------------------------------------------------ */

static const char *const steps[] = {
    "@",
    "@ where (n >= 0)",
    "(@ where (n < 5) or @ where (n >= 5))",
    "every_@",
};

enum { FORM_COUNT = 2 * (int)LENGTH(steps) };

static void append_step(const char *step, char kind, text *out)
{
    for (; *step != '\0'; step++)
        text_append_char(out, *step == '@' ? kind : *step);
}

static void append_form(const char *pattern, size_t form, text *out)
{
    for (const char *p = pattern; *p != '\0'; p++) {
        if (strchr("ABCX", *p))
            append_step(steps[form / 2], (char)(*p - 'A' + 'a'), out);
        else
            text_append_bytes(out, p, 1);
    }
    text_append(out, form % 2 == 1 ? " with same one" : "");
}

/* How many matches there are, and whether there is one. */
static void append_rules(size_t pattern, size_t window, size_t form, text *out)
{
    text_append_format(out, "score n_%zu_%zu_%zu = count(", pattern, window, form);
    append_form(patterns[pattern], form, out);
    text_append_format(out, "%s)\nsegment s_%zu_%zu_%zu when did ", windows[window],
                       pattern, window, form);
    append_form(patterns[pattern], form, out);
    text_append_format(out, "%s\n", windows[window]);
}

static const int64_t *counts_of(const run_result *r, size_t rule)
{
    return r->scores[rule].values;
}

static void check_form(const run_result *r, const char *rules, size_t first, size_t form)
{
    for (size_t p = 0; p < r->people.count; p++) {
        bool is_in = bitmap_get(r->segments[first + form].members, p);
        if (counts_of(r, first + form)[p] != counts_of(r, first)[p] ||
            is_in != (counts_of(r, first)[p] > 0))
            fail_msg("%s: person %zu, form %zu: %d, in: %d; form 0: %d\n%s",
                     r->scores[first].name, p, form, (int)counts_of(r, first + form)[p],
                     is_in, (int)counts_of(r, first)[p], rules);
    }
}

static void test_forms_agree(void **state)
{
    (void)state;
    world *w = world_of_histories();
    store *s = world_store(w);
    size_t some = 0;
    for (size_t i = 0; i < LENGTH(patterns) * LENGTH(windows); i++) {
        text rules;
        text_init(&rules);
        text_append(&rules, "event every_a = a where (n > -1)\n"
                            "event every_b = b where (n > -1)\n"
                            "event every_c = c where (n > -1)\n"
                            "event every_x = x where (n > -1)\n");
        for (size_t form = 0; form < FORM_COUNT; form++)
            append_rules(i % LENGTH(patterns), i / LENGTH(patterns), form, &rules);
        world_rules *compiled = world_compile(w, rules.data);
        if (!compiled->plan)
            fail_msg("%s\n%s", compiled->messages, rules.data);
        run_result *r = world_run(w, compiled, s, NOW, 1, 0);
        for (size_t form = 0; form < FORM_COUNT; form++)
            check_form(r, rules.data, 0, form);
        for (size_t p = 0; p < r->people.count; p++)
            some += counts_of(r, 0)[p] > 1;
        run_result_free(r);
        world_rules_free(compiled);
        text_done(&rules);
    }
    assert_true(some > 500); /* or the histories ask nothing */
    store_free(s);
    world_free(w);
}

/* ---- months ------------------------------------------------------------------- */

/* A month behind 30 January, 10:00 lies later than a month behind 31 January, 9:00: 28 February,
 * 10:00 and 9:00. So an earlier event may reach further than a later one, and a later one may
 * be long enough ago before an earlier one is. The same goes for the hour that the clocks show
 * twice: a month behind 25 October, 2:45, is later than one behind the second 2:15. */
static world *world_of_month_ends(void)
{
    static const char *const events[][3] = {
        {"one", "a", "2026-01-30T10:00"},
        {"one", "b", "2026-02-28T09:30"},
        {"two", "a", "2026-01-30T10:00"},
        {"two", "a", "2026-01-31T09:00"},
        {"two", "b", "2026-02-28T09:30"},
        {"three", "a", "2026-01-30T10:00"},
        {"three", "a", "2026-01-31T09:00"},
        {"three", "c", "2026-02-01T09:00"},
        {"three", "b", "2026-02-28T09:30"},
        {"past", "a", "2026-01-30T10:00"},
        {"past", "a", "2026-01-31T09:00"},
        {"past", "b", "2026-02-28T10:00:00.000001"},
        {"with_c", "a", "2026-01-30T10:00"},
        {"with_c", "c", "2026-01-31T08:00"},
        {"with_c", "a", "2026-01-31T09:00"},
        {"with_c", "b", "2026-02-28T09:30"},
        {"after", "a", "2026-01-31T09:00"},
        {"after", "b", "2026-02-28T09:30"},
        {"clock", "a", "2026-10-25T02:45+02:00"},
        {"clock", "a", "2026-10-25T02:15+01:00"},
        {"clock", "b", "2026-11-25T02:30"},
        {"back", "b", "2026-02-28T09:30"},
        {"back", "a", "2026-03-28T09:00"},
        {"back", "a", "2026-03-29T10:00"},
        {"start", "a", "2026-01-28T12:00"},
        {"start", "c", "2026-01-30T10:00"},
        {"start", "a", "2026-01-31T08:00"},
        {"start", "c", "2026-01-31T09:00"},
        {"start", "b", "2026-02-28T09:30"},
    };
    world *w = world_new("Europe/Berlin");
    world_kind(w, "a", "one string, n int");
    world_kind(w, "b", "one string, n int");
    world_kind(w, "c", "one string, n int");
    for (size_t i = 0; i < LENGTH(events); i++)
        world_did(w, events[i][0], events[i][1], events[i][2], "one=\"k\", n=1");
    return w;
}

static void test_months_that_end_early(void **state)
{
    static const char june[] = "2026-06-01T00:00", end[] = "2026-12-31T00:00";
    static const world_case cases[] = {
        {"did (a then b within 1 month)", end, "clock one start three two with_c"},
        {"did (a then b at most 1 month later)", end, "clock one start three two with_c"},
        {"did (a then b fewer than 1 month later)", end,
         "clock one start three two with_c"},
        {"did (a then b) all within 1 month", end, "clock one start three two with_c"},
        {"did (a then b) all within 1 month with same n", end,
         "clock one start three two with_c"},
        {"did (a then c then b) all within 1 month", june, "start three with_c"},
        {"did (a then c then b within 1 month)", june, "start three"},
        {"did (a then c within 1 day then b) all within 1 month", june, "with_c"},
        {"did (a then no c then b within 1 month)", june, "one two"},
        {"did (a then directly b within 1 month)", june, "one"},
        {"did (a then b within 1 month) with only (a or b)", june, "one two"},
        {"did (a and b) all within 1 month", end,
         "back clock one start three two with_c"},
        {"did at least 2 of (a, b) all within 1 month", end,
         "back clock one start three two with_c"},
        {"did (a and b) all within 1 month with same one", end,
         "back clock one start three two with_c"},
        {"did (a then b at least 1 month later)", june,
         "after past start three two with_c"},
        {"did (a then b more than 1 month later)", june,
         "after past start three two with_c"},
        {"did (a then b more than 27 days later within 1 month)", june,
         "one start three two with_c"},
        {"did (a then b at least 1 month later) with same n", june,
         "after past start three two with_c"},
        {"did b within 1 month after any a", end, "clock one start three two with_c"},
        {"did b within 1 month after any a with same one", end,
         "clock one start three two with_c"},
        {"did b within 1 month before any a", june, "back"},
        {"did b within 1 month of any a", june, "back one start three two with_c"},
    };
    (void)state;
    world *w = world_of_month_ends();
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* Of several events that fit one bound, another bound asks for one in particular. */
static void test_which_of_several(void **state)
{
    static const char *const events[][3] = {
        {"later", "a", "2026-01-30T10:00"},  {"later", "a", "2026-01-31T08:00"},
        {"later", "b", "2026-02-28T07:00"},  {"later", "c", "2026-03-31T07:00"},
        {"second", "a", "2026-03-01T10:00"}, {"second", "a", "2026-03-01T10:20"},
        {"second", "a", "2026-03-01T10:40"}, {"second", "b", "2026-03-01T12:30"},
        {"next", "b", "2026-02-28T09:00"},   {"next", "a", "2026-03-28T10:00"},
        {"next", "a", "2026-03-29T08:00"},   {"edge", "b", "2026-02-28T10:00"},
        {"edge", "a", "2026-03-28T10:00"},   {"self", "a", "2026-01-30T10:00"},
        {"self", "b", "2026-02-28T10:00"},
    };
    static const world_case cases[] = {
        {"did (a then b within 1 month then c) all within 2 months", "2026-06-01",
         "later"},
        {"did (a then b at least 2 hours later at most 130 minutes later)", "2026-06-01",
         "second"},
        {"did b within 1 month before any a", "2026-06-01", "edge next"},
        {"did (a then no a then b at least 28 days later)", "2026-06-01", "self"},
    };
    (void)state;
    world *w = world_new("UTC");
    world_kind(w, "a", "");
    world_kind(w, "b", "");
    world_kind(w, "c", "");
    for (size_t i = 0; i < LENGTH(events); i++)
        world_did(w, events[i][0], events[i][1], events[i][2], "");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* ---- what single rows forbid and end -------------------------------------------- */

static void test_single_rows(void **state)
{
    static const char pairs[] = "event q = (a then b)\n";
    static const world_case cases[] = {
        /* of the rows of a group that are looked ahead in, those behind the mask */
        {"did (a then no x where (n >= 5) within 2 hours) with same one",
         "2026-03-02T00:00", "masked nobody two"},
        {"did (a then no x within 2 hours) with same one", "2026-03-02T00:00", "nobody"},
        {"did (a then no x where (n >= 5)) with same one", "2026-03-02T00:00",
         "masked nobody"},
        {"did (a then no x where (n < 5) then b) with same one", "2026-03-02T00:00",
         "ends late nobody"},
    };
    static const world_value_case counts[] = {
        /* a session and the match that ends with its first event stand at one instant */
        {"count(((a or b) then (session or q)))", "ends", "2026-03-02T00:00", "1"},
        {"count((a then (session or q)))", "ends", "2026-03-02T00:00", "1"},
    };
    (void)state;
    world *w = world_new("UTC");
    world_kind(w, "a", "one string, n int");
    world_kind(w, "b", "one string, n int");
    world_kind(w, "x", "one string, n int");
    schema_add_sessions(w->schema, HOUR / 2, w->memory);
    world_did(w, "masked", "a", "2026-03-01T10:00", "one=\"k\", n=1");
    world_did(w, "masked", "x", "2026-03-01T11:00", "one=\"k\", n=1");
    world_did(w, "late", "a", "2026-03-01T10:00", "one=\"k\", n=1");
    world_did(w, "late", "x", "2026-03-01T11:00", "one=\"k\", n=7");
    world_did(w, "late", "b", "2026-03-01T12:00", "one=\"k\", n=7");
    world_did(w, "nobody", "a", "2026-03-01T10:00", "one=\"k\", n=1");
    world_did(w, "nobody", "x", "2026-03-01T11:00", "one=\"m\", n=7");
    world_did(w, "nobody", "b", "2026-03-01T12:00", "one=\"k\", n=7");
    world_did(w, "two", "a", "2026-03-01T08:00",
              "one=\"k\", n=1"); /* x n=7 forbids this, */
    world_did(w, "two", "x", "2026-03-01T09:00", "one=\"k\", n=7");
    world_did(w, "two", "a", "2026-03-01T10:00", "one=\"k\", n=1"); /* but n=1 not that */
    world_did(w, "two", "x", "2026-03-01T11:00", "one=\"k\", n=1");
    world_did(w, "two", "x", "2026-03-01T20:00", "one=\"k\", n=7");
    world_did(w, "ends", "a", "2026-02-01T10:00", "one=\"z\", n=1");
    world_did(w, "ends", "x", "2026-02-01T10:30", "one=\"z\", n=9");
    world_did(w, "ends", "b", "2026-02-01T12:00", "one=\"z\", n=1");
    world_check(w, cases, LENGTH(cases));
    for (size_t i = 0; i < LENGTH(counts); i++) {
        char rules[200];
        snprintf(rules, sizeof rules, "%sscore s = %s\n", pairs, counts[i].rules);
        char *value = world_score(w, rules, "s", counts[i].person, counts[i].now);
        assert_string_equal(value, counts[i].value);
        memory_free(value);
    }
    world_free(w);
}

/* ---- shapes ------------------------------------------------------------------- */

/* Two ways to say one thing, which the matcher finds by different means. */
static void test_shapes_agree(void **state)
{
    static const char *const pairs[][2] = {
        {"did (a and b) all within 3 hours",
         "did (a then b within 3 hours) or did (b then a within 3 hours)"},
        {"did (a and b and c) all within 2 hours",
         "did (a then b then c) all within 2 hours or did (a then c then b) all within 2 "
         "hours "
         "or did (b then a then c) all within 2 hours or did (b then c then a) all "
         "within 2 "
         "hours or did (c then a then b) all within 2 hours or did (c then b then a) all "
         "within "
         "2 hours"},
        {"did (a and a) all within 1 hour", "did (a then a within 1 hour)"},
        {"did at least 2 of (a, b, c) all within 1 hour",
         "did (a and b) all within 1 hour or did (a and c) all within 1 hour or did (b "
         "and c) "
         "all within 1 hour"},
        {"did at least 2 of (a, a where (n < 5), x) all within 1 hour",
         "did (a and a where (n < 5)) all within 1 hour or did (a and x) all within 1 "
         "hour or "
         "did (a where (n < 5) and x) all within 1 hour"},
        {"did at least 3 of (a, b, c, x) all within 1 hour",
         "did (a and b and c) all within 1 hour or did (a and b and x) all within 1 hour "
         "or "
         "did (a and c and x) all within 1 hour or did (b and c and x) all within 1 "
         "hour"},
        {"did at least 2 of (a, b, x) with same n",
         "did (a and b) with same n or did (a and x) with same n or did (b and x) with "
         "same n"},
        {"did (a then directly b)",
         "did (a then b) with only (a where (n > 99) or b where (n > 99))"},
        {"did (a then no x then b)", "did (a then b) with only (a or b or c)"},
        {"did ((a or x) then b)", "did (a then b) or did (x then b)"},
        {"did (a then b) strictly later", "did (a then b more than 0 seconds later)"},
        {"did (a then b within 1 hour) with same n",
         "did (a where (n < 5) then b where (n < 5) within 1 hour) with same n or "
         "did (a where (n >= 5) then b where (n >= 5) within 1 hour) with same n"},
        {"did (a then no b within 4 hours) with same n",
         "did (a where (n < 5) then no b within 4 hours) with same n or "
         "did (a where (n >= 5) then no b within 4 hours) with same n"},
    };
    (void)state;
    world *w = world_of_histories();
    store *s = world_store(w);
    for (size_t i = 0; i < LENGTH(pairs); i++) {
        char rules[2000];
        snprintf(rules, sizeof rules, "segment one when %s\nsegment other when %s\n",
                 pairs[i][0], pairs[i][1]);
        world_rules *compiled = world_compile(w, rules);
        if (!compiled->plan)
            fail_msg("%s\n%s", compiled->messages, rules);
        run_result *r = world_run(w, compiled, s, NOW, 1, 0);
        size_t words = bitmap_words(r->people.count);
        if (memcmp(r->segments[0].members, r->segments[1].members,
                   words * sizeof(uint64_t)) != 0)
            fail_msg("%s: %zu people, %zu of the other", pairs[i][0], r->segments[0].size,
                     r->segments[1].size);
        assert_true(r->segments[0].size > 0 && r->segments[0].size < r->people.count);
        run_result_free(r);
        world_rules_free(compiled);
    }
    store_free(s);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms_agree),
        cmocka_unit_test(test_months_that_end_early),
        cmocka_unit_test(test_which_of_several),
        cmocka_unit_test(test_single_rows),
        cmocka_unit_test(test_shapes_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
