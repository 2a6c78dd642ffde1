/* SPDX-License-Identifier: MIT
 *
 * Edges of the meaning at which random rules once found the engine and the reference apart
 * (tests/differential): each case is what was left of such a rule.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/memory.h"
#include "support/world.h"

#define NOW "2026-03-29T00:00:00Z"

/* ann has a history, bob has a name. */
static world *two_people(void)
{
    world *w = world_new("UTC");
    world_kind(w, "view", "store string");
    world_kind(w, "purchase", "qty int, store string, amount decimal(2), tags [string]");
    world_trait(w, "joined", "time");
    world_trait(w, "start", "date");
    world_trait(w, "age", "int");
    world_trait(w, "spend", "decimal(2)");
    schema_add_sessions(w->schema, 60 * MICROSECONDS_PER_SECOND, w->memory);
    world_has(w, "ann", "joined", NULL, "2026-02-01T00:00:00Z");
    world_has(w, "ann", "start", NULL, "2026-02-28");
    world_has(w, "ann", "age", NULL, "999999999999999999");
    world_has(w, "ann", "spend", NULL, "0.01");
    world_person(w, "bob");
    world_did(w, "ann", "purchase", "2026-01-10T00:00:00Z",
              "qty=5, store=\"a\", amount=1.50");
    world_did(w, "ann", "view", NOW, "store=\"a\"");
    world_did(w, "ann", "view", "2026-03-29T12:00:00Z", "store=\"b\"");
    return w;
}

#define EVERYONE "segment all when true\n"

typedef struct edge {
    const char *rules, *members;
} edge;

static const edge cases[] = {
    /* as of an instant that there is not, nothing was judged */
    {EVERYONE "segment s when in all as of user.joined", "ann"},
    {EVERYONE "segment s when not in all as of user.joined", "bob"},
    {"let n = count(view)\nsegment s when (n as of user.joined) is missing", "bob"},
    {"occasion o on dates 2020-01-01\n" EVERYONE "segment s when in all as of (next o)",
     ""},
    /* what is judged as of another instant sees no event behind the one that asks */
    {"segment v when did view where (store = \"b\")\nsegment s when in v as of "
     "2026-04-01",
     ""},
    {"let n = count(purchase)\nlet ahead = (n as of 2026-03-01)\n"
     "segment s when (ahead as of 2026-01-01) = 1",
     ""},
    {"let quiet = if did (purchase then no view) then 1 else 0\n"
     "let ahead = (quiet as of 2026-03-29T23:00Z)\n"
     "segment s when (ahead as of 2026-02-01) = 1",
     "ann"},
    /* a session has no property of another kind, and is a thing of its own */
    {"segment s when sum((session or purchase).qty) = 5", "ann"},
    {"segment s when sum((session or purchase).qty) = 0", "bob"},
    {"event e = (session or purchase)\nsegment s when count(e) = 3", "ann"},
    {"segment s when did purchase within 1 month after any session", "ann"},
    {"segment s when did purchase within 1 month after any purchase", ""},
    /* at one event: the session that it begins, the event, the match that it completes */
    {"segment s when did (session then purchase) all within 1 second", "ann"},
    {"segment s when did (purchase then session) all within 1 second", ""},
    {"event m = (purchase then view)\nsegment s when did (view then m)", "ann"},
    {"event m = (purchase then view)\nsegment s when did (m then view)", ""},
    {"segment s when did (purchase then directly view then session)", ""},
    {"segment s when did (session then directly session)", ""},
    {"segment s when did (anything then directly session)", "ann"},
    {"event begun = (view or session)\nevent left = (begun then no purchase)\n"
     "segment s when count(left) = 1",
     "ann"},
    {"event begun = (view or session)\nevent left = (begun then no purchase)\n"
     "segment s when count((left or purchase)) = 2",
     "ann"},
    /* gap and number of an event that is several alternatives are those of the first */
    {"event e = purchase where (qty = 5)\n"
     "event f = purchase where (qty != 5)\n"
     "segment s when count((f or e or purchase).nth) = 1",
     "ann"},
    {"event e = (purchase or view)\n"
     "segment s when sum((e where (store = \"a\") or view).gap) = 78 days",
     "ann"},
    /* alternatives of one declared event, twice; a property that only some steps have */
    {"event e = (purchase or view)\nsegment s when count((e or e).store) = 2", "ann"},
    {"event d = (view then session)\nevent e = (purchase then directly d)\n"
     "segment s when count(e) = 0",
     "ann bob"},
    /* a month after a day ends with the day of the next month */
    {"segment s when did view within 1 month after user.start", ""},
    {"segment s when did view within 29 days after user.start", "ann"},
    /* exact, whatever the digits; a value that has no room for them is missing wherever it
     * is asked */
    {"let x = if 1 day / 123456789.012345678 = 0.000700 seconds then 1 else 0\n"
     "segment s when x = 0 and smaller(1 day / 123456789.012345678, 1 second) = 0.0007 "
     "seconds",
     "ann bob"},
    {"let x = if 1 = 2 then user.spend else user.age\nsegment s when x is missing",
     "ann bob"},
    {"let x = if 1 = 2 then user.spend else user.age\nsegment s when x >= 1", ""},
    {"segment s when user.age >= 1.005 and user.age != 1.005", "ann"},
    {"segment s when user.age > user.spend", "ann"},
    {"segment s when user.spend < user.age and user.age != user.spend", "ann"},
    {"segment s when user.age / 0.000000000000000001 > 0.000000000000000001 / user.spend",
     "ann"},
    {"segment s when 0.000000000000000001 / user.age < user.age / 0.000000000000000001",
     "ann"},
};

