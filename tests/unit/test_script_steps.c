/* SPDX-License-Identifier: MIT
 *
 * Functions that are declared by a step: what each step gets, lists that do not go together, which
 * declarations are refused, and that limits and purity hold as for others.
 */
#include <stdio.h>

#include "script_support.h"

static const script_limits limits = {.memory_bytes = 8 * 1024 * 1024,
                                     .call_microseconds = 100000};
static const script_limits patient = {.memory_bytes = 8 * 1024 * 1024,
                                      .call_microseconds = 60000000};

/* A list of ones, twos, ...; which part of it a row has. */
static const int64_t numbers[] = {1, 2, 3, 4, 5};
static const script_column items = {.kind = SCRIPT_INTEGER, .values = numbers};

static script_part part_of(const script_column *c, size_t at)
{
    return ((const script_part *)c->values)[at];
}

static script_column list_of(const script_part *parts)
{
    return (script_column){
        .kind = SCRIPT_LIST, .values = parts, .items = &items, .part_of = part_of};
}

static const char words[] =
    "carpel.define {name = 'words', help = 'h', result = 'string',\n"
    "  args = {'a: list of int', 'factor: number', 'b: list of int', 'more: int?'},\n"
    "  step = function(s, a, factor, b, more)\n"
    "    return (s or '') .. '(' .. a .. ' ' .. factor .. ' ' .. b .. ' ' ..\n"
    "      tostring(more) .. ')' end,\n"
    "  finish = function(s, factor, more) return (s or 'none') .. factor .. "
    "tostring(more)\n"
    "  end}\n"
    "carpel.define {name = 'sum', help = 'h', result = 'int', args = {'a: list of "
    "int'},\n"
    "  step = function(s, a) return (s or 0) + a end}\n"
    "carpel.define {name = 'largest', help = 'h', result = 'number',\n"
    "  args = {'a: list of int'}, step = function(s, a) return math.max(s or a, a) "
    "end}\n";

static void test_steps(void **state)
{
    (void)state;
    script_set *set = script_set_new(patient);
    load_good(set, "m.lua", words);
    static const script_part some[] = {{0, 2}, {3, 1}, {0, 0}, {0, 2}},
                             others[] = {{3, 2}, {0, 1}, {2, 0}, {0, 1}};
    static const double factor[] = {0.5};
    const script_column columns[] = {
        list_of(some),
        {.kind = SCRIPT_NUMBER, .values = factor, .is_uniform = true},
        list_of(others)};
    script_state *s = script_state_new(set, NULL);
    outcomes o = {0};
    call_rows(s, set, "words", columns, 3, 4, &o);
    assert_string_equal(o.texts[0], "(1 0.5 4 nil)(2 0.5 5 nil)0.5nil");
    assert_string_equal(o.texts[1], "(4 0.5 1 nil)0.5nil");
    assert_string_equal(o.texts[2], "none0.5nil");
    assert_non_null(strstr(o.messages[3], "have 2 and 1 values"));
    o = (outcomes){0};
    call_rows(s, set, "sum", columns, 1, 3, &o); /* without a finish: the state */
    assert_int_equal(o.results[0].integer, 3);
    assert_int_equal(o.results[2].kind, SCRIPT_MISSING);
    script_state_free(s);
    script_set_free(set);
}

/* The same of single values; and scripts call such a function with tables. */
static void test_single_calls(void **state)
{
    (void)state;
    script_set *set = script_set_new(patient);
    load_good(
        set, "m.lua",
        "local m = {}\n"
        "carpel.define {name = 'sum', help = 'h', result = 'int',\n"
        "  args = {'a: list of int'}, step = function(s, a) return (s or 0) + a end}\n"
        "function m.twice(a, b) return 2 * m.sum({a, b}) end\n"
        "function m.bad() return m.sum(3) end\n"
        "return m\n");
    script_state *s = script_state_new(set, NULL);
    const script_value one = {.kind = SCRIPT_INTEGER, .integer = 7};
    const script_value values[] = {one, one, one};
    const script_value list = {.kind = SCRIPT_LIST, .items = values, .item_count = 3};
    const script_value both[] = {one, one};
    script_value result;
    const char *message;
    assert_true(
        script_call(s, script_set_find(set, "m", "sum"), &list, 1, &result, &message));
    assert_int_equal(result.integer, 21);
    assert_true(
        script_call(s, script_set_find(set, "m", "twice"), both, 2, &result, &message));
    assert_int_equal(result.integer, 28);
    assert_false(
        script_call(s, script_set_find(set, "m", "bad"), NULL, 0, &result, &message));
    assert_non_null(strstr(message, "table expected"));
    script_state_free(s);
    script_set_free(set);
}

