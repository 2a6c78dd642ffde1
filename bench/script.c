/* SPDX-License-Identifier: MIT
 *
 * How fast functions of scripts are called, beside the bare C-to-Lua calls of the same machine
 * in the same minute: for each function the median of rounds that take turns. Then the same with
 * results of rows before (script/repeats.h), where arguments come again and where they never do, and
 * as a batch (script/batch.h).
 *
 *     bench/script FOLDER [ROUNDS]      (a file is written into FOLDER, and removed)
 */
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "script/script.h"

enum { ROWS = 4096, TIMES = 100, MOST_ROUNDS = 101, ARGUMENTS = 8 };

static const struct {
    const char *name, *parameters, *body;
    size_t arguments;
    const char *declared, *batch;
} functions[] = {
    {"ten operations over eight arguments", "a, b, c, d, e, f, g, h",
     "return (a + b) * c - d / (e + 1) + f * g - h + a * 0.5 - b", 8,
     "'a: number', 'b: number', 'c: number', 'd: number', 'e: number', 'f: number', "
     "'g: number', 'h: number'",
     "local out = {} for i = 1, #a do "
     "local a, b, c, d, e, f, g, h = a[i], b[i], c[i], d[i], e[i], f[i], g[i], h[i] "
     "out[i] = (a + b) * c - d / (e + 1) + f * g - h + a * 0.5 - b end return out"},
    {"one argument", "a", "return a * 2", 1, "'a: number'",
     "local out = {} for i = 1, #a do out[i] = a[i] * 2 end return out"},
    {"a loop of ten, four arguments", "a, b, c, d",
     "local s = 0 for i = 1, 10 do s = s + math.exp(-i * a / 100) * b end return s + c - "
     "d",
     4, "'a: number', 'b: number', 'c: number', 'd: number'",
     "local out, exp = {}, math.exp for row = 1, #a do local a, b, s = a[row], b[row], 0 "
     "for i = 1, 10 do s = s + exp(-i * a / 100) * b end "
     "out[row] = s + c[row] - d[row] end return out"},
    {"24 numbers read from a text", "hour, all",
     "local t, n = {}, 0 for word in all:gmatch('%d+') do n = n + 1 t[n] = word + 0 end "
     "return t[hour % 24 // 1 + 1] / 24",
     2, "'hour: number', 'all: string'",
     "local out, t, n, text = {}, {}, 0, nil for i = 1, #hour do "
     "if all[i] ~= text then text, t, n = all[i], {}, 0 "
     "for word in text:gmatch('%d+') do n = n + 1 t[n] = word + 0 end end "
     "out[i] = t[hour[i] % 24 // 1 + 1] / 24 end return out"},
};

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Such as come again every 97 rows, and such as do not. */
static double columns[ARGUMENTS][ROWS], different[ARGUMENTS][ROWS], results[ROWS];

/* The second argument of the last function. */
static const char hours[] =
    "2 1 0 0 0 1 3 9 14 16 18 17 20 15 12 13 15 19 24 30 33 25 12 5";

static bool has_text(size_t which)
{
    return strstr(functions[which].declared, "string") != NULL;
}

/* ---- bare ------------------------------------------------------------------ */

static double bare(lua_State *L, size_t which, bool is_protected)
{
    size_t arguments = functions[which].arguments;
    size_t numbers = arguments - has_text(which);
    double begin = seconds();
    for (int t = 0; t < TIMES; t++)
        for (size_t row = 0; row < ROWS; row++) {
            lua_pushvalue(L, 1);
            for (size_t a = 0; a < numbers; a++)
                lua_pushnumber(L, columns[a][row]);
            if (numbers < arguments)
                lua_pushstring(L, hours);
            if (!is_protected)
                lua_call(L, (int)arguments, 1);
            else if (lua_pcall(L, (int)arguments, 1, 0) != LUA_OK)
                abort();
            results[row] = lua_tonumber(L, -1);
            lua_settop(L, 1);
        }
    return seconds() - begin;
}

static lua_State *bare_state(const char *parameters, const char *body)
{
    char source[512];
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    snprintf(source, sizeof source, "return function(%s) %s end", parameters, body);
    if (luaL_dostring(L, source) != LUA_OK)
        abort();
    return L;
}

/* ---- ours ------------------------------------------------------------------ */

static bool give(void *data, size_t row, const script_value *result)
{
    (void)data;
    results[row] = result->number;
    return true;
}

static void repeat(void *data, size_t row, size_t before)
{
    (void)data;
    results[row] = results[before];
}

static bool fail(void *data, size_t row, const char *message)
{
    (void)data;
    fprintf(stderr, "row %zu: %s\n", row, message);
    exit(1);
}

