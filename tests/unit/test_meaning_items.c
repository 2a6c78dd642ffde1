/* SPDX-License-Identifier: MIT
 *
 * What lists and records inside events mean: the items of each event by itself, whatever rows
 * stand for the event; names of the item before those of the event that holds it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "graph/print.h"
#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define NOON          "2026-03-31T12:00:00Z"
#define DID           "did purchase where "

/* ann bought twice, the later one first; bob bought nothing in particular; cy returned; dot
 * only looked; eve returned, looked, and bought. */
static world *made_world(void)
{
    world *w = world_new("Europe/Berlin");
    world_kind(w, "purchase",
               "amount decimal(2), address.city string, address.since date, "
               "items [sku string, price decimal(2), qty int, maker.name string, "
               "shipped time, gift bool], tags [string], cart.marks [int], "
               "helpers [person], stays [duration]");
    world_kind(w, "refund",
               "items [sku string, price decimal(2), qty string], "
               "tags [string]");
    world_kind(w, "look", "page string");
    world_trait(w, "plan", "string");
    world_trait(w, "home.city", "string");
    world_has(w, "ann", "plan", NULL, "\"free\"");
    world_has(w, "ann", "plan", "2026-03-05T12:00:00Z", "\"pro\"");
    world_has(w, "bob", "home.city", NULL, "\"Rome\"");
    world_did(w, "ann", "purchase", "2026-03-05T10:00:00Z",
              "amount=12.50, address.city=\"Berlin\", address.since=2020-05-01, "
              "items=[(sku=\"A\", price=100.01, qty=2, maker.name=\"x\", "
              "shipped=2026-03-06T00:00:00Z, gift=true), (sku=\"B\", price=200, qty=1)], "
              "tags=[\"gift\", \"new\"], cart.marks=[3, 4], helpers=[\"bob\"]");
    world_did(w, "ann", "purchase", "2026-03-01T10:00:00Z",
              "amount=10, items=[(sku=\"C\", price=1)], tags=[]");
    world_did(w, "bob", "purchase", "2026-03-02T10:00:00Z",
              "amount=10, items=[], tags=[missing]");
    world_did(
        w, "cy", "refund", "2026-03-04T10:00:00Z",
        "items=[(sku=\"A\", price=7, qty=\"2\"), (sku=\"A\")], tags=[\"gift\", missing]");
    world_did(w, "dot", "look", "2026-03-04T10:00:00Z", "page=\"p\"");
    world_did(w, "eve", "refund", "2026-03-01T10:00:00Z", "items=[(sku=\"Z\", price=3)]");
    world_did(w, "eve", "look", "2026-03-02T10:00:00Z", NULL);
    world_did(w, "eve", "purchase", "2026-03-03T10:00:00Z",
              "amount=1, items=[(sku=\"Z\", price=3.50, qty=1)], tags=[\"a\"]");
    return w;
}

