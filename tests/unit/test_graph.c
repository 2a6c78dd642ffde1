/* SPDX-License-Identifier: MIT
 *
 * The graph of rules: equal conditions are one node, what can be known is known, what
 * nobody needs is gone, and what is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "graph/print.h"
#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static world *shop;

static int set_up(void **state)
{
    (void)state;
    shop = world_new("UTC");
    world_kind(shop, "buy", "amount decimal(2), qty int, weight number, store string");
    world_kind(shop, "look", "store string");
    world_trait(shop, "points", "int");
    world_trait(shop, "country", "string");
    world_trait(shop, "flag", "bool");
    world_trait(shop, "at", "time");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_free(shop);
    return 0;
}

static world_rules *compile(const char *rules)
{
    world_rules *r = world_compile(shop, rules);
    if (r->graph == NULL)
        fail_msg("%s", r->messages);
    return r;
}

/* ---- hash-consing ---------------------------------------------------------------------- */

/* A test of a value for each person; what only joins such tests is none. */
static bool is_condition(const node *n)
{
    return n->type.kind == TYPE_BOOL && n->domain == PEOPLE && !node_is_window(n->kind) &&
           n->kind != NODE_AND && n->kind != NODE_OR && n->kind != NODE_NOT;
}

static size_t count_conditions(const graph *g)
{
    size_t count = 0;
    for (size_t i = 0; i < g->node_count; i++)
        count += is_condition(g->nodes[i]);
    return count;
}

static size_t count_kind(const graph *g, node_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < g->node_count; i++)
        count += g->nodes[i]->kind == kind;
    return count;
}

/* 100 rules, each of some of five conditions, in changing order and spelling. */
static void append_rule(text *rules, unsigned number)
{
    static const char *const spellings[5][2] = {
        {"did buy at least 3 times in last 90 days", "count(buy in last 90 days) >= 3"},
        {"sum(buy.amount) > 500", "500.00 < sum(buy.amount)"},
        {"user.country in (\"DE\", \"AT\")", "user.country in (\"AT\", \"DE\")"},
        {"not (did look in last 7 days)", "did not look after 7 days ago"},
        {"last buy before 30 days ago", "(last buy) before now - 30 days"},
    };
    unsigned wanted = number % 31 + 1; /* each bit is one of the conditions */
    const char *joint = "";
    text_append_format(rules, "segment s%u when ", number);
    for (unsigned i = 0; i < 5; i++) {
        unsigned c = (i + number) % 5;
        if (!(wanted >> c & 1))
            continue;
        text_append_format(rules, "%s%s", joint, spellings[c][(number + i) % 2]);
        joint = number % 3 == 0 ? " or " : " and ";
    }
    text_append(rules, "\n");
}

static void test_hundred_rules_share_five_conditions(void **state)
{
    (void)state;
    text rules;
    text_init(&rules);
    for (unsigned i = 0; i < 100; i++)
        append_rule(&rules, i);
    world_rules *r = compile(rules.data);
    assert_int_equal(r->graph->rule_count, 100);
    assert_int_equal(count_conditions(r->graph), 5);
    assert_int_equal(count_kind(r->graph, NODE_COUNT), 1);
    assert_int_equal(count_kind(r->graph, NODE_SUM), 1);
    assert_int_equal(count_kind(r->graph, NODE_NOT), 1);
    world_rules_free(r);
    text_done(&rules);
}

