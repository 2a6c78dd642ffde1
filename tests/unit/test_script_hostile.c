/* SPDX-License-Identifier: MIT
 *
 * Scripts that try to run for ever: each way to do so, in each way to hide it. A call ends
 * at the first look at the clock after its time, and the next script answers as if nothing
 * had been. The clock is one that the tests set: it goes on by each look, so that no machine
 * is too slow. That little is done between two looks is tested beside it: what does much
 * at once is refused.
 */
#include <stdio.h>

#include "script_support.h"

#include "script/stopwatch.h"

enum { LIMIT_MICROSECONDS = 40000, A_LOOK = 1000, LIMIT_LOOKS = 40 };

/* So much time passes with each look. */
typedef struct test_clock {
    int64_t now, step;
} test_clock;

static int64_t look(void *data)
{
    test_clock *clock = data;
    return clock->now += clock->step;
}

/* Without a clock: under that of the machine. */
static script_set *set_by(test_clock *clock)
{
    script_set *s = script_set_new((script_limits){16 * 1024 * 1024, LIMIT_MICROSECONDS});
    script_set_time_by(s, (stopwatch){clock ? look : NULL, clock});
    return s;
}

static const char *const endless[] = {
    "while true do end",
    "local i = 0 repeat i = i + 1 until false",
    "for i = 1, math.huge do end",
    "local function f() return f() end f()",
    "while true do local t = {} end",
    "while true do local s = ('x'):rep(1000) end",
    "local s = ('\\0'):rep(400000) local z = ('\\0'):rep(399999) .. '\\0'\n"
    "while s == z and not (s < z) do end",
    "local t = {} for i = 1, 100000 do t[i] = i % 7 end while true do table.sort(t) end",
    "local t = {} for i = 1, 5000 do t['k' .. i] = i end\n"
    "while true do for k in pairs(t) do end end",
    "local s = ('a'):rep(200) while true do s:find('.-.-b') end",
    "local s = ('a'):rep(1000) while true do s:gsub('.', 'bb') end",
    "local s = ('9'):rep(100000) while true do local n = s + 0 end",
    "while true do string.format('%99.99f', 1e300) end",
    "while true do pcall(string.gsub, ('a'):rep(10000), '', ('%%0'):rep(50000)) end",
    "local t = {} for i = 1, 5000 do t[i] = '' end\n"
    "while true do table.insert(t, 1, '') table.remove(t, 1) table.concat(t) end",
    "while true do carpel.beta_quantile(1e5, 2e5, 0.4) end",
    "while true do pcall(carpel.log_hyp2f1, 1, 1, 1, 1 - 1e-9) end",
};

/* %s is one of the above. */
static const char *const hidden[] = {
    "%s",
    "pcall(function() %s end)",
    "while true do pcall(function() %s end) end",
    "xpcall(error, function() %s end)",
    "xpcall(function() %s end, function() while true do end end)",
    "pcall(pcall, pcall, function() %s end)",
    "table.sort({3, 2, 1}, function(a, b) %s return a < b end)",
    "('abc'):gsub('.', function(c) %s end)",
    "for k, v in (function() %s end) do end",
    "local function down(n) if n == 0 then %s else return pcall(down, n - 1) end end "
    "down(50)",
};

static void ask_the_next(script_state *s, const script_set *set)
{
    const double x[] = {1, 2, 3};
    const script_column column = {.kind = SCRIPT_NUMBER, .values = x};
    outcomes o = {0};
    call_rows(s, set, "good", &column, 1, 3, &o);
    assert_int_equal(o.failures, 0);
    assert_string_equal(o.texts[0], "1.0 one");
    assert_string_equal(o.texts[1], "4.0 one");
    assert_string_equal(o.texts[2], "9.0 one");
}

/* The looks that one call takes: the first and the last ask two clocks, and what was wasted is
 * told. */
static void check_looks(const test_clock *clock, int64_t before, const char *hostile)
{
    int64_t looks = (clock->now - before) / A_LOOK;
    if (looks > LIMIT_LOOKS + 4)
        fail_msg("%lld looks: %s", (long long)looks, hostile);
}

static void try_one(const char *way, const char *body, test_clock *clock)
{
    char hostile[1024], file[2048];
    const char *place = strstr(way, "%s");
    snprintf(hostile, sizeof hostile, "%.*s%s%s", (int)(place - way), way, body,
             place + 2);
    snprintf(file, sizeof file,
             "local kept = {a = 'one'}\nreturn {bad = function()\n%s\nend,\n"
             "good = function(x) return x * x .. ' ' .. kept.a end}",
             hostile);
    script_set *set = set_by(clock);
    load_good(set, "m.lua", file);
    script_state *s = script_state_new(set, NULL);
    ask_the_next(s, set);
    outcomes o = {0};
    int64_t before = clock ? clock->now : 0;
    call_rows(s, set, "bad", NULL, 0, 1, &o);
    if (o.failures != 1 || !strstr(o.messages[0], "it ran longer than the limit"))
        fail_msg("%s: %s", hostile, o.messages[0]);
    if (clock)
        check_looks(clock, before, hostile);
    ask_the_next(s, set);
    script_state_free(s);
    script_set_free(set);
}

