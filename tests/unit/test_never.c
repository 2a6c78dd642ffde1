/* SPDX-License-Identifier: MIT
 *
 * A warning that a rule can never hold is right: pairs of windows of events and of one
 * instant, and sequences in windows, with somebody who has an event every few hours, at instants where the calendar
 * is difficult.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/text.h"
#include "graph/contradict.h"
#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const char *const windows[] = {
    "",
    "in last 1 day",
    "in last 24 hours",
    "in last 27 days",
    "in last 28 days",
    "in last 29 days",
    "in last 30 days",
    "in last 31 days",
    "in last 32 days",
    "in last 1 month",
    "in last 2 months",
    "in last 1 quarter",
    "in last 92 days",
    "in last 366 days",
    "in last 1 year",
    "in previous 1 month",
    "in previous 15 days",
    "since 30 days ago",
    "since 1 month ago",
    "after 30 days ago",
    "before 30 days ago",
    "before 1 month ago",
    "between 60 days ago and 30 days ago",
    "between 2 months ago and 1 month ago",
    "today",
    "yesterday",
    "in this month",
    "in this week",
    "in last full month",
    "in last 2 full months",
    "in last 7 full days",
    "in last 30 full days",
    "in last 4 full weeks",
    "since 2026-03-01",
    "after 2026-03-01",
    "between 2026-03-01 and 2026-03-29",
    "on 2026-03-29",
};

static const char *const waits[] = {"1 hour",  "24 hours", "1 day",
                                    "4 weeks", "29 days",  "31 days",
                                    "32 days", "1 month",  "1 quarter"};

static const char *const instants[] = {
    "2026-03-29T03:00:00+02:00", /* the clocks have just gone forward */
    "2026-03-31T10:00:00+02:00", /* a month before it is 28 February */
    "2026-03-01T00:00:00+01:00", "2026-04-28T23:30:00+02:00",
    "2026-10-25T02:30:00+01:00", /* the second time that day */
    "2024-03-31T00:00:00+01:00",
};

enum {
    PAIRS = LENGTH(windows) * LENGTH(windows),
    INSTANTS = (LENGTH(windows) - 1) * (LENGTH(windows) - 1),
    SEQUENCES = LENGTH(windows) * LENGTH(waits)
};

/* One segment a line: pairs of windows, of events and then of an instant; then sequences. */
static void append_rules(text *rules)
{
    int number = 0;
    for (size_t i = 0; i < PAIRS; i++)
        text_append_format(rules, "segment s_%d when did e %s and did not e %s\n",
                           ++number, windows[i / LENGTH(windows)],
                           windows[i % LENGTH(windows)]);
    for (size_t i = 0; i < INSTANTS; i++)
        text_append_format(rules, "segment s_%d when last e %s and last e %s\n", ++number,
                           windows[1 + i / (LENGTH(windows) - 1)],
                           windows[1 + i % (LENGTH(windows) - 1)]);
    for (size_t i = 0; i < SEQUENCES; i++)
        text_append_format(rules, "segment s_%d when did (e then no f within %s) %s\n",
                           ++number, waits[i / LENGTH(windows)],
                           windows[i % LENGTH(windows)]);
}

static bool has_warning(const world_rules *r, size_t segment)
{
    for (size_t i = 0; i < diags_count(r->diags); i++) {
        const diag *d = diags_get(r->diags, i);
        if (d->code == W0202 && source_place(r->file, d->where.begin).line == segment + 1)
            return true;
    }
    return false;
}

static void add_event(world *w, int64_t time)
{
    char id[32];
    snprintf(id, sizeof id, "%" PRId64, time);
    world_add(w, (world_event){.person = world_person(w, id),
                               .kind = schema_find_event(w->schema, "e"),
                               .time = time});
}

/* One event each: every seven hours of a year and more, and around each whole hour of the
 * last five weeks. */
static void add_people(world *w, int64_t now)
{
    enum { HOURS = 24 * 400, NEAR_HOURS = 24 * 35, STEP = 7 };
    const int64_t hour = MICROSECONDS_PER_DAY / 24;
    for (int64_t i = 0; i < HOURS; i += STEP)
        add_event(w, now - i * hour);
    for (int64_t i = 1; i < NEAR_HOURS; i++)
        for (int64_t tick = -1; tick <= 1; tick++)
            add_event(w, now - i * hour + tick);
}

static void check_at(const char *instant, const char *rules)
{
    world *w = world_new("Europe/Berlin");
    world_kind(w, "e", "");
    world_kind(w, "f", "");
    int64_t now = world_time(w, instant);
    add_people(w, now);
    world_rules *r = world_compile(w, rules);
    if (!r->book)
        fail_msg("%s", r->messages);
    store *s = world_store(w);
    run_result *result = world_run(w, r, s, now, 1, 0);
    size_t warnings = 0;
    for (size_t i = 0; i < result->segment_count; i++) {
        bool is_never = i < PAIRS + INSTANTS ? graph_contradicts(r->graph->rules[i].node)
                                             : has_warning(r, i);
        warnings += is_never;
        if (is_never && result->segments[i].size > 0)
            fail_msg("%s: rule %zu holds for %zu people, and was called impossible",
                     instant, i + 1, result->segments[i].size);
    }
    assert_true(warnings > PAIRS / 10);
    run_result_free(result);
    store_free(s);
    world_rules_free(r);
    world_free(w);
}

static void what_is_called_impossible_never_holds(void **state)
{
    (void)state;
    text rules;
    text_init(&rules);
    append_rules(&rules);
    for (size_t i = 0; i < LENGTH(instants); i++)
        check_at(instants[i], rules.data);
    text_done(&rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_called_impossible_never_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
