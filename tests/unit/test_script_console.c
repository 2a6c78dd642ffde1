/* SPDX-License-Identifier: MIT
 *
 * Lines of Lua one after the other: what they give, what stays, and what is not finished.
 */
#include "script_support.h"

#include "script/console.h"

typedef struct line {
    const char *typed;
    console_outcome outcome;
    const char *shown; /* of a failure a part of it */
} line;

static bool answer(void *data, const char *argument, script_value *result, text *reason)
{
    size_t *calls = data;
    ++*calls;
    *result =
        (script_value){.kind = SCRIPT_INTEGER, .integer = (int64_t)strlen(argument)};
    if (argument[0] == '\0')
        text_append(reason, "of nothing there is no length");
    return argument[0] != '\0';
}

static size_t run(const line *lines, size_t count)
{
    size_t calls = 0;
    script_set *set = script_set_new((script_limits){8 << 20, 20000});
    load_good(set, "m.lua",
              "local n = 0 local t = {}\n"
              "carpel.define {name = 'double', help = 'h', args = {'x: number'},\n"
              "  result = 'number(0..100)', call = function(x) return 2 * x end}\n"
              "carpel.define {name = 'kinds', help = 'h', result = 'string',\n"
              "  args = {'n: int', 's: string', 'b: bool?', 'l: list of number'},\n"
              "  call = function(n) return math.type(n) end}\n"
              "carpel.define {name = 'text', help = 'h', result = 'number',\n"
              "  call = function() return 'a' end}\n"
              "carpel.define {name = 'table', help = 'h', result = 'number',\n"
              "  call = function() return {} end}\n"
              "return {f = function(x) return x * 2 end, g = function() n = n + 1 end,\n"
              "h = function() t.x = 1 end}");
    script_console *c = script_console_new(set);
    script_console_offer(c, "ask", answer, &calls);
    text out;
    text_init(&out);
    for (size_t i = 0; i < count; i++) {
        text_clear(&out);
        console_outcome outcome = script_console_run(c, slice_of(lines[i].typed), &out);
        bool is_failed = outcome == CONSOLE_FAILED;
        if (outcome != lines[i].outcome ||
            (is_failed ? !strstr(out.data, lines[i].shown)
                       : strcmp(out.data, lines[i].shown) != 0))
            fail_msg("%s: %d \"%s\"", lines[i].typed, (int)outcome, out.data);
    }
    text_done(&out);
    script_console_free(c);
    script_set_free(set);
    return calls;
}

static void test_values(void **state)
{
    (void)state;
    static const line lines[] = {
        {"1 + 1", CONSOLE_GOOD, "2 (integer)\n"},
        {"m.f(2.5), nil", CONSOLE_GOOD, "5 (float)\nnil\n"},
        {"", CONSOLE_GOOD, ""},
        {"-- nothing", CONSOLE_GOOD, ""},
        {"x = 'a'", CONSOLE_GOOD, ""},
        {"x", CONSOLE_GOOD, "\"a\" (string)\n"},
        {"{1, {}, x = type}", CONSOLE_GOOD, "{1, table, x = function} (table)\n"},
        {"{n = 1, [3] = 2, [true] = 0.5}", CONSOLE_GOOD,
         "{[true] = 0.5, [3] = 2, n = 1} (table)\n"},
        {"if x then", CONSOLE_OPEN, ""},
        {"if x then\nreturn 7 end", CONSOLE_GOOD, "7 (integer)\n"},
        {"ask 'abc' + 1", CONSOLE_GOOD, "4 (integer)\n"},
        {"ask('abc') + 1", CONSOLE_GOOD, "4 (integer)\n"},
        {"ask ''", CONSOLE_FAILED, "of nothing there is no length"},
        {"ask()", CONSOLE_FAILED, "string expected"},
        {"ask 'a\\0b'", CONSOLE_FAILED, "holds a zero byte"},
        {"for i = 1, 10 do ask 'a' end", CONSOLE_GOOD, ""},
        {"x", CONSOLE_GOOD, "\"a\" (string)\n"},
    };
    assert_int_equal(run(lines, sizeof lines / sizeof *lines), 13);
}

