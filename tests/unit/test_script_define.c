/* SPDX-License-Identifier: MIT
 *
 * carpel.define: what is read of declarations, which are refused and with which words, and that
 * the functions they bring along can be called.
 */
#include <stdio.h>

#include "script_support.h"

static const script_limits limits = {.memory_bytes = 8 * 1024 * 1024,
                                     .call_microseconds = 60000000};

static const char good[] =
    "carpel.define {name = 'risk', help = 'How likely it is.',\n"
    "  args = {'silent: duration(days)', 'orders:int', 'tier: string?'},\n"
    "  result = 'number(0..1)', call = function(s, o) return s / o end}\n"
    "local other = {}\n"
    "function other.plain(x) return x end\n"
    "function other.named(x) return x end\n"
    "carpel.define {name = 'named', help = 'Itself.', args = {'x: bool'}, result = "
    "'bool'}\n"
    "return other\n";

static void test_signatures(void **state)
{
    (void)state;
    script_set *set = script_set_new(limits);
    load_good(set, "m.lua", good);
    assert_int_equal(script_set_function_count(set), 3);
    assert_null(script_set_signature(set, script_set_find(set, "m", "plain")));
    assert_non_null(script_set_signature(set, script_set_find(set, "m", "named")));
    const script_signature *s =
        script_set_signature(set, script_set_find(set, "m", "risk"));
    assert_int_equal(s->parameter_count, 3);
    assert_int_equal(s->parameters[0].details.unit_microseconds, 86400000000);
    assert_false(s->parameters[1].may_be_missing);
    assert_true(s->parameters[2].may_be_missing);
    assert_true(s->result.details.has_range);
    text words;
    text_init(&words);
    script_signature_append(s, &words);
    assert_string_equal(words.data, "(silent: duration(days), orders: int, tier: "
                                    "string?): number(0..1)");
    text_done(&words);
    const double x[] = {6, 2}, y[] = {3, 4};
    const script_column columns[] = {{.kind = SCRIPT_NUMBER, .values = x},
                                     {.kind = SCRIPT_NUMBER, .values = y}};
    script_state *states = script_state_new(set, NULL);
    outcomes o = {0};
    call_rows(states, set, "risk", columns, 2, 2, &o);
    assert_true((int)o.results[0].number == 2 && (int)(o.results[1].number * 2) == 1);
    script_state_free(states);
    script_set_free(set);
}

/* Lists are of one type, and arguments alone. */
static void test_lists(void **state)
{
    (void)state;
    script_parameter p;
    char reason[256];
    assert_true(script_parameter_parse("t: list of  duration(days)?", false, &p, reason,
                                       sizeof reason));
    assert_true(p.is_list && p.may_be_missing);
    assert_int_equal(p.type.kind, TYPE_DURATION);
    assert_int_equal(p.details.unit_microseconds, 86400000000);
    assert_true(script_parameter_parse("t: number", false, &p, reason, sizeof reason));
    assert_false(p.is_list);
    static const char *const bad[] = {"t: list", "t: list of", "t: list of list of int",
                                      "t: list of text", "t: listof int"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (script_parameter_parse(bad[i], false, &p, reason, sizeof reason) ||
            !strstr(reason, "has no type of scripts"))
            fail_msg("%s: %s", bad[i], reason);
    assert_false(script_parameter_parse("list of int", true, &p, reason, sizeof reason));
}

static void test_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *declaration, *message;
    } cases[] = {
        {"carpel.define()", "table expected"},
        {"carpel.define {help = 'h', result = 'int'}",
         "carpel.define needs a text as \"name\""},
        {"carpel.define {name = '', help = 'h', result = 'int'}",
         "needs a text as \"name\""},
        {"carpel.define {name = 'f', result = 'int'}",
         "carpel.define of \"f\" needs a text as \"help\""},
        {"carpel.define {name = 'f', help = 'two\\nlines', result = 'int'}",
         "is one line"},
        {"carpel.define {name = 'f', help = 'h'}", "needs a text as \"result\""},
        {"carpel.define {name = 'f', help = 'h', result = 'integer'}",
         "\"integer\" has no type"},
        {"carpel.define {name = 'f', help = 'h', result = 'duration'}",
         "\"duration\" has no"},
        {"carpel.define {name = 'f', help = 'h', result = 'decimal(2)'}", "has no type"},
        {"carpel.define {name = 'f', help = 'h', result = 'int', rsult = 'x'}",
         "knows no field \"rsult\""},
        {"carpel.define {name = 'f', help = 'h', result = 'int', args = 'x: int'}",
         "is a list of texts"},
        {"carpel.define {name = 'f', help = 'h', result = 'int', args = {1}}",
         "each of \"args\" is a text"},
        {"carpel.define {name = 'f', help = 'h', result = 'int', args = {'int'}}",
         "\"int\" is no argument"},
        {"carpel.define {name = 'f', help = 'h', result = 'int', args = {'1x: int'}}",
         "is no argument"},
        {"carpel.define {name = 'f', help = 'h', result = 'int', args = {'x: text'}}",
         "has no type"},
        {"carpel.define {name = 'f', help = 'h', result = 'int', call = 1}",
         "\"call\" is a function"},
        {"carpel.define {name = 'g', help = 'h', result = 'int'}",
         "the file has no such function"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char file[512];
        snprintf(file, sizeof file, "local m = {f = function() end}\n%s\nreturn m",
                 cases[i].declaration);
        script_set *set = script_set_new(limits);
        diags *d = diags_new();
        if (load_script(set, "m.lua", file, d) ||
            !strstr(diags_get(d, 0)->message, cases[i].message))
            fail_msg("%s: %s", cases[i].declaration,
                     diags_count(d) > 0 ? diags_get(d, 0)->message : "no message");
        diags_free(d);
        script_set_free(set);
    }
}

