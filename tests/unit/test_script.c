/* SPDX-License-Identifier: MIT
 *
 * Lua functions: values in and out, what a script may not see, what is refused at load,
 * and scripts that try to get past the limits of time and memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <math.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "script/pattern_cost.h"
#include "script/script.h"

#ifndef TEST_SOURCE_DIRECTORY
#define TEST_SOURCE_DIRECTORY "."
#endif

static char directory[] = "/tmp/carpel-script-XXXXXX";

static const script_limits limits = {.memory_bytes = 8 * 1024 * 1024,
                                     .call_microseconds = 100000};
/* For what fails for another reason, however slow the machine is. */
static const script_limits patient = {.memory_bytes = 8 * 1024 * 1024,
                                      .call_microseconds = 60000000};

/* Sanitizers slow everything down; a limit that does not hold takes longer still. */
enum { MAX_SECONDS = 5 };

/* Write a file into the folder, load it, and remove it. */
static bool load_bytes(script_set *s, const char *name, const char *data, size_t size,
                       diags *d)
{
    carpel_error err;
    char *path = path_join(directory, name);
    assert_true(file_write_whole(path, data, size, &err));
    bool ok = script_set_load(s, path, (span){0}, E0311, d);
    unlink(path);
    memory_free(path);
    return ok;
}

static bool load(script_set *s, const char *name, const char *lua, diags *d)
{
    return load_bytes(s, name, lua, strlen(lua), d);
}

/* A set of the one module m, in which the text is the body of function(x, y). */
static script_set *set_of_body_with(const char *body, script_limits with)
{
    text lua;
    text_init(&lua);
    text_append_format(&lua, "return {f = function(x, y)\n%s\nend}", body);
    script_set *s = script_set_new(with);
    diags *d = diags_new();
    if (!load(s, "m.lua", lua.data, d))
        fail_msg("%s: %s", body, diags_get(d, 0)->message);
    diags_free(d);
    text_done(&lua);
    return s;
}

static script_set *set_of_body(const char *body)
{
    return set_of_body_with(body, limits);
}

static const script_value none = {.kind = SCRIPT_MISSING};

static script_value integer(int64_t value)
{
    return (script_value){.kind = SCRIPT_INTEGER, .integer = value};
}

static script_value number(double value)
{
    return (script_value){.kind = SCRIPT_NUMBER, .number = value};
}

static script_value boolean(bool value)
{
    return (script_value){.kind = SCRIPT_BOOL, .boolean = value};
}

static script_value string(const char *value)
{
    return (script_value){.kind = SCRIPT_TEXT, .text = slice_of(value)};
}

static bool equals(const script_value *a, const script_value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case SCRIPT_BOOL: return a->boolean == b->boolean;
    case SCRIPT_INTEGER: return a->integer == b->integer;
    case SCRIPT_NUMBER: return !(a->number < b->number) && !(a->number > b->number);
    case SCRIPT_TEXT: return slice_equals(a->text, b->text);
    default: return true;
    }
}