static const world_case conditions[] = {
    /* records */
    {DID "(address.city = \"Berlin\")", NOON, "ann"},
    {DID "(address.city != \"Berlin\")", NOON, "ann bob eve"},
    {DID "(address.since.year = 2020)", NOON, "ann"},
    {"last purchase.address.city = \"Berlin\"", NOON, "ann"},
    {"max(purchase.address.since) = 2020-05-01", NOON, "ann"},
    {"last purchase.address.since.month_of_year = 5", NOON, "ann"},
    {"user.home.city = \"Rome\"", NOON, "bob"},
    {"last (purchase or look).address.city = \"Berlin\"", NOON, "ann"},
    /* how many, which */
    {DID "(count(items) = 0)", NOON, "bob"},
    {DID "(did items)", NOON, "ann eve"},
    {DID "(did not items)", NOON, "bob"},
    {DID "(did items at least 2 times)", NOON, "ann"},
    {DID "(did items where (sku = \"B\"))", NOON, "ann"},
    {DID "(count(items where (price > 100)) >= 2)", NOON, "ann"},
    {DID "(count(items where (price > 100.01)) >= 2)", NOON, ""},
    {DID "(count(items where (price > 100)) = 1)", NOON, ""},
    {DID "(count(items.maker.name) = 1)", NOON, "ann"},
    {DID "(did items where (gift))", NOON, "ann"},
    {DID "(did items where (not (gift)))", NOON, "ann eve"},
    /* each aggregate */
    {DID "(sum(items.price) = 300.01)", NOON, "ann"},
    {DID "(sum(items.price) = 0)", NOON, "bob"},
    {DID "(sum(items.(price * qty)) = 400.02)", NOON, "ann"},
    {DID "(avg(items.price) = 3.50)", NOON, "eve"},
    {DID "(min(items.price) = 100.01 and max(items.price) = 200)", NOON, "ann"},
    {DID "(max(items.price) is missing)", NOON, "bob"},
    {DID "(distinct(items.sku) = 2)", NOON, "ann"},
    {DID "(share(items where (qty >= 2)) = 50%)", NOON, "ann"},
    {DID "(first items.sku = \"A\" and last items.sku = \"B\")", NOON, "ann"},
    {DID "(last items.maker.name is missing and first items.maker.name = \"x\")", NOON,
     "ann"},
    {DID "(median(items.price) = 150.005)", NOON, "ann"},
    {DID "(quantile(items.price, 100%) = 200)", NOON, "ann"},
    {DID "(stddev(items.qty) > 0.7)", NOON, "ann"},
    {DID "(most_common(items.sku) = \"B\")", NOON, "ann"},
    {DID "(first items.gift)", NOON, "ann"},
    /* names of the item, its number, and of the event that holds it */
    {DID "(did items where (nth = 2 and sku = \"B\"))", NOON, "ann"},
    {DID "(did items where (price < amount))", NOON, "ann"},
    {DID "(did items where (price > 10 * amount))", NOON, "ann"},
    {DID "(did items where (shipped > time))", NOON, "ann"},
    {DID "(did items where (address.city = \"Berlin\" and qty = 1))", NOON, "ann"},
    {DID "(did items where (event = \"purchase\" and time.hour = 11))", NOON, "ann eve"},
    {DID "(did items where (count(tags) = 1))", NOON, "eve"},
    {DID "(did items where (\"gift\" in tags and sku = \"A\"))", NOON, "ann"},
    {DID "(did items where (price >= avg(purchase.amount)))", NOON, "ann eve"},
    {DID "(did items where (user.plan as of shipped = \"pro\"))", NOON, "ann"},
    {DID "(did items where (user.plan as of time = \"pro\"))", NOON, ""},
    {DID "(did items where (user.plan = \"pro\" and qty = 2))", NOON, "ann"},
    {"last purchase.(last items.sku) = \"B\" and first purchase.(last items.sku) = \"C\"",
     NOON, "ann"},
    {"most_common(purchase.(first items.maker.name)) = \"x\"", NOON, "ann"},
    /* lists of values */
    {DID "(\"gift\" in tags)", NOON, "ann"},
    {DID "(\"gift\" not in tags)", NOON, "ann bob eve"},
    {DID "(tags contains \"gift\")", NOON, "ann"},
    {DID "(tags not contains \"gift\" and amount = 10)", NOON, "ann bob"},
    {DID "(count(tags) = 0)", NOON, "ann bob"},
    {DID "(did tags)", NOON, "ann bob eve"}, /* a missing value is an item, too */
    {DID "(did tags where (value is missing))", NOON, "bob"},
    {DID "(count(tags where (value in (\"new\", \"a\"))) = 1)", NOON, "ann eve"},
    {DID "(last tags = \"new\" and distinct(tags) = 2)", NOON, "ann"},
    {DID "(4 in cart.marks and sum(cart.marks) = 7)", NOON, "ann"},
    {DID "(3.5 in cart.marks)", NOON, ""},
    {DID "(count(cart.marks where (value > 3)) = 1)", NOON, "ann"},
    {DID "(did items where (sku in tags))", NOON, ""},
    {DID "(did items where (qty + 2 in cart.marks and sku = \"A\"))", NOON, "ann"},
    {DID "(count(items where (qty + 2 in cart.marks)) = 2)", NOON, "ann"},
    {DID "(did items where (cart.marks not contains qty + 2))", NOON, "ann eve"},
    {DID "(count(items where (tags contains maker.name)) = 0)", NOON, "ann bob eve"},
    /* events of several kinds; one without the list has no items */
    {"did (purchase or refund) where (did items where (sku = \"A\"))", NOON, "ann cy"},
    {"did (purchase or refund) where (sum(items.price) = 7)", NOON, "cy"},
    {"did (purchase or look) where (did not items)", NOON, "bob dot eve"},
    {"did anything where (count(items) = 2)", NOON, "ann cy"},
    {"did anything where (\"gift\" in tags and did items where (price = 7))", NOON, "cy"},
    {"did (purchase where (amount > 10) or refund) where (did items where (nth = 2))",
     NOON, "ann cy"},
    /* declared events, matches */
    {"event cheap = purchase where (amount <= 10)\n"
     "segment s when did cheap where (did items where (sku = \"C\"))",
     NOON, "ann"},
    {"event cheap = purchase where (amount <= 10)\n"
     "segment s when did cheap where (nth = 1 and count(items) = 1)",
     NOON, "ann eve"},
    {"event kept = purchase where (count(items) > 1)\n"
     "segment s when count(kept) = 1 and last kept.amount = 12.50",
     NOON, "ann"},
    {"event back = (refund then look then purchase)\n"
     "segment s when did back where (count(items where (price >= 3.5)) = 1)",
     NOON, "eve"},
    {"event back = (refund then look then purchase)\n"
     "segment s when did back where (sum(items.qty) = 1)",
     NOON, "eve"},
    {"did (refund where (did items) then look then purchase where (\"a\" in tags))", NOON,
     "eve"},
    {"did (refund then purchase where (did items)) all within 2 days", NOON, "eve"},
    /* windows belong to the event */
    {DID "(did items) in last 28 days", NOON, "ann"},
    {"count(purchase where (did items) in last 31 days) = 2", NOON, "ann"},
    {"did purchase where (max(items.price) > 100) in last 1 purchase", NOON, "ann"},
    {DID "(did items)", "2026-02-01T00:00:00Z", ""},
    {"did look within 2 days after any refund where (did items where (sku = \"Z\"))",
     NOON, "eve"},
};