static slice hours_of(const script_column *c, uint32_t code)
{
    (void)c;
    (void)code;
    return slice_of(hours);
}

static double ours(script_state *s, size_t which, double values[][ROWS], bool repeats)
{
    static const uint32_t code = 0;
    size_t arguments = functions[which].arguments;
    script_column of[ARGUMENTS];
    for (size_t a = 0; a < arguments; a++)
        of[a] = (script_column){.kind = SCRIPT_NUMBER, .values = values[a]};
    if (has_text(which))
        of[arguments - 1] = (script_column){.kind = SCRIPT_TEXT,
                                            .values = &code,
                                            .is_uniform = true,
                                            .text_of = hours_of};
    script_rows rows = {.columns = of,
                        .column_count = arguments,
                        .row_count = ROWS,
                        .wants_number = true,
                        .give = give,
                        .repeat = repeats ? repeat : NULL,
                        .fail = fail};
    double begin = seconds();
    for (int t = 0; t < TIMES; t++)
        script_call_rows(s, &rows);
    return seconds() - begin;
}

static script_set *set_of(const char *folder, const char *source)
{
    carpel_error err;
    char *path = path_join(folder, "bench_script.lua");
    script_set *s = script_set_new((script_limits){64 << 20, 100000});
    diags *d = diags_new();
    if (!file_write_whole(path, source, strlen(source), &err) ||
        !script_set_load(s, path, (span){0}, E0311, d))
        abort();
    unlink(path);
    memory_free(path);
    diags_free(d);
    return s;
}

/* ---- beside each other -------------------------------------------------------- */

static script_set *plain_set(const char *folder, size_t which)
{
    char source[1024];
    snprintf(source, sizeof source, "return {f = function(%s) %s end}",
             functions[which].parameters, functions[which].body);
    return set_of(folder, source);
}

static script_set *batch_set(const char *folder, size_t which)
{
    char source[1024];
    snprintf(source, sizeof source,
             "carpel.define {name = 'f', help = 'h', result = 'number', args = {%s}, "
             "batch = function(%s) %s end}",
             functions[which].declared, functions[which].parameters,
             functions[which].batch);
    return set_of(folder, source);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double millions_a_second(double *times, size_t count)
{
    qsort(times, count, sizeof *times, compare);
    return ROWS * TIMES / times[count / 2] / 1e6;
}

static void measure(size_t which, const char *folder, size_t rounds)
{
    double of_bare[MOST_ROUNDS], of_protected[MOST_ROUNDS], of_ours[MOST_ROUNDS];
    double of_repeats[MOST_ROUNDS], of_different[MOST_ROUNDS], of_batch[MOST_ROUNDS];
    lua_State *L = bare_state(functions[which].parameters, functions[which].body);
    script_set *set = plain_set(folder, which), *batches = batch_set(folder, which);
    script_state *s = script_state_new(set, NULL);
    script_state *batch = script_state_new(batches, NULL);
    for (size_t i = 0; i < rounds; i++) {
        of_bare[i] = bare(L, which, false);
        of_protected[i] = bare(L, which, true);
        of_ours[i] = ours(s, which, columns, false);
        of_repeats[i] = ours(s, which, columns, true);
        of_different[i] = ours(s, which, different, true);
        of_batch[i] = ours(batch, which, columns, false);
    }
    double calls = millions_a_second(of_bare, rounds);
    double pcalls = millions_a_second(of_protected, rounds);
    double own = millions_a_second(of_ours, rounds);
    printf("%s: %.2f M calls a second; bare %.2f (%.0f %%), with pcall %.2f (%.0f %%)\n",
           functions[which].name, own, calls, 100 * own / calls, pcalls,
           100 * own / pcalls);
    double many = millions_a_second(of_batch, rounds);
    printf("    as a batch: %.2f (%.0f %% of pcall)\n", many, 100 * many / pcalls);
    printf("    with results of rows before: %.2f of 97 different, %.2f where none comes "
           "again\n",
           millions_a_second(of_repeats, rounds),
           millions_a_second(of_different, rounds));
    script_state_free(s);
    script_state_free(batch);
    script_set_free(set);
    script_set_free(batches);
    lua_close(L);
}

int main(int count, char **arguments)
{
    if (count < 2)
        return 64;
    size_t rounds = count > 2 ? (size_t)strtoul(arguments[2], NULL, 10) : 15;
    rounds = rounds < 1 || rounds > MOST_ROUNDS ? MOST_ROUNDS : rounds;
    for (size_t a = 0; a < ARGUMENTS; a++)
        for (size_t row = 0; row < ROWS; row++) {
            columns[a][row] = (double)(row % 97) + (double)a;
            different[a][row] = (double)row + 0.5 + (double)a;
        }
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        measure(i, arguments[1], rounds);
    return 0;
}
