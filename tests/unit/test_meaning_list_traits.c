/* SPDX-License-Identifier: MIT
 *
 * What lists mean that people have: what is asked of them is asked of the one that was set
 * last, at or before now.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define NOON          "2026-03-31T12:00:00Z"

/* ann's tags changed, the later ones came first; bob's were taken away again; cy got his twice
 * at one instant; dot will get hers; eve never had any. */
static world *made_world(void)
{
    world *w = world_new("Europe/Berlin");
    world_trait(w, "tags", "[string]");
    world_trait(w, "interests", "[key string, points int]");
    world_kind(w, "purchase", "store string, tags [string]"); /* behind the traits */
    world_trait(w, "plan", "string");
    world_has(w, "ann", "tags", "2026-03-20T12:00:00Z", "[\"vip\", \"press\"]");
    world_has(w, "ann", "tags", NULL, "[\"beta\"]");
    world_has(w, "bob", "tags", "2026-03-01T00:00:00Z", "[\"vip\"]");
    world_has(w, "bob", "tags", "2026-03-20T12:00:00Z", "[]");
    world_has(w, "cy", "tags", "2026-03-20T12:00:00Z", "[\"old\"]");
    world_has(w, "cy", "tags", "2026-03-20T12:00:00Z", "[\"vip\", missing, \"vip\"]");
    world_has(w, "dot", "tags", "2026-03-31T12:00:00.000001Z", "[\"vip\"]");
    world_has(w, "eve", "plan", NULL, "\"vip\"");
    world_has(w, "ann", "interests", NULL,
              "[(key=\"cars\", points=60), (key=\"tea\", points=5)]");
    world_has(w, "bob", "interests", NULL, "[(key=\"cars\", points=30)]");
    world_has(w, "cy", "interests", NULL, "[(key=\"cars\"), (key=\"tea\", points=70)]");
    world_did(w, "ann", "purchase", "2026-03-10T12:00:00Z",
              "store=\"vip\", tags=[\"gift\"]");
    world_did(w, "bob", "purchase", "2026-03-10T12:00:00Z", "store=\"x\"");
    return w;
}