/* The same in a batch, at the second of three rows: it fails, and those beside it do not. */
static void try_in_batch(const char *way, const char *body, test_clock *clock)
{
    char hostile[1024], file[2048];
    const double x[] = {1, 2, 3};
    const script_column column = {.kind = SCRIPT_NUMBER, .values = x};
    const char *place = strstr(way, "%s");
    snprintf(hostile, sizeof hostile, "%.*s%s%s", (int)(place - way), way, body,
             place + 2);
    snprintf(file, sizeof file,
             "local kept = {a = 'one'}\n"
             "carpel.define {name = 'bad', help = 'h', args = {'x: number'}, result = "
             "'number',\nbatch = function(column) local out = {}\n"
             "for row = 1, #column do\nif column[row] == 2 then\n%s\nend\n"
             "out[row] = 10 * column[row] end return out end}\n"
             "carpel.define {name = 'good', help = 'h', args = {'x: number'}, result = "
             "'string',\ncall = function(x) return x * x .. ' ' .. kept.a end}",
             hostile);
    script_set *set = set_by(clock);
    load_good(set, "m.lua", file);
    script_state *s = script_state_new(set, NULL);
    outcomes o = {0};
    call_rows(s, set, "bad", &column, 1, 3, &o);
    if (o.failures != 1 || !strstr(o.messages[1], "it ran longer than the limit"))
        fail_msg("%s: %s", hostile, o.messages[1]);
    assert_true(o.results[0].number > 9 && o.results[0].number < 11);
    assert_true(o.results[2].number > 29 && o.results[2].number < 31);
    ask_the_next(s, set);
    script_state_free(s);
    script_set_free(set);
}

typedef void try_way(const char *way, const char *body, test_clock *clock);

static void try_all(try_way *one, test_clock *clock)
{
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        for (size_t k = 0; k < sizeof endless / sizeof *endless; k++)
            one(hidden[i], endless[k], clock);
}

static void test_all_end_in_a_batch(void **state)
{
    (void)state;
    test_clock clock = {0, A_LOOK};
    try_all(try_in_batch, &clock);
}

static void test_all_end_at_the_next_look(void **state)
{
    (void)state;
    test_clock clock = {0, A_LOOK};
    try_all(try_one, &clock);
}

static void test_all_end_by_the_clock_of_the_machine(void **state)
{
    (void)state;
    try_all(try_one, NULL);
}

/* A call of the function, in a file where `long` has as many elements as may be. */
static void call_body(const char *body, test_clock *clock, outcomes *out)
{
    char file[1024];
    snprintf(file, sizeof file,
             "local function list(n) local t = {} for i = 1, n do t[i] = '' end "
             "return t end\n"
             "local few, many = list(1000), list(4000)\n"
             "return {f = function() %s end}",
             body);
    script_set *set = set_by(clock);
    load_good(set, "m.lua", file);
    script_state *s = script_state_new(set, NULL);
    call_rows(s, set, "f", NULL, 0, 1, out);
    script_state_free(s);
    script_set_free(set);
}

/* With 40 ms, two fifths of what 100 ms allow: one more is refused. */
static void test_steps_are_bounded(void **state)
{
    (void)state;
    static const struct {
        const char *most, *more, *message;
    } steps[] = {
        {"return #('x'):rep(419430)", "return #('x'):rep(419431)", "longer than 419430"},
        {"local s = ('x'):rep(209715) return #(s .. s)",
         "local s = ('x'):rep(209780) return #(s .. s)", "a text longer than 419430"},
        {"return #table.concat(list(400000))", "return #table.concat(list(400001))",
         "more than 400000 elements"},
        {"local t = list(40000) for k in pairs(t) do end",
         "local t = list(40001) for k in pairs(t) do end", "at most 40000 keys"},
        {"return ('a'):rep(99999):find(('b'):rep(624), 1, true)",
         "return ('a'):rep(100000):find(('b'):rep(624), 1, true)", "too long"},
        {"return #('a'):rep(999):gsub('', ('%0'):rep(3990))",
         "return #('a'):rep(999):gsub('', ('%0'):rep(4000))", "too long"},
        {"return #('a'):rep(999):gsub('', ('%0'):rep(40000), 10)",
         "return #('a'):rep(400000):gsub('a', type)", "too long"},
    };
    test_clock stands = {0, 0};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        outcomes good = {0}, bad = {0};
        call_body(steps[i].most, &stands, &good);
        if (good.failures > 0)
            fail_msg("%s: %s", steps[i].most, good.messages[0]);
        call_body(steps[i].more, &stands, &bad);
        if (!strstr(bad.messages[0], steps[i].message))
            fail_msg("%s: %s", steps[i].more, bad.messages[0]);
    }
}

/* Making keys takes longer the more there are, so pairs looks at the clock meanwhile. */
static void test_pairs_looks(void **state)
{
    (void)state;
    test_clock clock = {0, A_LOOK};
    outcomes few = {0}, many = {0};
    call_body("for k in pairs(few) do return k end", &clock, &few);
    call_body("for k in pairs(many) do return k end", &clock, &many);
    assert_int_equal(few.failures, 0);
    assert_non_null(strstr(many.messages[0], "it ran longer"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_end_at_the_next_look),
        cmocka_unit_test(test_all_end_in_a_batch),
        cmocka_unit_test(test_all_end_by_the_clock_of_the_machine),
        cmocka_unit_test(test_steps_are_bounded),
        cmocka_unit_test(test_pairs_looks),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