/* More values than a table may have go through steps. */
static void test_long_lists(void **state)
{
    (void)state;
    enum { COUNT = SCRIPT_MOST_LIST + 1000 };
    script_set *set = script_set_new(patient);
    load_good(set, "m.lua", words);
    int64_t *ones = memory_alloc_array(COUNT, sizeof *ones);
    for (size_t i = 0; i < COUNT; i++)
        ones[i] = 1;
    static const script_part all[] = {{0, COUNT}};
    const script_column of_ones = {.kind = SCRIPT_INTEGER, .values = ones};
    script_column column = list_of(all);
    column.items = &of_ones;
    script_state *s = script_state_new(set, NULL);
    outcomes o = {0};
    call_rows(s, set, "sum", &column, 1, 1, &o);
    assert_int_equal(o.results[0].integer, COUNT);
    script_state_free(s);
    script_set_free(set);
    memory_free(ones);
}

/* What a step must not do fails as in any function, and the rows beside it have values. */
static void test_limits_hold(void **state)
{
    (void)state;
    static const struct {
        const char *step, *message;
    } cases[] = {
        {"function(s, a) if a == 2 then while true do end end return a end",
         "ran longer than the limit"},
        {"function(s, a) if a == 2 then local t = {} for i = 1, 1e9 do t[i] = i end end "
         "return a end",
         "memory"},
        {"function(s, a) if a == 2 then error('no') end return a end", "m.lua:2: no"},
        {"function(s, a) if a == 2 then n = 1 end return a end", "m.lua:2: "},
        {"function(s, a) if a == 2 then return {} end return a end",
         "it returns a table"},
    };
    static const script_part parts[] = {{0, 1}, {1, 1}, {2, 1}};
    const script_column column = list_of(parts);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char lua[512];
        snprintf(
            lua, sizeof lua,
            "carpel.define {name = 'f', help = 'h', result = 'int', args = {'a: list "
            "of int'},\nstep = %s}\n",
            cases[i].step);
        script_set *set = script_set_new(limits);
        load_good(set, "m.lua", lua);
        script_state *s = script_state_new(set, NULL);
        outcomes o = {0};
        call_rows(s, set, "f", &column, 1, 3, &o);
        if (!strstr(o.messages[1], cases[i].message))
            fail_msg("%s: %s", cases[i].step, o.messages[1]);
        assert_int_equal(o.results[0].integer, 1);
        assert_int_equal(o.results[2].integer, 3);
        script_state_free(s);
        script_set_free(set);
    }
}

/* Nothing is kept between calls but what the step is handed. */
static void test_steps_are_pure(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "local n = 0\nlocal function step(s, a) n = n + 1 return n end\n",
        "local t = {}\nlocal function step(s, a) t[1] = a return a end\n",
    };
    static const script_part parts[] = {{0, 2}};
    const script_column column = list_of(parts);
    for (size_t i = 0; i < 2; i++) {
        char lua[512];
        snprintf(lua, sizeof lua,
                 "%scarpel.define {name = 'f', help = 'h', result = 'int', args = {'a: "
                 "list of int'}, step = step}\n",
                 bodies[i]);
        script_set *set = script_set_new(patient);
        load_good(set, "m.lua", lua);
        script_state *s = script_state_new(set, NULL);
        outcomes o = {.most_failures = 1};
        call_rows(s, set, "f", &column, 1, 1, &o);
        assert_true(script_was_impure(s));
        script_state_free(s);
        script_set_free(set);
    }
}

static void test_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *fields, *message;
    } cases[] = {
        {"args = {'a: int'}", "the file has no such function"},
        {"args = {'a: int'}, step = math.max", "needs a list to go through"},
        {"args = {'a: list of int'}, step = 3", "\"step\" is a function"},
        {"args = {'a: list of int'}, step = math.max, finish = {}",
         "\"finish\" is a function"},
        {"args = {'a: list of int'}, finish = math.max", "needs a \"step\" before it"},
        {"args = {'a: list of int'}, step = math.max, call = math.max", "and not two of them"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char lua[256];
        snprintf(lua, sizeof lua,
                 "carpel.define {name = 'f', help = 'h', result = 'int', %s}",
                 cases[i].fields);
        script_set *set = script_set_new(patient);
        diags *d = diags_new();
        assert_false(load_script(set, "m.lua", lua, d));
        if (!strstr(diags_get(d, 0)->message, cases[i].message))
            fail_msg("%s: %s", cases[i].fields, diags_get(d, 0)->message);
        diags_free(d);
        script_set_free(set);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),          cmocka_unit_test(test_single_calls),
        cmocka_unit_test(test_long_lists),     cmocka_unit_test(test_limits_hold),
        cmocka_unit_test(test_steps_are_pure), cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
