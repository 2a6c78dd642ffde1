/* SPDX-License-Identifier: MIT
 *
 * Functions that are declared by a batch: what columns are, who fails when one of many does, that
 * results do not depend on who is in a batch together, and scripts that try to get at
 * columns whose call is over.
 */
#include <stdio.h>

#include "script_support.h"

#include "base/bitmap.h"
#include "base/file.h"
#include "base/path.h"

static const script_limits limits = {.memory_bytes = 8 * 1024 * 1024,
                                     .call_microseconds = 100000};
static const script_limits patient = {.memory_bytes = 8 * 1024 * 1024,
                                      .call_microseconds = 60000000};

/* A set with "m.f", declared with these arguments and this result, and whatever stands before it. */
static script_set *set_of(script_limits l, const char *before, const char *arguments,
                          const char *result, const char *batch)
{
    char file[4096];
    script_set *set = script_set_new(l);
    snprintf(file, sizeof file,
             "%s\ncarpel.define {name = 'f', help = 'h', result = '%s', args = {%s},\n"
             "batch = function(...)\n"
             "local x, y = ...\n"
             "%s\nend}\n",
             before, result, arguments, batch);
    load_good(set, "m.lua", file);
    return set;
}

static slice letter(const script_column *c, uint32_t code)
{
    return (slice){(const char *)c->texts + code, 1};
}

static script_part part_of(const script_column *c, size_t at)
{
    return ((const script_part *)c->values)[at];
}

/* ---- columns -------------------------------------------------------------------- */

static const char show[] =
    "local columns, out = table.pack(...), {}\n"
    "for i = 1, #x do\n"
    "  out[i] = ''\n"
    "  for c = 1, columns.n do\n"
    "    local v = columns[c][i]\n"
    "    out[i] = out[i] .. (math.type(v) or type(v)) .. ':' ..\n"
    "      (type(v) == 'table' and table.concat(v, ',') or tostring(v)) .. ' '\n"
    "  end\n"
    "end\n"
    "return out";

