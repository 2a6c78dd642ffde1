/* SPDX-License-Identifier: MIT
 *
 * How fast functions of scripts are called, beside the bare C-to-Lua calls of the same machine
 * in the same minute: for each function the median of rounds that take turns. Then the same with
 * results of rows before (script/repeats.h), where arguments come again and where they never do.
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
#include "script/script.h"

enum { ROWS = 4096, TIMES = 100, MOST_ROUNDS = 101, ARGUMENTS = 8 };

static const struct {
    const char *name, *parameters, *body;
    size_t arguments;
} functions[] = {
    {"ten operations over eight arguments", "a, b, c, d, e, f, g, h",
     "return (a + b) * c - d / (e + 1) + f * g - h + a * 0.5 - b", 8},
    {"one argument", "a", "return a * 2", 1},
    {"a loop of ten, four arguments", "a, b, c, d",
     "local s = 0 for i = 1, 10 do s = s + math.exp(-i * a / 100) * b end return s + c - "
     "d",
     4},
};

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Such as come again every 97 rows, and such as do not. */
static double columns[ARGUMENTS][ROWS], different[ARGUMENTS][ROWS], results[ROWS];

/* ---- bare ------------------------------------------------------------------ */

static double bare(lua_State *L, size_t arguments, bool is_protected)
{
    double begin = seconds();
    for (int t = 0; t < TIMES; t++)
        for (size_t row = 0; row < ROWS; row++) {
            lua_pushvalue(L, 1);
            for (size_t a = 0; a < arguments; a++)
                lua_pushnumber(L, columns[a][row]);
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

static double ours(script_state *s, size_t arguments, double values[][ROWS], bool repeats)
{
    script_column of[ARGUMENTS];
    for (size_t a = 0; a < arguments; a++)
        of[a] = (script_column){.kind = SCRIPT_NUMBER, .values = values[a]};
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

static script_set *set_of(const char *folder, const char *parameters, const char *body)
{
    char source[512];
    carpel_error err;
    char *path = path_join(folder, "bench_script.lua");
    snprintf(source, sizeof source, "return {f = function(%s) %s end}", parameters, body);
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
    double of_repeats[MOST_ROUNDS], of_different[MOST_ROUNDS];
    size_t arguments = functions[which].arguments;
    lua_State *L = bare_state(functions[which].parameters, functions[which].body);
    script_set *set = set_of(folder, functions[which].parameters, functions[which].body);
    script_state *s = script_state_new(set, NULL);
    for (size_t i = 0; i < rounds; i++) {
        of_bare[i] = bare(L, arguments, false);
        of_protected[i] = bare(L, arguments, true);
        of_ours[i] = ours(s, arguments, columns, false);
        of_repeats[i] = ours(s, arguments, columns, true);
        of_different[i] = ours(s, arguments, different, true);
    }
    double calls = millions_a_second(of_bare, rounds);
    double pcalls = millions_a_second(of_protected, rounds);
    double own = millions_a_second(of_ours, rounds);
    printf("%s: %.2f M calls a second; bare %.2f (%.0f %%), with pcall %.2f (%.0f %%)\n",
           functions[which].name, own, calls, 100 * own / calls, pcalls,
           100 * own / pcalls);
    printf("    with results of rows before: %.2f of 97 different, %.2f where none comes "
           "again\n",
           millions_a_second(of_repeats, rounds),
           millions_a_second(of_different, rounds));
    script_state_free(s);
    script_set_free(set);
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
