/* SPDX-License-Identifier: MIT
 *
 * What scripts print goes to whoever asked for it, line by line; in a run it is an error.
 */
#include "script_support.h"

#include "script/print.h"

static const script_limits limits = {.memory_bytes = 8 * 1024 * 1024,
                                     .call_microseconds = 60000000};

static void take_line(void *data, slice line)
{
    text_append_bytes(data, line.data, line.size);
    text_append_char(data, '\n');
}

/* What a file prints while it is loaded and f is called twice; "!" and the message where a call
 * fails. */
static void check(const char *lua, const char *expected)
{
    text out;
    text_init(&out);
    script_set *set = script_set_new(limits);
    script_set_print_to(set, (script_printer){take_line, &out});
    load_good(set, "m.lua", lua);
    script_state *s = script_state_new(set, NULL);
    for (int i = 0; i < 2; i++) {
        script_value result;
        const char *message;
        if (!script_call(s, script_set_find(set, "m", "f"), NULL, 0, &result, &message))
            text_append_format(&out, "!%s\n", message);
    }
    assert_string_equal(out.data, expected);
    script_state_free(s);
    script_set_free(set);
    text_done(&out);
}

static void test_lines(void **state)
{
    (void)state;
    check("function f() print(1, 2.5, 'a', nil, true, {}) end",
          "1 2.5 a nil true table\n1 2.5 a nil true table\n");
    check("function f() print() end", "\n\n");
    check("local say = print function f() say('\\27[1m') end", "\x1b[1m\n\x1b[1m\n");
}

/* Of the file once, however often its text is run. */
static void test_while_loading(void **state)
{
    (void)state;
    check("print('file') function f() print('call') end", "file\ncall\ncall\n");
}

static void test_bounds(void **state)
{
    (void)state;
    text out, long_line;
    script_value result;
    const char *message;
    text_init(&out);
    text_init(&long_line);
    script_set *set = script_set_new(limits);
    load_good(set, "m.lua",
              "function f() for i = 1, 1001 do print('') end end\n"
              "function g() print(('\\u{20ac}'):rep(2000)) end");
    script_set_print_to(set, (script_printer){take_line, &out});
    script_state *s = script_state_new(set, NULL);
    assert_false(script_call(s, 0, NULL, 0, &result, &message));
    assert_non_null(strstr(message, "it prints more than 1000 lines"));
    assert_int_equal(out.size, 1000);
    text_clear(&out);
    assert_true(script_call(s, 1, NULL, 0, &result, &message)); /* and counts anew */
    for (int i = 0; i < SCRIPT_MOST_PRINTED_BYTES / 3; i++)
        text_append(&long_line, "\u20ac");
    text_append_char(&long_line, '\n');
    assert_string_equal(out.data, long_line.data);
    script_state_free(s);
    script_set_free(set);
    text_done(&long_line);
    text_done(&out);
}

static void test_nobody_reads(void **state)
{
    (void)state;
    script_value result;
    const char *message;
    script_set *set = script_set_new(limits);
    diags *d = diags_new();
    load_good(set, "m.lua", "function f() print('a') return 1 end");
    script_state *s = script_state_new(set, NULL);
    assert_false(script_call(s, 0, NULL, 0, &result, &message));
    assert_non_null(strstr(message, "m.lua:1: print is read by nobody in a run"));
    assert_false(load_script(set, "n.lua", "print('a') function f() end", d));
    assert_non_null(strstr(diags_get(d, 0)->message, "n.lua:1: print is read by nobody"));
    script_state_free(s);
    diags_free(d);
    script_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_while_loading),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_nobody_reads),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