/* Pairs that are one node. */
static void test_one_meaning_is_one_node(void **state)
{
    static const char *const pairs[][2] = {
        {"did buy", "count(buy) >= 1"},
        {"did buy", "count(buy) > 0"},
        {"did buy", "0 < count(buy)"},
        {"did buy", "did buy at least once"},
        {"did not buy", "count(buy) = 0"},
        {"did not buy", "did buy at most 0 times"},
        {"did not buy", "not (did buy)"},
        {"did not buy", "did buy exactly 0 times"},
        {"did buy at least twice", "count(buy) >= 2"},
        {"did buy in last 7 days", "did buy after 7 days ago"},
        {"did buy in last 7 days", "did buy after now - 7 days"},
        {"did buy where (qty > 2) in last 7 days",
         "count(buy where (2 < qty) in last 7 days) > 0"},
        {"did buy and did look", "did look and did buy"},
        {"did buy and did look and did buy", "did look and did buy"},
        {"(did buy and did look) and user.flag", "did buy and (user.flag and did look)"},
        {"did buy or did look", "did look or did buy"},
        {"not (not (did buy))", "did buy"},
        {"user.points != 5", "not (user.points = 5)"},
        {"user.points = 5", "5 = user.points"},
        {"user.points > 5", "5 < user.points"},
        {"user.points >= 5.00", "user.points >= 5"},
        {"sum(buy.amount) >= 500", "sum(buy.amount) >= 500.00"},
        {"user.country = \"DE\"", "user.country in (\"DE\")"},
        {"user.country in (\"DE\", \"AT\")", "user.country in (\"AT\", \"DE\", \"AT\")"},
        {"user.country not in (\"DE\", \"AT\")",
         "not (user.country in (\"DE\", \"AT\"))"},
        {"user.points + 1 > 3", "1 + user.points > 3"},
        {"user.points > 1 + 2 * 3", "user.points > 7"},
        {"did (buy or look)", "did (look or buy)"},
        {"did (buy or look)", "did buy or did look"},
        {"did anything in last 7 days",
         "did buy in last 7 days or did look in last 7 days"},
        {"did (buy or look) where (store = \"a\")",
         "did buy where (store = \"a\") or did look where (store = \"a\")"},
        {"did anything where (event = \"buy\")", "did buy"},
        {"did (buy where (qty > 1) or look)", "did buy where (qty > 1) or did look"},
        {"did (buy or look) where (nth = 2)",
         "did buy where (nth = 2) or did look where (nth = 2)"},
        {"user.at in last 1 month", "user.at after 1 month ago and user.at <= now"},
        {"if true then did buy else did look", "did buy"},
        {"if did look then did buy else did buy", "did buy"},
        {"true and did buy", "did buy"},
        {"false or did buy", "did buy"},
    };
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < LENGTH(pairs); i++) {
        char rules[400];
        snprintf(rules, sizeof rules, "segment a when %s\nsegment b when %s", pairs[i][0],
                 pairs[i][1]);
        world_rules *r = compile(rules);
        if (r->graph->rules[0].node != r->graph->rules[1].node) {
            print_error("two nodes: %s | %s\n", pairs[i][0], pairs[i][1]);
            wrong++;
        }
        world_rules_free(r);
    }
    assert_int_equal(wrong, 0);
}

