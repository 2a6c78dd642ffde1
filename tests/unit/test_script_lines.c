/* SPDX-License-Identifier: MIT
 *
 * Which lines of a file can be run, and which were.
 */
#include <pthread.h>

#include "script_support.h"

#include "script/lines.h"

static const script_limits limits = {.memory_bytes = 8 * 1024 * 1024,
                                     .call_microseconds = 100000};

/* A letter a line: '.' nothing can be run there, '-' not run, 'r' run. */
static void check(const script_set *set, const char *expected)
{
    script_lines l;
    char found[300] = "";
    assert_true(script_set_lines(set, 0, &l));
    for (size_t i = 1; i <= l.count; i++)
        found[i - 1] = ".-r"[script_lines_at(&l, i)];
    assert_string_equal(found, expected);
    size_t run = 0, can_run = 0;
    for (const char *c = found; *c; c++) {
        run += *c == 'r';
        can_run += *c != '.';
    }
    assert_int_equal(l.was_run, run);
    assert_int_equal(l.can_run, can_run);
}

/* Calls m.f(x) once for each character: 'n' with nil, a digit with it. */
static void try(const char *lua, const char *calls, const char *expected)
{
    script_set *set = script_set_new(limits);
    load_good(set, "m.lua", lua);
    script_set_watch_lines(set, true);
    script_state *s = script_state_new(set, NULL);
    size_t f = script_set_find(set, "m", "f");
    for (; *calls; calls++) {
        script_value x = {.kind = SCRIPT_MISSING}, result;
        const char *message;
        if (*calls != 'n')
            x = (script_value){.kind = SCRIPT_INTEGER, .integer = *calls - '0'};
        script_call(s, f, &x, 1, &result, &message);
    }
    script_state_free(s);
    check(set, expected);
    script_set_free(set);
}

static const char branches[] = "local m = {}\n"          /*  1 */
                               "\n"                      /*  2 */
                               "-- of x\n"               /*  3 */
                               "function m.f(x)\n"       /*  4 */
                               "    if not x then\n"     /*  5 */
                               "        return 0\n"      /*  6 */
                               "    elseif x > 5 then\n" /*  7 */
                               "        return x *\n"    /*  8 */
                               "            2\n"         /*  9 */
                               "    end\n"               /* 10 */
                               "    local sum = 0\n"     /* 11 */
                               "    for i = 1, x do\n"   /* 12 */
                               "        sum = sum + i\n" /* 13 */
                               "    end\n"               /* 14 */
                               "    return sum\n"        /* 15 */
                               "end\n"                   /* 16 */
                               "return m\n";             /* 17 */

static void test_branches(void **state)
{
    (void)state;
    try(branches, "", "r..r-----.---.-rr.");
    try(branches, "n", "r..rrr---.---.-rr.");
    try(branches, "7", "r..rr-rrr.---.-rr.");
    try(branches, "3", "r..rr-r--.rrr.rrr.");
    try(branches, "37n", "r..rrrrrr.rrr.rrr.");
}

