/* SPDX-License-Identifier: MIT
 *
 * Calls in a row: what arrives of columns, rows that fail between others that do not, and
 * that nothing goes from one row to the next.
 */
#include <stdio.h>

#include "script_support.h"

#include <lauxlib.h>

#include "script/code.h"

static const script_limits limits = {.memory_bytes = 8 * 1024 * 1024,
                                     .call_microseconds = 100000};
static const script_limits patient = {.memory_bytes = 8 * 1024 * 1024,
                                      .call_microseconds = 60000000};

static slice letter(const script_column *c, uint32_t code)
{
    return (slice){(const char *)c->texts + code, 1};
}

/* Each kind of column, with a row where all are missing. */
static void test_columns(void **state)
{
    (void)state;
    script_set *set = script_set_new(patient);
    load_good(set, "m.lua",
              "return {show = function(...)\n"
              "local t = table.pack(...) for i = 1, t.n do\n"
              "t[i] = (math.type(t[i]) or type(t[i])) .. ':' .. tostring(t[i]) end\n"
              "return table.concat(t, ' ') end}");
    const uint64_t bits[] = {1}, there[] = {1};
    const int64_t whole[] = {7, 8}, cents[] = {1050, 0}, large[] = {INT64_MAX, 0};
    const double real[] = {0.25, 0};
    const uint32_t codes[] = {2, 0}, uniform[] = {1};
    const script_column columns[] = {
        {.kind = SCRIPT_BOOL, .values = bits, .present = there},
        {.kind = SCRIPT_INTEGER, .values = whole, .present = there},
        {.kind = SCRIPT_NUMBER, .values = cents, .divisor = 100, .present = there},
        {.kind = SCRIPT_NUMBER, .values = large, .divisor = 10, .present = there},
        {.kind = SCRIPT_NUMBER, .values = real, .present = there},
        {.kind = SCRIPT_TEXT,
         .values = codes,
         .text_of = letter,
         .texts = "abc",
         .present = there},
        {.kind = SCRIPT_TEXT,
         .values = uniform,
         .text_of = letter,
         .texts = "abc",
         .is_uniform = true},
    };
    script_state *s = script_state_new(set, NULL);
    outcomes o = {0};
    /* the longest lines would not fit, so a few columns at a time */
    call_rows(s, set, "show", columns, 4, 2, &o);
    assert_string_equal(o.texts[0], "boolean:true integer:7 float:10.5 "
                                    "float:9.2233720368548e+17");
    assert_string_equal(o.texts[1], "nil:nil nil:nil nil:nil nil:nil");
    o = (outcomes){0};
    call_rows(s, set, "show", columns + 4, 3, 2, &o);
    assert_string_equal(o.texts[0], "float:0.25 string:c string:b");
    assert_string_equal(o.texts[1], "nil:nil nil:nil string:b");
    script_state_free(s);
    script_set_free(set);
}

static script_part part_of_three(const script_column *c, size_t at)
{
    return ((const script_part *)c->values)[at];
}

/* Lists are tables of the call's own: what it does to one, no other sees. */
static void test_lists(void **state)
{
    (void)state;
    script_set *set = script_set_new(patient);
    load_good(
        set, "m.lua",
        "return {show = function(t, more)\n"
        "local s = #t .. ':' .. table.concat(t, ',')\n"
        "table.sort(t, function(a, b) return a > b end)\n"
        "t[#t + 1] = 1\n"
        "return s .. ':' .. table.concat(t, ',') .. ':' .. table.concat(more) end}");
    const int64_t cents[] = {150, 250, 50};
    const uint32_t codes[] = {0, 1, 2};
    const script_column items[] = {
        {.kind = SCRIPT_NUMBER, .values = cents, .divisor = 100},
        {.kind = SCRIPT_TEXT, .values = codes, .text_of = letter, .texts = "abc"}};
    static const script_part parts[] = {{0, 3}, {1, 2}, {0, 0}, {0, 3}},
                             whole[] = {{1, 2}};
    const script_column columns[] = {{.kind = SCRIPT_LIST,
                                      .values = parts,
                                      .items = &items[0],
                                      .part_of = part_of_three},
                                     {.kind = SCRIPT_LIST,
                                      .values = whole,
                                      .is_uniform = true,
                                      .items = &items[1],
                                      .part_of = part_of_three}};
    script_state *s = script_state_new(set, NULL);
    outcomes o = {0};
    call_rows(s, set, "show", columns, 2, 4, &o);
    assert_string_equal(o.texts[0], "3:1.5,2.5,0.5:2.5,1.5,0.5,1:bc");
    assert_string_equal(o.texts[1], "2:2.5,0.5:2.5,0.5,1:bc");
    assert_string_equal(o.texts[2], "0::1:bc");
    assert_string_equal(o.texts[3], o.texts[0]);
    script_state_free(s);
    script_set_free(set);
}