static void test_values(void **state)
{
    (void)state;
    const struct {
        const char *body;
        script_value x, y, expected;
    } cases[] = {
        {"return x + y", integer(2), integer(3), integer(5)},
        {"return x + y", integer(2), number(0.5), number(2.5)},
        {"return x / y", integer(4), integer(2), number(2)},
        {"return x // y", integer(7), integer(2), integer(3)},
        {"return x", integer(INT64_MIN), none, integer(INT64_MIN)},
        {"return x", string(""), none, string("")},
        {"return x .. y", string("caf\xC3\xA9"), string("!"), string("caf\xC3\xA9!")},
        {"return x:upper()", string("abc"), none, string("ABC")},
        {"return not x", boolean(true), none, boolean(false)},
        {"return x == nil and y == nil", none, none, boolean(true)},
        {"return x", none, none, none},
        {"", none, none, none},
        {"return 1, 2, 3", none, none, integer(1)},
        {"return math.type(x) .. ' ' .. math.type(y)", integer(1), number(1),
         string("integer float")},
        {"local ok, e = pcall(error, 'no', 0) return e", none, none, string("no")},
        {"local t = {} for k, v in pairs({b=2, a=1, [3]=0, [2.5]=0, [true]=0}) do "
         "t[#t+1] = tostring(k) end return table.concat(t, ' ')",
         none, none, string("true 2.5 3 a b")},
        {"local t, n = {a=1, b=2, c=3}, 0 for k in pairs(t) do t.b = nil n = n + 1 end "
         "return n",
         none, none, integer(2)},
        {"return tostring({}) .. tostring(os) .. tostring(pcall) .. tostring(1.5)", none,
         none, string("tablenilfunction1.5")},
        {"return string.format('%s %5.2f %d %q', {}, 1.5, 3, 'x')", none, none,
         string("table  1.50 3 \"x\"")},
        {"return ('ab'):rep(3, '-')", none, none, string("ab-ab-ab")},
        {"return ('x'):rep(0) .. ('x'):rep(-5) .. ('x'):rep(1)", none, none, string("x")},
        {"local t = {3, 1, 2} table.sort(t) return table.concat(t)", none, none,
         string("123")},
        {"local t = {'b1', 'a1', 'b2', 'a2', 'c'} table.sort(t, function(a, b) "
         "return a:sub(1,1) < b:sub(1,1) end) return table.concat(t, ' ')",
         none, none, string("a1 a2 b1 b2 c")},
        {"local t = {} for i = 1, 100 do t[i] = (i * 37) % 101 end table.sort(t, "
         "function(a, b) return a > b end) return t[1] * 1000 + t[100]",
         none, none, integer(100001)},
        {"return (x:match('^%s*(.-)%s*$'))", string("  a b "), none, string("a b")},
        {"return (x:gsub('%d+', '#'))", string("a12b3"), none, string("a#b#")},
        {"local n = 0 for w in x:gmatch('%a+') do n = n + 1 end return n",
         string("one two"), none, integer(2)},
        {"return x:find('b', 1, true)", string("abc"), none, integer(2)},
        {"return ('ab'):rep(50000):find('-.-.-', 1, true)", none, none, none},
        {"return utf8.len(x)", string("caf\xC3\xA9"), none, integer(4)},
        {"return math.floor(x) + math.max(1, 2)", number(1.5), none, integer(3)},
        {"local t = table.pack(1, 2) table.insert(t, 3) table.remove(t, 1) return #t",
         none, none, integer(2)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        script_set *set = set_of_body(cases[i].body);
        script_state *s = script_state_new(set, NULL);
        script_value arguments[] = {cases[i].x, cases[i].y}, result;
        const char *message = NULL;
        if (!script_call(s, 0, arguments, 2, &result, &message))
            fail_msg("%s: %s", cases[i].body, message);
        if (!equals(&result, &cases[i].expected))
            fail_msg("another result: %s", cases[i].body);
        script_state_free(s);
        script_set_free(set);
    }
}

/* Call f once and expect that it fails with this in its message. */
static void expect_failure(const char *body, const char *expected, script_limits with)
{
    script_set *set = set_of_body_with(body, with);
    script_state *s = script_state_new(set, NULL);
    script_value arguments[] = {string("abc"), integer(7)}, result = integer(1);
    const char *message = NULL;
    double begin = clock_monotonic_seconds();
    bool ok = script_call(s, 0, arguments, 2, &result, &message);
    if (clock_monotonic_seconds() - begin > MAX_SECONDS)
        fail_msg("the limit did not hold: %s", body);
    if (ok)
        fail_msg("did not fail: %s", body);
    assert_int_equal(result.kind, SCRIPT_MISSING);
    if (strstr(message, expected) == NULL || strstr(message, "\"m.f\"") == NULL)
        fail_msg("%s: %s", body, message);
    script_state_free(s);
    script_set_free(set);
}

static void test_failures(void **state)
{
    (void)state;
    static const struct {
        const char *body, *message;
    } cases[] = {
        {"return {} + y", "m.lua:2: attempt to perform arithmetic"},
        {"local z = nil\nreturn z.y", "m.lua:3: attempt to index a nil value"},
        {"error('too bad')", "m.lua:2: too bad"},
        {"error('two\\nlines', 0)", "failed: two lines"},
        {"error({})", "it raised a table"},
        {"error()", "it raised a nil"},
        {"assert(false, 'why')", "why"},
        {"return {}", "it returns a table"},
        {"return function() end", "it returns a function"},
        {"return 0/0", "it returns NaN"},
        {"return 1/0", "it returns an infinity"},
        {"return -math.huge", "it returns an infinity"},
        {"return '\\xFF'", "not UTF-8"},
        {"return ('x'):rep(1 << 40)", "longer than 1048576 bytes"},
        {"return (''):rep(1 << 60)", "longer than 1048576 bytes"},
        {"return ('x'):rep(2, ('y'):rep(1000000))", "longer than 1048576 bytes"},
        {"return string.format('%p', 'x')", "not allowed"},
        {"return string.format('%-20p', {})", "not allowed"},
        {"for k in pairs({[{}] = 1}) do end", "no order for a key that is a table"},
        {"pairs(nil)", "table expected"},
        {"table.sort({1, 'x'})", "compare"},
        {"table.sort({1, 2}, 3)", "function expected"},
        {"counter = 1", "the global 'counter' cannot be set"},
        {"_ENV.counter = 1", "the global 'counter' cannot be set"},
        {"return ('a'):rep(10000):find(('.-'):rep(5) .. 'b')", "could take too long"},
        {"return ('a'):rep(10000):gsub('a?a?a?a?a?a?a?a?a?a?a?', '')", "too long"},
        {"return ('a'):rep(100000):gmatch('^.-b')", "could take too long"},
        {"return ('a'):rep(1000000):find(('a'):rep(1000) .. 'b', 1, true)", "too long"},
        {"return ('a'):rep(10000):gsub('.-.-b', '', 1)", "could take too long"},
        {"return ('a'):rep(10000):match('.-.-b', 1, true)", "could take too long"},
        {"return ('('):rep(5000):find('%b()')", "could take too long"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_failure(cases[i].body, cases[i].message, patient);
}

static void test_time_limit(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "while true do end",
        "local i = 0 repeat i = i + 1 until false",
        "::again:: goto again",
        "for i = 1, math.huge do end",
        "while true do pcall(function() while true do end end) end",
        "while true do pcall(error) end",
        "local function f() pcall(f) pcall(f) while true do end end f()",
        "local function f(n) pcall(f, n + 1) return f(n + 1) end f(1)",
        "while true do xpcall(error, function() while true do end end) end",
        "local x <close> = nil while true do end",
        "local f f = function() return f() end f()",
        "for i = 1, 1e9 do local s = ('x'):rep(1000000) end",
        "local s = ('9'):rep(1000000) for i = 1, 1e9 do local n = s + 0 end",
        "local s = ('9'):rep(1000000) for i = 1, 1e9 do local n = tonumber(s) end",
        "local a, b = ('a'):rep(1000000), ('a'):rep(999999) .. 'a' "
        "while a == b and not (a < b) do end",
        "local t = {} for i = 1, 100000 do t[i] = 1 end while true do table.concat(t) "
        "end",
        "local t = {} for i = 1, 100000 do t[i] = 1 end "
        "while true do table.insert(t, 1, 2) table.remove(t, 1) end",
        "local s = ('a'):rep(1000000) local t = {} for i = 1, 100000 do t[i] = s end "
        "table.sort(t)",
        "local t = {} for i = 1, 100000 do t[i] = i end "
        "while true do table.sort(t, function() return true end) end",
        "local t = {} for i = 1, 50000 do t['k' .. i] = i end "
        "while true do for k in pairs(t) do break end end",
        "local s = ('a'):rep(200) while true do s:find('.-.-b') end",
        "local s = ('a'):rep(2000) while true do s:gsub('.', {a = 'b'}) end",
        "local s = ('a'):rep(2000) while true do for c in s:gmatch('.') do end end",
        "local s = ('a'):rep(1000000) while true do utf8.len(s) end",
        "local s = ('x'):rep(36) while true do s:find('%b[].-.-.-b]') end",
        "local s = ('%d'):rep(400) while true do pcall(string.format, s, 1) end",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        expect_failure(bodies[i], "ran longer than the limit of 100 ms", limits);
    expect_failure("local z = 1\nwhile true do z = z + 1 end", "m.lua:3: it ran longer",
                   limits);
}

static void test_memory_limit(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "local t = {} for i = 1, 1e9 do t[i] = i end",
        "local t = {} while true do t = {t} end",
        "local t = {} for i = 1, 1e9 do t['k' .. i] = true end",
        "local t = {} for i = 1, 100 do t[i] = ('x'):rep(1000000 + i) end",
        "local function f() return 1 + f() end return f()",
        "local t = {} while true do pcall(function() for i = 1, 1e9 do t[#t+1] = {} end "
        "end) end",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        expect_failure(bodies[i], "limit of 8 MB", patient);
    /* a buffer inside of one function is refused at once */
    expect_failure("local t = {} for i = 1, 1e5 do t[i] = 'text' end "
                   "return table.concat(t, ('x'):rep(100))",
                   "not enough memory", patient);
    expect_failure("local s = 'x' while true do s = s .. s end", "text longer than",
                   patient);
    expect_failure("local s = 'x' while true do pcall(function() s = s .. s end) end",
                   "text longer than", patient);
}

/* Garbage does not count: far more than the limit is made, and little is kept. */
static void test_garbage_is_collected(void **state)
{
    (void)state;
    const script_limits slow = {.memory_bytes = 2 * 1024 * 1024,
                                .call_microseconds = 10000000};
    script_set *set = script_set_new(slow);
    diags *d = diags_new();
    assert_true(load(set, "m.lua",
                     "return {f = function() local n = 0 for i = 1, 100 do "
                     "n = n + #(('x'):rep(500000 + i)) end return n end}",
                     d));
    script_state *s = script_state_new(set, NULL);
    script_value result;
    const char *message = "";
    if (!script_call(s, 0, NULL, 0, &result, &message))
        fail_msg("%s", message);
    assert_int_equal(result.integer, 100 * 500000 + 5050);
    script_state_free(s);
    script_set_free(set);
    diags_free(d);
}

static void test_state_after_a_limit(void **state)
{
    (void)state;
    script_set *set = script_set_new(limits);
    diags *d = diags_new();
    assert_true(load(set, "m.lua",
                     "local calls = {n = 0}\n"
                     "return {spin = function() while true do end end,\n"
                     "count = function() calls.n = calls.n + 1 return calls.n end,\n"
                     "echo = function(x) return x end}",
                     d));
    size_t spin = script_set_find(set, "m", "spin");
    size_t count = script_set_find(set, "m", "count");
    size_t echo = script_set_find(set, "m", "echo");
    script_state *s = script_state_new(set, NULL);
    script_value result, argument = string("text");
    const char *message;
    assert_false(script_call(s, count, NULL, 0, &result, &message));
    assert_true(script_was_impure(s));
    for (size_t i = 0; i < 3; i++) {
        assert_false(script_call(s, spin, NULL, 0, &result, &message));
        assert_true(script_call(s, echo, &argument, 1, &result, &message));
        assert_true(slice_is(result.text, "text"));
    }
    assert_false(script_was_impure(s));
    script_state_free(s);
    script_set_free(set);
    diags_free(d);
}

/* What outlives a call cannot be changed by one, whichever way it is tried. */
static void test_what_outlives_a_call(void **state)
{
    static const struct {
        const char *lua, *what;
    } changes[] = {
        {"local n = 0 return {f = function() n = n + 1 return n end}", "\"n\""},
        {"local n = 0 return {f = function() pcall(function() n = n + 1 end) end}",
         "\"n\""},
        {"local n = 0 return {f = function() n = n + 1 error('x') end}", "\"n\""},
        {"local t = {} return {f = function(x) t[x] = true end}", "a table outside"},
        {"local t = {} return {f = function(x) pcall(function() t.a = x end) end}",
         "\"a\" of a table outside"},
        {"local t = {a = 1} return {f = function() t.a = 2 end}", "\"a\" of a table"},
        {"local t = {a = {b = {}}} return {f = function(x) t.a.b.c = x end}", "\"c\""},
        {"local t = {} return {f = function(x) table.insert(t, x) end}", "a table"},
        {"local t = {1, 2} return {f = function() table.remove(t) end}", "a table"},
        {"local t = {2, 1} return {f = function() table.sort(t) end}", "a table"},
        {"return {f = function(x) math.last = x end}", "\"last\""},
        {"return {f = function(x) string.x = x end}", "\"x\""},
        {"local m = {} function m.f(x) m.last = x end return m", "\"last\""},
        {"local function counter() local n = 0 return function() n = n + 1 return n end "
         "end local c = counter() return {f = function() return c() end}",
         "\"n\""},
        {"t = {} function f(x) t[1] = x end", "a table"},
        {"local g local function set(v) g = v end return {f = function(x) set({}) end}",
         "\"g\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        script_set *set = script_set_new(patient);
        diags *d = diags_new();
        if (!load(set, "m.lua", changes[i].lua, d))
            fail_msg("%s: %s", changes[i].lua, diags_get(d, 0)->message);
        script_state *s = script_state_new(set, NULL);
        script_value result, argument = integer(1);
        const char *message = "";
        bool ok = script_call(s, script_set_find(set, "m", "f"), &argument, 1, &result,
                              &message);
        if (ok || !script_was_impure(s) || strstr(message, changes[i].what) == NULL)
            fail_msg("%s: %d %s", changes[i].lua, ok, message);
        script_state_free(s);
        script_set_free(set);
        diags_free(d);
    }
}

/* Reading what is there in every call is fine, in every way; so is what a call makes. */
static void test_constants(void **state)
{
    static const char lua[] =
        "local t = {3, 1, 2, name = 'x', deep = {5}}\n"
        "local function sum(list) local s = 0 for _, v in ipairs(list) do s = s + v end "
        "return s end\n"
        "return {f = function()\n"
        "  local keys, n = '', 0\n"
        "  for k, v in pairs(t) do keys = keys .. tostring(k) end\n"
        "  local copy = {table.unpack(t)} table.sort(copy) copy.x = 1\n"
        "  local function bump() n = n + 1 end bump() bump()\n"
        "  return keys .. #t .. sum(t) .. t.deep[1] .. copy[1] .. n .. "
        "table.concat(t, '-') .. select('#', table.unpack(t))\n"
        "end}";
    (void)state;
    script_set *set = script_set_new(patient);
    diags *d = diags_new();
    assert_true(load(set, "m.lua", lua, d));
    script_state *s = script_state_new(set, NULL);
    script_value result;
    const char *message = "";
    for (size_t i = 0; i < 3; i++) {
        if (!script_call(s, 0, NULL, 0, &result, &message))
            fail_msg("%s", message);
        assert_true(slice_is(result.text, "123deepname3651"
                                          "23-1-23"));
    }
    script_state_free(s);
    script_set_free(set);
    diags_free(d);
}

/* An iterator has a place where it is: it cannot be kept. */
static void test_kept_iterators(void **state)
{
    static const char *const files[] = {
        "local it = ('a b'):gmatch('%a') return {f = function() return it() end}",
        "local it = pairs({1, 2}) return {f = function() return it() end}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        script_set *set = script_set_new(patient);
        diags *d = diags_new();
        assert_false(load(set, "m.lua", files[i], d));
        assert_non_null(strstr(diags_get(d, 0)->message, "keeps an iterator"));
        script_set_free(set);
        diags_free(d);
    }
}

/* One instruction that compares two long texts takes long itself; the clock is looked at
 * so often that the limit holds nevertheless. */
static void test_long_comparisons(void **state)
{
    static const char lua[] =
        "local z = ('\\0'):rep(1048000)\n"
        "local a, b = z .. '1', z .. '2'\n"
        "local n = 0\n"
        "return {f = function() while true do if a < b and a < b and a < b and a < b and "
        "a < b and a < b and a < b and a < b then end end end,\n"
        "g = function() local x = z .. '3' while true do if x < a and a < x then end end "
        "end}";
    const script_limits long_texts = {.memory_bytes = 64 * 1024 * 1024,
                                      .call_microseconds = 100000};
    (void)state;
    script_set *set = script_set_new(long_texts);
    diags *d = diags_new();
    assert_true(load(set, "m.lua", lua, d));
    script_state *s = script_state_new(set, NULL);
    script_value result;
    const char *message = "";
    for (size_t i = 0; i < 4; i++) {
        assert_false(script_call(s, i % 2, NULL, 0, &result, &message));
        assert_non_null(strstr(message, "ran longer"));
        /* one comparison takes some 20 ms, and a sanitizer makes it slower */
        assert_true(script_wasted_microseconds(s) < 1000000);
    }
    script_state_free(s);
    script_set_free(set);
    diags_free(d);
}

static void test_what_is_absent(void **state)
{
    (void)state;
    static const char *const names[] = {"os",
                                        "io",
                                        "debug",
                                        "package",
                                        "load",
                                        "loadstring",
                                        "loadfile",
                                        "dofile",
                                        "warn",
                                        "collectgarbage",
                                        "coroutine",
                                        "setmetatable",
                                        "getmetatable",
                                        "rawset",
                                        "rawget",
                                        "rawequal",
                                        "rawlen",
                                        "next",
                                        "_G",
                                        "math.random",
                                        "math.randomseed",
                                        "string.dump",
                                        "string.pack",
                                        "string.unpack",
                                        "string.packsize",
                                        "table.move",
                                        "('').dump",
                                        "('').pack"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *body = memory_alloc(100);
        snprintf(body, 100, "return %s == nil", names[i]);
        script_set *set = set_of_body(body);
        script_state *s = script_state_new(set, NULL);
        script_value result;
        const char *message = "";
        if (!script_call(s, 0, NULL, 0, &result, &message) || !result.boolean)
            fail_msg("%s is there. %s", names[i], message);
        script_state_free(s);
        script_set_free(set);
        memory_free(body);
    }
}

static void test_refused_files(void **state)
{
    (void)state;
    static const struct {
        const char *name, *lua, *message, *hint; /* hint: NULL: the message is enough */
    } cases[] = {
        {"a.lua", "return {\nf = function( end\n}",
         "a.lua:2: <name> or '...' expected near 'end'", NULL},
        {"a.lua", "x = = 1", "a.lua:1: unexpected symbol", NULL},
        {"a.lua", "\x1bLua\x54", "attempt to load a binary chunk",
         "A script is Lua text"},
        {"a.lua", "", "it has no functions", "A script is Lua text"},
        {"a.lua", "return {}", "it has no functions", "A script is Lua text"},
        {"a.lua", "return {x = 1, [1] = function() end}", "it has no functions",
         "A script is Lua text"},
        {"a.lua", "return 5", "it returns a number", "A script is Lua text"},
        {"a.lua", "return function() end", "it returns a function",
         "A script is Lua text"},
        {"a.lua", "error('at load')", "a.lua:1: at load", NULL},
        {"a.lua", "while true do end", "ran longer than the limit of 1000 ms", NULL},
        {"a.lua", "t = {} for i = 1, 1e9 do t[i] = {} end", "limit of 8 MB", NULL},
        {"a.lua", "io.write('x')",
         "a.lua:1: attempt to index a nil value (global 'io'); io is left out: a script "
         "reaches nothing outside; what it needs comes from the rule, as an argument",
         NULL},
        {"a.lua", "x = math.random()",
         "a.lua:1: attempt to call a nil value (field 'random'); math.random is left "
         "out: "
         "a function has the same result for the same arguments; chance comes from the "
         "rule, as an argument",
         NULL},
        {"a.lua", "local function f() return os.time() end\nlocal x = f()",
         "(global 'os'); os is left out: a script reaches nothing outside; a time comes "
         "from the rule, as an argument (called at ",
         NULL},
        {"a.lua", "local t = {} t.random2()", "a nil value (field 'random2')", NULL},
        {"a.lua", "print('x')", "print is read by nobody in a run", NULL},
        {".lua", "function f() end", "gives the script no name",
         "Name it after what it does"},
        {"\xFF.lua", "function f() end", "gives the script no name",
         "Name it after what it does"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        script_set *set = script_set_new(limits);
        diags *d = diags_new();
        if (load(set, cases[i].name, cases[i].lua, d))
            fail_msg("was loaded: %s", cases[i].lua);
        assert_int_equal(diags_count(d), 1);
        assert_int_equal(diags_get(d, 0)->code, E0311);
        if (strstr(diags_get(d, 0)->message, cases[i].message) == NULL)
            fail_msg("%s: %s", cases[i].lua, diags_get(d, 0)->message);
        const char *hint = diags_get(d, 0)->hint;
        if (cases[i].hint ? !hint || !strstr(hint, cases[i].hint) : hint != NULL)
            fail_msg("%s: %s", cases[i].lua, hint ? hint : "no hint");
        assert_int_equal(script_set_function_count(set), 0);
        diags_free(d);
        script_set_free(set);
    }
}

static void test_missing_and_tiny(void **state)
{
    (void)state;
    diags *d = diags_new();
    script_set *set = script_set_new(limits);
    assert_false(script_set_load(set, "/no/such.lua", (span){0}, E0119, d));
    assert_int_equal(diags_get(d, 0)->code, E0119);
    assert_non_null(strstr(diags_get(d, 0)->message, "/no/such.lua"));
    script_set_free(set);
    diags_free(d);
    for (size_t bytes = 1; bytes < 100000; bytes = bytes * 3 / 2 + 1) {
        d = diags_new();
        set = script_set_new((script_limits){bytes, 20000});
        bool ok = load(set, "m.lua", "function f() end", d);
        assert_int_equal(ok, !diags_has_errors(d));
        script_set_free(set);
        diags_free(d);
    }
}

static void test_modules(void **state)
{
    (void)state;
    script_set *set = script_set_new(limits);
    diags *d = diags_new();
    assert_true(load(set, "churn.lua",
                     "\xEF\xBB\xBF"
                     "local function hidden() end\n"
                     "limit = 3\n"
                     "function risk() return limit end\n"
                     "function age() return risk() + 1 end",
                     d));
    assert_true(load(set, "odd name-\xC3\xA9.v2.lua",
                     "return {['a b'] = function() return 'odd' end, f = math.floor}",
                     d));
    assert_int_equal(script_set_function_count(set), 4);
    assert_string_equal(script_set_function_name(set, 0), "churn.age");
    assert_string_equal(script_set_function_name(set, 1), "churn.risk");
    assert_string_equal(script_set_function_name(set, 2), "odd name-\xC3\xA9.v2.a b");
    assert_true(script_set_has_module(set, "churn"));
    assert_true(script_set_has_module(set, "odd name-\xC3\xA9.v2"));
    assert_false(script_set_has_module(set, "churn.lua"));
    assert_int_equal(script_set_find(set, "churn", "risk"), 1);
    assert_true(script_set_find(set, "churn", "hidden") == SIZE_MAX);
    assert_true(script_set_find(set, "churn", "f") == SIZE_MAX);
    assert_string_equal(script_set_similar(set, "churn", "rsk"), "churn.risk");
    assert_string_equal(script_set_similar(set, "chrun", "risk"), "churn.risk");
    assert_null(script_set_similar(set, "churn", "something_else_altogether"));

    script_state *s = script_state_new(set, NULL);
    script_value result, argument = number(2.5);
    const char *message = "";
    assert_true(script_call(s, 0, NULL, 0, &result, &message));
    assert_int_equal(result.integer, 4);
    assert_true(script_call(s, 2, NULL, 0, &result, &message));
    assert_true(slice_is(result.text, "odd"));
    assert_true(script_call(s, 3, &argument, 1, &result, &message));
    assert_int_equal(result.integer, 2);
    script_state_free(s);
    script_set_free(set);
    diags_free(d);
}

/* What one module does to its functions does not reach another. */
static void test_modules_are_apart(void **state)
{
    (void)state;
    script_set *set = script_set_new(limits);
    diags *d = diags_new();
    assert_true(load(set, "bad.lua",
                     "math.floor = nil string.upper = nil shared = 1 pairs = nil\n"
                     "function f() return ('x'):upper() end",
                     d));
    assert_true(load(set, "good.lua",
                     "function f() return shared == nil and math.floor(1.5) == 1 and "
                     "string.upper('x') == 'X' and pairs ~= nil end",
                     d));
    script_state *s = script_state_new(set, NULL);
    script_value result;
    const char *message = "";
    assert_true(script_call(s, 0, NULL, 0, &result, &message));
    assert_true(slice_is(result.text, "X"));
    assert_true(script_call(s, 1, NULL, 0, &result, &message));
    assert_true(result.boolean);
    script_state_free(s);
    script_set_free(set);
    diags_free(d);
}

static void test_duplicates(void **state)
{
    (void)state;
    carpel_error err;
    char *here = path_join(directory, "m.lua"), *folder = path_join(directory, "other");
    char *other = path_join(directory, "other/m.lua");
    char *again = path_join(directory, "other/../m.lua");
    assert_true(directory_make(folder, &err));
    assert_true(file_write_whole(here, "function f() end", 16, &err));
    assert_true(file_write_whole(other, "function f() end", 16, &err));
    script_set *set = script_set_new(limits);
    diags *d = diags_new();
    assert_true(script_set_load(set, here, (span){0}, E0311, d));
    assert_true(script_set_load(set, here, (span){0}, E0311, d));
    assert_true(script_set_load(set, again, (span){0}, E0311, d));
    assert_int_equal(script_set_function_count(set), 1);
    assert_int_equal(diags_count(d), 0);
    assert_false(script_set_load(set, other, (span){0}, E0311, d));
    assert_non_null(strstr(diags_get(d, 0)->message, "two scripts are named \"m\""));
    assert_int_equal(script_set_function_count(set), 1);
    script_set_free(set);
    diags_free(d);
    unlink(here);
    unlink(other);
    rmdir(folder);
    memory_free(here);
    memory_free(folder);
    memory_free(other);
    memory_free(again);
}

static void test_pattern_cost(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        size_t size;
        bool anchors;
        double cost;
    } cases[] = {
        {"abc", 9, true, 10},        /* n + 1 places to start */
        {"^abc", 9, true, 1},        /* one */
        {"^abc", 9, false, 10},      /* no anchor in gmatch */
        {"a*", 9, true, 55},         /* C(11, 2) */
        {"^a*", 9, true, 10},        /* C(10, 1) */
        {"^a*b+c-", 9, true, 220},   /* C(12, 3) */
        {"^a?b?", 9, true, 4},       /* there or not, twice */
        {"^%d+", 9, true, 10},       /* a class */
        {"^%-%+", 9, true, 1},       /* signs that are escaped repeat nothing */
        {"^[a-z*+]", 9, true, 1},    /* nor do those in a set */
        {"^[]-]+", 9, true, 10},     /* ] stands first */
        {"^[^]-]+", 9, true, 10},    /* the same, negated */
        {"^[%]*]+", 9, true, 10},    /* an escaped ] */
        {"^%b()", 9, true, 10},      /* goes over the text by itself */
        {"^(.)%1", 9, true, 10},     /* and so does a capture */
        {"^%b[].-.-", 9, true, 220}, /* no set begins in %b[] */
        {"^%b", 9, true, 10},
        {"^(?-", 9, true, 10}, /* a sign behind a bracket stands for itself */
        {"^()?-", 9, true, 10},
        {"^%1?-", 9, true, 55},
        {"^%b()?-", 9, true, 55},
        {"^%f[a]?-", 9, true, 10},
        {"^%f", 9, true, 1},
        {"^%", 9, true, 1}, /* malformed ones end */
        {"^[", 9, true, 1},
        {"^[%", 9, true, 1},
        {"^[^", 9, true, 1},
        {"", 9, true, 10},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double cost =
            pattern_cost(slice_of(cases[i].pattern), cases[i].size, cases[i].anchors);
        if (fabs(cost / (1 + (double)strlen(cases[i].pattern) / 16) - cases[i].cost) >
            1e-6)
            fail_msg("%s: %f", cases[i].pattern, cost);
    }
}

static text read_manual(void)
{
    text manual;
    carpel_error err;
    text_init(&manual);
    if (!file_read(TEST_SOURCE_DIRECTORY "/docs/scripting.md", 1 << 20, &manual, &err))
        fail_msg("%s", err.message);
    return manual;
}

/* The first Lua example of docs/scripting.md is loaded and called. */
static void test_example_of_the_manual(void **state)
{
    (void)state;
    text manual = read_manual();
    char *begin = strstr(manual.data, "```lua file=scores/churn.lua\n");
    assert_non_null(begin);
    begin = strchr(begin, '\n') + 1;
    char *end = strstr(begin, "```");
    assert_non_null(end);
    script_set *set = script_set_new(limits);
    diags *d = diags_new();
    if (!load_bytes(set, "churn.lua", begin, (size_t)(end - begin), d))
        fail_msg("%s", diags_get(d, 0)->message);
    size_t risk = script_set_find(set, "churn", "risk");
    size_t band = script_set_find(set, "churn", "band");
    assert_true(risk != SIZE_MAX && band != SIZE_MAX);
    script_state *s = script_state_new(set, NULL);
    const struct {
        script_value arguments[2], risk, band;
    } cases[] = {
        {{number(0), integer(1)}, number(0), string("safe")},
        {{number(45), integer(1)}, number(0.5), string("watch")},
        {{number(180), integer(3)}, number(180.0 / 270), string("watch")},
        {{number(180), integer(2)}, number(1), string("leaving")},
        {{none, integer(0)}, none, none},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        script_value result;
        const char *message = "";
        assert_true(script_call(s, risk, cases[i].arguments, 2, &result, &message));
        assert_true(equals(&result, &cases[i].risk));
        assert_true(script_call(s, band, cases[i].arguments, 2, &result, &message));
        assert_true(equals(&result, &cases[i].band));
    }
    script_state_free(s);
    script_set_free(set);
    diags_free(d);
    text_done(&manual);
}

/* The allow list of docs/scripting.md is what a script sees. */
static void test_allow_list_of_the_manual(void **state)
{
    (void)state;
    text manual = read_manual();
    script_set *set = script_set_new(limits);
    diags *d = diags_new();
    assert_true(load(set, "m.lua",
                     "local libraries = {math = math, string = string, table = table, "
                     "utf8 = utf8}\n"
                     "function f() local names = {}\n"
                     "for library, t in pairs(libraries) do for name in pairs(t) do\n"
                     "names[#names + 1] = library .. '.' .. name end end\n"
                     "return table.concat(names, ' ') .. ' ' end",
                     d));
    script_state *s = script_state_new(set, NULL);
    script_value result;
    const char *message = "";
    if (!script_call(s, 0, NULL, 0, &result, &message))
        fail_msg("%s", message);
    const char *at = result.text.data;
    size_t count = 0;
    for (const char *blank; (blank = strchr(at, ' ')) != NULL; at = blank + 1, count++) {
        char name[64];
        snprintf(name, sizeof name, "`%.*s`", (int)(blank - at), at);
        if (strstr(manual.data, name) == NULL)
            fail_msg("docs/scripting.md does not list %s", name);
    }
    assert_true(count > 45);
    script_state_free(s);
    script_set_free(set);
    diags_free(d);
    text_done(&manual);
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(directory) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return rmdir(directory);
}

/* ---- stopping ------------------------------------------------------------- */

static void *ask_to_stop(void *c)
{
    cancel_ask(c);
    return NULL;
}

/* No limit ends this call within the test, and pcall cannot keep it alive. */
static void test_a_call_is_stopped(void **state)
{
    static const char *const bodies[] = {
        "while true do end",
        "while true do pcall(function() while true do end end) end",
        "while true do local s = ('x'):rep(100000) end",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        const script_limits hour = {64 * 1024 * 1024, INT64_C(3600000000)};
        script_set *set = set_of_body_with(bodies[i], hour);
        cancel stop;
        pthread_t thread;
        cancel_init(&stop);
        script_state *s = script_state_new(set, &stop);
        script_value arguments[] = {string("abc"), integer(7)}, result;
        const char *message = NULL;
        assert_int_equal(pthread_create(&thread, NULL, ask_to_stop, &stop), 0);
        assert_false(script_call(s, 0, arguments, 2, &result, &message));
        assert_non_null(strstr(message, "the work was stopped"));
        pthread_join(thread, NULL);
        script_state_free(s);
        script_set_free(set);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_time_limit),
        cmocka_unit_test(test_memory_limit),
        cmocka_unit_test(test_garbage_is_collected),
        cmocka_unit_test(test_state_after_a_limit),
        cmocka_unit_test(test_what_outlives_a_call),
        cmocka_unit_test(test_constants),
        cmocka_unit_test(test_kept_iterators),
        cmocka_unit_test(test_long_comparisons),
        cmocka_unit_test(test_what_is_absent),
        cmocka_unit_test(test_refused_files),
        cmocka_unit_test(test_missing_and_tiny),
        cmocka_unit_test(test_modules),
        cmocka_unit_test(test_modules_are_apart),
        cmocka_unit_test(test_duplicates),
        cmocka_unit_test(test_pattern_cost),
        cmocka_unit_test(test_example_of_the_manual),
        cmocka_unit_test(test_allow_list_of_the_manual),
        cmocka_unit_test(test_a_call_is_stopped),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