/* Pairs that look alike and differ for somebody. */
static void test_two_meanings_are_two_nodes(void **state)
{
    static const char *const pairs[][2] = {
        {"user.points <= 5", "not (user.points > 5)"}, /* missing */
        {"did buy in last 7 days", "did buy since 7 days ago"},
        {"did buy in last 1 month", "did buy in last 30 days"},
        {"did buy in last 1 day", "did buy today"},
        {"did buy and did buy where (qty > 1)", "did buy at least twice"},
        {"count(buy) >= 1", "count(buy.amount) >= 1"},
        {"did buy where (qty = 1)", "did buy where (qty = 1.5)"},
        {"user.country = \"DE\"", "user.country = \"de\""},
        {"user.country contains \"DE\"", "user.country starts with \"DE\""},
        {"did (buy or look) where (store = \"a\")",
         "did (buy or look where (store = \"a\"))"},
        {"first buy.qty = 1", "last buy.qty = 1"},
        {"did (buy or look) at least twice",
         "did buy at least twice or did look at least twice"},
        {"last (buy or look).store = \"a\"", "last buy.store = \"a\""},
        {"user.points - 1 > 2", "1 - user.points > 2"},
        {"user.points / 3 > 2", "3 / user.points > 2"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(pairs); i++) {
        char rules[400];
        snprintf(rules, sizeof rules, "segment a when %s\nsegment b when %s", pairs[i][0],
                 pairs[i][1]);
        world_rules *r = compile(rules);
        if (r->graph->rules[0].node == r->graph->rules[1].node)
            fail_msg("one node: %s | %s", pairs[i][0], pairs[i][1]);
        world_rules_free(r);
    }
}

/* A sequence looks at the tables of its steps side by side: none is made for it. */
static void test_sequences_of_tables(void **state)
{
    static const struct {
        const char *condition;
        size_t rows, ends; /* how many tables it looks at, in how many it ends */
    } cases[] = {
        {"did (buy then look)", 2, 1},
        {"did (buy then look within 1 day) all within 3 days in last 30 days", 2, 1},
        {"did (buy where (qty > 1) then look then buy)", 3, 1},
        {"did (buy then no look)", 2, 1},
        {"did (buy then look) with same store", 2, 1},
        {"did (buy then look) at least twice", 2, 1},
        {"did (buy and look)", 2, 2},
        {"did ((buy or look) then look)", 3, 1},
        {"did (look then (buy or look where (store = \"a\")))", 3, 2},
        {"did (buy then look) without repeats", 3, 1},
        {"did at least 2 of (buy, look, buy where (qty > 1)) all within 1 day", 3, 3},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        char rules[400];
        snprintf(rules, sizeof rules, "segment a when %s", cases[i].condition);
        world_rules *r = compile(rules);
        const sequence *s = r->graph->sequences[0];
        if (r->graph->sequence_count != 1 || s->rows_count != cases[i].rows ||
            s->end_count != cases[i].ends || count_kind(r->graph, NODE_IN_MEMBER) != 0)
            fail_msg("%s: %zu rows, %zu ends", cases[i].condition, s->rows_count,
                     s->end_count);
        world_rules_free(r);
    }
}

/* ---- folding --------------------------------------------------------------------------- */

static void test_what_is_known(void **state)
{
    static const struct {
        const char *condition;
        bool is_true;
    } cases[] = {
        {"1 < 2", true},
        {"2 < 1", false},
        {"1 + 1 = 2", true},
        {"0.1 + 0.2 = 0.3", true},
        {"\"a\" = \"a\"", true},
        {"\"shop\" contains \"ho\"", true},
        {"\"b\" in (\"a\", \"c\")", false},
        {"1 day = 24 hours", true},
        {"2026-03-01 < 2026-03-02", true},
        {"(1 / 0) is missing", true},
        {"1 / 0 = 1", false},
        {"1 / 0 != 1", true},
        {"count(buy) >= 0", true},
        {"count(buy) < 0", false},
        {"count(buy) = -1", false},
        {"count(buy) is missing", false},
        {"did buy and false", false},
        {"did buy or true", true},
        {"did buy and not (did buy)", false},
        {"did buy or did not buy", true},
        {"did buy where (false)", false},
        {"sum(buy.amount where (1 > 2)) = 0", true},
        {"avg(buy.amount where (false)) > 0", false},
        {"user.points < user.points", false},
        {"user.points = 2.5", false},
        {"now = now", true},
        {"if 1 = 1 then true else did buy", true},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        char rules[200];
        snprintf(rules, sizeof rules, "segment s when %s", cases[i].condition);
        world_rules *r = compile(rules);
        const node *n = r->graph->rules[0].node;
        if (!(cases[i].is_true ? node_is_true(n) : node_is_false(n)))
            fail_msg("not known: %s", cases[i].condition);
        assert_int_equal(r->graph->node_count, 1); /* and nothing else is left */
        assert_int_equal(r->graph->domain_count, PEOPLE + 1);
        world_rules_free(r);
    }
}

/* Nearly known, but missing for somebody, or not known before the data is. */
static void test_what_is_not_known(void **state)
{
    static const char *const conditions[] = {
        "user.points = user.points",
        "user.points * 0 = 0",
        "user.flag or user.flag = false",
        "avg(buy.amount) >= 0",
        "sum(buy.amount) >= 0",
        "count(buy) <= 5",
        "last buy <= now",
        "user.points is missing",
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(conditions); i++) {
        char rules[200];
        snprintf(rules, sizeof rules, "segment s when %s", conditions[i]);
        world_rules *r = compile(rules);
        const node *n = r->graph->rules[0].node;
        if (node_is_true(n) || node_is_false(n))
            fail_msg("wrongly known: %s", conditions[i]);
        world_rules_free(r);
    }
}

/* ---- the nodes that are left ----------------------------------------------------------- */

static void mark_reachable(const node *n, bool *is_reached)
{
    is_reached[n->id] = true;
    for (size_t i = 0; i < n->operand_count; i++)
        mark_reachable(n->operands[i], is_reached);
}

static void test_only_what_is_needed(void **state)
{
    (void)state;
    world_rules *r = compile("let unused = sum(buy.weight)\n"
                             "let used = count(look)\n"
                             "segment a when true or user.points > 5\n"
                             "segment b when used > 3 and (user.flag or true)\n"
                             "score c = if 1 < 2 then used else sum(buy.qty)\n");
    const graph *g = r->graph;
    bool is_reached[100] = {false};
    assert_int_equal(count_kind(g, NODE_SUM), 0);
    assert_int_equal(count_kind(g, NODE_COUNT), 1);
    assert_true(g->node_count < LENGTH(is_reached));
    for (size_t i = 0; i < g->node_count; i++) {
        const node *n = g->nodes[i];
        assert_int_equal(n->id, i);
        for (size_t o = 0; o < n->operand_count; o++)
            assert_true(n->operands[o]->id < n->id);
    }
    for (size_t i = 0; i < g->rule_count; i++)
        mark_reachable(g->rules[i].node, is_reached);
    for (size_t i = 0; i < g->node_count; i++)
        assert_true(is_reached[i] || g->nodes[i]->domain != PEOPLE);
    world_rules_free(r);
}

/* What is known of a rule may leave a part of it without readers: its domains go as well, so that
 * the inputs of those that are left are nodes of the graph. */
static void test_domains_that_are_read(void **state)
{
    static const char rules[] =
        "segment a when did (buy then look where (store = \"a\")) and false\n"
        "segment b when did (buy where (qty > 1) then no look) or true\n"
        "segment c when did (look where (store = \"b\") then buy where (qty > 2))\n";
    (void)state;
    world_rules *r = compile(rules);
    const graph *g = r->graph;
    size_t sequences = 0;
    for (size_t i = 0; i < g->domain_count; i++) {
        const domain *d = g->domains[i];
        assert_int_equal(d->id, i);
        sequences += d->kind == DOMAIN_SEQUENCE;
        for (size_t m = 0; m < d->member_count; m++)
            assert_true(d->members[m] < i);
        for (size_t n = 0; n < d->input_count; n++)
            assert_true(d->inputs[n]->id < g->node_count &&
                        g->nodes[d->inputs[n]->id] == d->inputs[n]);
    }
    assert_int_equal(sequences, 1);
    for (size_t i = 0; i < g->node_count; i++)
        assert_true(g->nodes[i]->domain < g->domain_count &&
                    g->nodes[i]->rows < g->domain_count);
    world_rules_free(r);
}

static void test_rules_in_order(void **state)
{
    (void)state;
    world_rules *r =
        compile("segment z \"Last letter\" when in g.one\n"
                "groups g \"Two\"\n  one when did buy\n  two \"The rest\" otherwise\n"
                "score points = 5\n"
                "segment a when did buy\n");
    const graph *g = r->graph;
    static const struct {
        const char *path, *name, *title;
        rule_kind kind;
    } expected[] = {{"z", "z", "Last letter", RULE_SEGMENT},
                    {"g.one", "one", NULL, RULE_GROUP},
                    {"g.two", "two", "The rest", RULE_GROUP},
                    {"points", "points", NULL, RULE_SCORE},
                    {"a", "a", NULL, RULE_SEGMENT}};
    assert_int_equal(g->rule_count, LENGTH(expected));
    for (size_t i = 0; i < g->rule_count; i++) {
        assert_string_equal(g->rules[i].path, expected[i].path);
        assert_string_equal(g->rules[i].name, expected[i].name);
        assert_int_equal(g->rules[i].kind, expected[i].kind);
        if (expected[i].title == NULL)
            assert_null(g->rules[i].title);
        else
            assert_string_equal(g->rules[i].title, expected[i].title);
    }
    assert_ptr_equal(g->rules[0].node, g->rules[1].node);
    assert_ptr_equal(g->rules[0].node, g->rules[4].node);
    assert_string_equal(g->groups[g->rules[1].groups].title, "Two");
    world_rules_free(r);
}

/* Compiling again gives the same graph, node by node. */
static void test_repeatable(void **state)
{
    static const char rules[] = "segment a when did buy where (qty > 2) in last 7 days\n"
                                "segment b when in a and user.country matches \"^D\"\n"
                                "score c = sum(buy.amount) / count((buy or look))\n";
    (void)state;
    text first, second;
    text_init(&first);
    text_init(&second);
    world_rules *r = compile(rules), *again = compile(rules);
    graph_print_text(r->graph, &first);
    graph_print_text(again->graph, &second);
    assert_string_equal(first.data, second.data);
    world_rules_free(r);
    world_rules_free(again);
    text_done(&first);
    text_done(&second);
}

/* ---- print forms ----------------------------------------------------------------------- */

static void assert_printed(void (*print)(const graph *, text *), const char *rules,
                           const char *expected)
{
    text out;
    text_init(&out);
    world_rules *r = compile(rules);
    print(r->graph, &out);
    assert_string_equal(out.data, expected);
    world_rules_free(r);
    text_done(&out);
}

#define SMALL "segment s when count(buy where (store = \"a\\b\") in last 7 days) >= 2"

static void test_print_text(void **state)
{
    (void)state;
    assert_printed(graph_print_text, SMALL,
                   "#0    now  : time of run\n"
                   "#1    constant 2  : int of run\n"
                   "#2    constant \"a\\\\b\"  : text of run\n"
                   "#3    column store  : text of buy\n"
                   "#4    text_in #3 #2  : true or false of buy\n"
                   "#5    move_time #0 -7 days  : time of run\n"
                   "#6    window buy (#5 .. #0]  : window of people\n"
                   "#7    count #6 #4  : int of people\n"
                   "#8    less_or_equal #1 #7  : true or false of people\n"
                   "\n"
                   "s = #8\n");
    assert_printed(graph_print_text, "", "");
}

static void test_print_dot(void **state)
{
    (void)state;
    assert_printed(
        graph_print_dot, "segment s when user.flag",
        "digraph rules {\n"
        "  rankdir=LR;\n"
        "  node [shape=box, style=filled, fontname=\"sans-serif\", fontsize=10];\n"
        "  n0 [label=\"#0 now\", fillcolor=\"#eeeeee\"];\n"
        "  n1 [label=\"#1 column\\nflag\", fillcolor=\"#dff3d8\"];\n"
        "  n2 [label=\"#2 window\\nuser.flag ( .. #0]\", fillcolor=\"#ffe9c7\"];\n"
        "  n0 -> n2;\n"
        "  n3 [label=\"#3 last\", fillcolor=\"#ffe9c7\"];\n"
        "  n2 -> n3;\n"
        "  n1 -> n3;\n"
        "  n4 [label=\"#4 holds\", fillcolor=\"#d6eaff\"];\n"
        "  n3 -> n4;\n"
        "  r0 [label=\"s\", shape=oval, fillcolor=\"#ffffff\"];\n"
        "  n4 -> r0;\n"
        "}\n");
}

static void test_print_json(void **state)
{
    (void)state;
    assert_printed(graph_print_json, "segment s when did buy",
                   "{\n"
                   "  \"nodes\": [\n"
                   "    {\n"
                   "      \"id\": 0,\n"
                   "      \"kind\": \"now\",\n"
                   "      \"domain\": \"run\",\n"
                   "      \"type\": \"time\",\n"
                   "      \"operands\": [],\n"
                   "      \"detail\": \"\",\n"
                   "      \"origins\": []\n"
                   "    },\n"
                   "    {\n"
                   "      \"id\": 1,\n"
                   "      \"kind\": \"window\",\n"
                   "      \"domain\": \"people\",\n"
                   "      \"type\": \"window\",\n"
                   "      \"operands\": [\n"
                   "        0\n"
                   "      ],\n"
                   "      \"detail\": \"buy ( .. #0]\",\n"
                   "      \"origins\": [\n"
                   "        {\n"
                   "          \"file\": \"test.seg\",\n"
                   "          \"line\": 1,\n"
                   "          \"column\": 16\n"
                   "        }\n"
                   "      ]\n"
                   "    },\n"
                   "    {\n"
                   "      \"id\": 2,\n"
                   "      \"kind\": \"any\",\n"
                   "      \"domain\": \"people\",\n"
                   "      \"type\": \"true or false\",\n"
                   "      \"operands\": [\n"
                   "        1\n"
                   "      ],\n"
                   "      \"detail\": \"\",\n"
                   "      \"origins\": [\n"
                   "        {\n"
                   "          \"file\": \"test.seg\",\n"
                   "          \"line\": 1,\n"
                   "          \"column\": 16\n"
                   "        }\n"
                   "      ]\n"
                   "    }\n"
                   "  ],\n"
                   "  \"rules\": [\n"
                   "    {\n"
                   "      \"name\": \"s\",\n"
                   "      \"node\": 2,\n"
                   "      \"tables\": [\n"
                   "        \"buy\"\n"
                   "      ],\n"
                   "      \"columns\": [],\n"
                   "      \"windows\": [\n"
                   "        1\n"
                   "      ]\n"
                   "    }\n"
                   "  ]\n"
                   "}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hundred_rules_share_five_conditions),
        cmocka_unit_test(test_one_meaning_is_one_node),
        cmocka_unit_test(test_two_meanings_are_two_nodes),
        cmocka_unit_test(test_sequences_of_tables),
        cmocka_unit_test(test_what_is_known),
        cmocka_unit_test(test_what_is_not_known),
        cmocka_unit_test(test_only_what_is_needed),
        cmocka_unit_test(test_domains_that_are_read),
        cmocka_unit_test(test_rules_in_order),
        cmocka_unit_test(test_repeatable),
        cmocka_unit_test(test_print_text),
        cmocka_unit_test(test_print_dot),
        cmocka_unit_test(test_print_json),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