static script_part part_of_length(const script_column *c, size_t at)
{
    return (script_part){0, ((const size_t *)c->values)[at]};
}

/* One value more than there may be fails its row, and no other. */
static void test_long_lists(void **state)
{
    (void)state;
    script_set *set = script_set_new(patient);
    load_good(set, "m.lua", "return {f = function(t) return #t end}");
    int64_t *ones = memory_alloc_zero_array(SCRIPT_MOST_LIST + 1, sizeof *ones);
    const size_t lengths[] = {SCRIPT_MOST_LIST, SCRIPT_MOST_LIST + 1, 2};
    const script_column items = {.kind = SCRIPT_INTEGER, .values = ones};
    const script_column column = {.kind = SCRIPT_LIST,
                                  .values = lengths,
                                  .items = &items,
                                  .part_of = part_of_length};
    script_state *s = script_state_new(set, NULL);
    outcomes o = {0};
    call_rows(s, set, "f", &column, 1, 3, &o);
    assert_int_equal(o.results[0].integer, SCRIPT_MOST_LIST);
    assert_non_null(strstr(o.messages[1], "a list has 100001 values"));
    assert_int_equal(o.results[2].integer, 2);
    script_state_free(s);
    script_set_free(set);
    memory_free(ones);
}

/* Lists that need more memory than there is end the call, as tables of a script's own do. */
static void test_large_lists(void **state)
{
    (void)state;
    enum { COLUMNS = 20 };
    script_set *set = script_set_new(patient);
    load_good(set, "m.lua", "return {f = function(...) return select('#', ...) end}");
    int64_t *ones = memory_alloc_zero_array(SCRIPT_MOST_LIST + 1, sizeof *ones);
    const size_t lengths[] = {2, SCRIPT_MOST_LIST, 0};
    const script_column items = {.kind = SCRIPT_INTEGER, .values = ones};
    script_column columns[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        columns[i] = (script_column){.kind = SCRIPT_LIST,
                                     .values = lengths,
                                     .items = &items,
                                     .part_of = part_of_length};
    script_state *s = script_state_new(set, NULL);
    outcomes o = {0};
    call_rows(s, set, "f", columns, COLUMNS, 3, &o);
    assert_int_equal(o.results[0].integer, COLUMNS);
    assert_non_null(strstr(o.messages[1], "more memory than the limit of 8 MB"));
    assert_int_equal(o.results[2].integer, COLUMNS);
    script_state_free(s);
    script_set_free(set);
    memory_free(ones);
}

static void test_required_arguments(void **state)
{
    (void)state;
    script_set *set = script_set_new(patient);
    load_good(set, "m.lua", "return {f = function(x) error(x) end}");
    const double x[] = {1, 2};
    const uint64_t there[] = {2};
    const script_column column = {
        .kind = SCRIPT_NUMBER, .values = x, .present = there, .is_required = true};
    script_state *s = script_state_new(set, NULL);
    outcomes o = {0};
    call_rows(s, set, "f", &column, 1, 2, &o);
    assert_true(o.is_told[0] && o.messages[0][0] == '\0');
    assert_int_equal(o.results[0].kind, SCRIPT_MISSING);
    assert_int_equal(o.failures, 1);
    assert_true(o.messages[1][0] != '\0');
    script_state_free(s);
    script_set_free(set);
}

/* Rows 1, 2 and 4 fail, in three ways; the others have their values, each once. */
static void test_failures_between_rows(void **state)
{
    (void)state;
    script_set *set = script_set_new(limits);
    load_good(set, "m.lua",
              "return {f = function(x)\n"
              "if x == 1 then error('no') end\n"
              "if x == 2 then while true do end end\n"
              "if x == 4 then local t = {} for i = 1, 1e9 do t[i] = i end end\n"
              "return x * 10 end}");
    const double x[] = {0, 1, 2, 3, 4, 5};
    const script_column column = {.kind = SCRIPT_NUMBER, .values = x};
    script_state *s = script_state_new(set, NULL);
    outcomes o = {0};
    call_rows(s, set, "f", &column, 1, 6, &o);
    for (size_t i = 0; i < 6; i++) {
        bool fails = i == 1 || i == 2 || i == 4;
        assert_true(o.is_told[i] && fails == (o.messages[i][0] != '\0'));
        if (!fails)
            assert_true((int)o.results[i].number == (int)i * 10);
    }
    assert_non_null(strstr(o.messages[1], "m.lua:2: no"));
    assert_non_null(strstr(o.messages[2], "m.lua:3: it ran longer than the limit"));
    assert_non_null(strstr(o.messages[4], "memory"));
    assert_true(script_wasted_microseconds(s) >= 0);
    o = (outcomes){.most_failures = 1};
    call_rows(s, set, "f", &column, 1, 6, &o);
    assert_int_equal(o.failures, 1);
    assert_false(o.is_told[2]);
    script_state_free(s);
    script_set_free(set);
}

/* A variable that is what it was after each second call gives it away all the same. */
static void test_nothing_goes_over(void **state)
{
    (void)state;
    static const char *const files[] = {
        "local flag = false return {f = function(x) flag = not flag return flag end}",
        "local n = 0 return {f = function(x) n = (n + 1) % 2 return n end}",
        "local n = 0 local function set(v) n = v end\n"
        "return {f = function(x) local old = n set(x) return old end}",
    };
    const double x[] = {1, 2, 0, 3};
    const script_column column = {.kind = SCRIPT_NUMBER, .values = x};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        script_set *set = script_set_new(patient);
        load_good(set, "m.lua", files[i]);
        script_state *s = script_state_new(set, NULL);
        outcomes o = {.most_failures = 1};
        call_rows(s, set, "f", &column, 1, 4, &o);
        if (o.failures != 1 || !script_was_impure(s) || o.messages[0][0] == '\0')
            fail_msg("%s", files[i]);
        script_state_free(s);
        script_set_free(set);
    }
}

