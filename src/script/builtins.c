/* SPDX-License-Identifier: MIT
 *
 * Functions for scripts that take a bounded time and are the same in every run.
 */
#include "script/builtins.h"

#include <lauxlib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "script/batch.h"
#include "script/guard.h"
#include "script/pattern_cost.h"
#include "script/sandbox.h"

enum {
    MOST_SEARCH_STEPS = 10000000, /* at worst: a tenth of a second */
    KEYS_A_LOOK = 64,             /* between two looks at the clock */
    STEPS_A_CALL = 10             /* what a match costs when something is called for it */
};

static slice check_slice(lua_State *L, int argument)
{
    slice s;
    s.data = luaL_checklstring(L, argument, &s.size);
    return s;
}

/* Call Lua's own function on the arguments that are here. */
static int call_original(lua_State *L)
{
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/* ---- pairs --------------------------------------------------------------- */

/* A key of a table, in the order false, true, numbers, texts. */
typedef struct table_key {
    int type; /* LUA_TBOOLEAN, LUA_TNUMBER, LUA_TSTRING: rising */
    bool is_integer, boolean;
    lua_Integer integer;
    lua_Number number;
    slice text;
} table_key;

static int compare_numbers(const table_key *a, const table_key *b)
{
    if (a->is_integer && b->is_integer)
        return (a->integer > b->integer) - (a->integer < b->integer);
    long double x = a->is_integer ? (long double)a->integer : (long double)a->number;
    long double y = b->is_integer ? (long double)b->integer : (long double)b->number;
    return (x > y) - (x < y);
}

static int compare_keys(const void *a, const void *b)
{
    const table_key *x = a, *y = b;
    if (x->type != y->type)
        return x->type - y->type;
    if (x->type == LUA_TBOOLEAN)
        return x->boolean - y->boolean;
    return x->type == LUA_TNUMBER ? compare_numbers(x, y)
                                  : slice_compare(x->text, y->text);
}

static table_key read_key(lua_State *L, int index)
{
    table_key key = {.type = lua_type(L, index)};
    if (key.type == LUA_TBOOLEAN) {
        key.boolean = lua_toboolean(L, index);
    } else if (key.type == LUA_TNUMBER) {
        key.is_integer = lua_isinteger(L, index);
        key.integer = key.is_integer ? lua_tointeger(L, index) : 0;
        key.number = key.is_integer ? 0 : lua_tonumber(L, index);
    } else if (key.type == LUA_TSTRING) {
        key.text.data = lua_tolstring(L, index, &key.text.size);
    } else {
        luaL_error(L, "pairs has no order for a key that is a %s",
                   luaL_typename(L, index));
    }
    return key;
}

static void push_key(lua_State *L, const table_key *key)
{
    if (key->type == LUA_TBOOLEAN)
        lua_pushboolean(L, key->boolean);
    else if (key->type == LUA_TSTRING)
        lua_pushlstring(L, key->text.data, key->text.size);
    else if (key->is_integer)
        lua_pushinteger(L, key->integer);
    else
        lua_pushnumber(L, key->number);
}

/* Keys can be made so that finding the next one takes longer the more there are. */
static void look_at_some(lua_State *L, size_t i)
{
    if (i % KEYS_A_LOOK == 0)
        guard_check_time(guard_of(L), L);
}

static size_t count_keys(lua_State *L, int table)
{
    size_t count = 0, most = guard_allowed(guard_of(L), BUILTINS_MAX_KEYS);
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
        if (++count > most)
            luaL_error(L, "pairs is for tables of at most %d keys", (int)most);
        look_at_some(L, count);
    }
    return count;
}

