/* SPDX-License-Identifier: MIT
 *
 * Values, and those of columns, as values of Lua.
 */
#include "script/push.h"

#include <lauxlib.h>

#include "base/bitmap.h"
#include "base/number.h"
#include "script/guard.h"

/* ---- values that are no lists -------------------------------------------- */

/* A number that is exact as a double; others are divided with care. */
static const int64_t EXACT = INT64_C(1) << 53;

static void push_quotient(lua_State *L, int64_t value, int64_t divisor)
{
    bool is_exact = value < EXACT && value > -EXACT;
    lua_pushnumber(L, is_exact ? (double)value / (double)divisor
                               : number_quotient(value, divisor));
}

static void push_number(lua_State *L, const script_column *c, size_t at)
{
    if (c->divisor > 0)
        push_quotient(L, ((const int64_t *)c->values)[at], c->divisor);
    else
        lua_pushnumber(L, ((const double *)c->values)[at]);
}

static void push_text(lua_State *L, slice text)
{
    lua_pushlstring(L, text.data ? text.data : "", text.size);
}

/* A value that is there. */
static void push_one_of_column(lua_State *L, const script_column *c, size_t at)
{
    switch (c->kind) {
    case SCRIPT_BOOL: lua_pushboolean(L, bitmap_get(c->values, at)); break;
    case SCRIPT_INTEGER: lua_pushinteger(L, ((const int64_t *)c->values)[at]); break;
    case SCRIPT_NUMBER: push_number(L, c, at); break;
    case SCRIPT_TEXT:
        push_text(L, c->text_of(c, ((const uint32_t *)c->values)[at]));
        break;
    case SCRIPT_MISSING:
    case SCRIPT_LIST: lua_pushnil(L); break;
    }
}

static void push_one(lua_State *L, const script_value *value)
{
    switch (value->kind) {
    case SCRIPT_BOOL: lua_pushboolean(L, value->boolean); break;
    case SCRIPT_INTEGER: lua_pushinteger(L, value->integer); break;
    case SCRIPT_NUMBER: lua_pushnumber(L, value->number); break;
    case SCRIPT_TEXT: push_text(L, value->text); break;
    case SCRIPT_MISSING:
    case SCRIPT_LIST: lua_pushnil(L); break;
    }
}

/* ---- lists --------------------------------------------------------------- */

void script_push_item(lua_State *L, const list_view *view, size_t i)
{
    if (view->column)
        push_one_of_column(L, view->column, view->part.first + i);
    else
        push_one(L, &view->items[i]);
}

/* Raises when there are too many; the message is of the call. */
static void push_table(lua_State *L, const list_view *view)
{
    enum { ITEMS_A_LOOK = 1024 }; /* between two looks at the clock */
    size_t count = view->part.count;
    if (count > SCRIPT_MOST_LIST)
        luaL_error(
            L, "a list has %d values, and a script takes at most %d; give it a window",
            (int)count, SCRIPT_MOST_LIST);
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        script_push_item(L, view, i);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
        if (i % ITEMS_A_LOOK == ITEMS_A_LOOK - 1)
            guard_check_time(guard_of(L), L);
    }
}

static void push_list(lua_State *L, list_view list, list_view *view)
{
    if (!view) {
        push_table(L, &list);
        return;
    }
    *view = list;
    lua_pushlightuserdata(L, view);
}

void script_push_value(lua_State *L, const script_value *value, list_view *view)
{
    if (value->kind == SCRIPT_LIST)
        push_list(L, (list_view){NULL, {0, value->item_count}, value->items}, view);
    else
        push_one(L, value);
}

void script_push_column(lua_State *L, const script_column *c, size_t row, list_view *view)
{
    size_t at = c->is_uniform ? 0 : row;
    if (c->present && !bitmap_get(c->present, at))
        lua_pushnil(L);
    else if (c->kind == SCRIPT_LIST)
        push_list(L, (list_view){c->items, c->part_of(c, at), NULL}, view);
    else
        push_one_of_column(L, c, at);
}