static void test_values(void **state)
{
    static const world_case cases[] = {
        {"\"vip\" in user.tags", NOON, "ann cy"},
        {"\"vip\" not in user.tags", NOON, "bob dot eve"},
        {"not (\"vip\" in user.tags)", NOON, "bob dot eve"},
        {"user.tags contains \"vip\"", NOON, "ann cy"},
        {"user.tags not contains \"vip\"", NOON, "bob dot eve"},
        {"\"vi\" in user.tags", NOON, ""},
        {"\"beta\" in user.tags", NOON, ""},
        {"\"old\" in user.tags", NOON, ""},
        {"user.plan in user.tags", NOON, ""},
        /* at each instant the list that was known then, its first microsecond included */
        {"\"vip\" in user.tags", "2026-03-31T12:00:00.000001Z", "ann cy dot"},
        {"\"vip\" in user.tags", "2026-03-20T11:59:59.999999Z", "bob"},
        {"(\"vip\" in user.tags) = true", "2026-03-20T12:00:00Z", "ann cy"},
        {"segment v when \"vip\" in user.tags\n"
         "segment s when in v as of 2026-03-15",
         NOON, "bob"},
        {"segment v when \"beta\" in user.tags\n"
         "segment s when in v as of 2026-03-15",
         NOON, "ann"},
        /* one that is missing is an item, but no value */
        {"count(user.tags) = 2", NOON, "ann cy"},
        {"count(user.tags) = 0", NOON, "bob dot eve"},
        {"distinct(user.tags) = 1", NOON, "cy"},
        {"most_common(user.tags) = \"vip\"", NOON, "cy"},
        {"most_common(user.tags) is missing", NOON, "bob dot eve"},
        /* inside a `where` it is the person's, beside the list of the event itself */
        {"did purchase where (\"vip\" in user.tags)", NOON, "ann"},
        {"did purchase where (\"vip\" in user.tags and \"gift\" in tags)", NOON, "ann"},
        {"did purchase where (count(user.tags) = 0)", NOON, "bob"},
        {"did anything", NOON, "ann bob"},
        {"count(anything) = 1", NOON, "ann bob"},
    };
    world *w = made_world();
    (void)state;
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

static void test_several(void **state)
{
    static const world_case cases[] = {
        {"user.tags has any of (\"vip\", \"x\")", NOON, "ann cy"},
        {"user.tags has any of (\"x\")", NOON, ""},
        {"user.tags has all of (\"vip\", \"press\")", NOON, "ann"},
        {"user.tags has all of (\"vip\")", NOON, "ann cy"},
        {"user.tags has none of (\"vip\", \"press\")", NOON, "bob dot eve"},
        {"user.tags has none of (\"press\")", NOON, "bob cy dot eve"},
        {"not (user.tags has any of (\"press\", \"x\"))", NOON, "bob cy dot eve"},
        {"user.tags has any of (\"beta\", \"vip\") and did purchase", NOON, "ann"},
        {"segment v when user.tags has all of (\"beta\", \"beta\")\n"
         "segment s when in v as of 2026-03-15",
         NOON, "ann"},
        {"did purchase where (tags has any of (\"gift\", \"x\"))", NOON, "ann"},
        {"did purchase where (tags has none of (\"gift\", \"x\"))", NOON, "bob"},
        {"did purchase where (user.tags has all of (\"vip\", \"press\"))", NOON, "ann"},
    };
    world *w = made_world();
    (void)state;
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

static void test_records(void **state)
{
    static const world_case cases[] = {
        {"count(user.interests) = 2", NOON, "ann cy"},
        {"count(user.interests.points) = 1", NOON, "bob cy"},
        {"count(user.interests where (key = \"cars\" and points > 45)) > 0", NOON, "ann"},
        {"max(user.interests.points where (key = \"cars\")) > 20", NOON, "ann bob"},
        {"sum(user.interests.points) >= 65", NOON, "ann cy"},
        {"sum(user.interests.points) = 0", NOON, "dot eve"},
        {"max(user.interests.points) is missing", NOON, "dot eve"},
        {"did user.interests", NOON, "ann bob cy"},
        {"did not user.interests", NOON, "dot eve"},
        {"did user.interests where (key = \"cars\" and points > 45)", NOON, "ann"},
        {"did not user.interests where (key = \"cars\" and points > 45)", NOON,
         "bob cy dot eve"},
        {"did user.interests where (points is missing or points < 10)", NOON, "ann cy"},
        {"did user.interests at least twice", NOON, "ann cy"},
        {"did user.interests where (nth = 2 and key = \"tea\")", NOON, "ann cy"},
        {"did user.tags where (value starts with \"v\") at least twice", NOON, "cy"},
        {"share(user.interests where (key = \"tea\")) = 50%", NOON, "ann cy"},
    };
    world *w = made_world();
    (void)state;
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

static void test_mistakes(void **state)
{
    static const struct {
        const char *condition, *message;
    } cases[] = {
        {"user.tags = \"vip\"", "\"user.tags\" is a list of several values"},
        {"user.interests.points > 3", "\"user.interests\" is a list of several items"},
        {"user.tags is missing", "Write \"... in user.tags\""},
        {"last change of user.tags before 2026-01-01", "is a list of several values"},
        {"\"vip\" in user.interests", "did user.interests where (... = ...)"},
        {"5 in user.tags", "a number cannot be one of \"tags\""},
        {"\"vip\" in user.plan", "\"user.plan\" is one value, not a list"},
        {"\"vip\" in user.tag", "Did you mean \"tags\"?"},
        {"user.plan has any of (\"vip\")", "\"user.plan\" is none"},
        {"user.tags has any of (5)", "a number cannot be one of \"tags\""},
        {"did user.plan", "\"user.plan\" is a trait with one value"},
        {"did user.interest", "Did you mean \"interests\"?"},
        {"did user.tags in last 3 days", "no window goes with them"},
        {"did user.interests where (time before 2026-01-01)", "Only events have it"},
        {"did purchase where (store in user.tags)", "a value of each event cannot be"},
        {"did `user.tags`", "no event is named \"user.tags\""},
        {"did purchase in last 1 `user.tags`", "neither a unit of time nor an event"},
        {"\"vip\" in account.tags", "is about accounts, and this rule about people"},
    };
    world *w = made_world();
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        char rules[200];
        snprintf(rules, sizeof rules, "segment s when %s", cases[i].condition);
        world_rules *r = world_compile(w, rules);
        if (r->book || !strstr(r->messages, cases[i].message))
            fail_msg("%s\nis       %s\nexpected %s", rules,
                     r->messages ? r->messages : "", cases[i].message);
        world_rules_free(r);
    }
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_several),
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
