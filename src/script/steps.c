/* SPDX-License-Identifier: MIT
 *
 * The function that goes through lists. It is a closure over the step, the finish and which
 * arguments are lists. From C it gets views, so that no table is made; scripts that call it hand it
 * tables.
 */
#include "script/steps.h"

#include <lauxlib.h>
#include <stdbool.h>

#include "script/guard.h"
#include "script/push.h"

enum { STEP = 1, FINISH, LISTS };

static bool is_list(lua_State *L, int argument)
{
    uint64_t lists = (uint64_t)lua_tointeger(L, lua_upvalueindex(LISTS));
    return argument <= 64 && (lists >> (argument - 1) & 1) &&
           !lua_isnoneornil(L, argument);
}

static size_t length_of(lua_State *L, int argument)
{
    if (lua_islightuserdata(L, argument))
        return ((const list_view *)lua_touserdata(L, argument))->part.count;
    luaL_checktype(L, argument, LUA_TTABLE);
    return (size_t)luaL_len(L, argument);
}

static void push_item(lua_State *L, int argument, size_t i)
{
    if (lua_islightuserdata(L, argument))
        script_push_item(L, lua_touserdata(L, argument), i);
    else
        lua_geti(L, argument, (lua_Integer)i + 1);
}

/* That of all lists: they go together. */
static size_t common_length(lua_State *L, int count)
{
    size_t length = 0;
    bool is_first = true;
    for (int i = 1; i <= count; i++) {
        if (!is_list(L, i))
            continue;
        size_t own = length_of(L, i);
        if (!is_first && own != length)
            luaL_error(L,
                       "lists that go together have %d and %d values; write the same "
                       "\"where\" in both",
                       (int)length, (int)own);
        length = own;
        is_first = false;
    }
    return length;
}

static void step(lua_State *L, int count, size_t i)
{
    int state = count + 1;
    lua_pushvalue(L, lua_upvalueindex(STEP));
    lua_pushvalue(L, state);
    for (int argument = 1; argument <= count; argument++)
        if (is_list(L, argument))
            push_item(L, argument, i);
        else
            lua_pushvalue(L, argument);
    lua_call(L, count + 1, 1);
    lua_replace(L, state);
}

/* The state is on top. */
static void finish(lua_State *L, int count)
{
    int given = 1;
    if (lua_isnil(L, lua_upvalueindex(FINISH)))
        return;
    lua_pushvalue(L, lua_upvalueindex(FINISH));
    lua_insert(L, -2);
    for (int argument = 1; argument <= count; argument++)
        if (!is_list(L, argument)) {
            lua_pushvalue(L, argument);
            given++;
        }
    lua_call(L, given, 1);
}

static int steps_call(lua_State *L)
{
    enum { STEPS_A_LOOK = 256 }; /* a step may be a built-in function */
    int count = lua_gettop(L);
    luaL_checkstack(L, 2 * count + 5, "too many arguments");
    size_t length = common_length(L, count);
    lua_pushnil(L);
    for (size_t i = 0; i < length; i++) {
        step(L, count, i);
        if (i % STEPS_A_LOOK == STEPS_A_LOOK - 1)
            guard_check_time(guard_of(L), L);
    }
    finish(L, count);
    return 1;
}

void steps_push(lua_State *L, lua_Integer lists)
{
    lua_pushinteger(L, lists);
    lua_pushcclosure(L, steps_call, LISTS);
}

int steps_is(lua_State *L, int index)
{
    return lua_tocfunction(L, index) == steps_call;
}
