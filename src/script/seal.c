/* SPDX-License-Identifier: MIT
 *
 * What outlives a call is sealed, so that no call sees what another did: all tables that
 * a module's functions reach are emptied, and read through a metatable; the variables
 * outside of functions are listed, to be compared after each call. Scripts have neither
 * setmetatable nor rawset, so there is no way around it.
 */
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "script/batch.h"
#include "script/guard.h"
#include "script/sandbox.h"
#include "script/steps.h"

/* The stack of a walk: what was seen (by address), what is still to be looked at, and the
 * variables found. */
typedef struct walk {
    lua_State *L;
    int seen, queue, cells;
    lua_Integer queued, cell_count;
    unsigned keys; /* that were met */
} walk;

enum { KEYS_A_LOOK = 64 };

/* Keys can be made so that finding the next one takes longer the more there are. */
static void look_at_some(walk *w)
{
    if (w->keys++ % KEYS_A_LOOK == 0)
        guard_check_time(guard_of(w->L), w->L);
}

static int refuse_change(lua_State *L)
{
    char what[120];
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : NULL;
    if (key != NULL)
        snprintf(what, sizeof what, "\"%.60s\" of a table outside of the function", key);
    else
        snprintf(what, sizeof what, "a table outside of the function");
    guard_stop_impure(guard_of(L), L, what);
}

static int length_inside(lua_State *L)
{
    sandbox_look_inside(L, 1);
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, 1));
    return 1;
}

bool sandbox_is_sealed(lua_State *L, int index)
{
    if (!lua_istable(L, index) || !lua_getmetatable(L, index))
        return false;
    lua_pop(L, 1);
    return true;
}

void sandbox_look_inside(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    if (!sandbox_is_sealed(L, index))
        return;
    lua_getmetatable(L, index);
    lua_getfield(L, -1, "__index");
    lua_replace(L, index);
    lua_pop(L, 1);
}

/* Is the address met for the first time? Notes it. */
static bool is_new(walk *w, const void *address)
{
    lua_State *L = w->L;
    bool seen = lua_rawgetp(L, w->seen, address) != LUA_TNIL;
    lua_pop(L, 1);
    if (!seen) {
        lua_pushboolean(L, 1);
        lua_rawsetp(L, w->seen, address);
    }
    return !seen;
}

/* Pops the value on top; what has parts is looked at later. */
static void enqueue(walk *w)
{
    lua_State *L = w->L;
    int type = lua_type(L, -1);
    if (type == LUA_TUSERDATA || type == LUA_TTHREAD)
        luaL_error(L, "it keeps a %s between calls", lua_typename(L, type));
    bool has_parts = type == LUA_TTABLE || type == LUA_TFUNCTION;
    if (has_parts && is_new(w, lua_topointer(L, -1)))
        lua_rawseti(L, w->queue, ++w->queued);
    else
        lua_pop(L, 1);
}

static void enqueue_contents(walk *w, int table)
{
    lua_State *L = w->L;
    table = lua_absindex(L, table);
    for (lua_pushnil(L); lua_next(L, table);) {
        look_at_some(w);
        enqueue(w);
        lua_pushvalue(L, -1);
        enqueue(w);
    }
}

/* Move the contents of the table on top into one that only its metatable knows. */
static void seal_table(walk *w)
{
    lua_State *L = w->L;
    int table = lua_gettop(L);
    lua_createtable(L, 0, 3);
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, table);) {
        look_at_some(w);
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
        lua_pushvalue(L, -1);
        lua_pushnil(L);
        lua_rawset(L, table); /* clearing a field is fine while going over a table */
    }
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, refuse_change);
    lua_setfield(L, -2, "__newindex");
    lua_pushcfunction(L, length_inside);
    lua_setfield(L, -2, "__len");
    lua_setmetatable(L, table);
}

/* The variables that the function on top shares with others, or has alone. */
static void list_variables(walk *w)
{
    lua_State *L = w->L;
    int function = lua_gettop(L);
    for (int i = 1; lua_getupvalue(L, function, i) != NULL; i++) {
        if (is_new(w, lua_upvalueid(L, function, i))) {
            lua_pushvalue(L, function);
            lua_rawseti(L, w->cells, ++w->cell_count);
            lua_pushinteger(L, i);
            lua_rawseti(L, w->cells, ++w->cell_count);
            lua_pushvalue(L, -1);
            lua_rawseti(L, w->cells, ++w->cell_count);
        }
        enqueue(w);
    }
}

static void look_at(walk *w)
{
    lua_State *L = w->L;
    if (lua_istable(L, -1)) {
        if (sandbox_is_sealed(L, -1))
            return; /* the globals, which are locked */
        enqueue_contents(w, -1);
        seal_table(w);
    } else if (!lua_iscfunction(L, -1) || steps_is(L, -1) || batch_is(L, -1)) {
        list_variables(w);
    } else if (!sandbox_has(L, -1)) {
        luaL_error(L, "it keeps an iterator, as pairs() or gmatch() return it, between "
                      "calls");
    }
}

void sandbox_seal(lua_State *L, int functions, int globals)
{
    functions = lua_absindex(L, functions);
    globals = lua_absindex(L, globals);
    luaL_checkstack(L, 30, NULL);
    lua_newtable(L);
    int cells = lua_gettop(L);
    lua_newtable(L);
    lua_newtable(L);
    walk w = {.L = L, .seen = cells + 1, .queue = cells + 2, .cells = cells};
    lua_pushvalue(L, globals);
    sandbox_look_inside(L, -1);
    enqueue_contents(&w, -1);
    lua_settop(L, cells + 2);
    lua_pushvalue(L, functions);
    enqueue(&w);
    for (lua_Integer i = 1; i <= w.queued; i++) {
        lua_rawgeti(L, w.queue, i);
        look_at(&w);
        lua_settop(L, cells + 2);
    }
    lua_settop(L, cells);
}