static const edge of_events[] = {
    /* as of the time of each event; it is among what was done by then */
    {"let seen = count(view)\nsegment s when did view where ((seen as of time) = 2)",
     "ann"},
    {"let seen = count(view)\nsegment s when did view where ((seen as of time) = 0)", ""},
    {"let seen = count(view)\n"
     "segment s when sum(purchase.(qty - (seen as of time))) = 5",
     "ann"},
    {"segment b when did purchase\n"
     "segment s when did purchase where (in b as of time and not in b as of (time - 1 "
     "second))",
     "ann"},
    /* what is asked of events depends on now, too */
    {"let fresh = count(view where (time > 12 hours ago))\n"
     "segment s when count(view where ((fresh as of time) = 1)) = 2",
     "ann"},
    {"let fresh = count(view where (time >= 12 hours ago))\n"
     "segment s when count(view where ((fresh as of time) = 2)) = 1",
     "ann"},
    {"let near = count(view within 1 day before any view)\n"
     "segment s when count(view where ((near as of time) = 1)) = 1",
     "ann"},
    {"let visits = count(session)\n"
     "segment s when did view where ((visits as of time) = 3)",
     "ann"},
    {"let done = count((purchase then view))\n"
     "segment s when count(view where ((done as of time) = 1)) = 2 and did not purchase "
     "where ((done as of time) = 1)",
     "ann"},
    {"event m = (purchase then view)\nlet n = count((m or purchase))\n"
     "segment s when count(view where ((n as of time) = 2)) = 2",
     "ann"},
    {"let bought = count(purchase)\n"
     "let looked = count(view where ((bought as of time) = 1))\n"
     "segment s when count(view where ((looked as of time) >= 1)) = 2",
     "ann"},
    {"let seen = count(view)\n"
     "event again = anything where ((seen as of time) = 2)\n"
     "segment s when last again.nth = 1",
     "ann"},
    {"segment looked judged every day when count(view) = 1\n"
     "segment s when count(view where (in looked as of time)) = 2",
     "ann"},
    /* a window that ends at the event that is asked */
    {"segment s when did view where (did purchase within 1 month before time)", ""},
    {"segment s when count(view where (did purchase since (time - 80 days))) = 2", "ann"},
    {"segment s when did purchase where (did view after time)", "ann"},
    {"segment s when did view where (did view after time)", "ann"},
    {"segment s when did view where (did (purchase then view) before time)", "ann"},
    {"segment s when did view where (did not (purchase then view) before time)", "ann"},
    {"segment s when count(view where (did (purchase then view) before time)) = 1",
     "ann"},
    /* a date in a window that ends before it begins; matches at one event are one */
    {"segment s when user.start between 2026-02-28T12:00 and (user.joined + 27 days)",
     ""},
    {"event a = (purchase then view)\nevent b = (session then view)\n"
     "segment s when count((a or b)) = 2 and count(a) = 1 and count(b) = 2",
     "ann"},
};

