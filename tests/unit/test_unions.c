/* SPDX-License-Identifier: MIT
 *
 * Folds over events of several kinds: which of them need no common table of the rows, and
 * what comes out where kinds overlap, times are equal, or nothing is there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/memory.h"
#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define NOON          "2026-03-31T12:00:00Z"

static const char declarations[] =
    "event big = a where (n >= 5)\n"
    "event red = a where (colour = \"red\")\n"
    "event both = (a or b)\n"
    "event either = (a or b) where (colour is not missing)\n"
    "event pair = (a then b within 1 day)\n";

static world *make_world(void)
{
    world *w = world_new("UTC");
    world_kind(w, "a", "n int, m decimal(2), colour string, weight number, v version");
    world_kind(w, "b", "n int, m decimal(2), colour string, weight number, v version");
    world_kind(w, "c", "colour string");
    world_trait(w, "t", "int");
    return w;
}

/* ---- which of them need a union --------------------------------------------------------- */

static bool has_union_below(const graph *g, uint32_t id)
{
    const domain *d = graph_domain(g, id);
    bool found = d->kind == DOMAIN_UNION;
    for (size_t i = 0; i < d->member_count && !found; i++)
        found = has_union_below(g, d->members[i]);
    return found;
}

static bool has_union(const graph *g)
{
    bool found = false;
    for (size_t i = 0; i < g->node_count && !found; i++)
        found = has_union_below(g, g->nodes[i]->domain) ||
                has_union_below(g, g->nodes[i]->rows);
    return found;
}

static void check_unions(const char *const *conditions, size_t count, bool is_expected)
{
    world *w = make_world();
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        char rules[800];
        snprintf(rules, sizeof rules, "%ssegment s when %s", declarations, conditions[i]);
        world_rules *r = world_compile(w, rules);
        if (!r->graph)
            fail_msg("%s: %s", conditions[i], r->messages);
        if (has_union(r->graph) != is_expected) {
            print_error("%s a union: %s\n", is_expected ? "without" : "with",
                        conditions[i]);
            wrong++;
        }
        world_rules_free(r);
    }
    world_free(w);
    assert_int_equal(wrong, 0);
}

static void test_without_union(void **state)
{
    static const char *const conditions[] = {
        "did (a or b)",
        "did (a or b) at least 3 times in last 7 days",
        "count((a or b) where (colour = \"red\")) > 2",
        "count((a or b).n) > 2",
        "count(anything where (event = \"a\" or event = \"c\")) > 2",
        "count((a or big)) > 2",
        "count((big or red)) > 2",
        "count((big or red or b)) > 2",
        "count(either) > 2",
        "count((either or big) where (n > 1)) > 2",
        "min((a or b).n) > 2",
        "max((a or b).m) > 2",
        "max((big or red).m) > 2",
        "last (a or b) before 7 days ago",
        "first anything before 7 days ago",
        "share((a or b) where (n > 1)) > 20%",
        "did (a or b) in at least 2 of last 3 weeks",
    };
    (void)state;
    check_unions(conditions, LENGTH(conditions), false);
}

/* The order of rows of several kinds matters. */
static void test_with_union(void **state)
{
    static const char *const conditions[] = {
        "did both where (gap > 1 day)",
        "did both where (n > 1) at least twice in a row",
        "did both where (n > 1) in last 3 both",
        "did (a then (b or c)) at least twice",
    };
    (void)state;
    check_unions(conditions, LENGTH(conditions), true);
}

/* ---- what comes out --------------------------------------------------------------------- */

/* ann did both kinds, some at the same instant and some on the same day; bob only b; cid
 * nothing but c; dea values that are missing. */
static world *make_people(void)
{
    world *w = make_world();
    world_did(w, "ann", "b", "2026-03-01T10:00:00Z", "n=2, m=1.50, colour=\"blue\"");
    world_did(w, "ann", "a", "2026-03-01T10:00:00Z", "n=7, m=2.50, colour=\"red\"");
    world_did(w, "ann", "a", "2026-03-01T23:00:00Z", "n=7, m=9.25, colour=\"red\"");
    world_did(w, "ann", "b", "2026-03-30T08:00:00Z", "n=5, m=0.25, colour=\"red\"");
    world_did(w, "ann", "a", "2026-03-30T08:00:00Z", "n=1, m=3.00, colour=\"green\"");
    world_did(w, "bob", "b", "2026-03-10T08:00:00Z", "n=3, colour=\"blue\"");
    world_did(w, "cid", "c", "2026-03-10T08:00:00Z", "colour=\"red\"");
    world_did(w, "dea", "a", "2026-03-20T08:00:00Z", "n=6");
    world_did(w, "dea", "b", "2026-03-21T08:00:00Z", "");
    return w;
}

#define VALUE(expression, person, value)                                                 \
    {                                                                                    \
        expression, person, NOON, value                                                  \
    }

static void check_values(const world_value_case *cases, size_t count)
{
    world *w = make_people();
    world_value_case *whole = memory_alloc_array(count, sizeof *whole);
    for (size_t i = 0; i < count; i++) {
        char rules[800];
        whole[i] = cases[i];
        snprintf(rules, sizeof rules, "%sscore s = %s", declarations, cases[i].rules);
        whole[i].rules = arena_copy_string(w->memory, rules);
    }
    world_check_values(w, whole, count);
    memory_free(whole);
    world_free(w);
}

static void test_counts(void **state)
{
    static const world_value_case cases[] = {
        VALUE("count((a or b))", "ann", "5"),
        VALUE("count((a or b))", "bob", "1"),
        VALUE("count((a or b))", "cid", "0"),
        VALUE("count(anything)", "ann", "5"),
        VALUE("count(anything)", "cid", "1"),
        VALUE("count((a or b) in last 7 days)", "ann", "2"),
        VALUE("count((a or b).colour)", "dea", "0"),
        VALUE("count((a or b).n)", "dea", "1"),
        VALUE("count((a or b) where (event = \"b\"))", "ann", "2"),
        /* a row that is several of the events counts once */
        VALUE("count((a or big))", "ann", "3"),
        VALUE("count((big or red))", "ann", "2"),
        VALUE("count((big or red))", "dea", "1"),
        VALUE("count((big or red or b))", "ann", "4"),
        VALUE("count((big or red or b where (n > 2)))", "ann", "3"),
        VALUE("count((big or red) where (n > 6))", "ann", "2"),
        VALUE("count((either or big) where (n >= 5))", "ann", "3"),
        VALUE("count((either or big))", "dea", "1"),
        /* a match is a row beside the event that completes it */
        VALUE("count(pair)", "ann", "0"),
        VALUE("count((pair or b))", "dea", "2"),
    };
    (void)state;
    check_values(cases, LENGTH(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_union),
        cmocka_unit_test(test_with_union),
        cmocka_unit_test(test_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