static void test_conditions(void **state)
{
    world *w = made_world();
    (void)state;
    world_check(w, conditions, LENGTH(conditions));
    world_free(w);
}

static void test_values(void **state)
{
    static const world_value_case cases[] = {
        {"sum(purchase.(count(items)))", "ann", NOON, "3"},
        {"sum(purchase.(count(items)))", "bob", NOON, "0"},
        {"sum(purchase.(sum(items.price)))", "ann", NOON, "301.01"},
        {"max(purchase.(sum(items.(price * qty))))", "ann", NOON, "400.02"},
        {"sum((purchase or refund).(count(items)))", "eve", NOON, "2"},
        {"sum((purchase or look).(count(items)))", "eve", NOON, "1"},
        {"distinct(purchase.(first tags))", "ann", NOON, "1"},
    };
    world *w = made_world();
    (void)state;
    world_check_values(w, cases, LENGTH(cases));
    world_free(w);
}

/* The value of an item can be a person, of whom membership is asked. */
static void test_persons(void **state)
{
    static const world_case cases[] = {
        {"segment romans when user.home.city = \"Rome\"\n"
         "segment s when did purchase where (did helpers where (value in romans))",
         NOON, "ann"},
    };
    world *w = made_world();
    (void)state;
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* Properties of one name and different types: those of the event that is meant count. */
static void test_other_types(void **state)
{
    static const world_case cases[] = {
        {"event back = (refund then look then purchase)\n"
         "segment s when did back where (max(items.qty) = 1)",
         NOON, "eve"},
        {"event forth = (purchase then no refund)\n"
         "segment s when did forth where (sum(items.qty) = 1)",
         NOON, "eve"},
    };
    world *w = made_world();
    (void)state;
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* Accounts see the items of their people's events. */
static void test_accounts(void **state)
{
    world *w = world_new("UTC");
    world_kind(w, "purchase", "items [price int], tags [string]");
    world_trait(w, "company", "string");
    schema_add_accounts(w->schema, 0, w->memory);
    world_has(w, "a", "company", NULL, "\"one\"");
    world_has(w, "b", "company", NULL, "\"two\"");
    world_has(w, "c", "company", NULL, "\"one\"");
    world_did(w, "a", "purchase", "2026-03-05T10:00:00Z", "items=[(price=1), (price=2)]");
    world_did(w, "b", "purchase", "2026-03-05T10:00:00Z",
              "items=[(price=3)], tags=[\"x\"]");
    world_did(w, "c", "purchase", "2026-03-04T10:00:00Z", "items=[(price=4), (price=5)]");
    world_case cases[] = {
        {"segment s for each account when sum(purchase.(sum(items.price))) = 12", NOON,
         "one"},
        {"segment s for each account when first purchase.(first items.price) = 4", NOON,
         "one"},
        {"segment s for each account when did purchase where (\"x\" in tags)", NOON,
         "two"},
    };
    (void)state;
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* ---- the graph ------------------------------------------------------------------------- */

static void test_graph_shows_items(void **state)
{
    static const char rules[] = "segment s when did (purchase or look) where "
                                "(count(items where (price > 1)) > 1)";
    static const char *const shown[] = {
        "price  : decimal(2) of purchase.items\n",
        " items (purchase or look).items  : window of (purchase or look)\n",
        " of (purchase or look).items\n",
    };
    world *w = made_world();
    text out;
    (void)state;
    text_init(&out);
    world_rules *r = world_compile(w, rules);
    if (r->graph == NULL)
        fail_msg("%s", r->messages);
    graph_print_text(r->graph, &out);
    for (size_t i = 0; i < LENGTH(shown); i++)
        if (strstr(out.data, shown[i]) == NULL)
            fail_msg("no \"%s\" in\n%s", shown[i], out.data);
    text_done(&out);
    world_rules_free(r);
    world_free(w);
}

/* ---- mistakes -------------------------------------------------------------------------- */

static void test_mistakes(void **state)
{
    static const struct {
        const char *condition, *message;
    } cases[] = {
        {DID "(items.price > 100)",
         "\"items\" is a list of several items, and one value is "},
        {DID "(tags = \"gift\")",
         "\"tags\" is a list of several values, and one value is "},
        {DID "(count(items in last 3 days) > 1)",
         "the items of \"items\" have no time of"},
        {DID "(did (items or tags))", "the list \"items\" cannot be one of several"},
        {DID "(did (items then tags))",
         "the list \"items\" cannot be a step of a sequence"},
        {DID "(days_with(items) > 1)",
         "the items of \"items\" have no time of their own"},
        {DID "(last items > 2026-01-01)",
         "the items of \"items\" have no time of their own"},
        {DID "(sum(items) > 1)", "\"sum\" needs a property of the event"},
        {DID "(sum(tags) > 1)", "\"sum\" needs numbers or durations, and this is a text"},
        {DID "(sum(items.colour) > 1)", "items has no property named \"colour\""},
        {DID "(5 in tags)", "a number cannot be one of \"tags\", whose items are a text"},
        {DID "(\"A\" in items)",
         "\"items\" is a list of records, and this asks for one of"},
        {DID "(address.citty = \"x\")", "purchase has no property named \"address\""},
        {DID "(items.sku contains \"A\")",
         "\"items\" is a list of several items, and one"},
        {DID "(1 month in stays)", "months, quarters and years have no fixed length"},
        {"did items", "no event is named \"items\""},
        {"count(purchase.items) > 1", "purchase has no property named \"items\""},
        {"did look within 2 days of any items", "no event is named \"items\""},
        {"did look where (count(items) > 1)", "no event is named \"items\""},
        {"user.home.citi = \"x\"", "people have no trait named \"home\""},
    };
    world *w = made_world();
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        char rules[256];
        snprintf(rules, sizeof rules, "segment s when %s", cases[i].condition);
        world_rules *r = world_compile(w, rules);
        if (r->book != NULL || strstr(r->messages, cases[i].message) == NULL)
            fail_msg("%s\n%s", rules, r->book != NULL ? "is taken" : r->messages);
        world_rules_free(r);
    }
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conditions), cmocka_unit_test(test_values),
        cmocka_unit_test(test_persons),    cmocka_unit_test(test_other_types),
        cmocka_unit_test(test_accounts),   cmocka_unit_test(test_graph_shows_items),
        cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