/* Push an array of the keys of the table at index 1, in order. */
static void push_sorted_keys(lua_State *L)
{
    size_t count = count_keys(L, 1), i = 0;
    table_key *keys = lua_newuserdatauv(L, (count + 1) * sizeof *keys, 0);
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) {
        keys[i++] = read_key(L, -2);
        look_at_some(L, i);
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    lua_createtable(L, (int)count, 0);
    for (i = 0; i < count; i++) {
        push_key(L, &keys[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

/* Upvalues: the table, its keys in order, how many of them are done. A key that was
 * removed meanwhile is left out. */
static int next_pair(lua_State *L)
{
    lua_Integer done = lua_tointeger(L, lua_upvalueindex(3));
    for (;;) {
        lua_settop(L, 0);
        if (lua_rawgeti(L, lua_upvalueindex(2), ++done) == LUA_TNIL)
            return 1;
        lua_pushvalue(L, 1);
        if (lua_rawget(L, lua_upvalueindex(1)) == LUA_TNIL)
            continue;
        lua_pushinteger(L, done);
        lua_replace(L, lua_upvalueindex(3));
        return 2;
    }
}

int builtin_pairs(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    guard_check_time(guard_of(L), L);
    lua_settop(L, 1);
    sandbox_look_inside(L, 1);
    push_sorted_keys(L);
    lua_remove(L, 2); /* the keys in C */
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_pair, 3);
    return 1;
}

/* ---- texts --------------------------------------------------------------- */

static bool has_address(int type)
{
    return type == LUA_TTABLE || type == LUA_TFUNCTION || type == LUA_TUSERDATA ||
           type == LUA_TLIGHTUSERDATA || type == LUA_TTHREAD;
}

int builtin_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    guard_check_time(guard_of(L), L);
    if (has_address(lua_type(L, 1)))
        lua_pushstring(L, batch_type_name(L, 1));
    else
        luaL_tolstring(L, 1, NULL);
    return 1;
}

static char *append(char *at, slice s)
{
    memcpy(at, s.data, s.size);
    return at + s.size;
}

int builtin_rep(lua_State *L)
{
    slice s = check_slice(L, 1);
    lua_Integer times = luaL_checkinteger(L, 2);
    slice between = {"", 0};
    if (!lua_isnoneornil(L, 3))
        between = check_slice(L, 3);
    guard_check_time(guard_of(L), L);
    size_t most = guard_longest_text(guard_of(L));
    double size = (double)times * ((double)s.size + (double)between.size);
    if (times > (lua_Integer)most || size > (double)most)
        return luaL_error(L, "the text would be longer than %d bytes", (int)most);
    luaL_Buffer out;
    size_t count = times > 0 ? (size_t)times : 0;
    size_t total = count * s.size + (count > 0 ? count - 1 : 0) * between.size;
    char *at = luaL_buffinitsize(L, &out, total);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            at = append(at, between);
        at = append(at, s);
    }
    luaL_pushresultsize(&out, total);
    return 1;
}

/* Refuse %p, which shows an address. */
static void check_format(lua_State *L, slice format)
{
    for (size_t at = 0; at + 1 < format.size; at++) {
        if (format.data[at] != '%')
            continue;
        at++;
        while (at < format.size && memchr("-+ #0123456789.", format.data[at], 15) != NULL)
            at++;
        if (at < format.size && format.data[at] == 'p')
            luaL_error(L, "the format %%p is not allowed");
    }
}

int builtin_format(lua_State *L)
{
    check_format(L, check_slice(L, 1));
    guard_check_time(guard_of(L), L);
    for (int i = 2; i <= lua_gettop(L); i++) {
        if (has_address(lua_type(L, i))) {
            lua_pushstring(L, luaL_typename(L, i));
            lua_replace(L, i);
        }
    }
    return call_original(L);
}

/* ---- functions of Lua behind a check ------------------------------------- */

int builtin_timed(lua_State *L)
{
    guard_check_time(guard_of(L), L);
    return call_original(L);
}

static void check_length(lua_State *L, size_t length)
{
    size_t most = guard_allowed(guard_of(L), BUILTINS_MAX_ELEMENTS);
    if (length > most)
        luaL_error(L, "the table has more than %d elements", (int)most);
}

int builtin_array(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    guard_check_time(guard_of(L), L);
    check_length(L, (size_t)luaL_len(L, 1));
    return call_original(L);
}

typedef enum search_kind { SEARCH_PLAIN, SEARCH_ANCHORED, SEARCH_ALL } search_kind;

/* What gsub does with a match at worst, beside copying bytes, which the limit of memory
 * bounds: each "%1" may stand for nothing. */
static double steps_a_match(lua_State *L)
{
    double steps = lua_isstring(L, 3) ? 1 : STEPS_A_CALL;
    slice replacement = {"", 0};
    if (lua_isstring(L, 3))
        replacement = check_slice(L, 3);
    for (size_t i = 0; i < replacement.size; i++)
        steps += replacement.data[i] == '%';
    return steps;
}

static int search(lua_State *L, search_kind kind, double extra)
{
    slice subject = check_slice(L, 1), pattern = check_slice(L, 2);
    guard_check_time(guard_of(L), L);
    double cost = (1 + (double)pattern.size / 16) * ((double)subject.size + 1);
    if (kind != SEARCH_PLAIN)
        cost = fmax(cost, pattern_cost(pattern, subject.size, kind == SEARCH_ANCHORED));
    if (cost + extra > (double)guard_allowed(guard_of(L), MOST_SEARCH_STEPS))
        return luaL_error(L, "this pattern could take too long on a text of %d bytes",
                          (int)subject.size);
    return call_original(L);
}

int builtin_find(lua_State *L)
{
    return search(L, lua_toboolean(L, 4) ? SEARCH_PLAIN : SEARCH_ANCHORED, 0);
}

int builtin_search(lua_State *L)
{
    return search(L, SEARCH_ANCHORED, 0);
}

int builtin_replace(lua_State *L)
{
    size_t size = check_slice(L, 1).size;
    lua_Number most = luaL_optnumber(L, 4, (lua_Number)size + 1);
    double matches = fmax(0, fmin(most, (double)size + 1));
    return search(L, SEARCH_ANCHORED, matches * steps_a_match(L));
}

int builtin_search_all(lua_State *L)
{
    return search(L, SEARCH_ALL, 0);
}

/* ---- sort ---------------------------------------------------------------- */

/* Indexes on the stack of builtin_sort. */
enum { SORT_TABLE = 1, SORT_LESS = 2, SORT_SPARE = 3 };

/* Is element `a` of the table at `from` less than element `b`? */
static bool is_less(lua_State *L, int from, lua_Integer a, lua_Integer b)
{
    guard_check_time(guard_of(L), L);
    bool has_function = !lua_isnil(L, SORT_LESS);
    if (has_function)
        lua_pushvalue(L, SORT_LESS);
    lua_rawgeti(L, from, a);
    lua_rawgeti(L, from, b);
    bool less;
    if (has_function) {
        lua_call(L, 2, 1);
        less = lua_toboolean(L, -1);
        lua_pop(L, 1);
    } else {
        less = lua_compare(L, -2, -1, LUA_OPLT);
        lua_pop(L, 2);
    }
    return less;
}

/* Merge the sorted runs [low, middle) and [middle, high) of one table into the other. */
static void merge(lua_State *L, int from, int to, lua_Integer low, lua_Integer middle,
                  lua_Integer high)
{
    lua_Integer left = low, right = middle;
    for (lua_Integer at = low; at < high; at++) {
        bool takes_right =
            right < high && (left >= middle || is_less(L, from, right, left));
        lua_rawgeti(L, from, takes_right ? right++ : left++);
        lua_rawseti(L, to, at);
    }
}

static lua_Integer smaller(lua_Integer a, lua_Integer b)
{
    return a < b ? a : b;
}

int builtin_sort(lua_State *L)
{
    luaL_checktype(L, SORT_TABLE, LUA_TTABLE);
    if (!lua_isnoneornil(L, SORT_LESS))
        luaL_checktype(L, SORT_LESS, LUA_TFUNCTION);
    lua_settop(L, SORT_LESS);
    if (sandbox_is_sealed(L, SORT_TABLE))
        guard_stop_impure(guard_of(L), L, "a table outside of the function");
    check_length(L, lua_rawlen(L, SORT_TABLE));
    lua_Integer count = (lua_Integer)lua_rawlen(L, SORT_TABLE);
    lua_createtable(L, (int)count, 0);
    int from = SORT_TABLE, to = SORT_SPARE;
    for (lua_Integer width = 1; width < count; width *= 2) {
        for (lua_Integer low = 1; low <= count; low += 2 * width)
            merge(L, from, to, low, smaller(low + width, count + 1),
                  smaller(low + 2 * width, count + 1));
        from = SORT_TABLE + SORT_SPARE - from;
        to = SORT_TABLE + SORT_SPARE - to;
    }
    for (lua_Integer i = 1; from != SORT_TABLE && i <= count; i++) {
        lua_rawgeti(L, from, i);
        lua_rawseti(L, SORT_TABLE, i);
    }
    return 0;
}