/* Each kind, with a row where what may be missing is; and an argument that no call gives. */
static void test_columns(void **state)
{
    (void)state;
    const uint64_t bits[] = {1}, there[] = {1};
    const int64_t whole[] = {7, 8}, cents[] = {1050, 0}, items[] = {3, 4, 5};
    const double real[] = {0.25, 0};
    const uint32_t codes[] = {2, 0}, uniform[] = {1};
    const script_part parts[] = {{0, 2}, {2, 0}};
    const script_column of_items = {.kind = SCRIPT_INTEGER, .values = items};
    const script_column columns[] = {
        {.kind = SCRIPT_BOOL, .values = bits, .present = there},
        {.kind = SCRIPT_INTEGER, .values = whole, .present = there},
        {.kind = SCRIPT_NUMBER, .values = cents, .divisor = 100, .present = there},
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
        {.kind = SCRIPT_LIST, .values = parts, .items = &of_items, .part_of = part_of},
    };
    static const struct {
        const char *arguments, *first, *second;
        size_t column, count;
    } cases[] = {
        {"'a: bool?', 'b: int?'", "boolean:true integer:7 ", "nil:nil nil:nil ", 0, 2},
        {"'a: number?', 'b: number?'", "float:10.5 float:0.25 ", "nil:nil nil:nil ", 2,
         2},
        {"'a: string?', 'b: string'", "string:c string:b ", "nil:nil string:b ", 4, 2},
        {"'a: list of int', 'b: int?'", "table:3,4 nil:nil ", "table: nil:nil ", 6, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        script_set *set = set_of(patient, "", cases[i].arguments, "string", show);
        script_state *s = script_state_new(set, NULL);
        outcomes o = {0};
        call_rows(s, set, "f", columns + cases[i].column, cases[i].count, 2, &o);
        assert_string_equal(o.texts[0], cases[i].first);
        assert_string_equal(o.texts[1], cases[i].second);
        script_state_free(s);
        script_set_free(set);
    }
}

/* A list is a table of its own at each look, in a batch and alone. */
static void test_lists_are_copies(void **state)
{
    (void)state;
    script_set *set =
        set_of(patient, "", "'x: list of int'", "int",
               "local t = x[1] t[1] = 100 table.remove(t)\n"
               "local out = {} for i = 1, #x do out[i] = x[i][1] end return out");
    const int64_t items[] = {3, 4, 5};
    const script_part parts[] = {{0, 2}, {1, 2}};
    const script_column of_items = {.kind = SCRIPT_INTEGER, .values = items};
    const script_column column = {
        .kind = SCRIPT_LIST, .values = parts, .items = &of_items, .part_of = part_of};
    script_state *s = script_state_new(set, NULL);
    outcomes o = {0};
    call_rows(s, set, "f", &column, 1, 2, &o);
    assert_int_equal(o.results[0].integer, 3);
    assert_int_equal(o.results[1].integer, 4);
    const script_value values[] = {{.kind = SCRIPT_INTEGER, .integer = 7},
                                   {.kind = SCRIPT_INTEGER, .integer = 8}};
    const script_value list = {.kind = SCRIPT_LIST, .items = values, .item_count = 2};
    script_value result;
    const char *message;
    assert_true(script_call(s, 0, &list, 1, &result, &message));
    assert_int_equal(result.integer, 7);
    script_state_free(s);
    script_set_free(set);
}

/* Rows that nobody wants, and those without a value that has to be there, are in no batch. */
static void test_rows_left_out(void **state)
{
    (void)state;
    script_set *set = set_of(patient, "", "'x: int', 'y: int?'", "int",
                             "local out = {}\n"
                             "for i = 1, #x do out[i] = x[i] + (y[i] or 100) end\n"
                             "return out");
    const int64_t numbers[] = {1, 2, 3, 4, 5, 6};
    const uint64_t x_there[] = {0x3B}, y_there[] = {0x0F}, wanted[] = {0x2F};
    const script_column columns[] = {
        {.kind = SCRIPT_INTEGER,
         .values = numbers,
         .present = x_there,
         .is_required = true},
        {.kind = SCRIPT_INTEGER, .values = numbers, .present = y_there}};
    script_state *s = script_state_new(set, NULL);
    outcomes o = {0};
    script_call_rows(s, &(script_rows){.columns = columns,
                                       .column_count = 2,
                                       .row_count = 6,
                                       .wanted = wanted,
                                       .data = &o,
                                       .give = note_result,
                                       .fail = note_failure});
    assert_int_equal(o.results[0].integer, 2);
    assert_int_equal(o.results[1].integer, 4);
    assert_true(o.is_told[2]);
    assert_int_equal(o.results[2].kind, SCRIPT_MISSING);
    assert_int_equal(o.results[3].integer, 8);
    assert_false(o.is_told[4]);
    assert_int_equal(o.results[5].integer, 106);
    script_state_free(s);
    script_set_free(set);
}

/* ---- who fails -------------------------------------------------------------------- */

/* Of the numbers 1, 2 and 3 the second does harm; the others have their values. */
static void test_one_fails(void **state)
{
    (void)state;
    static const struct {
        const char *harm, *message;
    } cases[] = {
        {"while true do end", "m.lua:6: it ran longer than the limit"},
        {"pcall(function() while true do end end)", "it ran longer than the limit"},
        {"local t = {} for i = 1, 1e9 do t[i] = i end", "needs more memory"},
        {"error('no')", "m.lua:6: no"},
        {"error({})", "it raised a table instead of a message"},
        {"error(x)", "it raised a column instead of a message"},
        {"out[i] = {}", "it returns a table, and a number"},
        {"out[i] = x", "it returns a column, and a number"},
        {"out[i] = 0/0", "it returns NaN"},
        {"out[i] = '\\xff'", "a text that is not UTF-8"},
        {"local function f() return f() + 1 end f()", "needs more memory"},
        {"out[i] = x[i + 100]", "m.lua:6: a column has the rows 1 to"},
        {"n = 1", "the global 'n' cannot be set"},
        {"return nil", "it returns a nil, and a batch returns a table"},
        {"return 5", "it returns a number, and a batch returns a table"},
        {"for k = 1, #x + 1 do out[k] = k end return out", "it returns 2 results"},
        {"out[0] = 1", "a result for row 0"},
        {"out[i] = print and print(1)", "print"},
        {"out[i] = x.first", "a column is read as column[i]"},
        {"out[i] = x['1']", "a column is read as column[i]"},
        {"out[i] = x[1.5]", "a column is read as column[i]"},
        {"out[i] = x[nil]", "a column is read as column[i]"},
        {"out[i] = x[0]", "and 0 is none of them; loop with for i = 1, #column"},
        {"out[i] = x[-1]", "and -1 is none of them"},
        {"out[i] = x[math.mininteger]", "is none of them"},
        {"out[i] = x[math.maxinteger]", "is none of them"},
        {"x[i] = 5", "a column of arguments cannot be changed"},
        {"x.more = 5", "a column of arguments cannot be changed"},
        {"out[i] = x + 1", "arithmetic on a column value"},
        {"out[i] = x .. ''", "concatenate a column value"},
        {"out[i] = x < x", "compare two column values"},
        {"out[i] = x()", "call a column value"},
        {"for k in pairs(x) do end", "table expected, got column"},
        {"table.sort(x)", "table expected, got column"},
        {"table.insert(x, 1)", "table expected, got column"},
        {"out[i] = table.unpack(x)", "table expected, got column"},
        {"table.concat({x})", "invalid value"},
        {"for _, v in ipairs(x) do out[i] = v end", "is none of them"},
        {"setmetatable(x, {})", "nil value (global 'setmetatable')"},
        {"getmetatable(x).__index = nil", "nil value (global 'getmetatable')"},
        {"coroutine.wrap(function() return x[1] end)()",
         "nil value (global 'coroutine')"},
        {"debug.setuservalue(x, 1)", "nil value (global 'debug')"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char batch[512];
        snprintf(batch, sizeof batch,
                 "local out = {} for i = 1, #x do if x[i] == 2 then\n%s else\n"
                 "out[i] = x[i] end end return out",
                 cases[i].harm);
        script_set *set = set_of(limits, "", "'x: int'", "int", batch);
        const int64_t numbers[] = {1, 2, 3};
        const script_column column = {.kind = SCRIPT_INTEGER, .values = numbers};
        script_state *s = script_state_new(set, NULL);
        outcomes o = {0};
        call_rows(s, set, "f", &column, 1, 3, &o);
        if (!strstr(o.messages[1], cases[i].message))
            fail_msg("%s: %s", cases[i].harm, o.messages[1]);
        if (o.failures != 1 || o.results[0].integer != 1 || o.results[2].integer != 3)
            fail_msg("%s: %s %s", cases[i].harm, o.messages[0], o.messages[2]);
        script_state_free(s);
        script_set_free(set);
    }
}

/* What came of many rows. */
typedef struct many {
    size_t given, failed, next;
    bool is_right;
} many;

static bool give_square(void *data, size_t row, const script_value *result)
{
    many *m = data;
    double x = (double)row;
    bool is_square = result->number >= x * x && result->number <= x * x;
    m->is_right = m->is_right && row == m->next && is_square;
    m->next = row + 1;
    m->given++;
    return true;
}

static bool fail_hundredth(void *data, size_t row, const char *message)
{
    many *m = data;
    bool is_hundredth = row % 100 == 50 && strstr(message, "m.lua:7: no") != NULL;
    m->is_right = m->is_right && row == m->next && is_hundredth;
    m->next = row + 1;
    m->failed++;
    return true;
}

/* The set squares the numbers from 0 on. */
static many square_rows(script_set *set, size_t count)
{
    double *numbers = test_malloc(count * sizeof *numbers);
    for (size_t i = 0; i < count; i++)
        numbers[i] = (double)i;
    const script_column column = {.kind = SCRIPT_NUMBER, .values = numbers};
    script_state *s = script_state_new(set, NULL);
    many m = {.is_right = true};
    script_call_rows(s, &(script_rows){.columns = &column,
                                       .column_count = 1,
                                       .row_count = count,
                                       .wants_number = true,
                                       .data = &m,
                                       .give = give_square,
                                       .fail = fail_hundredth});
    script_state_free(s);
    test_free(numbers);
    return m;
}

/* More rows than a batch has, in order, and each that fails fails alone. */
static void test_many_rows(void **state)
{
    (void)state;
    enum { ROWS = 3 * SCRIPT_MOST_BATCH + 100 };
    script_set *set = set_of(patient, "", "'x: number'", "number",
                             "local out = {} for i = 1, #x do\n"
                             "local v = x[i]\n"
                             "if v % 100 == 50 then error('no') end\n"
                             "out[i] = v * v end return out");
    many m = square_rows(set, ROWS);
    assert_true(m.is_right);
    assert_int_equal(m.failed, (ROWS + 49) / 100);
    assert_int_equal(m.given + m.failed, ROWS);
    script_set_free(set);
}

/* What takes longer for a whole batch than a call may is called for fewer, and has its values. */
static void test_slow_batches(void **state)
{
    (void)state;
    enum { ROWS = 600 };
    script_set *set =
        set_of((script_limits){8 * 1024 * 1024, 20000}, "", "'x: number'", "number",
               "local out = {} for i = 1, #x do local n = 0\n"
               "for k = 1, 20000 do n = n + k end\n"
               "out[i] = x[i] * x[i] + 0 * n end return out");
    many m = square_rows(set, ROWS);
    assert_true(m.is_right);
    assert_int_equal(m.given, ROWS);
    script_set_free(set);
}

/* ---- each row by itself ---------------------------------------------------------------- */

/* Batches whose results depend on who is in them, or that keep something: the first is told. */
static void test_impure(void **state)
{
    (void)state;
    static const struct {
        const char *before, *batch, *message;
        bool is_uneven;
    } cases[] = {
        {"",
         "local sum, out = 0, {} for i = 1, #x do sum = sum + x[i] out[i] = sum end "
         "return out",
         "it is 4 for one person alone, and 9 in a batch of 3", true},
        {"", "local out = {} for i = 1, #x do out[i] = #x end return out",
         "it is 1 for one person alone, and 3 in a batch of 3", true},
        {"", "local out = {} for i = 1, #x - 1 do out[i] = x[i] end return out",
         "it is missing for one person alone, and 2 in a batch of 3", true},
        {"", "local out = {} for i = 2, #x do out[i] = x[i] end return out",
         "it is missing for one person alone, and 4 in a batch of 3", true},
        {"", "local out = {} for i = 1, #x do out[i] = x[#x] end return out",
         "it is 2 for one person alone, and 4 in a batch of 3", true},
        {"local n = 0",
         "local out = {} for i = 1, #x do n = n + 1 out[i] = x[i] end return out",
         "it changes \"n\"", false},
        {"local n = 0", "n = n + 1 error('no')", "it changes \"n\"", false},
        {"local t = {}", "t[1] = x return {}", "it changes a table outside", false},
        {"local t = {}", "pcall(function() t[1] = x end) return {}",
         "it changes a table outside", false},
        {"local kept",
         "kept = kept or x local out = {} for i = 1, #x do out[i] = kept[1] "
         "end return out",
         "it changes \"kept\"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        script_set *set =
            set_of(patient, cases[i].before, "'x: int'", "int", cases[i].batch);
        const int64_t numbers[] = {2, 3, 4};
        const script_column column = {.kind = SCRIPT_INTEGER, .values = numbers};
        script_state *s = script_state_new(set, NULL);
        outcomes o = {.most_failures = 1};
        call_rows(s, set, "f", &column, 1, 3, &o);
        const char *told = "";
        for (size_t row = 0; row < 3; row++)
            told = o.messages[row][0] ? o.messages[row] : told;
        if (!strstr(told, cases[i].message) || !script_was_impure(s) ||
            script_was_uneven(s) != cases[i].is_uneven)
            fail_msg("%s: %s", cases[i].batch, told);
        script_state_free(s);
        script_set_free(set);
    }
}

/* ---- as other functions ------------------------------------------------------------- */

static const char others[] =
    "local m = {}\n"
    "carpel.define {name = 'double', help = 'h', result = 'int', args = {'x: int', 'y: "
    "int?'},\n"
    "  batch = function(x, y) local out = {}\n"
    "  for i = 1, #x do out[i] = 2 * x[i] + (y[i] or 0) end return out end}\n"
    "carpel.define {name = 'leak', help = 'h', result = 'int', args = {'x: int'},\n"
    "  batch = function(x) return {x} end}\n"
    "carpel.define {name = 'throw', help = 'h', result = 'int', args = {'x: int'},\n"
    "  batch = function(x) error(x) end}\n"
    "carpel.define {name = 'down', help = 'h', result = 'int', args = {'x: int'},\n"
    "  batch = function(x) local out = {} for i = 1, #x do\n"
    "  out[i] = x[i] == 0 and 0 or 1 + m.down(x[i] - 1) end return out end}\n"
    "function m.uses(x) return m.double(x) + m.double(x, 5) end\n"
    "function m.length(x) return #m.leak(x) end\n"
    "function m.element(x) return m.leak(x)[1] end\n"
    "function m.thrown(x) local _, c = pcall(m.throw, x) return c[1] end\n"
    "function m.kind(x) local _, c = pcall(m.throw, x) return type(c) .. tostring(c) "
    "end\n"
    "function m.list(x) local l = {x, 2, 3} return m.double(table.unpack(l)) end\n"
    "function m.none() return m.double() end\n"
    "function m.write(x) m.leak(x)[1] = 3 end\n"
    "return m\n";

/* Called from scripts, and for one set of arguments; columns are dead behind their call. */
static void test_single_calls(void **state)
{
    (void)state;
    static const struct {
        const char *function, *text, *message;
        int64_t argument, number;
    } cases[] = {
        {"double", NULL, NULL, 4, 8},
        {"uses", NULL, NULL, 4, 21},
        {"list", NULL, NULL, 4, 10},
        {"down", NULL, NULL, 20, 20},
        {"down", NULL, "stack overflow", 100000, 0},
        {"none", NULL, "arithmetic on a nil value", 0, 0},
        {"leak", NULL, "it returns a column", 1, 0},
        {"throw", NULL, "it raised a column instead of a message", 1, 0},
        {"length", NULL, "this column belongs to a call that is over", 1, 0},
        {"element", NULL, "this column belongs to a call that is over", 1, 0},
        {"thrown", NULL, "this column belongs to a call that is over", 1, 0},
        {"write", NULL, "a column of arguments cannot be changed", 1, 0},
        {"kind", "userdatacolumn", NULL, 1, 0},
    };
    script_set *set = script_set_new(patient);
    load_good(set, "m.lua", others);
    script_state *s = script_state_new(set, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const script_value x = {.kind = SCRIPT_INTEGER, .integer = cases[i].argument};
        size_t function = script_set_find(set, "m", cases[i].function);
        script_value result;
        const char *message = "";
        bool ok = script_call(s, function, &x, 1, &result, &message);
        if (ok != !cases[i].message || (!ok && !strstr(message, cases[i].message)))
            fail_msg("%s: %s", cases[i].function, message);
        if (ok && cases[i].text)
            assert_memory_equal(result.text.data, cases[i].text, result.text.size);
        else if (ok)
            assert_int_equal(result.integer, cases[i].number);
    }
    script_state_free(s);
    script_set_free(set);
}

/* A batch that has others called, whose columns are theirs, and leaks and errors between. */
static void test_batches_in_batches(void **state)
{
    (void)state;
    script_set *set = script_set_new(patient);
    char file[4096];
    snprintf(file, sizeof file,
             "%.*s"
             "carpel.define {name = 'outer', help = 'h', result = 'string', args = {'x: "
             "int'},\n"
             "  batch = function(x) local out = {} for i = 1, #x do\n"
             "  local dead = m.leak(x[i])\n"
             "  local is_read = pcall(function() return dead[1] end)\n"
             "  local _, thrown = pcall(m.throw, x[i])\n"
             "  local is_measured = pcall(function() return #thrown end)\n"
             "  out[i] = x[i] .. ' ' .. m.double(x[i]) .. ' ' .. m.down(x[i]) .. ' ' ..\n"
             "    tostring(is_read) .. ' ' .. tostring(is_measured) end return out end}\n"
             "return m\n",
             (int)(strstr(others, "return m\n") - others), others);
    load_good(set, "m.lua", file);
    const int64_t numbers[] = {1, 2, 30};
    const script_column column = {.kind = SCRIPT_INTEGER, .values = numbers};
    script_state *s = script_state_new(set, NULL);
    outcomes o = {0};
    call_rows(s, set, "outer", &column, 1, 3, &o);
    assert_int_equal(o.failures, 0);
    assert_string_equal(o.texts[0], "1 2 1 false false");
    assert_string_equal(o.texts[1], "2 4 2 false false");
    assert_string_equal(o.texts[2], "30 60 30 false false");
    script_state_free(s);
    script_set_free(set);
}

/* A file that keeps a column which it got from another is refused. */
static void test_kept_columns(void **state)
{
    (void)state;
    script_set *set = script_set_new(patient);
    carpel_error err;
    char *path = path_join(script_directory, "leaky.lua");
    assert_true(file_write_whole(path, others, strlen(others), &err));
    diags *d = diags_new();
    assert_false(load_script(set, "m.lua",
                             "local leaky = require 'leaky'\n"
                             "local kept = leaky.leak(5)\n"
                             "return {f = function() return kept[1] end}",
                             d));
    assert_non_null(
        strstr(diags_get(d, 0)->message, "it keeps a userdata between calls"));
    unlink(path);
    memory_free(path);
    diags_free(d);
    script_set_free(set);
}

/* Constants of the file may be what is returned, and are read through their seal. */
static void test_sealed_results(void **state)
{
    (void)state;
    script_set *set = set_of(patient, "local none, ones = {}, {7}", "'x: int'", "int",
                             "return x[1] == 2 and ones or none");
    const int64_t numbers[] = {2};
    const script_column column = {.kind = SCRIPT_INTEGER, .values = numbers};
    script_state *s = script_state_new(set, NULL);
    outcomes o = {0};
    call_rows(s, set, "f", &column, 1, 1, &o);
    assert_int_equal(o.results[0].integer, 7);
    script_state_free(s);
    script_set_free(set);
}

static void test_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *fields, *message;
    } cases[] = {
        {"batch = 3", "\"batch\" is a function"},
        {"args = {}, batch = math.max", "needs an argument"},
        {"batch = math.max, call = math.max", "and not two of them"},
        {"batch = math.max, step = math.max", "and not two of them"},
        {"batch = math.max, finish = math.max", "needs a \"step\" before it"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char lua[256];
        snprintf(
            lua, sizeof lua,
            "carpel.define {name = 'f', help = 'h', result = 'int', args = {'a: list "
            "of int'}, %s}",
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
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_lists_are_copies),
        cmocka_unit_test(test_rows_left_out),
        cmocka_unit_test(test_one_fails),
        cmocka_unit_test(test_many_rows),
        cmocka_unit_test(test_slow_batches),
        cmocka_unit_test(test_impure),
        cmocka_unit_test(test_single_calls),
        cmocka_unit_test(test_batches_in_batches),
        cmocka_unit_test(test_kept_columns),
        cmocka_unit_test(test_sealed_results),
        cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
