/* SPDX-License-Identifier: MIT
 *
 * Columns, and calls with them. Columns point to their batch, which is a userdata, too, and knows
 * whether its call goes on: it is marked to be closed, so it ends also where an error
 * leaves the call.
 */
#include "script/batch.h"

#include <lauxlib.h>
#include <string.h>

#include "script/guard.h"
#include "script/push.h"
#include "script/sandbox.h"

enum { FUNCTION = 1, ARGUMENTS };       /* what the offered function knows */
enum { VALUE_BATCH = 1, VALUE_ITSELF }; /* what a column holds */

static const char batch_name[] = "batch", column_name[] = "column";

typedef struct batch {
    bool is_over;
    size_t count;
    size_t rows[];
} batch;

typedef struct column {
    const batch *batch;
    const script_column *values; /* NULL: it holds the value of its only row itself */
} column;

/* Of arguments that a call leaves out. */
static const script_column nothing = {.kind = SCRIPT_MISSING};

/* ---- columns -------------------------------------------------------------- */

static const column *column_at(lua_State *L, int index)
{
    const column *c = lua_touserdata(L, index);
    if (c->batch->is_over)
        luaL_error(L, "this column belongs to a call that is over");
    return c;
}

static int column_length(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)column_at(L, 1)->batch->count);
    return 1;
}

/* A copy of the list on top: each look at a list gives a table of its own. */
static void push_copy(lua_State *L)
{
    enum { ITEMS_A_LOOK = 1024 };
    int list = lua_gettop(L);
    lua_Integer count = luaL_len(L, list);
    lua_newtable(L);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_geti(L, list, i);
        lua_rawseti(L, -2, i);
        if (i % ITEMS_A_LOOK == 0)
            guard_check_time(guard_of(L), L);
    }
}

static int refuse_key(lua_State *L, const batch *b)
{
    if (lua_isinteger(L, 2))
        return luaL_error(L,
                          "a column has the rows 1 to %d, and %I is none of them; "
                          "loop with for i = 1, #column",
                          (int)b->count, (LUAI_UACINT)lua_tointeger(L, 2));
    return luaL_error(L, "a column is read as column[i], with i from 1 to #column");
}

static int column_get(lua_State *L)
{
    const column *c = column_at(L, 1);
    bool is_number = lua_type(L, 2) == LUA_TNUMBER;
    lua_Integer i = is_number ? lua_tointeger(L, 2) : 0;
    if (i < 1 || (lua_Unsigned)i > c->batch->count)
        return refuse_key(L, c->batch);
    if (c->values) {
        script_push_column(L, c->values, c->batch->rows[i - 1], NULL);
    } else {
        lua_getiuservalue(L, 1, VALUE_ITSELF);
        if (lua_istable(L, -1))
            push_copy(L);
    }
    return 1;
}

static int column_set(lua_State *L)
{
    return luaL_error(L, "a column of arguments cannot be changed; results go into the "
                         "table that is returned");
}

static int end_batch(lua_State *L)
{
    batch *b = lua_touserdata(L, 1);
    b->is_over = true;
    return 0;
}

static void set_kind(lua_State *L, const char *name, const luaL_Reg *methods)
{
    if (luaL_newmetatable(L, name))
        luaL_setfuncs(L, methods, 0);
    lua_setmetatable(L, -2);
}

/* Push a column of the batch at an index; its value, when it is to hold one, is set then. */
static void push_column(lua_State *L, int batch_index, const script_column *values)
{
    static const luaL_Reg methods[] = {{"__index", column_get},
                                       {"__newindex", column_set},
                                       {"__len", column_length},
                                       {NULL, NULL}};
    column *c = lua_newuserdatauv(L, sizeof *c, VALUE_ITSELF);
    *c = (column){lua_touserdata(L, batch_index), values};
    lua_pushvalue(L, batch_index);
    lua_setiuservalue(L, -2, VALUE_BATCH);
    set_kind(L, column_name, methods);
}

/* ---- calls ---------------------------------------------------------------- */

/* Push a batch; it is over when it is popped, or an error leaves the function. */
static void push_batch(lua_State *L, const size_t *rows, size_t count)
{
    static const luaL_Reg methods[] = {{"__close", end_batch}, {NULL, NULL}};
    batch *b = lua_newuserdatauv(L, sizeof *b + count * sizeof *rows, 0);
    b->is_over = false;
    b->count = count;
    memcpy(b->rows, rows, count * sizeof *rows);
    set_kind(L, batch_name, methods);
    lua_toclose(L, -1);
}

static bool has_result(lua_State *L, lua_Integer at)
{
    bool has = lua_rawgeti(L, -1, at) != LUA_TNIL;
    lua_pop(L, 1);
    return has;
}

/* What the function gave is on top. */
static void check_results(lua_State *L, size_t count)
{
    if (!lua_istable(L, -1))
        luaL_error(
            L, "it returns a %s, and a batch returns a table with a result for each row",
            batch_type_name(L, -1));
    sandbox_look_inside(L, -1);
    size_t length = lua_rawlen(L, -1);
    if (has_result(L, 0))
        luaL_error(L, "it returns a result for row 0, and rows count from 1");
    if (length <= count && has_result(L, (lua_Integer)count + 1))
        length = count + 1;
    if (length > count)
        luaL_error(L, "it returns %d results, and there %s %d row%s", (int)length,
                   count == 1 ? "is" : "are", (int)count, count == 1 ? "" : "s");
}

static int call_one(lua_State *L)
{
    static const size_t only = 0;
    int count = (int)lua_tointeger(L, lua_upvalueindex(ARGUMENTS));
    luaL_checkstack(L, 2 * count + 10, "too many arguments");
    lua_settop(L, count);
    push_batch(L, &only, 1);
    lua_pushvalue(L, lua_upvalueindex(FUNCTION));
    for (int i = 1; i <= count; i++) {
        push_column(L, count + 1, NULL);
        lua_pushvalue(L, i);
        lua_setiuservalue(L, -2, VALUE_ITSELF);
    }
    lua_call(L, count, 1);
    check_results(L, 1);
    lua_rawgeti(L, -1, 1);
    return 1;
}

void batch_push(lua_State *L, lua_Integer argument_count)
{
    lua_pushinteger(L, argument_count);
    lua_pushcclosure(L, call_one, ARGUMENTS);
}

int batch_is(lua_State *L, int index)
{
    return lua_tocfunction(L, index) == call_one;
}

/* Scripts see no other userdata. */
const char *batch_type_name(lua_State *L, int index)
{
    return lua_isuserdata(L, index) ? column_name : luaL_typename(L, index);
}

void batch_call(lua_State *L, const script_rows *r, const size_t *rows, size_t count)
{
    lua_getupvalue(L, 1, ARGUMENTS);
    size_t argument_count = (size_t)lua_tointeger(L, -1);
    lua_pop(L, 1);
    luaL_checkstack(L, (int)argument_count + 10, "too many arguments");
    push_batch(L, rows, count);
    int batch_index = lua_gettop(L);
    lua_getupvalue(L, 1, FUNCTION);
    for (size_t i = 0; i < argument_count; i++)
        push_column(L, batch_index, i < r->column_count ? &r->columns[i] : &nothing);
    lua_call(L, (int)argument_count, 1);
    check_results(L, count);
}