/* What is declared of a function holds, as in a rule. */
static void test_declared(void **state)
{
    (void)state;
    static const line lines[] = {
        {"m.double(40)", CONSOLE_GOOD, "80 (float)\n"},
        {"m.double(60)", CONSOLE_FAILED,
         "input:1: the function \"m.double\" returned 120, and declares to return "
         "number(0..100)"},
        {"m.double 'x'", CONSOLE_FAILED,
         "\"x\" of \"m.double\" is number, and \"x\" is none"},
        {"m.double({})", CONSOLE_FAILED, "and a table is none"},
        {"m.double(nil)", CONSOLE_GOOD, "nil\n"},
        {"m.double()", CONSOLE_FAILED,
         "\"m.double\" is declared as m.double(x: number): number(0..100), and gets 0"},
        {"m.double(1, 2)", CONSOLE_FAILED, "and gets 2 values"},
        {"pcall(m.double, 60) == false", CONSOLE_GOOD, "true (boolean)\n"},
        {"m.kinds(2.0, 'a', true, {1})", CONSOLE_GOOD, "\"integer\" (string)\n"},
        {"m.kinds(2, 'a', nil, {1})", CONSOLE_GOOD, "\"integer\" (string)\n"},
        {"m.kinds(2, nil, true, {1})", CONSOLE_GOOD, "nil\n"},
        {"m.kinds(2.5, 'a', true, {1})", CONSOLE_FAILED, "is int, and 2.5 is none"},
        {"m.kinds(2, 3, true, {1})", CONSOLE_FAILED, "is string, and 3 is none"},
        {"m.kinds(2, 'a', 'b', {1})", CONSOLE_FAILED, "is bool, and \"b\" is none"},
        {"m.kinds(2, 'a', true, 1)", CONSOLE_FAILED, "is list of number, and 1 is none"},
        {"m.text()", CONSOLE_FAILED, "returned a text, and declares to return number"},
        {"m.table()", CONSOLE_FAILED, "it returns a table"},
    };
    run(lines, sizeof lines / sizeof *lines);
}

/* What is offered takes time that is not counted, so its calls are. */
static void test_calls(void **state)
{
    (void)state;
    static const line lines[] = {
        {"x = 1 for i = 1, 100 do ask 'a' end", CONSOLE_GOOD, ""},
        {"x", CONSOLE_GOOD, "1 (integer)\n"},
        {"while true do pcall(ask, 'a') end", CONSOLE_FAILED,
         "it calls \"ask\" more often than 100 times; what was typed before"},
        {"x", CONSOLE_GOOD, "nil\n"},
    };
    assert_int_equal(run(lines, sizeof lines / sizeof *lines), 200);
}

/* Each ends under the limits, and the next line is answered. */
static void test_harm(void **state)
{
    (void)state;
    static const char *const harms[] = {
        "while true do end",
        "pcall(function() while true do end end)",
        "local t = {} while true do t[#t + 1] = ('x'):rep(1000) end",
        "function f() return f() + 1 end f()",
        "('a'):rep(300):find('.-.-.-.-b')",
        "m.g()",
        "m.h()",
        "pcall(m.h)",
        "os.exit()",
        "load('return 1')",
        "setmetatable({}, {})",
        "require 'nothing'",
        "require '../m'",
        "require '/etc/passwd'",
        "require()",
        "require 'm\\0'",
        "carpel.define {name = 'f', help = 'h', result = 'int', call = type}",
        "string.rep = nil m.f('x')",
        "while true do pcall(ask, '') end",
        "{[{}] = 1}",
        "\x1bLua",
        "error(nil)",
        "print(1)",
    };
    for (size_t i = 0; i < sizeof harms / sizeof *harms; i++) {
        const line lines[] = {{harms[i], CONSOLE_FAILED, ""},
                              {"m.f(3)", CONSOLE_GOOD, "6 (integer)\n"}};
        run(lines, 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_declared),
        cmocka_unit_test(test_calls),
        cmocka_unit_test(test_harm),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