/* The ends of functions, functions in functions, and loops. */
static void test_ends(void **state)
{
    (void)state;
    static const struct {
        const char *lua, *calls, *expected;
    } cases[] = {
        {"function f(x)\n if x then\n x = 1\n end\nend", "n", "rr-.r"},
        {"function f(x)\n return x\nend\nfunction g()\nend", "1", "rrrrr"},
        {"local function g()\n return 1\nend\nfunction f(x)\n return 2\nend", "1",
         ".-rrrr"},
        {"function f(...)\n local a = ...\n return function()\n return a\n end\nend", "",
         "r-.--r"},
        {"function f(x)\n while x > 0 do\n x = x - 1\n end\n return x\nend", "2",
         "rrr.rr"},
        {"function f(x)\n repeat\n x = x - 1\n until x < 0\n goto done\n x = 9\n "
         "::done::\nend",
         "2", "r.rrr-.r"},
        {"return {\n f = function(x)\n return x\n end,\n a = 1,\n}", "1", "r.rrrr"},
        {"function f(x) return x end", "", "r"},
        {"-- nothing\n--[[ at\n all ]]\nf = type", "1", "...r"},
        {"f = function(x) local ok = pcall(error)\nif not ok then return 1 end\n"
         "return 2 end",
         "1", "rrr"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        try(cases[i].lua, cases[i].calls, cases[i].expected);
}

/* Steps of lines that do not fit into a byte, and functions with many instructions. */
static void test_far_lines(void **state)
{
    (void)state;
    text lua, expected;
    text_init(&lua);
    text_init(&expected);
    text_append(&lua, "function f(x)\n local a = 1");
    for (int i = 0; i < 140; i++)
        text_append_char(&lua, '\n');
    text_append(&lua, "x = 2\n");
    for (int i = 0; i < 60; i++)
        text_append(&lua, "x = x + a x = x + a x = x + a\n");
    text_append(&lua, "if x == 0 then\n return 0 end\n return x\nend");
    text_append(&expected, "rr");
    for (int i = 0; i < 139; i++)
        text_append_char(&expected, '.');
    for (int i = 0; i < 62; i++)
        text_append_char(&expected, 'r');
    text_append(&expected, "-rr");
    try(lua.data, "1", expected.data);
    text_done(&expected);
    text_done(&lua);
}

/* What is called row after row is noted too, and only while it is asked for. */
static void test_rows(void **state)
{
    (void)state;
    script_lines l;
    const double x[] = {1, 2, 3};
    const script_column column = {.kind = SCRIPT_NUMBER, .values = x};
    script_set *set = script_set_new(limits);
    load_good(set, "m.lua",
              "function f(x)\n if x > 2 then\n return 1\n end\n return 2\nend");
    assert_false(script_set_lines(set, 0, &l));
    for (int is_on = 1; is_on >= 0; is_on--) {
        outcomes o = {0};
        script_set_watch_lines(set, is_on);
        script_state *s = script_state_new(set, NULL);
        call_rows(s, set, "f", &column, 1, is_on ? 2 : 3, &o);
        assert_int_equal(o.failures, 0);
        script_state_free(s);
        check(set, "rr-.rr");
    }
    assert_false(script_set_lines(set, 1, &l));
    script_set_free(set);
}

/* A call that never ends is ended nevertheless, and its lines are known. */
static void test_limits_hold(void **state)
{
    (void)state;
    script_set *set = script_set_new((script_limits){8 << 20, 20000});
    load_good(set, "m.lua", "function f()\n while true do\n end\n return 1\nend");
    script_set_watch_lines(set, true);
    script_state *s = script_state_new(set, NULL);
    outcomes o = {0};
    call_rows(s, set, "f", NULL, 0, 1, &o);
    assert_non_null(strstr(o.messages[0], "it ran longer"));
    script_state_free(s);
    check(set, "rr.-r");
    script_set_free(set);
}

typedef struct worker {
    script_set *set;
    int64_t x;
} worker;

static void *work(void *data)
{
    worker *w = data;
    script_state *s = script_state_new(w->set, NULL);
    script_value x = {.kind = SCRIPT_INTEGER, .integer = w->x}, result;
    const char *message;
    script_call(s, script_set_find(w->set, "m", "f"), &x, 1, &result, &message);
    script_state_free(s);
    return NULL;
}

static void test_workers(void **state)
{
    (void)state;
    script_set *set = script_set_new(limits);
    load_good(set, "m.lua", branches);
    script_set_watch_lines(set, true);
    worker workers[] = {{set, 3}, {set, 7}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    check(set, "r..rr-rrr.rrr.rrr.");
    script_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_branches),    cmocka_unit_test(test_ends),
        cmocka_unit_test(test_far_lines),   cmocka_unit_test(test_rows),
        cmocka_unit_test(test_limits_hold), cmocka_unit_test(test_workers),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