static void test_stopped_work(void **state)
{
    (void)state;
    script_set *set = script_set_new(patient);
    load_good(set, "m.lua", "return {f = function(x) return x end}");
    cancel c;
    cancel_init(&c);
    cancel_ask(&c);
    const double x[] = {1};
    const script_column column = {.kind = SCRIPT_NUMBER, .values = x};
    script_state *s = script_state_new(set, &c);
    outcomes o = {0};
    call_rows(s, set, "f", &column, 1, 1, &o);
    assert_false(o.is_told[0] && o.messages[0][0] == '\0');
    script_state_free(s);
    script_set_free(set);
}

/* Which code is looked at after each call: that which could change what is around it. */
static void test_what_writes(void **state)
{
    (void)state;
    static const struct {
        const char *lua;
        bool writes;
    } files[] = {
        {"return {f = function(x) return x end}", false},
        {"local n = 0 return {f = function() return n end}", false},
        {"local n = 0 return {f = function() n = 1 end}", true},
        {"return {f = function() local n = 0 local function g() n = 1 end g() end}",
         true},
        {"local t = {} return {f = function() t.a = 1 end}", false}, /* sealed */
        {"x = 1 function f() return x end", false},
        {"local a, b, c = 'text', 1.5, 1 << 40 local long = ('x'):rep(100)\n"
         "return {f = function() return a .. b .. c .. 'a text that is longer than forty "
         "bytes, as short ones are kept in another way' end}",
         false},
        {"local f = function() return function() return function() _ENV = nil end end "
         "end "
         "return {f = f}",
         true},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        lua_State *L = luaL_newstate();
        assert_int_equal(luaL_loadstring(L, files[i].lua), LUA_OK);
        if (script_code_writes(L) != files[i].writes)
            fail_msg("%s", files[i].lua);
        lua_close(L);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_long_lists),
        cmocka_unit_test(test_large_lists),
        cmocka_unit_test(test_required_arguments),
        cmocka_unit_test(test_failures_between_rows),
        cmocka_unit_test(test_nothing_goes_over),
        cmocka_unit_test(test_stopped_work),
        cmocka_unit_test(test_what_writes),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