/* The last of two does not win without a word. */
static void test_twice(void **state)
{
    (void)state;
    static const struct {
        const char *file, *message;
    } cases[] = {
        {"local d = {name = 'f', help = 'h', result = 'int', call = function() end}\n"
         "carpel.define(d)\n"
         "carpel.define(d)",
         "m.lua:3: carpel.define names \"f\" twice: at "},
        {"carpel.define {name = 'f', help = 'h', result = 'int', call = function() end}\n"
         "return {\nf = function() return 1 end}",
         "m.lua:1, the other at "},
        {"carpel.define {name = 'f', help = 'h', result = 'int', call = function() end}\n"
         "function f() return 1 end",
         "there are two functions \"f\": one of carpel.define at "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        script_set *set = script_set_new(limits);
        diags *d = diags_new();
        if (load_script(set, "m.lua", cases[i].file, d) ||
            !strstr(diags_get(d, 0)->message, cases[i].message))
            fail_msg("%s: %s", cases[i].file,
                     diags_count(d) > 0 ? diags_get(d, 0)->message : "no message");
        diags_free(d);
        script_set_free(set);
    }
}

/* One table for all declarations, and the function that the file returns as well. */
static void test_declarations_are_copies(void **state)
{
    (void)state;
    script_set *set = script_set_new(limits);
    load_good(set, "m.lua",
              "local d = {help = 'h', result = 'int', args = {'x: int'}}\n"
              "d.name, d.call = 'f', function(x) return x end\n"
              "carpel.define(d)\n"
              "local f = d.call\n"
              "d.name, d.call, d.args[2] = 'g', function(x, y) return y end, 'y: int'\n"
              "carpel.define(d)\n"
              "return {f = f}");
    assert_int_equal(script_set_function_count(set), 2);
    size_t f = script_set_find(set, "m", "f"), g = script_set_find(set, "m", "g");
    assert_int_equal(script_set_signature(set, f)->parameter_count, 1);
    assert_int_equal(script_set_signature(set, g)->parameter_count, 2);
    script_set_free(set);
}

/* As many as may be made in the time: all are learnt in about as much. */
static void test_many(void **state)
{
    (void)state;
    script_set *set = script_set_new((script_limits){.memory_bytes = 256 * 1024 * 1024,
                                                     .call_microseconds = 60000000});
    load_good(set, "m.lua",
              "for i = 1, 20000 do carpel.define {name = 'f' .. i, help = 'h',\n"
              "  result = 'int', call = function() return i end} end");
    assert_int_equal(script_set_function_count(set), 20000);
    assert_non_null(script_set_signature(set, script_set_find(set, "m", "f20000")));
    script_set_free(set);
}

static void test_too_late(void **state)
{
    (void)state;
    script_set *set = script_set_new(limits);
    load_good(set, "m.lua",
              "local d = carpel.define\n"
              "return {f = function() d {name = 'f', help = 'h', result = 'int'} end}");
    script_state *s = script_state_new(set, NULL);
    outcomes o = {0};
    call_rows(s, set, "f", NULL, 0, 1, &o);
    assert_non_null(strstr(o.messages[0], "belongs at the top of a file"));
    script_state_free(s);
    script_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signatures),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_twice),
        cmocka_unit_test(test_declarations_are_copies),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_too_late),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
