/* SPDX-License-Identifier: MIT
 *
 * Scripts that try to run for ever: each way to do so, in each way to hide it. A call ends
 * within twice its time, and the next script answers as if nothing had been.
 */
#include <stdio.h>
#include <time.h>

#include "script_support.h"

enum { LIMIT_MICROSECONDS = 40000 };

static const script_limits limits = {.memory_bytes = 16 * 1024 * 1024,
                                     .call_microseconds = LIMIT_MICROSECONDS};

static const char *const endless[] = {
    "while true do end",
    "local i = 0 repeat i = i + 1 until false",
    "for i = 1, math.huge do end",
    "local function f() return f() end f()",
    "while true do local t = {} end",
    "while true do local s = ('x'):rep(1000) end",
    "local s = ('\\0'):rep(1 << 20) local z = ('\\0'):rep((1 << 20) - 1) .. '\\0'\n"
    "while s == z and not (s < z) do end",
    "local t = {} for i = 1, 100000 do t[i] = i % 7 end while true do table.sort(t) end",
    "local t = {} for i = 1, 5000 do t['k' .. i] = i end\n"
    "while true do for k in pairs(t) do end end",
    "local s = ('a'):rep(200) while true do s:find('.-.-b') end",
    "local s = ('a'):rep(1000) while true do s:gsub('.', 'bb') end",
    "local s = ('9'):rep(100000) while true do local n = s + 0 end",
    "while true do string.format('%99.99f', 1e300) end",
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

static int64_t processor_microseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

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

static void try_one(const char *way, const char *body)
{
    char hostile[1024], file[2048];
    const char *place = strstr(way, "%s");
    snprintf(hostile, sizeof hostile, "%.*s%s%s", (int)(place - way), way, body,
             place + 2);
    snprintf(file, sizeof file,
             "local kept = {a = 'one'}\nreturn {bad = function()\n%s\nend,\n"
             "good = function(x) return x * x .. ' ' .. kept.a end}",
             hostile);
    script_set *set = script_set_new(limits);
    load_good(set, "m.lua", file);
    script_state *s = script_state_new(set, NULL);
    ask_the_next(s, set);
    outcomes o = {0};
    int64_t begin = processor_microseconds();
    call_rows(s, set, "bad", NULL, 0, 1, &o);
    int64_t used = processor_microseconds() - begin;
    if (o.failures != 1 || !strstr(o.messages[0], "it ran longer than the limit"))
        fail_msg("%s: %s", hostile, o.messages[0]);
    if (used > 2 * LIMIT_MICROSECONDS)
        fail_msg("%lld microseconds: %s", (long long)used, hostile);
    ask_the_next(s, set);
    script_state_free(s);
    script_set_free(set);
}

static void test_all_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        for (size_t k = 0; k < sizeof endless / sizeof *endless; k++)
            try_one(hidden[i], endless[k]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_ends)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