static void check_edges(const edge *edges, size_t count, const char *now)
{
    world *w = two_people();
    for (size_t i = 0; i < count; i++) {
        char *members = world_members(w, edges[i].rules, "s", now);
        if (strcmp(members, edges[i].members) != 0)
            fail_msg("%s\n  is    \"%s\"\n  not   \"%s\"", edges[i].rules, members,
                     edges[i].members);
        memory_free(members);
    }
    world_free(w);
}

static void edges_are_as_defined(void **state)
{
    (void)state;
    check_edges(cases, sizeof cases / sizeof *cases, NOW);
}

static void events_are_seen_from_each_other(void **state)
{
    (void)state;
    check_edges(of_events, sizeof of_events / sizeof *of_events, "2026-04-01T00:00:00Z");
}

#define KEEN "segment keen judged every month when did view stay while did purchase\n"

/* What other people are, or were in the time before, is asked at one instant for all. */
static void others_are_judged_at_one_instant(void **state)
{
    static const char *const rules[] = {
        "segment j judged every month when true stay while true\n"
        "segment a among j when true\n"
        "segment s when in a as of user.joined",
        "segment buyers when did purchase\n"
        "segment friends when user.mate in buyers\n"
        "segment s when in friends as of user.joined",
        "segment buyers when did purchase\n"
        "let x = if user.mate in buyers then 1 else 0\n"
        "segment s when did view where ((x as of time) = 1)",
        "let place = rank(count(view))\n"
        "segment s when did view where ((place as of time) = 1)",
        "let place = rank(count(view))\n"
        "segment s when did purchase where ((place as of (if \"x\" in tags then "
        "2026-01-01 "
        "else 2026-02-01)) < 3)",
        KEEN "event e = purchase where (in keen)\nlet n = count(e)\n"
             "segment s when did purchase where ((n as of time) > 0)",
        KEEN "event e = purchase where (in keen)\n"
             "let n = count(view within 3 days of any e)\n"
             "segment s when (n as of user.joined) > 0",
        KEEN
        "event e = (view then purchase where (in keen))\nevent f = e where (qty > 1)\n"
        "segment t when did f\nsegment s when in t as of first purchase",
        KEEN "event e = purchase where (in keen)\nscore n plus 1 each e\n"
             "segment s when (n as of first purchase) = 1",
    };
    (void)state;
    world *w = two_people();
    world_trait(w, "mate", "person");
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        char *messages = world_members(w, rules[i], "s", NOW);
        if (!strstr(messages, "E0112"))
            fail_msg("%s\n%s", rules[i], messages);
        memory_free(messages);
    }
    world_free(w);
}

/* Both ends of `within` are in: of no length it holds one instant. */
static void windows_of_no_length(void **state)
{
    static const world_case cases[] = {
        {"did a within 0 seconds after first b", NOW, "same"},
        {"did a within 0 days before first b", NOW, "same"},
        {"did a within 0 days of first b", NOW, "same"},
        {"did a within 0 seconds of any b", NOW, "same"},
        {"did (a then b within 0 seconds)", NOW, "same"},
        {"did a within 0 seconds of first a", NOW, "later same sooner"},
    };
    world *w = world_new("UTC");
    (void)state;
    world_kind(w, "a", "");
    world_kind(w, "b", "");
    world_did(w, "sooner", "a", "2026-01-10T09:59:59.999999Z", "");
    world_did(w, "same", "a", "2026-01-10T10:00:00Z", "");
    world_did(w, "later", "a", "2026-01-10T10:00:00.000001Z", "");
    world_did(w, "sooner", "b", "2026-01-10T10:00:00Z", "");
    world_did(w, "same", "b", "2026-01-10T10:00:00Z", "");
    world_did(w, "later", "b", "2026-01-10T10:00:00Z", "");
    world_check(w, cases, sizeof cases / sizeof *cases);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_are_as_defined),
        cmocka_unit_test(events_are_seen_from_each_other),
        cmocka_unit_test(others_are_judged_at_one_instant),
        cmocka_unit_test(windows_of_no_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
